/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_UART_H
#define PROT_AST_UART_H

/*
 * UARTs: 16550A with registers four bytes apart, 16-byte FIFOs, 8N1. The
 * clock gate, the pins and, for UART1 to UART4, the routing of the LPC block
 * (ast_scu.h) are the board's to set up before.
 *
 * QEMU 7.2: modelled; the baud rate has no effect, the receive FIFO holds
 * 16 bytes and holds the sender back when it is full.
 */

#include <prot/base/status.h>
#include <prot/port/uart.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Registers. DLL and DLM stand in for the first two while LCR has DLAB. */
#define AST_UART_RBR 0x00u /* read */
#define AST_UART_THR 0x00u /* write */
#define AST_UART_DLL 0x00u
#define AST_UART_DLM 0x04u
#define AST_UART_IER 0x04u
#define AST_UART_IIR 0x08u /* read */
#define AST_UART_FCR 0x08u /* write */
#define AST_UART_LCR 0x0Cu
#define AST_UART_MCR 0x10u
#define AST_UART_LSR 0x14u
#define AST_UART_MSR 0x18u
#define AST_UART_SCR 0x1Cu

#define AST_UART_IER_RX (1u << 0) /* data available, or waiting too long */

#define AST_UART_FCR_ENABLE    (1u << 0)
#define AST_UART_FCR_CLEAR_RX  (1u << 1)
#define AST_UART_FCR_CLEAR_TX  (1u << 2)
#define AST_UART_FCR_TRIGGER_8 (2u << 6) /* receive interrupt at 8 bytes */

#define AST_UART_LCR_8N1  3u
#define AST_UART_LCR_DLAB (1u << 7)

#define AST_UART_MCR_DTR  (1u << 0)
#define AST_UART_MCR_RTS  (1u << 1)
#define AST_UART_MCR_OUT2 (1u << 3) /* interrupt line to the outside */

/* The error bits clear by reading; FE, PE and BI are those of the byte next. */
#define AST_UART_LSR_DR   (1u << 0)
#define AST_UART_LSR_OE   (1u << 1)
#define AST_UART_LSR_PE   (1u << 2)
#define AST_UART_LSR_FE   (1u << 3)
#define AST_UART_LSR_BI   (1u << 4)
#define AST_UART_LSR_THRE (1u << 5) /* transmit FIFO empty */
#define AST_UART_LSR_TEMT (1u << 6) /* and its last bit sent */

#define AST_UART_FIFO 16u

/* 24 MHz through the divisor of 13 of the clock block. */
#define AST_UART_CLOCK_HZ (24000000u / 13u)

/* Private. `head` belongs to whoever receives, `tail` to whoever reads. */
struct prot_ast_uart_state {
	atomic_uint_least32_t head;
	atomic_uint_least32_t tail;
	atomic_uint_least32_t line; /* error bits that the sender cleared */
	bool interrupts;
	uint32_t overruns;
	uint32_t errors;
};

/* Const. The context of prot_ast_uart_ops. */
struct prot_ast_uart {
	uint32_t base;
	uint32_t baud;
	/*
	 * What has arrived and not been read: a power of two of bytes. When it
	 * is full, the FIFO fills behind it.
	 */
	uint8_t *ring;
	uint32_t ring_size;
	struct prot_ast_uart_state *state;
};

/*
 * 8N1, FIFOs empty, no interrupts: read() polls. PROT_ERR_ARG: the ring, or a
 * baud rate that no divisor comes within 3 % of.
 */
PROT_MUST_CHECK enum prot_status
prot_ast_uart_init(const struct prot_ast_uart *u);

/*
 * Receive from the interrupt handler from here on, or poll again. Call it
 * with the interrupt disabled at the NVIC.
 */
void prot_ast_uart_interrupts(const struct prot_ast_uart *u, bool on);

/* The interrupt handler: moves what has arrived into the ring. */
void prot_ast_uart_irq(const struct prot_ast_uart *u);

/* Whether read() would yield anything now. */
bool prot_ast_uart_has_data(const struct prot_ast_uart *u);

/* Whether the last bit has left: before a reset, or another baud rate. */
bool prot_ast_uart_sent(const struct prot_ast_uart *u);

/* Times that the line lost bytes since init: the FIFO was full. */
uint32_t prot_ast_uart_overruns(const struct prot_ast_uart *u);

/* Bytes dropped since init: parity or framing wrong, or a break. */
uint32_t prot_ast_uart_errors(const struct prot_ast_uart *u);

/*
 * write() takes what fits the FIFO, 0 bytes while the FIFO is not empty.
 * read() is safe against the interrupt handler; one reader only.
 */
extern const struct prot_uart_ops prot_ast_uart_ops;

#endif /* PROT_AST_UART_H */
