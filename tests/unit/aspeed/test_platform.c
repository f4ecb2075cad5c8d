/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "mmio_mock.h"
#include "platform.h"
#include "spim_model.h"

#include <string.h>

#define PINS    8
#define NO_PIN  99
#define UNKNOWN -1
#define WORDS   16u

static int levels[PINS];

static enum prot_status drive(void *ctx, uint16_t pin, bool level)
{
	(void)ctx;
	if (pin >= PINS) {
		return PROT_ERR_ARG;
	}
	levels[pin] = level;
	return PROT_OK;
}

static const struct prot_gpio_ops gpio_ops = {.drive = drive};
static const uint16_t pins[] = {2, 5};
static const uint16_t pins_and_none[] = {2, NO_PIN, 5};
static const struct prot_ast_hosts hosts = {{&gpio_ops, NULL}, pins, 2};
static const struct prot_ast_hosts broken = {
	{&gpio_ops, NULL}, pins_and_none, 3};

static struct spim_model model[2];
static struct prot_ast_spim_state states[2];
static uint32_t rings[2][WORDS];
static struct prot_ast_spim_policy policy;
static struct prot_ast_spim units[2];
static const struct prot_ast_monitors monitors = {units, 2};

static int setup(void **state)
{
	(void)state;
	mmio_mock_reset();
	for (int i = 0; i < PINS; i++) {
		levels[i] = UNKNOWN;
	}
	memset(model, 0, sizeof(model));
	memset(states, 0, sizeof(states));
	policy = (struct prot_ast_spim_policy){
		.commands = prot_ast_spim_default_commands,
		.command_count = prot_ast_spim_default_command_count,
		.elsewhere = PROT_AST_SPIM_READ,
	};
	for (uint32_t i = 0; i < 2; i++) {
		model[i].unit = i + 1;
		spim_model_add(&model[i]);
		units[i] = (struct prot_ast_spim){
			.unit = i + 1,
			.clock = &mmio_mock_clock,
			.policy = &policy,
			.state = &states[i],
			.log = rings[i],
			.log_words = WORDS,
		};
	}
	return 0;
}

static void test_hosts_hold__all_pins__low(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_hosts_hold(&hosts), PROT_OK);
	assert_int_equal(levels[2], 0);
	assert_int_equal(levels[5], 0);
	assert_int_equal(levels[3], UNKNOWN);
}

static void test_hosts_release__all_pins__high(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_hosts_release(&hosts), PROT_OK);
	assert_int_equal(levels[2], 1);
	assert_int_equal(levels[5], 1);
}

static void test_hosts_hold__missing_pin__others_held_and_error(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_hosts_hold(&broken), PROT_ERR_ARG);
	assert_int_equal(levels[2], 0);
	assert_int_equal(levels[5], 0);
}

static void test_may_run__each_mode__normal_and_trial_only(void **state)
{
	(void)state;
	assert_true(prot_ast_platform_may_run(PROT_BOOT_NORMAL));
	assert_true(prot_ast_platform_may_run(PROT_BOOT_TRIAL));
	assert_false(prot_ast_platform_may_run(PROT_BOOT_RECOVERY));
	assert_false(prot_ast_platform_may_run(PROT_BOOT_LOCKDOWN));
}

static void test_monitors_protect__two_units__both_filter(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_monitors_protect(&monitors), PROT_OK);
	for (int i = 0; i < 2; i++) {
		assert_true(spim_model_send(&model[i], 0x03, 0));  /* READ */
		assert_false(spim_model_send(&model[i], 0xC7, 0)); /* erase */
		assert_false(spim_model_send(&model[i], 0x02, 0)); /* write */
	}
}

static void test_monitors_protect__already_locked__stays(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_monitors_protect(&monitors), PROT_OK);
	policy.elsewhere = PROT_AST_SPIM_READ | PROT_AST_SPIM_WRITE;
	assert_int_equal(prot_ast_monitors_protect(&monitors), PROT_OK);
	assert_false(spim_model_send(&model[0], 0x02, 0));
}

static void test_monitors_protect__one_does_not_work__error(void **state)
{
	(void)state;
	model[0].tables_stuck = true;
	assert_int_equal(prot_ast_monitors_protect(&monitors), PROT_ERR_IO);
	assert_false(spim_model_send(&model[0], 0x03, 0));
	assert_true(spim_model_send(&model[1], 0x03, 0)); /* that one does */
}

static void test_monitors_next__blocked_by_both__each_once(void **state)
{
	struct prot_ast_spim_event event;
	char line[80];
	uint32_t unit;

	(void)state;
	assert_int_equal(prot_ast_monitors_protect(&monitors), PROT_OK);
	assert_false(spim_model_send(&model[1], 0xC7, 0));
	assert_int_equal(prot_ast_monitors_next(&monitors, &unit, &event),
			 PROT_OK);
	assert_int_equal(unit, 2);
	prot_ast_monitors_line(unit, &event, line, sizeof(line));
	assert_string_equal(line, "SPI monitor 2: command 0xc7 blocked");
	assert_int_equal(prot_ast_monitors_next(&monitors, &unit, &event),
			 PROT_ERR_NOT_FOUND);
}

static void test_monitors_line__each_kind__says_what_and_where(void **state)
{
	const struct prot_ast_spim_event write = {
		.kind = PROT_AST_SPIM_BLOCKED_WRITE, .address = 0x00108000};
	const struct prot_ast_spim_event read = {
		.kind = PROT_AST_SPIM_BLOCKED_READ, .address = 0xFFC000};
	const struct prot_ast_spim_event other = {
		.kind = PROT_AST_SPIM_UNKNOWN_EVENT, .word = 0xDEADBEEF};
	char line[80];

	(void)state;
	prot_ast_monitors_line(1, &write, line, sizeof(line));
	assert_string_equal(line, "SPI monitor 1: write at 0x00108000 blocked");
	prot_ast_monitors_line(1, &read, line, sizeof(line));
	assert_string_equal(line, "SPI monitor 1: read at 0x00ffc000 blocked");
	prot_ast_monitors_line(4, &other, line, sizeof(line));
	assert_string_equal(line,
			    "SPI monitor 4: access of kind 0xdeadbeef blocked");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_hosts_hold__all_pins__low, setup),
		cmocka_unit_test_setup(test_hosts_release__all_pins__high,
				       setup),
		cmocka_unit_test_setup(
			test_hosts_hold__missing_pin__others_held_and_error,
			setup),
		cmocka_unit_test_setup(
			test_may_run__each_mode__normal_and_trial_only, setup),
		cmocka_unit_test_setup(
			test_monitors_protect__two_units__both_filter, setup),
		cmocka_unit_test_setup(
			test_monitors_protect__already_locked__stays, setup),
		cmocka_unit_test_setup(
			test_monitors_protect__one_does_not_work__error, setup),
		cmocka_unit_test_setup(
			test_monitors_next__blocked_by_both__each_once, setup),
		cmocka_unit_test_setup(
			test_monitors_line__each_kind__says_what_and_where,
			setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
