/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_WOLFCRYPT_INTERNAL_H
#define PROT_WOLFCRYPT_INTERNAL_H

/*
 * The only place that includes wolfSSL headers. WOLFSSL_USER_SETTINGS is
 * defined where wolfCrypt is built from source with a user_settings.h;
 * otherwise the installed library's own options apply.
 */
#ifdef WOLFSSL_USER_SETTINGS
#include <wolfssl/wolfcrypt/settings.h>
#else
#include <wolfssl/options.h>
#endif

#include <prot/crypto_wolfcrypt.h>

#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/random.h>

/* wolfCrypt's generator, which lives in the context's storage. */
WC_RNG *prot_wolfcrypt_rng(struct prot_wolfcrypt *ctx);

/* The table entry that a handle names; NULL when there is none. */
struct prot_wolfcrypt_key *prot_wolfcrypt_key_find(struct prot_wolfcrypt *ctx,
						   prot_key handle);

/* Curve identifier; ECC_CURVE_INVALID for other algorithms. */
int prot_wolfcrypt_curve(enum prot_asym_alg alg);

/* Whether the ops table offers it: a build may leave curves out. */
bool prot_wolfcrypt_has_curve(enum prot_asym_alg alg);

/* The rows of the ops table that live in other files than wolfcrypt.c. */
enum prot_status prot_wolfcrypt_hash_init(void *ctx, struct prot_hash_state *h,
					  enum prot_hash_alg alg);
enum prot_status prot_wolfcrypt_hash_update(void *ctx,
					    struct prot_hash_state *h,
					    const void *data, size_t len);
enum prot_status prot_wolfcrypt_hash_final(void *ctx, struct prot_hash_state *h,
					   uint8_t *out);
enum prot_status prot_wolfcrypt_hmac(void *ctx, enum prot_hash_alg alg,
				     const struct prot_hmac_input *in,
				     uint8_t *out);
enum prot_status prot_wolfcrypt_sign(void *ctx, prot_key key,
				     const struct prot_signed_data *what,
				     uint8_t *sig);
enum prot_status prot_wolfcrypt_verify(void *ctx,
				       const struct prot_public_key *key,
				       const struct prot_signed_data *what,
				       const uint8_t *sig, size_t sig_len);

#endif /* PROT_WOLFCRYPT_INTERNAL_H */
