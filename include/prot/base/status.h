/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_BASE_STATUS_H
#define PROT_BASE_STATUS_H

#include <prot/base/compiler.h>

/*
 * Result of every fallible call in this project. Zero is success, negative is
 * not; lengths travel in out-parameters, never in the return value. Values
 * are stable once released: append, do not renumber.
 *
 * These describe what happened on *this* side. Codes that cross the wire
 * (SPDM ErrorCode, PLDM completion code) have enums of their own.
 */
#define PROT_STATUS_TABLE(X)                                                   \
	X(PROT_OK, 0, "success")                                               \
	/* caller's mistake: fix the code */                                   \
	X(PROT_ERR_ARG, -1, "invalid argument")                                \
	X(PROT_ERR_STATE, -2, "not allowed in the current state")              \
	/* resources: enlarge a buffer or retry later */                       \
	X(PROT_ERR_SPACE, -3, "caller-supplied buffer too small")              \
	X(PROT_ERR_BUSY, -4, "busy, try again later")                          \
	X(PROT_PENDING, -5, "started, not finished: call again")               \
	/* the peer's mistake: drop or answer with an error message */         \
	X(PROT_ERR_MALFORMED, -6, "message does not parse")                    \
	X(PROT_ERR_UNSUPPORTED, -7, "valid, but not implemented here")         \
	X(PROT_ERR_AUTH, -8, "signature, MAC or digest mismatch")              \
	X(PROT_ERR_TIMEOUT, -9, "peer did not answer in time")                 \
	/* the platform's failure: reported by a port callback */              \
	X(PROT_ERR_IO, -10, "transport or device failed")                      \
	X(PROT_ERR_CRYPTO, -11, "crypto provider failed")                      \
	/* the peer answered, and said no */                                   \
	X(PROT_ERR_REFUSED, -12, "peer refused the request")                   \
	X(PROT_ERR_NOT_FOUND, -13, "no such item")                             \
	X(PROT_ERR_CANCELLED, -14, "cancelled")

enum prot_status {
#define PROT_STATUS_ENUM(name, value, text) name = (value),
	PROT_STATUS_TABLE(PROT_STATUS_ENUM)
#undef PROT_STATUS_ENUM
};

/* A short English text for logs; never NULL. Linked only where it is used. */
static inline const char *prot_status_text(enum prot_status st)
{
	switch (st) {
#define PROT_STATUS_CASE(name, value, text)                                    \
	case name:                                                             \
		return text;
		PROT_STATUS_TABLE(PROT_STATUS_CASE)
#undef PROT_STATUS_CASE
	default:
		return "unknown status";
	}
}

#endif /* PROT_BASE_STATUS_H */
