/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_MCTP_SERIAL_H
#define PROT_MCTP_SERIAL_H

/*
 * MCTP over a serial line (DSP0253 1.0.0). Bytes in, packets out: no UART
 * here. One line is one point-to-point link; its addresses have length 0.
 *
 *	7E | revision | byte count | packet, escaped | FCS high, low | 7E
 *
 * The byte count is that of the packet before escaping; only the packet is
 * escaped. The FCS is CRC-16 with the reflected polynomial 0x8408, preset to
 * all ones and not complemented, over revision, byte count and the packet
 * before escaping.
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

#define PROT_MCTP_SERIAL_FLAG     0x7Eu
#define PROT_MCTP_SERIAL_ESCAPE   0x7Du
#define PROT_MCTP_SERIAL_ESCAPED  0x20u /* bit that escaping clears */
#define PROT_MCTP_SERIAL_REVISION 0x01u

/* Packets, MCTP header included. */
#define PROT_MCTP_SERIAL_PACKET_MIN 5   /* MCTP header and one byte of body */
#define PROT_MCTP_SERIAL_PACKET     68  /* what every peer takes; MTU 64 */
#define PROT_MCTP_SERIAL_PACKET_MAX 255 /* what the byte count can say */

/* Longest frame of a packet of n bytes: extra flag, every byte escaped. */
#define PROT_MCTP_SERIAL_FRAME(n) (7 + 2 * (n))

/* ---- Sending ------------------------------------------------------------- */

/* Public so that callers can allocate it. Fields are private. */
struct prot_mctp_serial_encoder {
	uint8_t packet_max;
	bool resync;
};

/*
 * packet_max: longest packet that the peer takes, 5 to 255. Linux and libmctp
 * take PROT_MCTP_SERIAL_PACKET; send longer ones only to a peer known to take
 * them. The link's MTU is 4 less.
 */
void prot_mctp_serial_encoder_init(struct prot_mctp_serial_encoder *e,
				   uint8_t packet_max);

/*
 * Append the frame of one packet of 5 to packet_max bytes, else the writer
 * fails; w->len bytes of its buffer are then for the line. One opening flag and
 * one closing flag of its own, because a flag that two frames share, or one too
 * many, makes Linux lose frames.
 */
void prot_mctp_serial_encode(struct prot_mctp_serial_encoder *e,
			     struct prot_wr *w, const uint8_t *packet,
			     size_t len);

/*
 * Begin the next frame that fits its writer with two flags. Only for a peer
 * that stopped answering: after an error on the line the driver of Linux (up
 * to 6.1 at least) can stay one byte out of step, and only an extra flag brings
 * it back. A Linux that is in step loses the frame, and is out of step until
 * the next such frame: repeat this with every frame until an answer comes.
 * Others ignore the flag.
 */
void prot_mctp_serial_resync(struct prot_mctp_serial_encoder *e);

/* ---- Receiving ----------------------------------------------------------- */

/* Why a frame was dropped. The decoder then looks for the next flag. */
#define PROT_MCTP_SERIAL_DROP_TABLE(X)                                         \
	X(PROT_MCTP_SERIAL_DROP_REVISION, "no frame of revision 1")            \
	X(PROT_MCTP_SERIAL_DROP_SHORT, "byte count below 5")                   \
	X(PROT_MCTP_SERIAL_DROP_LONG, "byte count above the buffer")           \
	X(PROT_MCTP_SERIAL_DROP_ESCAPE, "escape of a byte that needs none")    \
	X(PROT_MCTP_SERIAL_DROP_CUT, "flag before the end of the packet")      \
	X(PROT_MCTP_SERIAL_DROP_FCS, "FCS mismatch")                           \
	X(PROT_MCTP_SERIAL_DROP_NO_FLAG, "no flag after the FCS")              \
	X(PROT_MCTP_SERIAL_DROP_TIMEOUT, "line silent in the middle")

enum prot_mctp_serial_drop {
#define PROT_MCTP_SERIAL_DROP_ENUM(name, text) name,
	PROT_MCTP_SERIAL_DROP_TABLE(PROT_MCTP_SERIAL_DROP_ENUM)
#undef PROT_MCTP_SERIAL_DROP_ENUM
	PROT_MCTP_SERIAL_DROP_COUNT
};

/* Since prot_mctp_serial_decoder_init(); they wrap. */
struct prot_mctp_serial_counters {
	uint32_t packets;
	uint32_t noise; /* bytes skipped while looking for a flag */
	uint32_t drops[PROT_MCTP_SERIAL_DROP_COUNT];
};

/* Public so that callers can allocate it. Fields are private. */
struct prot_mctp_serial_decoder {
	uint8_t *buf;
	struct prot_mctp_serial_counters counters;
	uint16_t fcs;
	uint8_t fcs_high; /* as received */
	uint8_t cap;
	uint8_t len; /* of the packet, from the frame */
	uint8_t have;
	uint8_t state;
};

/*
 * buf takes one packet; longer ones are dropped. cap: 5 to 255,
 * PROT_MCTP_SERIAL_PACKET unless the peers are known to send more.
 */
void prot_mctp_serial_decoder_init(struct prot_mctp_serial_decoder *d,
				   uint8_t *buf, uint8_t cap);

/*
 * Consume bytes from `in`, whatever a UART or read() returned, up to the end
 * of one frame.
 * PROT_OK: *packet (in buf, writable, valid until the next call) and *len are
 *	set, for prot_mctp_rx(); `in` may hold more, call again.
 * PROT_PENDING: `in` is used up.
 * There is no error: what is not a good frame is counted and skipped. Frames
 * may share a flag, and flags may fill the time between frames.
 *
 *	in = prot_rd_init(bytes, n);
 *	while (prot_mctp_serial_decode(d, &in, &packet, &len) == PROT_OK) {
 *		prot_mctp_rx(endpoint, link, &nowhere, packet, len, now_ms);
 *	}
 */
PROT_MUST_CHECK
enum prot_status prot_mctp_serial_decode(struct prot_mctp_serial_decoder *d,
					 struct prot_rd *in, uint8_t **packet,
					 size_t *len);

/* True in the middle of a frame: the time-out between bytes runs. */
bool prot_mctp_serial_decoder_is_busy(const struct prot_mctp_serial_decoder *d);

/*
 * Nothing has arrived for so long that the rest of a frame will not come: drop
 * what there is of it, so that it cannot swallow the start of the next one. To
 * be called before bytes are decoded that come so late; without it the next
 * flag ends the partial frame at the price of one more lost frame at worst.
 */
void prot_mctp_serial_decoder_timeout(struct prot_mctp_serial_decoder *d);

/* A usual time-out between bytes: long for any line and any pause of a host. */
#define PROT_MCTP_SERIAL_TIMEOUT_MS 100

static inline const struct prot_mctp_serial_counters *
prot_mctp_serial_counters(const struct prot_mctp_serial_decoder *d)
{
	return &d->counters;
}

/* A short English text for logs; never NULL. */
static inline const char *
prot_mctp_serial_drop_text(enum prot_mctp_serial_drop reason)
{
	switch (reason) {
#define PROT_MCTP_SERIAL_DROP_CASE(name, text)                                 \
	case name:                                                             \
		return text;
		PROT_MCTP_SERIAL_DROP_TABLE(PROT_MCTP_SERIAL_DROP_CASE)
#undef PROT_MCTP_SERIAL_DROP_CASE
	case PROT_MCTP_SERIAL_DROP_COUNT:
	default:
		return "unknown reason";
	}
}

#ifdef __cplusplus
}
#endif
#endif /* PROT_MCTP_SERIAL_H */
