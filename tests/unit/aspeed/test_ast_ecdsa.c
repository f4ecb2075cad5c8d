/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include "ast10x0.h"
#include "ast_ecdsa.h"
#include "ast_rsa.h"
#include "mmio_mock.h"
#include "sbc_model.h"

#include <prot/crypto_wolfcrypt.h>

static struct prot_wolfcrypt_key keys[1];
static struct prot_wolfcrypt wolf;
static struct sbc_model model;
static struct prot_ast_sbc_state sbc_state;
static const struct prot_ast_sbc sbc = {AST_SBC_BASE, AST_SECURE_SRAM_BASE,
					&mmio_mock_clock, &sbc_state};
static struct prot_ast_ecdsa_state state_;
static const struct prot_ast_ecdsa ecdsa = {&sbc, &state_};
static struct prot_ast_ecdsa_input good;

static int group_setup(void **state)
{
	static const uint8_t seed[32] = {1};
	struct prot_signed_data d = {PROT_HASH_SHA384, true, good.digest, 48};
	prot_key key;

	(void)state;
	memset(good.digest, 0x42, sizeof(good.digest));
	return prot_wolfcrypt_init(&wolf, keys, 1) == PROT_OK &&
			       prot_wolfcrypt_ops.key_derive(
				       &wolf, PROT_ASYM_ECDSA_P384, seed, 32,
				       &key) == PROT_OK &&
			       prot_wolfcrypt_ops.key_public(
				       &wolf, key, good.key) == PROT_OK &&
			       prot_wolfcrypt_ops.sign(&wolf, key, &d,
						       good.signature) ==
				       PROT_OK
		       ? 0
		       : -1;
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
	memset(&model, 0, sizeof(model));
	memset(&state_, 0, sizeof(state_));
	model.crypto = prot_wolfcrypt_crypto(&wolf);
	sbc_model_add(&model);
	prot_ast_sbc_init(&sbc);
	return 0;
}

static enum prot_status verify(const struct prot_ast_ecdsa_input *in)
{
	enum prot_status st;

	do {
		st = prot_ast_ecdsa_verify(&ecdsa, in);
		mmio_mock_advance(100);
	} while (st == PROT_PENDING);
	return st;
}

static void test_verify__good__ok(void **state)
{
	static const struct prot_ast_ecdsa_input none;

	(void)state;
	assert_int_equal(verify(&good), PROT_OK);
	assert_int_equal(model.runs, 1);
	assert_true(sbc_model_is_clean());
	assert_memory_equal(&state_.input, &none, sizeof(none));
}

static void test_verify__any_byte_changed__auth(void **state)
{
	struct prot_ast_ecdsa_input in = good;
	uint8_t *bytes = (uint8_t *)&in;

	(void)state;
	for (size_t i = 0; i < sizeof(in); i += 5) {
		bytes[i] ^= 0x10;
		assert_int_equal(verify(&in), PROT_ERR_AUTH);
		assert_true(sbc_model_is_clean());
		bytes[i] ^= 0x10;
		mmio_mock_forget_writes();
	}
	assert_int_equal(verify(&in), PROT_OK);
}

/* Sequence of the control registers; operands are the model's to check. */
static void test_verify__good__vendor_sequence(void **state)
{
	static const struct {
		uint32_t at, value;
	} want[] = {
		{0x7C, 0x0100F00B}, {0xB4, 0}, {0xB4, 1},
		{0x7C, 0x0300F00B}, {0x7C, 0}, {0xBC, 2},
		{0xBC, 0},          {0xB4, 0}, {0xBC, 0},
		{0x7C, 0x0300F00B}, {0x7C, 0},
	};
	struct mmio_write w[32];

	(void)state;
	assert_int_equal(verify(&good), PROT_OK);
	assert_int_equal(mmio_mock_writes(AST_SBC_BASE, 0x1000, w, 32),
			 PROT_ARRAY_SIZE(want));
	for (size_t i = 0; i < PROT_ARRAY_SIZE(want); i++) {
		assert_int_equal(w[i].address, AST_SBC_BASE + want[i].at);
		assert_int_equal(w[i].value, want[i].value);
	}
}

static void refused(size_t offset, const uint8_t *bytes, size_t n)
{
	struct prot_ast_ecdsa_input in = good;

	memcpy((uint8_t *)&in + offset, bytes, n);
	assert_int_equal(verify(&in), PROT_ERR_AUTH);
	assert_int_equal(model.runs, 0);
}

/* The engine would find all valid: software refuses before. */
static void test_verify__out_of_range__auth_without_engine(void **state)
{
	static const uint8_t zero[96];
	uint8_t order[48], ones[48];

	(void)state;
	model.yes_man = true;
	hex_bytes("ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f437"
		  "2ddf581a0db248b0a77aecec196accc52973",
		  order, 48);
	memset(ones, 0xFF, sizeof(ones));
	for (size_t half = 0; half < 2; half++) {
		size_t at = offsetof(struct prot_ast_ecdsa_input, signature) +
			    half * 48;

		refused(at, zero, 48);
		refused(at, order, 48);
		refused(at, ones, 48);
		refused(half * 48, ones, 48);
		refused(half * 48, zero, 48);
	}
	refused(0, zero, 96);
	assert_int_equal(verify(&good), PROT_OK);
}

static void test_verify__not_a_point__auth_without_engine(void **state)
{
	uint8_t byte = good.key[95] ^ 1;

	(void)state;
	model.yes_man = true;
	refused(95, &byte, 1);
}

/* Of the result of one input nothing reaches another. */
static void test_verify__other_input_meanwhile__own_result(void **state)
{
	struct prot_ast_ecdsa_input bad = good;

	(void)state;
	bad.digest[3] ^= 4;
	assert_int_equal(prot_ast_ecdsa_verify(&ecdsa, &good), PROT_PENDING);
	for (int i = 0; i < 100; i++) {
		mmio_mock_advance(100 * (unsigned)i);
		assert_int_equal(verify(&bad), PROT_ERR_AUTH);
		assert_int_equal(prot_ast_ecdsa_verify(&ecdsa, &good),
				 PROT_PENDING);
		for (int k = 0; k < i; k++) {
			mmio_mock_advance(200);
			if (prot_ast_ecdsa_verify(&ecdsa, &good) == PROT_OK) {
				break;
			}
		}
		mmio_mock_forget_writes();
	}
	assert_int_equal(verify(&good), PROT_OK);
}

static void test_verify__same_buffer_other_content__own_result(void **state)
{
	struct prot_ast_ecdsa_input in = good;

	(void)state;
	assert_int_equal(prot_ast_ecdsa_verify(&ecdsa, &in), PROT_PENDING);
	mmio_mock_advance(2000);
	assert_int_equal(prot_ast_ecdsa_verify(&ecdsa, &in), PROT_PENDING);
	mmio_mock_advance(9000);
	assert_int_equal(prot_ast_ecdsa_verify(&ecdsa, &in), PROT_PENDING);
	in.digest[0] ^= 1; /* the result of the first stands ready */
	assert_int_equal(verify(&in), PROT_ERR_AUTH);
}

static void test_verify__rsa_at_work__busy(void **state)
{
	static const struct prot_ast_rsa rsa = {&sbc, NULL};

	(void)state;
	assert_int_equal(prot_ast_sbc_claim(&sbc, &rsa), PROT_OK);
	assert_int_equal(prot_ast_ecdsa_verify(&ecdsa, &good), PROT_ERR_BUSY);
	prot_ast_sbc_release(&sbc);
	assert_int_equal(verify(&good), PROT_OK);
	assert_int_equal(prot_ast_sbc_claim(&sbc, &rsa), PROT_OK);
}

static void test_verify__engine_hangs__out_of_service(void **state)
{
	uint64_t start = prot_clock_us(&mmio_mock_clock);

	(void)state;
	model.dead = true;
	assert_int_equal(verify(&good), PROT_ERR_CRYPTO);
	assert_in_range(prot_clock_us(&mmio_mock_clock) - start,
			AST_ECDSA_LIMIT_US, AST_ECDSA_LIMIT_US + 10000);
	assert_true(sbc_model_is_clean());
	model.dead = false;
	assert_int_equal(prot_ast_ecdsa_verify(&ecdsa, &good), PROT_ERR_CRYPTO);
	prot_ast_ecdsa_reset(&ecdsa);
	assert_int_equal(verify(&good), PROT_OK);
}

static void test_reset__at_work__starts_afresh(void **state)
{
	(void)state;
	assert_int_equal(prot_ast_ecdsa_verify(&ecdsa, &good), PROT_PENDING);
	mmio_mock_advance(1500);
	assert_int_equal(prot_ast_ecdsa_verify(&ecdsa, &good), PROT_PENDING);
	prot_ast_ecdsa_reset(&ecdsa);
	assert_true(sbc_model_is_clean());
	assert_int_equal(verify(&good), PROT_OK);
	assert_int_equal(model.runs, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, setup)
		T(test_verify__good__ok),
		T(test_verify__any_byte_changed__auth),
		T(test_verify__good__vendor_sequence),
		T(test_verify__out_of_range__auth_without_engine),
		T(test_verify__not_a_point__auth_without_engine),
		T(test_verify__other_input_meanwhile__own_result),
		T(test_verify__same_buffer_other_content__own_result),
		T(test_verify__rsa_at_work__busy),
		T(test_verify__engine_hangs__out_of_service),
		T(test_reset__at_work__starts_afresh),
#undef T
	};

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
