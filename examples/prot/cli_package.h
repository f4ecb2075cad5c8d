/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CLI_PACKAGE_H
#define PROT_CLI_PACKAGE_H

/* Firmware update packages in files, for `prot package` and `prot update`. */

#include "prot_cli.h"

#include <prot/pldm/package.h>

extern const struct prot_command prot_cmd_package_create;
extern const struct prot_command prot_cmd_package_show;
extern const struct prot_command prot_cmd_package_check;

struct prot_cli_package {
	int fd; /* -1: not open */
	uint64_t file_size;
	struct prot_pldm_package package;
};

/*
 * Open a package and check its header. `lenient` takes a file that ends
 * inside an image as if zeros followed. PROT_EXIT_YES, or the exit code for
 * what has been printed. Close it in any case.
 */
enum prot_exit prot_cli_package_open(struct prot_cli_package *p,
				     const char *path, bool lenient);
void prot_cli_package_close(struct prot_cli_package *p);

/*
 * Check the payload checksum. Also PROT_EXIT_YES where there is none, before
 * header format revision 4.
 */
enum prot_exit prot_cli_package_check_payload(const struct prot_cli_package *p,
					      const char *path);

/* A string of the package as one printable line; `out` takes 256 bytes. */
#define PROT_CLI_PACKAGE_TEXT 256
void prot_cli_package_text(const struct prot_pldm_package *p,
			   const struct prot_pldm_package_string *s, char *out);

/* A name for a descriptor type, "uuid", or NULL for an unknown one. */
const char *prot_cli_descriptor_name(uint16_t type);
/* The type that a name stands for; false: none. */
bool prot_cli_descriptor_type(const char *name, uint16_t *type);

#endif /* PROT_CLI_PACKAGE_H */
