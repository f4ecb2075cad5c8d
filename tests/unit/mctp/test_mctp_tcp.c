/* SPDX-License-Identifier: Apache-2.0 */
/* Both TCP framings: golden frames, every split, every limit. */
#include "test.h"

#include <prot/mctp/tcp.h>

/* Two packets of 5 and 7 bytes. */
static const uint8_t stream[] = {0x00, 0x05, 0x01, 0x08, 0x09, 0xC8,
				 0x05, 0x00, 0x07, 0x01, 0x09, 0x08,
				 0xC0, 0x05, 0xAA, 0xBB};

static void test_tcp_encode__packet__length_prefix(void **state)
{
	uint8_t out[sizeof(stream)];
	struct prot_wr w = prot_wr_init(out, sizeof(out));

	(void)state;
	prot_mctp_tcp_encode(&w, stream + 2, 5);
	prot_mctp_tcp_encode(&w, stream + 9, 7);
	assert_true(prot_wr_ok(&w));
	assert_int_equal(w.len, sizeof(stream));
	assert_memory_equal(out, stream, sizeof(stream));
}

static void test_tcp_encode__length_out_of_range__writer_fails(void **state)
{
	static uint8_t packet[65536];
	static uint8_t out[65540];
	struct prot_wr w;

	(void)state;
	for (size_t len = 0; len <= 5; len++) {
		w = prot_wr_init(out, sizeof(out));
		prot_mctp_tcp_encode(&w, packet, len);
		assert_int_equal(prot_wr_ok(&w), len == 5);
	}
	w = prot_wr_init(out, sizeof(out));
	prot_mctp_tcp_encode(&w, packet, 65535);
	assert_true(prot_wr_ok(&w));
	assert_memory_equal(out, "\xFF\xFF", 2);
	w = prot_wr_init(out, sizeof(out));
	prot_mctp_tcp_encode(&w, packet, 65536);
	assert_false(prot_wr_ok(&w));
	w = prot_wr_init(out, 6);
	prot_mctp_tcp_encode(&w, packet, 5);
	assert_false(prot_wr_ok(&w));
}

static void test_tcp_decode__every_split__same_packets(void **state)
{
	uint8_t buf[7];

	(void)state;
	for (size_t step = 1; step <= sizeof(stream); step++) {
		struct prot_mctp_tcp_decoder d;
		size_t packets = 0;

		prot_mctp_tcp_decoder_init(&d, buf, sizeof(buf));
		for (size_t at = 0; at < sizeof(stream); at += step) {
			const size_t left = sizeof(stream) - at;
			struct prot_rd in = prot_rd_init(
				stream + at, left < step ? left : step);
			uint8_t *packet;
			size_t len;

			while (prot_mctp_tcp_decode(&d, &in, &packet, &len) ==
			       PROT_OK) {
				assert_int_equal(len, packets == 0 ? 5 : 7);
				assert_memory_equal(packet,
						    stream + (packets ? 9 : 2),
						    len);
				packets++;
			}
			assert_int_equal(in.left, 0);
		}
		assert_int_equal(packets, 2);
	}
}

static void test_tcp_decode__every_truncated_length__pending(void **state)
{
	uint8_t buf[7];

	(void)state;
	for (size_t n = 0; n < 7; n++) {
		struct prot_mctp_tcp_decoder d;
		struct prot_rd in = prot_rd_init(stream, n);
		uint8_t *packet;
		size_t len;

		prot_mctp_tcp_decoder_init(&d, buf, sizeof(buf));
		assert_int_equal(prot_mctp_tcp_decode(&d, &in, &packet, &len),
				 PROT_PENDING);
	}
}

static void test_tcp_decode__every_small_length__limits(void **state)
{
	uint8_t buf[8];

	(void)state;
	for (unsigned n = 0; n < 300; n++) {
		const uint8_t prefix[2] = {(uint8_t)(n >> 8), (uint8_t)n};
		enum prot_status want = PROT_PENDING;
		struct prot_mctp_tcp_decoder d;
		struct prot_rd in = prot_rd_init(prefix, 2);
		uint8_t *packet;
		size_t len;

		if (n < 5) {
			want = PROT_ERR_MALFORMED;
		} else if (n > sizeof(buf)) {
			want = PROT_ERR_SPACE;
		}
		prot_mctp_tcp_decoder_init(&d, buf, sizeof(buf));
		assert_int_equal(prot_mctp_tcp_decode(&d, &in, &packet, &len),
				 want);
		if (want != PROT_PENDING) {
			/* Final, whatever follows. */
			in = prot_rd_init(stream, sizeof(stream));
			assert_int_equal(
				prot_mctp_tcp_decode(&d, &in, &packet, &len),
				want);
		}
	}
}

/* The hello of spdm-emu, a GET_VERSION in its frame, and the leave-taking. */
static const uint8_t emu_stream[] = {
	0x00, 0x00, 0xDE, 0xAD, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
	0x0E, 'C',  'l',  'i',  'e',  'n',  't',  ' ',  'H',  'e',  'l',
	'l',  'o',  '!',  0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
	0x01, 0x00, 0x00, 0x00, 0x05, 0x05, 0x10, 0x84, 0x00, 0x00, 0x00,
	0x00, 0xFF, 0xFE, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00};
#define GET_VERSION (emu_stream + 38)

static void test_emu_encode__three_commands__golden_stream(void **state)
{
	uint8_t out[sizeof(emu_stream)];
	struct prot_wr w = prot_wr_init(out, sizeof(out));

	(void)state;
	prot_mctp_emu_encode(&w, PROT_MCTP_EMU_TEST,
			     (const uint8_t *)"Client Hello!", 14);
	prot_mctp_emu_encode(&w, PROT_MCTP_EMU_NORMAL, GET_VERSION, 5);
	prot_mctp_emu_encode(&w, PROT_MCTP_EMU_SHUTDOWN, NULL, 0);
	assert_true(prot_wr_ok(&w));
	assert_int_equal(w.len, sizeof(emu_stream));
	assert_memory_equal(out, emu_stream, sizeof(emu_stream));
}

static void test_emu_encode__no_room__writer_fails(void **state)
{
	uint8_t out[17];

	(void)state;
	for (size_t cap = 0; cap <= sizeof(out); cap++) {
		struct prot_wr w = prot_wr_init(out, cap);

		prot_mctp_emu_encode(&w, PROT_MCTP_EMU_NORMAL, GET_VERSION, 5);
		assert_int_equal(prot_wr_ok(&w), cap == 17);
	}
}

static void test_emu_decode__every_split__same_frames(void **state)
{
	static const uint32_t commands[] = {0xDEAD, 0x0001, 0xFFFE};
	static const size_t lengths[] = {14, 5, 0};
	static const size_t starts[] = {12, 38, 55};
	uint8_t buf[18];

	(void)state;
	for (size_t step = 1; step <= sizeof(emu_stream); step++) {
		struct prot_mctp_emu_decoder d;
		struct prot_mctp_emu_frame f;
		size_t n = 0;

		prot_mctp_emu_decoder_init(&d, buf, sizeof(buf));
		for (size_t at = 0; at < sizeof(emu_stream); at += step) {
			const size_t left = sizeof(emu_stream) - at;
			struct prot_rd in = prot_rd_init(
				emu_stream + at, left < step ? left : step);

			while (prot_mctp_emu_decode(&d, &in, &f) == PROT_OK) {
				assert_in_range(n, 0, 2);
				assert_int_equal(f.command, commands[n]);
				assert_int_equal(f.len, lengths[n]);
				assert_memory_equal(f.payload,
						    emu_stream + starts[n],
						    f.len);
				n++;
			}
			assert_int_equal(in.left, 0);
		}
		assert_int_equal(n, 3);
	}
}

/* The result for a lone header. */
static enum prot_status decode_header(uint32_t command, uint32_t transport,
				      uint32_t size)
{
	uint8_t buf[20];
	uint8_t header[12];
	struct prot_wr w = prot_wr_init(header, sizeof(header));
	struct prot_mctp_emu_decoder d;
	struct prot_mctp_emu_frame f;
	struct prot_rd in = prot_rd_init(header, sizeof(header));
	enum prot_status st;

	prot_wr_be32(&w, command);
	prot_wr_be32(&w, transport);
	prot_wr_be32(&w, size);
	prot_mctp_emu_decoder_init(&d, buf, sizeof(buf));
	st = prot_mctp_emu_decode(&d, &in, &f);
	if (st != PROT_OK && st != PROT_PENDING) {
		in = prot_rd_init(emu_stream, sizeof(emu_stream));
		assert_int_equal(prot_mctp_emu_decode(&d, &in, &f), st);
	}
	return st;
}

static void test_emu_decode__header_limits__each_error(void **state)
{
	(void)state;
	assert_int_equal(decode_header(1, 1, 16), PROT_PENDING);
	assert_int_equal(decode_header(1, 1, 17), PROT_ERR_SPACE);
	assert_int_equal(decode_header(1, 1, UINT32_MAX), PROT_ERR_SPACE);
	assert_int_equal(decode_header(1, 1, 0), PROT_ERR_MALFORMED);
	assert_int_equal(decode_header(0xFFFD, 1, 0), PROT_OK);
	assert_int_equal(decode_header(0x8001, 1, 0), PROT_OK);
	assert_int_equal(decode_header(1, 0, 5), PROT_ERR_UNSUPPORTED);
	assert_int_equal(decode_header(1, 2, 5), PROT_ERR_UNSUPPORTED);
	assert_int_equal(decode_header(1, 3, 5), PROT_ERR_UNSUPPORTED);
	assert_int_equal(decode_header(1, 0x01000000, 5), PROT_ERR_UNSUPPORTED);
}

static void test_emu_map__server__requests_then_replies(void **state)
{
	uint8_t buf[64];
	uint8_t out[64];
	uint8_t reply[] = {0x01, 0x08, 0x00, 0xC0, 0x05, 0x10};
	struct prot_wr w = prot_wr_init(out, sizeof(out));
	struct prot_rd in = prot_rd_init(emu_stream + 26, 17);
	struct prot_mctp_emu_decoder d;
	struct prot_mctp_emu_frame f;
	struct prot_mctp_emu_map map;

	(void)state;
	prot_mctp_emu_decoder_init(&d, buf, sizeof(buf));
	prot_mctp_emu_map_init(&map, 0, 8);
	assert_int_equal(prot_mctp_emu_decode(&d, &in, &f), PROT_OK);
	assert_memory_equal(prot_mctp_emu_packet(&map, &f),
			    "\x01\x00\x08\xC8\x05\x10\x84\x00\x00", 9);
	assert_int_equal(prot_mctp_emu_send(&map, &w, reply, sizeof(reply)),
			 PROT_OK);
	assert_int_equal(w.len, 14);
	assert_memory_equal(out, "\0\0\0\1\0\0\0\1\0\0\0\2\x05\x10", 14);
	/* The next request looks the same. */
	assert_memory_equal(prot_mctp_emu_packet(&map, &f), "\x01\x00\x08\xC8",
			    4);
}

static void test_emu_map__client__reply_to_the_last_request(void **state)
{
	uint8_t payload[4 + 1];
	uint8_t out[64];
	uint8_t request[] = {0x01, 0x1D, 0x08, 0xCB, 0x05};
	struct prot_mctp_emu_frame f = {PROT_MCTP_EMU_NORMAL, payload + 4, 1};
	struct prot_wr w = prot_wr_init(out, sizeof(out));
	struct prot_mctp_emu_map map;

	(void)state;
	prot_mctp_emu_map_init(&map, 0, 9);
	assert_int_equal(prot_mctp_emu_send(&map, &w, request, sizeof(request)),
			 PROT_OK);
	assert_memory_equal(prot_mctp_emu_packet(&map, &f), "\x01\x08\x1D\xC3",
			    4);
	/* To EID 0: the peer keeps the EID it answers with. */
	request[1] = 0;
	request[3] = 0xCC;
	assert_int_equal(prot_mctp_emu_send(&map, &w, request, sizeof(request)),
			 PROT_OK);
	assert_memory_equal(prot_mctp_emu_packet(&map, &f), "\x01\x08\x1D\xC4",
			    4);
}

static void test_emu_send__not_a_whole_message__err_arg(void **state)
{
	uint8_t out[64];
	uint8_t packet[] = {0x01, 0x1D, 0x08, 0xC8, 0x05};
	struct prot_wr w = prot_wr_init(out, sizeof(out));
	struct prot_mctp_emu_map map;

	(void)state;
	prot_mctp_emu_map_init(&map, 0, 9);
	for (size_t len = 0; len < 5; len++) {
		assert_int_equal(prot_mctp_emu_send(&map, &w, packet, len),
				 PROT_ERR_ARG);
	}
	packet[3] = 0x88;
	assert_int_equal(prot_mctp_emu_send(&map, &w, packet, 5), PROT_ERR_ARG);
	packet[3] = 0x48;
	assert_int_equal(prot_mctp_emu_send(&map, &w, packet, 5), PROT_ERR_ARG);
	assert_int_equal(w.len, 0);
}

static void test_emu_send__no_room__busy_and_nothing_appended(void **state)
{
	uint8_t out[13];
	const uint8_t packet[] = {0x01, 0x1D, 0x08, 0xC8, 0x05};
	struct prot_mctp_emu_map map;

	(void)state;
	for (size_t cap = 0; cap <= sizeof(out); cap++) {
		struct prot_wr w = prot_wr_init(out, cap);

		prot_mctp_emu_map_init(&map, 0, 9);
		assert_int_equal(prot_mctp_emu_send(&map, &w, packet, 5),
				 cap == 13 ? PROT_OK : PROT_ERR_BUSY);
		assert_int_equal(w.len, cap == 13 ? 13 : 0);
		assert_true(prot_wr_ok(&w));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp_encode__packet__length_prefix),
		cmocka_unit_test(
			test_tcp_encode__length_out_of_range__writer_fails),
		cmocka_unit_test(test_tcp_decode__every_split__same_packets),
		cmocka_unit_test(
			test_tcp_decode__every_truncated_length__pending),
		cmocka_unit_test(test_tcp_decode__every_small_length__limits),
		cmocka_unit_test(
			test_emu_encode__three_commands__golden_stream),
		cmocka_unit_test(test_emu_encode__no_room__writer_fails),
		cmocka_unit_test(test_emu_decode__every_split__same_frames),
		cmocka_unit_test(test_emu_decode__header_limits__each_error),
		cmocka_unit_test(test_emu_map__server__requests_then_replies),
		cmocka_unit_test(
			test_emu_map__client__reply_to_the_last_request),
		cmocka_unit_test(test_emu_send__not_a_whole_message__err_arg),
		cmocka_unit_test(
			test_emu_send__no_room__busy_and_nothing_appended),
	};

	return cmocka_run_group_tests_name("mctp_tcp", tests, NULL, NULL);
}
