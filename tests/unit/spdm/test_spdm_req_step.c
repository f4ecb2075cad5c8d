/* SPDX-License-Identifier: Apache-2.0 */
/* Time and ERROR responses: what the step function does about them. */
#include <string.h>

#include "req_fixture.h"
#include "test.h"

static struct fixture fx;

static int setup(void **state)
{
	(void)state;
	fixture_init(&fx, "v13-nomut-sha384");
	fixture_before(&fx, OP_DIGESTS);
	fixture_until(&fx, SPDM_GET_DIGESTS);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixture_free(&fx);
	return 0;
}

static enum prot_status answer_error(uint8_t code, uint8_t data)
{
	const uint8_t msg[] = {PROT_SPDM_VERSION_13, SPDM_ERROR, code, data};

	return fixture_step(&fx, msg, sizeof(msg));
}

static enum prot_status answer_not_ready(uint8_t exponent, uint8_t code,
					 uint8_t token)
{
	const uint8_t msg[] = {PROT_SPDM_VERSION_13,
			       SPDM_ERROR,
			       PROT_SPDM_ERROR_RESPONSE_NOT_READY,
			       0,
			       exponent,
			       code,
			       token,
			       2};

	return fixture_step(&fx, msg, sizeof(msg));
}

/* The step wants a tick; time goes on until then. */
static enum prot_status tick(void)
{
	assert_true(fx.out.wake_ms != UINT64_MAX);
	if (fx.out.wake_ms > fx.now_ms) {
		fx.now_ms = fx.out.wake_ms - 1;
		assert_int_equal(fixture_step(&fx, NULL, 0), PROT_PENDING);
		assert_null(fx.out.msg); /* one millisecond too early */
		fx.now_ms++;
	}
	return fixture_step(&fx, NULL, 0);
}

static void finish_well(void)
{
	const struct recorded_message *m = fixture_response(&fx);

	assert_int_equal(fixture_answer(&fx, m->bytes, m->len), PROT_OK);
	fixture_expect(&fx, PROT_OK, PROT_SPDM_REASON_NONE);
	/* Repetitions do not enter the transcript: the signature still fits. */
	fx.out.msg = NULL;
	for (unsigned op = OP_CERTIFICATE; op <= OP_CHALLENGE; op++) {
		assert_int_equal(fixture_start(&fx, (enum fixture_op)op),
				 PROT_OK);
		assert_int_equal(fixture_finish(&fx), PROT_OK);
	}
}

/* CTExponent of the recorded responder is 0, so ST1 (100 ms) and the RTT. */
static void test_step__silence__repeated_then_timeout(void **s)
{
	uint64_t start = fx.now_ms;

	(void)s;
	assert_int_equal(fx.out.wake_ms, start + 110);
	for (unsigned i = 0; i < fx.cfg.retries; i++) {
		assert_int_equal(tick(), PROT_PENDING);
		assert_non_null(fx.out.msg); /* the same bytes again */
	}
	assert_int_equal(tick(), PROT_ERR_TIMEOUT);
	assert_int_equal(fx.now_ms, start + 330);
	fixture_expect(&fx, PROT_ERR_TIMEOUT, PROT_SPDM_REASON_NO_ANSWER);
	assert_int_equal(fx.q.result.request_code, SPDM_GET_DIGESTS);
}

static void test_step__answer_after_repetition__goes_on(void **s)
{
	(void)s;
	assert_int_equal(tick(), PROT_PENDING);
	finish_well();
}

/*
 * A responder that hashes a repeated GET_CERTIFICATE twice, as it must not,
 * signs something else: that is no proof that it is an impostor.
 */
static void test_step__repeated_certificate__signature_is_undecided(void **s)
{
	const struct recorded_message *m = fixture_response(&fx);
	uint8_t forged[256];

	(void)s;
	assert_int_equal(fixture_answer(&fx, m->bytes, m->len), PROT_OK);
	fx.out.msg = NULL;
	assert_int_equal(fixture_start(&fx, OP_CERTIFICATE), PROT_OK);
	assert_int_equal(fixture_step(&fx, NULL, 0), PROT_PENDING);
	assert_int_equal(tick(), PROT_PENDING);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
	assert_int_equal(fixture_start(&fx, OP_CERTIFICATE_OTHER), PROT_OK);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
	assert_int_equal(fixture_start(&fx, OP_CHALLENGE), PROT_OK);
	fixture_until(&fx, SPDM_CHALLENGE);
	m = fixture_response(&fx);
	memcpy(forged, m->bytes, m->len);
	forged[m->len - 1] ^= 1;
	assert_int_equal(fixture_answer(&fx, forged, m->len), PROT_ERR_TIMEOUT);
	fixture_expect(&fx, PROT_ERR_TIMEOUT, PROT_SPDM_REASON_REPEATED);
	/* From the next GET_DIGESTS on there is no doubt. */
	fx.out.msg = NULL;
	assert_int_equal(fixture_start(&fx, OP_DIGESTS_2), PROT_OK);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
	assert_int_equal(fx.q.doubtful, 0);
}

static void test_step__slow_crypto_announced__waited_for(void **s)
{
	(void)s;
	fx.q.result.ct_exponent = 19; /* 524.288 ms */
	assert_int_equal(tick(), PROT_PENDING);
	assert_int_equal(fx.out.wake_ms, fx.now_ms + 10 + 525);
	fx.q.result.ct_exponent = 31; /* 36 minutes: more than is allowed */
	assert_int_equal(tick(), PROT_PENDING);
	assert_int_equal(fx.out.wake_ms, fx.now_ms + 10 + fx.cfg.max_wait_ms);
}

static void test_step__busy__repeated_after_a_pause(void **s)
{
	(void)s;
	assert_int_equal(answer_error(PROT_SPDM_ERROR_BUSY, 0), PROT_PENDING);
	assert_null(fx.out.msg);
	assert_int_equal(fx.out.wake_ms, fx.now_ms + fx.cfg.busy_wait_ms);
	assert_int_equal(tick(), PROT_PENDING);
	assert_non_null(fx.out.msg);
	finish_well();
}

static void test_step__busy_for_ever__timeout(void **s)
{
	(void)s;
	for (unsigned i = 0; i < fx.cfg.retries; i++) {
		assert_int_equal(answer_error(PROT_SPDM_ERROR_BUSY, 0),
				 PROT_PENDING);
		assert_int_equal(tick(), PROT_PENDING);
	}
	assert_int_equal(answer_error(PROT_SPDM_ERROR_BUSY, 0),
			 PROT_ERR_TIMEOUT);
	fixture_expect(&fx, PROT_ERR_TIMEOUT, PROT_SPDM_REASON_STILL_BUSY);
	assert_int_equal(fx.q.result.error_code, PROT_SPDM_ERROR_BUSY);
}

static void test_step__message_during_pause__ignored(void **s)
{
	const struct recorded_message *m = fixture_response(&fx);

	(void)s;
	assert_int_equal(answer_error(PROT_SPDM_ERROR_BUSY, 0), PROT_PENDING);
	assert_int_equal(fixture_step(&fx, m->bytes, m->len), PROT_PENDING);
	assert_null(fx.out.msg);
	assert_int_equal(tick(), PROT_PENDING);
	finish_well();
}

static void expect_respond_if_ready(uint8_t token)
{
	const uint8_t expected[] = {PROT_SPDM_VERSION_13, SPDM_RESPOND_IF_READY,
				    SPDM_GET_DIGESTS, token};

	assert_int_equal(fx.out.len, sizeof(expected));
	assert_memory_equal(fx.out.msg, expected, sizeof(expected));
}

static void test_step__response_not_ready__asked_for_later(void **s)
{
	(void)s;
	fx.compare = false; /* RESPOND_IF_READY is not in the recording */
	assert_int_equal(answer_not_ready(15, SPDM_GET_DIGESTS, 0x42),
			 PROT_PENDING);
	assert_null(fx.out.msg);
	assert_int_equal(fx.out.wake_ms, fx.now_ms + 33); /* 32.768 ms */
	assert_int_equal(tick(), PROT_PENDING);
	expect_respond_if_ready(0x42);
	/* Still not, with another token; and an unanswered one is repeated. */
	assert_int_equal(answer_not_ready(1, SPDM_GET_DIGESTS, 0x43),
			 PROT_PENDING);
	assert_int_equal(fx.out.wake_ms, fx.now_ms + 1);
	assert_int_equal(tick(), PROT_PENDING);
	expect_respond_if_ready(0x43);
	assert_int_equal(tick(), PROT_PENDING);
	expect_respond_if_ready(0x43);
	fx.compare = true;
	finish_well();
}

static void test_step__never_ready__timeout(void **s)
{
	(void)s;
	fx.compare = false;
	for (unsigned i = 0; i < fx.cfg.retries; i++) {
		assert_int_equal(answer_not_ready(1, SPDM_GET_DIGESTS, 1),
				 PROT_PENDING);
		assert_int_equal(tick(), PROT_PENDING);
	}
	assert_int_equal(answer_not_ready(1, SPDM_GET_DIGESTS, 1),
			 PROT_ERR_TIMEOUT);
	fixture_expect(&fx, PROT_ERR_TIMEOUT, PROT_SPDM_REASON_NEVER_READY);
}

static void test_step__not_ready_for_too_long__timeout(void **s)
{
	(void)s;
	assert_int_equal(answer_not_ready(20, SPDM_GET_DIGESTS, 1),
			 PROT_ERR_TIMEOUT);
	fixture_expect(&fx, PROT_ERR_TIMEOUT, PROT_SPDM_REASON_WAIT_TOO_LONG);
}

static void test_step__not_ready_malformed__malformed(void **s)
{
	const uint8_t msg[9] = {PROT_SPDM_VERSION_13, SPDM_ERROR,
				PROT_SPDM_ERROR_RESPONSE_NOT_READY};

	(void)s;
	for (size_t len = 4; len <= sizeof(msg); len++) {
		assert_int_equal(fixture_step(&fx, msg, len),
				 PROT_ERR_MALFORMED);
		fixture_expect(&fx, PROT_ERR_MALFORMED, PROT_SPDM_REASON_FIELD);
		assert_int_equal(fixture_start(&fx, OP_DIGESTS), PROT_OK);
		assert_int_equal(fixture_step(&fx, NULL, 0), PROT_PENDING);
	}
	/* About another request. */
	assert_int_equal(answer_not_ready(1, SPDM_CHALLENGE, 1),
			 PROT_ERR_MALFORMED);
	assert_int_equal(fixture_start(&fx, OP_DIGESTS), PROT_OK);
	assert_int_equal(fixture_step(&fx, NULL, 0), PROT_PENDING);
	assert_int_equal(answer_not_ready(32, SPDM_GET_DIGESTS, 1),
			 PROT_ERR_MALFORMED);
}

static void test_step__not_ready_before_algorithms__malformed(void **s)
{
	const uint8_t msg[] = {PROT_SPDM_VERSION_13,
			       SPDM_ERROR,
			       PROT_SPDM_ERROR_RESPONSE_NOT_READY,
			       0,
			       1,
			       SPDM_GET_CAPABILITIES,
			       1,
			       2};

	(void)s;
	prot_spdm_requester_cancel(&fx.q);
	fx.at = 0;
	fx.out.msg = NULL;
	assert_int_equal(fixture_start(&fx, OP_CONNECT), PROT_OK);
	fixture_until(&fx, SPDM_GET_CAPABILITIES);
	assert_int_equal(fixture_step(&fx, msg, sizeof(msg)),
			 PROT_ERR_MALFORMED);
}

static void test_step__request_resynch__connection_is_gone(void **s)
{
	(void)s;
	assert_int_equal(answer_error(PROT_SPDM_ERROR_REQUEST_RESYNCH, 0),
			 PROT_ERR_REFUSED);
	fixture_expect(&fx, PROT_ERR_REFUSED, PROT_SPDM_REASON_RESYNCH);
	assert_int_equal(fixture_start(&fx, OP_DIGESTS), PROT_ERR_STATE);
	fx.at = 0;
	fx.out.msg = NULL;
	assert_int_equal(fixture_start(&fx, OP_CONNECT), PROT_OK);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
	assert_int_equal(fixture_start(&fx, OP_DIGESTS), PROT_OK);
}

static void test_step__every_other_error__refused_with_its_code(void **s)
{
	(void)s;
	for (unsigned code = 0; code <= 0xff; code++) {
		if (code == PROT_SPDM_ERROR_BUSY ||
		    code == PROT_SPDM_ERROR_RESPONSE_NOT_READY ||
		    code == PROT_SPDM_ERROR_REQUEST_RESYNCH) {
			continue;
		}
		assert_int_equal(answer_error((uint8_t)code, 0x81),
				 PROT_ERR_REFUSED);
		fixture_expect(&fx, PROT_ERR_REFUSED,
			       PROT_SPDM_REASON_ERROR_RESPONSE);
		assert_int_equal(fx.q.result.error_code, code);
		assert_int_equal(fx.q.result.error_data, 0x81);
		assert_int_equal(fixture_start(&fx, OP_DIGESTS), PROT_OK);
		assert_int_equal(fixture_step(&fx, NULL, 0), PROT_PENDING);
		assert_int_equal(fx.q.result.error_code, 0);
	}
	finish_well();
}

static void test_step__vendor_error_with_data__refused(void **s)
{
	uint8_t msg[36] = {PROT_SPDM_VERSION_13, SPDM_ERROR,
			   PROT_SPDM_ERROR_VENDOR_DEFINED};

	(void)s;
	assert_int_equal(fixture_step(&fx, msg, sizeof(msg)), PROT_ERR_REFUSED);
}

static void test_step__every_other_code__wrong_code(void **s)
{
	uint8_t msg[4] = {PROT_SPDM_VERSION_13};

	(void)s;
	for (unsigned code = 0; code <= 0xff; code++) {
		if (code == SPDM_DIGESTS || code == SPDM_ERROR) {
			continue;
		}
		msg[1] = (uint8_t)code;
		assert_int_equal(fixture_step(&fx, msg, sizeof(msg)),
				 PROT_ERR_MALFORMED);
		fixture_expect(&fx, PROT_ERR_MALFORMED,
			       PROT_SPDM_REASON_WRONG_CODE);
		assert_int_equal(fixture_start(&fx, OP_DIGESTS), PROT_OK);
		assert_int_equal(fixture_step(&fx, NULL, 0), PROT_PENDING);
	}
}

static void test_step__failed_random__operation_ends(void **s)
{
	(void)s;
	prot_spdm_requester_cancel(&fx.q);
	fx.slots[0].key_alg = PROT_ASYM_ECDSA_P384;
	fx.fail_random = true;
	assert_int_equal(fixture_start(&fx, OP_CHALLENGE), PROT_OK);
	assert_int_equal(fixture_step(&fx, NULL, 0), PROT_ERR_CRYPTO);
	fixture_expect(&fx, PROT_ERR_CRYPTO, PROT_SPDM_REASON_LOCAL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_step__silence__repeated_then_timeout),
		TEST(test_step__answer_after_repetition__goes_on),
		TEST(test_step__repeated_certificate__signature_is_undecided),
		TEST(test_step__slow_crypto_announced__waited_for),
		TEST(test_step__busy__repeated_after_a_pause),
		TEST(test_step__busy_for_ever__timeout),
		TEST(test_step__message_during_pause__ignored),
		TEST(test_step__response_not_ready__asked_for_later),
		TEST(test_step__never_ready__timeout),
		TEST(test_step__not_ready_for_too_long__timeout),
		TEST(test_step__not_ready_malformed__malformed),
		TEST(test_step__not_ready_before_algorithms__malformed),
		TEST(test_step__request_resynch__connection_is_gone),
		TEST(test_step__every_other_error__refused_with_its_code),
		TEST(test_step__vendor_error_with_data__refused),
		TEST(test_step__every_other_code__wrong_code),
		TEST(test_step__failed_random__operation_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
