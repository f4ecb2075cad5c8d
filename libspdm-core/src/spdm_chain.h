/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPDM_CHAIN_H
#define SPDM_CHAIN_H

/* The SPDM certificate chain structure, DSP0274 1.3.2. */

#include <prot/base/status.h>
#include <prot/der.h>

#include <stddef.h>
#include <stdint.h>

/* All spans point into the structure. */
struct spdm_chain {
	const uint8_t *root_hash; /* as long as the base hash */
	struct prot_span certs;   /* DER certificates, one after another */
	struct prot_span first;   /* the first of them */
};

/*
 * Take a chain of `len` bytes apart. PROT_ERR_MALFORMED: Length is not `len`,
 * the reserved field is not 0, or it does not hold one certificate at least.
 */
PROT_MUST_CHECK
enum prot_status prot_spdm_chain_read(const uint8_t *chain, size_t len,
				      size_t hash_size, struct spdm_chain *out);

#endif /* SPDM_CHAIN_H */
