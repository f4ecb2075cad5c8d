/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLDM_FD_H
#define PLDM_FD_H

/* What the parts of the firmware device share. */

#include <prot/pldm/fd.h>

/* What the FD does within a state; which request it sends follows from both. */
enum pldm_fd_phase {
	FD_WAIT,   /* the UA has the next move */
	FD_FETCH,  /* request data, part by part */
	FD_WORK,   /* a storage op has work to do */
	FD_REPORT, /* tell the UA how the state ended: work.result */
	FD_HALT,   /* it ended badly, the UA knows and has to cancel */
};

enum pldm_fd_flag {
	FD_APPLIED = 1 << 0,        /* some component was applied */
	FD_DATA_FAILED = 1 << 1,    /* the package data was not taken */
	FD_NEXT_PART = 1 << 2,      /* of the data: `handle` is valid */
	FD_WRITING = 1 << 3,        /* an op pends on a received message */
	FD_AGAIN = 1 << 4,          /* "later" came: repeat as a new request */
	FD_CANCELLING = 1 << 5,     /* the cancel op pends */
	FD_EXPIRED = 1 << 6,        /* ... because of FD_T1 */
	FD_SELF_CONTAINED = 1 << 7, /* activation */
};

/* Go to `state`, which begins with `phase`. */
void prot_pldm_fd_enter(struct prot_pldm_fd *fd, enum prot_pldm_fd_state state,
			enum pldm_fd_phase phase);

/* Another phase of the same state; a request that is outstanding is over. */
void prot_pldm_fd_phase(struct prot_pldm_fd *fd, enum pldm_fd_phase phase);

/* Leave update mode. */
void prot_pldm_fd_idle(struct prot_pldm_fd *fd,
		       enum prot_pldm_fd_reason reason);

/*
 * Cancel the component or the update. PROT_PENDING: call again; nothing else
 * happens until then. Otherwise the FD is in READY XFER or IDLE.
 */
enum prot_status prot_pldm_fd_cancel(struct prot_pldm_fd *fd, bool update,
				     enum prot_pldm_fd_reason reason,
				     uint64_t *broken);

/* True when what the current state is for went well. */
bool prot_pldm_fd_succeeded(const struct prot_pldm_fd *fd);

#endif /* PLDM_FD_H */
