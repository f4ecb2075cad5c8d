/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_BOOT_H
#define PROT_SERVICES_BOOT_H

/*
 * Boot selection, confirmation and anti-rollback.
 *
 *	boot stage:	prot_boot_init, prot_boot_step until it ends; start the
 *			image that the result names, or lock down
 *	runtime:	prot_journal_open_step, then prot_boot_ok when it is up
 *			and prot_boot_confirm when it is healthy
 *
 * Pure step machines over the flash, OTP and crypto seams: no clock, no
 * memory but the caller's, one device operation or PROT_IMAGE_CHUNK bytes of
 * hashing per step, so that a port can feed its watchdog between steps.
 *
 * Which image runs:
 *
 *  1. a bank that is pending or on trial, while it has tries left;
 *  2. the active bank, then the other one, if confirmed, unless its last
 *     `max_attempts` boots in a row did not come up;
 *  3. the golden image, in recovery mode;
 *  4. a confirmed bank that step 2 passed over for its failed boots;
 *  5. none: lock down.
 *
 * Whatever runs has passed prot_image_verify_step() in this very boot. The
 * record of a trial is written and read back before the image is started; a
 * trial that cannot be recorded does not take place.
 */

#include <prot/base/status.h>
#include <prot/services/image.h>
#include <prot/services/journal.h>
#include <prot/services/svn.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_BOOT_MAX_TRIES    3 /* trial boots, where the config says 0 */
#define PROT_BOOT_MAX_ATTEMPTS 3 /* boots of a confirmed image, likewise */

/* When the SVN floor follows a confirmed image. */
enum prot_svn_commit {
	PROT_SVN_COMMIT_AUTO = 0, /* prot_boot_confirm does it */
	PROT_SVN_COMMIT_MANUAL,   /* prot_boot_commit_svn only */
	PROT_SVN_COMMIT_NEVER,
};

/*
 * Const for the life of the device; boot stage, runtime and update are given
 * the same one. Everything pointed to must outlive its users.
 */
struct prot_boot_config {
	struct prot_image_store store;
	uint32_t component;      /* component identifier of our own images */
	uint32_t boot_svn;       /* SVN of the boot stage */
	uint32_t policy_version; /* of the device policy in force */
	uint32_t load_address;   /* where images must ask to be loaded ... */
	uint32_t load_size;      /* ... and bytes of memory there; 0: any */
	uint8_t board;           /* this board's bit, 0..63 */
	uint8_t max_tries;       /* 0: PROT_BOOT_MAX_TRIES */
	uint8_t max_attempts;    /* 0: PROT_BOOT_MAX_ATTEMPTS */
	enum prot_svn_commit svn_commit;
};

enum prot_boot_mode {
	PROT_BOOT_LOCKDOWN = 0, /* nothing to start: hold resets, stay */
	PROT_BOOT_NORMAL,       /* a confirmed image */
	PROT_BOOT_TRIAL,        /* must be confirmed, or it is given up */
	PROT_BOOT_RECOVERY,     /* golden image: hosts held, update allowed */
};

/* "normal", "trial", ...; never NULL. */
const char *prot_boot_mode_text(enum prot_boot_mode mode);

struct prot_boot_result {
	enum prot_boot_mode mode;
	enum prot_bank bank; /* to start; PROT_BANK_NONE in lockdown */
	uint8_t boot_count;  /* this is the n-th trial, or boot attempt */
	bool journal_lost;   /* no valid record was found */
	enum prot_lifecycle lifecycle;
	uint32_t svn_floor;
	struct prot_image_header header; /* of the image to start */
	/* Why each bank was passed over; PROT_IMAGE_UNCHECKED: it was not. */
	enum prot_image_reason refused[PROT_BANK_COUNT];
};

/* Fields are private but for `result`, which is valid after PROT_OK. */
struct prot_boot {
	struct prot_boot_result result;

	/* private */
	const struct prot_boot_config *cfg;
	const struct prot_image_sink *sink;
	uint8_t phase;
	uint8_t candidate; /* place in the order of selection */
	struct prot_journal_record rec;
	union {
		struct prot_svn svn;
		struct prot_image_verify verify;
		uint8_t lifecycle[PROT_OTP_LIFECYCLE_SIZE];
	} u;
	struct prot_journal journal;
};

/*
 * `sink` takes the payload of each image that is verified, the last of them
 * the one to start; NULL where images execute in place. PROT_ERR_ARG: an
 * op or a region is missing.
 */
PROT_MUST_CHECK
enum prot_status prot_boot_init(struct prot_boot *b,
				const struct prot_boot_config *cfg,
				const struct prot_image_sink *sink);

/*
 * PROT_PENDING: call again. PROT_OK: decided, read b->result. Never any other
 * status: failures of devices are reasons to pass an image over.
 */
PROT_MUST_CHECK
enum prot_status prot_boot_step(struct prot_boot *b);

/*
 * What the running image reports about itself. One at a time on one journal;
 * fields are private.
 */
struct prot_boot_report {
	const struct prot_boot_config *cfg;
	struct prot_journal *journal;
	enum prot_bank bank;
	uint8_t phase;
	uint8_t kind;
	uint32_t target; /* floor to raise to */
	struct prot_journal_record rec;
	union {
		struct prot_svn svn;
		struct prot_image_verify verify;
		uint8_t lifecycle[PROT_OTP_LIFECYCLE_SIZE];
		uint8_t raw[PROT_IMAGE_HEADER_SIZE];
	} u;
	uint32_t floor;
	bool incomplete;
	bool allow_debug;
};

/*
 * The image in `bank` came up: failed boots no longer count against it. From
 * the golden image: nor against either bank, each gets another round at the
 * next reset. No effect on a trial.
 */
void prot_boot_ok_init(struct prot_boot_report *r,
		       const struct prot_boot_config *cfg,
		       struct prot_journal *journal, enum prot_bank bank);

/*
 * The image in `bank` is healthy: self tests passed, reachable, up for long
 * enough. A trial becomes the active, confirmed image. Then, by policy, the
 * SVN floor is raised to what the image asks for, but never above the SVN of
 * the golden image, and only after both were verified from flash: the device
 * must not lose its last resort. Then the other bank is marked failed if the
 * floor has passed it. Repeat it at every boot: whatever a power cut left
 * undone is completed, and nothing is written when nothing is left to do.
 */
void prot_boot_confirm_init(struct prot_boot_report *r,
			    const struct prot_boot_config *cfg,
			    struct prot_journal *journal, enum prot_bank bank);

/* The SVN part alone, for PROT_SVN_COMMIT_MANUAL. The bank is confirmed. */
void prot_boot_commit_svn_init(struct prot_boot_report *r,
			       const struct prot_boot_config *cfg,
			       struct prot_journal *journal,
			       enum prot_bank bank);

/*
 * PROT_PENDING: call again. PROT_OK: done. PROT_ERR_STATE: the bank is neither
 * on trial nor confirmed, or the policy forbids the commit. PROT_ERR_IO,
 * PROT_ERR_CRYPTO, PROT_ERR_AUTH: a device failed, or an image that was to be
 * verified is not valid; what was done so far stays done.
 */
PROT_MUST_CHECK
enum prot_status prot_boot_report_step(struct prot_boot_report *r);

/* The SVN floor as of PROT_OK from a confirm or commit. */
static inline uint32_t prot_boot_report_floor(const struct prot_boot_report *r)
{
	return r->floor;
}

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_BOOT_H */
