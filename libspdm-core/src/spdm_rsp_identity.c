/* SPDX-License-Identifier: Apache-2.0 */
/* GET_DIGESTS, GET_CERTIFICATE, CHALLENGE (DSP0274 1.3.2, 10.6 to 10.8). */

#include "spdm_rsp.h"

#define CERTIFICATE_HEADER_SIZE (SPDM_HEADER_SIZE + 4u)

static enum prot_status digests_begin(struct prot_spdm_responder *r,
				      struct prot_spdm_work *w)
{
	uint8_t supported =
		r->cfg->version >= PROT_SPDM_VERSION_13 ? r->cfg->slots : 0;
	size_t len = SPDM_HEADER_SIZE;

	for (unsigned mask = w->mask; mask != 0; mask &= mask - 1) {
		len += spdm_rsp_hash_size(w);
	}
	/* A responder with CERT_CAP and without a certificate is broken. */
	if (w->mask == 0) {
		return PROT_ERR_IO;
	}
	w->req_len = SPDM_HEADER_SIZE;
	prot_spdm_rsp_header(r, w, supported, w->mask);
	return prot_spdm_rsp_room(w, len);
}

/* One digest per slot that has certificates, in the order of the slots. */
static enum prot_status digests_hash(struct prot_spdm_responder *r,
				     struct prot_spdm_work *w)
{
	for (; w->item < PROT_SPDM_SLOT_COUNT; w->item++) {
		enum prot_status st;

		if (!(w->mask & 1u << w->item)) {
			continue;
		}
		if (!w->out) {
			w->out =
				prot_wr_claim(&w->reply, spdm_rsp_hash_size(w));
		}
		st = prot_spdm_rsp_chain_digest(r, w, w->item, w->out);
		if (st != PROT_OK) {
			return st;
		}
		w->out = NULL;
	}
	return PROT_OK;
}

/* Param1 slot, Param2 attributes; Offset, Length. */
static enum prot_status certificate_decode(struct prot_spdm_responder *r,
					   struct prot_spdm_work *w)
{
	struct prot_rd rd = spdm_rsp_body(w);

	w->slot = spdm_rsp_param1(w) & SPDM_SLOT_MASK;
	w->from = prot_rd_le16(&rd);
	w->portion = prot_rd_le16(&rd);
	if (w->slot >= PROT_SPDM_SLOT_COUNT ||
	    !(r->cfg->slots & 1u << w->slot)) {
		return spdm_rsp_refuse(w, PROT_SPDM_REFUSAL_SLOT);
	}
	return spdm_rsp_decoded(w, &rd);
}

/*
 * The portion shrinks to what is left of the chain and fits the reply. With
 * SlotSizeRequested (1.3) nothing is sent but the length, 0 for an empty slot.
 */
static enum prot_status certificate_begin(struct prot_spdm_responder *r,
					  struct prot_spdm_work *w)
{
	bool size_only = r->cfg->version >= PROT_SPDM_VERSION_13 &&
			 (spdm_rsp_param2(w) & SPDM_SLOT_SIZE_REQUESTED);
	enum prot_status st = prot_spdm_rsp_slot_size(r, w, w->slot);
	size_t room = w->reply.cap - CERTIFICATE_HEADER_SIZE;
	size_t left = spdm_rsp_chain_size(w);

	if (st == PROT_ERR_NOT_FOUND) {
		if (!size_only) {
			return spdm_rsp_refuse(w, PROT_SPDM_REFUSAL_SLOT);
		}
		left = 0;
	} else if (st != PROT_OK) {
		return st;
	}
	if (size_only) {
		w->from = 0;
		w->portion = 0;
	} else if (w->from >= left) {
		return PROT_ERR_MALFORMED;
	}
	left -= w->from;
	w->portion = w->portion < left ? w->portion : left;
	w->portion = w->portion < room ? w->portion : room;
	prot_spdm_rsp_header(r, w, w->slot, 0);
	prot_wr_le16(&w->reply, (uint16_t)w->portion);
	prot_wr_le16(&w->reply, (uint16_t)(left - w->portion));
	return PROT_OK;
}

/* The part of the portion that precedes the certificates. */
static enum prot_status certificate_head(struct prot_spdm_responder *r,
					 struct prot_spdm_work *w)
{
	uint8_t header[SPDM_CHAIN_HEADER_SIZE];
	size_t end = spdm_rsp_chain_head_size(w);
	enum prot_status st;

	if (w->portion == 0 || w->from >= end) {
		return PROT_OK;
	}
	st = prot_spdm_rsp_root_hash(r, w, w->slot, w->piece);
	if (st != PROT_OK) {
		return st;
	}
	prot_spdm_rsp_chain_header(w, header);
	for (; w->portion > 0 && w->from < end; w->portion--, w->from++) {
		prot_wr_u8(
			&w->reply,
			w->from < SPDM_CHAIN_HEADER_SIZE
				? header[w->from]
				: w->piece[w->from - SPDM_CHAIN_HEADER_SIZE]);
	}
	return PROT_OK;
}

static enum prot_status certificate_body(struct prot_spdm_responder *r,
					 struct prot_spdm_work *w)
{
	if (w->portion == 0) {
		return PROT_OK;
	}
	if (!w->out) {
		w->out = prot_wr_claim(&w->reply, w->portion);
	}
	w->offset = w->from - spdm_rsp_chain_head_size(w);
	return prot_spdm_rsp_read(r, w, PROT_SPDM_OBJECT_CERTIFICATES, w->slot,
				  w->out, w->portion);
}

/* A summary can be asked for if measurements were negotiated. */
static bool summary_is_valid(const struct prot_spdm_responder *r, uint8_t type)
{
	return type == PROT_SPDM_SUMMARY_NONE ||
	       ((type == PROT_SPDM_SUMMARY_TCB ||
		 type == PROT_SPDM_SUMMARY_ALL) &&
		r->algorithms.measurement_spec != 0);
}

/* Param1 slot, Param2 summary type; Nonce, RequesterContext (1.3). */
static enum prot_status challenge_decode(struct prot_spdm_responder *r,
					 struct prot_spdm_work *w)
{
	struct prot_rd rd = spdm_rsp_body(w);

	(void)prot_rd_bytes(&rd, PROT_SPDM_NONCE_SIZE);
	if (r->cfg->version >= PROT_SPDM_VERSION_13) {
		(void)prot_rd_bytes(&rd, PROT_SPDM_REQUESTER_CONTEXT_SIZE);
	}
	w->slot = spdm_rsp_param1(w);
	if (!summary_is_valid(r, spdm_rsp_param2(w))) {
		return PROT_ERR_MALFORMED;
	}
	return spdm_rsp_decoded(w, &rd);
}

static enum prot_status challenge_begin(struct prot_spdm_responder *r,
					struct prot_spdm_work *w)
{
	size_t hash = spdm_rsp_hash_size(w);
	size_t hashes = spdm_rsp_param2(w) != 0 ? 2 * hash : hash;
	enum prot_status st;

	/* 0xff, the provisioned public key, would need PUB_KEY_ID_CAP. */
	if (w->slot >= PROT_SPDM_SLOT_COUNT || !(w->mask & 1u << w->slot)) {
		return spdm_rsp_refuse(w, PROT_SPDM_REFUSAL_SLOT);
	}
	w->sign = true;
	st = prot_spdm_rsp_room(w, SPDM_HEADER_SIZE + hashes +
					   PROT_SPDM_NONCE_SIZE +
					   prot_spdm_rsp_trailer_size(r));
	if (st == PROT_OK) {
		st = prot_spdm_rsp_key(r, w);
	}
	if (st == PROT_OK) {
		prot_spdm_rsp_header(r, w, w->slot, w->mask);
		w->out = prot_wr_claim(&w->reply, hash); /* CertChainHash */
	}
	return st;
}

static enum prot_status challenge_chain(struct prot_spdm_responder *r,
					struct prot_spdm_work *w)
{
	return prot_spdm_rsp_chain_digest(r, w, w->slot, w->out);
}

/* Nonce, and the place of MeasurementSummaryHash. */
static enum prot_status challenge_nonce(struct prot_spdm_responder *r,
					struct prot_spdm_work *w)
{
	enum prot_status st = prot_spdm_rsp_nonce(r, w);

	w->out = prot_wr_claim(
		&w->reply, spdm_rsp_param2(w) != 0 ? spdm_rsp_hash_size(w) : 0);
	return st;
}

static const struct prot_spdm_responder_row rows[] = {
	{&prot_spdm_cmd_get_digests,
	 {prot_spdm_rsp_scan_slots, digests_begin, digests_hash}},
	{&prot_spdm_cmd_get_certificate,
	 {certificate_decode, certificate_begin, certificate_head,
	  certificate_body}},
	{&prot_spdm_cmd_challenge,
	 {challenge_decode, prot_spdm_rsp_scan_slots, challenge_begin,
	  challenge_chain, challenge_nonce, prot_spdm_rsp_summary,
	  prot_spdm_rsp_trailer}},
};

const struct prot_spdm_responder_table prot_spdm_responder_identity = {
	rows, PROT_ARRAY_SIZE(rows)};
