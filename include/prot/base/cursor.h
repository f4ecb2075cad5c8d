/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_BASE_CURSOR_H
#define PROT_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Bounds-checked reader and writer for wire formats.
 *
 * Errors are sticky: after the first out-of-range access every further get
 * yields 0 or NULL and every further put does nothing, so a whole message is
 * decoded straight-line and checked once, with prot_rd_end() or prot_wr_ok().
 * A length or count read from the wire must pass prot_rd_ok() before it
 * drives a loop or an index.
 *
 * Neither type owns memory. A pointer returned by prot_rd_bytes() borrows from
 * the buffer given to prot_rd_init() and lives exactly as long as it.
 */

struct prot_rd {
	const uint8_t *at; /* next unread byte */
	size_t left;       /* bytes from `at` to the end */
	bool bad;          /* an earlier access was out of range */
};

static inline struct prot_rd prot_rd_init(const void *buf, size_t len)
{
	struct prot_rd r = {(const uint8_t *)buf, len, buf == NULL && len != 0};

	return r;
}

/*
 * Consume n bytes. NULL, with the error set, when fewer than n are left. An
 * empty reader made from NULL also yields NULL for n == 0, without an error.
 */
static inline const uint8_t *prot_rd_bytes(struct prot_rd *r, size_t n)
{
	const uint8_t *p = r->at;

	if (r->bad || n > r->left) {
		r->bad = true;
		return NULL;
	}
	if (n != 0) { /* NULL + 0 is undefined in C */
		r->at += n;
		r->left -= n;
	}
	return p;
}

/* Big- or little-endian value of n bytes, n <= 8; 0 after an error. */
static inline uint64_t prot_rd_le(struct prot_rd *r, size_t n)
{
	const uint8_t *p = prot_rd_bytes(r, n);
	uint64_t v = 0;

	for (size_t i = n; p && i > 0; i--) {
		v = v << 8 | p[i - 1];
	}
	return v;
}

static inline uint64_t prot_rd_be(struct prot_rd *r, size_t n)
{
	const uint8_t *p = prot_rd_bytes(r, n);
	uint64_t v = 0;

	for (size_t i = 0; p && i < n; i++) {
		v = v << 8 | p[i];
	}
	return v;
}

static inline uint8_t prot_rd_u8(struct prot_rd *r)
{
	const uint8_t *p = prot_rd_bytes(r, 1);

	return p ? p[0] : 0;
}

static inline uint16_t prot_rd_le16(struct prot_rd *r)
{
	const uint8_t *p = prot_rd_bytes(r, 2);

	return (uint16_t)(p ? p[0] | (unsigned)p[1] << 8 : 0u);
}

static inline uint16_t prot_rd_be16(struct prot_rd *r)
{
	const uint8_t *p = prot_rd_bytes(r, 2);

	return (uint16_t)(p ? p[1] | (unsigned)p[0] << 8 : 0u);
}

static inline uint32_t prot_rd_le24(struct prot_rd *r)
{
	return (uint32_t)prot_rd_le(r, 3);
}

static inline uint32_t prot_rd_le32(struct prot_rd *r)
{
	const uint8_t *p = prot_rd_bytes(r, 4);

	return p ? (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
			       (uint32_t)p[3] << 24
		 : 0;
}

static inline uint32_t prot_rd_be32(struct prot_rd *r)
{
	return (uint32_t)prot_rd_be(r, 4);
}

static inline uint64_t prot_rd_le64(struct prot_rd *r)
{
	return prot_rd_le(r, 8);
}

/* Copy n bytes out; dst is zeroed when they are not there. */
static inline void prot_rd_copy(struct prot_rd *r, void *dst, size_t n)
{
	const uint8_t *p = prot_rd_bytes(r, n);

	if (n == 0) {
		return;
	}
	if (p) {
		memcpy(dst, p, n);
	} else {
		memset(dst, 0, n);
	}
}

/* True when the next n bytes are all `value` (reserved and padding fields). */
static inline bool prot_rd_fill(struct prot_rd *r, uint8_t value, size_t n)
{
	const uint8_t *p = prot_rd_bytes(r, n);
	bool same = true;

	for (size_t i = 0; p && i < n; i++) {
		same = same && p[i] == value;
	}
	return same && !r->bad;
}

/*
 * Split off the next n bytes as a reader of their own, for a nested element
 * that states its length. The child inherits the error: checking the child
 * alone is enough for its fields, checking the parent alone is not.
 */
static inline struct prot_rd prot_rd_sub(struct prot_rd *r, size_t n)
{
	const uint8_t *p = prot_rd_bytes(r, n);
	struct prot_rd child = {p, p ? n : 0, r->bad};

	return child;
}

/* True when nothing failed so far. */
static inline bool prot_rd_ok(const struct prot_rd *r)
{
	return !r->bad;
}

/* True when nothing failed and every byte was consumed. */
static inline bool prot_rd_end(const struct prot_rd *r)
{
	return !r->bad && r->left == 0;
}

struct prot_wr {
	uint8_t *buf; /* NULL: measure only, nothing is stored */
	size_t cap;   /* size of buf, bytes; the limit when measuring */
	size_t len;   /* bytes written, or that would have been */
	bool bad;     /* a put did not fit; buf holds a partial message */
};

static inline struct prot_wr prot_wr_init(void *buf, size_t cap)
{
	struct prot_wr w = {(uint8_t *)buf, cap, 0, false};

	return w;
}

/*
 * Claim n bytes to fill in place. NULL when they do not fit, and when
 * measuring: test the result before storing, not prot_wr_ok().
 */
static inline uint8_t *prot_wr_claim(struct prot_wr *w, size_t n)
{
	uint8_t *p;

	if (w->bad || n > w->cap - w->len) {
		w->bad = true;
		return NULL;
	}
	p = w->buf ? w->buf + w->len : NULL;
	w->len += n;
	return p;
}

/* Little- or big-endian value of n bytes, n <= 8. */
static inline void prot_wr_le(struct prot_wr *w, uint64_t v, size_t n)
{
	uint8_t *p = prot_wr_claim(w, n);

	for (size_t i = 0; p && i < n; i++) {
		p[i] = (uint8_t)(v >> (8 * i));
	}
}

static inline void prot_wr_be(struct prot_wr *w, uint64_t v, size_t n)
{
	uint8_t *p = prot_wr_claim(w, n);

	for (size_t i = 0; p && i < n; i++) {
		p[i] = (uint8_t)(v >> (8 * (n - 1 - i)));
	}
}

static inline void prot_wr_u8(struct prot_wr *w, uint8_t v)
{
	uint8_t *p = prot_wr_claim(w, 1);

	if (p) {
		p[0] = v;
	}
}

static inline void prot_wr_le16(struct prot_wr *w, uint16_t v)
{
	uint8_t *p = prot_wr_claim(w, 2);

	if (p) {
		p[0] = (uint8_t)v;
		p[1] = (uint8_t)(v >> 8);
	}
}

static inline void prot_wr_be16(struct prot_wr *w, uint16_t v)
{
	prot_wr_be(w, v, 2);
}

static inline void prot_wr_le24(struct prot_wr *w, uint32_t v)
{
	prot_wr_le(w, v, 3);
}

static inline void prot_wr_le32(struct prot_wr *w, uint32_t v)
{
	prot_wr_le(w, v, 4);
}

static inline void prot_wr_be32(struct prot_wr *w, uint32_t v)
{
	prot_wr_be(w, v, 4);
}

static inline void prot_wr_le64(struct prot_wr *w, uint64_t v)
{
	prot_wr_le(w, v, 8);
}

/* src may be NULL only when n is 0. src and the writer must not overlap. */
static inline void prot_wr_bytes(struct prot_wr *w, const void *src, size_t n)
{
	uint8_t *p = prot_wr_claim(w, n);

	if (p && n) {
		memcpy(p, src, n);
	}
}

static inline void prot_wr_fill(struct prot_wr *w, uint8_t value, size_t n)
{
	uint8_t *p = prot_wr_claim(w, n);

	if (p && n) {
		memset(p, value, n);
	}
}

/* Overwrite two bytes put earlier, e.g. a length known only at the end. */
static inline void prot_wr_patch_le16(struct prot_wr *w, size_t at, uint16_t v)
{
	if (w->bad || at > w->len || w->len - at < 2) {
		w->bad = true;
		return;
	}
	if (w->buf) {
		w->buf[at] = (uint8_t)v;
		w->buf[at + 1] = (uint8_t)(v >> 8);
	}
}

static inline bool prot_wr_ok(const struct prot_wr *w)
{
	return !w->bad;
}

#endif /* PROT_BASE_CURSOR_H */
