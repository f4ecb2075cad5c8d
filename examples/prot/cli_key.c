/* SPDX-License-Identifier: Apache-2.0 */
#include "cli_key.h"

#include <prot/base/cursor.h>
#include <prot/base/wipe.h>

#include <stdlib.h>
#include <string.h>

#define KEY_FILE_MAX 8192 /* bytes */
#define PEM_LINE     64   /* characters */

/*
 * SubjectPublicKeyInfo of P-384 (RFC 5480 section 2) up to the coordinates:
 * id-ecPublicKey, secp384r1, BIT STRING of an uncompressed point.
 */
static const uint8_t spki_prefix[] = {
	0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02,
	0x01, 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04,
};
#define SPKI_SIZE (sizeof(spki_prefix) + PROT_CLI_PUBLIC_KEY)

static const char pem_begin[] = "-----BEGIN PUBLIC KEY-----";
static const char pem_end[] = "-----END PUBLIC KEY-----";
static const char base64[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool prot_cli_crypto_open(struct prot_cli_crypto *c)
{
	enum prot_status st;

	memset(c, 0, sizeof(*c));
	st = prot_wolfcrypt_init(&c->wolfcrypt, c->keys,
				 PROT_ARRAY_SIZE(c->keys));
	if (st != PROT_OK) {
		prot_cli_error("cannot start the crypto provider: %s",
			       prot_status_text(st));
		return false;
	}
	c->crypto = prot_wolfcrypt_crypto(&c->wolfcrypt);
	return true;
}

void prot_cli_crypto_close(struct prot_cli_crypto *c)
{
	prot_wolfcrypt_free(&c->wolfcrypt);
	prot_wipe(c, sizeof(*c));
}

bool prot_cli_key_load(struct prot_cli_crypto *c, const char *path,
		       prot_key *key)
{
	struct prot_cli_blob file;
	enum prot_asym_alg alg = PROT_ASYM_NONE;
	enum prot_status st;

	if (!prot_cli_read_file(path, KEY_FILE_MAX, &file)) {
		return false;
	}
	st = prot_wolfcrypt_key_load(&c->wolfcrypt,
				     (struct prot_span){file.bytes, file.len},
				     key, &alg);
	prot_cli_blob_free(&file);
	if (st == PROT_OK && alg != PROT_ASYM_ECDSA_P384) {
		c->crypto.ops->key_destroy(c->crypto.ctx, *key);
		st = PROT_ERR_UNSUPPORTED;
	}
	if (st == PROT_ERR_UNSUPPORTED) {
		prot_cli_error("%s is not an unencrypted P-384 private key",
			       path);
	} else if (st == PROT_ERR_MALFORMED) {
		prot_cli_error("%s is not a private key file", path);
	} else if (st != PROT_OK) {
		prot_cli_error("cannot load the key in %s: %s", path,
			       prot_status_text(st));
	}
	return st == PROT_OK;
}

bool prot_cli_key_generate(struct prot_cli_crypto *c, const char *path,
			   unsigned flags, prot_key *key)
{
	uint8_t pem[1024];
	struct prot_wr w = prot_wr_init(pem, sizeof(pem));
	enum prot_status st = prot_wolfcrypt_key_generate(
		&c->wolfcrypt, PROT_ASYM_ECDSA_P384, key);
	bool ok;

	if (st == PROT_OK) {
		st = prot_wolfcrypt_key_save(&c->wolfcrypt, *key, &w);
	}
	if (st != PROT_OK) {
		prot_cli_error("cannot make a key: %s", prot_status_text(st));
		return false;
	}
	ok = prot_cli_write_file(path, pem, w.len, flags | PROT_CLI_SECRET);
	prot_wipe(pem, sizeof(pem));
	return ok;
}

bool prot_cli_key_public(struct prot_cli_crypto *c, prot_key key,
			 uint8_t point[PROT_CLI_PUBLIC_KEY])
{
	enum prot_status st =
		c->crypto.ops->key_public(c->crypto.ctx, key, point);

	if (st != PROT_OK) {
		prot_cli_error("cannot compute a public key: %s",
			       prot_status_text(st));
	}
	return st == PROT_OK;
}

/* Decode until '-' or the end; other characters than base64 are skipped. */
static size_t base64_decode(const char *text, const char *end, uint8_t *out,
			    size_t cap)
{
	uint32_t bits = 0;
	unsigned count = 0;
	size_t len = 0;

	for (; text < end && len < cap; text++) {
		const char *at = *text ? strchr(base64, *text) : NULL;

		if (at == NULL) {
			continue;
		}
		bits = bits << 6 | (uint32_t)(at - base64);
		count += 6;
		if (count >= 8) {
			count -= 8;
			out[len++] = (uint8_t)(bits >> count);
		}
	}
	return len;
}

static bool public_parse(const char *pem, uint8_t point[PROT_CLI_PUBLIC_KEY])
{
	uint8_t der[SPKI_SIZE + 1];
	const char *begin = strstr(pem, pem_begin);
	const char *end = begin ? strstr(begin, pem_end) : NULL;

	if (end == NULL ||
	    base64_decode(begin + sizeof(pem_begin) - 1, end, der,
			  sizeof(der)) != SPKI_SIZE ||
	    memcmp(der, spki_prefix, sizeof(spki_prefix)) != 0) {
		return false;
	}
	memcpy(point, der + sizeof(spki_prefix), PROT_CLI_PUBLIC_KEY);
	return true;
}

static bool public_of_private(struct prot_cli_crypto *c, const char *path,
			      uint8_t point[PROT_CLI_PUBLIC_KEY])
{
	prot_key key;
	bool ok;

	if (!prot_cli_key_load(c, path, &key)) {
		return false;
	}
	ok = prot_cli_key_public(c, key, point);
	c->crypto.ops->key_destroy(c->crypto.ctx, key);
	return ok;
}

bool prot_cli_public_load(struct prot_cli_crypto *c, const char *path,
			  uint8_t point[PROT_CLI_PUBLIC_KEY])
{
	struct prot_cli_blob file;
	char *text;
	bool is_public;
	bool ok = false;

	if (!prot_cli_read_file(path, KEY_FILE_MAX, &file)) {
		return false;
	}
	text = prot_cli_alloc(file.len + 1);
	if (file.len > 0) {
		memcpy(text, file.bytes, file.len);
	}
	is_public = strstr(text, pem_begin) != NULL;
	if (is_public) {
		ok = public_parse(text, point);
	}
	prot_wipe(text, file.len);
	free(text);
	prot_cli_blob_free(&file);
	if (!is_public) {
		return public_of_private(c, path, point);
	}
	if (!ok) {
		prot_cli_error("%s is not a P-384 public key", path);
	}
	return ok;
}

bool prot_cli_public_save(const char *path,
			  const uint8_t point[PROT_CLI_PUBLIC_KEY],
			  unsigned flags)
{
	uint8_t der[SPKI_SIZE];
	char pem[512];
	size_t n = 0;

	memcpy(der, spki_prefix, sizeof(spki_prefix));
	memcpy(der + sizeof(spki_prefix), point, PROT_CLI_PUBLIC_KEY);
	n += (size_t)snprintf(pem, sizeof(pem), "%s\n", pem_begin);
	/* 120 bytes are a multiple of three: no padding. */
	for (size_t i = 0; i < sizeof(der); i += 3) {
		uint32_t v = (uint32_t)der[i] << 16 |
			     (uint32_t)der[i + 1] << 8 | der[i + 2];

		for (int shift = 18; shift >= 0; shift -= 6) {
			pem[n++] = base64[v >> shift & 63];
		}
		if ((i / 3 + 1) % (PEM_LINE / 4) == 0) {
			pem[n++] = '\n';
		}
	}
	n += (size_t)snprintf(pem + n, sizeof(pem) - n, "\n%s\n", pem_end);
	return prot_cli_write_file(path, pem, n, flags);
}
