/* SPDX-License-Identifier: Apache-2.0 */
#include "trace.h"

#include <prot/base/cursor.h>
#include <prot/mctp/control.h>
#include <prot/mctp/wire.h>

#include <stdarg.h>

void prot_trace_add(struct prot_trace_line *line, const char *format, ...)
{
	size_t room = sizeof(line->text) - line->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line->text + line->len, room, format, args);
	va_end(args);
	if (n > 0) {
		line->len += (size_t)n < room ? (size_t)n : room - 1;
	}
}

void prot_trace_malformed(struct prot_trace_line *line)
{
	prot_trace_add(line, ", does not parse");
	line->bad = true;
}

/* ---- MCTP control protocol, DSP0236 1.3 section 11 ---- */

static const char *control_command(uint8_t command)
{
	switch (command) {
	case PROT_MCTP_CMD_SET_EID:
		return "Set Endpoint ID";
	case PROT_MCTP_CMD_GET_EID:
		return "Get Endpoint ID";
	case PROT_MCTP_CMD_GET_UUID:
		return "Get Endpoint UUID";
	case PROT_MCTP_CMD_GET_VERSION_SUPPORT:
		return "Get MCTP Version Support";
	case PROT_MCTP_CMD_GET_MESSAGE_TYPE_SUPPORT:
		return "Get Message Type Support";
	case PROT_MCTP_CMD_GET_VENDOR_SUPPORT:
		return "Get Vendor Defined Message Support";
	case PROT_MCTP_CMD_RESOLVE_EID:
		return "Resolve Endpoint ID";
	case PROT_MCTP_CMD_ALLOCATE_EIDS:
		return "Allocate Endpoint IDs";
	case PROT_MCTP_CMD_ROUTING_INFO_UPDATE:
		return "Routing Information Update";
	case PROT_MCTP_CMD_GET_ROUTING_TABLE:
		return "Get Routing Table Entries";
	case PROT_MCTP_CMD_PREPARE_DISCOVERY:
		return "Prepare for Endpoint Discovery";
	case PROT_MCTP_CMD_ENDPOINT_DISCOVERY:
		return "Endpoint Discovery";
	case PROT_MCTP_CMD_DISCOVERY_NOTIFY:
		return "Discovery Notify";
	default:
		return command >= PROT_MCTP_CMD_TRANSPORT_FIRST
			       ? "transport-specific command"
			       : "unknown command";
	}
}

static const char *control_completion(uint8_t completion)
{
	switch (completion) {
	case PROT_MCTP_CC_SUCCESS:
		return "success";
	case PROT_MCTP_CC_ERROR:
		return "error";
	case PROT_MCTP_CC_INVALID_DATA:
		return "invalid data";
	case PROT_MCTP_CC_INVALID_LENGTH:
		return "invalid length";
	case PROT_MCTP_CC_NOT_READY:
		return "not ready";
	case PROT_MCTP_CC_UNSUPPORTED_COMMAND:
		return "unsupported command";
	case PROT_MCTP_CC_TYPE_NOT_SUPPORTED:
		return "message type not supported";
	default:
		return "command-specific error";
	}
}

static void control_request(uint8_t command, struct prot_rd *rd,
			    struct prot_trace_line *line)
{
	uint8_t first;

	if (command == PROT_MCTP_CMD_SET_EID) {
		first = prot_rd_u8(rd);
		prot_trace_add(line, " %u%s", (unsigned)prot_rd_u8(rd),
			       (first & 3) == PROT_MCTP_SET_EID_FORCE
				       ? ", forced"
				       : "");
	} else if (command == PROT_MCTP_CMD_GET_VERSION_SUPPORT) {
		first = prot_rd_u8(rd);
		if (first == PROT_MCTP_VERSION_BASE) {
			prot_trace_add(line, ", base");
		} else {
			prot_trace_add(line, ", type 0x%02x", (unsigned)first);
		}
	}
	if (!prot_rd_ok(rd)) {
		prot_trace_malformed(line);
	}
}

static void control_types(struct prot_rd *rd, struct prot_trace_line *line)
{
	uint8_t count = prot_rd_u8(rd);

	for (unsigned i = 0; i < count && prot_rd_ok(rd); i++) {
		prot_trace_add(line, "%s%u", i ? " " : ", types ",
			       (unsigned)prot_rd_u8(rd));
	}
}

static void control_response(uint8_t command, struct prot_rd *rd,
			     struct prot_trace_line *line)
{
	struct prot_mctp_set_eid_response set;
	struct prot_mctp_get_eid_response get;

	switch (command) {
	case PROT_MCTP_CMD_SET_EID:
		if (prot_mctp_set_eid_response_get(rd, &set) == PROT_OK) {
			prot_trace_add(line, "%s, EID is %u",
				       set.accepted ? "" : ", refused",
				       (unsigned)set.eid);
			line->bad = !set.accepted;
		}
		break;
	case PROT_MCTP_CMD_GET_EID:
		if (prot_mctp_get_eid_response_get(rd, &get) == PROT_OK) {
			prot_trace_add(line, ", EID is %u", (unsigned)get.eid);
		}
		break;
	case PROT_MCTP_CMD_GET_MESSAGE_TYPE_SUPPORT:
		control_types(rd, line);
		break;
	default:
		break;
	}
	if (!prot_rd_ok(rd)) {
		prot_trace_malformed(line);
	}
}

void prot_trace_control(const uint8_t *message, size_t len,
			struct prot_trace_line *line)
{
	struct prot_rd rd = prot_rd_init(message, len);
	uint8_t flags = prot_rd_u8(&rd);
	uint8_t command = prot_rd_u8(&rd);
	uint8_t completion;

	line->request = flags & PROT_MCTP_CTRL_RQ;
	prot_trace_add(line, "MCTP %s", control_command(command));
	if (line->request) {
		control_request(command, &rd, line);
		return;
	}
	completion = prot_rd_u8(&rd);
	if (!prot_rd_ok(&rd)) {
		prot_trace_malformed(line);
		return;
	}
	prot_trace_add(line, ": %s", control_completion(completion));
	line->bad = completion != PROT_MCTP_CC_SUCCESS;
	if (!line->bad) {
		control_response(command, &rd, line);
	}
}

void prot_trace_message(const uint8_t *message, size_t len,
			struct prot_trace_line *line)
{
	uint8_t type = message[0] & PROT_MCTP_TYPE_MASK;

	switch (type) {
	case PROT_MCTP_TYPE_CONTROL:
		prot_trace_control(message + 1, len - 1, line);
		break;
	case PROT_MCTP_TYPE_PLDM:
		prot_trace_pldm(message + 1, len - 1, line);
		break;
	case PROT_MCTP_TYPE_SPDM:
		prot_trace_spdm(message + 1, len - 1, line);
		break;
	case PROT_MCTP_TYPE_SECURED:
		prot_trace_add(line, "SPDM secured message");
		break;
	default:
		prot_trace_add(line, "message of type 0x%02x", (unsigned)type);
		break;
	}
}
