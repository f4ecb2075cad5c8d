/* SPDX-License-Identifier: Apache-2.0 */
#include "sha2.h"

/*
 * FIPS 180-4 section 4.2.3; the constants of section 4.2.2 are the upper
 * halves of the first 64.
 */
static const uint64_t k[80] = {
	0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f,
	0xe9b5dba58189dbbc, 0x3956c25bf348b538, 0x59f111f1b605d019,
	0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242,
	0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
	0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
	0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3,
	0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65, 0x2de92c6f592b0275,
	0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
	0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f,
	0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
	0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc,
	0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
	0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6,
	0x92722c851482353b, 0xa2bfe8a14cf10364, 0xa81a664bbc423001,
	0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
	0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
	0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99,
	0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb,
	0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc,
	0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
	0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915,
	0xc67178f2e372532b, 0xca273eceea26619c, 0xd186b8c721c0c207,
	0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba,
	0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
	0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
	0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a,
	0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

static uint64_t load(const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < n; i++) {
		v = v << 8 | p[i];
	}
	return v;
}

static void store(uint8_t *p, unsigned n, uint64_t v)
{
	for (unsigned i = n; i-- > 0; v >>= 8) {
		p[i] = (uint8_t)v;
	}
}

/* Of words of `bits` bits in 64-bit variables. */
static uint64_t rotr(uint64_t v, unsigned n, unsigned bits)
{
	uint64_t mask = bits == 32 ? UINT32_MAX : UINT64_MAX;

	return (v >> n | v << (bits - n)) & mask;
}

/* Rotations of the four sigma functions, section 4.1; the last of the small
 * ones are shifts. */
struct sha2 {
	unsigned bits, rounds;
	unsigned big0[3], big1[3], small0[3], small1[3];
};

static const struct sha2 sha256 = {32,          64,         {2, 13, 22},
				   {6, 11, 25}, {7, 18, 3}, {17, 19, 10}};
static const struct sha2 sha512 = {64,           80,        {28, 34, 39},
				   {14, 18, 41}, {1, 8, 7}, {19, 61, 6}};

static uint64_t big(const struct sha2 *s, uint64_t x, const unsigned *r)
{
	return rotr(x, r[0], s->bits) ^ rotr(x, r[1], s->bits) ^
	       rotr(x, r[2], s->bits);
}

static uint64_t small(const struct sha2 *s, uint64_t x, const unsigned *r)
{
	return rotr(x, r[0], s->bits) ^ rotr(x, r[1], s->bits) ^ x >> r[2];
}

static void round_of(const struct sha2 *s, uint64_t *v, uint64_t kw)
{
	uint64_t mask = s->bits == 32 ? UINT32_MAX : UINT64_MAX;
	uint64_t t1 = v[7] + big(s, v[4], s->big1) +
		      ((v[4] & v[5]) ^ (~v[4] & v[6])) + kw;
	uint64_t t2 = big(s, v[0], s->big0) +
		      ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));

	for (unsigned i = 7; i > 0; i--) {
		v[i] = v[i - 1];
	}
	v[4] = (v[4] + t1) & mask;
	v[0] = (t1 + t2) & mask;
}

static void block_of(const struct sha2 *s, uint8_t *digest,
		     const uint8_t *block)
{
	uint64_t mask = s->bits == 32 ? UINT32_MAX : UINT64_MAX;
	unsigned bytes = s->bits / 8;
	uint64_t w[80];
	uint64_t v[8];

	for (unsigned i = 0; i < 8; i++) {
		v[i] = load(digest + i * bytes, bytes);
	}
	for (unsigned t = 0; t < s->rounds; t++) {
		w[t] = t < 16 ? load(block + t * bytes, bytes)
			      : (small(s, w[t - 2], s->small1) + w[t - 7] +
				 small(s, w[t - 15], s->small0) + w[t - 16]) &
					mask;
		round_of(s, v, (s->bits == 32 ? k[t] >> 32 : k[t]) + w[t]);
	}
	for (unsigned i = 0; i < 8; i++) {
		store(digest + i * bytes, bytes,
		      v[i] + load(digest + i * bytes, bytes));
	}
}

void sha256_block(uint8_t *digest, const uint8_t *block)
{
	block_of(&sha256, digest, block);
}

void sha512_block(uint8_t *digest, const uint8_t *block)
{
	block_of(&sha512, digest, block);
}
