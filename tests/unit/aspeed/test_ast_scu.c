/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_scu.h"
#include "mmio_mock.h"

#define SCU(offset) (AST_SCU_BASE + (offset))

/* Registers whose ones set, or clear, bits of the word they start. */
static void set_or_clear(void *ctx, uint32_t address, uint32_t value,
			 unsigned width)
{
	uint32_t *word = ctx;

	(void)width;
	if (address % 16 == 0) {
		*word |= value;
	} else if (address % 16 == AST_SCU_CLEAR) {
		*word &= ~value;
	}
}

/* Reading the register of the releases back is what waits for them. */
static size_t reads_back;

static uint32_t read_back(void *ctx, uint32_t address, unsigned width)
{
	(void)width;
	if (address % 16 == AST_SCU_CLEAR) {
		reads_back++;
	}
	return *(uint32_t *)ctx;
}

static uint32_t reset1;
static uint32_t reset2;
static uint32_t stop1;
static uint32_t stop2;
static uint32_t log1;

static uint32_t read_log(void *ctx, uint32_t address, unsigned width)
{
	(void)ctx;
	(void)address;
	(void)width;
	return log1;
}

static void clear_log(void *ctx, uint32_t address, uint32_t value,
		      unsigned width)
{
	(void)ctx;
	(void)address;
	(void)width;
	log1 &= ~value;
}

static int setup(void **state)
{
	static const struct mmio_model models[] = {
		{SCU(0x40), 0x10, read_back, set_or_clear, &reset1},
		{SCU(0x50), 0x10, read_back, set_or_clear, &reset2},
		{SCU(0x80), 0x10, NULL, set_or_clear, &stop1},
		{SCU(0x90), 0x10, NULL, set_or_clear, &stop2},
		{SCU(0x74), 4, read_log, clear_log, NULL},
	};

	(void)state;
	mmio_mock_reset();
	reads_back = 0;
	reset1 = reset2 = stop1 = stop2 = log1 = 0;
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		mmio_mock_add(&models[i]);
	}
	return 0;
}

static void test_unlock__always__key_to_both(void **state)
{
	struct mmio_write w[4];

	(void)state;
	prot_ast_scu_unlock();
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, w, 4), 2);
	assert_int_equal(w[0].address, SCU(0x000));
	assert_int_equal(w[0].value, 0x1688A8A8);
	assert_int_equal(w[1].address, SCU(0x010));
	assert_int_equal(w[1].value, 0x1688A8A8);
}

static void test_silicon__known_ids__named(void **state)
{
	static const struct {
		uint32_t id;
		const char *name;
	} chips[] = {
		{0x80000000, "AST1030-A0"}, {0x80010000, "AST1030-A1"},
		{0x80010100, "AST1035-A1"}, {0xA0010000, "AST1060-A1"},
		{0xA0030000, "AST1060-A2"}, {0x80030000, "AST1060-A2-ENG"},
		{0x05030303, "unknown"},    {0, "unknown"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		mmio_mock_poke(SCU(0x004), chips[i].id);
		assert_int_equal(prot_ast_scu_silicon(), chips[i].id);
		assert_string_equal(
			prot_ast_scu_silicon_name(prot_ast_scu_silicon()),
			chips[i].name);
	}
}

static struct prot_ast_reset_event event_of(uint32_t log)
{
	struct prot_ast_reset_event event;

	log1 = log;
	prot_ast_scu_reset_event(&event);
	assert_int_equal(event.log1, log);
	assert_int_equal(log1, 0);
	return event;
}

static void test_reset_event__single_causes__decoded(void **state)
{
	(void)state;
	assert_int_equal(event_of(0).cause, PROT_AST_RESET_UNKNOWN);
	assert_int_equal(event_of(1).cause, PROT_AST_RESET_POWER_ON);
	assert_int_equal(event_of(2).cause, PROT_AST_RESET_EXTERNAL);
	assert_int_equal(event_of(4).cause, PROT_AST_RESET_ABR);
	assert_int_equal(event_of(4).watchdog, 0);
}

static void test_reset_event__each_watchdog__number_and_kind(void **state)
{
	static const enum prot_ast_reset_cause kinds[] = {
		PROT_AST_RESET_WDT_SOC, PROT_AST_RESET_WDT_FULL,
		PROT_AST_RESET_WDT_ARM, PROT_AST_RESET_WDT_SOFT};

	(void)state;
	for (uint32_t n = 1; n <= 4; n++) {
		for (uint32_t k = 0; k < 4; k++) {
			struct prot_ast_reset_event event =
				event_of(1u << (16 + 4 * (n - 1) + k));

			assert_int_equal(event.cause, kinds[k]);
			assert_int_equal(event.watchdog, n);
		}
	}
}

static void test_reset_event__several_causes__most_telling(void **state)
{
	struct prot_ast_reset_event event;

	(void)state;
	assert_int_equal(event_of(0xFFFFFFFF).cause, PROT_AST_RESET_POWER_ON);
	event = event_of(0x00120006); /* WDT1 full, WDT2 SoC, ABR, pin */
	assert_int_equal(event.cause, PROT_AST_RESET_WDT_SOC);
	assert_int_equal(event.watchdog, 2);
	assert_int_equal(event_of(0x000B0000).cause, PROT_AST_RESET_WDT_SOFT);
	assert_int_equal(event_of(0x00030000).cause, PROT_AST_RESET_WDT_FULL);
	assert_int_equal(event_of(6).cause, PROT_AST_RESET_ABR);
	assert_int_equal(event_of(0x0000FFF8).cause, PROT_AST_RESET_UNKNOWN);
}

static void test_reset_event__second_log__kept_and_cleared(void **state)
{
	struct prot_ast_reset_event event;
	struct mmio_write w[4];

	(void)state;
	mmio_mock_poke(SCU(0x078), 0x40);
	prot_ast_scu_reset_event(&event);
	assert_int_equal(event.log2, 0x40);
	assert_int_equal(mmio_mock_writes(SCU(0x078), 4, w, 4), 1);
	assert_int_equal(w[0].value, 0x40);
}

static void test_reset__hold_and_release__one_bit_of_its_group(void **state)
{
	(void)state;
	prot_ast_scu_reset_hold(AST_RESET_HACE);
	prot_ast_scu_reset_hold(AST_RESET_SRAM);
	assert_int_equal(reset1, 0x11);
	prot_ast_scu_reset_release(AST_RESET_SRAM);
	assert_int_equal(reset1, 0x10);
	prot_ast_scu_reset_hold(AST_RESET_I2C);
	prot_ast_scu_reset_hold(AST_RESET_UART1 + 3);
	assert_int_equal(reset2, 0x80000004);
	prot_ast_scu_reset_release(AST_RESET_I2C);
	assert_int_equal(reset2, 0x80000000);
	assert_int_equal(reset1, 0x10);
	assert_int_equal(reads_back, 2);
}

static void test_clock__stop_and_run__one_bit_of_its_group(void **state)
{
	(void)state;
	prot_ast_scu_clock_stop(AST_CLOCK_YCLK);
	prot_ast_scu_clock_stop(AST_CLOCK_RSA);
	prot_ast_scu_clock_stop(AST_CLOCK_UART1);
	assert_int_equal(stop1, 0x2000);
	assert_int_equal(stop2, 0x10040);
	prot_ast_scu_clock_run(AST_CLOCK_YCLK);
	prot_ast_scu_clock_run(AST_CLOCK_UART1);
	assert_int_equal(stop1, 0);
	assert_int_equal(stop2, 0x40);
}

static void test_pclk__every_divider__even_fractions_of_hpll(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < 16; n++) {
		mmio_mock_poke(SCU(0x310), 0xFFFFF0FF | n << 8);
		assert_int_equal(prot_ast_scu_pclk_hz(),
				 1000000000u / (2 * (n + 1)));
	}
}

static void test_hclk__every_divider__fractions_of_hpll(void **state)
{
	static const uint32_t hz[] = {500000000, 500000000, 333333333,
				      250000000, 200000000, 166666666,
				      142857142, 125000000};

	(void)state;
	for (uint32_t n = 0; n < 8; n++) {
		mmio_mock_poke(SCU(0x314), 0x8FFFFFFF | n << 28);
		assert_int_equal(prot_ast_scu_hclk_hz(), hz[n]);
	}
}

static void test_uart_routing__reset_then_own__bit_per_uart(void **state)
{
	uint32_t hicr9 = AST_LPC_BASE + 0x98;

	(void)state;
	mmio_mock_poke(AST_LPC_BASE + 0x9C, 5);
	prot_ast_scu_uart_routing_reset();
	assert_int_equal(mmio_mock_peek(hicr9), 0xA30);
	assert_int_equal(mmio_mock_peek(AST_LPC_BASE + 0x9C), 0);
	prot_ast_scu_uart_own(1);
	assert_int_equal(mmio_mock_peek(hicr9), 0xA20);
	prot_ast_scu_uart_own(2);
	assert_int_equal(mmio_mock_peek(hicr9), 0xA00);
	mmio_mock_poke(hicr9, 0xFFFFFFFF);
	prot_ast_scu_uart_own(4);
	assert_int_equal(mmio_mock_peek(hicr9), 0xFFFFFF7F);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_unlock__always__key_to_both),
		T(test_silicon__known_ids__named),
		T(test_reset_event__single_causes__decoded),
		T(test_reset_event__each_watchdog__number_and_kind),
		T(test_reset_event__several_causes__most_telling),
		T(test_reset_event__second_log__kept_and_cleared),
		T(test_reset__hold_and_release__one_bit_of_its_group),
		T(test_clock__stop_and_run__one_bit_of_its_group),
		T(test_pclk__every_divider__even_fractions_of_hpll),
		T(test_hclk__every_divider__fractions_of_hpll),
		T(test_uart_routing__reset_then_own__bit_per_uart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
