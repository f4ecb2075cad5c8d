/* SPDX-License-Identifier: Apache-2.0 */
/* GET_DIGESTS and DIGESTS, DSP0274 1.3.2. */
#include <prot/base/wipe.h>

#include "spdm_requester.h"

#define CERT_MODEL_GENERIC 3u /* the highest that is defined */

static enum prot_status encode(struct prot_spdm_requester *q, struct prot_wr *w)
{
	(void)q;
	prot_wr_le16(w, 0); /* Param1, Param2 */
	return PROT_OK;
}

static unsigned count_slots(uint8_t mask)
{
	unsigned n = 0;

	for (; mask != 0; mask = (uint8_t)(mask & (mask - 1u))) {
		n++;
	}
	return n;
}

/* The response read into columns; each has one entry per provisioned slot. */
struct columns {
	unsigned count;
	struct prot_rd digests;
	struct prot_rd key_pair_ids; /* these three: multi-key only */
	struct prot_rd infos;
	struct prot_rd usages;
};

static void read_columns(const struct prot_spdm_requester *q,
			 struct spdm_message *m, struct columns *c)
{
	size_t per_key = q->result.multi_key ? 1 : 0;

	c->count = count_slots(m->param2);
	c->digests = prot_rd_sub(&m->body, c->count * spdm_req_hash_size(q));
	c->key_pair_ids = prot_rd_sub(&m->body, c->count * per_key);
	c->infos = prot_rd_sub(&m->body, c->count * per_key);
	c->usages = prot_rd_sub(&m->body, c->count * per_key * 2);
}

static struct prot_spdm_verdict check(struct prot_spdm_requester *q,
				      struct spdm_message *m)
{
	bool masks = q->result.version >= PROT_SPDM_VERSION_13;
	struct columns c;

	read_columns(q, m, &c);
	/* A provisioned slot is a supported one; 1.2 does not say. */
	if (c.count == 0 || (masks && (m->param2 & ~m->param1) != 0)) {
		return spdm_malformed(PROT_SPDM_REASON_FIELD);
	}
	for (size_t i = 0; i < c.infos.left; i++) {
		if ((c.infos.at[i] & SPDM_CERT_MODEL_MASK) >
		    CERT_MODEL_GENERIC) {
			return spdm_malformed(PROT_SPDM_REASON_FIELD);
		}
	}
	return spdm_accept();
}

/* A key outlives new digests only if its chain is still announced. */
static void update_slot(struct prot_spdm_requester *q, unsigned number,
			struct columns *c)
{
	struct prot_spdm_slot *slot = &q->cfg->slots[number];
	const size_t size = spdm_req_hash_size(q);
	const uint8_t *digest = prot_rd_bytes(&c->digests, size);

	if (!slot->fetched || !digest ||
	    !prot_equal_ct(slot->digest, digest, size)) {
		memset(slot, 0, sizeof(*slot));
	}
	if (digest) {
		memcpy(slot->digest, digest, size);
		slot->announced = true;
	}
	memset(&slot->info, 0, sizeof(slot->info));
	if (q->result.multi_key) {
		slot->info.key_pair_id = prot_rd_u8(&c->key_pair_ids);
		slot->info.certificate_info = prot_rd_u8(&c->infos);
		slot->info.key_usage = prot_rd_le16(&c->usages);
	}
}

static const struct prot_spdm_request *absorb(struct prot_spdm_requester *q)
{
	struct prot_rd rd = prot_rd_init(q->response, q->response_len);
	struct spdm_message m = {0};
	struct columns c;

	(void)prot_rd_le16(&rd);
	m.param1 = prot_rd_u8(&rd);
	m.param2 = prot_rd_u8(&rd);
	m.body = rd;
	read_columns(q, &m, &c);
	q->result.provisioned_slots = m.param2;
	q->result.supported_slots =
		q->result.version >= PROT_SPDM_VERSION_13 ? m.param1 : m.param2;
	for (unsigned i = 0; i < q->cfg->slot_count; i++) {
		if (m.param2 & 1u << i) {
			update_slot(q, i, &c);
		} else {
			memset(&q->cfg->slots[i], 0, sizeof(q->cfg->slots[i]));
		}
	}
	return NULL;
}

const struct prot_spdm_request prot_spdm_req_digests = {
	.command = &prot_spdm_cmd_get_digests,
	.crypto = true,
	.encode = encode,
	.check = check,
	.absorb = absorb,
};
