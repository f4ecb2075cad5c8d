/* SPDX-License-Identifier: Apache-2.0 */
#include "spdm_rsp_fixture.h"

#include "test.h"

/* What the device reports, and what of it is stored. */
static const struct prot_spdm_measurement measurements[] = {
	{1, PROT_SPDM_MEAS_IMMUTABLE_ROM,
	 PROT_SPDM_MEASUREMENT_DIGEST | PROT_SPDM_MEASUREMENT_TCB},
	{2, PROT_SPDM_MEAS_MUTABLE_FIRMWARE,
	 PROT_SPDM_MEASUREMENT_DIGEST | PROT_SPDM_MEASUREMENT_RAW |
		 PROT_SPDM_MEASUREMENT_TCB},
	{4, PROT_SPDM_MEAS_FIRMWARE_SVN, PROT_SPDM_MEASUREMENT_RAW},
	{0xfd, PROT_SPDM_MEAS_FREEFORM_MANIFEST, PROT_SPDM_MEASUREMENT_RAW},
};

static const struct prot_spdm_responder_table *const tables[] = {
	&prot_spdm_responder_base,
	&prot_spdm_responder_identity,
	&prot_spdm_responder_measurement,
};

static size_t raw_size(uint8_t index)
{
	return index == 2 ? 100 : index == 4 ? 8 : 150;
}

static uint8_t value_byte(enum prot_spdm_object what, uint8_t id, size_t i)
{
	return (uint8_t)(what * 64u + id * 16u + i);
}

/* Pend, fail, and watch that a pending op comes back as it went. */
static enum prot_status enter(struct fx_device *d, const void *op,
			      const void *buf, size_t arg)
{
	d->calls++;
	if (d->fail_at != 0 && d->calls == d->fail_at) {
		return d->fail_with == PROT_OK ? PROT_ERR_IO : d->fail_with;
	}
	if (d->pending_op && (d->pending_op != op || d->pending_buf != buf ||
			      d->pending_arg != arg)) {
		d->misused = true;
	}
	if (d->pended < d->pend) {
		d->pended++;
		d->pending_op = op;
		d->pending_buf = buf;
		d->pending_arg = arg;
		return PROT_PENDING;
	}
	d->pended = 0;
	d->pending_op = NULL;
	return PROT_OK;
}

/* Distinct addresses that name the ops. */
static const char op_size, op_read, op_measure;

static enum prot_status size(void *ctx, enum prot_spdm_object what, uint8_t id,
			     size_t *len)
{
	struct fx_device *d = ctx;
	enum prot_status st = enter(d, &op_size, len, what * 256u + id);

	if (st != PROT_OK) {
		return st;
	}
	if (what == PROT_SPDM_OBJECT_CERTIFICATES) {
		*len = d->chain_len[id];
		return *len != 0 ? PROT_OK : PROT_ERR_NOT_FOUND;
	}
	*len = raw_size(id) + d->raw_growth * d->sized;
	d->sized++;
	return PROT_OK;
}

static size_t object_size(const struct fx_device *d, enum prot_spdm_object what,
			  uint8_t id)
{
	switch (what) {
	case PROT_SPDM_OBJECT_CERTIFICATES:
		return d->chain_len[id];
	case PROT_SPDM_OBJECT_MEASUREMENT_DIGEST:
		return prot_hash_size(d->digest_alg);
	case PROT_SPDM_OBJECT_MEASUREMENT_RAW:
		break;
	}
	return raw_size(id);
}

static enum prot_status read(void *ctx, enum prot_spdm_object what, uint8_t id,
			     size_t offset, uint8_t *buf, size_t len)
{
	struct fx_device *d = ctx;
	enum prot_status st = enter(d, &op_read, buf,
				    what * 0x1000000u + id * 0x10000u + offset);

	if (st != PROT_OK) {
		return st;
	}
	if (offset + len > object_size(d, what, id)) {
		d->overrun = true;
		return PROT_ERR_ARG;
	}
	for (size_t i = 0; i < len; i++) {
		buf[i] = what == PROT_SPDM_OBJECT_CERTIFICATES
				 ? d->chain[id][offset + i]
				 : value_byte(what, id, offset + i);
	}
	return PROT_OK;
}

static enum prot_status key(void *ctx, uint8_t slot, prot_key *out)
{
	struct fx_device *d = ctx;

	*out = d->key[slot];
	return d->key_status;
}

static enum prot_status measure(void *ctx, bool pending_update,
				enum prot_spdm_content_change *change)
{
	struct fx_device *d = ctx;
	enum prot_status st = enter(d, &op_measure, change, pending_update);

	if (st == PROT_OK) {
		d->measured++;
		d->pending_update = pending_update;
		*change = d->change;
	}
	return st;
}

static const struct prot_spdm_responder_ops ops = {size, read, key, measure};

/* A thing that has the outer form of a DER certificate. */
static size_t put_certificate(uint8_t *out, size_t body, uint8_t fill)
{
	struct prot_wr w = prot_wr_init(out, body + 4);

	prot_wr_u8(&w, 0x30);
	if (body < 0x80) {
		prot_wr_u8(&w, (uint8_t)body);
	} else if (body < 0x100) {
		prot_wr_u8(&w, 0x81);
		prot_wr_u8(&w, (uint8_t)body);
	} else {
		prot_wr_u8(&w, 0x82);
		prot_wr_be16(&w, (uint16_t)body);
	}
	prot_wr_fill(&w, fill, body);
	assert_true(prot_wr_ok(&w));
	return w.len;
}

static void put_chain(struct fx_device *d, uint8_t slot, size_t root,
		      size_t leaf)
{
	size_t n = put_certificate(d->chain[slot], root, 0xa0);

	n += put_certificate(d->chain[slot] + n, leaf, (uint8_t)(0xb0 + slot));
	d->chain_len[slot] = n;
}

void fx_config(struct fx *fx)
{
	memset(fx, 0, sizeof(*fx));
	fx->cfg = (struct prot_spdm_responder_config){
		.tables = tables,
		.table_count = PROT_ARRAY_SIZE(tables),
		.crypto = prot_crypto_fake_crypto(&fx->fake),
		.ops = &ops,
		.ops_ctx = &fx->device,
		.measurements = measurements,
		.measurement_count = PROT_ARRAY_SIZE(measurements),
		.capabilities = PROT_SPDM_CAP_CERT | PROT_SPDM_CAP_CHAL |
				PROT_SPDM_CAP_MEAS_SIG |
				PROT_SPDM_CAP_MEAS_FRESH,
		.data_transfer_size = 1024,
		.base_hash = {PROT_HASH_SHA384, PROT_HASH_SHA3_384,
			      PROT_HASH_SHA256, PROT_HASH_SHA512,
			      PROT_HASH_SHA3_256, PROT_HASH_SHA3_512},
		.base_asym = {PROT_ASYM_ECDSA_P384, PROT_ASYM_ECDSA_P256},
		.measurement_hash = PROT_HASH_SHA384,
		.version = PROT_SPDM_VERSION_13,
		.ct_exponent = 14,
		.slots = FX_SLOTS,
		.rdt_exponent = 12,
		.rdtm = 3,
	};
}

static void make_keys(struct fx *fx)
{
	const struct prot_crypto *c = &fx->cfg.crypto;
	uint8_t seed[32] = {0};

	for (uint8_t slot = 0; slot < 3; slot += 2) {
		seed[0] = slot;
		assert_int_equal(
			c->ops->key_derive(c->ctx, fx->cfg.base_asym[0], seed,
					   sizeof(seed), &fx->device.key[slot]),
			PROT_OK);
	}
	assert_int_equal(
		c->ops->key_public(c->ctx, fx->device.key[0], fx->public_key),
		PROT_OK);
}

void fx_start(struct fx *fx, bool with_deferral)
{
	put_chain(&fx->device, 0, 300, 250);
	put_chain(&fx->device, 2, 100, 200);
	fx->device.digest_alg = fx->cfg.measurement_hash;
	make_keys(fx);
	fx->deferral.buf = fx->deferral_buf;
	fx->deferral.cap = sizeof(fx->deferral_buf);
	assert_int_equal(
		prot_spdm_responder_init(&fx->r, &fx->cfg,
					 with_deferral ? &fx->deferral : NULL),
		PROT_OK);
}

void fx_init(struct fx *fx)
{
	fx_config(fx);
	fx_start(fx, false);
}

void fx_say(struct fx *fx, const uint8_t *msg, size_t len)
{
	struct prot_spdm_io io = {.tx = fx->tx, .tx_cap = sizeof(fx->tx)};
	uint8_t rx[sizeof(fx->said)];

	assert_in_range(len + fx->padding, 0, sizeof(rx));
	memmove(fx->said, msg, len);
	fx->said_len = len;
	/* At the end of its buffer, where a sanitizer sees an overrun. */
	io.rx_len = len + fx->padding;
	io.rx = rx + sizeof(rx) - io.rx_len;
	memcpy(io.rx, msg, len);
	memset(io.rx + len, 0x99, fx->padding);
	memset(fx->tx, 0xee, sizeof(fx->tx));
	assert_int_equal(prot_spdm_responder_handle(&fx->r, &io, &fx->tx_len,
						    fx->now_ms),
			 PROT_OK);
}

static void append(uint8_t *to, size_t cap, size_t *len, const uint8_t *msg,
		   size_t n)
{
	assert_true(n <= cap - *len);
	memcpy(to + *len, msg, n);
	*len += n;
}

void fx_keep(struct fx *fx)
{
	append(fx->script, sizeof(fx->script), &fx->script_len, fx->said,
	       fx->said_len);
	append(fx->script, sizeof(fx->script), &fx->script_len, fx->tx,
	       fx->tx_len);
}

void fx_keep_vca(struct fx *fx)
{
	append(fx->vca, sizeof(fx->vca), &fx->vca_len, fx->said, fx->said_len);
	append(fx->vca, sizeof(fx->vca), &fx->vca_len, fx->tx, fx->tx_len);
}

void fx_get_capabilities(struct fx *fx, uint32_t flags, uint32_t transfer)
{
	uint8_t msg[20];
	struct prot_wr w = prot_wr_init(msg, sizeof(msg));

	prot_wr_u8(&w, fx->cfg.version);
	prot_wr_u8(&w, 0xe1);
	prot_wr_fill(&w, 0, 6);
	prot_wr_le32(&w, flags);
	prot_wr_le32(&w, transfer);
	prot_wr_le32(&w, transfer);
	fx_say(fx, msg, w.len);
}

void fx_negotiate(struct fx *fx, uint32_t asym, uint32_t hash)
{
	uint8_t msg[32];
	struct prot_wr w = prot_wr_init(msg, sizeof(msg));

	prot_wr_u8(&w, fx->cfg.version);
	prot_wr_u8(&w, 0xe3);
	prot_wr_le16(&w, 0);
	prot_wr_le16(&w, sizeof(msg));
	prot_wr_u8(&w, 1);
	prot_wr_u8(&w, 2);
	prot_wr_le32(&w, asym);
	prot_wr_le32(&w, hash);
	prot_wr_fill(&w, 0, 16);
	fx_say(fx, msg, w.len);
}

/* A nonce and, from 1.3 on, a context, both with recognisable bytes. */
static void put_context(const struct fx *fx, struct prot_wr *w)
{
	if (fx->cfg.version >= PROT_SPDM_VERSION_13) {
		prot_wr_fill(w, 0xc7, 8);
	}
}

void fx_challenge(struct fx *fx, uint8_t slot, uint8_t summary)
{
	uint8_t msg[44];
	struct prot_wr w = prot_wr_init(msg, sizeof(msg));

	prot_wr_u8(&w, fx->cfg.version);
	prot_wr_u8(&w, 0x83);
	prot_wr_u8(&w, slot);
	prot_wr_u8(&w, summary);
	prot_wr_fill(&w, 0x5a, 32);
	put_context(fx, &w);
	fx_say(fx, msg, w.len);
}

void fx_get_measurements(struct fx *fx, uint8_t attributes, uint8_t operation,
			 uint8_t slot)
{
	uint8_t msg[45];
	struct prot_wr w = prot_wr_init(msg, sizeof(msg));

	prot_wr_u8(&w, fx->cfg.version);
	prot_wr_u8(&w, 0xe0);
	prot_wr_u8(&w, attributes);
	prot_wr_u8(&w, operation);
	if (attributes & 1) {
		prot_wr_fill(&w, 0x6b, 32);
		prot_wr_u8(&w, slot);
	}
	put_context(fx, &w);
	fx_say(fx, msg, w.len);
}

void fx_get_certificate(struct fx *fx, uint8_t slot, uint16_t offset,
			uint16_t len)
{
	SAY(fx, fx->cfg.version, 0x82, slot, 0, (uint8_t)offset,
	    (uint8_t)(offset >> 8), (uint8_t)len, (uint8_t)(len >> 8));
}

/* The bits that select the first algorithm of each list. */
static uint32_t first_hash_bit(const struct fx *fx)
{
	return 1u << (fx->cfg.base_hash[0] - 1);
}

static uint32_t first_asym_bit(const struct fx *fx)
{
	return fx->cfg.base_asym[0] == PROT_ASYM_ECDSA_P256 ? 1u << 4 : 1u << 7;
}

void fx_connect(struct fx *fx)
{
	fx->vca_len = 0;
	fx->script_len = 0;
	SAY(fx, 0x10, 0x84, 0, 0);
	fx_expect(fx, 0x04);
	fx_keep_vca(fx);
	fx_get_capabilities(fx, 0, 2048);
	fx_expect(fx, 0x61);
	fx_keep_vca(fx);
	fx_negotiate(fx, first_asym_bit(fx), first_hash_bit(fx));
	fx_expect(fx, 0x63);
	fx_keep_vca(fx);
}

void fx_collect(struct fx *fx)
{
	uint8_t said[sizeof(fx->said)];
	size_t said_len = fx->said_len;

	memcpy(said, fx->said, said_len);
	for (int i = 0; i < 1000 && fx->tx[1] == 0x7f && fx->tx[2] == 0x42;
	     i++) {
		SAY(fx, fx->cfg.version, 0xff, fx->tx[5], fx->tx[6]);
	}
	/* Transcripts have the request, not the collecting of its answer. */
	memcpy(fx->said, said, said_len);
	fx->said_len = said_len;
}

void fx_expect_error(const struct fx *fx, uint8_t code, uint8_t param2)
{
	assert_int_equal(fx->tx_len >= 4, 1);
	assert_int_equal(fx->tx[1], 0x7f);
	assert_int_equal(fx->tx[2], code);
	assert_int_equal(fx->tx[3], param2);
	assert_int_equal(fx->r.counters.last_error, code);
}

void fx_expect(const struct fx *fx, uint8_t code)
{
	assert_int_equal(fx->tx_len >= 4, 1);
	assert_int_equal(fx->tx[1], code);
}

size_t fx_hash_size(const struct fx *fx)
{
	return prot_hash_size(fx->cfg.base_hash[0]);
}

void fx_hash(const struct fx *fx, const void *data, size_t len, uint8_t *out)
{
	assert_int_equal(prot_crypto_hash(&fx->cfg.crypto, fx->cfg.base_hash[0],
					  data, len, out),
			 PROT_OK);
}

size_t fx_chain(const struct fx *fx, uint8_t slot, uint8_t *out)
{
	const uint8_t *certs = fx->device.chain[slot];
	size_t len = fx->device.chain_len[slot];
	size_t h = fx_hash_size(fx);
	size_t root = slot == 0 ? 304 : 102;

	out[0] = (uint8_t)(4 + h + len);
	out[1] = (uint8_t)((4 + h + len) >> 8);
	out[2] = 0;
	out[3] = 0;
	fx_hash(fx, certs, root, out + 4);
	memcpy(out + 4 + h, certs, len);
	return 4 + h + len;
}

void fx_expect_signature(struct fx *fx, const char *context)
{
	const struct prot_crypto *c = &fx->cfg.crypto;
	size_t n = prot_signature_size(fx->cfg.base_asym[0]);
	struct prot_public_key key = {fx->cfg.base_asym[0], fx->public_key};
	uint8_t input[100 + PROT_HASH_MAX] = {0};
	struct prot_signed_data data = {.hash = fx->cfg.base_hash[0],
					.data = input,
					.len = 100 + fx_hash_size(fx)};
	static uint8_t all[sizeof(fx->vca) + sizeof(fx->script)];
	enum prot_status st;

	memcpy(all, fx->vca, fx->vca_len);
	memcpy(all + fx->vca_len, fx->script, fx->script_len - n);
	for (size_t i = 0; i < 64; i += 16) {
		memcpy(input + i,
		       fx->cfg.version == PROT_SPDM_VERSION_13
			       ? "dmtf-spdm-v1.3.*"
			       : "dmtf-spdm-v1.2.*",
		       16);
	}
	memcpy(input + 100 - strlen(context), context, strlen(context));
	fx_hash(fx, all, fx->vca_len + fx->script_len - n, input + 100);
	do {
		st = c->ops->verify(c->ctx, &key, &data,
				    fx->script + fx->script_len - n, n);
	} while (st == PROT_PENDING);
	assert_int_equal(st, PROT_OK);
}

void fx_measure(struct fx *fx, uint8_t attributes, uint8_t operation)
{
	fx_get_measurements(fx, attributes, operation, 0);
	fx_collect(fx);
	fx_expect(fx, 0x60);
	fx_keep(fx);
}

/* The whole chain of slot 0, in portions. */
static void read_chain(struct fx *fx, const uint8_t *chain, size_t chain_len)
{
	size_t at = 0;

	while (at < chain_len) {
		size_t portion;

		fx_get_certificate(fx, 0, (uint16_t)at, 200);
		fx_collect(fx);
		fx_expect(fx, 0x02);
		fx_keep(fx);
		portion = fx->tx[4] | (size_t)fx->tx[5] << 8;
		assert_memory_equal(fx->tx + 8, chain + at, portion);
		at += portion;
		assert_int_equal(fx->tx[6] | fx->tx[7] << 8, chain_len - at);
	}
}

void fx_converse(struct fx *fx)
{
	uint8_t chain[1024];
	uint8_t digest[PROT_HASH_MAX];
	size_t chain_len;

	memset(&fx->r.counters, 0, sizeof(fx->r.counters));
	fx_connect(fx);
	SAY(fx, fx->cfg.version, 0x81, 0, 0);
	fx_collect(fx);
	fx_expect(fx, 0x01);
	fx_keep(fx);
	chain_len = fx_chain(fx, 0, chain);
	fx_hash(fx, chain, chain_len, digest);
	assert_int_equal(fx->tx[3], 1u << 0 | 1u << 2);
	assert_memory_equal(fx->tx + 4, digest, fx_hash_size(fx));
	read_chain(fx, chain, chain_len);
	fx_challenge(fx, 0, 0xff);
	fx_collect(fx);
	fx_expect(fx, 0x03);
	fx_keep(fx);
	fx_expect_signature(fx, "responder-challenge_auth signing");
	assert_int_equal(prot_spdm_responder_state(&fx->r),
			 PROT_SPDM_STATE_AUTHENTICATED);

	fx->script_len = 0;
	fx_measure(fx, 0, 0);
	assert_int_equal(fx->tx[2], 4);
	fx_measure(fx, 0, 2);
	fx_measure(fx, 1, 0xff);
	fx_expect_signature(fx, "responder-measurements signing");
	assert_int_equal(fx->r.counters.signatures, 2);
	assert_int_equal(fx->r.counters.errors, 0);
	assert_false(fx->device.overrun);
	assert_false(fx->device.misused);
	assert_false(fx->fake.misused);
}
