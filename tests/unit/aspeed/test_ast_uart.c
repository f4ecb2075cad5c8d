/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_uart.h"
#include "mmio_mock.h"

#include <string.h>

#define RING 32u
#define LINE 4096u

/* A 16550A: what the other side sends waits on the line behind the FIFO. */
static struct uart_model {
	uint8_t line[LINE];
	uint8_t marks[LINE]; /* error bits of each byte */
	size_t line_len;
	size_t line_at;
	uint8_t sent[LINE];
	size_t sent_len;
	uint32_t lsr; /* THRE, TEMT and OE */
	uint32_t dlab_writes;
	bool bits_seen; /* the status was read since the last byte */
} hw;

static uint8_t ring[RING];
static struct prot_ast_uart_state state_ram;
static const struct prot_ast_uart uart1 = {
	.base = AST_UART1_BASE,
	.baud = 115200,
	.ring = ring,
	.ring_size = RING,
	.state = &state_ram,
};
static const struct prot_uart uart = {&prot_ast_uart_ops,
				      (void *)(uintptr_t)&uart1};

static uint32_t read_lsr(void)
{
	uint32_t lsr = hw.lsr;

	hw.lsr &= ~AST_UART_LSR_OE;
	if (hw.line_at < hw.line_len) {
		lsr |= AST_UART_LSR_DR;
		lsr |= hw.bits_seen ? 0 : hw.marks[hw.line_at];
		hw.bits_seen = true;
	}
	return lsr;
}

static uint32_t model_read(void *ctx, uint32_t address, unsigned width)
{
	(void)ctx;
	assert_int_equal(width, 4);
	switch (address - AST_UART1_BASE) {
	case AST_UART_LSR:
		return read_lsr();
	case AST_UART_RBR:
		assert_true(hw.line_at < hw.line_len);
		hw.bits_seen = false;
		return hw.line[hw.line_at++];
	default:
		return mmio_mock_peek(address);
	}
}

static void model_write(void *ctx, uint32_t address, uint32_t value,
			unsigned width)
{
	uint32_t lcr = mmio_mock_peek(AST_UART1_BASE + AST_UART_LCR);

	(void)ctx;
	assert_int_equal(width, 4);
	if (address != AST_UART1_BASE + AST_UART_THR) {
		return;
	}
	if (lcr & AST_UART_LCR_DLAB) {
		hw.dlab_writes++;
		return;
	}
	assert_true(hw.sent_len < LINE);
	hw.sent[hw.sent_len++] = (uint8_t)value;
	hw.lsr &= ~(AST_UART_LSR_THRE | AST_UART_LSR_TEMT);
}

static void arrive(const void *bytes, size_t len, uint8_t mark)
{
	assert_true(len <= LINE - hw.line_len);
	memcpy(hw.line + hw.line_len, bytes, len);
	memset(hw.marks + hw.line_len, mark, len);
	hw.line_len += len;
}

static void arrive_count(size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t byte = (uint8_t)hw.line_len;

		arrive(&byte, 1, 0);
	}
}

static void assert_counted(const uint8_t *bytes, size_t len, size_t from)
{
	for (size_t i = 0; i < len; i++) {
		assert_int_equal(bytes[i], (uint8_t)(from + i));
	}
}

static int setup(void **state)
{
	static const struct mmio_model model = {AST_UART1_BASE, 0x100,
						model_read, model_write, NULL};

	(void)state;
	mmio_mock_reset();
	memset(&hw, 0, sizeof(hw));
	memset(ring, 0, sizeof(ring));
	hw.lsr = AST_UART_LSR_THRE | AST_UART_LSR_TEMT;
	mmio_mock_add(&model);
	return prot_ast_uart_init(&uart1) == PROT_OK ? 0 : -1;
}

static uint32_t reg(uint32_t offset)
{
	return mmio_mock_peek(AST_UART1_BASE + offset);
}

static void test_init__115200__divisor_1_under_dlab(void **state)
{
	static const struct mmio_write expect[] = {
		{AST_UART1_BASE + 0x0C, 0x03, 4},
		{AST_UART1_BASE + 0x04, 0x00, 4},
		{AST_UART1_BASE + 0x0C, 0x83, 4},
		{AST_UART1_BASE + 0x00, 0x01, 4},
		{AST_UART1_BASE + 0x04, 0x00, 4},
		{AST_UART1_BASE + 0x0C, 0x03, 4},
		{AST_UART1_BASE + 0x08, 0x87, 4},
		{AST_UART1_BASE + 0x10, 0x0B, 4},
	};
	struct mmio_write w[16];

	(void)state;
	assert_int_equal(mmio_mock_writes(AST_UART1_BASE, 0x100, w, 16), 8);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(w[i].address, expect[i].address);
		assert_int_equal(w[i].value, expect[i].value);
		assert_int_equal(w[i].width, expect[i].width);
	}
	assert_int_equal(hw.dlab_writes, 1);
}

static enum prot_status init_with(uint32_t baud, uint32_t ring_size)
{
	struct prot_ast_uart u = uart1;

	u.baud = baud;
	u.ring_size = ring_size;
	return prot_ast_uart_init(&u);
}

static uint32_t divisor_after(uint32_t baud)
{
	mmio_mock_forget_writes();
	assert_int_equal(init_with(baud, RING), PROT_OK);

	struct mmio_write w[16];

	assert_int_equal(mmio_mock_writes(AST_UART1_BASE, 0x100, w, 16), 8);
	return w[3].value | w[4].value << 8;
}

static void test_init__slower_rates__nearest_divisor(void **state)
{
	(void)state;
	assert_int_equal(divisor_after(57600), 2);
	assert_int_equal(divisor_after(38400), 3);
	assert_int_equal(divisor_after(9600), 12);
	assert_int_equal(divisor_after(300), 385);
}

static void test_init__rate_out_of_reach__arg(void **state)
{
	(void)state;
	mmio_mock_forget_writes();
	assert_int_equal(init_with(0, RING), PROT_ERR_ARG);
	assert_int_equal(init_with(1, RING), PROT_ERR_ARG);
	assert_int_equal(init_with(76800, RING), PROT_ERR_ARG);
	assert_int_equal(init_with(230400, RING), PROT_ERR_ARG);
	assert_int_equal(init_with(921600, RING), PROT_ERR_ARG);
	assert_int_equal(init_with(UINT32_MAX, RING), PROT_ERR_ARG);
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, NULL, 0), 0);
}

static void test_init__ring_not_power_of_two__arg(void **state)
{
	(void)state;
	assert_int_equal(init_with(115200, 0), PROT_ERR_ARG);
	assert_int_equal(init_with(115200, 3), PROT_ERR_ARG);
	assert_int_equal(init_with(115200, 24), PROT_ERR_ARG);
	assert_int_equal(init_with(115200, 1), PROT_OK);
}

static void test_write__fifo_empty__takes_one_fifo(void **state)
{
	uint8_t bytes[40];

	(void)state;
	memset(bytes, 0xA5, sizeof(bytes));
	assert_int_equal(uart.ops->write(uart.ctx, bytes, 40), 16);
	assert_int_equal(hw.sent_len, 16);
	assert_memory_equal(hw.sent, bytes, 16);
	assert_int_equal(uart.ops->write(uart.ctx, bytes, 24), 0);
	assert_int_equal(hw.sent_len, 16);
	hw.lsr |= AST_UART_LSR_THRE;
	assert_int_equal(uart.ops->write(uart.ctx, bytes, 3), 3);
	assert_int_equal(hw.sent_len, 19);
}

static void test_sent__fifo_empty_but_shifting__false(void **state)
{
	(void)state;
	assert_true(prot_ast_uart_sent(&uart1));
	hw.lsr = AST_UART_LSR_THRE;
	assert_false(prot_ast_uart_sent(&uart1));
}

static void test_read__polled__bytes_in_order(void **state)
{
	uint8_t out[64];

	(void)state;
	assert_int_equal(uart.ops->read(uart.ctx, out, 64), 0);
	arrive("hello", 5, 0);
	assert_int_equal(uart.ops->read(uart.ctx, out, 2), 2);
	assert_int_equal(uart.ops->read(uart.ctx, out + 2, 64), 3);
	assert_memory_equal(out, "hello", 5);
	assert_int_equal(reg(AST_UART_IER), 0);
}

static void test_read__polled_more_than_ring__nothing_lost(void **state)
{
	uint8_t out[1000];
	size_t got = 0;

	(void)state;
	arrive_count(1000);
	while (got < 1000) {
		size_t n = uart.ops->read(uart.ctx, out + got, 7);

		assert_int_equal(n, got + 7 <= 1000 ? 7 : 1000 - got);
		got += n;
	}
	assert_counted(out, 1000, 0);
	assert_int_equal(uart.ops->read(uart.ctx, out, 7), 0);
}

static void test_read__cap_0__nothing_lost(void **state)
{
	uint8_t out[4];

	(void)state;
	arrive("ab", 2, 0);
	assert_int_equal(uart.ops->read(uart.ctx, out, 0), 0);
	assert_int_equal(uart.ops->read(uart.ctx, out, 4), 2);
	assert_memory_equal(out, "ab", 2);
}

static void test_read__interrupts_on__ring_only(void **state)
{
	uint8_t out[8];

	(void)state;
	prot_ast_uart_interrupts(&uart1, true);
	assert_int_equal(reg(AST_UART_IER), AST_UART_IER_RX);
	arrive("abc", 3, 0);
	assert_int_equal(uart.ops->read(uart.ctx, out, 8), 0);
	prot_ast_uart_irq(&uart1);
	assert_int_equal(reg(AST_UART_IER), AST_UART_IER_RX);
	assert_int_equal(uart.ops->read(uart.ctx, out, 8), 3);
	assert_memory_equal(out, "abc", 3);
}

static void test_irq__ring_full_and_open__masked_again(void **state)
{
	(void)state;
	prot_ast_uart_interrupts(&uart1, true);
	arrive_count(RING + 1);
	prot_ast_uart_irq(&uart1);
	prot_ast_uart_interrupts(&uart1, true);
	prot_ast_uart_irq(&uart1);
	assert_int_equal(reg(AST_UART_IER), 0);
	assert_int_equal(hw.line_at, RING);
}

static void test_has_data__polled__looks_at_the_line(void **state)
{
	uint8_t out[4];

	(void)state;
	assert_false(prot_ast_uart_has_data(&uart1));
	arrive("ab", 2, 0);
	assert_true(prot_ast_uart_has_data(&uart1));
	assert_int_equal(uart.ops->read(uart.ctx, out, 1), 1);
	assert_true(prot_ast_uart_has_data(&uart1));
	assert_int_equal(uart.ops->read(uart.ctx, out + 1, 4), 1);
	assert_memory_equal(out, "ab", 2);
	assert_false(prot_ast_uart_has_data(&uart1));
}

static void test_has_data__interrupts_on__ring_only(void **state)
{
	(void)state;
	prot_ast_uart_interrupts(&uart1, true);
	arrive("a", 1, 0);
	assert_false(prot_ast_uart_has_data(&uart1));
	prot_ast_uart_irq(&uart1);
	assert_true(prot_ast_uart_has_data(&uart1));
}

static void test_irq__ring_full__masked_until_read(void **state)
{
	uint8_t out[RING];

	(void)state;
	prot_ast_uart_interrupts(&uart1, true);
	arrive_count(RING + 5);
	prot_ast_uart_irq(&uart1);
	assert_int_equal(reg(AST_UART_IER), 0);
	assert_int_equal(hw.line_at, RING);
	assert_int_equal(uart.ops->read(uart.ctx, out, 4), 4);
	assert_counted(out, 4, 0);
	assert_int_equal(reg(AST_UART_IER), AST_UART_IER_RX);
	prot_ast_uart_irq(&uart1);
	assert_int_equal(hw.line_at, RING + 4);
	assert_int_equal(uart.ops->read(uart.ctx, out, RING), RING);
	assert_counted(out, RING, 4);
	prot_ast_uart_irq(&uart1);
	assert_int_equal(uart.ops->read(uart.ctx, out, RING), 1);
	assert_counted(out, 1, RING + 4);
	assert_int_equal(prot_ast_uart_overruns(&uart1), 0);
}

static void test_irq__counters_wrap__bytes_in_order(void **state)
{
	uint8_t out[RING];

	(void)state;
	prot_ast_uart_interrupts(&uart1, true);
	atomic_store(&state_ram.head, UINT32_MAX - 3);
	atomic_store(&state_ram.tail, UINT32_MAX - 3);
	for (size_t round = 0; round < 4; round++) {
		arrive_count(7);
		prot_ast_uart_irq(&uart1);
		assert_int_equal(uart.ops->read(uart.ctx, out, RING), 7);
		assert_counted(out, 7, round * 7);
	}
}

static void test_interrupts__off_again__polls(void **state)
{
	uint8_t out[4];

	(void)state;
	prot_ast_uart_interrupts(&uart1, true);
	prot_ast_uart_interrupts(&uart1, false);
	assert_int_equal(reg(AST_UART_IER), 0);
	arrive("x", 1, 0);
	assert_int_equal(uart.ops->read(uart.ctx, out, 4), 1);
	assert_int_equal(reg(AST_UART_IER), 0);
}

static void test_read__bad_bytes__dropped_and_counted(void **state)
{
	uint8_t out[8];

	(void)state;
	arrive("a", 1, 0);
	arrive("?", 1, AST_UART_LSR_FE);
	arrive("b", 1, 0);
	arrive("?", 1, AST_UART_LSR_PE);
	arrive("\0", 1, AST_UART_LSR_BI | AST_UART_LSR_FE);
	arrive("c", 1, 0);
	assert_int_equal(uart.ops->read(uart.ctx, out, 8), 3);
	assert_memory_equal(out, "abc", 3);
	assert_int_equal(prot_ast_uart_errors(&uart1), 3);
	assert_int_equal(prot_ast_uart_overruns(&uart1), 0);
}

static void test_read__error_seen_by_write__byte_dropped(void **state)
{
	uint8_t out[8];

	(void)state;
	arrive("?", 1, AST_UART_LSR_FE);
	arrive("b", 1, 0);
	assert_int_equal(uart.ops->write(uart.ctx, out, 0), 0);
	assert_int_equal(uart.ops->read(uart.ctx, out, 8), 1);
	assert_int_equal(out[0], 'b');
	assert_int_equal(prot_ast_uart_errors(&uart1), 1);
}

static void test_init__again__errors_forgotten(void **state)
{
	uint8_t out[8];

	(void)state;
	arrive("?", 1, AST_UART_LSR_FE);
	assert_int_equal(uart.ops->write(uart.ctx, out, 0), 0);
	hw.line_len = 0;
	assert_int_equal(prot_ast_uart_init(&uart1), PROT_OK);
	arrive("b", 1, 0);
	assert_int_equal(uart.ops->read(uart.ctx, out, 8), 1);
	assert_int_equal(prot_ast_uart_errors(&uart1), 0);
}

static void test_read__endless_errors__returns(void **state)
{
	uint8_t out[8];
	uint8_t noise[100] = {0};

	(void)state;
	arrive(noise, sizeof(noise), AST_UART_LSR_BI);
	assert_int_equal(uart.ops->read(uart.ctx, out, 8), 0);
	assert_int_equal(prot_ast_uart_errors(&uart1), RING);
}

static void test_read__overrun__counted_and_bytes_kept(void **state)
{
	uint8_t out[8];

	(void)state;
	arrive("ab", 2, 0);
	hw.lsr |= AST_UART_LSR_OE;
	assert_true(prot_ast_uart_sent(&uart1));
	assert_int_equal(uart.ops->read(uart.ctx, out, 8), 2);
	assert_int_equal(prot_ast_uart_overruns(&uart1), 1);
	hw.lsr |= AST_UART_LSR_OE;
	assert_int_equal(uart.ops->read(uart.ctx, out, 8), 0);
	assert_int_equal(prot_ast_uart_overruns(&uart1), 2);
	assert_int_equal(prot_ast_uart_errors(&uart1), 0);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_init__115200__divisor_1_under_dlab),
		T(test_init__slower_rates__nearest_divisor),
		T(test_init__rate_out_of_reach__arg),
		T(test_init__ring_not_power_of_two__arg),
		T(test_write__fifo_empty__takes_one_fifo),
		T(test_sent__fifo_empty_but_shifting__false),
		T(test_read__polled__bytes_in_order),
		T(test_read__polled_more_than_ring__nothing_lost),
		T(test_read__cap_0__nothing_lost),
		T(test_read__interrupts_on__ring_only),
		T(test_irq__ring_full__masked_until_read),
		T(test_irq__counters_wrap__bytes_in_order),
		T(test_irq__ring_full_and_open__masked_again),
		T(test_interrupts__off_again__polls),
		T(test_has_data__polled__looks_at_the_line),
		T(test_has_data__interrupts_on__ring_only),
		T(test_init__again__errors_forgotten),
		T(test_read__bad_bytes__dropped_and_counted),
		T(test_read__error_seen_by_write__byte_dropped),
		T(test_read__endless_errors__returns),
		T(test_read__overrun__counted_and_bytes_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
