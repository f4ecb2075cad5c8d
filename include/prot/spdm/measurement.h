/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SPDM_MEASUREMENT_H
#define PROT_SPDM_MEASUREMENT_H

/*
 * Reading a measurement record: the blocks that MEASUREMENTS carries
 * (DSP0274 1.3, "Measurement block" and "DMTF specification for the
 * Measurement field"). For whoever judges evidence; the library itself only
 * checks that a record is well formed.
 *
 *	struct prot_spdm_measurement_iter it;
 *	struct prot_spdm_measurement_block m;
 *
 *	prot_spdm_measurement_iter_init(&it, record, len);
 *	while ((st = prot_spdm_measurement_next(&it, &m)) == PROT_OK) {
 *		...
 *	}
 *	(st is PROT_ERR_NOT_FOUND at the end of a well-formed record)
 *
 * Nothing is copied: every pointer in a measurement borrows from the record.
 */

#include <prot/base/cursor.h>
#include <prot/base/status.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One measurement block with a DMTF measurement in it. */
struct prot_spdm_measurement_block {
	uint8_t index;        /* 1..0xFE */
	uint8_t type;         /* DMTFSpecMeasurementValueType bits 6:0 */
	bool raw;             /* bits as they are; false: a digest of them */
	const uint8_t *value; /* borrowed; digest or raw bits */
	size_t value_len;     /* bytes */
	const uint8_t *block; /* borrowed; the whole block, header first */
	size_t block_len;     /* bytes */
};

/* Position in a record. Fields are private. */
struct prot_spdm_measurement_iter {
	struct prot_rd rd;
};

/* `record` (borrowed, `len` bytes) must outlive the iterator. */
void prot_spdm_measurement_iter_init(struct prot_spdm_measurement_iter *it,
				     const uint8_t *record, size_t len);

/*
 * The next block in the order of the record. PROT_ERR_NOT_FOUND: the record
 * is read to its end. PROT_ERR_MALFORMED: a length does not fit, an index is
 * 0 or 0xFF, or the block is not in the DMTF measurement format; `m` is then
 * undefined and the iterator stays where it is.
 */
PROT_MUST_CHECK
enum prot_status
prot_spdm_measurement_next(struct prot_spdm_measurement_iter *it,
			   struct prot_spdm_measurement_block *m);

/*
 * The record consists of exactly `blocks` well-formed blocks, each index at
 * most once. PROT_ERR_MALFORMED otherwise.
 */
PROT_MUST_CHECK
enum prot_status prot_spdm_measurement_record_check(const uint8_t *record,
						    size_t len,
						    unsigned blocks);

/* The block with this index. PROT_ERR_NOT_FOUND, PROT_ERR_MALFORMED. */
PROT_MUST_CHECK
enum prot_status
prot_spdm_measurement_find(const uint8_t *record, size_t len, uint8_t index,
			   struct prot_spdm_measurement_block *m);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SPDM_MEASUREMENT_H */
