/* SPDX-License-Identifier: Apache-2.0 */
/* Serial binding: DSP0253 1.0.0. */
#include <prot/mctp/serial.h>

enum serial_state {
	SERIAL_HUNT, /* out of step: look for a flag */
	SERIAL_FLAG, /* after a flag, which may have closed a frame */
	SERIAL_COUNT,
	SERIAL_DATA,
	SERIAL_ESCAPED,
	SERIAL_FCS_HIGH,
	SERIAL_FCS_LOW,
	SERIAL_CLOSE,
};

#define FCS_INIT       0xFFFFu
#define FCS_POLYNOMIAL 0x8408u

static uint16_t fcs_add(uint16_t fcs, uint8_t byte)
{
	unsigned v = fcs ^ byte;

	for (int bit = 0; bit < 8; bit++) {
		v = (v & 1u) != 0 ? v >> 1 ^ FCS_POLYNOMIAL : v >> 1;
	}
	return (uint16_t)v;
}

/* ---- Sending ------------------------------------------------------------- */

void prot_mctp_serial_encoder_init(struct prot_mctp_serial_encoder *e,
				   uint8_t packet_max)
{
	e->packet_max = packet_max;
	e->resync = false;
}

void prot_mctp_serial_resync(struct prot_mctp_serial_encoder *e)
{
	e->resync = true;
}

static void put_escaped(struct prot_wr *w, uint8_t byte)
{
	if (byte == PROT_MCTP_SERIAL_FLAG || byte == PROT_MCTP_SERIAL_ESCAPE) {
		prot_wr_u8(w, PROT_MCTP_SERIAL_ESCAPE);
		byte ^= PROT_MCTP_SERIAL_ESCAPED;
	}
	prot_wr_u8(w, byte);
}

void prot_mctp_serial_encode(struct prot_mctp_serial_encoder *e,
			     struct prot_wr *w, const uint8_t *packet,
			     size_t len)
{
	uint16_t fcs = FCS_INIT;

	if (len < PROT_MCTP_SERIAL_PACKET_MIN || len > e->packet_max) {
		w->bad = true;
		return;
	}
	prot_wr_fill(w, PROT_MCTP_SERIAL_FLAG, e->resync ? 2 : 1);
	prot_wr_u8(w, PROT_MCTP_SERIAL_REVISION);
	prot_wr_u8(w, (uint8_t)len);
	fcs = fcs_add(fcs, PROT_MCTP_SERIAL_REVISION);
	fcs = fcs_add(fcs, (uint8_t)len);
	for (size_t i = 0; i < len; i++) {
		put_escaped(w, packet[i]);
		fcs = fcs_add(fcs, packet[i]);
	}
	prot_wr_be16(w, fcs);
	prot_wr_u8(w, PROT_MCTP_SERIAL_FLAG);
	e->resync = e->resync && !prot_wr_ok(w);
}

/* ---- Receiving ----------------------------------------------------------- */

void prot_mctp_serial_decoder_init(struct prot_mctp_serial_decoder *d,
				   uint8_t *buf, uint8_t cap)
{
	memset(d, 0, sizeof(*d));
	d->buf = buf;
	d->cap = cap;
	d->state = SERIAL_HUNT;
}

/* A flag that cuts a frame short is the start of another. */
static void drop(struct prot_mctp_serial_decoder *d,
		 enum prot_mctp_serial_drop reason, uint8_t byte)
{
	d->counters.drops[reason]++;
	d->state = byte == PROT_MCTP_SERIAL_FLAG ? SERIAL_FLAG : SERIAL_HUNT;
}

static void push_count(struct prot_mctp_serial_decoder *d, uint8_t byte)
{
	if (byte < PROT_MCTP_SERIAL_PACKET_MIN) {
		drop(d, PROT_MCTP_SERIAL_DROP_SHORT, byte);
	} else if (byte > d->cap) {
		drop(d, PROT_MCTP_SERIAL_DROP_LONG, byte);
	} else {
		d->len = byte;
		d->have = 0;
		d->fcs = fcs_add(FCS_INIT, PROT_MCTP_SERIAL_REVISION);
		d->fcs = fcs_add(d->fcs, byte);
		d->state = SERIAL_DATA;
	}
}

/* Before the packet. */
static void push_head(struct prot_mctp_serial_decoder *d, uint8_t byte)
{
	if (d->state == SERIAL_COUNT) {
		push_count(d, byte);
	} else if (byte == PROT_MCTP_SERIAL_FLAG) {
		d->state = SERIAL_FLAG;
	} else if (d->state == SERIAL_HUNT) {
		d->counters.noise++;
	} else if (byte == PROT_MCTP_SERIAL_REVISION) {
		d->state = SERIAL_COUNT;
	} else {
		drop(d, PROT_MCTP_SERIAL_DROP_REVISION, byte);
	}
}

/* The packet: whatever the count says, a flag in it ends the frame. */
static void push_data(struct prot_mctp_serial_decoder *d, uint8_t byte)
{
	if (byte == PROT_MCTP_SERIAL_FLAG) {
		drop(d, PROT_MCTP_SERIAL_DROP_CUT, byte);
		return;
	}
	if (d->state == SERIAL_ESCAPED) {
		byte ^= PROT_MCTP_SERIAL_ESCAPED;
		if (byte != PROT_MCTP_SERIAL_FLAG &&
		    byte != PROT_MCTP_SERIAL_ESCAPE) {
			drop(d, PROT_MCTP_SERIAL_DROP_ESCAPE, byte);
			return;
		}
	} else if (byte == PROT_MCTP_SERIAL_ESCAPE) {
		d->state = SERIAL_ESCAPED;
		return;
	}
	d->buf[d->have++] = byte;
	d->fcs = fcs_add(d->fcs, byte);
	d->state = d->have < d->len ? SERIAL_DATA : SERIAL_FCS_HIGH;
}

/*
 * Taken by the count, because a byte of the FCS may look like a flag. If the
 * count was wrong, or bytes were lost, real flags were taken for the FCS: look
 * at them again.
 */
static void push_fcs_low(struct prot_mctp_serial_decoder *d, uint8_t byte)
{
	if ((unsigned)d->fcs_high << 8 == (d->fcs & 0xFF00u) &&
	    byte == (d->fcs & 0xFFu)) {
		d->state = SERIAL_CLOSE;
		return;
	}
	drop(d, PROT_MCTP_SERIAL_DROP_FCS, d->fcs_high);
	push_head(d, byte);
}

/* True when the byte completes a packet. */
static bool push(struct prot_mctp_serial_decoder *d, uint8_t byte)
{
	switch (d->state) {
	case SERIAL_DATA:
	case SERIAL_ESCAPED:
		push_data(d, byte);
		return false;
	case SERIAL_FCS_HIGH:
		d->fcs_high = byte;
		d->state = SERIAL_FCS_LOW;
		return false;
	case SERIAL_FCS_LOW:
		push_fcs_low(d, byte);
		return false;
	case SERIAL_CLOSE:
		if (byte != PROT_MCTP_SERIAL_FLAG) {
			drop(d, PROT_MCTP_SERIAL_DROP_NO_FLAG, byte);
			return false;
		}
		d->state = SERIAL_FLAG;
		d->counters.packets++;
		return true;
	default:
		push_head(d, byte);
		return false;
	}
}

enum prot_status prot_mctp_serial_decode(struct prot_mctp_serial_decoder *d,
					 struct prot_rd *in, uint8_t **packet,
					 size_t *len)
{
	while (in->left != 0) {
		if (push(d, prot_rd_u8(in))) {
			*packet = d->buf;
			*len = d->len;
			return PROT_OK;
		}
	}
	return PROT_PENDING;
}

bool prot_mctp_serial_decoder_is_busy(const struct prot_mctp_serial_decoder *d)
{
	return d->state > SERIAL_FLAG;
}

void prot_mctp_serial_decoder_timeout(struct prot_mctp_serial_decoder *d)
{
	if (prot_mctp_serial_decoder_is_busy(d)) {
		drop(d, PROT_MCTP_SERIAL_DROP_TIMEOUT, 0);
	}
}
