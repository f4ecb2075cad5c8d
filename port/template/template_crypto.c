/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

/*
 * No crypto provider: every op fails, so that nothing verifies and nothing
 * runs. Built with -Dcrypto=[]; with -Dcrypto=wolfcrypt the file beside this
 * one, template_crypto_wolfcrypt.c, takes its place and needs nothing but the
 * noise source.
 *
 * A provider of your own, for an engine: fill in these ops, or those that the
 * engine has, and hand the others to wolfCrypt's (prot_wolfcrypt_ops).
 *
 *  - `hashes` and `asyms` say what there is: the device needs SHA-384 and
 *    ECDSA P-384.
 *  - key_derive makes the same key of a seed as every other provider: build it
 *    on prot_key_scalar_derive() of prot/crypto_provider.h. Certificates that
 *    a factory issued depend on it.
 *  - hash_*, random and key_destroy finish at once; any other op may return
 *    PROT_PENDING while the engine works.
 *  - A hash state is forked by '=': no interior pointers, nothing that lives
 *    in the engine only.
 *
 * Test: tests/unit/crypto/test_wolfcrypt.c lists what a provider is held to.
 */

static enum prot_status hash_init(void *ctx, struct prot_hash_state *h,
				  enum prot_hash_alg alg)
{
	(void)ctx;
	(void)h;
	(void)alg;
	return PROT_ERR_CRYPTO;
}

static enum prot_status hash_update(void *ctx, struct prot_hash_state *h,
				    const void *data, size_t len)
{
	(void)ctx;
	(void)h;
	(void)data;
	(void)len;
	return PROT_ERR_CRYPTO;
}

static enum prot_status hash_final(void *ctx, struct prot_hash_state *h,
				   uint8_t *out)
{
	(void)ctx;
	(void)h;
	(void)out;
	return PROT_ERR_CRYPTO;
}

static enum prot_status hmac(void *ctx, enum prot_hash_alg alg,
			     const struct prot_hmac_input *in, uint8_t *out)
{
	(void)ctx;
	(void)alg;
	(void)in;
	(void)out;
	return PROT_ERR_CRYPTO;
}

static enum prot_status random_bytes(void *ctx, void *out, size_t len)
{
	(void)ctx;
	(void)out;
	(void)len;
	return PROT_ERR_CRYPTO;
}

static enum prot_status key_derive(void *ctx, enum prot_asym_alg alg,
				   const uint8_t *seed, size_t seed_len,
				   prot_key *key)
{
	(void)ctx;
	(void)alg;
	(void)seed;
	(void)seed_len;
	(void)key;
	return PROT_ERR_CRYPTO;
}

static enum prot_status key_public(void *ctx, prot_key key, uint8_t *out)
{
	(void)ctx;
	(void)key;
	(void)out;
	return PROT_ERR_CRYPTO;
}

static void key_destroy(void *ctx, prot_key key)
{
	(void)ctx;
	(void)key;
}

static enum prot_status sign(void *ctx, prot_key key,
			     const struct prot_signed_data *what, uint8_t *sig)
{
	(void)ctx;
	(void)key;
	(void)what;
	(void)sig;
	return PROT_ERR_CRYPTO;
}

static enum prot_status verify(void *ctx, const struct prot_public_key *key,
			       const struct prot_signed_data *what,
			       const uint8_t *sig, size_t sig_len)
{
	(void)ctx;
	(void)key;
	(void)what;
	(void)sig;
	(void)sig_len;
	return PROT_ERR_CRYPTO;
}

static const struct prot_crypto_ops crypto_ops = {
	.hash_init = hash_init,
	.hash_update = hash_update,
	.hash_final = hash_final,
	.hmac = hmac,
	.random = random_bytes,
	.key_derive = key_derive,
	.key_public = key_public,
	.key_destroy = key_destroy,
	.sign = sign,
	.verify = verify,
};

const struct prot_crypto prot_template_crypto = {.ops = &crypto_ops};

enum prot_status prot_template_crypto_start(void)
{
	return PROT_ERR_UNSUPPORTED;
}

void prot_template_crypto_stop(void)
{
}
