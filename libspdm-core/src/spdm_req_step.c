/* SPDX-License-Identifier: Apache-2.0 */
#include "spdm_requester.h"
#include "spdm_state.h"
#include "spdm_transcript.h"

/* ST1 of DSP0274 1.3.2, timing: a responder's time without cryptography. */
#define ST1_MS 100u

/* 2^exponent microseconds in milliseconds, rounded up. */
static uint64_t exponent_ms(unsigned exponent)
{
	return (((uint64_t)1 << exponent) + 999u) / 1000u;
}

static uint64_t answer_time(const struct prot_spdm_requester *q)
{
	uint64_t ct = exponent_ms(q->result.ct_exponent);
	uint64_t wait = ST1_MS;

	if (q->request->crypto) {
		ct = ct < q->cfg->max_wait_ms ? ct : q->cfg->max_wait_ms;
		wait = ct > wait ? ct : wait;
	}
	return q->cfg->rtt_ms + wait;
}

static enum prot_status finish(struct prot_spdm_requester *q,
			       enum prot_status status,
			       enum prot_spdm_reason reason)
{
	q->result.status = status;
	q->result.reason = reason;
	q->result.request_code = q->request->command->code;
	if (status != PROT_OK) {
		prot_spdm_transcript_fail(&q->transcript, q->request->command);
	}
	q->request = NULL;
	return status;
}

static void pause_until(struct prot_spdm_requester *q, uint64_t due_ms)
{
	q->phase = SPDM_REQ_PAUSE;
	q->due_ms = due_ms;
}

/* Yield the request, or the RESPOND_IF_READY that stands for it. */
static void transmit(struct prot_spdm_requester *q, uint64_t now_ms,
		     struct prot_spdm_output *out)
{
	out->msg = q->deferred ? q->respond_if_ready : q->cfg->tx;
	out->len = q->deferred ? sizeof(q->respond_if_ready) : q->request_len;
	q->phase = SPDM_REQ_WAIT;
	q->due_ms = now_ms + answer_time(q);
}

static void forget_verdicts(struct prot_spdm_requester *q)
{
	for (unsigned i = 0; i < q->request->decider_count; i++) {
		q->result.verdict[q->request->deciders[i].what] =
			spdm_verdict(PROT_PENDING, PROT_SPDM_REASON_NONE);
	}
}

static enum prot_status encode(struct prot_spdm_requester *q)
{
	const struct prot_spdm_command *cmd = q->request->command;
	struct prot_wr w = prot_wr_init(q->cfg->tx, q->cfg->tx_cap);
	enum prot_status st;

	prot_wr_u8(&w, cmd->code == SPDM_GET_VERSION ? PROT_SPDM_VERSION_10
						     : q->result.version);
	prot_wr_u8(&w, cmd->code);
	st = q->request->encode(q, &w);
	q->request_len = w.len;
	return st == PROT_OK && !prot_wr_ok(&w) ? PROT_ERR_SPACE : st;
}

/* Transcripts that this request begins anew are beyond doubt. */
static void clear_doubts(struct prot_spdm_requester *q)
{
	const struct prot_spdm_command *cmd = q->request->command;

	if (cmd->role != SPDM_ROLE_L) {
		q->doubtful &= (uint8_t) ~(1u << PROT_SPDM_TRANSCRIPT_L);
	}
	if (cmd->restart == SPDM_RESTART_ALL ||
	    cmd->restart == SPDM_RESTART_M) {
		q->doubtful &= (uint8_t) ~(1u << PROT_SPDM_TRANSCRIPT_M);
	}
}

/*
 * The request goes out once more, and the responder may have answered, and
 * hashed, the first one. A request that begins its transcript cannot do harm.
 */
static void raise_doubts(struct prot_spdm_requester *q)
{
	const struct prot_spdm_command *cmd = q->request->command;

	if (cmd->role == SPDM_ROLE_L) {
		q->doubtful |= 1u << PROT_SPDM_TRANSCRIPT_L;
	} else if (cmd->role == SPDM_ROLE_M && cmd->restart != SPDM_RESTART_M) {
		q->doubtful |= 1u << PROT_SPDM_TRANSCRIPT_M;
	}
}

static enum prot_status begin(struct prot_spdm_requester *q, uint64_t now_ms,
			      struct prot_spdm_output *out)
{
	enum prot_status st;

	q->tries = 0;
	q->deferrals = 0;
	q->deferred = false;
	forget_verdicts(q);
	st = encode(q);
	if (st != PROT_OK) {
		return finish(q, st, PROT_SPDM_REASON_LOCAL);
	}
	clear_doubts(q);
	prot_spdm_transcript_begin(&q->transcript, q->request->command,
				   q->state);
	transmit(q, now_ms, out);
	return PROT_PENDING;
}

/* Make the decisions that are left, up to one that fails or pends. */
static struct prot_spdm_verdict decide(struct prot_spdm_requester *q)
{
	while (q->decision < q->request->decider_count) {
		const struct prot_spdm_decider *d =
			&q->request->deciders[q->decision];
		struct prot_spdm_verdict v = d->decide(q);

		if (v.status == PROT_PENDING) {
			return v;
		}
		q->prepared = false;
		q->decision++;
		if (v.status == PROT_ERR_NOT_FOUND) {
			continue; /* does not apply */
		}
		q->result.verdict[d->what] = v;
		if (v.status != PROT_OK) {
			return v;
		}
	}
	return spdm_accept();
}

/* A response was absorbed: go on with the operation, or end it. */
static enum prot_status advance(struct prot_spdm_requester *q)
{
	const struct prot_spdm_request *next = NULL;

	q->state = prot_spdm_next_state(q->state, q->request->command->code);
	if (q->request->absorb) {
		next = q->request->absorb(q);
	}
	if (!next) {
		return finish(q, PROT_OK, PROT_SPDM_REASON_NONE);
	}
	q->request = next;
	q->phase = SPDM_REQ_SEND;
	return PROT_PENDING;
}

static enum prot_status decide_and_advance(struct prot_spdm_requester *q)
{
	struct prot_spdm_verdict v = decide(q);

	if (v.status == PROT_PENDING) {
		return PROT_PENDING;
	}
	if (q->cancelled) {
		v = spdm_verdict(PROT_ERR_CANCELLED, PROT_SPDM_REASON_LOCAL);
	}
	return v.status == PROT_OK ? advance(q) : finish(q, v.status, v.reason);
}

/* Enter request and response into the transcript of their row. */
static struct prot_spdm_verdict record(struct prot_spdm_requester *q)
{
	const struct prot_spdm_command *cmd = q->request->command;
	size_t len = q->signature ? (size_t)(q->signature - q->response)
				  : q->response_len;
	enum prot_status st;

	st = prot_spdm_transcript_add(&q->transcript, &q->cfg->crypto, cmd,
				      q->cfg->tx, q->request_len);
	if (st == PROT_OK) {
		st = prot_spdm_transcript_add(&q->transcript, &q->cfg->crypto,
					      cmd, q->response, len);
	}
	return spdm_verdict(st, st == PROT_ERR_SPACE
					? PROT_SPDM_REASON_VCA_SPACE
					: PROT_SPDM_REASON_LOCAL);
}

/* The response is what the request asked for, in form. */
static struct prot_spdm_verdict examine(struct prot_spdm_requester *q)
{
	struct prot_rd rd = prot_rd_init(q->response, q->response_len);
	uint8_t asked = q->request->command->code;
	uint8_t version = prot_rd_u8(&rd);
	uint8_t code = prot_rd_u8(&rd);
	struct spdm_message m = {.param1 = prot_rd_u8(&rd)};
	struct prot_spdm_verdict v;

	m.param2 = prot_rd_u8(&rd);
	m.body = rd;
	if (code != spdm_response_code(asked)) {
		return spdm_malformed(PROT_SPDM_REASON_WRONG_CODE);
	}
	if (version != (asked == SPDM_GET_VERSION ? PROT_SPDM_VERSION_10
						  : q->result.version)) {
		return spdm_malformed(PROT_SPDM_REASON_WRONG_VERSION);
	}
	v = q->request->check(q, &m);
	if (!prot_rd_ok(&m.body)) {
		return spdm_malformed(PROT_SPDM_REASON_SHORT);
	}
	if (v.status == PROT_OK && !prot_rd_end(&m.body)) {
		return spdm_malformed(PROT_SPDM_REASON_LONG);
	}
	return v;
}

enum prot_status prot_spdm_req_receive(struct prot_spdm_requester *q,
				       const uint8_t *msg, size_t len)
{
	struct prot_spdm_verdict v;

	q->response = msg;
	q->response_len = len;
	q->signature = NULL;
	q->decision = 0;
	q->prepared = false;
	v = examine(q);
	if (v.status == PROT_OK) {
		v = record(q);
	}
	if (v.status != PROT_OK) {
		return finish(q, v.status, v.reason);
	}
	q->phase = SPDM_REQ_DECIDE;
	return decide_and_advance(q);
}

/* ResponseNotReady: wait, then ask for the answer with RESPOND_IF_READY. */
static enum prot_status defer(struct prot_spdm_requester *q, struct prot_rd *rd,
			      uint64_t now_ms)
{
	uint8_t exponent = prot_rd_u8(rd);
	uint8_t code = prot_rd_u8(rd);
	uint8_t token = prot_rd_u8(rd);
	uint64_t wait;

	(void)prot_rd_u8(rd); /* RDTM: how long the answer is kept */
	if (!prot_rd_end(rd) || code != q->request->command->code ||
	    q->state < PROT_SPDM_STATE_NEGOTIATED || exponent > 31) {
		return finish(q, PROT_ERR_MALFORMED, PROT_SPDM_REASON_FIELD);
	}
	if (q->deferrals++ >= q->cfg->retries) {
		return finish(q, PROT_ERR_TIMEOUT,
			      PROT_SPDM_REASON_NEVER_READY);
	}
	wait = exponent_ms(exponent);
	if (wait > q->cfg->max_wait_ms) {
		return finish(q, PROT_ERR_TIMEOUT,
			      PROT_SPDM_REASON_WAIT_TOO_LONG);
	}
	q->deferred = true;
	q->respond_if_ready[0] = q->result.version;
	q->respond_if_ready[1] = SPDM_RESPOND_IF_READY;
	q->respond_if_ready[2] = code;
	q->respond_if_ready[3] = token;
	pause_until(q, now_ms + wait);
	return PROT_PENDING;
}

/* What each ErrorCode means for the request under way. */
static enum prot_status on_error(struct prot_spdm_requester *q,
				 const uint8_t *msg, size_t len,
				 uint64_t now_ms)
{
	struct prot_rd rd = prot_rd_init(msg + 2, len - 2);

	q->result.error_code = prot_rd_u8(&rd);
	q->result.error_data = prot_rd_u8(&rd);
	switch (q->result.error_code) {
	case PROT_SPDM_ERROR_BUSY:
		if (q->tries++ >= q->cfg->retries) {
			return finish(q, PROT_ERR_TIMEOUT,
				      PROT_SPDM_REASON_STILL_BUSY);
		}
		pause_until(q, now_ms + q->cfg->busy_wait_ms);
		return PROT_PENDING;
	case PROT_SPDM_ERROR_RESPONSE_NOT_READY:
		return defer(q, &rd, now_ms);
	case PROT_SPDM_ERROR_REQUEST_RESYNCH:
		q->state = PROT_SPDM_STATE_START;
		return finish(q, PROT_ERR_REFUSED, PROT_SPDM_REASON_RESYNCH);
	default:
		return finish(q, PROT_ERR_REFUSED,
			      PROT_SPDM_REASON_ERROR_RESPONSE);
	}
}

static enum prot_status on_message(struct prot_spdm_requester *q,
				   const uint8_t *msg, size_t len,
				   uint64_t now_ms)
{
	if (len < SPDM_HEADER_SIZE) {
		return finish(q, PROT_ERR_MALFORMED, PROT_SPDM_REASON_SHORT);
	}
	if (msg[1] == SPDM_ERROR) {
		return on_error(q, msg, len, now_ms);
	}
	return prot_spdm_req_receive(q, msg, len);
}

static enum prot_status on_silence(struct prot_spdm_requester *q,
				   uint64_t now_ms,
				   struct prot_spdm_output *out)
{
	if (now_ms < q->due_ms) {
		return PROT_PENDING;
	}
	if (q->phase == SPDM_REQ_WAIT) {
		if (q->tries++ >= q->cfg->retries) {
			return finish(q, PROT_ERR_TIMEOUT,
				      PROT_SPDM_REASON_NO_ANSWER);
		}
		raise_doubts(q);
	}
	transmit(q, now_ms, out);
	return PROT_PENDING;
}

static enum prot_status run(struct prot_spdm_requester *q, const uint8_t *msg,
			    size_t len, uint64_t now_ms,
			    struct prot_spdm_output *out)
{
	enum prot_status st = PROT_PENDING;

	if (q->phase == SPDM_REQ_DECIDE) {
		st = decide_and_advance(q);
	} else if (q->phase == SPDM_REQ_WAIT && msg) {
		st = on_message(q, msg, len, now_ms);
	} else if (q->phase != SPDM_REQ_SEND) {
		st = on_silence(q, now_ms, out);
	}
	if (st == PROT_PENDING && q->phase == SPDM_REQ_SEND) {
		st = begin(q, now_ms, out);
	}
	return st;
}

enum prot_status prot_spdm_requester_step(struct prot_spdm_requester *q,
					  const uint8_t *msg, size_t len,
					  uint64_t now_ms,
					  struct prot_spdm_output *out)
{
	enum prot_status st;

	out->msg = NULL;
	out->len = 0;
	out->wake_ms = UINT64_MAX;
	if (!q->request) {
		return PROT_ERR_STATE;
	}
	st = run(q, msg, len, now_ms, out);
	if (st == PROT_PENDING) {
		out->wake_ms = q->phase == SPDM_REQ_DECIDE ? now_ms : q->due_ms;
	}
	return st;
}

void prot_spdm_requester_cancel(struct prot_spdm_requester *q)
{
	if (q->request && q->phase == SPDM_REQ_DECIDE) {
		q->cancelled = true;
	} else if (q->request) {
		(void)finish(q, PROT_ERR_CANCELLED, PROT_SPDM_REASON_LOCAL);
	}
}
