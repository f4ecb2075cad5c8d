/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/base/compiler.h>
#include <prot/port/posix_board.h>
#include <prot/services/identity.h>
#include <prot/services/otp_layout.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct prot_board *const boards[] = {
	&prot_board_posix,
	&prot_board_ast1030_evb,
	&prot_board_ast1060_evb,
};

static void test_board__layout__obeys_the_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(boards); i++) {
		const struct prot_board *b = boards[i];
		const struct prot_flash_layout *l = b->layout;

		assert_int_equal(prot_flash_layout_check(l, &b->flash),
				 PROT_OK);
		assert_true(l->identity.size >= PROT_IDENTITY_SIZE_MAX);
		assert_true(l->keys.size >=
			    PROT_OTP_KEY_SLOTS * PROT_KEY_RECORD_SIZE);
		assert_true(b->otp_size >= PROT_OTP_SIZE);
		/* Fuses are programmed in pairs of words. */
		assert_int_equal(b->otp_offset % 8, 0);
		assert_true(b->otp != PROT_BOARD_OTP_FLASH ||
			    b->otp_flash_size >= b->otp_size);
	}
}

static void test_board__boot_loader__before_every_region(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(boards); i++) {
		const struct prot_flash_region *r = &boards[i]->boot_loader;
		const struct prot_flash_layout *l = boards[i]->layout;

		assert_int_equal(r->offset, 0);
		for (size_t bank = 0; bank < PROT_BANK_COUNT; bank++) {
			assert_true(l->bank[bank].offset >= r->size);
		}
		assert_true(l->journal[0].offset >= r->size);
		assert_true(l->journal[1].offset >= r->size);
		assert_true(l->keys.offset >= r->size);
		assert_true(l->identity.offset >= r->size);
		assert_true(l->storage[0].offset >= r->size);
		assert_true(l->storage[1].offset >= r->size);
	}
}

static void test_board__names__differ(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(boards); i++) {
		assert_true(boards[i]->bit < 64);
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(boards[i]->name,
						boards[k]->name);
			assert_memory_not_equal(boards[i]->uuid,
						boards[k]->uuid,
						PROT_BOARD_UUID_SIZE);
			assert_int_not_equal(boards[i]->bit, boards[k]->bit);
		}
	}
}

static void remove_board(const char *dir)
{
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(unlink(PROT_POSIX_FLASH_FILE), 0);
	assert_int_equal(unlink(PROT_POSIX_OTP_FILE), 0);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void test_board_open__created__erased_and_exclusive(void **state)
{
	char dir[] = "/tmp/prot-test-XXXXXX";
	struct prot_posix_board first;
	struct prot_posix_board second;
	uint8_t bytes[64];
	uint8_t erased[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(prot_posix_board_open(&first, dir),
			 PROT_ERR_NOT_FOUND);
	assert_int_equal(prot_posix_board_create(dir), PROT_OK);
	assert_int_equal(prot_posix_board_create(dir), PROT_ERR_BUSY);
	assert_int_equal(prot_posix_board_open(&first, dir), PROT_OK);
	assert_int_equal(prot_posix_board_open(&second, dir), PROT_ERR_BUSY);
	memset(erased, 0xFF, sizeof(erased));
	assert_int_equal(first.flash.ops->read(first.flash.ctx, 0x100000, bytes,
					       sizeof(bytes)),
			 PROT_OK);
	assert_memory_equal(bytes, erased, sizeof(bytes));
	memset(erased, 0, sizeof(erased));
	assert_int_equal(
		first.otp.ops->read(first.otp.ctx, 0, bytes, sizeof(bytes)),
		PROT_OK);
	assert_memory_equal(bytes, erased, sizeof(bytes));
	prot_posix_board_close(&first);
	assert_int_equal(prot_posix_board_open(&second, dir), PROT_OK);
	prot_posix_board_close(&second);
	remove_board(dir);
}

static void test_memories_open__other_board__as_its_parts(void **state)
{
	const struct prot_board *board = &prot_board_ast1030_evb;
	char dir[] = "/tmp/prot-test-XXXXXX";
	const uint8_t bits[2] = {0x0F, 0x80};
	struct prot_posix_board b;
	uint8_t bytes[2];
	uint8_t raw[2];

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(prot_posix_memories_create(board, dir), PROT_OK);
	assert_int_equal(prot_posix_board_open(&b, dir), PROT_ERR_MALFORMED);
	assert_int_equal(prot_posix_memories_open(&b, board, dir), PROT_OK);
	assert_int_equal(b.flash.geometry.size, board->flash.size);
	assert_int_equal(b.otp.size, board->otp_size);
	assert_int_equal(b.otp.ops->set(b.otp.ctx, 510, bits, 2), PROT_OK);
	assert_int_equal(b.otp.ops->read(b.otp.ctx, 510, bytes, 2), PROT_OK);
	assert_memory_equal(bytes, bits, 2);
	assert_int_equal(pread(b.otp_file.fd, raw, 2, 510), 2);
	assert_int_equal(raw[0], 0xF0);
	assert_int_equal(raw[1], 0x7F);
	prot_posix_board_close(&b);
	remove_board(dir);
}

static void test_board_open__path_too_long__arg(void **state)
{
	static char path[8192];
	struct prot_posix_board b;

	(void)state;
	memset(path, 'a', sizeof(path) - 1);
	assert_int_equal(prot_posix_board_open(&b, path), PROT_ERR_ARG);
	assert_int_equal(prot_posix_board_create(path), PROT_ERR_ARG);
}

static void test_boot_config__of_a_board__points_to_it(void **state)
{
	struct prot_posix_board b;
	struct prot_crypto crypto;
	struct prot_boot_config c;

	(void)state;
	memset(&b, 0, sizeof(b));
	b.board = &prot_board_posix;
	memset(&crypto, 0, sizeof(crypto));
	c = prot_posix_board_boot_config(&b, &crypto);
	assert_ptr_equal(c.store.flash, &b.flash);
	assert_ptr_equal(c.store.otp, &b.otp);
	assert_ptr_equal(c.store.crypto, &crypto);
	assert_ptr_equal(c.store.layout, prot_board_posix.layout);
	assert_int_equal(c.component, prot_board_posix.component);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_board__layout__obeys_the_rules),
		cmocka_unit_test(test_board__boot_loader__before_every_region),
		cmocka_unit_test(test_board__names__differ),
		cmocka_unit_test(
			test_board_open__created__erased_and_exclusive),
		cmocka_unit_test(test_memories_open__other_board__as_its_parts),
		cmocka_unit_test(test_board_open__path_too_long__arg),
		cmocka_unit_test(test_boot_config__of_a_board__points_to_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
