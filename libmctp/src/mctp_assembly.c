/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Message assembly (DSP0236 1.3, section 8, "Packetization and reassembly"):
 * packets in sequence, all of the first one's size but the last, which may be
 * shorter. Anything else ends the assembly.
 */
#include "mctp_internal.h"

enum prot_mctp_drop prot_mctp_assembly_add(struct prot_mctp_assembly *a,
					   const struct mctp_packet *p)
{
	const uint8_t seq =
		p->flags >> PROT_MCTP_SEQ_SHIFT & PROT_MCTP_SEQ_MASK;
	const bool last = (p->flags & PROT_MCTP_EOM) != 0;
	uint8_t *dst = a->buf + a->len;

	/* A packet that breaks a rule takes the whole message with it. */
	a->active = false;
	if (seq != a->seq) {
		return PROT_MCTP_DROP_SEQUENCE;
	}
	if (last ? p->len > a->unit : p->len != a->unit) {
		return PROT_MCTP_DROP_SIZE;
	}
	if (p->len > a->cap - a->len) {
		return PROT_MCTP_DROP_TOO_LONG;
	}
	a->len += p->len;
	a->seq = (seq + 1) & PROT_MCTP_SEQ_MASK;
	a->active = !last;
	memcpy(dst, p->body, p->len);
	return PROT_MCTP_ACCEPTED;
}

enum prot_mctp_drop prot_mctp_assembly_start(struct prot_mctp_assembly *a,
					     uint8_t *buf, size_t cap,
					     const struct mctp_packet *p)
{
	a->buf = buf;
	a->cap = cap;
	a->len = 0;
	a->addr = *p->from;
	a->key = p->key;
	a->unit = p->len;
	/* The starting value is the sender's choice. */
	a->seq = p->flags >> PROT_MCTP_SEQ_SHIFT & PROT_MCTP_SEQ_MASK;
	return prot_mctp_assembly_add(a, p);
}
