/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/port/serial_link.h>

#include <string.h>

/* A line that takes `room` bytes per call and keeps what was sent. */
static struct line {
	uint8_t sent[512];
	size_t sent_len;
	size_t room;
	uint8_t arrived[512];
	size_t arrived_len;
	size_t arrived_at;
	size_t burst; /* bytes that one read yields at most */
} line;

static size_t line_write(void *ctx, const uint8_t *bytes, size_t len)
{
	struct line *l = ctx;
	size_t n = len < l->room ? len : l->room;

	if (n != 0) {
		memcpy(l->sent + l->sent_len, bytes, n);
	}
	l->sent_len += n;
	return n;
}

static size_t line_read(void *ctx, uint8_t *bytes, size_t cap)
{
	struct line *l = ctx;
	size_t n = l->arrived_len - l->arrived_at;

	n = n < cap ? n : cap;
	n = n < l->burst ? n : l->burst;
	memcpy(bytes, l->arrived + l->arrived_at, n);
	l->arrived_at += n;
	return n;
}

static const struct prot_uart_ops line_ops = {line_write, line_read};
static const struct prot_uart uart = {&line_ops, &line};
static struct prot_serial_link link;
static const struct prot_mctp_addr nowhere;

/* Set Endpoint ID to EID 9, from EID 8, and its frame as of DSP0253. */
static const uint8_t packet[] = {1, 0, 8, 0xC8, 0, 0x80, 1, 0, 9};
static uint8_t frame[64];
static size_t frame_len;

static int setup(void **state)
{
	struct prot_mctp_serial_encoder e;
	struct prot_wr w = prot_wr_init(frame, sizeof(frame));

	(void)state;
	memset(&line, 0, sizeof(line));
	line.room = sizeof(line.sent);
	line.burst = sizeof(line.arrived);
	prot_mctp_serial_encoder_init(&e, PROT_MCTP_SERIAL_PACKET);
	prot_mctp_serial_encode(&e, &w, packet, sizeof(packet));
	frame_len = w.len;
	prot_serial_link_init(&link, &uart);
	return 0;
}

static void arrives(const uint8_t *bytes, size_t len)
{
	memcpy(line.arrived + line.arrived_len, bytes, len);
	line.arrived_len += len;
}

static void expect_packet(uint64_t now_ms)
{
	uint8_t *p;
	size_t len;

	assert_int_equal(prot_serial_link_next(&link, now_ms, &p, &len),
			 PROT_OK);
	assert_int_equal(len, sizeof(packet));
	assert_memory_equal(p, packet, len);
}

static void expect_nothing(uint64_t now_ms)
{
	uint8_t *p;
	size_t len;

	assert_int_equal(prot_serial_link_next(&link, now_ms, &p, &len),
			 PROT_PENDING);
}

static enum prot_status tx(const uint8_t *bytes, size_t len)
{
	return prot_serial_link_ops.tx(&link, &nowhere, bytes, len);
}

static void test_tx__line_takes_all__one_frame(void **state)
{
	(void)state;
	assert_int_equal(tx(packet, sizeof(packet)), PROT_OK);
	assert_int_equal(line.sent_len, frame_len);
	assert_memory_equal(line.sent, frame, frame_len);
	assert_true(prot_serial_link_flush(&link));
}

static void test_tx__line_takes_little__busy_until_flushed(void **state)
{
	(void)state;
	line.room = 5;
	assert_int_equal(tx(packet, sizeof(packet)), PROT_OK);
	assert_int_equal(tx(packet, sizeof(packet)), PROT_ERR_BUSY);
	while (!prot_serial_link_flush(&link)) {
		assert_true(line.sent_len <= frame_len);
	}
	assert_int_equal(line.sent_len, frame_len);
	assert_memory_equal(line.sent, frame, frame_len);
	assert_int_equal(tx(packet, sizeof(packet)), PROT_OK);
}

static void test_tx__packet_too_long__refused_link_stays_usable(void **state)
{
	uint8_t big[PROT_MCTP_SERIAL_PACKET + 1] = {1};

	(void)state;
	assert_int_equal(tx(big, sizeof(big)), PROT_ERR_ARG);
	assert_int_equal(line.sent_len, 0);
	assert_int_equal(tx(packet, sizeof(packet)), PROT_OK);
	assert_int_equal(line.sent_len, frame_len);
}

static void test_next__nothing_arrived__pending(void **state)
{
	(void)state;
	expect_nothing(0);
}

static void test_next__every_burst_size__packets_whole(void **state)
{
	(void)state;
	for (size_t burst = 1; burst <= 2 * frame_len; burst++) {
		(void)setup(NULL);
		line.burst = burst;
		arrives(frame, frame_len);
		arrives(frame, frame_len);
		expect_packet(0);
		expect_packet(0);
		expect_nothing(0);
	}
}

static void test_next__rest_comes_late__partial_frame_dropped(void **state)
{
	(void)state;
	arrives(frame, frame_len / 2);
	expect_nothing(1000);
	arrives(frame, frame_len);
	expect_packet(1000 + PROT_MCTP_SERIAL_TIMEOUT_MS + 1);
	expect_nothing(2000);
	assert_int_equal(prot_mctp_serial_counters(&link.decoder)
				 ->drops[PROT_MCTP_SERIAL_DROP_TIMEOUT],
			 1);
}

static void test_next__rest_comes_in_time__packet(void **state)
{
	(void)state;
	arrives(frame, frame_len / 2);
	expect_nothing(1000);
	arrives(frame + frame_len / 2, frame_len - frame_len / 2);
	expect_packet(1000 + PROT_MCTP_SERIAL_TIMEOUT_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_tx__line_takes_all__one_frame,
				       setup),
		cmocka_unit_test_setup(
			test_tx__line_takes_little__busy_until_flushed, setup),
		cmocka_unit_test_setup(
			test_tx__packet_too_long__refused_link_stays_usable,
			setup),
		cmocka_unit_test_setup(test_next__nothing_arrived__pending,
				       setup),
		cmocka_unit_test_setup(
			test_next__every_burst_size__packets_whole, setup),
		cmocka_unit_test_setup(
			test_next__rest_comes_late__partial_frame_dropped,
			setup),
		cmocka_unit_test_setup(test_next__rest_comes_in_time__packet,
				       setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
