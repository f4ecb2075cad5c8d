/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/crypto_fake.h>

#include <string.h>

static const uint8_t seed[PROT_SEED_MIN] = {1};

static void test_fake_hash__pieces_or_whole__same_full_length(void **state)
{
	struct prot_crypto_fake f = {0};
	struct prot_crypto c = prot_crypto_fake_crypto(&f);
	uint8_t whole[PROT_HASH_MAX] = {0}, pieces[PROT_HASH_MAX] = {0};
	struct prot_hash_state h, copy;

	(void)state;
	for (int a = PROT_HASH_SHA256; a < PROT_HASH_COUNT; a++) {
		enum prot_hash_alg alg = (enum prot_hash_alg)a;
		size_t size = prot_hash_size(alg);

		assert_int_equal(prot_crypto_hash(&c, alg, "abcd", 4, whole),
				 0);
		assert_int_equal(c.ops->hash_init(&f, &h, alg), 0);
		assert_int_equal(c.ops->hash_update(&f, &h, "ab", 2), 0);
		copy = h;
		assert_int_equal(c.ops->hash_update(&f, &h, "xx", 2), 0);
		assert_int_equal(c.ops->hash_update(&f, &copy, "cd", 2), 0);
		assert_int_equal(c.ops->hash_final(&f, &copy, pieces), 0);
		assert_memory_equal(whole, pieces, size);
		assert_true(whole[size - 1] != 0 || whole[size - 2] != 0);
		assert_int_equal(c.ops->hash_final(&f, &h, pieces), 0);
		assert_memory_not_equal(whole, pieces, size);
	}
}

static void test_fake_verify__signed_or_changed__told_apart(void **state)
{
	struct prot_crypto_fake f = {0};
	struct prot_crypto c = prot_crypto_fake_crypto(&f);
	uint8_t point[PROT_PUBLIC_KEY_MAX], sig[PROT_SIGNATURE_MAX];
	uint8_t digest[PROT_HASH_MAX];
	struct prot_public_key pub = {PROT_ASYM_ECDSA_P384, point};
	struct prot_signed_data what = {PROT_HASH_SHA384, false,
					(const uint8_t *)"hello", 5};
	prot_key key;

	(void)state;
	assert_int_equal(c.ops->key_derive(&f, PROT_ASYM_ECDSA_P384, seed,
					   sizeof(seed), &key),
			 PROT_OK);
	assert_int_equal(f.keys_alive, 1);
	assert_int_equal(c.ops->key_public(&f, key, point), PROT_OK);
	assert_int_equal(c.ops->sign(&f, key, &what, sig), PROT_OK);
	assert_int_equal(c.ops->verify(&f, &pub, &what, sig, 96), PROT_OK);
	assert_int_equal(c.ops->verify(&f, &pub, &what, sig, 95),
			 PROT_ERR_AUTH);

	assert_int_equal(
		prot_crypto_hash(&c, what.hash, what.data, what.len, digest),
		PROT_OK);
	what.prehashed = true;
	what.data = digest;
	what.len = 48;
	assert_int_equal(c.ops->verify(&f, &pub, &what, sig, 96), PROT_OK);
	digest[0] ^= 1;
	assert_int_equal(c.ops->verify(&f, &pub, &what, sig, 96),
			 PROT_ERR_AUTH);
	f.accept_any = true;
	assert_int_equal(c.ops->verify(&f, &pub, &what, sig, 96), PROT_OK);

	c.ops->key_destroy(&f, key);
	c.ops->key_destroy(&f, key);
	assert_int_equal(f.keys_alive, 0);
	assert_int_equal(c.ops->sign(&f, key, &what, sig), PROT_ERR_ARG);
}

static void test_fake_op__told_to_pend__pends_that_often(void **state)
{
	struct prot_crypto_fake f = {.pend = 2};
	uint8_t out[PROT_HASH_MAX];
	const struct prot_hmac_input in = {seed, sizeof(seed), seed, 1};
	const struct prot_crypto_ops *ops = &prot_crypto_fake_ops;

	(void)state;
	for (int round = 0; round < 2; round++) {
		assert_int_equal(ops->hmac(&f, PROT_HASH_SHA256, &in, out),
				 PROT_PENDING);
		assert_int_equal(ops->hmac(&f, PROT_HASH_SHA256, &in, out),
				 PROT_PENDING);
		assert_int_equal(ops->hmac(&f, PROT_HASH_SHA256, &in, out),
				 PROT_OK);
	}
	assert_false(f.misused);
}

static void test_fake_op__pending_not_repeated__reported(void **state)
{
	struct prot_crypto_fake f = {.pend = 2};
	uint8_t out[PROT_HASH_MAX];
	const struct prot_hmac_input in = {seed, sizeof(seed), seed, 1};
	const struct prot_hmac_input other = {seed, sizeof(seed), seed, 2};

	(void)state;
	assert_int_equal(
		prot_crypto_fake_ops.hmac(&f, PROT_HASH_SHA256, &in, out),
		PROT_PENDING);
	assert_int_equal(
		prot_crypto_fake_ops.hmac(&f, PROT_HASH_SHA256, &other, out),
		PROT_ERR_STATE);
	assert_true(f.misused);
}

static void test_fake_op__told_to_fail__fails_at_that_call(void **state)
{
	struct prot_crypto_fake f = {.fail_at = 3};
	struct prot_crypto c = prot_crypto_fake_crypto(&f);
	uint8_t out[PROT_HASH_MAX];

	(void)state;
	assert_int_equal(c.ops->random(&f, out, 8), PROT_OK);
	/* init is call 2, update call 3 */
	assert_int_equal(prot_crypto_hash(&c, PROT_HASH_SHA256, "a", 1, out),
			 PROT_ERR_CRYPTO);
	assert_int_equal(prot_crypto_hash(&c, PROT_HASH_SHA256, "a", 1, out),
			 PROT_OK);
	f.fail_at = f.calls + 1;
	f.fail_with = PROT_ERR_IO;
	assert_int_equal(c.ops->random(&f, out, 8), PROT_ERR_IO);
}

static void test_fake_random__two_requests__differ(void **state)
{
	struct prot_crypto_fake f = {0};
	uint8_t a[32], b[32];

	(void)state;
	assert_int_equal(prot_crypto_fake_ops.random(&f, a, sizeof(a)), 0);
	assert_int_equal(prot_crypto_fake_ops.random(&f, b, sizeof(b)), 0);
	assert_memory_not_equal(a, b, sizeof(a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_fake_hash__pieces_or_whole__same_full_length),
		cmocka_unit_test(
			test_fake_verify__signed_or_changed__told_apart),
		cmocka_unit_test(test_fake_op__told_to_pend__pends_that_often),
		cmocka_unit_test(test_fake_op__pending_not_repeated__reported),
		cmocka_unit_test(
			test_fake_op__told_to_fail__fails_at_that_call),
		cmocka_unit_test(test_fake_random__two_requests__differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
