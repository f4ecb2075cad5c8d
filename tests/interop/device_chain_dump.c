/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the certificates of a test device to DIR/0.der, DIR/1.der, ... and a
 * generated private key to DIR/key.pem.
 */
#include "device_chain.h"

#include <prot/crypto_wolfcrypt.h>

#include <stdio.h>

static int dump(const char *dir, const char *file, struct prot_span data)
{
	char name[512];
	FILE *f;
	int bad;

	snprintf(name, sizeof(name), "%s/%s", dir, file);
	f = fopen(name, "wb");
	if (!f) {
		perror(name);
		return 1;
	}
	bad = fwrite(data.at, 1, data.len, f) != data.len;
	return fclose(f) != 0 || bad;
}

static int dump_key(const char *dir, struct prot_wolfcrypt *wolfcrypt)
{
	uint8_t pem[512];
	struct prot_wr w = prot_wr_init(pem, sizeof(pem));
	struct prot_span s = {pem, 0};
	prot_key key;

	if (prot_wolfcrypt_key_generate(wolfcrypt, PROT_ASYM_ECDSA_P384,
					&key) != PROT_OK ||
	    prot_wolfcrypt_key_save(wolfcrypt, key, &w) != PROT_OK) {
		return 1;
	}
	s.len = w.len;
	return dump(dir, "key.pem", s);
}

int main(int argc, char **argv)
{
	static struct prot_wolfcrypt_key keys[2];
	static struct prot_wolfcrypt wolfcrypt;
	static struct device_chain d;
	struct prot_crypto crypto = prot_wolfcrypt_crypto(&wolfcrypt);
	struct prot_span der;
	char name[16];
	struct prot_rd r;
	int bad;

	if (argc != 2 || prot_wolfcrypt_init(&wolfcrypt, keys, 2) != PROT_OK ||
	    device_chain_make(&crypto, &d) != PROT_OK) {
		return 1;
	}
	r = prot_rd_init(d.buf, d.chain.len);
	bad = dump_key(argv[1], &wolfcrypt);
	for (size_t n = 0; !bad && r.left != 0; n++) {
		snprintf(name, sizeof(name), "%zu.der", n);
		bad = prot_x509_next(&r, &der) != PROT_OK ||
		      dump(argv[1], name, der);
	}
	prot_wolfcrypt_free(&wolfcrypt);
	return bad;
}
