/* SPDX-License-Identifier: Apache-2.0 */
#include "boot_fixture.h"
#include "test.h"

#include <string.h>

static struct fx f;
static struct prot_journal j;

static int set_up(void **state)
{
	(void)state;
	fx_init(&f, &fx_geometry, 1);
	assert_int_equal(fx_open(&f, &j), PROT_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_null(f.sim.violation);
	return 0;
}

static struct prot_journal_record event(enum prot_journal_type type,
					enum prot_bank bank, uint32_t value)
{
	return prot_journal_event(&j, type, bank, value);
}

static void append(enum prot_journal_type type, enum prot_bank bank,
		   uint32_t value)
{
	struct prot_journal_record rec = event(type, bank, value);

	assert_int_equal(fx_append(&j, &rec), PROT_OK);
}

static const struct prot_journal_bank *bank(enum prot_bank b)
{
	return &prot_journal_state(&j)->bank[b];
}

static void test_record_encode__every_field__golden_bytes(void **state)
{
	static const uint8_t want[PROT_JOURNAL_RECORD_SIZE] = {
		0x50, 0x4A, 6, 1,  0x78, 0x56, 0x34, 0x12, 1,    1,    5,
		1,    2,    3, 14, 4,    6,    7,    8,    9,    0x44, 0x33,
		0x22, 0x11, 0, 0,  0,    0,    0x2F, 0x5B, 0x27, 0x89,
	};
	const struct prot_journal_record rec = {
		.type = PROT_JOURNAL_CONFIRM,
		.bank = PROT_BANK_B,
		.seq = 0x12345678,
		.svn = 0x11223344,
		.state = {1, {{5, 1, 2, 3, 14}, {4, 6, 7, 8, 9}}},
	};
	struct prot_journal_record back;
	uint8_t raw[PROT_JOURNAL_RECORD_SIZE];

	(void)state;
	prot_journal_record_encode(&rec, raw);
	assert_memory_equal(raw, want, sizeof(want));
	assert_int_equal(prot_journal_record_decode(raw, &back), PROT_OK);
	assert_memory_equal(&back.state, &rec.state, sizeof(rec.state));
	assert_int_equal(back.seq, rec.seq);
	assert_int_equal(back.svn, rec.svn);
}

static void test_record_decode__every_bit_flipped__malformed(void **state)
{
	struct prot_journal_record rec = event(PROT_JOURNAL_STAGED, 1, 0);
	uint8_t raw[PROT_JOURNAL_RECORD_SIZE];

	(void)state;
	rec.seq = 1;
	prot_journal_record_encode(&rec, raw);
	for (size_t bit = 0; bit < sizeof(raw) * 8; bit++) {
		raw[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(prot_journal_record_decode(raw, &rec),
				 PROT_ERR_MALFORMED);
		raw[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

/* Torn anywhere, on flash of either kind. */
static void test_record_decode__every_torn_length__malformed(void **state)
{
	struct prot_journal_record rec = event(PROT_JOURNAL_STAGED, 1, 0);
	uint8_t raw[PROT_JOURNAL_RECORD_SIZE], torn[sizeof(raw)];

	(void)state;
	rec.seq = 1;
	prot_journal_record_encode(&rec, raw);
	for (size_t n = 0; n < sizeof(raw); n++) {
		memset(torn, 0xFF, sizeof(torn));
		memcpy(torn, raw, n);
		assert_int_equal(prot_journal_record_decode(torn, &rec),
				 PROT_ERR_MALFORMED);
		memset(torn, 0x00, sizeof(torn));
		memcpy(torn, raw, n);
		assert_int_equal(prot_journal_record_decode(torn, &rec),
				 PROT_ERR_MALFORMED);
	}
}

static void assert_unknown(struct prot_journal_record rec)
{
	uint8_t raw[PROT_JOURNAL_RECORD_SIZE];

	prot_journal_record_encode(&rec, raw); /* with a correct CRC */
	assert_int_equal(prot_journal_record_decode(raw, &rec),
			 PROT_ERR_MALFORMED);
}

static void test_record_decode__each_value_out_of_range__malformed(void **state)
{
	struct prot_journal_record good = event(PROT_JOURNAL_STAGED, 1, 0);
	struct prot_journal_record rec;

	(void)state;
	good.seq = 1;
	rec = good;
	rec.type = 0;
	assert_unknown(rec);
	rec.type = PROT_JOURNAL_BOOT_OK + 1;
	assert_unknown(rec);
	rec = good;
	rec.bank = PROT_BANK_COUNT;
	assert_unknown(rec);
	rec = good;
	rec.seq = 0;
	assert_unknown(rec);
	rec = good;
	rec.state.active = PROT_BANK_GOLDEN;
	assert_unknown(rec);
	rec = good;
	rec.state.bank[0].state = PROT_BANK_FAILED + 1;
	assert_unknown(rec);
	rec = good;
	rec.state.bank[1].state = 0xFF;
	assert_unknown(rec);
}

static void test_event__each_type__state_after(void **state)
{
	(void)state;
	append(PROT_JOURNAL_EMPTY, PROT_BANK_B, 0);
	assert_int_equal(bank(PROT_BANK_B)->state, PROT_BANK_EMPTY);
	append(PROT_JOURNAL_STAGED, PROT_BANK_B, 0);
	assert_int_equal(bank(PROT_BANK_B)->state, PROT_BANK_STAGED);
	append(PROT_JOURNAL_PENDING, PROT_BANK_B, 2);
	assert_int_equal(bank(PROT_BANK_B)->state, PROT_BANK_PENDING);
	assert_int_equal(bank(PROT_BANK_B)->max_tries, 2);
	append(PROT_JOURNAL_TRIAL, PROT_BANK_B, 0);
	append(PROT_JOURNAL_TRIAL, PROT_BANK_B, 0);
	assert_int_equal(bank(PROT_BANK_B)->state, PROT_BANK_TRIAL);
	assert_int_equal(bank(PROT_BANK_B)->tries, 2);
	assert_int_equal(bank(PROT_BANK_B)->max_tries, 2);
	assert_int_equal(prot_journal_state(&j)->active, PROT_BANK_A);
	append(PROT_JOURNAL_CONFIRM, PROT_BANK_B, 7);
	assert_int_equal(bank(PROT_BANK_B)->state, PROT_BANK_CONFIRMED);
	assert_int_equal(bank(PROT_BANK_B)->tries, 0);
	assert_int_equal(prot_journal_state(&j)->active, PROT_BANK_B);
	append(PROT_JOURNAL_BOOT_ATTEMPT, PROT_BANK_B, 0);
	append(PROT_JOURNAL_BOOT_ATTEMPT, PROT_BANK_B, 0);
	assert_int_equal(bank(PROT_BANK_B)->attempts, 2);
	append(PROT_JOURNAL_BOOT_OK, PROT_BANK_B, 0);
	assert_int_equal(bank(PROT_BANK_B)->attempts, 0);
	append(PROT_JOURNAL_FAIL, PROT_BANK_B, PROT_IMAGE_SVN);
	assert_int_equal(bank(PROT_BANK_B)->state, PROT_BANK_FAILED);
	assert_int_equal(bank(PROT_BANK_B)->reason, PROT_IMAGE_SVN);
	assert_int_equal(prot_journal_state(&j)->active, PROT_BANK_A);
}

static void test_event__golden_ok__both_banks_start_afresh(void **state)
{
	(void)state;
	append(PROT_JOURNAL_BOOT_ATTEMPT, PROT_BANK_A, 0);
	append(PROT_JOURNAL_BOOT_ATTEMPT, PROT_BANK_B, 0);
	append(PROT_JOURNAL_BOOT_OK, PROT_BANK_GOLDEN, 0);
	assert_int_equal(bank(PROT_BANK_A)->attempts, 0);
	assert_int_equal(bank(PROT_BANK_B)->attempts, 0);
}

static void test_event__counters_at_their_end__stay_there(void **state)
{
	(void)state;
	j.at.state.bank[0].attempts = 255;
	append(PROT_JOURNAL_BOOT_ATTEMPT, PROT_BANK_A, 0);
	assert_int_equal(bank(PROT_BANK_A)->attempts, 255);
}

static void test_open__blank__lost_and_both_confirmed(void **state)
{
	(void)state;
	assert_true(prot_journal_lost(&j));
	assert_int_equal(bank(PROT_BANK_A)->state, PROT_BANK_CONFIRMED);
	assert_int_equal(bank(PROT_BANK_B)->state, PROT_BANK_CONFIRMED);
	assert_int_equal(prot_journal_state(&j)->active, PROT_BANK_A);
}

static void test_append__before_open__state_error(void **state)
{
	struct prot_journal_record rec = event(PROT_JOURNAL_STAGED, 1, 0);

	(void)state;
	assert_int_equal(prot_journal_init(&j, &f.sim.flash, &f.layout),
			 PROT_OK);
	assert_int_equal(prot_journal_append_step(&j, &rec), PROT_ERR_STATE);
}

static void test_append__many__newest_found_after_each(void **state)
{
	(void)state;
	for (uint8_t n = 1; n < 100; n++) {
		append(PROT_JOURNAL_PENDING, PROT_BANK_B, n);
		assert_int_equal(fx_open(&f, &j), PROT_OK);
		assert_int_equal(bank(PROT_BANK_B)->max_tries, n);
		assert_int_equal(j.at.seq, n);
	}
	/* 16 slots a sector: the wear is spread over both */
	assert_in_range(f.sim.max_erases, 3, 4);
}

static void test_append__program_fails_silently__next_slot(void **state)
{
	(void)state;
	append(PROT_JOURNAL_PENDING, PROT_BANK_B, 1);
	flash_sim_plan(&f.sim, 1, SIM_SILENT_HALF);
	append(PROT_JOURNAL_PENDING, PROT_BANK_B, 2);
	assert_int_equal(f.sim.ops, 2);
	assert_int_equal(fx_open(&f, &j), PROT_OK);
	assert_int_equal(bank(PROT_BANK_B)->max_tries, 2);
}

/* A flash in which nothing sticks any more. */
static enum prot_status dead_program(void *ctx, uint32_t offset,
				     const void *buf, size_t len)
{
	(void)ctx;
	(void)offset;
	(void)buf;
	(void)len;
	return PROT_OK;
}

static void test_append__nothing_sticks__error_and_old_state(void **state)
{
	struct prot_flash_ops dead = *f.sim.flash.ops;
	struct prot_journal_record rec;

	(void)state;
	append(PROT_JOURNAL_PENDING, PROT_BANK_B, 1);
	dead.program = dead_program;
	f.sim.flash.ops = &dead;
	for (int i = 0; i < 20; i++) { /* through both sectors */
		rec = event(PROT_JOURNAL_PENDING, PROT_BANK_B, 2);
		assert_int_equal(fx_append(&j, &rec), PROT_ERR_IO);
		assert_int_equal(bank(PROT_BANK_B)->max_tries, 1);
	}
	flash_sim_bind(&f.sim);
	append(PROT_JOURNAL_PENDING, PROT_BANK_B, 3); /* healed */
	assert_int_equal(fx_open(&f, &j), PROT_OK);
	assert_int_equal(bank(PROT_BANK_B)->max_tries, 3);
}

static enum prot_status dead_read(void *ctx, uint32_t offset, void *buf,
				  size_t len)
{
	(void)ctx;
	(void)offset;
	(void)buf;
	(void)len;
	return PROT_ERR_IO;
}

/*
 * Written, but it could not be read back: the caller goes on from the old
 * state, and what it writes next must win.
 */
static void test_append__failed_but_written__later_record_wins(void **state)
{
	struct prot_flash_ops dead = *f.sim.flash.ops;
	struct prot_journal_record rec;

	(void)state;
	append(PROT_JOURNAL_PENDING, PROT_BANK_B, 1);
	rec = event(PROT_JOURNAL_PENDING, PROT_BANK_B, 2);
	dead.read = dead_read;
	f.sim.flash.ops = &dead;
	assert_int_equal(fx_append(&j, &rec), PROT_ERR_IO);
	assert_int_equal(bank(PROT_BANK_B)->max_tries, 1);
	flash_sim_bind(&f.sim);
	append(PROT_JOURNAL_PENDING, PROT_BANK_B, 3);
	assert_int_equal(fx_open(&f, &j), PROT_OK);
	assert_int_equal(bank(PROT_BANK_B)->max_tries, 3);
}

static void test_append__sequence_used_up__space_error(void **state)
{
	struct prot_journal_record rec = event(PROT_JOURNAL_STAGED, 1, 0);

	(void)state;
	j.seq = UINT32_MAX;
	assert_int_equal(fx_append(&j, &rec), PROT_ERR_SPACE);
	assert_int_equal(fx_append(&j, &rec), PROT_ERR_SPACE);
}

static void test_open__one_slot_unreadable__passed_over(void **state)
{
	(void)state;
	append(PROT_JOURNAL_PENDING, PROT_BANK_B, 1);
	append(PROT_JOURNAL_PENDING, PROT_BANK_B, 2);
	flash_sim_power_on(&f.sim);
	f.sim.read_error_at = 2;
	assert_int_equal(fx_open(&f, &j), PROT_OK);
	assert_int_equal(bank(PROT_BANK_B)->max_tries, 1);
	append(PROT_JOURNAL_PENDING, PROT_BANK_B, 3);
	f.sim.read_error_at = 0;
	assert_int_equal(fx_open(&f, &j), PROT_OK);
	assert_int_equal(bank(PROT_BANK_B)->max_tries, 3);
}

static void test_append__ops_pend__same_result(void **state)
{
	(void)state;
	f.sim.pend = 3;
	for (uint8_t n = 1; n < 40; n++) {
		append(PROT_JOURNAL_PENDING, PROT_BANK_B, n);
	}
	assert_int_equal(fx_open(&f, &j), PROT_OK);
	assert_int_equal(bank(PROT_BANK_B)->max_tries, 39);
}

static void test_init__geometry_that_cannot_hold_it__arg_error(void **state)
{
	struct prot_flash flash = f.sim.flash;
	struct prot_flash_layout layout = f.layout;

	(void)state;
	flash.geometry.program_unit = 128;
	assert_int_equal(prot_journal_init(&j, &flash, &layout), PROT_ERR_ARG);
	flash.geometry.program_unit = 0;
	assert_int_equal(prot_journal_init(&j, &flash, &layout), PROT_ERR_ARG);
	flash = f.sim.flash;
	flash.geometry.page_size = 16;
	assert_int_equal(prot_journal_init(&j, &flash, &layout), PROT_ERR_ARG);
	flash = f.sim.flash;
	layout.journal[1].offset = flash.geometry.size;
	assert_int_equal(prot_journal_init(&j, &flash, &layout), PROT_ERR_ARG);
	layout = f.layout;
	layout.journal[0].size = 0;
	assert_int_equal(prot_journal_init(&j, &flash, &layout), PROT_ERR_ARG);
}

static void test_state_text__every_state__a_text(void **state)
{
	(void)state;
	assert_string_equal(prot_bank_state_text(PROT_BANK_TRIAL), "trial");
	assert_string_equal(prot_bank_state_text((enum prot_bank_state)77),
			    "unknown");
}

int main(void)
{
#define JOURNAL_TEST(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		JOURNAL_TEST(test_record_encode__every_field__golden_bytes),
		JOURNAL_TEST(test_record_decode__every_bit_flipped__malformed),
		JOURNAL_TEST(test_record_decode__every_torn_length__malformed),
		JOURNAL_TEST(
			test_record_decode__each_value_out_of_range__malformed),
		JOURNAL_TEST(test_event__each_type__state_after),
		JOURNAL_TEST(test_event__golden_ok__both_banks_start_afresh),
		JOURNAL_TEST(test_event__counters_at_their_end__stay_there),
		JOURNAL_TEST(test_open__blank__lost_and_both_confirmed),
		JOURNAL_TEST(test_append__before_open__state_error),
		JOURNAL_TEST(test_append__many__newest_found_after_each),
		JOURNAL_TEST(test_append__program_fails_silently__next_slot),
		JOURNAL_TEST(test_append__nothing_sticks__error_and_old_state),
		JOURNAL_TEST(
			test_append__failed_but_written__later_record_wins),
		JOURNAL_TEST(test_append__sequence_used_up__space_error),
		JOURNAL_TEST(test_open__one_slot_unreadable__passed_over),
		JOURNAL_TEST(test_append__ops_pend__same_result),
		JOURNAL_TEST(
			test_init__geometry_that_cannot_hold_it__arg_error),
		JOURNAL_TEST(test_state_text__every_state__a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
