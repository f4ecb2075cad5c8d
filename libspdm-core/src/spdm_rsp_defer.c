/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work that waits for an op: ResponseNotReady and RESPOND_IF_READY (DSP0274
 * 1.3.2, clauses 10.10 and 10.13).
 *
 *	IDLE -> PENDING -> DONE -> IDLE		requester collects the reply
 *	PENDING -> ABANDONED -> IDLE		nobody waits: end the op only
 *	DONE -> IDLE				likewise
 */

#include "spdm_rsp_dispatch.h"

#include <string.h>

/* Continue in the deferral; true when the work is over. */
static bool advance(struct prot_spdm_responder *r, struct prot_spdm_deferral *d)
{
	enum prot_status st = prot_spdm_rsp_run(r, &d->work);

	if (st == PROT_PENDING) {
		return false;
	}
	if (d->phase == SPDM_RSP_ABANDONED) {
		d->phase = SPDM_RSP_IDLE;
	} else {
		prot_spdm_rsp_conclude(r, &d->work, st);
		d->phase = SPDM_RSP_DONE;
	}
	return true;
}

void prot_spdm_rsp_defer(struct prot_spdm_responder *r,
			 const struct prot_spdm_responder_row *row,
			 const struct spdm_rsp_exchange *x)
{
	struct prot_spdm_deferral *d = r->deferral;
	struct prot_spdm_work *w = &d->work;
	/* WTMax, which the requester is told. */
	uint64_t patience_us = (uint64_t)r->cfg->rdtm << r->cfg->rdt_exponent;

	prot_spdm_rsp_begin(r, w, row, x);
	/* Every request that comes here is shorter: the rest is padding. */
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
		prot_spdm_rsp_answer(r, x, w);
		d->phase = SPDM_RSP_IDLE;
		return;
	}
	d->token++;
	/* Microseconds over 512: twice the time, without a division. */
	d->expires_ms = x->now_ms + (patience_us >> 9) + 1;
	prot_spdm_rsp_send_error(r, x, PROT_SPDM_REFUSAL_NOT_READY, 0);
}

void prot_spdm_rsp_abandon(struct prot_spdm_deferral *d)
{
	if (d->phase == SPDM_RSP_PENDING) {
		d->work.abandoned = true;
		d->phase = SPDM_RSP_ABANDONED;
	} else if (d->phase == SPDM_RSP_DONE) {
		d->phase = SPDM_RSP_IDLE;
	}
}

/* A requester that lost ResponseNotReady repeats its request. */
static bool is_deferred_request(const struct prot_spdm_deferral *d,
				const struct spdm_rsp_exchange *x)
{
	return x->io->rx_len >= d->work.req_len &&
	       memcmp(x->io->rx, d->request, d->work.req_len) == 0;
}

enum prot_spdm_refusal
prot_spdm_rsp_check_deferral(struct prot_spdm_responder *r,
			     const struct prot_spdm_command *cmd,
			     const struct spdm_rsp_exchange *x)
{
	struct prot_spdm_deferral *d = r->deferral;

	if (!d || d->phase == SPDM_RSP_IDLE ||
	    cmd->code == SPDM_RESPOND_IF_READY) {
		return PROT_SPDM_REFUSAL_NONE;
	}
	if (cmd->code == SPDM_GET_VERSION) {
		prot_spdm_rsp_abandon(d);
	}
	if (d->phase == SPDM_RSP_PENDING || d->phase == SPDM_RSP_DONE) {
		if (is_deferred_request(d, x)) {
			return PROT_SPDM_REFUSAL_NOT_READY;
		}
		if (x->now_ms < d->expires_ms) {
			return PROT_SPDM_REFUSAL_BUSY;
		}
		prot_spdm_rsp_abandon(d);
	}
	if (d->phase == SPDM_RSP_ABANDONED && !advance(r, d) &&
	    cmd->role != SPDM_ROLE_VCA) {
		return PROT_SPDM_REFUSAL_BUSY;
	}
	return PROT_SPDM_REFUSAL_NONE;
}

/* RESPOND_IF_READY: Param1 and Param2 repeat what ResponseNotReady said. */
void prot_spdm_rsp_collect(struct prot_spdm_responder *r,
			   const struct spdm_rsp_exchange *x)
{
	struct prot_spdm_deferral *d = r->deferral;

	if (!d || (d->phase != SPDM_RSP_PENDING && d->phase != SPDM_RSP_DONE)) {
		prot_spdm_rsp_send_error(r, x, PROT_SPDM_REFUSAL_STATE, 0);
	} else if (x->io->rx[2] != d->work.row->cmd->code ||
		   x->io->rx[3] != d->token) {
		prot_spdm_rsp_send_error(r, x, PROT_SPDM_REFUSAL_TOKEN, 0);
	} else if (d->phase == SPDM_RSP_PENDING && !advance(r, d)) {
		prot_spdm_rsp_send_error(r, x, PROT_SPDM_REFUSAL_NOT_READY, 0);
	} else {
		prot_spdm_rsp_answer(r, x, &d->work);
		d->phase = SPDM_RSP_IDLE;
	}
}

enum prot_status prot_spdm_responder_poll(struct prot_spdm_responder *r)
{
	struct prot_spdm_deferral *d = r->deferral;
	bool busy = d && (d->phase == SPDM_RSP_PENDING ||
			  d->phase == SPDM_RSP_ABANDONED);

	return busy && !advance(r, d) ? PROT_PENDING : PROT_OK;
}
