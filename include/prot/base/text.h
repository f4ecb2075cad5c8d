/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_BASE_TEXT_H
#define PROT_BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Lines of text where there is no printf. The text always ends with a NUL;
 * what does not fit is cut off.
 */

struct prot_text {
	char *at; /* start of the text */
	size_t cap;
	size_t len; /* characters so far, without the NUL */
};

/* `cap` is at least 1. */
static inline struct prot_text prot_text_init(char *buf, size_t cap)
{
	struct prot_text t = {buf, cap, 0};

	buf[0] = '\0';
	return t;
}

static inline void prot_text_char(struct prot_text *t, char c)
{
	if (t->len + 1 < t->cap) {
		t->at[t->len++] = c;
		t->at[t->len] = '\0';
	}
}

static inline void prot_text_str(struct prot_text *t, const char *s)
{
	while (*s != '\0') {
		prot_text_char(t, *s++);
	}
}

/* Decimal. */
static inline void prot_text_u32(struct prot_text *t, uint32_t v)
{
	char digits[10];
	size_t n = 0;

	do {
		digits[n++] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0);
	while (n > 0) {
		prot_text_char(t, digits[--n]);
	}
}

/* Two digits for each byte, lower case. */
static inline void prot_text_hex(struct prot_text *t, const uint8_t *bytes,
				 size_t len)
{
	for (size_t i = 0; i < len; i++) {
		prot_text_char(t, "0123456789abcdef"[bytes[i] >> 4]);
		prot_text_char(t, "0123456789abcdef"[bytes[i] & 15]);
	}
}

/* Eight digits, lower case, most significant first. */
static inline void prot_text_hex32(struct prot_text *t, uint32_t v)
{
	const uint8_t bytes[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16),
				  (uint8_t)(v >> 8), (uint8_t)v};

	prot_text_hex(t, bytes, sizeof(bytes));
}

#endif /* PROT_BASE_TEXT_H */
