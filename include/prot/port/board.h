/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_BOARD_H
#define PROT_PORT_BOARD_H

/*
 * What a board is, as data: its names, its memories and where things lie in
 * them. One const object per board; provisioning on a host, the boot stage
 * and the runtime read the same one.
 */

#include <prot/port/flash.h>
#include <prot/services/flash_layout.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_BOARD_UUID_SIZE 16

/* Where the bits of the OTP stand. */
enum prot_board_otp {
	PROT_BOARD_OTP_FUSES =
		0, /* one-time-programmable memory, or its file */
	/*
	 * Emulated in a NOR flash of its own, every byte inverted: an erased
	 * byte is eight clear bits, programming sets them. No protection at
	 * all: for emulators and evaluation boards.
	 */
	PROT_BOARD_OTP_FLASH,
};

/* How a runtime image is entered. */
enum prot_board_entry {
	PROT_BOARD_ENTRY_PROGRAM = 0, /* it is a program of the host's system */
	/*
	 * The payload is loaded as it is; at its entry offset stands a vector
	 * table of the Arm M-profile: stack pointer, then reset handler.
	 */
	PROT_BOARD_ENTRY_VECTORS,
};

struct prot_board {
	const char *name;    /* "ast1030-evb" */
	const char *product; /* certificates: "<product> LDevID". ASCII */
	const char *vendor;
	const char *model;
	uint32_t component; /* component identifier of its runtime images */
	uint32_t boot_svn;  /* SVN of the boot stage */
	uint8_t bit;        /* its place in the boards of an image, 0..63 */
	/* Names the product to update agents; RFC 4122 order. */
	uint8_t uuid[PROT_BOARD_UUID_SIZE];

	struct prot_flash_geometry flash;
	const struct prot_flash_layout *layout;
	/* Where the boot loader stands; size 0: not in this flash. */
	struct prot_flash_region boot_loader;
	enum prot_board_otp otp;
	uint32_t otp_size;       /* bytes, at least PROT_OTP_SIZE */
	uint32_t otp_offset;     /* where they begin in the fuses, bytes */
	uint32_t otp_flash_size; /* of the device that emulates it, or 0 */

	/* Where images are loaded: of the image header. 0: anywhere. */
	uint32_t load_address;
	uint32_t load_size; /* bytes; 0: as the bank */
	enum prot_board_entry entry;
};

/* The boards of this repository's ports. */
extern const struct prot_board prot_board_posix;
extern const struct prot_board prot_board_ast1030_evb;
extern const struct prot_board prot_board_ast1060_evb;

#ifdef __cplusplus
}
#endif
#endif /* PROT_PORT_BOARD_H */
