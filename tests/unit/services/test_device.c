/* SPDX-License-Identifier: Apache-2.0 */
/* The device composition, discovered and attested by an operator. */
#include "test.h"

#include "device_fixture.h"

#include <prot/services/measurement.h>
#include <prot/spdm/measurement.h>
#include <prot/spdm/requester.h>

#include <string.h>

/* ---- SPDM ---- */

static struct {
	struct prot_spdm_requester q;
	struct prot_spdm_requester_config cfg;
	struct prot_spdm_slot slots[1];
	struct prot_trust_anchor anchor;
	uint8_t tx[PROT_SPDM_REQUESTER_TX_MIN];
	uint8_t chain[4096];
	struct prot_mctp_request request;
} spdm;

static void spdm_start(void)
{
	memset(&spdm, 0, sizeof(spdm));
	spdm.anchor.cert = sx_root(&t.sx);
	spdm.cfg = (struct prot_spdm_requester_config){
		.crypto = t.sx.fx.crypto,
		.chain_check = prot_x509_chain_check,
		.anchors = &spdm.anchor,
		.anchor_count = 1,
		.slots = spdm.slots,
		.slot_count = 1,
		.tx = spdm.tx,
		.tx_cap = sizeof(spdm.tx),
		.chain = spdm.chain,
		.chain_cap = sizeof(spdm.chain),
		.max_message = DX_MESSAGE_MAX - 1,
		.version_min = 0x12,
		.version_max = 0x13,
		.offer = {.opaque_formats = 2},
		.rtt_ms = 100,
		.max_wait_ms = 2000,
		.busy_wait_ms = 10,
		.retries = 2,
	};
	assert_int_equal(prot_spdm_requester_init(&spdm.q, &spdm.cfg), PROT_OK);
}

static void spdm_send(const struct prot_spdm_output *out)
{
	static const uint8_t type = PROT_MCTP_TYPE_SPDM;

	spdm.request = (struct prot_mctp_request){
		.to = {.eid = DX_DEVICE_EID},
		.timeout_ms = 1000,
		.header = &type,
		.header_len = 1,
		.body = out->msg,
		.body_len = out->len,
		.reply = t.reply,
		.reply_cap = sizeof(t.reply),
	};
	assert_int_equal(prot_mctp_request_start(&t.host, &spdm.request, t.now),
			 PROT_OK);
}

/* Run the operation that was started, to its end. */
static enum prot_status spdm_run(enum prot_status started)
{
	struct prot_spdm_output out;
	enum prot_status st;

	assert_int_equal(started, PROT_OK);
	st = prot_spdm_requester_step(&spdm.q, NULL, 0, t.now, &out);
	while (st == PROT_PENDING) {
		if (!out.msg) {
			dx_pump();
			st = prot_spdm_requester_step(&spdm.q, NULL, 0, t.now,
						      &out);
			continue;
		}
		spdm_send(&out);
		while (spdm.request.status == PROT_PENDING) {
			dx_pump();
		}
		assert_int_equal(spdm.request.status, PROT_OK);
		st = prot_spdm_requester_step(&spdm.q, t.reply + 1,
					      spdm.request.reply_len - 1, t.now,
					      &out);
	}
	return st;
}

/* Version to signed measurements; the record stays in the reply buffer. */
static enum prot_status attest(void)
{
	const struct prot_spdm_measurements_query query = {
		.operation = PROT_SPDM_MEASUREMENTS_ALL, .sign = true};
	enum prot_status st;

	spdm_start();
	st = spdm_run(prot_spdm_requester_connect(&spdm.q));
	if (st == PROT_OK) {
		st = spdm_run(prot_spdm_requester_get_digests(&spdm.q));
	}
	if (st == PROT_OK) {
		st = spdm_run(prot_spdm_requester_get_certificate(&spdm.q, 0));
	}
	if (st == PROT_OK) {
		st = spdm_run(prot_spdm_requester_challenge(
			&spdm.q, 0, PROT_SPDM_SUMMARY_ALL));
	}
	if (st == PROT_OK) {
		st = spdm_run(
			prot_spdm_requester_get_measurements(&spdm.q, &query));
	}
	return st;
}

static void test_device__discovery__eid_and_types(void **state)
{
	(void)state;
	dx_init();
	dx_discover();
	assert_int_equal(t.discovery.found.eid, DX_DEVICE_EID);
	assert_memory_equal(t.discovery.found.uuid, dx_uuid, sizeof(dx_uuid));
	assert_int_equal(t.events[PROT_DEVICE_EVENT_EID], 1);
	assert_int_equal(t.last_a[PROT_DEVICE_EVENT_EID], DX_DEVICE_EID);
	assert_non_null(memchr(t.discovery.found.types, PROT_MCTP_TYPE_SPDM,
			       t.discovery.found.type_count));
	assert_non_null(memchr(t.discovery.found.types, PROT_MCTP_TYPE_PLDM,
			       t.discovery.found.type_count));
}

static void test_device__attestation__every_measurement_as_booted(void **state)
{
	const struct prot_spdm_result *result;
	struct prot_spdm_measurement_iter it;
	struct prot_spdm_measurement_block block;
	size_t count = 0;

	(void)state;
	dx_init();
	dx_discover();
	assert_int_equal(attest(), PROT_OK);
	result = prot_spdm_requester_result(&spdm.q);
	prot_spdm_measurement_iter_init(&it, result->record.at,
					result->record.len);
	while (prot_spdm_measurement_next(&it, &block) == PROT_OK) {
		uint8_t want[PROT_MEASUREMENT_VALUE_MAX];
		size_t len;

		assert_int_equal(prot_measurement_value(
					 prot_boot_stage_handoff(&t.sx.stage),
					 block.index, want, &len),
				 PROT_OK);
		assert_int_equal(block.value_len, len);
		assert_memory_equal(block.value, want, len);
		count++;
	}
	assert_int_equal(count, prot_measurement_count);
	assert_int_equal(prot_spdm_requester_check_summary(&spdm.q, NULL),
			 PROT_OK);
	assert_int_equal(t.events[PROT_DEVICE_EVENT_ATTESTED], 2);
	assert_int_equal(t.events[PROT_DEVICE_EVENT_SPDM_REFUSED], 0);
}

static void test_device__slow_crypto__attested_all_the_same(void **state)
{
	(void)state;
	dx_init();
	dx_discover();
	t.sx.fx.fake.pend = 40;
	assert_int_equal(attest(), PROT_OK);
	assert_false(t.sx.fx.fake.misused);
	assert_int_equal(t.events[PROT_DEVICE_EVENT_ATTESTED], 2);
}

static void test_device__link_reset__spdm_starts_over(void **state)
{
	(void)state;
	dx_init();
	dx_discover();
	spdm_start();
	assert_int_equal(spdm_run(prot_spdm_requester_connect(&spdm.q)),
			 PROT_OK);
	prot_device_link_reset(&t.device, 0);
	assert_int_equal(spdm_run(prot_spdm_requester_get_digests(&spdm.q)),
			 PROT_ERR_REFUSED);
	assert_int_equal(attest(), PROT_OK);
}

static void test_device__no_identity__measurements_but_no_chain(void **state)
{
	uint8_t blank[64];

	(void)state;
	memset(&t, 0, sizeof(t));
	t.now = 1000;
	sx_init(&t.sx);
	memset(blank, 0xff, sizeof(blank));
	flash_sim_load(&t.sx.fx.sim, SX_IDENTITY_OFFSET, blank, sizeof(blank));
	dx_power_on();
	dx_start_host();
	assert_int_equal(t.events[PROT_DEVICE_EVENT_NO_IDENTITY], 1);
	dx_discover();
	spdm_start();
	assert_int_equal(spdm_run(prot_spdm_requester_connect(&spdm.q)),
			 PROT_OK);
	assert_int_equal(prot_spdm_requester_get_digests(&spdm.q),
			 PROT_ERR_UNSUPPORTED);
}

static void test_device__ak_seed__wiped_after_start(void **state)
{
	static const uint8_t zero[PROT_HANDOFF_SEED_SIZE];

	(void)state;
	dx_init();
	assert_memory_equal(t.device.handoff.ak_seed, zero, sizeof(zero));
}

static void test_device_init__bad_configuration__refused(void **state)
{
	struct prot_device_config bad;
	const struct prot_handoff *h = prot_boot_stage_handoff(&t.sx.stage);

	(void)state;
	dx_init();
	bad = t.cfg;
	bad.trial_limit_ms = bad.confirm_after_ms;
	assert_int_equal(prot_device_init(&t.device, &bad, h, 0), PROT_ERR_ARG);
	bad = t.cfg;
	bad.link_count = 0;
	assert_int_equal(prot_device_init(&t.device, &bad, h, 0), PROT_ERR_ARG);
	bad = t.cfg;
	bad.spdm_version = 0x15;
	assert_int_equal(prot_device_init(&t.device, &bad, h, 0), PROT_ERR_ARG);
	bad = t.cfg;
	assert_int_equal(prot_device_init_sized(&t.device, sizeof(t.device) - 1,
						&bad, h, 0),
			 PROT_ERR_ARG);
	bad.descriptor_count = 0;
	assert_int_equal(prot_device_init(&t.device, &bad, h, 0), PROT_ERR_ARG);
}

static void
test_device__second_requester__does_not_disturb_the_first(void **state)
{
	static const uint8_t get_version[] = {PROT_MCTP_TYPE_SPDM, 0x10, 0x84,
					      0, 0};
	uint8_t packet[4 + sizeof(get_version)] = {1, 9, 20, 0xc8};

	(void)state;
	dx_init();
	dx_discover();
	spdm_start();
	assert_int_equal(spdm_run(prot_spdm_requester_connect(&spdm.q)),
			 PROT_OK);
	/* Another endpoint on the same link starts a conversation. */
	memcpy(packet + 4, get_version, sizeof(get_version));
	prot_device_rx(&t.device, 0, &(struct prot_mctp_addr){0}, packet,
		       sizeof(packet), t.now);
	assert_int_equal(spdm_run(prot_spdm_requester_get_digests(&spdm.q)),
			 PROT_OK);
}

static void test_device__idle__wakes_only_when_something_is_due(void **state)
{
	(void)state;
	dx_init();
	dx_pump_for(DX_CONFIRM_MS + 300);
	assert_true(prot_device_next_tick(&t.device) > t.now + 1000);
	assert_true(t.alive >= 50);
	assert_int_equal(t.resets, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_device__discovery__eid_and_types),
		cmocka_unit_test(
			test_device__attestation__every_measurement_as_booted),
		cmocka_unit_test(
			test_device__slow_crypto__attested_all_the_same),
		cmocka_unit_test(test_device__link_reset__spdm_starts_over),
		cmocka_unit_test(
			test_device__no_identity__measurements_but_no_chain),
		cmocka_unit_test(test_device__ak_seed__wiped_after_start),
		cmocka_unit_test(test_device_init__bad_configuration__refused),
		cmocka_unit_test(
			test_device__second_requester__does_not_disturb_the_first),
		cmocka_unit_test(
			test_device__idle__wakes_only_when_something_is_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
