/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_TRACE_H
#define PROT_TRACE_H

/* What the parts of `prot trace` share. */

#include "prot_cli.h"

/* What one message says, in words. */
struct prot_trace_line {
	char text[200];
	size_t len;
	bool request; /* else a response */
	bool bad;  /* an error, a refusal, or a message that does not parse */
	bool bulk; /* one of many alike: firmware data */
};

__attribute__((format(printf, 2, 3))) void
prot_trace_add(struct prot_trace_line *line, const char *format, ...);

/* "... does not parse", and bad. */
void prot_trace_malformed(struct prot_trace_line *line);

/*
 * Describe a message, type byte first, len >= 1. The others take what follows
 * the type byte.
 */
void prot_trace_message(const uint8_t *message, size_t len,
			struct prot_trace_line *line);
void prot_trace_control(const uint8_t *message, size_t len,
			struct prot_trace_line *line);
void prot_trace_spdm(const uint8_t *message, size_t len,
		     struct prot_trace_line *line);
void prot_trace_pldm(const uint8_t *message, size_t len,
		     struct prot_trace_line *line);

/* ---- from packets to messages ---- */

/* One message under assembly. */
struct prot_trace_partial {
	struct prot_trace_partial *next;
	uint8_t source;
	uint8_t dest;
	uint8_t tag; /* TO and tag bits */
	uint8_t seq; /* expected next */
	size_t packets;
	size_t unit; /* body size of the first packet */
	uint8_t *bytes;
	size_t len;
};

/* All zero at start. */
struct prot_trace_assembly {
	struct prot_trace_partial *partials;
	struct prot_trace_partial *done; /* given out last */
};

/*
 * Take one packet. The complete message that it ends, borrowed until the next
 * call; NULL when there is none, with *problem set when the packet is at
 * fault (a static text), NULL otherwise.
 */
const struct prot_trace_partial *
prot_trace_assemble(struct prot_trace_assembly *a, const uint8_t *packet,
		    size_t len, const char **problem);

/* Number of messages that were never completed; frees everything. */
size_t prot_trace_assembly_end(struct prot_trace_assembly *a);

#endif /* PROT_TRACE_H */
