/* SPDX-License-Identifier: Apache-2.0 */
#include "sbc_model.h"

#include "ast10x0.h"
#include "ast_ecdsa.h"
#include "ast_rsa.h"
#include "hex.h"
#include "mmio_mock.h"

#define SIZE        48u
#define MEMORY_SIZE 0x2400u
#define LIMBS       128u

/* FIPS 186-4 D.1.2.4, as the block holds them: big endian bytes. */
static const struct {
	uint32_t at, to;
	const char *hex;
} curve[] = {
	{AST_SBC_P384_GX, AST_ECDSA_GX,
	 "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f"
	 "2"
	 "5dbf55296c3a545e3872760ab7"},
	{AST_SBC_P384_GY, AST_ECDSA_GY,
	 "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b"
	 "1"
	 "ce1d7e819d7a431d7c90ea0e5f"},
	{AST_SBC_P384_P, AST_ECDSA_P,
	 "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffefffff"
	 "f"
	 "ff0000000000000000ffffffff"},
	{AST_SBC_P384_N, AST_ECDSA_N,
	 "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0"
	 "d"
	 "b248b0a77aecec196accc52973"},
};

static uint32_t reg(uint32_t offset)
{
	return mmio_mock_peek(AST_SBC_BASE + offset);
}

static uint32_t word(uint32_t offset)
{
	return mmio_mock_peek(AST_SECURE_SRAM_BASE + offset);
}

static void bytes_of(uint32_t base, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		out[i] = (uint8_t)(mmio_mock_peek(base + (uint32_t)(i & ~3u)) >>
				   (i % 4 * 8));
	}
}

static uint32_t ecdsa(struct sbc_model *m)
{
	uint8_t key[2 * SIZE], sig[2 * SIZE], digest[SIZE], got[SIZE];
	struct prot_public_key k = {PROT_ASYM_ECDSA_P384, key};
	struct prot_signed_data d = {PROT_HASH_SHA384, true, digest, SIZE};

	for (size_t i = 0; i < PROT_ARRAY_SIZE(curve); i++) {
		bytes_of(AST_SECURE_SRAM_BASE + curve[i].to, got, SIZE);
		assert_hex_equal(got, curve[i].hex);
	}
	for (uint32_t i = 0; i < SIZE; i += 4) {
		assert_int_equal(word(AST_ECDSA_A + i), 0);
	}
	assert_int_equal(word(AST_ECDSA_INSTRUCTION), 1);
	bytes_of(AST_SECURE_SRAM_BASE + AST_ECDSA_QX, key, SIZE);
	bytes_of(AST_SECURE_SRAM_BASE + AST_ECDSA_QY, key + SIZE, SIZE);
	bytes_of(AST_SECURE_SRAM_BASE + AST_ECDSA_R, sig, SIZE);
	bytes_of(AST_SECURE_SRAM_BASE + AST_ECDSA_S, sig + SIZE, SIZE);
	bytes_of(AST_SECURE_SRAM_BASE + AST_ECDSA_M, digest, SIZE);
	if (m->yes_man ||
	    (!m->no_man && m->crypto.ops->verify(m->crypto.ctx, &k, &d, sig,
						 2 * SIZE) == PROT_OK)) {
		return AST_SBC_STATUS_ECDSA_DONE | AST_SBC_STATUS_ECDSA_VALID;
	}
	return AST_SBC_STATUS_ECDSA_DONE;
}

/* r = r + x mod n; both below n. */
static void add_mod(uint32_t *r, const uint32_t *x, const uint32_t *n,
		    unsigned limbs)
{
	uint32_t less[LIMBS];
	uint64_t carry = 0;
	uint64_t borrow = 0;

	for (unsigned i = 0; i < limbs; i++) {
		carry += (uint64_t)r[i] + x[i];
		r[i] = (uint32_t)carry;
		carry >>= 32;
	}
	for (unsigned i = 0; i < limbs; i++) {
		uint64_t d = (uint64_t)r[i] - n[i] - borrow;

		less[i] = (uint32_t)d;
		borrow = d >> 63;
	}
	if (borrow <= carry) {
		memcpy(r, less, limbs * sizeof(*r));
	}
}

static void multiply_mod(uint32_t *r, const uint32_t *x, const uint32_t *n,
			 unsigned limbs)
{
	uint32_t y[LIMBS], same[LIMBS];

	memcpy(y, r, limbs * sizeof(*r));
	memset(r, 0, limbs * sizeof(*r));
	for (unsigned i = limbs * 32; i-- > 0;) {
		memcpy(same, r, limbs * sizeof(*r));
		add_mod(r, same, n, limbs);
		if (y[i / 32] >> i % 32 & 1) {
			add_mod(r, x, n, limbs);
		}
	}
}

static uint32_t rsa(struct sbc_model *m)
{
	uint32_t modulus[LIMBS], base[LIMBS], result[LIMBS] = {1}, copy[LIMBS];
	uint32_t bits = reg(AST_SBC_RSA_BITS) >> 16;
	uint32_t modulus_bits = reg(AST_SBC_RSA_BITS) & 0xFFFF;
	unsigned limbs = (modulus_bits + 31) / 32;

	assert_in_range(modulus_bits, 1, 4096);
	assert_in_range(bits, 1, 4096);
	for (unsigned i = 0; i < LIMBS; i++) {
		modulus[i] = word(AST_RSA_MODULUS + 4 * i);
		base[i] = word(AST_RSA_DATA + 4 * i);
		assert_true(i < limbs || (modulus[i] == 0 && base[i] == 0));
	}
	/* the stated lengths are those of the numbers */
	assert_int_equal(modulus[limbs - 1] >> (modulus_bits - 1) % 32, 1);
	assert_int_equal(word(AST_RSA_EXPONENT + (bits - 1) / 32 * 4) >>
				 (bits - 1) % 32,
			 1);
	while (bits-- > 0) {
		memcpy(copy, result, sizeof(copy));
		multiply_mod(result, copy, modulus, limbs);
		if (word(AST_RSA_EXPONENT + bits / 32 * 4) >> bits % 32 & 1) {
			multiply_mod(result, base, modulus, limbs);
		}
	}
	for (unsigned i = 0; i < limbs; i++) {
		mmio_mock_poke(AST_SECURE_SRAM_BASE + AST_RSA_RESULT + 4 * i,
			       m->too_big ? modulus[i] : result[i]);
	}
	return AST_SBC_STATUS_RSA_DONE;
}

static void trigger(struct sbc_model *m, uint32_t value, uint64_t now)
{
	assert_true(m->clock);
	if (value == AST_SBC_TRIGGER_ECDSA) {
		assert_int_equal(reg(AST_SBC_ECDSA_ACCESS), 0);
		assert_int_equal(reg(AST_SBC_ECDSA_ENABLE), 1);
		assert_true(now - m->enabled_at >= 1000);
		m->triggered_at = now;
		m->next = ecdsa(m);
	} else {
		assert_int_equal(value, AST_SBC_TRIGGER_RSA);
		m->next = rsa(m);
		m->triggered_at = 0;
		m->cleared_at = now + 5;
	}
	m->runs++;
	m->done_at = UINT64_MAX;
}

static void write_sbc(void *ctx, uint32_t address, uint32_t value,
		      unsigned width)
{
	struct sbc_model *m = ctx;
	uint64_t now = prot_clock_us(&mmio_mock_clock);

	assert_int_equal(width, 4);
	switch (address - AST_SBC_BASE) {
	case AST_SBC_ECDSA_ENABLE:
		m->enabled_at = now;
		if (value == 0) { /* reset */
			m->status &= ~(AST_SBC_STATUS_ECDSA_DONE |
				       AST_SBC_STATUS_ECDSA_VALID);
			m->next &= AST_SBC_STATUS_RSA_DONE;
		}
		break;
	case AST_SBC_TRIGGER:
		if (value != 0) {
			trigger(m, value, now);
		} else if (m->next != 0 && m->done_at == UINT64_MAX) {
			assert_true(now - m->triggered_at >= 5000 ||
				    m->triggered_at == 0);
			m->done_at = now + 10 + m->delay_us;
		}
		break;
	default:
		break;
	}
}

static uint32_t read_sbc(void *ctx, uint32_t address, unsigned width)
{
	struct sbc_model *m = ctx;
	uint64_t now = prot_clock_us(&mmio_mock_clock);

	assert_int_equal(width, 4);
	if (address - AST_SBC_BASE != AST_SBC_STATUS) {
		return mmio_mock_peek(address);
	}
	/* the RSA engine takes a moment to see that it is not done any more */
	if (m->next == AST_SBC_STATUS_RSA_DONE && now >= m->cleared_at) {
		m->status &= ~AST_SBC_STATUS_RSA_DONE;
	}
	if (m->next != 0 && !m->dead && m->done_at != UINT64_MAX &&
	    now >= m->done_at) {
		m->status |= m->next;
		m->next = 0;
	}
	return m->status | 6;
}

static void write_memory(void *ctx, uint32_t address, uint32_t value,
			 unsigned width)
{
	uint32_t at = address - AST_SECURE_SRAM_BASE;
	uint32_t access = reg(AST_SBC_ECDSA_ACCESS);

	(void)ctx;
	(void)value;
	assert_int_equal(width, 4);
	if (at < AST_ECDSA_GX || at >= AST_ECDSA_INSTRUCTION) {
		assert_int_equal(access, 0);
	} else if ((at >= AST_ECDSA_QX && at < AST_ECDSA_P) ||
		   at >= AST_ECDSA_R) {
		assert_int_equal(access, AST_SBC_ACCESS_OPERANDS);
	} else {
		assert_true(access == AST_SBC_ACCESS_CURVE ||
			    access == AST_SBC_ACCESS_OPERANDS);
	}
}

static void write_scu(void *ctx, uint32_t address, uint32_t value,
		      unsigned width)
{
	struct sbc_model *m = ctx;

	(void)width;
	if (address == AST_SCU_BASE + 0x94 && value == 1u << 6) {
		m->clock = true;
	}
}

void sbc_model_add(struct sbc_model *m)
{
	struct mmio_model sbc = {AST_SBC_BASE, 0x1000, read_sbc, write_sbc, m};
	struct mmio_model memory = {AST_SECURE_SRAM_BASE, MEMORY_SIZE, NULL,
				    write_memory, m};
	struct mmio_model scu = {AST_SCU_BASE + 0x90, 8, NULL, write_scu, m};
	uint8_t n[SIZE];

	mmio_mock_add(&sbc);
	mmio_mock_add(&memory);
	mmio_mock_add(&scu);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(curve); i++) {
		hex_bytes(curve[i].hex, n, SIZE);
		for (uint32_t at = 0; at < SIZE; at += 4) {
			mmio_mock_poke(AST_SBC_BASE + curve[i].at + at,
				       (uint32_t)n[at] |
					       (uint32_t)n[at + 1] << 8 |
					       (uint32_t)n[at + 2] << 16 |
					       (uint32_t)n[at + 3] << 24);
		}
	}
}

bool sbc_model_is_clean(void)
{
	uint32_t any = 0;

	for (uint32_t at = 0; at < AST_RSA_MEMORY_SIZE; at += 4) {
		any |= word(at);
	}
	for (uint32_t at = AST_ECDSA_QX; at < AST_ECDSA_OPERANDS_END; at += 4) {
		any |= word(at);
	}
	return any == 0;
}
