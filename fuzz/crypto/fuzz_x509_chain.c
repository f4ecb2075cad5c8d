/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chain under a provider that accepts every signature, so that all that is
 * between signatures is reached. First byte: what the caller asks for; then
 * the certificates. The first of them is the anchor, by certificate or digest,
 * and with bit 5 it is taken out of the chain. The provider pends: the check
 * must come to the same end.
 */
#include <prot/crypto_fake.h>
#include <prot/x509.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum prot_status run(const struct prot_chain_query *q, uint32_t pend,
			    struct prot_chain_result *r)
{
	struct prot_crypto_fake f = {.accept_any = true, .pend = pend};
	struct prot_crypto c = prot_crypto_fake_crypto(&f);
	enum prot_status st;

	do {
		st = prot_x509_chain_check(&c, q, r);
	} while (st == PROT_PENDING);
	if (f.misused || (st == PROT_OK) != (r->reason == PROT_CHAIN_OK)) {
		abort();
	}
	return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct prot_chain_result r = {0}, again = {0};
	uint8_t digest[PROT_HASH_MAX];
	struct prot_trust_anchor anchor = {.digest_alg = PROT_HASH_SHA384,
					   .digest = digest};
	struct prot_chain_query q = {.anchors = &anchor, .anchor_count = 1};
	struct prot_crypto_fake f = {0};
	struct prot_crypto c = prot_crypto_fake_crypto(&f);
	struct prot_span first;
	struct prot_rd rest;

	if (size < 1) {
		return 0;
	}
	q.purpose = (enum prot_chain_purpose)(data[0] % 3);
	q.leaf_alg = data[0] & 4 ? PROT_ASYM_ECDSA_P384 : PROT_ASYM_NONE;
	q.leaf_basic_constraints = (data[0] & 8) != 0;
	q.alias_model = (data[0] & 16) != 0;
	q.now_s = data[0] & 128 ? 1800000000 : 0;
	q.certs.at = data + 1;
	q.certs.len = size - 1;
	rest = prot_span_rd(q.certs);
	if (prot_x509_next(&rest, &first) != PROT_OK) {
		first = q.certs;
	} else if (data[0] & 32) {
		q.certs.at = rest.at;
		q.certs.len = rest.left;
	}
	anchor.cert = first;
	if (data[0] & 64) {
		(void)prot_crypto_hash(&c, PROT_HASH_SHA384, first.at,
				       first.len, digest);
		anchor.cert.len = 0;
	}
	if (run(&q, 0, &r) != run(&q, 1, &again) || r.reason != again.reason ||
	    r.index != again.index) {
		abort();
	}
	return 0;
}
