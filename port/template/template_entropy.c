/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

/*
 * Raw noise for the seed of the DRBG. One word per call, as it comes from the
 * generator: no whitening here, or the health tests see nothing.
 *
 *  - Wait for "data ready" with a limit from the clock: PROT_ERR_TIMEOUT.
 *  - One word is handed out once. Reading a stale register twice is the most
 *    frequent mistake; the repetition count test finds it.
 *  - The health tests (NIST SP 800-90B section 4.4) of prot_noise_seed() stand
 *    between this and the DRBG. They claim so many bits of entropy per word
 *    (PROT_RNG_HEALTH_ENTROPY): make sure that yours has them.
 *  - A generator that fails its tests is a device that does not start. Never
 *    fall back on a timer or a constant.
 *
 * Test: a million words through the health tests, and through the estimators
 * of SP 800-90B on a host.
 */

static enum prot_status sample(void *ctx, uint32_t *word)
{
	(void)ctx;
	(void)word;
	return PROT_ERR_TIMEOUT;
}

static const struct prot_entropy_ops entropy_ops = {.sample = sample};

const struct prot_entropy prot_template_entropy = {.ops = &entropy_ops};

enum prot_status prot_template_entropy_start(void)
{
	return PROT_ERR_UNSUPPORTED;
}
