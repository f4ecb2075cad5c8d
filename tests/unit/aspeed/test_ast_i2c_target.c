/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_i2c.h"
#include "i2c_model.h"
#include "mmio.h"
#include "mmio_mock.h"

#include <string.h>

#define BASE   (AST_I2C_BUS_BASE + 5 * AST_I2C_BUS_STRIDE)
#define OFFSET AST_I2C_DMA_OFFSET
#define SIZE   32

#define MATCH AST_I2C_TARGET_MATCH
#define RX    AST_I2C_TARGET_RX_DONE
#define RXNAK AST_I2C_TARGET_RX_NAK
#define STOP  AST_I2C_TARGET_STOP
#define TXNAK AST_I2C_TARGET_TX_NAK
#define WRX   AST_I2C_TARGET_WAIT_RX
#define WTX   AST_I2C_TARGET_WAIT_TX

static struct prot_ast_i2c_state state;
static uint8_t buffers[PROT_AST_I2C_BUFFERS_MAX * SIZE];
static const struct prot_ast_i2c bus = {
	.base = BASE,
	.dma_offset = OFFSET,
	.speed_hz = 100000,
	.clock = &mmio_mock_clock,
	.state = &state,
	.address = {0x10, 0x5A},
	.buffers = buffers,
	.buffer_size = SIZE,
	.buffer_count = 2,
};
static struct i2c_model model;

/* A write to us as it is stored, address byte first. */
static const uint8_t frame[] = {0x20, 0x0F, 3, 1, 2, 3, 0x55};

static int setup(void **test_state)
{
	(void)test_state;
	mmio_mock_reset();
	memset(buffers, 0xEE, sizeof(buffers));
	mmio_mock_poke(AST_SCU_BASE + 0x310, 9 << 8); /* PCLK: 50 MHz */
	i2c_model_init(&model, BASE, OFFSET);
	assert_int_equal(prot_ast_i2c_init(&bus), PROT_OK);
	mmio_mock_forget_writes();
	return 0;
}

static enum prot_status receive(const uint8_t **bytes, size_t *len)
{
	return prot_ast_i2c_target_ops.receive((void *)(uintptr_t)&bus, bytes,
					       len);
}

/* The interrupt handler, as often as the interrupt is asserted. */
static void irq(void)
{
	for (int i = 0; i2c_model_interrupts(&model); i++) {
		assert_true(i < 4);
		prot_ast_i2c_irq(&bus);
	}
}

static void event(uint32_t status, const void *bytes, size_t n)
{
	i2c_model_target(&model, status, bytes, n);
	irq();
}

static void expect_frame(const void *bytes, size_t len)
{
	const uint8_t *p;
	size_t n;

	assert_int_equal(receive(&p, &n), PROT_OK);
	assert_int_equal(n, len);
	assert_memory_equal(p, bytes, len);
}

static void expect_none(void)
{
	const uint8_t *p;
	size_t n;

	assert_int_equal(receive(&p, &n), PROT_PENDING);
}

static void expect_lost(void)
{
	const uint8_t *p;
	size_t n;

	assert_int_equal(receive(&p, &n), PROT_ERR_SPACE);
}

/* Ready for whatever comes, and it arrives. */
static void expect_usable(void)
{
	assert_true(i2c_model_listens(&model));
	assert_int_equal(model.target_len, SIZE);
	assert_int_equal(model.target_at, 0);
	event(MATCH | RX | STOP, frame, sizeof(frame));
	expect_frame(frame, sizeof(frame));
	expect_none();
}

static void expect_writes(const struct mmio_write *expected, size_t count)
{
	struct mmio_write w[64];
	size_t n = mmio_mock_writes(BASE, AST_I2C_BUS_STRIDE, w, 64);

	for (size_t i = 0; i < n && i < count; i++) {
		assert_int_equal(w[i].address - BASE, expected[i].address);
		assert_int_equal(w[i].value, expected[i].value);
	}
	assert_int_equal(n, count);
	mmio_mock_forget_writes();
}

/* ---- Start-up ------------------------------------------------------------ */

static void test_init__target__registers_in_order(void **test_state)
{
	uint32_t at = prot_mmio_dma(buffers) + OFFSET;
	const struct mmio_write expected[] = {
		{AST_I2C_FUNCTION, 0, 4},
		{AST_I2C_FUNCTION, 0x120001, 4}, /* not yet the target */
		{AST_I2C_TIMING, 0x08BCE203, 4},
		{AST_I2C_CTRLR_STATUS, UINT32_MAX, 4},
		{AST_I2C_CTRLR_ENABLE, 0x12000, 4},
		{AST_I2C_TARGET_ADDRESS, 0xDA90, 4},
		{AST_I2C_TARGET_STATUS, UINT32_MAX, 4},
		{AST_I2C_TARGET_ENABLE, 1u << 16 | 1u << 15, 4},
		{AST_I2C_TARGET_DMA_ACTUAL, 0, 4},
		{AST_I2C_TARGET_TX_DMA, at, 4},
		{AST_I2C_TARGET_RX_DMA, at, 4},
		{AST_I2C_TARGET_DMA_LEN, (SIZE - 1) << 16 | 1u << 31, 4},
		{AST_I2C_TARGET_CMD, 3u << 17 | 1u << 16 | 1u << 9, 4},
		{AST_I2C_FUNCTION, 0x120003, 4},
	};

	(void)test_state;
	assert_int_equal(prot_ast_i2c_init(&bus), PROT_OK);
	expect_writes(expected, PROT_ARRAY_SIZE(expected));
	assert_true(i2c_model_has_address(&model, 0x10));
	assert_true(i2c_model_has_address(&model, 0x5A));
}

static void test_init__second_address_only__enabled(void **test_state)
{
	struct prot_ast_i2c c = bus;

	(void)test_state;
	c.address[0] = 0;
	assert_int_equal(prot_ast_i2c_init(&c), PROT_OK);
	assert_int_equal(mmio_mock_peek(BASE + AST_I2C_TARGET_ADDRESS), 0xDA00);
	assert_true(i2c_model_listens(&model));
}

static void test_init__bad_target__refused(void **test_state)
{
	struct prot_ast_i2c c[8];

	(void)test_state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(c); i++) {
		c[i] = bus;
	}
	c[0].address[0] = 0x80;
	c[1].address[1] = 0x80;
	c[2].buffers = NULL;
	c[3].buffer_count = 1;
	c[4].buffer_count = 3;
	c[5].buffer_count = 16;
	c[6].buffer_size = 30;
	c[7].buffer_size = AST_I2C_DMA_MAX + 4;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(c); i++) {
		assert_int_equal(prot_ast_i2c_init(&c[i]), PROT_ERR_ARG);
	}
	c[0] = bus;
	c[0].buffer_size = 0;
	assert_int_equal(prot_ast_i2c_init(&c[0]), PROT_ERR_ARG);
}

static void test_receive__no_target__state(void **test_state)
{
	struct prot_ast_i2c c = bus;
	const uint8_t *p;
	size_t n;

	(void)test_state;
	c.address[0] = 0;
	c.address[1] = 0;
	assert_int_equal(prot_ast_i2c_init(&c), PROT_OK);
	assert_int_equal(prot_ast_i2c_target_ops.receive(&c, &p, &n),
			 PROT_ERR_STATE);
}

/* ---- Writes to us -------------------------------------------------------- */

static void test_irq__write__acknowledged_then_next_buffer(void **test_state)
{
	uint32_t at = prot_mmio_dma(buffers) + OFFSET + SIZE;
	const struct mmio_write expected[] = {
		{AST_I2C_TARGET_STATUS, 1u << 16, 4}, /* before the rest */
		{AST_I2C_TARGET_DMA_ACTUAL, 0, 4},
		{AST_I2C_TARGET_DMA_ACTUAL, 0, 4},
		{AST_I2C_TARGET_TX_DMA, at, 4},
		{AST_I2C_TARGET_RX_DMA, at, 4},
		{AST_I2C_TARGET_DMA_LEN, (SIZE - 1) << 16 | 1u << 31, 4},
		{AST_I2C_TARGET_CMD, 3u << 17 | 1u << 16 | 1u << 9, 4},
	};

	(void)test_state;
	event(MATCH | RX | STOP, frame, sizeof(frame));
	expect_writes(expected, PROT_ARRAY_SIZE(expected));
	expect_frame(frame, sizeof(frame));
	expect_writes(NULL, 0);
	expect_none();
	assert_int_equal(state.counts.received, 1);
}

/* The ends of a controller write, with the other bits that may be there. */
static void test_irq__every_end_of_a_write__received(void **test_state)
{
	static const uint32_t ends[] = {
		RX | STOP,
		MATCH | RX | STOP,
		RX | WRX | STOP,
		MATCH | RX | WRX | STOP,
		RX | RXNAK | STOP,
		MATCH | RX | RXNAK | STOP,
		MATCH | RX | WRX | RXNAK | STOP,
	};
	static const uint32_t others[] = {
		0,        AST_I2C_TARGET_PKT_ERROR,
		1u << 18, /* which address */
		2u << 18, 7u << 29,
	};

	(void)test_state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(ends); i++) {
		for (size_t k = 0; k < PROT_ARRAY_SIZE(others); k++) {
			event(ends[i] | others[k], frame, sizeof(frame));
			expect_frame(frame, sizeof(frame));
			expect_none();
			assert_int_equal(model.target_off, 0);
		}
	}
	expect_usable();
	assert_int_equal(state.counts.unexpected, 0);
}

static void test_irq__write_begins__nothing_rearmed(void **test_state)
{
	static const uint32_t begins[] = {MATCH, MATCH | RX, RX};
	static const struct mmio_write ack[] = {
		{AST_I2C_TARGET_STATUS, 1u << 16, 4}};

	(void)test_state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(begins); i++) {
		event(begins[i], frame, 1);
		expect_writes(ack, 1);
		event(RX | STOP, frame + 1, sizeof(frame) - 1);
		expect_frame(frame, sizeof(frame));
		expect_none();
		mmio_mock_forget_writes();
	}
}

static void test_irq__chunk_without_stop__goes_on_behind_it(void **test_state)
{
	static const uint32_t chunks[] = {MATCH | WRX, MATCH | RX | WRX,
					  RX | WRX};

	(void)test_state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(chunks); i++) {
		event(chunks[i], frame, 3);
		assert_true(i2c_model_listens(&model));
		assert_int_equal(model.target_len, SIZE - 3);
		event(RX | WRX, frame + 3, 2);
		event(RX | STOP, frame + 5, sizeof(frame) - 5);
		expect_frame(frame, sizeof(frame));
		expect_none();
	}
	expect_usable();
}

/* All of it came before the stop did. */
static void test_irq__chunk_then_stop_alone__received(void **test_state)
{
	(void)test_state;
	event(MATCH | RX | WRX, frame, sizeof(frame));
	event(STOP, NULL, 0);
	expect_frame(frame, sizeof(frame));
	expect_usable();
}

static void test_irq__address_only__nothing_received(void **test_state)
{
	(void)test_state;
	event(MATCH | STOP, NULL, 0);
	expect_none();
	assert_true(i2c_model_listens(&model));
	event(MATCH | RX | STOP, frame, 1); /* the address byte, saved */
	expect_none();
	assert_int_equal(state.counts.received, 0);
	assert_int_equal(state.counts.lost, 0);
	expect_usable();
}

static void test_irq__longest_write__received(void **test_state)
{
	uint8_t longest[SIZE - 1];

	(void)test_state;
	memset(longest, 0x42, sizeof(longest));
	event(MATCH | RX | STOP, longest, sizeof(longest));
	expect_frame(longest, sizeof(longest));
	expect_usable();
}

static void test_irq__longer_than_buffer__lost_and_counted(void **test_state)
{
	uint8_t bytes[SIZE];

	(void)test_state;
	memset(bytes, 0x42, sizeof(bytes));
	event(MATCH | RX | WRX, bytes, SIZE);
	assert_true(i2c_model_listens(&model)); /* for nothing */
	event(RX | WRX, bytes, SIZE);
	event(RX | STOP, bytes, 5);
	expect_lost();
	expect_none(); /* told once */
	assert_int_equal(state.counts.lost, 1);
	assert_int_equal(state.counts.lost_bytes, 2 * SIZE + 5);
	assert_int_equal(state.counts.received, 0);
	expect_usable();
}

/* The block does not acknowledge what does not fit. */
static void test_irq__buffer_full_and_nak__lost(void **test_state)
{
	uint8_t bytes[SIZE];

	(void)test_state;
	memset(bytes, 0x42, sizeof(bytes));
	event(MATCH | RX | RXNAK | STOP, bytes, SIZE);
	expect_lost();
	expect_none();
	assert_int_equal(state.counts.lost_bytes, SIZE);
	expect_usable();
}

/* ---- Buffers ------------------------------------------------------------- */

static void test_irq__all_buffers_full__not_acknowledged(void **test_state)
{
	uint8_t other[sizeof(frame)];

	(void)test_state;
	memcpy(other, frame, sizeof(other));
	other[3] = 0x77;
	event(MATCH | RX | STOP, frame, sizeof(frame));
	event(MATCH | RX | STOP, other, sizeof(other));
	assert_false(i2c_model_listens(&model));
	assert_int_equal(mmio_mock_peek(BASE + AST_I2C_TARGET_CMD), 0x70000);
	expect_frame(frame, sizeof(frame)); /* still with us: */
	assert_false(i2c_model_listens(&model));
	expect_frame(other, sizeof(other)); /* this gives the first back */
	assert_true(i2c_model_listens(&model));
	expect_none();
	expect_usable();
	assert_int_equal(state.counts.lost, 0);
}

/* What is lent is not written to, whatever arrives. */
static void test_receive__until_next_call__bytes_stay(void **test_state)
{
	const uint8_t *p;
	size_t n;
	uint8_t other[SIZE / 2];

	(void)test_state;
	memset(other, 0x99, sizeof(other));
	event(MATCH | RX | STOP, frame, sizeof(frame));
	assert_int_equal(receive(&p, &n), PROT_OK);
	event(MATCH | RX | STOP, other, sizeof(other));
	assert_false(i2c_model_listens(&model));
	assert_memory_equal(p, frame, sizeof(frame));
	expect_frame(other, sizeof(other));
}

/* Write numbers to it for as long as it listens. Returns the next number. */
static uint32_t write_numbers(const struct prot_ast_i2c *i2c, uint32_t number)
{
	for (; i2c_model_listens(&model); number++) {
		const uint8_t w[] = {0x20, (uint8_t)number,
				     (uint8_t)(number >> 8)};

		i2c_model_target(&model, MATCH | RX | STOP, w, sizeof(w));
		prot_ast_i2c_irq(i2c);
	}
	return number;
}

static void expect_numbers(struct prot_ast_i2c *i2c, uint32_t count)
{
	uint32_t next = 0;
	const uint8_t *p;
	size_t n;

	for (uint32_t i = 0; i < count; i++) {
		next = write_numbers(i2c, next);
		assert_int_equal(prot_ast_i2c_target_ops.receive(i2c, &p, &n),
				 PROT_OK);
		assert_int_equal(p[1] | p[2] << 8, i);
		mmio_mock_forget_writes();
	}
}

static void test_receive__many_writes__all_in_order(void **test_state)
{
	struct prot_ast_i2c c = bus;

	(void)test_state;
	for (uint8_t count = 2; count <= 8; count = (uint8_t)(count * 2)) {
		(void)setup(NULL);
		c.buffer_count = count;
		assert_int_equal(prot_ast_i2c_init(&c), PROT_OK);
		expect_numbers(&c, 700);
	}
}

static void test_has_event__what_receive_has__told(void **test_state)
{
	uint8_t bytes[SIZE];

	(void)test_state;
	memset(bytes, 0x42, sizeof(bytes));
	assert_false(prot_ast_i2c_has_event(&bus));
	event(MATCH | RX | STOP, frame, sizeof(frame));
	assert_true(prot_ast_i2c_has_event(&bus));
	expect_frame(frame, sizeof(frame));
	assert_false(prot_ast_i2c_has_event(&bus)); /* it is with us */
	event(MATCH | RX | STOP, frame, sizeof(frame));
	assert_true(prot_ast_i2c_has_event(&bus));
	expect_frame(frame, sizeof(frame));
	expect_none();
	assert_false(prot_ast_i2c_has_event(&bus));
	event(MATCH | RX | RXNAK | STOP, bytes, SIZE);
	assert_true(prot_ast_i2c_has_event(&bus));
	expect_lost();
	assert_false(prot_ast_i2c_has_event(&bus));
}

static void test_irq__refused_for_want_of_buffer__counted(void **test_state)
{
	(void)test_state;
	event(MATCH | RX | STOP | 1u << 20, frame, sizeof(frame));
	expect_frame(frame, sizeof(frame));
	assert_int_equal(state.counts.refused, 1);
}

/* Should the block hold SCL in spite of all: let it go. */
static void
test_irq__wants_buffer_and_none_is_free__bus_let_go(void **test_state)
{
	(void)test_state;
	event(MATCH | RX | STOP, frame, sizeof(frame));
	event(MATCH | RX | STOP, frame, sizeof(frame));
	event(MATCH | WRX, NULL, 0);
	assert_int_equal(model.target_off, 1);
	assert_int_equal(state.counts.refused, 1);
	assert_false(i2c_model_listens(&model));
	expect_frame(frame, sizeof(frame));
	expect_frame(frame, sizeof(frame));
	expect_none();
	expect_usable();
}

static void test_irq__wants_buffer_and_one_was_freed__armed(void **test_state)
{
	(void)test_state;
	event(MATCH | RX | STOP, frame, sizeof(frame));
	expect_frame(frame, sizeof(frame));
	event(MATCH | RX | STOP, frame, sizeof(frame));
	assert_false(i2c_model_listens(&model));
	i2c_model_target(&model, MATCH | WRX, NULL, 0);
	expect_frame(frame, sizeof(frame)); /* arms, and serves it */
	irq();
	assert_true(i2c_model_listens(&model));
	event(RX | STOP, frame, sizeof(frame));
	expect_frame(frame, sizeof(frame));
	expect_none();
}

/* ---- Reads from us ------------------------------------------------------- */

static void test_irq__every_form_of_a_read__off_the_bus(void **test_state)
{
	static const uint32_t reads[] = {MATCH | WTX, WTX,
					 MATCH | AST_I2C_TARGET_TX_ACK | WTX};
	const struct mmio_write expected[] = {
		{AST_I2C_TARGET_STATUS, 1u << 16, 4},
		{AST_I2C_TARGET_DMA_ACTUAL, 0, 4},
		{AST_I2C_FUNCTION, 0x120001, 4},
		{AST_I2C_FUNCTION, 0x120003, 4},
		{AST_I2C_TARGET_DMA_ACTUAL, 0, 4},
		{AST_I2C_TARGET_TX_DMA, prot_mmio_dma(buffers) + OFFSET, 4},
		{AST_I2C_TARGET_RX_DMA, prot_mmio_dma(buffers) + OFFSET, 4},
		{AST_I2C_TARGET_DMA_LEN, (SIZE - 1) << 16 | 1u << 31, 4},
		{AST_I2C_TARGET_CMD, 3u << 17 | 1u << 16 | 1u << 9, 4},
	};

	(void)test_state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(reads); i++) {
		event(reads[i], NULL, 0);
		expect_writes(expected, PROT_ARRAY_SIZE(expected));
		event(STOP, NULL, 0);
		expect_none();
		event(TXNAK | STOP, NULL, 0);
		expect_none();
		mmio_mock_forget_writes();
	}
	assert_int_equal(state.counts.reads, 3);
	assert_int_equal(state.counts.lost, 0);
	expect_usable();
}

static void test_irq__write_then_read__write_received(void **test_state)
{
	static const uint32_t reads[] = {RX | WTX, MATCH | RX | WTX};

	(void)test_state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(reads); i++) {
		event(reads[i], frame, sizeof(frame));
		assert_int_equal(model.target_off, i + 1);
		expect_frame(frame, sizeof(frame));
		expect_none();
	}
	expect_usable();
}

/* ---- What goes wrong ----------------------------------------------------- */

static void
test_irq__inactive__partial_write_lost_target_restarted(void **test_state)
{
	const struct mmio_write expected[] = {
		/* The counter of the time-out off and on. */
		{AST_I2C_TIMING, 0x00BCE203, 4},
		{AST_I2C_TIMING, 0x08BCE203, 4},
		{AST_I2C_TARGET_STATUS, 1u << 15 | 1u << 7, 4},
		{AST_I2C_TARGET_DMA_ACTUAL, 0, 4},
		{AST_I2C_FUNCTION, 0x120001, 4},
		{AST_I2C_FUNCTION, 0x120003, 4},
		{AST_I2C_TARGET_DMA_ACTUAL, 0, 4},
		{AST_I2C_TARGET_TX_DMA, prot_mmio_dma(buffers) + OFFSET, 4},
		{AST_I2C_TARGET_RX_DMA, prot_mmio_dma(buffers) + OFFSET, 4},
		{AST_I2C_TARGET_DMA_LEN, (SIZE - 1) << 16 | 1u << 31, 4},
		{AST_I2C_TARGET_CMD, 3u << 17 | 1u << 16 | 1u << 9, 4},
	};

	(void)test_state;
	i2c_model_target(&model, 0, frame, 4);
	model.target_status = AST_I2C_TARGET_INACTIVE | MATCH;
	irq();
	expect_writes(expected, PROT_ARRAY_SIZE(expected));
	expect_lost();
	expect_none();
	assert_int_equal(state.counts.inactive, 1);
	assert_int_equal(state.counts.lost_bytes, 4);
	expect_usable();
}

static void test_irq__inactive_after_some_bytes__lost(void **test_state)
{
	(void)test_state;
	event(AST_I2C_TARGET_INACTIVE | MATCH | RX, frame, 4);
	expect_lost();
	expect_none();
	assert_int_equal(state.counts.lost_bytes, 4);
	expect_usable();
}

static void test_irq__inactive_between_writes__nothing_lost(void **test_state)
{
	(void)test_state;
	model.target_status = AST_I2C_TARGET_INACTIVE;
	irq();
	expect_none();
	assert_int_equal(state.counts.lost, 0);
	expect_usable();
}

static void test_irq__inactive_after_whole_write__received(void **test_state)
{
	(void)test_state;
	event(AST_I2C_TARGET_INACTIVE | MATCH | RX | STOP, frame,
	      sizeof(frame));
	expect_frame(frame, sizeof(frame));
	expect_none();
	expect_usable();
}

static void test_irq__abnormal_stop__write_lost(void **test_state)
{
	(void)test_state;
	event(MATCH | RX | WRX, frame, 3);
	event(AST_I2C_TARGET_ABNORMAL | RX, frame + 3, 2);
	expect_lost();
	expect_none();
	assert_int_equal(state.counts.unexpected, 1);
	assert_int_equal(state.counts.lost_bytes, 5);
	expect_usable();
}

/*
 * Every combination of the bits that say where a transfer stands: whatever the
 * block reports, the target is ready afterwards or goes on with a write that
 * it has begun, and nothing but what was stored comes out.
 */
static void test_irq__every_combination__usable_after_stop(void **test_state)
{
	static const uint32_t bits[] = {
		AST_I2C_TARGET_TX_ACK,   TXNAK, RX,  RXNAK, STOP,
		AST_I2C_TARGET_ABNORMAL, MATCH, WRX, WTX,
	};
	const uint8_t *p;
	size_t n;

	(void)test_state;
	for (uint32_t i = 0; i < 1u << PROT_ARRAY_SIZE(bits); i++) {
		uint32_t status = 0;

		for (size_t k = 0; k < PROT_ARRAY_SIZE(bits); k++) {
			status |= i >> k & 1 ? bits[k] : 0;
		}
		(void)setup(NULL);
		event(status, frame, sizeof(frame));
		if (receive(&p, &n) == PROT_OK) {
			assert_int_equal(n, sizeof(frame));
			assert_memory_equal(p, frame, n);
		}
		event(STOP, NULL, 0);
		while (receive(&p, &n) != PROT_PENDING) {
		}
		expect_usable();
	}
}

/* The interrupt handler has the same state. */
static void
test_receive__buffer_given_back__interrupts_off_meanwhile(void **test_state)
{
	struct mmio_write w[4];

	(void)test_state;
	event(MATCH | RX | STOP, frame, sizeof(frame));
	expect_frame(frame, sizeof(frame));
	mmio_mock_forget_writes();
	expect_none();
	assert_int_equal(mmio_mock_writes(BASE + 0x20, 4, w, 4), 2);
	assert_int_equal(w[0].value, 0);
	assert_int_not_equal(w[1].value, 0);
}

static void test_irq__nothing_pending__no_writes(void **test_state)
{
	(void)test_state;
	prot_ast_i2c_irq(&bus);
	model.target_status = 1u << 20; /* not enabled */
	prot_ast_i2c_irq(&bus);
	expect_writes(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, setup)
		T(test_init__target__registers_in_order),
		T(test_init__second_address_only__enabled),
		T(test_init__bad_target__refused),
		T(test_receive__no_target__state),
		T(test_irq__write__acknowledged_then_next_buffer),
		T(test_irq__every_end_of_a_write__received),
		T(test_irq__write_begins__nothing_rearmed),
		T(test_irq__chunk_without_stop__goes_on_behind_it),
		T(test_irq__chunk_then_stop_alone__received),
		T(test_irq__address_only__nothing_received),
		T(test_irq__longest_write__received),
		T(test_irq__longer_than_buffer__lost_and_counted),
		T(test_irq__buffer_full_and_nak__lost),
		T(test_irq__all_buffers_full__not_acknowledged),
		T(test_receive__until_next_call__bytes_stay),
		T(test_receive__buffer_given_back__interrupts_off_meanwhile),
		T(test_receive__many_writes__all_in_order),
		T(test_has_event__what_receive_has__told),
		T(test_irq__refused_for_want_of_buffer__counted),
		T(test_irq__wants_buffer_and_none_is_free__bus_let_go),
		T(test_irq__wants_buffer_and_one_was_freed__armed),
		T(test_irq__every_form_of_a_read__off_the_bus),
		T(test_irq__write_then_read__write_received),
		T(test_irq__inactive__partial_write_lost_target_restarted),
		T(test_irq__inactive_after_some_bytes__lost),
		T(test_irq__inactive_between_writes__nothing_lost),
		T(test_irq__inactive_after_whole_write__received),
		T(test_irq__abnormal_stop__write_lost),
		T(test_irq__every_combination__usable_after_stop),
		T(test_irq__nothing_pending__no_writes),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
