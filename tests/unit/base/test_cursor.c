/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/base/crc32.h>
#include <prot/base/cursor.h>
#include <prot/base/wipe.h>

static const uint8_t bytes[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};

static void test_rd_le32__four_bytes__little_endian(void **state)
{
	struct prot_rd r = prot_rd_init(bytes, 4);

	(void)state;
	assert_int_equal(prot_rd_le32(&r), 0x04030201);
	assert_true(prot_rd_end(&r));
}

static void test_rd_be__every_width__big_endian(void **state)
{
	uint64_t want = 0;

	(void)state;
	for (size_t n = 0; n <= 8; n++) {
		struct prot_rd r = prot_rd_init(bytes, n);

		assert_true(prot_rd_be(&r, n) == want);
		assert_true(prot_rd_end(&r));
		want = n < 8 ? want << 8 | bytes[n] : want;
	}
}

static void test_rd_get__past_the_end__zero_and_sticky(void **state)
{
	struct prot_rd r = prot_rd_init(bytes, 3);

	(void)state;
	assert_int_equal(prot_rd_le32(&r), 0);
	assert_false(prot_rd_ok(&r));
	assert_int_equal(prot_rd_u8(&r), 0);
	assert_null(prot_rd_bytes(&r, 0));
}

static void test_rd_sub__longer_than_parent__both_bad(void **state)
{
	struct prot_rd r = prot_rd_init(bytes, 3);
	struct prot_rd child = prot_rd_sub(&r, 4);

	(void)state;
	assert_false(prot_rd_ok(&child));
	assert_false(prot_rd_ok(&r));
}

static void test_rd_fill__one_byte_differs__false(void **state)
{
	const uint8_t pad[3] = {0, 0, 1};
	struct prot_rd r = prot_rd_init(pad, 3);

	(void)state;
	assert_false(prot_rd_fill(&r, 0, 3));
	assert_true(prot_rd_ok(&r));
}

static void test_rd_init__null_with_length__bad(void **state)
{
	struct prot_rd r = prot_rd_init(NULL, 1);

	(void)state;
	assert_false(prot_rd_ok(&r));
	r = prot_rd_init(NULL, 0);
	assert_true(prot_rd_end(&r));
}

static void test_wr_put__every_capacity__bad_when_short(void **state)
{
	uint8_t out[15];

	(void)state;
	for (size_t cap = 0; cap <= sizeof(out); cap++) {
		struct prot_wr w = prot_wr_init(out, cap);

		prot_wr_u8(&w, 1);
		prot_wr_le16(&w, 0x0302);
		prot_wr_be32(&w, 0x04050607);
		prot_wr_le64(&w, 0x0f0e0d0c0b0a0908);
		assert_int_equal(prot_wr_ok(&w), cap == sizeof(out));
	}
	for (size_t i = 0; i < sizeof(out); i++) {
		assert_int_equal(out[i], i + 1);
	}
}

static void test_wr_init__null_buffer__measures(void **state)
{
	struct prot_wr w = prot_wr_init(NULL, 100);

	(void)state;
	prot_wr_fill(&w, 0xff, 10);
	prot_wr_bytes(&w, bytes, 8);
	prot_wr_patch_le16(&w, 16, 1);
	assert_true(prot_wr_ok(&w));
	assert_int_equal(w.len, 18);
}

static void test_wr_patch_le16__beyond_written__bad(void **state)
{
	uint8_t out[8] = {0};
	struct prot_wr w = prot_wr_init(out, sizeof(out));

	(void)state;
	prot_wr_le24(&w, 0);
	prot_wr_patch_le16(&w, 2, 1);
	assert_false(prot_wr_ok(&w));
}

static void test_equal_ct__last_byte_differs__false(void **state)
{
	uint8_t other[8];

	(void)state;
	memcpy(other, bytes, 8);
	assert_true(prot_equal_ct(bytes, other, 8));
	other[7] ^= 1;
	assert_false(prot_equal_ct(bytes, other, 8));
	assert_true(prot_equal_ct(bytes, other, 7));
}

static void test_crc32__check_string_in_two_parts__known_value(void **state)
{
	uint32_t crc = prot_crc32(0, "1234", 4);

	(void)state;
	assert_true(prot_crc32(crc, "56789", 5) == 0xcbf43926);
	assert_true(prot_crc32(0, "", 0) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rd_le32__four_bytes__little_endian),
		cmocka_unit_test(test_rd_be__every_width__big_endian),
		cmocka_unit_test(test_rd_get__past_the_end__zero_and_sticky),
		cmocka_unit_test(test_rd_sub__longer_than_parent__both_bad),
		cmocka_unit_test(test_rd_fill__one_byte_differs__false),
		cmocka_unit_test(test_rd_init__null_with_length__bad),
		cmocka_unit_test(test_wr_put__every_capacity__bad_when_short),
		cmocka_unit_test(test_wr_init__null_buffer__measures),
		cmocka_unit_test(test_wr_patch_le16__beyond_written__bad),
		cmocka_unit_test(
			test_crc32__check_string_in_two_parts__known_value),
		cmocka_unit_test(test_equal_ct__last_byte_differs__false),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
