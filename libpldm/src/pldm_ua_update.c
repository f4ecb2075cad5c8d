/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The update agent from RequestUpdate to ActivateFirmware or CancelUpdate
 * (DSP0267 1.3.0): what its requests say, and where the answers lead.
 */
#include "pldm_ua_internal.h"

/* A version string of the package, fetched for one message. */
struct text {
	struct prot_pldm_string string;
	uint8_t bytes[255];
};

static enum prot_status fetch(const struct prot_pldm_ua *ua,
			      const struct prot_pldm_package_string *s,
			      struct text *t)
{
	t->string.type = s->type;
	t->string.len = (uint8_t)s->text.len;
	t->string.bytes = t->bytes;
	return prot_pldm_package_read(ua->cfg->package, &s->text, 0, t->bytes,
				      s->text.len);
}

static struct prot_pldm_component_id
component_id(const struct prot_pldm_ua_component *c)
{
	struct prot_pldm_component_id id = {
		c->image.classification, c->image.identifier, c->class_index};

	return id;
}

enum prot_status prot_pldm_ua_request_encode(const struct prot_pldm_ua *ua,
					     struct prot_wr *w)
{
	struct text t;
	enum prot_status st = fetch(ua, &ua->record.version, &t);
	const struct prot_pldm_request_update_req m = {
		.max_transfer = ua->cfg->max_transfer,
		.component_count = ua->count,
		.max_outstanding = 1,
		.package_data_len = (uint16_t)ua->record.package_data.len,
		.version = t.string,
	};

	if (st == PROT_OK) {
		prot_pldm_request_update_req_encode(w, &m);
	}
	return st;
}

void prot_pldm_ua_begin_table(struct prot_pldm_ua *ua)
{
	ua->at = 0;
	prot_pldm_ua_go(ua, PROT_PLDM_UA_PASS_COMPONENT);
}

/* The FD fetches its package data before it takes the component table. */
static void begin_package_data(struct prot_pldm_ua *ua, uint8_t wanted)
{
	if (wanted == PROT_PLDM_PACKAGE_DATA_NO ||
	    ua->record.package_data.len == 0 ||
	    (ua->flags & UA_PACKAGE_DATA_SERVED) != 0) {
		prot_pldm_ua_begin_table(ua);
	} else {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_PACKAGE_DATA);
	}
}

enum prot_status prot_pldm_ua_request(struct prot_pldm_ua *ua,
				      struct prot_rd *r)
{
	struct prot_pldm_request_update_rsp m;
	enum prot_status st = prot_pldm_request_update_rsp_decode(r, &m);

	if (st != PROT_OK) {
		return st;
	}
	ua->metadata_len = m.metadata_len;
	ua->package_data_max = m.package_data == PROT_PLDM_PACKAGE_DATA_LIMITED
				       ? m.package_data_max
				       : 0;
	ua->package_data_wanted = m.package_data;
	if (m.metadata_len > ua->cfg->metadata_cap) {
		prot_pldm_ua_fail(ua, PROT_PLDM_UA_FAIL_METADATA, 0);
	} else if (m.metadata_len != 0) {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_GET_METADATA);
	} else {
		begin_package_data(ua, m.package_data);
	}
	return PROT_OK;
}

enum prot_status prot_pldm_ua_metadata_encode(const struct prot_pldm_ua *ua,
					      struct prot_wr *w)
{
	const struct prot_pldm_transfer_req m = {
		.handle = ua->handle,
		.operation = ua->gathered == 0 ? PROT_PLDM_GET_FIRST_PART
					       : PROT_PLDM_GET_NEXT_PART,
	};

	prot_pldm_transfer_req_encode(w, &m);
	return PROT_OK;
}

enum prot_status prot_pldm_ua_metadata(struct prot_pldm_ua *ua,
				       struct prot_rd *r)
{
	struct prot_pldm_transfer_rsp m;
	enum prot_status st = prot_pldm_transfer_rsp_decode(r, &m);

	if (st != PROT_OK || m.len == 0 ||
	    m.len > (size_t)(ua->metadata_len - ua->gathered) ||
	    ((m.flag & PROT_PLDM_START) != 0) != (ua->gathered == 0)) {
		return PROT_ERR_MALFORMED;
	}
	memcpy(ua->cfg->metadata + ua->gathered, m.data, m.len);
	ua->gathered = (uint16_t)(ua->gathered + m.len);
	ua->handle = m.next_handle;
	if ((m.flag & PROT_PLDM_END) != 0) {
		ua->metadata_len = ua->gathered;
		begin_package_data(ua, ua->package_data_wanted);
	}
	return PROT_OK;
}

enum prot_status prot_pldm_ua_pass_encode(const struct prot_pldm_ua *ua,
					  struct prot_wr *w)
{
	const struct prot_pldm_ua_component *c = ua_component(ua);
	unsigned flag = ua->at == 0 ? PROT_PLDM_START : 0;
	struct text t;
	enum prot_status st = fetch(ua, &c->image.version, &t);

	flag |= ua->at + 1u == ua->count ? PROT_PLDM_END : 0;
	if (st == PROT_OK) {
		const struct prot_pldm_pass_component_req m = {
			.flag = (uint8_t)(flag != 0 ? flag : PROT_PLDM_MIDDLE),
			.id = component_id(c),
			.stamp = c->image.stamp,
			.version = t.string,
		};

		prot_pldm_pass_component_req_encode(w, &m);
	}
	return st;
}

/* The next entry of the table or, after the last, the first component. */
static void pass_next(struct prot_pldm_ua *ua)
{
	ua->at++;
	if (ua->at < ua->count) {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_PASS_COMPONENT);
	} else {
		ua->at = 0;
		prot_pldm_ua_go(ua, PROT_PLDM_UA_UPDATE_COMPONENT);
	}
}

/* The verdict on the table is preliminary: UpdateComponent gets the real one */
enum prot_status prot_pldm_ua_pass(struct prot_pldm_ua *ua, struct prot_rd *r)
{
	struct prot_pldm_pass_component_rsp m;
	enum prot_status st = prot_pldm_pass_component_rsp_decode(r, &m);

	if (st == PROT_OK) {
		ua_component(ua)->table_code = m.code;
		pass_next(ua);
	}
	return st;
}

static uint32_t update_options(const struct prot_pldm_ua *ua,
			       const struct prot_pldm_ua_component *c)
{
	bool force = ua->cfg->force ||
		     (c->image.options & PROT_PLDM_PACKAGE_FORCE_UPDATE) != 0;
	bool later = (c->image.options & PROT_PLDM_PACKAGE_DELAYED_SVN) != 0;
	uint32_t options = 0;

	options |= force ? PROT_PLDM_OPTION_FORCE : 0;
	options |= later ? PROT_PLDM_OPTION_DELAYED_SECURITY_REVISION : 0;
	return options;
}

enum prot_status prot_pldm_ua_update_encode(const struct prot_pldm_ua *ua,
					    struct prot_wr *w)
{
	const struct prot_pldm_ua_component *c = ua_component(ua);
	struct text t;
	enum prot_status st = fetch(ua, &c->image.version, &t);

	if (st == PROT_OK) {
		const struct prot_pldm_update_component_req m = {
			.id = component_id(c),
			.stamp = c->image.stamp,
			.size = c->image.image.len,
			.options = update_options(ua, c),
			.version = t.string,
		};

		prot_pldm_update_component_req_encode(w, &m);
	}
	return st;
}

enum prot_status prot_pldm_ua_update(struct prot_pldm_ua *ua, struct prot_rd *r)
{
	struct prot_pldm_update_component_rsp m;
	enum prot_status st = prot_pldm_update_component_rsp_decode(r, &m);

	if (st != PROT_OK) {
		return st;
	}
	if (m.response != 0) {
		prot_pldm_ua_component_fail(
			ua, PROT_PLDM_UA_FAIL_COMPONENT_REFUSED, m.code);
	} else {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_DOWNLOAD);
		ua->deadline_ms += (uint64_t)m.delay_s * 1000;
	}
	return PROT_OK;
}

enum prot_status prot_pldm_ua_cancel_component(struct prot_pldm_ua *ua,
					       struct prot_rd *r)
{
	(void)r; /* an empty body; nothing in it would matter */
	prot_pldm_ua_next_component(ua);
	return PROT_OK;
}

enum prot_status prot_pldm_ua_activate_encode(const struct prot_pldm_ua *ua,
					      struct prot_wr *w)
{
	prot_pldm_activate_req_encode(w, ua->cfg->self_contained ? 1 : 0);
	return PROT_OK;
}

static void activated(struct prot_pldm_ua *ua)
{
	ua->flags &= (uint16_t)~UA_IN_UPDATE;
	prot_pldm_ua_go(ua, ua->cfg->self_contained ? PROT_PLDM_UA_SETTLE
						    : PROT_PLDM_UA_DONE);
}

enum prot_status prot_pldm_ua_activate(struct prot_pldm_ua *ua,
				       struct prot_rd *r)
{
	uint16_t seconds;
	enum prot_status st = prot_pldm_activate_rsp_decode(r, &seconds);

	if (st == PROT_OK) {
		activated(ua);
		ua->deadline_ms += (uint64_t)seconds * 1000;
	}
	return st;
}

enum prot_status prot_pldm_ua_cancel_update(struct prot_pldm_ua *ua,
					    struct prot_rd *r)
{
	struct prot_pldm_cancel_update_rsp m;

	/* Cancelled it is, whether or not the rest can be read. */
	if (prot_pldm_cancel_update_rsp_decode(r, &m) == PROT_OK &&
	    m.non_functioning != 0) {
		ua->result.broken = m.non_functioning_bitmap;
	}
	prot_pldm_ua_cancelled(ua);
	return PROT_OK;
}

void prot_pldm_ua_presume(struct prot_pldm_ua *ua)
{
	switch (ua->step) {
	case PROT_PLDM_UA_REQUEST_UPDATE:
		begin_package_data(ua, PROT_PLDM_PACKAGE_DATA_NO);
		break;
	case PROT_PLDM_UA_PASS_COMPONENT:
		pass_next(ua);
		break;
	case PROT_PLDM_UA_UPDATE_COMPONENT:
		prot_pldm_ua_go(ua, PROT_PLDM_UA_DOWNLOAD);
		break;
	default:
		activated(ua);
		break;
	}
}

/* The device may be through, may have given up, or goes on. */
static void settle(struct prot_pldm_ua *ua,
		   const struct prot_pldm_get_status_rsp *m)
{
	if (m->state == PROT_PLDM_FD_ACTIVATE &&
	    m->aux == PROT_PLDM_FD_AUX_IN_PROGRESS) {
		return;
	}
	/* DSP0267 1.3.0 adds AuxState 4: self-contained activation failed. */
	if (m->aux == PROT_PLDM_FD_AUX_FAILED || m->aux == 4) {
		prot_pldm_ua_fail(ua, PROT_PLDM_UA_FAIL_ACTIVATION_FAILED, 0);
	} else {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_DONE);
	}
}

enum prot_status prot_pldm_ua_status(struct prot_pldm_ua *ua, struct prot_rd *r)
{
	struct prot_pldm_get_status_rsp m;
	enum prot_status st = prot_pldm_get_status_rsp_decode(r, &m);

	if (st != PROT_OK) {
		return st;
	}
	if (m.progress != ua->device_progress) {
		ua->device_progress = m.progress;
		if (ua->step == PROT_PLDM_UA_VERIFY ||
		    ua->step == PROT_PLDM_UA_APPLY) {
			ua->deadline_ms = ua->now_ms + ua->cfg->t3_ms;
		}
	}
	if (ua->step == PROT_PLDM_UA_SETTLE) {
		settle(ua, &m);
	} else if (m.state == PROT_PLDM_FD_IDLE) {
		ua->flags &= (uint16_t)~UA_IN_UPDATE;
		prot_pldm_ua_fail(ua, PROT_PLDM_UA_FAIL_DEVICE_LEFT, m.reason);
	} else if (m.state == PROT_PLDM_FD_READY_XFER &&
		   ua->step == PROT_PLDM_UA_DOWNLOAD &&
		   (ua->flags & UA_ASKED_AGAIN) == 0) {
		/* UpdateComponent was presumed, but not carried out. */
		ua->flags |= UA_ASKED_AGAIN;
		prot_pldm_ua_go(ua, PROT_PLDM_UA_UPDATE_COMPONENT);
	}
	return PROT_OK;
}

/* "Later": the step's request is made again until patience ends. */
static bool put_off(struct prot_pldm_ua *ua)
{
	if (ua->busy_until_ms == 0) {
		ua->busy_until_ms = ua->now_ms + ua->cfg->busy_ms;
	}
	ua->not_before_ms = ua->now_ms + ua->cfg->poll_ms;
	return ua->not_before_ms <= ua->busy_until_ms;
}

/*
 * Codes that may mean "later". Invalid state: the FD has lost our response to
 * its ApplyComplete, and will ask again before it goes on.
 */
static bool means_later(const struct prot_pldm_ua *ua, uint8_t cc)
{
	switch (cc) {
	case PROT_PLDM_ERROR_NOT_READY:
		return true;
	case PROT_PLDM_FWUP_RETRY_REQUEST_UPDATE:
		return ua->step == PROT_PLDM_UA_REQUEST_UPDATE;
	case PROT_PLDM_FWUP_BUSY_IN_BACKGROUND:
	case PROT_PLDM_FWUP_INVALID_STATE_FOR_COMMAND:
		return ua->step == PROT_PLDM_UA_UPDATE_COMPONENT ||
		       ua->step == PROT_PLDM_UA_ACTIVATE ||
		       ua->step == PROT_PLDM_UA_CANCEL_COMPONENT ||
		       ua->step == PROT_PLDM_UA_CANCEL;
	default:
		return false;
	}
}

/* Refusals that are an answer of their own; false: this is none. */
static bool special_refusal(struct prot_pldm_ua *ua, uint8_t cc, bool repeated)
{
	enum prot_pldm_ua_step step = (enum prot_pldm_ua_step)ua->step;

	/* The link may have repeated what was refused as too early. */
	if (step == PROT_PLDM_UA_ACTIVATE && ua->busy_until_ms != 0) {
		repeated = true;
	}
	if ((repeated && cc != 0 &&
	     cc == prot_pldm_ua_rows[step].repeated_cc) ||
	    (step == PROT_PLDM_UA_ACTIVATE &&
	     cc == PROT_PLDM_FWUP_ACTIVATION_NOT_REQUIRED) ||
	    (step == PROT_PLDM_UA_UPDATE_COMPONENT &&
	     (ua->flags & UA_IMPLIED) != 0)) {
		prot_pldm_ua_presume(ua);
		return true;
	}
	if (step == PROT_PLDM_UA_REQUEST_UPDATE && ua->cfg->takeover &&
	    cc == PROT_PLDM_FWUP_ALREADY_IN_UPDATE_MODE &&
	    (ua->flags & UA_TOOK_OVER) == 0) {
		ua->flags |= UA_TAKING_OVER | UA_TOOK_OVER;
		prot_pldm_ua_go(ua, PROT_PLDM_UA_CANCEL);
		return true;
	}
	return false;
}

void prot_pldm_ua_refused(struct prot_pldm_ua *ua, uint8_t cc, bool repeated)
{
	if (ua->asked == UA_ASK_STATUS) {
		ua->flags |= cc == PROT_PLDM_ERROR_UNSUPPORTED_PLDM_CMD
				     ? UA_NO_STATUS
				     : 0;
		return;
	}
	if (special_refusal(ua, cc, repeated) ||
	    (means_later(ua, cc) && put_off(ua))) {
		return;
	}
	/* An FD that is in no update has nothing to cancel. */
	if (ua->step == PROT_PLDM_UA_CANCEL) {
		prot_pldm_ua_cancelled(ua);
		return;
	}
	if (ua->step == PROT_PLDM_UA_CANCEL_COMPONENT) {
		prot_pldm_ua_next_component(ua);
		return;
	}
	if (ua->step == PROT_PLDM_UA_REQUEST_UPDATE) {
		ua->flags &= (uint16_t)~UA_IN_UPDATE;
	}
	prot_pldm_ua_fail(ua, PROT_PLDM_UA_FAIL_REFUSED, cc);
}
