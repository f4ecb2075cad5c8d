/* SPDX-License-Identifier: Apache-2.0 */
#include "boot_private.h"

#include <string.h>

enum {
	PHASE_JOURNAL,
	PHASE_LIFECYCLE,
	PHASE_FLOOR,
	PHASE_SELECT,
	PHASE_VERIFY,
	PHASE_RECORD,
	PHASE_ENDED
};

/* The order of selection; what each place means is for place_bank() to say. */
enum {
	PLACE_TRIAL_A,
	PLACE_TRIAL_B,
	PLACE_ACTIVE,
	PLACE_OTHER,
	PLACE_GOLDEN,
	PLACE_ACTIVE_AGAIN, /* in spite of its failed boots */
	PLACE_OTHER_AGAIN,
	PLACE_END
};

enum prot_status prot_boot_init(struct prot_boot *b,
				const struct prot_boot_config *cfg,
				const struct prot_image_sink *sink)
{
	memset(b, 0, sizeof(*b));
	b->result.bank = PROT_BANK_NONE;
	if (!prot_boot_config_valid(cfg)) {
		return PROT_ERR_ARG;
	}
	b->cfg = cfg;
	b->sink = sink;
	return prot_journal_init(&b->journal, cfg->store.flash,
				 cfg->store.layout);
}

static const struct prot_journal_state *state(const struct prot_boot *b)
{
	return prot_journal_state(&b->journal);
}

static enum prot_bank place_bank(const struct prot_boot *b)
{
	unsigned active = state(b)->active;

	switch (b->candidate) {
	case PLACE_TRIAL_A:
		return PROT_BANK_A;
	case PLACE_TRIAL_B:
		return PROT_BANK_B;
	case PLACE_ACTIVE:
	case PLACE_ACTIVE_AGAIN:
		return (enum prot_bank)active;
	case PLACE_OTHER:
	case PLACE_OTHER_AGAIN:
		return (enum prot_bank)(active ^ 1u);
	default:
		return PROT_BANK_GOLDEN;
	}
}

static bool is_trial(const struct prot_boot *b)
{
	return b->candidate <= PLACE_TRIAL_B;
}

static enum prot_status next_place(struct prot_boot *b)
{
	b->candidate++;
	b->phase = PHASE_SELECT;
	return PROT_PENDING;
}

static enum prot_status pass_over(struct prot_boot *b,
				  enum prot_image_reason reason)
{
	b->result.refused[place_bank(b)] = reason;
	return next_place(b);
}

static enum prot_status lock_down(struct prot_boot *b)
{
	b->result.mode = PROT_BOOT_LOCKDOWN;
	b->result.bank = PROT_BANK_NONE;
	b->phase = PHASE_ENDED;
	return PROT_OK;
}

/* The image in u.verify is the one; u.verify still holds its verdict. */
static enum prot_status start(struct prot_boot *b)
{
	struct prot_boot_result *res = &b->result;

	if (b->u.verify.reason != PROT_IMAGE_ACCEPTED) {
		return lock_down(b);
	}
	res->header = b->u.verify.header;
	res->bank = place_bank(b);
	if (res->bank == PROT_BANK_GOLDEN) {
		res->mode = PROT_BOOT_RECOVERY;
	} else {
		const struct prot_journal_bank *jb =
			&b->rec.state.bank[res->bank];

		res->mode = is_trial(b) ? PROT_BOOT_TRIAL : PROT_BOOT_NORMAL;
		res->boot_count = is_trial(b) ? jb->tries : jb->attempts;
		res->refused[res->bank] = PROT_IMAGE_UNCHECKED;
	}
	b->phase = PHASE_ENDED;
	return PROT_OK;
}

static enum prot_status
begin_record(struct prot_boot *b, enum prot_journal_type type, uint32_t value)
{
	b->rec = prot_journal_event(&b->journal, type, place_bank(b), value);
	b->phase = PHASE_RECORD;
	return PROT_PENDING;
}

static enum prot_status begin_verify(struct prot_boot *b)
{
	const struct prot_boot_config *cfg = b->cfg;
	enum prot_bank bank = place_bank(b);
	struct prot_image_rules rules = prot_boot_rules(
		cfg, bank, b->result.svn_floor,
		prot_lifecycle_allows_debug(b->result.lifecycle));

	prot_image_verify_init(&b->u.verify, &cfg->store, &rules,
			       cfg->store.layout->bank[bank].offset, b->sink);
	b->phase = PHASE_VERIFY;
	return PROT_PENDING;
}

static enum prot_status step_journal(struct prot_boot *b)
{
	enum prot_status st = prot_journal_open_step(&b->journal);

	if (st != PROT_OK) {
		return PROT_PENDING;
	}
	b->result.journal_lost = prot_journal_lost(&b->journal);
	b->phase = PHASE_LIFECYCLE;
	return PROT_PENDING;
}

static enum prot_status step_lifecycle(struct prot_boot *b)
{
	enum prot_status st = prot_boot_read_lifecycle(b->cfg, b->u.lifecycle);

	if (st == PROT_PENDING) {
		return st;
	}
	b->result.lifecycle = st == PROT_OK
				      ? prot_lifecycle_decode(b->u.lifecycle)
				      : PROT_LIFECYCLE_PRODUCTION;
	if (b->result.lifecycle == PROT_LIFECYCLE_END_OF_LIFE) {
		return lock_down(b);
	}
	prot_svn_read_init(&b->u.svn, b->cfg->store.otp);
	b->phase = PHASE_FLOOR;
	return PROT_PENDING;
}

/* Without a floor nothing can be judged, so nothing runs. */
static enum prot_status step_floor(struct prot_boot *b)
{
	enum prot_status st = prot_svn_step(&b->u.svn);

	if (st == PROT_PENDING) {
		return st;
	}
	if (st != PROT_OK) {
		for (size_t i = 0; i < PROT_BANK_COUNT; i++) {
			b->result.refused[i] = PROT_IMAGE_OTP;
		}
		return lock_down(b);
	}
	b->result.svn_floor = prot_svn_floor(&b->u.svn);
	b->phase = PHASE_SELECT;
	return PROT_PENDING;
}

static enum prot_status select_trial(struct prot_boot *b)
{
	const struct prot_journal_bank *jb = &state(b)->bank[place_bank(b)];

	if (jb->state != PROT_BANK_PENDING && jb->state != PROT_BANK_TRIAL) {
		return next_place(b);
	}
	if (jb->tries >= jb->max_tries) {
		b->result.refused[place_bank(b)] = PROT_IMAGE_UNCONFIRMED;
		return begin_record(b, PROT_JOURNAL_FAIL,
				    PROT_IMAGE_UNCONFIRMED);
	}
	return begin_verify(b);
}

static enum prot_status select_confirmed(struct prot_boot *b)
{
	const struct prot_journal_bank *jb = &state(b)->bank[place_bank(b)];
	uint32_t max = b->cfg->max_attempts ? b->cfg->max_attempts
					    : PROT_BOOT_MAX_ATTEMPTS;
	bool again = b->candidate >= PLACE_ACTIVE_AGAIN;

	if (jb->state != PROT_BANK_CONFIRMED ||
	    (again && jb->attempts < max)) { /* verified and refused before */
		return next_place(b);
	}
	if (!again && jb->attempts >= max) {
		return pass_over(b, PROT_IMAGE_ATTEMPTS);
	}
	return begin_verify(b);
}

static enum prot_status step_select(struct prot_boot *b)
{
	if (b->candidate >= PLACE_END) {
		return lock_down(b);
	}
	if (is_trial(b)) {
		return select_trial(b);
	}
	if (b->candidate != PLACE_GOLDEN) {
		return select_confirmed(b);
	}
	if (b->cfg->store.layout->bank[PROT_BANK_GOLDEN].size == 0) {
		return next_place(b);
	}
	return begin_verify(b);
}

static enum prot_status step_verify(struct prot_boot *b)
{
	enum prot_status st = prot_image_verify_step(&b->u.verify);

	if (st == PROT_PENDING) {
		return st;
	}
	if (st == PROT_OK && b->candidate == PLACE_GOLDEN) {
		return start(b);
	}
	if (st == PROT_OK) {
		return begin_record(b,
				    is_trial(b) ? PROT_JOURNAL_TRIAL
						: PROT_JOURNAL_BOOT_ATTEMPT,
				    0);
	}
	if (is_trial(b)) {
		b->result.refused[place_bank(b)] = b->u.verify.reason;
		return begin_record(b, PROT_JOURNAL_FAIL,
				    (uint32_t)b->u.verify.reason);
	}
	return pass_over(b, b->u.verify.reason);
}

/*
 * A trial that is not on record would be repeated for ever, so it does not
 * take place. All other records only keep count: without them the device
 * still boots, which is what a device with worn-out journal sectors must do.
 */
static enum prot_status step_record(struct prot_boot *b)
{
	enum prot_status st = prot_journal_append_step(&b->journal, &b->rec);

	if (st == PROT_PENDING) {
		return st;
	}
	if (b->rec.type == PROT_JOURNAL_FAIL) {
		return next_place(b);
	}
	if (b->rec.type == PROT_JOURNAL_TRIAL && st != PROT_OK) {
		return pass_over(b, PROT_IMAGE_UNRECORDED);
	}
	return start(b);
}

enum prot_status prot_boot_step(struct prot_boot *b)
{
	switch (b->phase) {
	case PHASE_JOURNAL:
		return step_journal(b);
	case PHASE_LIFECYCLE:
		return step_lifecycle(b);
	case PHASE_FLOOR:
		return step_floor(b);
	case PHASE_SELECT:
		return step_select(b);
	case PHASE_VERIFY:
		return step_verify(b);
	case PHASE_RECORD:
		return step_record(b);
	default:
		return PROT_OK;
	}
}
