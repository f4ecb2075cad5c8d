/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/identity.h>

#include <prot/base/crc32.h>
#include <prot/base/cursor.h>

#define MAGIC       0x31444950u /* "PID1" */
#define HEADER_SIZE 8

enum prot_status prot_identity_encode(const uint8_t *certs, size_t len,
				      uint8_t *region, size_t cap,
				      size_t *out_len)
{
	struct prot_wr w = prot_wr_init(region, cap);

	if (len == 0 || len > PROT_IDENTITY_CERT_MAX) {
		return PROT_ERR_ARG;
	}
	prot_wr_le32(&w, MAGIC);
	prot_wr_le16(&w, (uint16_t)len);
	prot_wr_le16(&w, 0);
	prot_wr_bytes(&w, certs, len);
	prot_wr_le32(&w, prot_wr_ok(&w) ? prot_crc32(0, region, w.len) : 0);
	if (!prot_wr_ok(&w)) {
		return PROT_ERR_SPACE;
	}
	*out_len = w.len;
	return PROT_OK;
}

static bool is_blank(const uint8_t *region, size_t cap)
{
	return cap >= HEADER_SIZE && (region[0] == 0xff || region[0] == 0) &&
	       memcmp(region, region + 1, HEADER_SIZE - 1) == 0;
}

enum prot_status prot_identity_decode(const uint8_t *region, size_t cap,
				      const uint8_t **certs, size_t *len)
{
	struct prot_rd r = prot_rd_init(region, cap);
	uint32_t magic = prot_rd_le32(&r);
	uint16_t n = prot_rd_le16(&r);
	uint16_t reserved = prot_rd_le16(&r);
	const uint8_t *at = prot_rd_bytes(&r, n);
	uint32_t crc = prot_rd_le32(&r);

	*certs = NULL;
	*len = 0;
	if (is_blank(region, cap)) {
		return PROT_ERR_NOT_FOUND;
	}
	if (!prot_rd_ok(&r) || magic != MAGIC || reserved != 0 || n == 0 ||
	    n > PROT_IDENTITY_CERT_MAX ||
	    prot_crc32(0, region, HEADER_SIZE + (size_t)n) != crc) {
		return PROT_ERR_MALFORMED;
	}
	*certs = at;
	*len = n;
	return PROT_OK;
}
