/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_scu.h"

#include "ast10x0.h"
#include "mmio_bits.h"

static uint32_t scu_read(uint32_t offset)
{
	return prot_mmio_read32(AST_SCU_BASE + offset);
}

static void scu_write(uint32_t offset, uint32_t value)
{
	prot_mmio_write32(AST_SCU_BASE + offset, value);
}

void prot_ast_scu_unlock(void)
{
	scu_write(AST_SCU_PROTECT1, AST_SCU_PROTECT_KEY);
	scu_write(AST_SCU_PROTECT2, AST_SCU_PROTECT_KEY);
}

uint32_t prot_ast_scu_silicon(void)
{
	return scu_read(AST_SCU_SILICON1);
}

const char *prot_ast_scu_silicon_name(uint32_t id)
{
	switch (id) {
	case AST_SILICON_AST1030A0:
		return "AST1030-A0";
	case AST_SILICON_AST1030A1:
		return "AST1030-A1";
	case AST_SILICON_AST1035A1:
		return "AST1035-A1";
	case AST_SILICON_AST1060A1:
		return "AST1060-A1";
	case AST_SILICON_AST1060A2:
		return "AST1060-A2";
	case AST_SILICON_AST1060A2ENG:
		return "AST1060-A2-ENG";
	default:
		return "unknown";
	}
}

static enum prot_ast_reset_cause watchdog_cause(uint32_t bits)
{
	if (bits & AST_SCU_LOG_WDT_SOFT) {
		return PROT_AST_RESET_WDT_SOFT;
	}
	if (bits & AST_SCU_LOG_WDT_FULL) {
		return PROT_AST_RESET_WDT_FULL;
	}
	if (bits & AST_SCU_LOG_WDT_SOC) {
		return PROT_AST_RESET_WDT_SOC;
	}
	return PROT_AST_RESET_WDT_ARM;
}

static void decode(struct prot_ast_reset_event *event)
{
	uint32_t log = event->log1;

	event->watchdog = 0;
	if (log & AST_SCU_LOG_POWER_ON) {
		event->cause = PROT_AST_RESET_POWER_ON;
		return;
	}
	for (uint32_t n = AST_SCU_WATCHDOGS; n > 0; n--) {
		uint32_t bits = log >> AST_SCU_LOG_WDT(n) & 0xFu;

		if (bits != 0) {
			event->watchdog = (uint8_t)n;
			event->cause = watchdog_cause(bits);
			return;
		}
	}
	if (log & AST_SCU_LOG_ABR) {
		event->cause = PROT_AST_RESET_ABR;
	} else if (log & AST_SCU_LOG_EXTERNAL) {
		event->cause = PROT_AST_RESET_EXTERNAL;
	} else {
		event->cause = PROT_AST_RESET_UNKNOWN;
	}
}

void prot_ast_scu_reset_event(struct prot_ast_reset_event *event)
{
	event->log1 = scu_read(AST_SCU_RESET_LOG1);
	event->log2 = scu_read(AST_SCU_RESET_LOG2);
	decode(event);
	scu_write(AST_SCU_RESET_LOG1, event->log1);
	scu_write(AST_SCU_RESET_LOG2, event->log2);
}

static uint32_t bit_of(uint32_t id)
{
	return 1u << id % 32;
}

void prot_ast_scu_reset_hold(enum prot_ast_reset_line line)
{
	uint32_t id = (uint32_t)line;

	scu_write(AST_SCU_RESET(id / 32), bit_of(id));
}

void prot_ast_scu_reset_release(enum prot_ast_reset_line line)
{
	uint32_t id = (uint32_t)line;

	scu_write(AST_SCU_RESET(id / 32) + AST_SCU_CLEAR, bit_of(id));
	/* Reading waits until the block is out of reset. */
	(void)scu_read(AST_SCU_RESET(id / 32) + AST_SCU_CLEAR);
}

void prot_ast_scu_clock_run(enum prot_ast_clock_gate gate)
{
	uint32_t id = (uint32_t)gate;

	scu_write(AST_SCU_STOP(id / 32) + AST_SCU_CLEAR, bit_of(id));
}

void prot_ast_scu_clock_stop(enum prot_ast_clock_gate gate)
{
	uint32_t id = (uint32_t)gate;

	scu_write(AST_SCU_STOP(id / 32), bit_of(id));
}

uint32_t prot_ast_scu_pclk_hz(void)
{
	uint32_t n = scu_read(AST_SCU_CLOCK4) >> AST_SCU_CLOCK4_PCLK_SHIFT;

	return AST_SCU_HPLL_HZ / (2u * ((n & 0xFu) + 1u));
}

uint32_t prot_ast_scu_hclk_hz(void)
{
	uint32_t n = scu_read(AST_SCU_CLOCK5) >> AST_SCU_CLOCK5_HCLK_SHIFT;

	n &= 7u;
	return AST_SCU_HPLL_HZ / (n == 0 ? 2u : n + 1u);
}

void prot_ast_scu_uart_routing_reset(void)
{
	prot_mmio_write32(AST_LPC_BASE + AST_LPC_HICR9, AST_LPC_HICR9_DEFAULT);
	prot_mmio_write32(AST_LPC_BASE + AST_LPC_HICRA, AST_LPC_HICRA_DEFAULT);
}

void prot_ast_scu_uart_own(uint32_t n)
{
	prot_mmio_clear(AST_LPC_BASE + AST_LPC_HICR9, AST_LPC_HICR9_UART(n));
}
