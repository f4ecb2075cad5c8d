/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd_image.h"

#include "cli_board.h"
#include "cli_key.h"

#include <prot/services/svn.h>

#include <stdlib.h>
#include <string.h>

enum {
	OPT_COMPONENT = 0x100,
	OPT_BOARD,
	OPT_GOLDEN,
	OPT_DEBUG,
	OPT_CONFIRM,
	OPT_KEY_INDEX,
	OPT_KEY_EPOCH,
	OPT_SVN_FLOOR,
	OPT_BOOT_SVN,
	OPT_POLICY,
	OPT_LOAD,
	OPT_ENTRY,
	OPT_BUILD_ID,
};

static const struct argp_option options[] = {
	{"key", 'k', "FILE", 0, "private key that signs (required)", 0},
	{"image-version", 'v', "A.B.C[.D]", 0, "version (required)", 0},
	{"svn", 's', "N", 0, "security version number, 0..256 (required)", 0},
	{"output", 'o', "FILE", 0, "where to write the image (required)", 0},
	{"component", OPT_COMPONENT, "ID", 0,
	 "component identifier (default 1, runtime firmware)", 0},
	{"board", OPT_BOARD, "BOARD", 0,
	 "a board that the image runs on, by its name or its bit, 0..63; may "
	 "be "
	 "repeated (default 0); 'help' lists the names. A name also gives load "
	 "address and component, and the image is checked against the board",
	 0},
	{"golden", OPT_GOLDEN, NULL, 0, "may stand in the golden bank", 0},
	{"debug", OPT_DEBUG, NULL, 0, "runs in debug lifecycles only", 0},
	{"confirm", OPT_CONFIRM, NULL, 0,
	 "the device confirms it only after all health checks", 0},
	{"key-index", OPT_KEY_INDEX, "N", 0,
	 "OTP slot of the signing key (default 0)", 0},
	{"key-epoch", OPT_KEY_EPOCH, "N", 0,
	 "epoch of the signing key, 0..31 (default 0)", 0},
	{"svn-floor", OPT_SVN_FLOOR, "N", 0,
	 "floor to commit when the image is confirmed (default: its SVN)", 0},
	{"boot-svn", OPT_BOOT_SVN, "N", 0,
	 "lowest SVN of the boot stage that may start it (default 0)", 0},
	{"policy", OPT_POLICY, "N", 0,
	 "lowest policy version that it runs under (default 0)", 0},
	{"load-address", OPT_LOAD, "ADDR", 0,
	 "load address (default: the board's, or 0)", 0},
	{"entry", OPT_ENTRY, "OFFSET", 0,
	 "entry point, offset into the payload (default 0)", 0},
	{"build-id", OPT_BUILD_ID, "TEXT", 0, "up to 32 characters, for people",
	 0},
	{"force", 'f', NULL, 0, "replace an existing image", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

struct sign {
	struct prot_image_header header;
	const char *key;
	const char *output;
	const char *payload;
	/* Those that were named; each at most once. */
	const struct prot_board *board[64];
	size_t board_count;
	bool has_load;
	bool has_version;
	bool has_svn;
	bool has_floor;
	bool force;
};

static void set_build_id(struct sign *s, struct argp_state *state,
			 const char *text)
{
	size_t len = strlen(text);

	if (len > PROT_IMAGE_BUILD_ID_SIZE) {
		argp_error(state, "--build-id has more than %d characters",
			   PROT_IMAGE_BUILD_ID_SIZE);
	}
	memset(s->header.build_id, 0, sizeof(s->header.build_id));
	memcpy(s->header.build_id, text, len);
}

static void add_board(struct sign *s, struct argp_state *state, const char *arg)
{
	struct prot_image_header *h = &s->header;
	const struct prot_board *board;

	if (arg[0] >= '0' && arg[0] <= '9') {
		h->boards |= UINT64_C(1)
			     << prot_cli_number(state, "--board", arg, 63);
		return;
	}
	board = prot_cli_board_option(state, arg);
	for (size_t i = 0; i < s->board_count; i++) {
		if (s->board[i] == board) {
			return;
		}
	}
	h->boards |= UINT64_C(1) << board->bit;
	s->board[s->board_count++] = board;
}

/* What the named boards say, where no option says it. */
static void take_board_facts(struct sign *s, struct argp_state *state)
{
	struct prot_image_header *h = &s->header;
	const struct prot_board *first = s->board[0];

	for (size_t i = 1; i < s->board_count; i++) {
		const struct prot_board *b = s->board[i];

		if ((!s->has_load && b->load_address != first->load_address) ||
		    (h->component == 0 && b->component != first->component)) {
			argp_error(state,
				   "%s and %s differ in load address or "
				   "component: no image is for both",
				   first->name, b->name);
		}
	}
	if (!s->has_load) {
		h->load_address = first->load_address;
	}
	if (h->component == 0) {
		h->component = first->component;
	}
}

/* Options that are one number. False: not one of them. */
static bool parse_number(struct sign *s, int key, const char *arg,
			 struct argp_state *state)
{
	struct prot_image_header *h = &s->header;

	switch (key) {
	case OPT_COMPONENT:
		h->component = (uint32_t)prot_cli_number(state, "--component",
							 arg, 0xFFFF);
		return true;
	case OPT_BOARD:
		add_board(s, state, arg);
		return true;
	case OPT_KEY_INDEX:
		h->key_index = (uint16_t)prot_cli_number(
			state, "--key-index", arg, PROT_OTP_KEY_SLOTS - 1);
		return true;
	case OPT_KEY_EPOCH:
		h->key_epoch = (uint16_t)prot_cli_number(
			state, "--key-epoch", arg, PROT_IMAGE_EPOCHS - 1);
		return true;
	case OPT_BOOT_SVN:
		h->boot_svn = (uint32_t)prot_cli_number(state, "--boot-svn",
							arg, UINT32_MAX);
		return true;
	case OPT_POLICY:
		h->policy_version = (uint32_t)prot_cli_number(state, "--policy",
							      arg, UINT32_MAX);
		return true;
	case OPT_LOAD:
		h->load_address = (uint32_t)prot_cli_number(
			state, "--load-address", arg, UINT32_MAX);
		s->has_load = true;
		return true;
	case OPT_ENTRY:
		h->entry = (uint32_t)prot_cli_number(state, "--entry", arg,
						     UINT32_MAX);
		return true;
	default:
		return false;
	}
}

static error_t end_of_options(struct sign *s, struct argp_state *state)
{
	if (!s->key || !s->output || !s->has_version || !s->has_svn) {
		argp_error(state, "--key, --image-version, --svn and --output "
				  "are required");
	}
	if (s->board_count != 0) {
		take_board_facts(s, state);
	}
	if (s->header.component == 0) {
		s->header.component = 1;
	}
	if (s->header.boards == 0) {
		s->header.boards = 1;
	}
	if (!s->has_floor) {
		s->header.svn_floor = s->header.svn;
	}
	if (s->header.svn_floor > s->header.svn) {
		argp_error(state, "--svn-floor is above --svn");
	}
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct sign *s = state->input;

	if (parse_number(s, key, arg, state)) {
		return 0;
	}
	switch (key) {
	case 'k':
		s->key = arg;
		return 0;
	case 'o':
		s->output = arg;
		return 0;
	case 'f':
		s->force = true;
		return 0;
	case 'v':
		if (!prot_cli_version_parse(arg, &s->header.version)) {
			argp_error(state, "'%s' is not a version", arg);
		}
		s->has_version = true;
		return 0;
	case 's':
		s->header.svn = (uint32_t)prot_cli_number(
			state, "--svn", arg, (unsigned long)PROT_SVN_MAX);
		s->has_svn = true;
		return 0;
	case OPT_SVN_FLOOR:
		s->header.svn_floor = (uint32_t)prot_cli_number(
			state, "--svn-floor", arg, (unsigned long)PROT_SVN_MAX);
		s->has_floor = true;
		return 0;
	case OPT_GOLDEN:
		s->header.flags |= PROT_IMAGE_FLAG_GOLDEN;
		return 0;
	case OPT_DEBUG:
		s->header.flags |= PROT_IMAGE_FLAG_DEBUG;
		return 0;
	case OPT_CONFIRM:
		s->header.flags |= PROT_IMAGE_FLAG_CONFIRM;
		return 0;
	case OPT_BUILD_ID:
		set_build_id(s, state, arg);
		return 0;
	case ARGP_KEY_END:
		return end_of_options(s, state);
	default:
		return prot_cli_operand(key, arg, state, "PAYLOAD",
					&s->payload);
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "PAYLOAD",
	.doc = "Sign a payload: the image is a header of 512 bytes, which "
	       "holds the payload's digest and the signature, then PAYLOAD. "
	       "On POSIX the payload is the runtime's executable; on boards "
	       "without an operating system the bytes to load, with the "
	       "vector table at the entry offset.",
};

/* Against every board that was named. */
static bool check_boards(const struct sign *s,
			 const struct prot_cli_blob *payload)
{
	const struct prot_image_header *h = &s->header;
	bool golden = h->flags & PROT_IMAGE_FLAG_GOLDEN;
	bool ok = true;

	for (size_t i = 0; i < s->board_count && ok; i++) {
		const struct prot_board *b = s->board[i];

		ok = prot_cli_board_check_size(
			     b, golden, s->payload,
			     payload->len + PROT_IMAGE_HEADER_SIZE) &&
		     prot_cli_board_check_load(b, s->payload, h) &&
		     prot_cli_board_check_payload(b, s->payload, h,
						  payload->bytes);
	}
	return ok;
}

static bool sign_with(struct prot_cli_crypto *c, struct sign *s,
		      const struct prot_cli_blob *payload,
		      uint8_t raw[PROT_IMAGE_HEADER_SIZE])
{
	enum prot_status st;
	prot_key key;

	if (!prot_cli_key_load(c, s->key, &key)) {
		return false;
	}
	do {
		st = prot_image_sign(&c->crypto, key, &s->header,
				     payload->bytes, raw);
	} while (st == PROT_PENDING);
	if (st != PROT_OK) {
		prot_cli_error("cannot sign: %s", prot_status_text(st));
	}
	return st == PROT_OK;
}

static bool write_image(const struct sign *s,
			const uint8_t raw[PROT_IMAGE_HEADER_SIZE],
			const struct prot_cli_blob *payload)
{
	size_t len = PROT_IMAGE_HEADER_SIZE + payload->len;
	uint8_t *image = prot_cli_alloc(len);
	bool ok;

	memcpy(image, raw, PROT_IMAGE_HEADER_SIZE);
	memcpy(image + PROT_IMAGE_HEADER_SIZE, payload->bytes, payload->len);
	ok = prot_cli_write_file(s->output, image, len,
				 s->force ? PROT_CLI_REPLACE : PROT_CLI_NEW);
	free(image);
	return ok;
}

static int run(int argc, char **argv)
{
	struct sign s = {0};
	struct prot_cli_crypto c;
	struct prot_cli_blob payload;
	uint8_t raw[PROT_IMAGE_HEADER_SIZE];
	bool ok;

	prot_cli_parse(&argp, argc, argv, &s);
	if (!prot_cli_read_file(s.payload, PROT_CLI_IMAGE_MAX, &payload)) {
		return PROT_EXIT_FAILED;
	}
	s.header.payload_size = (uint32_t)payload.len;
	ok = payload.len > 0 && s.header.entry < payload.len;
	if (!ok) {
		prot_cli_error("%s: %s", s.payload,
			       payload.len == 0
				       ? "the payload is empty"
				       : "--entry lies outside the payload");
	}
	ok = ok && check_boards(&s, &payload);
	if (ok && prot_cli_crypto_open(&c)) {
		ok = sign_with(&c, &s, &payload, raw) &&
		     write_image(&s, raw, &payload);
		prot_cli_crypto_close(&c);
	} else {
		ok = false;
	}
	prot_cli_blob_free(&payload);
	return ok ? PROT_EXIT_YES : PROT_EXIT_FAILED;
}

const struct prot_command prot_cmd_image_sign = {
	"sign", "make a signed image from a payload", run};
