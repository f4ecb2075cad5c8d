/* SPDX-License-Identifier: Apache-2.0 */
#include "ua_fixture.h"

#include <prot/base/compiler.h>

/* Cancel before the n-th message of the agent, for every n. */
static void test_cancel__update_at_any_moment__device_is_free(void **state)
{
	unsigned total;

	(void)state;
	bench_init(&bench, &three_components);
	assert_int_equal(bench_run(&bench), PROT_OK);
	total = bench.messages;
	for (unsigned n = 0; n < total; n++) {
		bench_init(&bench, &three_components);
		while (bench.messages < n && bench.status == PROT_PENDING) {
			bench_once(&bench);
		}
		if (bench.status == PROT_OK) {
			continue; /* the last exchange is one step */
		}
		prot_pldm_ua_cancel(&bench.ua, PROT_PLDM_UA_UPDATE);
		assert_int_equal(prot_pldm_ua_wake_ms(&bench.ua), 0);
		assert_int_equal(bench_run(&bench), PROT_ERR_CANCELLED);
		assert_int_equal(prot_pldm_ua_result(&bench.ua)->reason,
				 PROT_PLDM_UA_FAIL_CANCELLED);
		assert_int_equal(bench.device.state, PROT_PLDM_FD_IDLE);
		assert_false(bench.device.activated);
	}
}

static void test_cancel__component__next_one_goes_on(void **state)
{
	(void)state;
	bench_init(&bench, &three_components);
	bench.device.faults.stuck_in_verify = true;
	while (bench.ua.step != PROT_PLDM_UA_VERIFY) {
		bench_once(&bench);
	}
	bench.device.faults.stuck_in_verify = false;
	prot_pldm_ua_cancel(&bench.ua, PROT_PLDM_UA_COMPONENT);
	assert_int_equal(bench_run(&bench), PROT_ERR_CANCELLED);
	assert_int_equal(bench.device.component_cancels, 1);
	assert_false(bench.components[0].applied);
	assert_true(bench.components[1].applied);
	assert_true(bench.components[2].applied);
	assert_true(bench.device.activated);
}

static void test_cancel__component_when_none_runs__ignored(void **state)
{
	(void)state;
	bench_init(&bench, &one_component);
	prot_pldm_ua_cancel(&bench.ua, PROT_PLDM_UA_COMPONENT);
	assert_int_equal(bench_run(&bench), PROT_OK);
}

/* Bring a bench to DOWNLOAD, with a request of the device still to come. */
static void to_download(const struct content *c)
{
	bench_init(&bench, c);
	bench_step(&bench, NULL, 0);
	assert_int_equal(bench.ua.step, PROT_PLDM_UA_DOWNLOAD);
}

/* The agent's completion code for a request made by hand. */
static uint8_t answer_to(const uint8_t *request, size_t len)
{
	const struct prot_pldm_message m = {PEER, request, len};
	uint8_t tx[TX_CAP];
	size_t n;

	(void)!prot_pldm_ua_step(&bench.ua, &m, bench.now_ms, tx, sizeof(tx),
				 &n);
	assert_true(n >= 4);
	assert_int_equal(tx[0], request[0] & 0x1f);
	assert_int_equal(tx[1], request[1]);
	assert_int_equal(tx[2], request[2]);
	if (tx[3] != PROT_PLDM_SUCCESS) {
		assert_int_equal(n, 4);
	}
	return tx[3];
}

static uint8_t ask_data(uint32_t offset, uint32_t length)
{
	uint8_t rq[11] = {0x81, 5, PROT_PLDM_REQUEST_FIRMWARE_DATA};

	put_le(rq + 3, offset, 4);
	put_le(rq + 7, length, 4);
	return answer_to(rq, sizeof(rq));
}

static void test_serve__data_ranges__limits_as_in_dsp0267(void **state)
{
	(void)state;
	to_download(&one_component); /* 1000 bytes, 256 at most per request */
	assert_int_equal(ask_data(0, 32), 0);
	assert_int_equal(ask_data(0, 256), 0);
	assert_int_equal(ask_data(1000, 32), 0); /* all padding */
	assert_int_equal(ask_data(968, 64), 0);
	assert_int_equal(ask_data(776, 256), 0);
	assert_int_equal(ask_data(0, 31), 0x83);
	assert_int_equal(ask_data(0, 0), 0x83);
	assert_int_equal(ask_data(0, 257), 0x83);
	assert_int_equal(ask_data(0, 0xffffffff), 0x83);
	assert_int_equal(ask_data(1001, 32), 0x82);
	assert_int_equal(ask_data(777, 256), 0x82);
	assert_int_equal(ask_data(0xffffffff, 32), 0x82);
	assert_int_equal(ask_data(0xffffffe0, 64), 0x82);
	assert_int_equal(bench.ua.step, PROT_PLDM_UA_DOWNLOAD);
}

static void test_serve__wrong_moment__command_not_expected(void **state)
{
	static const uint8_t complete[4] = {0x81, 5, 0, 0};
	uint8_t rq[11] = {0x81, 5};

	(void)state;
	bench_init(&bench, &one_component); /* discovery: nothing is expected */
	assert_int_equal(ask_data(0, 32), 0x88);
	for (uint8_t c = PROT_PLDM_TRANSFER_COMPLETE;
	     c <= PROT_PLDM_APPLY_COMPLETE; c++) {
		memcpy(rq, complete, 4);
		rq[2] = c;
		assert_int_equal(
			answer_to(rq, c == PROT_PLDM_APPLY_COMPLETE ? 6 : 4),
			0x88);
	}
	rq[2] = PROT_PLDM_GET_PACKAGE_DATA;
	assert_int_equal(answer_to(rq, 8), 0x88);
	rq[2] = PROT_PLDM_GET_META_DATA;
	assert_int_equal(answer_to(rq, 8), 0x88);
	to_download(&one_component);
	rq[2] = PROT_PLDM_TRANSFER_COMPLETE; /* before any data */
	assert_int_equal(answer_to(rq, 4), 0x88);
	rq[2] = PROT_PLDM_VERIFY_COMPLETE;
	assert_int_equal(answer_to(rq, 4), 0x88);
	assert_int_equal(bench.ua.step, PROT_PLDM_UA_DOWNLOAD);
	prot_pldm_ua_cancel(&bench.ua, PROT_PLDM_UA_UPDATE);
	assert_int_equal(ask_data(0, 32), PROT_PLDM_FWUP_CANCEL_PENDING);
}

static void test_serve__wrong_length_type_or_command__told_so(void **state)
{
	uint8_t rq[12] = {0x81, 5, PROT_PLDM_REQUEST_FIRMWARE_DATA};

	(void)state;
	to_download(&one_component);
	assert_int_equal(answer_to(rq, 3), PROT_PLDM_ERROR_INVALID_LENGTH);
	assert_int_equal(answer_to(rq, 10), PROT_PLDM_ERROR_INVALID_LENGTH);
	assert_int_equal(answer_to(rq, 12), PROT_PLDM_ERROR_INVALID_LENGTH);
	rq[2] = PROT_PLDM_TRANSFER_COMPLETE;
	assert_int_equal(answer_to(rq, 3), PROT_PLDM_ERROR_INVALID_LENGTH);
	assert_int_equal(answer_to(rq, 5), PROT_PLDM_ERROR_INVALID_LENGTH);
	rq[2] = PROT_PLDM_VERIFY_COMPLETE;
	assert_int_equal(answer_to(rq, 5), PROT_PLDM_ERROR_INVALID_LENGTH);
	rq[2] = PROT_PLDM_APPLY_COMPLETE;
	assert_int_equal(answer_to(rq, 5), PROT_PLDM_ERROR_INVALID_LENGTH);
	rq[2] = 0x7e;
	assert_int_equal(answer_to(rq, 3),
			 PROT_PLDM_ERROR_UNSUPPORTED_PLDM_CMD);
	rq[1] = 2;
	assert_int_equal(answer_to(rq, 3), PROT_PLDM_ERROR_INVALID_PLDM_TYPE);
}

static void
test_step__datagram_while_a_request_is_due__nothing_said(void **state)
{
	static const uint8_t datagram[] = {0xc1, 5, 0x7e};
	const struct prot_pldm_message rx = {PEER, datagram, sizeof(datagram)};
	uint8_t tx[TX_CAP];
	size_t len;

	(void)state;
	bench_init(&bench, &one_component);
	/* Its own first request is due, but this is no place for it. */
	assert_int_equal(prot_pldm_ua_step(&bench.ua, &rx, bench.now_ms, tx,
					   sizeof(tx), &len),
			 PROT_PENDING);
	assert_int_equal(len, 0);
	assert_true(prot_pldm_ua_wake_ms(&bench.ua) <= bench.now_ms);
	assert_int_equal(prot_pldm_ua_step(&bench.ua, NULL, bench.now_ms, tx,
					   sizeof(tx), &len),
			 PROT_PENDING);
	assert_true(len != 0);
}

static void test_serve__package_data_handles__checked(void **state)
{
	struct content c = one_component;
	uint8_t rq[8] = {0x81, 5, PROT_PLDM_GET_PACKAGE_DATA};

	(void)state;
	c.package_data_len = 300;
	bench_init(&bench, &c);
	bench.device.wants_package_data = true;
	bench_step(&bench, NULL, 0);
	assert_int_equal(bench.ua.step, PROT_PLDM_UA_PACKAGE_DATA);
	rq[7] = 2;
	assert_int_equal(answer_to(rq, 8),
			 PROT_PLDM_FWUP_INVALID_TRANSFER_OPERATION_FLAG);
	rq[7] = PROT_PLDM_GET_NEXT_PART;
	put_le(rq + 3, 300, 4);
	assert_int_equal(answer_to(rq, 8),
			 PROT_PLDM_FWUP_INVALID_TRANSFER_HANDLE);
	put_le(rq + 3, 0xffffffff, 4);
	assert_int_equal(answer_to(rq, 8),
			 PROT_PLDM_FWUP_INVALID_TRANSFER_HANDLE);
	assert_int_equal(answer_to(rq, 7), PROT_PLDM_ERROR_INVALID_LENGTH);
	bench_init(&bench, &one_component); /* a package without any */
	bench.device.faults.mute = PROT_PLDM_REQUEST_UPDATE;
	bench.device.faults.mute_count = 1;
	bench_step(&bench, NULL, 0);
	assert_int_equal(bench.ua.step, PROT_PLDM_UA_REQUEST_UPDATE);
	assert_int_equal(answer_to(rq, 8), PROT_PLDM_FWUP_NO_PACKAGE_DATA);
}

static void test_serve__source_pends_or_fails__retry_or_end(void **state)
{
	(void)state;
	to_download(&one_component);
	bench.file.reads = 0;
	bench.file.fail_at = 1;
	bench.file.fail_with = PROT_PENDING;
	assert_int_equal(ask_data(0, 64), PROT_PLDM_FWUP_RETRY_REQUEST_FW_DATA);
	assert_int_equal(ask_data(0, 64), 0);
	bench.file.reads = 0;
	bench.file.fail_with = PROT_ERR_IO;
	assert_int_equal(ask_data(64, 64), PROT_PLDM_ERROR);
	assert_int_equal(bench_run(&bench), PROT_ERR_IO);
	assert_result(PROT_PLDM_UA_FAIL_PACKAGE, PROT_PLDM_UA_DOWNLOAD, 0);
	assert_int_equal(bench.device.cancels, 1);
}

static void test_step__foreign_late_and_bad_messages__dropped(void **state)
{
	static const uint8_t junk[][6] = {
		{0x00},
		{0x00, 0x45},
		{0x40, 0x05, 0x10, 0x00},
		{0x00, 0x45, 0x10, 0x00},
		{0x1e, 0x05, 0x1b, 0x00, 0x00, 0x00},
		{0xc1, 0x05, 0x15, 0x00, 0x00, 0x00}, /* a datagram */
	};
	uint8_t tx[TX_CAP];
	struct prot_pldm_message m;
	uint8_t data[11] = {0x81, 5, PROT_PLDM_REQUEST_FIRMWARE_DATA};
	size_t len;

	(void)state;
	to_download(&one_component);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(junk); i++) {
		for (size_t n = 0; n <= sizeof(junk[i]); n++) {
			m = (struct prot_pldm_message){PEER, junk[i], n};
			assert_int_equal(prot_pldm_ua_step(&bench.ua, &m,
							   bench.now_ms, tx,
							   sizeof(tx), &len),
					 PROT_PENDING);
			assert_int_equal(len, 0);
		}
	}
	put_le(data + 7, 32, 4);
	m = (struct prot_pldm_message){PEER + 1, data, sizeof(data)};
	assert_int_equal(prot_pldm_ua_step(&bench.ua, &m, bench.now_ms, tx,
					   sizeof(tx), &len),
			 PROT_PENDING);
	assert_int_equal(len, 0);
	assert_int_equal(bench_run(&bench), PROT_OK);
}

static void test_progress__half_way__bytes_and_component(void **state)
{
	struct prot_pldm_ua_progress p;

	(void)state;
	to_download(&three_components);
	assert_int_equal(ask_data(0, 256), 0);
	prot_pldm_ua_progress(&bench.ua, &p);
	assert_int_equal(p.step, PROT_PLDM_UA_DOWNLOAD);
	assert_int_equal(p.component, 0);
	assert_int_equal(p.component_count, 3);
	assert_int_equal(p.served, 256);
	assert_int_equal(p.size, 1000);
	assert_int_equal(p.device_progress, PROT_PLDM_PROGRESS_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test(name)
		T(test_cancel__update_at_any_moment__device_is_free),
		T(test_cancel__component__next_one_goes_on),
		T(test_cancel__component_when_none_runs__ignored),
		T(test_serve__data_ranges__limits_as_in_dsp0267),
		T(test_serve__wrong_moment__command_not_expected),
		T(test_serve__wrong_length_type_or_command__told_so),
		T(test_step__datagram_while_a_request_is_due__nothing_said),
		T(test_serve__package_data_handles__checked),
		T(test_serve__source_pends_or_fails__retry_or_end),
		T(test_step__foreign_late_and_bad_messages__dropped),
		T(test_progress__half_way__bytes_and_component),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
