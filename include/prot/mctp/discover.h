/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_MCTP_DISCOVER_H
#define PROT_MCTP_DISCOVER_H

/*
 * Bring-up of one endpoint on a link by its bus owner (DSP0236 1.3, section
 * 12): Get Endpoint ID and Set Endpoint ID by physical address, then
 * Get Message Type Support, Get Version Support, Get Endpoint UUID.
 */

#include <prot/base/status.h>
#include <prot/mctp/control.h>
#include <prot/mctp/endpoint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the peer told. */
struct prot_mctp_discovered {
	uint8_t eid;        /* in use after discovery */
	uint8_t former_eid; /* before it, 0: none */
	uint8_t endpoint_type;
	uint8_t eid_type;
	uint8_t type_count;
	uint8_t types[255];
	uint32_t base_version; /* highest of DSP0236, PROT_MCTP_VERSION */
	bool has_uuid;         /* the UUID is optional */
	uint8_t uuid[PROT_MCTP_UUID_SIZE];
};

struct prot_mctp_discovery {
	struct prot_mctp_discovered found; /* complete with PROT_OK */
	uint8_t command;    /* last one sent, e.g. to report a failure */
	uint8_t completion; /* with PROT_ERR_REFUSED: the peer's code */

	/* private */
	struct prot_mctp_request request;
	struct prot_mctp_peer peer;
	uint8_t eid;
	uint8_t instance;
	uint8_t message[PROT_MCTP_CONTROL_REQUEST_MAX];
	uint8_t response[PROT_MCTP_CONTROL_RESPONSE_MAX];
};

/*
 * Discover the endpoint at `addr` on `link` and give it `eid` (8 to 254), or
 * 0 to leave the EID that it has. Each request has timeout_ms and `retries`.
 * PROT_ERR_ARG for a reserved EID.
 */
PROT_MUST_CHECK
enum prot_status prot_mctp_discovery_init(struct prot_mctp_discovery *d,
					  uint8_t link,
					  const struct prot_mctp_addr *addr,
					  uint8_t eid, uint32_t timeout_ms,
					  uint8_t retries);

/*
 * Go on. Call first, and after each prot_mctp_rx() and prot_mctp_tick() of
 * the same endpoint, until the result is not PROT_PENDING; d must stay where
 * it is until then.
 *
 * PROT_OK: d->found is complete.
 * PROT_ERR_REFUSED: the peer refused d->command, or the EID.
 * PROT_ERR_MALFORMED: its answer to d->command does not parse.
 * Others as a request ends (endpoint.h).
 */
PROT_MUST_CHECK
enum prot_status prot_mctp_discovery_step(struct prot_mctp_discovery *d,
					  struct prot_mctp *m, uint64_t now_ms);

#ifdef __cplusplus
}
#endif
#endif /* PROT_MCTP_DISCOVER_H */
