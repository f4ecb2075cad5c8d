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
#include "powercut_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Records in the journal before a scenario starts. With 6 its first sector is
 * about to fill up, and second faults meet every place in both.
 */
enum {
	PREFILL_END = 12,
	TWICE_AT = 6
};

struct scenario {
	const char *name;
	void (*prepare)(struct world *w);
	void (*run)(struct world *w);
	uint32_t golden_svn;
	uint32_t final_floor; /* after the last update */
};

static unsigned long cases;

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
		uint32_t n =
			powercut_versions[i] == GOLDEN ? s->golden_svn : svn[i];

		w->image[i] =
			fx_sign(&w->f, fx_header(powercut_versions[i], n));
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
