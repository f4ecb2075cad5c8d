/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An SPDM responder and a requester in one process: a device proves who it is
 * and what it runs. Where a message is handed over, a port would send it.
 */
#include <prot/crypto_wolfcrypt.h>
#include <prot/services/cert.h>
#include <prot/spdm/requester.h>
#include <prot/spdm/responder.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The device: a key, a certificate chain (root first), a firmware digest. */
static prot_key device_key;
static const uint8_t firmware_digest[48] = {0x5a}; /* SHA-384 */
static uint8_t certs[2048];
static size_t certs_len;

static enum prot_status size(void *ctx, enum prot_spdm_object what, uint8_t id,
			     size_t *len)
{
	(void)ctx, (void)what, (void)id;
	*len = certs_len;
	return PROT_OK;
}

static enum prot_status read(void *ctx, enum prot_spdm_object what, uint8_t id,
			     size_t offset, uint8_t *buf, size_t len)
{
	bool chain = what == PROT_SPDM_OBJECT_CERTIFICATES;

	(void)ctx, (void)id;
	memcpy(buf, chain ? certs + offset : firmware_digest, len);
	return PROT_OK;
}

static enum prot_status key(void *ctx, uint8_t slot, prot_key *out)
{
	(void)ctx, (void)slot;
	*out = device_key;
	return PROT_OK;
}

static const struct prot_spdm_responder_ops ops = {size, read, key, NULL};
static const struct prot_spdm_measurement firmware = {
	1, PROT_SPDM_MEAS_MUTABLE_FIRMWARE, PROT_SPDM_MEASUREMENT_DIGEST};
static const struct prot_spdm_responder_table *const tables[] = {
	&prot_spdm_responder_base, &prot_spdm_responder_identity,
	&prot_spdm_responder_measurement};
static struct prot_spdm_responder responder;

static void must(enum prot_status st)
{
	if (st != PROT_OK) {
		printf("not trusted: %s\n", prot_status_text(st));
		exit(1);
	}
}

/* Make a key and append a certificate of it, signed by `ca` or itself. */
static prot_key issue(const struct prot_crypto *c, enum prot_cert_kind kind,
		      const char *name, struct prot_cert_issuer ca)
{
	const uint8_t seed[48] = {(uint8_t)kind}; /* a secret, in a device */
	struct prot_wr w = {certs, sizeof(certs), certs_len, false};
	uint8_t point[PROT_PUBLIC_KEY_MAX];
	struct prot_cert_template what = {
		kind, name, {PROT_ASYM_ECDSA_P384, point}, {0}, NULL};
	prot_key key;

	must(c->ops->key_derive(c->ctx, what.key.alg, seed, 48, &key));
	must(c->ops->key_public(c->ctx, key, point));
	ca.key = ca.cert ? ca.key : key;
	must(prot_cert_issue(c, &what, &ca, &w));
	certs_len = w.len;
	return key;
}

/* Step the operation that was started until it ends. */
static void run(struct prot_spdm_requester *q, enum prot_status st)
{
	static uint8_t request[64], answer[2048];
	struct prot_spdm_io io = {PROT_SPDM_CLEAR, request, 0, answer, 2048};
	struct prot_spdm_output out;
	size_t len = 0;

	must(st);
	st = prot_spdm_requester_step(q, NULL, 0, 0, &out);
	while (st == PROT_PENDING) {
		memcpy(request, out.msg, out.len);
		io.rx_len = out.len;
		must(prot_spdm_responder_handle(&responder, &io, &len, 0));
		st = prot_spdm_requester_step(q, answer, len, 0, &out);
	}
	must(st);
}

int main(void)
{
	static struct prot_wolfcrypt_key keys[2];
	static struct prot_wolfcrypt wolfcrypt;
	static struct prot_spdm_requester q;
	static struct prot_spdm_slot slot;
	static uint8_t tx[64], chain[2048];
	struct prot_trust_anchor root = {.cert = {certs, 0}};
	/* clang-format off */
	const struct prot_spdm_responder_config device = {
		.tables = tables, .table_count = 3,
		.crypto = prot_wolfcrypt_crypto(&wolfcrypt),
		.ops = &ops, .measurements = &firmware, .measurement_count = 1,
		.capabilities = PROT_SPDM_CAP_CERT | PROT_SPDM_CAP_MEAS_SIG,
		.data_transfer_size = 64,
		.base_hash = {PROT_HASH_SHA384},
		.base_asym = {PROT_ASYM_ECDSA_P384},
		.measurement_hash = PROT_HASH_SHA384,
		.version = PROT_SPDM_VERSION_13, .slots = 1u << 0,
	};
	const struct prot_spdm_requester_config verifier = {
		.crypto = prot_wolfcrypt_crypto(&wolfcrypt),
		.chain_check = prot_x509_chain_check,
		.anchors = &root, .anchor_count = 1,
		.slots = &slot, .slot_count = 1,
		.tx = tx, .tx_cap = sizeof(tx),
		.chain = chain, .chain_cap = sizeof(chain),
		.max_message = 2048, .max_wait_ms = 1000,
		.version_min = 0x12, .version_max = 0x13, /* 1.2, 1.3 */
	};
	/* clang-format on */
	const struct prot_spdm_measurements_query all = {0xff, .sign = true};
	struct prot_x509 ca_cert;
	struct prot_cert_issuer ca = {0};

	must(prot_wolfcrypt_init(&wolfcrypt, keys, 2));
	ca.key = issue(&device.crypto, PROT_CERT_ROOT, "Example CA", ca);
	root.cert.len = certs_len;
	must(prot_x509_parse(root.cert, &ca_cert));
	ca.cert = &ca_cert;
	device_key = issue(&device.crypto, PROT_CERT_AK, "Example AK", ca);

	must(prot_spdm_responder_init(&responder, &device, NULL));
	must(prot_spdm_requester_init(&q, &verifier));
	run(&q, prot_spdm_requester_connect(&q));
	run(&q, prot_spdm_requester_get_certificate(&q, 0));
	run(&q, prot_spdm_requester_get_measurements(&q, &all));
	printf("trusted, %u measurement(s)\n",
	       prot_spdm_requester_result(&q)->block_count);
	return 0;
}
