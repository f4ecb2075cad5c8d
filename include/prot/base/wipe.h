/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_BASE_WIPE_H
#define PROT_BASE_WIPE_H

#include <prot/base/compiler.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Set n bytes to zero, also where the compiler sees that nobody reads them. */
static inline void prot_wipe(void *p, size_t n)
{
	if (n != 0) {
		memset(p, 0, n);
		PROT_MEMORY_BARRIER(p);
	}
}

/*
 * Compare n bytes in a time that depends on n alone. For MACs, digests and
 * nonces: an early exit would tell a peer how much of its guess was right.
 */
static inline bool prot_equal_ct(const void *a, const void *b, size_t n)
{
	const volatile uint8_t *x = (const volatile uint8_t *)a;
	const volatile uint8_t *y = (const volatile uint8_t *)b;
	uint8_t diff = 0;

	for (size_t i = 0; i < n; i++) {
		diff = (uint8_t)(diff | (x[i] ^ y[i]));
	}
	return diff == 0;
}

#endif /* PROT_BASE_WIPE_H */
