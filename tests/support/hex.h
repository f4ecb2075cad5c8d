/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SUPPORT_HEX_H
#define TEST_SUPPORT_HEX_H

#include "test.h"

#include <string.h>

static inline unsigned hex_nibble(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = strchr(digits, c);

	assert_non_null(at);
	return (unsigned)(at - digits);
}

/* Bytes of a lower-case hex string; returns how many. */
static inline size_t hex_bytes(const char *hex, uint8_t *out, size_t cap)
{
	size_t n = strlen(hex) / 2;

	assert_true(n <= cap);
	for (size_t i = 0; i < n; i++) {
		out[i] = (uint8_t)(hex_nibble(hex[2 * i]) << 4 |
				   hex_nibble(hex[2 * i + 1]));
	}
	return n;
}

static inline void assert_hex_equal(const uint8_t *got, const char *hex)
{
	uint8_t want[512];
	size_t n = hex_bytes(hex, want, sizeof(want));

	assert_memory_equal(got, want, n);
}

#endif /* TEST_SUPPORT_HEX_H */
