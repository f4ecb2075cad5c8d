/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_timer.h"
#include "mmio_mock.h"

#define CTRL  (AST_TIMER_BASE + AST_TIMER_CTRL)
#define CLEAR (AST_TIMER_BASE + AST_TIMER_CTRL_CLEAR)
#define INT   (AST_TIMER_BASE + AST_TIMER_INT_STATUS)

static struct prot_ast_timer_clock_state clock_ram;
static const struct prot_ast_timer_clock timer2 = {{AST_TIMER_BASE, 2},
						   &clock_ram};
static const struct prot_clock clock = {&prot_ast_timer_clock_ops,
					(void *)(uintptr_t)&timer2};

static int setup(void **state)
{
	(void)state;
	mmio_mock_reset();
	return 0;
}

static void assert_write(const struct mmio_write *w, uint32_t address,
			 uint32_t value)
{
	assert_int_equal(w->address, address);
	assert_int_equal(w->value, value);
	assert_int_equal(w->width, 4);
}

static void assert_started(uint32_t number, uint32_t block, uint32_t bits)
{
	struct prot_ast_timer t = {AST_TIMER_BASE, number};
	uint32_t nibble = 4 * (number - 1);
	struct mmio_write w[8];

	(void)setup(NULL);
	prot_ast_timer_start(&t, 1234, bits == 7);
	assert_int_equal(mmio_mock_writes(AST_TIMER_BASE, 0x100, w, 8), 7);
	assert_write(&w[0], CLEAR, 0xFu << nibble);
	assert_write(&w[1], AST_TIMER_BASE + block + 0x4, 0);
	assert_write(&w[2], INT, 1u << (number - 1));
	assert_write(&w[3], AST_TIMER_BASE + block + 0x4, 1234);
	assert_write(&w[4], AST_TIMER_BASE + block + 0x8, UINT32_MAX);
	assert_write(&w[5], AST_TIMER_BASE + block + 0xC, UINT32_MAX);
	assert_write(&w[6], CTRL, bits << nibble);
}

static void test_start__each_timer__own_registers(void **state)
{
	static const uint8_t blocks[AST_TIMER_COUNT] = {0x00, 0x10, 0x20, 0x40,
							0x50, 0x60, 0x70, 0x80};

	(void)state;
	for (uint32_t n = 1; n <= AST_TIMER_COUNT; n++) {
		assert_started(n, blocks[n - 1], 3);
		assert_started(n, blocks[n - 1], 7);
	}
}

static void test_start__others_running__left_alone(void **state)
{
	struct prot_ast_timer t = {AST_TIMER_BASE, 3};

	(void)state;
	mmio_mock_poke(CTRL, 0x70000013);
	prot_ast_timer_start(&t, 5, false);
	assert_int_equal(mmio_mock_peek(CTRL), 0x70000313);
}

static void test_stop__running__nibble_and_counter_cleared(void **state)
{
	struct prot_ast_timer t = {AST_TIMER_BASE, 8};
	struct mmio_write w[4];

	(void)state;
	prot_ast_timer_stop(&t);
	assert_int_equal(mmio_mock_writes(AST_TIMER_BASE, 0x100, w, 4), 2);
	assert_write(&w[0], CLEAR, 0xF0000000);
	assert_write(&w[1], AST_TIMER_BASE + 0x84, 0);
}

static void test_left__counting__status(void **state)
{
	struct prot_ast_timer t = {AST_TIMER_BASE, 4};

	(void)state;
	mmio_mock_poke(AST_TIMER_BASE + 0x40, 77);
	assert_int_equal(prot_ast_timer_left(&t), 77);
}

static void test_ack__always__own_bit_only(void **state)
{
	struct prot_ast_timer t = {AST_TIMER_BASE, 5};
	struct mmio_write w[2];

	(void)state;
	mmio_mock_poke(INT, 0xFF);
	prot_ast_timer_ack(&t);
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, w, 2), 1);
	assert_write(&w[0], INT, 0x10);
}

/* The counter of timer 2, looked at with interrupts off once it is started. */
static uint32_t counter;

static uint32_t read_counter(void *ctx, uint32_t address, unsigned width)
{
	(void)ctx;
	(void)address;
	(void)width;
	return counter;
}

static int setup_clock(void **state)
{
	static const struct mmio_model model = {AST_TIMER_BASE + 0x10, 4,
						read_counter, NULL, NULL};

	(void)setup(state);
	mmio_mock_add(&model);
	counter = UINT32_MAX;
	prot_ast_timer_clock_start(&timer2);
	return 0;
}

static void test_clock__started__longest_period_no_interrupt(void **state)
{
	(void)state;
	assert_int_equal(mmio_mock_peek(AST_TIMER_BASE + 0x14), UINT32_MAX);
	assert_int_equal(mmio_mock_peek(CTRL), 0x30);
}

static void test_clock__counting_down__time_goes_up(void **state)
{
	(void)state;
	assert_int_equal(prot_clock_us(&clock), 0);
	counter = UINT32_MAX - 1;
	assert_int_equal(prot_clock_us(&clock), 1);
	counter = UINT32_MAX - 1000000;
	assert_int_equal(prot_clock_us(&clock), 1000000);
	assert_int_equal(prot_clock_us(&clock), 1000000);
	assert_false(mmio_mock_irqs_off());
}

static void test_clock__counter_starts_over__time_goes_on(void **state)
{
	uint64_t us = 0;

	(void)state;
	for (size_t i = 0; i < 20; i++) {
		counter -= 0xC0000001u;
		us += 0xC0000001u;
		assert_true(prot_clock_us(&clock) == us);
	}
	assert_true(us > (uint64_t)UINT32_MAX * 14);
}

static void test_clock__restarted__from_0(void **state)
{
	(void)state;
	counter = 5;
	assert_true(prot_clock_us(&clock) != 0);
	prot_ast_timer_clock_start(&timer2);
	assert_int_equal(prot_clock_us(&clock), 0);
	counter = 4;
	assert_int_equal(prot_clock_us(&clock), 1);
}

#define T(f)       cmocka_unit_test_setup(f, setup)
#define T_CLOCK(f) cmocka_unit_test_setup(f, setup_clock)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_start__each_timer__own_registers),
		T(test_start__others_running__left_alone),
		T(test_stop__running__nibble_and_counter_cleared),
		T(test_left__counting__status),
		T(test_ack__always__own_bit_only),
		T_CLOCK(test_clock__started__longest_period_no_interrupt),
		T_CLOCK(test_clock__counting_down__time_goes_up),
		T_CLOCK(test_clock__counter_starts_over__time_goes_on),
		T_CLOCK(test_clock__restarted__from_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
