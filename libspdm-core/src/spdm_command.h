/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPDM_COMMAND_H
#define SPDM_COMMAND_H

/*
 * What DSP0274 says about each request, once, for both sides: who may send it
 * when, and what the exchange does to the transcripts. One object per request
 * code, so that only those of the linked command tables end up in an image.
 */

#include <prot/spdm/spdm.h>

#include "spdm_wire.h"

/* Where a request may travel; the column is a bit set. */
enum spdm_where {
	SPDM_IN_CLEAR = 1u << 0,
	SPDM_IN_SESSION = 1u << 1, /* established session */
};

/* Which transcript a completed exchange enters (clauses 10.8.3, 10.11.4). */
enum spdm_role {
	SPDM_ROLE_NONE,    /* none, but it interrupts a measurement sequence */
	SPDM_ROLE_OUTSIDE, /* none: part of another exchange */
	SPDM_ROLE_VCA,     /* A, the beginning of all others */
	SPDM_ROLE_M,       /* M1/M2 */
	SPDM_ROLE_L,       /* L1/L2 */
};

/* Which transcripts the mere request ends, besides L for all but ROLE_L. */
enum spdm_restart {
	SPDM_RESTART_NONE,
	SPDM_RESTART_ALL,      /* everything, A included */
	SPDM_RESTART_M,        /* M begins with this request */
	SPDM_RESTART_M_UNLESS, /* M, unless the connection is authenticated */
};

struct prot_spdm_command {
	uint8_t code;        /* request; the response is this less bit 7 */
	uint8_t min_version; /* enum prot_spdm_version */
	uint8_t min_len;     /* bytes after the header, at any version */
	uint8_t where;       /* bit set of enum spdm_where */
	uint8_t states;      /* bit set of 1u << enum prot_spdm_state */
	uint8_t role;        /* enum spdm_role */
	uint8_t restart;     /* enum spdm_restart */
	uint8_t signing;     /* enum spdm_signer: context of its signature */
	uint32_t caps;       /* responder announced one of these; 0 = any */
};

/* Signature contexts, clause 15.1: an index into the context strings. */
enum spdm_signer {
	SPDM_SIGNER_NONE,
	SPDM_SIGNER_RSP_CHALLENGE_AUTH,
	SPDM_SIGNER_RSP_MEASUREMENTS,
	SPDM_SIGNER_COUNT
};

extern const struct prot_spdm_command prot_spdm_cmd_get_version;
extern const struct prot_spdm_command prot_spdm_cmd_get_capabilities;
extern const struct prot_spdm_command prot_spdm_cmd_negotiate_algorithms;
extern const struct prot_spdm_command prot_spdm_cmd_get_digests;
extern const struct prot_spdm_command prot_spdm_cmd_get_certificate;
extern const struct prot_spdm_command prot_spdm_cmd_challenge;
extern const struct prot_spdm_command prot_spdm_cmd_get_measurements;
extern const struct prot_spdm_command prot_spdm_cmd_respond_if_ready;

static inline uint8_t spdm_response_code(uint8_t request)
{
	return (uint8_t)(request & ~SPDM_CODE_REQUEST);
}

#endif /* SPDM_COMMAND_H */
