/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HACE_MODEL_H
#define HACE_MODEL_H

/*
 * The hash engine of the HACE, played: accumulate mode of SHA-256, SHA-384 and
 * SHA-512 over the memory that prot_mmio_dma() has named, simple and
 * scatter-gather. It checks what the engine wants: clock and reset, alignment,
 * whole blocks, one digest buffer, a cleared status.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hace_model {
	bool clock, reset; /* reset: released */
	uint32_t status;
	unsigned delay; /* looks at the status until a run is done */
	unsigned wait;
	unsigned runs;    /* so far */
	unsigned sg_runs; /* of these, with a list */
	bool dead;        /* takes commands and never finishes */
	bool wrong;       /* finishes with a wrong digest */
};

/* After mmio_mock_reset(). */
void hace_model_add(struct hace_model *m);

#endif /* HACE_MODEL_H */
