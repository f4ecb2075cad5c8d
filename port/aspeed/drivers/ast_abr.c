/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_abr.h"

#include "ast10x0.h"
#include "ast_scu.h"
#include "mmio_bits.h"

#define CTRL (AST_FMC_BASE + AST_ABR_CTRL)

void prot_ast_abr_state(struct prot_ast_abr *state)
{
	uint32_t strap = prot_mmio_read32(AST_SCU_BASE + AST_SCU_STRAP2);
	uint32_t ctrl = prot_mmio_read32(CTRL);

	state->strapped = (strap & AST_SCU_STRAP2_ABR) != 0;
	state->single = (strap & AST_SCU_STRAP2_ABR_SINGLE) != 0;
	state->armed = (ctrl & AST_ABR_CTRL_ENABLE) != 0;
	state->alternate = (ctrl & AST_ABR_CTRL_ALTERNATE) != 0;
	state->events = (uint8_t)(ctrl >> AST_ABR_CTRL_EVENTS_SHIFT);
}

void prot_ast_abr_extend(uint32_t ms)
{
	uint32_t ticks = ms / AST_ABR_TICK_MS;

	if (ms % AST_ABR_TICK_MS != 0) {
		ticks++;
	}
	if (ticks > AST_ABR_RELOAD_MAX) {
		ticks = AST_ABR_RELOAD_MAX;
	}
	prot_mmio_write32(AST_FMC_BASE + AST_ABR_RELOAD, ticks);
	prot_mmio_write32(AST_FMC_BASE + AST_ABR_RESTART, AST_ABR_RESTART_KEY);
}

/* The key fields are written with a key, or with 0: never as they read. */
void prot_ast_abr_confirm(void)
{
	prot_mmio_clear(CTRL, AST_ABR_CTRL_ENABLE | AST_ABR_CTRL_CLEAR_KEYS);
}

void prot_ast_abr_clear(void)
{
	prot_mmio_field(CTRL, AST_ABR_CTRL_CLEAR_KEYS,
			AST_ABR_CTRL_CLEAR_INDICATOR);
	prot_mmio_field(CTRL, AST_ABR_CTRL_CLEAR_KEYS,
			AST_ABR_CTRL_CLEAR_EVENTS);
}
