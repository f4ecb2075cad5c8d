/* SPDX-License-Identifier: Apache-2.0 */
/* GET_MEASUREMENTS (DSP0274 1.3.2, clause 10.11). */

#include "spdm_rsp.h"

/* MEASUREMENTS up to MeasurementRecord: header, NumberOfBlocks, length. */
#define RECORD_OFFSET (SPDM_HEADER_SIZE + 4u)

static bool wants(const struct prot_spdm_work *w, unsigned attribute)
{
	return spdm_rsp_param1(w) & attribute;
}

/* Does the request cover the measurement at this index? */
static bool covers(const struct prot_spdm_work *w, uint8_t index)
{
	uint8_t operation = spdm_rsp_param2(w);

	return operation == index || operation == SPDM_MEAS_OP_ALL;
}

/* What only a request for a signature has: Nonce, SlotIDParam. */
static enum prot_status decode_signature(struct prot_spdm_responder *r,
					 struct prot_spdm_work *w,
					 struct prot_rd *rd)
{
	(void)prot_rd_bytes(rd, PROT_SPDM_NONCE_SIZE);
	w->slot = prot_rd_u8(rd) & SPDM_SLOT_MASK;
	w->sign = true;
	if (!prot_rd_ok(rd)) {
		return PROT_ERR_MALFORMED;
	}
	if (!(r->cfg->capabilities & PROT_SPDM_CAP_MEAS_SIG)) {
		return spdm_rsp_refuse(w, PROT_SPDM_REFUSAL_SIGNATURE);
	}
	if (w->slot >= PROT_SPDM_SLOT_COUNT ||
	    !(r->cfg->slots & 1u << w->slot)) {
		return spdm_rsp_refuse(w, PROT_SPDM_REFUSAL_SLOT);
	}
	return PROT_OK;
}

/* Param1 attributes, Param2 operation; RequesterContext (1.3) at the end. */
static enum prot_status measurements_decode(struct prot_spdm_responder *r,
					    struct prot_spdm_work *w)
{
	struct prot_rd rd = spdm_rsp_body(w);
	enum prot_status st = PROT_OK;

	/* The requester did not negotiate a measurement specification. */
	if (r->algorithms.measurement_spec == 0) {
		return spdm_rsp_refuse(w, PROT_SPDM_REFUSAL_STATE);
	}
	if (wants(w, SPDM_MEAS_ATTR_SIGN)) {
		st = decode_signature(r, w, &rd);
	}
	if (r->cfg->version >= PROT_SPDM_VERSION_13) {
		(void)prot_rd_bytes(&rd, PROT_SPDM_REQUESTER_CONTEXT_SIZE);
	}
	return st == PROT_OK ? spdm_rsp_decoded(w, &rd) : st;
}

/* A signature takes a slot with certificates, and its key. */
static enum prot_status measurements_key(struct prot_spdm_responder *r,
					 struct prot_spdm_work *w)
{
	enum prot_status st;

	if (!w->sign) {
		return PROT_OK;
	}
	st = prot_spdm_rsp_slot_size(r, w, w->slot);
	if (st == PROT_ERR_NOT_FOUND) {
		return spdm_rsp_refuse(w, PROT_SPDM_REFUSAL_SLOT);
	}
	return st == PROT_OK ? prot_spdm_rsp_key(r, w) : st;
}

/* Take the measurements, where the device wants to know. */
static enum prot_status measurements_take(struct prot_spdm_responder *r,
					  struct prot_spdm_work *w)
{
	bool update = r->cfg->version >= PROT_SPDM_VERSION_13 &&
		      wants(w, SPDM_MEAS_ATTR_NEW);

	return spdm_rsp_param2(w) == SPDM_MEAS_OP_COUNT
		       ? PROT_OK
		       : prot_spdm_rsp_measure(r, w, update);
}

static enum prot_spdm_object form_of(const struct prot_spdm_responder *r,
				     const struct prot_spdm_work *w,
				     const struct prot_spdm_measurement *m)
{
	return prot_spdm_rsp_block_form(r, m, wants(w, SPDM_MEAS_ATTR_RAW));
}

/* Length of the record into w->portion, number of blocks into w->count. */
static enum prot_status measurements_size(struct prot_spdm_responder *r,
					  struct prot_spdm_work *w)
{
	uint8_t operation = spdm_rsp_param2(w);

	for (; w->item < r->cfg->measurement_count; w->item++) {
		const struct prot_spdm_measurement *m =
			&r->cfg->measurements[w->item];
		enum prot_status st;

		if (!covers(w, m->index)) {
			continue;
		}
		st = prot_spdm_rsp_block_size(r, w, m, form_of(r, w, m));
		if (st != PROT_OK) {
			return st;
		}
		w->portion += SPDM_BLOCK_HEADER_SIZE + w->size;
		w->count++;
	}
	return w->count != 0 || operation == SPDM_MEAS_OP_COUNT ||
			       operation == SPDM_MEAS_OP_ALL
		       ? PROT_OK
		       : spdm_rsp_refuse(w, PROT_SPDM_REFUSAL_INDEX);
}

/* Up to MeasurementRecordLength. */
static enum prot_status measurements_begin(struct prot_spdm_responder *r,
					   struct prot_spdm_work *w)
{
	bool count = spdm_rsp_param2(w) == SPDM_MEAS_OP_COUNT;
	unsigned change = (unsigned)w->change << SPDM_CONTENT_CHANGE_SHIFT;

	prot_spdm_rsp_header(r, w,
			     (uint8_t)(count ? r->cfg->measurement_count : 0),
			     (uint8_t)(w->sign ? w->slot | change : 0));
	prot_wr_u8(&w->reply, w->count);
	prot_wr_le24(&w->reply, (uint32_t)w->portion);
	return prot_spdm_rsp_room(w, RECORD_OFFSET + w->portion +
					     PROT_SPDM_NONCE_SIZE +
					     prot_spdm_rsp_trailer_size(r));
}

/* Header of the block, and the place of its value in the reply. */
static enum prot_status block_begin(struct prot_spdm_responder *r,
				    struct prot_spdm_work *w,
				    const struct prot_spdm_measurement *m)
{
	enum prot_spdm_object form = form_of(r, w, m);
	uint8_t header[SPDM_BLOCK_HEADER_SIZE];
	enum prot_status st = prot_spdm_rsp_block_size(r, w, m, form);

	if (st == PROT_OK) {
		prot_spdm_rsp_block_header(w, m, form, header);
		prot_wr_bytes(&w->reply, header, sizeof(header));
		w->out = prot_wr_claim(&w->reply, w->size);
		st = w->out ? PROT_OK : PROT_ERR_IO;
	}
	return st;
}

static enum prot_status measurements_record(struct prot_spdm_responder *r,
					    struct prot_spdm_work *w)
{
	for (; w->item < r->cfg->measurement_count; w->item++) {
		const struct prot_spdm_measurement *m =
			&r->cfg->measurements[w->item];
		enum prot_status st = PROT_OK;

		if (!covers(w, m->index)) {
			continue;
		}
		if (!w->out) {
			st = block_begin(r, w, m);
		}
		if (st == PROT_OK) {
			st = prot_spdm_rsp_read(r, w, form_of(r, w, m),
						m->index, w->out, w->size);
		}
		if (st != PROT_OK) {
			return st;
		}
		w->out = NULL;
	}
	/* The device keeps its word about sizes, or the record is void. */
	return w->reply.len == RECORD_OFFSET + w->portion ? PROT_OK
							  : PROT_ERR_IO;
}

static const struct prot_spdm_responder_row rows[] = {
	{&prot_spdm_cmd_get_measurements,
	 {measurements_decode, measurements_key, measurements_take,
	  measurements_size, measurements_begin, measurements_record,
	  prot_spdm_rsp_nonce, prot_spdm_rsp_trailer}},
};

const struct prot_spdm_responder_table prot_spdm_responder_measurement = {
	rows, PROT_ARRAY_SIZE(rows)};
