/* SPDX-License-Identifier: Apache-2.0 */
/* Endpoint: packet filter, assembly slots, delivery (DSP0236 1.3, section 8).
 */
#include "mctp_internal.h"

enum prot_status prot_mctp_init(struct prot_mctp *m,
				const struct prot_mctp_config *config)
{
	memset(m, 0, sizeof(*m));
	m->config = config;
	if (!prot_mctp_config_is_valid(config)) {
		return PROT_ERR_ARG;
	}
	for (size_t i = 0; i < config->slot_count; i++) {
		config->slots[i].rx.active = false;
	}
	for (size_t i = 0; i < config->tx_buffer_count; i++) {
		config->tx_buffers[i].tx.state = MCTP_TX_IDLE;
	}
	return prot_mctp_set_eid(m, config->eid);
}

enum prot_status prot_mctp_set_eid(struct prot_mctp *m, uint8_t eid)
{
	if (eid != PROT_MCTP_EID_NULL && !mctp_unicast_eid(eid)) {
		return PROT_ERR_ARG;
	}
	m->eid = eid;
	return PROT_OK;
}

static void slot_drop(struct prot_mctp *m, struct prot_mctp_slot *s,
		      enum prot_mctp_drop reason)
{
	s->rx.active = false;
	mctp_count(m, reason);
}

static struct prot_mctp_slot *slot_find(const struct prot_mctp *m,
					const struct mctp_packet *p)
{
	struct prot_mctp_slot *s = m->config->slots;

	for (size_t i = m->config->slot_count; i > 0; i--, s++) {
		if (s->rx.key == p->key && s->rx.active &&
		    mctp_same_addr(&s->rx.addr, p->from)) {
			return s;
		}
	}
	return NULL;
}

static void slot_expire(struct prot_mctp *m, uint64_t now_ms)
{
	for (size_t i = 0; i < m->config->slot_count; i++) {
		struct prot_mctp_slot *s = &m->config->slots[i];

		if (s->rx.active && s->deadline_ms <= now_ms) {
			slot_drop(m, s, PROT_MCTP_DROP_TIMEOUT);
		}
	}
}

/* s holds a message from the same neighbour as p. */
static bool same_neighbour(const struct prot_mctp_slot *s,
			   const struct mctp_packet *p)
{
	return mctp_key_link(s->rx.key) == mctp_key_link(p->key) &&
	       mctp_same_addr(&s->rx.addr, p->from);
}

/*
 * A slot for the message that p starts. One neighbour's messages never take a
 * slot from another's; a neighbour at its quota gives up its own oldest, which
 * it has most likely abandoned. The physical address decides, not the EID,
 * which the sender is free to invent.
 */
static struct prot_mctp_slot *slot_take(struct prot_mctp *m,
					const struct mctp_packet *p)
{
	struct prot_mctp_slot *unused = NULL;
	struct prot_mctp_slot *oldest = NULL;
	size_t held = 0;

	for (size_t i = 0; i < m->config->slot_count; i++) {
		struct prot_mctp_slot *s = &m->config->slots[i];

		if (!s->rx.active) {
			unused = unused ? unused : s;
			continue;
		}
		if (!same_neighbour(s, p)) {
			continue;
		}
		held++;
		if (!oldest || s->deadline_ms < oldest->deadline_ms) {
			oldest = s;
		}
	}
	if (unused && held < m->config->slots_per_peer) {
		return unused;
	}
	if (oldest) {
		slot_drop(m, oldest, PROT_MCTP_DROP_EVICTED);
	}
	return oldest;
}

static struct prot_mctp_tx_buffer *free_tx_buffer(const struct prot_mctp *m)
{
	for (size_t i = 0; i < m->config->tx_buffer_count; i++) {
		if (m->config->tx_buffers[i].tx.state == MCTP_TX_IDLE) {
			return &m->config->tx_buffers[i];
		}
	}
	return NULL;
}

static void send_reply(struct prot_mctp *m, struct prot_mctp_tx_buffer *b,
		       const struct prot_mctp_message *msg, size_t len)
{
	b->tx.part[0] = b->buf;
	b->tx.part_len[0] = len;
	b->tx.part[1] = NULL;
	b->tx.part_len[1] = 0;
	b->tx.request = NULL;
	b->tx.to = msg->from;
	b->tx.flags = msg->tag;
	b->tx.deadline_ms = msg->now_ms + m->config->send_timeout_ms;
	prot_mctp_tx_enqueue(m, &b->tx);
	prot_mctp_tx_pump(m, msg->now_ms);
}

/* Give a message to its handler; p: its last packet, but the whole body. */
static enum prot_mctp_drop deliver(struct prot_mctp *m,
				   const struct prot_mctp_handler *h,
				   const struct mctp_packet *p, uint64_t now_ms)
{
	struct prot_mctp_tx_buffer *b = free_tx_buffer(m);
	const struct prot_mctp_message msg = {
		.from = {.addr = *p->from,
			 .link = mctp_key_link(p->key),
			 .eid = mctp_key_source(p->key)},
		.dest_eid = mctp_key_dest(p->key),
		.tag = mctp_key_tag(p->key),
		.now_ms = now_ms,
		.data = p->body,
		.len = p->len,
	};
	struct prot_mctp_reply reply;

	/* Nothing may be done that could not be answered. */
	if (!b) {
		return PROT_MCTP_DROP_NO_TX_BUFFER;
	}
	m->counters.rx_messages++;
	reply.data = b->buf;
	reply.cap = b->cap;
	reply.len = 0;
	reply.data[0] = h->type;
	h->handle(h->ctx, &msg, &reply);
	if (reply.len > b->cap) {
		mctp_count(m, PROT_MCTP_DROP_REPLY);
	} else if (reply.len != 0) {
		send_reply(m, b, &msg, reply.len);
	}
	return PROT_MCTP_ACCEPTED;
}

static const struct prot_mctp_handler *find_handler(const struct prot_mctp *m,
						    uint8_t type)
{
	for (size_t i = 0; i < m->config->handler_count; i++) {
		if (m->config->handlers[i].type == type) {
			return &m->config->handlers[i];
		}
	}
	return NULL;
}

/*
 * First packet of a message with TO = 1; s: the slot of a partial message with
 * the same key, or NULL. A type that has no handler is turned away here, so
 * that it never takes a slot.
 */
static enum prot_mctp_drop start_message(struct prot_mctp *m,
					 struct prot_mctp_slot *s,
					 const struct mctp_packet *p,
					 uint64_t now_ms)
{
	const uint8_t type = p->body[0] & PROT_MCTP_TYPE_MASK;
	const struct prot_mctp_handler *h = find_handler(m, type);

	/*
	 * Even if this packet is turned away below: the packets that follow
	 * it have the same key, and must not be joined to the old message.
	 */
	if (s) {
		slot_drop(m, s, PROT_MCTP_DROP_RESTARTED);
	}
	if (!h) {
		return PROT_MCTP_DROP_TYPE;
	}
	/* Only control messages may be broadcast to an endpoint. */
	if (mctp_key_dest(p->key) == PROT_MCTP_EID_BROADCAST &&
	    type != PROT_MCTP_TYPE_CONTROL) {
		return PROT_MCTP_DROP_DEST;
	}
	if ((p->flags & PROT_MCTP_EOM) != 0) {
		return deliver(m, h, p, now_ms);
	}
	slot_expire(m, now_ms);
	s = slot_take(m, p);
	if (!s) {
		return PROT_MCTP_DROP_NO_SLOT;
	}
	s->handler = h;
	s->deadline_ms = now_ms + m->config->assembly_timeout_ms;
	return prot_mctp_assembly_start(&s->rx, s->buf, s->cap, p);
}

/* A packet with TO = 1. */
static enum prot_mctp_drop receive(struct prot_mctp *m,
				   const struct mctp_packet *p, uint64_t now_ms)
{
	struct prot_mctp_slot *s = slot_find(m, p);
	enum prot_mctp_drop reason;

	if ((p->flags & PROT_MCTP_SOM) != 0) {
		return start_message(m, s, p, now_ms);
	}
	if (!s) {
		return PROT_MCTP_DROP_UNEXPECTED;
	}
	reason = prot_mctp_assembly_add(&s->rx, p);
	if (reason == PROT_MCTP_ACCEPTED && !s->rx.active) {
		struct mctp_packet whole = *p;

		whole.body = s->buf;
		whole.len = s->rx.len;
		return deliver(m, s->handler, &whole, now_ms);
	}
	s->deadline_ms = now_ms + m->config->assembly_timeout_ms;
	return reason;
}

static enum prot_mctp_drop check_header(const struct prot_mctp *m,
					const uint8_t *header)
{
	const uint8_t dest = header[1];
	const uint8_t source = header[2];

	/* The upper four bits are reserved, and ignored on receipt. */
	if ((header[0] & PROT_MCTP_HEADER_VER_MASK) !=
	    PROT_MCTP_HEADER_VERSION) {
		return PROT_MCTP_DROP_VERSION;
	}
	if (source != PROT_MCTP_EID_NULL && !mctp_unicast_eid(source)) {
		return PROT_MCTP_DROP_SOURCE;
	}
	if (dest != m->eid && dest != PROT_MCTP_EID_NULL &&
	    dest != PROT_MCTP_EID_BROADCAST) {
		return PROT_MCTP_DROP_DEST;
	}
	return PROT_MCTP_ACCEPTED;
}

enum prot_mctp_drop prot_mctp_rx(struct prot_mctp *m, uint8_t link,
				 const struct prot_mctp_addr *from,
				 uint8_t *packet, size_t len, uint64_t now_ms)
{
	enum prot_mctp_drop reason = PROT_MCTP_DROP_LINK;

	if (link >= m->config->link_count) {
		/* counted below */
	} else if (len <= PROT_MCTP_HEADER_SIZE) {
		reason = PROT_MCTP_DROP_SHORT;
	} else {
		reason = check_header(m, packet);
	}
	if (reason == PROT_MCTP_ACCEPTED) {
		const struct mctp_packet p = {
			.from = from,
			.key = mctp_key(link, packet),
			.flags = packet[3],
			.body = packet + PROT_MCTP_HEADER_SIZE,
			.len = len - PROT_MCTP_HEADER_SIZE,
		};

		reason = (p.flags & PROT_MCTP_TO) != 0
				 ? receive(m, &p, now_ms)
				 : prot_mctp_request_rx(m, &p);
	}
	mctp_count(m, reason);
	return reason;
}

void prot_mctp_tick(struct prot_mctp *m, uint64_t now_ms)
{
	slot_expire(m, now_ms);
	prot_mctp_tx_expire(m, now_ms);
	prot_mctp_request_expire(m, now_ms);
	prot_mctp_tx_pump(m, now_ms);
}

uint64_t prot_mctp_next_tick(const struct prot_mctp *m)
{
	uint64_t next = PROT_MCTP_NEVER;

	for (size_t i = 0; i < m->config->slot_count; i++) {
		const struct prot_mctp_slot *s = &m->config->slots[i];

		if (s->rx.active && s->deadline_ms < next) {
			next = s->deadline_ms;
		}
	}
	for (const struct prot_mctp_tx *t = m->tx_queue; t; t = t->next) {
		next = t->deadline_ms < next ? t->deadline_ms : next;
	}
	for (const struct prot_mctp_request *r = m->requests; r; r = r->next) {
		next = r->tx.deadline_ms < next ? r->tx.deadline_ms : next;
	}
	return next;
}

void prot_mctp_link_reset(struct prot_mctp *m, uint8_t link)
{
	struct prot_mctp_request *r = m->requests;

	for (size_t i = 0; i < m->config->slot_count; i++) {
		struct prot_mctp_slot *s = &m->config->slots[i];

		if (s->rx.active && mctp_key_link(s->rx.key) == link) {
			slot_drop(m, s, PROT_MCTP_DROP_RESET);
		}
	}
	for (struct prot_mctp_tx *t = m->tx_queue; t; t = t->next) {
		if (t->to.link == link) {
			t->deadline_ms = 0;
		}
	}
	prot_mctp_tx_expire(m, 0);
	while (r) {
		struct prot_mctp_request *next = r->next;

		if (r->to.link == link) {
			prot_mctp_request_finish(m, r, PROT_ERR_IO);
		}
		r = next;
	}
}
