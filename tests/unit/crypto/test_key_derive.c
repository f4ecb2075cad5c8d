/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include <prot/crypto_provider.h>
#include <prot/crypto_wolfcrypt.h>

/* HMAC of wolfCrypt, but for chosen calls. */
struct tampered {
	unsigned calls;
	unsigned ones_from, ones_to; /* these calls return ff ff ... */
	unsigned fail_at;            /* 0: none */
	bool pend;                   /* every call, once */
	bool pended;
};

static enum prot_status tampered_hmac(void *ctx, enum prot_hash_alg alg,
				      const struct prot_hmac_input *in,
				      uint8_t *out)
{
	struct tampered *t = ctx;

	if (t->pend && !t->pended) {
		t->pended = true;
		return PROT_PENDING;
	}
	t->pended = false;
	t->calls++;
	if (t->calls == t->fail_at) {
		return PROT_ERR_IO;
	}
	if (t->calls >= t->ones_from && t->calls <= t->ones_to) {
		memset(out, 0xff, prot_hash_size(alg));
		return PROT_OK;
	}
	return prot_wolfcrypt_ops.hmac(NULL, alg, in, out);
}

static const struct prot_crypto_ops tampered_ops = {.hmac = tampered_hmac};

static enum prot_status derive(struct tampered *t, enum prot_asym_alg alg,
			       uint8_t *scalar)
{
	const struct prot_crypto c = {&tampered_ops, t};
	uint8_t seed[48];

	for (uint8_t i = 0; i < sizeof(seed); i++) {
		seed[i] = i;
	}
	return prot_key_scalar_derive(&c, alg, seed, sizeof(seed), scalar);
}

/* Expected scalars: an independent implementation of RFC 6979 3.2. */
static void test_scalar_derive__first_candidate__taken(void **state)
{
	struct tampered t = {0};
	uint8_t scalar[48];

	(void)state;
	assert_int_equal(derive(&t, PROT_ASYM_ECDSA_P256, scalar), PROT_OK);
	assert_int_equal(t.calls, 5);
	assert_hex_equal(scalar, "0ffb80875a3e9022a4941a3fa1b0d3611df14e1cf651a"
				 "73ce9229b9f3ad56887");
	assert_int_equal(derive(&t, PROT_ASYM_ECDSA_P384, scalar), PROT_OK);
	assert_hex_equal(scalar, "290e3c0f81e1dd8e99e839fb98383fafc42d52d2cec74"
				 "24d02ee75b628f981fe"
				 "5e2375daa2b2315ca692ca75843f29ce");
}

/* The fifth HMAC is the candidate; one not below n leads to step h.3. */
static void test_scalar_derive__candidate_too_large__next_one(void **state)
{
	struct tampered t = {.ones_from = 5, .ones_to = 5};
	uint8_t scalar[48];

	(void)state;
	assert_int_equal(derive(&t, PROT_ASYM_ECDSA_P256, scalar), PROT_OK);
	assert_int_equal(t.calls, 8);
	assert_hex_equal(scalar, "9566e9352acab709bb16f28b7b5fbcd3b37a29e1e912d"
				 "da69adddcf9e86d07a7");
}

static void test_scalar_derive__never_a_candidate__fails_and_wipes(void **state)
{
	static const uint8_t zero[48];
	struct tampered t = {.ones_from = 1, .ones_to = 1000};
	uint8_t scalar[48];

	(void)state;
	memset(scalar, 0xee, sizeof(scalar));
	assert_int_equal(derive(&t, PROT_ASYM_ECDSA_P384, scalar),
			 PROT_ERR_CRYPTO);
	assert_true(t.calls < 100);
	assert_memory_equal(scalar, zero, sizeof(zero));
}

static void test_scalar_derive__hmac_fails_anywhere__wiped(void **state)
{
	static const uint8_t zero[48];
	uint8_t scalar[48];

	(void)state;
	for (unsigned n = 1; n <= 5; n++) {
		struct tampered t = {.fail_at = n};

		memset(scalar, 0xee, sizeof(scalar));
		assert_int_equal(derive(&t, PROT_ASYM_ECDSA_P384, scalar),
				 PROT_ERR_IO);
		assert_memory_equal(scalar, zero, sizeof(zero));
	}
}

static void test_scalar_derive__hmac_pends__same_scalar(void **state)
{
	struct tampered prompt = {0}, slow = {.pend = true};
	uint8_t a[48], b[48];

	(void)state;
	assert_int_equal(derive(&prompt, PROT_ASYM_ECDSA_P384, a), PROT_OK);
	assert_int_equal(derive(&slow, PROT_ASYM_ECDSA_P384, b), PROT_OK);
	assert_memory_equal(a, b, sizeof(a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scalar_derive__first_candidate__taken),
		cmocka_unit_test(
			test_scalar_derive__candidate_too_large__next_one),
		cmocka_unit_test(
			test_scalar_derive__never_a_candidate__fails_and_wipes),
		cmocka_unit_test(
			test_scalar_derive__hmac_fails_anywhere__wiped),
		cmocka_unit_test(test_scalar_derive__hmac_pends__same_scalar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
