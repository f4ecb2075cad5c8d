/* SPDX-License-Identifier: Apache-2.0 */
/* prot package create: a package from a description in JSON. */
#include "cli_package.h"
#include "package_description.h"

#include <stdlib.h>
#include <string.h>

static enum prot_status append(void *ctx, const void *bytes, size_t len)
{
	return fwrite(bytes, 1, len, ctx) == len ? PROT_OK : PROT_ERR_IO;
}

static bool write_package(const struct prot_package_build *b,
			  const char *output, unsigned flags)
{
	struct prot_pldm_package_verdict verdict;
	struct prot_pldm_package_sink sink = {append, NULL};
	uint8_t buf[8192];
	char *bytes = NULL;
	size_t len = 0;
	FILE *memory = open_memstream(&bytes, &len);
	bool ok;

	sink.ctx = memory;
	ok = memory && prot_pldm_package_write(&b->d, &sink, buf, sizeof(buf),
					       &verdict) == PROT_OK;
	if (!memory || fclose(memory) != 0) {
		prot_cli_error("out of memory");
		ok = false;
	} else if (!ok) {
		(void)prot_package_complain(
			b, "package", "%s (number %u)",
			prot_pldm_package_fault_text(verdict.fault),
			verdict.index);
	} else {
		ok = prot_cli_write_file(output, bytes, len, flags);
	}
	free(bytes);
	return ok;
}

struct options {
	const char *description;
	const char *output;
	unsigned flags;
};

static const struct argp_option options[] = {
	{"output", 'o', "FILE", 0, "the package to write (required)", 0},
	{"force", 'f', NULL, 0, "replace an existing file", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'o':
		o->output = arg;
		return 0;
	case 'f':
		o->flags |= PROT_CLI_REPLACE;
		return 0;
	case ARGP_KEY_END:
		if (!o->output) {
			argp_error(state, "--output is missing");
		}
		return 0;
	default:
		return prot_cli_operand(key, arg, state, "DESCRIPTION",
					&o->description);
	}
}

static const struct argp create_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "DESCRIPTION",
	.doc = "Make a firmware update package (DSP0267, header format "
	       "revision 4) from a description in JSON. File names in it are "
	       "relative to its directory.",
};

static int create_run(int argc, char **argv)
{
	struct options o = {0};
	struct prot_package_build *b;
	const char *slash;
	json_t *top;
	bool ok;

	prot_cli_parse(&create_argp, argc, argv, &o);
	top = prot_cli_json_load(o.description);
	if (!top) {
		return PROT_EXIT_FAILED;
	}
	b = prot_cli_alloc(sizeof(*b));
	memset(b, 0, sizeof(*b));
	b->path = o.description;
	slash = strrchr(o.description, '/');
	b->dir = slash ? strndup(o.description,
				 (size_t)(slash - o.description) + 1)
		       : strdup(".");
	ok = b->dir && prot_package_description(b, top) &&
	     write_package(b, o.output, o.flags);
	prot_package_description_free(b);
	json_decref(top);
	return ok ? PROT_EXIT_YES : PROT_EXIT_FAILED;
}

const struct prot_command prot_cmd_package_create = {
	"create", "make a package from a description", create_run};
