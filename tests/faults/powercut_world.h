/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FAULTS_POWERCUT_WORLD_H
#define TESTS_FAULTS_POWERCUT_WORLD_H

/*
 * The device of the power-cut test, how it lives through a power cycle, and
 * the properties that are checked on the raw content of its memories. A
 * property that does not hold ends the program, and says where it was.
 */
#include "boot_fixture.h"

/* Versions of images, by what they do. */
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

enum {
	IMAGE_COUNT = 5
};

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

extern const uint16_t powercut_versions[IMAGE_COUNT];

/* Where we are, for the report of a failure. */
struct place {
	const char *scenario;
	uint32_t geometry, prefill, at[2];
	enum sim_fault kind[2];
};
extern struct place place;
extern unsigned long boots; /* images started */

void expect(bool good, const char *what);
const struct fx_image *image_of(const struct world *w, uint16_t version);

/* For the simulator: P5 on each erase; ctx is the flash layout. */
void watch(void *ctx, const struct flash_sim *sim, bool erase, uint32_t offset);

/* Every property that holds at rest. */
void check_world(struct world *w);

/*
 * From reset to the point where the image runs, has reported itself and idles
 * with its journal open; or to the point where the power went.
 */
struct outcome live(struct world *w, struct prot_journal *j);

/* The same, but nothing where the power is gone. */
struct outcome reset(struct world *w, struct prot_journal *j);

/* What the running image does when an agent sends that version. */
enum prot_status update(struct world *w, struct prot_journal *j,
			enum prot_bank running, uint16_t version);

#endif /* TESTS_FAULTS_POWERCUT_WORLD_H */
