/* SPDX-License-Identifier: Apache-2.0 */
/* Whole conversations, and what the dispatcher checks for every request. */

#include "spdm_rsp_fixture.h"

#include "test.h"

#define INVALID     0x01
#define UNEXPECTED  0x04
#define UNSPECIFIED 0x05
#define UNSUPPORTED 0x07
#define MISMATCH    0x41

static struct fx fx;

/* A valid request of each kind for the configured version, without sending. */
struct request {
	uint8_t bytes[64];
	size_t len;
};

static const uint8_t codes[] = {0x84, 0xe1, 0xe3, 0x81, 0x82, 0x83, 0xe0};

static struct request request_of(uint8_t code)
{
	struct request q = {.len = 0};

	switch (code) {
	case 0x84:
		SAY(&fx, 0x10, 0x84, 0, 0);
		break;
	case 0xe1:
		fx_get_capabilities(&fx, 0, 2048);
		break;
	case 0xe3:
		fx_negotiate(&fx, 1u << 7, 1u << 1);
		break;
	case 0x81:
		SAY(&fx, fx.cfg.version, 0x81, 0, 0);
		break;
	case 0x82:
		fx_get_certificate(&fx, 0, 0, 0xffff);
		break;
	case 0x83:
		fx_challenge(&fx, 0, 0xff);
		break;
	default:
		fx_get_measurements(&fx, 1, 0xff, 0);
		break;
	}
	memcpy(q.bytes, fx.said, fx.said_len);
	q.len = fx.said_len;
	return q;
}

static void go_to_state(enum prot_spdm_state state)
{
	prot_spdm_responder_reset(&fx.r);
	if (state >= PROT_SPDM_STATE_VERSION) {
		SAY(&fx, 0x10, 0x84, 0, 0);
	}
	if (state >= PROT_SPDM_STATE_CAPABILITIES) {
		fx_get_capabilities(&fx, 0, 2048);
	}
	if (state >= PROT_SPDM_STATE_NEGOTIATED) {
		fx_negotiate(&fx, 1u << 7, 1u << 1);
	}
	if (state >= PROT_SPDM_STATE_AUTHENTICATED) {
		fx_challenge(&fx, 0, 0);
	}
	assert_int_equal(prot_spdm_responder_state(&fx.r), state);
}

static void test_responder__every_version_and_algorithm__conversation(void **s)
{
	(void)s;
	for (uint8_t version = 0x12; version <= 0x13; version++) {
		for (unsigned h = 1; h < PROT_HASH_COUNT; h++) {
			for (unsigned a = 1; a < PROT_ASYM_COUNT; a++) {
				fx_config(&fx);
				fx.cfg.version = version;
				fx.cfg.base_hash[0] = (enum prot_hash_alg)h;
				fx.cfg.base_asym[0] = (enum prot_asym_alg)a;
				fx_start(&fx, false);
				fx_converse(&fx);
			}
		}
	}
}

static void test_responder__second_connection__conversation(void **s)
{
	(void)s;
	fx_init(&fx);
	fx_converse(&fx);
	fx_converse(&fx);
}

static void test_handle__every_truncated_request__invalid(void **s)
{
	(void)s;
	for (uint8_t version = 0x12; version <= 0x13; version++) {
		fx_config(&fx);
		fx.cfg.version = version;
		fx_start(&fx, false);
		for (size_t i = 0; i < PROT_ARRAY_SIZE(codes); i++) {
			enum prot_spdm_state state =
				codes[i] == 0xe1 ? PROT_SPDM_STATE_VERSION
				: codes[i] == 0xe3
					? PROT_SPDM_STATE_CAPABILITIES
					: PROT_SPDM_STATE_NEGOTIATED;
			struct request q;

			go_to_state(state);
			q = request_of(codes[i]);
			go_to_state(state);
			for (size_t n = 0; n < q.len; n++) {
				fx_say(&fx, q.bytes, n);
				if (n < 4) {
					assert_int_equal(fx.tx_len, 0);
				} else {
					fx_expect_error(&fx, INVALID, 0);
				}
				assert_int_equal(fx.r.state, state);
			}
			fx_say(&fx, q.bytes, q.len);
			fx_expect(&fx, codes[i] & 0x7f);
		}
	}
}

static void test_handle__trailing_bytes__kept_out_of_transcripts(void **s)
{
	(void)s;
	for (uint8_t version = 0x12; version <= 0x13; version++) {
		fx_config(&fx);
		fx.cfg.version = version;
		fx.padding = 3;
		fx_start(&fx, false);
		fx_converse(&fx);
		fx_config(&fx);
		fx.cfg.version = version;
		fx.padding = 60;
		fx_start(&fx, true);
		fx_converse(&fx);
	}
}

static void test_handle__every_state_and_request__as_the_standard_says(void **s)
{
	/* Rows: codes[]; columns: states; 0 = answered. */
	static const uint8_t expected[][PROT_SPDM_STATE_COUNT] = {
		{0, 0, 0, 0, 0},
		{UNEXPECTED, 0, UNEXPECTED, UNEXPECTED, UNEXPECTED},
		{UNEXPECTED, UNEXPECTED, 0, UNEXPECTED, UNEXPECTED},
		{UNEXPECTED, UNEXPECTED, UNEXPECTED, 0, 0},
		{UNEXPECTED, UNEXPECTED, UNEXPECTED, 0, 0},
		{UNEXPECTED, UNEXPECTED, UNEXPECTED, 0, 0},
		{UNEXPECTED, UNEXPECTED, UNEXPECTED, 0, 0},
	};
	static const uint8_t next[][PROT_SPDM_STATE_COUNT] = {
		{1, 1, 1, 1, 1}, {0, 2, 2, 3, 4}, {0, 1, 3, 3, 4},
		{0, 1, 2, 3, 4}, {0, 1, 2, 3, 4}, {0, 1, 2, 4, 4},
		{0, 1, 2, 3, 4},
	};

	(void)s;
	fx_init(&fx);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(codes); i++) {
		for (unsigned st = 0; st < PROT_SPDM_STATE_COUNT; st++) {
			go_to_state((enum prot_spdm_state)st);
			(void)request_of(codes[i]);
			if (expected[i][st] != 0) {
				fx_expect_error(&fx, expected[i][st], 0);
				assert_int_equal(fx.r.counters.last_refusal,
						 PROT_SPDM_REFUSAL_STATE);
			} else {
				fx_expect(&fx, codes[i] & 0x7f);
			}
			assert_int_equal(fx.r.state, next[i][st]);
		}
	}
}

static void
test_handle__respond_if_ready_with_nothing_deferred__unexpected(void **s)
{
	(void)s;
	fx_init(&fx);
	for (unsigned st = 0; st < PROT_SPDM_STATE_COUNT; st++) {
		go_to_state((enum prot_spdm_state)st);
		SAY(&fx, 0x13, 0xff, 0x81, 1);
		fx_expect_error(&fx, UNEXPECTED, 0);
	}
}

static void test_handle__other_version__version_mismatch(void **s)
{
	static const uint8_t others[] = {0x00, 0x10, 0x11, 0x12, 0x14, 0xff};

	(void)s;
	fx_init(&fx);
	for (size_t i = 1; i < PROT_ARRAY_SIZE(codes); i++) {
		struct request q;

		go_to_state(PROT_SPDM_STATE_NEGOTIATED);
		q = request_of(codes[i]);
		for (size_t v = 0; v < sizeof(others); v++) {
			q.bytes[0] = others[v];
			fx_say(&fx, q.bytes, q.len);
			fx_expect_error(&fx, MISMATCH, 0);
			assert_int_equal(fx.tx[0], 0x13);
			assert_int_equal(fx.tx_len, 4);
		}
	}
}

static void
test_handle__get_version_with_other_version__mismatch_as_1_0(void **s)
{
	(void)s;
	fx_init(&fx);
	go_to_state(PROT_SPDM_STATE_NEGOTIATED);
	SAY(&fx, 0x13, 0x84, 0, 0);
	fx_expect_error(&fx, MISMATCH, 0);
	assert_int_equal(fx.tx[0], 0x10);
	assert_int_equal(fx.r.state, PROT_SPDM_STATE_NEGOTIATED);
}

static void test_handle__error_version__follows_negotiation(void **s)
{
	(void)s;
	fx_init(&fx);
	SAY(&fx, 0x13, 0x81, 0, 0);
	fx_expect_error(&fx, UNEXPECTED, 0);
	assert_int_equal(fx.tx[0], 0x10);
	go_to_state(PROT_SPDM_STATE_VERSION);
	SAY(&fx, 0x12, 0xe1, 0, 0);
	fx_expect_error(&fx, MISMATCH, 0);
	assert_int_equal(fx.tx[0], 0x10);
	SAY(&fx, 0x13, 0xe1, 0, 0);
	fx_expect_error(&fx, INVALID, 0);
	assert_int_equal(fx.tx[0], 0x13);
	go_to_state(PROT_SPDM_STATE_CAPABILITIES);
	SAY(&fx, 0x12, 0xe3, 0, 0);
	fx_expect_error(&fx, MISMATCH, 0);
	assert_int_equal(fx.tx[0], 0x13);
}

static void test_handle__every_other_request_code__unsupported(void **s)
{
	(void)s;
	fx_init(&fx);
	go_to_state(PROT_SPDM_STATE_NEGOTIATED);
	for (unsigned code = 0x80; code <= 0xff; code++) {
		if (memchr(codes, (int)code, sizeof(codes)) || code == 0xff) {
			continue;
		}
		SAY(&fx, 0x13, (uint8_t)code, 0, 0);
		fx_expect_error(&fx, UNSUPPORTED, (uint8_t)code);
		assert_int_equal(fx.tx_len, 4);
	}
}

static void test_handle__every_response_code__dropped(void **s)
{
	(void)s;
	fx_init(&fx);
	for (unsigned code = 0; code < 0x80; code++) {
		SAY(&fx, 0x13, (uint8_t)code, 0, 0);
		assert_int_equal(fx.tx_len, 0);
		assert_int_equal(fx.r.counters.drops, code + 1);
		assert_int_equal(fx.r.counters.last_request, code);
		assert_int_equal(fx.r.counters.last_error, 0);
	}
}

static void test_handle__secured_message__dropped(void **s)
{
	uint8_t rx[] = {0x10, 0x84, 0, 0};
	struct prot_spdm_io io = {.kind = PROT_SPDM_SECURED,
				  .rx = rx,
				  .rx_len = sizeof(rx),
				  .tx = fx.tx,
				  .tx_cap = sizeof(fx.tx)};
	size_t len = 99;

	(void)s;
	fx_init(&fx);
	assert_int_equal(prot_spdm_responder_handle(&fx.r, &io, &len, 0),
			 PROT_OK);
	assert_int_equal(len, 0);
	assert_int_equal(fx.r.counters.last_refusal, PROT_SPDM_REFUSAL_SECURED);
	assert_int_equal(fx.r.state, PROT_SPDM_STATE_START);
}

static void test_handle__tx_below_minimum__arg(void **s)
{
	uint8_t rx[] = {0x10, 0x84, 0, 0};
	struct prot_spdm_io io = {
		.rx = rx, .rx_len = sizeof(rx), .tx = fx.tx, .tx_cap = 41};
	size_t len = 99;

	(void)s;
	fx_init(&fx);
	assert_int_equal(prot_spdm_responder_handle(&fx.r, &io, &len, 0),
			 PROT_ERR_ARG);
	assert_int_equal(len, 0);
	io.tx_cap = 42;
	assert_int_equal(prot_spdm_responder_handle(&fx.r, &io, &len, 0),
			 PROT_OK);
	assert_int_equal(len, 8);
}

static void test_handle__table_not_listed__unsupported(void **s)
{
	static const struct prot_spdm_responder_table *const base[] = {
		&prot_spdm_responder_base};

	(void)s;
	fx_config(&fx);
	fx.cfg.tables = base;
	fx.cfg.table_count = 1;
	fx_start(&fx, false);
	fx_connect(&fx);
	for (size_t i = 3; i < PROT_ARRAY_SIZE(codes); i++) {
		(void)request_of(codes[i]);
		fx_expect_error(&fx, UNSUPPORTED, codes[i]);
		assert_int_equal(fx.r.counters.last_refusal,
				 PROT_SPDM_REFUSAL_UNKNOWN);
	}
}

static void test_handle__capability_not_announced__unsupported(void **s)
{
	(void)s;
	fx_config(&fx);
	fx.cfg.capabilities = 0;
	fx_start(&fx, false);
	fx_connect(&fx);
	for (size_t i = 3; i < PROT_ARRAY_SIZE(codes); i++) {
		(void)request_of(codes[i]);
		fx_expect_error(&fx, UNSUPPORTED, codes[i]);
		assert_int_equal(fx.r.counters.last_refusal,
				 PROT_SPDM_REFUSAL_CAPABILITY);
	}
}

static void test_handle__reply_beyond_peer__too_large_with_size(void **s)
{
	(void)s;
	fx_init(&fx);
	SAY(&fx, 0x10, 0x84, 0, 0);
	fx_get_capabilities(&fx, 0, 64);
	fx_negotiate(&fx, 1u << 7, 1u << 1);
	SAY(&fx, 0x13, 0x81, 0, 0);
	fx_expect_error(&fx, 0x0d, 0);
	assert_int_equal(fx.tx_len, 8);
	assert_int_equal(fx.tx[4], 4 + 2 * 48);
	fx_challenge(&fx, 0, 1);
	fx_expect_error(&fx, 0x0d, 0);
	assert_int_equal(fx.tx[4] | fx.tx[5] << 8,
			 4 + 48 + 32 + 48 + 2 + 8 + 96);
	fx_get_measurements(&fx, 1, 1, 0);
	fx_expect_error(&fx, 0x0d, 0);
	assert_int_equal(fx.tx[4] | fx.tx[5] << 8,
			 8 + 7 + 48 + 32 + 2 + 8 + 96);
	/* A portion shrinks instead. */
	fx_get_certificate(&fx, 0, 0, 0xffff);
	fx_expect(&fx, 0x02);
	assert_int_equal(fx.tx_len, 64);
}

static void test_handle__failing_op_or_provider__unspecified(void **s)
{
	(void)s;
	for (unsigned which = 0; which < 2; which++) {
		for (size_t i = 3; i < PROT_ARRAY_SIZE(codes); i++) {
			uint32_t n = 0;
			uint32_t *fail_at =
				which ? &fx.device.fail_at : &fx.fake.fail_at;

			do { /* fail the first, the second, ... call */
				fx_init(&fx);
				fx_connect(&fx);
				fx.device.calls = 0;
				fx.fake.calls = 0;
				*fail_at = ++n;
				(void)request_of(codes[i]);
				if (fx.tx[1] == 0x7f) {
					fx_expect_error(&fx, UNSPECIFIED, 0);
					assert_int_equal(
						fx.r.state,
						PROT_SPDM_STATE_NEGOTIATED);
				}
			} while (fx.tx[1] == 0x7f);
			assert_true(n > 1);
			assert_int_equal(fx.tx[1], codes[i] & 0x7f);
		}
	}
}

static void test_handle__any_status_of_an_op__is_no_verdict(void **s)
{
	(void)s;
	for (int st = PROT_ERR_CANCELLED; st < PROT_OK; st++) {
		if (st == PROT_PENDING || st == PROT_ERR_NOT_FOUND) {
			continue;
		}
		for (uint32_t n = 1; n < 20; n++) {
			fx_init(&fx);
			fx_connect(&fx);
			fx.device.calls = 0;
			fx.device.fail_at = n;
			fx.device.fail_with = (enum prot_status)st;
			SAY(&fx, 0x13, 0x81, 0, 0);
			fx_expect_error(&fx, UNSPECIFIED, 0);
		}
		fx_init(&fx);
		fx_connect(&fx);
		fx.device.key_status = (enum prot_status)st;
		fx_challenge(&fx, 0, 0);
		fx_expect_error(&fx, UNSPECIFIED, 0);
	}
}

static void test_handle__op_pends_without_deferral__unspecified(void **s)
{
	(void)s;
	fx_init(&fx);
	fx_connect(&fx);
	fx.device.pend = 1;
	SAY(&fx, 0x13, 0x81, 0, 0);
	fx_expect_error(&fx, UNSPECIFIED, 0);
	assert_int_equal(fx.r.counters.last_refusal, PROT_SPDM_REFUSAL_PENDING);
}

static void test_handle__other_request_between__l_starts_again(void **s)
{
	(void)s;
	fx_init(&fx);
	fx_connect(&fx);
	fx_measure(&fx, 0, 1);
	SAY(&fx, 0x13, 0x81, 0, 0);
	fx.script_len = 0;
	fx_measure(&fx, 0, 2);
	fx_measure(&fx, 1, 0xff);
	fx_expect_signature(&fx, "responder-measurements signing");
}

static void test_handle__signed_measurements__l_starts_again(void **s)
{
	(void)s;
	fx_init(&fx);
	fx_connect(&fx);
	for (int i = 0; i < 3; i++) {
		fx.script_len = 0;
		fx_measure(&fx, 0, 4);
		fx_measure(&fx, 1, 0xff);
		fx_expect_signature(&fx, "responder-measurements signing");
	}
}

static void test_handle__refused_measurements__l_starts_again(void **s)
{
	(void)s;
	fx_init(&fx);
	fx_connect(&fx);
	fx_measure(&fx, 0, 1);
	fx_get_measurements(&fx, 0, 3, 0);
	fx_expect_error(&fx, INVALID, 0);
	fx.script_len = 0;
	fx_measure(&fx, 1, 0xff);
	fx_expect_signature(&fx, "responder-measurements signing");
}

/* GET_DIGESTS, kept. */
static void digests(void)
{
	SAY(&fx, fx.cfg.version, 0x81, 0, 0);
	fx_expect(&fx, 0x01);
	fx_keep(&fx);
}

static void challenge(void)
{
	fx_challenge(&fx, 0, 0);
	fx_expect(&fx, 0x03);
	fx_keep(&fx);
	fx_expect_signature(&fx, "responder-challenge_auth signing");
}

static void test_handle__second_get_digests__m_starts_again(void **s)
{
	(void)s;
	fx_init(&fx);
	fx_connect(&fx);
	digests();
	fx.script_len = 0;
	digests();
	challenge();
}

static void test_handle__challenge__m_starts_again(void **s)
{
	(void)s;
	fx_init(&fx);
	fx_connect(&fx);
	digests();
	challenge();
	fx.script_len = 0;
	challenge();
}

static void test_handle__measurements_before_challenge__m_starts_again(void **s)
{
	(void)s;
	fx_init(&fx);
	fx_connect(&fx);
	digests();
	fx_get_measurements(&fx, 0, 0, 0);
	fx.script_len = 0;
	challenge();
}

static void test_handle__measurements_when_authenticated__m_goes_on(void **s)
{
	(void)s;
	fx_init(&fx);
	fx_connect(&fx);
	challenge();
	fx.script_len = 0;
	digests();
	fx_get_measurements(&fx, 0, 0, 0);
	challenge();
}

static void test_handle__refused_challenge__m_goes_on(void **s)
{
	(void)s;
	fx_init(&fx);
	fx_connect(&fx);
	digests();
	fx_challenge(&fx, 5, 0);
	fx_expect_error(&fx, INVALID, 0);
	challenge();
}

static void test_responder__two_contexts__do_not_disturb_one_another(void **s)
{
	static struct fx other;

	(void)s;
	fx_init(&fx);
	fx_connect(&fx);
	digests();
	fx_config(&other);
	other.cfg.version = 0x12;
	other.cfg.base_hash[0] = PROT_HASH_SHA3_512;
	fx_start(&other, false);
	fx_converse(&other);
	challenge();
}

static void test_reset__any_state__as_after_init(void **s)
{
	(void)s;
	fx_init(&fx);
	fx_connect(&fx);
	prot_spdm_responder_reset(&fx.r);
	assert_int_equal(fx.r.state, PROT_SPDM_STATE_START);
	SAY(&fx, 0x13, 0x81, 0, 0);
	fx_expect_error(&fx, UNEXPECTED, 0);
	assert_int_equal(prot_spdm_responder_counters(&fx.r)->responses, 3);
	assert_int_equal(prot_spdm_responder_counters(&fx.r)->errors, 1);
	fx_converse(&fx);
}

static void test_refusal_text__every_value__a_text(void **s)
{
	(void)s;
	assert_string_equal(prot_spdm_refusal_text(PROT_SPDM_REFUSAL_INDEX),
			    "no such measurement");
	assert_string_equal(prot_spdm_refusal_text(PROT_SPDM_REFUSAL_COUNT),
			    "unknown reason");
}

static void test_context_size__within_budget(void **s)
{
	(void)s;
	assert_true(sizeof(struct prot_spdm_responder) <= 1536);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_responder__every_version_and_algorithm__conversation),
		cmocka_unit_test(
			test_responder__second_connection__conversation),
		cmocka_unit_test(test_handle__every_truncated_request__invalid),
		cmocka_unit_test(
			test_handle__trailing_bytes__kept_out_of_transcripts),
		cmocka_unit_test(
			test_handle__every_state_and_request__as_the_standard_says),
		cmocka_unit_test(
			test_handle__respond_if_ready_with_nothing_deferred__unexpected),
		cmocka_unit_test(test_handle__other_version__version_mismatch),
		cmocka_unit_test(
			test_handle__get_version_with_other_version__mismatch_as_1_0),
		cmocka_unit_test(
			test_handle__error_version__follows_negotiation),
		cmocka_unit_test(
			test_handle__every_other_request_code__unsupported),
		cmocka_unit_test(test_handle__every_response_code__dropped),
		cmocka_unit_test(test_handle__secured_message__dropped),
		cmocka_unit_test(test_handle__tx_below_minimum__arg),
		cmocka_unit_test(test_handle__table_not_listed__unsupported),
		cmocka_unit_test(
			test_handle__capability_not_announced__unsupported),
		cmocka_unit_test(
			test_handle__reply_beyond_peer__too_large_with_size),
		cmocka_unit_test(
			test_handle__failing_op_or_provider__unspecified),
		cmocka_unit_test(
			test_handle__any_status_of_an_op__is_no_verdict),
		cmocka_unit_test(
			test_handle__op_pends_without_deferral__unspecified),
		cmocka_unit_test(
			test_handle__other_request_between__l_starts_again),
		cmocka_unit_test(
			test_handle__signed_measurements__l_starts_again),
		cmocka_unit_test(
			test_handle__refused_measurements__l_starts_again),
		cmocka_unit_test(
			test_handle__second_get_digests__m_starts_again),
		cmocka_unit_test(test_handle__challenge__m_starts_again),
		cmocka_unit_test(
			test_handle__measurements_before_challenge__m_starts_again),
		cmocka_unit_test(
			test_handle__measurements_when_authenticated__m_goes_on),
		cmocka_unit_test(test_handle__refused_challenge__m_goes_on),
		cmocka_unit_test(
			test_responder__two_contexts__do_not_disturb_one_another),
		cmocka_unit_test(test_reset__any_state__as_after_init),
		cmocka_unit_test(test_refusal_text__every_value__a_text),
		cmocka_unit_test(test_context_size__within_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
