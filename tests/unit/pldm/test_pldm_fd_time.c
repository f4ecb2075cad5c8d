/* SPDX-License-Identifier: Apache-2.0 */
/* The firmware device: time-outs, retries, and responses that go wrong. */
#include "fd_fixture.h"

/* The FD's request as it was, to compare with what comes next. */
struct sent {
	uint8_t bytes[64];
	size_t len;
};

static struct sent last(const struct fx *f)
{
	struct sent s;

	memcpy(s.bytes, f->tx, sizeof(s.bytes));
	s.len = f->tx_len;
	return s;
}

static void assert_repeated(const struct fx *f, const struct sent *s)
{
	assert_int_equal(f->tx_len, s->len);
	assert_memory_equal(f->tx, s->bytes, s->len);
}

/* The same request, but a new one: only the instance id differs, by one. */
static void assert_renewed(const struct fx *f, const struct sent *s)
{
	assert_int_equal(f->tx_len, s->len);
	assert_int_equal(f->tx[0] & 0x1F, ((s->bytes[0] & 0x1F) + 1) % 32);
	assert_memory_equal(f->tx + 1, s->bytes + 1, s->len - 1);
}

/* Tick at the time that the FD asks for; it must not have been too early. */
static enum prot_status tick_when_wanted(struct fx *f)
{
	uint64_t wake = prot_pldm_fd_wake_ms(&f->fd);

	if (wake > f->now) {
		f->now = wake - 1;
		assert_int_equal(tick(f), PROT_OK);
		assert_int_equal(f->tx_len, 0);
		f->now = wake;
	}
	return tick(f);
}

static void test_fd__no_answer__same_request_every_t2_until_t1(void **state)
{
	struct sent request;
	unsigned retries = 0;
	uint64_t start;
	struct fx f;

	(void)state;
	fx_init(&f);
	to_download(&f, 300);
	request = last(&f);
	start = f.now;
	for (;;) {
		assert_int_equal(tick_when_wanted(&f), PROT_OK);
		if (f.tx_len == 0) {
			break;
		}
		assert_repeated(&f, &request);
		retries++;
		assert_true(f.now == start + retries * T2_MS);
	}
	assert_true(f.now == start + T1_MS);
	assert_int_equal(retries, T1_MS / T2_MS - 1);
	assert_int_equal(get_status(&f).reason,
			 PROT_PLDM_FD_REASON_TIMEOUT_DOWNLOAD);
	assert_int_equal(f.s.update_cancels, 1);
}

static void test_fd__idle_in_each_state__reason_of_state(void **state)
{
	void (*const go[])(struct fx *, uint32_t) = {to_verify, to_apply};
	struct fx f;

	(void)state;
	fx_init(&f);
	to_learn(&f);
	assert_int_equal(tick_when_wanted(&f), PROT_OK);
	assert_int_equal(get_status(&f).reason,
			 PROT_PLDM_FD_REASON_TIMEOUT_LEARN);
	fx_init(&f);
	to_ready(&f);
	assert_int_equal(tick_when_wanted(&f), PROT_OK);
	assert_int_equal(get_status(&f).reason,
			 PROT_PLDM_FD_REASON_TIMEOUT_READY_XFER);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(go); i++) {
		fx_init(&f);
		go[i](&f, 100);
		assert_int_equal(tick(&f), PROT_OK); /* the report goes out */
		f.now += T1_MS;
		assert_int_equal(tick(&f), PROT_OK);
		assert_int_equal(f.tx_len, 0);
		assert_int_equal(get_status(&f).reason,
				 PROT_PLDM_FD_REASON_TIMEOUT_VERIFY + i);
		assert_int_equal(get_status(&f).state, PROT_PLDM_FD_IDLE);
	}
}

static void test_fd__idle_timeout__cancel_pends__polled(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	to_download(&f, 300);
	f.s.cancel.pend = 2;
	f.now += T1_MS;
	assert_int_equal(tick(&f), PROT_PENDING);
	assert_int_equal(prot_pldm_fd_wake_ms(&f.fd), 0);
	/* the agent coming back does not save it, nor does it hang */
	assert_int_equal(get_status(&f).state, PROT_PLDM_FD_DOWNLOAD);
	assert_int_equal(tick(&f), PROT_PENDING);
	assert_int_equal(tick(&f), PROT_OK);
	assert_int_equal(get_status(&f).reason,
			 PROT_PLDM_FD_REASON_TIMEOUT_DOWNLOAD);
	to_learn(&f);
}

static void test_fd__only_agent_restarts_t1(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	to_ready(&f);
	f.now += T1_MS - 1;
	assert_int_equal(ask_as(&f, STRANGER, PROT_PLDM_GET_STATUS, NULL, 0),
			 0);
	f.now++;
	assert_int_equal(tick(&f), PROT_OK);
	assert_int_equal(prot_pldm_fd_state(&f.fd), PROT_PLDM_FD_IDLE);
	to_ready(&f);
	f.now += T1_MS - 1;
	(void)get_status(&f);
	f.now += T1_MS - 1;
	assert_int_equal(tick(&f), PROT_OK);
	assert_int_equal(prot_pldm_fd_state(&f.fd), PROT_PLDM_FD_READY_XFER);
}

static void test_fd__retries_limited__timeout_reported(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	f.cfg.retries = 2;
	to_download(&f, 300);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(tick_when_wanted(&f), PROT_OK);
		assert_request(&f, PROT_PLDM_REQUEST_FIRMWARE_DATA);
	}
	assert_int_equal(tick_when_wanted(&f), PROT_OK);
	assert_request(&f, PROT_PLDM_TRANSFER_COMPLETE);
	assert_int_equal(f.tx[3], PROT_PLDM_TRANSFER_TIMEOUT);
	assert_int_equal(get_status(&f).aux_status,
			 PROT_PLDM_FD_AUX_STATUS_TIMEOUT);
	/* a report is repeated without limit, up to FD_T1 */
	for (int i = 0; i < 10; i++) {
		assert_int_equal(tick_when_wanted(&f), PROT_OK);
		assert_request(&f, PROT_PLDM_TRANSFER_COMPLETE);
	}
}

static void test_fd__retries_limited__package_data_given_up(void **state)
{
	uint8_t body[REQUEST_UPDATE_BODY_SIZE];
	struct fx f;

	(void)state;
	fx_init(&f);
	f.cfg.retries = 1;
	f.cfg.data = &data_ops;
	memcpy(body, request_update_body, sizeof(body));
	body[7] = 4;
	assert_int_equal(ask(&f, PROT_PLDM_REQUEST_UPDATE, body, sizeof(body)),
			 0);
	assert_int_equal(tick(&f), PROT_OK);
	assert_request(&f, PROT_PLDM_GET_PACKAGE_DATA);
	assert_int_equal(tick_when_wanted(&f), PROT_OK);
	assert_request(&f, PROT_PLDM_GET_PACKAGE_DATA);
	assert_int_equal(tick_when_wanted(&f), PROT_OK);
	assert_int_equal(f.tx_len, 0);
	pass_component(&f);
	assert_int_equal(f.rsp[5], PROT_PLDM_COMPONENT_PREREQUISITES_NOT_MET);
}

static void test_fd__retry_request_fw_data__asks_again_after_t2(void **state)
{
	struct sent request;
	struct fx f;

	(void)state;
	fx_init(&f);
	f.cfg.retries = 1; /* does not count: the agent is there */
	to_download(&f, 300);
	for (int i = 0; i < 50; i++) {
		request = last(&f);
		assert_int_equal(reply(&f, PROT_PLDM_FWUP_RETRY_REQUEST_FW_DATA,
				       NULL, 0),
				 PROT_OK);
		assert_int_equal(f.tx_len, 0);
		assert_int_equal(get_status(&f).aux,
				 PROT_PLDM_FD_AUX_IN_PROGRESS);
		assert_int_equal(tick_when_wanted(&f), PROT_OK);
		assert_renewed(&f, &request);
	}
	finish_download(&f, 300);
	assert_int_equal(f.tx[3], PROT_PLDM_TRANSFER_SUCCESS);
}

static void test_fd__not_ready__every_request_again_after_t2(void **state)
{
	void (*const go[])(struct fx *, uint32_t) = {to_download, to_verify,
						     to_apply};
	struct sent request;
	struct fx f;

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(go); i++) {
		fx_init(&f);
		go[i](&f, 100);
		if (i != 0) {
			assert_int_equal(tick(&f), PROT_OK);
		}
		request = last(&f);
		assert_int_equal(reply(&f, PROT_PLDM_ERROR_NOT_READY, NULL, 0),
				 PROT_OK);
		assert_int_equal(f.tx_len, 0);
		f.tx[0] = request.bytes[0]; /* a second answer to the same */
		f.tx[2] = request.bytes[2];
		assert_int_equal(reply(&f, 0, NULL, 0), PROT_ERR_STATE);
		assert_int_equal(tick_when_wanted(&f), PROT_OK);
		assert_renewed(&f, &request);
	}
}

static void test_fd__data_refused__transfer_aborted(void **state)
{
	const uint8_t codes[] = {PROT_PLDM_ERROR,
				 PROT_PLDM_FWUP_DATA_OUT_OF_RANGE,
				 PROT_PLDM_FWUP_INVALID_TRANSFER_LENGTH,
				 PROT_PLDM_FWUP_COMMAND_NOT_EXPECTED, 0xFF};
	struct fx f;

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(codes); i++) {
		fx_init(&f);
		to_download(&f, 300);
		assert_int_equal(reply(&f, codes[i], NULL, 0), PROT_OK);
		assert_request(&f, PROT_PLDM_TRANSFER_COMPLETE);
		assert_int_equal(f.tx[3], PROT_PLDM_TRANSFER_ABORTED);
	}
}

static void test_fd__cancel_pending__waits_for_the_cancel(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	to_download(&f, 300);
	assert_int_equal(reply(&f, PROT_PLDM_FWUP_CANCEL_PENDING, NULL, 0),
			 PROT_OK);
	assert_int_equal(f.tx_len, 0);
	f.now += T2_MS;
	assert_int_equal(tick(&f), PROT_OK);
	assert_int_equal(f.tx_len, 0);
	assert_int_equal(ask_empty(&f, PROT_PLDM_CANCEL_UPDATE_COMPONENT), 0);
}

static void test_fd__report_refused__goes_on_all_the_same(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	to_download(&f, 100);
	finish_download(&f, 100);
	assert_int_equal(
		reply(&f, PROT_PLDM_FWUP_COMMAND_NOT_EXPECTED, NULL, 0),
		PROT_OK);
	assert_int_equal(prot_pldm_fd_state(&f.fd), PROT_PLDM_FD_VERIFY);
}

static void test_fd__late_and_repeated_responses__dropped(void **state)
{
	struct sent first;
	struct sent second;
	struct fx f;

	(void)state;
	fx_init(&f);
	to_download(&f, 1000);
	first = last(&f);
	assert_int_equal(reply_data(&f, 1000), PROT_OK);
	second = last(&f);
	assert_int_equal(f.s.image_len, 256);
	memcpy(f.tx, first.bytes, first.len);
	assert_int_equal(reply_data(&f, 1000), PROT_ERR_STATE);
	assert_int_equal(f.s.image_len, 256);
	memcpy(f.tx, second.bytes, second.len);
	assert_int_equal(reply_data(&f, 1000), PROT_OK);
	assert_int_equal(f.s.image_len, 512);
}

static void test_fd__answer_to_first_copy_after_retry__taken_once(void **state)
{
	struct sent copy;
	struct fx f;

	(void)state;
	fx_init(&f);
	to_download(&f, 1000);
	copy = last(&f);
	assert_int_equal(tick_when_wanted(&f), PROT_OK);
	assert_repeated(&f, &copy);
	assert_int_equal(reply_data(&f, 1000), PROT_OK);
	memcpy(f.tx, copy.bytes, copy.len);
	assert_int_equal(reply_data(&f, 1000), PROT_ERR_STATE);
	assert_int_equal(f.s.image_len, 256);
}

static void test_fd__response_of_stranger__dropped(void **state)
{
	uint8_t msg[4 + 256] = {0};
	struct prot_pldm_message m = {STRANGER, msg, sizeof(msg)};
	struct fx f;

	(void)state;
	fx_init(&f);
	to_download(&f, 1000);
	msg[0] = f.tx[0] & 0x1F;
	msg[1] = f.tx[1];
	msg[2] = f.tx[2];
	assert_int_equal(prot_pldm_fd_step(&f.fd, &m, f.now, f.tx, sizeof(f.tx),
					   &f.tx_len),
			 PROT_ERR_STATE);
	assert_int_equal(f.s.image_len, 0);
	m.peer = AGENT;
	assert_int_equal(prot_pldm_fd_step(&f.fd, &m, f.now, f.tx, sizeof(f.tx),
					   &f.tx_len),
			 PROT_OK);
	assert_int_equal(f.s.image_len, 256);
}

static void test_fd__every_wrong_data_length__dropped_then_retried(void **state)
{
	uint8_t msg[4 + 257] = {0};
	struct prot_pldm_message m = {AGENT, msg, 0};
	struct sent request;
	uint8_t tx[16];
	size_t tx_len;
	struct fx f;

	(void)state;
	fx_init(&f);
	to_download(&f, 1000);
	request = last(&f);
	msg[0] = f.tx[0] & 0x1F;
	msg[1] = f.tx[1];
	msg[2] = f.tx[2];
	f.now++;
	for (m.len = 0; m.len <= sizeof(msg); m.len++) {
		uint64_t heard = f.fd.heard_ms;

		if (m.len == 4 + 256) {
			continue;
		}
		assert_int_equal(prot_pldm_fd_step(&f.fd, &m, f.now, tx,
						   sizeof(tx), &tx_len),
				 PROT_ERR_MALFORMED);
		assert_int_equal(tx_len, 0);
		assert_int_equal(f.s.image_len, 0);
		assert_true(f.fd.heard_ms == heard);
	}
	f.now += T2_MS;
	assert_int_equal(tick(&f), PROT_OK);
	assert_repeated(&f, &request);
	assert_int_equal(reply_data(&f, 1000), PROT_OK);
}

static void test_fd__report_response_with_a_body__malformed(void **state)
{
	const uint8_t extra = 0;
	struct fx f;

	(void)state;
	fx_init(&f);
	to_download(&f, 100);
	finish_download(&f, 100);
	assert_int_equal(reply(&f, 0, &extra, 1), PROT_ERR_MALFORMED);
	assert_int_equal(prot_pldm_fd_state(&f.fd), PROT_PLDM_FD_DOWNLOAD);
	assert_int_equal(reply(&f, 0, NULL, 0), PROT_OK);
}

static void test_fd__padded_tail__padding_discarded(void **state)
{
	struct prot_pldm_request_data_req m;
	struct prot_rd r;
	struct fx f;

	(void)state;
	fx_init(&f);
	to_download(&f, 256 + 5);
	assert_int_equal(reply_data(&f, 256 + 5), PROT_OK);
	r = prot_rd_init(f.tx + 3, f.tx_len - 3);
	assert_int_equal(prot_pldm_request_data_req_decode(&r, &m), PROT_OK);
	assert_int_equal(m.offset, 256);
	assert_int_equal(m.length, 32);
	assert_int_equal(reply_data(&f, 256 + 5), PROT_OK);
	assert_int_equal(f.s.image_len, 256 + 5);
	assert_int_equal(f.s.image[256 + 5], 0);
	assert_request(&f, PROT_PLDM_TRANSFER_COMPLETE);
}

static void test_fd__instance_ids__count_round(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	f.cfg.max_transfer = 32;
	to_download(&f, 1000);
	for (unsigned i = 0; i < 31; i++) {
		struct sent before = last(&f);

		assert_int_equal(reply_data(&f, 1000), PROT_OK);
		assert_int_equal(f.tx[0] & 0x1F,
				 ((before.bytes[0] & 0x1F) + 1) % 32);
	}
}

static void test_fd_step__small_buffer__space_and_nothing_done(void **state)
{
	uint8_t body[64];
	size_t len = update_component_body(body, 300, 0);
	uint8_t tx[PROT_PLDM_FD_TX_MIN];
	size_t tx_len;
	struct fx f;

	(void)state;
	fx_init(&f);
	to_ready(&f);
	assert_int_equal(ask(&f, PROT_PLDM_UPDATE_COMPONENT, body, len), 0);
	assert_int_equal(prot_pldm_fd_step(&f.fd, NULL, f.now, tx,
					   sizeof(tx) - 1, &tx_len),
			 PROT_ERR_SPACE);
	assert_int_equal(
		prot_pldm_fd_step(&f.fd, NULL, f.now, tx, sizeof(tx), &tx_len),
		PROT_OK);
	assert_int_equal(tx_len, sizeof(tx));
}

static void test_fd_wake__each_situation__time_of_next_event(void **state)
{
	uint8_t body[64];
	size_t len = update_component_body(body, 100, 0);
	struct fx f;

	(void)state;
	fx_init(&f);
	assert_true(prot_pldm_fd_wake_ms(&f.fd) == UINT64_MAX);
	to_ready(&f);
	assert_true(prot_pldm_fd_wake_ms(&f.fd) == f.now + T1_MS);
	assert_int_equal(ask(&f, PROT_PLDM_UPDATE_COMPONENT, body, len), 0);
	assert_true(prot_pldm_fd_wake_ms(&f.fd) == 0); /* its request */
	assert_int_equal(tick(&f), PROT_OK);
	assert_true(prot_pldm_fd_wake_ms(&f.fd) == f.now + T2_MS);
	f.s.write.pend = 1;
	assert_int_equal(reply_data(&f, 100), PROT_PENDING);
	assert_true(prot_pldm_fd_wake_ms(&f.fd) == 0);
	assert_int_equal(reply_data(&f, 100), PROT_OK);
	assert_int_equal(reply(&f, 0, NULL, 0), PROT_OK);
	assert_true(prot_pldm_fd_wake_ms(&f.fd) == 0); /* verify */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_fd__no_answer__same_request_every_t2_until_t1),
		cmocka_unit_test(test_fd__idle_in_each_state__reason_of_state),
		cmocka_unit_test(test_fd__idle_timeout__cancel_pends__polled),
		cmocka_unit_test(test_fd__only_agent_restarts_t1),
		cmocka_unit_test(test_fd__retries_limited__timeout_reported),
		cmocka_unit_test(
			test_fd__retries_limited__package_data_given_up),
		cmocka_unit_test(
			test_fd__retry_request_fw_data__asks_again_after_t2),
		cmocka_unit_test(
			test_fd__not_ready__every_request_again_after_t2),
		cmocka_unit_test(test_fd__data_refused__transfer_aborted),
		cmocka_unit_test(test_fd__cancel_pending__waits_for_the_cancel),
		cmocka_unit_test(test_fd__report_refused__goes_on_all_the_same),
		cmocka_unit_test(test_fd__late_and_repeated_responses__dropped),
		cmocka_unit_test(
			test_fd__answer_to_first_copy_after_retry__taken_once),
		cmocka_unit_test(test_fd__response_of_stranger__dropped),
		cmocka_unit_test(
			test_fd__every_wrong_data_length__dropped_then_retried),
		cmocka_unit_test(
			test_fd__report_response_with_a_body__malformed),
		cmocka_unit_test(test_fd__padded_tail__padding_discarded),
		cmocka_unit_test(test_fd__instance_ids__count_round),
		cmocka_unit_test(
			test_fd_step__small_buffer__space_and_nothing_done),
		cmocka_unit_test(
			test_fd_wake__each_situation__time_of_next_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
