/* SPDX-License-Identifier: Apache-2.0 */
#include "boot_fixture.h"

#include <prot/crypto_wait.h>

#include <stdlib.h>
#include <string.h>

const struct prot_flash_geometry fx_geometry = {
	.size = 8 * 1024,
	.sector_size = 512,
	.page_size = 256,
	.program_unit = 4,
	.erased = 0xFF,
};

static void must(bool good)
{
	if (!good) {
		abort();
	}
}

static struct prot_flash_region region(uint32_t *at, uint32_t sector,
				       uint32_t size)
{
	struct prot_flash_region r = {*at,
				      (size + sector - 1) / sector * sector};

	*at += r.size;
	return r;
}

/* One sector at the start stays outside every region. */
static void make_layout(struct prot_flash_layout *l, uint32_t sector)
{
	uint32_t at = sector;

	memset(l, 0, sizeof(*l));
	for (size_t i = 0; i < PROT_BANK_COUNT; i++) {
		l->bank[i] = region(&at, sector, 1024);
	}
	l->journal[0] = region(&at, sector, sector);
	l->journal[1] = region(&at, sector, sector);
	l->keys =
		region(&at, sector, PROT_OTP_KEY_SLOTS * PROT_KEY_RECORD_SIZE);
}

static void bind(struct fx *f)
{
	flash_sim_bind(&f->sim);
	f->crypto = prot_crypto_fake_crypto(&f->fake);
	f->cfg.store.flash = &f->sim.flash;
	f->cfg.store.otp = &f->sim.otp;
	f->cfg.store.crypto = &f->crypto;
	f->cfg.store.layout = &f->layout;
}

static void provision(struct fx *f, uint32_t floor)
{
	uint8_t seed[PROT_SEED_MAX] = {1}, uds[PROT_OTP_UDS_SIZE] = {2};
	uint8_t key[PROT_KEY_RECORD_SIZE], hash[PROT_OTP_KEY_HASH_SIZE];
	struct prot_otp_provision p = {
		.uds = uds,
		.key_hash = {hash},
		.svn_floor = floor,
		.lifecycle = PROT_LIFECYCLE_PRODUCTION,
	};
	enum prot_status st;

	must(prot_crypto_wait_key_derive(&f->crypto, PROT_ASYM_ECDSA_P384, seed,
					 sizeof(seed), &f->key) == PROT_OK);
	must(prot_crypto_wait_key_public(&f->crypto, f->key, key) == PROT_OK);
	must(prot_crypto_hash(&f->crypto, PROT_HASH_SHA384, key, sizeof(key),
			      hash) == PROT_OK);
	do {
		st = prot_otp_provision_step(&p, &f->sim.otp);
	} while (st == PROT_PENDING);
	must(st == PROT_OK);
	flash_sim_load(&f->sim, f->layout.keys.offset, key, sizeof(key));
}

void fx_init(struct fx *f, const struct prot_flash_geometry *g, uint32_t floor)
{
	memset(f, 0, sizeof(*f));
	flash_sim_init(&f->sim, g);
	make_layout(&f->layout, g->sector_size);
	bind(f);
	f->cfg.component = FX_COMPONENT;
	f->cfg.board = FX_BOARD;
	f->cfg.boot_svn = 1;
	must(prot_flash_layout_check(&f->layout, g) == PROT_OK);
	provision(f, floor);
	flash_sim_power_on(&f->sim);
}

void fx_copy(struct fx *to, const struct fx *from)
{
	*to = *from;
	bind(to);
}

struct prot_image_header fx_header(uint16_t major, uint32_t svn)
{
	struct prot_image_header h = {
		.payload_size = FX_PAYLOAD,
		.component = FX_COMPONENT,
		.svn = svn,
		.svn_floor = svn,
		.version = {.major = major},
		.flags = PROT_IMAGE_FLAG_GOLDEN,
		.boards = 1ull << FX_BOARD,
	};

	return h;
}

struct fx_image fx_sign(struct fx *f, struct prot_image_header header)
{
	struct fx_image img = {.header = header};
	uint8_t *payload = img.bytes + PROT_IMAGE_HEADER_SIZE;
	enum prot_status st;

	must(header.payload_size <= FX_PAYLOAD);
	for (uint32_t i = 0; i < header.payload_size; i++) {
		payload[i] = (uint8_t)(i * 7u + header.version.major * 31u);
	}
	do {
		st = prot_image_sign(&f->crypto, f->key, &img.header, payload,
				     img.bytes);
	} while (st == PROT_PENDING);
	must(st == PROT_OK);
	return img;
}

void fx_install(struct fx *f, enum prot_bank bank, const struct fx_image *img)
{
	flash_sim_load(&f->sim, f->layout.bank[bank].offset, img->bytes,
		       FX_IMAGE);
}

void fx_journal(struct fx *f, const struct prot_journal_state *state)
{
	struct prot_journal j;
	struct prot_journal_record rec;

	must(fx_open(f, &j) == PROT_OK);
	rec = prot_journal_event(&j, PROT_JOURNAL_SNAPSHOT, PROT_BANK_A, 0);
	rec.state = *state;
	must(fx_append(&j, &rec) == PROT_OK);
}

enum prot_status fx_boot(struct fx *f, struct prot_boot *b)
{
	enum prot_status st = prot_boot_init(b, &f->cfg, NULL);

	must(st == PROT_OK);
	for (uint32_t i = 0; i < FX_STEPS; i++) {
		st = prot_boot_step(b);
		if (st != PROT_PENDING) {
			break;
		}
	}
	return st;
}

enum prot_status fx_open(struct fx *f, struct prot_journal *j)
{
	enum prot_status st = prot_journal_init(j, &f->sim.flash, &f->layout);

	must(st == PROT_OK);
	for (uint32_t i = 0; i < FX_STEPS; i++) {
		st = prot_journal_open_step(j);
		if (st != PROT_PENDING) {
			break;
		}
	}
	return st;
}

enum prot_status fx_append(struct prot_journal *j,
			   const struct prot_journal_record *rec)
{
	enum prot_status st = PROT_PENDING;

	for (uint32_t i = 0; i < FX_STEPS && st == PROT_PENDING; i++) {
		st = prot_journal_append_step(j, rec);
	}
	return st;
}

enum prot_status fx_report(struct prot_boot_report *r)
{
	enum prot_status st = PROT_PENDING;

	for (uint32_t i = 0; i < FX_STEPS && st == PROT_PENDING; i++) {
		st = prot_boot_report_step(r);
	}
	return st;
}

enum prot_status fx_ok(struct fx *f, struct prot_journal *j,
		       enum prot_bank bank)
{
	struct prot_boot_report r;

	prot_boot_ok_init(&r, &f->cfg, j, bank);
	return fx_report(&r);
}

enum prot_status fx_confirm(struct fx *f, struct prot_journal *j,
			    enum prot_bank bank)
{
	struct prot_boot_report r;

	prot_boot_confirm_init(&r, &f->cfg, j, bank);
	return fx_report(&r);
}

enum prot_status fx_write(struct prot_update *u, const uint8_t *bytes,
			  uint32_t len, uint32_t piece)
{
	enum prot_status st = PROT_OK;

	for (uint32_t at = 0; at < len && st == PROT_OK; at += piece) {
		uint32_t n = piece < len - at ? piece : len - at;
		uint32_t steps = 0;

		do {
			st = prot_update_write(u, at, bytes + at, n);
		} while (st == PROT_PENDING && ++steps < FX_STEPS);
	}
	return st;
}

enum prot_status fx_call(struct prot_update *u,
			 enum prot_status (*call)(struct prot_update *))
{
	enum prot_status st = PROT_PENDING;

	for (uint32_t i = 0; i < FX_STEPS && st == PROT_PENDING; i++) {
		st = call(u);
	}
	return st;
}

enum prot_status fx_update(struct prot_update *u, const struct fx_image *img,
			   uint32_t piece)
{
	enum prot_status st;

	do {
		st = prot_update_begin(u, FX_COMPONENT, FX_IMAGE);
	} while (st == PROT_PENDING);
	if (st == PROT_OK) {
		st = fx_write(u, img->bytes, FX_IMAGE, piece);
	}
	if (st == PROT_OK) {
		st = fx_call(u, prot_update_verify);
	}
	if (st == PROT_OK) {
		st = fx_call(u, prot_update_apply);
	}
	if (st == PROT_OK) {
		st = fx_call(u, prot_update_activate);
	}
	return st;
}

uint32_t fx_floor(const struct fx *f)
{
	uint32_t floor = 0;

	for (uint32_t i = 0; i < PROT_OTP_SVN_COPY; i++) {
		const uint8_t *p = f->sim.otp_data + PROT_OTP_SVN + i;
		uint32_t any = p[0] | p[PROT_OTP_SVN_COPY] |
			       (uint32_t)p[2 * PROT_OTP_SVN_COPY];

		for (; any != 0; any >>= 1) {
			floor += any & 1;
		}
	}
	return floor;
}
