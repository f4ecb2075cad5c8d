/* SPDX-License-Identifier: Apache-2.0 */
/* GET_VERSION and VERSION, DSP0274 1.3.2. */
#include "spdm_requester.h"

static enum prot_status encode(struct prot_spdm_requester *q, struct prot_wr *w)
{
	(void)q;
	prot_wr_le16(w, 0); /* Param1, Param2 */
	return PROT_OK;
}

/* Finds the highest version that is allowed; update and alpha do not matter. */
static struct prot_spdm_verdict check(struct prot_spdm_requester *q,
				      struct spdm_message *m)
{
	uint8_t count;
	uint8_t best = PROT_SPDM_VERSION_NONE;

	(void)prot_rd_u8(&m->body); /* reserved */
	count = prot_rd_u8(&m->body);
	for (unsigned i = 0; i < count && prot_rd_ok(&m->body); i++) {
		uint8_t version = (uint8_t)(prot_rd_le16(&m->body) >> 8);

		if (version >= q->cfg->version_min &&
		    version <= q->cfg->version_max && version > best) {
			best = version;
		}
	}
	if (count == 0) {
		return spdm_malformed(PROT_SPDM_REASON_FIELD);
	}
	q->result.version = best;
	return spdm_accept();
}

static struct prot_spdm_verdict decide_version(struct prot_spdm_requester *q)
{
	return q->result.version != PROT_SPDM_VERSION_NONE
		       ? spdm_accept()
		       : spdm_verdict(PROT_ERR_UNSUPPORTED,
				      PROT_SPDM_REASON_NO_COMMON_VERSION);
}

static const struct prot_spdm_request *absorb(struct prot_spdm_requester *q)
{
	(void)q;
	return &prot_spdm_req_capabilities;
}

static const struct prot_spdm_decider deciders[] = {
	{PROT_SPDM_DECIDE_VERSION, decide_version},
};

const struct prot_spdm_request prot_spdm_req_version = {
	.command = &prot_spdm_cmd_get_version,
	.encode = encode,
	.check = check,
	.deciders = deciders,
	.decider_count = PROT_ARRAY_SIZE(deciders),
	.absorb = absorb,
};
