/* SPDX-License-Identifier: Apache-2.0 */
#include "cert_private.h"

#include <prot/crypto_wait.h>
#include <prot/oid.h>

#define COMMON_NAME_MAX 64 /* ub-common-name, RFC 5280 A.1 */
#define UEID_MAX        33 /* RFC 9711 4.2.1 */

/* A signature as wide as the key that makes it. */
static enum prot_hash_alg signature_hash(enum prot_asym_alg alg)
{
	return alg == PROT_ASYM_ECDSA_P256 ? PROT_HASH_SHA256
					   : PROT_HASH_SHA384;
}

static void put_signature_alg(struct prot_wr *w, enum prot_asym_alg alg)
{
	static const struct prot_oid sha256 = PROT_OID_ECDSA_SHA256;
	static const struct prot_oid sha384 = PROT_OID_ECDSA_SHA384;
	size_t seq = prot_der_begin(w, PROT_DER_SEQUENCE);

	prot_der_put_oid(w, alg == PROT_ASYM_ECDSA_P256 ? &sha256 : &sha384);
	prot_der_end(w, seq);
}

/* subjectPublicKey, RFC 5480 2.2: the uncompressed point. */
static void put_point(struct prot_wr *w, const struct prot_public_key *key)
{
	size_t bits = prot_der_begin(w, PROT_DER_BIT_STRING);

	prot_wr_u8(w, 0); /* unused bits */
	prot_wr_u8(w, 0x04);
	prot_wr_bytes(w, key->bytes, prot_public_key_size(key->alg));
	prot_der_end(w, bits);
}

static void put_spki(struct prot_wr *w, const struct prot_public_key *key)
{
	static const struct prot_oid ec = PROT_OID_EC_PUBLIC_KEY;
	static const struct prot_oid p256 = PROT_OID_P256;
	static const struct prot_oid p384 = PROT_OID_P384;
	size_t info = prot_der_begin(w, PROT_DER_SEQUENCE);
	size_t alg = prot_der_begin(w, PROT_DER_SEQUENCE);

	prot_der_put_oid(w, &ec);
	prot_der_put_oid(w, key->alg == PROT_ASYM_ECDSA_P256 ? &p256 : &p384);
	prot_der_end(w, alg);
	put_point(w, key);
	prot_der_end(w, info);
}

/* One RelativeDistinguishedName of one attribute. */
static void put_rdn(struct prot_wr *w, const struct prot_oid *oid, uint8_t tag,
		    struct prot_span text)
{
	size_t set = prot_der_begin(w, PROT_DER_SET);
	size_t seq = prot_der_begin(w, PROT_DER_SEQUENCE);

	prot_der_put_oid(w, oid);
	prot_der_put(w, tag, text.at, text.len);
	prot_der_end(w, seq);
	prot_der_end(w, set);
}

static void put_subject(struct prot_wr *w, const char *common_name,
			const uint8_t id[PROT_CERT_ID_SIZE])
{
	static const struct prot_oid cn = PROT_OID_COMMON_NAME;
	static const struct prot_oid serial = PROT_OID_SERIAL_NUMBER;
	static const char digits[] = "0123456789abcdef";
	uint8_t hex[2 * PROT_CERT_ID_SIZE];
	const struct prot_span name = {(const uint8_t *)common_name,
				       strlen(common_name)};
	const struct prot_span number = {hex, sizeof(hex)};
	size_t seq = prot_der_begin(w, PROT_DER_SEQUENCE);

	for (size_t i = 0; i < PROT_CERT_ID_SIZE; i++) {
		hex[2 * i] = (uint8_t)digits[id[i] >> 4];
		hex[2 * i + 1] = (uint8_t)digits[id[i] & 0xf];
	}
	put_rdn(w, &cn, PROT_DER_UTF8_STRING, name);
	put_rdn(w, &serial, PROT_DER_PRINTABLE_STRING, number);
	prot_der_end(w, seq);
}

/* The dates that the Open Profile for DICE 2.6 uses for want of a clock. */
static void put_validity(struct prot_wr *w)
{
	size_t seq = prot_der_begin(w, PROT_DER_SEQUENCE);

	prot_der_put(w, PROT_DER_UTC_TIME, "180322235959Z", 13);
	prot_der_put(w, PROT_DER_GENERALIZED_TIME, "99991231235959Z", 15);
	prot_der_end(w, seq);
}

/* What of the issuer enters the certificate. */
struct issuer {
	prot_key key;
	enum prot_asym_alg alg;
	struct prot_span name; /* empty: the subject's own */
	struct prot_span id;
};

/* TBSCertificate, RFC 5280 4.1 */
static void put_tbs(struct prot_wr *w, const struct prot_cert_template *what,
		    const uint8_t *id, const struct issuer *issuer)
{
	size_t tbs = prot_der_begin(w, PROT_DER_SEQUENCE);
	size_t version = prot_der_begin(w, PROT_DER_CONTEXT_CONSTRUCTED + 0);

	prot_der_put_uint(w, PROT_DER_INTEGER, 2); /* v3 */
	prot_der_end(w, version);
	prot_der_put_unsigned(w, id, PROT_CERT_ID_SIZE);
	put_signature_alg(w, issuer->alg);
	if (issuer->name.len != 0) {
		prot_wr_bytes(w, issuer->name.at, issuer->name.len);
	} else {
		put_subject(w, what->common_name, id);
	}
	put_validity(w);
	put_subject(w, what->common_name, id);
	put_spki(w, &what->key);
	prot_cert_put_extensions(w, what, id, issuer->id);
	prot_der_end(w, tbs);
}

/* The certificate's signature over what was written since `start`. */
static enum prot_status put_signature(const struct prot_crypto *crypto,
				      const struct issuer *issuer, size_t start,
				      struct prot_wr *w)
{
	const struct prot_signed_data what = {signature_hash(issuer->alg),
					      false, w->buf + start,
					      w->len - start};
	uint8_t sig[PROT_SIGNATURE_MAX];
	enum prot_status st =
		prot_crypto_wait_sign(crypto, issuer->key, &what, sig);
	size_t bits;

	if (st != PROT_OK) {
		return st;
	}
	put_signature_alg(w, issuer->alg);
	bits = prot_der_begin(w, PROT_DER_BIT_STRING);
	prot_wr_u8(w, 0); /* unused bits */
	prot_der_put_ecdsa_signature(w, sig,
				     prot_signature_size(issuer->alg) / 2);
	prot_der_end(w, bits);
	return PROT_OK;
}

enum prot_status prot_cert_id(const struct prot_crypto *crypto,
			      const struct prot_public_key *key,
			      uint8_t id[PROT_CERT_ID_SIZE])
{
	uint8_t point[1 + PROT_PUBLIC_KEY_MAX] = {0x04};
	uint8_t digest[PROT_HASH_MAX];
	size_t len = prot_public_key_size(key->alg);
	enum prot_status st;

	memcpy(point + 1, key->bytes, len);
	st = prot_crypto_hash(crypto, PROT_HASH_SHA384, point, 1 + len, digest);
	if (st == PROT_OK) {
		memcpy(id, digest, PROT_CERT_ID_SIZE);
		id[0] &= 0x7f; /* positive as an INTEGER of 20 bytes */
	}
	return st;
}

static bool template_ok(const struct prot_cert_template *what)
{
	size_t n = strlen(what->common_name);

	return (unsigned)what->kind < PROT_CERT_KIND_COUNT && n > 0 &&
	       n <= COMMON_NAME_MAX && what->ueid.len <= UEID_MAX &&
	       prot_public_key_size(what->key.alg) != 0;
}

enum prot_status prot_cert_issue(const struct prot_crypto *crypto,
				 const struct prot_cert_template *what,
				 const struct prot_cert_issuer *by,
				 struct prot_wr *out)
{
	uint8_t id[PROT_CERT_ID_SIZE];
	struct issuer issuer = {.key = by->key};
	struct prot_wr w;
	enum prot_status st;
	size_t whole;

	if (!template_ok(what) || !out->buf || !prot_wr_ok(out)) {
		return PROT_ERR_ARG;
	}
	st = prot_cert_id(crypto, &what->key, id);
	if (st != PROT_OK) {
		return st;
	}
	issuer.alg = by->cert ? by->cert->key.alg : what->key.alg;
	if (by->cert) {
		issuer.name = by->cert->subject;
		issuer.id = by->cert->subject_key_id;
	} else {
		issuer.id.at = id;
		issuer.id.len = sizeof(id);
	}
	w = *out;
	whole = prot_der_begin(&w, PROT_DER_SEQUENCE);
	put_tbs(&w, what, id, &issuer);
	if (prot_wr_ok(&w)) {
		st = put_signature(crypto, &issuer, whole, &w);
	}
	prot_der_end(&w, whole);
	if (st == PROT_OK && !prot_wr_ok(&w)) {
		st = PROT_ERR_SPACE;
	}
	if (st == PROT_OK) {
		*out = w;
	}
	return st;
}
