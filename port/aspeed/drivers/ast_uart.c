/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_uart.h"

#include "mmio_bits.h"

#define BAUD_TOLERANCE 33u /* 1/33: 3 % */

#define LSR_BAD_BYTE (AST_UART_LSR_PE | AST_UART_LSR_FE | AST_UART_LSR_BI)

static uint32_t divisor_of(uint32_t baud)
{
	uint32_t divisor;
	uint32_t actual;
	uint32_t off;

	if (baud == 0 || baud > AST_UART_CLOCK_HZ / 8u) {
		return 0;
	}
	divisor = (AST_UART_CLOCK_HZ + 8u * baud) / (16u * baud);
	if (divisor > UINT16_MAX) {
		return 0;
	}
	actual = AST_UART_CLOCK_HZ / 16u / divisor;
	off = actual > baud ? actual - baud : baud - actual;
	return off <= baud / BAUD_TOLERANCE ? divisor : 0;
}

static void reg(const struct prot_ast_uart *u, uint32_t offset, uint32_t value)
{
	prot_mmio_write32(u->base + offset, value);
}

static void set_line(const struct prot_ast_uart *u, uint32_t divisor)
{
	reg(u, AST_UART_LCR, AST_UART_LCR_8N1 | AST_UART_LCR_DLAB);
	reg(u, AST_UART_DLL, divisor & 0xFFu);
	reg(u, AST_UART_DLM, divisor >> 8);
	reg(u, AST_UART_LCR, AST_UART_LCR_8N1);
}

enum prot_status prot_ast_uart_init(const struct prot_ast_uart *u)
{
	struct prot_ast_uart_state *s = u->state;
	uint32_t divisor = divisor_of(u->baud);

	if (u->ring_size == 0 || (u->ring_size & (u->ring_size - 1)) != 0 ||
	    divisor == 0) {
		return PROT_ERR_ARG;
	}
	/* The register is another one while the divisor is in its place. */
	reg(u, AST_UART_LCR, AST_UART_LCR_8N1);
	reg(u, AST_UART_IER, 0);
	atomic_init(&s->head, 0);
	atomic_init(&s->tail, 0);
	atomic_init(&s->line, 0);
	s->interrupts = false;
	s->overruns = 0;
	s->errors = 0;
	set_line(u, divisor);
	reg(u, AST_UART_FCR,
	    AST_UART_FCR_ENABLE | AST_UART_FCR_CLEAR_RX |
		    AST_UART_FCR_CLEAR_TX | AST_UART_FCR_TRIGGER_8);
	reg(u, AST_UART_MCR,
	    AST_UART_MCR_DTR | AST_UART_MCR_RTS | AST_UART_MCR_OUT2);
	return PROT_OK;
}

void prot_ast_uart_interrupts(const struct prot_ast_uart *u, bool on)
{
	u->state->interrupts = on;
	reg(u, AST_UART_IER, on ? AST_UART_IER_RX : 0);
}

/*
 * A look at the status clears its error bits: keep them for the receiver. When
 * it interrupts right here, they count for the byte after.
 */
static bool sender_status(const struct prot_ast_uart *u, uint32_t bit)
{
	uint32_t lsr = prot_mmio_read32(u->base + AST_UART_LSR);

	atomic_fetch_or_explicit(&u->state->line,
				 lsr & (LSR_BAD_BYTE | AST_UART_LSR_OE),
				 memory_order_relaxed);
	return (lsr & bit) != 0;
}

/* The status is read ahead of each byte: its error bits are that byte's. */
static bool byte_waiting(const struct prot_ast_uart *u, bool *good)
{
	uint32_t lsr = prot_mmio_read32(u->base + AST_UART_LSR);

	lsr |= atomic_exchange_explicit(&u->state->line, 0,
					memory_order_relaxed);
	if (lsr & AST_UART_LSR_OE) {
		u->state->overruns++;
	}
	*good = (lsr & LSR_BAD_BYTE) == 0;
	return (lsr & AST_UART_LSR_DR) != 0;
}

/*
 * From the FIFO into the ring; false when the ring is full. At most as many
 * bytes as the ring holds: a line of nothing but errors ends the loop, too.
 */
static bool receive(const struct prot_ast_uart *u)
{
	struct prot_ast_uart_state *s = u->state;
	uint32_t tail = atomic_load_explicit(&s->tail, memory_order_acquire);
	uint32_t head = atomic_load_explicit(&s->head, memory_order_relaxed);
	bool good;

	for (uint32_t n = 0; n < u->ring_size; n++) {
		uint8_t byte;

		if (head - tail == u->ring_size) {
			return false;
		}
		if (!byte_waiting(u, &good)) {
			return true;
		}
		byte = (uint8_t)prot_mmio_read32(u->base + AST_UART_RBR);
		if (!good) {
			s->errors++;
			continue;
		}
		u->ring[head++ & (u->ring_size - 1)] = byte;
		atomic_store_explicit(&s->head, head, memory_order_release);
	}
	return head - tail < u->ring_size;
}

/* A full ring masks the interrupt; read() opens it again. */
void prot_ast_uart_irq(const struct prot_ast_uart *u)
{
	if (!receive(u)) {
		reg(u, AST_UART_IER, 0);
	}
}

static size_t uart_read(void *ctx, uint8_t *bytes, size_t cap)
{
	const struct prot_ast_uart *u = ctx;
	struct prot_ast_uart_state *s = u->state;
	uint32_t tail = atomic_load_explicit(&s->tail, memory_order_relaxed);
	uint32_t head;
	size_t n = 0;

	if (!s->interrupts) {
		(void)receive(u);
	}
	head = atomic_load_explicit(&s->head, memory_order_acquire);
	while (n < cap && tail != head) {
		bytes[n++] = u->ring[tail++ & (u->ring_size - 1)];
	}
	if (n == 0) {
		return 0;
	}
	atomic_store_explicit(&s->tail, tail, memory_order_release);
	if (s->interrupts) {
		reg(u, AST_UART_IER, AST_UART_IER_RX);
	}
	return n;
}

static size_t uart_write(void *ctx, const uint8_t *bytes, size_t len)
{
	const struct prot_ast_uart *u = ctx;
	size_t n = len < AST_UART_FIFO ? len : AST_UART_FIFO;

	if (!sender_status(u, AST_UART_LSR_THRE)) {
		return 0;
	}
	for (size_t i = 0; i < n; i++) {
		reg(u, AST_UART_THR, bytes[i]);
	}
	return n;
}

bool prot_ast_uart_has_data(const struct prot_ast_uart *u)
{
	const struct prot_ast_uart_state *s = u->state;

	if (!s->interrupts) {
		(void)receive(u);
	}
	return atomic_load_explicit(&s->head, memory_order_acquire) !=
	       atomic_load_explicit(&s->tail, memory_order_relaxed);
}

bool prot_ast_uart_sent(const struct prot_ast_uart *u)
{
	return sender_status(u, AST_UART_LSR_TEMT);
}

uint32_t prot_ast_uart_overruns(const struct prot_ast_uart *u)
{
	return u->state->overruns;
}

uint32_t prot_ast_uart_errors(const struct prot_ast_uart *u)
{
	return u->state->errors;
}

const struct prot_uart_ops prot_ast_uart_ops = {
	.write = uart_write,
	.read = uart_read,
};
