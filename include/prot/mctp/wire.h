/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_MCTP_WIRE_H
#define PROT_MCTP_WIRE_H

/*
 * Numbers of the MCTP wire formats: DSP0236 1.3 (packets, control protocol)
 * and DSP0239 (message types, bindings). Constants only.
 */

/*
 * Packet header, DSP0236 section 8.1 (four bytes, then the body):
 *	0  reserved(7:4) header version(3:0)
 *	1  destination EID
 *	2  source EID
 *	3  SOM(7) EOM(6) sequence(5:4) TO(3) tag(2:0)
 */
#define PROT_MCTP_HEADER_SIZE     4
#define PROT_MCTP_HEADER_VERSION  0x01u
#define PROT_MCTP_HEADER_VER_MASK 0x0Fu
#define PROT_MCTP_SOM             0x80u
#define PROT_MCTP_EOM             0x40u
#define PROT_MCTP_SEQ_SHIFT       4
#define PROT_MCTP_SEQ_MASK        0x03u
#define PROT_MCTP_TO              0x08u
#define PROT_MCTP_TAG_MASK        0x07u

/* Bytes of packet body that every endpoint accepts (baseline unit). */
#define PROT_MCTP_BTU 64

/* Endpoint IDs, DSP0236 section 8.2; 1 to 7 are reserved. */
#define PROT_MCTP_EID_NULL      0x00u
#define PROT_MCTP_EID_FIRST     0x08u
#define PROT_MCTP_EID_LAST      0xFEu
#define PROT_MCTP_EID_BROADCAST 0xFFu

/* First byte of a message: integrity check bit and message type. */
#define PROT_MCTP_IC        0x80u
#define PROT_MCTP_TYPE_MASK 0x7Fu

/* Message types, DSP0239. */
#define PROT_MCTP_TYPE_CONTROL     0x00u
#define PROT_MCTP_TYPE_PLDM        0x01u
#define PROT_MCTP_TYPE_NCSI        0x02u
#define PROT_MCTP_TYPE_ETHERNET    0x03u
#define PROT_MCTP_TYPE_NVME_MI     0x04u
#define PROT_MCTP_TYPE_SPDM        0x05u
#define PROT_MCTP_TYPE_SECURED     0x06u
#define PROT_MCTP_TYPE_VENDOR_PCI  0x7Eu
#define PROT_MCTP_TYPE_VENDOR_IANA 0x7Fu

/* Physical transport binding identifiers, DSP0239. */
#define PROT_MCTP_BINDING_SMBUS    0x01u
#define PROT_MCTP_BINDING_PCIE_VDM 0x02u
#define PROT_MCTP_BINDING_USB      0x03u
#define PROT_MCTP_BINDING_KCS      0x04u
#define PROT_MCTP_BINDING_SERIAL   0x05u
#define PROT_MCTP_BINDING_I3C      0x06u
#define PROT_MCTP_BINDING_VENDOR   0xFFu

/*
 * Control messages, DSP0236 section 11: type byte, then
 *	1  Rq(7) D(6) reserved(5) instance ID(4:0)
 *	2  command code
 *	3  request data, or completion code and response data
 */
#define PROT_MCTP_CTRL_RQ            0x80u
#define PROT_MCTP_CTRL_D             0x40u
#define PROT_MCTP_CTRL_INSTANCE_MASK 0x1Fu

enum prot_mctp_command {
	PROT_MCTP_CMD_SET_EID = 0x01,
	PROT_MCTP_CMD_GET_EID = 0x02,
	PROT_MCTP_CMD_GET_UUID = 0x03,
	PROT_MCTP_CMD_GET_VERSION_SUPPORT = 0x04,
	PROT_MCTP_CMD_GET_MESSAGE_TYPE_SUPPORT = 0x05,
	PROT_MCTP_CMD_GET_VENDOR_SUPPORT = 0x06,
	PROT_MCTP_CMD_RESOLVE_EID = 0x07,
	PROT_MCTP_CMD_ALLOCATE_EIDS = 0x08,
	PROT_MCTP_CMD_ROUTING_INFO_UPDATE = 0x09,
	PROT_MCTP_CMD_GET_ROUTING_TABLE = 0x0A,
	PROT_MCTP_CMD_PREPARE_DISCOVERY = 0x0B,
	PROT_MCTP_CMD_ENDPOINT_DISCOVERY = 0x0C,
	PROT_MCTP_CMD_DISCOVERY_NOTIFY = 0x0D,
	PROT_MCTP_CMD_TRANSPORT_FIRST = 0xF0, /* to 0xFF: binding-defined */
};

/* Completion codes, DSP0236 table 13; 0x80 and up belong to the command. */
enum prot_mctp_completion {
	PROT_MCTP_CC_SUCCESS = 0x00,
	PROT_MCTP_CC_ERROR = 0x01,
	PROT_MCTP_CC_INVALID_DATA = 0x02,
	PROT_MCTP_CC_INVALID_LENGTH = 0x03,
	PROT_MCTP_CC_NOT_READY = 0x04,
	PROT_MCTP_CC_UNSUPPORTED_COMMAND = 0x05,
	PROT_MCTP_CC_TYPE_NOT_SUPPORTED = 0x80, /* Get Version Support */
};

/* Set Endpoint ID: operation (request) and assignment status (response). */
enum prot_mctp_set_eid_op {
	PROT_MCTP_SET_EID = 0,
	PROT_MCTP_SET_EID_FORCE = 1,
	PROT_MCTP_SET_EID_RESET = 2,
	PROT_MCTP_SET_EID_DISCOVERED = 3,
};

#define PROT_MCTP_SET_EID_STATUS_MASK 0x30u
#define PROT_MCTP_SET_EID_ACCEPTED    0x00u
#define PROT_MCTP_SET_EID_REJECTED    0x10u

/* Get Endpoint ID response: endpoint type bits 5:4, EID type bits 1:0. */
#define PROT_MCTP_ENDPOINT_TYPE_MASK    0x30u
#define PROT_MCTP_ENDPOINT_SIMPLE       0x00u
#define PROT_MCTP_ENDPOINT_BRIDGE       0x10u
#define PROT_MCTP_EID_TYPE_MASK         0x03u
#define PROT_MCTP_EID_DYNAMIC           0x00u
#define PROT_MCTP_EID_STATIC            0x01u /* static EID supported */
#define PROT_MCTP_EID_STATIC_CURRENT    0x02u /* and it is the one in use */
#define PROT_MCTP_EID_STATIC_OVERRIDDEN 0x03u /* and another one is in use */

/* Get Version Support: "message type" that asks for DSP0236 itself. */
#define PROT_MCTP_VERSION_BASE 0xFFu

/* Get Vendor Defined Message Support. */
#define PROT_MCTP_VENDOR_FORMAT_PCI  0x00u
#define PROT_MCTP_VENDOR_FORMAT_IANA 0x01u
#define PROT_MCTP_VENDOR_LAST        0xFFu /* "next selector" of the last */

#define PROT_MCTP_UUID_SIZE 16

#endif /* PROT_MCTP_WIRE_H */
