/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CRYPTO_WAIT_H
#define PROT_CRYPTO_WAIT_H

/*
 * Ops of the crypto seam, repeated until they no longer pend. For code that
 * has nothing else to do meanwhile: the boot stage, host tools, tests. Code
 * that serves a peer uses the ops and hands PROT_PENDING on.
 */

#include <prot/crypto.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline enum prot_status
prot_crypto_wait_hmac(const struct prot_crypto *c, enum prot_hash_alg alg,
		      const struct prot_hmac_input *in, uint8_t *out)
{
	enum prot_status st;

	do {
		st = c->ops->hmac(c->ctx, alg, in, out);
	} while (st == PROT_PENDING);
	return st;
}

static inline enum prot_status
prot_crypto_wait_key_derive(const struct prot_crypto *c, enum prot_asym_alg alg,
			    const uint8_t *seed, size_t seed_len, prot_key *key)
{
	enum prot_status st;

	do {
		st = c->ops->key_derive(c->ctx, alg, seed, seed_len, key);
	} while (st == PROT_PENDING);
	return st;
}

static inline enum prot_status
prot_crypto_wait_key_public(const struct prot_crypto *c, prot_key key,
			    uint8_t *out)
{
	enum prot_status st;

	do {
		st = c->ops->key_public(c->ctx, key, out);
	} while (st == PROT_PENDING);
	return st;
}

static inline enum prot_status
prot_crypto_wait_sign(const struct prot_crypto *c, prot_key key,
		      const struct prot_signed_data *what, uint8_t *sig)
{
	enum prot_status st;

	do {
		st = c->ops->sign(c->ctx, key, what, sig);
	} while (st == PROT_PENDING);
	return st;
}

static inline enum prot_status prot_crypto_wait_verify(
	const struct prot_crypto *c, const struct prot_public_key *key,
	const struct prot_signed_data *what, const uint8_t *sig, size_t sig_len)
{
	enum prot_status st;

	do {
		st = c->ops->verify(c->ctx, key, what, sig, sig_len);
	} while (st == PROT_PENDING);
	return st;
}

#ifdef __cplusplus
}
#endif
#endif /* PROT_CRYPTO_WAIT_H */
