/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PLDM_BASE_H
#define PROT_PLDM_BASE_H

/*
 * PLDM type 0, messaging control and discovery (DSP0240 1.1.0, section 9):
 * the message codecs for both sides. The responder's handlers are reached
 * through prot_pldm_base_type in <prot/pldm/responder.h>.
 *
 * GetTID and GetPLDMTypes have no request body. <prot/pldm/pldm.h> says how
 * a message is composed of these parts.
 */

#include <prot/pldm/pldm.h>

#ifdef __cplusplus
extern "C" {
#endif

enum prot_pldm_base_command {
	PROT_PLDM_SET_TID = 0x01,
	PROT_PLDM_GET_TID = 0x02,
	PROT_PLDM_GET_PLDM_VERSION = 0x03,
	PROT_PLDM_GET_PLDM_TYPES = 0x04,
	PROT_PLDM_GET_PLDM_COMMANDS = 0x05,
	PROT_PLDM_SELECT_PLDM_VERSION = 0x06,
	PROT_PLDM_NEGOTIATE_TRANSFER_PARAMETERS = 0x07,
	PROT_PLDM_MULTIPART_SEND = 0x08,
	PROT_PLDM_MULTIPART_RECEIVE = 0x09,
};

/* Command-specific completion codes. */
enum prot_pldm_base_cc {
	PROT_PLDM_BASE_INVALID_DATA_TRANSFER_HANDLE = 0x80, /* GetPLDMVersion */
	PROT_PLDM_BASE_INVALID_TRANSFER_OPERATION = 0x81,   /* GetPLDMVersion */
	PROT_PLDM_BASE_INVALID_TYPE = 0x83,    /* GetPLDMVersion, -Commands */
	PROT_PLDM_BASE_INVALID_VERSION = 0x84, /* GetPLDMCommands */
};

#define PROT_PLDM_TID_UNASSIGNED 0x00
#define PROT_PLDM_TID_RESERVED   0xFF
#define PROT_PLDM_TYPES_SIZE     8  /* bitmap of GetPLDMTypes, bytes */
#define PROT_PLDM_COMMANDS_SIZE  32 /* bitmap of GetPLDMCommands, bytes */

/* SetTID request and GetTID response: one byte, any value. */
void prot_pldm_tid_encode(struct prot_wr *w, uint8_t tid);
PROT_MUST_CHECK
enum prot_status prot_pldm_tid_decode(struct prot_rd *r, uint8_t *tid);

struct prot_pldm_get_version_req {
	struct prot_pldm_transfer_req transfer;
	uint8_t type; /* enum prot_pldm_type */
};

void prot_pldm_get_version_req_encode(
	struct prot_wr *w, const struct prot_pldm_get_version_req *m);
PROT_MUST_CHECK
enum prot_status
prot_pldm_get_version_req_decode(struct prot_rd *r,
				 struct prot_pldm_get_version_req *m);

/*
 * The GetPLDMVersion response is a struct prot_pldm_transfer_rsp. Its parts,
 * put together, are the versions, 4 bytes each, and the CRC-32 over them.
 *
 * Check such a blob and count the versions, which prot_rd_le32() then reads.
 * PROT_ERR_MALFORMED: no version, or a length that is no multiple of four;
 * PROT_ERR_AUTH: the CRC does not match.
 */
PROT_MUST_CHECK
enum prot_status prot_pldm_versions_check(const uint8_t *blob, size_t len,
					  size_t *count);

/* GetPLDMTypes response: bit t of byte t / 8 stands for type t. */
void prot_pldm_types_encode(struct prot_wr *w,
			    const uint8_t types[PROT_PLDM_TYPES_SIZE]);
PROT_MUST_CHECK
enum prot_status prot_pldm_types_decode(struct prot_rd *r,
					uint8_t types[PROT_PLDM_TYPES_SIZE]);

struct prot_pldm_get_commands_req {
	uint8_t type;     /* enum prot_pldm_type */
	uint32_t version; /* ver32, one of those that GetPLDMVersion lists */
};

void prot_pldm_get_commands_req_encode(
	struct prot_wr *w, const struct prot_pldm_get_commands_req *m);
PROT_MUST_CHECK
enum prot_status
prot_pldm_get_commands_req_decode(struct prot_rd *r,
				  struct prot_pldm_get_commands_req *m);

/* GetPLDMCommands response: bit c of byte c / 8 stands for command c. */
void prot_pldm_commands_encode(struct prot_wr *w,
			       const uint8_t commands[PROT_PLDM_COMMANDS_SIZE]);
PROT_MUST_CHECK
enum prot_status
prot_pldm_commands_decode(struct prot_rd *r,
			  uint8_t commands[PROT_PLDM_COMMANDS_SIZE]);

#ifdef __cplusplus
}
#endif
#endif /* PROT_PLDM_BASE_H */
