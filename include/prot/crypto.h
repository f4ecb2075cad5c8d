/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CRYPTO_H
#define PROT_CRYPTO_H

/*
 * The crypto seam: what SPDM, DICE and image checks need of cryptography, and
 * no more. A provider is one const ops object and its context; the provider
 * in libcrypto-port/wolfcrypt is the default, the one in libcrypto-port/fake
 * is deterministic and for tests only.
 *
 * Encodings are those of the SPDM wire (DSP0274 1.3): ECDSA public keys are
 * X || Y and signatures r || s, each half as wide as the field, big endian;
 * RSA public keys are modulus || exponent, the exponent as 4 bytes big endian.
 * DER appears only inside certificates.
 *
 * Private keys never cross the seam: they are named by a handle.
 */

#include <prot/base/status.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum prot_hash_alg {
	PROT_HASH_NONE = 0,
	PROT_HASH_SHA256,
	PROT_HASH_SHA384,
	PROT_HASH_SHA512,
	PROT_HASH_SHA3_256,
	PROT_HASH_SHA3_384,
	PROT_HASH_SHA3_512,
	PROT_HASH_COUNT
};

enum prot_asym_alg {
	PROT_ASYM_NONE = 0,
	PROT_ASYM_ECDSA_P256,
	PROT_ASYM_ECDSA_P384,
	PROT_ASYM_COUNT
};

#define PROT_HASH_MAX       64 /* bytes of the longest digest */
#define PROT_SIGNATURE_MAX  96 /* bytes of the longest signature */
#define PROT_PUBLIC_KEY_MAX 96 /* bytes of the longest public key */
#define PROT_SEED_MIN       32 /* bytes of a key_derive seed */
#define PROT_SEED_MAX       64

/* Digest length in bytes; 0 for PROT_HASH_NONE and unknown values. */
static inline size_t prot_hash_size(enum prot_hash_alg alg)
{
	static const uint8_t size[PROT_HASH_COUNT] = {0,  32, 48, 64,
						      32, 48, 64};

	return (unsigned)alg < PROT_HASH_COUNT ? size[alg] : 0;
}

/* Signature length in bytes, which for ECDSA is that of the public key. */
static inline size_t prot_signature_size(enum prot_asym_alg alg)
{
	static const uint8_t size[PROT_ASYM_COUNT] = {0, 64, 96};

	return (unsigned)alg < PROT_ASYM_COUNT ? size[alg] : 0;
}

static inline size_t prot_public_key_size(enum prot_asym_alg alg)
{
	return prot_signature_size(alg);
}

/*
 * A hash in progress. Opaque, without interior pointers: a copy made with '='
 * is a second, independent computation (a transcript is forked that way).
 */
#define PROT_HASH_STATE_SIZE 432
struct prot_hash_state {
	union {
		max_align_t align;
		uint8_t bytes[PROT_HASH_STATE_SIZE];
	} u;
};

/* Names a private key inside the provider. 0 is never a valid handle. */
typedef uint32_t prot_key;

/* Borrowed: `bytes` belongs to whoever made the value. */
struct prot_public_key {
	enum prot_asym_alg alg;
	const uint8_t *bytes; /* prot_public_key_size(alg) bytes */
};

/* What a signature covers. */
struct prot_signed_data {
	enum prot_hash_alg hash;
	bool prehashed;      /* `data` is already the digest under `hash` */
	const uint8_t *data; /* borrowed for the call */
	size_t len;          /* bytes; the digest length when prehashed */
};

/* Input of an HMAC; both parts borrowed for the call. */
struct prot_hmac_input {
	const uint8_t *key;
	size_t key_len; /* bytes, any length */
	const uint8_t *data;
	size_t data_len;
};

/*
 * Every op may return PROT_PENDING (started; the caller repeats the call with
 * the same arguments, inputs untouched, until it returns something else) but
 * the hash, random and key_destroy ops, which always finish. PROT_ERR_ARG:
 * an algorithm that the capability fields do not list, or a size that does
 * not fit it, or a handle that names no key. PROT_ERR_CRYPTO: the provider
 * failed.
 */
struct prot_crypto_ops {
	/* Bit sets of 1u << enum value: what the provider offers. */
	uint32_t hashes;
	uint32_t asyms;

	enum prot_status (*hash_init)(void *ctx, struct prot_hash_state *h,
				      enum prot_hash_alg alg);
	enum prot_status (*hash_update)(void *ctx, struct prot_hash_state *h,
					const void *data, size_t len);
	/* `out` takes prot_hash_size(alg) bytes; the state is used up. */
	enum prot_status (*hash_final)(void *ctx, struct prot_hash_state *h,
				       uint8_t *out);

	/* HMAC (RFC 2104); `out` takes prot_hash_size(alg) bytes. */
	enum prot_status (*hmac)(void *ctx, enum prot_hash_alg alg,
				 const struct prot_hmac_input *in,
				 uint8_t *out);

	/* Bytes fit for keys and nonces. */
	enum prot_status (*random)(void *ctx, void *out, size_t len);

	/*
	 * Make the private key that `seed` determines: the same seed yields
	 * the same key on every provider (HMAC_DRBG of RFC 6979 section 3.2,
	 * K and V initialised from the seed, hash as wide as the key, first
	 * candidate in [1, n-1]). seed_len: PROT_SEED_MIN to PROT_SEED_MAX.
	 * PROT_ERR_SPACE: no room for another key.
	 */
	enum prot_status (*key_derive)(void *ctx, enum prot_asym_alg alg,
				       const uint8_t *seed, size_t seed_len,
				       prot_key *key);
	/* `out` takes prot_public_key_size(alg) bytes of the key's algorithm.
	 */
	enum prot_status (*key_public)(void *ctx, prot_key key, uint8_t *out);
	/* Wipes the key; a handle that is not in use is ignored. */
	void (*key_destroy)(void *ctx, prot_key key);

	/* `sig` takes prot_signature_size() bytes of the key's algorithm. */
	enum prot_status (*sign)(void *ctx, prot_key key,
				 const struct prot_signed_data *what,
				 uint8_t *sig);

	/*
	 * PROT_ERR_AUTH: not the signature of that data under that key, also
	 * when the key is no point of the curve or sig_len does not fit.
	 */
	enum prot_status (*verify)(void *ctx, const struct prot_public_key *key,
				   const struct prot_signed_data *what,
				   const uint8_t *sig, size_t sig_len);
};

/* What everybody who needs cryptography is given. Copyable. */
struct prot_crypto {
	const struct prot_crypto_ops *ops;
	void *ctx; /* passed unchanged to every op */
};

/* Hash of one contiguous input; `out` takes prot_hash_size(alg) bytes. */
static inline enum prot_status prot_crypto_hash(const struct prot_crypto *c,
						enum prot_hash_alg alg,
						const void *data, size_t len,
						uint8_t *out)
{
	struct prot_hash_state h;
	enum prot_status st = c->ops->hash_init(c->ctx, &h, alg);

	if (st == PROT_OK) {
		st = c->ops->hash_update(c->ctx, &h, data, len);
	}
	if (st == PROT_OK) {
		st = c->ops->hash_final(c->ctx, &h, out);
	}
	return st;
}

#ifdef __cplusplus
}
#endif
#endif /* PROT_CRYPTO_H */
