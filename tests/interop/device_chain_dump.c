/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the certificates of a test device to DIR/0.der, DIR/1.der, ... */
#include "device_chain.h"

#include <prot/crypto_wolfcrypt.h>

#include <stdio.h>

static int dump(const char *dir, size_t n, struct prot_span der)
{
	char name[512];
	FILE *f;
	int bad;

	snprintf(name, sizeof(name), "%s/%zu.der", dir, n);
	f = fopen(name, "wb");
	if (!f) {
		perror(name);
		return 1;
	}
	bad = fwrite(der.at, 1, der.len, f) != der.len;
	return fclose(f) != 0 || bad;
}

int main(int argc, char **argv)
{
	static struct prot_wolfcrypt_key keys[2];
	static struct prot_wolfcrypt wolfcrypt;
	static struct device_chain d;
	struct prot_crypto crypto = prot_wolfcrypt_crypto(&wolfcrypt);
	struct prot_span der;
	struct prot_rd r;
	int bad = 0;

	if (argc != 2 || prot_wolfcrypt_init(&wolfcrypt, keys, 2) != PROT_OK ||
	    device_chain_make(&crypto, &d) != PROT_OK) {
		return 1;
	}
	r = prot_rd_init(d.buf, d.chain.len);
	for (size_t n = 0; !bad && r.left != 0; n++) {
		bad = prot_x509_next(&r, &der) != PROT_OK ||
		      dump(argv[1], n, der);
	}
	prot_wolfcrypt_free(&wolfcrypt);
	return bad;
}
