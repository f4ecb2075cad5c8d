/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sequences of calls on the update. One byte per call: the low three bits are
 * the call, the others its argument; a write is followed by one byte that is
 * xored into the last of its bytes, its top bit allowing the write to run past
 * the end of the image. Whatever comes, the running bank stays,
 * no rule of the flash is broken, and a bank that would be booted verifies.
 */
#include "boot_fixture.h"

#include <prot/base/cursor.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct fx whole, f;
static struct fx_image old, next;
static struct prot_journal j;
static struct prot_update u;

static void must(bool good)
{
	if (!good) {
		abort();
	}
}

static void set_up(void)
{
	static const struct prot_journal_state js = {
		.bank = {{.state = PROT_BANK_CONFIRMED}},
	};

	fx_init(&whole, &fx_geometry, 2);
	old = fx_sign(&whole, fx_header(1, 2));
	next = fx_sign(&whole, fx_header(2, 3));
	fx_install(&whole, PROT_BANK_A, &old);
	fx_journal(&whole, &js);
}

/* Continue the image where the update stands. */
static void write_next(uint32_t len, uint8_t change)
{
	uint8_t buf[256] = {0};
	uint32_t at = prot_update_received(&u);
	uint32_t n = at < FX_IMAGE ? FX_IMAGE - at : 0;
	bool overrun = change & 0x80;
	enum prot_status st;
	uint32_t steps = 0;

	n = n < len ? n : len;
	memcpy(buf, next.bytes + (n ? at : 0), n);
	len = overrun ? len : n;
	if (len != 0) {
		buf[len - 1] ^= change;
	}
	do {
		st = prot_update_write(&u, at, buf, len);
	} while (st == PROT_PENDING && ++steps < FX_STEPS);
	must(st != PROT_PENDING);
}

static void call(struct prot_rd *r)
{
	uint8_t op = prot_rd_u8(r);
	uint32_t arg = op >> 3;
	enum prot_status st;

	switch (op & 7) {
	case 0:
		st = prot_update_begin(&u, FX_COMPONENT,
				       arg == 31 ? FX_IMAGE : 480 + 16 * arg);
		must(st != PROT_PENDING || u.work != 0); /* settling */
		break;
	case 1:
		write_next(8 * arg, prot_rd_u8(r));
		break;
	case 2:
		must(fx_call(&u, prot_update_verify) != PROT_PENDING);
		break;
	case 3:
		must(fx_call(&u, prot_update_apply) != PROT_PENDING);
		break;
	case 4:
		must(fx_call(&u, prot_update_activate) != PROT_PENDING);
		break;
	case 5:
		must(fx_call(&u, prot_update_cancel) != PROT_PENDING);
		break;
	case 6: /* started and not finished */
		st = arg & 1 ? prot_update_verify(&u) : prot_update_cancel(&u);
		must(st != PROT_ERR_ARG);
		break;
	default:
		f.sim.fault_at = f.sim.ops + arg;
		f.sim.fault = SIM_ERROR_HALF;
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct prot_rd r = prot_rd_init(data, size < 400 ? size : 400);

	if (whole.key == 0) {
		set_up();
	}
	fx_copy(&f, &whole);
	must(fx_open(&f, &j) == PROT_OK);
	must(prot_update_init(&u, &f.cfg, &j, PROT_BANK_A) == PROT_OK);
	while (r.left != 0) {
		const struct prot_journal_bank *b;

		call(&r);
		must(f.sim.violation == NULL);
		must(flash_sim_holds(&f.sim, f.layout.bank[PROT_BANK_A].offset,
				     old.bytes, FX_IMAGE));
		b = &prot_journal_state(&j)->bank[PROT_BANK_B];
		must(b->state == PROT_BANK_EMPTY ||
		     flash_sim_holds(&f.sim, f.layout.bank[PROT_BANK_B].offset,
				     next.bytes, FX_IMAGE));
	}
	return 0;
}
