/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/services/measurement.h>

#include <string.h>

static struct prot_handoff running(void)
{
	struct prot_handoff h;

	memset(&h, 0, sizeof(h));
	h.mode = PROT_BOOT_NORMAL;
	h.lifecycle = PROT_LIFECYCLE_PRODUCTION;
	h.svn = 0x01020304;
	h.version = (struct prot_image_version){1, 20, 65535, 0};
	memset(h.boot_digest, 0xb0, sizeof(h.boot_digest));
	memset(h.runtime_digest, 0x51, sizeof(h.runtime_digest));
	return h;
}

static void expect(const struct prot_handoff *h, uint8_t index,
		   const void *want, size_t want_len)
{
	uint8_t value[PROT_MEASUREMENT_VALUE_MAX];
	size_t len = 0;

	assert_int_equal(prot_measurement_value(h, index, value, &len),
			 PROT_OK);
	assert_int_equal(len, want_len);
	assert_memory_equal(value, want, len);
}

static void test_measurement_value__digests__those_of_the_handoff(void **state)
{
	struct prot_handoff h = running();

	(void)state;
	expect(&h, PROT_MEASUREMENT_BOOT_STAGE, h.boot_digest, 48);
	expect(&h, PROT_MEASUREMENT_RUNTIME, h.runtime_digest, 48);
}

static void test_measurement_value__version__text(void **state)
{
	struct prot_handoff h = running();

	(void)state;
	expect(&h, PROT_MEASUREMENT_VERSION, "1.20.65535", 10);
	h.version.build = 7;
	expect(&h, PROT_MEASUREMENT_VERSION, "1.20.65535.7", 12);
	h.version = (struct prot_image_version){0, 0, 0, 0};
	expect(&h, PROT_MEASUREMENT_VERSION, "0.0.0", 5);
}

static void test_measurement_value__svn__eight_bytes_little_endian(void **state)
{
	struct prot_handoff h = running();

	(void)state;
	expect(&h, PROT_MEASUREMENT_SVN, "\x04\x03\x02\x01\0\0\0\0", 8);
}

static void test_measurement_value__config__lifecycle_and_debug(void **state)
{
	struct prot_handoff h = running();

	(void)state;
	expect(&h, PROT_MEASUREMENT_CONFIG, "\x02\x00", 2);
	h.debug = true;
	expect(&h, PROT_MEASUREMENT_CONFIG, "\x02\x01", 2);
}

static void test_measurement_value__device_mode__each_state(void **state)
{
	static const struct {
		enum prot_lifecycle lifecycle;
		enum prot_boot_mode mode;
		uint8_t want;
	} row[] = {
		{PROT_LIFECYCLE_RAW, PROT_BOOT_NORMAL, 0x01},
		{PROT_LIFECYCLE_MANUFACTURING, PROT_BOOT_NORMAL, 0x01},
		{PROT_LIFECYCLE_PRODUCTION, PROT_BOOT_TRIAL, 0x04},
		{PROT_LIFECYCLE_OWNED, PROT_BOOT_NORMAL, 0x04},
		{PROT_LIFECYCLE_OWNED, PROT_BOOT_RECOVERY, 0x08},
		{PROT_LIFECYCLE_RMA, PROT_BOOT_NORMAL, 0x10},
		{PROT_LIFECYCLE_END_OF_LIFE, PROT_BOOT_NORMAL, 0x20},
	};
	struct prot_handoff h = running();

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(row); i++) {
		const uint8_t want[16] = {0x3d, 0, 0, 0, row[i].want,
					  0,    0, 0, 3};

		h.lifecycle = row[i].lifecycle;
		h.mode = row[i].mode;
		expect(&h, PROT_MEASUREMENT_DEVICE_MODE, want, sizeof(want));
	}
	h.debug = true;
	expect(&h, PROT_MEASUREMENT_DEVICE_MODE,
	       (const uint8_t[16]){0x3d, 0, 0, 0, 0x20, 0, 0, 0, 3, 0, 0, 0, 3},
	       16);
}

static void test_measurement_table__every_row__has_value_and_name(void **state)
{
	struct prot_handoff h = running();

	(void)state;
	for (size_t i = 0; i < prot_measurement_count; i++) {
		const struct prot_spdm_measurement *m =
			&prot_measurement_table[i];
		uint8_t value[PROT_MEASUREMENT_VALUE_MAX];
		size_t len;

		assert_int_equal(
			prot_measurement_value(&h, m->index, value, &len),
			PROT_OK);
		assert_string_not_equal(prot_measurement_name(m->index),
					"unknown");
		assert_true(i == 0 || m->index > m[-1].index);
		if (m->flags & PROT_SPDM_MEASUREMENT_DIGEST) {
			assert_int_equal(len, 48);
		}
	}
}

static void test_measurement_value__unknown_index__not_found(void **state)
{
	struct prot_handoff h = running();
	uint8_t value[PROT_MEASUREMENT_VALUE_MAX];
	size_t len;

	(void)state;
	assert_int_equal(prot_measurement_value(&h, 6, value, &len),
			 PROT_ERR_NOT_FOUND);
	assert_string_equal(prot_measurement_name(6), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_measurement_value__digests__those_of_the_handoff),
		cmocka_unit_test(test_measurement_value__version__text),
		cmocka_unit_test(
			test_measurement_value__svn__eight_bytes_little_endian),
		cmocka_unit_test(
			test_measurement_value__config__lifecycle_and_debug),
		cmocka_unit_test(
			test_measurement_value__device_mode__each_state),
		cmocka_unit_test(
			test_measurement_table__every_row__has_value_and_name),
		cmocka_unit_test(
			test_measurement_value__unknown_index__not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
