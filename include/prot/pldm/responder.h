/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PLDM_RESPONDER_H
#define PROT_PLDM_RESPONDER_H

/*
 * PLDM responder (DSP0240 1.1.0): takes a request to the handler that a const
 * table names for it, and frames the handler's answer.
 *
 * An application lists the types that it offers, each with its command table.
 * What is not listed is not linked, and is answered with
 * ERROR_INVALID_PLDM_TYPE or ERROR_UNSUPPORTED_PLDM_CMD. Type 0 needs to be
 * listed, too; it finds the other types in the same list:
 *
 *	static struct prot_pldm_responder responder;
 *	static struct prot_pldm_fd fd;
 *	static const struct prot_pldm_service services[] = {
 *		{&prot_pldm_base_type, &responder},
 *		{&prot_pldm_fd_type, &fd},
 *	};
 *
 * One context serves all peers of a terminus. Calls on it must not overlap.
 * Nothing here allocates, blocks or reads a clock.
 */

#include <prot/pldm/pldm.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a handler learns about the request that it answers. */
struct prot_pldm_request {
	struct prot_pldm_header header;
	uint32_t peer; /* who asks: the caller's name for it, e.g. its EID */
	uint64_t now_ms;
	struct prot_rd body; /* after the header; borrowed for the call */
};

struct prot_pldm_command {
	uint8_t code;
	/*
	 * The command changes something: a repeated request must not run it
	 * again, see struct prot_pldm_replay. Its responses are then no
	 * longer than PROT_PLDM_REPLAY_SIZE.
	 */
	bool once;
	/*
	 * Returns the completion code. The body of the response goes to
	 * `body`, and is discarded on any code but PROT_PLDM_SUCCESS. Must
	 * answer at once (DSP0240, PT1: 100 ms): one who cannot answer yet
	 * returns PROT_PLDM_ERROR_NOT_READY, or what its command has for it.
	 */
	uint8_t (*handle)(void *ctx, struct prot_pldm_request *rq,
			  struct prot_wr *body);
};

/* One PLDM type; a static const object in flash. */
struct prot_pldm_type_table {
	uint8_t type;             /* enum prot_pldm_type */
	uint8_t version_count;    /* at least 1 */
	uint8_t command_count;    /* at least 1 */
	const uint32_t *versions; /* ver32; all have the same commands */
	const struct prot_pldm_command *commands;
};

/* A type and the context that its handlers get. */
struct prot_pldm_service {
	const struct prot_pldm_type_table *table;
	void *ctx;
};

/*
 * Type 0: SetTID, GetTID, GetPLDMVersion, GetPLDMTypes, GetPLDMCommands. The
 * context is the struct prot_pldm_responder itself.
 */
extern const struct prot_pldm_type_table prot_pldm_base_type;

/*
 * Memory of a peer's last request that may have changed something, and of its
 * response. When the same request comes again, same instance id and same
 * bytes, within PT3, the stored response is repeated and nothing else
 * happens: this is a retry, or a copy that the transport made.
 *
 * Only the last one is remembered: no requester repeats a request after the
 * next one, whereas a program that is started again may well send the same
 * bytes with the same instance id, and mean it. One entry per peer that
 * changes things is enough; with more peers than entries the one that was
 * silent longest is forgotten. Zero before the first use. Private.
 */
#define PROT_PLDM_REPLAY_SIZE 24 /* longest response that is kept, bytes */
struct prot_pldm_replay {
	uint64_t until_ms; /* 0: free */
	uint32_t peer;
	uint32_t digest;      /* CRC-32 of the whole request */
	uint16_t request_len; /* bytes */
	uint8_t len;          /* of the response, bytes */
	uint8_t response[PROT_PLDM_REPLAY_SIZE];
};

/* Usually a static const object; what it points to must outlive its user. */
struct prot_pldm_responder_config {
	const struct prot_pldm_service *services;
	size_t service_count; /* at least 1 */
	/* May be NULL, with replay_count 0: every request is taken as new. */
	struct prot_pldm_replay *replay;
	size_t replay_count;
};

/* Public so that it can be allocated; the fields are private. */
struct prot_pldm_responder {
	const struct prot_pldm_responder_config *cfg;
	uint8_t tid;
};

/* Transmit buffer that every response without a list fits into, bytes. */
#define PROT_PLDM_RESPONDER_TX_MIN 40

/* Keeps cfg. PROT_ERR_ARG when a mandatory pointer or count is missing. */
PROT_MUST_CHECK
enum prot_status
prot_pldm_responder_init(struct prot_pldm_responder *r,
			 const struct prot_pldm_responder_config *cfg);

/* The terminus id that SetTID assigned; PROT_PLDM_TID_UNASSIGNED before. */
uint8_t prot_pldm_responder_tid(const struct prot_pldm_responder *r);

/* A message and where it came from, for the call; borrowed. */
struct prot_pldm_message {
	uint32_t peer;       /* the caller's name for the sender */
	const uint8_t *data; /* starts with the PLDM header */
	size_t len;          /* bytes */
};

/*
 * True when a message is a request, for a caller that has to tell the
 * responder's messages from those of the firmware device or update agent.
 */
bool prot_pldm_message_is_request(const struct prot_pldm_message *m);

/*
 * Forget what peers were answered whose number, under `mask`, equals `peer`:
 * their link was lost, and who comes next by the same number is another
 * program, whose requests are meant even if the bytes are the same.
 */
void prot_pldm_responder_forget(struct prot_pldm_responder *r, uint32_t peer,
				uint32_t mask);

/*
 * Answer one request. tx must not overlap the request.
 *
 * PROT_OK: *tx_len bytes are to be sent to the peer; 0 when it wants no
 * response (datagram).
 * PROT_ERR_MALFORMED, PROT_ERR_UNSUPPORTED: not a request that could be
 * answered (prot_pldm_header_decode()); nothing happened.
 * PROT_ERR_SPACE: tx_cap is below PROT_PLDM_RESPONDER_TX_MIN; nothing
 * happened. A list that does not fit is answered with PROT_PLDM_ERROR.
 */
PROT_MUST_CHECK
enum prot_status prot_pldm_responder_handle(struct prot_pldm_responder *r,
					    const struct prot_pldm_message *rx,
					    uint64_t now_ms, uint8_t *tx,
					    size_t tx_cap, size_t *tx_len);

#ifdef __cplusplus
}
#endif
#endif /* PROT_PLDM_RESPONDER_H */
