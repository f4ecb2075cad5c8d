/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/posix.h>
#include <prot/port/posix_link.h>

#include <errno.h>
#include <poll.h>
#include <string.h>

#define LEAVE_MS 300 /* for the peer to take note that this side leaves */

/* A line is slow, and a host may look elsewhere for a while. */
#define SILENT_MS 1000
/* More requests than this without an answer: see prot_mctp_serial_resync(). */
#define UNANSWERED 2

/*
 * Times that the socket is read for one packet: whoever sends garbage without
 * an end does not hold us. poll() tells that there is more.
 */
#define READS 16

/*
 * One frame at a time: what waits in the endpoint can still be given up, and
 * its time limits count from when the line has room.
 */
static enum prot_status serial_send(struct prot_posix_link *l,
				    struct prot_wr *w, const uint8_t *packet,
				    size_t len)
{
	const uint8_t request = PROT_MCTP_SOM | PROT_MCTP_TO;

	if (l->stream.tx_len != 0) {
		return PROT_ERR_BUSY;
	}
	if (len > PROT_MCTP_HEADER_SIZE && (packet[3] & request) == request) {
		if (l->unanswered >= UNANSWERED) {
			prot_mctp_serial_resync(&l->serial);
		}
		l->unanswered++;
	}
	prot_mctp_serial_encode(&l->serial, w, packet, len);
	return prot_wr_ok(w) ? PROT_OK : PROT_ERR_ARG;
}

static enum prot_status link_tx(void *ctx, const struct prot_mctp_addr *to,
				const uint8_t *packet, size_t len)
{
	struct prot_posix_link *l = ctx;
	struct prot_wr w = prot_posix_stream_writer(&l->stream);
	enum prot_status st = PROT_OK;

	(void)to;
	if (!prot_posix_link_is_open(l)) {
		return PROT_ERR_IO;
	}
	if (l->framing == PROT_POSIX_FRAMING_EMU) {
		st = prot_mctp_emu_send(&l->map, &w, packet, len);
	} else if (l->framing == PROT_POSIX_FRAMING_SERIAL) {
		st = serial_send(l, &w, packet, len);
	} else {
		prot_mctp_tcp_encode(&w, packet, len);
	}
	if (st != PROT_OK) {
		return st;
	}
	/* Before it leaves: what the peer has seen, the tap has seen. */
	if (l->tap && prot_wr_ok(&w)) {
		l->tap(l->tap_ctx, packet, len);
	}
	return prot_posix_stream_send(&l->stream, &w);
}

const struct prot_mctp_link_ops prot_posix_link_ops = {.tx = link_tx};

void prot_posix_link_init(struct prot_posix_link *l,
			  enum prot_posix_framing framing, bool server)
{
	memset(l, 0, sizeof(*l));
	l->framing = framing;
	l->server = server;
	l->stream.fd = -1;
	l->stream.rx = l->rx;
	l->stream.rx_cap = sizeof(l->rx);
	l->stream.tx = l->tx;
	l->stream.tx_cap = sizeof(l->tx);
}

void prot_posix_link_open(struct prot_posix_link *l, int fd, uint8_t own_eid,
			  uint8_t peer_eid)
{
	l->stream.fd = fd;
	l->stream.rx_len = 0;
	l->stream.tx_len = 0;
	l->unread = prot_rd_init(NULL, 0);
	if (l->framing == PROT_POSIX_FRAMING_EMU) {
		prot_mctp_emu_decoder_init(&l->decoder.emu, l->frame,
					   sizeof(l->frame));
		prot_mctp_emu_map_init(&l->map, own_eid, peer_eid);
	} else if (l->framing == PROT_POSIX_FRAMING_SERIAL) {
		prot_mctp_serial_encoder_init(&l->serial,
					      PROT_MCTP_SERIAL_PACKET_MAX);
		prot_mctp_serial_decoder_init(&l->decoder.serial, l->frame,
					      PROT_MCTP_SERIAL_PACKET_MAX);
		l->unanswered = 0;
		l->heard_ms = prot_posix_now_ms();
	} else {
		prot_mctp_tcp_decoder_init(&l->decoder.tcp, l->frame,
					   sizeof(l->frame));
	}
}

/* The socket commands of spdm-emu that are no messages. */
static enum prot_status emu_command(struct prot_posix_link *l,
				    const struct prot_mctp_emu_frame *frame)
{
	static const char hello[] = "Server Hello!";
	struct prot_wr w = prot_posix_stream_writer(&l->stream);
	enum prot_status st;

	if (!l->server) {
		return PROT_OK; /* answers to our own commands */
	}
	switch (frame->command) {
	case PROT_MCTP_EMU_TEST:
		prot_mctp_emu_encode(&w, PROT_MCTP_EMU_TEST,
				     (const uint8_t *)hello, sizeof(hello));
		return prot_posix_stream_send(&l->stream, &w);
	case PROT_MCTP_EMU_CONTINUE:
	case PROT_MCTP_EMU_SHUTDOWN:
		/* Either way the client leaves, and the device stays on. */
		prot_mctp_emu_encode(&w, frame->command, NULL, 0);
		st = prot_posix_stream_send(&l->stream, &w);
		errno = st == PROT_OK ? 0 : errno;
		return PROT_ERR_IO;
	default:
		prot_mctp_emu_encode(&w, PROT_MCTP_EMU_UNKNOWN, NULL, 0);
		return prot_posix_stream_send(&l->stream, &w);
	}
}

static enum prot_status emu_next(struct prot_posix_link *l, uint8_t **packet,
				 size_t *len)
{
	struct prot_mctp_emu_frame frame;
	enum prot_status st;

	do {
		st = prot_mctp_emu_decode(&l->decoder.emu, &l->unread, &frame);
		if (st == PROT_OK && frame.command == PROT_MCTP_EMU_NORMAL) {
			*packet = prot_mctp_emu_packet(&l->map, &frame);
			*len = frame.len + PROT_MCTP_HEADER_SIZE;
			return PROT_OK;
		}
		if (st == PROT_OK) {
			st = emu_command(l, &frame);
		}
	} while (st == PROT_OK);
	return st;
}

static enum prot_status decode(struct prot_posix_link *l, uint8_t **packet,
			       size_t *len)
{
	if (l->framing == PROT_POSIX_FRAMING_EMU) {
		return emu_next(l, packet, len);
	}
	if (l->framing == PROT_POSIX_FRAMING_SERIAL) {
		return prot_mctp_serial_decode(&l->decoder.serial, &l->unread,
					       packet, len);
	}
	return prot_mctp_tcp_decode(&l->decoder.tcp, &l->unread, packet, len);
}

/* Bytes have arrived: do they still belong to the frame before? */
static void heard(struct prot_posix_link *l)
{
	uint64_t now = prot_posix_now_ms();

	if (l->framing == PROT_POSIX_FRAMING_SERIAL) {
		if (now - l->heard_ms >= SILENT_MS) {
			prot_mctp_serial_decoder_timeout(&l->decoder.serial);
		}
		l->heard_ms = now;
	}
}

enum prot_status prot_posix_link_next(struct prot_posix_link *l,
				      uint8_t **packet, size_t *len)
{
	enum prot_status st = decode(l, packet, len);

	for (int i = 0; i < READS && st == PROT_PENDING; i++) {
		/* The decoder holds what it was fed; rx is free again. */
		l->stream.rx_len = 0;
		st = prot_posix_stream_receive(&l->stream);
		if (st != PROT_OK) {
			return st;
		}
		l->unread = prot_rd_init(l->rx, l->stream.rx_len);
		heard(l);
		st = decode(l, packet, len);
	}
	l->unanswered = st == PROT_OK ? 0 : l->unanswered;
	if (st == PROT_OK && l->tap) {
		l->tap(l->tap_ctx, *packet, *len);
	}
	return st;
}

enum prot_status prot_posix_link_flush(struct prot_posix_link *l)
{
	return prot_posix_stream_flush(&l->stream);
}

/*
 * Tell an emu server that this client leaves, and wait until it has answered
 * and closed: spdm-emu's responder does not survive an answer that nobody
 * receives.
 */
static void take_leave(struct prot_posix_link *l)
{
	struct prot_wr w = prot_posix_stream_writer(&l->stream);
	struct pollfd p = {l->stream.fd, POLLIN, 0};
	uint64_t until = prot_posix_now_ms() + LEAVE_MS;
	uint64_t now = 0;
	enum prot_status st;

	prot_mctp_emu_encode(&w, PROT_MCTP_EMU_CONTINUE, NULL, 0);
	st = prot_posix_stream_send(&l->stream, &w);
	while (st != PROT_ERR_IO && (now = prot_posix_now_ms()) < until &&
	       poll(&p, 1, (int)(until - now)) > 0) {
		l->stream.rx_len = 0; /* nobody wants it any more */
		st = prot_posix_stream_receive(&l->stream);
	}
}

void prot_posix_link_close(struct prot_posix_link *l)
{
	if (prot_posix_link_is_open(l) && !l->server &&
	    l->framing == PROT_POSIX_FRAMING_EMU) {
		take_leave(l);
	}
	prot_posix_stream_close(&l->stream);
	l->unread = prot_rd_init(NULL, 0);
}
