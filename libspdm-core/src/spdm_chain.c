/* SPDX-License-Identifier: Apache-2.0 */
#include "spdm_chain.h"

#define LENGTH_LONG   0x80u /* the length is in the bytes that follow */
#define LENGTH_BYTES  0x7fu /* that many */
#define LENGTH_2BYTES 2u    /* enough for a chain of up to 64 KiB */

/* Extent of the DER SEQUENCE that comes next (X.690 clause 8.1.3). */
static struct prot_span next_sequence(struct prot_rd *rd)
{
	struct prot_span all = {rd->at, 0};
	size_t before = rd->left;
	uint8_t tag = prot_rd_u8(rd);
	uint64_t len = prot_rd_u8(rd);

	if (len & LENGTH_LONG) {
		size_t n = len & LENGTH_BYTES;

		len = n <= LENGTH_2BYTES ? prot_rd_be(rd, n) : UINT16_MAX + 1u;
	}
	(void)prot_rd_bytes(rd, (size_t)len);
	if (prot_rd_ok(rd) && tag == PROT_DER_SEQUENCE) {
		all.len = before - rd->left;
	}
	return all;
}

enum prot_status prot_spdm_chain_read(const uint8_t *chain, size_t len,
				      size_t hash_size, struct spdm_chain *out)
{
	struct prot_rd rd = prot_rd_init(chain, len);
	uint16_t length = prot_rd_le16(&rd);
	uint16_t reserved = prot_rd_le16(&rd);

	out->root_hash = prot_rd_bytes(&rd, hash_size);
	out->certs.at = rd.at;
	out->certs.len = rd.left;
	out->first = next_sequence(&rd);
	if (!prot_rd_ok(&rd) || length != len || reserved != 0 ||
	    out->first.len == 0) {
		return PROT_ERR_MALFORMED;
	}
	return PROT_OK;
}
