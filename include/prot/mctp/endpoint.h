/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_MCTP_ENDPOINT_H
#define PROT_MCTP_ENDPOINT_H

/*
 * MCTP endpoint (DSP0236 1.3, section 8): packetising, assembly, tags,
 * delivery by message type, requests with time-out and retry.
 *
 * One context is one endpoint with any number of links. Contexts share
 * nothing; calls on one context must not overlap: no locking inside, and
 * nothing here may run in an interrupt handler while another call is active.
 * The library allocates nothing, blocks nowhere and reads no clock.
 *
 *	prot_mctp_init
 *	-> { prot_mctp_rx | prot_mctp_request_start | prot_mctp_tick }*
 *
 * Packets leave through the links' tx op, always from inside one of these
 * three calls. The ops and the message handlers must not call back into the
 * endpoint, except for prot_mctp_set_eid() and the const getters.
 *
 * "Message" always means the complete message body of DSP0236: byte 0 is the
 * message type byte (IC bit and type).
 */

#include <prot/base/status.h>
#include <prot/mctp/wire.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* prot_mctp_next_tick(): nothing is waiting for time to pass. */
#define PROT_MCTP_NEVER UINT64_MAX

/* ---- Addresses ---------------------------------------------------------- */

/*
 * Physical address on a link, as its binding defines it: a 7-bit SMBus
 * address, a PCIe bus/device/function, a connection number; len 0 on a
 * point-to-point link. Addresses compare as a whole: unused bytes are zero.
 */
struct prot_mctp_addr {
	uint8_t len; /* 0 to 7 */
	uint8_t bytes[7];
};

/* The other end of a message. */
struct prot_mctp_peer {
	struct prot_mctp_addr addr;
	uint8_t link; /* index into the configured links */
	uint8_t eid;  /* 0: addressed physically, has no EID (yet) */
};

/* ---- What the integrator supplies (const, may stand in flash) ------------ */

struct prot_mctp_link_ops {
	/*
	 * Send one packet, MCTP header first, no medium framing. `packet` is
	 * valid only during the call: copy it, or send it before returning.
	 * Must not block.
	 * PROT_OK: the packet is taken.
	 * PROT_ERR_BUSY: not now. The packet is offered again by the next
	 *	prot_mctp_tick(); whoever drives the link calls that when the
	 *	link can take a packet again. Messages for other links go on.
	 * Anything else: the message cannot be sent; it is given up, a request
	 *	ends with PROT_ERR_IO.
	 */
	enum prot_status (*tx)(void *ctx, const struct prot_mctp_addr *to,
			       const uint8_t *packet, size_t len);
};

struct prot_mctp_link {
	const struct prot_mctp_link_ops *ops;
	void *ctx;       /* passed unchanged to every op */
	uint16_t mtu;    /* largest packet body sent, bytes, 64 to 65531 */
	uint8_t binding; /* PROT_MCTP_BINDING_* */
};

/* A received message with TO = 1: a request, or a datagram. */
struct prot_mctp_message {
	struct prot_mctp_peer from;
	uint8_t dest_eid; /* own EID, 0, or broadcast (control messages only) */
	uint8_t tag;      /* 0 to 7 */
	uint64_t now_ms;  /* time given to the call that delivers it */
	/*
	 * The message, type byte first, at least 1 byte. Borrowed: it stands
	 * in an assembly slot or in the packet given to prot_mctp_rx(), and is
	 * gone when the handler returns. Writable, so that a secured message
	 * can be opened in place.
	 */
	uint8_t *data;
	size_t len;
};

/*
 * Where a handler puts its reply: a free transmit buffer. data[0] is preset
 * to the type of the request with IC = 0 and may be changed. The handler sets
 * len to the length of the reply, type byte included; it is 0 on entry, and
 * 0 means no reply.
 */
struct prot_mctp_reply {
	uint8_t *data;
	size_t cap;
	size_t len;
};

/*
 * One row per message type that the endpoint answers. The handler runs inside
 * prot_mctp_rx(). A reply goes to the sender, with its tag; packets leave
 * before prot_mctp_rx() returns if the link takes them.
 */
struct prot_mctp_handler {
	uint8_t type; /* 0x00 to 0x7F; a message's IC bit is not compared */
	void (*handle)(void *ctx, const struct prot_mctp_message *msg,
		       struct prot_mctp_reply *reply);
	void *ctx;
};

/* ---- Memory that the caller lends ---------------------------------------- */

/* Private: one message under assembly. */
struct prot_mctp_assembly {
	uint8_t *buf;
	size_t cap;
	size_t len;
	size_t unit; /* body size of the first packet */
	struct prot_mctp_addr addr;
	uint32_t key; /* link, EIDs, TO, tag; meaningful while active */
	uint8_t seq;  /* expected next */
	bool active;
};

/*
 * Buffer for one incoming multi-packet message. The caller sets buf and cap
 * before prot_mctp_init(); cap is the largest message it can take. A message
 * takes the first free slot: give all slots the same cap.
 */
struct prot_mctp_slot {
	uint8_t *buf;
	size_t cap; /* bytes, > 64 */

	/* private */
	struct prot_mctp_assembly rx;
	const struct prot_mctp_handler *handler;
	uint64_t deadline_ms;
};

struct prot_mctp_request;

/* Private: one message on its way out. */
struct prot_mctp_tx {
	struct prot_mctp_tx *next;
	const uint8_t *part[2];
	size_t part_len[2];
	size_t at; /* bytes that left, over both parts */
	uint64_t deadline_ms;
	struct prot_mctp_request *request; /* NULL: a reply */
	struct prot_mctp_peer to;
	uint8_t source_eid;
	uint8_t flags; /* TO and tag */
	uint8_t seq;
	uint8_t state;
};

/*
 * Buffer for one reply; busy from the handler's return until the last packet
 * has left or the send time-out has passed. While all are busy, incoming
 * requests are dropped and counted (their sender tries again). The caller
 * sets buf and cap before prot_mctp_init().
 */
struct prot_mctp_tx_buffer {
	uint8_t *buf;
	size_t cap; /* bytes, >= 64 */

	/* private */
	struct prot_mctp_tx tx;
};

/*
 * Kept by pointer: the object and all that it points to must outlive the
 * endpoint. slots, tx_buffers and packet point to RAM.
 */
struct prot_mctp_config {
	const struct prot_mctp_link *links;
	const struct prot_mctp_handler *handlers;
	struct prot_mctp_slot *slots;
	struct prot_mctp_tx_buffer *tx_buffers;
	uint8_t *packet;   /* outgoing packets are built here */
	size_t packet_cap; /* >= 4 + largest mtu of the links */

	/* A partial message with no further packet for so long is dropped. */
	uint32_t assembly_timeout_ms; /* > 0 */
	/* A reply that a link does not take within this time is given up. */
	uint32_t send_timeout_ms; /* > 0 */

	uint8_t link_count;      /* 1 to 32 */
	uint8_t handler_count;   /* 0: only sends requests */
	uint8_t slot_count;      /* 0: single-packet requests only */
	uint8_t tx_buffer_count; /* >= 1 if there are handlers */
	/*
	 * Slots that one physical address may hold at a time, >= 1 if there
	 * are slots. A peer that starts more messages, or finds no slot free,
	 * loses its own oldest partial message, never that of another peer.
	 */
	uint8_t slots_per_peer;
	uint8_t eid; /* at start: 0 until assigned, or 8 to 254 */
};

/* Usual values: Linux and other endpoints allow 6 s as well. */
#define PROT_MCTP_ASSEMBLY_TIMEOUT_MS 6000
#define PROT_MCTP_SEND_TIMEOUT_MS     6000

/* ---- Counters ------------------------------------------------------------ */

/*
 * Why a packet was dropped. From DROP_RESTARTED on: why a message was, whose
 * earlier packets had been accepted, or that was complete.
 */
#define PROT_MCTP_DROP_TABLE(X)                                                \
	X(PROT_MCTP_ACCEPTED, "accepted")                                      \
	X(PROT_MCTP_DROP_LINK, "no such link")                                 \
	X(PROT_MCTP_DROP_SHORT, "packet without a body")                       \
	X(PROT_MCTP_DROP_VERSION, "unknown header version")                    \
	X(PROT_MCTP_DROP_SOURCE, "source EID is reserved or broadcast")        \
	X(PROT_MCTP_DROP_DEST, "destination EID is not ours")                  \
	X(PROT_MCTP_DROP_TYPE, "message type has no handler")                  \
	X(PROT_MCTP_DROP_UNSOLICITED, "response without a request")            \
	X(PROT_MCTP_DROP_UNEXPECTED, "not first, and no message in progress")  \
	X(PROT_MCTP_DROP_NO_SLOT, "no assembly slot free")                     \
	X(PROT_MCTP_DROP_SEQUENCE, "packet sequence broken")                   \
	X(PROT_MCTP_DROP_SIZE, "body size differs from the first packet")      \
	X(PROT_MCTP_DROP_TOO_LONG, "message larger than its buffer")           \
	X(PROT_MCTP_DROP_NO_TX_BUFFER, "all transmit buffers busy")            \
	X(PROT_MCTP_DROP_RESTARTED, "partial message started again")           \
	X(PROT_MCTP_DROP_EVICTED, "partial message gave way to a later one")   \
	X(PROT_MCTP_DROP_TIMEOUT, "partial message timed out")                 \
	X(PROT_MCTP_DROP_RESET, "link was reset")                              \
	X(PROT_MCTP_DROP_REPLY, "reply could not be sent")

enum prot_mctp_drop {
#define PROT_MCTP_DROP_ENUM(name, text) name,
	PROT_MCTP_DROP_TABLE(PROT_MCTP_DROP_ENUM)
#undef PROT_MCTP_DROP_ENUM
	PROT_MCTP_DROP_COUNT
};

/* Since prot_mctp_init(); they wrap. */
struct prot_mctp_counters {
	uint32_t tx_packets;  /* taken by a link */
	uint32_t tx_messages; /* last packet taken by a link */
	uint32_t rx_messages; /* given to a handler or to a request */
	/* drops[PROT_MCTP_ACCEPTED]: packets that were accepted. */
	uint32_t drops[PROT_MCTP_DROP_COUNT];
};

/* A short English text for logs; never NULL. */
static inline const char *prot_mctp_drop_text(enum prot_mctp_drop reason)
{
	switch (reason) {
#define PROT_MCTP_DROP_CASE(name, text)                                        \
	case name:                                                             \
		return text;
		PROT_MCTP_DROP_TABLE(PROT_MCTP_DROP_CASE)
#undef PROT_MCTP_DROP_CASE
	case PROT_MCTP_DROP_COUNT:
	default:
		return "unknown reason";
	}
}

/* ---- The endpoint -------------------------------------------------------- */

/* Public so that callers can allocate it. Fields are private. */
struct prot_mctp {
	const struct prot_mctp_config *config;
	struct prot_mctp_tx *tx_queue;      /* first to send first */
	struct prot_mctp_request *requests; /* all that are not finished */
	struct prot_mctp_counters counters;
	uint8_t eid;
	uint8_t next_tag;
};

/* PROT_ERR_ARG if the configuration breaks a limit stated above. */
PROT_MUST_CHECK
enum prot_status prot_mctp_init(struct prot_mctp *m,
				const struct prot_mctp_config *config);

/*
 * Hand in one received packet, MCTP header first, with its sender's physical
 * address; medium framing and its integrity check are the binding's. The
 * packet is borrowed for the call, and a handler may write to its body. A
 * message that it completes is delivered before the call returns.
 *
 * A bad packet is the peer's fault: it is counted and dropped, the reason is
 * returned, and messages of other keys in progress are not touched.
 */
enum prot_mctp_drop prot_mctp_rx(struct prot_mctp *m, uint8_t link,
				 const struct prot_mctp_addr *from,
				 uint8_t *packet, size_t len, uint64_t now_ms);

/*
 * Offer waiting packets to the links, expire partial messages and requests.
 * Call when a busy link is ready again, and at prot_mctp_next_tick().
 */
void prot_mctp_tick(struct prot_mctp *m, uint64_t now_ms);

/*
 * Earliest time at which prot_mctp_tick() has something to expire, in the
 * same ms as now_ms; PROT_MCTP_NEVER if nothing waits for time.
 */
uint64_t prot_mctp_next_tick(const struct prot_mctp *m);

/*
 * The link was lost or reconnected: its partial messages and waiting replies
 * are dropped, its requests end with PROT_ERR_IO.
 */
void prot_mctp_link_reset(struct prot_mctp *m, uint8_t link);

/* 0 while no EID is assigned. */
static inline uint8_t prot_mctp_eid(const struct prot_mctp *m)
{
	return m->eid;
}

/*
 * Change the own EID: 0, or 8 to 254, else PROT_ERR_ARG. Replies that have
 * been queued keep their source EID; replies to running requests that still
 * carry the former EID are dropped, and the request is retried or times out.
 */
enum prot_status prot_mctp_set_eid(struct prot_mctp *m, uint8_t eid);

static inline const struct prot_mctp_counters *
prot_mctp_counters(const struct prot_mctp *m)
{
	return &m->counters;
}

/* ---- Requests ------------------------------------------------------------ */

/*
 * One message sent with TO = 1, and the reply to it. The caller owns it and
 * fills in the first part, the rest may hold anything; from
 * prot_mctp_request_start() until `status` is
 * no longer PROT_PENDING the object, the message and the reply buffer belong
 * to the endpoint. Then they are the caller's again, to read or to restart.
 * There is no callback: look at `status` after prot_mctp_rx() and
 * prot_mctp_tick().
 *
 * `status` ends as exactly one of
 *	PROT_OK               reply complete; one_way: last packet has left
 *	PROT_ERR_TIMEOUT      no reply in time, all tries used up
 *	PROT_ERR_CANCELLED    prot_mctp_request_cancel()
 *	PROT_ERR_IO           the link refused a packet, or was reset
 *	PROT_ERR_SPACE        the reply does not fit into reply_cap
 */
struct prot_mctp_request {
	/*
	 * Destination. EID 0 addresses physically, before an EID is assigned;
	 * its reply may carry any source EID. The broadcast EID needs one_way.
	 */
	struct prot_mctp_peer to;
	uint8_t retries;     /* further tries after a time-out, each in full */
	bool one_way;        /* a datagram: no reply, reply fields unused */
	uint32_t timeout_ms; /* > 0, for sending; then again for the reply */
	/* The message: header, then body. Their sum is at least 1 byte. */
	const uint8_t *header;
	size_t header_len;
	const uint8_t *body; /* may be NULL with body_len 0 */
	size_t body_len;
	uint8_t *reply;
	size_t reply_cap; /* >= 1 */

	/* Results. Read only; reply_* only after PROT_OK. */
	size_t reply_len; /* type byte included, reply[0] */
	enum prot_status status;
	uint8_t reply_eid; /* source EID of the reply */

	/* private */
	uint8_t tries_left;
	struct prot_mctp_request *next;
	struct prot_mctp_tx tx;
	struct prot_mctp_assembly rx;
};

/*
 * Start sending r->header and r->body to r->to, and wait for the reply. A
 * retry takes another tag, so that a late reply to the first try cannot be
 * taken for that of the second; upper layers keep their own instance IDs.
 *
 * PROT_OK: r->status is set, and may already be final.
 * PROT_ERR_ARG: a field breaks a limit stated above; EIDs 1 to 7.
 * PROT_ERR_STATE: r is already running.
 * PROT_ERR_BUSY: all eight tags towards this peer are in use.
 * r->status is not changed on error.
 */
PROT_MUST_CHECK
enum prot_status prot_mctp_request_start(struct prot_mctp *m,
					 struct prot_mctp_request *r,
					 uint64_t now_ms);

/*
 * End r with PROT_ERR_CANCELLED, at once. Packets that have left stay sent; a
 * late reply is dropped. No effect on a request that is not running.
 */
void prot_mctp_request_cancel(struct prot_mctp *m, struct prot_mctp_request *r);

#ifdef __cplusplus
}
#endif
#endif /* PROT_MCTP_ENDPOINT_H */
