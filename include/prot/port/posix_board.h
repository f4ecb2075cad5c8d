/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_POSIX_BOARD_H
#define PROT_PORT_POSIX_BOARD_H

/*
 * The board that the POSIX port plays: its memories, where things lie in
 * them, and the names it goes by. Provisioning, boot stage and runtime share
 * this description as they would share a board support package.
 */

#include <prot/base/status.h>
#include <prot/crypto.h>
#include <prot/port/posix.h>
#include <prot/services/boot.h>
#include <prot/services/flash_layout.h>
#include <prot/services/otp_layout.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_POSIX_PRODUCT   "OpenPRoT-C"
#define PROT_POSIX_VENDOR    "OpenPRoT"
#define PROT_POSIX_MODEL     "POSIX"
#define PROT_POSIX_COMPONENT 0x0001u /* our own runtime firmware */
#define PROT_POSIX_BOARD     0       /* bit in the boards of an image */
#define PROT_POSIX_BOOT_SVN  1u      /* of the boot stage */
#define PROT_POSIX_OTP_SIZE  512u    /* bytes */

/* 13b6fb55-7a6e-4bd8-b9d5-3c9f0d6d2f01: names the product to update agents. */
#define PROT_POSIX_PRODUCT_UUID                                                \
	{                                                                      \
		0x13, 0xb6, 0xfb, 0x55, 0x7a, 0x6e, 0x4b, 0xd8, 0xb9, 0xd5,    \
			0x3c, 0x9f, 0x0d, 0x6d, 0x2f, 0x01                     \
	}

/* 19 MiB of NOR flash in sectors of 64 KiB and pages of 4 KiB. */
extern const struct prot_flash_geometry prot_posix_board_flash;
/* Banks and golden of 6 MiB each: a runtime is a whole executable. */
extern const struct prot_flash_layout prot_posix_board_layout;

/* Files of a state directory. */
#define PROT_POSIX_FLASH_FILE "flash.bin"
#define PROT_POSIX_OTP_FILE   "otp.bin"

/* The memories of one board. Fields but flash and otp are private. */
struct prot_posix_board {
	struct prot_flash flash;
	struct prot_otp otp;
	struct prot_posix_flash flash_file;
	struct prot_posix_otp otp_file;
};

/* Make both files in an existing directory; statuses as for each. */
enum prot_status prot_posix_board_create(const char *directory);

/*
 * Open both for this process alone; statuses as for each, and PROT_ERR_ARG
 * for a path that is too long. Not movable while open.
 */
enum prot_status prot_posix_board_open(struct prot_posix_board *b,
				       const char *directory);
void prot_posix_board_close(struct prot_posix_board *b);

/*
 * What boot stage, runtime and update are given. It points to `b` and
 * `crypto`, which must outlive its users.
 */
struct prot_boot_config
prot_posix_board_boot_config(const struct prot_posix_board *b,
			     const struct prot_crypto *crypto);

#ifdef __cplusplus
}
#endif
#endif /* PROT_PORT_POSIX_BOARD_H */
