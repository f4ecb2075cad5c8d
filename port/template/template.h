/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_TEMPLATE_H
#define PROT_TEMPLATE_H

/*
 * The blank port: what its files offer one another. Each seam is an object
 * here and a file beside this one; a file says what to write, in which order,
 * and what is easily got wrong. docs/porting.md walks through them.
 *
 * Both programs, boot stage and runtime, are linked with all of it.
 */

#include <prot/port/entropy.h>
#include <prot/port/firmware.h>
#include <prot/port/uart.h>

#include <stddef.h>
#include <stdint.h>

/* ---- Seams -----------------------------------------------------------------
 */

extern const struct prot_board prot_board_template;       /* template_board.c */
extern const struct prot_clock prot_template_clock;       /* template_clock.c */
extern const struct prot_uart prot_template_console;      /* template_uart.c */
extern const struct prot_uart prot_template_mctp_uart;    /* template_uart.c */
extern const struct prot_watchdog prot_template_watchdog; /* _watchdog.c */
extern const struct prot_flash prot_template_flash;       /* template_flash.c */
extern const struct prot_otp prot_template_otp;           /* template_otp.c */
extern const struct prot_entropy prot_template_entropy;   /* _entropy.c */
extern const struct prot_crypto prot_template_crypto;     /* _crypto*.c */

/* All of them, for prot/port/firmware.h. */
extern const struct prot_firmware_seams prot_template_seams;

/* ---- Bring-up of what may fail ---------------------------------------------
 */

/*
 * Each brings up its hardware; PROT_ERR_UNSUPPORTED: there is no driver yet.
 * The first two are needed before anything can be said or timed.
 */
enum prot_status prot_template_clock_start(void);
enum prot_status prot_template_uart_start(void);
enum prot_status prot_template_flash_start(void);
enum prot_status prot_template_otp_start(void);
enum prot_status prot_template_entropy_start(void);
enum prot_status prot_template_crypto_start(void);
/* Wipe keys and generator of the provider. */
void prot_template_crypto_stop(void);

/*
 * All of them in their order, for the `start` op of either program: each one
 * that fails is named on the console; returns the first error.
 */
enum prot_status prot_template_start(void);

/* ---- Reset (template_reset.c) -----------------------------------------------
 */

/* Why the chip started, as well as it can be known. For the boot stage. */
enum prot_reset_reason prot_template_reset_reason(void);

/* Keep the reason for the next start and reset the chip. */
_Noreturn void prot_template_reset(enum prot_reset_reason reason);

/* ---- Processor (template_startup.c) -----------------------------------------
 */

/* Each program has one; runs with its data in place, interrupts off. */
_Noreturn void prot_template_main(void);

/* Start the program whose vector table is there. */
_Noreturn void prot_template_jump(uint32_t vector_table);

/* Sleep until an interrupt is pending, a masked one included. */
void prot_template_wait_for_interrupt(void);

/* ---- Memory, from the linker script
 * ------------------------------------------ */

extern const uint8_t link_image_start[]; /* of this program: vectors first */
extern const uint8_t link_image_end[];
extern uint8_t link_load[]; /* where runtimes are loaded */
extern uint8_t link_handoff[];
extern uint8_t link_handoff_end[];
extern uint8_t link_mailbox[];

#endif /* PROT_TEMPLATE_H */
