/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/rng_health.h>

void prot_rng_health_init(struct prot_rng_health *h)
{
	*h = (struct prot_rng_health){0};
}

/* SP 800-90B, 4.4.1. */
static bool repeats(struct prot_rng_health *h, uint32_t sample)
{
	if (h->run == 0 || sample != h->last) {
		h->last = sample;
		h->run = 1;
		return false;
	}
	h->run++;
	return h->run >= PROT_RNG_HEALTH_REPETITION;
}

/* SP 800-90B, 4.4.2. */
static bool prevails(struct prot_rng_health *h, uint32_t sample)
{
	if (h->seen == 0) {
		h->first = sample;
		h->same = 0;
	}
	h->seen = (h->seen + 1) % PROT_RNG_HEALTH_WINDOW;
	if (sample == h->first) {
		h->same++;
	}
	return h->same >= PROT_RNG_HEALTH_PROPORTION;
}

enum prot_status prot_rng_health_sample(struct prot_rng_health *h,
					uint32_t sample)
{
	bool repeated = repeats(h, sample);
	bool prevailed = prevails(h, sample);

	if (repeated || prevailed) {
		h->failed = true;
	}
	return h->failed ? PROT_ERR_IO : PROT_OK;
}
