/* SPDX-License-Identifier: Apache-2.0 */
/* Ops that pend: ResponseNotReady and RESPOND_IF_READY. */

#include "spdm_rsp_fixture.h"

#include "test.h"

#define INVALID    0x01
#define BUSY       0x03
#define UNEXPECTED 0x04
#define NOT_READY  0x42

static struct fx fx;

static void start(uint32_t pend)
{
	fx_config(&fx);
	fx_start(&fx, true);
	fx_connect(&fx);
	fx.device.pend = pend;
}

static void expect_not_ready(uint8_t code, uint8_t token)
{
	fx_expect_error(&fx, NOT_READY, 0);
	assert_int_equal(fx.tx_len, 8);
	assert_int_equal(fx.tx[4], 12);
	assert_int_equal(fx.tx[5], code);
	assert_int_equal(fx.tx[6], token);
	assert_int_equal(fx.tx[7], 3);
}

static void test_responder__ops_pend__conversation(void **s)
{
	(void)s;
	for (uint32_t pend = 0; pend < 4; pend++) {
		fx_config(&fx);
		fx_start(&fx, true);
		fx.device.pend = pend;
		fx.fake.pend = pend;
		fx_converse(&fx);
		assert_int_equal(fx.r.counters.deferrals != 0, pend != 0);
	}
}

static void test_poll__pending_work__makes_progress(void **s)
{
	int polls = 0;

	(void)s;
	start(1);
	assert_int_equal(prot_spdm_responder_poll(&fx.r), PROT_OK);
	fx_challenge(&fx, 0, 0xff);
	expect_not_ready(0x83, 1);
	while (prot_spdm_responder_poll(&fx.r) == PROT_PENDING) {
		polls++;
	}
	assert_true(polls > 10);
	SAY(&fx, 0x13, 0xff, 0x83, 1);
	fx_expect(&fx, 0x03);
	assert_int_equal(fx.r.state, PROT_SPDM_STATE_AUTHENTICATED);
	/* Collected once. */
	SAY(&fx, 0x13, 0xff, 0x83, 1);
	fx_expect_error(&fx, UNEXPECTED, 0);
}

static void test_poll__without_deferral__ok(void **s)
{
	(void)s;
	fx_init(&fx);
	assert_int_equal(prot_spdm_responder_poll(&fx.r), PROT_OK);
}

static void test_collect__wrong_code_or_token__invalid(void **s)
{
	(void)s;
	start(1);
	SAY(&fx, 0x13, 0x81, 0, 0);
	expect_not_ready(0x81, 1);
	SAY(&fx, 0x13, 0xff, 0x82, 1);
	fx_expect_error(&fx, INVALID, 0);
	assert_int_equal(fx.r.counters.last_refusal, PROT_SPDM_REFUSAL_TOKEN);
	SAY(&fx, 0x13, 0xff, 0x81, 2);
	fx_expect_error(&fx, INVALID, 0);
	SAY(&fx, 0x12, 0xff, 0x81, 1);
	fx_expect_error(&fx, 0x41, 0);
	SAY(&fx, 0x13, 0xff, 0x81);
	assert_int_equal(fx.tx_len, 0);
	fx.device.pend = 0;
	SAY(&fx, 0x13, 0xff, 0x81, 1);
	fx_expect(&fx, 0x01);
}

static void test_collect__still_pending__same_token(void **s)
{
	(void)s;
	start(5);
	SAY(&fx, 0x13, 0x81, 0, 0);
	for (int i = 0; i < 3; i++) {
		expect_not_ready(0x81, 1);
		SAY(&fx, 0x13, 0xff, 0x81, 1);
	}
	assert_int_equal(fx.r.counters.deferrals, 4);
	assert_int_equal(fx.r.counters.errors, 0);
}

static void test_collect__refused_later__error(void **s)
{
	(void)s;
	start(1);
	fx_get_measurements(&fx, 0, 3, 0);
	expect_not_ready(0xe0, 1);
	fx_collect(&fx);
	fx_expect_error(&fx, INVALID, 0);
	assert_int_equal(fx.r.counters.last_refusal, PROT_SPDM_REFUSAL_INDEX);
	/* The deferral is free again. */
	fx.device.pend = 0;
	fx_get_measurements(&fx, 0, 4, 0);
	fx_expect(&fx, 0x60);
}

static void test_collect__smaller_tx__too_large(void **s)
{
	uint8_t rx[] = {0x13, 0xff, 0x81, 1};
	struct prot_spdm_io io = {
		.rx = rx, .rx_len = sizeof(rx), .tx = fx.tx, .tx_cap = 99};

	(void)s;
	start(1);
	SAY(&fx, 0x13, 0x81, 0, 0);
	fx.device.pend = 0;
	assert_int_equal(prot_spdm_responder_poll(&fx.r), PROT_OK);
	assert_int_equal(prot_spdm_responder_handle(&fx.r, &io, &fx.tx_len, 0),
			 PROT_OK);
	fx_expect_error(&fx, 0x0d, 0);
	assert_int_equal(fx.tx[4], 100);
}

static void test_token__each_deferral__another(void **s)
{
	(void)s;
	start(1);
	for (uint8_t token = 1; token < 4; token++) {
		SAY(&fx, 0x13, 0x81, 0, 0);
		expect_not_ready(0x81, token);
		fx_collect(&fx);
		fx_expect(&fx, 0x01);
	}
}

static void test_handle__same_request_again__same_not_ready(void **s)
{
	(void)s;
	start(1);
	SAY(&fx, 0x13, 0x81, 0, 0);
	expect_not_ready(0x81, 1);
	SAY(&fx, 0x13, 0x81, 0, 0);
	expect_not_ready(0x81, 1);
	while (prot_spdm_responder_poll(&fx.r) == PROT_PENDING) {
	}
	SAY(&fx, 0x13, 0x81, 0, 0);
	expect_not_ready(0x81, 1);
	fx_collect(&fx);
	fx_expect(&fx, 0x01);
}

static void test_handle__other_request__busy_until_expiry(void **s)
{
	/* WTMax is 3 * 2^12 us = 12.3 ms. */
	(void)s;
	start(1);
	fx.now_ms = 1000;
	SAY(&fx, 0x13, 0x81, 0, 0);
	expect_not_ready(0x81, 1);
	fx.now_ms += 13;
	fx_get_measurements(&fx, 0, 0, 0);
	fx_expect_error(&fx, BUSY, 0);
	fx.now_ms += 12;
	/* The op is called to its end before the memory is used again. */
	fx.device.pend = 3;
	fx_get_measurements(&fx, 0, 0, 0);
	fx_expect_error(&fx, BUSY, 0);
	SAY(&fx, 0x13, 0xff, 0x81, 1);
	fx_expect_error(&fx, UNEXPECTED, 0);
	fx.device.pend = 0;
	fx_get_measurements(&fx, 0, 0, 0);
	fx_expect(&fx, 0x60);
	assert_false(fx.device.misused);
}

static void test_handle__other_request_after_expiry_of_reply__answered(void **s)
{
	(void)s;
	start(1);
	SAY(&fx, 0x13, 0x81, 0, 0);
	while (prot_spdm_responder_poll(&fx.r) == PROT_PENDING) {
	}
	fx.device.pend = 0;
	fx_get_measurements(&fx, 0, 0, 0);
	fx_expect_error(&fx, BUSY, 0);
	fx.now_ms = 1000;
	fx_get_measurements(&fx, 0, 0, 0);
	fx_expect(&fx, 0x60);
}

static void test_handle__get_version_while_pending__starts_anew(void **s)
{
	(void)s;
	for (uint32_t polls = 0; polls < 3; polls++) {
		start(2);
		fx.fake.pend = 1;
		fx_challenge(&fx, 0, 0xff);
		expect_not_ready(0x83, 1);
		for (uint32_t i = 0; i < polls; i++) {
			assert_int_equal(prot_spdm_responder_poll(&fx.r),
					 PROT_PENDING);
		}
		fx_connect(&fx);
		/* The late end of the abandoned work changes nothing. */
		while (prot_spdm_responder_poll(&fx.r) == PROT_PENDING) {
		}
		assert_int_equal(fx.r.state, PROT_SPDM_STATE_NEGOTIATED);
		fx_converse(&fx);
	}
}

static void test_handle__get_version_while_signing__signature_not_used(void **s)
{
	(void)s;
	fx_config(&fx);
	fx_start(&fx, true);
	fx_connect(&fx);
	fx.fake.pend = 50;
	fx_challenge(&fx, 0, 0);
	expect_not_ready(0x83, 1);
	fx_connect(&fx);
	/* Work that needs the memory waits; negotiation did not. */
	SAY(&fx, 0x13, 0x81, 0, 0);
	fx_expect_error(&fx, BUSY, 0);
	while (prot_spdm_responder_poll(&fx.r) == PROT_PENDING) {
	}
	assert_int_equal(fx.r.counters.signatures, 0);
	assert_int_equal(fx.r.state, PROT_SPDM_STATE_NEGOTIATED);
	fx.fake.pend = 0;
	fx_converse(&fx);
}

static void test_handle__get_version_with_reply_ready__starts_anew(void **s)
{
	(void)s;
	start(1);
	SAY(&fx, 0x13, 0x81, 0, 0);
	while (prot_spdm_responder_poll(&fx.r) == PROT_PENDING) {
	}
	fx_connect(&fx);
	SAY(&fx, 0x13, 0xff, 0x81, 1);
	fx_expect_error(&fx, UNEXPECTED, 0);
}

static void test_reset__while_pending__op_is_finished_first(void **s)
{
	(void)s;
	start(3);
	SAY(&fx, 0x13, 0x81, 0, 0);
	prot_spdm_responder_reset(&fx.r);
	assert_int_equal(prot_spdm_responder_poll(&fx.r), PROT_PENDING);
	fx_converse(&fx);
}

/* One of the requests that may be deferred. */
static void say_deferrable(unsigned which)
{
	switch (which) {
	case 0:
		SAY(&fx, 0x13, 0x81, 0, 0);
		break;
	case 1:
		fx_get_certificate(&fx, 0, 3, 400);
		break;
	case 2:
		fx_challenge(&fx, 0, 0xff);
		break;
	default:
		fx_get_measurements(&fx, 1, 0xff, 0);
		break;
	}
}

static void
test_reset__at_any_point_of_deferred_work__op_called_to_its_end(void **s)
{
	(void)s;
	for (unsigned which = 0; which < 4; which++) {
		unsigned polls = 0;
		bool over;

		do {
			start(2);
			fx.fake.pend = 2;
			say_deferrable(which);
			over = false;
			for (unsigned i = 0; i < polls && !over; i++) {
				over = prot_spdm_responder_poll(&fx.r) ==
				       PROT_OK;
			}
			/* Another hash, too. */
			prot_spdm_responder_reset(&fx.r);
			SAY(&fx, 0x10, 0x84, 0, 0);
			fx_get_capabilities(&fx, 0, 2048);
			fx_negotiate(&fx, 1u << 7, 1u << 2);
			fx_expect(&fx, 0x63);
			for (unsigned i = 0; i < 3; i++) {
				(void)prot_spdm_responder_poll(&fx.r);
			}
			assert_int_equal(prot_spdm_responder_poll(&fx.r),
					 PROT_OK);
			assert_false(fx.device.misused);
			assert_false(fx.fake.misused);
			assert_ptr_equal(fx.device.pending_op, NULL);
			assert_int_equal(fx.r.transcript.open, 0);
			polls++;
		} while (!over);
		assert_true(polls > 4);
	}
}

static void test_deferral__request_longer_than_memory__cut(void **s)
{
	(void)s;
	start(1);
	fx.padding = 100;
	fx_challenge(&fx, 0, 0);
	fx_collect(&fx);
	fx_expect(&fx, 0x03);
	fx_keep(&fx);
	fx_expect_signature(&fx, "responder-challenge_auth signing");
}

static void test_deferral__small_memory__limits_reply(void **s)
{
	(void)s;
	fx_config(&fx);
	fx_start(&fx, true);
	fx.deferral.cap = 99;
	fx_connect(&fx);
	SAY(&fx, 0x13, 0x81, 0, 0);
	fx_expect_error(&fx, 0x0d, 0);
	assert_int_equal(fx.tx[4], 100);
	fx_get_certificate(&fx, 0, 0, 0xffff);
	fx_expect(&fx, 0x02);
	assert_int_equal(fx.tx_len, 99);
}

static void test_deferral__any_op_fails_after_pending__unspecified(void **s)
{
	(void)s;
	for (uint32_t n = 1; n < 200; n++) {
		start(1);
		fx.fake.pend = 1;
		fx.device.calls = 0;
		fx.device.fail_at = n;
		fx_challenge(&fx, 0, 0xff);
		fx_collect(&fx);
		if (fx.device.calls < n) {
			assert_true(n > 50);
			fx_expect(&fx, 0x03);
			return;
		}
		fx_expect_error(&fx, 0x05, 0);
	}
	fail();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_responder__ops_pend__conversation),
		cmocka_unit_test(test_poll__pending_work__makes_progress),
		cmocka_unit_test(test_poll__without_deferral__ok),
		cmocka_unit_test(test_collect__wrong_code_or_token__invalid),
		cmocka_unit_test(test_collect__still_pending__same_token),
		cmocka_unit_test(test_collect__refused_later__error),
		cmocka_unit_test(test_collect__smaller_tx__too_large),
		cmocka_unit_test(test_token__each_deferral__another),
		cmocka_unit_test(
			test_handle__same_request_again__same_not_ready),
		cmocka_unit_test(test_handle__other_request__busy_until_expiry),
		cmocka_unit_test(
			test_handle__other_request_after_expiry_of_reply__answered),
		cmocka_unit_test(
			test_handle__get_version_while_pending__starts_anew),
		cmocka_unit_test(
			test_handle__get_version_while_signing__signature_not_used),
		cmocka_unit_test(
			test_handle__get_version_with_reply_ready__starts_anew),
		cmocka_unit_test(
			test_reset__while_pending__op_is_finished_first),
		cmocka_unit_test(
			test_reset__at_any_point_of_deferred_work__op_called_to_its_end),
		cmocka_unit_test(
			test_deferral__request_longer_than_memory__cut),
		cmocka_unit_test(test_deferral__small_memory__limits_reply),
		cmocka_unit_test(
			test_deferral__any_op_fails_after_pending__unspecified),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
