/* SPDX-License-Identifier: Apache-2.0 */
/* PLDM messages in words: DSP0240 1.1.0 and DSP0267 1.3.0. */

#include "trace.h"

#include <prot/base/cursor.h>
#include <prot/pldm/base.h>
#include <prot/pldm/fwup.h>
#include <prot/pldm/pldm.h>

static const char *base_command(uint8_t command)
{
	switch (command) {
	case PROT_PLDM_SET_TID:
		return "SetTID";
	case PROT_PLDM_GET_TID:
		return "GetTID";
	case PROT_PLDM_GET_PLDM_VERSION:
		return "GetPLDMVersion";
	case PROT_PLDM_GET_PLDM_TYPES:
		return "GetPLDMTypes";
	case PROT_PLDM_GET_PLDM_COMMANDS:
		return "GetPLDMCommands";
	case PROT_PLDM_SELECT_PLDM_VERSION:
		return "SelectPLDMVersion";
	case PROT_PLDM_NEGOTIATE_TRANSFER_PARAMETERS:
		return "NegotiateTransferParameters";
	case PROT_PLDM_MULTIPART_SEND:
		return "MultipartSend";
	case PROT_PLDM_MULTIPART_RECEIVE:
		return "MultipartReceive";
	default:
		return "unknown command";
	}
}

static void command_name(const struct prot_pldm_header *h,
			 struct prot_trace_line *line)
{
	if (h->type == PROT_PLDM_TYPE_BASE) {
		prot_trace_add(line, "PLDM %s", base_command(h->command));
	} else if (h->type == PROT_PLDM_TYPE_FWUP) {
		prot_trace_add(line, "PLDM %s",
			       prot_pldm_fwup_command_text(h->command));
	} else {
		prot_trace_add(line, "PLDM type %u command 0x%02x",
			       (unsigned)h->type, (unsigned)h->command);
	}
}

static void version_set(const struct prot_pldm_string *s,
			struct prot_trace_line *line)
{
	char text[64];

	prot_cli_printable(s->bytes, s->len, text, sizeof(text));
	prot_trace_add(line, " '%s'", text);
}

static void completion(const char *what, uint8_t result,
		       struct prot_trace_line *line)
{
	prot_trace_add(line, ": %s", what);
	line->bad = line->bad || result != 0;
}

static enum prot_status complete_request(uint8_t command, struct prot_rd *rd,
					 struct prot_trace_line *line)
{
	struct prot_pldm_apply_complete_req apply;
	enum prot_status st;
	uint8_t result;

	if (command == PROT_PLDM_APPLY_COMPLETE) {
		st = prot_pldm_apply_complete_req_decode(rd, &apply);
		if (st == PROT_OK) {
			completion(
				prot_pldm_apply_result_text(apply.result),
				apply.result >
					PROT_PLDM_APPLY_SUCCESS_ACTIVATION_CHANGED,
				line);
		}
		return st;
	}
	st = prot_pldm_complete_req_decode(rd, &result);
	if (st == PROT_OK) {
		completion(command == PROT_PLDM_VERIFY_COMPLETE
				   ? prot_pldm_verify_result_text(result)
				   : prot_pldm_transfer_result_text(result),
			   result, line);
	}
	return st;
}

static enum prot_status fwup_request(uint8_t command, struct prot_rd *rd,
				     struct prot_trace_line *line)
{
	struct prot_pldm_request_update_req update;
	struct prot_pldm_update_component_req component;
	struct prot_pldm_pass_component_req pass;
	struct prot_pldm_request_data_req data;
	enum prot_status st = PROT_OK;

	switch (command) {
	case PROT_PLDM_REQUEST_UPDATE:
		st = prot_pldm_request_update_req_decode(rd, &update);
		if (st == PROT_OK) {
			version_set(&update.version, line);
		}
		break;
	case PROT_PLDM_PASS_COMPONENT_TABLE:
		st = prot_pldm_pass_component_req_decode(rd, &pass);
		if (st == PROT_OK) {
			prot_trace_add(line, " 0x%04x",
				       (unsigned)pass.id.identifier);
			version_set(&pass.version, line);
		}
		break;
	case PROT_PLDM_UPDATE_COMPONENT:
		st = prot_pldm_update_component_req_decode(rd, &component);
		if (st == PROT_OK) {
			prot_trace_add(line, " 0x%04x, %lu bytes",
				       (unsigned)component.id.identifier,
				       (unsigned long)component.size);
		}
		break;
	case PROT_PLDM_REQUEST_FIRMWARE_DATA:
		st = prot_pldm_request_data_req_decode(rd, &data);
		if (st == PROT_OK) {
			prot_trace_add(line, " from %lu, %lu bytes",
				       (unsigned long)data.offset,
				       (unsigned long)data.length);
		}
		break;
	case PROT_PLDM_TRANSFER_COMPLETE:
	case PROT_PLDM_VERIFY_COMPLETE:
	case PROT_PLDM_APPLY_COMPLETE:
		st = complete_request(command, rd, line);
		break;
	default:
		break;
	}
	return st;
}

static enum prot_status fwup_response(uint8_t command, struct prot_rd *rd,
				      struct prot_trace_line *line)
{
	struct prot_pldm_pass_component_rsp pass;
	struct prot_pldm_update_component_rsp component;
	struct prot_pldm_get_status_rsp status;
	struct prot_pldm_firmware_parameters parameters;
	enum prot_status st = PROT_OK;

	switch (command) {
	case PROT_PLDM_GET_FIRMWARE_PARAMETERS:
		st = prot_pldm_firmware_parameters_decode(rd, &parameters);
		if (st == PROT_OK) {
			version_set(&parameters.active, line);
		}
		break;
	case PROT_PLDM_PASS_COMPONENT_TABLE:
		st = prot_pldm_pass_component_rsp_decode(rd, &pass);
		if (st == PROT_OK && pass.code != PROT_PLDM_COMPONENT_OK) {
			completion(prot_pldm_component_code_text(pass.code),
				   pass.response, line);
		}
		break;
	case PROT_PLDM_UPDATE_COMPONENT:
		st = prot_pldm_update_component_rsp_decode(rd, &component);
		if (st == PROT_OK && component.code != PROT_PLDM_COMPONENT_OK) {
			completion(
				prot_pldm_component_code_text(component.code),
				component.response, line);
		}
		break;
	case PROT_PLDM_GET_STATUS:
		st = prot_pldm_get_status_rsp_decode(rd, &status);
		if (st == PROT_OK) {
			prot_trace_add(line, ": %s",
				       prot_pldm_fd_state_text(status.state));
		}
		break;
	default:
		break;
	}
	return st;
}

static void response(const struct prot_pldm_header *h, struct prot_rd *rd,
		     struct prot_trace_line *line)
{
	uint8_t cc = prot_rd_u8(rd);
	bool fwup = h->type == PROT_PLDM_TYPE_FWUP;

	if (!prot_rd_ok(rd)) {
		prot_trace_malformed(line);
		return;
	}
	prot_trace_add(line, ": %s",
		       fwup ? prot_pldm_fwup_cc_text(cc)
			    : prot_pldm_cc_text(cc));
	line->bad = cc != PROT_PLDM_SUCCESS;
	if (fwup && !line->bad &&
	    fwup_response(h->command, rd, line) != PROT_OK) {
		prot_trace_malformed(line);
	}
}

void prot_trace_pldm(const uint8_t *message, size_t len,
		     struct prot_trace_line *line)
{
	struct prot_rd rd = prot_rd_init(message, len);
	struct prot_pldm_header h;

	if (prot_pldm_header_decode(&rd, &h) != PROT_OK) {
		prot_trace_add(line, "PLDM message");
		prot_trace_malformed(line);
		return;
	}
	line->request = h.request;
	command_name(&h, line);
	line->bulk = h.type == PROT_PLDM_TYPE_FWUP &&
		     h.command == PROT_PLDM_REQUEST_FIRMWARE_DATA;
	if (!h.request) {
		response(&h, &rd, line);
	} else if (h.type == PROT_PLDM_TYPE_FWUP &&
		   fwup_request(h.command, &rd, line) != PROT_OK) {
		prot_trace_malformed(line);
	}
}
