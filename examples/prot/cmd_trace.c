/* SPDX-License-Identifier: Apache-2.0 */
#include "cli_pcap.h"
#include "trace.h"

#include <prot/mctp/wire.h>

#include <string.h>

#define TRACE_FILE_MAX (256u << 20) /* bytes */
#define LADDER_WIDTH   66           /* characters between the two sides */

struct trace {
	const char *path;
	bool all;
	bool hex;

	struct prot_trace_assembly assembly;
	bool started;
	uint64_t start_us;
	uint8_t left; /* EID of who sent the first request */
	bool has_left;
	size_t packets;
	size_t messages;
	size_t bad;
	size_t bulk;     /* alike messages not printed */
	size_t bulk_run; /* alike messages in a row */
	unsigned long long bulk_bytes;
};

static const struct argp_option options[] = {
	{"all", 'a', NULL, 0, "print every firmware data message", 0},
	{"hex", 'x', NULL, 0, "print the bytes of every message", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct trace *t = state->input;

	switch (key) {
	case 'a':
		t->all = true;
		return 0;
	case 'x':
		t->hex = true;
		return 0;
	default:
		return prot_cli_operand(key, arg, state, "FILE", &t->path);
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE",
	.doc = "Print a recorded exchange as a ladder: who said what, how long "
	       "it was, and what came of it. FILE is a pcap file of link type "
	       "291, as --pcap writes it. Messages that were refused, or do "
	       "not parse, are marked with '!'.",
};

static void print_hex(const uint8_t *bytes, size_t len)
{
	char text[2 * 32 + 1];

	for (size_t at = 0; at < len; at += 32) {
		prot_cli_hex(bytes + at, len - at < 32 ? len - at : 32, text);
		printf("%15s%s\n", "", text);
	}
}

static void print_bar(int count)
{
	while (count-- > 0) {
		putchar('-');
	}
}

static void print_ladder(const struct trace *t,
			 const struct prot_trace_line *line,
			 const struct prot_trace_partial *m, uint64_t time_us,
			 bool rightwards)
{
	uint64_t us = time_us > t->start_us ? time_us - t->start_us : 0;
	int fill = LADDER_WIDTH - 6 - (int)line->len;

	printf("%6llu.%03llu %c|%s %s ", (unsigned long long)(us / 1000000),
	       (unsigned long long)(us / 1000 % 1000), line->bad ? '!' : ' ',
	       rightwards ? "---" : "<--", line->text);
	print_bar(fill);
	printf("%s| %6zu", rightwards ? "->" : "--", m->len);
	if (m->packets > 1) {
		printf(" in %zu packets", m->packets);
	}
	putchar('\n');
}

static void flush_bulk(struct trace *t)
{
	if (t->bulk) {
		printf("%11s|      ... %zu more firmware data messages, %llu "
		       "bytes\n",
		       "", t->bulk, t->bulk_bytes);
	}
	t->bulk = 0;
	t->bulk_run = 0;
	t->bulk_bytes = 0;
}

/* The first request and its answer stand for all that follow. */
static bool hide_bulk(struct trace *t, const struct prot_trace_line *line,
		      const struct prot_trace_partial *m)
{
	if (t->all || !line->bulk || line->bad) {
		flush_bulk(t);
		return false;
	}
	if (t->bulk_run++ < 2) {
		return false;
	}
	t->bulk++;
	t->bulk_bytes += m->len;
	return true;
}

/*
 * Emulators leave the EIDs of both sides equal: then requests go right. The
 * first request of a trace comes from the left side.
 */
static bool goes_right(struct trace *t, const struct prot_trace_partial *m,
		       const struct prot_trace_line *line)
{
	if (m->source == m->dest) {
		return line->request;
	}
	if (!t->has_left) {
		t->has_left = true;
		t->left = line->request ? m->source : m->dest;
	}
	return m->source == t->left;
}

static void show_message(struct trace *t, const struct prot_trace_partial *m,
			 uint64_t time_us)
{
	struct prot_trace_line line = {.len = 0};
	bool right;

	prot_trace_message(m->bytes, m->len, &line);
	right = goes_right(t, m, &line);
	t->messages++;
	t->bad += line.bad;
	if (!hide_bulk(t, &line, m)) {
		print_ladder(t, &line, m, time_us, right);
		if (t->hex) {
			print_hex(m->bytes, m->len);
		}
	}
}

static void show_record(struct trace *t, const struct prot_cli_pcap_record *r)
{
	const struct prot_trace_partial *m;
	const char *problem;

	t->packets++;
	if (!t->started) {
		t->started = true;
		t->start_us = r->time_us;
	}
	if (r->original_len > r->len) {
		problem = "the record is cut short";
		m = NULL;
	} else {
		m = prot_trace_assemble(&t->assembly, r->packet, r->len,
					&problem);
	}
	if (problem) {
		flush_bulk(t);
		printf("%10s!| packet %zu: %s\n", "", t->packets, problem);
		t->bad++;
	}
	if (m) {
		show_message(t, m, r->time_us);
	}
}

static enum prot_status show_records(struct trace *t,
				     struct prot_cli_pcap_reader *reader)
{
	struct prot_cli_pcap_record record;
	enum prot_status st;

	printf("%10s  |%*s|  bytes\n", "seconds", LADDER_WIDTH + 1, "");
	do {
		st = prot_cli_pcap_next(reader, &record);
		if (st == PROT_OK) {
			show_record(t, &record);
		}
	} while (st == PROT_OK);
	flush_bulk(t);
	return st;
}

static int show_file(struct trace *t, const struct prot_cli_blob *file)
{
	struct prot_cli_pcap_reader reader;
	enum prot_status st =
		prot_cli_pcap_open(&reader, file->bytes, file->len);
	size_t open;

	if (st != PROT_OK) {
		prot_cli_error("%s is not a pcap file%s", t->path,
			       st == PROT_ERR_UNSUPPORTED
				       ? " of version 2 (pcapng is not read)"
				       : "");
		return PROT_EXIT_FAILED;
	}
	if (reader.linktype != PROT_POSIX_PCAP_LINKTYPE) {
		prot_cli_error("%s has link type %u, not %u (MCTP)", t->path,
			       (unsigned)reader.linktype,
			       PROT_POSIX_PCAP_LINKTYPE);
		return PROT_EXIT_FAILED;
	}
	st = show_records(t, &reader);
	open = prot_trace_assembly_end(&t->assembly);
	printf("\n%zu packets, %zu messages, %zu refused or malformed",
	       t->packets, t->messages, t->bad);
	if (open) {
		printf(", %zu incomplete", open);
	}
	putchar('\n');
	if (st == PROT_ERR_MALFORMED) {
		prot_cli_error("%s ends within a record", t->path);
		return PROT_EXIT_FAILED;
	}
	return PROT_EXIT_YES;
}

static int run(int argc, char **argv)
{
	struct trace t = {0};
	struct prot_cli_blob file;
	int code;

	prot_cli_parse(&argp, argc, argv, &t);
	if (!prot_cli_read_file(t.path, TRACE_FILE_MAX, &file)) {
		return PROT_EXIT_FAILED;
	}
	code = show_file(&t, &file);
	prot_cli_blob_free(&file);
	return code;
}

const struct prot_command prot_cmd_trace = {
	"trace", "print a recorded exchange as a ladder", run};
