/* SPDX-License-Identifier: Apache-2.0 */
#include "device_chain.h"

#include <string.h>

static const uint8_t root_seed[PROT_DICE_SEED_SIZE] = "public test seed";
static const uint8_t test_uds[PROT_DICE_UDS_SIZE] = "public test UDS";

static enum prot_status derive(const struct prot_crypto *c, const uint8_t *seed,
			       prot_key *key, uint8_t *point)
{
	enum prot_status st = c->ops->key_derive(
		c->ctx, PROT_ASYM_ECDSA_P384, seed, PROT_DICE_SEED_SIZE, key);

	return st == PROT_OK ? c->ops->key_public(c->ctx, *key, point) : st;
}

static enum prot_status provision(const struct prot_crypto *c,
				  struct device_chain *d, prot_key *root,
				  prot_key *idevid)
{
	uint8_t point[2][PROT_PUBLIC_KEY_MAX];
	struct prot_cert_template what = {
		.kind = PROT_CERT_ROOT,
		.common_name = "Test Manufacturer Root",
		.key = {PROT_ASYM_ECDSA_P384, point[0]}};
	struct prot_cert_issuer by = {0, NULL};
	struct prot_span der = {d->buf, 0};
	struct prot_x509 cert;
	enum prot_status st = derive(c, root_seed, root, point[0]);

	if (st == PROT_OK) {
		st = derive(c, d->seeds.idevid, idevid, point[1]);
	}
	by.key = *root;
	if (st == PROT_OK) {
		st = prot_cert_issue(c, &what, &by, &d->chain);
	}
	der.len = d->chain.len;
	if (st == PROT_OK) {
		st = prot_x509_parse(der, &cert);
	}
	what.kind = PROT_CERT_IDEVID;
	what.common_name = "Test Product IDevID";
	what.key.bytes = point[1];
	what.ueid.at = d->ueid;
	what.ueid.len = sizeof(d->ueid);
	by.cert = &cert;
	return st == PROT_OK ? prot_cert_issue(c, &what, &by, &d->chain) : st;
}

enum prot_status device_chain_provision(const struct prot_crypto *crypto,
					struct device_chain *d)
{
	static const uint8_t digest[PROT_DICE_DIGEST_SIZE] = {1};
	const struct prot_dice_boot boot = {.uds = test_uds,
					    .field_entropy = test_uds,
					    .boot_digest = digest,
					    .runtime_digest = d->fwid,
					    .configured = true};
	prot_key root = 0, idevid = 0;
	enum prot_status st;

	memset(d, 0, sizeof(*d));
	memset(d->fwid, 0xf1, sizeof(d->fwid));
	d->ueid[0] = 0x01; /* RAND */
	d->chain = prot_wr_init(d->buf, sizeof(d->buf));
	d->device.product = "Test Product";
	d->device.ueid.at = d->ueid;
	d->device.ueid.len = sizeof(d->ueid);
	d->device.tcb_info.vendor = "Test";
	d->device.tcb_info.model = "Product";
	d->device.tcb_info.version = "1.0.0";
	d->device.tcb_info.svn = 300;
	d->device.tcb_info.layer = 2;
	d->device.tcb_info.fwid = d->fwid;
	d->device.tcb_info.flags_mask = 0xf;
	st = prot_dice_derive(crypto, &boot, &d->seeds);
	if (st == PROT_OK) {
		st = provision(crypto, d, &root, &idevid);
	}
	crypto->ops->key_destroy(crypto->ctx, root);
	crypto->ops->key_destroy(crypto->ctx, idevid);
	return st;
}

enum prot_status device_chain_make(const struct prot_crypto *crypto,
				   struct device_chain *d)
{
	enum prot_status st = device_chain_provision(crypto, d);

	return st == PROT_OK ? prot_cert_complete_chain(crypto, &d->seeds,
							&d->device, &d->chain)
			     : st;
}
