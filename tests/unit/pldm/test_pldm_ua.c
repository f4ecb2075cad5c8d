/* SPDX-License-Identifier: Apache-2.0 */
#include "ua_fixture.h"

#include <prot/base/compiler.h>

static void test_init__each_bad_field__arg(void **state)
{
	struct prot_pldm_ua ua;
	struct prot_pldm_ua_config good;
	struct prot_pldm_ua_config bad;

	(void)state;
	bench_init(&bench, &one_component);
	good = bench.cfg;
#define BAD(field, value)                                                      \
	bad = good;                                                            \
	bad.field = value;                                                     \
	assert_int_equal(prot_pldm_ua_init(&ua, &bad), PROT_ERR_ARG)
	BAD(package, NULL);
	BAD(components, NULL);
	BAD(component_cap, 0);
	BAD(metadata, NULL);
	BAD(max_transfer, 31);
	BAD(max_transfer, UINT32_MAX);
	BAD(retries, 1);
	BAD(response_ms, 299);
	BAD(response_ms, 4801);
	BAD(t2_ms, 0);
	BAD(t3_ms, 0);
	BAD(poll_ms, 0);
	BAD(tid, 0xff);
#undef BAD
	assert_int_equal(prot_pldm_ua_init(&ua, &good), PROT_OK);
}

static void test_step__tx_too_small__arg_and_nothing_happens(void **state)
{
	uint8_t tx[TX_CAP];
	size_t len;

	(void)state;
	bench_init(&bench, &one_component);
	assert_int_equal(
		prot_pldm_ua_step(&bench.ua, NULL, 0, tx, TX_CAP - 1, &len),
		PROT_ERR_ARG);
	assert_int_equal(len, 0);
	assert_int_equal(bench_run(&bench), PROT_OK);
}

static void test_update__one_component__applied_and_activated(void **state)
{
	struct prot_pldm_ua_progress p;

	(void)state;
	bench_init(&bench, &one_component);
	assert_int_equal(bench_run(&bench), PROT_OK);
	assert_image(0, 1000);
	assert_true(bench.device.activated);
	assert_int_equal(bench.device.self_contained, 0);
	assert_int_equal(bench.device.flags[0], PROT_PLDM_START_AND_END);
	assert_true(bench.components[0].applied);
	assert_int_equal(bench.components[0].class_index, 7);
	assert_int_equal(bench.components[0].active_len, 5);
	assert_memory_equal(bench.components[0].active, "1.0.0", 5);
	assert_result(PROT_PLDM_UA_FAIL_NONE, PROT_PLDM_UA_GET_TID, 0);
	prot_pldm_ua_progress(&bench.ua, &p);
	assert_int_equal(p.step, PROT_PLDM_UA_DONE);
	assert_true(prot_pldm_ua_wake_ms(&bench.ua) == UINT64_MAX);
	bench_step(&bench, NULL, 0); /* repeats its status, says nothing */
	assert_int_equal(bench.status, PROT_OK);
}

static void test_update__three_components__in_order_with_flags(void **state)
{
	(void)state;
	bench_init(&bench, &three_components);
	assert_int_equal(bench_run(&bench), PROT_OK);
	assert_int_equal(bench.device.passed, 3);
	assert_int_equal(bench.device.flags[0], PROT_PLDM_START);
	assert_int_equal(bench.device.flags[1], PROT_PLDM_MIDDLE);
	assert_int_equal(bench.device.flags[2], PROT_PLDM_END);
	assert_image(0, 1000);
	assert_image(1, 31);
	assert_image(2, 512);
	/* A long active version is cut. */
	assert_int_equal(bench.components[1].active_len,
			 PROT_PLDM_UA_VERSION_SIZE);
}

/* Every size around the 32-byte baseline, where the tail is padded. */
static void test_update__every_tail__padded_with_zeros(void **state)
{
	(void)state;
	for (uint32_t size = 1; size <= 100; size++) {
		const struct content c = {.components = 1, .sizes = {size}};

		bench_init(&bench, &c);
		bench.device.chunk = 32;
		assert_int_equal(bench_run(&bench), PROT_OK);
		assert_image(0, size);
	}
}

static void test_update__options__passed_on(void **state)
{
	struct content c = one_component;

	(void)state;
	c.options =
		PROT_PLDM_PACKAGE_FORCE_UPDATE | PROT_PLDM_PACKAGE_DELAYED_SVN;
	bench_init(&bench, &c);
	assert_int_equal(bench_run(&bench), PROT_OK);
	assert_int_equal(bench.device.options,
			 PROT_PLDM_OPTION_FORCE |
				 PROT_PLDM_OPTION_DELAYED_SECURITY_REVISION);
	bench_init(&bench, &one_component);
	bench.cfg.force = true;
	assert_int_equal(bench_run(&bench), PROT_OK);
	assert_int_equal(bench.device.options, PROT_PLDM_OPTION_FORCE);
	bench_init(&bench, &one_component);
	assert_int_equal(bench_run(&bench), PROT_OK);
	assert_int_equal(bench.device.options, 0);
}

static void test_update__tid_and_no_activation__as_configured(void **state)
{
	(void)state;
	bench_init(&bench, &one_component);
	bench.cfg.tid = 5;
	bench.cfg.activate = false;
	assert_int_equal(bench_run(&bench), PROT_OK);
	assert_false(bench.device.activated);
	assert_int_equal(bench.device.state, PROT_PLDM_FD_READY_XFER);
}

static void test_update__package_data__served_in_parts(void **state)
{
	struct content c = one_component;

	(void)state;
	c.package_data_len = 600;
	bench_init(&bench, &c);
	bench.device.wants_package_data = true;
	assert_int_equal(bench_run(&bench), PROT_OK);
	assert_int_equal(bench.device.package_data_at, 600);
	for (unsigned i = 0; i < 600; i++) {
		assert_int_equal(bench.device.package_data[i],
				 (uint8_t)(i * 3 + i / 256));
	}
	assert_image(0, 1000);
}

static void test_update__package_data_asked_early__still_served(void **state)
{
	struct content c = one_component;

	(void)state;
	c.package_data_len = 100;
	bench_init(&bench, &c);
	bench.device.wants_package_data = true;
	bench.device.faults.eager = true;
	assert_int_equal(bench_run(&bench), PROT_OK);
	assert_int_equal(bench.device.package_data_at, 100);
}

static void test_update__metadata__kept_and_given_back(void **state)
{
	(void)state;
	bench_init(&bench, &one_component);
	bench.device.metadata_len = 150;
	assert_int_equal(bench_run(&bench), PROT_OK);
	assert_int_equal(bench.device.metadata_back, 0); /* taken and reset */
	for (unsigned i = 0; i < 150; i++) {
		assert_int_equal(bench.device.metadata[i], (uint8_t)(i + 5));
	}
	bench_init(&bench, &one_component);
	bench.device.metadata_len = 150;
	bench.cfg.metadata_cap = 149;
	assert_int_equal(bench_run(&bench), PROT_ERR_SPACE);
	assert_result(PROT_PLDM_UA_FAIL_METADATA, PROT_PLDM_UA_REQUEST_UPDATE,
		      0);
	assert_int_equal(bench.device.cancels, 1);
}

static void test_update__data_asked_before_the_response__served(void **state)
{
	(void)state;
	bench_init(&bench, &three_components);
	bench.device.faults.eager = true;
	assert_int_equal(bench_run(&bench), PROT_OK);
	assert_image(0, 1000);
	assert_image(1, 31);
	assert_image(2, 512);
}

static void test_update__every_fd_request_twice__answered_twice(void **state)
{
	(void)state;
	bench_init(&bench, &three_components);
	bench.device.faults.twice = true;
	assert_int_equal(bench_run(&bench), PROT_OK);
	assert_image(2, 512);
	assert_int_equal(bench.device.updates, 1);
}

/* Type 0 commands are marked with 0x80. */
static const struct {
	uint8_t command;
	enum prot_pldm_ua_step step;
} asked[] = {
	{0x80 | PROT_PLDM_GET_TID, PROT_PLDM_UA_GET_TID},
	{0x80 | PROT_PLDM_GET_PLDM_TYPES, PROT_PLDM_UA_GET_TYPES},
	{0x80 | PROT_PLDM_GET_PLDM_VERSION, PROT_PLDM_UA_GET_VERSION},
	{0x80 | PROT_PLDM_GET_PLDM_COMMANDS, PROT_PLDM_UA_GET_COMMANDS},
	{PROT_PLDM_QUERY_DEVICE_IDENTIFIERS, PROT_PLDM_UA_QUERY_IDENTIFIERS},
	{PROT_PLDM_GET_FIRMWARE_PARAMETERS, PROT_PLDM_UA_GET_PARAMETERS},
	{PROT_PLDM_REQUEST_UPDATE, PROT_PLDM_UA_REQUEST_UPDATE},
	{PROT_PLDM_PASS_COMPONENT_TABLE, PROT_PLDM_UA_PASS_COMPONENT},
	{PROT_PLDM_UPDATE_COMPONENT, PROT_PLDM_UA_UPDATE_COMPONENT},
	{PROT_PLDM_ACTIVATE_FIRMWARE, PROT_PLDM_UA_ACTIVATE},
};

static bool in_update(enum prot_pldm_ua_step step)
{
	return step > PROT_PLDM_UA_REQUEST_UPDATE;
}

static void test_update__any_request_refused__its_code_reported(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(asked); i++) {
		bench_init(&bench, &one_component);
		bench.device.faults.command = asked[i].command;
		bench.device.faults.cc = 0x01;
		bench.device.faults.count = 1;
		assert_int_equal(bench_run(&bench), PROT_ERR_REFUSED);
		assert_result(PROT_PLDM_UA_FAIL_REFUSED, asked[i].step, 0x01);
		assert_int_equal(bench.device.cancels,
				 in_update(asked[i].step) ? 1 : 0);
		assert_int_equal(bench.device.state, PROT_PLDM_FD_IDLE);
	}
}

static void test_update__any_request_unanswered__time_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(asked); i++) {
		bench_init(&bench, &one_component);
		bench.device.faults.mute = asked[i].command;
		bench.device.faults.mute_count = 100;
		assert_int_equal(bench_run(&bench), PROT_ERR_TIMEOUT);
		assert_result(PROT_PLDM_UA_FAIL_NO_RESPONSE, asked[i].step, 0);
		assert_int_equal(bench.device.faults.mute_count, 97);
		assert_true(bench.now_ms <= 1500);
		assert_int_equal(bench.device.state, PROT_PLDM_FD_IDLE);
	}
}

static void test_update__requests_lost_twice__third_try_goes_on(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(asked); i++) {
		bench_init(&bench, &one_component);
		bench.device.faults.mute = asked[i].command;
		bench.device.faults.mute_count = 2;
		assert_int_equal(bench_run(&bench), PROT_OK);
		assert_int_equal(bench.now_ms, 1000);
		assert_image(0, 1000);
	}
}

/* The model has no replay cache: it refuses what it has done already. */
static void test_update__responses_lost__repetition_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(asked); i++) {
		bench_init(&bench, &one_component);
		bench.device.faults.swallow = asked[i].command;
		assert_int_equal(bench_run(&bench), PROT_OK);
		assert_image(0, 1000);
		assert_true(bench.device.activated);
		assert_int_equal(bench.device.updates, 1);
	}
}

static void test_update__any_response_cut_short__malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(asked); i++) {
		bench_init(&bench, &one_component);
		bench.device.faults.truncate = asked[i].command;
		assert_int_equal(bench_run(&bench), PROT_ERR_MALFORMED);
		assert_result(PROT_PLDM_UA_FAIL_BAD_RESPONSE, asked[i].step, 0);
		assert_int_equal(bench.device.state, PROT_PLDM_FD_IDLE);
	}
}

static void test_update__not_ready_for_a_while__tried_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(asked); i++) {
		bench_init(&bench, &one_component);
		bench.device.faults.command = asked[i].command;
		bench.device.faults.cc = PROT_PLDM_ERROR_NOT_READY;
		bench.device.faults.count = 3;
		assert_int_equal(bench_run(&bench), PROT_OK);
		assert_int_equal(bench.now_ms, 3000);
		bench_init(&bench, &one_component);
		bench.device.faults.command = asked[i].command;
		bench.device.faults.cc = PROT_PLDM_ERROR_NOT_READY;
		bench.device.faults.count = 100;
		assert_int_equal(bench_run(&bench), PROT_ERR_REFUSED);
		assert_true(bench.now_ms <= 5000);
	}
}

static void test_update__package_for_another_device__not_found(void **state)
{
	struct content c = one_component;

	(void)state;
	c.other_device = true;
	bench_init(&bench, &c);
	assert_int_equal(bench_run(&bench), PROT_ERR_NOT_FOUND);
	assert_result(PROT_PLDM_UA_FAIL_NO_MATCH,
		      PROT_PLDM_UA_QUERY_IDENTIFIERS, 0);
	assert_int_equal(bench.device.updates, 0);
	/* ... unless the device shall judge */
	bench_init(&bench, &c);
	bench.cfg.ignore_match = true;
	assert_int_equal(bench_run(&bench), PROT_OK);
}

static void test_update__component_unknown_to_device__not_found(void **state)
{
	struct content c = one_component;

	(void)state;
	c.identifier = 77;
	bench_init(&bench, &c);
	assert_int_equal(bench_run(&bench), PROT_ERR_NOT_FOUND);
	assert_result(PROT_PLDM_UA_FAIL_UNKNOWN_COMPONENT,
		      PROT_PLDM_UA_GET_PARAMETERS, 0);
	bench_init(&bench, &c);
	bench.cfg.ignore_match = true;
	assert_int_equal(bench_run(&bench), PROT_OK);
}

static void test_update__no_or_too_many_components__reported(void **state)
{
	static const struct content none = {.components = 0};

	(void)state;
	bench_init(&bench, &none);
	assert_int_equal(bench_run(&bench), PROT_ERR_NOT_FOUND);
	assert_result(PROT_PLDM_UA_FAIL_NO_COMPONENT,
		      PROT_PLDM_UA_GET_PARAMETERS, 0);
	bench_init(&bench, &three_components);
	bench.cfg.component_cap = 2;
	assert_int_equal(bench_run(&bench), PROT_ERR_SPACE);
	assert_result(PROT_PLDM_UA_FAIL_TOO_MANY, PROT_PLDM_UA_GET_PARAMETERS,
		      0);
}

static void test_update__component_refused__code_and_cancel(void **state)
{
	(void)state;
	bench_init(&bench, &three_components);
	bench.device.faults.compat = PROT_PLDM_COMPONENT_STAMP_LOWER;
	bench.device.faults.on = 1;
	assert_int_equal(bench_run(&bench), PROT_ERR_REFUSED);
	assert_result(PROT_PLDM_UA_FAIL_COMPONENT_REFUSED,
		      PROT_PLDM_UA_UPDATE_COMPONENT,
		      PROT_PLDM_COMPONENT_STAMP_LOWER);
	assert_int_equal(prot_pldm_ua_result(&bench.ua)->component, 1);
	assert_int_equal(prot_pldm_ua_result(&bench.ua)->broken, 2);
	assert_int_equal(bench.device.cancels, 1);
	assert_false(bench.device.activated);
}

static void fail_result(const struct content *c, uint8_t transfer,
			uint8_t verify, uint8_t apply)
{
	bench_init(&bench, c);
	bench.device.faults.transfer = transfer;
	bench.device.faults.verify = verify;
	bench.device.faults.apply = apply;
	bench.device.faults.on = 1;
	assert_int_equal(bench_run(&bench), PROT_ERR_REFUSED);
}

static void test_update__failing_results__reported_and_cancelled(void **state)
{
	(void)state;
	fail_result(&three_components, PROT_PLDM_TRANSFER_STORAGE, 0, 0);
	assert_result(PROT_PLDM_UA_FAIL_TRANSFER_FAILED, PROT_PLDM_UA_DOWNLOAD,
		      PROT_PLDM_TRANSFER_STORAGE);
	fail_result(&three_components, 0, PROT_PLDM_VERIFY_SECURITY, 0);
	assert_result(PROT_PLDM_UA_FAIL_VERIFY_FAILED, PROT_PLDM_UA_VERIFY,
		      PROT_PLDM_VERIFY_SECURITY);
	fail_result(&three_components, 0, 0, PROT_PLDM_APPLY_MEMORY);
	assert_result(PROT_PLDM_UA_FAIL_APPLY_FAILED, PROT_PLDM_UA_APPLY,
		      PROT_PLDM_APPLY_MEMORY);
	assert_int_equal(bench.device.cancels, 1);
	assert_int_equal(bench.device.component_cancels, 0);
	assert_int_equal(bench.components[1].outcome,
			 PROT_PLDM_UA_FAIL_APPLY_FAILED);
}

/* DeviceUpdateOptionFlags bit 0: the others are updated all the same. */
static void test_update__continue_after_failure__others_applied(void **state)
{
	struct content c = three_components;

	(void)state;
	c.flags = PROT_PLDM_PACKAGE_CONTINUE_AFTER_FAILURE;
	fail_result(&c, 0, PROT_PLDM_VERIFY_FAILURE, 0);
	assert_result(PROT_PLDM_UA_FAIL_VERIFY_FAILED, PROT_PLDM_UA_VERIFY,
		      PROT_PLDM_VERIFY_FAILURE);
	assert_int_equal(bench.device.component_cancels, 1);
	assert_int_equal(bench.device.cancels, 0);
	assert_true(bench.components[0].applied);
	assert_false(bench.components[1].applied);
	assert_true(bench.components[2].applied);
	assert_true(bench.device.activated);
	assert_image(2, 512);
	c.components = 1;
	bench_init(&bench, &c);
	bench.device.faults.compat = 6;
	assert_int_equal(bench_run(&bench), PROT_ERR_REFUSED);
	assert_int_equal(bench.device.cancels, 1); /* nothing to activate */
	assert_false(bench.device.activated);
}

static void test_update__activation_method_changed__kept(void **state)
{
	(void)state;
	bench_init(&bench, &one_component);
	bench.device.faults.apply = PROT_PLDM_APPLY_SUCCESS_ACTIVATION_CHANGED;
	assert_int_equal(bench_run(&bench), PROT_OK);
	assert_int_equal(bench.components[0].activation_methods,
			 PROT_PLDM_ACTIVATION_AC_CYCLE);
}

static void test_update__transfer_ends_early__incomplete(void **state)
{
	(void)state;
	bench_init(&bench, &one_component);
	bench.device.faults.early_complete = true;
	assert_int_equal(bench_run(&bench), PROT_ERR_REFUSED);
	assert_result(PROT_PLDM_UA_FAIL_INCOMPLETE, PROT_PLDM_UA_DOWNLOAD, 0);
	assert_int_equal(bench.device.cancels, 1);
}

static void test_update__device_never_asks__stalled_after_t2(void **state)
{
	(void)state;
	bench_init(&bench, &one_component);
	bench.device.faults.never_asks = true;
	assert_int_equal(bench_run(&bench), PROT_ERR_TIMEOUT);
	assert_result(PROT_PLDM_UA_FAIL_STALLED, PROT_PLDM_UA_DOWNLOAD, 0);
	assert_int_equal(bench.now_ms, 60000);
	assert_int_equal(bench.device.cancels, 1);
}

static void test_update__device_rereads_for_ever__stalled(void **state)
{
	(void)state;
	bench_init(&bench, &one_component);
	bench.device.faults.rereads = true;
	assert_int_equal(bench_run(&bench), PROT_ERR_TIMEOUT);
	assert_result(PROT_PLDM_UA_FAIL_STALLED, PROT_PLDM_UA_DOWNLOAD, 0);
	assert_true(bench.messages < 400);
}

static void test_update__verify_never_ends__stalled_after_t3(void **state)
{
	(void)state;
	bench_init(&bench, &one_component);
	bench.device.faults.stuck_in_verify = true;
	assert_int_equal(bench_run(&bench), PROT_ERR_TIMEOUT);
	assert_result(PROT_PLDM_UA_FAIL_STALLED, PROT_PLDM_UA_VERIFY, 0);
	/* once more when the first poll showed progress */
	assert_true(bench.now_ms >= 120000 && bench.now_ms <= 122000);
}

static void test_update__device_goes_idle__noticed_by_polling(void **state)
{
	(void)state;
	bench_init(&bench, &one_component);
	bench.device.faults.leaves = true;
	assert_int_equal(bench_run(&bench), PROT_ERR_REFUSED);
	assert_result(PROT_PLDM_UA_FAIL_DEVICE_LEFT, PROT_PLDM_UA_DOWNLOAD,
		      PROT_PLDM_FD_REASON_TIMEOUT_DOWNLOAD);
	assert_int_equal(bench.device.cancels, 0);
	assert_true(bench.now_ms <= 2000);
	/* without GetStatus it takes until UA_T2 */
	bench_init(&bench, &one_component);
	bench.device.faults.leaves = true;
	bench.device.faults.no_status = true;
	assert_int_equal(bench_run(&bench), PROT_ERR_TIMEOUT);
	assert_result(PROT_PLDM_UA_FAIL_STALLED, PROT_PLDM_UA_DOWNLOAD, 0);
}

static void test_update__self_contained__waits_for_the_outcome(void **state)
{
	(void)state;
	bench_init(&bench, &one_component);
	bench.cfg.self_contained = true;
	assert_int_equal(bench_run(&bench), PROT_OK);
	assert_int_equal(bench.device.self_contained, 1);
	bench_init(&bench, &one_component);
	bench.cfg.self_contained = true;
	bench.device.faults.activation_fails = true;
	assert_int_equal(bench_run(&bench), PROT_ERR_REFUSED);
	assert_result(PROT_PLDM_UA_FAIL_ACTIVATION_FAILED, PROT_PLDM_UA_SETTLE,
		      0);
}

static void
test_update__already_in_update_mode__takeover_if_wanted(void **state)
{
	(void)state;
	bench_init(&bench, &one_component);
	bench.device.state = PROT_PLDM_FD_LEARN_COMPONENTS;
	assert_int_equal(bench_run(&bench), PROT_ERR_REFUSED);
	assert_result(PROT_PLDM_UA_FAIL_REFUSED, PROT_PLDM_UA_REQUEST_UPDATE,
		      PROT_PLDM_FWUP_ALREADY_IN_UPDATE_MODE);
	assert_int_equal(bench.device.cancels, 0);
	bench_init(&bench, &one_component);
	bench.device.state = PROT_PLDM_FD_LEARN_COMPONENTS;
	bench.cfg.takeover = true;
	assert_int_equal(bench_run(&bench), PROT_OK);
	assert_int_equal(bench.device.cancels, 1);
	assert_image(0, 1000);
}

static void test_update__activation_not_required__fine(void **state)
{
	(void)state;
	bench_init(&bench, &one_component);
	bench.device.faults.command = PROT_PLDM_ACTIVATE_FIRMWARE;
	bench.device.faults.cc = PROT_PLDM_FWUP_ACTIVATION_NOT_REQUIRED;
	bench.device.faults.count = 1;
	assert_int_equal(bench_run(&bench), PROT_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test(name)
		T(test_init__each_bad_field__arg),
		T(test_step__tx_too_small__arg_and_nothing_happens),
		T(test_update__one_component__applied_and_activated),
		T(test_update__three_components__in_order_with_flags),
		T(test_update__every_tail__padded_with_zeros),
		T(test_update__options__passed_on),
		T(test_update__tid_and_no_activation__as_configured),
		T(test_update__package_data__served_in_parts),
		T(test_update__package_data_asked_early__still_served),
		T(test_update__metadata__kept_and_given_back),
		T(test_update__data_asked_before_the_response__served),
		T(test_update__every_fd_request_twice__answered_twice),
		T(test_update__any_request_refused__its_code_reported),
		T(test_update__any_request_unanswered__time_out),
		T(test_update__requests_lost_twice__third_try_goes_on),
		T(test_update__responses_lost__repetition_understood),
		T(test_update__any_response_cut_short__malformed),
		T(test_update__not_ready_for_a_while__tried_again),
		T(test_update__package_for_another_device__not_found),
		T(test_update__component_unknown_to_device__not_found),
		T(test_update__no_or_too_many_components__reported),
		T(test_update__component_refused__code_and_cancel),
		T(test_update__failing_results__reported_and_cancelled),
		T(test_update__continue_after_failure__others_applied),
		T(test_update__activation_method_changed__kept),
		T(test_update__transfer_ends_early__incomplete),
		T(test_update__device_never_asks__stalled_after_t2),
		T(test_update__device_rereads_for_ever__stalled),
		T(test_update__verify_never_ends__stalled_after_t3),
		T(test_update__device_goes_idle__noticed_by_polling),
		T(test_update__self_contained__waits_for_the_outcome),
		T(test_update__already_in_update_mode__takeover_if_wanted),
		T(test_update__activation_not_required__fine),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
