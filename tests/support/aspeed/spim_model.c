/* SPDX-License-Identifier: Apache-2.0 */
#include "spim_model.h"

#include "ast10x0.h"
#include "ast_spim.h"
#include "mmio_mock.h"
#include "test.h"

#include <string.h>

#define SCU0F0 (AST_SCU_BASE + 0xF0u)

static uint32_t offset_of(const struct spim_model *m, uint32_t address)
{
	return address - (AST_SPIM1_BASE + (m->unit - 1) * AST_SPIM_STRIDE);
}

/* The table that is selected: reading or writing none is a mistake. */
static unsigned table_of(const struct spim_model *m)
{
	uint32_t key = m->ctrl >> 24;

	assert_true(key == 0x52 || key == 0x57);
	return key == 0x57;
}

static uint32_t read_spim(void *ctx, uint32_t address, unsigned width)
{
	const struct spim_model *m = ctx;
	uint32_t at = offset_of(m, address);

	assert_int_equal(width, 4);
	if (at >= 0x100 && at < 0x900) {
		return m->tables[table_of(m)][(at - 0x100) / 4];
	}
	if (at >= 0x80 && at < 0x100) {
		return m->slots[(at - 0x80) / 4];
	}
	switch (at) {
	case 0x00:
		return m->ctrl;
	case 0x04:
		return m->irq;
	case 0x10:
		return m->log_base;
	case 0x14:
		return m->log_size;
	case 0x18:
		return m->log_next;
	case 0x7C:
		return m->lock;
	default:
		fail_msg("read of %03x", at);
		return 0;
	}
}

static void write_ctrl(struct spim_model *m, uint32_t v)
{
	uint64_t now = prot_clock_us(&mmio_mock_clock);

	if (m->lock & 1u << 0) {
		return;
	}
	v |= m->ctrl & 3u << 22;
	if (m->ctrl & 1u << 23) {
		v = (v & ~(1u << 15)) | (m->ctrl & 1u << 15);
	}
	if (~m->ctrl & v & 1u << 15) {
		m->reset_at = now;
	}
	if (m->ctrl & ~v & 1u << 15) {
		assert_true(now - m->reset_at >= 5);
		m->log_next = 0;
		m->resets++;
	}
	m->ctrl = v;
}

static void write_table(struct spim_model *m, uint32_t n, uint32_t v)
{
	unsigned t = table_of(m);

	if (~m->lock & (t ? 1u << 30 : 1u << 31)) {
		m->tables[t][n] = m->tables_stuck ? v & ~(1u << 5) : v;
	}
}

static void write_spim(void *ctx, uint32_t address, uint32_t v, unsigned width)
{
	struct spim_model *m = ctx;
	uint32_t at = offset_of(m, address);

	assert_int_equal(width, 4);
	if (at >= 0x100 && at < 0x900) {
		write_table(m, (at - 0x100) / 4, v);
		return;
	}
	if (at >= 0x80 && at < 0x100) {
		if ((m->slots[(at - 0x80) / 4] & 1u << 23) == 0 &&
		    !m->slots_stuck) {
			m->slots[(at - 0x80) / 4] = v;
		}
		return;
	}
	switch (at) {
	case 0x00:
		write_ctrl(m, v);
		break;
	case 0x04:
		if ((m->lock & 1u << 1) == 0) {
			m->irq = (v & ~7u) | (m->irq & 7u & ~v);
		}
		break;
	case 0x10:
		if ((m->lock & 1u << 4) == 0) {
			m->log_base = v;
		}
		break;
	case 0x14:
		if ((m->lock & 1u << 5) == 0) {
			m->log_size = v;
		}
		break;
	case 0x7C:
		m->lock |= m->locks_stuck ? 0 : v;
		break;
	default:
		fail_msg("write of %03x", at);
	}
}

void spim_model_add(struct spim_model *m)
{
	struct mmio_model model = {AST_SPIM1_BASE +
					   (m->unit - 1) * AST_SPIM_STRIDE,
				   AST_SPIM_STRIDE, read_spim, write_spim, m};

	mmio_mock_add(&model);
}

static bool blocked(struct spim_model *m, unsigned kind, uint32_t value)
{
	uint32_t words = m->log_size & ~(1u << 31);
	uint32_t *log;

	m->irq |= 1u << kind;
	if (m->log_size & 1u << 31) {
		log = mmio_mock_dma_pointer(m->log_base, words * 4);
		log[m->log_next] = kind << 18 | value;
		m->log_next++;
		if (m->log_next == (m->log_half ? words / 2 : words)) {
			m->log_next = 0;
		}
	}
	return false;
}

/* Only where the unit looks for it. */
static uint32_t *slot_of(struct spim_model *m, uint8_t opcode)
{
	unsigned first = opcode == 0xB7 ? 0 : opcode == 0xE9 ? 1 : 2;
	unsigned last = opcode == 0xB7 ? 0 : opcode == 0xE9 ? 1 : 31;

	for (unsigned n = opcode == 0xC5 ? 31 : first; n <= last; n++) {
		if ((m->slots[n] & 0xFF) == opcode && m->slots[n] >> 30 != 0) {
			return &m->slots[n];
		}
	}
	return NULL;
}

bool spim_model_send(struct spim_model *m, uint8_t opcode, uint32_t address)
{
	uint32_t path = (1u << 3 | 1u << 7 | 1u << 11) << m->unit;
	uint32_t block = address / 0x4000;
	uint32_t *slot;
	uint32_t v;

	/* path through the unit, its filter, external mux */
	if ((mmio_mock_peek(SCU0F0) & path) != path) {
		return false;
	}
	if ((m->ctrl & 4) == 0) {
		return (m->ctrl & 3) != 0;
	}
	assert_int_equal(m->ctrl & 3, 0);
	slot = slot_of(m, opcode);
	if (!slot) {
		return blocked(m, 0, opcode);
	}
	v = *slot;
	*slot &= ~(1u << 31);
	if ((v & 1u << 26) == 0) {
		return true;
	}
	if (v & 1u << 28 && !(m->tables[1][block / 32] >> block % 32 & 1)) {
		return blocked(m, 1, block);
	}
	if (v & 1u << 27 && !(m->tables[0][block / 32] >> block % 32 & 1)) {
		return blocked(m, 2, block);
	}
	return true;
}
