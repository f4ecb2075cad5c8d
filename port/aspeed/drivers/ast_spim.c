/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_spim.h"

#include "ast10x0.h"
#include "ast_spim_route.h"
#include "mmio_bits.h"

#define RESET_US 5u

/* Of an entry of the log. */
#define LOG_KIND_SHIFT  18u
#define LOG_BLOCK_MASK  0x3FFFFu
#define LOG_BLOCK_SHIFT 14u
#define LOG_EMPTY       UINT32_MAX /* no entry has all these bits */

static uint32_t reg(const struct prot_ast_spim *s, uint32_t offset)
{
	return AST_SPIM1_BASE + (s->unit - 1) * AST_SPIM_STRIDE + offset;
}

static uint32_t get(const struct prot_ast_spim *s, uint32_t offset)
{
	return prot_mmio_read32(reg(s, offset));
}

/* PROT_ERR_IO when the register does not hold it then. */
static enum prot_status put(const struct prot_ast_spim *s, uint32_t offset,
			    uint32_t value)
{
	prot_mmio_write32(reg(s, offset), value);
	return get(s, offset) == value ? PROT_OK : PROT_ERR_IO;
}

static bool is_locked(const struct prot_ast_spim *s, uint32_t what)
{
	return (get(s, AST_SPIM_LOCK) & what) != 0;
}

static const struct prot_ast_spim_opcode *opcode_find(uint8_t opcode)
{
	for (size_t i = 0; i < prot_ast_spim_opcode_count; i++) {
		if (prot_ast_spim_opcodes[i].opcode == opcode) {
			return &prot_ast_spim_opcodes[i];
		}
	}
	return NULL;
}

/* Lanes 0, 1, 2, 4 are 0, 1, 2, 3 in a slot. */
static uint32_t lanes_code(uint32_t lanes)
{
	return lanes == 4 ? 3 : lanes;
}

/* 4, 8, ... KiB are 1, 2, ... in a slot. */
static uint32_t size_code(uint32_t kbytes)
{
	uint32_t code = 0;

	for (; kbytes >= 4; kbytes /= 2) {
		code++;
	}
	return code;
}

static uint32_t slot_value(const struct prot_ast_spim_opcode *o)
{
	return o->kind | lanes_code(o->data_lanes) << 24 |
	       (uint32_t)o->dummy_clocks << 16 | size_code(o->kbytes) << 13 |
	       (uint32_t)o->address_bytes << 10 |
	       lanes_code(o->address_lanes) << 8 | o->opcode;
}

/* First and last slot that may hold the command. */
static void slot_range(uint8_t opcode, uint32_t *first, uint32_t *last)
{
	switch (opcode) {
	case 0xB7:
		*first = *last = AST_SPIM_SLOT_EN4B;
		break;
	case 0xE9:
		*first = *last = AST_SPIM_SLOT_EX4B;
		break;
	case 0xC5:
		*first = *last = AST_SPIM_SLOT_WREAR;
		break;
	default:
		*first = AST_SPIM_SLOT_FIRST;
		*last = AST_SPIM_SLOT_WREAR - 1;
		break;
	}
}

/* The slot that has the command, or else one that is free; or AST_SPIM_SLOTS.
 */
static uint32_t slot_for(const struct prot_ast_spim *s, uint8_t opcode)
{
	uint32_t first, last;
	uint32_t unused = AST_SPIM_SLOTS;

	slot_range(opcode, &first, &last);
	for (uint32_t n = first; n <= last; n++) {
		uint32_t v = get(s, AST_SPIM_SLOT(n)) & ~AST_SPIM_SLOT_LOCK;

		if (v != 0 && (v & AST_SPIM_SLOT_OPCODE) == opcode) {
			return n;
		}
		if (v == 0 && unused == AST_SPIM_SLOTS) {
			unused = n;
		}
	}
	return unused;
}

enum prot_status prot_ast_spim_allow(const struct prot_ast_spim *s,
				     uint8_t opcode, bool once)
{
	const struct prot_ast_spim_opcode *o = opcode_find(opcode);
	uint32_t n = slot_for(s, opcode);

	if (!o) {
		return PROT_ERR_ARG;
	}
	if (n == AST_SPIM_SLOTS) {
		return PROT_ERR_SPACE;
	}
	if ((get(s, AST_SPIM_SLOT(n)) & AST_SPIM_SLOT_LOCK) != 0) {
		return PROT_ERR_STATE;
	}
	return put(s, AST_SPIM_SLOT(n),
		   slot_value(o) | (once ? AST_SPIM_SLOT_VALID_ONCE
					 : AST_SPIM_SLOT_VALID));
}

enum prot_status prot_ast_spim_forbid(const struct prot_ast_spim *s,
				      uint8_t opcode)
{
	uint32_t n = slot_for(s, opcode);
	uint32_t v;

	if (n == AST_SPIM_SLOTS) {
		return PROT_OK;
	}
	v = get(s, AST_SPIM_SLOT(n));
	if ((v & ~AST_SPIM_SLOT_LOCK) == 0) {
		return PROT_OK;
	}
	if ((v & AST_SPIM_SLOT_LOCK) != 0) {
		return PROT_ERR_STATE;
	}
	return put(s, AST_SPIM_SLOT(n), 0);
}

static enum prot_status slots_clear(const struct prot_ast_spim *s)
{
	enum prot_status st = PROT_OK;

	for (uint32_t n = 0; st == PROT_OK && n < AST_SPIM_SLOTS; n++) {
		st = put(s, AST_SPIM_SLOT(n), 0);
	}
	return st;
}

/* Bits of word `n` that blocks [first, end) have. */
static uint32_t word_mask(uint32_t n, uint32_t first, uint32_t end)
{
	uint32_t from = first > n * 32 ? first - n * 32 : 0;
	uint32_t to = end < (n + 1) * 32 ? end - n * 32 : 32;
	uint32_t below = to == 32 ? UINT32_MAX : (1u << to) - 1;

	return below & ~((1u << from) - 1);
}

/* In the table that is selected. */
static enum prot_status table_set(const struct prot_ast_spim *s,
				  const struct prot_ast_spim_region *r,
				  bool allow)
{
	uint32_t first = r->start / AST_SPIM_BLOCK;
	uint32_t end = first + r->len / AST_SPIM_BLOCK;
	enum prot_status st = PROT_OK;

	for (uint32_t n = first / 32; st == PROT_OK && n * 32 < end; n++) {
		uint32_t mask = word_mask(n, first, end);
		uint32_t v = mask == UINT32_MAX ? 0 : get(s, AST_SPIM_TABLE(n));

		st = put(s, AST_SPIM_TABLE(n),
			 (v & ~mask) | (allow ? mask : 0));
	}
	return st;
}

/* No table is selected outside of this function. */
static enum prot_status region_set(const struct prot_ast_spim *s,
				   const struct prot_ast_spim_region *r,
				   uint8_t access)
{
	uint32_t table = access == PROT_AST_SPIM_WRITE
				 ? AST_SPIM_CTRL_TABLE_WRITE
				 : AST_SPIM_CTRL_TABLE_READ;
	enum prot_status st;

	prot_mmio_field(reg(s, AST_SPIM_CTRL), AST_SPIM_CTRL_TABLE, table);
	st = table_set(s, r, (r->allow & access) != 0);
	prot_mmio_field(reg(s, AST_SPIM_CTRL), AST_SPIM_CTRL_TABLE, 0);
	return st;
}

static bool region_valid(const struct prot_ast_spim_region *r)
{
	return r->start % AST_SPIM_BLOCK == 0 && r->len % AST_SPIM_BLOCK == 0 &&
	       r->start <= AST_SPIM_REACH &&
	       r->len <= AST_SPIM_REACH - r->start &&
	       (r->allow & ~(PROT_AST_SPIM_READ | PROT_AST_SPIM_WRITE)) == 0;
}

enum prot_status prot_ast_spim_permit(const struct prot_ast_spim *s,
				      const struct prot_ast_spim_region *r)
{
	enum prot_status st;

	if (!region_valid(r)) {
		return PROT_ERR_ARG;
	}
	if (is_locked(s, AST_SPIM_LOCK_CTRL | AST_SPIM_LOCK_WRITE_TABLE |
				 AST_SPIM_LOCK_READ_TABLE)) {
		return PROT_ERR_STATE;
	}
	st = region_set(s, r, PROT_AST_SPIM_READ);
	if (st == PROT_OK) {
		st = region_set(s, r, PROT_AST_SPIM_WRITE);
	}
	return st;
}

enum prot_status prot_ast_spim_set_mode(const struct prot_ast_spim *s,
					enum prot_ast_spim_mode mode)
{
	static const uint32_t bits[] = {
		[PROT_AST_SPIM_FILTER] = AST_SPIM_CTRL_FILTER,
		[PROT_AST_SPIM_PASS_SINGLE] = AST_SPIM_CTRL_PASS_SINGLE,
		[PROT_AST_SPIM_PASS_MULTI] = AST_SPIM_CTRL_PASS_MULTI,
	};
	uint32_t mask = AST_SPIM_CTRL_PASS | AST_SPIM_CTRL_FILTER;

	if (is_locked(s, AST_SPIM_LOCK_CTRL)) {
		return PROT_ERR_STATE;
	}
	prot_ast_spim_miso(s, mode == PROT_AST_SPIM_FILTER);
	prot_mmio_field(reg(s, AST_SPIM_CTRL), mask, bits[mode]);
	return (get(s, AST_SPIM_CTRL) & mask) == bits[mode] ? PROT_OK
							    : PROT_ERR_IO;
}

/* The reset leaves policy and modes, and ends what the bus was doing. */
static void unit_reset(const struct prot_ast_spim *s)
{
	prot_mmio_set(reg(s, AST_SPIM_CTRL), AST_SPIM_CTRL_RESET);
	prot_clock_delay_us(s->clock, RESET_US);
	prot_mmio_clear(reg(s, AST_SPIM_CTRL), AST_SPIM_CTRL_RESET);
}

static enum prot_status log_start(const struct prot_ast_spim *s)
{
	enum prot_status st;

	for (uint32_t i = 0; i < s->log_words; i++) {
		s->log[i] = LOG_EMPTY;
	}
	s->state->log_next = 0;
	if (s->log_words == 0) {
		return put(s, AST_SPIM_LOG_SIZE, 0);
	}
	prot_mmio_barrier();
	st = put(s, AST_SPIM_LOG_BASE, prot_mmio_dma(s->log));
	if (st == PROT_OK) {
		st = put(s, AST_SPIM_LOG_SIZE,
			 s->log_words | AST_SPIM_LOG_ENABLE);
	}
	return st;
}

enum prot_status prot_ast_spim_hold(const struct prot_ast_spim *s)
{
	enum prot_status st;

	if (is_locked(s, UINT32_MAX)) {
		return PROT_ERR_STATE;
	}
	prot_ast_spim_mux(s, false);
	st = slots_clear(s);
	if (st == PROT_OK) {
		st = prot_ast_spim_set_mode(s, PROT_AST_SPIM_FILTER);
	}
	unit_reset(s);
	prot_mmio_field(reg(s, AST_SPIM_CTRL), AST_SPIM_CTRL_EXTRA_CLOCK,
			s->extra_clock ? AST_SPIM_CTRL_EXTRA_CLOCK : 0);
	prot_mmio_write32(reg(s, AST_SPIM_IRQ),
			  AST_SPIM_IRQ_PUSH_PULL | AST_SPIM_IRQ_ALL);
	prot_ast_spim_connect(s);
	return st;
}

static bool policy_valid(const struct prot_ast_spim_policy *p)
{
	for (size_t i = 0; i < p->command_count; i++) {
		if (!opcode_find(p->commands[i])) {
			return false;
		}
	}
	for (size_t i = 0; i < p->region_count; i++) {
		if (!region_valid(&p->regions[i])) {
			return false;
		}
	}
	return (p->elsewhere & ~(PROT_AST_SPIM_READ | PROT_AST_SPIM_WRITE)) ==
	       0;
}

/* Regions first: without commands they are of no effect. */
enum prot_status prot_ast_spim_load(const struct prot_ast_spim *s)
{
	const struct prot_ast_spim_policy *p = s->policy;
	struct prot_ast_spim_region all = {0, AST_SPIM_REACH, p->elsewhere};
	enum prot_status st;

	if (!policy_valid(p)) {
		return PROT_ERR_ARG;
	}
	if (is_locked(s, UINT32_MAX)) {
		return PROT_ERR_STATE;
	}
	unit_reset(s);
	st = prot_ast_spim_permit(s, &all);
	for (size_t i = 0; st == PROT_OK && i < p->region_count; i++) {
		st = prot_ast_spim_permit(s, &p->regions[i]);
	}
	if (st == PROT_OK) {
		st = log_start(s);
	}
	if (st == PROT_OK && s->interrupts) {
		prot_mmio_set(reg(s, AST_SPIM_IRQ), AST_SPIM_IRQ_ENABLE);
	}
	for (size_t i = 0; st == PROT_OK && i < p->command_count; i++) {
		st = prot_ast_spim_allow(s, p->commands[i], false);
	}
	return st;
}

/* PROT_ERR_IO when they do not stay set. */
static enum prot_status set_for_good(const struct prot_ast_spim *s,
				     uint32_t offset, uint32_t bits)
{
	prot_mmio_set(reg(s, offset), bits);
	return (get(s, offset) & bits) == bits ? PROT_OK : PROT_ERR_IO;
}

enum prot_status prot_ast_spim_lock(const struct prot_ast_spim *s)
{
	uint32_t what = AST_SPIM_LOCK_WRITE_TABLE | AST_SPIM_LOCK_READ_TABLE |
			AST_SPIM_LOCK_LOG_BASE | AST_SPIM_LOCK_LOG_SIZE |
			AST_SPIM_LOCK_CTRL |
			(s->interrupts ? 0 : AST_SPIM_LOCK_IRQ);
	enum prot_status st = PROT_OK;

	for (uint32_t n = 0; st == PROT_OK && n < AST_SPIM_SLOTS; n++) {
		st = set_for_good(s, AST_SPIM_SLOT(n), AST_SPIM_SLOT_LOCK);
	}
	if (st == PROT_OK) {
		st = set_for_good(s, AST_SPIM_CTRL,
				  AST_SPIM_CTRL_LOCK_FIFO |
					  AST_SPIM_CTRL_LOCK_RESET);
	}
	if (st == PROT_OK) {
		st = set_for_good(s, AST_SPIM_LOCK, what);
	}
	return st;
}

enum prot_status prot_ast_spim_protect(const struct prot_ast_spim *s)
{
	enum prot_status st = prot_ast_spim_load(s);

	if (st == PROT_OK) {
		st = prot_ast_spim_set_mode(s, PROT_AST_SPIM_FILTER);
	}
	if (st == PROT_OK) {
		st = prot_ast_spim_lock(s);
	}
	if (st != PROT_OK && st != PROT_ERR_STATE) {
		(void)slots_clear(s); /* those that are not locked yet */
	}
	return st;
}

static void event_decode(uint32_t word, struct prot_ast_spim_event *event)
{
	event->word = word;
	event->kind =
		(enum prot_ast_spim_event_kind)(word >> LOG_KIND_SHIFT & 3u);
	event->opcode = 0;
	event->address = 0;
	if (event->kind == PROT_AST_SPIM_BLOCKED_COMMAND) {
		event->opcode = (uint8_t)word;
	} else if (event->kind != PROT_AST_SPIM_UNKNOWN_EVENT) {
		event->address = (word & LOG_BLOCK_MASK) << LOG_BLOCK_SHIFT;
	}
}

/*
 * The unit goes back to the start of the ring by itself. Its place tells that
 * it did; words that hold nothing are passed over, so that it may do so before
 * the end.
 */
enum prot_status prot_ast_spim_log_read(const struct prot_ast_spim *s,
					struct prot_ast_spim_event *event)
{
	uint32_t *next = &s->state->log_next;
	uint32_t end;

	if (s->log_words == 0) {
		return PROT_ERR_NOT_FOUND;
	}
	end = get(s, AST_SPIM_LOG_NEXT) % s->log_words;
	prot_mmio_barrier();
	while (*next != end) {
		uint32_t word = s->log[*next];

		s->log[*next] = LOG_EMPTY;
		*next = (*next + 1) % s->log_words;
		if (word != LOG_EMPTY) {
			event_decode(word, event);
			return PROT_OK;
		}
	}
	return PROT_ERR_NOT_FOUND;
}

uint32_t prot_ast_spim_take(const struct prot_ast_spim *s)
{
	uint32_t v = get(s, AST_SPIM_IRQ);

	prot_mmio_write32(reg(s, AST_SPIM_IRQ), v);
	return v & AST_SPIM_IRQ_ALL;
}
