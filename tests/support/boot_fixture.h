/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SUPPORT_BOOT_FIXTURE_H
#define TEST_SUPPORT_BOOT_FIXTURE_H

/*
 * A small device for tests of boot and update: simulated flash and OTP, the
 * fake crypto provider, one signing key, and images made with it.
 */

#include "flash_sim.h"

#include <prot/crypto_fake.h>
#include <prot/services/boot.h>
#include <prot/services/update.h>

#define FX_COMPONENT 1
#define FX_BOARD     5
#define FX_PAYLOAD   100 /* bytes; ends inside a page and a program unit */
#define FX_IMAGE     (PROT_IMAGE_HEADER_SIZE + FX_PAYLOAD)

/* Steps after which a machine is taken to hang. */
#define FX_STEPS 20000

struct fx {
	struct flash_sim sim;
	struct prot_crypto_fake fake;
	struct prot_crypto crypto;
	struct prot_flash_layout layout;
	struct prot_boot_config cfg;
	prot_key key; /* signs images; slot 0 of the OTP */
};

struct fx_image {
	struct prot_image_header header;
	uint8_t bytes[FX_IMAGE];
};

extern const struct prot_flash_geometry fx_geometry;

/*
 * A provisioned device without images: key in slot 0, floor as given,
 * lifecycle production, journal blank.
 */
void fx_init(struct fx *f, const struct prot_flash_geometry *g, uint32_t floor);

/* An independent device in the same state. */
void fx_copy(struct fx *to, const struct fx *from);

/* The header of an image of that version: golden-capable, for this board. */
struct prot_image_header fx_header(uint16_t major, uint32_t svn);

/* Sign an image with that header; payload by version. */
struct fx_image fx_sign(struct fx *f, struct prot_image_header header);

/* Put an image into a bank, as a factory does. */
void fx_install(struct fx *f, enum prot_bank bank, const struct fx_image *img);

/* Write a first journal record with that state. */
void fx_journal(struct fx *f, const struct prot_journal_state *state);

/* Run to the end; the power may go. PROT_PENDING: it did not end. */
enum prot_status fx_boot(struct fx *f, struct prot_boot *b);
enum prot_status fx_open(struct fx *f, struct prot_journal *j);
enum prot_status fx_append(struct prot_journal *j,
			   const struct prot_journal_record *rec);
enum prot_status fx_report(struct prot_boot_report *r);
enum prot_status fx_ok(struct fx *f, struct prot_journal *j,
		       enum prot_bank bank);
enum prot_status fx_confirm(struct fx *f, struct prot_journal *j,
			    enum prot_bank bank);

/* Write a whole image in pieces of `piece` bytes, up to the last. */
enum prot_status fx_write(struct prot_update *u, const uint8_t *bytes,
			  uint32_t len, uint32_t piece);
enum prot_status fx_call(struct prot_update *u,
			 enum prot_status (*call)(struct prot_update *));

/* begin, write, verify, apply, activate. */
enum prot_status fx_update(struct prot_update *u, const struct fx_image *img,
			   uint32_t piece);

/* The floor as the OTP bits say, not as the code reads them. */
uint32_t fx_floor(const struct fx *f);

#endif /* TEST_SUPPORT_BOOT_FIXTURE_H */
