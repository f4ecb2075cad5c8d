/* SPDX-License-Identifier: Apache-2.0 */
#include "powercut_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const uint16_t powercut_versions[IMAGE_COUNT] = {OLD, NEXT, LAST, HANGS,
						 GOLDEN};

struct place place;
unsigned long boots;

void expect(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr,
			"FAIL: %s\n  scenario %s, geometry %u, prefill %u, "
			"fault %u at operation %u, then %u at %u\n",
			what, place.scenario, (unsigned)place.geometry,
			(unsigned)place.prefill, (unsigned)place.kind[0],
			(unsigned)place.at[0], (unsigned)place.kind[1],
			(unsigned)place.at[1]);
		exit(1);
	}
}

const struct fx_image *image_of(const struct world *w, uint16_t version)
{
	for (size_t i = 0; i < IMAGE_COUNT; i++) {
		if (powercut_versions[i] == version) {
			return &w->image[i];
		}
	}
	abort();
}

/* Which image stands there, byte for byte; NULL: none of ours. */
static const struct fx_image *content(const struct world *w,
				      enum prot_bank bank)
{
	uint32_t at = w->f.layout.bank[bank].offset;

	for (size_t i = 0; i < IMAGE_COUNT; i++) {
		if (flash_sim_holds(&w->f.sim, at, w->image[i].bytes,
				    FX_IMAGE)) {
			return &w->image[i];
		}
	}
	return NULL;
}

/*
 * Highest sequence number in a journal sector, from the raw bytes. A record
 * that reads differently from one time to the next is not one to rely on.
 */
static uint32_t newest_in(const struct flash_sim *sim, uint32_t offset,
			  uint32_t stride)
{
	uint32_t end = offset + sim->flash.geometry.sector_size, seq = 0;
	struct prot_journal_record rec;

	for (uint32_t at = offset; at < end; at += stride) {
		const uint8_t *raw = sim->data + at;

		if (flash_sim_holds(sim, at, raw, PROT_JOURNAL_RECORD_SIZE) &&
		    prot_journal_record_decode(raw, &rec) == PROT_OK &&
		    rec.seq > seq) {
			seq = rec.seq;
		}
	}
	return seq;
}

void watch(void *ctx, const struct flash_sim *sim, bool erase, uint32_t offset)
{
	const struct prot_flash_layout *l = ctx;
	uint32_t unit = sim->flash.geometry.program_unit;
	uint32_t stride = unit > PROT_JOURNAL_RECORD_SIZE
				  ? unit
				  : PROT_JOURNAL_RECORD_SIZE;

	for (size_t i = 0; erase && i < 2; i++) {
		if (offset == l->journal[i].offset) {
			expect(newest_in(sim, l->journal[i ^ 1].offset,
					 stride) >
				       newest_in(sim, offset, stride),
			       "P5: erased the newest journal record");
		}
	}
}

static void check_bank(struct world *w, const struct prot_journal_bank *jb,
		       enum prot_bank bank)
{
	bool damaged = flash_sim_holds(&w->f.sim, w->f.layout.bank[bank].offset,
				       w->damaged.bytes, FX_IMAGE);

	if (jb->state != PROT_BANK_EMPTY && jb->state != PROT_BANK_FAILED &&
	    !damaged) {
		expect(content(w, bank) != NULL,
		       "P3: the journal offers a bank without a whole image");
	}
}

/* A golden image that does not verify allows no move of the floor. */
static uint32_t golden_svn(const struct world *w)
{
	const struct fx_image *golden = image_of(w, GOLDEN);

	return content(w, PROT_BANK_GOLDEN) == golden ? golden->header.svn
						      : FLOOR;
}

/* The floor moved: some confirmed image must have asked for that much. */
static void check_floor(struct world *w, const struct prot_journal_state *js)
{
	uint32_t floor = fx_floor(&w->f), asked = FLOOR;

	for (unsigned i = 0; i < 2; i++) {
		const struct fx_image *img = content(w, (enum prot_bank)i);

		if (img && js->bank[i].state == PROT_BANK_CONFIRMED &&
		    img->header.svn_floor > asked) {
			asked = img->header.svn_floor;
		}
	}
	expect(floor >= w->floor, "the floor went down");
	expect(floor == w->floor || floor <= asked,
	       "P6: the floor is above every confirmed image");
	expect(floor <= golden_svn(w), "P6: the floor is above golden");
	w->floor = floor;
}

void check_world(struct world *w)
{
	const struct prot_journal_state *js;
	struct prot_journal j;

	expect(w->f.sim.violation == NULL, "flash rule broken");
	expect(flash_sim_holds(&w->f.sim,
			       w->f.layout.bank[PROT_BANK_GOLDEN].offset,
			       w->golden.bytes, FX_IMAGE),
	       "golden was changed");
	if (w->f.sim.off) {
		return;
	}
	expect(fx_open(&w->f, &j) == PROT_OK, "journal does not open");
	expect(!prot_journal_lost(&j), "journal lost");
	js = prot_journal_state(&j);
	check_bank(w, &js->bank[PROT_BANK_A], PROT_BANK_A);
	check_bank(w, &js->bank[PROT_BANK_B], PROT_BANK_B);
	check_floor(w, js);
}

/*
 * Faults that leave a blank-looking slot which does not hold the next record
 * for good. Such a record may get lost once it has done its work, and a try
 * with it.
 */
static uint32_t wavering(void)
{
	return (uint32_t)(place.kind[0] == SIM_CUT_WEAK) +
	       (uint32_t)(place.kind[1] == SIM_CUT_WEAK);
}

static void check_start(struct world *w, const struct prot_boot_result *res)
{
	const struct fx_image *img;

	boots++;
	expect(res->mode != PROT_BOOT_LOCKDOWN, "P1: lock down");
	img = content(w, res->bank);
	expect(img != NULL, "P1: started something that is not genuine");
	expect(img->header.version.major == res->header.version.major,
	       "P1: started another image than the result says");
	expect(img->header.svn >= fx_floor(&w->f),
	       "P1: started an image below the floor");
	if (res->header.version.major == HANGS &&
	    res->mode == PROT_BOOT_TRIAL) {
		w->trials++;
		expect(w->trials <= PROT_BOOT_MAX_TRIES + wavering(),
		       "a trial started too often");
	}
}

static void protect(struct world *w, enum prot_bank bank)
{
	w->f.sim.keep_offset = w->f.layout.bank[bank].offset;
	w->f.sim.keep_size = w->f.layout.bank[bank].size;
}

struct outcome live(struct world *w, struct prot_journal *j)
{
	struct outcome out = {PROT_BOOT_LOCKDOWN, PROT_BANK_NONE, 0};
	static struct prot_boot b;

	expect(fx_boot(&w->f, &b) == PROT_OK, "P7: boot does not end");
	if (w->f.sim.off) {
		return out;
	}
	check_start(w, &b.result);
	out.mode = b.result.mode;
	out.bank = b.result.bank;
	out.version = b.result.header.version.major;
	protect(w, out.bank);
	expect(fx_open(&w->f, j) == PROT_OK, "journal does not open");
	if (out.version == HANGS) {
		return out;
	}
	if (fx_ok(&w->f, j, out.bank) == PROT_PENDING ||
	    (out.bank != PROT_BANK_GOLDEN &&
	     fx_confirm(&w->f, j, out.bank) == PROT_PENDING)) {
		expect(false, "a report does not end");
	}
	return out;
}

struct outcome reset(struct world *w, struct prot_journal *j)
{
	w->f.sim.keep_size = 0;
	return w->f.sim.off
		       ? (struct outcome){PROT_BOOT_LOCKDOWN, PROT_BANK_NONE, 0}
		       : live(w, j);
}

enum prot_status update(struct world *w, struct prot_journal *j,
			enum prot_bank running, uint16_t version)
{
	static struct prot_update u;
	enum prot_status st;

	if (prot_update_init(&u, &w->f.cfg, j, running) != PROT_OK) {
		abort();
	}
	st = fx_update(&u, image_of(w, version), 200);
	if (!w->f.sim.off) {
		check_world(w);
	}
	return st;
}
