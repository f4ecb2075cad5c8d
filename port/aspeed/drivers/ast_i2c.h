/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_I2C_H
#define PROT_AST_I2C_H

/*
 * I2C buses 0 to 13 in the new register mode: controller and target, both in
 * packet mode with DMA.
 *
 *	prot_ast_i2c_global_init	once for all buses, and
 *	prot_ast_i2c_init		once for each bus, then
 *	{ prot_ast_i2c_irq | transfer | receive }*
 *
 * QEMU 7.2: the controller side is modelled, arbitration and time-outs are
 * not; nothing can address the target side.
 */

#include <prot/base/status.h>
#include <prot/port/clock.h>
#include <prot/port/i2c.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- Global registers, from AST_I2C_BASE --------------------------------- */

#define AST_I2C_GLOBAL_STATUS 0x00u /* one bit per bus */
#define AST_I2C_GLOBAL_CTRL   0x0Cu
#define AST_I2C_GLOBAL_CLOCK  0x10u /* four base clocks, one a byte */
#define AST_I2C_GLOBAL_SRAM   0xE00u
#define AST_I2C_SRAM_WORDS    64u

#define AST_I2C_GLOBAL_NEW_CLOCK (1u << 1)
#define AST_I2C_GLOBAL_NEW_REGS  (1u << 2)
#define AST_I2C_GLOBAL_NAK_EMPTY                                               \
	(1u << 4) /* while no receive buffer is armed */

/* ---- Registers of a bus, from AST_I2C_BUS_BASE + n * AST_I2C_BUS_STRIDE -- */

#define AST_I2C_FUNCTION          0x00u
#define AST_I2C_TIMING            0x04u
#define AST_I2C_LINES             0x08u
#define AST_I2C_CTRLR_ENABLE      0x10u
#define AST_I2C_CTRLR_STATUS      0x14u /* write 1 to clear */
#define AST_I2C_CTRLR_CMD         0x18u
#define AST_I2C_CTRLR_DMA_LEN     0x1Cu
#define AST_I2C_TARGET_ENABLE     0x20u
#define AST_I2C_TARGET_STATUS     0x24u /* write 1 to clear */
#define AST_I2C_TARGET_CMD        0x28u
#define AST_I2C_TARGET_DMA_LEN    0x2Cu
#define AST_I2C_CTRLR_TX_DMA      0x30u
#define AST_I2C_CTRLR_RX_DMA      0x34u
#define AST_I2C_TARGET_TX_DMA     0x38u
#define AST_I2C_TARGET_RX_DMA     0x3Cu
#define AST_I2C_TARGET_ADDRESS    0x40u
#define AST_I2C_CTRLR_DMA_ACTUAL  0x48u
#define AST_I2C_TARGET_DMA_ACTUAL 0x4Cu /* a write clears it */

#define AST_I2C_FUNCTION_CTRLR        (1u << 0)
#define AST_I2C_FUNCTION_TARGET       (1u << 1)
#define AST_I2C_FUNCTION_SINGLE       (1u << 15) /* no other controllers */
#define AST_I2C_FUNCTION_AUTO_RELEASE (1u << 17)
#define AST_I2C_FUNCTION_SAVE_ADDRESS (1u << 20)

#define AST_I2C_TIMING_BASE(x)      ((uint32_t)(x) << 0)
#define AST_I2C_TIMING_LOW(x)       ((uint32_t)(x) << 12)
#define AST_I2C_TIMING_HIGH(x)      ((uint32_t)(x) << 16)
#define AST_I2C_TIMING_HIGH_MIN(x)  ((uint32_t)(x) << 20)
#define AST_I2C_TIMING_TIMEOUT_MASK (0x1Fu << 24)
/* SCL low for about 35 ms, the limit of SMBus: 8 periods of time-out clock 2.
 */
#define AST_I2C_TIMING_TIMEOUT (8u << 24 | 2u << 8)

#define AST_I2C_LINES_BUSY (1u << 16)
#define AST_I2C_LINES_SDA  (1u << 17)
#define AST_I2C_LINES_SCL  (1u << 18)

/* AST_I2C_CTRLR_ENABLE and _STATUS. */
#define AST_I2C_CTRLR_TX_ACK       (1u << 0)
#define AST_I2C_CTRLR_TX_NAK       (1u << 1)
#define AST_I2C_CTRLR_RX_DONE      (1u << 2)
#define AST_I2C_CTRLR_ARB_LOSS     (1u << 3)
#define AST_I2C_CTRLR_STOP         (1u << 4)
#define AST_I2C_CTRLR_ABNORMAL     (1u << 5)
#define AST_I2C_CTRLR_SCL_LOW      (1u << 6)
#define AST_I2C_CTRLR_RECOVERED    (1u << 13)
#define AST_I2C_CTRLR_SDA_TIMEOUT  (1u << 14)
#define AST_I2C_CTRLR_RECOVER_FAIL (1u << 15)
#define AST_I2C_CTRLR_PKT_DONE     (1u << 16) /* clearing it clears the rest */
#define AST_I2C_CTRLR_PKT_ERROR    (1u << 17)
#define AST_I2C_CTRLR_PKT_TIMEOUT  (1u << 18)

#define AST_I2C_CTRLR_CMD_START      (1u << 0)
#define AST_I2C_CTRLR_CMD_TX         (1u << 1)
#define AST_I2C_CTRLR_CMD_RX         (1u << 3)
#define AST_I2C_CTRLR_CMD_RX_LAST    (1u << 4)
#define AST_I2C_CTRLR_CMD_STOP       (1u << 5)
#define AST_I2C_CTRLR_CMD_TX_DMA     (1u << 8)
#define AST_I2C_CTRLR_CMD_RX_DMA     (1u << 9)
#define AST_I2C_CTRLR_CMD_RECOVER    (1u << 11)
#define AST_I2C_CTRLR_CMD_PKT        (1u << 16)
#define AST_I2C_CTRLR_CMD_ADDRESS(x) ((uint32_t)(x) << 24)

/* AST_I2C_TARGET_ENABLE and _STATUS. */
#define AST_I2C_TARGET_TX_ACK      (1u << 0)
#define AST_I2C_TARGET_TX_NAK      (1u << 1)
#define AST_I2C_TARGET_RX_DONE     (1u << 2)
#define AST_I2C_TARGET_RX_NAK      (1u << 3)
#define AST_I2C_TARGET_STOP        (1u << 4)
#define AST_I2C_TARGET_ABNORMAL    (1u << 5)
#define AST_I2C_TARGET_MATCH       (1u << 7)
#define AST_I2C_TARGET_INACTIVE    (1u << 15)
#define AST_I2C_TARGET_PKT_DONE    (1u << 16) /* clearing it clears the rest */
#define AST_I2C_TARGET_PKT_ERROR   (1u << 17)
#define AST_I2C_TARGET_WHICH       (3u << 18)
#define AST_I2C_TARGET_ADDRESS_NAK (7u << 20)
#define AST_I2C_TARGET_WAIT_RX     (1u << 24)
#define AST_I2C_TARGET_WAIT_TX     (1u << 25)
#define AST_I2C_TARGET_PENDING     (7u << 29)

#define AST_I2C_TARGET_CMD_RX_DMA (1u << 9)
#define AST_I2C_TARGET_CMD_PKT    (1u << 16)
#define AST_I2C_TARGET_CMD_ACTIVE (3u << 17) /* all addresses */

/*
 * DMA lengths stand less one; each half of the register has a bit that says
 * that it is written. The transmit half of the target is never written: QEMU
 * 7.2 aborts on it.
 */
#define AST_I2C_DMA_MAX          4096u
#define AST_I2C_DMA_LEN_TX(n)    ((uint32_t)((n)-1u) | 1u << 15)
#define AST_I2C_DMA_LEN_RX(n)    ((uint32_t)((n)-1u) << 16 | 1u << 31)
#define AST_I2C_DMA_ACTUAL_TX(r) ((r)&0x1FFFu)
#define AST_I2C_DMA_ACTUAL_RX(r) ((r) >> 16 & 0x1FFFu)

#define AST_I2C_ADDRESS_ENABLE (1u << 7) /* of each of three bytes */

/* Where the DMA of the I2C block sees the SRAM. */
#define AST_I2C_DMA_OFFSET 0x80000000u

/* ---- A bus --------------------------------------------------------------- */

#define PROT_AST_I2C_BUFFERS_MAX 8

/* How often, since the start. */
struct prot_ast_i2c_counts {
	uint32_t nak;         /* transfers that were not acknowledged */
	uint32_t arbitration; /* transfers that lost the bus */
	uint32_t timeout;     /* transfers that took too long */
	uint32_t recovered;   /* ... after which the lines were free again */
	uint32_t received;    /* writes to us that arrived whole */
	uint32_t lost;        /* ... that did not fit, or broke off */
	uint32_t lost_bytes;  /* bytes of those */
	uint32_t refused;     /* ... not acknowledged: no buffer was free */
	uint32_t reads;       /* reads from us, answered with FFh */
	uint32_t inactive;    /* writes to us that stopped midway for 35 ms */
	uint32_t unexpected;  /* states of the target that no text knows */
};

enum prot_ast_i2c_phase {
	PROT_AST_I2C_IDLE = 0,
	PROT_AST_I2C_WRITING,
	PROT_AST_I2C_READING,
	PROT_AST_I2C_RECOVERING,
};

/*
 * RAM of one bus. Private, but for `counts`. What prot_ast_i2c_irq() changes
 * while an op may run is volatile and has one writer.
 */
struct prot_ast_i2c_state {
	struct prot_ast_i2c_counts counts;

	/* controller */
	struct prot_i2c_transfer transfer;
	enum prot_ast_i2c_phase phase;
	uint64_t deadline_us;
	volatile uint32_t
		event; /* status that ended the command; 0: none yet */

	/* target: buffers are filled and taken in turn */
	volatile uint8_t filled; /* runs from 0 to 255 and on; see taken */
	volatile uint8_t taken;
	volatile bool armed;
	volatile uint32_t lost;
	uint32_t lost_told; /* of `lost`, by PROT_ERR_SPACE */
	bool lent;          /* buffer `taken` is with the caller */
	bool overflow;      /* of the write that goes on */
	uint16_t fill;      /* bytes of it that stand in the buffer */
	uint16_t len[PROT_AST_I2C_BUFFERS_MAX];
};

/*
 * Const. The context of both ops tables. All memory that it names, and the
 * bytes of transfers, must be memory that the DMA reaches and no cache holds.
 */
struct prot_ast_i2c {
	uint32_t base;       /* AST_I2C_BUS_BASE + n * AST_I2C_BUS_STRIDE */
	uint32_t dma_offset; /* AST_I2C_DMA_OFFSET; 0 does for QEMU as well */
	/* 100000, 400000, 1000000; any up to that and to an eighth of PCLK. */
	uint32_t speed_hz;
	bool single; /* nobody else starts transfers on this bus */
	const struct prot_clock *clock;
	struct prot_ast_i2c_state *state;

	/* Own addresses, 7 bits each, 0: none. Both 0: no target. */
	uint8_t address[2];
	/*
	 * buffer_count buffers, one after the other: 2, 4 or 8. One of them is
	 * with the caller of receive while the others fill. buffer_size: more
	 * than the longest write to us with its address byte, up to
	 * AST_I2C_DMA_MAX, a multiple of 4.
	 */
	uint8_t *buffers;
	uint16_t buffer_size;
	uint8_t buffer_count;
};

/*
 * Reset the block, then set clocks and mode of all buses; waits for 2 ms. The
 * SCU has been unlocked. The base clocks are 20, 10, 2.8 and 1 MHz, or a little
 * less.
 */
void prot_ast_i2c_global_init(const struct prot_clock *clock);

/*
 * Also ends whatever was going on. PROT_ERR_ARG: the config is wrong.
 * Interrupts of the bus may be enabled after it.
 */
PROT_MUST_CHECK
enum prot_status prot_ast_i2c_init(const struct prot_ast_i2c *i2c);

/*
 * Take note of what the hardware did; takes no longer than a few dozen
 * register accesses. Called by the interrupt handler of the bus or, where its
 * interrupt stays off, in the main loop: one of the two, not both.
 */
void prot_ast_i2c_irq(const struct prot_ast_i2c *i2c);

/*
 * True: receive() has something to say, or a transfer that pends would go on.
 * For a main loop that looks before it sleeps.
 */
bool prot_ast_i2c_has_event(const struct prot_ast_i2c *i2c);

/*
 * A transfer ends PROT_ERR_TIMEOUT 100 ms after the time that it needs at
 * speed_hz. PROT_ERR_BUSY also: another transfer is under way. Up to
 * AST_I2C_DMA_MAX bytes each way; none at all addresses the target only.
 * A transfer that was started must be asked for until it ends.
 */
extern const struct prot_i2c_controller_ops prot_ast_i2c_controller_ops;

/*
 * A write that comes while no buffer is free is not acknowledged, so that its
 * sender can repeat it. A read from us yields FFh.
 */
extern const struct prot_i2c_target_ops prot_ast_i2c_target_ops;

#endif /* PROT_AST_I2C_H */
