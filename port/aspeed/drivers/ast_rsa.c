/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_rsa.h"

#include "mmio_bits.h"

#include <prot/base/wipe.h>

#include <string.h>

/* Without leading zeros: exponents come as wide as the modulus. */
static uint32_t bits_of(const uint8_t *n, size_t len)
{
	uint32_t bits = 0;
	size_t i = 0;

	while (i < len && n[i] == 0) {
		i++;
	}
	if (i == len) {
		return 0;
	}
	for (uint32_t byte = n[i]; byte != 0; byte >>= 1) {
		bits++;
	}
	return (uint32_t)(len - 1 - i) * 8 + bits;
}

static bool input_valid(const struct prot_ast_rsa_input *in)
{
	size_t n = in->modulus_len;

	return n != 0 && n <= PROT_AST_RSA_MAX && in->modulus[0] != 0 &&
	       (in->modulus[n - 1] & 1) != 0 && in->exponent_len != 0 &&
	       in->exponent_len <= PROT_AST_RSA_MAX &&
	       bits_of(in->exponent, in->exponent_len) != 0 &&
	       memcmp(in->base, in->modulus, n) < 0;
}

static void trigger(const struct prot_ast_rsa *r,
		    const struct prot_ast_rsa_input *in)
{
	const struct prot_ast_sbc *b = r->sbc;
	uint32_t bits = bits_of(in->exponent, in->exponent_len) << 16 |
			bits_of(in->modulus, in->modulus_len);

	prot_ast_sbc_wipe(b, 0, AST_RSA_MEMORY_SIZE);
	prot_ast_sbc_put_reversed(b, AST_RSA_EXPONENT, in->exponent,
				  in->exponent_len);
	prot_ast_sbc_put_reversed(b, AST_RSA_MODULUS, in->modulus,
				  in->modulus_len);
	prot_ast_sbc_put_reversed(b, AST_RSA_DATA, in->base, in->modulus_len);
	prot_mmio_write32(b->base + AST_SBC_RSA_BITS, bits);
	prot_mmio_barrier();
	prot_mmio_write32(b->base + AST_SBC_TRIGGER, AST_SBC_TRIGGER_RSA);
	prot_mmio_write32(b->base + AST_SBC_TRIGGER, 0);
}

enum prot_status prot_ast_rsa_start(const struct prot_ast_rsa *r,
				    const struct prot_ast_rsa_input *in)
{
	struct prot_ast_rsa_state *s = r->state;
	enum prot_status st;

	if (s->failed) {
		return PROT_ERR_CRYPTO;
	}
	if (!input_valid(in)) {
		return PROT_ERR_ARG;
	}
	if (s->modulus_len != 0) {
		return PROT_ERR_BUSY;
	}
	st = prot_ast_sbc_claim(r->sbc, r);
	if (st != PROT_OK) {
		return st;
	}
	memcpy(s->modulus, in->modulus, in->modulus_len);
	s->modulus_len = in->modulus_len;
	trigger(r, in);
	s->since = prot_clock_us(r->sbc->clock);
	return PROT_OK;
}

static void finish(const struct prot_ast_rsa *r)
{
	prot_ast_sbc_wipe(r->sbc, 0, AST_RSA_MEMORY_SIZE);
	r->state->modulus_len = 0;
	prot_ast_sbc_release(r->sbc);
}

static bool is_done(const struct prot_ast_rsa *r)
{
	return (prot_mmio_read32(r->sbc->base + AST_SBC_STATUS) &
		AST_SBC_STATUS_RSA_DONE) != 0;
}

enum prot_status prot_ast_rsa_poll(const struct prot_ast_rsa *r, uint8_t *out)
{
	struct prot_ast_rsa_state *s = r->state;
	size_t n = s->modulus_len;
	uint64_t elapsed;

	if (n == 0) {
		return PROT_ERR_STATE;
	}
	elapsed = prot_clock_us(r->sbc->clock) - s->since;
	if (elapsed > AST_RSA_SETTLE_US && is_done(r)) {
		prot_ast_sbc_get_reversed(r->sbc, AST_RSA_RESULT, out, n);
		finish(r);
		if (memcmp(out, s->modulus, n) < 0) {
			return PROT_OK;
		}
		prot_wipe(out, n);
		return PROT_ERR_CRYPTO;
	}
	if (elapsed <= AST_RSA_LIMIT_US) {
		return PROT_PENDING;
	}
	finish(r);
	s->failed = true;
	return PROT_ERR_CRYPTO;
}

enum prot_status prot_ast_rsa_modexp(const struct prot_ast_rsa *r,
				     const struct prot_ast_rsa_input *in,
				     uint8_t *out)
{
	enum prot_status st = prot_ast_rsa_start(r, in);

	if (st != PROT_OK) {
		return st;
	}
	do {
		st = prot_ast_rsa_poll(r, out);
	} while (st == PROT_PENDING);
	return st;
}
