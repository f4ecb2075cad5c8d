/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include <prot/spdm/measurement.h>
#include <prot/spdm/spdm.h>

#include "test.h"

/* Index 1: a digest of 4 bytes; index 7: the SVN, raw. */
static const uint8_t record[] = {
	1,  1, 7,    0, 0x01, 4, 0, 0xde, 0xad, 0xbe, 0xef, 7, 1,
	11, 0, 0x87, 8, 0,    5, 0, 0,    0,    0,    0,    0, 0,
};

static void test_measurement_next__two_blocks__in_order(void **s)
{
	struct prot_spdm_measurement_iter it;
	struct prot_spdm_measurement_block m;

	(void)s;
	prot_spdm_measurement_iter_init(&it, record, sizeof(record));
	assert_int_equal(prot_spdm_measurement_next(&it, &m), PROT_OK);
	assert_int_equal(m.index, 1);
	assert_int_equal(m.type, PROT_SPDM_MEAS_MUTABLE_FIRMWARE);
	assert_false(m.raw);
	assert_int_equal(m.value_len, 4);
	assert_ptr_equal(m.value, record + 7);
	assert_ptr_equal(m.block, record);
	assert_int_equal(m.block_len, 11);
	assert_int_equal(prot_spdm_measurement_next(&it, &m), PROT_OK);
	assert_int_equal(m.index, 7);
	assert_int_equal(m.type, PROT_SPDM_MEAS_FIRMWARE_SVN);
	assert_true(m.raw);
	assert_int_equal(m.value_len, 8);
	assert_int_equal(m.block_len, 15);
	assert_int_equal(prot_spdm_measurement_next(&it, &m),
			 PROT_ERR_NOT_FOUND);
	assert_int_equal(prot_spdm_measurement_next(&it, &m),
			 PROT_ERR_NOT_FOUND);
}

static void test_record_check__every_length__only_the_whole_one(void **s)
{
	(void)s;
	for (size_t len = 0; len <= sizeof(record); len++) {
		uint8_t *copy = malloc(len + 1);
		enum prot_status st;

		memcpy(copy + 1, record, len);
		st = prot_spdm_measurement_record_check(copy + 1, len, 2);
		assert_int_equal(st, len == sizeof(record)
					     ? PROT_OK
					     : PROT_ERR_MALFORMED);
		free(copy);
	}
	assert_int_equal(prot_spdm_measurement_record_check(record, 11, 1),
			 PROT_OK);
	assert_int_equal(prot_spdm_measurement_record_check(NULL, 0, 0),
			 PROT_OK);
	assert_int_equal(
		prot_spdm_measurement_record_check(record, sizeof(record), 1),
		PROT_ERR_MALFORMED);
	assert_int_equal(
		prot_spdm_measurement_record_check(record, sizeof(record), 3),
		PROT_ERR_MALFORMED);
}

static enum prot_status check_with(size_t at, uint8_t value)
{
	uint8_t copy[sizeof(record)];

	memcpy(copy, record, sizeof(record));
	copy[at] = value;
	return prot_spdm_measurement_record_check(copy, sizeof(copy), 2);
}

static void test_record_check__each_bad_field__malformed(void **s)
{
	(void)s;
	assert_int_equal(check_with(0, 0), PROT_ERR_MALFORMED);
	assert_int_equal(check_with(0, 0xff), PROT_ERR_MALFORMED);
	assert_int_equal(check_with(0, 0xfe), PROT_OK);
	assert_int_equal(check_with(0, 7), PROT_ERR_MALFORMED); /* twice */
	assert_int_equal(check_with(1, 0), PROT_ERR_MALFORMED);
	assert_int_equal(check_with(1, 2), PROT_ERR_MALFORMED);
	assert_int_equal(check_with(2, 6), PROT_ERR_MALFORMED);
	assert_int_equal(check_with(2, 8), PROT_ERR_MALFORMED);
	assert_int_equal(check_with(2, 2), PROT_ERR_MALFORMED);
	assert_int_equal(check_with(5, 3), PROT_ERR_MALFORMED);
	assert_int_equal(check_with(5, 5), PROT_ERR_MALFORMED);
}

static void test_measurement_find__present_or_not__found_or_not(void **s)
{
	struct prot_spdm_measurement_block m;

	(void)s;
	assert_int_equal(
		prot_spdm_measurement_find(record, sizeof(record), 7, &m),
		PROT_OK);
	assert_ptr_equal(m.value, record + 18);
	assert_int_equal(
		prot_spdm_measurement_find(record, sizeof(record), 2, &m),
		PROT_ERR_NOT_FOUND);
	assert_int_equal(prot_spdm_measurement_find(record, 20, 7, &m),
			 PROT_ERR_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_measurement_next__two_blocks__in_order),
		cmocka_unit_test(
			test_record_check__every_length__only_the_whole_one),
		cmocka_unit_test(test_record_check__each_bad_field__malformed),
		cmocka_unit_test(
			test_measurement_find__present_or_not__found_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
