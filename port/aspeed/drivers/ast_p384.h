/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_P384_H
#define PROT_AST_P384_H

/*
 * What must be known of a public key before the ECDSA engine sees it. The
 * engine is given p, n and the generator but not b, so it cannot tell a point
 * of P-384 from one of another curve with the same a.
 */

#include <stdbool.h>
#include <stdint.h>

#define PROT_AST_P384_SIZE 48 /* bytes of a number */

/*
 * True when X || Y, 96 bytes, big endian, is a point of P-384 (FIPS 186-4
 * D.1.2.4): both below p, and y^2 = x^3 - 3x + b. The curve has cofactor 1,
 * so any point of it is a valid key. About 500,000 instructions; the time
 * depends on the point, which is public.
 */
bool prot_ast_p384_is_point(const uint8_t *point);

#endif /* PROT_AST_P384_H */
