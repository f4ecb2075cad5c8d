/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_timer.h"

#include "cpu.h"
#include "mmio_bits.h"

/* The registers of all stand in the middle of those of each. */
static uint32_t reg(const struct prot_ast_timer *t, uint32_t offset)
{
	uint32_t block = t->number <= 3 ? t->number - 1 : t->number;

	return t->base + block * 0x10u + offset;
}

static uint32_t ctrl_bits(const struct prot_ast_timer *t, uint32_t bits)
{
	return bits << (4 * (t->number - 1));
}

void prot_ast_timer_stop(const struct prot_ast_timer *t)
{
	prot_mmio_write32(t->base + AST_TIMER_CTRL_CLEAR,
			  ctrl_bits(t, AST_TIMER_CTRL_ALL));
	prot_mmio_write32(reg(t, AST_TIMER_RELOAD), 0); /* and the counter */
}

void prot_ast_timer_start(const struct prot_ast_timer *t, uint32_t us,
			  bool interrupt)
{
	uint32_t bits = AST_TIMER_CTRL_ENABLE | AST_TIMER_CTRL_1MHZ |
			(interrupt ? AST_TIMER_CTRL_INTERRUPT : 0);

	prot_ast_timer_stop(t);
	prot_ast_timer_ack(t);
	prot_mmio_write32(reg(t, AST_TIMER_RELOAD), us);
	prot_mmio_write32(reg(t, AST_TIMER_MATCH1), AST_TIMER_MATCH_NO);
	prot_mmio_write32(reg(t, AST_TIMER_MATCH2), AST_TIMER_MATCH_NO);
	/* With the bits of the others: emulators take the word as it is. */
	prot_mmio_set(t->base + AST_TIMER_CTRL, ctrl_bits(t, bits));
}

uint32_t prot_ast_timer_left(const struct prot_ast_timer *t)
{
	return prot_mmio_read32(reg(t, AST_TIMER_STATUS));
}

void prot_ast_timer_ack(const struct prot_ast_timer *t)
{
	prot_mmio_write32(t->base + AST_TIMER_INT_STATUS,
			  1u << (t->number - 1));
}

void prot_ast_timer_clock_start(const struct prot_ast_timer_clock *c)
{
	prot_ast_timer_start(&c->timer, UINT32_MAX, false);
	c->state->us = 0;
	c->state->count = prot_ast_timer_left(&c->timer);
}

static uint64_t now_us(void *ctx)
{
	const struct prot_ast_timer_clock *c = ctx;
	struct prot_ast_timer_clock_state *s = c->state;
	uint32_t mask = prot_cpu_irq_save();
	uint32_t count = prot_ast_timer_left(&c->timer);
	uint64_t now;

	s->us += s->count - count; /* modulo 2^32 */
	s->count = count;
	now = s->us;
	prot_cpu_irq_restore(mask);
	return now;
}

const struct prot_clock_ops prot_ast_timer_clock_ops = {
	.now_us = now_us,
};
