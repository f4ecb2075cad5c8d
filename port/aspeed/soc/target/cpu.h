/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_CPU_H
#define PROT_AST_CPU_H

/*
 * What drivers ask of the processor itself. As with mmio.h, tests on a host
 * have one of their own.
 */

#include <stdint.h>

/* Interrupts off; the result restores what was before. May be nested. */
static inline uint32_t prot_cpu_irq_save(void)
{
	uint32_t mask;

	__asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(mask)::"memory");
	return mask;
}

static inline void prot_cpu_irq_restore(uint32_t mask)
{
	__asm__ volatile("msr primask, %0" ::"r"(mask) : "memory");
}

/* Instructions that follow are fetched anew. */
static inline void prot_cpu_fetch_barrier(void)
{
	__asm__ volatile("dsb\n\tisb" ::: "memory");
}

#endif /* PROT_AST_CPU_H */
