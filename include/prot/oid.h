/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_OID_H
#define PROT_OID_H

/*
 * Object identifiers of certificates, as initialisers of struct prot_oid
 * (prot/der.h): the length, then the content bytes.
 */

/* Algorithms: RFC 5480, RFC 5758, FIPS 180-4 as registered by NIST */
#define PROT_OID_EC_PUBLIC_KEY                                                 \
	{                                                                      \
		7,                                                             \
		{                                                              \
			0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01               \
		}                                                              \
	}
#define PROT_OID_P256                                                          \
	{                                                                      \
		8,                                                             \
		{                                                              \
			0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07         \
		}                                                              \
	}
#define PROT_OID_P384                                                          \
	{                                                                      \
		5,                                                             \
		{                                                              \
			0x2b, 0x81, 0x04, 0x00, 0x22                           \
		}                                                              \
	}
#define PROT_OID_ECDSA_SHA256                                                  \
	{                                                                      \
		8,                                                             \
		{                                                              \
			0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02         \
		}                                                              \
	}
#define PROT_OID_ECDSA_SHA384                                                  \
	{                                                                      \
		8,                                                             \
		{                                                              \
			0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03         \
		}                                                              \
	}
#define PROT_OID_ECDSA_SHA512                                                  \
	{                                                                      \
		8,                                                             \
		{                                                              \
			0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04         \
		}                                                              \
	}
#define PROT_OID_SHA256                                                        \
	{                                                                      \
		9,                                                             \
		{                                                              \
			0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01   \
		}                                                              \
	}
#define PROT_OID_SHA384                                                        \
	{                                                                      \
		9,                                                             \
		{                                                              \
			0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02   \
		}                                                              \
	}
#define PROT_OID_SHA512                                                        \
	{                                                                      \
		9,                                                             \
		{                                                              \
			0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03   \
		}                                                              \
	}

/* Names: X.520 */
#define PROT_OID_COMMON_NAME                                                   \
	{                                                                      \
		3,                                                             \
		{                                                              \
			0x55, 0x04, 0x03                                       \
		}                                                              \
	}
#define PROT_OID_SERIAL_NUMBER                                                 \
	{                                                                      \
		3,                                                             \
		{                                                              \
			0x55, 0x04, 0x05                                       \
		}                                                              \
	}

/* Extensions: RFC 5280 4.2.1 */
#define PROT_OID_SUBJECT_KEY_ID                                                \
	{                                                                      \
		3,                                                             \
		{                                                              \
			0x55, 0x1d, 0x0e                                       \
		}                                                              \
	}
#define PROT_OID_KEY_USAGE                                                     \
	{                                                                      \
		3,                                                             \
		{                                                              \
			0x55, 0x1d, 0x0f                                       \
		}                                                              \
	}
#define PROT_OID_SUBJECT_ALT_NAME                                              \
	{                                                                      \
		3,                                                             \
		{                                                              \
			0x55, 0x1d, 0x11                                       \
		}                                                              \
	}
#define PROT_OID_BASIC_CONSTRAINTS                                             \
	{                                                                      \
		3,                                                             \
		{                                                              \
			0x55, 0x1d, 0x13                                       \
		}                                                              \
	}
#define PROT_OID_AUTHORITY_KEY_ID                                              \
	{                                                                      \
		3,                                                             \
		{                                                              \
			0x55, 0x1d, 0x23                                       \
		}                                                              \
	}
#define PROT_OID_EXT_KEY_USAGE                                                 \
	{                                                                      \
		3,                                                             \
		{                                                              \
			0x55, 0x1d, 0x25                                       \
		}                                                              \
	}

/* DMTF SPDM, 1.3.6.1.4.1.412.274 and .n below it: DSP0274 1.3.2 */
#define PROT_OID_SPDM                                                          \
	{                                                                      \
		9,                                                             \
		{                                                              \
			0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0x1c, 0x82, 0x12   \
		}                                                              \
	}
#define PROT_OID_SPDM_N(n)                                                     \
	{                                                                      \
		10,                                                            \
		{                                                              \
			0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0x1c, 0x82, 0x12,  \
				(n)                                            \
		}                                                              \
	}
#define PROT_OID_SPDM_DEVICE_INFO         PROT_OID_SPDM_N(1)
#define PROT_OID_SPDM_HARDWARE_IDENTITY   PROT_OID_SPDM_N(2)
#define PROT_OID_SPDM_RESPONDER_AUTH      PROT_OID_SPDM_N(3)
#define PROT_OID_SPDM_REQUESTER_AUTH      PROT_OID_SPDM_N(4)
#define PROT_OID_SPDM_MUTABLE_CERTIFICATE PROT_OID_SPDM_N(5)
#define PROT_OID_SPDM_EXTENSION           PROT_OID_SPDM_N(6)

/* TCG DICE, 2.23.133.5.4 and below: TCG DICE Attestation Architecture 1.1 */
#define PROT_OID_DICE                                                          \
	{                                                                      \
		5,                                                             \
		{                                                              \
			0x67, 0x81, 0x05, 0x05, 0x04                           \
		}                                                              \
	}
#define PROT_OID_DICE_N(n)                                                     \
	{                                                                      \
		6,                                                             \
		{                                                              \
			0x67, 0x81, 0x05, 0x05, 0x04, (n)                      \
		}                                                              \
	}
#define PROT_OID_DICE_TCB_INFO       PROT_OID_DICE_N(1)
#define PROT_OID_DICE_UEID           PROT_OID_DICE_N(4)
#define PROT_OID_DICE_MULTI_TCB_INFO PROT_OID_DICE_N(5)
/* Key purposes, 2.23.133.5.4.100.n */
#define PROT_OID_DICE_KP(n)                                                    \
	{                                                                      \
		7,                                                             \
		{                                                              \
			0x67, 0x81, 0x05, 0x05, 0x04, 0x64, (n)                \
		}                                                              \
	}
#define PROT_OID_DICE_KP_IDENTITY_INIT PROT_OID_DICE_KP(6)
#define PROT_OID_DICE_KP_IDENTITY_LOC  PROT_OID_DICE_KP(7)
#define PROT_OID_DICE_KP_ATTEST_INIT   PROT_OID_DICE_KP(8)
#define PROT_OID_DICE_KP_ATTEST_LOC    PROT_OID_DICE_KP(9)
#define PROT_OID_DICE_KP_ECA           PROT_OID_DICE_KP(12)

/* Open Profile for DICE 2.6, input values, 1.3.6.1.4.1.11129.2.1.24 */
#define PROT_OID_OPEN_DICE_INPUT                                               \
	{                                                                      \
		10,                                                            \
		{                                                              \
			0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x01,  \
				0x18                                           \
		}                                                              \
	}

#endif /* PROT_OID_H */
