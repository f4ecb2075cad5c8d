/* SPDX-License-Identifier: Apache-2.0 */
/* GET_CERTIFICATE and CERTIFICATE, DSP0274 1.3.2. */
#include <prot/base/wipe.h>

#include "spdm_chain.h"
#include "spdm_requester.h"

#define RESPONSE_FIXED  8u /* CERTIFICATE without the portion */
#define REQUEST_LENGTH  6u /* offset of Length in GET_CERTIFICATE */
#define ALIAS_CERT_CERT 2u /* certificate model, multi-key connections */

static struct prot_spdm_slot *slot_of(const struct prot_spdm_requester *q)
{
	return &q->cfg->slots[spdm_sent_param1(q)];
}

static enum prot_status encode(struct prot_spdm_requester *q, struct prot_wr *w)
{
	size_t length = q->cfg->max_message - RESPONSE_FIXED;

	length = length < UINT16_MAX ? length : UINT16_MAX;
	if (q->chain_want != 0 && q->chain_want - q->chain_have < length) {
		length = q->chain_want - q->chain_have;
	}
	prot_wr_u8(w, q->slot);
	prot_wr_u8(w, 0);
	prot_wr_le16(w, (uint16_t)q->chain_have);
	prot_wr_le16(w, (uint16_t)length);
	return PROT_OK;
}

/* The portion continues the chain, and the whole stays as long as it was. */
static struct prot_spdm_verdict
check_portion(const struct prot_spdm_requester *q, size_t portion,
	      size_t remainder)
{
	size_t total = q->chain_have + portion + remainder;
	struct prot_rd sent = prot_rd_init(q->cfg->tx, q->request_len);

	(void)prot_rd_bytes(&sent, REQUEST_LENGTH);
	if (portion == 0 || portion > prot_rd_le16(&sent) ||
	    total > UINT16_MAX ||
	    (q->chain_want != 0 && total != q->chain_want)) {
		return spdm_malformed(PROT_SPDM_REASON_CHAIN_PORTION);
	}
	if (total > q->cfg->chain_cap) {
		return spdm_verdict(PROT_ERR_SPACE,
				    PROT_SPDM_REASON_CHAIN_SPACE);
	}
	return spdm_accept();
}

static struct prot_spdm_verdict check(struct prot_spdm_requester *q,
				      struct spdm_message *m)
{
	size_t portion = prot_rd_le16(&m->body);
	size_t remainder = prot_rd_le16(&m->body);
	const uint8_t *bytes = prot_rd_bytes(&m->body, portion);
	struct prot_spdm_verdict v;

	if ((m->param1 & SPDM_SLOT_MASK) != spdm_sent_param1(q)) {
		return spdm_malformed(PROT_SPDM_REASON_WRONG_SLOT);
	}
	v = check_portion(q, portion, remainder);
	if (v.status != PROT_OK || !bytes) {
		return v;
	}
	memcpy(q->cfg->chain + q->chain_have, bytes, portion);
	q->chain_have += portion;
	q->chain_want = q->chain_have + remainder;
	q->result.certificate_info =
		q->result.multi_key ? m->param2 & SPDM_CERT_MODEL_MASK : 0;
	return v;
}

static bool complete(const struct prot_spdm_requester *q)
{
	return q->chain_have == q->chain_want;
}

static enum prot_status read_chain(const struct prot_spdm_requester *q,
				   struct spdm_chain *chain)
{
	return prot_spdm_chain_read(q->cfg->chain, q->chain_have,
				    spdm_req_hash_size(q), chain);
}

static struct prot_spdm_verdict decide_format(struct prot_spdm_requester *q)
{
	struct spdm_chain chain;

	if (!complete(q)) {
		return spdm_undecided();
	}
	if (read_chain(q, &chain) != PROT_OK) {
		return spdm_malformed(PROT_SPDM_REASON_CHAIN_LENGTH);
	}
	q->result.chain_len = q->chain_have;
	q->result.certs = chain.certs;
	return spdm_accept();
}

static enum prot_status hash_matches(const struct prot_spdm_requester *q,
				     struct prot_span what,
				     const uint8_t *digest, bool *same)
{
	uint8_t found[PROT_HASH_MAX];
	enum prot_status st;

	st = prot_crypto_hash(&q->cfg->crypto, q->result.algorithms.base_hash,
			      what.at, what.len, found);
	*same = st == PROT_OK &&
		prot_equal_ct(found, digest, spdm_req_hash_size(q));
	return st;
}

static struct prot_spdm_verdict decide_digest(struct prot_spdm_requester *q)
{
	struct prot_span chain = {q->cfg->chain, q->chain_have};
	enum prot_status st;
	bool same;

	if (!complete(q) || !slot_of(q)->announced) {
		return spdm_undecided();
	}
	st = hash_matches(q, chain, slot_of(q)->digest, &same);
	if (st != PROT_OK) {
		return spdm_verdict(st, PROT_SPDM_REASON_LOCAL);
	}
	return same ? spdm_accept()
		    : spdm_verdict(PROT_ERR_AUTH,
				   PROT_SPDM_REASON_CHAIN_DIGEST);
}

/* With several keys each chain says what it is; else the capability does. */
static bool is_alias(const struct prot_spdm_requester *q)
{
	return q->result.multi_key
		       ? q->result.certificate_info == ALIAS_CERT_CERT
		       : (q->result.flags & PROT_SPDM_CAP_ALIAS_CERT) != 0;
}

static void prepare_query(struct prot_spdm_requester *q)
{
	memset(&q->query, 0, sizeof(q->query));
	memset(&q->result.path, 0, sizeof(q->result.path));
	q->query.certs = q->result.certs;
	q->query.anchors = q->cfg->anchors;
	q->query.anchor_count = q->cfg->anchor_count;
	q->query.purpose = PROT_CHAIN_SPDM_RESPONDER;
	q->query.leaf_alg = q->result.algorithms.base_asym;
	q->query.leaf_basic_constraints =
		q->result.version >= PROT_SPDM_VERSION_13;
	q->query.alias_model = is_alias(q);
	q->query.now_s = q->cfg->date_s;
	q->prepared = true;
}

static struct prot_spdm_verdict decide_path(struct prot_spdm_requester *q)
{
	enum prot_status st;

	if (!complete(q)) {
		return spdm_undecided();
	}
	if (!q->prepared) {
		prepare_query(q);
	}
	st = q->cfg->chain_check(&q->cfg->crypto, &q->query, &q->result.path);
	return spdm_verdict(st, st == PROT_OK ? PROT_SPDM_REASON_NONE
					      : PROT_SPDM_REASON_CHAIN_PATH);
}

/*
 * RootHash is that of the first certificate, which then is the root, or that
 * of the root that the chain was found to lead to.
 */
static struct prot_spdm_verdict decide_root(struct prot_spdm_requester *q)
{
	const struct prot_trust_anchor *anchor;
	struct spdm_chain chain;
	enum prot_status st;
	bool same = false;

	if (!complete(q)) {
		return spdm_undecided();
	}
	st = read_chain(q, &chain);
	if (st == PROT_OK) {
		st = hash_matches(q, chain.first, chain.root_hash, &same);
	}
	if (st == PROT_OK && !same &&
	    q->result.path.anchor < q->query.anchor_count) {
		anchor = &q->query.anchors[q->result.path.anchor];
		st = hash_matches(q, anchor->cert, chain.root_hash, &same);
	}
	if (st != PROT_OK) {
		return spdm_verdict(st, PROT_SPDM_REASON_LOCAL);
	}
	return same ? spdm_accept()
		    : spdm_verdict(PROT_ERR_AUTH,
				   PROT_SPDM_REASON_CHAIN_ROOT_HASH);
}

/* The last decision: there is a key to work with. */
static struct prot_spdm_verdict decide_key(struct prot_spdm_requester *q)
{
	const struct prot_public_key *key = &q->result.path.leaf.key;

	if (!complete(q)) {
		return spdm_undecided();
	}
	if (key->alg != q->result.algorithms.base_asym || !key->bytes) {
		return spdm_verdict(PROT_ERR_AUTH, PROT_SPDM_REASON_CHAIN_KEY);
	}
	return spdm_accept();
}

static const struct prot_spdm_request *absorb(struct prot_spdm_requester *q)
{
	const struct prot_public_key *key = &q->result.path.leaf.key;
	struct prot_spdm_slot *slot = slot_of(q);

	if (!complete(q)) {
		return &prot_spdm_req_certificate;
	}
	slot->fetched =
		prot_crypto_hash(&q->cfg->crypto,
				 q->result.algorithms.base_hash, q->cfg->chain,
				 q->chain_have, slot->digest) == PROT_OK;
	if (slot->fetched) {
		slot->key_alg = key->alg;
		memcpy(slot->key, key->bytes, prot_public_key_size(key->alg));
	}
	return NULL;
}

static const struct prot_spdm_decider deciders[] = {
	{PROT_SPDM_DECIDE_CHAIN_FORMAT, decide_format},
	{PROT_SPDM_DECIDE_CHAIN_DIGEST, decide_digest},
	{PROT_SPDM_DECIDE_CHAIN_PATH, decide_path},
	{PROT_SPDM_DECIDE_CHAIN_ROOT, decide_root},
	{PROT_SPDM_DECIDE_CHAIN_KEY, decide_key},
};

const struct prot_spdm_request prot_spdm_req_certificate = {
	.command = &prot_spdm_cmd_get_certificate,
	.crypto = true,
	.encode = encode,
	.check = check,
	.deciders = deciders,
	.decider_count = PROT_ARRAY_SIZE(deciders),
	.absorb = absorb,
};
