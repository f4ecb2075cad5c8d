/* SPDX-License-Identifier: Apache-2.0 */
/* What responder and requester share: rows, states, algorithms, transcripts. */

#include "spdm_algorithms.h"
#include "spdm_command.h"
#include "spdm_signing.h"
#include "spdm_state.h"
#include "spdm_transcript.h"

#include <prot/crypto_fake.h>

#include <string.h>

#include "test.h"

static const struct prot_spdm_command *const commands[] = {
	&prot_spdm_cmd_get_version,          &prot_spdm_cmd_get_capabilities,
	&prot_spdm_cmd_negotiate_algorithms, &prot_spdm_cmd_get_digests,
	&prot_spdm_cmd_get_certificate,      &prot_spdm_cmd_challenge,
	&prot_spdm_cmd_get_measurements,     &prot_spdm_cmd_respond_if_ready,
};

static void test_next_state__every_state_and_code__matrix(void **s)
{
	(void)s;
	for (unsigned st = 0; st < PROT_SPDM_STATE_COUNT; st++) {
		for (unsigned code = 0; code < 256; code++) {
			unsigned next = st;

			if (code == 0x84) {
				next = PROT_SPDM_STATE_VERSION;
			} else if (code == 0xe1 &&
				   st == PROT_SPDM_STATE_VERSION) {
				next = PROT_SPDM_STATE_CAPABILITIES;
			} else if (code == 0xe3 &&
				   st == PROT_SPDM_STATE_CAPABILITIES) {
				next = PROT_SPDM_STATE_NEGOTIATED;
			} else if (code == 0x83 &&
				   st == PROT_SPDM_STATE_NEGOTIATED) {
				next = PROT_SPDM_STATE_AUTHENTICATED;
			}
			assert_int_equal(
				prot_spdm_next_state((enum prot_spdm_state)st,
						     (uint8_t)code),
				next);
		}
	}
}

static void
test_commands__every_row__is_a_request_that_some_state_allows(void **s)
{
	(void)s;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(commands); i++) {
		const struct prot_spdm_command *c = commands[i];

		assert_true(c->code & 0x80);
		assert_int_equal(spdm_response_code(c->code), c->code & 0x7f);
		assert_true(c->states != 0 && c->where != 0);
		assert_int_equal(c->min_version, 0x10);
	}
}

static void test_hash_bit__every_algorithm__both_ways(void **s)
{
	(void)s;
	assert_int_equal(prot_spdm_hash_bit(PROT_HASH_NONE), 0);
	assert_int_equal(prot_spdm_hash_bit(PROT_HASH_COUNT), 0);
	for (unsigned i = 1; i < PROT_HASH_COUNT; i++) {
		enum prot_hash_alg alg = (enum prot_hash_alg)i, back;

		assert_int_equal(prot_spdm_hash_bit(alg), 1u << (i - 1));
		assert_int_equal(prot_spdm_hash_from_bit(1u << (i - 1)), alg);
		assert_int_equal(prot_spdm_measurement_hash_bit(alg), 1u << i);
		assert_int_equal(
			prot_spdm_measurement_hash_from_bit(1u << i, &back),
			PROT_OK);
		assert_int_equal(back, alg);
	}
}

static void test_hash_from_bit__none_several_or_unknown__none(void **s)
{
	static const uint32_t bad[] = {0, 3, 0x41, 1u << 6, 1u << 31, ~0u};

	(void)s;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		assert_int_equal(prot_spdm_hash_from_bit(bad[i]),
				 PROT_HASH_NONE);
		assert_int_equal(prot_spdm_asym_from_bit(bad[i]),
				 PROT_ASYM_NONE);
	}
}

static void test_measurement_hash_from_bit__raw_or_bad(void **s)
{
	static const uint32_t bad[] = {0, 3, 6, 0x80, 1u << 31, ~0u};
	enum prot_hash_alg alg = PROT_HASH_SHA256;

	(void)s;
	assert_int_equal(prot_spdm_measurement_hash_bit(PROT_HASH_NONE), 1);
	assert_int_equal(prot_spdm_measurement_hash_from_bit(1, &alg), PROT_OK);
	assert_int_equal(alg, PROT_HASH_NONE);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		assert_int_equal(
			prot_spdm_measurement_hash_from_bit(bad[i], &alg),
			PROT_ERR_UNSUPPORTED);
	}
}

static void test_asym_bit__every_algorithm__both_ways(void **s)
{
	(void)s;
	assert_int_equal(prot_spdm_asym_bit(PROT_ASYM_NONE), 0);
	assert_int_equal(prot_spdm_asym_bit(PROT_ASYM_COUNT), 0);
	assert_int_equal(prot_spdm_asym_bit(PROT_ASYM_ECDSA_P256), 0x10);
	assert_int_equal(prot_spdm_asym_bit(PROT_ASYM_ECDSA_P384), 0x80);
	assert_int_equal(prot_spdm_asym_from_bit(0x10), PROT_ASYM_ECDSA_P256);
	assert_int_equal(prot_spdm_asym_from_bit(0x80), PROT_ASYM_ECDSA_P384);
}

static void test_signing_data__1_3__prefix_and_digest(void **s)
{
	/* DSP0274 1.3.2, clause 15: four times, zero padding, context. */
	static const char golden[] = "dmtf-spdm-v1.3.*dmtf-spdm-v1.3.*"
				     "dmtf-spdm-v1.3.*dmtf-spdm-v1.3.*"
				     "\0\0\0\0\0\0"
				     "responder-measurements signing";
	struct prot_spdm_signing_input in;
	struct prot_signed_data data;

	(void)s;
	memset(&in, 0x77, sizeof(in));
	memset(spdm_signing_digest(&in), 0x42, 48);
	data = prot_spdm_signing_data(&in, 0x13, PROT_HASH_SHA384,
				      SPDM_SIGNER_RSP_MEASUREMENTS);
	assert_false(data.prehashed);
	assert_int_equal(data.hash, PROT_HASH_SHA384);
	assert_int_equal(data.len, 148);
	assert_memory_equal(data.data, golden, 100);
	for (size_t i = 100; i < 148; i++) {
		assert_int_equal(data.data[i], 0x42);
	}
}

static void test_signing_data__1_2_challenge__four_zeros(void **s)
{
	struct prot_spdm_signing_input in;
	struct prot_signed_data data;

	(void)s;
	data = prot_spdm_signing_data(&in, 0x12, PROT_HASH_SHA256,
				      SPDM_SIGNER_RSP_CHALLENGE_AUTH);
	assert_int_equal(data.len, 132);
	assert_memory_equal(data.data + 48, "dmtf-spdm-v1.2.*\0\0\0\0", 20);
	assert_memory_equal(data.data + 68, "responder-challenge_auth signing",
			    32);
}

static void test_signing_data__1_1__digest_itself(void **s)
{
	struct prot_spdm_signing_input in;
	struct prot_signed_data data;

	(void)s;
	data = prot_spdm_signing_data(&in, 0x11, PROT_HASH_SHA512,
				      SPDM_SIGNER_RSP_CHALLENGE_AUTH);
	assert_true(data.prehashed);
	assert_int_equal(data.len, 64);
	assert_ptr_equal(data.data, spdm_signing_digest(&in));
}

struct tr {
	struct prot_crypto_fake fake;
	struct prot_crypto crypto;
	struct prot_spdm_transcript t;
};

static void tr_init(struct tr *x, uint8_t version)
{
	memset(x, 0, sizeof(*x));
	x->crypto = prot_crypto_fake_crypto(&x->fake);
	prot_spdm_transcript_reset(&x->t);
	prot_spdm_transcript_set(&x->t, version, PROT_HASH_SHA256);
}

static void tr_add(struct tr *x, const struct prot_spdm_command *cmd,
		   const char *msg)
{
	assert_int_equal(prot_spdm_transcript_add(&x->t, &x->crypto, cmd,
						  (const uint8_t *)msg,
						  strlen(msg)),
			 PROT_OK);
}

static void tr_expect(struct tr *x, const struct prot_spdm_command *cmd,
		      const char *content)
{
	uint8_t digest[PROT_HASH_MAX], expected[PROT_HASH_MAX];

	assert_int_equal(
		prot_spdm_transcript_take(&x->t, &x->crypto, cmd, digest),
		PROT_OK);
	assert_int_equal(prot_crypto_hash(&x->crypto, PROT_HASH_SHA256, content,
					  strlen(content), expected),
			 PROT_OK);
	assert_memory_equal(digest, expected, 32);
	/* It is taken once. */
	assert_int_equal(
		prot_spdm_transcript_take(&x->t, &x->crypto, cmd, digest),
		PROT_ERR_STATE);
}

static void test_transcript__m_and_l__begin_with_a(void **s)
{
	struct tr x;

	(void)s;
	tr_init(&x, 0x12);
	tr_add(&x, &prot_spdm_cmd_get_version, "version,");
	tr_add(&x, &prot_spdm_cmd_negotiate_algorithms, "algorithms,");
	tr_add(&x, &prot_spdm_cmd_get_digests, "digests,");
	tr_add(&x, &prot_spdm_cmd_get_measurements, "measurements");
	tr_add(&x, &prot_spdm_cmd_respond_if_ready, "nothing");
	tr_add(&x, &prot_spdm_cmd_challenge, "challenge");
	tr_expect(&x, &prot_spdm_cmd_challenge,
		  "version,algorithms,digests,challenge");
	tr_expect(&x, &prot_spdm_cmd_get_measurements,
		  "version,algorithms,measurements");
}

static void test_transcript__1_1__l_without_a(void **s)
{
	struct tr x;

	(void)s;
	tr_init(&x, 0x11);
	tr_add(&x, &prot_spdm_cmd_get_version, "version,");
	tr_add(&x, &prot_spdm_cmd_get_measurements, "measurements");
	tr_add(&x, &prot_spdm_cmd_challenge, "challenge");
	tr_expect(&x, &prot_spdm_cmd_challenge, "version,challenge");
	tr_expect(&x, &prot_spdm_cmd_get_measurements, "measurements");
}

/* Which transcripts survive the beginning of a request in a state. */
static unsigned survivors(const struct prot_spdm_command *cmd,
			  enum prot_spdm_state state)
{
	struct tr x;

	tr_init(&x, 0x13);
	tr_add(&x, &prot_spdm_cmd_get_version, "a");
	tr_add(&x, &prot_spdm_cmd_get_digests, "m");
	tr_add(&x, &prot_spdm_cmd_get_measurements, "l");
	prot_spdm_transcript_begin(&x.t, cmd, state);
	return x.t.open | (x.t.vca_len != 0 ? 4u : 0u);
}

static void
test_transcript_begin__every_request__ends_what_it_interrupts(void **s)
{
	/* M 1, L 2, A 4; while negotiated, when authenticated */
	static const uint8_t expected[PROT_ARRAY_SIZE(commands)][2] = {
		{0, 0}, {5, 5}, {5, 5}, {4, 4}, {5, 5}, {5, 5}, {6, 7}, {7, 7},
	};

	(void)s;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(commands); i++) {
		assert_int_equal(
			survivors(commands[i], PROT_SPDM_STATE_NEGOTIATED),
			expected[i][0]);
		assert_int_equal(
			survivors(commands[i], PROT_SPDM_STATE_AUTHENTICATED),
			expected[i][1]);
	}
}

static void test_transcript_fail__measurements__l_ends(void **s)
{
	struct tr x;
	uint8_t digest[PROT_HASH_MAX];

	(void)s;
	tr_init(&x, 0x13);
	tr_add(&x, &prot_spdm_cmd_get_digests, "m");
	tr_add(&x, &prot_spdm_cmd_get_measurements, "l");
	prot_spdm_transcript_fail(&x.t, &prot_spdm_cmd_challenge);
	prot_spdm_transcript_fail(&x.t, &prot_spdm_cmd_get_measurements);
	assert_int_equal(prot_spdm_transcript_take(
				 &x.t, &x.crypto,
				 &prot_spdm_cmd_get_measurements, digest),
			 PROT_ERR_STATE);
	tr_expect(&x, &prot_spdm_cmd_challenge, "m");
}

static void test_transcript_add__vca_full__space(void **s)
{
	struct tr x;
	uint8_t msg[PROT_SPDM_VCA_MAX] = {0};

	(void)s;
	tr_init(&x, 0x13);
	tr_add(&x, &prot_spdm_cmd_get_version, "1");
	assert_int_equal(prot_spdm_transcript_add(&x.t, &x.crypto,
						  &prot_spdm_cmd_get_version,
						  msg, sizeof(msg)),
			 PROT_ERR_SPACE);
	assert_int_equal(prot_spdm_transcript_add(&x.t, &x.crypto,
						  &prot_spdm_cmd_get_version,
						  msg, sizeof(msg) - 1),
			 PROT_OK);
}

static void test_transcript_add__hash_fails__transcript_ends(void **s)
{
	uint8_t digest[PROT_HASH_MAX];

	(void)s;
	/* Initialise, A, the message. */
	for (uint32_t n = 1; n <= 3; n++) {
		struct tr x;

		tr_init(&x, 0x13);
		tr_add(&x, &prot_spdm_cmd_get_version, "a");
		x.fake.calls = 0;
		x.fake.fail_at = n;
		assert_int_equal(
			prot_spdm_transcript_add(&x.t, &x.crypto,
						 &prot_spdm_cmd_get_digests,
						 (const uint8_t *)"m", 1),
			PROT_ERR_CRYPTO);
		assert_int_equal(prot_spdm_transcript_take(
					 &x.t, &x.crypto,
					 &prot_spdm_cmd_challenge, digest),
				 PROT_ERR_STATE);
	}
}

static void test_transcript_add__no_base_hash__nothing_kept(void **s)
{
	struct tr x;

	(void)s;
	tr_init(&x, 0x13);
	prot_spdm_transcript_set(&x.t, 0x13, PROT_HASH_NONE);
	tr_add(&x, &prot_spdm_cmd_get_measurements, "l");
	assert_int_equal(x.t.open, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next_state__every_state_and_code__matrix),
		cmocka_unit_test(
			test_commands__every_row__is_a_request_that_some_state_allows),
		cmocka_unit_test(test_hash_bit__every_algorithm__both_ways),
		cmocka_unit_test(
			test_hash_from_bit__none_several_or_unknown__none),
		cmocka_unit_test(test_measurement_hash_from_bit__raw_or_bad),
		cmocka_unit_test(test_asym_bit__every_algorithm__both_ways),
		cmocka_unit_test(test_signing_data__1_3__prefix_and_digest),
		cmocka_unit_test(test_signing_data__1_2_challenge__four_zeros),
		cmocka_unit_test(test_signing_data__1_1__digest_itself),
		cmocka_unit_test(test_transcript__m_and_l__begin_with_a),
		cmocka_unit_test(test_transcript__1_1__l_without_a),
		cmocka_unit_test(
			test_transcript_begin__every_request__ends_what_it_interrupts),
		cmocka_unit_test(test_transcript_fail__measurements__l_ends),
		cmocka_unit_test(test_transcript_add__vca_full__space),
		cmocka_unit_test(
			test_transcript_add__hash_fails__transcript_ends),
		cmocka_unit_test(
			test_transcript_add__no_base_hash__nothing_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
