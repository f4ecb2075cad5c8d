/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd_image.h"

void prot_cli_version_text(const struct prot_image_version *v,
			   char out[PROT_CLI_VERSION_TEXT])
{
	int n = snprintf(out, PROT_CLI_VERSION_TEXT, "%u.%u.%u",
			 (unsigned)v->major, (unsigned)v->minor,
			 (unsigned)v->patch);

	if (v->build != 0 && n > 0) {
		snprintf(out + n, PROT_CLI_VERSION_TEXT - (size_t)n, ".%u",
			 (unsigned)v->build);
	}
}

bool prot_cli_version_parse(const char *text, struct prot_image_version *v)
{
	uint16_t part[4] = {0};

	for (size_t i = 0; i < 4; i++) {
		unsigned long n = 0;
		const char *start = text;

		while (*text >= '0' && *text <= '9' && text - start < 5) {
			n = n * 10 + (unsigned long)(*text++ - '0');
		}
		if (text == start || n > 0xFFFF) {
			return false;
		}
		part[i] = (uint16_t)n;
		if (*text == '\0') {
			*v = (struct prot_image_version){part[0], part[1],
							 part[2], part[3]};
			return true;
		}
		if (*text++ != '.') {
			return false;
		}
	}
	return false;
}
