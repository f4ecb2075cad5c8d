/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

/*
 * From reset into C, on any ARMv7-M core. Both programs have this code. Before
 * main to be written: clocks, and caches if the core does not start with them
 * off; an MPU that makes code read-only and data not executable.
 */

/* ARMv7-M Architecture Reference Manual, B3.2.5. */
#define VTOR ((volatile uint32_t *)0xE000ED08u)

extern uint32_t link_stack_top[];
extern const uint32_t link_data_load[];
extern uint32_t link_data_start[];
extern uint32_t link_data_end[];
extern uint32_t link_bss_start[];
extern uint32_t link_bss_end[];

_Noreturn void prot_template_reset_entry(void);

/*
 * A fault, or an interrupt that nobody expects. Before the reset to be written:
 * keep the stacked registers, CFSR, HFSR, MMFAR and BFAR in the mailbox, and
 * let the boot stage print them.
 */
static _Noreturn void unexpected(void)
{
	prot_template_reset(PROT_RESET_FAULT);
}

/*
 * Exceptions 1 to 15; interrupts follow in their order. Once there are some,
 * align the table in template.ld to the next power of two of its size.
 */
struct vectors {
	uint32_t *stack;
	void (*handler[15])(void);
};

static const struct vectors vectors
	__attribute__((section(".vectors"), used)) = {
		.stack = link_stack_top,
		.handler =
			{
				prot_template_reset_entry, unexpected, /* NMI */
				unexpected,             /* hard fault */
				unexpected,             /* memory management */
				unexpected,             /* bus fault */
				unexpected,             /* usage fault */
				0, 0, 0, 0, unexpected, /* SVCall */
				unexpected,             /* debug monitor */
				0, unexpected,          /* PendSV */
				unexpected,             /* SysTick */
			},
};

/* The core has set the stack pointer, or prot_template_jump() has. */
_Noreturn void prot_template_reset_entry(void)
{
	const uint32_t *from = link_data_load;

	for (volatile uint32_t *to = link_data_start; to < link_data_end;
	     to++) {
		*to = *from++;
	}
	for (volatile uint32_t *to = link_bss_start; to < link_bss_end; to++) {
		*to = 0;
	}
	prot_template_main();
}

/* As the core does at reset. Nothing is on the stack from here on. */
_Noreturn void prot_template_jump(uint32_t vector_table)
{
	const uint32_t *table = (const uint32_t *)(uintptr_t)vector_table;

	__asm__ volatile("cpsid i" ::: "memory");
	*VTOR = vector_table;
	__asm__ volatile("dsb\n\t"
			 "isb\n\t"
			 "msr msp, %0\n\t"
			 "bx %1"
			 :
			 : "r"(table[0]), "r"(table[1])
			 : "memory");
	__builtin_unreachable();
}

void prot_template_wait_for_interrupt(void)
{
	__asm__ volatile("dsb\n\twfi" ::: "memory");
}
