/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_pinctrl.h"
#include "ast_pins.h"
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

static uint32_t scu(uint32_t offset)
{
	return mmio_mock_peek(AST_SCU_BASE + offset);
}

static void fill_rows(uint32_t row, uint32_t value)
{
	for (uint32_t g = 0; g < 4; g++) {
		mmio_mock_poke(AST_SCU_BASE + row + 4 * g, value);
	}
}

static uint32_t count_bits(uint32_t bits)
{
	uint32_t n = 0;

	for (; bits != 0; bits &= bits - 1) {
		n++;
	}
	return n;
}

/* Every monitor has its own pins, 15 of them, in the third function alone. */
static void test_pins__monitors__disjoint_and_third_function(void **state)
{
	static const struct prot_ast_pin spim[4][9] = {{AST_PINS_SPIM1},
						       {AST_PINS_SPIM2},
						       {AST_PINS_SPIM3},
						       {AST_PINS_SPIM4}};
	uint32_t taken[4] = {0};

	(void)state;
	for (size_t n = 0; n < 4; n++) {
		uint32_t count = 0;

		fill_rows(0x410, 0xFFFFFFFF);
		fill_rows(0x4B0, 0xFFFFFFFF);
		fill_rows(0x690, 0);
		prot_ast_pinctrl_apply(spim[n], n == 2 ? 9 : 6);
		for (uint32_t g = 0; g < 4; g++) {
			uint32_t bits = scu(0x690 + 4 * g);

			assert_int_equal(bits & taken[g], 0);
			assert_int_equal(scu(0x410 + 4 * g), ~bits);
			assert_int_equal(scu(0x4B0 + 4 * g), ~bits);
			taken[g] |= bits;
			count += count_bits(bits);
		}
		assert_int_equal(count, 15);
	}
}

static void test_pins__lines_and_buses__data_sheet_bits(void **state)
{
	static const struct prot_ast_pin pins[] = {
		AST_PINS_UART1, AST_PINS_I2C0, AST_PINS_I2C9,
		AST_PINS_I2C13, AST_PINS_JTAG,
	};

	(void)state;
	mmio_mock_poke(AST_SCU_BASE + 0x418, 3u << 22);
	prot_ast_pinctrl_apply(pins, sizeof(pins) / sizeof(pins[0]));
	assert_int_equal(scu(0x414), 0x30000000);
	assert_int_equal(scu(0x418), 0x0300C000);
	assert_int_equal(scu(0x4B8), 0x00C00000);
	assert_int_equal(scu(0x41C), 0x3E000000);
}

static void test_pins__gpio__every_function_off(void **state)
{
	static const struct prot_ast_pin pins[] = {
		AST_PINS_GPIO(3, 1u << 5), /* M5 */
	};

	(void)state;
	mmio_mock_poke(AST_SCU_BASE + 0x41C, 0xFF);
	mmio_mock_poke(AST_SCU_BASE + 0x4BC, 0xFF);
	mmio_mock_poke(AST_SCU_BASE + 0x69C, 0xFF);
	prot_ast_pinctrl_apply(pins, sizeof(pins) / sizeof(pins[0]));
	assert_int_equal(scu(0x41C), 0xDF);
	assert_int_equal(scu(0x4BC), 0xDF);
	assert_int_equal(scu(0x69C), 0xDF);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_apply__table__in_order_and_only_masked_bits),
		T(test_apply__empty_table__nothing),
		T(test_pins__monitors__disjoint_and_third_function),
		T(test_pins__lines_and_buses__data_sheet_bits),
		T(test_pins__gpio__every_function_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
