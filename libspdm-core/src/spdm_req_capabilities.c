/* SPDX-License-Identifier: Apache-2.0 */
/* GET_CAPABILITIES and CAPABILITIES, DSP0274 1.3.2. */
#include "spdm_requester.h"

#define CAP(name) PROT_SPDM_CAP_##name

/* Flags that a version defines; others are reserved and ignored. */
#define FLAGS_11 (CAP(CHUNK) - 1u)
#define FLAGS_12 (CAP(EP_INFO_NO_SIG) - 1u)
#define FLAGS_13 (2u * CAP(SET_KEY_PAIR_INFO) - 1u)

#define ANY_VERSION 0xffu

static enum prot_status encode(struct prot_spdm_requester *q, struct prot_wr *w)
{
	prot_wr_le16(w, 0); /* Param1, Param2 */
	prot_wr_u8(w, 0);
	prot_wr_u8(w, q->cfg->ct_exponent);
	prot_wr_le16(w, 0);
	prot_wr_le32(w, q->cfg->flags);
	prot_wr_le32(w, q->cfg->max_message); /* DataTransferSize */
	prot_wr_le32(w, q->cfg->max_message); /* MaxSPDMmsgSize */
	return PROT_OK;
}

static struct prot_spdm_verdict check(struct prot_spdm_requester *q,
				      struct spdm_message *m)
{
	struct prot_spdm_result *r = &q->result;

	(void)prot_rd_u8(&m->body); /* reserved */
	r->ct_exponent = prot_rd_u8(&m->body);
	(void)prot_rd_le16(&m->body); /* reserved */
	r->flags = prot_rd_le32(&m->body);
	r->data_transfer_size = 0;
	r->max_message = 0;
	if (r->version >= PROT_SPDM_VERSION_12) {
		r->data_transfer_size = prot_rd_le32(&m->body);
		r->max_message = prot_rd_le32(&m->body);
	}
	if (r->ct_exponent > SPDM_CT_EXPONENT_MAX) {
		r->ct_exponent = 0;
		return spdm_malformed(PROT_SPDM_REASON_FIELD);
	}
	return spdm_accept();
}

/* Who announces any flag of `if_any` also announces one of `needs`. */
struct flag_rule {
	uint32_t if_any;
	uint32_t needs;
	uint8_t only_version; /* ANY_VERSION, or the one it is limited to */
};

static const struct flag_rule rules[] = {
	{CAP(MEAS_FRESH), CAP(MEAS), ANY_VERSION},
	{CAP(KEY_EX) | CAP(PSK_MASK), CAP(MAC) | CAP(ENCRYPT), ANY_VERSION},
	{CAP(MAC) | CAP(ENCRYPT) | CAP(HBEAT) | CAP(KEY_UPD) | CAP(EVENT),
	 CAP(KEY_EX) | CAP(PSK_MASK), ANY_VERSION},
	{CAP(HANDSHAKE_IN_THE_CLEAR), CAP(KEY_EX), ANY_VERSION},
	{CAP(CERT) | CAP(PUB_KEY_ID),
	 CAP(CHAL) | CAP(KEY_EX) | CAP(MEAS_SIG) | CAP(EP_INFO_SIG),
	 ANY_VERSION},
	{CAP(CHAL) | CAP(KEY_EX) | CAP(MEAS_SIG) | CAP(MUT_AUTH) |
		 CAP(EP_INFO_SIG),
	 CAP(CERT) | CAP(PUB_KEY_ID), ANY_VERSION},
	{CAP(MUT_AUTH), CAP(KEY_EX) | CAP(CHAL), ANY_VERSION},
	{CAP(MUT_AUTH), CAP(ENCAP), PROT_SPDM_VERSION_11},
	{CAP(ALIAS_CERT) | CAP(SET_CERT) | CAP(MULTI_KEY_MASK), CAP(CERT),
	 ANY_VERSION},
	{CAP(CSR), CAP(SET_CERT), ANY_VERSION},
	{CAP(CERT_INSTALL_RESET), CAP(CSR) | CAP(SET_CERT), ANY_VERSION},
	{CAP(MULTI_KEY_MASK), CAP(GET_KEY_PAIR_INFO), ANY_VERSION},
};

/* Two-bit fields whose value 3 is reserved, and flags that exclude others. */
static const uint32_t not_all[] = {
	CAP(MEAS),
	CAP(PSK_MASK),
	CAP(EP_INFO_MASK),
	CAP(MULTI_KEY_MASK),
	CAP(CERT) | CAP(PUB_KEY_ID),
	CAP(PUB_KEY_ID) | CAP(GET_KEY_PAIR_INFO),
	CAP(PUB_KEY_ID) | CAP(SET_KEY_PAIR_INFO),
};

bool prot_spdm_req_flags_consistent(uint8_t version, uint32_t flags)
{
	flags &= version >= PROT_SPDM_VERSION_13   ? FLAGS_13
		 : version == PROT_SPDM_VERSION_12 ? FLAGS_12
						   : FLAGS_11;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(not_all); i++) {
		if ((flags & not_all[i]) == not_all[i]) {
			return false;
		}
	}
	for (size_t i = 0; i < PROT_ARRAY_SIZE(rules); i++) {
		const struct flag_rule *r = &rules[i];

		if ((r->only_version == ANY_VERSION ||
		     r->only_version == version) &&
		    (flags & r->if_any) != 0 && (flags & r->needs) == 0) {
			return false;
		}
	}
	return true;
}

static bool sizes_consistent(const struct prot_spdm_result *r)
{
	if (r->version < PROT_SPDM_VERSION_12) {
		return true;
	}
	return r->data_transfer_size >= SPDM_DATA_TRANSFER_SIZE_MIN &&
	       r->data_transfer_size <= r->max_message &&
	       ((r->flags & CAP(CHUNK)) != 0 ||
		r->data_transfer_size == r->max_message);
}

static struct prot_spdm_verdict
decide_capabilities(struct prot_spdm_requester *q)
{
	if (!prot_spdm_req_flags_consistent(q->result.version,
					    q->result.flags)) {
		return spdm_malformed(PROT_SPDM_REASON_CAPABILITIES);
	}
	if (!sizes_consistent(&q->result)) {
		return spdm_malformed(PROT_SPDM_REASON_TRANSFER_SIZE);
	}
	return spdm_accept();
}

static const struct prot_spdm_request *absorb(struct prot_spdm_requester *q)
{
	(void)q;
	return &prot_spdm_req_algorithms;
}

static const struct prot_spdm_decider deciders[] = {
	{PROT_SPDM_DECIDE_CAPABILITIES, decide_capabilities},
};

const struct prot_spdm_request prot_spdm_req_capabilities = {
	.command = &prot_spdm_cmd_get_capabilities,
	.encode = encode,
	.check = check,
	.deciders = deciders,
	.decider_count = PROT_ARRAY_SIZE(deciders),
	.absorb = absorb,
};
