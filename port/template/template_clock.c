/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

/*
 * The second thing to write, after the console: a timer that counts on its own
 * from reset, 1 MHz or faster, and the division to microseconds.
 *
 *  - Never backwards, never wraps: extend a 32-bit counter to 64 bits in
 *    software. At 1 MHz it wraps every 71 minutes; somebody must look more
 *    often than that, and the main loop does. Read high, low, high again where
 *    the counter is two registers, or mask interrupts where a handler carries.
 *  - Not the cycle counter of the core, if that stops during WFI.
 *  - Boot stage and runtime each start at any value: nothing is compared
 *    across the two.
 *
 * Test: print prot_clock_ms() against a watch for a minute. Run over one wrap
 * by starting the counter shortly before it.
 */

/*
 * There is no timer. So that no wait is endless, each look is a microsecond:
 * time-outs come at some time, but nothing lasts as long as it says.
 */
static uint64_t looks;

static uint64_t now_us(void *ctx)
{
	(void)ctx;
	return ++looks;
}

static const struct prot_clock_ops clock_ops = {.now_us = now_us};

const struct prot_clock prot_template_clock = {.ops = &clock_ops};

enum prot_status prot_template_clock_start(void)
{
	return PROT_ERR_UNSUPPORTED;
}
