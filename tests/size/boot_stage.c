/* SPDX-License-Identifier: Apache-2.0 */
/* The boot stage of a device, crypto provider and drivers left out. */
#include <prot/services/boot_stage.h>

int main(void);

struct prot_boot_stage context_boot_stage;
static struct prot_boot_stage_input input;
static uint8_t out[64];

extern const struct prot_boot_stage_config config;
const struct prot_boot_stage_config config = {.product = "Product"};

int main(void)
{
	size_t len;

	if (prot_boot_stage_init(&context_boot_stage, &config, &input, NULL) !=
		    PROT_OK ||
	    prot_boot_stage_step(&context_boot_stage) != PROT_OK ||
	    prot_handoff_encode(prot_boot_stage_handoff(&context_boot_stage),
				out, sizeof(out), &len) != PROT_OK) {
		return 1;
	}
	prot_boot_stage_wipe(&context_boot_stage);
	return 0;
}
