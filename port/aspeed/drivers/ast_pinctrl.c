/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_pinctrl.h"

#include "ast10x0.h"
#include "mmio_bits.h"

void prot_ast_pinctrl_apply(const struct prot_ast_pin *pins, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		prot_mmio_field(AST_SCU_BASE + pins[i].reg, pins[i].mask,
				pins[i].value & pins[i].mask);
	}
}
