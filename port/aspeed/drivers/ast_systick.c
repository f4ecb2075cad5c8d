/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_systick.h"

#include "cortex_m.h"
#include "cpu.h"
#include "mmio_bits.h"

#define MHZ 1000000u

enum prot_status prot_ast_systick_start(const struct prot_ast_systick *t)
{
	uint32_t mhz = t->core_hz / MHZ;

	if (mhz == 0 || t->core_hz % MHZ != 0 ||
	    t->tick_us < AST_SYSTICK_MIN_US ||
	    t->tick_us > AST_SYSTICK_MAX / mhz) {
		return PROT_ERR_ARG;
	}
	t->state->base_us = 0;
	t->state->last_us = 0;
	prot_mmio_write32(CM_SYST_CSR, 0);
	prot_mmio_write32(CM_SYST_RVR, mhz * t->tick_us - 1);
	prot_mmio_write32(CM_SYST_CVR, 0); /* clears COUNTFLAG, too */
	prot_mmio_write32(CM_SYST_CSR, CM_SYST_CSR_ENABLE |
					       CM_SYST_CSR_TICKINT |
					       CM_SYST_CSR_CLKSOURCE);
	return PROT_OK;
}

void prot_ast_systick_stop(void)
{
	prot_mmio_write32(CM_SYST_CSR, 0);
}

/* The counter goes 0, RVR, RVR - 1 ... 1 and to 0 again. */
static uint32_t us_into_period(const struct prot_ast_systick *t, uint32_t count)
{
	uint32_t mhz = t->core_hz / MHZ;

	return count == 0 ? 0 : (mhz * t->tick_us - count) / mhz;
}

/*
 * COUNTFLAG tells of a wrap whether or not its exception was taken already,
 * which the pending bit in ICSR alone would not: a handler of higher priority
 * may come between the exception and its first instruction. Emulators hold
 * the counter at 0 until they get round to the wrap; last_us bridges that.
 */
static uint64_t look(const struct prot_ast_systick *t)
{
	struct prot_ast_systick_state *s = t->state;
	uint32_t count = prot_mmio_read32(CM_SYST_CVR);
	uint64_t now;

	while (prot_mmio_read32(CM_SYST_CSR) & CM_SYST_CSR_COUNTFLAG) {
		s->base_us += t->tick_us;
		count = prot_mmio_read32(CM_SYST_CVR);
	}
	now = s->base_us + us_into_period(t, count);
	if (now > s->last_us) {
		s->last_us = now;
	}
	return s->last_us;
}

static uint64_t now_us(void *ctx)
{
	uint32_t mask = prot_cpu_irq_save();
	uint64_t now = look(ctx);

	prot_cpu_irq_restore(mask);
	return now;
}

void prot_ast_systick_irq(const struct prot_ast_systick *t)
{
	uint32_t mask = prot_cpu_irq_save();

	(void)look(t);
	prot_cpu_irq_restore(mask);
}

const struct prot_clock_ops prot_ast_systick_ops = {
	.now_us = now_us,
};
