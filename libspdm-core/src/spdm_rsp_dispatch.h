/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPDM_RSP_DISPATCH_H
#define SPDM_RSP_DISPATCH_H

/*
 * Between the parts of the responder that surround the handlers: dispatch,
 * deferral and errors. Handlers see none of this.
 */

#include "spdm_rsp.h"

/* A message, and where its answer goes. */
struct spdm_rsp_exchange {
	const struct prot_spdm_io *io; /* rx_len is at least 4 */
	size_t *tx_len;
	uint64_t now_ms;
};

static inline uint8_t spdm_rsp_code(const struct spdm_rsp_exchange *x)
{
	return x->io->rx[1];
}

/* The row of a request code, or NULL. */
const struct prot_spdm_responder_row *
prot_spdm_rsp_find(const struct prot_spdm_responder_config *cfg, uint8_t code);

/* The beginning of the work on an exchange: request and reply in io. */
void prot_spdm_rsp_begin(struct prot_spdm_responder *r,
			 struct prot_spdm_work *w,
			 const struct prot_spdm_responder_row *row,
			 const struct spdm_rsp_exchange *x);

/*
 * Run the stages from where the work stands, then what follows all of them:
 * transcripts and signature.
 */
PROT_MUST_CHECK
enum prot_status prot_spdm_rsp_run(struct prot_spdm_responder *r,
				   struct prot_spdm_work *w);

/* The work is over with `st`: what it changes, or why it was refused. */
void prot_spdm_rsp_conclude(struct prot_spdm_responder *r,
			    struct prot_spdm_work *w, enum prot_status st);

/* Send the reply of concluded work, or the ERROR. */
void prot_spdm_rsp_answer(struct prot_spdm_responder *r,
			  const struct spdm_rsp_exchange *x,
			  const struct prot_spdm_work *w);

/* Why work that ended with `st` was refused. */
enum prot_spdm_refusal prot_spdm_rsp_refusal_of(const struct prot_spdm_work *w,
						enum prot_status st);

/* ERROR. `needed`: size of the reply that was too large, bytes, or 0. */
void prot_spdm_rsp_send_error(struct prot_spdm_responder *r,
			      const struct spdm_rsp_exchange *x,
			      enum prot_spdm_refusal why, size_t needed);

/* No answer at all, but a counter. rx_len may be anything. */
void prot_spdm_rsp_drop(struct prot_spdm_responder *r,
			const struct spdm_rsp_exchange *x,
			enum prot_spdm_refusal why);

/* What a deferral is used for. */
enum spdm_rsp_phase {
	SPDM_RSP_IDLE,
	SPDM_RSP_PENDING,   /* ResponseNotReady was sent */
	SPDM_RSP_DONE,      /* so it was, and the reply is there */
	SPDM_RSP_ABANDONED, /* nobody waits, but an op is under way */
};

/* May this request be worked on while the deferral is in use? */
enum prot_spdm_refusal
prot_spdm_rsp_check_deferral(struct prot_spdm_responder *r,
			     const struct prot_spdm_command *cmd,
			     const struct spdm_rsp_exchange *x);

/* Work in the (idle) deferral; answer with the reply or ResponseNotReady. */
void prot_spdm_rsp_defer(struct prot_spdm_responder *r,
			 const struct prot_spdm_responder_row *row,
			 const struct spdm_rsp_exchange *x);

/* Answer RESPOND_IF_READY. */
void prot_spdm_rsp_collect(struct prot_spdm_responder *r,
			   const struct spdm_rsp_exchange *x);

/* Nobody waits for the deferred reply any more. */
void prot_spdm_rsp_abandon(struct prot_spdm_deferral *d);

#endif /* SPDM_RSP_DISPATCH_H */
