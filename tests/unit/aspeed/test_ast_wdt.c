/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_wdt.h"
#include "mmio_mock.h"

static const struct prot_ast_wdt wdt2 = {AST_WDT_BASE + AST_WDT_STRIDE};
static const struct prot_watchdog dog = {&prot_ast_wdt_ops,
					 (void *)(uintptr_t)&wdt2};

static int setup(void **state)
{
	(void)state;
	mmio_mock_reset();
	return 0;
}

static void test_start__milliseconds__reload_restart_enable(void **state)
{
	struct mmio_write w[8];

	(void)state;
	dog.ops->start(dog.ctx, 1500);
	assert_int_equal(mmio_mock_writes(AST_WDT_BASE, 0x200, w, 8), 4);
	assert_int_equal(w[0].address, wdt2.base + AST_WDT_CTRL);
	assert_int_equal(w[0].value & AST_WDT_CTRL_ENABLE, 0);
	assert_int_equal(w[1].address, wdt2.base + AST_WDT_RELOAD);
	assert_int_equal(w[1].value, 1500000);
	assert_int_equal(w[2].address, wdt2.base + AST_WDT_RESTART);
	assert_int_equal(w[2].value, 0x4755);
	assert_int_equal(w[3].address, wdt2.base + AST_WDT_CTRL);
	assert_int_equal(w[3].value, 3);
}

static void test_start__longer_than_counter__longest(void **state)
{
	(void)state;
	dog.ops->start(dog.ctx, UINT32_MAX);
	assert_int_equal(mmio_mock_peek(wdt2.base + AST_WDT_RELOAD),
			 AST_WDT_MS_MAX * 1000u);
}

static void test_feed__always__restart_key_only(void **state)
{
	struct mmio_write w[2];

	(void)state;
	dog.ops->feed(dog.ctx);
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, w, 2), 1);
	assert_int_equal(w[0].address, wdt2.base + AST_WDT_RESTART);
	assert_int_equal(w[0].value, 0x4755);
}

static void test_stop__running__enable_cleared(void **state)
{
	(void)state;
	dog.ops->start(dog.ctx, 10);
	dog.ops->stop(dog.ctx);
	assert_int_equal(mmio_mock_peek(wdt2.base + AST_WDT_CTRL) &
				 AST_WDT_CTRL_ENABLE,
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			test_start__milliseconds__reload_restart_enable, setup),
		cmocka_unit_test_setup(test_start__longer_than_counter__longest,
				       setup),
		cmocka_unit_test_setup(test_feed__always__restart_key_only,
				       setup),
		cmocka_unit_test_setup(test_stop__running__enable_cleared,
				       setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
