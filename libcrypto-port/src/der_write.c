/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/der.h>

/* Bytes of a length field beyond the first (X.690 8.1.3). */
static size_t extra_length_bytes(size_t len)
{
	size_t n = 0;

	if (len >= 0x80) {
		for (; len != 0; len >>= 8) {
			n++;
		}
	}
	return n;
}

static void put_length(struct prot_wr *w, size_t len)
{
	size_t extra = extra_length_bytes(len);

	if (extra == 0) {
		prot_wr_u8(w, (uint8_t)len);
	} else {
		prot_wr_u8(w, (uint8_t)(0x80 | extra));
		prot_wr_be(w, len, extra);
	}
}

size_t prot_der_begin(struct prot_wr *w, uint8_t tag)
{
	prot_wr_u8(w, tag);
	prot_wr_u8(w, 0);
	return w->len;
}

void prot_der_end(struct prot_wr *w, size_t mark)
{
	size_t len = w->len - mark;
	size_t extra = extra_length_bytes(len);
	struct prot_wr field;

	(void)prot_wr_claim(w, extra);
	if (w->bad || !w->buf) {
		return;
	}
	memmove(w->buf + mark + extra, w->buf + mark, len);
	field = prot_wr_init(w->buf + mark - 1, 1 + extra);
	put_length(&field, len);
}

void prot_der_put(struct prot_wr *w, uint8_t tag, const void *content,
		  size_t len)
{
	prot_wr_u8(w, tag);
	put_length(w, len);
	prot_wr_bytes(w, content, len);
}

static void put_number(struct prot_wr *w, uint8_t tag, const uint8_t *number,
		       size_t len)
{
	size_t sign;

	while (len > 1 && number[0] == 0) {
		number++;
		len--;
	}
	sign = len == 0 || (number[0] & 0x80) != 0;
	prot_wr_u8(w, tag);
	put_length(w, sign + len);
	prot_wr_fill(w, 0, sign);
	prot_wr_bytes(w, number, len);
}

void prot_der_put_uint(struct prot_wr *w, uint8_t tag, uint32_t v)
{
	uint8_t number[4];
	struct prot_wr n = prot_wr_init(number, sizeof(number));

	prot_wr_be32(&n, v);
	put_number(w, tag, number, sizeof(number));
}

void prot_der_put_unsigned(struct prot_wr *w, const uint8_t *number, size_t len)
{
	put_number(w, PROT_DER_INTEGER, number, len);
}

void prot_der_put_oid(struct prot_wr *w, const struct prot_oid *oid)
{
	prot_der_put(w, PROT_DER_OID, oid->bytes, oid->len);
}

void prot_der_put_ecdsa_signature(struct prot_wr *w, const uint8_t *sig,
				  size_t half_len)
{
	size_t mark = prot_der_begin(w, PROT_DER_SEQUENCE);

	prot_der_put_unsigned(w, sig, half_len);
	prot_der_put_unsigned(w, sig + half_len, half_len);
	prot_der_end(w, mark);
}
