/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both stream decoders. Byte 0: how many bytes arrive at a time, and which
 * framing. What is decoded is encoded again and must give the same bytes.
 */
#include <prot/mctp/tcp.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CAP 100

static void check(bool ok)
{
	if (!ok) {
		abort();
	}
}

static uint8_t buffer[CAP];
static uint8_t again[CAP + PROT_MCTP_EMU_HEADER];

static void packets(const uint8_t *data, size_t size, size_t step)
{
	const uint8_t *frame = data;
	struct prot_mctp_tcp_decoder d;
	enum prot_status st = PROT_PENDING;

	prot_mctp_tcp_decoder_init(&d, buffer, CAP);
	for (size_t at = 0; at < size && st == PROT_PENDING; at += step) {
		struct prot_rd in = prot_rd_init(
			data + at, size - at < step ? size - at : step);
		uint8_t *packet;
		size_t len;

		while ((st = prot_mctp_tcp_decode(&d, &in, &packet, &len)) ==
		       PROT_OK) {
			struct prot_wr w = prot_wr_init(again, sizeof(again));

			prot_mctp_tcp_encode(&w, packet, len);
			check(prot_wr_ok(&w) && in.at == frame + w.len);
			check(memcmp(again, frame, w.len) == 0);
			frame = in.at;
		}
		check(st != PROT_PENDING || in.left == 0);
	}
}

/* Encode f again: as the frame that it was, and as a packet's payload. */
static size_t encode_again(const struct prot_mctp_emu_frame *f,
			   const uint8_t *frame)
{
	struct prot_wr w = prot_wr_init(again, sizeof(again));
	struct prot_mctp_emu_map map;
	size_t len;

	prot_mctp_emu_encode(&w, f->command, f->payload, f->len);
	check(prot_wr_ok(&w) && memcmp(again, frame, w.len) == 0);
	len = w.len;
	if (f->len != 0) {
		prot_mctp_emu_map_init(&map, 9, 8);
		w = prot_wr_init(again, sizeof(again));
		check(prot_mctp_emu_send(&map, &w,
					 prot_mctp_emu_packet(&map, f),
					 f->len + 4) == PROT_OK);
		check(w.len == f->len + PROT_MCTP_EMU_HEADER);
	}
	return len;
}

static void messages(const uint8_t *data, size_t size, size_t step)
{
	const uint8_t *frame = data;
	struct prot_mctp_emu_decoder d;
	struct prot_mctp_emu_frame f;
	enum prot_status st = PROT_PENDING;

	prot_mctp_emu_decoder_init(&d, buffer, CAP);
	for (size_t at = 0; at < size && st == PROT_PENDING; at += step) {
		struct prot_rd in = prot_rd_init(
			data + at, size - at < step ? size - at : step);

		while ((st = prot_mctp_emu_decode(&d, &in, &f)) == PROT_OK) {
			frame += encode_again(&f, frame);
			check(frame == in.at);
		}
		check(st != PROT_PENDING || in.left == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 1) {
		const size_t step = 1u + (data[0] >> 1);

		(data[0] & 1 ? messages : packets)(data + 1, size - 1, step);
	}
	return 0;
}
