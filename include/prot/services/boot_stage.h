/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_BOOT_STAGE_H
#define PROT_SERVICES_BOOT_STAGE_H

/*
 * The boot stage as one step machine, the same object code on every port:
 * select and verify an image (services/boot.h), derive the DICE layers from
 * the UDS, issue the LDevID and attestation key certificates, and prepare the
 * hand-off to the runtime.
 *
 *	prot_boot_stage_init, then prot_boot_stage_step until it ends;
 *	PROT_OK: encode prot_boot_stage_handoff(), start the payload, wipe
 *	PROT_ERR_STATE: lock down, nothing may run
 *
 * UDS, CDIs and private keys are wiped before PROT_OK and on every error.
 */

#include <prot/base/status.h>
#include <prot/services/boot.h>
#include <prot/services/handoff.h>
#include <prot/services/identity.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Const; it and what it points to must outlive the boot stage. */
struct prot_boot_stage_config {
	struct prot_boot_config boot;
	/* In certificates: "<product> LDevID", and in TcbInfo. ASCII. */
	const char *product;
	const char *vendor;
	const char *model;
};

/* What differs from one start to the next. */
struct prot_boot_stage_input {
	enum prot_reset_reason reset_reason;
	/* SHA-384 of the code of the boot stage itself. */
	uint8_t boot_digest[PROT_IMAGE_DIGEST_SIZE];
};

/* Why there is no identity in the hand-off. */
enum prot_identity_problem {
	PROT_IDENTITY_FINE = 0,
	PROT_IDENTITY_NO_UDS,         /* UDS reads all zero */
	PROT_IDENTITY_NO_CERTIFICATE, /* identity region not provisioned */
	PROT_IDENTITY_DAMAGED,        /* identity region does not decode */
	PROT_IDENTITY_DEVICE,         /* flash, OTP or crypto failed */
	/* the chain exceeds the hand-off, or a key the provider's table */
	PROT_IDENTITY_SPACE,
};

/* A few words; never NULL. */
const char *prot_identity_problem_text(enum prot_identity_problem problem);

/* Fields are private. About 8 KB; not needed once the runtime has started. */
struct prot_boot_stage {
	const struct prot_boot_stage_config *cfg;
	struct prot_boot_stage_input in;
	uint8_t phase;
	enum prot_identity_problem problem;
	struct prot_boot boot;
	struct prot_handoff handoff;
	uint8_t region[PROT_IDENTITY_SIZE_MAX];
};

/* `sink` as in prot_boot_init(). PROT_ERR_ARG likewise. */
PROT_MUST_CHECK
enum prot_status prot_boot_stage_init(struct prot_boot_stage *b,
				      const struct prot_boot_stage_config *cfg,
				      const struct prot_boot_stage_input *in,
				      const struct prot_image_sink *sink);

/*
 * PROT_PENDING: call again. PROT_OK: the hand-off is ready. PROT_ERR_STATE:
 * no image may run. A device without a usable identity still boots: it can
 * then be updated, but not attested.
 */
PROT_MUST_CHECK
enum prot_status prot_boot_stage_step(struct prot_boot_stage *b);

/* After the step machine has ended: what was decided, also in lockdown. */
static inline const struct prot_boot_result *
prot_boot_stage_result(const struct prot_boot_stage *b)
{
	return &b->boot.result;
}

static inline enum prot_identity_problem
prot_boot_stage_problem(const struct prot_boot_stage *b)
{
	return b->problem;
}

static inline const struct prot_handoff *
prot_boot_stage_handoff(const struct prot_boot_stage *b)
{
	return &b->handoff;
}

/* Wipe everything, before the jump. */
void prot_boot_stage_wipe(struct prot_boot_stage *b);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_BOOT_STAGE_H */
