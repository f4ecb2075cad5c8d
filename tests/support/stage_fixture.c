/* SPDX-License-Identifier: Apache-2.0 */
#include "stage_fixture.h"

#include <stdlib.h>
#include <string.h>

const uint8_t sx_uds[PROT_OTP_UDS_SIZE] = "public test UDS";

static void must(bool good)
{
	if (!good) {
		abort();
	}
}

static void install_images(struct sx *s)
{
	struct prot_journal_state state = {.active = PROT_BANK_A};
	struct fx_image image = fx_sign(&s->fx, fx_header(1, 1));

	fx_install(&s->fx, PROT_BANK_A, &image);
	image = fx_sign(&s->fx, fx_header(9, 1));
	fx_install(&s->fx, PROT_BANK_GOLDEN, &image);
	state.bank[0].state = PROT_BANK_CONFIRMED;
	fx_journal(&s->fx, &state);
}

static void install_identity(struct sx *s)
{
	uint8_t region[PROT_IDENTITY_SIZE_MAX];
	size_t len;

	must(device_chain_provision(&s->fx.crypto, &s->factory) == PROT_OK);
	must(prot_identity_encode(s->factory.buf, s->factory.chain.len, region,
				  sizeof(region), &len) == PROT_OK);
	flash_sim_load(&s->fx.sim, SX_IDENTITY_OFFSET, region, (uint32_t)len);
	memcpy(s->fx.sim.otp_data + PROT_OTP_UDS, sx_uds, sizeof(sx_uds));
}

void sx_init(struct sx *s)
{
	struct prot_flash_geometry g = fx_geometry;

	memset(s, 0, sizeof(*s));
	g.size = FLASH_SIM_MAX;
	fx_init(&s->fx, &g, 1);
	s->fx.layout.identity = (struct prot_flash_region){SX_IDENTITY_OFFSET,
							   SX_IDENTITY_SIZE};
	install_images(s);
	install_identity(s);
	s->cfg.boot = s->fx.cfg;
	s->cfg.product = "Test Product";
	s->cfg.vendor = "Test Vendor";
	s->cfg.model = "Test Model";
	memset(s->in.boot_digest, 0xb0, sizeof(s->in.boot_digest));
}

void sx_bind(struct sx *s)
{
	struct fx copy = s->fx;

	fx_copy(&s->fx, &copy);
	s->cfg.boot = s->fx.cfg;
}

enum prot_status sx_boot(struct sx *s)
{
	enum prot_status st =
		prot_boot_stage_init(&s->stage, &s->cfg, &s->in, NULL);

	must(st == PROT_OK);
	st = PROT_PENDING;
	for (int i = 0; i < FX_STEPS && st == PROT_PENDING; i++) {
		st = prot_boot_stage_step(&s->stage);
	}
	return st;
}

struct prot_span sx_root(const struct sx *s)
{
	struct prot_rd r = prot_rd_init(s->factory.buf, s->factory.chain.len);
	struct prot_span root;

	must(prot_x509_next(&r, &root) == PROT_OK);
	return root;
}
