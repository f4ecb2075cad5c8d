/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_SRAM_MAP_H
#define PROT_AST_SRAM_MAP_H

/*
 * Who owns which part of the SRAM. Read by C and by the linker scripts, hence
 * plain numbers. Data is above 0x80000, in memory that is not cached: DMA
 * engines reach it as it is.
 */

/* Vectors of the boot loader. Data cannot be read here: the null guard. */
#define SRAM_VECTORS_SIZE 0x400
/* Behind them, of the boot loader: what the boot ROM wants to know. */
#define SRAM_ROM_HEADER_SIZE 0x20

#define SRAM_BOOT_CODE      0x00000
#define SRAM_BOOT_CODE_SIZE 0x18000

/* Where images are loaded: prot_board.load_address and load_size. */
#define SRAM_LOAD      0x20000
#define SRAM_LOAD_SIZE 0x50000

#define SRAM_RUNTIME_DATA      0x80000
#define SRAM_RUNTIME_DATA_SIZE 0x18000

#define SRAM_BOOT_DATA      0xA0000
#define SRAM_BOOT_DATA_SIZE 0x10000

/* `./run size` computes the worst case and holds it below 90 % of these. */
#define SRAM_BOOT_STACK_SIZE    0x3000
#define SRAM_RUNTIME_STACK_SIZE 0x3000

/* Outside of both images: what one start leaves for the next program. */
#define SRAM_SHARED       0xBE000
#define SRAM_SHARED_SIZE  0x02000
#define SRAM_HANDOFF      0xBE000 /* PROT_HANDOFF_SIZE_MAX bytes */
#define SRAM_HANDOFF_SIZE 0x01000
#define SRAM_MAILBOX      0xBF000 /* struct prot_ast_mailbox */

#endif /* PROT_AST_SRAM_MAP_H */
