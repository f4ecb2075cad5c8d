/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLDM_UA_INTERNAL_H
#define PLDM_UA_INTERNAL_H

/* What the files of the update agent share. */

#include <prot/pldm/ua.h>

enum ua_flag {
	UA_IN_UPDATE = 1 << 0, /* the FD is, or may be, in update mode */
	/* Data was asked for before UpdateComponent was answered. */
	UA_IMPLIED = 1 << 1,
	UA_PACKAGE_DATA_SERVED = 1 << 2,
	UA_NO_STATUS = 1 << 3,   /* the FD does not know GetStatus */
	UA_TAKING_OVER = 1 << 4, /* CANCEL ends an update of somebody else */
	UA_TOOK_OVER = 1 << 5,
	UA_CANCEL_UPDATE = 1 << 6,    /* wish of the caller */
	UA_CANCEL_COMPONENT = 1 << 7, /* wish of the caller */
	/* UpdateComponent was presumed, and made again for this component. */
	UA_ASKED_AGAIN = 1 << 8,
};

/* The row of GetStatus, which belongs to no step. */
#define UA_ASK_STATUS PROT_PLDM_UA_DONE

/* A request of the UA. */
struct ua_row {
	uint8_t type;
	uint8_t command; /* 0: the step waits for the FD's requests */
	/*
	 * What an FD without a replay cache says to a repetition of a request
	 * that it has carried out; 0: it carries it out again.
	 */
	uint8_t repeated_cc;
	/* Body of the request; NULL: empty. Deterministic, for repetitions. */
	enum prot_status (*encode)(const struct prot_pldm_ua *ua,
				   struct prot_wr *w);
	/* A successful response; PROT_ERR_MALFORMED if it does not parse. */
	enum prot_status (*absorb)(struct prot_pldm_ua *ua, struct prot_rd *r);
};

extern const struct ua_row prot_pldm_ua_rows[PROT_PLDM_UA_DONE + 1];

/* Enter a step; whatever request is outstanding is forgotten. */
void prot_pldm_ua_go(struct prot_pldm_ua *ua, enum prot_pldm_ua_step step);

/* End the update with a failure, by way of CancelUpdate if need be. */
void prot_pldm_ua_fail(struct prot_pldm_ua *ua, enum prot_pldm_ua_reason reason,
		       uint8_t code);

/*
 * The component in progress failed. The update goes on with the next one if
 * the package wants it so (DeviceUpdateOptionFlags, bit 0).
 */
void prot_pldm_ua_component_fail(struct prot_pldm_ua *ua,
				 enum prot_pldm_ua_reason reason, uint8_t code);

/* After the component in progress: the next one, or the end. */
void prot_pldm_ua_next_component(struct prot_pldm_ua *ua);

/* After RequestUpdate and metadata: package data, or the component table. */
void prot_pldm_ua_begin_table(struct prot_pldm_ua *ua);

/* Take an unanswered request as carried out. */
void prot_pldm_ua_presume(struct prot_pldm_ua *ua);

/* After CancelUpdate. */
void prot_pldm_ua_cancelled(struct prot_pldm_ua *ua);

/* An error completion code to the request of the current step, or a poll. */
void prot_pldm_ua_refused(struct prot_pldm_ua *ua, uint8_t cc, bool repeated);

/* Answer a request of the FD; no bytes for one that wants no response. */
void prot_pldm_ua_serve(struct prot_pldm_ua *ua,
			const struct prot_pldm_header *h, struct prot_rd *body,
			struct prot_wr *w);

static inline struct prot_pldm_ua_component *
ua_component(const struct prot_pldm_ua *ua)
{
	return &ua->cfg->components[ua->at];
}

/* Discovery. */
enum prot_status prot_pldm_ua_set_tid_encode(const struct prot_pldm_ua *ua,
					     struct prot_wr *w);
enum prot_status prot_pldm_ua_version_encode(const struct prot_pldm_ua *ua,
					     struct prot_wr *w);
enum prot_status prot_pldm_ua_commands_encode(const struct prot_pldm_ua *ua,
					      struct prot_wr *w);
enum prot_status prot_pldm_ua_tid(struct prot_pldm_ua *ua, struct prot_rd *r);
enum prot_status prot_pldm_ua_set_tid(struct prot_pldm_ua *ua,
				      struct prot_rd *r);
enum prot_status prot_pldm_ua_types(struct prot_pldm_ua *ua, struct prot_rd *r);
enum prot_status prot_pldm_ua_version(struct prot_pldm_ua *ua,
				      struct prot_rd *r);
enum prot_status prot_pldm_ua_commands(struct prot_pldm_ua *ua,
				       struct prot_rd *r);
enum prot_status prot_pldm_ua_identifiers(struct prot_pldm_ua *ua,
					  struct prot_rd *r);
enum prot_status prot_pldm_ua_parameters(struct prot_pldm_ua *ua,
					 struct prot_rd *r);

/* Update. */
enum prot_status prot_pldm_ua_request_encode(const struct prot_pldm_ua *ua,
					     struct prot_wr *w);
enum prot_status prot_pldm_ua_metadata_encode(const struct prot_pldm_ua *ua,
					      struct prot_wr *w);
enum prot_status prot_pldm_ua_pass_encode(const struct prot_pldm_ua *ua,
					  struct prot_wr *w);
enum prot_status prot_pldm_ua_update_encode(const struct prot_pldm_ua *ua,
					    struct prot_wr *w);
enum prot_status prot_pldm_ua_activate_encode(const struct prot_pldm_ua *ua,
					      struct prot_wr *w);
enum prot_status prot_pldm_ua_request(struct prot_pldm_ua *ua,
				      struct prot_rd *r);
enum prot_status prot_pldm_ua_metadata(struct prot_pldm_ua *ua,
				       struct prot_rd *r);
enum prot_status prot_pldm_ua_pass(struct prot_pldm_ua *ua, struct prot_rd *r);
enum prot_status prot_pldm_ua_update(struct prot_pldm_ua *ua,
				     struct prot_rd *r);
enum prot_status prot_pldm_ua_cancel_component(struct prot_pldm_ua *ua,
					       struct prot_rd *r);
enum prot_status prot_pldm_ua_activate(struct prot_pldm_ua *ua,
				       struct prot_rd *r);
enum prot_status prot_pldm_ua_cancel_update(struct prot_pldm_ua *ua,
					    struct prot_rd *r);
enum prot_status prot_pldm_ua_status(struct prot_pldm_ua *ua,
				     struct prot_rd *r);

#endif /* PLDM_UA_INTERNAL_H */
