/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include <prot/der.h>

/* One encoding, as hex, and whether prot_der_any() takes it. */
static const struct {
	const char *hex;
	bool good;
	size_t content;
} lengths[] = {
	{"0500", true, 0},
	{"0401aa", true, 1},
	{"04", false, 0},
	{"", false, 0},
	{"0402aa", false, 0},
	{"0480", false, 0},       /* indefinite */
	{"0480aa0000", false, 0}, /* indefinite */
	{"048101aa", false, 0},   /* long form where the short one does */
	{"04820001aa", false, 0}, /* leading zero */
	{"0485000000000100", false, 0},
	{"0484ffffffff", false, 0},
	{"04ff", false, 0},
	{"1f8100", false, 0}, /* tag number of several bytes */
	{"bf8100", false, 0},
};

static void test_der_any__every_length_form__only_der(void **state)
{
	uint8_t buf[16];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(lengths); i++) {
		struct prot_rd r = prot_rd_init(
			buf, hex_bytes(lengths[i].hex, buf, sizeof(buf)));
		uint8_t tag;
		struct prot_rd content = prot_der_any(&r, &tag);

		assert_int_equal(prot_rd_ok(&r), lengths[i].good);
		assert_int_equal(prot_rd_ok(&content), lengths[i].good);
		assert_int_equal(content.left, lengths[i].content);
		if (lengths[i].good) {
			assert_int_equal(tag, buf[0]);
			assert_true(prot_rd_end(&r));
		}
	}
}

static void test_der_end__each_length__reads_back_minimal(void **state)
{
	static const size_t sizes[] = {0,   1,   127,   128,   255,
				       256, 257, 65535, 65536, 70000};
	static uint8_t buf[70016];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(sizes); i++) {
		struct prot_wr w = prot_wr_init(buf, sizeof(buf));
		struct prot_wr measure = prot_wr_init(NULL, SIZE_MAX);
		size_t mark = prot_der_begin(&w, PROT_DER_SEQUENCE);
		struct prot_rd r, content;

		prot_wr_fill(&w, 0x5a, sizes[i]);
		prot_der_end(&w, mark);
		assert_true(prot_wr_ok(&w));
		r = prot_rd_init(buf, w.len);
		content = prot_der_get(&r, PROT_DER_SEQUENCE);
		assert_true(prot_rd_end(&r));
		assert_int_equal(content.left, sizes[i]);
		assert_true(prot_rd_fill(&content, 0x5a, sizes[i]));

		mark = prot_der_begin(&measure, PROT_DER_SEQUENCE);
		prot_wr_fill(&measure, 0x5a, sizes[i]);
		prot_der_end(&measure, mark);
		assert_int_equal(measure.len, w.len);
	}
}

static void test_der_end__every_short_buffer__bad(void **state)
{
	uint8_t buf[300];

	(void)state;
	for (size_t cap = 0; cap <= 204; cap++) {
		struct prot_wr w = prot_wr_init(buf, cap);
		size_t outer = prot_der_begin(&w, PROT_DER_SEQUENCE);
		size_t inner = prot_der_begin(&w, PROT_DER_OCTET_STRING);

		prot_wr_fill(&w, 1, 198);
		prot_der_end(&w, inner);
		prot_der_end(&w, outer);
		assert_int_equal(prot_wr_ok(&w), cap == 204);
	}
}

static void test_der_uint__each_encoding__value_or_error(void **state)
{
	static const struct {
		const char *hex;
		bool good;
		uint32_t value;
	} cases[] = {
		{"020100", true, 0},
		{"02017f", true, 127},
		{"02020080", true, 128},
		{"020500ffffffff", true, UINT32_MAX},
		{"02050100000000", false, 0}, /* 2^32 */
		{"020180", false, 0},         /* negative */
		{"0200", false, 0},
		{"02020001", false, 0}, /* needless zero */
		{"030100", false, 0},
	};
	uint8_t buf[16];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		struct prot_rd r = prot_rd_init(
			buf, hex_bytes(cases[i].hex, buf, sizeof(buf)));

		assert_int_equal(prot_der_uint(&r), cases[i].value);
		assert_int_equal(prot_rd_ok(&r), cases[i].good);
	}
}

static void test_der_put_uint__boundaries__read_back(void **state)
{
	static const uint32_t values[] = {0,     1,        127,       128,
					  255,   256,      32767,     32768,
					  65535, 8388608u, UINT32_MAX};
	uint8_t buf[16];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(values); i++) {
		struct prot_wr w = prot_wr_init(buf, sizeof(buf));
		struct prot_rd r;

		prot_der_put_uint(&w, PROT_DER_INTEGER, values[i]);
		r = prot_rd_init(buf, w.len);
		assert_int_equal(prot_der_uint(&r), values[i]);
		assert_true(prot_rd_end(&r));
	}
}

static void test_der_ecdsa_signature__put__same(void **state)
{
	uint8_t sig[96], got[96], der[128];

	(void)state;
	for (unsigned first = 0; first < 256; first++) {
		struct prot_wr w = prot_wr_init(der, sizeof(der));
		struct prot_span s = {der, 0};

		for (size_t i = 0; i < sizeof(sig); i++) {
			sig[i] = (uint8_t)(i % 48 < 2 ? 0 : first + i);
		}
		sig[0] = (uint8_t)first;
		prot_der_put_ecdsa_signature(&w, sig, 48);
		assert_true(prot_wr_ok(&w));
		s.len = w.len;
		memset(got, 0xee, sizeof(got));
		assert_int_equal(prot_der_ecdsa_signature(s, got, 48), PROT_OK);
		assert_memory_equal(sig, got, sizeof(sig));
	}
}

static void test_der_ecdsa_signature__zero__one_byte_each(void **state)
{
	const uint8_t sig[64] = {0};
	uint8_t der[16];
	struct prot_wr w = prot_wr_init(der, sizeof(der));

	(void)state;
	prot_der_put_ecdsa_signature(&w, sig, 32);
	assert_int_equal(w.len, 8);
	assert_hex_equal(der, "3006020100020100");
}

static void test_der_ecdsa_signature__not_one__malformed(void **state)
{
	static const char *const bad[] = {
		"",
		"30060201010201",
		"3006020101020101ff",       /* something follows */
		"30070201010201010a",       /* something follows inside */
		"3003020101",               /* s missing */
		"300602018102010101",       /* r negative */
		"300a02050100000000020101", /* r too wide for 4 bytes */
		"3006040101020101",         /* no INTEGER */
		"3106020101020101",         /* no SEQUENCE */
	};
	uint8_t buf[32], sig[8];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		struct prot_span s = {buf, hex_bytes(bad[i], buf, sizeof(buf))};

		assert_int_equal(prot_der_ecdsa_signature(s, sig, 4),
				 PROT_ERR_MALFORMED);
	}
}

static void test_der_element__wrong_tag__both_bad(void **state)
{
	uint8_t buf[8];
	struct prot_rd r =
		prot_rd_init(buf, hex_bytes("0401aa", buf, sizeof(buf)));
	struct prot_rd copy = r;
	struct prot_span s = prot_der_element(&r, PROT_DER_SEQUENCE);

	(void)state;
	assert_int_equal(s.len, 0);
	assert_false(prot_rd_ok(&r));
	s = prot_der_element(&copy, PROT_DER_OCTET_STRING);
	assert_int_equal(s.len, 3);
	assert_true(prot_rd_end(&copy));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_der_any__every_length_form__only_der),
		cmocka_unit_test(test_der_end__each_length__reads_back_minimal),
		cmocka_unit_test(test_der_end__every_short_buffer__bad),
		cmocka_unit_test(test_der_uint__each_encoding__value_or_error),
		cmocka_unit_test(test_der_put_uint__boundaries__read_back),
		cmocka_unit_test(test_der_ecdsa_signature__put__same),
		cmocka_unit_test(test_der_ecdsa_signature__zero__one_byte_each),
		cmocka_unit_test(test_der_ecdsa_signature__not_one__malformed),
		cmocka_unit_test(test_der_element__wrong_tag__both_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
