/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SPDM_RESPONDER_H
#define PROT_SPDM_RESPONDER_H

/*
 * SPDM responder (DSP0274 1.2.3 and 1.3.2): one context is one connection to
 * one requester. A device that serves several has an array of contexts.
 *
 * The library allocates nothing, blocks nowhere and reads no clock. Contexts
 * share nothing; calls on one context must not overlap. Nothing here calls
 * back into its caller but the ops of the configuration and of the crypto
 * provider, and those must not call into the same context.
 *
 *	prot_spdm_responder_init -> { _handle | _poll | _counters }*
 *
 * Messages are SPDM messages: without the MCTP message type byte. Whatever a
 * peer sends is answered with a response, with ERROR, or not at all; it is
 * never a failure of a call.
 */

#include <prot/base/compiler.h>
#include <prot/base/cursor.h>
#include <prot/spdm/spdm.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the ops deliver in pieces. */
enum prot_spdm_object {
	/*
	 * id = slot, 0..7. The DER certificates of the slot, root or first
	 * intermediate first, leaf last, one after the other. The library
	 * adds Length and RootHash: the chain that it announces begins with
	 * the digest of the first certificate, which must be the root.
	 */
	PROT_SPDM_OBJECT_CERTIFICATES,
	/* id = measurement index. The digest, prot_hash_size() bytes. */
	PROT_SPDM_OBJECT_MEASUREMENT_DIGEST,
	/* id = measurement index. The raw bit stream, at most 65532 bytes. */
	PROT_SPDM_OBJECT_MEASUREMENT_RAW,
};

/*
 * What the device supplies. Usually one static const object.
 *
 * `size`, `read` and `measure`, and the provider's sign op, may return
 * PROT_PENDING as prot/crypto.h describes it (same call, same arguments, until
 * something else is returned), if, and only if, the context has a deferral
 * (below). Any other error makes the answer ERROR Unspecified, but where
 * stated.
 *
 * An object must not change between the calls of one exchange: the library
 * reads it in pieces and states its length first.
 */
struct prot_spdm_responder_ops {
	/*
	 * Length of an object in bytes. PROT_ERR_NOT_FOUND: a slot without
	 * certificates. Certificates: at most 65467 bytes (the chain with its
	 * header fits 16 bits). Asked for CERTIFICATES and MEASUREMENT_RAW.
	 */
	enum prot_status (*size)(void *ctx, enum prot_spdm_object what,
				 uint8_t id, size_t *len);

	/*
	 * Copy `len` bytes of an object, starting at `offset`, into `buf`,
	 * which is borrowed until the call ends with something other than
	 * PROT_PENDING. Never beyond the object's length.
	 */
	enum prot_status (*read)(void *ctx, enum prot_spdm_object what,
				 uint8_t id, size_t offset, uint8_t *buf,
				 size_t len);

	/*
	 * The private key of a slot's leaf certificate. PROT_ERR_NOT_FOUND:
	 * none, the request is refused with InvalidRequest. Must not pend.
	 */
	enum prot_status (*key)(void *ctx, uint8_t slot, prot_key *key);

	/*
	 * May be NULL. Called once at the beginning of every GET_MEASUREMENTS
	 * that asks for values: the place to take fresh measurements.
	 * `pending_update`: the requester asked for the measurements that will
	 * hold after a pending update (1.3, NewMeasurementRequested); without
	 * one, the current values are right. *change goes into a signed
	 * response (preset to PROT_SPDM_CONTENT_NOT_DETECTED).
	 */
	enum prot_status (*measure)(void *ctx, bool pending_update,
				    enum prot_spdm_content_change *change);
};

/* Flags of a measurement. At least one of DIGEST and RAW. */
#define PROT_SPDM_MEASUREMENT_DIGEST (1u << 0) /* digest can be read */
#define PROT_SPDM_MEASUREMENT_RAW    (1u << 1) /* bit stream can be read */
#define PROT_SPDM_MEASUREMENT_TCB    (1u << 2) /* in the TCB summary hash */

/*
 * One measurement that the device offers. It is reported as a digest, or raw
 * if it has no digest, if the requester asked for raw and it has it, or if the
 * configured measurement_hash is PROT_HASH_NONE.
 */
struct prot_spdm_measurement {
	uint8_t index; /* 1..0xfe */
	uint8_t type;  /* enum prot_spdm_measurement_type */
	uint8_t flags; /* PROT_SPDM_MEASUREMENT_* */
};

/*
 * A set of requests that a responder understands. Handlers of tables that no
 * configuration lists are not linked.
 */
struct prot_spdm_responder_table;

/* GET_VERSION, GET_CAPABILITIES, NEGOTIATE_ALGORITHMS, RESPOND_IF_READY. */
extern const struct prot_spdm_responder_table prot_spdm_responder_base;
/* GET_DIGESTS, GET_CERTIFICATE, CHALLENGE. */
extern const struct prot_spdm_responder_table prot_spdm_responder_identity;
/* GET_MEASUREMENTS. */
extern const struct prot_spdm_responder_table prot_spdm_responder_measurement;

/*
 * Constant description of a responder; may be shared by contexts. It and all
 * that it points to must outlive them.
 */
struct prot_spdm_responder_config {
	/* Tables of requests, first match wins; the base table is needed. */
	const struct prot_spdm_responder_table *const *tables;
	size_t table_count;

	struct prot_crypto crypto;
	const struct prot_spdm_responder_ops *ops;
	void *ops_ctx; /* passed unchanged to every op */

	/* Ascending by index; may be empty. */
	const struct prot_spdm_measurement *measurements;
	size_t measurement_count;

	/*
	 * CAPABILITIES Flags. Supported here: CERT, CHAL, MEAS_NO_SIG or
	 * MEAS_SIG, MEAS_FRESH, ALIAS_CERT. A request whose flag is missing is
	 * answered with UnsupportedRequest even if its table is listed.
	 */
	uint32_t capabilities;
	/*
	 * Longest SPDM message this device receives, bytes, >= 42: the space
	 * for requests that lies below (CAPABILITIES DataTransferSize, and
	 * MaxSPDMmsgSize, which equals it without chunking).
	 */
	uint32_t data_transfer_size;

	/*
	 * What NEGOTIATE_ALGORITHMS may select, most wanted first; the lists
	 * end with NONE. All must be offered by the crypto provider, and the
	 * keys of all slots must fit each base_asym listed: a device whose
	 * leaf keys are P-384 lists that alone.
	 */
	enum prot_hash_alg base_hash[PROT_HASH_COUNT];
	enum prot_asym_alg base_asym[PROT_ASYM_COUNT];
	/* Algorithm of all measurement digests; NONE: raw bit streams only. */
	enum prot_hash_alg measurement_hash;

	uint8_t version;     /* the one version spoken: 0x12 or 0x13 */
	uint8_t ct_exponent; /* crypto takes at most 2^ct_exponent us; <= 31 */
	uint8_t slots;       /* bit set of certificate slots that exist */

	/*
	 * Sent with ResponseNotReady: ask again after 2^rdt_exponent us, give
	 * up after rdtm times that (>= 1). Unused without a deferral. The first
	 * is best as long as the slowest signature, since many requesters ask
	 * but twice; the second leaves them time to come.
	 */
	uint8_t rdt_exponent;
	uint8_t rdtm;
};

/*
 * Why a request was not answered with its response. NOT_A_REQUEST and SECURED
 * are dropped, everything else is answered with ERROR.
 */
#define PROT_SPDM_REFUSAL_TABLE(X)                                             \
	X(PROT_SPDM_REFUSAL_NONE, "answered")                                  \
	X(PROT_SPDM_REFUSAL_NOT_A_REQUEST, "not an SPDM request, dropped")     \
	X(PROT_SPDM_REFUSAL_SECURED,                                           \
	  "secured message without a session, dropped")                        \
	X(PROT_SPDM_REFUSAL_UNKNOWN, "request code not supported")             \
	X(PROT_SPDM_REFUSAL_VERSION, "not the negotiated SPDM version")        \
	X(PROT_SPDM_REFUSAL_NOT_READY, "deferred")                             \
	X(PROT_SPDM_REFUSAL_BUSY, "another request is deferred")               \
	X(PROT_SPDM_REFUSAL_CAPABILITY, "capability not announced")            \
	X(PROT_SPDM_REFUSAL_STATE, "not in this connection state")             \
	X(PROT_SPDM_REFUSAL_SESSION, "only inside a session")                  \
	X(PROT_SPDM_REFUSAL_MALFORMED, "bad length or field")                  \
	X(PROT_SPDM_REFUSAL_CAPABILITIES,                                      \
	  "capability flags contradict one another")                           \
	X(PROT_SPDM_REFUSAL_ALGORITHMS, "no algorithms in common")             \
	X(PROT_SPDM_REFUSAL_SLOT, "certificate slot empty or without key")     \
	X(PROT_SPDM_REFUSAL_INDEX, "no such measurement")                      \
	X(PROT_SPDM_REFUSAL_SIGNATURE, "signed measurements not supported")    \
	X(PROT_SPDM_REFUSAL_TOKEN, "RESPOND_IF_READY does not match")          \
	X(PROT_SPDM_REFUSAL_TOO_LARGE, "response exceeds a buffer")            \
	X(PROT_SPDM_REFUSAL_DEVICE, "device failed to deliver")                \
	X(PROT_SPDM_REFUSAL_CRYPTO, "crypto provider failed")                  \
	X(PROT_SPDM_REFUSAL_PENDING, "device or provider not ready")

enum prot_spdm_refusal {
#define PROT_SPDM_REFUSAL_ENUM(name, text) name,
	PROT_SPDM_REFUSAL_TABLE(PROT_SPDM_REFUSAL_ENUM)
#undef PROT_SPDM_REFUSAL_ENUM
	PROT_SPDM_REFUSAL_COUNT
};

/* A few words of English for logs; never NULL. Linked only where used. */
static inline const char *prot_spdm_refusal_text(enum prot_spdm_refusal why)
{
	switch ((int)why) {
#define PROT_SPDM_REFUSAL_CASE(name, text)                                     \
	case name:                                                             \
		return text;
		PROT_SPDM_REFUSAL_TABLE(PROT_SPDM_REFUSAL_CASE)
#undef PROT_SPDM_REFUSAL_CASE
	default:
		return "unknown reason";
	}
}

/* All count from init and wrap. */
struct prot_spdm_responder_counters {
	uint32_t responses; /* requests answered with their response */
	uint32_t errors;    /* answered with ERROR, except ResponseNotReady */
	uint32_t deferrals; /* ResponseNotReady sent */
	uint32_t drops;     /* messages not answered */
	uint32_t signatures;
	/* The latest request refused, for whatever reason: */
	uint8_t last_request; /* its code */
	uint8_t last_error;   /* enum prot_spdm_error; 0: it was dropped */
	uint8_t last_refusal; /* enum prot_spdm_refusal */
};

/* Work on one request; part of a deferral, otherwise on the stack. Private. */
#define PROT_SPDM_PIECE_SIZE 64u
struct prot_spdm_responder_row;
struct prot_spdm_work {
	const struct prot_spdm_responder_row *row;
	const uint8_t *req;
	size_t req_len;
	struct prot_wr reply;
	union {
		struct prot_hash_state hash;
		struct {
			struct prot_signed_data data;
			struct prot_spdm_signing_input input;
		} signing;
	} u;
	enum prot_spdm_content_change change;
	enum prot_hash_alg hash; /* negotiated when the work began */
	enum prot_asym_alg asym;
	uint8_t piece[PROT_SPDM_PIECE_SIZE];
	uint8_t *out;     /* where in the reply the result of a stage goes */
	size_t from;      /* first byte of a certificate chain wanted */
	size_t portion;   /* bytes of it still to write */
	size_t size;      /* of the object under way, bytes */
	size_t root_size; /* of its first certificate, bytes */
	size_t offset;    /* progress within the object */
	size_t needed;    /* of a reply that is too large, bytes */
	prot_key key;
	uint8_t stage, step; /* position among, and within, the stages */
	uint8_t item;        /* slot or position in the measurement table */
	uint8_t slot;
	uint8_t mask;    /* slots with certificates */
	uint8_t count;   /* measurement blocks written */
	uint8_t refusal; /* enum prot_spdm_refusal */
	bool sign;
	bool abandoned; /* nobody waits for the reply: finish the op only */
};

#define PROT_SPDM_DEFERRED_REQUEST_MAX 48u

/*
 * Optional memory that lets ops pend. With a deferral, all requests but those
 * up to NEGOTIATE_ALGORITHMS are worked on in here, so that an op finds the
 * same arguments when it is called again; a reply is copied to tx when it is
 * complete. If an op pends, the requester is told ResponseNotReady and
 * collects the reply with RESPOND_IF_READY. Until then the same request again
 * gets the same ResponseNotReady and other requests get Busy, at least for the
 * time that the requester was told to wait at most (2^rdt_exponent us, rdtm
 * times) and at most for twice that; then another request supersedes the
 * deferred one. GET_VERSION supersedes it at once. An op that pended is called
 * to its end in any case before the memory is used again.
 *
 * Without a deferral (NULL) replies are built in tx, and an op that pends is a
 * failure: the answer is ERROR Unspecified, and the op is not called again.
 *
 * The caller sets buf and cap before init and leaves both alone; one deferral
 * belongs to one context. Do not init the context again while an op pends.
 */
struct prot_spdm_deferral {
	/* As large as tx, or it limits the replies; at least 42 bytes. */
	uint8_t *buf;
	size_t cap;

	/* private */
	struct prot_spdm_work work;
	uint64_t expires_ms;
	uint8_t request[PROT_SPDM_DEFERRED_REQUEST_MAX];
	uint8_t phase;
	uint8_t token;
};

/* Public so that callers can allocate it. Fields are private. */
struct prot_spdm_responder {
	const struct prot_spdm_responder_config *cfg;
	struct prot_spdm_deferral *deferral;
	struct prot_spdm_transcript transcript;
	struct prot_spdm_algorithms algorithms;
	struct prot_spdm_responder_counters counters;
	uint32_t peer_capabilities;
	uint32_t peer_data_transfer_size;
	enum prot_spdm_state state;
};

/*
 * `deferral` may be NULL. PROT_ERR_ARG: a missing op or base table, an
 * unsupported version, capability combination or algorithm, a size out of its
 * range, measurements out of order.
 */
PROT_MUST_CHECK
enum prot_status
prot_spdm_responder_init(struct prot_spdm_responder *r,
			 const struct prot_spdm_responder_config *cfg,
			 struct prot_spdm_deferral *deferral);

/* The caller's buffers for one message each way; they must not overlap. */
struct prot_spdm_io {
	enum prot_spdm_kind kind; /* how the request travelled */
	uint8_t *rx;              /* the request; may be overwritten */
	size_t rx_len;            /* bytes */
	uint8_t *tx;              /* receives the answer */
	size_t tx_cap;            /* bytes, at least 42 */
};

/*
 * Answer one message. *tx_len is 0 when there is no answer: the message was
 * not an SPDM request. Bytes after the end of a request (padding of the
 * transport) are ignored. A reply is never longer than tx_cap or than the
 * requester's DataTransferSize. `now_ms` is monotonic.
 *
 * PROT_ERR_ARG: tx_cap below 42; nothing else fails.
 */
enum prot_status prot_spdm_responder_handle(struct prot_spdm_responder *r,
					    const struct prot_spdm_io *io,
					    size_t *tx_len, uint64_t now_ms);

/*
 * Continue deferred work between messages, so that the reply is ready when
 * RESPOND_IF_READY comes. PROT_PENDING: call again soon; PROT_OK: nothing to
 * do. Never needed without a deferral.
 */
enum prot_status prot_spdm_responder_poll(struct prot_spdm_responder *r);

/* Forget the connection, e.g. when its transport is gone. Counters stay. */
void prot_spdm_responder_reset(struct prot_spdm_responder *r);

static inline enum prot_spdm_state
prot_spdm_responder_state(const struct prot_spdm_responder *r)
{
	return r->state;
}

/* Borrowed; valid as long as the context. */
static inline const struct prot_spdm_responder_counters *
prot_spdm_responder_counters(const struct prot_spdm_responder *r)
{
	return &r->counters;
}

#ifdef __cplusplus
}
#endif
#endif /* PROT_SPDM_RESPONDER_H */
