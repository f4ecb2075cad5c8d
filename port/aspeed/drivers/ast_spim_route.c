/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_spim_route.h"

#include "ast10x0.h"
#include "ast_scu.h"
#include "mmio_bits.h"

/* SCU: pin functions, pull-downs off. */
#define SCU_PULL_DOWN(group) (0x610u + 4u * (group))
#define SCU_FUNCTION(group)  (0x690u + 4u * (group))
/* GPIO: direction. The pins of units 1 and 2 lie in A to D, the others in E to
 * H. */
#define GPIO_DIRECTION(group) (0x004u + 0x20u * (group))

#define GROUPS 2u

static const struct pins {
	uint32_t group;
	uint32_t cs;     /* chip select of the host */
	uint32_t clkout; /* of function and direction alike */
	uint32_t miso_group;
	uint32_t miso;
} pins_of[AST_SPIM_UNITS] = {
	{0, 1u << 6, 1u << 7, 0, 1u << 3},
	{0, 1u << 20, 1u << 21, 0, 1u << 17},
	{1, 1u << 2, 1u << 3, 0, 1u << 31},
	{1, 1u << 16, 1u << 17, 1, 1u << 13},
};

static void route(uint32_t mask, uint32_t bits)
{
	prot_mmio_field(AST_SCU_BASE + AST_SCU_SPIM_ROUTE, mask, bits);
}

static void route_bit(uint32_t bit, bool on)
{
	route(bit, on ? bit : 0);
}

void prot_ast_spim_connect(const struct prot_ast_spim *s)
{
	const struct pins *p = &pins_of[s->unit - 1];
	uint32_t bits =
		AST_SPIM_ROUTE_PASS(s->unit) | AST_SPIM_ROUTE_FILTER(s->unit);

	prot_mmio_set(AST_SCU_BASE + SCU_PULL_DOWN(p->group), p->cs);
	route(bits, bits);
}

void prot_ast_spim_miso(const struct prot_ast_spim *s, bool on)
{
	const struct pins *p = &pins_of[s->unit - 1];

	prot_mmio_field(AST_SCU_BASE + SCU_FUNCTION(p->miso_group), p->miso,
			on ? p->miso : 0);
}

void prot_ast_spim_mux(const struct prot_ast_spim *s, bool host)
{
	route_bit(AST_SPIM_ROUTE_MUX(s->unit), host);
}

void prot_ast_spim_flash_reset(const struct prot_ast_spim *s, bool held)
{
	uint32_t out = AST_SPIM_ROUTE_RESET_BY(s->unit) |
		       AST_SPIM_ROUTE_RESET_OUT(s->unit);

	route_bit(AST_SPIM_ROUTE_RESET(s->unit), !held);
	route(out, out);
}

void prot_ast_spim_detour_begin(const struct prot_ast_spim *s, bool spi2,
				struct prot_ast_spim_detour *d)
{
	uint32_t others[GROUPS] = {0};

	for (uint32_t i = 0; i < AST_SPIM_UNITS; i++) {
		if (i != s->unit - 1) {
			others[pins_of[i].group] |= pins_of[i].clkout;
		}
	}
	route(AST_SPIM_ROUTE_DETOUR,
	      s->unit | (spi2 ? AST_SPIM_ROUTE_DETOUR_SPI2 : 0));
	for (uint32_t g = 0; g < GROUPS; g++) {
		uint32_t function = AST_SCU_BASE + SCU_FUNCTION(g);
		uint32_t direction = AST_GPIO_BASE + GPIO_DIRECTION(g);

		d->function[g] = prot_mmio_read32(function) & others[g];
		d->direction[g] = prot_mmio_read32(direction) & others[g];
		prot_mmio_clear(function, others[g]);
		prot_mmio_clear(direction, others[g]);
	}
}

void prot_ast_spim_detour_end(const struct prot_ast_spim_detour *d)
{
	for (uint32_t g = 0; g < GROUPS; g++) {
		prot_mmio_set(AST_GPIO_BASE + GPIO_DIRECTION(g),
			      d->direction[g]);
		prot_mmio_set(AST_SCU_BASE + SCU_FUNCTION(g), d->function[g]);
	}
	route(AST_SPIM_ROUTE_DETOUR, 0);
}
