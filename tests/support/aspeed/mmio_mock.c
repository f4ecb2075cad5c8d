/* SPDX-License-Identifier: Apache-2.0 */
#include "mmio_mock.h"

#include "cpu.h"
#include "mmio.h"
#include "test.h"

#include <string.h>

/* Buffers appear to DMA at these addresses, one after the other. */
#define DMA_BASE   0x00010000u
#define DMA_STRIDE 0x00008000u
#define DMA_ALIGN  64u

struct word {
	uint32_t address;
	uint32_t value;
	bool used;
};

static struct {
	struct word words[MMIO_MOCK_WORDS];
	struct mmio_model models[MMIO_MOCK_MODELS];
	size_t model_count;
	struct mmio_write writes[MMIO_MOCK_WRITES];
	size_t write_count;
	uintptr_t dma[MMIO_MOCK_DMA];
	size_t dma_count;
	uint32_t irq_mask;
	size_t barriers;
	uint64_t now_us;
	void (*on_time)(void *ctx, uint64_t now_us);
	void *on_time_ctx;
} mock;

void mmio_mock_reset(void)
{
	memset(&mock, 0, sizeof(mock));
}

void mmio_mock_add(const struct mmio_model *model)
{
	assert_true(mock.model_count < MMIO_MOCK_MODELS);
	mock.models[mock.model_count++] = *model;
}

static const struct mmio_model *model_of(uint32_t address)
{
	for (size_t i = mock.model_count; i-- > 0;) {
		if (address - mock.models[i].base < mock.models[i].size) {
			return &mock.models[i];
		}
	}
	return NULL;
}

static struct word *word_of(uint32_t address)
{
	uint32_t at = (address >> 2) * 2654435761u % MMIO_MOCK_WORDS;

	assert_int_equal(address % 4, 0);
	for (size_t n = 0; n < MMIO_MOCK_WORDS; n++) {
		struct word *w = &mock.words[(at + n) % MMIO_MOCK_WORDS];

		if (!w->used) {
			*w = (struct word){address, 0, true};
		}
		if (w->address == address) {
			return w;
		}
	}
	fail_msg("more than %d registers in use", MMIO_MOCK_WORDS);
	return NULL;
}

uint32_t mmio_mock_peek(uint32_t address)
{
	return word_of(address)->value;
}

void mmio_mock_poke(uint32_t address, uint32_t value)
{
	word_of(address)->value = value;
}

static uint32_t read_any(uint32_t address, unsigned width)
{
	const struct mmio_model *m = model_of(address);
	uint32_t word;

	if (m && m->read) {
		return m->read(m->ctx, address, width);
	}
	word = mmio_mock_peek(address & ~3u);
	return width == 4 ? word : word >> (address % 4 * 8) & 0xFF;
}

static void store(uint32_t address, uint32_t value, unsigned width)
{
	struct word *w = word_of(address & ~3u);
	uint32_t shift = address % 4 * 8;

	if (width == 4) {
		w->value = value;
	} else {
		w->value = (w->value & ~(0xFFu << shift)) | value << shift;
	}
}

static void write_any(uint32_t address, uint32_t value, unsigned width)
{
	const struct mmio_model *m = model_of(address);

	assert_true(mock.write_count < MMIO_MOCK_WRITES);
	mock.writes[mock.write_count++] =
		(struct mmio_write){address, value, width};
	store(address, value, width);
	if (m && m->write) {
		m->write(m->ctx, address, value, width);
	}
}

uint32_t prot_mmio_read32(uint32_t address)
{
	assert_int_equal(address % 4, 0);
	return read_any(address, 4);
}

void prot_mmio_write32(uint32_t address, uint32_t value)
{
	assert_int_equal(address % 4, 0);
	write_any(address, value, 4);
}

uint8_t prot_mmio_read8(uint32_t address)
{
	return (uint8_t)read_any(address, 1);
}

void prot_mmio_write8(uint32_t address, uint8_t value)
{
	write_any(address, value, 1);
}

/* Addresses are aligned as the pointers are. */
uint32_t prot_mmio_dma(const void *buffer)
{
	uintptr_t start = (uintptr_t)buffer & ~(uintptr_t)(DMA_ALIGN - 1);
	size_t i = 0;

	/* also into the middle of a known buffer */
	while (i < mock.dma_count &&
	       (uintptr_t)buffer - mock.dma[i] >= DMA_STRIDE / 2) {
		i++;
	}
	if (i == mock.dma_count) {
		assert_true(i < MMIO_MOCK_DMA);
		mock.dma[mock.dma_count++] = start;
	}
	return DMA_BASE + (uint32_t)i * DMA_STRIDE +
	       (uint32_t)((uintptr_t)buffer - mock.dma[i]);
}

void *mmio_mock_dma_pointer(uint32_t dma, size_t len)
{
	uint32_t i = (dma - DMA_BASE) / DMA_STRIDE;
	uint32_t offset = (dma - DMA_BASE) % DMA_STRIDE;

	assert_true(dma >= DMA_BASE && i < mock.dma_count);
	assert_true(len <= DMA_STRIDE - offset);
	return (void *)(mock.dma[i] + offset);
}

void prot_mmio_barrier(void)
{
	mock.barriers++;
}

void prot_cpu_fetch_barrier(void)
{
	mock.barriers++;
}

size_t mmio_mock_barriers(void)
{
	return mock.barriers;
}

uint32_t prot_cpu_irq_save(void)
{
	uint32_t mask = mock.irq_mask;

	mock.irq_mask = 1;
	return mask;
}

void prot_cpu_irq_restore(uint32_t mask)
{
	mock.irq_mask = mask;
}

bool mmio_mock_irqs_off(void)
{
	return mock.irq_mask != 0;
}

size_t mmio_mock_writes(uint32_t base, uint32_t size, struct mmio_write *out,
			size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < mock.write_count; i++) {
		if (mock.writes[i].address - base < size) {
			assert_true(n < cap);
			out[n++] = mock.writes[i];
		}
	}
	return n;
}

void mmio_mock_forget_writes(void)
{
	mock.write_count = 0;
}

static uint64_t mock_now(void *ctx)
{
	(void)ctx;
	mock.now_us++;
	if (mock.on_time) {
		mock.on_time(mock.on_time_ctx, mock.now_us);
	}
	return mock.now_us;
}

static const struct prot_clock_ops mock_clock_ops = {mock_now};
const struct prot_clock mmio_mock_clock = {&mock_clock_ops, NULL};

void mmio_mock_advance(uint64_t us)
{
	mock.now_us += us;
}

void mmio_mock_on_time(void (*call)(void *ctx, uint64_t now_us), void *ctx)
{
	mock.on_time = call;
	mock.on_time_ctx = ctx;
}
