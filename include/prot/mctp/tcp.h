/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_MCTP_TCP_H
#define PROT_MCTP_TCP_H

/*
 * Two framings for MCTP over a TCP byte stream, for development and tests;
 * docs/tcp-binding.md specifies both. Bytes in, packets out: no sockets here.
 *
 * Packet framing (ours): 16-bit big-endian length of the packet, then one MCTP
 * packet. One connection is one point-to-point link.
 *
 * Message framing ("emu", that of DMTF's spdm-emu sockets): a 12-byte header,
 * then one whole message without MCTP header. To the endpoint it looks like a
 * link whose MTU holds any message, so that all is one packet:
 * struct prot_mctp_emu_map supplies the header that the wire leaves out.
 *
 * Decoders are fed whatever recv() returned and yield one frame per call. A
 * decoding error is final: the stream has lost its frame boundaries, close it.
 */

#include <prot/base/cursor.h>
#include <prot/base/status.h>
#include <prot/mctp/wire.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Packet framing ------------------------------------------------------ */

#define PROT_MCTP_TCP_PREFIX     2
#define PROT_MCTP_TCP_PACKET_MIN 5     /* MCTP header and one byte of body */
#define PROT_MCTP_TCP_PACKET_MAX 65535 /* link MTU: 4 less */

/* Public so that callers can allocate it. Fields are private. */
struct prot_mctp_tcp_decoder {
	uint8_t *buf;
	size_t cap;
	size_t len;             /* of the packet, once the prefix is complete */
	size_t have;            /* bytes of prefix and packet seen so far */
	enum prot_status error; /* final */
};

/* buf takes one packet; packets longer than cap are refused. */
void prot_mctp_tcp_decoder_init(struct prot_mctp_tcp_decoder *d, uint8_t *buf,
				size_t cap);

/*
 * Consume bytes from `in` up to the end of one frame.
 * PROT_OK: *packet (in the decoder's buffer, writable, valid until the next
 *	call) and *len are set; `in` may hold more, call again.
 * PROT_PENDING: `in` is used up, the packet is not complete.
 * PROT_ERR_MALFORMED: a length below 5. PROT_ERR_SPACE: longer than cap.
 */
PROT_MUST_CHECK
enum prot_status prot_mctp_tcp_decode(struct prot_mctp_tcp_decoder *d,
				      struct prot_rd *in, uint8_t **packet,
				      size_t *len);

/* Append the frame of one packet of 5 to 65535 bytes, else the writer fails. */
void prot_mctp_tcp_encode(struct prot_wr *w, const uint8_t *packet, size_t len);

/* ---- Message framing of spdm-emu ----------------------------------------- */

#define PROT_MCTP_EMU_HEADER         12
#define PROT_MCTP_EMU_TRANSPORT_MCTP 1u

enum prot_mctp_emu_command {
	PROT_MCTP_EMU_NORMAL = 0x0001,   /* payload: message, type byte first */
	PROT_MCTP_EMU_CONTINUE = 0xFFFD, /* client leaves, server goes on */
	PROT_MCTP_EMU_SHUTDOWN = 0xFFFE, /* client leaves, server stops */
	PROT_MCTP_EMU_UNKNOWN = 0xFFFF,  /* answer to a command not known */
	PROT_MCTP_EMU_TEST = 0xDEAD,     /* hello; payload is free text */
};

struct prot_mctp_emu_frame {
	uint32_t command;
	uint8_t *payload; /* as for prot_mctp_tcp_decode() */
	size_t len;       /* >= 1 with PROT_MCTP_EMU_NORMAL */
};

/* Public so that callers can allocate it. Fields are private. */
struct prot_mctp_emu_decoder {
	uint8_t *buf;
	size_t cap;
	size_t len;  /* of the payload, once the header is complete */
	size_t have; /* bytes of header and payload seen so far */
	uint32_t command;
	uint8_t header[PROT_MCTP_EMU_HEADER];
	enum prot_status error; /* final */
};

/*
 * buf takes the payload of one frame; 4 bytes in front of it are kept free
 * for the header that prot_mctp_emu_packet() writes. cap > 4.
 */
void prot_mctp_emu_decoder_init(struct prot_mctp_emu_decoder *d, uint8_t *buf,
				size_t cap);

/*
 * As prot_mctp_tcp_decode(). PROT_ERR_MALFORMED: a normal frame without
 * payload. PROT_ERR_SPACE: a payload longer than cap - 4.
 * PROT_ERR_UNSUPPORTED: the peer uses a transport other than MCTP. Commands
 * not listed above are handed out; a server answers PROT_MCTP_EMU_UNKNOWN.
 */
PROT_MUST_CHECK
enum prot_status prot_mctp_emu_decode(struct prot_mctp_emu_decoder *d,
				      struct prot_rd *in,
				      struct prot_mctp_emu_frame *out);

/* Append one frame; payload may be NULL with len 0. */
void prot_mctp_emu_encode(struct prot_wr *w, uint32_t command,
			  const uint8_t *payload, size_t len);

/*
 * The MCTP header that the wire leaves out, on one connection. A server sees
 * requests under tag 0; a client sees each message as the response to the
 * request that it sent last.
 */
struct prot_mctp_emu_map {
	uint8_t header[PROT_MCTP_HEADER_SIZE]; /* private: of what comes in */
};

/*
 * own_eid: destination of what comes in, 0 if none is assigned yet; afterwards
 * the source EID of what was sent last. peer_eid, 8 to 254: its source, until
 * a request is sent to another EID.
 */
void prot_mctp_emu_map_init(struct prot_mctp_emu_map *map, uint8_t own_eid,
			    uint8_t peer_eid);

/*
 * For a link's tx op: append the frame of an outgoing single-packet message
 * and remember its tag. PROT_ERR_ARG: not a whole message, the link's MTU is
 * too small. PROT_ERR_BUSY: no room in w, nothing was appended.
 */
PROT_MUST_CHECK
enum prot_status prot_mctp_emu_send(struct prot_mctp_emu_map *map,
				    struct prot_wr *w, const uint8_t *packet,
				    size_t len);

/*
 * Turn a received normal frame into the packet for prot_mctp_rx(): writes the
 * header into the 4 bytes in front of the payload and returns where it
 * starts; its length is frame->len + 4.
 */
uint8_t *prot_mctp_emu_packet(const struct prot_mctp_emu_map *map,
			      const struct prot_mctp_emu_frame *frame);

#ifdef __cplusplus
}
#endif
#endif /* PROT_MCTP_TCP_H */
