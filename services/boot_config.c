/* SPDX-License-Identifier: Apache-2.0 */
#include "boot_private.h"

struct prot_image_rules prot_boot_rules(const struct prot_boot_config *cfg,
					enum prot_bank bank, uint32_t svn_floor,
					bool allow_debug)
{
	struct prot_image_rules rules = {
		.component = cfg->component,
		.max_size = cfg->store.layout->bank[bank].size,
		.svn_floor = svn_floor,
		.boot_svn = cfg->boot_svn,
		.policy_version = cfg->policy_version,
		.load_address = cfg->load_address,
		.load_size = cfg->load_size,
		.board = cfg->board,
		.allow_debug = allow_debug,
		.golden = bank == PROT_BANK_GOLDEN,
	};

	return rules;
}

enum prot_status prot_boot_read_lifecycle(const struct prot_boot_config *cfg,
					  uint8_t *copies)
{
	const struct prot_otp *otp = cfg->store.otp;

	return otp->ops->read(otp->ctx, PROT_OTP_LIFECYCLE, copies,
			      PROT_OTP_LIFECYCLE_SIZE);
}

bool prot_boot_config_valid(const struct prot_boot_config *cfg)
{
	const struct prot_image_store *s = &cfg->store;

	return s->flash && s->otp && s->crypto && s->layout &&
	       cfg->board <= 63 && s->otp->size >= PROT_OTP_SIZE &&
	       prot_flash_layout_check(s->layout, &s->flash->geometry) ==
		       PROT_OK;
}

const char *prot_boot_mode_text(enum prot_boot_mode mode)
{
	switch (mode) {
	case PROT_BOOT_NORMAL:
		return "normal";
	case PROT_BOOT_TRIAL:
		return "trial";
	case PROT_BOOT_RECOVERY:
		return "recovery";
	case PROT_BOOT_LOCKDOWN:
		return "lockdown";
	default:
		return "unknown";
	}
}
