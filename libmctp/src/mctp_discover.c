/* SPDX-License-Identifier: Apache-2.0 */
/* Bring-up of an endpoint: one control request after the other. */
#include <prot/mctp/discover.h>

#include <string.h>

enum prot_status prot_mctp_discovery_init(struct prot_mctp_discovery *d,
					  uint8_t link,
					  const struct prot_mctp_addr *addr,
					  uint8_t eid, uint32_t timeout_ms,
					  uint8_t retries)
{
	if (eid != PROT_MCTP_EID_NULL &&
	    (eid < PROT_MCTP_EID_FIRST || eid > PROT_MCTP_EID_LAST)) {
		return PROT_ERR_ARG;
	}
	memset(d, 0, sizeof(*d));
	d->peer.addr = *addr;
	d->peer.link = link;
	d->eid = eid;
	d->request.timeout_ms = timeout_ms;
	d->request.retries = retries;
	return PROT_OK;
}

static enum prot_status send(struct prot_mctp_discovery *d, struct prot_mctp *m,
			     uint8_t command, uint64_t now_ms)
{
	struct prot_wr w = prot_wr_init(d->message, sizeof(d->message));
	enum prot_status st;

	d->command = command;
	d->instance++;
	if (command == PROT_MCTP_CMD_SET_EID) {
		prot_mctp_set_eid_request_put(&w, d->instance,
					      PROT_MCTP_SET_EID, d->eid);
	} else if (command == PROT_MCTP_CMD_GET_VERSION_SUPPORT) {
		prot_mctp_version_request_put(&w, d->instance,
					      PROT_MCTP_VERSION_BASE);
	} else {
		prot_mctp_control_request_put(&w, d->instance, command);
	}
	d->request.to = d->peer;
	d->request.header = d->message;
	d->request.header_len = w.len;
	d->request.reply = d->response;
	d->request.reply_cap = sizeof(d->response);
	st = prot_mctp_request_start(m, &d->request, now_ms);
	return st == PROT_OK ? PROT_PENDING : st;
}

static enum prot_status take_eid(struct prot_mctp_discovery *d,
				 struct prot_rd *r)
{
	struct prot_mctp_get_eid_response got;
	enum prot_status st = prot_mctp_get_eid_response_get(r, &got);

	d->found.eid = got.eid;
	d->found.former_eid = got.eid;
	d->found.endpoint_type = got.endpoint_type;
	d->found.eid_type = got.eid_type;
	return st;
}

static enum prot_status take_assignment(struct prot_mctp_discovery *d,
					struct prot_rd *r)
{
	struct prot_mctp_set_eid_response got;
	enum prot_status st = prot_mctp_set_eid_response_get(r, &got);

	if (st == PROT_OK && (!got.accepted || got.eid != d->eid)) {
		st = PROT_ERR_REFUSED;
	}
	d->found.eid = got.eid;
	return st;
}

static enum prot_status take_types(struct prot_mctp_discovery *d,
				   struct prot_rd *r)
{
	enum prot_status st =
		prot_mctp_type_response_get(r, &d->found.type_count);

	if (st == PROT_OK) {
		prot_rd_copy(r, d->found.types, d->found.type_count);
	}
	return st;
}

static enum prot_status take_versions(struct prot_mctp_discovery *d,
				      struct prot_rd *r)
{
	uint8_t count;
	enum prot_status st = prot_mctp_version_response_get(r, &count);

	for (size_t i = 0; st == PROT_OK && i < count; i++) {
		const uint32_t version = prot_rd_be32(r);

		if (version > d->found.base_version) {
			d->found.base_version = version;
		}
	}
	return st;
}

static enum prot_status take_uuid(struct prot_mctp_discovery *d,
				  struct prot_rd *r)
{
	enum prot_status st = prot_mctp_uuid_response_get(r, d->found.uuid);

	d->found.has_uuid = st == PROT_OK;
	return st;
}

/* Take the response to d->command. */
static enum prot_status take(struct prot_mctp_discovery *d)
{
	struct prot_rd r = prot_rd_init(d->response, d->request.reply_len);
	enum prot_status st = prot_mctp_control_response_get(
		&r, d->instance, d->command, &d->completion);

	/* The UUID is optional for endpoints that have no bridge below. */
	if (st == PROT_ERR_REFUSED && d->command == PROT_MCTP_CMD_GET_UUID &&
	    d->completion == PROT_MCTP_CC_UNSUPPORTED_COMMAND) {
		return PROT_OK;
	}
	if (st != PROT_OK) {
		return st;
	}
	switch (d->command) {
	case PROT_MCTP_CMD_GET_EID:
		return take_eid(d, &r);
	case PROT_MCTP_CMD_SET_EID:
		return take_assignment(d, &r);
	case PROT_MCTP_CMD_GET_MESSAGE_TYPE_SUPPORT:
		return take_types(d, &r);
	case PROT_MCTP_CMD_GET_VERSION_SUPPORT:
		return take_versions(d, &r);
	default:
		return take_uuid(d, &r);
	}
}

/* What to ask after `command`, 0 after the last one. */
static uint8_t next_command(const struct prot_mctp_discovery *d)
{
	switch (d->command) {
	case PROT_MCTP_CMD_GET_EID:
		return d->eid != PROT_MCTP_EID_NULL
			       ? PROT_MCTP_CMD_SET_EID
			       : PROT_MCTP_CMD_GET_MESSAGE_TYPE_SUPPORT;
	case PROT_MCTP_CMD_SET_EID:
		return PROT_MCTP_CMD_GET_MESSAGE_TYPE_SUPPORT;
	case PROT_MCTP_CMD_GET_MESSAGE_TYPE_SUPPORT:
		return PROT_MCTP_CMD_GET_VERSION_SUPPORT;
	case PROT_MCTP_CMD_GET_VERSION_SUPPORT:
		return PROT_MCTP_CMD_GET_UUID;
	default:
		return 0;
	}
}

enum prot_status prot_mctp_discovery_step(struct prot_mctp_discovery *d,
					  struct prot_mctp *m, uint64_t now_ms)
{
	enum prot_status st;
	uint8_t next;

	if (d->command == 0) {
		return send(d, m, PROT_MCTP_CMD_GET_EID, now_ms);
	}
	st = d->request.status;
	if (st == PROT_OK) {
		st = take(d);
	}
	if (st != PROT_OK) {
		return st;
	}
	next = next_command(d);
	if (next == 0) {
		return PROT_OK;
	}
	/*
	 * By physical address until the EID is settled: a response to Set
	 * Endpoint ID may come from the former or from the assigned EID.
	 */
	if (next != PROT_MCTP_CMD_SET_EID) {
		d->peer.eid = d->found.eid;
	}
	return send(d, m, next, now_ms);
}
