/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_cache.h"

#include "ast10x0.h"
#include "ast_scu.h"
#include "cpu.h"
#include "mmio_bits.h"

#include <stdbool.h>

#define AREA       (AST_SCU_BASE + AST_CACHE_AREA)
#define INVALIDATE (AST_SCU_BASE + AST_CACHE_INVALIDATE)
#define CTRL       (AST_SCU_BASE + AST_CACHE_CTRL)

/* The bits act on their rising edge. */
static void invalidate_all(uint32_t bits)
{
	uint32_t mask = prot_cpu_irq_save();

	prot_mmio_barrier();
	prot_mmio_clear(CTRL, bits);
	prot_mmio_barrier();
	prot_mmio_set(CTRL, bits);
	prot_cpu_fetch_barrier();
	prot_cpu_irq_restore(mask);
}

static uint32_t area_bits(uint32_t start, uint32_t size)
{
	uint32_t count = size / AST_CACHE_AREA_SIZE;

	return ((1u << count) - 1u) << (start / AST_CACHE_AREA_SIZE);
}

enum prot_status prot_ast_cache_enable(uint32_t start, uint32_t size)
{
	if (start % AST_CACHE_AREA_SIZE != 0 ||
	    size % AST_CACHE_AREA_SIZE != 0 || start > AST_SRAM_SIZE ||
	    size > AST_SRAM_SIZE - start) {
		return PROT_ERR_ARG;
	}
	prot_ast_cache_disable();
	prot_mmio_write32(AREA, area_bits(start, size));
	prot_ast_cache_invalidate_all();
	prot_mmio_set(CTRL, AST_CACHE_CTRL_ENABLE);
	prot_cpu_fetch_barrier();
	return PROT_OK;
}

void prot_ast_cache_disable(void)
{
	prot_mmio_barrier();
	prot_mmio_write32(CTRL, 0);
	prot_cpu_fetch_barrier();
}

void prot_ast_cache_invalidate_all(void)
{
	invalidate_all(AST_CACHE_CTRL_ALL_D | AST_CACHE_CTRL_ALL_I);
}

static void invalidate_line(uint32_t command)
{
	uint32_t mask = prot_cpu_irq_save();

	prot_mmio_write32(INVALIDATE, 0);
	prot_mmio_write32(INVALIDATE, command);
	prot_cpu_irq_restore(mask);
}

/* Lines of a whole way are all lines; single ones fail on the AST1030-A0. */
static bool by_line(uint32_t address, size_t size)
{
	return size < AST_CACHE_WAY - AST_CACHE_LINE &&
	       address <= UINT32_MAX - AST_CACHE_WAY &&
	       prot_ast_scu_silicon() != AST_SILICON_AST1030A0;
}

void prot_ast_cache_invalidate_data(uint32_t address, size_t size)
{
	if (!by_line(address, size)) {
		invalidate_all(AST_CACHE_CTRL_ALL_D);
		return;
	}
	prot_mmio_barrier();
	for (uint32_t at = address & ~(AST_CACHE_LINE - 1u);
	     at < address + size; at += AST_CACHE_LINE) {
		invalidate_line(AST_CACHE_LINE_D(at));
	}
	prot_mmio_barrier();
}

void prot_ast_cache_invalidate_code(uint32_t address, size_t size)
{
	if (!by_line(address, size)) {
		invalidate_all(AST_CACHE_CTRL_ALL_I);
		return;
	}
	prot_mmio_barrier();
	for (uint32_t at = address & ~(AST_CACHE_LINE - 1u);
	     at < address + size; at += AST_CACHE_LINE) {
		invalidate_line(AST_CACHE_LINE_I(at));
	}
	prot_cpu_fetch_barrier();
}
