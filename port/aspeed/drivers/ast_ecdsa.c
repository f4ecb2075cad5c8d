/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_ecdsa.h"

#include "ast_p384.h"
#include "mmio_bits.h"

#include <prot/base/wipe.h>
#include <prot/crypto_provider.h>

#include <string.h>

#define SIZE PROT_AST_P384_SIZE

/* One step of a verification follows another by time or by the status. */
enum phase {
	IDLE = 0,
	RESET,     /* the engine comes out of reset */
	TRIGGERED, /* the trigger must stand for a while */
	WORKING,
};

static void enter(const struct prot_ast_ecdsa *e, enum phase phase)
{
	e->state->phase = (uint8_t)phase;
	e->state->since = prot_clock_us(e->sbc->clock);
}

static bool over(const struct prot_ast_ecdsa *e, uint32_t us)
{
	return prot_clock_us(e->sbc->clock) - e->state->since > us;
}

/* As the vendor does: a is given as 0, though that of the curve is -3. */
static void copy_curve(const struct prot_ast_sbc *b)
{
	static const struct {
		uint16_t from, to;
	} part[] = {
		{AST_SBC_P384_GX, AST_ECDSA_GX},
		{AST_SBC_P384_GY, AST_ECDSA_GY},
		{AST_SBC_P384_P, AST_ECDSA_P},
		{AST_SBC_P384_N, AST_ECDSA_N},
	};

	for (size_t i = 0; i < PROT_ARRAY_SIZE(part); i++) {
		for (uint32_t at = 0; at < SIZE; at += 4) {
			prot_mmio_write32(
				b->memory + part[i].to + at,
				prot_mmio_read32(b->base + part[i].from + at));
		}
	}
	prot_ast_sbc_wipe(b, AST_ECDSA_A, SIZE);
}

static void load_and_trigger(const struct prot_ast_sbc *b,
			     const struct prot_ast_ecdsa_input *in)
{
	copy_curve(b);
	prot_mmio_write32(b->base + AST_SBC_ECDSA_ACCESS,
			  AST_SBC_ACCESS_OPERANDS);
	prot_ast_sbc_put(b, AST_ECDSA_QX, in->key, SIZE);
	prot_ast_sbc_put(b, AST_ECDSA_QY, in->key + SIZE, SIZE);
	prot_ast_sbc_put(b, AST_ECDSA_R, in->signature, SIZE);
	prot_ast_sbc_put(b, AST_ECDSA_S, in->signature + SIZE, SIZE);
	prot_ast_sbc_put(b, AST_ECDSA_M, in->digest, SIZE);
	prot_mmio_write32(b->base + AST_SBC_ECDSA_ACCESS, 0);
	prot_mmio_write32(b->memory + AST_ECDSA_INSTRUCTION,
			  AST_ECDSA_INSTRUCTION_VERIFY);
	prot_mmio_barrier();
	prot_mmio_write32(b->base + AST_SBC_TRIGGER, AST_SBC_TRIGGER_ECDSA);
}

static void start(const struct prot_ast_ecdsa *e)
{
	const struct prot_ast_sbc *b = e->sbc;

	prot_mmio_write32(b->base + AST_SBC_ECDSA_ACCESS, AST_SBC_ACCESS_CURVE);
	prot_mmio_write32(b->base + AST_SBC_ECDSA_ENABLE, 0);
	prot_mmio_write32(b->base + AST_SBC_ECDSA_ENABLE, 1);
	enter(e, RESET);
}

/* Leave nothing of it behind, neither operands nor a result to be mistaken. */
static void finish(const struct prot_ast_ecdsa *e)
{
	const struct prot_ast_sbc *b = e->sbc;

	prot_mmio_write32(b->base + AST_SBC_ECDSA_ENABLE, 0);
	prot_mmio_write32(b->base + AST_SBC_TRIGGER, 0);
	prot_mmio_write32(b->base + AST_SBC_ECDSA_ACCESS,
			  AST_SBC_ACCESS_OPERANDS);
	prot_ast_sbc_wipe(b, AST_ECDSA_QX,
			  AST_ECDSA_OPERANDS_END - AST_ECDSA_QX);
	prot_mmio_write32(b->base + AST_SBC_ECDSA_ACCESS, 0);
	prot_wipe(&e->state->input, sizeof(e->state->input));
	e->state->phase = IDLE;
	prot_ast_sbc_release(b);
}

static enum prot_status look(const struct prot_ast_ecdsa *e)
{
	uint32_t status = prot_mmio_read32(e->sbc->base + AST_SBC_STATUS);

	if ((status & AST_SBC_STATUS_ECDSA_DONE) != 0) {
		finish(e);
		return (status & AST_SBC_STATUS_ECDSA_VALID) != 0
			       ? PROT_OK
			       : PROT_ERR_AUTH;
	}
	if (!over(e, AST_ECDSA_LIMIT_US)) {
		return PROT_PENDING;
	}
	finish(e);
	e->state->failed = true;
	return PROT_ERR_CRYPTO;
}

static enum prot_status go_on(const struct prot_ast_ecdsa *e)
{
	switch (e->state->phase) {
	case RESET:
		if (over(e, AST_ECDSA_RESET_US)) {
			load_and_trigger(e->sbc, &e->state->input);
			enter(e, TRIGGERED);
		}
		return PROT_PENDING;
	case TRIGGERED:
		if (over(e, AST_ECDSA_TRIGGER_US)) {
			prot_mmio_write32(e->sbc->base + AST_SBC_TRIGGER, 0);
			enter(e, WORKING);
		}
		return PROT_PENDING;
	case WORKING:
		return look(e);
	default:
		return PROT_ERR_STATE;
	}
}

static bool in_range(const struct prot_ast_ecdsa_input *in)
{
	return prot_key_scalar_valid(PROT_ASYM_ECDSA_P384, in->signature) &&
	       prot_key_scalar_valid(PROT_ASYM_ECDSA_P384,
				     in->signature + SIZE) &&
	       prot_ast_p384_is_point(in->key);
}

enum prot_status prot_ast_ecdsa_verify(const struct prot_ast_ecdsa *e,
				       const struct prot_ast_ecdsa_input *in)
{
	struct prot_ast_ecdsa_state *s = e->state;
	enum prot_status st;

	if (s->failed) {
		return PROT_ERR_CRYPTO;
	}
	if (s->phase != IDLE && memcmp(&s->input, in, sizeof(*in)) == 0) {
		return go_on(e);
	}
	if (s->phase != IDLE) {
		finish(e);
	}
	if (!in_range(in)) {
		return PROT_ERR_AUTH;
	}
	st = prot_ast_sbc_claim(e->sbc, e);
	if (st != PROT_OK) {
		return st;
	}
	s->input = *in;
	start(e);
	return PROT_PENDING;
}

void prot_ast_ecdsa_reset(const struct prot_ast_ecdsa *e)
{
	if (e->state->phase != IDLE) {
		finish(e);
	}
	e->state->failed = false;
}
