/* SPDX-License-Identifier: Apache-2.0 */
#include "vectors.h"

#include <prot/crypto_wolfcrypt.h>
#include <prot/x509.h>

#define DAY 86400ull

static struct prot_wolfcrypt wolfcrypt;

static int setup(void **state)
{
	(void)state;
	return prot_wolfcrypt_init(&wolfcrypt, NULL, 0);
}

static int teardown(void **state)
{
	(void)state;
	prot_wolfcrypt_free(&wolfcrypt);
	return 0;
}

/* What a case asks for; anything not said is zero, that is: not asked for. */
struct query {
	const char *chain;
	const char *anchor; /* several, separated by blanks */
	enum prot_chain_purpose purpose;
	enum prot_asym_alg leaf_alg;
	bool constraints;
	bool alias;
	uint64_t now_s;
};

static uint8_t chain_buf[12288];
static uint8_t anchor_buf[4][1024];
static struct prot_trust_anchor anchors[4];

static size_t load_anchors(const char *names)
{
	char name[64];
	size_t count = 0;
	size_t n;

	memset(anchors, 0, sizeof(anchors));
	while (*names != '\0') {
		n = strcspn(names, " ");
		snprintf(name, sizeof(name), "%.*s", (int)n, names);
		anchors[count].cert = chain_load(name, anchor_buf[count],
						 sizeof(anchor_buf[0]));
		count++;
		names += n + (names[n] == ' ');
	}
	return count;
}

static enum prot_status check(const struct query *q,
			      struct prot_chain_result *r)
{
	struct prot_crypto crypto = prot_wolfcrypt_crypto(&wolfcrypt);
	struct prot_chain_query query = {
		.certs = chain_load(q->chain, chain_buf, sizeof(chain_buf)),
		.anchors = anchors,
		.anchor_count = load_anchors(q->anchor),
		.purpose = q->purpose,
		.leaf_alg = q->leaf_alg,
		.leaf_basic_constraints = q->constraints,
		.alias_model = q->alias,
		.now_s = q->now_s,
	};

	memset(r, 0, sizeof(*r));
	return prot_x509_chain_check(&crypto, &query, r);
}

static const struct query accepted[] = {
	{.chain = "root int leaf", .anchor = "root"},
	{.chain = "root int leaf",
	 .anchor = "root",
	 .leaf_alg = PROT_ASYM_ECDSA_P384,
	 .constraints = true,
	 .alias = true},
	/* the root left out */
	{.chain = "int leaf", .anchor = "root"},
	{.chain = "leaf_under_root", .anchor = "root"},
	{.chain = "root leaf_under_root", .anchor = "root"},
	{.chain = "root int int2 leaf_under_int2", .anchor = "root"},
	/* the right one among several anchors, one of the same name */
	{.chain = "int leaf", .anchor = "root_other root_twin root"},
	{.chain = "root int leaf", .anchor = "root_other root_twin root"},
	/* a path of length zero below the last CA */
	{.chain = "root int_path0 leaf", .anchor = "root"},
	/* pinned: the leaf is what is trusted */
	{.chain = "leaf", .anchor = "leaf"},
	{.chain = "root256 leaf256",
	 .anchor = "root256",
	 .leaf_alg = PROT_ASYM_ECDSA_P256},
	{.chain = "root int leaf_no_constraints", .anchor = "root"},
	{.chain = "root int leaf_both_roles", .anchor = "root"},
	{.chain = "root int leaf_both_roles",
	 .anchor = "root",
	 .purpose = PROT_CHAIN_SPDM_REQUESTER},
	{.chain = "root int leaf_requester",
	 .anchor = "root",
	 .purpose = PROT_CHAIN_SPDM_REQUESTER},
	{.chain = "root int leaf_tls", .anchor = "root"},
	{.chain = "root int leaf_uncritical", .anchor = "root"},
	{.chain = "root int leaf_dice", .anchor = "root"},
	{.chain = "root int leaf_hardware", .anchor = "root"},
	{.chain = "root int", .anchor = "root", .purpose = PROT_CHAIN_CA},
	{.chain = "root", .anchor = "root", .purpose = PROT_CHAIN_CA},
};

static void test_chain_check__good_chain__trusted(void **state)
{
	struct prot_chain_result r;

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(accepted); i++) {
		if (check(&accepted[i], &r) != PROT_OK) {
			fail_msg("%s: %s (certificate %zu)", accepted[i].chain,
				 prot_chain_reason_text(r.reason), r.index);
		}
		assert_int_equal(r.reason, PROT_CHAIN_OK);
	}
}

static const struct {
	struct query q;
	enum prot_chain_reason reason;
	size_t index;
} refused[] = {
	{{.chain = "", .anchor = "root"}, PROT_CHAIN_EMPTY, 0},
	{{.chain = "root int int int int int int int int int leaf",
	  .anchor = "root"},
	 PROT_CHAIN_TOO_LONG,
	 0},
	{{.chain = "root int leaf", .anchor = ""}, PROT_CHAIN_UNKNOWN_ROOT, 0},
	{{.chain = "root int leaf", .anchor = "root_other"},
	 PROT_CHAIN_UNKNOWN_ROOT,
	 0},
	{{.chain = "int leaf", .anchor = "root_other"},
	 PROT_CHAIN_UNKNOWN_ROOT,
	 0},
	/* an anchor of the right name, but another key */
	{{.chain = "root int leaf", .anchor = "root_twin"},
	 PROT_CHAIN_SIGNATURE,
	 0},
	{{.chain = "int leaf", .anchor = "root_twin root_other"},
	 PROT_CHAIN_SIGNATURE,
	 0},
	{{.chain = "root_twin int leaf", .anchor = "root_twin"},
	 PROT_CHAIN_SIGNATURE,
	 1},
	{{.chain = "root leaf", .anchor = "root"}, PROT_CHAIN_ISSUER, 1},
	{{.chain = "root int_renamed leaf", .anchor = "root"},
	 PROT_CHAIN_ISSUER,
	 2},
	/* leaf first is not the order of SPDM */
	{{.chain = "leaf int root", .anchor = "root"},
	 PROT_CHAIN_UNKNOWN_ROOT,
	 0},
	{{.chain = "root int leaf_v1", .anchor = "root"},
	 PROT_CHAIN_VERSION,
	 2},
	{{.chain = "root int leaf_sha1", .anchor = "root"},
	 PROT_CHAIN_SIGNATURE_ALG,
	 2},
	{{.chain = "root int leaf_rsa", .anchor = "root"},
	 PROT_CHAIN_KEY_ALG,
	 2},
	{{.chain = "root int_rsa leaf_by_rsa", .anchor = "root"},
	 PROT_CHAIN_KEY_ALG,
	 1},
	{{.chain = "leaf_by_rsa", .anchor = "int_rsa"}, PROT_CHAIN_KEY_ALG, 0},
	{{.chain = "root int leaf", .anchor = "root", .now_s = DAY},
	 PROT_CHAIN_NOT_YET_VALID,
	 1},
	{{.chain = "root int leaf",
	  .anchor = "root",
	  .now_s = 200 * 365u * DAY},
	 PROT_CHAIN_EXPIRED,
	 1},
	{{.chain = "root int leaf_critical", .anchor = "root"},
	 PROT_CHAIN_CRITICAL,
	 2},
	{{.chain = "root int_not_ca leaf", .anchor = "root"},
	 PROT_CHAIN_NOT_CA,
	 1},
	{{.chain = "root int_no_constraints leaf", .anchor = "root"},
	 PROT_CHAIN_NOT_CA,
	 1},
	{{.chain = "root int leaf", .anchor = "root", .purpose = PROT_CHAIN_CA},
	 PROT_CHAIN_NOT_CA,
	 2},
	{{.chain = "leaf", .anchor = "int_not_ca"}, PROT_CHAIN_NOT_CA, 0},
	{{.chain = "root int_path0 int2 leaf_under_int2", .anchor = "root"},
	 PROT_CHAIN_PATH_LEN,
	 2},
	{{.chain = "root_path0 int_under_path0 leaf", .anchor = "root_path0"},
	 PROT_CHAIN_PATH_LEN,
	 1},
	{{.chain = "int_under_path0 leaf", .anchor = "root_path0"},
	 PROT_CHAIN_PATH_LEN,
	 0},
	{{.chain = "root int_no_sign leaf", .anchor = "root"},
	 PROT_CHAIN_CERT_SIGN,
	 1},
	{{.chain = "leaf", .anchor = "int_no_sign"}, PROT_CHAIN_CERT_SIGN, 0},
	{{.chain = "root int leaf_ca", .anchor = "root"},
	 PROT_CHAIN_LEAF_CA,
	 2},
	{{.chain = "root int leaf_no_constraints",
	  .anchor = "root",
	  .constraints = true},
	 PROT_CHAIN_LEAF_CONSTRAINTS,
	 2},
	{{.chain = "root int leaf_no_usage", .anchor = "root"},
	 PROT_CHAIN_LEAF_KEY_USAGE,
	 2},
	{{.chain = "root int leaf_agreement", .anchor = "root"},
	 PROT_CHAIN_LEAF_KEY_USAGE,
	 2},
	{{.chain = "root int leaf_requester", .anchor = "root"},
	 PROT_CHAIN_LEAF_EKU,
	 2},
	{{.chain = "root int leaf",
	  .anchor = "root",
	  .purpose = PROT_CHAIN_SPDM_REQUESTER},
	 PROT_CHAIN_LEAF_EKU,
	 2},
	{{.chain = "root int leaf",
	  .anchor = "root",
	  .leaf_alg = PROT_ASYM_ECDSA_P256},
	 PROT_CHAIN_LEAF_ALG,
	 2},
	{{.chain = "root int leaf_hardware", .anchor = "root", .alias = true},
	 PROT_CHAIN_LEAF_HARDWARE,
	 2},
};

static void test_chain_check__bad_chain__its_own_reason(void **state)
{
	struct prot_chain_result r;

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(refused); i++) {
		enum prot_status st = check(&refused[i].q, &r);

		if (st != PROT_ERR_AUTH || r.reason != refused[i].reason ||
		    r.index != refused[i].index) {
			fail_msg("%s: %s, %s, certificate %zu",
				 refused[i].q.chain, prot_status_text(st),
				 prot_chain_reason_text(r.reason), r.index);
		}
	}
}

static void test_chain_check__trusted__leaf_filled_in(void **state)
{
	const struct query q = {.chain = "int leaf",
				.anchor = "root_other root"};
	struct prot_chain_result r;

	(void)state;
	assert_int_equal(check(&q, &r), PROT_OK);
	assert_int_equal(r.count, 2);
	assert_int_equal(r.anchor, 1);
	assert_int_equal(r.leaf.key.alg, PROT_ASYM_ECDSA_P384);
	assert_int_equal(r.leaf.subject_cn.len, strlen("Test Leaf"));
	assert_memory_equal(r.leaf.subject_cn.at, "Test Leaf",
			    r.leaf.subject_cn.len);
	assert_memory_equal(r.leaf.subject_serial.at, "0123456789abcdef",
			    r.leaf.subject_serial.len);
}

/* What one check verified does not count for the next. */
static void test_chain_check__result_used_again__all_verified(void **state)
{
	struct prot_crypto crypto = prot_wolfcrypt_crypto(&wolfcrypt);
	struct prot_chain_query q = {.anchors = anchors, .anchor_count = 1};
	struct prot_chain_result r = {0};

	(void)state;
	assert_int_equal(load_anchors("root"), 1);
	q.certs = chain_load("root int leaf", chain_buf, sizeof(chain_buf));
	assert_int_equal(prot_x509_chain_check(&crypto, &q, &r), PROT_OK);
	chain_buf[q.certs.len - 1] ^= 1;
	assert_int_equal(prot_x509_chain_check(&crypto, &q, &r), PROT_ERR_AUTH);
	assert_int_equal(r.reason, PROT_CHAIN_SIGNATURE);
	assert_int_equal(load_anchors("root_other"), 1);
	assert_int_equal(prot_x509_chain_check(&crypto, &q, &r), PROT_ERR_AUTH);
	assert_int_equal(r.reason, PROT_CHAIN_UNKNOWN_ROOT);
	assert_int_equal(load_anchors("root"), 1);
	chain_buf[q.certs.len - 1] ^= 1;
	assert_int_equal(prot_x509_chain_check(&crypto, &q, &r), PROT_OK);
	assert_int_equal(r.reason, PROT_CHAIN_OK);
}

static void test_chain_check__clock_within_validity__trusted(void **state)
{
	struct query q = {.chain = "root int leaf", .anchor = "root"};
	struct prot_chain_result r;

	(void)state;
	assert_int_equal(check(&q, &r), PROT_OK);
	q.now_s = r.leaf.not_after;
	/* certificates are made one after another, each a little later */
	assert_true(check(&q, &r) == PROT_OK || r.reason == PROT_CHAIN_EXPIRED);
	q.now_s = r.leaf.not_before + DAY;
	assert_int_equal(check(&q, &r), PROT_OK);
}

static void test_chain_check__digest_anchor__root_must_be_there(void **state)
{
	struct prot_crypto crypto = prot_wolfcrypt_crypto(&wolfcrypt);
	uint8_t digest[PROT_HASH_MAX];
	struct prot_trust_anchor anchor = {.digest_alg = PROT_HASH_SHA384,
					   .digest = digest};
	struct prot_chain_query q = {.anchors = &anchor, .anchor_count = 1};
	struct prot_chain_result r = {0};
	struct prot_span root = chain_load("root", anchor_buf[0], 1024);

	(void)state;
	assert_int_equal(prot_crypto_hash(&crypto, PROT_HASH_SHA384, root.at,
					  root.len, digest),
			 PROT_OK);
	q.certs = chain_load("root int leaf", chain_buf, sizeof(chain_buf));
	assert_int_equal(prot_x509_chain_check(&crypto, &q, &r), PROT_OK);
	memset(&r, 0, sizeof(r));
	digest[47] ^= 1;
	assert_int_equal(prot_x509_chain_check(&crypto, &q, &r), PROT_ERR_AUTH);
	assert_int_equal(r.reason, PROT_CHAIN_UNKNOWN_ROOT);
	memset(&r, 0, sizeof(r));
	digest[47] ^= 1;
	q.certs = chain_load("int leaf", chain_buf, sizeof(chain_buf));
	assert_int_equal(prot_x509_chain_check(&crypto, &q, &r), PROT_ERR_AUTH);
	assert_int_equal(r.reason, PROT_CHAIN_UNKNOWN_ROOT);
}

static void test_chain_check__damaged_anchor__bad_anchor(void **state)
{
	struct prot_crypto crypto = prot_wolfcrypt_crypto(&wolfcrypt);
	struct prot_chain_query q = {.anchors = anchors, .anchor_count = 1};
	struct prot_chain_result r = {0};

	(void)state;
	q.certs = chain_load("int leaf", chain_buf, sizeof(chain_buf));
	assert_int_equal(load_anchors("root"), 1);
	anchors[0].cert.len--;
	assert_int_equal(prot_x509_chain_check(&crypto, &q, &r), PROT_ERR_AUTH);
	assert_int_equal(r.reason, PROT_CHAIN_BAD_ANCHOR);
}

static void test_chain_check__every_short_length__malformed(void **state)
{
	struct prot_crypto crypto = prot_wolfcrypt_crypto(&wolfcrypt);
	struct prot_chain_query q = {.anchors = anchors, .anchor_count = 1};
	struct prot_chain_result r;
	struct prot_span all =
		chain_load("root int leaf", chain_buf, sizeof(chain_buf));
	size_t first, second;

	(void)state;
	assert_int_equal(load_anchors("root int"), 2);
	first = anchors[0].cert.len;
	second = first + anchors[1].cert.len;
	for (size_t n = 1; n < all.len; n++) {
		if (n == first || n == second) {
			continue; /* a shorter chain, but whole */
		}
		memset(&r, 0, sizeof(r));
		q.certs.at = all.at;
		q.certs.len = n;
		assert_int_equal(prot_x509_chain_check(&crypto, &q, &r),
				 PROT_ERR_AUTH);
		assert_int_equal(r.reason, PROT_CHAIN_MALFORMED);
		assert_int_equal(r.index, n < first ? 0 : (n < second ? 1 : 2));
	}
}

/* A chain is trusted or not because of every single bit below the root. */
static void test_chain_check__any_byte_changed__refused(void **state)
{
	struct prot_crypto crypto = prot_wolfcrypt_crypto(&wolfcrypt);
	struct prot_chain_query q = {.anchors = anchors, .anchor_count = 1};
	struct prot_chain_result r;

	(void)state;
	assert_int_equal(load_anchors("root"), 1);
	q.certs = chain_load("int leaf", chain_buf, sizeof(chain_buf));
	for (size_t i = 0; i < q.certs.len; i += 3) {
		chain_buf[i] ^= 0x04;
		memset(&r, 0, sizeof(r));
		assert_int_equal(prot_x509_chain_check(&crypto, &q, &r),
				 PROT_ERR_AUTH);
		chain_buf[i] ^= 0x04;
	}
}

static void test_chain_check__recorded_spdm_chains__trusted(void **state)
{
	static const char *const files[] = {"x509/chain_libspdm_slot0.der",
					    "x509/chain_libspdm_slot1.der",
					    "x509/chain_libspdm_slot4.der"};
	struct prot_crypto crypto = prot_wolfcrypt_crypto(&wolfcrypt);
	struct prot_trust_anchor anchor = {0};
	struct prot_chain_query q = {.anchors = &anchor,
				     .anchor_count = 1,
				     .leaf_alg = PROT_ASYM_ECDSA_P384,
				     .leaf_basic_constraints = true};
	struct prot_chain_result r;

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(files); i++) {
		struct prot_wr w = prot_wr_init(chain_buf, sizeof(chain_buf));
		struct prot_rd rest;

		vector_append(&w, files[i]);
		q.certs.at = chain_buf;
		q.certs.len = w.len;
		rest = prot_span_rd(q.certs);
		assert_int_equal(prot_x509_next(&rest, &anchor.cert), PROT_OK);
		for (int with_root = 1; with_root >= 0; with_root--) {
			memset(&r, 0, sizeof(r));
			assert_int_equal(prot_x509_chain_check(&crypto, &q, &r),
					 PROT_OK);
			assert_int_equal(r.count, 2 + with_root);
			assert_true(r.leaf.hardware_identity);
			assert_int_not_equal(r.leaf.subject_alt_name.len, 0);
			q.certs.at = rest.at;
			q.certs.len = rest.left;
		}
	}
}

static void test_reason_text__every_reason__a_sentence(void **state)
{
	(void)state;
	for (int i = PROT_CHAIN_OK; i <= PROT_CHAIN_LEAF_HARDWARE; i++) {
		assert_string_not_equal(
			prot_chain_reason_text((enum prot_chain_reason)i),
			"unknown reason");
	}
	assert_string_equal(prot_chain_reason_text((enum prot_chain_reason)99),
			    "unknown reason");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain_check__good_chain__trusted),
		cmocka_unit_test(test_chain_check__bad_chain__its_own_reason),
		cmocka_unit_test(test_chain_check__trusted__leaf_filled_in),
		cmocka_unit_test(
			test_chain_check__result_used_again__all_verified),
		cmocka_unit_test(
			test_chain_check__clock_within_validity__trusted),
		cmocka_unit_test(
			test_chain_check__digest_anchor__root_must_be_there),
		cmocka_unit_test(test_chain_check__damaged_anchor__bad_anchor),
		cmocka_unit_test(
			test_chain_check__every_short_length__malformed),
		cmocka_unit_test(test_chain_check__any_byte_changed__refused),
		cmocka_unit_test(
			test_chain_check__recorded_spdm_chains__trusted),
		cmocka_unit_test(test_reason_text__every_reason__a_sentence),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
