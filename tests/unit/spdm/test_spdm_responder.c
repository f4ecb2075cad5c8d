/* SPDX-License-Identifier: Apache-2.0 */
/* Whole conversations, and what the dispatcher checks. */

#include "spdm_rsp_fixture.h"

#include "test.h"

static void set_version(struct fx *fx, uint8_t version)
{
	fx_config(fx);
	fx->cfg.version = version;
}

/* Digests, chain, challenge, then measurements in three requests. */
static void converse(struct fx *fx)
{
	uint8_t chain[1024];
	uint8_t digest[PROT_HASH_MAX];
	size_t chain_len, at = 0;

	fx_connect(fx);
	SAY(fx, fx->cfg.version, 0x81, 0, 0);
	fx_collect(fx);
	fx_expect(fx, 0x01);
	fx_keep(fx);
	chain_len = fx_chain(fx, 0, chain);
	fx_hash(fx, chain, chain_len, digest);
	assert_int_equal(fx->tx[3], 1u << 0 | 1u << 2);
	assert_memory_equal(fx->tx + 4, digest, fx_hash_size(fx));

	while (at < chain_len) {
		size_t portion;

		fx_get_certificate(fx, 0, (uint16_t)at, 200);
		fx_collect(fx);
		fx_expect(fx, 0x02);
		fx_keep(fx);
		portion = fx->tx[4] | (size_t)fx->tx[5] << 8;
		assert_memory_equal(fx->tx + 8, chain + at, portion);
		at += portion;
		assert_int_equal(fx->tx[6] | fx->tx[7] << 8, chain_len - at);
	}
	fx_challenge(fx, 0, 0xff);
	fx_collect(fx);
	fx_expect(fx, 0x03);
	fx_keep(fx);
	fx_expect_signature(fx, "responder-challenge_auth signing");
	assert_int_equal(prot_spdm_responder_state(&fx->r),
			 PROT_SPDM_STATE_AUTHENTICATED);

	fx->script_len = 0;
	fx_get_measurements(fx, 0, 0, 0);
	fx_collect(fx);
	fx_expect(fx, 0x60);
	fx_keep(fx);
	assert_int_equal(fx->tx[2], 4);
	fx_get_measurements(fx, 0, 2, 0);
	fx_collect(fx);
	fx_expect(fx, 0x60);
	fx_keep(fx);
	fx_get_measurements(fx, 1, 0xff, 0);
	fx_collect(fx);
	fx_expect(fx, 0x60);
	fx_keep(fx);
	fx_expect_signature(fx, "responder-measurements signing");
	assert_int_equal(fx->r.counters.signatures, 2);
	assert_int_equal(fx->r.counters.errors, 0);
	assert_false(fx->device.overrun);
	assert_false(fx->device.misused);
	assert_false(fx->fake.misused);
}

static void test_responder__every_version_and_algorithm__conversation(void **s)
{
	static const uint8_t versions[] = {0x12, 0x13};
	static struct fx fx;

	(void)s;
	for (size_t v = 0; v < 2; v++) {
		for (unsigned h = 1; h < PROT_HASH_COUNT; h++) {
			for (unsigned a = 1; a < PROT_ASYM_COUNT; a++) {
				set_version(&fx, versions[v]);
				fx.cfg.base_hash[0] = (enum prot_hash_alg)h;
				fx.cfg.base_asym[0] = (enum prot_asym_alg)a;
				fx_start(&fx, false);
				converse(&fx);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_responder__every_version_and_algorithm__conversation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
