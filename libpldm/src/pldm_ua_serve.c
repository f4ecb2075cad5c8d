/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The requests that an FD makes of the update agent (DSP0267 1.3.0): data of
 * the package, and the completions that drive a component forward.
 *
 * A completion that is repeated, because the response to it got lost, is
 * answered again and does nothing.
 */
#include "pldm_ua_internal.h"

#include <prot/base/compiler.h>

/* An FD may read the image twice more, and this, before it is hopeless. */
#define IDLE_SLACK 65536u

static bool cancelling(const struct prot_pldm_ua *ua)
{
	return ua->step == PROT_PLDM_UA_CANCEL_COMPONENT ||
	       ua->step == PROT_PLDM_UA_CANCEL;
}

/* The answer to what comes at the wrong moment. */
static uint8_t not_now(const struct prot_pldm_ua *ua)
{
	return cancelling(ua) ? PROT_PLDM_FWUP_CANCEL_PENDING
			      : PROT_PLDM_FWUP_COMMAND_NOT_EXPECTED;
}

/*
 * The FD transfers, even if its UpdateComponent response is still to come, or
 * a refusal came first: a link that repeats messages may have brought the
 * request twice, too early and then in time.
 */
static bool downloading(const struct prot_pldm_ua *ua)
{
	return ua->step == PROT_PLDM_UA_DOWNLOAD ||
	       (ua->step == PROT_PLDM_UA_UPDATE_COMPONENT &&
		(ua->tries != 0 || ua->busy_until_ms != 0));
}

/* Account for a message of n bytes, image bytes up to `end`; false: enough. */
static bool advance(struct prot_pldm_ua *ua, uint32_t end, uint32_t n)
{
	uint32_t size = ua_component(ua)->image.image.len;

	ua->idle_bytes += n;
	if (end > ua->served) {
		ua->served = end;
		ua->idle_bytes = 0;
	}
	return ua->idle_bytes <= 2 * (uint64_t)size + IDLE_SLACK;
}

static uint8_t serve_data(struct prot_pldm_ua *ua, struct prot_rd *r,
			  struct prot_wr *w)
{
	struct prot_pldm_request_data_req m;
	const struct prot_pldm_package_span *image;
	uint32_t n = 0;
	uint8_t *p;
	uint8_t cc;
	enum prot_status st = prot_pldm_request_data_req_decode(r, &m);

	if (st != PROT_OK) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	if (!downloading(ua)) {
		return not_now(ua);
	}
	image = &ua_component(ua)->image.image;
	cc = prot_pldm_request_data_check(&m, image->len,
					  ua->cfg->max_transfer);
	if (cc != PROT_PLDM_SUCCESS) {
		return cc;
	}
	p = prot_wr_claim(w, m.length);
	if (m.offset < image->len) {
		n = image->len - m.offset;
		n = n < m.length ? n : m.length;
	}
	st = p ? prot_pldm_package_read(ua->cfg->package, image,
					n != 0 ? m.offset : 0, p, n)
	       : PROT_ERR_SPACE;
	if (st == PROT_PENDING) {
		return PROT_PLDM_FWUP_RETRY_REQUEST_FW_DATA;
	}
	if (st != PROT_OK) {
		prot_pldm_ua_fail(ua, PROT_PLDM_UA_FAIL_PACKAGE, 0);
		return PROT_PLDM_ERROR;
	}
	memset(p + n, 0, m.length - n);
	if (ua->step == PROT_PLDM_UA_UPDATE_COMPONENT && ua->tries == 0) {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_DOWNLOAD);
	}
	ua->flags |= UA_IMPLIED;
	ua->completed = 0;
	ua->deadline_ms = ua->now_ms + ua->cfg->t2_ms;
	if (!advance(ua, n != 0 ? m.offset + n : 0, m.length)) {
		prot_pldm_ua_fail(ua, PROT_PLDM_UA_FAIL_STALLED, 0);
	}
	return PROT_PLDM_SUCCESS;
}

/* Where the bytes of a multipart transfer come from. */
struct parts {
	uint32_t len;
	uint32_t max;      /* bytes of one part */
	const uint8_t *at; /* NULL: the package data */
};

static enum prot_status read_part(const struct prot_pldm_ua *ua,
				  const struct parts *parts, uint32_t offset,
				  uint8_t *to, uint32_t n)
{
	if (!parts->at) {
		return prot_pldm_package_read(ua->cfg->package,
					      &ua->record.package_data, offset,
					      to, n);
	}
	memcpy(to, parts->at + offset, n);
	return PROT_OK;
}

/* Handles are offsets, so that any part can be asked for again. */
static uint8_t serve_part(struct prot_pldm_ua *ua, struct prot_rd *r,
			  struct prot_wr *w, const struct parts *parts,
			  bool *last)
{
	struct prot_pldm_transfer_req m;
	struct prot_pldm_transfer_rsp part = {0};
	uint32_t offset;
	uint32_t n;
	uint8_t *to;
	unsigned flag;

	if (prot_pldm_transfer_req_decode(r, &m) != PROT_OK) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	if (m.operation != PROT_PLDM_GET_FIRST_PART &&
	    m.operation != PROT_PLDM_GET_NEXT_PART) {
		return PROT_PLDM_FWUP_INVALID_TRANSFER_OPERATION_FLAG;
	}
	offset = m.operation == PROT_PLDM_GET_FIRST_PART ? 0 : m.handle;
	if (offset >= parts->len) {
		return PROT_PLDM_FWUP_INVALID_TRANSFER_HANDLE;
	}
	n = parts->len - offset;
	n = n < parts->max ? n : parts->max;
	*last = offset + n == parts->len;
	flag = offset == 0 ? PROT_PLDM_START : 0;
	flag |= *last ? PROT_PLDM_END : 0;
	part.flag = (uint8_t)(flag != 0 ? flag : PROT_PLDM_MIDDLE);
	part.next_handle = *last ? 0 : offset + n;
	prot_pldm_transfer_rsp_encode(w, &part);
	to = prot_wr_claim(w, n);
	if (!to || read_part(ua, parts, offset, to, n) != PROT_OK) {
		return PROT_PLDM_ERROR;
	}
	ua->deadline_ms = ua->now_ms + ua->cfg->t2_ms;
	return PROT_PLDM_SUCCESS;
}

/* Most bytes of a part: the transfer size less handle and flag. */
static uint32_t part_max(const struct prot_pldm_ua *ua, uint32_t limit)
{
	uint32_t max = ua->cfg->max_transfer - 5;

	return limit != 0 && limit < max ? limit : max;
}

static uint8_t serve_package_data(struct prot_pldm_ua *ua, struct prot_rd *r,
				  struct prot_wr *w)
{
	const struct parts parts = {ua->record.package_data.len,
				    part_max(ua, ua->package_data_max), NULL};
	bool last = false;
	uint8_t cc;

	if (ua->step < PROT_PLDM_UA_REQUEST_UPDATE ||
	    ua->step > PROT_PLDM_UA_PASS_COMPONENT) {
		return not_now(ua);
	}
	if (parts.len == 0) {
		return PROT_PLDM_FWUP_NO_PACKAGE_DATA;
	}
	cc = serve_part(ua, r, w, &parts, &last);
	if (cc == PROT_PLDM_SUCCESS && last) {
		ua->flags |= UA_PACKAGE_DATA_SERVED;
		if (ua->step == PROT_PLDM_UA_PACKAGE_DATA) {
			prot_pldm_ua_begin_table(ua);
		}
	}
	return cc;
}

static uint8_t serve_metadata(struct prot_pldm_ua *ua, struct prot_rd *r,
			      struct prot_wr *w)
{
	const struct parts parts = {ua->metadata_len, part_max(ua, 0),
				    ua->cfg->metadata};
	bool last = false;

	if (ua->step < PROT_PLDM_UA_DOWNLOAD || ua->step > PROT_PLDM_UA_APPLY ||
	    parts.len == 0) {
		return not_now(ua);
	}
	return serve_part(ua, r, w, &parts, &last);
}

/* A completion, seen before with the same result? */
static bool seen(const struct prot_pldm_ua *ua, uint8_t command, uint8_t result)
{
	return ua->completed == command && ua->completed_result == result;
}

static void remember(struct prot_pldm_ua *ua, uint8_t command, uint8_t result)
{
	ua->completed = command;
	ua->completed_result = result;
}

static uint8_t serve_transfer_complete(struct prot_pldm_ua *ua,
				       struct prot_rd *r, struct prot_wr *w)
{
	uint8_t result;

	(void)w;
	if (prot_pldm_complete_req_decode(r, &result) != PROT_OK) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	if (seen(ua, PROT_PLDM_TRANSFER_COMPLETE, result)) {
		return PROT_PLDM_SUCCESS;
	}
	/* Without a byte served: a late copy from the component before. */
	if (!downloading(ua) ||
	    (result == PROT_PLDM_TRANSFER_SUCCESS && ua->served == 0)) {
		return not_now(ua);
	}
	remember(ua, PROT_PLDM_TRANSFER_COMPLETE, result);
	if (ua->step == PROT_PLDM_UA_UPDATE_COMPONENT) {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_DOWNLOAD);
	}
	if (result != PROT_PLDM_TRANSFER_SUCCESS) {
		prot_pldm_ua_component_fail(
			ua, PROT_PLDM_UA_FAIL_TRANSFER_FAILED, result);
	} else if (ua->served < ua_component(ua)->image.image.len) {
		prot_pldm_ua_component_fail(ua, PROT_PLDM_UA_FAIL_INCOMPLETE,
					    0);
	} else {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_VERIFY);
	}
	return PROT_PLDM_SUCCESS;
}

static uint8_t serve_verify_complete(struct prot_pldm_ua *ua, struct prot_rd *r,
				     struct prot_wr *w)
{
	uint8_t result;

	(void)w;
	if (prot_pldm_complete_req_decode(r, &result) != PROT_OK) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	if (seen(ua, PROT_PLDM_VERIFY_COMPLETE, result)) {
		return PROT_PLDM_SUCCESS;
	}
	if (ua->step != PROT_PLDM_UA_VERIFY) {
		return not_now(ua);
	}
	remember(ua, PROT_PLDM_VERIFY_COMPLETE, result);
	if (result != PROT_PLDM_VERIFY_SUCCESS) {
		prot_pldm_ua_component_fail(ua, PROT_PLDM_UA_FAIL_VERIFY_FAILED,
					    result);
	} else {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_APPLY);
	}
	return PROT_PLDM_SUCCESS;
}

static uint8_t serve_apply_complete(struct prot_pldm_ua *ua, struct prot_rd *r,
				    struct prot_wr *w)
{
	struct prot_pldm_apply_complete_req m;

	(void)w;
	if (prot_pldm_apply_complete_req_decode(r, &m) != PROT_OK) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	if (seen(ua, PROT_PLDM_APPLY_COMPLETE, m.result)) {
		return PROT_PLDM_SUCCESS;
	}
	if (ua->step != PROT_PLDM_UA_APPLY) {
		return not_now(ua);
	}
	remember(ua, PROT_PLDM_APPLY_COMPLETE, m.result);
	if (m.result != PROT_PLDM_APPLY_SUCCESS &&
	    m.result != PROT_PLDM_APPLY_SUCCESS_ACTIVATION_CHANGED) {
		prot_pldm_ua_component_fail(ua, PROT_PLDM_UA_FAIL_APPLY_FAILED,
					    m.result);
		return PROT_PLDM_SUCCESS;
	}
	ua_component(ua)->applied = true;
	ua_component(ua)->activation_methods =
		m.result == PROT_PLDM_APPLY_SUCCESS ? 0 : m.activation_methods;
	prot_pldm_ua_next_component(ua);
	return PROT_PLDM_SUCCESS;
}

struct service {
	uint8_t command;
	/* Completion code; a body, if any, is appended. */
	uint8_t (*serve)(struct prot_pldm_ua *ua, struct prot_rd *r,
			 struct prot_wr *w);
};

static const struct service services[] = {
	{PROT_PLDM_REQUEST_FIRMWARE_DATA, serve_data},
	{PROT_PLDM_TRANSFER_COMPLETE, serve_transfer_complete},
	{PROT_PLDM_VERIFY_COMPLETE, serve_verify_complete},
	{PROT_PLDM_APPLY_COMPLETE, serve_apply_complete},
	{PROT_PLDM_GET_PACKAGE_DATA, serve_package_data},
	{PROT_PLDM_GET_META_DATA, serve_metadata},
};

static uint8_t dispatch(struct prot_pldm_ua *ua,
			const struct prot_pldm_header *h, struct prot_rd *r,
			struct prot_wr *w)
{
	if (h->type != PROT_PLDM_TYPE_FWUP) {
		return PROT_PLDM_ERROR_INVALID_PLDM_TYPE;
	}
	for (size_t i = 0; i < PROT_ARRAY_SIZE(services); i++) {
		if (services[i].command == h->command) {
			return services[i].serve(ua, r, w);
		}
	}
	return PROT_PLDM_ERROR_UNSUPPORTED_PLDM_CMD;
}

void prot_pldm_ua_serve(struct prot_pldm_ua *ua,
			const struct prot_pldm_header *h, struct prot_rd *body,
			struct prot_wr *w)
{
	uint8_t cc;

	if (h->datagram) {
		return; /* none of the commands is one */
	}
	ua->heard_ms = ua->now_ms;
	prot_pldm_response_begin(w, h, PROT_PLDM_SUCCESS);
	cc = dispatch(ua, h, body, w);
	if (cc != PROT_PLDM_SUCCESS) {
		w->len = 0;
		w->bad = false;
		prot_pldm_response_begin(w, h, cc);
	}
}
