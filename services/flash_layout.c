/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/flash_layout.h>
#include <prot/services/image.h>

#include <stdbool.h>

const struct prot_flash_layout prot_flash_layout_ast1060 = {
	.bank = {{0x018000, 0x050000},
		 {0x068000, 0x050000},
		 {0x0B8000, 0x030000}},
	.journal = {{0x0E8000, 0x001000}, {0x0E9000, 0x001000}},
	.keys = {0x0EA000, 0x001000},
	.identity = {0x0EB000, 0x005000},
	.storage = {{0x0F0000, 0x004000}, {0x0F4000, 0x004000}},
};

const char *prot_bank_text(enum prot_bank bank)
{
	switch (bank) {
	case PROT_BANK_A:
		return "A";
	case PROT_BANK_B:
		return "B";
	case PROT_BANK_GOLDEN:
		return "golden";
	case PROT_BANK_COUNT:
	case PROT_BANK_NONE:
	default:
		return "none";
	}
}

/* Places in the list of all regions; those below OPTIONAL must be present. */
enum {
	REGION_COUNT = 9,
	REGION_OPTIONAL = 5,
	REGION_KEYS = 4
};

static void list_regions(const struct prot_flash_layout *layout,
			 const struct prot_flash_region *list[REGION_COUNT])
{
	list[0] = &layout->bank[PROT_BANK_A];
	list[1] = &layout->bank[PROT_BANK_B];
	list[2] = &layout->journal[0];
	list[3] = &layout->journal[1];
	list[REGION_KEYS] = &layout->keys;
	list[REGION_OPTIONAL] = &layout->bank[PROT_BANK_GOLDEN];
	list[6] = &layout->identity;
	list[7] = &layout->storage[0];
	list[8] = &layout->storage[1];
}

static bool region_fits(const struct prot_flash_region *r,
			const struct prot_flash_geometry *g)
{
	return r->offset % g->sector_size == 0 &&
	       r->size % g->sector_size == 0 && r->offset <= g->size &&
	       r->size <= g->size - r->offset;
}

static bool regions_overlap(const struct prot_flash_region *a,
			    const struct prot_flash_region *b)
{
	return a->offset < b->offset + b->size &&
	       b->offset < a->offset + a->size;
}

static bool geometry_valid(const struct prot_flash_geometry *g)
{
	return g->sector_size != 0 && g->page_size != 0 &&
	       g->program_unit != 0 && g->size % g->sector_size == 0 &&
	       g->sector_size % g->page_size == 0 &&
	       g->page_size % g->program_unit == 0;
}

/* Entry i against the device and against the entries before it. */
static bool region_valid(const struct prot_flash_region *const *list, size_t i,
			 const struct prot_flash_geometry *g)
{
	bool good = region_fits(list[i], g) &&
		    (list[i]->size != 0 || i >= REGION_OPTIONAL);

	for (size_t k = 0; k < i; k++) {
		good = good && !regions_overlap(list[i], list[k]);
	}
	return good;
}

enum prot_status
prot_flash_layout_check(const struct prot_flash_layout *layout,
			const struct prot_flash_geometry *geometry)
{
	const struct prot_flash_region *list[REGION_COUNT];
	bool good = geometry_valid(geometry);

	list_regions(layout, list);
	for (size_t i = 0; good && i < REGION_COUNT; i++) {
		good = region_valid(list, i, geometry);
	}
	good = good &&
	       layout->keys.size >= PROT_OTP_KEY_SLOTS * PROT_KEY_RECORD_SIZE &&
	       layout->bank[PROT_BANK_A].size >= PROT_IMAGE_HEADER_SIZE &&
	       layout->bank[PROT_BANK_B].size >= PROT_IMAGE_HEADER_SIZE;
	return good ? PROT_OK : PROT_ERR_ARG;
}
