/* SPDX-License-Identifier: Apache-2.0 */
#include "i2c_model.h"

#include "mmio_mock.h"
#include "test.h"

#include <string.h>

#define BUS_SIZE 0x80u
#define SENT_MAX (AST_I2C_DMA_MAX + 1)

static uint32_t peek(const struct i2c_model *m, uint32_t reg)
{
	return mmio_mock_peek(m->base + reg);
}

static uint8_t *memory(const struct i2c_model *m, uint32_t reg, size_t len)
{
	return mmio_mock_dma_pointer(peek(m, reg) - m->dma_offset, len);
}

static uint32_t model_read(void *ctx, uint32_t address, unsigned width)
{
	const struct i2c_model *m = ctx;

	assert_int_equal(width, 4);
	switch (address - m->base) {
	case AST_I2C_CTRLR_STATUS:
		return m->status;
	case AST_I2C_TARGET_STATUS:
		return m->target_status;
	case AST_I2C_TARGET_DMA_ACTUAL:
		return m->target_actual;
	default:
		return mmio_mock_peek(address);
	}
}

static void command(struct i2c_model *m, uint32_t value)
{
	assert_true(peek(m, AST_I2C_FUNCTION) & AST_I2C_FUNCTION_CTRLR);
	assert_int_equal(m->status, 0); /* QEMU takes no command before */
	if (value & AST_I2C_CTRLR_CMD_RECOVER) {
		m->recoveries++;
		return;
	}
	assert_int_equal(m->command, 0);
	assert_true(value & AST_I2C_CTRLR_CMD_PKT);
	m->command = value;
}

/* Memory that is to be written must be there already when it is armed. */
static void target_command(struct i2c_model *m, uint32_t value)
{
	if (value & AST_I2C_TARGET_CMD_RX_DMA) {
		m->target_at = 0;
		(void)memory(m, AST_I2C_TARGET_RX_DMA, m->target_len);
	}
}

static void target_length(struct i2c_model *m, uint32_t value)
{
	assert_int_equal(value & 0xFFFF, 0); /* QEMU aborts */
	assert_true(value & 1u << 31);
	m->target_len = (value >> 16 & 0xFFF) + 1;
}

static void length(struct i2c_model *m, uint32_t value)
{
	if (value & 1u << 15) {
		m->tx_len = (value & 0xFFF) + 1;
	}
	if (value & 1u << 31) {
		m->rx_len = (value >> 16 & 0xFFF) + 1;
	}
}

static void function(struct i2c_model *m, uint32_t value)
{
	bool on = value & AST_I2C_FUNCTION_TARGET;

	m->target_off += m->target_on && !on;
	m->target_on = on;
	if (!(value & AST_I2C_FUNCTION_CTRLR)) {
		m->command = 0; /* its status stays */
	}
}

static void clear(uint32_t *status, uint32_t value)
{
	if (*status & value & AST_I2C_CTRLR_PKT_DONE) {
		*status = 0;
	} else {
		*status &= ~value;
	}
}

static void model_write(void *ctx, uint32_t address, uint32_t value,
			unsigned width)
{
	struct i2c_model *m = ctx;

	assert_int_equal(width, 4);
	switch (address - m->base) {
	case AST_I2C_FUNCTION:
		function(m, value);
		break;
	case AST_I2C_CTRLR_STATUS:
		clear(&m->status, value);
		break;
	case AST_I2C_TARGET_STATUS:
		clear(&m->target_status, value);
		break;
	case AST_I2C_CTRLR_CMD:
		command(m, value);
		break;
	case AST_I2C_CTRLR_DMA_LEN:
		length(m, value);
		break;
	case AST_I2C_TARGET_CMD:
		target_command(m, value);
		break;
	case AST_I2C_TARGET_DMA_LEN:
		target_length(m, value);
		break;
	case AST_I2C_TARGET_DMA_ACTUAL:
		m->target_actual = 0;
		break;
	default:
		break;
	}
}

void i2c_model_init(struct i2c_model *m, uint32_t base, uint32_t dma_offset)
{
	const struct mmio_model model = {base, BUS_SIZE, model_read,
					 model_write, m};

	memset(m, 0, sizeof(*m));
	m->base = base;
	m->dma_offset = dma_offset;
	mmio_mock_add(&model);
	i2c_model_lines(m, AST_I2C_LINES_SDA | AST_I2C_LINES_SCL);
}

void i2c_model_lines(struct i2c_model *m, uint32_t lines)
{
	mmio_mock_poke(m->base + AST_I2C_LINES, lines);
}

bool i2c_model_interrupts(const struct i2c_model *m)
{
	return (m->status & peek(m, AST_I2C_CTRLR_ENABLE)) ||
	       (m->target_status & peek(m, AST_I2C_TARGET_ENABLE));
}

size_t i2c_model_sent(const struct i2c_model *m, uint8_t *out, size_t cap)
{
	size_t len = m->command & AST_I2C_CTRLR_CMD_TX ? m->tx_len : 0;
	uint32_t read = m->command & AST_I2C_CTRLR_CMD_RX ? 1 : 0;

	assert_true(cap > len);
	out[0] = (uint8_t)((m->command >> 24 & 0x7F) << 1 | read);
	if (len != 0) {
		memcpy(out + 1, memory(m, AST_I2C_CTRLR_TX_DMA, len), len);
	}
	return len + 1;
}

void i2c_model_end(struct i2c_model *m, uint32_t status, const uint8_t *bytes,
		   size_t n)
{
	uint32_t actual = (uint32_t)n;

	assert_int_not_equal(m->command, 0);
	if (m->command & AST_I2C_CTRLR_CMD_RX) {
		actual <<= 16;
		assert_true(n <= m->rx_len);
	}
	if (bytes) {
		memcpy(memory(m, AST_I2C_CTRLR_RX_DMA, n), bytes, n);
	}
	mmio_mock_poke(m->base + AST_I2C_CTRLR_DMA_ACTUAL, actual);
	m->command = 0;
	m->status |= status;
}

bool i2c_model_listens(const struct i2c_model *m)
{
	return m->target_on &&
	       peek(m, AST_I2C_TARGET_CMD) ==
		       (AST_I2C_TARGET_CMD_ACTIVE | AST_I2C_TARGET_CMD_PKT |
			AST_I2C_TARGET_CMD_RX_DMA);
}

bool i2c_model_has_address(const struct i2c_model *m, uint8_t address)
{
	uint32_t reg = peek(m, AST_I2C_TARGET_ADDRESS);

	for (int i = 0; i < 3; i++, reg >>= 8) {
		if ((reg & 0xFF) == (address | AST_I2C_ADDRESS_ENABLE)) {
			return true;
		}
	}
	return false;
}

void i2c_model_target(struct i2c_model *m, uint32_t status,
		      const uint8_t *bytes, size_t n)
{
	uint32_t cmd = peek(m, AST_I2C_TARGET_CMD);

	if (n != 0) {
		assert_true(i2c_model_listens(m));
		assert_true(n <= m->target_len - m->target_at);
		memcpy(memory(m, AST_I2C_TARGET_RX_DMA, m->target_len) +
			       m->target_at,
		       bytes, n);
	}
	m->target_at += n;
	m->target_actual += (uint32_t)n << 16;
	m->target_status |= status | AST_I2C_TARGET_PKT_DONE;
	if (status & (AST_I2C_TARGET_STOP | AST_I2C_TARGET_WAIT_RX |
		      AST_I2C_TARGET_WAIT_TX)) {
		mmio_mock_poke(m->base + AST_I2C_TARGET_CMD,
			       cmd & ~AST_I2C_TARGET_CMD_RX_DMA);
	}
}

/* ---- Wire ---------------------------------------------------------------- */

static uint32_t next_random(struct i2c_wire *w)
{
	w->seed = w->seed * 1664525u + 1013904223u;
	return w->seed >> 8;
}

static bool happens(struct i2c_wire *w, unsigned one_in)
{
	return one_in != 0 && next_random(w) % one_in == 0;
}

static void loses(struct i2c_model *m)
{
	i2c_model_end(m,
		      AST_I2C_CTRLR_PKT_DONE | AST_I2C_CTRLR_PKT_ERROR |
			      AST_I2C_CTRLR_ARB_LOSS,
		      NULL, 0);
}

/* SDA is low when anybody pulls it: the smaller byte wins. */
static bool wins_over(const struct i2c_model *a, const struct i2c_model *b)
{
	static uint8_t x[SENT_MAX];
	static uint8_t y[SENT_MAX];
	size_t x_len = i2c_model_sent(a, x, sizeof(x));
	size_t y_len = i2c_model_sent(b, y, sizeof(y));

	return memcmp(x, y, x_len < y_len ? x_len : y_len) < 0;
}

static struct i2c_model *arbitrate(struct i2c_wire *w)
{
	struct i2c_model *winner = NULL;
	unsigned contenders = 0;

	for (size_t i = 0; i < w->count; i++) {
		struct i2c_model *m = w->models[i];

		if (m->command == 0) {
			continue;
		}
		contenders++;
		if (!winner) {
			winner = m;
		} else if (wins_over(winner, m)) {
			loses(m);
		} else {
			loses(winner);
			winner = m;
		}
	}
	w->collisions += contenders > 1 ? 1 : 0;
	return winner;
}

static struct i2c_model *target_of(const struct i2c_wire *w,
				   const struct i2c_model *from,
				   uint8_t address)
{
	for (size_t i = 0; i < w->count; i++) {
		if (w->models[i] != from &&
		    i2c_model_has_address(w->models[i], address)) {
			return w->models[i];
		}
	}
	return NULL;
}

static void deliver(struct i2c_wire *w, struct i2c_model *m)
{
	static uint8_t bytes[SENT_MAX];
	size_t len = i2c_model_sent(m, bytes, sizeof(bytes));
	struct i2c_model *to = target_of(w, m, bytes[0] >> 1);

	if (!to || !i2c_model_listens(to) || happens(w, w->nack)) {
		i2c_model_end(m,
			      AST_I2C_CTRLR_PKT_DONE | AST_I2C_CTRLR_PKT_ERROR |
				      AST_I2C_CTRLR_TX_NAK | AST_I2C_CTRLR_STOP,
			      NULL, 0);
		return;
	}
	if (len > 1 && happens(w, w->noise)) {
		bytes[1 + next_random(w) % (len - 1)] ^=
			(uint8_t)(1u << next_random(w) % 8);
	}
	i2c_model_target(to,
			 AST_I2C_TARGET_MATCH | AST_I2C_TARGET_RX_DONE |
				 AST_I2C_TARGET_STOP,
			 bytes, len);
	i2c_model_end(m,
		      AST_I2C_CTRLR_PKT_DONE | AST_I2C_CTRLR_TX_ACK |
			      AST_I2C_CTRLR_STOP,
		      NULL, len - 1);
}

bool i2c_wire_step(struct i2c_wire *w)
{
	struct i2c_model *m = arbitrate(w);

	if (!m) {
		return false;
	}
	w->transfers++;
	if (happens(w, w->lose_arbitration)) {
		loses(m);
	} else {
		deliver(w, m);
	}
	return true;
}
