/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_TIMER_H
#define PROT_AST_TIMER_H

/*
 * Timers 1 to 8: count down at 1 MHz, 32 bits, and start over. A clock over
 * one of them needs no interrupts.
 *
 * QEMU 7.2: they count. An interrupt cannot be acknowledged: its status bit and
 * its line stay.
 */

#include <prot/base/status.h>
#include <prot/port/clock.h>

#include <stdbool.h>
#include <stdint.h>

/* Registers of all: a nibble, or a bit, per timer. */
#define AST_TIMER_CTRL       0x30u /* ones switch on */
#define AST_TIMER_INT_STATUS 0x34u /* write 1 to clear */
#define AST_TIMER_CTRL_CLEAR 0x3Cu /* ones switch off */

#define AST_TIMER_CTRL_ENABLE    (1u << 0)
#define AST_TIMER_CTRL_1MHZ      (1u << 1) /* clear: PCLK */
#define AST_TIMER_CTRL_INTERRUPT (1u << 2) /* at 0 */
#define AST_TIMER_CTRL_WDT_RESET (1u << 3)
#define AST_TIMER_CTRL_ALL       0xFu

/* Registers of one, from its block. */
#define AST_TIMER_STATUS 0x00u
#define AST_TIMER_RELOAD 0x04u
#define AST_TIMER_MATCH1 0x08u
#define AST_TIMER_MATCH2 0x0Cu

#define AST_TIMER_COUNT    8u
#define AST_TIMER_MATCH_NO UINT32_MAX

/* Const. Its interrupt is AST_IRQ_TIMER1 + number - 1. */
struct prot_ast_timer {
	uint32_t base;   /* AST_TIMER_BASE */
	uint32_t number; /* 1 to AST_TIMER_COUNT */
};

/* Run out every `us` (not 0) from now on, with or without an interrupt. */
void prot_ast_timer_start(const struct prot_ast_timer *t, uint32_t us,
			  bool interrupt);

void prot_ast_timer_stop(const struct prot_ast_timer *t);

/* Us until the timer runs out. */
uint32_t prot_ast_timer_left(const struct prot_ast_timer *t);

/* In the interrupt handler: seen. */
void prot_ast_timer_ack(const struct prot_ast_timer *t);

/* Private. */
struct prot_ast_timer_clock_state {
	uint64_t us;
	uint32_t count; /* at the last look */
};

/* Const. The context of prot_ast_timer_clock_ops. */
struct prot_ast_timer_clock {
	struct prot_ast_timer timer; /* used by nothing else */
	struct prot_ast_timer_clock_state *state;
};

/* From 0 us. */
void prot_ast_timer_clock_start(const struct prot_ast_timer_clock *c);

/*
 * now_us() may be called anywhere: it keeps interrupts off for a moment. Look
 * at it at least once in 71 minutes.
 */
extern const struct prot_clock_ops prot_ast_timer_clock_ops;

#endif /* PROT_AST_TIMER_H */
