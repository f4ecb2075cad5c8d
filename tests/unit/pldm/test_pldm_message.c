/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/pldm/pldm.h>

static void test_header_decode__request__fields(void **state)
{
	const uint8_t msg[] = {0x9F, 0x3F, 0x1B};
	struct prot_rd r = prot_rd_init(msg, sizeof(msg));
	struct prot_pldm_header h;

	(void)state;
	assert_int_equal(prot_pldm_header_decode(&r, &h), PROT_OK);
	assert_true(h.request);
	assert_false(h.datagram);
	assert_int_equal(h.instance, 31);
	assert_int_equal(h.type, PROT_PLDM_TYPE_OEM);
	assert_int_equal(h.command, 0x1B);
	assert_true(prot_rd_end(&r));
}

static void test_header_decode__every_first_two_bytes__verdict(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 0x10000; i++) {
		const uint8_t msg[] = {(uint8_t)i, (uint8_t)(i >> 8), 0x02};
		struct prot_rd r = prot_rd_init(msg, sizeof(msg));
		struct prot_pldm_header h;
		enum prot_status want = PROT_OK;

		if (msg[1] & 0xC0) {
			want = PROT_ERR_UNSUPPORTED;
		}
		if ((msg[0] & 0xC0) == 0x40) {
			want = PROT_ERR_MALFORMED;
		}
		assert_int_equal(prot_pldm_header_decode(&r, &h), want);
	}
}

static void test_header_decode__every_short_length__malformed(void **state)
{
	const uint8_t msg[] = {0x80, 0x05, 0x01};

	(void)state;
	for (size_t len = 0; len < sizeof(msg); len++) {
		struct prot_rd r = prot_rd_init(msg, len);
		struct prot_pldm_header h;

		assert_int_equal(prot_pldm_header_decode(&r, &h),
				 PROT_ERR_MALFORMED);
	}
}

static void test_header_encode__every_flag__round_trip(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		const struct prot_pldm_header h = {i != 0, i == 2, 17, 5, 0x10};
		struct prot_pldm_header back;
		uint8_t msg[PROT_PLDM_HEADER_SIZE];
		struct prot_wr w = prot_wr_init(msg, sizeof(msg));
		struct prot_rd r = prot_rd_init(msg, sizeof(msg));

		prot_pldm_header_encode(&w, &h);
		assert_true(prot_wr_ok(&w));
		assert_int_equal(prot_pldm_header_decode(&r, &back), PROT_OK);
		assert_int_equal(back.request, h.request);
		assert_int_equal(back.datagram, h.datagram);
		assert_int_equal(back.instance, 17);
		assert_int_equal(back.type, 5);
		assert_int_equal(back.command, 0x10);
	}
}

static void test_response_begin__request__echoes_and_clears_rq(void **state)
{
	const struct prot_pldm_header request = {true, false, 7, 5, 0x1A};
	const uint8_t want[] = {0x07, 0x05, 0x1A, 0x84};
	uint8_t msg[4];
	struct prot_wr w = prot_wr_init(msg, sizeof(msg));

	(void)state;
	prot_pldm_response_begin(&w, &request, 0x84);
	assert_true(prot_wr_ok(&w));
	assert_memory_equal(msg, want, sizeof(want));
}

static void test_response_decode__others_response__state(void **state)
{
	const struct prot_pldm_header request = {true, false, 7, 5, 0x15};
	/* the instance, the type, the command, and Rq differ */
	const uint8_t others[][4] = {{0x08, 0x05, 0x15, 0},
				     {0x07, 0x00, 0x15, 0},
				     {0x07, 0x05, 0x16, 0},
				     {0x87, 0x05, 0x15, 0}};
	uint8_t cc;

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(others); i++) {
		struct prot_rd r = prot_rd_init(others[i], 4);

		assert_int_equal(prot_pldm_response_decode(&r, &request, &cc),
				 PROT_ERR_STATE);
	}
}

static void test_response_decode__ours__cc_and_body(void **state)
{
	const struct prot_pldm_header request = {true, false, 7, 5, 0x15};
	const uint8_t msg[] = {0x07, 0x05, 0x15, 0x89, 0xAA};
	struct prot_rd r = prot_rd_init(msg, sizeof(msg));
	uint8_t cc;

	(void)state;
	assert_int_equal(prot_pldm_response_decode(&r, &request, &cc), PROT_OK);
	assert_int_equal(cc, 0x89);
	assert_int_equal(r.left, 1);
	for (size_t len = 0; len < PROT_PLDM_RESPONSE_SIZE; len++) {
		r = prot_rd_init(msg, len);
		assert_int_equal(prot_pldm_response_decode(&r, &request, &cc),
				 PROT_ERR_MALFORMED);
	}
}

static void test_version_text__shapes__as_dsp0240(void **state)
{
	const struct {
		uint32_t version;
		const char *text;
	} cases[] = {
		{0xF1F3F000, "1.3.0"},     {0xF1F0FF00, "1.0"},
		{0x10F2F500, "10.2.5"},    {0xF1F0F061, "1.0.0a"},
		{0x99999961, "99.99.99a"},
	};
	char text[PROT_PLDM_VERSION_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		prot_pldm_version_text(cases[i].version, text);
		assert_string_equal(text, cases[i].text);
	}
	assert_int_equal(PROT_PLDM_VERSION(1, 3, 0), 0xF1F3F000);
}

static void test_version_text__any_value__fits(void **state)
{
	char text[PROT_PLDM_VERSION_TEXT_SIZE];

	(void)state;
	for (uint32_t i = 0; i < 0x10000; i++) {
		prot_pldm_version_text(i << 16 | 0x8841, text);
		assert_true(strlen(text) < sizeof(text));
	}
}

static void test_string_equal__type_length_bytes__all_count(void **state)
{
	const struct prot_pldm_string a = PROT_PLDM_ASCII("1.0");
	struct prot_pldm_string b = PROT_PLDM_ASCII("1.0");
	const struct prot_pldm_string none = {0, 0, NULL};

	(void)state;
	assert_true(prot_pldm_string_equal(&a, &b));
	assert_true(prot_pldm_string_equal(&none, &none));
	b.type = PROT_PLDM_STRING_UTF8;
	assert_false(prot_pldm_string_equal(&a, &b));
	b = a;
	b.len = 2;
	assert_false(prot_pldm_string_equal(&a, &b));
	b.bytes = (const uint8_t *)"2.0";
	b.len = 3;
	assert_false(prot_pldm_string_equal(&a, &b));
}

static void test_transfer_flag__all_values__four_valid(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		assert_int_equal(prot_pldm_transfer_flag_valid((uint8_t)i),
				 i == 1 || i == 2 || i == 4 || i == 5);
	}
	assert_int_equal(prot_pldm_transfer_flag(true, false), 1);
	assert_int_equal(prot_pldm_transfer_flag(false, false), 2);
	assert_int_equal(prot_pldm_transfer_flag(false, true), 4);
	assert_int_equal(prot_pldm_transfer_flag(true, true), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_decode__request__fields),
		cmocka_unit_test(
			test_header_decode__every_first_two_bytes__verdict),
		cmocka_unit_test(
			test_header_decode__every_short_length__malformed),
		cmocka_unit_test(test_header_encode__every_flag__round_trip),
		cmocka_unit_test(
			test_response_begin__request__echoes_and_clears_rq),
		cmocka_unit_test(test_response_decode__others_response__state),
		cmocka_unit_test(test_response_decode__ours__cc_and_body),
		cmocka_unit_test(test_version_text__shapes__as_dsp0240),
		cmocka_unit_test(test_version_text__any_value__fits),
		cmocka_unit_test(
			test_string_equal__type_length_bytes__all_count),
		cmocka_unit_test(test_transfer_flag__all_values__four_valid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
