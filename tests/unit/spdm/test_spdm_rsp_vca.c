/* SPDX-License-Identifier: Apache-2.0 */
/* GET_VERSION, GET_CAPABILITIES, NEGOTIATE_ALGORITHMS. */

#include "spdm_rsp_fixture.h"

#include "test.h"

#define INVALID 0x01

static struct fx fx;

static void start(uint8_t version)
{
	fx_config(&fx);
	fx.cfg.version = version;
	fx_start(&fx, false);
	SAY(&fx, 0x10, 0x84, 0, 0);
}

static void test_version__each_configured__one_entry(void **s)
{
	static const uint8_t v12[] = {0x10, 4, 0, 0, 0, 1, 0x00, 0x12};
	static const uint8_t v13[] = {0x10, 4, 0, 0, 0, 1, 0x00, 0x13};

	(void)s;
	start(0x12);
	assert_int_equal(fx.tx_len, sizeof(v12));
	assert_memory_equal(fx.tx, v12, sizeof(v12));
	start(0x13);
	assert_int_equal(fx.tx_len, sizeof(v13));
	assert_memory_equal(fx.tx, v13, sizeof(v13));
}

static void test_capabilities__golden(void **s)
{
	static const uint8_t golden[] = {0x13, 0x61, 0, 0, 0, 14, 0,
					 0,    0x36, 0, 0, 0, 0,  4,
					 0,    0,    0, 4, 0, 0};

	(void)s;
	start(0x13);
	fx_get_capabilities(&fx, 0, 42);
	assert_int_equal(fx.tx_len, sizeof(golden));
	assert_memory_equal(fx.tx, golden, sizeof(golden));
}

#define CERT   (1u << 1)
#define CHAL   (1u << 2)
#define ENC    (1u << 6)
#define MAC    (1u << 7)
#define MUT    (1u << 8)
#define KEYEX  (1u << 9)
#define PSK    (1u << 10)
#define ENCAP  (1u << 12)
#define HBEAT  (1u << 13)
#define UPD    (1u << 14)
#define CLEAR  (1u << 15)
#define PUBK   (1u << 16)
#define CHUNK  (1u << 17)
#define EPSIG  (1u << 23)
#define EVENT  (1u << 25)
#define MKONLY (1u << 26)
#define MKNEG  (1u << 27)

static void test_capabilities__flag_combinations__as_clause_10_4_says(void **s)
{
	/* What the two versions answer: bit 0 for 1.2, bit 1 for 1.3. */
	static const struct {
		uint32_t flags;
		uint8_t accepted;
	} cases[] = {
		{0, 3},
		{CERT | CHAL, 3},
		{PUBK | CHAL, 3},
		{CERT | PUBK | CHAL, 0},
		{CERT, 0},
		{PUBK, 0},
		{CHAL, 0},
		{CERT | EPSIG, 2},
		{EPSIG, 1},
		{CERT | CHAL | 3u << 22, 1},
		{KEYEX | MAC, 3},
		{KEYEX | ENC, 3},
		{KEYEX, 0},
		{PSK | MAC, 3},
		{PSK, 0},
		{PSK | MAC | CLEAR, 0},
		{KEYEX | PSK | MAC | CLEAR, 3},
		{2u << 10 | MAC, 0},
		{3u << 10 | MAC, 0},
		{MAC, 0},
		{ENC, 0},
		{CLEAR, 0},
		{HBEAT, 0},
		{UPD, 0},
		{EVENT, 1},
		{EVENT | KEYEX | MAC, 3},
		{MUT, 0},
		{MUT | CERT | CHAL | ENCAP, 3},
		{MUT | CERT | EPSIG, 0},
		{MUT | PUBK | KEYEX | MAC, 3},
		{MKONLY | CERT | CHAL, 3},
		{MKNEG | CERT | CHAL, 3},
		{MKONLY | MKNEG | CERT | CHAL, 1},
		{MKNEG, 1},
		{MKONLY | PUBK | CHAL, 1},
		/* unknown and responder-only bits are nobody's business */
		{1u << 31 | 1u << 0 | 3u << 3 | 1u << 5, 3},
	};

	(void)s;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		for (unsigned v = 0; v < 2; v++) {
			start((uint8_t)(0x12 + v));
			fx_get_capabilities(&fx, cases[i].flags, 100);
			if (cases[i].accepted & 1u << v) {
				fx_expect(&fx, 0x61);
			} else {
				fx_expect_error(&fx, INVALID, 0);
				assert_int_equal(
					fx.r.counters.last_refusal,
					PROT_SPDM_REFUSAL_CAPABILITIES);
			}
		}
	}
}

static void say_capabilities(uint8_t param1, uint8_t ct, uint32_t flags,
			     uint32_t transfer, uint32_t largest)
{
	uint8_t msg[20];
	struct prot_wr w = prot_wr_init(msg, sizeof(msg));

	prot_wr_u8(&w, fx.cfg.version);
	prot_wr_u8(&w, 0xe1);
	prot_wr_u8(&w, param1);
	prot_wr_le16(&w, 0);
	prot_wr_u8(&w, ct);
	prot_wr_le16(&w, 0);
	prot_wr_le32(&w, flags);
	prot_wr_le32(&w, transfer);
	prot_wr_le32(&w, largest);
	fx_say(&fx, msg, w.len);
}

static void test_capabilities__limits(void **s)
{
	static const struct {
		uint8_t param1, ct;
		uint32_t flags, transfer, largest;
		bool accepted;
	} cases[] = {
		{0, 31, 0, 42, 42, true},
		{0, 32, 0, 42, 42, false},
		{0, 255, 0, 42, 42, false},
		{0, 0, 0, 41, 41, false},
		{0, 0, 0, 0, 0, false},
		{0, 0, 0, 43, 42, false},
		{0, 0, 0, 42, 43, false},
		{0, 0, CHUNK, 42, 43, true},
		{0, 0, CHUNK, 43, 42, false},
		{0, 0, 0, UINT32_MAX, UINT32_MAX, true},
		{1, 0, 0, 42, 42, false},
		{1, 0, CHUNK, 42, 42, true},
	};

	(void)s;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		start(0x13);
		say_capabilities(cases[i].param1, cases[i].ct, cases[i].flags,
				 cases[i].transfer, cases[i].largest);
		if (cases[i].accepted) {
			fx_expect(&fx, 0x61);
			assert_int_equal(fx.tx[2], 0);
			assert_int_equal(fx.tx_len, 20);
		} else {
			fx_expect_error(&fx, INVALID, 0);
		}
	}
	/* Param1 is reserved before 1.3. */
	start(0x12);
	say_capabilities(1, 0, 0, 42, 42);
	fx_expect(&fx, 0x61);
}

static void test_capabilities__refused__may_be_repeated(void **s)
{
	(void)s;
	start(0x13);
	fx_get_capabilities(&fx, 0, 41);
	fx_expect_error(&fx, INVALID, 0);
	fx_get_capabilities(&fx, 0, 2048);
	fx_expect(&fx, 0x61);
	fx_negotiate(&fx, 1u << 7, 1u << 1);
	fx_expect(&fx, 0x63);
}

/* NEGOTIATE_ALGORITHMS of a 1.2 requester that wants sessions, too. */
static const uint8_t negotiate[] = {
	0x12, 0xe3, 0x04, 0x00, 0x30, 0x00, 0x01, 0x02, 0x80, 0x00, 0x00, 0x00,
	0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x20, 0x10, 0x00,
	0x03, 0x20, 0x02, 0x00, 0x04, 0x20, 0x80, 0x00, 0x05, 0x20, 0x01, 0x00};

static void start_negotiation(uint8_t version)
{
	start(version);
	fx_get_capabilities(&fx, 0, 2048);
}

static void test_algorithms__golden(void **s)
{
	static const uint8_t golden[] = {
		0x12, 0x63, 0x04, 0x00, 0x34, 0x00, 0x01, 0x02, 0x04,
		0x00, 0x00, 0x00, 0x80, 0x00, 0x00, 0x00, 0x02, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x02, 0x20, 0x00, 0x00, 0x03, 0x20, 0x00, 0x00, 0x04,
		0x20, 0x00, 0x00, 0x05, 0x20, 0x00, 0x00};

	(void)s;
	start_negotiation(0x12);
	fx_say(&fx, negotiate, sizeof(negotiate));
	assert_int_equal(fx.tx_len, sizeof(golden));
	assert_memory_equal(fx.tx, golden, sizeof(golden));
}

#define SIGNS (PROT_SPDM_CAP_CERT | PROT_SPDM_CAP_EP_INFO_SIG)

/* ReqBaseAsymAlg selected for a requester of these capabilities and offer. */
static uint16_t requester_asym(uint8_t version, uint32_t caps, uint16_t offer)
{
	uint8_t msg[sizeof(negotiate)];

	memcpy(msg, negotiate, sizeof(msg));
	msg[0] = version;
	msg[42] = (uint8_t)offer;
	msg[43] = (uint8_t)(offer >> 8);
	start(version);
	fx_get_capabilities(&fx, caps, 2048);
	fx_say(&fx, msg, sizeof(msg));
	fx_expect(&fx, 0x63);
	assert_int_equal(fx.tx[44], 0x04);
	return (uint16_t)(fx.tx[46] | fx.tx[47] << 8);
}

static void test_algorithms__requester_signs_endpoint_info__selected(void **s)
{
	(void)s;
	assert_int_equal(requester_asym(0x13, SIGNS, 0x0fff), 0x80);
	assert_int_equal(requester_asym(0x13, SIGNS, 0x0011), 0x10);
	/* Nothing that the provider can verify. */
	assert_int_equal(requester_asym(0x13, SIGNS, 0x0f6f), 0);
}

static void test_algorithms__requester_never_signs__none_selected(void **s)
{
	(void)s;
	assert_int_equal(requester_asym(0x13, 0, 0x0fff), 0);
	assert_int_equal(
		requester_asym(0x13, PROT_SPDM_CAP_EP_INFO_NO_SIG, 0x0fff), 0);
	/* The bits are reserved in 1.2. */
	assert_int_equal(
		requester_asym(0x12, PROT_SPDM_CAP_EP_INFO_SIG, 0x0fff), 0);
}

/* The golden request with one byte changed is answered with InvalidRequest. */
static void expect_invalid(size_t at, uint8_t value)
{
	uint8_t msg[sizeof(negotiate)];

	start_negotiation(0x12);
	memcpy(msg, negotiate, sizeof(msg));
	msg[at] = value;
	fx_say(&fx, msg, sizeof(msg));
	fx_expect_error(&fx, INVALID, 0);
	fx_say(&fx, negotiate, sizeof(negotiate));
	fx_expect(&fx, 0x63);
}

static void test_algorithms__bad_field__invalid(void **s)
{
	(void)s;
	expect_invalid(2, 3); /* tables announced: fewer */
	expect_invalid(2, 5); /* more than there are types */
	expect_invalid(2, 255);
	expect_invalid(4, 0x2f); /* Length too small */
	expect_invalid(4, 0x31); /* too large */
	expect_invalid(5, 1);
	expect_invalid(28, 1);   /* ExtAsymCount */
	expect_invalid(29, 255); /* ExtHashCount */
	expect_invalid(32, 0);   /* AlgType */
	expect_invalid(32, 1);
	expect_invalid(36, 2);    /* not ascending */
	expect_invalid(44, 6);    /* of SPDM 1.4 */
	expect_invalid(33, 0x10); /* fixed width */
	expect_invalid(33, 0x21); /* an external algorithm that is not there */
	expect_invalid(34, 0);    /* an empty table */
	expect_invalid(6, 0x02);  /* no DMTF measurements */
	expect_invalid(8, 0x01);  /* RSA only */
	expect_invalid(12, 0x40); /* SM3 only */
}

static void test_algorithms__external__skipped(void **s)
{
	uint8_t msg[128] = {0};
	struct prot_wr w = prot_wr_init(msg, sizeof(msg));

	(void)s;
	/* 20 external algorithms, as many as there may be. */
	prot_wr_bytes(&w, negotiate, 32);
	prot_wr_fill(&w, 0x11, 15 * 4);
	prot_wr_le32(&w, 0x00102502); /* five more in the table */
	prot_wr_fill(&w, 0x22, 5 * 4);
	msg[2] = 1;
	msg[4] = (uint8_t)w.len;
	msg[28] = 7;
	msg[29] = 8;
	start_negotiation(0x12);
	fx_say(&fx, msg, w.len);
	fx_expect(&fx, 0x63);
	assert_int_equal(fx.tx_len, 40);
}

static void test_algorithms__too_many_external__invalid(void **s)
{
	uint8_t msg[160] = {0};

	(void)s;
	memcpy(msg, negotiate, 32);
	msg[2] = 0;
	msg[4] = 32 + 21 * 4;
	msg[28] = 21;
	start_negotiation(0x12);
	fx_say(&fx, msg, 32 + 21 * 4);
	fx_expect_error(&fx, INVALID, 0);
}

static void test_algorithms__preference__responder_decides(void **s)
{
	(void)s;
	start_negotiation(0x13);
	fx_negotiate(&fx, 1u << 4 | 1u << 7, 0x3f);
	assert_int_equal(fx.r.algorithms.base_asym, PROT_ASYM_ECDSA_P384);
	assert_int_equal(fx.r.algorithms.base_hash, PROT_HASH_SHA384);
	start_negotiation(0x13);
	fx_negotiate(&fx, 1u << 4, 1u << 0 | 1u << 4);
	assert_int_equal(fx.r.algorithms.base_asym, PROT_ASYM_ECDSA_P256);
	assert_int_equal(fx.r.algorithms.base_hash, PROT_HASH_SHA3_384);
}

static void
test_algorithms__no_measurement_specification__no_measurements(void **s)
{
	uint8_t msg[sizeof(negotiate)];

	(void)s;
	memcpy(msg, negotiate, sizeof(msg));
	msg[6] = 0;
	start_negotiation(0x12);
	fx_say(&fx, msg, sizeof(msg));
	fx_expect(&fx, 0x63);
	assert_int_equal(fx.tx[6], 0);
	assert_int_equal(fx.tx[8], 0);
	fx_get_measurements(&fx, 0, 0xff, 0);
	fx_expect_error(&fx, 0x04, 0);
	fx_challenge(&fx, 0, 1);
	fx_expect_error(&fx, INVALID, 0);
	fx_challenge(&fx, 0, 0);
	fx_expect(&fx, 0x03);
}

static void test_algorithms__opaque_formats__only_format_1(void **s)
{
	uint8_t msg[sizeof(negotiate)];

	(void)s;
	for (uint8_t offered = 0; offered < 4; offered++) {
		memcpy(msg, negotiate, sizeof(msg));
		msg[7] = offered;
		start_negotiation(0x12);
		fx_say(&fx, msg, sizeof(msg));
		assert_int_equal(fx.tx[7], offered & 2);
	}
}

static void test_algorithms__multi_key__not_for_the_responder(void **s)
{
	uint8_t msg[sizeof(negotiate)];

	(void)s;
	memcpy(msg, negotiate, sizeof(msg));
	msg[0] = 0x13;
	msg[7] = 0x12;
	start_negotiation(0x13);
	fx_say(&fx, msg, sizeof(msg));
	fx_expect_error(&fx, INVALID, 0);
	/* A reserved bit in 1.2. */
	msg[0] = 0x12;
	start_negotiation(0x12);
	fx_say(&fx, msg, sizeof(msg));
	fx_expect(&fx, 0x63);
	/* A requester that has nothing else is granted it. */
	msg[0] = 0x13;
	msg[7] = 2;
	start(0x13);
	fx_get_capabilities(&fx, MKONLY | CERT | CHAL, 2048);
	fx_say(&fx, msg, sizeof(msg));
	assert_int_equal(fx.tx[7], 0x12);
}

static void test_algorithms__without_identity__hash_not_needed(void **s)
{
	(void)s;
	fx_config(&fx);
	fx.cfg.capabilities = PROT_SPDM_CAP_MEAS_NO_SIG;
	fx.cfg.measurement_hash = PROT_HASH_SHA3_512;
	fx_start(&fx, false);
	SAY(&fx, 0x10, 0x84, 0, 0);
	fx_get_capabilities(&fx, 0, 2048);
	fx_negotiate(&fx, 0, 0);
	fx_expect(&fx, 0x63);
	assert_int_equal(fx.tx[8], 1u << 6);
	assert_int_equal(fx.tx[12], 0);
	assert_int_equal(fx.tx[16], 0);
	/* Unsigned measurements need no transcript. */
	fx_get_measurements(&fx, 0, 0xff, 0);
	fx_expect(&fx, 0x60);
}

static void test_algorithms__small_peer__too_large(void **s)
{
	(void)s;
	start(0x12);
	fx_get_capabilities(&fx, 0, 51);
	fx_say(&fx, negotiate, sizeof(negotiate));
	fx_expect_error(&fx, 0x0d, 0);
	assert_int_equal(fx.tx[4], 52);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version__each_configured__one_entry),
		cmocka_unit_test(test_capabilities__golden),
		cmocka_unit_test(
			test_capabilities__flag_combinations__as_clause_10_4_says),
		cmocka_unit_test(test_capabilities__limits),
		cmocka_unit_test(test_capabilities__refused__may_be_repeated),
		cmocka_unit_test(test_algorithms__golden),
		cmocka_unit_test(
			test_algorithms__requester_signs_endpoint_info__selected),
		cmocka_unit_test(
			test_algorithms__requester_never_signs__none_selected),
		cmocka_unit_test(test_algorithms__bad_field__invalid),
		cmocka_unit_test(test_algorithms__external__skipped),
		cmocka_unit_test(test_algorithms__too_many_external__invalid),
		cmocka_unit_test(
			test_algorithms__preference__responder_decides),
		cmocka_unit_test(
			test_algorithms__no_measurement_specification__no_measurements),
		cmocka_unit_test(
			test_algorithms__opaque_formats__only_format_1),
		cmocka_unit_test(
			test_algorithms__multi_key__not_for_the_responder),
		cmocka_unit_test(
			test_algorithms__without_identity__hash_not_needed),
		cmocka_unit_test(test_algorithms__small_peer__too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
