/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_spim.h"
#include "mmio_mock.h"
#include "spim_model.h"

#include <string.h>

#define MIB    0x100000u
#define SCU0F0 (AST_SCU_BASE + 0xF0u)
#define WORDS  16u

enum {
	NONE = 0,
	RD = PROT_AST_SPIM_READ,
	WR = PROT_AST_SPIM_WRITE
};

/* A host flash: its first 64 KiB are fixed, 1 MiB is secret, the rest free. */
static const struct prot_ast_spim_region regions[] = {
	{0, 0x10000, RD},
	{16 * MIB, MIB, NONE},
	{16 * MIB + 0x8000, 0x4000, RD}, /* a later region counts */
};
static uint8_t commands[64];
static struct prot_ast_spim_policy policy;
static struct prot_ast_spim_state state_;
static uint32_t ring[WORDS];
static struct spim_model model;
static struct prot_ast_spim spim;

static int setup_unit(unsigned unit)
{
	mmio_mock_reset();
	memset(&model, 0, sizeof(model));
	memset(&state_, 0, sizeof(state_));
	model.unit = unit;
	model.slots[7] = 0x40000003; /* rubbish of a run before */
	model.irq = 7;
	spim_model_add(&model);
	memcpy(commands, prot_ast_spim_default_commands,
	       prot_ast_spim_default_command_count);
	policy = (struct prot_ast_spim_policy){
		commands, prot_ast_spim_default_command_count, RD | WR, regions,
		PROT_ARRAY_SIZE(regions)};
	spim = (struct prot_ast_spim){
		unit, &mmio_mock_clock, &policy, &state_, ring, WORDS, false,
		false};
	return 0;
}

static int setup(void **state)
{
	(void)state;
	return setup_unit(1);
}

static int setup_protected(void **state)
{
	(void)state;
	setup_unit(1);
	if (prot_ast_spim_hold(&spim) != PROT_OK ||
	    prot_ast_spim_protect(&spim) != PROT_OK) {
		return -1;
	}
	prot_ast_spim_mux(&spim, true);
	return 0;
}

static bool host(uint8_t opcode, uint32_t address)
{
	return spim_model_send(&model, opcode, address);
}

static void test_hold__always__host_gets_nothing(void **state)
{
	(void)state;
	mmio_mock_poke(SCU0F0, 0xFFFFFFF0);
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	assert_int_equal(mmio_mock_peek(SCU0F0) & 1u << 12, 0);
	assert_int_equal(model.resets, 1);
	assert_int_equal(model.irq, 1u << 31);
	prot_ast_spim_mux(&spim, true); /* even then */
	for (unsigned op = 0; op < 256; op++) {
		assert_false(host((uint8_t)op, 0x20000));
	}
}

static void test_hold__unit_locked__refused(void **state)
{
	(void)state;
	model.lock = 1u << 31;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_ERR_STATE);
	assert_int_equal(prot_ast_spim_load(&spim), PROT_ERR_STATE);
	assert_int_equal(prot_ast_spim_protect(&spim), PROT_ERR_STATE);
}

static void test_hold__no_unit__io(void **state)
{
	(void)state;
	spim.unit = 2; /* nobody plays it: storage, which takes all */
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	model.slots_stuck = true;
	spim.unit = 1;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_ERR_IO);
}

/* Values of the vendor's table. */
static void test_allow__each_opcode__vendor_encoding(void **state)
{
	static const uint32_t want[] = {
		0x2D000D03, 0x2D001113, 0x2D080D0B, 0x2D08110C, 0x2E080D3B,
		0x2E08113C, 0x2E040EBB, 0x2E0412BC, 0x2F080D6B, 0x2F08116C,
		0x2F060FEB, 0x2F0613EC, 0x35002D02, 0x35003112, 0x37002D32,
		0x37003134, 0x34002D20, 0x34003121, 0x3400ADD8, 0x3400B1DC,
		0x20000006, 0x20000004, 0x20000050, 0x29000005, 0x29000035,
		0x29000015, 0x29000070, 0x2900009F, 0x29080D5A, 0x31000001,
		0x31000031, 0x310000C2, 0x110000C5, 0x000000B7, 0x000000E9,
	};

	(void)state;
	assert_int_equal(PROT_ARRAY_SIZE(want), prot_ast_spim_opcode_count);
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(want); i++) {
		uint8_t op = prot_ast_spim_opcodes[i].opcode;
		uint32_t slot = op == 0xB7   ? 0
				: op == 0xE9 ? 1
				: op == 0xC5 ? 31
					     : 2;

		assert_int_equal(op, want[i] & 0xFF);
		assert_int_equal(prot_ast_spim_allow(&spim, op, false),
				 PROT_OK);
		assert_int_equal(model.slots[slot], want[i] | 1u << 30);
		assert_int_equal(prot_ast_spim_allow(&spim, op, true), PROT_OK);
		assert_int_equal(model.slots[slot], want[i] | 1u << 31);
		assert_int_equal(prot_ast_spim_forbid(&spim, op), PROT_OK);
		assert_int_equal(model.slots[slot], 0);
		assert_int_equal(prot_ast_spim_forbid(&spim, op), PROT_OK);
	}
}

static void test_allow__unknown_opcode__refused(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_spim_allow(&spim, 0x00, false), PROT_ERR_ARG);
	assert_int_equal(prot_ast_spim_allow(&spim, 0xC7, false),
			 PROT_ERR_ARG); /* chip erase has no address */
	assert_int_equal(prot_ast_spim_forbid(&spim, 0xC7), PROT_OK);
}

static void test_allow__slots_full__space(void **state)
{
	size_t n = 0;

	(void)state;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	for (size_t i = 0; n < 29; i++, n++) {
		assert_int_equal(
			prot_ast_spim_allow(
				&spim, prot_ast_spim_opcodes[i].opcode, false),
			PROT_OK);
	}
	assert_int_equal(prot_ast_spim_allow(&spim, 0xC2, false),
			 PROT_ERR_SPACE);
	assert_int_equal(prot_ast_spim_allow(&spim, 0x03, true), PROT_OK);
	assert_int_equal(prot_ast_spim_allow(&spim, 0xB7, false), PROT_OK);
	assert_int_equal(prot_ast_spim_allow(&spim, 0xE9, false), PROT_OK);
	assert_int_equal(prot_ast_spim_allow(&spim, 0xC5, false), PROT_OK);
	for (unsigned i = 0; i < 32; i++) {
		assert_true(model.slots[i] != 0);
	}
	assert_int_equal(prot_ast_spim_forbid(&spim, 0x13), PROT_OK);
	assert_int_equal(prot_ast_spim_allow(&spim, 0xC2, false), PROT_OK);
}

static void test_allow__once__one_use(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	policy.command_count = 0;
	assert_int_equal(prot_ast_spim_load(&spim), PROT_OK);
	prot_ast_spim_mux(&spim, true);
	assert_int_equal(prot_ast_spim_allow(&spim, 0x06, true), PROT_OK);
	assert_true(host(0x06, 0));
	assert_false(host(0x06, 0));
	assert_int_equal(prot_ast_spim_allow(&spim, 0x06, true), PROT_OK);
	assert_int_equal(model.slots[2], 0xA0000006); /* the same slot again */
	assert_int_equal(model.slots[3], 0);
	assert_true(host(0x06, 0));
}

static void test_protect__host__policy_holds(void **state)
{
	static const uint8_t reads[] = {0x03, 0x13, 0x0B, 0x6C};
	static const uint8_t writes[] = {0x02, 0x12, 0x20, 0xDC};

	(void)state;
	assert_true(host(0x9F, 0));
	assert_true(host(0xB7, 0));
	assert_true(host(0xE9, 0));
	assert_false(host(0xC5, 0)); /* not on the list */
	assert_false(host(0xC7, 0));
	for (size_t i = 0; i < 4; i++) {
		assert_true(host(reads[i], 0));
		assert_true(host(reads[i], 0x10000));
		assert_true(host(reads[i], 16 * MIB - 1));
		assert_false(host(reads[i], 16 * MIB));
		assert_false(host(reads[i], 16 * MIB + 0x7FFF));
		assert_true(host(reads[i], 16 * MIB + 0x8000));
		assert_false(host(reads[i], 16 * MIB + 0xC000));
		assert_false(host(reads[i], 17 * MIB - 1));
		assert_true(host(reads[i], 17 * MIB));
		assert_true(host(reads[i], 256 * MIB - 1));
		assert_false(host(writes[i], 0));
		assert_false(host(writes[i], 0xFFFF));
		assert_true(host(writes[i], 0x10000));
		assert_false(host(writes[i], 16 * MIB));
		assert_false(host(writes[i], 16 * MIB + 0x8000));
		assert_true(host(writes[i], 256 * MIB - 1));
	}
}

/* From hold to the release of the host, in the vendor's order. */
static void test_protect__order__tables_lock_enable(void **state)
{
	static struct mmio_write w[4096];
	uint32_t base = AST_SPIM1_BASE;
	size_t slot = 0, table = 0, log = 0, lock = 0, filter = 0;
	size_t n;

	(void)state;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	mmio_mock_forget_writes();
	assert_int_equal(prot_ast_spim_protect(&spim), PROT_OK);
	n = mmio_mock_writes(base, 0x1000, w, 4096);
	assert_int_equal(w[0].address, base); /* reset, first of all */
	assert_int_equal(w[0].value & 1u << 15, 1u << 15);
	for (size_t i = 0; i < n; i++) {
		uint32_t at = w[i].address - base;

		table = at >= 0x100 ? i : table;
		slot = at >= 0x80 && at < 0x100 ? i : slot;
		log = at == 0x14 ? i : log;
		filter = at == 0 && w[i].value & 4 ? i : filter;
		lock = at == 0x7C ? i : lock;
	}
	assert_true(table < log && log < slot && slot < filter);
	assert_int_equal(filter, n - 2); /* and the locks of control with it */
	assert_int_equal(lock, n - 1);
	assert_int_equal(model.lock, 0xC0000033);
	assert_int_equal(model.ctrl, 0x00C00004);
	assert_int_equal(mmio_mock_peek(SCU0F0), 0x110); /* host still off */
}

static void test_protect__done__nothing_changes_it(void **state)
{
	struct prot_ast_spim_region all = {0, 256 * MIB, RD | WR};
	struct spim_model before = model;

	(void)state;
	assert_int_equal(prot_ast_spim_allow(&spim, 0x06, false),
			 PROT_ERR_STATE);
	assert_int_equal(prot_ast_spim_allow(&spim, 0xC5, false),
			 PROT_ERR_STATE); /* empty slots are locked too */
	assert_int_equal(prot_ast_spim_forbid(&spim, 0x06), PROT_ERR_STATE);
	assert_int_equal(prot_ast_spim_permit(&spim, &all), PROT_ERR_STATE);
	assert_int_equal(
		prot_ast_spim_set_mode(&spim, PROT_AST_SPIM_PASS_MULTI),
		PROT_ERR_STATE);
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_ERR_STATE);
	assert_int_equal(prot_ast_spim_protect(&spim), PROT_ERR_STATE);
	assert_memory_equal(&model, &before, sizeof(model));
}

static void test_protect__policy_invalid__refused_as_a_whole(void **state)
{
	static const struct prot_ast_spim_region bad[] = {
		{0x2000, 0x4000, RD},        {0, 0x4001, RD},
		{0x4000, 256 * MIB, RD},     {256 * MIB + 0x4000, 0, RD},
		{0x4000, 0xFFFFC000u, NONE}, {0, 0x4000, 4},
	};

	(void)state;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	policy.region_count = 1;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		policy.regions = &bad[i];
		assert_int_equal(prot_ast_spim_protect(&spim), PROT_ERR_ARG);
		assert_int_equal(prot_ast_spim_permit(&spim, &bad[i]),
				 PROT_ERR_ARG);
	}
	policy.region_count = 0;
	policy.elsewhere = 8;
	assert_int_equal(prot_ast_spim_protect(&spim), PROT_ERR_ARG);
	policy.elsewhere = RD;
	commands[5] = 0x99;
	assert_int_equal(prot_ast_spim_protect(&spim), PROT_ERR_ARG);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(model.slots); i++) {
		assert_int_equal(model.slots[i], 0);
	}
	prot_ast_spim_mux(&spim, true);
	assert_false(host(0x03, 0));
	assert_int_equal(model.lock, 0);
}

static void test_protect__too_many_commands__nothing_allowed(void **state)
{
	(void)state;
	for (size_t i = 0; i < 31; i++) {
		commands[i] = prot_ast_spim_opcodes[i].opcode;
	}
	policy.command_count = 31;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	assert_int_equal(prot_ast_spim_protect(&spim), PROT_ERR_SPACE);
	prot_ast_spim_mux(&spim, true);
	assert_false(host(0x03, 0));
}

static void test_protect__registers_do_not_take__io(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	model.tables_stuck = true;
	assert_int_equal(prot_ast_spim_protect(&spim), PROT_ERR_IO);
	model.tables_stuck = false;
	model.locks_stuck = true;
	assert_int_equal(prot_ast_spim_protect(&spim), PROT_ERR_IO);
	setup_unit(1);
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	model.slots_stuck = true;
	assert_int_equal(prot_ast_spim_protect(&spim), PROT_ERR_IO);
}

/* Deny by default: only what a region says. */
static void test_protect__nothing_elsewhere__only_regions(void **state)
{
	(void)state;
	policy.elsewhere = NONE;
	policy.region_count = 1;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	assert_int_equal(prot_ast_spim_protect(&spim), PROT_OK);
	prot_ast_spim_mux(&spim, true);
	assert_true(host(0x03, 0xFFFF));
	assert_false(host(0x03, 0x10000));
	assert_false(host(0x03, 255 * MIB));
	assert_false(host(0x02, 0));
}

/* Every start and end within three words of a table. */
static void test_permit__each_range__exactly_its_blocks(void **state)
{
	struct prot_ast_spim_region all = {0, 256 * MIB, RD};
	struct prot_ast_spim_region r;

	(void)state;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	for (uint32_t first = 0; first < 96; first += 5) {
		for (uint32_t n = 0; first + n <= 96; n++) {
			assert_int_equal(prot_ast_spim_permit(&spim, &all),
					 PROT_OK);
			r = (struct prot_ast_spim_region){first * 0x4000,
							  n * 0x4000, WR};
			assert_int_equal(prot_ast_spim_permit(&spim, &r),
					 PROT_OK);
			for (uint32_t b = 0; b < 128; b++) {
				bool in = b >= first && b < first + n;

				assert_int_equal(
					model.tables[1][b / 32] >> b % 32 & 1,
					in);
				assert_int_equal(
					model.tables[0][b / 32] >> b % 32 & 1,
					!in);
			}
			mmio_mock_forget_writes();
		}
	}
	r = (struct prot_ast_spim_region){256 * MIB - 0x4000, 0x4000, WR};
	assert_int_equal(prot_ast_spim_permit(&spim, &r), PROT_OK);
	assert_int_equal(model.tables[1][511], 1u << 31);
	r.start = 256 * MIB;
	r.len = 0;
	assert_int_equal(prot_ast_spim_permit(&spim, &r), PROT_OK);
}

static void test_set_mode__pass__all_of_the_host(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	prot_ast_spim_mux(&spim, true);
	assert_int_equal(mmio_mock_peek(AST_SCU_BASE + 0x690), 1u << 3);
	assert_int_equal(
		prot_ast_spim_set_mode(&spim, PROT_AST_SPIM_PASS_MULTI),
		PROT_OK);
	assert_int_equal(model.ctrl & 7, 2);
	assert_int_equal(mmio_mock_peek(AST_SCU_BASE + 0x690), 0);
	assert_true(host(0xC7, 0));
	assert_int_equal(
		prot_ast_spim_set_mode(&spim, PROT_AST_SPIM_PASS_SINGLE),
		PROT_OK);
	assert_int_equal(model.ctrl & 7, 1);
	assert_int_equal(prot_ast_spim_set_mode(&spim, PROT_AST_SPIM_FILTER),
			 PROT_OK);
	assert_int_equal(model.ctrl & 7, 4);
	assert_false(host(0xC7, 0));
}

static void test_hold__extra_clock__as_configured(void **state)
{
	(void)state;
	spim.extra_clock = true;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	assert_int_equal(model.ctrl, 0x84);
	spim.extra_clock = false;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	assert_int_equal(model.ctrl, 0x04);
}

static void test_log_read__blocked__each_once(void **state)
{
	struct prot_ast_spim_event e;

	(void)state;
	assert_int_equal(prot_ast_spim_log_read(&spim, &e), PROT_ERR_NOT_FOUND);
	assert_false(host(0xC7, 0));
	assert_false(host(0x20, 0x5123));
	assert_false(host(0x03, 16 * MIB + 0x3456));
	assert_int_equal(prot_ast_spim_log_read(&spim, &e), PROT_OK);
	assert_int_equal(e.kind, PROT_AST_SPIM_BLOCKED_COMMAND);
	assert_int_equal(e.opcode, 0xC7);
	assert_int_equal(prot_ast_spim_log_read(&spim, &e), PROT_OK);
	assert_int_equal(e.kind, PROT_AST_SPIM_BLOCKED_WRITE);
	assert_int_equal(e.address, 0x4000);
	assert_int_equal(prot_ast_spim_log_read(&spim, &e), PROT_OK);
	assert_int_equal(e.kind, PROT_AST_SPIM_BLOCKED_READ);
	assert_int_equal(e.address, 16 * MIB);
	assert_int_equal(e.word, 2u << 18 | 0x400);
	assert_int_equal(prot_ast_spim_log_read(&spim, &e), PROT_ERR_NOT_FOUND);
}

static void read_around(unsigned events)
{
	struct prot_ast_spim_event e;

	for (unsigned i = 0; i < events; i++) {
		assert_false(host((uint8_t)(0x80 + i), 0));
		if (i % 3 == 2) {
			for (unsigned k = i - 2; k <= i; k++) {
				assert_int_equal(
					prot_ast_spim_log_read(&spim, &e),
					PROT_OK);
				assert_int_equal(e.opcode, 0x80 + k);
			}
		}
	}
	assert_int_equal(prot_ast_spim_log_read(&spim, &e), PROT_ERR_NOT_FOUND);
}

static void test_log_read__around_the_ring__in_order(void **state)
{
	(void)state;
	read_around(30);
}

/* Where the unit takes the size for less than it is. */
static void test_log_read__unit_wraps_early__in_order(void **state)
{
	(void)state;
	model.log_half = true;
	read_around(30);
}

/* The place may move before the entry is there. */
static void test_log_read__entry_not_there_yet__no_old_one(void **state)
{
	struct prot_ast_spim_event e;

	(void)state;
	read_around(30);
	model.log_next = (model.log_next + 1) % WORDS;
	assert_int_equal(prot_ast_spim_log_read(&spim, &e), PROT_ERR_NOT_FOUND);
}

static void test_log_read__unknown_entry__told(void **state)
{
	struct prot_ast_spim_event e;

	(void)state;
	ring[0] = 0x000C0001;
	model.log_next = 1;
	assert_int_equal(prot_ast_spim_log_read(&spim, &e), PROT_OK);
	assert_int_equal(e.kind, PROT_AST_SPIM_UNKNOWN_EVENT);
	assert_int_equal(e.word, 0x000C0001);
	assert_int_equal(e.address, 0);
}

static void test_log_read__place_outside_the_ring__taken_as_inside(void **state)
{
	struct prot_ast_spim_event e;

	(void)state;
	model.log_next = WORDS;
	assert_int_equal(prot_ast_spim_log_read(&spim, &e), PROT_ERR_NOT_FOUND);
	model.log_next = UINT32_MAX;
	assert_int_equal(prot_ast_spim_log_read(&spim, &e), PROT_ERR_NOT_FOUND);
}

static void test_log_read__no_log__none(void **state)
{
	struct prot_ast_spim_event e;

	(void)state;
	spim.log = NULL;
	spim.log_words = 0;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	assert_int_equal(prot_ast_spim_protect(&spim), PROT_OK);
	assert_int_equal(model.log_size, 0);
	prot_ast_spim_mux(&spim, true);
	assert_false(host(0xC7, 0));
	assert_int_equal(prot_ast_spim_log_read(&spim, &e), PROT_ERR_NOT_FOUND);
}

static void test_take__interrupts__told_and_forgotten(void **state)
{
	(void)state;
	spim.interrupts = true;
	assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
	assert_int_equal(prot_ast_spim_protect(&spim), PROT_OK);
	assert_int_equal(model.irq, 0x80070000);
	assert_int_equal(model.lock, 0xC0000031);
	prot_ast_spim_mux(&spim, true);
	assert_int_equal(prot_ast_spim_take(&spim), 0);
	assert_false(host(0xC7, 0));
	assert_false(host(0x20, 0));
	assert_int_equal(prot_ast_spim_take(&spim),
			 AST_SPIM_IRQ_COMMAND | AST_SPIM_IRQ_WRITE);
	assert_int_equal(prot_ast_spim_take(&spim), 0);
	assert_int_equal(model.irq, 0x80070000);
}

static void test_route__each_unit__its_own_bits(void **state)
{
	static const uint32_t pull[] = {0x610, 0x610, 0x614, 0x614};
	static const uint32_t pull_bit[] = {6, 20, 2, 16};
	static const uint32_t miso[] = {0x690, 0x690, 0x690, 0x694};
	static const uint32_t miso_bit[] = {3, 17, 31, 13};

	(void)state;
	for (unsigned u = 1; u <= 4; u++) {
		setup_unit(u);
		assert_int_equal(prot_ast_spim_hold(&spim), PROT_OK);
		assert_int_equal(mmio_mock_peek(SCU0F0),
				 0x10u << (u - 1) | 0x100u << (u - 1));
		assert_int_equal(mmio_mock_peek(AST_SCU_BASE + pull[u - 1]),
				 1u << pull_bit[u - 1]);
		assert_int_equal(mmio_mock_peek(AST_SCU_BASE + miso[u - 1]),
				 1u << miso_bit[u - 1]);
		mmio_mock_poke(SCU0F0, 0);
		prot_ast_spim_mux(&spim, true);
		assert_int_equal(mmio_mock_peek(SCU0F0), 0x1000u << (u - 1));
		prot_ast_spim_mux(&spim, false);
		assert_int_equal(mmio_mock_peek(SCU0F0), 0);
		prot_ast_spim_flash_reset(&spim, true);
		assert_int_equal(mmio_mock_peek(SCU0F0), 0x1100000u << (u - 1));
		prot_ast_spim_flash_reset(&spim, false);
		assert_int_equal(mmio_mock_peek(SCU0F0), 0x1110000u << (u - 1));
	}
}

static void test_detour__each_unit__other_clocks_released(void **state)
{
	static const uint32_t clk[2] = {1u << 7 | 1u << 21, 1u << 3 | 1u << 17};
	static const uint32_t mine[] = {1u << 7, 1u << 21, 1u << 3, 1u << 17};
	struct prot_ast_spim_detour d;

	(void)state;
	for (unsigned u = 1; u <= 4; u++) {
		setup_unit(u);
		mmio_mock_poke(SCU0F0, 0x330);
		mmio_mock_poke(AST_SCU_BASE + 0x690, 0xFFFFFFFF);
		mmio_mock_poke(AST_SCU_BASE + 0x694, ~(1u << 3));
		mmio_mock_poke(AST_GPIO_BASE + 0x004, 1u << 21);
		mmio_mock_poke(AST_GPIO_BASE + 0x024, 0xFFFFFFFF);
		prot_ast_spim_detour_begin(&spim, u % 2 == 0, &d);
		assert_int_equal(mmio_mock_peek(SCU0F0),
				 0x330 | u | (u % 2 == 0 ? 8 : 0));
		for (unsigned g = 0; g < 2; g++) {
			uint32_t others =
				clk[g] & ~((u - 1) / 2 == g ? mine[u - 1] : 0);

			assert_int_equal(
				mmio_mock_peek(AST_SCU_BASE + 0x690 + 4 * g) &
					others,
				0);
			assert_int_equal(mmio_mock_peek(AST_GPIO_BASE + 0x004 +
							0x20 * g) &
						 others,
					 0);
		}
		/* its own clock output stays */
		assert_int_equal(mmio_mock_peek(AST_SCU_BASE + 0x690 +
						4 * ((u - 1) / 2)) &
					 mine[u - 1],
				 u == 3 ? 0 : mine[u - 1]);
		prot_ast_spim_detour_end(&d);
		assert_int_equal(mmio_mock_peek(SCU0F0), 0x330);
		assert_int_equal(mmio_mock_peek(AST_SCU_BASE + 0x690),
				 0xFFFFFFFF);
		assert_int_equal(mmio_mock_peek(AST_SCU_BASE + 0x694),
				 ~(1u << 3));
		assert_int_equal(mmio_mock_peek(AST_GPIO_BASE + 0x004),
				 1u << 21);
		assert_int_equal(mmio_mock_peek(AST_GPIO_BASE + 0x024),
				 0xFFFFFFFF);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, setup)
		T(test_hold__always__host_gets_nothing),
		T(test_hold__unit_locked__refused),
		T(test_hold__no_unit__io),
		T(test_hold__extra_clock__as_configured),
		T(test_allow__each_opcode__vendor_encoding),
		T(test_allow__unknown_opcode__refused),
		T(test_allow__slots_full__space),
		T(test_allow__once__one_use),
		T(test_protect__order__tables_lock_enable),
		T(test_protect__policy_invalid__refused_as_a_whole),
		T(test_protect__too_many_commands__nothing_allowed),
		T(test_protect__registers_do_not_take__io),
		T(test_protect__nothing_elsewhere__only_regions),
		T(test_permit__each_range__exactly_its_blocks),
		T(test_set_mode__pass__all_of_the_host),
		T(test_log_read__no_log__none),
		T(test_take__interrupts__told_and_forgotten),
		T(test_route__each_unit__its_own_bits),
		T(test_detour__each_unit__other_clocks_released),
#undef T
#define T(name) cmocka_unit_test_setup(name, setup_protected)
		T(test_protect__host__policy_holds),
		T(test_protect__done__nothing_changes_it),
		T(test_log_read__blocked__each_once),
		T(test_log_read__around_the_ring__in_order),
		T(test_log_read__unit_wraps_early__in_order),
		T(test_log_read__entry_not_there_yet__no_old_one),
		T(test_log_read__unknown_entry__told),
		T(test_log_read__place_outside_the_ring__taken_as_inside),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
