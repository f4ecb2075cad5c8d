/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

/*
 * The third thing to write. What an update can break, only a watchdog repairs:
 * a trial image that hangs comes back to the boot stage by it.
 *
 *  - It resets the whole chip: core, peripherals, DMA engines. A reset of the
 *    core alone leaves a flash controller in the middle of a transaction.
 *  - Its clock must not be the one that software can stop, and it must count
 *    during WFI. Check that a debugger does not stop it for good.
 *  - `start` is the first op of all, before clock, console and the rest are
 *    brought up: what the watchdog needs itself is switched on in it.
 *  - `start` while it runs takes the new time over and starts it from there.
 *    Longer than the hardware can: the longest it can.
 *  - The boot stage arms it for the runtime and then jumps: it must go on
 *    counting through the jump.
 *  - After the reset the chip must be able to tell: template_reset.c.
 *
 * Test: a runtime that prints and then loops for ever must be back in the boot
 * stage after watchdog_ms, with "reset by watchdog".
 */

static void start(void *ctx, uint32_t timeout_ms)
{
	(void)ctx;
	(void)timeout_ms;
}

static void feed(void *ctx)
{
	(void)ctx;
}

static void stop(void *ctx)
{
	(void)ctx;
}

static const struct prot_watchdog_ops watchdog_ops = {
	.start = start,
	.feed = feed,
	.stop = stop,
};

const struct prot_watchdog prot_template_watchdog = {.ops = &watchdog_ops};
