/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runtime: the device composition over serial MCTP on UART1, and over
 * SMBus where the board has it.
 */
#include "ast10x0.h"
#include "ast_board.h"
#include "ast_systick.h"
#include "cortex_m.h"
#include "memory_map.h"
#include "sram_map.h"
#include "start.h"
#include "variant.h"

#include <prot/port/serial_link.h>
#include <prot/services/console.h>

#define CORE_HZ          200000000u
#define TICK_US          10000u /* longest sleep */
#define WATCHDOG_MS      2000u
#define CONFIRM_AFTER_MS 1000u
#define TRIAL_LIMIT_MS   5000u
/* Packets taken from a link before the device has its turn. */
#define PACKETS_PER_TURN 16
#define DRAIN_US         100000u
#define BLOCKED_MS       100u /* between lines about what monitors blocked */

static struct prot_firmware_runtime runtime;
static struct prot_firmware_runtime_config config;
static struct prot_serial_link serial;
static struct prot_uart serial_uart = {&prot_ast_uart_ops, NULL};
static struct prot_ast_systick_state tick_state;
static const struct prot_ast_systick tick = {CORE_HZ, TICK_US, &tick_state};
static struct prot_smbus_link smbus;

/* Places in the table of links. */
enum {
	LINK_SERIAL,
	LINK_SMBUS,
	LINKS
};

static struct prot_mctp_link links[LINKS];

/* ---- interrupts: they fill rings and end sleeps, nothing else -------------
 */

void prot_ast_interrupt(uint32_t exception)
{
	const struct prot_ast_board_smbus *s = prot_ast_board_smbus;

	if (exception == CM_EXCEPTIONS + prot_ast_board.mctp_irq) {
		prot_ast_uart_irq(prot_ast_board.mctp);
	} else if (exception == CM_SYSTICK) {
		prot_ast_systick_irq(&tick);
	} else if (s && exception == CM_EXCEPTIONS + s->irq) {
		prot_ast_i2c_irq(s->bus);
	}
}

/* ---- what the firmware asks of its port -----------------------------------
 */

static enum prot_status start_serial(void)
{
	const struct prot_ast_uart *u = prot_ast_board.mctp;
	enum prot_status st = prot_ast_uart_init(u);

	if (st == PROT_OK) {
		prot_ast_uart_interrupts(u, true);
		prot_ast_irq_enable(prot_ast_board.mctp_irq);
	}
	return st;
}

static enum prot_status start_smbus(void)
{
	const struct prot_ast_board_smbus *s = prot_ast_board_smbus;
	enum prot_status st;

	if (!s) {
		return PROT_OK;
	}
	prot_ast_i2c_global_init(prot_ast_board.seams.clock);
	st = prot_ast_i2c_init(s->bus);
	if (st == PROT_OK) {
		prot_ast_irq_enable(s->irq);
	}
	return st;
}

static enum prot_status op_start(void *ctx)
{
	enum prot_status st = prot_ast_board_start();

	(void)ctx;
	if (st == PROT_OK) {
		st = start_serial();
	}
	if (st == PROT_OK) {
		st = start_smbus();
	}
	if (st == PROT_OK) {
		st = prot_ast_systick_start(&tick);
	}
	if (st == PROT_OK) {
		prot_ast_interrupts_on();
	}
	return st;
}

static void poll_serial(struct prot_device *device, uint64_t now_ms)
{
	static const struct prot_mctp_addr nowhere;
	enum prot_status st = PROT_OK;
	uint8_t *packet;
	size_t len;

	(void)prot_serial_link_flush(&serial);
	for (int n = 0; n < PACKETS_PER_TURN && st == PROT_OK; n++) {
		st = prot_serial_link_next(&serial, now_ms, &packet, &len);
		if (st == PROT_OK) {
			(void)prot_device_rx(device, LINK_SERIAL, &nowhere,
					     packet, len, now_ms);
		}
	}
}

static void poll_smbus(struct prot_device *device, uint64_t now_ms)
{
	struct prot_mctp_addr from;
	enum prot_status st = PROT_OK;
	uint8_t *packet;
	size_t len;

	(void)prot_smbus_link_flush(&smbus, now_ms);
	for (int n = 0; n < PACKETS_PER_TURN && st == PROT_OK; n++) {
		st = prot_smbus_link_next(&smbus, &packet, &len, &from);
		if (st == PROT_OK) {
			(void)prot_device_rx(device, LINK_SMBUS, &from, packet,
					     len, now_ms);
		}
	}
}

/* The console is slow, and a host must not keep the device busy with it. */
static void report_blocked(const struct prot_ast_monitors *m, uint64_t now_ms)
{
	static uint64_t next_ms;
	struct prot_ast_spim_event event;
	char line[PROT_CONSOLE_LINE];
	uint32_t unit;

	if (now_ms >= next_ms &&
	    prot_ast_monitors_next(m, &unit, &event) == PROT_OK) {
		next_ms = now_ms + BLOCKED_MS;
		prot_ast_monitors_line(unit, &event, line, sizeof(line));
		prot_firmware_print(&prot_ast_board.seams, line);
	}
}

/* What the variant for demonstrations does instead of serving. */
static void hang(void)
{
	prot_firmware_print(&prot_ast_board.seams, "runtime: hangs");
	for (;;) {
	}
}

static void op_poll(void *ctx, struct prot_device *device, uint64_t now_ms)
{
	(void)ctx;
	if (prot_runtime_variant.hangs) {
		hang();
	}
	poll_serial(device, now_ms);
	if (config.link_count > LINK_SMBUS) {
		poll_smbus(device, now_ms);
	}
	if (prot_ast_board_monitors) {
		report_blocked(prot_ast_board_monitors, now_ms);
	}
}

/* Nothing arrived, and nothing waits for its time or for the bus. */
static bool smbus_is_quiet(void)
{
	return config.link_count <= LINK_SMBUS ||
	       (!prot_ast_i2c_has_event(prot_ast_board_smbus->bus) &&
		prot_smbus_link_next_tick(&smbus) == UINT64_MAX);
}

static bool quiet(void)
{
	return prot_serial_link_flush(&serial) &&
	       !prot_ast_uart_has_data(prot_ast_board.mctp) && smbus_is_quiet();
}

/* Any interrupt, masked or not, ends the sleep: none is slept over. */
static void op_idle(void *ctx, uint64_t until_ms)
{
	(void)ctx;
	(void)until_ms; /* the SysTick comes before */
	prot_ast_interrupts_off();
	if (quiet()) {
		prot_ast_wait_for_interrupt();
	}
	prot_ast_interrupts_on();
}

static bool all_sent(void)
{
	bool smbus_sent =
		config.link_count <= LINK_SMBUS ||
		prot_smbus_link_flush(
			&smbus, prot_clock_ms(prot_ast_board.seams.clock));

	return prot_serial_link_flush(&serial) &&
	       prot_ast_uart_sent(prot_ast_board.mctp) && smbus_sent;
}

/* The reply that announces the reset leaves first. */
static void drain(void)
{
	const struct prot_clock *c = prot_ast_board.seams.clock;
	uint64_t start = prot_clock_us(c);

	while (!all_sent() && prot_clock_us(c) - start < DRAIN_US) {
	}
}

static void op_reset(void *ctx, enum prot_reset_reason reason)
{
	(void)ctx;
	drain();
	prot_ast_board_stop();
	prot_ast_board_reset(reason);
}

static bool op_healthy(void *ctx)
{
	(void)ctx;
	return prot_runtime_variant.healthy;
}

static void say(const char *line)
{
	prot_firmware_print(&prot_ast_board.seams, line);
}

/* Hosts go when their flash is guarded, and not under a recovery image. */
static void start_hosts(enum prot_boot_mode mode)
{
	const struct prot_ast_monitors *m = prot_ast_board_monitors;
	const struct prot_ast_hosts *h = prot_ast_board_hosts;

	if (m && prot_ast_monitors_protect(m) != PROT_OK) {
		say("runtime: SPI monitors do not work, hosts are held");
		mode = PROT_BOOT_RECOVERY;
	}
	if (!h) {
		return;
	}
	if (prot_ast_platform_may_run(mode)) {
		if (prot_ast_hosts_release(h) == PROT_OK) {
			say("runtime: hosts released");
		}
	} else if (prot_ast_hosts_hold(h) == PROT_OK) {
		say("runtime: hosts held in reset");
	}
}

static void op_event(void *ctx, enum prot_device_event event, uint32_t a,
		     uint32_t b)
{
	(void)ctx;
	(void)b;
	if (event == PROT_DEVICE_EVENT_STARTED) {
		start_hosts((enum prot_boot_mode)a);
	}
}

static const struct prot_firmware_runtime_ops ops = {
	.start = op_start,
	.poll = op_poll,
	.idle = op_idle,
	.reset = op_reset,
	.healthy = op_healthy,
	.event = op_event,
};

/* How many links there are. */
static uint8_t make_links(void)
{
	const struct prot_ast_board_smbus *s = prot_ast_board_smbus;

	serial_uart.ctx = (void *)(uintptr_t)prot_ast_board.mctp;
	prot_serial_link_init(&serial, &serial_uart);
	links[LINK_SERIAL] = (struct prot_mctp_link){
		.ops = &prot_serial_link_ops,
		.ctx = &serial,
		.mtu = PROT_SERIAL_LINK_MTU,
		.binding = PROT_MCTP_BINDING_SERIAL,
	};
	if (!s || prot_smbus_link_init(&smbus, &s->link) != PROT_OK) {
		return LINK_SMBUS;
	}
	links[LINK_SMBUS] = (struct prot_mctp_link){
		.ops = &prot_smbus_link_ops,
		.ctx = &smbus,
		.mtu = PROT_SMBUS_LINK_MTU,
		.binding = PROT_MCTP_BINDING_SMBUS,
	};
	return LINKS;
}

void prot_ast_main(void)
{
	prot_ast_protect_runtime();
	prot_ast_board_early();
	config = (struct prot_firmware_runtime_config){
		.seams = prot_ast_board.seams,
		.ops = &ops,
		.name = prot_runtime_variant.name,
		.links = links,
		.link_count = make_links(),
		.spdm_version = PROT_SPDM_VERSION_13,
		.confirm_after_ms = CONFIRM_AFTER_MS,
		.trial_limit_ms = TRIAL_LIMIT_MS,
		.handoff = prot_ast_memory(SRAM_HANDOFF),
		.handoff_size = SRAM_HANDOFF_SIZE,
		.watchdog_ms = WATCHDOG_MS,
	};
	prot_firmware_runtime(&runtime, &config);
	prot_ast_reset(); /* not reached */
}
