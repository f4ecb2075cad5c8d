/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_OTP_H
#define PROT_PORT_OTP_H

/*
 * The one-time-programmable memory seam. A bit reads 0 until it is set, and
 * 1 for ever after. What the bits mean is fixed by services/otp_layout.h.
 */

#include <prot/base/status.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* PROT_PENDING as in port/flash.h. */
struct prot_otp_ops {
	enum prot_status (*read)(void *ctx, uint32_t offset, void *buf,
				 size_t len);

	/*
	 * Set every bit that is 1 in `bits`, len bytes at `offset`; leave all
	 * others. Durable when it returns PROT_OK. A power cut may leave any
	 * subset of the bits set, never clears one.
	 */
	enum prot_status (*set)(void *ctx, uint32_t offset, const void *bits,
				size_t len);
};

struct prot_otp {
	const struct prot_otp_ops *ops;
	void *ctx;     /* passed unchanged to every op */
	uint32_t size; /* bytes */
};

#ifdef __cplusplus
}
#endif
#endif /* PROT_PORT_OTP_H */
