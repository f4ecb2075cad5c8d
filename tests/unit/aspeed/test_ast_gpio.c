/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_gpio.h"
#include "mmio_mock.h"

#define REG(offset) (AST_GPIO_BASE + (offset))

static const struct prot_ast_gpio block = {AST_GPIO_BASE};
static const struct prot_gpio gpio = {&prot_ast_gpio_ops,
				      (void *)(uintptr_t)&block};

/* The registers of each group as the data sheet lists them. */
static const struct {
	uint32_t data, dir, enable, sense[3], status, tolerant, latch;
} groups[AST_GPIO_GROUPS] = {
	{0x000, 0x004, 0x008, {0x00C, 0x010, 0x014}, 0x018, 0x01C, 0x0C0},
	{0x020, 0x024, 0x028, {0x02C, 0x030, 0x034}, 0x038, 0x03C, 0x0C4},
	{0x070, 0x074, 0x098, {0x09C, 0x0A0, 0x0A4}, 0x0A8, 0x0AC, 0x0C8},
	{0x078, 0x07C, 0x0E8, {0x0EC, 0x0F0, 0x0F4}, 0x0F8, 0x0FC, 0x0CC},
	{0x080, 0x084, 0x118, {0x11C, 0x120, 0x124}, 0x128, 0x12C, 0x0D0},
	{0x088, 0x08C, 0x148, {0x14C, 0x150, 0x154}, 0x158, 0x15C, 0x0D4},
};

/* Writing the data register sets the latch; reading it reads the pins. */
static uint32_t level_of_pins;

static uint32_t read_pins(void *ctx, uint32_t address, unsigned width)
{
	(void)ctx;
	(void)address;
	(void)width;
	return level_of_pins;
}

static void write_latch(void *ctx, uint32_t address, uint32_t value,
			unsigned width)
{
	(void)ctx;
	(void)address;
	(void)width;
	assert_true(mmio_mock_irqs_off());
	mmio_mock_poke(REG(0x0CC), value);
}

static int setup(void **state)
{
	static const struct mmio_model model = {REG(0x078), 4, read_pins,
						write_latch, NULL};

	(void)state;
	mmio_mock_reset();
	level_of_pins = 0;
	mmio_mock_add(&model);
	return 0;
}

static void test_names__data_sheet__numbers(void **state)
{
	(void)state;
	assert_int_equal(AST_GPIO('A', 0), 0);
	assert_int_equal(AST_GPIO('H', 2), 58);
	assert_int_equal(AST_GPIO('M', 5), 101);
	assert_int_equal(AST_GPIO('U', 7), 167);
}

static void test_get__each_group__level_of_the_pin(void **state)
{
	static const char port[] = "ADIMTU"; /* one of each group */

	(void)state;
	mmio_mock_poke(REG(0x000), 1u << 24); /* D0 */
	mmio_mock_poke(REG(0x070), 1u << 0);  /* I0 */
	mmio_mock_poke(REG(0x080), 1u << 24); /* T0 */
	mmio_mock_poke(REG(0x088), 1u << 0);  /* U0 */
	level_of_pins = 1;                    /* M0 */
	for (size_t i = 0; port[i]; i++) {
		bool level = port[i] == 'A';

		assert_int_equal(
			gpio.ops->get(gpio.ctx, AST_GPIO(port[i], 0), &level),
			PROT_OK);
		assert_int_equal(level, port[i] != 'A');
	}
}

static void test_drive__other_pin_pulled__latch_kept(void **state)
{
	struct mmio_write w[4];

	(void)state;
	/* M0 is driven high, but something on the board holds it low. */
	mmio_mock_poke(REG(0x0CC), 1);
	mmio_mock_poke(REG(0x07C), 1);
	level_of_pins = 0xFFFFFFFE;
	assert_int_equal(gpio.ops->drive(gpio.ctx, AST_GPIO('M', 5), true),
			 PROT_OK);
	assert_int_equal(mmio_mock_writes(REG(0), 0x400, w, 4), 3);
	assert_int_equal(w[0].address, REG(0x078)); /* level first */
	assert_int_equal(w[0].value, 0x21);
	assert_int_equal(w[1].address, REG(0x07C));
	assert_int_equal(w[1].value, 0x21);
	assert_int_equal(w[2].address, REG(0x078));
	assert_int_equal(w[2].value, 0x21);
	assert_int_equal(gpio.ops->drive(gpio.ctx, AST_GPIO('M', 5), false),
			 PROT_OK);
	assert_int_equal(mmio_mock_peek(REG(0x0CC)), 1);
	assert_int_equal(mmio_mock_peek(REG(0x07C)), 0x21);
	assert_false(mmio_mock_irqs_off());
}

static void test_release__output__input_again_level_kept(void **state)
{
	(void)state;
	assert_int_equal(gpio.ops->drive(gpio.ctx, AST_GPIO('M', 5), true),
			 PROT_OK);
	assert_int_equal(gpio.ops->drive(gpio.ctx, AST_GPIO('M', 2), true),
			 PROT_OK);
	assert_int_equal(gpio.ops->release(gpio.ctx, AST_GPIO('M', 5)),
			 PROT_OK);
	assert_int_equal(mmio_mock_peek(REG(0x07C)), 0x04);
	assert_int_equal(mmio_mock_peek(REG(0x0CC)), 0x24);
}

/* Ports M to U have pins missing; from T on there are inputs alone. */
static bool exists(uint16_t pin)
{
	static const uint32_t pins[AST_GPIO_GROUPS] = {0xFFFFFFFF, 0xFFFFFFFF,
						       0xFFFFFFFF, 0xFFFFFF3F,
						       0xFF060C1F, 0x000000FF};

	return pin < AST_GPIO_GROUPS * 32 &&
	       (pins[pin / 32] >> pin % 32 & 1) != 0;
}

static void test_ops__every_number__arg_where_no_pin(void **state)
{
	(void)state;
	for (uint16_t pin = 0; pin < 300; pin++) {
		enum prot_status st = exists(pin) ? PROT_OK : PROT_ERR_ARG;
		enum prot_status out =
			pin < AST_GPIO('T', 0) ? st : PROT_ERR_ARG;
		bool level;

		mmio_mock_forget_writes();
		assert_int_equal(gpio.ops->get(gpio.ctx, pin, &level), st);
		assert_int_equal(gpio.ops->drive(gpio.ctx, pin, true), out);
		assert_int_equal(gpio.ops->release(gpio.ctx, pin), st);
		assert_int_equal(prot_ast_gpio_interrupt(&block, pin,
							 PROT_AST_GPIO_RISING),
				 st);
		assert_int_equal(prot_ast_gpio_interrupt_off(&block, pin), st);
		assert_int_equal(
			prot_ast_gpio_reset_tolerant(&block, pin, true), st);
	}
	assert_int_equal(gpio.ops->release(gpio.ctx, UINT16_MAX), PROT_ERR_ARG);
	assert_false(prot_ast_gpio_take(&block, UINT16_MAX));
}

static void assert_sense(size_t group, enum prot_ast_gpio_sense sense,
			 uint32_t s0, uint32_t s1, uint32_t s2)
{
	uint16_t pin = (uint16_t)(group * 32 + 3);
	uint32_t expect[3] = {s0, s1, s2};
	struct mmio_write w[8];

	for (size_t i = 0; i < 3; i++) {
		mmio_mock_poke(REG(groups[group].sense[i]), 0xA5);
	}
	mmio_mock_forget_writes();
	assert_int_equal(prot_ast_gpio_interrupt(&block, pin, sense), PROT_OK);
	assert_int_equal(mmio_mock_writes(REG(0), 0x400, w, 8), 6);
	assert_int_equal(w[0].address, REG(groups[group].enable));
	assert_int_equal(w[0].value & 8, 0);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(mmio_mock_peek(REG(groups[group].sense[i])),
				 0xA5 | (expect[i] ? 8u : 0));
	}
	assert_int_equal(w[4].address, REG(groups[group].status));
	assert_int_equal(w[4].value, 8);
	assert_int_equal(w[5].address, REG(groups[group].enable));
	assert_int_equal(w[5].value & 8, 8);
}

static void test_interrupt__each_sense_and_group__its_bits(void **state)
{
	(void)state;
	for (size_t g = 0; g < AST_GPIO_GROUPS; g++) {
		assert_sense(g, PROT_AST_GPIO_FALLING, 0, 0, 0);
		assert_sense(g, PROT_AST_GPIO_RISING, 1, 0, 0);
		assert_sense(g, PROT_AST_GPIO_LOW, 0, 1, 0);
		assert_sense(g, PROT_AST_GPIO_HIGH, 1, 1, 0);
		assert_sense(g, PROT_AST_GPIO_BOTH, 0, 0, 1);
	}
}

static void test_interrupt__sense_changed__old_bits_cleared(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_gpio_interrupt(&block, 0, PROT_AST_GPIO_HIGH),
			 PROT_OK);
	assert_int_equal(prot_ast_gpio_interrupt(&block, 0, PROT_AST_GPIO_BOTH),
			 PROT_OK);
	assert_int_equal(mmio_mock_peek(REG(0x00C)), 0);
	assert_int_equal(mmio_mock_peek(REG(0x010)), 0);
	assert_int_equal(mmio_mock_peek(REG(0x014)), 1);
}

static void test_interrupt_off__enabled__disabled_and_forgotten(void **state)
{
	struct mmio_write w[4];

	(void)state;
	mmio_mock_poke(REG(0x028), 0xFF);
	assert_int_equal(prot_ast_gpio_interrupt_off(&block, 33), PROT_OK);
	assert_int_equal(mmio_mock_peek(REG(0x028)), 0xFD);
	assert_int_equal(mmio_mock_writes(REG(0x038), 4, w, 4), 1);
	assert_int_equal(w[0].value, 2);
}

static void test_take__pending__true_and_own_bit_cleared(void **state)
{
	struct mmio_write w[4];

	(void)state;
	mmio_mock_poke(REG(0x018), 0x12);
	assert_false(prot_ast_gpio_take(&block, 0));
	assert_true(prot_ast_gpio_take(&block, 1));
	assert_int_equal(mmio_mock_writes(REG(0), 0x400, w, 4), 1);
	assert_int_equal(w[0].address, REG(0x018));
	assert_int_equal(w[0].value, 2);
}

static void test_reset_tolerant__on_and_off__one_bit(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_gpio_reset_tolerant(&block, 70, true),
			 PROT_OK);
	assert_int_equal(mmio_mock_peek(REG(0x0AC)), 0x40);
	assert_int_equal(prot_ast_gpio_reset_tolerant(&block, 70, false),
			 PROT_OK);
	assert_int_equal(mmio_mock_peek(REG(0x0AC)), 0);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_names__data_sheet__numbers),
		T(test_get__each_group__level_of_the_pin),
		T(test_drive__other_pin_pulled__latch_kept),
		T(test_release__output__input_again_level_kept),
		T(test_ops__every_number__arg_where_no_pin),
		T(test_interrupt__each_sense_and_group__its_bits),
		T(test_interrupt__sense_changed__old_bits_cleared),
		T(test_interrupt_off__enabled__disabled_and_forgotten),
		T(test_take__pending__true_and_own_bit_cleared),
		T(test_reset_tolerant__on_and_off__one_bit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
