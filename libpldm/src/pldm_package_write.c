/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a package of header format revision 4 (DSP0267 1.3.0 section 7). */
#include "pldm_package_wire.h"

#include <prot/base/crc32.h>
#include <prot/base/cursor.h>

#define REVISION 4

/* What has gone to the sink; measures only while sink is NULL. */
struct output {
	const struct prot_pldm_package_sink *sink;
	uint64_t len;
	uint32_t crc;
	enum prot_status st; /* sticky */
};

static void emit(struct output *o, const void *bytes, size_t n)
{
	if (o->st != PROT_OK || n == 0) {
		return;
	}
	if (o->sink) {
		o->st = o->sink->write(o->sink->ctx, bytes, n);
		o->crc = prot_crc32(o->crc, bytes, n);
	}
	o->len += n;
}

static void emit_wr(struct output *o, const struct prot_wr *w)
{
	emit(o, w->buf, w->len);
}

static enum prot_pldm_package_fault
string_fault(const struct prot_pldm_string *s)
{
	return s->type > PROT_PLDM_STRING_UTF16BE
		       ? PROT_PLDM_PACKAGE_FAULT_STRING_TYPE
		       : PROT_PLDM_PACKAGE_FAULT_NONE;
}

static enum prot_pldm_package_fault
bitmap_fault(const struct prot_pldm_package_description *d,
	     const uint8_t *applicable)
{
	uint8_t excess = 0;

	for (unsigned i = d->component_count; i < d->bitmap_bits; i++) {
		excess = (uint8_t)(excess | (applicable[i / 8] >> (i % 8) & 1));
	}
	return excess != 0 ? PROT_PLDM_PACKAGE_FAULT_BITMAP_EXCESS
			   : PROT_PLDM_PACKAGE_FAULT_NONE;
}

static enum prot_pldm_package_fault
record_fault(const struct prot_pldm_package_description *d,
	     const struct prot_pldm_package_new_record *r)
{
	enum prot_pldm_package_fault fault = string_fault(&r->version);

	if (fault == PROT_PLDM_PACKAGE_FAULT_NONE) {
		fault = bitmap_fault(d, r->applicable);
	}
	if (fault != PROT_PLDM_PACKAGE_FAULT_NONE) {
		return fault;
	}
	if (r->descriptor_count == 0) {
		return PROT_PLDM_PACKAGE_FAULT_DESCRIPTOR_COUNT;
	}
	if (r->descriptors[0].type >= PROT_PLDM_DESCRIPTOR_PCI_DEVICE) {
		return PROT_PLDM_PACKAGE_FAULT_DESCRIPTOR_FIRST;
	}
	for (unsigned i = 0; i < r->descriptor_count && !fault; i++) {
		fault = prot_pldm_package_descriptor_fault(
			r->descriptors[i].type, r->descriptors[i].len,
			r->descriptors[i].data);
	}
	return fault;
}

static enum prot_pldm_package_fault
component_fault(const struct prot_pldm_package_new_component *c)
{
	if (c->image.size == 0) {
		return PROT_PLDM_PACKAGE_FAULT_COMPONENT_EMPTY;
	}
	if (c->image.size > UINT32_MAX) {
		return PROT_PLDM_PACKAGE_FAULT_TOO_LARGE;
	}
	return string_fault(&c->version);
}

/* What the reader would refuse. */
static enum prot_pldm_package_fault
description_fault(const struct prot_pldm_package_description *d,
		  uint16_t *index)
{
	enum prot_pldm_package_fault fault = string_fault(&d->version);
	uint16_t i;

	*index = 0;
	if (fault != PROT_PLDM_PACKAGE_FAULT_NONE) {
		return fault;
	}
	if (d->bitmap_bits % 8 != 0) {
		return PROT_PLDM_PACKAGE_FAULT_BITMAP_LENGTH;
	}
	if (d->component_count > d->bitmap_bits) {
		return PROT_PLDM_PACKAGE_FAULT_COMPONENT_COUNT;
	}
	for (i = 0; i < d->device_count && !fault; i++) {
		*index = i;
		fault = record_fault(d, &d->devices[i]);
	}
	for (i = 0; i < d->downstream_count && !fault; i++) {
		*index = (uint16_t)(d->device_count + i);
		fault = record_fault(d, &d->downstreams[i]);
	}
	for (i = 0; i < d->component_count && !fault; i++) {
		*index = i;
		fault = component_fault(&d->components[i]);
	}
	return fault;
}

static void emit_fixed(struct output *o,
		       const struct prot_pldm_package_description *d,
		       uint16_t header_size)
{
	uint8_t bytes[PACKAGE_FIXED_SIZE];
	struct prot_wr w = prot_wr_init(bytes, sizeof(bytes));

	prot_wr_bytes(&w, prot_pldm_package_identifiers[REVISION],
		      PACKAGE_IDENTIFIER_SIZE);
	prot_wr_u8(&w, REVISION);
	prot_wr_le16(&w, header_size);
	prot_wr_bytes(&w, d->released, sizeof(d->released));
	prot_wr_le16(&w, d->bitmap_bits);
	prot_wr_u8(&w, d->version.type);
	prot_wr_u8(&w, d->version.len);
	emit_wr(o, &w);
	emit(o, d->version.bytes, d->version.len);
}

static void emit_descriptor(struct output *o,
			    const struct prot_pldm_descriptor *d)
{
	uint8_t bytes[PACKAGE_DESCRIPTOR_SIZE];
	struct prot_wr w = prot_wr_init(bytes, sizeof(bytes));

	prot_wr_le16(&w, d->type);
	prot_wr_le16(&w, d->len);
	emit_wr(o, &w);
	emit(o, d->data, d->len);
}

/* Bytes of a record. More than fit the field cannot fit the header either. */
static uint16_t record_size(const struct prot_pldm_package_new_record *r,
			    size_t bitmap_len, size_t stamp_len)
{
	size_t n = PACKAGE_RECORD_SIZE_4 + bitmap_len + r->version.len +
		   stamp_len + r->package_data_len + r->reference_manifest_len;

	for (unsigned i = 0; i < r->descriptor_count; i++) {
		n += PACKAGE_DESCRIPTOR_SIZE + (size_t)r->descriptors[i].len;
	}
	return (uint16_t)n;
}

static void emit_record(struct output *o,
			const struct prot_pldm_package_description *d,
			const struct prot_pldm_package_new_record *r,
			bool downstream)
{
	uint8_t bytes[PACKAGE_RECORD_SIZE_4];
	struct prot_wr w = prot_wr_init(bytes, sizeof(bytes));
	size_t bitmap_len = d->bitmap_bits / 8u;
	bool stamped = downstream && (r->option_flags &
				      PROT_PLDM_PACKAGE_MIN_STAMP_PRESENT) != 0;

	prot_wr_le16(&w, record_size(r, bitmap_len, stamped ? 4 : 0));
	prot_wr_u8(&w, r->descriptor_count);
	prot_wr_le32(&w, r->option_flags);
	prot_wr_u8(&w, r->version.type);
	prot_wr_u8(&w, r->version.len);
	prot_wr_le16(&w, r->package_data_len);
	prot_wr_le32(&w, r->reference_manifest_len);
	emit_wr(o, &w);
	emit(o, r->applicable, bitmap_len);
	emit(o, r->version.bytes, r->version.len);
	w = prot_wr_init(bytes, sizeof(bytes));
	prot_wr_le32(&w, r->stamp);
	emit(o, bytes, stamped ? w.len : 0);
	for (unsigned i = 0; i < r->descriptor_count; i++) {
		emit_descriptor(o, &r->descriptors[i]);
	}
	emit(o, r->package_data, r->package_data_len);
	emit(o, r->reference_manifest, r->reference_manifest_len);
}

static void emit_component(struct output *o,
			   const struct prot_pldm_package_new_component *c,
			   uint32_t offset)
{
	uint8_t bytes[PACKAGE_COMPONENT_SIZE];
	struct prot_wr w = prot_wr_init(bytes, sizeof(bytes));
	bool stamped = (c->options & PROT_PLDM_PACKAGE_USE_STAMP) != 0;

	prot_wr_le16(&w, c->classification);
	prot_wr_le16(&w, c->identifier);
	prot_wr_le32(&w, stamped ? c->stamp : PROT_PLDM_STAMP_NONE);
	prot_wr_le16(&w, c->options);
	prot_wr_le16(&w, c->activation);
	prot_wr_le32(&w, offset);
	prot_wr_le32(&w, (uint32_t)c->image.size);
	prot_wr_u8(&w, c->version.type);
	prot_wr_u8(&w, c->version.len);
	emit_wr(o, &w);
	emit(o, c->version.bytes, c->version.len);
	w = prot_wr_init(bytes, sizeof(bytes));
	prot_wr_le32(&w, c->opaque_len);
	emit_wr(o, &w);
	emit(o, c->opaque, c->opaque_len);
}

static void emit_areas(struct output *o,
		       const struct prot_pldm_package_description *d,
		       uint16_t header_size)
{
	uint8_t bytes[2];
	struct prot_wr w = prot_wr_init(bytes, sizeof(bytes));
	uint32_t offset = header_size;

	emit_fixed(o, d, header_size);
	emit(o, &d->device_count, 1);
	for (unsigned i = 0; i < d->device_count; i++) {
		emit_record(o, d, &d->devices[i], false);
	}
	emit(o, &d->downstream_count, 1);
	for (unsigned i = 0; i < d->downstream_count; i++) {
		emit_record(o, d, &d->downstreams[i], true);
	}
	prot_wr_le16(&w, d->component_count);
	emit_wr(o, &w);
	for (unsigned i = 0; i < d->component_count; i++) {
		emit_component(o, &d->components[i], offset);
		offset += (uint32_t)d->components[i].image.size;
	}
}

/* Header size; 0 when the header or an image's offset exceeds its field. */
static uint16_t measure_header(const struct prot_pldm_package_description *d)
{
	struct output o = {0};
	uint64_t offset;

	emit_areas(&o, d, 0);
	o.len += PACKAGE_CHECKSUMS_SIZE_4;
	offset = o.len;
	for (unsigned i = 0; i < d->component_count && offset <= UINT32_MAX;
	     i++) {
		offset += i + 1u < d->component_count
				  ? d->components[i].image.size
				  : 0;
	}
	return o.len <= UINT16_MAX && offset <= UINT32_MAX ? (uint16_t)o.len
							   : 0;
}

/* A buffer to copy images through. */
struct scratch {
	void *buf;
	size_t cap;
};

/* Pass all images to `o`, or only to its checksum when it has no sink. */
static enum prot_status copy_image(struct output *o,
				   const struct prot_pldm_package_source *s,
				   const struct scratch *via)
{
	for (uint64_t at = 0; at < s->size && o->st == PROT_OK;) {
		size_t n = s->size - at < via->cap ? (size_t)(s->size - at)
						   : via->cap;
		enum prot_status st = s->read(s->ctx, at, via->buf, n);

		if (st != PROT_OK) {
			return st;
		}
		if (o->sink) {
			emit(o, via->buf, n);
		} else {
			o->crc = prot_crc32(o->crc, via->buf, n);
		}
		at += n;
	}
	return PROT_OK;
}

static enum prot_status
copy_images(struct output *o, const struct prot_pldm_package_description *d,
	    const struct scratch *via)
{
	enum prot_status st = PROT_OK;

	for (unsigned i = 0; i < d->component_count && st == PROT_OK; i++) {
		st = copy_image(o, &d->components[i].image, via);
	}
	return st;
}

static void emit_checksums(struct output *o, uint32_t payload_crc)
{
	uint8_t bytes[PACKAGE_CHECKSUMS_SIZE_4];
	struct prot_wr w = prot_wr_init(bytes, sizeof(bytes));

	prot_wr_le32(&w, o->crc);
	prot_wr_le32(&w, payload_crc);
	emit_wr(o, &w);
}

enum prot_status
prot_pldm_package_write(const struct prot_pldm_package_description *d,
			const struct prot_pldm_package_sink *sink, void *buf,
			size_t cap, struct prot_pldm_package_verdict *verdict)
{
	struct scratch via = {buf, cap};
	struct output payload = {0};
	struct output o = {.sink = sink};
	uint16_t header_size;
	enum prot_status st;

	verdict->fault = description_fault(d, &verdict->index);
	if (verdict->fault != PROT_PLDM_PACKAGE_FAULT_NONE || cap == 0) {
		return PROT_ERR_ARG;
	}
	verdict->index = 0;
	header_size = measure_header(d);
	if (header_size == 0) {
		verdict->fault = PROT_PLDM_PACKAGE_FAULT_TOO_LARGE;
		return PROT_ERR_ARG;
	}
	st = copy_images(&payload, d, &via);
	if (st == PROT_OK) {
		emit_areas(&o, d, header_size);
		emit_checksums(&o, payload.crc);
		st = copy_images(&o, d, &via);
	}
	if (st != PROT_OK) {
		verdict->fault = PROT_PLDM_PACKAGE_FAULT_READ;
	} else if (o.st != PROT_OK) {
		verdict->fault = PROT_PLDM_PACKAGE_FAULT_WRITE;
		st = o.st;
	}
	return st;
}
