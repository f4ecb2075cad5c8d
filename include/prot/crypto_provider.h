/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CRYPTO_PROVIDER_H
#define PROT_CRYPTO_PROVIDER_H

/* For those who write a provider: what every provider must do alike. */

#include <prot/crypto.h>

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The private scalar that a seed determines, for providers to build their
 * key_derive on: HMAC_DRBG as in RFC 6979 section 3.2, steps b to h, with the
 * seed in the place of int2octets(x) || bits2octets(h1). `scalar` takes half
 * of prot_public_key_size(alg) bytes, in [1, n-1], big endian; it is wiped on
 * every error.
 *
 * `c` lends its hmac op. One that pends is waited for, since many run in a row.
 */
PROT_MUST_CHECK
enum prot_status prot_key_scalar_derive(const struct prot_crypto *c,
					enum prot_asym_alg alg,
					const uint8_t *seed, size_t seed_len,
					uint8_t *scalar);

/* True when 0 < scalar < n. Takes the same time for every scalar. */
bool prot_key_scalar_valid(enum prot_asym_alg alg, const uint8_t *scalar);

/*
 * Where a hash in progress keeps its algorithm: the last four bytes of the
 * state, PROT_HASH_NONE once it is used up. A provider that stands in front of
 * another one tells by it whose hash it is.
 */
#define PROT_HASH_STATE_ALG (PROT_HASH_STATE_SIZE - sizeof(uint32_t))

static inline enum prot_hash_alg
prot_hash_state_alg(const struct prot_hash_state *h)
{
	uint32_t alg;

	memcpy(&alg, h->u.bytes + PROT_HASH_STATE_ALG, sizeof(alg));
	return (enum prot_hash_alg)alg;
}

static inline void prot_hash_state_set_alg(struct prot_hash_state *h,
					   enum prot_hash_alg alg)
{
	uint32_t v = (uint32_t)alg;

	memcpy(h->u.bytes + PROT_HASH_STATE_ALG, &v, sizeof(v));
}

#ifdef __cplusplus
}
#endif
#endif /* PROT_CRYPTO_PROVIDER_H */
