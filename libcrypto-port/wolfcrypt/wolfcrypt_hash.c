/* SPDX-License-Identifier: Apache-2.0 */
#include "wolfcrypt_internal.h"

#include <prot/base/wipe.h>
#include <prot/crypto_provider.h>

#include <wolfssl/wolfcrypt/hmac.h>
#include <wolfssl/wolfcrypt/sha256.h>
#include <wolfssl/wolfcrypt/sha3.h>
#include <wolfssl/wolfcrypt/sha512.h>

/*
 * wolfCrypt's hash states hold no pointer but `heap`, which stays NULL, and
 * with plain software hashing nothing outside themselves: '=' copies them.
 * The algorithm stands in the last bytes, past the longest of them, because
 * their alignment would make it cost 16 bytes at the front.
 */
union state {
	wc_Sha256 sha256;
	wc_Sha512 sha512; /* SHA-384 too */
	wc_Sha3 sha3;
	struct {
		uint8_t hash[PROT_HASH_STATE_SIZE - sizeof(uint32_t)];
		uint32_t alg; /* enum prot_hash_alg */
	} tail;
};

_Static_assert(offsetof(union state, tail.alg) == PROT_HASH_STATE_ALG,
	       "not where other providers look for it");
_Static_assert(sizeof(union state) <= sizeof(struct prot_hash_state) &&
		       sizeof(wc_Sha256) <= offsetof(union state, tail.alg) &&
		       sizeof(wc_Sha512) <= offsetof(union state, tail.alg) &&
		       sizeof(wc_Sha3) <= offsetof(union state, tail.alg),
	       "enlarge PROT_HASH_STATE_SIZE");
_Static_assert(_Alignof(union state) <= _Alignof(struct prot_hash_state),
	       "struct prot_hash_state is not aligned for wolfCrypt");

static union state *state_of(struct prot_hash_state *h)
{
	return (union state *)(void *)&h->u;
}

static enum prot_status result(int rc)
{
	return rc == 0 ? PROT_OK : PROT_ERR_CRYPTO;
}

enum prot_status prot_wolfcrypt_hash_init(void *ctx, struct prot_hash_state *h,
					  enum prot_hash_alg alg)
{
	union state *s = state_of(h);

	(void)ctx;
	s->tail.alg = (uint32_t)alg;
	switch (alg) {
	case PROT_HASH_SHA256:
		return result(
			wc_InitSha256_ex(&s->sha256, NULL, INVALID_DEVID));
	case PROT_HASH_SHA384:
		return result(
			wc_InitSha384_ex(&s->sha512, NULL, INVALID_DEVID));
	case PROT_HASH_SHA512:
		return result(
			wc_InitSha512_ex(&s->sha512, NULL, INVALID_DEVID));
	case PROT_HASH_SHA3_256:
		return result(wc_InitSha3_256(&s->sha3, NULL, INVALID_DEVID));
	case PROT_HASH_SHA3_384:
		return result(wc_InitSha3_384(&s->sha3, NULL, INVALID_DEVID));
	case PROT_HASH_SHA3_512:
		return result(wc_InitSha3_512(&s->sha3, NULL, INVALID_DEVID));
	case PROT_HASH_NONE:
	case PROT_HASH_COUNT:
	default:
		s->tail.alg = PROT_HASH_NONE;
		return PROT_ERR_ARG;
	}
}

static int update(union state *s, const uint8_t *data, word32 len)
{
	switch ((enum prot_hash_alg)s->tail.alg) {
	case PROT_HASH_SHA256:
		return wc_Sha256Update(&s->sha256, data, len);
	case PROT_HASH_SHA384:
		return wc_Sha384Update(&s->sha512, data, len);
	case PROT_HASH_SHA512:
		return wc_Sha512Update(&s->sha512, data, len);
	case PROT_HASH_SHA3_256:
		return wc_Sha3_256_Update(&s->sha3, data, len);
	case PROT_HASH_SHA3_384:
		return wc_Sha3_384_Update(&s->sha3, data, len);
	case PROT_HASH_SHA3_512:
		return wc_Sha3_512_Update(&s->sha3, data, len);
	case PROT_HASH_NONE:
	case PROT_HASH_COUNT:
	default:
		return BAD_STATE_E;
	}
}

enum prot_status prot_wolfcrypt_hash_update(void *ctx,
					    struct prot_hash_state *h,
					    const void *data, size_t len)
{
	union state *s = state_of(h);
	const uint8_t *at = data;
	int rc = 0;

	(void)ctx;
	while (rc == 0 && len != 0) { /* wolfCrypt counts in 32 bits */
		word32 n = len < 0x40000000 ? (word32)len : 0x40000000;

		rc = update(s, at, n);
		at += n;
		len -= n;
	}
	return result(rc);
}

static int final(union state *s, uint8_t *out)
{
	switch ((enum prot_hash_alg)s->tail.alg) {
	case PROT_HASH_SHA256:
		return wc_Sha256Final(&s->sha256, out);
	case PROT_HASH_SHA384:
		return wc_Sha384Final(&s->sha512, out);
	case PROT_HASH_SHA512:
		return wc_Sha512Final(&s->sha512, out);
	case PROT_HASH_SHA3_256:
		return wc_Sha3_256_Final(&s->sha3, out);
	case PROT_HASH_SHA3_384:
		return wc_Sha3_384_Final(&s->sha3, out);
	case PROT_HASH_SHA3_512:
		return wc_Sha3_512_Final(&s->sha3, out);
	case PROT_HASH_NONE:
	case PROT_HASH_COUNT:
	default:
		return BAD_STATE_E;
	}
}

enum prot_status prot_wolfcrypt_hash_final(void *ctx, struct prot_hash_state *h,
					   uint8_t *out)
{
	union state *s = state_of(h);
	int rc = final(s, out);

	(void)ctx;
	prot_wipe(s, sizeof(*s));
	return result(rc);
}

enum prot_status prot_wolfcrypt_hmac(void *ctx, enum prot_hash_alg alg,
				     const struct prot_hmac_input *in,
				     uint8_t *out)
{
	static const int type[PROT_HASH_COUNT] = {
		[PROT_HASH_SHA256] = WC_HASH_TYPE_SHA256,
		[PROT_HASH_SHA384] = WC_HASH_TYPE_SHA384,
		[PROT_HASH_SHA512] = WC_HASH_TYPE_SHA512,
		[PROT_HASH_SHA3_256] = WC_HASH_TYPE_SHA3_256,
		[PROT_HASH_SHA3_384] = WC_HASH_TYPE_SHA3_384,
		[PROT_HASH_SHA3_512] = WC_HASH_TYPE_SHA3_512,
	};
	static const uint8_t no_key[1] = {0};
	Hmac mac;
	int rc;

	(void)ctx;
	if (prot_hash_size(alg) == 0 || in->key_len > INT32_MAX ||
	    in->data_len > INT32_MAX) {
		return PROT_ERR_ARG;
	}
	rc = wc_HmacInit(&mac, NULL, INVALID_DEVID);
	if (rc == 0) {
		rc = wc_HmacSetKey(&mac, type[alg],
				   in->key_len != 0 ? in->key : no_key,
				   (word32)in->key_len);
	}
	if (rc == 0 && in->data_len != 0) {
		rc = wc_HmacUpdate(&mac, in->data, (word32)in->data_len);
	}
	if (rc == 0) {
		rc = wc_HmacFinal(&mac, out);
	}
	wc_HmacFree(&mac);
	prot_wipe(&mac, sizeof(mac));
	return result(rc);
}
