/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Power cuts and failing cells, at every operation.
 *
 * A scenario is a life of a device: boots, updates, reports. It is run once
 * without a fault to count the flash and OTP operations, then once for every
 * operation and every kind of fault, then once more for every operation and
 * kind of fault of the boot that follows. After each boot the properties
 * below are checked against the raw content of the memories, not by means of
 * the code under test; and in the end the device must take an update.
 *
 *	P1  some image starts, and it is a genuine one at or above the floor
 *	P2  the bank that runs is not written
 *	P3  a bank that the journal offers for booting holds a whole image
 *	P4  the journal is in the state before or after a transition (by P1, P3)
 *	P5  a journal sector is erased only when the other one is newer
 *	P6  the floor is not above golden, nor above every confirmed image
 *	P7  a bounded number of boots ends at an image that stays up
 *	P9  the update can be repeated
 *
 * Besides: an image on trial starts at most max_tries times.
 */
#include "boot_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OLD = 1,
	NEXT = 2,
	LAST = 3,
	HANGS = 7,
	GOLDEN = 9
};
enum {
	FLOOR = 1,
	MAX_BOOTS = 12
};

/*
 * Records in the journal before a scenario starts. With 6 its first sector is
 * about to fill up, and second faults meet every place in both.
 */
enum {
	PREFILL_END = 12,
	TWICE_AT = 6
};

enum {
	IMAGE_COUNT = 5
};
static const uint16_t versions[IMAGE_COUNT] = {OLD, NEXT, LAST, HANGS, GOLDEN};

/* One device and what the checker knows about its past. */
struct world {
	struct fx f;
	struct fx_image image[IMAGE_COUNT];
	struct fx_image golden;  /* what stands there, damaged or not */
	struct fx_image damaged; /* what the scenario spoilt on purpose */
	uint32_t floor;          /* as last seen */
	uint32_t trials;         /* starts of HANGS on trial */
};

/* How one power cycle went. */
struct outcome {
	enum prot_boot_mode mode;
	enum prot_bank bank;
	uint16_t version; /* 0: nothing started before the power went */
};

struct scenario {
	const char *name;
	void (*prepare)(struct world *w);
	void (*run)(struct world *w);
	uint32_t golden_svn;
	uint32_t final_floor; /* after the last update */
};

/* Where we are, for the report of a failure. */
static struct {
	const char *scenario;
	uint32_t geometry, prefill, at[2];
	enum sim_fault kind[2];
} place;
static unsigned long cases, boots;

static void expect(bool good, const char *what)
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

static const struct fx_image *image_of(const struct world *w, uint16_t version)
{
	for (size_t i = 0; i < IMAGE_COUNT; i++) {
		if (versions[i] == version) {
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

static void watch(void *ctx, const struct flash_sim *sim, bool erase,
		  uint32_t offset)
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

static void check_world(struct world *w)
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

/*
 * From reset to the point where the image runs, has reported itself and idles
 * with its journal open; or to the point where the power went.
 */
static struct outcome live(struct world *w, struct prot_journal *j)
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

static struct outcome reset(struct world *w, struct prot_journal *j)
{
	w->f.sim.keep_size = 0;
	return w->f.sim.off
		       ? (struct outcome){PROT_BOOT_LOCKDOWN, PROT_BANK_NONE, 0}
		       : live(w, j);
}

static enum prot_status update(struct world *w, struct prot_journal *j,
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

/* ---- scenarios ---- */

static void install(struct world *w, enum prot_bank bank, uint16_t version)
{
	fx_install(&w->f, bank, image_of(w, version));
}

static void record(struct world *w, struct prot_journal_bank a,
		   struct prot_journal_bank b)
{
	const struct prot_journal_state js = {PROT_BANK_A, {a, b}};

	fx_journal(&w->f, &js);
}

static const struct prot_journal_bank confirmed = {.state =
							   PROT_BANK_CONFIRMED};
static const struct prot_journal_bank empty = {.state = PROT_BANK_EMPTY};
static const struct prot_journal_bank pending = {
	.state = PROT_BANK_PENDING, .max_tries = PROT_BOOT_MAX_TRIES};

static void prepare_plain(struct world *w)
{
	install(w, PROT_BANK_A, OLD);
	record(w, confirmed, empty);
}

static void run_story(struct world *w)
{
	struct prot_journal j;
	struct outcome o = live(w, &j);

	if (o.version != 0 && update(w, &j, o.bank, NEXT) == PROT_OK) {
		reset(w, &j); /* on trial, confirmed, floor raised */
		reset(w, &j);
	}
}

/* B still confirmed, and overwritten. */
static void prepare_two(struct world *w)
{
	install(w, PROT_BANK_A, OLD);
	install(w, PROT_BANK_B, OLD);
	record(w, confirmed, confirmed);
}

static void run_change_of_mind(struct world *w)
{
	static struct prot_update u;
	struct prot_journal j;
	struct outcome o = live(w, &j);

	if (o.version == 0 ||
	    prot_update_init(&u, &w->f.cfg, &j, o.bank) != PROT_OK) {
		return;
	}
	if (fx_update(&u, image_of(w, LAST), 64) == PROT_OK &&
	    prot_update_begin(&u, FX_COMPONENT, FX_IMAGE) == PROT_OK &&
	    fx_write(&u, image_of(w, NEXT)->bytes, 600, 100) == PROT_OK &&
	    fx_call(&u, prot_update_cancel) == PROT_OK &&
	    fx_update(&u, image_of(w, NEXT), 33) == PROT_OK) {
		reset(w, &j);
	}
}

static void prepare_hanging_trial(struct world *w)
{
	install(w, PROT_BANK_A, OLD);
	install(w, PROT_BANK_B, HANGS);
	record(w, confirmed, pending);
}

static void run_resets(struct world *w)
{
	struct prot_journal j;

	for (int i = 0; i < PROT_BOOT_MAX_TRIES + 2; i++) {
		reset(w, &j);
	}
}

static void prepare_hanging_active(struct world *w)
{
	install(w, PROT_BANK_A, HANGS);
	install(w, PROT_BANK_B, OLD);
	record(w, confirmed, confirmed);
}

static void prepare_hanging_alone(struct world *w)
{
	install(w, PROT_BANK_A, HANGS);
	record(w, confirmed, empty);
}

static void prepare_ruins(struct world *w)
{
	fx_install(&w->f, PROT_BANK_A, &w->damaged);
	fx_install(&w->f, PROT_BANK_B, &w->damaged);
	record(w, confirmed, confirmed);
}

/* An old flash content put back under a floor that has moved on. */
static void prepare_rollback(struct world *w)
{
	static const uint8_t floor3 = 0x07;

	for (uint32_t copy = 0; copy < 3; copy++) {
		w->f.sim.otp_data[PROT_OTP_SVN + copy * PROT_OTP_SVN_COPY] =
			floor3;
	}
	w->floor = 3;
	prepare_two(w);
}

static void prepare_bad_golden(struct world *w)
{
	w->golden.bytes[FX_IMAGE - 1] ^= 0x10;
	prepare_plain(w);
}

static const struct scenario scenarios[] = {
	{"update, trial, confirm", prepare_plain, run_story, 5, 4},
	{"golden holds the floor", prepare_plain, run_story, 2, 2},
	{"overwrite a confirmed bank", prepare_two, run_story, 5, 4},
	{"cancel and change of mind", prepare_plain, run_change_of_mind, 5, 4},
	{"never confirms", prepare_hanging_trial, run_resets, 5, 4},
	{"active hangs", prepare_hanging_active, run_resets, 5, 4},
	{"active hangs, no other", prepare_hanging_alone, run_resets, 5, 4},
	{"golden recovery", prepare_ruins, run_story, 5, 4},
	{"golden is damaged", prepare_bad_golden, run_story, 5, FLOOR},
	{"rolled back flash", prepare_rollback, run_story, 5, 4},
};

/* ---- faults ---- */

/* Boot until an image stays up; returns with its journal open. */
static struct outcome settle(struct world *w, struct prot_journal *j)
{
	struct outcome o = {PROT_BOOT_LOCKDOWN, PROT_BANK_NONE, 0};

	for (int i = 0; i < MAX_BOOTS; i++) {
		flash_sim_power_on(&w->f.sim);
		check_world(w);
		o = live(w, j);
		check_world(w);
		if (o.version != HANGS) {
			return o;
		}
	}
	expect(false, "P7: boots without end");
	return o;
}

/* The last word on every case: the device still takes an update. */
static void finish(struct world *w, const struct scenario *s)
{
	struct prot_journal j;
	struct outcome o = settle(w, &j);

	cases++;
	expect(update(w, &j, o.bank, LAST) == PROT_OK,
	       "P9: the update cannot be repeated");
	o = settle(w, &j);
	expect(o.version == LAST && o.mode == PROT_BOOT_TRIAL,
	       "P9: the update does not boot");
	o = settle(w, &j);
	expect(o.version == LAST && o.mode == PROT_BOOT_NORMAL,
	       "P9: the update was not confirmed");
	expect(fx_floor(&w->f) == s->final_floor,
	       "P9: the floor did not follow");
}

/* The other kinds leave nothing that these do not. */
static const enum sim_fault second_kinds[] = {
	SIM_CUT_BEFORE, SIM_CUT_HALF,  SIM_CUT_UNSTABLE,
	SIM_CUT_WEAK,   SIM_CUT_AFTER, SIM_SILENT_HALF,
};

/* Every fault of the boot that follows, on copies of a world. */
static void second_faults(const struct world *after, const struct scenario *s)
{
	static struct world w;
	struct prot_journal j;
	uint32_t ops;

	w = *after;
	fx_copy(&w.f, &after->f);
	flash_sim_power_on(&w.f.sim);
	live(&w, &j);
	ops = w.f.sim.ops;
	for (place.at[1] = 1; place.at[1] <= ops; place.at[1]++) {
		for (size_t k = 0; k < PROT_ARRAY_SIZE(second_kinds); k++) {
			place.kind[1] = second_kinds[k];
			w = *after;
			fx_copy(&w.f, &after->f);
			w.f.sim.watch_ctx = &w.f.layout;
			flash_sim_plan(&w.f.sim, place.at[1], place.kind[1]);
			live(&w, &j);
			expect(w.f.sim.violation == NULL, "flash rule broken");
			finish(&w, s);
		}
	}
	place.at[1] = 0;
	place.kind[1] = SIM_CUT_BEFORE;
}

static void first_faults(const struct world *start, const struct scenario *s,
			 bool twice)
{
	static struct world w, after;
	uint32_t ops;

	w = *start;
	fx_copy(&w.f, &start->f);
	w.f.sim.watch_ctx = &w.f.layout;
	s->run(&w);
	check_world(&w);
	ops = w.f.sim.ops;
	finish(&w, s);
	for (place.at[0] = 1; place.at[0] <= ops; place.at[0]++) {
		for (unsigned k = 0; k < SIM_FAULT_COUNT; k++) {
			place.kind[0] = (enum sim_fault)k;
			w = *start;
			fx_copy(&w.f, &start->f);
			w.f.sim.watch_ctx = &w.f.layout;
			flash_sim_plan(&w.f.sim, place.at[0], place.kind[0]);
			s->run(&w);
			expect(w.f.sim.faulted, "the fault was not reached");
			expect(w.f.sim.violation == NULL, "flash rule broken");
			after = w;
			fx_copy(&after.f, &w.f);
			after.f.sim.watch_ctx = &after.f.layout;
			finish(&w, s);
			if (twice) {
				second_faults(&after, s);
			}
		}
	}
	place.at[0] = 0;
}

static void prepare(struct world *w, const struct scenario *s,
		    const struct prot_flash_geometry *g, uint32_t prefill)
{
	static const uint32_t svn[IMAGE_COUNT] = {1, 3, 4, 3, 0};
	struct prot_journal j;

	memset(w, 0, sizeof(*w));
	fx_init(&w->f, g, FLOOR);
	for (size_t i = 0; i < IMAGE_COUNT; i++) {
		uint32_t n = versions[i] == GOLDEN ? s->golden_svn : svn[i];

		w->image[i] = fx_sign(&w->f, fx_header(versions[i], n));
	}
	w->damaged = *image_of(w, OLD);
	w->damaged.bytes[FX_IMAGE - 1] ^= 0x10;
	w->floor = FLOOR;
	w->golden = *image_of(w, GOLDEN);
	s->prepare(w);
	fx_install(&w->f, PROT_BANK_GOLDEN, &w->golden);
	if (fx_open(&w->f, &j) != PROT_OK) {
		abort();
	}
	for (uint32_t i = 0; i < prefill; i++) {
		struct prot_journal_record rec = prot_journal_event(
			&j, PROT_JOURNAL_SNAPSHOT, PROT_BANK_A, 0);

		if (fx_append(&j, &rec) != PROT_OK) {
			abort();
		}
	}
	flash_sim_power_on(&w->f.sim);
	w->f.sim.watch = watch;
}

static const struct prot_flash_geometry geometries[] = {
	{8192, 256, 128, 4, 0xFF},
	{8192, 512, 256, 1, 0xFF},
	{8192, 256, 64, 32, 0x00},
};

int main(void)
{
	static struct world start;

	for (place.geometry = 0; place.geometry < PROT_ARRAY_SIZE(geometries);
	     place.geometry++) {
		const struct prot_flash_geometry *g =
			&geometries[place.geometry];

		for (size_t i = 0; i < PROT_ARRAY_SIZE(scenarios); i++) {
			unsigned long before = cases;

			place.scenario = scenarios[i].name;
			for (place.prefill = 0; place.prefill < PREFILL_END;
			     place.prefill += 2) {
				prepare(&start, &scenarios[i], g,
					place.prefill);
				first_faults(&start, &scenarios[i],
					     place.prefill == TWICE_AT &&
						     place.geometry == 0);
			}
			printf("geometry %u, %-28s %7lu cases\n",
			       (unsigned)place.geometry, scenarios[i].name,
			       cases - before);
			fflush(stdout);
		}
	}
	printf("%lu cases, %lu boots: every one ended at a genuine image at or "
	       "above the floor and took an update\n",
	       cases, boots);
	return 0;
}
