/* SPDX-License-Identifier: Apache-2.0 */
/* GET_MEASUREMENTS and MEASUREMENTS, DSP0274 1.3.2. */
#include <prot/spdm/measurement.h>

#include "spdm_requester.h"

#define CONTENT_CHANGE_MASK 0x03u

static enum prot_status encode(struct prot_spdm_requester *q, struct prot_wr *w)
{
	const struct prot_spdm_measurements_query *m = &q->measurements;
	enum prot_status st = PROT_OK;
	uint8_t attributes = m->sign ? SPDM_MEAS_ATTR_SIGN : 0;

	attributes |= m->raw ? SPDM_MEAS_ATTR_RAW : 0;
	attributes |= m->fresh ? SPDM_MEAS_ATTR_NEW : 0;
	prot_wr_u8(w, attributes);
	prot_wr_u8(w, m->operation);
	if (m->sign) {
		st = prot_spdm_req_put_nonce(q, w);
		prot_wr_u8(w, m->slot);
	}
	return st == PROT_OK ? prot_spdm_req_put_context(q, w) : st;
}

static bool asked_signed(const struct prot_spdm_requester *q)
{
	return (spdm_sent_param1(q) & SPDM_MEAS_ATTR_SIGN) != 0;
}

/* SlotIDParam, which follows the nonce in a signed request. */
static uint8_t asked_slot(const struct prot_spdm_requester *q)
{
	return q->cfg->tx[SPDM_HEADER_SIZE + PROT_SPDM_NONCE_SIZE] &
	       SPDM_SLOT_MASK;
}

/* The fields of MEASUREMENTS behind the header. */
struct measurements {
	uint8_t blocks;
	struct prot_span record;
	const uint8_t *nonce;
	struct prot_span opaque;
	struct prot_spdm_verdict tail;
};

static void read_body(struct prot_spdm_requester *q, struct prot_rd *body,
		      struct measurements *out)
{
	out->blocks = prot_rd_u8(body);
	out->record.len = prot_rd_le24(body);
	out->record.at = prot_rd_bytes(body, out->record.len);
	out->nonce = prot_rd_bytes(body, PROT_SPDM_NONCE_SIZE);
	out->tail =
		prot_spdm_req_read_tail(q, body, asked_signed(q), &out->opaque);
}

/* The record answers the operation: nothing, one index, or everything. */
static bool record_fits(uint8_t operation, uint8_t count,
			const struct measurements *m)
{
	struct prot_spdm_measurement_block block;

	if (operation == SPDM_MEAS_OP_COUNT) {
		return m->blocks == 0 && m->record.len == 0 && count != 0 &&
		       count != 0xff;
	}
	if (m->blocks == 0 || m->blocks == 0xff ||
	    prot_spdm_measurement_record_check(m->record.at, m->record.len,
					       m->blocks) != PROT_OK) {
		return false;
	}
	return operation == SPDM_MEAS_OP_ALL ||
	       (m->blocks == 1 &&
		prot_spdm_measurement_find(m->record.at, m->record.len,
					   operation, &block) == PROT_OK);
}

static struct prot_spdm_verdict check(struct prot_spdm_requester *q,
				      struct spdm_message *m)
{

	struct measurements body;

	read_body(q, &m->body, &body);
	if (!prot_rd_ok(&m->body)) {
		return spdm_malformed(PROT_SPDM_REASON_SHORT);
	}
	if (asked_signed(q) && (m->param2 & SPDM_SLOT_MASK) != asked_slot(q)) {
		return spdm_malformed(PROT_SPDM_REASON_WRONG_SLOT);
	}
	if (!record_fits(spdm_sent_param2(q), m->param1, &body)) {
		return spdm_malformed(PROT_SPDM_REASON_RECORD);
	}
	return body.tail;
}

static struct prot_spdm_verdict decide_signature(struct prot_spdm_requester *q)
{
	if (!asked_signed(q)) {
		return spdm_undecided();
	}
	return prot_spdm_req_verify(q, asked_slot(q),
				    PROT_SPDM_REASON_MEASUREMENT_SIGNATURE);
}

static const struct prot_spdm_request *absorb(struct prot_spdm_requester *q)
{
	struct prot_rd rd = prot_rd_init(q->response, q->response_len);
	struct prot_spdm_result *r = &q->result;
	struct measurements body;
	uint8_t param1;
	uint8_t param2;

	(void)prot_rd_le16(&rd);
	param1 = prot_rd_u8(&rd);
	param2 = prot_rd_u8(&rd);
	read_body(q, &rd, &body);
	if (spdm_sent_param2(q) == SPDM_MEAS_OP_COUNT) {
		r->index_count = param1;
	}
	r->block_count = body.blocks;
	r->raw = (spdm_sent_param1(q) & SPDM_MEAS_ATTR_RAW) != 0;
	r->all = spdm_sent_param2(q) == SPDM_MEAS_OP_ALL;
	r->content_changed =
		asked_signed(q) && r->version >= PROT_SPDM_VERSION_12
			? (uint8_t)(param2 >> SPDM_CONTENT_CHANGE_SHIFT) &
				  CONTENT_CHANGE_MASK
			: PROT_SPDM_CONTENT_NOT_DETECTED;
	r->record = body.record;
	r->opaque = body.opaque;
	memcpy(r->responder_nonce, body.nonce, sizeof(r->responder_nonce));
	return NULL;
}

static const struct prot_spdm_decider deciders[] = {
	{PROT_SPDM_DECIDE_MEASUREMENT_SIGNATURE, decide_signature},
};

const struct prot_spdm_request prot_spdm_req_measurements = {
	.command = &prot_spdm_cmd_get_measurements,
	.crypto = true,
	.encode = encode,
	.check = check,
	.deciders = deciders,
	.decider_count = PROT_ARRAY_SIZE(deciders),
	.absorb = absorb,
};
