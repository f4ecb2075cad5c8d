/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/board.h>

/*
 * What the board is, as data. Write this first: everything else reads it.
 *
 *  - names: `product` stands in certificates, "<product> LDevID"; `vendor`
 *    and `model` in the TcbInfo of the attestation key. ASCII, stable for the
 *    life of the product.
 *  - component, bit: what images are signed for. The bit must differ from that
 *    of every other board that the same image key signs for.
 *  - uuid: make one (uuidgen) and never change it: update agents know the
 *    product by it.
 *  - flash: the geometry that template_flash.c drives. Sector size is that of
 *    the smallest erase that works everywhere on the device.
 *  - layout: sector boundaries, no overlap, see prot/services/flash_layout.h.
 *    The boot stage stands in no region, nothing here writes it.
 *  - load_address, load_size: link_load of template.ld.
 *
 * The tools of the host know the boards that stand in port/board: move this
 * file there when it is right, so that tool and firmware read the same object
 * (docs/porting.md, "The board as data").
 */

/* 1 MiB in sectors of 4 KiB: 96 KiB boot stage, banks of 320 KiB, golden. */
static const struct prot_flash_layout layout = {
	.bank = {{0x018000, 0x050000},
		 {0x068000, 0x050000},
		 {0x0B8000, 0x030000}},
	.journal = {{0x0E8000, 0x001000}, {0x0E9000, 0x001000}},
	.keys = {0x0EA000, 0x001000},
	.identity = {0x0EB000, 0x001000},
	.storage = {{0x0EC000, 0x001000}, {0x0ED000, 0x001000}},
};

const struct prot_board prot_board_template = {
	.name = "template",
	.product = "Product",
	.vendor = "Vendor",
	.model = "Template",
	.component = 0x0001,
	.boot_svn = 1,
	.bit = 63,
	/* 6b0c1f0e-3c55-4b0e-9f43-2b7f8a1d5e90 */
	.uuid = {0x6b, 0x0c, 0x1f, 0x0e, 0x3c, 0x55, 0x4b, 0x0e, 0x9f, 0x43,
		 0x2b, 0x7f, 0x8a, 0x1d, 0x5e, 0x90},
	.flash = {.size = 0x100000,
		  .sector_size = 0x1000,
		  .page_size = 0x100,
		  .program_unit = 1,
		  .erased = 0xFF},
	.layout = &layout,
	.boot_loader = {0x000000, 0x018000},
	.otp = PROT_BOARD_OTP_FUSES,
	.otp_size = 512,
	.load_address = 0x20000,
	.load_size = 0x50000,
	.entry = PROT_BOARD_ENTRY_VECTORS,
};
