/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CLI_H
#define PROT_CLI_H

/*
 * What the subcommands of `prot` share: the command table, errors, files,
 * JSON, text. Hosted code: it allocates with malloc and prints with stdio.
 *
 * A subcommand is one file cmd_<name>.c, which defines one
 * `const struct prot_command prot_cmd_<name>` and parses its options with
 * argp through prot_cli_parse(). main.c lists the commands.
 */

#include <prot/base/status.h>

#include <argp.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Exit codes, the same for every subcommand. A command answers one question
 * (is the device trusted? was the update accepted? is the image valid?).
 */
enum prot_exit {
	PROT_EXIT_YES = 0,     /* done, and the answer is yes */
	PROT_EXIT_NO = 1,      /* the answer is no: not trusted, refused */
	PROT_EXIT_FAILED = 2,  /* could not tell: a file, peer or time-out */
	PROT_EXIT_USAGE = 64,  /* the command line is wrong */
	PROT_EXIT_SIGNAL = 130 /* interrupted by the user */
};

struct prot_command {
	const char *name;
	const char *summary; /* one line, no full stop */
	/* argv[0] is the name with its parents, "prot image sign". */
	int (*run)(int argc, char **argv);
};

extern const struct prot_command prot_cmd_board;
extern const struct prot_command prot_cmd_device;
extern const struct prot_command prot_cmd_attest;
extern const struct prot_command prot_cmd_update;
extern const struct prot_command prot_cmd_package;
extern const struct prot_command prot_cmd_image;
extern const struct prot_command prot_cmd_provision;
extern const struct prot_command prot_cmd_trace;

/*
 * Run the command that argv[1] names. `table` ends with NULL. Answers --help,
 * --version and the mistakes itself. `about` is the first line of the help.
 */
int prot_cli_dispatch(const struct prot_command *const *table,
		      const char *about, int argc, char **argv);

/*
 * argp_parse() with this program's version, and usage errors that end the
 * process with PROT_EXIT_USAGE. The name that prot_cli_error() prints becomes
 * argv[0]. 0, or an errno value from the parser.
 */
error_t prot_cli_parse(const struct argp *argp, int argc, char **argv,
		       void *input);

/* Numeric option argument in any C base; a usage error when out of range. */
unsigned long prot_cli_number(struct argp_state *state, const char *what,
			      const char *text, unsigned long max);

/*
 * The end of a parser whose command takes exactly one argument beside its
 * options: `*operand` receives it, none or a second one is a usage error that
 * calls it `what`. Any other key: ARGP_ERR_UNKNOWN.
 */
error_t prot_cli_operand(int key, const char *arg, struct argp_state *state,
			 const char *what, const char **operand);

/*
 * Print one sentence, "prot attest: ...", to standard error. A progress line
 * that stands on the terminal is ended first. Control characters that reach
 * the text through an argument are printed as '?'.
 */
__attribute__((format(printf, 1, 2))) void prot_cli_error(const char *format,
							  ...);

/* The command being run, as in prot_cli_error(). */
const char *prot_cli_name(void);

/* malloc() that ends the process with a sentence instead of returning NULL. */
__attribute__((returns_nonnull)) void *prot_cli_alloc(size_t size);

/* Monotonic clock, milliseconds. */
uint64_t prot_cli_now_ms(void);

/*
 * Catch SIGINT and SIGTERM (once per process) and ignore SIGPIPE. Blocking
 * calls of this program end early when prot_cli_interrupted() is true.
 */
void prot_cli_catch_signals(void);
bool prot_cli_interrupted(void);
/*
 * The same, and forget it: for a command that has to tidy up with its peer
 * before it ends. The next signal counts again.
 */
bool prot_cli_interrupt_taken(void);

/* ---- files ---- */

struct prot_cli_blob {
	uint8_t *bytes; /* malloc'ed; NULL when empty */
	size_t len;
};

/*
 * Read a whole file of at most `max` bytes. "-" is standard input. On failure
 * prints the reason and returns false. Free with prot_cli_blob_free(), which
 * wipes.
 */
bool prot_cli_read_file(const char *path, size_t max,
			struct prot_cli_blob *blob);
void prot_cli_blob_free(struct prot_cli_blob *blob);

enum prot_cli_write {
	PROT_CLI_NEW = 0,     /* refuse to replace an existing file */
	PROT_CLI_REPLACE = 1, /* replace it in one step */
	PROT_CLI_SECRET = 2,  /* mode 0600 instead of 0644 */
};

/*
 * Write a file so that a reader, or the machine after a crash, sees either
 * the old content or all of the new one: temporary file in the same
 * directory, fsync, rename or link, fsync of the directory. `flags` is a set
 * of enum prot_cli_write. On failure prints the reason and returns false.
 */
bool prot_cli_write_file(const char *path, const void *bytes, size_t len,
			 unsigned flags);

/* "dir/name", malloc'ed. */
char *prot_cli_path(const char *dir, const char *name);

/* ---- text ---- */

/* Lower-case hexadecimal; `out` takes 2 * len + 1 bytes. */
void prot_cli_hex(const void *bytes, size_t len, char *out);

/*
 * Parse exactly 2 * len hexadecimal digits, either case. False, and nothing
 * printed, when the text is anything else.
 */
bool prot_cli_unhex(const char *text, uint8_t *out, size_t len);

/* One printable line for bytes of unknown origin: others become '?'. */
void prot_cli_printable(const void *bytes, size_t len, char *out, size_t cap);

/* A table printed with columns as wide as their widest cell. */
#define PROT_CLI_COLUMNS 8
struct prot_cli_table {
	size_t columns; /* at most PROT_CLI_COLUMNS */
	size_t rows;
	char **cells; /* rows * columns strings, malloc'ed */
};

/* The first row is the heading. `columns` strings follow; copied. */
void prot_cli_table_row(struct prot_cli_table *t, size_t columns, ...);
/* Prints with an indent of two blanks, then frees. */
void prot_cli_table_print(struct prot_cli_table *t, FILE *out);

/* ---- JSON ---- */

/*
 * Parse a JSON file whose top is an object. On failure prints the reason,
 * with line and column, and returns NULL. Release with json_decref().
 */
json_t *prot_cli_json_load(const char *path);

/*
 * Members of an object. `path` is the file's name for the message. A missing
 * or mistyped member prints the reason and returns false. The string is
 * borrowed from the object.
 */
bool prot_cli_json_string(const json_t *object, const char *path,
			  const char *key, const char **value);
bool prot_cli_json_uint(const json_t *object, const char *path, const char *key,
			uint64_t max, uint64_t *value);

/* Print to standard output, indented, keys in the order of insertion. */
void prot_cli_json_print(const json_t *value);

/* ---- where a peer is ---- */

enum prot_cli_framing {
	PROT_CLI_MCTP,   /* MCTP packets with a length prefix */
	PROT_CLI_EMU,    /* messages in the socket framing of DMTF's spdm-emu */
	PROT_CLI_SERIAL, /* DSP0253, on a tty or the UNIX socket of a UART */
};

#define PROT_CLI_MCTP_PORT 2400
#define PROT_CLI_EMU_PORT  2323
#define PROT_CLI_BAUD      115200

struct prot_cli_endpoint {
	enum prot_cli_framing framing;
	/* Name or address, brackets of IPv6 removed; serial: a path. */
	char host[256];
	uint16_t port; /* not serial */
	uint32_t baud; /* of a tty; 0: the path is that of a UNIX socket */
};

/* What prot_cli_endpoint_parse() takes, for messages. */
#define PROT_CLI_CONNECT_FORMS                                                 \
	"mctp:HOST:PORT, emu:HOST:PORT, serial:DEVICE[,BAUD] or "              \
	"serial:unix:PATH"
#define PROT_CLI_LISTEN_FORMS                                                  \
	"mctp:HOST:PORT, emu:HOST:PORT or serial:unix:PATH"

/*
 * Parse mctp:HOST:PORT or emu:HOST:PORT. HOST may be empty or left out
 * (127.0.0.1), PORT may be left out with its colon (2400 and 2323). An IPv6
 * address stands in brackets. Or serial:DEVICE[,BAUD] (115200), or
 * serial:unix:PATH. False: not of that form; nothing is printed.
 */
bool prot_cli_endpoint_parse(const char *text,
			     struct prot_cli_endpoint *endpoint);

/* The canonical form, "mctp:127.0.0.1:2400"; `out` takes this many bytes. */
#define PROT_CLI_ENDPOINT_TEXT 300
void prot_cli_endpoint_text(const struct prot_cli_endpoint *endpoint,
			    char *out);

#endif /* PROT_CLI_H */
