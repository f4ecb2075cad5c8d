/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PLDM_FD_H
#define PROT_PLDM_FD_H

/*
 * Firmware device (FD) of PLDM type 5 (DSP0267 1.3.0).
 *
 * Two ways lead in. Requests of update agents (UA) arrive through
 * prot_pldm_fd_type, listed with a responder (<prot/pldm/responder.h>). All
 * else is prot_pldm_fd_step(): it takes the UA's responses and the passing of
 * time, works the storage, and yields the requests that an FD sends itself
 * (GetPackageData, RequestFirmwareData, TransferComplete, VerifyComplete,
 * GetMetaData, ApplyComplete).
 *
 *	on a request:                prot_pldm_responder_handle(), then a tick
 *	on a response, or on a tick: prot_pldm_fd_step()
 *	next tick:                   prot_pldm_fd_wake_ms()
 *
 * Only the UA whose RequestUpdate was accepted drives and cancels the update;
 * to others the FD stays readable, and answers ALREADY_IN_UPDATE_MODE or
 * ERROR_NOT_READY. One request of the FD is outstanding at a time.
 *
 * One context is one FD. Calls on it, and on the responder that lists it,
 * must not overlap. Nothing here allocates, blocks or reads a clock; firmware
 * goes from the received message to the storage without a copy.
 */

#include <prot/pldm/fwup.h>
#include <prot/pldm/responder.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A component as the UA describes it. Borrowed for the call. */
struct prot_pldm_fd_component {
	struct prot_pldm_component_id id;
	uint32_t stamp;   /* PROT_PLDM_STAMP_NONE: the package gives none */
	uint32_t size;    /* bytes; 0 in PassComponentTable */
	uint32_t options; /* enum prot_pldm_update_option; 0 likewise */
	struct prot_pldm_string version;
};

/* What the storage says to a component. All 0 on entry: no objection. */
struct prot_pldm_fd_verdict {
	uint8_t code;     /* enum prot_pldm_component_code */
	uint32_t options; /* requested options that will be honoured */
	uint16_t delay_s; /* before data will be requested, seconds */
};

/* Outcome of a piece of work. On entry: result 0, progress unknown. */
struct prot_pldm_fd_work {
	/*
	 * enum prot_pldm_transfer_result, _verify_result or _apply_result:
	 * what the agent is told. Left 0 on a failure, that is "generic
	 * error" (0x0A). Of verify and apply it is reported with PROT_OK as
	 * well, and one that is no success then fails the component.
	 */
	uint8_t result;
	uint8_t progress; /* percent, or PROT_PLDM_PROGRESS_UNKNOWN */
	/* apply only, with PROT_PLDM_APPLY_SUCCESS_ACTIVATION_CHANGED */
	uint16_t activation_methods;
};

/* Answer to ActivateFirmware. All 0 on entry. */
struct prot_pldm_fd_activation {
	uint8_t cc;       /* on a refusal: enum prot_pldm_fwup_cc */
	uint16_t seconds; /* estimate for self-contained activation */
};

/*
 * The storage side of an update: banks, verification, activation. All ops are
 * mandatory; usually one static const object.
 *
 * An op never calls back into the FD or the responder. PROT_PENDING means
 * that its work goes on, and the op will be called again with the same
 * arguments until it returns something else, unless `cancel` is called
 * instead. Ops that answer a request (begin, component, activate, cancel,
 * parameters) must return within PROT_PLDM_PT1_MAX_MS; write, verify and
 * apply should return as soon, as the FD answers nobody meanwhile.
 */
struct prot_pldm_fd_ops {
	/*
	 * GetFirmwareParameters: append the body of the response, made by
	 * prot_pldm_firmware_parameters_encode() and
	 * prot_pldm_component_entry_encode(). PROT_PENDING or a failure is
	 * answered with ERROR_NOT_READY.
	 */
	enum prot_status (*parameters)(void *ctx, struct prot_wr *body);

	/*
	 * RequestUpdate: enter update mode. PROT_ERR_BUSY and PROT_PENDING are
	 * answered with RETRY_REQUEST_UPDATE, other failures with
	 * UNABLE_TO_INITIATE_UPDATE. `rq` is borrowed for the call.
	 */
	enum prot_status (*begin)(
		void *ctx, const struct prot_pldm_request_update_req *rq);

	/*
	 * May this component be updated? `update` tells UpdateComponent from
	 * PassComponentTable. When it is true and v->code stays 0, this is
	 * the component that write, verify and apply mean from now on.
	 * PROT_PENDING is answered with ERROR_NOT_READY; a failure that sets
	 * no code counts as PROT_PLDM_COMPONENT_NOT_SUPPORTED.
	 */
	enum prot_status (*component)(void *ctx,
				      const struct prot_pldm_fd_component *c,
				      bool update,
				      struct prot_pldm_fd_verdict *v);

	/*
	 * Take `len` bytes of the image. Offsets ascend without gap or
	 * repetition and are multiples of 32; so is len, except at the end.
	 * Padding beyond the image never gets here. The first call may take
	 * long to prepare the medium. A failure ends the transfer.
	 */
	enum prot_status (*write)(void *ctx, uint32_t offset,
				  const uint8_t *data, size_t len,
				  struct prot_pldm_fd_work *work);

	/* The whole image was written: is it acceptable? */
	enum prot_status (*verify)(void *ctx, struct prot_pldm_fd_work *work);

	/* Make the verified image ready for activation. */
	enum prot_status (*apply)(void *ctx, struct prot_pldm_fd_work *work);

	/*
	 * ActivateFirmware: what was applied shall run, now (self-contained)
	 * or after the reset that the activation method names. A reset, if
	 * any, must wait until the response has been sent. PROT_OK and
	 * PROT_PENDING answer success. Any other status refuses, with a->cc
	 * or, if that is 0, ERROR; a->cc ACTIVATION_NOT_REQUIRED also ends
	 * the update, other refusals leave it as it was. Once it pends, the
	 * agent has been told success: whatever it returns then ends the
	 * update, on a failure with PROT_PLDM_FD_REASON_VENDOR in GetStatus.
	 *
	 * At least one component was applied since begin; whether that is
	 * still so, when a component was begun again and then cancelled, and
	 * whether it is enough, is for the storage to know: it refuses with
	 * INCOMPLETE_UPDATE.
	 */
	enum prot_status (*activate)(void *ctx, bool self_contained,
				     struct prot_pldm_fd_activation *a);

	/*
	 * Give up the component in progress or, with `update`, everything
	 * since begin. May come while another op is pending, which is then
	 * over, and at any time-out. PROT_PENDING is answered with
	 * BUSY_IN_BACKGROUND; the FD asks for nothing until it is done, and
	 * the call may come back with `update` where it was without. A
	 * component may be cancelled although apply succeeded: then the
	 * agent has not confirmed it, and it counts as not applied.
	 * *broken, 0 on entry, gets a bit for each component that does not
	 * work any more, in the order of the PassComponentTable requests.
	 * Other failures are taken as done.
	 */
	enum prot_status (*cancel)(void *ctx, bool update, uint64_t *broken);
};

/*
 * Package data and device metadata, for a device that has a use for them:
 * data that travels with the package to the device before the components
 * (GetPackageData), and data that the agent keeps for the device during the
 * update (GetDeviceMetaData, GetMetaData). All ops are mandatory, and each
 * may pend, metadata_read excepted. A failure of package_data makes the FD
 * refuse all components (PREREQUISITES_NOT_MET); a failure of
 * metadata_restore fails the apply step.
 */
struct prot_pldm_fd_data_ops {
	/* The next part of the package data; `last` with the final one. */
	enum prot_status (*package_data)(void *ctx, uint32_t offset,
					 const uint8_t *data, size_t len,
					 bool last);

	/* How many bytes of metadata the agent shall keep; 0: none. */
	uint16_t (*metadata_size)(void *ctx);
	enum prot_status (*metadata_read)(void *ctx, uint32_t offset,
					  uint8_t *buf, size_t len);

	/* The metadata comes back, after verify and before apply. */
	enum prot_status (*metadata_restore)(void *ctx, uint32_t offset,
					     const uint8_t *data, size_t len,
					     bool last);
};

/* Usually a static const object; what it points to must outlive its user. */
struct prot_pldm_fd_config {
	const struct prot_pldm_fd_ops *ops;
	const struct prot_pldm_fd_data_ops *data; /* may be NULL: neither */
	void *ctx; /* passed unchanged to every op */

	/* Who this device is; an initial descriptor (type 0..6) first. */
	const struct prot_pldm_descriptor *descriptors;
	uint8_t descriptor_count; /* at least 1 */

	/*
	 * RequestFirmwareData attempts after the first until the FD gives up
	 * the transfer with a time-out. 0: until FD_T1 ends the update.
	 */
	uint8_t retries;

	/*
	 * Most bytes per RequestFirmwareData, at least 32 and at most the
	 * receive buffer less PROT_PLDM_RESPONSE_SIZE. The agent may lower
	 * it; the result is rounded down to a multiple of 32.
	 */
	uint32_t max_transfer;
	uint32_t t1_ms; /* FD_T1: 60..120 s without the agent end the update */
	uint32_t t2_ms; /* FD_T2: 1..5 s between attempts of a request */
};

/* Public so that it can be allocated; the fields are private. */
struct prot_pldm_fd {
	const struct prot_pldm_fd_config *cfg;
	uint64_t heard_ms; /* last message of the agent, or end of our work */
	uint64_t sent_ms;  /* when `request` went out, or shall not before */
	uint32_t peer;     /* the agent, unless IDLE */
	uint32_t max_transfer;
	uint32_t size;    /* of the component image */
	uint32_t offset;  /* bytes of it, or of the data, that are stored */
	uint32_t handle;  /* of the next part of the data */
	uint32_t options; /* enabled for the component */
	uint16_t metadata_len;
	uint8_t state;    /* enum prot_pldm_fd_state */
	uint8_t previous; /* enum prot_pldm_fd_state */
	uint8_t reason;   /* enum prot_pldm_fd_reason */
	uint8_t phase;
	uint8_t command;  /* of the request that is outstanding */
	uint8_t instance; /* of that or, if none is, of the last */
	uint8_t attempts; /* of that request */
	uint8_t flags;
	bool orphaned; /* prot_pldm_fd_orphan() */
	struct prot_pldm_fd_work work;
};

/* The commands of a UA; the context is the struct prot_pldm_fd. */
extern const struct prot_pldm_type_table prot_pldm_fd_type;

/* Keeps cfg. PROT_ERR_ARG when cfg breaks a rule stated above. */
PROT_MUST_CHECK
enum prot_status prot_pldm_fd_init(struct prot_pldm_fd *fd,
				   const struct prot_pldm_fd_config *cfg);

/* Longest request that an FD sends, bytes. */
#define PROT_PLDM_FD_TX_MIN 11

/*
 * Go on. rx is a response of the agent, or NULL when only time has passed.
 *
 * PROT_OK: *tx_len bytes are to be sent to prot_pldm_fd_peer(), or nothing if
 * it is 0; rx was consumed.
 * PROT_PENDING: an op is at work. rx, if given, has to stay as it is: call
 * again with the same arguments, but for now_ms, soon. Requests may go to the
 * responder in between.
 * PROT_ERR_STATE: rx is no response that is waited for (late, repeated, from
 * another peer); PROT_ERR_MALFORMED, PROT_ERR_UNSUPPORTED: rx does not parse.
 * It was dropped without effect.
 * PROT_ERR_SPACE: tx_cap is below PROT_PLDM_FD_TX_MIN; nothing happened.
 */
PROT_MUST_CHECK
enum prot_status prot_pldm_fd_step(struct prot_pldm_fd *fd,
				   const struct prot_pldm_message *rx,
				   uint64_t now_ms, uint8_t *tx, size_t tx_cap,
				   size_t *tx_len);

/*
 * When the next tick is wanted: a time of the caller's clock, 0 for at once,
 * UINT64_MAX for never. Ask again after each call on the FD or its responder.
 */
uint64_t prot_pldm_fd_wake_ms(const struct prot_pldm_fd *fd);

/* The agent that drives the update; meaningless in IDLE. */
uint32_t prot_pldm_fd_peer(const struct prot_pldm_fd *fd);

/*
 * The agent cannot be reached any more, for its link was lost. Its update goes
 * on until FD_T1, should it come back, but from now on any peer may cancel it.
 */
void prot_pldm_fd_orphan(struct prot_pldm_fd *fd);

enum prot_pldm_fd_state prot_pldm_fd_state(const struct prot_pldm_fd *fd);

#ifdef __cplusplus
}
#endif
#endif /* PROT_PLDM_FD_H */
