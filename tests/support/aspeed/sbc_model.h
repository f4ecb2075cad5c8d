/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SBC_MODEL_H
#define SBC_MODEL_H

/*
 * The RSA and the ECDSA engine of the secure boot controller, played: they
 * compute with what stands in the operand memory, and fail the test when the
 * order of access rights, reset, trigger and waits is not the vendor's.
 */

#include <prot/crypto.h>

#include <stdbool.h>
#include <stdint.h>

struct sbc_model {
	struct prot_crypto crypto; /* verifies for the model */
	uint64_t delay_us;         /* of a run */
	bool clock;
	bool dead;     /* never finishes */
	bool yes_man;  /* finds every signature valid */
	bool no_man;   /* finds none valid */
	bool too_big;  /* RSA: returns the modulus */
	unsigned runs; /* started */
	/* Private. */
	uint32_t status;
	uint64_t enabled_at, triggered_at, cleared_at, done_at;
	uint32_t next; /* status when done */
};

/* After mmio_mock_reset(). */
void sbc_model_add(struct sbc_model *m);

/* True when nothing but 0 stands in the operand memory of both engines. */
bool sbc_model_is_clean(void);

#endif /* SBC_MODEL_H */
