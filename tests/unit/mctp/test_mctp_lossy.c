/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two endpoints over a link that loses, repeats, swaps, empties and delays
 * packets. Whatever it does, every request ends exactly once, an answer that
 * arrives is the right one, and afterwards nothing is left over.
 */
#include "test.h"

#include <prot/mctp/endpoint.h>

#include <string.h>

#define SEEDS    200
#define MESSAGES 40
#define LARGEST  250 /* four packets: a lost one cannot hide behind wrap */

struct wire_packet {
	struct side *to;
	size_t len;
	uint8_t bytes[68];
};

struct side {
	struct world *w;
	struct side *peer;
	struct prot_mctp m;
	struct prot_mctp_config config;
	struct prot_mctp_link link;
	struct prot_mctp_handler handler;
	struct prot_mctp_slot slots[2];
	uint8_t slot_memory[2][256];
	struct prot_mctp_tx_buffer tx_buffers[2];
	uint8_t tx_memory[2][256];
	uint8_t packet[68];
};

struct world {
	uint32_t random;
	unsigned trouble; /* in 256, per packet and kind */
	struct side sides[2];
	struct wire_packet wire[64];
	size_t wired;
	uint64_t now;
};

static uint32_t draw(struct world *w)
{
	w->random = w->random * 1664525u + 1013904223u;
	return w->random >> 8;
}

static bool unlucky(struct world *w)
{
	return draw(w) % 256 < w->trouble;
}

static enum prot_status put_packet(void *ctx, const struct prot_mctp_addr *to,
				   const uint8_t *packet, size_t len)
{
	struct side *s = ctx;
	struct world *w = s->w;
	struct wire_packet *p = &w->wire[w->wired];

	(void)to;
	if (w->wired + 2 > PROT_ARRAY_SIZE(w->wire) || unlucky(w)) {
		return PROT_ERR_BUSY;
	}
	if (unlucky(w)) {
		return PROT_OK; /* lost */
	}
	p->to = s->peer;
	/* A packet cut within its body is for the medium's CRC to find. */
	p->len = unlucky(w) ? draw(w) % 5 : len;
	memcpy(p->bytes, packet, p->len);
	w->wired++;
	if (unlucky(w)) {
		w->wire[w->wired] = *p; /* repeated */
		w->wired++;
	}
	if (w->wired >= 2 && unlucky(w)) {
		const struct wire_packet last = w->wire[w->wired - 1];

		w->wire[w->wired - 1] = w->wire[w->wired - 2];
		w->wire[w->wired - 2] = last;
	}
	return PROT_OK;
}

/* Each byte plus one, so that a request is never taken for its reply. */
static void increment(void *ctx, const struct prot_mctp_message *msg,
		      struct prot_mctp_reply *reply)
{
	(void)ctx;
	assert_in_range(msg->len, 1, reply->cap);
	for (size_t i = 1; i < msg->len; i++) {
		reply->data[i] = (uint8_t)(msg->data[i] + 1);
	}
	reply->len = msg->len;
}

static const struct prot_mctp_link_ops ops = {put_packet};

static void side_init(struct world *w, size_t i)
{
	struct side *s = &w->sides[i];

	s->w = w;
	s->peer = &w->sides[1 - i];
	s->link = (struct prot_mctp_link){&ops, s, 64, 0};
	s->handler = (struct prot_mctp_handler){0x7E, increment, s};
	for (size_t k = 0; k < 2; k++) {
		s->slots[k].buf = s->slot_memory[k];
		s->slots[k].cap = sizeof(s->slot_memory[k]);
		s->tx_buffers[k].buf = s->tx_memory[k];
		s->tx_buffers[k].cap = sizeof(s->tx_memory[k]);
	}
	s->config = (struct prot_mctp_config){
		.links = &s->link,
		.handlers = &s->handler,
		.slots = s->slots,
		.tx_buffers = s->tx_buffers,
		.packet = s->packet,
		.packet_cap = sizeof(s->packet),
		/* Shorter than 32 exchanges, after which tags recur. */
		.assembly_timeout_ms = 100,
		.send_timeout_ms = 300,
		.link_count = 1,
		.handler_count = 1,
		.slot_count = 2,
		.tx_buffer_count = 2,
		.slots_per_peer = 2,
		.eid = (uint8_t)(8 + i),
	};
	assert_int_equal(prot_mctp_init(&s->m, &s->config), PROT_OK);
}

/* Deliver the oldest packet, if any; let time pass. */
static void step(struct world *w)
{
	static const struct prot_mctp_addr addr = {0};

	if (w->wired != 0) {
		struct wire_packet p = w->wire[0];

		w->wired--;
		memmove(w->wire, w->wire + 1, w->wired * sizeof(p));
		prot_mctp_rx(&p.to->m, 0, &addr, p.bytes, p.len, w->now);
	}
	w->now++;
	prot_mctp_tick(&w->sides[0].m, w->now);
	prot_mctp_tick(&w->sides[1].m, w->now);
}

/* One request from each side at a time; whether both were answered. */
static size_t exchange(struct world *w, unsigned n)
{
	static uint8_t message[2][LARGEST];
	static uint8_t reply[2][256];
	struct prot_mctp_request r[2];
	size_t answered = 0;

	for (size_t i = 0; i < 2; i++) {
		const size_t len = 1 + draw(w) % LARGEST;

		for (size_t k = 0; k < len; k++) {
			message[i][k] = (uint8_t)(k == 0 ? 0x7E : n * 7 + k);
		}
		memset(&r[i], 0, sizeof(r[i]));
		r[i].to.eid = (uint8_t)(9 - i);
		r[i].retries = 5;
		r[i].timeout_ms = 100;
		r[i].body = message[i];
		r[i].body_len = len;
		r[i].reply = reply[i];
		r[i].reply_cap = sizeof(reply[i]);
		assert_int_equal(
			prot_mctp_request_start(&w->sides[i].m, &r[i], w->now),
			PROT_OK);
	}
	for (int i = 0; i < 5000 && (r[0].status == PROT_PENDING ||
				     r[1].status == PROT_PENDING);
	     i++) {
		step(w);
	}
	for (size_t i = 0; i < 2; i++) {
		if (r[i].status != PROT_OK) {
			assert_int_equal(r[i].status, PROT_ERR_TIMEOUT);
			continue;
		}
		answered++;
		assert_int_equal(r[i].reply_len, r[i].body_len);
		assert_int_equal(reply[i][0], 0x7E);
		for (size_t k = 1; k < r[i].reply_len; k++) {
			assert_int_equal(reply[i][k],
					 (uint8_t)(message[i][k] + 1));
		}
	}
	return answered;
}

static size_t run(uint32_t seed, unsigned trouble)
{
	static struct world w;
	size_t answered = 0;

	memset(&w, 0, sizeof(w));
	w.random = seed;
	w.trouble = trouble;
	side_init(&w, 0);
	side_init(&w, 1);
	for (unsigned n = 0; n < MESSAGES; n++) {
		answered += exchange(&w, n);
	}
	w.trouble = 0;
	for (int i = 0; i < 1000; i++) {
		step(&w);
	}
	assert_int_equal(prot_mctp_next_tick(&w.sides[0].m), PROT_MCTP_NEVER);
	assert_int_equal(prot_mctp_next_tick(&w.sides[1].m), PROT_MCTP_NEVER);
	return answered;
}

static void test_exchange__good_link__all_answered(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 10; seed++) {
		assert_int_equal(run(seed, 0), 2 * MESSAGES);
	}
}

static void test_exchange__bad_link__nearly_all_answered(void **state)
{
	size_t answered = 0;

	(void)state;
	for (uint32_t seed = 0; seed < SEEDS; seed++) {
		answered += run(seed, 8); /* 3 % of each kind of trouble */
	}
	print_message("%zu of %d answered\n", answered, 2 * SEEDS * MESSAGES);
	assert_true(answered > 2 * SEEDS * MESSAGES * 99 / 100);
}

static void test_exchange__hopeless_link__still_ends(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 20; seed++) {
		(void)run(seed, 200);
	}
	assert_int_equal(run(1, 256), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exchange__good_link__all_answered),
		cmocka_unit_test(test_exchange__bad_link__nearly_all_answered),
		cmocka_unit_test(test_exchange__hopeless_link__still_ends),
	};

	return cmocka_run_group_tests_name("mctp_lossy", tests, NULL, NULL);
}
