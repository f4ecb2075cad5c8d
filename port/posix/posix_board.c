/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/posix_board.h>

#include <limits.h>
#include <stdio.h>

static bool file_path(char path[PATH_MAX], const char *directory,
		      const char *name)
{
	int n = snprintf(path, PATH_MAX, "%s/%s", directory, name);

	return n > 0 && n < PATH_MAX;
}

static enum prot_status create_otp(const struct prot_board *board,
				   const char *path)
{
	return board->otp == PROT_BOARD_OTP_FLASH
		       ? prot_posix_otp_flash_create(path,
						     board->otp_flash_size)
		       : prot_posix_otp_create(path, board->otp_size);
}

static enum prot_status open_otp(struct prot_posix_board *b, const char *path)
{
	const struct prot_board *board = b->board;

	return board->otp == PROT_BOARD_OTP_FLASH
		       ? prot_posix_otp_flash_open(
				 &b->otp_file, path, board->otp_size,
				 board->otp_flash_size, &b->otp)
		       : prot_posix_otp_open(&b->otp_file, path,
					     board->otp_size, &b->otp);
}

enum prot_status prot_posix_memories_create(const struct prot_board *board,
					    const char *directory)
{
	char path[PATH_MAX];
	enum prot_status st;

	if (!file_path(path, directory, PROT_POSIX_FLASH_FILE)) {
		return PROT_ERR_ARG;
	}
	st = prot_posix_flash_create(path, &board->flash);
	if (st != PROT_OK) {
		return st;
	}
	if (!file_path(path, directory, PROT_POSIX_OTP_FILE)) {
		return PROT_ERR_ARG;
	}
	return create_otp(board, path);
}

enum prot_status prot_posix_memories_open(struct prot_posix_board *b,
					  const struct prot_board *board,
					  const char *directory)
{
	char path[PATH_MAX];
	enum prot_status st;

	b->board = board;
	b->flash_file.fd = -1;
	b->otp_file.fd = -1;
	if (!file_path(path, directory, PROT_POSIX_FLASH_FILE)) {
		return PROT_ERR_ARG;
	}
	st = prot_posix_flash_open(&b->flash_file, path, &board->flash,
				   &b->flash);
	if (st == PROT_OK && !file_path(path, directory, PROT_POSIX_OTP_FILE)) {
		st = PROT_ERR_ARG;
	}
	if (st == PROT_OK) {
		st = open_otp(b, path);
	}
	if (st != PROT_OK) {
		prot_posix_board_close(b);
	}
	return st;
}

enum prot_status prot_posix_board_create(const char *directory)
{
	return prot_posix_memories_create(&prot_board_posix, directory);
}

enum prot_status prot_posix_board_open(struct prot_posix_board *b,
				       const char *directory)
{
	return prot_posix_memories_open(b, &prot_board_posix, directory);
}

void prot_posix_board_close(struct prot_posix_board *b)
{
	prot_posix_flash_close(&b->flash_file);
	prot_posix_otp_close(&b->otp_file);
}

struct prot_boot_config
prot_posix_board_boot_config(const struct prot_posix_board *b,
			     const struct prot_crypto *crypto)
{
	return (struct prot_boot_config){
		.store = {.flash = &b->flash,
			  .otp = &b->otp,
			  .crypto = crypto,
			  .layout = b->board->layout},
		.component = b->board->component,
		.boot_svn = b->board->boot_svn,
		.board = b->board->bit,
	};
}
