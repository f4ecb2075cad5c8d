/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware device: its own requests, their responses, and time. */
#include "pldm_fd.h"

/* What is requested in FD_FETCH and in FD_REPORT, by state; 0: nothing. */
static const uint8_t requests[][2] = {
	[PROT_PLDM_FD_LEARN_COMPONENTS] = {PROT_PLDM_GET_PACKAGE_DATA, 0},
	[PROT_PLDM_FD_DOWNLOAD] = {PROT_PLDM_REQUEST_FIRMWARE_DATA,
				   PROT_PLDM_TRANSFER_COMPLETE},
	[PROT_PLDM_FD_VERIFY] = {0, PROT_PLDM_VERIFY_COMPLETE},
	[PROT_PLDM_FD_APPLY] = {PROT_PLDM_GET_META_DATA,
				PROT_PLDM_APPLY_COMPLETE},
	[PROT_PLDM_FD_ACTIVATE] = {0, 0},
};

static uint8_t request_wanted(const struct prot_pldm_fd *fd)
{
	if (fd->flags & (FD_CANCELLING | FD_WRITING)) {
		return 0;
	}
	if (fd->phase == FD_FETCH || fd->phase == FD_REPORT) {
		return requests[fd->state][fd->phase == FD_REPORT];
	}
	return 0;
}

/* Bytes of the next RequestFirmwareData: never fewer than the baseline. */
static uint32_t request_length(const struct prot_pldm_fd *fd)
{
	uint32_t left = fd->size - fd->offset;

	if (left > fd->max_transfer) {
		return fd->max_transfer;
	}
	return left > PROT_PLDM_FWUP_BASELINE_TRANSFER
		       ? left
		       : PROT_PLDM_FWUP_BASELINE_TRANSFER;
}

/* The state's task ended with `result`; the agent will be told. */
static void report(struct prot_pldm_fd *fd, uint8_t result)
{
	fd->work.result = result;
	prot_pldm_fd_phase(fd, FD_REPORT);
}

/* An op failed: say what it said, or what can be said without. */
static void report_failure(struct prot_pldm_fd *fd)
{
	report(fd, prot_pldm_fd_succeeded(fd) ? PROT_PLDM_TRANSFER_GENERIC
					      : fd->work.result);
}

/* The data of FD_FETCH cannot be had or was not taken. */
static void fetch_failed(struct prot_pldm_fd *fd, uint8_t result)
{
	if (fd->state == PROT_PLDM_FD_LEARN_COMPONENTS) {
		fd->flags |= FD_DATA_FAILED;
		prot_pldm_fd_phase(fd, FD_WAIT);
	} else {
		report(fd, result);
	}
}

static enum prot_status take_firmware(struct prot_pldm_fd *fd,
				      struct prot_rd *body)
{
	uint32_t left = fd->size - fd->offset;
	uint32_t len = request_length(fd);
	enum prot_status st;

	if (body->left != len) {
		return PROT_ERR_MALFORMED;
	}
	len = len < left ? len : left; /* without the padding */
	fd->work.result = 0;
	st = fd->cfg->ops->write(fd->cfg->ctx, fd->offset, body->at, len,
				 &fd->work);
	if (st == PROT_PENDING) {
		return st;
	}
	if (st) {
		report_failure(fd);
		return PROT_OK;
	}
	fd->offset += len;
	if (fd->offset == fd->size) {
		report(fd, PROT_PLDM_TRANSFER_SUCCESS);
	} else {
		prot_pldm_fd_phase(fd, FD_FETCH);
	}
	return PROT_OK;
}

static enum prot_status store_data(struct prot_pldm_fd *fd,
				   const struct prot_pldm_transfer_rsp *m,
				   bool last)
{
	const struct prot_pldm_fd_data_ops *ops = fd->cfg->data;

	return fd->state == PROT_PLDM_FD_LEARN_COMPONENTS
		       ? ops->package_data(fd->cfg->ctx, fd->offset, m->data,
					   m->len, last)
		       : ops->metadata_restore(fd->cfg->ctx, fd->offset,
					       m->data, m->len, last);
}

/* A part must bring something, and no more than was announced. */
static bool part_acceptable(const struct prot_pldm_fd *fd,
			    const struct prot_pldm_transfer_rsp *m, bool last)
{
	uint32_t total = fd->state == PROT_PLDM_FD_LEARN_COMPONENTS
				 ? fd->size
				 : fd->metadata_len;

	return prot_pldm_transfer_flag_valid(m->flag) && m->len != 0 &&
	       m->len <= total - fd->offset &&
	       last == (m->len == total - fd->offset);
}

static enum prot_status take_data(struct prot_pldm_fd *fd, struct prot_rd *body)
{
	struct prot_pldm_transfer_rsp m;
	enum prot_status st = prot_pldm_transfer_rsp_decode(body, &m);
	bool last = (m.flag & PROT_PLDM_END) != 0;

	if (st) {
		return st;
	}
	st = part_acceptable(fd, &m, last) ? store_data(fd, &m, last)
					   : PROT_ERR_MALFORMED;
	if (st == PROT_PENDING) {
		return st;
	}
	if (st) {
		fetch_failed(fd, PROT_PLDM_APPLY_GENERIC);
		return PROT_OK;
	}
	fd->offset += (uint32_t)m.len;
	fd->handle = m.next_handle;
	fd->flags |= FD_NEXT_PART;
	if (!last) {
		prot_pldm_fd_phase(fd, FD_FETCH);
	} else {
		prot_pldm_fd_phase(fd, fd->state == PROT_PLDM_FD_APPLY
					       ? FD_WORK
					       : FD_WAIT);
	}
	return PROT_OK;
}

/* The agent knows how the state ended: go to the next, or wait for a cancel. */
static void reported(struct prot_pldm_fd *fd)
{
	if (!prot_pldm_fd_succeeded(fd)) {
		prot_pldm_fd_phase(fd, FD_HALT);
	} else if (fd->state == PROT_PLDM_FD_DOWNLOAD) {
		prot_pldm_fd_enter(fd, PROT_PLDM_FD_VERIFY, FD_WORK);
	} else if (fd->state == PROT_PLDM_FD_VERIFY) {
		prot_pldm_fd_enter(fd, PROT_PLDM_FD_APPLY,
				   fd->metadata_len ? FD_FETCH : FD_WORK);
	} else {
		prot_pldm_fd_enter(fd, PROT_PLDM_FD_READY_XFER, FD_WAIT);
		fd->flags |= FD_APPLIED;
	}
}

static enum prot_status take_body(struct prot_pldm_fd *fd, struct prot_rd *body)
{
	if (fd->phase == FD_REPORT) {
		if (!prot_rd_end(body)) {
			return PROT_ERR_MALFORMED;
		}
		reported(fd);
		return PROT_OK;
	}
	return fd->state == PROT_PLDM_FD_DOWNLOAD ? take_firmware(fd, body)
						  : take_data(fd, body);
}

/* The agent refused a request. */
static void take_refusal(struct prot_pldm_fd *fd, uint8_t cc, uint64_t now_ms)
{
	bool retry_data = cc == PROT_PLDM_FWUP_RETRY_REQUEST_FW_DATA &&
			  fd->command == PROT_PLDM_REQUEST_FIRMWARE_DATA;

	if (retry_data || cc == PROT_PLDM_ERROR_NOT_READY) {
		fd->flags |= FD_AGAIN;
		fd->sent_ms = now_ms;
		if (retry_data) { /* an invitation, not a lost request */
			fd->attempts = 1;
		}
	} else if (fd->phase == FD_REPORT) {
		/*
		 * Its response to an earlier copy may have been lost. The
		 * agent has the result either way, and can cancel.
		 */
		reported(fd);
	} else if (cc == PROT_PLDM_FWUP_CANCEL_PENDING) {
		fd->work.result = PROT_PLDM_TRANSFER_ABORTED;
		prot_pldm_fd_phase(fd, FD_HALT);
	} else {
		fetch_failed(fd, PROT_PLDM_TRANSFER_ABORTED);
	}
}

static enum prot_status take_response(struct prot_pldm_fd *fd,
				      const struct prot_pldm_message *rx,
				      uint64_t now_ms)
{
	const struct prot_pldm_header request = {
		true, false, fd->instance, PROT_PLDM_TYPE_FWUP, fd->command};
	struct prot_rd r = prot_rd_init(rx->data, rx->len);
	enum prot_status st;
	uint8_t cc;

	st = prot_pldm_response_decode(&r, &request, &cc);
	if (st) {
		return st;
	}
	if (rx->peer != fd->peer || fd->attempts == 0 ||
	    (fd->flags & (FD_AGAIN | FD_CANCELLING))) {
		return PROT_ERR_STATE;
	}
	fd->flags &= (uint8_t)~FD_WRITING;
	if (cc != PROT_PLDM_SUCCESS) {
		take_refusal(fd, cc, now_ms);
	} else {
		st = take_body(fd, &r);
	}
	if (st == PROT_PENDING) {
		fd->flags |= FD_WRITING;
	}
	if (st == PROT_OK) {
		fd->heard_ms = now_ms;
		fd->orphaned = false;
	}
	return st;
}

static bool working(const struct prot_pldm_fd *fd)
{
	return fd->phase == FD_WORK && !(fd->flags & FD_CANCELLING);
}

static uint64_t idle_deadline(const struct prot_pldm_fd *fd)
{
	return fd->heard_ms + fd->cfg->t1_ms;
}

/* FD_T1: the agent is gone. Not while the FD itself is what takes long. */
static enum prot_status check_idle(struct prot_pldm_fd *fd, uint64_t now_ms)
{
	/* LEARN COMPONENTS..APPLY, in the order of the reasons. */
	uint8_t reason = (uint8_t)(PROT_PLDM_FD_REASON_TIMEOUT_LEARN +
				   fd->state - PROT_PLDM_FD_LEARN_COMPONENTS);
	uint64_t broken;

	if (fd->state == PROT_PLDM_FD_IDLE || working(fd) ||
	    (now_ms < idle_deadline(fd) && !(fd->flags & FD_EXPIRED))) {
		return PROT_OK;
	}
	fd->flags |= FD_EXPIRED;
	return prot_pldm_fd_cancel(fd, true, (enum prot_pldm_fd_reason)reason,
				   &broken);
}

static enum prot_status work_activate(struct prot_pldm_fd *fd)
{
	struct prot_pldm_fd_activation a = {0};
	enum prot_status st = fd->cfg->ops->activate(
		fd->cfg->ctx, (fd->flags & FD_SELF_CONTAINED) != 0, &a);

	if (st != PROT_PENDING) {
		prot_pldm_fd_idle(fd, st ? PROT_PLDM_FD_REASON_VENDOR
					 : PROT_PLDM_FD_REASON_ACTIVATED);
		st = PROT_OK;
	}
	return st;
}

static enum prot_status work(struct prot_pldm_fd *fd, uint64_t now_ms)
{
	const struct prot_pldm_fd_ops *ops = fd->cfg->ops;
	enum prot_status st;

	if (!working(fd)) {
		return PROT_OK;
	}
	if (fd->state == PROT_PLDM_FD_ACTIVATE) {
		return work_activate(fd);
	}
	fd->work.result = 0;
	st = fd->state == PROT_PLDM_FD_VERIFY
		     ? ops->verify(fd->cfg->ctx, &fd->work)
		     : ops->apply(fd->cfg->ctx, &fd->work);
	if (st == PROT_PENDING) {
		return st;
	}
	fd->heard_ms = now_ms;
	if (st) {
		report_failure(fd);
	} else {
		report(fd, fd->work.result);
	}
	return PROT_OK;
}

static void encode_fetch(const struct prot_pldm_fd *fd, struct prot_wr *w)
{
	if (fd->command == PROT_PLDM_REQUEST_FIRMWARE_DATA) {
		const struct prot_pldm_request_data_req m = {
			fd->offset, request_length(fd)};

		prot_pldm_request_data_req_encode(w, &m);
	} else {
		bool next = (fd->flags & FD_NEXT_PART) != 0;
		const struct prot_pldm_transfer_req m = {
			next ? fd->handle : 0, next ? PROT_PLDM_GET_NEXT_PART
						    : PROT_PLDM_GET_FIRST_PART};

		prot_pldm_transfer_req_encode(w, &m);
	}
}

static void encode_report(const struct prot_pldm_fd *fd, struct prot_wr *w)
{
	if (fd->command == PROT_PLDM_APPLY_COMPLETE) {
		const struct prot_pldm_apply_complete_req m = {
			fd->work.result,
			fd->work.result ==
					PROT_PLDM_APPLY_SUCCESS_ACTIVATION_CHANGED
				? fd->work.activation_methods
				: (uint16_t)0};

		prot_pldm_apply_complete_req_encode(w, &m);
	} else {
		prot_pldm_complete_req_encode(w, fd->work.result);
	}
}

/* Time to send what is wanted, for the first time or again? */
static bool due(const struct prot_pldm_fd *fd, uint64_t now_ms)
{
	return fd->attempts == 0 || now_ms >= fd->sent_ms + fd->cfg->t2_ms;
}

/* The agent did not answer a request for data often enough. */
static bool exhausted(const struct prot_pldm_fd *fd)
{
	return fd->phase == FD_FETCH && fd->cfg->retries != 0 &&
	       fd->attempts > fd->cfg->retries;
}

static void send(struct prot_pldm_fd *fd, uint64_t now_ms, struct prot_wr *w)
{
	if (request_wanted(fd) == 0 || !due(fd, now_ms)) {
		return;
	}
	if (exhausted(fd)) {
		fetch_failed(fd, PROT_PLDM_TRANSFER_TIMEOUT);
		if (request_wanted(fd) == 0) {
			return;
		}
	}
	/* A retry keeps the instance id (DSP0240), unless it was answered. */
	if (fd->attempts == 0 || (fd->flags & FD_AGAIN)) {
		fd->instance = (uint8_t)((fd->instance + 1) %
					 PROT_PLDM_INSTANCE_COUNT);
		fd->flags &= (uint8_t)~FD_AGAIN;
	}
	fd->command = request_wanted(fd);
	prot_pldm_request_begin(w, fd->instance, PROT_PLDM_TYPE_FWUP,
				fd->command);
	if (fd->phase == FD_FETCH) {
		encode_fetch(fd, w);
	} else {
		encode_report(fd, w);
	}
	fd->sent_ms = now_ms;
	if (fd->attempts < UINT8_MAX) {
		fd->attempts++;
	}
}

enum prot_status prot_pldm_fd_step(struct prot_pldm_fd *fd,
				   const struct prot_pldm_message *rx,
				   uint64_t now_ms, uint8_t *tx, size_t tx_cap,
				   size_t *tx_len)
{
	struct prot_wr w = prot_wr_init(tx, tx_cap);
	enum prot_status st;

	*tx_len = 0;
	if (tx_cap < PROT_PLDM_FD_TX_MIN) {
		return PROT_ERR_SPACE;
	}
	if (rx) {
		st = take_response(fd, rx, now_ms);
	} else {
		st = check_idle(fd, now_ms);
		if (st == PROT_OK) {
			st = work(fd, now_ms);
		}
	}
	if (st == PROT_OK) {
		send(fd, now_ms, &w);
		*tx_len = w.len;
	}
	return st;
}

uint64_t prot_pldm_fd_wake_ms(const struct prot_pldm_fd *fd)
{
	uint64_t retry_ms = fd->sent_ms + fd->cfg->t2_ms;

	if (fd->state == PROT_PLDM_FD_IDLE) {
		return UINT64_MAX;
	}
	if (working(fd) || (fd->flags & (FD_WRITING | FD_EXPIRED))) {
		return 0;
	}
	if (request_wanted(fd) == 0) {
		return idle_deadline(fd);
	}
	if (fd->attempts == 0) {
		return 0;
	}
	return retry_ms < idle_deadline(fd) ? retry_ms : idle_deadline(fd);
}
