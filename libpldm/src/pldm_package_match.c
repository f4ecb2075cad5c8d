/* SPDX-License-Identifier: Apache-2.0 */
/* Which device a record is for (DSP0267 1.3.0 section 7). */
#include "pldm_package_wire.h"

#include <prot/base/cursor.h>

/* Compare a descriptor's data with bytes in memory, as many as it has. */
static enum prot_status same_data(const struct prot_pldm_package *p,
				  const struct prot_pldm_package_descriptor *d,
				  const uint8_t *bytes, bool *same)
{
	uint8_t piece[32];
	enum prot_status st = PROT_OK;

	*same = true;
	for (uint32_t at = 0; *same && at < d->data.len;) {
		size_t n = d->data.len - at;

		n = n < sizeof(piece) ? n : sizeof(piece);
		st = prot_pldm_package_read(p, &d->data, at, piece, n);
		*same = st == PROT_OK && memcmp(piece, bytes + at, n) == 0;
		at += (uint32_t)n;
	}
	return st;
}

/* Whether a descriptor is among the device's. */
static enum prot_status
find_descriptor(const struct prot_pldm_package *p,
		const struct prot_pldm_package_descriptor *d,
		struct prot_rd device, bool *found)
{
	enum prot_status st = PROT_OK;

	*found = false;
	while (st == PROT_OK && !*found && device.left != 0) {
		uint16_t type = prot_rd_le16(&device);
		uint16_t len = prot_rd_le16(&device);
		const uint8_t *bytes = prot_rd_bytes(&device, len);

		if (!prot_rd_ok(&device)) {
			return PROT_ERR_ARG;
		}
		if (type == d->type && len == d->data.len) {
			st = same_data(p, d, bytes, found);
		}
	}
	return st;
}

enum prot_status
prot_pldm_package_record_matches(const struct prot_pldm_package *p,
				 const struct prot_pldm_package_record *r,
				 const uint8_t *device, size_t device_len,
				 bool *matches)
{
	struct prot_pldm_package_descriptor d;
	enum prot_status st = PROT_OK;
	bool found = true;

	*matches = false;
	prot_pldm_package_descriptor_begin(r, &d);
	while (st == PROT_OK && found) {
		st = prot_pldm_package_descriptor_next(p, &d);
		if (st == PROT_OK) {
			st = find_descriptor(p, &d,
					     prot_rd_init(device, device_len),
					     &found);
		}
	}
	if (st != PROT_OK && st != PROT_ERR_NOT_FOUND) {
		return st;
	}
	*matches = found && r->descriptor_count != 0;
	return PROT_OK;
}
