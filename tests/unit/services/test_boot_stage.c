/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "stage_fixture.h"

#include <prot/crypto_wait.h>
#include <prot/x509.h>

#include <string.h>

static struct sx s;

static bool holds(const void *memory, size_t len, const uint8_t *secret,
		  size_t secret_len)
{
	const uint8_t *p = memory;

	for (size_t i = 0; i + secret_len <= len; i++) {
		if (memcmp(p + i, secret, secret_len) == 0) {
			return true;
		}
	}
	return false;
}

static enum prot_chain_reason check_chain(struct prot_chain_result *result)
{
	const struct prot_handoff *h = prot_boot_stage_handoff(&s.stage);
	struct prot_trust_anchor anchor = {.cert = sx_root(&s)};
	struct prot_chain_query query = {
		.certs = {h->chain, h->chain_len},
		.anchors = &anchor,
		.anchor_count = 1,
		.purpose = PROT_CHAIN_SPDM_RESPONDER,
		.leaf_alg = PROT_ASYM_ECDSA_P384,
		.leaf_basic_constraints = true,
		.alias_model = true,
	};

	(void)!prot_x509_chain_check(&s.fx.crypto, &query, result);
	return result->reason;
}

static void test_boot_stage__provisioned__chain_leads_to_the_root(void **state)
{
	const struct prot_handoff *h = prot_boot_stage_handoff(&s.stage);
	struct prot_chain_result result;
	uint8_t point[PROT_PUBLIC_KEY_MAX];
	prot_key ak;

	(void)state;
	sx_init(&s);
	assert_int_equal(sx_boot(&s), PROT_OK);
	assert_true(h->has_identity);
	assert_int_equal(prot_boot_stage_problem(&s.stage), PROT_IDENTITY_FINE);
	assert_int_equal(check_chain(&result), PROT_CHAIN_OK);
	/* The seed in the hand-off is that of the certified key. */
	assert_int_equal(prot_crypto_wait_key_derive(
				 &s.fx.crypto, PROT_ASYM_ECDSA_P384, h->ak_seed,
				 sizeof(h->ak_seed), &ak),
			 PROT_OK);
	assert_int_equal(prot_crypto_wait_key_public(&s.fx.crypto, ak, point),
			 PROT_OK);
	assert_memory_equal(result.leaf.key.bytes, point, sizeof(point));
	/* TcbInfo names the code that starts. */
	assert_true(holds(result.leaf.tcb_info.at, result.leaf.tcb_info.len,
			  h->runtime_digest, sizeof(h->runtime_digest)));
	assert_true(result.leaf.ueid.len != 0);
}

static void
test_boot_stage__provisioned__handoff_describes_the_boot(void **state)
{
	const struct prot_handoff *h = prot_boot_stage_handoff(&s.stage);

	(void)state;
	sx_init(&s);
	s.in.reset_reason = PROT_RESET_WATCHDOG;
	assert_int_equal(sx_boot(&s), PROT_OK);
	assert_int_equal(h->reset_reason, PROT_RESET_WATCHDOG);
	assert_int_equal(h->mode, PROT_BOOT_NORMAL);
	assert_int_equal(h->bank, PROT_BANK_A);
	assert_int_equal(h->lifecycle, PROT_LIFECYCLE_PRODUCTION);
	assert_int_equal(h->svn, 1);
	assert_int_equal(h->svn_floor, 1);
	assert_int_equal(h->version.major, 1);
	assert_memory_equal(h->boot_digest, s.in.boot_digest, 48);
	assert_memory_equal(h->runtime_digest,
			    prot_boot_stage_result(&s.stage)->header.digest,
			    48);
}

static void test_boot_stage__ended__no_secret_is_left(void **state)
{
	struct prot_boot_stage zero;

	(void)state;
	sx_init(&s);
	assert_int_equal(sx_boot(&s), PROT_OK);
	assert_false(holds(&s.stage, sizeof(s.stage), sx_uds, sizeof(sx_uds)));
	assert_false(holds(&s.stage, sizeof(s.stage), s.factory.seeds.idevid,
			   PROT_DICE_SEED_SIZE));
	assert_false(holds(&s.stage, sizeof(s.stage), s.factory.seeds.ldevid,
			   PROT_DICE_SEED_SIZE));
	prot_boot_stage_wipe(&s.stage);
	memset(&zero, 0, sizeof(zero));
	assert_memory_equal(&s.stage, &zero, sizeof(zero));
}

static void test_boot_stage__other_firmware__other_attestation_key(void **state)
{
	uint8_t seed[PROT_HANDOFF_SEED_SIZE];
	struct fx_image image;

	(void)state;
	sx_init(&s);
	assert_int_equal(sx_boot(&s), PROT_OK);
	memcpy(seed, prot_boot_stage_handoff(&s.stage)->ak_seed, sizeof(seed));
	assert_int_equal(sx_boot(&s), PROT_OK);
	assert_memory_equal(seed, prot_boot_stage_handoff(&s.stage)->ak_seed,
			    sizeof(seed));
	image = fx_sign(&s.fx, fx_header(2, 1));
	flash_sim_load(&s.fx.sim, s.fx.layout.bank[0].offset, image.bytes,
		       FX_IMAGE);
	assert_int_equal(sx_boot(&s), PROT_OK);
	assert_memory_not_equal(
		seed, prot_boot_stage_handoff(&s.stage)->ak_seed, sizeof(seed));
}

static void without_identity(enum prot_identity_problem want)
{
	const struct prot_handoff *h = prot_boot_stage_handoff(&s.stage);
	static const uint8_t zero[PROT_HANDOFF_SEED_SIZE];

	assert_int_equal(sx_boot(&s), PROT_OK);
	assert_int_equal(prot_boot_stage_problem(&s.stage), want);
	assert_false(h->has_identity);
	assert_int_equal(h->chain_len, 0);
	assert_memory_equal(h->ak_seed, zero, sizeof(zero));
	assert_int_equal(h->mode, PROT_BOOT_NORMAL);
	assert_string_not_equal(prot_identity_problem_text(want), "unknown");
}

static void test_boot_stage__identity_unusable__boots_without(void **state)
{
	uint8_t blank[PROT_IDENTITY_SIZE_MAX];
	uint8_t bad = 0;

	(void)state;
	sx_init(&s);
	memset(blank, 0xff, sizeof(blank));
	flash_sim_load(&s.fx.sim, SX_IDENTITY_OFFSET, blank, sizeof(blank));
	without_identity(PROT_IDENTITY_NO_CERTIFICATE);

	sx_init(&s);
	flash_sim_load(&s.fx.sim, SX_IDENTITY_OFFSET + 20, &bad, 1);
	without_identity(PROT_IDENTITY_DAMAGED);

	sx_init(&s);
	s.fx.sim.otp_data[PROT_OTP_UDS] ^= 1;
	without_identity(PROT_IDENTITY_DAMAGED);

	sx_init(&s);
	memset(s.fx.sim.otp_data + PROT_OTP_UDS, 0, PROT_OTP_UDS_SIZE);
	without_identity(PROT_IDENTITY_NO_UDS);
}

static void test_boot_stage__nothing_valid__locks_down(void **state)
{
	uint8_t zero = 0;

	(void)state;
	sx_init(&s);
	for (size_t i = 0; i < PROT_BANK_COUNT; i++) {
		flash_sim_load(&s.fx.sim, s.fx.layout.bank[i].offset + 300,
			       &zero, 1);
	}
	assert_int_equal(sx_boot(&s), PROT_ERR_STATE);
	assert_int_equal(prot_boot_stage_result(&s.stage)->mode,
			 PROT_BOOT_LOCKDOWN);
	assert_false(prot_boot_stage_handoff(&s.stage)->has_identity);
	/* And stays there. */
	assert_int_equal(prot_boot_stage_step(&s.stage), PROT_ERR_STATE);
}

static void test_boot_stage__golden__recovery_in_tcb_info(void **state)
{
	struct prot_chain_result result;
	uint8_t zero = 0;

	(void)state;
	sx_init(&s);
	flash_sim_load(&s.fx.sim, s.fx.layout.bank[0].offset + 300, &zero, 1);
	assert_int_equal(sx_boot(&s), PROT_OK);
	assert_int_equal(prot_boot_stage_handoff(&s.stage)->mode,
			 PROT_BOOT_RECOVERY);
	assert_int_equal(check_chain(&result), PROT_CHAIN_OK);
	/* OperationalFlags [7]: bit 2 of the first octet from the left. */
	assert_true(holds(result.leaf.tcb_info.at, result.leaf.tcb_info.len,
			  (const uint8_t[]){0x87, 0x02, 0x05, 0x20}, 4) ||
		    holds(result.leaf.tcb_info.at, result.leaf.tcb_info.len,
			  (const uint8_t[]){0x87, 0x02, 0x04, 0x20}, 4));
}

static void test_boot_stage__slow_devices__same_result(void **state)
{
	uint8_t seed[PROT_HANDOFF_SEED_SIZE];

	(void)state;
	sx_init(&s);
	assert_int_equal(sx_boot(&s), PROT_OK);
	memcpy(seed, prot_boot_stage_handoff(&s.stage)->ak_seed, sizeof(seed));
	s.fx.sim.pend = 2;
	s.fx.fake.pend = 3;
	assert_int_equal(sx_boot(&s), PROT_OK);
	assert_false(s.fx.fake.misused);
	assert_null(s.fx.sim.violation);
	assert_memory_equal(seed, prot_boot_stage_handoff(&s.stage)->ak_seed,
			    sizeof(seed));
}

static void
test_boot_stage__every_crypto_call_fails__no_secret_is_left(void **state)
{
	struct sx fresh;
	uint32_t calls;

	(void)state;
	sx_init(&s);
	fresh = s;
	calls = s.fx.fake.calls;
	assert_int_equal(sx_boot(&s), PROT_OK);
	calls = s.fx.fake.calls - calls;
	assert_true(calls > 20);
	for (uint32_t n = 1; n <= calls; n++) {
		enum prot_status st;

		s = fresh;
		sx_bind(&s);
		s.fx.fake.fail_at = s.fx.fake.calls + n;
		st = sx_boot(&s);
		assert_true(st == PROT_OK || st == PROT_ERR_STATE);
		assert_false(holds(&s.stage, sizeof(s.stage), sx_uds,
				   sizeof(sx_uds)));
		assert_int_equal(s.fx.fake.keys_alive,
				 fresh.fx.fake.keys_alive);
	}
}

static void test_boot_stage_init__bad_configuration__refused(void **state)
{
	(void)state;
	sx_init(&s);
	s.in.reset_reason = PROT_RESET_REASON_COUNT;
	assert_int_equal(prot_boot_stage_init(&s.stage, &s.cfg, &s.in, NULL),
			 PROT_ERR_ARG);
	sx_init(&s);
	s.cfg.product = NULL;
	assert_int_equal(prot_boot_stage_init(&s.stage, &s.cfg, &s.in, NULL),
			 PROT_ERR_ARG);
	sx_init(&s);
	s.cfg.boot.store.otp = NULL;
	assert_int_equal(prot_boot_stage_init(&s.stage, &s.cfg, &s.in, NULL),
			 PROT_ERR_ARG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_boot_stage__provisioned__chain_leads_to_the_root),
		cmocka_unit_test(
			test_boot_stage__provisioned__handoff_describes_the_boot),
		cmocka_unit_test(test_boot_stage__ended__no_secret_is_left),
		cmocka_unit_test(
			test_boot_stage__other_firmware__other_attestation_key),
		cmocka_unit_test(
			test_boot_stage__identity_unusable__boots_without),
		cmocka_unit_test(test_boot_stage__nothing_valid__locks_down),
		cmocka_unit_test(test_boot_stage__golden__recovery_in_tcb_info),
		cmocka_unit_test(test_boot_stage__slow_devices__same_result),
		cmocka_unit_test(
			test_boot_stage__every_crypto_call_fails__no_secret_is_left),
		cmocka_unit_test(
			test_boot_stage_init__bad_configuration__refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
