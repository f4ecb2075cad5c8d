/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_HANDOFF_H
#define PROT_SERVICES_HANDOFF_H

/*
 * What the boot stage tells the runtime that it starts: why and what it
 * booted, the measurements of what it verified, the certificate chain, and
 * the seed of the attestation key. The UDS and the CDIs never cross.
 *
 * On the AST10x0 the encoded form stands in a reserved block of SRAM, on POSIX
 * in a sealed memory file that the runtime inherits. The receiver decodes it
 * once and wipes the encoded form.
 */

#include <prot/base/status.h>
#include <prot/services/boot.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_HANDOFF_SEED_SIZE 48
/* Root, IDevID, LDevID and attestation key certificate, bytes of DER. */
#define PROT_HANDOFF_CHAIN_MAX 3584
/* Encoded form, bytes at most. */
#define PROT_HANDOFF_SIZE_MAX (PROT_HANDOFF_CHAIN_MAX + 256)

/* Why the device started. */
enum prot_reset_reason {
	PROT_RESET_POWER_ON = 0,
	PROT_RESET_REQUESTED, /* by the runtime itself, e.g. after an update */
	PROT_RESET_WATCHDOG,  /* the runtime did not come up, or hung */
	PROT_RESET_FAULT,     /* the runtime crashed */
	PROT_RESET_REASON_COUNT
};

/* "power on", "requested", ...; never NULL. */
const char *prot_reset_reason_text(enum prot_reset_reason reason);

/* Holds a secret: wipe it with prot_wipe() when it has been used. */
struct prot_handoff {
	enum prot_reset_reason reset_reason;
	enum prot_boot_mode mode; /* never PROT_BOOT_LOCKDOWN */
	enum prot_bank bank;
	uint8_t boot_count; /* as in struct prot_boot_result */
	enum prot_lifecycle lifecycle;
	bool debug; /* the image runs as a debug image */
	uint32_t svn;
	uint32_t svn_floor;
	struct prot_image_version version;

	/* SHA-384 of the boot stage and of the payload that was started. */
	uint8_t boot_digest[PROT_IMAGE_DIGEST_SIZE];
	uint8_t runtime_digest[PROT_IMAGE_DIGEST_SIZE];

	/* Low byte of enum prot_image_reason for each bank passed over. */
	uint8_t refused[PROT_BANK_COUNT];

	/*
	 * Seed of the attestation key, P-384, for the key_derive op. Valid if
	 * has_identity; a device without UDS or certificates runs without.
	 */
	bool has_identity;
	uint8_t ak_seed[PROT_HANDOFF_SEED_SIZE];

	/* DER certificates, root first, attestation key last. */
	uint16_t chain_len;
	uint8_t chain[PROT_HANDOFF_CHAIN_MAX];
};

/*
 * Encode into `out`; *out_len receives the length. PROT_ERR_SPACE: cap is too
 * small; `out` is wiped. PROT_ERR_ARG: chain_len is out of range.
 */
PROT_MUST_CHECK
enum prot_status prot_handoff_encode(const struct prot_handoff *h, uint8_t *out,
				     size_t cap, size_t *out_len);

/*
 * Decode and check; bytes after the record are ignored (the reserved block is
 * larger). PROT_ERR_MALFORMED: not a hand-off, damaged, or a value out of its
 * range; PROT_ERR_UNSUPPORTED: another format version. *h is all zero on error.
 */
PROT_MUST_CHECK
enum prot_status prot_handoff_decode(const uint8_t *in, size_t len,
				     struct prot_handoff *h);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_HANDOFF_H */
