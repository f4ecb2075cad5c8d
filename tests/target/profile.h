/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PROFILE_H
#define PROT_PROFILE_H

/*
 * Where the time of a boot goes: images of the boot loader and of the runtime
 * with a stopwatch, put between their parts by the linker (--wrap). The
 * stopwatch is a timer that nobody else uses; it runs on when the runtime
 * starts. Under `-icount shift=0` a microsecond is 1000 instructions.
 */

#include "ast10x0.h"
#include "ast_timer.h"
#include "mailbox.h"
#include "sram_map.h"

#include <prot/base/status.h>

enum profile_phase {
	PROFILE_SIGNATURE,
	PROFILE_HASH,
	PROFILE_DICE,
	PROFILE_BOOT, /* from the start of the boot loader to its end */
	PROFILE_PHASES
};

/* In memory that neither image has for itself. */
struct profile {
	uint32_t us[PROFILE_PHASES];
};
#define PROFILE_ADDRESS 0xBFF00u

_Static_assert(PROFILE_ADDRESS >=
			       SRAM_MAILBOX + sizeof(struct prot_ast_mailbox) &&
		       PROFILE_ADDRESS + sizeof(struct profile) <=
			       SRAM_SHARED + SRAM_SHARED_SIZE,
	       "the profile stands behind the mailbox");

static inline struct profile *profile_memory(void)
{
	return (struct profile *)PROFILE_ADDRESS;
}

static const struct prot_ast_timer profile_stopwatch = {AST_TIMER_BASE, 8};

static inline void profile_start(void)
{
	prot_ast_timer_start(&profile_stopwatch, UINT32_MAX, false);
}

static inline uint32_t profile_us(void)
{
	return UINT32_MAX - prot_ast_timer_left(&profile_stopwatch);
}

#endif /* PROT_PROFILE_H */
