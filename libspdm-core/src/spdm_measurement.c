/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/spdm/measurement.h>

/* MeasurementSpecification, bit 0: the DMTF format (DSP0274 1.3). */
#define DMTF_SPECIFICATION 0x01

#define VALUE_TYPE_RAW 0x80 /* DMTFSpecMeasurementValueType, bit 7 */
#define BLOCK_HEADER   4    /* index, specification, uint16 size */

void prot_spdm_measurement_iter_init(struct prot_spdm_measurement_iter *it,
				     const uint8_t *record, size_t len)
{
	it->rd = prot_rd_init(record, len);
}

enum prot_status
prot_spdm_measurement_next(struct prot_spdm_measurement_iter *it,
			   struct prot_spdm_measurement_block *m)
{
	struct prot_rd rd = it->rd;
	struct prot_rd body;
	uint8_t specification;
	uint8_t type;

	if (prot_rd_end(&rd)) {
		return PROT_ERR_NOT_FOUND;
	}
	m->block = rd.at;
	m->index = prot_rd_u8(&rd);
	specification = prot_rd_u8(&rd);
	body = prot_rd_sub(&rd, prot_rd_le16(&rd));
	m->block_len = BLOCK_HEADER + body.left;
	type = prot_rd_u8(&body);
	m->value_len = prot_rd_le16(&body);
	m->value = prot_rd_bytes(&body, m->value_len);
	m->type = type & (uint8_t)~VALUE_TYPE_RAW;
	m->raw = (type & VALUE_TYPE_RAW) != 0;
	if (!prot_rd_end(&body) || m->index == 0 || m->index == 0xff ||
	    specification != DMTF_SPECIFICATION) {
		return PROT_ERR_MALFORMED;
	}
	it->rd = rd;
	return PROT_OK;
}

enum prot_status prot_spdm_measurement_record_check(const uint8_t *record,
						    size_t len, unsigned blocks)
{
	struct prot_spdm_measurement_iter it;
	struct prot_spdm_measurement_block m;
	uint8_t seen[32] = {0}; /* one bit per index */
	unsigned count = 0;
	enum prot_status st;

	prot_spdm_measurement_iter_init(&it, record, len);
	while ((st = prot_spdm_measurement_next(&it, &m)) == PROT_OK) {
		uint8_t bit = (uint8_t)(1u << (m.index & 7));

		if (seen[m.index >> 3] & bit) {
			return PROT_ERR_MALFORMED;
		}
		seen[m.index >> 3] |= bit;
		count++;
	}
	if (st != PROT_ERR_NOT_FOUND) {
		return st;
	}
	return count == blocks ? PROT_OK : PROT_ERR_MALFORMED;
}

enum prot_status
prot_spdm_measurement_find(const uint8_t *record, size_t len, uint8_t index,
			   struct prot_spdm_measurement_block *m)
{
	struct prot_spdm_measurement_iter it;
	enum prot_status st;

	prot_spdm_measurement_iter_init(&it, record, len);
	do {
		st = prot_spdm_measurement_next(&it, m);
	} while (st == PROT_OK && m->index != index);
	return st;
}
