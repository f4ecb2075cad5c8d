/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_MMIO_BITS_H
#define PROT_AST_MMIO_BITS_H

/* Read, change, write back: not for registers with write-1-to-clear bits. */

#include "mmio.h"

#include <prot/base/status.h>
#include <prot/port/clock.h>

static inline void prot_mmio_set(uint32_t address, uint32_t bits)
{
	prot_mmio_write32(address, prot_mmio_read32(address) | bits);
}

static inline void prot_mmio_clear(uint32_t address, uint32_t bits)
{
	prot_mmio_write32(address, prot_mmio_read32(address) & ~bits);
}

static inline void prot_mmio_field(uint32_t address, uint32_t mask,
				   uint32_t bits)
{
	prot_mmio_write32(address, (prot_mmio_read32(address) & ~mask) | bits);
}

/* Until (register & mask) == bits; PROT_ERR_TIMEOUT after limit_us. */
static inline enum prot_status prot_mmio_wait(const struct prot_clock *clock,
					      uint32_t address, uint32_t mask,
					      uint32_t bits, uint32_t limit_us)
{
	uint64_t start = prot_clock_us(clock);

	while ((prot_mmio_read32(address) & mask) != bits) {
		if (prot_clock_us(clock) - start > limit_us) {
			return PROT_ERR_TIMEOUT;
		}
	}
	return PROT_OK;
}

#endif /* PROT_AST_MMIO_BITS_H */
