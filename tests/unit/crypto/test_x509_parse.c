/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"
#include "vectors.h"

#include <prot/oid.h>
#include <prot/x509.h>

/*
 * A certificate put together piece by piece; a test names the piece that it
 * wants otherwise, as hex of DER. Signature and key are not valid.
 */
struct pieces {
	const char *version;
	const char *serial;
	const char *alg;
	const char *outer_alg;
	const char *validity;
	const char *subject;
	const char *spki;
	const char *tail;       /* after the public key, before extensions */
	const char *extensions; /* content of the list, or NULL: none at all */
	const char *signature;  /* the whole BIT STRING */
};

#define ALG_SHA384 "300a06082a8648ce3d040303"
#define ALG_SHA256 "300a06082a8648ce3d040302"
#define VALIDITY                                                               \
	"301e170d3236303130313030303030305a170d3237303130313030303030305a"
#define NAME_X      "300c310a300806035504030c0178"
#define SPKI_RSA    "300f300d06092a864886f70d01010105000000"
#define KU_SIGN     "300e0603551d0f0101ff040403020780"
#define CONSTRAINTS "300c0603551d130101ff04023000"
#define PUBLIC_POINT                                                           \
	"1111111111111111111111111111111111111111111111111111111111111111"     \
	"2222222222222222222222222222222222222222222222222222222222222222"
#define SPKI_P256                                                              \
	"3059301306072a8648ce3d020106082a8648ce3d030107034200"                 \
	"04" PUBLIC_POINT

static void put_hex(struct prot_wr *w, const char *hex, const char *otherwise)
{
	uint8_t buf[512];
	size_t n = hex_bytes(hex ? hex : otherwise, buf, sizeof(buf));

	prot_wr_bytes(w, buf, n);
}

static struct prot_span build(const struct pieces *p, uint8_t *buf, size_t cap)
{
	struct prot_wr w = prot_wr_init(buf, cap);
	size_t whole = prot_der_begin(&w, PROT_DER_SEQUENCE);
	size_t tbs = prot_der_begin(&w, PROT_DER_SEQUENCE);
	struct prot_span s = {buf, 0};

	put_hex(&w, p->version, "a003020102");
	put_hex(&w, p->serial, "020101");
	put_hex(&w, p->alg, ALG_SHA384);
	put_hex(&w, NULL, NAME_X);
	put_hex(&w, p->validity, VALIDITY);
	put_hex(&w, p->subject, NAME_X);
	put_hex(&w, p->spki, SPKI_P256);
	put_hex(&w, p->tail, "");
	if (p->extensions) {
		size_t tag = prot_der_begin(&w, 0xa3);
		size_t list = prot_der_begin(&w, PROT_DER_SEQUENCE);

		put_hex(&w, p->extensions, NULL);
		prot_der_end(&w, list);
		prot_der_end(&w, tag);
	}
	prot_der_end(&w, tbs);
	put_hex(&w, p->outer_alg, p->alg ? p->alg : ALG_SHA384);
	put_hex(&w, p->signature, "0309003006020101020101");
	prot_der_end(&w, whole);
	assert_true(prot_wr_ok(&w));
	s.len = w.len;
	return s;
}

static uint8_t buf[2048];

static enum prot_status parse(const struct pieces *p, struct prot_x509 *cert)
{
	return prot_x509_parse(build(p, buf, sizeof(buf)), cert);
}

static void test_parse__plain__every_field(void **state)
{
	const struct pieces p = {.extensions = KU_SIGN CONSTRAINTS};
	struct prot_x509 c;

	(void)state;
	assert_int_equal(parse(&p, &c), PROT_OK);
	assert_int_equal(c.version, 3);
	assert_int_equal(c.serial.len, 1);
	assert_int_equal(c.signature_hash, PROT_HASH_SHA384);
	assert_true(prot_span_equal(c.issuer, c.subject));
	assert_int_equal(c.subject_cn.len, 1);
	assert_int_equal(c.subject_cn.at[0], 'x');
	assert_true(c.not_before == 1767225600); /* 2026-01-01 */
	assert_true(c.not_after == 1798761600);  /* 2027-01-01 */
	assert_int_equal(c.key.alg, PROT_ASYM_ECDSA_P256);
	assert_hex_equal(c.key.bytes, PUBLIC_POINT);
	assert_hex_equal(c.spki.at, SPKI_P256);
	assert_true(c.has_key_usage && c.has_basic_constraints && !c.ca);
	assert_int_equal(c.key_usage, PROT_X509_KU_DIGITAL_SIGNATURE);
	assert_int_equal(c.path_len, PROT_X509_NO_PATH_LEN);
	assert_int_equal(c.der.len, (size_t)(c.signature.at - buf) + 8);
}

static void test_parse__every_short_and_long_length__malformed(void **state)
{
	const struct pieces p = {.extensions = KU_SIGN CONSTRAINTS};
	struct prot_span all = build(&p, buf, sizeof(buf) - 1);
	struct prot_x509 c;

	(void)state;
	for (size_t n = 0; n <= all.len + 1; n++) {
		/* an exact copy, so that a sanitizer sees reads past it */
		uint8_t *exact = test_malloc(n ? n : 1);
		struct prot_span s = {exact, n};

		memcpy(exact, buf, n);
		assert_int_equal(prot_x509_parse(s, &c),
				 n == all.len ? PROT_OK : PROT_ERR_MALFORMED);
		test_free(exact);
	}
}

static const struct {
	const char *what;
	struct pieces p;
} malformed[] = {
	{"version 4", {.version = "a003020103"}},
	{"version with something behind it", {.version = "a0050201020500"}},
	{"no serial number", {.serial = ""}},
	{"empty serial number", {.serial = "0200"}},
	{"algorithms differ", {.alg = ALG_SHA384, .outer_alg = ALG_SHA256}},
	{"unused bits in the signature",
	 {.signature = "0309013006020101020101"}},
	{"signature without content", {.signature = "0300"}},
	{"no dates", {.validity = "3000"}},
	{"three dates",
	 {.validity =
		  "302d170d3236303130313030303030305a170d32373031303130303030"
		  "30305a170d3237303130313030303030305a"}},
	{"no time zone",
	 {.validity = "301e170d3236303130313030303030305b170d323730313031303030"
		      "3030305a"}},
	{"month 13",
	 {.validity = "301e170d3236313330313030303030305a170d323730313031303030"
		      "3030305a"}},
	{"31 April",
	 {.validity = "301e170d3236303433313030303030305a170d323730313031303030"
		      "3030305a"}},
	{"29 February 2026",
	 {.validity = "301e170d3236303232393030303030305a170d323730313031303030"
		      "3030305a"}},
	{"hour 24",
	 {.validity = "301e170d3236303130313234303030305a170d323730313031303030"
		      "3030305a"}},
	{"a letter in a date",
	 {.validity = "301e170d3236303130314130303030305a170d323730313031303030"
		      "3030305a"}},
	{"date without seconds",
	 {.validity = "301c170b323630313031303030305a170d3237303130313030303030"
		      "305a"}},
	{"subject without attribute type", {.subject = "3007310530030c0178"}},
	{"subject: attribute with three parts",
	 {.subject = "300e310c300a06035504030c01780500"}},
	{"subject: SEQUENCE instead of SET",
	 {.subject = "300c300a300806035504030c0178"}},
	{"key without bits",
	 {.spki = "3015301306072a8648ce3d020106082a8648ce3d030107"}},
	{"unused bits in the key",
	 {.spki = "301a301306072a8648ce3d020106082a8648ce3d030107030301"
		  "0411"}},
	{"rubbish before the extensions",
	 {.tail = "0500", .extensions = KU_SIGN}},
	{"extension twice", {.extensions = KU_SIGN KU_SIGN}},
	{"extension without value",
	 {.extensions = "300506035"
			"51d0f"}},
	{"extension with a critical of 1",
	 {.extensions = "300e0603551d0f010101040403020780"}},
	{"basic constraints: something behind cA",
	 {.extensions = "30110603551d130101ff040730050101ff0500"}},
	{"basic constraints: path length without cA",
	 {.extensions = "300f0603551d130101ff04053003020100"}},
	{"basic constraints: negative path length",
	 {.extensions = "30120603551d130101ff040830060101ff020180"}},
	{"key usage: empty", {.extensions = "300d0603551d0f0101ff0403030100"}},
	{"key usage: three octets",
	 {.extensions = "30100603551d0f0101ff0406030400808080"}},
	{"key usage: eight unused bits",
	 {.extensions = "300e0603551d0f0101ff040403020880"}},
	{"extended key usage: empty", {.extensions = "30090603551d2504023000"}},
	{"extended key usage: no OID",
	 {.extensions = "300b0603551d25040430020500"}},
	{"subject key identifier: two of them",
	 {.extensions = "300d0603551d0e0406040111040122"}},
	{"SPDM extension: entry without OID",
	 {.extensions = "3014060a2b06010401831c821206040630040402"
			"0500"}},
	{"extension value is no DER", {.extensions = "30080603551d110401ff"}},
};

static void test_parse__contradicts_the_standard__malformed(void **state)
{
	struct prot_x509 c;

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(malformed); i++) {
		if (parse(&malformed[i].p, &c) != PROT_ERR_MALFORMED) {
			fail_msg("accepted: %s", malformed[i].what);
		}
	}
}

static void test_parse__kinds_not_supported__left_to_the_caller(void **state)
{
	static const struct pieces rsa = {
		.alg = "300d06092a864886f70d01010b0500",
		.spki = "3015300d06092a864886f70d0101010500030400300000"};
	static const struct pieces p521 = {
		.spki = "3018301006072a8648ce3d020106052b81040023030400040506"};
	static const struct pieces compressed = {
		.spki = "3039301306072a8648ce3d020106082a8648ce3d030107032200"
			"021111111111111111111111111111111111111111111111111111"
			"111111111111"};
	static const struct pieces v1 = {.version = ""};
	static const struct pieces parameters = {
		.alg = "300c06082a8648ce3d0403030500"};
	struct prot_x509 c;

	(void)state;
	assert_int_equal(parse(&rsa, &c), PROT_OK);
	assert_int_equal(c.key.alg, PROT_ASYM_NONE);
	assert_int_equal(c.signature_hash, PROT_HASH_NONE);
	assert_int_equal(parse(&p521, &c), PROT_OK);
	assert_int_equal(c.key.alg, PROT_ASYM_NONE);
	assert_int_equal(parse(&compressed, &c), PROT_OK);
	assert_int_equal(c.key.alg, PROT_ASYM_NONE);
	assert_int_equal(parse(&v1, &c), PROT_OK);
	assert_int_equal(c.version, 1);
	assert_int_equal(parse(&parameters, &c), PROT_OK);
	assert_int_equal(c.signature_hash, PROT_HASH_NONE);
}

static void test_parse__known_extensions__filled_in(void **state)
{
	static const struct pieces p = {
		.extensions =
			/* CA with path length 300, keyCertSign and bit 8 */
		"30130603551d130101ff040930070101ff0202012c"
		"300f0603551d0f0101ff040503030704"
		"80"
		/* SPDM responder, DICE ECA, and one more */
		"30240603551d25041d301b060a2b06010401831c8212030607"
		"6781050504640c0604672a0304"
		"300b0603551d0e040404021122"
		/* AKI: key identifier and a serial number */
		"300f0603551d230408300680013382017f"
		/* DiceMultiTcbInfo of one empty TcbInfo */
		"300e0606678105050405040430023000"
		/* mutable certificate, with a definition */
		"301e060a2b06010401831c82120604103"
		"00e300c060a2b06010401831c821205"};
	struct prot_x509 c;

	(void)state;
	assert_int_equal(parse(&p, &c), PROT_OK);
	assert_true(c.ca);
	assert_int_equal(c.path_len, 300);
	assert_int_equal(c.key_usage, PROT_X509_KU_KEY_CERT_SIGN | 1u << 8);
	assert_int_equal(c.eku, PROT_X509_EKU_SPDM_RESPONDER |
					PROT_X509_EKU_DICE_ECA |
					PROT_X509_EKU_OTHER);
	assert_int_equal(c.subject_key_id.len, 2);
	assert_int_equal(c.authority_key_id.len, 1);
	assert_int_equal(c.authority_key_id.at[0], 0x33);
	assert_true(c.mutable_certificate && !c.hardware_identity);
	assert_hex_equal(c.multi_tcb_info.at, "30023000");
	assert_int_equal(c.unknown_critical.len, 0);
}

static void test_parse__unknown_critical__named(void **state)
{
	static const struct pieces unknown = {
		.extensions = "300d06032a03040101ff0403020101"};
	static const struct pieces noncritical = {
		.extensions = "300a06032a03040403020101"};
	/* TCG DICE and SPDM arcs, Open Profile for DICE */
	static const struct pieces statements = {
		.extensions = "30100606678105050463"
			      "0101ff0403020101"
			      "3014060a2b06010401831c8212630101ff0403020101"
			      "3014060a2b06010401d6790201180101ff0403020101"};
	struct prot_x509 c;

	(void)state;
	assert_int_equal(parse(&unknown, &c), PROT_OK);
	assert_int_equal(c.unknown_critical.len, 3);
	assert_hex_equal(c.unknown_critical.at, "2a0304");
	assert_int_equal(parse(&noncritical, &c), PROT_OK);
	assert_int_equal(c.unknown_critical.len, 0);
	assert_int_equal(parse(&statements, &c), PROT_OK);
	assert_int_equal(c.unknown_critical.len, 0);
}

static void test_parse__unique_identifiers__passed_over(void **state)
{
	static const struct pieces p = {.tail = "8102000182020002",
					.extensions = KU_SIGN};
	struct prot_x509 c;

	(void)state;
	assert_int_equal(parse(&p, &c), PROT_OK);
	assert_true(c.has_key_usage);
}

/* RFC 5280 4.1.2.5: where the two forms of a date meet, and their limits. */
static void test_parse__dates__seconds_since_1970(void **state)
{
	static const struct {
		const char *not_before; /* 13 or 15 characters */
		uint64_t seconds;
	} dates[] = {
		{"700101000000Z", 0},
		{"500101000000Z", 0}, /* 1950: before the epoch */
		{"491231235959Z", 2524607999u},
		{"000229120000Z", 951825600u},
		{"180322235959Z", 1521763199u},
		{"20500101000000Z", 2524608000u},
		{"20000301000000Z", 951868800u},
		{"21000301000000Z", 4107542400u},
		{"99991231235959Z", 253402300799u},
		{"00000101000000Z", 0},
	};
	struct prot_x509 c;

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(dates); i++) {
		uint8_t raw[64];
		char hex[129];
		struct prot_wr w = prot_wr_init(raw, sizeof(raw));
		size_t seq = prot_der_begin(&w, PROT_DER_SEQUENCE);
		struct pieces p = {.validity = hex};
		size_t n = strlen(dates[i].not_before);

		prot_der_put(&w,
			     n == 13 ? PROT_DER_UTC_TIME
				     : PROT_DER_GENERALIZED_TIME,
			     dates[i].not_before, n);
		prot_der_put(&w, PROT_DER_GENERALIZED_TIME, "99991231235959Z",
			     15);
		prot_der_end(&w, seq);
		for (size_t j = 0; j < w.len; j++) {
			snprintf(hex + 2 * j, 3, "%02x", raw[j]);
		}
		assert_int_equal(parse(&p, &c), PROT_OK);
		if (c.not_before != dates[i].seconds) {
			fail_msg("%s: %llu", dates[i].not_before,
				 (unsigned long long)c.not_before);
		}
		assert_true(c.not_after == 253402300799u);
	}
}

static void test_parse__openssl_certificate__as_openssl_says(void **state)
{
	uint8_t file[1024];
	struct prot_x509 c;

	(void)state;
	assert_int_equal(
		prot_x509_parse(chain_load("leaf_dice", file, sizeof(file)),
				&c),
		PROT_OK);
	assert_int_equal(c.key.alg, PROT_ASYM_ECDSA_P384);
	assert_int_equal(c.subject_cn.len, 9);
	assert_hex_equal(c.tcb_info.at, "3008870204108902ffff");
	assert_int_equal(c.ueid.len, 21);
	assert_int_equal(c.subject_key_id.len, 20);
	assert_int_equal(c.authority_key_id.len, 20);
}

static void test_next__concatenation__one_by_one(void **state)
{
	uint8_t file[2048];
	struct prot_span all = chain_load("root int", file, sizeof(file));
	struct prot_rd r = prot_span_rd(all);
	struct prot_span der;

	(void)state;
	assert_int_equal(prot_x509_next(&r, &der), PROT_OK);
	assert_ptr_equal(der.at, file);
	assert_int_equal(prot_x509_next(&r, &der), PROT_OK);
	assert_int_equal(r.left, 0);
	assert_ptr_equal(der.at + der.len, file + all.len);
	assert_int_equal(prot_x509_next(&r, &der), PROT_ERR_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse__plain__every_field),
		cmocka_unit_test(
			test_parse__every_short_and_long_length__malformed),
		cmocka_unit_test(
			test_parse__contradicts_the_standard__malformed),
		cmocka_unit_test(
			test_parse__kinds_not_supported__left_to_the_caller),
		cmocka_unit_test(test_parse__known_extensions__filled_in),
		cmocka_unit_test(test_parse__unknown_critical__named),
		cmocka_unit_test(test_parse__unique_identifiers__passed_over),
		cmocka_unit_test(test_parse__dates__seconds_since_1970),
		cmocka_unit_test(
			test_parse__openssl_certificate__as_openssl_says),
		cmocka_unit_test(test_next__concatenation__one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
