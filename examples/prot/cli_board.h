/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CLI_BOARD_H
#define PROT_CLI_BOARD_H

/* The boards that the commands know by name, and what an image must obey. */

#include "prot_cli.h"

#include <prot/port/board.h>
#include <prot/services/image.h>

/* All boards, in the order of their bits; ends with NULL. */
extern const struct prot_board *const prot_cli_boards[];

/* NULL, and nothing printed: no board has that name, or that bit. */
const struct prot_board *prot_cli_board_find(const char *name);
const struct prot_board *prot_cli_board_of_bit(unsigned bit);

/*
 * The argument of an option --board: the board of that name. "help" lists the
 * boards and ends the process; any other word is a usage error.
 */
const struct prot_board *prot_cli_board_option(struct argp_state *state,
					       const char *name);

/* The names in a set of bits, ", " between them; unknown bits are left out. */
#define PROT_CLI_BOARDS_TEXT 128
void prot_cli_board_names(uint64_t boards, char out[PROT_CLI_BOARDS_TEXT]);

/* The region of an image; `golden`: of the recovery image. */
const struct prot_flash_region *
prot_cli_board_region(const struct prot_board *board, bool golden);

/*
 * Whether an image of `len` bytes, header included, fits its bank of the
 * board, and whether it is made to be loaded where the board loads images.
 * False: the reason is printed; `path` names the image.
 */
bool prot_cli_board_check_size(const struct prot_board *board, bool golden,
			       const char *path, size_t len);
bool prot_cli_board_check_load(const struct prot_board *board, const char *path,
			       const struct prot_image_header *header);

/*
 * Whether the payload begins as the board expects it: a vector table at the
 * entry offset whose reset handler lies in the payload, where the board wants
 * one. What is not the bytes to load, or linked for another address, would
 * only be found out by a watchdog reset.
 */
bool prot_cli_board_check_payload(const struct prot_board *board,
				  const char *path,
				  const struct prot_image_header *header,
				  const uint8_t *payload);

#endif /* PROT_CLI_BOARD_H */
