/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The serial binding. Byte 0: how many bytes arrive at a time, and what the
 * rest is.
 *
 * A line: bytes as they come from it. Every packet found is encoded again and
 * must stand at the end of what was read; after any line, a good frame arrives
 * (the second at the latest: the first may complete what came before).
 *
 * Packets: each with a length byte in front. Encoded, sent with noise or idle
 * flags in between, decoded: the same packets.
 */
#include <prot/mctp/serial.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX PROT_MCTP_SERIAL_PACKET_MAX

static void check(bool ok)
{
	if (!ok) {
		abort();
	}
}

static uint8_t buffer[MAX];
static uint8_t again[PROT_MCTP_SERIAL_FRAME(MAX)];

static size_t encode(const uint8_t *packet, size_t len, bool resync)
{
	struct prot_mctp_serial_encoder e;
	struct prot_wr w = prot_wr_init(again, sizeof(again));

	prot_mctp_serial_encoder_init(&e, MAX);
	if (resync) {
		prot_mctp_serial_resync(&e);
	}
	prot_mctp_serial_encode(&e, &w, packet, len);
	check(prot_wr_ok(&w) == (len >= PROT_MCTP_SERIAL_PACKET_MIN));
	return prot_wr_ok(&w) ? w.len : 0;
}

/* Feed one piece; the number of packets, the last one in `buffer`. */
static unsigned feed(struct prot_mctp_serial_decoder *d, const uint8_t *line,
		     size_t at, size_t end)
{
	struct prot_rd in = prot_rd_init(line + at, end - at);
	unsigned packets = 0;
	uint8_t *packet;
	size_t len;

	while (prot_mctp_serial_decode(d, &in, &packet, &len) == PROT_OK) {
		size_t n = encode(packet, len, false);
		size_t read = (size_t)(in.at - line);

		/* All but the opening flag, which it may share. */
		check(read >= n - 1 &&
		      memcmp(in.at - (n - 1), again + 1, n - 1) == 0);
		packets++;
	}
	check(in.left == 0);
	return packets;
}

static void line(const uint8_t *data, size_t size, size_t step)
{
	static const uint8_t packet[] = {0x01, 0x09, 0x08, 0xC8, 0x7E, 0x7D};
	struct prot_mctp_serial_decoder d;
	unsigned packets = 0;
	size_t n;

	prot_mctp_serial_decoder_init(&d, buffer,
				      step & 1 ? MAX : PROT_MCTP_SERIAL_PACKET);
	for (size_t at = 0; at < size; at += step) {
		size_t end = size - at < step ? size : at + step;

		packets += feed(&d, data, at, end);
		if (step > 100) {
			prot_mctp_serial_decoder_timeout(&d);
			check(!prot_mctp_serial_decoder_is_busy(&d));
		}
	}
	check(packets == prot_mctp_serial_counters(&d)->packets);
	for (int i = 0; i < 2; i++) {
		uint8_t frame[PROT_MCTP_SERIAL_FRAME(sizeof(packet))];

		n = encode(packet, sizeof(packet), false);
		memcpy(frame, again, n);
		packets = 0;
		for (size_t at = 0; at < n; at++) {
			struct prot_rd in = prot_rd_init(frame + at, 1);
			uint8_t *p;
			size_t len;

			if (prot_mctp_serial_decode(&d, &in, &p, &len) ==
			    PROT_OK) {
				packets++;
			}
		}
	}
	check(packets >= 1 && memcmp(buffer, packet, sizeof(packet)) == 0);
}

static void packets(const uint8_t *data, size_t size, bool resync)
{
	struct prot_mctp_serial_decoder d;
	struct prot_rd r = prot_rd_init(data, size);

	prot_mctp_serial_decoder_init(&d, buffer, MAX);
	while (prot_rd_ok(&r) && r.left != 0) {
		size_t len = prot_rd_u8(&r);
		const uint8_t *packet = prot_rd_bytes(&r, len);
		struct prot_rd in;
		uint8_t *got;
		size_t n;

		if (!packet || len < PROT_MCTP_SERIAL_PACKET_MIN) {
			continue;
		}
		in = prot_rd_init(again, encode(packet, len, resync));
		check(prot_mctp_serial_decode(&d, &in, &got, &n) == PROT_OK);
		check(n == len && memcmp(got, packet, n) == 0);
		check(in.left == 0);
	}
	for (int i = 0; i < PROT_MCTP_SERIAL_DROP_COUNT; i++) {
		check(prot_mctp_serial_counters(&d)->drops[i] == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 1 && (data[0] & 1) == 0) {
		line(data + 1, size - 1, 1u + (data[0] >> 1));
	} else if (size > 1) {
		packets(data + 1, size - 1, (data[0] & 2) != 0);
	}
	return 0;
}
