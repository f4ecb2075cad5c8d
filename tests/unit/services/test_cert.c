/* SPDX-License-Identifier: Apache-2.0 */
#include "device_chain.h"
#include "vectors.h"

#include <prot/crypto_fake.h>
#include <prot/crypto_wolfcrypt.h>
#include <prot/services/cert.h>

static struct prot_wolfcrypt wolfcrypt;
static struct prot_wolfcrypt_key keys[2];
static struct prot_crypto crypto;

static int setup(void **state)
{
	(void)state;
	crypto = prot_wolfcrypt_crypto(&wolfcrypt);
	return prot_wolfcrypt_init(&wolfcrypt, keys, PROT_ARRAY_SIZE(keys));
}

static int teardown(void **state)
{
	(void)state;
	prot_wolfcrypt_free(&wolfcrypt);
	return 0;
}

/* The firmware identifier of the golden vector. */
static const uint8_t golden_fwid[PROT_DICE_DIGEST_SIZE] = {
	0xad, 0x95, 0x71, 0x80, 0xf4, 0x5e, 0x9c, 0x02, 0xe3, 0x23, 0x66, 0xe6,
	0x0d, 0xdd, 0x13, 0x5c, 0xdc, 0x24, 0x7e, 0x4a, 0xbe, 0xb3, 0xff, 0x69,
	0x8d, 0x09, 0x52, 0x86, 0x07, 0xea, 0xb8, 0x19, 0xa6, 0x53, 0x61, 0x17,
	0xe8, 0x0b, 0xeb, 0x79, 0x97, 0x30, 0xba, 0x43, 0x18, 0xb4, 0x8c, 0x75,
};

static void
test_put_tcb_info_extension__golden_values__golden_bytes(void **state)
{
	const struct prot_tcb_info info = {
		.vendor = "OpenPRoT-C",
		.model = "AST1060",
		.version = "1.2.3",
		.svn = 7,
		.layer = 1,
		.fwid = golden_fwid,
		.flags = PROT_TCB_DEBUG,
		.flags_mask = PROT_TCB_NOT_CONFIGURED | PROT_TCB_NOT_SECURE |
			      PROT_TCB_RECOVERY | PROT_TCB_DEBUG,
		.type = {(const uint8_t *)"RT", 2},
		.critical = true,
	};
	uint8_t want[256], got[256];
	struct prot_wr file = prot_wr_init(want, sizeof(want));
	struct prot_wr w = prot_wr_init(got, sizeof(got));
	struct prot_wr measure = prot_wr_init(NULL, SIZE_MAX);

	(void)state;
	vector_append(&file, "services/tcbinfo_ext.der");
	prot_cert_put_tcb_info_extension(&w, &info);
	assert_true(prot_wr_ok(&w));
	assert_int_equal(w.len, file.len);
	assert_memory_equal(got, want, w.len);
	prot_cert_put_tcb_info_extension(&measure, &info);
	assert_int_equal(measure.len, file.len);
}

static void test_put_tcb_info__nothing_given__numbers_only(void **state)
{
	static const uint8_t want[] = {0x30, 0x08, 0x83, 0x02, 0x00,
				       0xff, 0x84, 0x02, 0x01, 0x00};
	const struct prot_tcb_info info = {.svn = 255, .layer = 256};
	uint8_t got[64];
	struct prot_wr w = prot_wr_init(got, sizeof(got));

	(void)state;
	prot_cert_put_tcb_info(&w, &info);
	assert_int_equal(w.len, sizeof(want));
	assert_memory_equal(got, want, sizeof(want));
}

/* A flags field of zeros is an empty BIT STRING, not an absent one. */
static void test_put_tcb_info__all_good__empty_flags(void **state)
{
	static const uint8_t want[] = {0x30, 0x0d, 0x83, 0x01, 0x00,
				       0x84, 0x01, 0x00, 0x87, 0x01,
				       0x00, 0x8a, 0x02, 0x03, 0xf8};
	const struct prot_tcb_info info = {.flags_mask = 0x1f};
	uint8_t got[64];
	struct prot_wr w = prot_wr_init(got, sizeof(got));

	(void)state;
	prot_cert_put_tcb_info(&w, &info);
	assert_int_equal(w.len, sizeof(want));
	assert_memory_equal(got, want, sizeof(want));
}

static void test_put_ueid_extension__golden_value__golden_bytes(void **state)
{
	uint8_t ueid[17] = {1};
	const struct prot_span span = {ueid, sizeof(ueid)};
	uint8_t want[64], got[64];
	struct prot_wr file = prot_wr_init(want, sizeof(want));
	struct prot_wr w = prot_wr_init(got, sizeof(got));

	(void)state;
	for (uint8_t i = 0; i < 16; i++) {
		ueid[1 + i] = i;
	}
	vector_append(&file, "services/ueid_ext.der");
	prot_cert_put_ueid_extension(&w, span);
	assert_int_equal(w.len, file.len);
	assert_memory_equal(got, want, w.len);
}

/* The n-th certificate of a chain, parsed. */
static struct prot_x509 nth_cert(const struct device_chain *d, size_t n)
{
	struct prot_rd r = prot_rd_init(d->buf, d->chain.len);
	struct prot_span der;
	struct prot_x509 cert;

	do {
		assert_int_equal(prot_x509_next(&r, &der), PROT_OK);
	} while (n-- != 0);
	assert_int_equal(prot_x509_parse(der, &cert), PROT_OK);
	return cert;
}

static struct device_chain dev;

static void test_complete_chain__provisioned_device__trusted(void **state)
{
	struct prot_trust_anchor anchor = {.cert = {dev.buf, 0}};
	struct prot_chain_query q = {.certs = {dev.buf, 0},
				     .anchors = &anchor,
				     .anchor_count = 1,
				     .leaf_alg = PROT_ASYM_ECDSA_P384,
				     .leaf_basic_constraints = true,
				     .alias_model = true,
				     .now_s = 1800000000};
	struct prot_chain_result r = {0};

	(void)state;
	assert_int_equal(device_chain_make(&crypto, &dev), PROT_OK);
	q.certs.len = dev.chain.len;
	anchor.cert.len = nth_cert(&dev, 0).der.len;
	assert_int_equal(prot_x509_chain_check(&crypto, &q, &r), PROT_OK);
	assert_int_equal(r.count, 4);
	assert_int_equal(r.leaf.subject_cn.len, strlen("Test Product AK"));
	assert_memory_equal(r.leaf.subject_cn.at, "Test Product AK",
			    r.leaf.subject_cn.len);
	assert_true(dev.chain.len < 3584);
}

/*
 * Each verification pends; the check resumes where it was, and verifies no
 * signature twice.
 */
static void test_chain_check__provider_pends__resumes(void **state)
{
	struct prot_crypto_fake f = {0};
	struct prot_crypto c = prot_crypto_fake_crypto(&f);
	struct prot_trust_anchor anchor[2] = {{.cert = {dev.buf, 0}}};
	struct prot_chain_query q = {
		.certs = {dev.buf, 0}, .anchors = anchor, .anchor_count = 2};
	struct prot_chain_result r = {0};
	uint32_t pending = 0;
	enum prot_status st;

	(void)state;
	assert_int_equal(device_chain_make(&c, &dev), PROT_OK);
	anchor[0].cert.len = nth_cert(&dev, 0).der.len;
	anchor[1] = anchor[0];
	q.certs.at = dev.buf + anchor[0].cert.len; /* the root left out */
	q.certs.len = dev.chain.len - anchor[0].cert.len;
	f.pend = 2;
	f.calls = 0;
	while ((st = prot_x509_chain_check(&c, &q, &r)) == PROT_PENDING) {
		pending++;
	}
	assert_int_equal(st, PROT_OK);
	assert_int_equal(pending, 3 * f.pend);
	assert_int_equal(f.calls, 3 * (f.pend + 1));
	assert_false(f.misused);
	assert_int_equal(r.anchor, 0);

	memset(&r, 0, sizeof(r));
	f.fail_at = f.calls + 3;
	while ((st = prot_x509_chain_check(&c, &q, &r)) == PROT_PENDING) {
	}
	assert_int_equal(st, PROT_ERR_CRYPTO);
}

static void test_complete_chain__each_certificate__its_profile(void **state)
{
	static const struct {
		bool ca;
		uint32_t path_len, key_usage, eku;
		bool hardware, mutable_cert, ueid, tcb;
	} want[] = {
		{true, PROT_X509_NO_PATH_LEN, PROT_X509_KU_KEY_CERT_SIGN, 0,
		 false, false, false, false},
		{true, 1, PROT_X509_KU_KEY_CERT_SIGN,
		 PROT_X509_EKU_DICE_IDENTITY_INIT | PROT_X509_EKU_DICE_ECA,
		 true, false, true, false},
		{true, 0, PROT_X509_KU_KEY_CERT_SIGN,
		 PROT_X509_EKU_DICE_IDENTITY_LOC | PROT_X509_EKU_DICE_ECA,
		 false, false, true, false},
		{false, PROT_X509_NO_PATH_LEN, PROT_X509_KU_DIGITAL_SIGNATURE,
		 PROT_X509_EKU_DICE_ATTEST_LOC | PROT_X509_EKU_SPDM_RESPONDER,
		 false, true, true, true},
	};

	(void)state;
	assert_int_equal(device_chain_make(&crypto, &dev), PROT_OK);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(want); i++) {
		struct prot_x509 c = nth_cert(&dev, i);
		struct prot_x509 issuer = nth_cert(&dev, i ? i - 1 : 0);

		assert_int_equal(c.version, 3);
		assert_true(c.has_basic_constraints && c.ca == want[i].ca);
		assert_int_equal(c.path_len, want[i].path_len);
		assert_int_equal(c.key_usage, want[i].key_usage);
		assert_int_equal(c.eku, want[i].eku);
		assert_int_equal(c.hardware_identity, want[i].hardware);
		assert_int_equal(c.mutable_certificate, want[i].mutable_cert);
		assert_int_equal(c.ueid.len != 0, want[i].ueid);
		assert_int_equal(c.tcb_info.len != 0, want[i].tcb);
		assert_int_equal(c.unknown_critical.len, 0);
		assert_int_equal(c.subject_serial.len, 40);
		assert_true(prot_span_equal(c.authority_key_id,
					    issuer.subject_key_id));
		/* 2018-03-22 and 9999-12-31 */
		assert_true(c.not_before == 1521763199);
		assert_true(c.not_after == 253402300799);
	}
}

static void test_complete_chain__other_firmware__only_ak_differs(void **state)
{
	struct prot_x509 ldevid, ak;
	uint8_t before[2][96];

	(void)state;
	assert_int_equal(device_chain_make(&crypto, &dev), PROT_OK);
	memcpy(before[0], nth_cert(&dev, 2).key.bytes, 96);
	memcpy(before[1], nth_cert(&dev, 3).key.bytes, 96);
	assert_int_equal(device_chain_provision(&crypto, &dev), PROT_OK);
	dev.seeds.ak[0] ^= 1;
	assert_int_equal(prot_cert_complete_chain(&crypto, &dev.seeds,
						  &dev.device, &dev.chain),
			 PROT_OK);
	ldevid = nth_cert(&dev, 2);
	ak = nth_cert(&dev, 3);
	assert_memory_equal(ldevid.key.bytes, before[0], 96);
	assert_memory_not_equal(ak.key.bytes, before[1], 96);
}

static void test_complete_chain__foreign_idevid__auth(void **state)
{
	size_t len;

	(void)state;
	assert_int_equal(device_chain_provision(&crypto, &dev), PROT_OK);
	len = dev.chain.len;
	dev.seeds.idevid[0] ^= 1;
	assert_int_equal(prot_cert_complete_chain(&crypto, &dev.seeds,
						  &dev.device, &dev.chain),
			 PROT_ERR_AUTH);
	assert_int_equal(dev.chain.len, len);
	assert_true(prot_wr_ok(&dev.chain));
}

static void
test_complete_chain__no_or_damaged_certificates__malformed(void **state)
{
	(void)state;
	assert_int_equal(device_chain_provision(&crypto, &dev), PROT_OK);
	dev.chain.len--;
	assert_int_equal(prot_cert_complete_chain(&crypto, &dev.seeds,
						  &dev.device, &dev.chain),
			 PROT_ERR_MALFORMED);
	dev.chain.len = 0;
	assert_int_equal(prot_cert_complete_chain(&crypto, &dev.seeds,
						  &dev.device, &dev.chain),
			 PROT_ERR_MALFORMED);
}

static void test_complete_chain__product_name_too_long__arg(void **state)
{
	(void)state;
	assert_int_equal(device_chain_provision(&crypto, &dev), PROT_OK);
	dev.device.product = "a name of which sixty four characters are not "
			     "enough to hold it";
	assert_int_equal(prot_cert_complete_chain(&crypto, &dev.seeds,
						  &dev.device, &dev.chain),
			 PROT_ERR_ARG);
}

static void test_complete_chain__every_short_buffer__space(void **state)
{
	struct prot_crypto_fake f = {0};
	struct prot_crypto c = prot_crypto_fake_crypto(&f);
	size_t start, whole;

	(void)state;
	assert_int_equal(device_chain_make(&c, &dev), PROT_OK);
	whole = dev.chain.len;
	assert_int_equal(device_chain_provision(&c, &dev), PROT_OK);
	start = dev.chain.len;
	/* DER signatures vary by a few bytes; the last ones may do. */
	for (size_t cap = start; cap + 12 < whole; cap++) {
		dev.chain.cap = cap;
		assert_int_equal(prot_cert_complete_chain(&c, &dev.seeds,
							  &dev.device,
							  &dev.chain),
				 PROT_ERR_SPACE);
		assert_int_equal(dev.chain.len, start);
		assert_true(prot_wr_ok(&dev.chain));
	}
	assert_int_equal(f.keys_alive, 0);
}

static void
test_complete_chain__provider_fails_anywhere__no_key_left(void **state)
{
	struct prot_crypto_fake f = {0};
	struct prot_crypto c = prot_crypto_fake_crypto(&f);
	uint32_t first, calls;
	size_t start;

	(void)state;
	assert_int_equal(device_chain_provision(&c, &dev), PROT_OK);
	start = dev.chain.len;
	first = f.calls;
	assert_int_equal(prot_cert_complete_chain(&c, &dev.seeds, &dev.device,
						  &dev.chain),
			 PROT_OK);
	calls = f.calls - first;
	assert_true(calls > 10);
	for (uint32_t n = 1; n <= calls; n++) {
		dev.chain.len = start;
		f.fail_at = f.calls + n;
		assert_int_equal(prot_cert_complete_chain(&c, &dev.seeds,
							  &dev.device,
							  &dev.chain),
				 PROT_ERR_CRYPTO);
		assert_int_equal(dev.chain.len, start);
		assert_int_equal(f.keys_alive, 0);
	}
}

static void test_complete_chain__provider_pends__waited_for(void **state)
{
	struct prot_crypto_fake f = {0};
	struct prot_crypto c = prot_crypto_fake_crypto(&f);

	(void)state;
	assert_int_equal(device_chain_provision(&c, &dev), PROT_OK);
	f.pend = 2;
	assert_int_equal(prot_cert_complete_chain(&c, &dev.seeds, &dev.device,
						  &dev.chain),
			 PROT_OK);
	assert_false(f.misused);
	assert_int_equal(f.keys_alive, 0);
}

static void test_issue__bad_template__arg(void **state)
{
	static const uint8_t point[PROT_PUBLIC_KEY_MAX];
	static const uint8_t long_ueid[34];
	const struct prot_cert_template good = {
		.kind = PROT_CERT_ROOT,
		.common_name = "x",
		.key = {PROT_ASYM_ECDSA_P384, point}};
	const struct prot_cert_issuer by = {1, NULL};
	struct prot_cert_template t[5] = {good, good, good, good, good};
	uint8_t buf[1024];
	struct prot_wr w = prot_wr_init(buf, sizeof(buf));
	struct prot_wr measuring = prot_wr_init(NULL, SIZE_MAX);

	(void)state;
	t[0].kind = PROT_CERT_KIND_COUNT;
	t[1].common_name = "";
	t[2].common_name = "0123456789012345678901234567890123456789"
			   "0123456789012345678901234";
	t[3].key.alg = PROT_ASYM_NONE;
	t[4].ueid.at = long_ueid;
	t[4].ueid.len = sizeof(long_ueid);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(t); i++) {
		assert_int_equal(prot_cert_issue(&crypto, &t[i], &by, &w),
				 PROT_ERR_ARG);
	}
	assert_int_equal(prot_cert_issue(&crypto, &good, &by, &measuring),
			 PROT_ERR_ARG);
	assert_int_equal(w.len, 0);
}

/* P-256 subject and issuer: the hash follows the issuer's key. */
static void test_issue__p256__sha256_and_trusted(void **state)
{
	uint8_t seed[PROT_SEED_MIN] = {3};
	uint8_t point[PROT_PUBLIC_KEY_MAX], buf[1024];
	struct prot_wr w = prot_wr_init(buf, sizeof(buf));
	const struct prot_cert_template what = {
		.kind = PROT_CERT_ROOT,
		.common_name = "P-256 Root",
		.key = {PROT_ASYM_ECDSA_P256, point}};
	struct prot_cert_issuer by = {0, NULL};
	struct prot_span der = {buf, 0};
	struct prot_x509 cert;
	uint8_t sig[PROT_SIGNATURE_MAX];
	struct prot_signed_data tbs;

	(void)state;
	assert_int_equal(crypto.ops->key_derive(crypto.ctx,
						PROT_ASYM_ECDSA_P256, seed,
						sizeof(seed), &by.key),
			 PROT_OK);
	assert_int_equal(crypto.ops->key_public(crypto.ctx, by.key, point), 0);
	assert_int_equal(prot_cert_issue(&crypto, &what, &by, &w), PROT_OK);
	crypto.ops->key_destroy(crypto.ctx, by.key);
	der.len = w.len;
	assert_int_equal(prot_x509_parse(der, &cert), PROT_OK);
	assert_int_equal(cert.key.alg, PROT_ASYM_ECDSA_P256);
	assert_int_equal(cert.signature_hash, PROT_HASH_SHA256);
	assert_int_equal(prot_der_ecdsa_signature(cert.signature, sig, 32), 0);
	tbs = (struct prot_signed_data){PROT_HASH_SHA256, false, cert.tbs.at,
					cert.tbs.len};
	assert_int_equal(
		crypto.ops->verify(crypto.ctx, &cert.key, &tbs, sig, 64),
		PROT_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_put_tcb_info_extension__golden_values__golden_bytes),
		cmocka_unit_test(
			test_put_tcb_info__nothing_given__numbers_only),
		cmocka_unit_test(test_put_tcb_info__all_good__empty_flags),
		cmocka_unit_test(
			test_put_ueid_extension__golden_value__golden_bytes),
		cmocka_unit_test(
			test_complete_chain__provisioned_device__trusted),
		cmocka_unit_test(test_chain_check__provider_pends__resumes),
		cmocka_unit_test(
			test_complete_chain__each_certificate__its_profile),
		cmocka_unit_test(
			test_complete_chain__other_firmware__only_ak_differs),
		cmocka_unit_test(test_complete_chain__foreign_idevid__auth),
		cmocka_unit_test(
			test_complete_chain__no_or_damaged_certificates__malformed),
		cmocka_unit_test(
			test_complete_chain__product_name_too_long__arg),
		cmocka_unit_test(
			test_complete_chain__every_short_buffer__space),
		cmocka_unit_test(
			test_complete_chain__provider_fails_anywhere__no_key_left),
		cmocka_unit_test(
			test_complete_chain__provider_pends__waited_for),
		cmocka_unit_test(test_issue__bad_template__arg),
		cmocka_unit_test(test_issue__p256__sha256_and_trusted),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
