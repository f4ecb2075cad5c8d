/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_gpio.h"

#include "cpu.h"
#include "mmio_bits.h"

static const struct group {
	uint16_t data;
	uint16_t interrupt;
	uint32_t pins;
	uint32_t outputs;
} groups[AST_GPIO_GROUPS] = {
	{0x000, 0x008, 0xFFFFFFFF, 0xFFFFFFFF}, /* A to D */
	{0x020, 0x028, 0xFFFFFFFF, 0xFFFFFFFF}, /* E to H */
	{0x070, 0x098, 0xFFFFFFFF, 0xFFFFFFFF}, /* I to L */
	{0x078, 0x0E8, 0xFFFFFF3F, 0xFFFFFF3F}, /* M to P */
	{0x080, 0x118, 0xFF060C1F, 0x00060C1F}, /* Q to T */
	{0x088, 0x148, 0x000000FF, 0x00000000}, /* U */
};

/* One pin: where it lies, and its bit there. */
struct place {
	const struct prot_ast_gpio *gpio;
	const struct group *group;
	uint32_t index;
	uint32_t bit;
};

static bool find(struct place *p, const struct prot_ast_gpio *g, uint16_t pin)
{
	p->gpio = g;
	p->index = pin / 32u;
	p->bit = 1u << pin % 32u;
	if (p->index >= AST_GPIO_GROUPS) {
		return false;
	}
	p->group = &groups[p->index];
	return (p->group->pins & p->bit) != 0;
}

static uint32_t data_reg(const struct place *p, uint32_t offset)
{
	return p->gpio->base + p->group->data + offset;
}

static uint32_t interrupt_reg(const struct place *p, uint32_t offset)
{
	return p->gpio->base + p->group->interrupt + offset;
}

/* Other pins of the register may be another context's. */
static void put_bit(uint32_t reg, uint32_t bit, bool on)
{
	uint32_t mask = prot_cpu_irq_save();

	prot_mmio_field(reg, bit, on ? bit : 0);
	prot_cpu_irq_restore(mask);
}

static enum prot_status get(void *ctx, uint16_t pin, bool *level)
{
	struct place p;

	if (!find(&p, ctx, pin)) {
		return PROT_ERR_ARG;
	}
	*level = (prot_mmio_read32(data_reg(&p, AST_GPIO_DATA)) & p.bit) != 0;
	return PROT_OK;
}

/*
 * The data register reads the pins, not what was written: changing one pin
 * starts from the latch, or outputs that are held otherwise would flip.
 */
static void put_latch(const struct place *p, bool level)
{
	uint32_t mask = prot_cpu_irq_save();
	uint32_t latch =
		prot_mmio_read32(p->gpio->base + AST_GPIO_LATCH(p->index));

	latch = level ? latch | p->bit : latch & ~p->bit;
	prot_mmio_write32(data_reg(p, AST_GPIO_DATA), latch);
	prot_cpu_irq_restore(mask);
}

static enum prot_status drive(void *ctx, uint16_t pin, bool level)
{
	struct place p;

	if (!find(&p, ctx, pin) || (p.group->outputs & p.bit) == 0) {
		return PROT_ERR_ARG;
	}
	put_latch(&p, level);
	put_bit(data_reg(&p, AST_GPIO_DIRECTION), p.bit, true);
	put_latch(&p, level); /* emulators heed it for outputs alone */
	return PROT_OK;
}

static enum prot_status release(void *ctx, uint16_t pin)
{
	struct place p;

	if (!find(&p, ctx, pin)) {
		return PROT_ERR_ARG;
	}
	put_bit(data_reg(&p, AST_GPIO_DIRECTION), p.bit, false);
	return PROT_OK;
}

enum prot_status prot_ast_gpio_interrupt(const struct prot_ast_gpio *g,
					 uint16_t pin,
					 enum prot_ast_gpio_sense sense)
{
	struct place p;

	if (!find(&p, g, pin)) {
		return PROT_ERR_ARG;
	}
	put_bit(interrupt_reg(&p, AST_GPIO_INT_ENABLE), p.bit, false);
	for (uint32_t i = 0; i < 3; i++) {
		put_bit(interrupt_reg(&p, AST_GPIO_INT_SENSE(i)), p.bit,
			((uint32_t)sense >> i & 1u) != 0);
	}
	prot_mmio_write32(interrupt_reg(&p, AST_GPIO_INT_STATUS), p.bit);
	put_bit(interrupt_reg(&p, AST_GPIO_INT_ENABLE), p.bit, true);
	return PROT_OK;
}

enum prot_status prot_ast_gpio_interrupt_off(const struct prot_ast_gpio *g,
					     uint16_t pin)
{
	struct place p;

	if (!find(&p, g, pin)) {
		return PROT_ERR_ARG;
	}
	put_bit(interrupt_reg(&p, AST_GPIO_INT_ENABLE), p.bit, false);
	prot_mmio_write32(interrupt_reg(&p, AST_GPIO_INT_STATUS), p.bit);
	return PROT_OK;
}

bool prot_ast_gpio_take(const struct prot_ast_gpio *g, uint16_t pin)
{
	struct place p;

	if (!find(&p, g, pin) ||
	    (prot_mmio_read32(interrupt_reg(&p, AST_GPIO_INT_STATUS)) &
	     p.bit) == 0) {
		return false;
	}
	prot_mmio_write32(interrupt_reg(&p, AST_GPIO_INT_STATUS), p.bit);
	return true;
}

enum prot_status prot_ast_gpio_reset_tolerant(const struct prot_ast_gpio *g,
					      uint16_t pin, bool on)
{
	struct place p;

	if (!find(&p, g, pin)) {
		return PROT_ERR_ARG;
	}
	put_bit(interrupt_reg(&p, AST_GPIO_RESET_TOLERANT), p.bit, on);
	return PROT_OK;
}

const struct prot_gpio_ops prot_ast_gpio_ops = {
	.get = get,
	.drive = drive,
	.release = release,
};
