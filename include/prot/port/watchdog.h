/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_WATCHDOG_H
#define PROT_PORT_WATCHDOG_H

/* The watchdog seam: a timer that resets the whole chip unless it is fed. */

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct prot_watchdog_ops {
	/* Arm, or arm again with another time. */
	void (*start)(void *ctx, uint32_t timeout_ms);
	/* The time starts again. No effect while not armed. */
	void (*feed)(void *ctx);
	void (*stop)(void *ctx);
};

/* Usually one static const object; outlives its users. */
struct prot_watchdog {
	const struct prot_watchdog_ops *ops;
	void *ctx; /* passed unchanged to every op */
};

#ifdef __cplusplus
}
#endif
#endif /* PROT_PORT_WATCHDOG_H */
