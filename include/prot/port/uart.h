/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_UART_H
#define PROT_PORT_UART_H

/* The serial line seam: bytes in order, without waiting. */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct prot_uart_ops {
	/* Take up to `len` bytes to be sent; returns how many were taken. */
	size_t (*write)(void *ctx, const uint8_t *bytes, size_t len);
	/* Hand out what has arrived, up to `cap` bytes; returns how many. */
	size_t (*read)(void *ctx, uint8_t *bytes, size_t cap);
};

/* Usually one static const object; outlives its users. */
struct prot_uart {
	const struct prot_uart_ops *ops;
	void *ctx; /* passed unchanged to every op */
};

#ifdef __cplusplus
}
#endif
#endif /* PROT_PORT_UART_H */
