/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A requester that sends what it likes, in sequences.
 *
 * Input: one byte of set-up (bit 0: version 1.3; bit 1: a deferral; bits 2-3:
 * how often ops pend; bit 4: no MEAS_SIG; bit 5: small tx buffer), then records
 * that begin with a byte n: up to 250, a message of n bytes follows; 251, the
 * connection is reset; 252, poll; 253, the next byte times 4 ms go by; 254, the
 * latest RESPOND_IF_READY that is right; 255, a GET_VERSION.
 */
#include <prot/crypto_fake.h>
#include <prot/spdm/responder.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHAIN_SIZE 300u
#define RAW_SIZE   200u
#define TX_SMALL   60u

struct device {
	uint32_t pend, pended;
	uint64_t pending; /* fingerprint of the op under way */
	prot_key key;
};

static void require(bool condition)
{
	if (!condition) {
		abort();
	}
}

static enum prot_status enter(struct device *d, uint64_t call)
{
	require(d->pending == 0 || d->pending == call);
	if (d->pended < d->pend) {
		d->pended++;
		d->pending = call;
		return PROT_PENDING;
	}
	d->pended = 0;
	d->pending = 0;
	return PROT_OK;
}

static size_t object_size(enum prot_spdm_object what)
{
	switch (what) {
	case PROT_SPDM_OBJECT_CERTIFICATES:
		return CHAIN_SIZE;
	case PROT_SPDM_OBJECT_MEASUREMENT_DIGEST:
		return 48;
	case PROT_SPDM_OBJECT_MEASUREMENT_RAW:
		break;
	}
	return RAW_SIZE;
}

static enum prot_status size_op(void *ctx, enum prot_spdm_object what,
				uint8_t id, size_t *len)
{
	enum prot_status st =
		enter(ctx, 1u | (uint64_t)what << 8 | (uint64_t)id << 16);

	*len = object_size(what);
	if (st == PROT_OK && what == PROT_SPDM_OBJECT_CERTIFICATES && id == 1) {
		return PROT_ERR_NOT_FOUND;
	}
	return st;
}

static enum prot_status read_op(void *ctx, enum prot_spdm_object what,
				uint8_t id, size_t offset, uint8_t *buf,
				size_t len)
{
	static const uint8_t der[] = {0x30, 0x81, 0x80};
	uint64_t call = 2u | (uint64_t)what << 8 | (uint64_t)id << 16 |
			(uint64_t)offset << 24 | (uint64_t)len << 44;
	enum prot_status st = enter(ctx, call);

	require(offset <= object_size(what) &&
		len <= object_size(what) - offset);
	/* Written also while pending: the memory must stay the op's own. */
	for (size_t i = 0; i < len; i++) {
		buf[i] = offset + i < sizeof(der) ? der[offset + i] : id;
	}
	return st;
}

static enum prot_status key_op(void *ctx, uint8_t slot, prot_key *key)
{
	*key = ((struct device *)ctx)->key;
	return slot == 0 ? PROT_OK : PROT_ERR_NOT_FOUND;
}

static enum prot_status measure_op(void *ctx, bool pending_update,
				   enum prot_spdm_content_change *change)
{
	*change = PROT_SPDM_CONTENT_CHANGED;
	return enter(ctx, 3u | (uint64_t)pending_update << 8);
}

static const struct prot_spdm_responder_ops ops = {size_op, read_op, key_op,
						   measure_op};

static const struct prot_spdm_measurement measurements[] = {
	{1, 0, PROT_SPDM_MEASUREMENT_DIGEST | PROT_SPDM_MEASUREMENT_TCB},
	{9, 1, PROT_SPDM_MEASUREMENT_DIGEST | PROT_SPDM_MEASUREMENT_RAW},
	{0xfd, 4, PROT_SPDM_MEASUREMENT_RAW},
};

static const struct prot_spdm_responder_table *const tables[] = {
	&prot_spdm_responder_base,
	&prot_spdm_responder_identity,
	&prot_spdm_responder_measurement,
};

struct fuzz {
	struct prot_crypto_fake fake;
	struct device device;
	struct prot_spdm_responder_config cfg;
	struct prot_spdm_responder r;
	struct prot_spdm_deferral deferral;
	uint8_t deferral_buf[1024];
	uint8_t tx[1024];
	size_t tx_cap;
	uint64_t now_ms;
	uint8_t token, deferred; /* of the latest ResponseNotReady */
};

static void set_up(struct fuzz *f, uint8_t flags)
{
	static const uint8_t seed[32] = {1};
	uint32_t pend = flags >> 2 & 3u;
	bool with_deferral = flags & 2;

	memset(f, 0, sizeof(*f));
	f->tx_cap = flags & 0x20 ? TX_SMALL : sizeof(f->tx);
	f->cfg = (struct prot_spdm_responder_config){
		.tables = tables,
		.table_count = PROT_ARRAY_SIZE(tables),
		.crypto = prot_crypto_fake_crypto(&f->fake),
		.ops = &ops,
		.ops_ctx = &f->device,
		.measurements = measurements,
		.measurement_count = PROT_ARRAY_SIZE(measurements),
		.capabilities = PROT_SPDM_CAP_CERT | PROT_SPDM_CAP_CHAL |
				(flags & 0x10 ? PROT_SPDM_CAP_MEAS_NO_SIG
					      : PROT_SPDM_CAP_MEAS_SIG),
		.data_transfer_size = 256,
		.base_hash = {PROT_HASH_SHA384, PROT_HASH_SHA3_512,
			      PROT_HASH_SHA256},
		.base_asym = {PROT_ASYM_ECDSA_P384, PROT_ASYM_ECDSA_P256},
		.measurement_hash = PROT_HASH_SHA384,
		.version = flags & 1 ? 0x13 : 0x12,
		.slots = 7,
		.rdt_exponent = 10,
		.rdtm = 2,
	};
	f->deferral.buf = f->deferral_buf;
	f->deferral.cap = sizeof(f->deferral_buf);
	require(prot_crypto_fake_ops.key_derive(&f->fake, PROT_ASYM_ECDSA_P384,
						seed, sizeof(seed),
						&f->device.key) == PROT_OK);
	require(prot_spdm_responder_init(&f->r, &f->cfg,
					 with_deferral ? &f->deferral : NULL) ==
		PROT_OK);
	/* Without a deferral a pending op would never be repeated. */
	if (with_deferral) {
		f->device.pend = pend;
		f->fake.pend = pend;
	}
}

static void check_answer(struct fuzz *f, const uint8_t *msg, size_t len,
			 size_t tx_len)
{
	require(tx_len <= f->tx_cap);
	require((unsigned)f->r.state < PROT_SPDM_STATE_COUNT);
	require(!f->fake.misused);
	if (tx_len == 0) {
		require(len < 4 || msg[1] < 0x80);
		return;
	}
	require(len >= 4 && msg[1] >= 0x80 && tx_len >= 4);
	if (f->tx[1] == 0x7f) {
		require(f->tx[2] != 0 && f->tx[2] == f->r.counters.last_error);
		if (f->tx[2] == PROT_SPDM_ERROR_RESPONSE_NOT_READY) {
			require(tx_len == 8);
			f->deferred = f->tx[5];
			f->token = f->tx[6];
		}
		return;
	}
	require(f->tx[0] == msg[0]);
	require(f->tx[1] == (msg[1] & 0x7f) || msg[1] == 0xff);
	if (f->r.state >= PROT_SPDM_STATE_CAPABILITIES) {
		require(tx_len <= f->r.peer_data_transfer_size);
	}
}

static void say(struct fuzz *f, const uint8_t *msg, size_t len)
{
	/* Of exact size, so that a sanitizer sees the first byte past it. */
	uint8_t *rx = malloc(len + (len == 0));
	struct prot_spdm_io io = {PROT_SPDM_CLEAR, rx, len, f->tx, f->tx_cap};
	size_t tx_len = 0;

	require(rx != NULL);
	memcpy(rx, msg, len);
	require(prot_spdm_responder_handle(&f->r, &io, &tx_len, f->now_ms) ==
		PROT_OK);
	free(rx);
	check_answer(f, msg, len, tx_len);
}

static void act(struct fuzz *f, uint8_t n, struct prot_rd *rd)
{
	const uint8_t collect[] = {f->cfg.version, 0xff, f->deferred, f->token};
	static const uint8_t version[] = {0x10, 0x84, 0, 0};

	switch (n) {
	case 251:
		prot_spdm_responder_reset(&f->r);
		break;
	case 252:
		(void)prot_spdm_responder_poll(&f->r);
		break;
	case 253:
		f->now_ms += prot_rd_u8(rd) * 4u;
		break;
	case 254:
		say(f, collect, sizeof(collect));
		break;
	default:
		say(f, version, sizeof(version));
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz f;
	struct prot_rd rd = prot_rd_init(data, size);

	set_up(&f, prot_rd_u8(&rd));
	while (rd.left != 0) {
		uint8_t n = prot_rd_u8(&rd);

		if (n > 250) {
			act(&f, n, &rd);
		} else {
			size_t len = n < rd.left ? n : rd.left;

			say(&f, prot_rd_bytes(&rd, len), len);
		}
	}
	return 0;
}
