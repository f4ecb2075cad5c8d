/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/base/text.h>

#include <string.h>

static void test_text_u32__limits__are_decimal(void **state)
{
	char buf[32];
	struct prot_text t = prot_text_init(buf, sizeof(buf));

	(void)state;
	prot_text_u32(&t, 0);
	prot_text_char(&t, ' ');
	prot_text_u32(&t, 10);
	prot_text_char(&t, ' ');
	prot_text_u32(&t, UINT32_MAX);
	assert_string_equal(buf, "0 10 4294967295");
	assert_int_equal(t.len, strlen(buf));
}

static void test_text_hex__each_digit__is_lower_case(void **state)
{
	static const uint8_t bytes[] = {0x01, 0x23, 0x45, 0x67,
					0x89, 0xab, 0xcd, 0xef};
	char buf[32];
	struct prot_text t = prot_text_init(buf, sizeof(buf));

	(void)state;
	prot_text_hex(&t, bytes, sizeof(bytes));
	assert_string_equal(buf, "0123456789abcdef");
}

static void test_text_hex32__number__eight_digits_high_first(void **state)
{
	char buf[24];
	struct prot_text t = prot_text_init(buf, sizeof(buf));

	(void)state;
	prot_text_hex32(&t, 0xDEADBEEF);
	prot_text_hex32(&t, 0x0000012A);
	assert_string_equal(buf, "deadbeef0000012a");
}

static void test_text_str__no_room__is_cut_off(void **state)
{
	char buf[8];

	(void)state;
	for (size_t cap = 1; cap < sizeof(buf); cap++) {
		struct prot_text t;

		memset(buf, '#', sizeof(buf));
		t = prot_text_init(buf, cap);
		prot_text_str(&t, "abcdefghij");
		prot_text_u32(&t, 1);
		assert_int_equal(t.len, cap - 1);
		assert_memory_equal(buf, "abcdefgh", cap - 1);
		assert_int_equal(buf[cap - 1], '\0');
		assert_int_equal(buf[cap], '#');
	}
}

static void test_text_init__nothing_added__is_empty(void **state)
{
	char buf[] = "x";
	struct prot_text t = prot_text_init(buf, 1);

	(void)state;
	prot_text_char(&t, 'a');
	assert_string_equal(buf, "");
	assert_int_equal(t.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_u32__limits__are_decimal),
		cmocka_unit_test(test_text_hex__each_digit__is_lower_case),
		cmocka_unit_test(
			test_text_hex32__number__eight_digits_high_first),
		cmocka_unit_test(test_text_str__no_room__is_cut_off),
		cmocka_unit_test(test_text_init__nothing_added__is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
