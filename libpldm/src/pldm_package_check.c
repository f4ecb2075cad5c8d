/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What prot_pldm_package_open() checks in the areas of the header: records
 * with their descriptors and bitmaps (DSP0267 1.3.0 tables 4, 5 and 7) and
 * components (table 6).
 */
#include "pldm_package_wire.h"

#include <prot/base/cursor.h>

enum prot_pldm_package_fault
prot_pldm_package_descriptor_fault(uint16_t type, uint32_t len,
				   const uint8_t *title)
{
	bool vendor = type == PROT_PLDM_DESCRIPTOR_VENDOR;

	if (!prot_pldm_descriptor_len_valid(type, (uint16_t)len) ||
	    (vendor && (len < 2 || title[1] > len - 2))) {
		return PROT_PLDM_PACKAGE_FAULT_DESCRIPTOR_LENGTH;
	}
	return vendor && title[0] > PROT_PLDM_STRING_UTF16BE
		       ? PROT_PLDM_PACKAGE_FAULT_STRING_TYPE
		       : PROT_PLDM_PACKAGE_FAULT_NONE;
}

static enum prot_status
check_descriptor(const struct prot_pldm_package *p,
		 const struct prot_pldm_package_descriptor *d, bool first,
		 struct prot_pldm_package_verdict *v)
{
	enum prot_pldm_package_fault fault;
	uint8_t title[2] = {0};
	enum prot_status st;

	if (first && d->type >= PROT_PLDM_DESCRIPTOR_PCI_DEVICE) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_DESCRIPTOR_FIRST, 0);
	}
	st = prot_pldm_package_fetch_area(p, d->data.offset, title,
					  d->data.len < 2 ? d->data.len : 2, v);
	if (st != PROT_OK) {
		return st;
	}
	fault = prot_pldm_package_descriptor_fault(d->type, d->data.len, title);
	return fault == PROT_PLDM_PACKAGE_FAULT_NONE
		       ? PROT_OK
		       : prot_pldm_package_refuse(v, fault, 0);
}

/* The stated number of descriptors fills the space between its neighbours. */
static enum prot_status
check_descriptors(const struct prot_pldm_package *p,
		  const struct prot_pldm_package_record *r,
		  struct prot_pldm_package_verdict *v)
{
	struct prot_pldm_package_descriptor d;
	enum prot_status st = PROT_OK;
	unsigned count = 0;

	if (r->descriptor_count == 0) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_DESCRIPTOR_COUNT, 0);
	}
	prot_pldm_package_descriptor_begin(r, &d);
	while (st == PROT_OK) {
		st = prot_pldm_package_descriptor_parse(p, &d, v);
		if (st == PROT_OK) {
			st = check_descriptor(p, &d, count == 0, v);
			count++;
		}
	}
	if (st == PROT_ERR_NOT_FOUND && count != r->descriptor_count) {
		st = prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_RECORD_LENGTH, 0);
	}
	return st == PROT_ERR_NOT_FOUND ? PROT_OK : st;
}

/* Bits of components that do not exist must be clear. */
static enum prot_status check_bitmap(const struct prot_pldm_package *p,
				     const struct prot_pldm_package_record *r,
				     struct prot_pldm_package_verdict *v)
{
	uint32_t from = p->component_count / 8u;
	uint8_t keep = (uint8_t)(0xffu << (p->component_count % 8u));
	uint8_t bits[32];

	while (from < r->applicable.len) {
		size_t n = r->applicable.len - from;
		uint8_t excess = 0;
		enum prot_status st;

		n = n < sizeof(bits) ? n : sizeof(bits);
		st = prot_pldm_package_fetch_area(
			p, r->applicable.offset + from, bits, n, v);
		if (st != PROT_OK) {
			return st;
		}
		for (size_t i = 0; i < n; i++) {
			excess = (uint8_t)(excess | (bits[i] & keep));
			keep = 0xff;
		}
		if (excess != 0) {
			return prot_pldm_package_refuse(
				v, PROT_PLDM_PACKAGE_FAULT_BITMAP_EXCESS, 0);
		}
		from += (uint32_t)n;
	}
	return PROT_OK;
}

typedef enum prot_status record_check(const struct prot_pldm_package *p,
				      const struct prot_pldm_package_record *r,
				      struct prot_pldm_package_verdict *v);

/* Apply a check to every record; *end is where the last one ends. */
static enum prot_status each_record(const struct prot_pldm_package *p,
				    enum prot_pldm_package_area area,
				    record_check *check, uint32_t *end,
				    struct prot_pldm_package_verdict *v)
{
	struct prot_pldm_package_record r;
	enum prot_status st = PROT_OK;
	uint16_t base =
		area == PROT_PLDM_PACKAGE_DOWNSTREAMS ? p->device_count : 0;

	prot_pldm_package_record_begin(p, area, &r);
	while (st == PROT_OK) {
		st = prot_pldm_package_record_parse(p, &r, v);
		if (st == PROT_OK) {
			st = check(p, &r, v);
		}
	}
	if (st != PROT_ERR_NOT_FOUND) {
		v->index = (uint16_t)(base + r.index);
		return st;
	}
	*end = r.next;
	return PROT_OK;
}

/* Fetch a count of n bytes at *at and step over it. */
static enum prot_status fetch_count(const struct prot_pldm_package *p,
				    uint32_t *at, size_t n, uint16_t *count,
				    struct prot_pldm_package_verdict *v)
{
	uint8_t bytes[2] = {0};
	struct prot_rd rd = prot_rd_init(bytes, sizeof(bytes));
	enum prot_status st = prot_pldm_package_fetch_area(p, *at, bytes, n, v);

	*count = prot_rd_le16(&rd);
	*at += (uint32_t)n;
	return st;
}

static enum prot_status open_devices(struct prot_pldm_package *p, uint32_t *at,
				     struct prot_pldm_package_verdict *v)
{
	uint16_t count;
	enum prot_status st = fetch_count(p, at, 1, &count, v);

	p->device_count = (uint8_t)count;
	p->devices = *at;
	return st == PROT_OK ? each_record(p, PROT_PLDM_PACKAGE_DEVICES,
					   check_descriptors, at, v)
			     : st;
}

static enum prot_status open_downstreams(struct prot_pldm_package *p,
					 uint32_t *at,
					 struct prot_pldm_package_verdict *v)
{
	uint16_t count;
	enum prot_status st;

	if (p->revision < 2) {
		return PROT_OK;
	}
	st = fetch_count(p, at, 1, &count, v);
	p->downstream_count = (uint8_t)count;
	p->downstreams = *at;
	return st == PROT_OK ? each_record(p, PROT_PLDM_PACKAGE_DOWNSTREAMS,
					   check_descriptors, at, v)
			     : st;
}

static enum prot_status
check_component(const struct prot_pldm_package *p,
		const struct prot_pldm_package_component *c,
		struct prot_pldm_package_verdict *v)
{
	enum prot_pldm_package_fault fault = PROT_PLDM_PACKAGE_FAULT_NONE;

	if (c->image.len == 0) {
		fault = PROT_PLDM_PACKAGE_FAULT_COMPONENT_EMPTY;
	} else if (c->image.offset < p->header_size) {
		fault = PROT_PLDM_PACKAGE_FAULT_COMPONENT_OFFSET;
	} else if ((uint64_t)c->image.offset + c->image.len > p->source.size) {
		fault = PROT_PLDM_PACKAGE_FAULT_COMPONENT_RANGE;
	}
	return fault == PROT_PLDM_PACKAGE_FAULT_NONE
		       ? PROT_OK
		       : prot_pldm_package_refuse(v, fault, 0);
}

/* Check the components; *ascending when each begins after its predecessor. */
static enum prot_status check_components(const struct prot_pldm_package *p,
					 uint32_t *end, bool *ascending,
					 struct prot_pldm_package_verdict *v)
{
	struct prot_pldm_package_component c;
	enum prot_status st = PROT_OK;
	uint64_t used = 0;

	*ascending = true;
	prot_pldm_package_component_begin(p, &c);
	for (uint16_t i = 0; st == PROT_OK && i < p->component_count; i++) {
		st = prot_pldm_package_component_parse(p, &c, v);
		if (st == PROT_OK) {
			st = check_component(p, &c, v);
			*ascending = *ascending && c.image.offset >= used;
			used = (uint64_t)c.image.offset + c.image.len;
		}
		v->index = st == PROT_OK ? 0 : i;
	}
	*end = c.next;
	return st;
}

static bool overlap(const struct prot_pldm_package_span *a,
		    const struct prot_pldm_package_span *b)
{
	return (uint64_t)a->offset + a->len > b->offset &&
	       (uint64_t)b->offset + b->len > a->offset;
}

/* Images compared with all later ones in one walk of the component area. */
#define OVERLAP_BATCH 16

struct batch {
	struct prot_pldm_package_span image[OVERLAP_BATCH];
	size_t len;
};

/* Load the next images from *at on; PROT_ERR_NOT_FOUND after the last. */
static enum prot_status load_batch(const struct prot_pldm_package *p,
				   struct prot_pldm_package_component *at,
				   struct batch *b,
				   struct prot_pldm_package_verdict *v)
{
	enum prot_status st = PROT_OK;

	b->len = 0;
	while (st == PROT_OK && b->len < OVERLAP_BATCH) {
		st = prot_pldm_package_component_parse(p, at, v);
		if (st == PROT_OK) {
			b->image[b->len++] = at->image;
		}
	}
	return st == PROT_ERR_NOT_FOUND && b->len != 0 ? PROT_OK : st;
}

/* Compare component c with those of the batch that stand before it. */
static bool batch_overlaps(const struct batch *b, size_t first,
			   const struct prot_pldm_package_component *c)
{
	bool found = false;

	for (size_t i = 0; i < b->len && first + i < c->index; i++) {
		found = found || overlap(&b->image[i], &c->image);
	}
	return found;
}

/* Compare every component from c on with those of the batch before it. */
static enum prot_status check_batch(const struct prot_pldm_package *p,
				    const struct batch *b, size_t first,
				    struct prot_pldm_package_component *c,
				    struct prot_pldm_package_verdict *v)
{
	enum prot_status st = PROT_OK;

	while (st == PROT_OK) {
		st = prot_pldm_package_component_parse(p, c, v);
		if (st == PROT_OK && batch_overlaps(b, first, c)) {
			st = prot_pldm_package_refuse(
				v, PROT_PLDM_PACKAGE_FAULT_COMPONENT_OVERLAP,
				c->index);
		}
	}
	return st == PROT_ERR_NOT_FOUND ? PROT_OK : st;
}

/* Any order is allowed; the quadratic search is for those out of order. */
static enum prot_status check_overlap(const struct prot_pldm_package *p,
				      struct prot_pldm_package_verdict *v)
{
	struct prot_pldm_package_component at;
	struct prot_pldm_package_component c;
	struct batch b;
	enum prot_status st = PROT_OK;

	prot_pldm_package_component_begin(p, &at);
	for (size_t first = 0; st == PROT_OK; first += b.len) {
		c = at;
		st = load_batch(p, &at, &b, v);
		if (st == PROT_OK) {
			st = check_batch(p, &b, first, &c, v);
		}
	}
	return st == PROT_ERR_NOT_FOUND ? PROT_OK : st;
}

static enum prot_status open_components(struct prot_pldm_package *p,
					uint32_t *at,
					struct prot_pldm_package_verdict *v)
{
	bool ascending = true;
	enum prot_status st = fetch_count(p, at, 2, &p->component_count, v);

	p->components = *at;
	if (st != PROT_OK) {
		return st;
	}
	if (p->component_count > p->bitmap_bits) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_COMPONENT_COUNT, 0);
	}
	st = check_components(p, at, &ascending, v);
	if (st == PROT_OK && !ascending) {
		st = check_overlap(p, v);
	}
	return st;
}

enum prot_status
prot_pldm_package_open_areas(struct prot_pldm_package *p,
			     struct prot_pldm_package_verdict *v)
{
	uint32_t at = PACKAGE_FIXED_SIZE + p->version.text.len;
	uint32_t ignored;
	enum prot_status st;

	if (p->version.type > PROT_PLDM_STRING_UTF16BE) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_STRING_TYPE, 0);
	}
	if (p->bitmap_bits % 8 != 0) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_BITMAP_LENGTH, 0);
	}
	st = open_devices(p, &at, v);
	if (st == PROT_OK) {
		st = open_downstreams(p, &at, v);
	}
	if (st == PROT_OK) {
		st = open_components(p, &at, v);
	}
	if (st == PROT_OK && at != p->areas_end) {
		st = prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_HEADER_TRAILING, 0);
	}
	if (st == PROT_OK) {
		st = each_record(p, PROT_PLDM_PACKAGE_DEVICES, check_bitmap,
				 &ignored, v);
	}
	if (st == PROT_OK) {
		st = each_record(p, PROT_PLDM_PACKAGE_DOWNSTREAMS, check_bitmap,
				 &ignored, v);
	}
	return st;
}
