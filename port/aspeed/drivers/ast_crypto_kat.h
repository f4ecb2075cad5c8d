/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_CRYPTO_KAT_H
#define PROT_AST_CRYPTO_KAT_H

/* Known-answer tests of the engines, for prot_ast_crypto_init. */

#include "ast_ecdsa.h"
#include "ast_hace.h"

/* PROT_OK, or PROT_ERR_CRYPTO. */
PROT_MUST_CHECK
enum prot_status prot_ast_crypto_kat_hace(const struct prot_ast_hace *e);
PROT_MUST_CHECK
enum prot_status prot_ast_crypto_kat_ecdsa(const struct prot_ast_ecdsa *e);

#endif /* PROT_AST_CRYPTO_KAT_H */
