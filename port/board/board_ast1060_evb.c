/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/board.h>

/* AST1060 evaluation board: 1 MiB of flash in the package, OTP in fuses. */
const struct prot_board prot_board_ast1060_evb = {
	.name = "ast1060-evb",
	.product = "OpenPRoT-C",
	.vendor = "OpenPRoT",
	.model = "AST1060",
	.component = 0x0001,
	.boot_svn = 1,
	.bit = 2,
	/* 9d3c2f71-0b64-4c1e-8e52-64f0a7c5d813 */
	.uuid = {0x9d, 0x3c, 0x2f, 0x71, 0x0b, 0x64, 0x4c, 0x1e, 0x8e, 0x52,
		 0x64, 0xf0, 0xa7, 0xc5, 0xd8, 0x13},
	.flash = {.size = 0x100000,
		  .sector_size = 0x1000,
		  .page_size = 0x100,
		  .program_unit = 1,
		  .erased = 0xFF},
	.layout = &prot_flash_layout_ast1060,
	.boot_loader = {0x000000, 0x018000},
	.otp = PROT_BOARD_OTP_FUSES,
	.otp_size = 512,
	/*
	 * The last of 1792 data words: the first ones are the secure region
	 * and the keys of the boot ROM, where those are in use.
	 */
	.otp_offset = (1792 - 128) * 4,
	.load_address = 0x20000,
	.load_size = 0x50000,
	.entry = PROT_BOARD_ENTRY_VECTORS,
};
