/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SPDM_REQUESTER_H
#define PROT_SPDM_REQUESTER_H

/*
 * SPDM requester for versions 1.2 and 1.3 (DSP0274 1.2.2, 1.3.2), outside
 * secure sessions: one context is one connection to one responder.
 *
 * An operation is started by a call and carried on by the step function:
 *
 *	prot_spdm_requester_init
 *	prot_spdm_requester_connect          then step until it finishes
 *	prot_spdm_requester_get_digests      likewise, and so on
 *	prot_spdm_requester_get_certificate
 *	prot_spdm_requester_challenge
 *	prot_spdm_requester_get_measurements
 *
 *	st = prot_spdm_requester_step(q, NULL, 0, now, &out);
 *	while (st == PROT_PENDING) {
 *		send out.msg if there is one, then wait for a message or for
 *		out.wake_ms, whichever comes first:
 *		st = prot_spdm_requester_step(q, msg, len, now, &out);
 *	}
 *
 * The step function owns time-outs, retries, Busy, ResponseNotReady with
 * RESPOND_IF_READY, and waiting for a crypto provider that pends. Messages
 * are SPDM messages without the MCTP message type byte.
 *
 * Contexts share nothing; calls on one context must not overlap. Nothing is
 * allocated, no clock is read: all memory is the caller's and time is an
 * argument. Nonces come from the random op of the crypto seam.
 */

#include <prot/base/status.h>
#include <prot/crypto.h>
#include <prot/spdm/spdm.h>
#include <prot/x509.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The decisions that an operation makes about its peer. Each is a function of
 * its own with its own verdict, so that a log can say which one failed.
 */
enum prot_spdm_decision {
	PROT_SPDM_DECIDE_VERSION,         /* a common version */
	PROT_SPDM_DECIDE_CAPABILITIES,    /* flags that go together */
	PROT_SPDM_DECIDE_ALGORITHMS,      /* a selection out of the offer */
	PROT_SPDM_DECIDE_CHAIN_FORMAT,    /* chain structure */
	PROT_SPDM_DECIDE_CHAIN_DIGEST,    /* chain is what DIGESTS announced */
	PROT_SPDM_DECIDE_CHAIN_PATH,      /* X.509 path to a trust anchor */
	PROT_SPDM_DECIDE_CHAIN_ROOT,      /* RootHash names that root */
	PROT_SPDM_DECIDE_CHAIN_KEY,       /* leaf key is of the selected kind */
	PROT_SPDM_DECIDE_CHALLENGE_CHAIN, /* CertChainHash is this chain */
	PROT_SPDM_DECIDE_CHALLENGE_SIGNATURE, /* responder holds the key */
	PROT_SPDM_DECIDE_MEASUREMENT_SIGNATURE,
	PROT_SPDM_DECIDE_SUMMARY, /* summary hash covers the record */
	PROT_SPDM_DECISION_COUNT
};

/*
 * Why an operation did not succeed. Grouped like the statuses: what the
 * connection did, what the peer answered, what a decision found.
 */
#define PROT_SPDM_REASON_TABLE(X)                                              \
	X(PROT_SPDM_REASON_NONE, "no failure")                                 \
	X(PROT_SPDM_REASON_LOCAL, "local failure")                             \
	X(PROT_SPDM_REASON_NO_ANSWER, "responder did not answer in time")      \
	X(PROT_SPDM_REASON_STILL_BUSY, "responder stayed busy")                \
	X(PROT_SPDM_REASON_NEVER_READY,                                        \
	  "responder kept answering ResponseNotReady")                         \
	X(PROT_SPDM_REASON_WAIT_TOO_LONG,                                      \
	  "responder asked for a longer wait than is allowed")                 \
	X(PROT_SPDM_REASON_ERROR_RESPONSE,                                     \
	  "responder answered with an SPDM ERROR")                             \
	X(PROT_SPDM_REASON_RESYNCH,                                            \
	  "responder lost its state and asks for a new connection")            \
	X(PROT_SPDM_REASON_SHORT, "response is truncated")                     \
	X(PROT_SPDM_REASON_LONG, "response is longer than its fields")         \
	X(PROT_SPDM_REASON_WRONG_VERSION,                                      \
	  "response carries another SPDM version than was negotiated")         \
	X(PROT_SPDM_REASON_WRONG_CODE, "response does not answer the request") \
	X(PROT_SPDM_REASON_WRONG_SLOT,                                         \
	  "response is for another certificate slot")                          \
	X(PROT_SPDM_REASON_FIELD, "response has a field out of range")         \
	X(PROT_SPDM_REASON_VCA_SPACE,                                          \
	  "version and algorithm messages exceed the transcript buffer")       \
	X(PROT_SPDM_REASON_NO_COMMON_VERSION,                                  \
	  "responder offers no SPDM version that is allowed here")             \
	X(PROT_SPDM_REASON_CAPABILITIES,                                       \
	  "responder announces capabilities that exclude one another")         \
	X(PROT_SPDM_REASON_TRANSFER_SIZE,                                      \
	  "responder announces message sizes outside the standard")            \
	X(PROT_SPDM_REASON_ALGORITHMS_FORMAT,                                  \
	  "algorithm selection is malformed")                                  \
	X(PROT_SPDM_REASON_ALGORITHMS_NOT_OFFERED,                             \
	  "responder selected an algorithm that was not offered")              \
	X(PROT_SPDM_REASON_NO_COMMON_ALGORITHM,                                \
	  "responder selected no algorithm where one is needed")               \
	X(PROT_SPDM_REASON_NOT_PROVISIONED,                                    \
	  "the certificate slot is not provisioned")                           \
	X(PROT_SPDM_REASON_CHAIN_PORTION,                                      \
	  "certificate portions do not add up to one chain")                   \
	X(PROT_SPDM_REASON_CHAIN_SPACE,                                        \
	  "certificate chain is larger than the buffer for it")                \
	X(PROT_SPDM_REASON_CHAIN_LENGTH,                                       \
	  "certificate chain states a wrong length")                           \
	X(PROT_SPDM_REASON_CHAIN_ROOT_HASH,                                    \
	  "certificate chain names another root than it leads to")             \
	X(PROT_SPDM_REASON_CHAIN_DIGEST,                                       \
	  "certificate chain is not the one that DIGESTS announced")           \
	X(PROT_SPDM_REASON_CHAIN_PATH,                                         \
	  "certificate chain does not lead to a trusted root")                 \
	X(PROT_SPDM_REASON_CHAIN_KEY,                                          \
	  "leaf certificate does not carry a key of the selected algorithm")   \
	X(PROT_SPDM_REASON_CHALLENGE_CHAIN,                                    \
	  "CHALLENGE_AUTH is about another certificate chain")                 \
	X(PROT_SPDM_REASON_CHALLENGE_SIGNATURE,                                \
	  "CHALLENGE_AUTH signature is not valid")                             \
	X(PROT_SPDM_REASON_CONTEXT,                                            \
	  "response does not repeat the requester's context")                  \
	X(PROT_SPDM_REASON_MUTUAL,                                             \
	  "responder demands authentication of the requester")                 \
	X(PROT_SPDM_REASON_RECORD, "measurement record is malformed")          \
	X(PROT_SPDM_REASON_MEASUREMENT_SIGNATURE,                              \
	  "MEASUREMENTS signature is not valid")                               \
	X(PROT_SPDM_REASON_REPEATED,                                           \
	  "signature is undecided because a request had to be repeated")       \
	X(PROT_SPDM_REASON_SUMMARY,                                            \
	  "measurement summary hash does not match the measurements")

enum prot_spdm_reason {
#define PROT_SPDM_REASON_ENUM(name, text) name,
	PROT_SPDM_REASON_TABLE(PROT_SPDM_REASON_ENUM)
#undef PROT_SPDM_REASON_ENUM
};

/* One clause of English for logs; never NULL. Linked only where it is used. */
static inline const char *prot_spdm_reason_text(enum prot_spdm_reason reason)
{
	switch (reason) {
#define PROT_SPDM_REASON_CASE(name, text)                                      \
	case name:                                                             \
		return text;
		PROT_SPDM_REASON_TABLE(PROT_SPDM_REASON_CASE)
#undef PROT_SPDM_REASON_CASE
	default:
		return "unknown reason";
	}
}

/* PROT_PENDING: not decided yet. PROT_OK comes with PROT_SPDM_REASON_NONE. */
struct prot_spdm_verdict {
	enum prot_status status;
	enum prot_spdm_reason reason;
};

/*
 * What NEGOTIATE_ALGORITHMS offers. The sets of hashes and signature
 * algorithms are narrowed to what the crypto provider has. The last four
 * belong to secure sessions and mutual authentication; their bits are those
 * of the wire, and a table that is 0 is left out.
 */
struct prot_spdm_offer {
	uint32_t hashes; /* bit set of 1u << enum prot_hash_alg; 0: all */
	uint32_t asyms;  /* bit set of 1u << enum prot_asym_alg; 0: all */
	uint8_t opaque_formats; /* OtherParamsSupport[3:0] */
	uint8_t mel_spec;       /* MELSpecification, 1.3 */
	bool multi_key; /* 1.3: ask for it where the responder leaves it open */
	uint16_t dhe;
	uint16_t aead;
	uint16_t req_asym;
	uint16_t key_schedule;
};

/*
 * Multi-key connections (1.3): what DIGESTS says about the key of a slot. All
 * zero otherwise.
 */
struct prot_spdm_slot_info {
	uint8_t key_pair_id;
	uint8_t certificate_info; /* bits 2:0: certificate model */
	uint16_t key_usage;
};

/* What is known about one certificate slot of the responder. */
struct prot_spdm_slot {
	bool announced; /* digest and info are those of DIGESTS */
	bool fetched;   /* digest is that of the chain that was fetched */
	uint8_t digest[PROT_HASH_MAX];
	struct prot_spdm_slot_info info;
	/* Key of the leaf certificate; alg NONE: the chain is not trusted. */
	enum prot_asym_alg key_alg;
	uint8_t key[PROT_PUBLIC_KEY_MAX];
};

/* Everything that it points to must outlive the context. */
struct prot_spdm_requester_config {
	struct prot_crypto crypto;

	/*
	 * Judges the X.509 path of a chain: prot_x509_chain_check or a
	 * function with the same contract. May return PROT_PENDING.
	 */
	enum prot_status (*chain_check)(const struct prot_crypto *crypto,
					const struct prot_chain_query *query,
					struct prot_chain_result *result);
	const struct prot_trust_anchor *anchors; /* roots to trust */
	size_t anchor_count;
	/* Seconds since 1970-01-01 UTC; 0: no clock, validity is not checked */
	uint64_t date_s;

	/*
	 * Written by the requester: slots[i] is about certificate slot i.
	 * slot_count, 1..8, limits which slots can be used.
	 */
	struct prot_spdm_slot *slots;
	uint8_t slot_count;

	/*
	 * Requests are built here and stay here until they are answered.
	 * At least PROT_SPDM_REQUESTER_TX_MIN bytes.
	 */
	uint8_t *tx;
	size_t tx_cap;

	/*
	 * Holds the certificate chain of the responder, one at a time: the DER
	 * certificates and 4 bytes and a digest before them. Four certificates
	 * with P-384 keys are some 3 KB.
	 */
	uint8_t *chain;
	size_t chain_cap; /* bytes */

	/*
	 * Largest message that the transport delivers, bytes, at least 42.
	 * Announced as DataTransferSize and MaxSPDMmsgSize.
	 */
	uint32_t max_message;

	/* Versions to accept, 0x12 or 0x13; the highest common one is used. */
	uint8_t version_min;
	uint8_t version_max;

	uint8_t ct_exponent; /* announced CTExponent, 0..31 */
	uint32_t flags;      /* announced capabilities; 0 outside sessions */
	struct prot_spdm_offer offer;

	/*
	 * Round-trip time of the transport, milliseconds. An answer may take
	 * this and the time that DSP0274 gives the responder: 100 ms, or for
	 * CHALLENGE and the like the CTExponent that it announced.
	 */
	uint32_t rtt_ms;
	/*
	 * Upper bound for every wait that the responder asks for (CTExponent,
	 * RDTExponent), milliseconds, not 0: a peer cannot stall longer.
	 */
	uint32_t max_wait_ms;
	uint32_t busy_wait_ms; /* pause before a request that met Busy again */
	/*
	 * Times a request is repeated after silence or Busy, and times that
	 * RESPOND_IF_READY is sent for it. DSP0274 suggests 2.
	 */
	uint8_t retries;
};

#define PROT_SPDM_REQUESTER_TX_MIN 64u

/* What one GET_MEASUREMENTS asks for. */
struct prot_spdm_measurements_query {
	uint8_t operation; /* 0: count them, 1..0xFE: that index, 0xFF: all */
	bool sign;
	bool raw;     /* raw bit streams instead of digests where possible */
	bool fresh;   /* 1.3: measure again now */
	uint8_t slot; /* whose key signs */
};
#define PROT_SPDM_MEASUREMENTS_COUNT 0x00u
#define PROT_SPDM_MEASUREMENTS_ALL   0xffu

/*
 * What is known about the responder. Values appear as operations finish and
 * stay until the same operation is started again, or connect.
 */
struct prot_spdm_result {
	struct prot_spdm_verdict verdict[PROT_SPDM_DECISION_COUNT];

	/* The last operation: how it ended, and at which request. */
	enum prot_status status;
	enum prot_spdm_reason reason;
	uint8_t request_code;
	uint8_t error_code; /* of the last ERROR response, 0: none */
	uint8_t error_data; /* its Param2 */

	/* connect */
	uint8_t version;
	uint8_t ct_exponent;
	uint32_t flags; /* capabilities that the responder announced */
	uint32_t data_transfer_size;
	uint32_t max_message;
	struct prot_spdm_algorithms algorithms;
	bool multi_key; /* 1.3: responder uses several key pairs */

	/* get_digests */
	uint8_t supported_slots;   /* bit set; 1.3, else as provisioned */
	uint8_t provisioned_slots; /* bit set */

	/* get_certificate; spans into the chain buffer */
	uint8_t slot;
	uint8_t certificate_info;      /* 1.3, multi-key: certificate model */
	size_t chain_len;              /* bytes of the SPDM chain structure */
	struct prot_span certs;        /* DER certificates, one after another */
	struct prot_chain_result path; /* what chain_check found */

	/* challenge */
	uint8_t summary_type; /* enum prot_spdm_summary */
	uint8_t summary[PROT_HASH_MAX];
	uint8_t challenge_slots; /* slot mask out of CHALLENGE_AUTH */

	/* get_measurements; pointers into the last message given to step */
	uint8_t index_count; /* operation 0: how many indices there are */
	uint8_t block_count;
	bool raw;                /* the record was asked for raw */
	bool all;                /* the record was asked for whole */
	uint8_t content_changed; /* enum prot_spdm_content_change */
	struct prot_span record; /* walk with prot/spdm/measurement.h */
	struct prot_span opaque;

	/* Of the last CHALLENGE or signed GET_MEASUREMENTS. */
	uint8_t nonce[PROT_SPDM_NONCE_SIZE];
	/* Of its response, or of an unsigned MEASUREMENTS. */
	uint8_t responder_nonce[PROT_SPDM_NONCE_SIZE];
};

/* What a step yields. */
struct prot_spdm_output {
	/*
	 * A message to send, NULL: none. Borrowed from the context or its tx
	 * buffer; valid and unchanged until the step function takes a message.
	 */
	const uint8_t *msg;
	size_t len;
	/* When to step again if no message comes; UINT64_MAX: no need. */
	uint64_t wake_ms;
};

/* Public so that callers can allocate it. Fields are private. */
struct prot_spdm_requester {
	const struct prot_spdm_requester_config *cfg;
	struct prot_spdm_transcript transcript;
	struct prot_spdm_result result;
	enum prot_spdm_state state;

	const struct prot_spdm_request *request; /* under way; NULL: none */
	uint8_t phase;
	uint8_t decision; /* index into the request's decisions */
	uint8_t tries;
	uint8_t deferrals;
	bool deferred;    /* RESPOND_IF_READY stands for the request */
	bool prepared;    /* the decision under way was begun */
	bool cancelled;   /* end as soon as no crypto op pends */
	uint8_t doubtful; /* bit set of 1u << transcript */
	uint64_t due_ms;
	size_t request_len;
	uint8_t respond_if_ready[4];
	const uint8_t *response; /* being processed, borrowed */
	size_t response_len;
	const uint8_t *signature; /* within the response; NULL: none */
	struct prot_spdm_measurements_query measurements;
	uint8_t slot;
	uint8_t summary_type;
	size_t chain_have; /* bytes fetched */
	size_t chain_want; /* bytes in all; 0: not known */
	struct prot_chain_query query;
	struct prot_spdm_signing_input signing;
};

/*
 * PROT_ERR_ARG: a pointer is missing, a buffer too small, a version or flag
 * outside what this requester implements, or an offer that leaves no hash or
 * signature algorithm of the provider. `cfg` is borrowed for as long as the
 * context is used.
 */
PROT_MUST_CHECK
enum prot_status
prot_spdm_requester_init(struct prot_spdm_requester *q,
			 const struct prot_spdm_requester_config *cfg);

/*
 * Start an operation. Each returns PROT_OK when it is started, PROT_ERR_STATE
 * when another one is under way or what it needs did not happen yet,
 * PROT_ERR_ARG for a value out of range, PROT_ERR_UNSUPPORTED when the
 * responder did not announce the capability, or the key for that use.
 */

/*
 * GET_VERSION, GET_CAPABILITIES, NEGOTIATE_ALGORITHMS. Forgets everything
 * that was known about the responder; allowed at any time when no operation
 * is under way.
 */
PROT_MUST_CHECK
enum prot_status prot_spdm_requester_connect(struct prot_spdm_requester *q);

/* GET_DIGESTS. Needs connect. */
PROT_MUST_CHECK
enum prot_status prot_spdm_requester_get_digests(struct prot_spdm_requester *q);

/*
 * GET_CERTIFICATE as often as it takes, then the decisions CHAIN_FORMAT,
 * CHAIN_DIGEST (if get_digests preceded), CHAIN_PATH, CHAIN_ROOT and
 * CHAIN_KEY. `slot` is below slot_count. Replaces the chain in the buffer.
 * Needs connect.
 *
 * A chain that is refused ends the operation with PROT_ERR_AUTH but stays
 * readable in the result; its key is not used for anything.
 */
PROT_MUST_CHECK
enum prot_status
prot_spdm_requester_get_certificate(struct prot_spdm_requester *q,
				    uint8_t slot);

/*
 * CHALLENGE with a fresh nonce, then CHALLENGE_CHAIN and CHALLENGE_SIGNATURE.
 * Needs get_certificate of that slot.
 */
PROT_MUST_CHECK
enum prot_status prot_spdm_requester_challenge(struct prot_spdm_requester *q,
					       uint8_t slot,
					       enum prot_spdm_summary summary);

/*
 * GET_MEASUREMENTS; with `sign`, a fresh nonce and MEASUREMENT_SIGNATURE over
 * this and all measurements asked for since the last other request. Needs
 * connect, with `sign` also get_certificate of that slot. `query` is copied.
 *
 * The record stays in the message that was given to the step function: the
 * caller keeps that buffer unchanged for as long as it reads the record.
 */
PROT_MUST_CHECK
enum prot_status prot_spdm_requester_get_measurements(
	struct prot_spdm_requester *q,
	const struct prot_spdm_measurements_query *query);

/*
 * Carry the operation on. `msg`, `len` bytes, is a message from the responder;
 * NULL is a tick, also to start with, when a wait ended and when a crypto op
 * pended. `now_ms` is monotonic.
 *
 * `msg` is borrowed, and not for the call alone: it stays unchanged until a
 * step yields a message to send, a wake_ms later than now_ms, or the end of
 * the operation. So one receive buffer is enough. A measurement record is in
 * it for as long as the caller reads it.
 *
 * PROT_PENDING: not finished, `out` says what to send and when to come back.
 * Anything else is how the operation ended, also in the result together with
 * a reason:
 *
 * PROT_OK               done
 * PROT_ERR_TIMEOUT      no answer, or the responder stayed busy
 * PROT_ERR_REFUSED      an ERROR response, see error_code
 * PROT_ERR_MALFORMED    the response violates the standard
 * PROT_ERR_UNSUPPORTED  nothing in common with the responder
 * PROT_ERR_AUTH         a decision went against the responder
 * PROT_ERR_SPACE        the chain buffer is too small
 * PROT_ERR_CRYPTO, ...  the crypto provider failed
 * PROT_ERR_STATE        no operation is under way
 *
 * After RequestResynch the connection is gone: connect again. A responder may
 * count a request twice that had to be repeated because its answer got lost
 * (DSP0274 wants it not to); then its next signature cannot be verified, which
 * is PROT_ERR_TIMEOUT with the reason REPEATED and calls for a new connection
 * as well.
 */
PROT_MUST_CHECK
enum prot_status prot_spdm_requester_step(struct prot_spdm_requester *q,
					  const uint8_t *msg, size_t len,
					  uint64_t now_ms,
					  struct prot_spdm_output *out);

/*
 * Abandon the operation under way, if any. It ends with PROT_ERR_CANCELLED: at
 * once, or, while a crypto op pends, as the result of a later step.
 */
void prot_spdm_requester_cancel(struct prot_spdm_requester *q);

/* What is known so far. Borrowed; changes with every step. */
const struct prot_spdm_result *
prot_spdm_requester_result(const struct prot_spdm_requester *q);

/*
 * Decide whether the summary hash of the last challenge covers the record of
 * the last get_measurements, which must not be raw and must be unchanged in
 * its buffer: the hash of all of its blocks (summary type ALL; the record must
 * be that of operation ALL), or of those with their bit set in `tcb`, 32 bytes
 * with one bit per index (summary type TCB; `tcb` is ignored for ALL). Also
 * enters the SUMMARY verdict.
 *
 * PROT_ERR_AUTH: it does not. PROT_ERR_STATE: no such challenge or record.
 */
PROT_MUST_CHECK
enum prot_status
prot_spdm_requester_check_summary(struct prot_spdm_requester *q,
				  const uint8_t *tcb);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SPDM_REQUESTER_H */
