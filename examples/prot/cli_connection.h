/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CLI_CONNECTION_H
#define PROT_CLI_CONNECTION_H

/*
 * The operator's end of a connection to a device: TCP or a serial line, MCTP
 * with discovery, one request at a time, and the requests that the device sends
 * meanwhile.
 *
 *	prot_cli_connect
 *	-> { prot_cli_exchange | prot_cli_request, prot_cli_wait* }*
 *	-> prot_cli_disconnect
 *
 * Over mctp:... and serial:... this end is an MCTP endpoint and bus owner: it
 * asks the device at EID 0 for its EID, assigns one and reads the message
 * types. Over emu:...
 * (the sockets of DMTF's spdm-emu) there are messages only, no discovery.
 *
 * Messages are given without the MCTP message type byte, as the SPDM and PLDM
 * libraries have them.
 */

#include "prot_cli.h"

#include <prot/mctp/endpoint.h>

/* Largest message, type byte included. */
#define PROT_CLI_MESSAGE_MAX 65536u

#define PROT_CLI_HOST_EID   8 /* of this end */
#define PROT_CLI_DEVICE_EID 9 /* assigned unless told otherwise */
#define PROT_CLI_TIMEOUT_MS 5000
#define PROT_CLI_TYPES_MAX  16

/*
 * The options that every connecting command has. `connect` and `timeout_ms`
 * always end up set; see prot_cli_connection_argp.
 */
struct prot_cli_connection_options {
	const char *connect; /* --connect, as typed */
	const char *pcap;    /* --pcap FILE; NULL: no trace */
	uint32_t timeout_ms; /* --timeout: for each answer of the peer */
	uint16_t mtu;        /* --mtu: packet body, bytes; 0: the largest */
	uint8_t eid;         /* --eid: to assign; 0: PROT_CLI_DEVICE_EID */

	/*
	 * Message types that this end answers, as for prot_mctp_config; the
	 * handlers run inside prot_cli_wait(). NULL when there are none. Must
	 * outlive the connection.
	 */
	const struct prot_mctp_handler *handlers;
	uint8_t handler_count;
};

/*
 * Option group --connect, --pcap, --timeout, --mtu, --eid for the children of
 * a command's struct argp. Its input is a struct
 * prot_cli_connection_options: hand it on in ARGP_KEY_INIT with
 * state->child_inputs[0].
 */
extern const struct argp prot_cli_connection_argp;

/* Opaque. */
struct prot_cli_connection;

/* What discovery found out; over emu:... all zero. */
struct prot_cli_peer_info {
	uint8_t eid;
	bool has_uuid;
	uint8_t uuid[16];
	uint8_t types[PROT_CLI_TYPES_MAX];
	size_t type_count;
};

/*
 * Connect and discover. NULL when that fails within the time limit: the
 * reason has been printed.
 */
struct prot_cli_connection *
prot_cli_connect(const struct prot_cli_connection_options *options);

/* Ends the connection and the trace. NULL is allowed. */
void prot_cli_disconnect(struct prot_cli_connection *c);

const struct prot_cli_peer_info *
prot_cli_peer_info(const struct prot_cli_connection *c);

/*
 * True on a serial line: packets may get lost there, and it stays open when
 * the device at the other end restarts.
 */
bool prot_cli_is_line(const struct prot_cli_connection *c);

/*
 * On a line, ask the device whether it still has the EID that it was given.
 * PROT_OK: it has, or gave no answer in PROT_CLI_CHECK_MS, or this is no line.
 * PROT_ERR_IO: it has restarted since; the connection is over. Otherwise as
 * prot_cli_wait(). Handlers may run.
 */
#define PROT_CLI_CHECK_MS 500
enum prot_status prot_cli_check_peer(struct prot_cli_connection *c);

/* Borrowed until the next call that takes the connection. */
struct prot_cli_message {
	const uint8_t *bytes; /* without the type byte */
	size_t len;
};

/*
 * Send a request of an MCTP message type. One request at a time; its reply
 * comes from prot_cli_wait(). The message is copied. PROT_ERR_STATE: the
 * previous request is not finished.
 */
enum prot_status prot_cli_request(struct prot_cli_connection *c, uint8_t type,
				  const void *message, size_t len);

/*
 * Give the request under way up: a late reply is dropped. For a protocol that
 * repeats its requests itself. No effect when there is none.
 */
void prot_cli_abandon(struct prot_cli_connection *c);

/*
 * Wait for the reply, and serve the device's requests.
 * PROT_OK: the reply.
 * PROT_PENDING: `until_ms` (of prot_cli_now_ms()) has come, or a handler ran:
 *	do what is due and wait again. Also without a request under way.
 * PROT_ERR_TIMEOUT: no reply within the time limit of the options.
 * PROT_ERR_IO, PROT_ERR_MALFORMED: the connection is over.
 * PROT_ERR_CANCELLED: the user pressed ^C.
 */
enum prot_status prot_cli_wait(struct prot_cli_connection *c, uint64_t until_ms,
			       struct prot_cli_message *reply);

/*
 * Both in one: send, wait for the reply. Never PROT_PENDING. `message` may lie
 * in an earlier reply.
 */
enum prot_status prot_cli_exchange(struct prot_cli_connection *c, uint8_t type,
				   const void *message, size_t len,
				   struct prot_cli_message *reply);

/*
 * Print why the connection's last call gave `st`, in one sentence that names
 * the peer: it closed the connection, did not answer in time, and so on.
 */
void prot_cli_connection_error(const struct prot_cli_connection *c,
			       enum prot_status st);

#endif /* PROT_CLI_CONNECTION_H */
