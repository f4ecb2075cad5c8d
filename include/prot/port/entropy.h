/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_ENTROPY_H
#define PROT_PORT_ENTROPY_H

/*
 * The noise source seam: raw output of a hardware generator, to be health
 * tested and to seed a DRBG (NIST SP 800-90B, 800-90C), never to be used as
 * keys or nonces itself.
 */

#include <prot/base/status.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct prot_entropy_ops {
	/*
	 * One raw sample. PROT_ERR_TIMEOUT: the generator did not deliver in
	 * the time that it may take.
	 */
	enum prot_status (*sample)(void *ctx, uint32_t *word);
};

/* Usually one static const object; outlives its users. */
struct prot_entropy {
	const struct prot_entropy_ops *ops;
	void *ctx; /* passed unchanged to every op */
};

#ifdef __cplusplus
}
#endif
#endif /* PROT_PORT_ENTROPY_H */
