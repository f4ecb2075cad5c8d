/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_fmc.h"

#include "mmio_bits.h"

#include <string.h>

/* Op codes that serial NOR flash has in common (JESD216). */
enum {
	OP_PROGRAM = 0x02,
	OP_WRITE_DISABLE = 0x04,
	OP_READ_STATUS = 0x05,
	OP_WRITE_ENABLE = 0x06,
	OP_PROGRAM_4BYTE = 0x12,
	OP_ERASE_4K = 0x20,
	OP_ERASE_4K_4BYTE = 0x21,
	OP_READ_ID = 0x9F,
	OP_ENTER_4BYTE = 0xB7,
	OP_ERASE_64K = 0xD8,
	OP_ERASE_64K_4BYTE = 0xDC,
};

enum {
	STATUS_BUSY = 1 << 0,
	STATUS_WRITABLE = 1 << 1,
};

enum {
	KIND_NONE,
	KIND_READ,
	KIND_PROGRAM,
	KIND_ERASE,
};

#define THREE_BYTE_MAX 0x1000000u
#define PAGE_MAX       256u

static void select(const struct prot_ast_fmc *f)
{
	uint32_t user =
		(f->read_ctrl & AST_FMC_CTRL_CLOCK) | AST_FMC_CTRL_MODE_USER;
	uint32_t ctrl = f->base + AST_FMC_CTRL(f->cs);

	prot_mmio_set(f->base + AST_FMC_CONF, AST_FMC_CONF_WRITE(f->cs));
	prot_mmio_write32(ctrl, user | AST_FMC_CTRL_STOP);
	prot_mmio_write32(ctrl, user);
}

static void deselect(const struct prot_ast_fmc *f)
{
	uint32_t ctrl = f->base + AST_FMC_CTRL(f->cs);

	prot_mmio_set(ctrl, AST_FMC_CTRL_STOP);
	prot_mmio_write32(ctrl, f->read_ctrl);
	prot_mmio_clear(f->base + AST_FMC_CONF, AST_FMC_CONF_WRITE(f->cs));
}

static void put(const struct prot_ast_fmc *f, uint8_t byte)
{
	prot_mmio_write8(f->window, byte);
}

/* One op code with an answer of n bytes. */
static void command(const struct prot_ast_fmc *f, uint8_t op, uint8_t *answer,
		    size_t n)
{
	select(f);
	put(f, op);
	for (size_t i = 0; i < n; i++) {
		answer[i] = prot_mmio_read8(f->window);
	}
	deselect(f);
}

static uint8_t status(const struct prot_ast_fmc *f)
{
	uint8_t s;

	command(f, OP_READ_STATUS, &s, 1);
	return s;
}

static bool four_byte(const struct prot_ast_fmc *f)
{
	return f->geometry->size > THREE_BYTE_MAX;
}

/* One op code with an address and n bytes of data. */
static void command_at(const struct prot_ast_fmc *f, uint8_t op,
		       uint32_t offset, const uint8_t *data, size_t n)
{
	select(f);
	put(f, op);
	for (unsigned shift = four_byte(f) ? 32 : 24; shift > 0;) {
		shift -= 8;
		put(f, (uint8_t)(offset >> shift));
	}
	for (size_t i = 0; i < n; i++) {
		put(f, data[i]);
	}
	deselect(f);
}

/* A part that is busy, absent or protected does not become writable. */
static bool write_enable(const struct prot_ast_fmc *f)
{
	command(f, OP_WRITE_ENABLE, NULL, 0);
	return (status(f) & (STATUS_BUSY | STATUS_WRITABLE)) == STATUS_WRITABLE;
}

static uint8_t op_code(const struct prot_ast_fmc *f, uint8_t kind)
{
	bool wide = four_byte(f) && !f->enter_4byte;

	if (kind == KIND_PROGRAM) {
		return wide ? OP_PROGRAM_4BYTE : OP_PROGRAM;
	}
	if (f->geometry->sector_size == 0x1000) {
		return wide ? OP_ERASE_4K_4BYTE : OP_ERASE_4K;
	}
	return wide ? OP_ERASE_64K_4BYTE : OP_ERASE_64K;
}

static uint32_t limit_us(uint8_t kind)
{
	return kind == KIND_PROGRAM ? AST_FMC_PROGRAM_LIMIT_US
				    : AST_FMC_ERASE_LIMIT_US;
}

static uint64_t elapsed_us(const struct prot_ast_fmc *f)
{
	return prot_clock_us(f->clock) - f->state->since;
}

/*
 * Whether this op is the one in flight: *fresh when it just became so. False:
 * another one is.
 */
static bool claim(const struct prot_ast_fmc *f, uint8_t kind, uint32_t offset,
		  const void *buf, size_t len, bool *fresh)
{
	struct prot_ast_fmc_state *s = f->state;

	*fresh = false;
	if (s->op.kind == kind && s->op.offset == offset && s->op.buf == buf &&
	    s->op.len == len) {
		return true;
	}
	if (s->op.kind != KIND_NONE) {
		if (elapsed_us(f) <= limit_us(s->op.kind)) {
			return false;
		}
		s->doubtful = s->doubtful || s->op.kind != KIND_READ;
	}
	s->op.kind = kind;
	s->op.offset = offset;
	s->op.buf = buf;
	s->op.len = len;
	s->since = prot_clock_us(f->clock);
	s->done = 0;
	*fresh = true;
	return true;
}

static enum prot_status finish(const struct prot_ast_fmc *f,
			       enum prot_status st)
{
	f->state->op.kind = KIND_NONE;
	return st;
}

/* Program or erase: the part works by itself until its status says done. */
static enum prot_status change(const struct prot_ast_fmc *f, uint8_t kind,
			       uint32_t offset, const void *buf, size_t len)
{
	bool fresh;

	if (!claim(f, kind, offset, buf, len, &fresh)) {
		return PROT_PENDING;
	}
	if (fresh) {
		if (!write_enable(f)) {
			return finish(f, PROT_ERR_IO);
		}
		f->state->doubtful = false;
		command_at(f, op_code(f, kind), offset, buf, len);
	}
	if ((status(f) & STATUS_BUSY) == 0) {
		return finish(f, PROT_OK);
	}
	if (elapsed_us(f) > limit_us(kind)) {
		f->state->doubtful = true;
		return finish(f, PROT_ERR_IO);
	}
	return PROT_PENDING;
}

static bool in_device(const struct prot_ast_fmc *f, uint32_t offset, size_t len)
{
	return offset <= f->geometry->size && len <= f->geometry->size - offset;
}

static enum prot_status fmc_program(void *ctx, uint32_t offset, const void *buf,
				    size_t len)
{
	const struct prot_ast_fmc *f = ctx;
	const struct prot_flash_geometry *g = f->geometry;

	if (len == 0 || !in_device(f, offset, len) ||
	    offset % g->program_unit != 0 || len % g->program_unit != 0 ||
	    len > g->page_size - offset % g->page_size) {
		return PROT_ERR_ARG;
	}
	return change(f, KIND_PROGRAM, offset, buf, len);
}

static enum prot_status fmc_erase(void *ctx, uint32_t offset)
{
	const struct prot_ast_fmc *f = ctx;
	const struct prot_flash_geometry *g = f->geometry;

	if (offset % g->sector_size != 0 ||
	    !in_device(f, offset, g->sector_size)) {
		return PROT_ERR_ARG;
	}
	return change(f, KIND_ERASE, offset, NULL, 0);
}

/* Read mode turns each access to the window into one read of the part. */
static void read_window(const struct prot_ast_fmc *f, uint32_t offset,
			uint8_t *out, size_t len)
{
	size_t i = 0;

	for (; i < len && (offset + i) % 4 != 0; i++) {
		out[i] = prot_mmio_read8(f->window + offset + (uint32_t)i);
	}
	for (; len - i >= 4; i += 4) {
		uint32_t w = prot_mmio_read32(f->window + offset + (uint32_t)i);

		out[i] = (uint8_t)w;
		out[i + 1] = (uint8_t)(w >> 8);
		out[i + 2] = (uint8_t)(w >> 16);
		out[i + 3] = (uint8_t)(w >> 24);
	}
	for (; i < len; i++) {
		out[i] = prot_mmio_read8(f->window + offset + (uint32_t)i);
	}
}

/* A controller that does not show the request has no need to grant it. */
static enum prot_status dma_request(const struct prot_ast_fmc *f)
{
	uint32_t ctrl = f->base + AST_FMC_DMA_CTRL;

	prot_mmio_write32(ctrl, AST_FMC_DMA_REQUEST);
	if ((prot_mmio_read32(ctrl) & AST_FMC_DMA_REQUESTED) == 0) {
		return PROT_OK;
	}
	return prot_mmio_wait(f->clock, ctrl, AST_FMC_DMA_GRANTED,
			      AST_FMC_DMA_GRANTED, AST_FMC_DMA_LIMIT_US);
}

static enum prot_status dma_run(const struct prot_ast_fmc *f, uint32_t offset,
				uint32_t ram, uint32_t len)
{
	enum prot_status st;

	prot_mmio_write32(f->base + AST_FMC_DMA_FLASH,
			  f->window - AST_FMC_DMA_FLASH_OFFSET + offset);
	prot_mmio_write32(f->base + AST_FMC_DMA_RAM,
			  ram + AST_FMC_DMA_RAM_OFFSET);
	prot_mmio_write32(f->base + AST_FMC_DMA_LENGTH,
			  len - f->dma_length_bias);
	prot_mmio_barrier();
	prot_mmio_write32(f->base + AST_FMC_DMA_CTRL, AST_FMC_DMA_ENABLE);
	st = prot_mmio_wait(f->clock, f->base + AST_FMC_INTR,
			    AST_FMC_INTR_DMA_DONE, AST_FMC_INTR_DMA_DONE,
			    AST_FMC_DMA_LIMIT_US);
	prot_mmio_barrier();
	return st;
}

/* All of ram, offset and len are multiples of 4. */
static enum prot_status read_dma(const struct prot_ast_fmc *f, uint32_t offset,
				 uint32_t ram, uint32_t len)
{
	enum prot_status st = dma_request(f);

	if (st == PROT_OK) {
		st = dma_run(f, offset, ram, len);
	}
	prot_mmio_write32(f->base + AST_FMC_DMA_CTRL, 0);
	prot_mmio_write32(f->base + AST_FMC_DMA_CTRL, AST_FMC_DMA_DISCARD);
	return st == PROT_OK ? PROT_OK : PROT_ERR_IO;
}

/* Whether DMA can write there, and words of flash land on words of memory. */
static bool dma_fits(const struct prot_ast_fmc *f, uint32_t offset,
		     const uint8_t *out, uint32_t ram, size_t len)
{
	return ((uintptr_t)out - offset) % 4 == 0 && ram >= f->dma_base &&
	       len <= f->dma_size && ram - f->dma_base <= f->dma_size - len;
}

/* The next n bytes, at most AST_FMC_PIECE, of the read into buf. */
static enum prot_status read_piece(const struct prot_ast_fmc *f,
				   uint32_t offset, uint8_t *buf, size_t n)
{
	uint32_t done = (uint32_t)f->state->done;
	uint32_t at = offset + done;
	uint8_t *out = buf + done;
	uint32_t head = (0u - at) % 4;
	uint32_t ram, words;

	if (f->dma_size == 0 || n < AST_FMC_DMA_MIN) {
		read_window(f, at, out, n);
		return PROT_OK;
	}
	ram = prot_mmio_dma(buf) + done;
	if (!dma_fits(f, at, out, ram, n)) {
		read_window(f, at, out, n);
		return PROT_OK;
	}
	words = ((uint32_t)n - head) & ~3u;
	read_window(f, at, out, head);
	read_window(f, at + head + words, out + head + words, n - head - words);
	return read_dma(f, at + head, ram + head, words);
}

static enum prot_status read_step(const struct prot_ast_fmc *f, uint32_t offset,
				  void *buf, size_t len)
{
	struct prot_ast_fmc_state *s = f->state;
	size_t n =
		len - s->done < AST_FMC_PIECE ? len - s->done : AST_FMC_PIECE;
	enum prot_status st;

	if (s->doubtful && (status(f) & STATUS_BUSY) != 0) {
		return finish(f, PROT_ERR_IO);
	}
	s->doubtful = false;
	st = read_piece(f, offset, buf, n);
	s->done += n;
	if (st == PROT_OK && s->done < len) {
		s->since = prot_clock_us(f->clock);
		return PROT_PENDING;
	}
	return finish(f, st);
}

static enum prot_status fmc_read(void *ctx, uint32_t offset, void *buf,
				 size_t len)
{
	const struct prot_ast_fmc *f = ctx;
	bool fresh;

	if (!in_device(f, offset, len)) {
		return PROT_ERR_ARG;
	}
	if (!claim(f, KIND_READ, offset, buf, len, &fresh)) {
		return PROT_PENDING;
	}
	return read_step(f, offset, buf, len);
}

const struct prot_flash_ops prot_ast_fmc_ops = {
	.read = fmc_read,
	.program = fmc_program,
	.erase = fmc_erase,
};

static bool valid(const struct prot_ast_fmc *f)
{
	const struct prot_flash_geometry *g = f->geometry;

	return f->cs < 3 && g->erased == 0xFF && g->program_unit != 0 &&
	       (g->sector_size == 0x1000 || g->sector_size == 0x10000) &&
	       g->size != 0 && g->size % g->sector_size == 0 &&
	       g->page_size != 0 && g->page_size <= PAGE_MAX &&
	       PAGE_MAX % g->page_size == 0 &&
	       g->page_size % g->program_unit == 0 && f->dma_length_bias < 4 &&
	       (f->read_ctrl & AST_FMC_CTRL_STOP) == 0 &&
	       (f->read_ctrl & AST_FMC_CTRL_MODE) != AST_FMC_CTRL_MODE_USER;
}

static void set_up(const struct prot_ast_fmc *f)
{
	uint32_t conf = f->base + AST_FMC_CONF;
	uint32_t ce_ctrl = f->base + AST_FMC_CE_CTRL;

	prot_mmio_field(conf,
			AST_FMC_CONF_TYPE(f->cs) | AST_FMC_CONF_WRITE(f->cs),
			AST_FMC_CONF_TYPE_SPI(f->cs));
	prot_mmio_field(ce_ctrl, AST_FMC_CE_CTRL_4BYTE(f->cs),
			four_byte(f) ? AST_FMC_CE_CTRL_4BYTE(f->cs) : 0);
	if (f->segment != 0) {
		prot_mmio_write32(f->base + AST_FMC_SEGMENT(f->cs), f->segment);
	}
	prot_mmio_write32(f->base + AST_FMC_CTRL(f->cs), f->read_ctrl);
}

/*
 * The third byte of the id is the power of two of the size in most parts; from
 * 64 MiB on, several makers continue at 0x20.
 */
static uint64_t capacity(const uint8_t id[3])
{
	if (id[2] >= 0x10 && id[2] <= 0x1F) {
		return 1ull << id[2];
	}
	return id[2] >= 0x20 && id[2] <= 0x25 ? 1ull << (id[2] - 6) : 0;
}

static enum prot_status identify(const struct prot_ast_fmc *f,
				 struct prot_ast_fmc_part *found)
{
	command(f, OP_READ_ID, found->id, sizeof(found->id));
	if ((found->id[0] == 0xFF || found->id[0] == 0x00) &&
	    found->id[0] == found->id[1] && found->id[0] == found->id[2]) {
		return PROT_ERR_IO;
	}
	found->size = capacity(found->id);
	if (found->size < f->geometry->size) {
		return PROT_ERR_UNSUPPORTED;
	}
	if (four_byte(f) && f->enter_4byte) {
		if (!write_enable(f)) { /* some parts want it for this too */
			return PROT_ERR_IO;
		}
		command(f, OP_ENTER_4BYTE, NULL, 0);
		command(f, OP_WRITE_DISABLE, NULL, 0);
	}
	return PROT_OK;
}

enum prot_status prot_ast_fmc_init(const struct prot_ast_fmc *f,
				   struct prot_ast_fmc_part *found)
{
	struct prot_ast_fmc_state *s = f->state;

	memset(found, 0, sizeof(*found));
	if (!valid(f)) {
		return PROT_ERR_ARG;
	}
	if (!s->waiting) {
		memset(s, 0, sizeof(*s));
		set_up(f);
		s->waiting = true;
		s->since = prot_clock_us(f->clock);
	}
	if ((status(f) & STATUS_BUSY) != 0) {
		if (elapsed_us(f) <= AST_FMC_ERASE_LIMIT_US) {
			return PROT_PENDING;
		}
		s->waiting = false;
		command(f, OP_READ_ID, found->id, sizeof(found->id));
		return PROT_ERR_IO;
	}
	s->waiting = false;
	return identify(f, found);
}
