/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Boot from arbitrary flash. The input is a list of patches to the flash of a
 * device with an image in each bank: offset (2 bytes, little endian), length
 * (1 byte), bytes. Boot must come to a decision, and start nothing but an
 * image that stands whole in its bank and is at or above the floor; reports of
 * that image must end as well.
 */
#include "boot_fixture.h"

#include <prot/base/cursor.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct fx whole, f;
static struct fx_image images[3];

static void must(bool good)
{
	if (!good) {
		abort();
	}
}

static void set_up(void)
{
	static const struct prot_journal_state js = {
		.bank = {{.state = PROT_BANK_CONFIRMED},
			 {.state = PROT_BANK_PENDING, .max_tries = 3}},
	};
	static const uint32_t svn[] = {3, 2, 4};

	fx_init(&whole, &fx_geometry, 2);
	for (unsigned i = 0; i < 3; i++) {
		images[i] =
			fx_sign(&whole, fx_header((uint16_t)(i + 1), svn[i]));
		fx_install(&whole, (enum prot_bank)i, &images[i]);
	}
	fx_journal(&whole, &js);
}

static void patch(const uint8_t *data, size_t size)
{
	struct prot_rd r = prot_rd_init(data, size);

	while (r.left != 0) {
		uint32_t at = prot_rd_le16(&r) % f.sim.flash.geometry.size;
		uint32_t len = prot_rd_u8(&r);
		const uint8_t *bytes = prot_rd_bytes(&r, len);

		if (!bytes || len > f.sim.flash.geometry.size - at) {
			break;
		}
		flash_sim_load(&f.sim, at, bytes, len);
	}
}

static bool is_ours(enum prot_bank bank)
{
	for (size_t i = 0; i < 3; i++) {
		if (flash_sim_holds(&f.sim, f.layout.bank[bank].offset,
				    images[i].bytes, FX_IMAGE) &&
		    images[i].header.svn >= fx_floor(&f)) {
			return true;
		}
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct prot_boot b;
	uint32_t floor;

	if (whole.key == 0) {
		set_up();
	}
	fx_copy(&f, &whole);
	patch(data, size);
	for (int boots = 0; boots < 3; boots++) {
		flash_sim_power_on(&f.sim);
		must(fx_boot(&f, &b) == PROT_OK);
		if (b.result.mode == PROT_BOOT_LOCKDOWN) {
			must(b.result.bank == PROT_BANK_NONE);
			break;
		}
		must(is_ours(b.result.bank));
		floor = fx_floor(&f);
		must(fx_ok(&f, &b.journal, b.result.bank) != PROT_PENDING);
		must(fx_confirm(&f, &b.journal, b.result.bank) != PROT_PENDING);
		must(fx_floor(&f) >= floor && fx_floor(&f) <= 4);
		must(f.sim.violation == NULL);
	}
	return 0;
}
