/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The requester's step function against a sequence of responses.
 *
 * Input: one byte of configuration, then records: two bytes of length, little
 * endian, and that many bytes, which are handed in as the response to
 * whatever the requester sent last; length 0xFFFF is silence until the next
 * tick. All operations run in turn; one that fails is followed by connect.
 * Signatures are accepted, so that what comes after them is reached.
 */
#include <stdlib.h>
#include <string.h>

#include <prot/crypto_fake.h>
#include <prot/spdm/measurement.h>
#include <prot/spdm/requester.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SILENCE   0xffffu
#define CHAIN_CAP 2048
#define TICKS_MAX 64

struct target {
	struct prot_crypto_fake fake;
	struct prot_spdm_requester q;
	struct prot_spdm_requester_config cfg;
	struct prot_spdm_slot slots[PROT_SPDM_SLOT_COUNT];
	uint8_t tx[PROT_SPDM_REQUESTER_TX_MIN];
	uint8_t *chain;
	uint8_t *message; /* the last one handed in */
	struct prot_spdm_output out;
	uint64_t now_ms;
	unsigned next_op;
};

static enum prot_status trust_path(const struct prot_crypto *crypto,
				   const struct prot_chain_query *query,
				   struct prot_chain_result *result)
{
	static const uint8_t key[PROT_PUBLIC_KEY_MAX] = {1};

	(void)crypto;
	result->leaf.key.alg = query->leaf_alg;
	result->leaf.key.bytes = key;
	return PROT_OK;
}

static enum prot_status start(struct target *t)
{
	const struct prot_spdm_measurements_query all = {
		.operation = PROT_SPDM_MEASUREMENTS_ALL, .sign = true};
	const struct prot_spdm_measurements_query one = {.operation = 2,
							 .raw = true};
	const struct prot_spdm_measurements_query count = {0};

	switch (t->next_op++) {
	case 0:
		return prot_spdm_requester_connect(&t->q);
	case 1:
		return prot_spdm_requester_get_digests(&t->q);
	case 2:
		return prot_spdm_requester_get_certificate(&t->q, 0);
	case 3:
		return prot_spdm_requester_challenge(&t->q, 0,
						     PROT_SPDM_SUMMARY_ALL);
	case 4:
		return prot_spdm_requester_get_measurements(&t->q, &count);
	case 5:
		return prot_spdm_requester_get_measurements(&t->q, &one);
	case 6:
		return prot_spdm_requester_get_measurements(&t->q, &all);
	default:
		t->next_op = 0;
		return PROT_ERR_STATE;
	}
}

/* Look at everything that the result points to. */
static void use_result(struct target *t)
{
	const struct prot_spdm_result *r = prot_spdm_requester_result(&t->q);
	struct prot_spdm_measurement_block m;
	volatile uint8_t sum = 0;

	for (unsigned i = 1; r->record.len != 0 && i < 0xff; i++) {
		if (prot_spdm_measurement_find(r->record.at, r->record.len,
					       (uint8_t)i, &m) == PROT_OK &&
		    m.value_len != 0) {
			sum = (uint8_t)(sum + m.value[m.value_len - 1]);
		}
	}
	if (r->certs.len != 0) {
		sum = (uint8_t)(sum + r->certs.at[r->certs.len - 1]);
	}
	if (prot_spdm_requester_check_summary(&t->q, NULL) == PROT_OK) {
		sum++;
	}
}

/* The operation ended like that: look at it, and start the next one. */
static enum prot_status go_on(struct target *t, enum prot_status st)
{
	use_result(t);
	if (st != PROT_OK) {
		t->next_op = 0;
	}
	return start(t);
}

/* Until the requester waits for a message, or a limit of ticks. */
static void settle(struct target *t, enum prot_status st)
{
	for (unsigned i = 0; i < TICKS_MAX; i++) {
		if (st == PROT_PENDING && t->out.msg) {
			return;
		}
		if (st == PROT_PENDING && t->out.wake_ms != UINT64_MAX) {
			t->now_ms = t->out.wake_ms;
		}
		if (st != PROT_PENDING && go_on(t, st) != PROT_OK) {
			st = PROT_ERR_STATE;
			continue;
		}
		st = prot_spdm_requester_step(&t->q, NULL, 0, t->now_ms,
					      &t->out);
	}
}

static void feed(struct target *t, struct prot_rd *rd)
{
	size_t len = prot_rd_le16(rd);
	const uint8_t *bytes;
	uint8_t *copy;
	enum prot_status st;

	if (len == SILENCE) {
		t->now_ms = t->out.wake_ms;
		settle(t, prot_spdm_requester_step(&t->q, NULL, 0, t->now_ms,
						   &t->out));
		return;
	}
	len = len < rd->left ? len : rd->left;
	bytes = prot_rd_bytes(rd, len);
	/* Exact size, so that a sanitizer sees the first byte past the end. */
	copy = malloc(len != 0 ? len : 1);
	if (!copy || !bytes) {
		abort();
	}
	memcpy(copy, bytes, len);
	st = prot_spdm_requester_step(&t->q, copy, len, t->now_ms, &t->out);
	settle(t, st);
	free(t->message);
	t->message = copy;
}

static void configure(struct target *t, uint8_t choice)
{
	t->fake.accept_any = true;
	t->fake.pend = choice >> 6;
	t->cfg = (struct prot_spdm_requester_config){
		.crypto = prot_crypto_fake_crypto(&t->fake),
		.chain_check = trust_path,
		.slots = t->slots,
		.slot_count = PROT_SPDM_SLOT_COUNT,
		.tx = t->tx,
		.tx_cap = sizeof(t->tx),
		.chain = t->chain,
		.chain_cap = CHAIN_CAP,
		.max_message = 2048,
		.version_min = choice & 1 ? PROT_SPDM_VERSION_13
					  : PROT_SPDM_VERSION_12,
		.version_max = PROT_SPDM_VERSION_13,
		.flags = choice & 2 ? PROT_SPDM_CAP_MUT_AUTH : 0,
		.offer = {.opaque_formats = 2,
			  .mel_spec = 1,
			  .multi_key = (choice & 4) != 0,
			  .dhe = choice & 8 ? 0x10 : 0,
			  .key_schedule = choice & 8 ? 1 : 0},
		.rtt_ms = 5,
		.max_wait_ms = 100,
		.retries = choice >> 4 & 3,
	};
	if (prot_spdm_requester_init(&t->q, &t->cfg) != PROT_OK) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct prot_rd rd = prot_rd_init(data, size);
	struct target t;

	memset(&t, 0, sizeof(t));
	t.chain = malloc(CHAIN_CAP);
	if (!t.chain) {
		abort();
	}
	configure(&t, prot_rd_u8(&rd));
	settle(&t, PROT_ERR_STATE);
	while (rd.left > 2) {
		feed(&t, &rd);
	}
	if (t.fake.misused) {
		abort();
	}
	free(t.message);
	free(t.chain);
	return 0;
}
