/* SPDX-License-Identifier: Apache-2.0 */
#include "package_fixture.h"

#include <prot/base/compiler.h>

/*
 * Offsets in nods-1.3.pldm: version string type 34, device count 50, record
 * 51 (length u16, count u8, flags u32, type, length, package data u16,
 * manifest u32, bitmap 66, version 67), descriptors 81, 101, 109, manifest
 * 124, downstream count 140, component count 141, components 143, 183, 223,
 * checksums 263.
 */
#define HEADER 271u

static struct file file;

static void assert_span(const struct prot_pldm_package *p,
			const struct prot_pldm_package_span *span,
			const void *bytes, size_t len)
{
	uint8_t buf[64];

	assert_int_equal(span->len, len);
	assert_int_equal(prot_pldm_package_read(p, span, 0, buf, len), PROT_OK);
	assert_memory_equal(buf, bytes, len);
}

static void assert_text(const struct prot_pldm_package *p,
			const struct prot_pldm_package_string *s,
			const char *text)
{
	assert_int_equal(s->type, 1);
	assert_span(p, &s->text, text, strlen(text));
}

/* What nods-1.1.json and nods-1.3.json say. */
static const uint8_t uuid[16] = {0x12, 0x44, 0xd2, 0x64, 0x8d, 0x7d,
				 0x47, 0x18, 0xa0, 0x30, 0xfc, 0x8a,
				 0x56, 0x58, 0x7d, 0x5b};
static const uint8_t iana[4] = {0x47, 0x16, 0x00, 0x00};
static const uint8_t vendor[11] = "\x01\x07OpenBMC\x12\x34";

static void assert_descriptor(const struct prot_pldm_package *p,
			      struct prot_pldm_package_descriptor *d,
			      uint16_t type, const void *bytes, size_t len)
{
	assert_int_equal(prot_pldm_package_descriptor_next(p, d), PROT_OK);
	assert_int_equal(d->type, type);
	assert_span(p, &d->data, bytes, len);
}

static void assert_device_record(const struct prot_pldm_package *p,
				 struct prot_pldm_package_record *r)
{
	struct prot_pldm_package_descriptor d;
	bool applies;

	prot_pldm_package_record_begin(p, PROT_PLDM_PACKAGE_DEVICES, r);
	assert_int_equal(prot_pldm_package_record_next(p, r), PROT_OK);
	assert_int_equal(r->index, 0);
	assert_int_equal(r->option_flags,
			 PROT_PLDM_PACKAGE_CONTINUE_AFTER_FAILURE);
	assert_text(p, &r->version, "VersionString2");
	assert_int_equal(r->package_data.len, 0);
	for (uint16_t i = 0; i < 3; i++) {
		assert_int_equal(
			prot_pldm_package_record_applies(p, r, i, &applies),
			PROT_OK);
		assert_int_equal(applies, i < 2);
	}
	assert_int_equal(prot_pldm_package_record_applies(p, r, 3, &applies),
			 PROT_ERR_ARG);
	prot_pldm_package_descriptor_begin(r, &d);
	assert_descriptor(p, &d, PROT_PLDM_DESCRIPTOR_UUID, uuid, 16);
	assert_descriptor(p, &d, PROT_PLDM_DESCRIPTOR_IANA, iana, 4);
	assert_descriptor(p, &d, PROT_PLDM_DESCRIPTOR_VENDOR, vendor, 11);
	assert_int_equal(prot_pldm_package_descriptor_next(p, &d),
			 PROT_ERR_NOT_FOUND);
}

static void assert_no_more_records(const struct prot_pldm_package *p,
				   struct prot_pldm_package_record *r)
{
	assert_int_equal(prot_pldm_package_record_next(p, r),
			 PROT_ERR_NOT_FOUND);
	prot_pldm_package_record_begin(p, PROT_PLDM_PACKAGE_DOWNSTREAMS, r);
	assert_int_equal(prot_pldm_package_record_next(p, r),
			 PROT_ERR_NOT_FOUND);
}

static const struct {
	uint16_t identifier;
	uint16_t activation;
	uint32_t size;
	const char *version;
} described[3] = {{100, 0x0000, 4096, "VersionString5"},
		  {200, 0x0001, 10007, "VersionString6"},
		  {300, 0x000c, 33, "VersionString7"}};

static void assert_components(const struct prot_pldm_package *p,
			      const uint16_t *options)
{
	struct prot_pldm_package_component c;
	uint32_t offset = p->header_size;

	prot_pldm_package_component_begin(p, &c);
	for (uint16_t i = 0; i < 3; i++) {
		assert_int_equal(prot_pldm_package_component_next(p, &c),
				 PROT_OK);
		assert_int_equal(c.index, i);
		assert_int_equal(c.classification, 10);
		assert_int_equal(c.identifier, described[i].identifier);
		assert_int_equal(c.stamp, i == 0 ? 0xfffffffe : 0xffffffff);
		assert_int_equal(c.options, options[i]);
		assert_int_equal(c.activation, described[i].activation);
		assert_int_equal(c.image.offset, offset);
		assert_int_equal(c.image.len, described[i].size);
		assert_text(p, &c.version, described[i].version);
		assert_int_equal(c.opaque.len, 0);
		offset += c.image.len;
	}
	assert_int_equal(prot_pldm_package_component_next(p, &c),
			 PROT_ERR_NOT_FOUND);
}

static void test_open__revision_2__as_described(void **state)
{
	static const uint16_t options[3] = {2, 0, 1};
	static const uint8_t released[13] = {0, 0,  0,  0,    0, 0, 0,
					     0, 25, 12, 0xe5, 7, 0};
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;
	struct prot_pldm_package_record r;

	(void)state;
	file_load(&file, "nods-1.1.pldm");
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	assert_int_equal(v.fault, PROT_PLDM_PACKAGE_FAULT_NONE);
	assert_int_equal(p.revision, 2);
	assert_int_equal(p.header_size, 0xeb);
	assert_memory_equal(p.released, released, 13);
	assert_int_equal(p.bitmap_bits, 8);
	assert_text(&p, &p.version, "VersionString1");
	assert_int_equal(p.payload_checksum, 0);
	assert_device_record(&p, &r);
	assert_int_equal(r.reference_manifest.len, 0);
	assert_no_more_records(&p, &r);
	assert_components(&p, options);
}

static void test_open__revision_4__as_described(void **state)
{
	static const uint16_t options[3] = {2, 0, 5};
	static const uint8_t manifest[16] = {1, 2,  3,  4,  5,  6,  7,  8,
					     9, 10, 11, 12, 13, 14, 15, 16};
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;
	struct prot_pldm_package_record r;

	(void)state;
	file_load(&file, "nods-1.3.pldm");
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	assert_int_equal(p.revision, 4);
	assert_int_equal(p.header_size, HEADER);
	assert_int_equal(p.payload_checksum, 0xa282db19);
	assert_text(&p, &p.version, "VersionString1");
	assert_device_record(&p, &r);
	assert_span(&p, &r.reference_manifest, manifest, sizeof(manifest));
	assert_no_more_records(&p, &r);
	assert_components(&p, options);
}

static void test_open__downstream_records__listed(void **state)
{
	static const uint8_t bitmaps[2] = {0x07, 0x01};
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;
	struct prot_pldm_package_record r;
	struct prot_pldm_package_component c;

	(void)state;
	file_load(&file, "pkg-1.3.pldm");
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	assert_int_equal(p.device_count, 3);
	assert_int_equal(p.downstream_count, 2);
	prot_pldm_package_record_begin(&p, PROT_PLDM_PACKAGE_DOWNSTREAMS, &r);
	for (uint16_t i = 0; i < 2; i++) {
		assert_int_equal(prot_pldm_package_record_next(&p, &r),
				 PROT_OK);
		assert_int_equal(r.index, i);
		assert_int_equal(r.descriptor_count, 1);
		assert_int_equal(r.version.type, 0);
		assert_int_equal(r.version.text.len, 0);
		assert_span(&p, &r.applicable, &bitmaps[i], 1);
		assert_int_equal(r.reference_manifest.len, i == 0 ? 16 : 0);
	}
	prot_pldm_package_component_begin(&p, &c);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(prot_pldm_package_component_next(&p, &c),
				 PROT_OK);
	}
	assert_int_equal(c.classification, 16);
}

static void refuse_file(const char *name, enum prot_pldm_package_fault fault,
			uint16_t index)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;

	file_load(&file, name);
	assert_int_equal(file_open(&file, &p, &v), PROT_ERR_MALFORMED);
	assert_int_equal(v.fault, fault);
	assert_int_equal(v.index, index);
}

static void test_open__bad_vectors__refused_for_their_reason(void **state)
{
	(void)state;
	refuse_file("bad-hdrcrc.pldm", PROT_PLDM_PACKAGE_FAULT_HEADER_CHECKSUM,
		    0);
	refuse_file("bad-trunc.pldm", PROT_PLDM_PACKAGE_FAULT_COMPONENT_RANGE,
		    2);
	refuse_file("bad-openprot-doc-uuid.pldm",
		    PROT_PLDM_PACKAGE_FAULT_IDENTIFIER, 0);
}

static void test_open__every_truncated_length__refused(void **state)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;
	size_t full;

	(void)state;
	file_load(&file, "nods-1.3.pldm");
	full = file.len;
	for (file.len = 0; file.len < full; file.len++) {
		assert_int_equal(file_open(&file, &p, &v), PROT_ERR_MALFORMED);
		assert_int_equal(
			v.fault,
			file.len < HEADER
				? PROT_PLDM_PACKAGE_FAULT_SHORT
				: PROT_PLDM_PACKAGE_FAULT_COMPONENT_RANGE);
	}
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
}

static void test_open__any_header_bit_flipped__refused(void **state)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;

	(void)state;
	file_load(&file, "nods-1.3.pldm");
	for (size_t bit = 0; bit < (size_t)(HEADER - 4) * 8; bit++) {
		file.bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_equal(file_open(&file, &p, &v), PROT_ERR_MALFORMED);
		assert_int_not_equal(v.fault, PROT_PLDM_PACKAGE_FAULT_NONE);
		file.bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
}

#define F(name) PROT_PLDM_PACKAGE_FAULT_##name

/* One field overwritten, the checksum made right again. */
static const struct {
	uint16_t at;
	uint8_t width;
	uint32_t value;
	enum prot_pldm_package_fault fault;
	uint16_t index;
} mutations[] = {
	{16, 1, 2, F(REVISION), 0},
	{16, 1, 0, F(REVISION), 0},
	{16, 1, 5, F(REVISION), 0},
	{17, 2, 43, F(HEADER_SIZE), 0},
	{17, 2, 44, F(HEADER_OVERRUN), 0},
	{17, 2, HEADER - 1, F(HEADER_OVERRUN), 2},
	{17, 2, HEADER + 1, F(COMPONENT_OFFSET), 0},
	{32, 2, 7, F(BITMAP_LENGTH), 0},
	{32, 2, 9, F(BITMAP_LENGTH), 0},
	{32, 2, 0, F(RECORD_LENGTH), 0},
	{32, 2, 16, F(RECORD_LENGTH), 0},
	{34, 1, 6, F(STRING_TYPE), 0},
	{35, 1, 13, F(HEADER_OVERRUN), 0},
	{35, 1, 255, F(HEADER_OVERRUN), 0},
	{50, 1, 0, F(STRING_TYPE), 0},
	{50, 1, 2, F(STRING_TYPE), 1},
	{51, 2, 88, F(RECORD_LENGTH), 0},
	{51, 2, 90, F(RECORD_LENGTH), 0},
	{51, 2, 0, F(RECORD_LENGTH), 0},
	{51, 2, 14, F(RECORD_LENGTH), 0},
	{51, 2, 0xffff, F(HEADER_OVERRUN), 0},
	{53, 1, 0, F(DESCRIPTOR_COUNT), 0},
	{53, 1, 2, F(RECORD_LENGTH), 0},
	{53, 1, 4, F(RECORD_LENGTH), 0},
	{58, 1, 6, F(STRING_TYPE), 0},
	{59, 1, 255, F(RECORD_LENGTH), 0},
	{60, 2, 0xffff, F(RECORD_LENGTH), 0},
	{62, 4, 0xffffffff, F(RECORD_LENGTH), 0},
	{62, 4, 17, F(RECORD_LENGTH), 0},
	{66, 1, 0x08, F(BITMAP_EXCESS), 0},
	{66, 1, 0x83, F(BITMAP_EXCESS), 0},
	{81, 2, 0x0100, F(DESCRIPTOR_FIRST), 0},
	{81, 2, 0xffff, F(DESCRIPTOR_FIRST), 0},
	{81, 2, 0x0001, F(DESCRIPTOR_LENGTH), 0},
	{83, 2, 15, F(DESCRIPTOR_LENGTH), 0},
	{103, 2, 0xffff, F(RECORD_LENGTH), 0},
	{101, 2, 0x010b, F(DESCRIPTOR_LENGTH), 0},
	{113, 1, 6, F(STRING_TYPE), 0},
	{114, 1, 10, F(DESCRIPTOR_LENGTH), 0},
	{140, 1, 1, F(STRING_TYPE), 1},
	{141, 2, 2, F(HEADER_TRAILING), 0},
	{141, 2, 4, F(HEADER_OVERRUN), 3},
	{141, 2, 9, F(COMPONENT_COUNT), 0},
	{155, 4, HEADER - 1, F(COMPONENT_OFFSET), 0},
	{155, 4, 0, F(COMPONENT_OFFSET), 0},
	{155, 4, 0xffffffff, F(COMPONENT_RANGE), 0},
	{155, 4, HEADER + 1, F(COMPONENT_OVERLAP), 1},
	{159, 4, 0, F(COMPONENT_EMPTY), 0},
	{159, 4, 4097, F(COMPONENT_OVERLAP), 1},
	{159, 4, 0xffffffff, F(COMPONENT_RANGE), 0},
	{163, 1, 6, F(STRING_TYPE), 0},
	{164, 1, 255, F(HEADER_OVERRUN), 0},
	{179, 4, 0xffffffff, F(HEADER_OVERRUN), 0},
	{239, 4, 34, F(COMPONENT_RANGE), 2},
	{259, 4, 1, F(HEADER_OVERRUN), 2},
};

static void test_open__one_field_wrong__its_own_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(mutations); i++) {
		struct prot_pldm_package p;
		struct prot_pldm_package_verdict v;

		file_load(&file, "nods-1.3.pldm");
		put_le(file.bytes + mutations[i].at, mutations[i].value,
		       mutations[i].width);
		if (header_size(&file) >= 44) {
			file_reseal(&file);
		}
		if (file_open(&file, &p, &v) != PROT_ERR_MALFORMED ||
		    v.fault != mutations[i].fault ||
		    v.index != mutations[i].index) {
			fail_msg("at %u value %#x: \"%s\" index %u",
				 mutations[i].at, (unsigned)mutations[i].value,
				 prot_pldm_package_fault_text(v.fault),
				 v.index);
		}
	}
}

/* What is unusual but allowed. */
static const struct {
	uint16_t at;
	uint8_t width;
	uint32_t value;
} allowed[] = {
	{34, 1, 0},          /* string type unknown */
	{34, 1, 5},          /* the last string type */
	{54, 4, 0xfffffffe}, /* reserved option flags */
	{66, 1, 0x00},       /* applies to nothing */
	{66, 1, 0x07},       /* the last component */
	{81, 2, 0x0007},     /* initial type of a later standard */
	{101, 2, 0x0200},    /* additional type of a later standard */
	{114, 1, 9},         /* a vendor-defined title without data */
	{143, 2, 0xffff},    /* classification of a downstream device */
	{151, 2, 0xffff},    /* reserved component options */
};

static void test_open__unusual_but_allowed__accepted(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(allowed); i++) {
		struct prot_pldm_package p;
		struct prot_pldm_package_verdict v;

		file_load(&file, "nods-1.3.pldm");
		put_le(file.bytes + allowed[i].at, allowed[i].value,
		       allowed[i].width);
		file_reseal(&file);
		assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	}
}

static void test_open__byte_between_areas_and_checksum__trailing(void **state)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;

	(void)state;
	file_load(&file, "nods-1.3.pldm");
	file_splice(&file, 263, 0, (const uint8_t *)"", 1);
	for (size_t i = 0; i < 3; i++) { /* the images moved by one */
		file.bytes[155 + 40 * i]++;
	}
	file_reseal(&file);
	assert_int_equal(file_open(&file, &p, &v), PROT_ERR_MALFORMED);
	assert_int_equal(v.fault, PROT_PLDM_PACKAGE_FAULT_HEADER_TRAILING);
}

static void test_open__images_in_any_order__accepted(void **state)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;
	uint8_t place[8];

	(void)state;
	file_load(&file, "nods-1.3.pldm");
	memcpy(place, file.bytes + 155, 8);
	memcpy(file.bytes + 155, file.bytes + 235, 8);
	memcpy(file.bytes + 235, place, 8);
	file_reseal(&file);
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	file.bytes[195]--; /* the middle one begins one byte early */
	file_reseal(&file);
	assert_int_equal(file_open(&file, &p, &v), PROT_ERR_MALFORMED);
	assert_int_equal(v.fault, PROT_PLDM_PACKAGE_FAULT_COMPONENT_OVERLAP);
	assert_int_equal(v.index, 2);
}

/*
 * A bare package of n one-byte components in descending order, except that
 * component `same` shares the place of its predecessor; -1: none.
 */
static void build_descending(size_t n, int same)
{
	uint8_t *at;
	size_t size;

	file_load(&file, "nods-1.3.pldm");
	size = 36 + 1 + 1 + 2 + n * 26 + 8;
	put_le(file.bytes + 17, (uint32_t)size, 2);
	put_le(file.bytes + 32, 4096, 2);
	file.bytes[35] = 0; /* no version string, no records */
	memset(file.bytes + 36, 0, size - 36);
	put_le(file.bytes + 38, (uint32_t)n, 2);
	at = file.bytes + 40;
	for (size_t i = 0; i < n; i++, at += 26) {
		size_t back = same > 0 && i == (size_t)same ? i - 1 : i;

		put_le(at + 12, (uint32_t)(size + n - 1 - back), 4);
		put_le(at + 16, 1, 4);
	}
	file.len = size + n;
	file_reseal(&file);
}

static void test_open__overlap_in_a_long_list__found_anywhere(void **state)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;

	(void)state;
	build_descending(100, -1);
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	for (int same = 1; same < 100; same++) {
		build_descending(100, same);
		assert_int_equal(file_open(&file, &p, &v), PROT_ERR_MALFORMED);
		assert_int_equal(v.fault,
				 PROT_PLDM_PACKAGE_FAULT_COMPONENT_OVERLAP);
		assert_int_equal(v.index, same);
	}
}

static void test_open__bits_behind_many_components__excess_found(void **state)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;
	uint8_t record[15 + 512 + 20] = {0};

	(void)state;
	for (unsigned bit = 0; bit < 4096; bit += 7) {
		build_descending(100, -1);
		memset(record, 0, sizeof(record));
		put_le(record, sizeof(record), 2);
		record[2] = 1;
		record[15 + bit / 8] = (uint8_t)(1u << (bit % 8));
		put_le(record + 15 + 512, 2, 2);
		put_le(record + 15 + 512 + 2, 16, 2);
		file.bytes[36] = 1;
		file_splice(&file, 37, 0, record, sizeof(record));
		for (size_t i = 0; i < 100; i++) {
			uint8_t *at =
				file.bytes + 40 + sizeof(record) + i * 26 + 12;

			put_le(at, (uint32_t)(header_size(&file) + 99 - i), 4);
		}
		file_reseal(&file);
		assert_int_equal(file_open(&file, &p, &v),
				 bit < 100 ? PROT_OK : PROT_ERR_MALFORMED);
		assert_int_equal(v.fault,
				 bit < 100 ? F(NONE) : F(BITMAP_EXCESS));
	}
}

static void test_open__read_fails_or_pends_at_any_point__reported(void **state)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;
	unsigned reads;

	(void)state;
	file_load(&file, "pkg-1.3.pldm");
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	reads = file.reads;
	for (file.fail_at = 1; file.fail_at <= reads; file.fail_at++) {
		file.reads = 0;
		file.fail_with = PROT_ERR_IO;
		assert_int_equal(file_open(&file, &p, &v), PROT_ERR_IO);
		assert_int_equal(v.fault, PROT_PLDM_PACKAGE_FAULT_READ);
		file.reads = 0;
		file.fail_with = PROT_PENDING;
		assert_int_equal(file_open(&file, &p, &v), PROT_PENDING);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open__revision_2__as_described),
		cmocka_unit_test(test_open__revision_4__as_described),
		cmocka_unit_test(test_open__downstream_records__listed),
		cmocka_unit_test(
			test_open__bad_vectors__refused_for_their_reason),
		cmocka_unit_test(test_open__every_truncated_length__refused),
		cmocka_unit_test(test_open__any_header_bit_flipped__refused),
		cmocka_unit_test(test_open__one_field_wrong__its_own_reason),
		cmocka_unit_test(test_open__unusual_but_allowed__accepted),
		cmocka_unit_test(
			test_open__byte_between_areas_and_checksum__trailing),
		cmocka_unit_test(test_open__images_in_any_order__accepted),
		cmocka_unit_test(
			test_open__overlap_in_a_long_list__found_anywhere),
		cmocka_unit_test(
			test_open__bits_behind_many_components__excess_found),
		cmocka_unit_test(
			test_open__read_fails_or_pends_at_any_point__reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
