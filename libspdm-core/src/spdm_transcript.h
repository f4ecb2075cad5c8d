/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPDM_TRANSCRIPT_H
#define SPDM_TRANSCRIPT_H

/*
 * The transcripts that signatures cover, kept the same way by both sides
 * (DSP0274 1.3.2, clauses 10.8.3 and 10.11.4):
 *
 *	A  = GET_VERSION .. ALGORITHMS, kept as bytes (VCA)
 *	M  = A, GET_DIGESTS .. CERTIFICATE, CHALLENGE, CHALLENGE_AUTH
 *	L  = A (1.2 and later), GET_MEASUREMENTS, MEASUREMENTS ...
 *
 * M and L are running hashes. Messages enter complete, without transport
 * framing and without padding that followed them; the last response enters
 * without its signature. ERROR responses and the requests that they answer
 * never enter, nor does RESPOND_IF_READY.
 *
 * For each exchange: _begin when the request is accepted (or sent), then
 * _add the request and the response when it was a success, or _fail.
 */

#include <prot/spdm/spdm.h>

struct prot_spdm_command;

/* Forget everything, as GET_VERSION does. */
void prot_spdm_transcript_reset(struct prot_spdm_transcript *t);

/* What ALGORITHMS decided: how M and L are hashed, and how L begins. */
void prot_spdm_transcript_set(struct prot_spdm_transcript *t, uint8_t version,
			      enum prot_hash_alg hash);

/* A request goes out or arrives: end the transcripts that it interrupts. */
void prot_spdm_transcript_begin(struct prot_spdm_transcript *t,
				const struct prot_spdm_command *cmd,
				enum prot_spdm_state state);

/* The request was answered with ERROR (but not ResponseNotReady). */
void prot_spdm_transcript_fail(struct prot_spdm_transcript *t,
			       const struct prot_spdm_command *cmd);

/*
 * Append a message of the exchange to the transcript of its row; nothing for
 * roles without one and for M and L if no base hash was negotiated.
 * PROT_ERR_SPACE: A is full; PROT_ERR_CRYPTO: the hash
 * failed and the transcript is ended.
 */
PROT_MUST_CHECK
enum prot_status prot_spdm_transcript_add(struct prot_spdm_transcript *t,
					  const struct prot_crypto *crypto,
					  const struct prot_spdm_command *cmd,
					  const uint8_t *msg, size_t len);

/*
 * Digest of the transcript of `cmd`'s row, for its signature, and the end of
 * that transcript. `out` takes PROT_HASH_MAX bytes. PROT_ERR_STATE: nothing was
 * added since the transcript was ended.
 */
PROT_MUST_CHECK
enum prot_status prot_spdm_transcript_take(struct prot_spdm_transcript *t,
					   const struct prot_crypto *crypto,
					   const struct prot_spdm_command *cmd,
					   uint8_t *out);

#endif /* SPDM_TRANSCRIPT_H */
