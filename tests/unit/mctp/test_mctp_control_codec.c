/* SPDX-License-Identifier: Apache-2.0 */
/* Control protocol, requester codecs: golden bytes, then every other length. */
#include "test.h"

#include <prot/mctp/control.h>

#define EXPECT(w, out, ...)                                                    \
	do {                                                                   \
		const uint8_t want_[] = {__VA_ARGS__};                         \
		assert_true(prot_wr_ok(&(w)));                                 \
		assert_int_equal((w).len, sizeof(want_));                      \
		assert_memory_equal(out, want_, sizeof(want_));                \
	} while (0)

static void test_request_put__each_command__golden_bytes(void **state)
{
	uint8_t out[8];
	struct prot_wr w;

	(void)state;
	w = prot_wr_init(out, sizeof(out));
	prot_mctp_control_request_put(&w, 0x1F, PROT_MCTP_CMD_GET_EID);
	EXPECT(w, out, 0x00, 0x9F, 0x02);
	w = prot_wr_init(out, sizeof(out));
	prot_mctp_control_request_put(&w, 0x20 + 3, PROT_MCTP_CMD_GET_UUID);
	EXPECT(w, out, 0x00, 0x83, 0x03); /* five bits of instance ID */
	w = prot_wr_init(out, sizeof(out));
	prot_mctp_set_eid_request_put(&w, 1, PROT_MCTP_SET_EID_FORCE, 0x42);
	EXPECT(w, out, 0x00, 0x81, 0x01, 0x01, 0x42);
	assert_int_equal(w.len, PROT_MCTP_CONTROL_REQUEST_MAX);
	w = prot_wr_init(out, sizeof(out));
	prot_mctp_version_request_put(&w, 2, PROT_MCTP_VERSION_BASE);
	EXPECT(w, out, 0x00, 0x82, 0x04, 0xFF);
	w = prot_wr_init(out, sizeof(out));
	prot_mctp_vendor_request_put(&w, 3, 0x07);
	EXPECT(w, out, 0x00, 0x83, 0x06, 0x07);
}

static void test_request_put__no_room__writer_fails(void **state)
{
	uint8_t out[5];

	(void)state;
	for (size_t cap = 0; cap < 5; cap++) {
		struct prot_wr w = prot_wr_init(out, cap);

		prot_mctp_set_eid_request_put(&w, 1, PROT_MCTP_SET_EID, 9);
		assert_false(prot_wr_ok(&w));
	}
}

static void test_response_get__success__at_the_data(void **state)
{
	const uint8_t msg[] = {0x00, 0x07, 0x02, 0x00, 0xAB};
	struct prot_rd r = prot_rd_init(msg, sizeof(msg));
	uint8_t cc = 9;

	(void)state;
	assert_int_equal(prot_mctp_control_response_get(&r, 7, 2, &cc),
			 PROT_OK);
	assert_int_equal(cc, 0);
	assert_int_equal(prot_rd_u8(&r), 0xAB);
}

static void test_response_get__every_completion_code__refused(void **state)
{
	uint8_t msg[] = {0x00, 0x07, 0x02, 0x00};

	(void)state;
	for (unsigned code = 1; code < 256; code++) {
		struct prot_rd r = prot_rd_init(msg, sizeof(msg));
		uint8_t cc = 0;

		msg[3] = (uint8_t)code;
		r = prot_rd_init(msg, sizeof(msg));
		assert_int_equal(prot_mctp_control_response_get(&r, 7, 2, &cc),
				 PROT_ERR_REFUSED);
		assert_int_equal(cc, code);
	}
}

static void test_response_get__each_field_wrong__malformed(void **state)
{
	static const uint8_t bad[][4] = {
		{0x01, 0x07, 0x02, 0x00}, /* type */
		{0x80, 0x07, 0x02, 0x00}, /* IC */
		{0x00, 0x87, 0x02, 0x00}, /* Rq */
		{0x00, 0x47, 0x02, 0x00}, /* D */
		{0x00, 0x06, 0x02, 0x00}, /* instance */
		{0x00, 0x07, 0x03, 0x00}, /* command */
	};
	uint8_t cc = 0x77;

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		struct prot_rd r = prot_rd_init(bad[i], 4);

		assert_int_equal(prot_mctp_control_response_get(&r, 7, 2, &cc),
				 PROT_ERR_MALFORMED);
	}
	for (size_t len = 0; len < 4; len++) {
		const uint8_t good[] = {0x00, 0x07, 0x02, 0x00};
		struct prot_rd r = prot_rd_init(good, len);

		assert_int_equal(prot_mctp_control_response_get(&r, 7, 2, &cc),
				 PROT_ERR_MALFORMED);
	}
	assert_int_equal(cc, 0x77);
}

static void test_response_get__reserved_bit__ignored(void **state)
{
	const uint8_t msg[] = {0x00, 0x27, 0x02, 0x00};
	struct prot_rd r = prot_rd_init(msg, sizeof(msg));
	uint8_t cc;

	(void)state;
	assert_int_equal(prot_mctp_control_response_get(&r, 7, 2, &cc),
			 PROT_OK);
}

/* Decode every prefix of data, and data with one byte more; the exact length
 * alone is accepted. */
#define EVERY_LENGTH(data, size, decode)                                       \
	for (size_t len = 0; len <= (size); len++) {                           \
		r = prot_rd_init(data, len);                                   \
		assert_int_equal(decode, len == (size)-1                       \
						 ? PROT_OK                     \
						 : PROT_ERR_MALFORMED);        \
	}

static void test_set_eid_response_get__fields_and_lengths(void **state)
{
	const uint8_t data[] = {0x12, 0x42, 0x05, 0xFF};
	struct prot_mctp_set_eid_response out;
	struct prot_rd r = prot_rd_init(data, 3);

	(void)state;
	assert_int_equal(prot_mctp_set_eid_response_get(&r, &out), PROT_OK);
	assert_false(out.accepted);
	assert_int_equal(out.allocation, 2);
	assert_int_equal(out.eid, 0x42);
	assert_int_equal(out.pool_size, 5);
	EVERY_LENGTH(data, sizeof(data),
		     prot_mctp_set_eid_response_get(&r, &out));
	r = prot_rd_init("\x00\x42\x00", 3);
	assert_int_equal(prot_mctp_set_eid_response_get(&r, &out), PROT_OK);
	assert_true(out.accepted);
	assert_int_equal(out.allocation, 0);
	/* Assignment status values 2 and 3 are reserved: not accepted. */
	r = prot_rd_init("\x20\x42\x00", 3);
	assert_int_equal(prot_mctp_set_eid_response_get(&r, &out), PROT_OK);
	assert_false(out.accepted);
}

static void test_get_eid_response_get__fields_and_lengths(void **state)
{
	const uint8_t data[] = {0x42, 0xDF, 0x77, 0xFF};
	struct prot_mctp_get_eid_response out;
	struct prot_rd r = prot_rd_init(data, 3);

	(void)state;
	assert_int_equal(prot_mctp_get_eid_response_get(&r, &out), PROT_OK);
	assert_int_equal(out.eid, 0x42);
	assert_int_equal(out.endpoint_type, PROT_MCTP_ENDPOINT_BRIDGE);
	assert_int_equal(out.eid_type, PROT_MCTP_EID_STATIC_OVERRIDDEN);
	assert_int_equal(out.medium_specific, 0x77);
	EVERY_LENGTH(data, sizeof(data),
		     prot_mctp_get_eid_response_get(&r, &out));
}

static void test_uuid_response_get__value_and_lengths(void **state)
{
	uint8_t data[17];
	uint8_t uuid[16];
	struct prot_rd r;

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++) {
		data[i] = (uint8_t)(i * 3);
	}
	EVERY_LENGTH(data, sizeof(data), prot_mctp_uuid_response_get(&r, uuid));
	r = prot_rd_init(data, 16);
	assert_int_equal(prot_mctp_uuid_response_get(&r, uuid), PROT_OK);
	assert_memory_equal(uuid, data, 16);
}

static void test_version_response_get__entries_and_lengths(void **state)
{
	const uint8_t data[] = {2,    0xF1, 0xF0, 0xFF, 0x00,
				0xF1, 0xF3, 0xF3, 0x00, 0x99};
	struct prot_rd r = prot_rd_init(data, 9);
	uint8_t count;

	(void)state;
	assert_int_equal(prot_mctp_version_response_get(&r, &count), PROT_OK);
	assert_int_equal(count, 2);
	assert_int_equal(prot_rd_be32(&r), PROT_MCTP_VERSION(1, 0, 0xF));
	assert_int_equal(prot_rd_be32(&r), PROT_MCTP_VERSION(1, 3, 3));
	EVERY_LENGTH(data, sizeof(data),
		     prot_mctp_version_response_get(&r, &count));
}

static void test_type_response_get__entries_and_lengths(void **state)
{
	const uint8_t data[] = {3, 0x00, 0x01, 0x05, 0x99};
	struct prot_rd r = prot_rd_init("\0", 1);
	uint8_t count;

	(void)state;
	assert_int_equal(prot_mctp_type_response_get(&r, &count), PROT_OK);
	assert_int_equal(count, 0);
	EVERY_LENGTH(data, sizeof(data),
		     prot_mctp_type_response_get(&r, &count));
}

static void test_vendor_response_get__both_formats_and_lengths(void **state)
{
	const uint8_t pci[] = {0x01, 0x00, 0x1A, 0xB4, 0x01, 0x02, 0x99};
	const uint8_t iana[] = {0xFF, 0x01, 0x00, 0x00, 0xA6,
				0x7F, 0x03, 0x04, 0x99};
	struct prot_mctp_vendor_set out;
	struct prot_rd r;
	uint8_t next;

	(void)state;
	EVERY_LENGTH(pci, sizeof(pci),
		     prot_mctp_vendor_response_get(&r, &next, &out));
	r = prot_rd_init(pci, 6);
	assert_int_equal(prot_mctp_vendor_response_get(&r, &next, &out),
			 PROT_OK);
	assert_int_equal(next, 1);
	assert_int_equal(out.format, PROT_MCTP_VENDOR_FORMAT_PCI);
	assert_int_equal(out.vendor_id, 0x1AB4);
	assert_int_equal(out.command_set, 0x0102);
	EVERY_LENGTH(iana, sizeof(iana),
		     prot_mctp_vendor_response_get(&r, &next, &out));
	r = prot_rd_init(iana, 8);
	assert_int_equal(prot_mctp_vendor_response_get(&r, &next, &out),
			 PROT_OK);
	assert_int_equal(next, PROT_MCTP_VENDOR_LAST);
	assert_int_equal(out.format, PROT_MCTP_VENDOR_FORMAT_IANA);
	assert_int_equal(out.vendor_id, 0xA67F);
	assert_int_equal(out.command_set, 0x0304);
}

static void test_vendor_response_get__unknown_format__malformed(void **state)
{
	uint8_t data[] = {0xFF, 0x02, 0x00, 0x00, 0xA6, 0x7F, 0x03, 0x04};
	struct prot_mctp_vendor_set out;
	uint8_t next;

	(void)state;
	for (unsigned format = 2; format < 256; format++) {
		struct prot_rd r = prot_rd_init(data, sizeof(data));

		data[1] = (uint8_t)format;
		assert_int_equal(prot_mctp_vendor_response_get(&r, &next, &out),
				 PROT_ERR_MALFORMED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request_put__each_command__golden_bytes),
		cmocka_unit_test(test_request_put__no_room__writer_fails),
		cmocka_unit_test(test_response_get__success__at_the_data),
		cmocka_unit_test(
			test_response_get__every_completion_code__refused),
		cmocka_unit_test(
			test_response_get__each_field_wrong__malformed),
		cmocka_unit_test(test_response_get__reserved_bit__ignored),
		cmocka_unit_test(test_set_eid_response_get__fields_and_lengths),
		cmocka_unit_test(test_get_eid_response_get__fields_and_lengths),
		cmocka_unit_test(test_uuid_response_get__value_and_lengths),
		cmocka_unit_test(
			test_version_response_get__entries_and_lengths),
		cmocka_unit_test(test_type_response_get__entries_and_lengths),
		cmocka_unit_test(
			test_vendor_response_get__both_formats_and_lengths),
		cmocka_unit_test(
			test_vendor_response_get__unknown_format__malformed),
	};

	return cmocka_run_group_tests_name("mctp_control_codec", tests, NULL,
					   NULL);
}
