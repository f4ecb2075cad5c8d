/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware device: the commands of an update agent (DSP0267 1.3.0). */
#include "pldm_fd.h"

static bool is_agent(const struct prot_pldm_fd *fd,
		     const struct prot_pldm_request *rq)
{
	return fd->state != PROT_PLDM_FD_IDLE && rq->peer == fd->peer;
}

/* FD_T1 starts over whenever the agent is heard of. */
static void listen(struct prot_pldm_fd *fd, const struct prot_pldm_request *rq)
{
	if (is_agent(fd, rq)) {
		fd->heard_ms = rq->now_ms;
		fd->orphaned = false;
	}
}

/* Who asks: only the agent whose RequestUpdate was accepted gets further. */
static uint8_t admit(struct prot_pldm_fd *fd,
		     const struct prot_pldm_request *rq)
{
	if (fd->state == PROT_PLDM_FD_IDLE) {
		return PROT_PLDM_FWUP_NOT_IN_UPDATE_MODE;
	}
	if (!is_agent(fd, rq)) {
		return PROT_PLDM_ERROR_NOT_READY;
	}
	listen(fd, rq);
	return PROT_PLDM_SUCCESS;
}

/* As admit(), for a command of one state, where the agent has the move. */
static uint8_t admit_in(struct prot_pldm_fd *fd,
			const struct prot_pldm_request *rq,
			enum prot_pldm_fd_state state)
{
	uint8_t cc = admit(fd, rq);

	if (cc != PROT_PLDM_SUCCESS) {
		return cc;
	}
	if (fd->state != state || (fd->flags & FD_CANCELLING)) {
		return PROT_PLDM_FWUP_INVALID_STATE_FOR_COMMAND;
	}
	/* LEARN COMPONENTS while GetPackageData is still going on. */
	return fd->phase == FD_WAIT ? PROT_PLDM_SUCCESS
				    : PROT_PLDM_ERROR_NOT_READY;
}

static uint8_t query_identifiers(void *ctx, struct prot_pldm_request *rq,
				 struct prot_wr *body)
{
	struct prot_pldm_fd *fd = (struct prot_pldm_fd *)ctx;

	listen(fd, rq);
	if (!prot_rd_end(&rq->body)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	prot_pldm_query_identifiers_rsp_encode(body, fd->cfg->descriptors,
					       fd->cfg->descriptor_count);
	return PROT_PLDM_SUCCESS;
}

static uint8_t get_parameters(void *ctx, struct prot_pldm_request *rq,
			      struct prot_wr *body)
{
	struct prot_pldm_fd *fd = (struct prot_pldm_fd *)ctx;

	listen(fd, rq);
	if (!prot_rd_end(&rq->body)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	return fd->cfg->ops->parameters(fd->cfg->ctx, body)
		       ? PROT_PLDM_ERROR_NOT_READY
		       : PROT_PLDM_SUCCESS;
}

/* The largest transfer that suits both sides, whole baseline units. */
static uint32_t negotiate(const struct prot_pldm_fd *fd, uint32_t offered)
{
	uint32_t max = fd->cfg->max_transfer;

	return (offered < max ? offered : max) &
	       ~(PROT_PLDM_FWUP_BASELINE_TRANSFER - 1u);
}

static void start_update(struct prot_pldm_fd *fd,
			 const struct prot_pldm_request *rq,
			 const struct prot_pldm_request_update_req *m,
			 struct prot_wr *body)
{
	const struct prot_pldm_fd_data_ops *data = fd->cfg->data;
	bool fetch = data && m->package_data_len != 0;
	struct prot_pldm_request_update_rsp rsp = {
		.metadata_len = data ? data->metadata_size(fd->cfg->ctx) : 0,
		.package_data = fetch ? PROT_PLDM_PACKAGE_DATA_YES
				      : PROT_PLDM_PACKAGE_DATA_NO,
	};

	prot_pldm_request_update_rsp_encode(body, &rsp);
	prot_pldm_fd_enter(fd, PROT_PLDM_FD_LEARN_COMPONENTS,
			   fetch ? FD_FETCH : FD_WAIT);
	fd->peer = rq->peer;
	fd->heard_ms = rq->now_ms;
	fd->orphaned = false;
	fd->max_transfer = negotiate(fd, m->max_transfer);
	fd->size = m->package_data_len;
	fd->metadata_len = rsp.metadata_len;
}

static uint8_t request_update(void *ctx, struct prot_pldm_request *rq,
			      struct prot_wr *body)
{
	struct prot_pldm_fd *fd = (struct prot_pldm_fd *)ctx;
	struct prot_pldm_request_update_req m;
	enum prot_status st;

	listen(fd, rq);
	if (fd->state != PROT_PLDM_FD_IDLE) {
		return PROT_PLDM_FWUP_ALREADY_IN_UPDATE_MODE;
	}
	if (prot_pldm_request_update_req_decode(&rq->body, &m)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	if (m.max_transfer < PROT_PLDM_FWUP_BASELINE_TRANSFER ||
	    m.component_count == 0 || m.max_outstanding == 0) {
		return PROT_PLDM_ERROR_INVALID_DATA;
	}
	st = fd->cfg->ops->begin(fd->cfg->ctx, &m);
	if (st == PROT_PENDING || st == PROT_ERR_BUSY) {
		return PROT_PLDM_FWUP_RETRY_REQUEST_UPDATE;
	}
	if (st) {
		return PROT_PLDM_FWUP_UNABLE_TO_INITIATE_UPDATE;
	}
	start_update(fd, rq, &m, body);
	return PROT_PLDM_SUCCESS;
}

/* Where a GetDeviceMetaData request wants to read; a completion code. */
static uint8_t metadata_offset(const struct prot_pldm_fd *fd,
			       const struct prot_pldm_transfer_req *m,
			       uint32_t *offset)
{
	*offset = 0;
	if (m->operation > PROT_PLDM_GET_FIRST_PART) {
		return PROT_PLDM_FWUP_INVALID_TRANSFER_OPERATION_FLAG;
	}
	if (m->operation == PROT_PLDM_GET_FIRST_PART) {
		return PROT_PLDM_SUCCESS;
	}
	*offset = m->handle;
	return m->handle == 0 || m->handle >= fd->metadata_len
		       ? PROT_PLDM_FWUP_INVALID_TRANSFER_HANDLE
		       : PROT_PLDM_SUCCESS;
}

static uint8_t metadata_part(const struct prot_pldm_fd *fd, uint32_t offset,
			     struct prot_wr *body)
{
	/* After next handle and flag. */
	size_t room = body->cap - body->len - 5;
	size_t len = fd->metadata_len - offset;
	struct prot_pldm_transfer_rsp rsp = {0};
	uint8_t *part;

	len = len < room ? len : room;
	len = len < fd->max_transfer ? len : fd->max_transfer;
	if (offset + len != fd->metadata_len) {
		rsp.next_handle = (uint32_t)(offset + len);
	}
	rsp.flag = prot_pldm_transfer_flag(offset == 0, rsp.next_handle == 0);
	prot_pldm_transfer_rsp_encode(body, &rsp);
	part = prot_wr_claim(body, len);
	if (!part ||
	    fd->cfg->data->metadata_read(fd->cfg->ctx, offset, part, len)) {
		return PROT_PLDM_ERROR;
	}
	return PROT_PLDM_SUCCESS;
}

static uint8_t get_metadata(void *ctx, struct prot_pldm_request *rq,
			    struct prot_wr *body)
{
	struct prot_pldm_fd *fd = (struct prot_pldm_fd *)ctx;
	struct prot_pldm_transfer_req m;
	uint32_t offset;
	uint8_t cc = admit_in(fd, rq, PROT_PLDM_FD_LEARN_COMPONENTS);

	if (cc != PROT_PLDM_SUCCESS) {
		/* The one command for which IDLE is just another state. */
		return cc == PROT_PLDM_FWUP_NOT_IN_UPDATE_MODE
			       ? PROT_PLDM_FWUP_INVALID_STATE_FOR_COMMAND
			       : cc;
	}
	if (prot_pldm_transfer_req_decode(&rq->body, &m)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	if (fd->metadata_len == 0) {
		return PROT_PLDM_FWUP_NO_DEVICE_METADATA;
	}
	if (fd->flags & FD_DATA_FAILED) {
		return PROT_PLDM_FWUP_PACKAGE_DATA_ERROR;
	}
	cc = metadata_offset(fd, &m, &offset);
	return cc == PROT_PLDM_SUCCESS ? metadata_part(fd, offset, body) : cc;
}

/* Ask the storage; ERROR_NOT_READY or success, with the verdict in *v. */
static uint8_t judge(const struct prot_pldm_fd *fd,
		     const struct prot_pldm_fd_component *c, bool update,
		     struct prot_pldm_fd_verdict *v)
{
	enum prot_status st;

	*v = (struct prot_pldm_fd_verdict){0};
	if (fd->flags & FD_DATA_FAILED) {
		v->code = PROT_PLDM_COMPONENT_PREREQUISITES_NOT_MET;
		return PROT_PLDM_SUCCESS;
	}
	st = fd->cfg->ops->component(fd->cfg->ctx, c, update, v);
	if (st == PROT_PENDING) {
		return PROT_PLDM_ERROR_NOT_READY;
	}
	if (st && v->code == PROT_PLDM_COMPONENT_OK) {
		v->code = PROT_PLDM_COMPONENT_NOT_SUPPORTED;
	}
	return PROT_PLDM_SUCCESS;
}

static uint8_t pass_component(void *ctx, struct prot_pldm_request *rq,
			      struct prot_wr *body)
{
	struct prot_pldm_fd *fd = (struct prot_pldm_fd *)ctx;
	struct prot_pldm_pass_component_req m;
	struct prot_pldm_pass_component_rsp rsp;
	struct prot_pldm_fd_component c = {0};
	struct prot_pldm_fd_verdict v;
	uint8_t cc = admit_in(fd, rq, PROT_PLDM_FD_LEARN_COMPONENTS);

	if (cc != PROT_PLDM_SUCCESS) {
		return cc;
	}
	if (prot_pldm_pass_component_req_decode(&rq->body, &m)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	if (!prot_pldm_transfer_flag_valid(m.flag)) {
		return PROT_PLDM_ERROR_INVALID_DATA;
	}
	c.id = m.id;
	c.stamp = m.stamp;
	c.version = m.version;
	cc = judge(fd, &c, false, &v);
	if (cc != PROT_PLDM_SUCCESS) {
		return cc;
	}
	rsp.response = v.code != PROT_PLDM_COMPONENT_OK;
	rsp.code = v.code;
	prot_pldm_pass_component_rsp_encode(body, &rsp);
	if (m.flag & PROT_PLDM_END) {
		prot_pldm_fd_enter(fd, PROT_PLDM_FD_READY_XFER, FD_WAIT);
	}
	return PROT_PLDM_SUCCESS;
}

static void start_component(struct prot_pldm_fd *fd,
			    const struct prot_pldm_update_component_req *m,
			    uint32_t options)
{
	prot_pldm_fd_enter(fd, PROT_PLDM_FD_DOWNLOAD, FD_FETCH);
	fd->size = m->size;
	fd->options = options;
}

static uint8_t update_component(void *ctx, struct prot_pldm_request *rq,
				struct prot_wr *body)
{
	struct prot_pldm_fd *fd = (struct prot_pldm_fd *)ctx;
	struct prot_pldm_update_component_req m;
	struct prot_pldm_update_component_rsp rsp = {0};
	struct prot_pldm_fd_component c;
	struct prot_pldm_fd_verdict v;
	uint8_t cc = admit_in(fd, rq, PROT_PLDM_FD_READY_XFER);

	if (cc != PROT_PLDM_SUCCESS) {
		return cc;
	}
	if (prot_pldm_update_component_req_decode(&rq->body, &m)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	if (m.size == 0) {
		return PROT_PLDM_ERROR_INVALID_DATA;
	}
	c = (struct prot_pldm_fd_component){m.id, m.stamp, m.size, m.options,
					    m.version};
	cc = judge(fd, &c, true, &v);
	if (cc != PROT_PLDM_SUCCESS) {
		return cc;
	}
	rsp.response = v.code != PROT_PLDM_COMPONENT_OK;
	rsp.code = v.code;
	rsp.delay_s = v.delay_s;
	/* Opaque data would need GetComponentOpaqueData, which is not here. */
	rsp.options =
		v.options & m.options & ~(uint32_t)PROT_PLDM_OPTION_OPAQUE_DATA;
	prot_pldm_update_component_rsp_encode(body, &rsp);
	if (v.code == PROT_PLDM_COMPONENT_OK) {
		start_component(fd, &m, rsp.options);
	}
	return PROT_PLDM_SUCCESS;
}

/* What the storage's answer to ActivateFirmware means; a completion code. */
static uint8_t activated(struct prot_pldm_fd *fd, enum prot_status st,
			 uint8_t cc)
{
	if (st == PROT_PENDING) {
		prot_pldm_fd_enter(fd, PROT_PLDM_FD_ACTIVATE, FD_WORK);
		return PROT_PLDM_SUCCESS;
	}
	if (st == PROT_OK || cc == PROT_PLDM_FWUP_ACTIVATION_NOT_REQUIRED) {
		prot_pldm_fd_enter(fd, PROT_PLDM_FD_ACTIVATE, FD_WAIT);
		prot_pldm_fd_idle(fd, PROT_PLDM_FD_REASON_ACTIVATED);
	}
	if (st == PROT_OK) {
		return PROT_PLDM_SUCCESS;
	}
	return cc != PROT_PLDM_SUCCESS ? cc : PROT_PLDM_ERROR;
}

static uint8_t activate(void *ctx, struct prot_pldm_request *rq,
			struct prot_wr *body)
{
	struct prot_pldm_fd *fd = (struct prot_pldm_fd *)ctx;
	struct prot_pldm_fd_activation a = {0};
	enum prot_status st;
	uint8_t self_contained;
	uint8_t cc = admit_in(fd, rq, PROT_PLDM_FD_READY_XFER);

	if (cc != PROT_PLDM_SUCCESS) {
		return cc;
	}
	if (prot_pldm_activate_req_decode(&rq->body, &self_contained)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	if (self_contained > 1) {
		return PROT_PLDM_ERROR_INVALID_DATA;
	}
	if (!(fd->flags & FD_APPLIED)) {
		return PROT_PLDM_FWUP_INCOMPLETE_UPDATE;
	}
	if (self_contained) {
		fd->flags |= FD_SELF_CONTAINED;
	} else {
		fd->flags &= (uint8_t)~FD_SELF_CONTAINED;
	}
	st = fd->cfg->ops->activate(fd->cfg->ctx, self_contained, &a);
	prot_pldm_activate_rsp_encode(body, a.seconds);
	return activated(fd, st, a.cc);
}

static bool at_work_on_component(const struct prot_pldm_fd *fd)
{
	return fd->state == PROT_PLDM_FD_DOWNLOAD ||
	       fd->state == PROT_PLDM_FD_VERIFY ||
	       fd->state == PROT_PLDM_FD_APPLY;
}

/* AuxStateStatus knows fewer values than the results it stands for. */
static uint8_t aux_status(uint8_t result)
{
	if (result == PROT_PLDM_FD_AUX_STATUS_TIMEOUT ||
	    (result >= 0x70 && result <= 0xEF)) {
		return result;
	}
	return PROT_PLDM_FD_AUX_STATUS_GENERIC;
}

static void aux_state(const struct prot_pldm_fd *fd,
		      struct prot_pldm_get_status_rsp *m)
{
	if (!at_work_on_component(fd)) {
		m->aux = fd->state == PROT_PLDM_FD_ACTIVATE
				 ? PROT_PLDM_FD_AUX_IN_PROGRESS
				 : PROT_PLDM_FD_AUX_NONE;
		return;
	}
	if (fd->phase != FD_REPORT && fd->phase != FD_HALT) {
		m->aux = PROT_PLDM_FD_AUX_IN_PROGRESS;
	} else if (prot_pldm_fd_succeeded(fd)) {
		m->aux = PROT_PLDM_FD_AUX_SUCCESS;
	} else {
		m->aux = PROT_PLDM_FD_AUX_FAILED;
		m->aux_status = aux_status(fd->work.result);
	}
}

/* In 32 bits, and without a product that overflows. */
static uint8_t percent(uint32_t part, uint32_t whole)
{
	return (uint8_t)(whole < UINT32_MAX / 100 ? part * 100 / whole
						  : part / (whole / 100));
}

static uint8_t progress(const struct prot_pldm_fd *fd)
{
	if (fd->state == PROT_PLDM_FD_DOWNLOAD) {
		return percent(fd->offset, fd->size);
	}
	return fd->work.progress <= 100 ? fd->work.progress
					: PROT_PLDM_PROGRESS_UNKNOWN;
}

static uint8_t get_status(void *ctx, struct prot_pldm_request *rq,
			  struct prot_wr *body)
{
	struct prot_pldm_fd *fd = (struct prot_pldm_fd *)ctx;
	struct prot_pldm_get_status_rsp m = {
		.state = fd->state,
		.previous = fd->previous,
		.progress = progress(fd),
	};

	listen(fd, rq);
	if (!prot_rd_end(&rq->body)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	aux_state(fd, &m);
	if (fd->state == PROT_PLDM_FD_IDLE) {
		m.reason = fd->reason;
	}
	if (at_work_on_component(fd)) {
		m.options = fd->options;
	}
	prot_pldm_get_status_rsp_encode(body, &m);
	return PROT_PLDM_SUCCESS;
}

static uint8_t cancel_component(void *ctx, struct prot_pldm_request *rq,
				struct prot_wr *body)
{
	struct prot_pldm_fd *fd = (struct prot_pldm_fd *)ctx;
	uint64_t broken;
	uint8_t cc = admit(fd, rq);

	(void)body;
	if (cc != PROT_PLDM_SUCCESS) {
		return cc;
	}
	if (!prot_rd_end(&rq->body)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	if (!at_work_on_component(fd)) {
		return PROT_PLDM_FWUP_NOT_IN_UPDATE_MODE;
	}
	return prot_pldm_fd_cancel(fd, false, PROT_PLDM_FD_REASON_CANCELLED,
				   &broken)
		       ? PROT_PLDM_FWUP_BUSY_IN_BACKGROUND
		       : PROT_PLDM_SUCCESS;
}

static uint8_t cancel_update(void *ctx, struct prot_pldm_request *rq,
			     struct prot_wr *body)
{
	struct prot_pldm_fd *fd = (struct prot_pldm_fd *)ctx;
	struct prot_pldm_cancel_update_rsp m;
	uint8_t cc;

	if (fd->orphaned) { /* nobody else will, before FD_T1 */
		fd->peer = rq->peer;
	}
	cc = admit(fd, rq);
	if (cc != PROT_PLDM_SUCCESS) {
		return cc;
	}
	if (!prot_rd_end(&rq->body)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	/* Activation is past the point of return. */
	if (fd->state == PROT_PLDM_FD_ACTIVATE ||
	    prot_pldm_fd_cancel(fd, true, PROT_PLDM_FD_REASON_CANCELLED,
				&m.non_functioning_bitmap)) {
		return PROT_PLDM_FWUP_BUSY_IN_BACKGROUND;
	}
	m.non_functioning = m.non_functioning_bitmap != 0;
	prot_pldm_cancel_update_rsp_encode(body, &m);
	return PROT_PLDM_SUCCESS;
}

static const struct prot_pldm_command commands[] = {
	{PROT_PLDM_QUERY_DEVICE_IDENTIFIERS, false, query_identifiers},
	{PROT_PLDM_GET_FIRMWARE_PARAMETERS, false, get_parameters},
	{PROT_PLDM_REQUEST_UPDATE, true, request_update},
	{PROT_PLDM_GET_DEVICE_META_DATA, false, get_metadata},
	{PROT_PLDM_PASS_COMPONENT_TABLE, true, pass_component},
	{PROT_PLDM_UPDATE_COMPONENT, true, update_component},
	{PROT_PLDM_ACTIVATE_FIRMWARE, true, activate},
	{PROT_PLDM_GET_STATUS, false, get_status},
	{PROT_PLDM_CANCEL_UPDATE_COMPONENT, true, cancel_component},
	{PROT_PLDM_CANCEL_UPDATE, true, cancel_update},
};

static const uint32_t versions[] = {PROT_PLDM_VERSION(1, 3, 0)};

const struct prot_pldm_type_table prot_pldm_fd_type = {
	.type = PROT_PLDM_TYPE_FWUP,
	.version_count = PROT_ARRAY_SIZE(versions),
	.command_count = PROT_ARRAY_SIZE(commands),
	.versions = versions,
	.commands = commands,
};
