/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_UPDATE_H
#define PROT_SERVICES_UPDATE_H

/*
 * The storage side of a firmware update: from the first byte of an image to a
 * bank that the next boot tries. Knows no protocol; services/update_pldm.h
 * puts it behind a PLDM firmware device.
 *
 *	begin -> write* -> verify -> apply -> activate, cancel anywhere
 *
 * The target is a bank that does not run. Nothing of it is touched before the
 * header has arrived and passed every check but the payload digest, so an
 * image that is not for this device costs neither bank its content. The bank
 * is marked empty in the journal before its first sector is erased, and staged
 * only after the whole image verified from flash. A power cut loses the
 * session, never a bootable image; the update is then repeated from the start.
 *
 * Every call that works may return PROT_PENDING: repeat it with the same
 * arguments, data untouched. Each does at most one device operation or
 * PROT_IMAGE_CHUNK bytes of hashing. After PROT_ERR_AUTH, PROT_ERR_IO,
 * PROT_ERR_CRYPTO or PROT_ERR_MALFORMED the update has failed, and all that
 * remains is cancel, or begin again; prot_update_reason() says why.
 */

#include <prot/base/status.h>
#include <prot/services/boot.h>
#include <prot/services/image.h>
#include <prot/services/journal.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum prot_update_state {
	PROT_UPDATE_IDLE = 0,
	PROT_UPDATE_RECEIVING,
	PROT_UPDATE_VERIFIED, /* the bank holds a valid image */
	PROT_UPDATE_STAGED,   /* and the journal says so */
	PROT_UPDATE_PENDING,  /* the next boot tries it */
	PROT_UPDATE_FAILED,
};

/* One updater per device. Fields are private. */
struct prot_update {
	const struct prot_boot_config *cfg;
	struct prot_journal *journal;
	enum prot_bank running;
	enum prot_bank target;
	enum prot_update_state state;
	enum prot_image_reason reason;
	uint8_t work;
	bool cancelling;
	bool touched;      /* the journal says EMPTY: content may be gone */
	uint32_t total;    /* bytes of header and payload announced */
	uint32_t received; /* bytes accepted by completed writes */
	uint32_t taken;    /* bytes of the write in progress copied to `page` */
	uint32_t erased;   /* bytes of the bank erased */
	uint32_t flushed;  /* bytes of the image programmed */
	uint32_t fill;     /* bytes in `page` */
	uint32_t floor;
	bool allow_debug;
	struct prot_journal_record rec;
	union {
		struct prot_svn svn;
		struct prot_image_verify verify;
		uint8_t lifecycle[PROT_OTP_LIFECYCLE_SIZE];
	} u;
	uint8_t page[PROT_IMAGE_HEADER_SIZE];
};

/*
 * `journal` is open and shared with the reports of boot.h, not used by both at
 * a time. `running` is the bank of the boot result. PROT_ERR_ARG: the program
 * unit of the flash does not divide PROT_IMAGE_HEADER_SIZE.
 */
PROT_MUST_CHECK
enum prot_status prot_update_init(struct prot_update *u,
				  const struct prot_boot_config *cfg,
				  struct prot_journal *journal,
				  enum prot_bank running);

/*
 * Whether an update may start now: PROT_ERR_STATE, with the reason
 * PROT_IMAGE_TRIAL, while the running image is on trial.
 */
PROT_MUST_CHECK
enum prot_status prot_update_allowed(struct prot_update *u);

/*
 * Start over with an image of `total` bytes, header included, for
 * `component`. PROT_ERR_STATE as above; PROT_ERR_MALFORMED: the size does not
 * fit the bank, or it is another component.
 */
PROT_MUST_CHECK
enum prot_status prot_update_begin(struct prot_update *u, uint32_t component,
				   uint32_t total);

/*
 * Take the next `len` bytes, which start at `offset` of the image. Any sizes,
 * in order. PROT_ERR_ARG: offset is not the number of bytes taken so far, or
 * the data run past the total; nothing was taken, the update goes on.
 */
PROT_MUST_CHECK
enum prot_status prot_update_write(struct prot_update *u, uint32_t offset,
				   const void *data, size_t len);

/* All bytes were written: program what is buffered, verify from flash. */
PROT_MUST_CHECK
enum prot_status prot_update_verify(struct prot_update *u);

/* Record the verified image in the journal. */
PROT_MUST_CHECK
enum prot_status prot_update_apply(struct prot_update *u);

/* Make the next boot try it. The caller resets the device afterwards. */
PROT_MUST_CHECK
enum prot_status prot_update_activate(struct prot_update *u);

/*
 * Give the update up, in any state. A bank that was written to is marked
 * empty; one that was not keeps its content and its state. Ends in IDLE.
 */
PROT_MUST_CHECK
enum prot_status prot_update_cancel(struct prot_update *u);

static inline enum prot_update_state
prot_update_state(const struct prot_update *u)
{
	return u->state;
}

/* Header of the image in the target bank; from VERIFIED on, until begin. */
static inline const struct prot_image_header *
prot_update_header(const struct prot_update *u)
{
	return &u->u.verify.header;
}

/* Why the update failed; PROT_IMAGE_UNCHECKED while it has not. */
static inline enum prot_image_reason
prot_update_reason(const struct prot_update *u)
{
	return u->reason;
}

/* Bytes of the image taken so far. */
static inline uint32_t prot_update_received(const struct prot_update *u)
{
	return u->received;
}

/* The bank that the update writes; PROT_BANK_NONE when idle. */
static inline enum prot_bank prot_update_target(const struct prot_update *u)
{
	return u->target;
}

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_UPDATE_H */
