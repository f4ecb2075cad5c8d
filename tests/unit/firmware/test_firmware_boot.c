/* SPDX-License-Identifier: Apache-2.0 */
/* The boot stage of prot/port/firmware.h on a small board. */
#include "test.h"

#include "firmware_fixture.h"

#include <string.h>

#define WATCHDOG_MS 5000
#define RUNTIME_MS  20000
#define CODE_1      700 /* bytes of the first piece of code */
#define HALTS       3 /* rounds of lockdown after which a test has seen enough */

enum {
	END_JUMP = 1,
	END_HALT
};

static struct fw f;
static struct prot_firmware_boot boot;
static struct prot_firmware_boot_config cfg;

static struct {
	jmp_buf end;
	enum prot_status start;
	enum prot_reset_reason reason;
	bool jump_returns;
	bool wiped_at_leave;
	unsigned asked, left, jumps, halts, feeds_at_halt;
	uint32_t entry;
} op;

static enum prot_status op_start(void *ctx)
{
	assert_ptr_equal(ctx, &op);
	assert_int_equal(f.armed_ms, WATCHDOG_MS);
	return op.start;
}

static enum prot_reset_reason op_reset_reason(void *ctx)
{
	(void)ctx;
	op.asked++;
	return op.reason;
}

static void op_leave(void *ctx)
{
	(void)ctx;
	op.left++;
	op.wiped_at_leave = fw_is_zero(&boot, sizeof(boot));
}

static void op_jump(void *ctx, uint32_t entry)
{
	(void)ctx;
	op.jumps++;
	op.entry = entry;
	if (!op.jump_returns) {
		longjmp(op.end, END_JUMP);
	}
}

static void op_halt(void *ctx)
{
	(void)ctx;
	if (op.halts++ == 0) {
		op.feeds_at_halt = f.feeds;
	}
	if (op.halts == HALTS) {
		longjmp(op.end, END_HALT);
	}
}

static const struct prot_firmware_boot_ops ops = {
	.start = op_start,
	.reset_reason = op_reset_reason,
	.leave = op_leave,
	.jump = op_jump,
	.halt = op_halt,
};

static void bind(void)
{
	memset(&op, 0, sizeof(op));
	memset(&boot, 0xAA, sizeof(boot));
	cfg = (struct prot_firmware_boot_config){
		.seams = f.seams,
		.ops = &ops,
		.ctx = &op,
		.code = {{f.code, CODE_1},
			 {f.code + CODE_1, sizeof(f.code) - CODE_1}},
		.load = f.load,
		.handoff = f.handoff,
		.handoff_size = sizeof(f.handoff),
		.watchdog_ms = WATCHDOG_MS,
		.runtime_watchdog_ms = RUNTIME_MS,
	};
}

static int setup(void **state)
{
	(void)state;
	fw_init(&f);
	bind();
	return 0;
}

/* How it ended. */
static int run(void)
{
	int end = setjmp(op.end);

	if (end == 0) {
		prot_firmware_boot(&boot, &cfg);
		fail_msg("the boot stage returned");
	}
	return end;
}

static void assert_lockdown(void)
{
	assert_int_equal(run(), END_HALT);
	assert_int_equal(op.jumps, 0);
	assert_int_equal(op.left, 0);
	assert_int_equal(f.armed_ms, 0);
	assert_int_equal(f.stops, 1);
	/* A watchdog that cannot be stopped is fed in every round. */
	assert_int_equal(f.feeds, op.feeds_at_halt + HALTS - 1);
	assert_true(fw_is_zero(&boot, sizeof(boot)));
	assert_true(fw_is_zero(f.load, sizeof(f.load)));
	assert_true(fw_is_zero(f.handoff, sizeof(f.handoff)));
	assert_true(fw_said(&f, "boot: locked down\r\n"));
}

static void handoff(struct prot_handoff *h)
{
	assert_int_equal(prot_handoff_decode(f.handoff, sizeof(f.handoff), h),
			 PROT_OK);
}

static void test_boot__good_image__jumps_to_its_entry(void **state)
{
	(void)state;
	assert_int_equal(run(), END_JUMP);
	assert_int_equal(op.entry, FW_LOAD_ADDRESS + FW_ENTRY);
	assert_int_equal(op.asked, 1);
	assert_int_equal(op.left, 1);
	assert_true(op.wiped_at_leave);
	assert_true(fw_is_zero(&boot, sizeof(boot)));
	assert_int_equal(f.starts, 2);
	assert_int_equal(f.armed_ms, RUNTIME_MS);
	assert_int_equal(f.stops, 0);
	assert_int_equal(f.sx.fx.fake.keys_alive, 1); /* the fixture's own */
}

static void test_boot__good_image__is_loaded_and_the_rest_is_zero(void **state)
{
	(void)state;
	assert_int_equal(run(), END_JUMP);
	assert_true(fw_holds_payload(&f, 1, FX_PAYLOAD));
	assert_true(
		fw_is_zero(f.load + FX_PAYLOAD, sizeof(f.load) - FX_PAYLOAD));
}

static void test_boot__good_image__writes_the_handoff(void **state)
{
	struct prot_handoff h;
	uint8_t digest[PROT_HASH_MAX], again[PROT_HANDOFF_SIZE_MAX];
	size_t len;

	(void)state;
	op.reason = PROT_RESET_WATCHDOG;
	assert_int_equal(run(), END_JUMP);
	handoff(&h);
	assert_int_equal(h.reset_reason, PROT_RESET_WATCHDOG);
	assert_int_equal(h.mode, PROT_BOOT_NORMAL);
	assert_int_equal(h.bank, PROT_BANK_A);
	assert_int_equal(h.version.major, 1);
	assert_true(h.has_identity);
	assert_int_equal(prot_crypto_hash(&f.sx.fx.crypto, PROT_HASH_SHA384,
					  f.code, sizeof(f.code), digest),
			 PROT_OK);
	assert_memory_equal(h.boot_digest, digest, sizeof(h.boot_digest));
	/* Nothing of what stood there before is left behind it. */
	assert_int_equal(prot_handoff_encode(&h, again, sizeof(again), &len),
			 PROT_OK);
	assert_true(fw_is_zero(f.handoff + len, sizeof(f.handoff) - len));
}

static void test_boot__good_image__says_what_it_starts(void **state)
{
	(void)state;
	op.reason = PROT_RESET_REQUESTED;
	assert_int_equal(run(), END_JUMP);
	assert_true(fw_said(&f, "boot: reset by requested; bank A, version "
				"1.0.0, SVN 1 (floor 1), mode normal\r\n"));
	assert_true(fw_said(&f, "\r\nboot: boot stage sha384 "));
	assert_true(fw_said(&f, "\r\nboot: runtime sha384 "));
	assert_false(fw_said(&f, "no identity"));
	assert_false(fw_said(&f, "locked down"));
}

static void test_boot__good_image__feeds_in_every_step(void **state)
{
	(void)state;
	f.sx.fx.sim.pend = 3;
	f.sx.fx.fake.pend = 3;
	assert_int_equal(run(), END_JUMP);
	/* A step makes one operation of a device at most, or is told to wait.
	 */
	assert_true(f.feeds >= 4 * f.sx.fx.sim.reads + f.sx.fx.sim.ops);
	assert_false(f.sx.fx.fake.misused);
	assert_null(f.sx.fx.sim.violation);
}

static void test_boot__no_optional_ops__boots(void **state)
{
	static const struct prot_firmware_boot_ops few = {
		.reset_reason = op_reset_reason,
		.jump = op_jump,
		.halt = op_halt,
	};

	(void)state;
	cfg.ops = &few;
	assert_int_equal(run(), END_JUMP);
}

static void test_boot__spoilt_bank__starts_the_golden_image(void **state)
{
	struct prot_handoff h;

	(void)state;
	fw_spoil(&f, PROT_BANK_A);
	assert_int_equal(run(), END_JUMP);
	handoff(&h);
	assert_int_equal(h.mode, PROT_BOOT_RECOVERY);
	assert_true(fw_holds_payload(&f, 9, FX_PAYLOAD));
	assert_true(fw_said(&f, "boot: bank A passed over: payload does not "
				"match its digest\r\n"));
	assert_true(fw_said(&f, "bank golden, version 9.0.0"));
}

static void test_boot__shorter_image_after_a_spoilt_one__rest_is_zero(void **s)
{
	const uint32_t shorter = FX_PAYLOAD / 2;

	(void)s;
	fw_spoil(&f, PROT_BANK_A);
	fw_install(&f, PROT_BANK_GOLDEN, 9, shorter);
	assert_int_equal(run(), END_JUMP);
	assert_true(fw_holds_payload(&f, 9, shorter));
	assert_true(fw_is_zero(f.load + shorter, sizeof(f.load) - shorter));
}

static void test_boot__no_good_image__locks_down(void **state)
{
	(void)state;
	fw_spoil(&f, PROT_BANK_A);
	fw_spoil(&f, PROT_BANK_GOLDEN);
	assert_lockdown();
	assert_true(fw_said(&f, "boot: bank golden passed over: payload does "
				"not match its digest\r\n"));
	assert_true(fw_said(&f, "boot: lockdown, no image may run\r\n"));
}

static void test_boot__image_for_another_address__is_refused(void **state)
{
	(void)state;
	f.board.load_address = FW_LOAD_ADDRESS + 4;
	assert_lockdown();
	assert_true(fw_said(
		&f,
		"boot: bank A passed over: image cannot be loaded here\r\n"));
}

static void test_boot__image_larger_than_memory__is_refused(void **state)
{
	static const uint32_t fits = FX_PAYLOAD;
	uint8_t *behind;

	(void)state;
	f.board.load_size = fits - 1;
	behind = f.load + f.board.load_size;
	assert_int_equal(run(), END_HALT);
	assert_true(fw_is_zero(f.load, fits - 1));
	assert_int_equal(*behind, 0xAA);

	fw_init(&f);
	bind();
	f.board.load_size = fits;
	assert_int_equal(run(), END_JUMP);
	assert_int_equal(f.load[fits], 0xAA);
}

static void test_boot__no_device_secret__boots_without_identity(void **state)
{
	struct prot_handoff h;

	(void)state;
	memset(f.sx.fx.sim.otp_data + PROT_OTP_UDS, 0, PROT_OTP_UDS_SIZE);
	assert_int_equal(run(), END_JUMP);
	handoff(&h);
	assert_false(h.has_identity);
	assert_true(fw_said(
		&f, "boot: no identity: no device secret provisioned\r\n"));
}

static void test_boot__start_fails__locks_down(void **state)
{
	(void)state;
	op.start = PROT_ERR_IO;
	assert_lockdown();
	assert_true(fw_said(&f, "boot: cannot start: transport or device "
				"failed\r\n"));
	assert_int_equal(op.asked, 0);
	assert_int_equal(f.sx.fx.sim.reads, 0);
}

static void break_layout(void)
{
	f.sx.fx.layout.bank[0].offset += 1;
}

static void no_load_size(void)
{
	f.board.load_size = 0;
	memset(f.load, 0, sizeof(f.load));
}

static void no_load_address(void)
{
	f.board.load_address = 0;
}

static void small_handoff(void)
{
	cfg.handoff_size = PROT_HANDOFF_SIZE_MAX - 1;
	memset(f.handoff, 0, sizeof(f.handoff));
}

static void no_code(void)
{
	cfg.code[0].len = 0;
}

static void small_otp(void)
{
	f.board.otp_size = OTP_SIM_SIZE + 1;
}

static void test_boot__unusable_description__locks_down(void **state)
{
	static void (*const mistake[])(void) = {break_layout,    no_load_size,
						no_load_address, small_handoff,
						no_code,         small_otp};

	(void)state;
	for (size_t i = 0; i < sizeof(mistake) / sizeof(mistake[0]); i++) {
		fw_init(&f);
		bind();
		mistake[i]();
		assert_lockdown();
		assert_true(fw_said(
			&f, "boot: cannot start: invalid argument\r\n"));
		assert_int_equal(f.sx.fx.sim.reads, 0);
	}
}

static void test_boot__jump_returns__locks_down(void **state)
{
	(void)state;
	op.jump_returns = true;
	assert_int_equal(run(), END_HALT);
	assert_int_equal(op.jumps, 1);
	assert_true(fw_is_zero(f.load, sizeof(f.load)));
	assert_true(fw_is_zero(f.handoff, sizeof(f.handoff)));
	assert_int_equal(f.armed_ms, 0);
}

static bool secret_is_in(const void *memory, size_t len)
{
	const uint8_t *p = memory;

	for (size_t i = 0; i + sizeof(sx_uds) <= len; i++) {
		if (memcmp(p + i, sx_uds, sizeof(sx_uds)) == 0) {
			return true;
		}
	}
	return false;
}

static void assert_no_secret(void)
{
	assert_false(secret_is_in(&boot, sizeof(boot)));
	assert_false(secret_is_in(f.load, sizeof(f.load)));
	assert_false(secret_is_in(f.handoff, sizeof(f.handoff)));
	assert_true(fw_is_zero(&boot, sizeof(boot)));
}

static void test_boot__crypto_fails_anywhere__leaves_no_secret(void **state)
{
	uint32_t calls, booted = 0, locked = 0;

	(void)state;
	f.sx.fx.fake.calls = 0;
	assert_int_equal(run(), END_JUMP);
	calls = f.sx.fx.fake.calls;
	for (uint32_t n = 1; n <= calls; n++) {
		int end;

		fw_init(&f);
		bind();
		f.sx.fx.fake.calls = 0;
		f.sx.fx.fake.fail_at = n;
		end = run();
		booted += end == END_JUMP;
		locked += end == END_HALT;
		assert_no_secret();
	}
	/* Measuring itself must not fail; an identity may. */
	assert_true(locked >= 2);
	assert_true(booted > 10);
	assert_int_equal(locked + booted, calls);
}

static void test_boot__console_hangs__boots_all_the_same(void **state)
{
	(void)state;
	f.console_takes = 0;
	assert_int_equal(run(), END_JUMP);
	/* Four lines and no more than the limit for each. */
	assert_true(f.now_us < 4000ull * (PROT_FIRMWARE_CONSOLE_MS + 3));
}

static void test_boot__slow_console__nothing_is_lost(void **state)
{
	char fast[FW_TEXT];

	(void)state;
	assert_int_equal(run(), END_JUMP);
	memcpy(fast, f.text, sizeof(fast));
	fw_init(&f);
	bind();
	f.console_takes = 1;
	assert_int_equal(run(), END_JUMP);
	assert_string_equal(f.text, fast);
}

static void test_boot__no_console__boots(void **state)
{
	(void)state;
	cfg.seams.console = NULL;
	assert_int_equal(run(), END_JUMP);
	assert_int_equal(f.text_len, 0);
}

static void test_boot_config__board__says_what_images_must_fit(void **state)
{
	struct prot_boot_config c = prot_firmware_boot_config(&f.seams);

	(void)state;
	assert_ptr_equal(c.store.flash, f.seams.flash);
	assert_ptr_equal(c.store.otp, f.seams.otp);
	assert_ptr_equal(c.store.crypto, f.seams.crypto);
	assert_ptr_equal(c.store.layout, f.board.layout);
	assert_int_equal(c.component, FX_COMPONENT);
	assert_int_equal(c.boot_svn, 1);
	assert_int_equal(c.board, FX_BOARD);
	assert_int_equal(c.load_address, f.board.load_address);
	assert_int_equal(c.load_size, f.board.load_size);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_boot__good_image__jumps_to_its_entry),
		TEST(test_boot__good_image__is_loaded_and_the_rest_is_zero),
		TEST(test_boot__good_image__writes_the_handoff),
		TEST(test_boot__good_image__says_what_it_starts),
		TEST(test_boot__good_image__feeds_in_every_step),
		TEST(test_boot__no_optional_ops__boots),
		TEST(test_boot__spoilt_bank__starts_the_golden_image),
		TEST(test_boot__shorter_image_after_a_spoilt_one__rest_is_zero),
		TEST(test_boot__no_good_image__locks_down),
		TEST(test_boot__image_for_another_address__is_refused),
		TEST(test_boot__image_larger_than_memory__is_refused),
		TEST(test_boot__no_device_secret__boots_without_identity),
		TEST(test_boot__start_fails__locks_down),
		TEST(test_boot__unusable_description__locks_down),
		TEST(test_boot__jump_returns__locks_down),
		TEST(test_boot__crypto_fails_anywhere__leaves_no_secret),
		TEST(test_boot__console_hangs__boots_all_the_same),
		TEST(test_boot__slow_console__nothing_is_lost),
		TEST(test_boot__no_console__boots),
		TEST(test_boot_config__board__says_what_images_must_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
