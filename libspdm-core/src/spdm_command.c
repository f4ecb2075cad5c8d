/* SPDX-License-Identifier: Apache-2.0 */
#include "spdm_command.h"

#define STATE(s) (1u << PROT_SPDM_STATE_##s)

/* From ALGORITHMS on. */
#define NEGOTIATED (STATE(NEGOTIATED) | STATE(AUTHENTICATED))

/* A GET_VERSION is welcome at any time: it starts the connection anew. */
#define ANY_STATE ((1u << PROT_SPDM_STATE_COUNT) - 1u)

const struct prot_spdm_command prot_spdm_cmd_get_version = {
	.code = SPDM_GET_VERSION,
	.min_version = PROT_SPDM_VERSION_10,
	.where = SPDM_IN_CLEAR,
	.states = ANY_STATE,
	.role = SPDM_ROLE_VCA,
	.restart = SPDM_RESTART_ALL,
};

const struct prot_spdm_command prot_spdm_cmd_get_capabilities = {
	.code = SPDM_GET_CAPABILITIES,
	.min_version = PROT_SPDM_VERSION_10,
	.where = SPDM_IN_CLEAR,
	.states = STATE(VERSION),
	.role = SPDM_ROLE_VCA,
};

const struct prot_spdm_command prot_spdm_cmd_negotiate_algorithms = {
	.code = SPDM_NEGOTIATE_ALGORITHMS,
	.min_version = PROT_SPDM_VERSION_10,
	.min_len = SPDM_NEGOTIATE_FIXED_SIZE - SPDM_HEADER_SIZE,
	.where = SPDM_IN_CLEAR,
	.states = STATE(CAPABILITIES),
	.role = SPDM_ROLE_VCA,
};

const struct prot_spdm_command prot_spdm_cmd_get_digests = {
	.code = SPDM_GET_DIGESTS,
	.min_version = PROT_SPDM_VERSION_10,
	.where = SPDM_IN_CLEAR | SPDM_IN_SESSION,
	.states = NEGOTIATED,
	.role = SPDM_ROLE_M,
	.restart = SPDM_RESTART_M,
	.caps = PROT_SPDM_CAP_CERT,
};

const struct prot_spdm_command prot_spdm_cmd_get_certificate = {
	.code = SPDM_GET_CERTIFICATE,
	.min_version = PROT_SPDM_VERSION_10,
	.min_len = 4,
	.where = SPDM_IN_CLEAR | SPDM_IN_SESSION,
	.states = NEGOTIATED,
	.role = SPDM_ROLE_M,
	.caps = PROT_SPDM_CAP_CERT,
};

const struct prot_spdm_command prot_spdm_cmd_challenge = {
	.code = SPDM_CHALLENGE,
	.min_version = PROT_SPDM_VERSION_10,
	.min_len = PROT_SPDM_NONCE_SIZE,
	.where = SPDM_IN_CLEAR,
	.states = NEGOTIATED,
	.role = SPDM_ROLE_M,
	.signing = SPDM_SIGNER_RSP_CHALLENGE_AUTH,
	.caps = PROT_SPDM_CAP_CHAL,
};

const struct prot_spdm_command prot_spdm_cmd_get_measurements = {
	.code = SPDM_GET_MEASUREMENTS,
	.min_version = PROT_SPDM_VERSION_10,
	.where = SPDM_IN_CLEAR | SPDM_IN_SESSION,
	.states = NEGOTIATED,
	.role = SPDM_ROLE_L,
	.restart = SPDM_RESTART_M_UNLESS,
	.signing = SPDM_SIGNER_RSP_MEASUREMENTS,
	.caps = PROT_SPDM_CAP_MEAS,
};

const struct prot_spdm_command prot_spdm_cmd_respond_if_ready = {
	.code = SPDM_RESPOND_IF_READY,
	.min_version = PROT_SPDM_VERSION_10,
	.where = SPDM_IN_CLEAR | SPDM_IN_SESSION,
	.states = NEGOTIATED,
	.role = SPDM_ROLE_OUTSIDE,
};
