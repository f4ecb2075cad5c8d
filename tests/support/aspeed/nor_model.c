/* SPDX-License-Identifier: Apache-2.0 */
#include "nor_model.h"

#include "mmio_mock.h"
#include "test.h"

#include "ast_fmc.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW_STRIDE 0x08000000u /* of the second chip select */
#define BUSY          0x01
#define WRITABLE      0x02

static void breach(struct nor_model *m, const char *what)
{
	if (m->violation == NULL) {
		m->violation = what;
	}
}

static uint8_t random_byte(struct nor_part *p)
{
	p->random ^= p->random << 13; /* xorshift64 */
	p->random ^= p->random >> 7;
	p->random ^= p->random << 17;
	return (uint8_t)(p->random >> 24);
}

static bool busy(const struct nor_part *p)
{
	return p->stuck || prot_clock_us(&mmio_mock_clock) < p->busy_until;
}

/* Address bytes of an op code; 0: it has none, or is not known. */
static unsigned address_bytes(const struct nor_part *p, uint8_t op)
{
	switch (op) {
	case 0x02:
	case 0x03:
	case 0x0B:
	case 0x20:
	case 0xD8:
		return p->wide ? 4 : 3;
	case 0x12:
	case 0x13:
	case 0x21:
	case 0xDC:
		return p->no_wide_ops || p->size <= 0x1000000 ? 0 : 4;
	default:
		return 0;
	}
}

static void part_select(struct nor_part *p)
{
	p->selected = true;
	p->count = 0;
	p->address = 0;
	p->page_count = 0;
	memset(p->page_used, 0, sizeof(p->page_used));
	p->transactions++;
}

static uint8_t answer(struct nor_part *p)
{
	if (p->op == 0x05) {
		return (uint8_t)((busy(p) ? BUSY | WRITABLE : 0) |
				 (p->writable ? WRITABLE : 0));
	}
	if (busy(p)) {
		return 0xFF;
	}
	if (p->op == 0x9F) {
		return p->id[(p->count - 1) % 3];
	}
	return 0xFF;
}

/* Data bytes of a program wrap within the page. */
static void take_data(struct nor_part *p, uint8_t byte)
{
	uint32_t at = (p->address + p->page_count) % 256;

	p->page[at] = byte;
	p->page_used[at] = true;
	p->page_count++;
}

static uint8_t part_transfer(struct nor_part *p, uint8_t byte)
{
	uint8_t in = 0xFF;

	if (p->off || p->absent) {
		return 0xFF;
	}
	if (p->count == 0) {
		p->op = byte;
	} else if (p->count <= address_bytes(p, p->op)) {
		p->address = p->address << 8 | byte;
	} else if (p->op == 0x02 || p->op == 0x12) {
		take_data(p, byte);
	} else {
		in = answer(p);
	}
	p->count++;
	return in;
}

/* What a byte becomes when the power goes in the middle of its change. */
static uint8_t torn(struct nor_part *p, uint8_t from, uint8_t to)
{
	uint8_t mix = random_byte(p);

	return (uint8_t)((from & mix) | (to & ~mix));
}

/* The n-th of `of` bytes that change when the power goes. */
static uint8_t cut_byte(struct nor_part *p, uint8_t from, uint8_t to,
			const uint32_t place[2])
{
	uint32_t n = place[0], of = place[1];

	switch (p->cut) {
	case NOR_CUT_HALF:
		return n < of / 2 ? to : n == of / 2 ? torn(p, from, to) : from;
	case NOR_CUT_TORN:
		return torn(p, from, to);
	case NOR_CUT_AFTER:
		return to;
	case NOR_CUT_BEFORE:
	case NOR_CUT_COUNT:
	default:
		return from;
	}
}

/* The power goes: what is left of the change under way. */
static void cut_change(struct nor_part *p)
{
	uint8_t *cell = p->data + p->change_at;
	uint32_t place[2] = {0, 0};

	for (uint32_t i = 0; i < p->change_len; i++) {
		place[1] += cell[i] != p->old[i];
	}
	for (uint32_t i = 0; i < p->change_len; i++) {
		if (cell[i] != p->old[i]) {
			cell[i] = cut_byte(p, p->old[i], cell[i], place);
			place[0]++;
		}
	}
}

static void begin_change(struct nor_part *p, uint32_t at, uint32_t len,
			 uint32_t us)
{
	p->change_at = at;
	p->change_len = len;
	memcpy(p->old, p->data + at, len);
	p->busy_until = prot_clock_us(&mmio_mock_clock) + us;
}

static void do_program(struct nor_part *p)
{
	uint32_t page = p->address % p->size & ~255u;

	begin_change(p, page, 256, p->program_us);
	for (uint32_t i = 0; i < 256; i++) {
		if (p->page_used[i]) {
			p->data[page + i] &= p->page[i];
		}
	}
	p->programs++;
}

static void do_erase(struct nor_part *p, uint32_t len)
{
	uint32_t at = p->address % p->size & ~(len - 1);

	begin_change(p, at, len, p->erase_us);
	memset(p->data + at, 0xFF, len);
	p->erases++;
}

/* Commands that change the array: whole, and with the latch set. */
static void execute_change(struct nor_part *p)
{
	unsigned n = address_bytes(p, p->op);
	bool program = p->op == 0x02 || p->op == 0x12;
	bool whole = program ? p->page_count > 0 : p->count == n + 1u;

	if (n == 0 || !whole || !p->writable) {
		p->ignored++;
		return;
	}
	p->writable = false;
	if (program) {
		do_program(p);
	} else {
		do_erase(p, p->op == 0x20 || p->op == 0x21 ? 0x1000 : 0x10000);
	}
}

/* A part acts when it is deselected. */
static void execute(struct nor_part *p)
{
	if (p->count == 0 || p->op == 0x05 || p->op == 0x9F) {
		return;
	}
	if (busy(p)) {
		p->ignored++;
		return;
	}
	switch (p->op) {
	case 0x04:
	case 0x06:
		p->writable = p->op == 0x06 && !p->write_protect;
		break;
	case 0xB7:
	case 0xE9:
		p->wide = p->op == 0xB7;
		break;
	case 0x02:
	case 0x12:
	case 0x20:
	case 0x21:
	case 0xD8:
	case 0xDC:
		execute_change(p);
		break;
	default:
		p->ignored++;
		break;
	}
}

static void part_deselect(struct nor_part *p)
{
	p->selected = false;
	if (p->off || p->absent) {
		return;
	}
	execute(p);
	if (p->cut_at != 0 && p->transactions == p->cut_at) {
		p->off = true;
		if (busy(p)) {
			cut_change(p);
		}
	}
}

static uint32_t part_index(const struct nor_model *m, uint32_t address)
{
	return (address - m->window[0]) / WINDOW_STRIDE;
}

static uint32_t ctrl_of(const struct nor_model *m, uint32_t cs)
{
	return mmio_mock_peek(m->base + AST_FMC_CTRL(cs));
}

static bool conf_allows(const struct nor_model *m, uint32_t cs)
{
	uint32_t conf = mmio_mock_peek(m->base + AST_FMC_CONF);

	return (conf & AST_FMC_CONF_TYPE(cs)) == AST_FMC_CONF_TYPE_SPI(cs);
}

/* Whether the read command of the register is one that the part understands. */
static bool read_fits(struct nor_model *m, uint32_t cs)
{
	const struct nor_part *p = &m->part[cs];
	uint32_t ctrl = ctrl_of(m, cs);
	uint32_t mode = ctrl & AST_FMC_CTRL_MODE;
	uint32_t ce = mmio_mock_peek(m->base + AST_FMC_CE_CTRL);
	uint8_t op = mode == 0 ? 0x03 : (uint8_t)(ctrl >> 16);
	unsigned width = ce >> cs & 1 ? 4 : 3;

	return mode <= 1 && conf_allows(m, cs) &&
	       width == address_bytes(p, op) && (ctrl & 0xF0000000u) == 0 &&
	       (ctrl & 0x40C0u) == (op == 0x0B ? AST_FMC_CTRL_DUMMY(1u) : 0);
}

static uint8_t array_byte(struct nor_model *m, uint32_t cs, uint32_t offset)
{
	struct nor_part *p = &m->part[cs];

	if (!read_fits(m, cs)) {
		breach(m, "read mode does not fit the part");
		return 0xEE;
	}
	if (offset >= p->size) {
		breach(m, "read past the end of the part");
		return 0xEE;
	}
	if (p->off || p->absent || busy(p)) {
		return 0xFF;
	}
	return p->data[offset];
}

static uint32_t window_read(void *ctx, uint32_t address, unsigned width)
{
	struct nor_model *m = ctx;
	uint32_t cs = part_index(m, address);
	bool user =
		(ctrl_of(m, cs) & AST_FMC_CTRL_MODE) == AST_FMC_CTRL_MODE_USER;
	uint32_t value = 0;

	for (unsigned i = 0; i < width; i++) {
		uint32_t at = address - m->window[cs] + i;
		uint8_t byte = 0xFF;

		if (!user) {
			byte = array_byte(m, cs, at);
		} else if (m->part[cs].selected) {
			byte = part_transfer(&m->part[cs], 0);
		} else {
			breach(m, "user mode access, not selected");
		}
		value |= (uint32_t)byte << 8 * i;
	}
	return value;
}

static void window_write(void *ctx, uint32_t address, uint32_t value,
			 unsigned width)
{
	struct nor_model *m = ctx;
	uint32_t cs = part_index(m, address);
	uint32_t conf = mmio_mock_peek(m->base + AST_FMC_CONF);

	if (!m->part[cs].selected || !conf_allows(m, cs) ||
	    (conf & AST_FMC_CONF_WRITE(cs)) == 0) {
		breach(m, "write to the window, not allowed");
		return;
	}
	for (unsigned i = 0; i < width; i++) {
		(void)part_transfer(&m->part[cs], (uint8_t)(value >> 8 * i));
	}
}

static void ctrl_write(struct nor_model *m, uint32_t cs, uint32_t value)
{
	struct nor_part *p = &m->part[cs];
	bool select = (value & AST_FMC_CTRL_MODE) == AST_FMC_CTRL_MODE_USER &&
		      (value & AST_FMC_CTRL_STOP) == 0;

	for (uint32_t i = 0; select && i < NOR_MODEL_PARTS; i++) {
		if (i != cs && m->part[i].selected) {
			breach(m, "two parts selected");
		}
	}
	if (m->dma_running) {
		breach(m, "control register changed during DMA");
	}
	if (select && !p->selected) {
		part_select(p);
	} else if (!select && p->selected) {
		part_deselect(p);
	}
}

/* Flash to memory, as the registers say. */
static void dma_run(struct nor_model *m)
{
	uint32_t flash = mmio_mock_peek(m->base + AST_FMC_DMA_FLASH);
	uint32_t ram = mmio_mock_peek(m->base + AST_FMC_DMA_RAM);
	uint32_t len = mmio_mock_peek(m->base + AST_FMC_DMA_LENGTH);
	uint32_t offset = flash + AST_FMC_DMA_FLASH_OFFSET - m->window[0];
	uint32_t cs = offset / WINDOW_STRIDE;
	uint8_t *to;

	len += m->dma_silicon ? 1 : 0;
	if (flash % 4 != 0 || ram % 4 != 0 || len % 4 != 0 || len == 0 ||
	    cs >= NOR_MODEL_PARTS || ram < AST_FMC_DMA_RAM_OFFSET ||
	    (ctrl_of(m, cs) & AST_FMC_CTRL_MODE) == AST_FMC_CTRL_MODE_USER) {
		breach(m, "DMA not set up as it must be");
		return;
	}
	to = mmio_mock_dma_pointer(ram - AST_FMC_DMA_RAM_OFFSET, len);
	for (uint32_t i = 0; i < len; i++) {
		to[i] = array_byte(m, cs, offset % WINDOW_STRIDE + i);
	}
	m->dma_count++;
	m->dma_bytes += len;
	m->dma_running = true;
	m->dma_end = prot_clock_us(&mmio_mock_clock) + m->dma_us;
}

static void dma_ctrl_write(struct nor_model *m, uint32_t value)
{
	if (value == AST_FMC_DMA_REQUEST) {
		m->dma_requested = true;
		m->dma_granted = !m->dma_refused;
	} else if (value == AST_FMC_DMA_DISCARD) {
		m->dma_requested = false;
		m->dma_granted = false;
	} else if ((value & AST_FMC_DMA_ENABLE) == 0) {
		m->dma_running = false;
	} else if (!m->dma_granted || value != AST_FMC_DMA_ENABLE) {
		breach(m, "DMA started without grant, or otherwise");
	} else {
		dma_run(m);
	}
}

static void register_write(void *ctx, uint32_t address, uint32_t value,
			   unsigned width)
{
	struct nor_model *m = ctx;
	uint32_t at = address - m->base;

	assert_int_equal(width, 4);
	if (at >= AST_FMC_CTRL(0) && at < AST_FMC_CTRL(NOR_MODEL_PARTS)) {
		ctrl_write(m, (at - AST_FMC_CTRL(0)) / 4, value);
	} else if (at == AST_FMC_DMA_CTRL) {
		dma_ctrl_write(m, value);
	} else if (at > AST_FMC_DMA_CTRL && at <= AST_FMC_DMA_LENGTH &&
		   !m->dma_granted) {
		breach(m, "DMA registers written without grant");
	}
}

static uint32_t dma_ctrl_read(const struct nor_model *m)
{
	uint32_t value = m->dma_running ? AST_FMC_DMA_ENABLE : 0;

	if (m->dma_requested && !m->dma_free) {
		value |= AST_FMC_DMA_REQUESTED;
		value |= m->dma_granted ? AST_FMC_DMA_GRANTED : 0;
	}
	return value;
}

static uint32_t register_read(void *ctx, uint32_t address, unsigned width)
{
	struct nor_model *m = ctx;
	bool done = m->dma_running && !m->dma_hangs &&
		    prot_clock_us(&mmio_mock_clock) >= m->dma_end;

	assert_int_equal(width, 4);
	if (address - m->base == AST_FMC_INTR) {
		return done ? AST_FMC_INTR_DMA_DONE : 0;
	}
	if (address - m->base == AST_FMC_DMA_CTRL) {
		return dma_ctrl_read(m);
	}
	return mmio_mock_peek(address);
}

static void attach(struct nor_model *m)
{
	struct mmio_model model = {m->base, 0x100, register_read,
				   register_write, m};

	mmio_mock_add(&model);
	for (uint32_t cs = 0; cs < NOR_MODEL_PARTS; cs++) {
		model = (struct mmio_model){m->window[cs], WINDOW_STRIDE,
					    window_read, window_write, m};
		mmio_mock_add(&model);
	}
}

void nor_model_resize(struct nor_part *p, uint32_t size)
{
	uint8_t *data = realloc(p->data, size);

	assert_non_null(data);
	p->data = data;
	p->size = size;
	memset(p->data, 0xFF, size);
}

void nor_model_init(struct nor_model *m, uint32_t base, uint32_t window)
{
	static const uint8_t id[NOR_MODEL_PARTS][3] = {{0xEF, 0x40, 0x19},
						       {0xEF, 0x40, 0x14}};

	memset(m, 0, sizeof(*m));
	m->base = base;
	for (uint32_t cs = 0; cs < NOR_MODEL_PARTS; cs++) {
		struct nor_part *p = &m->part[cs];

		m->window[cs] = window + cs * WINDOW_STRIDE;
		memcpy(p->id, id[cs], 3);
		p->program_us = 700;
		p->erase_us = 45000;
		p->random = 0x9E3779B97F4A7C15u;
		nor_model_resize(p, 1u << id[cs][2]);
	}
	m->dma_us = 100;
	attach(m);
}

void nor_model_free(struct nor_model *m)
{
	for (uint32_t cs = 0; cs < NOR_MODEL_PARTS; cs++) {
		free(m->part[cs].data);
		m->part[cs].data = NULL;
	}
}

static void part_power_on(struct nor_part *p)
{
	p->selected = false;
	p->off = false;
	p->cut_at = 0;
	p->transactions = 0;
	p->wide = false;
	p->writable = false;
	p->busy_until = 0;
}

void nor_model_power_on(struct nor_model *m)
{
	for (uint32_t cs = 0; cs < NOR_MODEL_PARTS; cs++) {
		part_power_on(&m->part[cs]);
	}
	m->dma_requested = false;
	m->dma_granted = false;
	m->dma_running = false;
	attach(m);
}
