/* SPDX-License-Identifier: Apache-2.0 */
/* Requests: tags, replies, time-out and retry (DSP0236 1.3, section 8). */
#include "mctp_internal.h"

/*
 * Tags in use towards the peer of r, as a bit set. A tag belongs to a pair of
 * EIDs; EID 0 stands for whatever EID the peer has, so it shares its tags
 * with all others at that address.
 */
static uint8_t tags_in_use(const struct prot_mctp *m,
			   const struct prot_mctp_request *r)
{
	unsigned used = 0;

	for (const struct prot_mctp_request *o = m->requests; o; o = o->next) {
		if (o->to.link == r->to.link &&
		    mctp_same_addr(&o->to.addr, &r->to.addr) &&
		    (o->to.eid == r->to.eid ||
		     o->to.eid == PROT_MCTP_EID_NULL ||
		     r->to.eid == PROT_MCTP_EID_NULL)) {
			used |= 1u << (o->tx.flags & PROT_MCTP_TAG_MASK);
		}
	}
	return (uint8_t)used;
}

/* Rotating: a peer that lost its place in an exchange is not met again. */
static bool take_tag(struct prot_mctp *m, struct prot_mctp_request *r)
{
	const uint8_t used = tags_in_use(m, r);

	for (unsigned i = 0; i < MCTP_TAG_COUNT; i++) {
		const uint8_t tag = m->next_tag++ & PROT_MCTP_TAG_MASK;

		if ((used >> tag & 1u) == 0) {
			r->tx.flags = PROT_MCTP_TO | tag;
			return true;
		}
	}
	return false;
}

/*
 * The pointer that points to r in the list of running requests, or the one
 * that ends the list: the status of an object not started is not defined.
 */
static struct prot_mctp_request **place(struct prot_mctp *m,
					const struct prot_mctp_request *r)
{
	struct prot_mctp_request **at = &m->requests;

	while (*at && *at != r) {
		at = &(*at)->next;
	}
	return at;
}

static bool is_valid(const struct prot_mctp *m,
		     const struct prot_mctp_request *r)
{
	const bool to_ok = r->to.link < m->config->link_count &&
			   r->to.addr.len <= sizeof(r->to.addr.bytes);
	const bool eid_ok =
		r->to.eid == PROT_MCTP_EID_NULL ||
		mctp_unicast_eid(r->to.eid) ||
		(r->to.eid == PROT_MCTP_EID_BROADCAST && r->one_way);
	const bool message_ok = (r->header || r->header_len == 0) &&
				(r->body || r->body_len == 0) &&
				r->header_len <= SIZE_MAX - r->body_len &&
				r->header_len + r->body_len != 0;
	const bool reply_ok = r->one_way || (r->reply && r->reply_cap != 0);

	return to_ok && eid_ok && message_ok && reply_ok && r->timeout_ms != 0;
}

static void send_request(struct prot_mctp *m, struct prot_mctp_request *r,
			 uint64_t now_ms)
{
	r->rx.active = false;
	r->tx.deadline_ms = now_ms + r->timeout_ms;
	prot_mctp_tx_enqueue(m, &r->tx);
}

enum prot_status prot_mctp_request_start(struct prot_mctp *m,
					 struct prot_mctp_request *r,
					 uint64_t now_ms)
{
	if (*place(m, r)) {
		return PROT_ERR_STATE;
	}
	if (!is_valid(m, r)) {
		return PROT_ERR_ARG;
	}
	if (!take_tag(m, r)) {
		return PROT_ERR_BUSY;
	}
	r->tx.part[0] = r->header;
	r->tx.part[1] = r->body;
	r->tx.part_len[0] = r->header_len;
	r->tx.part_len[1] = r->body_len;
	r->tx.request = r;
	r->tx.to = r->to;
	r->tries_left = r->retries;
	r->status = PROT_PENDING;
	r->next = m->requests;
	m->requests = r;
	send_request(m, r, now_ms);
	prot_mctp_tx_pump(m, now_ms);
	return PROT_OK;
}

void prot_mctp_request_finish(struct prot_mctp *m, struct prot_mctp_request *r,
			      enum prot_status status)
{
	struct prot_mctp_request **at = place(m, r);

	if (*at) {
		*at = r->next;
	}
	prot_mctp_tx_dequeue(m, &r->tx);
	r->status = status;
}

void prot_mctp_request_cancel(struct prot_mctp *m, struct prot_mctp_request *r)
{
	if (*place(m, r)) {
		prot_mctp_request_finish(m, r, PROT_ERR_CANCELLED);
	}
}

/* The time of this try is over. */
static void try_again(struct prot_mctp *m, struct prot_mctp_request *r,
		      uint64_t now_ms)
{
	if (r->tries_left == 0) {
		prot_mctp_request_finish(m, r, PROT_ERR_TIMEOUT);
		return;
	}
	r->tries_left--;
	prot_mctp_tx_dequeue(m, &r->tx);
	/* With no other tag free, the former one serves. */
	(void)take_tag(m, r);
	send_request(m, r, now_ms);
}

void prot_mctp_request_expire(struct prot_mctp *m, uint64_t now_ms)
{
	struct prot_mctp_request *r = m->requests;

	while (r) {
		/* Before r may be taken out of the list. */
		struct prot_mctp_request *next = r->next;

		if (r->tx.deadline_ms <= now_ms) {
			try_again(m, r, now_ms);
		}
		r = next;
	}
}

/* The request that p answers: same peer and tag, and completely sent. */
static struct prot_mctp_request *find_request(const struct prot_mctp *m,
					      const struct mctp_packet *p)
{
	struct prot_mctp_request *r = m->requests;

	while (r &&
	       !(r->tx.state == MCTP_TX_WAITING &&
		 (r->tx.flags & PROT_MCTP_TAG_MASK) == mctp_key_tag(p->key) &&
		 r->to.link == mctp_key_link(p->key) &&
		 (r->to.eid == PROT_MCTP_EID_NULL ||
		  r->to.eid == mctp_key_source(p->key)) &&
		 mctp_same_addr(&r->to.addr, p->from))) {
		r = r->next;
	}
	return r;
}

enum prot_mctp_drop prot_mctp_request_rx(struct prot_mctp *m,
					 const struct mctp_packet *p)
{
	struct prot_mctp_request *r = find_request(m, p);
	enum prot_mctp_drop reason;

	/* What nobody asked for takes no memory. */
	if (!r) {
		return PROT_MCTP_DROP_UNSOLICITED;
	}
	/* A response is never broadcast. */
	if (mctp_key_dest(p->key) == PROT_MCTP_EID_BROADCAST) {
		return PROT_MCTP_DROP_DEST;
	}
	if ((p->flags & PROT_MCTP_SOM) != 0) {
		if (r->rx.active) {
			mctp_count(m, PROT_MCTP_DROP_RESTARTED);
		}
		reason = prot_mctp_assembly_start(&r->rx, r->reply,
						  r->reply_cap, p);
	} else if (r->rx.active && r->rx.key == p->key) {
		/* The key again: with EID 0 any source could begin. */
		reason = prot_mctp_assembly_add(&r->rx, p);
	} else {
		return PROT_MCTP_DROP_UNEXPECTED;
	}
	if (reason == PROT_MCTP_DROP_TOO_LONG) {
		/* The peer would answer every retry alike. */
		prot_mctp_request_finish(m, r, PROT_ERR_SPACE);
	} else if (reason == PROT_MCTP_ACCEPTED && !r->rx.active) {
		r->reply_len = r->rx.len;
		r->reply_eid = mctp_key_source(p->key);
		m->counters.rx_messages++;
		prot_mctp_request_finish(m, r, PROT_OK);
	}
	return reason;
}
