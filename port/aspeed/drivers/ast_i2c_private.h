/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_I2C_PRIVATE_H
#define PROT_AST_I2C_PRIVATE_H

/* Shared by the files of this driver alone. */

#include "ast_i2c.h"
#include "mmio_bits.h"

static inline uint32_t prot_ast_i2c_read(const struct prot_ast_i2c *i2c,
					 uint32_t reg)
{
	return prot_mmio_read32(i2c->base + reg);
}

static inline void prot_ast_i2c_write(const struct prot_ast_i2c *i2c,
				      uint32_t reg, uint32_t value)
{
	prot_mmio_write32(i2c->base + reg, value);
}

static inline uint32_t prot_ast_i2c_dma(const struct prot_ast_i2c *i2c,
					const void *memory)
{
	return prot_mmio_dma(memory) + i2c->dma_offset;
}

static inline bool prot_ast_i2c_has_target(const struct prot_ast_i2c *i2c)
{
	return i2c->address[0] != 0 || i2c->address[1] != 0;
}

/* Register AST_I2C_FUNCTION while nothing is wrong. */
uint32_t prot_ast_i2c_function(const struct prot_ast_i2c *i2c);

void prot_ast_i2c_controller_init(const struct prot_ast_i2c *i2c);
void prot_ast_i2c_controller_irq(const struct prot_ast_i2c *i2c);

/* Before the function register turns the target on. */
void prot_ast_i2c_target_init(const struct prot_ast_i2c *i2c);
void prot_ast_i2c_target_irq(const struct prot_ast_i2c *i2c);

/*
 * Between the two, prot_ast_i2c_target_irq() does nothing, so that what it
 * shares with the ops can be changed.
 */
void prot_ast_i2c_target_lock(const struct prot_ast_i2c *i2c);
void prot_ast_i2c_target_unlock(const struct prot_ast_i2c *i2c);

/* Forget a write that is under way, and wait for the next. Locked or in irq. */
void prot_ast_i2c_target_restart(const struct prot_ast_i2c *i2c);

#endif /* PROT_AST_I2C_PRIVATE_H */
