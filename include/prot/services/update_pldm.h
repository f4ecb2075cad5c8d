/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_UPDATE_PLDM_H
#define PROT_SERVICES_UPDATE_PLDM_H

/*
 * Puts services/update.h behind a PLDM firmware device (prot/pldm/fd.h), as
 * one component: the image of the runtime, classification firmware, its
 * component identifier that of the boot configuration, index 0.
 *
 * The comparison stamp of an image is its SVN. A component whose stamp is
 * below the SVN floor is refused before anything is transferred.
 *
 * Why an image was refused travels in the vendor range of the result codes:
 * TransferComplete 0x70 + reason, VerifyComplete 0x90 + reason, ApplyComplete
 * 0xB0 + reason, reason being enum prot_image_reason. Where DSP0267 1.3 has a
 * code of its own it is used: 0x10 for an SVN below the floor, 0x0D for flash
 * that fails during the transfer.
 */

#include <prot/pldm/fd.h>
#include <prot/services/handoff.h>
#include <prot/services/update.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Longest version text: four numbers of 16 bits and three dots. */
#define PROT_UPDATE_PLDM_TEXT_MAX 23

/* Context of prot_update_pldm_ops. Fields are private but for `hold`. */
struct prot_update_pldm {
	/* Set while somebody else writes the journal: agents shall come back.
	 */
	bool hold;

	struct prot_update *update;
	const struct prot_handoff *running;
	bool reset_wanted;
};

/*
 * `running` describes the image that runs and the SVN floor, now; both must
 * outlive the context.
 */
void prot_update_pldm_init(struct prot_update_pldm *p,
			   struct prot_update *update,
			   const struct prot_handoff *running);

/* For struct prot_pldm_fd_config; ctx is a struct prot_update_pldm. */
extern const struct prot_pldm_fd_ops prot_update_pldm_ops;

/*
 * True once an image was activated with the demand to start it at once. The
 * reset must wait until the response has been sent.
 */
static inline bool
prot_update_pldm_reset_wanted(const struct prot_update_pldm *p)
{
	return p->reset_wanted;
}

/*
 * The reason that a result code of TransferComplete, VerifyComplete or
 * ApplyComplete stands for, for the operator's side; PROT_IMAGE_UNCHECKED
 * when it is none of those above.
 */
enum prot_image_reason prot_update_pldm_reason(uint8_t result);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_UPDATE_PLDM_H */
