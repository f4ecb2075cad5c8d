/* SPDX-License-Identifier: Apache-2.0 */
#include "device_private.h"

#include <prot/base/wipe.h>
#include <prot/crypto_wait.h>
#include <prot/services/measurement.h>

static enum prot_status object_size(void *ctx, enum prot_spdm_object what,
				    uint8_t id, size_t *len)
{
	const struct prot_device *d = ctx;
	uint8_t value[PROT_MEASUREMENT_VALUE_MAX];

	switch (what) {
	case PROT_SPDM_OBJECT_CERTIFICATES:
		*len = d->handoff.chain_len;
		return id == 0 && *len != 0 ? PROT_OK : PROT_ERR_NOT_FOUND;
	case PROT_SPDM_OBJECT_MEASUREMENT_DIGEST:
	case PROT_SPDM_OBJECT_MEASUREMENT_RAW:
		return prot_measurement_value(&d->handoff, id, value, len);
	default:
		return PROT_ERR_NOT_FOUND;
	}
}

static enum prot_status copy_part(const uint8_t *object, size_t object_len,
				  size_t offset, uint8_t *buf, size_t len)
{
	if (offset > object_len || len > object_len - offset) {
		return PROT_ERR_ARG;
	}
	memcpy(buf, object + offset, len);
	return PROT_OK;
}

static enum prot_status object_read(void *ctx, enum prot_spdm_object what,
				    uint8_t id, size_t offset, uint8_t *buf,
				    size_t len)
{
	const struct prot_device *d = ctx;
	uint8_t value[PROT_MEASUREMENT_VALUE_MAX];
	size_t value_len;
	enum prot_status st;

	if (what == PROT_SPDM_OBJECT_CERTIFICATES) {
		return copy_part(d->handoff.chain, d->handoff.chain_len, offset,
				 buf, len);
	}
	st = prot_measurement_value(&d->handoff, id, value, &value_len);
	return st == PROT_OK ? copy_part(value, value_len, offset, buf, len)
			     : st;
}

static enum prot_status slot_key(void *ctx, uint8_t slot, prot_key *key)
{
	const struct prot_device *d = ctx;

	if (slot != 0 || d->ak == 0) {
		return PROT_ERR_NOT_FOUND;
	}
	*key = d->ak;
	return PROT_OK;
}

/* What is measured was measured at boot and cannot change while it runs. */
static enum prot_status measure(void *ctx, bool pending_update,
				enum prot_spdm_content_change *change)
{
	(void)ctx;
	(void)pending_update;
	*change = PROT_SPDM_CONTENT_UNCHANGED;
	return PROT_OK;
}

static const struct prot_spdm_responder_ops spdm_ops = {
	.size = object_size,
	.read = object_read,
	.key = slot_key,
	.measure = measure,
};

static const struct prot_spdm_responder_table *const tables[] = {
	&prot_spdm_responder_base,
	&prot_spdm_responder_identity,
	&prot_spdm_responder_measurement,
};

/* Without an identity the device still reports, unsigned, what it runs. */
static uint32_t capabilities(const struct prot_device *d)
{
	return d->handoff.has_identity
		       ? PROT_SPDM_CAP_CERT | PROT_SPDM_CAP_CHAL |
				 PROT_SPDM_CAP_MEAS_SIG |
				 PROT_SPDM_CAP_ALIAS_CERT
		       : PROT_SPDM_CAP_MEAS_NO_SIG;
}

static void configure(struct prot_device *d)
{
	struct prot_spdm_responder_config *c = &d->spdm_config;

	*c = (struct prot_spdm_responder_config){
		.tables = tables,
		.table_count = PROT_ARRAY_SIZE(tables),
		.crypto = *d->cfg->boot->store.crypto,
		.ops = &spdm_ops,
		.ops_ctx = d,
		.measurements = prot_measurement_table,
		.measurement_count = prot_measurement_count,
		.capabilities = capabilities(d),
		/* The message type byte comes off. */
		.data_transfer_size = PROT_DEVICE_MESSAGE_SIZE - 1,
		.base_hash = {PROT_HASH_SHA384, PROT_HASH_SHA3_384,
			      PROT_HASH_SHA512, PROT_HASH_SHA3_512},
		.base_asym = {PROT_ASYM_ECDSA_P384},
		.measurement_hash = PROT_MEASUREMENT_HASH,
		.version = d->cfg->spdm_version,
		.ct_exponent = 20, /* about a second for a signature */
		.slots = d->handoff.has_identity ? 1u << 0 : 0,
		/* Come back after a quarter of a second, up to eight times. */
		.rdt_exponent = 18,
		.rdtm = 8,
	};
}

static enum prot_status derive_attestation_key(struct prot_device *d)
{
	const struct prot_crypto *c = d->cfg->boot->store.crypto;
	enum prot_status st = prot_crypto_wait_key_derive(
		c, PROT_ASYM_ECDSA_P384, d->handoff.ak_seed,
		sizeof(d->handoff.ak_seed), &d->ak);

	prot_wipe(d->handoff.ak_seed, sizeof(d->handoff.ak_seed));
	return st == PROT_OK ? PROT_OK : PROT_ERR_CRYPTO;
}

enum prot_status prot_device_spdm_init(struct prot_device *d)
{
	enum prot_status st = PROT_OK;

	d->ak = 0;
	if (d->handoff.has_identity) {
		st = derive_attestation_key(d);
	}
	configure(d);
	for (size_t i = 0; st == PROT_OK && i < PROT_ARRAY_SIZE(d->spdm); i++) {
		struct prot_device_connection *c = &d->spdm[i];

		c->deferral.buf = c->deferred;
		c->deferral.cap = sizeof(c->deferred);
		st = prot_spdm_responder_init(&c->responder, &d->spdm_config,
					      &c->deferral);
	}
	return st;
}

static bool same_peer(const struct prot_mctp_peer *a,
		      const struct prot_mctp_peer *b)
{
	return a->link == b->link && a->eid == b->eid &&
	       a->addr.len == b->addr.len &&
	       memcmp(a->addr.bytes, b->addr.bytes, sizeof(a->addr.bytes)) == 0;
}

/* The connection of a peer, or the one that was idle longest, emptied. */
static struct prot_device_connection *
connection(struct prot_device *d, const struct prot_mctp_peer *peer)
{
	struct prot_device_connection *oldest = &d->spdm[0];

	for (size_t i = 0; i < PROT_ARRAY_SIZE(d->spdm); i++) {
		struct prot_device_connection *c = &d->spdm[i];

		if (c->used_ms != 0 && same_peer(&c->peer, peer)) {
			return c;
		}
		if (c->used_ms < oldest->used_ms) {
			oldest = c;
		}
	}
	prot_spdm_responder_reset(&oldest->responder);
	oldest->peer = *peer;
	return oldest;
}

void prot_device_spdm_link_reset(struct prot_device *d, uint8_t link)
{
	for (size_t i = 0; i < PROT_ARRAY_SIZE(d->spdm); i++) {
		struct prot_device_connection *c = &d->spdm[i];

		if (c->used_ms != 0 && c->peer.link == link) {
			prot_spdm_responder_reset(&c->responder);
			c->used_ms = 0;
		}
	}
}

/* What happened on a connection since the last report. */
static void report(const struct prot_device *d,
		   struct prot_device_connection *c)
{
	const struct prot_spdm_responder_counters *now =
		prot_spdm_responder_counters(&c->responder);
	uint32_t refusals = now->errors + now->drops;

	if (refusals != c->refusals) {
		prot_device_event(d, PROT_DEVICE_EVENT_SPDM_REFUSED,
				  now->last_request, now->last_refusal);
	}
	if (now->signatures != c->signatures) {
		prot_device_event(d, PROT_DEVICE_EVENT_ATTESTED, c->peer.eid,
				  0);
	}
	c->refusals = refusals;
	c->signatures = now->signatures;
}

void prot_device_spdm_tick(struct prot_device *d)
{
	for (size_t i = 0; i < PROT_ARRAY_SIZE(d->spdm); i++) {
		struct prot_device_connection *c = &d->spdm[i];

		c->working =
			c->working &&
			prot_spdm_responder_poll(&c->responder) == PROT_PENDING;
	}
}

uint64_t prot_device_spdm_next_tick(const struct prot_device *d)
{
	for (size_t i = 0; i < PROT_ARRAY_SIZE(d->spdm); i++) {
		if (d->spdm[i].working) {
			return 0;
		}
	}
	return UINT64_MAX;
}

void prot_device_spdm_handle(void *ctx, const struct prot_mctp_message *msg,
			     struct prot_mctp_reply *reply)
{
	struct prot_device *d = ctx;
	struct prot_device_connection *c = connection(d, &msg->from);
	struct prot_spdm_io io = {
		.kind = PROT_SPDM_CLEAR,
		.rx = msg->data + 1,
		.rx_len = msg->len - 1,
		.tx = reply->data + 1,
		.tx_cap = reply->cap - 1,
	};
	size_t len = 0;

	c->used_ms = msg->now_ms + 1; /* 0 means unused */
	c->working = true;
	if (prot_spdm_responder_handle(&c->responder, &io, &len, msg->now_ms) ==
		    PROT_OK &&
	    len != 0) {
		reply->len = 1 + len;
	}
	report(d, c);
}
