/* SPDX-License-Identifier: Apache-2.0 */
/* The device composition, updated by an update agent over MCTP. */
#include "test.h"

#include "device_fixture.h"

#include <prot/pldm/ua.h>
#include <prot/services/update_pldm.h>

#include <string.h>

#define TRANSFER 128
#define UA_TX    PROT_PLDM_UA_TX_SIZE(TRANSFER)

/* An update agent, its package in memory, and its messages under way. */
static struct {
	struct prot_pldm_ua ua;
	struct prot_pldm_ua_config cfg;
	struct prot_pldm_ua_component components[1];
	struct prot_pldm_package package;
	uint8_t file[2048];
	size_t file_len;
	struct fx_image image;

	struct prot_mctp_request request;
	bool waiting;
	uint8_t out[1 + UA_TX];
	uint8_t tx[UA_TX];
	uint32_t rng;  /* of the lossy link */
	unsigned loss; /* requests and answers lost, in 256 */
	bool takeover;
} up;

static enum prot_status file_read(void *ctx, uint64_t offset, void *buf,
				  size_t len)
{
	(void)ctx;
	assert_true(offset <= up.file_len && len <= up.file_len - offset);
	memcpy(buf, up.file + offset, len);
	return PROT_OK;
}

static enum prot_status file_write(void *ctx, const void *bytes, size_t len)
{
	(void)ctx;
	assert_true(len <= sizeof(up.file) - up.file_len);
	memcpy(up.file + up.file_len, bytes, len);
	up.file_len += len;
	return PROT_OK;
}

static enum prot_status image_read(void *ctx, uint64_t offset, void *buf,
				   size_t len)
{
	(void)ctx;
	assert_true(offset <= FX_IMAGE && len <= FX_IMAGE - offset);
	memcpy(buf, up.image.bytes + offset, len);
	return PROT_OK;
}

/* A package with up.image in it, for the device of that UUID. */
static void make_package(uint32_t stamp, const uint8_t *uuid)
{
	static const uint8_t applicable[1] = {1};
	const struct prot_pldm_descriptor descriptor = {
		PROT_PLDM_DESCRIPTOR_UUID, 16, uuid};
	const struct prot_pldm_package_new_record record = {
		.version = PROT_PLDM_ASCII("set"),
		.applicable = applicable,
		.descriptors = &descriptor,
		.descriptor_count = 1,
	};
	const struct prot_pldm_package_new_component component = {
		.classification = PROT_PLDM_CLASS_FIRMWARE,
		.identifier = FX_COMPONENT,
		.stamp = stamp,
		.options = PROT_PLDM_PACKAGE_USE_STAMP,
		.image = {.read = image_read, .size = FX_IMAGE},
		.version = PROT_PLDM_ASCII("2.0.0"),
	};
	const struct prot_pldm_package_description d = {
		.bitmap_bits = 8,
		.version = PROT_PLDM_ASCII("package"),
		.devices = &record,
		.device_count = 1,
		.components = &component,
		.component_count = 1,
	};
	const struct prot_pldm_package_sink sink = {file_write, NULL};
	struct prot_pldm_package_source source = {.read = file_read};
	struct prot_pldm_package_verdict v;
	uint8_t buf[64];

	up.file_len = 0;
	assert_int_equal(
		prot_pldm_package_write(&d, &sink, buf, sizeof(buf), &v),
		PROT_OK);
	source.size = up.file_len;
	assert_int_equal(prot_pldm_package_open(&up.package, &source, &v),
			 PROT_OK);
}

/* ---- the agent's end of the link ---- */

static bool lost(void)
{
	up.rng = up.rng * 1664525u + 1013904223u;
	return (up.rng >> 24) < up.loss;
}

static void send(size_t len)
{
	if (len == 0) {
		return;
	}
	prot_mctp_request_cancel(&t.host, &up.request);
	up.out[0] = PROT_MCTP_TYPE_PLDM;
	memcpy(up.out + 1, up.tx, len);
	up.request = (struct prot_mctp_request){
		.to = {.eid = DX_DEVICE_EID},
		.timeout_ms = 400,
		.header = up.out,
		.header_len = 1 + len,
		.reply = t.reply,
		.reply_cap = sizeof(t.reply),
	};
	up.waiting = !lost();
	if (up.waiting) {
		assert_int_equal(
			prot_mctp_request_start(&t.host, &up.request, t.now),
			PROT_OK);
	}
}

static enum prot_status give(const uint8_t *data, size_t len, size_t *out)
{
	const struct prot_pldm_message m = {DX_DEVICE_EID, data, len};

	*out = 0;
	return prot_pldm_ua_step(&up.ua, data ? &m : NULL, t.now, up.tx,
				 sizeof(up.tx), out);
}

/* Requests of the firmware device; what the agent has to say goes back. */
static void on_pldm(void *ctx, const struct prot_mctp_message *msg,
		    struct prot_mctp_reply *reply)
{
	size_t len;

	(void)ctx;
	if (lost()) {
		return;
	}
	(void)!give(msg->data + 1, msg->len - 1, &len);
	if (len != 0 && !lost()) {
		memcpy(reply->data + 1, up.tx, len);
		reply->len = 1 + len;
	}
}

static enum prot_status agent_turn(void)
{
	size_t len;
	enum prot_status st;

	if (up.waiting && up.request.status == PROT_OK) {
		up.waiting = false;
		if (!lost()) {
			st = give(t.reply + 1, up.request.reply_len - 1, &len);
			send(len);
			return st;
		}
	}
	if (prot_pldm_ua_wake_ms(&up.ua) > t.now) {
		return PROT_PENDING;
	}
	st = give(NULL, 0, &len);
	send(len);
	return st;
}

/* ---- scenarios ---- */

static void set_up(void)
{
	memset(&up, 0, sizeof(up));
	up.rng = 1;
	dx_init();
	t.handler =
		(struct prot_mctp_handler){PROT_MCTP_TYPE_PLDM, on_pldm, NULL};
	dx_start_host();
	dx_discover();
}

static void start_agent(void)
{
	up.waiting = false;
	up.cfg = (struct prot_pldm_ua_config){
		.package = &up.package,
		.peer = DX_DEVICE_EID,
		.components = up.components,
		.component_cap = 1,
		.max_transfer = TRANSFER,
		.tid = 1,
		.retries = 5,
		.response_ms = 400,
		.busy_ms = 5000,
		.t2_ms = PROT_PLDM_UA_T2_MS,
		.t3_ms = 60000,
		.poll_ms = 500,
		.activate = true,
		.self_contained = true,
		.ignore_match = true,
		.takeover = up.takeover,
	};
	assert_int_equal(prot_pldm_ua_init(&up.ua, &up.cfg), PROT_OK);
}

/* Until the device resets, or the agent has failed. */
static enum prot_status update(void)
{
	enum prot_status st = PROT_PENDING;

	start_agent();
	for (unsigned i = 0; i < 300000 && t.resets == 0; i++) {
		dx_pump();
		if (st == PROT_PENDING) {
			st = agent_turn();
		}
		if (st != PROT_PENDING && st != PROT_OK) {
			break;
		}
	}
	return t.resets != 0 && st == PROT_PENDING ? PROT_OK : st;
}

static void reboot(void)
{
	dx_power_on();
	dx_start_host();
}

static const struct prot_handoff *booted(void)
{
	return prot_boot_stage_handoff(&t.sx.stage);
}

static void good_image(uint16_t major, uint32_t svn)
{
	up.image = fx_sign(&t.sx.fx, fx_header(major, svn));
	make_package(svn, dx_uuid);
}

static void test_device_update__good_image__trial_then_confirmed(void **state)
{
	(void)state;
	set_up();
	good_image(2, 1);
	assert_int_equal(update(), PROT_OK);
	assert_int_equal(t.resets, 1);
	reboot();
	assert_int_equal(booted()->mode, PROT_BOOT_TRIAL);
	assert_int_equal(booted()->bank, PROT_BANK_B);
	assert_int_equal(booted()->version.major, 2);
	dx_pump_for(DX_CONFIRM_MS + 300);
	assert_int_equal(t.events[PROT_DEVICE_EVENT_CONFIRMED], 1);
	assert_int_equal(t.resets, 0);
	reboot();
	assert_int_equal(booted()->mode, PROT_BOOT_NORMAL);
	assert_int_equal(booted()->bank, PROT_BANK_B);
}

static void test_device_update__lossy_link__still_completes(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 8; seed++) {
		set_up();
		up.rng = seed;
		good_image(2, 1);
		up.loss = 24; /* of 256 messages */
		assert_int_equal(update(), PROT_OK);
		reboot();
		assert_int_equal(booted()->version.major, 2);
	}
}

static void
test_device_update__svn_floor__rises_with_confirmation_only(void **state)
{
	struct fx_image golden;

	(void)state;
	set_up();
	/* The floor never passes the golden image's SVN. */
	golden = fx_sign(&t.sx.fx, fx_header(9, 3));
	flash_sim_load(&t.sx.fx.sim,
		       t.sx.fx.layout.bank[PROT_BANK_GOLDEN].offset,
		       golden.bytes, FX_IMAGE);
	good_image(2, 3);
	assert_int_equal(update(), PROT_OK);
	assert_int_equal(fx_floor(&t.sx.fx), 1);
	reboot();
	assert_int_equal(booted()->mode, PROT_BOOT_TRIAL);
	assert_int_equal(fx_floor(&t.sx.fx), 1);
	dx_pump_for(DX_CONFIRM_MS + 300);
	assert_int_equal(fx_floor(&t.sx.fx), 3);
}

static void
test_device_update__golden_missing__confirmed_floor_kept(void **state)
{
	uint8_t blank[FX_IMAGE];

	(void)state;
	set_up();
	memset(blank, 0xff, sizeof(blank));
	flash_sim_load(&t.sx.fx.sim,
		       t.sx.fx.layout.bank[PROT_BANK_GOLDEN].offset, blank,
		       sizeof(blank));
	good_image(2, 3);
	assert_int_equal(update(), PROT_OK);
	reboot();
	dx_pump_for(DX_CONFIRM_MS + 300);
	assert_int_equal(t.events[PROT_DEVICE_EVENT_FLOOR_KEPT], 1);
	assert_int_equal(fx_floor(&t.sx.fx), 1);
	reboot();
	assert_int_equal(booted()->mode, PROT_BOOT_NORMAL);
	assert_int_equal(booted()->version.major, 2);
}

static void test_device_update__never_healthy__falls_back(void **state)
{
	unsigned boots = 0;

	(void)state;
	set_up();
	good_image(2, 1);
	assert_int_equal(update(), PROT_OK);
	t.unhealthy = true;
	for (reboot(); booted()->mode == PROT_BOOT_TRIAL; reboot()) {
		dx_pump_for(DX_LIMIT_MS + 100);
		assert_int_equal(t.events[PROT_DEVICE_EVENT_CONFIRMED], 0);
		assert_int_equal(t.events[PROT_DEVICE_EVENT_UNHEALTHY], 1);
		assert_true(t.resets > 0);
		assert_true(++boots <= PROT_BOOT_MAX_TRIES);
	}
	assert_int_equal(boots, PROT_BOOT_MAX_TRIES);
	assert_int_equal(booted()->bank, PROT_BANK_A);
	assert_int_equal(booted()->mode, PROT_BOOT_NORMAL);
	assert_int_equal(booted()->refused[PROT_BANK_B],
			 PROT_IMAGE_UNCONFIRMED);
}

static void test_device_update__confirmed_image_hangs__given_up(void **state)
{
	(void)state;
	set_up();
	good_image(2, 1);
	assert_int_equal(update(), PROT_OK);
	reboot();
	dx_pump_for(DX_CONFIRM_MS + 300);
	/* From now on the watchdog resets it soon after each start. */
	t.sx.in.reset_reason = PROT_RESET_WATCHDOG;
	for (unsigned i = 0; i < PROT_BOOT_MAX_ATTEMPTS; i++) {
		reboot();
		assert_int_equal(booted()->bank, PROT_BANK_B);
		dx_pump_for(DX_CONFIRM_MS / 2);
	}
	reboot();
	assert_int_equal(booted()->bank, PROT_BANK_A);
	assert_int_equal(booted()->refused[PROT_BANK_B], PROT_IMAGE_ATTEMPTS);
	assert_int_equal(booted()->mode, PROT_BOOT_NORMAL);
}

static void test_device_update__lasting_boots__attempts_forgotten(void **state)
{
	(void)state;
	set_up();
	t.sx.in.reset_reason = PROT_RESET_FAULT;
	for (unsigned i = 0; i < 2 * PROT_BOOT_MAX_ATTEMPTS; i++) {
		reboot();
		assert_int_equal(booted()->bank, PROT_BANK_A);
		dx_pump_for(DX_CONFIRM_MS + 300);
	}
}

static void test_device_update__power_cuts__do_not_count(void **state)
{
	(void)state;
	set_up();
	for (unsigned i = 0; i < 2 * PROT_BOOT_MAX_ATTEMPTS; i++) {
		reboot();
		assert_int_equal(booted()->bank, PROT_BANK_A);
		dx_pump_for(50);
	}
}

static void test_device_update__golden_runs__update_repairs(void **state)
{
	uint8_t zero = 0;

	(void)state;
	set_up();
	flash_sim_load(&t.sx.fx.sim, t.sx.fx.layout.bank[0].offset + 300, &zero,
		       1);
	reboot();
	assert_int_equal(booted()->mode, PROT_BOOT_RECOVERY);
	dx_discover();
	good_image(2, 1);
	assert_int_equal(update(), PROT_OK);
	reboot();
	assert_int_equal(booted()->mode, PROT_BOOT_TRIAL);
	assert_int_equal(booted()->version.major, 2);
}

/* ---- several agents ---- */

/* One PLDM request of another endpoint on the agent's link. */
static void ask_from(uint8_t eid, const void *body, size_t len)
{
	uint8_t packet[64] = {1, DX_DEVICE_EID, eid, 0xc8, PROT_MCTP_TYPE_PLDM};

	assert_true(len <= sizeof(packet) - 5);
	memcpy(packet + 5, body, len);
	prot_device_rx(&t.device, 0, &(struct prot_mctp_addr){0}, packet,
		       5 + len, t.now);
	dx_pump_for(20);
}

static const uint8_t request_update[] = {
	0x80, 5,  PROT_PLDM_REQUEST_UPDATE, 128, 0, 0, 0, 1, 0, 1, 0, 0, 1,
	1,    '1'};
static const uint8_t cancel_update[] = {0x81, 5, PROT_PLDM_CANCEL_UPDATE};

static void test_device__request_before_the_first_tick__told_to_wait(void **s)
{
	uint8_t packet[5 + sizeof(request_update)] = {1, 0, 20, 0xc8,
						      PROT_MCTP_TYPE_PLDM};

	(void)s;
	set_up();
	reboot();
	memcpy(packet + 5, request_update, sizeof(request_update));
	prot_device_rx(&t.device, 0, &(struct prot_mctp_addr){0}, packet,
		       sizeof(packet), t.now);
	assert_int_equal(prot_pldm_fd_state(&t.device.fd), PROT_PLDM_FD_IDLE);
}

static void test_device__same_request_on_a_new_link__taken_as_new(void **state)
{
	(void)state;
	set_up();
	dx_pump_for(100);
	ask_from(20, request_update, sizeof(request_update));
	assert_int_equal(prot_pldm_fd_state(&t.device.fd),
			 PROT_PLDM_FD_LEARN_COMPONENTS);
	ask_from(21, request_update, sizeof(request_update)); /* refused */
	ask_from(20, cancel_update, sizeof(cancel_update));
	assert_int_equal(prot_pldm_fd_state(&t.device.fd), PROT_PLDM_FD_IDLE);
	ask_from(21, request_update, sizeof(request_update)); /* repeated */
	assert_int_equal(prot_pldm_fd_state(&t.device.fd), PROT_PLDM_FD_IDLE);
	prot_device_link_reset(&t.device, 1);
	ask_from(21, request_update, sizeof(request_update));
	assert_int_equal(prot_pldm_fd_state(&t.device.fd), PROT_PLDM_FD_IDLE);
	prot_device_link_reset(&t.device, 0);
	ask_from(21, request_update, sizeof(request_update));
	assert_int_equal(prot_pldm_fd_state(&t.device.fd),
			 PROT_PLDM_FD_LEARN_COMPONENTS);
}

static void test_device__agent_lost__another_one_takes_over(void **state)
{
	(void)state;
	set_up();
	dx_pump_for(100);
	ask_from(20, request_update, sizeof(request_update));
	good_image(2, 1);
	up.takeover = true;
	assert_int_not_equal(update(), PROT_OK);
	assert_int_equal(prot_pldm_fd_state(&t.device.fd),
			 PROT_PLDM_FD_LEARN_COMPONENTS);
	prot_device_link_reset(&t.device, 0);
	assert_int_equal(update(), PROT_OK);
	assert_int_equal(t.resets, 1);
}

/* ---- refusals: right step, right reason, running bank untouched ---- */

static void refused(enum prot_pldm_ua_reason reason,
		    enum prot_image_reason image_reason)
{
	const uint32_t bank_a = t.sx.fx.layout.bank[0].offset;
	const struct prot_pldm_ua_result *result = prot_pldm_ua_result(&up.ua);
	uint8_t before[1024];

	memcpy(before, t.sx.fx.sim.data + bank_a, sizeof(before));
	assert_int_equal(update(), PROT_ERR_REFUSED);
	assert_int_equal(result->reason, reason);
	if (image_reason != PROT_IMAGE_UNCHECKED) {
		assert_int_equal(prot_update_pldm_reason(result->code),
				 image_reason);
	}
	assert_int_equal(t.resets, 0);
	assert_memory_equal(before, t.sx.fx.sim.data + bank_a, sizeof(before));
	dx_pump_for(100);
	assert_int_equal(prot_pldm_fd_state(&t.device.fd), PROT_PLDM_FD_IDLE);
	reboot();
	assert_int_equal(booted()->mode, PROT_BOOT_NORMAL);
	assert_int_equal(booted()->bank, PROT_BANK_A);
}

static void test_device_update__payload_bit_flipped__digest(void **state)
{
	(void)state;
	set_up();
	up.image = fx_sign(&t.sx.fx, fx_header(2, 1));
	up.image.bytes[FX_IMAGE - 1] ^= 1;
	make_package(1, dx_uuid);
	refused(PROT_PLDM_UA_FAIL_VERIFY_FAILED, PROT_IMAGE_DIGEST);
}

static void
test_device_update__signature_of_another_key__signature(void **state)
{
	(void)state;
	set_up();
	up.image = fx_sign(&t.sx.fx, fx_header(2, 1));
	up.image.bytes[PROT_IMAGE_SIGNED_SIZE] ^= 1;
	make_package(1, dx_uuid);
	refused(PROT_PLDM_UA_FAIL_TRANSFER_FAILED, PROT_IMAGE_SIGNATURE);
}

static void
test_device_update__stamp_below_floor__component_refused(void **state)
{
	(void)state;
	set_up();
	up.image = fx_sign(&t.sx.fx, fx_header(2, 0));
	make_package(0, dx_uuid);
	refused(PROT_PLDM_UA_FAIL_COMPONENT_REFUSED, PROT_IMAGE_UNCHECKED);
	assert_int_equal(prot_pldm_ua_result(&up.ua)->code,
			 PROT_PLDM_COMPONENT_STAMP_LOWER);
}

static void test_device_update__stamp_lies_about_svn__svn(void **state)
{
	(void)state;
	set_up();
	up.image = fx_sign(&t.sx.fx, fx_header(2, 0));
	make_package(7, dx_uuid);
	refused(PROT_PLDM_UA_FAIL_TRANSFER_FAILED, PROT_IMAGE_SVN);
}

static void test_device_update__other_board__board(void **state)
{
	struct prot_image_header h = fx_header(2, 1);

	(void)state;
	set_up();
	h.boards = 1;
	up.image = fx_sign(&t.sx.fx, h);
	make_package(1, dx_uuid);
	refused(PROT_PLDM_UA_FAIL_TRANSFER_FAILED, PROT_IMAGE_BOARD);
}

static void
test_device_update__trial_unconfirmed__told_to_come_later(void **state)
{
	(void)state;
	set_up();
	good_image(2, 1);
	assert_int_equal(update(), PROT_OK);
	reboot();
	assert_int_equal(booted()->mode, PROT_BOOT_TRIAL);
	dx_discover();
	good_image(3, 1);
	t.resets = 0;
	/* The agent keeps asking until the trial is confirmed. */
	assert_int_equal(update(), PROT_OK);
	assert_int_equal(t.events[PROT_DEVICE_EVENT_CONFIRMED], 1);
	reboot();
	assert_int_equal(booted()->version.major, 3);
}

static void test_update_pldm_reason__codes__back_to_reasons(void **state)
{
	(void)state;
	assert_int_equal(prot_update_pldm_reason(0x00), PROT_IMAGE_UNCHECKED);
	assert_int_equal(prot_update_pldm_reason(0x0A), PROT_IMAGE_UNCHECKED);
	assert_int_equal(prot_update_pldm_reason(0x0D), PROT_IMAGE_FLASH);
	assert_int_equal(prot_update_pldm_reason(0x10), PROT_IMAGE_SVN);
	assert_int_equal(prot_update_pldm_reason(0x70), PROT_IMAGE_UNCHECKED);
	assert_int_equal(prot_update_pldm_reason(0x71), PROT_IMAGE_EMPTY);
	assert_int_equal(prot_update_pldm_reason(0x8F), 31);
	assert_int_equal(prot_update_pldm_reason(0x90 + PROT_IMAGE_DIGEST),
			 PROT_IMAGE_DIGEST);
	assert_int_equal(prot_update_pldm_reason(0xB0 + PROT_IMAGE_JOURNAL),
			 PROT_IMAGE_JOURNAL);
	assert_int_equal(prot_update_pldm_reason(0xD0), PROT_IMAGE_UNCHECKED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_device__request_before_the_first_tick__told_to_wait),
		cmocka_unit_test(
			test_device__same_request_on_a_new_link__taken_as_new),
		cmocka_unit_test(
			test_device__agent_lost__another_one_takes_over),
		cmocka_unit_test(
			test_device_update__good_image__trial_then_confirmed),
		cmocka_unit_test(
			test_device_update__lossy_link__still_completes),
		cmocka_unit_test(
			test_device_update__svn_floor__rises_with_confirmation_only),
		cmocka_unit_test(
			test_device_update__golden_missing__confirmed_floor_kept),
		cmocka_unit_test(test_device_update__never_healthy__falls_back),
		cmocka_unit_test(
			test_device_update__confirmed_image_hangs__given_up),
		cmocka_unit_test(
			test_device_update__lasting_boots__attempts_forgotten),
		cmocka_unit_test(test_device_update__power_cuts__do_not_count),
		cmocka_unit_test(
			test_device_update__golden_runs__update_repairs),
		cmocka_unit_test(
			test_device_update__payload_bit_flipped__digest),
		cmocka_unit_test(
			test_device_update__signature_of_another_key__signature),
		cmocka_unit_test(
			test_device_update__stamp_below_floor__component_refused),
		cmocka_unit_test(test_device_update__stamp_lies_about_svn__svn),
		cmocka_unit_test(test_device_update__other_board__board),
		cmocka_unit_test(
			test_device_update__trial_unconfirmed__told_to_come_later),
		cmocka_unit_test(
			test_update_pldm_reason__codes__back_to_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
