/* SPDX-License-Identifier: Apache-2.0 */
/* What the boards are, for people and for scripts that touch their flash. */
#include "cli_board.h"

#include <prot/base/compiler.h>

#include <inttypes.h>
#include <stdlib.h>

struct options {
	const char *name; /* NULL: all boards */
	bool json;
};

static const struct argp_option options[] = {
	{"json", 'j', NULL, 0, "print JSON", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	if (key == 'j') {
		o->json = true;
		return 0;
	}
	if (key == ARGP_KEY_NO_ARGS) {
		return 0;
	}
	return prot_cli_operand(key, arg, state, "BOARD", &o->name);
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[BOARD]",
	.doc = "Print what a board is: its names, its memories, and where "
	       "things lie in its flash. Without BOARD, one line for each.",
};

/* ---- the regions of the flash ---- */

struct region {
	const char *name;
	const struct prot_flash_region *at;
};

#define REGIONS 10

static void list_regions(const struct prot_board *b,
			 struct region list[REGIONS])
{
	const struct prot_flash_layout *l = b->layout;
	const struct region all[REGIONS] = {
		{"boot-loader", &b->boot_loader},
		{"bank-a", &l->bank[PROT_BANK_A]},
		{"bank-b", &l->bank[PROT_BANK_B]},
		{"golden", &l->bank[PROT_BANK_GOLDEN]},
		{"journal-0", &l->journal[0]},
		{"journal-1", &l->journal[1]},
		{"keys", &l->keys},
		{"identity", &l->identity},
		{"storage-0", &l->storage[0]},
		{"storage-1", &l->storage[1]},
	};

	for (size_t i = 0; i < REGIONS; i++) {
		list[i] = all[i];
	}
}

/* RFC 4122 section 3. */
static void uuid_text(const uint8_t uuid[PROT_BOARD_UUID_SIZE], char out[37])
{
	char digits[2 * PROT_BOARD_UUID_SIZE + 1];

	prot_cli_hex(uuid, PROT_BOARD_UUID_SIZE, digits);
	snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8,
		 digits + 12, digits + 16, digits + 20);
}

/* ---- tables ---- */

static void number(struct prot_cli_table *t, const char *name,
		   const char *format, uint32_t value)
{
	char text[32];

	/* "x": hexadecimal; anything else is decimal. */
	snprintf(text, sizeof(text), "%" PRIu32, value);
	if (format[0] == 'x') {
		snprintf(text, sizeof(text), "0x%" PRIx32, value);
	}
	prot_cli_table_row(t, 2, name, text);
}

static void print_regions(const struct prot_board *b)
{
	struct prot_cli_table t = {0};
	struct region list[REGIONS];

	list_regions(b, list);
	prot_cli_table_row(&t, 3, "region", "offset", "bytes");
	for (size_t i = 0; i < REGIONS; i++) {
		char offset[16];
		char size[16];

		snprintf(offset, sizeof(offset), "0x%06" PRIx32,
			 list[i].at->offset);
		snprintf(size, sizeof(size), "%" PRIu32, list[i].at->size);
		if (list[i].at->size != 0) {
			prot_cli_table_row(&t, 3, list[i].name, offset, size);
		}
	}
	prot_cli_table_print(&t, stdout);
}

static void print_board(const struct prot_board *b)
{
	struct prot_cli_table t = {0};
	char uuid[37];

	uuid_text(b->uuid, uuid);
	prot_cli_table_row(&t, 2, "board", b->name);
	prot_cli_table_row(&t, 2, "product", b->product);
	prot_cli_table_row(&t, 2, "vendor", b->vendor);
	prot_cli_table_row(&t, 2, "model", b->model);
	prot_cli_table_row(&t, 2, "uuid", uuid);
	number(&t, "bit in images", "u", b->bit);
	number(&t, "component", "x", b->component);
	number(&t, "boot svn", "u", b->boot_svn);
	number(&t, "flash bytes", "u", b->flash.size);
	number(&t, "sector bytes", "u", b->flash.sector_size);
	number(&t, "otp bytes", "u", b->otp_size);
	prot_cli_table_row(&t, 2, "otp in",
			   b->otp == PROT_BOARD_OTP_FLASH
				   ? "NOR flash, inverted"
				   : "fuses");
	if (b->otp_offset != 0) {
		number(&t, "otp offset", "x", b->otp_offset);
	}
	if (b->load_address != 0) {
		number(&t, "load address", "x", b->load_address);
		number(&t, "load bytes", "u", b->load_size);
	}
	prot_cli_table_print(&t, stdout);
	printf("\n");
	print_regions(b);
}

static void print_boards(void)
{
	struct prot_cli_table t = {0};

	prot_cli_table_row(&t, 4, "board", "bit", "flash KiB", "otp in");
	for (size_t i = 0; prot_cli_boards[i]; i++) {
		const struct prot_board *b = prot_cli_boards[i];
		char bit[16];
		char flash[16];

		snprintf(bit, sizeof(bit), "%u", b->bit);
		snprintf(flash, sizeof(flash), "%" PRIu32,
			 b->flash.size / 1024);
		prot_cli_table_row(&t, 4, b->name, bit, flash,
				   b->otp == PROT_BOARD_OTP_FLASH ? "flash"
								  : "fuses");
	}
	prot_cli_table_print(&t, stdout);
}

/* ---- JSON ---- */

static json_t *regions_json(const struct prot_board *b)
{
	struct region list[REGIONS];
	json_t *o = json_object();

	list_regions(b, list);
	for (size_t i = 0; i < REGIONS; i++) {
		const struct prot_flash_region *at = list[i].at;

		if (at->size != 0) {
			json_object_set_new(o, list[i].name,
					    json_pack("{s:I,s:I}", "offset",
						      (json_int_t)at->offset,
						      "size",
						      (json_int_t)at->size));
		}
	}
	return o;
}

static json_t *board_json(const struct prot_board *b)
{
	char uuid[37];

	uuid_text(b->uuid, uuid);
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:i,s:I,s:I,s:{s:I,s:I},s:{s:I,"
			 "s:I,s:b,s:I},"
			 "s:I,s:I,s:o}",
			 "name", b->name, "product", b->product, "vendor",
			 b->vendor, "model", b->model, "uuid", uuid, "bit",
			 (int)b->bit, "component", (json_int_t)b->component,
			 "boot_svn", (json_int_t)b->boot_svn, "flash", "size",
			 (json_int_t)b->flash.size, "sector_size",
			 (json_int_t)b->flash.sector_size, "otp", "size",
			 (json_int_t)b->otp_size, "offset",
			 (json_int_t)b->otp_offset, "in_flash",
			 b->otp == PROT_BOARD_OTP_FLASH, "flash_size",
			 (json_int_t)b->otp_flash_size, "load_address",
			 (json_int_t)b->load_address, "load_size",
			 (json_int_t)b->load_size, "regions", regions_json(b));
}

static json_t *boards_json(void)
{
	json_t *list = json_array();

	for (size_t i = 0; prot_cli_boards[i]; i++) {
		json_array_append_new(list, board_json(prot_cli_boards[i]));
	}
	return json_pack("{s:o}", "boards", list);
}

static int run(int argc, char **argv)
{
	struct options o = {0};
	const struct prot_board *b = NULL;

	prot_cli_parse(&argp, argc, argv, &o);
	if (o.name) {
		b = prot_cli_board_find(o.name);
		if (b == NULL) {
			prot_cli_error("there is no board '%s'", o.name);
			return PROT_EXIT_NO;
		}
	}
	if (o.json) {
		json_t *value = b ? board_json(b) : boards_json();

		prot_cli_json_print(value);
		json_decref(value);
	} else if (b) {
		print_board(b);
	} else {
		print_boards();
	}
	return PROT_EXIT_YES;
}

const struct prot_command prot_cmd_board = {
	"board", "print what the boards are: memories, layout, names", run};
