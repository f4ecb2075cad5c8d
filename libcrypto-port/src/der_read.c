/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/der.h>

/* X.690 8.1.3 with the restrictions of 10.1: definite, as short as can be. */
static size_t read_length(struct prot_rd *r)
{
	uint8_t first = prot_rd_u8(r);
	size_t n = first & 0x7fu;
	uint32_t len;

	if (first < 0x80) {
		return first;
	}
	if (n == 0 || n > sizeof(len)) {
		r->bad = true;
		return 0;
	}
	len = (uint32_t)prot_rd_be(r, n);
	if (len < 0x80 || len >> (8 * (n - 1)) == 0) {
		r->bad = true;
	}
	return len;
}

struct prot_rd prot_der_any(struct prot_rd *r, uint8_t *tag)
{
	size_t len;

	*tag = prot_rd_u8(r);
	if ((*tag & 0x1fu) == 0x1f) { /* tag number of several bytes */
		r->bad = true;
	}
	len = read_length(r);
	return prot_rd_sub(r, len);
}

struct prot_rd prot_der_get(struct prot_rd *r, uint8_t tag)
{
	if (!prot_der_next_is(r, tag)) {
		r->bad = true;
	}
	return prot_der_any(r, &tag);
}

struct prot_span prot_der_element(struct prot_rd *r, uint8_t tag)
{
	const uint8_t *start = r->at;
	struct prot_span s = {NULL, 0};

	(void)prot_der_get(r, tag);
	if (prot_rd_ok(r)) {
		s.at = start;
		s.len = (size_t)(r->at - start);
	}
	return s;
}

struct prot_span prot_der_rest(struct prot_rd *r)
{
	struct prot_span s = {NULL, 0};

	if (prot_rd_ok(r)) {
		s.len = r->left;
		s.at = prot_rd_bytes(r, r->left);
	}
	return s;
}

/* Strip what makes a non-negative INTEGER canonical; check that it is. */
static struct prot_span unsigned_content(struct prot_rd *r)
{
	struct prot_rd content = prot_der_get(r, PROT_DER_INTEGER);
	struct prot_span s = prot_der_rest(&content);

	if (s.len == 0 || (s.at[0] & 0x80) != 0 ||
	    (s.len > 1 && s.at[0] == 0 && (s.at[1] & 0x80) == 0)) {
		r->bad = true;
		s.len = 0;
	} else if (s.at[0] == 0) {
		s.at++;
		s.len--;
	}
	return s;
}

uint32_t prot_der_uint(struct prot_rd *r)
{
	struct prot_span s = unsigned_content(r);
	struct prot_rd n = prot_span_rd(s);

	if (s.len > sizeof(uint32_t)) {
		r->bad = true;
		return 0;
	}
	return (uint32_t)prot_rd_be(&n, s.len);
}

bool prot_der_oid_equal(const struct prot_rd *content,
			const struct prot_oid *oid)
{
	return !content->bad && content->left == oid->len &&
	       memcmp(content->at, oid->bytes, oid->len) == 0;
}

enum prot_status prot_der_ecdsa_signature(struct prot_span der, uint8_t *sig,
					  size_t half_len)
{
	struct prot_rd r = prot_span_rd(der);
	struct prot_rd seq = prot_der_get(&r, PROT_DER_SEQUENCE);

	for (int i = 0; i < 2; i++) {
		struct prot_span n = unsigned_content(&seq);
		uint8_t *half = sig + (i == 0 ? 0 : half_len);

		if (!prot_rd_ok(&seq) || n.len > half_len) {
			return PROT_ERR_MALFORMED;
		}
		memset(half, 0, half_len - n.len);
		if (n.len != 0) {
			memcpy(half + half_len - n.len, n.at, n.len);
		}
	}
	return prot_rd_end(&seq) && prot_rd_end(&r) ? PROT_OK
						    : PROT_ERR_MALFORMED;
}
