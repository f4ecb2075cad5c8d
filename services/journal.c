/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/journal.h>

#include <string.h>

enum {
	PHASE_SCAN,
	PHASE_READY,
	PHASE_ERASE,
	PHASE_PROGRAM,
	PHASE_READ_BACK
};

enum {
	MAX_RETRIES = 2
};

static bool geometry_fits(const struct prot_flash_geometry *g,
			  const struct prot_flash_region *r)
{
	return r->size >= g->sector_size && r->offset <= g->size &&
	       r->size <= g->size - r->offset &&
	       r->offset % g->sector_size == 0;
}

enum prot_status prot_journal_init(struct prot_journal *j,
				   const struct prot_flash *flash,
				   const struct prot_flash_layout *layout)
{
	const struct prot_flash_geometry *g = &flash->geometry;
	uint32_t unit = g->program_unit;

	memset(j, 0, sizeof(*j));
	if (unit == 0 || unit > PROT_JOURNAL_STRIDE_MAX || g->page_size == 0 ||
	    g->sector_size == 0 || !geometry_fits(g, &layout->journal[0]) ||
	    !geometry_fits(g, &layout->journal[1])) {
		return PROT_ERR_ARG;
	}
	j->stride = (PROT_JOURNAL_RECORD_SIZE + unit - 1) / unit * unit;
	if (j->stride > PROT_JOURNAL_STRIDE_MAX ||
	    g->page_size % j->stride != 0 ||
	    g->sector_size % g->page_size != 0) {
		return PROT_ERR_ARG;
	}
	j->flash = flash;
	j->sector_offset[0] = layout->journal[0].offset;
	j->sector_offset[1] = layout->journal[1].offset;
	j->slots = g->sector_size / j->stride;
	/* As if sector 1 were full: the first append erases and takes 0. */
	j->newest = 1;
	j->at.state.bank[PROT_BANK_A].state = PROT_BANK_CONFIRMED;
	j->at.state.bank[PROT_BANK_B].state = PROT_BANK_CONFIRMED;
	return PROT_OK;
}

static uint32_t slot_offset(const struct prot_journal *j)
{
	return j->sector_offset[j->sector] + j->slot * j->stride;
}

static bool slot_blank(const struct prot_journal *j)
{
	uint8_t diff = 0;

	for (size_t i = 0; i < sizeof(j->got); i++) {
		diff = (uint8_t)(diff |
				 (j->got[i] ^ j->flash->geometry.erased));
	}
	return diff == 0;
}

/* Look at the slot in j->got, or at one that could not be read. */
static void scan_slot(struct prot_journal *j, bool readable)
{
	struct prot_journal_record rec;

	if (readable && slot_blank(j)) {
		return;
	}
	j->next[j->sector] = j->slot + 1;
	if (readable && prot_journal_record_decode(j->got, &rec) == PROT_OK &&
	    rec.seq > j->at.seq) {
		j->at = rec;
		j->newest = j->sector;
		j->newest_slot = j->slot;
	}
}

/*
 * Used slots behind the newest record take a sequence number each, so that
 * within a sector number and slot rise together: a slot that reads as a record
 * one time and as torn another never ties with a later one.
 */
static enum prot_status scan_end(struct prot_journal *j)
{
	uint32_t behind;

	if (prot_journal_lost(j)) {
		j->next[j->newest] = j->slots;
	} else {
		behind = j->next[j->newest] - 1 - j->newest_slot;
		j->seq = behind < UINT32_MAX - j->at.seq ? j->at.seq + behind
							 : UINT32_MAX;
	}
	j->phase = PHASE_READY;
	return PROT_OK;
}

enum prot_status prot_journal_open_step(struct prot_journal *j)
{
	enum prot_status st;

	if (j->phase != PHASE_SCAN) {
		return PROT_OK;
	}
	st = j->flash->ops->read(j->flash->ctx, slot_offset(j), j->got,
				 sizeof(j->got));
	if (st == PROT_PENDING) {
		return st;
	}
	scan_slot(j, st == PROT_OK);
	j->slot++;
	if (j->slot == j->slots) {
		j->slot = 0;
		j->sector++;
	}
	return j->sector < 2 ? PROT_PENDING : scan_end(j);
}

static enum prot_status append_end(struct prot_journal *j, enum prot_status st)
{
	j->phase = PHASE_READY;
	return st;
}

/* Choose where to write: a free slot of j->sector, or the other sector. */
static enum prot_status append_place(struct prot_journal *j)
{
	if (j->next[j->sector] < j->slots) {
		j->slot = j->next[j->sector];
		j->phase = PHASE_PROGRAM;
		return PROT_PENDING;
	}
	if (j->sector != j->newest) { /* erased just now, and will not hold */
		return append_end(j, PROT_ERR_IO);
	}
	j->sector = j->newest ^ 1u;
	j->phase = PHASE_ERASE;
	return PROT_PENDING;
}

/*
 * A sequence number is used up even by an attempt that fails: what did get
 * written must not tie with what is written next.
 */
static enum prot_status append_attempt(struct prot_journal *j)
{
	if (j->seq == UINT32_MAX) {
		return append_end(j, PROT_ERR_SPACE);
	}
	j->seq++;
	j->put.seq = j->seq;
	prot_journal_record_encode(&j->put, j->want);
	return append_place(j);
}

static enum prot_status append_begin(struct prot_journal *j,
				     const struct prot_journal_record *rec)
{
	j->put = *rec;
	memset(j->want, j->flash->geometry.erased, sizeof(j->want));
	j->retries = 0;
	j->sector = j->newest;
	return append_attempt(j);
}

/*
 * Only ever the sector that does not hold the newest record: until the new one
 * is written, that is the state.
 */
static enum prot_status append_erase(struct prot_journal *j)
{
	enum prot_status st = j->flash->ops->erase(j->flash->ctx,
						   j->sector_offset[j->sector]);

	if (st == PROT_PENDING) {
		return st;
	}
	if (st != PROT_OK) {
		return append_end(j, PROT_ERR_IO);
	}
	j->next[j->sector] = 0;
	return append_place(j);
}

static enum prot_status append_retry(struct prot_journal *j)
{
	if (j->retries == MAX_RETRIES) {
		return append_end(j, PROT_ERR_IO);
	}
	j->retries++;
	return append_attempt(j);
}

static enum prot_status append_program(struct prot_journal *j)
{
	enum prot_status st = j->flash->ops->program(
		j->flash->ctx, slot_offset(j), j->want, j->stride);

	if (st == PROT_PENDING) {
		return st;
	}
	j->next[j->sector] = j->slot + 1;
	if (st != PROT_OK) {
		return append_retry(j);
	}
	j->phase = PHASE_READ_BACK;
	return PROT_PENDING;
}

static enum prot_status append_read_back(struct prot_journal *j)
{
	enum prot_status st = j->flash->ops->read(j->flash->ctx, slot_offset(j),
						  j->got, sizeof(j->got));

	if (st == PROT_PENDING) {
		return st;
	}
	if (st != PROT_OK || memcmp(j->got, j->want, sizeof(j->got)) != 0) {
		return append_retry(j);
	}
	j->at = j->put;
	j->newest = j->sector;
	return append_end(j, PROT_OK);
}

enum prot_status prot_journal_append_step(struct prot_journal *j,
					  const struct prot_journal_record *rec)
{
	switch (j->phase) {
	case PHASE_READY:
		return append_begin(j, rec);
	case PHASE_ERASE:
		return append_erase(j);
	case PHASE_PROGRAM:
		return append_program(j);
	case PHASE_READ_BACK:
		return append_read_back(j);
	default:
		return PROT_ERR_STATE; /* not opened yet */
	}
}
