/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_DICE_H
#define PROT_SERVICES_DICE_H

/*
 * DICE: from the unique device secret (UDS), layer by layer, to the keys that
 * identify the device and attest what it runs. For the boot stage, which is
 * the only one to see the UDS; a crypto op that pends is waited for.
 *
 *	UDS --------------------------> IDevID seed (stable for life)
 *	UDS + field entropy ----------> LDevID seed (until the owner changes)
 *	UDS + boot stage, config -----> CDI of layer 1
 *	CDI 1 + runtime, config, SVN -> CDI of layer 2 -> AK seed
 *
 * A CDI is that of the Open Profile for DICE 2.6 ("Attestation CDI"), with
 * HKDF and a hash of the caller's choice; here SHA-384. Seeds have labels of
 * their own; key_derive of the crypto seam makes P-384 keys of them. Changing
 * the code, the SVN, the lifecycle, the debug state or the policy changes the
 * attestation key (AK) and thereby withdraws the trust that was put in it.
 *
 * Everything secret is wiped on every path, except what the caller receives.
 */

#include <prot/base/cursor.h>
#include <prot/base/status.h>
#include <prot/crypto.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_DICE_UDS_SIZE     32
#define PROT_DICE_ENTROPY_SIZE 32 /* field entropy */
#define PROT_DICE_CDI_SIZE     32
#define PROT_DICE_SEED_SIZE    48
#define PROT_DICE_INPUT_SIZE   64 /* each of code, config, authority, hidden */
#define PROT_DICE_DIGEST_SIZE  48 /* SHA-384 */

/* Mode values of the Open Profile for DICE 2.6. */
enum prot_dice_mode {
	PROT_DICE_NOT_CONFIGURED = 0,
	PROT_DICE_NORMAL = 1,
	PROT_DICE_DEBUG = 2,
	PROT_DICE_RECOVERY = 3,
};

/* The input values of a layer; a digest shorter than 64 bytes ends in zeros. */
struct prot_dice_values {
	uint8_t code[PROT_DICE_INPUT_SIZE];
	uint8_t config[PROT_DICE_INPUT_SIZE];
	uint8_t authority[PROT_DICE_INPUT_SIZE];
	enum prot_dice_mode mode;
	uint8_t hidden[PROT_DICE_INPUT_SIZE];
};

/*
 * The attestation CDI of the next layer from the UDS or the CDI of this one,
 * KDF(32, secret, H(code || config || authority || mode || hidden),
 * "CDI_Attest"). `cdi` may be `secret`; it is wiped on an error.
 */
PROT_MUST_CHECK
enum prot_status prot_dice_cdi_next(const struct prot_crypto *crypto,
				    enum prot_hash_alg hash,
				    const uint8_t secret[PROT_DICE_CDI_SIZE],
				    const struct prot_dice_values *values,
				    uint8_t cdi[PROT_DICE_CDI_SIZE]);

/*
 * Seed of the manufacturer's device identity. Also what a factory uses to
 * learn the public key that it certifies.
 */
PROT_MUST_CHECK
enum prot_status prot_dice_idevid_seed(const struct prot_crypto *crypto,
				       const uint8_t uds[PROT_DICE_UDS_SIZE],
				       uint8_t seed[PROT_DICE_SEED_SIZE]);

/* What one boot is bound to. Borrowed for the call. */
struct prot_dice_boot {
	const uint8_t *uds;            /* PROT_DICE_UDS_SIZE bytes */
	const uint8_t *field_entropy;  /* PROT_DICE_ENTROPY_SIZE bytes */
	const uint8_t *boot_digest;    /* SHA-384 of the boot stage */
	const uint8_t *runtime_digest; /* SHA-384 of the payload that starts */
	/* SHA-384 of the policy in force; NULL: none, as if it were zero. */
	const uint8_t *policy_digest;
	uint32_t svn;      /* of the image that starts */
	uint8_t lifecycle; /* enum prot_lifecycle */
	bool debug;        /* a debug image, or debug access was granted */
	bool recovery;     /* the golden image starts */
	bool configured;   /* the device has left manufacturing */
};

/* Secrets: wipe with prot_wipe() as soon as the keys are made. */
struct prot_dice_seeds {
	uint8_t idevid[PROT_DICE_SEED_SIZE];
	uint8_t ldevid[PROT_DICE_SEED_SIZE];
	uint8_t ak[PROT_DICE_SEED_SIZE];
};

/*
 * All layers at once. PROT_ERR_NOT_FOUND: the UDS is all zero, so there is no
 * identity to derive. *seeds is all zero on every error.
 */
PROT_MUST_CHECK
enum prot_status prot_dice_derive(const struct prot_crypto *crypto,
				  const struct prot_dice_boot *boot,
				  struct prot_dice_seeds *seeds);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_DICE_H */
