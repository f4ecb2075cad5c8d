/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_rng.h"

#include "ast10x0.h"
#include "mmio_bits.h"

#define CTRL     (AST_SCU_BASE + AST_RNG_CTRL)
#define DATA     (AST_SCU_BASE + AST_RNG_DATA)
#define EMULATOR (AST_SCU_BASE + AST_RNG_EMULATOR)

void prot_ast_rng_start(void)
{
	prot_mmio_field(CTRL, AST_RNG_CTRL_DISABLE | AST_RNG_CTRL_MODE,
			AST_RNG_CTRL_MODE_ON);
}

static enum prot_status sample(void *ctx, uint32_t *word)
{
	const struct prot_ast_rng *r = ctx;
	enum prot_status st =
		prot_mmio_wait(r->clock, CTRL, AST_RNG_CTRL_READY,
			       AST_RNG_CTRL_READY, AST_RNG_LIMIT_US);

	if (st == PROT_OK) {
		*word = prot_mmio_read32(DATA);
	}
	return st;
}

static enum prot_status emulator_sample(void *ctx, uint32_t *word)
{
	(void)ctx;
	*word = prot_mmio_read32(EMULATOR);
	return PROT_OK;
}

const struct prot_entropy_ops prot_ast_rng_ops = {
	.sample = sample,
};

const struct prot_entropy_ops prot_ast_rng_emulator_ops = {
	.sample = emulator_sample,
};
