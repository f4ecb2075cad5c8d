/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_ABR_H
#define PROT_AST_ABR_H

/*
 * Alternate boot: a timer of the FMC that runs from reset when the straps say
 * so. Unless firmware stops it, the chip starts again from the other flash, or
 * from the other half of the only one.
 *
 * QEMU 7.2: not modelled; the control register keeps bit 0 alone.
 */

#include <stdbool.h>
#include <stdint.h>

/* Registers, of the FMC. */
#define AST_ABR_CTRL    0x64u
#define AST_ABR_RELOAD  0x68u /* read: what is left stands above */
#define AST_ABR_RESTART 0x6Cu

#define AST_ABR_CTRL_ENABLE          (1u << 0)
#define AST_ABR_CTRL_ALTERNATE       (1u << 4) /* runs from the other one */
#define AST_ABR_CTRL_SINGLE          (1u << 5)
#define AST_ABR_CTRL_EVENTS_SHIFT    8u /* 8 bits: times that it ran out */
#define AST_ABR_CTRL_CLEAR_INDICATOR 0x00EA0000u
#define AST_ABR_CTRL_CLEAR_EVENTS    0xEA000000u
#define AST_ABR_CTRL_CLEAR_KEYS      0xFFFF0000u

#define AST_ABR_RELOAD_MAX  0x1FFFu
#define AST_ABR_TICK_MS     100u
#define AST_ABR_RESTART_KEY 0x4755u

struct prot_ast_abr {
	bool strapped;  /* the straps ask for alternate boot */
	bool armed;     /* the timer runs */
	bool single;    /* two halves of one flash, not two flashes */
	bool alternate; /* this start came from the other one */
	uint8_t events; /* times that the timer ran out */
};

void prot_ast_abr_state(struct prot_ast_abr *state);

/* More time from now on, up to 819 s; for starts that take long. */
void prot_ast_abr_extend(uint32_t ms);

/* The start has succeeded: stop the timer. What runs, goes on running. */
void prot_ast_abr_confirm(void);

/*
 * Forget that the alternate flash was used, and how often: the next reset
 * starts from the primary one.
 */
void prot_ast_abr_clear(void);

#endif /* PROT_AST_ABR_H */
