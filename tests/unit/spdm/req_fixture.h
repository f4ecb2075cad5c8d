/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SPDM_REQ_FIXTURE_H
#define TEST_SPDM_REQ_FIXTURE_H

/*
 * The requester against a recorded responder, with real cryptography. The
 * random op hands out the recorded nonces, so that every request equals the
 * recorded one and the recorded signatures fit; each request is compared.
 * Tests then change one response, or one circumstance.
 */

#include <prot/crypto_wolfcrypt.h>
#include <prot/spdm/requester.h>
#include <prot/x509.h>

#include "recording.h"
#include "spdm_requester.h"

#define FIXTURE_CHAIN_CAP 4096
#define FIXTURE_TX_CAP    64

/* The operations of the recorded requester, in order. */
enum fixture_op {
	OP_CONNECT,
	OP_DIGESTS,
	OP_CERTIFICATE,
	OP_CERTIFICATE_OTHER, /* slot 1 or 4 */
	OP_CHALLENGE,
	OP_DIGESTS_2,
	OP_CERTIFICATE_2,
	OP_DIGESTS_3,
	OP_MEASUREMENTS,
	OP_COUNT
};

struct fixture {
	struct prot_wolfcrypt wolfcrypt; /* first: is the crypto context */
	struct prot_crypto_ops ops;
	struct recording recording;
	struct prot_trust_anchor anchors[2];
	struct prot_spdm_requester_config cfg;
	struct prot_spdm_slot slots[PROT_SPDM_SLOT_COUNT];
	uint8_t tx[FIXTURE_TX_CAP];
	uint8_t chain[FIXTURE_CHAIN_CAP];

	struct prot_spdm_requester q;
	struct prot_spdm_output out; /* of the last step */
	uint64_t now_ms;
	unsigned op;   /* enum fixture_op under way */
	size_t at;     /* index of the recorded request to come */
	size_t random; /* bytes of it that the random op gave already */
	bool compare;  /* requests must equal the recorded ones */
	unsigned pend; /* verify and chain check pend that often each */
	unsigned pended;
	unsigned verifications; /* calls that did not pend */
	bool fail_random;
};

/* `name`: of a recording in tests/vectors/spdm. Fails the test on trouble. */
void fixture_init(struct fixture *f, const char *name);
void fixture_free(struct fixture *f);

/* Start an operation as the recorded requester did. */
enum prot_status fixture_start(struct fixture *f, enum fixture_op op);

/* One step; `msg` NULL for a tick. */
enum prot_status fixture_step(struct fixture *f, const uint8_t *msg,
			      size_t len);

/* Feed recorded responses until the operation ends. */
enum prot_status fixture_finish(struct fixture *f);

/* Do all operations before `op` (they must succeed), then start `op`. */
void fixture_before(struct fixture *f, enum fixture_op op);

/*
 * Go on until a request of this code has been sent the first time in the
 * operation under way.
 */
void fixture_until(struct fixture *f, uint8_t code);

/* The recorded response to the request that was sent last; borrowed. */
const struct recorded_message *fixture_response(const struct fixture *f);

/* A changed copy of that response, handed in; ends or continues the op. */
enum prot_status fixture_answer(struct fixture *f, const uint8_t *msg,
				size_t len);

/* The operation ended like that. */
void fixture_expect(const struct fixture *f, enum prot_status status,
		    enum prot_spdm_reason reason);

#endif /* TEST_SPDM_REQ_FIXTURE_H */
