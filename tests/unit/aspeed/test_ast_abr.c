/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_abr.h"
#include "ast_scu.h"
#include "mmio_mock.h"

#define CTRL (AST_FMC_BASE + 0x64)

/* Alternate flash in use, timer running, twice run out. */
#define RUNNING 0x00000251u

static int fields;
static uint32_t ctrl;

static uint32_t read_ctrl(void *ctx, uint32_t address, unsigned width)
{
	(void)ctx;
	(void)address;
	(void)width;
	return ctrl;
}

static void write_ctrl(void *ctx, uint32_t address, uint32_t value,
		       unsigned width)
{
	(void)ctx;
	(void)address;
	(void)width;
	if ((value >> 16 & 0xFF) == 0xEA) {
		ctrl &= ~0x10u;
		fields |= 1;
	}
	if (value >> 24 == 0xEA) {
		ctrl &= ~0xFF00u;
		fields |= 2;
	}
	ctrl = (ctrl & ~1u) | (value & 1u);
}

static int setup(void **state)
{
	static const struct mmio_model model = {CTRL, 4, read_ctrl, write_ctrl,
						NULL};

	(void)state;
	mmio_mock_reset();
	mmio_mock_add(&model);
	ctrl = RUNNING;
	fields = 0;
	return 0;
}

static void test_state__after_alternate_boot__all_told(void **state)
{
	struct prot_ast_abr abr = {.single = true};

	(void)state;
	mmio_mock_poke(AST_SCU_BASE + AST_SCU_STRAP2, 0x0800);
	prot_ast_abr_state(&abr);
	assert_true(abr.strapped);
	assert_true(abr.armed);
	assert_true(abr.alternate);
	assert_false(abr.single);
	assert_int_equal(abr.events, 2);
}

static void test_state__not_strapped__all_false(void **state)
{
	struct prot_ast_abr abr = {true, true, true, true, 9};

	(void)state;
	ctrl = 0;
	prot_ast_abr_state(&abr);
	assert_false(abr.strapped);
	assert_false(abr.single);
	assert_false(abr.armed);
	assert_false(abr.alternate);
	assert_int_equal(abr.events, 0);
}

static void test_state__one_flash__single(void **state)
{
	struct prot_ast_abr abr = {0};

	(void)state;
	mmio_mock_poke(AST_SCU_BASE + AST_SCU_STRAP2, 0x1800);
	prot_ast_abr_state(&abr);
	assert_true(abr.single);
}

static void test_confirm__running__stopped_and_nothing_cleared(void **state)
{
	(void)state;
	prot_ast_abr_confirm();
	assert_int_equal(ctrl, RUNNING & ~1u);
	assert_int_equal(fields, 0);
}

static void test_confirm__fields_read_as_keys__not_written_back(void **state)
{
	struct mmio_write w[2];

	(void)state;
	ctrl = 0xEAEA0000 | RUNNING;
	prot_ast_abr_confirm();
	assert_int_equal(fields, 0);
	assert_int_equal(mmio_mock_writes(CTRL, 4, w, 2), 1);
	assert_int_equal(w[0].value, RUNNING & ~1u);
}

static void test_clear__alternate__indicator_and_events(void **state)
{
	struct prot_ast_abr abr;

	(void)state;
	prot_ast_abr_clear();
	assert_int_equal(fields, 3);
	prot_ast_abr_state(&abr);
	assert_false(abr.alternate);
	assert_int_equal(abr.events, 0);
	assert_true(abr.armed);
}

static void assert_extended(uint32_t ms, uint32_t ticks)
{
	struct mmio_write w[4];

	mmio_mock_forget_writes();
	prot_ast_abr_extend(ms);
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, w, 4), 2);
	assert_int_equal(w[0].address, AST_FMC_BASE + 0x68);
	assert_int_equal(w[0].value, ticks);
	assert_int_equal(w[1].address, AST_FMC_BASE + 0x6C);
	assert_int_equal(w[1].value, 0x4755);
}

static void test_extend__times__rounded_up_and_limited(void **state)
{
	(void)state;
	assert_extended(22000, 220);
	assert_extended(1, 1);
	assert_extended(101, 2);
	assert_extended(819100, 8191);
	assert_extended(819101, 8191);
	assert_extended(UINT32_MAX, 8191);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_state__after_alternate_boot__all_told),
		T(test_state__not_strapped__all_false),
		T(test_state__one_flash__single),
		T(test_confirm__running__stopped_and_nothing_cleared),
		T(test_confirm__fields_read_as_keys__not_written_back),
		T(test_clear__alternate__indicator_and_events),
		T(test_extend__times__rounded_up_and_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
