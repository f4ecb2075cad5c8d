/* SPDX-License-Identifier: Apache-2.0 */
/* A requester with every operation, chain check included. */
#include <prot/spdm/measurement.h>
#include <prot/spdm/requester.h>
#include <prot/x509.h>

int main(void);

struct prot_spdm_requester context_requester;
static uint8_t message[64];

extern const struct prot_spdm_requester_config config;
const struct prot_spdm_requester_config config = {
	.chain_check = prot_x509_chain_check,
};

int main(void)
{
	struct prot_spdm_requester *q = &context_requester;
	const struct prot_spdm_measurements_query query = {.sign = true};
	const struct prot_spdm_result *result;
	struct prot_spdm_measurement_block block;
	struct prot_spdm_output out;

	if (prot_spdm_requester_init(q, &config) != PROT_OK ||
	    prot_spdm_requester_connect(q) != PROT_OK ||
	    prot_spdm_requester_get_digests(q) != PROT_OK ||
	    prot_spdm_requester_get_certificate(q, 0) != PROT_OK ||
	    prot_spdm_requester_challenge(q, 0, PROT_SPDM_SUMMARY_ALL) !=
		    PROT_OK ||
	    prot_spdm_requester_get_measurements(q, &query) != PROT_OK) {
		return 1;
	}
	if (prot_spdm_requester_step(q, message, sizeof(message), 0, &out) ==
	    PROT_PENDING) {
		prot_spdm_requester_cancel(q);
	}
	result = prot_spdm_requester_result(q);
	return prot_spdm_requester_check_summary(q, NULL) +
	       prot_spdm_measurement_find(result->record.at, result->record.len,
					  1, &block);
}
