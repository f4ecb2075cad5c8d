/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SPDM_SPDM_H
#define PROT_SPDM_SPDM_H

/*
 * What SPDM responder and requester have in common: versions, capability
 * flags, algorithm selections, error codes, connection states, and the
 * transcript that both keep (DSP0274 1.3.2; section numbers are those of that
 * version unless another is named).
 *
 * Values are those of the wire wherever the wire has a value.
 */

#include <prot/crypto.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SPDMVersion: major version in the high nibble, minor in the low one. */
enum prot_spdm_version {
	PROT_SPDM_VERSION_NONE = 0, /* not negotiated yet */
	PROT_SPDM_VERSION_10 = 0x10,
	PROT_SPDM_VERSION_11 = 0x11,
	PROT_SPDM_VERSION_12 = 0x12,
	PROT_SPDM_VERSION_13 = 0x13,
};

/* Capability flags, clause 10.4. Q: of a requester, R: of a responder. */
#define PROT_SPDM_CAP_CACHE                  (1u << 0) /* R */
#define PROT_SPDM_CAP_CERT                   (1u << 1) /* Q R */
#define PROT_SPDM_CAP_CHAL                   (1u << 2) /* Q R */
#define PROT_SPDM_CAP_MEAS_NO_SIG            (1u << 3) /* R; not with the next */
#define PROT_SPDM_CAP_MEAS_SIG               (1u << 4) /* R */
#define PROT_SPDM_CAP_MEAS                   (3u << 3) /* mask of the field */
#define PROT_SPDM_CAP_MEAS_FRESH             (1u << 5) /* R */
#define PROT_SPDM_CAP_ENCRYPT                (1u << 6)
#define PROT_SPDM_CAP_MAC                    (1u << 7)
#define PROT_SPDM_CAP_MUT_AUTH               (1u << 8)
#define PROT_SPDM_CAP_KEY_EX                 (1u << 9)
#define PROT_SPDM_CAP_PSK                    (1u << 10)
#define PROT_SPDM_CAP_PSK_CONTEXT            (1u << 11) /* R */
#define PROT_SPDM_CAP_PSK_MASK               (3u << 10)
#define PROT_SPDM_CAP_ENCAP                  (1u << 12)
#define PROT_SPDM_CAP_HBEAT                  (1u << 13)
#define PROT_SPDM_CAP_KEY_UPD                (1u << 14)
#define PROT_SPDM_CAP_HANDSHAKE_IN_THE_CLEAR (1u << 15)
#define PROT_SPDM_CAP_PUB_KEY_ID             (1u << 16)
#define PROT_SPDM_CAP_CHUNK                  (1u << 17)
#define PROT_SPDM_CAP_ALIAS_CERT             (1u << 18) /* R */
#define PROT_SPDM_CAP_SET_CERT               (1u << 19) /* R */
#define PROT_SPDM_CAP_CSR                    (1u << 20) /* R */
#define PROT_SPDM_CAP_CERT_INSTALL_RESET     (1u << 21) /* R */
#define PROT_SPDM_CAP_EP_INFO_NO_SIG         (1u << 22) /* 1.3 */
#define PROT_SPDM_CAP_EP_INFO_SIG            (1u << 23) /* 1.3 */
#define PROT_SPDM_CAP_EP_INFO_MASK           (3u << 22)
#define PROT_SPDM_CAP_MEL                    (1u << 24) /* R, 1.3 */
#define PROT_SPDM_CAP_EVENT                  (1u << 25) /* 1.3 */
#define PROT_SPDM_CAP_MULTI_KEY_ONLY         (1u << 26) /* 1.3 */
#define PROT_SPDM_CAP_MULTI_KEY_NEG          (1u << 27) /* 1.3 */
#define PROT_SPDM_CAP_MULTI_KEY_MASK         (3u << 26)
#define PROT_SPDM_CAP_GET_KEY_PAIR_INFO      (1u << 28) /* R, 1.3 */
#define PROT_SPDM_CAP_SET_KEY_PAIR_INFO      (1u << 29) /* R, 1.3 */

/* ErrorCode of an ERROR response, clause 10.10 table of error codes. */
enum prot_spdm_error {
	PROT_SPDM_ERROR_NONE = 0, /* reserved on the wire: no ERROR was sent */
	PROT_SPDM_ERROR_INVALID_REQUEST = 0x01,
	PROT_SPDM_ERROR_BUSY = 0x03,
	PROT_SPDM_ERROR_UNEXPECTED_REQUEST = 0x04,
	PROT_SPDM_ERROR_UNSPECIFIED = 0x05,
	PROT_SPDM_ERROR_DECRYPT_ERROR = 0x06,
	PROT_SPDM_ERROR_UNSUPPORTED_REQUEST = 0x07,
	PROT_SPDM_ERROR_REQUEST_IN_FLIGHT = 0x08,
	PROT_SPDM_ERROR_INVALID_RESPONSE_CODE = 0x09,
	PROT_SPDM_ERROR_SESSION_LIMIT_EXCEEDED = 0x0a,
	PROT_SPDM_ERROR_SESSION_REQUIRED = 0x0b,
	PROT_SPDM_ERROR_RESET_REQUIRED = 0x0c,
	PROT_SPDM_ERROR_RESPONSE_TOO_LARGE = 0x0d,
	PROT_SPDM_ERROR_REQUEST_TOO_LARGE = 0x0e,
	PROT_SPDM_ERROR_LARGE_RESPONSE = 0x0f,
	PROT_SPDM_ERROR_MESSAGE_LOST = 0x10,
	PROT_SPDM_ERROR_INVALID_POLICY = 0x11,
	PROT_SPDM_ERROR_VERSION_MISMATCH = 0x41,
	PROT_SPDM_ERROR_RESPONSE_NOT_READY = 0x42,
	PROT_SPDM_ERROR_REQUEST_RESYNCH = 0x43,
	PROT_SPDM_ERROR_OPERATION_FAILED = 0x44,
	PROT_SPDM_ERROR_NO_PENDING_REQUESTS = 0x45,
	PROT_SPDM_ERROR_VENDOR_DEFINED = 0xff,
};

/*
 * How a message travelled (DSP0275 1.0 section 6, DSP0276): in the clear as
 * MCTP message type 5, or inside a secured message, type 6.
 */
enum prot_spdm_kind {
	PROT_SPDM_CLEAR,
	PROT_SPDM_SECURED
};

/* Where a connection stands. Each state includes what the former allows. */
enum prot_spdm_state {
	PROT_SPDM_STATE_START,         /* before GET_VERSION */
	PROT_SPDM_STATE_VERSION,       /* VERSION exchanged */
	PROT_SPDM_STATE_CAPABILITIES,  /* CAPABILITIES exchanged */
	PROT_SPDM_STATE_NEGOTIATED,    /* ALGORITHMS exchanged */
	PROT_SPDM_STATE_AUTHENTICATED, /* CHALLENGE_AUTH exchanged */
	PROT_SPDM_STATE_COUNT
};

/* Param2 of CHALLENGE: which measurements MeasurementSummaryHash covers. */
enum prot_spdm_summary {
	PROT_SPDM_SUMMARY_NONE = 0x00,
	PROT_SPDM_SUMMARY_TCB = 0x01,
	PROT_SPDM_SUMMARY_ALL = 0xff,
};

/* DMTFSpecMeasurementValueType[6:0], clause 10.11.1. */
enum prot_spdm_measurement_type {
	PROT_SPDM_MEAS_IMMUTABLE_ROM = 0x00,
	PROT_SPDM_MEAS_MUTABLE_FIRMWARE = 0x01,
	PROT_SPDM_MEAS_HARDWARE_CONFIG = 0x02,
	PROT_SPDM_MEAS_FIRMWARE_CONFIG = 0x03,
	PROT_SPDM_MEAS_FREEFORM_MANIFEST = 0x04,
	PROT_SPDM_MEAS_DEVICE_MODE = 0x05,
	PROT_SPDM_MEAS_FIRMWARE_VERSION = 0x06,
	PROT_SPDM_MEAS_FIRMWARE_SVN = 0x07,        /* 8 bytes, little endian */
	PROT_SPDM_MEAS_HASH_EXTEND = 0x08,         /* 1.3 */
	PROT_SPDM_MEAS_INFORMATIONAL = 0x09,       /* 1.3 */
	PROT_SPDM_MEAS_STRUCTURED_MANIFEST = 0x0a, /* 1.3 */
};
/* DMTFSpecMeasurementValueType[7]: a raw bit stream, not a digest. */
#define PROT_SPDM_MEAS_RAW 0x80u

/* Measurement indices with a meaning of their own, clause 10.11.2. */
#define PROT_SPDM_MEAS_INDEX_MANIFEST    0xfdu
#define PROT_SPDM_MEAS_INDEX_DEVICE_MODE 0xfeu

/*
 * Content-changed field of MEASUREMENTS Param2[5:4] (1.2 and later): did any
 * measurement change since the previous signed MEASUREMENTS.
 */
enum prot_spdm_content_change {
	PROT_SPDM_CONTENT_NOT_DETECTED = 0, /* responder does not watch */
	PROT_SPDM_CONTENT_CHANGED = 1,
	PROT_SPDM_CONTENT_UNCHANGED = 2,
};

#define PROT_SPDM_SLOT_COUNT             8u
#define PROT_SPDM_NONCE_SIZE             32u
#define PROT_SPDM_REQUESTER_CONTEXT_SIZE 8u /* 1.3 and later */

/* What ALGORITHMS selected. */
struct prot_spdm_algorithms {
	enum prot_hash_alg base_hash;
	enum prot_asym_alg base_asym;
	/*
	 * PROT_HASH_NONE with raw_only set: measurements are raw bit streams
	 * only (MeasurementHashAlgo bit 0).
	 */
	enum prot_hash_alg measurement_hash;
	bool raw_only;
	uint8_t measurement_spec; /* bit 0 DMTF; 0 = no measurements */
	uint8_t opaque_format;    /* OtherParamsSelection[3:0]: 0, 1 or 2 */
};

/*
 * Bytes of GET_VERSION .. ALGORITHMS that a connection keeps: the hash is not
 * known before ALGORITHMS, and every later transcript starts with them. 256
 * hold the longest NEGOTIATE_ALGORITHMS (128 bytes) and everything that a
 * responder here sends, and on the requester's side a VERSION with 40 entries.
 */
#define PROT_SPDM_VCA_MAX 256u

/*
 * The transcripts that run over several messages (clauses 10.8.3 and 10.11.4):
 * M covers CHALLENGE_AUTH, L covers MEASUREMENTS. Part of both contexts;
 * fields are private.
 */
enum prot_spdm_transcript_id {
	PROT_SPDM_TRANSCRIPT_M,
	PROT_SPDM_TRANSCRIPT_L,
	PROT_SPDM_TRANSCRIPT_COUNT
};

struct prot_spdm_transcript {
	struct prot_hash_state run[PROT_SPDM_TRANSCRIPT_COUNT];
	uint8_t vca[PROT_SPDM_VCA_MAX];
	uint16_t vca_len;
	uint8_t open; /* bit set of 1u << id: run[id] is under way */
	uint8_t version;
	enum prot_hash_alg hash;
};

/*
 * The message that an SPDM signature covers: combined SPDM prefix and
 * transcript digest (clause 15). Part of both contexts, because it must stand
 * still while a crypto op pends; private.
 */
#define PROT_SPDM_SIGNING_PREFIX_SIZE 100u
struct prot_spdm_signing_input {
	uint8_t bytes[PROT_SPDM_SIGNING_PREFIX_SIZE + PROT_HASH_MAX];
};

#ifdef __cplusplus
}
#endif
#endif /* PROT_SPDM_SPDM_H */
