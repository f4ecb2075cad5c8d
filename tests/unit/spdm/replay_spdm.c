/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replays recorded SPDM exchanges: replay_spdm FILE.json...
 *
 * Each exchange outside sessions, from GET_VERSION to GET_MEASUREMENTS, goes
 * through the requester as if it had sent the recorded request: the response
 * is decoded and compared with the request, the transcripts are computed, and
 * every decision is made, with real cryptography. SPDM 1.1, 1.2 and 1.3.
 *
 * Root certificates to trust are root-0.der and root-1.der next to the file.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <prot/crypto_wolfcrypt.h>
#include <prot/spdm/requester.h>
#include <prot/x509.h>

#include "recording.h"
#include "spdm_requester.h"
#include "spdm_transcript.h"

#define ANCHOR_COUNT 2
#define CHAIN_CAP    8192
#define TX_CAP       256

/* The recordings were made then; the certificates are valid until 2036. */
#define RECORDED_AT_S 1795000000u /* November 2026 */

struct replay {
	struct prot_wolfcrypt wolfcrypt;
	struct prot_spdm_requester_config cfg;
	struct prot_spdm_requester q;
	struct prot_spdm_slot slots[PROT_SPDM_SLOT_COUNT];
	struct prot_trust_anchor anchors[ANCHOR_COUNT];
	uint8_t tx[TX_CAP];
	uint8_t chain[CHAIN_CAP];
	unsigned exchanges;
	unsigned skipped;
	unsigned challenges;
	unsigned measurements;
	unsigned chains;
};

static const struct prot_spdm_request *const known[] = {
	&prot_spdm_req_version,      &prot_spdm_req_capabilities,
	&prot_spdm_req_algorithms,   &prot_spdm_req_digests,
	&prot_spdm_req_certificate,  &prot_spdm_req_challenge,
	&prot_spdm_req_measurements,
};

static const struct prot_spdm_request *find(const struct recorded_message *m)
{
	if (m->mctp_type != RECORDING_TYPE_SPDM || m->len < SPDM_HEADER_SIZE) {
		return NULL;
	}
	for (size_t i = 0; i < PROT_ARRAY_SIZE(known); i++) {
		if (known[i]->command->code == m->bytes[1]) {
			return known[i];
		}
	}
	return NULL;
}

/* Offer exactly what the recorded requester offered. */
static void take_offer(struct replay *t, const struct recorded_message *m)
{
	struct prot_spdm_offer *offer = &t->cfg.offer;
	uint16_t *tables[] = {&offer->dhe, &offer->aead, &offer->req_asym,
			      &offer->key_schedule};
	struct prot_rd rd = prot_rd_init(m->bytes, m->len);

	(void)prot_rd_bytes(&rd, 7);
	offer->opaque_formats = prot_rd_u8(&rd);
	t->q.result.multi_key =
		(offer->opaque_formats & SPDM_OTHER_PARAMS_MULTI_KEY) != 0;
	offer->opaque_formats &= SPDM_OPAQUE_FORMAT_MASK;
	(void)prot_rd_bytes(&rd, 23);
	offer->mel_spec = prot_rd_u8(&rd);
	while (rd.left >= 4) {
		uint8_t type = prot_rd_u8(&rd);

		(void)prot_rd_u8(&rd);
		if (type >= SPDM_ALG_DHE && type <= SPDM_ALG_KEY_SCHEDULE) {
			*tables[type - SPDM_ALG_DHE] = prot_rd_le16(&rd);
		}
	}
}

/* What the requester keeps besides the request bytes. */
static void prepare(struct replay *t, const struct recorded_message *m)
{
	struct prot_rd rd = prot_rd_init(m->bytes, m->len);

	switch (m->bytes[1]) {
	case SPDM_GET_VERSION:
		if (prot_spdm_requester_connect(&t->q) != PROT_OK) {
			abort();
		}
		break;
	case SPDM_GET_CAPABILITIES:
		(void)prot_rd_bytes(&rd, 8);
		t->cfg.flags = prot_rd_le32(&rd);
		break;
	case SPDM_NEGOTIATE_ALGORITHMS:
		take_offer(t, m);
		break;
	case SPDM_GET_CERTIFICATE:
		(void)prot_rd_le32(&rd);
		if (prot_rd_le16(&rd) == 0) {
			t->q.chain_have = 0;
			t->q.chain_want = 0;
		}
		break;
	default:
		break;
	}
}

static bool replay_exchange(struct replay *t,
			    const struct prot_spdm_request *request,
			    const struct recorded_message *m)
{
	struct prot_spdm_requester *q = &t->q;
	enum prot_status st;

	if (m[0].len > sizeof(t->tx)) {
		fprintf(stderr, "request of %zu bytes\n", m[0].len);
		return false;
	}
	prepare(t, m);
	memcpy(t->tx, m[0].bytes, m[0].len);
	q->request = request;
	q->request_len = m[0].len;
	prot_spdm_transcript_begin(&q->transcript, request->command, q->state);
	st = prot_spdm_req_receive(q, m[1].bytes, m[1].len);
	q->request = NULL;
	/* After some requests the requester by itself goes on with the next. */
	return st == PROT_OK ||
	       (st == PROT_PENDING && q->phase == SPDM_REQ_SEND);
}

static void count(struct replay *t, const struct prot_spdm_request *request)
{
	const struct prot_spdm_verdict *v = t->q.result.verdict;

	t->exchanges++;
	t->challenges +=
		request == &prot_spdm_req_challenge &&
		v[PROT_SPDM_DECIDE_CHALLENGE_SIGNATURE].status == PROT_OK;
	t->measurements +=
		request == &prot_spdm_req_measurements &&
		v[PROT_SPDM_DECIDE_MEASUREMENT_SIGNATURE].status == PROT_OK;
	t->chains += request == &prot_spdm_req_certificate &&
		     v[PROT_SPDM_DECIDE_CHAIN_PATH].status == PROT_OK;
}

static bool complain(const struct replay *t, const struct recording *r,
		     size_t at)
{
	const struct prot_spdm_result *res = &t->q.result;

	fprintf(stderr, "%s: message %zu (code 0x%02x): %s", r->name, at + 1,
		r->messages[at + 1].bytes[1],
		prot_spdm_reason_text(res->reason));
	if (res->reason == PROT_SPDM_REASON_CHAIN_PATH) {
		fprintf(stderr, ": %s",
			prot_chain_reason_text(res->path.reason));
	}
	fprintf(stderr, "\n");
	return false;
}

static bool replay_all(struct replay *t, const struct recording *r)
{
	for (size_t i = 0; i + 1 < r->count; i += 2) {
		const struct prot_spdm_request *request = find(&r->messages[i]);

		if (!request) {
			t->skipped += 2;
			continue;
		}
		if (!replay_exchange(t, request, &r->messages[i])) {
			return complain(t, r, i);
		}
		count(t, request);
	}
	printf("%s: %u exchanges, %u chains, %u challenges, %u signed "
	       "measurements; %u messages of sessions or other requests "
	       "skipped\n",
	       r->name, t->exchanges, t->chains, t->challenges, t->measurements,
	       t->skipped);
	if (t->chains == 0 || t->challenges == 0 || t->measurements == 0) {
		fprintf(stderr, "%s: nothing was verified\n", r->name);
		return false;
	}
	return true;
}

static bool load_anchors(struct replay *t, const char *path)
{
	char copy[1024];
	char name[1100];

	for (unsigned i = 0; i < ANCHOR_COUNT; i++) {
		struct prot_span *cert = &t->anchors[i].cert;

		snprintf(copy, sizeof(copy), "%s", path);
		snprintf(name, sizeof(name), "%s/root-%u.der", dirname(copy),
			 i);
		cert->at = read_file(name, &cert->len);
		if (!cert->at) {
			fprintf(stderr, "cannot read %s\n", name);
			return false;
		}
	}
	return true;
}

static bool set_up(struct replay *t, const char *path)
{
	memset(t, 0, sizeof(*t));
	if (!load_anchors(t, path) ||
	    prot_wolfcrypt_init(&t->wolfcrypt, NULL, 0) != PROT_OK) {
		return false;
	}
	t->cfg = (struct prot_spdm_requester_config){
		.crypto = prot_wolfcrypt_crypto(&t->wolfcrypt),
		.chain_check = prot_x509_chain_check,
		.anchors = t->anchors,
		.anchor_count = ANCHOR_COUNT,
		.date_s = RECORDED_AT_S,
		.slots = t->slots,
		.slot_count = PROT_SPDM_SLOT_COUNT,
		.tx = t->tx,
		.tx_cap = sizeof(t->tx),
		.chain = t->chain,
		.chain_cap = sizeof(t->chain),
		.max_message = 4608,
		.version_min = PROT_SPDM_VERSION_12,
		.version_max = PROT_SPDM_VERSION_13,
		.max_wait_ms = 1000,
	};
	if (prot_spdm_requester_init(&t->q, &t->cfg) != PROT_OK) {
		fprintf(stderr, "the requester refuses its configuration\n");
		return false;
	}
	t->cfg.version_min = PROT_SPDM_VERSION_11; /* only to replay */
	return true;
}

static void tear_down(struct replay *t)
{
	prot_wolfcrypt_free(&t->wolfcrypt);
	for (unsigned i = 0; i < ANCHOR_COUNT; i++) {
		union {
			const uint8_t *borrowed;
			uint8_t *owned;
		} cert = {t->anchors[i].cert.at};

		free(cert.owned);
	}
}

int main(int argc, char **argv)
{
	static struct replay t;
	bool ok = argc > 1;

	if (!ok) {
		fprintf(stderr, "usage: replay_spdm FILE.json...\n");
	}
	for (int i = 1; i < argc; i++) {
		struct recording r;

		if (!recording_load(&r, argv[i])) {
			ok = false;
			continue;
		}
		ok = set_up(&t, argv[i]) && replay_all(&t, &r) && ok;
		tear_down(&t);
		recording_free(&r);
	}
	return ok ? 0 : 1;
}
