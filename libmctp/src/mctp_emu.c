/* SPDX-License-Identifier: Apache-2.0 */
/* Message framing of DMTF's spdm-emu: docs/tcp-binding.md. */
#include <prot/mctp/tcp.h>

void prot_mctp_emu_decoder_init(struct prot_mctp_emu_decoder *d, uint8_t *buf,
				size_t cap)
{
	memset(d, 0, sizeof(*d));
	d->buf = buf;
	d->cap = cap;
}

/* Collect the header, then check it once. */
static enum prot_status take_header(struct prot_mctp_emu_decoder *d,
				    struct prot_rd *in)
{
	size_t n = PROT_MCTP_EMU_HEADER - d->have;
	struct prot_rd h;
	uint32_t transport;

	n = n < in->left ? n : in->left;
	prot_rd_copy(in, d->header + d->have, n);
	d->have += n;
	if (d->have < PROT_MCTP_EMU_HEADER) {
		return PROT_PENDING;
	}
	h = prot_rd_init(d->header, sizeof(d->header));
	d->command = prot_rd_be32(&h);
	transport = prot_rd_be32(&h);
	d->len = prot_rd_be32(&h);
	if (transport != PROT_MCTP_EMU_TRANSPORT_MCTP) {
		return PROT_ERR_UNSUPPORTED;
	}
	if (d->len > d->cap - PROT_MCTP_HEADER_SIZE) {
		return PROT_ERR_SPACE;
	}
	return d->command == PROT_MCTP_EMU_NORMAL && d->len == 0
		       ? PROT_ERR_MALFORMED
		       : PROT_OK;
}

enum prot_status prot_mctp_emu_decode(struct prot_mctp_emu_decoder *d,
				      struct prot_rd *in,
				      struct prot_mctp_emu_frame *out)
{
	uint8_t *payload = d->buf + PROT_MCTP_HEADER_SIZE;
	enum prot_status st = d->error;
	size_t at;
	size_t n;

	if (st == PROT_OK && d->have < PROT_MCTP_EMU_HEADER) {
		st = take_header(d, in);
	}
	if (st != PROT_OK) {
		d->error = st == PROT_PENDING ? PROT_OK : st;
		return st;
	}
	at = d->have - PROT_MCTP_EMU_HEADER;
	n = d->len - at < in->left ? d->len - at : in->left;
	prot_rd_copy(in, payload + at, n);
	d->have += n;
	if (at + n < d->len) {
		return PROT_PENDING;
	}
	out->command = d->command;
	out->payload = payload;
	out->len = d->len;
	d->have = 0;
	return PROT_OK;
}

void prot_mctp_emu_encode(struct prot_wr *w, uint32_t command,
			  const uint8_t *payload, size_t len)
{
	if (len > UINT32_MAX) {
		w->bad = true;
		return;
	}
	prot_wr_be32(w, command);
	prot_wr_be32(w, PROT_MCTP_EMU_TRANSPORT_MCTP);
	prot_wr_be32(w, (uint32_t)len);
	prot_wr_bytes(w, payload, len);
}

void prot_mctp_emu_map_init(struct prot_mctp_emu_map *map, uint8_t own_eid,
			    uint8_t peer_eid)
{
	map->header[0] = PROT_MCTP_HEADER_VERSION;
	map->header[1] = own_eid;
	map->header[2] = peer_eid;
	map->header[3] = PROT_MCTP_SOM | PROT_MCTP_EOM | PROT_MCTP_TO;
}

enum prot_status prot_mctp_emu_send(struct prot_mctp_emu_map *map,
				    struct prot_wr *w, const uint8_t *packet,
				    size_t len)
{
	const uint8_t whole = PROT_MCTP_SOM | PROT_MCTP_EOM;
	struct prot_rd r = prot_rd_init(packet, len);
	const uint8_t *header = prot_rd_bytes(&r, PROT_MCTP_HEADER_SIZE);

	if (!header || r.left == 0 || (header[3] & whole) != whole) {
		return PROT_ERR_ARG;
	}
	if (w->bad || w->cap - w->len < PROT_MCTP_EMU_HEADER + r.left) {
		return PROT_ERR_BUSY;
	}
	prot_mctp_emu_encode(w, PROT_MCTP_EMU_NORMAL, r.at, r.left);
	map->header[1] = header[2];
	if ((header[3] & PROT_MCTP_TO) != 0) {
		map->header[3] = whole | (header[3] & PROT_MCTP_TAG_MASK);
		if (header[1] != PROT_MCTP_EID_NULL) {
			map->header[2] = header[1];
		}
	}
	return PROT_OK;
}

uint8_t *prot_mctp_emu_packet(const struct prot_mctp_emu_map *map,
			      const struct prot_mctp_emu_frame *frame)
{
	uint8_t *packet = frame->payload - PROT_MCTP_HEADER_SIZE;

	memcpy(packet, map->header, PROT_MCTP_HEADER_SIZE);
	return packet;
}
