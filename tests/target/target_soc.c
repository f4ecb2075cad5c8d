/* SPDX-License-Identifier: Apache-2.0 */
#include "target.h"

#include "ast10x0.h"
#include "ast_abr.h"
#include "ast_board.h"
#include "ast_cache.h"
#include "ast_gpio.h"
#include "ast_rng.h"
#include "ast_scu.h"
#include "ast_timer.h"

#include <string.h>

static void test_scu__silicon__known_chip(void)
{
	uint32_t id = prot_ast_scu_silicon();

	TARGET_CHECK(id == AST_SILICON_AST1030A1);
	TARGET_CHECK(strcmp(prot_ast_scu_silicon_name(id), "AST1030-A1") == 0);
}

static void test_scu__clocks__as_the_dividers_stand(void)
{
	TARGET_CHECK(prot_ast_scu_pclk_hz() == 50000000);
	TARGET_CHECK(prot_ast_scu_hclk_hz() == 200000000);
}

static void test_scu__reset_log__empty_in_the_emulator(void)
{
	struct prot_ast_reset_event event;
	struct prot_ast_abr abr;

	prot_ast_scu_reset_event(&event);
	TARGET_CHECK(event.cause == PROT_AST_RESET_UNKNOWN);
	TARGET_CHECK(event.watchdog == 0);
	prot_ast_abr_state(&abr);
	TARGET_CHECK(!abr.armed && !abr.alternate);
}

/* The emulator has no cache: that code and data go on is all there is. */
static void test_cache__invalidated__program_goes_on(void)
{
	static volatile uint32_t word = 0x5A5A5A5A;

	TARGET_CHECK(prot_ast_cache_enable(0, 0x20000) == PROT_OK);
	prot_ast_cache_invalidate_code(0, 4096);
	prot_ast_cache_invalidate_data((uint32_t)(uintptr_t)&word, 4);
	prot_ast_cache_invalidate_all();
	TARGET_CHECK(word == 0x5A5A5A5A);
	prot_ast_cache_disable();
}

static const struct prot_ast_timer timer5 = {AST_TIMER_BASE, 5};

static void test_timer__started__counts_down(void)
{
	const uint32_t us = 1000000000;

	prot_ast_timer_start(&timer5, us, false);
	prot_clock_delay_us(prot_ast_board.seams.clock, 20000);
	TARGET_CHECK(prot_ast_timer_left(&timer5) > 0);
	TARGET_CHECK(prot_ast_timer_left(&timer5) <= us - 20000);
	prot_ast_timer_stop(&timer5);
}

static void test_timer__run_out__starts_over(void)
{
	const struct prot_clock *c = prot_ast_board.seams.clock;
	uint64_t start = prot_clock_us(c);
	uint32_t last;
	uint32_t now;

	prot_ast_timer_start(&timer5, 1000, false);
	now = prot_ast_timer_left(&timer5);
	do {
		last = now;
		now = prot_ast_timer_left(&timer5);
		TARGET_CHECK(now <= 1000);
		TARGET_CHECK(prot_clock_us(c) - start < 1000000);
	} while (now <= last);
	prot_ast_timer_stop(&timer5);
}

/* The chip's own source, which the emulator lacks: late, and no seed of it. */
static void test_noise__source_silent__timeout_and_no_seed(void)
{
	struct prot_ast_rng rng = {prot_ast_board.seams.clock};
	struct prot_entropy chip = {&prot_ast_rng_ops, &rng};
	struct prot_noise_seed_state state = {0};
	struct prot_noise_seed seed = {&chip, &state};
	uint8_t out[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	static const uint8_t zeros[8];

	prot_ast_rng_start();
	TARGET_CHECK(prot_noise_seed(&seed, out, sizeof(out)) ==
		     PROT_ERR_TIMEOUT);
	TARGET_CHECK(memcmp(out, zeros, sizeof(out)) == 0);
}

static void test_noise__two_seeds__healthy_and_different(void)
{
	uint8_t a[32];
	uint8_t b[32];

	TARGET_CHECK(prot_noise_seed(prot_ast_board.seed, a, sizeof(a)) ==
		     PROT_OK);
	TARGET_CHECK(prot_noise_seed(prot_ast_board.seed, b, sizeof(b)) ==
		     PROT_OK);
	TARGET_CHECK(memcmp(a, b, sizeof(a)) != 0);
}

static void test_gpio__driven_pin__reads_its_level(void)
{
	static struct prot_ast_gpio gpio = {AST_GPIO_BASE};
	uint16_t pin = AST_GPIO('A', 3);
	bool level;

	for (int i = 0; i < 4; i++) {
		TARGET_CHECK(prot_ast_gpio_ops.drive(&gpio, pin, i % 2) ==
			     PROT_OK);
		TARGET_CHECK(prot_ast_gpio_ops.get(&gpio, pin, &level) ==
			     PROT_OK);
		TARGET_CHECK(level == (i % 2 != 0));
	}
	TARGET_CHECK(prot_ast_gpio_ops.release(&gpio, pin) == PROT_OK);
}

#define TEST(name) #name, name

const struct target_test target_soc_tests[] = {
	{TEST(test_scu__silicon__known_chip), NULL},
	{TEST(test_scu__clocks__as_the_dividers_stand), NULL},
	{TEST(test_scu__reset_log__empty_in_the_emulator), NULL},
	{TEST(test_cache__invalidated__program_goes_on), NULL},
	{TEST(test_timer__started__counts_down), NULL},
	{TEST(test_timer__run_out__starts_over), NULL},
	{TEST(test_noise__source_silent__timeout_and_no_seed), NULL},
	{TEST(test_noise__two_seeds__healthy_and_different), NULL},
	{TEST(test_gpio__driven_pin__reads_its_level), NULL},
	{NULL, NULL, NULL},
};
