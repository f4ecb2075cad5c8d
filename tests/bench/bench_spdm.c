/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the SPDM responder costs per exchange, cryptography and storage left
 * out: the provider and the device do nothing at all.
 *
 *	bench_spdm digests|certificate|challenge|measurements COUNT
 *
 * Answers COUNT requests after negotiation: DIGESTS of one slot with a chain of
 * 1500 bytes (read and hashed in pieces), 1024 bytes of that chain,
 * CHALLENGE_AUTH with a summary hash, signed MEASUREMENTS with eight blocks.
 * The cost of one is the difference of two runs with different counts, e.g. of
 * the instructions that valgrind --tool=callgrind counts.
 */
#include <prot/spdm/responder.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHAIN_SIZE 1500u
#define BUFFER     2048u

static enum prot_status hash_init(void *ctx, struct prot_hash_state *h,
				  enum prot_hash_alg alg)
{
	(void)ctx;
	(void)h;
	(void)alg;
	return PROT_OK;
}

static enum prot_status hash_update(void *ctx, struct prot_hash_state *h,
				    const void *data, size_t len)
{
	(void)ctx;
	(void)h;
	(void)data;
	(void)len;
	return PROT_OK;
}

static enum prot_status hash_final(void *ctx, struct prot_hash_state *h,
				   uint8_t *out)
{
	(void)ctx;
	(void)h;
	(void)out;
	return PROT_OK;
}

static enum prot_status random_bytes(void *ctx, void *out, size_t len)
{
	(void)ctx;
	(void)out;
	(void)len;
	return PROT_OK;
}

static enum prot_status sign(void *ctx, prot_key key,
			     const struct prot_signed_data *what, uint8_t *sig)
{
	(void)ctx;
	(void)key;
	(void)what;
	(void)sig;
	return PROT_OK;
}

static const struct prot_crypto_ops crypto = {
	.hashes = 1u << PROT_HASH_SHA384,
	.asyms = 1u << PROT_ASYM_ECDSA_P384,
	.hash_init = hash_init,
	.hash_update = hash_update,
	.hash_final = hash_final,
	.random = random_bytes,
	.sign = sign,
};

static enum prot_status object_size(void *ctx, enum prot_spdm_object what,
				    uint8_t id, size_t *len)
{
	(void)ctx;
	(void)what;
	(void)id;
	*len = CHAIN_SIZE;
	return PROT_OK;
}

static enum prot_status object_read(void *ctx, enum prot_spdm_object what,
				    uint8_t id, size_t offset, uint8_t *buf,
				    size_t len)
{
	static const uint8_t certificate[] = {0x30, 0x82, 0x02, 0x00};

	(void)ctx;
	(void)what;
	(void)id;
	if (offset == 0 && len >= sizeof(certificate)) {
		memcpy(buf, certificate, sizeof(certificate));
	}
	return PROT_OK;
}

static enum prot_status slot_key(void *ctx, uint8_t slot, prot_key *key)
{
	(void)ctx;
	(void)slot;
	*key = 1;
	return PROT_OK;
}

static const struct prot_spdm_responder_ops ops = {
	.size = object_size,
	.read = object_read,
	.key = slot_key,
};

#define BLOCK(index)                                                           \
	{                                                                      \
		index, PROT_SPDM_MEAS_MUTABLE_FIRMWARE,                        \
			PROT_SPDM_MEASUREMENT_DIGEST                           \
	}
static const struct prot_spdm_measurement measurements[] = {
	BLOCK(1), BLOCK(2), BLOCK(3), BLOCK(4),
	BLOCK(5), BLOCK(6), BLOCK(7), BLOCK(8),
};

static const struct prot_spdm_responder_table *const tables[] = {
	&prot_spdm_responder_base,
	&prot_spdm_responder_identity,
	&prot_spdm_responder_measurement,
};

static const struct prot_spdm_responder_config config = {
	.tables = tables,
	.table_count = PROT_ARRAY_SIZE(tables),
	.crypto = {.ops = &crypto},
	.ops = &ops,
	.measurements = measurements,
	.measurement_count = PROT_ARRAY_SIZE(measurements),
	.capabilities = PROT_SPDM_CAP_CERT | PROT_SPDM_CAP_CHAL |
			PROT_SPDM_CAP_MEAS_SIG,
	.data_transfer_size = BUFFER,
	.base_hash = {PROT_HASH_SHA384},
	.base_asym = {PROT_ASYM_ECDSA_P384},
	.measurement_hash = PROT_HASH_SHA384,
	.version = PROT_SPDM_VERSION_13,
	.slots = 1,
};

/* Answered with its response, or the benchmark is void. */
static void say(struct prot_spdm_responder *r, const uint8_t *request,
		size_t len)
{
	uint8_t rx[64];
	uint8_t tx[BUFFER];
	struct prot_spdm_io io = {PROT_SPDM_CLEAR, rx, len, tx, sizeof(tx)};
	size_t tx_len;

	memcpy(rx, request, len);
	if (prot_spdm_responder_handle(r, &io, &tx_len, 0) != PROT_OK ||
	    tx_len < 4 || tx[1] != (request[1] & 0x7f)) {
		fprintf(stderr, "request %02x was refused\n", request[1]);
		exit(1);
	}
}

static void negotiate(struct prot_spdm_responder *r)
{
	static const uint8_t version[] = {0x10, 0x84, 0, 0};
	static const uint8_t capabilities[20] = {
		0x13, 0xe1, [13] = BUFFER >> 8, [17] = BUFFER >> 8};
	static const uint8_t algorithms[32] = {0x13, 0xe3, 0, 0,    32,
					       0,    1,    2, 0x80, [12] = 2};

	say(r, version, sizeof(version));
	say(r, capabilities, sizeof(capabilities));
	say(r, algorithms, sizeof(algorithms));
}

static const struct {
	const char *name;
	size_t len;
	uint8_t request[45];
} modes[] = {
	{"digests", 4, {0x13, 0x81, 0, 0}},
	{"certificate", 8, {0x13, 0x82, 0, 0, 0, 0, 0, 4}},
	{"challenge", 44, {0x13, 0x83, 0, 0xff}},
	{"measurements", 45, {0x13, 0xe0, 1, 0xff}},
};

int main(int argc, char **argv)
{
	static struct prot_spdm_responder r;
	long count = argc == 3 ? strtol(argv[2], NULL, 10) : 0;

	if (prot_spdm_responder_init(&r, &config, NULL) != PROT_OK) {
		fputs("configuration is refused\n", stderr);
		return 1;
	}
	for (size_t m = 0; count > 0 && m < PROT_ARRAY_SIZE(modes); m++) {
		if (strcmp(argv[1], modes[m].name) != 0) {
			continue;
		}
		negotiate(&r);
		for (long i = 0; i < count; i++) {
			say(&r, modes[m].request, modes[m].len);
		}
		return 0;
	}
	fputs("usage: bench_spdm digests|certificate|challenge|measurements "
	      "COUNT\n",
	      stderr);
	return 2;
}
