/* SPDX-License-Identifier: Apache-2.0 */
/* Key and certificate files as a user may hand them to the tools. */
#include <prot/crypto_wolfcrypt.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What loads is saved, and loads as the same again. */
static void check_certs(struct prot_span file)
{
	static uint8_t der[8192], again[9216], pem[16384];
	struct prot_wr certs = prot_wr_init(der, sizeof(der));
	struct prot_wr copy = prot_wr_init(again, sizeof(again));
	struct prot_wr text = prot_wr_init(pem, sizeof(pem));
	struct prot_span s = {der, 0};

	if (prot_wolfcrypt_certs_load(file, &certs) != PROT_OK) {
		return;
	}
	s.len = certs.len;
	if (prot_wolfcrypt_certs_save(s, &text) != PROT_OK) {
		abort();
	}
	s.at = pem;
	s.len = text.len;
	if (prot_wolfcrypt_certs_load(s, &copy) != PROT_OK ||
	    copy.len != certs.len || memcmp(der, again, copy.len) != 0) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct prot_wolfcrypt_key key;
	static struct prot_wolfcrypt ctx;
	static uint8_t pem[512];
	const struct prot_span file = {data, size};
	struct prot_wr text = prot_wr_init(pem, sizeof(pem));
	prot_key handle;

	if (ctx.keys == NULL && prot_wolfcrypt_init(&ctx, &key, 1) != PROT_OK) {
		abort();
	}
	if (prot_wolfcrypt_key_load(&ctx, file, &handle, NULL) == PROT_OK) {
		if (prot_wolfcrypt_key_save(&ctx, handle, &text) != PROT_OK) {
			abort();
		}
		prot_wolfcrypt_ops.key_destroy(&ctx, handle);
	}
	check_certs(file);
	return 0;
}
