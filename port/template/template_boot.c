/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

/*
 * The boot stage: prot_firmware_boot() does the work. What is left for a port
 * is `leave` and, where hosts are held in reset by pins, `halt`.
 */

/* Three keys and two signatures must fit, three times over. */
#define WATCHDOG_MS 10000u
/* From the jump to the first tick of the runtime. */
#define RUNTIME_WATCHDOG_MS 5000u

static struct prot_firmware_boot boot;
static struct prot_firmware_boot_config config;

static enum prot_status op_start(void *ctx)
{
	(void)ctx;
	return prot_template_start();
}

static enum prot_reset_reason op_reset_reason(void *ctx)
{
	(void)ctx;
	return prot_template_reset_reason();
}

/*
 * From here on only the runtime runs. To be written, each until the next reset:
 * the UDS can no longer be read; the sectors of the boot stage can no longer be
 * written; debug ports are closed in lifecycles from production on; no DMA
 * engine and no interrupt is active. Where there is an MPU or a firewall, the
 * boot stage's memory is out of reach.
 */
static void op_leave(void *ctx)
{
	(void)ctx;
	prot_template_crypto_stop();
}

static void op_jump(void *ctx, uint32_t entry)
{
	(void)ctx;
	prot_template_jump(entry);
}

static void op_halt(void *ctx)
{
	(void)ctx;
	prot_template_wait_for_interrupt();
}

static const struct prot_firmware_boot_ops ops = {
	.start = op_start,
	.reset_reason = op_reset_reason,
	.leave = op_leave,
	.jump = op_jump,
	.halt = op_halt,
};

_Noreturn void prot_template_main(void)
{
	config = (struct prot_firmware_boot_config){
		.seams = prot_template_seams,
		.ops = &ops,
		.code = {{link_image_start,
			  (size_t)(link_image_end - link_image_start)}},
		.load = link_load,
		.handoff = link_handoff,
		.handoff_size = (size_t)(link_handoff_end - link_handoff),
		.watchdog_ms = WATCHDOG_MS,
		.runtime_watchdog_ms = RUNTIME_WATCHDOG_MS,
	};
	prot_firmware_boot(&boot, &config);
	for (;;) { /* not reached */
	}
}
