/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_OTP_LAYOUT_H
#define PROT_SERVICES_OTP_LAYOUT_H

/*
 * What the bits of the one-time-programmable memory mean, and the reads and
 * writes that boot, DICE and provisioning share. Offsets and sizes in bytes.
 */

#include <prot/base/status.h>
#include <prot/port/otp.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Unique device secret. All zero: not provisioned. */
#define PROT_OTP_UDS      0x000
#define PROT_OTP_UDS_SIZE 32

/* Entropy that the owner adds in the field; enters the LDevID key. */
#define PROT_OTP_FIELD_ENTROPY      0x020
#define PROT_OTP_FIELD_ENTROPY_SIZE 32

/* Lifecycle: three copies of a five-bit thermometer, one byte each. */
#define PROT_OTP_LIFECYCLE      0x040
#define PROT_OTP_LIFECYCLE_SIZE 3

/*
 * Per key slot a 32-bit little endian set of revoked key epochs: bit n set
 * means that images signed in epoch n no longer run. All ones revokes the key.
 */
#define PROT_OTP_KEY_REVOKED      0x050
#define PROT_OTP_KEY_REVOKED_SIZE 4

/* SHA-384 of each image verification key (X || Y). All zero: no key. */
#define PROT_OTP_KEY_HASH      0x060
#define PROT_OTP_KEY_HASH_SIZE 48
#define PROT_OTP_KEY_SLOTS     4

/*
 * Security version floor: three copies of a thermometer of PROT_SVN_MAX bits;
 * the value is the number of bits set in any copy (services/svn.h).
 */
#define PROT_OTP_SVN      0x120
#define PROT_OTP_SVN_COPY 32
#define PROT_OTP_SVN_SIZE (3 * PROT_OTP_SVN_COPY)

#define PROT_OTP_SIZE 0x180 /* the least a device must have */

/*
 * Lifecycle states, forward only. The number of bits set in the thermometer.
 */
enum prot_lifecycle {
	PROT_LIFECYCLE_RAW = 0,
	PROT_LIFECYCLE_MANUFACTURING = 1,
	PROT_LIFECYCLE_PRODUCTION = 2,
	PROT_LIFECYCLE_OWNED = 3,
	PROT_LIFECYCLE_RMA = 4,
	PROT_LIFECYCLE_END_OF_LIFE = 5,
};

/* "raw", "manufacturing", ...; never NULL. */
const char *prot_lifecycle_text(enum prot_lifecycle lifecycle);

/*
 * The state that the PROT_OTP_LIFECYCLE_SIZE bytes encode, each bit by
 * majority of the copies. A pattern that is no thermometer counts as
 * PROT_LIFECYCLE_PRODUCTION, the most restrictive state that still runs.
 */
enum prot_lifecycle
prot_lifecycle_decode(const uint8_t copies[PROT_OTP_LIFECYCLE_SIZE]);

/* Whether images with the debug flag may run in that state. */
static inline bool prot_lifecycle_allows_debug(enum prot_lifecycle lifecycle)
{
	return lifecycle == PROT_LIFECYCLE_RAW ||
	       lifecycle == PROT_LIFECYCLE_MANUFACTURING ||
	       lifecycle == PROT_LIFECYCLE_RMA;
}

/*
 * Write one field: set the bits of `want` at `offset` and read them back. The
 * field must hold no bit that `want` lacks, so that a repetition (after a
 * power cut, say) succeeds and an overwrite does not. PROT_ERR_STATE: it
 * holds something else, nothing was changed. PROT_ERR_IO: the device failed,
 * or does not read back what was set. PROT_PENDING: call again.
 */
struct prot_otp_write {
	const struct prot_otp *otp;
	const uint8_t *want; /* borrowed until the write is done */
	uint32_t offset;
	uint32_t len;
	/* private */
	uint32_t at;
	uint8_t phase;
	uint8_t read[16];
};

void prot_otp_write_init(struct prot_otp_write *w, const struct prot_otp *otp,
			 uint32_t offset, const void *want, uint32_t len);
PROT_MUST_CHECK
enum prot_status prot_otp_write_step(struct prot_otp_write *w);

/* What a factory puts into a device. Everything is borrowed. */
struct prot_otp_provision {
	const uint8_t *uds; /* PROT_OTP_UDS_SIZE bytes */
	/* PROT_OTP_FIELD_ENTROPY_SIZE bytes, or NULL: left to the owner. */
	const uint8_t *field_entropy;
	/* SHA-384 of the key in each slot; NULL leaves the slot empty. */
	const uint8_t *key_hash[PROT_OTP_KEY_SLOTS];
	uint32_t svn_floor; /* at most PROT_SVN_MAX */
	enum prot_lifecycle lifecycle;

	/* private; zero before the first step */
	struct prot_otp_write write;
	uint8_t field;
	uint8_t image[PROT_OTP_SVN_SIZE];
};

/*
 * One bounded piece of provisioning; repeat while PROT_PENDING. The lifecycle
 * comes last: a device whose provisioning was cut short is still raw, and
 * takes the same provisioning again. Errors as of prot_otp_write_step().
 */
PROT_MUST_CHECK
enum prot_status prot_otp_provision_step(struct prot_otp_provision *p,
					 const struct prot_otp *otp);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_OTP_LAYOUT_H */
