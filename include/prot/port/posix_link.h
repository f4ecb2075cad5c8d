/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_POSIX_LINK_H
#define PROT_PORT_POSIX_LINK_H

/*
 * An MCTP link over one TCP connection, in either framing of prot/mctp/tcp.h,
 * or over one serial line: the driver between a descriptor and a struct
 * prot_mctp, on both ends.
 *
 *	prot_posix_link_open
 *	whenever poll() or prot_posix_link_unread() says that there is something
 *	{ prot_posix_link_next* | prot_posix_link_flush }*
 *	prot_posix_link_close
 */

#include <prot/base/status.h>
#include <prot/mctp/endpoint.h>
#include <prot/mctp/serial.h>
#include <prot/mctp/tcp.h>
#include <prot/port/posix.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum prot_posix_framing {
	PROT_POSIX_FRAMING_MCTP,   /* MCTP packets with a length prefix */
	PROT_POSIX_FRAMING_EMU,    /* messages, as on the sockets of spdm-emu */
	PROT_POSIX_FRAMING_SERIAL, /* DSP0253, on a tty or any socket */
};

/* MTU on a serial line: what every peer takes, and the most there can be. */
#define PROT_POSIX_SERIAL_MTU (PROT_MCTP_SERIAL_PACKET - PROT_MCTP_HEADER_SIZE)
#define PROT_POSIX_SERIAL_MTU_MAX                                              \
	(PROT_MCTP_SERIAL_PACKET_MAX - PROT_MCTP_HEADER_SIZE)

/* MTU of the others: a packet holds any message of the other end. */
#define PROT_POSIX_LINK_MTU_MAX                                                \
	(PROT_MCTP_TCP_PACKET_MAX - PROT_MCTP_HEADER_SIZE)

/* Buffer sizes: one packet with its frame, and what recv() takes at once. */
#define PROT_POSIX_LINK_FRAME (PROT_MCTP_TCP_PACKET_MAX + 16)
#define PROT_POSIX_LINK_TX    (2 * PROT_POSIX_LINK_FRAME)
#define PROT_POSIX_LINK_RX    4096

/* About 200 KB. Fields are private but for `stream.fd`, which poll() needs. */
struct prot_posix_link {
	struct prot_posix_stream stream;
	enum prot_posix_framing framing;
	bool server; /* emu: answers the socket commands */
	struct prot_rd unread;
	union {
		struct prot_mctp_tcp_decoder tcp;
		struct prot_mctp_emu_decoder emu;
		struct prot_mctp_serial_decoder serial;
	} decoder;
	struct prot_mctp_emu_map map;
	struct prot_mctp_serial_encoder serial;
	uint64_t heard_ms;   /* serial: when bytes came last */
	unsigned unanswered; /* serial: requests since a packet came */

	/*
	 * Sees every packet, MCTP header first, before it is handled or before
	 * it is sent. Set after prot_posix_link_open(); NULL:
	 * none.
	 */
	void (*tap)(void *ctx, const uint8_t *packet, size_t len);
	void *tap_ctx;

	uint8_t rx[PROT_POSIX_LINK_RX];
	uint8_t frame[PROT_POSIX_LINK_FRAME];
	uint8_t tx[PROT_POSIX_LINK_TX];
};

/* For struct prot_mctp_link; ctx is the struct prot_posix_link. */
extern const struct prot_mctp_link_ops prot_posix_link_ops;

/* For an object that has no connection yet. */
void prot_posix_link_init(struct prot_posix_link *l,
			  enum prot_posix_framing framing, bool server);

/*
 * Take over a connected, non-blocking socket or an open tty. The EIDs stand in
 * the headers that the emu framing leaves out; 0 as own EID: as yet unassigned.
 */
void prot_posix_link_open(struct prot_posix_link *l, int fd, uint8_t own_eid,
			  uint8_t peer_eid);

static inline bool prot_posix_link_is_open(const struct prot_posix_link *l)
{
	return l->stream.fd >= 0;
}

/*
 * The next packet that arrived, for prot_mctp_rx(); borrowed until the next
 * call. PROT_PENDING: nothing more at the moment. PROT_ERR_IO: the connection
 * broke, with errno 0 it was closed. PROT_ERR_MALFORMED,
 * PROT_ERR_UNSUPPORTED, PROT_ERR_SPACE: what arrives is not in this framing;
 * never on a serial line, which passes over it. After an error close the link.
 */
PROT_MUST_CHECK
enum prot_status prot_posix_link_next(struct prot_posix_link *l,
				      uint8_t **packet, size_t *len);

/* True when poll() should also look for POLLOUT. */
static inline bool prot_posix_link_waits(const struct prot_posix_link *l)
{
	return l->stream.tx_len != 0;
}

/*
 * True when the caller stopped before prot_posix_link_next() said
 * PROT_PENDING: what is left stands in the link, where poll() does not see it.
 */
static inline bool prot_posix_link_unread(const struct prot_posix_link *l)
{
	return l->unread.left != 0;
}

/* Send what waits; PROT_ERR_IO as above, else PROT_OK or PROT_PENDING. */
enum prot_status prot_posix_link_flush(struct prot_posix_link *l);

/*
 * A client also tells an emu server that it leaves, and waits for the answer,
 * 300 ms at most. Harmless when closed.
 */
void prot_posix_link_close(struct prot_posix_link *l);

#ifdef __cplusplus
}
#endif
#endif /* PROT_PORT_POSIX_LINK_H */
