/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_MMIO_H
#define PROT_AST_MMIO_H

/*
 * Access to registers and memory windows. Every driver goes through this
 * header alone; tests on a host put one in its place that plays the hardware.
 */

#include <stdint.h>

/* Address 0 is memory like any other here. */
static inline uint32_t prot_mmio_read32(uint32_t address)
{
	// NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
	return *(volatile const uint32_t *)address;
}

static inline void prot_mmio_write32(uint32_t address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}

static inline uint8_t prot_mmio_read8(uint32_t address)
{
	return *(volatile const uint8_t *)address;
}

static inline void prot_mmio_write8(uint32_t address, uint8_t value)
{
	*(volatile uint8_t *)address = value;
}

/*
 * Address of a buffer as the processor sees it, for a DMA engine; drivers add
 * what their engine adds.
 */
static inline uint32_t prot_mmio_dma(const void *buffer)
{
	return (uint32_t)(uintptr_t)buffer;
}

/* All accesses before are complete before any after: around DMA and caches. */
static inline void prot_mmio_barrier(void)
{
	__asm__ volatile("dsb" ::: "memory");
}

#endif /* PROT_AST_MMIO_H */
