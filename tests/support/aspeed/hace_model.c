/* SPDX-License-Identifier: Apache-2.0 */
#include "hace_model.h"

#include "ast10x0.h"
#include "ast_hace.h"
#include "mmio_mock.h"
#include "sha2.h"
#include "test.h"

#include <string.h>

struct part {
	uint32_t len;
	uint32_t address;
};

static uint32_t reg(uint32_t offset)
{
	return mmio_mock_peek(AST_HACE_BASE + offset);
}

/* All parts of the input, one after another. */
static void gather(struct hace_model *m, uint8_t *out)
{
	uint32_t left = reg(AST_HACE_HASH_LEN);
	uint32_t at = reg(AST_HACE_HASH_SRC);
	struct part p = {left | AST_HACE_SG_LAST, at};
	bool sg = (reg(AST_HACE_HASH_CMD) & AST_HACE_CMD_SG) != 0;

	m->sg_runs += sg;
	do {
		if (sg) {
			assert_int_equal(at % 8, 0);
			memcpy(&p, mmio_mock_dma_pointer(at, sizeof(p)),
			       sizeof(p));
			at += sizeof(p);
		}
		uint32_t n = p.len & ~AST_HACE_SG_LAST;

		assert_true(n != 0 && n <= left);
		memcpy(out, mmio_mock_dma_pointer(p.address, n), n);
		out += n;
		left -= n;
	} while ((p.len & AST_HACE_SG_LAST) == 0);
	assert_int_equal(left, 0);
}

static void run(struct hace_model *m)
{
	static uint8_t data[AST_HACE_RUN_MAX + 256];
	uint32_t cmd = reg(AST_HACE_HASH_CMD) & ~AST_HACE_CMD_SG;
	uint32_t len = reg(AST_HACE_HASH_LEN);
	uint32_t block = cmd == 0x158 ? 64 : 128;
	uint32_t at = reg(AST_HACE_HASH_DST);
	uint8_t *digest = mmio_mock_dma_pointer(at, 64);

	assert_true(cmd == 0x158 || cmd == 0x568 || cmd == 0x168);
	assert_int_equal(at % 8, 0);
	assert_int_equal(reg(AST_HACE_HASH_KEY), at);
	assert_true((uintptr_t)digest % 16 == 0);
	assert_true(len != 0 && len % block == 0 && len <= AST_HACE_RUN_MAX);
	gather(m, data);
	for (uint32_t i = 0; i < len; i += block) {
		(block == 64 ? sha256_block : sha512_block)(digest, data + i);
	}
	digest[0] ^= m->wrong;
	m->runs++;
}

static void write_hace(void *ctx, uint32_t address, uint32_t value,
		       unsigned width)
{
	struct hace_model *m = ctx;

	assert_int_equal(width, 4);
	if (address - AST_HACE_BASE == AST_HACE_STATUS) {
		m->status &= ~(value & AST_HACE_STATUS_DONE);
	}
	if (address - AST_HACE_BASE == AST_HACE_HASH_CMD && m->clock &&
	    m->reset) {
		assert_int_equal(m->status, 0);
		m->status = AST_HACE_STATUS_BUSY;
		m->wait = m->delay;
	}
}

static uint32_t read_hace(void *ctx, uint32_t address, unsigned width)
{
	struct hace_model *m = ctx;

	assert_int_equal(width, 4);
	assert_int_equal(address - AST_HACE_BASE, AST_HACE_STATUS);
	if (m->status == AST_HACE_STATUS_BUSY && !m->dead && m->wait-- == 0) {
		run(m);
		m->status = AST_HACE_STATUS_DONE;
	}
	return m->status;
}

static void write_scu(void *ctx, uint32_t address, uint32_t value,
		      unsigned width)
{
	struct hace_model *m = ctx;

	assert_int_equal(width, 4);
	switch (address - AST_SCU_BASE) {
	case 0x40:
		if (value & 1u << 4) {
			m->reset = false;
			m->status = 0;
		}
		break;
	case 0x44:
		m->reset = m->reset || (value & 1u << 4);
		break;
	case 0x84:
		m->clock = m->clock || (value & 1u << 13);
		break;
	default:
		break;
	}
}

void hace_model_add(struct hace_model *m)
{
	struct mmio_model hace = {AST_HACE_BASE, 0x200, read_hace, write_hace,
				  m};
	struct mmio_model scu = {AST_SCU_BASE, 0x1000, NULL, write_scu, m};

	mmio_mock_add(&hace);
	mmio_mock_add(&scu);
}
