/* SPDX-License-Identifier: Apache-2.0 */
/* The firmware device: every command in every state, from agent and stranger.
 */
#include "fd_fixture.h"

#define STATES 7

static void go_to(struct fx *f, enum prot_pldm_fd_state state)
{
	switch (state) {
	case PROT_PLDM_FD_IDLE:
		break;
	case PROT_PLDM_FD_LEARN_COMPONENTS:
		to_learn(f);
		break;
	case PROT_PLDM_FD_READY_XFER:
		to_ready(f);
		break;
	case PROT_PLDM_FD_DOWNLOAD:
		to_download(f, 300);
		break;
	case PROT_PLDM_FD_VERIFY:
		to_verify(f, 300);
		break;
	case PROT_PLDM_FD_APPLY:
		to_apply(f, 300);
		break;
	case PROT_PLDM_FD_ACTIVATE:
		to_activate(f, 300);
		break;
	}
	assert_int_equal(prot_pldm_fd_state(&f->fd), state);
}

struct row {
	uint8_t command;
	uint8_t agent[STATES]; /* completion codes, IDLE..ACTIVATE */
	uint8_t stranger;      /* in any state but IDLE */
};

/* DSP0267 1.3.0: completion codes of the commands, and the state diagram. */
static const struct row rows[] = {
	{PROT_PLDM_QUERY_DEVICE_IDENTIFIERS, {0, 0, 0, 0, 0, 0, 0}, 0},
	{PROT_PLDM_GET_FIRMWARE_PARAMETERS, {0, 0, 0, 0, 0, 0, 0}, 0},
	{PROT_PLDM_REQUEST_UPDATE,
	 {0, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81},
	 0x81},
	{PROT_PLDM_GET_DEVICE_META_DATA,
	 {0x84, 0x8D, 0x84, 0x84, 0x84, 0x84, 0x84},
	 0x04},
	{PROT_PLDM_PASS_COMPONENT_TABLE,
	 {0x80, 0, 0x84, 0x84, 0x84, 0x84, 0x84},
	 0x04},
	{PROT_PLDM_UPDATE_COMPONENT,
	 {0x80, 0x84, 0, 0x84, 0x84, 0x84, 0x84},
	 0x04},
	{PROT_PLDM_ACTIVATE_FIRMWARE,
	 {0x80, 0x84, 0x85, 0x84, 0x84, 0x84, 0x84},
	 0x04},
	{PROT_PLDM_GET_STATUS, {0, 0, 0, 0, 0, 0, 0}, 0},
	{PROT_PLDM_CANCEL_UPDATE_COMPONENT,
	 {0x80, 0x80, 0x80, 0, 0, 0, 0x80},
	 0x04},
	{PROT_PLDM_CANCEL_UPDATE, {0x80, 0, 0, 0, 0, 0, 0x86}, 0x04},
};

static size_t good_body(uint8_t command, uint8_t *body)
{
	switch (command) {
	case PROT_PLDM_REQUEST_UPDATE:
		memcpy(body, request_update_body, REQUEST_UPDATE_BODY_SIZE);
		return REQUEST_UPDATE_BODY_SIZE;
	case PROT_PLDM_GET_DEVICE_META_DATA:
		memset(body, 0, 5);
		body[4] = PROT_PLDM_GET_FIRST_PART;
		return 5;
	case PROT_PLDM_PASS_COMPONENT_TABLE:
		memcpy(body, pass_component_body, PASS_COMPONENT_BODY_SIZE);
		return PASS_COMPONENT_BODY_SIZE;
	case PROT_PLDM_UPDATE_COMPONENT:
		return update_component_body(body, 300, 0);
	case PROT_PLDM_ACTIVATE_FIRMWARE:
		body[0] = 0;
		return 1;
	default:
		return 0;
	}
}

/* Everything that a refused command must leave alone. */
static void assert_same(const struct fx *before, const struct fx *after)
{
	struct prot_pldm_fd a = before->fd;
	struct prot_pldm_fd b = after->fd;

	a.heard_ms = b.heard_ms = 0; /* FD_T1 starts over */
	assert_memory_equal(&a, &b, sizeof(a));
	assert_int_equal(before->s.begins, after->s.begins);
	assert_int_equal(before->s.components, after->s.components);
	assert_int_equal(before->s.activations, after->s.activations);
	assert_int_equal(before->s.update_cancels, after->s.update_cancels);
	assert_int_equal(before->s.component_cancels,
			 after->s.component_cancels);
}

static void test_fd__every_command_in_every_state__code_of_matrix(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(rows); i++) {
		for (int st = 0; st < STATES; st++) {
			uint8_t want = rows[i].agent[st];
			uint8_t body[64];
			size_t len = good_body(rows[i].command, body);
			struct fx before;
			struct fx f;

			fx_init(&f);
			go_to(&f, (enum prot_pldm_fd_state)st);
			before = f;
			assert_int_equal(ask(&f, rows[i].command, body, len),
					 want);
			if (want != PROT_PLDM_SUCCESS) {
				assert_same(&before, &f);
			}
		}
	}
}

static void test_fd__stranger_in_every_state__cannot_interfere(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(rows); i++) {
		for (int st = 1; st < STATES; st++) {
			uint8_t body[64];
			size_t len = good_body(rows[i].command, body);
			struct fx before;
			struct fx f;

			fx_with_replay(&f);
			go_to(&f, (enum prot_pldm_fd_state)st);
			before = f;
			f.now += 10;
			assert_int_equal(ask_as(&f, STRANGER, rows[i].command,
						body, len),
					 rows[i].stranger);
			assert_same(&before, &f);
			assert_true(before.fd.heard_ms == f.fd.heard_ms);
		}
	}
}

static void test_fd__stranger_when_idle__may_become_agent(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	to_learn(&f);
	assert_int_equal(ask_empty(&f, PROT_PLDM_CANCEL_UPDATE), 0);
	assert_int_equal(ask_as(&f, STRANGER, PROT_PLDM_REQUEST_UPDATE,
				request_update_body, REQUEST_UPDATE_BODY_SIZE),
			 PROT_PLDM_SUCCESS);
	assert_int_equal(prot_pldm_fd_peer(&f.fd), STRANGER);
	assert_int_equal(ask_empty(&f, PROT_PLDM_CANCEL_UPDATE),
			 PROT_PLDM_ERROR_NOT_READY);
}

static void test_fd__agent_lost__any_peer_may_cancel(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	to_learn(&f);
	assert_int_equal(ask_as(&f, STRANGER, PROT_PLDM_CANCEL_UPDATE, NULL, 0),
			 PROT_PLDM_ERROR_NOT_READY);
	prot_pldm_fd_orphan(&f.fd);
	assert_int_equal(ask_as(&f, STRANGER, PROT_PLDM_CANCEL_UPDATE_COMPONENT,
				NULL, 0),
			 PROT_PLDM_ERROR_NOT_READY);
	assert_int_equal(ask_as(&f, STRANGER, PROT_PLDM_CANCEL_UPDATE, NULL, 0),
			 PROT_PLDM_SUCCESS);
	assert_int_equal(prot_pldm_fd_state(&f.fd), PROT_PLDM_FD_IDLE);
	to_learn(&f);
	assert_int_equal(ask_as(&f, STRANGER, PROT_PLDM_CANCEL_UPDATE, NULL, 0),
			 PROT_PLDM_ERROR_NOT_READY);
}

static void test_fd__agent_lost_and_back__its_update_again(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	to_learn(&f);
	prot_pldm_fd_orphan(&f.fd);
	assert_int_equal(ask_empty(&f, PROT_PLDM_GET_STATUS), 0);
	assert_int_equal(ask_as(&f, STRANGER, PROT_PLDM_CANCEL_UPDATE, NULL, 0),
			 PROT_PLDM_ERROR_NOT_READY);
	assert_int_equal(prot_pldm_fd_peer(&f.fd), AGENT);
}

/* The state in which each command gets past admission. */
static const struct {
	uint8_t command;
	enum prot_pldm_fd_state state;
} accepted[] = {
	{PROT_PLDM_QUERY_DEVICE_IDENTIFIERS, PROT_PLDM_FD_IDLE},
	{PROT_PLDM_GET_FIRMWARE_PARAMETERS, PROT_PLDM_FD_IDLE},
	{PROT_PLDM_REQUEST_UPDATE, PROT_PLDM_FD_IDLE},
	{PROT_PLDM_GET_DEVICE_META_DATA, PROT_PLDM_FD_LEARN_COMPONENTS},
	{PROT_PLDM_PASS_COMPONENT_TABLE, PROT_PLDM_FD_LEARN_COMPONENTS},
	{PROT_PLDM_UPDATE_COMPONENT, PROT_PLDM_FD_READY_XFER},
	{PROT_PLDM_ACTIVATE_FIRMWARE, PROT_PLDM_FD_READY_XFER},
	{PROT_PLDM_GET_STATUS, PROT_PLDM_FD_IDLE},
	{PROT_PLDM_CANCEL_UPDATE_COMPONENT, PROT_PLDM_FD_DOWNLOAD},
	{PROT_PLDM_CANCEL_UPDATE, PROT_PLDM_FD_LEARN_COMPONENTS},
};

static void test_fd__every_wrong_length__invalid_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(accepted); i++) {
		uint8_t body[64] = {0};
		size_t good = good_body(accepted[i].command, body);
		struct fx before;
		struct fx f;

		fx_init(&f);
		go_to(&f, accepted[i].state);
		before = f;
		for (size_t len = 0; len <= good + 1; len++) {
			if (len == good) {
				continue;
			}
			assert_int_equal(
				ask(&f, accepted[i].command, body, len),
				PROT_PLDM_ERROR_INVALID_LENGTH);
			assert_same(&before, &f);
		}
	}
}

static void test_fd__unasked_responses_in_every_state__dropped(void **state)
{
	(void)state;
	for (int st = 0; st < STATES; st++) {
		for (unsigned command = 0; command < 256; command++) {
			struct fx before;
			struct fx f;

			fx_init(&f);
			go_to(&f, (enum prot_pldm_fd_state)st);
			if (st == PROT_PLDM_FD_DOWNLOAD &&
			    command == PROT_PLDM_REQUEST_FIRMWARE_DATA) {
				continue;
			}
			before = f;
			f.tx[0] = 0x80 | f.fd.instance;
			f.tx[1] = PROT_PLDM_TYPE_FWUP;
			f.tx[2] = (uint8_t)command;
			assert_int_equal(reply(&f, 0, NULL, 0), PROT_ERR_STATE);
			assert_same(&before, &f);
		}
	}
}

static void test_fd__get_status_in_every_state__aux_and_reason(void **state)
{
	const struct prot_pldm_get_status_rsp want[STATES] = {
		{0, 0, 3, 0, 101, 0, 0}, {1, 0, 3, 0, 101, 0, 0},
		{2, 1, 3, 0, 101, 0, 0}, {3, 2, 0, 0, 0, 0, 0},
		{4, 3, 0, 0, 101, 0, 0}, {5, 4, 0, 0, 101, 0, 0},
		{6, 2, 0, 0, 101, 0, 0},
	};

	(void)state;
	for (int st = 0; st < STATES; st++) {
		struct prot_pldm_get_status_rsp m;
		struct fx f;

		fx_init(&f);
		go_to(&f, (enum prot_pldm_fd_state)st);
		m = get_status(&f);
		assert_int_equal(m.state, want[st].state);
		assert_int_equal(m.previous, want[st].previous);
		assert_int_equal(m.aux, want[st].aux);
		assert_int_equal(m.aux_status, want[st].aux_status);
		assert_int_equal(m.progress, want[st].progress);
		assert_int_equal(m.reason, want[st].reason);
		assert_int_equal(m.options, want[st].options);
	}
}

static void test_fd__cancel_component_in_each_state__back_to_ready(void **state)
{
	(void)state;
	for (int st = PROT_PLDM_FD_DOWNLOAD; st <= PROT_PLDM_FD_APPLY; st++) {
		struct prot_pldm_get_status_rsp m;
		struct fx f;

		fx_init(&f);
		go_to(&f, (enum prot_pldm_fd_state)st);
		assert_int_equal(
			ask_empty(&f, PROT_PLDM_CANCEL_UPDATE_COMPONENT), 0);
		assert_int_equal(f.s.component_cancels, 1);
		m = get_status(&f);
		assert_int_equal(m.state, PROT_PLDM_FD_READY_XFER);
		assert_int_equal(m.previous, st);
		assert_int_equal(m.aux, PROT_PLDM_FD_AUX_NONE);
		assert_int_equal(m.aux_status, 0);
		if (st == PROT_PLDM_FD_DOWNLOAD) { /* too late */
			assert_int_equal(reply_data(&f, 300), PROT_ERR_STATE);
		}
		assert_int_equal(tick(&f), PROT_OK);
		assert_int_equal(f.tx_len, 0);
		start_download(&f, 200); /* and the update goes on */
		finish_download(&f, 200);
		assert_int_equal(f.s.image_len, 200);
	}
}

static void test_fd__cancel_update_in_each_state__idle(void **state)
{
	(void)state;
	for (int st = 1; st <= PROT_PLDM_FD_APPLY; st++) {
		struct prot_pldm_cancel_update_rsp m;
		struct prot_rd r;
		struct fx f;

		fx_init(&f);
		go_to(&f, (enum prot_pldm_fd_state)st);
		f.s.broken = st == 3 ? 5 : 0;
		assert_int_equal(ask_empty(&f, PROT_PLDM_CANCEL_UPDATE), 0);
		r = response_body(&f);
		assert_int_equal(prot_pldm_cancel_update_rsp_decode(&r, &m),
				 PROT_OK);
		assert_int_equal(m.non_functioning, st == 3);
		assert_int_equal(m.non_functioning_bitmap, st == 3 ? 5 : 0);
		assert_int_equal(f.s.update_cancels, 1);
		assert_int_equal(get_status(&f).state, PROT_PLDM_FD_IDLE);
		assert_int_equal(get_status(&f).previous, st);
		assert_int_equal(get_status(&f).reason,
				 PROT_PLDM_FD_REASON_CANCELLED);
		assert_int_equal(tick(&f), PROT_OK);
		assert_int_equal(f.tx_len, 0);
		assert_true(prot_pldm_fd_wake_ms(&f.fd) == UINT64_MAX);
		to_learn(&f);
	}
}

static void test_fd__cancel_pends__busy_until_done(void **state)
{
	const uint8_t commands[] = {PROT_PLDM_CANCEL_UPDATE_COMPONENT,
				    PROT_PLDM_CANCEL_UPDATE};

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(commands); i++) {
		struct fx f;

		fx_with_replay(&f);
		to_download(&f, 300);
		f.s.cancel.pend = 2;
		for (int k = 0; k < 2; k++) {
			assert_int_equal(ask_empty(&f, commands[i]),
					 PROT_PLDM_FWUP_BUSY_IN_BACKGROUND);
			/* nothing is asked for, nothing is taken meanwhile */
			assert_int_equal(reply_data(&f, 300), PROT_ERR_STATE);
			f.now += T2_MS;
			assert_int_equal(prot_pldm_fd_step(&f.fd, NULL, f.now,
							   f.rsp, sizeof(f.rsp),
							   &f.rsp_len),
					 PROT_OK);
			assert_int_equal(f.rsp_len, 0);
		}
		assert_int_equal(ask_empty(&f, commands[i]), 0);
		assert_int_equal(prot_pldm_fd_state(&f.fd),
				 i == 0 ? PROT_PLDM_FD_READY_XFER
					: PROT_PLDM_FD_IDLE);
	}
}

static void test_fd__cancel_pends_in_ready__no_new_component(void **state)
{
	uint8_t body[64];
	size_t len = update_component_body(body, 300, 0);
	struct fx f;

	(void)state;
	fx_init(&f);
	to_ready(&f);
	f.s.cancel.pend = 1;
	assert_int_equal(ask_empty(&f, PROT_PLDM_CANCEL_UPDATE),
			 PROT_PLDM_FWUP_BUSY_IN_BACKGROUND);
	assert_int_equal(ask(&f, PROT_PLDM_UPDATE_COMPONENT, body, len),
			 PROT_PLDM_FWUP_INVALID_STATE_FOR_COMMAND);
}

static void test_fd__cancel_while_ops_pend__op_not_called_again(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	to_verify(&f, 300);
	f.s.verify.pend = 100;
	assert_int_equal(tick(&f), PROT_PENDING);
	f.s.cancel.pend = 1;
	assert_int_equal(ask_empty(&f, PROT_PLDM_CANCEL_UPDATE_COMPONENT),
			 PROT_PLDM_FWUP_BUSY_IN_BACKGROUND);
	assert_int_equal(tick(&f), PROT_OK);
	assert_int_equal(f.s.verifies, 1);
	assert_int_equal(ask_empty(&f, PROT_PLDM_CANCEL_UPDATE_COMPONENT), 0);
	start_download(&f, 64);
	f.s.write.pend = 1;
	assert_int_equal(reply_data(&f, 64), PROT_PENDING);
	assert_int_equal(ask_empty(&f, PROT_PLDM_CANCEL_UPDATE_COMPONENT), 0);
	assert_int_equal(reply_data(&f, 64), PROT_ERR_STATE);
	start_download(&f, 64);
	assert_int_equal(reply_data(&f, 64), PROT_OK);
}

static void test_fd__after_failure__only_cancel_helps(void **state)
{
	uint8_t body[64];
	size_t len = update_component_body(body, 100, 0);
	struct fx f;

	(void)state;
	fx_init(&f);
	to_verify(&f, 100);
	f.s.verify.result = PROT_PLDM_VERIFY_SECURITY;
	f.s.verify.status = PROT_ERR_AUTH;
	assert_int_equal(tick(&f), PROT_OK);
	assert_int_equal(reply(&f, 0, NULL, 0), PROT_OK);
	assert_int_equal(ask(&f, PROT_PLDM_UPDATE_COMPONENT, body, len),
			 PROT_PLDM_FWUP_INVALID_STATE_FOR_COMMAND);
	f.now += T2_MS;
	assert_int_equal(tick(&f), PROT_OK);
	assert_int_equal(f.tx_len, 0);
	assert_int_equal(ask_empty(&f, PROT_PLDM_CANCEL_UPDATE_COMPONENT), 0);
	f.s.verify.result = 0;
	f.s.verify.status = PROT_OK;
	start_download(&f, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fd__agent_lost__any_peer_may_cancel),
		cmocka_unit_test(
			test_fd__agent_lost_and_back__its_update_again),
		cmocka_unit_test(
			test_fd__every_command_in_every_state__code_of_matrix),
		cmocka_unit_test(
			test_fd__stranger_in_every_state__cannot_interfere),
		cmocka_unit_test(test_fd__stranger_when_idle__may_become_agent),
		cmocka_unit_test(test_fd__every_wrong_length__invalid_length),
		cmocka_unit_test(
			test_fd__unasked_responses_in_every_state__dropped),
		cmocka_unit_test(
			test_fd__get_status_in_every_state__aux_and_reason),
		cmocka_unit_test(
			test_fd__cancel_component_in_each_state__back_to_ready),
		cmocka_unit_test(test_fd__cancel_update_in_each_state__idle),
		cmocka_unit_test(test_fd__cancel_pends__busy_until_done),
		cmocka_unit_test(
			test_fd__cancel_pends_in_ready__no_new_component),
		cmocka_unit_test(
			test_fd__cancel_while_ops_pend__op_not_called_again),
		cmocka_unit_test(test_fd__after_failure__only_cancel_helps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
