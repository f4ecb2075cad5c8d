/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_MCTP_SMBUS_H
#define PROT_MCTP_SMBUS_H

/*
 * MCTP over SMBus/I2C (DSP0237 1.2.0): every packet is an SMBus block write,
 * by a controller that is also a target for the packets of others.
 *
 *	0    destination address << 1 (write)
 *	1    command code 0F
 *	2    byte count: from offset 3 to the end of the packet, without PEC
 *	3    source address << 1 | 1
 *	4    packet, MCTP header first
 *	last PEC: CRC-8, polynomial 0x07, over all bytes before it
 *
 * No I2C here: frames and the outcome of transfers go in and out. Addresses
 * are 7-bit, not shifted; the physical address of an endpoint is one such
 * byte (struct prot_mctp_addr with len 1).
 */

#include <prot/base/cursor.h>
#include <prot/base/status.h>
#include <prot/mctp/endpoint.h>
#include <prot/mctp/wire.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_MCTP_SMBUS_COMMAND 0x0Fu

/* Packets, MCTP header included. */
#define PROT_MCTP_SMBUS_PACKET_MIN 5   /* MCTP header and one byte of body */
#define PROT_MCTP_SMBUS_PACKET     68  /* what every peer takes; MTU 64 */
#define PROT_MCTP_SMBUS_PACKET_MAX 254 /* what the byte count can say */

/* Frame of a packet of n bytes, address byte and PEC included. */
#define PROT_MCTP_SMBUS_FRAME(n) (5 + (n))

/* A 7-bit address that a device may have: I2C reserves 00 to 07, 78 to 7F. */
static inline bool prot_mctp_smbus_address_is_valid(uint8_t address)
{
	return address >= 0x08 && address <= 0x77;
}

static inline struct prot_mctp_addr prot_mctp_smbus_addr(uint8_t address)
{
	struct prot_mctp_addr a = {1, {address, 0, 0, 0, 0, 0, 0}};

	return a;
}

/* ---- Frames -------------------------------------------------------------- */

/* SMBus PEC of len more bytes; 0 before the first. */
uint8_t prot_mctp_smbus_pec(uint8_t pec, const uint8_t *bytes, size_t len);

/*
 * Append the frame of one packet of 5 to 254 bytes, else the writer fails; so
 * it does on an address that no device may have. A controller that sends the
 * address byte itself is given all from offset 1 on.
 */
void prot_mctp_smbus_encode(struct prot_wr *w, uint8_t dest, uint8_t source,
			    const uint8_t *packet, size_t len);

/* Why a frame was dropped. */
#define PROT_MCTP_SMBUS_DROP_TABLE(X)                                          \
	X(PROT_MCTP_SMBUS_DROP_SHORT, "too short for a packet")                \
	X(PROT_MCTP_SMBUS_DROP_DEST, "written to another address")             \
	X(PROT_MCTP_SMBUS_DROP_COMMAND, "not the command code of MCTP")        \
	X(PROT_MCTP_SMBUS_DROP_COUNT_BYTE, "byte count is not the length")     \
	X(PROT_MCTP_SMBUS_DROP_PEC, "PEC mismatch")                            \
	X(PROT_MCTP_SMBUS_DROP_SOURCE_BIT, "bit 0 of the source is clear")     \
	X(PROT_MCTP_SMBUS_DROP_SOURCE, "source is reserved, or is our own")    \
	X(PROT_MCTP_SMBUS_DROP_LONG, "packet larger than the buffer")          \
	X(PROT_MCTP_SMBUS_DROP_LOST, "lost by the controller")

enum prot_mctp_smbus_drop {
#define PROT_MCTP_SMBUS_DROP_ENUM(name, text) name,
	PROT_MCTP_SMBUS_DROP_TABLE(PROT_MCTP_SMBUS_DROP_ENUM)
#undef PROT_MCTP_SMBUS_DROP_ENUM
	PROT_MCTP_SMBUS_DROP_COUNT
};

/* Since prot_mctp_smbus_decoder_init(); they wrap. */
struct prot_mctp_smbus_rx_counters {
	uint32_t packets;
	uint32_t drops[PROT_MCTP_SMBUS_DROP_COUNT];
};

/* Public so that callers can allocate it. Fields are private. */
struct prot_mctp_smbus_decoder {
	uint8_t *buf;
	size_t cap;
	struct prot_mctp_smbus_rx_counters counters;
	uint8_t address;
};

/*
 * address: our own. buf takes one packet; longer ones are dropped.
 * cap >= 5, PROT_MCTP_SMBUS_PACKET unless the peers are known to send more.
 */
void prot_mctp_smbus_decoder_init(struct prot_mctp_smbus_decoder *d,
				  uint8_t address, uint8_t *buf, size_t cap);

/*
 * Check one complete write to us, PEC included, that begins with the address
 * byte, as prot_i2c_target's receive op hands it out.
 * PROT_OK: *packet (in buf, writable, valid until the next call), *len and
 *	*from are set, for prot_mctp_rx().
 * PROT_ERR_MALFORMED: dropped and counted.
 */
PROT_MUST_CHECK
enum prot_status prot_mctp_smbus_decode(struct prot_mctp_smbus_decoder *d,
					const uint8_t *frame, size_t frame_len,
					struct prot_mctp_addr *from,
					uint8_t **packet, size_t *len);

/*
 * The same for a controller that keeps the address byte to itself: `frame`
 * begins with the command code. The PEC covers the address all the same.
 */
PROT_MUST_CHECK
enum prot_status
prot_mctp_smbus_decode_unaddressed(struct prot_mctp_smbus_decoder *d,
				   const uint8_t *frame, size_t frame_len,
				   struct prot_mctp_addr *from,
				   uint8_t **packet, size_t *len);

/* Count a frame that the controller could not keep (PROT_ERR_SPACE). */
void prot_mctp_smbus_decoder_lost(struct prot_mctp_smbus_decoder *d);

static inline const struct prot_mctp_smbus_rx_counters *
prot_mctp_smbus_rx_counters(const struct prot_mctp_smbus_decoder *d)
{
	return &d->counters;
}

/* A short English text for logs; never NULL. */
static inline const char *
prot_mctp_smbus_drop_text(enum prot_mctp_smbus_drop reason)
{
	switch (reason) {
#define PROT_MCTP_SMBUS_DROP_CASE(name, text)                                  \
	case name:                                                             \
		return text;
		PROT_MCTP_SMBUS_DROP_TABLE(PROT_MCTP_SMBUS_DROP_CASE)
#undef PROT_MCTP_SMBUS_DROP_CASE
	case PROT_MCTP_SMBUS_DROP_COUNT:
	default:
		return "unknown reason";
	}
}

/* ---- Sending -------------------------------------------------------------
 *
 * One frame at a time: kept, offered to the controller, tried again after a
 * lost arbitration or a NACK, given up in time. Between frames the bus is left
 * alone for a moment, so that others win arbitration (DSP0237, fairness).
 *
 * From the main loop:
 *	while ((frame = prot_mctp_smbus_sender_frame(s, now_ms))) {
 *		st = transfer(frame->dest, frame->bytes, frame->len);
 *		prot_mctp_smbus_sender_result(s, st, now_ms);
 *		if (st == PROT_PENDING) break;
 *	}
 *	if (prot_mctp_smbus_sender_is_ready(s)) prot_mctp_tick(endpoint, ...);
 * and again at prot_mctp_smbus_sender_next_tick().
 */

/* Kept by pointer; outlives the sender. */
struct prot_mctp_smbus_sender_config {
	uint8_t *buf;         /* RAM, PROT_MCTP_SMBUS_FRAME(packet_max) bytes */
	uint16_t packet_max;  /* 5 to 254; the link's MTU is 4 less */
	uint8_t address;      /* our own, the source */
	uint8_t nack_retries; /* further tries after a NACK */
	uint16_t idle_ms;     /* bus left alone after a frame or a NACK */
	uint16_t arbitration_ms; /* wait after a lost arbitration */
	uint16_t deadline_ms;    /* a frame not sent by then is given up, > 0 */
};

/*
 * Usual values. Retries: MN1 of DSP0237. Deadline: MT3, the transmission
 * delay that a requester allows for. Idle: tens of microseconds would do
 * (FAIR_IDLE); a clock of milliseconds makes sure of them with two. The wait
 * after a lost arbitration only keeps a controller that reports it at once
 * from being asked again at once: it waits for the bus to be free itself.
 */
#define PROT_MCTP_SMBUS_NACK_RETRIES   2
#define PROT_MCTP_SMBUS_IDLE_MS        2
#define PROT_MCTP_SMBUS_ARBITRATION_MS 1
#define PROT_MCTP_SMBUS_DEADLINE_MS    100

/* Since prot_mctp_smbus_sender_init(); they wrap. */
struct prot_mctp_smbus_tx_counters {
	uint32_t packets;     /* sent, all bytes acknowledged */
	uint32_t arbitration; /* tries lost to another controller */
	uint32_t nacks;       /* tries not acknowledged */
	uint32_t given_up;    /* frames: tries or time used up, bus failed */
};

/* What is to be written now, in one transfer. */
struct prot_mctp_smbus_frame {
	uint8_t dest;         /* 7-bit */
	const uint8_t *bytes; /* from the command code on, PEC included */
	size_t len;
};

/* Public so that callers can allocate it. Fields are private. */
struct prot_mctp_smbus_sender {
	const struct prot_mctp_smbus_sender_config *config;
	struct prot_mctp_smbus_tx_counters counters;
	struct prot_mctp_smbus_frame frame;
	uint64_t due_ms; /* next try, or end of the idle time */
	uint64_t deadline_ms;
	uint8_t nacks_left;
	uint8_t state;
};

/* PROT_ERR_ARG: the configuration breaks a limit stated above. */
PROT_MUST_CHECK
enum prot_status
prot_mctp_smbus_sender_init(struct prot_mctp_smbus_sender *s,
			    const struct prot_mctp_smbus_sender_config *config);

/*
 * Take one packet, for a link's tx op. The deadline counts from the first
 * prot_mctp_smbus_sender_frame() after it.
 * PROT_ERR_BUSY: a frame is still there. PROT_ERR_ARG: a length outside 5 to
 * packet_max, or no valid address other than our own.
 */
PROT_MUST_CHECK
enum prot_status prot_mctp_smbus_send(struct prot_mctp_smbus_sender *s,
				      const struct prot_mctp_addr *to,
				      const uint8_t *packet, size_t len);

/*
 * The frame to be written now, valid and unchanged until the result is told;
 * the same one while a transfer is under way. NULL: nothing, look again at
 * prot_mctp_smbus_sender_next_tick() or after prot_mctp_smbus_send().
 */
const struct prot_mctp_smbus_frame *
prot_mctp_smbus_sender_frame(struct prot_mctp_smbus_sender *s, uint64_t now_ms);

/*
 * What the transfer came to, in the statuses of struct prot_i2c_controller's
 * op. PROT_OK: sent. PROT_PENDING: under way, ask for the frame again.
 * PROT_ERR_BUSY: arbitration lost, tried again until the deadline.
 * PROT_ERR_NOT_FOUND: NACK, tried again until retries or deadline are used up.
 * PROT_ERR_TIMEOUT: bus recovered, as a NACK. Anything else: given up.
 */
void prot_mctp_smbus_sender_result(struct prot_mctp_smbus_sender *s,
				   enum prot_status st, uint64_t now_ms);

/* True when prot_mctp_smbus_send() would take a packet. */
bool prot_mctp_smbus_sender_is_ready(const struct prot_mctp_smbus_sender *s);

/* When to ask for the frame next, ms; UINT64_MAX: there is none. */
uint64_t
prot_mctp_smbus_sender_next_tick(const struct prot_mctp_smbus_sender *s);

static inline const struct prot_mctp_smbus_tx_counters *
prot_mctp_smbus_tx_counters(const struct prot_mctp_smbus_sender *s)
{
	return &s->counters;
}

#ifdef __cplusplus
}
#endif
#endif /* PROT_MCTP_SMBUS_H */
