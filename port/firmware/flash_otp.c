/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/flash_otp.h>

#include <prot/base/wipe.h>

static bool in_otp(const struct prot_flash_otp *o, uint32_t offset, size_t len)
{
	const struct prot_flash_geometry *g = &o->flash->geometry;

	return g->erased == 0xFF && g->program_unit == 1 &&
	       o->size <= g->size && offset <= o->size &&
	       len <= o->size - offset;
}

/* Program the piece that the flash has, or is to have. */
static enum prot_status drive(const struct prot_flash_otp *o)
{
	struct prot_flash_otp_state *s = o->state;
	enum prot_status st;

	if (s->piece_len == 0) {
		return PROT_OK;
	}
	st = o->flash->ops->program(o->flash->ctx, s->piece_offset, s->piece,
				    s->piece_len);
	if (st != PROT_PENDING) {
		prot_wipe(s->piece, sizeof(s->piece)); /* device secrets */
		s->piece_len = 0;
	}
	return st;
}

/* How many of the bytes left one program may take. */
static uint32_t piece_room(const struct prot_flash_otp *o, uint32_t offset,
			   size_t left)
{
	uint32_t page = o->flash->geometry.page_size;
	uint32_t room = page - offset % page;

	if (room > PROT_FLASH_OTP_PIECE) {
		room = PROT_FLASH_OTP_PIECE;
	}
	return left < room ? (uint32_t)left : room;
}

/* The next bytes of the set under way; none where there is no bit to set. */
static void next_piece(const struct prot_flash_otp *o)
{
	struct prot_flash_otp_state *s = o->state;
	const uint8_t *bits = (const uint8_t *)s->bits + s->at;
	uint8_t any = 0;
	uint32_t n;

	s->piece_offset = s->offset + (uint32_t)s->at;
	n = piece_room(o, s->piece_offset, s->len - s->at);
	for (uint32_t i = 0; i < n; i++) {
		any |= bits[i];
		s->piece[i] = (uint8_t)~bits[i];
	}
	s->piece_len = any != 0 ? n : 0;
	s->at += n;
}

static enum prot_status otp_read(void *ctx, uint32_t offset, void *buf,
				 size_t len)
{
	const struct prot_flash_otp *o = ctx;
	uint8_t *out = buf;
	enum prot_status st;

	if (!in_otp(o, offset, len)) {
		return PROT_ERR_ARG;
	}
	if (drive(o) == PROT_PENDING) { /* of a set that nobody waits for */
		return PROT_PENDING;
	}
	st = o->flash->ops->read(o->flash->ctx, offset, buf, len);
	for (size_t i = 0; st == PROT_OK && i < len; i++) {
		out[i] = (uint8_t)~out[i];
	}
	return st;
}

/* True when the call goes on with the set under way; else a set begins. */
static bool goes_on(struct prot_flash_otp_state *s, uint32_t offset,
		    const void *bits, size_t len)
{
	if (s->active && s->offset == offset && s->bits == bits &&
	    s->len == len) {
		return true;
	}
	s->bits = bits;
	s->offset = offset;
	s->len = len;
	s->at = 0;
	s->active = true;
	return false;
}

static enum prot_status otp_set(void *ctx, uint32_t offset, const void *bits,
				size_t len)
{
	const struct prot_flash_otp *o = ctx;
	struct prot_flash_otp_state *s = o->state;
	enum prot_status st;

	if (!in_otp(o, offset, len)) {
		return PROT_ERR_ARG;
	}
	st = drive(o);
	if (st == PROT_PENDING) {
		return st;
	}
	if (!goes_on(s, offset, bits, len)) {
		st = PROT_OK; /* what there was concerned another set */
	}
	while (st == PROT_OK && s->at < s->len) {
		next_piece(o);
		st = drive(o);
	}
	s->active = st == PROT_PENDING;
	return st;
}

const struct prot_otp_ops prot_flash_otp_ops = {
	.read = otp_read,
	.set = otp_set,
};
