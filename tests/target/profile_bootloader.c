/* SPDX-License-Identifier: Apache-2.0 */
#include "profile.h"

#include <prot/port/firmware.h>

#include <string.h>

/* What the linker calls in place of them, and what they are called then. */
void __wrap_prot_ast_main(void);
void __real_prot_ast_main(void);
void __wrap_prot_firmware_boot(struct prot_firmware_boot *b,
			       const struct prot_firmware_boot_config *cfg);
void __real_prot_firmware_boot(struct prot_firmware_boot *b,
			       const struct prot_firmware_boot_config *cfg);

static struct prot_firmware_boot_config config;
static struct prot_firmware_boot_ops ops;
static struct prot_crypto crypto;
static struct prot_crypto_ops crypto_ops;
static const struct prot_firmware_boot_config *plain;
static const struct prot_crypto_ops *provider;

static enum prot_status count(enum profile_phase phase, uint32_t since,
			      enum prot_status st)
{
	profile_memory()->us[phase] += profile_us() - since;
	return st;
}

static enum prot_status hash_init(void *ctx, struct prot_hash_state *h,
				  enum prot_hash_alg alg)
{
	uint32_t since = profile_us();

	return count(PROFILE_HASH, since, provider->hash_init(ctx, h, alg));
}

static enum prot_status hash_update(void *ctx, struct prot_hash_state *h,
				    const void *data, size_t len)
{
	uint32_t since = profile_us();

	return count(PROFILE_HASH, since,
		     provider->hash_update(ctx, h, data, len));
}

static enum prot_status hash_final(void *ctx, struct prot_hash_state *h,
				   uint8_t *out)
{
	uint32_t since = profile_us();

	return count(PROFILE_HASH, since, provider->hash_final(ctx, h, out));
}

static enum prot_status hmac(void *ctx, enum prot_hash_alg alg,
			     const struct prot_hmac_input *in, uint8_t *out)
{
	uint32_t since = profile_us();

	return count(PROFILE_DICE, since, provider->hmac(ctx, alg, in, out));
}

static enum prot_status key_derive(void *ctx, enum prot_asym_alg alg,
				   const uint8_t *seed, size_t seed_len,
				   prot_key *key)
{
	uint32_t since = profile_us();

	return count(PROFILE_DICE, since,
		     provider->key_derive(ctx, alg, seed, seed_len, key));
}

static enum prot_status key_public(void *ctx, prot_key key, uint8_t *out)
{
	uint32_t since = profile_us();

	return count(PROFILE_DICE, since, provider->key_public(ctx, key, out));
}

static enum prot_status sign(void *ctx, prot_key key,
			     const struct prot_signed_data *what, uint8_t *sig)
{
	uint32_t since = profile_us();

	return count(PROFILE_DICE, since, provider->sign(ctx, key, what, sig));
}

static enum prot_status verify(void *ctx, const struct prot_public_key *key,
			       const struct prot_signed_data *what,
			       const uint8_t *sig, size_t sig_len)
{
	uint32_t since = profile_us();

	return count(PROFILE_SIGNATURE, since,
		     provider->verify(ctx, key, what, sig, sig_len));
}

static void jump(void *ctx, uint32_t entry)
{
	profile_memory()->us[PROFILE_BOOT] = profile_us();
	plain->ops->jump(ctx, entry);
}

void __wrap_prot_ast_main(void)
{
	profile_start();
	memset(profile_memory(), 0, sizeof(struct profile));
	__real_prot_ast_main();
}

void __wrap_prot_firmware_boot(struct prot_firmware_boot *b,
			       const struct prot_firmware_boot_config *cfg)
{
	plain = cfg;
	provider = cfg->seams.crypto->ops;
	crypto_ops = *provider;
	crypto_ops.hash_init = hash_init;
	crypto_ops.hash_update = hash_update;
	crypto_ops.hash_final = hash_final;
	crypto_ops.hmac = hmac;
	crypto_ops.key_derive = key_derive;
	crypto_ops.key_public = key_public;
	crypto_ops.sign = sign;
	crypto_ops.verify = verify;
	crypto = (struct prot_crypto){&crypto_ops, cfg->seams.crypto->ctx};
	ops = *cfg->ops;
	ops.jump = jump;
	config = *cfg;
	config.ops = &ops;
	config.seams.crypto = &crypto;
	__real_prot_firmware_boot(b, &config);
}
