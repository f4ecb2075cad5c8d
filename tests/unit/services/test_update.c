/* SPDX-License-Identifier: Apache-2.0 */
#include "boot_fixture.h"
#include "test.h"

#include <string.h>

static struct fx f;
static struct prot_journal j;
static struct prot_update u;
static struct fx_image old, img;

/* A runs, confirmed; B holds an older confirmed image. */
static int set_up(void **state)
{
	const struct prot_journal_state js = {
		.bank = {{.state = PROT_BANK_CONFIRMED},
			 {.state = PROT_BANK_CONFIRMED}},
	};

	(void)state;
	fx_init(&f, &fx_geometry, 2);
	old = fx_sign(&f, fx_header(1, 2));
	img = fx_sign(&f, fx_header(2, 3));
	fx_install(&f, PROT_BANK_A, &old);
	fx_install(&f, PROT_BANK_B, &old);
	fx_install(&f, PROT_BANK_GOLDEN, &img);
	fx_journal(&f, &js);
	assert_int_equal(fx_open(&f, &j), PROT_OK);
	assert_int_equal(prot_update_init(&u, &f.cfg, &j, PROT_BANK_A),
			 PROT_OK);
	flash_sim_power_on(&f.sim);
	f.sim.keep_offset = f.layout.bank[PROT_BANK_A].offset;
	f.sim.keep_size = f.layout.bank[PROT_BANK_A].size;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_null(f.sim.violation);
	assert_false(f.fake.misused);
	return 0;
}

static bool holds(enum prot_bank bank, const struct fx_image *image)
{
	return flash_sim_holds(&f.sim, f.layout.bank[bank].offset, image->bytes,
			       FX_IMAGE);
}

static uint8_t state_of(enum prot_bank bank)
{
	return prot_journal_state(&j)->bank[bank].state;
}

static void begin(void)
{
	assert_int_equal(prot_update_begin(&u, FX_COMPONENT, FX_IMAGE),
			 PROT_OK);
}

static void test_update__whole__pending_in_the_other_bank(void **state)
{
	(void)state;
	assert_int_equal(fx_update(&u, &img, 64), PROT_OK);
	assert_true(holds(PROT_BANK_B, &img));
	assert_true(holds(PROT_BANK_A, &old));
	assert_int_equal(state_of(PROT_BANK_B), PROT_BANK_PENDING);
	assert_int_equal(prot_journal_state(&j)->bank[1].max_tries,
			 PROT_BOOT_MAX_TRIES);
	assert_int_equal(prot_update_state(&u), PROT_UPDATE_PENDING);
	assert_int_equal(prot_update_target(&u), PROT_BANK_B);
}

static void test_update__any_piece_size__same_bytes(void **state)
{
	static const uint32_t pieces[] = {1,   2,   31,  32,  255, 256,
					  257, 511, 512, 513, 600, FX_IMAGE};

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(pieces); i++) {
		assert_int_equal(fx_update(&u, &img, pieces[i]), PROT_OK);
		assert_true(holds(PROT_BANK_B, &img));
	}
}

static void test_update__ops_pend__same_bytes(void **state)
{
	(void)state;
	f.sim.pend = 2;
	f.fake.pend = 3;
	assert_int_equal(fx_update(&u, &img, 100), PROT_OK);
	assert_true(holds(PROT_BANK_B, &img));
}

/* Refused by its header: nothing in either bank has changed. */
static void assert_refused_early(const struct fx_image *bad,
				 enum prot_image_reason reason)
{
	begin();
	assert_int_not_equal(fx_write(&u, bad->bytes, FX_IMAGE, 64), PROT_OK);
	assert_int_equal(prot_update_reason(&u), reason);
	assert_int_equal(prot_update_state(&u), PROT_UPDATE_FAILED);
	assert_true(prot_update_received(&u) < PROT_IMAGE_HEADER_SIZE);
	assert_int_equal(prot_update_write(&u, 0, bad->bytes, 64),
			 PROT_ERR_STATE);
	assert_int_equal(fx_call(&u, prot_update_cancel), PROT_OK);
	assert_true(holds(PROT_BANK_B, &old));
	assert_int_equal(state_of(PROT_BANK_B), PROT_BANK_CONFIRMED);
	assert_int_equal(f.sim.ops, 0);
}

static void test_update__not_for_this_device__refused_early(void **state)
{
	struct prot_image_header h = fx_header(2, 1);
	struct fx_image bad = fx_sign(&f, h);

	(void)state;
	assert_refused_early(&bad, PROT_IMAGE_SVN);
	h = fx_header(2, 3);
	h.boards <<= 1;
	bad = fx_sign(&f, h);
	assert_refused_early(&bad, PROT_IMAGE_BOARD);
	bad = img;
	bad.bytes[PROT_IMAGE_SIGNED_SIZE + 3] ^= 1;
	assert_refused_early(&bad, PROT_IMAGE_SIGNATURE);
	memset(&bad, 0x5A, sizeof(bad));
	assert_refused_early(&bad, PROT_IMAGE_MAGIC);
	h = fx_header(2, 3);
	h.payload_size = FX_PAYLOAD - 1;
	bad = fx_sign(&f, h);
	assert_refused_early(&bad, PROT_IMAGE_LENGTH);
}

static void test_update__payload_bit_flipped__digest_and_empty(void **state)
{
	(void)state;
	img.bytes[FX_IMAGE - 1] ^= 1;
	assert_int_equal(fx_update(&u, &img, 64), PROT_ERR_AUTH);
	assert_int_equal(prot_update_reason(&u), PROT_IMAGE_DIGEST);
	assert_int_equal(state_of(PROT_BANK_B), PROT_BANK_EMPTY);
	assert_int_equal(fx_call(&u, prot_update_apply), PROT_ERR_STATE);
	assert_int_equal(fx_call(&u, prot_update_activate), PROT_ERR_STATE);
	img.bytes[FX_IMAGE - 1] ^= 1;
	assert_int_equal(fx_update(&u, &img, 64), PROT_OK);
}

static void test_verify__not_all_received__length(void **state)
{
	(void)state;
	begin();
	assert_int_equal(fx_write(&u, img.bytes, FX_IMAGE - 1, 64), PROT_OK);
	assert_int_equal(fx_call(&u, prot_update_verify), PROT_ERR_MALFORMED);
	assert_int_equal(prot_update_reason(&u), PROT_IMAGE_LENGTH);
}

static void test_write__out_of_order__refused_and_goes_on(void **state)
{
	(void)state;
	begin();
	assert_int_equal(prot_update_write(&u, 1, img.bytes, 1), PROT_ERR_ARG);
	assert_int_equal(fx_write(&u, img.bytes, 100, 50), PROT_OK);
	assert_int_equal(prot_update_write(&u, 50, img.bytes, 50),
			 PROT_ERR_ARG);
	assert_int_equal(prot_update_write(&u, 100, img.bytes, FX_IMAGE),
			 PROT_ERR_ARG);
	assert_int_equal(prot_update_received(&u), 100);
	assert_int_equal(prot_update_write(&u, 100, img.bytes, 0), PROT_OK);
}

static void test_begin__wrong_size_or_component__refused(void **state)
{
	(void)state;
	assert_int_equal(prot_update_begin(&u, FX_COMPONENT + 1, FX_IMAGE),
			 PROT_ERR_MALFORMED);
	assert_int_equal(prot_update_reason(&u), PROT_IMAGE_COMPONENT);
	assert_int_equal(prot_update_begin(&u, FX_COMPONENT, 512),
			 PROT_ERR_MALFORMED);
	assert_int_equal(prot_update_reason(&u), PROT_IMAGE_SIZE);
	assert_int_equal(prot_update_begin(&u, FX_COMPONENT, 1025),
			 PROT_ERR_MALFORMED);
	assert_int_equal(prot_update_begin(&u, FX_COMPONENT, UINT32_MAX),
			 PROT_ERR_MALFORMED);
	assert_int_equal(prot_update_begin(&u, FX_COMPONENT, 1024), PROT_OK);
}

static void test_begin__running_on_trial__refused(void **state)
{
	struct prot_journal_record rec =
		prot_journal_event(&j, PROT_JOURNAL_TRIAL, PROT_BANK_A, 0);

	(void)state;
	assert_int_equal(fx_append(&j, &rec), PROT_OK);
	assert_int_equal(prot_update_begin(&u, FX_COMPONENT, FX_IMAGE),
			 PROT_ERR_STATE);
	assert_int_equal(prot_update_reason(&u), PROT_IMAGE_TRIAL);
}

static void test_update__from_golden__bank_that_does_not_boot(void **state)
{
	struct prot_journal_record rec =
		prot_journal_event(&j, PROT_JOURNAL_EMPTY, PROT_BANK_A, 0);

	(void)state;
	f.sim.keep_size = 0;
	assert_int_equal(fx_append(&j, &rec), PROT_OK);
	assert_int_equal(prot_update_init(&u, &f.cfg, &j, PROT_BANK_GOLDEN),
			 PROT_OK);
	assert_int_equal(fx_update(&u, &img, 64), PROT_OK);
	assert_int_equal(prot_update_target(&u), PROT_BANK_A);
	assert_true(holds(PROT_BANK_B, &old));
}

static void test_cancel__at_every_step__bank_empty_or_untouched(void **state)
{
	(void)state;
	for (uint32_t steps = 0; steps < 60; steps++) {
		bool touched;

		set_up(state);
		begin();
		for (uint32_t i = 0, at = 0; i < steps && at < FX_IMAGE; i++) {
			uint32_t n = FX_IMAGE - at < 64 ? FX_IMAGE - at : 64;

			if (prot_update_write(&u, at, img.bytes + at, n) ==
			    PROT_OK) {
				at += n;
			}
		}
		touched = f.sim.ops != 0;
		assert_int_equal(fx_call(&u, prot_update_cancel), PROT_OK);
		assert_int_equal(prot_update_state(&u), PROT_UPDATE_IDLE);
		assert_int_equal(prot_update_target(&u), PROT_BANK_NONE);
		if (touched || f.sim.ops != 0) {
			assert_int_equal(state_of(PROT_BANK_B),
					 PROT_BANK_EMPTY);
		} else {
			assert_true(holds(PROT_BANK_B, &old));
		}
		assert_int_equal(fx_update(&u, &img, 64), PROT_OK);
	}
}

static void test_cancel__pending__not_booted(void **state)
{
	(void)state;
	assert_int_equal(fx_update(&u, &img, 64), PROT_OK);
	assert_int_equal(fx_call(&u, prot_update_cancel), PROT_OK);
	assert_int_equal(state_of(PROT_BANK_B), PROT_BANK_EMPTY);
}

static void test_cancel__idle__ok(void **state)
{
	(void)state;
	assert_int_equal(prot_update_cancel(&u), PROT_OK);
	assert_int_equal(f.sim.ops, 0);
}

/* Each operation fails once, with or without having been done. */
static void test_update__each_op_fails__reason_and_repeatable(void **state)
{
	(void)state;
	for (uint32_t at = 1;; at++) {
		set_up(state);
		f.sim.fault_at = at;
		f.sim.fault = SIM_ERROR_HALF;
		if (fx_update(&u, &img, 64) != PROT_OK) {
			assert_int_equal(prot_update_reason(&u),
					 PROT_IMAGE_FLASH);
		}
		if (!f.sim.faulted) {
			assert_in_range(at, 7, 12);
			break;
		}
		assert_int_equal(fx_call(&u, prot_update_cancel), PROT_OK);
		assert_int_equal(fx_update(&u, &img, 64), PROT_OK);
		assert_true(holds(PROT_BANK_B, &img));
	}
}

static void test_update__crypto_fails__reason(void **state)
{
	(void)state;
	f.fake.calls = 0;
	f.fake.fail_at = 1;
	assert_int_equal(fx_update(&u, &img, 64), PROT_ERR_CRYPTO);
	assert_int_equal(prot_update_reason(&u), PROT_IMAGE_CRYPTO);
	f.fake.fail_at = 0;
	assert_int_equal(fx_update(&u, &img, 64), PROT_OK);
}

static void test_init__bad_arguments__arg_error(void **state)
{
	struct prot_boot_config cfg = f.cfg;
	struct prot_flash flash = f.sim.flash;

	(void)state;
	assert_int_equal(prot_update_init(&u, &cfg, &j, PROT_BANK_NONE),
			 PROT_ERR_ARG);
	cfg.store.crypto = NULL;
	assert_int_equal(prot_update_init(&u, &cfg, &j, PROT_BANK_A),
			 PROT_ERR_ARG);
	cfg = f.cfg;
	flash.geometry.sector_size = 384;
	flash.geometry.page_size = 96;
	flash.geometry.program_unit = 96;
	flash.geometry.size = 384 * 20;
	cfg.store.flash = &flash;
	assert_int_equal(prot_update_init(&u, &cfg, &j, PROT_BANK_A),
			 PROT_ERR_ARG);
}

int main(void)
{
#define UPDATE_TEST(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		UPDATE_TEST(test_update__whole__pending_in_the_other_bank),
		UPDATE_TEST(test_update__any_piece_size__same_bytes),
		UPDATE_TEST(test_update__ops_pend__same_bytes),
		UPDATE_TEST(test_update__not_for_this_device__refused_early),
		UPDATE_TEST(test_update__payload_bit_flipped__digest_and_empty),
		UPDATE_TEST(test_verify__not_all_received__length),
		UPDATE_TEST(test_write__out_of_order__refused_and_goes_on),
		UPDATE_TEST(test_begin__wrong_size_or_component__refused),
		UPDATE_TEST(test_begin__running_on_trial__refused),
		UPDATE_TEST(test_update__from_golden__bank_that_does_not_boot),
		UPDATE_TEST(
			test_cancel__at_every_step__bank_empty_or_untouched),
		UPDATE_TEST(test_cancel__pending__not_booted),
		UPDATE_TEST(test_cancel__idle__ok),
		UPDATE_TEST(test_update__each_op_fails__reason_and_repeatable),
		UPDATE_TEST(test_update__crypto_fails__reason),
		UPDATE_TEST(test_init__bad_arguments__arg_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
