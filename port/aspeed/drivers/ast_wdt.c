/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_wdt.h"

#include "mmio_bits.h"

static void feed(void *ctx)
{
	const struct prot_ast_wdt *w = ctx;

	prot_mmio_write32(w->base + AST_WDT_RESTART, AST_WDT_RESTART_KEY);
}

static void stop(void *ctx)
{
	const struct prot_ast_wdt *w = ctx;

	prot_mmio_clear(w->base + AST_WDT_CTRL, AST_WDT_CTRL_ENABLE);
}

static void start(void *ctx, uint32_t timeout_ms)
{
	const struct prot_ast_wdt *w = ctx;
	uint32_t ms = timeout_ms < AST_WDT_MS_MAX ? timeout_ms : AST_WDT_MS_MAX;

	stop(ctx);
	prot_mmio_write32(w->base + AST_WDT_RELOAD, ms * 1000u);
	feed(ctx); /* takes the reload value over */
	prot_mmio_write32(w->base + AST_WDT_CTRL,
			  AST_WDT_CTRL_ENABLE | AST_WDT_CTRL_RESET);
}

const struct prot_watchdog_ops prot_ast_wdt_ops = {
	.start = start,
	.feed = feed,
	.stop = stop,
};
