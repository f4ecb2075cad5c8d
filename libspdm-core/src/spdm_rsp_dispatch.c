/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one way through the responder: find the row, check what it states in the
 * order of DSP0274, run its stages, keep the transcripts, sign, answer.
 */

#include "spdm_rsp_dispatch.h"
#include "spdm_signing.h"
#include "spdm_state.h"
#include "spdm_transcript.h"

#include <string.h>

/* The row of a request code in one table, or NULL. */
static const struct prot_spdm_responder_row *
find_in(const struct prot_spdm_responder_table *table, uint8_t code)
{
	for (size_t i = 0; i < table->count; i++) {
		if (table->rows[i].cmd->code == code) {
			return &table->rows[i];
		}
	}
	return NULL;
}

const struct prot_spdm_responder_row *
prot_spdm_rsp_find(const struct prot_spdm_responder_config *cfg, uint8_t code)
{
	const struct prot_spdm_responder_row *row = NULL;

	for (size_t i = 0; i < cfg->table_count && !row; i++) {
		row = find_in(cfg->tables[i], code);
	}
	return row;
}

/*
 * Request and response enter their transcript, both only now that the request
 * is known to succeed. A signature ends the transcript that it covers.
 */
static enum prot_status absorb(struct prot_spdm_responder *r,
			       struct prot_spdm_work *w)
{
	const struct prot_spdm_command *cmd = w->row->cmd;
	struct prot_spdm_transcript *t = &r->transcript;
	const struct prot_crypto *crypto = &r->cfg->crypto;
	struct prot_spdm_signing_input *in = &w->u.signing.input;
	enum prot_status st;

	st = prot_spdm_transcript_add(t, crypto, cmd, w->req, w->req_len);
	if (st == PROT_OK) {
		st = prot_spdm_transcript_add(t, crypto, cmd, w->reply.buf,
					      w->reply.len);
	}
	if (st != PROT_OK || !w->sign) {
		return st;
	}
	w->out = prot_wr_claim(&w->reply, prot_signature_size(w->asym));
	w->u.signing.data = prot_spdm_signing_data(
		in, r->cfg->version, w->hash, (enum spdm_signer)cmd->signing);
	return prot_spdm_transcript_take(t, crypto, cmd,
					 spdm_signing_digest(in));
}

enum prot_status prot_spdm_rsp_run(struct prot_spdm_responder *r,
				   struct prot_spdm_work *w)
{
	enum prot_status st;

	while (w->stage < SPDM_RSP_STAGES_MAX && w->row->stages[w->stage]) {
		st = w->row->stages[w->stage](r, w);
		if (st != PROT_OK) {
			return st;
		}
		w->stage++;
		w->step = 0;
		w->item = 0;
		w->offset = 0;
	}
	if (!prot_wr_ok(&w->reply)) {
		return PROT_ERR_SPACE;
	}
	if (w->step == 0) {
		st = absorb(r, w);
		if (st != PROT_OK) {
			return st;
		}
		w->step = 1;
	}
	return w->sign ? prot_spdm_rsp_sign(r, w) : PROT_OK;
}

void prot_spdm_rsp_conclude(struct prot_spdm_responder *r,
			    struct prot_spdm_work *w, enum prot_status st)
{
	if (st != PROT_OK) {
		w->refusal = (uint8_t)prot_spdm_rsp_refusal_of(w, st);
		prot_spdm_transcript_fail(&r->transcript, w->row->cmd);
		return;
	}
	w->refusal = PROT_SPDM_REFUSAL_NONE;
	r->state = prot_spdm_next_state(r->state, w->row->cmd->code);
	prot_spdm_transcript_set(&r->transcript, r->cfg->version,
				 r->algorithms.base_hash);
	r->counters.signatures += w->sign;
}

void prot_spdm_rsp_answer(struct prot_spdm_responder *r,
			  const struct spdm_rsp_exchange *x,
			  const struct prot_spdm_work *w)
{
	size_t len = w->reply.len;

	if (w->refusal != PROT_SPDM_REFUSAL_NONE) {
		prot_spdm_rsp_send_error(
			r, x, (enum prot_spdm_refusal)w->refusal, w->needed);
	} else if (len > x->io->tx_cap) {
		prot_spdm_rsp_send_error(r, x, PROT_SPDM_REFUSAL_TOO_LARGE,
					 len);
	} else {
		if (w->reply.buf != x->io->tx) {
			memcpy(x->io->tx, w->reply.buf, len);
		}
		*x->tx_len = len;
		r->counters.responses++;
	}
}

void prot_spdm_rsp_begin(struct prot_spdm_responder *r,
			 struct prot_spdm_work *w,
			 const struct prot_spdm_responder_row *row,
			 const struct spdm_rsp_exchange *x)
{
	memset(w, 0, sizeof(*w));
	w->row = row;
	w->req = x->io->rx;
	w->req_len = x->io->rx_len;
	w->hash = r->algorithms.base_hash;
	w->asym = r->algorithms.base_asym;
	w->reply = prot_wr_init(x->io->tx, x->io->tx_cap);
	if (r->state >= PROT_SPDM_STATE_CAPABILITIES &&
	    w->reply.cap > r->peer_data_transfer_size) {
		w->reply.cap = r->peer_data_transfer_size;
	}
	prot_spdm_transcript_begin(&r->transcript, row->cmd, r->state);
}

static void serve(struct prot_spdm_responder *r,
		  const struct prot_spdm_responder_row *row,
		  const struct spdm_rsp_exchange *x)
{
	struct prot_spdm_work w;

	prot_spdm_rsp_begin(r, &w, row, x);
	prot_spdm_rsp_conclude(r, &w, prot_spdm_rsp_run(r, &w));
	prot_spdm_rsp_answer(r, x, &w);
}

/* What the row states, in the order in which DSP0274 wants it checked. */
static enum prot_spdm_refusal check(struct prot_spdm_responder *r,
				    const struct prot_spdm_responder_row *row,
				    const struct spdm_rsp_exchange *x)
{
	const struct prot_spdm_command *cmd = row ? row->cmd : NULL;
	enum prot_spdm_refusal why;
	uint8_t version = r->cfg->version;

	if (!cmd || cmd->min_version > version) {
		return PROT_SPDM_REFUSAL_UNKNOWN;
	}
	if (cmd->code == SPDM_GET_VERSION) {
		version = PROT_SPDM_VERSION_10;
	}
	if (x->io->rx[0] != version) {
		return PROT_SPDM_REFUSAL_VERSION;
	}
	why = prot_spdm_rsp_check_deferral(r, cmd, x);
	if (why != PROT_SPDM_REFUSAL_NONE) {
		return why;
	}
	if (cmd->caps != 0 && !(cmd->caps & r->cfg->capabilities)) {
		return PROT_SPDM_REFUSAL_CAPABILITY;
	}
	if (!(cmd->states & 1u << r->state)) {
		return PROT_SPDM_REFUSAL_STATE;
	}
	if (!(cmd->where & SPDM_IN_CLEAR)) {
		return PROT_SPDM_REFUSAL_SESSION;
	}
	return x->io->rx_len - SPDM_HEADER_SIZE < cmd->min_len
		       ? PROT_SPDM_REFUSAL_MALFORMED
		       : PROT_SPDM_REFUSAL_NONE;
}

enum prot_status prot_spdm_responder_handle(struct prot_spdm_responder *r,
					    const struct prot_spdm_io *io,
					    size_t *tx_len, uint64_t now_ms)
{
	const struct spdm_rsp_exchange x = {io, tx_len, now_ms};
	const struct prot_spdm_responder_row *row;
	enum prot_spdm_refusal why;

	*tx_len = 0;
	if (io->tx_cap < SPDM_DATA_TRANSFER_SIZE_MIN) {
		return PROT_ERR_ARG;
	}
	if (io->kind != PROT_SPDM_CLEAR) {
		prot_spdm_rsp_drop(r, &x, PROT_SPDM_REFUSAL_SECURED);
		return PROT_OK;
	}
	if (io->rx_len < SPDM_HEADER_SIZE ||
	    !(spdm_rsp_code(&x) & SPDM_CODE_REQUEST)) {
		prot_spdm_rsp_drop(r, &x, PROT_SPDM_REFUSAL_NOT_A_REQUEST);
		return PROT_OK;
	}
	row = prot_spdm_rsp_find(r->cfg, spdm_rsp_code(&x));
	why = check(r, row, &x);
	if (why != PROT_SPDM_REFUSAL_NONE) {
		prot_spdm_rsp_send_error(r, &x, why, 0);
	} else if (row->cmd->code == SPDM_RESPOND_IF_READY) {
		prot_spdm_rsp_collect(r, &x);
	} else if (r->deferral && row->cmd->role != SPDM_ROLE_VCA) {
		prot_spdm_rsp_defer(r, row, &x);
	} else {
		serve(r, row, &x);
	}
	return PROT_OK;
}

void prot_spdm_responder_reset(struct prot_spdm_responder *r)
{
	if (r->deferral) {
		prot_spdm_rsp_abandon(r->deferral);
	}
	prot_spdm_transcript_reset(&r->transcript);
	memset(&r->algorithms, 0, sizeof(r->algorithms));
	r->peer_capabilities = 0;
	r->state = PROT_SPDM_STATE_START;
}
