/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The package reader over arbitrary bytes. The first byte chooses whether the
 * header checksum is made right, without which nothing gets past it. What the
 * reader accepts is written again as revision 4 and read back: both packages
 * must say the same.
 */
#include <prot/base/crc32.h>
#include <prot/pldm/package.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MEMORY_MAX 262144u
#define COUNT_MAX  64u /* records, descriptors, components rewritten */

struct memory {
	uint8_t bytes[MEMORY_MAX];
	size_t len;
};

static struct memory given;
static struct memory made;

static void require(int truth)
{
	if (!truth) {
		abort();
	}
}

static enum prot_status memory_read(void *ctx, uint64_t offset, void *buf,
				    size_t len)
{
	const struct memory *m = (const struct memory *)ctx;

	require(offset <= m->len && len <= m->len - offset);
	memcpy(buf, m->bytes + offset, len);
	return PROT_OK;
}

static enum prot_status memory_write(void *ctx, const void *bytes, size_t len)
{
	struct memory *m = (struct memory *)ctx;

	require(len <= MEMORY_MAX - m->len);
	memcpy(m->bytes + m->len, bytes, len);
	m->len += len;
	return PROT_OK;
}

static enum prot_status open_memory(struct memory *m,
				    struct prot_pldm_package *p)
{
	struct prot_pldm_package_source s = {memory_read, m, m->len};
	struct prot_pldm_package_verdict v;
	enum prot_status st = prot_pldm_package_open(p, &s, &v);

	require((st == PROT_OK) == (v.fault == PROT_PLDM_PACKAGE_FAULT_NONE));
	require(st == PROT_OK || st == PROT_ERR_MALFORMED);
	return st;
}

/* Spans are borrowed from the package in memory. */
static const uint8_t *at(const struct prot_pldm_package_span *span)
{
	require((uint64_t)span->offset + span->len <= given.len);
	return given.bytes + span->offset;
}

static struct prot_pldm_string string(const struct prot_pldm_package_string *s)
{
	struct prot_pldm_string out = {s->type, (uint8_t)s->text.len,
				       at(&s->text)};

	return out;
}

static struct prot_pldm_descriptor descriptors[2 * COUNT_MAX * COUNT_MAX];
static struct prot_pldm_package_new_record records[2 * COUNT_MAX];
static struct prot_pldm_package_new_component components[COUNT_MAX];

static size_t take_descriptors(const struct prot_pldm_package *p,
			       const struct prot_pldm_package_record *r,
			       struct prot_pldm_descriptor *out)
{
	struct prot_pldm_package_descriptor d;
	size_t n = 0;

	prot_pldm_package_descriptor_begin(r, &d);
	while (prot_pldm_package_descriptor_next(p, &d) == PROT_OK) {
		if (n < COUNT_MAX) {
			out[n].type = d.type;
			out[n].len = (uint16_t)d.data.len;
			out[n].data = at(&d.data);
		}
		n++;
	}
	require(n == r->descriptor_count);
	return n;
}

/* False when the package has more than is rewritten here. */
static int take_records(const struct prot_pldm_package *p,
			enum prot_pldm_package_area area, size_t first)
{
	struct prot_pldm_package_record r;
	size_t i = first;
	int fits = 1;
	bool matches;

	prot_pldm_package_record_begin(p, area, &r);
	while (prot_pldm_package_record_next(p, &r) == PROT_OK) {
		struct prot_pldm_package_new_record *n = &records[i];
		struct prot_pldm_descriptor *d = &descriptors[i * COUNT_MAX];

		fits = fits && i < first + COUNT_MAX - 1 &&
		       r.reference_manifest.len <= UINT16_MAX &&
		       take_descriptors(p, &r, d) <= COUNT_MAX;
		if (!fits) {
			continue;
		}
		/* The package's own list is that of a matching device. */
		require(prot_pldm_package_record_matches(
				p, &r, at(&r.descriptors), r.descriptors.len,
				&matches) == PROT_OK);
		require(matches);
		n->option_flags = r.option_flags;
		n->version = string(&r.version);
		n->stamp = r.stamp;
		n->applicable = at(&r.applicable);
		n->descriptors = d;
		n->descriptor_count = r.descriptor_count;
		n->package_data_len = (uint16_t)r.package_data.len;
		n->package_data = at(&r.package_data);
		n->reference_manifest_len = (uint16_t)r.reference_manifest.len;
		n->reference_manifest = at(&r.reference_manifest);
		i++;
	}
	return fits;
}

static enum prot_status image_read(void *ctx, uint64_t offset, void *buf,
				   size_t len)
{
	memcpy(buf, (const uint8_t *)ctx + offset, len);
	return PROT_OK;
}

static int take_components(const struct prot_pldm_package *p)
{
	struct prot_pldm_package_component c;
	size_t i = 0;

	prot_pldm_package_component_begin(p, &c);
	while (prot_pldm_package_component_next(p, &c) == PROT_OK) {
		struct prot_pldm_package_new_component *n = &components[i++];

		if (i == COUNT_MAX || c.opaque.len > UINT16_MAX) {
			return 0;
		}
		n->classification = c.classification;
		n->identifier = c.identifier;
		n->stamp = c.stamp;
		n->options = c.options;
		n->activation = c.activation;
		n->image.read = image_read;
		n->image.ctx = given.bytes + c.image.offset;
		n->image.size = c.image.len;
		n->version = string(&c.version);
		n->opaque = at(&c.opaque);
		n->opaque_len = (uint16_t)c.opaque.len;
		(void)at(&c.image);
	}
	require(i == p->component_count);
	return 1;
}

/* The rewritten package has the same components with the same images. */
static void compare(const struct prot_pldm_package *a,
		    const struct prot_pldm_package *b)
{
	struct prot_pldm_package_component x;
	struct prot_pldm_package_component y;

	require(a->device_count == b->device_count);
	require(a->downstream_count == b->downstream_count);
	require(a->component_count == b->component_count);
	require(a->bitmap_bits == b->bitmap_bits);
	prot_pldm_package_component_begin(a, &x);
	prot_pldm_package_component_begin(b, &y);
	while (prot_pldm_package_component_next(a, &x) == PROT_OK) {
		require(prot_pldm_package_component_next(b, &y) == PROT_OK);
		require(x.classification == y.classification);
		require(x.identifier == y.identifier);
		require(x.options == y.options);
		require(x.image.len == y.image.len);
		require(memcmp(given.bytes + x.image.offset,
			       made.bytes + y.image.offset, x.image.len) == 0);
	}
}

static void rewrite(const struct prot_pldm_package *p)
{
	static const struct prot_pldm_package_sink sink = {memory_write, &made};
	struct prot_pldm_package_description d = {
		.bitmap_bits = p->bitmap_bits,
		.version = string(&p->version),
		.devices = records,
		.device_count = p->device_count,
		.downstreams = records + COUNT_MAX,
		.downstream_count = p->downstream_count,
		.components = components,
		.component_count = p->component_count,
	};
	struct prot_pldm_package_progress run = {0};
	struct prot_pldm_package_verdict v;
	struct prot_pldm_package again;
	uint8_t buf[256];
	enum prot_status st;

	made.len = 0;
	st = prot_pldm_package_write(&d, &sink, buf, sizeof(buf), &v);
	if (st != PROT_OK) { /* rewriting adds fields, so it may not fit */
		require(v.fault == PROT_PLDM_PACKAGE_FAULT_TOO_LARGE);
		return;
	}
	require(open_memory(&made, &again) == PROT_OK);
	compare(p, &again);
	do {
		st = prot_pldm_package_payload_check(&again, &run, buf,
						     sizeof(buf));
	} while (st == PROT_PENDING);
	require(st == PROT_OK);
}

/* Put the right header checksum where the header says that it ends. */
static void seal(void)
{
	size_t revision = given.len > 19 ? given.bytes[16] : 0;
	size_t end = given.len > 19
			     ? given.bytes[17] | (size_t)given.bytes[18] << 8
			     : 0;
	size_t tail = revision >= 4 ? 8 : 4;
	uint32_t crc;

	if (end < 19 + tail || end > given.len) {
		return;
	}
	crc = prot_crc32(0, given.bytes, end - tail);
	for (size_t i = 0; i < 4; i++) {
		given.bytes[end - tail + i] = (uint8_t)(crc >> (8 * i));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct prot_pldm_package p;

	if (size == 0 || size > 65536) {
		return 0;
	}
	given.len = size - 1;
	if (given.len != 0) {
		memcpy(given.bytes, data + 1, given.len);
	}
	if ((data[0] & 1) != 0) {
		seal();
	}
	if (open_memory(&given, &p) == PROT_OK &&
	    take_records(&p, PROT_PLDM_PACKAGE_DEVICES, 0) &&
	    take_records(&p, PROT_PLDM_PACKAGE_DOWNSTREAMS, COUNT_MAX) &&
	    take_components(&p)) {
		rewrite(&p);
	}
	return 0;
}
