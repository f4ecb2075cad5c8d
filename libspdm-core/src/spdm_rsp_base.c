/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET_VERSION, GET_CAPABILITIES and the row of RESPOND_IF_READY
 * (DSP0274 1.3.2, clauses 10.3, 10.4 and 10.13).
 */

#include "spdm_rsp.h"

#define CAP(name) PROT_SPDM_CAP_##name

/* One version and no other, so that there is nothing to downgrade to. */
static enum prot_status version(struct prot_spdm_responder *r,
				struct prot_spdm_work *w)
{
	w->req_len = SPDM_HEADER_SIZE;
	r->algorithms = (struct prot_spdm_algorithms){0};
	r->peer_capabilities = 0;
	prot_spdm_rsp_header(r, w, 0, 0);
	prot_wr_u8(&w->reply, 0);
	prot_wr_u8(&w->reply, 1); /* VersionNumberEntryCount */
	prot_wr_le16(&w->reply, (uint16_t)(r->cfg->version << 8));
	return PROT_OK;
}

static bool has(uint32_t flags, uint32_t any)
{
	return (flags & any) != 0;
}

/* Flags about sessions, clause 10.4: which require and exclude which. */
static bool session_flags_agree(uint32_t flags, uint8_t spdm_version)
{
	uint32_t need_session = CAP(ENCRYPT) | CAP(MAC) |
				CAP(HANDSHAKE_IN_THE_CLEAR) | CAP(HBEAT) |
				CAP(KEY_UPD);

	if (spdm_version >= PROT_SPDM_VERSION_13) {
		need_session |= CAP(EVENT);
	}
	if (has(flags, CAP(PSK_CONTEXT))) {
		return false; /* 10b and 11b are reserved in requests */
	}
	if (!has(flags, CAP(KEY_EX) | CAP(PSK))) {
		return !has(flags, need_session);
	}
	return has(flags, CAP(ENCRYPT) | CAP(MAC)) &&
	       (has(flags, CAP(KEY_EX)) ||
		!has(flags, CAP(HANDSHAKE_IN_THE_CLEAR)));
}

/* Flags about keys of the requester's own. */
static bool identity_flags_agree(uint32_t flags, uint8_t spdm_version)
{
	bool cert = has(flags, CAP(CERT));
	bool pub_key = has(flags, CAP(PUB_KEY_ID));
	uint32_t use = CAP(CHAL) | CAP(KEY_EX);
	uint32_t need_key = CAP(CHAL) | CAP(MUT_AUTH);

	if (spdm_version >= PROT_SPDM_VERSION_13) {
		use |= CAP(EP_INFO_SIG);
		need_key |= CAP(EP_INFO_SIG);
	}
	if (cert && pub_key) {
		return false;
	}
	if (cert || pub_key ? !has(flags, use) : has(flags, need_key)) {
		return false;
	}
	return !has(flags, CAP(MUT_AUTH)) ||
	       has(flags, CAP(KEY_EX) | CAP(CHAL));
}

/* Fields of two bits that 1.3 added. */
static bool fields_agree(uint32_t flags)
{
	uint32_t endpoint_info = flags & CAP(EP_INFO_MASK);
	uint32_t multi_key = flags & CAP(MULTI_KEY_MASK);

	return endpoint_info != CAP(EP_INFO_MASK) &&
	       multi_key != CAP(MULTI_KEY_MASK) &&
	       (multi_key == 0 ||
		(has(flags, CAP(CERT)) && !has(flags, CAP(PUB_KEY_ID))));
}

static bool flags_agree(uint32_t flags, uint8_t spdm_version)
{
	return session_flags_agree(flags, spdm_version) &&
	       identity_flags_agree(flags, spdm_version) &&
	       (spdm_version < PROT_SPDM_VERSION_13 || fields_agree(flags));
}

/* CTExponent, Flags, DataTransferSize, MaxSPDMmsgSize. */
static enum prot_status capabilities_decode(struct prot_spdm_responder *r,
					    struct prot_spdm_work *w)
{
	struct prot_rd rd = spdm_rsp_body(w);
	uint32_t transfer, largest;
	uint8_t ct_exponent;

	(void)prot_rd_u8(&rd);
	ct_exponent = prot_rd_u8(&rd);
	(void)prot_rd_le16(&rd);
	r->peer_capabilities = prot_rd_le32(&rd);
	transfer = prot_rd_le32(&rd);
	largest = prot_rd_le32(&rd);
	if (!prot_rd_ok(&rd) || ct_exponent > SPDM_CT_EXPONENT_MAX ||
	    transfer < SPDM_DATA_TRANSFER_SIZE_MIN || transfer > largest) {
		return PROT_ERR_MALFORMED;
	}
	/* Without chunks there is nothing that a larger message could be. */
	if (!has(r->peer_capabilities, CAP(CHUNK)) && transfer != largest) {
		return PROT_ERR_MALFORMED;
	}
	if (r->cfg->version >= PROT_SPDM_VERSION_13 &&
	    (spdm_rsp_param1(w) & SPDM_SUPPORTED_ALGORITHMS) &&
	    !has(r->peer_capabilities, CAP(CHUNK))) {
		return PROT_ERR_MALFORMED;
	}
	if (!flags_agree(r->peer_capabilities, r->cfg->version)) {
		return spdm_rsp_refuse(w, PROT_SPDM_REFUSAL_CAPABILITIES);
	}
	r->peer_data_transfer_size = transfer;
	return spdm_rsp_decoded(w, &rd);
}

static enum prot_status capabilities(struct prot_spdm_responder *r,
				     struct prot_spdm_work *w)
{
	prot_spdm_rsp_header(r, w, 0, 0);
	prot_wr_u8(&w->reply, 0);
	prot_wr_u8(&w->reply, r->cfg->ct_exponent);
	prot_wr_le16(&w->reply, 0);
	prot_wr_le32(&w->reply, r->cfg->capabilities);
	prot_wr_le32(&w->reply, r->cfg->data_transfer_size);
	prot_wr_le32(&w->reply, r->cfg->data_transfer_size);
	return PROT_OK;
}

static const struct prot_spdm_responder_row rows[] = {
	{&prot_spdm_cmd_get_version, {version}},
	{&prot_spdm_cmd_get_capabilities, {capabilities_decode, capabilities}},
	{&prot_spdm_cmd_negotiate_algorithms, {prot_spdm_rsp_algorithms}},
	{&prot_spdm_cmd_respond_if_ready, {NULL}},
};

const struct prot_spdm_responder_table prot_spdm_responder_base = {
	rows, PROT_ARRAY_SIZE(rows)};
