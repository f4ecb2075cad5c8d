/* SPDX-License-Identifier: Apache-2.0 */
#include "spdm_algorithms.h"

#include "spdm_wire.h"

/* BaseHashAlgo gives the six hashes the order that enum prot_hash_alg has. */
_Static_assert(SPDM_HASH_SHA_256 == 1u << (PROT_HASH_SHA256 - 1) &&
		       SPDM_HASH_SHA_384 == 1u << (PROT_HASH_SHA384 - 1) &&
		       SPDM_HASH_SHA_512 == 1u << (PROT_HASH_SHA512 - 1) &&
		       SPDM_HASH_SHA3_256 == 1u << (PROT_HASH_SHA3_256 - 1) &&
		       SPDM_HASH_SHA3_384 == 1u << (PROT_HASH_SHA3_384 - 1) &&
		       SPDM_HASH_SHA3_512 == 1u << (PROT_HASH_SHA3_512 - 1) &&
		       PROT_HASH_COUNT == 7,
	       "hash bits follow enum prot_hash_alg");

uint32_t prot_spdm_hash_bit(enum prot_hash_alg alg)
{
	return alg != PROT_HASH_NONE && (unsigned)alg < PROT_HASH_COUNT
		       ? 1u << ((unsigned)alg - 1)
		       : 0;
}

enum prot_hash_alg prot_spdm_hash_from_bit(uint32_t bit)
{
	for (unsigned alg = PROT_HASH_SHA256; alg < PROT_HASH_COUNT; alg++) {
		if (bit == 1u << (alg - 1)) {
			return (enum prot_hash_alg)alg;
		}
	}
	return PROT_HASH_NONE;
}

uint32_t prot_spdm_asym_bit(enum prot_asym_alg alg)
{
	static const uint8_t bits[PROT_ASYM_COUNT] = {
		[PROT_ASYM_ECDSA_P256] = SPDM_ASYM_ECDSA_P256,
		[PROT_ASYM_ECDSA_P384] = SPDM_ASYM_ECDSA_P384,
	};

	return (unsigned)alg < PROT_ASYM_COUNT ? bits[alg] : 0;
}

enum prot_asym_alg prot_spdm_asym_from_bit(uint32_t bit)
{
	for (unsigned alg = PROT_ASYM_NONE + 1; alg < PROT_ASYM_COUNT; alg++) {
		if (bit == prot_spdm_asym_bit((enum prot_asym_alg)alg)) {
			return (enum prot_asym_alg)alg;
		}
	}
	return PROT_ASYM_NONE;
}

uint32_t prot_spdm_measurement_hash_bit(enum prot_hash_alg alg)
{
	return alg == PROT_HASH_NONE
		       ? SPDM_MEASUREMENT_HASH_RAW
		       : prot_spdm_hash_bit(alg) << SPDM_MEASUREMENT_HASH_SHIFT;
}

enum prot_status prot_spdm_measurement_hash_from_bit(uint32_t bit,
						     enum prot_hash_alg *alg)
{
	*alg = PROT_HASH_NONE;
	if (bit == SPDM_MEASUREMENT_HASH_RAW) {
		return PROT_OK;
	}
	/* An odd value has the raw bit and another: two selections. */
	if ((bit & SPDM_MEASUREMENT_HASH_RAW) == 0) {
		*alg = prot_spdm_hash_from_bit(bit >>
					       SPDM_MEASUREMENT_HASH_SHIFT);
	}
	return *alg != PROT_HASH_NONE ? PROT_OK : PROT_ERR_UNSUPPORTED;
}
