/* SPDX-License-Identifier: Apache-2.0 */
#include "package_fixture.h"

#include <prot/base/compiler.h>

static struct file want; /* the vector */
static struct file made; /* what the writer made */

/* A piece of a file as a component image. */
struct piece {
	const struct file *file;
	uint64_t offset;
	bool broken;
};

static enum prot_status piece_read(void *ctx, uint64_t offset, void *buf,
				   size_t len)
{
	const struct piece *p = (const struct piece *)ctx;

	if (p->broken) {
		return PROT_ERR_IO;
	}
	memcpy(buf, p->file->bytes + p->offset + offset, len);
	return PROT_OK;
}

static struct piece pieces[3];

/* What nods-1.3.json describes. */
static const uint8_t uuid[16] = {0x12, 0x44, 0xd2, 0x64, 0x8d, 0x7d,
				 0x47, 0x18, 0xa0, 0x30, 0xfc, 0x8a,
				 0x56, 0x58, 0x7d, 0x5b};
static const struct prot_pldm_descriptor descriptors[3] = {
	{PROT_PLDM_DESCRIPTOR_UUID, 16, uuid},
	{PROT_PLDM_DESCRIPTOR_IANA, 4, (const uint8_t *)"\x47\x16\x00\x00"},
	{PROT_PLDM_DESCRIPTOR_VENDOR, 11,
	 (const uint8_t *)"\x01\x07OpenBMC\x12\x34"},
};
static const uint8_t manifest[16] = {1, 2,  3,  4,  5,  6,  7,  8,
				     9, 10, 11, 12, 13, 14, 15, 16};
static const uint8_t bitmap_03[1] = {0x03};
static const uint8_t bitmap_07[1] = {0x07};
static const uint8_t bitmap_01[1] = {0x01};

static const struct prot_pldm_package_new_record devices[3] = {
	{
		.option_flags = PROT_PLDM_PACKAGE_CONTINUE_AFTER_FAILURE,
		.version = PROT_PLDM_ASCII("VersionString2"),
		.applicable = bitmap_03,
		.descriptors = descriptors,
		.descriptor_count = 3,
		.reference_manifest_len = 16,
		.reference_manifest = manifest,
	},
};

/* Components of a vector, whose images come from the vector itself. */
static struct prot_pldm_package_new_component components[3] = {
	{.classification = 10,
	 .identifier = 100,
	 .stamp = 0xfffffffe,
	 .options = PROT_PLDM_PACKAGE_USE_STAMP,
	 .version = PROT_PLDM_ASCII("VersionString5")},
	{.classification = 10,
	 .identifier = 200,
	 .stamp = 7, /* not valid without the option */
	 .activation = 0x0001,
	 .version = PROT_PLDM_ASCII("VersionString6")},
	{.classification = 10,
	 .identifier = 300,
	 .options =
		 PROT_PLDM_PACKAGE_FORCE_UPDATE | PROT_PLDM_PACKAGE_DELAYED_SVN,
	 .activation = 0x000c,
	 .version = PROT_PLDM_ASCII("VersionString7")},
};

static const struct prot_pldm_package_description described = {
	.released = {0, 0, 0, 0, 0, 0, 0, 0, 13, 12, 0xe7, 7, 0},
	.bitmap_bits = 8,
	.version = PROT_PLDM_ASCII("VersionString1"),
	.devices = devices,
	.device_count = 1,
	.components = components,
	.component_count = 3,
};

static const struct prot_pldm_package_sink sink = {file_write, &made};

static void load(const char *name)
{
	static const uint16_t sizes[3] = {4096, 10007, 33};
	uint64_t offset;

	file_load(&want, name);
	offset = header_size(&want);
	for (unsigned i = 0; i < 3; i++) {
		pieces[i] = (struct piece){&want, offset, false};
		components[i].image = (struct prot_pldm_package_source){
			piece_read, &pieces[i], sizes[i]};
		offset += sizes[i];
	}
	memset(&made, 0, sizeof(made));
}

static enum prot_status
write_package(const struct prot_pldm_package_description *d, size_t cap,
	      struct prot_pldm_package_verdict *v)
{
	uint8_t buf[4096];

	assert_true(cap <= sizeof(buf));
	made.len = 0;
	made.reads = 0;
	return prot_pldm_package_write(d, &sink, buf, cap, v);
}

static void assert_made_as_wanted(void)
{
	assert_int_equal(made.len, want.len);
	assert_memory_equal(made.bytes, want.bytes, want.len);
}

static void test_write__as_another_packager__same_bytes(void **state)
{
	static const size_t caps[] = {1, 31, 4096};
	struct prot_pldm_package_verdict v;

	(void)state;
	load("nods-1.3.pldm");
	for (size_t i = 0; i < PROT_ARRAY_SIZE(caps); i++) {
		assert_int_equal(write_package(&described, caps[i], &v),
				 PROT_OK);
		assert_int_equal(v.fault, PROT_PLDM_PACKAGE_FAULT_NONE);
		assert_made_as_wanted();
	}
}

/* pkg-1.3.pldm: more device records, and downstream records. */
static void test_write__downstream_records__same_bytes(void **state)
{
	static const uint8_t uuid_c[16] = {0x12, 0x44, 0xd2, 0x64, 0x8d, 0x7d,
					   0x47, 0x18, 0xa0, 0x30, 0xfc, 0x8a,
					   0x56, 0x58, 0x7d, 0x5c};
	static const uint8_t uuid_d[16] = {0x12, 0x44, 0xd2, 0x64, 0x8d, 0x7d,
					   0x47, 0x18, 0xa0, 0x30, 0xfc, 0x8a,
					   0x56, 0x58, 0x7d, 0x5d};
	static const struct prot_pldm_descriptor c = {PROT_PLDM_DESCRIPTOR_UUID,
						      16, uuid_c};
	static const struct prot_pldm_descriptor d = {PROT_PLDM_DESCRIPTOR_UUID,
						      16, uuid_d};
	static const uint8_t down_manifest[16] = {
		0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00, 0x11,
		0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99};
	const struct prot_pldm_package_new_record three[3] = {
		devices[0],
		{.version = PROT_PLDM_ASCII("VersionString3"),
		 .applicable = bitmap_07,
		 .descriptors = &c,
		 .descriptor_count = 1},
		{.version = PROT_PLDM_ASCII("VersionString4"),
		 .applicable = bitmap_01,
		 .descriptors = &d,
		 .descriptor_count = 1},
	};
	const struct prot_pldm_package_new_record down[2] = {
		{.applicable = bitmap_07,
		 .descriptors = &c,
		 .descriptor_count = 1,
		 .reference_manifest = down_manifest,
		 .reference_manifest_len = 16},
		{.applicable = bitmap_01,
		 .descriptors = &d,
		 .descriptor_count = 1},
	};
	struct prot_pldm_package_description all = described;
	struct prot_pldm_package_verdict v;

	(void)state;
	load("pkg-1.3.pldm");
	all.devices = three;
	all.device_count = 3;
	all.downstreams = down;
	all.downstream_count = 2;
	components[2].classification = 16;
	assert_int_equal(write_package(&all, 100, &v), PROT_OK);
	components[2].classification = 10;
	assert_made_as_wanted();
}

/* Everything that the vectors do not use. */
static void test_write__every_field__read_back(void **state)
{
	static const struct prot_pldm_package_new_record down = {
		.option_flags = PROT_PLDM_PACKAGE_MIN_STAMP_PRESENT,
		.version = PROT_PLDM_ASCII("oldest"),
		.stamp = 0x01020304,
		.applicable = bitmap_01,
		.descriptors = descriptors,
		.descriptor_count = 1,
		.package_data = (const uint8_t *)"package data",
		.package_data_len = 12,
	};
	struct prot_pldm_package_description d = described;
	struct prot_pldm_package_new_component one;
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;
	struct prot_pldm_package_record r;
	struct prot_pldm_package_component c;
	uint8_t buf[16];

	(void)state;
	load("nods-1.3.pldm");
	one = components[0];
	one.opaque = (const uint8_t *)"opaque";
	one.opaque_len = 6;
	d.components = &one;
	d.component_count = 1;
	d.device_count = 0;
	d.downstreams = &down;
	d.downstream_count = 1;
	assert_int_equal(write_package(&d, 4096, &v), PROT_OK);
	assert_int_equal(file_open(&made, &p, &v), PROT_OK);
	assert_int_equal(p.device_count, 0);
	prot_pldm_package_record_begin(&p, PROT_PLDM_PACKAGE_DOWNSTREAMS, &r);
	assert_int_equal(prot_pldm_package_record_next(&p, &r), PROT_OK);
	assert_int_equal(r.stamp, 0x01020304);
	assert_int_equal(r.package_data.len, 12);
	assert_int_equal(
		prot_pldm_package_read(&p, &r.package_data, 0, buf, 12),
		PROT_OK);
	assert_memory_equal(buf, "package data", 12);
	prot_pldm_package_component_begin(&p, &c);
	assert_int_equal(prot_pldm_package_component_next(&p, &c), PROT_OK);
	assert_int_equal(prot_pldm_package_read(&p, &c.opaque, 0, buf, 6),
			 PROT_OK);
	assert_memory_equal(buf, "opaque", 6);
}

static void refuse(const struct prot_pldm_package_description *d,
		   enum prot_pldm_package_fault fault, uint16_t index)
{
	struct prot_pldm_package_verdict v;

	assert_int_equal(write_package(d, 64, &v), PROT_ERR_ARG);
	assert_int_equal(v.fault, fault);
	assert_int_equal(v.index, index);
	assert_int_equal(made.len, 0);
}

static void test_write__package_fields_wrong__refused(void **state)
{
	struct prot_pldm_package_description d = described;

	(void)state;
	load("nods-1.3.pldm");
	d.version.type = 6;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_STRING_TYPE, 0);
	d = described;
	d.bitmap_bits = 12;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_BITMAP_LENGTH, 0);
	d.bitmap_bits = 0;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_COMPONENT_COUNT, 0);
}

static void test_write__record_fields_wrong__refused(void **state)
{
	static const uint8_t excess[1] = {0x08};
	const struct prot_pldm_descriptor swapped[2] = {
		{PROT_PLDM_DESCRIPTOR_VENDOR, 2, (const uint8_t *)"\x01\x00"},
		descriptors[0]};
	struct prot_pldm_descriptor bad[2] = {descriptors[0], descriptors[2]};
	struct prot_pldm_package_new_record two[2] = {devices[0], devices[0]};
	struct prot_pldm_package_description d = described;

	(void)state;
	load("nods-1.3.pldm");
	d.devices = two;
	d.device_count = 2;
	two[1].version.type = 6;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_STRING_TYPE, 1);
	two[1] = devices[0];
	two[1].applicable = excess;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_BITMAP_EXCESS, 1);
	two[1] = devices[0];
	two[1].descriptor_count = 0;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_DESCRIPTOR_COUNT, 1);
	two[1] = devices[0];
	two[1].descriptors = swapped;
	two[1].descriptor_count = 2;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_DESCRIPTOR_FIRST, 1);
	two[1].descriptors = bad;
	bad[0].len = 15;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_DESCRIPTOR_LENGTH, 1);
	bad[0].len = 16;
	bad[1].len = 1;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_DESCRIPTOR_LENGTH, 1);
	bad[1].len = 8; /* the title is 7 bytes */
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_DESCRIPTOR_LENGTH, 1);
	d.device_count = 0;
	d.downstreams = two;
	d.downstream_count = 2;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_DESCRIPTOR_LENGTH, 1);
}

static void test_write__component_fields_wrong__refused(void **state)
{
	struct prot_pldm_package_description d = described;
	struct prot_pldm_package_new_component three[3];

	(void)state;
	load("nods-1.3.pldm");
	memcpy(three, components, sizeof(three));
	d.components = three;
	three[1].image.size = 0;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_COMPONENT_EMPTY, 1);
	three[1].image.size = 0x100000000;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_TOO_LARGE, 1);
	three[1].image.size = 0xffffffff; /* the next begins past 4 GiB */
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_TOO_LARGE, 0);
	three[1] = components[1];
	three[2].version.type = 9;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_STRING_TYPE, 2);
}

static void test_write__header_beyond_64k__too_large(void **state)
{
	static const uint8_t data[65535];
	struct prot_pldm_package_description d = described;
	struct prot_pldm_package_new_record r = devices[0];

	(void)state;
	load("nods-1.3.pldm");
	d.devices = &r;
	r.package_data = data;
	r.package_data_len = 65535;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_TOO_LARGE, 0);
	r.package_data_len = 65535 - 271 + 1;
	refuse(&d, PROT_PLDM_PACKAGE_FAULT_TOO_LARGE, 0);
}

static void test_write__no_scratch_buffer__arg(void **state)
{
	struct prot_pldm_package_verdict v;

	(void)state;
	load("nods-1.3.pldm");
	assert_int_equal(write_package(&described, 0, &v), PROT_ERR_ARG);
	assert_int_equal(v.fault, PROT_PLDM_PACKAGE_FAULT_NONE);
}

static void test_write__sink_or_source_fails__io(void **state)
{
	struct prot_pldm_package_verdict v;
	unsigned writes;

	(void)state;
	load("nods-1.3.pldm");
	assert_int_equal(write_package(&described, 4096, &v), PROT_OK);
	writes = made.reads;
	made.fail_with = PROT_ERR_IO;
	for (made.fail_at = 1; made.fail_at <= writes; made.fail_at++) {
		assert_int_equal(write_package(&described, 4096, &v),
				 PROT_ERR_IO);
		assert_int_equal(v.fault, PROT_PLDM_PACKAGE_FAULT_WRITE);
	}
	made.fail_at = 0;
	pieces[2].broken = true;
	assert_int_equal(write_package(&described, 4096, &v), PROT_ERR_IO);
	assert_int_equal(v.fault, PROT_PLDM_PACKAGE_FAULT_READ);
	assert_int_equal(made.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write__as_another_packager__same_bytes),
		cmocka_unit_test(test_write__downstream_records__same_bytes),
		cmocka_unit_test(test_write__every_field__read_back),
		cmocka_unit_test(test_write__package_fields_wrong__refused),
		cmocka_unit_test(test_write__record_fields_wrong__refused),
		cmocka_unit_test(test_write__component_fields_wrong__refused),
		cmocka_unit_test(test_write__header_beyond_64k__too_large),
		cmocka_unit_test(test_write__no_scratch_buffer__arg),
		cmocka_unit_test(test_write__sink_or_source_fails__io),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
