/* SPDX-License-Identifier: Apache-2.0 */
/* What the responses have in common. */

#include "spdm_rsp.h"

void prot_spdm_rsp_header(const struct prot_spdm_responder *r,
			  struct prot_spdm_work *w, uint8_t param1,
			  uint8_t param2)
{
	uint8_t code = w->row->cmd->code;

	prot_wr_u8(&w->reply, code == SPDM_GET_VERSION ? PROT_SPDM_VERSION_10
						       : r->cfg->version);
	prot_wr_u8(&w->reply, spdm_response_code(code));
	prot_wr_u8(&w->reply, param1);
	prot_wr_u8(&w->reply, param2);
}

enum prot_status prot_spdm_rsp_room(struct prot_spdm_work *w, size_t len)
{
	if (w->sign) {
		len += prot_signature_size(w->asym);
	}
	w->needed = len;
	return len <= w->reply.cap ? PROT_OK : PROT_ERR_SPACE;
}

enum prot_status prot_spdm_rsp_nonce(struct prot_spdm_responder *r,
				     struct prot_spdm_work *w)
{
	uint8_t *nonce = prot_wr_claim(&w->reply, PROT_SPDM_NONCE_SIZE);

	return nonce ? r->cfg->crypto.ops->random(r->cfg->crypto.ctx, nonce,
						  PROT_SPDM_NONCE_SIZE)
		     : PROT_ERR_SPACE;
}

static size_t context_size(const struct prot_spdm_responder *r)
{
	return r->cfg->version >= PROT_SPDM_VERSION_13
		       ? PROT_SPDM_REQUESTER_CONTEXT_SIZE
		       : 0;
}

size_t prot_spdm_rsp_trailer_size(const struct prot_spdm_responder *r)
{
	return sizeof(uint16_t) + context_size(r);
}

enum prot_status prot_spdm_rsp_trailer(struct prot_spdm_responder *r,
				       struct prot_spdm_work *w)
{
	size_t n = context_size(r);

	prot_wr_le16(&w->reply, 0); /* OpaqueDataLength */
	prot_wr_bytes(&w->reply, w->req + w->req_len - n, n);
	return PROT_OK;
}
