/* SPDX-License-Identifier: Apache-2.0 */
#include "device_private.h"

/* DSP0267 1.3.0, timing: FD_T1 60 to 120 s, FD_T2 1 to 5 s. */
#define FD_T1_MS      120000u
#define FD_T2_MS      2000u
#define FD_RETRIES    10u
#define RESET_WAIT_MS 500u /* lets the agent read the last status */

/* Room for the response header in front of the firmware data. */
#define MAX_TRANSFER                                                           \
	((PROT_DEVICE_MESSAGE_SIZE - 1 - PROT_PLDM_RESPONSE_SIZE) / 32 * 32)

static void configure_responder(struct prot_device *d)
{
	d->pldm_services[0] =
		(struct prot_pldm_service){&prot_pldm_base_type, &d->pldm};
	d->pldm_services[1] =
		(struct prot_pldm_service){&prot_pldm_fd_type, &d->fd};
	d->pldm_config = (struct prot_pldm_responder_config){
		.services = d->pldm_services,
		.service_count = PROT_ARRAY_SIZE(d->pldm_services),
		.replay = d->replay,
		.replay_count = PROT_ARRAY_SIZE(d->replay),
	};
}

static void configure_fd(struct prot_device *d)
{
	d->fd_config = (struct prot_pldm_fd_config){
		.ops = &prot_update_pldm_ops,
		.ctx = &d->update_pldm,
		.descriptors = d->cfg->descriptors,
		.descriptor_count = d->cfg->descriptor_count,
		.retries = FD_RETRIES,
		.max_transfer = MAX_TRANSFER,
		.t1_ms = FD_T1_MS,
		.t2_ms = FD_T2_MS,
	};
}

enum prot_status prot_device_pldm_init(struct prot_device *d)
{
	enum prot_status st = prot_update_init(&d->update, d->cfg->boot,
					       &d->journal, d->handoff.bank);

	d->fd_request.status = PROT_OK;
	d->fd_waiting = false;
	prot_update_pldm_init(&d->update_pldm, &d->update, &d->handoff);
	d->update_pldm.hold = true; /* the journal is not open yet */
	configure_responder(d);
	configure_fd(d);
	if (st == PROT_OK) {
		st = prot_pldm_responder_init(&d->pldm, &d->pldm_config);
	}
	if (st == PROT_OK) {
		st = prot_pldm_fd_init(&d->fd, &d->fd_config);
	}
	d->fd_state = (uint8_t)prot_pldm_fd_state(&d->fd);
	return st;
}

void prot_device_pldm_handle(void *ctx, const struct prot_mctp_message *msg,
			     struct prot_mctp_reply *reply)
{
	struct prot_device *d = ctx;
	struct prot_pldm_message rx = {prot_device_peer(&msg->from),
				       msg->data + 1, msg->len - 1};
	size_t len = 0;

	if (prot_pldm_responder_handle(&d->pldm, &rx, msg->now_ms,
				       reply->data + 1, reply->cap - 1,
				       &len) != PROT_OK) {
		return;
	}
	if (prot_pldm_fd_state(&d->fd) != PROT_PLDM_FD_IDLE &&
	    prot_pldm_fd_peer(&d->fd) == rx.peer) {
		d->agent = msg->from;
	}
	reply->len = len != 0 ? 1 + len : 0;
}

void prot_device_pldm_link_reset(struct prot_device *d, uint8_t link)
{
	const uint32_t mask = PROT_DEVICE_PEER_LINK_MASK;
	const uint32_t peers = PROT_DEVICE_PEER_LINK(link);

	prot_pldm_responder_forget(&d->pldm, peers, mask);
	if (prot_pldm_fd_state(&d->fd) != PROT_PLDM_FD_IDLE &&
	    (prot_pldm_fd_peer(&d->fd) & mask) == peers) {
		prot_pldm_fd_orphan(&d->fd);
	}
}

/* Send a request of the FD; the one before it, if any, is given up. */
static void send_request(struct prot_device *d, size_t len)
{
	struct prot_mctp_request *r = &d->fd_request;

	prot_mctp_request_cancel(&d->mctp, r);
	*r = (struct prot_mctp_request){
		.to = d->agent,
		.timeout_ms = FD_T2_MS,
		.header = d->fd_tx,
		.header_len = 1 + len,
		.reply = d->fd_reply,
		.reply_cap = sizeof(d->fd_reply),
	};
	d->fd_tx[0] = PROT_MCTP_TYPE_PLDM;
	/* What cannot be sent now, the FD sends again after FD_T2. */
	d->fd_waiting =
		prot_mctp_request_start(&d->mctp, r, d->now_ms) == PROT_OK;
}

static void step(struct prot_device *d, const struct prot_pldm_message *rx)
{
	size_t len = 0;
	enum prot_status st =
		prot_pldm_fd_step(&d->fd, rx, d->now_ms, d->fd_tx + 1,
				  sizeof(d->fd_tx) - 1, &len);

	if (rx && st != PROT_PENDING) {
		d->fd_waiting = false;
	}
	if (st == PROT_OK && len != 0) {
		send_request(d, len);
	}
}

static void report(struct prot_device *d)
{
	uint8_t state = (uint8_t)prot_pldm_fd_state(&d->fd);
	bool failed = prot_update_state(&d->update) == PROT_UPDATE_FAILED;

	if (state != d->fd_state) {
		d->fd_state = state;
		prot_device_event(d, PROT_DEVICE_EVENT_UPDATE_STATE, state,
				  prot_update_received(&d->update));
	}
	if (failed && !d->update_failed) {
		prot_device_event(d, PROT_DEVICE_EVENT_UPDATE_REFUSED,
				  prot_update_reason(&d->update) & 0xff, 0);
	}
	d->update_failed = failed;
	if (prot_update_pldm_reset_wanted(&d->update_pldm) &&
	    d->reset_ms == UINT64_MAX) {
		d->reset_ms = d->now_ms + RESET_WAIT_MS;
	}
}

void prot_device_pldm_tick(struct prot_device *d)
{
	const struct prot_mctp_request *r = &d->fd_request;

	/* One writer of the journal at a time. */
	d->update_pldm.hold =
		d->phase != PHASE_READY && d->phase != PHASE_SETTLE;
	if (d->fd_waiting && r->status == PROT_OK) {
		struct prot_pldm_message rx = {prot_device_peer(&d->agent),
					       d->fd_reply + 1,
					       r->reply_len - 1};

		step(d, &rx);
	} else if (prot_pldm_fd_wake_ms(&d->fd) <= d->now_ms) {
		step(d, NULL);
	}
	report(d);
}

uint64_t prot_device_pldm_next_tick(const struct prot_device *d)
{
	if (d->fd_waiting && d->fd_request.status == PROT_OK) {
		return 0;
	}
	return prot_pldm_fd_wake_ms(&d->fd);
}
