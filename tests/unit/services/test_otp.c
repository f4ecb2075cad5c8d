/* SPDX-License-Identifier: Apache-2.0 */
#include "flash_sim.h"
#include "test.h"

#include <prot/services/otp_layout.h>
#include <prot/services/svn.h>

#include <string.h>

static const struct prot_flash_geometry geometry = {1024, 512, 256, 4, 0xFF};
static struct flash_sim sim;
static struct prot_svn svn;

static int set_up(void **state)
{
	(void)state;
	flash_sim_init(&sim, &geometry);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_null(sim.violation);
	return 0;
}

static enum prot_status finish(void)
{
	enum prot_status st = PROT_PENDING;

	for (int i = 0; i < 5000 && st == PROT_PENDING; i++) {
		st = prot_svn_step(&svn);
	}
	return st;
}

static uint32_t read_floor(void)
{
	prot_svn_read_init(&svn, &sim.otp);
	assert_int_equal(finish(), PROT_OK);
	return prot_svn_floor(&svn);
}

static enum prot_status advance(uint32_t target)
{
	prot_svn_advance_init(&svn, &sim.otp, target);
	return finish();
}

static uint8_t *copy(uint32_t n)
{
	return sim.otp_data + PROT_OTP_SVN + n * PROT_OTP_SVN_COPY;
}

static void test_svn__blank__zero(void **state)
{
	(void)state;
	assert_int_equal(read_floor(), 0);
	assert_false(prot_svn_incomplete(&svn));
}

static void test_svn_advance__every_target__thermometer(void **state)
{
	(void)state;
	for (uint32_t n = 1; n <= PROT_SVN_MAX; n++) {
		assert_int_equal(advance(n), PROT_OK);
		assert_int_equal(prot_svn_floor(&svn), n);
		assert_int_equal(sim.ops, 3);
		flash_sim_power_on(&sim);
	}
	assert_memory_equal(copy(0), copy(1), PROT_OTP_SVN_COPY);
	assert_memory_equal(copy(0), copy(2), PROT_OTP_SVN_COPY);
	assert_int_equal(copy(0)[PROT_OTP_SVN_COPY - 1], 0xFF);
}

static void test_svn_advance__there_already__nothing_written(void **state)
{
	(void)state;
	assert_int_equal(advance(9), PROT_OK);
	flash_sim_power_on(&sim);
	assert_int_equal(advance(9), PROT_OK);
	assert_int_equal(advance(3), PROT_OK);
	assert_int_equal(sim.ops, 0);
	assert_int_equal(read_floor(), 9);
}

static void test_svn_advance__above_the_highest__arg_error(void **state)
{
	(void)state;
	assert_int_equal(advance(PROT_SVN_MAX + 1), PROT_ERR_ARG);
	assert_int_equal(sim.ops, 0);
}

/* A cut anywhere never lowers the floor nor takes it past the target. */
static void test_svn_advance__cut_anywhere__completed_by_asking(void **state)
{
	(void)state;
	for (uint32_t at = 1; at <= 12; at++) {
		for (unsigned kind = 0; kind < SIM_FAULT_COUNT; kind++) {
			uint32_t floor;

			flash_sim_init(&sim, &geometry);
			assert_int_equal(advance(2), PROT_OK);
			flash_sim_plan(&sim, at, (enum sim_fault)kind);
			(void)advance(6);
			assert_true(sim.faulted);
			flash_sim_power_on(&sim);
			floor = read_floor();
			assert_in_range(floor, 2, 6);
			assert_int_equal(advance(6), PROT_OK);
			assert_int_equal(read_floor(), 6);
			assert_false(prot_svn_incomplete(&svn));
		}
	}
}

static void test_svn__one_copy_stuck_at_zero__no_matter(void **state)
{
	(void)state;
	assert_int_equal(advance(20), PROT_OK);
	memset(copy(1), 0, PROT_OTP_SVN_COPY);
	assert_int_equal(read_floor(), 20);
	assert_false(prot_svn_incomplete(&svn));
	memset(copy(2), 0, PROT_OTP_SVN_COPY);
	assert_int_equal(read_floor(), 20);
	assert_true(prot_svn_incomplete(&svn));
}

static enum prot_status dead_set(void *ctx, uint32_t offset, const void *bits,
				 size_t len)
{
	(void)ctx;
	(void)offset;
	(void)bits;
	(void)len;
	return PROT_OK;
}

static void test_svn_advance__bits_do_not_set__io_error(void **state)
{
	struct prot_otp_ops dead = *sim.otp.ops;

	(void)state;
	dead.set = dead_set;
	sim.otp.ops = &dead;
	assert_int_equal(advance(1), PROT_ERR_IO);
}

static void test_svn__device_fails__io_error(void **state)
{
	(void)state;
	sim.off = true;
	prot_svn_read_init(&svn, &sim.otp);
	assert_int_equal(finish(), PROT_ERR_IO);
}

static void test_svn__ops_pend__same_result(void **state)
{
	(void)state;
	sim.pend = 2;
	assert_int_equal(advance(5), PROT_OK);
	assert_int_equal(read_floor(), 5);
}

static enum prot_lifecycle lifecycle(uint8_t a, uint8_t b, uint8_t c)
{
	const uint8_t copies[PROT_OTP_LIFECYCLE_SIZE] = {a, b, c};

	return prot_lifecycle_decode(copies);
}

static void test_lifecycle_decode__thermometers__states(void **state)
{
	(void)state;
	for (unsigned n = 0; n <= 5; n++) {
		uint8_t bits = (uint8_t)((1u << n) - 1u);

		assert_int_equal(lifecycle(bits, bits, bits), n);
		assert_int_equal(lifecycle(bits, bits, 0xFF), n);
		assert_int_equal(lifecycle(0, bits, bits), n);
	}
}

static void test_lifecycle_decode__anything_else__most_restrictive(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 256; bits++) {
		uint8_t b = (uint8_t)bits;

		if ((bits & (bits + 1)) != 0 || bits > 0x1F) {
			assert_int_equal(lifecycle(b, b, b),
					 PROT_LIFECYCLE_PRODUCTION);
		}
	}
	/* no two copies agree on RMA: not loosened */
	assert_int_equal(lifecycle(0x0F, 0x03, 0x03),
			 PROT_LIFECYCLE_PRODUCTION);
	assert_false(prot_lifecycle_allows_debug(PROT_LIFECYCLE_PRODUCTION));
	assert_false(prot_lifecycle_allows_debug(PROT_LIFECYCLE_OWNED));
	assert_false(prot_lifecycle_allows_debug(PROT_LIFECYCLE_END_OF_LIFE));
	assert_true(prot_lifecycle_allows_debug(PROT_LIFECYCLE_RMA));
}

static uint8_t uds[PROT_OTP_UDS_SIZE] = {0xA5, 1, 2, 3};
static uint8_t hash[PROT_OTP_KEY_HASH_SIZE] = {0x3C, 4, 5, 6};

static enum prot_status provision(uint8_t *secret)
{
	struct prot_otp_provision p = {
		.uds = secret,
		.key_hash = {hash, NULL, hash},
		.svn_floor = 11,
		.lifecycle = PROT_LIFECYCLE_PRODUCTION,
	};
	enum prot_status st = PROT_PENDING;

	for (int i = 0; i < 1000 && st == PROT_PENDING; i++) {
		st = prot_otp_provision_step(&p, &sim.otp);
	}
	return st;
}

static void assert_provisioned(void)
{
	assert_memory_equal(sim.otp_data + PROT_OTP_UDS, uds, sizeof(uds));
	assert_memory_equal(sim.otp_data + PROT_OTP_KEY_HASH, hash,
			    sizeof(hash));
	assert_memory_equal(sim.otp_data + PROT_OTP_KEY_HASH +
				    2 * PROT_OTP_KEY_HASH_SIZE,
			    hash, sizeof(hash));
	assert_int_equal(sim.otp_data[PROT_OTP_KEY_HASH + sizeof(hash)], 0);
	assert_int_equal(read_floor(), 11);
	assert_int_equal(lifecycle(sim.otp_data[PROT_OTP_LIFECYCLE],
				   sim.otp_data[PROT_OTP_LIFECYCLE + 1],
				   sim.otp_data[PROT_OTP_LIFECYCLE + 2]),
			 PROT_LIFECYCLE_PRODUCTION);
}

static void test_provision__blank_device__every_field(void **state)
{
	(void)state;
	sim.pend = 1;
	assert_int_equal(provision(uds), PROT_OK);
	assert_provisioned();
}

static void test_provision__again__nothing_changes(void **state)
{
	(void)state;
	assert_int_equal(provision(uds), PROT_OK);
	assert_int_equal(provision(uds), PROT_OK);
	assert_provisioned();
}

static void test_provision__other_secret__refused_untouched(void **state)
{
	uint8_t other[PROT_OTP_UDS_SIZE] = {0x5A};

	(void)state;
	assert_int_equal(provision(uds), PROT_OK);
	assert_int_equal(provision(other), PROT_ERR_STATE);
	assert_provisioned();
}

static void test_provision__cut_anywhere__raw_and_repeatable(void **state)
{
	(void)state;
	for (uint32_t at = 1; at <= 5; at++) {
		flash_sim_init(&sim, &geometry);
		flash_sim_plan(&sim, at, SIM_CUT_HALF);
		assert_int_equal(provision(uds), PROT_ERR_IO);
		assert_true(sim.faulted);
		flash_sim_power_on(&sim);
		assert_int_equal(provision(uds), PROT_OK);
		assert_provisioned();
	}
}

static void test_provision__arguments_out_of_range__arg_error(void **state)
{
	struct prot_otp_provision p = {.uds = uds};

	(void)state;
	p.svn_floor = PROT_SVN_MAX + 1;
	assert_int_equal(prot_otp_provision_step(&p, &sim.otp), PROT_ERR_ARG);
	p.svn_floor = 0;
	p.lifecycle = (enum prot_lifecycle)6;
	assert_int_equal(prot_otp_provision_step(&p, &sim.otp), PROT_ERR_ARG);
	p.lifecycle = PROT_LIFECYCLE_RAW;
	p.uds = NULL;
	assert_int_equal(prot_otp_provision_step(&p, &sim.otp), PROT_ERR_ARG);
	p.uds = uds;
	sim.otp.size = PROT_OTP_SIZE - 1;
	assert_int_equal(prot_otp_provision_step(&p, &sim.otp), PROT_ERR_ARG);
	assert_int_equal(sim.ops, 0);
}

static void test_otp_write__outside_the_device__arg_error(void **state)
{
	struct prot_otp_write w;

	(void)state;
	prot_otp_write_init(&w, &sim.otp, OTP_SIM_SIZE - 4, uds, 5);
	assert_int_equal(prot_otp_write_step(&w), PROT_ERR_ARG);
}

int main(void)
{
#define OTP_TEST(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		OTP_TEST(test_svn__blank__zero),
		OTP_TEST(test_svn_advance__every_target__thermometer),
		OTP_TEST(test_svn_advance__there_already__nothing_written),
		OTP_TEST(test_svn_advance__above_the_highest__arg_error),
		OTP_TEST(test_svn_advance__cut_anywhere__completed_by_asking),
		OTP_TEST(test_svn__one_copy_stuck_at_zero__no_matter),
		OTP_TEST(test_svn_advance__bits_do_not_set__io_error),
		OTP_TEST(test_svn__device_fails__io_error),
		OTP_TEST(test_svn__ops_pend__same_result),
		OTP_TEST(test_lifecycle_decode__thermometers__states),
		OTP_TEST(
			test_lifecycle_decode__anything_else__most_restrictive),
		OTP_TEST(test_provision__blank_device__every_field),
		OTP_TEST(test_provision__again__nothing_changes),
		OTP_TEST(test_provision__other_secret__refused_untouched),
		OTP_TEST(test_provision__cut_anywhere__raw_and_repeatable),
		OTP_TEST(test_provision__arguments_out_of_range__arg_error),
		OTP_TEST(test_otp_write__outside_the_device__arg_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
