/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration, replies, packetising, busy and failing links. */
#include "mctp_fixture.h"

static void test_init__each_limit_broken__err_arg(void **state)
{
	struct fx fx;

	(void)state;
#define REFUSED(change)                                                        \
	do {                                                                   \
		fx_defaults(&fx);                                              \
		change;                                                        \
		assert_int_equal(prot_mctp_init(&fx.m, &fx.config),            \
				 PROT_ERR_ARG);                                \
	} while (0)
	REFUSED(fx.config.link_count = 0);
	REFUSED(fx.config.link_count = 33);
	REFUSED(fx.config.links = NULL);
	REFUSED(fx.links[1].ops = NULL);
	REFUSED(fx.links[1].mtu = 63);
	REFUSED(fx.links[1].mtu = 65532);
	REFUSED(fx.config.packet = NULL);
	REFUSED(fx.config.packet_cap = 67);
	REFUSED(fx.config.slots = NULL);
	REFUSED(fx.config.slots_per_peer = 0);
	REFUSED(fx.slots[2].buf = NULL);
	REFUSED(fx.slots[2].cap = 64);
	REFUSED(fx.config.tx_buffers = NULL);
	REFUSED(fx.config.tx_buffer_count = 0);
	REFUSED(fx.tx_buffers[1].buf = NULL);
	REFUSED(fx.tx_buffers[1].cap = 63);
	REFUSED(fx.config.handlers = NULL);
	REFUSED(fx.handlers[1].handle = NULL);
	REFUSED(fx.handlers[1].type = 0x80);
	REFUSED(fx.config.assembly_timeout_ms = 0);
	REFUSED(fx.config.send_timeout_ms = 0);
	REFUSED(fx.config.eid = 7);
	REFUSED(fx.config.eid = 255);
#undef REFUSED
}

static void test_init__least_of_everything__ok(void **state)
{
	struct fx fx;

	(void)state;
	fx_defaults(&fx);
	fx.config.link_count = 1;
	fx.config.handler_count = 0;
	fx.config.slot_count = 0;
	fx.config.tx_buffer_count = 0;
	fx.config.packet_cap = 68;
	fx.config.eid = 0;
	assert_int_equal(prot_mctp_init(&fx.m, &fx.config), PROT_OK);
	assert_int_equal(fx_rx(&fx, SOM | EOM | TO, 1, 0, 5),
			 PROT_MCTP_DROP_DEST);
	fx.dest = 0;
	assert_int_equal(fx_rx(&fx, SOM | EOM | TO, 1, 0, 5),
			 PROT_MCTP_DROP_TYPE);
}

static void test_set_eid__every_value__reserved_refused(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (unsigned eid = 0; eid < 256; eid++) {
		const bool bad = (eid >= 1 && eid <= 7) || eid == 255;
		const uint8_t before = prot_mctp_eid(&fx.m);

		assert_int_equal(prot_mctp_set_eid(&fx.m, (uint8_t)eid),
				 bad ? PROT_ERR_ARG : PROT_OK);
		assert_int_equal(prot_mctp_eid(&fx.m),
				 bad ? before : (uint8_t)eid);
	}
}

static void test_reply__short__single_packet_to_the_sender(void **state)
{
	const uint8_t want[] = {0x01,      PEER_EID, OWN_EID, SOM | EOM | 6,
				TYPE_TEST, 1,        2};
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx.reply_len = 3;
	fx.link = 1;
	fx_rx(&fx, SOM | EOM | TO | 6, 1, 0, 5);
	assert_int_equal(fx.sent_count, 1);
	assert_int_equal(fx.sent[0].link, 1);
	assert_memory_equal(&fx.sent[0].to, &fx.addr, sizeof(fx.addr));
	assert_int_equal(fx.sent[0].len, sizeof(want));
	assert_memory_equal(fx.sent[0].bytes, want, sizeof(want));
	assert_int_equal(prot_mctp_counters(&fx.m)->tx_packets, 1);
	assert_int_equal(prot_mctp_counters(&fx.m)->tx_messages, 1);
}

static void test_reply__each_length__packets_of_the_mtu(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (size_t len = 1; len <= 512; len++) {
		const size_t packets = (len + 63) / 64;

		fx.sent_count = 0;
		fx.reply_len = len;
		fx_rx(&fx, SOM | EOM | TO | 2, 1, 0, 5);
		assert_int_equal(fx.sent_count, packets);
		for (size_t i = 0; i < packets; i++) {
			const struct fx_packet *p = &fx.sent[i];
			const size_t body = i + 1 < packets ? 64 : len - i * 64;
			const unsigned flags = (i == 0 ? SOM : 0u) |
					       (i + 1 == packets ? EOM : 0u) |
					       SEQ(i % 4) | 2u;

			assert_int_equal(p->len, 4 + body);
			assert_int_equal(p->bytes[3], flags);
			for (size_t k = 0; k < body; k++) {
				const size_t at = i * 64 + k;

				assert_int_equal(p->bytes[4 + k],
						 at == 0 ? TYPE_TEST
							 : (uint8_t)at);
			}
		}
	}
}

static void test_reply__sent_to_null_eid__own_eid_as_source(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx.reply_len = 3;
	fx.dest = PROT_MCTP_EID_NULL;
	fx_rx(&fx, SOM | EOM | TO, 1, 0, 5);
	assert_int_equal(fx.sent[0].bytes[1], PEER_EID);
	assert_int_equal(fx.sent[0].bytes[2], OWN_EID);
}

static void test_reply__larger_than_the_buffer__counted_not_sent(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx.reply_len = 513;
	fx_rx(&fx, SOM | EOM | TO, 1, 0, 5);
	assert_int_equal(fx.sent_count, 0);
	assert_int_equal(fx_drops(&fx, PROT_MCTP_DROP_REPLY), 1);
	fx.reply_len = 512;
	fx_rx(&fx, SOM | EOM | TO, 1, 0, 5);
	assert_int_equal(fx.sent_count, 8);
}

static void test_reply__link_busy__goes_on_where_it_stopped(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx.reply_len = 200;
	fx.link_state[0].room = 1;
	fx_rx(&fx, SOM | EOM | TO, 1, 0, 5);
	assert_int_equal(fx.sent_count, 1);
	prot_mctp_tick(&fx.m, fx.now);
	assert_int_equal(fx.sent_count, 1);
	for (size_t sent = 2; sent <= 4; sent++) {
		fx.link_state[0].room = 1;
		prot_mctp_tick(&fx.m, fx.now);
		assert_int_equal(fx.sent_count, sent);
		assert_int_equal(fx.sent[sent - 1].bytes[4],
				 (uint8_t)(64 * (sent - 1)));
	}
	assert_int_equal(fx.sent[3].bytes[3], EOM | SEQ(3));
	assert_int_equal(fx.sent[3].len, 4 + 200 - 192);
	assert_int_equal(prot_mctp_next_tick(&fx.m), PROT_MCTP_NEVER);
}

static void test_reply__all_buffers_busy__request_dropped(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx.reply_len = 3;
	fx.link_state[0].room = 0;
	for (unsigned tag = 0; tag < 2; tag++) {
		assert_int_equal(fx_rx(&fx, SOM | EOM | TO | tag, 1, 0, 5),
				 PROT_MCTP_ACCEPTED);
	}
	assert_int_equal(fx_rx(&fx, SOM | EOM | TO | 2, 1, 0, 5),
			 PROT_MCTP_DROP_NO_TX_BUFFER);
	assert_int_equal(fx.got_count, 2);
	fx.link_state[0].room = 10;
	prot_mctp_tick(&fx.m, fx.now);
	assert_int_equal(fx.sent_count, 2);
	assert_int_equal(fx.sent[0].bytes[3], SOM | EOM | 0);
	assert_int_equal(fx.sent[1].bytes[3], SOM | EOM | 1);
	assert_int_equal(fx_rx(&fx, SOM | EOM | TO | 2, 1, 0, 5),
			 PROT_MCTP_ACCEPTED);
}

static void test_reply__one_link_busy__other_link_goes_on(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx.reply_len = 3;
	fx.link_state[0].room = 0;
	fx_rx(&fx, SOM | EOM | TO, 1, 0, 5);
	fx.link = 1;
	fx_rx(&fx, SOM | EOM | TO, 1, 0, 5);
	assert_int_equal(fx.sent_count, 1);
	assert_int_equal(fx.sent[0].link, 1);
}

static void test_reply__link_never_ready__given_up_in_time(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx.reply_len = 3;
	fx.link_state[0].room = 0;
	fx_rx(&fx, SOM | EOM | TO, 1, 0, 5);
	assert_int_equal(prot_mctp_next_tick(&fx.m), fx.now + 500);
	prot_mctp_tick(&fx.m, fx.now + 499);
	assert_int_equal(fx_drops(&fx, PROT_MCTP_DROP_REPLY), 0);
	fx.link_state[0].room = 1;
	prot_mctp_tick(&fx.m, fx.now + 500);
	assert_int_equal(fx_drops(&fx, PROT_MCTP_DROP_REPLY), 1);
	assert_int_equal(fx.sent_count, 0);
	assert_int_equal(prot_mctp_next_tick(&fx.m), PROT_MCTP_NEVER);
}

static void test_reply__link_fails__given_up_and_buffer_free(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx.reply_len = 200;
	fx.link_state[0].decline = PROT_ERR_IO;
	for (unsigned i = 1; i <= 5; i++) {
		fx.link_state[0].room = 1;
		assert_int_equal(fx_rx(&fx, SOM | EOM | TO, 1, 0, 5),
				 PROT_MCTP_ACCEPTED);
		assert_int_equal(fx_drops(&fx, PROT_MCTP_DROP_REPLY), i);
	}
	assert_int_equal(fx.sent_count, 5);
}

static void test_reply__to_an_assembled_message__same_tag(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx.reply_len = 2;
	fx_rx(&fx, SOM | TO | 7, 1, 0, 64);
	fx_rx(&fx, EOM | TO | SEQ(1) | 7, 1, 64, 5);
	assert_int_equal(fx.sent_count, 1);
	assert_int_equal(fx.sent[0].bytes[3], SOM | EOM | 7);
}

static void test_link_reset__work_on_it__dropped_other_link_kept(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx.reply_len = 3;
	for (uint8_t link = 0; link < 2; link++) {
		fx.link = link;
		fx.link_state[link].room = 0;
		fx_rx(&fx, SOM | EOM | TO, 1, 0, 5);
		fx_rx(&fx, SOM | TO, link, 0, 64);
	}
	prot_mctp_link_reset(&fx.m, 0);
	assert_int_equal(fx_drops(&fx, PROT_MCTP_DROP_RESET), 1);
	assert_int_equal(fx_drops(&fx, PROT_MCTP_DROP_REPLY), 1);
	fx.link_state[0].room = 10;
	fx.link_state[1].room = 10;
	prot_mctp_tick(&fx.m, fx.now);
	assert_int_equal(fx.sent_count, 1);
	assert_int_equal(fx.sent[0].link, 1);
	fx.link = 0;
	assert_int_equal(fx_rx(&fx, EOM | TO | SEQ(1), 0, 64, 5),
			 PROT_MCTP_DROP_UNEXPECTED);
	fx.link = 1;
	assert_int_equal(fx_rx(&fx, EOM | TO | SEQ(1), 1, 64, 5),
			 PROT_MCTP_ACCEPTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_init__each_limit_broken__err_arg),
		cmocka_unit_test(test_init__least_of_everything__ok),
		cmocka_unit_test(test_set_eid__every_value__reserved_refused),
		cmocka_unit_test(
			test_reply__short__single_packet_to_the_sender),
		cmocka_unit_test(test_reply__each_length__packets_of_the_mtu),
		cmocka_unit_test(
			test_reply__sent_to_null_eid__own_eid_as_source),
		cmocka_unit_test(
			test_reply__larger_than_the_buffer__counted_not_sent),
		cmocka_unit_test(
			test_reply__link_busy__goes_on_where_it_stopped),
		cmocka_unit_test(test_reply__all_buffers_busy__request_dropped),
		cmocka_unit_test(test_reply__one_link_busy__other_link_goes_on),
		cmocka_unit_test(
			test_reply__link_never_ready__given_up_in_time),
		cmocka_unit_test(
			test_reply__link_fails__given_up_and_buffer_free),
		cmocka_unit_test(test_reply__to_an_assembled_message__same_tag),
		cmocka_unit_test(
			test_link_reset__work_on_it__dropped_other_link_kept),
	};

	return cmocka_run_group_tests_name("mctp_transmit", tests, NULL, NULL);
}
