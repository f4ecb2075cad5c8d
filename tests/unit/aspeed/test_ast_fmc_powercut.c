/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_fmc.h"
#include "mmio_mock.h"
#include "nor_model.h"

#include <prot/port/flash_otp.h>
#include <prot/services/journal.h>
#include <prot/services/otp_layout.h>
#include <prot/services/svn.h>

#include <string.h>

/*
 * The journal and the SVN floor over the real driver, with the power lost in
 * each transaction on the wires of the flash in turn: what had been reported as
 * durable stands, what was under way is there or is not, and work goes on.
 */

#define REGION 0x18000u /* the journal's sectors in the layout */
#define SECTOR 0x1000u
#define SLOTS  (SECTOR / PROT_JOURNAL_RECORD_SIZE)
#define RUN    3 /* appends, or bits, in each run */
#define STEPS  200000

static struct nor_model nor;
static const struct prot_flash_geometry geometry = {0x100000, SECTOR, 256, 1,
						    0xFF};
static struct prot_ast_fmc_state state;
static const struct prot_ast_fmc fmc = {
	.clock = &mmio_mock_clock,
	.state = &state,
	.geometry = &geometry,
	.base = AST_FMC_BASE,
	.window = AST_FMC_WINDOW + 0x08000000u,
	.cs = 1,
	.read_ctrl = AST_FMC_READ_3BYTE | AST_FMC_CTRL_HCLK_DIV4,
};
static const struct prot_flash flash = {&prot_ast_fmc_ops,
					(void *)(uintptr_t)&fmc,
					{0x100000, SECTOR, 256, 1, 0xFF}};
static const struct prot_flash_layout layout = {
	.journal = {{REGION, SECTOR}, {REGION + SECTOR, SECTOR}},
};
static struct prot_flash_otp_state otp_state;
static const struct prot_flash_otp emulated = {&flash, &otp_state, 512};
static const struct prot_otp otp = {&prot_flash_otp_ops,
				    (void *)(uintptr_t)&emulated, 512};
static struct nor_part *const part = &nor.part[1];

static int setup(void **unused)
{
	(void)unused;
	mmio_mock_reset();
	nor_model_init(&nor, AST_FMC_BASE, AST_FMC_WINDOW);
	part->program_us = 20;
	part->erase_us = 60;
	return 0;
}

static int teardown(void **unused)
{
	(void)unused;
	nor_model_free(&nor);
	return 0;
}

/* From reset to a flash that answers; false when the power went meanwhile. */
static bool power_on(uint32_t cut_at, enum nor_cut cut)
{
	struct prot_ast_fmc_part found;

	mmio_mock_reset();
	nor_model_power_on(&nor);
	part->cut_at = cut_at;
	part->cut = cut;
	memset(&state, 0, sizeof(state));
	memset(&otp_state, 0, sizeof(otp_state));
	if (prot_ast_fmc_init(&fmc, &found) != PROT_OK) {
		assert_true(part->off);
	}
	return !part->off;
}

static bool open_journal(struct prot_journal *j)
{
	enum prot_status st = PROT_PENDING;

	assert_int_equal(prot_journal_init(j, &flash, &layout), PROT_OK);
	for (int i = 0; i < STEPS && st == PROT_PENDING && !part->off; i++) {
		st = prot_journal_open_step(j);
		mmio_mock_forget_writes();
	}
	assert_true(part->off || st == PROT_OK);
	return !part->off;
}

/* True when it was reported as durable. */
static bool append(struct prot_journal *j, uint8_t value)
{
	struct prot_journal_record rec =
		prot_journal_event(j, PROT_JOURNAL_SNAPSHOT, PROT_BANK_A, 0);
	enum prot_status st = PROT_PENDING;

	rec.state.bank[PROT_BANK_A].attempts = value;
	for (int i = 0; i < STEPS && st == PROT_PENDING && !part->off; i++) {
		st = prot_journal_append_step(j, &rec);
		mmio_mock_forget_writes();
	}
	assert_true(part->off || st == PROT_OK);
	return st == PROT_OK;
}

static uint8_t value_of(const struct prot_journal *j)
{
	return prot_journal_state(j)->bank[PROT_BANK_A].attempts;
}

/* Power on, open, append; how many of the RUN are durable. */
static uint8_t journal_run(uint32_t cut_at, enum nor_cut cut, uint8_t from)
{
	struct prot_journal j;
	uint8_t done = 0;

	if (!power_on(cut_at, cut) || !open_journal(&j)) {
		return 0;
	}
	while (done < RUN && append(&j, (uint8_t)(from + done + 1))) {
		done++;
	}
	return done;
}

/* What the journal says after a run that was cut. */
static void journal_check(uint8_t from, uint8_t done)
{
	struct prot_journal j;
	uint8_t value;

	assert_true(power_on(0, NOR_CUT_BEFORE));
	assert_true(open_journal(&j));
	value = value_of(&j);
	assert_in_range(value, from + done, from + done + (done < RUN));
	assert_true(append(&j, 99));
	assert_true(power_on(0, NOR_CUT_BEFORE));
	assert_true(open_journal(&j));
	assert_int_equal(value_of(&j), 99);
	if (nor.violation != NULL) {
		fail_msg("%s", nor.violation);
	}
}

/* Every cut of one run, from the contents as they are. */
static unsigned journal_cuts(uint8_t from)
{
	static uint8_t before[2 * SECTOR];
	uint32_t all;
	unsigned cases = 0;

	memcpy(before, part->data + REGION, sizeof(before));
	assert_int_equal(journal_run(0, NOR_CUT_BEFORE, from), RUN);
	all = part->transactions;
	journal_check(from, RUN);
	for (uint32_t at = 1; at <= all; at++) {
		for (unsigned cut = 0; cut < NOR_CUT_COUNT; cut++) {
			uint8_t done;

			memcpy(part->data + REGION, before, sizeof(before));
			done = journal_run(at, (enum nor_cut)cut, from);
			assert_true(part->off || done == RUN);
			journal_check(from, done);
			cases++;
		}
	}
	return cases;
}

static void test_journal__power_cut_in_any_transaction__one_state(void **unused)
{
	/* blank, in the middle, and where the other sector gets erased */
	static const unsigned filled[] = {0, 7, SLOTS - 2, SLOTS, 2 * SLOTS};
	unsigned cases = 0;

	(void)unused;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(filled); i++) {
		struct prot_journal j;

		memset(part->data + REGION, 0xFF, 2 * (size_t)SECTOR);
		assert_true(power_on(0, NOR_CUT_BEFORE));
		assert_true(open_journal(&j));
		for (unsigned n = 0; n < filled[i]; n++) {
			assert_true(append(&j, 10));
		}
		cases += journal_cuts(filled[i] == 0 ? 0 : 10);
	}
	assert_true(cases > 500);
}

/* Raise the floor as far as the power lasts; PROT_PENDING: it went. */
static enum prot_status svn_run(struct prot_svn *s)
{
	enum prot_status st = PROT_PENDING;

	for (int i = 0; i < STEPS && st == PROT_PENDING && !part->off; i++) {
		st = prot_svn_step(s);
		mmio_mock_forget_writes();
	}
	return part->off ? PROT_PENDING : st;
}

static void svn_check(uint32_t low, uint32_t high)
{
	struct prot_svn s;

	assert_true(power_on(0, NOR_CUT_BEFORE));
	prot_svn_read_init(&s, &otp);
	assert_int_equal(svn_run(&s), PROT_OK);
	assert_in_range(s.floor, low, high);
	prot_svn_advance_init(&s, &otp, high);
	assert_int_equal(svn_run(&s), PROT_OK);
	assert_int_equal(s.floor, high);
	if (nor.violation != NULL) {
		fail_msg("%s", nor.violation);
	}
}

/* One advance whose power goes at transaction `at`; what it came to. */
static enum prot_status svn_cut(uint32_t at, enum nor_cut cut)
{
	struct prot_svn s;
	enum prot_status st = PROT_PENDING;

	memset(part->data, 0xFF, 512);
	assert_true(power_on(0, NOR_CUT_BEFORE));
	prot_svn_advance_init(&s, &otp, 4);
	assert_int_equal(svn_run(&s), PROT_OK);
	if (power_on(at, cut)) {
		prot_svn_advance_init(&s, &otp, 4 + RUN);
		st = svn_run(&s);
	}
	svn_check(4, 4 + RUN);
	return st;
}

static void test_svn__power_cut_in_any_transaction__never_back(void **unused)
{
	uint32_t at = 0;
	enum prot_status st;

	(void)unused;
	do {
		at++;
		for (unsigned cut = 0; cut < NOR_CUT_COUNT; cut++) {
			st = svn_cut(at, (enum nor_cut)cut);
		}
	} while (st == PROT_PENDING);
	assert_int_equal(st, PROT_OK);
	assert_true(at > 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_journal__power_cut_in_any_transaction__one_state,
			setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_svn__power_cut_in_any_transaction__never_back,
			setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
