/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_DER_H
#define PROT_DER_H

/*
 * DER (ITU-T X.690) over the cursor: just what certificates need. Tags of one
 * byte, definite and minimal lengths; anything else is an error, because two
 * encodings of one value would be two digests of it.
 *
 * Reading: every element is split off as a reader of its own. Errors stick to
 * both the element and the reader that it came from, so a run of gets is
 * checked once. Writing: prot_der_begin() ... prot_der_end() enclose what
 * lies between them, nested as deep as wanted, and work when measuring.
 */

#include <prot/base/cursor.h>
#include <prot/base/status.h>
#include <prot/crypto.h>

#ifdef __cplusplus
extern "C" {
#endif

enum prot_der_tag {
	PROT_DER_BOOLEAN = 0x01,
	PROT_DER_INTEGER = 0x02,
	PROT_DER_BIT_STRING = 0x03,
	PROT_DER_OCTET_STRING = 0x04,
	PROT_DER_OID = 0x06,
	PROT_DER_UTF8_STRING = 0x0c,
	PROT_DER_PRINTABLE_STRING = 0x13,
	PROT_DER_UTC_TIME = 0x17,
	PROT_DER_GENERALIZED_TIME = 0x18,
	PROT_DER_SEQUENCE = 0x30,
	PROT_DER_SET = 0x31,
	PROT_DER_CONTEXT = 0x80,             /* + n: [n] IMPLICIT, primitive */
	PROT_DER_CONTEXT_CONSTRUCTED = 0xa0, /* + n: [n], constructed */
};

/* A piece of somebody else's buffer; lives as long as that does. */
struct prot_span {
	const uint8_t *at; /* may be NULL when len is 0 */
	size_t len;        /* bytes */
};

static inline struct prot_rd prot_span_rd(struct prot_span s)
{
	return prot_rd_init(s.at, s.len);
}

static inline bool prot_span_equal(struct prot_span a, struct prot_span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* An object identifier: the content bytes, without tag and length. */
struct prot_oid {
	uint8_t len;
	uint8_t bytes[15];
};

/* True when the next element has this tag; false at the end. */
static inline bool prot_der_next_is(const struct prot_rd *r, uint8_t tag)
{
	return !r->bad && r->left != 0 && r->at[0] == tag;
}

/* Content of the next element, whatever its tag. */
struct prot_rd prot_der_any(struct prot_rd *r, uint8_t *tag);

/* Content of the next element; an error when its tag is not `tag`. */
struct prot_rd prot_der_get(struct prot_rd *r, uint8_t tag);

/* The next element as a whole, tag and length included. */
struct prot_span prot_der_element(struct prot_rd *r, uint8_t tag);

/* What is left in a reader, as a span; the reader is used up. */
struct prot_span prot_der_rest(struct prot_rd *r);

/* Value of an INTEGER from 0 to UINT32_MAX; others are an error. */
uint32_t prot_der_uint(struct prot_rd *r);

/* True when the content of an OID element is `oid`. */
bool prot_der_oid_equal(const struct prot_rd *content,
			const struct prot_oid *oid);

/* Open an element; the mark is for the matching prot_der_end(). */
size_t prot_der_begin(struct prot_wr *w, uint8_t tag);

/* Close it: the length is put in place, the content moved when it is long. */
void prot_der_end(struct prot_wr *w, size_t mark);

/* One primitive element. */
void prot_der_put(struct prot_wr *w, uint8_t tag, const void *content,
		  size_t len);

/* INTEGER, or a context tag that stands for one, from a small value. */
void prot_der_put_uint(struct prot_wr *w, uint8_t tag, uint32_t v);

/*
 * INTEGER from a big-endian unsigned number of `len` bytes: leading zeros
 * are dropped, the sign bit kept clear.
 */
void prot_der_put_unsigned(struct prot_wr *w, const uint8_t *number,
			   size_t len);

void prot_der_put_oid(struct prot_wr *w, const struct prot_oid *oid);

/*
 * Ecdsa-Sig-Value (RFC 3279 2.2.3) from and to r || s, each half of `sig`
 * half_len bytes wide. Reading fails with PROT_ERR_MALFORMED when a number is
 * negative or wider than that, or anything follows.
 */
void prot_der_put_ecdsa_signature(struct prot_wr *w, const uint8_t *sig,
				  size_t half_len);
enum prot_status prot_der_ecdsa_signature(struct prot_span der, uint8_t *sig,
					  size_t half_len);

#ifdef __cplusplus
}
#endif
#endif /* PROT_DER_H */
