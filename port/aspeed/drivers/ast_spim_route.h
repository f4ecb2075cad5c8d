/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_SPIM_ROUTE_H
#define PROT_AST_SPIM_ROUTE_H

/* Between the two files of the SPI monitor's driver. */

#include "ast_spim.h"

/* The signals of the host go through the unit. */
void prot_ast_spim_connect(const struct prot_ast_spim *s);
/* The unit's input for MISO, which filtering needs. */
void prot_ast_spim_miso(const struct prot_ast_spim *s, bool on);

#endif /* PROT_AST_SPIM_ROUTE_H */
