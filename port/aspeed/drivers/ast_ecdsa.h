/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_ECDSA_H
#define PROT_AST_ECDSA_H

/*
 * ECDSA engine: verifies signatures over P-384. It neither signs nor makes
 * keys. In software, before: r and s in [1, n-1], the key a point of the curve
 * (ast_p384.h).
 *
 * QEMU 7.2: not modelled; see ast_sbc.h.
 */

#include "ast_sbc.h"

#include <stdbool.h>
#include <stdint.h>

/* Offsets in the operand memory, 48 bytes each. */
#define AST_ECDSA_GX                 0x2000u
#define AST_ECDSA_GY                 0x2040u
#define AST_ECDSA_QX                 0x2080u
#define AST_ECDSA_QY                 0x20C0u
#define AST_ECDSA_P                  0x2100u
#define AST_ECDSA_A                  0x2140u
#define AST_ECDSA_N                  0x2180u
#define AST_ECDSA_R                  0x21C0u
#define AST_ECDSA_S                  0x2200u
#define AST_ECDSA_M                  0x2240u
#define AST_ECDSA_OPERANDS_END       0x2280u
#define AST_ECDSA_INSTRUCTION        0x23C0u
#define AST_ECDSA_INSTRUCTION_VERIFY 1u

/* Waits of the vendor's driver, and the limit for the result. */
#define AST_ECDSA_RESET_US   1000u
#define AST_ECDSA_TRIGGER_US 5000u
#define AST_ECDSA_LIMIT_US   1000000u

/* Numbers of 48 bytes, big endian. */
struct prot_ast_ecdsa_input {
	uint8_t key[96];       /* X || Y */
	uint8_t signature[96]; /* r || s */
	uint8_t digest[48];
};

/* Zero at start. Private. */
struct prot_ast_ecdsa_state {
	struct prot_ast_ecdsa_input input; /* at work */
	uint64_t since;                    /* us; of the phase */
	uint8_t phase;
	bool failed;
};

/* Const. */
struct prot_ast_ecdsa {
	const struct prot_ast_sbc *sbc;
	struct prot_ast_ecdsa_state *state;
};

/*
 * PROT_PENDING: at work, repeat with the same input; other input abandons what
 * was started, so a result is always that of the input it is returned for.
 * PROT_ERR_AUTH: not valid, or a number is out of range, or the key is no
 * point of the curve. PROT_ERR_BUSY: the RSA engine works. PROT_ERR_CRYPTO:
 * the engine did not finish; it stays out of service until it is reset.
 */
PROT_MUST_CHECK
enum prot_status prot_ast_ecdsa_verify(const struct prot_ast_ecdsa *e,
				       const struct prot_ast_ecdsa_input *in);

/* Abandon what was started, and put the engine back in service. */
void prot_ast_ecdsa_reset(const struct prot_ast_ecdsa *e);

#endif /* PROT_AST_ECDSA_H */
