/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/noise_seed.h>

#include <prot/base/wipe.h>

static enum prot_status next(const struct prot_noise_seed *seed, uint32_t *word)
{
	const struct prot_entropy *source = seed->source;
	enum prot_status st = source->ops->sample(source->ctx, word);

	if (st != PROT_OK) {
		return st;
	}
	return prot_rng_health_sample(&seed->state->health, *word);
}

/* Interrupted by an error of the source, it starts anew: 4.3 wants a row. */
static enum prot_status start_up(const struct prot_noise_seed *seed)
{
	uint32_t word = 0;
	enum prot_status st = PROT_OK;

	for (uint32_t n = 0; n < PROT_RNG_HEALTH_STARTUP && st == PROT_OK;
	     n++) {
		st = next(seed, &word);
	}
	prot_wipe(&word, sizeof(word));
	seed->state->started = st == PROT_OK;
	return st;
}

static enum prot_status fill(const struct prot_noise_seed *seed, uint8_t *out,
			     size_t len)
{
	uint32_t word = 0;
	enum prot_status st = PROT_OK;

	for (size_t i = 0; i < len && st == PROT_OK; i++) {
		if (i % 4 == 0) {
			st = next(seed, &word);
		}
		out[i] = (uint8_t)(word >> i % 4 * 8);
	}
	prot_wipe(&word, sizeof(word));
	return st;
}

enum prot_status prot_noise_seed(const struct prot_noise_seed *seed,
				 uint8_t *out, size_t len)
{
	enum prot_status st = PROT_OK;

	if (seed->state->health.failed) {
		st = PROT_ERR_IO;
	} else if (!seed->state->started) {
		st = start_up(seed);
	}
	if (st == PROT_OK) {
		st = fill(seed, out, len);
	}
	if (st != PROT_OK) {
		prot_wipe(out, len);
	}
	return st;
}
