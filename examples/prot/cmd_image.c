/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd_image.h"

#include "cli_key.h"

#include <stdlib.h>
#include <string.h>

static const struct prot_command *const verbs[] = {
	&prot_cmd_image_keygen, &prot_cmd_image_sign, &prot_cmd_image_show,
	&prot_cmd_image_verify, &prot_cmd_image_refs, NULL,
};

static int run(int argc, char **argv)
{
	return prot_cli_dispatch(verbs,
				 "Make, show and verify signed firmware "
				 "images.",
				 argc, argv);
}

const struct prot_command prot_cmd_image = {
	"image", "make, show and verify signed firmware images", run};

int prot_cli_image_load(const char *path, struct prot_cli_image *image)
{
	enum prot_image_reason reason;

	memset(image, 0, sizeof(*image));
	if (!prot_cli_read_file(path, PROT_CLI_IMAGE_MAX, &image->file)) {
		return PROT_EXIT_FAILED;
	}
	if (image->file.len < PROT_IMAGE_HEADER_SIZE) {
		prot_cli_error("%s: %s", path,
			       prot_image_reason_text(PROT_IMAGE_MAGIC));
		prot_cli_blob_free(&image->file);
		return PROT_EXIT_NO;
	}
	reason = prot_image_header_decode(image->file.bytes, &image->header);
	image->payload = image->file.bytes + PROT_IMAGE_HEADER_SIZE;
	image->payload_len = image->file.len - PROT_IMAGE_HEADER_SIZE;
	if (reason == PROT_IMAGE_ACCEPTED &&
	    image->payload_len != image->header.payload_size) {
		reason = PROT_IMAGE_LENGTH;
	}
	if (reason != PROT_IMAGE_ACCEPTED) {
		prot_cli_error("%s: %s", path, prot_image_reason_text(reason));
		prot_cli_blob_free(&image->file);
		return PROT_EXIT_NO;
	}
	return 0;
}

/* ---- keygen ---- */

struct keygen {
	const char *path;
	bool force;
};

static const struct argp_option keygen_options[] = {
	{"force", 'f', NULL, 0, "replace existing files", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t keygen_parse(int key, char *arg, struct argp_state *state)
{
	struct keygen *k = state->input;

	if (key == 'f') {
		k->force = true;
		return 0;
	}
	return prot_cli_operand(key, arg, state, "FILE", &k->path);
}

static const struct argp keygen_argp = {
	.options = keygen_options,
	.parser = keygen_parse,
	.args_doc = "FILE",
	.doc = "Make a P-384 key that signs images: FILE receives the private "
	       "key (PEM, mode 0600), FILE.pub the public key.",
};

static int keygen_run(int argc, char **argv)
{
	struct keygen k = {0};
	struct prot_cli_crypto c;
	uint8_t point[PROT_CLI_PUBLIC_KEY];
	char *public_path;
	size_t size;
	unsigned flags;
	prot_key key;
	bool ok;

	prot_cli_parse(&keygen_argp, argc, argv, &k);
	flags = k.force ? PROT_CLI_REPLACE : PROT_CLI_NEW;
	if (!prot_cli_crypto_open(&c)) {
		return PROT_EXIT_FAILED;
	}
	size = strlen(k.path) + sizeof(".pub");
	public_path = prot_cli_alloc(size);
	snprintf(public_path, size, "%s.pub", k.path);
	ok = prot_cli_key_generate(&c, k.path, flags, &key) &&
	     prot_cli_key_public(&c, key, point) &&
	     prot_cli_public_save(public_path, point, flags);
	free(public_path);
	prot_cli_crypto_close(&c);
	return ok ? PROT_EXIT_YES : PROT_EXIT_FAILED;
}

const struct prot_command prot_cmd_image_keygen = {
	"keygen", "make a key that signs images", keygen_run};
