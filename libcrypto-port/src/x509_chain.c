/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/base/wipe.h>
#include <prot/x509.h>

/* A check under way; result->leaf is the certificate being looked at. */
struct walk {
	const struct prot_crypto *crypto;
	const struct prot_chain_query *query;
	struct prot_chain_result *result;
	struct prot_rd rest; /* certificates after result->leaf */
	struct prot_x509 issuer;
	size_t index;       /* of result->leaf */
	uint32_t path_left; /* intermediate CAs that may still follow */
};

static enum prot_status refuse(struct walk *w, enum prot_chain_reason reason)
{
	w->result->reason = reason;
	w->result->index = w->index;
	return PROT_ERR_AUTH;
}

/* How many certificates there are, before any of them is believed. */
static enum prot_status count_certs(struct walk *w)
{
	struct prot_rd r = prot_span_rd(w->query->certs);
	struct prot_span der;

	w->result->count = 0;
	while (r.left != 0) {
		w->index = w->result->count;
		if (w->result->count == PROT_CHAIN_MAX) {
			w->index = 0;
			return refuse(w, PROT_CHAIN_TOO_LONG);
		}
		if (prot_x509_next(&r, &der) != PROT_OK) {
			return refuse(w, PROT_CHAIN_MALFORMED);
		}
		w->result->count++;
	}
	w->index = 0;
	return w->result->count ? PROT_OK : refuse(w, PROT_CHAIN_EMPTY);
}

static enum prot_status next_cert(struct walk *w)
{
	struct prot_span der;

	if (prot_x509_next(&w->rest, &der) != PROT_OK ||
	    prot_x509_parse(der, &w->result->leaf) != PROT_OK) {
		return refuse(w, PROT_CHAIN_MALFORMED);
	}
	return PROT_OK;
}

/* May this certificate be believed at all, and about another one? */
static enum prot_chain_reason check_issuer(const struct prot_x509 *ca)
{
	if (ca->key.alg == PROT_ASYM_NONE) {
		return PROT_CHAIN_KEY_ALG;
	}
	if (!ca->ca) {
		return PROT_CHAIN_NOT_CA;
	}
	/* Many roots state no key usage, which is to allow all (4.2.1.3). */
	if (ca->has_key_usage &&
	    (ca->key_usage & PROT_X509_KU_KEY_CERT_SIGN) == 0) {
		return PROT_CHAIN_CERT_SIGN;
	}
	return PROT_CHAIN_OK;
}

static enum prot_chain_reason check_common(const struct prot_x509 *cert)
{
	if (cert->version != 3) {
		return PROT_CHAIN_VERSION;
	}
	return cert->unknown_critical.len != 0 ? PROT_CHAIN_CRITICAL
					       : PROT_CHAIN_OK;
}

/* What does not depend on the issuer's key: RFC 5280 6.1.3 (a) (2) and (4). */
static enum prot_chain_reason check_issued(const struct walk *w)
{
	const struct prot_x509 *cert = &w->result->leaf;
	uint64_t now = w->query->now_s;
	enum prot_chain_reason reason = check_common(cert);

	if (reason != PROT_CHAIN_OK) {
		return reason;
	}
	if (!prot_span_equal(cert->issuer, w->issuer.subject)) {
		return PROT_CHAIN_ISSUER;
	}
	if (cert->signature_hash == PROT_HASH_NONE) {
		return PROT_CHAIN_SIGNATURE_ALG;
	}
	if (now != 0 && now < cert->not_before) {
		return PROT_CHAIN_NOT_YET_VALID;
	}
	if (now != 0 && now > cert->not_after) {
		return PROT_CHAIN_EXPIRED;
	}
	return PROT_CHAIN_OK;
}

/* Is result->leaf signed by the key of `issuer`? */
static enum prot_status verify_by(struct walk *w)
{
	const struct prot_x509 *cert = &w->result->leaf;
	const struct prot_public_key *key = &w->issuer.key;
	const struct prot_signed_data what = {cert->signature_hash, false,
					      cert->tbs.at, cert->tbs.len};
	size_t size = prot_signature_size(key->alg);
	uint8_t sig[PROT_SIGNATURE_MAX];

	if (prot_der_ecdsa_signature(cert->signature, sig, size / 2) !=
	    PROT_OK) {
		return PROT_ERR_AUTH;
	}
	return w->crypto->ops->verify(w->crypto->ctx, key, &what, sig, size);
}

/* RFC 5280 6.1.4 (l) and (m), for a CA that issues the next certificate. */
static bool count_path(struct walk *w, const struct prot_x509 *ca)
{
	if (!prot_span_equal(ca->issuer, ca->subject)) {
		if (w->path_left == 0) {
			return false;
		}
		w->path_left--;
	}
	if (ca->path_len < w->path_left) {
		w->path_left = ca->path_len;
	}
	return true;
}

/* Everything about result->leaf but what it may be used for. */
static enum prot_status check_link(struct walk *w)
{
	enum prot_chain_reason reason = check_issued(w);
	enum prot_status st;

	if (reason != PROT_CHAIN_OK) {
		return refuse(w, reason);
	}
	if (w->index < w->result->verified) { /* before it pended */
		return PROT_OK;
	}
	st = verify_by(w);
	if (st == PROT_OK) {
		w->result->verified = w->index + 1;
	}
	return st == PROT_ERR_AUTH ? refuse(w, PROT_CHAIN_SIGNATURE) : st;
}

static enum prot_status
anchor_is_first(struct walk *w, const struct prot_trust_anchor *a, bool *same)
{
	uint8_t digest[PROT_HASH_MAX];
	struct prot_span first = w->result->leaf.der;
	enum prot_status st;

	if (a->cert.len != 0) {
		*same = prot_span_equal(a->cert, first);
		return PROT_OK;
	}
	st = prot_crypto_hash(w->crypto, a->digest_alg, first.at, first.len,
			      digest);
	*same = st == PROT_OK &&
		prot_equal_ct(digest, a->digest, prot_hash_size(a->digest_alg));
	return st;
}

/* Is the first certificate itself an anchor? */
static enum prot_status find_included(struct walk *w, bool *found)
{
	enum prot_status st = PROT_OK;

	*found = false;
	for (size_t i = 0; i < w->query->anchor_count && !*found; i++) {
		st = anchor_is_first(w, &w->query->anchors[i], found);
		if (st != PROT_OK) {
			return st;
		}
		if (*found) {
			w->result->anchor = i;
		}
	}
	return PROT_OK;
}

/* One anchor as the issuer of the first certificate. */
static enum prot_status try_anchor(struct walk *w,
				   const struct prot_trust_anchor *a)
{
	enum prot_chain_reason reason;

	if (prot_x509_parse(a->cert, &w->issuer) != PROT_OK) {
		return refuse(w, PROT_CHAIN_BAD_ANCHOR);
	}
	if (!prot_span_equal(w->result->leaf.issuer, w->issuer.subject)) {
		return PROT_ERR_NOT_FOUND;
	}
	reason = check_common(&w->issuer);
	if (reason == PROT_CHAIN_OK) {
		reason = check_issuer(&w->issuer);
	}
	return reason == PROT_CHAIN_OK ? check_link(w) : refuse(w, reason);
}

/*
 * The anchor that issued the first certificate, in `issuer`. Several may
 * bear the same name: the one whose key fits counts, and if none does, the
 * verdict on the last of them.
 */
static enum prot_status find_issuing(struct walk *w)
{
	/* When it resumes, of the anchors before this one. */
	enum prot_status verdict =
		w->result->tried != 0 && w->result->reason != PROT_CHAIN_OK
			? PROT_ERR_AUTH
			: PROT_ERR_NOT_FOUND;

	for (size_t i = w->result->tried; i < w->query->anchor_count; i++) {
		enum prot_status st = PROT_ERR_NOT_FOUND;

		w->result->tried = i;
		if (w->query->anchors[i].cert.len != 0) {
			st = try_anchor(w, &w->query->anchors[i]);
		}
		if (st == PROT_OK) {
			w->result->anchor = i;
		}
		if (st != PROT_ERR_NOT_FOUND && st != PROT_ERR_AUTH) {
			return st;
		}
		verdict = st == PROT_ERR_AUTH ? st : verdict;
	}
	return verdict == PROT_ERR_NOT_FOUND
		       ? refuse(w, PROT_CHAIN_UNKNOWN_ROOT)
		       : verdict;
}

/* From the anchor to the first certificate. */
static enum prot_status start(struct walk *w)
{
	enum prot_status st = next_cert(w);
	bool included;

	if (st == PROT_OK) {
		st = find_included(w, &included);
	}
	if (st != PROT_OK) {
		return st;
	}
	if (included) {
		enum prot_chain_reason reason = check_common(&w->result->leaf);

		w->path_left = w->result->leaf.path_len;
		return reason == PROT_CHAIN_OK ? PROT_OK : refuse(w, reason);
	}
	st = find_issuing(w);
	if (st != PROT_OK) {
		return st;
	}
	w->path_left = w->issuer.path_len;
	if (w->result->count > 1 && !count_path(w, &w->result->leaf)) {
		return refuse(w, PROT_CHAIN_PATH_LEN);
	}
	return PROT_OK;
}

/* One step down: result->leaf becomes the issuer of the next certificate. */
static enum prot_status descend(struct walk *w)
{
	enum prot_chain_reason reason = check_issuer(&w->result->leaf);
	enum prot_status st;

	if (reason != PROT_CHAIN_OK) {
		return refuse(w, reason);
	}
	w->issuer = w->result->leaf;
	w->index++;
	st = next_cert(w);
	if (st == PROT_OK) {
		st = check_link(w);
	}
	if (st == PROT_OK && w->index + 1 < w->result->count &&
	    !count_path(w, &w->result->leaf)) {
		return refuse(w, PROT_CHAIN_PATH_LEN);
	}
	return st;
}

/* DSP0274 1.3.2, leaf certificate: an EKU must not name the other role only. */
static bool eku_fits(const struct prot_x509 *leaf,
		     enum prot_chain_purpose purpose)
{
	uint32_t mine = PROT_X509_EKU_SPDM_RESPONDER;
	uint32_t other = PROT_X509_EKU_SPDM_REQUESTER;

	if (purpose == PROT_CHAIN_SPDM_REQUESTER) {
		mine = PROT_X509_EKU_SPDM_REQUESTER;
		other = PROT_X509_EKU_SPDM_RESPONDER;
	}
	return (leaf->eku & mine) != 0 || (leaf->eku & other) == 0;
}

static enum prot_chain_reason check_leaf(const struct prot_chain_query *q,
					 const struct prot_x509 *leaf)
{
	if (leaf->key.alg == PROT_ASYM_NONE) {
		return PROT_CHAIN_KEY_ALG;
	}
	if (q->leaf_alg != PROT_ASYM_NONE && q->leaf_alg != leaf->key.alg) {
		return PROT_CHAIN_LEAF_ALG;
	}
	if (q->purpose == PROT_CHAIN_CA) {
		return check_issuer(leaf);
	}
	if (leaf->ca) {
		return PROT_CHAIN_LEAF_CA;
	}
	if (q->leaf_basic_constraints && !leaf->has_basic_constraints) {
		return PROT_CHAIN_LEAF_CONSTRAINTS;
	}
	if ((leaf->key_usage & PROT_X509_KU_DIGITAL_SIGNATURE) == 0) {
		return PROT_CHAIN_LEAF_KEY_USAGE;
	}
	if (!eku_fits(leaf, q->purpose)) {
		return PROT_CHAIN_LEAF_EKU;
	}
	if (q->alias_model && leaf->hardware_identity) {
		return PROT_CHAIN_LEAF_HARDWARE;
	}
	return PROT_CHAIN_OK;
}

static enum prot_status walk_chain(struct walk *w)
{
	enum prot_chain_reason reason;
	enum prot_status st = count_certs(w);

	if (st == PROT_OK) {
		st = start(w);
	}
	while (st == PROT_OK && w->index + 1 < w->result->count) {
		st = descend(w);
	}
	if (st != PROT_OK) {
		return st;
	}
	reason = check_leaf(w->query, &w->result->leaf);
	if (reason != PROT_CHAIN_OK) {
		return refuse(w, reason);
	}
	w->result->reason = PROT_CHAIN_OK;
	w->result->index = 0;
	return PROT_OK;
}

enum prot_status prot_x509_chain_check(const struct prot_crypto *crypto,
				       const struct prot_chain_query *query,
				       struct prot_chain_result *result)
{
	struct walk w = {.crypto = crypto,
			 .query = query,
			 .result = result,
			 .rest = prot_span_rd(query->certs)};
	enum prot_status st = walk_chain(&w);

	if (st != PROT_PENDING) {
		/* No progress is left over to count for another chain. */
		result->verified = 0;
		result->tried = 0;
	}
	return st;
}

const char *prot_chain_reason_text(enum prot_chain_reason reason)
{
	switch (reason) {
#define PROT_CHAIN_REASON_CASE(name, text)                                     \
	case name:                                                             \
		return text;
		PROT_CHAIN_REASON_TABLE(PROT_CHAIN_REASON_CASE)
#undef PROT_CHAIN_REASON_CASE
	default:
		return "unknown reason";
	}
}
