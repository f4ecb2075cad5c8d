/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One image header, then payload: decoded, judged, verified in flash and ahead
 * of flash. What decodes must encode to the same bytes, and both ways of
 * verifying a header must agree. The first byte of the input: bit 0 accepts
 * every signature, so that what lies behind is reached too.
 */
#include "boot_fixture.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good) {
		abort();
	}
}

static enum prot_image_reason finish(struct prot_image_verify *v)
{
	enum prot_status st = PROT_PENDING;

	for (uint32_t i = 0; i < FX_STEPS && st == PROT_PENDING; i++) {
		st = prot_image_verify_step(v);
	}
	must(st != PROT_PENDING);
	must((st == PROT_OK) == (v->reason == PROT_IMAGE_ACCEPTED));
	return v->reason;
}

static void check_codec(const uint8_t *raw)
{
	struct prot_image_header h;
	uint8_t again[PROT_IMAGE_HEADER_SIZE];

	if (prot_image_header_decode(raw, &h) == PROT_IMAGE_ACCEPTED) {
		prot_image_header_encode(&h, again);
		must(memcmp(raw, again, sizeof(again)) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fx blank, f;
	static struct prot_image_verify v;
	uint8_t raw[PROT_IMAGE_HEADER_SIZE] = {0};
	enum prot_image_reason ahead, whole;
	struct prot_image_rules rules = {
		.component = FX_COMPONENT,
		.max_size = 1024,
		.svn_floor = 2,
		.boot_svn = 1,
		.board = FX_BOARD,
	};

	if (size < 1 || size > 1025) {
		return 0;
	}
	if (blank.key == 0) {
		fx_init(&blank, &fx_geometry, 2);
	}
	fx_copy(&f, &blank);
	f.fake.accept_any = data[0] & 1;
	data++;
	size--;
	memcpy(raw, data, size < sizeof(raw) ? size : sizeof(raw));
	check_codec(raw);
	prot_image_verify_header_init(&v, &f.cfg.store, &rules, raw);
	ahead = finish(&v);
	if (size > 0) {
		flash_sim_load(&f.sim, f.layout.bank[PROT_BANK_A].offset, data,
			       (uint32_t)size);
	}
	if (size < sizeof(raw)) {
		return 0; /* erased bytes follow in flash, zeros in raw */
	}
	prot_image_verify_init(&v, &f.cfg.store, &rules,
			       f.layout.bank[PROT_BANK_A].offset, NULL);
	whole = finish(&v);
	must(whole == ahead ||
	     (ahead == PROT_IMAGE_ACCEPTED && whole == PROT_IMAGE_DIGEST));
	return 0;
}
