/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_otp.h"

#include "ast10x0.h"
#include "mmio_bits.h"

#include <prot/base/wipe.h>

#include <string.h>

#define PAIR_BYTES 8u
#define PAIR_BITS  64u

enum mode {
	MODE_READ,
	MODE_PROGRAM,
	MODE_SOAK
};

static void put(uint32_t reg, uint32_t value)
{
	prot_mmio_write32(AST_SBC_BASE + reg, value);
}

/* The data registers may hold secrets; the next read is somebody else's. */
static void protect(void)
{
	put(AST_OTP_DATA(0), 0);
	put(AST_OTP_DATA(1), 0);
	put(AST_OTP_PROTECT, AST_OTP_PROTECT_ON);
}

static enum prot_status wait_idle(const struct prot_ast_otp *o)
{
	enum prot_status st;

	st = prot_mmio_wait(o->clock, AST_SBC_BASE + AST_OTP_STATUS,
			    AST_OTP_STATUS_IDLE, AST_OTP_STATUS_IDLE,
			    AST_OTP_COMMAND_LIMIT_US);
	if (st != PROT_OK) {
		o->state->read_mode = false; /* whatever comes of it */
		return PROT_ERR_IO;
	}
	return PROT_OK;
}

/* The status may still say idle just after a command: look later. */
static enum prot_status command(const struct prot_ast_otp *o, uint32_t address,
				uint32_t code)
{
	put(AST_OTP_ADDRESS, address);
	put(AST_OTP_COMMAND, code);
	prot_clock_delay_us(o->clock, AST_OTP_SETTLE_US);
	return wait_idle(o);
}

static enum prot_status write_mode(const struct prot_ast_otp *o, uint32_t reg,
				   uint32_t value)
{
	put(AST_OTP_DATA(0), value);
	return command(o, reg, AST_OTP_COMMAND_WRITE);
}

static enum prot_status enter(const struct prot_ast_otp *o, enum mode mode)
{
	static const struct {
		uint32_t mra, mrb, mr, timing;
	} modes[] = {
		[MODE_READ] = {0, 0, 0, 0},
		[MODE_PROGRAM] = {0x1320, 0x1008, 0x0024, AST_OTP_TIMING_200US},
		[MODE_SOAK] = {0x1320, 0x0007, 0x0100, AST_OTP_TIMING_600US},
	};
	enum prot_status st;

	st = write_mode(o, AST_OTP_MODE_MRA, modes[mode].mra);
	if (st == PROT_OK) {
		st = write_mode(o, AST_OTP_MODE_MRB, modes[mode].mrb);
	}
	if (st == PROT_OK) {
		st = write_mode(o, AST_OTP_MODE_MR, modes[mode].mr);
	}
	if (mode != MODE_READ) {
		put(AST_OTP_TIMING, modes[mode].timing);
	}
	return st;
}

static enum prot_status read_config(const struct prot_ast_otp *o, uint32_t n,
				    uint32_t *value)
{
	enum prot_status st =
		command(o, AST_OTP_CONFIG(n), AST_OTP_COMMAND_READ);

	*value = prot_mmio_read32(AST_SBC_BASE + AST_OTP_DATA(0));
	return st;
}

/*
 * Begin an access. After a reset the mode is not known, nor the configuration;
 * nor is the mode after a command that did not end, which may still be going
 * on.
 */
static enum prot_status unprotect(const struct prot_ast_otp *o)
{
	struct prot_ast_otp_state *s = o->state;
	enum prot_status st;

	put(AST_OTP_PROTECT, AST_OTP_PROTECT_PASSWORD);
	if (s->read_mode) {
		return PROT_OK;
	}
	st = wait_idle(o);
	if (st == PROT_OK) {
		st = enter(o, MODE_READ);
	}
	if (st == PROT_OK) {
		st = read_config(o, 0, &s->config);
	}
	s->read_mode = st == PROT_OK;
	return st;
}

/* Begin an access to the region. */
static enum prot_status open_region(const struct prot_ast_otp *o)
{
	enum prot_status st = unprotect(o);

	if (st == PROT_OK &&
	    AST_OTP_CONFIG0_SECURE_WORDS(o->state->config) > o->word) {
		return PROT_ERR_STATE;
	}
	return st;
}

/* An even data word and the next, every blank bit 0. */
static enum prot_status read_pair(const struct prot_ast_otp *o, uint32_t word,
				  uint32_t pair[2])
{
	enum prot_status st = command(o, word, AST_OTP_COMMAND_READ);

	pair[0] = prot_mmio_read32(AST_SBC_BASE + AST_OTP_DATA(0));
	pair[1] = ~prot_mmio_read32(AST_SBC_BASE + AST_OTP_DATA(1));
	return st;
}

/* One bit: in an even word from 0 to 1, in an odd one from 1 to 0. */
static enum prot_status pulse(const struct prot_ast_otp *o, uint32_t word,
			      uint32_t bit, enum mode mode)
{
	uint32_t data = word % 2 == 0 ? ~(1u << bit) : 1u << bit;
	enum prot_status st;

	o->state->read_mode = false;
	st = enter(o, mode);
	if (st == PROT_OK) {
		st = write_mode(o, AST_OTP_MODE_LATCH, data);
	}
	if (st == PROT_OK) {
		put(AST_OTP_DATA(0), data);
		st = command(o, word, AST_OTP_COMMAND_PROGRAM);
	}
	if (st == PROT_OK) {
		st = enter(o, MODE_READ);
		o->state->read_mode = st == PROT_OK;
	}
	return st;
}

static bool in_region(const struct prot_ast_otp *o, uint32_t offset, size_t len)
{
	return o->word % 2 == 0 && o->size % PAIR_BYTES == 0 &&
	       o->word <= AST_OTP_DATA_WORDS &&
	       o->size / 4 <= AST_OTP_DATA_WORDS - o->word &&
	       offset <= o->size && len <= o->size - offset;
}

/* The call goes on with the op under way, or begins this one. */
static void take_up(struct prot_ast_otp_state *s, bool set, uint32_t offset,
		    const void *buf, size_t len)
{
	if (s->active && s->set == set && s->offset == offset &&
	    s->buf == buf && s->len == len) {
		return;
	}
	s->active = true;
	s->set = set;
	s->offset = offset;
	s->buf = buf;
	s->len = len;
	s->at = 0;
	s->pulses = 0;
}

/* A byte of a pair, by its offset in the region. */
static uint8_t byte_of(const uint32_t pair[2], uint32_t at)
{
	return (uint8_t)(pair[at / 4 % 2] >> 8 * (at % 4));
}

/* The bytes of the op under way that lie in its next pair. */
static enum prot_status read_next(const struct prot_ast_otp *o, uint8_t *out)
{
	struct prot_ast_otp_state *s = o->state;
	uint32_t at = s->offset + (uint32_t)s->at;
	uint32_t pair[2];
	enum prot_status st = read_pair(o, o->word + at / PAIR_BYTES * 2, pair);

	if (st == PROT_OK) {
		do {
			out[s->at++] = byte_of(pair, at++);
		} while (s->at < s->len && at % PAIR_BYTES != 0);
	}
	prot_wipe(pair, sizeof(pair));
	return st;
}

static enum prot_status otp_read(void *ctx, uint32_t offset, void *buf,
				 size_t len)
{
	const struct prot_ast_otp *o = ctx;
	struct prot_ast_otp_state *s = o->state;
	enum prot_status st;

	if (!in_region(o, offset, len)) {
		return PROT_ERR_ARG;
	}
	take_up(s, false, offset, buf, len);
	st = open_region(o);
	for (unsigned n = 0; n < AST_OTP_PAIRS && s->at < len && st == PROT_OK;
	     n++) {
		st = read_next(o, buf);
	}
	protect();
	s->active = st == PROT_OK && s->at < len;
	return s->active ? PROT_PENDING : st;
}

/* What of the op under way is wanted in the pair at `base` of the region. */
static void wanted(const struct prot_ast_otp_state *s, uint32_t base,
		   uint32_t want[2])
{
	const uint8_t *bits = s->buf;

	want[0] = 0;
	want[1] = 0;
	for (uint32_t i = 0; i < PAIR_BYTES; i++) {
		uint32_t n = base + i - s->offset; /* wraps below the start */

		if (n < s->len) {
			want[i / 4] |= (uint32_t)bits[n] << 8 * (i % 4);
		}
	}
}

static uint32_t lowest_bit(const uint32_t pair[2])
{
	uint32_t bit = 0;

	while ((pair[bit / 32] >> bit % 32 & 1u) == 0) {
		bit++;
	}
	return bit;
}

/* One more pulse on the lowest bit that is still missing. */
static enum prot_status set_bit(const struct prot_ast_otp *o, uint32_t base,
				const uint32_t missing[2])
{
	struct prot_ast_otp_state *s = o->state;
	uint32_t low = lowest_bit(missing);
	uint32_t bit = base * 8 + low;

	if (s->bit != bit) {
		s->bit = bit;
		s->pulses = 0;
	}
	if (s->pulses > AST_OTP_SOAK_LIMIT) {
		return PROT_ERR_IO;
	}
	s->pulses++;
	return pulse(o, o->word + base / 4 + low / 32, low % 32,
		     s->pulses == 1 ? MODE_PROGRAM : MODE_SOAK);
}

/* Verify the next pair of the set under way, or work on it. */
static enum prot_status set_next(const struct prot_ast_otp *o)
{
	struct prot_ast_otp_state *s = o->state;
	uint32_t base = (s->offset + (uint32_t)s->at) / PAIR_BYTES * PAIR_BYTES;
	uint32_t got[2], missing[2];
	enum prot_status st = read_pair(o, o->word + base / 4, got);

	wanted(s, base, missing);
	missing[0] &= ~got[0];
	missing[1] &= ~got[1];
	if (st == PROT_OK && (missing[0] | missing[1]) != 0) {
		st = set_bit(o, base, missing);
	} else if (st == PROT_OK) {
		s->at = base + PAIR_BYTES - s->offset;
	}
	prot_wipe(got, sizeof(got));
	prot_wipe(missing, sizeof(missing));
	return st;
}

static enum prot_status otp_set(void *ctx, uint32_t offset, const void *bits,
				size_t len)
{
	const struct prot_ast_otp *o = ctx;
	struct prot_ast_otp_state *s = o->state;
	enum prot_status st;

	if (!in_region(o, offset, len)) {
		return PROT_ERR_ARG;
	}
	take_up(s, true, offset, bits, len);
	st = open_region(o);
	if (st == PROT_OK && (s->config & o->forbidden) != 0) {
		st = PROT_ERR_STATE;
	}
	if (st == PROT_OK && s->at < len) {
		st = set_next(o);
	}
	protect();
	s->active = st == PROT_OK && s->at < len;
	return s->active ? PROT_PENDING : st;
}

const struct prot_otp_ops prot_ast_otp_ops = {
	.read = otp_read,
	.set = otp_set,
};

enum prot_status prot_ast_otp_config(const struct prot_ast_otp *o, uint32_t n,
				     uint32_t *value)
{
	enum prot_status st;

	if (n >= AST_OTP_CONFIG_WORDS) {
		return PROT_ERR_ARG;
	}
	st = unprotect(o);
	if (st == PROT_OK) {
		st = read_config(o, n, value);
	}
	protect();
	return st;
}

enum prot_status prot_ast_otp_straps(const struct prot_ast_otp *o,
				     struct prot_ast_otp_straps *straps)
{
	enum prot_status st = PROT_OK;
	uint32_t word = 0;

	memset(straps, 0, sizeof(*straps));
	for (uint32_t i = 0; i < 2 * AST_OTP_STRAP_OPTIONS && st == PROT_OK;
	     i++) {
		st = prot_ast_otp_config(o, AST_OTP_CONFIG_STRAP + i, &word);
		straps->value[i % 2] ^= word;
	}
	for (uint32_t i = 0; i < 2 && st == PROT_OK; i++) {
		st = prot_ast_otp_config(o, AST_OTP_CONFIG_STRAP_LOCK + i,
					 &straps->locked[i]);
	}
	return st;
}
