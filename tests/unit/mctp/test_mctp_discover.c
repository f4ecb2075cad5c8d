/* SPDX-License-Identifier: Apache-2.0 */
/* Discovery against the library's own responder, and against a bad one. */
#include "mctp_fixture.h"

#include <prot/mctp/discover.h>

static const uint8_t uuid[16] = {1, 2,  3,  4,  5,  6,  7,  8,
				 9, 10, 11, 12, 13, 14, 15, 16};
static const uint32_t versions[] = {PROT_MCTP_VERSION(1, 0, 0)};
static const struct prot_mctp_type_support types[] = {{0x05, 1, versions},
						      {0x01, 1, versions}};

/* fx is the bus owner; its packets are handed to `device` by pump(). */
struct dfx {
	struct fx owner;
	struct fx device;
	struct prot_mctp_control control;
	struct prot_mctp_control_config config;
	struct prot_mctp_discovery d;
	uint8_t break_command; /* spoil the response to this one */
	size_t break_at;       /* byte of the response */
	uint8_t break_value;
	int grow; /* bytes to add to that response */
};

static void dfx_init(struct dfx *x, uint8_t eid)
{
	static const struct prot_mctp_addr addr = {1, {0x20}};

	memset(x, 0, sizeof(*x));
	x->config = (struct prot_mctp_control_config){
		.uuid = uuid, .types = types, .type_count = 2};
	fx_start(&x->owner);
	fx_defaults(&x->device);
	x->device.config.eid = 0;
	x->device.handlers[1].handle = prot_mctp_control_handle;
	x->device.handlers[1].ctx = &x->control;
	assert_int_equal(prot_mctp_init(&x->device.m, &x->device.config),
			 PROT_OK);
	prot_mctp_control_init(&x->control, &x->config, &x->device.m);
	assert_int_equal(prot_mctp_discovery_init(&x->d, 0, &addr, eid, 100, 1),
			 PROT_OK);
}

/* Hand all packets that one side sent to the other. */
static void carry(struct dfx *x, struct fx *from, struct fx *to)
{
	for (size_t i = 0; i < from->sent_count; i++) {
		struct fx_packet p = from->sent[i];

		if (from == &x->device && x->break_command != 0 &&
		    p.bytes[6] == x->break_command) {
			p.bytes[4 + x->break_at] = x->break_value;
			p.len = (size_t)((int)p.len + x->grow);
		}
		prot_mctp_rx(&to->m, 0, &p.to, p.bytes, p.len, to->now);
	}
	from->sent_count = 0;
}

static enum prot_status run(struct dfx *x)
{
	enum prot_status st =
		prot_mctp_discovery_step(&x->d, &x->owner.m, x->owner.now);

	for (int i = 0; st == PROT_PENDING && i < 20; i++) {
		carry(x, &x->owner, &x->device);
		carry(x, &x->device, &x->owner);
		st = prot_mctp_discovery_step(&x->d, &x->owner.m, x->owner.now);
	}
	return st;
}

static void test_discovery__device_without_eid__assigned_and_read(void **state)
{
	struct dfx x;

	(void)state;
	dfx_init(&x, 0x1D);
	assert_int_equal(run(&x), PROT_OK);
	assert_int_equal(prot_mctp_eid(&x.device.m), 0x1D);
	assert_int_equal(x.d.found.eid, 0x1D);
	assert_int_equal(x.d.found.former_eid, 0);
	assert_int_equal(x.d.found.endpoint_type, PROT_MCTP_ENDPOINT_SIMPLE);
	assert_int_equal(x.d.found.eid_type, PROT_MCTP_EID_DYNAMIC);
	assert_int_equal(x.d.found.type_count, 3);
	assert_memory_equal(x.d.found.types, "\x00\x05\x01", 3);
	assert_int_equal(x.d.found.base_version, PROT_MCTP_VERSION(1, 3, 3));
	assert_true(x.d.found.has_uuid);
	assert_memory_equal(x.d.found.uuid, uuid, 16);
}

static void test_discovery__eid_to_be_kept__no_set_eid(void **state)
{
	struct dfx x;

	(void)state;
	dfx_init(&x, 0);
	assert_int_equal(prot_mctp_set_eid(&x.device.m, 0x30), PROT_OK);
	assert_int_equal(run(&x), PROT_OK);
	assert_int_equal(x.d.found.eid, 0x30);
	assert_int_equal(x.d.found.former_eid, 0x30);
	assert_int_equal(prot_mctp_eid(&x.device.m), 0x30);
}

static void test_discovery__eid_changes__ok(void **state)
{
	struct dfx x;

	(void)state;
	dfx_init(&x, 0x31);
	assert_int_equal(prot_mctp_set_eid(&x.device.m, 0x30), PROT_OK);
	assert_int_equal(run(&x), PROT_OK);
	assert_int_equal(x.d.found.former_eid, 0x30);
	assert_int_equal(x.d.found.eid, 0x31);
}

static void test_discovery__no_uuid__ok_without(void **state)
{
	struct dfx x;

	(void)state;
	dfx_init(&x, 0x1D);
	x.config.uuid = NULL;
	assert_int_equal(run(&x), PROT_OK);
	assert_false(x.d.found.has_uuid);
}

static void test_discovery_init__reserved_eid__err_arg(void **state)
{
	static const struct prot_mctp_addr addr = {1, {0x20}};
	struct prot_mctp_discovery d;

	(void)state;
	for (unsigned eid = 0; eid < 256; eid++) {
		const bool bad = (eid >= 1 && eid <= 7) || eid == 255;

		assert_int_equal(prot_mctp_discovery_init(&d, 0, &addr,
							  (uint8_t)eid, 1, 0),
				 bad ? PROT_ERR_ARG : PROT_OK);
	}
}

static void test_discovery__each_command_refused__err_refused(void **state)
{
	const uint8_t commands[] = {2, 1, 5, 4, 3};
	struct dfx x;

	(void)state;
	for (size_t i = 0; i < sizeof(commands); i++) {
		dfx_init(&x, 0x1D);
		x.break_command = commands[i];
		x.break_at = 3;
		x.break_value = PROT_MCTP_CC_ERROR;
		assert_int_equal(run(&x), PROT_ERR_REFUSED);
		assert_int_equal(x.d.command, commands[i]);
		assert_int_equal(x.d.completion, PROT_MCTP_CC_ERROR);
	}
}

static void
test_discovery__each_answer_too_short_or_long__malformed(void **state)
{
	const uint8_t commands[] = {2, 1, 5, 4, 3};
	struct dfx x;

	(void)state;
	for (size_t i = 0; i < sizeof(commands); i++) {
		for (int grow = -1; grow <= 1; grow += 2) {
			dfx_init(&x, 0x1D);
			x.break_command = commands[i];
			x.break_at = 3;
			x.break_value = 0;
			x.grow = grow;
			assert_int_equal(run(&x), PROT_ERR_MALFORMED);
			assert_int_equal(x.d.command, commands[i]);
		}
	}
}

static void test_discovery__eid_rejected_or_changed__err_refused(void **state)
{
	struct dfx x;

	(void)state;
	dfx_init(&x, 0x1D);
	x.break_command = PROT_MCTP_CMD_SET_EID;
	x.break_at = 4;
	x.break_value = PROT_MCTP_SET_EID_REJECTED;
	assert_int_equal(run(&x), PROT_ERR_REFUSED);
	dfx_init(&x, 0x1D);
	x.break_command = PROT_MCTP_CMD_SET_EID;
	x.break_at = 5;
	x.break_value = 0x1E;
	assert_int_equal(run(&x), PROT_ERR_REFUSED);
}

static void test_discovery__silent_device__timeout_after_retry(void **state)
{
	struct dfx x;

	(void)state;
	dfx_init(&x, 0x1D);
	assert_int_equal(prot_mctp_discovery_step(&x.d, &x.owner.m, 0),
			 PROT_PENDING);
	prot_mctp_tick(&x.owner.m, 100);
	assert_int_equal(prot_mctp_discovery_step(&x.d, &x.owner.m, 100),
			 PROT_PENDING);
	prot_mctp_tick(&x.owner.m, 200);
	assert_int_equal(prot_mctp_discovery_step(&x.d, &x.owner.m, 200),
			 PROT_ERR_TIMEOUT);
	assert_int_equal(x.owner.sent_count, 2);
}

static void test_discovery__no_such_link__err_arg(void **state)
{
	struct dfx x;

	(void)state;
	dfx_init(&x, 0x1D);
	x.d.peer.link = 7;
	assert_int_equal(prot_mctp_discovery_step(&x.d, &x.owner.m, 0),
			 PROT_ERR_ARG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_discovery__device_without_eid__assigned_and_read),
		cmocka_unit_test(test_discovery__eid_to_be_kept__no_set_eid),
		cmocka_unit_test(test_discovery__eid_changes__ok),
		cmocka_unit_test(test_discovery__no_uuid__ok_without),
		cmocka_unit_test(test_discovery_init__reserved_eid__err_arg),
		cmocka_unit_test(
			test_discovery__each_command_refused__err_refused),
		cmocka_unit_test(
			test_discovery__each_answer_too_short_or_long__malformed),
		cmocka_unit_test(
			test_discovery__eid_rejected_or_changed__err_refused),
		cmocka_unit_test(
			test_discovery__silent_device__timeout_after_retry),
		cmocka_unit_test(test_discovery__no_such_link__err_arg),
	};

	return cmocka_run_group_tests_name("mctp_discover", tests, NULL, NULL);
}
