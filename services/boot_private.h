/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_BOOT_PRIVATE_H
#define PROT_SERVICES_BOOT_PRIVATE_H

/* What boot selection, reports and updates share. */

#include <prot/services/boot.h>

/* What an image must satisfy to stand in that bank and run. */
struct prot_image_rules prot_boot_rules(const struct prot_boot_config *cfg,
					enum prot_bank bank, uint32_t svn_floor,
					bool allow_debug);

/* Read PROT_OTP_LIFECYCLE_SIZE bytes; `copies` stays put while pending. */
enum prot_status prot_boot_read_lifecycle(const struct prot_boot_config *cfg,
					  uint8_t *copies);

/* Whether every op and region that boot uses is there. */
bool prot_boot_config_valid(const struct prot_boot_config *cfg);

static inline uint32_t prot_boot_max_tries(const struct prot_boot_config *cfg)
{
	return cfg->max_tries ? cfg->max_tries : PROT_BOOT_MAX_TRIES;
}

#endif /* PROT_SERVICES_BOOT_PRIVATE_H */
