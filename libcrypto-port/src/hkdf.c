/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/base/wipe.h>
#include <prot/hkdf.h>

#include <string.h>

/* T(n-1) || info || n, RFC 5869 2.3 */
struct block_input {
	uint8_t bytes[PROT_HASH_MAX + PROT_HKDF_INFO_MAX + 1];
	size_t head; /* length of T(n-1): 0 for the first block */
};

static size_t fill_input(struct block_input *b,
			 const struct prot_hmac_input *in, uint8_t n)
{
	if (in->data_len != 0) {
		memcpy(b->bytes + b->head, in->data, in->data_len);
	}
	b->bytes[b->head + in->data_len] = n;
	return b->head + in->data_len + 1;
}

static enum prot_status expand(const struct prot_crypto *c,
			       enum prot_hash_alg alg,
			       const struct prot_hmac_input *in, uint8_t *out,
			       size_t out_len)
{
	size_t size = prot_hash_size(alg);
	struct block_input b = {.head = 0};
	uint8_t t[PROT_HASH_MAX];
	enum prot_status st = PROT_OK;
	uint8_t n = 1;

	while (out_len != 0 && st == PROT_OK) {
		size_t take = out_len < size ? out_len : size;
		struct prot_hmac_input block = {in->key, in->key_len, b.bytes,
						fill_input(&b, in, n++)};

		do {
			st = c->ops->hmac(c->ctx, alg, &block, t);
		} while (st == PROT_PENDING && (b.head != 0 || out_len > size));
		if (st == PROT_OK) {
			memcpy(out, t, take);
			memcpy(b.bytes, t, size);
			b.head = size;
			out += take;
			out_len -= take;
		}
	}
	prot_wipe(t, sizeof(t));
	prot_wipe(&b, sizeof(b));
	return st;
}

enum prot_status prot_hkdf_expand(const struct prot_crypto *c,
				  enum prot_hash_alg alg,
				  const struct prot_hmac_input *prk_and_info,
				  uint8_t *out, size_t out_len)
{
	enum prot_status st = PROT_ERR_ARG;

	if (prot_hash_size(alg) != 0 &&
	    prk_and_info->data_len <= PROT_HKDF_INFO_MAX &&
	    out_len <= 255 * prot_hash_size(alg)) {
		st = expand(c, alg, prk_and_info, out, out_len);
	}
	if (st != PROT_OK) {
		prot_wipe(out, out_len);
	}
	return st;
}
