/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two MCTP endpoints in one process, joined by a queue of packets. One asks
 * the other to echo a vendor-defined message; every packet is printed.
 */
#include <prot/mctp/endpoint.h>

#include <stdio.h>
#include <string.h>

#define MTU     64
#define MESSAGE 300

enum {
	ALICE,
	BOB
};

struct packet {
	size_t len;
	int to;
	uint8_t bytes[PROT_MCTP_HEADER_SIZE + MTU];
};

static struct packet queue[16];
static size_t queued;

/* The link: a real one would start a bus transfer here. */
static enum prot_status send_packet(void *ctx, const struct prot_mctp_addr *to,
				    const uint8_t *packet, size_t len)
{
	struct packet *p = &queue[queued];

	if (queued == sizeof(queue) / sizeof(queue[0])) {
		return PROT_ERR_BUSY; /* offered again by prot_mctp_tick() */
	}
	(void)ctx;
	p->to = to->bytes[0];
	p->len = len;
	memcpy(p->bytes, packet, len);
	queued++;
	return PROT_OK;
}

/* Bob's message handler: the reply is written where it is sent from. */
static void echo(void *ctx, const struct prot_mctp_message *msg,
		 struct prot_mctp_reply *reply)
{
	(void)ctx;
	if (msg->len <= reply->cap) {
		memcpy(reply->data, msg->data, msg->len);
		reply->len = msg->len;
	}
}

/* All that does not change may stand in flash ... */
static const struct prot_mctp_link_ops link_ops = {.tx = send_packet};
static const struct prot_mctp_link link = {.ops = &link_ops, .mtu = MTU};
static const struct prot_mctp_handler handlers[] = {
	{PROT_MCTP_TYPE_VENDOR_PCI, echo, NULL},
};

/* ... and the caller lends every buffer. */
static uint8_t packet[2][PROT_MCTP_HEADER_SIZE + MTU];
static uint8_t slot_memory[512];
static uint8_t reply_memory[512];
static struct prot_mctp_slot slot = {.buf = slot_memory, .cap = 512};
static struct prot_mctp_tx_buffer tx = {.buf = reply_memory, .cap = 512};

static const struct prot_mctp_config configs[] = {
	[ALICE] = {.links = &link,
		   .link_count = 1,
		   .packet = packet[ALICE],
		   .packet_cap = sizeof(packet[ALICE]),
		   .assembly_timeout_ms = PROT_MCTP_ASSEMBLY_TIMEOUT_MS,
		   .send_timeout_ms = PROT_MCTP_SEND_TIMEOUT_MS,
		   .eid = 8},
	[BOB] = {.links = &link,
		 .link_count = 1,
		 .handlers = handlers,
		 .handler_count = 1,
		 .slots = &slot,
		 .slot_count = 1,
		 .slots_per_peer = 1,
		 .tx_buffers = &tx,
		 .tx_buffer_count = 1,
		 .packet = packet[BOB],
		 .packet_cap = sizeof(packet[BOB]),
		 .assembly_timeout_ms = PROT_MCTP_ASSEMBLY_TIMEOUT_MS,
		 .send_timeout_ms = PROT_MCTP_SEND_TIMEOUT_MS,
		 .eid = 9},
};

static void print_packet(const struct packet *p)
{
	const uint8_t flags = p->bytes[3];

	printf("EID %u -> EID %u  %s%s seq %u, %s tag %u, %2zu bytes\n",
	       p->bytes[2], p->bytes[1], flags & PROT_MCTP_SOM ? "SOM" : "   ",
	       flags & PROT_MCTP_EOM ? " EOM" : "    ",
	       flags >> PROT_MCTP_SEQ_SHIFT & PROT_MCTP_SEQ_MASK,
	       flags & PROT_MCTP_TO ? "request" : "reply  ",
	       flags & PROT_MCTP_TAG_MASK, p->len - PROT_MCTP_HEADER_SIZE);
}

/* Carry packets until none is left; time stands still. */
static void run_bus(struct prot_mctp nodes[2])
{
	while (queued != 0) {
		struct packet p = queue[0];
		/* A bus tells who sent: here it is the other one. */
		const struct prot_mctp_addr from = {1, {p.to == ALICE}};

		memmove(queue, queue + 1, --queued * sizeof(queue[0]));
		print_packet(&p);
		prot_mctp_rx(&nodes[p.to], 0, &from, p.bytes, p.len, 0);
		prot_mctp_tick(&nodes[BOB], 0);
	}
}

int main(void)
{
	static const uint8_t header[] = {PROT_MCTP_TYPE_VENDOR_PCI, 0x1A, 0xB4};
	static const struct prot_mctp_peer bob = {{1, {BOB}}, 0, 9};
	static uint8_t body[MESSAGE - sizeof(header)];
	static uint8_t answer[512];
	struct prot_mctp nodes[2];
	struct prot_mctp_request request = {
		.to = bob,
		.timeout_ms = 1000,
		.header = header,
		.header_len = sizeof(header),
		.body = body,
		.body_len = sizeof(body),
		.reply = answer,
		.reply_cap = sizeof(answer),
	};

	memset(body, 'x', sizeof(body));
	if (prot_mctp_init(&nodes[ALICE], &configs[ALICE]) != PROT_OK ||
	    prot_mctp_init(&nodes[BOB], &configs[BOB]) != PROT_OK ||
	    prot_mctp_request_start(&nodes[ALICE], &request, 0) != PROT_OK) {
		return 1;
	}
	run_bus(nodes);
	printf("Echo: %s, %zu bytes\n", prot_status_text(request.status),
	       request.reply_len);
	return request.status != PROT_OK || request.reply_len != MESSAGE ||
	       memcmp(answer + sizeof(header), body, sizeof(body)) != 0;
}
