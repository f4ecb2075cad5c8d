/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/port/flash_otp.h>

#include "flash_sim.h"

#include <prot/services/otp_layout.h>
#include <prot/services/svn.h>

#include <string.h>

#define SIZE 512

static const struct prot_flash_geometry geometry = {8192, 4096, 256, 1, 0xFF};
static struct flash_sim sim;
static struct prot_flash_otp_state state;
static struct prot_flash_otp emulated;
static struct prot_otp otp;

static int setup(void **unused)
{
	(void)unused;
	flash_sim_init(&sim, &geometry);
	memset(&state, 0, sizeof(state));
	emulated = (struct prot_flash_otp){&sim.flash, &state, SIZE};
	otp = (struct prot_otp){&prot_flash_otp_ops, &emulated, SIZE};
	return 0;
}

/* Sectors are programmed more than once here, which a NOR flash allows. */
static void allow_again(void)
{
	memset(sim.written, 0, sizeof(sim.written));
}

static enum prot_status set(uint32_t offset, const void *bits, size_t len,
			    unsigned *calls)
{
	enum prot_status st;

	*calls = 0;
	do {
		st = otp.ops->set(otp.ctx, offset, bits, len);
		(*calls)++;
	} while (st == PROT_PENDING);
	return st;
}

static void test_read__erased_flash__all_clear(void **unused)
{
	static const uint8_t zero[SIZE];
	uint8_t got[SIZE];

	(void)unused;
	memset(got, 0x5A, sizeof(got));
	assert_int_equal(otp.ops->read(otp.ctx, 0, got, SIZE), PROT_OK);
	assert_memory_equal(got, zero, SIZE);
}

static void test_set__twice__bits_add_up_inverted(void **unused)
{
	static const uint8_t first[2] = {0x0F, 0x80}, then[2] = {0x11, 0x00};
	uint8_t got[2];
	unsigned calls;

	(void)unused;
	assert_int_equal(set(7, first, 2, &calls), PROT_OK);
	allow_again();
	assert_int_equal(set(7, then, 2, &calls), PROT_OK);
	assert_int_equal(otp.ops->read(otp.ctx, 7, got, 2), PROT_OK);
	assert_int_equal(got[0], 0x1F);
	assert_int_equal(got[1], 0x80);
	assert_int_equal(sim.data[7], 0xE0);
	assert_null(sim.violation);
}

static void test_set__across_pages__each_program_within_one(void **unused)
{
	uint8_t bits[SIZE], got[SIZE];
	unsigned calls;

	(void)unused;
	memset(bits, 0xA5, sizeof(bits));
	assert_int_equal(set(3, bits, SIZE - 3, &calls), PROT_OK);
	assert_null(sim.violation); /* the sim refuses to cross */
	assert_int_equal(sim.ops, 4 + 4);
	assert_int_equal(otp.ops->read(otp.ctx, 3, got, SIZE - 3), PROT_OK);
	assert_memory_equal(got, bits, SIZE - 3);
}

static void test_set__no_bits__nothing_programmed(void **unused)
{
	static const uint8_t none[200];
	unsigned calls;

	(void)unused;
	assert_int_equal(set(0, none, sizeof(none), &calls), PROT_OK);
	assert_int_equal(set(0, none, 0, &calls), PROT_OK);
	assert_int_equal(sim.ops, 0);
}

static void test_set__flash_pends__each_piece_once(void **unused)
{
	uint8_t bits[130], got[130];
	unsigned calls;

	(void)unused;
	memset(bits, 0x3C, sizeof(bits));
	sim.pend = 3;
	assert_int_equal(set(0, bits, sizeof(bits), &calls), PROT_OK);
	assert_null(sim.violation);
	assert_int_equal(sim.ops, 3);
	assert_int_equal(calls, 3 * 3 + 1);
	sim.pend = 0;
	assert_int_equal(otp.ops->read(otp.ctx, 0, got, sizeof(got)), PROT_OK);
	assert_memory_equal(got, bits, sizeof(got));
}

static void test_read__flash_pends__inverted_once(void **unused)
{
	uint8_t got = 0;

	(void)unused;
	sim.data[9] = 0xF0;
	sim.pend = 2;
	assert_int_equal(otp.ops->read(otp.ctx, 9, &got, 1), PROT_PENDING);
	assert_int_equal(otp.ops->read(otp.ctx, 9, &got, 1), PROT_PENDING);
	assert_int_equal(otp.ops->read(otp.ctx, 9, &got, 1), PROT_OK);
	assert_int_equal(got, 0x0F);
}

static void test_set__left_for_another_op__piece_ends_first(void **unused)
{
	static const uint8_t a[1] = {1}, b[1] = {2};
	uint8_t got;

	(void)unused;
	sim.pend = 1;
	assert_int_equal(otp.ops->set(otp.ctx, 0, a, 1), PROT_PENDING);
	assert_int_equal(otp.ops->set(otp.ctx, 1, b, 1), PROT_PENDING);
	assert_int_equal(otp.ops->set(otp.ctx, 1, b, 1), PROT_OK);
	assert_int_equal(otp.ops->set(otp.ctx, 2, a, 1), PROT_PENDING);
	assert_int_equal(otp.ops->read(otp.ctx, 0, &got, 1), PROT_PENDING);
	assert_int_equal(otp.ops->read(otp.ctx, 0, &got, 1), PROT_OK);
	assert_int_equal(got, 1);
	sim.pend = 2;
	assert_int_equal(otp.ops->set(otp.ctx, 3, a, 1), PROT_PENDING);
	assert_int_equal(otp.ops->read(otp.ctx, 3, &got, 1), PROT_PENDING);
	assert_int_equal(otp.ops->read(otp.ctx, 3, &got, 1), PROT_PENDING);
	assert_int_equal(sim.data[3], 0xFE);
	assert_null(sim.violation);
	assert_int_equal(sim.data[1], 0xFD);
	assert_int_equal(sim.data[2], 0xFE);
}

static void test_set__left_and_failed__next_one_not_blamed(void **unused)
{
	static const uint8_t a = 1;

	(void)unused;
	flash_sim_plan(&sim, 1, SIM_ERROR_HALF);
	sim.pend = 1;
	assert_int_equal(otp.ops->set(otp.ctx, 0, &a, 1), PROT_PENDING);
	assert_int_equal(otp.ops->set(otp.ctx, 1, &a, 1), PROT_PENDING);
	assert_int_equal(otp.ops->set(otp.ctx, 1, &a, 1), PROT_OK);
	assert_int_equal(sim.data[1], 0xFE);
}

static void test_set__flash_fails__reported_and_buffer_wiped(void **unused)
{
	static const uint8_t zero[PROT_FLASH_OTP_PIECE];
	uint8_t bits[100];
	unsigned calls;

	(void)unused;
	memset(bits, 0x77, sizeof(bits));
	flash_sim_plan(&sim, 2, SIM_ERROR_HALF);
	assert_int_equal(set(0, bits, sizeof(bits), &calls), PROT_ERR_IO);
	assert_memory_equal(state.piece, zero, sizeof(zero));
	allow_again();
	flash_sim_power_on(&sim);
	assert_int_equal(set(0, bits, sizeof(bits), &calls), PROT_OK);
	assert_int_equal(sim.ops, 2); /* from the start again */
	assert_memory_equal(state.piece, zero, sizeof(zero));
}

static void test_ops__past_the_end__argument_nothing_changed(void **unused)
{
	uint8_t byte = 1;

	(void)unused;
	assert_int_equal(otp.ops->read(otp.ctx, SIZE, &byte, 1), PROT_ERR_ARG);
	assert_int_equal(otp.ops->set(otp.ctx, SIZE, &byte, 1), PROT_ERR_ARG);
	assert_int_equal(otp.ops->set(otp.ctx, SIZE - 1, &byte, 2),
			 PROT_ERR_ARG);
	assert_int_equal(otp.ops->set(otp.ctx, 1, &byte, SIZE_MAX),
			 PROT_ERR_ARG);
	assert_int_equal(otp.ops->set(otp.ctx, UINT32_MAX, &byte, 1),
			 PROT_ERR_ARG);
	assert_int_equal(sim.ops, 0);
	assert_int_equal(otp.ops->set(otp.ctx, SIZE - 1, &byte, 1), PROT_OK);
}

static void test_ops__flash_of_another_kind__argument(void **unused)
{
	uint8_t byte = 1;

	(void)unused;
	sim.flash.geometry.program_unit = 4;
	assert_int_equal(otp.ops->set(otp.ctx, 0, &byte, 1), PROT_ERR_ARG);
	sim.flash.geometry.program_unit = 1;
	sim.flash.geometry.erased = 0;
	assert_int_equal(otp.ops->read(otp.ctx, 0, &byte, 1), PROT_ERR_ARG);
	sim.flash.geometry.erased = 0xFF;
	emulated.size = geometry.size + 1;
	assert_int_equal(otp.ops->read(otp.ctx, 0, &byte, 1), PROT_ERR_ARG);
	assert_int_equal(sim.ops + sim.reads, 0);
}

static void set_cut(uint32_t at, enum sim_fault cut)
{
	uint8_t bits[80], got[80], extra = 0;
	unsigned calls;

	(void)setup(NULL);
	memset(bits, 0x66, sizeof(bits));
	flash_sim_plan(&sim, at, cut);
	assert_int_equal(set(20, bits, sizeof(bits), &calls), PROT_ERR_IO);
	flash_sim_power_on(&sim);
	memset(&state, 0, sizeof(state));
	assert_int_equal(otp.ops->read(otp.ctx, 20, got, sizeof(got)), PROT_OK);
	for (size_t i = 0; i < sizeof(got); i++) {
		extra |= (uint8_t)(got[i] & ~bits[i]);
	}
	assert_int_equal(extra, 0);
	allow_again();
	assert_int_equal(set(20, bits, sizeof(bits), &calls), PROT_OK);
	assert_int_equal(sim.data[20], 0x99);
	assert_int_equal(sim.data[99], 0x99);
}

static void test_set__power_cut_anywhere__no_bit_but_those(void **unused)
{
	(void)unused;
	for (uint32_t at = 1; at <= 2; at++) {
		for (unsigned k = 0; k <= SIM_CUT_AFTER; k++) {
			set_cut(at, (enum sim_fault)k);
		}
	}
}

/* The services' own uses, over it. */
static void test_provision__svn__as_on_fuses(void **unused)
{
	uint8_t uds[PROT_OTP_UDS_SIZE], life[PROT_OTP_LIFECYCLE_SIZE];
	struct prot_otp_provision p = {
		.uds = uds,
		.svn_floor = 3,
		.lifecycle = PROT_LIFECYCLE_PRODUCTION,
	};
	struct prot_svn svn;
	enum prot_status st;

	(void)unused;
	memset(uds, 0xC3, sizeof(uds));
	sim.pend = 1;
	do {
		st = prot_otp_provision_step(&p, &otp);
	} while (st == PROT_PENDING);
	assert_int_equal(st, PROT_OK);
	allow_again();
	prot_svn_advance_init(&svn, &otp, 5);
	do {
		allow_again();
		st = prot_svn_step(&svn);
	} while (st == PROT_PENDING);
	assert_int_equal(st, PROT_OK);
	sim.pend = 0;
	prot_svn_read_init(&svn, &otp);
	assert_int_equal(prot_svn_step(&svn), PROT_OK);
	assert_int_equal(svn.floor, 5);
	assert_int_equal(
		otp.ops->read(otp.ctx, PROT_OTP_LIFECYCLE, life, sizeof(life)),
		PROT_OK);
	assert_int_equal(prot_lifecycle_decode(life),
			 PROT_LIFECYCLE_PRODUCTION);
	assert_int_equal(sim.data[0], 0x3C);
	assert_null(sim.violation);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_read__erased_flash__all_clear),
		TEST(test_set__twice__bits_add_up_inverted),
		TEST(test_set__across_pages__each_program_within_one),
		TEST(test_set__no_bits__nothing_programmed),
		TEST(test_set__flash_pends__each_piece_once),
		TEST(test_read__flash_pends__inverted_once),
		TEST(test_set__left_for_another_op__piece_ends_first),
		TEST(test_set__left_and_failed__next_one_not_blamed),
		TEST(test_set__flash_fails__reported_and_buffer_wiped),
		TEST(test_ops__past_the_end__argument_nothing_changed),
		TEST(test_ops__flash_of_another_kind__argument),
		TEST(test_set__power_cut_anywhere__no_bit_but_those),
		TEST(test_provision__svn__as_on_fuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
