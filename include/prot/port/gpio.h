/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_GPIO_H
#define PROT_PORT_GPIO_H

/* The seam for single pins. A pin is a number that the driver defines. */

#include <prot/base/status.h>

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* PROT_ERR_ARG: no such pin. */
struct prot_gpio_ops {
	enum prot_status (*get)(void *ctx, uint16_t pin, bool *level);
	/* Make the pin an output of that level; the level comes first. */
	enum prot_status (*drive)(void *ctx, uint16_t pin, bool level);
	/* Make the pin an input. */
	enum prot_status (*release)(void *ctx, uint16_t pin);
};

/* Usually one static const object; outlives its users. */
struct prot_gpio {
	const struct prot_gpio_ops *ops;
	void *ctx; /* passed unchanged to every op */
};

#ifdef __cplusplus
}
#endif
#endif /* PROT_PORT_GPIO_H */
