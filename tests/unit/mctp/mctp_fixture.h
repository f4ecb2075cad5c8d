/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MCTP_FIXTURE_H
#define MCTP_FIXTURE_H

/* An endpoint with recording links and an answering handler. */

#include "test.h"

#include <prot/mctp/endpoint.h>

#include <string.h>

#define OWN_EID  9
#define PEER_EID 20

#define SOM    PROT_MCTP_SOM
#define EOM    PROT_MCTP_EOM
#define TO     PROT_MCTP_TO
#define SEQ(n) ((unsigned)(n) << PROT_MCTP_SEQ_SHIFT)

#define TYPE_TEST  0x7E
#define TYPE_OTHER 0x05

struct fx_packet {
	uint8_t link;
	struct prot_mctp_addr to;
	size_t len;
	uint8_t bytes[4 + 256];
};

struct fx_link {
	struct fx *fx;
	uint8_t index;
	unsigned room;            /* packets taken before it declines */
	enum prot_status decline; /* what it answers then */
};

struct fx {
	struct prot_mctp m;
	struct prot_mctp_config config;
	struct prot_mctp_link links[2];
	struct fx_link link_state[2];
	struct prot_mctp_handler handlers[2];
	struct prot_mctp_slot slots[3];
	uint8_t slot_memory[3][512];
	struct prot_mctp_tx_buffer tx_buffers[2];
	uint8_t tx_memory[2][512];
	uint8_t packet[4 + 256];

	/* what the links took */
	struct fx_packet sent[64];
	size_t sent_count;

	/* what the handler got, and how many bytes it answers */
	struct prot_mctp_message got;
	uint8_t got_bytes[1024];
	size_t got_count;
	size_t reply_len;

	/* where fx_rx() comes from */
	uint8_t link;
	struct prot_mctp_addr addr;
	uint8_t dest;
	uint64_t now;
};

static inline enum prot_status fx_tx(void *ctx, const struct prot_mctp_addr *to,
				     const uint8_t *packet, size_t len)
{
	struct fx_link *l = ctx;
	struct fx_packet *p = &l->fx->sent[l->fx->sent_count];

	if (l->room == 0) {
		return l->decline;
	}
	l->room--;
	assert_true(l->fx->sent_count < 64);
	assert_in_range(len, 5, sizeof(p->bytes));
	p->link = l->index;
	p->to = *to;
	p->len = len;
	memcpy(p->bytes, packet, len);
	l->fx->sent_count++;
	return PROT_OK;
}

static inline void fx_handle(void *ctx, const struct prot_mctp_message *msg,
			     struct prot_mctp_reply *reply)
{
	struct fx *fx = ctx;

	assert_in_range(msg->len, 1, sizeof(fx->got_bytes));
	fx->got = *msg;
	memcpy(fx->got_bytes, msg->data, msg->len);
	fx->got_count++;
	assert_int_equal(reply->len, 0);
	assert_int_equal(reply->data[0], msg->data[0] & PROT_MCTP_TYPE_MASK);
	for (size_t i = 1; i < fx->reply_len && i < reply->cap; i++) {
		reply->data[i] = (uint8_t)i;
	}
	reply->len = fx->reply_len;
}

static const struct prot_mctp_link_ops fx_ops = {fx_tx};

/* Two links of MTU 64, three slots, two transmit buffers, EID 9. */
static inline void fx_defaults(struct fx *fx)
{
	memset(fx, 0, sizeof(*fx));
	for (uint8_t i = 0; i < 2; i++) {
		fx->link_state[i].fx = fx;
		fx->link_state[i].index = i;
		fx->link_state[i].room = 100000;
		fx->link_state[i].decline = PROT_ERR_BUSY;
		fx->links[i].ops = &fx_ops;
		fx->links[i].ctx = &fx->link_state[i];
		fx->links[i].mtu = 64;
		fx->tx_buffers[i].buf = fx->tx_memory[i];
		fx->tx_buffers[i].cap = sizeof(fx->tx_memory[i]);
		fx->handlers[i].handle = fx_handle;
		fx->handlers[i].ctx = fx;
	}
	fx->handlers[0].type = TYPE_TEST;
	fx->handlers[1].type = PROT_MCTP_TYPE_CONTROL;
	for (size_t i = 0; i < 3; i++) {
		fx->slots[i].buf = fx->slot_memory[i];
		fx->slots[i].cap = sizeof(fx->slot_memory[i]);
	}
	fx->config.links = fx->links;
	fx->config.link_count = 2;
	fx->config.handlers = fx->handlers;
	fx->config.handler_count = 2;
	fx->config.slots = fx->slots;
	fx->config.slot_count = 3;
	fx->config.slots_per_peer = 2;
	fx->config.tx_buffers = fx->tx_buffers;
	fx->config.tx_buffer_count = 2;
	fx->config.packet = fx->packet;
	fx->config.packet_cap = sizeof(fx->packet);
	fx->config.assembly_timeout_ms = 1000;
	fx->config.send_timeout_ms = 500;
	fx->config.eid = OWN_EID;
	fx->addr.len = 1;
	fx->addr.bytes[0] = 0x20;
	fx->dest = OWN_EID;
	fx->now = 10000;
}

static inline void fx_start(struct fx *fx)
{
	fx_defaults(fx);
	assert_int_equal(prot_mctp_init(&fx->m, &fx->config), PROT_OK);
}

/* Byte i of test message number n; byte 0 is the message type. */
static inline uint8_t fx_byte(unsigned n, size_t i)
{
	return (uint8_t)(i == 0 ? TYPE_TEST : n * 31 + i);
}

/* One packet from PEER_EID, header and body as given. */
static inline enum prot_mctp_drop fx_rx_bytes(struct fx *fx, unsigned flags,
					      const void *body, size_t len)
{
	uint8_t packet[4 + 300];

	assert_in_range(len, 0, 300);
	packet[0] = PROT_MCTP_HEADER_VERSION;
	packet[1] = fx->dest;
	packet[2] = PEER_EID;
	packet[3] = (uint8_t)flags;
	if (len != 0) {
		memcpy(packet + 4, body, len);
	}
	return prot_mctp_rx(&fx->m, fx->link, &fx->addr, packet, len + 4,
			    fx->now);
}

/* Bytes at..at+len of test message n, as one packet. */
static inline enum prot_mctp_drop fx_rx(struct fx *fx, unsigned flags,
					unsigned n, size_t at, size_t len)
{
	uint8_t body[300];

	assert_in_range(len, 0, sizeof(body));
	for (size_t i = 0; i < len; i++) {
		body[i] = fx_byte(n, at + i);
	}
	return fx_rx_bytes(fx, flags, body, len);
}

static inline uint32_t fx_drops(const struct fx *fx, enum prot_mctp_drop reason)
{
	return prot_mctp_counters(&fx->m)->drops[reason];
}

/* The handler got exactly test message n of len bytes, as number `count`. */
static inline void fx_assert_got(const struct fx *fx, size_t count, unsigned n,
				 size_t len)
{
	assert_int_equal(fx->got_count, count);
	assert_int_equal(fx->got.len, len);
	for (size_t i = 0; i < len; i++) {
		assert_int_equal(fx->got_bytes[i], fx_byte(n, i));
	}
}

#endif /* MCTP_FIXTURE_H */
