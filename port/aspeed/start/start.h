/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_START_H
#define PROT_AST_START_H

/* What start.S and start.c ask of an image, and what they offer it. */

#include <stddef.h>
#include <stdint.h>

/* ---- Each image has one of these ----------------------------------------- */

/* Runs with data in place and interrupts off. Does not return. */
void prot_ast_main(void);

/*
 * An interrupt or the SysTick: the exception number, 16 and up for interrupt
 * number 0 and up.
 */
void prot_ast_interrupt(uint32_t exception);

/* ---- For images ---------------------------------------------------------- */

/*
 * Wipe all data of this program and start the one whose vector table is there.
 * The MPU is off and so are interrupts, at the NVIC, too. Does not return.
 */
void prot_ast_leave(uint32_t vectors);

/* Ask for a system reset of the processor: what that reaches, the chip says. */
void prot_ast_reset(void);

static inline void prot_ast_interrupts_on(void)
{
	__asm__ volatile("cpsie i" ::: "memory");
}

static inline void prot_ast_interrupts_off(void)
{
	__asm__ volatile("cpsid i" ::: "memory");
}

/* Sleep until an interrupt is pending, also one that is masked. */
static inline void prot_ast_wait_for_interrupt(void)
{
	__asm__ volatile("dsb\n\twfi" ::: "memory");
}

/* Let an interrupt number through, or no longer. */
void prot_ast_irq_enable(uint32_t irq);
void prot_ast_irq_disable_all(void);

/* What was loaded after the vectors: code, constants, initial data. */
const uint8_t *prot_ast_code(size_t *len);

/* Memory of sram_map.h that no linker script hands out. */
static inline uint8_t *prot_ast_memory(uint32_t address)
{
	return (uint8_t *)(uintptr_t)address;
}

#endif /* PROT_AST_START_H */
