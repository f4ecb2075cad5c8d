/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/board.h>

/* Banks and golden of 6 MiB each: a runtime is a whole executable. */
static const struct prot_flash_layout layout = {
	.bank = {{0x100000, 0x600000},
		 {0x700000, 0x600000},
		 {0xD00000, 0x600000}},
	.journal = {{0x010000, 0x10000}, {0x020000, 0x10000}},
	.keys = {0x030000, 0x10000},
	.identity = {0x040000, 0x10000},
	.storage = {{0x050000, 0x10000}, {0x060000, 0x10000}},
};

const struct prot_board prot_board_posix = {
	.name = "posix",
	.product = "OpenPRoT-C",
	.vendor = "OpenPRoT",
	.model = "POSIX",
	.component = 0x0001,
	.boot_svn = 1,
	.bit = 0,
	/* 13b6fb55-7a6e-4bd8-b9d5-3c9f0d6d2f01 */
	.uuid = {0x13, 0xb6, 0xfb, 0x55, 0x7a, 0x6e, 0x4b, 0xd8, 0xb9, 0xd5,
		 0x3c, 0x9f, 0x0d, 0x6d, 0x2f, 0x01},
	.flash = {.size = 0x1300000,
		  .sector_size = 0x10000,
		  .page_size = 0x1000,
		  .program_unit = 16,
		  .erased = 0xFF},
	.layout = &layout,
	.otp = PROT_BOARD_OTP_FUSES,
	.otp_size = 512,
};
