/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include "crypto_kat.h"

#include <prot/crypto_wolfcrypt.h>
#include <prot/hkdf.h>

#define KEYS 3

struct fixture {
	struct prot_wolfcrypt ctx;
	struct prot_wolfcrypt_key keys[KEYS];
	struct prot_crypto crypto;
};

static struct fixture fx;

static int setup(void **state)
{
	(void)state;
	fx.crypto = prot_wolfcrypt_crypto(&fx.ctx);
	return prot_wolfcrypt_init(&fx.ctx, fx.keys, KEYS);
}

static int teardown(void **state)
{
	static const struct prot_wolfcrypt_key zero;

	(void)state;
	prot_wolfcrypt_free(&fx.ctx);
	for (size_t i = 0; i < KEYS; i++) {
		assert_memory_equal(&fx.keys[i], &zero, sizeof(zero));
	}
	return 0;
}

static void test_hash__abc__published_digest(void **state)
{
	uint8_t out[PROT_HASH_MAX];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(kat_hashes); i++) {
		assert_int_equal(prot_crypto_hash(&fx.crypto, kat_hashes[i].alg,
						  "abc", 3, out),
				 PROT_OK);
		assert_hex_equal(out, kat_hashes[i].abc);
	}
}

static void test_hash__state_copied__both_finish_alone(void **state)
{
	const struct prot_crypto_ops *ops = fx.crypto.ops;
	uint8_t long_input[300] = {0};
	struct prot_hash_state a, b;
	uint8_t out[PROT_HASH_MAX], other[PROT_HASH_MAX];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(kat_hashes); i++) {
		assert_int_equal(ops->hash_init(&fx.ctx, &a, kat_hashes[i].alg),
				 0);
		assert_int_equal(ops->hash_update(&fx.ctx, &a, "ab", 2), 0);
		b = a;
		assert_int_equal(ops->hash_update(&fx.ctx, &b, long_input,
						  sizeof(long_input)),
				 0);
		assert_int_equal(ops->hash_final(&fx.ctx, &b, other), 0);
		assert_int_equal(ops->hash_update(&fx.ctx, &a, "c", 1), 0);
		assert_int_equal(ops->hash_final(&fx.ctx, &a, out), 0);
		assert_hex_equal(out, kat_hashes[i].abc);
		assert_memory_not_equal(out, other,
					prot_hash_size(kat_hashes[i].alg));
	}
}

static void test_hash__unknown_algorithm__refused(void **state)
{
	const struct prot_crypto_ops *ops = fx.crypto.ops;
	struct prot_hash_state h;
	uint8_t out[PROT_HASH_MAX];

	(void)state;
	assert_int_equal(ops->hash_init(&fx.ctx, &h, PROT_HASH_NONE),
			 PROT_ERR_ARG);
	assert_int_equal(ops->hash_init(&fx.ctx, &h, PROT_HASH_COUNT),
			 PROT_ERR_ARG);
	assert_int_equal(ops->hash_update(&fx.ctx, &h, "a", 1),
			 PROT_ERR_CRYPTO);
	assert_int_equal(ops->hash_final(&fx.ctx, &h, out), PROT_ERR_CRYPTO);
}

static void test_hash__used_up_state__refused(void **state)
{
	const struct prot_crypto_ops *ops = fx.crypto.ops;
	struct prot_hash_state h;
	uint8_t out[PROT_HASH_MAX];

	(void)state;
	assert_int_equal(ops->hash_init(&fx.ctx, &h, PROT_HASH_SHA384), 0);
	assert_int_equal(ops->hash_final(&fx.ctx, &h, out), 0);
	assert_int_equal(ops->hash_final(&fx.ctx, &h, out), PROT_ERR_CRYPTO);
}

static void test_hmac__rfc4231_case_2__published_mac(void **state)
{
	static const char data[] = "what do ya want for nothing?";
	const struct prot_hmac_input in = {(const uint8_t *)"Jefe", 4,
					   (const uint8_t *)data,
					   sizeof(data) - 1};
	uint8_t out[PROT_HASH_MAX];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(kat_hashes); i++) {
		assert_int_equal(fx.crypto.ops->hmac(&fx.ctx, kat_hashes[i].alg,
						     &in, out),
				 PROT_OK);
		assert_hex_equal(out, kat_hashes[i].hmac);
	}
	assert_int_equal(fx.crypto.ops->hmac(&fx.ctx, PROT_HASH_NONE, &in, out),
			 PROT_ERR_ARG);
}

/* HMAC-SHA-256 of nothing under an empty key. */
static void test_hmac__empty_key_and_data__accepted(void **state)
{
	const struct prot_hmac_input in = {NULL, 0, NULL, 0};
	uint8_t out[PROT_HASH_MAX];

	(void)state;
	assert_int_equal(
		fx.crypto.ops->hmac(&fx.ctx, PROT_HASH_SHA256, &in, out),
		PROT_OK);
	assert_hex_equal(out, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653"
			      "c6c712144292c5ad");
}

/* RFC 5869 appendix A.1 (L = 42), A.2 (L = 82), A.3 (no salt, no info). */
static const struct {
	const char *ikm, *salt, *info, *okm;
} hkdf[] = {
	{"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
	 "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
	 "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
	 "34007208d5b887185865"},
	{"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	 "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
	 "404142434445464748494a4b4c4d4e4f",
	 "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
	 "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
	 "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
	 "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
	 "d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef"
	 "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
	 "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
	 "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
	 "cc30c58179ec3e87c14c01d5c1f3434f1d87"},
	{"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
	 "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
	 "9d201395faa4b61a96c8"},
};

static void test_hkdf_expand__rfc5869_vectors__published_output(void **state)
{
	uint8_t ikm[80], salt[80], info[80], prk[PROT_HASH_MAX], okm[82];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(hkdf); i++) {
		struct prot_hmac_input extract = {
			salt, hex_bytes(hkdf[i].salt, salt, sizeof(salt)), ikm,
			hex_bytes(hkdf[i].ikm, ikm, sizeof(ikm))};
		struct prot_hmac_input expand = {
			prk, 32, info,
			hex_bytes(hkdf[i].info, info, sizeof(info))};

		assert_int_equal(prot_hkdf_extract(&fx.crypto, PROT_HASH_SHA256,
						   &extract, prk),
				 PROT_OK);
		assert_int_equal(prot_hkdf_expand(&fx.crypto, PROT_HASH_SHA256,
						  &expand, okm,
						  strlen(hkdf[i].okm) / 2),
				 PROT_OK);
		assert_hex_equal(okm, hkdf[i].okm);
	}
}

static const uint8_t *seed_bytes(void)
{
	static uint8_t seed[PROT_SEED_MAX];

	for (size_t i = 0; i < sizeof(seed); i++) {
		seed[i] = (uint8_t)i;
	}
	return seed;
}

static void test_key_derive__known_seed__known_public_key(void **state)
{
	uint8_t point[PROT_PUBLIC_KEY_MAX];
	prot_key key;

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(kat_keys); i++) {
		assert_int_equal(
			fx.crypto.ops->key_derive(&fx.ctx, kat_keys[i].alg,
						  seed_bytes(), 48, &key),
			PROT_OK);
		assert_int_equal(fx.crypto.ops->key_public(&fx.ctx, key, point),
				 PROT_OK);
		assert_hex_equal(point, kat_keys[i].point);
		fx.crypto.ops->key_destroy(&fx.ctx, key);
	}
}

static void test_key_derive__bad_algorithm_or_seed_size__refused(void **state)
{
	const struct prot_crypto_ops *ops = fx.crypto.ops;
	prot_key key;

	(void)state;
	assert_int_equal(ops->key_derive(&fx.ctx, PROT_ASYM_NONE, seed_bytes(),
					 48, &key),
			 PROT_ERR_ARG);
	assert_int_equal(ops->key_derive(&fx.ctx, PROT_ASYM_COUNT, seed_bytes(),
					 48, &key),
			 PROT_ERR_ARG);
	assert_int_equal(ops->key_derive(&fx.ctx, PROT_ASYM_ECDSA_P384,
					 seed_bytes(), PROT_SEED_MIN - 1, &key),
			 PROT_ERR_ARG);
	assert_int_equal(ops->key_derive(&fx.ctx, PROT_ASYM_ECDSA_P384,
					 seed_bytes(), PROT_SEED_MAX + 1, &key),
			 PROT_ERR_ARG);
}

static void test_key_derive__table_full__no_space_until_destroyed(void **state)
{
	const struct prot_crypto_ops *ops = fx.crypto.ops;
	prot_key keys[KEYS], extra;

	(void)state;
	for (size_t i = 0; i < KEYS; i++) {
		assert_int_equal(ops->key_derive(&fx.ctx, PROT_ASYM_ECDSA_P256,
						 seed_bytes(), 32, &keys[i]),
				 PROT_OK);
	}
	assert_int_equal(ops->key_derive(&fx.ctx, PROT_ASYM_ECDSA_P256,
					 seed_bytes(), 32, &extra),
			 PROT_ERR_SPACE);
	ops->key_destroy(&fx.ctx, keys[1]);
	assert_int_equal(ops->key_derive(&fx.ctx, PROT_ASYM_ECDSA_P256,
					 seed_bytes(), 32, &extra),
			 PROT_OK);
}

static void test_key_destroy__old_handle__names_nothing(void **state)
{
	const struct prot_crypto_ops *ops = fx.crypto.ops;
	uint8_t point[PROT_PUBLIC_KEY_MAX];
	prot_key first, second;

	(void)state;
	assert_int_equal(ops->key_derive(&fx.ctx, PROT_ASYM_ECDSA_P256,
					 seed_bytes(), 32, &first),
			 PROT_OK);
	ops->key_destroy(&fx.ctx, first);
	assert_int_equal(ops->key_derive(&fx.ctx, PROT_ASYM_ECDSA_P256,
					 seed_bytes(), 32, &second),
			 PROT_OK);
	assert_int_not_equal(first, second);
	assert_int_equal(ops->key_public(&fx.ctx, first, point), PROT_ERR_ARG);
	ops->key_destroy(&fx.ctx, first);
	ops->key_destroy(&fx.ctx, 0);
	assert_int_equal(ops->key_public(&fx.ctx, second, point), PROT_OK);
}

static void test_key_import__zero_and_group_order__refused(void **state)
{
	static const char *const order[PROT_ASYM_COUNT] = {
		NULL,
		"ffffffff00000000ffffffffffffffff"
		"bce6faada7179e84f3b9cac2fc632551",
		"ffffffffffffffffffffffffffffffffffffffffffffffff"
		"c7634d81f4372ddf581a0db248b0a77aecec196accc52973"};
	uint8_t scalar[PROT_PUBLIC_KEY_MAX / 2];
	prot_key key;

	(void)state;
	for (int alg = PROT_ASYM_ECDSA_P256; alg < PROT_ASYM_COUNT; alg++) {
		size_t n = hex_bytes(order[alg], scalar, sizeof(scalar));

		assert_int_equal(
			prot_wolfcrypt_key_import(
				&fx.ctx, (enum prot_asym_alg)alg, scalar, &key),
			PROT_ERR_ARG);
		scalar[n - 1]--; /* n - 1 is the largest private key */
		assert_int_equal(
			prot_wolfcrypt_key_import(
				&fx.ctx, (enum prot_asym_alg)alg, scalar, &key),
			PROT_OK);
		memset(scalar, 0, sizeof(scalar));
		assert_int_equal(
			prot_wolfcrypt_key_import(
				&fx.ctx, (enum prot_asym_alg)alg, scalar, &key),
			PROT_ERR_ARG);
	}
}

/* One signed message, for the verify tests. */
struct signed_message {
	uint8_t point[PROT_PUBLIC_KEY_MAX];
	struct prot_public_key key;
	struct prot_signed_data what;
	uint8_t sig[PROT_SIGNATURE_MAX];
	size_t sig_len;
};

static void sign_message(struct signed_message *m, enum prot_asym_alg alg,
			 enum prot_hash_alg hash)
{
	const struct prot_crypto_ops *ops = fx.crypto.ops;
	prot_key key;

	memset(m, 0, sizeof(*m));
	m->key.alg = alg;
	m->key.bytes = m->point;
	m->what.hash = hash;
	m->what.data = (const uint8_t *)"message";
	m->what.len = 7;
	m->sig_len = prot_signature_size(alg);
	assert_int_equal(ops->key_derive(&fx.ctx, alg, seed_bytes(), 40, &key),
			 PROT_OK);
	assert_int_equal(ops->key_public(&fx.ctx, key, m->point), PROT_OK);
	assert_int_equal(ops->sign(&fx.ctx, key, &m->what, m->sig), PROT_OK);
	ops->key_destroy(&fx.ctx, key);
}

static enum prot_status verify_message(const struct signed_message *m)
{
	return fx.crypto.ops->verify(&fx.ctx, &m->key, &m->what, m->sig,
				     m->sig_len);
}

static void test_verify__what_sign_made__accepted(void **state)
{
	struct signed_message m;
	uint8_t digest[PROT_HASH_MAX];

	(void)state;
	for (int alg = PROT_ASYM_ECDSA_P256; alg < PROT_ASYM_COUNT; alg++) {
		for (size_t i = 0; i < PROT_ARRAY_SIZE(kat_hashes); i++) {
			sign_message(&m, (enum prot_asym_alg)alg,
				     kat_hashes[i].alg);
			assert_int_equal(verify_message(&m), PROT_OK);
			assert_int_equal(prot_crypto_hash(&fx.crypto,
							  kat_hashes[i].alg,
							  m.what.data,
							  m.what.len, digest),
					 PROT_OK);
			m.what.prehashed = true;
			m.what.data = digest;
			m.what.len = prot_hash_size(kat_hashes[i].alg);
			assert_int_equal(verify_message(&m), PROT_OK);
		}
	}
}

static void test_verify__anything_changed__refused(void **state)
{
	struct signed_message m;

	(void)state;
	for (int alg = PROT_ASYM_ECDSA_P256; alg < PROT_ASYM_COUNT; alg++) {
		sign_message(&m, (enum prot_asym_alg)alg, PROT_HASH_SHA384);
		for (size_t i = 0; i < m.sig_len; i += 5) {
			m.sig[i] ^= 1;
			assert_int_equal(verify_message(&m), PROT_ERR_AUTH);
			m.sig[i] ^= 1;
		}
		m.what.len--;
		assert_int_equal(verify_message(&m), PROT_ERR_AUTH);
		m.what.len++;
		m.sig_len--;
		assert_int_equal(verify_message(&m), PROT_ERR_AUTH);
		m.sig_len++;
		m.point[0] ^= 1; /* not on the curve */
		assert_int_equal(verify_message(&m), PROT_ERR_AUTH);
		m.point[0] ^= 1;
		assert_int_equal(verify_message(&m), PROT_OK);
	}
}

static void test_verify__r_or_s_zero_or_huge__refused(void **state)
{
	struct signed_message m, bad;
	size_t half;

	(void)state;
	for (int alg = PROT_ASYM_ECDSA_P256; alg < PROT_ASYM_COUNT; alg++) {
		sign_message(&m, (enum prot_asym_alg)alg, PROT_HASH_SHA256);
		half = m.sig_len / 2;
		for (int i = 0; i < 4; i++) {
			bad = m;
			bad.key.bytes = bad.point;
			memset(bad.sig + (i & 1 ? half : 0), i & 2 ? 0xff : 0,
			       half);
			assert_int_equal(verify_message(&bad), PROT_ERR_AUTH);
		}
	}
}

static void test_verify__bad_arguments__refused(void **state)
{
	struct signed_message m;

	(void)state;
	sign_message(&m, PROT_ASYM_ECDSA_P256, PROT_HASH_SHA256);
	m.what.prehashed = true; /* 7 bytes are no SHA-256 digest */
	assert_int_equal(verify_message(&m), PROT_ERR_ARG);
	m.what.prehashed = false;
	m.what.hash = PROT_HASH_NONE;
	assert_int_equal(verify_message(&m), PROT_ERR_ARG);
	m.what.hash = PROT_HASH_SHA256;
	m.key.alg = PROT_ASYM_NONE;
	assert_int_equal(verify_message(&m), PROT_ERR_ARG);
	assert_int_equal(fx.crypto.ops->sign(&fx.ctx, 0, &m.what, m.sig),
			 PROT_ERR_ARG);
}

static void test_random__two_requests__differ(void **state)
{
	static uint8_t big[70000];
	uint8_t a[32] = {0}, b[32] = {0};

	(void)state;
	assert_int_equal(fx.crypto.ops->random(&fx.ctx, a, sizeof(a)), 0);
	assert_int_equal(fx.crypto.ops->random(&fx.ctx, b, sizeof(b)), 0);
	assert_memory_not_equal(a, b, sizeof(a));
	assert_int_equal(fx.crypto.ops->random(&fx.ctx, big, sizeof(big)), 0);
	assert_memory_not_equal(big + sizeof(big) - 32, big, 32);
}

static void test_init__too_many_or_no_keys__refused(void **state)
{
	struct prot_wolfcrypt other;

	(void)state;
	assert_int_equal(prot_wolfcrypt_init(&other, NULL, 1), PROT_ERR_ARG);
	assert_int_equal(prot_wolfcrypt_init(&other, fx.keys, 256),
			 PROT_ERR_ARG);
	assert_int_equal(prot_wolfcrypt_init(&other, NULL, 0), PROT_OK);
	prot_wolfcrypt_free(&other);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_hash__abc__published_digest),
		TEST(test_hash__state_copied__both_finish_alone),
		TEST(test_hash__unknown_algorithm__refused),
		TEST(test_hash__used_up_state__refused),
		TEST(test_hmac__rfc4231_case_2__published_mac),
		TEST(test_hmac__empty_key_and_data__accepted),
		TEST(test_hkdf_expand__rfc5869_vectors__published_output),
		TEST(test_key_derive__known_seed__known_public_key),
		TEST(test_key_derive__bad_algorithm_or_seed_size__refused),
		TEST(test_key_derive__table_full__no_space_until_destroyed),
		TEST(test_key_destroy__old_handle__names_nothing),
		TEST(test_key_import__zero_and_group_order__refused),
		TEST(test_verify__what_sign_made__accepted),
		TEST(test_verify__anything_changed__refused),
		TEST(test_verify__r_or_s_zero_or_huge__refused),
		TEST(test_verify__bad_arguments__refused),
		TEST(test_random__two_requests__differ),
		TEST(test_init__too_many_or_no_keys__refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
