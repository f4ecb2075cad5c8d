/* SPDX-License-Identifier: Apache-2.0 */
#include "device_private.h"

#include <prot/base/crc32.h>
#include <prot/base/wipe.h>

const char *prot_device_event_text(enum prot_device_event event)
{
	switch (event) {
#define EVENT_CASE(name, text)                                                 \
	case name:                                                             \
		return text;
		PROT_DEVICE_EVENT_TABLE(EVENT_CASE)
#undef EVENT_CASE
	case PROT_DEVICE_EVENT_COUNT:
	default:
		return "unknown event";
	}
}

void prot_device_event(const struct prot_device *d,
		       enum prot_device_event event, uint32_t a, uint32_t b)
{
	if (d->cfg->ops->event) {
		d->cfg->ops->event(d->cfg->ops_ctx, event, a, b);
	}
}

uint32_t prot_device_peer(const struct prot_mctp_peer *peer)
{
	const uint8_t head[] = {peer->eid, peer->addr.len};
	uint32_t crc = prot_crc32(0, head, sizeof(head));

	crc = prot_crc32(crc, peer->addr.bytes, sizeof(peer->addr.bytes));
	return PROT_DEVICE_PEER_LINK(peer->link) |
	       (crc & ~PROT_DEVICE_PEER_LINK_MASK);
}

static const uint32_t pldm_versions[] = {PROT_MCTP_VERSION(1, 0, 0)};
/* DSP0275 1.0: SPDM over MCTP. */
static const uint32_t spdm_versions[] = {PROT_MCTP_VERSION(1, 0, 0)};

static const struct prot_mctp_type_support types[] = {
	{PROT_MCTP_TYPE_PLDM, 1, pldm_versions},
	{PROT_MCTP_TYPE_SPDM, 1, spdm_versions},
};

static void configure_buffers(struct prot_device *d)
{
	for (size_t i = 0; i < PROT_DEVICE_RX_SLOTS; i++) {
		d->slots[i].buf = d->rx[i];
		d->slots[i].cap = sizeof(d->rx[i]);
	}
	for (size_t i = 0; i < PROT_DEVICE_TX_BUFFERS; i++) {
		d->tx_buffers[i].buf = d->tx[i];
		d->tx_buffers[i].cap = sizeof(d->tx[i]);
	}
}

static enum prot_status init_mctp(struct prot_device *d)
{
	const struct prot_device_config *cfg = d->cfg;

	configure_buffers(d);
	d->handlers[0] = (struct prot_mctp_handler){
		PROT_MCTP_TYPE_CONTROL, prot_mctp_control_handle, &d->control};
	d->handlers[1] = (struct prot_mctp_handler){PROT_MCTP_TYPE_PLDM,
						    prot_device_pldm_handle, d};
	d->handlers[2] = (struct prot_mctp_handler){PROT_MCTP_TYPE_SPDM,
						    prot_device_spdm_handle, d};
	d->control_config = (struct prot_mctp_control_config){
		.uuid = cfg->uuid,
		.types = types,
		.type_count = PROT_ARRAY_SIZE(types),
		.static_eid = cfg->static_eid,
	};
	d->mctp_config = (struct prot_mctp_config){
		.links = cfg->links,
		.link_count = cfg->link_count,
		.handlers = d->handlers,
		.handler_count = PROT_DEVICE_HANDLERS,
		.slots = d->slots,
		.slot_count = PROT_DEVICE_RX_SLOTS,
		.slots_per_peer = 1,
		.tx_buffers = d->tx_buffers,
		.tx_buffer_count = PROT_DEVICE_TX_BUFFERS,
		.packet = d->packet,
		.packet_cap = sizeof(d->packet),
		.assembly_timeout_ms = PROT_MCTP_ASSEMBLY_TIMEOUT_MS,
		.send_timeout_ms = PROT_MCTP_SEND_TIMEOUT_MS,
		.eid = cfg->static_eid,
	};
	prot_mctp_control_init(&d->control, &d->control_config, &d->mctp);
	return prot_mctp_init(&d->mctp, &d->mctp_config);
}

static bool config_is_usable(const struct prot_device_config *cfg)
{
	return cfg->ops && cfg->ops->reset && cfg->ops->alive && cfg->boot &&
	       cfg->boot->store.crypto &&
	       cfg->confirm_after_ms < cfg->trial_limit_ms;
}

enum prot_status prot_device_init_sized(struct prot_device *d, size_t size,
					const struct prot_device_config *cfg,
					const struct prot_handoff *handoff,
					uint64_t now_ms)
{
	enum prot_status st;

	if (size != sizeof(*d) || !config_is_usable(cfg)) {
		return PROT_ERR_ARG;
	}
	memset(d, 0, sizeof(*d));
	d->cfg = cfg;
	d->handoff = *handoff;
	d->started_ms = now_ms;
	d->now_ms = now_ms;
	st = prot_device_report_init(d);
	if (st == PROT_OK) {
		st = init_mctp(d);
	}
	if (st == PROT_OK) {
		st = prot_device_pldm_init(d);
	}
	if (st == PROT_OK) {
		st = prot_device_spdm_init(d);
	}
	if (st != PROT_OK) {
		prot_wipe(d, sizeof(*d));
		return st;
	}
	d->eid = prot_mctp_eid(&d->mctp);
	prot_device_event(d, PROT_DEVICE_EVENT_STARTED, handoff->mode,
			  handoff->bank);
	if (!handoff->has_identity) {
		prot_device_event(d, PROT_DEVICE_EVENT_NO_IDENTITY, 0, 0);
	}
	return PROT_OK;
}

enum prot_mctp_drop prot_device_rx(struct prot_device *d, uint8_t link,
				   const struct prot_mctp_addr *from,
				   uint8_t *packet, size_t len, uint64_t now_ms)
{
	enum prot_mctp_drop drop;

	d->now_ms = now_ms;
	drop = prot_mctp_rx(&d->mctp, link, from, packet, len, now_ms);
	if (prot_mctp_eid(&d->mctp) != d->eid) {
		d->eid = prot_mctp_eid(&d->mctp);
		prot_device_event(d, PROT_DEVICE_EVENT_EID, d->eid, 0);
	}
	return drop;
}

void prot_device_link_reset(struct prot_device *d, uint8_t link)
{
	prot_mctp_link_reset(&d->mctp, link);
	prot_device_pldm_link_reset(d, link);
	prot_device_spdm_link_reset(d, link);
}

void prot_device_tick(struct prot_device *d, uint64_t now_ms)
{
	d->now_ms = now_ms;
	prot_mctp_tick(&d->mctp, now_ms);
	prot_device_report_tick(d);
	prot_device_pldm_tick(d);
	prot_device_spdm_tick(d);
	d->cfg->ops->alive(d->cfg->ops_ctx);
	if (now_ms >= d->reset_ms) {
		prot_device_event(d, PROT_DEVICE_EVENT_RESET, 0, 0);
		d->cfg->ops->reset(d->cfg->ops_ctx);
	}
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t prot_device_next_tick(const struct prot_device *d)
{
	uint64_t at = prot_mctp_next_tick(&d->mctp);

	at = earlier(at, prot_device_report_next_tick(d));
	at = earlier(at, prot_device_pldm_next_tick(d));
	at = earlier(at, prot_device_spdm_next_tick(d));
	return earlier(at, d->reset_ms);
}
