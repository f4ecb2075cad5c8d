/* SPDX-License-Identifier: Apache-2.0 */
/* How an update ended: in words, and as JSON. */
#include "update.h"

#include <prot/services/image.h>
#include <prot/services/update_pldm.h>

#include <string.h>

/*
 * A result code of TransferComplete, VerifyComplete or ApplyComplete. Devices
 * of this project say in the vendor's range what is wrong with the image.
 */
static const char *result_text(enum prot_pldm_ua_reason reason, uint8_t code)
{
	enum prot_image_reason image = prot_update_pldm_reason(code);

	if (image != PROT_IMAGE_UNCHECKED) {
		return prot_image_reason_text(image);
	}
	if (reason == PROT_PLDM_UA_FAIL_TRANSFER_FAILED) {
		return prot_pldm_transfer_result_text(code);
	}
	return reason == PROT_PLDM_UA_FAIL_VERIFY_FAILED
		       ? prot_pldm_verify_result_text(code)
		       : prot_pldm_apply_result_text(code);
}

/* What the code of a result says; NULL: the result has no code. */
static const char *code_text(const struct prot_pldm_ua_result *r)
{
	switch ((int)r->reason) {
	case PROT_PLDM_UA_FAIL_REFUSED:
		return prot_pldm_fwup_cc_text(r->code);
	case PROT_PLDM_UA_FAIL_COMPONENT_REFUSED:
		return prot_pldm_component_code_text(r->code);
	case PROT_PLDM_UA_FAIL_TRANSFER_FAILED:
	case PROT_PLDM_UA_FAIL_VERIFY_FAILED:
	case PROT_PLDM_UA_FAIL_APPLY_FAILED:
		return result_text(r->reason, r->code);
	case PROT_PLDM_UA_FAIL_DEVICE_LEFT:
		return prot_pldm_fd_reason_text(r->code);
	case PROT_PLDM_UA_FAIL_NO_COMMAND:
		return prot_pldm_fwup_command_text(r->code);
	default:
		return NULL;
	}
}

void prot_cli_update_reason(const struct prot_cli_update *u, char *out)
{
	const struct prot_pldm_ua_result *r = prot_pldm_ua_result(&u->ua);
	const char *text = prot_pldm_ua_reason_text(r->reason);
	const char *step = prot_pldm_ua_step_text(r->step);
	const char *code = code_text(r);

	if (code) {
		snprintf(out, PROT_CLI_UPDATE_TEXT, "%s: %s (%s, code 0x%02x)",
			 text, code, step, r->code);
	} else if (r->reason == PROT_PLDM_UA_FAIL_NO_RESPONSE ||
		   r->reason == PROT_PLDM_UA_FAIL_BAD_RESPONSE ||
		   r->reason == PROT_PLDM_UA_FAIL_STALLED) {
		snprintf(out, PROT_CLI_UPDATE_TEXT, "%s (%s)", text, step);
	} else {
		snprintf(out, PROT_CLI_UPDATE_TEXT, "%s", text);
	}
}

static enum prot_exit exit_code(enum prot_status st)
{
	switch ((int)st) {
	case PROT_OK:
		return PROT_EXIT_YES;
	case PROT_ERR_REFUSED:
	case PROT_ERR_NOT_FOUND:
	case PROT_ERR_UNSUPPORTED:
		return PROT_EXIT_NO;
	case PROT_ERR_CANCELLED:
		return PROT_EXIT_SIGNAL;
	default:
		return PROT_EXIT_FAILED;
	}
}

static json_t *component_json(const struct prot_cli_update *u, uint16_t i)
{
	const struct prot_pldm_ua_component *c = &u->components[i];
	char version[PROT_CLI_PACKAGE_TEXT];
	char active[64];

	prot_cli_package_text(&u->package.package, &c->image.version, version);
	prot_cli_printable(c->active, c->active_len, active, sizeof(active));
	return json_pack("{s:i,s:i,s:s,s:s,s:I,s:b}", "identifier",
			 (int)c->image.identifier, "classification",
			 (int)c->image.classification, "active_version", active,
			 "package_version", version, "bytes",
			 (json_int_t)c->image.image.len, "applied",
			 (int)c->applied);
}

static void report_json(const struct prot_cli_update *u)
{
	const struct prot_pldm_ua_result *r = prot_pldm_ua_result(&u->ua);
	struct prot_pldm_ua_progress p;
	char reason[PROT_CLI_UPDATE_TEXT];
	json_t *list = json_array();
	json_t *o;

	prot_pldm_ua_progress(&u->ua, &p);
	for (uint16_t i = 0; i < p.component_count; i++) {
		json_array_append_new(list, component_json(u, i));
	}
	o = json_pack("{s:b,s:b,s:o,s:f}", "updated", u->status == PROT_OK,
		      "activated", u->status == PROT_OK && u->config.activate,
		      "components", list, "seconds",
		      (double)(u->ended_ms - u->started_ms) / 1000);
	if (u->status != PROT_OK) {
		prot_cli_update_reason(u, reason);
		json_object_set_new(o, "reason", json_string(reason));
		json_object_set_new(
			o, "step",
			json_string(prot_pldm_ua_step_text(r->step)));
		json_object_set_new(o, "code", json_integer(r->code));
	}
	prot_cli_json_print(o);
	json_decref(o);
}

enum prot_exit prot_cli_update_report(const struct prot_cli_update *u,
				      bool json)
{
	const struct prot_pldm_ua_result *r = prot_pldm_ua_result(&u->ua);
	char reason[PROT_CLI_UPDATE_TEXT];

	if (json) {
		report_json(u);
	} else if (u->status != PROT_OK) {
		prot_cli_update_reason(u, reason);
		prot_cli_error("%s", reason);
		if (r->reason == PROT_PLDM_UA_FAIL_REFUSED &&
		    r->code == PROT_PLDM_FWUP_ALREADY_IN_UPDATE_MODE) {
			prot_cli_error(
				u->config.takeover
					? "another agent is updating the "
					  "device, and would not be interrupted"
					: "--takeover cancels the update that "
					  "is under way");
		}
		if (r->broken != 0) {
			prot_cli_error("the device says that components do "
				       "not work any more");
		}
	} else if (!u->config.activate) {
		printf("transferred and applied, not activated\n");
	} else if (u->restarts) {
		printf("updated: the device restarts into it now\n");
	} else if (u->config.self_contained) {
		printf("updated and active\n");
	} else {
		printf("updated: the device starts it at its next restart\n");
	}
	return exit_code(u->status);
}
