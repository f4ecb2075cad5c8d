/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_MMIO_H
#define PROT_AST_MMIO_H

/* In the place of port/aspeed/soc/target/mmio.h: see mmio_mock.h. */

#include <stdint.h>

uint32_t prot_mmio_read32(uint32_t address);
void prot_mmio_write32(uint32_t address, uint32_t value);
uint8_t prot_mmio_read8(uint32_t address);
void prot_mmio_write8(uint32_t address, uint8_t value);
uint32_t prot_mmio_dma(const void *buffer);
void prot_mmio_barrier(void);

#endif /* PROT_AST_MMIO_H */
