/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MMIO_MOCK_H
#define MMIO_MOCK_H

/*
 * Hardware played on the host. Words that nobody plays are plain storage that
 * reads 0 until written. A model takes a range of addresses over: it sees each
 * access and says what a read yields. Every write is recorded, in order, so
 * that a test can compare sequences with the data sheet.
 */

#include <prot/port/clock.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MMIO_MOCK_WORDS  4096
#define MMIO_MOCK_MODELS 8
#define MMIO_MOCK_WRITES 16384
#define MMIO_MOCK_DMA    16

/* Width of an access is 1 or 4 bytes. NULL ops: storage. */
struct mmio_model {
	uint32_t base;
	uint32_t size;
	uint32_t (*read)(void *ctx, uint32_t address, unsigned width);
	/* The word has been stored before the call. */
	void (*write)(void *ctx, uint32_t address, uint32_t value,
		      unsigned width);
	void *ctx;
};

struct mmio_write {
	uint32_t address;
	uint32_t value;
	unsigned width;
};

/* Forget everything; time is 0. Call in each setup. */
void mmio_mock_reset(void);

void mmio_mock_add(const struct mmio_model *model);

/* The stored word, past any model: what a register holds. */
uint32_t mmio_mock_peek(uint32_t address);
void mmio_mock_poke(uint32_t address, uint32_t value);

/* Writes since the last reset or forget; only those in [base, base + size). */
size_t mmio_mock_writes(uint32_t base, uint32_t size, struct mmio_write *out,
			size_t cap);
void mmio_mock_forget_writes(void);

/* Whether the driver keeps interrupts off; barriers that it has passed. */
bool mmio_mock_irqs_off(void);
size_t mmio_mock_barriers(void);

/*
 * What prot_mmio_dma() gave out, back to a pointer: the start of the buffer
 * plus the offset. Fails the test when the address lies in none of them.
 */
void *mmio_mock_dma_pointer(uint32_t dma, size_t len);

/* A clock that moves by 1 us at every look, and by mmio_mock_advance(). */
extern const struct prot_clock mmio_mock_clock;
void mmio_mock_advance(uint64_t us);
/* Called at every look at the clock; NULL: nobody. Lets hardware finish. */
void mmio_mock_on_time(void (*call)(void *ctx, uint64_t now_us), void *ctx);

#endif /* MMIO_MOCK_H */
