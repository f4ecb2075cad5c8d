/* SPDX-License-Identifier: Apache-2.0 */
/* CHALLENGE and CHALLENGE_AUTH, DSP0274 1.3.2. */
#include <prot/base/wipe.h>

#include "spdm_requester.h"

#define BASIC_MUT_AUTH_REQ 0x80u /* CHALLENGE_AUTH Param1 */

static enum prot_status encode(struct prot_spdm_requester *q, struct prot_wr *w)
{
	enum prot_status st;

	prot_wr_u8(w, q->slot);
	prot_wr_u8(w, q->summary_type);
	st = prot_spdm_req_put_nonce(q, w);
	return st == PROT_OK ? prot_spdm_req_put_context(q, w) : st;
}

static size_t summary_size(const struct prot_spdm_requester *q)
{
	return spdm_sent_param2(q) != PROT_SPDM_SUMMARY_NONE
		       ? spdm_req_hash_size(q)
		       : 0;
}

static struct prot_spdm_verdict check(struct prot_spdm_requester *q,
				      struct spdm_message *m)
{
	uint8_t slot = spdm_sent_param1(q);
	struct prot_span opaque;
	struct prot_spdm_verdict v;

	(void)prot_rd_bytes(&m->body,
			    spdm_req_hash_size(q)); /* CertChainHash */
	(void)prot_rd_bytes(&m->body, PROT_SPDM_NONCE_SIZE);
	(void)prot_rd_bytes(&m->body, summary_size(q));
	v = prot_spdm_req_read_tail(q, &m->body, true, &opaque);
	if ((m->param1 & SPDM_SLOT_MASK) != slot ||
	    (m->param2 & 1u << slot) == 0) {
		return spdm_malformed(PROT_SPDM_REASON_WRONG_SLOT);
	}
	if ((m->param1 & BASIC_MUT_AUTH_REQ) &&
	    !(q->cfg->flags & PROT_SPDM_CAP_MUT_AUTH)) {
		return spdm_malformed(PROT_SPDM_REASON_MUTUAL);
	}
	return v;
}

static struct prot_spdm_verdict decide_chain(struct prot_spdm_requester *q)
{
	const struct prot_spdm_slot *slot = &q->cfg->slots[spdm_sent_param1(q)];
	const uint8_t *hash = q->response + SPDM_HEADER_SIZE;

	return prot_equal_ct(hash, slot->digest, spdm_req_hash_size(q))
		       ? spdm_accept()
		       : spdm_verdict(PROT_ERR_AUTH,
				      PROT_SPDM_REASON_CHALLENGE_CHAIN);
}

static struct prot_spdm_verdict decide_signature(struct prot_spdm_requester *q)
{
	return prot_spdm_req_verify(q, spdm_sent_param1(q),
				    PROT_SPDM_REASON_CHALLENGE_SIGNATURE);
}

static const struct prot_spdm_request *absorb(struct prot_spdm_requester *q)
{
	struct prot_rd rd = prot_rd_init(q->response, q->response_len);
	struct prot_spdm_result *r = &q->result;

	(void)prot_rd_bytes(&rd, 3);
	r->challenge_slots = prot_rd_u8(&rd);
	(void)prot_rd_bytes(&rd, spdm_req_hash_size(q));
	prot_rd_copy(&rd, r->responder_nonce, sizeof(r->responder_nonce));
	prot_rd_copy(&rd, r->summary, summary_size(q));
	r->summary_type = spdm_sent_param2(q);
	return NULL;
}

static const struct prot_spdm_decider deciders[] = {
	{PROT_SPDM_DECIDE_CHALLENGE_CHAIN, decide_chain},
	{PROT_SPDM_DECIDE_CHALLENGE_SIGNATURE, decide_signature},
};

const struct prot_spdm_request prot_spdm_req_challenge = {
	.command = &prot_spdm_cmd_challenge,
	.crypto = true,
	.encode = encode,
	.check = check,
	.deciders = deciders,
	.decider_count = PROT_ARRAY_SIZE(deciders),
	.absorb = absorb,
};
