/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_WDT_H
#define PROT_AST_WDT_H

/*
 * Watchdog timers 1 to 4: count down at 1 MHz and reset the chip at 0.
 *
 * QEMU 7.2: modelled, but for the software reset; no reset reason is kept.
 */

#include <prot/port/watchdog.h>

#include <stdint.h>

/* Registers, from the base of one timer. */
#define AST_WDT_STATUS         0x00u /* counts down, us */
#define AST_WDT_RELOAD         0x04u
#define AST_WDT_RESTART        0x08u
#define AST_WDT_CTRL           0x0Cu
#define AST_WDT_TIMEOUT_STATUS 0x10u
#define AST_WDT_RESET_MASK1    0x1Cu
#define AST_WDT_RESET_MASK2    0x20u

#define AST_WDT_RESTART_KEY 0x4755u

#define AST_WDT_CTRL_ENABLE    (1u << 0)
#define AST_WDT_CTRL_RESET     (1u << 1)
#define AST_WDT_CTRL_FULL_CHIP (1u << 5) /* clear: SoC reset */

/* Longest time that the counter holds, ms. */
#define AST_WDT_MS_MAX (UINT32_MAX / 1000u)

/* Const. The context of prot_ast_wdt_ops. */
struct prot_ast_wdt {
	uint32_t base; /* AST_WDT_BASE + (n - 1) * AST_WDT_STRIDE */
};

/* Longer times than AST_WDT_MS_MAX count as that. */
extern const struct prot_watchdog_ops prot_ast_wdt_ops;

#endif /* PROT_AST_WDT_H */
