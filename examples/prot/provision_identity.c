/* SPDX-License-Identifier: Apache-2.0 */
#include "provision.h"

#include <prot/base/wipe.h>
#include <prot/crypto_wait.h>
#include <prot/services/cert.h>
#include <prot/services/dice.h>
#include <prot/services/identity.h>
#include <prot/x509.h>

#include <stdlib.h>
#include <string.h>

#define CERT_FILE_MAX 16384 /* bytes of a PEM file */
#define NAME_MAX_SIZE 65    /* RFC 5280 appendix A.1: ub-common-name */

/* Root and IDevID certificates as they are to stand in the flash. */
struct chain {
	uint8_t bytes[PROT_IDENTITY_CERT_MAX];
	struct prot_wr w;
	prot_key ca;
};

static bool report(const char *what, enum prot_status st)
{
	if (st != PROT_OK) {
		prot_cli_error("cannot %s: %s", what, prot_status_text(st));
	}
	return st == PROT_OK;
}

static void common_name(const struct prot_provision *p, const char *role,
			char out[NAME_MAX_SIZE])
{
	snprintf(out, NAME_MAX_SIZE, "%s %s", p->board->product, role);
}

static bool issue(struct prot_provision *p, const struct prot_cert_template *t,
		  const struct prot_cert_issuer *issuer, struct chain *chain)
{
	return report("issue a certificate",
		      prot_cert_issue(&p->crypto.crypto, t, issuer, &chain->w));
}

static bool save_certificate(struct prot_provision *p,
			     const struct chain *chain)
{
	uint8_t pem[4096];
	struct prot_wr w = prot_wr_init(pem, sizeof(pem));
	char *path = prot_cli_path(p->directory, PROT_CLI_CA_FILE);
	enum prot_status st = prot_wolfcrypt_certs_save(
		(struct prot_span){chain->bytes, chain->w.len}, &w);
	bool ok = report("encode the CA certificate", st) &&
		  prot_cli_write_file(path, pem, w.len, PROT_CLI_NEW);

	free(path);
	return ok;
}

static bool make_root(struct prot_provision *p, struct chain *chain)
{
	uint8_t point[PROT_CLI_PUBLIC_KEY];
	char name[NAME_MAX_SIZE];
	const struct prot_cert_template root = {
		.kind = PROT_CERT_ROOT,
		.common_name = name,
		.key = {PROT_ASYM_ECDSA_P384, point},
	};
	struct prot_cert_issuer self = {0};
	char *path = prot_cli_path(p->directory, PROT_CLI_CA_KEY_FILE);
	bool ok;

	common_name(p, "Manufacturer CA", name);
	ok = prot_cli_key_generate(&p->crypto, path, PROT_CLI_NEW,
				   &chain->ca) &&
	     prot_cli_key_public(&p->crypto, chain->ca, point);

	free(path);
	self.key = chain->ca;
	return ok && issue(p, &root, &self, chain) &&
	       save_certificate(p, chain);
}

/* The given certificate must be the given key's, or no chain would verify. */
static bool check_root(struct prot_provision *p, const struct chain *chain)
{
	uint8_t point[PROT_CLI_PUBLIC_KEY];
	struct prot_x509 root;
	struct prot_span der = {chain->bytes, chain->w.len};

	if (prot_x509_parse(der, &root) != PROT_OK) {
		prot_cli_error("%s does not hold exactly one certificate",
			       p->ca_cert);
		return false;
	}
	if (!prot_cli_key_public(&p->crypto, chain->ca, point)) {
		return false;
	}
	if (root.key.alg != PROT_ASYM_ECDSA_P384 || !root.ca ||
	    memcmp(root.key.bytes, point, sizeof(point)) != 0) {
		prot_cli_error("%s is not the CA certificate of the key in %s",
			       p->ca_cert, p->ca_key);
		return false;
	}
	return true;
}

static bool load_root(struct prot_provision *p, struct chain *chain)
{
	struct prot_cli_blob file;
	enum prot_status st;

	if (!prot_cli_read_file(p->ca_cert, CERT_FILE_MAX, &file)) {
		return false;
	}
	st = prot_wolfcrypt_certs_load((struct prot_span){file.bytes, file.len},
				       &chain->w);
	prot_cli_blob_free(&file);
	if (st != PROT_OK) {
		prot_cli_error("%s does not hold a certificate of at most %d "
			       "bytes",
			       p->ca_cert, PROT_IDENTITY_CERT_MAX);
		return false;
	}
	return prot_cli_key_load(&p->crypto, p->ca_key, &chain->ca) &&
	       check_root(p, chain) && save_certificate(p, chain);
}

/* The public half of the key that the boot stage will derive from the UDS. */
static bool idevid_public(struct prot_provision *p, uint8_t *point)
{
	const struct prot_crypto *c = &p->crypto.crypto;
	uint8_t seed[PROT_DICE_SEED_SIZE];
	prot_key key = 0;
	enum prot_status st = prot_dice_idevid_seed(c, p->uds, seed);

	if (st == PROT_OK) {
		st = prot_crypto_wait_key_derive(c, PROT_ASYM_ECDSA_P384, seed,
						 sizeof(seed), &key);
	}
	prot_wipe(seed, sizeof(seed));
	if (st == PROT_OK) {
		st = prot_crypto_wait_key_public(c, key, point);
		c->ops->key_destroy(c->ctx, key);
	}
	return report("derive the device identity", st);
}

static bool issue_idevid(struct prot_provision *p, struct chain *chain)
{
	uint8_t point[PROT_CLI_PUBLIC_KEY];
	char name[NAME_MAX_SIZE];
	struct prot_x509 root;
	const struct prot_cert_template idevid = {
		.kind = PROT_CERT_IDEVID,
		.common_name = name,
		.key = {PROT_ASYM_ECDSA_P384, point},
		.ueid = {p->ueid, sizeof(p->ueid)},
	};
	const struct prot_cert_issuer issuer = {chain->ca, &root};
	struct prot_span der = {chain->bytes, chain->w.len};

	common_name(p, "IDevID", name);
	return idevid_public(p, point) &&
	       report("read the CA certificate", prot_x509_parse(der, &root)) &&
	       issue(p, &idevid, &issuer, chain);
}

static bool write_region(struct prot_provision *p, const struct chain *chain)
{
	uint8_t region[PROT_IDENTITY_SIZE_MAX];
	size_t len = 0;
	enum prot_status st = prot_identity_encode(
		chain->bytes, chain->w.len, region, sizeof(region), &len);

	return report("lay out the certificates", st) &&
	       prot_provision_write(p, p->board->layout->identity.offset,
				    region, len);
}

bool prot_provision_identity(struct prot_provision *p)
{
	struct chain chain;
	bool ok;

	chain.w = prot_wr_init(chain.bytes, sizeof(chain.bytes));
	chain.ca = 0;
	ok = p->ca_key ? load_root(p, &chain) : make_root(p, &chain);
	return ok && issue_idevid(p, &chain) && write_region(p, &chain);
}
