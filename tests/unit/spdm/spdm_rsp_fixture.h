/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPDM_RSP_FIXTURE_H
#define SPDM_RSP_FIXTURE_H

/*
 * A responder with a small device behind it, and a requester's view of the
 * connection: what was sent and received is kept byte for byte, so that
 * transcripts and signatures are recomputed from the messages alone.
 */

#include <prot/crypto_fake.h>
#include <prot/spdm/responder.h>

#include <string.h>

#define FX_SLOT_EMPTY 3u /* exists, holds no certificates */
#define FX_SLOTS      (1u << 0 | 1u << 2 | 1u << FX_SLOT_EMPTY)

struct fx_device {
	/* knobs */
	uint32_t pend;    /* each op that may pend does so this often first */
	uint32_t fail_at; /* the n-th op fails, from 1; 0: none */
	enum prot_status fail_with;
	enum prot_status key_status; /* of the key op */
	enum prot_spdm_content_change change;
	size_t raw_growth; /* bytes that a raw value grows when it is sized */

	/* observations */
	uint32_t calls, measured, sized;
	bool pending_update;
	bool misused; /* a pending op was not repeated as it was called */
	bool overrun; /* a read beyond an object */

	uint32_t pended;
	const void *pending_op;
	const void *pending_buf;
	size_t pending_arg;
	prot_key key[PROT_SPDM_SLOT_COUNT];
	uint8_t chain[PROT_SPDM_SLOT_COUNT][700];
	size_t chain_len[PROT_SPDM_SLOT_COUNT];
	enum prot_hash_alg digest_alg;
};

struct fx {
	struct prot_crypto_fake fake;
	struct fx_device device;
	struct prot_spdm_responder_config cfg;
	struct prot_spdm_responder r;
	struct prot_spdm_deferral deferral;
	uint8_t deferral_buf[2048];
	uint64_t now_ms;
	size_t padding; /* bytes that the transport adds to each request */
	uint8_t public_key[PROT_PUBLIC_KEY_MAX];

	uint8_t tx[2048]; /* the latest answer */
	size_t tx_len;
	uint8_t said[256]; /* the latest request */
	size_t said_len;
	/* messages since GET_VERSION, for test-side transcripts */
	uint8_t vca[512];
	size_t vca_len;
	uint8_t script[8192];
	size_t script_len;
};

/* Version 1.3, fake crypto, P-384 with SHA-384, no deferral. */
void fx_config(struct fx *fx);
/* Take cfg as it is now. */
void fx_start(struct fx *fx, bool with_deferral);
void fx_init(struct fx *fx);

/* Send a request; the answer is in tx. */
void fx_say(struct fx *fx, const uint8_t *msg, size_t len);
#define SAY(fx, ...)                                                           \
	fx_say(fx, (const uint8_t[]){__VA_ARGS__},                             \
	       sizeof((const uint8_t[]){__VA_ARGS__}))
/* Append the latest exchange to the test's transcript. */
void fx_keep(struct fx *fx);
/* The same for GET_VERSION .. ALGORITHMS. */
void fx_keep_vca(struct fx *fx);

/* Requests that are right for the configured version. */
void fx_get_capabilities(struct fx *fx, uint32_t flags, uint32_t transfer);
void fx_negotiate(struct fx *fx, uint32_t asym, uint32_t hash);
void fx_challenge(struct fx *fx, uint8_t slot, uint8_t summary);
void fx_get_measurements(struct fx *fx, uint8_t attributes, uint8_t operation,
			 uint8_t slot);
void fx_get_certificate(struct fx *fx, uint8_t slot, uint16_t offset,
			uint16_t len);
/* GET_VERSION .. ALGORITHMS, all of it accepted. */
void fx_connect(struct fx *fx);
/* Send RESPOND_IF_READY while the answer is ResponseNotReady. */
void fx_collect(struct fx *fx);

/* GET_MEASUREMENTS that succeeds and enters the test's transcript. */
void fx_measure(struct fx *fx, uint8_t attributes, uint8_t operation);
/*
 * Everything that an attestation takes: digests, chain, challenge with a
 * summary hash, then measurements in three requests, the last one signed.
 */
void fx_converse(struct fx *fx);

/* The answer is ERROR with this code and Param2. */
void fx_expect_error(const struct fx *fx, uint8_t code, uint8_t param2);
/* The answer has this response code. */
void fx_expect(const struct fx *fx, uint8_t code);

/*
 * The answer ends with a valid signature by slot 0 over the test's transcript
 * (VCA, script) in this context.
 */
void fx_expect_signature(struct fx *fx, const char *context);

size_t fx_hash_size(const struct fx *fx);
void fx_hash(const struct fx *fx, const void *data, size_t len, uint8_t *out);
/* The chain structure of a slot. */
size_t fx_chain(const struct fx *fx, uint8_t slot, uint8_t *out);

#endif /* SPDM_RSP_FIXTURE_H */
