/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPIM_MODEL_H
#define SPIM_MODEL_H

/*
 * One SPI monitor, played, with its locks, its log, and a host at the other
 * end that sends commands.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spim_model {
	unsigned unit; /* 1 to 4 */
	/* Faults to play. */
	bool slots_stuck;  /* slots do not take what is written */
	bool tables_stuck; /* bit 5 of each word of the tables is 0 */
	bool locks_stuck;  /* the lock register stays 0 */
	bool log_half;     /* goes back to the start of the log early */
	/* Registers. */
	uint32_t ctrl, irq, log_base, log_size, log_next, lock;
	uint32_t slots[32];
	uint32_t tables[2][512]; /* read, write */
	uint64_t reset_at;
	unsigned resets;
};

/* After mmio_mock_reset(). */
void spim_model_add(struct spim_model *m);

/* What the host sends reaches its flash. The address matters to commands that
 * have one. */
bool spim_model_send(struct spim_model *m, uint8_t opcode, uint32_t address);

#endif /* SPIM_MODEL_H */
