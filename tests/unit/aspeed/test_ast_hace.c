/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include "ast10x0.h"
#include "ast_hace.h"
#include "hace_model.h"
#include "mmio.h"
#include "mmio_mock.h"

#include <prot/crypto_provider.h>
#include <prot/crypto_wolfcrypt.h>

#define DATA_MAX 600

static struct hace_model model;
static struct prot_ast_hace_memory memory;
static uint8_t data[DATA_MAX];
static size_t invalidated;

static void invalidate(const void *at, size_t len)
{
	assert_ptr_equal(at, memory.digest);
	invalidated += len;
}

/* Everything is in reach of the engine, or nothing. */
static const struct prot_ast_hace direct = {
	AST_HACE_BASE, &mmio_mock_clock, &memory, 0, 0xC0000, invalidate};
static const struct prot_ast_hace copied = {
	AST_HACE_BASE, &mmio_mock_clock, &memory, 0, 0, NULL};

static const enum prot_hash_alg algs[] = {PROT_HASH_SHA256, PROT_HASH_SHA384,
					  PROT_HASH_SHA512};

static struct prot_wolfcrypt wolf;
static struct prot_crypto soft;

static int setup(void **state)
{
	(void)state;
	mmio_mock_reset();
	memset(&model, 0, sizeof(model));
	memset(&memory, 0xA5, sizeof(memory));
	memory.ready = false;
	hace_model_add(&model);
	for (size_t i = 0; i < sizeof(data); i++) {
		data[i] = (uint8_t)(i * 151 + 7);
	}
	invalidated = 0;
	return 0;
}

static int setup_ready(void **state)
{
	setup(state);
	prot_ast_hace_init(&direct);
	mmio_mock_forget_writes();
	return 0;
}

static int group_setup(void **state)
{
	(void)state;
	soft = prot_wolfcrypt_crypto(&wolf);
	return prot_wolfcrypt_init(&wolf, NULL, 0) == PROT_OK ? 0 : -1;
}

static int group_teardown(void **state)
{
	(void)state;
	prot_wolfcrypt_free(&wolf);
	return 0;
}

static void hash_in(const struct prot_ast_hace *e, enum prot_hash_alg alg,
		    size_t len, size_t step, uint8_t *out)
{
	struct prot_hash_state h;

	memset(&h, 0xEE, sizeof(h));
	assert_int_equal(prot_ast_hace_hash_init(e, &h, alg), PROT_OK);
	for (size_t at = 0; at < len; at += step) {
		size_t n = len - at < step ? len - at : step;

		assert_int_equal(prot_ast_hace_hash_update(e, &h, data + at, n),
				 PROT_OK);
	}
	assert_int_equal(prot_ast_hace_hash_final(e, &h, out), PROT_OK);
}

static void assert_same(const struct prot_ast_hace *e, enum prot_hash_alg alg,
			size_t len, size_t step)
{
	uint8_t want[PROT_HASH_MAX];
	uint8_t got[PROT_HASH_MAX + 1];

	got[prot_hash_size(alg)] = 0x5A;
	hash_in(e, alg, len, step, got);
	assert_int_equal(prot_crypto_hash(&soft, alg, data, len, want),
			 PROT_OK);
	assert_memory_equal(got, want, prot_hash_size(alg));
	assert_int_equal(got[prot_hash_size(alg)], 0x5A);
	mmio_mock_forget_writes();
}

/* FIPS 180-4 examples of NIST: one block, and two. */
static void test_hash__nist_examples__digests(void **state)
{
	static const char two_256[] = "abcdbcdecdefdefgefghfghighijhijkijkljklm"
				      "klmnlmnomnopnopq";
	static const char two_512[] =
		"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		"hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";
	static const struct {
		enum prot_hash_alg alg;
		const char *text, *digest;
	} v[] = {
		{PROT_HASH_SHA256, "abc",
		 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f2001"
		 "5"
		 "ad"},
		{PROT_HASH_SHA256, two_256,
		 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db0"
		 "6"
		 "c1"},
		{PROT_HASH_SHA384, "abc",
		 "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5"
		 "b"
		 "ed8086072ba1e7cc2358baeca134c825a7"},
		{PROT_HASH_SHA384, two_512,
		 "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f"
		 "7"
		 "12fcc7c71a557e2db966c3e9fa91746039"},
		{PROT_HASH_SHA512, "abc",
		 "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d"
		 "3"
		 "9a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54"
		 "c"
		 "a49f"},
		{PROT_HASH_SHA512, two_512,
		 "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889"
		 "0"
		 "18501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874"
		 "b"
		 "e909"},
	};
	uint8_t out[PROT_HASH_MAX];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(v); i++) {
		size_t n = strlen(v[i].text);

		memcpy(data, v[i].text, n);
		hash_in(&direct, v[i].alg, n, n, out);
		assert_hex_equal(out, v[i].digest);
	}
}

static void test_hash__every_length_to_300__as_in_software(void **state)
{
	(void)state;
	for (size_t a = 0; a < PROT_ARRAY_SIZE(algs); a++) {
		for (size_t n = 0; n <= 300; n++) {
			assert_same(&direct, algs[a], n, n + 1);
			assert_same(&copied, algs[a], n, n + 1);
		}
	}
}

static void test_hash__every_step__as_in_software(void **state)
{
	(void)state;
	for (size_t a = 0; a < PROT_ARRAY_SIZE(algs); a++) {
		for (size_t step = 1; step <= 300; step++) {
			assert_same(&direct, algs[a], DATA_MAX, step);
			assert_same(&copied, algs[a], DATA_MAX, step);
		}
	}
	assert_true(model.sg_runs > 0);
}

/* A state is as good as the bytes that went in: no memory of the engine. */
static void test_hash__forked_at_every_length__independent(void **state)
{
	struct prot_hash_state a, b;
	uint8_t out_a[48], out_b[48], want[48];
	uint8_t joined[500];

	(void)state;
	for (size_t n = 0; n <= 300; n++) {
		assert_int_equal(
			prot_ast_hace_hash_init(&direct, &a, PROT_HASH_SHA384),
			PROT_OK);
		assert_int_equal(
			prot_ast_hace_hash_update(&direct, &a, data, n),
			PROT_OK);
		b = a;
		assert_int_equal(
			prot_ast_hace_hash_update(&direct, &b, data, 200),
			PROT_OK);
		assert_int_equal(
			prot_ast_hace_hash_update(&direct, &a, data + n, 300),
			PROT_OK);
		assert_int_equal(prot_ast_hace_hash_final(&direct, &b, out_b),
				 PROT_OK);
		assert_int_equal(prot_ast_hace_hash_final(&direct, &a, out_a),
				 PROT_OK);
		hash_in(&direct, PROT_HASH_SHA384, n + 300, n + 300, want);
		assert_memory_equal(out_a, want, 48);
		memcpy(joined, data, n);
		memcpy(joined + n, data, 200);
		assert_int_equal(prot_crypto_hash(&soft, PROT_HASH_SHA384,
						  joined, n + 200, want),
				 PROT_OK);
		assert_memory_equal(out_b, want, 48);
		mmio_mock_forget_writes();
	}
}

static void test_update__pending_and_data__one_list(void **state)
{
	struct prot_hash_state h;
	struct mmio_write w[16];

	(void)state;
	assert_int_equal(prot_ast_hace_hash_init(&direct, &h, PROT_HASH_SHA384),
			 PROT_OK);
	assert_int_equal(prot_ast_hace_hash_update(&direct, &h, data, 100),
			 PROT_OK);
	assert_int_equal(model.runs, 0); /* less than a block waits */
	assert_int_equal(
		prot_ast_hace_hash_update(&direct, &h, data + 100, 200),
		PROT_OK);
	assert_int_equal(model.runs, 1);
	assert_int_equal(model.sg_runs, 1);
	assert_int_equal(invalidated, 64);
	assert_int_equal(mmio_mock_writes(AST_HACE_BASE, 0x200, w, 16), 6);
	assert_int_equal(w[0].address, AST_HACE_BASE + 0x1C);
	assert_int_equal(w[0].value, 1u << 9);
	assert_int_equal(w[1].address, AST_HACE_BASE + 0x20);
	assert_int_equal(w[2].address, AST_HACE_BASE + 0x24);
	assert_int_equal(w[3].address, AST_HACE_BASE + 0x28);
	assert_int_equal(w[3].value, w[2].value);
	assert_int_equal(w[4].address, AST_HACE_BASE + 0x2C);
	assert_int_equal(w[4].value, 256);
	assert_int_equal(w[5].address, AST_HACE_BASE + 0x30);
	assert_int_equal(w[5].value, 0x40568);
}

static void test_update__no_bytes__nothing(void **state)
{
	struct prot_hash_state h;

	(void)state;
	assert_int_equal(prot_ast_hace_hash_init(&direct, &h, PROT_HASH_SHA256),
			 PROT_OK);
	assert_int_equal(prot_ast_hace_hash_update(&direct, &h, NULL, 0),
			 PROT_OK);
	assert_int_equal(model.runs, 0);
}

static void test_update__more_than_one_run_takes__several(void **state)
{
	static uint8_t big[16384]; /* as far as the mock maps one buffer */
	struct prot_hash_state h;
	uint8_t got[64], want[64];

	(void)state;
	assert_int_equal(prot_ast_hace_hash_init(&copied, &h, PROT_HASH_SHA512),
			 PROT_OK);
	assert_int_equal(
		prot_ast_hace_hash_update(&copied, &h, big, sizeof(big)),
		PROT_OK);
	assert_int_equal(model.runs, sizeof(big) / AST_HACE_BOUNCE);
	assert_int_equal(prot_ast_hace_hash_final(&copied, &h, got), PROT_OK);
	assert_int_equal(prot_crypto_hash(&soft, PROT_HASH_SHA512, big,
					  sizeof(big), want),
			 PROT_OK);
	assert_memory_equal(got, want, 64);
}

static void test_update__data_past_the_reach__copied(void **state)
{
	struct prot_ast_hace e = direct;
	struct prot_hash_state h;

	(void)state;
	e.direct = prot_mmio_dma(data);
	e.direct_size = 255;
	assert_int_equal(prot_ast_hace_hash_init(&e, &h, PROT_HASH_SHA256),
			 PROT_OK);
	assert_int_equal(prot_ast_hace_hash_update(&e, &h, data, 1), PROT_OK);
	assert_int_equal(prot_ast_hace_hash_update(&e, &h, data + 1, 255),
			 PROT_OK);
	assert_int_equal(model.runs, 1);
	assert_int_equal(model.sg_runs, 0);
	assert_int_equal(prot_ast_hace_hash_update(&e, &h, data, 1), PROT_OK);
	assert_int_equal(prot_ast_hace_hash_update(&e, &h, data + 1, 254),
			 PROT_OK);
	assert_int_equal(model.sg_runs, 1);
}

static void test_update__longer_than_sha_allows__refused(void **state)
{
	struct prot_hash_state h;
	uint8_t out[32];

	(void)state;
	assert_int_equal(prot_ast_hace_hash_init(&direct, &h, PROT_HASH_SHA256),
			 PROT_OK);
	assert_int_equal(prot_ast_hace_hash_update(&direct, &h, data, 3),
			 PROT_OK);
	assert_int_equal(prot_ast_hace_hash_update(&direct, &h, data, SIZE_MAX),
			 PROT_ERR_ARG);
	assert_int_equal(prot_ast_hace_hash_final(&direct, &h, out), PROT_OK);
}

static void test_init__always__reset_clock_release(void **state)
{
	struct mmio_write w[8];

	(void)state;
	prot_ast_hace_init(&direct);
	assert_int_equal(mmio_mock_writes(AST_SCU_BASE, 0x1000, w, 8), 3);
	assert_int_equal(w[0].address, AST_SCU_BASE + 0x40);
	assert_int_equal(w[0].value, 1u << 4);
	assert_int_equal(w[1].address, AST_SCU_BASE + 0x84);
	assert_int_equal(w[1].value, 1u << 13);
	assert_int_equal(w[2].address, AST_SCU_BASE + 0x44);
	assert_int_equal(w[2].value, 1u << 4);
	assert_true(prot_clock_us(&mmio_mock_clock) > 10100);
}

static void test_hash_init__not_of_the_engine__refused(void **state)
{
	struct prot_hash_state h;

	(void)state;
	assert_int_equal(
		prot_ast_hace_hash_init(&direct, &h, PROT_HASH_SHA3_384),
		PROT_ERR_ARG);
	assert_int_equal(prot_ast_hace_hash_init(&direct, &h, PROT_HASH_NONE),
			 PROT_ERR_ARG);
	assert_int_equal(prot_ast_hace_hash_init(&direct, &h, PROT_HASH_COUNT),
			 PROT_ERR_ARG);
	assert_int_equal(prot_ast_hace_hash_update(&direct, &h, data, 1),
			 PROT_ERR_CRYPTO);
}

static void test_hash__before_init__refused(void **state)
{
	struct prot_hash_state h;
	uint8_t out[32];

	(void)state;
	assert_int_equal(prot_ast_hace_hash_init(&direct, &h, PROT_HASH_SHA256),
			 PROT_ERR_CRYPTO);
	assert_int_equal(prot_ast_hace_hash_update(&direct, &h, data, 64),
			 PROT_ERR_CRYPTO);
	assert_int_equal(prot_ast_hace_hash_final(&direct, &h, out),
			 PROT_ERR_CRYPTO);
	assert_int_equal(model.runs, 0);
}

static void test_final__twice__state_is_used_up(void **state)
{
	struct prot_hash_state h;
	uint8_t out[32];

	(void)state;
	assert_int_equal(prot_ast_hace_hash_init(&direct, &h, PROT_HASH_SHA256),
			 PROT_OK);
	assert_int_equal(prot_ast_hace_hash_final(&direct, &h, out), PROT_OK);
	assert_int_equal(prot_ast_hace_hash_final(&direct, &h, out),
			 PROT_ERR_CRYPTO);
}

static void test_final__done__nothing_left_in_memory(void **state)
{
	static const struct prot_ast_hace_memory zero;
	static const struct prot_hash_state used;
	struct prot_hash_state h;
	uint8_t out[64];

	(void)state;
	assert_int_equal(prot_ast_hace_hash_init(&direct, &h, PROT_HASH_SHA512),
			 PROT_OK);
	assert_int_equal(prot_ast_hace_hash_update(&direct, &h, data, 300),
			 PROT_OK);
	assert_int_equal(prot_ast_hace_hash_final(&direct, &h, out), PROT_OK);
	assert_memory_equal(memory.digest, zero.digest, sizeof(zero.digest));
	assert_memory_equal(memory.bounce, zero.bounce, sizeof(zero.bounce));
	assert_memory_equal(&h, &used, sizeof(h));
}

static void test_update__slow_engine__waited_for(void **state)
{
	(void)state;
	model.delay = 1000;
	assert_same(&direct, PROT_HASH_SHA384, 300, 7);
}

static void test_update__engine_hangs__out_of_service(void **state)
{
	struct prot_hash_state h;
	uint8_t out[32];
	uint64_t start;

	(void)state;
	assert_int_equal(prot_ast_hace_hash_init(&direct, &h, PROT_HASH_SHA256),
			 PROT_OK);
	model.dead = true;
	start = prot_clock_us(&mmio_mock_clock);
	assert_int_equal(prot_ast_hace_hash_update(&direct, &h, data, 64),
			 PROT_ERR_CRYPTO);
	assert_in_range(prot_clock_us(&mmio_mock_clock) - start,
			AST_HACE_RUN_LIMIT_US, AST_HACE_RUN_LIMIT_US + 10);
	model.dead = false; /* even if it comes round: it may have written */
	assert_int_equal(prot_ast_hace_hash_final(&direct, &h, out),
			 PROT_ERR_CRYPTO);
	assert_int_equal(prot_ast_hace_hash_init(&direct, &h, PROT_HASH_SHA256),
			 PROT_ERR_CRYPTO);
	prot_ast_hace_init(&direct);
	assert_same(&direct, PROT_HASH_SHA256, 64, 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, setup_ready)
		T(test_hash__nist_examples__digests),
		T(test_hash__every_length_to_300__as_in_software),
		T(test_hash__every_step__as_in_software),
		T(test_hash__forked_at_every_length__independent),
		T(test_update__pending_and_data__one_list),
		T(test_update__no_bytes__nothing),
		T(test_update__more_than_one_run_takes__several),
		T(test_update__data_past_the_reach__copied),
		T(test_update__longer_than_sha_allows__refused),
		T(test_hash_init__not_of_the_engine__refused),
		T(test_final__twice__state_is_used_up),
		T(test_final__done__nothing_left_in_memory),
		T(test_update__slow_engine__waited_for),
		T(test_update__engine_hangs__out_of_service),
#undef T
		cmocka_unit_test_setup(test_init__always__reset_clock_release,
				       setup),
		cmocka_unit_test_setup(test_hash__before_init__refused, setup),
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
