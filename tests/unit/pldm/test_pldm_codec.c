/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every message body of types 0 and 5: a golden vector laid out by hand from
 * DSP0240 and DSP0267, decoded and encoded back, then cut at every length and
 * extended by one byte.
 */
#include "test.h"

#include <prot/base/crc32.h>
#include <prot/pldm/base.h>
#include <prot/pldm/fwup.h>

/* Decode a body and, on success, encode it again. */
typedef enum prot_status (*turn_fn)(struct prot_rd *r, struct prot_wr *w);

#define TURN(name, type, decode, encode)                                       \
	static enum prot_status name(struct prot_rd *r, struct prot_wr *w)     \
	{                                                                      \
		type m;                                                        \
		enum prot_status st = decode(r, &m);                           \
                                                                               \
		if (st == PROT_OK) {                                           \
			encode(w, &m);                                         \
		}                                                              \
		return st;                                                     \
	}
#define TURN_STRUCT(name)                                                      \
	TURN(turn_##name, struct prot_pldm_##name, prot_pldm_##name##_decode,  \
	     prot_pldm_##name##_encode)
#define TURN_VALUE(name, type)                                                 \
	static enum prot_status turn_##name(struct prot_rd *r,                 \
					    struct prot_wr *w)                 \
	{                                                                      \
		type v;                                                        \
		enum prot_status st = prot_pldm_##name##_decode(r, &v);        \
                                                                               \
		if (st == PROT_OK) {                                           \
			prot_pldm_##name##_encode(w, v);                       \
		}                                                              \
		return st;                                                     \
	}

TURN_VALUE(tid, uint8_t)
TURN_STRUCT(get_version_req)
TURN_STRUCT(get_commands_req)
TURN_STRUCT(transfer_req)
TURN_STRUCT(transfer_rsp)
TURN_STRUCT(request_update_req)
TURN_STRUCT(request_update_rsp)
TURN_STRUCT(pass_component_req)
TURN_STRUCT(pass_component_rsp)
TURN_STRUCT(update_component_req)
TURN_STRUCT(update_component_rsp)
TURN_STRUCT(request_data_req)
TURN_VALUE(complete_req, uint8_t)
TURN_STRUCT(apply_complete_req)
TURN_VALUE(activate_req, uint8_t)
TURN_VALUE(activate_rsp, uint16_t)
TURN_STRUCT(get_status_rsp)
TURN_STRUCT(cancel_update_rsp)

static enum prot_status turn_types(struct prot_rd *r, struct prot_wr *w)
{
	uint8_t types[PROT_PLDM_TYPES_SIZE];
	enum prot_status st = prot_pldm_types_decode(r, types);

	prot_pldm_types_encode(w, types);
	return st;
}

static enum prot_status turn_commands(struct prot_rd *r, struct prot_wr *w)
{
	uint8_t commands[PROT_PLDM_COMMANDS_SIZE];
	enum prot_status st = prot_pldm_commands_decode(r, commands);

	prot_pldm_commands_encode(w, commands);
	return st;
}

static enum prot_status turn_query_identifiers(struct prot_rd *r,
					       struct prot_wr *w)
{
	struct prot_pldm_query_identifiers_rsp m;
	struct prot_pldm_descriptor d[8];
	enum prot_status st = prot_pldm_query_identifiers_rsp_decode(r, &m);

	if (st) {
		return st;
	}
	assert_true(m.count <= PROT_ARRAY_SIZE(d));
	for (uint8_t i = 0; i < m.count; i++) {
		assert_int_equal(
			prot_pldm_descriptor_decode(&m.descriptors, &d[i]),
			PROT_OK);
	}
	assert_true(prot_rd_end(&m.descriptors));
	prot_pldm_query_identifiers_rsp_encode(w, d, m.count);
	return PROT_OK;
}

static enum prot_status turn_firmware_parameters(struct prot_rd *r,
						 struct prot_wr *w)
{
	struct prot_pldm_firmware_parameters m;
	struct prot_pldm_component_entry e;
	enum prot_status st = prot_pldm_firmware_parameters_decode(r, &m);

	if (st) {
		return st;
	}
	prot_pldm_firmware_parameters_encode(w, &m);
	for (uint16_t i = 0; i < m.component_count; i++) {
		assert_int_equal(
			prot_pldm_component_entry_decode(&m.components, &e),
			PROT_OK);
		prot_pldm_component_entry_encode(w, &e);
	}
	assert_true(prot_rd_end(&m.components));
	return PROT_OK;
}

struct vector {
	const char *name;
	turn_fn turn;
	size_t len;
	/* The message ends with bytes of any number from this length on. */
	size_t open_from;
	uint8_t bytes[120];
};

#define EXACT SIZE_MAX

static const struct vector vectors[] = {
	{"SetTID request", turn_tid, 1, EXACT, {0x2A}},
	{"GetPLDMVersion request",
	 turn_get_version_req,
	 6,
	 EXACT,
	 {0x08, 0x00, 0x00, 0x00, 0x00, 0x05}},
	{"GetPLDMTypes response",
	 turn_types,
	 8,
	 EXACT,
	 {0x21, 0, 0, 0, 0, 0, 0, 0x80}},
	{"GetPLDMCommands request",
	 turn_get_commands_req,
	 5,
	 EXACT,
	 {0x05, 0x00, 0xF0, 0xF3, 0xF1}},
	{"GetPLDMCommands response",
	 turn_commands,
	 32,
	 EXACT,
	 {0x06, 0, 0x3D, 0x3C, [31] = 0x80}},
	{"QueryDeviceIdentifiers response",
	 turn_query_identifiers,
	 5 + 8 + 20 + 12,
	 EXACT,
	 {0x28, 0x00, 0x00, 0x00, 0x03,
	  /* IANA enterprise id 42623 */
	  0x01, 0x00, 0x04, 0x00, 0x7F, 0xA6, 0x00, 0x00,
	  /* UUID */
	  0x02, 0x00, 0x10, 0x00, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06,
	  0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F,
	  /* vendor-defined: ASCII title "Soc", data 01 02 03 */
	  0xFF, 0xFF, 0x08, 0x00, 0x01, 0x03, 'S', 'o', 'c', 0x01, 0x02, 0x03}},
	{"GetFirmwareParameters response",
	 turn_firmware_parameters,
	 10 + 2 + 39 + 5 + 5 + 39 + 1,
	 EXACT,
	 {0x02, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01, 0x02, 0x00, 0x00, 's', '1',
	  /* first component: active 1.0.0, pending 2.0.0 */
	  0x0A, 0x00, 0x01, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, '2',
	  '0', '2', '6', '0', '1', '0', '1', 0x02, 0x00, 0x00, 0x00, 0x01, 0x05,
	  '2', '0', '2', '6', '0', '2', '0', '1', 0x04, 0x00, 0x02, 0x00, 0x00,
	  0x00, '1', '.', '0', '.', '0', '2', '.', '0', '.', '0',
	  /* second: active "x", nothing pending */
	  0x01, 0x00, 0x02, 0x10, 0x07, 0xFF, 0xFF, 0xFF, 0xFF, 0x02, 0x01, 0,
	  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x00, 0, 0, 0, 0, 0, 0, 0, 0,
	  0x08, 0x00, 0, 0, 0, 0, 'x'}},
	{"RequestUpdate request",
	 turn_request_update_req,
	 16,
	 EXACT,
	 {0x00, 0x02, 0x00, 0x00, 0x01, 0x00, 0x01, 0x34, 0x12, 0x01, 0x05, '2',
	  '.', '0', '.', '0'}},
	{"RequestUpdate response",
	 turn_request_update_rsp,
	 3,
	 EXACT,
	 {0x10, 0x01, 0x01}},
	{"RequestUpdate response, limited",
	 turn_request_update_rsp,
	 5,
	 EXACT,
	 {0x10, 0x01, 0x02, 0x00, 0x04}},
	{"multipart request",
	 turn_transfer_req,
	 5,
	 EXACT,
	 {0x78, 0x56, 0x34, 0x12, 0x01}},
	{"multipart response",
	 turn_transfer_rsp,
	 8,
	 5,
	 {0x78, 0x56, 0x34, 0x12, 0x05, 'a', 'b', 'c'}},
	{"PassComponentTable request",
	 turn_pass_component_req,
	 17,
	 EXACT,
	 {0x05, 0x0A, 0x00, 0x01, 0x00, 0x02, 0x44, 0x33, 0x22, 0x11, 0x01,
	  0x05, '2', '.', '0', '.', '0'}},
	{"PassComponentTable response",
	 turn_pass_component_rsp,
	 2,
	 EXACT,
	 {0x01, 0x07}},
	{"UpdateComponent request",
	 turn_update_component_req,
	 22,
	 EXACT,
	 {0x0A, 0x00, 0x01, 0x00, 0x02, 0x44, 0x33, 0x22, 0x11, 0x00, 0x00,
	  0x10, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x03, '2',  '.',  '0'}},
	{"UpdateComponent response",
	 turn_update_component_rsp,
	 8,
	 EXACT,
	 {0x01, 0x02, 0x01, 0x00, 0x00, 0x00, 0x3C, 0x00}},
	{"UpdateComponent response, opaque data",
	 turn_update_component_rsp,
	 12,
	 EXACT,
	 {0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x3C, 0x00, 0x00, 0x01, 0x00,
	  0x00}},
	{"RequestFirmwareData request",
	 turn_request_data_req,
	 8,
	 EXACT,
	 {0x00, 0x01, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00}},
	{"TransferComplete request", turn_complete_req, 1, EXACT, {0x0D}},
	{"ApplyComplete request",
	 turn_apply_complete_req,
	 3,
	 EXACT,
	 {0x01, 0x04, 0x00}},
	{"ActivateFirmware request", turn_activate_req, 1, EXACT, {0x01}},
	{"ActivateFirmware response",
	 turn_activate_rsp,
	 2,
	 EXACT,
	 {0x2C, 0x01}},
	{"GetStatus response, after a cancel",
	 turn_get_status_rsp,
	 10,
	 EXACT,
	 {0x00, 0x00, 0x03, 0x00, 0x65, 0x02, 0x00, 0x00, 0x00, 0x00}},
	{"CancelUpdate response",
	 turn_cancel_update_rsp,
	 9,
	 EXACT,
	 {0x01, 0x01, 0, 0, 0, 0, 0, 0, 0x80}},
};

static enum prot_status turn(const struct vector *v, const uint8_t *bytes,
			     size_t len, uint8_t *out, size_t *out_len)
{
	struct prot_rd r = prot_rd_init(bytes, len);
	struct prot_wr w = prot_wr_init(out, 128);
	enum prot_status st = v->turn(&r, &w);

	*out_len = prot_wr_ok(&w) ? w.len : 0;
	return st;
}

static void test_codecs__golden_vector__round_trip(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(vectors); i++) {
		const struct vector *v = &vectors[i];
		uint8_t out[128];
		size_t len;

		print_message("%s\n", v->name);
		assert_int_equal(turn(v, v->bytes, v->len, out, &len), PROT_OK);
		assert_int_equal(len, v->len);
		assert_memory_equal(out, v->bytes, v->len);
	}
}

static void test_codecs__every_short_length__malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(vectors); i++) {
		const struct vector *v = &vectors[i];
		uint8_t out[128];
		size_t len;

		for (size_t cut = 0; cut < v->len && cut < v->open_from;
		     cut++) {
			/* Its own buffer: a sanitizer sees a read beyond. */
			uint8_t *copy = test_malloc(cut ? cut : 1);

			memcpy(copy, v->bytes, cut);
			assert_int_equal(turn(v, copy, cut, out, &len),
					 PROT_ERR_MALFORMED);
			test_free(copy);
		}
	}
}

static void test_codecs__one_byte_too_long__malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(vectors); i++) {
		const struct vector *v = &vectors[i];
		uint8_t out[128];
		size_t len;

		assert_int_equal(turn(v, v->bytes, v->len + 1, out, &len),
				 v->open_from == EXACT ? PROT_ERR_MALFORMED
						       : PROT_OK);
	}
}

static void test_codecs__writer_too_small__bad_and_within(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(vectors); i++) {
		const struct vector *v = &vectors[i];

		for (size_t cap = 0; cap < v->len; cap++) {
			struct prot_rd r = prot_rd_init(v->bytes, v->len);
			uint8_t *out = test_malloc(cap ? cap : 1);
			struct prot_wr w = prot_wr_init(out, cap);

			assert_int_equal(v->turn(&r, &w), PROT_OK);
			assert_false(prot_wr_ok(&w));
			test_free(out);
		}
	}
}

static void test_request_update_rsp__wide_limit__taken(void **state)
{
	const uint8_t wide[] = {0, 0, 2, 0x00, 0x00, 0x01, 0x00};
	struct prot_rd r = prot_rd_init(wide, sizeof(wide));
	struct prot_pldm_request_update_rsp m;
	uint8_t out[8];
	struct prot_wr w = prot_wr_init(out, sizeof(out));

	(void)state;
	assert_int_equal(prot_pldm_request_update_rsp_decode(&r, &m), PROT_OK);
	assert_int_equal(m.package_data_max, 0x10000);
	prot_pldm_request_update_rsp_encode(&w, &m);
	assert_int_equal(w.len, 5);
	assert_int_equal(out[3] | out[4] << 8, 0xFFFF);
}

static void test_query_identifiers__counts_and_lengths__malformed(void **state)
{
	/* count 0; count beyond the list; list beyond the count; a UUID of 4 */
	const uint8_t bad[][13] = {
		{0, 0, 0, 0, 0},
		{8, 0, 0, 0, 2, 1, 0, 4, 0, 1, 2, 3, 4},
		{8, 0, 0, 0, 0, 1, 0, 4, 0, 1, 2, 3, 4},
		{8, 0, 0, 0, 1, 2, 0, 4, 0, 1, 2, 3, 4},
		{0xFF, 0xFF, 0xFF, 0xFF, 1, 1, 0, 4, 0, 1, 2, 3, 4},
	};

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		struct prot_rd r = prot_rd_init(bad[i], i == 0 ? 5 : 13);
		struct prot_pldm_query_identifiers_rsp m;

		assert_int_equal(prot_pldm_query_identifiers_rsp_decode(&r, &m),
				 PROT_ERR_MALFORMED);
	}
}

static void test_descriptor_decode__defined_types__fixed_length(void **state)
{
	const struct {
		uint16_t type;
		uint16_t len;
	} cases[] = {
		{0x0000, 2}, {0x0001, 4},  {0x0002, 16}, {0x0003, 3},
		{0x0004, 4}, {0x0005, 3},  {0x0006, 8},  {0x0100, 2},
		{0x0101, 2}, {0x0102, 2},  {0x0103, 1},  {0x0104, 4},
		{0x0105, 4}, {0x0106, 40}, {0x0107, 10}, {0x0108, 16},
		{0x0109, 4}, {0x010A, 8},  {0x010B, 2},
	};

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		for (uint16_t len = 0; len < 48; len++) {
			uint8_t bytes[64] = {0};
			struct prot_wr w = prot_wr_init(bytes, sizeof(bytes));
			struct prot_rd r = prot_rd_init(bytes, sizeof(bytes));
			struct prot_pldm_descriptor d;

			prot_wr_le16(&w, cases[i].type);
			prot_wr_le16(&w, len);
			assert_int_equal(prot_pldm_descriptor_decode(&r, &d),
					 len == cases[i].len
						 ? PROT_OK
						 : PROT_ERR_MALFORMED);
		}
	}
}

static void test_descriptor_decode__unknown_type__any_length_but_0(void **state)
{
	const uint8_t empty[] = {0xFF, 0xFF, 0x00, 0x00};
	const uint8_t one[] = {0x34, 0x12, 0x01, 0x00, 0xAA};
	struct prot_rd r = prot_rd_init(empty, sizeof(empty));
	struct prot_pldm_descriptor d;

	(void)state;
	assert_int_equal(prot_pldm_descriptor_decode(&r, &d),
			 PROT_ERR_MALFORMED);
	r = prot_rd_init(one, sizeof(one));
	assert_int_equal(prot_pldm_descriptor_decode(&r, &d), PROT_OK);
	assert_int_equal(d.len, 1);
}

static void test_descriptor_equal__type_length_data__all_count(void **state)
{
	const uint8_t x[] = {1, 2, 3, 4};
	const uint8_t y[] = {1, 2, 3, 5};
	const struct prot_pldm_descriptor a = {1, 4, x};
	const struct prot_pldm_descriptor others[] = {
		{0x104, 4, x}, {1, 3, x}, {1, 4, y}};

	(void)state;
	assert_true(prot_pldm_descriptor_equal(&a, &a));
	for (size_t i = 0; i < PROT_ARRAY_SIZE(others); i++) {
		assert_false(prot_pldm_descriptor_equal(&a, &others[i]));
	}
}

static void test_firmware_parameters__count_of_65535__malformed(void **state)
{
	const uint8_t body[11] = {0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0};
	struct prot_rd r = prot_rd_init(body, 10);
	struct prot_pldm_firmware_parameters m;

	(void)state;
	assert_int_equal(prot_pldm_firmware_parameters_decode(&r, &m),
			 PROT_ERR_MALFORMED);
}

static void test_request_data_check__limits__dsp0267_rules(void **state)
{
	const struct {
		uint32_t offset, length, size, max;
		uint8_t want;
	} cases[] = {
		{0, 32, 1000, 512, 0},
		{0, 31, 1000, 512, PROT_PLDM_FWUP_INVALID_TRANSFER_LENGTH},
		{0, 0, 1000, 512, PROT_PLDM_FWUP_INVALID_TRANSFER_LENGTH},
		{0, 512, 1000, 512, 0},
		{0, 513, 1000, 512, PROT_PLDM_FWUP_INVALID_TRANSFER_LENGTH},
		{1000, 32, 1000, 512, 0}, /* all padding, and just allowed */
		{1001, 32, 1000, 512, PROT_PLDM_FWUP_DATA_OUT_OF_RANGE},
		{520, 512, 1000, 512, 0},
		{521, 512, 1000, 512, PROT_PLDM_FWUP_DATA_OUT_OF_RANGE},
		/* sums that wrap in 32 bits */
		{0xFFFFFFF0, 32, 1000, 512, PROT_PLDM_FWUP_DATA_OUT_OF_RANGE},
		{0xFFFFFFE0, 63, 0xFFFFFFFF, 512, 0},
		{0xFFFFFFE0, 64, 0xFFFFFFFF, 512,
		 PROT_PLDM_FWUP_DATA_OUT_OF_RANGE},
		{0, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0},
	};

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		const struct prot_pldm_request_data_req m = {cases[i].offset,
							     cases[i].length};

		assert_int_equal(prot_pldm_request_data_check(&m, cases[i].size,
							      cases[i].max),
				 cases[i].want);
	}
}

static void test_versions_check__blobs__verdict_and_count(void **state)
{
	/* 1.0.0 and 1.1.0, then their CRC-32 */
	uint8_t blob[12] = {0x00, 0xF0, 0xF0, 0xF1, 0x00, 0xF0, 0xF1, 0xF1};
	struct prot_wr w = prot_wr_init(blob + 8, 4);
	size_t count;

	(void)state;
	prot_wr_le32(&w, prot_crc32(0, blob, 8));
	assert_int_equal(prot_pldm_versions_check(blob, 12, &count), PROT_OK);
	assert_int_equal(count, 2);
	for (size_t len = 0; len < 12; len++) {
		assert_int_equal(prot_pldm_versions_check(blob, len, &count),
				 len == 8 ? PROT_ERR_AUTH : PROT_ERR_MALFORMED);
		assert_int_equal(count, 0);
	}
	for (size_t bit = 0; bit < 96; bit++) {
		blob[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(prot_pldm_versions_check(blob, 12, &count),
				 PROT_ERR_AUTH);
		blob[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void test_texts__every_value__never_null(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		uint8_t v = (uint8_t)i;

		assert_non_null(prot_pldm_fwup_cc_text(v));
		assert_non_null(prot_pldm_fwup_command_text(v));
		assert_non_null(prot_pldm_fd_state_text(v));
		assert_non_null(prot_pldm_fd_reason_text(v));
		assert_non_null(prot_pldm_component_code_text(v));
		assert_non_null(prot_pldm_transfer_result_text(v));
		assert_non_null(prot_pldm_verify_result_text(v));
		assert_non_null(prot_pldm_apply_result_text(v));
	}
	assert_string_equal(prot_pldm_verify_result_text(3),
			    "security checks failed");
	assert_string_equal(prot_pldm_verify_result_text(0x90),
			    "vendor-defined failure");
	assert_string_equal(prot_pldm_verify_result_text(0xB0),
			    "unknown result");
	assert_string_equal(prot_pldm_fwup_cc_text(0x04), "not ready");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codecs__golden_vector__round_trip),
		cmocka_unit_test(test_codecs__every_short_length__malformed),
		cmocka_unit_test(test_codecs__one_byte_too_long__malformed),
		cmocka_unit_test(test_codecs__writer_too_small__bad_and_within),
		cmocka_unit_test(test_request_update_rsp__wide_limit__taken),
		cmocka_unit_test(
			test_query_identifiers__counts_and_lengths__malformed),
		cmocka_unit_test(
			test_descriptor_decode__defined_types__fixed_length),
		cmocka_unit_test(
			test_descriptor_decode__unknown_type__any_length_but_0),
		cmocka_unit_test(
			test_descriptor_equal__type_length_data__all_count),
		cmocka_unit_test(
			test_firmware_parameters__count_of_65535__malformed),
		cmocka_unit_test(
			test_request_data_check__limits__dsp0267_rules),
		cmocka_unit_test(test_versions_check__blobs__verdict_and_count),
		cmocka_unit_test(test_texts__every_value__never_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
