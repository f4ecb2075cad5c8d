/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd_image.h"

#include "cli_board.h"
#include "cli_key.h"

#include <prot/base/wipe.h>

#include <inttypes.h>
#include <string.h>

struct options {
	const char *path;
	const char *key;
	bool json;
	bool verify;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'j':
		o->json = true;
		return 0;
	case 'k':
		o->key = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->verify && !o->key) {
			argp_error(state, "--key is required");
		}
		return 0;
	default:
		return prot_cli_operand(key, arg, state, "IMAGE", &o->path);
	}
}

/* ---- show ---- */

static const struct argp_option show_options[] = {
	{"json", 'j', NULL, 0, "print JSON", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static const struct argp show_argp = {
	.options = show_options,
	.parser = parse,
	.args_doc = "IMAGE",
	.doc = "Print what the header of an image says. Nothing is verified.",
};

static void flags_text(uint32_t flags, char out[64])
{
	snprintf(out, 64, "0x%" PRIx32 "%s%s%s", flags,
		 flags & PROT_IMAGE_FLAG_GOLDEN ? " golden" : "",
		 flags & PROT_IMAGE_FLAG_DEBUG ? " debug" : "",
		 flags & PROT_IMAGE_FLAG_CONFIRM ? " confirm" : "");
}

#define BOARDS_TEXT (PROT_CLI_BOARDS_TEXT + 24)

static void boards_text(uint64_t boards, char out[BOARDS_TEXT])
{
	char names[PROT_CLI_BOARDS_TEXT];

	prot_cli_board_names(boards, names);
	snprintf(out, BOARDS_TEXT, "0x%" PRIx64 "%s%s", boards,
		 names[0] ? " " : "", names);
}

static json_t *board_names_json(uint64_t boards)
{
	json_t *list = json_array();

	for (unsigned bit = 0; bit < 64; bit++) {
		const struct prot_board *b = prot_cli_board_of_bit(bit);

		if (b && (boards >> bit & 1) != 0) {
			json_array_append_new(list, json_string(b->name));
		}
	}
	return list;
}

static void row(struct prot_cli_table *t, const char *name, const char *format,
		uint64_t value)
{
	char text[32];

	/* The formats are the literals below, for one 64-bit number. */
	snprintf(text, sizeof(text), "%" PRIu64, value);
	if (format[0] == 'x') {
		snprintf(text, sizeof(text), "0x%" PRIx64, value);
	}
	prot_cli_table_row(t, 2, name, text);
}

static void show_table(const struct prot_image_header *h)
{
	struct prot_cli_table t = {0};
	char text[2 * PROT_IMAGE_DIGEST_SIZE + 1];
	char flags[64];
	char boards[BOARDS_TEXT];

	prot_cli_version_text(&h->version, text);
	prot_cli_table_row(&t, 2, "version", text);
	row(&t, "svn", "u", h->svn);
	row(&t, "svn floor", "u", h->svn_floor);
	row(&t, "component", "x", h->component);
	boards_text(h->boards, boards);
	prot_cli_table_row(&t, 2, "boards", boards);
	flags_text(h->flags, flags);
	prot_cli_table_row(&t, 2, "flags", flags);
	row(&t, "payload bytes", "u", h->payload_size);
	prot_cli_hex(h->digest, sizeof(h->digest), text);
	prot_cli_table_row(&t, 2, "payload sha384", text);
	row(&t, "load address", "x", h->load_address);
	row(&t, "entry", "x", h->entry);
	row(&t, "key index", "u", h->key_index);
	row(&t, "key epoch", "u", h->key_epoch);
	row(&t, "boot svn", "u", h->boot_svn);
	row(&t, "policy", "u", h->policy_version);
	prot_cli_printable(
		h->build_id,
		strnlen((const char *)h->build_id, sizeof(h->build_id)), flags,
		sizeof(flags));
	prot_cli_table_row(&t, 2, "build id", flags);
	prot_cli_table_print(&t, stdout);
}

static void show_json(const struct prot_image_header *h)
{
	char version[PROT_CLI_VERSION_TEXT];
	char digest[2 * PROT_IMAGE_DIGEST_SIZE + 1];
	char build_id[PROT_IMAGE_BUILD_ID_SIZE + 1];
	json_t *o;

	prot_cli_version_text(&h->version, version);
	prot_cli_hex(h->digest, sizeof(h->digest), digest);
	prot_cli_printable(
		h->build_id,
		strnlen((const char *)h->build_id, sizeof(h->build_id)),
		build_id, sizeof(build_id));
	o = json_pack(
		"{s:s,s:I,s:I,s:I,s:I,s:o,s:I,s:I,s:s,s:I,s:I,s:i,s:i,s:I,"
		"s:I,s:s}",
		"version", version, "svn", (json_int_t)h->svn, "svn_floor",
		(json_int_t)h->svn_floor, "component", (json_int_t)h->component,
		"boards", (json_int_t)h->boards, "board_names",
		board_names_json(h->boards), "flags", (json_int_t)h->flags,
		"payload_size", (json_int_t)h->payload_size, "payload_sha384",
		digest, "load_address", (json_int_t)h->load_address, "entry",
		(json_int_t)h->entry, "key_index", (int)h->key_index,
		"key_epoch", (int)h->key_epoch, "boot_svn",
		(json_int_t)h->boot_svn, "policy_version",
		(json_int_t)h->policy_version, "build_id", build_id);
	prot_cli_json_print(o);
	json_decref(o);
}

static int show_run(int argc, char **argv)
{
	struct options o = {0};
	struct prot_cli_image image;
	int code;

	prot_cli_parse(&show_argp, argc, argv, &o);
	code = prot_cli_image_load(o.path, &image);
	if (code != 0) {
		return code;
	}
	if (o.json) {
		show_json(&image.header);
	} else {
		show_table(&image.header);
	}
	prot_cli_blob_free(&image.file);
	return PROT_EXIT_YES;
}

const struct prot_command prot_cmd_image_show = {
	"show", "print what an image's header says", show_run};

/* ---- verify ---- */

static const struct argp_option verify_options[] = {
	{"key", 'k', "FILE", 0,
	 "public or private key (PEM) that signed (required)", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static const struct argp verify_argp = {
	.options = verify_options,
	.parser = parse,
	.args_doc = "IMAGE",
	.doc = "Verify the signature over an image's header and the digest of "
	       "its payload. Exit code 0: valid; 1: not; 2: could not tell.",
};

static enum prot_image_reason verify_image(struct prot_cli_crypto *c,
					   const struct prot_cli_image *image,
					   const uint8_t *point)
{
	uint8_t digest[PROT_HASH_MAX];
	enum prot_status st;

	if (image->header.hash != PROT_IMAGE_HASH_SHA384 ||
	    image->header.sig != PROT_IMAGE_SIG_ECDSA_P384) {
		return PROT_IMAGE_ALGORITHM;
	}
	do {
		st = prot_image_signature_verify(&c->crypto, point,
						 image->file.bytes);
	} while (st == PROT_PENDING);
	if (st != PROT_OK) {
		return st == PROT_ERR_AUTH ? PROT_IMAGE_SIGNATURE
					   : PROT_IMAGE_CRYPTO;
	}
	if (prot_crypto_hash(&c->crypto, PROT_HASH_SHA384, image->payload,
			     image->payload_len, digest) != PROT_OK) {
		return PROT_IMAGE_CRYPTO;
	}
	return prot_equal_ct(digest, image->header.digest,
			     PROT_IMAGE_DIGEST_SIZE)
		       ? PROT_IMAGE_ACCEPTED
		       : PROT_IMAGE_DIGEST;
}

static int verify_run(int argc, char **argv)
{
	struct options o = {.verify = true};
	enum prot_image_reason reason = PROT_IMAGE_CRYPTO;
	uint8_t point[PROT_CLI_PUBLIC_KEY];
	struct prot_cli_image image;
	struct prot_cli_crypto c;
	int code;

	prot_cli_parse(&verify_argp, argc, argv, &o);
	code = prot_cli_image_load(o.path, &image);
	if (code != 0) {
		return code;
	}
	code = PROT_EXIT_FAILED;
	if (prot_cli_crypto_open(&c)) {
		if (prot_cli_public_load(&c, o.key, point)) {
			reason = verify_image(&c, &image, point);
			code = reason == PROT_IMAGE_ACCEPTED ? PROT_EXIT_YES
							     : PROT_EXIT_NO;
		}
		prot_cli_crypto_close(&c);
	}
	prot_cli_blob_free(&image.file);
	if (code == PROT_EXIT_YES) {
		printf("%s: valid\n", o.path);
	} else if (code == PROT_EXIT_NO) {
		prot_cli_error("%s: %s", o.path,
			       prot_image_reason_text(reason));
	}
	return reason == PROT_IMAGE_CRYPTO ? PROT_EXIT_FAILED : code;
}

const struct prot_command prot_cmd_image_verify = {
	"verify", "verify an image with a key", verify_run};
