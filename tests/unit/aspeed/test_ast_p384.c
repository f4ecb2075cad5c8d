/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include "ast_p384.h"

#include <prot/crypto_wolfcrypt.h>

/* FIPS 186-4 D.1.2.4. */
static const char generator[] =
	"aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f2"
	"5dbf55296c3a545e3872760ab73617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a"
	"147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f";
static const char p_hex[] =
	"fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffff"
	"ff0000000000000000ffffffff";
/* A square root of b: the point with x = 0. */
static const char root_of_b[] =
	"c306610fb0ae5a159cf45c06069f22a6c5eb3641c602d42dea2c4b4f75550793406d80"
	"d2b91ad54f9048bd487af1ade1";

static void test_is_point__generator__yes(void **state)
{
	uint8_t q[96];

	(void)state;
	hex_bytes(generator, q, sizeof(q));
	assert_true(prot_ast_p384_is_point(q));
}

static void test_is_point__any_bit_flipped__no(void **state)
{
	uint8_t q[96];

	(void)state;
	hex_bytes(generator, q, sizeof(q));
	for (size_t i = 0; i < sizeof(q) * 8; i++) {
		q[i / 8] ^= (uint8_t)(1u << i % 8);
		assert_false(prot_ast_p384_is_point(q));
		q[i / 8] ^= (uint8_t)(1u << i % 8);
	}
}

static void test_is_point__zero__no(void **state)
{
	static const uint8_t q[96];

	(void)state;
	assert_false(prot_ast_p384_is_point(q));
}

/* Right modulo p, yet another encoding of the same point. */
static void test_is_point__x_not_below_p__no(void **state)
{
	uint8_t q[96] = {0};

	(void)state;
	hex_bytes(root_of_b, q + 48, 48);
	assert_true(prot_ast_p384_is_point(q));
	hex_bytes(p_hex, q, 48);
	assert_false(prot_ast_p384_is_point(q));
}

static void test_is_point__y_not_below_p__no(void **state)
{
	uint8_t q[96];

	(void)state;
	hex_bytes(generator, q, sizeof(q));
	hex_bytes(p_hex, q + 48, 48);
	assert_false(prot_ast_p384_is_point(q));
	memset(q + 48, 0xFF, 48);
	assert_false(prot_ast_p384_is_point(q));
}

static void test_is_point__keys_of_another_implementation__yes(void **state)
{
	static struct prot_wolfcrypt_key keys[1];
	static struct prot_wolfcrypt w;
	uint8_t seed[32] = {0};
	uint8_t q[96];
	prot_key key;

	(void)state;
	assert_int_equal(prot_wolfcrypt_init(&w, keys, 1), PROT_OK);
	for (uint8_t i = 0; i < 20; i++) {
		seed[0] = i;
		assert_int_equal(
			prot_wolfcrypt_ops.key_derive(&w, PROT_ASYM_ECDSA_P384,
						      seed, sizeof(seed), &key),
			PROT_OK);
		assert_int_equal(prot_wolfcrypt_ops.key_public(&w, key, q),
				 PROT_OK);
		assert_true(prot_ast_p384_is_point(q));
		q[95] ^= 1;
		assert_false(prot_ast_p384_is_point(q));
		prot_wolfcrypt_ops.key_destroy(&w, key);
	}
	prot_wolfcrypt_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_point__generator__yes),
		cmocka_unit_test(test_is_point__any_bit_flipped__no),
		cmocka_unit_test(test_is_point__zero__no),
		cmocka_unit_test(test_is_point__x_not_below_p__no),
		cmocka_unit_test(test_is_point__y_not_below_p__no),
		cmocka_unit_test(
			test_is_point__keys_of_another_implementation__yes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
