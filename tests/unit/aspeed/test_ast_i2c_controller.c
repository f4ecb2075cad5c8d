/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_i2c.h"
#include "ast_scu.h"
#include "i2c_model.h"
#include "mmio.h"
#include "mmio_mock.h"

#include <string.h>

#define BASE   (AST_I2C_BUS_BASE + 3 * AST_I2C_BUS_STRIDE)
#define OFFSET AST_I2C_DMA_OFFSET

#define DONE  AST_I2C_CTRLR_PKT_DONE
#define ERROR AST_I2C_CTRLR_PKT_ERROR
#define ACK   AST_I2C_CTRLR_TX_ACK
#define NAK   AST_I2C_CTRLR_TX_NAK
#define STOP  AST_I2C_CTRLR_STOP
#define RX    AST_I2C_CTRLR_RX_DONE

static struct prot_ast_i2c_state state;
static uint8_t buffers[2 * 64];
static const struct prot_ast_i2c bus = {
	.base = BASE,
	.dma_offset = OFFSET,
	.speed_hz = 100000,
	.clock = &mmio_mock_clock,
	.state = &state,
};
static const struct prot_ast_i2c single = {
	.base = BASE,
	.dma_offset = OFFSET,
	.speed_hz = 400000,
	.single = true,
	.clock = &mmio_mock_clock,
	.state = &state,
};
/* Controller and target. */
static const struct prot_ast_i2c both = {
	.base = BASE,
	.dma_offset = OFFSET,
	.speed_hz = 100000,
	.clock = &mmio_mock_clock,
	.state = &state,
	.address = {0x10},
	.buffers = buffers,
	.buffer_size = 64,
	.buffer_count = 2,
};

static struct i2c_model model;
static uint8_t tx[AST_I2C_DMA_MAX + 1];
static uint8_t rx[AST_I2C_DMA_MAX + 1];

static int setup(void **test_state)
{
	(void)test_state;
	mmio_mock_reset();
	memset(rx, 0, sizeof(rx));
	for (size_t i = 0; i < sizeof(tx); i++) {
		tx[i] = (uint8_t)(i * 7 + 1);
	}
	mmio_mock_poke(AST_SCU_BASE + 0x310, 9 << 8); /* PCLK: 50 MHz */
	i2c_model_init(&model, BASE, OFFSET);
	assert_int_equal(prot_ast_i2c_init(&bus), PROT_OK);
	mmio_mock_forget_writes();
	return 0;
}

static enum prot_status go(const struct prot_ast_i2c *i2c,
			   const struct prot_i2c_transfer *t)
{
	return prot_ast_i2c_controller_ops.transfer((void *)(uintptr_t)i2c, t);
}

static struct prot_i2c_transfer transfer_of(size_t tx_len, size_t rx_len)
{
	struct prot_i2c_transfer t = {0x4D, tx_len ? tx : NULL, tx_len,
				      rx_len ? rx : NULL, rx_len};

	return t;
}

/* Writes to this bus since the last time must be these. */
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

static void test_global_init__pclk__mode_and_dividers(void **test_state)
{
	static const struct {
		uint32_t scu310; /* of HPLL, 1 GHz */
		uint32_t dividers;
	} cases[] = {
		{9 << 8, 0x62220803},  /* 50 MHz: the vendor's for AST1030 */
		{4 << 8, 0xC6461208},  /* 100 MHz */
		{15 << 8, 0x3D150502}, /* 31.25 MHz */
		{0, 0xFFFF6230},       /* 500 MHz */
	};

	(void)test_state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		mmio_mock_poke(AST_SCU_BASE + 0x310, cases[i].scu310);
		prot_ast_i2c_global_init(&mmio_mock_clock);
		assert_int_equal(mmio_mock_peek(0x7E7B000C), 0x16);
		assert_int_equal(mmio_mock_peek(0x7E7B0010), cases[i].dividers);
	}
}

/* When the block is let out of reset, and whether it is touched before. */
static void test_global_init__always__reset_for_a_millisecond(void **test_state)
{
	struct mmio_write w[80];
	uint64_t start = prot_clock_us(&mmio_mock_clock);

	(void)test_state;
	prot_ast_i2c_global_init(&mmio_mock_clock);
	assert_true(prot_clock_us(&mmio_mock_clock) - start >= 2000);
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, w, 80), 2 + 2 + 64);
	assert_int_equal(w[0].address, 0x7E6E2050);
	assert_int_equal(w[0].value, 4);
	assert_int_equal(w[1].address, 0x7E6E2054);
	assert_int_equal(w[1].value, 4);
	/* Its memory is cleared. */
	assert_int_equal(w[4].address, 0x7E7B0E00);
	assert_int_equal(w[67].address, 0x7E7B0EFC);
}

static void test_init__speeds__ac_timing(void **test_state)
{
	static const struct {
		uint32_t speed_hz;
		uint32_t timing;
	} cases[] = {
		/* 99.2 kHz: 28 periods of base clock 3; 15 low, 13 high */
		{100000, 0x08BCE203},
		/* 25 of base clock 2: 14 low, 11 high */
		{400000, 0x089AD202},
		/* 20 of base clock 1: 11 low, 9 high */
		{1000000, 0x0878A201},
		/* 32 of base clock 4 halved five times: 16 low, 16 high */
		{1000, 0x08EFF209},
	};
	struct prot_ast_i2c c = bus;

	(void)test_state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		c.speed_hz = cases[i].speed_hz;
		assert_int_equal(prot_ast_i2c_init(&c), PROT_OK);
		assert_int_equal(mmio_mock_peek(BASE + AST_I2C_TIMING),
				 cases[i].timing);
	}
}

/* Base clock of a timing register, as the dividers of the block make it. */
static uint64_t base_hz(uint32_t pclk_hz, uint32_t number)
{
	uint32_t set = number < 4 ? number : 4;
	uint32_t dividers = mmio_mock_peek(AST_I2C_BASE + AST_I2C_GLOBAL_CLOCK);
	uint32_t d = number ? dividers >> (8 * (set - 1)) & 0xFF : 0;

	return (2 * (uint64_t)pclk_hz / (d + 2)) >> (number - set);
}

/* SCL is as fast as whole periods allow, and not faster than asked for. */
static void test_init__any_clock__speed_reached(void **test_state)
{
	struct prot_ast_i2c c = bus;

	(void)test_state;
	for (uint32_t i = 0; i < 16; i++) {
		mmio_mock_poke(AST_SCU_BASE + 0x310, i << 8);
		prot_ast_i2c_global_init(&mmio_mock_clock);
		for (uint32_t hz = 1000; hz <= 1000000; hz += 777) {
			c.speed_hz = hz;
			assert_int_equal(prot_ast_i2c_init(&c), PROT_OK);
			uint32_t t = mmio_mock_peek(BASE + AST_I2C_TIMING);
			uint32_t n = (t >> 12 & 15) + (t >> 16 & 15) + 2;
			uint64_t base = base_hz(500000000 / (i + 1), t & 15);

			assert_true(n * (uint64_t)hz >= base);
			assert_true((n - 1) * (uint64_t)hz < base);
			assert_true((t >> 20 & 15) < (t >> 16 & 15));
			assert_true((t >> 12 & 15) >= (t >> 16 & 15));
			mmio_mock_forget_writes();
		}
	}
}

static void test_init__controller_only__registers_in_order(void **test_state)
{
	static const struct mmio_write expected[] = {
		{AST_I2C_FUNCTION, 0, 4},
		{AST_I2C_FUNCTION, 0x20001, 4},
		{AST_I2C_TIMING, 0x08BCE203, 4},
		{AST_I2C_CTRLR_STATUS, UINT32_MAX, 4},
		{AST_I2C_CTRLR_ENABLE, 0x12000, 4},
		{AST_I2C_TARGET_ADDRESS, 0, 4},
		{AST_I2C_TARGET_STATUS, UINT32_MAX, 4},
		{AST_I2C_TARGET_ENABLE, 0, 4},
	};

	(void)test_state;
	assert_int_equal(prot_ast_i2c_init(&bus), PROT_OK);
	expect_writes(expected, PROT_ARRAY_SIZE(expected));
}

static void test_init__single__multi_master_disabled(void **test_state)
{
	(void)test_state;
	assert_int_equal(prot_ast_i2c_init(&single), PROT_OK);
	assert_int_equal(mmio_mock_peek(BASE), 0x28001);
}

static void test_init__bad_config__refused(void **test_state)
{
	struct prot_ast_i2c c = bus;

	(void)test_state;
	c.speed_hz = 0;
	assert_int_equal(prot_ast_i2c_init(&c), PROT_ERR_ARG);
	c.speed_hz = 1000001;
	assert_int_equal(prot_ast_i2c_init(&c), PROT_ERR_ARG);
	c.speed_hz = 1; /* slower than the slowest clock */
	assert_int_equal(prot_ast_i2c_init(&c), PROT_ERR_ARG);
	c = bus;
	c.state = NULL;
	assert_int_equal(prot_ast_i2c_init(&c), PROT_ERR_ARG);
	c = bus;
	c.clock = NULL;
	assert_int_equal(prot_ast_i2c_init(&c), PROT_ERR_ARG);
	expect_writes(NULL, 0);
}

/* ---- Transfers that go well ---------------------------------------------- */

static void test_transfer__write__length_address_command(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(69, 0);
	uint8_t sent[128];

	(void)test_state;
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	const struct mmio_write expected[] = {
		{AST_I2C_CTRLR_DMA_LEN, 68 | 1u << 15, 4},
		{AST_I2C_CTRLR_TX_DMA, prot_mmio_dma(tx) + OFFSET, 4},
		{AST_I2C_CTRLR_CMD,
		 0x4D000000 | 1u << 16 | 1 | 2 | 1 << 8 | 1 << 5, 4},
	};
	expect_writes(expected, PROT_ARRAY_SIZE(expected));
	assert_int_equal(i2c_model_sent(&model, sent, sizeof(sent)), 70);
	assert_int_equal(sent[0], 0x9A);
	assert_memory_equal(sent + 1, tx, 69);

	assert_int_equal(go(&bus, &t), PROT_PENDING);
	i2c_model_end(&model, DONE | ACK | STOP, NULL, 69);
	assert_true(i2c_model_interrupts(&model));
	assert_int_equal(go(&bus, &t), PROT_PENDING); /* not yet looked at */
	assert_false(prot_ast_i2c_has_event(&bus));
	prot_ast_i2c_irq(&bus);
	assert_true(prot_ast_i2c_has_event(&bus));
	assert_false(i2c_model_interrupts(&model));
	static const struct mmio_write ack[] = {
		{AST_I2C_CTRLR_STATUS, DONE, 4}};
	expect_writes(ack, 1);
	assert_int_equal(go(&bus, &t), PROT_OK);
	assert_false(prot_ast_i2c_has_event(&bus));
	expect_writes(NULL, 0);
}

static void test_transfer__read__command_and_bytes(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(0, 4);

	(void)test_state;
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	const struct mmio_write expected[] = {
		{AST_I2C_CTRLR_DMA_LEN, 3u << 16 | 1u << 31, 4},
		{AST_I2C_CTRLR_RX_DMA, prot_mmio_dma(rx) + OFFSET, 4},
		{AST_I2C_CTRLR_CMD,
		 0x4D000000 | 1u << 16 | 1 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 9,
		 4},
	};
	expect_writes(expected, PROT_ARRAY_SIZE(expected));
	i2c_model_end(&model, DONE | RX | STOP, (const uint8_t *)"abcd", 4);
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &t), PROT_OK);
	assert_memory_equal(rx, "abcd", 4);
}

static void test_transfer__write_read__repeated_start(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(2, 3);

	(void)test_state;
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	assert_int_equal(model.command,
			 0x4D000000 | 1u << 16 | 1 | 2 | 1 << 8); /* no stop */
	i2c_model_end(&model, DONE | ACK, NULL, 2);
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	assert_int_equal(model.command, 0x4D000000 | 1u << 16 | 1 | 1 << 3 |
						1 << 4 | 1 << 5 | 1 << 9);
	i2c_model_end(&model, DONE | RX | STOP, (const uint8_t *)"xyz", 3);
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &t), PROT_OK);
	assert_memory_equal(rx, "xyz", 3);
}

static void
test_transfer__write_read_with_target__target_rearmed(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(2, 3);
	static const struct mmio_write expected[] = {
		{AST_I2C_CTRLR_STATUS, DONE, 4},
		{AST_I2C_TARGET_CMD, 0, 4},
		{AST_I2C_TARGET_CMD, 0x70200, 4},
	};

	(void)test_state;
	assert_int_equal(prot_ast_i2c_init(&both), PROT_OK);
	assert_int_equal(go(&both, &t), PROT_PENDING);
	i2c_model_end(&model, DONE | ACK, NULL, 2);
	mmio_mock_forget_writes();
	prot_ast_i2c_irq(&both);
	expect_writes(expected, PROT_ARRAY_SIZE(expected));
	/* Not after a stop. */
	assert_int_equal(go(&both, &t), PROT_PENDING);
	i2c_model_end(&model, DONE | RX | STOP, (const uint8_t *)"xyz", 3);
	mmio_mock_forget_writes();
	prot_ast_i2c_irq(&both);
	expect_writes(expected, 1);
	assert_int_equal(go(&both, &t), PROT_OK);
}

static void test_transfer__no_bytes__address_only(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(0, 0);
	static const struct mmio_write expected[] = {
		{AST_I2C_CTRLR_CMD, 0x4D000000 | 1u << 16 | 1 | 1 << 5, 4},
	};

	(void)test_state;
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	expect_writes(expected, PROT_ARRAY_SIZE(expected));
	i2c_model_end(&model, DONE | STOP, NULL, 0);
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &t), PROT_OK);
}

static void test_transfer__longest__lengths_fit(void **test_state)
{
	const struct prot_i2c_transfer t =
		transfer_of(AST_I2C_DMA_MAX, AST_I2C_DMA_MAX);

	(void)test_state;
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	assert_int_equal(model.tx_len, AST_I2C_DMA_MAX);
	i2c_model_end(&model, DONE | ACK, NULL, AST_I2C_DMA_MAX);
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	assert_int_equal(model.rx_len, AST_I2C_DMA_MAX);
	i2c_model_end(&model, DONE | RX | STOP, tx, AST_I2C_DMA_MAX);
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &t), PROT_OK);
	assert_memory_equal(rx, tx, AST_I2C_DMA_MAX);
}

static void test_transfer__bad_arguments__refused(void **test_state)
{
	struct prot_i2c_transfer t = transfer_of(1, 1);

	(void)test_state;
	t.address = 0x80;
	assert_int_equal(go(&bus, &t), PROT_ERR_ARG);
	t = transfer_of(AST_I2C_DMA_MAX + 1, 0);
	assert_int_equal(go(&bus, &t), PROT_ERR_ARG);
	t = transfer_of(0, AST_I2C_DMA_MAX + 1);
	assert_int_equal(go(&bus, &t), PROT_ERR_ARG);
	t = transfer_of(1, 1);
	t.tx = NULL;
	assert_int_equal(go(&bus, &t), PROT_ERR_ARG);
	t = transfer_of(1, 1);
	t.rx = NULL;
	assert_int_equal(go(&bus, &t), PROT_ERR_ARG);
	expect_writes(NULL, 0);
}

static void test_transfer__another_under_way__busy(void **test_state)
{
	const struct prot_i2c_transfer one = transfer_of(2, 0);
	struct prot_i2c_transfer two = transfer_of(2, 0);

	(void)test_state;
	two.address = 0x50;
	assert_int_equal(go(&bus, &one), PROT_PENDING);
	assert_int_equal(go(&bus, &two), PROT_ERR_BUSY);
	i2c_model_end(&model, DONE | ACK | STOP, NULL, 2);
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &two), PROT_ERR_BUSY);
	assert_int_equal(go(&bus, &one), PROT_OK);
	assert_int_equal(go(&bus, &two), PROT_PENDING);
}

/* ---- Transfers that do not ----------------------------------------------- */

static void test_transfer__every_end_of_a_write__its_result(void **test_state)
{
	static const struct {
		uint32_t status;
		enum prot_status result;
	} cases[] = {
		{DONE | ACK, PROT_OK},
		{DONE | ACK | STOP, PROT_OK},
		{DONE | STOP, PROT_OK},
		{DONE | ERROR | NAK, PROT_ERR_NOT_FOUND},
		{DONE | ERROR | NAK | STOP, PROT_ERR_NOT_FOUND},
		{DONE | NAK | STOP, PROT_ERR_NOT_FOUND}, /* QEMU, data byte */
		{DONE | ERROR | ACK | NAK | STOP, PROT_ERR_NOT_FOUND},
		{DONE | ERROR | AST_I2C_CTRLR_ARB_LOSS, PROT_ERR_BUSY},
		{DONE | ERROR | NAK | AST_I2C_CTRLR_ARB_LOSS, PROT_ERR_BUSY},
		{DONE | ERROR | AST_I2C_CTRLR_ARB_LOSS | AST_I2C_CTRLR_SCL_LOW,
		 PROT_ERR_BUSY},
		{DONE | ERROR | AST_I2C_CTRLR_SCL_LOW, PROT_ERR_TIMEOUT},
		{DONE | ERROR | AST_I2C_CTRLR_SDA_TIMEOUT, PROT_ERR_TIMEOUT},
		{DONE | ERROR | AST_I2C_CTRLR_PKT_TIMEOUT, PROT_ERR_TIMEOUT},
		{DONE | ERROR | AST_I2C_CTRLR_ABNORMAL, PROT_ERR_IO},
		{DONE | ERROR, PROT_ERR_IO},
		{DONE, PROT_ERR_IO},
		{DONE | ACK | ERROR, PROT_ERR_IO},
	};
	const struct prot_i2c_transfer t = transfer_of(5, 0);

	(void)test_state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		assert_int_equal(go(&bus, &t), PROT_PENDING);
		i2c_model_end(&model, cases[i].status, NULL, 5);
		prot_ast_i2c_irq(&bus);
		assert_int_equal(model.status, 0);
		assert_int_equal(go(&bus, &t), cases[i].result);
		assert_int_equal(model.command, 0);
	}
	assert_int_equal(state.counts.nak, 4);
	assert_int_equal(state.counts.arbitration, 3);
	assert_int_equal(state.counts.timeout, 3);
	assert_int_equal(state.counts.recovered, 3);
}

static void test_transfer__nak_before_read__not_found_no_read(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(2, 3);

	(void)test_state;
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	i2c_model_end(&model, DONE | ERROR | NAK | STOP, NULL, 0);
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &t), PROT_ERR_NOT_FOUND);
	assert_int_equal(model.command, 0);
}

static void test_transfer__fewer_bytes_than_asked__io(void **test_state)
{
	const struct prot_i2c_transfer w = transfer_of(5, 0);
	const struct prot_i2c_transfer r = transfer_of(0, 5);

	(void)test_state;
	assert_int_equal(go(&bus, &w), PROT_PENDING);
	i2c_model_end(&model, DONE | ACK | STOP, NULL, 4);
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &w), PROT_ERR_IO);
	assert_int_equal(go(&bus, &r), PROT_PENDING);
	i2c_model_end(&model, DONE | RX | STOP, (const uint8_t *)"abcd", 4);
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &r), PROT_ERR_IO);
}

static void
test_irq__status_of_a_packet_under_way__left_alone(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(5, 0);

	(void)test_state;
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	mmio_mock_forget_writes();
	model.status = ACK;
	prot_ast_i2c_irq(&bus);
	expect_writes(NULL, 0);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
}

/* An end that belongs to no transfer is not the end of the next one. */
static void
test_irq__end_of_nothing__next_transfer_not_fooled(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(5, 0);

	(void)test_state;
	model.status = DONE | ACK | STOP;
	prot_ast_i2c_irq(&bus);
	assert_int_equal(model.status, 0);
	assert_false(prot_ast_i2c_has_event(&bus));
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	assert_int_not_equal(model.command, 0);
}

/* ---- Time-outs and recovery ---------------------------------------------- */

/* The first write of `register` with this value, or -1. */
static int write_at(uint32_t reg, uint32_t value)
{
	struct mmio_write w[64];
	size_t n = mmio_mock_writes(BASE, AST_I2C_BUS_STRIDE, w, 64);

	for (size_t i = 0; i < n; i++) {
		if (w[i].address == BASE + reg && w[i].value == value) {
			return (int)i;
		}
	}
	return -1;
}

static void test_transfer__never_ends__timeout_after_its_time(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(98, 0);
	uint64_t limit = 100000 + 9 * 100 * 10; /* us, at 100 kHz */

	(void)test_state;
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	mmio_mock_advance(limit - 10);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	mmio_mock_advance(20);
	assert_int_equal(go(&bus, &t), PROT_ERR_TIMEOUT);
	assert_int_equal(model.command, 0);
	assert_int_equal(state.counts.timeout, 1);
	/* Usable again. */
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	i2c_model_end(&model, DONE | ACK | STOP, NULL, 98);
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &t), PROT_OK);
}

static void overdue(const struct prot_ast_i2c *i2c,
		    const struct prot_i2c_transfer *t, uint32_t lines)
{
	assert_int_equal(go(i2c, t), PROT_PENDING);
	i2c_model_lines(&model, lines);
	mmio_mock_advance(1000000);
	mmio_mock_forget_writes();
}

static void test_recover__sda_held_low__clocked_free(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(3, 0);

	(void)test_state;
	overdue(&bus, &t, AST_I2C_LINES_SCL | AST_I2C_LINES_BUSY);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	assert_int_equal(model.recoveries, 1);
	assert_int_equal(write_at(AST_I2C_FUNCTION, 0x20000), 0);
	assert_int_equal(write_at(AST_I2C_FUNCTION, 0x20001), 1);
	assert_int_equal(write_at(AST_I2C_CTRLR_STATUS, UINT32_MAX), 2);
	assert_int_equal(write_at(AST_I2C_CTRLR_CMD, 1 << 11), 4);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	i2c_model_lines(&model, AST_I2C_LINES_SCL | AST_I2C_LINES_SDA);
	model.status = AST_I2C_CTRLR_RECOVERED;
	prot_ast_i2c_irq(&bus);
	assert_int_equal(model.status, 0);
	assert_int_equal(go(&bus, &t), PROT_ERR_TIMEOUT);
	assert_int_equal(state.counts.recovered, 1);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	assert_int_not_equal(model.command, 0);
}

static void test_recover__asked_for_by_status__clocked_free(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(3, 0);

	(void)test_state;
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	i2c_model_lines(&model, AST_I2C_LINES_SCL);
	i2c_model_end(&model, DONE | ERROR | AST_I2C_CTRLR_SDA_TIMEOUT, NULL,
		      0);
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	assert_int_equal(model.recoveries, 1);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	model.status = AST_I2C_CTRLR_RECOVERED;
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &t), PROT_ERR_TIMEOUT);
}

/* The end of the command that took too long is none of the recovery. */
static void test_recover__command_ends_late__not_taken_for_it(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(3, 0);

	(void)test_state;
	overdue(&bus, &t, AST_I2C_LINES_SCL);
	i2c_model_end(&model, DONE | ACK | STOP, NULL, 3);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	model.status = AST_I2C_CTRLR_RECOVERED;
	prot_ast_i2c_irq(&bus);
	assert_int_equal(go(&bus, &t), PROT_ERR_TIMEOUT);
	assert_false(prot_ast_i2c_has_event(&bus));
}

static void
test_recover__fails__timeout_not_counted_recovered(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(3, 0);

	(void)test_state;
	overdue(&bus, &t, AST_I2C_LINES_SCL);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	model.status = AST_I2C_CTRLR_RECOVERED | AST_I2C_CTRLR_RECOVER_FAIL;
	prot_ast_i2c_irq(&bus);
	assert_int_equal(model.status, 0);
	assert_int_equal(go(&bus, &t), PROT_ERR_TIMEOUT);
	assert_int_equal(state.counts.recovered, 0);
}

static void test_recover__does_not_end__timeout(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(3, 0);

	(void)test_state;
	overdue(&bus, &t, AST_I2C_LINES_SCL);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	mmio_mock_advance(19000);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	mmio_mock_advance(2000);
	assert_int_equal(go(&bus, &t), PROT_ERR_TIMEOUT);
	assert_int_equal(state.counts.recovered, 0);
}

static void test_recover__scl_held_low__nothing_to_clock(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(3, 0);

	(void)test_state;
	overdue(&bus, &t, 0);
	assert_int_equal(go(&bus, &t), PROT_ERR_TIMEOUT);
	assert_int_equal(model.recoveries, 0);
	assert_int_equal(state.counts.recovered, 0);
}

static void
test_recover__with_target__target_off_then_listening(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(3, 0);

	(void)test_state;
	assert_int_equal(prot_ast_i2c_init(&both), PROT_OK);
	assert_true(i2c_model_listens(&model));
	overdue(&both, &t, AST_I2C_LINES_SCL);
	assert_int_equal(go(&both, &t), PROT_PENDING);
	assert_false(i2c_model_listens(&model));
	assert_int_equal(mmio_mock_peek(BASE + AST_I2C_TARGET_ENABLE), 0);
	model.status = AST_I2C_CTRLR_RECOVERED;
	prot_ast_i2c_irq(&both);
	assert_int_equal(go(&both, &t), PROT_ERR_TIMEOUT);
	assert_true(i2c_model_listens(&model));
	assert_int_equal(mmio_mock_peek(BASE + AST_I2C_TARGET_ENABLE), 0x18000);
	assert_int_equal(mmio_mock_peek(BASE), 0x120003);
}

/* What arrived whole just before must not be lost with the reset. */
static void test_recover__write_to_us_waits__still_received(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(3, 0);
	const uint8_t *bytes;
	size_t len;

	(void)test_state;
	assert_int_equal(prot_ast_i2c_init(&both), PROT_OK);
	overdue(&both, &t, AST_I2C_LINES_SCL | AST_I2C_LINES_SDA);
	i2c_model_target(&model,
			 AST_I2C_TARGET_MATCH | AST_I2C_TARGET_RX_DONE |
				 AST_I2C_TARGET_STOP,
			 (const uint8_t *)"\x20hello", 6);
	assert_int_equal(go(&both, &t), PROT_ERR_TIMEOUT);
	assert_int_equal(prot_ast_i2c_target_ops.receive(
				 (void *)(uintptr_t)&both, &bytes, &len),
			 PROT_OK);
	assert_int_equal(len, 6);
	assert_memory_equal(bytes, "\x20hello", 6);
	assert_true(i2c_model_listens(&model));
}

static void
test_transfer__single_and_bus_busy__recovered_first(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(3, 0);

	(void)test_state;
	assert_int_equal(prot_ast_i2c_init(&single), PROT_OK);
	i2c_model_lines(&model, AST_I2C_LINES_SCL | AST_I2C_LINES_BUSY);
	assert_int_equal(go(&single, &t), PROT_PENDING);
	assert_int_equal(model.recoveries, 1);
	i2c_model_lines(&model, AST_I2C_LINES_SCL | AST_I2C_LINES_SDA);
	model.status = AST_I2C_CTRLR_RECOVERED;
	prot_ast_i2c_irq(&single);
	assert_int_equal(go(&single, &t), PROT_ERR_TIMEOUT);
	assert_int_equal(go(&single, &t), PROT_PENDING);
	assert_int_not_equal(model.command, 0);
}

static void
test_transfer__shared_and_bus_busy__hardware_waits(void **test_state)
{
	const struct prot_i2c_transfer t = transfer_of(3, 0);

	(void)test_state;
	i2c_model_lines(&model, AST_I2C_LINES_BUSY);
	assert_int_equal(go(&bus, &t), PROT_PENDING);
	assert_int_not_equal(model.command, 0);
	assert_int_equal(model.recoveries, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, setup)
		T(test_global_init__pclk__mode_and_dividers),
		T(test_global_init__always__reset_for_a_millisecond),
		T(test_init__speeds__ac_timing),
		T(test_init__any_clock__speed_reached),
		T(test_init__controller_only__registers_in_order),
		T(test_init__single__multi_master_disabled),
		T(test_init__bad_config__refused),
		T(test_transfer__write__length_address_command),
		T(test_transfer__read__command_and_bytes),
		T(test_transfer__write_read__repeated_start),
		T(test_transfer__write_read_with_target__target_rearmed),
		T(test_transfer__no_bytes__address_only),
		T(test_transfer__longest__lengths_fit),
		T(test_transfer__bad_arguments__refused),
		T(test_transfer__another_under_way__busy),
		T(test_transfer__every_end_of_a_write__its_result),
		T(test_transfer__nak_before_read__not_found_no_read),
		T(test_transfer__fewer_bytes_than_asked__io),
		T(test_irq__status_of_a_packet_under_way__left_alone),
		T(test_irq__end_of_nothing__next_transfer_not_fooled),
		T(test_transfer__never_ends__timeout_after_its_time),
		T(test_recover__sda_held_low__clocked_free),
		T(test_recover__asked_for_by_status__clocked_free),
		T(test_recover__command_ends_late__not_taken_for_it),
		T(test_recover__fails__timeout_not_counted_recovered),
		T(test_recover__does_not_end__timeout),
		T(test_recover__scl_held_low__nothing_to_clock),
		T(test_recover__with_target__target_off_then_listening),
		T(test_recover__write_to_us_waits__still_received),
		T(test_transfer__single_and_bus_busy__recovered_first),
		T(test_transfer__shared_and_bus_busy__hardware_waits),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
