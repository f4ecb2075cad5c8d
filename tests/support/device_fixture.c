/* SPDX-License-Identifier: Apache-2.0 */
#include "device_fixture.h"

#include "test.h"

#include <string.h>

struct dx t;

static enum prot_status queue_tx(void *ctx, const struct prot_mctp_addr *to,
				 const uint8_t *packet, size_t len)
{
	struct queue *q = ctx;
	size_t at = (q->head + q->count) % DX_QUEUE;

	(void)to;
	if (q->count == DX_QUEUE) {
		return PROT_ERR_BUSY;
	}
	memcpy(q->packet[at], packet, len);
	q->len[at] = len;
	q->count++;
	return PROT_OK;
}

static const struct prot_mctp_link_ops link_ops = {queue_tx};

static void on_reset(void *ctx)
{
	(void)ctx;
	t.resets++;
}

static void on_alive(void *ctx)
{
	(void)ctx;
	t.alive++;
}

static bool is_healthy(void *ctx)
{
	(void)ctx;
	return !t.unhealthy;
}

static void on_event(void *ctx, enum prot_device_event event, uint32_t a,
		     uint32_t b)
{
	(void)ctx;
	(void)b;
	t.events[event]++;
	t.last_a[event] = a;
}

static const struct prot_device_ops device_ops = {
	.reset = on_reset,
	.alive = on_alive,
	.healthy = is_healthy,
	.event = on_event,
};

const uint8_t dx_uuid[16] = {1, 2, 3, 4, 5, 6, 7, 8};
static const struct prot_pldm_descriptor descriptor = {
	PROT_PLDM_DESCRIPTOR_UUID, 16, dx_uuid};

/* Boot, and start the runtime in the state that results. */
void dx_power_on(void)
{
	assert_int_equal(sx_boot(&t.sx), PROT_OK);
	memset(&t.to_device, 0, sizeof(t.to_device));
	memset(&t.to_host, 0, sizeof(t.to_host));
	memset(t.events, 0, sizeof(t.events));
	t.resets = 0;
	t.device_link = (struct prot_mctp_link){&link_ops, &t.to_host, DX_MTU,
						PROT_MCTP_BINDING_VENDOR};
	t.cfg = (struct prot_device_config){
		.ops = &device_ops,
		.boot = &t.sx.fx.cfg,
		.links = &t.device_link,
		.link_count = 1,
		.uuid = dx_uuid,
		.descriptors = &descriptor,
		.descriptor_count = 1,
		.spdm_version = 0x13,
		.confirm_after_ms = DX_CONFIRM_MS,
		.trial_limit_ms = DX_LIMIT_MS,
	};
	assert_int_equal(prot_device_init(&t.device, &t.cfg,
					  prot_boot_stage_handoff(&t.sx.stage),
					  t.now),
			 PROT_OK);
}

void dx_start_host(void)
{
	t.host_link = (struct prot_mctp_link){&link_ops, &t.to_device, DX_MTU,
					      PROT_MCTP_BINDING_VENDOR};
	t.slot = (struct prot_mctp_slot){.buf = t.rx, .cap = sizeof(t.rx)};
	t.tx_buffer =
		(struct prot_mctp_tx_buffer){.buf = t.tx, .cap = sizeof(t.tx)};
	t.host_cfg = (struct prot_mctp_config){
		.links = &t.host_link,
		.link_count = 1,
		.handlers = &t.handler,
		.handler_count = t.handler.handle ? 1 : 0,
		.slots = &t.slot,
		.slot_count = 1,
		.slots_per_peer = 1,
		.tx_buffers = &t.tx_buffer,
		.tx_buffer_count = 1,
		.packet = t.packet,
		.packet_cap = sizeof(t.packet),
		.assembly_timeout_ms = 6000,
		.send_timeout_ms = 6000,
		.eid = DX_HOST_EID,
	};
	assert_int_equal(prot_mctp_init(&t.host, &t.host_cfg), PROT_OK);
}

void dx_init(void)
{
	memset(&t, 0, sizeof(t));
	t.now = 1000;
	sx_init(&t.sx);
	dx_power_on();
	dx_start_host();
}

static const struct prot_mctp_addr nobody;

/* One millisecond passes. */
void dx_pump(void)
{
	t.now++;
	for (; t.to_device.count > 0; t.to_device.count--) {
		size_t at = t.to_device.head;

		t.to_device.head = (at + 1) % DX_QUEUE;
		prot_device_rx(&t.device, 0, &nobody, t.to_device.packet[at],
			       t.to_device.len[at], t.now);
	}
	prot_device_tick(&t.device, t.now);
	for (; t.to_host.count > 0; t.to_host.count--) {
		size_t at = t.to_host.head;

		t.to_host.head = (at + 1) % DX_QUEUE;
		prot_mctp_rx(&t.host, 0, &nobody, t.to_host.packet[at],
			     t.to_host.len[at], t.now);
	}
	prot_mctp_tick(&t.host, t.now);
}

void dx_pump_for(unsigned ms)
{
	for (unsigned i = 0; i < ms; i++) {
		dx_pump();
	}
}

void dx_discover(void)
{
	enum prot_status st;

	assert_int_equal(prot_mctp_discovery_init(&t.discovery, 0, &nobody,
						  DX_DEVICE_EID, 200, 2),
			 PROT_OK);
	do {
		dx_pump();
		st = prot_mctp_discovery_step(&t.discovery, &t.host, t.now);
	} while (st == PROT_PENDING);
	assert_int_equal(st, PROT_OK);
}
