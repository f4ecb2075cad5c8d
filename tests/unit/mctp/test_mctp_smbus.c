/* SPDX-License-Identifier: Apache-2.0 */
/* SMBus frames: golden, every cut, every bit, each drop reason. */
#include "test.h"

#include <prot/mctp/smbus.h>

#define OWN  0x1D
#define PEER 0x10
#define CAP  PROT_MCTP_SMBUS_PACKET

/* Get Endpoint ID to 1D, from 10. */
static const uint8_t packet[] = {0x01, 0x09, 0x08, 0xC8, 0x00, 0x80, 0x02};
static const uint8_t golden[] = {0x3A, 0x0F, 0x08, 0x21, 0x01, 0x09,
				 0x08, 0xC8, 0x00, 0x80, 0x02, 0x30};

static uint8_t buf[PROT_MCTP_SMBUS_PACKET_MAX];

static size_t encode(uint8_t dest, uint8_t source, const uint8_t *p, size_t len,
		     uint8_t *out, size_t cap)
{
	struct prot_wr w = prot_wr_init(out, cap);

	prot_mctp_smbus_encode(&w, dest, source, p, len);
	return prot_wr_ok(&w) ? w.len : 0;
}

/* Make the PEC right again, so that what comes after it is looked at. */
static void seal(uint8_t *frame, size_t len)
{
	frame[len - 1] = prot_mctp_smbus_pec(0, frame, len - 1);
}

static void assert_drop(const uint8_t *frame, size_t len,
			enum prot_mctp_smbus_drop reason)
{
	struct prot_mctp_smbus_decoder d;
	const struct prot_mctp_smbus_rx_counters *c;
	struct prot_mctp_addr from;
	uint8_t *p;
	size_t n;

	prot_mctp_smbus_decoder_init(&d, OWN, buf, CAP);
	assert_int_equal(prot_mctp_smbus_decode(&d, frame, len, &from, &p, &n),
			 PROT_ERR_MALFORMED);
	c = prot_mctp_smbus_rx_counters(&d);
	assert_int_equal(c->packets, 0);
	for (int i = 0; i < PROT_MCTP_SMBUS_DROP_COUNT; i++) {
		assert_int_equal(c->drops[i], i == (int)reason);
	}
}

static void test_smbus_pec__check_value__f4(void **state)
{
	static const uint8_t text[] = "123456789";

	(void)state;
	assert_int_equal(prot_mctp_smbus_pec(0, text, 9), 0xF4);
	assert_int_equal(prot_mctp_smbus_pec(prot_mctp_smbus_pec(0, text, 4),
					     text + 4, 5),
			 0xF4);
	assert_int_equal(prot_mctp_smbus_pec(0, text, 0), 0);
}

static void test_smbus_encode__packet__golden_frame(void **state)
{
	uint8_t out[sizeof(golden)];

	(void)state;
	assert_int_equal(
		encode(OWN, PEER, packet, sizeof(packet), out, sizeof(out)),
		sizeof(golden));
	assert_memory_equal(out, golden, sizeof(golden));
}

static void test_smbus_encode__every_length__limits(void **state)
{
	static const uint8_t zeros[260];
	uint8_t out[300];

	(void)state;
	for (size_t len = 0; len < sizeof(zeros); len++) {
		size_t n = encode(OWN, PEER, zeros, len, out, sizeof(out));

		assert_int_equal(n, len >= 5 && len <= 254 ? len + 5 : 0);
	}
	for (size_t cap = 0; cap < sizeof(golden); cap++) {
		assert_int_equal(
			encode(OWN, PEER, packet, sizeof(packet), out, cap), 0);
	}
}

static void test_smbus_encode__every_address__reserved_refused(void **state)
{
	uint8_t out[32];
	struct prot_wr w = prot_wr_init(out, sizeof(out));

	(void)state;
	prot_mctp_smbus_encode(&w, 0, PEER, packet, sizeof(packet));
	assert_false(prot_wr_ok(&w));
	for (unsigned a = 0; a < 256; a++) {
		const bool ok = a >= 0x08 && a <= 0x77;

		assert_int_equal(encode((uint8_t)a, PEER, packet, 7, out, 32),
				 ok ? 12 : 0);
		assert_int_equal(encode(OWN, (uint8_t)a, packet, 7, out, 32),
				 ok ? 12 : 0);
	}
}

static void test_smbus_decode__golden_frame__packet_and_source(void **state)
{
	struct prot_mctp_smbus_decoder d;
	const struct prot_mctp_addr want = prot_mctp_smbus_addr(PEER);
	struct prot_mctp_addr from;
	uint8_t *p;
	size_t len;

	(void)state;
	prot_mctp_smbus_decoder_init(&d, OWN, buf, CAP);
	assert_int_equal(prot_mctp_smbus_decode(&d, golden, sizeof(golden),
						&from, &p, &len),
			 PROT_OK);
	assert_int_equal(len, sizeof(packet));
	assert_memory_equal(p, packet, sizeof(packet));
	assert_memory_equal(&from, &want, sizeof(from));
	assert_int_equal(from.len, 1);
	assert_int_equal(from.bytes[0], PEER);

	memset(buf, 0, sizeof(buf));
	assert_int_equal(prot_mctp_smbus_decode_unaddressed(&d, golden + 1,
							    sizeof(golden) - 1,
							    &from, &p, &len),
			 PROT_OK);
	assert_memory_equal(p, packet, sizeof(packet));
	assert_int_equal(prot_mctp_smbus_rx_counters(&d)->packets, 2);
}

/* Sent to 1E: the PEC tells, although the address byte is not there. */
static void test_smbus_decode__unaddressed_for_another__pec(void **state)
{
	uint8_t out[sizeof(golden)];
	struct prot_mctp_smbus_decoder d;
	struct prot_mctp_addr from;
	uint8_t *p;
	size_t len;

	(void)state;
	assert_int_equal(
		encode(0x1E, PEER, packet, sizeof(packet), out, sizeof(out)),
		sizeof(out));
	prot_mctp_smbus_decoder_init(&d, OWN, buf, CAP);
	assert_int_equal(prot_mctp_smbus_decode_unaddressed(
				 &d, out + 1, sizeof(out) - 1, &from, &p, &len),
			 PROT_ERR_MALFORMED);
	assert_int_equal(d.counters.drops[PROT_MCTP_SMBUS_DROP_PEC], 1);
}

static void test_smbus_decode__every_truncated_length__dropped(void **state)
{
	uint8_t frame[sizeof(golden)];

	(void)state;
	for (size_t n = 0; n < sizeof(golden); n++) {
		memcpy(frame, golden, sizeof(frame));
		assert_drop(frame, n,
			    n < 5 ? PROT_MCTP_SMBUS_DROP_SHORT
				  : PROT_MCTP_SMBUS_DROP_COUNT_BYTE);
	}
}

static void test_smbus_decode__one_byte_too_long__dropped(void **state)
{
	uint8_t frame[sizeof(golden) + 1] = {0};

	(void)state;
	memcpy(frame, golden, sizeof(golden));
	assert_drop(frame, sizeof(frame), PROT_MCTP_SMBUS_DROP_COUNT_BYTE);
}

static void test_smbus_decode__any_bit_flipped__dropped(void **state)
{
	uint8_t frame[sizeof(golden)];

	(void)state;
	for (size_t bit = 0; bit < 8 * sizeof(golden); bit++) {
		enum prot_mctp_smbus_drop want = PROT_MCTP_SMBUS_DROP_PEC;

		if (bit / 8 == 0) {
			want = PROT_MCTP_SMBUS_DROP_DEST;
		} else if (bit / 8 == 1) {
			want = PROT_MCTP_SMBUS_DROP_COMMAND;
		} else if (bit / 8 == 2) {
			want = PROT_MCTP_SMBUS_DROP_COUNT_BYTE;
		}
		memcpy(frame, golden, sizeof(frame));
		frame[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_drop(frame, sizeof(frame), want);
	}
}

static void test_smbus_decode__wrong_fields_right_pec__each_reason(void **state)
{
	uint8_t frame[sizeof(golden)];

	(void)state;
	memcpy(frame, golden, sizeof(frame));
	frame[0] |= 1; /* a read */
	seal(frame, sizeof(frame));
	assert_drop(frame, sizeof(frame), PROT_MCTP_SMBUS_DROP_DEST);
	for (unsigned v = 0; v < 256; v++) {
		memcpy(frame, golden, sizeof(frame));
		frame[1] = (uint8_t)v;
		seal(frame, sizeof(frame));
		if (v != 0x0F) {
			assert_drop(frame, sizeof(frame),
				    PROT_MCTP_SMBUS_DROP_COMMAND);
		}
		frame[1] = 0x0F;
		frame[2] = (uint8_t)v;
		seal(frame, sizeof(frame));
		if (v != 8) {
			assert_drop(frame, sizeof(frame),
				    PROT_MCTP_SMBUS_DROP_COUNT_BYTE);
		}
	}
}

static void test_smbus_decode__every_source__reserved_and_own_dropped(void **s)
{
	uint8_t frame[sizeof(golden)];
	struct prot_mctp_smbus_decoder d;
	struct prot_mctp_addr from;
	uint8_t *p;
	size_t len;

	(void)s;
	prot_mctp_smbus_decoder_init(&d, OWN, buf, CAP);
	memcpy(frame, golden, sizeof(frame));
	for (unsigned v = 0; v < 256; v++) {
		const unsigned a = v >> 1;

		frame[3] = (uint8_t)v;
		seal(frame, sizeof(frame));
		if ((v & 1) == 0) {
			assert_drop(frame, sizeof(frame),
				    PROT_MCTP_SMBUS_DROP_SOURCE_BIT);
		} else if (a < 0x08 || a > 0x77 || a == OWN) {
			assert_drop(frame, sizeof(frame),
				    PROT_MCTP_SMBUS_DROP_SOURCE);
		} else {
			assert_int_equal(
				prot_mctp_smbus_decode(&d, frame, sizeof(frame),
						       &from, &p, &len),
				PROT_OK);
			assert_int_equal(from.bytes[0], a);
		}
	}
}

static void test_smbus_decode__every_packet_length__limits(void **state)
{
	uint8_t frame[300];

	(void)state;
	for (size_t n = 0; n <= PROT_MCTP_SMBUS_PACKET_MAX; n++) {
		struct prot_mctp_smbus_decoder d;
		struct prot_mctp_addr from;
		uint8_t *p;
		size_t len;

		memset(frame, (int)n, sizeof(frame));
		memcpy(frame, golden, 4);
		frame[2] = (uint8_t)(n + 1);
		seal(frame, n + 5);
		if (n < 5) {
			assert_drop(frame, n + 5, PROT_MCTP_SMBUS_DROP_SHORT);
		} else if (n > CAP) {
			assert_drop(frame, n + 5, PROT_MCTP_SMBUS_DROP_LONG);
		}
		prot_mctp_smbus_decoder_init(&d, OWN, buf, sizeof(buf));
		assert_int_equal(prot_mctp_smbus_decode(&d, frame, n + 5, &from,
							&p, &len) == PROT_OK,
				 n >= 5);
		if (n >= 5) {
			assert_int_equal(len, n);
			assert_memory_equal(p, frame + 4, n);
		}
	}
}

/* Nothing is counted: there is not even a source address. */
static void test_smbus_decode__byte_count_0__source_bit(void **state)
{
	uint8_t frame[] = {0x3A, 0x0F, 0x00, 0x00};

	(void)state;
	seal(frame, sizeof(frame));
	assert_drop(frame, sizeof(frame), PROT_MCTP_SMBUS_DROP_SHORT);
	assert_drop(frame, 0, PROT_MCTP_SMBUS_DROP_SHORT);
}

static void test_smbus_lost__counted(void **state)
{
	struct prot_mctp_smbus_decoder d;

	(void)state;
	prot_mctp_smbus_decoder_init(&d, OWN, buf, CAP);
	prot_mctp_smbus_decoder_lost(&d);
	assert_int_equal(prot_mctp_smbus_rx_counters(&d)
				 ->drops[PROT_MCTP_SMBUS_DROP_LOST],
			 1);
}

static void test_smbus_drop_text__every_reason__has_one(void **state)
{
	(void)state;
	for (int i = 0; i < PROT_MCTP_SMBUS_DROP_COUNT; i++) {
		assert_string_not_equal(
			prot_mctp_smbus_drop_text((enum prot_mctp_smbus_drop)i),
			"unknown reason");
	}
	assert_string_equal(
		prot_mctp_smbus_drop_text(PROT_MCTP_SMBUS_DROP_COUNT),
		"unknown reason");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smbus_pec__check_value__f4),
		cmocka_unit_test(test_smbus_encode__packet__golden_frame),
		cmocka_unit_test(test_smbus_encode__every_length__limits),
		cmocka_unit_test(
			test_smbus_encode__every_address__reserved_refused),
		cmocka_unit_test(
			test_smbus_decode__golden_frame__packet_and_source),
		cmocka_unit_test(
			test_smbus_decode__unaddressed_for_another__pec),
		cmocka_unit_test(
			test_smbus_decode__every_truncated_length__dropped),
		cmocka_unit_test(test_smbus_decode__one_byte_too_long__dropped),
		cmocka_unit_test(test_smbus_decode__any_bit_flipped__dropped),
		cmocka_unit_test(
			test_smbus_decode__wrong_fields_right_pec__each_reason),
		cmocka_unit_test(
			test_smbus_decode__every_source__reserved_and_own_dropped),
		cmocka_unit_test(
			test_smbus_decode__every_packet_length__limits),
		cmocka_unit_test(test_smbus_decode__byte_count_0__source_bit),
		cmocka_unit_test(test_smbus_lost__counted),
		cmocka_unit_test(test_smbus_drop_text__every_reason__has_one),
	};

	return cmocka_run_group_tests_name("mctp_smbus", tests, NULL, NULL);
}
