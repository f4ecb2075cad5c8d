/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The update agent's machine: requests with their repetitions, waiting, and
 * the ways to fail. What the requests say is in the other files.
 */
#include "pldm_ua_internal.h"

#define NO_BODY NULL

const struct ua_row prot_pldm_ua_rows[PROT_PLDM_UA_DONE + 1] = {
	[PROT_PLDM_UA_GET_TID] = {PROT_PLDM_TYPE_BASE, PROT_PLDM_GET_TID, 0,
				  NO_BODY, prot_pldm_ua_tid},
	[PROT_PLDM_UA_SET_TID] = {PROT_PLDM_TYPE_BASE, PROT_PLDM_SET_TID, 0,
				  prot_pldm_ua_set_tid_encode,
				  prot_pldm_ua_set_tid},
	[PROT_PLDM_UA_GET_TYPES] = {PROT_PLDM_TYPE_BASE,
				    PROT_PLDM_GET_PLDM_TYPES, 0, NO_BODY,
				    prot_pldm_ua_types},
	[PROT_PLDM_UA_GET_VERSION] = {PROT_PLDM_TYPE_BASE,
				      PROT_PLDM_GET_PLDM_VERSION, 0,
				      prot_pldm_ua_version_encode,
				      prot_pldm_ua_version},
	[PROT_PLDM_UA_GET_COMMANDS] = {PROT_PLDM_TYPE_BASE,
				       PROT_PLDM_GET_PLDM_COMMANDS, 0,
				       prot_pldm_ua_commands_encode,
				       prot_pldm_ua_commands},
	[PROT_PLDM_UA_QUERY_IDENTIFIERS] = {PROT_PLDM_TYPE_FWUP,
					    PROT_PLDM_QUERY_DEVICE_IDENTIFIERS,
					    0, NO_BODY,
					    prot_pldm_ua_identifiers},
	[PROT_PLDM_UA_GET_PARAMETERS] = {PROT_PLDM_TYPE_FWUP,
					 PROT_PLDM_GET_FIRMWARE_PARAMETERS, 0,
					 NO_BODY, prot_pldm_ua_parameters},
	[PROT_PLDM_UA_REQUEST_UPDATE] = {PROT_PLDM_TYPE_FWUP,
					 PROT_PLDM_REQUEST_UPDATE,
					 PROT_PLDM_FWUP_ALREADY_IN_UPDATE_MODE,
					 prot_pldm_ua_request_encode,
					 prot_pldm_ua_request},
	[PROT_PLDM_UA_GET_METADATA] = {PROT_PLDM_TYPE_FWUP,
				       PROT_PLDM_GET_DEVICE_META_DATA, 0,
				       prot_pldm_ua_metadata_encode,
				       prot_pldm_ua_metadata},
	[PROT_PLDM_UA_PASS_COMPONENT] =
		{PROT_PLDM_TYPE_FWUP, PROT_PLDM_PASS_COMPONENT_TABLE,
		 PROT_PLDM_FWUP_INVALID_STATE_FOR_COMMAND,
		 prot_pldm_ua_pass_encode, prot_pldm_ua_pass},
	[PROT_PLDM_UA_UPDATE_COMPONENT] =
		{PROT_PLDM_TYPE_FWUP, PROT_PLDM_UPDATE_COMPONENT,
		 PROT_PLDM_FWUP_INVALID_STATE_FOR_COMMAND,
		 prot_pldm_ua_update_encode, prot_pldm_ua_update},
	[PROT_PLDM_UA_CANCEL_COMPONENT] = {PROT_PLDM_TYPE_FWUP,
					   PROT_PLDM_CANCEL_UPDATE_COMPONENT, 0,
					   NO_BODY,
					   prot_pldm_ua_cancel_component},
	[PROT_PLDM_UA_ACTIVATE] = {PROT_PLDM_TYPE_FWUP,
				   PROT_PLDM_ACTIVATE_FIRMWARE,
				   PROT_PLDM_FWUP_NOT_IN_UPDATE_MODE,
				   prot_pldm_ua_activate_encode,
				   prot_pldm_ua_activate},
	[PROT_PLDM_UA_CANCEL] = {PROT_PLDM_TYPE_FWUP, PROT_PLDM_CANCEL_UPDATE,
				 0, NO_BODY, prot_pldm_ua_cancel_update},
	[UA_ASK_STATUS] = {PROT_PLDM_TYPE_FWUP, PROT_PLDM_GET_STATUS, 0,
			   NO_BODY, prot_pldm_ua_status},
};

enum prot_status prot_pldm_ua_init(struct prot_pldm_ua *ua,
				   const struct prot_pldm_ua_config *cfg)
{
	if (!cfg->package || !cfg->components || cfg->component_cap == 0 ||
	    (!cfg->metadata && cfg->metadata_cap != 0) ||
	    cfg->max_transfer < PROT_PLDM_FWUP_BASELINE_TRANSFER ||
	    cfg->max_transfer > UINT32_MAX - PROT_PLDM_RESPONSE_SIZE ||
	    cfg->retries < PROT_PLDM_PN1 ||
	    cfg->response_ms < PROT_PLDM_PT2_MIN_MS ||
	    cfg->response_ms > PROT_PLDM_PT2_MAX_MS || cfg->t2_ms == 0 ||
	    cfg->t3_ms == 0 || cfg->poll_ms == 0 ||
	    cfg->tid == PROT_PLDM_TID_RESERVED) {
		return PROT_ERR_ARG;
	}
	memset(ua, 0, sizeof(*ua));
	ua->cfg = cfg;
	ua->device_progress = PROT_PLDM_PROGRESS_UNKNOWN;
	return PROT_OK;
}

static uint64_t after(const struct prot_pldm_ua *ua, uint64_t ms)
{
	return ua->now_ms + ms;
}

void prot_pldm_ua_go(struct prot_pldm_ua *ua, enum prot_pldm_ua_step step)
{
	bool transfer = step == PROT_PLDM_UA_DOWNLOAD ||
			step == PROT_PLDM_UA_PACKAGE_DATA;

	ua->step = (uint8_t)step;
	ua->tries = 0;
	ua->gathered = 0;
	ua->handle = 0;
	ua->not_before_ms = 0;
	ua->busy_until_ms = 0;
	ua->heard_ms = ua->now_ms;
	ua->deadline_ms = after(ua, transfer ? ua->cfg->t2_ms : ua->cfg->t3_ms);
	ua->device_progress = PROT_PLDM_PROGRESS_UNKNOWN;
	if (step == PROT_PLDM_UA_UPDATE_COMPONENT) {
		ua->served = 0;
		ua->idle_bytes = 0;
		ua->flags &= (uint16_t)~UA_IMPLIED;
	}
}

/* The first failure is the one to report. */
static void record_failure(struct prot_pldm_ua *ua,
			   enum prot_pldm_ua_reason reason, uint8_t code)
{
	struct prot_pldm_ua_result *result = &ua->result;

	if (result->reason != PROT_PLDM_UA_FAIL_NONE) {
		return;
	}
	result->reason = reason;
	result->step = (enum prot_pldm_ua_step)ua->step;
	result->code = code;
	if (ua->at < ua->count) {
		result->component = ua_component(ua)->image.index;
	}
}

void prot_pldm_ua_fail(struct prot_pldm_ua *ua, enum prot_pldm_ua_reason reason,
		       uint8_t code)
{
	record_failure(ua, reason, code);
	prot_pldm_ua_go(ua, (ua->flags & UA_IN_UPDATE) != 0
				    ? PROT_PLDM_UA_CANCEL
				    : PROT_PLDM_UA_DONE);
}

void prot_pldm_ua_component_fail(struct prot_pldm_ua *ua,
				 enum prot_pldm_ua_reason reason, uint8_t code)
{
	bool on = (ua->record.option_flags &
		   PROT_PLDM_PACKAGE_CONTINUE_AFTER_FAILURE) != 0 ||
		  reason == PROT_PLDM_UA_FAIL_CANCELLED;

	ua_component(ua)->outcome = reason;
	if (!on) {
		prot_pldm_ua_fail(ua, reason, code);
		return;
	}
	record_failure(ua, reason, code);
	if (ua->step == PROT_PLDM_UA_UPDATE_COMPONENT) {
		prot_pldm_ua_next_component(ua);
	} else {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_CANCEL_COMPONENT);
	}
}

void prot_pldm_ua_next_component(struct prot_pldm_ua *ua)
{
	bool applied = false;

	ua->at++;
	ua->flags &= (uint16_t)~UA_ASKED_AGAIN;
	if (ua->at < ua->count) {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_UPDATE_COMPONENT);
		return;
	}
	for (uint16_t i = 0; i < ua->count; i++) {
		applied = applied || ua->cfg->components[i].applied;
	}
	if (!applied) {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_CANCEL);
	} else {
		prot_pldm_ua_go(ua, ua->cfg->activate ? PROT_PLDM_UA_ACTIVATE
						      : PROT_PLDM_UA_DONE);
	}
}

void prot_pldm_ua_cancelled(struct prot_pldm_ua *ua)
{
	bool taking_over = (ua->flags & UA_TAKING_OVER) != 0;

	ua->flags &= (uint16_t) ~(UA_TAKING_OVER | UA_IN_UPDATE);
	prot_pldm_ua_go(ua, taking_over ? PROT_PLDM_UA_REQUEST_UPDATE
					: PROT_PLDM_UA_DONE);
}

/* Send a request, or repeat the outstanding one with its instance id. */
static void ask(struct prot_pldm_ua *ua, uint8_t asked, struct prot_wr *w)
{
	const struct ua_row *row = &prot_pldm_ua_rows[asked];
	enum prot_status st = PROT_OK;

	if (ua->tries == 0) {
		ua->instance = (uint8_t)((ua->instance + 1) %
					 PROT_PLDM_INSTANCE_COUNT);
	}
	prot_pldm_request_begin(w, ua->instance, row->type, row->command);
	if (row->encode) {
		st = row->encode(ua, w);
	}
	if (st != PROT_OK || !prot_wr_ok(w)) {
		w->len = 0;
		prot_pldm_ua_fail(ua, PROT_PLDM_UA_FAIL_PACKAGE, 0);
		return;
	}
	if (asked == PROT_PLDM_UA_REQUEST_UPDATE) {
		/* Accepted even if its response gets lost. */
		ua->flags |= UA_IN_UPDATE;
	}
	ua->asked = asked;
	ua->tries++;
	ua->sent_ms = ua->now_ms;
}

/* The last repetition had no response either. */
static void silent(struct prot_pldm_ua *ua)
{
	ua->tries = 0;
	if (ua->asked == UA_ASK_STATUS) {
		/* The step's own deadline decides, not a lost poll. */
		ua->heard_ms = ua->now_ms;
	} else if (ua->step == PROT_PLDM_UA_CANCEL) {
		prot_pldm_ua_cancelled(ua);
	} else if ((ua->flags & UA_IMPLIED) != 0 &&
		   ua->step == PROT_PLDM_UA_UPDATE_COMPONENT) {
		prot_pldm_ua_presume(ua);
	} else {
		prot_pldm_ua_fail(ua, PROT_PLDM_UA_FAIL_NO_RESPONSE, 0);
	}
}

static bool poll_wanted(const struct prot_pldm_ua *ua)
{
	return (ua->flags & UA_NO_STATUS) == 0 &&
	       ua->step != PROT_PLDM_UA_PACKAGE_DATA;
}

static uint64_t poll_ms(const struct prot_pldm_ua *ua)
{
	return poll_wanted(ua) ? ua->heard_ms + ua->cfg->poll_ms : UINT64_MAX;
}

/* A step that waits for requests of the FD. */
static void wait(struct prot_pldm_ua *ua, struct prot_wr *w)
{
	if (ua->now_ms >= ua->deadline_ms) {
		prot_pldm_ua_fail(ua,
				  ua->step == PROT_PLDM_UA_SETTLE
					  ? PROT_PLDM_UA_FAIL_NO_RESPONSE
					  : PROT_PLDM_UA_FAIL_STALLED,
				  0);
	} else if (ua->now_ms >= poll_ms(ua)) {
		ask(ua, UA_ASK_STATUS, w);
	}
}

/* Whether a component is under way that could be cancelled on its own. */
static bool component_runs(const struct prot_pldm_ua *ua)
{
	return ua->step == PROT_PLDM_UA_DOWNLOAD ||
	       ua->step == PROT_PLDM_UA_VERIFY ||
	       ua->step == PROT_PLDM_UA_APPLY;
}

/* Act on what the caller asked for in prot_pldm_ua_cancel(). */
static void obey(struct prot_pldm_ua *ua)
{
	uint16_t wish = ua->flags & (UA_CANCEL_UPDATE | UA_CANCEL_COMPONENT);

	ua->flags &= (uint16_t)~wish;
	if ((wish & UA_CANCEL_UPDATE) != 0 && ua->step != PROT_PLDM_UA_CANCEL) {
		prot_pldm_ua_fail(ua, PROT_PLDM_UA_FAIL_CANCELLED, 0);
	} else if ((wish & UA_CANCEL_UPDATE) != 0) {
		record_failure(ua, PROT_PLDM_UA_FAIL_CANCELLED, 0);
		ua->flags &= (uint16_t)~UA_TAKING_OVER;
	} else if ((wish & UA_CANCEL_COMPONENT) != 0 && component_runs(ua)) {
		prot_pldm_ua_component_fail(ua, PROT_PLDM_UA_FAIL_CANCELLED, 0);
	}
}

/* What time alone brings: repetitions, the next request, time-outs. */
static void pump(struct prot_pldm_ua *ua, struct prot_wr *w)
{
	if (ua->step == PROT_PLDM_UA_DONE) {
		return;
	}
	if (ua->tries != 0) {
		if (ua->now_ms - ua->sent_ms < ua->cfg->response_ms) {
			return;
		}
		if (ua->tries <= ua->cfg->retries) {
			ask(ua, ua->asked, w);
		} else {
			silent(ua);
		}
		return;
	}
	if (ua->now_ms < ua->not_before_ms) {
		return;
	}
	if (prot_pldm_ua_rows[ua->step].command != 0) {
		ask(ua, ua->step, w);
	} else {
		wait(ua, w);
	}
}

static void absorb(struct prot_pldm_ua *ua, const struct prot_pldm_message *rx)
{
	const struct ua_row *row = &prot_pldm_ua_rows[ua->asked];
	const struct prot_pldm_header request = {
		.request = true,
		.instance = ua->instance,
		.type = row->type,
		.command = row->command,
	};
	struct prot_rd r = prot_rd_init(rx->data, rx->len);
	bool repeated = ua->tries > 1;
	uint8_t cc;

	/* A late, foreign or unreadable response is dropped. */
	if (ua->tries == 0 ||
	    prot_pldm_response_decode(&r, &request, &cc) != PROT_OK) {
		return;
	}
	ua->tries = 0;
	ua->heard_ms = ua->now_ms;
	if (cc != PROT_PLDM_SUCCESS) {
		prot_pldm_ua_refused(ua, cc, repeated);
	} else if (row->absorb(ua, &r) != PROT_OK &&
		   ua->asked != UA_ASK_STATUS) {
		prot_pldm_ua_fail(ua, PROT_PLDM_UA_FAIL_BAD_RESPONSE, 0);
	}
}

static void receive(struct prot_pldm_ua *ua, const struct prot_pldm_message *rx,
		    struct prot_wr *w)
{
	struct prot_rd r = prot_rd_init(rx->data, rx->len);
	struct prot_pldm_header h;

	if (rx->peer != ua->cfg->peer ||
	    prot_pldm_header_decode(&r, &h) != PROT_OK) {
		return;
	}
	if (h.request) {
		prot_pldm_ua_serve(ua, &h, &r, w);
	} else {
		absorb(ua, rx);
	}
}

static enum prot_status final_status(enum prot_pldm_ua_reason reason)
{
#define STATUS(name, status, text) (int8_t)(status),
	static const int8_t status_of[] = {PROT_PLDM_UA_REASON_TABLE(STATUS)};
#undef STATUS

	return (enum prot_status)status_of[reason];
}

enum prot_status prot_pldm_ua_step(struct prot_pldm_ua *ua,
				   const struct prot_pldm_message *rx,
				   uint64_t now_ms, uint8_t *tx, size_t tx_cap,
				   size_t *tx_len)
{
	struct prot_wr w = prot_wr_init(tx, tx_cap);

	*tx_len = 0;
	if (tx_cap < PROT_PLDM_UA_TX_SIZE(ua->cfg->max_transfer)) {
		return PROT_ERR_ARG;
	}
	ua->now_ms = now_ms;
	if (ua->step != PROT_PLDM_UA_DONE) {
		obey(ua);
	}
	if (rx && ua->step != PROT_PLDM_UA_DONE) {
		receive(ua, rx, &w);
	}
	/* What follows a request of the device can only be the answer to it. */
	if (w.len == 0 && !(rx && prot_pldm_message_is_request(rx))) {
		pump(ua, &w);
	}
	*tx_len = w.len;
	return ua->step == PROT_PLDM_UA_DONE ? final_status(ua->result.reason)
					     : PROT_PENDING;
}

uint64_t prot_pldm_ua_wake_ms(const struct prot_pldm_ua *ua)
{
	uint64_t poll = poll_ms(ua);

	if (ua->step == PROT_PLDM_UA_DONE) {
		return UINT64_MAX;
	}
	if ((ua->flags & (UA_CANCEL_UPDATE | UA_CANCEL_COMPONENT)) != 0) {
		return 0;
	}
	if (ua->tries != 0) {
		return ua->sent_ms + ua->cfg->response_ms;
	}
	if (prot_pldm_ua_rows[ua->step].command != 0) {
		return ua->not_before_ms;
	}
	return poll < ua->deadline_ms ? poll : ua->deadline_ms;
}

void prot_pldm_ua_cancel(struct prot_pldm_ua *ua, enum prot_pldm_ua_scope scope)
{
	ua->flags |= scope == PROT_PLDM_UA_UPDATE ? UA_CANCEL_UPDATE
						  : UA_CANCEL_COMPONENT;
}

void prot_pldm_ua_progress(const struct prot_pldm_ua *ua,
			   struct prot_pldm_ua_progress *progress)
{
	bool some = ua->at < ua->count;

	progress->step = (enum prot_pldm_ua_step)ua->step;
	progress->component = ua->at;
	progress->component_count = ua->count;
	progress->served = ua->served;
	progress->size = some ? ua_component(ua)->image.image.len : 0;
	progress->device_progress = ua->device_progress;
}

const struct prot_pldm_ua_result *
prot_pldm_ua_result(const struct prot_pldm_ua *ua)
{
	return &ua->result;
}
