/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_SBC_H
#define PROT_AST_SBC_H

/*
 * What the ECDSA and the RSA engine of the secure boot controller share: a
 * clock, the operand memory, the trigger and the status register. Therefore
 * one of them works at a time.
 *
 * QEMU 7.2: not modelled; the status never changes, operand memory is absent.
 */

#include <prot/base/compiler.h>
#include <prot/base/status.h>
#include <prot/port/clock.h>

#include <stddef.h>
#include <stdint.h>

#define AST_SBC_STATUS             0x14u
#define AST_SBC_STATUS_RSA_DONE    (1u << 4)
#define AST_SBC_STATUS_ECDSA_DONE  (1u << 20)
#define AST_SBC_STATUS_ECDSA_VALID (1u << 21)
#define AST_SBC_ECDSA_ACCESS       0x7Cu
#define AST_SBC_RSA_BITS           0xB0u /* exponent << 16 | modulus */
#define AST_SBC_ECDSA_ENABLE       0xB4u
#define AST_SBC_TRIGGER            0xBCu
#define AST_SBC_TRIGGER_RSA        (1u << 0)
#define AST_SBC_TRIGGER_ECDSA      (1u << 1)

/* The vendor writes these before curve and operands, and 0 after. */
#define AST_SBC_ACCESS_CURVE    0x0100F00Bu
#define AST_SBC_ACCESS_OPERANDS 0x0300F00Bu

/* Constants of P-384 in the register block, 48 bytes each. */
#define AST_SBC_P384_GX 0xA00u
#define AST_SBC_P384_GY 0xA40u
#define AST_SBC_P384_P  0xA80u
#define AST_SBC_P384_N  0xAC0u

/* Zero at start. Private. */
struct prot_ast_sbc_state {
	const void *owner; /* the engine at work, or NULL */
};

/* Const. */
struct prot_ast_sbc {
	uint32_t base;   /* AST_SBC_BASE */
	uint32_t memory; /* AST_SECURE_SRAM_BASE */
	const struct prot_clock *clock;
	struct prot_ast_sbc_state *state;
};

/* Give the engines their clock. Before any other call. */
void prot_ast_sbc_init(const struct prot_ast_sbc *b);

/* For the drivers of the engines. */

/* Have both for oneself. PROT_ERR_BUSY: the other engine works. */
PROT_MUST_CHECK
enum prot_status prot_ast_sbc_claim(const struct prot_ast_sbc *b,
				    const void *owner);
void prot_ast_sbc_release(const struct prot_ast_sbc *b);

/* To operand memory, from offset `at`: n bytes, a multiple of 4, as they are.
 */
void prot_ast_sbc_put(const struct prot_ast_sbc *b, uint32_t at,
		      const uint8_t *bytes, size_t n);
/*
 * A number in reverse byte order, so little endian from big; n need be no
 * multiple of 4, the rest of the last word is 0.
 */
void prot_ast_sbc_put_reversed(const struct prot_ast_sbc *b, uint32_t at,
			       const uint8_t *bytes, size_t n);
void prot_ast_sbc_get_reversed(const struct prot_ast_sbc *b, uint32_t at,
			       uint8_t *bytes, size_t n);
void prot_ast_sbc_wipe(const struct prot_ast_sbc *b, uint32_t at, size_t n);

#endif /* PROT_AST_SBC_H */
