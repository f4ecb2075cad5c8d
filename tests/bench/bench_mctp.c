/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packetising and assembly of 4096-byte messages at MTU 64.
 *
 *	bench_mctp tx|rx|both COUNT
 *
 * tx sends COUNT messages to a link that takes every packet; rx feeds COUNT
 * messages that were packetised beforehand; both hands each packet that one
 * endpoint sends to another one. The cost per packet is the difference of two
 * runs with different counts, divided by the difference of packets (64 per
 * message), e.g. of the instructions that valgrind --tool=callgrind counts.
 */
#include <prot/mctp/endpoint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE 4096
#define MTU     64
#define PACKETS (MESSAGE / MTU)
#define PACKET  (PROT_MCTP_HEADER_SIZE + MTU)

/* An endpoint, and where the packets that it sends go. */
struct node {
	struct prot_mctp mctp;
	struct prot_mctp_config config;
	struct prot_mctp_link link;
	struct prot_mctp_slot slots[2];
	uint8_t slot_memory[2][MESSAGE];
	struct prot_mctp_tx_buffer tx_buffer;
	uint8_t tx_memory[MTU];
	uint8_t packet[PACKET];
	struct prot_mctp_handler handler;
	struct node *peer;                 /* both */
	uint8_t recorded[PACKETS][PACKET]; /* rx: of one message */
	size_t recorded_count;
	size_t received; /* bytes, of whole messages */
};

static const struct prot_mctp_addr nowhere;

static enum prot_status drop_packet(void *ctx, const struct prot_mctp_addr *to,
				    const uint8_t *packet, size_t len)
{
	(void)ctx;
	(void)to;
	(void)packet;
	(void)len;
	return PROT_OK;
}

static enum prot_status record_packet(void *ctx,
				      const struct prot_mctp_addr *to,
				      const uint8_t *packet, size_t len)
{
	struct node *n = ctx;

	(void)to;
	memcpy(n->recorded[n->recorded_count++], packet, len);
	return PROT_OK;
}

static enum prot_status hand_over(void *ctx, const struct prot_mctp_addr *to,
				  const uint8_t *packet, size_t len)
{
	struct node *n = ctx;

	(void)packet; /* is n->packet, and writable */
	prot_mctp_rx(&n->peer->mctp, 0, to, n->packet, len, 0);
	return PROT_OK;
}

static void take_message(void *ctx, const struct prot_mctp_message *msg,
			 struct prot_mctp_reply *reply)
{
	struct node *n = ctx;

	(void)reply;
	n->received += msg->len;
}

static const struct prot_mctp_link_ops drop_ops = {drop_packet};
static const struct prot_mctp_link_ops record_ops = {record_packet};
static const struct prot_mctp_link_ops hand_over_ops = {hand_over};

static void node_init(struct node *n, uint8_t eid,
		      const struct prot_mctp_link_ops *ops)
{
	memset(n, 0, sizeof(*n));
	n->link = (struct prot_mctp_link){ops, n, MTU, 0};
	n->handler = (struct prot_mctp_handler){PROT_MCTP_TYPE_VENDOR_PCI,
						take_message, n};
	for (size_t i = 0; i < 2; i++) {
		n->slots[i].buf = n->slot_memory[i];
		n->slots[i].cap = MESSAGE;
	}
	n->tx_buffer.buf = n->tx_memory;
	n->tx_buffer.cap = sizeof(n->tx_memory);
	n->config = (struct prot_mctp_config){
		.links = &n->link,
		.handlers = &n->handler,
		.slots = n->slots,
		.tx_buffers = &n->tx_buffer,
		.packet = n->packet,
		.packet_cap = sizeof(n->packet),
		.assembly_timeout_ms = PROT_MCTP_ASSEMBLY_TIMEOUT_MS,
		.send_timeout_ms = PROT_MCTP_SEND_TIMEOUT_MS,
		.link_count = 1,
		.handler_count = 1,
		.slot_count = 2,
		.tx_buffer_count = 1,
		.slots_per_peer = 1,
		.eid = eid,
	};
	if (prot_mctp_init(&n->mctp, &n->config) != PROT_OK) {
		abort();
	}
}

static void send_message(struct node *n)
{
	static uint8_t message[MESSAGE] = {PROT_MCTP_TYPE_VENDOR_PCI};
	struct prot_mctp_request r = {
		.to = {.eid = 9},
		.one_way = true,
		.timeout_ms = 1,
		.body = message,
		.body_len = sizeof(message),
	};

	if (prot_mctp_request_start(&n->mctp, &r, 0) != PROT_OK ||
	    r.status != PROT_OK) {
		abort();
	}
}

static void receive_message(struct node *n, struct node *recorder)
{
	for (size_t i = 0; i < recorder->recorded_count; i++) {
		prot_mctp_rx(&n->mctp, 0, &nowhere, recorder->recorded[i],
			     PACKET, 0);
	}
}

int main(int argc, char **argv)
{
	static struct node sender;
	static struct node receiver;
	const char *mode = argc == 3 ? argv[1] : "";
	const long count = argc == 3 ? strtol(argv[2], NULL, 10) : -1;
	const bool rx = strcmp(mode, "rx") == 0;
	const bool both = strcmp(mode, "both") == 0;

	if (count < 0 || !(rx || both || strcmp(mode, "tx") == 0)) {
		fprintf(stderr, "usage: bench_mctp tx|rx|both COUNT\n");
		return 2;
	}
	node_init(&receiver, 9, &drop_ops);
	node_init(&sender, 8, both ? &hand_over_ops : &drop_ops);
	sender.peer = &receiver;
	if (rx) {
		node_init(&sender, 8, &record_ops);
		send_message(&sender);
	}
	for (long i = 0; i < count; i++) {
		if (rx) {
			receive_message(&receiver, &sender);
		} else {
			send_message(&sender);
		}
	}
	if ((rx || both) && receiver.received != (size_t)count * MESSAGE) {
		fprintf(stderr, "messages were lost\n");
		return 1;
	}
	printf("%s: %ld messages, %ld packets\n", mode, count, count * PACKETS);
	return 0;
}
