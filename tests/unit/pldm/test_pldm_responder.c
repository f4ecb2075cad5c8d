/* SPDX-License-Identifier: Apache-2.0 */
/* Dispatch, type 0, and the memory of replies. */
#include "fd_fixture.h"

static uint8_t ask_base(struct fx *f, uint8_t command, const void *body,
			size_t len)
{
	uint8_t msg[64];
	struct prot_wr w = prot_wr_init(msg, sizeof(msg));

	prot_pldm_request_begin(&w, f->instance, PROT_PLDM_TYPE_BASE, command);
	f->instance = (uint8_t)((f->instance + 1) % PROT_PLDM_INSTANCE_COUNT);
	prot_wr_bytes(&w, body, len);
	return send_raw(f, AGENT, msg, w.len);
}

static void test_responder_init__broken_config__arg(void **state)
{
	struct prot_pldm_type_table no_versions = prot_pldm_base_type;
	struct prot_pldm_service bad[] = {{&no_versions, NULL}};
	struct prot_pldm_responder_config cfg;
	struct prot_pldm_responder r;
	struct fx f;

	(void)state;
	fx_init(&f);
	cfg = f.responder_cfg;
	cfg.services = NULL;
	assert_int_equal(prot_pldm_responder_init(&r, &cfg), PROT_ERR_ARG);
	cfg = f.responder_cfg;
	cfg.service_count = 0;
	assert_int_equal(prot_pldm_responder_init(&r, &cfg), PROT_ERR_ARG);
	cfg = f.responder_cfg;
	cfg.replay_count = 1;
	assert_int_equal(prot_pldm_responder_init(&r, &cfg), PROT_ERR_ARG);
	cfg = f.responder_cfg;
	cfg.services = bad;
	cfg.service_count = 1;
	no_versions.version_count = 0;
	assert_int_equal(prot_pldm_responder_init(&r, &cfg), PROT_ERR_ARG);
	bad[0].table = NULL;
	assert_int_equal(prot_pldm_responder_init(&r, &cfg), PROT_ERR_ARG);
}

static void
test_responder__every_type_and_command__listed_or_refused(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	for (unsigned type = 0; type < 64; type++) {
		for (unsigned command = 0; command < 256; command++) {
			const uint8_t msg[] = {0x85, (uint8_t)type,
					       (uint8_t)command};
			uint8_t cc = send_raw(&f, AGENT, msg, sizeof(msg));

			if (type != 0 && type != 5) {
				assert_int_equal(
					cc, PROT_PLDM_ERROR_INVALID_PLDM_TYPE);
			} else if (command == 0 || command > 0x1D ||
				   (type == 0 && command > 5)) {
				assert_int_equal(
					cc,
					PROT_PLDM_ERROR_UNSUPPORTED_PLDM_CMD);
			}
		}
	}
}

static void test_responder__not_a_request__no_answer(void **state)
{
	const struct {
		uint8_t msg[4];
		size_t len;
		enum prot_status want;
	} cases[] = {
		{{0}, 0, PROT_ERR_MALFORMED},
		{{0x80}, 1, PROT_ERR_MALFORMED},
		{{0x80, 0x00}, 2, PROT_ERR_MALFORMED},
		{{0x00, 0x00, 0x02, 0x00}, 4, PROT_ERR_MALFORMED},
		{{0x40, 0x00, 0x02}, 3, PROT_ERR_MALFORMED},
		{{0x80, 0x40, 0x02}, 3, PROT_ERR_UNSUPPORTED},
	};
	struct fx f;

	(void)state;
	fx_init(&f);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		const struct prot_pldm_message m = {AGENT, cases[i].msg,
						    cases[i].len};

		f.rsp_len = 99;
		assert_int_equal(
			prot_pldm_responder_handle(&f.responder, &m, 0, f.rsp,
						   sizeof(f.rsp), &f.rsp_len),
			cases[i].want);
		assert_int_equal(f.rsp_len, 0);
		assert_false(prot_pldm_message_is_request(&m));
	}
}

static void test_responder__datagram__done_without_answer(void **state)
{
	const uint8_t msg[] = {0xC0, 0x00, PROT_PLDM_SET_TID, 0x21};
	const struct prot_pldm_message m = {AGENT, msg, sizeof(msg)};
	struct fx f;

	(void)state;
	fx_init(&f);
	assert_true(prot_pldm_message_is_request(&m));
	assert_int_equal(prot_pldm_responder_handle(&f.responder, &m, 0, f.rsp,
						    sizeof(f.rsp), &f.rsp_len),
			 PROT_OK);
	assert_int_equal(f.rsp_len, 0);
	assert_int_equal(prot_pldm_responder_tid(&f.responder), 0x21);
}

static void test_responder__small_buffer__space_and_nothing_done(void **state)
{
	const uint8_t msg[] = {0x80, 0x00, PROT_PLDM_SET_TID, 0x21};
	const struct prot_pldm_message m = {AGENT, msg, sizeof(msg)};
	struct fx f;

	(void)state;
	fx_init(&f);
	assert_int_equal(prot_pldm_responder_handle(
				 &f.responder, &m, 0, f.rsp,
				 PROT_PLDM_RESPONDER_TX_MIN - 1, &f.rsp_len),
			 PROT_ERR_SPACE);
	assert_int_equal(prot_pldm_responder_tid(&f.responder), 0);
}

static void test_responder__list_beyond_buffer__error(void **state)
{
	const uint8_t msg[] = {0x80, 0x05, PROT_PLDM_GET_FIRMWARE_PARAMETERS};
	const struct prot_pldm_message m = {AGENT, msg, sizeof(msg)};
	const size_t whole = 4 + 10 + 5 + 39 + 5;
	struct fx f;

	(void)state;
	fx_init(&f);
	for (size_t cap = PROT_PLDM_RESPONDER_TX_MIN; cap <= whole; cap++) {
		uint8_t *tx = test_malloc(cap);
		size_t len;

		assert_int_equal(prot_pldm_responder_handle(&f.responder, &m, 0,
							    tx, cap, &len),
				 PROT_OK);
		assert_int_equal(len, cap < whole ? 4 : whole);
		assert_int_equal(tx[3], cap < whole ? PROT_PLDM_ERROR
						    : PROT_PLDM_SUCCESS);
		test_free(tx);
	}
}

static void test_set_tid__values__assigned_or_invalid(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	for (unsigned tid = 0; tid < 256; tid++) {
		const uint8_t body = (uint8_t)tid;
		bool valid = tid != 0 && tid != 255;

		assert_int_equal(ask_base(&f, PROT_PLDM_SET_TID, &body, 1),
				 valid ? PROT_PLDM_SUCCESS
				       : PROT_PLDM_ERROR_INVALID_DATA);
		assert_int_equal(ask_base(&f, PROT_PLDM_GET_TID, NULL, 0),
				 PROT_PLDM_SUCCESS);
		assert_int_equal(f.rsp[4], tid == 255 ? 254 : tid);
	}
}

static void test_base__wrong_lengths__invalid_length(void **state)
{
	const struct {
		uint8_t command;
		size_t len;
	} cases[] = {
		{PROT_PLDM_SET_TID, 1},           {PROT_PLDM_GET_TID, 0},
		{PROT_PLDM_GET_PLDM_VERSION, 6},  {PROT_PLDM_GET_PLDM_TYPES, 0},
		{PROT_PLDM_GET_PLDM_COMMANDS, 5},
	};
	const uint8_t body[8] = {0};
	struct fx f;

	(void)state;
	fx_init(&f);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		for (size_t len = 0; len <= sizeof(body); len++) {
			uint8_t cc = ask_base(&f, cases[i].command, body, len);

			assert_int_equal(cc == PROT_PLDM_ERROR_INVALID_LENGTH,
					 len != cases[i].len);
		}
	}
}

static void test_get_types__services__bitmap(void **state)
{
	const uint8_t want[8] = {0x21};
	struct fx f;

	(void)state;
	fx_init(&f);
	assert_int_equal(ask_base(&f, PROT_PLDM_GET_PLDM_TYPES, NULL, 0),
			 PROT_PLDM_SUCCESS);
	assert_int_equal(f.rsp_len, 12);
	assert_memory_equal(f.rsp + 4, want, 8);
}

static void test_get_commands__type_5__bitmap(void **state)
{
	/* 01 02, 10 12 13 14, 1A 1B 1C 1D: only what an agent may ask */
	const uint8_t want[32] = {0x06, 0x00, 0x1D, 0x3C};
	const uint8_t body[] = {0x05, 0x00, 0xF0, 0xF3, 0xF1};
	const uint8_t other_version[] = {0x05, 0x00, 0xF0, 0xF2, 0xF1};
	const uint8_t other_type[] = {0x02, 0x00, 0xF0, 0xF3, 0xF1};
	struct fx f;

	(void)state;
	fx_init(&f);
	assert_int_equal(ask_base(&f, PROT_PLDM_GET_PLDM_COMMANDS, body, 5),
			 PROT_PLDM_SUCCESS);
	assert_int_equal(f.rsp_len, 36);
	assert_memory_equal(f.rsp + 4, want, 32);
	assert_int_equal(
		ask_base(&f, PROT_PLDM_GET_PLDM_COMMANDS, other_version, 5),
		PROT_PLDM_BASE_INVALID_VERSION);
	assert_int_equal(
		ask_base(&f, PROT_PLDM_GET_PLDM_COMMANDS, other_type, 5),
		PROT_PLDM_BASE_INVALID_TYPE);
}

static void test_get_version__type_0__golden_response(void **state)
{
	const uint8_t body[] = {0, 0, 0, 0, PROT_PLDM_GET_FIRST_PART, 0};
	/* 1.1.0 and zlib's CRC-32 of 00 F0 F1 F1 */
	const uint8_t want[] = {0, 0, 0, 0, 0x05, 0x00, 0xF0, 0xF1, 0xF1};
	size_t count;
	struct fx f;

	(void)state;
	fx_init(&f);
	assert_int_equal(ask_base(&f, PROT_PLDM_GET_PLDM_VERSION, body, 6),
			 PROT_PLDM_SUCCESS);
	assert_int_equal(f.rsp_len, 4 + 5 + 8);
	assert_memory_equal(f.rsp + 4, want, sizeof(want));
	assert_int_equal(prot_pldm_versions_check(f.rsp + 9, 8, &count),
			 PROT_OK);
	assert_int_equal(count, 1);
}

static void
test_get_version__many_versions__parts_join_to_checked_blob(void **state)
{
	uint32_t versions[40];
	struct prot_pldm_type_table many = prot_pldm_fd_type;
	struct prot_pldm_get_version_req m = {{0, PROT_PLDM_GET_FIRST_PART},
					      PROT_PLDM_TYPE_FWUP};
	struct prot_pldm_transfer_rsp part;
	uint8_t blob[4 * 41];
	size_t len = 0;
	size_t count;
	struct fx f;

	(void)state;
	fx_init(&f);
	for (uint32_t i = 0; i < 40; i++) {
		versions[i] = 0xF1F0F000 + (i << 8);
	}
	many.versions = versions;
	many.version_count = 40;
	f.services[1].table = &many;
	do {
		uint8_t msg[9];
		uint8_t tx[PROT_PLDM_RESPONDER_TX_MIN];
		struct prot_wr w = prot_wr_init(msg, sizeof(msg));
		const struct prot_pldm_message rx = {AGENT, msg, sizeof(msg)};
		size_t tx_len;
		struct prot_rd r;

		prot_pldm_request_begin(&w, 1, PROT_PLDM_TYPE_BASE,
					PROT_PLDM_GET_PLDM_VERSION);
		prot_pldm_get_version_req_encode(&w, &m);
		assert_int_equal(prot_pldm_responder_handle(&f.responder, &rx,
							    0, tx, sizeof(tx),
							    &tx_len),
				 PROT_OK);
		assert_int_equal(tx[3], PROT_PLDM_SUCCESS);
		r = prot_rd_init(tx + 4, tx_len - 4);
		assert_int_equal(prot_pldm_transfer_rsp_decode(&r, &part),
				 PROT_OK);
		assert_int_equal(part.flag,
				 prot_pldm_transfer_flag(
					 len == 0, part.next_handle == 0));
		memcpy(blob + len, part.data, part.len);
		len += part.len;
		m.transfer.handle = part.next_handle;
		m.transfer.operation = PROT_PLDM_GET_NEXT_PART;
	} while (!(part.flag & PROT_PLDM_END));
	assert_int_equal(prot_pldm_versions_check(blob, len, &count), PROT_OK);
	assert_int_equal(count, 40);
}

static void test_get_version__bad_requests__codes(void **state)
{
	const struct {
		uint8_t body[6];
		uint8_t want;
	} cases[] = {
		{{0, 0, 0, 0, 1, 2}, PROT_PLDM_BASE_INVALID_TYPE},
		{{0, 0, 0, 0, 2, 5}, PROT_PLDM_BASE_INVALID_TRANSFER_OPERATION},
		{{0, 0, 0, 0, 0, 5},
		 PROT_PLDM_BASE_INVALID_DATA_TRANSFER_HANDLE},
		{{1, 0, 0, 0, 0, 5},
		 PROT_PLDM_BASE_INVALID_DATA_TRANSFER_HANDLE},
		{{8, 0, 0, 0, 0, 5},
		 PROT_PLDM_BASE_INVALID_DATA_TRANSFER_HANDLE},
		{{0xFC, 0xFF, 0xFF, 0xFF, 0, 5},
		 PROT_PLDM_BASE_INVALID_DATA_TRANSFER_HANDLE},
		{{4, 0, 0, 0, 0, 5}, PROT_PLDM_SUCCESS},
		{{9, 9, 9, 9, 1, 5},
		 PROT_PLDM_SUCCESS}, /* first: handle unused */
	};
	struct fx f;

	(void)state;
	fx_init(&f);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		assert_int_equal(ask_base(&f, PROT_PLDM_GET_PLDM_VERSION,
					  cases[i].body, 6),
				 cases[i].want);
	}
}

static void test_replay__repeated_request__same_reply_one_effect(void **state)
{
	struct fx f;
	uint8_t first[512];
	size_t first_len;

	(void)state;
	fx_with_replay(&f);
	to_learn(&f);
	memcpy(first, f.rsp, sizeof(first));
	first_len = f.rsp_len;
	f.instance = 0;
	f.now += PROT_PLDM_PT3_MIN_MS - 1;
	to_learn(&f);
	assert_int_equal(f.rsp_len, first_len);
	assert_memory_equal(f.rsp, first, first_len);
	assert_int_equal(f.s.begins, 1);
}

static void test_replay__after_pt3__taken_as_new(void **state)
{
	struct fx f;

	(void)state;
	fx_with_replay(&f);
	to_learn(&f);
	f.instance = 0;
	f.now += PROT_PLDM_PT3_MIN_MS;
	assert_int_equal(ask(&f, PROT_PLDM_REQUEST_UPDATE, request_update_body,
			     sizeof(request_update_body)),
			 PROT_PLDM_FWUP_ALREADY_IN_UPDATE_MODE);
}

static void test_replay__other_peer_instance_or_bytes__new(void **state)
{
	uint8_t body[REQUEST_UPDATE_BODY_SIZE];
	struct fx f;

	(void)state;
	fx_with_replay(&f);
	to_learn(&f);
	memcpy(body, request_update_body, sizeof(body));
	f.instance = 1;
	assert_int_equal(ask(&f, PROT_PLDM_REQUEST_UPDATE, body, sizeof(body)),
			 PROT_PLDM_FWUP_ALREADY_IN_UPDATE_MODE);
	f.instance = 0;
	assert_int_equal(ask_as(&f, STRANGER, PROT_PLDM_REQUEST_UPDATE, body,
				sizeof(body)),
			 PROT_PLDM_FWUP_ALREADY_IN_UPDATE_MODE);
	f.instance = 0;
	body[0] = 0x20;
	assert_int_equal(ask(&f, PROT_PLDM_REQUEST_UPDATE, body, sizeof(body)),
			 PROT_PLDM_FWUP_ALREADY_IN_UPDATE_MODE);
}

static void test_replay__one_instance_for_all__each_carried_out(void **state)
{
	struct fx f;

	(void)state;
	fx_with_replay(&f);
	for (unsigned i = 1; i <= 3; i++) {
		f.instance = 0;
		to_learn(&f);
		assert_int_equal(f.s.begins, i);
		f.instance = 0;
		assert_int_equal(ask_empty(&f, PROT_PLDM_GET_STATUS),
				 PROT_PLDM_SUCCESS);
		f.instance = 0;
		assert_int_equal(ask_empty(&f, PROT_PLDM_CANCEL_UPDATE),
				 PROT_PLDM_SUCCESS);
		assert_int_equal(f.s.update_cancels, i);
	}
}

static void test_replay__copy_of_a_refused_request__refused_too(void **state)
{
	struct fx f;

	(void)state;
	fx_with_replay(&f);
	f.s.begin.pend = 1;
	for (int i = 0; i < 2; i++) {
		f.instance = 0;
		assert_int_equal(ask(&f, PROT_PLDM_REQUEST_UPDATE,
				     request_update_body,
				     sizeof(request_update_body)),
				 PROT_PLDM_FWUP_RETRY_REQUEST_UPDATE);
	}
	assert_int_equal(f.s.begins, 1);
	to_learn(&f); /* as a new request */
}

static void test_replay__peer_forgotten__taken_as_new(void **state)
{
	struct fx f;

	(void)state;
	fx_with_replay(&f);
	to_learn(&f);
	f.instance = 0;
	prot_pldm_responder_forget(&f.responder, AGENT + 1, UINT32_MAX);
	to_learn(&f); /* repeated */
	f.instance = 0;
	prot_pldm_responder_forget(&f.responder, AGENT & 1, 1);
	assert_int_equal(ask(&f, PROT_PLDM_REQUEST_UPDATE, request_update_body,
			     sizeof(request_update_body)),
			 PROT_PLDM_FWUP_ALREADY_IN_UPDATE_MODE);
	assert_int_equal(f.s.begins, 1);
}

static uint8_t long_answer(void *ctx, struct prot_pldm_request *rq,
			   struct prot_wr *body)
{
	unsigned *calls = (unsigned *)ctx;

	(void)rq;
	prot_wr_fill(body, 0xAA, PROT_PLDM_REPLAY_SIZE);
	(*calls)++;
	return PROT_PLDM_SUCCESS;
}

static void test_replay__response_too_long_to_keep__runs_again(void **state)
{
	static const uint32_t versions[] = {PROT_PLDM_VERSION(1, 0, 0)};
	static const struct prot_pldm_command commands[] = {
		{1, true, long_answer}};
	static const struct prot_pldm_type_table oem = {PROT_PLDM_TYPE_OEM, 1,
							1, versions, commands};
	const uint8_t msg[] = {0x80, PROT_PLDM_TYPE_OEM, 1};
	unsigned calls = 0;
	struct fx f;

	(void)state;
	fx_with_replay(&f);
	f.services[1].table = &oem;
	f.services[1].ctx = &calls;
	for (unsigned i = 1; i <= 2; i++) {
		assert_int_equal(send_raw(&f, AGENT, msg, sizeof(msg)), 0);
		assert_int_equal(f.rsp_len, 4 + PROT_PLDM_REPLAY_SIZE);
		assert_int_equal(calls, i);
	}
}

static void test_replay__reads__always_fresh(void **state)
{
	struct fx f;

	(void)state;
	fx_with_replay(&f);
	assert_int_equal(get_status(&f).state, PROT_PLDM_FD_IDLE);
	to_learn(&f);
	f.instance = 0;
	assert_int_equal(get_status(&f).state, PROT_PLDM_FD_LEARN_COMPONENTS);
}

static void test_replay__more_peers_than_entries__oldest_forgotten(void **state)
{
	const uint8_t tid = 5;
	const uint8_t msg[] = {0x80, 0x00, PROT_PLDM_SET_TID, tid};
	struct fx f;

	(void)state;
	fx_with_replay(&f);
	for (uint32_t peer = 1; peer <= 3; peer++) {
		f.now++;
		assert_int_equal(send_raw(&f, peer, msg, sizeof(msg)), 0);
	}
	assert_int_equal(f.replay[0].peer, 3);
	assert_int_equal(f.replay[1].peer, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replay__peer_forgotten__taken_as_new),
		cmocka_unit_test(test_responder_init__broken_config__arg),
		cmocka_unit_test(
			test_responder__every_type_and_command__listed_or_refused),
		cmocka_unit_test(test_responder__not_a_request__no_answer),
		cmocka_unit_test(test_responder__datagram__done_without_answer),
		cmocka_unit_test(
			test_responder__small_buffer__space_and_nothing_done),
		cmocka_unit_test(test_responder__list_beyond_buffer__error),
		cmocka_unit_test(test_set_tid__values__assigned_or_invalid),
		cmocka_unit_test(test_base__wrong_lengths__invalid_length),
		cmocka_unit_test(test_get_types__services__bitmap),
		cmocka_unit_test(test_get_commands__type_5__bitmap),
		cmocka_unit_test(test_get_version__type_0__golden_response),
		cmocka_unit_test(
			test_get_version__many_versions__parts_join_to_checked_blob),
		cmocka_unit_test(test_get_version__bad_requests__codes),
		cmocka_unit_test(
			test_replay__repeated_request__same_reply_one_effect),
		cmocka_unit_test(test_replay__after_pt3__taken_as_new),
		cmocka_unit_test(
			test_replay__other_peer_instance_or_bytes__new),
		cmocka_unit_test(
			test_replay__one_instance_for_all__each_carried_out),
		cmocka_unit_test(
			test_replay__copy_of_a_refused_request__refused_too),
		cmocka_unit_test(
			test_replay__response_too_long_to_keep__runs_again),
		cmocka_unit_test(test_replay__reads__always_fresh),
		cmocka_unit_test(
			test_replay__more_peers_than_entries__oldest_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
