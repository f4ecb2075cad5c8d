/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_MAILBOX_H
#define PROT_AST_MAILBOX_H

/*
 * What survives a reset in SRAM that nobody loads: why the reset happened, and
 * the registers of a fault. After a power cut the SRAM holds noise, which the
 * check value tells apart.
 *
 * The boot loader opens it with the reason "watchdog": a program that ends
 * without saying anything else was ended by the watchdog.
 */

#include <prot/services/handoff.h>

#include <stdbool.h>
#include <stdint.h>

/* Registers as the processor stacked them, and why. */
struct prot_ast_fault {
	uint32_t exception; /* its number, 3 to 6 */
	uint32_t r0, r1, r2, r3, r12, lr, pc, psr;
	uint32_t sp;
	uint32_t cfsr, hfsr, mmfar, bfar;
};

struct prot_ast_mailbox {
	uint32_t magic;
	uint32_t reason; /* enum prot_reset_reason */
	uint32_t has_fault;
	struct prot_ast_fault fault;
	uint32_t check; /* CRC-32 of all before */
};

/* The mailbox of this chip. */
struct prot_ast_mailbox *prot_ast_mailbox(void);

/*
 * Why this start happened, PROT_RESET_POWER_ON when the mailbox holds none.
 * *fault is set when there is a record, which is cleared.
 */
enum prot_reset_reason prot_ast_mailbox_take(struct prot_ast_mailbox *m,
					     struct prot_ast_fault *fault,
					     bool *has_fault);

/* What the next start will find, unless somebody says something else. */
void prot_ast_mailbox_put(struct prot_ast_mailbox *m,
			  enum prot_reset_reason reason,
			  const struct prot_ast_fault *fault);

#endif /* PROT_AST_MAILBOX_H */
