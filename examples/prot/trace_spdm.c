/* SPDX-License-Identifier: Apache-2.0 */
/* SPDM messages in words: DSP0274 1.3.2, section 10. */

#include "trace.h"

#include <prot/base/compiler.h>
#include <prot/base/cursor.h>
#include <prot/spdm/spdm.h>

struct name {
	uint8_t code;
	const char *text;
};

/* Requests have bit 7 set; clause 10.2, tables of request and response codes.
 */
static const struct name codes[] = {
	{0x81, "GET_DIGESTS"},
	{0x82, "GET_CERTIFICATE"},
	{0x83, "CHALLENGE"},
	{0x84, "GET_VERSION"},
	{0x85, "CHUNK_SEND"},
	{0x86, "CHUNK_GET"},
	{0x87, "GET_ENDPOINT_INFO"},
	{0xE0, "GET_MEASUREMENTS"},
	{0xE1, "GET_CAPABILITIES"},
	{0xE2, "GET_SUPPORTED_EVENT_TYPES"},
	{0xE3, "NEGOTIATE_ALGORITHMS"},
	{0xE4, "KEY_EXCHANGE"},
	{0xE5, "FINISH"},
	{0xE6, "PSK_EXCHANGE"},
	{0xE7, "PSK_FINISH"},
	{0xE8, "HEARTBEAT"},
	{0xE9, "KEY_UPDATE"},
	{0xEA, "GET_ENCAPSULATED_REQUEST"},
	{0xEB, "DELIVER_ENCAPSULATED_RESPONSE"},
	{0xEC, "END_SESSION"},
	{0xED, "GET_CSR"},
	{0xEE, "SET_CERTIFICATE"},
	{0xEF, "GET_MEASUREMENT_EXTENSION_LOG"},
	{0xF0, "SUBSCRIBE_EVENT_TYPES"},
	{0xF1, "SEND_EVENT"},
	{0xFC, "GET_KEY_PAIR_INFO"},
	{0xFD, "SET_KEY_PAIR_INFO"},
	{0xFE, "VENDOR_DEFINED_REQUEST"},
	{0xFF, "RESPOND_IF_READY"},
	{0x01, "DIGESTS"},
	{0x02, "CERTIFICATE"},
	{0x03, "CHALLENGE_AUTH"},
	{0x04, "VERSION"},
	{0x05, "CHUNK_SEND_ACK"},
	{0x06, "CHUNK_RESPONSE"},
	{0x07, "ENDPOINT_INFO"},
	{0x60, "MEASUREMENTS"},
	{0x61, "CAPABILITIES"},
	{0x62, "SUPPORTED_EVENT_TYPES"},
	{0x63, "ALGORITHMS"},
	{0x64, "KEY_EXCHANGE_RSP"},
	{0x65, "FINISH_RSP"},
	{0x66, "PSK_EXCHANGE_RSP"},
	{0x67, "PSK_FINISH_RSP"},
	{0x68, "HEARTBEAT_ACK"},
	{0x69, "KEY_UPDATE_ACK"},
	{0x6A, "ENCAPSULATED_REQUEST"},
	{0x6B, "ENCAPSULATED_RESPONSE_ACK"},
	{0x6C, "END_SESSION_ACK"},
	{0x6D, "CSR"},
	{0x6E, "SET_CERTIFICATE_RSP"},
	{0x6F, "MEASUREMENT_EXTENSION_LOG"},
	{0x70, "SUBSCRIBE_EVENT_TYPES_ACK"},
	{0x71, "EVENT_ACK"},
	{0x7C, "KEY_PAIR_INFO"},
	{0x7D, "SET_KEY_PAIR_INFO_ACK"},
	{0x7E, "VENDOR_DEFINED_RESPONSE"},
	{0x7F, "ERROR"},
};

static const struct name errors[] = {
	{PROT_SPDM_ERROR_INVALID_REQUEST, "InvalidRequest"},
	{PROT_SPDM_ERROR_BUSY, "Busy"},
	{PROT_SPDM_ERROR_UNEXPECTED_REQUEST, "UnexpectedRequest"},
	{PROT_SPDM_ERROR_UNSPECIFIED, "Unspecified"},
	{PROT_SPDM_ERROR_DECRYPT_ERROR, "DecryptError"},
	{PROT_SPDM_ERROR_UNSUPPORTED_REQUEST, "UnsupportedRequest"},
	{PROT_SPDM_ERROR_REQUEST_IN_FLIGHT, "RequestInFlight"},
	{PROT_SPDM_ERROR_INVALID_RESPONSE_CODE, "InvalidResponseCode"},
	{PROT_SPDM_ERROR_SESSION_LIMIT_EXCEEDED, "SessionLimitExceeded"},
	{PROT_SPDM_ERROR_SESSION_REQUIRED, "SessionRequired"},
	{PROT_SPDM_ERROR_RESET_REQUIRED, "ResetRequired"},
	{PROT_SPDM_ERROR_RESPONSE_TOO_LARGE, "ResponseTooLarge"},
	{PROT_SPDM_ERROR_REQUEST_TOO_LARGE, "RequestTooLarge"},
	{PROT_SPDM_ERROR_LARGE_RESPONSE, "LargeResponse"},
	{PROT_SPDM_ERROR_MESSAGE_LOST, "MessageLost"},
	{PROT_SPDM_ERROR_INVALID_POLICY, "InvalidPolicy"},
	{PROT_SPDM_ERROR_VERSION_MISMATCH, "VersionMismatch"},
	{PROT_SPDM_ERROR_RESPONSE_NOT_READY, "ResponseNotReady"},
	{PROT_SPDM_ERROR_REQUEST_RESYNCH, "RequestResynch"},
	{PROT_SPDM_ERROR_OPERATION_FAILED, "OperationFailed"},
	{PROT_SPDM_ERROR_NO_PENDING_REQUESTS, "NoPendingRequests"},
	{PROT_SPDM_ERROR_VENDOR_DEFINED, "VendorDefined"},
};

static const char *find(const struct name *table, size_t count, uint8_t code)
{
	for (size_t i = 0; i < count; i++) {
		if (table[i].code == code) {
			return table[i].text;
		}
	}
	return NULL;
}

/* VERSION: reserved byte, count, entries whose high byte is the version. */
static void versions(struct prot_rd *rd, struct prot_trace_line *line)
{
	uint8_t count;

	(void)prot_rd_u8(rd);
	count = prot_rd_u8(rd);
	for (unsigned i = 0; i < count && prot_rd_ok(rd); i++) {
		uint16_t v = prot_rd_le16(rd);

		prot_trace_add(line, "%s%u.%u", i ? " " : ": ",
			       (unsigned)v >> 12, (unsigned)v >> 8 & 15);
	}
}

static void measurements_request(uint8_t param1, uint8_t param2,
				 struct prot_trace_line *line)
{
	if (param2 == 0) {
		prot_trace_add(line, " how many");
	} else if (param2 == 0xFF) {
		prot_trace_add(line, " all");
	} else {
		prot_trace_add(line, " index %u", (unsigned)param2);
	}
	if (param1 & 1) {
		prot_trace_add(line, ", signed");
	}
}

static void certificate(uint8_t param1, struct prot_rd *rd,
			struct prot_trace_line *line, bool response)
{
	unsigned first = prot_rd_le16(rd);
	unsigned second = prot_rd_le16(rd);

	if (response) {
		prot_trace_add(line, " slot %u: %u bytes, %u left",
			       param1 & 15u, first, second);
	} else {
		prot_trace_add(line, " slot %u: from %u, %u bytes",
			       param1 & 15u, first, second);
	}
}

static void details(uint8_t code, uint8_t param1, uint8_t param2,
		    struct prot_rd *rd, struct prot_trace_line *line)
{
	switch (code) {
	case 0x04:
		versions(rd, line);
		break;
	case 0x82:
	case 0x02:
		certificate(param1, rd, line, code == 0x02);
		break;
	case 0x83:
	case 0x03:
		prot_trace_add(line, " slot %u", param1 & 15u);
		break;
	case 0xE0:
		measurements_request(param1, param2, line);
		break;
	case 0x60:
		(void)prot_rd_bytes(rd, 4); /* count, record length */
		break;
	case 0x7F:
		prot_trace_add(
			line, " %s (0x%02x)",
			find(errors, PROT_ARRAY_SIZE(errors), param1)
				? find(errors, PROT_ARRAY_SIZE(errors), param1)
				: "unknown",
			(unsigned)param1);
		line->bad = true;
		break;
	default:
		break;
	}
	if (!prot_rd_ok(rd)) {
		prot_trace_malformed(line);
	}
}

void prot_trace_spdm(const uint8_t *message, size_t len,
		     struct prot_trace_line *line)
{
	struct prot_rd rd = prot_rd_init(message, len);
	uint8_t version = prot_rd_u8(&rd);
	uint8_t code = prot_rd_u8(&rd);
	uint8_t param1 = prot_rd_u8(&rd);
	uint8_t param2 = prot_rd_u8(&rd);
	const char *text = find(codes, PROT_ARRAY_SIZE(codes), code);

	line->request = code & 0x80;
	prot_trace_add(line, "SPDM %u.%u ", version >> 4u, version & 15u);
	if (!prot_rd_ok(&rd)) {
		prot_trace_add(line, "message");
		prot_trace_malformed(line);
		return;
	}
	if (text == NULL) {
		prot_trace_add(line, "code 0x%02x", (unsigned)code);
		return;
	}
	prot_trace_add(line, "%s", text);
	details(code, param1, param2, &rd, line);
}
