/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

#include <prot/port/serial_link.h>

/*
 * The runtime: prot_firmware_runtime() does the work. What is left for a port
 * are its links, the sleep, and what "healthy" means.
 */

#define VERSION          "0.1.0" /* for the console; the image header counts */
#define WATCHDOG_MS      4000u
#define PACKETS_PER_TURN 16

static struct prot_firmware_runtime runtime;
static struct prot_firmware_runtime_config config;
static struct prot_serial_link serial;

/* Another link: another line here, and its packets in op_poll(). */
static const struct prot_mctp_link links[] = {
	{.ops = &prot_serial_link_ops,
	 .ctx = &serial,
	 .mtu = PROT_SERIAL_LINK_MTU,
	 .binding = PROT_MCTP_BINDING_SERIAL},
};

static enum prot_status op_start(void *ctx)
{
	(void)ctx;
	return prot_template_start();
}

static void op_poll(void *ctx, struct prot_device *device, uint64_t now_ms)
{
	static const struct prot_mctp_addr nowhere; /* point to point */
	enum prot_status st = PROT_OK;
	uint8_t *packet;
	size_t len;

	(void)ctx;
	(void)prot_serial_link_flush(&serial);
	for (int n = 0; n < PACKETS_PER_TURN && st == PROT_OK; n++) {
		st = prot_serial_link_next(&serial, now_ms, &packet, &len);
		if (st == PROT_OK) {
			(void)prot_device_rx(device, 0, &nowhere, packet, len,
					     now_ms);
		}
	}
}

/*
 * An `idle` op would save power: mask interrupts, return if a UART has data or
 * room that is waited for, wait for an interrupt, unmask. A timer interrupt
 * must come by `until_ms`. Without one the loop spins, which is correct.
 */

/* What the links still hold leaves first, for 100 ms at most. */
static void op_reset(void *ctx, enum prot_reset_reason reason)
{
	uint64_t start = prot_clock_us(&prot_template_clock);

	(void)ctx;
	while (!prot_serial_link_flush(&serial) &&
	       prot_clock_us(&prot_template_clock) - start < 100000u) {
	}
	prot_template_crypto_stop();
	prot_template_reset(reason);
}

/*
 * Whether the board works as it should under this image: hosts came up, sensors
 * answer, the links carried something. A trial image that never says yes is
 * taken back. The blank board has nothing to look at, and says so.
 */
static bool op_healthy(void *ctx)
{
	(void)ctx;
	return false;
}

static const struct prot_firmware_runtime_ops ops = {
	.start = op_start,
	.poll = op_poll,
	.reset = op_reset,
	.healthy = op_healthy,
};

_Noreturn void prot_template_main(void)
{
	prot_serial_link_init(&serial, &prot_template_mctp_uart);
	config = (struct prot_firmware_runtime_config){
		.seams = prot_template_seams,
		.ops = &ops,
		.name = VERSION,
		.links = links,
		.link_count = PROT_ARRAY_SIZE(links),
		.spdm_version = PROT_SPDM_VERSION_13,
		.confirm_after_ms = PROT_DEVICE_CONFIRM_AFTER_MS,
		.trial_limit_ms = PROT_DEVICE_TRIAL_LIMIT_MS,
		.handoff = link_handoff,
		.handoff_size = (size_t)(link_handoff_end - link_handoff),
		.watchdog_ms = WATCHDOG_MS,
	};
	prot_firmware_runtime(&runtime, &config);
	for (;;) { /* not reached */
	}
}
