/* SPDX-License-Identifier: Apache-2.0 */
/* A responder with every table that exists, and a deferral. */
#include <prot/spdm/responder.h>

int main(void);

struct prot_spdm_responder context_responder;
static struct prot_spdm_deferral deferral;
static uint8_t rx[64], tx[64];

static const struct prot_spdm_responder_table *const tables[] = {
	&prot_spdm_responder_base,
	&prot_spdm_responder_identity,
	&prot_spdm_responder_measurement,
};
extern const struct prot_spdm_responder_config config;
const struct prot_spdm_responder_config config = {.tables = tables,
						  .table_count = 3};

int main(void)
{
	struct prot_spdm_io io = {PROT_SPDM_CLEAR, rx, sizeof(rx), tx,
				  sizeof(tx)};
	size_t len;

	if (prot_spdm_responder_init(&context_responder, &config, &deferral) !=
	    PROT_OK) {
		return 1;
	}
	if (prot_spdm_responder_handle(&context_responder, &io, &len, 0) !=
		    PROT_OK ||
	    prot_spdm_responder_poll(&context_responder) != PROT_OK) {
		prot_spdm_responder_reset(&context_responder);
	}
	return 0;
}
