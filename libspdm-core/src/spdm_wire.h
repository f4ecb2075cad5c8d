/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPDM_WIRE_H
#define SPDM_WIRE_H

/*
 * Numbers of the SPDM wire format (DSP0274 1.3.2, clause 10). All integers of
 * an SPDM message are little endian.
 */

/* RequestResponseCode, tables of request and response codes. */
enum spdm_code {
	SPDM_DIGESTS = 0x01,
	SPDM_CERTIFICATE = 0x02,
	SPDM_CHALLENGE_AUTH = 0x03,
	SPDM_VERSION = 0x04,
	SPDM_MEASUREMENTS = 0x60,
	SPDM_CAPABILITIES = 0x61,
	SPDM_ALGORITHMS = 0x63,
	SPDM_ERROR = 0x7f,
	SPDM_GET_DIGESTS = 0x81,
	SPDM_GET_CERTIFICATE = 0x82,
	SPDM_CHALLENGE = 0x83,
	SPDM_GET_VERSION = 0x84,
	SPDM_GET_MEASUREMENTS = 0xe0,
	SPDM_GET_CAPABILITIES = 0xe1,
	SPDM_NEGOTIATE_ALGORITHMS = 0xe3,
	SPDM_RESPOND_IF_READY = 0xff,
};
#define SPDM_CODE_REQUEST 0x80u /* set in requests, clear in responses */

#define SPDM_HEADER_SIZE 4u

/* GET_CAPABILITIES, CAPABILITIES. */
#define SPDM_CT_EXPONENT_MAX        31u
#define SPDM_DATA_TRANSFER_SIZE_MIN 42u
#define SPDM_SUPPORTED_ALGORITHMS   0x01u /* Param1, 1.3 */

/* NEGOTIATE_ALGORITHMS, ALGORITHMS. */
#define SPDM_NEGOTIATE_FIXED_SIZE   32u
#define SPDM_ALGORITHMS_FIXED_SIZE  36u
#define SPDM_NEGOTIATE_LENGTH_MAX   128u
#define SPDM_EXT_ALG_COUNT_MAX      20u
#define SPDM_EXT_ALG_SIZE           4u
#define SPDM_MEASUREMENT_SPEC_DMTF  0x01u
#define SPDM_OPAQUE_FORMAT_1        0x02u /* OtherParamsSupport */
#define SPDM_OPAQUE_FORMAT_MASK     0x0fu
#define SPDM_OTHER_PARAMS_MULTI_KEY 0x10u /* 1.3 */
#define SPDM_MELSPEC_DMTF           0x01u /* 1.3 */

/* AlgType of an algorithm structure; ascending, each at most once. */
enum spdm_alg_type {
	SPDM_ALG_DHE = 2,
	SPDM_ALG_AEAD = 3,
	SPDM_ALG_REQ_BASE_ASYM = 4,
	SPDM_ALG_KEY_SCHEDULE = 5,
};
#define SPDM_ALG_TABLE_COUNT_MAX 4u
#define SPDM_ALG_TABLE_SIZE      4u /* without external algorithms */
#define SPDM_ALG_FIXED_BYTES     2u /* AlgCount[7:4] of all of them */

/* BaseAsymAlgo, BaseHashAlgo. */
#define SPDM_ASYM_ECDSA_P256 (1u << 4)
#define SPDM_ASYM_ECDSA_P384 (1u << 7)
#define SPDM_HASH_SHA_256    (1u << 0)
#define SPDM_HASH_SHA_384    (1u << 1)
#define SPDM_HASH_SHA_512    (1u << 2)
#define SPDM_HASH_SHA3_256   (1u << 3)
#define SPDM_HASH_SHA3_384   (1u << 4)
#define SPDM_HASH_SHA3_512   (1u << 5)

/* MeasurementHashAlgo: bit 0, then the BaseHashAlgo bits, one higher. */
#define SPDM_MEASUREMENT_HASH_RAW   (1u << 0)
#define SPDM_MEASUREMENT_HASH_SHIFT 1u

/* Certificate chain structure, clause 10.6.1: Length, Reserved, RootHash. */
#define SPDM_CHAIN_HEADER_SIZE 4u

/* KeyUsageMask of DIGESTS, 1.3. */
#define SPDM_KEY_USAGE_CHALLENGE   0x0002u
#define SPDM_KEY_USAGE_MEASUREMENT 0x0004u

/* GET_CERTIFICATE, CERTIFICATE. */
#define SPDM_SLOT_MASK           0x0fu
#define SPDM_SLOT_SIZE_REQUESTED 0x01u /* Param2, 1.3 */
#define SPDM_CERT_MODEL_MASK     0x07u /* CERTIFICATE Param2, 1.3 */
#define SPDM_SLOT_PUB_KEY        0xffu /* provisioned key, Param1 */
#define SPDM_SLOT_PUB_KEY_NIBBLE 0x0fu /* same, in a 4-bit field */

/* GET_MEASUREMENTS, MEASUREMENTS. */
#define SPDM_MEAS_ATTR_SIGN         0x01u
#define SPDM_MEAS_ATTR_RAW          0x02u /* 1.2 */
#define SPDM_MEAS_ATTR_NEW          0x04u /* 1.3 */
#define SPDM_MEAS_OP_COUNT          0x00u /* Param2 */
#define SPDM_MEAS_OP_ALL            0xffu
#define SPDM_MEAS_BLOCK_HEADER_SIZE 4u /* Index, Specification, Size */
#define SPDM_MEAS_DMTF_HEADER_SIZE  3u /* ValueType, ValueSize */
#define SPDM_CONTENT_CHANGE_SHIFT   4u /* MEASUREMENTS Param2 */

#define SPDM_OPAQUE_DATA_MAX 1024u

/* ERROR ResponseNotReady: RDTExponent, RequestCode, Token, RDTM. */
#define SPDM_NOT_READY_DATA_SIZE 4u

#endif /* SPDM_WIRE_H */
