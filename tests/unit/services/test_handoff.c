/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/services/handoff.h>

#include <string.h>

static struct prot_handoff sample(uint16_t chain_len)
{
	struct prot_handoff h;

	memset(&h, 0, sizeof(h));
	h.reset_reason = PROT_RESET_WATCHDOG;
	h.mode = PROT_BOOT_TRIAL;
	h.bank = PROT_BANK_B;
	h.boot_count = 2;
	h.lifecycle = PROT_LIFECYCLE_PRODUCTION;
	h.svn = 7;
	h.svn_floor = 5;
	h.version = (struct prot_image_version){1, 2, 3, 4};
	memset(h.boot_digest, 0x11, sizeof(h.boot_digest));
	memset(h.runtime_digest, 0x22, sizeof(h.runtime_digest));
	memset(h.ak_seed, 0x33, sizeof(h.ak_seed));
	h.refused[PROT_BANK_A] = PROT_IMAGE_SVN;
	h.has_identity = chain_len != 0;
	h.chain_len = chain_len;
	memset(h.chain, 0x44, chain_len);
	return h;
}

static uint8_t raw[PROT_HANDOFF_SIZE_MAX];

static size_t encoded(const struct prot_handoff *h)
{
	size_t len = 0;

	assert_int_equal(prot_handoff_encode(h, raw, sizeof(raw), &len),
			 PROT_OK);
	return len;
}

static void test_handoff_decode__encoded__same_fields(void **state)
{
	static const uint16_t lens[] = {0, 1, 1000, PROT_HANDOFF_CHAIN_MAX};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct prot_handoff h = sample(lens[i]);
		struct prot_handoff got;

		encoded(&h);
		assert_int_equal(prot_handoff_decode(raw, sizeof(raw), &got),
				 PROT_OK);
		assert_memory_equal(&got, &h, sizeof(h));
	}
}

static void test_handoff_decode__every_short_length__wiped(void **state)
{
	struct prot_handoff h = sample(100);
	struct prot_handoff zero;
	size_t len = encoded(&h);

	(void)state;
	memset(&zero, 0, sizeof(zero));
	for (size_t n = 0; n < len; n++) {
		assert_int_equal(prot_handoff_decode(raw, n, &h),
				 PROT_ERR_MALFORMED);
		assert_memory_equal(&h, &zero, sizeof(h));
	}
}

static void test_handoff_decode__every_bit_flipped__refused(void **state)
{
	struct prot_handoff h = sample(20);
	size_t len = encoded(&h);

	(void)state;
	for (size_t bit = 0; bit < len * 8; bit++) {
		raw[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_not_equal(prot_handoff_decode(raw, len, &h),
				     PROT_OK);
		raw[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void refused(struct prot_handoff h)
{
	encoded(&h);
	assert_int_equal(prot_handoff_decode(raw, sizeof(raw), &h),
			 PROT_ERR_MALFORMED);
}

static void test_handoff_decode__value_out_of_range__malformed(void **state)
{
	struct prot_handoff h = sample(20);

	(void)state;
	h.reset_reason = PROT_RESET_REASON_COUNT;
	refused(h);
	h = sample(20);
	h.mode = PROT_BOOT_LOCKDOWN;
	refused(h);
	h.mode = (enum prot_boot_mode)(PROT_BOOT_RECOVERY + 1);
	refused(h);
	h = sample(20);
	h.bank = PROT_BANK_NONE;
	refused(h);
	h.bank = PROT_BANK_GOLDEN; /* a trial */
	refused(h);
	h = sample(20);
	h.lifecycle = (enum prot_lifecycle)(PROT_LIFECYCLE_END_OF_LIFE + 1);
	refused(h);
	h = sample(20);
	h.has_identity = false;
	refused(h);
}

static void test_handoff_decode__other_version__unsupported(void **state)
{
	struct prot_handoff h = sample(0);

	(void)state;
	encoded(&h);
	raw[4] = 2;
	assert_int_equal(prot_handoff_decode(raw, sizeof(raw), &h),
			 PROT_ERR_UNSUPPORTED);
}

static void
test_handoff_encode__every_short_buffer__space_and_wiped(void **state)
{
	struct prot_handoff h = sample(20);
	uint8_t zero[PROT_HANDOFF_SIZE_MAX] = {0};
	size_t total = encoded(&h);
	size_t len;

	(void)state;
	for (size_t cap = 0; cap < total; cap++) {
		assert_int_equal(prot_handoff_encode(&h, raw, cap, &len),
				 PROT_ERR_SPACE);
		assert_memory_equal(raw, zero, cap);
	}
	h.chain_len = PROT_HANDOFF_CHAIN_MAX + 1;
	assert_int_equal(prot_handoff_encode(&h, raw, sizeof(raw), &len),
			 PROT_ERR_ARG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handoff_decode__encoded__same_fields),
		cmocka_unit_test(
			test_handoff_decode__every_short_length__wiped),
		cmocka_unit_test(
			test_handoff_decode__every_bit_flipped__refused),
		cmocka_unit_test(
			test_handoff_decode__value_out_of_range__malformed),
		cmocka_unit_test(
			test_handoff_decode__other_version__unsupported),
		cmocka_unit_test(
			test_handoff_encode__every_short_buffer__space_and_wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
