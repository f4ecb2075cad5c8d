/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one way through the responder: find the row, check what it states in the
 * order of DSP0274, run its stages, keep the transcripts, sign, answer.
 */

#include "spdm_rsp.h"
#include "spdm_signing.h"
#include "spdm_state.h"
#include "spdm_transcript.h"

#include <string.h>

/* A message, and where its answer goes. */
struct exchange {
	const struct prot_spdm_io *io;
	size_t *tx_len;
	uint64_t now_ms;
};

static uint8_t code_of(const struct exchange *x)
{
	return x->io->rx[1];
}

const struct prot_spdm_responder_row *
prot_spdm_rsp_find(const struct prot_spdm_responder_config *cfg, uint8_t code)
{
	for (size_t t = 0; t < cfg->table_count; t++) {
		const struct prot_spdm_responder_table *table = cfg->tables[t];

		for (size_t i = 0; i < table->count; i++) {
			if (table->rows[i].cmd->code == code) {
				return &table->rows[i];
			}
		}
	}
	return NULL;
}

static enum prot_spdm_error error_of(enum prot_spdm_refusal why)
{
	static const uint8_t errors[PROT_SPDM_REFUSAL_COUNT] = {
		[PROT_SPDM_REFUSAL_UNKNOWN] =
			PROT_SPDM_ERROR_UNSUPPORTED_REQUEST,
		[PROT_SPDM_REFUSAL_VERSION] = PROT_SPDM_ERROR_VERSION_MISMATCH,
		[PROT_SPDM_REFUSAL_NOT_READY] =
			PROT_SPDM_ERROR_RESPONSE_NOT_READY,
		[PROT_SPDM_REFUSAL_BUSY] = PROT_SPDM_ERROR_BUSY,
		[PROT_SPDM_REFUSAL_CAPABILITY] =
			PROT_SPDM_ERROR_UNSUPPORTED_REQUEST,
		[PROT_SPDM_REFUSAL_STATE] = PROT_SPDM_ERROR_UNEXPECTED_REQUEST,
		[PROT_SPDM_REFUSAL_SESSION] = PROT_SPDM_ERROR_SESSION_REQUIRED,
		[PROT_SPDM_REFUSAL_MALFORMED] = PROT_SPDM_ERROR_INVALID_REQUEST,
		[PROT_SPDM_REFUSAL_CAPABILITIES] =
			PROT_SPDM_ERROR_INVALID_REQUEST,
		[PROT_SPDM_REFUSAL_ALGORITHMS] =
			PROT_SPDM_ERROR_INVALID_REQUEST,
		[PROT_SPDM_REFUSAL_SLOT] = PROT_SPDM_ERROR_INVALID_REQUEST,
		[PROT_SPDM_REFUSAL_INDEX] = PROT_SPDM_ERROR_INVALID_REQUEST,
		[PROT_SPDM_REFUSAL_SIGNATURE] = PROT_SPDM_ERROR_INVALID_REQUEST,
		[PROT_SPDM_REFUSAL_TOKEN] = PROT_SPDM_ERROR_INVALID_REQUEST,
		[PROT_SPDM_REFUSAL_TOO_LARGE] =
			PROT_SPDM_ERROR_RESPONSE_TOO_LARGE,
		[PROT_SPDM_REFUSAL_DEVICE] = PROT_SPDM_ERROR_UNSPECIFIED,
		[PROT_SPDM_REFUSAL_CRYPTO] = PROT_SPDM_ERROR_UNSPECIFIED,
		[PROT_SPDM_REFUSAL_PENDING] = PROT_SPDM_ERROR_UNSPECIFIED,
	};

	return (enum prot_spdm_error)errors[why];
}

static enum prot_spdm_refusal refusal_of(const struct prot_spdm_work *w,
					 enum prot_status st)
{
	switch ((int)st) {
	case PROT_ERR_REFUSED:
		return (enum prot_spdm_refusal)w->refusal;
	case PROT_ERR_MALFORMED:
		return PROT_SPDM_REFUSAL_MALFORMED;
	case PROT_ERR_SPACE:
		return PROT_SPDM_REFUSAL_TOO_LARGE;
	case PROT_ERR_CRYPTO:
		return PROT_SPDM_REFUSAL_CRYPTO;
	case PROT_PENDING:
		return PROT_SPDM_REFUSAL_PENDING;
	default:
		return PROT_SPDM_REFUSAL_DEVICE;
	}
}

/*
 * SPDMVersion of an ERROR: the negotiated one, which the requester chooses with
 * GET_CAPABILITIES, and 1.0 before and in answer to GET_VERSION.
 */
static uint8_t error_version(const struct prot_spdm_responder *r,
			     const struct exchange *x)
{
	bool chosen = r->state >= PROT_SPDM_STATE_CAPABILITIES ||
		      (r->state == PROT_SPDM_STATE_VERSION &&
		       x->io->rx[0] == r->cfg->version);

	return chosen && code_of(x) != SPDM_GET_VERSION ? r->cfg->version
							: PROT_SPDM_VERSION_10;
}

static void note(struct prot_spdm_responder *r, const struct exchange *x,
		 enum prot_spdm_refusal why)
{
	r->counters.last_request = x->io->rx_len > 1 ? code_of(x) : 0;
	r->counters.last_error = (uint8_t)error_of(why);
	r->counters.last_refusal = (uint8_t)why;
}

static void drop(struct prot_spdm_responder *r, const struct exchange *x,
		 enum prot_spdm_refusal why)
{
	r->counters.drops++;
	note(r, x, why);
}

/* ERROR with its Param2 and extended data, clause 10.10. */
static void refuse(struct prot_spdm_responder *r, const struct exchange *x,
		   enum prot_spdm_refusal why, size_t needed)
{
	struct prot_wr w = prot_wr_init(x->io->tx, x->io->tx_cap);
	enum prot_spdm_error error = error_of(why);

	note(r, x, why);
	prot_wr_u8(&w, error_version(r, x));
	prot_wr_u8(&w, SPDM_ERROR);
	prot_wr_u8(&w, (uint8_t)error);
	prot_wr_u8(&w, error == PROT_SPDM_ERROR_UNSUPPORTED_REQUEST ? code_of(x)
								    : 0);
	if (error == PROT_SPDM_ERROR_RESPONSE_TOO_LARGE) {
		prot_wr_le32(&w, (uint32_t)needed);
	}
	if (error == PROT_SPDM_ERROR_RESPONSE_NOT_READY) {
		prot_wr_u8(&w, r->cfg->rdt_exponent);
		prot_wr_u8(&w, r->deferral->work.row->cmd->code);
		prot_wr_u8(&w, r->deferral->token);
		prot_wr_u8(&w, r->cfg->rdtm);
		r->counters.deferrals++;
	} else {
		r->counters.errors++;
	}
	*x->tx_len = w.len;
}

/* The message enters its transcript; a signature ends the transcript. */
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

/* Run the stages from where the work stands, then what follows all of them. */
static enum prot_status run(struct prot_spdm_responder *r,
			    struct prot_spdm_work *w)
{
	const spdm_rsp_stage *stages = w->row->stages;
	enum prot_status st;

	while (w->stage < SPDM_RSP_STAGES_MAX && stages[w->stage]) {
		st = stages[w->stage](r, w);
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

/* The work is over: what it changes, or why it was refused. */
static void conclude(struct prot_spdm_responder *r, struct prot_spdm_work *w,
		     enum prot_status st)
{
	if (st != PROT_OK) {
		w->refusal = (uint8_t)refusal_of(w, st);
		prot_spdm_transcript_fail(&r->transcript, w->row->cmd);
		return;
	}
	w->refusal = PROT_SPDM_REFUSAL_NONE;
	r->state = prot_spdm_next_state(r->state, w->row->cmd->code);
	prot_spdm_transcript_set(&r->transcript, r->cfg->version,
				 r->algorithms.base_hash);
	r->counters.signatures += w->sign;
}

static void answer(struct prot_spdm_responder *r, const struct exchange *x,
		   const struct prot_spdm_work *w)
{
	size_t len = w->reply.len;

	if (w->refusal != PROT_SPDM_REFUSAL_NONE) {
		refuse(r, x, (enum prot_spdm_refusal)w->refusal, w->needed);
	} else if (len > x->io->tx_cap) {
		refuse(r, x, PROT_SPDM_REFUSAL_TOO_LARGE, len);
	} else {
		if (w->reply.buf != x->io->tx) {
			memcpy(x->io->tx, w->reply.buf, len);
		}
		*x->tx_len = len;
		r->counters.responses++;
	}
}

static void begin(struct prot_spdm_responder *r, struct prot_spdm_work *w,
		  const struct prot_spdm_responder_row *row,
		  const struct exchange *x)
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
		  const struct exchange *x)
{
	struct prot_spdm_work w;

	begin(r, &w, row, x);
	conclude(r, &w, run(r, &w));
	answer(r, x, &w);
}

/* Continue in the deferral; true when the work is over. */
static bool advance(struct prot_spdm_responder *r, struct prot_spdm_deferral *d)
{
	enum prot_status st = run(r, &d->work);

	if (st == PROT_PENDING) {
		return false;
	}
	if (d->phase == SPDM_RSP_ABANDONED) {
		d->phase = SPDM_RSP_IDLE;
	} else {
		conclude(r, &d->work, st);
		d->phase = SPDM_RSP_DONE;
	}
	return true;
}

static void serve_deferrable(struct prot_spdm_responder *r,
			     const struct prot_spdm_responder_row *row,
			     const struct exchange *x)
{
	struct prot_spdm_deferral *d = r->deferral;
	struct prot_spdm_work *w = &d->work;
	uint64_t patience_us = (uint64_t)r->cfg->rdtm << r->cfg->rdt_exponent;

	begin(r, w, row, x);
	if (w->req_len > sizeof(d->request)) {
		w->req_len = sizeof(d->request);
	}
	memcpy(d->request, w->req, w->req_len);
	w->req = d->request;
	w->reply.buf = d->buf;
	if (w->reply.cap > d->cap) {
		w->reply.cap = d->cap;
	}
	d->phase = SPDM_RSP_PENDING;
	if (advance(r, d)) {
		answer(r, x, w);
		d->phase = SPDM_RSP_IDLE;
		return;
	}
	d->token++;
	d->expires_ms = x->now_ms + (patience_us >> 9) + 1;
	refuse(r, x, PROT_SPDM_REFUSAL_NOT_READY, 0);
}

/* Nobody waits for the deferred reply any more. */
static void abandon(struct prot_spdm_deferral *d)
{
	if (d->phase == SPDM_RSP_PENDING) {
		d->work.abandoned = true;
		d->phase = SPDM_RSP_ABANDONED;
	} else if (d->phase == SPDM_RSP_DONE) {
		d->phase = SPDM_RSP_IDLE;
	}
}

static bool is_deferred_request(const struct prot_spdm_deferral *d,
				const struct exchange *x)
{
	return x->io->rx_len >= d->work.req_len &&
	       memcmp(x->io->rx, d->request, d->work.req_len) == 0;
}

/* May this request be worked on while the deferral is in use? */
static enum prot_spdm_refusal
check_deferral(struct prot_spdm_responder *r,
	       const struct prot_spdm_command *cmd, const struct exchange *x)
{
	struct prot_spdm_deferral *d = r->deferral;

	if (!d || d->phase == SPDM_RSP_IDLE ||
	    cmd->code == SPDM_RESPOND_IF_READY) {
		return PROT_SPDM_REFUSAL_NONE;
	}
	if (cmd->code == SPDM_GET_VERSION) {
		abandon(d);
	}
	if (d->phase == SPDM_RSP_PENDING || d->phase == SPDM_RSP_DONE) {
		if (is_deferred_request(d, x)) {
			return PROT_SPDM_REFUSAL_NOT_READY;
		}
		if (x->now_ms < d->expires_ms) {
			return PROT_SPDM_REFUSAL_BUSY;
		}
		abandon(d);
	}
	if (d->phase == SPDM_RSP_ABANDONED && !advance(r, d) &&
	    cmd->role != SPDM_ROLE_VCA) {
		return PROT_SPDM_REFUSAL_BUSY;
	}
	return PROT_SPDM_REFUSAL_NONE;
}

/* What the row states, in the order in which DSP0274 wants it checked. */
static enum prot_spdm_refusal check(struct prot_spdm_responder *r,
				    const struct prot_spdm_responder_row *row,
				    const struct exchange *x)
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
	why = check_deferral(r, cmd, x);
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

/* RESPOND_IF_READY: Param1 and Param2 repeat what ResponseNotReady said. */
static void collect(struct prot_spdm_responder *r, const struct exchange *x)
{
	struct prot_spdm_deferral *d = r->deferral;

	if (!d || (d->phase != SPDM_RSP_PENDING && d->phase != SPDM_RSP_DONE)) {
		refuse(r, x, PROT_SPDM_REFUSAL_STATE, 0);
	} else if (x->io->rx[2] != d->work.row->cmd->code ||
		   x->io->rx[3] != d->token) {
		refuse(r, x, PROT_SPDM_REFUSAL_TOKEN, 0);
	} else if (d->phase == SPDM_RSP_PENDING && !advance(r, d)) {
		refuse(r, x, PROT_SPDM_REFUSAL_NOT_READY, 0);
	} else {
		answer(r, x, &d->work);
		d->phase = SPDM_RSP_IDLE;
	}
}

enum prot_status prot_spdm_responder_handle(struct prot_spdm_responder *r,
					    const struct prot_spdm_io *io,
					    size_t *tx_len, uint64_t now_ms)
{
	const struct exchange x = {io, tx_len, now_ms};
	const struct prot_spdm_responder_row *row;
	enum prot_spdm_refusal why;

	*tx_len = 0;
	if (io->tx_cap < SPDM_DATA_TRANSFER_SIZE_MIN) {
		return PROT_ERR_ARG;
	}
	if (io->kind != PROT_SPDM_CLEAR) {
		drop(r, &x, PROT_SPDM_REFUSAL_SECURED);
		return PROT_OK;
	}
	if (io->rx_len < SPDM_HEADER_SIZE ||
	    !(code_of(&x) & SPDM_CODE_REQUEST)) {
		drop(r, &x, PROT_SPDM_REFUSAL_NOT_A_REQUEST);
		return PROT_OK;
	}
	row = prot_spdm_rsp_find(r->cfg, code_of(&x));
	why = check(r, row, &x);
	if (why != PROT_SPDM_REFUSAL_NONE) {
		refuse(r, &x, why, 0);
	} else if (row->cmd->code == SPDM_RESPOND_IF_READY) {
		collect(r, &x);
	} else if (r->deferral && row->cmd->role != SPDM_ROLE_VCA) {
		serve_deferrable(r, row, &x);
	} else {
		serve(r, row, &x);
	}
	return PROT_OK;
}

enum prot_status prot_spdm_responder_poll(struct prot_spdm_responder *r)
{
	struct prot_spdm_deferral *d = r->deferral;
	bool busy = d && (d->phase == SPDM_RSP_PENDING ||
			  d->phase == SPDM_RSP_ABANDONED);

	return busy && !advance(r, d) ? PROT_PENDING : PROT_OK;
}

void prot_spdm_responder_reset(struct prot_spdm_responder *r)
{
	if (r->deferral) {
		abandon(r->deferral);
	}
	prot_spdm_transcript_reset(&r->transcript);
	memset(&r->algorithms, 0, sizeof(r->algorithms));
	r->peer_capabilities = 0;
	r->state = PROT_SPDM_STATE_START;
}
