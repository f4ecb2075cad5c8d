/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_DEVICE_H
#define PROT_SERVICES_DEVICE_H

/*
 * A Root of Trust as one object: MCTP endpoint with control protocol, SPDM
 * responders, PLDM responder and firmware device, update, boot confirmation.
 * What every port runs; ports differ in links and ops.
 *
 *	prot_device_init
 *	-> { prot_device_rx | prot_device_tick at prot_device_next_tick }*
 *
 * Memory: all of it is in struct prot_device, sized by prot/config.h; the
 * object stays where it was initialised. One context, no overlapping calls,
 * not from interrupt handlers.
 */

#include <prot/config.h>
#include <prot/mctp/control.h>
#include <prot/mctp/endpoint.h>
#include <prot/pldm/fd.h>
#include <prot/pldm/responder.h>
#include <prot/services/boot.h>
#include <prot/services/handoff.h>
#include <prot/services/journal.h>
#include <prot/services/update.h>
#include <prot/services/update_pldm.h>
#include <prot/spdm/responder.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What a device tells its port, with two numbers. For logs and lamps; nothing
 * depends on it.
 */
#define PROT_DEVICE_EVENT_TABLE(X)                                             \
	X(PROT_DEVICE_EVENT_STARTED, "started")          /* boot mode, bank */ \
	X(PROT_DEVICE_EVENT_NO_IDENTITY, "no identity")  /* 0, 0 */            \
	X(PROT_DEVICE_EVENT_EID, "endpoint ID assigned") /* EID, 0 */          \
	X(PROT_DEVICE_EVENT_CONFIRMED,                                         \
	  "image confirmed") /* bank, SVN floor */                             \
	X(PROT_DEVICE_EVENT_FLOOR_KEPT,                                        \
	  "image confirmed, but the SVN floor cannot be raised")               \
	/* ^ bank, SVN floor */                                                \
	X(PROT_DEVICE_EVENT_CONFIRM_FAILED, "confirmation failed")             \
	/* ^ bank, -status */                                                  \
	X(PROT_DEVICE_EVENT_UNHEALTHY, "trial image is not healthy")           \
	/* ^ bank, 0 */                                                        \
	X(PROT_DEVICE_EVENT_ATTESTED, "attestation signed") /* peer EID, 0 */  \
	X(PROT_DEVICE_EVENT_SPDM_REFUSED, "SPDM request refused")              \
	/* ^ request code, enum prot_spdm_refusal */                           \
	X(PROT_DEVICE_EVENT_UPDATE_STATE, "update state")                      \
	/* ^ enum prot_pldm_fd_state, bytes received */                        \
	X(PROT_DEVICE_EVENT_UPDATE_REFUSED, "update refused")                  \
	/* ^ low byte of enum prot_image_reason, 0 */                          \
	X(PROT_DEVICE_EVENT_RESET, "reset") /* 0, 0 */

enum prot_device_event {
#define PROT_DEVICE_EVENT_ENUM(name, text) name,
	PROT_DEVICE_EVENT_TABLE(PROT_DEVICE_EVENT_ENUM)
#undef PROT_DEVICE_EVENT_ENUM
	PROT_DEVICE_EVENT_COUNT
};

/* A few words; never NULL. */
const char *prot_device_event_text(enum prot_device_event event);

/* None may call back into the device. */
struct prot_device_ops {
	/*
	 * Reset the device: the boot stage runs next. Called from a tick, when
	 * everything that had to leave has left. On a port where it returns,
	 * the device is not called again.
	 */
	void (*reset)(void *ctx);

	/* The device is alive: feed the watchdog. Called by every tick. */
	void (*alive)(void *ctx);

	/*
	 * May be NULL: always healthy. Whether the board works as it should
	 * under this image. A trial image is confirmed only while it says yes.
	 */
	bool (*healthy)(void *ctx);

	/* May be NULL. */
	void (*event)(void *ctx, enum prot_device_event event, uint32_t a,
		      uint32_t b);
};

/* Const; it and all it points to must outlive the device. */
struct prot_device_config {
	const struct prot_device_ops *ops;
	void *ops_ctx; /* passed unchanged to every op */

	/* What the boot stage used: `boot` of its struct, or an equal one. */
	const struct prot_boot_config *boot;

	const struct prot_mctp_link *links;
	uint8_t link_count;  /* at least 1; MTU at most PROT_DEVICE_MTU_MAX */
	uint8_t static_eid;  /* 0: assigned by the bus owner */
	const uint8_t *uuid; /* 16 bytes, RFC 4122 order; NULL: none */

	/* Identity towards update agents, initial descriptor first. */
	const struct prot_pldm_descriptor *descriptors;
	uint8_t descriptor_count;

	uint8_t spdm_version; /* 0x12 or 0x13 */

	/*
	 * A trial image is confirmed after it has been up and healthy for this
	 * long, and resets itself when it could not be confirmed until
	 * trial_limit_ms, which is longer. Both since init, in ms. A confirmed
	 * image that does not last confirm_after_ms after a reset by the
	 * watchdog, or after a fault, counts as not having come up; after
	 * several such boots in a row another image is tried.
	 */
	uint32_t confirm_after_ms;
	uint32_t trial_limit_ms;
};

#define PROT_DEVICE_CONFIRM_AFTER_MS 60000u
#define PROT_DEVICE_TRIAL_LIMIT_MS   180000u

/* Private: one SPDM requester. */
struct prot_device_connection {
	struct prot_mctp_peer peer;
	uint64_t used_ms;              /* 0: not in use */
	bool working;                  /* a response is under construction */
	uint32_t refusals, signatures; /* as reported */
	struct prot_spdm_responder responder;
	struct prot_spdm_deferral deferral;
	uint8_t deferred[PROT_DEVICE_SPDM_DEFERRED_SIZE];
};

#define PROT_DEVICE_HANDLERS 3

/* Public so that callers can allocate it. Fields are private. */
struct prot_device {
	const struct prot_device_config *cfg;
	struct prot_handoff handoff;
	uint64_t started_ms;
	uint64_t reset_ms; /* UINT64_MAX: no reset is due */
	uint64_t now_ms;
	uint8_t phase;
	uint8_t eid;
	uint8_t fd_state;
	bool update_failed; /* as reported */
	bool fd_waiting;    /* for the reply to fd_request */
	prot_key ak;

	struct prot_mctp mctp;
	struct prot_mctp_config mctp_config;
	struct prot_mctp_handler handlers[PROT_DEVICE_HANDLERS];
	struct prot_mctp_slot slots[PROT_DEVICE_RX_SLOTS];
	struct prot_mctp_tx_buffer tx_buffers[PROT_DEVICE_TX_BUFFERS];
	struct prot_mctp_control control;
	struct prot_mctp_control_config control_config;

	struct prot_spdm_responder_config spdm_config;
	struct prot_device_connection spdm[PROT_DEVICE_SPDM_CONNECTIONS];

	struct prot_journal journal;
	struct prot_boot_report report;
	struct prot_update update;

	struct prot_pldm_responder pldm;
	struct prot_pldm_responder_config pldm_config;
	struct prot_pldm_service pldm_services[2];
	struct prot_pldm_replay replay[2];
	struct prot_pldm_fd fd;
	struct prot_pldm_fd_config fd_config;
	struct prot_update_pldm update_pldm;
	struct prot_mctp_peer agent; /* where requests of the FD go */
	struct prot_mctp_request fd_request;

	uint8_t fd_tx[1 + PROT_PLDM_FD_TX_MIN];
	uint8_t packet[PROT_MCTP_HEADER_SIZE + PROT_DEVICE_MTU_MAX];
	uint8_t fd_reply[PROT_DEVICE_MESSAGE_SIZE];
	uint8_t rx[PROT_DEVICE_RX_SLOTS][PROT_DEVICE_MESSAGE_SIZE];
	uint8_t tx[PROT_DEVICE_TX_BUFFERS][PROT_DEVICE_MESSAGE_SIZE];
};

#define PROT_DEVICE_UUID_SIZE 16

/*
 * A UUID that is the device's for life, for struct prot_device_config: version
 * 8 (RFC 9562 section 5.8) of the SHA-384 digest of its IDevID certificate, the
 * second of the chain. False: a device without identity has none.
 */
PROT_MUST_CHECK
bool prot_device_uuid(const struct prot_handoff *h,
		      const struct prot_crypto *crypto,
		      uint8_t uuid[PROT_DEVICE_UUID_SIZE]);

/*
 * Start the device in the state that the hand-off describes; `handoff` is
 * copied. PROT_ERR_ARG: the configuration breaks a rule, or the library was
 * built with another prot/config.h than the caller (`size` differs).
 * PROT_ERR_CRYPTO: the attestation key could not be made. The caller wipes
 * its own hand-off.
 */
PROT_MUST_CHECK
enum prot_status prot_device_init_sized(struct prot_device *d, size_t size,
					const struct prot_device_config *cfg,
					const struct prot_handoff *handoff,
					uint64_t now_ms);

PROT_MUST_CHECK
static inline enum prot_status
prot_device_init(struct prot_device *d, const struct prot_device_config *cfg,
		 const struct prot_handoff *handoff, uint64_t now_ms)
{
	return prot_device_init_sized(d, sizeof(*d), cfg, handoff, now_ms);
}

/* Hand in one packet, as prot_mctp_rx(). */
enum prot_mctp_drop prot_device_rx(struct prot_device *d, uint8_t link,
				   const struct prot_mctp_addr *from,
				   uint8_t *packet, size_t len,
				   uint64_t now_ms);

/* A link lost its peer or was reconnected, as prot_mctp_link_reset(). */
void prot_device_link_reset(struct prot_device *d, uint8_t link);

/*
 * Go on with what waits for time, for a link, or for a slow device. Call when
 * a busy link is ready again, after prot_device_rx(), and at
 * prot_device_next_tick().
 */
void prot_device_tick(struct prot_device *d, uint64_t now_ms);

/* In the ms of now_ms; now or earlier: at once. */
uint64_t prot_device_next_tick(const struct prot_device *d);

/* For telemetry and tests. */
static inline const struct prot_mctp_counters *
prot_device_mctp_counters(const struct prot_device *d)
{
	return prot_mctp_counters(&d->mctp);
}

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_DEVICE_H */
