/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Eight words behind the vectors that the boot ROM looks at. Without secure
 * boot of its own it wants the size of the image, which it copies to the SRAM.
 */
	.section .sboot, "a"
	.global prot_ast_rom_header
prot_ast_rom_header:
	.word 0			/* key location */
	.word 0			/* address of an encrypted image */
	.word link_image_end	/* image size, bytes: the image starts at 0 */
	.word 0			/* signature location */
	.word 0			/* header revision, low and high */
	.word 0
	.word 0			/* address of a patch of the ROM */
	.word 0			/* checksum */
