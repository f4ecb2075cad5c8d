/* SPDX-License-Identifier: Apache-2.0 */
/* An update agent and the package reader. */
#include <prot/pldm/ua.h>

int main(void);

struct prot_pldm_ua context_ua;
static struct prot_pldm_package package;
static uint8_t rx[64], tx[PROT_PLDM_UA_TX_SIZE(32)];

extern const struct prot_pldm_ua_config config;
const struct prot_pldm_ua_config config = {.package = &package};

int main(void)
{
	struct prot_pldm_package_source source = {0};
	struct prot_pldm_package_verdict verdict;
	struct prot_pldm_message m = {8, rx, sizeof(rx)};
	struct prot_pldm_ua_progress progress;
	size_t len;

	if (prot_pldm_package_open(&package, &source, &verdict) != PROT_OK ||
	    prot_pldm_ua_init(&context_ua, &config) != PROT_OK) {
		return 1;
	}
	if (prot_pldm_ua_step(&context_ua, &m, 0, tx, sizeof(tx), &len) ==
	    PROT_PENDING) {
		prot_pldm_ua_cancel(&context_ua, PROT_PLDM_UA_UPDATE);
	}
	prot_pldm_ua_progress(&context_ua, &progress);
	return (int)prot_pldm_ua_wake_ms(&context_ua) +
	       (int)prot_pldm_ua_result(&context_ua)->reason;
}
