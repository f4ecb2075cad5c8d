/* SPDX-License-Identifier: Apache-2.0 */
/* NEGOTIATE_ALGORITHMS (DSP0274 1.3.2, clauses 10.5 and 10.5.1). */

#include "spdm_algorithms.h"
#include "spdm_rsp.h"

/* What the requester offers. */
struct offer {
	uint32_t base_asym, base_hash;
	uint16_t length;
	uint8_t measurement_spec, other_params;
	uint16_t table_bits[SPDM_ALG_TABLE_COUNT_MAX];
	uint8_t table_types[SPDM_ALG_TABLE_COUNT_MAX];
	uint8_t table_count;
	size_t ext_count;
};

/* Algorithm structures: ascending, of the fixed width, none of them empty. */
static bool tables_decode(struct prot_rd *rd, struct offer *o)
{
	uint8_t before = SPDM_ALG_DHE - 1;

	for (size_t i = 0; i < o->table_count; i++) {
		uint8_t type = prot_rd_u8(rd);
		uint8_t count = prot_rd_u8(rd);
		uint16_t supported = prot_rd_le16(rd);
		size_t ext = count & 0x0fu;

		(void)prot_rd_bytes(rd, ext * SPDM_EXT_ALG_SIZE);
		o->ext_count += ext;
		if (!prot_rd_ok(rd) || type <= before ||
		    type > SPDM_ALG_KEY_SCHEDULE ||
		    count >> 4 != SPDM_ALG_FIXED_BYTES || supported == 0) {
			return false;
		}
		o->table_types[i] = type;
		o->table_bits[i] = supported;
		before = type;
	}
	return true;
}

/*
 * Length counts the whole message without padding of the transport. External
 * algorithms are skipped: none is supported.
 */
static enum prot_status offer_decode(struct prot_spdm_work *w, struct offer *o)
{
	struct prot_rd rd = spdm_rsp_body(w);

	*o = (struct offer){.table_count = spdm_rsp_param1(w)};
	o->length = prot_rd_le16(&rd);
	o->measurement_spec = prot_rd_u8(&rd);
	o->other_params = prot_rd_u8(&rd);
	o->base_asym = prot_rd_le32(&rd);
	o->base_hash = prot_rd_le32(&rd);
	(void)prot_rd_bytes(&rd, 12); /* reserved */
	o->ext_count = prot_rd_u8(&rd);
	o->ext_count += prot_rd_u8(&rd);
	(void)prot_rd_le16(&rd); /* reserved, MELspecification */
	(void)prot_rd_bytes(&rd, o->ext_count * SPDM_EXT_ALG_SIZE);
	if (!prot_rd_ok(&rd) || o->table_count > SPDM_ALG_TABLE_COUNT_MAX ||
	    !tables_decode(&rd, o) || o->ext_count > SPDM_EXT_ALG_COUNT_MAX ||
	    o->length > SPDM_NEGOTIATE_LENGTH_MAX ||
	    o->length != w->req_len - rd.left) {
		return PROT_ERR_MALFORMED;
	}
	return spdm_rsp_decoded(w, &rd);
}

/* The responder's first choice among what is offered, or NONE. */
static enum prot_hash_alg choose_hash(const struct prot_spdm_responder *r,
				      uint32_t offered)
{
	const enum prot_hash_alg *alg = r->cfg->base_hash;

	while (*alg != PROT_HASH_NONE &&
	       !(prot_spdm_hash_bit(*alg) & offered)) {
		alg++;
	}
	return *alg;
}

static enum prot_asym_alg choose_asym(const struct prot_spdm_responder *r,
				      uint32_t offered)
{
	const enum prot_asym_alg *alg = r->cfg->base_asym;

	while (*alg != PROT_ASYM_NONE &&
	       !(prot_spdm_asym_bit(*alg) & offered)) {
		alg++;
	}
	return *alg;
}

/* Everything that the announced capabilities need must be found. */
static bool choose(const struct prot_spdm_responder *r, const struct offer *o,
		   struct prot_spdm_algorithms *a)
{
	uint32_t caps = r->cfg->capabilities;
	bool measure = (caps & PROT_SPDM_CAP_MEAS) && o->measurement_spec != 0;
	bool sign = caps & (PROT_SPDM_CAP_CERT | PROT_SPDM_CAP_CHAL |
			    PROT_SPDM_CAP_MEAS_SIG);

	*a = (struct prot_spdm_algorithms){
		.base_hash = choose_hash(r, o->base_hash),
		.base_asym = choose_asym(r, o->base_asym),
		.opaque_format = o->other_params & SPDM_OPAQUE_FORMAT_1,
	};
	if (measure) {
		a->measurement_spec =
			o->measurement_spec & SPDM_MEASUREMENT_SPEC_DMTF;
		a->measurement_hash = r->cfg->measurement_hash;
		a->raw_only = a->measurement_hash == PROT_HASH_NONE;
	}
	if (measure && a->measurement_spec == 0) {
		return false;
	}
	return !sign || (a->base_hash != PROT_HASH_NONE &&
			 a->base_asym != PROT_ASYM_NONE);
}

static uint8_t other_params(const struct prot_spdm_responder *r,
			    const struct prot_spdm_algorithms *a)
{
	/* RequesterMultiKeyConnSel, for a requester that knows nothing else. */
	bool multi_key = r->cfg->version >= PROT_SPDM_VERSION_13 &&
			 (r->peer_capabilities & PROT_SPDM_CAP_MULTI_KEY_ONLY);

	return (uint8_t)(a->opaque_format |
			 (multi_key ? SPDM_OTHER_PARAMS_MULTI_KEY : 0));
}

/*
 * Nothing is selected of what only sessions and mutual authentication need:
 * this responder announces neither, and verifies no signature of a requester.
 * One concession: a 1.3 requester whose EP_INFO_CAP is 10b would sign
 * ENDPOINT_INFO with the ReqBaseAsymAlg selected here, and libspdm refuses to
 * go on without one. It gets the longest key that the crypto provider could
 * verify, if it offers any.
 */
static uint16_t table_selection(const struct prot_spdm_responder *r,
				unsigned type, uint32_t offered)
{
	unsigned alg = PROT_ASYM_COUNT - 1;

	if (type != SPDM_ALG_REQ_BASE_ASYM ||
	    r->cfg->version < PROT_SPDM_VERSION_13 ||
	    (r->peer_capabilities & PROT_SPDM_CAP_EP_INFO_MASK) !=
		    PROT_SPDM_CAP_EP_INFO_SIG) {
		return 0;
	}
	while (alg != PROT_ASYM_NONE &&
	       !((r->cfg->crypto.ops->asyms & 1u << alg) &&
		 (prot_spdm_asym_bit((enum prot_asym_alg)alg) & offered))) {
		alg--;
	}
	return (uint16_t)prot_spdm_asym_bit((enum prot_asym_alg)alg);
}

static void encode(struct prot_spdm_responder *r, struct prot_spdm_work *w,
		   const struct offer *o)
{
	const struct prot_spdm_algorithms *a = &r->algorithms;
	struct prot_wr *wr = &w->reply;

	prot_spdm_rsp_header(r, w, o->table_count, 0);
	prot_wr_le16(wr, (uint16_t)(SPDM_ALGORITHMS_FIXED_SIZE +
				    o->table_count * SPDM_ALG_TABLE_SIZE));
	prot_wr_u8(wr, a->measurement_spec);
	prot_wr_u8(wr, other_params(r, a));
	prot_wr_le32(wr, a->measurement_spec ? prot_spdm_measurement_hash_bit(
						       a->measurement_hash)
					     : 0);
	prot_wr_le32(wr, prot_spdm_asym_bit(a->base_asym));
	prot_wr_le32(wr, prot_spdm_hash_bit(a->base_hash));
	prot_wr_fill(wr, 0, SPDM_ALGORITHMS_FIXED_SIZE - 20);
	for (size_t i = 0; i < o->table_count; i++) {
		prot_wr_u8(wr, o->table_types[i]);
		prot_wr_u8(wr, SPDM_ALG_FIXED_BYTES << 4);
		prot_wr_le16(wr, table_selection(r, o->table_types[i],
						 o->table_bits[i]));
	}
}

enum prot_status prot_spdm_rsp_algorithms(struct prot_spdm_responder *r,
					  struct prot_spdm_work *w)
{
	struct offer o;
	enum prot_status st = offer_decode(w, &o);

	if (st != PROT_OK) {
		return st;
	}
	/* ResponderMultiKeyConn asks for what this responder has not got. */
	if ((r->cfg->version >= PROT_SPDM_VERSION_13 &&
	     (o.other_params & SPDM_OTHER_PARAMS_MULTI_KEY)) ||
	    !choose(r, &o, &r->algorithms)) {
		return spdm_rsp_refuse(w, PROT_SPDM_REFUSAL_ALGORITHMS);
	}
	st = prot_spdm_rsp_room(w, SPDM_ALGORITHMS_FIXED_SIZE +
					   o.table_count * SPDM_ALG_TABLE_SIZE);
	encode(r, w, &o);
	return st;
}
