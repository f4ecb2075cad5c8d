/* SPDX-License-Identifier: Apache-2.0 */
#include "req_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

/* The certificates are valid from June 2026 to June 2036. */
#define RECORDED_AT_S 1795000000u

static enum prot_status scripted_random(void *ctx, void *out, size_t len)
{
	struct fixture *f = ctx;
	const struct recorded_message *m = &f->recording.messages[f->at];
	size_t from = len == PROT_SPDM_REQUESTER_CONTEXT_SIZE
			      ? m->len - len
			      : SPDM_HEADER_SIZE + f->random;

	if (f->fail_random) {
		return PROT_ERR_CRYPTO;
	}
	if (!f->compare) {
		memset(out, 0x5a, len);
		return PROT_OK;
	}
	assert_true(from + len <= m->len);
	memcpy(out, m->bytes + from, len);
	f->random += len;
	return PROT_OK;
}

static bool pends(struct fixture *f)
{
	if (f->pended < f->pend) {
		f->pended++;
		return true;
	}
	f->pended = 0;
	f->verifications++;
	return false;
}

static enum prot_status slow_verify(void *ctx,
				    const struct prot_public_key *key,
				    const struct prot_signed_data *what,
				    const uint8_t *sig, size_t sig_len)
{
	if (pends(ctx)) {
		return PROT_PENDING;
	}
	return prot_wolfcrypt_ops.verify(ctx, key, what, sig, sig_len);
}

static enum prot_status slow_chain_check(const struct prot_crypto *crypto,
					 const struct prot_chain_query *query,
					 struct prot_chain_result *result)
{
	/* prot_x509_chain_check passes on what verify pends. */
	return prot_x509_chain_check(crypto, query, result);
}

static void load_anchor(struct prot_trust_anchor *anchor, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/spdm/%s", VECTORS_DIR, name);
	anchor->cert.at = read_file(path, &anchor->cert.len);
	assert_non_null(anchor->cert.at);
}

void fixture_init(struct fixture *f, const char *name)
{
	bool v12 = strncmp(name, "v12", 3) == 0;
	char path[512];

	memset(f, 0, sizeof(*f));
	snprintf(path, sizeof(path), "%s/spdm/%s.json", VECTORS_DIR, name);
	assert_true(recording_load(&f->recording, path));
	load_anchor(&f->anchors[0], "root-0.der");
	load_anchor(&f->anchors[1], "root-1.der");
	assert_int_equal(prot_wolfcrypt_init(&f->wolfcrypt, NULL, 0), PROT_OK);
	f->ops = prot_wolfcrypt_ops;
	f->ops.random = scripted_random;
	f->ops.verify = slow_verify;
	f->cfg = (struct prot_spdm_requester_config){
		.crypto = {&f->ops, f},
		.chain_check = slow_chain_check,
		.anchors = f->anchors,
		.anchor_count = 2,
		.date_s = RECORDED_AT_S,
		.slots = f->slots,
		.slot_count = PROT_SPDM_SLOT_COUNT,
		.tx = f->tx,
		.tx_cap = sizeof(f->tx),
		.chain = f->chain,
		.chain_cap = sizeof(f->chain),
		.max_message = 4608,
		.version_min = PROT_SPDM_VERSION_12,
		.version_max = PROT_SPDM_VERSION_13,
		.flags = v12 ? 0x0002f7c6 : 0x0882f7c6,
		.offer = {.hashes = 1u << PROT_HASH_SHA384,
			  .asyms = 1u << PROT_ASYM_ECDSA_P384,
			  .opaque_formats = 2,
			  .mel_spec = 1,
			  .multi_key = true,
			  .dhe = 0x0010,
			  .aead = 0x0002,
			  .req_asym = 0x0080,
			  .key_schedule = 0x0001},
		.rtt_ms = 10,
		.max_wait_ms = 1000,
		.busy_wait_ms = 50,
		.retries = 2,
	};
	f->compare = true;
	f->now_ms = 1000;
	assert_int_equal(prot_spdm_requester_init(&f->q, &f->cfg), PROT_OK);
}

void fixture_free(struct fixture *f)
{
	for (unsigned i = 0; i < 2; i++) {
		union {
			const uint8_t *borrowed;
			uint8_t *owned;
		} cert = {f->anchors[i].cert.at};

		free(cert.owned);
	}
	recording_free(&f->recording);
	prot_wolfcrypt_free(&f->wolfcrypt);
}

enum prot_status fixture_start(struct fixture *f, enum fixture_op op)
{
	const struct prot_spdm_measurements_query all = {
		.operation = PROT_SPDM_MEASUREMENTS_ALL,
		.sign = true,
	};

	f->op = op;
	switch (op) {
	case OP_CONNECT:
		return prot_spdm_requester_connect(&f->q);
	case OP_DIGESTS:
	case OP_DIGESTS_2:
	case OP_DIGESTS_3:
		return prot_spdm_requester_get_digests(&f->q);
	case OP_CERTIFICATE:
	case OP_CERTIFICATE_2:
		return prot_spdm_requester_get_certificate(&f->q, 0);
	case OP_CERTIFICATE_OTHER:
		return prot_spdm_requester_get_certificate(
			&f->q, f->recording.messages[f->at].bytes[2]);
	case OP_CHALLENGE:
		return prot_spdm_requester_challenge(&f->q, 0,
						     PROT_SPDM_SUMMARY_ALL);
	case OP_MEASUREMENTS:
		return prot_spdm_requester_get_measurements(&f->q, &all);
	case OP_COUNT:
		break;
	}
	return PROT_ERR_ARG;
}

enum prot_status fixture_step(struct fixture *f, const uint8_t *msg, size_t len)
{
	const struct recorded_message *m = &f->recording.messages[f->at];
	enum prot_status st;

	st = prot_spdm_requester_step(&f->q, msg, len, f->now_ms, &f->out);
	if (st == PROT_PENDING && f->out.msg && f->compare) {
		assert_int_equal(f->out.len, m->len);
		assert_memory_equal(f->out.msg, m->bytes, m->len);
	}
	return st;
}

const struct recorded_message *fixture_response(const struct fixture *f)
{
	return &f->recording.messages[f->at + 1];
}

enum prot_status fixture_answer(struct fixture *f, const uint8_t *msg,
				size_t len)
{
	enum prot_status st;

	f->at += 2;
	f->random = 0;
	st = fixture_step(f, msg, len);
	while (st == PROT_PENDING && !f->out.msg) {
		st = fixture_step(f, NULL, 0);
	}
	return st;
}

enum prot_status fixture_finish(struct fixture *f)
{
	enum prot_status st = PROT_PENDING;

	if (!f->out.msg) {
		st = fixture_step(f, NULL, 0);
	}
	while (st == PROT_PENDING && f->out.msg) {
		const struct recorded_message *m = fixture_response(f);

		st = fixture_answer(f, m->bytes, m->len);
	}
	f->out.msg = NULL;
	return st;
}

void fixture_before(struct fixture *f, enum fixture_op op)
{
	for (unsigned i = 0; i < (unsigned)op; i++) {
		assert_int_equal(fixture_start(f, (enum fixture_op)i), PROT_OK);
		assert_int_equal(fixture_finish(f), PROT_OK);
	}
	assert_int_equal(fixture_start(f, op), PROT_OK);
}

void fixture_until(struct fixture *f, uint8_t code)
{
	enum prot_status st = PROT_PENDING;

	if (!f->out.msg) {
		st = fixture_step(f, NULL, 0);
	}
	while (st == PROT_PENDING && f->out.msg && f->out.msg[1] != code) {
		const struct recorded_message *m = fixture_response(f);

		st = fixture_answer(f, m->bytes, m->len);
	}
	assert_int_equal(st, PROT_PENDING);
	assert_non_null(f->out.msg);
}

void fixture_expect(const struct fixture *f, enum prot_status status,
		    enum prot_spdm_reason reason)
{
	const struct prot_spdm_result *r = prot_spdm_requester_result(&f->q);

	if (r->status != status || r->reason != reason) {
		print_error("%s, %s\n", prot_status_text(r->status),
			    prot_spdm_reason_text(r->reason));
	}
	assert_int_equal(r->status, status);
	assert_int_equal(r->reason, reason);
}
