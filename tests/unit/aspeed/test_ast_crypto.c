/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include "ast10x0.h"
#include "ast_crypto.h"
#include "hace_model.h"
#include "mmio_mock.h"
#include "sbc_model.h"

#include <prot/crypto_wolfcrypt.h>

static struct prot_wolfcrypt_key keys[2];
static struct prot_wolfcrypt wolf;
static struct prot_crypto soft;

static struct hace_model hace_model;
static struct prot_ast_hace_memory memory;
static const struct prot_ast_hace hace = {
	AST_HACE_BASE, &mmio_mock_clock, &memory, 0, 0xC0000, NULL};
static struct sbc_model sbc_model;
static struct prot_ast_sbc_state sbc_state;
static const struct prot_ast_sbc sbc = {AST_SBC_BASE, AST_SECURE_SRAM_BASE,
					&mmio_mock_clock, &sbc_state};
static struct prot_ast_ecdsa_state ecdsa_state;
static const struct prot_ast_ecdsa ecdsa = {&sbc, &ecdsa_state};

static struct prot_ast_crypto_state crypto_state;
static struct prot_ast_crypto layer;
static const struct prot_crypto crypto = {&prot_ast_crypto_ops, &layer};

static int group_setup(void **state)
{
	(void)state;
	soft = prot_wolfcrypt_crypto(&wolf);
	return prot_wolfcrypt_init(&wolf, keys, 2) == PROT_OK ? 0 : -1;
}

static int group_teardown(void **state)
{
	(void)state;
	prot_wolfcrypt_free(&wolf);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	mmio_mock_reset();
	memset(&hace_model, 0, sizeof(hace_model));
	memset(&sbc_model, 0, sizeof(sbc_model));
	memset(&ecdsa_state, 0, sizeof(ecdsa_state));
	memset(&crypto_state, 0, sizeof(crypto_state));
	sbc_model.crypto = soft;
	hace_model_add(&hace_model);
	sbc_model_add(&sbc_model);
	layer.hace = &hace;
	layer.ecdsa = &ecdsa;
	layer.below = soft;
	layer.state = &crypto_state;
	return 0;
}

static int setup_ready(void **state)
{
	setup(state);
	return prot_ast_crypto_init(&layer) == PROT_OK ? 0 : -1;
}

static void test_init__both_engines__tested(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_crypto_init(&layer), PROT_OK);
	assert_int_equal(hace_model.runs, 3);
	assert_int_equal(sbc_model.runs, 2);
}

static void assert_closed(void)
{
	static const uint8_t seed[32];
	struct prot_hmac_input in = {seed, 32, seed, 32};
	struct prot_public_key key = {PROT_ASYM_ECDSA_P256, seed};
	struct prot_signed_data d = {PROT_HASH_SHA3_256, true, seed, 32};
	struct prot_hash_state h;
	uint8_t out[96];
	prot_key k;

	assert_int_equal(
		crypto.ops->hash_init(crypto.ctx, &h, PROT_HASH_SHA3_384),
		PROT_ERR_CRYPTO);
	assert_int_equal(soft.ops->hash_init(soft.ctx, &h, PROT_HASH_SHA3_384),
			 PROT_OK);
	assert_int_equal(crypto.ops->hash_update(crypto.ctx, &h, seed, 32),
			 PROT_ERR_CRYPTO);
	assert_int_equal(crypto.ops->hash_final(crypto.ctx, &h, out),
			 PROT_ERR_CRYPTO);
	assert_int_equal(
		crypto.ops->hmac(crypto.ctx, PROT_HASH_SHA3_256, &in, out),
		PROT_ERR_CRYPTO);
	assert_int_equal(crypto.ops->random(crypto.ctx, out, 32),
			 PROT_ERR_CRYPTO);
	assert_int_equal(crypto.ops->key_derive(crypto.ctx,
						PROT_ASYM_ECDSA_P256, seed, 32,
						&k),
			 PROT_ERR_CRYPTO);
	assert_int_equal(crypto.ops->key_public(crypto.ctx, 1, out),
			 PROT_ERR_CRYPTO);
	assert_int_equal(crypto.ops->sign(crypto.ctx, 1, &d, out),
			 PROT_ERR_CRYPTO);
	assert_int_equal(crypto.ops->verify(crypto.ctx, &key, &d, out, 64),
			 PROT_ERR_CRYPTO);
}

static void test_init__not_called__nothing_works(void **state)
{
	(void)state;
	assert_closed();
}

static void test_init__hash_wrong__fails_closed(void **state)
{
	(void)state;
	hace_model.wrong = true;
	assert_int_equal(prot_ast_crypto_init(&layer), PROT_ERR_CRYPTO);
	assert_closed();
}

static void test_init__hash_hangs__fails_closed(void **state)
{
	(void)state;
	hace_model.dead = true;
	assert_int_equal(prot_ast_crypto_init(&layer), PROT_ERR_CRYPTO);
	assert_closed();
	hace_model.dead = false; /* an init is a chance */
	assert_int_equal(prot_ast_crypto_init(&layer), PROT_OK);
}

static void test_init__engine_finds_all_valid__fails_closed(void **state)
{
	(void)state;
	sbc_model.yes_man = true;
	assert_int_equal(prot_ast_crypto_init(&layer), PROT_ERR_CRYPTO);
	assert_closed();
}

static void test_init__engine_finds_none_valid__fails_closed(void **state)
{
	(void)state;
	sbc_model.no_man = true;
	assert_int_equal(prot_ast_crypto_init(&layer), PROT_ERR_CRYPTO);
	assert_closed();
}

static void test_init__engine_hangs__fails_closed(void **state)
{
	(void)state;
	sbc_model.dead = true;
	assert_int_equal(prot_ast_crypto_init(&layer), PROT_ERR_CRYPTO);
	assert_closed();
	sbc_model.dead = false;
	assert_int_equal(prot_ast_crypto_init(&layer), PROT_OK);
}

static void test_init__below_offers_less__refused(void **state)
{
	struct prot_crypto_ops less = *soft.ops;

	(void)state;
	layer.below.ops = &less;
	less.hashes &= ~PROT_AST_HACE_HASHES;
	less.asyms = 1u << PROT_ASYM_ECDSA_P256;
	assert_int_equal(prot_ast_crypto_init(&layer), PROT_OK);
	less.hashes &= ~(1u << PROT_HASH_SHA3_384);
	assert_int_equal(prot_ast_crypto_init(&layer), PROT_ERR_ARG);
	assert_closed();
	less = *soft.ops;
	less.asyms = 1u << PROT_ASYM_ECDSA_P384; /* as firmware has it */
	assert_int_equal(prot_ast_crypto_init(&layer), PROT_OK);
}

static void test_init__no_engine_and_no_p384_below__refused(void **state)
{
	struct prot_crypto_ops less = *soft.ops;

	(void)state;
	layer.ecdsa = NULL;
	layer.below.ops = &less;
	less.asyms = 1u << PROT_ASYM_ECDSA_P256;
	assert_int_equal(prot_ast_crypto_init(&layer), PROT_ERR_ARG);
	assert_closed();
}

static void test_init__no_engines__hardware_untouched(void **state)
{
	struct mmio_write w[1];
	uint8_t got[48], want[48];

	(void)state;
	layer.hace = NULL;
	layer.ecdsa = NULL;
	assert_int_equal(prot_ast_crypto_init(&layer), PROT_OK);
	assert_int_equal(
		prot_crypto_hash(&crypto, PROT_HASH_SHA384, "x", 1, got),
		PROT_OK);
	assert_int_equal(
		prot_crypto_hash(&soft, PROT_HASH_SHA384, "x", 1, want),
		PROT_OK);
	assert_memory_equal(got, want, 48);
	assert_int_equal(mmio_mock_writes(0, UINT32_MAX, w, 1), 0);
}

static void test_hash__each_algorithm__as_below(void **state)
{
	static const char text[] =
		"The quick brown fox jumps over the lazy dog";
	uint8_t got[64], want[64];

	(void)state;
	for (int a = PROT_HASH_SHA256; a < PROT_HASH_COUNT; a++) {
		enum prot_hash_alg alg = (enum prot_hash_alg)a;
		unsigned runs = hace_model.runs;

		assert_int_equal(
			prot_crypto_hash(&crypto, alg, text, sizeof(text), got),
			PROT_OK);
		assert_int_equal(
			prot_crypto_hash(&soft, alg, text, sizeof(text), want),
			PROT_OK);
		assert_memory_equal(got, want, prot_hash_size(alg));
		assert_int_equal(hace_model.runs != runs,
				 PROT_AST_HACE_HASHES >> a & 1);
	}
}

static void test_hash__interleaved_of_both__independent(void **state)
{
	struct prot_hash_state a, b;
	uint8_t got[48], want[48];

	(void)state;
	assert_int_equal(
		crypto.ops->hash_init(crypto.ctx, &a, PROT_HASH_SHA384),
		PROT_OK);
	assert_int_equal(
		crypto.ops->hash_init(crypto.ctx, &b, PROT_HASH_SHA3_384),
		PROT_OK);
	assert_int_equal(crypto.ops->hash_update(crypto.ctx, &a, "one", 3),
			 PROT_OK);
	assert_int_equal(crypto.ops->hash_update(crypto.ctx, &b, "two", 3),
			 PROT_OK);
	assert_int_equal(crypto.ops->hash_final(crypto.ctx, &a, got), PROT_OK);
	assert_int_equal(
		prot_crypto_hash(&soft, PROT_HASH_SHA384, "one", 3, want),
		PROT_OK);
	assert_memory_equal(got, want, 48);
	assert_int_equal(crypto.ops->hash_final(crypto.ctx, &b, got), PROT_OK);
	assert_int_equal(
		prot_crypto_hash(&soft, PROT_HASH_SHA3_384, "two", 3, want),
		PROT_OK);
	assert_memory_equal(got, want, 48);
	/* used up, both */
	assert_int_equal(crypto.ops->hash_update(crypto.ctx, &a, "x", 1),
			 PROT_ERR_CRYPTO);
	assert_int_equal(crypto.ops->hash_update(crypto.ctx, &b, "x", 1),
			 PROT_ERR_CRYPTO);
}

static void test_hash_init__unknown__refused(void **state)
{
	struct prot_hash_state h;

	(void)state;
	assert_int_equal(crypto.ops->hash_init(crypto.ctx, &h, PROT_HASH_NONE),
			 PROT_ERR_ARG);
	assert_int_equal(crypto.ops->hash_init(crypto.ctx, &h, PROT_HASH_COUNT),
			 PROT_ERR_ARG);
}

static void test_hmac__each_key_length__as_below(void **state)
{
	uint8_t key[200], got[64], want[64];
	struct prot_hmac_input in = {key, 0, (const uint8_t *)"data", 4};

	(void)state;
	memset(key, 0xAB, sizeof(key));
	for (int a = PROT_HASH_SHA256; a < PROT_HASH_COUNT; a++) {
		enum prot_hash_alg alg = (enum prot_hash_alg)a;

		for (in.key_len = 0; in.key_len <= sizeof(key); in.key_len++) {
			in.data_len = in.key_len % 5;
			assert_int_equal(
				crypto.ops->hmac(crypto.ctx, alg, &in, got),
				PROT_OK);
			assert_int_equal(
				soft.ops->hmac(soft.ctx, alg, &in, want),
				PROT_OK);
			assert_memory_equal(got, want, prot_hash_size(alg));
			mmio_mock_forget_writes();
		}
	}
	assert_int_equal(
		crypto.ops->hmac(crypto.ctx, PROT_HASH_COUNT, &in, got),
		PROT_ERR_ARG);
}

/* RFC 4231 test case 2. */
static void test_hmac__rfc4231__mac(void **state)
{
	static const char text[] = "what do ya want for nothing?";
	struct prot_hmac_input in = {(const uint8_t *)"Jefe", 4,
				     (const uint8_t *)text, sizeof(text) - 1};
	uint8_t mac[48];

	(void)state;
	assert_int_equal(
		crypto.ops->hmac(crypto.ctx, PROT_HASH_SHA384, &in, mac),
		PROT_OK);
	assert_hex_equal(
		mac,
		"af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322"
		"445e8e2240ca5e69e2c78b3239ecfab21649");
}

static void test_hash__engine_hangs__no_software_instead(void **state)
{
	uint8_t out[48];

	(void)state;
	hace_model.dead = true;
	assert_int_equal(
		prot_crypto_hash(&crypto, PROT_HASH_SHA384, "x", 1, out),
		PROT_ERR_CRYPTO);
	hace_model.dead = false;
	assert_int_equal(
		prot_crypto_hash(&crypto, PROT_HASH_SHA384, "x", 1, out),
		PROT_ERR_CRYPTO);
	assert_int_equal(
		prot_crypto_hash(&crypto, PROT_HASH_SHA3_384, "x", 1, out),
		PROT_OK);
}

struct signed_case {
	uint8_t point[96], sig[96];
	struct prot_public_key key;
	struct prot_signed_data what;
	size_t sig_len;
};

static const uint8_t message[] = "signed by a key that the layer below keeps";

static void case_make(struct signed_case *s, enum prot_asym_alg alg,
		      enum prot_hash_alg hash)
{
	static const uint8_t seed[32] = {9};
	prot_key key;

	s->key.alg = alg;
	s->key.bytes = s->point;
	s->what.hash = hash;
	s->what.prehashed = false;
	s->what.data = message;
	s->what.len = sizeof(message);
	s->sig_len = prot_signature_size(alg);
	assert_int_equal(
		crypto.ops->key_derive(crypto.ctx, alg, seed, 32, &key),
		PROT_OK);
	assert_int_equal(crypto.ops->key_public(crypto.ctx, key, s->point),
			 PROT_OK);
	assert_int_equal(crypto.ops->sign(crypto.ctx, key, &s->what, s->sig),
			 PROT_OK);
	crypto.ops->key_destroy(crypto.ctx, key);
	assert_int_equal(crypto.ops->key_public(crypto.ctx, key, s->point),
			 PROT_ERR_ARG);
}

static enum prot_status verify(const struct signed_case *s)
{
	enum prot_status st;

	do {
		mmio_mock_forget_writes();
		mmio_mock_advance(100);
		st = crypto.ops->verify(crypto.ctx, &s->key, &s->what, s->sig,
					s->sig_len);
	} while (st == PROT_PENDING);
	return st;
}

static void test_verify__p384_each_hash__engine_agrees(void **state)
{
	struct signed_case s;

	(void)state;
	for (int a = PROT_HASH_SHA256; a < PROT_HASH_COUNT; a++) {
		unsigned runs = sbc_model.runs;

		case_make(&s, PROT_ASYM_ECDSA_P384, (enum prot_hash_alg)a);
		assert_int_equal(verify(&s), PROT_OK);
		s.sig[20] ^= 1;
		assert_int_equal(verify(&s), PROT_ERR_AUTH);
		assert_int_equal(sbc_model.runs, runs + 2);
	}
}

static void test_verify__p384_prehashed__engine_agrees(void **state)
{
	struct signed_case s;
	uint8_t digest[48];

	(void)state;
	case_make(&s, PROT_ASYM_ECDSA_P384, PROT_HASH_SHA384);
	assert_int_equal(prot_crypto_hash(&crypto, PROT_HASH_SHA384, message,
					  sizeof(message), digest),
			 PROT_OK);
	s.what.prehashed = true;
	s.what.data = digest;
	s.what.len = sizeof(digest);
	assert_int_equal(verify(&s), PROT_OK);
	s.what.len--;
	assert_int_equal(verify(&s), PROT_ERR_ARG);
	s.what.len++;
	s.what.hash = PROT_HASH_NONE;
	assert_int_equal(verify(&s), PROT_ERR_ARG);
}

static void test_verify__p384__pends_and_finishes(void **state)
{
	struct signed_case s;
	unsigned pending = 0;
	enum prot_status st;

	(void)state;
	case_make(&s, PROT_ASYM_ECDSA_P384, PROT_HASH_SHA384);
	mmio_mock_forget_writes();
	sbc_model.delay_us = 3000;
	while ((st = crypto.ops->verify(crypto.ctx, &s.key, &s.what, s.sig,
					s.sig_len)) == PROT_PENDING) {
		mmio_mock_advance(500);
		pending++;
	}
	assert_int_equal(st, PROT_OK);
	assert_in_range(pending, 15, 30);
}

static void test_verify__p256__below(void **state)
{
	struct signed_case s;
	unsigned runs = sbc_model.runs;

	(void)state;
	case_make(&s, PROT_ASYM_ECDSA_P256, PROT_HASH_SHA256);
	assert_int_equal(verify(&s), PROT_OK);
	s.sig[0] ^= 1;
	assert_int_equal(verify(&s), PROT_ERR_AUTH);
	assert_int_equal(sbc_model.runs, runs);
}

static void test_verify__length_or_algorithm_wrong__refused(void **state)
{
	struct signed_case s;

	(void)state;
	case_make(&s, PROT_ASYM_ECDSA_P384, PROT_HASH_SHA384);
	s.sig_len = 95;
	assert_int_equal(verify(&s), PROT_ERR_AUTH);
	s.sig_len = 96;
	s.key.alg = PROT_ASYM_NONE;
	assert_int_equal(verify(&s), PROT_ERR_ARG);
}

static void test_verify__engine_hangs__no_software_instead(void **state)
{
	struct signed_case s;

	(void)state;
	case_make(&s, PROT_ASYM_ECDSA_P384, PROT_HASH_SHA384);
	s.what.prehashed = true; /* any digest: less for the mock to record */
	s.what.len = 48;
	s.what.data = s.point;
	sbc_model.dead = true;
	assert_int_equal(crypto.ops->verify(crypto.ctx, &s.key, &s.what, s.sig,
					    s.sig_len),
			 PROT_PENDING);
	for (int i = 0; i < 3; i++) {
		mmio_mock_advance(AST_ECDSA_LIMIT_US);
		assert_int_equal(crypto.ops->verify(crypto.ctx, &s.key, &s.what,
						    s.sig, s.sig_len),
				 i < 2 ? PROT_PENDING : PROT_ERR_CRYPTO);
	}
	sbc_model.dead = false;
	assert_int_equal(verify(&s), PROT_ERR_CRYPTO);
}

static void test_random__ready__from_below(void **state)
{
	uint8_t a[32] = {0}, b[32] = {0};

	(void)state;
	assert_int_equal(crypto.ops->random(crypto.ctx, a, 32), PROT_OK);
	assert_int_equal(crypto.ops->random(crypto.ctx, b, 32), PROT_OK);
	assert_memory_not_equal(a, b, 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, setup)
		T(test_init__both_engines__tested),
		T(test_init__not_called__nothing_works),
		T(test_init__hash_wrong__fails_closed),
		T(test_init__hash_hangs__fails_closed),
		T(test_init__engine_finds_all_valid__fails_closed),
		T(test_init__engine_finds_none_valid__fails_closed),
		T(test_init__engine_hangs__fails_closed),
		T(test_init__below_offers_less__refused),
		T(test_init__no_engine_and_no_p384_below__refused),
		T(test_init__no_engines__hardware_untouched),
#undef T
#define T(name) cmocka_unit_test_setup(name, setup_ready)
		T(test_hash__each_algorithm__as_below),
		T(test_hash__interleaved_of_both__independent),
		T(test_hash_init__unknown__refused),
		T(test_hmac__each_key_length__as_below),
		T(test_hmac__rfc4231__mac),
		T(test_hash__engine_hangs__no_software_instead),
		T(test_verify__p384_each_hash__engine_agrees),
		T(test_verify__p384_prehashed__engine_agrees),
		T(test_verify__p384__pends_and_finishes),
		T(test_verify__p256__below),
		T(test_verify__length_or_algorithm_wrong__refused),
		T(test_verify__engine_hangs__no_software_instead),
		T(test_random__ready__from_below),
#undef T
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
