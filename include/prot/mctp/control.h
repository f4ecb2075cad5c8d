/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_MCTP_CONTROL_H
#define PROT_MCTP_CONTROL_H

/*
 * MCTP control protocol (DSP0236 1.3, sections 11 and 12): the responder, as a
 * message handler to list in the endpoint's table, and codecs for the
 * requester. Neither links the other.
 */

#include <prot/base/cursor.h>
#include <prot/base/status.h>
#include <prot/mctp/endpoint.h>
#include <prot/mctp/wire.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A version as Get Version Support carries it: major, minor, update, alpha
 * from the most significant byte down, each a BCD byte whose high nibble F
 * stands for a single digit. 1.3.1 is 0xF1F3F100; update FF: none stated.
 */
#define PROT_MCTP_VERSION(major, minor, update)                                \
	(0xF0F0F000u | (uint32_t)(major) << 24 | (uint32_t)(minor) << 16 |     \
	 (uint32_t)(update) << 8)

/* ---- Responder ----------------------------------------------------------- */

/* A message type that the device answers, with the versions of its spec. */
struct prot_mctp_type_support {
	uint8_t type;          /* not 0x00: this library answers for it */
	uint8_t version_count; /* 0: Get Version Support says "unsupported" */
	const uint32_t *versions; /* PROT_MCTP_VERSION, in ascending order */
};

/* One set of vendor-defined messages (types 0x7E, 0x7F). */
struct prot_mctp_vendor_set {
	uint8_t format;       /* PROT_MCTP_VENDOR_FORMAT_* */
	uint32_t vendor_id;   /* 16-bit PCI vendor ID, or IANA number */
	uint16_t command_set; /* as the vendor defines it */
};

/*
 * Commands 0xF0 to 0xFF belong to the binding. `request` holds the request
 * data; the response data, if any, goes to `response`. Returns the completion
 * code; response data is sent only with PROT_MCTP_CC_SUCCESS.
 */
struct prot_mctp_transport_hook {
	uint8_t (*handle)(void *ctx, const struct prot_mctp_message *msg,
			  uint8_t command, struct prot_rd *request,
			  struct prot_wr *response);
	void *ctx;
};

/* Kept by pointer, with all it points to; usually static const. */
struct prot_mctp_control_config {
	const uint8_t *uuid; /* 16 bytes, RFC 4122 order; NULL: none, the
				command is answered as unsupported */
	const struct prot_mctp_type_support *types;
	const struct prot_mctp_vendor_set *vendors;
	const struct prot_mctp_transport_hook *transport; /* NULL: none */
	uint8_t type_count;
	uint8_t vendor_count;    /* <= 254 */
	uint8_t static_eid;      /* 8 to 254; 0: none */
	uint8_t medium_specific; /* last byte of Get Endpoint ID */
};

/* Public so that callers can allocate it. Fields are private. */
struct prot_mctp_control {
	const struct prot_mctp_control_config *config;
	struct prot_mctp *endpoint;
};

static inline void
prot_mctp_control_init(struct prot_mctp_control *c,
		       const struct prot_mctp_control_config *config,
		       struct prot_mctp *endpoint)
{
	c->config = config;
	c->endpoint = endpoint;
}

/*
 * Handler for message type 0x00; ctx is the struct prot_mctp_control. Answers
 * Set and Get Endpoint ID, Get Endpoint UUID, Get Version Support, Get Message
 * Type Support, Get Vendor Defined Message Support, and 0xF0 to 0xFF through
 * the hook; other commands get "unsupported command". Set Endpoint ID changes
 * the endpoint's EID, and its response already carries that as source.
 *
 * Quietly dropped: responses, datagrams (D = 1), messages with IC = 1 or less
 * than the three header bytes, and whatever is addressed to the broadcast EID.
 */
void prot_mctp_control_handle(void *ctx, const struct prot_mctp_message *msg,
			      struct prot_mctp_reply *reply);

/* ---- Requester ----------------------------------------------------------- */

/* Largest request and response, bytes, type byte included. */
#define PROT_MCTP_CONTROL_REQUEST_MAX  5
#define PROT_MCTP_CONTROL_RESPONSE_MAX 260

/*
 * Encode a request, type byte first. `instance` is 0 to 31: another one for
 * each new request, the same when it is sent again. The first function serves
 * Get Endpoint ID, Get Endpoint UUID, Get Message Type Support, which have no
 * request data, and starts any other command.
 */
void prot_mctp_control_request_put(struct prot_wr *w, uint8_t instance,
				   uint8_t command);
void prot_mctp_set_eid_request_put(struct prot_wr *w, uint8_t instance,
				   enum prot_mctp_set_eid_op op, uint8_t eid);
void prot_mctp_version_request_put(struct prot_wr *w, uint8_t instance,
				   uint8_t type);
void prot_mctp_vendor_request_put(struct prot_wr *w, uint8_t instance,
				  uint8_t selector);

/*
 * Check the common part of a response to `command`; r stands at the first
 * byte of response data afterwards. *completion is set to the peer's code
 * unless the result is PROT_ERR_MALFORMED.
 *
 * PROT_ERR_MALFORMED: not a response to this command and instance.
 * PROT_ERR_REFUSED: the completion code is not success; what follows it is
 *	not defined and may be ignored.
 */
PROT_MUST_CHECK
enum prot_status prot_mctp_control_response_get(struct prot_rd *r,
						uint8_t instance,
						uint8_t command,
						uint8_t *completion);

/* The following decode response data; PROT_ERR_MALFORMED on a wrong length. */

struct prot_mctp_set_eid_response {
	bool accepted;
	uint8_t allocation; /* 0 needs no EID pool, 1 needs one, 2 has one */
	uint8_t eid;        /* now in use */
	uint8_t pool_size;  /* EIDs that it asks for */
};

PROT_MUST_CHECK
enum prot_status
prot_mctp_set_eid_response_get(struct prot_rd *r,
			       struct prot_mctp_set_eid_response *out);

struct prot_mctp_get_eid_response {
	uint8_t eid;           /* 0: none assigned */
	uint8_t endpoint_type; /* PROT_MCTP_ENDPOINT_* */
	uint8_t eid_type;      /* PROT_MCTP_EID_DYNAMIC... */
	uint8_t medium_specific;
};

PROT_MUST_CHECK
enum prot_status
prot_mctp_get_eid_response_get(struct prot_rd *r,
			       struct prot_mctp_get_eid_response *out);

PROT_MUST_CHECK
enum prot_status prot_mctp_uuid_response_get(struct prot_rd *r,
					     uint8_t uuid[PROT_MCTP_UUID_SIZE]);

/*
 * Get Version Support: *count entries follow, read each with prot_rd_be32()
 * (compare PROT_MCTP_VERSION). Get Message Type Support: *count types follow,
 * prot_rd_u8() each. The number of bytes left has been checked.
 */
PROT_MUST_CHECK
enum prot_status prot_mctp_version_response_get(struct prot_rd *r,
						uint8_t *count);
PROT_MUST_CHECK
enum prot_status prot_mctp_type_response_get(struct prot_rd *r, uint8_t *count);

/* *next_selector is PROT_MCTP_VENDOR_LAST after the last set. */
PROT_MUST_CHECK
enum prot_status
prot_mctp_vendor_response_get(struct prot_rd *r, uint8_t *next_selector,
			      struct prot_mctp_vendor_set *out);

#ifdef __cplusplus
}
#endif
#endif /* PROT_MCTP_CONTROL_H */
