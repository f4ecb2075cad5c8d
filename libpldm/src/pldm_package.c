/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a package, and the two checksums (DSP0267 1.3.0 table 3). */
#include "pldm_package_wire.h"

#include <prot/base/crc32.h>
#include <prot/base/cursor.h>

/* DSP0267 1.3.0 table 3; the bytes stand in the file in this order. */
const uint8_t prot_pldm_package_identifiers[PACKAGE_REVISION_MAX +
					    1][PACKAGE_IDENTIFIER_SIZE] = {
	[1] = {0xf0, 0x18, 0x87, 0x8c, 0xcb, 0x7d, 0x49, 0x43, 0x98, 0x00, 0xa0,
	       0x2f, 0x05, 0x9a, 0xca, 0x02},
	[2] = {0x12, 0x44, 0xd2, 0x64, 0x8d, 0x7d, 0x47, 0x18, 0xa0, 0x30, 0xfc,
	       0x8a, 0x56, 0x58, 0x7d, 0x5a},
	[3] = {0x31, 0x19, 0xce, 0x2f, 0xe8, 0x0a, 0x4a, 0x99, 0xaf, 0x6d, 0x46,
	       0xf8, 0xb1, 0x21, 0xf6, 0xbf},
	[4] = {0x7b, 0x29, 0x1c, 0x99, 0x6d, 0xb6, 0x42, 0x08, 0x80, 0x1b, 0x02,
	       0x02, 0x6e, 0x46, 0x3c, 0x78},
};

static uint8_t identified_revision(const uint8_t *identifier)
{
	uint8_t i;

	for (i = PACKAGE_REVISION_MAX; i > 0; i--) {
		if (memcmp(identifier, prot_pldm_package_identifiers[i],
			   PACKAGE_IDENTIFIER_SIZE) == 0) {
			break;
		}
	}
	return i;
}

/* Bytes of the checksums that end the header. */
static uint32_t checksums_size(const struct prot_pldm_package *p)
{
	return p->revision >= 4 ? PACKAGE_CHECKSUMS_SIZE_4
				: PACKAGE_CHECKSUM_SIZE;
}

/*
 * The fixed fields. The header's size is taken as true from here on: wherever
 * it is wrong, the checksum or the areas do not fit it.
 */
static enum prot_status open_fixed(struct prot_pldm_package *p,
				   struct prot_pldm_package_verdict *v)
{
	uint8_t fixed[PACKAGE_FIXED_SIZE] = {0};
	struct prot_rd rd = prot_rd_init(fixed, sizeof(fixed));
	enum prot_status st =
		prot_pldm_package_fetch(p, 0, fixed, sizeof(fixed), v);
	uint8_t identified;

	if (st != PROT_OK) {
		return st;
	}
	identified = identified_revision(
		prot_rd_bytes(&rd, PACKAGE_IDENTIFIER_SIZE));
	if (identified == 0) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_IDENTIFIER, 0);
	}
	p->revision = prot_rd_u8(&rd);
	if (p->revision != identified) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_REVISION, 0);
	}
	p->header_size = prot_rd_le16(&rd);
	prot_rd_copy(&rd, p->released, sizeof(p->released));
	p->bitmap_bits = prot_rd_le16(&rd);
	p->version.type = prot_rd_u8(&rd);
	p->version.text.offset = PACKAGE_FIXED_SIZE;
	p->version.text.len = prot_rd_u8(&rd);
	if (p->header_size < PACKAGE_FIXED_SIZE + checksums_size(p)) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_HEADER_SIZE, 0);
	}
	p->areas_end = p->header_size - checksums_size(p);
	return PROT_OK;
}

static enum prot_status check_checksum(struct prot_pldm_package *p,
				       struct prot_pldm_package_verdict *v)
{
	uint8_t piece[128] = {0};
	struct prot_rd rd = prot_rd_init(piece, sizeof(piece));
	uint32_t crc = 0;
	enum prot_status st;

	for (uint32_t at = 0; at < p->areas_end;) {
		size_t n = p->areas_end - at;

		n = n < sizeof(piece) ? n : sizeof(piece);
		st = prot_pldm_package_fetch(p, at, piece, n, v);
		if (st != PROT_OK) {
			return st;
		}
		crc = prot_crc32(crc, piece, n);
		at += (uint32_t)n;
	}
	st = prot_pldm_package_fetch(p, p->areas_end, piece, checksums_size(p),
				     v);
	if (st != PROT_OK) {
		return st;
	}
	if (prot_rd_le32(&rd) != crc) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_HEADER_CHECKSUM, 0);
	}
	p->payload_checksum = p->revision >= 4 ? prot_rd_le32(&rd) : 0;
	return PROT_OK;
}

enum prot_status
prot_pldm_package_open(struct prot_pldm_package *p,
		       const struct prot_pldm_package_source *source,
		       struct prot_pldm_package_verdict *verdict)
{
	enum prot_status st;

	memset(p, 0, sizeof(*p));
	p->source = *source;
	verdict->fault = PROT_PLDM_PACKAGE_FAULT_NONE;
	verdict->index = 0;
	st = open_fixed(p, verdict);
	if (st == PROT_OK) {
		st = check_checksum(p, verdict);
	}
	if (st == PROT_OK) {
		st = prot_pldm_package_open_areas(p, verdict);
	}
	return st;
}

enum prot_status
prot_pldm_package_payload_check(const struct prot_pldm_package *p,
				struct prot_pldm_package_progress *run,
				void *buf, size_t cap)
{
	struct prot_pldm_package_verdict v;
	uint64_t total = p->source.size - p->header_size;
	enum prot_status st;
	size_t n;

	if (p->revision < 4) {
		return PROT_ERR_UNSUPPORTED;
	}
	if (cap == 0 || run->done > total) {
		return PROT_ERR_ARG;
	}
	n = total - run->done < cap ? (size_t)(total - run->done) : cap;
	st = prot_pldm_package_fetch(p, p->header_size + run->done, buf, n, &v);
	if (st != PROT_OK) {
		return st;
	}
	run->crc = prot_crc32(run->crc, buf, n);
	run->done += n;
	if (run->done < total) {
		return PROT_PENDING;
	}
	return run->crc == p->payload_checksum ? PROT_OK : PROT_ERR_AUTH;
}
