/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_cache.h"
#include "ast_scu.h"
#include "mmio_mock.h"

#include <string.h>

#define AREA       (AST_SCU_BASE + AST_CACHE_AREA)
#define INVALIDATE (AST_SCU_BASE + AST_CACHE_INVALIDATE)
#define CTRL       (AST_SCU_BASE + AST_CACHE_CTRL)
#define SETS       64u

/* Counts what was invalidated; a line needs a write of 0 before it. */
static struct cache_model {
	uint32_t ctrl;
	uint32_t last;
	uint32_t all_d;
	uint32_t all_i;
	uint8_t line_d[SETS];
	uint8_t line_i[SETS];
	uint32_t lines;
	size_t barriers; /* passed before the last write to CTRL */
	size_t steps[8]; /* and between two of them */
	size_t ctrl_writes;
} hw;

static void write_line(uint32_t value)
{
	if (value != 0) {
		assert_int_equal(hw.last, 0);
		assert_true(mmio_mock_irqs_off());
		hw.lines++;
	}
	if (value >> 31) {
		hw.line_d[value >> 21 & (SETS - 1)]++;
	}
	if (value >> 15 & 1) {
		hw.line_i[value >> 5 & (SETS - 1)]++;
	}
	hw.last = value;
}

static void model_write(void *ctx, uint32_t address, uint32_t value,
			unsigned width)
{
	(void)ctx;
	assert_int_equal(width, 4);
	if (address == INVALIDATE) {
		write_line(value);
	}
	if (address == CTRL) {
		uint32_t rising = value & ~hw.ctrl;

		hw.steps[hw.ctrl_writes++ % 8] =
			mmio_mock_barriers() - hw.barriers;
		hw.barriers = mmio_mock_barriers();

		hw.all_d += rising >> 1 & 1;
		hw.all_i += rising >> 2 & 1;
		if (rising & 6) {
			assert_true(mmio_mock_irqs_off());
		}
		hw.ctrl = value;
	}
}

static int setup(void **state)
{
	static const struct mmio_model model = {AREA, 12, NULL, model_write,
						NULL};

	(void)state;
	mmio_mock_reset();
	memset(&hw, 0, sizeof(hw));
	hw.last = UINT32_MAX;
	mmio_mock_add(&model);
	mmio_mock_poke(AST_SCU_BASE + AST_SCU_SILICON1, AST_SILICON_AST1060A2);
	return 0;
}

static void test_enable__range__off_area_invalidate_on(void **state)
{
	struct mmio_write w[8];

	(void)state;
	assert_int_equal(prot_ast_cache_enable(0x20000, 0x60000), PROT_OK);
	assert_int_equal(mmio_mock_writes(AREA, 12, w, 8), 5);
	assert_int_equal(w[0].address, CTRL);
	assert_int_equal(w[0].value, 0);
	assert_int_equal(w[1].address, AREA);
	assert_int_equal(w[1].value, 0xFFF0);
	assert_int_equal(hw.all_d, 1);
	assert_int_equal(hw.all_i, 1);
	assert_int_equal(w[4].address, CTRL);
	assert_int_equal(w[4].value & 1, 1);
	assert_false(mmio_mock_irqs_off());
	assert_int_equal(hw.ctrl_writes, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_true(hw.steps[i] > 0); /* a barrier before each */
	}
	assert_true(mmio_mock_barriers() > hw.barriers); /* and at the end */
}

static void test_enable__bounds__arg_outside(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_cache_enable(0, 0xC0000), PROT_OK);
	assert_int_equal(mmio_mock_peek(AREA), 0xFFFFFF);
	assert_int_equal(prot_ast_cache_enable(0xB8000, 0x8000), PROT_OK);
	assert_int_equal(mmio_mock_peek(AREA), 0x800000);
	mmio_mock_forget_writes();
	assert_int_equal(prot_ast_cache_enable(0, 0xC8000), PROT_ERR_ARG);
	assert_int_equal(prot_ast_cache_enable(0xC0000, 0x8000), PROT_ERR_ARG);
	assert_int_equal(prot_ast_cache_enable(0xC8000, 0), PROT_ERR_ARG);
	assert_int_equal(prot_ast_cache_enable(0x8000, 0xFFFF8000),
			 PROT_ERR_ARG);
	assert_int_equal(prot_ast_cache_enable(0x4000, 0x8000), PROT_ERR_ARG);
	assert_int_equal(prot_ast_cache_enable(0, 0x4000), PROT_ERR_ARG);
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, NULL, 0), 0);
}

static void test_disable__on__ctrl_0_between_barriers(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_cache_enable(0, 0x8000), PROT_OK);
	prot_ast_cache_disable();
	assert_int_equal(mmio_mock_peek(CTRL), 0);
	assert_true(hw.steps[4] > 0);
	assert_true(mmio_mock_barriers() > hw.barriers);
}

static void test_invalidate_all__on__both_and_still_on(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_cache_enable(0, 0x8000), PROT_OK);
	prot_ast_cache_invalidate_all();
	prot_ast_cache_invalidate_all();
	assert_int_equal(hw.all_d, 3);
	assert_int_equal(hw.all_i, 3);
	assert_int_equal(hw.ctrl_writes, 8);
	for (size_t i = 4; i < 8; i++) {
		assert_true(hw.steps[i] > 0);
	}
	assert_int_equal(mmio_mock_peek(CTRL) & 1, 1);
	assert_true(mmio_mock_barriers() > hw.barriers);
}

static void test_invalidate_data__unaligned__every_line_touched(void **state)
{
	(void)state;
	prot_ast_cache_invalidate_data(0x1079F, 34);
	assert_int_equal(hw.lines, 3);
	assert_int_equal(hw.line_d[0x780 / 32], 1);
	assert_int_equal(hw.line_d[0x7A0 / 32], 1);
	assert_int_equal(hw.line_d[0x7C0 / 32], 1);
	assert_int_equal(hw.all_d, 0);
	assert_false(mmio_mock_irqs_off());
	assert_int_equal(mmio_mock_barriers(), 2);
	prot_ast_cache_invalidate_data(0x1000, 64);
	assert_int_equal(hw.lines, 5);
}

static void test_invalidate_code__wraps_in_way__instruction_lines(void **state)
{
	(void)state;
	prot_ast_cache_invalidate_code(0x7E0, 64);
	assert_int_equal(hw.lines, 2);
	assert_int_equal(hw.line_i[63], 1);
	assert_int_equal(hw.line_i[0], 1);
	assert_int_equal(mmio_mock_barriers(), 2);
}

static void test_invalidate__large_range__all_at_once(void **state)
{
	(void)state;
	prot_ast_cache_invalidate_data(0x20000, 0x10000);
	assert_int_equal(hw.all_d, 1);
	assert_int_equal(hw.all_i, 0);
	prot_ast_cache_invalidate_code(0x20000, 2048);
	assert_int_equal(hw.all_i, 1);
	prot_ast_cache_invalidate_data(0xFFFFFFF0, 0x10);
	assert_int_equal(hw.all_d, 2);
	assert_int_equal(hw.lines, 0);
}

static void test_invalidate__every_size__covers_its_lines(void **state)
{
	(void)state;
	for (uint32_t size = 1; size < 2100; size += 13) {
		(void)setup(NULL);
		prot_ast_cache_invalidate_data(0x30010, size);
		for (uint32_t at = 0x30010; at < 0x30010 + size; at++) {
			assert_true(hw.all_d || hw.line_d[at % 2048 / 32] == 1);
		}
	}
}

static void test_invalidate__first_silicon__all_at_once(void **state)
{
	(void)state;
	mmio_mock_poke(AST_SCU_BASE + AST_SCU_SILICON1, AST_SILICON_AST1030A0);
	prot_ast_cache_invalidate_data(0x1000, 4);
	prot_ast_cache_invalidate_code(0x1000, 4);
	assert_int_equal(hw.all_d, 1);
	assert_int_equal(hw.all_i, 1);
	assert_int_equal(hw.lines, 0);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_enable__range__off_area_invalidate_on),
		T(test_enable__bounds__arg_outside),
		T(test_disable__on__ctrl_0_between_barriers),
		T(test_invalidate_all__on__both_and_still_on),
		T(test_invalidate_data__unaligned__every_line_touched),
		T(test_invalidate_code__wraps_in_way__instruction_lines),
		T(test_invalidate__large_range__all_at_once),
		T(test_invalidate__every_size__covers_its_lines),
		T(test_invalidate__first_silicon__all_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
