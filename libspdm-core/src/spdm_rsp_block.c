/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measurement blocks in DMTF form (DSP0274 1.3.2, clause 10.11.1) and the
 * summary hash over them.
 */

#include "spdm_rsp.h"

/* A MeasurementSize of 16 bits holds the DMTF header, too. */
#define VALUE_MAX (0xffffu - SPDM_MEAS_DMTF_HEADER_SIZE)

/* Steps of prot_spdm_rsp_summary(); the last two for each measurement. */
enum {
	STEP_BEGIN,
	STEP_SIZE,
	STEP_VALUE
};

enum prot_spdm_object
prot_spdm_rsp_block_form(const struct prot_spdm_responder *r,
			 const struct prot_spdm_measurement *m, bool raw)
{
	bool has_digest = (m->flags & PROT_SPDM_MEASUREMENT_DIGEST) &&
			  r->cfg->measurement_hash != PROT_HASH_NONE;
	bool has_raw = m->flags & PROT_SPDM_MEASUREMENT_RAW;

	return !has_digest || (raw && has_raw)
		       ? PROT_SPDM_OBJECT_MEASUREMENT_RAW
		       : PROT_SPDM_OBJECT_MEASUREMENT_DIGEST;
}

enum prot_status prot_spdm_rsp_block_size(struct prot_spdm_responder *r,
					  struct prot_spdm_work *w,
					  const struct prot_spdm_measurement *m,
					  enum prot_spdm_object form)
{
	enum prot_status st;

	if (form == PROT_SPDM_OBJECT_MEASUREMENT_DIGEST) {
		w->size = prot_hash_size(r->cfg->measurement_hash);
		return PROT_OK;
	}
	st = prot_spdm_rsp_size(r, w, form, m->index);
	return st == PROT_OK && w->size > VALUE_MAX ? PROT_ERR_IO : st;
}

void prot_spdm_rsp_block_header(const struct prot_spdm_work *w,
				const struct prot_spdm_measurement *m,
				enum prot_spdm_object form,
				uint8_t out[SPDM_BLOCK_HEADER_SIZE])
{
	struct prot_wr wr = prot_wr_init(out, SPDM_BLOCK_HEADER_SIZE);
	unsigned raw = form == PROT_SPDM_OBJECT_MEASUREMENT_RAW
			       ? PROT_SPDM_MEAS_RAW
			       : 0;

	prot_wr_u8(&wr, m->index);
	prot_wr_u8(&wr, SPDM_MEASUREMENT_SPEC_DMTF);
	prot_wr_le16(&wr, (uint16_t)(w->size + SPDM_MEAS_DMTF_HEADER_SIZE));
	prot_wr_u8(&wr, (uint8_t)(m->type | raw));
	prot_wr_le16(&wr, (uint16_t)w->size);
}

static enum prot_status hash_block(struct prot_spdm_responder *r,
				   struct prot_spdm_work *w,
				   const struct prot_spdm_measurement *m)
{
	enum prot_spdm_object form = prot_spdm_rsp_block_form(r, m, false);
	uint8_t header[SPDM_BLOCK_HEADER_SIZE];
	enum prot_status st;

	if (w->step == STEP_SIZE) {
		st = prot_spdm_rsp_block_size(r, w, m, form);
		if (st != PROT_OK) {
			return st;
		}
		prot_spdm_rsp_block_header(w, m, form, header);
		st = prot_spdm_rsp_hash_add(r, w, header, sizeof(header));
		if (st != PROT_OK) {
			return st;
		}
		w->offset = 0;
		w->step = STEP_VALUE;
	}
	st = prot_spdm_rsp_hash_object(r, w, form, m->index, w->size);
	if (st == PROT_OK) {
		w->step = STEP_SIZE;
	}
	return st;
}

enum prot_status prot_spdm_rsp_summary(struct prot_spdm_responder *r,
				       struct prot_spdm_work *w)
{
	bool tcb_only = spdm_rsp_param2(w) == PROT_SPDM_SUMMARY_TCB;
	enum prot_status st;

	if (spdm_rsp_param2(w) == PROT_SPDM_SUMMARY_NONE) {
		return PROT_OK;
	}
	if (w->step == STEP_BEGIN) {
		st = prot_spdm_rsp_hash_init(r, w);
		if (st != PROT_OK) {
			return st;
		}
		w->step = STEP_SIZE;
	}
	for (; w->item < r->cfg->measurement_count; w->item++) {
		const struct prot_spdm_measurement *m =
			&r->cfg->measurements[w->item];

		if (tcb_only && !(m->flags & PROT_SPDM_MEASUREMENT_TCB)) {
			continue;
		}
		st = hash_block(r, w, m);
		if (st != PROT_OK) {
			return st;
		}
	}
	return prot_spdm_rsp_hash_final(r, w, w->out);
}
