/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_SYSTICK_H
#define PROT_AST_SYSTICK_H

/*
 * A clock over the SysTick timer of the Cortex-M4 (Armv7-M Architecture
 * Reference Manual, B3.3), as fine as the core clock. Its registers stand in
 * cortex_m.h.
 *
 * QEMU 7.2: modelled, 200 MHz. A tick that the host delays for longer than a
 * period is lost, so that time stands still meanwhile.
 */

#include <prot/base/status.h>
#include <prot/port/clock.h>

#include <stdint.h>

#define AST_SYSTICK_MAX    (1u << 24) /* cycles of the longest period */
#define AST_SYSTICK_MIN_US 100u

/* Private. */
struct prot_ast_systick_state {
	uint64_t base_us; /* at the start of this period */
	uint64_t last_us; /* what was last handed out */
};

/* Const. The context of prot_ast_systick_ops. */
struct prot_ast_systick {
	uint32_t core_hz; /* a multiple of 1 MHz */
	/*
	 * Between two interrupts; at least AST_SYSTICK_MIN_US, at most
	 * AST_SYSTICK_MAX core cycles, which are 83 886 us at 200 MHz. For as
	 * long interrupts may be off without loss of time.
	 */
	uint32_t tick_us;
	struct prot_ast_systick_state *state;
};

/* From 0 us. PROT_ERR_ARG: a frequency or period outside of these bounds. */
PROT_MUST_CHECK enum prot_status
prot_ast_systick_start(const struct prot_ast_systick *t);

/* No more interrupts, and time stands still: before other code takes over. */
void prot_ast_systick_stop(void);

/*
 * The exception handler. It is a look at the clock like any other, of any
 * priority, and makes sure that there is one in every period.
 */
void prot_ast_systick_irq(const struct prot_ast_systick *t);

/* now_us() may be called anywhere: it keeps interrupts off for a moment. */
extern const struct prot_clock_ops prot_ast_systick_ops;

#endif /* PROT_AST_SYSTICK_H */
