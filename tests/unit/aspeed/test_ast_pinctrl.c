/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_pinctrl.h"
#include "mmio_mock.h"

static int setup(void **state)
{
	(void)state;
	mmio_mock_reset();
	return 0;
}

static void test_apply__table__in_order_and_only_masked_bits(void **state)
{
	static const struct prot_ast_pin pins[] = {
		AST_PIN_SET(0x418, 3u << 24),
		AST_PIN_CLEAR(0x4B8, 3u << 24),
		{0x418, 0xF0, 0xFFFFFF50},
	};
	struct mmio_write w[4];

	(void)state;
	mmio_mock_poke(AST_SCU_BASE + 0x418, 0x800000FF);
	mmio_mock_poke(AST_SCU_BASE + 0x4B8, 0xFFFFFFFF);
	prot_ast_pinctrl_apply(pins, 3);
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, w, 4), 3);
	assert_int_equal(w[0].address, AST_SCU_BASE + 0x418);
	assert_int_equal(w[0].value, 0x830000FF);
	assert_int_equal(w[1].address, AST_SCU_BASE + 0x4B8);
	assert_int_equal(w[1].value, 0xFCFFFFFF);
	assert_int_equal(w[2].address, AST_SCU_BASE + 0x418);
	assert_int_equal(w[2].value, 0x8300005F);
}

static void test_apply__empty_table__nothing(void **state)
{
	(void)state;
	prot_ast_pinctrl_apply(NULL, 0);
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, NULL, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			test_apply__table__in_order_and_only_masked_bits,
			setup),
		cmocka_unit_test_setup(test_apply__empty_table__nothing, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
