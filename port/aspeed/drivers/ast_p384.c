/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_p384.h"

#include <stddef.h>
#include <string.h>

#define WORDS (PROT_AST_P384_SIZE / 4)
#define BITS  (sizeof(struct number) * 8)

/* Least significant word first. */
struct number {
	uint32_t w[WORDS];
};

static const struct number p = {{
	0xffffffff,
	0x00000000,
	0x00000000,
	0xffffffff,
	0xfffffffe,
	0xffffffff,
	0xffffffff,
	0xffffffff,
	0xffffffff,
	0xffffffff,
	0xffffffff,
	0xffffffff,
}};
static const struct number b = {{
	0xd3ec2aef,
	0x2a85c8ed,
	0x8a2ed19d,
	0xc656398d,
	0x5013875a,
	0x0314088f,
	0xfe814112,
	0x181d9c6e,
	0xe3f82d19,
	0x988e056b,
	0xe23ee7e4,
	0xb3312fa7,
}};

static struct number load(const uint8_t *bytes)
{
	struct number n = {{0}};

	for (size_t i = 0; i < PROT_AST_P384_SIZE; i++) {
		n.w[WORDS - 1 - i / 4] |= (uint32_t)bytes[i]
					  << (24 - i % 4 * 8);
	}
	return n;
}

/* *r = *x - *y; returns the borrow. */
static uint32_t subtract(struct number *r, const struct number *x,
			 const struct number *y)
{
	uint64_t borrow = 0;

	for (size_t i = 0; i < WORDS; i++) {
		uint64_t d = (uint64_t)x->w[i] - y->w[i] - borrow;

		r->w[i] = (uint32_t)d;
		borrow = d >> 63;
	}
	return (uint32_t)borrow;
}

/* *r = *r + *x mod p, both below p. */
static void add(struct number *r, const struct number *x)
{
	struct number less;
	uint64_t carry = 0;

	for (size_t i = 0; i < WORDS; i++) {
		carry += (uint64_t)r->w[i] + x->w[i];
		r->w[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (subtract(&less, r, &p) <= carry) {
		*r = less;
	}
}

/* x * y mod p, both below p: double and add. */
static struct number multiply(const struct number *x, const struct number *y)
{
	struct number r = {{0}};

	for (size_t i = BITS; i-- > 0;) {
		struct number same = r;

		add(&r, &same);
		if (x->w[i / 32] >> i % 32 & 1) {
			add(&r, y);
		}
	}
	return r;
}

bool prot_ast_p384_is_point(const uint8_t *point)
{
	struct number x = load(point);
	struct number y = load(point + PROT_AST_P384_SIZE);
	struct number left, right, rest;

	if (subtract(&rest, &x, &p) == 0 || subtract(&rest, &y, &p) == 0) {
		return false;
	}
	/* y^2 + 3x = x^3 + b */
	left = multiply(&y, &y);
	for (int i = 0; i < 3; i++) {
		add(&left, &x);
	}
	right = multiply(&x, &x);
	right = multiply(&right, &x);
	add(&right, &b);
	return memcmp(&left, &right, sizeof(left)) == 0;
}
