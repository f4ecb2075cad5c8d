/* SPDX-License-Identifier: Apache-2.0 */
/* A terminus with type 0 and a firmware device. */
#include <prot/pldm/fd.h>
#include <prot/pldm/responder.h>

int main(void);

struct prot_pldm_responder context_responder;
struct prot_pldm_fd context_fd;
static uint8_t rx[64], tx[64];

static const struct prot_pldm_service services[] = {
	{&prot_pldm_base_type, &context_responder},
	{&prot_pldm_fd_type, &context_fd},
};
extern const struct prot_pldm_responder_config config;
extern const struct prot_pldm_fd_config fd_config;
const struct prot_pldm_responder_config config = {.services = services,
						  .service_count = 2};
const struct prot_pldm_fd_config fd_config = {.retries = 1};

int main(void)
{
	struct prot_pldm_message m = {8, rx, sizeof(rx)};
	size_t len;

	if (prot_pldm_responder_init(&context_responder, &config) != PROT_OK ||
	    prot_pldm_fd_init(&context_fd, &fd_config) != PROT_OK) {
		return 1;
	}
	if (prot_pldm_message_is_request(&m)) {
		return prot_pldm_responder_handle(&context_responder, &m, 0, tx,
						  sizeof(tx), &len);
	}
	if (prot_pldm_fd_wake_ms(&context_fd) == 0) {
		return prot_pldm_fd_step(&context_fd, &m, 0, tx, sizeof(tx),
					 &len);
	}
	return (int)prot_pldm_fd_peer(&context_fd) +
	       (int)prot_pldm_fd_state(&context_fd);
}
