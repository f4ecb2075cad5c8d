/* SPDX-License-Identifier: Apache-2.0 */
/* Packet framing over TCP: docs/tcp-binding.md. */
#include <prot/mctp/tcp.h>

void prot_mctp_tcp_decoder_init(struct prot_mctp_tcp_decoder *d, uint8_t *buf,
				size_t cap)
{
	memset(d, 0, sizeof(*d));
	d->buf = buf;
	d->cap = cap;
}

static enum prot_status take_prefix(struct prot_mctp_tcp_decoder *d,
				    struct prot_rd *in)
{
	while (d->have < PROT_MCTP_TCP_PREFIX) {
		if (in->left == 0) {
			return PROT_PENDING;
		}
		d->len = d->len << 8 | prot_rd_u8(in);
		d->have++;
	}
	if (d->len < PROT_MCTP_TCP_PACKET_MIN) {
		return PROT_ERR_MALFORMED;
	}
	return d->len <= d->cap ? PROT_OK : PROT_ERR_SPACE;
}

enum prot_status prot_mctp_tcp_decode(struct prot_mctp_tcp_decoder *d,
				      struct prot_rd *in, uint8_t **packet,
				      size_t *len)
{
	enum prot_status st = d->error;
	size_t at;
	size_t n;

	if (st == PROT_OK) {
		st = take_prefix(d, in);
	}
	if (st != PROT_OK) {
		d->error = st == PROT_PENDING ? PROT_OK : st;
		return st;
	}
	at = d->have - PROT_MCTP_TCP_PREFIX;
	n = d->len - at < in->left ? d->len - at : in->left;
	prot_rd_copy(in, d->buf + at, n);
	d->have += n;
	if (at + n < d->len) {
		return PROT_PENDING;
	}
	*packet = d->buf;
	*len = d->len;
	d->have = 0;
	d->len = 0;
	return PROT_OK;
}

void prot_mctp_tcp_encode(struct prot_wr *w, const uint8_t *packet, size_t len)
{
	if (len < PROT_MCTP_TCP_PACKET_MIN || len > PROT_MCTP_TCP_PACKET_MAX) {
		w->bad = true;
		return;
	}
	prot_wr_be16(w, (uint16_t)len);
	prot_wr_bytes(w, packet, len);
}
