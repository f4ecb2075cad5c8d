/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_i2c_private.h"

/* What says where a transfer stands; the rest says which address it was. */
#define EVENTS                                                                 \
	(AST_I2C_TARGET_TX_ACK | AST_I2C_TARGET_TX_NAK |                       \
	 AST_I2C_TARGET_RX_DONE | AST_I2C_TARGET_RX_NAK |                      \
	 AST_I2C_TARGET_STOP | AST_I2C_TARGET_ABNORMAL |                       \
	 AST_I2C_TARGET_MATCH | AST_I2C_TARGET_WAIT_RX |                       \
	 AST_I2C_TARGET_WAIT_TX)

#define ENABLED (AST_I2C_TARGET_PKT_DONE | AST_I2C_TARGET_INACTIVE)

/* ---- Buffers ------------------------------------------------------------- */

static bool has_room(const struct prot_ast_i2c *i2c)
{
	const struct prot_ast_i2c_state *s = i2c->state;

	return (uint8_t)(s->filled - s->taken) < i2c->buffer_count;
}

static uint32_t place_of(const struct prot_ast_i2c *i2c, uint8_t n)
{
	return (uint32_t)(n % i2c->buffer_count) * i2c->buffer_size;
}

/*
 * Wait for a write, or for more of one; without a free buffer do not
 * acknowledge the next. A transmit length is never set.
 */
static void arm(const struct prot_ast_i2c *i2c)
{
	struct prot_ast_i2c_state *s = i2c->state;
	uint32_t cmd = AST_I2C_TARGET_CMD_ACTIVE | AST_I2C_TARGET_CMD_PKT;
	uint32_t at;

	s->armed = has_room(i2c);
	prot_ast_i2c_write(i2c, AST_I2C_TARGET_DMA_ACTUAL, 0);
	if (s->armed) {
		at = prot_ast_i2c_dma(i2c, i2c->buffers) +
		     place_of(i2c, s->filled) + s->fill;
		prot_ast_i2c_write(i2c, AST_I2C_TARGET_TX_DMA, at);
		prot_ast_i2c_write(i2c, AST_I2C_TARGET_RX_DMA, at);
		prot_ast_i2c_write(
			i2c, AST_I2C_TARGET_DMA_LEN,
			AST_I2C_DMA_LEN_RX((uint32_t)i2c->buffer_size -
					   s->fill));
		cmd |= AST_I2C_TARGET_CMD_RX_DMA;
	}
	prot_mmio_barrier();
	prot_ast_i2c_write(i2c, AST_I2C_TARGET_CMD, cmd);
}

/* The write is over, whatever became of it. */
static void close_write(const struct prot_ast_i2c *i2c)
{
	struct prot_ast_i2c_state *s = i2c->state;

	if (s->overflow) {
		s->counts.lost++;
	} else if (s->fill > 1) { /* else nothing but our address */
		s->len[s->filled % i2c->buffer_count] = s->fill;
		s->counts.received++;
		prot_mmio_barrier(); /* before receive() may look */
		s->filled = (uint8_t)(s->filled + 1u);
	}
	s->fill = 0;
	s->overflow = false;
}

/* It did not fit: receive the rest into the same buffer for nothing. */
static void overflow(const struct prot_ast_i2c *i2c)
{
	struct prot_ast_i2c_state *s = i2c->state;

	s->counts.lost_bytes += s->fill;
	s->overflow = true;
	s->fill = 0;
}

/* Count in what the DMA has stored since it was armed. */
static void collect(const struct prot_ast_i2c *i2c)
{
	struct prot_ast_i2c_state *s = i2c->state;
	uint32_t actual = prot_ast_i2c_read(i2c, AST_I2C_TARGET_DMA_ACTUAL);
	uint32_t n = AST_I2C_DMA_ACTUAL_RX(actual);
	uint32_t room = (uint32_t)i2c->buffer_size - s->fill;

	if (!s->armed) {
		return;
	}
	n = n < room ? n : room;
	s->fill = (uint16_t)(s->fill + n);
	if (s->overflow) {
		overflow(i2c);
	}
	prot_ast_i2c_write(i2c, AST_I2C_TARGET_DMA_ACTUAL, 0);
}

/* ---- Events -------------------------------------------------------------- */

void prot_ast_i2c_target_restart(const struct prot_ast_i2c *i2c)
{
	struct prot_ast_i2c_state *s = i2c->state;
	uint32_t f = prot_ast_i2c_function(i2c);

	collect(i2c);
	if (s->fill > 1) {
		overflow(i2c);
	}
	s->counts.lost += s->overflow ? 1 : 0;
	s->overflow = false;
	s->fill = 0;
	prot_ast_i2c_write(i2c, AST_I2C_FUNCTION, f & ~AST_I2C_FUNCTION_TARGET);
	prot_ast_i2c_write(i2c, AST_I2C_FUNCTION, f);
	arm(i2c);
}

static void stopped(const struct prot_ast_i2c *i2c, uint32_t events)
{
	struct prot_ast_i2c_state *s = i2c->state;

	if (events & AST_I2C_TARGET_RX_DONE) {
		collect(i2c);
	}
	if ((events & AST_I2C_TARGET_RX_NAK) && s->fill == i2c->buffer_size) {
		overflow(i2c); /* the byte after it was not acknowledged */
	}
	close_write(i2c);
	arm(i2c);
}

/* The buffer is full and the write goes on, or no buffer was armed. */
static void wants_buffer(const struct prot_ast_i2c *i2c)
{
	struct prot_ast_i2c_state *s = i2c->state;

	if (!s->armed && !has_room(i2c)) {
		s->counts.refused++;
		prot_ast_i2c_target_restart(i2c); /* lets the lines go */
		return;
	}
	collect(i2c);
	if (s->fill == i2c->buffer_size) {
		overflow(i2c);
	}
	arm(i2c);
}

/*
 * Somebody reads from us, perhaps after a write: SCL is held until there is
 * something to send. Off the bus, and the reader sees SDA high.
 */
static void wants_data(const struct prot_ast_i2c *i2c, uint32_t events)
{
	i2c->state->counts.reads++;
	if (events & AST_I2C_TARGET_RX_DONE) {
		collect(i2c);
		close_write(i2c);
	}
	prot_ast_i2c_target_restart(i2c);
}

/* Something to do, or a write that has begun; else what nobody describes. */
static bool is_known(uint32_t events)
{
	if (events & AST_I2C_TARGET_ABNORMAL) {
		return false;
	}
	return (events & (AST_I2C_TARGET_STOP | AST_I2C_TARGET_WAIT_RX |
			  AST_I2C_TARGET_WAIT_TX)) ||
	       !(events & ~(AST_I2C_TARGET_MATCH | AST_I2C_TARGET_RX_DONE));
}

static void packet_done(const struct prot_ast_i2c *i2c, uint32_t status)
{
	uint32_t events = status & EVENTS;

	prot_ast_i2c_write(i2c, AST_I2C_TARGET_STATUS, AST_I2C_TARGET_PKT_DONE);
	(void)prot_ast_i2c_read(i2c, AST_I2C_TARGET_STATUS);
	if (!is_known(events)) {
		i2c->state->counts.unexpected++;
		prot_ast_i2c_target_restart(i2c);
	} else if (events & AST_I2C_TARGET_WAIT_TX) {
		wants_data(i2c, events);
	} else if (events & AST_I2C_TARGET_STOP) {
		stopped(i2c, events);
	} else if (events & AST_I2C_TARGET_WAIT_RX) {
		wants_buffer(i2c);
	}
}

/* The time-out counter starts again when it is set again. */
static void inactive(const struct prot_ast_i2c *i2c, uint32_t status)
{
	const uint32_t done = AST_I2C_TARGET_RX_DONE | AST_I2C_TARGET_STOP;
	uint32_t timing = prot_ast_i2c_read(i2c, AST_I2C_TIMING);

	i2c->state->counts.inactive++;
	prot_ast_i2c_write(i2c, AST_I2C_TIMING,
			   timing & ~AST_I2C_TIMING_TIMEOUT_MASK);
	prot_ast_i2c_write(i2c, AST_I2C_TIMING, timing);
	prot_ast_i2c_write(i2c, AST_I2C_TARGET_STATUS, status);
	(void)prot_ast_i2c_read(i2c, AST_I2C_TARGET_STATUS);
	if ((status & done) == done) {
		collect(i2c);
		close_write(i2c);
	}
	prot_ast_i2c_target_restart(i2c);
}

static void service(const struct prot_ast_i2c *i2c, uint32_t status)
{
	if (status & AST_I2C_TARGET_ADDRESS_NAK) {
		i2c->state->counts.refused++;
	}
	if (status & AST_I2C_TARGET_INACTIVE) {
		inactive(i2c, status);
	} else if (status & AST_I2C_TARGET_PKT_DONE) {
		packet_done(i2c, status);
	}
}

void prot_ast_i2c_target_irq(const struct prot_ast_i2c *i2c)
{
	uint32_t status = prot_ast_i2c_read(i2c, AST_I2C_TARGET_STATUS);

	if (status & prot_ast_i2c_read(i2c, AST_I2C_TARGET_ENABLE)) {
		service(i2c, status);
	}
}

void prot_ast_i2c_target_lock(const struct prot_ast_i2c *i2c)
{
	prot_ast_i2c_write(i2c, AST_I2C_TARGET_ENABLE, 0);
	prot_mmio_barrier();
	service(i2c, prot_ast_i2c_read(i2c, AST_I2C_TARGET_STATUS));
}

void prot_ast_i2c_target_unlock(const struct prot_ast_i2c *i2c)
{
	prot_mmio_barrier();
	prot_ast_i2c_write(i2c, AST_I2C_TARGET_ENABLE, ENABLED);
}

void prot_ast_i2c_target_init(const struct prot_ast_i2c *i2c)
{
	uint32_t address = 0;

	for (unsigned i = 0; i < PROT_ARRAY_SIZE(i2c->address); i++) {
		if (i2c->address[i]) {
			address |= (i2c->address[i] | AST_I2C_ADDRESS_ENABLE)
				   << (8 * i);
		}
	}
	prot_ast_i2c_write(i2c, AST_I2C_TARGET_ADDRESS, address);
	prot_ast_i2c_write(i2c, AST_I2C_TARGET_STATUS, UINT32_MAX);
	prot_ast_i2c_write(i2c, AST_I2C_TARGET_ENABLE, address ? ENABLED : 0);
	if (address) {
		arm(i2c);
	}
}

/* ---- Seam ---------------------------------------------------------------- */

/* The caller is done with the buffer that it has; wait for a write in it. */
static void give_back(const struct prot_ast_i2c *i2c)
{
	struct prot_ast_i2c_state *s = i2c->state;

	s->lent = false;
	s->taken = (uint8_t)(s->taken + 1u);
	if (s->phase == PROT_AST_I2C_RECOVERING) {
		return; /* which arms it, in its end */
	}
	prot_ast_i2c_target_lock(i2c);
	if (!s->armed) {
		arm(i2c);
	}
	prot_ast_i2c_target_unlock(i2c);
}

static enum prot_status receive(void *ctx, const uint8_t **bytes, size_t *len)
{
	const struct prot_ast_i2c *i2c = ctx;
	struct prot_ast_i2c_state *s = i2c->state;
	uint32_t lost = s->counts.lost;

	if (!prot_ast_i2c_has_target(i2c)) {
		return PROT_ERR_STATE;
	}
	if (s->lent) {
		give_back(i2c);
	}
	if (s->lost_told != lost) {
		s->lost_told = lost;
		return PROT_ERR_SPACE;
	}
	if (s->filled == s->taken) {
		return PROT_PENDING;
	}
	prot_mmio_barrier();
	s->lent = true;
	*bytes = i2c->buffers + place_of(i2c, s->taken);
	*len = s->len[s->taken % i2c->buffer_count];
	return PROT_OK;
}

const struct prot_i2c_target_ops prot_ast_i2c_target_ops = {
	.receive = receive,
};
