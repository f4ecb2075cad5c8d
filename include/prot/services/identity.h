/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_IDENTITY_H
#define PROT_SERVICES_IDENTITY_H

/*
 * The identity region of the flash: certificates that the manufacturer issued.
 * Written once by provisioning, read by the boot stage.
 *
 *	0  4  magic "PID1", little endian
 *	4  2  length of the certificates, bytes
 *	6  2  reserved, zero
 *	8  n  DER certificates one after the other, the root first
 *	   4  CRC-32 of all bytes before it
 *
 * Nothing here is secret or trusted: a forged chain does not verify against
 * the anchor that a verifier holds.
 */

#include <prot/base/status.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_IDENTITY_OVERHEAD 12
#define PROT_IDENTITY_CERT_MAX 2048 /* certificates, bytes */
#define PROT_IDENTITY_SIZE_MAX (PROT_IDENTITY_OVERHEAD + PROT_IDENTITY_CERT_MAX)

/*
 * Lay out `certs` (1 to PROT_IDENTITY_CERT_MAX bytes) in `region`. *out_len is
 * what must be programmed, filled up to the program unit with erased bytes.
 * PROT_ERR_ARG: too long; PROT_ERR_SPACE: cap.
 */
PROT_MUST_CHECK
enum prot_status prot_identity_encode(const uint8_t *certs, size_t len,
				      uint8_t *region, size_t cap,
				      size_t *out_len);

/*
 * Find the certificates in `region`, `cap` bytes from its start (bytes after
 * the record are ignored: the rest of the region). *certs borrows from it.
 * PROT_ERR_NOT_FOUND: the region is not provisioned; PROT_ERR_MALFORMED: it is
 * damaged.
 */
PROT_MUST_CHECK
enum prot_status prot_identity_decode(const uint8_t *region, size_t cap,
				      const uint8_t **certs, size_t *len);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_IDENTITY_H */
