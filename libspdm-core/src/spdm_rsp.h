/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPDM_RSP_H
#define SPDM_RSP_H

/*
 * Inside of the responder. A request is worked on in stages, the functions
 * that its row lists; the dispatcher runs them in order, each until it
 * returns PROT_OK. A stage that returns PROT_PENDING is entered again later
 * and goes on where the work record says; `step`, `item` and `offset` are 0
 * when a stage begins. On its way back to an op that pended a stage depends on
 * nothing but the work and the configuration, for the connection may have been
 * reset meanwhile.
 *
 * A stage decodes, acts or encodes; it touches neither transcripts nor
 * connection state. To refuse the request it returns spdm_rsp_refuse() or the
 * status of what failed.
 */

#include <prot/spdm/responder.h>

#include "spdm_command.h"

typedef enum prot_status (*spdm_rsp_stage)(struct prot_spdm_responder *r,
					   struct prot_spdm_work *w);

#define SPDM_RSP_STAGES_MAX 8

struct prot_spdm_responder_row {
	const struct prot_spdm_command *cmd;
	spdm_rsp_stage stages[SPDM_RSP_STAGES_MAX]; /* up to the first NULL */
};

struct prot_spdm_responder_table {
	const struct prot_spdm_responder_row *rows;
	size_t count;
};

static inline enum prot_status spdm_rsp_refuse(struct prot_spdm_work *w,
					       enum prot_spdm_refusal why)
{
	w->refusal = (uint8_t)why;
	return PROT_ERR_REFUSED;
}

/* The request after its header. */
static inline struct prot_rd spdm_rsp_body(const struct prot_spdm_work *w)
{
	return prot_rd_init(w->req + SPDM_HEADER_SIZE,
			    w->req_len - SPDM_HEADER_SIZE);
}

/*
 * The request ends where `rd` stands. What follows is padding of the
 * transport, which DSP0274 keeps out of transcripts.
 */
static inline enum prot_status spdm_rsp_decoded(struct prot_spdm_work *w,
						const struct prot_rd *rd)
{
	if (!prot_rd_ok(rd)) {
		return PROT_ERR_MALFORMED;
	}
	w->req_len -= rd->left;
	return PROT_OK;
}

static inline uint8_t spdm_rsp_param1(const struct prot_spdm_work *w)
{
	return w->req[2];
}

static inline uint8_t spdm_rsp_param2(const struct prot_spdm_work *w)
{
	return w->req[3];
}

static inline size_t spdm_rsp_hash_size(const struct prot_spdm_work *w)
{
	return prot_hash_size(w->hash);
}

/* The four bytes that every response begins with. */
void prot_spdm_rsp_header(const struct prot_spdm_responder *r,
			  struct prot_spdm_work *w, uint8_t param1,
			  uint8_t param2);

/*
 * PROT_ERR_SPACE, with the size noted, if the reply cannot be `len` bytes long
 * and a signature, if there will be one.
 */
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_room(struct prot_spdm_work *w, size_t len);

/* Stage: 32 random bytes into the reply. */
enum prot_status prot_spdm_rsp_nonce(struct prot_spdm_responder *r,
				     struct prot_spdm_work *w);

/*
 * Stage: what ends CHALLENGE_AUTH and MEASUREMENTS before the signature: no
 * opaque data, and from 1.3 on the RequesterContext, which ends the request.
 */
enum prot_status prot_spdm_rsp_trailer(struct prot_spdm_responder *r,
				       struct prot_spdm_work *w);
size_t prot_spdm_rsp_trailer_size(const struct prot_spdm_responder *r);

/*
 * The ops of the device and of the provider that may pend. PROT_ERR_CANCELLED:
 * the op is over, and so is the work, for nobody waits for its result.
 */
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_size(struct prot_spdm_responder *r,
				    struct prot_spdm_work *w,
				    enum prot_spdm_object what, uint8_t id);
/* Bytes from w->offset on. */
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_read(struct prot_spdm_responder *r,
				    struct prot_spdm_work *w,
				    enum prot_spdm_object what, uint8_t id,
				    uint8_t *buf, size_t len);
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_measure(struct prot_spdm_responder *r,
				       struct prot_spdm_work *w,
				       bool pending_update);
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_sign(struct prot_spdm_responder *r,
				    struct prot_spdm_work *w);

/* The key of slot w->slot; refuses the request if there is none. */
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_key(struct prot_spdm_responder *r,
				   struct prot_spdm_work *w);

/* Continue w->u.hash with an object, from w->offset up to `end`. */
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_hash_object(struct prot_spdm_responder *r,
					   struct prot_spdm_work *w,
					   enum prot_spdm_object what,
					   uint8_t id, size_t end);
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_hash_init(struct prot_spdm_responder *r,
					 struct prot_spdm_work *w);
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_hash_add(struct prot_spdm_responder *r,
					struct prot_spdm_work *w,
					const uint8_t *data, size_t len);
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_hash_final(struct prot_spdm_responder *r,
					  struct prot_spdm_work *w,
					  uint8_t *out);

/*
 * The certificate chain structure of clause 10.6.1: Length, RootHash, and the
 * certificates. Size of what precedes the certificates, and of the whole.
 */
static inline size_t spdm_rsp_chain_head_size(const struct prot_spdm_work *w)
{
	return SPDM_CHAIN_HEADER_SIZE + spdm_rsp_hash_size(w);
}

static inline size_t spdm_rsp_chain_size(const struct prot_spdm_work *w)
{
	return spdm_rsp_chain_head_size(w) + w->size;
}

/*
 * Length of a slot's certificates into w->size. PROT_ERR_NOT_FOUND: the slot
 * is empty; PROT_ERR_IO: the device names a length that no chain can have.
 */
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_slot_size(struct prot_spdm_responder *r,
					 struct prot_spdm_work *w,
					 uint8_t slot);

/* Length and Reserved, for a slot whose w->size is known. */
void prot_spdm_rsp_chain_header(const struct prot_spdm_work *w,
				uint8_t out[SPDM_CHAIN_HEADER_SIZE]);

/* RootHash of a slot, in steps. `out` may be w->piece. */
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_root_hash(struct prot_spdm_responder *r,
					 struct prot_spdm_work *w, uint8_t slot,
					 uint8_t *out);
/* Digest of the chain structure of a slot, in steps; w->step is 0 at the end.
 */
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_chain_digest(struct prot_spdm_responder *r,
					    struct prot_spdm_work *w,
					    uint8_t slot, uint8_t *out);

/* Stage: w->mask becomes the bit set of slots that have certificates. */
enum prot_status prot_spdm_rsp_scan_slots(struct prot_spdm_responder *r,
					  struct prot_spdm_work *w);

#define SPDM_BLOCK_HEADER_SIZE                                                 \
	(SPDM_MEAS_BLOCK_HEADER_SIZE + SPDM_MEAS_DMTF_HEADER_SIZE)

/* How a measurement is reported to a request with or without the raw bit. */
enum prot_spdm_object
prot_spdm_rsp_block_form(const struct prot_spdm_responder *r,
			 const struct prot_spdm_measurement *m, bool raw);
/* Size of its value into w->size. */
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_block_size(struct prot_spdm_responder *r,
					  struct prot_spdm_work *w,
					  const struct prot_spdm_measurement *m,
					  enum prot_spdm_object form);
/* What precedes the value, of w->size bytes. */
void prot_spdm_rsp_block_header(const struct prot_spdm_work *w,
				const struct prot_spdm_measurement *m,
				enum prot_spdm_object form,
				uint8_t out[SPDM_BLOCK_HEADER_SIZE]);

/* Stage: MeasurementSummaryHash into w->out, if Param2 asks for one. */
enum prot_status prot_spdm_rsp_summary(struct prot_spdm_responder *r,
				       struct prot_spdm_work *w);

/* Stages of the base table that have a file of their own. */
enum prot_status prot_spdm_rsp_capabilities(struct prot_spdm_responder *r,
					    struct prot_spdm_work *w);
enum prot_status prot_spdm_rsp_algorithms(struct prot_spdm_responder *r,
					  struct prot_spdm_work *w);

#endif /* SPDM_RSP_H */
