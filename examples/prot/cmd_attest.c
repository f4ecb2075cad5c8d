/* SPDX-License-Identifier: Apache-2.0 */
#include "attest.h"

#include <stdlib.h>

enum {
	OPT_CA = 0x200,
	OPT_REFS,
	OPT_SAVE_REFS,
	OPT_SLOT,
	OPT_JSON,
};

static const struct argp_option options[] = {
	{"ca", OPT_CA, "FILE", 0,
	 "certificates of the CA to trust, PEM or DER (required)", 1},
	{"refs", OPT_REFS, "FILE", 0,
	 "reference values to compare the measurements with (JSON)", 1},
	{"save-refs", OPT_SAVE_REFS, "FILE", 0,
	 "write the measurements of a genuine device as reference values", 1},
	{"slot", OPT_SLOT, "N", 0, "certificate slot, 0 to 7 (default 0)", 1},
	{"json", OPT_JSON, NULL, 0, "print the result as JSON", 1},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct prot_attest *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->connection_options;
		return 0;
	case OPT_CA:
		a->ca_path = arg;
		return 0;
	case OPT_REFS:
		a->refs_path = arg;
		return 0;
	case OPT_SAVE_REFS:
		a->save_path = arg;
		return 0;
	case OPT_SLOT:
		a->slot = (uint8_t)prot_cli_number(state, "--slot", arg,
						   PROT_SPDM_SLOT_COUNT - 1);
		return 0;
	case OPT_JSON:
		a->json = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is not an option", arg);
		return 0;
	case ARGP_KEY_END:
		if (!a->ca_path) {
			argp_error(state, "--ca is required");
		}
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{&prot_cli_connection_argp, 0, "Connection:", 2},
	{NULL, 0, NULL, 0},
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = children,
	.doc = "Find out whether a device is genuine and runs what it should: "
	       "over SPDM, verify its certificate chain up to the CA, its "
	       "answer to a challenge and its signed measurements, and compare "
	       "these with reference values."
	       "\vExit codes: 0 trusted, 1 not trusted, 2 could not tell.",
};

static bool set_up(struct prot_attest *a)
{
	return prot_cli_crypto_open(&a->crypto) &&
	       prot_attest_load_anchors(a) &&
	       (!a->refs_path || prot_attest_load_refs(a));
}

static void tear_down(struct prot_attest *a)
{
	prot_cli_disconnect(a->connection);
	prot_cli_crypto_close(&a->crypto);
	json_decref(a->refs);
	free(a->anchor_bytes);
}

/* The exchange, the comparison and the printing, with a connection. */
static void attest(struct prot_attest *a)
{
	prot_attest_exchange(a);
	if (a->stage == PROT_ATTEST_MEASURED) {
		prot_attest_compare(a);
	}
	if (a->json) {
		prot_attest_print_json(a);
	} else {
		prot_attest_print(a);
	}
	if (a->outcome == PROT_ATTEST_UNDECIDED) {
		prot_cli_error("%s", a->reason);
	}
}

static int exit_code(const struct prot_attest *a)
{
	if (a->outcome == PROT_ATTEST_TRUSTED) {
		return PROT_EXIT_YES;
	}
	if (prot_cli_interrupted()) {
		return PROT_EXIT_SIGNAL;
	}
	return a->outcome == PROT_ATTEST_NOT_TRUSTED ? PROT_EXIT_NO
						     : PROT_EXIT_FAILED;
}

static int run(int argc, char **argv)
{
	struct prot_attest *a = prot_cli_alloc(sizeof(*a));
	int code = PROT_EXIT_FAILED;

	a->outcome = PROT_ATTEST_UNDECIDED;
	if (prot_cli_parse(&argp, argc, argv, a) != 0) {
		free(a);
		return PROT_EXIT_USAGE;
	}
	if (set_up(a)) {
		struct prot_cli_endpoint endpoint;

		if (prot_cli_endpoint_parse(a->connection_options.connect,
					    &endpoint)) {
			prot_cli_endpoint_text(&endpoint, a->peer);
		}
		a->connection = prot_cli_connect(&a->connection_options);
	}
	if (a->connection) {
		attest(a);
		code = exit_code(a);
		if (a->save_path && a->stage == PROT_ATTEST_MEASURED &&
		    !prot_attest_save_refs(a)) {
			code = PROT_EXIT_FAILED;
		}
	}
	tear_down(a);
	free(a);
	return code;
}

const struct prot_command prot_cmd_attest = {
	.name = "attest",
	.summary = "find out whether a device is genuine and what it runs",
	.run = run,
};
