/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

#include <prot/port/noise_seed.h>

#include <prot/crypto_wolfcrypt.h>

/* wolfCrypt, built from source without a heap. Stays as it is. */

#define KEYS 2 /* the boot stage has two at a time, the runtime one */

static struct prot_wolfcrypt wolfcrypt;
static struct prot_wolfcrypt_key keys[KEYS];
static struct prot_noise_seed_state seed_state;
static const struct prot_noise_seed seed = {&prot_template_entropy,
					    &seed_state};

const struct prot_crypto prot_template_crypto = {&prot_wolfcrypt_ops,
						 &wolfcrypt};

enum prot_status prot_template_crypto_start(void)
{
	return prot_wolfcrypt_init(&wolfcrypt, keys, KEYS);
}

void prot_template_crypto_stop(void)
{
	prot_wolfcrypt_free(&wolfcrypt);
}

/*
 * wolfCrypt asks for the seed of its DRBG by this name; 0: success. Samples of
 * template_entropy.c that passed the health tests. The claim of these tests
 * (PROT_RNG_HEALTH_ENTROPY) must hold for your generator.
 */
int prot_wolfcrypt_seed(unsigned char *out, unsigned int len);

int prot_wolfcrypt_seed(unsigned char *out, unsigned int len)
{
	return prot_noise_seed(&seed, out, len) == PROT_OK ? 0 : -1;
}
