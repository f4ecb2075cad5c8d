/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_PINCTRL_H
#define PROT_AST_PINCTRL_H

/*
 * Which function each pin has. The multi-function bits lie all over the SCU;
 * a board lists those it needs, in the order in which they are to be set.
 *
 * QEMU 7.2: no effect; the registers are storage.
 */

#include <stddef.h>
#include <stdint.h>

struct prot_ast_pin {
	uint16_t reg;   /* offset in the SCU, 0x400 to 0x6FC */
	uint32_t mask;  /* bits that this entry decides */
	uint32_t value; /* within the mask */
};

/* Bits of one register, all set or all clear. */
#define AST_PIN_SET(register, bits)                                            \
	{                                                                      \
		(register), (bits), (bits)                                     \
	}
#define AST_PIN_CLEAR(register, bits)                                          \
	{                                                                      \
		(register), (bits), 0                                          \
	}

/* The SCU is unlocked before. */
void prot_ast_pinctrl_apply(const struct prot_ast_pin *pins, size_t count);

#endif /* PROT_AST_PINCTRL_H */
