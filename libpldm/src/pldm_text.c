/* SPDX-License-Identifier: Apache-2.0 */
/* English for the values of DSP0240 and DSP0267. */
#include <prot/pldm/fwup.h>

struct text {
	uint8_t value;
	const char *text;
};

static const char *find(const struct text *t, size_t count, uint8_t value,
			const char *otherwise)
{
	for (size_t i = 0; i < count; i++) {
		if (t[i].value == value) {
			return t[i].text;
		}
	}
	return otherwise;
}

#define FIND(table, value, otherwise)                                          \
	find((table), PROT_ARRAY_SIZE(table), (value), (otherwise))

static const char *failure(uint8_t value, uint8_t vendor_first,
			   uint8_t vendor_last)
{
	return value >= vendor_first && value <= vendor_last
		       ? "vendor-defined failure"
		       : "unknown result";
}

void prot_pldm_version_text(uint32_t version, char *text)
{
	for (unsigned shift = 24; shift >= 8; shift -= 8) {
		unsigned v = version >> shift & 0xFF;

		if (v == 0xFF) { /* DSP0240, ver32: field not present */
			break;
		}
		if (shift != 24) {
			*text++ = '.';
		}
		if (v >> 4 < 10) {
			*text++ = (char)('0' + (v >> 4));
		}
		*text++ = (char)('0' + (v & 15) % 10);
	}
	if ((version & 0xFF) > 0x20 && (version & 0xFF) < 0x7F) {
		*text++ = (char)(version & 0xFF);
	}
	*text = '\0';
}

const char *prot_pldm_cc_text(uint8_t cc)
{
	static const struct text texts[] = {
		{PROT_PLDM_SUCCESS, "success"},
		{PROT_PLDM_ERROR, "error"},
		{PROT_PLDM_ERROR_INVALID_DATA, "invalid data"},
		{PROT_PLDM_ERROR_INVALID_LENGTH, "invalid length"},
		{PROT_PLDM_ERROR_NOT_READY, "not ready"},
		{PROT_PLDM_ERROR_UNSUPPORTED_PLDM_CMD, "unsupported command"},
		{PROT_PLDM_ERROR_INVALID_PLDM_TYPE, "unsupported PLDM type"},
		{PROT_PLDM_INVALID_TRANSFER_CONTEXT,
		 "invalid transfer context"},
		{PROT_PLDM_INVALID_DATA_TRANSFER_HANDLE,
		 "invalid transfer handle"},
		{PROT_PLDM_UNEXPECTED_TRANSFER_FLAG_OPERATION,
		 "unexpected transfer flag"},
		{PROT_PLDM_INVALID_REQUESTED_SECTION_OFFSET,
		 "invalid section offset"},
	};

	return FIND(texts, cc, "unknown completion code");
}

const char *prot_pldm_fwup_cc_text(uint8_t cc)
{
	static const struct text texts[] = {
		{PROT_PLDM_FWUP_NOT_IN_UPDATE_MODE, "not in update mode"},
		{PROT_PLDM_FWUP_ALREADY_IN_UPDATE_MODE,
		 "already in update mode"},
		{PROT_PLDM_FWUP_DATA_OUT_OF_RANGE, "data out of range"},
		{PROT_PLDM_FWUP_INVALID_TRANSFER_LENGTH,
		 "invalid transfer length"},
		{PROT_PLDM_FWUP_INVALID_STATE_FOR_COMMAND,
		 "command not allowed in this state"},
		{PROT_PLDM_FWUP_INCOMPLETE_UPDATE, "update incomplete"},
		{PROT_PLDM_FWUP_BUSY_IN_BACKGROUND, "busy in background"},
		{PROT_PLDM_FWUP_CANCEL_PENDING, "cancel pending"},
		{PROT_PLDM_FWUP_COMMAND_NOT_EXPECTED, "command not expected"},
		{PROT_PLDM_FWUP_RETRY_REQUEST_FW_DATA,
		 "retry the firmware data request"},
		{PROT_PLDM_FWUP_UNABLE_TO_INITIATE_UPDATE,
		 "unable to initiate an update"},
		{PROT_PLDM_FWUP_ACTIVATION_NOT_REQUIRED,
		 "activation not required"},
		{PROT_PLDM_FWUP_SELF_CONTAINED_ACTIVATION_NOT_PERMITTED,
		 "self-contained activation not permitted"},
		{PROT_PLDM_FWUP_NO_DEVICE_METADATA, "no device metadata"},
		{PROT_PLDM_FWUP_RETRY_REQUEST_UPDATE,
		 "retry the update request later"},
		{PROT_PLDM_FWUP_NO_PACKAGE_DATA, "no package data"},
		{PROT_PLDM_FWUP_INVALID_TRANSFER_HANDLE,
		 "invalid transfer handle"},
		{PROT_PLDM_FWUP_INVALID_TRANSFER_OPERATION_FLAG,
		 "invalid transfer operation"},
		{PROT_PLDM_FWUP_ACTIVATE_PENDING_IMAGE_NOT_PERMITTED,
		 "activation of the pending image not permitted"},
		{PROT_PLDM_FWUP_PACKAGE_DATA_ERROR, "package data error"},
	};

	return cc < 0x80 ? prot_pldm_cc_text(cc)
			 : FIND(texts, cc, "unknown completion code");
}

const char *prot_pldm_fwup_command_text(uint8_t command)
{
	static const struct text texts[] = {
		{PROT_PLDM_QUERY_DEVICE_IDENTIFIERS, "QueryDeviceIdentifiers"},
		{PROT_PLDM_GET_FIRMWARE_PARAMETERS, "GetFirmwareParameters"},
		{PROT_PLDM_REQUEST_UPDATE, "RequestUpdate"},
		{PROT_PLDM_GET_PACKAGE_DATA, "GetPackageData"},
		{PROT_PLDM_GET_DEVICE_META_DATA, "GetDeviceMetaData"},
		{PROT_PLDM_PASS_COMPONENT_TABLE, "PassComponentTable"},
		{PROT_PLDM_UPDATE_COMPONENT, "UpdateComponent"},
		{PROT_PLDM_REQUEST_FIRMWARE_DATA, "RequestFirmwareData"},
		{PROT_PLDM_TRANSFER_COMPLETE, "TransferComplete"},
		{PROT_PLDM_VERIFY_COMPLETE, "VerifyComplete"},
		{PROT_PLDM_APPLY_COMPLETE, "ApplyComplete"},
		{PROT_PLDM_GET_META_DATA, "GetMetaData"},
		{PROT_PLDM_ACTIVATE_FIRMWARE, "ActivateFirmware"},
		{PROT_PLDM_GET_STATUS, "GetStatus"},
		{PROT_PLDM_CANCEL_UPDATE_COMPONENT, "CancelUpdateComponent"},
		{PROT_PLDM_CANCEL_UPDATE, "CancelUpdate"},
	};

	return FIND(texts, command, "unknown command");
}

const char *prot_pldm_fd_state_text(uint8_t state)
{
	static const struct text texts[] = {
		{PROT_PLDM_FD_IDLE, "IDLE"},
		{PROT_PLDM_FD_LEARN_COMPONENTS, "LEARN COMPONENTS"},
		{PROT_PLDM_FD_READY_XFER, "READY XFER"},
		{PROT_PLDM_FD_DOWNLOAD, "DOWNLOAD"},
		{PROT_PLDM_FD_VERIFY, "VERIFY"},
		{PROT_PLDM_FD_APPLY, "APPLY"},
		{PROT_PLDM_FD_ACTIVATE, "ACTIVATE"},
	};

	return FIND(texts, state, "unknown state");
}

const char *prot_pldm_fd_reason_text(uint8_t reason)
{
	static const struct text texts[] = {
		{PROT_PLDM_FD_REASON_INITIALIZATION, "initialization"},
		{PROT_PLDM_FD_REASON_ACTIVATED, "firmware activated"},
		{PROT_PLDM_FD_REASON_CANCELLED, "update cancelled"},
		{PROT_PLDM_FD_REASON_TIMEOUT_LEARN,
		 "time-out while learning components"},
		{PROT_PLDM_FD_REASON_TIMEOUT_READY_XFER,
		 "time-out before a transfer"},
		{PROT_PLDM_FD_REASON_TIMEOUT_DOWNLOAD,
		 "time-out during download"},
		{PROT_PLDM_FD_REASON_TIMEOUT_VERIFY, "time-out during verify"},
		{PROT_PLDM_FD_REASON_TIMEOUT_APPLY, "time-out during apply"},
	};

	return FIND(texts, reason,
		    reason >= PROT_PLDM_FD_REASON_VENDOR
			    ? "vendor-defined reason"
			    : "unknown reason");
}

const char *prot_pldm_component_code_text(uint8_t code)
{
	static const struct text texts[] = {
		{PROT_PLDM_COMPONENT_OK, "component can be updated"},
		{PROT_PLDM_COMPONENT_STAMP_IDENTICAL,
		 "comparison stamp is identical"},
		{PROT_PLDM_COMPONENT_STAMP_LOWER, "comparison stamp is lower"},
		{PROT_PLDM_COMPONENT_STAMP_INVALID,
		 "comparison stamp is invalid"},
		{PROT_PLDM_COMPONENT_CONFLICT,
		 "component conflicts with another"},
		{PROT_PLDM_COMPONENT_PREREQUISITES_NOT_MET,
		 "prerequisites not met"},
		{PROT_PLDM_COMPONENT_NOT_SUPPORTED, "component not supported"},
		{PROT_PLDM_COMPONENT_SECURITY_RESTRICTIONS,
		 "security restrictions forbid it"},
		{PROT_PLDM_COMPONENT_INCOMPLETE_SET,
		 "component image set is incomplete"},
		{PROT_PLDM_COMPONENT_INFO_NO_MATCH,
		 "component information does not match"},
		{PROT_PLDM_COMPONENT_VERSION_IDENTICAL, "version is identical"},
		{PROT_PLDM_COMPONENT_VERSION_LOWER, "version is lower"},
	};

	return FIND(texts, code,
		    failure(code, PROT_PLDM_COMPONENT_VENDOR_FIRST,
			    PROT_PLDM_COMPONENT_VENDOR_LAST));
}

const char *prot_pldm_transfer_result_text(uint8_t result)
{
	static const struct text texts[] = {
		{PROT_PLDM_TRANSFER_SUCCESS, "success"},
		{PROT_PLDM_TRANSFER_CORRUPT, "image is corrupt"},
		{PROT_PLDM_TRANSFER_VERSION_MISMATCH, "version mismatch"},
		{PROT_PLDM_TRANSFER_ABORTED, "device aborted the transfer"},
		{PROT_PLDM_TRANSFER_TIMEOUT, "time-out"},
		{PROT_PLDM_TRANSFER_GENERIC, "generic error"},
		{PROT_PLDM_TRANSFER_LOW_POWER, "low power state"},
		{PROT_PLDM_TRANSFER_RESET_NEEDED, "device needs a reset"},
		{PROT_PLDM_TRANSFER_STORAGE, "storage failed"},
		{PROT_PLDM_TRANSFER_SECURITY_REVISION,
		 "security revision refused"},
	};

	return FIND(texts, result,
		    failure(result, PROT_PLDM_TRANSFER_VENDOR_FIRST,
			    PROT_PLDM_TRANSFER_VENDOR_LAST));
}

const char *prot_pldm_verify_result_text(uint8_t result)
{
	static const struct text texts[] = {
		{PROT_PLDM_VERIFY_SUCCESS, "success"},
		{PROT_PLDM_VERIFY_FAILURE, "verification failed"},
		{PROT_PLDM_VERIFY_VERSION_MISMATCH, "version mismatch"},
		{PROT_PLDM_VERIFY_SECURITY, "security checks failed"},
		{PROT_PLDM_VERIFY_INCOMPLETE, "image is incomplete"},
		{PROT_PLDM_VERIFY_TIMEOUT, "time-out"},
		{PROT_PLDM_VERIFY_GENERIC, "generic error"},
		{PROT_PLDM_VERIFY_SECURITY_REVISION,
		 "security revision refused"},
	};

	return FIND(texts, result,
		    failure(result, PROT_PLDM_VERIFY_VENDOR_FIRST,
			    PROT_PLDM_VERIFY_VENDOR_LAST));
}

const char *prot_pldm_apply_result_text(uint8_t result)
{
	static const struct text texts[] = {
		{PROT_PLDM_APPLY_SUCCESS, "success"},
		{PROT_PLDM_APPLY_SUCCESS_ACTIVATION_CHANGED,
		 "success, activation method changed"},
		{PROT_PLDM_APPLY_MEMORY, "memory failed"},
		{PROT_PLDM_APPLY_TIMEOUT, "time-out"},
		{PROT_PLDM_APPLY_GENERIC, "generic error"},
		{PROT_PLDM_APPLY_SECURITY_REVISION,
		 "security revision refused"},
	};

	return FIND(texts, result,
		    failure(result, PROT_PLDM_APPLY_VENDOR_FIRST,
			    PROT_PLDM_APPLY_VENDOR_LAST));
}
