/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware device: context and changes of state. */
#include "pldm_fd.h"

static bool data_ops_complete(const struct prot_pldm_fd_data_ops *d)
{
	return !d || (d->package_data && d->metadata_size && d->metadata_read &&
		      d->metadata_restore);
}

static bool ops_complete(const struct prot_pldm_fd_ops *o)
{
	return o && o->parameters && o->begin && o->component && o->write &&
	       o->verify && o->apply && o->activate && o->cancel;
}

enum prot_status prot_pldm_fd_init(struct prot_pldm_fd *fd,
				   const struct prot_pldm_fd_config *cfg)
{
	if (!ops_complete(cfg->ops) || !data_ops_complete(cfg->data) ||
	    !cfg->descriptors || cfg->descriptor_count == 0 ||
	    cfg->max_transfer < PROT_PLDM_FWUP_BASELINE_TRANSFER ||
	    cfg->t1_ms < PROT_PLDM_FD_T1_MIN_MS ||
	    cfg->t1_ms > PROT_PLDM_FD_T1_MAX_MS ||
	    cfg->t2_ms < PROT_PLDM_FD_T2_MIN_MS ||
	    cfg->t2_ms > PROT_PLDM_FD_T2_MAX_MS) {
		return PROT_ERR_ARG;
	}
	*fd = (struct prot_pldm_fd){
		.cfg = cfg,
		.work.progress = PROT_PLDM_PROGRESS_UNKNOWN,
	};
	return PROT_OK;
}

uint32_t prot_pldm_fd_peer(const struct prot_pldm_fd *fd)
{
	return fd->peer;
}

void prot_pldm_fd_orphan(struct prot_pldm_fd *fd)
{
	fd->orphaned = true;
}

enum prot_pldm_fd_state prot_pldm_fd_state(const struct prot_pldm_fd *fd)
{
	return (enum prot_pldm_fd_state)fd->state;
}

void prot_pldm_fd_phase(struct prot_pldm_fd *fd, enum pldm_fd_phase phase)
{
	fd->phase = (uint8_t)phase;
	fd->attempts = 0;
	fd->flags &= (uint8_t) ~(FD_WRITING | FD_AGAIN | FD_CANCELLING);
}

void prot_pldm_fd_enter(struct prot_pldm_fd *fd, enum prot_pldm_fd_state state,
			enum pldm_fd_phase phase)
{
	fd->previous = fd->state;
	fd->state = (uint8_t)state;
	fd->offset = 0;
	fd->work = (struct prot_pldm_fd_work){
		.progress = PROT_PLDM_PROGRESS_UNKNOWN};
	fd->flags &= (uint8_t)~FD_NEXT_PART;
	prot_pldm_fd_phase(fd, phase);
}

void prot_pldm_fd_idle(struct prot_pldm_fd *fd, enum prot_pldm_fd_reason reason)
{
	prot_pldm_fd_enter(fd, PROT_PLDM_FD_IDLE, FD_WAIT);
	fd->reason = (uint8_t)reason;
	fd->flags = 0;
}

enum prot_status prot_pldm_fd_cancel(struct prot_pldm_fd *fd, bool update,
				     enum prot_pldm_fd_reason reason,
				     uint64_t *broken)
{
	*broken = 0;
	if (fd->cfg->ops->cancel(fd->cfg->ctx, update, broken) ==
	    PROT_PENDING) {
		fd->flags |= FD_CANCELLING;
		return PROT_PENDING;
	}
	if (update) {
		prot_pldm_fd_idle(fd, reason);
	} else {
		prot_pldm_fd_enter(fd, PROT_PLDM_FD_READY_XFER, FD_WAIT);
	}
	return PROT_OK;
}

bool prot_pldm_fd_succeeded(const struct prot_pldm_fd *fd)
{
	return fd->work.result == 0 ||
	       (fd->state == PROT_PLDM_FD_APPLY &&
		fd->work.result == PROT_PLDM_APPLY_SUCCESS_ACTIVATION_CHANGED);
}
