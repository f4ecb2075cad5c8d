/* SPDX-License-Identifier: Apache-2.0 */
/* The runtime of a device, crypto provider and drivers left out. */
#include <prot/services/device.h>

int main(void);

struct prot_device context_device;
static struct prot_handoff handoff;
static uint8_t packet[68];

extern const struct prot_device_config config;
const struct prot_device_config config = {.link_count = 1};

int main(void)
{
	struct prot_mctp_addr from = {0};

	if (prot_handoff_decode(packet, sizeof(packet), &handoff) != PROT_OK ||
	    prot_device_init(&context_device, &config, &handoff, 0) !=
		    PROT_OK) {
		return 1;
	}
	(void)prot_device_rx(&context_device, 0, &from, packet, sizeof(packet),
			     0);
	prot_device_tick(&context_device,
			 prot_device_next_tick(&context_device));
	prot_device_link_reset(&context_device, 0);
	return 0;
}
