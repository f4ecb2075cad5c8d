/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware_fixture.h"

#include <string.h>

static uint64_t clock_now(void *ctx)
{
	struct fw *f = ctx;

	f->now_us += f->tick_us;
	return f->now_us;
}

static const struct prot_clock_ops clock_ops = {clock_now};

static size_t console_write(void *ctx, const uint8_t *bytes, size_t len)
{
	struct fw *f = ctx;
	size_t n = len < f->console_takes ? len : f->console_takes;

	if (n > FW_TEXT - 1 - f->text_len) {
		n = FW_TEXT - 1 - f->text_len;
	}
	memcpy(f->text + f->text_len, bytes, n);
	f->text_len += n;
	f->text[f->text_len] = '\0';
	return n;
}

static size_t console_read(void *ctx, uint8_t *bytes, size_t cap)
{
	(void)ctx;
	(void)bytes;
	(void)cap;
	return 0;
}

static const struct prot_uart_ops console_ops = {console_write, console_read};

static void watchdog_start(void *ctx, uint32_t timeout_ms)
{
	struct fw *f = ctx;

	f->starts++;
	f->armed_ms = timeout_ms;
}

static void watchdog_feed(void *ctx)
{
	struct fw *f = ctx;

	f->feeds++;
}

static void watchdog_stop(void *ctx)
{
	struct fw *f = ctx;

	f->stops++;
	f->armed_ms = 0;
}

static const struct prot_watchdog_ops watchdog_ops = {
	watchdog_start, watchdog_feed, watchdog_stop};

static struct prot_image_header header(uint16_t major, uint32_t payload_size)
{
	struct prot_image_header h = fx_header(major, 1);

	h.load_address = FW_LOAD_ADDRESS;
	h.entry = FW_ENTRY;
	h.payload_size = payload_size;
	return h;
}

void fw_install(struct fw *f, enum prot_bank bank, uint16_t major,
		uint32_t payload_size)
{
	struct fx_image image = fx_sign(&f->sx.fx, header(major, payload_size));

	fx_install(&f->sx.fx, bank, &image);
}

void fw_spoil(struct fw *f, enum prot_bank bank)
{
	uint32_t at = f->sx.fx.layout.bank[bank].offset +
		      PROT_IMAGE_HEADER_SIZE + FW_ENTRY;

	f->sx.fx.sim.data[at] ^= 1;
}

bool fw_holds_payload(const struct fw *f, uint16_t major, uint32_t payload_size)
{
	struct fx other;
	struct fx_image image;

	fx_copy(&other, &f->sx.fx);
	image = fx_sign(&other, header(major, payload_size));
	return memcmp(f->load, image.bytes + PROT_IMAGE_HEADER_SIZE,
		      payload_size) == 0;
}

bool fw_is_zero(const void *memory, size_t len)
{
	const uint8_t *p = memory;

	for (size_t i = 0; i < len; i++) {
		if (p[i] != 0) {
			return false;
		}
	}
	return true;
}

bool fw_said(const struct fw *f, const char *part)
{
	return strstr(f->text, part) != NULL;
}

static void describe_board(struct fw *f)
{
	f->board = (struct prot_board){
		.name = "test",
		.product = "Test Product",
		.vendor = "Test Vendor",
		.model = "Test Model",
		.component = FX_COMPONENT,
		.boot_svn = 1,
		.bit = FX_BOARD,
		.uuid = {1, 2, 3, 4, 5, 6, 7, 8},
		.flash = f->sx.fx.sim.flash.geometry,
		.layout = &f->sx.fx.layout,
		.otp_size = OTP_SIM_SIZE,
		.load_address = FW_LOAD_ADDRESS,
		.load_size = FW_LOAD_SIZE,
	};
}

void fw_init(struct fw *f)
{
	memset(f, 0, sizeof(*f));
	sx_init(&f->sx);
	describe_board(f);
	fw_install(f, PROT_BANK_A, 1, FX_PAYLOAD);
	fw_install(f, PROT_BANK_GOLDEN, 9, FX_PAYLOAD);
	flash_sim_power_on(&f->sx.fx.sim);
	f->clock = (struct prot_clock){&clock_ops, f};
	f->console = (struct prot_uart){&console_ops, f};
	f->watchdog = (struct prot_watchdog){&watchdog_ops, f};
	f->console_takes = 16;
	f->tick_us = 100;
	f->seams = (struct prot_firmware_seams){
		.board = &f->board,
		.flash = &f->sx.fx.sim.flash,
		.otp = &f->sx.fx.sim.otp,
		.crypto = &f->sx.fx.crypto,
		.clock = &f->clock,
		.watchdog = &f->watchdog,
		.console = &f->console,
	};
	memset(f->code, 0xC0, sizeof(f->code));
	memset(f->load, 0xAA, sizeof(f->load));
	memset(f->handoff, 0xAA, sizeof(f->handoff));
}
