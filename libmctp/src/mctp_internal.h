/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MCTP_INTERNAL_H
#define MCTP_INTERNAL_H

/* What the sources of the endpoint share. */

#include <prot/mctp/endpoint.h>

#include <string.h>

#define MCTP_TAG_COUNT 8u

enum mctp_tx_state {
	MCTP_TX_IDLE,
	MCTP_TX_SENDING, /* in the endpoint's queue */
	MCTP_TX_WAITING, /* sent; the request waits for its reply */
};

/* A received packet whose header has been checked. */
struct mctp_packet {
	const struct prot_mctp_addr *from;
	uint32_t key;
	uint8_t flags; /* byte 3 of the header */
	uint8_t *body;
	size_t len; /* of the body, >= 1 */
};

/*
 * What tells messages apart (DSP0236, message assembly), except for the
 * sender's physical address: link, destination, source, TO and tag. One word,
 * so that each packet costs one comparison per slot.
 */
static inline uint32_t mctp_key(uint8_t link, const uint8_t *header)
{
	return (uint32_t)link << 24 | (uint32_t)header[1] << 16 |
	       (uint32_t)header[2] << 8 |
	       (header[3] & (PROT_MCTP_TO | PROT_MCTP_TAG_MASK));
}

static inline uint8_t mctp_key_link(uint32_t key)
{
	return (uint8_t)(key >> 24);
}

static inline uint8_t mctp_key_dest(uint32_t key)
{
	return (uint8_t)(key >> 16);
}

static inline uint8_t mctp_key_source(uint32_t key)
{
	return (uint8_t)(key >> 8);
}

static inline uint8_t mctp_key_tag(uint32_t key)
{
	return key & PROT_MCTP_TAG_MASK;
}

static inline bool mctp_same_addr(const struct prot_mctp_addr *a,
				  const struct prot_mctp_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static inline bool mctp_unicast_eid(uint8_t eid)
{
	return eid >= PROT_MCTP_EID_FIRST && eid <= PROT_MCTP_EID_LAST;
}

static inline void mctp_count(struct prot_mctp *m, enum prot_mctp_drop reason)
{
	m->counters.drops[reason]++;
}

/* All but the EID, which prot_mctp_set_eid() checks. */
bool prot_mctp_config_is_valid(const struct prot_mctp_config *c);

/*
 * Add a packet: the first one of a message, in buf, or a later one. On a drop
 * reason the assembly has ended.
 */
enum prot_mctp_drop prot_mctp_assembly_start(struct prot_mctp_assembly *a,
					     uint8_t *buf, size_t cap,
					     const struct mctp_packet *p);
enum prot_mctp_drop prot_mctp_assembly_add(struct prot_mctp_assembly *a,
					   const struct mctp_packet *p);

/* Queue a message whose parts, destination, flags and deadline are set. */
void prot_mctp_tx_enqueue(struct prot_mctp *m, struct prot_mctp_tx *tx);
/* Idle afterwards, queued or not. */
void prot_mctp_tx_dequeue(struct prot_mctp *m, struct prot_mctp_tx *tx);

/* Offer queued packets to the links. */
void prot_mctp_tx_pump(struct prot_mctp *m, uint64_t now_ms);

/* Give up the replies that are past their deadline. */
void prot_mctp_tx_expire(struct prot_mctp *m, uint64_t now_ms);

/* Handle a packet with TO = 0. */
enum prot_mctp_drop prot_mctp_request_rx(struct prot_mctp *m,
					 const struct mctp_packet *p);
void prot_mctp_request_expire(struct prot_mctp *m, uint64_t now_ms);
void prot_mctp_request_finish(struct prot_mctp *m, struct prot_mctp_request *r,
			      enum prot_status status);

#endif /* MCTP_INTERNAL_H */
