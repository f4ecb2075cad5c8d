/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/base/wipe.h>
#include <prot/crypto_wait.h>
#include <prot/der.h>
#include <prot/hkdf.h>
#include <prot/services/dice.h>

#define HASH PROT_HASH_SHA384

/* ASYM_SALT of the Open Profile for DICE 2.6, "Salt". */
static const uint8_t asym_salt[64] = {
	0x63, 0xb6, 0xa0, 0x4d, 0x2c, 0x07, 0x7f, 0xc1, 0x0f, 0x63, 0x9f,
	0x21, 0xda, 0x79, 0x38, 0x44, 0x35, 0x6c, 0xc2, 0xb0, 0xb4, 0x41,
	0xb3, 0xa7, 0x71, 0x24, 0x03, 0x5c, 0x03, 0xf8, 0xe1, 0xbe, 0x60,
	0x35, 0xd3, 0x1f, 0x28, 0x28, 0x21, 0xa7, 0x45, 0x0a, 0x02, 0x22,
	0x2a, 0xb1, 0xb3, 0xcf, 0xf1, 0x67, 0x9b, 0x05, 0xab, 0x1c, 0xa5,
	0xd1, 0xaf, 0xfb, 0x78, 0x9c, 0xcd, 0x2b, 0x0b, 0x3b,
};

/* KDF of the profile: HKDF, with the label in ASCII without its NUL. */
static enum prot_status kdf(const struct prot_crypto *c,
			    enum prot_hash_alg hash,
			    const struct prot_hmac_input *salt_and_ikm,
			    const char *label, uint8_t *out, size_t out_len)
{
	uint8_t prk[PROT_HASH_MAX];
	const struct prot_hmac_input in = {prk, prot_hash_size(hash),
					   (const uint8_t *)label,
					   strlen(label)};
	enum prot_status st = prot_crypto_wait_hmac(c, hash, salt_and_ikm, prk);

	if (st == PROT_OK) {
		do {
			st = prot_hkdf_expand(c, hash, &in, out, out_len);
		} while (st == PROT_PENDING);
	}
	prot_wipe(prk, sizeof(prk));
	if (st != PROT_OK) {
		prot_wipe(out, out_len);
	}
	return st;
}

/* H(code || config || authority || mode || hidden) */
static enum prot_status hash_values(const struct prot_crypto *c,
				    enum prot_hash_alg hash,
				    const struct prot_dice_values *v,
				    uint8_t *digest)
{
	const uint8_t mode = (uint8_t)v->mode;
	const struct prot_span parts[] = {
		{v->code, sizeof(v->code)},
		{v->config, sizeof(v->config)},
		{v->authority, sizeof(v->authority)},
		{&mode, 1},
		{v->hidden, sizeof(v->hidden)},
	};
	struct prot_hash_state h;
	enum prot_status st = c->ops->hash_init(c->ctx, &h, hash);

	for (size_t i = 0; st == PROT_OK && i < PROT_ARRAY_SIZE(parts); i++) {
		st = c->ops->hash_update(c->ctx, &h, parts[i].at, parts[i].len);
	}
	if (st == PROT_OK) {
		st = c->ops->hash_final(c->ctx, &h, digest);
	}
	prot_wipe(&h, sizeof(h));
	return st;
}

enum prot_status prot_dice_cdi_next(const struct prot_crypto *crypto,
				    enum prot_hash_alg hash,
				    const uint8_t secret[PROT_DICE_CDI_SIZE],
				    const struct prot_dice_values *values,
				    uint8_t cdi[PROT_DICE_CDI_SIZE])
{
	uint8_t digest[PROT_HASH_MAX];
	const struct prot_hmac_input in = {digest, prot_hash_size(hash), secret,
					   PROT_DICE_CDI_SIZE};
	enum prot_status st = hash_values(crypto, hash, values, digest);

	if (st == PROT_OK) {
		st = kdf(crypto, hash, &in, "CDI_Attest", cdi,
			 PROT_DICE_CDI_SIZE);
	}
	if (st != PROT_OK) {
		prot_wipe(cdi, PROT_DICE_CDI_SIZE);
	}
	prot_wipe(digest, sizeof(digest)); /* `hidden` may be a secret */
	return st;
}

enum prot_status prot_dice_idevid_seed(const struct prot_crypto *crypto,
				       const uint8_t uds[PROT_DICE_UDS_SIZE],
				       uint8_t seed[PROT_DICE_SEED_SIZE])
{
	const struct prot_hmac_input in = {asym_salt, sizeof(asym_salt), uds,
					   PROT_DICE_UDS_SIZE};

	return kdf(crypto, HASH, &in, "IDevID", seed, PROT_DICE_SEED_SIZE);
}

static enum prot_status ldevid_seed(const struct prot_crypto *crypto,
				    const struct prot_dice_boot *boot,
				    uint8_t *seed)
{
	const struct prot_hmac_input in = {boot->field_entropy,
					   PROT_DICE_ENTROPY_SIZE, boot->uds,
					   PROT_DICE_UDS_SIZE};

	return kdf(crypto, HASH, &in, "LDevID", seed, PROT_DICE_SEED_SIZE);
}

static enum prot_dice_mode mode_of(const struct prot_dice_boot *boot)
{
	if (!boot->configured) {
		return PROT_DICE_NOT_CONFIGURED;
	}
	if (boot->debug) {
		return PROT_DICE_DEBUG;
	}
	return boot->recovery ? PROT_DICE_RECOVERY : PROT_DICE_NORMAL;
}

/*
 * Inline configuration, 64 bytes:
 *
 *	 0  1  lifecycle
 *	 1  1  debug
 *	 2  2  zero
 *	 4  4  security version number, little endian; 0 in layer 1
 *	 8  8  zero
 *	16 48  SHA-384 of the policy
 */
static void config_make(const struct prot_dice_boot *boot, uint32_t svn,
			uint8_t config[PROT_DICE_INPUT_SIZE])
{
	struct prot_wr w = prot_wr_init(config, PROT_DICE_INPUT_SIZE);

	prot_wr_u8(&w, boot->lifecycle);
	prot_wr_u8(&w, boot->debug);
	prot_wr_fill(&w, 0, 2);
	prot_wr_le32(&w, svn);
	prot_wr_fill(&w, 0, 8);
	if (boot->policy_digest) {
		prot_wr_bytes(&w, boot->policy_digest, PROT_DICE_DIGEST_SIZE);
	} else {
		prot_wr_fill(&w, 0, PROT_DICE_DIGEST_SIZE);
	}
}

/* UDS -> CDI of layer 1 -> CDI of layer 2 -> seed of the attestation key */
static enum prot_status ak_seed(const struct prot_crypto *crypto,
				const struct prot_dice_boot *boot,
				uint8_t *seed)
{
	uint8_t cdi[PROT_DICE_CDI_SIZE];
	const struct prot_hmac_input in = {asym_salt, sizeof(asym_salt), cdi,
					   sizeof(cdi)};
	struct prot_dice_values v = {.mode = mode_of(boot)};
	enum prot_status st;

	memcpy(v.code, boot->boot_digest, PROT_DICE_DIGEST_SIZE);
	config_make(boot, 0, v.config);
	st = prot_dice_cdi_next(crypto, HASH, boot->uds, &v, cdi);
	if (st == PROT_OK) {
		memcpy(v.code, boot->runtime_digest, PROT_DICE_DIGEST_SIZE);
		config_make(boot, boot->svn, v.config);
		st = prot_dice_cdi_next(crypto, HASH, cdi, &v, cdi);
	}
	if (st == PROT_OK) {
		st = kdf(crypto, HASH, &in, "AK", seed, PROT_DICE_SEED_SIZE);
	}
	prot_wipe(cdi, sizeof(cdi));
	return st;
}

enum prot_status prot_dice_derive(const struct prot_crypto *crypto,
				  const struct prot_dice_boot *boot,
				  struct prot_dice_seeds *seeds)
{
	static const uint8_t unprovisioned[PROT_DICE_UDS_SIZE];
	enum prot_status st = PROT_ERR_NOT_FOUND;

	if (!prot_equal_ct(boot->uds, unprovisioned, PROT_DICE_UDS_SIZE)) {
		st = prot_dice_idevid_seed(crypto, boot->uds, seeds->idevid);
	}
	if (st == PROT_OK) {
		st = ldevid_seed(crypto, boot, seeds->ldevid);
	}
	if (st == PROT_OK) {
		st = ak_seed(crypto, boot, seeds->ak);
	}
	if (st != PROT_OK) {
		prot_wipe(seeds, sizeof(*seeds));
	}
	return st;
}
