/* SPDX-License-Identifier: Apache-2.0 */
/* What CHALLENGE and signed GET_MEASUREMENTS have in common. */
#include <prot/base/wipe.h>

#include "spdm_requester.h"
#include "spdm_signing.h"
#include "spdm_transcript.h"

enum prot_status prot_spdm_req_put_nonce(struct prot_spdm_requester *q,
					 struct prot_wr *w)
{
	const struct prot_crypto *c = &q->cfg->crypto;
	enum prot_status st = c->ops->random(c->ctx, q->result.nonce,
					     sizeof(q->result.nonce));

	prot_wr_bytes(w, q->result.nonce, sizeof(q->result.nonce));
	return st;
}

enum prot_status prot_spdm_req_put_context(struct prot_spdm_requester *q,
					   struct prot_wr *w)
{
	const struct prot_crypto *c = &q->cfg->crypto;
	uint8_t context[PROT_SPDM_REQUESTER_CONTEXT_SIZE];
	enum prot_status st;

	if (q->result.version < PROT_SPDM_VERSION_13) {
		return PROT_OK;
	}
	st = c->ops->random(c->ctx, context, sizeof(context));
	prot_wr_bytes(w, context, sizeof(context));
	return st;
}

/* The context is the end of the request that was sent. */
static struct prot_spdm_verdict
check_context(const struct prot_spdm_requester *q, struct prot_rd *body)
{
	const size_t size = PROT_SPDM_REQUESTER_CONTEXT_SIZE;
	const uint8_t *got;

	if (q->result.version < PROT_SPDM_VERSION_13) {
		return spdm_accept();
	}
	got = prot_rd_bytes(body, size);
	if (!got ||
	    !prot_equal_ct(got, q->cfg->tx + q->request_len - size, size)) {
		return spdm_malformed(PROT_SPDM_REASON_CONTEXT);
	}
	return spdm_accept();
}

struct prot_spdm_verdict prot_spdm_req_read_tail(struct prot_spdm_requester *q,
						 struct prot_rd *body,
						 bool sign,
						 struct prot_span *opaque)
{
	struct prot_spdm_verdict v;

	opaque->len = prot_rd_le16(body);
	opaque->at = prot_rd_bytes(body, opaque->len);
	/* From 1.2 on opaque data needs a format that ALGORITHMS selected. */
	if (opaque->len > SPDM_OPAQUE_DATA_MAX ||
	    (opaque->len != 0 && q->result.version >= PROT_SPDM_VERSION_12 &&
	     q->result.algorithms.opaque_format == 0)) {
		return spdm_malformed(PROT_SPDM_REASON_FIELD);
	}
	v = check_context(q, body);
	if (sign) {
		q->signature = prot_rd_bytes(
			body,
			prot_signature_size(q->result.algorithms.base_asym));
	}
	return v;
}

/* The transcript is used up; was its content certain? */
static bool take_doubt(struct prot_spdm_requester *q)
{
	uint8_t bit = q->request->command->role == SPDM_ROLE_L
			      ? 1u << PROT_SPDM_TRANSCRIPT_L
			      : 1u << PROT_SPDM_TRANSCRIPT_M;
	bool doubt = (q->doubtful & bit) != 0;

	q->doubtful &= (uint8_t)~bit;
	return doubt;
}

struct prot_spdm_verdict prot_spdm_req_verify(struct prot_spdm_requester *q,
					      uint8_t slot,
					      enum prot_spdm_reason reason)
{
	const struct prot_crypto *c = &q->cfg->crypto;
	const struct prot_spdm_algorithms *a = &q->result.algorithms;
	const struct prot_spdm_slot *s = &q->cfg->slots[slot];
	const struct prot_public_key key = {s->key_alg, s->key};
	struct prot_signed_data what;
	enum prot_status st;

	if (!q->prepared) {
		st = prot_spdm_transcript_take(
			&q->transcript, c, q->request->command,
			spdm_signing_digest(&q->signing));
		if (st != PROT_OK) {
			return spdm_verdict(st, PROT_SPDM_REASON_LOCAL);
		}
		q->prepared = true;
	}
	what = prot_spdm_signing_data(
		&q->signing, q->result.version, a->base_hash,
		(enum spdm_signer)q->request->command->signing);
	st = c->ops->verify(c->ctx, &key, &what, q->signature,
			    prot_signature_size(a->base_asym));
	if (st == PROT_PENDING) {
		return spdm_verdict(st, PROT_SPDM_REASON_NONE);
	}
	if (take_doubt(q) && st == PROT_ERR_AUTH) {
		return spdm_verdict(PROT_ERR_TIMEOUT,
				    PROT_SPDM_REASON_REPEATED);
	}
	return spdm_verdict(st, st == PROT_OK ? PROT_SPDM_REASON_NONE : reason);
}
