/* SPDX-License-Identifier: Apache-2.0 */
/* The limits that endpoint.h states for struct prot_mctp_config. */
#include "mctp_internal.h"

#define MTU_MAX (UINT16_MAX - PROT_MCTP_HEADER_SIZE)

static bool links_valid(const struct prot_mctp_config *c)
{
	if (c->link_count == 0 || c->link_count > 32 || !c->links ||
	    !c->packet) {
		return false;
	}
	for (size_t i = 0; i < c->link_count; i++) {
		const struct prot_mctp_link *l = &c->links[i];

		if (!l->ops || !l->ops->tx || l->mtu < PROT_MCTP_BTU ||
		    l->mtu > MTU_MAX ||
		    c->packet_cap < (size_t)l->mtu + PROT_MCTP_HEADER_SIZE) {
			return false;
		}
	}
	return true;
}

static bool buffers_valid(const struct prot_mctp_config *c)
{
	if (c->slot_count != 0 && (!c->slots || c->slots_per_peer == 0)) {
		return false;
	}
	for (size_t i = 0; i < c->slot_count; i++) {
		if (!c->slots[i].buf || c->slots[i].cap <= PROT_MCTP_BTU) {
			return false;
		}
	}
	if (c->tx_buffer_count != 0 && !c->tx_buffers) {
		return false;
	}
	for (size_t i = 0; i < c->tx_buffer_count; i++) {
		if (!c->tx_buffers[i].buf ||
		    c->tx_buffers[i].cap < PROT_MCTP_BTU) {
			return false;
		}
	}
	return true;
}

static bool handlers_valid(const struct prot_mctp_config *c)
{
	if (c->handler_count == 0) {
		return true;
	}
	if (!c->handlers || c->tx_buffer_count == 0) {
		return false;
	}
	for (size_t i = 0; i < c->handler_count; i++) {
		if (!c->handlers[i].handle ||
		    c->handlers[i].type > PROT_MCTP_TYPE_MASK) {
			return false;
		}
	}
	return true;
}

bool prot_mctp_config_is_valid(const struct prot_mctp_config *c)
{
	return links_valid(c) && buffers_valid(c) && handlers_valid(c) &&
	       c->assembly_timeout_ms != 0 && c->send_timeout_ms != 0;
}
