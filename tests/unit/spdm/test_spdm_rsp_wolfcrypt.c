/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The conversation with real cryptography. The transcripts are hashed, the
 * prefix is written and the signatures are verified by the test.
 */

#include "spdm_rsp_fixture.h"

#include <prot/crypto_wolfcrypt.h>

#include "test.h"

static void converse(uint8_t version, enum prot_hash_alg hash,
		     enum prot_asym_alg asym)
{
	static struct fx fx;
	struct prot_wolfcrypt_key keys[2] = {{0}};
	struct prot_wolfcrypt w;

	assert_int_equal(prot_wolfcrypt_init(&w, keys, 2), PROT_OK);
	fx_config(&fx);
	fx.cfg.version = version;
	fx.cfg.base_hash[0] = hash;
	fx.cfg.base_asym[0] = asym;
	fx.cfg.crypto = prot_wolfcrypt_crypto(&w);
	fx_start(&fx, false);
	fx_converse(&fx);
	prot_wolfcrypt_free(&w);
}

static void test_responder__wolfcrypt__conversation(void **s)
{
	(void)s;
	for (uint8_t version = 0x12; version <= 0x13; version++) {
		converse(version, PROT_HASH_SHA384, PROT_ASYM_ECDSA_P384);
		converse(version, PROT_HASH_SHA3_384, PROT_ASYM_ECDSA_P384);
		converse(version, PROT_HASH_SHA256, PROT_ASYM_ECDSA_P256);
		converse(version, PROT_HASH_SHA512, PROT_ASYM_ECDSA_P384);
		converse(version, PROT_HASH_SHA3_256, PROT_ASYM_ECDSA_P256);
		converse(version, PROT_HASH_SHA3_512, PROT_ASYM_ECDSA_P256);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_responder__wolfcrypt__conversation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
