/* SPDX-License-Identifier: Apache-2.0 */
/* Control protocol, responder (DSP0236 1.3, sections 11 and 12). */
#include <prot/mctp/control.h>

/* A command being answered; completion codes as return values. */
struct call {
	const struct prot_mctp_control *control;
	const struct prot_mctp_message *msg;
	uint8_t command;
	struct prot_rd request;   /* its data */
	struct prot_wr *response; /* at the response data */
};

struct command {
	uint8_t code;
	uint8_t length; /* of the request data, bytes */
	uint8_t (*answer)(struct call *c);
};

static uint8_t answer_set_eid(struct call *c)
{
	const uint8_t op = prot_rd_u8(&c->request) & 0x03u;
	uint8_t eid = prot_rd_u8(&c->request);

	/* The request's EID is ignored; 0 if there is no static one. */
	if (op == PROT_MCTP_SET_EID_RESET) {
		eid = c->control->config->static_eid;
	}
	/* "Set discovered flag" is for media with endpoint discovery. */
	if (op == PROT_MCTP_SET_EID_DISCOVERED || eid == PROT_MCTP_EID_NULL ||
	    prot_mctp_set_eid(c->control->endpoint, eid) != PROT_OK) {
		return PROT_MCTP_CC_INVALID_DATA;
	}
	prot_wr_u8(c->response, PROT_MCTP_SET_EID_ACCEPTED);
	prot_wr_u8(c->response, eid);
	prot_wr_u8(c->response, 0); /* no EID pool wanted */
	return PROT_MCTP_CC_SUCCESS;
}

static uint8_t answer_get_eid(struct call *c)
{
	const struct prot_mctp_control_config *config = c->control->config;
	const uint8_t eid = prot_mctp_eid(c->control->endpoint);
	uint8_t type = PROT_MCTP_EID_DYNAMIC;

	if (config->static_eid != 0) {
		type = eid == config->static_eid
			       ? PROT_MCTP_EID_STATIC_CURRENT
			       : PROT_MCTP_EID_STATIC_OVERRIDDEN;
	}
	prot_wr_u8(c->response, eid);
	prot_wr_u8(c->response, PROT_MCTP_ENDPOINT_SIMPLE | type);
	prot_wr_u8(c->response, config->medium_specific);
	return PROT_MCTP_CC_SUCCESS;
}

static uint8_t answer_uuid(struct call *c)
{
	const uint8_t *uuid = c->control->config->uuid;

	if (!uuid) {
		return PROT_MCTP_CC_UNSUPPORTED_COMMAND;
	}
	prot_wr_bytes(c->response, uuid, PROT_MCTP_UUID_SIZE);
	return PROT_MCTP_CC_SUCCESS;
}

static uint8_t put_versions(struct prot_wr *w, const uint32_t *versions,
			    uint8_t count)
{
	if (count == 0) {
		return PROT_MCTP_CC_TYPE_NOT_SUPPORTED;
	}
	prot_wr_u8(w, count);
	for (uint8_t i = 0; i < count; i++) {
		prot_wr_be32(w, versions[i]);
	}
	return PROT_MCTP_CC_SUCCESS;
}

static uint8_t answer_version(struct call *c)
{
	/* Of DSP0236; packets and commands used here are alike in all. */
	static const uint32_t base[] = {
		PROT_MCTP_VERSION(1, 0, 0x0F),
		PROT_MCTP_VERSION(1, 1, 0x0F),
		PROT_MCTP_VERSION(1, 2, 0x0F),
		PROT_MCTP_VERSION(1, 3, 3),
	};
	const struct prot_mctp_control_config *config = c->control->config;
	const uint8_t type = prot_rd_u8(&c->request);

	if (type == PROT_MCTP_VERSION_BASE || type == PROT_MCTP_TYPE_CONTROL) {
		return put_versions(c->response, base, PROT_ARRAY_SIZE(base));
	}
	for (size_t i = 0; i < config->type_count; i++) {
		const struct prot_mctp_type_support *t = &config->types[i];

		if (t->type == type) {
			return put_versions(c->response, t->versions,
					    t->version_count);
		}
	}
	return PROT_MCTP_CC_TYPE_NOT_SUPPORTED;
}

static uint8_t answer_types(struct call *c)
{
	const struct prot_mctp_control_config *config = c->control->config;

	/* Endpoints differ in listing type 0; to list it is the wider habit. */
	prot_wr_u8(c->response, (uint8_t)(config->type_count + 1));
	prot_wr_u8(c->response, PROT_MCTP_TYPE_CONTROL);
	for (size_t i = 0; i < config->type_count; i++) {
		prot_wr_u8(c->response, config->types[i].type);
	}
	return PROT_MCTP_CC_SUCCESS;
}

static uint8_t answer_vendor(struct call *c)
{
	const struct prot_mctp_control_config *config = c->control->config;
	const uint8_t selector = prot_rd_u8(&c->request);
	const struct prot_mctp_vendor_set *v;

	if (selector >= config->vendor_count) {
		return PROT_MCTP_CC_INVALID_DATA;
	}
	v = &config->vendors[selector];
	prot_wr_u8(c->response, selector + 1 < config->vendor_count
					? (uint8_t)(selector + 1)
					: PROT_MCTP_VENDOR_LAST);
	prot_wr_u8(c->response, v->format);
	prot_wr_be(c->response, v->vendor_id,
		   v->format == PROT_MCTP_VENDOR_FORMAT_PCI ? 2 : 4);
	prot_wr_be16(c->response, v->command_set);
	return PROT_MCTP_CC_SUCCESS;
}

static uint8_t answer_transport(struct call *c)
{
	const struct prot_mctp_transport_hook *hook =
		c->control->config->transport;

	if (!hook || c->command < PROT_MCTP_CMD_TRANSPORT_FIRST) {
		return PROT_MCTP_CC_UNSUPPORTED_COMMAND;
	}
	return hook->handle(hook->ctx, c->msg, c->command, &c->request,
			    c->response);
}

static uint8_t answer(struct call *c)
{
	static const struct command commands[] = {
		{PROT_MCTP_CMD_SET_EID, 2, answer_set_eid},
		{PROT_MCTP_CMD_GET_EID, 0, answer_get_eid},
		{PROT_MCTP_CMD_GET_UUID, 0, answer_uuid},
		{PROT_MCTP_CMD_GET_VERSION_SUPPORT, 1, answer_version},
		{PROT_MCTP_CMD_GET_MESSAGE_TYPE_SUPPORT, 0, answer_types},
		{PROT_MCTP_CMD_GET_VENDOR_SUPPORT, 1, answer_vendor},
	};

	for (size_t i = 0; i < PROT_ARRAY_SIZE(commands); i++) {
		if (commands[i].code == c->command) {
			return c->request.left == commands[i].length
				       ? commands[i].answer(c)
				       : PROT_MCTP_CC_INVALID_LENGTH;
		}
	}
	return answer_transport(c);
}

void prot_mctp_control_handle(void *ctx, const struct prot_mctp_message *msg,
			      struct prot_mctp_reply *reply)
{
	struct prot_rd r = prot_rd_init(msg->data, msg->len);
	struct prot_wr w = prot_wr_init(reply->data, reply->cap);
	const uint8_t type = prot_rd_u8(&r);
	const uint8_t rq = prot_rd_u8(&r);
	const uint8_t command = prot_rd_u8(&r);
	struct call c = {ctx, msg, command, r, &w};
	uint8_t *head = prot_wr_claim(&w, 4);
	size_t head_len = w.len;

	/* IC must be 0 in control messages: the whole byte is compared. */
	if (!prot_rd_ok(&r) || !head || type != PROT_MCTP_TYPE_CONTROL ||
	    (rq & (PROT_MCTP_CTRL_RQ | PROT_MCTP_CTRL_D)) !=
		    PROT_MCTP_CTRL_RQ ||
	    msg->dest_eid == PROT_MCTP_EID_BROADCAST) {
		return;
	}
	head[0] = PROT_MCTP_TYPE_CONTROL;
	head[1] = rq & PROT_MCTP_CTRL_INSTANCE_MASK;
	head[2] = command;
	head[3] = answer(&c);
	if (head[3] == PROT_MCTP_CC_SUCCESS && !prot_wr_ok(&w)) {
		head[3] = PROT_MCTP_CC_ERROR; /* larger than the buffer */
	}
	/* After any other completion code the response ends. */
	reply->len = head[3] == PROT_MCTP_CC_SUCCESS ? w.len : head_len;
}
