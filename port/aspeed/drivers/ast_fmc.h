/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_FMC_H
#define PROT_AST_FMC_H

/*
 * The flash controllers FMC, SPI1 and SPI2: serial NOR flash, one object per
 * chip select. Commands go through user mode; reads through the memory window,
 * or through DMA where the buffer allows it. Between two calls the chip select
 * stands in read mode with writing off, so that the objects of one controller
 * do not disturb each other. Parts behind a SPI monitor of the AST1060 must
 * have been routed to the controller before.
 *
 * QEMU 7.2: modelled with two chip selects each, whose parts are never busy; a
 * DMA counts its length otherwise than silicon, and its RAM address loses bit
 * 18: see dma_length_bias and dma_base.
 */

#include <prot/port/clock.h>
#include <prot/port/flash.h>

#include <stdbool.h>
#include <stdint.h>

/* Registers, from the base of one controller; n is the chip select. */
#define AST_FMC_CONF       0x00u
#define AST_FMC_CE_CTRL    0x04u
#define AST_FMC_INTR       0x08u
#define AST_FMC_CTRL(n)    (0x10u + 4u * (n))
#define AST_FMC_SEGMENT(n) (0x30u + 4u * (n))
#define AST_FMC_DMA_CTRL   0x80u
#define AST_FMC_DMA_FLASH  0x84u
#define AST_FMC_DMA_RAM    0x88u
#define AST_FMC_DMA_LENGTH 0x8Cu

#define AST_FMC_CONF_TYPE(n)     (3u << (2u * (n))) /* the field */
#define AST_FMC_CONF_TYPE_SPI(n) (2u << (2u * (n)))
#define AST_FMC_CONF_WRITE(n)    (1u << (16u + (n)))
#define AST_FMC_CE_CTRL_4BYTE(n) (0x11u << (n))
#define AST_FMC_INTR_DMA_DONE    (1u << 11)

/* AST_FMC_CTRL: what one access to the window does. */
#define AST_FMC_CTRL_MODE        0x00000003u
#define AST_FMC_CTRL_MODE_READ   0x00000000u /* op code 03 */
#define AST_FMC_CTRL_MODE_NORMAL 0x00000001u /* op code of the register */
#define AST_FMC_CTRL_MODE_USER   0x00000003u
#define AST_FMC_CTRL_STOP        0x00000004u /* user mode: deselected */
#define AST_FMC_CTRL_CLOCK       0x0F000F00u
#define AST_FMC_CTRL_HCLK_DIV2   0x00000700u
#define AST_FMC_CTRL_HCLK_DIV4   0x00000600u
#define AST_FMC_CTRL_HCLK_DIV5   0x00000D00u
#define AST_FMC_CTRL_HCLK_DIV8   0x00000400u
#define AST_FMC_CTRL_HCLK_DIV16  0x00000000u
#define AST_FMC_CTRL_DUMMY(n)    /* bytes */                                   \
	(((n)&3u) << 6 | ((n) >> 2 & 1u) << 14)
#define AST_FMC_CTRL_OP(op)    ((uint32_t)(op) << 16)
#define AST_FMC_CTRL_DUAL_DATA 0x20000000u
#define AST_FMC_CTRL_QUAD_DATA 0x40000000u

/* read_ctrl of the simplest kind, but for the clock. */
#define AST_FMC_READ_3BYTE AST_FMC_CTRL_MODE_READ
#define AST_FMC_READ_4BYTE (AST_FMC_CTRL_MODE_NORMAL | AST_FMC_CTRL_OP(0x13))

#define AST_FMC_DMA_REQUEST   0xAEED0000u
#define AST_FMC_DMA_DISCARD   0xDEEA0000u
#define AST_FMC_DMA_REQUESTED (1u << 31)
#define AST_FMC_DMA_GRANTED   (1u << 30)
#define AST_FMC_DMA_ENABLE    (1u << 0)

/* How DMA sees the windows and the SRAM. */
#define AST_FMC_DMA_FLASH_OFFSET 0x60000000u /* subtracted from the window */
#define AST_FMC_DMA_RAM_OFFSET   0x80000000u /* added */

/* Bytes that one call of read moves at most. */
#define AST_FMC_PIECE 4096u
/* Shorter reads are not worth a DMA. */
#define AST_FMC_DMA_MIN 64u

/* Longer than any part takes: then the op ends with PROT_ERR_IO. */
#define AST_FMC_PROGRAM_LIMIT_US 50000u
#define AST_FMC_ERASE_LIMIT_US   4000000u
#define AST_FMC_DMA_LIMIT_US     100000u

/* Private; zero before prot_ast_fmc_init(). */
struct prot_ast_fmc_state {
	struct {
		const void *buf;
		size_t len;
		uint32_t offset;
		uint8_t kind;
	} op;           /* in flight */
	uint64_t since; /* when it began, or moved last; us */
	size_t done;    /* bytes of a read */
	bool waiting;   /* init: for the part to become idle */
	bool doubtful;  /* the part may still be busy */
};

/* Const. The context of prot_ast_fmc_ops. */
struct prot_ast_fmc {
	const struct prot_clock *clock;
	struct prot_ast_fmc_state *state;
	/*
	 * Erased value 0xFF, sectors of 4 or 64 KiB, pages of at most 256
	 * bytes. Above 16 MiB, addresses have four bytes.
	 */
	const struct prot_flash_geometry *geometry;

	uint32_t base;   /* AST_FMC_BASE, AST_SPI1_BASE or AST_SPI2_BASE */
	uint32_t window; /* of this chip select */
	uint8_t cs;      /* 0..2 */

	/*
	 * AST_FMC_CTRL in read mode: mode, op code, dummy bytes, width, clock.
	 * Commands use its clock, and one data line.
	 */
	uint32_t read_ctrl;
	/* AST_FMC_SEGMENT, where the window is decoded; 0: as after reset. */
	uint32_t segment;
	/*
	 * The part has no op codes of its own for four-byte addresses: it is
	 * switched over (op code B7), and read_ctrl then holds 03.
	 */
	bool enter_4byte;

	/*
	 * Memory that DMA may write: uncached. Reads to elsewhere go through
	 * the window. In QEMU 7.2 it must not meet 0x40000..0x7FFFF, which DMA
	 * takes for 0x00000..0x3FFFF. Size 0: no DMA.
	 */
	uint32_t dma_base;
	uint32_t dma_size;
	/* Bytes minus this go to the length register: 1; in QEMU 7.2, 0. */
	uint32_t dma_length_bias;
};

/* What init found. */
struct prot_ast_fmc_part {
	uint8_t id[3]; /* JEDEC: manufacturer, type, capacity */
	uint64_t size; /* bytes that the capacity says; 0: not known */
};

/*
 * Set the chip select up and identify the part. PROT_PENDING: it is still busy
 * with what it did before a reset; call again. PROT_ERR_ARG: the object is not
 * as described above; nothing was touched. PROT_ERR_IO: it does not become
 * idle, or nothing answers. PROT_ERR_UNSUPPORTED: its capacity is not known, or
 * less than the geometry's. `found` holds the id in the last two cases, as far
 * as it could be read.
 */
PROT_MUST_CHECK
enum prot_status prot_ast_fmc_init(const struct prot_ast_fmc *f,
				   struct prot_ast_fmc_part *found);

/*
 * One op at a time: another one is PROT_PENDING until the first has been asked
 * for its result, or nobody has asked within its time limit.
 */
extern const struct prot_flash_ops prot_ast_fmc_ops;

#endif /* PROT_AST_FMC_H */
