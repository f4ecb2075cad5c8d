/* SPDX-License-Identifier: Apache-2.0 */
/* Type 5: the messages of an update, RequestUpdate to CancelUpdate. */
#include "pldm_wire.h"

#include <prot/pldm/fwup.h>

void prot_pldm_component_id_encode(struct prot_wr *w,
				   const struct prot_pldm_component_id *id)
{
	prot_wr_le16(w, id->classification);
	prot_wr_le16(w, id->identifier);
	prot_wr_u8(w, id->index);
}

void prot_pldm_component_id_decode(struct prot_rd *r,
				   struct prot_pldm_component_id *id)
{
	id->classification = prot_rd_le16(r);
	id->identifier = prot_rd_le16(r);
	id->index = prot_rd_u8(r);
}

static void string_encode(struct prot_wr *w, const struct prot_pldm_string *s)
{
	prot_wr_u8(w, s->type);
	prot_wr_u8(w, s->len);
	prot_wr_bytes(w, s->bytes, s->len);
}

static void string_decode(struct prot_rd *r, struct prot_pldm_string *s)
{
	s->type = prot_rd_u8(r);
	s->len = prot_rd_u8(r);
	s->bytes = prot_rd_bytes(r, s->len);
}

void prot_pldm_request_update_req_encode(
	struct prot_wr *w, const struct prot_pldm_request_update_req *m)
{
	prot_wr_le32(w, m->max_transfer);
	prot_wr_le16(w, m->component_count);
	prot_wr_u8(w, m->max_outstanding);
	prot_wr_le16(w, m->package_data_len);
	string_encode(w, &m->version);
}

enum prot_status
prot_pldm_request_update_req_decode(struct prot_rd *r,
				    struct prot_pldm_request_update_req *m)
{
	m->max_transfer = prot_rd_le32(r);
	m->component_count = prot_rd_le16(r);
	m->max_outstanding = prot_rd_u8(r);
	m->package_data_len = prot_rd_le16(r);
	string_decode(r, &m->version);
	return pldm_body_end(r);
}

void prot_pldm_request_update_rsp_encode(
	struct prot_wr *w, const struct prot_pldm_request_update_rsp *m)
{
	prot_wr_le16(w, m->metadata_len);
	prot_wr_u8(w, m->package_data);
	if (m->package_data == PROT_PLDM_PACKAGE_DATA_LIMITED) {
		prot_wr_le16(w, (uint16_t)(m->package_data_max < UINT16_MAX
						   ? m->package_data_max
						   : UINT16_MAX));
	}
}

enum prot_status
prot_pldm_request_update_rsp_decode(struct prot_rd *r,
				    struct prot_pldm_request_update_rsp *m)
{
	m->metadata_len = prot_rd_le16(r);
	m->package_data = prot_rd_u8(r);
	m->package_data_max = 0;
	if (m->package_data == PROT_PLDM_PACKAGE_DATA_LIMITED) {
		m->package_data_max =
			r->left == 4 ? prot_rd_le32(r) : prot_rd_le16(r);
	}
	return pldm_body_end(r);
}

void prot_pldm_pass_component_req_encode(
	struct prot_wr *w, const struct prot_pldm_pass_component_req *m)
{
	prot_wr_u8(w, m->flag);
	prot_pldm_component_id_encode(w, &m->id);
	prot_wr_le32(w, m->stamp);
	string_encode(w, &m->version);
}

enum prot_status
prot_pldm_pass_component_req_decode(struct prot_rd *r,
				    struct prot_pldm_pass_component_req *m)
{
	m->flag = prot_rd_u8(r);
	prot_pldm_component_id_decode(r, &m->id);
	m->stamp = prot_rd_le32(r);
	string_decode(r, &m->version);
	return pldm_body_end(r);
}

void prot_pldm_pass_component_rsp_encode(
	struct prot_wr *w, const struct prot_pldm_pass_component_rsp *m)
{
	prot_wr_u8(w, m->response);
	prot_wr_u8(w, m->code);
}

enum prot_status
prot_pldm_pass_component_rsp_decode(struct prot_rd *r,
				    struct prot_pldm_pass_component_rsp *m)
{
	m->response = prot_rd_u8(r);
	m->code = prot_rd_u8(r);
	return pldm_body_end(r);
}

void prot_pldm_update_component_req_encode(
	struct prot_wr *w, const struct prot_pldm_update_component_req *m)
{
	prot_pldm_component_id_encode(w, &m->id);
	prot_wr_le32(w, m->stamp);
	prot_wr_le32(w, m->size);
	prot_wr_le32(w, m->options);
	string_encode(w, &m->version);
}

enum prot_status
prot_pldm_update_component_req_decode(struct prot_rd *r,
				      struct prot_pldm_update_component_req *m)
{
	prot_pldm_component_id_decode(r, &m->id);
	m->stamp = prot_rd_le32(r);
	m->size = prot_rd_le32(r);
	m->options = prot_rd_le32(r);
	string_decode(r, &m->version);
	return pldm_body_end(r);
}

void prot_pldm_update_component_rsp_encode(
	struct prot_wr *w, const struct prot_pldm_update_component_rsp *m)
{
	prot_wr_u8(w, m->response);
	prot_wr_u8(w, m->code);
	prot_wr_le32(w, m->options);
	prot_wr_le16(w, m->delay_s);
	if (m->options & PROT_PLDM_OPTION_OPAQUE_DATA) {
		prot_wr_le32(w, m->opaque_max);
	}
}

enum prot_status
prot_pldm_update_component_rsp_decode(struct prot_rd *r,
				      struct prot_pldm_update_component_rsp *m)
{
	m->response = prot_rd_u8(r);
	m->code = prot_rd_u8(r);
	m->options = prot_rd_le32(r);
	m->delay_s = prot_rd_le16(r);
	m->opaque_max = 0;
	if (m->options & PROT_PLDM_OPTION_OPAQUE_DATA) {
		m->opaque_max = prot_rd_le32(r);
	}
	return pldm_body_end(r);
}

void prot_pldm_request_data_req_encode(
	struct prot_wr *w, const struct prot_pldm_request_data_req *m)
{
	prot_wr_le32(w, m->offset);
	prot_wr_le32(w, m->length);
}

enum prot_status
prot_pldm_request_data_req_decode(struct prot_rd *r,
				  struct prot_pldm_request_data_req *m)
{
	m->offset = prot_rd_le32(r);
	m->length = prot_rd_le32(r);
	return pldm_body_end(r);
}

uint8_t prot_pldm_request_data_check(const struct prot_pldm_request_data_req *m,
				     uint32_t image_size, uint32_t max_transfer)
{
	const uint64_t limit =
		(uint64_t)image_size + PROT_PLDM_FWUP_BASELINE_TRANSFER;

	if (m->length < PROT_PLDM_FWUP_BASELINE_TRANSFER ||
	    m->length > max_transfer) {
		return PROT_PLDM_FWUP_INVALID_TRANSFER_LENGTH;
	}
	if ((uint64_t)m->offset + m->length > limit) {
		return PROT_PLDM_FWUP_DATA_OUT_OF_RANGE;
	}
	return PROT_PLDM_SUCCESS;
}

void prot_pldm_complete_req_encode(struct prot_wr *w, uint8_t result)
{
	prot_wr_u8(w, result);
}

enum prot_status prot_pldm_complete_req_decode(struct prot_rd *r,
					       uint8_t *result)
{
	*result = prot_rd_u8(r);
	return pldm_body_end(r);
}

void prot_pldm_apply_complete_req_encode(
	struct prot_wr *w, const struct prot_pldm_apply_complete_req *m)
{
	prot_wr_u8(w, m->result);
	prot_wr_le16(w, m->activation_methods);
}

enum prot_status
prot_pldm_apply_complete_req_decode(struct prot_rd *r,
				    struct prot_pldm_apply_complete_req *m)
{
	m->result = prot_rd_u8(r);
	m->activation_methods = prot_rd_le16(r);
	return pldm_body_end(r);
}

void prot_pldm_activate_req_encode(struct prot_wr *w, uint8_t self_contained)
{
	prot_wr_u8(w, self_contained);
}

enum prot_status prot_pldm_activate_req_decode(struct prot_rd *r,
					       uint8_t *self_contained)
{
	*self_contained = prot_rd_u8(r);
	return pldm_body_end(r);
}

void prot_pldm_activate_rsp_encode(struct prot_wr *w, uint16_t seconds)
{
	prot_wr_le16(w, seconds);
}

enum prot_status prot_pldm_activate_rsp_decode(struct prot_rd *r,
					       uint16_t *seconds)
{
	*seconds = prot_rd_le16(r);
	return pldm_body_end(r);
}

void prot_pldm_get_status_rsp_encode(struct prot_wr *w,
				     const struct prot_pldm_get_status_rsp *m)
{
	prot_wr_u8(w, m->state);
	prot_wr_u8(w, m->previous);
	prot_wr_u8(w, m->aux);
	prot_wr_u8(w, m->aux_status);
	prot_wr_u8(w, m->progress);
	prot_wr_u8(w, m->reason);
	prot_wr_le32(w, m->options);
}

enum prot_status
prot_pldm_get_status_rsp_decode(struct prot_rd *r,
				struct prot_pldm_get_status_rsp *m)
{
	m->state = prot_rd_u8(r);
	m->previous = prot_rd_u8(r);
	m->aux = prot_rd_u8(r);
	m->aux_status = prot_rd_u8(r);
	m->progress = prot_rd_u8(r);
	m->reason = prot_rd_u8(r);
	m->options = prot_rd_le32(r);
	return pldm_body_end(r);
}

void prot_pldm_cancel_update_rsp_encode(
	struct prot_wr *w, const struct prot_pldm_cancel_update_rsp *m)
{
	prot_wr_u8(w, m->non_functioning);
	prot_wr_le64(w, m->non_functioning_bitmap);
}

enum prot_status
prot_pldm_cancel_update_rsp_decode(struct prot_rd *r,
				   struct prot_pldm_cancel_update_rsp *m)
{
	m->non_functioning = prot_rd_u8(r);
	m->non_functioning_bitmap = prot_rd_le64(r);
	return pldm_body_end(r);
}
