/* SPDX-License-Identifier: Apache-2.0 */
#include "wolfcrypt_internal.h"

#include <prot/base/wipe.h>

/* A public key must be checked once: by the import, or else here. */
#ifdef WOLFSSL_VALIDATE_ECC_IMPORT
#define CHECK_POINT(key) 0
#else
#define CHECK_POINT(key) wc_ecc_check_key(key)
#endif

/* SEQUENCE of two INTEGERs of up to 49 bytes each. */
#define DER_SIGNATURE_MAX (2 + 2 * (2 + 1 + PROT_SIGNATURE_MAX / 2))

/* What ECDSA signs: the digest, computed here unless it was given. */
struct digest {
	uint8_t bytes[PROT_HASH_MAX];
	word32 len;
};

static enum prot_status
digest_make(void *ctx, const struct prot_signed_data *what, struct digest *d)
{
	struct prot_crypto c = {&prot_wolfcrypt_ops, ctx};

	d->len = (word32)prot_hash_size(what->hash);
	if (d->len == 0 || (what->prehashed && what->len != d->len)) {
		return PROT_ERR_ARG;
	}
	if (!what->prehashed) {
		return prot_crypto_hash(&c, what->hash, what->data, what->len,
					d->bytes);
	}
	memcpy(d->bytes, what->data, d->len);
	return PROT_OK;
}

/* The DER signature of a digest, and from it r || s. */
static enum prot_status sign_digest(struct prot_wolfcrypt *ctx,
				    const struct digest *d, ecc_key *key,
				    size_t half, uint8_t *sig)
{
	uint8_t der[DER_SIGNATURE_MAX];
	word32 der_len = sizeof(der);
	struct prot_span s;

	if (wc_ecc_sign_hash(d->bytes, d->len, der, &der_len,
			     prot_wolfcrypt_rng(ctx), key) != 0) {
		return PROT_ERR_CRYPTO;
	}
	s.at = der;
	s.len = der_len;
	return prot_der_ecdsa_signature(s, sig, half) == PROT_OK
		       ? PROT_OK
		       : PROT_ERR_CRYPTO;
}

enum prot_status prot_wolfcrypt_sign(void *ctx, prot_key key,
				     const struct prot_signed_data *what,
				     uint8_t *sig)
{
	struct prot_wolfcrypt_key *k = prot_wolfcrypt_key_find(ctx, key);
	enum prot_status st;
	struct digest d;
	ecc_key ecc;
	size_t half;

	if (!k) {
		return PROT_ERR_ARG;
	}
	st = digest_make(ctx, what, &d);
	if (st != PROT_OK) {
		return st;
	}
	half = prot_public_key_size((enum prot_asym_alg)k->alg) / 2;
	if (wc_ecc_init(&ecc) != 0) {
		return PROT_ERR_CRYPTO;
	}
	if (wc_ecc_import_private_key_ex(
		    k->scalar, (word32)half, NULL, 0, &ecc,
		    prot_wolfcrypt_curve((enum prot_asym_alg)k->alg)) != 0 ||
	    wc_ecc_set_rng(&ecc, prot_wolfcrypt_rng(ctx)) != 0) {
		st = PROT_ERR_CRYPTO;
	} else {
		st = sign_digest(ctx, &d, &ecc, half, sig);
	}
	wc_ecc_free(&ecc);
	prot_wipe(&ecc, sizeof(ecc));
	return st;
}

static enum prot_status verify_digest(ecc_key *key, const struct digest *d,
				      const uint8_t *sig, size_t half)
{
	uint8_t der[DER_SIGNATURE_MAX];
	struct prot_wr w = prot_wr_init(der, sizeof(der));
	int good = 0;
	int rc;

	prot_der_put_ecdsa_signature(&w, sig, half);
	if (!prot_wr_ok(&w)) {
		return PROT_ERR_CRYPTO;
	}
	rc = wc_ecc_verify_hash(der, (word32)w.len, d->bytes, d->len, &good,
				key);
	if (rc == MEMORY_E) {
		return PROT_ERR_CRYPTO;
	}
	/* Other codes are wolfCrypt's ways to say that r or s is no good. */
	return rc == 0 && good == 1 ? PROT_OK : PROT_ERR_AUTH;
}

enum prot_status prot_wolfcrypt_verify(void *ctx,
				       const struct prot_public_key *key,
				       const struct prot_signed_data *what,
				       const uint8_t *sig, size_t sig_len)
{
	size_t half = prot_public_key_size(key->alg) / 2;
	enum prot_status st;
	struct digest d;
	ecc_key point;
	int rc;

	if (!prot_wolfcrypt_has_curve(key->alg)) {
		return PROT_ERR_ARG;
	}
	if (sig_len != 2 * half) {
		return PROT_ERR_AUTH;
	}
	st = digest_make(ctx, what, &d);
	if (st != PROT_OK) {
		return st;
	}
	if (wc_ecc_init(&point) != 0) {
		return PROT_ERR_CRYPTO;
	}
	rc = wc_ecc_import_unsigned(&point, key->bytes, key->bytes + half, NULL,
				    prot_wolfcrypt_curve(key->alg));
	if (rc == 0) {
		rc = CHECK_POINT(&point);
	}
	if (rc == MEMORY_E) {
		st = PROT_ERR_CRYPTO;
	} else if (rc != 0) {
		st = PROT_ERR_AUTH;
	} else {
		st = verify_digest(&point, &d, sig, half);
	}
	wc_ecc_free(&point);
	return st;
}
