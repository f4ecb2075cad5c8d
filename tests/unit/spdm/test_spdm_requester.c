/* SPDX-License-Identifier: Apache-2.0 */
/* Whole exchanges with recorded responders, and what a config may say. */
#include <string.h>

#include "req_fixture.h"
#include "test.h"

static struct fixture fx;

static int teardown(void **state)
{
	(void)state;
	fixture_free(&fx);
	return 0;
}

static int setup_13(void **state)
{
	(void)state;
	fixture_init(&fx, "v13-nomut-sha384");
	return 0;
}

static int setup_12(void **state)
{
	(void)state;
	fixture_init(&fx, "v12-nomut-sha384");
	return 0;
}

static int setup_sha3(void **state)
{
	(void)state;
	fixture_init(&fx, "v12-sha3_384");
	fx.cfg.offer.hashes = 1u << PROT_HASH_SHA3_384;
	return 0;
}

static void expect_all_verdicts_good(void)
{
	for (unsigned i = 0; i < PROT_SPDM_DECIDE_SUMMARY; i++) {
		assert_int_equal(fx.q.result.verdict[i].status, PROT_OK);
		assert_int_equal(fx.q.result.verdict[i].reason,
				 PROT_SPDM_REASON_NONE);
	}
}

static void run_recording(void)
{
	const struct prot_spdm_result *r = prot_spdm_requester_result(&fx.q);

	fixture_before(&fx, OP_MEASUREMENTS);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
	expect_all_verdicts_good();
	assert_int_equal(r->block_count, 8);
	assert_true(r->all);
	assert_int_equal(prot_spdm_requester_check_summary(&fx.q, NULL),
			 PROT_OK);
	assert_int_equal(r->verdict[PROT_SPDM_DECIDE_SUMMARY].status, PROT_OK);
}

static void test_requester__recorded_1_3__same_requests_all_verified(void **s)
{
	const struct prot_spdm_result *r = prot_spdm_requester_result(&fx.q);

	(void)s;
	run_recording();
	assert_int_equal(r->version, PROT_SPDM_VERSION_13);
	assert_true(r->multi_key);
	assert_int_equal(r->provisioned_slots, 0x13);
	assert_int_equal(r->supported_slots, 0x13);
	assert_int_equal(fx.slots[1].info.key_pair_id, 5);
	assert_int_equal(fx.slots[4].info.key_pair_id, 13);
	assert_int_equal(fx.slots[4].info.certificate_info, 1);
	assert_int_equal(fx.slots[4].info.key_usage, 0x000f);
	assert_int_equal(r->algorithms.base_hash, PROT_HASH_SHA384);
	assert_int_equal(r->algorithms.base_asym, PROT_ASYM_ECDSA_P384);
	assert_int_equal(r->algorithms.measurement_hash, PROT_HASH_SHA384);
	assert_int_equal(r->content_changed, PROT_SPDM_CONTENT_UNCHANGED);
}

static void test_requester__recorded_1_2__same_requests_all_verified(void **s)
{
	(void)s;
	run_recording();
	assert_int_equal(fx.q.result.version, PROT_SPDM_VERSION_12);
	assert_false(fx.q.result.multi_key);
}

static void test_requester__recorded_sha3__same_requests_all_verified(void **s)
{
	(void)s;
	run_recording();
	assert_int_equal(fx.q.result.algorithms.base_hash, PROT_HASH_SHA3_384);
}

/* Every crypto op pends three times: the step says so, the result is same. */
static void test_step__crypto_pends__continued_by_ticks(void **s)
{
	(void)s;
	fx.pend = 3;
	run_recording();
	assert_true(fx.verifications > 0);
}

static void test_step__no_operation__state_error(void **s)
{
	(void)s;
	assert_int_equal(fixture_step(&fx, NULL, 0), PROT_ERR_STATE);
	assert_null(fx.out.msg);
}

static void test_start__out_of_order__state_error(void **s)
{
	const struct prot_spdm_measurements_query count = {0};
	const struct prot_spdm_measurements_query sign = {.sign = true};
	struct prot_spdm_requester *q = &fx.q;

	(void)s;
	assert_int_equal(prot_spdm_requester_get_digests(q), PROT_ERR_STATE);
	assert_int_equal(prot_spdm_requester_get_certificate(q, 0),
			 PROT_ERR_STATE);
	assert_int_equal(
		prot_spdm_requester_challenge(q, 0, PROT_SPDM_SUMMARY_NONE),
		PROT_ERR_STATE);
	assert_int_equal(prot_spdm_requester_get_measurements(q, &count),
			 PROT_ERR_STATE);
	fixture_before(&fx, OP_DIGESTS);
	/* One operation at a time. */
	assert_int_equal(prot_spdm_requester_connect(q), PROT_ERR_STATE);
	assert_int_equal(prot_spdm_requester_get_digests(q), PROT_ERR_STATE);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
	/* No chain was fetched: there is no key to check a signature with. */
	assert_int_equal(
		prot_spdm_requester_challenge(q, 0, PROT_SPDM_SUMMARY_NONE),
		PROT_ERR_STATE);
	assert_int_equal(prot_spdm_requester_get_measurements(q, &sign),
			 PROT_ERR_STATE);
	assert_int_equal(prot_spdm_requester_check_summary(q, NULL),
			 PROT_ERR_STATE);
}

static void test_start__value_out_of_range__arg_error(void **s)
{
	struct prot_spdm_requester *q = &fx.q;

	(void)s;
	fixture_before(&fx, OP_CHALLENGE);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
	assert_int_equal(prot_spdm_requester_get_certificate(q, 8),
			 PROT_ERR_ARG);
	assert_int_equal(
		prot_spdm_requester_challenge(q, 8, PROT_SPDM_SUMMARY_NONE),
		PROT_ERR_ARG);
	assert_int_equal(
		prot_spdm_requester_challenge(q, 0, (enum prot_spdm_summary)2),
		PROT_ERR_ARG);
	/* A summary of the TCB needs to be told what the TCB is. */
	q->result.summary_type = PROT_SPDM_SUMMARY_TCB;
	q->result.all = true;
	q->result.record.len = 1;
	assert_int_equal(prot_spdm_requester_check_summary(q, NULL),
			 PROT_ERR_ARG);
}

static void test_start__capability_missing__unsupported(void **s)
{
	const struct prot_spdm_measurements_query sign = {.sign = true};
	const struct prot_spdm_measurements_query fresh = {.fresh = true};
	struct prot_spdm_requester *q = &fx.q;

	(void)s;
	fixture_before(&fx, OP_CHALLENGE);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
	/* A 1.2 connection does not know "new measurement requested". */
	assert_int_equal(prot_spdm_requester_get_measurements(q, &fresh),
			 PROT_ERR_UNSUPPORTED);
	q->result.flags &= ~PROT_SPDM_CAP_MEAS_SIG;
	q->result.flags |= PROT_SPDM_CAP_MEAS_NO_SIG;
	assert_int_equal(prot_spdm_requester_get_measurements(q, &sign),
			 PROT_ERR_UNSUPPORTED);
	q->result.flags = 0;
	assert_int_equal(prot_spdm_requester_get_digests(q),
			 PROT_ERR_UNSUPPORTED);
	assert_int_equal(
		prot_spdm_requester_challenge(q, 0, PROT_SPDM_SUMMARY_NONE),
		PROT_ERR_UNSUPPORTED);
	q->result.flags = PROT_SPDM_CAP_CHAL;
	assert_int_equal(
		prot_spdm_requester_challenge(q, 0, PROT_SPDM_SUMMARY_ALL),
		PROT_ERR_UNSUPPORTED);
}

/* KeyUsageMask: the key of slot 0 is for everything, until it is not. */
static void test_start__key_for_another_use__unsupported(void **s)
{
	const struct prot_spdm_measurements_query sign = {.sign = true};
	struct prot_spdm_requester *q = &fx.q;

	(void)s;
	fixture_before(&fx, OP_CHALLENGE);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
	fx.slots[0].info.key_usage = 0x000d;
	assert_int_equal(
		prot_spdm_requester_challenge(q, 0, PROT_SPDM_SUMMARY_NONE),
		PROT_ERR_UNSUPPORTED);
	fx.slots[0].info.key_usage = 0x000b;
	assert_int_equal(prot_spdm_requester_get_measurements(q, &sign),
			 PROT_ERR_UNSUPPORTED);
	fx.slots[0].info.key_usage = 0x0002;
	assert_int_equal(
		prot_spdm_requester_challenge(q, 0, PROT_SPDM_SUMMARY_NONE),
		PROT_OK);
}

static void test_connect__again__forgets_the_responder(void **s)
{
	(void)s;
	fixture_before(&fx, OP_CHALLENGE);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
	assert_int_equal(fx.slots[0].key_alg, PROT_ASYM_ECDSA_P384);
	fx.at = 0;
	assert_int_equal(fixture_start(&fx, OP_CONNECT), PROT_OK);
	assert_int_equal(fx.slots[0].key_alg, PROT_ASYM_NONE);
	assert_int_equal(fx.q.result.version, 0);
	assert_int_equal(
		fx.q.result.verdict[PROT_SPDM_DECIDE_CHALLENGE_SIGNATURE]
			.status,
		PROT_PENDING);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
	assert_int_equal(
		prot_spdm_requester_challenge(&fx.q, 0, PROT_SPDM_SUMMARY_NONE),
		PROT_ERR_STATE);
}

static void test_cancel__while_waiting__ends_at_once(void **s)
{
	(void)s;
	fixture_before(&fx, OP_DIGESTS);
	fixture_until(&fx, SPDM_GET_DIGESTS);
	prot_spdm_requester_cancel(&fx.q);
	fixture_expect(&fx, PROT_ERR_CANCELLED, PROT_SPDM_REASON_LOCAL);
	assert_int_equal(fixture_step(&fx, NULL, 0), PROT_ERR_STATE);
	/* The same operation can be started anew. */
	assert_int_equal(fixture_start(&fx, OP_DIGESTS), PROT_OK);
	assert_int_equal(fixture_finish(&fx), PROT_OK);
}

static void test_cancel__while_crypto_pends__ends_when_it_is_done(void **s)
{
	const struct recorded_message *m;

	(void)s;
	fixture_before(&fx, OP_CHALLENGE);
	fixture_until(&fx, SPDM_CHALLENGE);
	m = fixture_response(&fx);
	fx.pend = 2;
	assert_int_equal(fixture_step(&fx, m->bytes, m->len), PROT_PENDING);
	assert_int_equal(fx.out.wake_ms, fx.now_ms);
	prot_spdm_requester_cancel(&fx.q);
	assert_int_equal(fixture_step(&fx, NULL, 0), PROT_PENDING);
	assert_int_equal(fixture_step(&fx, NULL, 0), PROT_ERR_CANCELLED);
	fixture_expect(&fx, PROT_ERR_CANCELLED, PROT_SPDM_REASON_LOCAL);
}

static void test_init__each_bad_config__arg_error(void **s)
{
	const struct prot_spdm_requester_config good = fx.cfg;
	struct prot_spdm_requester_config *c = &fx.cfg;

	(void)s;
#define BAD(change)                                                            \
	do {                                                                   \
		*c = good;                                                     \
		change;                                                        \
		assert_int_equal(prot_spdm_requester_init(&fx.q, c),           \
				 PROT_ERR_ARG);                                \
	} while (0)
	BAD(c->crypto.ops = NULL);
	BAD(c->chain_check = NULL);
	BAD(c->anchors = NULL);
	BAD(c->slots = NULL);
	BAD(c->slot_count = 0);
	BAD(c->slot_count = 9);
	BAD(c->tx = NULL);
	BAD(c->tx_cap = PROT_SPDM_REQUESTER_TX_MIN - 1);
	BAD(c->chain = NULL);
	BAD(c->chain_cap = 0);
	BAD(c->max_message = 41);
	BAD(c->version_min = PROT_SPDM_VERSION_11);
	BAD(c->version_max = 0x14);
	BAD((c->version_min = PROT_SPDM_VERSION_13,
	     c->version_max = PROT_SPDM_VERSION_12));
	BAD(c->ct_exponent = 32);
	BAD(c->max_wait_ms = 0);
	BAD(c->offer.hashes = 1u << PROT_HASH_COUNT);
	BAD(c->offer.asyms = 1u << PROT_ASYM_COUNT);
#undef BAD
	*c = good;
	assert_int_equal(prot_spdm_requester_init(NULL, c), PROT_ERR_ARG);
	assert_int_equal(prot_spdm_requester_init(&fx.q, NULL), PROT_ERR_ARG);
	assert_int_equal(prot_spdm_requester_init(&fx.q, c), PROT_OK);
}

int main(void)
{
#define TEST(name, setup) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_requester__recorded_1_3__same_requests_all_verified,
		     setup_13),
		TEST(test_requester__recorded_1_2__same_requests_all_verified,
		     setup_12),
		TEST(test_requester__recorded_sha3__same_requests_all_verified,
		     setup_sha3),
		TEST(test_step__crypto_pends__continued_by_ticks, setup_13),
		TEST(test_step__no_operation__state_error, setup_13),
		TEST(test_start__out_of_order__state_error, setup_13),
		TEST(test_start__value_out_of_range__arg_error, setup_13),
		TEST(test_start__capability_missing__unsupported, setup_12),
		TEST(test_start__key_for_another_use__unsupported, setup_13),
		TEST(test_connect__again__forgets_the_responder, setup_13),
		TEST(test_cancel__while_waiting__ends_at_once, setup_13),
		TEST(test_cancel__while_crypto_pends__ends_when_it_is_done,
		     setup_13),
		TEST(test_init__each_bad_config__arg_error, setup_13),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
