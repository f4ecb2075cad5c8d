/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_RNG_HEALTH_H
#define PROT_RNG_HEALTH_H

/*
 * Health tests of a noise source (NIST SP 800-90B, 4.4): the repetition count
 * test and the adaptive proportion test, over samples of 32 bits.
 *
 * Both cutoffs follow from the min-entropy H that is claimed for a sample and
 * the rate alpha of false alarms that is accepted:
 *
 *   H      4 bits per sample, an eighth of what a perfect source would have.
 *          It is an assumption: no source here has been assessed.
 *   alpha  2^-30, from the range that 4.3 recommends: one false alarm in 4 GiB
 *          from a source that is just as good as claimed.
 *
 *   4.4.1  cutoff = 1 + ceil(-log2(alpha) / H) = 1 + ceil(30 / 4) = 9
 *   4.4.2  window of 512, the samples not being binary;
 *          cutoff = 1 + critbinom(512, 2^-H, 1 - alpha) = 71
 *
 * Users take 1 / H as many samples as they would from a perfect source.
 */

#include <prot/base/status.h>

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_RNG_HEALTH_ENTROPY    4u  /* bits of min-entropy in a sample */
#define PROT_RNG_HEALTH_ALPHA      30u /* -log2 */
#define PROT_RNG_HEALTH_REPETITION 9u
#define PROT_RNG_HEALTH_WINDOW     512u
#define PROT_RNG_HEALTH_PROPORTION 71u

/* Samples before the first use (4.3): that many, and none of them used. */
#define PROT_RNG_HEALTH_STARTUP 1024u

/* Fields are private. Wipe it when the source is no longer used. */
struct prot_rng_health {
	uint32_t last;  /* 4.4.1: A */
	uint32_t run;   /* 4.4.1: B; 0 before the first sample */
	uint32_t first; /* 4.4.2: A */
	uint32_t same;  /* 4.4.2: B */
	uint32_t seen;  /* samples of this window */
	bool failed;
};

/* Before the first sample of a source, or to give it another chance. */
void prot_rng_health_init(struct prot_rng_health *h);

/*
 * Every sample, in order. PROT_ERR_IO: it is not to be used, nor is any later
 * one: the failure stays until init.
 */
PROT_MUST_CHECK enum prot_status
prot_rng_health_sample(struct prot_rng_health *h, uint32_t sample);

#ifdef __cplusplus
}
#endif
#endif /* PROT_RNG_HEALTH_H */
