/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Boot stage and runtime of prot/port/firmware.h in turn on one board: what the
 * one leaves is what the other finds.
 */
#include "test.h"

#include "firmware_fixture.h"

#include <string.h>

#define CONFIRM_MS 1000
#define LIMIT_MS   3000

enum {
	END_JUMP = 1, /* the runtime starts */
	END_HALT,     /* locked down */
	END_RESET,    /* the runtime asked for it; the reason is in `reason` */
	END_HANG,     /* the watchdog ended it */
	END_UP,       /* it is still up after a while */
};

/* What a runtime does, by the version that runs. */
enum manner {
	WELL,
	UNHEALTHY, /* serves, but the board does not work */
	HANGS,
	FAILS, /* cannot start */
};

static struct fw f;
static struct prot_firmware_boot boot;
static struct prot_firmware_boot_config boot_cfg;
static struct prot_firmware_runtime runtime;
static struct prot_firmware_runtime_config runtime_cfg;
static struct prot_mctp_link link_config;
static jmp_buf end;
static enum prot_reset_reason reason;
static enum manner manner;
static uint64_t end_ms;

/* ---- the port ---- */

static enum prot_reset_reason boot_reset_reason(void *ctx)
{
	(void)ctx;
	return reason;
}

static void boot_jump(void *ctx, uint32_t entry)
{
	(void)ctx;
	assert_int_equal(entry, FW_LOAD_ADDRESS + FW_ENTRY);
	longjmp(end, END_JUMP);
}

static void boot_halt(void *ctx)
{
	(void)ctx;
	longjmp(end, END_HALT);
}

static const struct prot_firmware_boot_ops boot_ops = {
	.reset_reason = boot_reset_reason,
	.jump = boot_jump,
	.halt = boot_halt,
};

static enum prot_status runtime_start(void *ctx)
{
	(void)ctx;
	return manner == FAILS ? PROT_ERR_IO : PROT_OK;
}

static void runtime_poll(void *ctx, struct prot_device *device, uint64_t now_ms)
{
	(void)ctx;
	(void)device;
	if (manner == HANGS) {
		reason = PROT_RESET_WATCHDOG;
		longjmp(end, END_HANG);
	}
	if (now_ms >= end_ms) {
		longjmp(end, END_UP);
	}
}

static void runtime_reset(void *ctx, enum prot_reset_reason why)
{
	(void)ctx;
	reason = why;
	longjmp(end, END_RESET);
}

static bool runtime_healthy(void *ctx)
{
	(void)ctx;
	return manner != UNHEALTHY;
}

static const struct prot_firmware_runtime_ops runtime_ops = {
	.start = runtime_start,
	.poll = runtime_poll,
	.reset = runtime_reset,
	.healthy = runtime_healthy,
};

static enum prot_status link_tx(void *ctx, const struct prot_mctp_addr *to,
				const uint8_t *packet, size_t len)
{
	(void)ctx;
	(void)to;
	(void)packet;
	(void)len;
	return PROT_OK;
}

static const struct prot_mctp_link_ops link_ops = {link_tx};

static int setup(void **state)
{
	(void)state;
	fw_init(&f);
	reason = PROT_RESET_POWER_ON;
	link_config = (struct prot_mctp_link){&link_ops, NULL, 64,
					      PROT_MCTP_BINDING_VENDOR};
	boot_cfg = (struct prot_firmware_boot_config){
		.seams = f.seams,
		.ops = &boot_ops,
		.code = {{f.code, sizeof(f.code)}},
		.load = f.load,
		.handoff = f.handoff,
		.handoff_size = sizeof(f.handoff),
		.watchdog_ms = 5000,
		.runtime_watchdog_ms = 5000,
	};
	runtime_cfg = (struct prot_firmware_runtime_config){
		.seams = f.seams,
		.ops = &runtime_ops,
		.name = "x",
		.links = &link_config,
		.link_count = 1,
		.spdm_version = 0x13,
		.confirm_after_ms = CONFIRM_MS,
		.trial_limit_ms = LIMIT_MS,
		.handoff = f.handoff,
		.handoff_size = sizeof(f.handoff),
		.watchdog_ms = 4000,
	};
	return 0;
}

/* From reset to the jump; version of what starts, 0: locked down. */
static uint16_t start(enum prot_boot_mode mode)
{
	struct prot_handoff h;
	int how = setjmp(end);

	f.text_len = 0;
	if (how == 0) {
		prot_firmware_boot(&boot, &boot_cfg);
	}
	if (how == END_HALT) {
		assert_int_equal(mode, PROT_BOOT_LOCKDOWN);
		return 0;
	}
	assert_int_equal(prot_handoff_decode(f.handoff, sizeof(f.handoff), &h),
			 PROT_OK);
	assert_int_equal(h.mode, mode);
	assert_int_equal(h.reset_reason, reason);
	return h.version.major;
}

/* What was loaded runs like that: how it ends. */
static int live(enum manner like)
{
	int how = setjmp(end);

	if (how == 0) {
		manner = like;
		end_ms = f.now_us / 1000 + 2ull * LIMIT_MS;
		prot_firmware_runtime(&runtime, &runtime_cfg);
	}
	return how;
}

static void pending(void)
{
	struct prot_journal_state state = {.active = PROT_BANK_A};

	fw_install(&f, PROT_BANK_B, 2, FX_PAYLOAD);
	state.bank[0].state = PROT_BANK_CONFIRMED;
	state.bank[1].state = PROT_BANK_PENDING;
	state.bank[1].max_tries = 3;
	fx_journal(&f.sx.fx, &state);
}

static void test_life__trial_goes_well__stays(void **state)
{
	(void)state;
	pending();
	assert_int_equal(start(PROT_BOOT_TRIAL), 2);
	assert_int_equal(live(WELL), END_UP);
	assert_true(fw_said(&f, "runtime: image confirmed: bank B"));
	reason = PROT_RESET_POWER_ON;
	assert_int_equal(start(PROT_BOOT_NORMAL), 2);
	assert_int_equal(live(WELL), END_UP);
}

static void give_up(enum manner like, int how, enum prot_reset_reason why)
{
	pending();
	for (int i = 0; i < 3; i++) {
		assert_int_equal(start(PROT_BOOT_TRIAL), 2);
		assert_int_equal(live(like), how);
		assert_int_equal(reason, why);
	}
	assert_int_equal(start(PROT_BOOT_NORMAL), 1);
	assert_true(fw_said(&f, "boot: bank B passed over: never confirmed in "
				"its trial boots\r\n"));
	assert_int_equal(live(WELL), END_UP);
}

static void test_life__unhealthy_trial__old_image_again(void **state)
{
	(void)state;
	give_up(UNHEALTHY, END_RESET, PROT_RESET_REQUESTED);
}

static void test_life__trial_hangs__old_image_again(void **state)
{
	(void)state;
	give_up(HANGS, END_HANG, PROT_RESET_WATCHDOG);
}

static void test_life__trial_cannot_start__old_image_again(void **state)
{
	(void)state;
	give_up(FAILS, END_RESET, PROT_RESET_FAULT);
}

static void recover(enum manner like, int how)
{
	for (int i = 0; i < 3; i++) {
		assert_int_equal(start(PROT_BOOT_NORMAL), 1);
		assert_int_equal(live(like), how);
	}
	assert_int_equal(start(PROT_BOOT_RECOVERY), 9);
	assert_true(fw_said(
		&f, "boot: bank A passed over: failed to come up several "
		    "times\r\n"));
	assert_int_equal(live(WELL), END_UP);
	/* The golden image came up: bank A gets another round. */
	reason = PROT_RESET_POWER_ON;
	assert_int_equal(start(PROT_BOOT_NORMAL), 1);
}

static void test_life__confirmed_image_hangs__golden_image(void **state)
{
	(void)state;
	recover(HANGS, END_HANG);
}

static void test_life__confirmed_image_cannot_start__golden_image(void **state)
{
	(void)state;
	recover(FAILS, END_RESET);
}

static void test_life__every_device_pends__same_life(void **state)
{
	(void)state;
	f.sx.fx.sim.pend = 2;
	f.sx.fx.fake.pend = 2;
	pending();
	f.sx.fx.sim.pend = 2;
	assert_int_equal(start(PROT_BOOT_TRIAL), 2);
	assert_int_equal(live(WELL), END_UP);
	assert_true(fw_said(&f, "runtime: image confirmed: bank B"));
	assert_false(f.sx.fx.fake.misused);
	assert_null(f.sx.fx.sim.violation);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_life__trial_goes_well__stays),
		TEST(test_life__unhealthy_trial__old_image_again),
		TEST(test_life__trial_hangs__old_image_again),
		TEST(test_life__trial_cannot_start__old_image_again),
		TEST(test_life__confirmed_image_hangs__golden_image),
		TEST(test_life__confirmed_image_cannot_start__golden_image),
		TEST(test_life__every_device_pends__same_life),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
