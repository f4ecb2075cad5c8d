/* SPDX-License-Identifier: Apache-2.0 */
/* SMBus/I2C binding: DSP0237 1.2.0, frames. */
#include <prot/mctp/smbus.h>

#define PEC_POLYNOMIAL 0x07u
#define READ_BIT       0x01u /* set in the source address byte */

/* Of the address, command code and byte count; they precede what is counted. */
#define HEAD 3

uint8_t prot_mctp_smbus_pec(uint8_t pec, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned v = pec ^ bytes[i];

		for (int bit = 0; bit < 8; bit++) {
			v = (v & 0x80u) != 0 ? v << 1 ^ PEC_POLYNOMIAL : v << 1;
		}
		pec = (uint8_t)v;
	}
	return pec;
}

void prot_mctp_smbus_encode(struct prot_wr *w, uint8_t dest, uint8_t source,
			    const uint8_t *packet, size_t len)
{
	uint8_t head[HEAD + 1];
	uint8_t pec;

	if (len < PROT_MCTP_SMBUS_PACKET_MIN ||
	    len > PROT_MCTP_SMBUS_PACKET_MAX ||
	    !prot_mctp_smbus_address_is_valid(dest) ||
	    !prot_mctp_smbus_address_is_valid(source)) {
		w->bad = true;
		return;
	}
	head[0] = (uint8_t)(dest << 1);
	head[1] = PROT_MCTP_SMBUS_COMMAND;
	head[2] = (uint8_t)(len + 1); /* the source address counts */
	head[3] = (uint8_t)((unsigned)source << 1 | READ_BIT);
	pec = prot_mctp_smbus_pec(0, head, sizeof(head));
	pec = prot_mctp_smbus_pec(pec, packet, len);
	prot_wr_bytes(w, head, sizeof(head));
	prot_wr_bytes(w, packet, len);
	prot_wr_u8(w, pec);
}

void prot_mctp_smbus_decoder_init(struct prot_mctp_smbus_decoder *d,
				  uint8_t address, uint8_t *buf, size_t cap)
{
	memset(d, 0, sizeof(*d));
	d->address = address;
	d->buf = buf;
	d->cap = cap;
}

static enum prot_status drop(struct prot_mctp_smbus_decoder *d,
			     enum prot_mctp_smbus_drop reason)
{
	d->counters.drops[reason]++;
	return PROT_ERR_MALFORMED;
}

/* What follows the address byte, whose PEC is given. */
static enum prot_status take(struct prot_mctp_smbus_decoder *d,
			     struct prot_rd *r, uint8_t pec,
			     struct prot_mctp_addr *from, size_t *len)
{
	const uint8_t *covered = r->at;
	uint8_t command = prot_rd_u8(r);
	struct prot_rd counted = prot_rd_sub(r, prot_rd_u8(r));
	uint8_t source = prot_rd_u8(&counted);

	if (command != PROT_MCTP_SMBUS_COMMAND) {
		return drop(d, PROT_MCTP_SMBUS_DROP_COMMAND);
	}
	if (!prot_rd_ok(&counted) || r->left != 1) {
		return drop(d, PROT_MCTP_SMBUS_DROP_COUNT_BYTE);
	}
	pec = prot_mctp_smbus_pec(pec, covered, (size_t)(r->at - covered));
	if (pec != prot_rd_u8(r)) {
		return drop(d, PROT_MCTP_SMBUS_DROP_PEC);
	}
	if ((source & READ_BIT) == 0) {
		return drop(d, PROT_MCTP_SMBUS_DROP_SOURCE_BIT);
	}
	source >>= 1;
	if (!prot_mctp_smbus_address_is_valid(source) || source == d->address) {
		return drop(d, PROT_MCTP_SMBUS_DROP_SOURCE);
	}
	if (counted.left < PROT_MCTP_SMBUS_PACKET_MIN) {
		return drop(d, PROT_MCTP_SMBUS_DROP_SHORT);
	}
	if (counted.left > d->cap) {
		return drop(d, PROT_MCTP_SMBUS_DROP_LONG);
	}
	*from = prot_mctp_smbus_addr(source);
	*len = counted.left;
	prot_rd_copy(&counted, d->buf, counted.left);
	d->counters.packets++;
	return PROT_OK;
}

enum prot_status
prot_mctp_smbus_decode_unaddressed(struct prot_mctp_smbus_decoder *d,
				   const uint8_t *frame, size_t frame_len,
				   struct prot_mctp_addr *from,
				   uint8_t **packet, size_t *len)
{
	const uint8_t address = (uint8_t)(d->address << 1);
	struct prot_rd r = prot_rd_init(frame, frame_len);

	*packet = d->buf;
	/* Command code, byte count, one counted byte and the PEC. */
	if (frame_len < HEAD + 1) {
		return drop(d, PROT_MCTP_SMBUS_DROP_SHORT);
	}
	return take(d, &r, prot_mctp_smbus_pec(0, &address, 1), from, len);
}

enum prot_status prot_mctp_smbus_decode(struct prot_mctp_smbus_decoder *d,
					const uint8_t *frame, size_t frame_len,
					struct prot_mctp_addr *from,
					uint8_t **packet, size_t *len)
{
	if (frame_len == 0) {
		return drop(d, PROT_MCTP_SMBUS_DROP_SHORT);
	}
	if (frame[0] != d->address << 1) {
		return drop(d, PROT_MCTP_SMBUS_DROP_DEST);
	}
	return prot_mctp_smbus_decode_unaddressed(d, frame + 1, frame_len - 1,
						  from, packet, len);
}

void prot_mctp_smbus_decoder_lost(struct prot_mctp_smbus_decoder *d)
{
	d->counters.drops[PROT_MCTP_SMBUS_DROP_LOST]++;
}
