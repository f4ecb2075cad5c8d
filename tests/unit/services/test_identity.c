/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/services/identity.h>

#include <string.h>

static uint8_t certs[PROT_IDENTITY_CERT_MAX];
static uint8_t region[PROT_IDENTITY_SIZE_MAX + 16];

static size_t encoded(size_t len)
{
	size_t out = 0;

	for (size_t i = 0; i < len; i++) {
		certs[i] = (uint8_t)(i * 7 + 1);
	}
	memset(region, 0xff, sizeof(region));
	assert_int_equal(
		prot_identity_encode(certs, len, region, sizeof(region), &out),
		PROT_OK);
	assert_int_equal(out, len + PROT_IDENTITY_OVERHEAD);
	return out;
}

static void test_identity_decode__encoded__same_certificates(void **state)
{
	static const size_t lens[] = {1, 100, PROT_IDENTITY_CERT_MAX};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const uint8_t *at;
		size_t len;

		encoded(lens[i]);
		assert_int_equal(
			prot_identity_decode(region, sizeof(region), &at, &len),
			PROT_OK);
		assert_int_equal(len, lens[i]);
		assert_memory_equal(at, certs, len);
	}
}

static void test_identity_decode__every_short_length__malformed(void **state)
{
	size_t total = encoded(40);

	(void)state;
	for (size_t n = 0; n < total; n++) {
		const uint8_t *at;
		size_t len;

		assert_int_equal(prot_identity_decode(region, n, &at, &len),
				 PROT_ERR_MALFORMED);
		assert_null(at);
	}
}

static void test_identity_decode__every_bit_flipped__malformed(void **state)
{
	size_t total = encoded(24);

	(void)state;
	for (size_t bit = 0; bit < total * 8; bit++) {
		const uint8_t *at;
		size_t len;

		region[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(
			prot_identity_decode(region, sizeof(region), &at, &len),
			PROT_ERR_MALFORMED);
		region[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void test_identity_decode__blank_flash__not_found(void **state)
{
	const uint8_t *at;
	size_t len;

	(void)state;
	for (int erased = 0; erased <= 0xff; erased += 0xff) {
		memset(region, erased, sizeof(region));
		assert_int_equal(
			prot_identity_decode(region, sizeof(region), &at, &len),
			PROT_ERR_NOT_FOUND);
	}
}

static void test_identity_encode__limits__refused(void **state)
{
	size_t out;

	(void)state;
	assert_int_equal(prot_identity_encode(certs, 0, region, 100, &out),
			 PROT_ERR_ARG);
	assert_int_equal(prot_identity_encode(certs, PROT_IDENTITY_CERT_MAX + 1,
					      region, sizeof(region), &out),
			 PROT_ERR_ARG);
	for (size_t cap = 0; cap < 10 + PROT_IDENTITY_OVERHEAD; cap++) {
		assert_int_equal(
			prot_identity_encode(certs, 10, region, cap, &out),
			PROT_ERR_SPACE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_identity_decode__encoded__same_certificates),
		cmocka_unit_test(
			test_identity_decode__every_short_length__malformed),
		cmocka_unit_test(
			test_identity_decode__every_bit_flipped__malformed),
		cmocka_unit_test(test_identity_decode__blank_flash__not_found),
		cmocka_unit_test(test_identity_encode__limits__refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
