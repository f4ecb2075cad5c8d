/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_FLASH_OTP_H
#define PROT_FLASH_OTP_H

/*
 * OTP memory emulated in a NOR flash of its own: byte n of the OTP is byte n of
 * the flash, inverted, so that an erased flash is a blank OTP and programming
 * sets bits. The flash can be erased, therefore it protects nothing: for
 * emulators and evaluation boards (PROT_BOARD_OTP_FLASH).
 */

#include <prot/port/flash.h>
#include <prot/port/otp.h>

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes that go to the flash at a time. */
#define PROT_FLASH_OTP_PIECE 64

/* Private; zero before the first op. */
struct prot_flash_otp_state {
	const void *bits; /* of the set under way */
	uint32_t offset;
	size_t len;
	size_t at; /* done so far */
	bool active;
	uint32_t piece_offset;
	uint32_t piece_len; /* 0: none with the flash */
	uint8_t piece[PROT_FLASH_OTP_PIECE];
};

/* Const. The context of prot_flash_otp_ops. */
struct prot_flash_otp {
	/* Erased value 0xFF and program unit 1, or every op is PROT_ERR_ARG. */
	const struct prot_flash *flash;
	struct prot_flash_otp_state *state;
	uint32_t size; /* bytes, at most those of the flash */
};

extern const struct prot_otp_ops prot_flash_otp_ops;

#ifdef __cplusplus
}
#endif
#endif /* PROT_FLASH_OTP_H */
