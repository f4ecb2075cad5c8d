/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include <prot/crypto_fake.h>
#include <prot/crypto_wolfcrypt.h>
#include <prot/services/dice.h>

static struct prot_wolfcrypt wolfcrypt;
static struct prot_crypto crypto;

static int setup(void **state)
{
	(void)state;
	crypto = prot_wolfcrypt_crypto(&wolfcrypt);
	return prot_wolfcrypt_init(&wolfcrypt, NULL, 0);
}

static int teardown(void **state)
{
	(void)state;
	prot_wolfcrypt_free(&wolfcrypt);
	return 0;
}

static uint8_t uds[PROT_DICE_UDS_SIZE];
static uint8_t entropy[PROT_DICE_ENTROPY_SIZE];
static uint8_t boot_digest[PROT_DICE_DIGEST_SIZE];
static uint8_t runtime_digest[PROT_DICE_DIGEST_SIZE];
static uint8_t policy_digest[PROT_DICE_DIGEST_SIZE];

/* Tests say what differs from this. */
static struct prot_dice_boot fixture(void)
{
	struct prot_dice_boot b = {
		.uds = uds,
		.field_entropy = entropy,
		.boot_digest = boot_digest,
		.runtime_digest = runtime_digest,
		.policy_digest = policy_digest,
		.svn = 7,
		.lifecycle = 2,
		.configured = true,
	};

	for (size_t i = 0; i < sizeof(uds); i++) {
		uds[i] = (uint8_t)(i + 1);
		entropy[i] = (uint8_t)(0xe0 + i % 16);
	}
	memset(boot_digest, 0xb0, sizeof(boot_digest));
	memset(runtime_digest, 0xc0, sizeof(runtime_digest));
	memset(policy_digest, 0xd0, sizeof(policy_digest));
	return b;
}

/*
 * The Open Profile for DICE 2.6 with HKDF-SHA-512, a UDS and input values of
 * zeros: the first of the profile's published test values.
 */
static void test_cdi_next__all_zero_sha512__profile_value(void **state)
{
	const struct prot_dice_values values = {.mode = 0};
	uint8_t cdi[PROT_DICE_CDI_SIZE] = {0};

	(void)state;
	assert_int_equal(prot_dice_cdi_next(&crypto, PROT_HASH_SHA512, cdi,
					    &values, cdi),
			 PROT_OK);
	assert_hex_equal(cdi, "fbfc679771342eeacb908659ce49d6b63b4535da2c51433d"
			      "7f04efa6319e0c19");
}

/* Expected values: an independent implementation (Python's hmac, hashlib). */
static void test_derive__known_inputs__known_seeds(void **state)
{
	struct prot_dice_boot b = fixture();
	struct prot_dice_seeds s;

	(void)state;
	assert_int_equal(prot_dice_derive(&crypto, &b, &s), PROT_OK);
	assert_hex_equal(s.idevid, "0c9cde793fa1d879a40bdd721bda903bd96674099ca"
				   "d8e1d9d176758acabd2bf"
				   "f12e260256c778bc3d43ec952c4fb6c7");
	assert_hex_equal(s.ldevid, "799b7ff2f132da8f9ffc90d654a10eb53cc2651f926"
				   "8406b3bff23ae989b7867"
				   "af3f9cf3f9e69b2e25d9533d9c43fb5f");
	assert_hex_equal(s.ak, "e9727a364a26ae3f24b9aa8a0898c7126ab1f6bc2f218d1"
			       "551f24b57271b93a4"
			       "bee61a5bd22d4678c8a8efe7d5a80166");
}

static void test_idevid_seed__same_uds__that_of_derive(void **state)
{
	struct prot_dice_boot b = fixture();
	struct prot_dice_seeds s;
	uint8_t seed[PROT_DICE_SEED_SIZE];

	(void)state;
	assert_int_equal(prot_dice_derive(&crypto, &b, &s), PROT_OK);
	assert_int_equal(prot_dice_idevid_seed(&crypto, uds, seed), PROT_OK);
	assert_memory_equal(seed, s.idevid, sizeof(seed));
}

/* Which identities change when an input does. */
static void assert_changes(const struct prot_dice_boot *b,
			   const struct prot_dice_seeds *before, bool idevid,
			   bool ldevid, bool ak)
{
	struct prot_dice_seeds s;

	assert_int_equal(prot_dice_derive(&crypto, b, &s), PROT_OK);
	assert_int_equal(memcmp(s.idevid, before->idevid, 48) != 0, idevid);
	assert_int_equal(memcmp(s.ldevid, before->ldevid, 48) != 0, ldevid);
	assert_int_equal(memcmp(s.ak, before->ak, 48) != 0, ak);
}

static void test_derive__secret_changed__identities_follow(void **state)
{
	struct prot_dice_boot b = fixture();
	struct prot_dice_seeds before;

	(void)state;
	assert_int_equal(prot_dice_derive(&crypto, &b, &before), PROT_OK);
	assert_changes(&b, &before, false, false, false);
	entropy[31] ^= 1;
	assert_changes(&b, &before, false, true, false);
	b = fixture();
	uds[31] ^= 1;
	assert_changes(&b, &before, true, true, true);
}

static void test_derive__software_or_state_changed__only_ak(void **state)
{
	struct prot_dice_boot b = fixture();
	struct prot_dice_seeds before;

	(void)state;
	assert_int_equal(prot_dice_derive(&crypto, &b, &before), PROT_OK);
	boot_digest[47] ^= 1;
	assert_changes(&b, &before, false, false, true);
	b = fixture();
	runtime_digest[47] ^= 1;
	assert_changes(&b, &before, false, false, true);
	b = fixture();
	policy_digest[47] ^= 1;
	assert_changes(&b, &before, false, false, true);
	b = fixture();
	b.svn++;
	assert_changes(&b, &before, false, false, true);
	b = fixture();
	b.lifecycle++;
	assert_changes(&b, &before, false, false, true);
	b = fixture();
	b.debug = true;
	assert_changes(&b, &before, false, false, true);
	b = fixture();
	b.recovery = true;
	assert_changes(&b, &before, false, false, true);
	b = fixture();
	b.configured = false;
	assert_changes(&b, &before, false, false, true);
}

/* Digest of boot stage and runtime exchanged: not the same statement. */
static void test_derive__layers_exchanged__another_ak(void **state)
{
	struct prot_dice_boot b = fixture();
	struct prot_dice_seeds before;

	(void)state;
	assert_int_equal(prot_dice_derive(&crypto, &b, &before), PROT_OK);
	b.boot_digest = runtime_digest;
	b.runtime_digest = boot_digest;
	assert_changes(&b, &before, false, false, true);
}

static void test_derive__no_policy__as_if_zero(void **state)
{
	struct prot_dice_boot b = fixture();
	struct prot_dice_seeds before;

	(void)state;
	b.policy_digest = NULL;
	assert_int_equal(prot_dice_derive(&crypto, &b, &before), PROT_OK);
	memset(policy_digest, 0, sizeof(policy_digest));
	b.policy_digest = policy_digest;
	assert_changes(&b, &before, false, false, false);
}

static void assert_wiped(const struct prot_dice_seeds *s)
{
	static const struct prot_dice_seeds zero;

	assert_memory_equal(s, &zero, sizeof(zero));
}

static void test_derive__uds_all_zero__not_found(void **state)
{
	struct prot_dice_boot b = fixture();
	struct prot_dice_seeds s;

	(void)state;
	memset(uds, 0, sizeof(uds));
	memset(&s, 0xff, sizeof(s));
	assert_int_equal(prot_dice_derive(&crypto, &b, &s), PROT_ERR_NOT_FOUND);
	assert_wiped(&s);
}

static void test_derive__provider_fails_anywhere__seeds_wiped(void **state)
{
	struct prot_dice_boot b = fixture();
	struct prot_dice_seeds s;
	uint32_t calls;

	(void)state;
	{
		struct prot_crypto_fake f = {0};
		struct prot_crypto c = prot_crypto_fake_crypto(&f);

		assert_int_equal(prot_dice_derive(&c, &b, &s), PROT_OK);
		calls = f.calls;
	}
	assert_true(calls > 10);
	for (uint32_t n = 1; n <= calls; n++) {
		struct prot_crypto_fake f = {.fail_at = n};
		struct prot_crypto c = prot_crypto_fake_crypto(&f);

		memset(&s, 0xff, sizeof(s));
		assert_int_equal(prot_dice_derive(&c, &b, &s), PROT_ERR_CRYPTO);
		assert_wiped(&s);
	}
}

static void test_derive__provider_pends__same_seeds(void **state)
{
	struct prot_crypto_fake prompt = {0}, slow = {.pend = 3};
	struct prot_crypto c = prot_crypto_fake_crypto(&prompt);
	struct prot_dice_boot b = fixture();
	struct prot_dice_seeds s, t;

	(void)state;
	assert_int_equal(prot_dice_derive(&c, &b, &s), PROT_OK);
	c = prot_crypto_fake_crypto(&slow);
	assert_int_equal(prot_dice_derive(&c, &b, &t), PROT_OK);
	assert_memory_equal(&s, &t, sizeof(s));
	assert_false(slow.misused);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cdi_next__all_zero_sha512__profile_value),
		cmocka_unit_test(test_derive__known_inputs__known_seeds),
		cmocka_unit_test(test_idevid_seed__same_uds__that_of_derive),
		cmocka_unit_test(
			test_derive__secret_changed__identities_follow),
		cmocka_unit_test(
			test_derive__software_or_state_changed__only_ak),
		cmocka_unit_test(test_derive__layers_exchanged__another_ak),
		cmocka_unit_test(test_derive__no_policy__as_if_zero),
		cmocka_unit_test(test_derive__uds_all_zero__not_found),
		cmocka_unit_test(
			test_derive__provider_fails_anywhere__seeds_wiped),
		cmocka_unit_test(test_derive__provider_pends__same_seeds),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
