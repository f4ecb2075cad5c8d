/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SUPPORT_DEVICE_FIXTURE_H
#define TEST_SUPPORT_DEVICE_FIXTURE_H

/*
 * A device that booted, and an operator's MCTP endpoint, joined by two queues
 * of packets, in virtual time.
 */

#include "stage_fixture.h"

#include <prot/mctp/discover.h>
#include <prot/services/device.h>

#define DX_MTU         256
#define DX_DEVICE_EID  9
#define DX_HOST_EID    8
#define DX_QUEUE       64
#define DX_CONFIRM_MS  1000
#define DX_LIMIT_MS    3000
#define DX_MESSAGE_MAX 4400

struct queue {
	uint8_t packet[DX_QUEUE][4 + DX_MTU];
	size_t len[DX_QUEUE];
	size_t head, count;
};

struct dx {
	struct sx sx;
	struct queue to_device, to_host;
	uint64_t now;

	struct prot_device device;
	struct prot_mctp_link device_link;
	struct prot_device_config cfg;
	bool unhealthy;
	unsigned resets, alive;
	unsigned events[PROT_DEVICE_EVENT_COUNT];
	uint32_t last_a[PROT_DEVICE_EVENT_COUNT];

	struct prot_mctp host;
	struct prot_mctp_link host_link;
	struct prot_mctp_config host_cfg;
	struct prot_mctp_slot slot;
	struct prot_mctp_tx_buffer tx_buffer;
	struct prot_mctp_handler handler;
	struct prot_mctp_discovery discovery;
	uint8_t rx[DX_MESSAGE_MAX], tx[DX_MESSAGE_MAX], reply[DX_MESSAGE_MAX];
	uint8_t packet[4 + DX_MTU];
};

/* The one there is: tests run one after the other. */
extern struct dx t;

extern const uint8_t dx_uuid[16];

/* Boot, and start the runtime in the state that results. */
void dx_power_on(void);
/* A device with identity that runs image 1, and a host. */
void dx_init(void);
/* A host alone, for a device that was prepared otherwise. */
void dx_start_host(void);

/* One millisecond passes. */
void dx_pump(void);
void dx_pump_for(unsigned ms);

/* Discover the device and assign its EID. */
void dx_discover(void);

#endif /* TEST_SUPPORT_DEVICE_FIXTURE_H */
