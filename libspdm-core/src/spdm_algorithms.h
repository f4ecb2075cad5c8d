/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPDM_ALGORITHMS_H
#define SPDM_ALGORITHMS_H

/*
 * Between the algorithm bits of NEGOTIATE_ALGORITHMS and ALGORITHMS
 * (DSP0274 1.3.2, clauses 10.5 and 10.5.1) and the enums of prot/crypto.h.
 */

#include <prot/spdm/spdm.h>

/* The BaseHashAlgo bit of `alg`; 0 for PROT_HASH_NONE. */
uint32_t prot_spdm_hash_bit(enum prot_hash_alg alg);

/* The algorithm of one BaseHashSel bit; NONE unless exactly one known bit. */
enum prot_hash_alg prot_spdm_hash_from_bit(uint32_t bit);

/* The BaseAsymAlgo bit of `alg`; 0 for PROT_ASYM_NONE. */
uint32_t prot_spdm_asym_bit(enum prot_asym_alg alg);

/* The algorithm of one BaseAsymSel bit; NONE unless exactly one known bit. */
enum prot_asym_alg prot_spdm_asym_from_bit(uint32_t bit);

/* MeasurementHashAlgo bit of `alg`; that of a raw bit stream for NONE. */
uint32_t prot_spdm_measurement_hash_bit(enum prot_hash_alg alg);

/*
 * The algorithm of one MeasurementHashSel bit. PROT_ERR_UNSUPPORTED unless
 * exactly one known bit is set; *alg is NONE for the raw bit stream.
 */
enum prot_status prot_spdm_measurement_hash_from_bit(uint32_t bit,
						     enum prot_hash_alg *alg);

#endif /* SPDM_ALGORITHMS_H */
