/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CMD_IMAGE_H
#define PROT_CMD_IMAGE_H

/* The verbs of `prot image`, and what they share. */

#include "prot_cli.h"

#include <prot/services/image.h>

extern const struct prot_command prot_cmd_image_keygen;
extern const struct prot_command prot_cmd_image_sign;
extern const struct prot_command prot_cmd_image_show;
extern const struct prot_command prot_cmd_image_verify;
extern const struct prot_command prot_cmd_image_refs;

#define PROT_CLI_IMAGE_MAX (64u << 20) /* bytes of an image file */

/* A file that starts with an image header. Free `file`. */
struct prot_cli_image {
	struct prot_cli_blob file;
	struct prot_image_header header;
	const uint8_t *payload;
	size_t payload_len; /* what the file holds */
};

/*
 * Read and decode; the payload's length must be that of the header. On
 * failure prints the reason and returns PROT_EXIT_NO (not an image) or
 * PROT_EXIT_FAILED (cannot be read); 0 otherwise.
 */
int prot_cli_image_load(const char *path, struct prot_cli_image *image);

/* "1.2.3", or "1.2.3.4" when the build number is not 0. */
#define PROT_CLI_VERSION_TEXT 24
void prot_cli_version_text(const struct prot_image_version *v,
			   char out[PROT_CLI_VERSION_TEXT]);

/* The inverse: up to four numbers to 65535, missing ones are 0. */
bool prot_cli_version_parse(const char *text, struct prot_image_version *v);

#endif /* PROT_CMD_IMAGE_H */
