/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPDM_SIGNING_H
#define SPDM_SIGNING_H

/*
 * What an SPDM signature covers (DSP0274 1.3.2, clause 15): up to 1.1 the
 * transcript digest itself; from 1.2 on a message made of the combined SPDM
 * prefix and the transcript digest.
 */

#include <prot/spdm/spdm.h>

#include "spdm_command.h"

/*
 * Where the transcript digest belongs within `in`; the caller writes it there
 * before or after prot_spdm_signing_data().
 */
static inline uint8_t *spdm_signing_digest(struct prot_spdm_signing_input *in)
{
	return in->bytes + PROT_SPDM_SIGNING_PREFIX_SIZE;
}

/*
 * Complete `in` around the digest and describe it for a sign or verify op.
 * `version` is the negotiated one, `hash` the negotiated base hash, `signer`
 * the row's column. The result borrows from `in`.
 */
struct prot_signed_data
prot_spdm_signing_data(struct prot_spdm_signing_input *in, uint8_t version,
		       enum prot_hash_alg hash, enum spdm_signer signer);

#endif /* SPDM_SIGNING_H */
