/* SPDX-License-Identifier: Apache-2.0 */
#include "pldm_wire.h"

#include <prot/pldm/pldm.h>

#define INSTANCE_MASK 0x1Fu
#define RQ            0x80u
#define DATAGRAM      0x40u
#define TYPE_MASK     0x3Fu
#define VERSION_MASK  0xC0u

void prot_pldm_header_encode(struct prot_wr *w,
			     const struct prot_pldm_header *h)
{
	prot_wr_u8(w, (uint8_t)((h->request ? RQ : 0u) |
				(h->datagram ? DATAGRAM : 0u) |
				(h->instance & INSTANCE_MASK)));
	prot_wr_u8(w, h->type & TYPE_MASK);
	prot_wr_u8(w, h->command);
}

enum prot_status prot_pldm_header_decode(struct prot_rd *r,
					 struct prot_pldm_header *h)
{
	uint8_t first = prot_rd_u8(r);
	uint8_t second = prot_rd_u8(r);

	h->request = (first & RQ) != 0;
	h->datagram = (first & DATAGRAM) != 0;
	h->instance = first & INSTANCE_MASK;
	h->type = second & TYPE_MASK;
	h->command = prot_rd_u8(r);
	if (!prot_rd_ok(r) || (h->datagram && !h->request)) {
		return PROT_ERR_MALFORMED;
	}
	return second & VERSION_MASK ? PROT_ERR_UNSUPPORTED : PROT_OK;
}

void prot_pldm_request_begin(struct prot_wr *w, uint8_t instance, uint8_t type,
			     uint8_t command)
{
	const struct prot_pldm_header h = {true, false, instance, type,
					   command};

	prot_pldm_header_encode(w, &h);
}

void prot_pldm_response_begin(struct prot_wr *w,
			      const struct prot_pldm_header *request,
			      uint8_t cc)
{
	const struct prot_pldm_header h = {false, false, request->instance,
					   request->type, request->command};

	prot_pldm_header_encode(w, &h);
	prot_wr_u8(w, cc);
}

enum prot_status
prot_pldm_response_decode(struct prot_rd *r,
			  const struct prot_pldm_header *request, uint8_t *cc)
{
	struct prot_pldm_header h;
	enum prot_status st = prot_pldm_header_decode(r, &h);

	*cc = prot_rd_u8(r);
	if (st) {
		return st;
	}
	if (!prot_rd_ok(r)) {
		return PROT_ERR_MALFORMED;
	}
	if (h.request || h.instance != request->instance ||
	    h.type != request->type || h.command != request->command) {
		return PROT_ERR_STATE;
	}
	return PROT_OK;
}

bool prot_pldm_string_equal(const struct prot_pldm_string *a,
			    const struct prot_pldm_string *b)
{
	return a->type == b->type && a->len == b->len &&
	       (a->len == 0 || memcmp(a->bytes, b->bytes, a->len) == 0);
}

bool prot_pldm_transfer_flag_valid(uint8_t flag)
{
	return flag == PROT_PLDM_START || flag == PROT_PLDM_MIDDLE ||
	       flag == PROT_PLDM_END || flag == PROT_PLDM_START_AND_END;
}

uint8_t prot_pldm_transfer_flag(bool first, bool last)
{
	uint8_t flag = (uint8_t)((first ? PROT_PLDM_START : 0) |
				 (last ? PROT_PLDM_END : 0));

	return flag ? flag : PROT_PLDM_MIDDLE;
}

void prot_pldm_transfer_req_encode(struct prot_wr *w,
				   const struct prot_pldm_transfer_req *m)
{
	prot_wr_le32(w, m->handle);
	prot_wr_u8(w, m->operation);
}

enum prot_status prot_pldm_transfer_req_decode(struct prot_rd *r,
					       struct prot_pldm_transfer_req *m)
{
	m->handle = prot_rd_le32(r);
	m->operation = prot_rd_u8(r);
	return pldm_body_end(r);
}

void prot_pldm_transfer_rsp_encode(struct prot_wr *w,
				   const struct prot_pldm_transfer_rsp *m)
{
	prot_wr_le32(w, m->next_handle);
	prot_wr_u8(w, m->flag);
	prot_wr_bytes(w, m->data, m->len);
}

enum prot_status prot_pldm_transfer_rsp_decode(struct prot_rd *r,
					       struct prot_pldm_transfer_rsp *m)
{
	m->next_handle = prot_rd_le32(r);
	m->flag = prot_rd_u8(r);
	m->len = r->left;
	m->data = prot_rd_bytes(r, m->len);
	return pldm_body_end(r);
}
