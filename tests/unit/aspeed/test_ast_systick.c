/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast_systick.h"
#include "cortex_m.h"
#include "mmio_mock.h"

#include <string.h>

#define MHZ    UINT64_C(200)
#define PERIOD UINT64_C(200000) /* cycles */

/* The timer: every access takes `step` cycles. */
static struct systick_model {
	uint64_t cycle; /* since it was started */
	uint32_t step;
	uint64_t flagged; /* wraps that COUNTFLAG has told of */
	bool held;        /* an emulator that is late with a wrap */
} hw;

static struct prot_ast_systick_state state_ram;
static const struct prot_ast_systick tick = {200000000, 1000, &state_ram};
static const struct prot_clock clock = {&prot_ast_systick_ops,
					(void *)(uintptr_t)&tick};

static uint64_t wraps(void)
{
	return hw.held ? hw.flagged : hw.cycle / PERIOD;
}

static uint32_t read_cvr(void)
{
	if (hw.held) {
		return 0;
	}
	return (uint32_t)((PERIOD - hw.cycle % PERIOD) % PERIOD);
}

static uint32_t model_read(void *ctx, uint32_t address, unsigned width)
{
	uint32_t value = mmio_mock_peek(address);

	(void)ctx;
	assert_int_equal(width, 4);
	assert_true(mmio_mock_irqs_off());
	hw.cycle += hw.step;
	if (address == CM_SYST_CVR) {
		return read_cvr();
	}
	assert_int_equal(address, CM_SYST_CSR);
	if (wraps() != hw.flagged) {
		hw.flagged = wraps();
		value |= CM_SYST_CSR_COUNTFLAG;
	}
	return value;
}

static int setup(void **state)
{
	static const struct mmio_model model = {CM_SYST_CSR, 0x10, model_read,
						NULL, NULL};

	(void)state;
	mmio_mock_reset();
	memset(&hw, 0, sizeof(hw));
	mmio_mock_add(&model);
	return prot_ast_systick_start(&tick) == PROT_OK ? 0 : -1;
}

static void test_start__1_ms__stop_reload_clear_run(void **state)
{
	struct mmio_write w[8];

	(void)state;
	assert_int_equal(mmio_mock_writes(CM_SYST_CSR, 0x10, w, 8), 4);
	assert_int_equal(w[0].address, CM_SYST_CSR);
	assert_int_equal(w[0].value, 0);
	assert_int_equal(w[1].address, CM_SYST_RVR);
	assert_int_equal(w[1].value, 199999);
	assert_int_equal(w[2].address, CM_SYST_CVR);
	assert_int_equal(w[3].address, CM_SYST_CSR);
	assert_int_equal(w[3].value, 7);
}

static enum prot_status start_with(uint32_t hz, uint32_t tick_us)
{
	struct prot_ast_systick t = {hz, tick_us, &state_ram};

	return prot_ast_systick_start(&t);
}

static void test_start__bounds__arg_outside(void **state)
{
	(void)state;
	assert_int_equal(start_with(200000000, 100), PROT_OK);
	assert_int_equal(start_with(200000000, 83886), PROT_OK);
	assert_int_equal(start_with(200000000, 83887), PROT_ERR_ARG);
	assert_int_equal(start_with(200000000, UINT32_MAX), PROT_ERR_ARG);
	assert_int_equal(start_with(200000000, 99), PROT_ERR_ARG);
	assert_int_equal(start_with(200000000, 0), PROT_ERR_ARG);
	assert_int_equal(start_with(200500000, 1000), PROT_ERR_ARG);
	assert_int_equal(start_with(0, 1000), PROT_ERR_ARG);
	assert_int_equal(start_with(1000000, 1u << 24), PROT_OK);
}

static void test_stop__running__disabled(void **state)
{
	(void)state;
	prot_ast_systick_stop();
	assert_int_equal(mmio_mock_peek(CM_SYST_CSR), 0);
}

static void test_now__within_period__counts_down(void **state)
{
	(void)state;
	assert_int_equal(prot_clock_us(&clock), 0);
	hw.cycle = MHZ - 1;
	assert_int_equal(prot_clock_us(&clock), 0);
	hw.cycle = MHZ;
	assert_int_equal(prot_clock_us(&clock), 1);
	hw.cycle = PERIOD - 1;
	assert_int_equal(prot_clock_us(&clock), 999);
	assert_false(mmio_mock_irqs_off());
}

static void test_now__wrapped_before_handler__counted_once(void **state)
{
	(void)state;
	hw.cycle = PERIOD;
	assert_int_equal(prot_clock_us(&clock), 1000);
	hw.cycle = PERIOD + 5 * MHZ;
	assert_int_equal(prot_clock_us(&clock), 1005);
	prot_ast_systick_irq(&tick);
	assert_int_equal(prot_clock_us(&clock), 1005);
	assert_false(mmio_mock_irqs_off());
}

static void test_irq__nobody_looks__keeps_every_period(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= 100; i++) {
		/* Late by more and by less than the time before. */
		hw.cycle = (uint64_t)i * PERIOD + i * UINT64_C(7919) % PERIOD;
		prot_ast_systick_irq(&tick);
	}
	hw.cycle = 101ull * PERIOD - 1;
	assert_int_equal(prot_clock_us(&clock), 100999);
}

static void test_now__wraps_amid_the_look__consistent(void **state)
{
	(void)state;
	for (uint32_t step = 1; step <= 50; step++) {
		for (uint32_t before = 0; before <= 4 * step; before++) {
			uint64_t us;

			(void)setup(NULL);
			hw.step = step;
			hw.cycle = PERIOD - before;
			us = prot_clock_us(&clock);
			assert_in_range(us, (PERIOD - before) / MHZ,
					hw.cycle / MHZ);
		}
	}
}

/* Looks at odd moments, handlers late or not at all, never two periods. */
static void test_now__random_looks__exact_and_never_back(void **state)
{
	uint32_t seed = 1;
	uint64_t last = 0;

	(void)state;
	hw.step = 3;
	for (size_t i = 0; i < 100000; i++) {
		uint64_t before;
		uint64_t us;

		seed = seed * 1664525u + 1013904223u;
		hw.cycle += (seed >> 8) % PERIOD;
		if (seed & 0x80000000u) {
			prot_ast_systick_irq(&tick);
		}
		before = hw.cycle / MHZ;
		us = prot_clock_us(&clock);
		assert_true(us >= last && us >= before);
		assert_true(us <= hw.cycle / MHZ);
		last = us;
	}
}

static void test_now__ticks_lost__stands_still_but_not_back(void **state)
{
	uint64_t us;

	(void)state;
	hw.cycle = PERIOD - MHZ;
	assert_int_equal(prot_clock_us(&clock), 999);
	hw.cycle += 3 * PERIOD;
	us = prot_clock_us(&clock);
	assert_int_equal(us, 1999);
	hw.cycle += 2 * MHZ;
	assert_int_equal(prot_clock_us(&clock), 2001);
}

static void test_now__counter_held_at_0__not_back(void **state)
{
	(void)state;
	hw.cycle = PERIOD - MHZ;
	assert_int_equal(prot_clock_us(&clock), 999);
	hw.held = true;
	assert_int_equal(prot_clock_us(&clock), 999);
	hw.held = false;
	hw.cycle = PERIOD + MHZ;
	assert_int_equal(prot_clock_us(&clock), 1001);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_start__1_ms__stop_reload_clear_run),
		T(test_start__bounds__arg_outside),
		T(test_stop__running__disabled),
		T(test_now__within_period__counts_down),
		T(test_now__wrapped_before_handler__counted_once),
		T(test_irq__nobody_looks__keeps_every_period),
		T(test_now__wraps_amid_the_look__consistent),
		T(test_now__random_looks__exact_and_never_back),
		T(test_now__ticks_lost__stands_still_but_not_back),
		T(test_now__counter_held_at_0__not_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
