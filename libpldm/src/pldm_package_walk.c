/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records, descriptors and components of a package, one at a time. Every
 * offset is checked against the header on every walk, not only when the
 * package is opened: the file may have changed since.
 */
#include "pldm_package_wire.h"

#include <prot/base/cursor.h>

enum prot_status prot_pldm_package_refuse(struct prot_pldm_package_verdict *v,
					  enum prot_pldm_package_fault fault,
					  uint16_t index)
{
	v->fault = fault;
	v->index = index;
	return PROT_ERR_MALFORMED;
}

enum prot_status prot_pldm_package_fetch(const struct prot_pldm_package *p,
					 uint64_t offset, void *buf, size_t len,
					 struct prot_pldm_package_verdict *v)
{
	const struct prot_pldm_package_source *s = &p->source;
	enum prot_status st;

	if (offset > s->size || len > s->size - offset) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_SHORT, 0);
	}
	st = len != 0 ? s->read(s->ctx, offset, buf, len) : PROT_OK;
	if (st != PROT_OK) {
		(void)prot_pldm_package_refuse(v, PROT_PLDM_PACKAGE_FAULT_READ,
					       0);
	}
	return st;
}

enum prot_status
prot_pldm_package_fetch_area(const struct prot_pldm_package *p, uint32_t offset,
			     void *buf, size_t len,
			     struct prot_pldm_package_verdict *v)
{
	if (offset > p->areas_end || len > p->areas_end - offset) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_HEADER_OVERRUN, 0);
	}
	return prot_pldm_package_fetch(p, offset, buf, len, v);
}

/* Claim the next len bytes from *at as a span. */
static struct prot_pldm_package_span take(uint32_t *at, uint32_t len)
{
	struct prot_pldm_package_span span = {*at, len};

	*at += len;
	return span;
}

void prot_pldm_package_record_begin(const struct prot_pldm_package *p,
				    enum prot_pldm_package_area area,
				    struct prot_pldm_package_record *r)
{
	memset(r, 0, sizeof(*r));
	r->area = area;
	r->next =
		area == PROT_PLDM_PACKAGE_DEVICES ? p->devices : p->downstreams;
	r->left = area == PROT_PLDM_PACKAGE_DEVICES ? p->device_count
						    : p->downstream_count;
}

static bool has_stamp(const struct prot_pldm_package_record *r)
{
	return r->area == PROT_PLDM_PACKAGE_DOWNSTREAMS &&
	       (r->option_flags & PROT_PLDM_PACKAGE_MIN_STAMP_PRESENT) != 0;
}

/* Lengths that a record states, as far as they are not in the result. */
struct record_lengths {
	uint32_t record;
	uint32_t version;
	uint32_t package_data;
	uint32_t manifest;
};

static enum prot_status record_fixed(const struct prot_pldm_package *p,
				     struct prot_pldm_package_record *r,
				     struct record_lengths *len, uint32_t *at,
				     struct prot_pldm_package_verdict *v)
{
	uint8_t fixed[PACKAGE_RECORD_SIZE_4];
	size_t size =
		p->revision >= 4 ? PACKAGE_RECORD_SIZE_4 : PACKAGE_RECORD_SIZE;
	enum prot_status st =
		prot_pldm_package_fetch_area(p, *at, fixed, size, v);
	struct prot_rd rd = prot_rd_init(fixed, size);

	if (st != PROT_OK) {
		return st;
	}
	len->record = prot_rd_le16(&rd);
	r->descriptor_count = prot_rd_u8(&rd);
	r->option_flags = prot_rd_le32(&rd);
	r->version.type = prot_rd_u8(&rd);
	len->version = prot_rd_u8(&rd);
	len->package_data = prot_rd_le16(&rd);
	len->manifest = p->revision >= 4 ? prot_rd_le32(&rd) : 0;
	*at += (uint32_t)size;
	return PROT_OK;
}

/*
 * Split the variable part, [at, end): bitmap, version and stamp from the
 * front, manifest and package data from the back, descriptors in between.
 */
static enum prot_status record_split(const struct prot_pldm_package *p,
				     struct prot_pldm_package_record *r,
				     const struct record_lengths *len,
				     uint32_t at, uint32_t end,
				     struct prot_pldm_package_verdict *v)
{
	uint32_t stamp_len = has_stamp(r) ? 4 : 0;
	uint64_t need = (uint64_t)p->bitmap_bits / 8 + len->version +
			stamp_len + len->package_data + len->manifest;
	uint8_t stamp[4] = {0};
	struct prot_rd rd = prot_rd_init(stamp, sizeof(stamp));
	enum prot_status st;

	if (at > end || need > end - at) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_RECORD_LENGTH, 0);
	}
	r->applicable = take(&at, p->bitmap_bits / 8u);
	r->version.text = take(&at, len->version);
	st = prot_pldm_package_fetch_area(p, at, stamp, stamp_len, v);
	if (st != PROT_OK) {
		return st;
	}
	r->stamp = prot_rd_le32(&rd);
	at += stamp_len;
	r->descriptors =
		take(&at, end - at - len->package_data - len->manifest);
	r->package_data = take(&at, len->package_data);
	r->reference_manifest = take(&at, len->manifest);
	return PROT_OK;
}

enum prot_status
prot_pldm_package_record_parse(const struct prot_pldm_package *p,
			       struct prot_pldm_package_record *r,
			       struct prot_pldm_package_verdict *v)
{
	uint16_t left = r->left;
	uint32_t at = r->next;
	struct record_lengths len;
	enum prot_status st;

	if (left == 0) {
		return PROT_ERR_NOT_FOUND;
	}
	prot_pldm_package_record_begin(p, r->area, r);
	r->index = (uint16_t)(r->left - left);
	r->left = left;
	r->next = at;
	st = record_fixed(p, r, &len, &at, v);
	if (st != PROT_OK) {
		return st;
	}
	if (r->version.type > PROT_PLDM_STRING_UTF16BE) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_STRING_TYPE, 0);
	}
	if (len.record > p->areas_end - r->next) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_HEADER_OVERRUN, 0);
	}
	st = record_split(p, r, &len, at, r->next + len.record, v);
	if (st == PROT_OK) {
		r->next += len.record;
		r->left--;
	}
	return st;
}

enum prot_status
prot_pldm_package_record_next(const struct prot_pldm_package *p,
			      struct prot_pldm_package_record *r)
{
	struct prot_pldm_package_verdict v;

	return prot_pldm_package_record_parse(p, r, &v);
}

enum prot_status
prot_pldm_package_record_applies(const struct prot_pldm_package *p,
				 const struct prot_pldm_package_record *r,
				 uint16_t index, bool *applies)
{
	uint8_t bits = 0;
	enum prot_status st;

	*applies = false;
	if (index >= p->component_count) {
		return PROT_ERR_ARG;
	}
	st = prot_pldm_package_read(p, &r->applicable, index / 8u, &bits, 1);
	*applies = st == PROT_OK && (bits >> (index % 8u) & 1) != 0;
	return st;
}

void prot_pldm_package_descriptor_begin(
	const struct prot_pldm_package_record *r,
	struct prot_pldm_package_descriptor *d)
{
	memset(d, 0, sizeof(*d));
	d->next = r->descriptors.offset;
	d->end = r->descriptors.offset + r->descriptors.len;
}

enum prot_status
prot_pldm_package_descriptor_parse(const struct prot_pldm_package *p,
				   struct prot_pldm_package_descriptor *d,
				   struct prot_pldm_package_verdict *v)
{
	uint8_t head[PACKAGE_DESCRIPTOR_SIZE] = {0};
	struct prot_rd rd = prot_rd_init(head, sizeof(head));
	uint32_t at = d->next;
	uint32_t len;
	enum prot_status st;

	if (at == d->end) {
		return PROT_ERR_NOT_FOUND;
	}
	if (d->end - at < sizeof(head)) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_RECORD_LENGTH, 0);
	}
	st = prot_pldm_package_fetch_area(p, at, head, sizeof(head), v);
	if (st != PROT_OK) {
		return st;
	}
	at += (uint32_t)sizeof(head);
	d->type = prot_rd_le16(&rd);
	len = prot_rd_le16(&rd);
	if (len > d->end - at) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_RECORD_LENGTH, 0);
	}
	d->data = take(&at, len);
	d->next = at;
	return PROT_OK;
}

enum prot_status
prot_pldm_package_descriptor_next(const struct prot_pldm_package *p,
				  struct prot_pldm_package_descriptor *d)
{
	struct prot_pldm_package_verdict v;

	return prot_pldm_package_descriptor_parse(p, d, &v);
}

void prot_pldm_package_component_begin(const struct prot_pldm_package *p,
				       struct prot_pldm_package_component *c)
{
	memset(c, 0, sizeof(*c));
	c->next = p->components;
	c->left = p->component_count;
}

/* Claim len bytes for a string or opaque data; the areas must hold them. */
static enum prot_status take_area(const struct prot_pldm_package *p,
				  uint32_t *at, uint32_t len,
				  struct prot_pldm_package_span *span,
				  struct prot_pldm_package_verdict *v)
{
	if (*at > p->areas_end || len > p->areas_end - *at) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_HEADER_OVERRUN, 0);
	}
	*span = take(at, len);
	return PROT_OK;
}

/* Opaque data of a component; absent before revision 3. */
static enum prot_status component_opaque(const struct prot_pldm_package *p,
					 struct prot_pldm_package_component *c,
					 uint32_t *at,
					 struct prot_pldm_package_verdict *v)
{
	uint8_t bytes[4] = {0};
	struct prot_rd rd = prot_rd_init(bytes, sizeof(bytes));
	enum prot_status st;

	if (p->revision < 3) {
		return PROT_OK;
	}
	st = prot_pldm_package_fetch_area(p, *at, bytes, sizeof(bytes), v);
	if (st != PROT_OK) {
		return st;
	}
	*at += (uint32_t)sizeof(bytes);
	return take_area(p, at, prot_rd_le32(&rd), &c->opaque, v);
}

enum prot_status
prot_pldm_package_component_parse(const struct prot_pldm_package *p,
				  struct prot_pldm_package_component *c,
				  struct prot_pldm_package_verdict *v)
{
	uint8_t fixed[PACKAGE_COMPONENT_SIZE] = {0};
	struct prot_rd rd = prot_rd_init(fixed, sizeof(fixed));
	uint16_t left = c->left;
	uint32_t at = c->next;
	enum prot_status st;

	if (left == 0) {
		return PROT_ERR_NOT_FOUND;
	}
	st = prot_pldm_package_fetch_area(p, at, fixed, sizeof(fixed), v);
	if (st != PROT_OK) {
		return st;
	}
	memset(c, 0, sizeof(*c));
	c->index = (uint16_t)(p->component_count - left);
	c->left = left;
	c->next = at;
	c->classification = prot_rd_le16(&rd);
	c->identifier = prot_rd_le16(&rd);
	c->stamp = prot_rd_le32(&rd);
	c->options = prot_rd_le16(&rd);
	c->activation = prot_rd_le16(&rd);
	c->image.offset = prot_rd_le32(&rd);
	c->image.len = prot_rd_le32(&rd);
	c->version.type = prot_rd_u8(&rd);
	at += (uint32_t)sizeof(fixed);
	if (c->version.type > PROT_PLDM_STRING_UTF16BE) {
		return prot_pldm_package_refuse(
			v, PROT_PLDM_PACKAGE_FAULT_STRING_TYPE, 0);
	}
	st = take_area(p, &at, prot_rd_u8(&rd), &c->version.text, v);
	if (st == PROT_OK) {
		st = component_opaque(p, c, &at, v);
	}
	if (st == PROT_OK) {
		c->next = at;
		c->left--;
	}
	return st;
}

enum prot_status
prot_pldm_package_component_next(const struct prot_pldm_package *p,
				 struct prot_pldm_package_component *c)
{
	struct prot_pldm_package_verdict v;

	return prot_pldm_package_component_parse(p, c, &v);
}

enum prot_status
prot_pldm_package_read(const struct prot_pldm_package *p,
		       const struct prot_pldm_package_span *span,
		       uint32_t offset, void *buf, size_t len)
{
	struct prot_pldm_package_verdict v;
	enum prot_status st;

	if (offset > span->len || len > span->len - offset) {
		return PROT_ERR_ARG;
	}
	st = prot_pldm_package_fetch(p, (uint64_t)span->offset + offset, buf,
				     len, &v);
	return st == PROT_ERR_MALFORMED ? PROT_ERR_ARG : st;
}
