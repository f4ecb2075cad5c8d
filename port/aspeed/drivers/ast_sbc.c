/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_sbc.h"

#include "ast_scu.h"
#include "mmio_bits.h"

#include <prot/base/cursor.h>

void prot_ast_sbc_init(const struct prot_ast_sbc *b)
{
	prot_ast_scu_clock_run(AST_CLOCK_RSA);
	b->state->owner = NULL;
}

enum prot_status prot_ast_sbc_claim(const struct prot_ast_sbc *b,
				    const void *owner)
{
	if (b->state->owner && b->state->owner != owner) {
		return PROT_ERR_BUSY;
	}
	b->state->owner = owner;
	return PROT_OK;
}

void prot_ast_sbc_release(const struct prot_ast_sbc *b)
{
	b->state->owner = NULL;
}

void prot_ast_sbc_put(const struct prot_ast_sbc *b, uint32_t at,
		      const uint8_t *bytes, size_t n)
{
	struct prot_rd r = prot_rd_init(bytes, n);

	for (; r.left >= 4; at += 4) {
		prot_mmio_write32(b->memory + at, prot_rd_le32(&r));
	}
}

void prot_ast_sbc_put_reversed(const struct prot_ast_sbc *b, uint32_t at,
			       const uint8_t *bytes, size_t n)
{
	uint32_t word = 0;

	for (size_t i = 0; i < n; i++) {
		word |= (uint32_t)bytes[n - 1 - i] << (i % 4 * 8);
		if (i % 4 == 3 || i + 1 == n) {
			prot_mmio_write32(b->memory + at + (uint32_t)(i & ~3u),
					  word);
			word = 0;
		}
	}
}

void prot_ast_sbc_get_reversed(const struct prot_ast_sbc *b, uint32_t at,
			       uint8_t *bytes, size_t n)
{
	uint32_t word = 0;

	for (size_t i = 0; i < n; i++) {
		if (i % 4 == 0) {
			word = prot_mmio_read32(b->memory + at + (uint32_t)i);
		}
		bytes[n - 1 - i] = (uint8_t)(word >> (i % 4 * 8));
	}
}

void prot_ast_sbc_wipe(const struct prot_ast_sbc *b, uint32_t at, size_t n)
{
	for (size_t i = 0; i < n; i += 4) {
		prot_mmio_write32(b->memory + at + (uint32_t)i, 0);
	}
}
