/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_FAULT_H
#define PROT_AST_FAULT_H

/*
 * Faults: the processor's reason and registers go to the console and into the
 * mailbox, then the chip is reset. No memory is printed: it may hold secrets.
 */

#include "mailbox.h"

#include <prot/port/firmware.h>

/* Whether the program may touch an address of the stack that faulted. */
bool prot_ast_fault_stack_is_valid(uint32_t sp, uint32_t bottom, uint32_t top);

/*
 * What happened: `frame` are the eight words that the processor stacked, NULL
 * when it could not. Reads the fault status registers.
 */
void prot_ast_fault_collect(struct prot_ast_fault *f, uint32_t exception,
			    uint32_t sp, const uint32_t *frame);

/* Lines for the console: what, where, registers. */
void prot_ast_fault_print(const struct prot_firmware_seams *s,
			  const struct prot_ast_fault *f);

#endif /* PROT_AST_FAULT_H */
