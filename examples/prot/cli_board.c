/* SPDX-License-Identifier: Apache-2.0 */
#include "cli_board.h"

#include <prot/base/cursor.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct prot_board *const prot_cli_boards[] = {
	&prot_board_posix,
	&prot_board_ast1030_evb,
	&prot_board_ast1060_evb,
	NULL,
};

const struct prot_board *prot_cli_board_find(const char *name)
{
	for (size_t i = 0; prot_cli_boards[i]; i++) {
		if (strcmp(prot_cli_boards[i]->name, name) == 0) {
			return prot_cli_boards[i];
		}
	}
	return NULL;
}

const struct prot_board *prot_cli_board_of_bit(unsigned bit)
{
	for (size_t i = 0; prot_cli_boards[i]; i++) {
		if (prot_cli_boards[i]->bit == bit) {
			return prot_cli_boards[i];
		}
	}
	return NULL;
}

const struct prot_board *prot_cli_board_option(struct argp_state *state,
					       const char *name)
{
	const struct prot_board *board = prot_cli_board_find(name);

	if (strcmp(name, "help") == 0) {
		for (size_t i = 0; prot_cli_boards[i]; i++) {
			printf("%s\n", prot_cli_boards[i]->name);
		}
		exit(PROT_EXIT_YES);
	}
	if (board == NULL) {
		argp_error(state,
			   "there is no board '%s'; --board help lists them",
			   name);
	}
	return board;
}

void prot_cli_board_names(uint64_t boards, char out[PROT_CLI_BOARDS_TEXT])
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; prot_cli_boards[i]; i++) {
		const struct prot_board *b = prot_cli_boards[i];

		if ((boards >> b->bit & 1) != 0 && len < PROT_CLI_BOARDS_TEXT) {
			len += (size_t)snprintf(
				out + len, PROT_CLI_BOARDS_TEXT - len, "%s%s",
				len ? ", " : "", b->name);
		}
	}
}

const struct prot_flash_region *
prot_cli_board_region(const struct prot_board *board, bool golden)
{
	return &board->layout->bank[golden ? PROT_BANK_GOLDEN : PROT_BANK_A];
}

bool prot_cli_board_check_size(const struct prot_board *board, bool golden,
			       const char *path, size_t len)
{
	const struct prot_flash_region *bank =
		prot_cli_board_region(board, golden);

	if (len > bank->size) {
		prot_cli_error("%s: %s: %zu bytes with the header, the %s of "
			       "%s takes %" PRIu32,
			       path, prot_image_reason_text(PROT_IMAGE_SIZE),
			       len, golden ? "golden bank" : "bank",
			       board->name, bank->size);
	}
	return len <= bank->size;
}

bool prot_cli_board_check_load(const struct prot_board *board, const char *path,
			       const struct prot_image_header *header)
{
	if (board->load_address != 0 &&
	    header->load_address != board->load_address) {
		prot_cli_error("%s: the image is for load address 0x%" PRIx32
			       ", %s loads at 0x%" PRIx32,
			       path, header->load_address, board->name,
			       board->load_address);
		return false;
	}
	if (board->load_size != 0 && header->payload_size > board->load_size) {
		prot_cli_error("%s: the payload has %" PRIu32
			       " bytes, %s has room to load %" PRIu32,
			       path, header->payload_size, board->name,
			       board->load_size);
		return false;
	}
	return true;
}

/* The reset handler's address: Thumb, and among what is loaded. */
static bool is_vector_table(const struct prot_image_header *h,
			    const uint8_t *payload)
{
	struct prot_rd r =
		prot_rd_init(payload + h->entry, h->payload_size - h->entry);
	uint32_t stack = prot_rd_le32(&r);
	uint32_t reset = prot_rd_le32(&r);

	return prot_rd_ok(&r) && stack != 0 && stack % 4 == 0 &&
	       reset % 2 == 1 && reset > h->load_address &&
	       reset - h->load_address < h->payload_size;
}

bool prot_cli_board_check_payload(const struct prot_board *board,
				  const char *path,
				  const struct prot_image_header *header,
				  const uint8_t *payload)
{
	bool elf =
		header->payload_size >= 4 && memcmp(payload, "\177ELF", 4) == 0;

	if (board->entry != PROT_BOARD_ENTRY_VECTORS) {
		return true;
	}
	if (elf) {
		prot_cli_error("%s: an ELF file; %s loads raw bytes (objcopy "
			       "-O binary)",
			       path, board->name);
	} else if (!is_vector_table(header, payload)) {
		prot_cli_error("%s: no vector table for load address 0x%" PRIx32
			       " at its entry; %s starts it there",
			       path, header->load_address, board->name);
	} else {
		return true;
	}
	return false;
}
