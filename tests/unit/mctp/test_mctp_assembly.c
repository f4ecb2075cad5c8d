/* SPDX-License-Identifier: Apache-2.0 */
/* Packet filter and message assembly: one test per rule of DSP0236 1.3. */
#include "mctp_fixture.h"

static void test_rx__single_packet__delivered_from_the_packet(void **state)
{
	struct fx fx;
	uint8_t packet[] = {0x01,      OWN_EID, PEER_EID, SOM | EOM | TO | 5,
			    TYPE_TEST, 1,       2};

	(void)state;
	fx_start(&fx);
	assert_int_equal(
		prot_mctp_rx(&fx.m, 1, &fx.addr, packet, sizeof(packet), 77),
		PROT_MCTP_ACCEPTED);
	assert_int_equal(fx.got_count, 1);
	assert_ptr_equal(fx.got.data, packet + 4);
	assert_int_equal(fx.got.len, 3);
	assert_int_equal(fx.got.tag, 5);
	assert_int_equal(fx.got.dest_eid, OWN_EID);
	assert_int_equal(fx.got.now_ms, 77);
	assert_int_equal(fx.got.from.eid, PEER_EID);
	assert_int_equal(fx.got.from.link, 1);
	assert_memory_equal(&fx.got.from.addr, &fx.addr, sizeof(fx.addr));
	assert_int_equal(prot_mctp_counters(&fx.m)->rx_messages, 1);
	assert_int_equal(fx_drops(&fx, PROT_MCTP_ACCEPTED), 1);
}

static void test_rx__single_packet_of_each_size__delivered(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (size_t len = 1; len <= 256; len++) {
		assert_int_equal(fx_rx(&fx, SOM | EOM | TO, 3, 0, len),
				 PROT_MCTP_ACCEPTED);
		fx_assert_got(&fx, len, 3, len);
	}
}

static void test_rx__three_packets_any_first_sequence__assembled(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (unsigned seq = 0; seq < 4; seq++) {
		assert_int_equal(fx_rx(&fx, SOM | TO | SEQ(seq), seq, 0, 64),
				 PROT_MCTP_ACCEPTED);
		assert_int_equal(
			fx_rx(&fx, TO | SEQ((seq + 1) % 4), seq, 64, 64),
			PROT_MCTP_ACCEPTED);
		assert_int_equal(fx.got_count, seq);
		assert_int_equal(
			fx_rx(&fx, EOM | TO | SEQ((seq + 2) % 4), seq, 128, 1),
			PROT_MCTP_ACCEPTED);
		fx_assert_got(&fx, seq + 1, seq, 129);
	}
}

static void test_rx__small_and_large_units__assembled(void **state)
{
	const size_t units[] = {1, 63, 65, 200};
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (unsigned i = 0; i < 4; i++) {
		fx_rx(&fx, SOM | TO, i, 0, units[i]);
		fx_rx(&fx, EOM | TO | SEQ(1), i, units[i], units[i]);
		fx_assert_got(&fx, i + 1, i, 2 * units[i]);
	}
}

static void test_rx__each_key_part_differs__assembled_apart(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx.config.slots_per_peer = 3;
	/* tag 0 and tag 1 from one peer, tag 0 from another address */
	fx_rx(&fx, SOM | TO | 0, 1, 0, 64);
	fx_rx(&fx, SOM | TO | 1, 2, 0, 64);
	fx.addr.bytes[0] = 0x21;
	fx_rx(&fx, SOM | TO | 0, 3, 0, 64);
	fx.addr.bytes[0] = 0x20;
	fx_rx(&fx, EOM | TO | SEQ(1) | 1, 2, 64, 5);
	fx_assert_got(&fx, 1, 2, 69);
	fx_rx(&fx, EOM | TO | SEQ(1) | 0, 1, 64, 6);
	fx_assert_got(&fx, 2, 1, 70);
	fx.addr.bytes[0] = 0x21;
	fx_rx(&fx, EOM | TO | SEQ(1) | 0, 3, 64, 7);
	fx_assert_got(&fx, 3, 3, 71);
}

static void
test_rx__other_link_or_destination__not_the_same_message(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx_rx(&fx, SOM | TO, 1, 0, 64);
	fx.link = 1;
	assert_int_equal(fx_rx(&fx, EOM | TO | SEQ(1), 1, 64, 5),
			 PROT_MCTP_DROP_UNEXPECTED);
	fx.link = 0;
	fx.dest = PROT_MCTP_EID_NULL;
	assert_int_equal(fx_rx(&fx, EOM | TO | SEQ(1), 1, 64, 5),
			 PROT_MCTP_DROP_UNEXPECTED);
	fx.dest = OWN_EID;
	assert_int_equal(fx_rx(&fx, EOM | SEQ(1), 1, 64, 5),
			 PROT_MCTP_DROP_UNSOLICITED);
	assert_int_equal(fx_rx(&fx, EOM | TO | SEQ(1), 1, 64, 5),
			 PROT_MCTP_ACCEPTED);
	fx_assert_got(&fx, 1, 1, 69);
}

static void test_rx__second_start__restarts_the_message(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx_rx(&fx, SOM | TO, 1, 0, 64);
	assert_int_equal(fx_rx(&fx, SOM | TO | SEQ(3), 2, 0, 60),
			 PROT_MCTP_ACCEPTED);
	assert_int_equal(fx_drops(&fx, PROT_MCTP_DROP_RESTARTED), 1);
	assert_int_equal(fx_rx(&fx, EOM | TO | SEQ(0), 2, 60, 10),
			 PROT_MCTP_ACCEPTED);
	fx_assert_got(&fx, 1, 2, 70);
}

static void
test_rx__single_packet_during_assembly__delivered_alone(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx_rx(&fx, SOM | TO, 1, 0, 64);
	assert_int_equal(fx_rx(&fx, SOM | EOM | TO, 2, 0, 10),
			 PROT_MCTP_ACCEPTED);
	fx_assert_got(&fx, 1, 2, 10);
	assert_int_equal(fx_drops(&fx, PROT_MCTP_DROP_RESTARTED), 1);
	assert_int_equal(fx_rx(&fx, EOM | TO | SEQ(1), 1, 64, 5),
			 PROT_MCTP_DROP_UNEXPECTED);
}

static void test_rx__middle_or_end_without_start__unexpected(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	assert_int_equal(fx_rx(&fx, TO, 1, 0, 64), PROT_MCTP_DROP_UNEXPECTED);
	assert_int_equal(fx_rx(&fx, EOM | TO, 1, 0, 64),
			 PROT_MCTP_DROP_UNEXPECTED);
	assert_int_equal(fx.got_count, 0);
}

static void test_rx__wrong_sequence__ends_the_message(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (unsigned seq = 0; seq < 4; seq++) {
		if (seq == 1) {
			continue;
		}
		fx_rx(&fx, SOM | TO, 1, 0, 64);
		assert_int_equal(fx_rx(&fx, TO | SEQ(seq), 1, 64, 64),
				 PROT_MCTP_DROP_SEQUENCE);
		assert_int_equal(fx_rx(&fx, TO | SEQ(1), 1, 64, 64),
				 PROT_MCTP_DROP_UNEXPECTED);
	}
	assert_int_equal(fx.got_count, 0);
	/* The key is free again. */
	fx_rx(&fx, SOM | TO, 2, 0, 64);
	fx_rx(&fx, EOM | TO | SEQ(1), 2, 64, 64);
	fx_assert_got(&fx, 1, 2, 128);
}

static void test_rx__middle_of_another_size__ends_the_message(void **state)
{
	const size_t sizes[] = {1, 63, 65};
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (size_t i = 0; i < 3; i++) {
		fx_rx(&fx, SOM | TO, 1, 0, 64);
		assert_int_equal(fx_rx(&fx, TO | SEQ(1), 1, 64, sizes[i]),
				 PROT_MCTP_DROP_SIZE);
		assert_int_equal(fx_rx(&fx, EOM | TO | SEQ(2), 1, 64, 1),
				 PROT_MCTP_DROP_UNEXPECTED);
	}
}

static void test_rx__end_larger_than_the_first__ends_the_message(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx_rx(&fx, SOM | TO, 1, 0, 64);
	assert_int_equal(fx_rx(&fx, EOM | TO | SEQ(1), 1, 64, 65),
			 PROT_MCTP_DROP_SIZE);
	assert_int_equal(fx_rx(&fx, EOM | TO | SEQ(1), 1, 64, 64),
			 PROT_MCTP_DROP_UNEXPECTED);
	assert_int_equal(fx.got_count, 0);
}

/* Slots hold 512 bytes. */
static void feed(struct fx *fx, size_t total, enum prot_mctp_drop last)
{
	size_t at = 0;
	unsigned seq = 0;

	while (total - at > 64) {
		assert_int_equal(fx_rx(fx, (at == 0 ? SOM : 0u) | TO | SEQ(seq),
				       1, at, 64),
				 PROT_MCTP_ACCEPTED);
		at += 64;
		seq = (seq + 1) % 4;
	}
	assert_int_equal(fx_rx(fx, EOM | TO | SEQ(seq), 1, at, total - at),
			 last);
}

static void test_rx__message_as_large_as_the_slot__delivered(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	feed(&fx, 512, PROT_MCTP_ACCEPTED);
	fx_assert_got(&fx, 1, 1, 512);
}

static void test_rx__one_byte_more_than_the_slot__too_long(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	feed(&fx, 513, PROT_MCTP_DROP_TOO_LONG);
	assert_int_equal(fx.got_count, 0);
	assert_int_equal(prot_mctp_next_tick(&fx.m), PROT_MCTP_NEVER);
}

static void test_rx__first_packet_larger_than_the_slot__too_long(void **state)
{
	struct fx fx;

	(void)state;
	fx_defaults(&fx);
	for (size_t i = 0; i < 3; i++) {
		fx.slots[i].cap = 65;
	}
	assert_int_equal(prot_mctp_init(&fx.m, &fx.config), PROT_OK);
	assert_int_equal(fx_rx(&fx, SOM | TO, 1, 0, 66),
			 PROT_MCTP_DROP_TOO_LONG);
	assert_int_equal(fx_rx(&fx, SOM | TO, 1, 0, 65), PROT_MCTP_ACCEPTED);
}

static void test_rx__no_body__dropped_and_assembly_kept(void **state)
{
	struct fx fx;
	uint8_t packet[4] = {0x01, OWN_EID, PEER_EID, EOM | TO | SEQ(1)};

	(void)state;
	fx_start(&fx);
	fx_rx(&fx, SOM | TO, 1, 0, 64);
	for (size_t len = 0; len <= 4; len++) {
		assert_int_equal(
			prot_mctp_rx(&fx.m, 0, &fx.addr, packet, len, 0),
			PROT_MCTP_DROP_SHORT);
	}
	fx_rx(&fx, EOM | TO | SEQ(1), 1, 64, 3);
	fx_assert_got(&fx, 1, 1, 67);
}

static void test_rx__header_version_not_1__dropped(void **state)
{
	uint8_t packet[] = {0x01, OWN_EID, PEER_EID, SOM | EOM | TO, TYPE_TEST};
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (unsigned v = 0; v < 16; v++) {
		packet[0] = (uint8_t)v;
		assert_int_equal(prot_mctp_rx(&fx.m, 0, &fx.addr, packet,
					      sizeof(packet), 0),
				 v == 1 ? PROT_MCTP_ACCEPTED
					: PROT_MCTP_DROP_VERSION);
	}
	assert_int_equal(fx.got_count, 1);
}

static void test_rx__reserved_header_bits_set__ignored(void **state)
{
	uint8_t packet[] = {0xF1, OWN_EID, PEER_EID, SOM | EOM | TO, TYPE_TEST};
	struct fx fx;

	(void)state;
	fx_start(&fx);
	assert_int_equal(
		prot_mctp_rx(&fx.m, 0, &fx.addr, packet, sizeof(packet), 0),
		PROT_MCTP_ACCEPTED);
}

static void
test_rx__every_source_eid__reserved_and_broadcast_dropped(void **state)
{
	uint8_t packet[] = {0x01, OWN_EID, 0, SOM | EOM | TO, TYPE_TEST};
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (unsigned eid = 0; eid < 256; eid++) {
		const bool bad = (eid >= 1 && eid <= 7) || eid == 255;

		packet[2] = (uint8_t)eid;
		assert_int_equal(prot_mctp_rx(&fx.m, 0, &fx.addr, packet,
					      sizeof(packet), 0),
				 bad ? PROT_MCTP_DROP_SOURCE
				     : PROT_MCTP_ACCEPTED);
	}
}

static void test_rx__every_destination_eid__own_and_null_accepted(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (unsigned eid = 0; eid < 256; eid++) {
		fx.dest = (uint8_t)eid;
		assert_int_equal(fx_rx(&fx, SOM | EOM | TO, 1, 0, 5),
				 eid == 0 || eid == OWN_EID
					 ? PROT_MCTP_ACCEPTED
					 : PROT_MCTP_DROP_DEST);
	}
}

static void test_rx__endpoint_without_eid__only_null_destination(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	assert_int_equal(prot_mctp_set_eid(&fx.m, 0), PROT_OK);
	assert_int_equal(fx_rx(&fx, SOM | EOM | TO, 1, 0, 5),
			 PROT_MCTP_DROP_DEST);
	fx.dest = 0;
	assert_int_equal(fx_rx(&fx, SOM | EOM | TO, 1, 0, 5),
			 PROT_MCTP_ACCEPTED);
}

static void test_rx__broadcast__control_messages_only(void **state)
{
	const uint8_t control[] = {PROT_MCTP_TYPE_CONTROL, 0x80, 0x0B};
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx.dest = PROT_MCTP_EID_BROADCAST;
	assert_int_equal(fx_rx(&fx, SOM | EOM | TO, 1, 0, 5),
			 PROT_MCTP_DROP_DEST);
	assert_int_equal(
		fx_rx_bytes(&fx, SOM | EOM | TO, control, sizeof(control)),
		PROT_MCTP_ACCEPTED);
	assert_int_equal(fx.got.dest_eid, PROT_MCTP_EID_BROADCAST);
}

static void test_rx__type_without_handler__takes_no_slot(void **state)
{
	const uint8_t body[64] = {TYPE_OTHER};
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx_rx(&fx, SOM | TO | 1, 1, 0, 64);
	assert_int_equal(fx_rx_bytes(&fx, SOM | EOM | TO, body, 64),
			 PROT_MCTP_DROP_TYPE);
	assert_int_equal(fx_rx_bytes(&fx, SOM | TO, body, 64),
			 PROT_MCTP_DROP_TYPE);
	assert_int_equal(fx_rx_bytes(&fx, EOM | TO | SEQ(1), body, 64),
			 PROT_MCTP_DROP_UNEXPECTED);
	fx_rx(&fx, EOM | TO | SEQ(1) | 1, 1, 64, 3);
	fx_assert_got(&fx, 1, 1, 67);
}

static void
test_rx__foreign_type_with_the_same_key__ends_the_message(void **state)
{
	const uint8_t body[64] = {TYPE_OTHER};
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx_rx(&fx, SOM | TO, 1, 0, 64);
	assert_int_equal(fx_rx_bytes(&fx, SOM | TO, body, 64),
			 PROT_MCTP_DROP_TYPE);
	/* Else this would be joined to the first message. */
	assert_int_equal(fx_rx_bytes(&fx, EOM | TO | SEQ(1), body, 64),
			 PROT_MCTP_DROP_UNEXPECTED);
}

static void test_rx__integrity_bit_set__delivered_with_it(void **state)
{
	const uint8_t body[] = {PROT_MCTP_IC | TYPE_TEST, 1};
	struct fx fx;

	(void)state;
	fx_start(&fx);
	assert_int_equal(fx_rx_bytes(&fx, SOM | EOM | TO, body, 2),
			 PROT_MCTP_ACCEPTED);
	assert_int_equal(fx.got_bytes[0], PROT_MCTP_IC | TYPE_TEST);
}

static void test_rx__response_without_request__takes_no_slot(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (unsigned tag = 0; tag < 8; tag++) {
		assert_int_equal(fx_rx(&fx, SOM | tag, 1, 0, 64),
				 PROT_MCTP_DROP_UNSOLICITED);
		assert_int_equal(fx_rx(&fx, SOM | EOM | tag, 1, 0, 64),
				 PROT_MCTP_DROP_UNSOLICITED);
	}
	assert_int_equal(prot_mctp_next_tick(&fx.m), PROT_MCTP_NEVER);
	assert_int_equal(fx.got_count, 0);
}

static void test_rx__no_such_link__dropped(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx.link = 2;
	assert_int_equal(fx_rx(&fx, SOM | EOM | TO, 1, 0, 5),
			 PROT_MCTP_DROP_LINK);
}

static void test_rx__others_hold_all_slots__dropped_without_harm(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (uint8_t i = 0; i < 3; i++) {
		fx.addr.bytes[0] = i;
		fx_rx(&fx, SOM | TO, i, 0, 64);
	}
	fx.addr.bytes[0] = 9;
	assert_int_equal(fx_rx(&fx, SOM | TO, 9, 0, 64),
			 PROT_MCTP_DROP_NO_SLOT);
	for (uint8_t i = 0; i < 3; i++) {
		fx.addr.bytes[0] = i;
		fx_rx(&fx, EOM | TO | SEQ(1), i, 64, 2);
		fx_assert_got(&fx, i + 1u, i, 66);
	}
}

static void test_rx__peer_beyond_its_quota__loses_its_oldest(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (unsigned tag = 0; tag < 3; tag++) {
		assert_int_equal(fx_rx(&fx, SOM | TO | tag, tag, 0, 64),
				 PROT_MCTP_ACCEPTED);
		fx.now += 10;
	}
	assert_int_equal(fx_drops(&fx, PROT_MCTP_DROP_EVICTED), 1);
	assert_int_equal(fx_rx(&fx, EOM | TO | SEQ(1) | 0, 0, 64, 2),
			 PROT_MCTP_DROP_UNEXPECTED);
	fx_rx(&fx, EOM | TO | SEQ(1) | 1, 1, 64, 2);
	fx_assert_got(&fx, 1, 1, 66);
	fx_rx(&fx, EOM | TO | SEQ(1) | 2, 2, 64, 2);
	fx_assert_got(&fx, 2, 2, 66);
}

static void test_rx__flood_from_one_peer__other_peers_are_served(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (unsigned i = 0; i < 1000; i++) {
		fx_rx(&fx, SOM | TO | (i % 8), i, 0, 64);
	}
	fx.addr.bytes[0] = 0x33;
	fx_rx(&fx, SOM | TO, 5, 0, 64);
	fx.addr.bytes[0] = 0x20;
	for (unsigned i = 0; i < 1000; i++) {
		fx_rx(&fx, SOM | TO | (i % 8), i, 0, 64);
	}
	fx.addr.bytes[0] = 0x33;
	fx_rx(&fx, EOM | TO | SEQ(1), 5, 64, 2);
	fx_assert_got(&fx, 1, 5, 66);
}

static void test_rx__no_free_slot_but_own__replaces_it(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (uint8_t i = 0; i < 3; i++) {
		fx.addr.bytes[0] = i;
		fx_rx(&fx, SOM | TO, i, 0, 64);
	}
	/* Below its quota of two, yet no slot is free. */
	assert_int_equal(fx_rx(&fx, SOM | TO | 1, 7, 0, 64),
			 PROT_MCTP_ACCEPTED);
	assert_int_equal(fx_drops(&fx, PROT_MCTP_DROP_EVICTED), 1);
	fx_rx(&fx, EOM | TO | SEQ(1) | 1, 7, 64, 2);
	fx_assert_got(&fx, 1, 7, 66);
}

static void test_rx__slots_exhausted_by_silence__expire_on_demand(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	for (uint8_t i = 0; i < 3; i++) {
		fx.addr.bytes[0] = i;
		fx_rx(&fx, SOM | TO, i, 0, 64);
	}
	fx.now += 999;
	fx.addr.bytes[0] = 9;
	assert_int_equal(fx_rx(&fx, SOM | TO, 9, 0, 64),
			 PROT_MCTP_DROP_NO_SLOT);
	fx.now += 1;
	assert_int_equal(fx_rx(&fx, SOM | TO, 9, 0, 64), PROT_MCTP_ACCEPTED);
	assert_int_equal(fx_drops(&fx, PROT_MCTP_DROP_TIMEOUT), 3);
}

static void test_tick__partial_message_out_of_time__dropped(void **state)
{
	struct fx fx;

	(void)state;
	fx_start(&fx);
	fx_rx(&fx, SOM | TO, 1, 0, 64);
	assert_int_equal(prot_mctp_next_tick(&fx.m), fx.now + 1000);
	fx.now += 600;
	fx_rx(&fx, TO | SEQ(1), 1, 64, 64);
	/* Each packet starts the time anew. */
	assert_int_equal(prot_mctp_next_tick(&fx.m), fx.now + 1000);
	prot_mctp_tick(&fx.m, fx.now + 999);
	assert_int_equal(fx_drops(&fx, PROT_MCTP_DROP_TIMEOUT), 0);
	prot_mctp_tick(&fx.m, fx.now + 1000);
	assert_int_equal(fx_drops(&fx, PROT_MCTP_DROP_TIMEOUT), 1);
	assert_int_equal(prot_mctp_next_tick(&fx.m), PROT_MCTP_NEVER);
	assert_int_equal(fx_rx(&fx, EOM | TO | SEQ(2), 1, 128, 1),
			 PROT_MCTP_DROP_UNEXPECTED);
}

static void test_rx__no_slots_configured__single_packets_only(void **state)
{
	struct fx fx;

	(void)state;
	fx_defaults(&fx);
	fx.config.slots = NULL;
	fx.config.slot_count = 0;
	assert_int_equal(prot_mctp_init(&fx.m, &fx.config), PROT_OK);
	assert_int_equal(fx_rx(&fx, SOM | TO, 1, 0, 64),
			 PROT_MCTP_DROP_NO_SLOT);
	assert_int_equal(fx_rx(&fx, SOM | EOM | TO, 1, 0, 64),
			 PROT_MCTP_ACCEPTED);
}

static void test_drop_text__every_reason__distinct(void **state)
{
	(void)state;
	for (int a = 0; a < PROT_MCTP_DROP_COUNT; a++) {
		const char *text = prot_mctp_drop_text((enum prot_mctp_drop)a);

		assert_string_not_equal(text, "unknown reason");
		for (int b = 0; b < a; b++) {
			assert_string_not_equal(
				text,
				prot_mctp_drop_text((enum prot_mctp_drop)b));
		}
	}
	assert_string_equal(prot_mctp_drop_text(PROT_MCTP_DROP_COUNT),
			    "unknown reason");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_rx__single_packet__delivered_from_the_packet),
		cmocka_unit_test(
			test_rx__single_packet_of_each_size__delivered),
		cmocka_unit_test(
			test_rx__three_packets_any_first_sequence__assembled),
		cmocka_unit_test(test_rx__small_and_large_units__assembled),
		cmocka_unit_test(
			test_rx__each_key_part_differs__assembled_apart),
		cmocka_unit_test(
			test_rx__other_link_or_destination__not_the_same_message),
		cmocka_unit_test(test_rx__second_start__restarts_the_message),
		cmocka_unit_test(
			test_rx__single_packet_during_assembly__delivered_alone),
		cmocka_unit_test(
			test_rx__middle_or_end_without_start__unexpected),
		cmocka_unit_test(test_rx__wrong_sequence__ends_the_message),
		cmocka_unit_test(
			test_rx__middle_of_another_size__ends_the_message),
		cmocka_unit_test(
			test_rx__end_larger_than_the_first__ends_the_message),
		cmocka_unit_test(
			test_rx__message_as_large_as_the_slot__delivered),
		cmocka_unit_test(
			test_rx__one_byte_more_than_the_slot__too_long),
		cmocka_unit_test(
			test_rx__first_packet_larger_than_the_slot__too_long),
		cmocka_unit_test(test_rx__no_body__dropped_and_assembly_kept),
		cmocka_unit_test(test_rx__header_version_not_1__dropped),
		cmocka_unit_test(test_rx__reserved_header_bits_set__ignored),
		cmocka_unit_test(
			test_rx__every_source_eid__reserved_and_broadcast_dropped),
		cmocka_unit_test(
			test_rx__every_destination_eid__own_and_null_accepted),
		cmocka_unit_test(
			test_rx__endpoint_without_eid__only_null_destination),
		cmocka_unit_test(test_rx__broadcast__control_messages_only),
		cmocka_unit_test(test_rx__type_without_handler__takes_no_slot),
		cmocka_unit_test(
			test_rx__foreign_type_with_the_same_key__ends_the_message),
		cmocka_unit_test(test_rx__integrity_bit_set__delivered_with_it),
		cmocka_unit_test(
			test_rx__response_without_request__takes_no_slot),
		cmocka_unit_test(test_rx__no_such_link__dropped),
		cmocka_unit_test(
			test_rx__others_hold_all_slots__dropped_without_harm),
		cmocka_unit_test(
			test_rx__peer_beyond_its_quota__loses_its_oldest),
		cmocka_unit_test(
			test_rx__flood_from_one_peer__other_peers_are_served),
		cmocka_unit_test(test_rx__no_free_slot_but_own__replaces_it),
		cmocka_unit_test(
			test_rx__slots_exhausted_by_silence__expire_on_demand),
		cmocka_unit_test(
			test_tick__partial_message_out_of_time__dropped),
		cmocka_unit_test(
			test_rx__no_slots_configured__single_packets_only),
		cmocka_unit_test(test_drop_text__every_reason__distinct),
	};

	return cmocka_run_group_tests_name("mctp_assembly", tests, NULL, NULL);
}
