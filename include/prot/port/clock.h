/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_CLOCK_H
#define PROT_PORT_CLOCK_H

/* The clock seam: time since start, for drivers and main loops of a port. */

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct prot_clock_ops {
	/* Microseconds since some start; never goes backwards, never wraps. */
	uint64_t (*now_us)(void *ctx);
};

/* Usually one static const object; outlives its users. */
struct prot_clock {
	const struct prot_clock_ops *ops;
	void *ctx; /* passed unchanged to every op */
};

static inline uint64_t prot_clock_us(const struct prot_clock *c)
{
	return c->ops->now_us(c->ctx);
}

static inline uint64_t prot_clock_ms(const struct prot_clock *c)
{
	return prot_clock_us(c) / 1000u;
}

/*
 * Wait at least so long by reading the clock. For the few waits of hardware
 * start-up that are shorter than a step would cost.
 */
static inline void prot_clock_delay_us(const struct prot_clock *c, uint32_t us)
{
	uint64_t start = prot_clock_us(c);

	while (prot_clock_us(c) - start <= us) {
	}
}

#ifdef __cplusplus
}
#endif
#endif /* PROT_PORT_CLOCK_H */
