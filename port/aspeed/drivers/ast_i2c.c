/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_i2c_private.h"

#include "ast10x0.h"
#include "ast_scu.h"

#include <string.h>

#define BASE_CLOCKS 16u
#define DIVISOR_MAX 32u
#define RESET_US    1000u

/*
 * For 1 MHz, 400 kHz and 100 kHz, and for the time-outs of the lines. Each
 * leaves the lines free between transfers for as long as its mode demands,
 * which is 16 periods.
 */
static const uint32_t base_clocks[4] = {20000000, 10000000, 2777778, 1000000};

/* Base clock = 2 * PCLK / (divider + 2), not above `hz`. */
static uint32_t divider_of(uint32_t pclk_hz, uint32_t hz)
{
	uint32_t halves = (2u * pclk_hz + hz - 1u) / hz;

	halves = halves < 2 ? 2 : halves;
	return halves - 2u < 0xFFu ? halves - 2u : 0xFFu;
}

static uint32_t dividers_of(uint32_t pclk_hz)
{
	uint32_t dividers = 0;

	for (unsigned i = 0; i < 4; i++) {
		dividers |= divider_of(pclk_hz, base_clocks[i]) << (8 * i);
	}
	return dividers;
}

/* Number 0 is PCLK itself; beyond 4, each is half the one before. */
static uint32_t base_clock_hz(uint32_t pclk_hz, unsigned number)
{
	unsigned set = number < 4 ? number : 4;

	if (number == 0) {
		return pclk_hz;
	}
	return 2u * pclk_hz /
		       ((dividers_of(pclk_hz) >> (8 * (set - 1)) & 0xFFu) +
			2u) >>
	       (number - set);
}

/*
 * The fastest base clock that reaches the speed with at most 32 of its
 * periods; a little more than half of them with SCL low. The registers hold
 * periods less one.
 */
static uint32_t timing_of(uint32_t pclk_hz, uint32_t speed_hz)
{
	unsigned number = 0;
	uint32_t divisor;
	uint32_t low;
	uint32_t high;

	do {
		divisor = (base_clock_hz(pclk_hz, number) + speed_hz - 1u) /
			  speed_hz;
	} while (divisor > DIVISOR_MAX && ++number < BASE_CLOCKS);
	low = divisor * 9u / 16u - 1u;
	low = low < 15 ? low : 15;
	high = divisor - low - 2u;
	return AST_I2C_TIMING_BASE(number) | AST_I2C_TIMING_LOW(low) |
	       AST_I2C_TIMING_HIGH(high) | AST_I2C_TIMING_HIGH_MIN(high - 1u) |
	       AST_I2C_TIMING_TIMEOUT;
}

/* Within what the base clocks reach. */
static bool speed_fits(uint32_t pclk_hz, uint32_t speed_hz)
{
	return speed_hz >
		       base_clock_hz(pclk_hz, BASE_CLOCKS - 1u) / DIVISOR_MAX &&
	       speed_hz <= 1000000u && speed_hz <= pclk_hz / 8u;
}

static bool count_fits(uint8_t count)
{
	return count == 2 || count == 4 || count == PROT_AST_I2C_BUFFERS_MAX;
}

static bool target_fits(const struct prot_ast_i2c *i2c)
{
	if (!prot_ast_i2c_has_target(i2c)) {
		return true;
	}
	return i2c->address[0] <= 0x7F && i2c->address[1] <= 0x7F &&
	       i2c->buffers && count_fits(i2c->buffer_count) &&
	       i2c->buffer_size >= 4 && i2c->buffer_size % 4 == 0 &&
	       i2c->buffer_size <= AST_I2C_DMA_MAX;
}

uint32_t prot_ast_i2c_function(const struct prot_ast_i2c *i2c)
{
	uint32_t f = AST_I2C_FUNCTION_AUTO_RELEASE | AST_I2C_FUNCTION_CTRLR;

	if (i2c->single) {
		f |= AST_I2C_FUNCTION_SINGLE;
	}
	if (prot_ast_i2c_has_target(i2c)) {
		f |= AST_I2C_FUNCTION_TARGET | AST_I2C_FUNCTION_SAVE_ADDRESS;
	}
	return f;
}

void prot_ast_i2c_global_init(const struct prot_clock *clock)
{
	prot_ast_scu_reset_hold(AST_RESET_I2C);
	prot_clock_delay_us(clock, RESET_US);
	prot_ast_scu_reset_release(AST_RESET_I2C);
	prot_clock_delay_us(clock, RESET_US);
	prot_mmio_write32(AST_I2C_BASE + AST_I2C_GLOBAL_CTRL,
			  AST_I2C_GLOBAL_NEW_CLOCK | AST_I2C_GLOBAL_NEW_REGS |
				  AST_I2C_GLOBAL_NAK_EMPTY);
	prot_mmio_write32(AST_I2C_BASE + AST_I2C_GLOBAL_CLOCK,
			  dividers_of(prot_ast_scu_pclk_hz()));
	for (uint32_t i = 0; i < AST_I2C_SRAM_WORDS; i++) {
		prot_mmio_write32(AST_I2C_BASE + AST_I2C_GLOBAL_SRAM + 4 * i,
				  0);
	}
}

enum prot_status prot_ast_i2c_init(const struct prot_ast_i2c *i2c)
{
	uint32_t pclk_hz = prot_ast_scu_pclk_hz();
	uint32_t f;

	if (!i2c->state || !i2c->clock || !speed_fits(pclk_hz, i2c->speed_hz) ||
	    !target_fits(i2c)) {
		return PROT_ERR_ARG;
	}
	memset(i2c->state, 0, sizeof(*i2c->state));
	f = prot_ast_i2c_function(i2c);
	prot_ast_i2c_write(i2c, AST_I2C_FUNCTION, 0); /* resets the bus */
	prot_ast_i2c_write(i2c, AST_I2C_FUNCTION, f & ~AST_I2C_FUNCTION_TARGET);
	prot_ast_i2c_write(i2c, AST_I2C_TIMING,
			   timing_of(pclk_hz, i2c->speed_hz));
	prot_ast_i2c_controller_init(i2c);
	prot_ast_i2c_target_init(i2c);
	if (f & AST_I2C_FUNCTION_TARGET) {
		prot_ast_i2c_write(i2c, AST_I2C_FUNCTION, f);
	}
	return PROT_OK;
}

void prot_ast_i2c_irq(const struct prot_ast_i2c *i2c)
{
	prot_ast_i2c_target_irq(i2c);
	prot_ast_i2c_controller_irq(i2c);
}

bool prot_ast_i2c_has_event(const struct prot_ast_i2c *i2c)
{
	const struct prot_ast_i2c_state *s = i2c->state;
	uint8_t held = (uint8_t)(s->filled - s->taken);

	return (s->phase != PROT_AST_I2C_IDLE && s->event != 0) ||
	       held > (s->lent ? 1 : 0) || s->counts.lost != s->lost_told;
}
