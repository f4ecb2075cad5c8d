/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_i2c_private.h"

#define SLACK_US   100000u /* on top of what a transfer needs */
#define RECOVER_US 20000u  /* nine clocks and a stop, many times over */

/* A command is over; errors come with PKT_DONE. */
#define OVER                                                                   \
	(AST_I2C_CTRLR_PKT_DONE | AST_I2C_CTRLR_RECOVERED |                    \
	 AST_I2C_CTRLR_RECOVER_FAIL)

void prot_ast_i2c_controller_init(const struct prot_ast_i2c *i2c)
{
	prot_ast_i2c_write(i2c, AST_I2C_CTRLR_STATUS, UINT32_MAX);
	prot_ast_i2c_write(i2c, AST_I2C_CTRLR_ENABLE,
			   AST_I2C_CTRLR_PKT_DONE | AST_I2C_CTRLR_RECOVERED);
}

/*
 * When a command has ended without a stop, the packet mode of the target side
 * gets stuck over the read that follows, unless its command is written again.
 */
static void rearm_target(const struct prot_ast_i2c *i2c)
{
	uint32_t cmd = prot_ast_i2c_read(i2c, AST_I2C_TARGET_CMD);

	if (cmd & AST_I2C_TARGET_CMD_PKT) {
		prot_ast_i2c_write(i2c, AST_I2C_TARGET_CMD, 0);
		prot_ast_i2c_write(i2c, AST_I2C_TARGET_CMD, cmd);
	}
}

void prot_ast_i2c_controller_irq(const struct prot_ast_i2c *i2c)
{
	uint32_t status = prot_ast_i2c_read(i2c, AST_I2C_CTRLR_STATUS);

	if (!(status & OVER)) {
		return;
	}
	prot_ast_i2c_write(i2c, AST_I2C_CTRLR_STATUS,
			   status & AST_I2C_CTRLR_PKT_DONE
				   ? AST_I2C_CTRLR_PKT_DONE
				   : status);
	if (status == (AST_I2C_CTRLR_PKT_DONE | AST_I2C_CTRLR_TX_ACK)) {
		rearm_target(i2c);
	}
	i2c->state->event = status;
}

/* ---- Commands ------------------------------------------------------------ */

/* The length first: in QEMU the write of the address takes it over. */
static void start_write(const struct prot_ast_i2c *i2c)
{
	struct prot_ast_i2c_state *s = i2c->state;
	const struct prot_i2c_transfer *t = &s->transfer;
	uint32_t cmd = AST_I2C_CTRLR_CMD_PKT | AST_I2C_CTRLR_CMD_START |
		       AST_I2C_CTRLR_CMD_ADDRESS(t->address);

	if (t->tx_len) {
		prot_ast_i2c_write(i2c, AST_I2C_CTRLR_DMA_LEN,
				   AST_I2C_DMA_LEN_TX(t->tx_len));
		prot_ast_i2c_write(i2c, AST_I2C_CTRLR_TX_DMA,
				   prot_ast_i2c_dma(i2c, t->tx));
		cmd |= AST_I2C_CTRLR_CMD_TX | AST_I2C_CTRLR_CMD_TX_DMA;
	}
	if (!t->rx_len) {
		cmd |= AST_I2C_CTRLR_CMD_STOP;
	}
	s->phase = PROT_AST_I2C_WRITING;
	s->event = 0;
	prot_mmio_barrier();
	prot_ast_i2c_write(i2c, AST_I2C_CTRLR_CMD, cmd);
}

static void start_read(const struct prot_ast_i2c *i2c)
{
	struct prot_ast_i2c_state *s = i2c->state;
	const struct prot_i2c_transfer *t = &s->transfer;

	prot_ast_i2c_write(i2c, AST_I2C_CTRLR_DMA_LEN,
			   AST_I2C_DMA_LEN_RX(t->rx_len));
	prot_ast_i2c_write(i2c, AST_I2C_CTRLR_RX_DMA,
			   prot_ast_i2c_dma(i2c, t->rx));
	s->phase = PROT_AST_I2C_READING;
	s->event = 0;
	prot_mmio_barrier();
	prot_ast_i2c_write(
		i2c, AST_I2C_CTRLR_CMD,
		AST_I2C_CTRLR_CMD_PKT | AST_I2C_CTRLR_CMD_START |
			AST_I2C_CTRLR_CMD_ADDRESS(t->address) |
			AST_I2C_CTRLR_CMD_RX | AST_I2C_CTRLR_CMD_RX_LAST |
			AST_I2C_CTRLR_CMD_RX_DMA | AST_I2C_CTRLR_CMD_STOP);
}

/* ---- Recovery of the bus ------------------------------------------------- */

static enum prot_status recover_end(const struct prot_ast_i2c *i2c)
{
	struct prot_ast_i2c_state *s = i2c->state;
	uint32_t both = AST_I2C_LINES_SDA | AST_I2C_LINES_SCL;
	uint32_t lines = prot_ast_i2c_read(i2c, AST_I2C_LINES);

	if ((lines & both) == both) {
		s->counts.recovered++;
	}
	prot_ast_i2c_controller_init(i2c);
	s->phase = PROT_AST_I2C_IDLE;
	s->event = 0;
	if (prot_ast_i2c_has_target(i2c)) {
		prot_ast_i2c_target_restart(i2c);
		prot_ast_i2c_target_unlock(i2c);
	}
	return PROT_ERR_TIMEOUT;
}

/*
 * Reset both sides. Where somebody holds SDA low, in the midst of a byte that
 * it sends, clock it out; nothing can be done about SCL.
 */
static enum prot_status recover(const struct prot_ast_i2c *i2c)
{
	struct prot_ast_i2c_state *s = i2c->state;
	uint32_t f = prot_ast_i2c_function(i2c) & ~AST_I2C_FUNCTION_TARGET;
	uint32_t lines;

	s->counts.timeout++;
	if (prot_ast_i2c_has_target(i2c)) {
		prot_ast_i2c_target_lock(i2c);
	}
	prot_ast_i2c_write(i2c, AST_I2C_FUNCTION, f & ~AST_I2C_FUNCTION_CTRLR);
	prot_ast_i2c_write(i2c, AST_I2C_FUNCTION, f);
	prot_ast_i2c_controller_init(i2c);
	lines = prot_ast_i2c_read(i2c, AST_I2C_LINES);
	if ((lines & AST_I2C_LINES_SDA) || !(lines & AST_I2C_LINES_SCL)) {
		return recover_end(i2c);
	}
	s->phase = PROT_AST_I2C_RECOVERING;
	s->deadline_us = prot_clock_us(i2c->clock) + RECOVER_US;
	s->event = 0;
	prot_ast_i2c_write(i2c, AST_I2C_CTRLR_CMD, AST_I2C_CTRLR_CMD_RECOVER);
	return PROT_PENDING;
}

/* ---- Transfers ----------------------------------------------------------- */

static enum prot_status finish(const struct prot_ast_i2c *i2c,
			       enum prot_status st)
{
	i2c->state->phase = PROT_AST_I2C_IDLE;
	i2c->state->event = 0;
	return st;
}

static enum prot_status failed(const struct prot_ast_i2c *i2c, uint32_t event)
{
	struct prot_ast_i2c_counts *counts = &i2c->state->counts;

	if (event & AST_I2C_CTRLR_ARB_LOSS) {
		counts->arbitration++;
		return finish(i2c, PROT_ERR_BUSY);
	}
	if (event & (AST_I2C_CTRLR_SCL_LOW | AST_I2C_CTRLR_SDA_TIMEOUT |
		     AST_I2C_CTRLR_PKT_TIMEOUT)) {
		return recover(i2c);
	}
	if (event & AST_I2C_CTRLR_TX_NAK) {
		counts->nak++;
		return finish(i2c, PROT_ERR_NOT_FOUND);
	}
	return finish(i2c, PROT_ERR_IO);
}

static enum prot_status written(const struct prot_ast_i2c *i2c)
{
	const struct prot_i2c_transfer *t = &i2c->state->transfer;
	uint32_t n = prot_ast_i2c_read(i2c, AST_I2C_CTRLR_DMA_ACTUAL);

	if (t->tx_len && AST_I2C_DMA_ACTUAL_TX(n) != t->tx_len) {
		return finish(i2c, PROT_ERR_IO);
	}
	if (t->rx_len) {
		start_read(i2c);
		return PROT_PENDING;
	}
	return finish(i2c, PROT_OK);
}

static enum prot_status was_read(const struct prot_ast_i2c *i2c)
{
	uint32_t n = prot_ast_i2c_read(i2c, AST_I2C_CTRLR_DMA_ACTUAL);

	prot_mmio_barrier();
	if (AST_I2C_DMA_ACTUAL_RX(n) != i2c->state->transfer.rx_len) {
		return finish(i2c, PROT_ERR_IO);
	}
	return finish(i2c, PROT_OK);
}

/* What each command ends with, when all went well. */
static enum prot_status advance(const struct prot_ast_i2c *i2c, uint32_t event)
{
	const uint32_t well = AST_I2C_CTRLR_TX_ACK | AST_I2C_CTRLR_RX_DONE |
			      AST_I2C_CTRLR_STOP;

	if (i2c->state->phase == PROT_AST_I2C_RECOVERING) {
		return recover_end(i2c);
	}
	if ((event & ~(uint32_t)AST_I2C_CTRLR_PKT_DONE & ~well) ||
	    !(event & well)) {
		return failed(i2c, event);
	}
	return i2c->state->phase == PROT_AST_I2C_WRITING ? written(i2c)
							 : was_read(i2c);
}

static enum prot_status overdue(const struct prot_ast_i2c *i2c)
{
	return i2c->state->phase == PROT_AST_I2C_RECOVERING ? recover_end(i2c)
							    : recover(i2c);
}

/* Nine clocks a byte, with the two address bytes. */
static uint64_t time_of(const struct prot_ast_i2c *i2c,
			const struct prot_i2c_transfer *t)
{
	uint64_t clocks = 9u * ((uint64_t)t->tx_len + t->rx_len + 2u);

	return clocks * 1000000u / i2c->speed_hz;
}

static enum prot_status begin(const struct prot_ast_i2c *i2c,
			      const struct prot_i2c_transfer *t)
{
	struct prot_ast_i2c_state *s = i2c->state;

	if (t->address > 0x7F || t->tx_len > AST_I2C_DMA_MAX ||
	    t->rx_len > AST_I2C_DMA_MAX || (t->tx_len && !t->tx) ||
	    (t->rx_len && !t->rx)) {
		return PROT_ERR_ARG;
	}
	s->transfer = *t;
	s->deadline_us = prot_clock_us(i2c->clock) + time_of(i2c, t) + SLACK_US;
	if (i2c->single &&
	    (prot_ast_i2c_read(i2c, AST_I2C_LINES) & AST_I2C_LINES_BUSY)) {
		return recover(i2c);
	}
	if (t->tx_len || !t->rx_len) {
		start_write(i2c);
	} else {
		start_read(i2c);
	}
	return PROT_PENDING;
}

static bool same(const struct prot_i2c_transfer *a,
		 const struct prot_i2c_transfer *b)
{
	return a->address == b->address && a->tx == b->tx &&
	       a->tx_len == b->tx_len && a->rx == b->rx &&
	       a->rx_len == b->rx_len;
}

static enum prot_status transfer(void *ctx, const struct prot_i2c_transfer *t)
{
	const struct prot_ast_i2c *i2c = ctx;
	struct prot_ast_i2c_state *s = i2c->state;
	uint32_t event = s->event;

	if (s->phase == PROT_AST_I2C_IDLE) {
		return begin(i2c, t);
	}
	if (!same(&s->transfer, t)) {
		return PROT_ERR_BUSY;
	}
	if (event) {
		return advance(i2c, event);
	}
	return prot_clock_us(i2c->clock) > s->deadline_us ? overdue(i2c)
							  : PROT_PENDING;
}

const struct prot_i2c_controller_ops prot_ast_i2c_controller_ops = {
	.transfer = transfer,
};
