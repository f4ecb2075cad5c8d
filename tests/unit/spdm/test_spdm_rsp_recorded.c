/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The requests that another requester sent in a recorded exchange, answered by
 * our responder: everything up to the first session.
 */

#include "recording.h"
#include "spdm_rsp_fixture.h"

#include "test.h"

#define GET_CERTIFICATE  0x82
#define CHALLENGE        0x83
#define GET_MEASUREMENTS 0xe0
#define KEY_EXCHANGE     0xe4
#define PSK_EXCHANGE     0xe6
#define NEGOTIATE        0xe3

static struct fx fx;

/* What the recorded responder answered, as far as it depends on neither. */
static void check_algorithms(const struct recorded_message *recorded)
{
	assert_memory_equal(fx.tx, recorded->bytes, 36);
}

/* Requests that the recorded device could answer and this one cannot. */
static bool is_about_something_else(const struct recorded_message *q)
{
	return (q->bytes[1] == GET_CERTIFICATE && q->bytes[2] != 0) ||
	       (q->bytes[1] == GET_MEASUREMENTS && q->bytes[3] != 0 &&
		q->bytes[3] != 1 && q->bytes[3] != 2 && q->bytes[3] != 4 &&
		q->bytes[3] != 0xfd && q->bytes[3] != 0xff);
}

static void answer(const struct recorded_message *q,
		   const struct recorded_message *recorded)
{
	uint8_t code = q->bytes[1];

	/* A sequence of measurements begins, or begins again. */
	if (code == GET_MEASUREMENTS &&
	    !(fx.r.transcript.open & 1u << PROT_SPDM_TRANSCRIPT_L)) {
		fx.script_len = 0;
	}
	fx_say(&fx, q->bytes, q->len);
	if (is_about_something_else(q)) {
		fx_expect_error(&fx, PROT_SPDM_ERROR_INVALID_REQUEST, 0);
		return;
	}
	fx_expect(&fx, code & 0x7f);
	if (code == NEGOTIATE) {
		check_algorithms(recorded);
	}
	if (fx.r.state <= PROT_SPDM_STATE_NEGOTIATED && code >= 0x84 &&
	    code != GET_MEASUREMENTS) {
		fx_keep_vca(&fx);
	} else {
		fx_keep(&fx);
	}
	if (code == CHALLENGE) {
		fx_expect_signature(&fx, "responder-challenge_auth signing");
	} else if (code == GET_MEASUREMENTS && (q->bytes[2] & 1)) {
		fx_expect_signature(&fx, "responder-measurements signing");
	}
}

static void answer_recording(const char *path, enum prot_hash_alg hash)
{
	struct recording rec;
	size_t signatures = 0;

	fx_config(&fx);
	fx.cfg.version = 0x12;
	fx.cfg.base_hash[0] = hash;
	fx.cfg.measurement_hash = hash;
	fx_start(&fx, false);
	assert_true(recording_load(&rec, path));
	for (size_t i = 0; i + 1 < rec.count; i += 2) {
		const struct recorded_message *q = &rec.messages[i];

		if (q->mctp_type != RECORDING_TYPE_SPDM ||
		    q->bytes[1] == KEY_EXCHANGE ||
		    q->bytes[1] == PSK_EXCHANGE) {
			break;
		}
		answer(q, &rec.messages[i + 1]);
		signatures = fx.r.counters.signatures;
	}
	recording_free(&rec);
	assert_true(signatures >= 1);
	assert_int_equal(fx.r.state, PROT_SPDM_STATE_AUTHENTICATED);
}

static void test_responder__recorded_sha384__answered(void **s)
{
	(void)s;
	answer_recording(VECTORS_DIR "/spdm/v12-nomut-sha384.json",
			 PROT_HASH_SHA384);
}

static void test_responder__recorded_sha3_384__answered(void **s)
{
	(void)s;
	answer_recording(VECTORS_DIR "/spdm/v12-sha3_384.json",
			 PROT_HASH_SHA3_384);
}

/* A 1.3 requester that counts on a responder with several keys per slot. */
static void test_responder__recorded_multi_key__negotiation_refused(void **s)
{
	struct recording rec;

	(void)s;
	fx_init(&fx);
	assert_true(recording_load(&rec,
				   VECTORS_DIR "/spdm/v13-nomut-sha384.json"));
	for (size_t i = 0; i < 6; i += 2) {
		fx_say(&fx, rec.messages[i].bytes, rec.messages[i].len);
	}
	recording_free(&rec);
	fx_expect_error(&fx, PROT_SPDM_ERROR_INVALID_REQUEST, 0);
	assert_int_equal(fx.r.counters.last_refusal,
			 PROT_SPDM_REFUSAL_ALGORITHMS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_responder__recorded_sha384__answered),
		cmocka_unit_test(test_responder__recorded_sha3_384__answered),
		cmocka_unit_test(
			test_responder__recorded_multi_key__negotiation_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
