/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

/*
 * Why the chip was reset decides how the boot stage counts: an image that ends
 * by the watchdog or a fault loses a try, one that was switched off does not.
 *
 * The runtime leaves its reason in memory that nobody loads (link_mailbox),
 * then resets. The boot stage reads it and puts "watchdog" there: whoever ends
 * without leaving another reason was ended by the watchdog.
 *
 *  - Prefer the chip's own reset register where it has one: it also tells
 *    power-on and external resets apart. Read it, then clear it, or the next
 *    start sees two reasons. The mailbox remains for "requested" and "fault",
 *    which hardware cannot know.
 *  - After power-on memory holds noise: the check value says so. Where memory
 *    does not survive a reset, use a scratch or backup register.
 *  - Mailbox and hand-off lie outside both programs, uncached.
 */

#define MAGIC 0x54534552u /* "REST" */

/* ARMv7-M Architecture Reference Manual, B3.2.6. */
#define AIRCR             ((volatile uint32_t *)0xE000ED0Cu)
#define AIRCR_SYSRESETREQ 0x05FA0004u /* with its key */

struct mailbox {
	uint32_t magic;
	uint32_t reason; /* enum prot_reset_reason */
	uint32_t check;  /* the reason, inverted */
};

static volatile struct mailbox *mailbox(void)
{
	return (volatile struct mailbox *)(uintptr_t)link_mailbox;
}

static void leave_reason(enum prot_reset_reason reason)
{
	volatile struct mailbox *m = mailbox();

	m->magic = MAGIC;
	m->reason = (uint32_t)reason;
	m->check = ~(uint32_t)reason;
}

enum prot_reset_reason prot_template_reset_reason(void)
{
	const volatile struct mailbox *m = mailbox();
	uint32_t reason = m->reason;

	if (m->magic != MAGIC || m->check != ~reason ||
	    reason >= PROT_RESET_REASON_COUNT) {
		reason = PROT_RESET_POWER_ON;
	}
	leave_reason(PROT_RESET_WATCHDOG);
	return (enum prot_reset_reason)reason;
}

_Noreturn void prot_template_reset(enum prot_reset_reason reason)
{
	leave_reason(reason);
	/* Here: wait until the UARTs have sent, 20 ms at most. */
	__asm__ volatile("dsb" ::: "memory");
	*AIRCR = AIRCR_SYSRESETREQ;
	__asm__ volatile("dsb" ::: "memory");
	for (;;) {
	}
}
