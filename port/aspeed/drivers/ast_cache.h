/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_CACHE_H
#define PROT_AST_CACHE_H

/*
 * The cache in front of the SRAM, 4 KiB each for instructions and data, in
 * lines of 32 bytes, two ways. There is no command to write back: as the
 * vendor's drivers use it, it writes through. What DMA has written, and code
 * that was copied, is to be invalidated. RAM for DMA is best left outside of
 * the cached range altogether.
 *
 * QEMU 7.2: not modelled; the registers are storage.
 */

#include <prot/base/status.h>

#include <stddef.h>
#include <stdint.h>

/* Registers, of the SCU. */
#define AST_CACHE_AREA       0xA50u /* a bit per area: cached */
#define AST_CACHE_INVALIDATE 0xA54u
#define AST_CACHE_CTRL       0xA58u

#define AST_CACHE_AREA_SIZE 0x8000u
#define AST_CACHE_LINE      32u
#define AST_CACHE_WAY       2048u /* bytes; an address repeats after */

/* One line, data and instruction; a write of 0 goes before. */
#define AST_CACHE_LINE_D(address)                                              \
	(1u << 31 | ((address) & (AST_CACHE_WAY - 1u)) << 16)
#define AST_CACHE_LINE_I(address)                                              \
	(1u << 15 | ((address) & (AST_CACHE_WAY - 1u)))

#define AST_CACHE_CTRL_ENABLE (1u << 0)
#define AST_CACHE_CTRL_ALL_D  (1u << 1) /* rising: invalidates all */
#define AST_CACHE_CTRL_ALL_I  (1u << 2)

/*
 * Cache [start, start + size) of the SRAM and nothing else, starting empty.
 * PROT_ERR_ARG: not whole areas, or beyond the SRAM.
 */
PROT_MUST_CHECK enum prot_status prot_ast_cache_enable(uint32_t start,
						       uint32_t size);
void prot_ast_cache_disable(void);

/* After DMA has written to cached memory. */
void prot_ast_cache_invalidate_data(uint32_t address, size_t size);
/* After code was written; takes effect before the next instruction. */
void prot_ast_cache_invalidate_code(uint32_t address, size_t size);

void prot_ast_cache_invalidate_all(void);

#endif /* PROT_AST_CACHE_H */
