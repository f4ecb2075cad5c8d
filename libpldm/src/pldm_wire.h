/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLDM_WIRE_H
#define PLDM_WIRE_H

/* Elements that several messages contain. */

#include <prot/pldm/fwup.h>

/* The verdict on a body: every byte was there, and none is left. */
static inline enum prot_status pldm_body_end(const struct prot_rd *r)
{
	return prot_rd_end(r) ? PROT_OK : PROT_ERR_MALFORMED;
}

/* Whether the type is defined to have data of that many bytes. */
bool prot_pldm_descriptor_len_valid(uint16_t type, uint16_t len);

/* Classification, identifier, classification index: 5 bytes. */
void prot_pldm_component_id_encode(struct prot_wr *w,
				   const struct prot_pldm_component_id *id);
void prot_pldm_component_id_decode(struct prot_rd *r,
				   struct prot_pldm_component_id *id);

#endif /* PLDM_WIRE_H */
