/* SPDX-License-Identifier: Apache-2.0 */
#include "pldm_service.h"

#include <prot/base/crc32.h>
#include <prot/pldm/base.h>
#include <prot/pldm/responder.h>

#define CC_AT PROT_PLDM_HEADER_SIZE

enum prot_status
prot_pldm_responder_init(struct prot_pldm_responder *r,
			 const struct prot_pldm_responder_config *cfg)
{
	if (!cfg->services || cfg->service_count == 0 ||
	    (cfg->replay_count != 0 && !cfg->replay)) {
		return PROT_ERR_ARG;
	}
	for (size_t i = 0; i < cfg->service_count; i++) {
		if (!cfg->services[i].table ||
		    cfg->services[i].table->version_count == 0) {
			return PROT_ERR_ARG;
		}
	}
	r->cfg = cfg;
	r->tid = PROT_PLDM_TID_UNASSIGNED;
	return PROT_OK;
}

uint8_t prot_pldm_responder_tid(const struct prot_pldm_responder *r)
{
	return r->tid;
}

bool prot_pldm_message_is_request(const struct prot_pldm_message *m)
{
	struct prot_rd r = prot_rd_init(m->data, m->len);
	struct prot_pldm_header h;

	return prot_pldm_header_decode(&r, &h) == PROT_OK && h.request;
}

const struct prot_pldm_service *
prot_pldm_find_service(const struct prot_pldm_responder *r, uint8_t type)
{
	for (size_t i = 0; i < r->cfg->service_count; i++) {
		if (r->cfg->services[i].table->type == type) {
			return &r->cfg->services[i];
		}
	}
	return NULL;
}

static const struct prot_pldm_command *
find_command(const struct prot_pldm_service *s, uint8_t code)
{
	for (size_t i = 0; i < s->table->command_count; i++) {
		if (s->table->commands[i].code == code) {
			return &s->table->commands[i];
		}
	}
	return NULL;
}

/* The entry of this peer; without one, a free one or the oldest. */
static struct prot_pldm_replay *
replay_entry(const struct prot_pldm_responder *r, uint32_t peer)
{
	struct prot_pldm_replay *oldest = &r->cfg->replay[0];

	for (size_t i = 0; i < r->cfg->replay_count; i++) {
		struct prot_pldm_replay *e = &r->cfg->replay[i];

		if (e->until_ms != 0 && e->peer == peer) {
			return e;
		}
		if (e->until_ms < oldest->until_ms) {
			oldest = e;
		}
	}
	return oldest;
}

void prot_pldm_responder_forget(struct prot_pldm_responder *r, uint32_t peer,
				uint32_t mask)
{
	for (size_t i = 0; i < r->cfg->replay_count; i++) {
		struct prot_pldm_replay *e = &r->cfg->replay[i];

		if ((e->peer & mask) == peer) {
			e->until_ms = 0;
		}
	}
}

static bool replay_matches(const struct prot_pldm_replay *e,
			   const struct prot_pldm_message *rx, uint32_t digest,
			   uint64_t now_ms)
{
	return now_ms < e->until_ms && e->peer == rx->peer &&
	       e->digest == digest && e->request_len == rx->len;
}

static void replay_store(struct prot_pldm_replay *e,
			 const struct prot_pldm_message *rx, uint32_t digest,
			 uint64_t now_ms, const struct prot_wr *w)
{
	e->until_ms = 0;
	if (w->len > sizeof(e->response) || rx->len > UINT16_MAX) {
		return;
	}
	e->until_ms = now_ms + PROT_PLDM_PT3_MIN_MS;
	e->peer = rx->peer;
	e->digest = digest;
	e->request_len = (uint16_t)rx->len;
	e->len = (uint8_t)w->len;
	memcpy(e->response, w->buf, w->len);
}

/* Run the handler; the writer holds the whole response afterwards. */
static void run(const struct prot_pldm_service *s,
		const struct prot_pldm_command *c, struct prot_pldm_request *rq,
		struct prot_wr *w)
{
	uint8_t cc = c->handle(s->ctx, rq, w);

	if (cc == PROT_PLDM_SUCCESS && !prot_wr_ok(w)) {
		cc = PROT_PLDM_ERROR;
	}
	if (cc != PROT_PLDM_SUCCESS) {
		w->len = PROT_PLDM_RESPONSE_SIZE;
		w->bad = false;
	}
	w->buf[CC_AT] = cc;
}

/*
 * DSP0240: the same instance id within PT3 is a retry. The CRC-32 of the whole
 * request is compared, so a requester that uses one instance id for everything
 * still gets each different request carried out. A refusal is repeated as well:
 * the copy of a request that was told "not now" must not succeed behind its
 * sender's back.
 */
static void run_once(const struct prot_pldm_responder *r,
		     const struct prot_pldm_service *s,
		     const struct prot_pldm_command *c,
		     const struct prot_pldm_message *rx,
		     struct prot_pldm_request *rq, struct prot_wr *w)
{
	struct prot_pldm_replay *e = replay_entry(r, rx->peer);
	uint32_t digest = prot_crc32(0, rx->data, rx->len);

	if (replay_matches(e, rx, digest, rq->now_ms)) {
		w->len = 0;
		prot_wr_bytes(w, e->response, e->len);
	} else {
		run(s, c, rq, w);
		replay_store(e, rx, digest, rq->now_ms, w);
	}
}

static void dispatch(const struct prot_pldm_responder *r,
		     const struct prot_pldm_message *rx,
		     struct prot_pldm_request *rq, struct prot_wr *w)
{
	const struct prot_pldm_service *s =
		prot_pldm_find_service(r, rq->header.type);
	const struct prot_pldm_command *c =
		s ? find_command(s, rq->header.command) : NULL;

	if (!c) {
		w->buf[CC_AT] = s ? PROT_PLDM_ERROR_UNSUPPORTED_PLDM_CMD
				  : PROT_PLDM_ERROR_INVALID_PLDM_TYPE;
	} else if (c->once && r->cfg->replay_count != 0) {
		run_once(r, s, c, rx, rq, w);
	} else {
		run(s, c, rq, w);
	}
}

enum prot_status prot_pldm_responder_handle(struct prot_pldm_responder *r,
					    const struct prot_pldm_message *rx,
					    uint64_t now_ms, uint8_t *tx,
					    size_t tx_cap, size_t *tx_len)
{
	struct prot_wr w = prot_wr_init(tx, tx_cap);
	struct prot_pldm_request rq = {.peer = rx->peer, .now_ms = now_ms};
	enum prot_status st;

	*tx_len = 0;
	rq.body = prot_rd_init(rx->data, rx->len);
	st = prot_pldm_header_decode(&rq.body, &rq.header);
	if (st || !rq.header.request) {
		return st ? st : PROT_ERR_MALFORMED;
	}
	if (tx_cap < PROT_PLDM_RESPONDER_TX_MIN) {
		return PROT_ERR_SPACE;
	}
	prot_pldm_response_begin(&w, &rq.header, PROT_PLDM_SUCCESS);
	dispatch(r, rx, &rq, &w);
	*tx_len = rq.header.datagram ? 0 : w.len;
	return PROT_OK;
}
