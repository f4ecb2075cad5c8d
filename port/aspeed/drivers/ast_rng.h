/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_RNG_H
#define PROT_AST_RNG_H

/*
 * Noise sources, in the SCU: the one of the chip, and the one that QEMU has in
 * another place. A board file chooses. Samples are words of 32 bits.
 *
 * QEMU 7.2: the chip's source never becomes ready; QEMU's own reads host
 * randomness.
 */

#include <prot/port/clock.h>
#include <prot/port/entropy.h>

#include <stdint.h>

/* Registers, of the SCU. */
#define AST_RNG_CTRL     0x530u
#define AST_RNG_DATA     0x534u
#define AST_RNG_EMULATOR 0x540u /* QEMU's; reserved on silicon */

#define AST_RNG_CTRL_DISABLE (1u << 0)
#define AST_RNG_CTRL_MODE    (0x1Fu << 1) /* the field */
#define AST_RNG_CTRL_MODE_ON (0x18u << 1)
#define AST_RNG_CTRL_READY   (1u << 31) /* a word waits */

/* A word takes far less than 1 ms. */
#define AST_RNG_LIMIT_US 10000u

/* Const. The context of the ops. */
struct prot_ast_rng {
	const struct prot_clock *clock;
};

/* Switch the chip's source on: before its first sample. */
void prot_ast_rng_start(void);

/* PROT_ERR_TIMEOUT: no word within AST_RNG_LIMIT_US. */
extern const struct prot_entropy_ops prot_ast_rng_ops;

/* For emulators alone; needs no start, and its context may be NULL. */
extern const struct prot_entropy_ops prot_ast_rng_emulator_ops;

#endif /* PROT_AST_RNG_H */
