/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_otp.h"
#include "mmio_mock.h"
#include "otp_model.h"

#include <prot/services/otp_layout.h>
#include <prot/services/svn.h>

#include <string.h>

#define WORD 0x100u /* first of the region */
#define SIZE 512u

static struct otp_model model;
static struct prot_ast_otp_state state;
static struct prot_ast_otp fuses;
static struct prot_otp otp;

static int setup(void **unused)
{
	(void)unused;
	mmio_mock_reset();
	otp_model_init(&model);
	model.first = WORD;
	model.last = WORD + SIZE / 4 - 1;
	memset(&state, 0, sizeof(state));
	fuses = (struct prot_ast_otp){&mmio_mock_clock, &state, WORD, SIZE,
				      AST_OTP_FORBIDDEN_USER};
	otp = (struct prot_otp){&prot_ast_otp_ops, &fuses, SIZE};
	return 0;
}

static void assert_at_rest(void)
{
	if (model.violation != NULL) {
		fail_msg("%s", model.violation);
	}
	assert_true(otp_model_at_rest(&model));
	mmio_mock_forget_writes();
}

static enum prot_status set(uint32_t offset, const void *bits, size_t len)
{
	enum prot_status st;

	do {
		st = otp.ops->set(otp.ctx, offset, bits, len);
		assert_at_rest();
	} while (st == PROT_PENDING);
	return st;
}

static enum prot_status get(uint32_t offset, void *buf, size_t len,
			    unsigned *calls)
{
	enum prot_status st;

	*calls = 0;
	do {
		st = otp.ops->read(otp.ctx, offset, buf, len);
		assert_at_rest();
		(*calls)++;
	} while (st == PROT_PENDING);
	return st;
}

static void test_read__blank__zero(void **unused)
{
	static const uint8_t zero[SIZE];
	uint8_t got[SIZE];
	unsigned calls;

	(void)unused;
	memset(got, 0x5A, sizeof(got));
	assert_int_equal(get(0, got, SIZE, &calls), PROT_OK);
	assert_memory_equal(got, zero, SIZE);
	assert_int_equal(model.reads, SIZE / 8 + 1); /* the configuration */
	assert_int_equal(calls, SIZE / 8 / AST_OTP_PAIRS);
}

static void test_read__words__little_endian_odd_ones_inverted(void **unused)
{
	static const uint8_t expect[8] = {0x44, 0x33, 0x22, 0x11,
					  0x88, 0x77, 0x66, 0x55};
	uint8_t got[9];
	unsigned calls;

	(void)unused;
	model.data[WORD + 2] = 0x11223344;
	model.data[WORD + 3] = ~0x55667788u;
	for (uint32_t from = 0; from < 8; from++) {
		for (uint32_t n = 0; n <= 8 - from; n++) {
			memset(got, 0x5A, sizeof(got));
			assert_int_equal(get(8 + from, got, n, &calls),
					 PROT_OK);
			assert_memory_equal(got, expect + from, n);
			assert_int_equal(got[n], 0x5A);
		}
	}
}

static void test_read__sequence__of_data_sheet(void **unused)
{
	static const uint32_t expect[][2] = {
		{AST_OTP_PROTECT, 0x349FE38A}, {AST_OTP_ADDRESS, WORD + 4},
		{AST_OTP_COMMAND, 0x23B1E361}, {AST_OTP_DATA(0), 0},
		{AST_OTP_DATA(1), 0},          {AST_OTP_PROTECT, 1},
	};
	struct mmio_write w[8];
	uint8_t got;

	(void)unused;
	assert_int_equal(otp.ops->read(otp.ctx, 0, &got, 1), PROT_OK);
	mmio_mock_forget_writes(); /* the first one sets the mode, too */
	assert_int_equal(otp.ops->read(otp.ctx, 20, &got, 1), PROT_OK);
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, w, 8),
			 PROT_ARRAY_SIZE(expect));
	for (size_t i = 0; i < PROT_ARRAY_SIZE(expect); i++) {
		assert_int_equal(w[i].address, AST_SBC_BASE + expect[i][0]);
		assert_int_equal(w[i].value, expect[i][1]);
	}
}

/* What one pulse writes, from the mode to the end of the call. */
static void test_set__pulse__sequence_of_data_sheet(void **unused)
{
	static const uint32_t expect[][2] = {
		{AST_OTP_DATA(0), 0x1320},     {AST_OTP_ADDRESS, 0x3000},
		{AST_OTP_COMMAND, 0x23B1E362}, {AST_OTP_DATA(0), 0x1008},
		{AST_OTP_ADDRESS, 0x5000},     {AST_OTP_COMMAND, 0x23B1E362},
		{AST_OTP_DATA(0), 0x0024},     {AST_OTP_ADDRESS, 0x1000},
		{AST_OTP_COMMAND, 0x23B1E362}, {AST_OTP_TIMING, 0x04191388},
		{AST_OTP_DATA(0), 1u << 9},    {AST_OTP_ADDRESS, 0},
		{AST_OTP_COMMAND, 0x23B1E362}, {AST_OTP_DATA(0), 1u << 9},
		{AST_OTP_ADDRESS, WORD + 1},   {AST_OTP_COMMAND, 0x23B1E364},
		{AST_OTP_DATA(0), 0},          {AST_OTP_ADDRESS, 0x3000},
		{AST_OTP_COMMAND, 0x23B1E362}, {AST_OTP_DATA(0), 0},
		{AST_OTP_ADDRESS, 0x5000},     {AST_OTP_COMMAND, 0x23B1E362},
		{AST_OTP_DATA(0), 0},          {AST_OTP_ADDRESS, 0x1000},
		{AST_OTP_COMMAND, 0x23B1E362}, {AST_OTP_DATA(0), 0},
		{AST_OTP_DATA(1), 0},          {AST_OTP_PROTECT, 1},
	};
	static const uint8_t bit = 0x02;
	struct mmio_write w[64];
	size_t n, skip;

	(void)unused;
	assert_int_equal(otp.ops->set(otp.ctx, 5, &bit, 1), PROT_PENDING);
	n = mmio_mock_writes(0, UINT32_MAX, w, 64);
	assert_true(n > PROT_ARRAY_SIZE(expect));
	skip = n - PROT_ARRAY_SIZE(expect);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(expect); i++) {
		assert_int_equal(w[skip + i].address,
				 AST_SBC_BASE + expect[i][0]);
		assert_int_equal(w[skip + i].value, expect[i][1]);
	}
	assert_int_equal(model.data[WORD + 1], ~(1u << 9));
	assert_int_equal(otp.ops->set(otp.ctx, 5, &bit, 1), PROT_OK);
	assert_at_rest();
}

static void test_set__any_place__those_bits_alone(void **unused)
{
	uint8_t bits[21], got[40], expect[40];
	unsigned calls;

	(void)unused;
	for (uint32_t from = 0; from < 9; from++) {
		(void)setup(NULL);
		memset(expect, 0, sizeof(expect));
		for (uint32_t i = 0; i < sizeof(bits); i++) {
			bits[i] = (uint8_t)(i * 37 + 5);
		}
		memcpy(expect + from, bits, sizeof(bits));
		assert_int_equal(set(from, bits, sizeof(bits)), PROT_OK);
		assert_int_equal(get(0, got, sizeof(got), &calls), PROT_OK);
		assert_memory_equal(got, expect, sizeof(got));
		assert_int_equal(model.soaks, 0);
	}
}

static void test_set__bits_set_already__no_pulse(void **unused)
{
	static const uint8_t a[2] = {0x0F, 0xF0}, b[2] = {0x1E, 0xF0};
	uint8_t got[2];
	unsigned calls;

	(void)unused;
	assert_int_equal(set(3, a, 2), PROT_OK);
	assert_int_equal(model.programs, 8);
	assert_int_equal(set(3, a, 2), PROT_OK);
	assert_int_equal(model.programs, 8);
	assert_int_equal(set(3, b, 2), PROT_OK);
	assert_int_equal(model.programs, 9);
	assert_int_equal(get(3, got, 2, &calls), PROT_OK);
	assert_int_equal(got[0], 0x1F);
	assert_int_equal(got[1], 0xF0);
}

static void test_set__nothing__no_pulse(void **unused)
{
	static const uint8_t zero[32];

	(void)unused;
	assert_int_equal(set(1, zero, sizeof(zero)), PROT_OK);
	assert_int_equal(set(SIZE, zero, 0), PROT_OK);
	assert_int_equal(model.programs, 0);
}

static void test_set__hard_bits__longer_pulses_until_set(void **unused)
{
	static const uint8_t bits[8] = {0x07, 0, 0, 0, 0x03, 0, 0, 0};
	uint8_t got[8];
	unsigned calls;

	(void)unused;
	model.hard[0] = (struct otp_hard_bit){WORD, 1, 1};
	model.hard[1] = (struct otp_hard_bit){WORD + 1, 0, 3};
	model.hard[2] = (struct otp_hard_bit){WORD + 1, 1, AST_OTP_SOAK_LIMIT};
	assert_int_equal(set(0, bits, sizeof(bits)), PROT_OK);
	assert_int_equal(model.programs, 5 + 1 + 3 + AST_OTP_SOAK_LIMIT);
	assert_int_equal(model.soaks, 1 + 3 + AST_OTP_SOAK_LIMIT);
	assert_int_equal(get(0, got, sizeof(got), &calls), PROT_OK);
	assert_memory_equal(got, bits, sizeof(bits));
}

static void test_set__bit_that_never_sets__io_after_limit(void **unused)
{
	static const uint8_t bits[2] = {0x01, 0x81};

	(void)unused;
	model.hard[0] = (struct otp_hard_bit){WORD, 8, UINT32_MAX};
	assert_int_equal(set(0, bits, 2), PROT_ERR_IO);
	assert_int_equal(model.programs, 1 + 1 + AST_OTP_SOAK_LIMIT);
	assert_int_equal(model.data[WORD], 0x0001);
	/* a repetition starts from nothing */
	assert_int_equal(set(0, bits, 2), PROT_ERR_IO);
	assert_int_equal(model.programs, 1 + 2 * (1 + AST_OTP_SOAK_LIMIT));
}

static void test_set__configuration_forbids__state(void **unused)
{
	static const uint32_t forbids[] = {1u << 31, 1u << 23, 1u << 3};
	static const uint32_t allows[] = {1u << 22, 1u << 24, 1u << 25,
					  0x00080000};
	static const uint8_t bit = 1;
	uint8_t got;
	unsigned calls;

	(void)unused;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(forbids); i++) {
		(void)setup(NULL);
		model.config[0] = forbids[i];
		assert_int_equal(set(0, &bit, 1), PROT_ERR_STATE);
		assert_int_equal(get(0, &got, 1, &calls), PROT_OK);
		assert_int_equal(model.programs, 0);
	}
	for (uint32_t i = 0; i < PROT_ARRAY_SIZE(allows); i++) {
		(void)setup(NULL);
		model.config[0] = allows[i];
		assert_int_equal(set(i, &bit, 1), PROT_OK);
	}
}

static void test_ops__region_meets_the_secure_one__state(void **unused)
{
	uint8_t byte = 1;
	uint32_t word;

	(void)unused;
	model.config[0] = 0x00090000; /* 288 words; the region starts at 256 */
	assert_int_equal(set(0, &byte, 1), PROT_ERR_STATE);
	assert_int_equal(otp.ops->read(otp.ctx, 256, &byte, 1), PROT_ERR_STATE);
	assert_at_rest();
	assert_int_equal(model.programs, 0);
	assert_int_equal(prot_ast_otp_config(&fuses, 0, &word), PROT_OK);
	assert_int_equal(AST_OTP_CONFIG0_SECURE_WORDS(word), 288);
}

static void test_ops__outside_region__argument_untouched(void **unused)
{
	struct mmio_write w[1];
	uint8_t buf[2] = {1, 1};

	(void)unused;
	assert_int_equal(otp.ops->read(otp.ctx, SIZE, buf, 1), PROT_ERR_ARG);
	assert_int_equal(otp.ops->set(otp.ctx, SIZE, buf, 1), PROT_ERR_ARG);
	assert_int_equal(otp.ops->set(otp.ctx, SIZE - 1, buf, 2), PROT_ERR_ARG);
	assert_int_equal(otp.ops->set(otp.ctx, 1, buf, SIZE_MAX), PROT_ERR_ARG);
	assert_int_equal(otp.ops->set(otp.ctx, UINT32_MAX, buf, 1),
			 PROT_ERR_ARG);
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, w, 1), 0);
	assert_int_equal(set(SIZE - 1, buf, 1), PROT_OK);
	assert_int_equal(model.data[WORD + SIZE / 4 - 1], ~0x01000000u);
}

static void test_ops__region_that_is_none__argument_untouched(void **unused)
{
	static const uint32_t bad[][2] = {
		{1, 512},  {0, 12},         {1792, 8},  {1790, 16},
		{0, 7176}, {0xFFFFFFFE, 8}, {2048, 64}, /* the configuration */
	};
	struct mmio_write w[1];
	uint8_t byte = 1;

	(void)unused;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		fuses.word = bad[i][0];
		fuses.size = bad[i][1];
		assert_int_equal(otp.ops->set(otp.ctx, 0, &byte, 1),
				 PROT_ERR_ARG);
		assert_int_equal(otp.ops->read(otp.ctx, 0, &byte, 1),
				 PROT_ERR_ARG);
	}
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, w, 1), 0);
	fuses.word = 1790;
	fuses.size = 8;
	assert_int_equal(otp.ops->read(otp.ctx, 0, &byte, 1), PROT_OK);
}

static void test_ops__never_idle__io_and_protected(void **unused)
{
	uint64_t start = prot_clock_us(&mmio_mock_clock);
	uint8_t byte = 1;
	uint32_t word;

	(void)unused;
	model.stuck = true;
	assert_int_equal(otp.ops->read(otp.ctx, 0, &byte, 1), PROT_ERR_IO);
	assert_in_range(prot_clock_us(&mmio_mock_clock) - start,
			AST_OTP_COMMAND_LIMIT_US,
			AST_OTP_COMMAND_LIMIT_US + 1000);
	assert_int_equal(mmio_mock_peek(AST_SBC_BASE), AST_OTP_PROTECT_ON);
	assert_int_equal(prot_ast_otp_config(&fuses, 0, &word), PROT_ERR_IO);
	assert_int_equal(otp.ops->set(otp.ctx, 0, &byte, 1), PROT_ERR_IO);
	assert_int_equal(mmio_mock_peek(AST_SBC_BASE), AST_OTP_PROTECT_ON);
	assert_int_equal(model.programs, 0);
}

static void test_set__idle_lost_in_a_pulse__io_and_protected(void **unused)
{
	static const uint8_t bits = 0x03;

	(void)unused;
	assert_int_equal(otp.ops->set(otp.ctx, 0, &bits, 1), PROT_PENDING);
	model.cut_at = 2; /* the memory answers no more */
	assert_int_equal(otp.ops->set(otp.ctx, 0, &bits, 1), PROT_ERR_IO);
	assert_int_equal(mmio_mock_peek(AST_SBC_BASE), AST_OTP_PROTECT_ON);
	assert_int_equal(model.data[WORD], 1);
}

static void assert_protected(void)
{
	if (model.violation != NULL) {
		fail_msg("%s", model.violation);
	}
	assert_int_equal(mmio_mock_peek(AST_SBC_BASE), AST_OTP_PROTECT_ON);
}

/* Each command of an op in turn does not end. */
static void test_set__any_command_hangs__io_and_protected(void **unused)
{
	static const uint8_t bits[2] = {0x01, 0x80};
	enum prot_status st;
	uint32_t at = 0;

	(void)unused;
	do {
		(void)setup(NULL);
		model.stuck_at = ++at;
		do {
			st = otp.ops->set(otp.ctx, 0, bits, 2);
		} while (st == PROT_PENDING);
		assert_int_equal(st, model.stuck ? PROT_ERR_IO : PROT_OK);
		assert_protected();
	} while (model.stuck);
	assert_int_equal(at, 3 + 1 + 2 * (1 + 3 + 1 + 1 + 3) + 1 + 1);
}

static void test_straps__any_command_hangs__io_and_protected(void **unused)
{
	struct prot_ast_otp_straps straps;

	(void)unused;
	for (uint32_t at = 1; at <= 4 + 14; at++) {
		(void)setup(NULL);
		model.stuck_at = at;
		assert_int_equal(prot_ast_otp_straps(&fuses, &straps),
				 PROT_ERR_IO);
		assert_protected();
	}
}

/* A program that did not end leaves its mode behind; reads set theirs first. */
static void test_read__after_a_program_that_hung__in_read_mode(void **unused)
{
	static const uint8_t bit = 0x10;
	uint8_t got;
	unsigned calls;

	(void)unused;
	model.stuck_at = 3 + 1 + 1 + 3 + 1 + 1; /* the program itself */
	assert_int_equal(otp.ops->set(otp.ctx, 0, &bit, 1), PROT_ERR_IO);
	assert_int_equal(model.mr, 0x0024);
	assert_int_equal(otp.ops->read(otp.ctx, 0, &got, 1), PROT_ERR_IO);
	model.stuck = false;
	assert_int_equal(get(0, &got, 1, &calls), PROT_OK);
	assert_int_equal(got, 0x10);
}

static void test_set__another_between__both_complete(void **unused)
{
	static const uint8_t a[2] = {0xFF, 0x0F}, b = 0x81;
	uint8_t got[3];
	unsigned calls;

	(void)unused;
	assert_int_equal(otp.ops->set(otp.ctx, 0, a, 2), PROT_PENDING);
	assert_int_equal(otp.ops->set(otp.ctx, 0, a, 2), PROT_PENDING);
	assert_int_equal(set(2, &b, 1), PROT_OK);
	assert_int_equal(get(2, got, 1, &calls), PROT_OK);
	assert_int_equal(set(0, a, 2), PROT_OK);
	assert_int_equal(get(0, got, 3, &calls), PROT_OK);
	assert_int_equal(got[0], 0xFF);
	assert_int_equal(got[1], 0x0F);
	assert_int_equal(got[2], 0x81);
	assert_int_equal(model.programs, 12 + 2);
}

static void test_config__each_word__from_its_address(void **unused)
{
	uint32_t value;

	(void)unused;
	for (uint32_t n = 0; n < 32; n++) {
		model.config[n] = 0x01010101u * n;
	}
	for (uint32_t n = 0; n < 32; n++) {
		assert_int_equal(prot_ast_otp_config(&fuses, n, &value),
				 PROT_OK);
		assert_int_equal(value, 0x01010101u * n);
		assert_at_rest();
	}
	assert_int_equal(prot_ast_otp_config(&fuses, 32, &value), PROT_ERR_ARG);
	assert_int_equal(AST_OTP_CONFIG(0), 0x800);
	assert_int_equal(AST_OTP_CONFIG(7), 0x80E);
	assert_int_equal(AST_OTP_CONFIG(8), 0xA00);
	assert_int_equal(AST_OTP_CONFIG(28), 0xE08);
}

static void test_straps__options__each_undoes_the_ones_before(void **unused)
{
	struct prot_ast_otp_straps straps;

	(void)unused;
	model.config[16] = 0x0000000F;
	model.config[18] = 0x00000003;
	model.config[20] = 0x00000001;
	model.config[27] = 0x80000000;
	model.config[28] = 0xFFFFFFFF; /* not a strap */
	model.config[30] = 0x00000100;
	model.config[31] = 0x00000200;
	assert_int_equal(prot_ast_otp_straps(&fuses, &straps), PROT_OK);
	assert_int_equal(straps.value[0], 0x0000000D);
	assert_int_equal(straps.value[1], 0x80000000);
	assert_int_equal(straps.locked[0], 0x100);
	assert_int_equal(straps.locked[1], 0x200);
	model.stuck = true;
	assert_int_equal(prot_ast_otp_straps(&fuses, &straps), PROT_ERR_IO);
}

static enum prot_status svn_run(struct prot_svn *s)
{
	enum prot_status st;

	do {
		st = prot_svn_step(s);
		mmio_mock_forget_writes();
	} while (st == PROT_PENDING);
	return st;
}

static void test_svn__power_cut_at_each_pulse__never_back(void **unused)
{
	struct prot_svn s;
	uint32_t at = 0;
	enum prot_status st;

	(void)unused;
	do {
		at++;
		(void)setup(NULL);
		prot_svn_advance_init(&s, &otp, 2);
		assert_int_equal(svn_run(&s), PROT_OK);
		model.cut_at = model.programs + at;
		prot_svn_advance_init(&s, &otp, 5);
		st = svn_run(&s);
		mmio_mock_reset();
		otp_model_power_on(&model);
		memset(&state, 0, sizeof(state));
		prot_svn_read_init(&s, &otp);
		assert_int_equal(svn_run(&s), PROT_OK);
		assert_in_range(s.floor, 2, 5);
		prot_svn_advance_init(&s, &otp, 5);
		assert_int_equal(svn_run(&s), PROT_OK);
		assert_int_equal(s.floor, 5);
		assert_null(model.violation);
	} while (st != PROT_OK);
	assert_int_equal(at, 3 * 3 + 1);
}

static void test_provision__whole_device__as_on_any_otp(void **unused)
{
	uint8_t uds[PROT_OTP_UDS_SIZE], hash[PROT_OTP_KEY_HASH_SIZE];
	uint8_t got[PROT_OTP_SIZE];
	struct prot_otp_provision p = {
		.uds = uds,
		.key_hash = {hash},
		.svn_floor = 3,
		.lifecycle = PROT_LIFECYCLE_PRODUCTION,
	};
	enum prot_status st;
	unsigned calls;

	(void)unused;
	memset(uds, 0xC3, sizeof(uds));
	memset(hash, 0x1E, sizeof(hash));
	do {
		st = prot_otp_provision_step(&p, &otp);
		assert_at_rest();
	} while (st == PROT_PENDING);
	assert_int_equal(st, PROT_OK);
	assert_int_equal(get(0, got, sizeof(got), &calls), PROT_OK);
	assert_memory_equal(got + PROT_OTP_UDS, uds, sizeof(uds));
	assert_memory_equal(got + PROT_OTP_KEY_HASH, hash, sizeof(hash));
	assert_int_equal(prot_lifecycle_decode(got + PROT_OTP_LIFECYCLE),
			 PROT_LIFECYCLE_PRODUCTION);
	assert_int_equal(got[PROT_OTP_SVN], 7);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_read__blank__zero),
		TEST(test_read__words__little_endian_odd_ones_inverted),
		TEST(test_read__sequence__of_data_sheet),
		TEST(test_set__pulse__sequence_of_data_sheet),
		TEST(test_set__any_place__those_bits_alone),
		TEST(test_set__bits_set_already__no_pulse),
		TEST(test_set__nothing__no_pulse),
		TEST(test_set__hard_bits__longer_pulses_until_set),
		TEST(test_set__bit_that_never_sets__io_after_limit),
		TEST(test_set__configuration_forbids__state),
		TEST(test_ops__region_meets_the_secure_one__state),
		TEST(test_ops__outside_region__argument_untouched),
		TEST(test_ops__region_that_is_none__argument_untouched),
		TEST(test_ops__never_idle__io_and_protected),
		TEST(test_set__idle_lost_in_a_pulse__io_and_protected),
		TEST(test_set__any_command_hangs__io_and_protected),
		TEST(test_straps__any_command_hangs__io_and_protected),
		TEST(test_read__after_a_program_that_hung__in_read_mode),
		TEST(test_set__another_between__both_complete),
		TEST(test_config__each_word__from_its_address),
		TEST(test_straps__options__each_undoes_the_ones_before),
		TEST(test_svn__power_cut_at_each_pulse__never_back),
		TEST(test_provision__whole_device__as_on_any_otp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
