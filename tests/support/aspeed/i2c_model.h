/* SPDX-License-Identifier: Apache-2.0 */
#ifndef I2C_MODEL_H
#define I2C_MODEL_H

/*
 * One bus of the I2C block, played: status that clears on writes, lengths with
 * write enables, DMA into the memory that the driver named. The test is the
 * rest of the world: it says how a command ended and who writes to us; or
 * several models hang on one wire, which does that.
 */

#include "ast_i2c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct i2c_model {
	uint32_t base;
	uint32_t dma_offset; /* what the driver adds for this engine */

	/* controller */
	uint32_t status;
	uint32_t command; /* as written, until it has ended; 0: none */
	size_t tx_len;
	size_t rx_len;
	unsigned recoveries; /* commands to clock the lines free */

	/* target */
	uint32_t target_status;
	size_t target_len;
	size_t target_at; /* bytes since it was armed */
	uint32_t target_actual;
	unsigned target_off; /* times that it was turned off while on */
	bool target_on;
};

/* Takes the registers over; after mmio_mock_reset(). */
void i2c_model_init(struct i2c_model *m, uint32_t base, uint32_t dma_offset);

/* The state of AST_I2C_LINES. */
void i2c_model_lines(struct i2c_model *m, uint32_t lines);

/* Whether the bus's interrupt is asserted. */
bool i2c_model_interrupts(const struct i2c_model *m);

/* What the command sends, address byte first. Returns the length. */
size_t i2c_model_sent(const struct i2c_model *m, uint8_t *out, size_t cap);

/*
 * End the command: with these status bits; `n` bytes went, those of a read
 * come from `bytes`.
 */
void i2c_model_end(struct i2c_model *m, uint32_t status, const uint8_t *bytes,
		   size_t n);

/* A receive buffer is armed and the target is on. */
bool i2c_model_listens(const struct i2c_model *m);

/* Whether one of its addresses is this. */
bool i2c_model_has_address(const struct i2c_model *m, uint8_t address);

/* The target stored `n` bytes, and raises PKT_DONE with these status bits. */
void i2c_model_target(struct i2c_model *m, uint32_t status,
		      const uint8_t *bytes, size_t n);

/* ---- Several of them on one wire ----------------------------------------- */

struct i2c_wire {
	struct i2c_model **models;
	size_t count;
	/*
	 * Faults, one in so many transfers; 0: never. A transfer of several
	 * goes on, what else happens is chosen by `seed`.
	 */
	unsigned lose_arbitration;
	unsigned nack;
	unsigned noise; /* one bit of what the target receives is inverted */
	uint32_t seed;

	unsigned transfers;
	unsigned collisions; /* of those that started together */
};

/*
 * All commands under way, together: bitwise arbitration, the one that wins is
 * delivered. False: nobody had a command.
 */
bool i2c_wire_step(struct i2c_wire *w);

#endif /* I2C_MODEL_H */
