/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our requester against our responder: every version, hash and curve, the
 * fake provider and wolfCrypt, crypto ops that pend, small buffers, lost
 * messages. The certificates are not X.509: the path is trusted here.
 */
#include <stdlib.h>
#include <string.h>

#include <prot/crypto_wolfcrypt.h>
#include <prot/spdm/measurement.h>
#include <prot/spdm/requester.h>

#include "spdm_rsp_fixture.h"
#include "test.h"

#define WOLFCRYPT_KEYS 4

struct loop {
	struct fx fx; /* responder */
	struct prot_wolfcrypt wolfcrypt;
	struct prot_wolfcrypt_key keys[WOLFCRYPT_KEYS];

	struct prot_spdm_requester q;
	struct prot_spdm_requester_config cfg;
	struct prot_spdm_slot slots[PROT_SPDM_SLOT_COUNT];
	struct prot_crypto_fake fake; /* of the requester */
	uint8_t tx[PROT_SPDM_REQUESTER_TX_MIN];
	uint8_t chain[1024];
	uint8_t rx[2048];
	struct prot_spdm_output out;
	unsigned lose_request;  /* the n-th message to the responder, from 1 */
	unsigned lose_response; /* likewise the other way */
	unsigned sent;
};

static struct loop loop;

/* The key of the slot that the chain came from. */
static enum prot_status trust_path(const struct prot_crypto *crypto,
				   const struct prot_chain_query *query,
				   struct prot_chain_result *result)
{
	static uint8_t key[PROT_PUBLIC_KEY_MAX];
	const struct prot_crypto *theirs = &loop.fx.cfg.crypto;
	enum prot_status st;

	(void)crypto;
	assert_int_equal(query->purpose, PROT_CHAIN_SPDM_RESPONDER);
	assert_int_equal(query->leaf_alg, loop.fx.cfg.base_asym[0]);
	do {
		st = theirs->ops->key_public(
			theirs->ctx, loop.fx.device.key[loop.q.result.slot],
			key);
	} while (st == PROT_PENDING);
	assert_int_equal(st, PROT_OK);
	result->leaf.key.alg = query->leaf_alg;
	result->leaf.key.bytes = key;
	return PROT_OK;
}

static void start(const struct fx *change, bool wolfcrypt, bool deferral)
{
	struct loop *l = &loop;

	memset(l, 0, sizeof(*l));
	fx_config(&l->fx);
	l->fx.cfg.version = change->cfg.version;
	memcpy(l->fx.cfg.base_hash, change->cfg.base_hash,
	       sizeof(l->fx.cfg.base_hash));
	memcpy(l->fx.cfg.base_asym, change->cfg.base_asym,
	       sizeof(l->fx.cfg.base_asym));
	l->fx.cfg.measurement_hash = change->cfg.base_hash[0];
	if (wolfcrypt) {
		assert_int_equal(prot_wolfcrypt_init(&l->wolfcrypt, l->keys,
						     WOLFCRYPT_KEYS),
				 PROT_OK);
		l->fx.cfg.crypto = prot_wolfcrypt_crypto(&l->wolfcrypt);
	}
	fx_start(&l->fx, deferral);
	l->cfg = (struct prot_spdm_requester_config){
		.crypto = wolfcrypt ? l->fx.cfg.crypto
				    : prot_crypto_fake_crypto(&l->fake),
		.chain_check = trust_path,
		.slots = l->slots,
		.slot_count = PROT_SPDM_SLOT_COUNT,
		.tx = l->tx,
		.tx_cap = sizeof(l->tx),
		.chain = l->chain,
		.chain_cap = sizeof(l->chain),
		.max_message = sizeof(l->rx),
		.version_min = PROT_SPDM_VERSION_12,
		.version_max = PROT_SPDM_VERSION_13,
		.offer = {.opaque_formats = 2},
		.rtt_ms = 5,
		.max_wait_ms = 100,
		.busy_wait_ms = 5,
		.retries = 5,
	};
	assert_int_equal(prot_spdm_requester_init(&l->q, &l->cfg), PROT_OK);
}

static enum prot_status deliver(struct loop *l)
{
	const uint8_t *msg = NULL;

	l->sent++;
	if (l->sent != l->lose_request) {
		fx_say(&l->fx, l->out.msg, l->out.len);
		if (l->sent != l->lose_response) {
			memcpy(l->rx, l->fx.tx, l->fx.tx_len);
			msg = l->rx;
		}
	}
	return prot_spdm_requester_step(&l->q, msg, l->fx.tx_len, l->fx.now_ms,
					&l->out);
}

/* Run the operation that was started, as its caller would. */
static enum prot_status finish(void)
{
	struct loop *l = &loop;
	enum prot_status st;

	st = prot_spdm_requester_step(&l->q, NULL, 0, l->fx.now_ms, &l->out);
	for (unsigned i = 0; st == PROT_PENDING && i < 1000; i++) {
		if (l->out.msg) {
			st = deliver(l);
			continue;
		}
		assert_true(l->out.wake_ms != UINT64_MAX);
		if (l->out.wake_ms > l->fx.now_ms) {
			l->fx.now_ms = l->out.wake_ms;
		}
		st = prot_spdm_requester_step(&l->q, NULL, 0, l->fx.now_ms,
					      &l->out);
	}
	return st;
}

static enum prot_status measure(uint8_t operation, bool sign, bool raw)
{
	const struct prot_spdm_measurements_query query = {
		.operation = operation, .sign = sign, .raw = raw};

	assert_int_equal(prot_spdm_requester_get_measurements(&loop.q, &query),
			 PROT_OK);
	return finish();
}

static void authenticate(uint8_t slot, enum prot_spdm_summary summary)
{
	assert_int_equal(prot_spdm_requester_connect(&loop.q), PROT_OK);
	assert_int_equal(finish(), PROT_OK);
	assert_int_equal(prot_spdm_requester_get_digests(&loop.q), PROT_OK);
	assert_int_equal(finish(), PROT_OK);
	assert_int_equal(prot_spdm_requester_get_certificate(&loop.q, slot),
			 PROT_OK);
	assert_int_equal(finish(), PROT_OK);
	assert_int_equal(prot_spdm_requester_challenge(&loop.q, slot, summary),
			 PROT_OK);
	assert_int_equal(finish(), PROT_OK);
}

/* Each measurement by itself, then all, under one signature. */
static void attest(void)
{
	static const uint8_t tcb[32] = {0x06}; /* 1 and 2, see the fixture */
	const struct prot_spdm_result *r = prot_spdm_requester_result(&loop.q);

	authenticate(0, PROT_SPDM_SUMMARY_ALL);
	assert_int_equal(measure(PROT_SPDM_MEASUREMENTS_COUNT, false, false),
			 PROT_OK);
	assert_int_equal(r->index_count, 4);
	assert_int_equal(measure(2, false, true), PROT_OK);
	assert_int_equal(r->block_count, 1);
	assert_int_equal(measure(PROT_SPDM_MEASUREMENTS_ALL, true, false),
			 PROT_OK);
	assert_int_equal(r->block_count, 4);
	assert_int_equal(prot_spdm_requester_check_summary(&loop.q, NULL),
			 PROT_OK);
	authenticate(2, PROT_SPDM_SUMMARY_TCB);
	assert_int_equal(measure(PROT_SPDM_MEASUREMENTS_ALL, false, false),
			 PROT_OK);
	assert_int_equal(prot_spdm_requester_check_summary(&loop.q, tcb),
			 PROT_OK);
}

static void with_algorithms(unsigned hash, unsigned variant, bool wolfcrypt,
			    bool deferral)
{
	struct fx change = {0};

	change.cfg.version =
		variant & 1 ? PROT_SPDM_VERSION_12 : PROT_SPDM_VERSION_13;
	change.cfg.base_hash[0] = (enum prot_hash_alg)hash;
	change.cfg.base_asym[0] =
		variant & 2 ? PROT_ASYM_ECDSA_P256 : PROT_ASYM_ECDSA_P384;
	start(&change, wolfcrypt, deferral);
	loop.fx.fake.pend = deferral ? 2 : 0;
	loop.fake.pend = deferral ? 3 : 0;
	attest();
	assert_false(loop.fx.fake.misused);
	assert_false(loop.fake.misused);
	if (wolfcrypt) {
		prot_wolfcrypt_free(&loop.wolfcrypt);
	}
}

static void over_all_algorithms(bool wolfcrypt, bool deferral)
{
	for (unsigned alg = 1; alg < PROT_HASH_COUNT; alg++) {
		for (unsigned variant = 0; variant < 4; variant++) {
			with_algorithms(alg, variant, wolfcrypt, deferral);
		}
	}
}

static void test_loopback__all_algorithms_fake__attested(void **s)
{
	(void)s;
	over_all_algorithms(false, false);
}

static void test_loopback__both_sides_pend__attested(void **s)
{
	(void)s;
	over_all_algorithms(false, true);
}

static void test_loopback__all_algorithms_wolfcrypt__attested(void **s)
{
	(void)s;
	over_all_algorithms(true, false);
}

static void start_default(void)
{
	struct fx change;

	fx_config(&change);
	start(&change, false, false);
}

static void test_loopback__small_messages__chain_in_portions(void **s)
{
	(void)s;
	start_default();
	loop.cfg.max_message = 300;
	authenticate(0, PROT_SPDM_SUMMARY_NONE);
	assert_true(loop.sent > 5);
	/* All measurements are more than fits: the responder says so. */
	assert_int_equal(measure(PROT_SPDM_MEASUREMENTS_ALL, true, true),
			 PROT_ERR_REFUSED);
	assert_int_equal(loop.q.result.error_code,
			 PROT_SPDM_ERROR_RESPONSE_TOO_LARGE);
}

/* Until the first operation that fails. */
static enum prot_status try_everything(void)
{
	struct prot_spdm_requester *q = &loop.q;
	enum prot_status st;

	assert_int_equal(prot_spdm_requester_connect(q), PROT_OK);
	st = finish();
	if (st == PROT_OK) {
		assert_int_equal(prot_spdm_requester_get_digests(q), PROT_OK);
		st = finish();
	}
	if (st == PROT_OK) {
		assert_int_equal(prot_spdm_requester_get_certificate(q, 0),
				 PROT_OK);
		st = finish();
	}
	if (st == PROT_OK) {
		assert_int_equal(prot_spdm_requester_challenge(
					 q, 0, PROT_SPDM_SUMMARY_NONE),
				 PROT_OK);
		st = finish();
	}
	return st == PROT_OK ? measure(PROT_SPDM_MEASUREMENTS_ALL, true, false)
			     : st;
}

/* Any one message may get lost: never a wrong verdict, and mostly a right one.
 */
static void test_loopback__each_message_lost__trusted_or_undecided(void **s)
{
	unsigned trusted = 0;

	(void)s;
	for (unsigned n = 1; n <= 14; n++) {
		enum prot_status st;

		start_default();
		loop.lose_request = n % 2 ? n / 2 + 1 : 0;
		loop.lose_response = n % 2 ? 0 : n / 2;
		st = try_everything();
		trusted += st == PROT_OK;
		assert_true(st == PROT_OK || st == PROT_ERR_TIMEOUT ||
			    (st == PROT_ERR_REFUSED &&
			     loop.q.result.error_code ==
				     PROT_SPDM_ERROR_UNEXPECTED_REQUEST));
	}
	assert_true(trusted >= 9); /* at least every lost request */
}

static void test_loopback__empty_slot__refused(void **s)
{
	(void)s;
	start_default();
	authenticate(0, PROT_SPDM_SUMMARY_NONE);
	assert_int_equal(
		prot_spdm_requester_get_certificate(&loop.q, FX_SLOT_EMPTY),
		PROT_OK);
	assert_int_equal(finish(), PROT_ERR_REFUSED);
	assert_int_equal(loop.q.result.error_code,
			 PROT_SPDM_ERROR_INVALID_REQUEST);
}

static void test_loopback__other_version_only__unsupported(void **s)
{
	(void)s;
	start_default();
	loop.cfg.version_max = PROT_SPDM_VERSION_12;
	assert_int_equal(prot_spdm_requester_connect(&loop.q), PROT_OK);
	assert_int_equal(finish(), PROT_ERR_UNSUPPORTED);
	assert_int_equal(loop.q.result.reason,
			 PROT_SPDM_REASON_NO_COMMON_VERSION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loopback__all_algorithms_fake__attested),
		cmocka_unit_test(test_loopback__both_sides_pend__attested),
		cmocka_unit_test(
			test_loopback__all_algorithms_wolfcrypt__attested),
		cmocka_unit_test(
			test_loopback__small_messages__chain_in_portions),
		cmocka_unit_test(
			test_loopback__each_message_lost__trusted_or_undecided),
		cmocka_unit_test(test_loopback__empty_slot__refused),
		cmocka_unit_test(
			test_loopback__other_version_only__unsupported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
