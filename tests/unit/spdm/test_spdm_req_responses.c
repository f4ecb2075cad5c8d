/* SPDX-License-Identifier: Apache-2.0 */
/* What each response may not be: cut, lengthened, changed, out of place. */
#include <stdlib.h>
#include <string.h>

#include "req_fixture.h"
#include "test.h"

static struct fixture fx;
static struct fixture saved; /* restored in place: fx holds pointers to fx */

static uint8_t reply[2048]; /* a response to be changed */
static size_t reply_len;

static int setup(void **state)
{
	(void)state;
	fixture_init(&fx, "v13-nomut-sha384");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_free(&fx);
	return 0;
}

/* Come to the point where `code` was sent in `op` and wait for its answer. */
static void wait_for(enum fixture_op op, uint8_t code)
{
	const struct recorded_message *m;

	fixture_before(&fx, op);
	fixture_until(&fx, code);
	m = fixture_response(&fx);
	assert_true(m->len <= sizeof(reply));
	memcpy(reply, m->bytes, m->len);
	reply_len = m->len;
	saved = fx;
}

/* Hand in reply[], then go back to where it was waited for. */
static enum prot_status try_reply(size_t len)
{
	/* Exact size, so that a sanitizer sees the first byte past the end. */
	uint8_t *copy = malloc(len + 1);
	enum prot_status st;

	assert_non_null(copy);
	memcpy(copy + 1, reply, len);
	st = fixture_answer(&fx, copy + 1, len);
	free(copy);
	return st;
}

static void go_back(void)
{
	memcpy(&fx, &saved, sizeof(fx));
}

/* With one byte replaced, the operation fails like that. */
static void expect_byte(size_t at, uint8_t value, enum prot_status status,
			enum prot_spdm_reason reason)
{
	uint8_t before = reply[at];

	reply[at] = value;
	(void)try_reply(reply_len);
	fixture_expect(&fx, status, reason);
	reply[at] = before;
	go_back();
}

static void expect_flip(size_t at, enum prot_status status,
			enum prot_spdm_reason reason)
{
	expect_byte(at, reply[at] ^ 1u, status, reason);
}

/* Every shorter length and one byte more are refused, the message itself not.
 */
static void expect_exact_length(void)
{
	for (size_t len = 0; len < reply_len; len++) {
		assert_int_equal(try_reply(len), PROT_ERR_MALFORMED);
		go_back();
	}
	reply[reply_len] = 0;
	assert_int_equal(try_reply(reply_len + 1), PROT_ERR_MALFORMED);
	go_back();
	expect_byte(0, 0x12, PROT_ERR_MALFORMED,
		    PROT_SPDM_REASON_WRONG_VERSION);
	expect_byte(0, 0x14, PROT_ERR_MALFORMED,
		    PROT_SPDM_REASON_WRONG_VERSION);
	assert_int_not_equal(try_reply(reply_len), PROT_ERR_MALFORMED);
	go_back();
}

static void test_version__every_wrong_length__malformed(void **s)
{
	const uint8_t two_entries[] = {0x10, 0x04, 0,    0,    0,
				       2,    0x00, 0x12, 0x00, 0x13};

	(void)s;
	wait_for(OP_CONNECT, SPDM_GET_VERSION);
	memcpy(reply, two_entries, sizeof(two_entries));
	reply_len = sizeof(two_entries);
	for (size_t len = 0; len < reply_len; len++) {
		assert_int_equal(try_reply(len), PROT_ERR_MALFORMED);
		fixture_expect(&fx, PROT_ERR_MALFORMED, PROT_SPDM_REASON_SHORT);
		go_back();
	}
	reply[reply_len] = 0;
	assert_int_equal(try_reply(reply_len + 1), PROT_ERR_MALFORMED);
	fixture_expect(&fx, PROT_ERR_MALFORMED, PROT_SPDM_REASON_LONG);
	go_back();
	expect_byte(0, 0x13, PROT_ERR_MALFORMED,
		    PROT_SPDM_REASON_WRONG_VERSION);
	expect_byte(5, 0, PROT_ERR_MALFORMED, PROT_SPDM_REASON_FIELD);
}

static void expect_version(const uint8_t *entries, uint8_t count,
			   uint8_t version)
{
	const uint8_t head[] = {0x10, 0x04, 0, 0, 0, count};

	memcpy(reply, head, sizeof(head));
	memcpy(reply + sizeof(head), entries, (size_t)count * 2);
	fx.compare = false;
	(void)try_reply(sizeof(head) + (size_t)count * 2);
	assert_int_equal(fx.q.result.version, version);
	if (version == PROT_SPDM_VERSION_NONE) {
		fixture_expect(&fx, PROT_ERR_UNSUPPORTED,
			       PROT_SPDM_REASON_NO_COMMON_VERSION);
	}
	go_back();
}

static void test_version__several_entries__highest_common_one(void **s)
{
	const uint8_t rising[] = {0, 0x10, 0, 0x11, 0, 0x12, 0, 0x13, 0, 0x14};
	const uint8_t falling[] = {0, 0x14, 0, 0x13, 0, 0x12};
	const uint8_t update[] = {0x31, 0x12}; /* 1.2.3, alpha 1 */
	const uint8_t foreign[] = {0, 0x10, 0, 0x11, 0, 0x14, 0, 0x20};

	(void)s;
	wait_for(OP_CONNECT, SPDM_GET_VERSION);
	expect_version(rising, 5, PROT_SPDM_VERSION_13);
	expect_version(falling, 3, PROT_SPDM_VERSION_13);
	expect_version(update, 1, PROT_SPDM_VERSION_12);
	expect_version(foreign, 4, PROT_SPDM_VERSION_NONE);
	fx.cfg.version_max = PROT_SPDM_VERSION_12;
	saved = fx;
	expect_version(rising, 5, PROT_SPDM_VERSION_12);
	fx.cfg.version_min = PROT_SPDM_VERSION_13;
	fx.cfg.version_max = PROT_SPDM_VERSION_13;
	saved = fx;
	expect_version(update, 1, PROT_SPDM_VERSION_NONE);
}

/* More than A can hold is refused, not cut. */
static void test_version__too_many_entries__no_space(void **s)
{
	(void)s;
	wait_for(OP_CONNECT, SPDM_GET_VERSION);
	memset(reply, 0, sizeof(reply));
	reply[0] = 0x10;
	reply[1] = SPDM_VERSION;
	reply[5] = 255;
	reply[7] = 0x13;
	assert_int_equal(try_reply(6 + 2 * 255), PROT_ERR_SPACE);
	fixture_expect(&fx, PROT_ERR_SPACE, PROT_SPDM_REASON_VCA_SPACE);
}

/* Who cuts 1.3 out of VERSION is found out by the first signature. */
static void test_version__downgraded__challenge_fails(void **s)
{
	(void)s;
	fixture_free(&fx);
	fixture_init(&fx, "v12-nomut-sha384");
	wait_for(OP_CONNECT, SPDM_GET_VERSION);
	reply[6] = 0x10; /* 1.2.1, where the responder said 1.2.0 */
	assert_int_equal(try_reply(reply_len), PROT_PENDING);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
	for (unsigned op = OP_DIGESTS; op < OP_CHALLENGE; op++) {
		assert_int_equal(fixture_start(&fx, (enum fixture_op)op),
				 PROT_OK);
		assert_int_equal(fixture_finish(&fx), PROT_OK);
	}
	assert_int_equal(fixture_start(&fx, OP_CHALLENGE), PROT_OK);
	assert_int_equal(fixture_finish(&fx), PROT_ERR_AUTH);
	fixture_expect(&fx, PROT_ERR_AUTH,
		       PROT_SPDM_REASON_CHALLENGE_SIGNATURE);
}

static void test_capabilities__every_wrong_length__malformed(void **s)
{
	(void)s;
	wait_for(OP_CONNECT, SPDM_GET_CAPABILITIES);
	expect_exact_length();
}

static void test_capabilities__each_bad_field__refused(void **s)
{
	(void)s;
	wait_for(OP_CONNECT, SPDM_GET_CAPABILITIES);
	expect_byte(5, 32, PROT_ERR_MALFORMED, PROT_SPDM_REASON_FIELD);
	/* MEAS_CAP 11b */
	expect_byte(8, reply[8] | 0x18, PROT_ERR_MALFORMED,
		    PROT_SPDM_REASON_CAPABILITIES);
	reply[13] = 0; /* DataTransferSize 41 */
	expect_byte(12, 41, PROT_ERR_MALFORMED, PROT_SPDM_REASON_TRANSFER_SIZE);
	reply[13] = 0x12;
	expect_byte(14, 1, PROT_ERR_MALFORMED, PROT_SPDM_REASON_TRANSFER_SIZE);
	reply[17] = 0x13; /* larger messages in several pieces... */
	expect_byte(10, reply[10] & 0xfd, PROT_ERR_MALFORMED,
		    PROT_SPDM_REASON_TRANSFER_SIZE); /* without CHUNK_CAP */
}

struct flag_case {
	uint8_t version;
	uint32_t flags;
	bool good;
};

#define CAP(name) PROT_SPDM_CAP_##name
#define IDENTITY  (CAP(CERT) | CAP(CHAL))
#define SESSION   (CAP(CERT) | CAP(KEY_EX) | CAP(MAC))

static void test_flags_consistent__each_rule__both_ways(void **s)
{
	static const struct flag_case cases[] = {
		{0x12, 0, true},
		{0x12, IDENTITY, true},
		{0x12, IDENTITY | CAP(MEAS_SIG) | CAP(MEAS_FRESH), true},
		{0x12, IDENTITY | CAP(MEAS), false},
		{0x12, IDENTITY | CAP(MEAS_FRESH), false},
		{0x12, CAP(CERT), false},
		{0x12, CAP(CHAL), false},
		{0x12, CAP(MEAS_SIG), false},
		{0x12, CAP(MEAS_NO_SIG), true},
		{0x12, CAP(CERT) | CAP(MEAS_SIG), true},
		{0x12, CAP(PUB_KEY_ID) | CAP(CHAL), true},
		{0x12, CAP(PUB_KEY_ID) | IDENTITY, false},
		{0x12, SESSION, true},
		{0x12, CAP(CERT) | CAP(KEY_EX), false},
		{0x12, IDENTITY | CAP(MAC), false},
		{0x12, IDENTITY | CAP(ENCRYPT), false},
		{0x12, IDENTITY | CAP(HBEAT), false},
		{0x12, IDENTITY | CAP(KEY_UPD), false},
		{0x12, IDENTITY | CAP(HANDSHAKE_IN_THE_CLEAR), false},
		{0x12, SESSION | CAP(HANDSHAKE_IN_THE_CLEAR), true},
		{0x12, CAP(PSK) | CAP(MAC), true},
		{0x12, CAP(PSK) | CAP(MAC) | CAP(HANDSHAKE_IN_THE_CLEAR),
		 false},
		{0x12, CAP(PSK_MASK) | CAP(MAC), false},
		{0x12, SESSION | CAP(MUT_AUTH), true},
		{0x11, SESSION | CAP(MUT_AUTH), false},
		{0x11, SESSION | CAP(MUT_AUTH) | CAP(ENCAP), true},
		{0x12, CAP(MEAS_NO_SIG) | CAP(MUT_AUTH), false},
		{0x12, CAP(ALIAS_CERT), false},
		{0x11, CAP(ALIAS_CERT), true}, /* not defined in 1.1 */
		{0x12, IDENTITY | CAP(ALIAS_CERT), true},
		{0x12, IDENTITY | CAP(CSR), false},
		{0x12, IDENTITY | CAP(CSR) | CAP(SET_CERT), true},
		{0x12, IDENTITY | CAP(CERT_INSTALL_RESET), false},
		{0x12, IDENTITY | CAP(EP_INFO_MASK), true}, /* 1.3 only */
		{0x13, IDENTITY | CAP(EP_INFO_MASK), false},
		{0x13, CAP(EP_INFO_SIG), false},
		{0x13, CAP(CERT) | CAP(EP_INFO_SIG), true},
		{0x12, CAP(CERT) | CAP(EP_INFO_SIG), false},
		{0x13, IDENTITY | CAP(EVENT), false},
		{0x13, SESSION | CAP(EVENT), true},
		{0x13, IDENTITY | CAP(MULTI_KEY_MASK) | CAP(GET_KEY_PAIR_INFO),
		 false},
		{0x13, IDENTITY | CAP(MULTI_KEY_NEG), false},
		{0x13, IDENTITY | CAP(MULTI_KEY_NEG) | CAP(GET_KEY_PAIR_INFO),
		 true},
		{0x13, CAP(PUB_KEY_ID) | CAP(CHAL) | CAP(GET_KEY_PAIR_INFO),
		 false},
		{0x13, CAP(PUB_KEY_ID) | CAP(CHAL) | CAP(SET_KEY_PAIR_INFO),
		 false},
		{0x13, IDENTITY | 0xc0000000u, true}, /* reserved */
	};

	(void)s;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		if (prot_spdm_req_flags_consistent(cases[i].version,
						   cases[i].flags) !=
		    cases[i].good) {
			fail_msg("case %zu", i);
		}
	}
}

static void test_algorithms__every_wrong_length__malformed(void **s)
{
	(void)s;
	wait_for(OP_CONNECT, SPDM_NEGOTIATE_ALGORITHMS);
	expect_exact_length();
}

static void test_algorithms__each_bad_field__refused(void **s)
{
	const enum prot_spdm_reason format = PROT_SPDM_REASON_ALGORITHMS_FORMAT;
	const enum prot_spdm_reason foreign =
		PROT_SPDM_REASON_ALGORITHMS_NOT_OFFERED;
	const enum prot_spdm_reason nothing =
		PROT_SPDM_REASON_NO_COMMON_ALGORITHM;

	(void)s;
	wait_for(OP_CONNECT, SPDM_NEGOTIATE_ALGORITHMS);
	expect_byte(2, 5, PROT_ERR_MALFORMED, format);  /* tables */
	expect_byte(4, 51, PROT_ERR_MALFORMED, format); /* Length */
	expect_byte(6, 2, PROT_ERR_MALFORMED, foreign); /* specification */
	expect_byte(6, 3, PROT_ERR_MALFORMED, format);
	expect_byte(6, 0, PROT_ERR_UNSUPPORTED, nothing);
	expect_byte(7, 0x01, PROT_ERR_MALFORMED, foreign); /* opaque data */
	expect_byte(7, 0x03, PROT_ERR_MALFORMED, format);
	expect_byte(8, 0, PROT_ERR_UNSUPPORTED, nothing); /* measurement hash */
	expect_byte(8, 6, PROT_ERR_MALFORMED, format);
	expect_byte(8, 0x80, PROT_ERR_UNSUPPORTED, nothing); /* SM3 */
	expect_byte(12, 0, PROT_ERR_UNSUPPORTED, nothing);   /* BaseAsymSel */
	expect_byte(12, 0x10, PROT_ERR_MALFORMED, foreign);  /* P-256 */
	expect_byte(12, 0x90, PROT_ERR_MALFORMED, format);
	expect_byte(16, 0, PROT_ERR_UNSUPPORTED, nothing); /* BaseHashSel */
	expect_byte(16, 1, PROT_ERR_MALFORMED, foreign);   /* SHA-256 */
	expect_byte(16, 3, PROT_ERR_MALFORMED, format);
	expect_byte(31, 2, PROT_ERR_MALFORMED, foreign); /* MEL */
	expect_byte(32, 1, PROT_ERR_MALFORMED, format);  /* ExtAsymSelCount */
	expect_byte(33, 1, PROT_ERR_MALFORMED, format);
	expect_byte(36, 3, PROT_ERR_MALFORMED, format); /* AlgType twice */
	expect_byte(36, 1, PROT_ERR_MALFORMED, format);
	expect_byte(48, 6, PROT_ERR_MALFORMED, format);
	expect_byte(37, 0x30, PROT_ERR_MALFORMED, format);  /* AlgCount */
	expect_byte(38, 0x08, PROT_ERR_MALFORMED, foreign); /* P-256 */
	expect_byte(38, 0x18, PROT_ERR_MALFORMED, format);
}

/* RequesterMultiKeyConnSel is only for requesters that have several keys. */
static void test_algorithms__requester_multi_key__needs_the_capability(void **s)
{
	(void)s;
	fx.cfg.flags &= ~PROT_SPDM_CAP_MULTI_KEY_MASK;
	fx.compare = false;
	wait_for(OP_CONNECT, SPDM_NEGOTIATE_ALGORITHMS);
	expect_byte(7, 0x12, PROT_ERR_MALFORMED,
		    PROT_SPDM_REASON_ALGORITHMS_NOT_OFFERED);
}

static void test_digests__every_wrong_length__malformed(void **s)
{
	(void)s;
	wait_for(OP_DIGESTS, SPDM_GET_DIGESTS);
	expect_exact_length();
}

static void test_digests__each_bad_field__malformed(void **s)
{
	(void)s;
	wait_for(OP_DIGESTS, SPDM_GET_DIGESTS);
	/* Provisioned, but not supported. */
	expect_byte(2, 0x03, PROT_ERR_MALFORMED, PROT_SPDM_REASON_FIELD);
	reply_len = 4;
	expect_byte(3, 0, PROT_ERR_MALFORMED, PROT_SPDM_REASON_FIELD);
	reply_len = 160;
	expect_byte(4 + 3 * 48 + 3, 4, PROT_ERR_MALFORMED,
		    PROT_SPDM_REASON_FIELD); /* certificate model */
}

/* A key is good only for as long as the responder announces its chain. */
static void test_digests__chain_replaced__key_is_forgotten(void **s)
{
	(void)s;
	wait_for(OP_DIGESTS_2, SPDM_GET_DIGESTS);
	assert_int_equal(fx.slots[0].key_alg, PROT_ASYM_ECDSA_P384);
	reply[4] ^= 1; /* the first digest, of slot 0 */
	assert_int_equal(try_reply(reply_len), PROT_OK);
	assert_int_equal(fx.slots[0].key_alg, PROT_ASYM_NONE);
	assert_int_equal(fx.slots[1].key_alg, PROT_ASYM_NONE);
	assert_int_equal(fx.slots[4].key_alg, PROT_ASYM_ECDSA_P384);
	go_back();
	assert_int_equal(try_reply(0), PROT_ERR_MALFORMED);
	assert_int_equal(fx.slots[0].key_alg, PROT_ASYM_ECDSA_P384);
}

static void test_certificate__every_wrong_length__malformed(void **s)
{
	(void)s;
	wait_for(OP_CERTIFICATE, SPDM_GET_CERTIFICATE);
	expect_exact_length();
}

static void test_certificate__each_bad_field__refused(void **s)
{
	(void)s;
	wait_for(OP_CERTIFICATE, SPDM_GET_CERTIFICATE);
	expect_byte(2, 1, PROT_ERR_MALFORMED, PROT_SPDM_REASON_WRONG_SLOT);
	/* The chain states another length, a reserved field is used. */
	expect_flip(8, PROT_ERR_MALFORMED, PROT_SPDM_REASON_CHAIN_LENGTH);
	expect_flip(10, PROT_ERR_MALFORMED, PROT_SPDM_REASON_CHAIN_LENGTH);
	/* Not the chain that DIGESTS announced. */
	expect_flip(12, PROT_ERR_AUTH, PROT_SPDM_REASON_CHAIN_DIGEST);
	expect_flip(reply_len - 1, PROT_ERR_AUTH,
		    PROT_SPDM_REASON_CHAIN_DIGEST);
}

/* Without DIGESTS the path and the root have to hold by themselves. */
static void test_certificate__not_announced__path_and_root_decide(void **s)
{
	(void)s;
	wait_for(OP_CERTIFICATE, SPDM_GET_CERTIFICATE);
	fx.slots[0].announced = false;
	saved = fx;
	/* RootHash */
	expect_flip(12, PROT_ERR_AUTH, PROT_SPDM_REASON_CHAIN_ROOT_HASH);
	/* signature of the leaf */
	expect_flip(reply_len - 1, PROT_ERR_AUTH, PROT_SPDM_REASON_CHAIN_PATH);
	assert_int_equal(try_reply(reply_len), PROT_OK);
	assert_true(fx.slots[0].fetched);
	assert_int_equal(
		fx.q.result.verdict[PROT_SPDM_DECIDE_CHAIN_DIGEST].status,
		PROT_PENDING);
}

static void test_certificate__root_not_trusted__auth_error(void **s)
{
	(void)s;
	wait_for(OP_CERTIFICATE, SPDM_GET_CERTIFICATE);
	fx.cfg.anchors = &fx.anchors[1]; /* of the same name, another key */
	fx.cfg.anchor_count = 1;
	saved = fx;
	assert_int_equal(try_reply(reply_len), PROT_ERR_AUTH);
	fixture_expect(&fx, PROT_ERR_AUTH, PROT_SPDM_REASON_CHAIN_PATH);
	assert_int_equal(fx.q.result.path.reason, PROT_CHAIN_SIGNATURE);
	go_back();
	fx.cfg.anchor_count = 0;
	assert_int_equal(try_reply(reply_len), PROT_ERR_AUTH);
	fixture_expect(&fx, PROT_ERR_AUTH, PROT_SPDM_REASON_CHAIN_PATH);
	assert_int_equal(fx.q.result.path.reason, PROT_CHAIN_UNKNOWN_ROOT);
	/* Readable, but its key is good for nothing. */
	assert_int_equal(fx.q.result.certs.len, reply_len - 8 - 4 - 48);
	assert_int_equal(fixture_start(&fx, OP_CHALLENGE), PROT_ERR_STATE);
}

/* A chain without its root: RootHash names the anchor it leads to. */
static void test_certificate__root_left_out__anchor_is_the_root(void **s)
{
	const size_t root = 472; /* bytes of the recorded root certificate */

	(void)s;
	wait_for(OP_CERTIFICATE, SPDM_GET_CERTIFICATE);
	fx.slots[0].announced = false;
	saved = fx;
	memmove(reply + 60, reply + 60 + root, reply_len - 60 - root);
	reply_len -= root;
	reply[4] = reply[8] = (uint8_t)(reply_len - 8);
	reply[5] = reply[9] = (uint8_t)((reply_len - 8) >> 8);
	assert_int_equal(try_reply(reply_len), PROT_OK);
	go_back();
	expect_flip(12, PROT_ERR_AUTH, PROT_SPDM_REASON_CHAIN_ROOT_HASH);
}

static void test_certificate__buffer_too_small__no_space(void **s)
{
	(void)s;
	wait_for(OP_CERTIFICATE, SPDM_GET_CERTIFICATE);
	fx.cfg.chain_cap = reply_len - 8;
	assert_int_equal(try_reply(reply_len), PROT_OK);
	go_back();
	fx.cfg.chain_cap = reply_len - 9;
	assert_int_equal(try_reply(reply_len), PROT_ERR_SPACE);
	fixture_expect(&fx, PROT_ERR_SPACE, PROT_SPDM_REASON_CHAIN_SPACE);
}

/* The first part of the recorded chain, as a portion. */
static size_t make_portion(uint8_t *out, size_t offset, size_t len)
{
	const size_t size = reply_len - 8;
	const size_t rest = size - offset - len;

	memcpy(out, reply, 4);
	out[4] = (uint8_t)len;
	out[5] = (uint8_t)(len >> 8);
	out[6] = (uint8_t)rest;
	out[7] = (uint8_t)(rest >> 8);
	memcpy(out + 8, reply + 8 + offset, len);
	return len + 8;
}

static void test_certificate__in_portions__put_together(void **s)
{
	uint8_t portion[1024];
	size_t size;

	(void)s;
	wait_for(OP_CERTIFICATE, SPDM_GET_CERTIFICATE);
	fx.compare = false;
	size = reply_len - 8;
	for (size_t offset = 0; offset < size; offset += 100) {
		size_t len = size - offset < 100 ? size - offset : 100;

		assert_non_null(fx.out.msg);
		assert_int_equal(fx.out.msg[4] | fx.out.msg[5] << 8, offset);
		if (offset != 0) {
			assert_int_equal(fx.out.msg[6] | fx.out.msg[7] << 8,
					 size - offset);
		}
		len = make_portion(portion, offset, len);
		(void)fixture_answer(&fx, portion, len);
	}
	fixture_expect(&fx, PROT_OK, PROT_SPDM_REASON_NONE);
	assert_memory_equal(fx.chain, reply + 8, size);
}

static void test_certificate__portions_do_not_add_up__malformed(void **s)
{
	uint8_t portion[1024];
	size_t len;

	(void)s;
	wait_for(OP_CERTIFICATE, SPDM_GET_CERTIFICATE);
	fx.compare = false;
	len = make_portion(portion, 0, 100);
	assert_int_equal(fixture_answer(&fx, portion, len), PROT_PENDING);
	len = make_portion(portion, 100, 100);
	portion[6]++; /* the remainder grows */
	assert_int_equal(fixture_answer(&fx, portion, len), PROT_ERR_MALFORMED);
	fixture_expect(&fx, PROT_ERR_MALFORMED, PROT_SPDM_REASON_CHAIN_PORTION);
	go_back();
	fx.compare = false;
	len = make_portion(portion, 0, 0); /* no progress */
	assert_int_equal(fixture_answer(&fx, portion, len), PROT_ERR_MALFORMED);
	go_back();
	fx.compare = false;
	fx.cfg.chain_cap = SIZE_MAX; /* more than 16 bits of chain */
	len = make_portion(portion, 0, 100);
	portion[6] = portion[7] = 0xff;
	assert_int_equal(fixture_answer(&fx, portion, len), PROT_ERR_MALFORMED);
	fixture_expect(&fx, PROT_ERR_MALFORMED, PROT_SPDM_REASON_CHAIN_PORTION);
}

static void test_certificate__portion_larger_than_asked__malformed(void **s)
{
	(void)s;
	fx.cfg.max_message = 1024;
	fx.compare = false;
	wait_for(OP_CERTIFICATE, SPDM_GET_CERTIFICATE);
	assert_int_equal(fx.out.msg[6] | fx.out.msg[7] << 8, 1016);
	assert_int_equal(try_reply(reply_len), PROT_ERR_MALFORMED);
	fixture_expect(&fx, PROT_ERR_MALFORMED, PROT_SPDM_REASON_CHAIN_PORTION);
}

static void test_challenge__every_wrong_length__malformed(void **s)
{
	(void)s;
	wait_for(OP_CHALLENGE, SPDM_CHALLENGE);
	expect_exact_length();
}

/* CHALLENGE_AUTH: hash 4, nonce 52, summary 84, opaque 132, context, sig. */
static void test_challenge__each_changed_field__refused(void **s)
{
	const enum prot_spdm_reason signature =
		PROT_SPDM_REASON_CHALLENGE_SIGNATURE;

	(void)s;
	wait_for(OP_CHALLENGE, SPDM_CHALLENGE);
	expect_byte(2, 1, PROT_ERR_MALFORMED, PROT_SPDM_REASON_WRONG_SLOT);
	expect_byte(3, 0x12, PROT_ERR_MALFORMED, PROT_SPDM_REASON_WRONG_SLOT);
	expect_byte(3, 0x03, PROT_ERR_AUTH, signature);
	expect_flip(4, PROT_ERR_AUTH, PROT_SPDM_REASON_CHALLENGE_CHAIN);
	expect_flip(51, PROT_ERR_AUTH, PROT_SPDM_REASON_CHALLENGE_CHAIN);
	expect_flip(52, PROT_ERR_AUTH, signature);
	expect_flip(84, PROT_ERR_AUTH, signature);
	expect_flip(134, PROT_ERR_MALFORMED, PROT_SPDM_REASON_CONTEXT);
	expect_flip(142, PROT_ERR_AUTH, signature);
	expect_flip(reply_len - 1, PROT_ERR_AUTH, signature);
	/* OpaqueDataLength 1280 */
	expect_byte(133, 5, PROT_ERR_MALFORMED, PROT_SPDM_REASON_SHORT);
}

static void test_challenge__signature_bit_by_bit__auth_error(void **s)
{
	(void)s;
	wait_for(OP_CHALLENGE, SPDM_CHALLENGE);
	for (size_t at = reply_len - 96; at < reply_len; at += 5) {
		expect_byte(at, reply[at] ^ (uint8_t)(1u << (at % 8)),
			    PROT_ERR_AUTH,
			    PROT_SPDM_REASON_CHALLENGE_SIGNATURE);
	}
}

static void test_challenge__mutual_authentication_asked__refused(void **s)
{
	(void)s;
	fx.cfg.flags &= ~PROT_SPDM_CAP_MUT_AUTH;
	fx.compare = false;
	wait_for(OP_CHALLENGE, SPDM_CHALLENGE);
	expect_byte(2, 0x80, PROT_ERR_MALFORMED, PROT_SPDM_REASON_MUTUAL);
}

/* Another nonce was sent than the one that the responder signed. */
static void test_challenge__replayed__auth_error(void **s)
{
	(void)s;
	wait_for(OP_CHALLENGE, SPDM_CHALLENGE);
	fx.tx[4] ^= 1;
	assert_int_equal(try_reply(reply_len), PROT_ERR_AUTH);
	fixture_expect(&fx, PROT_ERR_AUTH,
		       PROT_SPDM_REASON_CHALLENGE_SIGNATURE);
}

/* One recorded CERTIFICATE less than the responder has sent. */
static void test_challenge__transcript_spliced__auth_error(void **s)
{
	(void)s;
	fixture_before(&fx, OP_CERTIFICATE_OTHER);
	prot_spdm_requester_cancel(&fx.q);
	fx.at += 2;
	assert_int_equal(fixture_start(&fx, OP_CHALLENGE), PROT_OK);
	assert_int_equal(fixture_finish(&fx), PROT_ERR_AUTH);
	fixture_expect(&fx, PROT_ERR_AUTH,
		       PROT_SPDM_REASON_CHALLENGE_SIGNATURE);
}

/* The key of another slot does not verify it. */
static void test_challenge__other_key__auth_error(void **s)
{
	(void)s;
	wait_for(OP_CHALLENGE, SPDM_CHALLENGE);
	memcpy(fx.slots[0].key, fx.slots[4].key, sizeof(fx.slots[0].key));
	assert_int_equal(try_reply(reply_len), PROT_ERR_AUTH);
}

static void test_measurements__every_wrong_length__malformed(void **s)
{
	(void)s;
	wait_for(OP_MEASUREMENTS, SPDM_GET_MEASUREMENTS);
	expect_exact_length();
}

/* MEASUREMENTS: blocks 4, length 5, record 8, nonce 456, opaque 488, ... */
static void test_measurements__each_changed_field__refused(void **s)
{
	const enum prot_spdm_reason signature =
		PROT_SPDM_REASON_MEASUREMENT_SIGNATURE;

	(void)s;
	wait_for(OP_MEASUREMENTS, SPDM_GET_MEASUREMENTS);
	assert_int_equal(reply[5] | reply[6] << 8, 448);
	expect_byte(2, 1, PROT_ERR_AUTH, signature);
	expect_byte(3, 0x21, PROT_ERR_MALFORMED, PROT_SPDM_REASON_WRONG_SLOT);
	expect_byte(3, 0x10, PROT_ERR_AUTH, signature); /* content changed */
	expect_byte(4, 7, PROT_ERR_MALFORMED, PROT_SPDM_REASON_RECORD);
	expect_byte(4, 0, PROT_ERR_MALFORMED, PROT_SPDM_REASON_RECORD);
	expect_byte(8, 0, PROT_ERR_MALFORMED, PROT_SPDM_REASON_RECORD);
	expect_byte(8, 0xff, PROT_ERR_MALFORMED, PROT_SPDM_REASON_RECORD);
	expect_byte(8, 2, PROT_ERR_MALFORMED, PROT_SPDM_REASON_RECORD);
	expect_byte(9, 2, PROT_ERR_MALFORMED, PROT_SPDM_REASON_RECORD);
	expect_flip(10, PROT_ERR_MALFORMED, PROT_SPDM_REASON_RECORD);
	expect_flip(13, PROT_ERR_MALFORMED, PROT_SPDM_REASON_RECORD);
	expect_flip(15, PROT_ERR_AUTH, signature); /* a measurement */
	expect_flip(456, PROT_ERR_AUTH, signature);
	expect_flip(490, PROT_ERR_MALFORMED, PROT_SPDM_REASON_CONTEXT);
	expect_flip(reply_len - 1, PROT_ERR_AUTH, signature);
}

static void test_measurements__replayed__auth_error(void **s)
{
	(void)s;
	wait_for(OP_MEASUREMENTS, SPDM_GET_MEASUREMENTS);
	fx.tx[4] ^= 1;
	assert_int_equal(try_reply(reply_len), PROT_ERR_AUTH);
	fixture_expect(&fx, PROT_ERR_AUTH,
		       PROT_SPDM_REASON_MEASUREMENT_SIGNATURE);
	/* Nothing of a refused answer stays. */
	assert_int_equal(fx.q.result.record.len, 0);
	assert_int_equal(fx.q.result.block_count, 0);
}

static enum prot_status start_measurements(uint8_t operation)
{
	const struct prot_spdm_measurements_query query = {
		.operation = operation,
	};

	fx.compare = false;
	assert_int_equal(prot_spdm_requester_get_measurements(&fx.q, &query),
			 PROT_OK);
	return fixture_step(&fx, NULL, 0);
}

/* An unsigned MEASUREMENTS with these blocks and the context of the request. */
static void make_measurements(uint8_t param1, uint8_t blocks,
			      const uint8_t *record, size_t len)
{
	struct prot_wr w = prot_wr_init(reply, sizeof(reply));

	prot_wr_u8(&w, PROT_SPDM_VERSION_13);
	prot_wr_u8(&w, SPDM_MEASUREMENTS);
	prot_wr_u8(&w, param1);
	prot_wr_u8(&w, 0);
	prot_wr_u8(&w, blocks);
	prot_wr_le24(&w, (uint32_t)len);
	prot_wr_bytes(&w, record, len);
	prot_wr_fill(&w, 0xaa, PROT_SPDM_NONCE_SIZE);
	prot_wr_le16(&w, 0);
	prot_wr_bytes(&w, fx.out.msg + 4, PROT_SPDM_REQUESTER_CONTEXT_SIZE);
	reply_len = w.len;
}

static void test_measurements__count__number_of_indices(void **s)
{
	(void)s;
	fixture_before(&fx, OP_MEASUREMENTS);
	prot_spdm_requester_cancel(&fx.q);
	assert_int_equal(start_measurements(PROT_SPDM_MEASUREMENTS_COUNT),
			 PROT_PENDING);
	assert_int_equal(fx.out.len, 12);
	make_measurements(8, 0, NULL, 0);
	saved = fx;
	expect_exact_length();
	expect_byte(2, 0, PROT_ERR_MALFORMED, PROT_SPDM_REASON_RECORD);
	expect_byte(2, 0xff, PROT_ERR_MALFORMED, PROT_SPDM_REASON_RECORD);
	expect_byte(4, 1, PROT_ERR_MALFORMED, PROT_SPDM_REASON_RECORD);
	assert_int_equal(try_reply(reply_len), PROT_OK);
	assert_int_equal(fx.q.result.index_count, 8);
	assert_int_equal(
		fx.q.result.verdict[PROT_SPDM_DECIDE_MEASUREMENT_SIGNATURE]
			.status,
		PROT_PENDING);
}

static void test_measurements__one_index__only_that_block(void **s)
{
	const uint8_t block[] = {7, 1, 11, 0, 0x87, 8, 0, 1,
				 0, 0, 0,  0, 0,    0, 0};

	(void)s;
	fixture_before(&fx, OP_MEASUREMENTS);
	prot_spdm_requester_cancel(&fx.q);
	assert_int_equal(start_measurements(7), PROT_PENDING);
	make_measurements(0, 1, block, sizeof(block));
	saved = fx;
	expect_exact_length();
	expect_byte(8, 6, PROT_ERR_MALFORMED, PROT_SPDM_REASON_RECORD);
	assert_int_equal(try_reply(reply_len), PROT_OK);
	assert_int_equal(fx.q.result.block_count, 1);
	assert_int_equal(fx.q.result.record.len, sizeof(block));
	/* The summary hash covers all measurements, not this one. */
	assert_int_equal(prot_spdm_requester_check_summary(&fx.q, NULL),
			 PROT_ERR_STATE);
}

/* L starts with the last request that was something else. */
static void test_measurements__count_before_signed__auth_error(void **s)
{
	(void)s;
	fixture_before(&fx, OP_MEASUREMENTS);
	prot_spdm_requester_cancel(&fx.q);
	assert_int_equal(start_measurements(PROT_SPDM_MEASUREMENTS_COUNT),
			 PROT_PENDING);
	make_measurements(8, 0, NULL, 0);
	assert_int_equal(try_reply(reply_len), PROT_OK);
	fx.at -= 2;
	fx.compare = true;
	fx.out.msg = NULL;
	assert_int_equal(fixture_start(&fx, OP_MEASUREMENTS), PROT_OK);
	assert_int_equal(fixture_finish(&fx), PROT_ERR_AUTH);
	/* The failure ended L: now the recorded response fits again. */
	fx.at -= 2;
	assert_int_equal(fixture_start(&fx, OP_MEASUREMENTS), PROT_OK);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
}

static void test_summary__of_other_measurements__auth_error(void **s)
{
	uint8_t tcb[32] = {0x02}; /* index 1 alone */

	(void)s;
	fixture_before(&fx, OP_MEASUREMENTS);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
	assert_int_equal(prot_spdm_requester_check_summary(&fx.q, tcb),
			 PROT_OK);
	fx.q.result.summary_type = PROT_SPDM_SUMMARY_TCB;
	assert_int_equal(prot_spdm_requester_check_summary(&fx.q, tcb),
			 PROT_ERR_AUTH);
	assert_int_equal(fx.q.result.verdict[PROT_SPDM_DECIDE_SUMMARY].reason,
			 PROT_SPDM_REASON_SUMMARY);
	memset(tcb, 0xff, sizeof(tcb));
	assert_int_equal(prot_spdm_requester_check_summary(&fx.q, tcb),
			 PROT_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_version__every_wrong_length__malformed),
		TEST(test_version__several_entries__highest_common_one),
		TEST(test_version__too_many_entries__no_space),
		TEST(test_version__downgraded__challenge_fails),
		TEST(test_capabilities__every_wrong_length__malformed),
		TEST(test_capabilities__each_bad_field__refused),
		TEST(test_flags_consistent__each_rule__both_ways),
		TEST(test_algorithms__every_wrong_length__malformed),
		TEST(test_algorithms__each_bad_field__refused),
		TEST(test_algorithms__requester_multi_key__needs_the_capability),
		TEST(test_digests__every_wrong_length__malformed),
		TEST(test_digests__each_bad_field__malformed),
		TEST(test_digests__chain_replaced__key_is_forgotten),
		TEST(test_certificate__every_wrong_length__malformed),
		TEST(test_certificate__each_bad_field__refused),
		TEST(test_certificate__not_announced__path_and_root_decide),
		TEST(test_certificate__root_not_trusted__auth_error),
		TEST(test_certificate__root_left_out__anchor_is_the_root),
		TEST(test_certificate__buffer_too_small__no_space),
		TEST(test_certificate__in_portions__put_together),
		TEST(test_certificate__portions_do_not_add_up__malformed),
		TEST(test_certificate__portion_larger_than_asked__malformed),
		TEST(test_challenge__every_wrong_length__malformed),
		TEST(test_challenge__each_changed_field__refused),
		TEST(test_challenge__signature_bit_by_bit__auth_error),
		TEST(test_challenge__mutual_authentication_asked__refused),
		TEST(test_challenge__replayed__auth_error),
		TEST(test_challenge__transcript_spliced__auth_error),
		TEST(test_challenge__other_key__auth_error),
		TEST(test_measurements__every_wrong_length__malformed),
		TEST(test_measurements__each_changed_field__refused),
		TEST(test_measurements__replayed__auth_error),
		TEST(test_measurements__count__number_of_indices),
		TEST(test_measurements__one_index__only_that_block),
		TEST(test_measurements__count_before_signed__auth_error),
		TEST(test_summary__of_other_measurements__auth_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
