/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reference values for `prot attest --refs`, from images that a release
 * process holds: what a device that runs one of them will report.
 */

#include "cmd_image.h"

#include "cli_key.h"

#include <prot/services/measurement.h>

#include <stdlib.h>
#include <string.h>

#define BOOT_STAGE_MAX (64u << 20) /* bytes of the program */

enum {
	OPT_BOOT_STAGE = 0x100,
	OPT_RECOVERY,
};

static const struct argp_option options[] = {
	{"output", 'o', "FILE", 0, "where to write (default: standard output)",
	 0},
	{"boot-stage", OPT_BOOT_STAGE, "FILE", 0,
	 "the program that boots the images (default: this one)", 0},
	{"recovery", OPT_RECOVERY, NULL, 0,
	 "values of a device that came up with its golden image", 0},
	{"force", 'f', NULL, 0, "replace an existing file", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

struct refs {
	const char *output;
	const char *boot_stage;
	bool recovery;
	bool force;
	char **images;
	size_t image_count;

	struct prot_cli_crypto crypto;
	uint8_t boot_digest[PROT_HASH_MAX];
	json_t *entry[0x100]; /* by measurement index */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct refs *r = state->input;

	switch (key) {
	case 'o':
		r->output = arg;
		return 0;
	case 'f':
		r->force = true;
		return 0;
	case OPT_BOOT_STAGE:
		r->boot_stage = arg;
		return 0;
	case OPT_RECOVERY:
		r->recovery = true;
		return 0;
	case ARGP_KEY_ARGS:
		r->images = state->argv + state->next;
		r->image_count = (size_t)(state->argc - state->next);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "IMAGE is missing");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "IMAGE...",
	.doc = "Write the reference values that 'prot attest --refs' compares "
	       "with: what a production device reports that runs one of the "
	       "images. Several images are alternatives, for instance before "
	       "and after an update. The images are not verified.",
};

static bool measure_boot_stage(struct refs *r)
{
	const char *path = r->boot_stage ? r->boot_stage : "/proc/self/exe";
	struct prot_cli_blob file;
	enum prot_status st;

	if (!prot_cli_read_file(path, BOOT_STAGE_MAX, &file)) {
		return false;
	}
	st = prot_crypto_hash(&r->crypto.crypto, PROT_HASH_SHA384, file.bytes,
			      file.len, r->boot_digest);
	prot_cli_blob_free(&file);
	if (st != PROT_OK) {
		prot_cli_error("cannot measure %s: %s", path,
			       prot_status_text(st));
	}
	return st == PROT_OK;
}

/* Add one more alternative, unless it is there already. */
static void add_text(json_t *entry, const char *key, const char *text)
{
	json_t *list = json_object_get(entry, key);
	const json_t *item;
	size_t i;

	if (list == NULL) {
		json_object_set_new(entry, key, json_array());
		list = json_object_get(entry, key);
	}
	json_array_foreach(list, i, item)
	{
		if (strcmp(json_string_value(item), text) == 0) {
			return;
		}
	}
	json_array_append_new(list, json_string(text));
}

/* The lowest of all images' SVNs is what may be found. */
static void add_minimum(json_t *entry, uint32_t svn)
{
	const json_t *min = json_object_get(entry, "min");

	if (min == NULL || json_integer_value(min) > (json_int_t)svn) {
		json_object_set_new(entry, "min", json_integer(svn));
	}
}

static json_t *entry_of(struct refs *r, uint8_t index)
{
	if (r->entry[index] == NULL) {
		r->entry[index] =
			json_pack("{s:i,s:s}", "index", (int)index, "name",
				  prot_measurement_name(index));
	}
	return r->entry[index];
}

static void add_value(struct refs *r, const struct prot_spdm_measurement *m,
		      const struct prot_handoff *h)
{
	json_t *entry = entry_of(r, m->index);
	uint8_t value[PROT_MEASUREMENT_VALUE_MAX];
	char text[2 * PROT_MEASUREMENT_VALUE_MAX + 1];
	size_t len = 0;

	if (prot_measurement_value(h, m->index, value, &len) != PROT_OK) {
		return;
	}
	prot_cli_hex(value, len, text);
	if (m->index == PROT_MEASUREMENT_SVN) {
		add_minimum(entry, h->svn);
	} else if (m->index == PROT_MEASUREMENT_VERSION) {
		prot_cli_printable(value, len, text, sizeof(text));
		add_text(entry, "text", text);
	} else if (m->flags & PROT_SPDM_MEASUREMENT_DIGEST) {
		json_object_set_new(entry, "alg", json_string("sha384"));
		add_text(entry, "digests", text);
	} else {
		add_text(entry, "raw", text);
	}
}

static int add_image(struct refs *r, const char *path)
{
	struct prot_handoff *h;
	struct prot_cli_image image;
	int code = prot_cli_image_load(path, &image);

	if (code != 0) {
		return code;
	}
	h = prot_cli_alloc(sizeof(*h));
	h->mode = r->recovery ? PROT_BOOT_RECOVERY : PROT_BOOT_NORMAL;
	h->lifecycle = PROT_LIFECYCLE_PRODUCTION;
	h->debug = image.header.flags & PROT_IMAGE_FLAG_DEBUG;
	h->svn = image.header.svn;
	h->version = image.header.version;
	memcpy(h->boot_digest, r->boot_digest, sizeof(h->boot_digest));
	memcpy(h->runtime_digest, image.header.digest,
	       sizeof(h->runtime_digest));
	for (size_t i = 0; i < prot_measurement_count; i++) {
		add_value(r, &prot_measurement_table[i], h);
	}
	free(h);
	prot_cli_blob_free(&image.file);
	return 0;
}

static int write_refs(struct refs *r)
{
	json_t *list = json_array();
	json_t *top;
	char *text;
	bool ok = true;

	for (size_t i = 0; i < PROT_ARRAY_SIZE(r->entry); i++) {
		if (r->entry[i]) {
			json_array_append_new(list, r->entry[i]);
		}
	}
	top = json_pack("{s:s,s:i,s:o}", "format", "prot-reference-values",
			"version", 1, "measurements", list);
	if (r->output) {
		text = json_dumps(top, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
		ok = text && prot_cli_write_file(r->output, text, strlen(text),
						 r->force ? PROT_CLI_REPLACE
							  : PROT_CLI_NEW);
		free(text);
	} else {
		prot_cli_json_print(top);
	}
	json_decref(top);
	return ok ? PROT_EXIT_YES : PROT_EXIT_FAILED;
}

static int run(int argc, char **argv)
{
	struct refs *r = prot_cli_alloc(sizeof(*r));
	int code = PROT_EXIT_FAILED;

	prot_cli_parse(&argp, argc, argv, r);
	if (!prot_cli_crypto_open(&r->crypto)) {
		free(r);
		return code;
	}
	code = measure_boot_stage(r) ? 0 : PROT_EXIT_FAILED;
	for (size_t i = 0; i < r->image_count && code == 0; i++) {
		code = add_image(r, r->images[i]);
	}
	if (code == 0) {
		code = write_refs(r);
	}
	prot_cli_crypto_close(&r->crypto);
	free(r);
	return code;
}

const struct prot_command prot_cmd_image_refs = {
	"refs", "write reference values for 'prot attest'", run};
