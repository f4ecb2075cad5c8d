/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NOR_MODEL_H
#define NOR_MODEL_H

/*
 * Serial NOR flash parts behind the registers of one FMC or SPI controller:
 * user mode byte by byte, reads in read mode, DMA. A part obeys what such parts
 * have in common: a write enable latch, busy times of mmio_mock_clock, bits
 * that programming only clears, programs that wrap within their page, addresses
 * of three or four bytes. What no driver may do is kept in `violation`.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOR_MODEL_PARTS 2

enum nor_cut {
	NOR_CUT_BEFORE, /* the change that is under way does not happen */
	NOR_CUT_HALF,   /* the first half of its bytes, the next one torn */
	NOR_CUT_TORN,   /* each bit that was to change, or not, at random */
	NOR_CUT_AFTER,  /* it happens */
	NOR_CUT_COUNT
};

struct nor_part {
	/* knobs, for the test */
	uint8_t id[3];
	uint32_t size; /* bytes, a power of two */
	uint32_t program_us;
	uint32_t erase_us;
	bool no_wide_ops;   /* no op codes with addresses of four bytes */
	bool write_protect; /* the write enable latch does not set */
	bool stuck;         /* busy for ever */
	bool absent;        /* every bit reads 1 */
	/*
	 * The transaction, from 1, in which the power goes; what is under way
	 * is what it starts, or what still keeps the part busy. 0: none.
	 */
	uint32_t cut_at;
	enum nor_cut cut;

	/* what happened */
	uint8_t *data;
	uint32_t transactions; /* selections in user mode */
	uint32_t programs;
	uint32_t erases;
	uint32_t ignored; /* commands while busy, or without write enable */
	bool off;
	bool wide; /* switched to four-byte addresses */
	bool writable;

	/* private */
	bool selected;
	uint64_t busy_until;
	uint64_t random;
	uint32_t count; /* bytes since selection */
	uint8_t op;
	uint32_t address;
	uint32_t page_count;
	uint8_t page[256];
	bool page_used[256];
	uint32_t change_at; /* what the part is busy with, and was before */
	uint32_t change_len;
	uint8_t old[0x10000];
};

struct nor_model {
	struct nor_part part[NOR_MODEL_PARTS];

	bool dma_silicon; /* length register: bytes - 1. Else QEMU's: bytes */
	bool dma_refused; /* never granted */
	bool dma_free;    /* no arbitration: neither request nor grant show */
	bool dma_hangs;   /* never done */
	uint32_t dma_us;
	uint32_t dma_count;
	uint32_t dma_bytes;
	const char *violation; /* the first, or NULL */

	/* private */
	uint32_t base;
	uint32_t window[NOR_MODEL_PARTS];
	bool dma_requested;
	bool dma_granted;
	bool dma_running;
	uint64_t dma_end;
};

/* A blank w25q256 at chip select 0, a w25q80bl at 1; into mmio_mock. */
void nor_model_init(struct nor_model *m, uint32_t base, uint32_t window);
void nor_model_free(struct nor_model *m);

/* Another size: blank, as after init. */
void nor_model_resize(struct nor_part *p, uint32_t size);

/*
 * Power back on: the contents stay, everything else is as after reset; also of
 * the controller, whose registers the mock forgets: call after
 * mmio_mock_reset(), instead of init.
 */
void nor_model_power_on(struct nor_model *m);

#endif /* NOR_MODEL_H */
