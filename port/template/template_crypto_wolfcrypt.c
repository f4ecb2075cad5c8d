/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

#include <prot/crypto_wolfcrypt.h>

/* wolfCrypt, built from source without a heap. */

#define KEYS 2 /* the boot stage has two at a time, the runtime one */

static struct prot_wolfcrypt wolfcrypt;
static struct prot_wolfcrypt_key keys[KEYS];

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
 * wolfCrypt asks for the seed of its DRBG by this name. 0: success.
 *
 * To be written once template_entropy.c delivers: the samples through the
 * health tests of SP 800-90B, and enough of them for the seed.
 */
int prot_wolfcrypt_seed(unsigned char *out, unsigned int len);

int prot_wolfcrypt_seed(unsigned char *out, unsigned int len)
{
	(void)out;
	(void)len;
	return -1;
}
