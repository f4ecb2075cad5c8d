/* SPDX-License-Identifier: Apache-2.0 */
/* NEGOTIATE_ALGORITHMS and ALGORITHMS, DSP0274 1.3.2. */
#include "spdm_algorithms.h"
#include "spdm_requester.h"
#include "spdm_transcript.h"

#define TABLE_FIRST SPDM_ALG_DHE
#define ALG_COUNT   (SPDM_ALG_FIXED_BYTES << 4) /* and no extended ones */

/* What ALGORITHMS selects, as on the wire. */
struct selection {
	uint8_t table_count;
	uint16_t length;
	uint8_t measurement_spec;
	uint8_t other_params;
	uint8_t mel_spec;
	uint8_t ext_count;
	uint32_t measurement_hash;
	uint32_t asym;
	uint32_t hash;
	uint16_t tables[SPDM_ALG_TABLE_COUNT_MAX]; /* by AlgType, from DHE */
	bool tables_ok;
};

uint32_t
prot_spdm_req_offered_hashes(const struct prot_spdm_requester_config *cfg)
{
	uint32_t bits = 0;

	for (unsigned alg = 1; alg < PROT_HASH_COUNT; alg++) {
		if ((cfg->crypto.ops->hashes & 1u << alg) &&
		    (cfg->offer.hashes == 0 ||
		     (cfg->offer.hashes & 1u << alg))) {
			bits |= prot_spdm_hash_bit((enum prot_hash_alg)alg);
		}
	}
	return bits;
}

uint32_t
prot_spdm_req_offered_asyms(const struct prot_spdm_requester_config *cfg)
{
	uint32_t bits = 0;

	for (unsigned alg = 1; alg < PROT_ASYM_COUNT; alg++) {
		if ((cfg->crypto.ops->asyms & 1u << alg) &&
		    (cfg->offer.asyms == 0 || (cfg->offer.asyms & 1u << alg))) {
			bits |= prot_spdm_asym_bit((enum prot_asym_alg)alg);
		}
	}
	return bits;
}

static uint16_t offered_table(const struct prot_spdm_offer *offer,
			      unsigned type)
{
	const uint16_t tables[SPDM_ALG_TABLE_COUNT_MAX] = {
		offer->dhe, offer->aead, offer->req_asym, offer->key_schedule};

	return tables[type - TABLE_FIRST];
}

/* ResponderMultiKeyConn: as the responder needs it, or as the caller wishes. */
static bool want_multi_key(const struct prot_spdm_requester *q)
{
	uint32_t cap = q->result.flags & PROT_SPDM_CAP_MULTI_KEY_MASK;

	return q->result.version >= PROT_SPDM_VERSION_13 &&
	       (cap == PROT_SPDM_CAP_MULTI_KEY_ONLY ||
		(cap == PROT_SPDM_CAP_MULTI_KEY_NEG &&
		 q->cfg->offer.multi_key));
}

static enum prot_status encode(struct prot_spdm_requester *q, struct prot_wr *w)
{
	const struct prot_spdm_offer *offer = &q->cfg->offer;
	uint8_t tables = 0;

	for (unsigned t = SPDM_ALG_DHE; t <= SPDM_ALG_KEY_SCHEDULE; t++) {
		tables = (uint8_t)(tables + (offered_table(offer, t) != 0));
	}
	prot_wr_u8(w, tables);
	prot_wr_u8(w, 0);
	prot_wr_le16(w, (uint16_t)(SPDM_NEGOTIATE_FIXED_SIZE + 4u * tables));
	prot_wr_u8(w, SPDM_MEASUREMENT_SPEC_DMTF);
	q->result.multi_key = want_multi_key(q);
	prot_wr_u8(w,
		   (uint8_t)((offer->opaque_formats & SPDM_OPAQUE_FORMAT_MASK) |
			     (q->result.multi_key ? SPDM_OTHER_PARAMS_MULTI_KEY
						  : 0u)));
	prot_wr_le32(w, prot_spdm_req_offered_asyms(q->cfg));
	prot_wr_le32(w, prot_spdm_req_offered_hashes(q->cfg));
	prot_wr_fill(w, 0, 12); /* reserved */
	prot_wr_u8(w, 0);       /* ExtAsymCount */
	prot_wr_u8(w, 0);       /* ExtHashCount */
	prot_wr_u8(w, 0);
	prot_wr_u8(w, q->result.version >= PROT_SPDM_VERSION_13
			      ? offer->mel_spec
			      : 0);
	for (unsigned t = SPDM_ALG_DHE; t <= SPDM_ALG_KEY_SCHEDULE; t++) {
		if (offered_table(offer, t) != 0) {
			prot_wr_u8(w, (uint8_t)t);
			prot_wr_u8(w, ALG_COUNT);
			prot_wr_le16(w, offered_table(offer, t));
		}
	}
	return PROT_OK;
}

/* AlgType ascends, and what a table has beyond two bytes is not for us. */
static void read_tables(struct prot_rd *rd, struct selection *s)
{
	unsigned last = TABLE_FIRST - 1u;

	s->tables_ok = s->table_count <= SPDM_ALG_TABLE_COUNT_MAX;
	for (unsigned i = 0; i < s->table_count && s->tables_ok; i++) {
		uint8_t type = prot_rd_u8(rd);
		uint8_t count = prot_rd_u8(rd);
		uint16_t alg = prot_rd_le16(rd);

		s->tables_ok = type > last && type <= SPDM_ALG_KEY_SCHEDULE &&
			       count == ALG_COUNT;
		if (s->tables_ok) {
			s->tables[type - TABLE_FIRST] = alg;
			last = type;
		}
	}
}

static void read_selection(struct spdm_message *m, struct selection *s)
{
	struct prot_rd *rd = &m->body;

	memset(s, 0, sizeof(*s));
	s->table_count = m->param1;
	s->length = prot_rd_le16(rd);
	s->measurement_spec = prot_rd_u8(rd);
	s->other_params = prot_rd_u8(rd);
	s->measurement_hash = prot_rd_le32(rd);
	s->asym = prot_rd_le32(rd);
	s->hash = prot_rd_le32(rd);
	(void)prot_rd_bytes(rd, 11); /* reserved */
	s->mel_spec = prot_rd_u8(rd);
	s->ext_count = prot_rd_u8(rd);  /* ExtAsymSelCount */
	s->ext_count |= prot_rd_u8(rd); /* ExtHashSelCount */
	(void)prot_rd_le16(rd);         /* reserved */
	if (s->ext_count == 0) {
		read_tables(rd, s);
	}
}

static struct prot_spdm_verdict check(struct prot_spdm_requester *q,
				      struct spdm_message *m)
{
	struct selection s;

	read_selection(m, &s);
	/* No extended algorithm was offered, so none can be selected. */
	if (s.ext_count != 0 || !s.tables_ok || s.length != q->response_len) {
		return spdm_malformed(PROT_SPDM_REASON_ALGORITHMS_FORMAT);
	}
	return spdm_accept();
}

static bool at_most_one_bit(uint32_t v)
{
	return (v & (v - 1u)) == 0;
}

static bool one_each(const struct selection *s)
{
	bool ok = at_most_one_bit(s->measurement_spec) &&
		  at_most_one_bit(s->other_params & SPDM_OPAQUE_FORMAT_MASK) &&
		  at_most_one_bit(s->measurement_hash) &&
		  at_most_one_bit(s->asym) && at_most_one_bit(s->hash) &&
		  at_most_one_bit(s->mel_spec);

	for (unsigned i = 0; i < SPDM_ALG_TABLE_COUNT_MAX; i++) {
		ok = ok && at_most_one_bit(s->tables[i]);
	}
	return ok;
}

static bool was_offered(const struct prot_spdm_requester *q,
			const struct selection *s)
{
	const struct prot_spdm_offer *offer = &q->cfg->offer;
	uint8_t other = offer->opaque_formats & SPDM_OPAQUE_FORMAT_MASK;
	uint32_t beyond;

	/* RequesterMultiKeyConnSel needs a requester that has several keys. */
	if (q->cfg->flags & PROT_SPDM_CAP_MULTI_KEY_MASK) {
		other |= SPDM_OTHER_PARAMS_MULTI_KEY;
	}
	beyond = (s->asym & ~prot_spdm_req_offered_asyms(q->cfg)) |
		 (s->hash & ~prot_spdm_req_offered_hashes(q->cfg)) |
		 (s->measurement_spec & ~SPDM_MEASUREMENT_SPEC_DMTF) |
		 (s->mel_spec & ~(uint32_t)offer->mel_spec);
	if (q->result.version >= PROT_SPDM_VERSION_12) {
		beyond |=
			s->other_params & ~(uint32_t)other &
			(SPDM_OPAQUE_FORMAT_MASK | SPDM_OTHER_PARAMS_MULTI_KEY);
	}
	for (unsigned t = SPDM_ALG_DHE; t <= SPDM_ALG_KEY_SCHEDULE; t++) {
		beyond |= s->tables[t - TABLE_FIRST] &
			  ~(uint32_t)offered_table(offer, t);
	}
	return beyond == 0;
}

/* What has to be selected follows from the capabilities. */
static bool is_enough(const struct prot_spdm_requester *q,
		      const struct selection *s)
{
	const uint32_t identity = PROT_SPDM_CAP_CERT | PROT_SPDM_CAP_CHAL |
				  PROT_SPDM_CAP_MEAS_SIG;
	const struct prot_spdm_algorithms *a = &q->result.algorithms;
	uint32_t flags = q->result.flags;

	if ((flags & identity) != 0 && (a->base_hash == PROT_HASH_NONE ||
					a->base_asym == PROT_ASYM_NONE)) {
		return false;
	}
	if (flags & PROT_SPDM_CAP_MEAS) {
		return s->measurement_spec == SPDM_MEASUREMENT_SPEC_DMTF &&
		       (a->raw_only || a->measurement_hash != PROT_HASH_NONE);
	}
	return s->measurement_spec == 0;
}

static struct prot_spdm_verdict decide_algorithms(struct prot_spdm_requester *q)
{
	struct prot_spdm_algorithms *a = &q->result.algorithms;
	struct prot_rd rd = prot_rd_init(q->response, q->response_len);
	struct spdm_message m = {0};
	struct selection s;

	(void)prot_rd_le16(&rd);
	m.param1 = prot_rd_u8(&rd);
	m.param2 = prot_rd_u8(&rd);
	m.body = rd;
	read_selection(&m, &s);
	if (!one_each(&s)) {
		return spdm_malformed(PROT_SPDM_REASON_ALGORITHMS_FORMAT);
	}
	if (!was_offered(q, &s)) {
		return spdm_malformed(PROT_SPDM_REASON_ALGORITHMS_NOT_OFFERED);
	}
	a->base_hash = prot_spdm_hash_from_bit(s.hash);
	a->base_asym = prot_spdm_asym_from_bit(s.asym);
	a->raw_only = s.measurement_hash == SPDM_MEASUREMENT_HASH_RAW;
	(void)prot_spdm_measurement_hash_from_bit(s.measurement_hash,
						  &a->measurement_hash);
	a->measurement_spec = s.measurement_spec;
	a->opaque_format = s.other_params & SPDM_OPAQUE_FORMAT_MASK;
	if (!is_enough(q, &s)) {
		return spdm_verdict(PROT_ERR_UNSUPPORTED,
				    PROT_SPDM_REASON_NO_COMMON_ALGORITHM);
	}
	return spdm_accept();
}

static const struct prot_spdm_request *absorb(struct prot_spdm_requester *q)
{
	prot_spdm_transcript_set(&q->transcript, q->result.version,
				 q->result.algorithms.base_hash);
	return NULL;
}

static const struct prot_spdm_decider deciders[] = {
	{PROT_SPDM_DECIDE_ALGORITHMS, decide_algorithms},
};

const struct prot_spdm_request prot_spdm_req_algorithms = {
	.command = &prot_spdm_cmd_negotiate_algorithms,
	.encode = encode,
	.check = check,
	.deciders = deciders,
	.decider_count = PROT_ARRAY_SIZE(deciders),
	.absorb = absorb,
};
