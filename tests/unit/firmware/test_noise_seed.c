/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/port/noise_seed.h>

#include <string.h>

/* Counts upward, but for one stretch of trouble. */
static struct source {
	uint32_t taken;
	uint32_t fail_at; /* error from there on ... */
	uint32_t fail_for;
	enum prot_status error;
	uint32_t stuck_at; /* or always the same word */
	uint32_t stuck_for;
} source;

static struct prot_noise_seed_state state_ram;

static enum prot_status sample(void *ctx, uint32_t *word)
{
	struct source *s = ctx;
	uint32_t n = s->taken++;

	if (n - s->fail_at < s->fail_for) {
		return s->error;
	}
	*word = 0x01020304u * (n + 1);
	if (n - s->stuck_at < s->stuck_for) {
		*word = 0xDEADBEEF;
	}
	return PROT_OK;
}

static const struct prot_entropy_ops ops = {sample};
static const struct prot_entropy entropy = {&ops, &source};
static const struct prot_noise_seed seed = {&entropy, &state_ram};

static int setup(void **state)
{
	(void)state;
	memset(&source, 0, sizeof(source));
	memset(&state_ram, 0, sizeof(state_ram));
	return 0;
}

static void assert_word(const uint8_t *out, uint32_t n)
{
	uint32_t word = 0x01020304u * (n + 1);

	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(out[i], word >> 8 * i & 0xFF);
	}
}

static void assert_fails_clean(enum prot_status expect)
{
	static const uint8_t zeros[64];
	uint8_t out[64];

	memset(out, 0xA5, sizeof(out));
	assert_int_equal(prot_noise_seed(&seed, out, sizeof(out)), expect);
	assert_memory_equal(out, zeros, sizeof(out));
}

static void test_seed__first_call__start_up_samples_not_used(void **state)
{
	uint8_t out[12];

	(void)state;
	assert_int_equal(prot_noise_seed(&seed, out, 12), PROT_OK);
	assert_int_equal(source.taken, 1024 + 3);
	assert_word(out, 1024);
	assert_word(out + 4, 1025);
	assert_word(out + 8, 1026);
}

static void test_seed__second_call__no_start_up_no_leftovers(void **state)
{
	uint8_t out[5];

	(void)state;
	assert_int_equal(prot_noise_seed(&seed, out, 5), PROT_OK);
	assert_int_equal(source.taken, 1024 + 2);
	assert_int_equal(prot_noise_seed(&seed, out, 4), PROT_OK);
	assert_int_equal(source.taken, 1024 + 3);
	assert_word(out, 1026);
}

static void test_seed__no_bytes__start_up_all_the_same(void **state)
{
	(void)state;
	assert_int_equal(prot_noise_seed(&seed, NULL, 0), PROT_OK);
	assert_int_equal(source.taken, 1024);
}

static void test_seed__last_byte__nothing_written_behind(void **state)
{
	uint8_t out[8];

	(void)state;
	memset(out, 0xA5, sizeof(out));
	assert_int_equal(prot_noise_seed(&seed, out, 7), PROT_OK);
	assert_int_equal(out[7], 0xA5);
}

static void test_seed__stuck_in_start_up__fails_for_good(void **state)
{
	(void)state;
	source.stuck_at = 1000;
	source.stuck_for = 9;
	assert_fails_clean(PROT_ERR_IO);
	assert_int_equal(source.taken, 1009);
	assert_fails_clean(PROT_ERR_IO);
	assert_int_equal(source.taken, 1009);
}

static void test_seed__stuck_while_filling__wiped_for_good(void **state)
{
	(void)state;
	source.stuck_at = 1024 + 4;
	source.stuck_for = 9;
	assert_fails_clean(PROT_ERR_IO);
	assert_fails_clean(PROT_ERR_IO);
}

static void test_seed__stuck_across_calls__noticed(void **state)
{
	uint8_t out[32];

	(void)state;
	source.stuck_at = 1024 + 4;
	source.stuck_for = 100;
	assert_int_equal(prot_noise_seed(&seed, out, 32), PROT_OK);
	assert_int_equal(prot_noise_seed(&seed, out, 16), PROT_OK);
	assert_fails_clean(PROT_ERR_IO);
}

static void test_seed__source_late_in_start_up__starts_anew(void **state)
{
	uint8_t out[4];

	(void)state;
	source.fail_at = 500;
	source.fail_for = 1;
	source.error = PROT_ERR_TIMEOUT;
	assert_fails_clean(PROT_ERR_TIMEOUT);
	assert_int_equal(source.taken, 501);
	assert_int_equal(prot_noise_seed(&seed, out, 4), PROT_OK);
	assert_int_equal(source.taken, 501 + 1024 + 1);
}

static void test_seed__source_late_while_filling__wiped_then_on(void **state)
{
	uint8_t out[4];

	(void)state;
	source.fail_at = 1024 + 9;
	source.fail_for = 1;
	source.error = PROT_ERR_TIMEOUT;
	assert_fails_clean(PROT_ERR_TIMEOUT);
	assert_int_equal(prot_noise_seed(&seed, out, 4), PROT_OK);
	assert_int_equal(source.taken, 1024 + 9 + 1 + 1);
}

static void test_seed__source_dead__fails_each_time(void **state)
{
	(void)state;
	source.fail_for = UINT32_MAX;
	source.error = PROT_ERR_TIMEOUT;
	assert_fails_clean(PROT_ERR_TIMEOUT);
	assert_fails_clean(PROT_ERR_TIMEOUT);
	assert_int_equal(source.taken, 2);
}

static void test_scale__claimed_entropy__an_eighth(void **state)
{
	(void)state;
	assert_int_equal(PROT_NOISE_SEED_SCALE, 8);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_seed__first_call__start_up_samples_not_used),
		T(test_seed__second_call__no_start_up_no_leftovers),
		T(test_seed__no_bytes__start_up_all_the_same),
		T(test_seed__last_byte__nothing_written_behind),
		T(test_seed__stuck_in_start_up__fails_for_good),
		T(test_seed__stuck_while_filling__wiped_for_good),
		T(test_seed__stuck_across_calls__noticed),
		T(test_seed__source_late_in_start_up__starts_anew),
		T(test_seed__source_late_while_filling__wiped_then_on),
		T(test_seed__source_dead__fails_each_time),
		T(test_scale__claimed_entropy__an_eighth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
