/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPDM_REQUESTER_H
#define SPDM_REQUESTER_H

/*
 * Inside of the requester. Each request is one const row and one file: encode
 * the request, check the response, decide about the peer, absorb what was
 * learned. The step function (spdm_req_step.c) does the rest.
 *
 * What a response has to agree with is read from the request as it was sent,
 * which stays in the tx buffer.
 */

#include <prot/base/cursor.h>
#include <prot/spdm/requester.h>

#include "spdm_command.h"

/* A message taken apart as far as all messages are alike. */
struct spdm_message {
	uint8_t param1;
	uint8_t param2;
	struct prot_rd body; /* what follows the header */
};

/* A decision and the function that makes it. */
struct prot_spdm_decider {
	enum prot_spdm_decision what;
	/*
	 * PROT_PENDING: call again. spdm_undecided: does not apply to this
	 * response. q->prepared is false at the first call of each decision.
	 */
	struct prot_spdm_verdict (*decide)(struct prot_spdm_requester *q);
};

struct prot_spdm_request {
	const struct prot_spdm_command *command;
	bool crypto; /* the responder may take its CT to answer */

	/* Write the message behind its code: Param1, Param2, fields. */
	enum prot_status (*encode)(struct prot_spdm_requester *q,
				   struct prot_wr *w);
	/*
	 * Read the response to its end and compare it with the request. Sets
	 * q->signature if there is one. A short body may be left to the caller
	 * to find.
	 */
	struct prot_spdm_verdict (*check)(struct prot_spdm_requester *q,
					  struct spdm_message *m);
	const struct prot_spdm_decider *deciders;
	uint8_t decider_count;
	/*
	 * All decisions went well: keep the results. Returns the request that
	 * the operation goes on with, NULL when it is done.
	 */
	const struct prot_spdm_request *(*absorb)(
		struct prot_spdm_requester *q);
};

extern const struct prot_spdm_request prot_spdm_req_version;
extern const struct prot_spdm_request prot_spdm_req_capabilities;
extern const struct prot_spdm_request prot_spdm_req_algorithms;
extern const struct prot_spdm_request prot_spdm_req_digests;
extern const struct prot_spdm_request prot_spdm_req_certificate;
extern const struct prot_spdm_request prot_spdm_req_challenge;
extern const struct prot_spdm_request prot_spdm_req_measurements;

/* Phases of the request under way. */
enum spdm_req_phase {
	SPDM_REQ_SEND,   /* to be encoded and sent */
	SPDM_REQ_WAIT,   /* for the response */
	SPDM_REQ_PAUSE,  /* before it is sent again */
	SPDM_REQ_DECIDE, /* response is here, decisions are being made */
};

static inline struct prot_spdm_verdict
spdm_verdict(enum prot_status status, enum prot_spdm_reason reason)
{
	struct prot_spdm_verdict v = {status, reason};

	return v;
}

static inline struct prot_spdm_verdict spdm_accept(void)
{
	return spdm_verdict(PROT_OK, PROT_SPDM_REASON_NONE);
}

static inline struct prot_spdm_verdict
spdm_malformed(enum prot_spdm_reason reason)
{
	return spdm_verdict(PROT_ERR_MALFORMED, reason);
}

static inline struct prot_spdm_verdict spdm_undecided(void)
{
	return spdm_verdict(PROT_ERR_NOT_FOUND, PROT_SPDM_REASON_NONE);
}

/* Fields of the request that was sent. */
static inline uint8_t spdm_sent_param1(const struct prot_spdm_requester *q)
{
	return q->cfg->tx[2];
}

static inline uint8_t spdm_sent_param2(const struct prot_spdm_requester *q)
{
	return q->cfg->tx[3];
}

static inline size_t spdm_req_hash_size(const struct prot_spdm_requester *q)
{
	return prot_hash_size(q->result.algorithms.base_hash);
}

/* Process a response to the request that stands in the tx buffer. */
enum prot_status prot_spdm_req_receive(struct prot_spdm_requester *q,
				       const uint8_t *msg, size_t len);

/* Sets of wire bits that this requester offers (spdm_req_algorithms.c). */
uint32_t
prot_spdm_req_offered_hashes(const struct prot_spdm_requester_config *cfg);
uint32_t
prot_spdm_req_offered_asyms(const struct prot_spdm_requester_config *cfg);

/*
 * Is this a set of capabilities that a responder may announce in this version
 * (DSP0274 1.3.2, Flags of CAPABILITIES)? A pure function.
 */
bool prot_spdm_req_flags_consistent(uint8_t version, uint32_t flags);

/*
 * Write a fresh nonce, and keep it in the result; likewise the requester's
 * context, from 1.3 on, which always ends a request.
 */
enum prot_status prot_spdm_req_put_nonce(struct prot_spdm_requester *q,
					 struct prot_wr *w);
enum prot_status prot_spdm_req_put_context(struct prot_spdm_requester *q,
					   struct prot_wr *w);

/*
 * The tail that CHALLENGE_AUTH and MEASUREMENTS share: opaque data, from 1.3
 * on the requester's context, and the signature if `sign` is set.
 */
struct prot_spdm_verdict prot_spdm_req_read_tail(struct prot_spdm_requester *q,
						 struct prot_rd *body,
						 bool sign,
						 struct prot_span *opaque);

/*
 * Verify q->signature over the transcript of the request's row with the key
 * of `slot`. PROT_ERR_AUTH carries `reason`.
 */
struct prot_spdm_verdict prot_spdm_req_verify(struct prot_spdm_requester *q,
					      uint8_t slot,
					      enum prot_spdm_reason reason);

#endif /* SPDM_REQUESTER_H */
