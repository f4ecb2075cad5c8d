/* SPDX-License-Identifier: Apache-2.0 */
#include "boot_fixture.h"
#include "test.h"

#include <string.h>

static struct fx f;
static struct prot_boot b;
static struct prot_journal j;

/* A running version 1, B empty, golden version 9, all SVN 5, floor 1. */
static int set_up(void **state)
{
	const struct prot_journal_state js = {
		.active = PROT_BANK_A,
		.bank = {{.state = PROT_BANK_CONFIRMED}},
	};
	struct fx_image img;

	(void)state;
	fx_init(&f, &fx_geometry, 1);
	img = fx_sign(&f, fx_header(1, 5));
	fx_install(&f, PROT_BANK_A, &img);
	img = fx_sign(&f, fx_header(9, 5));
	fx_install(&f, PROT_BANK_GOLDEN, &img);
	fx_journal(&f, &js);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_null(f.sim.violation);
	assert_false(f.fake.misused);
	return 0;
}

static void set_bank(enum prot_bank bank, uint16_t major, uint32_t svn,
		     struct prot_journal_bank jb)
{
	struct fx_image img = fx_sign(&f, fx_header(major, svn));
	struct prot_journal_record rec;

	fx_install(&f, bank, &img);
	assert_int_equal(fx_open(&f, &j), PROT_OK);
	rec = prot_journal_event(&j, PROT_JOURNAL_SNAPSHOT, bank, 0);
	rec.state.bank[bank] = jb;
	assert_int_equal(fx_append(&j, &rec), PROT_OK);
}

static void damage(enum prot_bank bank)
{
	const uint8_t zero = 0;

	flash_sim_load(&f.sim,
		       f.layout.bank[bank].offset + PROT_IMAGE_HEADER_SIZE + 50,
		       &zero, 1);
}

static void assert_boots(enum prot_boot_mode mode, enum prot_bank bank)
{
	flash_sim_power_on(&f.sim);
	assert_int_equal(fx_boot(&f, &b), PROT_OK);
	assert_int_equal(b.result.mode, mode);
	assert_int_equal(b.result.bank, bank);
}

static void test_boot__confirmed_bank__starts_normally(void **state)
{
	(void)state;
	assert_boots(PROT_BOOT_NORMAL, PROT_BANK_A);
	assert_int_equal(b.result.header.version.major, 1);
	assert_int_equal(b.result.svn_floor, 1);
	assert_int_equal(b.result.boot_count, 1);
	assert_int_equal(b.result.lifecycle, PROT_LIFECYCLE_PRODUCTION);
	assert_false(b.result.journal_lost);
	assert_int_equal(b.result.refused[PROT_BANK_B], PROT_IMAGE_UNCHECKED);
}

static void test_boot__every_op_pends__same_result(void **state)
{
	(void)state;
	f.sim.pend = 3;
	f.fake.pend = 2;
	assert_boots(PROT_BOOT_NORMAL, PROT_BANK_A);
}

static void test_boot__pending_bank__trial_until_tries_used_up(void **state)
{
	const struct prot_journal_bank pending = {.state = PROT_BANK_PENDING,
						  .max_tries = 3};

	(void)state;
	set_bank(PROT_BANK_B, 2, 5, pending);
	for (uint8_t n = 1; n <= 3; n++) {
		assert_boots(PROT_BOOT_TRIAL, PROT_BANK_B);
		assert_int_equal(b.result.boot_count, n);
	}
	assert_boots(PROT_BOOT_NORMAL, PROT_BANK_A);
	assert_int_equal(b.result.refused[PROT_BANK_B], PROT_IMAGE_UNCONFIRMED);
	assert_int_equal(prot_journal_state(&b.journal)->bank[1].state,
			 PROT_BANK_FAILED);
	assert_int_equal(prot_journal_state(&b.journal)->bank[1].reason,
			 PROT_IMAGE_UNCONFIRMED);
}

static void test_boot__pending_bank_damaged__failed_and_old_one(void **state)
{
	const struct prot_journal_bank pending = {.state = PROT_BANK_PENDING,
						  .max_tries = 3};

	(void)state;
	set_bank(PROT_BANK_B, 2, 5, pending);
	damage(PROT_BANK_B);
	assert_boots(PROT_BOOT_NORMAL, PROT_BANK_A);
	assert_int_equal(b.result.refused[PROT_BANK_B], PROT_IMAGE_DIGEST);
	assert_int_equal(prot_journal_state(&b.journal)->bank[1].state,
			 PROT_BANK_FAILED);
}

static void test_boot__trial_cannot_be_recorded__does_not_run(void **state)
{
	const struct prot_journal_bank pending = {.state = PROT_BANK_PENDING,
						  .max_tries = 3};

	(void)state;
	set_bank(PROT_BANK_B, 2, 5, pending);
	flash_sim_plan(&f.sim, 1, SIM_CUT_BEFORE);
	assert_int_equal(fx_boot(&f, &b), PROT_OK);
	/* The power is gone, so nothing verifies; above all, no trial. */
	assert_int_not_equal(b.result.mode, PROT_BOOT_TRIAL);
	assert_int_equal(b.result.refused[PROT_BANK_B], PROT_IMAGE_UNRECORDED);
}

static void test_boot__active_damaged__other_confirmed_bank(void **state)
{
	const struct prot_journal_bank confirmed = {
		.state = PROT_BANK_CONFIRMED};

	(void)state;
	set_bank(PROT_BANK_B, 2, 5, confirmed);
	damage(PROT_BANK_A);
	assert_boots(PROT_BOOT_NORMAL, PROT_BANK_B);
	assert_int_equal(b.result.refused[PROT_BANK_A], PROT_IMAGE_DIGEST);
}

static void test_boot__both_damaged__golden_in_recovery(void **state)
{
	const struct prot_journal_bank confirmed = {
		.state = PROT_BANK_CONFIRMED};

	(void)state;
	set_bank(PROT_BANK_B, 2, 5, confirmed);
	damage(PROT_BANK_A);
	damage(PROT_BANK_B);
	assert_boots(PROT_BOOT_RECOVERY, PROT_BANK_GOLDEN);
	assert_int_equal(b.result.header.version.major, 9);
}

static void test_boot__nothing_valid__lock_down(void **state)
{
	(void)state;
	damage(PROT_BANK_A);
	damage(PROT_BANK_GOLDEN);
	assert_boots(PROT_BOOT_LOCKDOWN, PROT_BANK_NONE);
	assert_int_equal(b.result.refused[PROT_BANK_A], PROT_IMAGE_DIGEST);
	assert_int_equal(b.result.refused[PROT_BANK_GOLDEN], PROT_IMAGE_DIGEST);
}

static void test_boot__three_boots_without_ok__golden_then_again(void **state)
{
	(void)state;
	for (int n = 0; n < 3; n++) {
		assert_boots(PROT_BOOT_NORMAL, PROT_BANK_A);
	}
	assert_boots(PROT_BOOT_RECOVERY, PROT_BANK_GOLDEN);
	assert_int_equal(b.result.refused[PROT_BANK_A], PROT_IMAGE_ATTEMPTS);
	assert_int_equal(fx_ok(&f, &b.journal, PROT_BANK_GOLDEN), PROT_OK);
	assert_boots(PROT_BOOT_NORMAL, PROT_BANK_A);
}

static void test_boot__three_boots_no_golden__starts_it_anyway(void **state)
{
	(void)state;
	damage(PROT_BANK_GOLDEN);
	for (int n = 0; n < 5; n++) {
		assert_boots(PROT_BOOT_NORMAL, PROT_BANK_A);
	}
}

static void test_boot__ok_each_time__never_counts_up(void **state)
{
	(void)state;
	for (int n = 0; n < 50; n++) { /* over several sectors of journal */
		assert_boots(PROT_BOOT_NORMAL, PROT_BANK_A);
		assert_int_equal(b.result.boot_count, 1);
		assert_int_equal(fx_ok(&f, &b.journal, PROT_BANK_A), PROT_OK);
	}
}

static void test_boot__blank_journal__boots_what_verifies(void **state)
{
	uint8_t blank[512];

	(void)state;
	memset(blank, 0xFF, sizeof(blank));
	flash_sim_load(&f.sim, f.layout.journal[0].offset, blank, 512);
	flash_sim_load(&f.sim, f.layout.journal[1].offset, blank, 512);
	assert_boots(PROT_BOOT_NORMAL, PROT_BANK_A);
	assert_true(b.result.journal_lost);
	assert_boots(PROT_BOOT_NORMAL, PROT_BANK_A);
	assert_false(b.result.journal_lost);
	assert_int_equal(b.result.boot_count, 2);
}

static void test_boot__below_floor__refused(void **state)
{
	struct fx_image img = fx_sign(&f, fx_header(1, 0));

	(void)state;
	fx_install(&f, PROT_BANK_A, &img);
	assert_boots(PROT_BOOT_RECOVERY, PROT_BANK_GOLDEN);
	assert_int_equal(b.result.refused[PROT_BANK_A], PROT_IMAGE_SVN);
}

static void test_boot__end_of_life__lock_down(void **state)
{
	(void)state;
	memset(f.sim.otp_data + PROT_OTP_LIFECYCLE, 0x1F, 3);
	assert_boots(PROT_BOOT_LOCKDOWN, PROT_BANK_NONE);
	assert_int_equal(b.result.lifecycle, PROT_LIFECYCLE_END_OF_LIFE);
}

static void test_boot__otp_dead__lock_down(void **state)
{
	(void)state;
	f.sim.off = true;
	assert_int_equal(fx_boot(&f, &b), PROT_OK);
	assert_int_equal(b.result.mode, PROT_BOOT_LOCKDOWN);
	assert_int_equal(b.result.refused[PROT_BANK_A], PROT_IMAGE_OTP);
}

int main(void)
{
#define BOOT_TEST(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		BOOT_TEST(test_boot__confirmed_bank__starts_normally),
		BOOT_TEST(test_boot__every_op_pends__same_result),
		BOOT_TEST(test_boot__pending_bank__trial_until_tries_used_up),
		BOOT_TEST(test_boot__pending_bank_damaged__failed_and_old_one),
		BOOT_TEST(test_boot__trial_cannot_be_recorded__does_not_run),
		BOOT_TEST(test_boot__active_damaged__other_confirmed_bank),
		BOOT_TEST(test_boot__both_damaged__golden_in_recovery),
		BOOT_TEST(test_boot__nothing_valid__lock_down),
		BOOT_TEST(test_boot__three_boots_without_ok__golden_then_again),
		BOOT_TEST(test_boot__three_boots_no_golden__starts_it_anyway),
		BOOT_TEST(test_boot__ok_each_time__never_counts_up),
		BOOT_TEST(test_boot__blank_journal__boots_what_verifies),
		BOOT_TEST(test_boot__below_floor__refused),
		BOOT_TEST(test_boot__end_of_life__lock_down),
		BOOT_TEST(test_boot__otp_dead__lock_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
