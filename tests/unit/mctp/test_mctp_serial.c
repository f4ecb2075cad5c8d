/* SPDX-License-Identifier: Apache-2.0 */
/* Serial framing: golden frames, every split, every cut, every bit. */
#include "test.h"

#include <prot/mctp/serial.h>

#define CAP PROT_MCTP_SERIAL_PACKET

/* Get Endpoint ID, and a packet with both bytes that are escaped. */
static const uint8_t plain[] = {0x01, 0x09, 0x08, 0xC8, 0x00, 0x80, 0x02};
static const uint8_t plain_frame[] = {0x7E, 0x01, 0x07, 0x01, 0x09, 0x08, 0xC8,
				      0x00, 0x80, 0x02, 0x0E, 0xB2, 0x7E};
static const uint8_t special[] = {0x01, 0x09, 0x08, 0xC8, 0x05,
				  0x7E, 0x7D, 0x5E, 0x5D};
static const uint8_t special_frame[] = {0x7E, 0x01, 0x09, 0x01, 0x09, 0x08,
					0xC8, 0x05, 0x7D, 0x5E, 0x7D, 0x5D,
					0x5E, 0x5D, 0x94, 0xFE, 0x7E};
/* Their FCS are 7E 7E and 7E 01: a closing and an opening, at first sight. */
static const uint8_t fcs_flags[] = {0x01, 0x09, 0x08, 0xC8, 0x27, 0x3F};
static const uint8_t fcs_opening[] = {0x01, 0x09, 0x08, 0xC8, 0x9B, 0xD8};

struct line {
	struct prot_mctp_serial_decoder d;
	uint8_t buf[PROT_MCTP_SERIAL_PACKET_MAX];
	uint8_t last[PROT_MCTP_SERIAL_PACKET_MAX];
	size_t last_len;
	unsigned packets;
};

static void line_init(struct line *l, uint8_t cap)
{
	memset(l, 0, sizeof(*l));
	prot_mctp_serial_decoder_init(&l->d, l->buf, cap);
}

static void feed(struct line *l, const uint8_t *bytes, size_t n)
{
	struct prot_rd in = prot_rd_init(bytes, n);
	uint8_t *packet;
	size_t len;

	while (prot_mctp_serial_decode(&l->d, &in, &packet, &len) == PROT_OK) {
		assert_ptr_equal(packet, l->buf);
		memcpy(l->last, packet, len);
		l->last_len = len;
		l->packets++;
	}
	assert_int_equal(in.left, 0);
}

static uint32_t drops(const struct line *l, enum prot_mctp_serial_drop reason)
{
	return prot_mctp_serial_counters(&l->d)->drops[reason];
}

static uint32_t all_drops(const struct line *l)
{
	uint32_t sum = 0;

	for (int i = 0; i < PROT_MCTP_SERIAL_DROP_COUNT; i++) {
		sum += drops(l, (enum prot_mctp_serial_drop)i);
	}
	return sum;
}

/* Whatever happened before: this frame arrives, as the last one. */
static void assert_in_step(struct line *l)
{
	unsigned before = l->packets;

	feed(l, plain_frame, sizeof(plain_frame));
	assert_true(l->packets > before);
	assert_int_equal(l->last_len, sizeof(plain));
	assert_memory_equal(l->last, plain, sizeof(plain));
}

static size_t encode(const uint8_t *packet, size_t len, uint8_t *out,
		     size_t cap)
{
	struct prot_mctp_serial_encoder e;
	struct prot_wr w = prot_wr_init(out, cap);

	prot_mctp_serial_encoder_init(&e, PROT_MCTP_SERIAL_PACKET_MAX);
	prot_mctp_serial_encode(&e, &w, packet, len);
	assert_true(prot_wr_ok(&w));
	return w.len;
}

static void test_serial_encode__packets__golden_frames(void **state)
{
	uint8_t out[32];

	(void)state;
	assert_int_equal(encode(plain, sizeof(plain), out, sizeof(out)),
			 sizeof(plain_frame));
	assert_memory_equal(out, plain_frame, sizeof(plain_frame));
	assert_int_equal(encode(special, sizeof(special), out, sizeof(out)),
			 sizeof(special_frame));
	assert_memory_equal(out, special_frame, sizeof(special_frame));
}

static void test_serial_encode__length_out_of_range__writer_fails(void **state)
{
	static const uint8_t packet[300];
	static const uint8_t limits[] = {5, 68, 255};
	uint8_t out[PROT_MCTP_SERIAL_FRAME(300)];

	(void)state;
	for (size_t i = 0; i < sizeof(limits); i++) {
		for (size_t len = 0; len < sizeof(packet); len++) {
			struct prot_mctp_serial_encoder e;
			struct prot_wr w = prot_wr_init(out, sizeof(out));

			prot_mctp_serial_encoder_init(&e, limits[i]);
			prot_mctp_serial_encode(&e, &w, packet, len);
			assert_int_equal(prot_wr_ok(&w),
					 len >= 5 && len <= limits[i]);
		}
	}
}

static void test_serial_encode__no_room__writer_fails(void **state)
{
	uint8_t out[sizeof(special_frame)];

	(void)state;
	for (size_t cap = 0; cap <= sizeof(out); cap++) {
		struct prot_mctp_serial_encoder e;
		struct prot_wr w = prot_wr_init(out, cap);

		prot_mctp_serial_encoder_init(&e, PROT_MCTP_SERIAL_PACKET);
		prot_mctp_serial_encode(&e, &w, special, sizeof(special));
		assert_int_equal(prot_wr_ok(&w), cap == sizeof(out));
	}
}

static void test_serial_encode__all_escaped__fills_the_longest_frame(void **s)
{
	uint8_t packet[PROT_MCTP_SERIAL_PACKET_MAX];
	uint8_t out[PROT_MCTP_SERIAL_FRAME(PROT_MCTP_SERIAL_PACKET_MAX)];
	struct prot_mctp_serial_encoder e;
	struct prot_wr w = prot_wr_init(out, sizeof(out));
	struct line l;

	(void)s;
	memset(packet, PROT_MCTP_SERIAL_FLAG, sizeof(packet));
	prot_mctp_serial_encoder_init(&e, sizeof(packet));
	prot_mctp_serial_resync(&e);
	prot_mctp_serial_encode(&e, &w, packet, sizeof(packet));
	assert_true(prot_wr_ok(&w));
	assert_int_equal(w.len, sizeof(out));
	line_init(&l, sizeof(packet));
	feed(&l, out, w.len);
	assert_int_equal(l.packets, 1);
	assert_int_equal(l.last_len, sizeof(packet));
	assert_memory_equal(l.last, packet, sizeof(packet));
}

static void test_serial_resync__next_frame_that_fits__two_flags(void **state)
{
	uint8_t out[64];
	struct prot_mctp_serial_encoder e;
	struct prot_wr w = prot_wr_init(out, sizeof(plain_frame));

	(void)state;
	prot_mctp_serial_encoder_init(&e, PROT_MCTP_SERIAL_PACKET);
	prot_mctp_serial_resync(&e);
	prot_mctp_serial_encode(&e, &w, plain, sizeof(plain));
	assert_false(prot_wr_ok(&w));
	w = prot_wr_init(out, sizeof(out));
	prot_mctp_serial_encode(&e, &w, plain, sizeof(plain));
	prot_mctp_serial_encode(&e, &w, plain, sizeof(plain));
	assert_true(prot_wr_ok(&w));
	assert_int_equal(w.len, 1 + 2 * sizeof(plain_frame));
	assert_int_equal(out[0], PROT_MCTP_SERIAL_FLAG);
	assert_memory_equal(out + 1, plain_frame, sizeof(plain_frame));
	assert_memory_equal(out + 1 + sizeof(plain_frame), plain_frame,
			    sizeof(plain_frame));
}

static void test_serial_decode__every_split__same_packets(void **state)
{
	uint8_t stream[sizeof(special_frame) + sizeof(plain_frame)];

	(void)state;
	memcpy(stream, special_frame, sizeof(special_frame));
	memcpy(stream + sizeof(special_frame), plain_frame,
	       sizeof(plain_frame));
	for (size_t step = 1; step <= sizeof(stream); step++) {
		struct line l;

		line_init(&l, CAP);
		for (size_t at = 0; at < sizeof(stream); at += step) {
			const size_t left = sizeof(stream) - at;

			feed(&l, stream + at, left < step ? left : step);
			if (l.packets == 1) {
				assert_int_equal(l.last_len, sizeof(special));
				assert_memory_equal(l.last, special,
						    sizeof(special));
			}
		}
		assert_int_equal(l.packets, 2);
		assert_memory_equal(l.last, plain, sizeof(plain));
		assert_int_equal(all_drops(&l), 0);
		assert_int_equal(l.d.counters.noise, 0);
		assert_int_equal(l.d.counters.packets, 2);
	}
}

static void test_serial_decode__fcs_like_flags__taken_by_count(void **state)
{
	const uint8_t *const packets[] = {fcs_flags, fcs_opening};
	uint8_t out[32];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		size_t n = encode(packets[i], 6, out, sizeof(out));
		struct line l;

		assert_int_equal(out[n - 3], 0x7E);
		assert_int_equal(out[n - 2], i == 0 ? 0x7E : 0x01);
		line_init(&l, CAP);
		feed(&l, out, n);
		assert_int_equal(l.packets, 1);
		assert_memory_equal(l.last, packets[i], 6);
		assert_in_step(&l);
		assert_int_equal(all_drops(&l), 0);
	}
}

/* Cut after n bytes, then a whole frame: it is not the one to suffer. */
static void test_serial_decode__every_truncated_length__resyncs(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(special_frame); n++) {
		struct line l;

		line_init(&l, CAP);
		feed(&l, special_frame, n);
		assert_int_equal(l.packets, 0);
		assert_in_step(&l);
		/* Without its closing flag the frame borrows the next one. */
		assert_int_equal(l.packets,
				 n == sizeof(special_frame) - 1 ? 2 : 1);
	}
}

static void test_serial_decode__any_byte_missing__next_frame_arrives(void **s)
{
	(void)s;
	for (size_t gap = 0; gap < sizeof(special_frame); gap++) {
		struct line l;

		line_init(&l, CAP);
		feed(&l, special_frame, gap);
		feed(&l, special_frame + gap + 1,
		     sizeof(special_frame) - gap - 1);
		assert_int_equal(l.packets, 0);
		assert_in_step(&l);
	}
}

static void test_serial_decode__any_two_bytes_missing__resyncs(void **state)
{
	(void)state;
	for (size_t gap = 0; gap + 1 < sizeof(special_frame); gap++) {
		struct line l;

		line_init(&l, CAP);
		feed(&l, special_frame, gap);
		feed(&l, special_frame + gap + 2,
		     sizeof(special_frame) - gap - 2);
		assert_int_equal(l.packets, 0);
		assert_in_step(&l);
	}
}

static void test_serial_decode__any_bit_flipped__next_frame_arrives(void **s)
{
	uint8_t frame[sizeof(special_frame)];

	(void)s;
	for (size_t bit = 0; bit < 8 * sizeof(frame); bit++) {
		struct line l;

		memcpy(frame, special_frame, sizeof(frame));
		frame[bit / 8] ^= (uint8_t)(1u << bit % 8);
		line_init(&l, CAP);
		feed(&l, frame, sizeof(frame));
		assert_int_equal(l.packets, 0);
		assert_in_step(&l);
		assert_true(all_drops(&l) + l.d.counters.noise != 0);
	}
}

static void test_serial_decode__every_revision__only_1(void **state)
{
	uint8_t frame[sizeof(plain_frame)];

	(void)state;
	memcpy(frame, plain_frame, sizeof(frame));
	for (unsigned v = 0; v < 256; v++) {
		struct line l;

		frame[1] = (uint8_t)v;
		line_init(&l, CAP);
		feed(&l, frame, sizeof(frame));
		assert_int_equal(l.packets, v == PROT_MCTP_SERIAL_REVISION);
		assert_in_step(&l);
		if (v != PROT_MCTP_SERIAL_REVISION) {
			assert_true(drops(&l, PROT_MCTP_SERIAL_DROP_REVISION) >
				    0);
		}
	}
}

static void test_serial_decode__every_byte_count__limits(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 256; n++) {
		const uint8_t head[] = {0x7E, 0x01, (uint8_t)n};
		struct line l;

		line_init(&l, CAP);
		feed(&l, head, sizeof(head));
		assert_int_equal(drops(&l, PROT_MCTP_SERIAL_DROP_SHORT), n < 5);
		assert_int_equal(drops(&l, PROT_MCTP_SERIAL_DROP_LONG),
				 n > CAP);
		assert_int_equal(prot_mctp_serial_decoder_is_busy(&l.d),
				 n >= 5 && n <= CAP);
		assert_in_step(&l);
	}
}

static void test_serial_decode__every_packet_length__round_trip(void **state)
{
	uint8_t packet[PROT_MCTP_SERIAL_PACKET_MAX];
	uint8_t out[PROT_MCTP_SERIAL_FRAME(PROT_MCTP_SERIAL_PACKET_MAX)];
	struct line l;

	(void)state;
	for (size_t i = 0; i < sizeof(packet); i++) {
		packet[i] = (uint8_t)(i + 0x20);
	}
	line_init(&l, PROT_MCTP_SERIAL_PACKET_MAX);
	for (size_t len = 5; len <= sizeof(packet); len++) {
		feed(&l, out, encode(packet, len, out, sizeof(out)));
		assert_int_equal(l.packets, len - 4);
		assert_int_equal(l.last_len, len);
		assert_memory_equal(l.last, packet, len);
	}
	assert_int_equal(all_drops(&l), 0);
}

static void test_serial_decode__every_escape__only_two(void **state)
{
	(void)state;
	for (unsigned v = 0; v < 256; v++) {
		const uint8_t head[] = {0x7E, 0x01, 0x05, 0x7D, (uint8_t)v};
		struct line l;

		line_init(&l, CAP);
		feed(&l, head, sizeof(head));
		assert_int_equal(drops(&l, PROT_MCTP_SERIAL_DROP_ESCAPE),
				 v != 0x5D && v != 0x5E && v != 0x7E);
		assert_int_equal(drops(&l, PROT_MCTP_SERIAL_DROP_CUT),
				 v == 0x7E);
		assert_in_step(&l);
	}
}

static void test_serial_decode__bad_fcs__dropped(void **state)
{
	uint8_t frame[sizeof(plain_frame)];
	struct line l;

	(void)state;
	memcpy(frame, plain_frame, sizeof(frame));
	line_init(&l, CAP);
	/* Complemented, and with its bytes exchanged: not this FCS. */
	frame[10] ^= 0xFF;
	frame[11] ^= 0xFF;
	feed(&l, frame, sizeof(frame));
	frame[10] = plain_frame[11];
	frame[11] = plain_frame[10];
	feed(&l, frame, sizeof(frame));
	assert_int_equal(l.packets, 0);
	assert_int_equal(drops(&l, PROT_MCTP_SERIAL_DROP_FCS), 2);
	assert_in_step(&l);
}

static void test_serial_decode__no_closing_flag__dropped(void **state)
{
	static const uint8_t one_more = 0x00;
	struct line l;

	(void)state;
	line_init(&l, CAP);
	feed(&l, plain_frame, sizeof(plain_frame) - 1);
	feed(&l, &one_more, 1);
	assert_int_equal(l.packets, 0);
	assert_int_equal(drops(&l, PROT_MCTP_SERIAL_DROP_NO_FLAG), 1);
	assert_in_step(&l);
}

static void test_serial_decode__shared_and_idle_flags__accepted(void **state)
{
	static const uint8_t flags[] = {0x7E, 0x7E, 0x7E};
	struct line l;

	(void)state;
	line_init(&l, CAP);
	feed(&l, flags, sizeof(flags));
	feed(&l, plain_frame, sizeof(plain_frame));
	feed(&l, plain_frame + 1, sizeof(plain_frame) - 1);
	feed(&l, flags, sizeof(flags));
	feed(&l, plain_frame + 1, sizeof(plain_frame) - 1);
	assert_int_equal(l.packets, 3);
	assert_int_equal(all_drops(&l), 0);
}

static void test_serial_decode__noise_between_frames__skipped(void **state)
{
	static const uint8_t noise[] = {0x00, 0xFF, 0x41, 0x01, 0x7D};
	struct line l;

	(void)state;
	line_init(&l, CAP);
	feed(&l, noise, sizeof(noise));
	assert_int_equal(l.d.counters.noise, sizeof(noise));
	assert_in_step(&l);
	feed(&l, noise, sizeof(noise));
	assert_in_step(&l);
	assert_int_equal(l.packets, 2);
	assert_int_equal(drops(&l, PROT_MCTP_SERIAL_DROP_REVISION), 1);
	assert_int_equal(l.d.counters.noise, 2 * sizeof(noise) - 1);
}

static void test_serial_timeout__every_state__only_a_frame_is_lost(void **state)
{
	(void)state;
	for (size_t n = 0; n <= sizeof(special_frame); n++) {
		/* Behind the opening flag alone there is nothing to lose. */
		bool busy = n > 1 && n < sizeof(special_frame);
		struct line l;

		line_init(&l, PROT_MCTP_SERIAL_PACKET_MAX);
		feed(&l, special_frame, n);
		assert_int_equal(prot_mctp_serial_decoder_is_busy(&l.d), busy);
		prot_mctp_serial_decoder_timeout(&l.d);
		assert_false(prot_mctp_serial_decoder_is_busy(&l.d));
		assert_int_equal(drops(&l, PROT_MCTP_SERIAL_DROP_TIMEOUT),
				 busy);
		assert_in_step(&l);
		assert_int_equal(all_drops(&l), busy);
	}
}

static void test_serial_drop_text__every_reason__has_one(void **state)
{
	(void)state;
	for (int i = 0; i < PROT_MCTP_SERIAL_DROP_COUNT; i++) {
		assert_string_not_equal(prot_mctp_serial_drop_text(
						(enum prot_mctp_serial_drop)i),
					"unknown reason");
	}
	assert_string_equal(
		prot_mctp_serial_drop_text(PROT_MCTP_SERIAL_DROP_COUNT),
		"unknown reason");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_serial_encode__packets__golden_frames),
		cmocka_unit_test(
			test_serial_encode__length_out_of_range__writer_fails),
		cmocka_unit_test(test_serial_encode__no_room__writer_fails),
		cmocka_unit_test(
			test_serial_encode__all_escaped__fills_the_longest_frame),
		cmocka_unit_test(
			test_serial_resync__next_frame_that_fits__two_flags),
		cmocka_unit_test(test_serial_decode__every_split__same_packets),
		cmocka_unit_test(
			test_serial_decode__fcs_like_flags__taken_by_count),
		cmocka_unit_test(
			test_serial_decode__every_truncated_length__resyncs),
		cmocka_unit_test(
			test_serial_decode__any_byte_missing__next_frame_arrives),
		cmocka_unit_test(
			test_serial_decode__any_two_bytes_missing__resyncs),
		cmocka_unit_test(
			test_serial_decode__any_bit_flipped__next_frame_arrives),
		cmocka_unit_test(test_serial_decode__every_revision__only_1),
		cmocka_unit_test(test_serial_decode__every_byte_count__limits),
		cmocka_unit_test(
			test_serial_decode__every_packet_length__round_trip),
		cmocka_unit_test(test_serial_decode__every_escape__only_two),
		cmocka_unit_test(test_serial_decode__bad_fcs__dropped),
		cmocka_unit_test(test_serial_decode__no_closing_flag__dropped),
		cmocka_unit_test(
			test_serial_decode__shared_and_idle_flags__accepted),
		cmocka_unit_test(
			test_serial_decode__noise_between_frames__skipped),
		cmocka_unit_test(
			test_serial_timeout__every_state__only_a_frame_is_lost),
		cmocka_unit_test(test_serial_drop_text__every_reason__has_one),
	};

	return cmocka_run_group_tests_name("mctp_serial", tests, NULL, NULL);
}
