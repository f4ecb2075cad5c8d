/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ast10x0.h"
#include "ast_fmc.h"
#include "mmio.h"
#include "mmio_mock.h"
#include "nor_model.h"

#include <stdalign.h>
#include <string.h>

#define BIG   0x2000000u
#define SMALL 0x100000u
#define CTRL  (AST_FMC_BASE + AST_FMC_CTRL(0))
#define CLOCK AST_FMC_CTRL_HCLK_DIV4
#define USER  (CLOCK | AST_FMC_CTRL_MODE_USER)

static struct nor_model nor;
static struct prot_flash_geometry geometry[2];
static struct prot_ast_fmc_state state[2];
static struct prot_ast_fmc fmc[2]; /* 32 MiB, and 1 MiB */

static int setup(void **unused)
{
	(void)unused;
	mmio_mock_reset();
	nor_model_init(&nor, AST_FMC_BASE, AST_FMC_WINDOW);
	memset(state, 0, sizeof(state));
	for (uint8_t cs = 0; cs < 2; cs++) {
		geometry[cs] = (struct prot_flash_geometry){
			cs ? SMALL : BIG, 0x1000, 256, 1, 0xFF};
		fmc[cs] = (struct prot_ast_fmc){
			.clock = &mmio_mock_clock,
			.state = &state[cs],
			.geometry = &geometry[cs],
			.base = AST_FMC_BASE,
			.window = AST_FMC_WINDOW + cs * 0x08000000u,
			.cs = cs,
			.read_ctrl = CLOCK | (cs ? AST_FMC_READ_3BYTE
						 : AST_FMC_READ_4BYTE),
			.dma_base = 0x10000, /* the mock's buffers */
			.dma_size = 0x80000,
		};
	}
	return 0;
}

static int teardown(void **unused)
{
	(void)unused;
	nor_model_free(&nor);
	return 0;
}

/* Between calls: read mode, writing off, nothing selected, rules kept. */
static void assert_at_rest(void)
{
	if (nor.violation != NULL) {
		fail_msg("%s", nor.violation);
	}
	for (unsigned cs = 0; cs < 2; cs++) {
		if (state[cs].waiting || state[cs].op.kind == 0) {
			assert_false(nor.part[cs].selected);
		}
	}
	assert_int_equal(mmio_mock_peek(AST_FMC_BASE + AST_FMC_CONF) >> 16, 0);
	assert_int_equal(mmio_mock_peek(CTRL), fmc[0].read_ctrl);
	assert_false(nor.dma_granted);
	assert_false(nor.dma_running);
	mmio_mock_forget_writes();
}

static void init_ok(const struct prot_ast_fmc *f)
{
	struct prot_ast_fmc_part found;

	assert_int_equal(prot_ast_fmc_init(f, &found), PROT_OK);
	mmio_mock_forget_writes();
}

static enum prot_status erase_once(const struct prot_ast_fmc *f,
				   uint32_t offset)
{
	enum prot_status st =
		prot_ast_fmc_ops.erase((void *)(uintptr_t)f, offset);

	mmio_mock_forget_writes();
	return st;
}

static enum prot_status program_once(const struct prot_ast_fmc *f,
				     uint32_t offset, const void *buf,
				     size_t len)
{
	enum prot_status st = prot_ast_fmc_ops.program((void *)(uintptr_t)f,
						       offset, buf, len);

	mmio_mock_forget_writes();
	return st;
}

static enum prot_status read_once(const struct prot_ast_fmc *f, uint32_t offset,
				  void *buf, size_t len)
{
	enum prot_status st =
		prot_ast_fmc_ops.read((void *)(uintptr_t)f, offset, buf, len);

	mmio_mock_forget_writes();
	return st;
}

static enum prot_status program(const struct prot_ast_fmc *f, uint32_t offset,
				const void *buf, size_t len)
{
	enum prot_status st;

	do {
		st = program_once(f, offset, buf, len);
		assert_at_rest();
	} while (st == PROT_PENDING);
	return st;
}

static enum prot_status erase(const struct prot_ast_fmc *f, uint32_t offset)
{
	enum prot_status st;

	do {
		st = erase_once(f, offset);
		assert_at_rest();
		mmio_mock_advance(100);
	} while (st == PROT_PENDING);
	return st;
}

static enum prot_status read(const struct prot_ast_fmc *f, uint32_t offset,
			     void *buf, size_t len, unsigned *calls)
{
	enum prot_status st;

	*calls = 0;
	do {
		st = read_once(f, offset, buf, len);
		assert_at_rest();
		(*calls)++;
	} while (st == PROT_PENDING);
	return st;
}

static void fill(uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		data[i] = (uint8_t)(i * 7 + (i >> 8) * 13 + 1);
	}
}

/* --- init --- */

static void test_init__w25q256__found_and_in_read_mode(void **unused)
{
	struct prot_ast_fmc_part found;

	(void)unused;
	assert_int_equal(prot_ast_fmc_init(&fmc[0], &found), PROT_OK);
	assert_int_equal(found.id[0], 0xEF);
	assert_int_equal(found.id[1], 0x40);
	assert_int_equal(found.id[2], 0x19);
	assert_int_equal(found.size, BIG);
	assert_int_equal(mmio_mock_peek(AST_FMC_BASE + AST_FMC_CONF), 2);
	assert_int_equal(mmio_mock_peek(AST_FMC_BASE + AST_FMC_CE_CTRL), 0x11);
	assert_int_equal(mmio_mock_peek(CTRL), 0x00130601);
	assert_int_equal(mmio_mock_peek(AST_FMC_BASE + AST_FMC_SEGMENT(0)), 0);
	assert_at_rest();
}

static void test_init__second_select__other_fields_kept(void **unused)
{
	struct prot_ast_fmc_part found;

	(void)unused;
	mmio_mock_poke(AST_FMC_BASE + AST_FMC_CONF, 0x00020032);
	mmio_mock_poke(AST_FMC_BASE + AST_FMC_CE_CTRL, 0x33);
	fmc[1].segment = 0x0FF00800;
	assert_int_equal(prot_ast_fmc_init(&fmc[1], &found), PROT_OK);
	assert_int_equal(found.size, SMALL);
	assert_int_equal(mmio_mock_peek(AST_FMC_BASE + AST_FMC_CONF), 0x3A);
	assert_int_equal(mmio_mock_peek(AST_FMC_BASE + AST_FMC_CE_CTRL), 0x11);
	assert_int_equal(mmio_mock_peek(AST_FMC_BASE + AST_FMC_SEGMENT(1)),
			 0x0FF00800);
	assert_int_equal(mmio_mock_peek(AST_FMC_BASE + AST_FMC_CTRL(1)), CLOCK);
	assert_null(nor.violation);
}

/* The writes of one command, in the order of the data sheet. */
static void test_init__read_id__user_mode_sequence(void **unused)
{
	static const uint32_t expect[][2] = {
		{AST_FMC_BASE + AST_FMC_CONF, 0x00010002},
		{CTRL, USER | AST_FMC_CTRL_STOP},
		{CTRL, USER},
		{AST_FMC_WINDOW, 0x9F},
		{CTRL, USER | AST_FMC_CTRL_STOP},
		{CTRL, 0x00130601},
		{AST_FMC_BASE + AST_FMC_CONF, 0x00000002},
	};
	struct mmio_write w[64];
	struct prot_ast_fmc_part found;
	size_t n, skip;

	(void)unused;
	assert_int_equal(prot_ast_fmc_init(&fmc[0], &found), PROT_OK);
	n = mmio_mock_writes(0, UINT32_MAX, w, 64);
	assert_true(n >= PROT_ARRAY_SIZE(expect));
	skip = n - PROT_ARRAY_SIZE(expect);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(expect); i++) {
		assert_int_equal(w[skip + i].address, expect[i][0]);
		assert_int_equal(w[skip + i].value, expect[i][1]);
	}
	assert_int_equal(w[skip + 3].width, 1);
}

static void test_init__part_busy_since_reset__pending(void **unused)
{
	struct prot_ast_fmc_part found;
	unsigned pended = 0;

	(void)unused;
	nor.part[0].busy_until = 20000;
	while (prot_ast_fmc_init(&fmc[0], &found) == PROT_PENDING) {
		assert_at_rest();
		mmio_mock_advance(1000);
		pended++;
	}
	assert_in_range(pended, 19, 21);
	assert_int_equal(found.size, BIG);
	assert_int_equal(nor.part[0].ignored, 0);
}

static enum prot_status init_wait(const struct prot_ast_fmc *f,
				  struct prot_ast_fmc_part *found)
{
	enum prot_status st;

	while ((st = prot_ast_fmc_init(f, found)) == PROT_PENDING) {
		mmio_mock_forget_writes();
		mmio_mock_advance(1000);
	}
	return st;
}

static void test_init__never_idle_or_nothing_there__io(void **unused)
{
	struct prot_ast_fmc_part found;

	(void)unused;
	nor.part[0].stuck = true;
	assert_int_equal(init_wait(&fmc[0], &found), PROT_ERR_IO);
	nor.part[0].stuck = false;
	nor.part[0].absent = true;
	assert_int_equal(init_wait(&fmc[0], &found), PROT_ERR_IO);
	assert_int_equal(found.id[0], 0xFF);
	assert_int_equal(found.size, 0);
	assert_at_rest();
	nor.part[0].absent = false;
	assert_int_equal(init_wait(&fmc[0], &found), PROT_OK);
}

static void test_init__id_all_zero_or_ones__io(void **unused)
{
	struct prot_ast_fmc_part found;

	(void)unused;
	memset(nor.part[0].id, 0x00, 3);
	assert_int_equal(prot_ast_fmc_init(&fmc[0], &found), PROT_ERR_IO);
	memset(nor.part[0].id, 0xFF, 3);
	assert_int_equal(prot_ast_fmc_init(&fmc[0], &found), PROT_ERR_IO);
	assert_at_rest();
}

static void test_init__capacity__of_id(void **unused)
{
	static const struct {
		uint8_t id[3];
		enum prot_status st;
		uint64_t size;
	} cases[] = {
		{{0xBF, 0x25, 0x4A}, PROT_ERR_UNSUPPORTED, 0},
		{{0xEF, 0x40, 0x0F}, PROT_ERR_UNSUPPORTED, 0},
		{{0xEF, 0x40, 0x26}, PROT_ERR_UNSUPPORTED, 0},
		{{0xEF, 0x40, 0x18}, PROT_ERR_UNSUPPORTED, 0x1000000},
		{{0xEF, 0x40, 0x19}, PROT_OK, 0x2000000},
		{{0xC2, 0x20, 0x1A}, PROT_OK, 0x4000000},
		{{0x20, 0xBA, 0x20}, PROT_OK, 0x4000000},
		{{0x20, 0xBA, 0x22}, PROT_OK, 0x10000000},
	};
	struct prot_ast_fmc_part found;

	(void)unused;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		memcpy(nor.part[0].id, cases[i].id, 3);
		assert_int_equal(prot_ast_fmc_init(&fmc[0], &found),
				 cases[i].st);
		assert_int_equal(found.size, cases[i].size);
		assert_memory_equal(found.id, cases[i].id, 3);
	}
}

static void test_init__invalid_object__argument_untouched(void **unused)
{
	const struct prot_ast_fmc good = fmc[0];
	const struct prot_flash_geometry fine = geometry[0];
	struct prot_ast_fmc_part found;
	struct mmio_write w[1];

	(void)unused;
	for (unsigned i = 0; i < 13; i++) {
		fmc[0] = good;
		geometry[0] = fine;
		switch (i) {
		case 0:
			fmc[0].cs = 3;
			break;
		case 1:
			fmc[0].read_ctrl |= AST_FMC_CTRL_STOP;
			break;
		case 2:
			fmc[0].read_ctrl |= AST_FMC_CTRL_MODE_USER;
			break;
		case 3:
			fmc[0].dma_length_bias = 4;
			break;
		case 4:
			geometry[0].erased = 0;
			break;
		case 5:
			geometry[0].program_unit = 0;
			break;
		case 6:
			geometry[0].program_unit = 3;
			break;
		case 7:
			geometry[0].sector_size = 0x2000;
			break;
		case 8:
			geometry[0].size = 0;
			break;
		case 9:
			geometry[0].size += 0x800;
			break;
		case 10:
			geometry[0].page_size = 0;
			break;
		case 11:
			geometry[0].page_size = 512;
			break;
		default:
			geometry[0].page_size = 96;
			break;
		}
		assert_int_equal(prot_ast_fmc_init(&fmc[0], &found),
				 PROT_ERR_ARG);
	}
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, w, 1), 0);
	assert_int_equal(nor.part[0].transactions, 0);
}

static void test_init__enter_4byte__part_switched_not_writable(void **unused)
{
	struct prot_ast_fmc_part found;
	uint8_t byte = 0x5A, got = 0;
	unsigned calls;

	(void)unused;
	nor.part[0].no_wide_ops = true;
	fmc[0].enter_4byte = true;
	fmc[0].read_ctrl = CLOCK | AST_FMC_READ_3BYTE;
	assert_int_equal(prot_ast_fmc_init(&fmc[0], &found), PROT_OK);
	assert_true(nor.part[0].wide);
	assert_false(nor.part[0].writable);
	assert_int_equal(program(&fmc[0], BIG - 1, &byte, 1), PROT_OK);
	assert_int_equal(nor.part[0].data[BIG - 1], 0x5A);
	assert_int_equal(read(&fmc[0], BIG - 1, &got, 1, &calls), PROT_OK);
	assert_int_equal(got, 0x5A);
	assert_int_equal(erase(&fmc[0], BIG - 0x1000), PROT_OK);
	assert_int_equal(nor.part[0].data[BIG - 1], 0xFF);
	assert_int_equal(nor.part[0].ignored, 0);
}

static void test_init__enter_4byte_protected__io(void **unused)
{
	struct prot_ast_fmc_part found;

	(void)unused;
	nor.part[0].write_protect = true;
	fmc[0].enter_4byte = true;
	assert_int_equal(prot_ast_fmc_init(&fmc[0], &found), PROT_ERR_IO);
	assert_false(nor.part[0].wide);
}

/* --- program and erase --- */

static void test_program__page__pending_until_done(void **unused)
{
	uint8_t data[256];
	unsigned pended = 0;

	(void)unused;
	init_ok(&fmc[0]);
	fill(data, sizeof(data));
	while (program_once(&fmc[0], 0x1234500, data, 256) == PROT_PENDING) {
		assert_at_rest();
		mmio_mock_advance(100);
		pended++;
	}
	assert_in_range(pended, 6, 8);
	assert_int_equal(nor.part[0].programs, 1);
	assert_memory_equal(nor.part[0].data + 0x1234500, data, 256);
	assert_int_equal(nor.part[0].data[0x12344FF], 0xFF);
	assert_int_equal(nor.part[0].data[0x1234600], 0xFF);
}

static void test_program__part_ready_at_once__one_call(void **unused)
{
	uint8_t data[3] = {1, 2, 3};

	(void)unused;
	nor.part[0].program_us = 0;
	nor.part[0].erase_us = 0;
	init_ok(&fmc[0]);
	assert_int_equal(program_once(&fmc[0], 5, data, 3), PROT_OK);
	assert_int_equal(erase_once(&fmc[0], 0), PROT_OK);
}

static void test_program__again__and_of_both(void **unused)
{
	uint8_t a = 0x3C, b = 0x5A;

	(void)unused;
	init_ok(&fmc[1]);
	init_ok(&fmc[0]);
	assert_int_equal(program(&fmc[1], 77, &a, 1), PROT_OK);
	assert_int_equal(program(&fmc[1], 77, &b, 1), PROT_OK);
	assert_int_equal(nor.part[1].data[77], 0x18);
	assert_int_equal(nor.part[1].programs, 2);
}

static void test_program__end_of_part_and_page__allowed(void **unused)
{
	uint8_t data[256];

	(void)unused;
	init_ok(&fmc[0]);
	fill(data, sizeof(data));
	assert_int_equal(program(&fmc[0], BIG - 256, data, 256), PROT_OK);
	assert_int_equal(program(&fmc[0], 255, data, 1), PROT_OK);
	assert_memory_equal(nor.part[0].data + BIG - 256, data, 256);
	assert_int_equal(nor.part[0].data[255], data[0]);
	assert_int_equal(nor.part[0].data[0], 0xFF); /* no wrap */
}

static void test_program__breaks_the_geometry__argument(void **unused)
{
	uint8_t data[512] = {0};
	uint32_t before;

	(void)unused;
	init_ok(&fmc[0]);
	before = nor.part[0].transactions;
	assert_int_equal(program_once(&fmc[0], 255, data, 2), PROT_ERR_ARG);
	assert_int_equal(program_once(&fmc[0], 0, data, 257), PROT_ERR_ARG);
	assert_int_equal(program_once(&fmc[0], 0, data, 0), PROT_ERR_ARG);
	assert_int_equal(program_once(&fmc[0], BIG, data, 1), PROT_ERR_ARG);
	assert_int_equal(program_once(&fmc[0], BIG - 1, data, 2), PROT_ERR_ARG);
	assert_int_equal(program_once(&fmc[0], 1, data, SIZE_MAX),
			 PROT_ERR_ARG);
	assert_int_equal(program_once(&fmc[0], UINT32_MAX, data, 1),
			 PROT_ERR_ARG);
	geometry[0].program_unit = 4;
	assert_int_equal(program_once(&fmc[0], 2, data, 4), PROT_ERR_ARG);
	assert_int_equal(program_once(&fmc[0], 4, data, 6), PROT_ERR_ARG);
	assert_int_equal(nor.part[0].transactions, before);
	assert_at_rest();
}

static void test_erase__sector__that_one_only(void **unused)
{
	unsigned pended = 0;

	(void)unused;
	init_ok(&fmc[0]);
	memset(nor.part[0].data, 0, 0x4000);
	while (erase_once(&fmc[0], 0x1000) == PROT_PENDING) {
		assert_at_rest();
		mmio_mock_advance(1000);
		pended++;
	}
	assert_in_range(pended, 44, 46);
	assert_int_equal(nor.part[0].data[0x0FFF], 0);
	assert_int_equal(nor.part[0].data[0x1000], 0xFF);
	assert_int_equal(nor.part[0].data[0x1FFF], 0xFF);
	assert_int_equal(nor.part[0].data[0x2000], 0);
	assert_int_equal(nor.part[0].erases, 1);
	assert_int_equal(nor.part[0].ignored, 0);
}

static void test_erase__64k_sectors__both_widths(void **unused)
{
	(void)unused;
	geometry[0].sector_size = 0x10000;
	geometry[1].sector_size = 0x10000;
	init_ok(&fmc[0]);
	init_ok(&fmc[1]);
	memset(nor.part[0].data + BIG - 0x10001, 0, 0x10001);
	memset(nor.part[1].data, 0, 0x20001);
	assert_int_equal(erase(&fmc[0], BIG - 0x10000), PROT_OK);
	assert_int_equal(erase(&fmc[1], 0x10000), PROT_OK);
	assert_int_equal(nor.part[0].data[BIG - 0x10001], 0);
	assert_int_equal(nor.part[0].data[BIG - 0x10000], 0xFF);
	assert_int_equal(nor.part[0].data[BIG - 1], 0xFF);
	assert_int_equal(nor.part[1].data[0x0FFFF], 0);
	assert_int_equal(nor.part[1].data[0x10000], 0xFF);
	assert_int_equal(nor.part[1].data[0x1FFFF], 0xFF);
	assert_int_equal(nor.part[1].data[0x20000], 0);
	assert_int_equal(erase_once(&fmc[1], 0x1000), PROT_ERR_ARG);
}

static void test_erase__breaks_the_geometry__argument(void **unused)
{
	uint32_t before;

	(void)unused;
	init_ok(&fmc[0]);
	before = nor.part[0].transactions;
	assert_int_equal(erase_once(&fmc[0], 1), PROT_ERR_ARG);
	assert_int_equal(erase_once(&fmc[0], 0x800), PROT_ERR_ARG);
	assert_int_equal(erase_once(&fmc[0], BIG), PROT_ERR_ARG);
	assert_int_equal(erase_once(&fmc[0], 0xFFFFF000), PROT_ERR_ARG);
	assert_int_equal(nor.part[0].transactions, before);
	assert_int_equal(erase(&fmc[0], BIG - 0x1000), PROT_OK);
}

static void test_change__write_protected__io_unchanged(void **unused)
{
	uint8_t zero = 0;

	(void)unused;
	init_ok(&fmc[0]);
	nor.part[0].write_protect = true;
	assert_int_equal(program(&fmc[0], 0, &zero, 1), PROT_ERR_IO);
	assert_int_equal(erase(&fmc[0], 0), PROT_ERR_IO);
	assert_int_equal(nor.part[0].programs + nor.part[0].erases, 0);
	nor.part[0].write_protect = false;
	assert_int_equal(program(&fmc[0], 0, &zero, 1), PROT_OK);
}

static void test_change__part_gone__io(void **unused)
{
	uint8_t zero = 0;

	(void)unused;
	init_ok(&fmc[0]);
	nor.part[0].absent = true;
	assert_int_equal(program(&fmc[0], 0, &zero, 1), PROT_ERR_IO);
	assert_int_equal(erase(&fmc[0], 0), PROT_ERR_IO);
}

static uint64_t program_until_done(const uint8_t *data, enum prot_status *st)
{
	uint64_t start = prot_clock_us(&mmio_mock_clock);

	do {
		*st = program_once(&fmc[0], 0, data, 1);
		mmio_mock_advance(50);
	} while (*st == PROT_PENDING);
	return prot_clock_us(&mmio_mock_clock) - start;
}

static void test_program__never_done__io_after_limit(void **unused)
{
	uint8_t zero = 0, got;
	enum prot_status st;
	unsigned calls;
	uint64_t us;

	(void)unused;
	init_ok(&fmc[0]);
	assert_int_equal(program_once(&fmc[0], 0, &zero, 1), PROT_PENDING);
	nor.part[0].stuck = true;
	us = program_until_done(&zero, &st);
	assert_int_equal(st, PROT_ERR_IO);
	assert_in_range(us, AST_FMC_PROGRAM_LIMIT_US - 1000,
			AST_FMC_PROGRAM_LIMIT_US + 1000);
	/* still busy: nothing is read, nothing is started */
	assert_int_equal(read(&fmc[0], 0, &got, 1, &calls), PROT_ERR_IO);
	assert_int_equal(program(&fmc[0], 1, &zero, 1), PROT_ERR_IO);
	nor.part[0].stuck = false;
	mmio_mock_advance(1000);
	assert_int_equal(read(&fmc[0], 0, &got, 1, &calls), PROT_OK);
	assert_int_equal(got, 0);
	assert_int_equal(program(&fmc[0], 1, &zero, 1), PROT_OK);
}

static void test_erase__never_done__io_after_limit(void **unused)
{
	enum prot_status st;
	uint64_t start;

	(void)unused;
	init_ok(&fmc[0]);
	nor.part[0].erase_us = UINT32_MAX;
	start = prot_clock_us(&mmio_mock_clock);
	do {
		st = erase_once(&fmc[0], 0);
		mmio_mock_advance(10000);
	} while (st == PROT_PENDING);
	assert_int_equal(st, PROT_ERR_IO);
	assert_in_range(prot_clock_us(&mmio_mock_clock) - start,
			AST_FMC_ERASE_LIMIT_US, AST_FMC_ERASE_LIMIT_US + 50000);
}

static void test_program__asked_long_after_done__ok(void **unused)
{
	uint8_t zero = 0;

	(void)unused;
	init_ok(&fmc[0]);
	assert_int_equal(program_once(&fmc[0], 0, &zero, 1), PROT_PENDING);
	mmio_mock_advance(10 * (uint64_t)AST_FMC_PROGRAM_LIMIT_US);
	assert_int_equal(program_once(&fmc[0], 0, &zero, 1), PROT_OK);
	assert_int_equal(nor.part[0].programs, 1);
}

/* --- one op at a time --- */

static void test_ops__another_in_flight__pending_until_asked(void **unused)
{
	uint8_t zero[2] = {0, 0}, got = 0x77;

	(void)unused;
	init_ok(&fmc[0]);
	assert_int_equal(erase_once(&fmc[0], 0), PROT_PENDING);
	assert_int_equal(read_once(&fmc[0], 0, &got, 1), PROT_PENDING);
	assert_int_equal(program_once(&fmc[0], 0, zero, 1), PROT_PENDING);
	assert_int_equal(erase_once(&fmc[0], 0x1000), PROT_PENDING);
	mmio_mock_advance(50000);
	assert_int_equal(program_once(&fmc[0], 0, zero, 1), PROT_PENDING);
	assert_int_equal(erase_once(&fmc[0], 0), PROT_OK);
	assert_int_equal(program_once(&fmc[0], 0, zero, 1), PROT_PENDING);
	assert_int_equal(program_once(&fmc[0], 0, zero + 1, 1), PROT_PENDING);
	assert_int_equal(program_once(&fmc[0], 0, zero, 2), PROT_PENDING);
	mmio_mock_advance(1000);
	assert_int_equal(program_once(&fmc[0], 0, zero, 1), PROT_OK);
	assert_int_equal(nor.part[0].programs, 1);
	assert_int_equal(nor.part[0].erases, 1);
	assert_int_equal(nor.part[0].ignored, 0);
	assert_int_equal(got, 0x77);
}

static void test_ops__nobody_asks__gives_way_after_limit(void **unused)
{
	uint8_t zero = 0, got;

	(void)unused;
	init_ok(&fmc[0]);
	assert_int_equal(program_once(&fmc[0], 0, &zero, 1), PROT_PENDING);
	mmio_mock_advance(AST_FMC_PROGRAM_LIMIT_US - 1000);
	assert_int_equal(read_once(&fmc[0], 0, &got, 1), PROT_PENDING);
	mmio_mock_advance(1001);
	assert_int_equal(read_once(&fmc[0], 0, &got, 1), PROT_OK);
	assert_int_equal(got, 0);
	/* the part hangs, and nobody asked */
	assert_int_equal(program_once(&fmc[0], 1, &zero, 1), PROT_PENDING);
	nor.part[0].stuck = true;
	mmio_mock_advance(AST_FMC_PROGRAM_LIMIT_US + 1);
	assert_int_equal(read_once(&fmc[0], 0, &got, 1), PROT_ERR_IO);
}

static void test_ops__two_selects__do_not_disturb(void **unused)
{
	uint8_t data[200], got[200];
	alignas(4) uint8_t more[128];
	unsigned calls;

	(void)unused;
	fill(data, sizeof(data));
	init_ok(&fmc[0]);
	init_ok(&fmc[1]);
	assert_int_equal(program(&fmc[1], 0x300, data, 200), PROT_OK);
	assert_int_equal(erase_once(&fmc[0], 0x1000), PROT_PENDING);
	assert_int_equal(read(&fmc[1], 0x300, got, 200, &calls), PROT_OK);
	assert_memory_equal(got, data, 200);
	assert_int_equal(read(&fmc[1], 0x300, more, 128, &calls), PROT_OK);
	assert_memory_equal(more, data, 128);
	assert_true(nor.dma_count > 0);
	assert_int_equal(erase(&fmc[1], 0), PROT_OK);
	mmio_mock_advance(50000);
	assert_int_equal(erase_once(&fmc[0], 0x1000), PROT_OK);
	assert_int_equal(nor.part[0].erases, 1);
	assert_int_equal(nor.part[1].data[0x300], 0xFF);
	assert_at_rest();
}

/* --- read --- */

static void test_read__every_small_offset_and_length__exact(void **unused)
{
	alignas(4) uint8_t buf[160];
	unsigned calls;

	(void)unused;
	init_ok(&fmc[0]);
	fill(nor.part[0].data + 0x1800000, 512);
	for (uint32_t o = 0; o < 6; o++) {
		for (size_t n = 0; n < 150; n++) {
			memset(buf, 0x5A, sizeof(buf));
			assert_int_equal(read(&fmc[0], 0x1800000 + o, buf + o,
					      n, &calls),
					 PROT_OK);
			assert_int_equal(calls, 1);
			assert_memory_equal(
				buf + o, nor.part[0].data + 0x1800000 + o, n);
			assert_int_equal(buf[o + n], 0x5A);
			assert_true(o == 0 || buf[o - 1] == 0x5A);
		}
	}
	assert_true(nor.dma_count > 400);
}

static void check_dma(uint32_t offset, size_t head, size_t len, uint32_t bytes)
{
	static alignas(4) uint8_t buf[3 * AST_FMC_PIECE];
	unsigned calls;

	nor.dma_bytes = 0;
	memset(buf, 0x5A, sizeof(buf));
	assert_int_equal(read(&fmc[0], offset, buf + head, len, &calls),
			 PROT_OK);
	assert_memory_equal(buf + head, nor.part[0].data + offset, len);
	assert_int_equal(buf[head + len], 0x5A);
	assert_int_equal(nor.dma_bytes, bytes);
	assert_int_equal(calls, len == 0 ? 1 : (len - 1) / AST_FMC_PIECE + 1);
}

static void check_dma_reads(void)
{
	init_ok(&fmc[0]);
	fill(nor.part[0].data + 0x10000, (size_t)4 * AST_FMC_PIECE);
	check_dma(0x10000, 0, 63, 0);
	check_dma(0x10000, 0, 64, 64);
	check_dma(0x10000, 0, 67, 64);
	check_dma(0x10001, 1, 67, 64);
	check_dma(0x10003, 3, 66, 64); /* head 1, tail 1 */
	check_dma(0x10000, 0, AST_FMC_PIECE, AST_FMC_PIECE);
	check_dma(0x10000, 0, AST_FMC_PIECE + 1, AST_FMC_PIECE);
	check_dma(0x10004, 0, 2 * AST_FMC_PIECE + 70, 2 * AST_FMC_PIECE + 68);
	check_dma(0x10001, 1, 8192, 2 * AST_FMC_PIECE - 8);
	/* words of flash are not words of memory: by the window alone */
	check_dma(0x10001, 0, 300, 0);
	check_dma(0x10002, 1, 5000, 0);
}

static void test_read__dma_length_in_bytes__as_qemu_counts(void **unused)
{
	(void)unused;
	check_dma_reads();
}

static void test_read__dma_length_less_one__as_silicon_counts(void **unused)
{
	(void)unused;
	nor.dma_silicon = true;
	fmc[0].dma_length_bias = 1;
	check_dma_reads();
}

static void test_read__dma__sequence_of_data_sheet(void **unused)
{
	static const uint32_t expect[][2] = {
		{AST_FMC_DMA_CTRL, 0xAEED0000}, {AST_FMC_DMA_FLASH, 0x20000100},
		{AST_FMC_DMA_RAM, 0x80010000},  {AST_FMC_DMA_LENGTH, 127},
		{AST_FMC_DMA_CTRL, 1},          {AST_FMC_DMA_CTRL, 0},
		{AST_FMC_DMA_CTRL, 0xDEEA0000},
	};
	alignas(64) uint8_t buf[128];
	struct mmio_write w[8];

	(void)unused;
	nor.dma_silicon = true;
	fmc[0].dma_length_bias = 1;
	init_ok(&fmc[0]);
	assert_int_equal(
		prot_ast_fmc_ops.read(&fmc[0], 0x100, buf, sizeof(buf)),
		PROT_OK);
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, w, 8), 7);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(expect); i++) {
		assert_int_equal(w[i].address, AST_FMC_BASE + expect[i][0]);
		assert_int_equal(w[i].value, expect[i][1]);
	}
}

static void test_read__buffer_outside_dma_memory__window(void **unused)
{
	alignas(64) uint8_t buf[256];
	uint8_t *next = buf + 128;
	unsigned calls;

	(void)unused;
	init_ok(&fmc[0]);
	fill(nor.part[0].data, 128);
	fmc[0].dma_base = 0x10004;
	assert_int_equal(read(&fmc[0], 0, buf, 128, &calls), PROT_OK);
	fmc[0].dma_base = 0x10000;
	fmc[0].dma_size = 127;
	assert_int_equal(read(&fmc[0], 0, buf, 128, &calls), PROT_OK);
	fmc[0].dma_size = 0;
	assert_int_equal(read(&fmc[0], 0, buf, 128, &calls), PROT_OK);
	assert_memory_equal(buf, nor.part[0].data, 128);
	assert_int_equal(nor.dma_count, 0);
	fmc[0].dma_size = 128;
	assert_int_equal(read(&fmc[0], 0, buf, 128, &calls), PROT_OK);
	assert_int_equal(nor.dma_count, 1);
	fmc[0].dma_size = 255;
	assert_int_equal(read(&fmc[0], 0, next, 128, &calls), PROT_OK);
	assert_int_equal(nor.dma_count, 1);
	fmc[0].dma_size = 256;
	assert_int_equal(read(&fmc[0], 0, next, 128, &calls), PROT_OK);
	assert_int_equal(nor.dma_count, 2);
	assert_memory_equal(next, nor.part[0].data, 128);
}

static void test_read__dma_refused_or_hangs__io_and_released(void **unused)
{
	alignas(64) uint8_t buf[128];
	unsigned calls;

	(void)unused;
	init_ok(&fmc[0]);
	nor.dma_refused = true;
	assert_int_equal(read(&fmc[0], 0, buf, 128, &calls), PROT_ERR_IO);
	assert_int_equal(nor.dma_count, 0);
	nor.dma_refused = false;
	nor.dma_hangs = true;
	assert_int_equal(read(&fmc[0], 0, buf, 128, &calls), PROT_ERR_IO);
	nor.dma_hangs = false;
	assert_int_equal(read(&fmc[0], 0, buf, 128, &calls), PROT_OK);
}

static void test_read__controller_without_arbitration__dma(void **unused)
{
	alignas(64) uint8_t buf[128];
	unsigned calls;

	(void)unused;
	init_ok(&fmc[0]);
	nor.dma_free = true;
	fill(nor.part[0].data, 128);
	assert_int_equal(read(&fmc[0], 0, buf, 128, &calls), PROT_OK);
	assert_int_equal(nor.dma_count, 1);
	assert_memory_equal(buf, nor.part[0].data, 128);
}

static void test_read__past_the_end__argument(void **unused)
{
	uint8_t buf[2] = {0x5A, 0x5A};
	unsigned calls;

	(void)unused;
	init_ok(&fmc[0]);
	assert_int_equal(read_once(&fmc[0], BIG - 1, buf, 2), PROT_ERR_ARG);
	assert_int_equal(read_once(&fmc[0], BIG + 1, buf, 0), PROT_ERR_ARG);
	assert_int_equal(read_once(&fmc[0], 1, buf, SIZE_MAX), PROT_ERR_ARG);
	assert_int_equal(read_once(&fmc[0], UINT32_MAX, buf, 1), PROT_ERR_ARG);
	assert_int_equal(buf[0], 0x5A);
	assert_int_equal(read(&fmc[0], BIG, NULL, 0, &calls), PROT_OK);
	assert_int_equal(read(&fmc[0], BIG - 1, buf, 1, &calls), PROT_OK);
	assert_int_equal(buf[0], 0xFF);
	assert_int_equal(buf[1], 0x5A);
}

static void test_read__three_byte_part__its_last_bytes(void **unused)
{
	alignas(4) uint8_t buf[256];
	unsigned calls;

	(void)unused;
	init_ok(&fmc[0]);
	init_ok(&fmc[1]);
	fill(nor.part[1].data + SMALL - 256, 256);
	assert_int_equal(read(&fmc[1], SMALL - 256, buf, 256, &calls), PROT_OK);
	assert_memory_equal(buf, nor.part[1].data + SMALL - 256, 256);
	assert_int_equal(nor.dma_count, 1);
}

static void test_read__fast_read__with_its_dummy_byte(void **unused)
{
	uint8_t got;
	unsigned calls;

	(void)unused;
	init_ok(&fmc[0]);
	fmc[1].read_ctrl = CLOCK | AST_FMC_CTRL_MODE_NORMAL |
			   AST_FMC_CTRL_OP(0x0B) | AST_FMC_CTRL_DUMMY(1u);
	init_ok(&fmc[1]);
	nor.part[1].data[5] = 0x42;
	assert_int_equal(read(&fmc[1], 5, &got, 1, &calls), PROT_OK);
	assert_int_equal(got, 0x42);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_init__w25q256__found_and_in_read_mode),
		TEST(test_init__second_select__other_fields_kept),
		TEST(test_init__read_id__user_mode_sequence),
		TEST(test_init__part_busy_since_reset__pending),
		TEST(test_init__never_idle_or_nothing_there__io),
		TEST(test_init__id_all_zero_or_ones__io),
		TEST(test_init__capacity__of_id),
		TEST(test_init__invalid_object__argument_untouched),
		TEST(test_init__enter_4byte__part_switched_not_writable),
		TEST(test_init__enter_4byte_protected__io),
		TEST(test_program__page__pending_until_done),
		TEST(test_program__part_ready_at_once__one_call),
		TEST(test_program__again__and_of_both),
		TEST(test_program__end_of_part_and_page__allowed),
		TEST(test_program__breaks_the_geometry__argument),
		TEST(test_erase__sector__that_one_only),
		TEST(test_erase__64k_sectors__both_widths),
		TEST(test_erase__breaks_the_geometry__argument),
		TEST(test_change__write_protected__io_unchanged),
		TEST(test_change__part_gone__io),
		TEST(test_program__never_done__io_after_limit),
		TEST(test_erase__never_done__io_after_limit),
		TEST(test_program__asked_long_after_done__ok),
		TEST(test_ops__another_in_flight__pending_until_asked),
		TEST(test_ops__nobody_asks__gives_way_after_limit),
		TEST(test_ops__two_selects__do_not_disturb),
		TEST(test_read__every_small_offset_and_length__exact),
		TEST(test_read__dma_length_in_bytes__as_qemu_counts),
		TEST(test_read__dma_length_less_one__as_silicon_counts),
		TEST(test_read__dma__sequence_of_data_sheet),
		TEST(test_read__buffer_outside_dma_memory__window),
		TEST(test_read__dma_refused_or_hangs__io_and_released),
		TEST(test_read__controller_without_arbitration__dma),
		TEST(test_read__past_the_end__argument),
		TEST(test_read__three_byte_part__its_last_bytes),
		TEST(test_read__fast_read__with_its_dummy_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
