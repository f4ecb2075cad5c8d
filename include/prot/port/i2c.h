/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_I2C_H
#define PROT_PORT_I2C_H

/*
 * The I2C seam: controller transfers, and being a target that is written to.
 * Addresses are 7-bit, not shifted. Nothing here waits.
 */

#include <prot/base/status.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Write, then, if rx_len is not 0, repeated start and read, then stop. */
struct prot_i2c_transfer {
	uint8_t address;
	const uint8_t *tx; /* may be NULL with tx_len 0 */
	size_t tx_len;
	uint8_t *rx;
	size_t rx_len;
};

struct prot_i2c_controller_ops {
	/*
	 * PROT_PENDING: started; call again with the same arguments, nothing
	 * may be changed meanwhile. PROT_ERR_NOT_FOUND: the address, or a byte
	 * after it, was not acknowledged. PROT_ERR_BUSY: arbitration was lost,
	 * nothing or a part was sent: try again later. PROT_ERR_TIMEOUT: the
	 * bus was held too long, and was recovered. PROT_ERR_ARG: longer than
	 * the driver can do.
	 */
	enum prot_status (*transfer)(void *ctx,
				     const struct prot_i2c_transfer *t);
};

struct prot_i2c_controller {
	const struct prot_i2c_controller_ops *ops;
	void *ctx; /* passed unchanged to every op */
};

struct prot_i2c_target_ops {
	/*
	 * The bytes of the next complete write to one of our addresses,
	 * address byte (shifted, R/W bit 0) first; borrowed until the next
	 * call. PROT_PENDING: none has arrived. PROT_ERR_SPACE: one was longer
	 * than the driver's buffer, or came while none was free: it is lost.
	 */
	enum prot_status (*receive)(void *ctx, const uint8_t **bytes,
				    size_t *len);
};

struct prot_i2c_target {
	const struct prot_i2c_target_ops *ops;
	void *ctx; /* passed unchanged to every op */
};

#ifdef __cplusplus
}
#endif
#endif /* PROT_PORT_I2C_H */
