/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_JOURNAL_H
#define PROT_SERVICES_JOURNAL_H

/*
 * The boot control journal: which bank to boot, and what became of it.
 *
 * Append-only records of 32 bytes in two flash sectors used in turn. Every
 * record holds the whole state, so the newest valid record is the state:
 * nothing is replayed, and a torn record is as if it had not been written. A
 * full sector is left as it stands while the other is erased and receives the
 * next record. Each append is therefore one commit point: a power cut leaves
 * the old state or the one after.
 *
 * A cut can also leave a slot that looks blank or valid on one reading and
 * not on the next. That can hit the newest record, and the first one of the
 * next power cycle if it reuses the slot; never the later ones, nor what they
 * say. The first record of a cycle is the boot stage's, which only counts.
 *
 *	 0  2  magic 0x4A50
 *	 2  1  record type
 *	 3  1  version, 1
 *	 4  4  sequence number, from 1
 *	 8  1  bank that the record is about
 *	 9  1  active bank
 *	10  5  bank A: state, tries, max tries, attempts, reason
 *	15  5  bank B: likewise
 *	20  4  SVN of the image (CONFIRM), else 0
 *	24  4  reserved, zero
 *	28  4  CRC-32 of bytes 0..27
 *
 * Nothing here is trusted for security, only for choice: a forged record may
 * select a bank, but no record makes an image run that does not verify.
 */

#include <prot/base/status.h>
#include <prot/port/flash.h>
#include <prot/services/flash_layout.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_JOURNAL_RECORD_SIZE 32
#define PROT_JOURNAL_STRIDE_MAX  64 /* largest program unit, bytes */

enum prot_journal_type {
	PROT_JOURNAL_SNAPSHOT = 1,     /* provisioning */
	PROT_JOURNAL_EMPTY = 2,        /* an update erases or gave up a bank */
	PROT_JOURNAL_STAGED = 3,       /* the image verified from flash */
	PROT_JOURNAL_PENDING = 4,      /* to be booted on trial */
	PROT_JOURNAL_TRIAL = 5,        /* about to be booted on trial */
	PROT_JOURNAL_CONFIRM = 6,      /* came up healthy; the active bank */
	PROT_JOURNAL_FAIL = 7,         /* given up */
	PROT_JOURNAL_BOOT_ATTEMPT = 8, /* about to boot a confirmed image */
	PROT_JOURNAL_BOOT_OK = 9,      /* which came up */
};

enum prot_bank_state {
	PROT_BANK_EMPTY = 0,
	PROT_BANK_STAGED = 1,
	PROT_BANK_PENDING = 2,
	PROT_BANK_TRIAL = 3,
	PROT_BANK_CONFIRMED = 4,
	PROT_BANK_FAILED = 5,
};

/* "empty", "staged", ...; never NULL. */
const char *prot_bank_state_text(enum prot_bank_state state);

struct prot_journal_bank {
	uint8_t state;     /* enum prot_bank_state */
	uint8_t tries;     /* trial boots so far */
	uint8_t max_tries; /* trial boots allowed */
	uint8_t attempts;  /* boots of a confirmed image since it came up */
	uint8_t reason;    /* enum prot_image_reason when FAILED, else 0 */
};

/* What the newest record says. */
struct prot_journal_state {
	uint8_t active;                   /* enum prot_bank: A or B */
	struct prot_journal_bank bank[2]; /* of A and of B */
};

/* One record, decoded. */
struct prot_journal_record {
	uint8_t type; /* enum prot_journal_type */
	uint8_t bank; /* enum prot_bank */
	uint32_t seq;
	uint32_t svn;
	struct prot_journal_state state;
};

/*
 * The record codec. decode: PROT_ERR_MALFORMED for anything but a record as
 * encode makes it, with known types, banks and states.
 */
void prot_journal_record_encode(const struct prot_journal_record *rec,
				uint8_t raw[PROT_JOURNAL_RECORD_SIZE]);
PROT_MUST_CHECK
enum prot_status
prot_journal_record_decode(const uint8_t raw[PROT_JOURNAL_RECORD_SIZE],
			   struct prot_journal_record *rec);

/* One open journal. Read the state with prot_journal_state(). */
struct prot_journal {
	/* private */
	const struct prot_flash *flash;
	uint32_t sector_offset[2];
	uint32_t next[2];               /* first free slot of each sector */
	uint32_t slots;                 /* per sector */
	uint32_t stride;                /* bytes from slot to slot */
	uint32_t slot;                  /* being scanned, or written */
	uint32_t newest_slot;           /* found by the scan */
	struct prot_journal_record at;  /* newest; seq 0: none found */
	struct prot_journal_record put; /* being appended */
	uint32_t seq;                   /* highest used */
	uint8_t sector;                 /* being scanned, or written */
	uint8_t newest;                 /* sector of the newest record */
	uint8_t phase;
	uint8_t retries;
	uint8_t want[PROT_JOURNAL_STRIDE_MAX];
	uint8_t got[PROT_JOURNAL_RECORD_SIZE];
};

/*
 * Prepare to open. PROT_ERR_ARG: a journal region lies outside the flash or
 * is smaller than a sector, or the program unit is above
 * PROT_JOURNAL_STRIDE_MAX.
 */
PROT_MUST_CHECK
enum prot_status prot_journal_init(struct prot_journal *j,
				   const struct prot_flash *flash,
				   const struct prot_flash_layout *layout);

/*
 * Find the newest record, one slot per call: PROT_PENDING until PROT_OK. Slots
 * that cannot be read count as torn. Never fails: without any valid record the
 * state is that of prot_journal_lost().
 */
PROT_MUST_CHECK
enum prot_status prot_journal_open_step(struct prot_journal *j);

static inline const struct prot_journal_state *
prot_journal_state(const struct prot_journal *j)
{
	return &j->at.state;
}

/*
 * True when no valid record was found. Both banks then count as confirmed, A
 * first, so that a device with a blank journal boots whatever verifies.
 */
static inline bool prot_journal_lost(const struct prot_journal *j)
{
	return j->at.seq == 0;
}

/*
 * Append a record: the event `type` about `bank`, and the state after it. The
 * record is read back; where it does not match, the next slot is taken, twice
 * at most. One flash operation per call; PROT_PENDING: call again with the
 * same arguments. PROT_OK: durable, and prot_journal_state() has changed.
 * PROT_ERR_IO: could not be written; the state is the old one.
 * PROT_ERR_SPACE: sequence numbers are used up.
 */
PROT_MUST_CHECK
enum prot_status
prot_journal_append_step(struct prot_journal *j,
			 const struct prot_journal_record *rec);

/*
 * The state after an event, in a record ready to append. `value`: max tries
 * for PENDING, reason for FAIL, SVN for CONFIRM, else 0. Pure. SNAPSHOT
 * changes nothing: provisioning fills in `state` itself before it appends.
 */
struct prot_journal_record prot_journal_event(const struct prot_journal *j,
					      enum prot_journal_type type,
					      enum prot_bank bank,
					      uint32_t value);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_JOURNAL_H */
