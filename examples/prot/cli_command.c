/* SPDX-License-Identifier: Apache-2.0 */
#include "prot_cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* The one process-wide fact of this program: which command it runs. */
static const char *current_name = "prot";

const char *prot_cli_name(void)
{
	return current_name;
}

void prot_cli_error(const char *format, ...)
{
	char text[1024];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	for (int i = 0; i < n && text[i] != '\0'; i++) {
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f) {
			text[i] = '?';
		}
	}
	fflush(stdout);
	fprintf(stderr, "%s: %s\n", current_name, n < 0 ? format : text);
}

void *prot_cli_alloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (p == NULL) {
		prot_cli_error("out of memory");
		exit(PROT_EXIT_FAILED);
	}
	return p;
}

error_t prot_cli_parse(const struct argp *argp, int argc, char **argv,
		       void *input)
{
	current_name = argv[0];
	argp_program_version = "prot (openprot-c) " PROT_VERSION;
	argp_err_exit_status = PROT_EXIT_USAGE;
	return argp_parse(argp, argc, argv, 0, NULL, input);
}

unsigned long prot_cli_number(struct argp_state *state, const char *what,
			      const char *text, unsigned long max)
{
	char *end;
	unsigned long v;

	errno = 0;
	v = strtoul(text, &end, 0);
	if (errno != 0 || end == text || *end != '\0' || text[0] == '-' ||
	    v > max) {
		argp_error(state, "%s must be a number from 0 to %lu, not '%s'",
			   what, max, text);
	}
	return v;
}

error_t prot_cli_operand(int key, const char *arg, struct argp_state *state,
			 const char *what, const char **operand)
{
	switch (key) {
	case ARGP_KEY_ARG:
		if (state->arg_num > 0) {
			argp_error(state, "one %s only", what);
		}
		*operand = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "%s is missing", what);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print_help(const struct prot_command *const *table,
		       const char *name, const char *about)
{
	printf("Usage: %s COMMAND [OPTION...]\n%s\n\nCommands:\n", name, about);
	for (; *table; table++) {
		printf("  %-10s %s\n", (*table)->name, (*table)->summary);
	}
	printf("\n'%s COMMAND --help' explains the options of a command.\n"
	       "Exit codes: 0 yes or done, 1 no (not trusted, refused, "
	       "invalid),\n2 could not tell (file, peer or time limit), "
	       "64 wrong usage.\n",
	       name);
}

static const struct prot_command *
find_command(const struct prot_command *const *table, const char *name)
{
	for (; *table; table++) {
		if (strcmp((*table)->name, name) == 0) {
			return *table;
		}
	}
	return NULL;
}

/* Give the command its full name in argv[0], for messages and --help. */
static int run_command(const struct prot_command *command, const char *parent,
		       int argc, char **argv)
{
	char name[64];

	snprintf(name, sizeof(name), "%s %s", parent, command->name);
	argv[0] = name;
	current_name = name;
	int code = command->run(argc, argv);

	current_name = "prot";
	return code;
}

int prot_cli_dispatch(const struct prot_command *const *table,
		      const char *about, int argc, char **argv)
{
	const struct prot_command *command;
	const char *word = argc > 1 ? argv[1] : "--help";

	current_name = argc > 0 ? argv[0] : "prot";
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
		printf("prot (openprot-c) %s\n", PROT_VERSION);
		return PROT_EXIT_YES;
	}
	if (strcmp(word, "--help") == 0 || strcmp(word, "help") == 0 ||
	    strcmp(word, "-?") == 0) {
		print_help(table, current_name, about);
		return argc > 1 ? PROT_EXIT_YES : PROT_EXIT_USAGE;
	}
	command = find_command(table, word);
	if (command == NULL) {
		prot_cli_error("there is no command '%s'; try '%s --help'",
			       word, current_name);
		return PROT_EXIT_USAGE;
	}
	return run_command(command, current_name, argc - 1, argv + 1);
}
