/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The endpoint under a sequence of packets, ticks, requests and link states.
 * The input is a list of steps: an operation byte, then its operands.
 */
#include <prot/base/cursor.h>
#include <prot/mctp/control.h>
#include <prot/mctp/endpoint.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUESTS 3
#define PEERS    4

struct world {
	struct prot_mctp m;
	struct prot_mctp_config config;
	struct prot_mctp_control control;
	struct prot_mctp_control_config control_config;
	struct prot_mctp_link links[2];
	enum prot_status link_says[2];
	struct prot_mctp_handler handlers[2];
	struct prot_mctp_slot slots[2];
	uint8_t slot_memory[2][200];
	struct prot_mctp_tx_buffer tx_buffers[2];
	uint8_t tx_memory[2][200];
	uint8_t packet[4 + 64];
	struct prot_mctp_request requests[REQUESTS];
	bool running[REQUESTS];
	uint8_t message[150];
	uint8_t replies[REQUESTS][150];
	uint64_t now;
};

static void check(bool ok)
{
	if (!ok) {
		abort();
	}
}

static enum prot_status take_packet(void *ctx, const struct prot_mctp_addr *to,
				    const uint8_t *packet, size_t len)
{
	const enum prot_status *says = ctx;

	check(to->len == 1 && len >= 5 && len <= 68);
	check(packet[0] == PROT_MCTP_HEADER_VERSION);
	return *says;
}

/* Writes to all of the message, and answers with what its last byte says. */
static void handle(void *ctx, const struct prot_mctp_message *msg,
		   struct prot_mctp_reply *reply)
{
	const uint8_t last = msg->data[msg->len - 1];

	(void)ctx;
	check(msg->len >= 1 && reply->cap == 200 && reply->len == 0);
	memset(msg->data, 0x55, msg->len);
	reply->len = last; /* up to 255: may exceed the buffer */
	if (reply->len <= reply->cap && reply->len > 1) {
		memset(reply->data + 1, last, reply->len - 1);
	}
}

static const struct prot_mctp_link_ops ops = {take_packet};

static void world_init(struct world *w)
{
	memset(w, 0, sizeof(*w));
	for (size_t i = 0; i < 2; i++) {
		w->links[i] =
			(struct prot_mctp_link){&ops, &w->link_says[i], 64, 0};
		w->slots[i].buf = w->slot_memory[i];
		w->slots[i].cap = sizeof(w->slot_memory[i]);
		w->tx_buffers[i].buf = w->tx_memory[i];
		w->tx_buffers[i].cap = sizeof(w->tx_memory[i]);
	}
	w->handlers[0] = (struct prot_mctp_handler){0x05, handle, w};
	w->handlers[1] = (struct prot_mctp_handler){
		0x00, prot_mctp_control_handle, &w->control};
	w->config = (struct prot_mctp_config){
		.links = w->links,
		.handlers = w->handlers,
		.slots = w->slots,
		.tx_buffers = w->tx_buffers,
		.packet = w->packet,
		.packet_cap = sizeof(w->packet),
		.assembly_timeout_ms = 100,
		.send_timeout_ms = 50,
		.link_count = 2,
		.handler_count = 2,
		.slot_count = 2,
		.tx_buffer_count = 2,
		.slots_per_peer = 1,
		.eid = 9,
	};
	prot_mctp_control_init(&w->control, &w->control_config, &w->m);
	check(prot_mctp_init(&w->m, &w->config) == PROT_OK);
}

static struct prot_mctp_addr peer_addr(uint8_t selector)
{
	struct prot_mctp_addr a = {1, {0}};

	a.bytes[0] = selector % PEERS;
	return a;
}

/* Header bytes from the input; a body of the length given, ditto. */
static void step_packet(struct world *w, struct prot_rd *r)
{
	const uint8_t where = prot_rd_u8(r);
	const struct prot_mctp_addr from = peer_addr(where);
	const size_t len = prot_rd_u8(r) % 80;
	struct prot_rd body = prot_rd_sub(r, len);
	/* Exact size, so that a sanitizer sees the first byte past it. */
	uint8_t *packet = malloc(len ? len : 1);

	check(packet != NULL);
	prot_rd_copy(&body, packet, len);
	prot_mctp_rx(&w->m, where >> 7 & 1, &from, packet, len, w->now);
	free(packet);
}

static void step_request(struct world *w, struct prot_rd *r)
{
	const uint8_t how = prot_rd_u8(r);
	const size_t n = how % REQUESTS;
	struct prot_mctp_request *q = &w->requests[n];
	enum prot_status st;

	if (!w->running[n]) {
		memset(q, 0, sizeof(*q));
		q->to.addr = peer_addr(prot_rd_u8(r));
		q->to.link = how >> 7 & 1;
		q->to.eid = prot_rd_u8(r);
		q->one_way = (how & 0x40) != 0;
		q->retries = how >> 4 & 3;
		q->timeout_ms = prot_rd_u8(r);
		q->header = w->message;
		q->header_len = prot_rd_u8(r) % 76;
		q->body = w->message + 75;
		q->body_len = prot_rd_u8(r) % 76;
		q->reply = w->replies[n];
		q->reply_cap = prot_rd_u8(r) % 151;
	}
	st = prot_mctp_request_start(&w->m, q, w->now);
	check(!w->running[n] || st == PROT_ERR_STATE);
	w->running[n] = w->running[n] || st == PROT_OK;
}

static void step(struct world *w, struct prot_rd *r)
{
	const uint8_t op = prot_rd_u8(r);
	const uint8_t arg = op >> 4;

	switch (op & 7) {
	case 0:
	case 1:
	case 2:
		step_packet(w, r);
		break;
	case 3:
		step_request(w, r);
		break;
	case 4:
		w->now += (uint64_t)arg * 10;
		prot_mctp_tick(&w->m, w->now);
		break;
	case 5:
		w->link_says[arg & 1] = (arg & 2) ? PROT_ERR_BUSY : PROT_OK;
		w->link_says[arg & 1] =
			(arg & 4) ? PROT_ERR_IO : w->link_says[arg & 1];
		break;
	case 6:
		prot_mctp_request_cancel(&w->m, &w->requests[arg % REQUESTS]);
		break;
	default:
		prot_mctp_link_reset(&w->m, arg & 1);
		break;
	}
}

/* A request that ended stays ended, with one of the documented results. */
static void check_requests(struct world *w)
{
	for (size_t i = 0; i < REQUESTS; i++) {
		const struct prot_mctp_request *q = &w->requests[i];

		if (w->running[i] && q->status != PROT_PENDING) {
			check(q->status == PROT_OK ||
			      q->status == PROT_ERR_TIMEOUT ||
			      q->status == PROT_ERR_CANCELLED ||
			      q->status == PROT_ERR_IO ||
			      q->status == PROT_ERR_SPACE);
			check(q->status != PROT_OK || q->one_way ||
			      (q->reply_len >= 1 &&
			       q->reply_len <= q->reply_cap));
			w->running[i] = false;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct prot_rd r = prot_rd_init(data, size);
	struct world w;

	world_init(&w);
	while (prot_rd_ok(&r) && r.left != 0) {
		step(&w, &r);
		check_requests(&w);
	}
	/* With time, everything ends: nothing stays occupied. */
	for (int i = 0; i < 8; i++) {
		w.now += 1000;
		prot_mctp_tick(&w.m, w.now);
	}
	check(prot_mctp_next_tick(&w.m) == PROT_MCTP_NEVER);
	check_requests(&w);
	for (size_t i = 0; i < REQUESTS; i++) {
		check(!w.running[i]);
	}
	return 0;
}
