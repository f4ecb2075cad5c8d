/* SPDX-License-Identifier: Apache-2.0 */
#include "wolfcrypt_internal.h"

#include <prot/base/wipe.h>
#include <prot/crypto_provider.h>

_Static_assert(sizeof(WC_RNG) <= PROT_WOLFCRYPT_RNG_SIZE,
	       "enlarge PROT_WOLFCRYPT_RNG_SIZE");
_Static_assert(_Alignof(WC_RNG) <= _Alignof(struct prot_wolfcrypt),
	       "struct prot_wolfcrypt is not aligned for wolfCrypt");

/* A wolfCrypt that is built for firmware may leave a curve out. */
#ifdef WOLFSSL_SP_NO_256
#define OFFERS_P256 0u
#else
#define OFFERS_P256 (1u << PROT_ASYM_ECDSA_P256)
#endif

/* A handle is the table index in the low byte and a running number above. */
#define INDEX_BITS 8
#define INDEX_MASK ((1u << INDEX_BITS) - 1)

WC_RNG *prot_wolfcrypt_rng(struct prot_wolfcrypt *ctx)
{
	return (WC_RNG *)(void *)&ctx->rng;
}

int prot_wolfcrypt_curve(enum prot_asym_alg alg)
{
	static const int curve[PROT_ASYM_COUNT] = {
		ECC_CURVE_INVALID, ECC_SECP256R1, ECC_SECP384R1};

	return (unsigned)alg < PROT_ASYM_COUNT ? curve[alg] : ECC_CURVE_INVALID;
}

bool prot_wolfcrypt_has_curve(enum prot_asym_alg alg)
{
	return (unsigned)alg < PROT_ASYM_COUNT &&
	       (prot_wolfcrypt_ops.asyms >> (unsigned)alg & 1);
}

enum prot_status prot_wolfcrypt_init(struct prot_wolfcrypt *ctx,
				     struct prot_wolfcrypt_key *keys,
				     size_t key_count)
{
	if (key_count > INDEX_MASK || (key_count != 0 && !keys)) {
		return PROT_ERR_ARG;
	}
	memset(ctx, 0, sizeof(*ctx));
	for (size_t i = 0; i < key_count; i++) {
		memset(&keys[i], 0, sizeof(keys[i]));
	}
	ctx->keys = keys;
	ctx->key_count = key_count;
	return wc_InitRng(prot_wolfcrypt_rng(ctx)) == 0 ? PROT_OK
							: PROT_ERR_CRYPTO;
}

void prot_wolfcrypt_free(struct prot_wolfcrypt *ctx)
{
	for (size_t i = 0; i < ctx->key_count; i++) {
		prot_wipe(&ctx->keys[i], sizeof(ctx->keys[i]));
	}
	wc_FreeRng(prot_wolfcrypt_rng(ctx));
	prot_wipe(ctx, sizeof(*ctx));
}

struct prot_wolfcrypt_key *prot_wolfcrypt_key_find(struct prot_wolfcrypt *ctx,
						   prot_key handle)
{
	size_t i = handle & INDEX_MASK;

	if (handle == 0 || i >= ctx->key_count ||
	    ctx->keys[i].handle != handle) {
		return NULL;
	}
	return &ctx->keys[i];
}

static struct prot_wolfcrypt_key *key_free_entry(struct prot_wolfcrypt *ctx)
{
	for (size_t i = 0; i < ctx->key_count; i++) {
		if (ctx->keys[i].handle == 0) {
			return &ctx->keys[i];
		}
	}
	return NULL;
}

/* Public half of a scalar, X || Y. */
static enum prot_status point_make(struct prot_wolfcrypt *ctx,
				   enum prot_asym_alg alg,
				   const uint8_t *scalar, uint8_t *point)
{
	word32 half = (word32)prot_public_key_size(alg) / 2;
	word32 x_len = half;
	word32 y_len = half;
	ecc_key key;
	int rc;

	if (wc_ecc_init(&key) != 0) {
		return PROT_ERR_CRYPTO;
	}
	rc = wc_ecc_import_private_key_ex(scalar, half, NULL, 0, &key,
					  prot_wolfcrypt_curve(alg));
	if (rc == 0) {
		rc = wc_ecc_make_pub_ex(&key, NULL, prot_wolfcrypt_rng(ctx));
	}
	if (rc == 0) {
		rc = wc_ecc_export_public_raw(&key, point, &x_len, point + half,
					      &y_len);
	}
	wc_ecc_free(&key);
	prot_wipe(&key, sizeof(key));
	return rc == 0 && x_len == half && y_len == half ? PROT_OK
							 : PROT_ERR_CRYPTO;
}

enum prot_status prot_wolfcrypt_key_import(struct prot_wolfcrypt *ctx,
					   enum prot_asym_alg alg,
					   const uint8_t *scalar, prot_key *key)
{
	struct prot_wolfcrypt_key *k = key_free_entry(ctx);
	enum prot_status st;

	if (!prot_wolfcrypt_has_curve(alg) ||
	    !prot_key_scalar_valid(alg, scalar)) {
		return PROT_ERR_ARG;
	}
	if (!k) {
		return PROT_ERR_SPACE;
	}
	st = point_make(ctx, alg, scalar, k->point);
	if (st != PROT_OK) {
		return st;
	}
	memcpy(k->scalar, scalar, prot_public_key_size(alg) / 2);
	k->alg = (uint32_t)alg;
	ctx->made++;
	k->handle = ctx->made << INDEX_BITS | (uint32_t)(k - ctx->keys);
	*key = k->handle;
	return PROT_OK;
}

static enum prot_status key_derive(void *ctx, enum prot_asym_alg alg,
				   const uint8_t *seed, size_t seed_len,
				   prot_key *key)
{
	struct prot_crypto c = {&prot_wolfcrypt_ops, ctx};
	uint8_t scalar[PROT_PUBLIC_KEY_MAX / 2];
	enum prot_status st =
		prot_key_scalar_derive(&c, alg, seed, seed_len, scalar);

	if (st == PROT_OK) {
		st = prot_wolfcrypt_key_import(ctx, alg, scalar, key);
	}
	prot_wipe(scalar, sizeof(scalar));
	return st;
}

static enum prot_status key_public(void *ctx, prot_key key, uint8_t *out)
{
	const struct prot_wolfcrypt_key *k = prot_wolfcrypt_key_find(ctx, key);

	if (!k) {
		return PROT_ERR_ARG;
	}
	memcpy(out, k->point, prot_public_key_size((enum prot_asym_alg)k->alg));
	return PROT_OK;
}

static void key_destroy(void *ctx, prot_key key)
{
	struct prot_wolfcrypt_key *k = prot_wolfcrypt_key_find(ctx, key);

	if (k) {
		prot_wipe(k, sizeof(*k));
	}
}

static enum prot_status random_bytes(void *ctx, void *out, size_t len)
{
	uint8_t *at = out;

	while (len != 0) { /* a request of the Hash-DRBG is limited */
		word32 n = len < RNG_MAX_BLOCK_LEN ? (word32)len
						   : RNG_MAX_BLOCK_LEN;

		if (wc_RNG_GenerateBlock(prot_wolfcrypt_rng(ctx), at, n) != 0) {
			return PROT_ERR_CRYPTO;
		}
		at += n;
		len -= n;
	}
	return PROT_OK;
}

const struct prot_crypto_ops prot_wolfcrypt_ops = {
	.hashes = 1u << PROT_HASH_SHA256 | 1u << PROT_HASH_SHA384 |
		  1u << PROT_HASH_SHA512 | 1u << PROT_HASH_SHA3_256 |
		  1u << PROT_HASH_SHA3_384 | 1u << PROT_HASH_SHA3_512,
	.asyms = OFFERS_P256 | 1u << PROT_ASYM_ECDSA_P384,
	.hash_init = prot_wolfcrypt_hash_init,
	.hash_update = prot_wolfcrypt_hash_update,
	.hash_final = prot_wolfcrypt_hash_final,
	.hmac = prot_wolfcrypt_hmac,
	.random = random_bytes,
	.key_derive = key_derive,
	.key_public = key_public,
	.key_destroy = key_destroy,
	.sign = prot_wolfcrypt_sign,
	.verify = prot_wolfcrypt_verify,
};
