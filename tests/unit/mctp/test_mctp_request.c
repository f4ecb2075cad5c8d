/* SPDX-License-Identifier: Apache-2.0 */
/* Requests: tags, replies, time-out, retry, cancel; datagrams. */
#include "mctp_fixture.h"

static const uint8_t head[2] = {TYPE_TEST, 0xAA};
static uint8_t body[200];
static uint8_t reply[8][300];

/* To PEER_EID at fx->addr, 2 + 3 bytes, 100 ms, no retry. */
static struct prot_mctp_request request(const struct fx *fx, size_t n)
{
	struct prot_mctp_request r = {
		.to = {.addr = fx->addr, .link = 0, .eid = PEER_EID},
		.timeout_ms = 100,
		.header = head,
		.header_len = sizeof(head),
		.body = body,
		.body_len = 3,
		.reply = reply[n],
		.reply_cap = sizeof(reply[n]),
	};

	for (size_t i = 0; i < sizeof(body); i++) {
		body[i] = (uint8_t)(i + 7);
	}
	return r;
}

static void start(struct fx *fx, struct prot_mctp_request *r)
{
	assert_int_equal(prot_mctp_request_start(&fx->m, r, fx->now), PROT_OK);
}

static unsigned sent_tag(const struct fx *fx, size_t i)
{
	return fx->sent[i].bytes[3] & PROT_MCTP_TAG_MASK;
}

static void test_request__each_length__packets_from_both_parts(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (size_t len = 1; len <= 200; len++) {
		struct prot_mctp_request r = request(&fx, 0);
		const size_t packets = (len + 1 + 63) / 64;

		r.header_len = 1;
		r.body_len = len;
		fx.sent_count = 0;
		start(&fx, &r);
		assert_int_equal(fx.sent_count, packets);
		for (size_t at = 0; at < len + 1; at++) {
			assert_int_equal(fx.sent[at / 64].bytes[4 + at % 64],
					 at == 0 ? TYPE_TEST
						 : (uint8_t)(at - 1 + 7));
		}
		assert_int_equal(fx.sent[0].bytes[3] & (SOM | TO), SOM | TO);
		assert_int_equal(fx.sent[packets - 1].bytes[3] & EOM, EOM);
		prot_mctp_request_cancel(&fx.m, &r);
	}
}

static void test_request__header_spans_packets__in_order(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	r.header = body;
	r.header_len = 100;
	r.body = body + 100;
	r.body_len = 100;
	start(&fx, &r);
	assert_int_equal(fx.sent_count, 4);
	for (size_t at = 0; at < 200; at++) {
		assert_int_equal(fx.sent[at / 64].bytes[4 + at % 64],
				 (uint8_t)(at + 7));
	}
}

static void test_request__single_packet_reply__ok(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	start(&fx, &r);
	assert_int_equal(r.status, PROT_PENDING);
	assert_int_equal(fx.sent[0].bytes[1], PEER_EID);
	assert_int_equal(fx.sent[0].bytes[2], OWN_EID);
	assert_int_equal(fx_rx(&fx, SOM | EOM | sent_tag(&fx, 0), 4, 0, 10),
			 PROT_MCTP_ACCEPTED);
	assert_int_equal(r.status, PROT_OK);
	assert_int_equal(r.reply_len, 10);
	assert_int_equal(r.reply_eid, PEER_EID);
	for (size_t i = 0; i < 10; i++) {
		assert_int_equal(reply[0][i], fx_byte(4, i));
	}
	/* The tag is closed: a second reply is unsolicited. */
	assert_int_equal(fx_rx(&fx, SOM | EOM | sent_tag(&fx, 0), 4, 0, 10),
			 PROT_MCTP_DROP_UNSOLICITED);
	assert_int_equal(fx.got_count, 0);
	assert_int_equal(prot_mctp_next_tick(&fx.m), PROT_MCTP_NEVER);
}

static void test_request__long_reply__assembled_in_its_buffer(void **state)
{
	struct prot_mctp_request r;
	unsigned tag;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	start(&fx, &r);
	tag = sent_tag(&fx, 0);
	fx_rx(&fx, SOM | SEQ(2) | tag, 1, 0, 64);
	/* A request of the peer with the same tag is another message. */
	fx_rx(&fx, SOM | TO | tag, 2, 0, 64);
	fx_rx(&fx, SEQ(3) | tag, 1, 64, 64);
	fx_rx(&fx, EOM | TO | SEQ(1) | tag, 2, 64, 64);
	fx_assert_got(&fx, 1, 2, 128);
	assert_int_equal(r.status, PROT_PENDING);
	fx_rx(&fx, EOM | SEQ(0) | tag, 1, 128, 9);
	assert_int_equal(r.status, PROT_OK);
	assert_int_equal(r.reply_len, 137);
	for (size_t i = 0; i < 137; i++) {
		assert_int_equal(reply[0][i], fx_byte(1, i));
	}
}

static void test_request__broken_reply__waits_for_a_whole_one(void **state)
{
	struct prot_mctp_request r;
	unsigned tag;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	start(&fx, &r);
	tag = sent_tag(&fx, 0);
	assert_int_equal(fx_rx(&fx, EOM | tag, 1, 0, 9),
			 PROT_MCTP_DROP_UNEXPECTED);
	fx_rx(&fx, SOM | tag, 1, 0, 64);
	assert_int_equal(fx_rx(&fx, EOM | SEQ(2) | tag, 1, 64, 9),
			 PROT_MCTP_DROP_SEQUENCE);
	assert_int_equal(fx_rx(&fx, EOM | SEQ(1) | tag, 1, 64, 9),
			 PROT_MCTP_DROP_UNEXPECTED);
	fx_rx(&fx, SOM | tag, 1, 0, 64);
	assert_int_equal(fx_rx(&fx, SOM | EOM | tag, 2, 0, 9),
			 PROT_MCTP_ACCEPTED);
	assert_int_equal(fx_drops(&fx, PROT_MCTP_DROP_RESTARTED), 1);
	assert_int_equal(r.status, PROT_OK);
	assert_int_equal(r.reply_len, 9);
}

static void test_request__reply_fills_its_buffer__ok(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	r.reply_cap = 10;
	start(&fx, &r);
	fx_rx(&fx, SOM | EOM | sent_tag(&fx, 0), 1, 0, 10);
	assert_int_equal(r.status, PROT_OK);
}

static void test_request__reply_one_byte_too_long__err_space(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	r.retries = 3;
	r.reply_cap = 10;
	start(&fx, &r);
	assert_int_equal(fx_rx(&fx, SOM | EOM | sent_tag(&fx, 0), 1, 0, 11),
			 PROT_MCTP_DROP_TOO_LONG);
	assert_int_equal(r.status, PROT_ERR_SPACE);
}

static void test_request__reply_from_elsewhere__unsolicited(void **state)
{
	struct prot_mctp_request r;
	unsigned tag;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	start(&fx, &r);
	tag = sent_tag(&fx, 0);
	for (unsigned other = 0; other < 8; other++) {
		if (other != tag) {
			assert_int_equal(
				fx_rx(&fx, SOM | EOM | other, 1, 0, 10),
				PROT_MCTP_DROP_UNSOLICITED);
		}
	}
	fx.addr.bytes[0]++;
	assert_int_equal(fx_rx(&fx, SOM | EOM | tag, 1, 0, 10),
			 PROT_MCTP_DROP_UNSOLICITED);
	fx.addr.bytes[0]--;
	fx.link = 1;
	assert_int_equal(fx_rx(&fx, SOM | EOM | tag, 1, 0, 10),
			 PROT_MCTP_DROP_UNSOLICITED);
	fx.link = 0;
	fx.dest = PROT_MCTP_EID_BROADCAST;
	assert_int_equal(fx_rx(&fx, SOM | EOM | tag, 1, 0, 10),
			 PROT_MCTP_DROP_DEST);
	assert_int_equal(r.status, PROT_PENDING);
}

static void test_request__to_another_eid__reply_must_come_from_it(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	r.to.eid = PEER_EID + 1;
	start(&fx, &r);
	assert_int_equal(fx_rx(&fx, SOM | EOM | sent_tag(&fx, 0), 1, 0, 10),
			 PROT_MCTP_DROP_UNSOLICITED);
}

static void test_request__to_null_eid__reply_from_any_eid(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	r.to.eid = PROT_MCTP_EID_NULL;
	start(&fx, &r);
	assert_int_equal(fx.sent[0].bytes[1], PROT_MCTP_EID_NULL);
	assert_int_equal(fx_rx(&fx, SOM | EOM | sent_tag(&fx, 0), 1, 0, 10),
			 PROT_MCTP_ACCEPTED);
	assert_int_equal(r.status, PROT_OK);
	assert_int_equal(r.reply_eid, PEER_EID);
}

static void test_request__reply_before_it_is_sent__unsolicited(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	fx.link_state[0].room = 0;
	start(&fx, &r);
	for (unsigned tag = 0; tag < 8; tag++) {
		assert_int_equal(fx_rx(&fx, SOM | EOM | tag, 1, 0, 10),
				 PROT_MCTP_DROP_UNSOLICITED);
	}
	assert_int_equal(r.status, PROT_PENDING);
}

static void test_request__no_reply__times_out_after_sending(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	fx.link_state[0].room = 0;
	start(&fx, &r);
	fx.link_state[0].room = 5;
	fx.now += 60;
	prot_mctp_tick(&fx.m, fx.now);
	assert_int_equal(fx.sent_count, 1);
	/* Time for the reply counts from the last packet. */
	assert_int_equal(prot_mctp_next_tick(&fx.m), fx.now + 100);
	prot_mctp_tick(&fx.m, fx.now + 99);
	assert_int_equal(r.status, PROT_PENDING);
	prot_mctp_tick(&fx.m, fx.now + 100);
	assert_int_equal(r.status, PROT_ERR_TIMEOUT);
	assert_int_equal(fx.sent_count, 1);
}

static void test_request__link_never_ready__times_out(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	fx.link_state[0].room = 0;
	start(&fx, &r);
	prot_mctp_tick(&fx.m, fx.now + 100);
	assert_int_equal(r.status, PROT_ERR_TIMEOUT);
	fx.link_state[0].room = 5;
	prot_mctp_tick(&fx.m, fx.now + 101);
	assert_int_equal(fx.sent_count, 0);
}

static void test_request__retries__each_in_full_with_another_tag(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	r.retries = 2;
	start(&fx, &r);
	for (unsigned i = 1; i <= 2; i++) {
		fx.now += 100;
		prot_mctp_tick(&fx.m, fx.now);
		assert_int_equal(fx.sent_count, i + 1);
		assert_int_equal(fx.sent[i].len, fx.sent[0].len);
		assert_memory_equal(fx.sent[i].bytes + 4, fx.sent[0].bytes + 4,
				    fx.sent[0].len - 4);
		assert_int_not_equal(sent_tag(&fx, i), sent_tag(&fx, i - 1));
		/* Late for the try before. */
		assert_int_equal(
			fx_rx(&fx, SOM | EOM | sent_tag(&fx, i - 1), 1, 0, 9),
			PROT_MCTP_DROP_UNSOLICITED);
	}
	assert_int_equal(r.status, PROT_PENDING);
	fx.now += 100;
	prot_mctp_tick(&fx.m, fx.now);
	assert_int_equal(r.status, PROT_ERR_TIMEOUT);
}

static void test_request__timeout_half_sent__retry_starts_over(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	r.body_len = 100;
	r.retries = 1;
	fx.link_state[0].room = 1;
	start(&fx, &r);
	fx.link_state[0].room = 9;
	prot_mctp_tick(&fx.m, fx.now + 100);
	assert_int_equal(fx.sent_count, 3);
	assert_int_equal(fx.sent[1].bytes[3] & SOM, SOM);
	assert_int_equal(fx.sent[2].bytes[3] & EOM, EOM);
	assert_int_equal(fx.sent[2].len, 4 + 102 - 64);
}

static void test_request__partial_reply_at_timeout__retried(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	r.retries = 1;
	start(&fx, &r);
	fx_rx(&fx, SOM | sent_tag(&fx, 0), 1, 0, 64);
	prot_mctp_tick(&fx.m, fx.now + 100);
	assert_int_equal(fx.sent_count, 2);
	assert_int_equal(fx_rx(&fx, EOM | SEQ(1) | sent_tag(&fx, 0), 1, 64, 4),
			 PROT_MCTP_DROP_UNSOLICITED);
	assert_int_equal(fx_rx(&fx, EOM | SEQ(1) | sent_tag(&fx, 1), 1, 64, 4),
			 PROT_MCTP_DROP_UNEXPECTED);
	assert_int_equal(fx_rx(&fx, SOM | EOM | sent_tag(&fx, 1), 1, 0, 4),
			 PROT_MCTP_ACCEPTED);
	assert_int_equal(r.status, PROT_OK);
}

static void test_request__eight_at_once__distinct_tags_ninth_busy(void **state)
{
	struct prot_mctp_request r[9];
	unsigned seen = 0;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (size_t i = 0; i < 8; i++) {
		r[i] = request(&fx, i);
		start(&fx, &r[i]);
		seen |= 1u << sent_tag(&fx, i);
	}
	assert_int_equal(seen, 0xFF);
	r[8] = request(&fx, 0);
	r[8].status = PROT_OK;
	assert_int_equal(prot_mctp_request_start(&fx.m, &r[8], fx.now),
			 PROT_ERR_BUSY);
	assert_int_equal(r[8].status, PROT_OK);
	/* The null EID shares the tags of all EIDs at this address. */
	r[8].to.eid = PROT_MCTP_EID_NULL;
	assert_int_equal(prot_mctp_request_start(&fx.m, &r[8], fx.now),
			 PROT_ERR_BUSY);
	r[8].to.eid = PEER_EID + 1;
	start(&fx, &r[8]);
	prot_mctp_request_cancel(&fx.m, &r[8]);
	r[8].to.eid = PEER_EID;
	fx_rx(&fx, SOM | EOM | sent_tag(&fx, 3), 1, 0, 4);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(r[i].status, i == 3 ? PROT_OK : PROT_PENDING);
	}
	start(&fx, &r[8]);
	assert_int_equal(sent_tag(&fx, 9), sent_tag(&fx, 3));
}

static void test_request__all_tags_taken__retry_keeps_its_tag(void **state)
{
	struct prot_mctp_request r[8];
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (size_t i = 0; i < 8; i++) {
		r[i] = request(&fx, i);
		r[i].timeout_ms = i == 2 ? 50 : 100;
		r[i].retries = 1;
		start(&fx, &r[i]);
	}
	prot_mctp_tick(&fx.m, fx.now + 50);
	assert_int_equal(fx.sent_count, 9);
	assert_int_equal(sent_tag(&fx, 8), sent_tag(&fx, 2));
}

static void test_request__one_after_the_other__tags_rotate(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (unsigned i = 0; i < 16; i++) {
		r = request(&fx, 0);
		start(&fx, &r);
		if (i > 0) {
			assert_int_equal(sent_tag(&fx, i),
					 (sent_tag(&fx, i - 1) + 1) % 8);
		}
		fx_rx(&fx, SOM | EOM | sent_tag(&fx, i), 1, 0, 4);
		assert_int_equal(r.status, PROT_OK);
	}
}

static void
test_request__tags_recur__first_sequence_number_differs(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (unsigned i = 0; i < 33; i++) {
		r = request(&fx, 0);
		r.one_way = true;
		start(&fx, &r);
	}
	for (unsigned i = 0; i < 32; i++) {
		for (unsigned k = 0; k < i; k++) {
			assert_int_not_equal(fx.sent[i].bytes[3],
					     fx.sent[k].bytes[3]);
		}
	}
	assert_int_equal(fx.sent[32].bytes[3], fx.sent[0].bytes[3]);
}

static void test_request__started_twice__err_state(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	start(&fx, &r);
	assert_int_equal(prot_mctp_request_start(&fx.m, &r, fx.now),
			 PROT_ERR_STATE);
	assert_int_equal(r.status, PROT_PENDING);
	fx_rx(&fx, SOM | EOM | sent_tag(&fx, 0), 1, 0, 4);
	assert_int_equal(r.status, PROT_OK);
	start(&fx, &r);
	assert_int_equal(r.status, PROT_PENDING);
}

static void test_request__each_limit_broken__err_arg(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
#define REFUSED(change)                                                        \
	do {                                                                   \
		r = request(&fx, 0);                                           \
		change;                                                        \
		assert_int_equal(prot_mctp_request_start(&fx.m, &r, fx.now),   \
				 PROT_ERR_ARG);                                \
	} while (0)
	REFUSED(r.to.link = 2);
	REFUSED(r.to.addr.len = 8);
	REFUSED(r.to.eid = 1);
	REFUSED(r.to.eid = 7);
	REFUSED(r.to.eid = PROT_MCTP_EID_BROADCAST);
	REFUSED(r.timeout_ms = 0);
	REFUSED(r.header = NULL);
	REFUSED(r.body = NULL);
	REFUSED(r.header_len = r.body_len = 0);
	REFUSED(r.body_len = SIZE_MAX);
	REFUSED(r.reply = NULL);
	REFUSED(r.reply_cap = 0);
#undef REFUSED
	assert_int_equal(fx.sent_count, 0);
}

static void test_request__link_fails__err_io(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	r.retries = 5;
	fx.link_state[0].room = 0;
	fx.link_state[0].decline = PROT_ERR_IO;
	start(&fx, &r);
	assert_int_equal(r.status, PROT_ERR_IO);
	assert_int_equal(prot_mctp_next_tick(&fx.m), PROT_MCTP_NEVER);
}

static void test_link_reset__running_requests__err_io(void **state)
{
	struct prot_mctp_request r[3];
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (size_t i = 0; i < 3; i++) {
		r[i] = request(&fx, i);
	}
	r[1].to.link = 1;
	start(&fx, &r[0]);
	start(&fx, &r[1]);
	fx.link_state[0].room = 0;
	start(&fx, &r[2]); /* still to be sent */
	prot_mctp_link_reset(&fx.m, 0);
	assert_int_equal(r[0].status, PROT_ERR_IO);
	assert_int_equal(r[1].status, PROT_PENDING);
	assert_int_equal(r[2].status, PROT_ERR_IO);
	fx.link_state[0].room = 9;
	prot_mctp_tick(&fx.m, fx.now);
	assert_int_equal(fx.sent_count, 2);
}

static void test_request_cancel__waiting__late_reply_dropped(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	start(&fx, &r);
	prot_mctp_request_cancel(&fx.m, &r);
	assert_int_equal(r.status, PROT_ERR_CANCELLED);
	assert_int_equal(fx_rx(&fx, SOM | EOM | sent_tag(&fx, 0), 1, 0, 4),
			 PROT_MCTP_DROP_UNSOLICITED);
	assert_int_equal(r.status, PROT_ERR_CANCELLED);
	prot_mctp_tick(&fx.m, fx.now + 10000);
	assert_int_equal(r.status, PROT_ERR_CANCELLED);
}

static void test_request_cancel__half_sent__rest_is_not_sent(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	r.body_len = 200;
	fx.link_state[0].room = 1;
	start(&fx, &r);
	prot_mctp_request_cancel(&fx.m, &r);
	fx.link_state[0].room = 9;
	prot_mctp_tick(&fx.m, fx.now);
	assert_int_equal(fx.sent_count, 1);
}

static void test_request_cancel__not_running__no_effect(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	r.status = PROT_OK;
	prot_mctp_request_cancel(&fx.m, &r);
	assert_int_equal(r.status, PROT_OK);
}

static void test_request__cancelled_among_others__others_go_on(void **state)
{
	struct prot_mctp_request r[3];
	struct fx fx;

	(void)state;
	for (size_t gone = 0; gone < 3; gone++) {
		fx_start(&fx);
		fx.link_state[0].room = 0;
		for (size_t i = 0; i < 3; i++) {
			r[i] = request(&fx, i);
			start(&fx, &r[i]);
		}
		prot_mctp_request_cancel(&fx.m, &r[gone]);
		fx.link_state[0].room = 9;
		prot_mctp_tick(&fx.m, fx.now);
		assert_int_equal(fx.sent_count, 2);
		fx_rx(&fx, SOM | EOM | sent_tag(&fx, 0), 1, 0, 4);
		fx_rx(&fx, SOM | EOM | sent_tag(&fx, 1), 1, 0, 4);
		for (size_t i = 0; i < 3; i++) {
			assert_int_equal(r[i].status,
					 i == gone ? PROT_ERR_CANCELLED
						   : PROT_OK);
		}
	}
}

static void
test_request__many_time_out_together__each_exactly_once(void **state)
{
	struct prot_mctp_request r[6];
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (size_t i = 0; i < 6; i++) {
		r[i] = request(&fx, i);
		r[i].retries = i % 2;
		start(&fx, &r[i]);
	}
	prot_mctp_tick(&fx.m, fx.now + 100);
	assert_int_equal(fx.sent_count, 9);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(r[i].status,
				 i % 2 ? PROT_PENDING : PROT_ERR_TIMEOUT);
	}
	prot_mctp_tick(&fx.m, fx.now + 200);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(r[i].status, PROT_ERR_TIMEOUT);
	}
}

static void test_request__one_way__ok_when_the_last_packet_left(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	r = request(&fx, 0);
	r.one_way = true;
	r.reply = NULL;
	r.reply_cap = 0;
	r.body_len = 100;
	r.to.eid = PROT_MCTP_EID_BROADCAST;
	fx.link_state[0].room = 1;
	start(&fx, &r);
	assert_int_equal(r.status, PROT_PENDING);
	fx.link_state[0].room = 1;
	prot_mctp_tick(&fx.m, fx.now);
	assert_int_equal(r.status, PROT_OK);
	assert_int_equal(fx.sent[1].bytes[1], PROT_MCTP_EID_BROADCAST);
	assert_int_equal(fx.sent[1].bytes[3] & TO, TO);
	assert_int_equal(fx_rx(&fx, SOM | EOM | sent_tag(&fx, 0), 1, 0, 4),
			 PROT_MCTP_DROP_UNSOLICITED);
}

static void test_request__reply_and_request_queued__in_order(void **state)
{
	struct prot_mctp_request r;
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx.link_state[0].room = 0;
	fx.reply_len = 70;
	fx_rx(&fx, SOM | EOM | TO | 4, 1, 0, 4);
	r = request(&fx, 0);
	start(&fx, &r);
	fx.link_state[0].room = 9;
	prot_mctp_tick(&fx.m, fx.now);
	assert_int_equal(fx.sent_count, 3);
	assert_int_equal(fx.sent[0].bytes[3], SOM | 4);
	assert_int_equal(fx.sent[1].bytes[3], EOM | SEQ(1) | 4);
	assert_int_equal(fx.sent[2].bytes[3] & TO, TO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_request__each_length__packets_from_both_parts),
		cmocka_unit_test(test_request__header_spans_packets__in_order),
		cmocka_unit_test(test_request__single_packet_reply__ok),
		cmocka_unit_test(
			test_request__long_reply__assembled_in_its_buffer),
		cmocka_unit_test(
			test_request__broken_reply__waits_for_a_whole_one),
		cmocka_unit_test(test_request__reply_fills_its_buffer__ok),
		cmocka_unit_test(
			test_request__reply_one_byte_too_long__err_space),
		cmocka_unit_test(
			test_request__reply_from_elsewhere__unsolicited),
		cmocka_unit_test(
			test_request__to_another_eid__reply_must_come_from_it),
		cmocka_unit_test(test_request__to_null_eid__reply_from_any_eid),
		cmocka_unit_test(
			test_request__reply_before_it_is_sent__unsolicited),
		cmocka_unit_test(
			test_request__no_reply__times_out_after_sending),
		cmocka_unit_test(test_request__link_never_ready__times_out),
		cmocka_unit_test(
			test_request__retries__each_in_full_with_another_tag),
		cmocka_unit_test(
			test_request__timeout_half_sent__retry_starts_over),
		cmocka_unit_test(
			test_request__partial_reply_at_timeout__retried),
		cmocka_unit_test(
			test_request__eight_at_once__distinct_tags_ninth_busy),
		cmocka_unit_test(
			test_request__all_tags_taken__retry_keeps_its_tag),
		cmocka_unit_test(
			test_request__one_after_the_other__tags_rotate),
		cmocka_unit_test(
			test_request__tags_recur__first_sequence_number_differs),
		cmocka_unit_test(test_request__started_twice__err_state),
		cmocka_unit_test(test_request__each_limit_broken__err_arg),
		cmocka_unit_test(test_request__link_fails__err_io),
		cmocka_unit_test(test_link_reset__running_requests__err_io),
		cmocka_unit_test(
			test_request_cancel__waiting__late_reply_dropped),
		cmocka_unit_test(
			test_request_cancel__half_sent__rest_is_not_sent),
		cmocka_unit_test(test_request_cancel__not_running__no_effect),
		cmocka_unit_test(
			test_request__cancelled_among_others__others_go_on),
		cmocka_unit_test(
			test_request__many_time_out_together__each_exactly_once),
		cmocka_unit_test(
			test_request__one_way__ok_when_the_last_packet_left),
		cmocka_unit_test(
			test_request__reply_and_request_queued__in_order),
	};

	return cmocka_run_group_tests_name("mctp_request", tests, NULL, NULL);
}
