/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_rng.h"
#include "mmio_mock.h"

#define CTRL     (AST_SCU_BASE + 0x530)
#define DATA     (AST_SCU_BASE + 0x534)
#define EMULATOR (AST_SCU_BASE + 0x540)

static const struct prot_ast_rng rng = {&mmio_mock_clock};
static const struct prot_entropy chip = {&prot_ast_rng_ops,
					 (void *)(uintptr_t)&rng};
static const struct prot_entropy emulator = {&prot_ast_rng_emulator_ops, NULL};

/* The next word is ready that long after the one before was read. */
static uint64_t pause_us;
static uint64_t ready_at;
static uint64_t time_us;
static uint32_t word;

static void on_time(void *ctx, uint64_t now_us)
{
	(void)ctx;
	time_us = now_us;
}

static uint32_t model_read(void *ctx, uint32_t address, unsigned width)
{
	(void)ctx;
	assert_int_equal(width, 4);
	if (address == CTRL) {
		return mmio_mock_peek(CTRL) |
		       (time_us >= ready_at ? AST_RNG_CTRL_READY : 0);
	}
	assert_true(time_us >= ready_at);
	ready_at = time_us + pause_us;
	return ++word;
}

static int setup(void **state)
{
	static const struct mmio_model model = {CTRL, 8, model_read, NULL,
						NULL};

	(void)state;
	mmio_mock_reset();
	mmio_mock_add(&model);
	mmio_mock_on_time(on_time, NULL);
	pause_us = 50;
	ready_at = 50;
	time_us = 0;
	word = 0xA0000000;
	return 0;
}

static void test_start__disabled__enabled_in_mode_18(void **state)
{
	struct mmio_write w[2];

	(void)state;
	mmio_mock_poke(CTRL, 0x7F);
	prot_ast_rng_start();
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, w, 2), 1);
	assert_int_equal(w[0].address, CTRL);
	assert_int_equal(w[0].value & 0x7FFFFFFF, 0x40 | 0x30);
}

static void test_sample__each__waits_until_ready(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= 20; i++) {
		uint32_t got = 0;

		assert_int_equal(chip.ops->sample(chip.ctx, &got), PROT_OK);
		assert_int_equal(got, 0xA0000000 + i);
	}
	assert_true(time_us >= UINT64_C(20) * 50);
}

static void test_sample__never_ready__timeout_and_data_not_read(void **state)
{
	uint32_t got = 7;

	(void)state;
	ready_at = UINT64_MAX;
	assert_int_equal(chip.ops->sample(chip.ctx, &got), PROT_ERR_TIMEOUT);
	assert_int_equal(got, 7);
	assert_int_equal(word, 0xA0000000);
	assert_in_range(time_us, AST_RNG_LIMIT_US, 2 * AST_RNG_LIMIT_US);
}

static void test_sample__ready_late__next_call_succeeds(void **state)
{
	uint32_t got;

	(void)state;
	ready_at = AST_RNG_LIMIT_US + AST_RNG_LIMIT_US / 2;
	assert_int_equal(chip.ops->sample(chip.ctx, &got), PROT_ERR_TIMEOUT);
	assert_int_equal(chip.ops->sample(chip.ctx, &got), PROT_OK);
}

static void test_emulator_sample__always__its_register(void **state)
{
	uint32_t got = 0;

	(void)state;
	mmio_mock_poke(EMULATOR, 0x12345678);
	assert_int_equal(emulator.ops->sample(emulator.ctx, &got), PROT_OK);
	assert_int_equal(got, 0x12345678);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_start__disabled__enabled_in_mode_18),
		T(test_sample__each__waits_until_ready),
		T(test_sample__never_ready__timeout_and_data_not_read),
		T(test_sample__ready_late__next_call_succeeds),
		T(test_emulator_sample__always__its_register),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
