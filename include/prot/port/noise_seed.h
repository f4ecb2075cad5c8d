/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_NOISE_SEED_H
#define PROT_NOISE_SEED_H

/*
 * Seed material for a DRBG (NIST SP 800-90A, entropy input and nonce): samples
 * of a noise source that have passed the health tests, as they are. A DRBG
 * with a derivation function condenses them; it is to take
 * PROT_NOISE_SEED_SCALE times as many bytes as it wants of entropy. For
 * wolfCrypt that number is ENTROPY_SCALE_FACTOR.
 */

#include <prot/port/rng_health.h>

#include <prot/port/entropy.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_NOISE_SEED_SCALE (32u / PROT_RNG_HEALTH_ENTROPY)

/* In zeroed memory at reset; private. */
struct prot_noise_seed_state {
	struct prot_rng_health health;
	bool started; /* the start-up test has passed */
};

/* Const. */
struct prot_noise_seed {
	const struct prot_entropy *source;
	struct prot_noise_seed_state *state;
};

/*
 * Fill `out`. The first call also runs the start-up test. On any error all of
 * `out` is zero: PROT_ERR_IO: the source failed a health test, and this lasts
 * until the next reset; other errors are those of the source.
 */
PROT_MUST_CHECK enum prot_status
prot_noise_seed(const struct prot_noise_seed *seed, uint8_t *out, size_t len);

#ifdef __cplusplus
}
#endif
#endif /* PROT_NOISE_SEED_H */
