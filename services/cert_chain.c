/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/crypto_wait.h>
#include <prot/services/cert.h>

#define KEY_ALG PROT_ASYM_ECDSA_P384

/* A device key while it signs: derived, used, destroyed. */
struct device_key {
	prot_key handle; /* 0: none */
	uint8_t point[PROT_PUBLIC_KEY_MAX];
};

static enum prot_status key_make(const struct prot_crypto *c,
				 const uint8_t *seed, struct device_key *k)
{
	enum prot_status st;

	k->handle = 0;
	st = prot_crypto_wait_key_derive(c, KEY_ALG, seed, PROT_DICE_SEED_SIZE,
					 &k->handle);
	if (st != PROT_OK) {
		k->handle = 0;
		return st;
	}
	return prot_crypto_wait_key_public(c, k->handle, k->point);
}

static void key_drop(const struct prot_crypto *c, struct device_key *k)
{
	if (k->handle != 0) {
		c->ops->key_destroy(c->ctx, k->handle);
		k->handle = 0;
	}
}

static enum prot_status last_cert(const struct prot_wr *chain,
				  struct prot_x509 *cert)
{
	struct prot_rd r = prot_rd_init(chain->buf, chain->len);
	struct prot_span der = {NULL, 0};

	do {
		if (prot_x509_next(&r, &der) != PROT_OK) {
			return PROT_ERR_MALFORMED;
		}
	} while (r.left != 0);
	return prot_x509_parse(der, cert);
}

/* "<product> <role>" */
static bool name_make(const char *product, const char *role, char *out,
		      size_t cap)
{
	struct prot_wr w = prot_wr_init(out, cap);

	prot_wr_bytes(&w, product, strlen(product));
	prot_wr_u8(&w, ' ');
	prot_wr_bytes(&w, role, strlen(role) + 1);
	return prot_wr_ok(&w);
}

/* Append the certificate of `subject`, signed by `issuer`, the last one's. */
static enum prot_status append(const struct prot_crypto *c,
			       const struct prot_cert_template *what,
			       prot_key issuer_key, struct prot_wr *chain)
{
	struct prot_x509 issuer;
	const struct prot_cert_issuer by = {issuer_key, &issuer};
	enum prot_status st = last_cert(chain, &issuer);

	return st == PROT_OK ? prot_cert_issue(c, what, &by, chain) : st;
}

/* Is the chain's last certificate that of the IDevID key? */
static enum prot_status check_idevid(const struct prot_wr *chain,
				     const struct device_key *idevid)
{
	struct prot_x509 cert;
	enum prot_status st = last_cert(chain, &cert);

	if (st != PROT_OK) {
		return st;
	}
	return cert.key.alg == KEY_ALG &&
			       memcmp(cert.key.bytes, idevid->point,
				      prot_public_key_size(KEY_ALG)) == 0
		       ? PROT_OK
		       : PROT_ERR_AUTH;
}

static enum prot_status append_ldevid(const struct prot_crypto *c,
				      const struct prot_dice_seeds *seeds,
				      const struct prot_cert_device *device,
				      struct device_key *ldevid,
				      struct prot_wr *chain)
{
	char name[65];
	const struct prot_cert_template what = {
		.kind = PROT_CERT_LDEVID,
		.common_name = name,
		.key = {KEY_ALG, ldevid->point},
		.ueid = device->ueid,
	};
	struct device_key idevid;
	enum prot_status st = key_make(c, seeds->idevid, &idevid);

	if (st == PROT_OK) {
		st = check_idevid(chain, &idevid);
	}
	if (st == PROT_OK) {
		st = key_make(c, seeds->ldevid, ldevid);
	}
	if (st == PROT_OK &&
	    !name_make(device->product, "LDevID", name, sizeof(name))) {
		st = PROT_ERR_ARG;
	}
	if (st == PROT_OK) {
		st = append(c, &what, idevid.handle, chain);
	}
	key_drop(c, &idevid);
	return st;
}

static enum prot_status append_ak(const struct prot_crypto *c,
				  const struct prot_dice_seeds *seeds,
				  const struct prot_cert_device *device,
				  const struct device_key *ldevid,
				  struct prot_wr *chain)
{
	char name[65];
	struct device_key ak;
	const struct prot_cert_template what = {
		.kind = PROT_CERT_AK,
		.common_name = name,
		.key = {KEY_ALG, ak.point},
		.ueid = device->ueid,
		.tcb_info = &device->tcb_info,
	};
	enum prot_status st = key_make(c, seeds->ak, &ak);

	/* Only the public half is needed here. */
	key_drop(c, &ak);
	if (st == PROT_OK &&
	    !name_make(device->product, "AK", name, sizeof(name))) {
		st = PROT_ERR_ARG;
	}
	return st == PROT_OK ? append(c, &what, ldevid->handle, chain) : st;
}

enum prot_status prot_cert_complete_chain(const struct prot_crypto *crypto,
					  const struct prot_dice_seeds *seeds,
					  const struct prot_cert_device *device,
					  struct prot_wr *chain)
{
	struct device_key ldevid = {.handle = 0};
	struct prot_wr w = *chain;
	enum prot_status st = append_ldevid(crypto, seeds, device, &ldevid, &w);

	if (st == PROT_OK) {
		st = append_ak(crypto, seeds, device, &ldevid, &w);
	}
	key_drop(crypto, &ldevid);
	if (st == PROT_OK) {
		*chain = w;
	}
	return st;
}
