/* SPDX-License-Identifier: Apache-2.0 */
/* Old header formats; an open package: reading, checksum, matching. */
#include "package_fixture.h"

#define HEADER 271u /* bytes, of nods-1.3.pldm */

static struct file file;

static const uint8_t uuid[16] = {0x12, 0x44, 0xd2, 0x64, 0x8d, 0x7d,
				 0x47, 0x18, 0xa0, 0x30, 0xfc, 0x8a,
				 0x56, 0x58, 0x7d, 0x5b};
static const uint8_t iana[4] = {0x47, 0x16, 0x00, 0x00};
static const uint8_t vendor[11] = "\x01\x07OpenBMC\x12\x34";

static void assert_span(const struct prot_pldm_package *p,
			const struct prot_pldm_package_span *span,
			const void *bytes, size_t len)
{
	uint8_t buf[64];

	assert_int_equal(span->len, len);
	assert_int_equal(prot_pldm_package_read(p, span, 0, buf, len), PROT_OK);
	assert_memory_equal(buf, bytes, len);
}

/* Turn a revision 2 vector into a revision 1 package. */
static void test_open__revision_1__no_downstream_area(void **state)
{
	static const uint8_t id[16] = {0xf0, 0x18, 0x87, 0x8c, 0xcb, 0x7d,
				       0x49, 0x43, 0x98, 0x00, 0xa0, 0x2f,
				       0x05, 0x9a, 0xca, 0x02};
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;

	(void)state;
	file_load(&file, "nods-1.1.pldm");
	memcpy(file.bytes, id, 16);
	file.bytes[16] = 1;
	file_splice(&file, 51 + 69, 1, id, 0); /* downstream count */
	for (size_t i = 0; i < 3; i++) {
		file.bytes[51 + 69 + 2 + 36 * i + 12]--;
	}
	put_le(file.bytes + 0xe6, 0, 4);
	put_le(file.bytes + 0xe6, plain_crc32(file.bytes, 0xe6), 4);
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	assert_int_equal(p.revision, 1);
	assert_int_equal(p.downstream_count, 0);
	assert_int_equal(p.component_count, 3);
}

/* Turn a revision 2 vector into a revision 3 package with opaque data. */
static void test_open__revision_3__opaque_data(void **state)
{
	static const uint8_t id[16] = {0x31, 0x19, 0xce, 0x2f, 0xe8, 0x0a,
				       0x4a, 0x99, 0xaf, 0x6d, 0x46, 0xf8,
				       0xb1, 0x21, 0xf6, 0xbf};
	static const uint8_t opaque[7] = {3, 0, 0, 0, 'a', 'b', 'c'};
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;
	struct prot_pldm_package_component c;
	size_t end;

	(void)state;
	file_load(&file, "nods-1.1.pldm");
	memcpy(file.bytes, id, 16);
	file.bytes[16] = 3;
	for (size_t i = 3; i > 0; i--) {
		file_splice(&file, 51 + 69 + 3 + 36 * i, 0, opaque, 7);
	}
	for (size_t i = 0; i < 3; i++) {
		uint8_t *at = file.bytes + 51 + 69 + 3 + 43 * i + 12;

		put_le(at, (uint32_t)(at[0] | at[1] << 8) + 21, 4);
	}
	end = header_size(&file) - 4u;
	put_le(file.bytes + end, plain_crc32(file.bytes, end), 4);
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	prot_pldm_package_component_begin(&p, &c);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(prot_pldm_package_component_next(&p, &c),
				 PROT_OK);
		assert_span(&p, &c.opaque, "abc", 3);
	}
}

static void test_read__outside_of_the_span__refused(void **state)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;
	struct prot_pldm_package_span past;
	uint8_t buf[16];

	(void)state;
	file_load(&file, "nods-1.3.pldm");
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	assert_int_equal(
		prot_pldm_package_read(&p, &p.version.text, 13, buf, 1),
		PROT_OK);
	assert_int_equal(buf[0], '1');
	assert_int_equal(
		prot_pldm_package_read(&p, &p.version.text, 14, buf, 0),
		PROT_OK);
	assert_int_equal(
		prot_pldm_package_read(&p, &p.version.text, 13, buf, 2),
		PROT_ERR_ARG);
	assert_int_equal(
		prot_pldm_package_read(&p, &p.version.text, 15, buf, 0),
		PROT_ERR_ARG);
	past.offset = 0xfffffff0;
	past.len = 0xffffffff;
	assert_int_equal(prot_pldm_package_read(&p, &past, 0xfffffff0, buf, 1),
			 PROT_ERR_ARG);
}

/* Run a payload check to its end in pieces of cap bytes. */
static enum prot_status check_payload(const struct prot_pldm_package *p,
				      size_t cap)
{
	struct prot_pldm_package_progress run = {0};
	uint8_t buf[FILE_MAX];
	enum prot_status st = PROT_PENDING;

	while (st == PROT_PENDING) {
		uint64_t before = run.done;

		st = prot_pldm_package_payload_check(p, &run, buf, cap);
		assert_true(run.done - before <= cap && run.done > before);
	}
	assert_int_equal(run.done, p->source.size - p->header_size);
	return st;
}

static void test_payload_check__any_piece_size__matches(void **state)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;

	(void)state;
	file_load(&file, "nods-1.3.pldm");
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	assert_int_equal(check_payload(&p, 1), PROT_OK);
	assert_int_equal(check_payload(&p, 1000), PROT_OK);
	assert_int_equal(check_payload(&p, FILE_MAX), PROT_OK);
	file_load(&file, "pkg-1.3.pldm");
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	assert_int_equal(check_payload(&p, 512), PROT_OK);
}

static void test_payload_check__flipped_bit_or_extra_byte__auth(void **state)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;

	(void)state;
	file_load(&file, "nods-1.3.pldm");
	file.bytes[HEADER] ^= 1;
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	assert_int_equal(check_payload(&p, 512), PROT_ERR_AUTH);
	file.bytes[HEADER] ^= 1;
	file.bytes[file.len - 1] ^= 0x80;
	assert_int_equal(check_payload(&p, 512), PROT_ERR_AUTH);
	file.bytes[file.len - 1] ^= 0x80;
	file.len++; /* padding counts: the checksum runs to the end of file */
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	assert_int_equal(check_payload(&p, 512), PROT_ERR_AUTH);
}

static void test_payload_check__misuse_and_failures__reported(void **state)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;
	struct prot_pldm_package_progress run = {0};
	uint8_t buf[16];

	(void)state;
	file_load(&file, "nods-1.1.pldm");
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	assert_int_equal(prot_pldm_package_payload_check(&p, &run, buf, 16),
			 PROT_ERR_UNSUPPORTED);
	file_load(&file, "nods-1.3.pldm");
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	assert_int_equal(prot_pldm_package_payload_check(&p, &run, buf, 0),
			 PROT_ERR_ARG);
	file.fail_at = file.reads + 1;
	file.fail_with = PROT_ERR_IO;
	assert_int_equal(prot_pldm_package_payload_check(&p, &run, buf, 16),
			 PROT_ERR_IO);
	assert_int_equal(run.done, 0);
	run.done = UINT64_MAX;
	assert_int_equal(prot_pldm_package_payload_check(&p, &run, buf, 16),
			 PROT_ERR_ARG);
}

/* Append a descriptor to a device's list. */
static size_t add(uint8_t *list, size_t len, uint16_t type, const void *data,
		  size_t n)
{
	put_le(list + len, type, 2);
	put_le(list + len + 2, (uint32_t)n, 2);
	memcpy(list + len + 4, data, n);
	return len + 4 + n;
}

static bool device_matches(const uint8_t *list, size_t len)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;
	struct prot_pldm_package_record r;
	bool matches = false;

	file_load(&file, "nods-1.3.pldm");
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	prot_pldm_package_record_begin(&p, PROT_PLDM_PACKAGE_DEVICES, &r);
	assert_int_equal(prot_pldm_package_record_next(&p, &r), PROT_OK);
	assert_int_equal(
		prot_pldm_package_record_matches(&p, &r, list, len, &matches),
		PROT_OK);
	return matches;
}

static void test_record_matches__all_present_in_any_order__true(void **state)
{
	uint8_t list[128];
	size_t n = add(list, 0, 0xffff, vendor, sizeof(vendor));

	(void)state;
	n = add(list, n, 0x0100, "\x34\x12", 2); /* one that it does not ask */
	n = add(list, n, 0x0002, "another UUID....", 16);
	n = add(list, n, 0x0001, iana, sizeof(iana));
	n = add(list, n, 0x0002, uuid, sizeof(uuid));
	assert_true(device_matches(list, n));
}

static void test_record_matches__one_missing_or_other__false(void **state)
{
	uint8_t list[128];
	uint8_t other[sizeof(vendor)];
	size_t n = add(list, 0, 0x0002, uuid, sizeof(uuid));
	size_t two = add(list, n, 0x0001, iana, sizeof(iana));

	(void)state;
	assert_false(device_matches(list, 0));
	assert_false(device_matches(list, n));
	assert_false(device_matches(list, two));
	memcpy(other, vendor, sizeof(vendor));
	other[10] ^= 1;
	n = add(list, two, 0xffff, other, sizeof(other));
	assert_false(device_matches(list, n));
	n = add(list, two, 0xffff, vendor, sizeof(vendor) - 1);
	assert_false(device_matches(list, n));
	n = add(list, two, 0xfffe, vendor, sizeof(vendor));
	assert_false(device_matches(list, n));
}

static void test_record_matches__device_list_malformed__arg(void **state)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;
	struct prot_pldm_package_record r;
	uint8_t list[64];
	size_t n = add(list, 0, 0x0001, iana, sizeof(iana));
	bool matches = true;

	(void)state;
	file_load(&file, "nods-1.3.pldm");
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	prot_pldm_package_record_begin(&p, PROT_PLDM_PACKAGE_DEVICES, &r);
	assert_int_equal(prot_pldm_package_record_next(&p, &r), PROT_OK);
	for (size_t len = 1; len < n; len++) {
		assert_int_equal(prot_pldm_package_record_matches(
					 &p, &r, list, len, &matches),
				 PROT_ERR_ARG);
		assert_false(matches);
	}
}

static void test_walks__file_changed_since_open__never_outside(void **state)
{
	struct prot_pldm_package p;
	struct prot_pldm_package_verdict v;
	struct prot_pldm_package_record r;
	struct prot_pldm_package_component c;

	(void)state;
	file_load(&file, "nods-1.3.pldm");
	assert_int_equal(file_open(&file, &p, &v), PROT_OK);
	memset(file.bytes, 0xff, HEADER);
	prot_pldm_package_record_begin(&p, PROT_PLDM_PACKAGE_DEVICES, &r);
	assert_int_equal(prot_pldm_package_record_next(&p, &r),
			 PROT_ERR_MALFORMED);
	prot_pldm_package_component_begin(&p, &c);
	assert_int_equal(prot_pldm_package_component_next(&p, &c),
			 PROT_ERR_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open__revision_1__no_downstream_area),
		cmocka_unit_test(test_open__revision_3__opaque_data),
		cmocka_unit_test(test_read__outside_of_the_span__refused),
		cmocka_unit_test(test_payload_check__any_piece_size__matches),
		cmocka_unit_test(
			test_payload_check__flipped_bit_or_extra_byte__auth),
		cmocka_unit_test(
			test_payload_check__misuse_and_failures__reported),
		cmocka_unit_test(
			test_record_matches__all_present_in_any_order__true),
		cmocka_unit_test(
			test_record_matches__one_missing_or_other__false),
		cmocka_unit_test(
			test_record_matches__device_list_malformed__arg),
		cmocka_unit_test(
			test_walks__file_changed_since_open__never_outside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
