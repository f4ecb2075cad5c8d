/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_RSA_H
#define PROT_AST_RSA_H

/*
 * RSA engine: modular exponentiation up to 4096 bits. Padding
 * (RSASSA-PKCS1-v1_5, RSASSA-PSS) is up to the caller.
 *
 * QEMU 7.2: not modelled; see ast_sbc.h.
 */

#include "ast_sbc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Offsets in the operand memory; numbers are little endian there. */
#define AST_RSA_EXPONENT    0x0000u
#define AST_RSA_MODULUS     0x0400u
#define AST_RSA_DATA        0x0800u
#define AST_RSA_RESULT      0x1400u
#define AST_RSA_MEMORY_SIZE 0x1800u

/* The status means nothing before; and the limit. */
#define AST_RSA_SETTLE_US 10u
#define AST_RSA_LIMIT_US  5000000u

#define PROT_AST_RSA_MAX 512 /* bytes of the longest modulus */

/* base ^ exponent mod modulus. Numbers big endian; borrowed for the call. */
struct prot_ast_rsa_input {
	const uint8_t *modulus; /* odd, the first byte not 0 */
	size_t modulus_len;     /* bytes, 1 to PROT_AST_RSA_MAX */
	const uint8_t *exponent;
	size_t exponent_len;
	const uint8_t *base; /* modulus_len bytes, below the modulus */
};

/* Zero at start. Private. */
struct prot_ast_rsa_state {
	uint8_t modulus[PROT_AST_RSA_MAX]; /* to check the result against */
	size_t modulus_len;                /* 0: nothing was started */
	uint64_t since;                    /* us */
	bool failed;
};

/* Const. */
struct prot_ast_rsa {
	const struct prot_ast_sbc *sbc;
	struct prot_ast_rsa_state *state;
};

/*
 * Start. The input is not needed after it. PROT_ERR_ARG: a number is not as
 * above, or the exponent is 0. PROT_ERR_BUSY: an engine works already.
 * PROT_ERR_CRYPTO: out of service.
 */
PROT_MUST_CHECK
enum prot_status prot_ast_rsa_start(const struct prot_ast_rsa *r,
				    const struct prot_ast_rsa_input *in);

/*
 * PROT_PENDING until the result is in `out`, modulus_len bytes, big endian.
 * Operands and result, which may be secret, are then wiped from the operand
 * memory, also on errors. PROT_ERR_STATE: nothing was started.
 * PROT_ERR_CRYPTO: the engine did not finish, and is out of service for good,
 * since nothing but a reset of the chip stops it; or its result is none.
 */
PROT_MUST_CHECK
enum prot_status prot_ast_rsa_poll(const struct prot_ast_rsa *r, uint8_t *out);

/* Both, repeated until done, for those who have nothing else to do. */
PROT_MUST_CHECK
enum prot_status prot_ast_rsa_modexp(const struct prot_ast_rsa *r,
				     const struct prot_ast_rsa_input *in,
				     uint8_t *out);

#endif /* PROT_AST_RSA_H */
