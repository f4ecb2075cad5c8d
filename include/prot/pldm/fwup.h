/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PLDM_FWUP_H
#define PROT_PLDM_FWUP_H

/*
 * PLDM type 5, firmware update (DSP0267 1.3.0): values and message codecs,
 * shared by the firmware device (FD, <prot/pldm/fd.h>) and the update agent
 * (UA, <prot/pldm/ua.h>). <prot/pldm/pldm.h> says how a message is composed of
 * these parts. Messages without a struct here have an empty body:
 *
 *	requests:  QueryDeviceIdentifiers, GetFirmwareParameters, GetStatus,
 *	           CancelUpdateComponent, CancelUpdate
 *	responses: TransferComplete, VerifyComplete, ApplyComplete,
 *	           CancelUpdateComponent
 *
 * GetPackageData, GetDeviceMetaData and GetMetaData consist of
 * struct prot_pldm_transfer_req and struct prot_pldm_transfer_rsp.
 */

#include <prot/pldm/pldm.h>

#ifdef __cplusplus
extern "C" {
#endif

/* U: request from the UA; F: request from the FD. */
enum prot_pldm_fwup_command {
	PROT_PLDM_QUERY_DEVICE_IDENTIFIERS = 0x01, /* U */
	PROT_PLDM_GET_FIRMWARE_PARAMETERS = 0x02,  /* U */
	PROT_PLDM_REQUEST_UPDATE = 0x10,           /* U */
	PROT_PLDM_GET_PACKAGE_DATA = 0x11,         /* F */
	PROT_PLDM_GET_DEVICE_META_DATA = 0x12,     /* U */
	PROT_PLDM_PASS_COMPONENT_TABLE = 0x13,     /* U */
	PROT_PLDM_UPDATE_COMPONENT = 0x14,         /* U */
	PROT_PLDM_REQUEST_FIRMWARE_DATA = 0x15,    /* F */
	PROT_PLDM_TRANSFER_COMPLETE = 0x16,        /* F */
	PROT_PLDM_VERIFY_COMPLETE = 0x17,          /* F */
	PROT_PLDM_APPLY_COMPLETE = 0x18,           /* F */
	PROT_PLDM_GET_META_DATA = 0x19,            /* F */
	PROT_PLDM_ACTIVATE_FIRMWARE = 0x1A,        /* U */
	PROT_PLDM_GET_STATUS = 0x1B,               /* U */
	PROT_PLDM_CANCEL_UPDATE_COMPONENT = 0x1C,  /* U */
	PROT_PLDM_CANCEL_UPDATE = 0x1D,            /* U */
};

/* Command-specific completion codes. */
enum prot_pldm_fwup_cc {
	PROT_PLDM_FWUP_NOT_IN_UPDATE_MODE = 0x80,
	PROT_PLDM_FWUP_ALREADY_IN_UPDATE_MODE = 0x81,
	PROT_PLDM_FWUP_DATA_OUT_OF_RANGE = 0x82,
	PROT_PLDM_FWUP_INVALID_TRANSFER_LENGTH = 0x83,
	PROT_PLDM_FWUP_INVALID_STATE_FOR_COMMAND = 0x84,
	PROT_PLDM_FWUP_INCOMPLETE_UPDATE = 0x85,
	PROT_PLDM_FWUP_BUSY_IN_BACKGROUND = 0x86,
	PROT_PLDM_FWUP_CANCEL_PENDING = 0x87,
	PROT_PLDM_FWUP_COMMAND_NOT_EXPECTED = 0x88,
	PROT_PLDM_FWUP_RETRY_REQUEST_FW_DATA = 0x89,
	PROT_PLDM_FWUP_UNABLE_TO_INITIATE_UPDATE = 0x8A,
	PROT_PLDM_FWUP_ACTIVATION_NOT_REQUIRED = 0x8B,
	PROT_PLDM_FWUP_SELF_CONTAINED_ACTIVATION_NOT_PERMITTED = 0x8C,
	PROT_PLDM_FWUP_NO_DEVICE_METADATA = 0x8D,
	PROT_PLDM_FWUP_RETRY_REQUEST_UPDATE = 0x8E,
	PROT_PLDM_FWUP_NO_PACKAGE_DATA = 0x8F,
	PROT_PLDM_FWUP_INVALID_TRANSFER_HANDLE = 0x90,
	PROT_PLDM_FWUP_INVALID_TRANSFER_OPERATION_FLAG = 0x91,
	PROT_PLDM_FWUP_ACTIVATE_PENDING_IMAGE_NOT_PERMITTED = 0x92,
	PROT_PLDM_FWUP_PACKAGE_DATA_ERROR = 0x93,
};

/* The firmware update baseline transfer size: every side can do this much. */
#define PROT_PLDM_FWUP_BASELINE_TRANSFER 32

/* FD_T1, update mode idle time-out, and FD_T2, retry interval; ms. */
#define PROT_PLDM_FD_T1_MIN_MS 60000
#define PROT_PLDM_FD_T1_MAX_MS 120000
#define PROT_PLDM_FD_T2_MIN_MS 1000
#define PROT_PLDM_FD_T2_MAX_MS 5000

enum prot_pldm_fd_state {
	PROT_PLDM_FD_IDLE = 0,
	PROT_PLDM_FD_LEARN_COMPONENTS = 1,
	PROT_PLDM_FD_READY_XFER = 2,
	PROT_PLDM_FD_DOWNLOAD = 3,
	PROT_PLDM_FD_VERIFY = 4,
	PROT_PLDM_FD_APPLY = 5,
	PROT_PLDM_FD_ACTIVATE = 6,
};

/* GetStatus: AuxState. */
enum prot_pldm_fd_aux {
	PROT_PLDM_FD_AUX_IN_PROGRESS = 0,
	PROT_PLDM_FD_AUX_SUCCESS = 1,
	PROT_PLDM_FD_AUX_FAILED = 2,
	PROT_PLDM_FD_AUX_NONE = 3, /* in IDLE, LEARN COMPONENTS, READY XFER */
};

/* GetStatus: AuxStateStatus; 0x70..0xEF are the vendor's. */
enum prot_pldm_fd_aux_status {
	PROT_PLDM_FD_AUX_STATUS_OK = 0x00, /* in progress, or success */
	PROT_PLDM_FD_AUX_STATUS_TIMEOUT = 0x09,
	PROT_PLDM_FD_AUX_STATUS_GENERIC = 0x0A,
};

/* GetStatus: ReasonCode, why the FD is in IDLE; 0xC8..0xFF are vendor's. */
enum prot_pldm_fd_reason {
	PROT_PLDM_FD_REASON_INITIALIZATION = 0,
	PROT_PLDM_FD_REASON_ACTIVATED = 1,
	PROT_PLDM_FD_REASON_CANCELLED = 2,
	PROT_PLDM_FD_REASON_TIMEOUT_LEARN = 3,
	PROT_PLDM_FD_REASON_TIMEOUT_READY_XFER = 4,
	PROT_PLDM_FD_REASON_TIMEOUT_DOWNLOAD = 5,
	PROT_PLDM_FD_REASON_TIMEOUT_VERIFY = 6,
	PROT_PLDM_FD_REASON_TIMEOUT_APPLY = 7,
	PROT_PLDM_FD_REASON_VENDOR = 0xC8,
};

/* GetStatus: ProgressPercent is 0..100, or this where the FD cannot tell. */
#define PROT_PLDM_PROGRESS_UNKNOWN 101

/* ComponentResponseCode and ComponentCompatibilityResponseCode. */
enum prot_pldm_component_code {
	PROT_PLDM_COMPONENT_OK = 0x00,
	PROT_PLDM_COMPONENT_STAMP_IDENTICAL = 0x01,
	PROT_PLDM_COMPONENT_STAMP_LOWER = 0x02,
	PROT_PLDM_COMPONENT_STAMP_INVALID = 0x03,
	PROT_PLDM_COMPONENT_CONFLICT = 0x04,
	PROT_PLDM_COMPONENT_PREREQUISITES_NOT_MET = 0x05,
	PROT_PLDM_COMPONENT_NOT_SUPPORTED = 0x06,
	PROT_PLDM_COMPONENT_SECURITY_RESTRICTIONS = 0x07,
	PROT_PLDM_COMPONENT_INCOMPLETE_SET = 0x08,
	/* UpdateComponent: differs from what PassComponentTable announced */
	PROT_PLDM_COMPONENT_INFO_NO_MATCH = 0x09,
	PROT_PLDM_COMPONENT_VERSION_IDENTICAL = 0x0A,
	PROT_PLDM_COMPONENT_VERSION_LOWER = 0x0B,
	PROT_PLDM_COMPONENT_VENDOR_FIRST = 0xD0,
	PROT_PLDM_COMPONENT_VENDOR_LAST = 0xEF,
};

/* TransferComplete. */
enum prot_pldm_transfer_result {
	PROT_PLDM_TRANSFER_SUCCESS = 0x00,
	PROT_PLDM_TRANSFER_CORRUPT = 0x01,
	PROT_PLDM_TRANSFER_VERSION_MISMATCH = 0x02,
	PROT_PLDM_TRANSFER_ABORTED = 0x03,
	PROT_PLDM_TRANSFER_TIMEOUT = 0x09,
	PROT_PLDM_TRANSFER_GENERIC = 0x0A,
	PROT_PLDM_TRANSFER_LOW_POWER = 0x0B,
	PROT_PLDM_TRANSFER_RESET_NEEDED = 0x0C,
	PROT_PLDM_TRANSFER_STORAGE = 0x0D,
	PROT_PLDM_TRANSFER_SECURITY_REVISION = 0x10,
	PROT_PLDM_TRANSFER_VENDOR_FIRST = 0x70,
	PROT_PLDM_TRANSFER_VENDOR_LAST = 0x8F,
};

/* VerifyComplete. */
enum prot_pldm_verify_result {
	PROT_PLDM_VERIFY_SUCCESS = 0x00,
	PROT_PLDM_VERIFY_FAILURE = 0x01,
	PROT_PLDM_VERIFY_VERSION_MISMATCH = 0x02,
	PROT_PLDM_VERIFY_SECURITY = 0x03,
	PROT_PLDM_VERIFY_INCOMPLETE = 0x04,
	PROT_PLDM_VERIFY_TIMEOUT = 0x09,
	PROT_PLDM_VERIFY_GENERIC = 0x0A,
	PROT_PLDM_VERIFY_SECURITY_REVISION = 0x10,
	PROT_PLDM_VERIFY_VENDOR_FIRST = 0x90,
	PROT_PLDM_VERIFY_VENDOR_LAST = 0xAF,
};

/* ApplyComplete. */
enum prot_pldm_apply_result {
	PROT_PLDM_APPLY_SUCCESS = 0x00,
	/* success, and the activation method differs from the announced one */
	PROT_PLDM_APPLY_SUCCESS_ACTIVATION_CHANGED = 0x01,
	PROT_PLDM_APPLY_MEMORY = 0x02,
	PROT_PLDM_APPLY_TIMEOUT = 0x09,
	PROT_PLDM_APPLY_GENERIC = 0x0A,
	PROT_PLDM_APPLY_SECURITY_REVISION = 0x10,
	PROT_PLDM_APPLY_VENDOR_FIRST = 0xB0,
	PROT_PLDM_APPLY_VENDOR_LAST = 0xCF,
};

/* ComponentActivationMethods, bits. */
enum prot_pldm_activation {
	PROT_PLDM_ACTIVATION_AUTOMATIC = 1 << 0,
	PROT_PLDM_ACTIVATION_SELF_CONTAINED = 1 << 1,
	PROT_PLDM_ACTIVATION_MEDIUM_RESET = 1 << 2,
	PROT_PLDM_ACTIVATION_SYSTEM_REBOOT = 1 << 3,
	PROT_PLDM_ACTIVATION_DC_CYCLE = 1 << 4,
	PROT_PLDM_ACTIVATION_AC_CYCLE = 1 << 5,
	PROT_PLDM_ACTIVATION_PENDING_IMAGE = 1 << 6,
	PROT_PLDM_ACTIVATION_PENDING_SET = 1 << 7,
};

/* CapabilitiesDuringUpdate, bits. */
enum prot_pldm_fwup_capability {
	PROT_PLDM_CAPABILITY_RECOVERY = 1 << 0,
	PROT_PLDM_CAPABILITY_RETRY = 1 << 1,
	PROT_PLDM_CAPABILITY_HOST_REDUCED = 1 << 2,
	PROT_PLDM_CAPABILITY_PARTIAL = 1 << 3,
	PROT_PLDM_CAPABILITY_DOWNGRADE_RESTRICTED = 1 << 8,
	PROT_PLDM_CAPABILITY_SECURITY_REVISION = 1 << 9,
};

/* UpdateOptionFlags, bits. */
enum prot_pldm_update_option {
	PROT_PLDM_OPTION_FORCE = 1 << 0,
	PROT_PLDM_OPTION_OPAQUE_DATA = 1 << 1,
	PROT_PLDM_OPTION_DELAYED_SECURITY_REVISION = 1 << 2,
};

enum prot_pldm_component_classification {
	PROT_PLDM_CLASS_UNKNOWN = 0x0000,
	PROT_PLDM_CLASS_OTHER = 0x0001,
	PROT_PLDM_CLASS_DRIVER = 0x0002,
	PROT_PLDM_CLASS_CONFIGURATION = 0x0003,
	PROT_PLDM_CLASS_APPLICATION = 0x0004,
	PROT_PLDM_CLASS_INSTRUMENTATION = 0x0005,
	PROT_PLDM_CLASS_FIRMWARE_BIOS = 0x0006,
	PROT_PLDM_CLASS_DIAGNOSTIC = 0x0007,
	PROT_PLDM_CLASS_OPERATING_SYSTEM = 0x0008,
	PROT_PLDM_CLASS_MIDDLEWARE = 0x0009,
	PROT_PLDM_CLASS_FIRMWARE = 0x000A,
	PROT_PLDM_CLASS_BIOS_FCODE = 0x000B,
	PROT_PLDM_CLASS_SERVICE_PACK = 0x000C,
	PROT_PLDM_CLASS_BUNDLE = 0x000D,
	PROT_PLDM_CLASS_DOWNSTREAM = 0xFFFF,
};

/* The comparison stamp of a component that has none. */
#define PROT_PLDM_STAMP_NONE 0xFFFFFFFFu

/*
 * Descriptors: who a device is, here and in package headers (DSP0267,
 * section 7.3). Types 0..6 may stand first; data as on the wire.
 */
enum prot_pldm_descriptor_type {
	PROT_PLDM_DESCRIPTOR_PCI_VENDOR = 0x0000,
	PROT_PLDM_DESCRIPTOR_IANA = 0x0001, /* enterprise number, 4 bytes */
	PROT_PLDM_DESCRIPTOR_UUID = 0x0002, /* 16 bytes */
	PROT_PLDM_DESCRIPTOR_PNP_VENDOR = 0x0003,
	PROT_PLDM_DESCRIPTOR_ACPI_VENDOR = 0x0004,
	PROT_PLDM_DESCRIPTOR_IEEE_COMPANY = 0x0005,
	PROT_PLDM_DESCRIPTOR_SCSI_VENDOR = 0x0006,
	PROT_PLDM_DESCRIPTOR_PCI_DEVICE = 0x0100,
	PROT_PLDM_DESCRIPTOR_PCI_SUBSYSTEM_VENDOR = 0x0101,
	PROT_PLDM_DESCRIPTOR_PCI_SUBSYSTEM = 0x0102,
	PROT_PLDM_DESCRIPTOR_PCI_REVISION = 0x0103,
	PROT_PLDM_DESCRIPTOR_PNP_PRODUCT = 0x0104,
	PROT_PLDM_DESCRIPTOR_ACPI_PRODUCT = 0x0105,
	PROT_PLDM_DESCRIPTOR_MODEL_LONG = 0x0106,  /* ASCII, 40 bytes */
	PROT_PLDM_DESCRIPTOR_MODEL_SHORT = 0x0107, /* ASCII, 10 bytes */
	PROT_PLDM_DESCRIPTOR_SCSI_PRODUCT = 0x0108,
	PROT_PLDM_DESCRIPTOR_UBM_CONTROLLER = 0x0109,
	PROT_PLDM_DESCRIPTOR_EUI64 = 0x010A,
	PROT_PLDM_DESCRIPTOR_PCI_REVISION_RANGE = 0x010B,
	/* title string (type, length, bytes) and vendor's data */
	PROT_PLDM_DESCRIPTOR_VENDOR = 0xFFFF,
};

struct prot_pldm_descriptor {
	uint16_t type; /* enum prot_pldm_descriptor_type */
	uint16_t len;  /* bytes, at least 1 */
	const uint8_t *data;
};

void prot_pldm_descriptor_encode(struct prot_wr *w,
				 const struct prot_pldm_descriptor *d);

/*
 * The next descriptor of a list. PROT_ERR_MALFORMED: cut short, empty, or a
 * length other than the one that the type is defined to have.
 */
PROT_MUST_CHECK
enum prot_status prot_pldm_descriptor_decode(struct prot_rd *r,
					     struct prot_pldm_descriptor *d);

/* Same type and same data. */
bool prot_pldm_descriptor_equal(const struct prot_pldm_descriptor *a,
				const struct prot_pldm_descriptor *b);

/* QueryDeviceIdentifiers response: `count` descriptors, an initial one first.
 */
void prot_pldm_query_identifiers_rsp_encode(
	struct prot_wr *w, const struct prot_pldm_descriptor *descriptors,
	uint8_t count);

struct prot_pldm_query_identifiers_rsp {
	uint8_t count;              /* at least 1 */
	struct prot_rd descriptors; /* for prot_pldm_descriptor_decode() */
};

/* Walks the list: afterwards it holds exactly `count` valid descriptors. */
PROT_MUST_CHECK
enum prot_status prot_pldm_query_identifiers_rsp_decode(
	struct prot_rd *r, struct prot_pldm_query_identifiers_rsp *m);

/* Which component. */
struct prot_pldm_component_id {
	uint16_t classification; /* enum prot_pldm_component_classification */
	uint16_t identifier;     /* the vendor's */
	uint8_t index;           /* ComponentClassificationIndex */
};

/* One image of a component, active or pending. */
struct prot_pldm_component_image {
	uint32_t stamp; /* opaque; larger is newer */
	struct prot_pldm_string version;
	uint8_t date[8]; /* ASCII YYYYMMDD, or zeros */
};

/*
 * GetFirmwareParameters response: the fixed part and the two image set
 * versions, then `component_count` component entries, appended by
 * prot_pldm_component_entry_encode(). Without a pending image its stamp is 0,
 * its version empty with type 0, and its date zeros.
 */
struct prot_pldm_firmware_parameters {
	uint32_t capabilities; /* enum prot_pldm_fwup_capability */
	uint16_t component_count;
	struct prot_pldm_string active;  /* ComponentImageSetVersion */
	struct prot_pldm_string pending; /* empty: none */
	struct prot_rd components;       /* decoder only: the entries */
};

struct prot_pldm_component_entry {
	struct prot_pldm_component_id id;
	struct prot_pldm_component_image active;
	struct prot_pldm_component_image pending;
	uint16_t activation_methods; /* enum prot_pldm_activation */
	uint32_t capabilities;       /* of the component during update */
};

void prot_pldm_firmware_parameters_encode(
	struct prot_wr *w, const struct prot_pldm_firmware_parameters *m);
void prot_pldm_component_entry_encode(
	struct prot_wr *w, const struct prot_pldm_component_entry *e);

/*
 * Walks the entries: afterwards m->components holds exactly
 * m->component_count of them for prot_pldm_component_entry_decode().
 */
PROT_MUST_CHECK
enum prot_status
prot_pldm_firmware_parameters_decode(struct prot_rd *r,
				     struct prot_pldm_firmware_parameters *m);
PROT_MUST_CHECK
enum prot_status
prot_pldm_component_entry_decode(struct prot_rd *r,
				 struct prot_pldm_component_entry *e);

struct prot_pldm_request_update_req {
	uint32_t max_transfer;     /* bytes, at least the baseline of 32 */
	uint16_t component_count;  /* of the package, for this device */
	uint8_t max_outstanding;   /* RequestFirmwareData at once, >= 1 */
	uint16_t package_data_len; /* bytes that GetPackageData would yield */
	struct prot_pldm_string version; /* ComponentImageSetVersion */
};

void prot_pldm_request_update_req_encode(
	struct prot_wr *w, const struct prot_pldm_request_update_req *m);
PROT_MUST_CHECK
enum prot_status
prot_pldm_request_update_req_decode(struct prot_rd *r,
				    struct prot_pldm_request_update_req *m);

/* FDWillSendGetPackageDataCommand. */
enum prot_pldm_package_data {
	PROT_PLDM_PACKAGE_DATA_NO = 0,
	PROT_PLDM_PACKAGE_DATA_YES = 1,
	PROT_PLDM_PACKAGE_DATA_LIMITED = 2, /* in parts of limited size */
};

struct prot_pldm_request_update_rsp {
	uint16_t metadata_len; /* bytes that GetDeviceMetaData yields; 0 none */
	uint8_t package_data;  /* enum prot_pldm_package_data */
	/* bytes, only with PROT_PLDM_PACKAGE_DATA_LIMITED */
	uint32_t package_data_max;
};

/*
 * The width of GetPackageDataMaximumTransferSize is 16 bits here, as for its
 * sibling RequestDownstreamDeviceUpdate; since some devices send 32 bits, the
 * decoder takes both.
 */
void prot_pldm_request_update_rsp_encode(
	struct prot_wr *w, const struct prot_pldm_request_update_rsp *m);
PROT_MUST_CHECK
enum prot_status
prot_pldm_request_update_rsp_decode(struct prot_rd *r,
				    struct prot_pldm_request_update_rsp *m);

struct prot_pldm_pass_component_req {
	uint8_t flag; /* enum prot_pldm_transfer_flag */
	struct prot_pldm_component_id id;
	uint32_t stamp;
	struct prot_pldm_string version;
};

void prot_pldm_pass_component_req_encode(
	struct prot_wr *w, const struct prot_pldm_pass_component_req *m);

PROT_MUST_CHECK
enum prot_status
prot_pldm_pass_component_req_decode(struct prot_rd *r,
				    struct prot_pldm_pass_component_req *m);

struct prot_pldm_pass_component_rsp {
	uint8_t response; /* 0 can be updated, 1 may be, see code */
	uint8_t code;     /* enum prot_pldm_component_code */
};

void prot_pldm_pass_component_rsp_encode(
	struct prot_wr *w, const struct prot_pldm_pass_component_rsp *m);
PROT_MUST_CHECK
enum prot_status
prot_pldm_pass_component_rsp_decode(struct prot_rd *r,
				    struct prot_pldm_pass_component_rsp *m);

struct prot_pldm_update_component_req {
	struct prot_pldm_component_id id;
	uint32_t stamp;
	uint32_t size;    /* of the component image, bytes */
	uint32_t options; /* enum prot_pldm_update_option */
	struct prot_pldm_string version;
};

void prot_pldm_update_component_req_encode(
	struct prot_wr *w, const struct prot_pldm_update_component_req *m);
PROT_MUST_CHECK
enum prot_status
prot_pldm_update_component_req_decode(struct prot_rd *r,
				      struct prot_pldm_update_component_req *m);

struct prot_pldm_update_component_rsp {
	uint8_t response;    /* 0 can be updated, 1 cannot, see code */
	uint8_t code;        /* enum prot_pldm_component_code */
	uint32_t options;    /* enum prot_pldm_update_option: those enabled */
	uint16_t delay_s;    /* until the first RequestFirmwareData, seconds */
	uint32_t opaque_max; /* only with PROT_PLDM_OPTION_OPAQUE_DATA */
};

void prot_pldm_update_component_rsp_encode(
	struct prot_wr *w, const struct prot_pldm_update_component_rsp *m);
PROT_MUST_CHECK
enum prot_status
prot_pldm_update_component_rsp_decode(struct prot_rd *r,
				      struct prot_pldm_update_component_rsp *m);

/*
 * RequestFirmwareData. 32 <= length <= the negotiated maximum; the range may
 * pass the end of the image by at most 32 bytes, which the UA fills with
 * zeros and the FD discards. The response body is exactly `length` bytes of
 * data: prot_wr_claim() them, or read the rest of the message.
 */
struct prot_pldm_request_data_req {
	uint32_t offset; /* from the start of the component image */
	uint32_t length; /* bytes */
};

void prot_pldm_request_data_req_encode(
	struct prot_wr *w, const struct prot_pldm_request_data_req *m);
PROT_MUST_CHECK
enum prot_status
prot_pldm_request_data_req_decode(struct prot_rd *r,
				  struct prot_pldm_request_data_req *m);

/*
 * What a UA answers to m, by the rules above; computed without overflow.
 * PROT_PLDM_FWUP_DATA_OUT_OF_RANGE, PROT_PLDM_FWUP_INVALID_TRANSFER_LENGTH or
 * PROT_PLDM_SUCCESS.
 */
uint8_t prot_pldm_request_data_check(const struct prot_pldm_request_data_req *m,
				     uint32_t image_size,
				     uint32_t max_transfer);

/* TransferComplete and VerifyComplete requests: the result, one byte. */
void prot_pldm_complete_req_encode(struct prot_wr *w, uint8_t result);
PROT_MUST_CHECK
enum prot_status prot_pldm_complete_req_decode(struct prot_rd *r,
					       uint8_t *result);

struct prot_pldm_apply_complete_req {
	uint8_t result; /* enum prot_pldm_apply_result */
	/* enum prot_pldm_activation, 0 unless the result says changed */
	uint16_t activation_methods;
};

void prot_pldm_apply_complete_req_encode(
	struct prot_wr *w, const struct prot_pldm_apply_complete_req *m);
PROT_MUST_CHECK
enum prot_status
prot_pldm_apply_complete_req_decode(struct prot_rd *r,
				    struct prot_pldm_apply_complete_req *m);

/* SelfContainedActivationRequest: 1 yes, 0 no, anything else is invalid. */
void prot_pldm_activate_req_encode(struct prot_wr *w, uint8_t self_contained);
PROT_MUST_CHECK
enum prot_status prot_pldm_activate_req_decode(struct prot_rd *r,
					       uint8_t *self_contained);

/* Estimated time for self-contained activation, seconds. */
void prot_pldm_activate_rsp_encode(struct prot_wr *w, uint16_t seconds);
PROT_MUST_CHECK
enum prot_status prot_pldm_activate_rsp_decode(struct prot_rd *r,
					       uint16_t *seconds);

struct prot_pldm_get_status_rsp {
	uint8_t state;      /* enum prot_pldm_fd_state */
	uint8_t previous;   /* enum prot_pldm_fd_state */
	uint8_t aux;        /* enum prot_pldm_fd_aux */
	uint8_t aux_status; /* enum prot_pldm_fd_aux_status */
	uint8_t progress;   /* percent, or PROT_PLDM_PROGRESS_UNKNOWN */
	uint8_t reason;     /* enum prot_pldm_fd_reason, valid in IDLE */
	uint32_t options;   /* enum prot_pldm_update_option: those enabled */
};

void prot_pldm_get_status_rsp_encode(struct prot_wr *w,
				     const struct prot_pldm_get_status_rsp *m);

/* Takes any value in each field: devices in the field stretch this message. */
PROT_MUST_CHECK
enum prot_status
prot_pldm_get_status_rsp_decode(struct prot_rd *r,
				struct prot_pldm_get_status_rsp *m);

struct prot_pldm_cancel_update_rsp {
	uint8_t non_functioning; /* 1: some component does not work any more */
	/* bit n: component n of the PassComponentTable sequence */
	uint64_t non_functioning_bitmap;
};

void prot_pldm_cancel_update_rsp_encode(
	struct prot_wr *w, const struct prot_pldm_cancel_update_rsp *m);
PROT_MUST_CHECK
enum prot_status
prot_pldm_cancel_update_rsp_decode(struct prot_rd *r,
				   struct prot_pldm_cancel_update_rsp *m);

/*
 * English texts for logs and operators; never NULL. Linked only where used.
 * prot_pldm_fwup_cc_text() covers the codes of all types, too.
 */
const char *prot_pldm_fwup_cc_text(uint8_t cc);
const char *prot_pldm_fwup_command_text(uint8_t command);
const char *prot_pldm_fd_state_text(uint8_t state);
const char *prot_pldm_fd_reason_text(uint8_t reason);
const char *prot_pldm_component_code_text(uint8_t code);
const char *prot_pldm_transfer_result_text(uint8_t result);
const char *prot_pldm_verify_result_text(uint8_t result);
const char *prot_pldm_apply_result_text(uint8_t result);

#ifdef __cplusplus
}
#endif
#endif /* PROT_PLDM_FWUP_H */
