/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_crypto.h"

#include "ast_crypto_kat.h"

#include <prot/base/wipe.h>
#include <prot/crypto_provider.h>

#include <string.h>

#define BLOCK_MAX   128
#define DIGEST_P384 48

/* True when the HACE computes it here. */
static bool on_hace(const struct prot_ast_crypto *c, enum prot_hash_alg alg)
{
	return c->hace && (unsigned)alg < PROT_HASH_COUNT &&
	       (PROT_AST_HACE_HASHES >> alg & 1) != 0;
}

static enum prot_status hash_init(void *ctx, struct prot_hash_state *h,
				  enum prot_hash_alg alg)
{
	const struct prot_ast_crypto *c = ctx;

	if (!c->state->ready) {
		return PROT_ERR_CRYPTO;
	}
	if (on_hace(c, alg)) {
		return prot_ast_hace_hash_init(c->hace, h, alg);
	}
	return c->below.ops->hash_init(c->below.ctx, h, alg);
}

static enum prot_status hash_update(void *ctx, struct prot_hash_state *h,
				    const void *data, size_t len)
{
	const struct prot_ast_crypto *c = ctx;

	if (!c->state->ready) {
		return PROT_ERR_CRYPTO;
	}
	if (on_hace(c, prot_hash_state_alg(h))) {
		return prot_ast_hace_hash_update(c->hace, h, data, len);
	}
	return c->below.ops->hash_update(c->below.ctx, h, data, len);
}

static enum prot_status hash_final(void *ctx, struct prot_hash_state *h,
				   uint8_t *out)
{
	const struct prot_ast_crypto *c = ctx;

	if (!c->state->ready) {
		return PROT_ERR_CRYPTO;
	}
	if (on_hace(c, prot_hash_state_alg(h))) {
		return prot_ast_hace_hash_final(c->hace, h, out);
	}
	return c->below.ops->hash_final(c->below.ctx, h, out);
}

/* RFC 2104 section 2: H((K ^ pad) || data). `key` is a block long. */
static enum prot_status hmac_half(const struct prot_ast_hace *e,
				  enum prot_hash_alg alg,
				  const struct prot_hmac_input *in, uint8_t pad,
				  uint8_t *out)
{
	struct prot_hash_state h;
	uint8_t key[BLOCK_MAX];
	enum prot_status st = prot_ast_hace_hash_init(e, &h, alg);

	for (size_t i = 0; i < in->key_len; i++) {
		key[i] = in->key[i] ^ pad;
	}
	if (st == PROT_OK) {
		st = prot_ast_hace_hash_update(e, &h, key, in->key_len);
	}
	if (st == PROT_OK) {
		st = prot_ast_hace_hash_update(e, &h, in->data, in->data_len);
	}
	if (st == PROT_OK) {
		st = prot_ast_hace_hash_final(e, &h, out);
	}
	prot_wipe(key, sizeof(key));
	prot_wipe(&h, sizeof(h));
	return st;
}

static enum prot_status hmac_hace(const struct prot_ast_crypto *c,
				  enum prot_hash_alg alg,
				  const struct prot_hmac_input *in,
				  uint8_t *out)
{
	struct prot_crypto self = {&prot_ast_crypto_ops, (void *)(uintptr_t)c};
	uint8_t key[BLOCK_MAX] = {0};
	uint8_t inner[PROT_HASH_MAX];
	struct prot_hmac_input half = {key, alg == PROT_HASH_SHA256 ? 64 : 128,
				       in->data, in->data_len};
	enum prot_status st = PROT_OK;

	if (in->key_len > half.key_len) {
		st = prot_crypto_hash(&self, alg, in->key, in->key_len, key);
	} else if (in->key_len != 0) {
		memcpy(key, in->key, in->key_len);
	}
	if (st == PROT_OK) {
		st = hmac_half(c->hace, alg, &half, 0x36, inner);
	}
	if (st == PROT_OK) {
		half.data = inner;
		half.data_len = prot_hash_size(alg);
		st = hmac_half(c->hace, alg, &half, 0x5C, out);
	}
	prot_wipe(key, sizeof(key));
	prot_wipe(inner, sizeof(inner));
	return st;
}

static enum prot_status hmac(void *ctx, enum prot_hash_alg alg,
			     const struct prot_hmac_input *in, uint8_t *out)
{
	const struct prot_ast_crypto *c = ctx;

	if (!c->state->ready) {
		return PROT_ERR_CRYPTO;
	}
	if (on_hace(c, alg)) {
		return hmac_hace(c, alg, in, out);
	}
	return c->below.ops->hmac(c->below.ctx, alg, in, out);
}

static enum prot_status random_bytes(void *ctx, void *out, size_t len)
{
	const struct prot_ast_crypto *c = ctx;

	if (!c->state->ready) {
		return PROT_ERR_CRYPTO;
	}
	return c->below.ops->random(c->below.ctx, out, len);
}

static enum prot_status key_derive(void *ctx, enum prot_asym_alg alg,
				   const uint8_t *seed, size_t seed_len,
				   prot_key *key)
{
	const struct prot_ast_crypto *c = ctx;

	if (!c->state->ready) {
		return PROT_ERR_CRYPTO;
	}
	return c->below.ops->key_derive(c->below.ctx, alg, seed, seed_len, key);
}

static enum prot_status key_public(void *ctx, prot_key key, uint8_t *out)
{
	const struct prot_ast_crypto *c = ctx;

	if (!c->state->ready) {
		return PROT_ERR_CRYPTO;
	}
	return c->below.ops->key_public(c->below.ctx, key, out);
}

static void key_destroy(void *ctx, prot_key key)
{
	const struct prot_ast_crypto *c = ctx;

	c->below.ops->key_destroy(c->below.ctx, key);
}

static enum prot_status sign(void *ctx, prot_key key,
			     const struct prot_signed_data *what, uint8_t *sig)
{
	const struct prot_ast_crypto *c = ctx;

	if (!c->state->ready) {
		return PROT_ERR_CRYPTO;
	}
	return c->below.ops->sign(c->below.ctx, key, what, sig);
}

/*
 * The number that ECDSA verifies, FIPS 186-4 section 6.4: the leftmost 384
 * bits of the digest, or all of a shorter one.
 */
static enum prot_status digest_of(const struct prot_ast_crypto *c,
				  const struct prot_signed_data *what,
				  uint8_t *number)
{
	struct prot_crypto self = {&prot_ast_crypto_ops, (void *)(uintptr_t)c};
	size_t n = prot_hash_size(what->hash);
	uint8_t digest[PROT_HASH_MAX];
	enum prot_status st;

	if (n == 0 || (what->prehashed && what->len != n)) {
		return PROT_ERR_ARG;
	}
	if (what->prehashed) {
		memcpy(digest, what->data, n);
	} else {
		st = prot_crypto_hash(&self, what->hash, what->data, what->len,
				      digest);
		if (st != PROT_OK) {
			return st;
		}
	}
	n = n < DIGEST_P384 ? n : DIGEST_P384;
	memset(number, 0, DIGEST_P384 - n);
	memcpy(number + DIGEST_P384 - n, digest, n);
	return PROT_OK;
}

static enum prot_status verify(void *ctx, const struct prot_public_key *key,
			       const struct prot_signed_data *what,
			       const uint8_t *sig, size_t sig_len)
{
	const struct prot_ast_crypto *c = ctx;
	struct prot_ast_ecdsa_input in;
	enum prot_status st;

	if (!c->state->ready) {
		return PROT_ERR_CRYPTO;
	}
	if (!c->ecdsa || key->alg != PROT_ASYM_ECDSA_P384) {
		return c->below.ops->verify(c->below.ctx, key, what, sig,
					    sig_len);
	}
	if (sig_len != sizeof(in.signature)) {
		return PROT_ERR_AUTH;
	}
	st = digest_of(c, what, in.digest);
	if (st != PROT_OK) {
		return st;
	}
	memcpy(in.key, key->bytes, sizeof(in.key));
	memcpy(in.signature, sig, sizeof(in.signature));
	return prot_ast_ecdsa_verify(c->ecdsa, &in);
}

enum prot_status prot_ast_crypto_init(const struct prot_ast_crypto *c)
{
	const struct prot_crypto_ops *below = c->below.ops;
	uint32_t hashes = below->hashes | (c->hace ? PROT_AST_HACE_HASHES : 0);
	uint32_t asyms =
		below->asyms | (c->ecdsa ? 1u << PROT_ASYM_ECDSA_P384 : 0);
	enum prot_status st = PROT_OK;

	c->state->ready = false;
	if ((prot_ast_crypto_ops.hashes & ~hashes) != 0 ||
	    (prot_ast_crypto_ops.asyms & ~asyms) != 0) {
		return PROT_ERR_ARG;
	}
	if (c->hace) {
		prot_ast_hace_init(c->hace);
		st = prot_ast_crypto_kat_hace(c->hace);
	}
	if (st == PROT_OK && c->ecdsa) {
		prot_ast_sbc_init(c->ecdsa->sbc);
		prot_ast_ecdsa_reset(c->ecdsa);
		st = prot_ast_crypto_kat_ecdsa(c->ecdsa);
	}
	c->state->ready = st == PROT_OK;
	return st;
}

const struct prot_crypto_ops prot_ast_crypto_ops = {
	.hashes = 1u << PROT_HASH_SHA256 | 1u << PROT_HASH_SHA384 |
		  1u << PROT_HASH_SHA512 | 1u << PROT_HASH_SHA3_256 |
		  1u << PROT_HASH_SHA3_384 | 1u << PROT_HASH_SHA3_512,
	/* What the engine has; wolfCrypt for firmware has no other curve. */
	.asyms = 1u << PROT_ASYM_ECDSA_P384,
	.hash_init = hash_init,
	.hash_update = hash_update,
	.hash_final = hash_final,
	.hmac = hmac,
	.random = random_bytes,
	.key_derive = key_derive,
	.key_public = key_public,
	.key_destroy = key_destroy,
	.sign = sign,
	.verify = verify,
};
