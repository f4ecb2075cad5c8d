/* SPDX-License-Identifier: Apache-2.0 */
#include "flash_sim.h"

#include <string.h>

static uint8_t random_byte(struct flash_sim *s)
{
	s->random ^= s->random << 13; /* xorshift64 */
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return (uint8_t)(s->random >> 24);
}

static void breach(struct flash_sim *s, const char *what)
{
	if (s->violation == NULL) {
		s->violation = what;
	}
}

/* True when the op is to pend now; an op under way must be repeated as is. */
static bool pends(struct flash_sim *s, unsigned kind, uint32_t offset,
		  const void *buf, size_t len)
{
	uint64_t op = (uint64_t)(uintptr_t)buf * 31 + offset * 7u + len * 5u +
		      kind + 1;

	if (s->pending_op != 0 && s->pending_op != op) {
		breach(s, "an operation under way was not repeated");
	}
	if (s->pended < s->pend) {
		s->pended++;
		s->pending_op = op;
		return true;
	}
	s->pended = 0;
	s->pending_op = 0;
	return false;
}

/* Count an operation; true when the planned fault hits this one. */
static bool count_op(struct flash_sim *s, bool erase, uint32_t offset)
{
	if (s->watch) {
		s->watch(s->watch_ctx, s, erase, offset);
	}
	s->ops++;
	if (s->fault_at == 0 || s->ops != s->fault_at) {
		return false;
	}
	s->faulted = true;
	s->wavers = s->wavers || s->fault == SIM_CUT_UNSTABLE ||
		    s->fault == SIM_CUT_WEAK;
	s->off = s->fault <= SIM_CUT_AFTER;
	return true;
}

static enum prot_status fault_status(const struct flash_sim *s)
{
	return s->fault == SIM_SILENT_HALF ? PROT_OK : PROT_ERR_IO;
}

/* Of len bytes, how many the fault lets through. */
static size_t fault_length(enum sim_fault fault, size_t len)
{
	switch (fault) {
	case SIM_CUT_BEFORE:
	case SIM_CUT_WEAK:
		return 0;
	case SIM_CUT_FIRST_BYTE:
		return 1;
	case SIM_CUT_HALF:
	case SIM_SILENT_HALF:
	case SIM_ERROR_HALF:
		return len / 2;
	case SIM_CUT_LAST_BYTE:
		return len - 1;
	case SIM_CUT_UNSTABLE:
	case SIM_CUT_AFTER:
	case SIM_ERROR_DONE:
	case SIM_FAULT_COUNT:
	default:
		return len;
	}
}

static bool keeps(const struct flash_sim *s, uint32_t offset, size_t len)
{
	return offset < s->keep_offset + s->keep_size &&
	       s->keep_offset < offset + len;
}

static enum prot_status sim_read(void *ctx, uint32_t offset, void *buf,
				 size_t len)
{
	struct flash_sim *s = ctx;
	uint8_t *out = buf;

	if (s->off) {
		return PROT_ERR_IO;
	}
	if (pends(s, 1, offset, buf, len)) {
		return PROT_PENDING;
	}
	s->reads++;
	if (offset > s->flash.geometry.size ||
	    len > s->flash.geometry.size - offset) {
		breach(s, "read past the end");
		return PROT_ERR_ARG;
	}
	if (s->reads == s->read_error_at) {
		return PROT_ERR_IO;
	}
	memcpy(out, s->data + offset, len);
	for (size_t i = 0; s->wavers && i < len; i++) {
		if (s->unstable[offset + i] != 0) {
			out[i] = (uint8_t)(out[i] ^ (s->unstable[offset + i] &
						     random_byte(s)));
		}
	}
	return PROT_OK;
}

static void program_byte(struct flash_sim *s, uint32_t at, uint8_t value,
			 bool unstable)
{
	uint8_t was = s->data[at];

	if (s->flash.geometry.erased == 0xFF) {
		s->data[at] = was & value;
	} else {
		s->data[at] = was | value;
	}
	if (unstable) {
		s->unstable[at] =
			(uint8_t)(s->unstable[at] | (was ^ s->data[at]));
	}
}

/* One bit that a program was to change wavers. */
static void weaken(struct flash_sim *s, uint32_t offset, const uint8_t *in,
		   size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t bits = (uint8_t)(s->data[offset + i] ^ in[i]);

		if (bits != 0) {
			s->unstable[offset + i] = bits & (uint8_t)-bits;
			return;
		}
	}
}

static bool check_program(struct flash_sim *s, uint32_t offset, size_t len)
{
	const struct prot_flash_geometry *g = &s->flash.geometry;

	if (len == 0 || offset >= g->size || len > g->size - offset ||
	    offset % g->program_unit != 0 || len % g->program_unit != 0 ||
	    offset / g->page_size != (offset + len - 1) / g->page_size) {
		breach(s, "program breaks the geometry");
		return false;
	}
	if (keeps(s, offset, len)) {
		breach(s, "program in a protected range");
	}
	for (size_t i = 0; i < len; i++) {
		if (s->written[offset + i]) {
			breach(s, "program without erase");
		}
	}
	return true;
}

static enum prot_status sim_program(void *ctx, uint32_t offset, const void *buf,
				    size_t len)
{
	struct flash_sim *s = ctx;
	const uint8_t *in = buf;
	size_t done = len;
	bool hit;

	if (s->off) {
		return PROT_ERR_IO;
	}
	if (pends(s, 2, offset, buf, len)) {
		return PROT_PENDING;
	}
	if (!check_program(s, offset, len)) {
		return PROT_ERR_ARG;
	}
	hit = count_op(s, false, offset);
	if (hit) {
		done = fault_length(s->fault, len);
	}
	if (!hit || (s->fault != SIM_CUT_BEFORE && s->fault != SIM_CUT_WEAK)) {
		memset(s->written + offset, 1, len);
	}
	if (hit && s->fault == SIM_CUT_WEAK) {
		weaken(s, offset, in, len);
	}
	for (size_t i = 0; i < done; i++) {
		program_byte(s, offset + (uint32_t)i, in[i],
			     hit && s->fault == SIM_CUT_UNSTABLE);
	}
	return hit ? fault_status(s) : PROT_OK;
}

static void erase_range(struct flash_sim *s, uint32_t offset, uint32_t len)
{
	memset(s->data + offset, s->flash.geometry.erased, len);
	memset(s->unstable + offset, 0, len);
}

/* What the planned fault leaves of a sector. */
static void erase_faulty(struct flash_sim *s, uint32_t offset, uint32_t len)
{
	uint8_t erased = s->flash.geometry.erased;

	switch (s->fault) {
	case SIM_CUT_FIRST_BYTE:
		for (uint32_t i = 0; i < len; i++) {
			uint8_t mix = random_byte(s);

			s->data[offset + i] =
				(uint8_t)((erased & mix) |
					  (s->data[offset + i] & ~mix));
		}
		break;
	case SIM_CUT_HALF:
	case SIM_SILENT_HALF:
	case SIM_ERROR_HALF:
		erase_range(s, offset, len / 2);
		break;
	case SIM_CUT_LAST_BYTE:
		erase_range(s, offset + len / 2, len - len / 2);
		break;
	case SIM_CUT_UNSTABLE:
		for (uint32_t i = 0; i < len; i++) {
			s->unstable[offset + i] =
				(uint8_t)(s->data[offset + i] ^ erased);
			s->data[offset + i] = erased;
		}
		break;
	case SIM_CUT_WEAK:
		s->unstable[offset] = s->data[offset] ^ erased;
		break;
	case SIM_CUT_AFTER:
	case SIM_ERROR_DONE:
		erase_range(s, offset, len);
		break;
	case SIM_CUT_BEFORE:
	case SIM_FAULT_COUNT:
	default:
		break;
	}
}

static void count_erase(struct flash_sim *s, uint32_t sector)
{
	s->erases[sector]++;
	if (s->erases[sector] > s->max_erases) {
		s->max_erases = s->erases[sector];
	}
}

static enum prot_status sim_erase(void *ctx, uint32_t offset)
{
	struct flash_sim *s = ctx;
	const struct prot_flash_geometry *g = &s->flash.geometry;

	if (s->off) {
		return PROT_ERR_IO;
	}
	if (pends(s, 3, offset, NULL, 0)) {
		return PROT_PENDING;
	}
	if (offset >= g->size || offset % g->sector_size != 0) {
		breach(s, "erase breaks the geometry");
		return PROT_ERR_ARG;
	}
	if (keeps(s, offset, g->sector_size)) {
		breach(s, "erase in a protected range");
	}
	if (count_op(s, true, offset)) {
		erase_faulty(s, offset, g->sector_size);
		if (s->fault == SIM_SILENT_HALF || s->fault == SIM_CUT_AFTER ||
		    s->fault == SIM_ERROR_DONE) {
			memset(s->written + offset, 0, g->sector_size);
		}
		return fault_status(s);
	}
	count_erase(s, offset / g->sector_size);
	erase_range(s, offset, g->sector_size);
	memset(s->written + offset, 0, g->sector_size);
	return PROT_OK;
}

static bool otp_range(struct flash_sim *s, uint32_t offset, size_t len)
{
	if (offset > OTP_SIM_SIZE || len > OTP_SIM_SIZE - offset) {
		breach(s, "OTP access past the end");
		return false;
	}
	return true;
}

static enum prot_status sim_otp_read(void *ctx, uint32_t offset, void *buf,
				     size_t len)
{
	struct flash_sim *s = ctx;
	uint8_t *out = buf;

	if (s->off) {
		return PROT_ERR_IO;
	}
	if (pends(s, 4, offset, buf, len)) {
		return PROT_PENDING;
	}
	if (!otp_range(s, offset, len)) {
		return PROT_ERR_ARG;
	}
	for (size_t i = 0; i < len; i++) {
		uint8_t noise = s->otp_unstable[offset + i];

		out[i] = s->otp_data[offset + i];
		if (noise != 0) {
			out[i] = (uint8_t)(out[i] ^ (noise & random_byte(s)));
		}
	}
	return PROT_OK;
}

/* A cut sets a random subset of the bits; UNSTABLE, all of them half. */
static uint8_t otp_faulty(struct flash_sim *s, uint32_t at, uint8_t fresh)
{
	switch (s->fault) {
	case SIM_CUT_BEFORE:
		return 0;
	case SIM_CUT_UNSTABLE:
		s->otp_unstable[at] = (uint8_t)(s->otp_unstable[at] | fresh);
		return fresh;
	case SIM_CUT_WEAK: /* still 0, but not for certain */
		s->otp_unstable[at] = (uint8_t)(s->otp_unstable[at] | fresh);
		return 0;
	case SIM_CUT_AFTER:
	case SIM_ERROR_DONE:
		return fresh;
	case SIM_CUT_FIRST_BYTE:
	case SIM_CUT_HALF:
	case SIM_CUT_LAST_BYTE:
	case SIM_SILENT_HALF:
	case SIM_ERROR_HALF:
	case SIM_FAULT_COUNT:
	default:
		return fresh & random_byte(s);
	}
}

static enum prot_status sim_otp_set(void *ctx, uint32_t offset,
				    const void *bits, size_t len)
{
	struct flash_sim *s = ctx;
	const uint8_t *in = bits;
	bool hit;

	if (s->off) {
		return PROT_ERR_IO;
	}
	if (pends(s, 5, offset, bits, len)) {
		return PROT_PENDING;
	}
	if (!otp_range(s, offset, len)) {
		return PROT_ERR_ARG;
	}
	hit = count_op(s, false, UINT32_MAX);
	for (size_t i = 0; i < len; i++) {
		uint32_t at = offset + (uint32_t)i;
		uint8_t fresh = (uint8_t)(in[i] & ~s->otp_data[at]);

		if (hit) {
			fresh = otp_faulty(s, at, fresh);
		} else { /* set anew, a weak bit holds */
			s->otp_unstable[at] =
				(uint8_t)(s->otp_unstable[at] & ~in[i]);
		}
		s->otp_data[at] = (uint8_t)(s->otp_data[at] | fresh);
	}
	return hit ? fault_status(s) : PROT_OK;
}

static const struct prot_flash_ops flash_ops = {
	.read = sim_read,
	.program = sim_program,
	.erase = sim_erase,
};

static const struct prot_otp_ops otp_ops = {
	.read = sim_otp_read,
	.set = sim_otp_set,
};

void flash_sim_bind(struct flash_sim *s)
{
	s->flash.ops = &flash_ops;
	s->flash.ctx = s;
	s->otp.ops = &otp_ops;
	s->otp.ctx = s;
	s->otp.size = OTP_SIM_SIZE;
}

void flash_sim_init(struct flash_sim *s, const struct prot_flash_geometry *g)
{
	memset(s, 0, sizeof(*s));
	s->flash.geometry = *g;
	s->random = 0x9E3779B97F4A7C15u;
	memset(s->data, g->erased, sizeof(s->data));
	flash_sim_bind(s);
}

void flash_sim_power_on(struct flash_sim *s)
{
	s->off = false;
	s->faulted = false;
	s->fault_at = 0;
	s->ops = 0;
	s->reads = 0;
	s->pended = 0;
	s->pending_op = 0;
	s->keep_size = 0;
}

void flash_sim_plan(struct flash_sim *s, uint32_t at, enum sim_fault fault)
{
	flash_sim_power_on(s);
	s->fault_at = at;
	s->fault = fault;
	s->random ^= (uint64_t)at * 0x100000001B3u + (uint64_t)fault;
}

void flash_sim_load(struct flash_sim *s, uint32_t offset, const void *data,
		    uint32_t len)
{
	memcpy(s->data + offset, data, len);
	memset(s->unstable + offset, 0, len);
	for (uint32_t i = 0; i < len; i++) {
		s->written[offset + i] =
			s->data[offset + i] != s->flash.geometry.erased;
	}
}

bool flash_sim_holds(const struct flash_sim *s, uint32_t offset,
		     const void *data, uint32_t len)
{
	uint8_t noise = 0;

	if (memcmp(s->data + offset, data, len) != 0) {
		return false;
	}
	for (uint32_t i = 0; s->wavers && i < len; i++) {
		noise |= s->unstable[offset + i];
	}
	return noise == 0;
}
