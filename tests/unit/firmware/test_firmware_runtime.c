/* SPDX-License-Identifier: Apache-2.0 */
/* The runtime of prot/port/firmware.h, from the hand-off to the reset. */
#include "test.h"

#include "firmware_fixture.h"

#include <prot/mctp/wire.h>

#include <string.h>

#define WATCHDOG_MS 4000
#define CONFIRM_MS  1000
#define LIMIT_MS    3000
#define MTU         256
#define IDLE_STEP   5 /* ms after which something comes, at the latest */

static struct fw f;
static struct prot_firmware_runtime runtime;
static struct prot_firmware_runtime_config cfg;
static struct prot_mctp_link link_config;

static struct {
	jmp_buf end;
	enum prot_status start;
	uint64_t end_ms; /* leave the runtime then */
	bool healthy;
	unsigned starts, polls, idles, resets, events;
	uint64_t longest_idle_ms;
	enum prot_reset_reason reason;
	uint8_t request[64]; /* packet to be received */
	size_t request_len;
	uint8_t reply[4 + MTU]; /* packet that was sent last */
	size_t reply_len;
} op;

static enum prot_status link_tx(void *ctx, const struct prot_mctp_addr *to,
				const uint8_t *packet, size_t len)
{
	(void)ctx;
	(void)to;
	assert_in_range(len, 4, sizeof(op.reply));
	memcpy(op.reply, packet, len);
	op.reply_len = len;
	return PROT_OK;
}

static const struct prot_mctp_link_ops link_ops = {link_tx};

static enum prot_status op_start(void *ctx)
{
	assert_ptr_equal(ctx, &op);
	assert_int_equal(f.armed_ms, WATCHDOG_MS);
	op.starts++;
	return op.start;
}

static void op_poll(void *ctx, struct prot_device *device, uint64_t now_ms)
{
	static const struct prot_mctp_addr nobody;

	(void)ctx;
	assert_ptr_equal(device, &runtime.device);
	op.polls++;
	if (op.request_len != 0) {
		(void)prot_device_rx(device, 0, &nobody, op.request,
				     op.request_len, now_ms);
		op.request_len = 0;
	}
	if (now_ms >= op.end_ms) {
		longjmp(op.end, 1);
	}
}

static void op_idle(void *ctx, uint64_t until_ms)
{
	uint64_t now_ms = f.now_us / 1000;
	uint64_t for_ms = until_ms - now_ms;

	(void)ctx;
	op.idles++;
	assert_true(until_ms >= now_ms);
	if (for_ms > op.longest_idle_ms) {
		op.longest_idle_ms = for_ms;
	}
	f.now_us += 1000 * (for_ms < IDLE_STEP ? for_ms : IDLE_STEP);
}

static void op_reset(void *ctx, enum prot_reset_reason reason)
{
	(void)ctx;
	op.resets++;
	op.reason = reason;
}

static bool op_healthy(void *ctx)
{
	(void)ctx;
	return op.healthy;
}

static void op_event(void *ctx, enum prot_device_event event, uint32_t a,
		     uint32_t b)
{
	(void)ctx;
	(void)event;
	(void)a;
	(void)b;
	op.events++;
}

static const struct prot_firmware_runtime_ops ops = {
	.start = op_start,
	.poll = op_poll,
	.idle = op_idle,
	.reset = op_reset,
	.healthy = op_healthy,
	.event = op_event,
};

static const struct prot_firmware_runtime_ops few_ops = {
	.poll = op_poll,
	.reset = op_reset,
};

static struct prot_handoff handed;

static void hand_over(const struct prot_handoff *h)
{
	size_t len;

	assert_int_equal(
		prot_handoff_encode(h, f.handoff, sizeof(f.handoff), &len),
		PROT_OK);
}

static int setup(void **state)
{
	(void)state;
	fw_init(&f);
	memset(&op, 0, sizeof(op));
	memset(&runtime, 0xAA, sizeof(runtime));
	op.end_ms = 500;
	op.healthy = true;
	assert_int_equal(sx_boot(&f.sx), PROT_OK);
	handed = *prot_boot_stage_handoff(&f.sx.stage);
	hand_over(&handed);
	link_config = (struct prot_mctp_link){&link_ops, NULL, MTU,
					      PROT_MCTP_BINDING_VENDOR};
	cfg = (struct prot_firmware_runtime_config){
		.seams = f.seams,
		.ops = &ops,
		.ctx = &op,
		.name = "7.8.9",
		.links = &link_config,
		.link_count = 1,
		.spdm_version = 0x13,
		.confirm_after_ms = CONFIRM_MS,
		.trial_limit_ms = LIMIT_MS,
		.handoff = f.handoff,
		.handoff_size = sizeof(f.handoff),
		.watchdog_ms = WATCHDOG_MS,
	};
	return 0;
}

/* True: it was still running at op.end_ms. */
static bool run(void)
{
	if (setjmp(op.end) != 0) {
		return true;
	}
	prot_firmware_runtime(&runtime, &cfg);
	return false;
}

static void test_runtime__handoff__runs_and_says_so(void **state)
{
	(void)state;
	assert_true(run());
	assert_true(fw_said(
		&f, "runtime 7.8.9: started in mode normal from bank A\r\n"));
	assert_int_equal(op.starts, 1);
	assert_int_equal(op.resets, 0);
	assert_int_equal(f.armed_ms, WATCHDOG_MS);
	assert_int_equal(op.events, 1);
}

static void test_runtime__handoff__is_wiped_with_its_seed(void **state)
{
	const uint8_t *p = (const uint8_t *)&runtime;

	(void)state;
	assert_true(run());
	assert_true(fw_is_zero(f.handoff, sizeof(f.handoff)));
	assert_false(fw_is_zero(handed.ak_seed, sizeof(handed.ak_seed)));
	for (size_t i = 0; i + sizeof(handed.ak_seed) <= sizeof(runtime); i++) {
		assert_memory_not_equal(p + i, handed.ak_seed,
					sizeof(handed.ak_seed));
	}
}

static void test_runtime__loop__feeds_and_sleeps_no_longer_than_it_may(void **s)
{
	(void)s;
	assert_true(run());
	assert_true(op.polls > 500 / (IDLE_STEP + 1));
	assert_int_equal(f.feeds, op.polls - 1); /* left out of the last */
	assert_int_equal(f.starts, 1);
	assert_in_range(op.longest_idle_ms, WATCHDOG_MS / 4 - 2,
			WATCHDOG_MS / 4);
}

static void test_runtime__few_ops__runs(void **state)
{
	(void)state;
	cfg.ops = &few_ops;
	assert_true(run());
	assert_int_equal(op.idles, 0);
}

/* Get Endpoint UUID (DSP0236 1.3, 12.5). */
static void ask_for_uuid(void)
{
	static const uint8_t request[] = {0x01, 0, 8, 0xC8, 0, 0x81, 0x03};

	memcpy(op.request, request, sizeof(request));
	op.request_len = sizeof(request);
}

static void test_runtime__request__is_answered_with_the_uuid(void **state)
{
	uint8_t uuid[PROT_DEVICE_UUID_SIZE];

	(void)state;
	ask_for_uuid();
	assert_true(run());
	assert_true(prot_device_uuid(&handed, &f.sx.fx.crypto, uuid));
	assert_int_equal(uuid[6] >> 4, 8); /* version, RFC 9562 section 5.8 */
	assert_int_equal(uuid[8] >> 6, 2); /* variant */
	assert_int_equal(op.reply_len, 8 + sizeof(uuid));
	assert_int_equal(op.reply[7], 0);
	assert_memory_equal(op.reply + 8, uuid, sizeof(uuid));
}

static void test_runtime__no_identity__has_no_uuid_and_says_so(void **state)
{
	uint8_t uuid[PROT_DEVICE_UUID_SIZE];

	(void)state;
	handed.has_identity = false;
	handed.chain_len = 0;
	memset(handed.ak_seed, 0, sizeof(handed.ak_seed));
	hand_over(&handed);
	ask_for_uuid();
	assert_true(run());
	assert_true(fw_said(&f, "runtime: no identity\r\n"));
	assert_false(prot_device_uuid(&handed, &f.sx.fx.crypto, uuid));
	assert_int_equal(op.reply_len, 8);
	assert_int_not_equal(op.reply[7], 0);
}

static void test_runtime__bad_handoff__resets_as_a_fault(void **state)
{
	(void)state;
	f.handoff[20] ^= 1;
	assert_false(run());
	assert_int_equal(op.resets, 1);
	assert_int_equal(op.reason, PROT_RESET_FAULT);
	assert_int_equal(op.starts, 0);
	assert_int_equal(op.polls, 0);
	assert_true(fw_is_zero(f.handoff, sizeof(f.handoff)));
	assert_true(fw_said(
		&f, "runtime: no hand-off: message does not parse\r\n"));
}

static void test_runtime__start_fails__resets_as_a_fault(void **state)
{
	(void)state;
	op.start = PROT_ERR_CRYPTO;
	assert_false(run());
	assert_int_equal(op.resets, 1);
	assert_int_equal(op.reason, PROT_RESET_FAULT);
	assert_int_equal(op.polls, 0);
	assert_true(fw_is_zero(&runtime.handoff, sizeof(runtime.handoff)));
	assert_true(fw_said(&f, "runtime: cannot start: "
				"crypto provider failed\r\n"));
}

static void test_runtime__device_refuses_config__resets_as_a_fault(void **state)
{
	(void)state;
	cfg.trial_limit_ms = CONFIRM_MS;
	assert_false(run());
	assert_int_equal(op.reason, PROT_RESET_FAULT);
	assert_true(fw_said(&f, "runtime: cannot start: invalid argument\r\n"));
}

static void on_trial(void)
{
	struct prot_journal_state state = {.active = PROT_BANK_A};

	state.bank[0].state = PROT_BANK_PENDING;
	state.bank[0].max_tries = 3;
	fx_journal(&f.sx.fx, &state);
	assert_int_equal(sx_boot(&f.sx), PROT_OK);
	handed = *prot_boot_stage_handoff(&f.sx.stage);
	assert_int_equal(handed.mode, PROT_BOOT_TRIAL);
	hand_over(&handed);
	op.end_ms = 2ull * LIMIT_MS;
}

static void test_runtime__healthy_trial__is_confirmed(void **state)
{
	(void)state;
	on_trial();
	assert_true(run());
	assert_true(fw_said(&f, "runtime 7.8.9: started in mode trial from "
				"bank A\r\n"));
	assert_true(fw_said(
		&f, "runtime: image confirmed: bank A, SVN floor 1\r\n"));
	assert_int_equal(op.resets, 0);
}

static void test_runtime__trial_without_health_op__is_confirmed(void **state)
{
	(void)state;
	on_trial();
	cfg.ops = &few_ops;
	assert_true(run());
	assert_true(fw_said(&f, "runtime: image confirmed: bank A"));
}

static void test_runtime__unhealthy_trial__requests_a_reset(void **state)
{
	(void)state;
	on_trial();
	op.healthy = false;
	assert_false(run());
	assert_true(fw_said(&f, "runtime: trial image is not healthy\r\n"));
	assert_true(fw_said(&f, "runtime: reset\r\n"));
	assert_int_equal(op.resets, 1);
	assert_int_equal(op.reason, PROT_RESET_REQUESTED);
	assert_in_range(f.now_us / 1000, LIMIT_MS, LIMIT_MS + 300);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_runtime__handoff__runs_and_says_so),
		TEST(test_runtime__handoff__is_wiped_with_its_seed),
		TEST(test_runtime__loop__feeds_and_sleeps_no_longer_than_it_may),
		TEST(test_runtime__few_ops__runs),
		TEST(test_runtime__request__is_answered_with_the_uuid),
		TEST(test_runtime__no_identity__has_no_uuid_and_says_so),
		TEST(test_runtime__bad_handoff__resets_as_a_fault),
		TEST(test_runtime__start_fails__resets_as_a_fault),
		TEST(test_runtime__device_refuses_config__resets_as_a_fault),
		TEST(test_runtime__healthy_trial__is_confirmed),
		TEST(test_runtime__trial_without_health_op__is_confirmed),
		TEST(test_runtime__unhealthy_trial__requests_a_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
