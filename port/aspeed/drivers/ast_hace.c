/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_hace.h"

#include "ast_scu.h"
#include "mmio_bits.h"

#include <prot/base/cursor.h>
#include <prot/base/wipe.h>
#include <prot/crypto_provider.h>

#include <string.h>

#define BLOCK_MAX 128u
#define TOTAL_MAX (UINT64_MAX >> 3) /* bytes, so that the bits fit 64 bits */

_Static_assert(AST_HACE_BOUNCE % BLOCK_MAX == 0 &&
		       AST_HACE_BOUNCE >= 2 * BLOCK_MAX,
	       "padding takes up to two blocks");

/*
 * Initial hash values, FIPS 180-4 section 5.3, as the engine keeps a digest:
 * in the byte order of the result.
 */
static const uint8_t iv_sha256[PROT_HASH_MAX] = {
	0x6a, 0x09, 0xe6, 0x67, 0xbb, 0x67, 0xae, 0x85, 0x3c, 0x6e, 0xf3,
	0x72, 0xa5, 0x4f, 0xf5, 0x3a, 0x51, 0x0e, 0x52, 0x7f, 0x9b, 0x05,
	0x68, 0x8c, 0x1f, 0x83, 0xd9, 0xab, 0x5b, 0xe0, 0xcd, 0x19,
};
static const uint8_t iv_sha384[PROT_HASH_MAX] = {
	0xcb, 0xbb, 0x9d, 0x5d, 0xc1, 0x05, 0x9e, 0xd8, 0x62, 0x9a, 0x29,
	0x2a, 0x36, 0x7c, 0xd5, 0x07, 0x91, 0x59, 0x01, 0x5a, 0x30, 0x70,
	0xdd, 0x17, 0x15, 0x2f, 0xec, 0xd8, 0xf7, 0x0e, 0x59, 0x39, 0x67,
	0x33, 0x26, 0x67, 0xff, 0xc0, 0x0b, 0x31, 0x8e, 0xb4, 0x4a, 0x87,
	0x68, 0x58, 0x15, 0x11, 0xdb, 0x0c, 0x2e, 0x0d, 0x64, 0xf9, 0x8f,
	0xa7, 0x47, 0xb5, 0x48, 0x1d, 0xbe, 0xfa, 0x4f, 0xa4,
};
static const uint8_t iv_sha512[PROT_HASH_MAX] = {
	0x6a, 0x09, 0xe6, 0x67, 0xf3, 0xbc, 0xc9, 0x08, 0xbb, 0x67, 0xae,
	0x85, 0x84, 0xca, 0xa7, 0x3b, 0x3c, 0x6e, 0xf3, 0x72, 0xfe, 0x94,
	0xf8, 0x2b, 0xa5, 0x4f, 0xf5, 0x3a, 0x5f, 0x1d, 0x36, 0xf1, 0x51,
	0x0e, 0x52, 0x7f, 0xad, 0xe6, 0x82, 0xd1, 0x9b, 0x05, 0x68, 0x8c,
	0x2b, 0x3e, 0x6c, 0x1f, 0x1f, 0x83, 0xd9, 0xab, 0xfb, 0x41, 0xbd,
	0x6b, 0x5b, 0xe0, 0xcd, 0x19, 0x13, 0x7e, 0x21, 0x79,
};

struct algorithm {
	uint32_t command;
	uint32_t block; /* bytes */
	const uint8_t *iv;
};

static const struct algorithm algorithms[PROT_HASH_COUNT] = {
	[PROT_HASH_SHA256] = {AST_HACE_CMD_SHA256, 64, iv_sha256},
	[PROT_HASH_SHA384] = {AST_HACE_CMD_SHA384, 128, iv_sha384},
	[PROT_HASH_SHA512] = {AST_HACE_CMD_SHA512, 128, iv_sha512},
};

/* In struct prot_hash_state; the algorithm stands where every provider has it.
 */
struct state {
	uint64_t total;                /* bytes so far */
	uint8_t digest[PROT_HASH_MAX]; /* of the whole blocks so far */
	uint8_t block[BLOCK_MAX];      /* the bytes past them */
};

_Static_assert(sizeof(struct state) <= PROT_HASH_STATE_ALG,
	       "enlarge PROT_HASH_STATE_SIZE");

static struct state *state_of(struct prot_hash_state *h)
{
	return (struct state *)(void *)&h->u;
}

/* NULL when nothing that this engine hashes is in progress. */
static const struct algorithm *algorithm_of(const struct prot_hash_state *h)
{
	enum prot_hash_alg alg = prot_hash_state_alg(h);

	if ((unsigned)alg >= PROT_HASH_COUNT || !algorithms[alg].iv) {
		return NULL;
	}
	return &algorithms[alg];
}

void prot_ast_hace_init(const struct prot_ast_hace *e)
{
	prot_ast_scu_reset_hold(AST_RESET_HACE);
	prot_clock_delay_us(e->clock, 100);
	prot_ast_scu_clock_run(AST_CLOCK_YCLK);
	prot_clock_delay_us(e->clock, 10000);
	prot_ast_scu_reset_release(AST_RESET_HACE);
	prot_wipe(e->memory, sizeof(*e->memory));
	e->memory->ready = true;
}

/* What one run of the engine hashes. */
struct run {
	uint32_t source;
	uint32_t len; /* bytes, a multiple of the block */
	uint32_t command;
};

static enum prot_status engine_run(const struct prot_ast_hace *e,
				   struct state *s, const struct run *r)
{
	struct prot_ast_hace_memory *m = e->memory;
	uint32_t digest = prot_mmio_dma(m->digest);
	enum prot_status st;

	memcpy(m->digest, s->digest, sizeof(m->digest));
	prot_mmio_write32(e->base + AST_HACE_STATUS, AST_HACE_STATUS_DONE);
	prot_mmio_write32(e->base + AST_HACE_HASH_SRC, r->source);
	prot_mmio_write32(e->base + AST_HACE_HASH_DST, digest);
	prot_mmio_write32(e->base + AST_HACE_HASH_KEY, digest);
	prot_mmio_write32(e->base + AST_HACE_HASH_LEN, r->len);
	prot_mmio_barrier();
	prot_mmio_write32(e->base + AST_HACE_HASH_CMD,
			  r->command | AST_HACE_CMD_ACCUMULATE |
				  AST_HACE_CMD_BIG_ENDIAN);
	st = prot_mmio_wait(e->clock, e->base + AST_HACE_STATUS,
			    AST_HACE_STATUS_BUSY | AST_HACE_STATUS_DONE,
			    AST_HACE_STATUS_DONE, AST_HACE_RUN_LIMIT_US);
	prot_mmio_barrier();
	if (st != PROT_OK) {
		m->ready = false;
		return PROT_ERR_CRYPTO;
	}
	if (e->invalidate) {
		e->invalidate(m->digest, sizeof(m->digest));
	}
	memcpy(s->digest, m->digest, sizeof(s->digest));
	return PROT_OK;
}

/* Whole blocks: `held` bytes of the state and n more that the engine copies. */
static enum prot_status run_copied(const struct prot_ast_hace *e,
				   struct prot_hash_state *h, uint32_t held,
				   const uint8_t *data, uint32_t n)
{
	struct prot_ast_hace_memory *m = e->memory;
	struct state *s = state_of(h);
	struct run r = {prot_mmio_dma(m->bounce), held + n,
			algorithm_of(h)->command};

	memcpy(m->bounce, s->block, held);
	memcpy(m->bounce + held, data, n);
	return engine_run(e, s, &r);
}

/* The same with data that the engine fetches itself. */
static enum prot_status run_direct(const struct prot_ast_hace *e,
				   struct prot_hash_state *h, uint32_t held,
				   const uint8_t *data, uint32_t n)
{
	struct prot_ast_hace_memory *m = e->memory;
	struct state *s = state_of(h);
	struct run r = {prot_mmio_dma(data), held + n,
			algorithm_of(h)->command};

	if (held != 0) {
		memcpy(m->bounce, s->block, held);
		m->sg[0].len = held;
		m->sg[0].address = prot_mmio_dma(m->bounce);
		m->sg[1].len = n | AST_HACE_SG_LAST;
		m->sg[1].address = r.source;
		r.source = prot_mmio_dma(m->sg);
		r.command |= AST_HACE_CMD_SG;
	}
	return engine_run(e, s, &r);
}

static bool is_direct(const struct prot_ast_hace *e, const void *data,
		      size_t len)
{
	uint32_t offset;

	if (e->direct_size == 0) {
		return false;
	}
	offset = prot_mmio_dma(data) - e->direct;
	return offset < e->direct_size && len <= e->direct_size - offset;
}

enum prot_status prot_ast_hace_hash_init(const struct prot_ast_hace *e,
					 struct prot_hash_state *h,
					 enum prot_hash_alg alg)
{
	struct state *s = state_of(h);

	prot_hash_state_set_alg(h, alg);
	if (!algorithm_of(h)) {
		prot_hash_state_set_alg(h, PROT_HASH_NONE);
		return PROT_ERR_ARG;
	}
	s->total = 0;
	memcpy(s->digest, algorithm_of(h)->iv, sizeof(s->digest));
	return e->memory->ready ? PROT_OK : PROT_ERR_CRYPTO;
}

enum prot_status prot_ast_hace_hash_update(const struct prot_ast_hace *e,
					   struct prot_hash_state *h,
					   const void *data, size_t len)
{
	const struct algorithm *a = algorithm_of(h);
	struct state *s = state_of(h);
	const uint8_t *at = data;
	enum prot_status st = PROT_OK;
	uint32_t held;
	bool direct;

	if (!a || !e->memory->ready) {
		return PROT_ERR_CRYPTO;
	}
	if (len > TOTAL_MAX - s->total) {
		return PROT_ERR_ARG;
	}
	held = (uint32_t)(s->total % a->block);
	s->total += len;
	direct = len >= a->block && is_direct(e, at, len);
	while (st == PROT_OK && len >= a->block - held) {
		uint32_t cap = direct ? AST_HACE_RUN_MAX : AST_HACE_BOUNCE;
		uint32_t n = len < cap - held ? (uint32_t)len : cap - held;

		n -= (held + n) % a->block;
		st = direct ? run_direct(e, h, held, at, n)
			    : run_copied(e, h, held, at, n);
		at += n;
		len -= n;
		held = 0;
	}
	if (st == PROT_OK && len != 0) {
		memcpy(s->block + held, at, len);
	}
	return st;
}

/* FIPS 180-4 section 5.1: a 1 bit, zeros, the length in bits. */
static enum prot_status run_padding(const struct prot_ast_hace *e,
				    struct prot_hash_state *h,
				    const struct algorithm *a)
{
	uint32_t held = (uint32_t)(state_of(h)->total % a->block);
	uint64_t total = state_of(h)->total;
	uint8_t tail[2 * BLOCK_MAX] = {0x80};
	uint32_t width = a->block / 8; /* of the length: 8 or 16 bytes */
	bool one = held + 1 + width <= a->block;
	uint32_t n = (one ? 1 : 2) * a->block - held;
	struct prot_wr w = prot_wr_init(tail + n - width, width);

	prot_wr_fill(&w, 0, width - 8);
	prot_wr_be(&w, total << 3, 8);
	return run_copied(e, h, held, tail, n);
}

enum prot_status prot_ast_hace_hash_final(const struct prot_ast_hace *e,
					  struct prot_hash_state *h,
					  uint8_t *out)
{
	const struct algorithm *a = algorithm_of(h);
	enum prot_status st = PROT_ERR_CRYPTO;

	if (a && e->memory->ready) {
		st = run_padding(e, h, a);
	}
	if (st == PROT_OK) {
		memcpy(out, state_of(h)->digest,
		       prot_hash_size(prot_hash_state_alg(h)));
	}
	prot_wipe(e->memory->digest, sizeof(e->memory->digest));
	prot_wipe(e->memory->bounce, sizeof(e->memory->bounce));
	prot_wipe(h, sizeof(*h));
	return st;
}
