/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Message assembly for traces, DSP0236 1.3 section 8.2. Unlike an endpoint it
 * follows all messages between all peers, and it may allocate.
 */

#include "trace.h"

#include <prot/mctp/wire.h>

#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX (1u << 20) /* bytes; a trace can hold anything */

static void free_partial(struct prot_trace_partial *p)
{
	if (p) {
		free(p->bytes);
		free(p);
	}
}

/* Take the partial message of that key out of the list; NULL: none. */
static struct prot_trace_partial *take(struct prot_trace_assembly *a,
				       const uint8_t *packet)
{
	uint8_t tag = packet[3] & (PROT_MCTP_TO | PROT_MCTP_TAG_MASK);
	struct prot_trace_partial **at = &a->partials;

	for (; *at; at = &(*at)->next) {
		struct prot_trace_partial *p = *at;

		if (p->dest == packet[1] && p->source == packet[2] &&
		    p->tag == tag) {
			*at = p->next;
			return p;
		}
	}
	return NULL;
}

static struct prot_trace_partial *start(const uint8_t *packet)
{
	struct prot_trace_partial *p = prot_cli_alloc(sizeof(*p));

	p->dest = packet[1];
	p->source = packet[2];
	p->tag = packet[3] & (PROT_MCTP_TO | PROT_MCTP_TAG_MASK);
	p->seq = packet[3] >> PROT_MCTP_SEQ_SHIFT & PROT_MCTP_SEQ_MASK;
	return p;
}

static void append(struct prot_trace_partial *p, const uint8_t *body,
		   size_t len)
{
	uint8_t *longer = prot_cli_alloc(p->len + len);

	if (p->len) {
		memcpy(longer, p->bytes, p->len);
	}
	memcpy(longer + p->len, body, len);
	free(p->bytes);
	p->bytes = longer;
	p->len += len;
	p->packets++;
	p->seq = (p->seq + 1) & PROT_MCTP_SEQ_MASK;
}

/* Why a packet after the first does not continue the message; NULL: it does. */
static const char *continues(const struct prot_trace_partial *p, uint8_t flags,
			     size_t body)
{
	if (p == NULL) {
		return "a packet continues a message that never started";
	}
	if ((flags >> PROT_MCTP_SEQ_SHIFT & PROT_MCTP_SEQ_MASK) != p->seq) {
		return "the packet sequence is broken, the message is lost";
	}
	if (body > p->unit || (body < p->unit && !(flags & PROT_MCTP_EOM))) {
		return "a packet differs in size, the message is lost";
	}
	if (p->len + body > MESSAGE_MAX) {
		return "the message is too long";
	}
	return NULL;
}

/* DMTF's emulators record no header version and no EIDs: all three are 0. */
static bool is_packet(const uint8_t *packet, size_t len)
{
	if (len <= PROT_MCTP_HEADER_SIZE) {
		return false;
	}
	return (packet[0] & PROT_MCTP_HEADER_VER_MASK) ==
		       PROT_MCTP_HEADER_VERSION ||
	       (packet[0] | packet[1] | packet[2]) == 0;
}

const struct prot_trace_partial *
prot_trace_assemble(struct prot_trace_assembly *a, const uint8_t *packet,
		    size_t len, const char **problem)
{
	struct prot_trace_partial *p;
	size_t body = len - PROT_MCTP_HEADER_SIZE;
	bool first;

	free_partial(a->done);
	a->done = NULL;
	*problem = NULL;
	if (!is_packet(packet, len)) {
		*problem = "not an MCTP packet";
		return NULL;
	}
	p = take(a, packet);
	first = packet[3] & PROT_MCTP_SOM;
	if (first) {
		*problem = p ? "the message before was not finished" : NULL;
		free_partial(p);
		p = start(packet);
		p->unit = body;
	} else {
		*problem = continues(p, packet[3], body);
		if (*problem) {
			free_partial(p);
			return NULL;
		}
	}
	append(p, packet + PROT_MCTP_HEADER_SIZE, body);
	if (packet[3] & PROT_MCTP_EOM) {
		a->done = p;
		return p;
	}
	p->next = a->partials;
	a->partials = p;
	return NULL;
}

size_t prot_trace_assembly_end(struct prot_trace_assembly *a)
{
	size_t count = 0;

	free_partial(a->done);
	a->done = NULL;
	while (a->partials) {
		struct prot_trace_partial *p = a->partials;

		a->partials = p->next;
		free_partial(p);
		count++;
	}
	return count;
}
