/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_CRYPTO_H
#define PROT_AST_CRYPTO_H

/*
 * A crypto provider in front of another one: hashes and HMAC of SHA-2 on the
 * HACE, ECDSA P-384 verification on its engine, the rest passed on. The board
 * says which engines it has; one without any needs no layer and may use the
 * provider below directly, as boards for QEMU 7.2 must, which has neither.
 *
 * An engine is relied upon or it is not: what it is configured for is never
 * done in software instead. One that fails its known-answer test, or does not
 * finish in time, makes its operations end with PROT_ERR_CRYPTO until the next
 * prot_ast_crypto_init. Falling back would hide broken or disturbed hardware,
 * and let whoever can disturb it choose the implementation.
 */

#include "ast_ecdsa.h"
#include "ast_hace.h"

#include <prot/crypto.h>

/* Zero at start. Private. */
struct prot_ast_crypto_state {
	bool ready;
};

/* Const. The context of prot_ast_crypto_ops. */
struct prot_ast_crypto {
	const struct prot_ast_hace *hace;   /* NULL: hashes from below */
	const struct prot_ast_ecdsa *ecdsa; /* NULL: all from below */
	struct prot_crypto below;
	struct prot_ast_crypto_state *state;
};

/*
 * verify pends while the engine works. Where the data is not prehashed it is
 * hashed at each call, to be sure that the result is that of this data. It may
 * also return PROT_ERR_BUSY, while the RSA engine works.
 */
extern const struct prot_crypto_ops prot_ast_crypto_ops;

/*
 * Start the engines and test each with known answers; takes some 20 ms with
 * both. All ops end with PROT_ERR_CRYPTO before it and after its failure.
 * PROT_ERR_ARG: the provider below lacks what prot_ast_crypto_ops offers.
 * PROT_ERR_CRYPTO: an engine gave a wrong answer, or none.
 */
PROT_MUST_CHECK
enum prot_status prot_ast_crypto_init(const struct prot_ast_crypto *c);

#endif /* PROT_AST_CRYPTO_H */
