/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SUPPORT_VECTORS_H
#define TEST_SUPPORT_VECTORS_H

#include "test.h"

#include <prot/der.h>

#include <stdio.h>
#include <string.h>

/* Append a file of tests/vectors to a buffer. */
static inline void vector_append(struct prot_wr *w, const char *path)
{
	char name[512];
	size_t n;
	FILE *f;

	snprintf(name, sizeof(name), "%s/%s", VECTORS_DIR, path);
	f = fopen(name, "rb");
	if (!f) {
		fail_msg("cannot open %s", name);
		return;
	}
	n = fread(w->buf + w->len, 1, w->cap - w->len, f);
	assert_true(n != 0 && feof(f));
	w->len += n;
	fclose(f);
}

/* The certificates named in `names`, separated by blanks, one after another. */
static inline struct prot_span chain_load(const char *names, uint8_t *buf,
					  size_t cap)
{
	struct prot_wr w = prot_wr_init(buf, cap);
	struct prot_span s = {buf, 0};
	char path[128];
	size_t n;

	while (*names != '\0') {
		n = strcspn(names, " ");
		snprintf(path, sizeof(path), "x509/%.*s.der", (int)n, names);
		vector_append(&w, path);
		names += n + (names[n] == ' ');
	}
	s.len = w.len;
	return s;
}

#endif /* TEST_SUPPORT_VECTORS_H */
