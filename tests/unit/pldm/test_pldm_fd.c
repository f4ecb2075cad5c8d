/* SPDX-License-Identifier: Apache-2.0 */
/* The firmware device: a whole update, its results, and its data transfers. */
#include "fd_fixture.h"

static void test_fd_init__each_rule_broken__arg(void **state)
{
	struct prot_pldm_fd_data_ops some_data = data_ops;
	struct prot_pldm_fd_config good;
	struct prot_pldm_fd fd;
	struct fx f;

	(void)state;
	fx_init(&f);
	good = f.cfg;
	some_data.metadata_restore = NULL;

#define REFUSED(change)                                                        \
	do {                                                                   \
		struct prot_pldm_fd_config cfg = good;                         \
		change;                                                        \
		assert_int_equal(prot_pldm_fd_init(&fd, &cfg), PROT_ERR_ARG);  \
	} while (0)
	REFUSED(cfg.ops = NULL);
	REFUSED(cfg.data = &some_data);
	REFUSED(cfg.descriptors = NULL);
	REFUSED(cfg.descriptor_count = 0);
	REFUSED(cfg.max_transfer = 31);
	REFUSED(cfg.t1_ms = 59999);
	REFUSED(cfg.t1_ms = 120001);
	REFUSED(cfg.t2_ms = 999);
	REFUSED(cfg.t2_ms = 5001);
#undef REFUSED
	assert_int_equal(prot_pldm_fd_init(&fd, &good), PROT_OK);
}

static void test_fd__query_identifiers__golden_response(void **state)
{
	const uint8_t want[] = {0x0E, 0x00, 0x00, 0x00, 0x02, 0x01, 0x00,
				0x04, 0x00, 0xD4, 0xC3, 0xB2, 0xA1, 0x00,
				0x01, 0x02, 0x00, 0xD4, 0xC3};
	struct fx f;

	(void)state;
	fx_init(&f);
	assert_int_equal(ask_empty(&f, PROT_PLDM_QUERY_DEVICE_IDENTIFIERS),
			 PROT_PLDM_SUCCESS);
	assert_int_equal(f.rsp_len, 4 + sizeof(want));
	assert_memory_equal(f.rsp + 4, want, sizeof(want));
}

static void test_fd__get_parameters__storage_answers(void **state)
{
	struct prot_pldm_firmware_parameters p;
	struct prot_pldm_component_entry e;
	struct prot_rd r;
	struct fx f;

	(void)state;
	fx_init(&f);
	assert_int_equal(ask_empty(&f, PROT_PLDM_GET_FIRMWARE_PARAMETERS),
			 PROT_PLDM_SUCCESS);
	r = response_body(&f);
	assert_int_equal(prot_pldm_firmware_parameters_decode(&r, &p), PROT_OK);
	assert_int_equal(p.component_count, 1);
	assert_int_equal(prot_pldm_component_entry_decode(&p.components, &e),
			 PROT_OK);
	assert_memory_equal(e.active.version.bytes, "1.0.0", 5);
	f.s.parameters.pend = 1;
	assert_int_equal(ask_empty(&f, PROT_PLDM_GET_FIRMWARE_PARAMETERS),
			 PROT_PLDM_ERROR_NOT_READY);
	f.s.parameters.status = PROT_ERR_IO;
	assert_int_equal(ask_empty(&f, PROT_PLDM_GET_FIRMWARE_PARAMETERS),
			 PROT_PLDM_ERROR_NOT_READY);
}

static void test_fd__whole_update__every_image_size_arrives(void **state)
{
	const uint32_t sizes[] = {1,   31,  32,  33,  255, 256,
				  257, 287, 288, 289, 511, 1000};

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(sizes); i++) {
		const uint8_t yes = 1;
		struct fx f;

		fx_init(&f);
		to_applied(&f, sizes[i]);
		assert_int_equal(f.s.image_len, sizes[i]);
		for (uint32_t at = 0; at < sizes[i]; at++) {
			assert_int_equal(f.s.image[at], image_byte(at));
		}
		assert_int_equal(ask(&f, PROT_PLDM_ACTIVATE_FIRMWARE, &yes, 1),
				 PROT_PLDM_SUCCESS);
		assert_true(f.s.self_contained);
		assert_int_equal(f.rsp[4], 5); /* seconds */
		assert_int_equal(prot_pldm_fd_state(&f.fd), PROT_PLDM_FD_IDLE);
		assert_int_equal(get_status(&f).reason,
				 PROT_PLDM_FD_REASON_ACTIVATED);
		assert_int_equal(get_status(&f).previous,
				 PROT_PLDM_FD_ACTIVATE);
	}
}

static void test_fd__two_components__both_in_one_update(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	to_applied(&f, 100);
	f.s.image_len = 0;
	start_download(&f, 300);
	finish_download(&f, 300);
	assert_int_equal(f.s.image_len, 300);
}

static void test_fd__request_update__negotiates_multiples_of_32(void **state)
{
	const struct {
		uint32_t device, agent, want;
	} cases[] = {
		{256, 256, 256},  {256, 64, 64}, {64, 256, 64},
		{255, 1000, 224}, {256, 33, 32}, {4096, 0xFFFFFFFF, 4096},
	};

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		uint8_t body[REQUEST_UPDATE_BODY_SIZE];
		struct prot_wr w = prot_wr_init(body, 4);
		struct prot_pldm_request_data_req m;
		struct prot_rd r;
		struct fx f;

		fx_init(&f);
		f.cfg.max_transfer = cases[i].device;
		memcpy(body, request_update_body, sizeof(body));
		prot_wr_le32(&w, cases[i].agent);
		assert_int_equal(
			ask(&f, PROT_PLDM_REQUEST_UPDATE, body, sizeof(body)),
			PROT_PLDM_SUCCESS);
		pass_component(&f);
		start_download(&f, 100000);
		r = prot_rd_init(f.tx + 3, f.tx_len - 3);
		assert_int_equal(prot_pldm_request_data_req_decode(&r, &m),
				 PROT_OK);
		assert_int_equal(m.length, cases[i].want);
	}
}

static void test_fd__request_update__storage_refuses__right_code(void **state)
{
	const struct {
		enum prot_status status;
		unsigned pend;
		uint8_t want;
	} cases[] = {
		{PROT_ERR_BUSY, 0, PROT_PLDM_FWUP_RETRY_REQUEST_UPDATE},
		{PROT_OK, 1, PROT_PLDM_FWUP_RETRY_REQUEST_UPDATE},
		{PROT_ERR_STATE, 0, PROT_PLDM_FWUP_UNABLE_TO_INITIATE_UPDATE},
		{PROT_ERR_IO, 0, PROT_PLDM_FWUP_UNABLE_TO_INITIATE_UPDATE},
	};
	struct fx f;

	(void)state;
	fx_with_replay(&f);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		f.s.begin.status = cases[i].status;
		f.s.begin.pend = cases[i].pend;
		assert_int_equal(ask(&f, PROT_PLDM_REQUEST_UPDATE,
				     request_update_body,
				     sizeof(request_update_body)),
				 cases[i].want);
		assert_int_equal(prot_pldm_fd_state(&f.fd), PROT_PLDM_FD_IDLE);
	}
	f.s.begin.status = PROT_OK;
	to_learn(&f);
}

static void test_fd__request_update__bad_values__invalid_data(void **state)
{
	/* Offsets of max transfer (31), component count 0, outstanding 0. */
	const struct {
		size_t at;
		uint8_t bytes[4];
		size_t len;
	} cases[] = {{0, {31, 0, 0, 0}, 4}, {4, {0, 0}, 2}, {6, {0}, 1}};
	struct fx f;

	(void)state;
	fx_init(&f);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		uint8_t body[REQUEST_UPDATE_BODY_SIZE];

		memcpy(body, request_update_body, sizeof(body));
		memcpy(body + cases[i].at, cases[i].bytes, cases[i].len);
		assert_int_equal(
			ask(&f, PROT_PLDM_REQUEST_UPDATE, body, sizeof(body)),
			PROT_PLDM_ERROR_INVALID_DATA);
	}
	assert_int_equal(f.s.begins, 0);
}

static void test_fd__pass_component__verdict_reaches_agent(void **state)
{
	const uint8_t codes[] = {PROT_PLDM_COMPONENT_STAMP_LOWER,
				 PROT_PLDM_COMPONENT_SECURITY_RESTRICTIONS,
				 PROT_PLDM_COMPONENT_VENDOR_FIRST};
	struct fx f;

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(codes); i++) {
		fx_init(&f);
		f.s.verdict = codes[i];
		to_ready(&f);
		assert_int_equal(f.rsp[4], 1);
		assert_int_equal(f.rsp[5], codes[i]);
		assert_false(f.s.last_update);
		assert_int_equal(f.s.last.id.classification, 0x0A);
		assert_int_equal(f.s.last.id.identifier, 1);
		assert_int_equal(f.s.last.stamp, 2);
	}
}

static void test_fd__pass_component__flags__only_end_moves_on(void **state)
{
	uint8_t body[PASS_COMPONENT_BODY_SIZE];
	struct fx f;

	(void)state;
	fx_init(&f);
	to_learn(&f);
	memcpy(body, pass_component_body, sizeof(body));
	for (unsigned flag = 0; flag < 256; flag++) {
		bool valid = flag == 1 || flag == 2;

		if (flag == 4 || flag == 5) {
			continue;
		}
		body[0] = (uint8_t)flag;
		assert_int_equal(ask(&f, PROT_PLDM_PASS_COMPONENT_TABLE, body,
				     sizeof(body)),
				 valid ? PROT_PLDM_SUCCESS
				       : PROT_PLDM_ERROR_INVALID_DATA);
		assert_int_equal(prot_pldm_fd_state(&f.fd),
				 PROT_PLDM_FD_LEARN_COMPONENTS);
	}
	body[0] = PROT_PLDM_END;
	assert_int_equal(
		ask(&f, PROT_PLDM_PASS_COMPONENT_TABLE, body, sizeof(body)),
		PROT_PLDM_SUCCESS);
	assert_int_equal(prot_pldm_fd_state(&f.fd), PROT_PLDM_FD_READY_XFER);
}

static void test_fd__component_op__pends_or_fails__code(void **state)
{
	uint8_t body[64];
	size_t len = update_component_body(body, 100, 0);
	struct fx f;

	(void)state;
	fx_init(&f);
	to_learn(&f);
	f.s.component.pend = 1;
	assert_int_equal(ask(&f, PROT_PLDM_PASS_COMPONENT_TABLE,
			     pass_component_body, sizeof(pass_component_body)),
			 PROT_PLDM_ERROR_NOT_READY);
	f.s.component.status = PROT_ERR_NOT_FOUND;
	pass_component(&f);
	assert_int_equal(f.rsp[5], PROT_PLDM_COMPONENT_NOT_SUPPORTED);
	f.s.component.pend = 1;
	f.s.component.status = PROT_OK;
	assert_int_equal(ask(&f, PROT_PLDM_UPDATE_COMPONENT, body, len),
			 PROT_PLDM_ERROR_NOT_READY);
	assert_int_equal(prot_pldm_fd_state(&f.fd), PROT_PLDM_FD_READY_XFER);
	assert_int_equal(ask(&f, PROT_PLDM_UPDATE_COMPONENT, body, len),
			 PROT_PLDM_SUCCESS);
}

static void test_fd__update_component__refused__stays_ready(void **state)
{
	uint8_t body[64];
	size_t len = update_component_body(body, 100, 1);
	struct fx f;

	(void)state;
	fx_init(&f);
	to_ready(&f);
	f.s.verdict = PROT_PLDM_COMPONENT_STAMP_LOWER;
	assert_int_equal(ask(&f, PROT_PLDM_UPDATE_COMPONENT, body, len),
			 PROT_PLDM_SUCCESS);
	assert_int_equal(f.rsp[4], 1);
	assert_int_equal(f.rsp[5], PROT_PLDM_COMPONENT_STAMP_LOWER);
	assert_int_equal(prot_pldm_fd_state(&f.fd), PROT_PLDM_FD_READY_XFER);
	assert_int_equal(tick(&f), PROT_OK);
	assert_int_equal(f.tx_len, 0);
	assert_true(f.s.last_update);
	assert_int_equal(f.s.last.size, 100);
	assert_int_equal(f.s.last.options, 1);
}

static void test_fd__update_component__empty_image__invalid_data(void **state)
{
	uint8_t body[64];
	size_t len = update_component_body(body, 0, 0);
	struct fx f;

	(void)state;
	fx_init(&f);
	to_ready(&f);
	assert_int_equal(ask(&f, PROT_PLDM_UPDATE_COMPONENT, body, len),
			 PROT_PLDM_ERROR_INVALID_DATA);
	assert_int_equal(prot_pldm_fd_state(&f.fd), PROT_PLDM_FD_READY_XFER);
}

static void test_fd__update_component__options__only_enabled_ones(void **state)
{
	struct prot_pldm_update_component_rsp m;
	uint8_t body[64];
	size_t len;
	struct prot_rd r;
	struct fx f;

	(void)state;
	fx_init(&f);
	to_ready(&f);
	f.s.options = 7;
	len = update_component_body(body, 100, 3);
	assert_int_equal(ask(&f, PROT_PLDM_UPDATE_COMPONENT, body, len),
			 PROT_PLDM_SUCCESS);
	r = response_body(&f);
	assert_int_equal(prot_pldm_update_component_rsp_decode(&r, &m),
			 PROT_OK);
	assert_int_equal(m.options, PROT_PLDM_OPTION_FORCE);
	assert_int_equal(m.delay_s, 3);
	assert_int_equal(get_status(&f).options, PROT_PLDM_OPTION_FORCE);
}

static void test_fd__write_fails__transfer_result_and_halt(void **state)
{
	const struct {
		uint8_t result, want, aux_status;
	} cases[] = {
		{0, PROT_PLDM_TRANSFER_GENERIC, 0x0A},
		{PROT_PLDM_TRANSFER_STORAGE, PROT_PLDM_TRANSFER_STORAGE, 0x0A},
		{PROT_PLDM_TRANSFER_CORRUPT, PROT_PLDM_TRANSFER_CORRUPT, 0x0A},
		{0x7F, 0x7F, 0x7F},
	};

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		struct prot_pldm_get_status_rsp st;
		struct fx f;

		fx_init(&f);
		to_download(&f, 512);
		assert_int_equal(reply_data(&f, 512), PROT_OK);
		f.s.write.status = PROT_ERR_IO;
		f.s.write.result = cases[i].result;
		assert_int_equal(reply_data(&f, 512), PROT_OK);
		assert_request(&f, PROT_PLDM_TRANSFER_COMPLETE);
		assert_int_equal(f.tx[3], cases[i].want);
		assert_int_equal(reply(&f, PROT_PLDM_SUCCESS, NULL, 0),
				 PROT_OK);
		assert_int_equal(f.tx_len, 0);
		st = get_status(&f);
		assert_int_equal(st.state, PROT_PLDM_FD_DOWNLOAD);
		assert_int_equal(st.aux, PROT_PLDM_FD_AUX_FAILED);
		assert_int_equal(st.aux_status, cases[i].aux_status);
		assert_int_equal(st.progress, 50);
	}
}

static void test_fd__verify_fails__every_result_reaches_agent(void **state)
{
	const uint8_t results[] = {0x01, 0x02, 0x03, 0x04, 0x09, 0x90, 0xAF};

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(results); i++) {
		struct prot_pldm_get_status_rsp st;
		struct fx f;

		fx_init(&f);
		to_verify(&f, 100);
		f.s.verify.status = PROT_ERR_AUTH;
		f.s.verify.result = results[i];
		assert_int_equal(tick(&f), PROT_OK);
		assert_request(&f, PROT_PLDM_VERIFY_COMPLETE);
		assert_int_equal(f.tx[3], results[i]);
		assert_int_equal(reply(&f, PROT_PLDM_SUCCESS, NULL, 0),
				 PROT_OK);
		st = get_status(&f);
		assert_int_equal(st.state, PROT_PLDM_FD_VERIFY);
		assert_int_equal(st.aux, PROT_PLDM_FD_AUX_FAILED);
		assert_int_equal(st.aux_status,
				 results[i] >= 0x70 || results[i] == 9
					 ? results[i]
					 : 0x0A);
		assert_int_equal(f.s.applies, 0);
	}
}

static void test_fd__verify_says_ok_with_a_result__result_wins(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	to_verify(&f, 100);
	f.s.verify.result = PROT_PLDM_VERIFY_SECURITY;
	assert_int_equal(tick(&f), PROT_OK);
	assert_int_equal(f.tx[3], PROT_PLDM_VERIFY_SECURITY);
	assert_int_equal(reply(&f, PROT_PLDM_SUCCESS, NULL, 0), PROT_OK);
	assert_int_equal(prot_pldm_fd_state(&f.fd), PROT_PLDM_FD_VERIFY);
}

static void test_fd__apply__results_and_methods(void **state)
{
	const struct {
		enum prot_status status;
		uint8_t result, want;
		bool applied;
	} cases[] = {
		{PROT_OK, 0, 0, true},
		{PROT_OK, 1, 1, true},
		{PROT_ERR_IO, 2, 2, false},
		{PROT_ERR_IO, 0, 0x0A, false},
		{PROT_ERR_IO, 1, 0x0A, false}, /* a failure is no success */
		{PROT_ERR_IO, 0xCF, 0xCF, false},
	};

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		const uint8_t no = 0;
		struct fx f;

		fx_init(&f);
		to_apply(&f, 100);
		f.s.apply.status = cases[i].status;
		f.s.apply.result = cases[i].result;
		f.s.methods = 0x0102;
		assert_int_equal(tick(&f), PROT_OK);
		assert_request(&f, PROT_PLDM_APPLY_COMPLETE);
		assert_int_equal(f.tx_len, 6);
		assert_int_equal(f.tx[3], cases[i].want);
		assert_int_equal(f.tx[4], cases[i].want == 1 ? 2 : 0);
		assert_int_equal(f.tx[5], cases[i].want == 1 ? 1 : 0);
		assert_int_equal(reply(&f, PROT_PLDM_SUCCESS, NULL, 0),
				 PROT_OK);
		assert_int_equal(prot_pldm_fd_state(&f.fd),
				 cases[i].applied ? PROT_PLDM_FD_READY_XFER
						  : PROT_PLDM_FD_APPLY);
		assert_int_equal(
			ask(&f, PROT_PLDM_ACTIVATE_FIRMWARE, &no, 1),
			cases[i].applied
				? PROT_PLDM_SUCCESS
				: PROT_PLDM_FWUP_INVALID_STATE_FOR_COMMAND);
	}
}

static void test_fd__activate__nothing_applied__incomplete(void **state)
{
	const uint8_t no = 0;
	struct fx f;

	(void)state;
	fx_init(&f);
	to_ready(&f);
	assert_int_equal(ask(&f, PROT_PLDM_ACTIVATE_FIRMWARE, &no, 1),
			 PROT_PLDM_FWUP_INCOMPLETE_UPDATE);
	assert_int_equal(f.s.activations, 0);
}

static void test_fd__activate__reserved_values__invalid_data(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	to_applied(&f, 100);
	for (unsigned v = 2; v < 256; v++) {
		const uint8_t body = (uint8_t)v;

		assert_int_equal(ask(&f, PROT_PLDM_ACTIVATE_FIRMWARE, &body, 1),
				 PROT_PLDM_ERROR_INVALID_DATA);
	}
	assert_int_equal(f.s.activations, 0);
}

static void test_fd__activate__refused__code_and_state(void **state)
{
	const struct {
		uint8_t cc, want;
		enum prot_pldm_fd_state state;
	} cases[] = {
		{0, PROT_PLDM_ERROR, PROT_PLDM_FD_READY_XFER},
		{PROT_PLDM_FWUP_SELF_CONTAINED_ACTIVATION_NOT_PERMITTED,
		 PROT_PLDM_FWUP_SELF_CONTAINED_ACTIVATION_NOT_PERMITTED,
		 PROT_PLDM_FD_READY_XFER},
		{PROT_PLDM_FWUP_ACTIVATION_NOT_REQUIRED,
		 PROT_PLDM_FWUP_ACTIVATION_NOT_REQUIRED, PROT_PLDM_FD_IDLE},
	};

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		const uint8_t yes = 1;
		struct fx f;

		fx_init(&f);
		to_applied(&f, 100);
		f.s.activate.status = PROT_ERR_REFUSED;
		f.s.activate.result = cases[i].cc;
		assert_int_equal(ask(&f, PROT_PLDM_ACTIVATE_FIRMWARE, &yes, 1),
				 cases[i].want);
		assert_int_equal(prot_pldm_fd_state(&f.fd), cases[i].state);
	}
}

static void test_fd__activate_pends__active_until_done(void **state)
{
	struct prot_pldm_get_status_rsp st;
	struct fx f;

	(void)state;
	fx_init(&f);
	to_activate(&f, 100);
	assert_int_equal(prot_pldm_fd_wake_ms(&f.fd), 0);
	assert_int_equal(tick(&f), PROT_PENDING);
	st = get_status(&f);
	assert_int_equal(st.state, PROT_PLDM_FD_ACTIVATE);
	assert_int_equal(st.aux, PROT_PLDM_FD_AUX_IN_PROGRESS);
	f.now +=
		2u * (uint64_t)T1_MS; /* FD_T1 does not run during activation */
	assert_int_equal(tick(&f), PROT_PENDING);
	assert_int_equal(tick(&f), PROT_OK);
	st = get_status(&f);
	assert_int_equal(st.state, PROT_PLDM_FD_IDLE);
	assert_int_equal(st.reason, PROT_PLDM_FD_REASON_ACTIVATED);
	assert_int_equal(f.s.update_cancels, 0);
}

static void test_fd__activate_pends_then_fails__vendor_reason(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	to_activate(&f, 100);
	f.s.activate.pend = 0;
	f.s.activate.status = PROT_ERR_IO;
	assert_int_equal(tick(&f), PROT_OK);
	assert_int_equal(get_status(&f).reason, PROT_PLDM_FD_REASON_VENDOR);
}

static void test_fd__ops_pend__same_calls_until_done(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	to_download(&f, 300);
	f.s.write.pend = 3;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(reply_data(&f, 300), PROT_PENDING);
		assert_int_equal(get_status(&f).aux,
				 PROT_PLDM_FD_AUX_IN_PROGRESS);
	}
	f.now += T2_MS; /* no retry while the storage writes */
	assert_int_equal(reply_data(&f, 300), PROT_OK);
	finish_download(&f, 300);
	assert_int_equal(reply(&f, PROT_PLDM_SUCCESS, NULL, 0), PROT_OK);
	f.s.verify.pend = 2;
	f.s.progress = 40;
	assert_int_equal(tick(&f), PROT_PENDING);
	assert_int_equal(get_status(&f).progress, 40);
	f.now += 2u *
		 (uint64_t)T1_MS; /* FD_T1 does not run while the FD works */
	assert_int_equal(tick(&f), PROT_PENDING);
	assert_int_equal(tick(&f), PROT_OK);
	assert_request(&f, PROT_PLDM_VERIFY_COMPLETE);
	assert_int_equal(f.s.verifies, 3);
	assert_int_equal(reply(&f, PROT_PLDM_SUCCESS, NULL, 0), PROT_OK);
	f.s.apply.pend = 1;
	assert_int_equal(tick(&f), PROT_PENDING);
	assert_int_equal(tick(&f), PROT_OK);
	assert_request(&f, PROT_PLDM_APPLY_COMPLETE);
}

static void test_fd__package_data__fetched_before_components(void **state)
{
	uint8_t body[REQUEST_UPDATE_BODY_SIZE];
	const uint8_t first[] = {7, 0, 0, 0, PROT_PLDM_START, 'a', 'b', 'c'};
	const uint8_t last[] = {0, 0, 0, 0, PROT_PLDM_END, 'd'};
	struct fx f;

	(void)state;
	fx_init(&f);
	f.cfg.data = &data_ops;
	memcpy(body, request_update_body, sizeof(body));
	body[7] = 4; /* package data length */
	assert_int_equal(ask(&f, PROT_PLDM_REQUEST_UPDATE, body, sizeof(body)),
			 PROT_PLDM_SUCCESS);
	assert_int_equal(f.rsp[6], PROT_PLDM_PACKAGE_DATA_YES);
	assert_int_equal(ask(&f, PROT_PLDM_PASS_COMPONENT_TABLE,
			     pass_component_body, sizeof(pass_component_body)),
			 PROT_PLDM_ERROR_NOT_READY);
	assert_int_equal(tick(&f), PROT_OK);
	assert_request(&f, PROT_PLDM_GET_PACKAGE_DATA);
	assert_int_equal(f.tx[7], PROT_PLDM_GET_FIRST_PART);
	f.s.package_data.pend = 1;
	assert_int_equal(reply(&f, PROT_PLDM_SUCCESS, first, sizeof(first)),
			 PROT_PENDING);
	assert_int_equal(reply(&f, PROT_PLDM_SUCCESS, first, sizeof(first)),
			 PROT_OK);
	assert_request(&f, PROT_PLDM_GET_PACKAGE_DATA);
	assert_int_equal(f.tx[3], 7); /* the handle comes back */
	assert_int_equal(f.tx[7], PROT_PLDM_GET_NEXT_PART);
	assert_int_equal(reply(&f, PROT_PLDM_SUCCESS, last, sizeof(last)),
			 PROT_OK);
	assert_int_equal(f.tx_len, 0);
	assert_int_equal(f.s.data_len, 4);
	assert_memory_equal(f.s.data, "abcd", 4);
	assert_int_equal(f.s.data_lasts, 1);
	pass_component(&f);
	assert_int_equal(f.rsp[5], PROT_PLDM_COMPONENT_OK);
}

static void test_fd__package_data__bad_part__components_refused(void **state)
{
	/* empty, more than announced, ends early, does not end, flag 3 */
	const uint8_t parts[][10] = {{5, 0, 0, 0, 0, PROT_PLDM_START},
				     {9, 1, 0, 0, 0, PROT_PLDM_START, 'a'},
				     {6, 0, 0, 0, 0, PROT_PLDM_START_AND_END},
				     {9, 1, 0, 0, 0, PROT_PLDM_START},
				     {6, 1, 0, 0, 0, 3}};
	uint8_t body[REQUEST_UPDATE_BODY_SIZE];

	(void)state;
	memcpy(body, request_update_body, sizeof(body));
	body[7] = 3; /* package data length */
	for (size_t i = 0; i < PROT_ARRAY_SIZE(parts); i++) {
		struct fx f;

		fx_init(&f);
		f.cfg.data = &data_ops;
		f.s.metadata_len = 10;
		assert_int_equal(
			ask(&f, PROT_PLDM_REQUEST_UPDATE, body, sizeof(body)),
			PROT_PLDM_SUCCESS);
		assert_int_equal(tick(&f), PROT_OK);
		for (size_t cut = 0; cut < 5; cut++) {
			assert_int_equal(
				reply(&f, PROT_PLDM_SUCCESS, parts[i] + 1, cut),
				PROT_ERR_MALFORMED);
		}
		assert_int_equal(
			reply(&f, PROT_PLDM_SUCCESS, parts[i] + 1, parts[i][0]),
			PROT_OK);
		assert_int_equal(f.s.data_len, 0);
		assert_int_equal(ask(&f, PROT_PLDM_GET_DEVICE_META_DATA,
				     (const uint8_t[]){0, 0, 0, 0, 1}, 5),
				 PROT_PLDM_FWUP_PACKAGE_DATA_ERROR);
		pass_component(&f);
		assert_int_equal(f.rsp[5],
				 PROT_PLDM_COMPONENT_PREREQUISITES_NOT_MET);
		assert_int_equal(f.s.components, 0);
	}
}

static void test_fd__package_data__without_use__not_asked_for(void **state)
{
	uint8_t body[REQUEST_UPDATE_BODY_SIZE];
	struct fx f;

	(void)state;
	fx_init(&f);
	memcpy(body, request_update_body, sizeof(body));
	body[7] = 4;
	assert_int_equal(ask(&f, PROT_PLDM_REQUEST_UPDATE, body, sizeof(body)),
			 PROT_PLDM_SUCCESS);
	assert_int_equal(f.rsp[6], PROT_PLDM_PACKAGE_DATA_NO);
	pass_component(&f);
}

/* What the agent reads with GetDeviceMetaData, part by part. */
static size_t read_metadata(struct fx *f, uint8_t *out)
{
	struct prot_pldm_transfer_rsp m = {0};
	uint8_t body[5] = {0, 0, 0, 0, PROT_PLDM_GET_FIRST_PART};
	size_t len = 0;

	do {
		struct prot_wr w = prot_wr_init(body, 4);
		struct prot_rd r;

		prot_wr_le32(&w, m.next_handle);
		assert_int_equal(ask(f, PROT_PLDM_GET_DEVICE_META_DATA, body,
				     sizeof(body)),
				 PROT_PLDM_SUCCESS);
		r = response_body(f);
		assert_int_equal(prot_pldm_transfer_rsp_decode(&r, &m),
				 PROT_OK);
		assert_int_equal((m.flag & PROT_PLDM_START) != 0, len == 0);
		memcpy(out + len, m.data, m.len);
		len += m.len;
		body[4] = PROT_PLDM_GET_NEXT_PART;
	} while (!(m.flag & PROT_PLDM_END));
	assert_int_equal(m.next_handle, 0);
	return len;
}

static void test_fd__metadata__read_and_restored(void **state)
{
	uint8_t body[600] = {9, 0, 0, 0, PROT_PLDM_START};
	uint8_t *metadata = body + 5;
	struct fx f;

	(void)state;
	fx_init(&f);
	f.cfg.data = &data_ops;
	f.s.metadata_len = 300;
	to_learn(&f);
	assert_int_equal(f.rsp[4] | f.rsp[5] << 8, 300);
	assert_int_equal(read_metadata(&f, metadata), 300);
	pass_component(&f);
	start_download(&f, 100);
	finish_download(&f, 100);
	assert_int_equal(reply(&f, PROT_PLDM_SUCCESS, NULL, 0), PROT_OK);
	assert_int_equal(tick(&f), PROT_OK);
	assert_int_equal(reply(&f, PROT_PLDM_SUCCESS, NULL, 0), PROT_OK);
	assert_request(&f, PROT_PLDM_GET_META_DATA);
	assert_int_equal(f.s.applies, 0);
	assert_int_equal(reply(&f, PROT_PLDM_SUCCESS, body, 5 + 200), PROT_OK);
	assert_request(&f, PROT_PLDM_GET_META_DATA);
	assert_int_equal(f.tx[3], 9);
	body[4] = PROT_PLDM_END;
	memmove(body + 5, body + 205, 100);
	assert_int_equal(reply(&f, PROT_PLDM_SUCCESS, body, 5 + 100), PROT_OK);
	assert_int_equal(f.s.restored_len, 300);
	assert_int_equal(f.s.restore_lasts, 1);
	assert_int_equal(tick(&f), PROT_OK);
	assert_request(&f, PROT_PLDM_APPLY_COMPLETE);
	assert_int_equal(f.tx[3], PROT_PLDM_APPLY_SUCCESS);
}

static void test_fd__metadata__refused_or_not_taken__apply_fails(void **state)
{
	const uint8_t part[] = {0, 0, 0, 0, PROT_PLDM_START_AND_END, 0, 1};
	struct fx f;

	(void)state;
	for (int i = 0; i < 2; i++) {
		fx_init(&f);
		f.cfg.data = &data_ops;
		f.s.metadata_len = 2;
		to_apply(&f, 100);
		assert_request(&f, PROT_PLDM_GET_META_DATA);
		f.s.restore.status = PROT_ERR_IO;
		assert_int_equal(
			i == 0 ? reply(&f, PROT_PLDM_SUCCESS, part,
				       sizeof(part))
			       : reply(&f, PROT_PLDM_FWUP_COMMAND_NOT_EXPECTED,
				       NULL, 0),
			PROT_OK);
		assert_request(&f, PROT_PLDM_APPLY_COMPLETE);
		assert_int_not_equal(f.tx[3], 0);
		assert_int_not_equal(f.tx[3], 1);
		assert_int_equal(f.s.applies, 0);
	}
}

static void test_fd__get_metadata__bad_requests__codes(void **state)
{
	const struct {
		uint8_t body[5];
		uint8_t want;
	} cases[] = {
		{{0, 0, 0, 0, 2},
		 PROT_PLDM_FWUP_INVALID_TRANSFER_OPERATION_FLAG},
		{{0, 0, 0, 0, 0}, PROT_PLDM_FWUP_INVALID_TRANSFER_HANDLE},
		{{10, 0, 0, 0, 0}, PROT_PLDM_FWUP_INVALID_TRANSFER_HANDLE},
		{{0xFF, 0xFF, 0xFF, 0xFF, 0},
		 PROT_PLDM_FWUP_INVALID_TRANSFER_HANDLE},
		{{9, 0, 0, 0, 0}, PROT_PLDM_SUCCESS},
	};
	struct fx f;

	(void)state;
	fx_init(&f);
	to_learn(&f);
	assert_int_equal(
		ask(&f, PROT_PLDM_GET_DEVICE_META_DATA, cases[0].body, 5),
		PROT_PLDM_FWUP_NO_DEVICE_METADATA);
	fx_init(&f);
	f.cfg.data = &data_ops;
	f.s.metadata_len = 10;
	to_learn(&f);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		assert_int_equal(ask(&f, PROT_PLDM_GET_DEVICE_META_DATA,
				     cases[i].body, 5),
				 cases[i].want);
	}
	f.s.metadata_status = PROT_ERR_IO;
	assert_int_equal(
		ask(&f, PROT_PLDM_GET_DEVICE_META_DATA, cases[4].body, 5),
		PROT_PLDM_ERROR);
}

static void test_fd__get_status__download_progress(void **state)
{
	struct fx f;
	struct prot_pldm_get_status_rsp st;

	(void)state;
	fx_init(&f);
	to_download(&f, 1000);
	for (unsigned done = 0; done < 1000; done += 256) {
		st = get_status(&f);
		assert_int_equal(st.progress, done / 10);
		assert_int_equal(st.aux, PROT_PLDM_FD_AUX_IN_PROGRESS);
		assert_int_equal(reply_data(&f, 1000), PROT_OK);
	}
	st = get_status(&f);
	assert_int_equal(st.progress, 100);
	assert_int_equal(st.aux, PROT_PLDM_FD_AUX_SUCCESS);
	assert_int_equal(st.aux_status, 0);
}

static void test_fd__get_status__largest_image__no_overflow(void **state)
{
	struct fx f;

	(void)state;
	fx_init(&f);
	to_download(&f, 0xFFFFFFFF);
	f.fd.offset = 0xFFFFFFE0;
	assert_int_equal(get_status(&f).progress, 100);
	f.fd.offset = 0x80000000;
	assert_int_equal(get_status(&f).progress, 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fd_init__each_rule_broken__arg),
		cmocka_unit_test(test_fd__query_identifiers__golden_response),
		cmocka_unit_test(test_fd__get_parameters__storage_answers),
		cmocka_unit_test(
			test_fd__whole_update__every_image_size_arrives),
		cmocka_unit_test(test_fd__two_components__both_in_one_update),
		cmocka_unit_test(
			test_fd__request_update__negotiates_multiples_of_32),
		cmocka_unit_test(
			test_fd__request_update__storage_refuses__right_code),
		cmocka_unit_test(
			test_fd__request_update__bad_values__invalid_data),
		cmocka_unit_test(
			test_fd__pass_component__verdict_reaches_agent),
		cmocka_unit_test(
			test_fd__pass_component__flags__only_end_moves_on),
		cmocka_unit_test(test_fd__component_op__pends_or_fails__code),
		cmocka_unit_test(
			test_fd__update_component__refused__stays_ready),
		cmocka_unit_test(
			test_fd__update_component__empty_image__invalid_data),
		cmocka_unit_test(
			test_fd__update_component__options__only_enabled_ones),
		cmocka_unit_test(
			test_fd__write_fails__transfer_result_and_halt),
		cmocka_unit_test(
			test_fd__verify_fails__every_result_reaches_agent),
		cmocka_unit_test(
			test_fd__verify_says_ok_with_a_result__result_wins),
		cmocka_unit_test(test_fd__apply__results_and_methods),
		cmocka_unit_test(
			test_fd__activate__nothing_applied__incomplete),
		cmocka_unit_test(
			test_fd__activate__reserved_values__invalid_data),
		cmocka_unit_test(test_fd__activate__refused__code_and_state),
		cmocka_unit_test(test_fd__activate_pends__active_until_done),
		cmocka_unit_test(
			test_fd__activate_pends_then_fails__vendor_reason),
		cmocka_unit_test(test_fd__ops_pend__same_calls_until_done),
		cmocka_unit_test(
			test_fd__package_data__fetched_before_components),
		cmocka_unit_test(
			test_fd__package_data__bad_part__components_refused),
		cmocka_unit_test(
			test_fd__package_data__without_use__not_asked_for),
		cmocka_unit_test(test_fd__metadata__read_and_restored),
		cmocka_unit_test(
			test_fd__metadata__refused_or_not_taken__apply_fails),
		cmocka_unit_test(test_fd__get_metadata__bad_requests__codes),
		cmocka_unit_test(test_fd__get_status__download_progress),
		cmocka_unit_test(
			test_fd__get_status__largest_image__no_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
