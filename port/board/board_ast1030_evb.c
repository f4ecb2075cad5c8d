/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/board.h>

/*
 * AST1030 evaluation board, as QEMU plays it: 32 MiB of flash at the FMC, of
 * which the first is used as on the AST1060, and the OTP emulated in the flash
 * at SPI1.
 */
const struct prot_board prot_board_ast1030_evb = {
	.name = "ast1030-evb",
	.product = "OpenPRoT-C",
	.vendor = "OpenPRoT",
	.model = "AST1030",
	.component = 0x0001,
	.boot_svn = 1,
	.bit = 1,
	/* 4e1f9c06-52d7-4a55-9c0a-8a3d6b1f7e30 */
	.uuid = {0x4e, 0x1f, 0x9c, 0x06, 0x52, 0xd7, 0x4a, 0x55, 0x9c, 0x0a,
		 0x8a, 0x3d, 0x6b, 0x1f, 0x7e, 0x30},
	.flash = {.size = 0x2000000,
		  .sector_size = 0x1000,
		  .page_size = 0x100,
		  .program_unit = 1,
		  .erased = 0xFF},
	.layout = &prot_flash_layout_ast1060,
	.boot_loader = {0x000000, 0x018000},
	.otp = PROT_BOARD_OTP_FLASH,
	.otp_size = 512,
	.otp_flash_size = 0x100000,
	.load_address = 0x20000,
	.load_size = 0x50000,
	.entry = PROT_BOARD_ENTRY_VECTORS,
};
