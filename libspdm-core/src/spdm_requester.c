/* SPDX-License-Identifier: Apache-2.0 */
#include "spdm_requester.h"

#include <prot/base/wipe.h>
#include <prot/spdm/measurement.h>

#include "spdm_transcript.h"

static bool memory_given(const struct prot_spdm_requester_config *cfg)
{
	return cfg->crypto.ops && cfg->chain_check && cfg->slots &&
	       cfg->slot_count != 0 &&
	       cfg->slot_count <= PROT_SPDM_SLOT_COUNT && cfg->tx &&
	       cfg->tx_cap >= PROT_SPDM_REQUESTER_TX_MIN && cfg->chain &&
	       cfg->chain_cap != 0 && (cfg->anchors || cfg->anchor_count == 0);
}

static bool values_in_range(const struct prot_spdm_requester_config *cfg)
{
	return cfg->max_message >= SPDM_DATA_TRANSFER_SIZE_MIN &&
	       cfg->version_min >= PROT_SPDM_VERSION_12 &&
	       cfg->version_max <= PROT_SPDM_VERSION_13 &&
	       cfg->version_min <= cfg->version_max &&
	       cfg->ct_exponent <= SPDM_CT_EXPONENT_MAX &&
	       cfg->max_wait_ms != 0 &&
	       prot_spdm_req_offered_hashes(cfg) != 0 &&
	       prot_spdm_req_offered_asyms(cfg) != 0;
}

static void forget_peer(struct prot_spdm_requester *q)
{
	memset(&q->result, 0, sizeof(q->result));
	for (unsigned i = 0; i < PROT_SPDM_DECISION_COUNT; i++) {
		q->result.verdict[i].status = PROT_PENDING;
	}
	memset(q->cfg->slots, 0, q->cfg->slot_count * sizeof(*q->cfg->slots));
	prot_spdm_transcript_reset(&q->transcript);
	q->state = PROT_SPDM_STATE_START;
}

enum prot_status
prot_spdm_requester_init(struct prot_spdm_requester *q,
			 const struct prot_spdm_requester_config *cfg)
{
	if (!q || !cfg || !memory_given(cfg) || !values_in_range(cfg)) {
		return PROT_ERR_ARG;
	}
	memset(q, 0, sizeof(*q));
	q->cfg = cfg;
	forget_peer(q);
	return PROT_OK;
}

static enum prot_status allowed(const struct prot_spdm_requester *q,
				const struct prot_spdm_request *request)
{
	const struct prot_spdm_command *cmd = request->command;

	if (q->request || !(cmd->states & 1u << q->state)) {
		return PROT_ERR_STATE;
	}
	if (cmd->caps != 0 && !(q->result.flags & cmd->caps)) {
		return PROT_ERR_UNSUPPORTED;
	}
	return PROT_OK;
}

static enum prot_status start(struct prot_spdm_requester *q,
			      const struct prot_spdm_request *request)
{
	q->request = request;
	q->phase = SPDM_REQ_SEND;
	q->cancelled = false;
	q->result.status = PROT_PENDING;
	q->result.reason = PROT_SPDM_REASON_NONE;
	q->result.request_code = request->command->code;
	q->result.error_code = PROT_SPDM_ERROR_NONE;
	q->result.error_data = 0;
	return PROT_OK;
}

enum prot_status prot_spdm_requester_connect(struct prot_spdm_requester *q)
{
	if (q->request) {
		return PROT_ERR_STATE;
	}
	forget_peer(q);
	return start(q, &prot_spdm_req_version);
}

enum prot_status prot_spdm_requester_get_digests(struct prot_spdm_requester *q)
{
	enum prot_status st = allowed(q, &prot_spdm_req_digests);

	return st == PROT_OK ? start(q, &prot_spdm_req_digests) : st;
}

enum prot_status
prot_spdm_requester_get_certificate(struct prot_spdm_requester *q, uint8_t slot)
{
	enum prot_status st = allowed(q, &prot_spdm_req_certificate);

	if (st != PROT_OK) {
		return st;
	}
	if (slot >= q->cfg->slot_count) {
		return PROT_ERR_ARG;
	}
	q->slot = slot;
	q->chain_have = 0;
	q->chain_want = 0;
	q->result.slot = slot;
	q->result.chain_len = 0;
	q->result.certs.len = 0;
	memset(&q->result.path, 0, sizeof(q->result.path));
	q->cfg->slots[slot].fetched = false;
	q->cfg->slots[slot].key_alg = PROT_ASYM_NONE;
	return start(q, &prot_spdm_req_certificate);
}

/*
 * The chain of this slot was fetched and found trustworthy, and a responder
 * with several keys announced this one for the purpose (KeyUsageMask, 1.3).
 */
static enum prot_status key_usable(const struct prot_spdm_requester *q,
				   uint8_t slot, uint16_t usage)
{
	const struct prot_spdm_slot *s;

	if (slot >= q->cfg->slot_count) {
		return PROT_ERR_ARG;
	}
	s = &q->cfg->slots[slot];
	if (s->key_alg == PROT_ASYM_NONE) {
		return PROT_ERR_STATE;
	}
	return q->result.multi_key && s->announced &&
			       !(s->info.key_usage & usage)
		       ? PROT_ERR_UNSUPPORTED
		       : PROT_OK;
}

enum prot_status prot_spdm_requester_challenge(struct prot_spdm_requester *q,
					       uint8_t slot,
					       enum prot_spdm_summary summary)
{
	enum prot_status st = allowed(q, &prot_spdm_req_challenge);

	if (st == PROT_OK) {
		st = key_usable(q, slot, SPDM_KEY_USAGE_CHALLENGE);
	}
	if (st != PROT_OK) {
		return st;
	}
	if (summary != PROT_SPDM_SUMMARY_NONE &&
	    summary != PROT_SPDM_SUMMARY_TCB &&
	    summary != PROT_SPDM_SUMMARY_ALL) {
		return PROT_ERR_ARG;
	}
	if (summary != PROT_SPDM_SUMMARY_NONE &&
	    !(q->result.flags & PROT_SPDM_CAP_MEAS)) {
		return PROT_ERR_UNSUPPORTED;
	}
	q->slot = slot;
	q->summary_type = (uint8_t)summary;
	q->result.summary_type = PROT_SPDM_SUMMARY_NONE;
	return start(q, &prot_spdm_req_challenge);
}

static enum prot_status
query_allowed(const struct prot_spdm_requester *q,
	      const struct prot_spdm_measurements_query *query)
{
	if (query->fresh && q->result.version < PROT_SPDM_VERSION_13) {
		return PROT_ERR_UNSUPPORTED;
	}
	if (!query->sign) {
		return PROT_OK;
	}
	if (!(q->result.flags & PROT_SPDM_CAP_MEAS_SIG)) {
		return PROT_ERR_UNSUPPORTED;
	}
	return key_usable(q, query->slot, SPDM_KEY_USAGE_MEASUREMENT);
}

enum prot_status prot_spdm_requester_get_measurements(
	struct prot_spdm_requester *q,
	const struct prot_spdm_measurements_query *query)
{
	enum prot_status st = allowed(q, &prot_spdm_req_measurements);

	if (st == PROT_OK) {
		st = query_allowed(q, query);
	}
	if (st != PROT_OK) {
		return st;
	}
	q->measurements = *query;
	q->result.block_count = 0;
	q->result.record.len = 0;
	q->result.opaque.len = 0;
	q->result.all = false;
	return start(q, &prot_spdm_req_measurements);
}

const struct prot_spdm_result *
prot_spdm_requester_result(const struct prot_spdm_requester *q)
{
	return &q->result;
}

/* MeasurementSummaryHash: over the blocks as they stand in MEASUREMENTS. */
static enum prot_status summarise(const struct prot_spdm_requester *q,
				  const uint8_t *tcb, uint8_t *out)
{
	const struct prot_crypto *c = &q->cfg->crypto;
	struct prot_spdm_measurement_iter it;
	struct prot_spdm_measurement_block m;
	struct prot_hash_state h;
	enum prot_status st;

	st = c->ops->hash_init(c->ctx, &h, q->result.algorithms.base_hash);
	prot_spdm_measurement_iter_init(&it, q->result.record.at,
					q->result.record.len);
	while (st == PROT_OK &&
	       prot_spdm_measurement_next(&it, &m) == PROT_OK) {
		if (!tcb || tcb[m.index >> 3] & 1u << (m.index & 7)) {
			st = c->ops->hash_update(c->ctx, &h, m.block,
						 m.block_len);
		}
	}
	return st == PROT_OK ? c->ops->hash_final(c->ctx, &h, out) : st;
}

enum prot_status
prot_spdm_requester_check_summary(struct prot_spdm_requester *q,
				  const uint8_t *tcb)
{
	struct prot_spdm_result *r = &q->result;
	uint8_t digest[PROT_HASH_MAX];
	struct prot_spdm_verdict v;

	if (q->request || r->summary_type == PROT_SPDM_SUMMARY_NONE ||
	    !r->all || r->raw || r->record.len == 0) {
		return PROT_ERR_STATE;
	}
	if (r->summary_type == PROT_SPDM_SUMMARY_TCB && !tcb) {
		return PROT_ERR_ARG;
	}
	v = spdm_verdict(
		summarise(q,
			  r->summary_type == PROT_SPDM_SUMMARY_ALL ? NULL : tcb,
			  digest),
		PROT_SPDM_REASON_LOCAL);
	if (v.status == PROT_OK) {
		v = prot_equal_ct(digest, r->summary, spdm_req_hash_size(q))
			    ? spdm_accept()
			    : spdm_verdict(PROT_ERR_AUTH,
					   PROT_SPDM_REASON_SUMMARY);
	}
	r->verdict[PROT_SPDM_DECIDE_SUMMARY] = v;
	return v.status;
}
