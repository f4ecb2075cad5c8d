/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CRYPTO_WOLFCRYPT_H
#define PROT_CRYPTO_WOLFCRYPT_H

/*
 * The default provider, over wolfCrypt 5.x. All hashes and both curves.
 * It never pends. Contexts share nothing of ours; calls on one context must
 * not overlap.
 *
 * Random bytes come from wolfCrypt's Hash-DRBG, which the library seeds: from
 * the operating system on hosts, from the port's function named by
 * CUSTOM_RAND_GENERATE_SEED where wolfCrypt is built from source.
 */

#include <prot/crypto.h>
#include <prot/der.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One private key. Fields are private. */
struct prot_wolfcrypt_key {
	uint32_t alg;    /* enum prot_asym_alg; PROT_ASYM_NONE: free */
	uint32_t handle; /* prot_key that names it */
	uint8_t scalar[PROT_PUBLIC_KEY_MAX / 2];
	uint8_t point[PROT_PUBLIC_KEY_MAX];
};

#define PROT_WOLFCRYPT_RNG_SIZE 320 /* bytes; holds wolfCrypt's WC_RNG */

/* Public so that callers can allocate it; fields are private. Not movable. */
struct prot_wolfcrypt {
	struct prot_wolfcrypt_key *keys;
	size_t key_count;
	uint32_t made; /* keys made so far; makes old handles invalid */
	union {
		uint64_t align;
		uint8_t bytes[PROT_WOLFCRYPT_RNG_SIZE];
	} rng;
};

extern const struct prot_crypto_ops prot_wolfcrypt_ops;

/*
 * `keys` is the table that private keys are kept in; it must outlive the
 * context and may be NULL when key_count is 0 (verification only). At most
 * 255 keys; the boot stage needs room for two at a time, the device for one.
 * PROT_ERR_CRYPTO: no randomness to be had.
 */
PROT_MUST_CHECK
enum prot_status prot_wolfcrypt_init(struct prot_wolfcrypt *ctx,
				     struct prot_wolfcrypt_key *keys,
				     size_t key_count);

/* Wipes every key and the generator. */
void prot_wolfcrypt_free(struct prot_wolfcrypt *ctx);

static inline struct prot_crypto prot_wolfcrypt_crypto(struct prot_wolfcrypt *x)
{
	struct prot_crypto c = {&prot_wolfcrypt_ops, x};

	return c;
}

/*
 * Take in a private key: the scalar, big endian, half as wide as the public
 * key. PROT_ERR_ARG: zero, or not below the group order. PROT_ERR_SPACE: the
 * table is full.
 */
PROT_MUST_CHECK
enum prot_status prot_wolfcrypt_key_import(struct prot_wolfcrypt *ctx,
					   enum prot_asym_alg alg,
					   const uint8_t *scalar,
					   prot_key *key);

/*
 * For tools on a host (in an object of its own; uses wolfCrypt's ASN.1 code
 * and its heap). Not in the archive without a host port (-Dport=none).
 */

/* Make a key at random. */
PROT_MUST_CHECK
enum prot_status prot_wolfcrypt_key_generate(struct prot_wolfcrypt *ctx,
					     enum prot_asym_alg alg,
					     prot_key *key);

/*
 * Load an unencrypted private key, PEM or DER, SEC1 or PKCS#8, as OpenSSL
 * writes them. `alg` may be NULL. PROT_ERR_MALFORMED: not a key file;
 * PROT_ERR_UNSUPPORTED: encrypted, or not P-256 or P-384.
 */
PROT_MUST_CHECK
enum prot_status prot_wolfcrypt_key_load(struct prot_wolfcrypt *ctx,
					 struct prot_span file, prot_key *key,
					 enum prot_asym_alg *alg);

/*
 * Write a private key as PEM (PKCS#8, readable by OpenSSL), without a NUL.
 * 512 bytes suffice. The caller wipes `out`.
 */
PROT_MUST_CHECK
enum prot_status prot_wolfcrypt_key_save(struct prot_wolfcrypt *ctx,
					 prot_key key, struct prot_wr *out);

/*
 * Certificates of a file, PEM or DER, as concatenated DER in file order.
 * PROT_ERR_MALFORMED: none found, or one is damaged.
 */
PROT_MUST_CHECK
enum prot_status prot_wolfcrypt_certs_load(struct prot_span file,
					   struct prot_wr *out);

/* DER certificates, concatenated, to PEM. */
PROT_MUST_CHECK
enum prot_status prot_wolfcrypt_certs_save(struct prot_span certs,
					   struct prot_wr *out);

#ifdef __cplusplus
}
#endif
#endif /* PROT_CRYPTO_WOLFCRYPT_H */
