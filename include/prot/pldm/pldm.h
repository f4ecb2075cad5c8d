/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PLDM_PLDM_H
#define PROT_PLDM_PLDM_H

/*
 * What every PLDM message has in common: header, completion code, versions
 * and strings (DSP0240 1.1.0; 1.2.0 for the codes from 0x21).
 *
 * A message here starts with the three header bytes; the MCTP message type
 * byte (0x01) belongs to the transport. How a message is put together:
 *
 *	request:  prot_pldm_request_begin()  + prot_pldm_*_req_encode()
 *	response: prot_pldm_response_begin() + prot_pldm_*_rsp_encode()
 *
 * and taken apart:
 *
 *	request:  prot_pldm_header_decode()   + prot_pldm_*_req_decode()
 *	response: prot_pldm_response_decode() + prot_pldm_*_rsp_decode()
 *
 * An encoder appends the body to a writer, whose sticky error, checked once
 * with prot_wr_ok(), says whether the message fitted. A decoder reads a body to
 * its end, so that a byte too few or too many is PROT_ERR_MALFORMED, and
 * leaves the meaning of enumerated values to its caller unless its comment
 * says otherwise. What a decoder returns by pointer borrows from the message.
 * All functions are pure; none allocates, keeps state, or may fail otherwise.
 */

#include <prot/base/cursor.h>
#include <prot/base/status.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_PLDM_HEADER_SIZE    3  /* bytes */
#define PROT_PLDM_RESPONSE_SIZE  4  /* header and completion code, bytes */
#define PROT_PLDM_INSTANCE_COUNT 32 /* instance ids are 0..31 */

/*
 * Timing, milliseconds (DSP0240, timing specification). PT2 is how long a
 * requester waits before it retries with the same instance id; PT3 is when
 * an instance id may be used again, and how long a responder may take a
 * repeated request for a retry. PN1 retries follow the first try.
 */
#define PROT_PLDM_PT1_MAX_MS 100
#define PROT_PLDM_PT2_MIN_MS 300
#define PROT_PLDM_PT2_MAX_MS 4800
#define PROT_PLDM_PT3_MIN_MS 5000
#define PROT_PLDM_PN1        2

enum prot_pldm_type {
	PROT_PLDM_TYPE_BASE = 0x00,     /* DSP0240 */
	PROT_PLDM_TYPE_SMBIOS = 0x01,   /* DSP0246 */
	PROT_PLDM_TYPE_PLATFORM = 0x02, /* DSP0248 */
	PROT_PLDM_TYPE_BIOS = 0x03,     /* DSP0247 */
	PROT_PLDM_TYPE_FRU = 0x04,      /* DSP0257 */
	PROT_PLDM_TYPE_FWUP = 0x05,     /* DSP0267 */
	PROT_PLDM_TYPE_RDE = 0x06,      /* DSP0218 */
	PROT_PLDM_TYPE_FILE = 0x07,     /* DSP0242 */
	PROT_PLDM_TYPE_OEM = 0x3F,
};

/*
 * Completion codes of all types. 0x80..0xFF belong to the command and are
 * named with it. On anything but success the response ends after the code.
 */
enum prot_pldm_cc {
	PROT_PLDM_SUCCESS = 0x00,
	PROT_PLDM_ERROR = 0x01,
	PROT_PLDM_ERROR_INVALID_DATA = 0x02,
	PROT_PLDM_ERROR_INVALID_LENGTH = 0x03,
	PROT_PLDM_ERROR_NOT_READY = 0x04, /* same request again, later */
	PROT_PLDM_ERROR_UNSUPPORTED_PLDM_CMD = 0x05,
	PROT_PLDM_ERROR_INVALID_PLDM_TYPE = 0x20,
	PROT_PLDM_INVALID_TRANSFER_CONTEXT = 0x21,
	PROT_PLDM_INVALID_DATA_TRANSFER_HANDLE = 0x22,
	PROT_PLDM_UNEXPECTED_TRANSFER_FLAG_OPERATION = 0x23,
	PROT_PLDM_INVALID_REQUESTED_SECTION_OFFSET = 0x24,
};

struct prot_pldm_header {
	bool request;     /* Rq */
	bool datagram;    /* D: a request that wants no response */
	uint8_t instance; /* 0..31, chosen by the requester */
	uint8_t type;     /* enum prot_pldm_type, 0..63 */
	uint8_t command;
};

void prot_pldm_header_encode(struct prot_wr *w,
			     const struct prot_pldm_header *h);

/*
 * PROT_ERR_MALFORMED: fewer than three bytes, or the reserved combination of
 * a response that is a datagram. PROT_ERR_UNSUPPORTED: header version is not
 * 00b. Both mean that the message gets no answer.
 */
PROT_MUST_CHECK
enum prot_status prot_pldm_header_decode(struct prot_rd *r,
					 struct prot_pldm_header *h);

/* Header of a request that wants a response; instance 0..31, type 0..63. */
void prot_pldm_request_begin(struct prot_wr *w, uint8_t instance, uint8_t type,
			     uint8_t command);

/* Header and completion code of the response to `request`. */
void prot_pldm_response_begin(struct prot_wr *w,
			      const struct prot_pldm_header *request,
			      uint8_t cc);

/*
 * Read header and completion code of a response; the body follows in `r` when
 * *cc is PROT_PLDM_SUCCESS, and is to be ignored otherwise.
 *
 * PROT_ERR_STATE: well formed, but not a response to `request` (instance id,
 * type and command): a late or a foreign message, to be dropped.
 */
PROT_MUST_CHECK
enum prot_status
prot_pldm_response_decode(struct prot_rd *r,
			  const struct prot_pldm_header *request, uint8_t *cc);

/*
 * ver32 as DSP0240 defines it, held in one integer whose most significant
 * byte is `major`: 1.3.0 is 0xF1F3F000. On the wire it is little-endian, so
 * the alpha byte comes first. PROT_PLDM_VERSION takes single digits.
 */
#define PROT_PLDM_VERSION(major, minor, update)                                \
	(0xF0F0F000u | (uint32_t)(major) << 24 | (uint32_t)(minor) << 16 |     \
	 (uint32_t)(update) << 8)

/* Longest text of a ver32, with its terminating NUL. */
#define PROT_PLDM_VERSION_TEXT_SIZE 10

/*
 * "1.3.0", "10.2" (update absent) or "1.0.0a" into text, which holds
 * PROT_PLDM_VERSION_TEXT_SIZE bytes; always terminated.
 */
void prot_pldm_version_text(uint32_t version, char *text);

enum prot_pldm_string_type {
	PROT_PLDM_STRING_UNKNOWN = 0,
	PROT_PLDM_STRING_ASCII = 1,
	PROT_PLDM_STRING_UTF8 = 2,
	PROT_PLDM_STRING_UTF16 = 3, /* with byte order mark */
	PROT_PLDM_STRING_UTF16LE = 4,
	PROT_PLDM_STRING_UTF16BE = 5,
};

/* A string of the wire: no terminator, any byte value, may be empty. */
struct prot_pldm_string {
	uint8_t type;         /* enum prot_pldm_string_type */
	uint8_t len;          /* bytes */
	const uint8_t *bytes; /* may be NULL when len is 0 */
};

/* A string constant as ASCII: PROT_PLDM_ASCII("1.0.0"), 255 bytes at most. */
#define PROT_PLDM_ASCII(text)                                                  \
	{                                                                      \
		PROT_PLDM_STRING_ASCII, (uint8_t)(sizeof("" text) - 1),        \
			(const uint8_t *)(text)                                \
	}

/* Same type and same bytes. */
bool prot_pldm_string_equal(const struct prot_pldm_string *a,
			    const struct prot_pldm_string *b);

/*
 * Multipart transfers (GetPLDMVersion, GetPackageData, GetDeviceMetaData,
 * GetMetaData, ...): the request asks for the first part or, with the handle
 * of the previous response, for the next one.
 */
enum prot_pldm_transfer_operation {
	PROT_PLDM_GET_NEXT_PART = 0,
	PROT_PLDM_GET_FIRST_PART = 1, /* the handle is ignored */
};

/* Of a part, also in PassComponentTable; GetPDR (DSP0248) has its own. */
enum prot_pldm_transfer_flag {
	PROT_PLDM_START = 0x01,
	PROT_PLDM_MIDDLE = 0x02,
	PROT_PLDM_END = 0x04,
	PROT_PLDM_START_AND_END = 0x05,
};

/* The flag of a part that is the first, the last, both or neither. */
uint8_t prot_pldm_transfer_flag(bool first, bool last);

/* True for the four values of enum prot_pldm_transfer_flag. */
bool prot_pldm_transfer_flag_valid(uint8_t flag);

struct prot_pldm_transfer_req {
	uint32_t handle;
	uint8_t operation; /* enum prot_pldm_transfer_operation */
};

struct prot_pldm_transfer_rsp {
	uint32_t next_handle;
	uint8_t flag; /* enum prot_pldm_transfer_flag */
	const uint8_t *data;
	size_t len; /* bytes; the rest of the message */
};

void prot_pldm_transfer_req_encode(struct prot_wr *w,
				   const struct prot_pldm_transfer_req *m);
PROT_MUST_CHECK
enum prot_status
prot_pldm_transfer_req_decode(struct prot_rd *r,
			      struct prot_pldm_transfer_req *m);
void prot_pldm_transfer_rsp_encode(struct prot_wr *w,
				   const struct prot_pldm_transfer_rsp *m);

/* PROT_ERR_MALFORMED also for a flag that is none of the four. */
PROT_MUST_CHECK
enum prot_status
prot_pldm_transfer_rsp_decode(struct prot_rd *r,
			      struct prot_pldm_transfer_rsp *m);

/* English text of a completion code of all types (0x00..0x24); never NULL. */
const char *prot_pldm_cc_text(uint8_t cc);

#ifdef __cplusplus
}
#endif
#endif /* PROT_PLDM_PLDM_H */
