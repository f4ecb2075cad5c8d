/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/posix_board.h>

#include <limits.h>
#include <stdio.h>

const struct prot_flash_geometry prot_posix_board_flash = {
	.size = 0x1300000,
	.sector_size = 0x10000,
	.page_size = 0x1000,
	.program_unit = 16,
	.erased = 0xFF,
};

const struct prot_flash_layout prot_posix_board_layout = {
	.bank = {{0x100000, 0x600000},
		 {0x700000, 0x600000},
		 {0xD00000, 0x600000}},
	.journal = {{0x010000, 0x10000}, {0x020000, 0x10000}},
	.keys = {0x030000, 0x10000},
	.identity = {0x040000, 0x10000},
	.storage = {{0x050000, 0x10000}, {0x060000, 0x10000}},
};

static bool file_path(char path[PATH_MAX], const char *directory,
		      const char *name)
{
	int n = snprintf(path, PATH_MAX, "%s/%s", directory, name);

	return n > 0 && n < PATH_MAX;
}

enum prot_status prot_posix_board_create(const char *directory)
{
	char path[PATH_MAX];
	enum prot_status st;

	if (!file_path(path, directory, PROT_POSIX_FLASH_FILE)) {
		return PROT_ERR_ARG;
	}
	st = prot_posix_flash_create(path, &prot_posix_board_flash);
	if (st != PROT_OK) {
		return st;
	}
	if (!file_path(path, directory, PROT_POSIX_OTP_FILE)) {
		return PROT_ERR_ARG;
	}
	return prot_posix_otp_create(path, PROT_POSIX_OTP_SIZE);
}

enum prot_status prot_posix_board_open(struct prot_posix_board *b,
				       const char *directory)
{
	char path[PATH_MAX];
	enum prot_status st;

	b->flash_file.fd = -1;
	b->otp_file.fd = -1;
	if (!file_path(path, directory, PROT_POSIX_FLASH_FILE)) {
		return PROT_ERR_ARG;
	}
	st = prot_posix_flash_open(&b->flash_file, path,
				   &prot_posix_board_flash, &b->flash);
	if (st == PROT_OK && !file_path(path, directory, PROT_POSIX_OTP_FILE)) {
		st = PROT_ERR_ARG;
	}
	if (st == PROT_OK) {
		st = prot_posix_otp_open(&b->otp_file, path,
					 PROT_POSIX_OTP_SIZE, &b->otp);
	}
	if (st != PROT_OK) {
		prot_posix_board_close(b);
	}
	return st;
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
			  .layout = &prot_posix_board_layout},
		.component = PROT_POSIX_COMPONENT,
		.boot_svn = PROT_POSIX_BOOT_SVN,
		.board = PROT_POSIX_BOARD,
	};
}
