/* SPDX-License-Identifier: Apache-2.0 */
/* An endpoint with the control protocol, answering and asking. */
#include <prot/mctp/control.h>
#include <prot/mctp/endpoint.h>

int main(void);

struct prot_mctp context_endpoint;
static struct prot_mctp_control control;
static struct prot_mctp_request request;
static uint8_t packet[68];

extern const struct prot_mctp_config config;
extern const struct prot_mctp_control_config control_config;
static const struct prot_mctp_handler handler = {0, prot_mctp_control_handle,
						 &control};

const struct prot_mctp_config config = {.handlers = &handler,
					.handler_count = 1};
const struct prot_mctp_control_config control_config = {.type_count = 0};

static void ask(uint8_t command)
{
	struct prot_wr w = prot_wr_init(packet, sizeof(packet));
	struct prot_rd r = prot_rd_init(packet, sizeof(packet));
	struct prot_mctp_get_eid_response get;
	struct prot_mctp_set_eid_response set;
	struct prot_mctp_vendor_set vendor;
	uint8_t n;

	prot_mctp_control_request_put(&w, 0, command);
	prot_mctp_set_eid_request_put(&w, 0, PROT_MCTP_SET_EID, 8);
	prot_mctp_version_request_put(&w, 0, 0);
	prot_mctp_vendor_request_put(&w, 0, 0);
	if (prot_mctp_control_response_get(&r, 0, command, &n) != PROT_OK ||
	    prot_mctp_set_eid_response_get(&r, &set) != PROT_OK ||
	    prot_mctp_get_eid_response_get(&r, &get) != PROT_OK ||
	    prot_mctp_uuid_response_get(&r, packet) != PROT_OK ||
	    prot_mctp_version_response_get(&r, &n) != PROT_OK ||
	    prot_mctp_type_response_get(&r, &n) != PROT_OK ||
	    prot_mctp_vendor_response_get(&r, &n, &vendor) != PROT_OK) {
		packet[0] = n;
	}
}

int main(void)
{
	struct prot_mctp_addr from = {0};

	if (prot_mctp_init(&context_endpoint, &config) != PROT_OK) {
		return 1;
	}
	prot_mctp_control_init(&control, &control_config, &context_endpoint);
	ask(1);
	if (prot_mctp_request_start(&context_endpoint, &request, 0) !=
	    PROT_OK) {
		return 1;
	}
	prot_mctp_rx(&context_endpoint, 0, &from, packet, sizeof(packet), 0);
	prot_mctp_tick(&context_endpoint,
		       prot_mctp_next_tick(&context_endpoint));
	prot_mctp_request_cancel(&context_endpoint, &request);
	prot_mctp_link_reset(&context_endpoint, 0);
	return 0;
}
