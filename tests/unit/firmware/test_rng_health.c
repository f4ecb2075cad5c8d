/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/port/rng_health.h>

#include <math.h>

static struct prot_rng_health health;
static uint32_t fresh; /* samples that never come twice */

static int setup(void **state)
{
	(void)state;
	prot_rng_health_init(&health);
	fresh = 1000;
	return 0;
}

static enum prot_status feed(uint32_t sample)
{
	return prot_rng_health_sample(&health, sample);
}

static void feed_fresh(size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(feed(++fresh), PROT_OK);
	}
}

/* P(X = k), X binomial over a window with p = 2^-H. */
static double chance_of(uint32_t k)
{
	double p = pow(2, -(double)PROT_RNG_HEALTH_ENTROPY);
	uint32_t rest = PROT_RNG_HEALTH_WINDOW - k;

	return exp(lgamma(PROT_RNG_HEALTH_WINDOW + 1.0) - lgamma(k + 1.0) -
		   lgamma(rest + 1.0) + k * log(p) + rest * log1p(-p));
}

static void test_cutoffs__formulas__as_derived(void **state)
{
	double alpha = pow(2, -(double)PROT_RNG_HEALTH_ALPHA);
	uint32_t k = PROT_RNG_HEALTH_WINDOW;
	double tail = chance_of(k);

	(void)state;
	assert_int_equal(PROT_RNG_HEALTH_REPETITION,
			 1 + (PROT_RNG_HEALTH_ALPHA + PROT_RNG_HEALTH_ENTROPY -
			      1) / PROT_RNG_HEALTH_ENTROPY);
	/* The least k with P(X > k) <= alpha. */
	while (tail <= alpha) {
		tail += chance_of(--k);
	}
	assert_int_equal(PROT_RNG_HEALTH_PROPORTION, 1 + k);
}

static void test_repetition__below_cutoff__passes(void **state)
{
	(void)state;
	for (uint32_t round = 1; round <= 100; round++) {
		for (uint32_t i = 1; i < PROT_RNG_HEALTH_REPETITION; i++) {
			assert_int_equal(feed(round), PROT_OK);
		}
	}
}

static void test_repetition__at_cutoff__fails(void **state)
{
	(void)state;
	feed_fresh(100);
	for (uint32_t i = 1; i < PROT_RNG_HEALTH_REPETITION; i++) {
		assert_int_equal(feed(7), PROT_OK);
	}
	assert_int_equal(feed(7), PROT_ERR_IO);
}

static void test_repetition__zero_from_the_start__fails(void **state)
{
	(void)state;
	for (uint32_t i = 1; i < PROT_RNG_HEALTH_REPETITION; i++) {
		assert_int_equal(feed(0), PROT_OK);
	}
	assert_int_equal(feed(0), PROT_ERR_IO);
}

/* `count` times the first sample of a window, spread, the rest fresh. */
static enum prot_status window_with(uint32_t count)
{
	enum prot_status st = feed(5);

	for (uint32_t i = 1; i < PROT_RNG_HEALTH_WINDOW; i++) {
		if (i % 7 == 0 && i / 7 < count) {
			st = feed(5);
		} else {
			st = feed(++fresh);
		}
		if (st != PROT_OK) {
			return st;
		}
	}
	return st;
}

static void test_proportion__below_cutoff_in_each_window__passes(void **state)
{
	(void)state;
	for (size_t round = 0; round < 5; round++) {
		assert_int_equal(window_with(PROT_RNG_HEALTH_PROPORTION - 1),
				 PROT_OK);
	}
}

static void test_proportion__at_cutoff__fails(void **state)
{
	(void)state;
	for (size_t window = 0; window < 3; window++) {
		feed_fresh(PROT_RNG_HEALTH_WINDOW);
	}
	assert_int_equal(window_with(PROT_RNG_HEALTH_PROPORTION), PROT_ERR_IO);
}

static void test_proportion__last_sample_of_window__still_counts(void **state)
{
	(void)state;
	assert_int_equal(feed(5), PROT_OK);
	for (uint32_t i = 1; i < PROT_RNG_HEALTH_PROPORTION - 1; i++) {
		assert_int_equal(feed(++fresh), PROT_OK);
		assert_int_equal(feed(5), PROT_OK);
	}
	for (uint32_t i = 2 * PROT_RNG_HEALTH_PROPORTION - 2;
	     i < PROT_RNG_HEALTH_WINDOW; i++) {
		feed_fresh(1);
	}
	assert_int_equal(feed(5), PROT_ERR_IO);
}

static void test_proportion__first_of_next_window__counts_anew(void **state)
{
	(void)state;
	assert_int_equal(window_with(PROT_RNG_HEALTH_PROPORTION - 1), PROT_OK);
	assert_int_equal(feed(5), PROT_OK);
	feed_fresh(PROT_RNG_HEALTH_WINDOW);
}

static void test_proportion__two_words_in_turn__fails(void **state)
{
	enum prot_status st = PROT_OK;
	size_t n = 0;

	(void)state;
	while (st == PROT_OK && n < PROT_RNG_HEALTH_WINDOW) {
		st = feed(n++ % 2 ? 0xAAAAAAAA : 0x55555555);
	}
	assert_int_equal(st, PROT_ERR_IO);
	assert_int_equal(n, 2 * PROT_RNG_HEALTH_PROPORTION - 1);
}

static void test_failure__good_samples_after__stays(void **state)
{
	(void)state;
	for (uint32_t i = 1; i < PROT_RNG_HEALTH_REPETITION; i++) {
		assert_int_equal(feed(7), PROT_OK);
	}
	assert_int_equal(feed(7), PROT_ERR_IO);
	for (uint32_t i = 0; i < 2000; i++) {
		assert_int_equal(feed(++fresh), PROT_ERR_IO);
	}
	prot_rng_health_init(&health);
	assert_int_equal(feed(7), PROT_OK);
}

/* Sixteen values, all as likely: just as bad as is claimed. */
static void test_both__source_as_claimed__no_alarm(void **state)
{
	uint32_t seed = 12345;

	(void)state;
	for (size_t i = 0; i < 1000000; i++) {
		seed = seed * 1664525u + 1013904223u;
		assert_int_equal(feed(seed >> 28), PROT_OK);
	}
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_cutoffs__formulas__as_derived),
		T(test_repetition__below_cutoff__passes),
		T(test_repetition__at_cutoff__fails),
		T(test_repetition__zero_from_the_start__fails),
		T(test_proportion__below_cutoff_in_each_window__passes),
		T(test_proportion__at_cutoff__fails),
		T(test_proportion__last_sample_of_window__still_counts),
		T(test_proportion__first_of_next_window__counts_anew),
		T(test_proportion__two_words_in_turn__fails),
		T(test_failure__good_samples_after__stays),
		T(test_both__source_as_claimed__no_alarm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
