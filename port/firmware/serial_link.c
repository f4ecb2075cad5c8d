/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/serial_link.h>

void prot_serial_link_init(struct prot_serial_link *l,
			   const struct prot_uart *uart)
{
	l->uart = uart;
	l->unread = prot_rd_init(l->rx, 0);
	l->heard_ms = 0;
	l->tx_len = 0;
	l->tx_at = 0;
	prot_mctp_serial_encoder_init(&l->encoder, PROT_MCTP_SERIAL_PACKET);
	prot_mctp_serial_decoder_init(&l->decoder, l->packet,
				      sizeof(l->packet));
}

bool prot_serial_link_flush(struct prot_serial_link *l)
{
	l->tx_at += l->uart->ops->write(l->uart->ctx, l->tx + l->tx_at,
					l->tx_len - l->tx_at);
	return l->tx_at == l->tx_len;
}

static enum prot_status send(void *ctx, const struct prot_mctp_addr *to,
			     const uint8_t *packet, size_t len)
{
	struct prot_serial_link *l = ctx;
	struct prot_wr w = prot_wr_init(l->tx, sizeof(l->tx));

	(void)to; /* a line has one other end */
	if (!prot_serial_link_flush(l)) {
		return PROT_ERR_BUSY;
	}
	prot_mctp_serial_encode(&l->encoder, &w, packet, len);
	if (!prot_wr_ok(&w)) {
		return PROT_ERR_ARG;
	}
	l->tx_len = w.len;
	l->tx_at = 0;
	(void)prot_serial_link_flush(l);
	return PROT_OK;
}

const struct prot_mctp_link_ops prot_serial_link_ops = {.tx = send};

/* Bytes from the UART, when those of the last time are used up. False: none. */
static bool refill(struct prot_serial_link *l, uint64_t now_ms)
{
	size_t n;

	if (l->unread.left != 0) {
		return true;
	}
	n = l->uart->ops->read(l->uart->ctx, l->rx, sizeof(l->rx));
	if (n == 0) {
		return false;
	}
	if (prot_mctp_serial_decoder_is_busy(&l->decoder) &&
	    now_ms - l->heard_ms > PROT_MCTP_SERIAL_TIMEOUT_MS) {
		prot_mctp_serial_decoder_timeout(&l->decoder);
	}
	l->heard_ms = now_ms;
	l->unread = prot_rd_init(l->rx, n);
	return true;
}

enum prot_status prot_serial_link_next(struct prot_serial_link *l,
				       uint64_t now_ms, uint8_t **packet,
				       size_t *len)
{
	enum prot_status st = PROT_PENDING;

	while (st == PROT_PENDING && refill(l, now_ms)) {
		st = prot_mctp_serial_decode(&l->decoder, &l->unread, packet,
					     len);
	}
	return st;
}
