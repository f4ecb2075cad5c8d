/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CRYPTO_FAKE_H
#define PROT_CRYPTO_FAKE_H

/*
 * A provider for tests and fuzzing: deterministic, fast, and WITHOUT ANY
 * SECURITY. Hashes have the right length and depend on every byte, in order;
 * a signature can be recomputed by anybody who has the public key; random
 * bytes are a counter.
 *
 * It is a library of its own, prot-crypto-fake, never installed, and it does
 * not link unless the program defines prot_crypto_fake_allowed_in_tests, as
 * the Meson dependency crypto_fake_dep does.
 */

#include <prot/crypto.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_CRYPTO_FAKE_KEYS 8

/*
 * Public: a test sets the knobs and reads the counters at any time. Zero
 * initialisation is all it needs: struct prot_crypto_fake f = {0}.
 */
struct prot_crypto_fake {
	/* knobs */
	uint32_t pend;    /* each op that may pend does so this often first */
	uint32_t fail_at; /* the n-th call of any op fails, counted from 1;
			   * 0: none */
	enum prot_status fail_with; /* PROT_OK stands for PROT_ERR_CRYPTO */
	bool accept_any; /* verify accepts every signature (fuzzing) */

	/* counters */
	uint32_t calls;      /* of any op */
	uint32_t keys_alive; /* derived and not yet destroyed */
	/*
	 * A pending op was not repeated with the same arguments. The op then
	 * also fails, with PROT_ERR_STATE.
	 */
	bool misused;

	/* private */
	uint64_t random;
	uint32_t pended;
	uint64_t pending_call; /* fingerprint of the op under way; 0: none */
	struct {
		uint32_t alg;
		uint64_t secret;
	} keys[PROT_CRYPTO_FAKE_KEYS];
};

/* Every hash and both curves. */
extern const struct prot_crypto_ops prot_crypto_fake_ops;

static inline struct prot_crypto
prot_crypto_fake_crypto(struct prot_crypto_fake *f)
{
	struct prot_crypto c = {&prot_crypto_fake_ops, f};

	return c;
}

#ifdef __cplusplus
}
#endif
#endif /* PROT_CRYPTO_FAKE_H */
