/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/port/posix_board.h>
#include <prot/services/identity.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void test_board__layout__obeys_the_rules(void **state)
{
	(void)state;
	assert_int_equal(prot_flash_layout_check(&prot_posix_board_layout,
						 &prot_posix_board_flash),
			 PROT_OK);
	assert_true(prot_posix_board_layout.identity.size >=
		    PROT_IDENTITY_SIZE_MAX);
	assert_true(prot_posix_board_layout.keys.size >=
		    PROT_OTP_KEY_SLOTS * PROT_KEY_RECORD_SIZE);
	assert_true(PROT_POSIX_OTP_SIZE >= PROT_OTP_SIZE);
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
	memset(&crypto, 0, sizeof(crypto));
	c = prot_posix_board_boot_config(&b, &crypto);
	assert_ptr_equal(c.store.flash, &b.flash);
	assert_ptr_equal(c.store.otp, &b.otp);
	assert_ptr_equal(c.store.crypto, &crypto);
	assert_ptr_equal(c.store.layout, &prot_posix_board_layout);
	assert_int_equal(c.component, PROT_POSIX_COMPONENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_board__layout__obeys_the_rules),
		cmocka_unit_test(
			test_board_open__created__erased_and_exclusive),
		cmocka_unit_test(test_board_open__path_too_long__arg),
		cmocka_unit_test(test_boot_config__of_a_board__points_to_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
