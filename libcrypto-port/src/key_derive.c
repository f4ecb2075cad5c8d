/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/base/wipe.h>
#include <prot/crypto_provider.h>
#include <prot/crypto_wait.h>

#include <string.h>

/* Group orders: FIPS 186-4 D.1.2.3 (P-256), D.1.2.4 (P-384). */
static const uint8_t p256_order[32] = {
	0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
	0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
};
static const uint8_t p384_order[48] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf, 0x58, 0x1a, 0x0d, 0xb2,
	0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73,
};

/* The hash as wide as the group order, so that one output is one candidate. */
struct curve {
	enum prot_hash_alg hash;
	const uint8_t *order;
};

static const struct curve curves[PROT_ASYM_COUNT] = {
	[PROT_ASYM_ECDSA_P256] = {PROT_HASH_SHA256, p256_order},
	[PROT_ASYM_ECDSA_P384] = {PROT_HASH_SHA384, p384_order},
};

bool prot_key_scalar_valid(enum prot_asym_alg alg, const uint8_t *scalar)
{
	size_t len = prot_public_key_size(alg) / 2;
	unsigned borrow = 0;
	unsigned any = 0;

	/* scalar - order borrows exactly when scalar < order */
	for (size_t i = len; i > 0; i--) {
		unsigned d = (unsigned)scalar[i - 1] -
			     curves[alg].order[i - 1] - borrow;

		borrow = d >> 8 & 1;
		any |= scalar[i - 1];
	}
	return borrow != 0 && any != 0;
}

struct drbg {
	const struct prot_crypto *crypto;
	enum prot_hash_alg hash;
	size_t size;
	uint8_t k[PROT_HASH_MAX];
	/* V, one separator byte, the seed: the longest input */
	uint8_t v[PROT_HASH_MAX + 1 + PROT_SEED_MAX];
};

/* out = HMAC_K(first `len` bytes of the input) */
static enum prot_status drbg_hmac(struct drbg *d, size_t len, uint8_t *out)
{
	struct prot_hmac_input in = {d->k, d->size, d->v, len};
	uint8_t mac[PROT_HASH_MAX];
	enum prot_status st;

	st = prot_crypto_wait_hmac(d->crypto, d->hash, &in, mac);
	if (st == PROT_OK) {
		memcpy(out, mac, d->size);
	}
	prot_wipe(mac, sizeof(mac));
	return st;
}

/* K = HMAC_K(V || separator || extra), V = HMAC_K(V) */
static enum prot_status drbg_update(struct drbg *d, uint8_t separator,
				    const uint8_t *extra, size_t extra_len)
{
	enum prot_status st;

	d->v[d->size] = separator;
	if (extra_len != 0) {
		memcpy(d->v + d->size + 1, extra, extra_len);
	}
	st = drbg_hmac(d, d->size + 1 + extra_len, d->k);
	return st == PROT_OK ? drbg_hmac(d, d->size, d->v) : st;
}

static enum prot_status drbg_scalar(struct drbg *d, enum prot_asym_alg alg,
				    const uint8_t *seed, size_t seed_len)
{
	enum prot_status st;

	memset(d->v, 1, d->size);
	memset(d->k, 0, d->size);
	st = drbg_update(d, 0, seed, seed_len);
	if (st == PROT_OK) {
		st = drbg_update(d, 1, seed, seed_len);
	}
	if (st == PROT_OK) {
		st = drbg_hmac(d, d->size, d->v);
	}
	/* One in 2^32 candidates (P-256) is refused; a row of them is a fault.
	 */
	for (int tries = 0; st == PROT_OK; tries++) {
		if (prot_key_scalar_valid(alg, d->v)) {
			return PROT_OK;
		}
		st = tries < 8 ? drbg_update(d, 0, NULL, 0) : PROT_ERR_CRYPTO;
		if (st == PROT_OK) {
			st = drbg_hmac(d, d->size, d->v);
		}
	}
	return st;
}

enum prot_status prot_key_scalar_derive(const struct prot_crypto *c,
					enum prot_asym_alg alg,
					const uint8_t *seed, size_t seed_len,
					uint8_t *scalar)
{
	struct drbg d = {.crypto = c};
	enum prot_status st;

	if (prot_public_key_size(alg) == 0 || seed_len < PROT_SEED_MIN ||
	    seed_len > PROT_SEED_MAX) {
		return PROT_ERR_ARG;
	}
	d.hash = curves[alg].hash;
	d.size = prot_hash_size(d.hash);
	st = drbg_scalar(&d, alg, seed, seed_len);
	if (st == PROT_OK) {
		memcpy(scalar, d.v, d.size);
	} else {
		prot_wipe(scalar, d.size);
	}
	prot_wipe(&d, sizeof(d));
	return st;
}
