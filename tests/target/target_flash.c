/* SPDX-License-Identifier: Apache-2.0 */
#include "target.h"

#include "ast_board.h"

#include <string.h>

#define SECTOR   0x1000u
#define NEAR     0x00F0000u /* storage region */
#define FAR      0x1100000u /* needs four address bytes */
#define BIG_SIZE 2048u

static uint8_t big[BIG_SIZE + 8];
static uint8_t want[BIG_SIZE + 8];

static enum prot_status erase(uint32_t offset)
{
	const struct prot_flash *f = prot_ast_board.seams.flash;
	enum prot_status st;

	do {
		st = f->ops->erase(f->ctx, offset);
	} while (st == PROT_PENDING);
	return st;
}

static enum prot_status program(uint32_t offset, const void *buf, size_t len)
{
	const struct prot_flash *f = prot_ast_board.seams.flash;
	enum prot_status st;

	do {
		st = f->ops->program(f->ctx, offset, buf, len);
	} while (st == PROT_PENDING);
	return st;
}

static enum prot_status read(uint32_t offset, void *buf, size_t len)
{
	const struct prot_flash *f = prot_ast_board.seams.flash;
	enum prot_status st;

	do {
		st = f->ops->read(f->ctx, offset, buf, len);
	} while (st == PROT_PENDING);
	return st;
}

static void fill(uint32_t seed)
{
	for (uint32_t i = 0; i < sizeof(want); i++) {
		seed = seed * 1664525u + 1013904223u;
		want[i] = (uint8_t)(seed >> 24);
	}
}

static void write_and_read(uint32_t base)
{
	TARGET_CHECK(erase(base) == PROT_OK);
	TARGET_CHECK(read(base, big, BIG_SIZE) == PROT_OK);
	for (uint32_t i = 0; i < BIG_SIZE; i++) {
		TARGET_CHECK(big[i] == 0xFF);
	}
	fill(base);
	for (uint32_t at = 0; at < BIG_SIZE; at += 256) {
		TARGET_CHECK(program(base + at, want + at, 256) == PROT_OK);
	}
	TARGET_CHECK(read(base, big, BIG_SIZE) == PROT_OK);
	TARGET_CHECK(memcmp(big, want, BIG_SIZE) == 0);
}

static void test_flash__three_byte_range__what_was_written(void)
{
	write_and_read(NEAR);
}

static void test_flash__four_byte_range__what_was_written(void)
{
	write_and_read(FAR);
	/* It is not the same place with an address byte lost. */
	fill(NEAR);
	TARGET_CHECK(read(NEAR, big, BIG_SIZE) == PROT_OK);
	TARGET_CHECK(memcmp(big, want, BIG_SIZE) == 0);
}

static void test_flash__any_alignment_and_length__same_bytes(void)
{
	fill(NEAR);
	for (uint32_t offset = 0; offset < 5; offset++) {
		for (uint32_t shift = 0; shift < 4; shift++) {
			for (uint32_t len = 0; len < 200; len += 7) {
				memset(big, 0xA5, len + 8);
				TARGET_CHECK(read(NEAR + offset, big + shift,
						  len) == PROT_OK);
				TARGET_CHECK(memcmp(big + shift, want + offset,
						    len) == 0);
				TARGET_CHECK(big[shift + len] == 0xA5);
			}
		}
	}
}

static void test_flash__program_twice__bits_only_clear(void)
{
	static const uint8_t first[4] = {0xF0, 0xFF, 0x0F, 0xAA};
	static const uint8_t second[4] = {0xFF, 0x0F, 0x0F, 0x55};

	TARGET_CHECK(erase(NEAR) == PROT_OK);
	TARGET_CHECK(program(NEAR, first, 4) == PROT_OK);
	TARGET_CHECK(program(NEAR, second, 4) == PROT_OK);
	TARGET_CHECK(read(NEAR, big, 4) == PROT_OK);
	for (int i = 0; i < 4; i++) {
		TARGET_CHECK(big[i] == (first[i] & second[i]));
	}
}

static void test_flash__erase_one_sector__neighbours_kept(void)
{
	static const uint8_t mark[4] = {1, 2, 3, 4};

	for (uint32_t i = 0; i < 3; i++) {
		TARGET_CHECK(erase(NEAR + i * SECTOR) == PROT_OK);
		TARGET_CHECK(program(NEAR + i * SECTOR, mark, 4) == PROT_OK);
	}
	TARGET_CHECK(erase(NEAR + SECTOR) == PROT_OK);
	for (uint32_t i = 0; i < 3; i++) {
		TARGET_CHECK(read(NEAR + i * SECTOR, big, 4) == PROT_OK);
		TARGET_CHECK((memcmp(big, mark, 4) == 0) == (i != 1));
	}
}

static void test_flash__outside_the_part__refused(void)
{
	uint32_t size = prot_ast_board.seams.flash->geometry.size;

	TARGET_CHECK(read(size, big, 1) == PROT_ERR_ARG);
	TARGET_CHECK(read(size - 4, big, 5) == PROT_ERR_ARG);
	TARGET_CHECK(erase(size) == PROT_ERR_ARG);
	TARGET_CHECK(erase(NEAR + 4) == PROT_ERR_ARG);
	TARGET_CHECK(program(NEAR + 255, big, 2) == PROT_ERR_ARG);
}

static void test_otp__bits_set__stay_set(void)
{
	const struct prot_otp *o = prot_ast_board.seams.otp;
	static const uint8_t bits[3] = {0x81, 0x00, 0x10};
	uint8_t got[3];

	TARGET_CHECK(o->ops->read(o->ctx, 0x40, got, 3) == PROT_OK);
	TARGET_CHECK(got[0] == 0 && got[1] == 0 && got[2] == 0);
	TARGET_CHECK(o->ops->set(o->ctx, 0x40, bits, 3) == PROT_OK);
	TARGET_CHECK(o->ops->read(o->ctx, 0x40, got, 3) == PROT_OK);
	TARGET_CHECK(memcmp(got, bits, 3) == 0);
	TARGET_CHECK(o->ops->read(o->ctx, o->size - 2, got, 3) == PROT_ERR_ARG);
	prot_ast_board_reset(PROT_RESET_REQUESTED);
}

static bool reset_came(enum prot_reset_reason reason,
		       const struct prot_ast_fault *fault)
{
	(void)fault;
	return reason == PROT_RESET_REQUESTED;
}

static void test_otp__after_reset__bits_still_set(void)
{
	const struct prot_otp *o = prot_ast_board.seams.otp;
	static const uint8_t more[3] = {0x02, 0x00, 0x10};
	uint8_t got[3];

	TARGET_CHECK(o->ops->set(o->ctx, 0x40, more, 3) == PROT_OK);
	TARGET_CHECK(o->ops->read(o->ctx, 0x40, got, 3) == PROT_OK);
	TARGET_CHECK(got[0] == 0x83 && got[1] == 0 && got[2] == 0x10);
}

#define TEST(name) #name, name

const struct target_test target_flash_tests[] = {
	{TEST(test_flash__three_byte_range__what_was_written), NULL},
	{TEST(test_flash__four_byte_range__what_was_written), NULL},
	{TEST(test_flash__any_alignment_and_length__same_bytes), NULL},
	{TEST(test_flash__program_twice__bits_only_clear), NULL},
	{TEST(test_flash__erase_one_sector__neighbours_kept), NULL},
	{TEST(test_flash__outside_the_part__refused), NULL},
	{TEST(test_otp__bits_set__stay_set), reset_came},
	{TEST(test_otp__after_reset__bits_still_set), NULL},
	{NULL, NULL, NULL},
};
