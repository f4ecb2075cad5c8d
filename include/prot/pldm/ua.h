/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PLDM_UA_H
#define PROT_PLDM_UA_H

/*
 * Update agent (UA) of PLDM type 5 (DSP0267 1.3.0): brings one package to one
 * firmware device (FD).
 *
 * A step machine: it takes the FD's responses, the FD's own requests and the
 * passing of time, and yields requests and responses to send.
 *
 *	prot_pldm_ua_init -> prot_pldm_ua_step until it is not PROT_PENDING
 *	next tick:           prot_pldm_ua_wake_ms()
 *	give up:             prot_pldm_ua_cancel(), then step on
 *
 * One request of the UA is outstanding at a time; the FD's requests are served
 * at any moment, also while a response is awaited: an FD may ask for data
 * before its UpdateComponent response has been read.
 *
 * A failure after RequestUpdate ends with CancelUpdate, so that the FD is free
 * again. What went wrong is prot_pldm_ua_result().
 *
 * One context is one update. Calls on it must not overlap. Nothing here
 * allocates, blocks or reads a clock; firmware goes from the package's source
 * to the message without a copy.
 */

#include <prot/pldm/base.h>
#include <prot/pldm/fwup.h>
#include <prot/pldm/package.h>
#include <prot/pldm/responder.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where an update stands, in the order of the normal course. */
#define PROT_PLDM_UA_STEP_TABLE(X)                                             \
	X(GET_TID, "GetTID")                                                   \
	X(SET_TID, "SetTID")                                                   \
	X(GET_TYPES, "GetPLDMTypes")                                           \
	X(GET_VERSION, "GetPLDMVersion")                                       \
	X(GET_COMMANDS, "GetPLDMCommands")                                     \
	X(QUERY_IDENTIFIERS, "QueryDeviceIdentifiers")                         \
	X(GET_PARAMETERS, "GetFirmwareParameters")                             \
	X(REQUEST_UPDATE, "RequestUpdate")                                     \
	X(GET_METADATA, "GetDeviceMetaData")                                   \
	X(PACKAGE_DATA, "GetPackageData") /* of the FD */                      \
	X(PASS_COMPONENT, "PassComponentTable")                                \
	X(UPDATE_COMPONENT, "UpdateComponent")                                 \
	X(DOWNLOAD, "transfer")                                                \
	X(VERIFY, "verification")                                              \
	X(APPLY, "apply")                                                      \
	X(CANCEL_COMPONENT, "CancelUpdateComponent")                           \
	X(ACTIVATE, "ActivateFirmware")                                        \
	X(SETTLE, "activation") /* self-contained */                           \
	X(CANCEL, "CancelUpdate")                                              \
	X(DONE, "done")

enum prot_pldm_ua_step {
#define PROT_PLDM_UA_STEP_ENUM(name, text) PROT_PLDM_UA_##name,
	PROT_PLDM_UA_STEP_TABLE(PROT_PLDM_UA_STEP_ENUM)
#undef PROT_PLDM_UA_STEP_ENUM
};

/* Why an update failed, and what the status of the last step call is then. */
#define PROT_PLDM_UA_REASON_TABLE(X)                                           \
	X(NONE, PROT_OK, "no failure")                                         \
	X(CANCELLED, PROT_ERR_CANCELLED, "cancelled")                          \
	X(PACKAGE, PROT_ERR_IO, "the package cannot be read")                  \
	X(NO_RESPONSE, PROT_ERR_TIMEOUT, "the device does not answer")         \
	X(BAD_RESPONSE, PROT_ERR_MALFORMED,                                    \
	  "the device's answer does not parse")                                \
	X(NO_FIRMWARE_UPDATE, PROT_ERR_UNSUPPORTED,                            \
	  "the device does not offer PLDM firmware update")                    \
	X(NO_VERSION, PROT_ERR_UNSUPPORTED,                                    \
	  "the device offers no firmware update version 1.x")                  \
	X(NO_COMMAND, PROT_ERR_UNSUPPORTED,                                    \
	  "the device lacks a mandatory firmware update command")              \
	X(NO_MATCH, PROT_ERR_NOT_FOUND,                                        \
	  "the package is not for this device: no record matches it")          \
	X(NO_COMPONENT, PROT_ERR_NOT_FOUND,                                    \
	  "the package has no component for this device")                      \
	X(UNKNOWN_COMPONENT, PROT_ERR_NOT_FOUND,                               \
	  "the device does not have a component of the package")               \
	X(TOO_MANY, PROT_ERR_SPACE, "too many components")                     \
	X(METADATA, PROT_ERR_SPACE,                                            \
	  "the device's metadata exceeds the room for it")                     \
	X(REFUSED, PROT_ERR_REFUSED, "the device refuses the request")         \
	X(COMPONENT_REFUSED, PROT_ERR_REFUSED,                                 \
	  "the device refuses the component")                                  \
	X(TRANSFER_FAILED, PROT_ERR_REFUSED,                                   \
	  "the device reports a failed transfer")                              \
	X(VERIFY_FAILED, PROT_ERR_REFUSED,                                     \
	  "the device reports a failed verification")                          \
	X(APPLY_FAILED, PROT_ERR_REFUSED,                                      \
	  "the device reports that it could not apply the image")              \
	X(INCOMPLETE, PROT_ERR_REFUSED,                                        \
	  "the device ended the transfer before it had the whole image")       \
	X(STALLED, PROT_ERR_TIMEOUT, "the device makes no progress")           \
	X(DEVICE_LEFT, PROT_ERR_REFUSED, "the device left update mode")        \
	X(ACTIVATION_FAILED, PROT_ERR_REFUSED,                                 \
	  "the device reports that the activation failed")

enum prot_pldm_ua_reason {
#define PROT_PLDM_UA_REASON_ENUM(name, status, text) PROT_PLDM_UA_FAIL_##name,
	PROT_PLDM_UA_REASON_TABLE(PROT_PLDM_UA_REASON_ENUM)
#undef PROT_PLDM_UA_REASON_ENUM
};

/* Short English texts for logs; never NULL. Linked only where they are used. */
static inline const char *prot_pldm_ua_step_text(enum prot_pldm_ua_step step)
{
	switch (step) {
#define PROT_PLDM_UA_STEP_CASE(name, text)                                     \
	case PROT_PLDM_UA_##name:                                              \
		return text;
		PROT_PLDM_UA_STEP_TABLE(PROT_PLDM_UA_STEP_CASE)
#undef PROT_PLDM_UA_STEP_CASE
	default:
		return "unknown step";
	}
}

static inline const char *
prot_pldm_ua_reason_text(enum prot_pldm_ua_reason reason)
{
	switch (reason) {
#define PROT_PLDM_UA_REASON_CASE(name, status, text)                           \
	case PROT_PLDM_UA_FAIL_##name:                                         \
		return text;
		PROT_PLDM_UA_REASON_TABLE(PROT_PLDM_UA_REASON_CASE)
#undef PROT_PLDM_UA_REASON_CASE
	default:
		return "unknown reason";
	}
}

/* The first failure of an update. All 0 while there is none. */
struct prot_pldm_ua_result {
	enum prot_pldm_ua_reason reason;
	enum prot_pldm_ua_step step; /* during which it happened */
	/*
	 * What the device said; the reason tells whose value it is. REFUSED:
	 * completion code; COMPONENT_REFUSED: enum prot_pldm_component_code;
	 * TRANSFER_FAILED, VERIFY_FAILED, APPLY_FAILED: the enum of that
	 * result; DEVICE_LEFT: enum prot_pldm_fd_reason; otherwise 0.
	 */
	uint8_t code;
	uint16_t
		component; /* number in the package, from UPDATE_COMPONENT on */
	/* After a cancelled update: components that do not work any more. */
	uint64_t broken; /* bit n: component n of the agent's list */
};

/* A component that the update is about; caller's memory, filled by the UA. */
#define PROT_PLDM_UA_VERSION_SIZE 32 /* bytes kept of a version string */
struct prot_pldm_ua_component {
	struct prot_pldm_package_component image;
	uint8_t class_index; /* ComponentClassificationIndex of the device */
	/* Active version on the device, cut to the size of `active`. */
	uint8_t active_type; /* enum prot_pldm_string_type */
	uint8_t active_len;  /* bytes */
	uint8_t active[PROT_PLDM_UA_VERSION_SIZE];
	uint8_t table_code; /* enum prot_pldm_component_code of the table */
	enum prot_pldm_ua_reason outcome; /* FAIL_NONE: applied, or not yet */
	bool applied;
	uint16_t activation_methods; /* enum prot_pldm_activation */
};

/* UA_T2: the longest wait for the FD's next request (DSP0267), default; ms. */
#define PROT_PLDM_UA_T2_MS 60000

/* Longest request of a UA, bytes. */
#define PROT_PLDM_UA_REQUEST_MAX 288
/* Transmit buffer for a given max_transfer, bytes. */
#define PROT_PLDM_UA_TX_SIZE(max_transfer)                                     \
	((max_transfer) + PROT_PLDM_RESPONSE_SIZE > PROT_PLDM_UA_REQUEST_MAX   \
		 ? (max_transfer) + PROT_PLDM_RESPONSE_SIZE                    \
		 : PROT_PLDM_UA_REQUEST_MAX)

/* Usually made for one update; what it points to must outlive its user. */
struct prot_pldm_ua_config {
	const struct prot_pldm_package *package; /* open */
	uint32_t peer; /* the FD: the caller's name for it, e.g. its EID */

	/* At least as many as the package has for the device. */
	struct prot_pldm_ua_component *components;
	uint16_t component_cap;
	/* Keeps device metadata for the FD; may be NULL, with capacity 0. */
	uint8_t *metadata;
	uint16_t metadata_cap;

	uint32_t max_transfer; /* most bytes per RequestFirmwareData, >= 32 */
	uint8_t tid;           /* 1..254, assigned with SetTID; 0: leave it */
	uint8_t retries;       /* PN1: of a request without response, >= 2 */
	uint32_t response_ms;  /* PT2: wait for a response, 300..4800 */
	/*
	 * How long "not ready" and "retry request update" are put up with;
	 * 0: not at all. Some seconds are usual.
	 */
	uint32_t busy_ms;
	/* UA_T2: longest wait for the next data request, > 0 */
	uint32_t t2_ms;
	/* UA_T3: longest verify or apply without progress, > 0; minutes */
	uint32_t t3_ms;
	/* GetStatus after so much silence, > 0, usually 1000; also "later" */
	uint32_t poll_ms;

	bool force;        /* UpdateOptionFlags: update also to same or older */
	bool takeover;     /* cancel an update that is under way, and start */
	bool ignore_match; /* let the device judge whether the package fits */
	bool activate;     /* end with ActivateFirmware */
	bool self_contained; /* ask for self-contained activation */
};

/* For display. `size` is 0 where no component is in progress. */
struct prot_pldm_ua_progress {
	enum prot_pldm_ua_step step;
	uint16_t component; /* place in the list of components, from 0 */
	uint16_t component_count;
	uint32_t served; /* furthest byte of the image that was fetched */
	uint32_t size;   /* of the image */
	/* Of verify and apply, percent, or PROT_PLDM_PROGRESS_UNKNOWN. */
	uint8_t device_progress;
};

/* Public so that it can be allocated; the fields are private. */
struct prot_pldm_ua {
	const struct prot_pldm_ua_config *cfg;
	struct prot_pldm_ua_result result;
	struct prot_pldm_package_record record; /* of this device */
	uint64_t now_ms;
	uint64_t sent_ms;       /* when the outstanding request went out */
	uint64_t heard_ms;      /* last message of the FD */
	uint64_t deadline_ms;   /* of a step that waits for the FD */
	uint64_t not_before_ms; /* the next request waits until then */
	uint64_t busy_until_ms; /* end of patience; 0: not tried yet */
	uint64_t idle_bytes;    /* served since the image last advanced */
	uint32_t served;        /* furthest byte of the image served */
	uint32_t handle;        /* of the next part */
	uint32_t package_data_max;
	uint32_t version; /* ver32 of type 5 */
	uint16_t count;   /* components */
	uint16_t at;      /* the component in progress */
	uint16_t metadata_len;
	uint16_t gathered; /* bytes of metadata or versions so far */
	uint16_t flags;
	uint8_t step;  /* enum prot_pldm_ua_step */
	uint8_t asked; /* row of the outstanding request */
	uint8_t tries; /* of it; 0: none is outstanding */
	uint8_t instance;
	uint8_t completed; /* command of the last completion accepted */
	uint8_t completed_result;
	uint8_t package_data_wanted; /* enum prot_pldm_package_data */
	uint8_t device_progress;
	uint8_t versions[36]; /* GetPLDMVersion: at most 8, and their CRC */
};

/* Keeps cfg. PROT_ERR_ARG when cfg breaks a rule stated above. */
PROT_MUST_CHECK
enum prot_status prot_pldm_ua_init(struct prot_pldm_ua *ua,
				   const struct prot_pldm_ua_config *cfg);

/*
 * Go on. rx is a message of any peer, or NULL when only time has passed; it is
 * consumed, or dropped if it is nothing that the UA waits for. tx must not
 * overlap rx.
 *
 * What is to be sent is a response to rx, if that was a request of the FD, or
 * a request of the UA: prot_pldm_message_is_request() tells them apart where
 * the transport cares, as MCTP does. A request without a response is repeated
 * by the UA itself, so a transport needs no retries of its own; whatever it
 * still waits for when the UA sends a request is to be given up.
 *
 * PROT_PENDING: the update goes on; *tx_len bytes are to be sent to the FD, or
 * nothing if it is 0. PROT_OK: the update is complete. PROT_ERR_ARG: tx_cap is
 * below PROT_PLDM_UA_TX_SIZE(max_transfer), nothing happened. Everything else
 * is the status of prot_pldm_ua_result(). With a final status *tx_len may be
 * set as well: a last response. Further calls repeat the status.
 */
PROT_MUST_CHECK
enum prot_status prot_pldm_ua_step(struct prot_pldm_ua *ua,
				   const struct prot_pldm_message *rx,
				   uint64_t now_ms, uint8_t *tx, size_t tx_cap,
				   size_t *tx_len);

/*
 * When the next tick is wanted: a time of the caller's clock, 0 for at once,
 * UINT64_MAX for never. Ask again after each call.
 */
uint64_t prot_pldm_ua_wake_ms(const struct prot_pldm_ua *ua);

enum prot_pldm_ua_scope {
	PROT_PLDM_UA_COMPONENT, /* go on with the next component */
	PROT_PLDM_UA_UPDATE,    /* give up the whole update */
};

/*
 * Cancel, at any time. COMPONENT counts only while a component is being
 * transferred, verified or applied. Step on until the status is final.
 */
void prot_pldm_ua_cancel(struct prot_pldm_ua *ua,
			 enum prot_pldm_ua_scope scope);

void prot_pldm_ua_progress(const struct prot_pldm_ua *ua,
			   struct prot_pldm_ua_progress *progress);

/* Valid at any time; the first failure stays. */
const struct prot_pldm_ua_result *
prot_pldm_ua_result(const struct prot_pldm_ua *ua);

#ifdef __cplusplus
}
#endif
#endif /* PROT_PLDM_UA_H */
