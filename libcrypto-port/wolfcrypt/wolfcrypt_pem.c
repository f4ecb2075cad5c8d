/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key and certificate files, for tools on a host. PEM is RFC 7468; private
 * keys are SEC1 (RFC 5915) or PKCS#8 (RFC 5958).
 */
#include "wolfcrypt_internal.h"

#include <prot/base/wipe.h>
#include <prot/crypto_provider.h>
#include <prot/oid.h>
#include <prot/x509.h>

#include <wolfssl/wolfcrypt/coding.h>

#define KEY_DER_MAX 4096 /* longer keys are of other kinds, RSA say */

struct pem_block {
	struct prot_span label;
	struct prot_span body; /* base64 and white space */
};

/* Advance `text` past the first occurrence of `what`; what came before it. */
static bool split(struct prot_span *text, const char *what,
		  struct prot_span *before)
{
	size_t n = strlen(what);

	for (size_t i = 0; i + n <= text->len; i++) {
		if (memcmp(text->at + i, what, n) == 0) {
			before->at = text->at;
			before->len = i;
			text->at += i + n;
			text->len -= i + n;
			return true;
		}
	}
	return false;
}

static bool text_is(struct prot_span s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.at, text, s.len) == 0;
}

/* PROT_ERR_NOT_FOUND: no further block; PROT_ERR_MALFORMED: it has no end. */
static enum prot_status pem_next(struct prot_span *text, struct pem_block *b)
{
	struct prot_span other;

	if (!split(text, "-----BEGIN ", &other)) {
		return PROT_ERR_NOT_FOUND;
	}
	if (!split(text, "-----", &b->label) ||
	    !split(text, "-----END ", &b->body) ||
	    !split(text, "-----", &other) ||
	    !prot_span_equal(other, b->label)) {
		return PROT_ERR_MALFORMED;
	}
	return PROT_OK;
}

static enum prot_status pem_decode(const struct pem_block *b,
				   struct prot_wr *out)
{
	size_t room = out->cap - out->len;
	word32 n = (word32)(room < UINT32_MAX ? room : UINT32_MAX);
	int rc;

	if (b->body.len > INT32_MAX) {
		return PROT_ERR_MALFORMED;
	}
	rc = Base64_Decode(b->body.at, (word32)b->body.len, out->buf + out->len,
			   &n);
	if (rc == BAD_FUNC_ARG || rc == BUFFER_E) {
		return PROT_ERR_SPACE;
	}
	if (rc != 0) {
		return PROT_ERR_MALFORMED;
	}
	out->len += n;
	return PROT_OK;
}

static void put_text(struct prot_wr *w, const char *text)
{
	prot_wr_bytes(w, text, strlen(text));
}

static void put_pem(struct prot_wr *w, const char *label, struct prot_span der)
{
	word32 n;

	put_text(w, "-----BEGIN ");
	put_text(w, label);
	put_text(w, "-----\n");
	n = (word32)(w->cap - w->len);
	if (!prot_wr_ok(w) ||
	    Base64_Encode(der.at, (word32)der.len, w->buf + w->len, &n) != 0) {
		w->bad = true;
		return;
	}
	w->len += n;
	put_text(w, "-----END ");
	put_text(w, label);
	put_text(w, "-----\n");
}

static const struct prot_oid ec_oid = PROT_OID_EC_PUBLIC_KEY;
static const struct prot_oid curve_oid[PROT_ASYM_COUNT] = {
	[PROT_ASYM_ECDSA_P256] = PROT_OID_P256,
	[PROT_ASYM_ECDSA_P384] = PROT_OID_P384,
};

static enum prot_asym_alg curve_of(const struct prot_rd *oid)
{
	for (int alg = PROT_ASYM_ECDSA_P256; alg < PROT_ASYM_COUNT; alg++) {
		if (prot_der_oid_equal(oid, &curve_oid[alg])) {
			return (enum prot_asym_alg)alg;
		}
	}
	return PROT_ASYM_NONE;
}

/* A private key as a file states it. */
struct file_key {
	enum prot_asym_alg alg;
	struct prot_span scalar;
};

/* ECPrivateKey, RFC 5915; the curve may have been named outside. */
static enum prot_status parse_sec1(struct prot_rd *seq, struct file_key *k)
{
	const uint8_t parameters = PROT_DER_CONTEXT_CONSTRUCTED + 0;
	struct prot_rd scalar = prot_der_get(seq, PROT_DER_OCTET_STRING);
	struct prot_rd tagged, oid;

	k->scalar = prot_der_rest(&scalar);
	if (prot_der_next_is(seq, parameters)) {
		tagged = prot_der_get(seq, parameters);
		oid = prot_der_get(&tagged, PROT_DER_OID);
		k->alg = curve_of(&oid);
	}
	if (!prot_rd_ok(seq)) {
		return PROT_ERR_MALFORMED;
	}
	return k->alg != PROT_ASYM_NONE ? PROT_OK : PROT_ERR_UNSUPPORTED;
}

/* PrivateKeyInfo, RFC 5958, after its version: the algorithm comes first. */
static enum prot_status parse_pkcs8(struct prot_rd *seq, struct file_key *k)
{
	struct prot_rd alg = prot_der_get(seq, PROT_DER_SEQUENCE);
	struct prot_rd type = prot_der_get(&alg, PROT_DER_OID);
	struct prot_rd curve, octets, inner;

	if (!prot_rd_ok(&alg)) {
		return PROT_ERR_MALFORMED;
	}
	if (!prot_der_oid_equal(&type, &ec_oid)) {
		return PROT_ERR_UNSUPPORTED;
	}
	curve = prot_der_get(&alg, PROT_DER_OID);
	k->alg = curve_of(&curve);
	octets = prot_der_get(seq, PROT_DER_OCTET_STRING);
	inner = prot_der_get(&octets, PROT_DER_SEQUENCE);
	if (prot_der_uint(&inner) != 1) {
		return PROT_ERR_MALFORMED;
	}
	return parse_sec1(&inner, k);
}

static enum prot_status parse_key(struct prot_span der, struct file_key *k)
{
	struct prot_rd r = prot_span_rd(der);
	struct prot_rd seq = prot_der_get(&r, PROT_DER_SEQUENCE);
	uint32_t version = prot_der_uint(&seq);

	if (!prot_rd_ok(&seq) || version > 1) {
		return PROT_ERR_MALFORMED;
	}
	return prot_der_next_is(&seq, PROT_DER_SEQUENCE) ? parse_pkcs8(&seq, k)
							 : parse_sec1(&seq, k);
}

static enum prot_status key_take(struct prot_wolfcrypt *ctx,
				 struct prot_span der, prot_key *key,
				 enum prot_asym_alg *alg)
{
	struct file_key k = {PROT_ASYM_NONE, {NULL, 0}};
	uint8_t scalar[PROT_PUBLIC_KEY_MAX / 2] = {0};
	enum prot_status st = parse_key(der, &k);
	size_t half = prot_public_key_size(k.alg) / 2;

	if (st == PROT_OK && (k.scalar.len == 0 || k.scalar.len > half)) {
		st = PROT_ERR_MALFORMED;
	}
	if (st == PROT_OK) {
		memcpy(scalar + half - k.scalar.len, k.scalar.at, k.scalar.len);
		st = prot_wolfcrypt_key_import(ctx, k.alg, scalar, key);
		st = st == PROT_ERR_ARG ? PROT_ERR_MALFORMED : st;
	}
	prot_wipe(scalar, sizeof(scalar));
	if (st == PROT_OK && alg) {
		*alg = k.alg;
	}
	return st;
}

/* The first private key among the blocks of a PEM file. */
static enum prot_status pem_find_key(struct prot_span file, struct pem_block *b)
{
	enum prot_status st;

	do {
		st = pem_next(&file, b);
		if (st == PROT_OK &&
		    text_is(b->label, "ENCRYPTED PRIVATE KEY")) {
			return PROT_ERR_UNSUPPORTED;
		}
	} while (st == PROT_OK && !text_is(b->label, "PRIVATE KEY") &&
		 !text_is(b->label, "EC PRIVATE KEY") &&
		 !text_is(b->label, "RSA PRIVATE KEY"));
	if (st == PROT_OK && memchr(b->body.at, ':', b->body.len)) {
		return PROT_ERR_UNSUPPORTED; /* Proc-Type: 4,ENCRYPTED */
	}
	return st == PROT_OK ? PROT_OK : PROT_ERR_MALFORMED;
}

/* A DER file starts with a SEQUENCE, which is no character of a PEM file. */
static bool is_der(struct prot_span file)
{
	return file.len > 1 && file.at[0] == PROT_DER_SEQUENCE &&
	       (file.at[1] >= 0x80 || file.at[1] == file.len - 2);
}

enum prot_status prot_wolfcrypt_key_load(struct prot_wolfcrypt *ctx,
					 struct prot_span file, prot_key *key,
					 enum prot_asym_alg *alg)
{
	uint8_t buf[KEY_DER_MAX];
	struct prot_wr w = prot_wr_init(buf, sizeof(buf));
	struct prot_span der = {buf, 0};
	struct pem_block b;
	enum prot_status st;

	if (is_der(file)) {
		return key_take(ctx, file, key, alg);
	}
	st = pem_find_key(file, &b);
	if (st == PROT_OK && text_is(b.label, "RSA PRIVATE KEY")) {
		st = PROT_ERR_UNSUPPORTED;
	}
	if (st == PROT_OK) {
		st = pem_decode(&b, &w);
		st = st == PROT_ERR_SPACE ? PROT_ERR_UNSUPPORTED : st;
	}
	der.len = w.len;
	if (st == PROT_OK) {
		st = key_take(ctx, der, key, alg);
	}
	prot_wipe(buf, sizeof(buf));
	return st;
}

enum prot_status prot_wolfcrypt_key_generate(struct prot_wolfcrypt *ctx,
					     enum prot_asym_alg alg,
					     prot_key *key)
{
	uint8_t scalar[PROT_PUBLIC_KEY_MAX / 2];
	size_t half = prot_public_key_size(alg) / 2;
	enum prot_status st;

	if (half == 0) {
		return PROT_ERR_ARG;
	}
	do {
		st = prot_wolfcrypt_ops.random(ctx, scalar, half);
	} while (st == PROT_OK && !prot_key_scalar_valid(alg, scalar));
	if (st == PROT_OK) {
		st = prot_wolfcrypt_key_import(ctx, alg, scalar, key);
	}
	prot_wipe(scalar, sizeof(scalar));
	return st;
}

/* PrivateKeyInfo around an ECPrivateKey with its public key. */
static void put_pkcs8(struct prot_wr *w, const struct prot_wolfcrypt_key *k)
{
	size_t size = prot_public_key_size((enum prot_asym_alg)k->alg);
	size_t whole = prot_der_begin(w, PROT_DER_SEQUENCE);
	size_t alg, octets, seq, tagged, bits;

	prot_der_put_uint(w, PROT_DER_INTEGER, 0);
	alg = prot_der_begin(w, PROT_DER_SEQUENCE);
	prot_der_put_oid(w, &ec_oid);
	prot_der_put_oid(w, &curve_oid[k->alg]);
	prot_der_end(w, alg);
	octets = prot_der_begin(w, PROT_DER_OCTET_STRING);
	seq = prot_der_begin(w, PROT_DER_SEQUENCE);
	prot_der_put_uint(w, PROT_DER_INTEGER, 1);
	prot_der_put(w, PROT_DER_OCTET_STRING, k->scalar, size / 2);
	tagged = prot_der_begin(w, PROT_DER_CONTEXT_CONSTRUCTED + 1);
	bits = prot_der_begin(w, PROT_DER_BIT_STRING);
	prot_wr_u8(w, 0); /* unused bits */
	prot_wr_u8(w, 0x04);
	prot_wr_bytes(w, k->point, size);
	prot_der_end(w, bits);
	prot_der_end(w, tagged);
	prot_der_end(w, seq);
	prot_der_end(w, octets);
	prot_der_end(w, whole);
}

enum prot_status prot_wolfcrypt_key_save(struct prot_wolfcrypt *ctx,
					 prot_key key, struct prot_wr *out)
{
	const struct prot_wolfcrypt_key *k = prot_wolfcrypt_key_find(ctx, key);
	uint8_t der[256];
	struct prot_wr w = prot_wr_init(der, sizeof(der));
	struct prot_span s = {der, 0};

	if (!k || !out->buf) {
		return PROT_ERR_ARG;
	}
	put_pkcs8(&w, k);
	s.len = w.len;
	if (prot_wr_ok(&w)) {
		put_pem(out, "PRIVATE KEY", s);
	}
	prot_wipe(der, sizeof(der));
	return prot_wr_ok(&w) && prot_wr_ok(out) ? PROT_OK : PROT_ERR_SPACE;
}

/* Every certificate that was appended since `start` must parse. */
static enum prot_status check_certs(const struct prot_wr *out, size_t start)
{
	struct prot_rd r = prot_rd_init(out->buf + start, out->len - start);
	struct prot_span der;
	struct prot_x509 cert;

	do {
		if (prot_x509_next(&r, &der) != PROT_OK ||
		    prot_x509_parse(der, &cert) != PROT_OK) {
			return PROT_ERR_MALFORMED;
		}
	} while (r.left != 0);
	return PROT_OK;
}

enum prot_status prot_wolfcrypt_certs_load(struct prot_span file,
					   struct prot_wr *out)
{
	struct prot_wr w = *out;
	enum prot_status st = PROT_OK;
	struct pem_block b;

	if (!w.buf || !prot_wr_ok(&w)) {
		return PROT_ERR_ARG;
	}
	if (is_der(file)) {
		prot_wr_bytes(&w, file.at, file.len);
	}
	while (!is_der(file) && st == PROT_OK) {
		st = pem_next(&file, &b);
		if (st == PROT_OK && text_is(b.label, "CERTIFICATE")) {
			st = pem_decode(&b, &w);
		}
	}
	if (st != PROT_OK && st != PROT_ERR_NOT_FOUND) {
		return st;
	}
	if (!prot_wr_ok(&w)) {
		return PROT_ERR_SPACE;
	}
	st = check_certs(&w, out->len);
	if (st == PROT_OK) {
		*out = w;
	}
	return st;
}

enum prot_status prot_wolfcrypt_certs_save(struct prot_span certs,
					   struct prot_wr *out)
{
	struct prot_rd r = prot_span_rd(certs);
	struct prot_span der;

	if (!out->buf) {
		return PROT_ERR_ARG;
	}
	while (r.left != 0) {
		if (prot_x509_next(&r, &der) != PROT_OK) {
			return PROT_ERR_MALFORMED;
		}
		put_pem(out, "CERTIFICATE", der);
	}
	return prot_wr_ok(out) ? PROT_OK : PROT_ERR_SPACE;
}
