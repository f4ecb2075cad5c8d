/* SPDX-License-Identifier: Apache-2.0 */
#include "boot_private.h"

#include <string.h>

enum {
	KIND_OK,
	KIND_CONFIRM,
	KIND_COMMIT
};

enum {
	PHASE_START,
	PHASE_HEADER, /* of our own bank */
	PHASE_RECORD,
	PHASE_FLOOR,
	PHASE_GOLDEN_HEADER,
	PHASE_LIFECYCLE,
	PHASE_VERIFY,
	PHASE_VERIFY_GOLDEN,
	PHASE_ADVANCE,
	PHASE_OTHER_HEADER,
	PHASE_RETIRE,
	PHASE_ENDED
};

static void init(struct prot_boot_report *r, const struct prot_boot_config *cfg,
		 struct prot_journal *journal, enum prot_bank bank)
{
	memset(r, 0, sizeof(*r));
	r->cfg = cfg;
	r->journal = journal;
	r->bank = bank;
}

void prot_boot_ok_init(struct prot_boot_report *r,
		       const struct prot_boot_config *cfg,
		       struct prot_journal *journal, enum prot_bank bank)
{
	init(r, cfg, journal, bank);
	r->kind = KIND_OK;
}

void prot_boot_confirm_init(struct prot_boot_report *r,
			    const struct prot_boot_config *cfg,
			    struct prot_journal *journal, enum prot_bank bank)
{
	init(r, cfg, journal, bank);
	r->kind = KIND_CONFIRM;
}

void prot_boot_commit_svn_init(struct prot_boot_report *r,
			       const struct prot_boot_config *cfg,
			       struct prot_journal *journal,
			       enum prot_bank bank)
{
	init(r, cfg, journal, bank);
	r->kind = KIND_COMMIT;
}

static const struct prot_journal_bank *
journal_bank(const struct prot_boot_report *r, enum prot_bank bank)
{
	return &prot_journal_state(r->journal)->bank[bank];
}

static enum prot_bank other_bank(const struct prot_boot_report *r)
{
	return r->bank == PROT_BANK_A ? PROT_BANK_B : PROT_BANK_A;
}

static enum prot_status go(struct prot_boot_report *r, uint8_t phase)
{
	r->phase = phase;
	return PROT_PENDING;
}

static enum prot_status end(struct prot_boot_report *r, enum prot_status st)
{
	r->phase = PHASE_ENDED;
	return st;
}

/* Read a bank's header; *h is all zero where there is none. */
static enum prot_status read_header(struct prot_boot_report *r,
				    enum prot_bank bank,
				    struct prot_image_header *h)
{
	const struct prot_flash *f = r->cfg->store.flash;
	enum prot_status st =
		f->ops->read(f->ctx, r->cfg->store.layout->bank[bank].offset,
			     r->u.raw, sizeof(r->u.raw));

	if (st == PROT_OK &&
	    prot_image_header_decode(r->u.raw, h) != PROT_IMAGE_ACCEPTED) {
		return PROT_ERR_AUTH;
	}
	return st;
}

static enum prot_status start_ok(struct prot_boot_report *r)
{
	bool failed_boots;

	if (r->bank == PROT_BANK_GOLDEN) {
		failed_boots = journal_bank(r, PROT_BANK_A)->attempts != 0 ||
			       journal_bank(r, PROT_BANK_B)->attempts != 0;
	} else {
		failed_boots = journal_bank(r, r->bank)->attempts != 0;
	}
	if (!failed_boots) {
		return end(r, PROT_OK);
	}
	r->rec = prot_journal_event(r->journal, PROT_JOURNAL_BOOT_OK, r->bank,
				    0);
	return go(r, PHASE_RECORD);
}

/*
 * Pending counts too: the record of the trial was there when the image was
 * started, but a power cut can have left its slot unreliable.
 */
static bool on_trial(const struct prot_boot_report *r)
{
	uint8_t state = journal_bank(r, r->bank)->state;

	return state == PROT_BANK_TRIAL || state == PROT_BANK_PENDING;
}

static enum prot_status step_start(struct prot_boot_report *r)
{
	bool confirmed;

	if (r->bank > PROT_BANK_GOLDEN) {
		return end(r, PROT_ERR_ARG);
	}
	if (r->kind == KIND_OK) {
		return start_ok(r);
	}
	if (r->bank == PROT_BANK_GOLDEN) {
		return end(r, PROT_ERR_STATE);
	}
	confirmed = journal_bank(r, r->bank)->state == PROT_BANK_CONFIRMED;
	if (!confirmed && (r->kind == KIND_COMMIT || !on_trial(r))) {
		return end(r, PROT_ERR_STATE);
	}
	if (r->kind == KIND_COMMIT &&
	    r->cfg->svn_commit == PROT_SVN_COMMIT_NEVER) {
		return end(r, PROT_ERR_STATE);
	}
	return go(r, PHASE_HEADER);
}

static enum prot_status begin_floor(struct prot_boot_report *r)
{
	prot_svn_read_init(&r->u.svn, r->cfg->store.otp);
	return go(r, PHASE_FLOOR);
}

static enum prot_status step_header(struct prot_boot_report *r)
{
	const struct prot_journal_bank *jb = journal_bank(r, r->bank);
	struct prot_image_header h;
	enum prot_status st = read_header(r, r->bank, &h);

	if (st != PROT_OK) {
		return st == PROT_PENDING ? st : end(r, st);
	}
	r->target = h.svn_floor;
	if (on_trial(r)) {
		r->rec = prot_journal_event(r->journal, PROT_JOURNAL_CONFIRM,
					    r->bank, h.svn);
		return go(r, PHASE_RECORD);
	}
	if (jb->attempts != 0) {
		r->rec = prot_journal_event(r->journal, PROT_JOURNAL_BOOT_OK,
					    r->bank, 0);
		return go(r, PHASE_RECORD);
	}
	return begin_floor(r);
}

static enum prot_status step_record(struct prot_boot_report *r)
{
	enum prot_status st = prot_journal_append_step(r->journal, &r->rec);

	if (st == PROT_PENDING) {
		return st;
	}
	if (st != PROT_OK || r->kind == KIND_OK) {
		return end(r, st);
	}
	return begin_floor(r);
}

static bool worth_advancing(const struct prot_boot_report *r)
{
	return r->target > r->floor || (r->target == r->floor && r->incomplete);
}

/* Only a confirmed bank gets here: its CONFIRM record is durable. */
static enum prot_status step_floor(struct prot_boot_report *r)
{
	bool commit = r->kind == KIND_COMMIT ||
		      r->cfg->svn_commit == PROT_SVN_COMMIT_AUTO;
	enum prot_status st = prot_svn_step(&r->u.svn);

	if (st != PROT_OK) {
		return st == PROT_PENDING ? st : end(r, st);
	}
	r->floor = prot_svn_floor(&r->u.svn);
	r->incomplete = prot_svn_incomplete(&r->u.svn);
	if (!commit || !worth_advancing(r)) {
		return go(r, PHASE_OTHER_HEADER);
	}
	return go(r, r->cfg->store.layout->bank[PROT_BANK_GOLDEN].size != 0
			     ? PHASE_GOLDEN_HEADER
			     : PHASE_LIFECYCLE);
}

/* Spares the verification of both images where golden is too old anyway. */
static enum prot_status step_golden_header(struct prot_boot_report *r)
{
	struct prot_image_header h;
	enum prot_status st = read_header(r, PROT_BANK_GOLDEN, &h);

	if (st != PROT_OK) {
		return st == PROT_PENDING ? st : end(r, st);
	}
	if (h.svn < r->target) {
		r->target = h.svn;
	}
	return go(r, worth_advancing(r) ? PHASE_LIFECYCLE : PHASE_OTHER_HEADER);
}

static enum prot_status begin_verify(struct prot_boot_report *r,
				     enum prot_bank bank, uint8_t phase)
{
	const struct prot_image_store *store = &r->cfg->store;
	struct prot_image_rules rules =
		prot_boot_rules(r->cfg, bank, r->target, r->allow_debug);

	prot_image_verify_init(&r->u.verify, store, &rules,
			       store->layout->bank[bank].offset, NULL);
	return go(r, phase);
}

static enum prot_status step_lifecycle(struct prot_boot_report *r)
{
	enum prot_status st = prot_boot_read_lifecycle(r->cfg, r->u.lifecycle);

	if (st != PROT_OK) {
		return st == PROT_PENDING ? st : end(r, st);
	}
	r->allow_debug = prot_lifecycle_allows_debug(
		prot_lifecycle_decode(r->u.lifecycle));
	return begin_verify(r, r->bank, PHASE_VERIFY);
}

/*
 * The floor is about to pass for good. Both images that must be able to run
 * above it are verified against it, from flash, now: what the headers said
 * before was not authentic.
 */
static enum prot_status step_verify(struct prot_boot_report *r)
{
	bool golden = r->cfg->store.layout->bank[PROT_BANK_GOLDEN].size != 0;
	enum prot_status st = prot_image_verify_step(&r->u.verify);

	if (st != PROT_OK) {
		return st == PROT_PENDING ? st : end(r, st);
	}
	if (r->phase == PHASE_VERIFY &&
	    r->u.verify.header.svn_floor < r->target) {
		return end(r, PROT_ERR_AUTH);
	}
	if (r->phase == PHASE_VERIFY && golden) {
		return begin_verify(r, PROT_BANK_GOLDEN, PHASE_VERIFY_GOLDEN);
	}
	prot_svn_advance_init(&r->u.svn, r->cfg->store.otp, r->target);
	return go(r, PHASE_ADVANCE);
}

static enum prot_status step_advance(struct prot_boot_report *r)
{
	enum prot_status st = prot_svn_step(&r->u.svn);

	if (st != PROT_OK) {
		return st == PROT_PENDING ? st : end(r, st);
	}
	r->floor = prot_svn_floor(&r->u.svn);
	return go(r, PHASE_OTHER_HEADER);
}

/* A confirmed bank that the floor has passed cannot boot: say so. */
static enum prot_status step_other_header(struct prot_boot_report *r)
{
	enum prot_bank other = other_bank(r);
	struct prot_image_header h;
	enum prot_status st;

	if (journal_bank(r, other)->state != PROT_BANK_CONFIRMED) {
		return end(r, PROT_OK);
	}
	st = read_header(r, other, &h);
	if (st == PROT_PENDING) {
		return st;
	}
	if (st != PROT_OK || h.svn >= r->floor) {
		return end(r, PROT_OK);
	}
	r->rec = prot_journal_event(r->journal, PROT_JOURNAL_FAIL, other,
				    PROT_IMAGE_SVN);
	return go(r, PHASE_RETIRE);
}

static enum prot_status step_retire(struct prot_boot_report *r)
{
	enum prot_status st = prot_journal_append_step(r->journal, &r->rec);

	return st == PROT_PENDING ? st : end(r, st);
}

enum prot_status prot_boot_report_step(struct prot_boot_report *r)
{
	switch (r->phase) {
	case PHASE_START:
		return step_start(r);
	case PHASE_HEADER:
		return step_header(r);
	case PHASE_RECORD:
		return step_record(r);
	case PHASE_FLOOR:
		return step_floor(r);
	case PHASE_GOLDEN_HEADER:
		return step_golden_header(r);
	case PHASE_LIFECYCLE:
		return step_lifecycle(r);
	case PHASE_VERIFY:
	case PHASE_VERIFY_GOLDEN:
		return step_verify(r);
	case PHASE_ADVANCE:
		return step_advance(r);
	case PHASE_OTHER_HEADER:
		return step_other_header(r);
	case PHASE_RETIRE:
		return step_retire(r);
	default:
		return PROT_OK;
	}
}
