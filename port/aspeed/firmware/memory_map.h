/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_MEMORY_MAP_H
#define PROT_AST_MEMORY_MAP_H

/*
 * What the boot loader and the runtime may touch, and how. Code cannot be
 * written, data cannot be executed, address 0 and what lies below a stack
 * belong to nobody.
 */

void prot_ast_protect_boot(void);
void prot_ast_protect_runtime(void);

#endif /* PROT_AST_MEMORY_MAP_H */
