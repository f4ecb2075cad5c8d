/* SPDX-License-Identifier: Apache-2.0 */
/* What a configuration may be like. */

#include "spdm_rsp_fixture.h"

#include "test.h"

static struct fx fx;

static enum prot_status init(void)
{
	fx.deferral.buf = fx.deferral_buf;
	fx.deferral.cap = sizeof(fx.deferral_buf);
	return prot_spdm_responder_init(&fx.r, &fx.cfg, NULL);
}

/* A configuration in which one field differs from a good one. */
#define EXPECT(status, ...)                                                    \
	do {                                                                   \
		fx_config(&fx);                                                \
		__VA_ARGS__;                                                   \
		assert_int_equal(init(), status);                              \
	} while (0)

static void test_init__good_configurations__ok(void **s)
{
	(void)s;
	EXPECT(PROT_OK, (void)0);
	EXPECT(PROT_OK, fx.cfg.version = 0x12);
	EXPECT(PROT_OK, fx.cfg.ct_exponent = 31);
	EXPECT(PROT_OK, fx.cfg.data_transfer_size = 42);
	EXPECT(PROT_OK, fx.cfg.capabilities = 0);
	EXPECT(PROT_OK, fx.cfg.capabilities = PROT_SPDM_CAP_MEAS_NO_SIG;
	       fx.cfg.slots = 0; fx.cfg.base_hash[0] = PROT_HASH_NONE;
	       fx.cfg.base_asym[0] = PROT_ASYM_NONE);
	EXPECT(PROT_OK, fx.cfg.capabilities |= PROT_SPDM_CAP_ALIAS_CERT);
	EXPECT(PROT_OK, fx.cfg.capabilities =
				PROT_SPDM_CAP_CERT | PROT_SPDM_CAP_MEAS_SIG);
}

static void test_init__bad_scalar__arg(void **s)
{
	(void)s;
	EXPECT(PROT_ERR_ARG, fx.cfg.version = 0x11);
	EXPECT(PROT_ERR_ARG, fx.cfg.version = 0x14);
	EXPECT(PROT_ERR_ARG, fx.cfg.ct_exponent = 32);
	EXPECT(PROT_ERR_ARG, fx.cfg.data_transfer_size = 41);
	EXPECT(PROT_ERR_ARG, fx.cfg.slots = 0);
}

static void test_init__bad_capabilities__arg(void **s)
{
	static const uint32_t bad[] = {
		PROT_SPDM_CAP_MEAS,
		PROT_SPDM_CAP_MEAS_FRESH,
		PROT_SPDM_CAP_CERT,
		PROT_SPDM_CAP_CERT | PROT_SPDM_CAP_MEAS_NO_SIG,
		PROT_SPDM_CAP_CHAL,
		PROT_SPDM_CAP_MEAS_SIG,
		PROT_SPDM_CAP_ALIAS_CERT,
		PROT_SPDM_CAP_CACHE,
		PROT_SPDM_CAP_KEY_EX,
		PROT_SPDM_CAP_CHUNK,
		1u << 31,
	};

	(void)s;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		EXPECT(PROT_ERR_ARG, fx.cfg.capabilities = bad[i]);
	}
}

static void test_init__missing_op_or_table__arg(void **s)
{
	struct prot_spdm_responder_ops ops;
	const struct prot_spdm_responder_table *const identity[] = {
		&prot_spdm_responder_identity};

	(void)s;
	fx_config(&fx);
	ops = *fx.cfg.ops;
	EXPECT(PROT_ERR_ARG, fx.cfg.ops = NULL);
	EXPECT(PROT_ERR_ARG, fx.cfg.crypto.ops = NULL);
	EXPECT(PROT_ERR_ARG, fx.cfg.tables = identity; fx.cfg.table_count = 1);
	EXPECT(PROT_ERR_ARG, fx.cfg.table_count = 0);
	ops.size = NULL;
	EXPECT(PROT_ERR_ARG, fx.cfg.ops = &ops);
	fx_config(&fx);
	ops.size = fx.cfg.ops->size;
	ops.read = NULL;
	EXPECT(PROT_ERR_ARG, fx.cfg.ops = &ops);
	fx_config(&fx);
	ops.read = fx.cfg.ops->read;
	ops.key = NULL;
	EXPECT(PROT_ERR_ARG, fx.cfg.ops = &ops);
	fx_config(&fx);
	ops.key = fx.cfg.ops->key;
	ops.measure = NULL;
	EXPECT(PROT_OK, fx.cfg.ops = &ops);
}

static void test_init__bad_algorithms__arg(void **s)
{
	struct prot_crypto_ops crypto = prot_crypto_fake_ops;

	(void)s;
	EXPECT(PROT_ERR_ARG, fx.cfg.base_hash[0] = PROT_HASH_NONE);
	EXPECT(PROT_ERR_ARG, fx.cfg.base_asym[0] = PROT_ASYM_NONE);
	EXPECT(PROT_ERR_ARG, fx.cfg.base_hash[1] = PROT_HASH_COUNT);
	EXPECT(PROT_ERR_ARG, fx.cfg.base_asym[1] = PROT_ASYM_COUNT);
	EXPECT(PROT_ERR_ARG, fx.cfg.base_hash[6] = PROT_HASH_SHA256);
	EXPECT(PROT_ERR_ARG, fx.cfg.base_asym[2] = PROT_ASYM_ECDSA_P256);
	EXPECT(PROT_ERR_ARG, fx.cfg.measurement_hash = PROT_HASH_COUNT);
	crypto.hashes = 1u << PROT_HASH_SHA384;
	crypto.asyms = 1u << PROT_ASYM_ECDSA_P384;
	EXPECT(PROT_ERR_ARG, fx.cfg.crypto.ops = &crypto);
	EXPECT(PROT_ERR_ARG, fx.cfg.crypto.ops = &crypto;
	       fx.cfg.base_hash[1] = PROT_HASH_NONE;
	       memset(fx.cfg.base_hash + 1, 0,
		      6 * sizeof(fx.cfg.base_hash[0])));
	EXPECT(PROT_OK, fx.cfg.crypto.ops = &crypto;
	       fx.cfg.base_asym[1] = PROT_ASYM_NONE;
	       memset(fx.cfg.base_hash + 1, 0,
		      6 * sizeof(fx.cfg.base_hash[0])));
}

static void expect_measurements(enum prot_status st,
				struct prot_spdm_measurement first,
				struct prot_spdm_measurement second)
{
	struct prot_spdm_measurement m[] = {first, second};

	fx_config(&fx);
	fx.cfg.measurements = m;
	fx.cfg.measurement_count = 2;
	assert_int_equal(init(), st);
}

static void test_init__bad_measurements__arg(void **s)
{
	const struct prot_spdm_measurement one = {1, 0, 1}, last = {0xfe, 5, 2};

	(void)s;
	expect_measurements(PROT_OK, one, last);
	expect_measurements(PROT_ERR_ARG, last, one);
	expect_measurements(PROT_ERR_ARG, one, one);
	expect_measurements(PROT_ERR_ARG,
			    (struct prot_spdm_measurement){0, 0, 1}, last);
	expect_measurements(PROT_ERR_ARG, one,
			    (struct prot_spdm_measurement){0xff, 0, 1});
	expect_measurements(PROT_ERR_ARG, one,
			    (struct prot_spdm_measurement){2, 0x80, 1});
	expect_measurements(PROT_ERR_ARG, one,
			    (struct prot_spdm_measurement){
				    2, 0, PROT_SPDM_MEASUREMENT_TCB});
	/* Digests cannot be reported without an algorithm. */
	EXPECT(PROT_ERR_ARG, fx.cfg.measurement_hash = PROT_HASH_NONE);
}

static void test_init__bad_deferral__arg(void **s)
{
	(void)s;
	fx_config(&fx);
	fx.deferral.buf = fx.deferral_buf;
	fx.deferral.cap = 42;
	assert_int_equal(prot_spdm_responder_init(&fx.r, &fx.cfg, &fx.deferral),
			 PROT_OK);
	fx.deferral.cap = 41;
	assert_int_equal(prot_spdm_responder_init(&fx.r, &fx.cfg, &fx.deferral),
			 PROT_ERR_ARG);
	fx.deferral.cap = 42;
	fx.deferral.buf = NULL;
	assert_int_equal(prot_spdm_responder_init(&fx.r, &fx.cfg, &fx.deferral),
			 PROT_ERR_ARG);
	fx.deferral.buf = fx.deferral_buf;
	fx.cfg.rdtm = 0;
	assert_int_equal(prot_spdm_responder_init(&fx.r, &fx.cfg, &fx.deferral),
			 PROT_ERR_ARG);
	fx.cfg.rdtm = 1;
	fx.cfg.rdt_exponent = 32;
	assert_int_equal(prot_spdm_responder_init(&fx.r, &fx.cfg, &fx.deferral),
			 PROT_ERR_ARG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_init__good_configurations__ok),
		cmocka_unit_test(test_init__bad_scalar__arg),
		cmocka_unit_test(test_init__bad_capabilities__arg),
		cmocka_unit_test(test_init__missing_op_or_table__arg),
		cmocka_unit_test(test_init__bad_algorithms__arg),
		cmocka_unit_test(test_init__bad_measurements__arg),
		cmocka_unit_test(test_init__bad_deferral__arg),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
