/* SPDX-License-Identifier: Apache-2.0 */
#include "pldm_wire.h"

#include <prot/base/crc32.h>
#include <prot/pldm/base.h>

#define VERSION_SIZE 4u /* ver32, and the CRC-32 after the last of them */

void prot_pldm_tid_encode(struct prot_wr *w, uint8_t tid)
{
	prot_wr_u8(w, tid);
}

enum prot_status prot_pldm_tid_decode(struct prot_rd *r, uint8_t *tid)
{
	*tid = prot_rd_u8(r);
	return pldm_body_end(r);
}

void prot_pldm_get_version_req_encode(struct prot_wr *w,
				      const struct prot_pldm_get_version_req *m)
{
	prot_pldm_transfer_req_encode(w, &m->transfer);
	prot_wr_u8(w, m->type);
}

enum prot_status
prot_pldm_get_version_req_decode(struct prot_rd *r,
				 struct prot_pldm_get_version_req *m)
{
	m->transfer.handle = prot_rd_le32(r);
	m->transfer.operation = prot_rd_u8(r);
	m->type = prot_rd_u8(r);
	return pldm_body_end(r);
}

enum prot_status prot_pldm_versions_check(const uint8_t *blob, size_t len,
					  size_t *count)
{
	struct prot_rd crc;

	*count = 0;
	if (len < (size_t)2 * VERSION_SIZE || len % VERSION_SIZE != 0) {
		return PROT_ERR_MALFORMED;
	}
	len -= VERSION_SIZE;
	crc = prot_rd_init(blob + len, VERSION_SIZE);
	if (prot_rd_le32(&crc) != prot_crc32(0, blob, len)) {
		return PROT_ERR_AUTH;
	}
	*count = len / VERSION_SIZE;
	return PROT_OK;
}

void prot_pldm_types_encode(struct prot_wr *w,
			    const uint8_t types[PROT_PLDM_TYPES_SIZE])
{
	prot_wr_bytes(w, types, PROT_PLDM_TYPES_SIZE);
}

enum prot_status prot_pldm_types_decode(struct prot_rd *r,
					uint8_t types[PROT_PLDM_TYPES_SIZE])
{
	prot_rd_copy(r, types, PROT_PLDM_TYPES_SIZE);
	return pldm_body_end(r);
}

void prot_pldm_get_commands_req_encode(
	struct prot_wr *w, const struct prot_pldm_get_commands_req *m)
{
	prot_wr_u8(w, m->type);
	prot_wr_le32(w, m->version);
}

enum prot_status
prot_pldm_get_commands_req_decode(struct prot_rd *r,
				  struct prot_pldm_get_commands_req *m)
{
	m->type = prot_rd_u8(r);
	m->version = prot_rd_le32(r);
	return pldm_body_end(r);
}

void prot_pldm_commands_encode(struct prot_wr *w,
			       const uint8_t commands[PROT_PLDM_COMMANDS_SIZE])
{
	prot_wr_bytes(w, commands, PROT_PLDM_COMMANDS_SIZE);
}

enum prot_status
prot_pldm_commands_decode(struct prot_rd *r,
			  uint8_t commands[PROT_PLDM_COMMANDS_SIZE])
{
	prot_rd_copy(r, commands, PROT_PLDM_COMMANDS_SIZE);
	return pldm_body_end(r);
}
