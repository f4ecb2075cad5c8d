/* SPDX-License-Identifier: Apache-2.0 */
#include "target.h"

#include "ast_board.h"
#include "crypto_kat.h"

#include <string.h>

#define SEED_LEN 48

static const struct prot_crypto *const c = &prot_ast_board_crypto;

static void test_hash__known_answers__published_digest(void)
{
	uint8_t out[PROT_HASH_MAX];

	for (size_t i = 0; i < PROT_ARRAY_SIZE(kat_hashes); i++) {
		TARGET_CHECK(prot_crypto_hash(c, kat_hashes[i].alg, "abc", 3,
					      out) == PROT_OK);
		TARGET_CHECK(target_is_hex(out, kat_hashes[i].abc));
	}
}

static void test_hmac__known_answers__published_mac(void)
{
	static const char data[] = "what do ya want for nothing?";
	const struct prot_hmac_input in = {(const uint8_t *)"Jefe", 4,
					   (const uint8_t *)data,
					   sizeof(data) - 1};
	uint8_t out[PROT_HASH_MAX];

	for (size_t i = 0; i < PROT_ARRAY_SIZE(kat_hashes); i++) {
		TARGET_CHECK(c->ops->hmac(c->ctx, kat_hashes[i].alg, &in,
					  out) == PROT_OK);
		TARGET_CHECK(target_is_hex(out, kat_hashes[i].hmac));
	}
}

/* SHA-384 of one million times "a" (FIPS 180-4), in pieces of all sizes. */
static void test_hash__long_message_in_pieces__published_digest(void)
{
	static uint8_t block[1000];
	struct prot_hash_state h;
	uint8_t out[PROT_HASH_MAX];
	size_t left = 1000000;
	size_t piece = 1;

	memset(block, 'a', sizeof(block));
	TARGET_CHECK(c->ops->hash_init(c->ctx, &h, PROT_HASH_SHA384) ==
		     PROT_OK);
	while (left > 0) {
		size_t n = left < piece ? left : piece;

		TARGET_CHECK(c->ops->hash_update(c->ctx, &h, block, n) ==
			     PROT_OK);
		left -= n;
		piece = piece % sizeof(block) + 1;
	}
	TARGET_CHECK(c->ops->hash_final(c->ctx, &h, out) == PROT_OK);
	TARGET_CHECK(target_is_hex(out, "9d0e1809716474cb086e834e310a4a1ced149e"
					"9c00f248527972cec5704c2a5b"
					"07b8b3dc38ecc4ebae97ddd87f3d8985"));
}

static enum prot_status verify(const uint8_t *point, const char *message,
			       const uint8_t *signature)
{
	const struct prot_public_key key = {PROT_ASYM_ECDSA_P384, point};
	const struct prot_signed_data what = {PROT_HASH_SHA384, false,
					      (const uint8_t *)message,
					      strlen(message)};

	return c->ops->verify(c->ctx, &key, &what, signature, 96);
}

static void test_verify__rfc6979_vector__accepted_and_changes_refused(void)
{
	uint8_t point[96], sig[96];

	(void)target_hex(kat_signature.point, point, sizeof(point));
	(void)target_hex(kat_signature.signature, sig, sizeof(sig));
	TARGET_CHECK(verify(point, kat_signature.message, sig) == PROT_OK);
	TARGET_CHECK(verify(point, "samplf", sig) == PROT_ERR_AUTH);
	sig[95] ^= 1;
	TARGET_CHECK(verify(point, kat_signature.message, sig) ==
		     PROT_ERR_AUTH);
	sig[95] ^= 1;
	point[95] ^= 1; /* not on the curve */
	TARGET_CHECK(verify(point, kat_signature.message, sig) ==
		     PROT_ERR_AUTH);
}

/* The keys of a device are the same whichever build derives them. */
static prot_key derive(uint8_t point[96])
{
	uint8_t seed[SEED_LEN];
	prot_key key = 0;

	for (size_t i = 0; i < sizeof(seed); i++) {
		seed[i] = (uint8_t)i;
	}
	TARGET_CHECK(c->ops->key_derive(c->ctx, PROT_ASYM_ECDSA_P384, seed,
					sizeof(seed), &key) == PROT_OK);
	TARGET_CHECK(c->ops->key_public(c->ctx, key, point) == PROT_OK);
	return key;
}

static void test_key_derive__known_seed__known_public_key(void)
{
	uint8_t point[96];

	c->ops->key_destroy(c->ctx, derive(point));
	for (size_t i = 0; i < PROT_ARRAY_SIZE(kat_keys); i++) {
		if (kat_keys[i].alg == PROT_ASYM_ECDSA_P384) {
			TARGET_CHECK(target_is_hex(point, kat_keys[i].point));
		}
	}
}

static void test_sign__derived_key__verifies_and_differs(void)
{
	static const char message[] = "measurements";
	const struct prot_signed_data what = {PROT_HASH_SHA384, false,
					      (const uint8_t *)message,
					      sizeof(message) - 1};
	uint8_t point[96], first[96], second[96];
	prot_key key = derive(point);

	TARGET_CHECK(c->ops->sign(c->ctx, key, &what, first) == PROT_OK);
	TARGET_CHECK(c->ops->sign(c->ctx, key, &what, second) == PROT_OK);
	TARGET_CHECK(verify(point, message, first) == PROT_OK);
	TARGET_CHECK(verify(point, message, second) == PROT_OK);
	TARGET_CHECK(memcmp(first, second, 48) != 0); /* fresh nonces */
	c->ops->key_destroy(c->ctx, key);
	TARGET_CHECK(c->ops->sign(c->ctx, key, &what, first) == PROT_ERR_ARG);
}

static void test_key_derive__curve_left_out__refused(void)
{
	static const uint8_t seed[SEED_LEN];
	prot_key key;

	TARGET_CHECK((c->ops->asyms & 1u << PROT_ASYM_ECDSA_P256) == 0);
	TARGET_CHECK(c->ops->key_derive(c->ctx, PROT_ASYM_ECDSA_P256, seed,
					sizeof(seed), &key) == PROT_ERR_ARG);
}

static void test_random__two_draws__differ(void)
{
	uint8_t a[64] = {0}, b[64] = {0};

	TARGET_CHECK(c->ops->random(c->ctx, a, sizeof(a)) == PROT_OK);
	TARGET_CHECK(c->ops->random(c->ctx, b, sizeof(b)) == PROT_OK);
	for (size_t i = 0; i < sizeof(a); i += 8) {
		TARGET_CHECK(memcmp(a + i, b + i, 8) != 0);
	}
}

#define TEST(name) #name, name

const struct target_test target_crypto_tests[] = {
	{TEST(test_hash__known_answers__published_digest), NULL},
	{TEST(test_hmac__known_answers__published_mac), NULL},
	{TEST(test_hash__long_message_in_pieces__published_digest), NULL},
	{TEST(test_verify__rfc6979_vector__accepted_and_changes_refused), NULL},
	{TEST(test_key_derive__known_seed__known_public_key), NULL},
	{TEST(test_sign__derived_key__verifies_and_differs), NULL},
	{TEST(test_key_derive__curve_left_out__refused), NULL},
	{TEST(test_random__two_draws__differ), NULL},
	{NULL, NULL, NULL},
};
