/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arbitrary journal sectors. Opening ends, yields a state in range, and the
 * journal works afterwards: what is appended is what is found next.
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

static void check_state(const struct prot_journal_state *s)
{
	must(s->active <= PROT_BANK_B);
	must(s->bank[PROT_BANK_A].state <= PROT_BANK_FAILED);
	must(s->bank[PROT_BANK_B].state <= PROT_BANK_FAILED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fx blank, f;
	struct prot_journal j;
	uint32_t at;

	if (size > 1024) {
		return 0;
	}
	if (blank.key == 0) {
		fx_init(&blank, &fx_geometry, 1);
	}
	fx_copy(&f, &blank);
	at = f.layout.journal[0].offset;
	must(f.layout.journal[1].offset == at + 512);
	if (size != 0) {
		flash_sim_load(&f.sim, at, data, (uint32_t)size);
	}
	must(fx_open(&f, &j) == PROT_OK);
	check_state(prot_journal_state(&j));
	for (uint8_t n = 1; n < 40; n++) {
		struct prot_journal_record rec = prot_journal_event(
			&j, PROT_JOURNAL_PENDING, PROT_BANK_B, n);
		enum prot_status st = fx_append(&j, &rec);

		/* a forged sequence number can use them up, no more */
		must(st == PROT_OK || st == PROT_ERR_SPACE);
		must(fx_open(&f, &j) == PROT_OK);
		check_state(prot_journal_state(&j));
		must(st != PROT_OK ||
		     prot_journal_state(&j)->bank[1].max_tries == n);
	}
	return 0;
}
