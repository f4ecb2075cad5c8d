/* SPDX-License-Identifier: Apache-2.0 */
#include "boot_fixture.h"
#include "test.h"

#include <string.h>

static struct fx f;
static struct prot_journal j;
static struct prot_boot_report r;

/* A confirmed with SVN 2; B on trial with SVN 6; golden SVN 5; floor 2. */
static int set_up(void **state)
{
	const struct prot_journal_state js = {
		.bank = {{.state = PROT_BANK_CONFIRMED},
			 {.state = PROT_BANK_TRIAL,
			  .tries = 1,
			  .max_tries = 3}},
	};
	struct fx_image img;

	(void)state;
	fx_init(&f, &fx_geometry, 2);
	img = fx_sign(&f, fx_header(1, 2));
	fx_install(&f, PROT_BANK_A, &img);
	img = fx_sign(&f, fx_header(2, 6));
	fx_install(&f, PROT_BANK_B, &img);
	img = fx_sign(&f, fx_header(9, 5));
	fx_install(&f, PROT_BANK_GOLDEN, &img);
	fx_journal(&f, &js);
	assert_int_equal(fx_open(&f, &j), PROT_OK);
	flash_sim_power_on(&f.sim);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_null(f.sim.violation);
	assert_false(f.fake.misused);
	return 0;
}

static enum prot_status confirm(enum prot_bank bank)
{
	prot_boot_confirm_init(&r, &f.cfg, &j, bank);
	return fx_report(&r);
}

static enum prot_status commit(enum prot_bank bank)
{
	prot_boot_commit_svn_init(&r, &f.cfg, &j, bank);
	return fx_report(&r);
}

static const struct prot_journal_bank *bank(enum prot_bank b)
{
	return &prot_journal_state(&j)->bank[b];
}

static void install_golden(uint32_t svn)
{
	struct fx_image img = fx_sign(&f, fx_header(9, svn));

	fx_install(&f, PROT_BANK_GOLDEN, &img);
}

static void set_state(enum prot_bank b, uint8_t bank_state)
{
	struct prot_journal_record rec =
		prot_journal_event(&j, PROT_JOURNAL_SNAPSHOT, b, 0);

	rec.state.bank[b].state = bank_state;
	assert_int_equal(fx_append(&j, &rec), PROT_OK);
}

static void test_confirm__trial__active_and_floor_up_to_golden(void **state)
{
	(void)state;
	assert_int_equal(confirm(PROT_BANK_B), PROT_OK);
	assert_int_equal(bank(PROT_BANK_B)->state, PROT_BANK_CONFIRMED);
	assert_int_equal(prot_journal_state(&j)->active, PROT_BANK_B);
	assert_int_equal(prot_boot_report_floor(&r), 5);
	assert_int_equal(fx_floor(&f), 5);
	/* and the old image, now below the floor, is out of the running */
	assert_int_equal(bank(PROT_BANK_A)->state, PROT_BANK_FAILED);
	assert_int_equal(bank(PROT_BANK_A)->reason, PROT_IMAGE_SVN);
}

static void test_confirm__golden_new_enough__floor_of_the_image(void **state)
{
	(void)state;
	install_golden(9);
	assert_int_equal(confirm(PROT_BANK_B), PROT_OK);
	assert_int_equal(fx_floor(&f), 6);
}

static void test_confirm__image_asks_for_less__that_much(void **state)
{
	struct prot_image_header h = fx_header(2, 6);
	struct fx_image img;

	(void)state;
	h.svn_floor = 3;
	img = fx_sign(&f, h);
	fx_install(&f, PROT_BANK_B, &img);
	assert_int_equal(confirm(PROT_BANK_B), PROT_OK);
	assert_int_equal(fx_floor(&f), 3);
}

static void test_confirm__repeated__writes_nothing(void **state)
{
	(void)state;
	assert_int_equal(confirm(PROT_BANK_B), PROT_OK);
	flash_sim_power_on(&f.sim);
	assert_int_equal(confirm(PROT_BANK_B), PROT_OK);
	assert_int_equal(prot_boot_report_floor(&r), 5);
	assert_int_equal(f.sim.ops, 0);
}

static void test_confirm__golden_damaged__confirmed_floor_stays(void **state)
{
	const uint8_t zero = 0;

	(void)state;
	flash_sim_load(&f.sim, f.layout.bank[PROT_BANK_GOLDEN].offset + 600,
		       &zero, 1);
	assert_int_equal(confirm(PROT_BANK_B), PROT_ERR_AUTH);
	assert_int_equal(bank(PROT_BANK_B)->state, PROT_BANK_CONFIRMED);
	assert_int_equal(fx_floor(&f), 2);
}

static void test_confirm__golden_missing__confirmed_floor_stays(void **state)
{
	uint8_t blank[PROT_IMAGE_HEADER_SIZE];

	(void)state;
	memset(blank, 0xFF, sizeof(blank));
	flash_sim_load(&f.sim, f.layout.bank[PROT_BANK_GOLDEN].offset, blank,
		       sizeof(blank));
	assert_int_equal(confirm(PROT_BANK_B), PROT_ERR_AUTH);
	assert_int_equal(bank(PROT_BANK_B)->state, PROT_BANK_CONFIRMED);
	assert_int_equal(fx_floor(&f), 2);
}

static void test_confirm__no_golden_bank__floor_of_the_image(void **state)
{
	(void)state;
	f.layout.bank[PROT_BANK_GOLDEN].size = 0;
	assert_int_equal(confirm(PROT_BANK_B), PROT_OK);
	assert_int_equal(fx_floor(&f), 6);
}

/* What runs may differ from what stands in the bank by now. */
static void test_confirm__own_bank_damaged__floor_stays(void **state)
{
	const uint8_t zero = 0;

	(void)state;
	flash_sim_load(&f.sim, f.layout.bank[PROT_BANK_B].offset + 600, &zero,
		       1);
	assert_int_equal(confirm(PROT_BANK_B), PROT_ERR_AUTH);
	assert_int_equal(fx_floor(&f), 2);
}

static void test_confirm__policy_manual__floor_by_commit_only(void **state)
{
	(void)state;
	f.cfg.svn_commit = PROT_SVN_COMMIT_MANUAL;
	assert_int_equal(commit(PROT_BANK_B), PROT_ERR_STATE); /* on trial */
	assert_int_equal(confirm(PROT_BANK_B), PROT_OK);
	assert_int_equal(prot_boot_report_floor(&r), 2);
	assert_int_equal(bank(PROT_BANK_A)->state, PROT_BANK_CONFIRMED);
	assert_int_equal(commit(PROT_BANK_B), PROT_OK);
	assert_int_equal(fx_floor(&f), 5);
}

static void test_confirm__policy_never__floor_stays(void **state)
{
	(void)state;
	f.cfg.svn_commit = PROT_SVN_COMMIT_NEVER;
	assert_int_equal(confirm(PROT_BANK_B), PROT_OK);
	assert_int_equal(commit(PROT_BANK_B), PROT_ERR_STATE);
	assert_int_equal(fx_floor(&f), 2);
}

static void test_confirm__each_bank_state__only_where_it_runs(void **state)
{
	(void)state;
	assert_int_equal(confirm(PROT_BANK_GOLDEN), PROT_ERR_STATE);
	assert_int_equal(confirm(PROT_BANK_NONE), PROT_ERR_ARG);
	set_state(PROT_BANK_B, PROT_BANK_EMPTY);
	assert_int_equal(confirm(PROT_BANK_B), PROT_ERR_STATE);
	set_state(PROT_BANK_B, PROT_BANK_STAGED);
	assert_int_equal(confirm(PROT_BANK_B), PROT_ERR_STATE);
	set_state(PROT_BANK_B, PROT_BANK_FAILED);
	assert_int_equal(confirm(PROT_BANK_B), PROT_ERR_STATE);
	set_state(PROT_BANK_B, PROT_BANK_PENDING);
	assert_int_equal(confirm(PROT_BANK_B), PROT_OK);
}

static void test_confirm__ops_pend__same_result(void **state)
{
	(void)state;
	f.sim.pend = 2;
	f.fake.pend = 2;
	assert_int_equal(confirm(PROT_BANK_B), PROT_OK);
	assert_int_equal(fx_floor(&f), 5);
}

/* Reported as failed at any operation: asking again completes it. */
static void test_confirm__each_op_fails__completed_by_asking(void **state)
{
	(void)state;
	for (uint32_t at = 1;; at++) {
		set_up(state);
		f.sim.fault_at = at;
		f.sim.fault = SIM_ERROR_HALF;
		(void)confirm(PROT_BANK_B);
		if (!f.sim.faulted) {
			assert_in_range(at, 11, 15);
			break;
		}
		assert_int_equal(confirm(PROT_BANK_B), PROT_OK);
		assert_int_equal(fx_floor(&f), 5);
		assert_int_equal(bank(PROT_BANK_A)->state, PROT_BANK_FAILED);
	}
}

static void test_ok__failed_boots__forgotten(void **state)
{
	struct prot_journal_record rec = prot_journal_event(
		&j, PROT_JOURNAL_BOOT_ATTEMPT, PROT_BANK_A, 0);

	(void)state;
	assert_int_equal(fx_append(&j, &rec), PROT_OK);
	flash_sim_power_on(&f.sim);
	assert_int_equal(fx_ok(&f, &j, PROT_BANK_A), PROT_OK);
	assert_int_equal(bank(PROT_BANK_A)->attempts, 0);
	assert_int_equal(f.sim.ops, 1);
	assert_int_equal(fx_ok(&f, &j, PROT_BANK_A), PROT_OK);
	assert_int_equal(f.sim.ops, 1);
}

static void test_ok__trial__stays_on_trial(void **state)
{
	(void)state;
	assert_int_equal(fx_ok(&f, &j, PROT_BANK_B), PROT_OK);
	assert_int_equal(bank(PROT_BANK_B)->state, PROT_BANK_TRIAL);
	assert_int_equal(f.sim.ops, 0);
}

static void test_ok__golden__both_banks_get_another_round(void **state)
{
	struct prot_journal_record rec = prot_journal_event(
		&j, PROT_JOURNAL_BOOT_ATTEMPT, PROT_BANK_A, 0);

	(void)state;
	assert_int_equal(fx_append(&j, &rec), PROT_OK);
	assert_int_equal(fx_ok(&f, &j, PROT_BANK_GOLDEN), PROT_OK);
	assert_int_equal(bank(PROT_BANK_A)->attempts, 0);
}

static void test_layout_check__each_rule__arg_error(void **state)
{
	struct prot_flash_layout l = f.layout;
	struct prot_flash_geometry g = fx_geometry;

	(void)state;
	assert_int_equal(prot_flash_layout_check(&l, &g), PROT_OK);
	l.bank[PROT_BANK_B].offset += 1;
	assert_int_equal(prot_flash_layout_check(&l, &g), PROT_ERR_ARG);
	l = f.layout;
	l.bank[PROT_BANK_B].offset -= g.sector_size;
	assert_int_equal(prot_flash_layout_check(&l, &g), PROT_ERR_ARG);
	l = f.layout;
	l.keys.offset = g.size - g.sector_size * (l.keys.size / g.sector_size) +
			g.sector_size;
	assert_int_equal(prot_flash_layout_check(&l, &g), PROT_ERR_ARG);
	l = f.layout;
	l.journal[1].size = 0;
	assert_int_equal(prot_flash_layout_check(&l, &g), PROT_ERR_ARG);
	l = f.layout;
	g.page_size = 0;
	assert_int_equal(prot_flash_layout_check(&l, &g), PROT_ERR_ARG);
	g = fx_geometry;
	g.program_unit = 3;
	assert_int_equal(prot_flash_layout_check(&l, &g), PROT_ERR_ARG);
}

static void test_layout_check__ast1060__ok(void **state)
{
	const struct prot_flash_geometry g = {0x100000, 0x1000, 256, 1, 0xFF};

	(void)state;
	assert_int_equal(
		prot_flash_layout_check(&prot_flash_layout_ast1060, &g),
		PROT_OK);
}

int main(void)
{
#define REPORT_TEST(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		REPORT_TEST(test_confirm__trial__active_and_floor_up_to_golden),
		REPORT_TEST(
			test_confirm__golden_new_enough__floor_of_the_image),
		REPORT_TEST(test_confirm__image_asks_for_less__that_much),
		REPORT_TEST(test_confirm__repeated__writes_nothing),
		REPORT_TEST(
			test_confirm__golden_damaged__confirmed_floor_stays),
		REPORT_TEST(
			test_confirm__golden_missing__confirmed_floor_stays),
		REPORT_TEST(test_confirm__no_golden_bank__floor_of_the_image),
		REPORT_TEST(test_confirm__own_bank_damaged__floor_stays),
		REPORT_TEST(test_confirm__policy_manual__floor_by_commit_only),
		REPORT_TEST(test_confirm__policy_never__floor_stays),
		REPORT_TEST(test_confirm__each_bank_state__only_where_it_runs),
		REPORT_TEST(test_confirm__ops_pend__same_result),
		REPORT_TEST(test_confirm__each_op_fails__completed_by_asking),
		REPORT_TEST(test_ok__failed_boots__forgotten),
		REPORT_TEST(test_ok__trial__stays_on_trial),
		REPORT_TEST(test_ok__golden__both_banks_get_another_round),
		REPORT_TEST(test_layout_check__each_rule__arg_error),
		REPORT_TEST(test_layout_check__ast1060__ok),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
