/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_PLATFORM_H
#define PROT_AST_PLATFORM_H

/*
 * The platform behind the Root of Trust: its hosts are held in reset until an
 * image that may serve them runs, and read their flash through SPI monitors.
 *
 *	power-on: the boot loader holds the hosts
 *	runtime, normal or trial: monitors filter and are locked, hosts go
 *	recovery, lockdown: hosts stay
 *
 * A reset of this chip alone does not touch hosts that run.
 */

#include "ast_spim.h"

#include <prot/port/gpio.h>
#include <prot/services/boot.h>

#include <stdint.h>

/* Const. Reset lines are low when they hold. */
struct prot_ast_hosts {
	struct prot_gpio gpio;
	const uint16_t *resets; /* pins */
	uint8_t count;
};

/* PROT_ERR_ARG: a pin does not exist; the others are driven all the same. */
enum prot_status prot_ast_hosts_hold(const struct prot_ast_hosts *h);
enum prot_status prot_ast_hosts_release(const struct prot_ast_hosts *h);

/* Const. */
struct prot_ast_monitors {
	const struct prot_ast_spim *units;
	uint8_t count;
};

/*
 * Every unit filters by its policy and is locked. A unit that was locked
 * before, in an earlier life of a runtime, stays as it is. Any other status:
 * one of them does not do what it should, and hosts must not go.
 */
PROT_MUST_CHECK
enum prot_status prot_ast_monitors_protect(const struct prot_ast_monitors *m);

/*
 * The next thing that a unit blocked, each once; *unit is its number.
 * PROT_ERR_NOT_FOUND: none is left.
 */
PROT_MUST_CHECK
enum prot_status prot_ast_monitors_next(const struct prot_ast_monitors *m,
					uint32_t *unit,
					struct prot_ast_spim_event *event);

/* Whether hosts may run under an image that was started so. */
static inline bool prot_ast_platform_may_run(enum prot_boot_mode mode)
{
	return mode == PROT_BOOT_NORMAL || mode == PROT_BOOT_TRIAL;
}

/* "SPI monitor 1: command 0xc7 blocked", without a line end. */
void prot_ast_monitors_line(uint32_t unit,
			    const struct prot_ast_spim_event *event, char *out,
			    size_t cap);

#endif /* PROT_AST_PLATFORM_H */
