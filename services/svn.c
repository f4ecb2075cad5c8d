/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/svn.h>

#include <stdbool.h>
#include <string.h>

enum {
	COPIES = 3
};
enum {
	PHASE_READ,
	PHASE_SET,
	PHASE_DONE
};

void prot_svn_read_init(struct prot_svn *s, const struct prot_otp *otp)
{
	memset(s, 0, sizeof(*s));
	s->otp = otp;
}

void prot_svn_advance_init(struct prot_svn *s, const struct prot_otp *otp,
			   uint32_t target)
{
	prot_svn_read_init(s, otp);
	s->target = target;
}

static uint8_t byte_of(const struct prot_svn *s, uint32_t copy, uint32_t bit)
{
	return s->bits[copy * PROT_OTP_SVN_COPY + bit / 8];
}

/* In how many copies the bit is set. */
static uint32_t copies_with(const struct prot_svn *s, uint32_t bit)
{
	uint32_t n = 0;

	for (uint32_t copy = 0; copy < COPIES; copy++) {
		n += (uint32_t)byte_of(s, copy, bit) >> bit % 8 & 1u;
	}
	return n;
}

static uint32_t count_bits(uint32_t bits)
{
	uint32_t n = 0;

	for (; bits != 0; bits &= bits - 1) { /* clears the lowest */
		n++;
	}
	return n;
}

static void count(struct prot_svn *s)
{
	s->floor = 0;
	s->firm = 0;
	for (uint32_t bit = 0; bit < PROT_SVN_MAX; bit += 8) {
		uint32_t a = byte_of(s, 0, bit), b = byte_of(s, 1, bit);
		uint32_t c = byte_of(s, 2, bit);

		s->floor += count_bits(a | b | c);
		s->firm += count_bits((a & b) | (a & c) | (b & c));
	}
}

/*
 * Move s->bit to the next bit to set: the lowest clear one while the floor is
 * too low, and any on the way that an interrupted advance left in some copies
 * only. It never moves back, so that bits that will not set are passed over
 * and the work ends.
 */
static bool next_bit(struct prot_svn *s)
{
	for (; s->bit < PROT_SVN_MAX; s->bit++) {
		uint32_t n = copies_with(s, s->bit);

		if (n < COPIES && (n > 0 || s->floor < s->target)) {
			return true;
		}
	}
	return false;
}

static enum prot_status step_read(struct prot_svn *s)
{
	enum prot_status st = s->otp->ops->read(s->otp->ctx, PROT_OTP_SVN,
						s->bits, sizeof(s->bits));

	if (st != PROT_OK) {
		return st;
	}
	count(s);
	if (s->target != 0 && next_bit(s)) {
		s->copy = 0;
		s->phase = PHASE_SET;
		return PROT_PENDING;
	}
	s->phase = PHASE_DONE;
	return s->floor >= s->target ? PROT_OK : PROT_ERR_IO;
}

/*
 * One bit at a time: a power cut within a longer run could leave any subset
 * of it set, and completing that would go beyond the target.
 */
static enum prot_status step_set(struct prot_svn *s)
{
	uint32_t at = s->copy * (uint32_t)PROT_OTP_SVN_COPY + s->bit / 8;
	enum prot_status st;

	s->mask = (uint8_t)(1u << s->bit % 8);
	st = s->otp->ops->set(s->otp->ctx, PROT_OTP_SVN + at, &s->mask, 1);
	if (st != PROT_OK) {
		return st;
	}
	s->copy++;
	if (s->copy == COPIES) {
		s->bit++;
		s->phase = PHASE_READ;
	}
	return PROT_PENDING;
}

enum prot_status prot_svn_step(struct prot_svn *s)
{
	if (s->target > PROT_SVN_MAX) {
		return PROT_ERR_ARG;
	}
	if (s->phase == PHASE_SET) {
		return step_set(s);
	}
	return step_read(s);
}
