/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_POSIX_BOARD_H
#define PROT_PORT_POSIX_BOARD_H

/*
 * The memories of a board as files in a state directory. Of the board that
 * the POSIX port plays, prot_board_posix, provisioning, boot stage and runtime
 * open them; of others, provisioning alone: the files then hold, byte for
 * byte, what the parts on the board are to hold.
 */

#include <prot/base/status.h>
#include <prot/crypto.h>
#include <prot/port/board.h>
#include <prot/port/posix.h>
#include <prot/services/boot.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Files of a state directory. */
#define PROT_POSIX_FLASH_FILE "flash.bin"
#define PROT_POSIX_OTP_FILE   "otp.bin"

/* The memories of one board. Fields but the first three are private. */
struct prot_posix_board {
	const struct prot_board *board;
	struct prot_flash flash;
	struct prot_otp otp;
	struct prot_posix_flash flash_file;
	struct prot_posix_otp otp_file;
};

/* Make both files in an existing directory; statuses as for each. */
enum prot_status prot_posix_memories_create(const struct prot_board *board,
					    const char *directory);

/*
 * Open both for this process alone; statuses as for each, and PROT_ERR_ARG
 * for a path that is too long. Not movable while open.
 */
enum prot_status prot_posix_memories_open(struct prot_posix_board *b,
					  const struct prot_board *board,
					  const char *directory);

/* The same for prot_board_posix. */
enum prot_status prot_posix_board_create(const char *directory);
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
