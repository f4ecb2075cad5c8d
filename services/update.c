/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/update.h>

#include "boot_private.h"

#include <string.h>

/* Work in progress, independent of the call that started it. */
enum {
	WORK_NONE,
	WORK_LIFECYCLE,
	WORK_FLOOR,
	WORK_HEADER,
	WORK_ERASE_RECORD, /* EMPTY, before the first erase */
	WORK_ERASE,
	WORK_PROGRAM,
	WORK_VERIFY,
	WORK_RECORD /* STAGED, PENDING, EMPTY */
};

enum prot_status prot_update_init(struct prot_update *u,
				  const struct prot_boot_config *cfg,
				  struct prot_journal *journal,
				  enum prot_bank running)
{
	const struct prot_flash_geometry *g;

	memset(u, 0, sizeof(*u));
	if (!prot_boot_config_valid(cfg) || running > PROT_BANK_GOLDEN) {
		return PROT_ERR_ARG;
	}
	g = &cfg->store.flash->geometry;
	if (sizeof(u->page) % g->program_unit != 0) {
		return PROT_ERR_ARG;
	}
	u->cfg = cfg;
	u->journal = journal;
	u->running = running;
	u->target = PROT_BANK_NONE;
	return PROT_OK;
}

static const struct prot_journal_bank *journal_bank(const struct prot_update *u,
						    enum prot_bank bank)
{
	return &prot_journal_state(u->journal)->bank[bank];
}

/* From the golden image: rather a bank that nothing boots from anyway. */
static enum prot_bank choose_target(const struct prot_update *u)
{
	uint8_t active = prot_journal_state(u->journal)->active;
	uint8_t other = active ^ 1u;

	if (u->running == PROT_BANK_A) {
		return PROT_BANK_B;
	}
	if (u->running == PROT_BANK_B) {
		return PROT_BANK_A;
	}
	if (journal_bank(u, (enum prot_bank)other)->state ==
		    PROT_BANK_CONFIRMED &&
	    journal_bank(u, (enum prot_bank)active)->state !=
		    PROT_BANK_CONFIRMED) {
		return (enum prot_bank)active;
	}
	return (enum prot_bank)other;
}

static enum prot_status fail(struct prot_update *u,
			     enum prot_image_reason reason, enum prot_status st)
{
	u->work = WORK_NONE;
	u->state = PROT_UPDATE_FAILED;
	u->reason = reason;
	return st;
}

static uint32_t target_offset(const struct prot_update *u)
{
	return u->cfg->store.layout->bank[u->target].offset;
}

static enum prot_status next_work(struct prot_update *u, uint8_t work)
{
	u->work = work;
	return PROT_PENDING;
}

static enum prot_status begin_record(struct prot_update *u, uint8_t work,
				     enum prot_journal_type type,
				     uint32_t value)
{
	u->rec = prot_journal_event(u->journal, type, u->target, value);
	return next_work(u, work);
}

static enum prot_status work_lifecycle(struct prot_update *u)
{
	enum prot_status st = prot_boot_read_lifecycle(u->cfg, u->u.lifecycle);

	if (st != PROT_OK) {
		return st == PROT_PENDING ? st : fail(u, PROT_IMAGE_OTP, st);
	}
	u->allow_debug = prot_lifecycle_allows_debug(
		prot_lifecycle_decode(u->u.lifecycle));
	prot_svn_read_init(&u->u.svn, u->cfg->store.otp);
	return next_work(u, WORK_FLOOR);
}

static enum prot_status work_floor(struct prot_update *u)
{
	enum prot_status st = prot_svn_step(&u->u.svn);
	struct prot_image_rules rules;

	if (st != PROT_OK) {
		return st == PROT_PENDING ? st : fail(u, PROT_IMAGE_OTP, st);
	}
	u->floor = prot_svn_floor(&u->u.svn);
	rules = prot_boot_rules(u->cfg, u->target, u->floor, u->allow_debug);
	prot_image_verify_header_init(&u->u.verify, &u->cfg->store, &rules,
				      u->page);
	return next_work(u, WORK_HEADER);
}

static enum prot_status work_header(struct prot_update *u)
{
	const struct prot_image_verify *v = &u->u.verify;
	enum prot_status st = prot_image_verify_step(&u->u.verify);

	if (st != PROT_OK) {
		return st == PROT_PENDING ? st : fail(u, v->reason, st);
	}
	if (v->header.payload_size != u->total - PROT_IMAGE_HEADER_SIZE) {
		return fail(u, PROT_IMAGE_LENGTH, PROT_ERR_AUTH);
	}
	if (journal_bank(u, u->target)->state == PROT_BANK_EMPTY) {
		u->touched = true;
		return next_work(u, WORK_ERASE);
	}
	return begin_record(u, WORK_ERASE_RECORD, PROT_JOURNAL_EMPTY, 0);
}

/* No sector is erased before the journal says that the bank is empty. */
static enum prot_status work_erase_record(struct prot_update *u)
{
	enum prot_status st = prot_journal_append_step(u->journal, &u->rec);

	if (st != PROT_OK) {
		return st == PROT_PENDING ? st
					  : fail(u, PROT_IMAGE_JOURNAL, st);
	}
	u->touched = true;
	return next_work(u, WORK_ERASE);
}

/* Sectors are erased as the image reaches them. */
static enum prot_status work_erase(struct prot_update *u)
{
	const struct prot_flash *f = u->cfg->store.flash;
	enum prot_status st;

	if (u->flushed < u->erased) {
		return next_work(u, WORK_PROGRAM);
	}
	st = f->ops->erase(f->ctx, target_offset(u) + u->erased);
	if (st != PROT_OK) {
		return st == PROT_PENDING ? st : fail(u, PROT_IMAGE_FLASH, st);
	}
	u->erased += f->geometry.sector_size;
	return next_work(u, WORK_PROGRAM);
}

static enum prot_status work_program(struct prot_update *u)
{
	const struct prot_flash *f = u->cfg->store.flash;
	uint32_t in_page = u->flushed % (uint32_t)sizeof(u->page);
	uint32_t len =
		f->geometry.page_size - u->flushed % f->geometry.page_size;
	enum prot_status st;

	if (len > u->fill - in_page) {
		len = u->fill - in_page;
	}
	st = f->ops->program(f->ctx, target_offset(u) + u->flushed,
			     u->page + in_page, len);
	if (st != PROT_OK) {
		return st == PROT_PENDING ? st : fail(u, PROT_IMAGE_FLASH, st);
	}
	u->flushed += len;
	if (in_page + len < u->fill) {
		return next_work(u, WORK_ERASE);
	}
	u->fill = 0;
	u->work = WORK_NONE;
	return PROT_OK;
}

static enum prot_status work_verify(struct prot_update *u)
{
	enum prot_status st = prot_image_verify_step(&u->u.verify);

	if (st != PROT_OK) {
		return st == PROT_PENDING ? st
					  : fail(u, u->u.verify.reason, st);
	}
	u->state = PROT_UPDATE_VERIFIED;
	u->work = WORK_NONE;
	return PROT_OK;
}

static enum prot_status work_record(struct prot_update *u)
{
	enum prot_status st = prot_journal_append_step(u->journal, &u->rec);

	if (st != PROT_OK) {
		return st == PROT_PENDING ? st
					  : fail(u, PROT_IMAGE_JOURNAL, st);
	}
	if (u->rec.type == PROT_JOURNAL_STAGED) {
		u->state = PROT_UPDATE_STAGED;
	} else if (u->rec.type == PROT_JOURNAL_PENDING) {
		u->state = PROT_UPDATE_PENDING;
	}
	u->work = WORK_NONE;
	return PROT_OK;
}

/* One operation of the work in progress; PROT_OK when it is finished. */
static enum prot_status work(struct prot_update *u)
{
	switch (u->work) {
	case WORK_LIFECYCLE:
		return work_lifecycle(u);
	case WORK_FLOOR:
		return work_floor(u);
	case WORK_HEADER:
		return work_header(u);
	case WORK_ERASE_RECORD:
		return work_erase_record(u);
	case WORK_ERASE:
		return work_erase(u);
	case WORK_PROGRAM:
		return work_program(u);
	case WORK_VERIFY:
		return work_verify(u);
	case WORK_RECORD:
		return work_record(u);
	default:
		return PROT_OK;
	}
}

enum prot_status prot_update_allowed(struct prot_update *u)
{
	if (u->running != PROT_BANK_GOLDEN &&
	    journal_bank(u, u->running)->state != PROT_BANK_CONFIRMED) {
		u->reason = PROT_IMAGE_TRIAL;
		return PROT_ERR_STATE;
	}
	return PROT_OK;
}

/* An operation that has started must be seen through; what comes of it, not. */
static enum prot_status settle(struct prot_update *u)
{
	while (u->work != WORK_NONE) {
		if (work(u) == PROT_PENDING) {
			return PROT_PENDING;
		}
	}
	return PROT_OK;
}

enum prot_status prot_update_begin(struct prot_update *u, uint32_t component,
				   uint32_t total)
{
	enum prot_status st = settle(u);

	if (st == PROT_OK) {
		st = prot_update_allowed(u);
	}
	if (st != PROT_OK) {
		return st;
	}
	u->target = choose_target(u);
	u->state = PROT_UPDATE_RECEIVING;
	u->reason = PROT_IMAGE_UNCHECKED;
	u->touched = false;
	u->total = total;
	u->received = 0;
	u->taken = 0;
	u->flushed = 0;
	u->erased = 0;
	u->fill = 0;
	if (component != u->cfg->component) {
		return fail(u, PROT_IMAGE_COMPONENT, PROT_ERR_MALFORMED);
	}
	if (total <= PROT_IMAGE_HEADER_SIZE ||
	    total > u->cfg->store.layout->bank[u->target].size) {
		return fail(u, PROT_IMAGE_SIZE, PROT_ERR_MALFORMED);
	}
	return PROT_OK;
}

/* The buffer is full: the first one is the header, and is judged first. */
static enum prot_status flush(struct prot_update *u)
{
	if (u->work == WORK_NONE) {
		u->work = u->flushed == 0 ? WORK_LIFECYCLE : WORK_ERASE;
	}
	return work(u);
}

/* Copy what fits into the buffer, and empty it when it is full. */
static enum prot_status take(struct prot_update *u, const uint8_t *data,
			     size_t len)
{
	size_t space = sizeof(u->page) - u->fill, left = len - u->taken;
	size_t n = space < left ? space : left;

	if (n != 0) {
		memcpy(u->page + u->fill, data + u->taken, n);
	}
	u->fill += (uint32_t)n;
	u->taken += (uint32_t)n;
	return u->fill == sizeof(u->page) ? flush(u) : PROT_OK;
}

enum prot_status prot_update_write(struct prot_update *u, uint32_t offset,
				   const void *data, size_t len)
{
	enum prot_status st;

	if (u->state != PROT_UPDATE_RECEIVING) {
		return PROT_ERR_STATE;
	}
	if (offset != u->received || len > u->total - u->received ||
	    u->taken > len) {
		return PROT_ERR_ARG;
	}
	do {
		st = take(u, (const uint8_t *)data, len);
	} while (st == PROT_OK && u->taken < len);
	if (st == PROT_OK) {
		u->received += (uint32_t)len;
		u->taken = 0;
	}
	return st;
}

static enum prot_status begin_verify(struct prot_update *u)
{
	struct prot_image_rules rules =
		prot_boot_rules(u->cfg, u->target, u->floor, u->allow_debug);

	prot_image_verify_init(&u->u.verify, &u->cfg->store, &rules,
			       target_offset(u), NULL);
	return next_work(u, WORK_VERIFY);
}

/* The last, partial buffer, padded to whole program units. */
static void pad_tail(struct prot_update *u)
{
	const struct prot_flash_geometry *g = &u->cfg->store.flash->geometry;

	while (u->fill % g->program_unit != 0) {
		u->page[u->fill] = g->erased;
		u->fill++;
	}
	u->work = WORK_ERASE;
}

enum prot_status prot_update_verify(struct prot_update *u)
{
	enum prot_status st;

	if (u->state != PROT_UPDATE_RECEIVING) {
		return u->state == PROT_UPDATE_VERIFIED ? PROT_OK
							: PROT_ERR_STATE;
	}
	if (u->received != u->total) {
		return fail(u, PROT_IMAGE_LENGTH, PROT_ERR_MALFORMED);
	}
	if (u->work == WORK_NONE && u->fill != 0) {
		pad_tail(u);
	} else if (u->work == WORK_NONE) {
		return begin_verify(u);
	}
	st = work(u);
	return st == PROT_OK && u->state == PROT_UPDATE_RECEIVING ? PROT_PENDING
								  : st;
}

enum prot_status prot_update_apply(struct prot_update *u)
{
	if (u->state != PROT_UPDATE_VERIFIED) {
		return PROT_ERR_STATE;
	}
	if (u->work == WORK_NONE) {
		return begin_record(u, WORK_RECORD, PROT_JOURNAL_STAGED, 0);
	}
	return work(u);
}

enum prot_status prot_update_activate(struct prot_update *u)
{
	if (u->state != PROT_UPDATE_STAGED) {
		return PROT_ERR_STATE;
	}
	if (u->work == WORK_NONE) {
		return begin_record(u, WORK_RECORD, PROT_JOURNAL_PENDING,
				    prot_boot_max_tries(u->cfg));
	}
	return work(u);
}

enum prot_status prot_update_cancel(struct prot_update *u)
{
	enum prot_status st;

	if (!u->cancelling) {
		st = settle(u);
		if (st != PROT_OK) {
			return st;
		}
		if (!u->touched || u->target > PROT_BANK_B ||
		    journal_bank(u, u->target)->state == PROT_BANK_EMPTY) {
			goto idle;
		}
		u->cancelling = true;
		return begin_record(u, WORK_RECORD, PROT_JOURNAL_EMPTY, 0);
	}
	st = work(u);
	if (st == PROT_PENDING) {
		return st;
	}
	u->cancelling = false;
	if (st != PROT_OK) {
		return st;
	}
idle:
	u->state = PROT_UPDATE_IDLE;
	u->reason = PROT_IMAGE_UNCHECKED;
	u->target = PROT_BANK_NONE;
	u->touched = false;
	return PROT_OK;
}
