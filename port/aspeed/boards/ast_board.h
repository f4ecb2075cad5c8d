/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_BOARD_H
#define PROT_AST_BOARD_H

/*
 * One board, as objects: which drivers it has and how they are set up. A board
 * file defines `prot_ast_board`; an image is linked with exactly one.
 * Bring-up of another board: copy a board file, and its data in port/board.
 */

#include "ast_fmc.h"
#include "ast_i2c.h"
#include "ast_uart.h"
#include "platform.h"

#include <prot/crypto_wolfcrypt.h>
#include <prot/port/firmware.h>
#include <prot/port/noise_seed.h>
#include <prot/port/smbus_link.h>

/* MCTP over SMBus, for the runtime. */
struct prot_ast_board_smbus {
	const struct prot_ast_i2c *bus;
	uint32_t irq;
	struct prot_smbus_link_config link;
};

struct prot_ast_board {
	struct prot_firmware_seams seams;
	const struct prot_ast_uart *console;
	const struct prot_ast_uart *mctp; /* serial MCTP */
	uint32_t mctp_irq;
	const struct prot_ast_fmc *flash;   /* behind seams.flash */
	const struct prot_noise_seed *seed; /* of the DRBG */

	/* Clocks, pins, routing: before any driver. */
	void (*pins)(void);
	/* May be NULL. Memories and engines beyond the flash. */
	enum prot_status (*start)(void);
	/* What the chip says about the last reset; false: nothing. */
	bool (*reset_reason)(enum prot_reset_reason *reason);
	/* May be NULL. Before the runtime starts. */
	void (*leave)(void);
};

extern const struct prot_ast_board prot_ast_board;

/*
 * Objects of their own, so that an image that does without is linked without.
 * NULL: not on this board.
 */
extern const struct prot_ast_board_smbus *const prot_ast_board_smbus;
extern const struct prot_ast_hosts *const prot_ast_board_hosts;
extern const struct prot_ast_monitors *const prot_ast_board_monitors;

/* ---- The same on every board (board.c) ----------------------------------- */

/*
 * Clock, console. Not to be checked: whatever goes wrong later can be said,
 * and a device without a console still works.
 */
void prot_ast_board_early(void);

/*
 * Flash, OTP, noise source, crypto provider. What is not there is named on
 * the console.
 */
enum prot_status prot_ast_board_start(void);

/* Wait until a part has identified itself: for flash beyond that of seams. */
PROT_MUST_CHECK
enum prot_status prot_ast_board_flash_start(const struct prot_ast_fmc *flash);

/* Wipe keys and generator of the crypto provider. */
void prot_ast_board_stop(void);

/* Why this start happened; prints the record of a fault, if there is one. */
enum prot_reset_reason prot_ast_board_reset_reason(void);

/* Say why, let the console finish, reset. Does not return. */
void prot_ast_board_reset(enum prot_reset_reason reason);

/* wolfCrypt, usable after its part of prot_ast_board_start(). */
extern struct prot_wolfcrypt prot_ast_board_wolfcrypt;
extern const struct prot_crypto prot_ast_board_crypto;

#endif /* PROT_AST_BOARD_H */
