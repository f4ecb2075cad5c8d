/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "spdm_chain.h"
#include "test.h"

#define HASH 32

/* A structure with two SEQUENCEs for certificates. */
static const uint8_t tail[] = {0x30, 3, 1, 2, 3, 0x30, 0};

static size_t make(uint8_t *out, const uint8_t *certs, size_t len)
{
	size_t total = 4 + HASH + len;

	memset(out, 0, total);
	out[0] = (uint8_t)total;
	out[1] = (uint8_t)(total >> 8);
	memset(out + 4, 0xcc, HASH);
	memcpy(out + 4 + HASH, certs, len);
	return total;
}

static void test_chain_read__two_certificates__split(void **s)
{
	uint8_t chain[64];
	size_t len = make(chain, tail, sizeof(tail));
	struct spdm_chain c;

	(void)s;
	assert_int_equal(prot_spdm_chain_read(chain, len, HASH, &c), PROT_OK);
	assert_ptr_equal(c.root_hash, chain + 4);
	assert_ptr_equal(c.certs.at, chain + 4 + HASH);
	assert_int_equal(c.certs.len, sizeof(tail));
	assert_ptr_equal(c.first.at, chain + 4 + HASH);
	assert_int_equal(c.first.len, 5);
}

static void test_chain_read__every_short_length__malformed(void **s)
{
	uint8_t chain[64];
	size_t len = make(chain, tail, sizeof(tail));
	struct spdm_chain c;

	(void)s;
	for (size_t n = 0; n < len; n++) {
		uint8_t *copy = malloc(n + 1);

		memcpy(copy + 1, chain, n);
		assert_int_equal(prot_spdm_chain_read(copy + 1, n, HASH, &c),
				 PROT_ERR_MALFORMED);
		if (n >= 2) { /* also when Length agrees */
			copy[1] = (uint8_t)n;
		}
		if (n < 4 + HASH + 5) {
			assert_int_equal(
				prot_spdm_chain_read(copy + 1, n, HASH, &c),
				PROT_ERR_MALFORMED);
		}
		free(copy);
	}
}

static void test_chain_read__length_or_reserved_wrong__malformed(void **s)
{
	uint8_t chain[64];
	size_t len = make(chain, tail, sizeof(tail));
	struct spdm_chain c;

	(void)s;
	assert_int_equal(prot_spdm_chain_read(chain, len + 1, HASH, &c),
			 PROT_ERR_MALFORMED);
	chain[0]++;
	assert_int_equal(prot_spdm_chain_read(chain, len, HASH, &c),
			 PROT_ERR_MALFORMED);
	chain[0]--;
	for (unsigned at = 2; at < 4; at++) {
		chain[at] = 1;
		assert_int_equal(prot_spdm_chain_read(chain, len, HASH, &c),
				 PROT_ERR_MALFORMED);
		chain[at] = 0;
	}
}

static void expect_first(const uint8_t *certs, size_t len, size_t first)
{
	static uint8_t chain[70000];
	size_t total = make(chain, certs, len);
	struct spdm_chain c;

	if (first == 0) {
		assert_int_equal(prot_spdm_chain_read(chain, total, HASH, &c),
				 PROT_ERR_MALFORMED);
		return;
	}
	assert_int_equal(prot_spdm_chain_read(chain, total, HASH, &c), PROT_OK);
	assert_int_equal(c.first.len, first);
}

static void test_chain_read__each_der_length_form__extent(void **s)
{
	static uint8_t certs[1000];

	(void)s;
	memcpy(certs, (const uint8_t[]){0x30, 0x7f}, 2);
	expect_first(certs, 129, 129);
	expect_first(certs, 128, 0);
	memcpy(certs, (const uint8_t[]){0x30, 0x81, 0x80}, 3);
	expect_first(certs, 131, 131);
	memcpy(certs, (const uint8_t[]){0x30, 0x82, 0x02, 0x00}, 4);
	expect_first(certs, 516, 516);
	memcpy(certs, (const uint8_t[]){0x30, 0x83, 0x00, 0x02, 0x00}, 5);
	expect_first(certs, 517, 0);
	memcpy(certs, (const uint8_t[]){0x30, 0xff}, 2);
	expect_first(certs, 517, 0);
	memcpy(certs, (const uint8_t[]){0x31, 0x03}, 2); /* not a SEQUENCE */
	expect_first(certs, 5, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain_read__two_certificates__split),
		cmocka_unit_test(
			test_chain_read__every_short_length__malformed),
		cmocka_unit_test(
			test_chain_read__length_or_reserved_wrong__malformed),
		cmocka_unit_test(test_chain_read__each_der_length_form__extent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
