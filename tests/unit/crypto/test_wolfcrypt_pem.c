/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"
#include "vectors.h"

#include <prot/crypto_wolfcrypt.h>
#include <prot/x509.h>

static struct prot_wolfcrypt ctx;
static struct prot_wolfcrypt_key keys[2];
static uint8_t file[8192];

static int setup(void **state)
{
	(void)state;
	return prot_wolfcrypt_init(&ctx, keys, PROT_ARRAY_SIZE(keys));
}

static int teardown(void **state)
{
	(void)state;
	prot_wolfcrypt_free(&ctx);
	return 0;
}

static struct prot_span load(const char *name)
{
	struct prot_wr w = prot_wr_init(file, sizeof(file));
	struct prot_span s = {file, 0};

	vector_append(&w, name);
	s.len = w.len;
	return s;
}

static enum prot_status load_key(const char *name, prot_key *key)
{
	return prot_wolfcrypt_key_load(&ctx, load(name), key, NULL);
}

/* The public half of keys/int.pem, as openssl pkey -text shows it. */
static const char int_public[] =
	"24b941f2473a8c47564b2fd51d7b5d14706245caa85e01f64600fa1cfe06ffcb"
	"81f825fe5741f0c5f15dbe328e1cdc9d8d9d2273a059069427c676a72dc7c188"
	"90a7c4d33bd2544070084f1b3312e98d8edb877f1225b705e1ab1c24ca888be5";

static void test_key_load__pkcs8_and_sec1__same_key(void **state)
{
	static const char *const names[] = {"x509/keys/int.pem",
					    "x509/keys/int_sec1.pem"};
	uint8_t point[PROT_PUBLIC_KEY_MAX];
	enum prot_asym_alg alg;
	prot_key key;

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(names); i++) {
		assert_int_equal(prot_wolfcrypt_key_load(&ctx, load(names[i]),
							 &key, &alg),
				 PROT_OK);
		assert_int_equal(alg, PROT_ASYM_ECDSA_P384);
		assert_int_equal(
			prot_wolfcrypt_ops.key_public(&ctx, key, point), 0);
		assert_hex_equal(point, int_public);
		prot_wolfcrypt_ops.key_destroy(&ctx, key);
	}
}

static void test_key_load__p256__loaded(void **state)
{
	enum prot_asym_alg alg;
	prot_key key;

	(void)state;
	assert_int_equal(prot_wolfcrypt_key_load(&ctx,
						 load("x509/keys/leaf256.pem"),
						 &key, &alg),
			 PROT_OK);
	assert_int_equal(alg, PROT_ASYM_ECDSA_P256);
}

static void test_key_load__encrypted_or_rsa__unsupported(void **state)
{
	prot_key key;

	(void)state;
	assert_int_equal(load_key("x509/keys/int_encrypted.pem", &key),
			 PROT_ERR_UNSUPPORTED);
	assert_int_equal(load_key("x509/keys/int_sec1_encrypted.pem", &key),
			 PROT_ERR_UNSUPPORTED);
	assert_int_equal(load_key("x509/keys/rsa.pem", &key),
			 PROT_ERR_UNSUPPORTED);
}

static void test_key_load__no_key_in_it__malformed(void **state)
{
	static const uint8_t text[] = "0 is no key, and neither is this";
	const struct prot_span none = {NULL, 0};
	const struct prot_span prose = {text, sizeof(text) - 1};
	prot_key key;

	(void)state;
	assert_int_equal(prot_wolfcrypt_key_load(&ctx, none, &key, NULL),
			 PROT_ERR_MALFORMED);
	assert_int_equal(prot_wolfcrypt_key_load(&ctx, prose, &key, NULL),
			 PROT_ERR_MALFORMED);
	assert_int_equal(load_key("x509/root.der", &key), PROT_ERR_MALFORMED);
	assert_int_equal(load_key("x509/root_int.pem", &key),
			 PROT_ERR_MALFORMED);
}

static void test_key_load__every_short_length__refused(void **state)
{
	struct prot_span all = load("x509/keys/int.pem");
	prot_key key;

	(void)state;
	/* Without the line feed that ends it the file is still whole. */
	for (size_t n = 0; n + 1 < all.len; n++) {
		struct prot_span cut = {all.at, n};

		assert_int_not_equal(
			prot_wolfcrypt_key_load(&ctx, cut, &key, NULL),
			PROT_OK);
	}
}

static void test_key_load__table_full__space(void **state)
{
	prot_key key;

	(void)state;
	assert_int_equal(load_key("x509/keys/int.pem", &key), PROT_OK);
	assert_int_equal(load_key("x509/keys/int.pem", &key), PROT_OK);
	assert_int_equal(load_key("x509/keys/int.pem", &key), PROT_ERR_SPACE);
}

static void test_key_save__generated__loads_as_the_same(void **state)
{
	uint8_t pem[512], want[PROT_PUBLIC_KEY_MAX], got[PROT_PUBLIC_KEY_MAX];

	(void)state;
	for (int alg = PROT_ASYM_ECDSA_P256; alg < PROT_ASYM_COUNT; alg++) {
		struct prot_wr w = prot_wr_init(pem, sizeof(pem));
		struct prot_span s = {pem, 0};
		prot_key key, again;

		assert_int_equal(prot_wolfcrypt_key_generate(
					 &ctx, (enum prot_asym_alg)alg, &key),
				 PROT_OK);
		assert_int_equal(prot_wolfcrypt_key_save(&ctx, key, &w),
				 PROT_OK);
		s.len = w.len;
		assert_int_equal(prot_wolfcrypt_key_load(&ctx, s, &again, NULL),
				 0);
		prot_wolfcrypt_ops.key_public(&ctx, key, want);
		prot_wolfcrypt_ops.key_public(&ctx, again, got);
		assert_memory_equal(
			want, got,
			prot_public_key_size((enum prot_asym_alg)alg));
		prot_wolfcrypt_ops.key_destroy(&ctx, key);
		prot_wolfcrypt_ops.key_destroy(&ctx, again);
	}
}

static void test_key_save__every_short_buffer__space(void **state)
{
	uint8_t pem[512];
	struct prot_wr w = prot_wr_init(pem, sizeof(pem));
	prot_key key;
	size_t whole;

	(void)state;
	assert_int_equal(load_key("x509/keys/int.pem", &key), PROT_OK);
	assert_int_equal(prot_wolfcrypt_key_save(&ctx, key, &w), PROT_OK);
	whole = w.len;
	for (size_t cap = 0; cap < whole; cap++) {
		w = prot_wr_init(pem, cap);
		assert_int_equal(prot_wolfcrypt_key_save(&ctx, key, &w),
				 PROT_ERR_SPACE);
	}
	assert_int_equal(prot_wolfcrypt_key_save(&ctx, 0, &w), PROT_ERR_ARG);
}

static void test_key_generate__twice__differ(void **state)
{
	uint8_t a[PROT_PUBLIC_KEY_MAX], b[PROT_PUBLIC_KEY_MAX];
	prot_key first, second;

	(void)state;
	assert_int_equal(
		prot_wolfcrypt_key_generate(&ctx, PROT_ASYM_ECDSA_P384, &first),
		PROT_OK);
	assert_int_equal(prot_wolfcrypt_key_generate(&ctx, PROT_ASYM_ECDSA_P384,
						     &second),
			 PROT_OK);
	prot_wolfcrypt_ops.key_public(&ctx, first, a);
	prot_wolfcrypt_ops.key_public(&ctx, second, b);
	assert_memory_not_equal(a, b, sizeof(a));
	assert_int_equal(
		prot_wolfcrypt_key_generate(&ctx, PROT_ASYM_NONE, &first),
		PROT_ERR_ARG);
}

/* The file also holds the text that openssl x509 -text writes. */
static void test_certs_load__pem_with_text__der_in_order(void **state)
{
	uint8_t want[2048], got[2048];
	struct prot_wr w = prot_wr_init(got, sizeof(got));
	struct prot_span der = chain_load("root int", want, sizeof(want));

	(void)state;
	assert_int_equal(
		prot_wolfcrypt_certs_load(load("x509/root_int.pem"), &w),
		PROT_OK);
	assert_int_equal(w.len, der.len);
	assert_memory_equal(got, want, w.len);
}

static void test_certs_load__der__as_it_is(void **state)
{
	uint8_t got[2048];
	struct prot_wr w = prot_wr_init(got, sizeof(got));
	struct prot_span der = load("x509/chain_libspdm_slot0.der");

	(void)state;
	assert_int_equal(prot_wolfcrypt_certs_load(der, &w), PROT_OK);
	assert_int_equal(w.len, der.len);
	assert_memory_equal(got, der.at, w.len);
}

static void test_certs_load__not_certificates__refused(void **state)
{
	uint8_t got[2048];
	struct prot_wr w = prot_wr_init(got, sizeof(got));
	struct prot_wr small = prot_wr_init(got, 100);
	struct prot_span pem;

	(void)state;
	assert_int_equal(
		prot_wolfcrypt_certs_load(load("x509/keys/int.pem"), &w),
		PROT_ERR_MALFORMED);
	assert_int_equal(prot_wolfcrypt_certs_load(load("x509/README.md"), &w),
			 PROT_ERR_MALFORMED);
	pem = load("x509/root_int.pem");
	pem.len -= 40; /* within the base64 of the second */
	assert_int_equal(prot_wolfcrypt_certs_load(pem, &w),
			 PROT_ERR_MALFORMED);
	pem = load("x509/root.der");
	pem.len--;
	assert_int_equal(prot_wolfcrypt_certs_load(pem, &w),
			 PROT_ERR_MALFORMED);
	assert_int_equal(w.len, 0);
	assert_int_equal(
		prot_wolfcrypt_certs_load(load("x509/root_int.pem"), &small),
		PROT_ERR_SPACE);
	assert_int_equal(
		prot_wolfcrypt_certs_load(load("x509/root.der"), &small),
		PROT_ERR_SPACE);
}

static void test_certs_save__two__load_as_the_same(void **state)
{
	uint8_t want[2048], got[2048];
	struct prot_wr pem = prot_wr_init(file, sizeof(file));
	struct prot_wr w = prot_wr_init(got, sizeof(got));
	struct prot_span der = chain_load("int leaf", want, sizeof(want));
	struct prot_span s = {file, 0};

	(void)state;
	assert_int_equal(prot_wolfcrypt_certs_save(der, &pem), PROT_OK);
	s.len = pem.len;
	assert_int_equal(prot_wolfcrypt_certs_load(s, &w), PROT_OK);
	assert_int_equal(w.len, der.len);
	assert_memory_equal(got, want, w.len);
	der.len--;
	assert_int_equal(prot_wolfcrypt_certs_save(der, &pem),
			 PROT_ERR_MALFORMED);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_key_load__pkcs8_and_sec1__same_key),
		TEST(test_key_load__p256__loaded),
		TEST(test_key_load__encrypted_or_rsa__unsupported),
		TEST(test_key_load__no_key_in_it__malformed),
		TEST(test_key_load__every_short_length__refused),
		TEST(test_key_load__table_full__space),
		TEST(test_key_save__generated__loads_as_the_same),
		TEST(test_key_save__every_short_buffer__space),
		TEST(test_key_generate__twice__differ),
		TEST(test_certs_load__pem_with_text__der_in_order),
		TEST(test_certs_load__der__as_it_is),
		TEST(test_certs_load__not_certificates__refused),
		TEST(test_certs_save__two__load_as_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
