/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "cli_pcap.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Byte for byte what other tools of the field write: one packet of 5 bytes. */
static const uint8_t golden[] = {
	0xD4, 0xC3, 0xB2, 0xA1, 0x02, 0x00, 0x04, 0x00, /* micro, 2.4 */
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, /* zone, accuracy */
	0xFF, 0xFF, 0x00, 0x00, 0x23, 0x01, 0x00, 0x00, /* 65535, 291 */
	0x0A, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, /* 10.000020 s */
	0x05, 0x00, 0x00, 0x00, 0x06, 0x00, 0x00, 0x00, /* 5 of 6 bytes */
	0x01, 0x09, 0x08, 0xC8, 0x05,
};

static void test_pcap_open__golden__one_record(void **state)
{
	struct prot_cli_pcap_reader r;
	struct prot_cli_pcap_record record;

	(void)state;
	assert_int_equal(prot_cli_pcap_open(&r, golden, sizeof(golden)),
			 PROT_OK);
	assert_int_equal(r.linktype, 291);
	assert_int_equal(prot_cli_pcap_next(&r, &record), PROT_OK);
	assert_int_equal(record.time_us, 10000020);
	assert_int_equal(record.len, 5);
	assert_int_equal(record.original_len, 6);
	assert_ptr_equal(record.packet, golden + 40);
	assert_int_equal(prot_cli_pcap_next(&r, &record), PROT_ERR_NOT_FOUND);
}

static void test_pcap__every_short_length__malformed(void **state)
{
	struct prot_cli_pcap_reader r;
	struct prot_cli_pcap_record record;

	(void)state;
	for (size_t len = 0; len < sizeof(golden); len++) {
		enum prot_status st;
		uint8_t *copy = len ? malloc(len) : NULL;

		if (len) {
			memcpy(copy, golden, len);
		}
		st = prot_cli_pcap_open(&r, copy, len);
		if (len < 24) {
			assert_int_equal(st, PROT_ERR_MALFORMED);
		} else {
			assert_int_equal(st, PROT_OK);
			assert_int_equal(prot_cli_pcap_next(&r, &record),
					 len == 24 ? PROT_ERR_NOT_FOUND
						   : PROT_ERR_MALFORMED);
		}
		free(copy);
	}
}

/* Swap the bytes of each header field; the packet stays. */
static void make_big_endian(uint8_t *f)
{
	static const uint8_t width[] = {4, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4};

	for (size_t i = 0; i < sizeof(width); i++) {
		for (size_t k = 0; k < width[i] / 2u; k++) {
			uint8_t swap = f[k];

			f[k] = f[width[i] - 1 - k];
			f[width[i] - 1 - k] = swap;
		}
		f += width[i];
	}
}

static void test_pcap_open__big_endian_nanoseconds__same_values(void **state)
{
	struct prot_cli_pcap_reader r;
	struct prot_cli_pcap_record record;
	uint8_t f[sizeof(golden)];

	(void)state;
	memcpy(f, golden, sizeof(f));
	f[0] = 0x4D;
	f[1] = 0x3C;
	make_big_endian(f);
	assert_int_equal(prot_cli_pcap_open(&r, f, sizeof(f)), PROT_OK);
	assert_int_equal(r.linktype, 291);
	assert_int_equal(prot_cli_pcap_next(&r, &record), PROT_OK);
	assert_int_equal(record.time_us, 10000000);
	assert_int_equal(record.len, 5);
}

static void test_pcap_open__other_formats__refused(void **state)
{
	struct prot_cli_pcap_reader r;
	uint8_t f[sizeof(golden)];

	(void)state;
	memcpy(f, golden, sizeof(f));
	f[4] = 3;
	assert_int_equal(prot_cli_pcap_open(&r, f, sizeof(f)),
			 PROT_ERR_UNSUPPORTED);
	memcpy(f, "\x0A\x0D\x0D\x0A", 4);
	assert_int_equal(prot_cli_pcap_open(&r, f, sizeof(f)),
			 PROT_ERR_UNSUPPORTED);
	f[0] = 0;
	assert_int_equal(prot_cli_pcap_open(&r, f, sizeof(f)),
			 PROT_ERR_MALFORMED);
}

static void test_pcap_write__packets__read_back(void **state)
{
	char path[] = "/tmp/prot-test-XXXXXX";
	int fd = mkstemp(path);
	struct prot_cli_pcap *pcap;
	struct prot_cli_pcap_reader r;
	struct prot_cli_pcap_record record;
	struct prot_cli_blob blob;

	(void)state;
	close(fd);
	pcap = prot_cli_pcap_create(path);
	assert_non_null(pcap);
	prot_cli_pcap_write(pcap, golden, 7);
	prot_cli_pcap_write(pcap, golden + 7, 9);
	prot_cli_pcap_close(pcap);
	assert_true(prot_cli_read_file(path, 1000, &blob));
	assert_int_equal(prot_cli_pcap_open(&r, blob.bytes, blob.len), PROT_OK);
	assert_int_equal(r.linktype, PROT_POSIX_PCAP_LINKTYPE);
	assert_int_equal(prot_cli_pcap_next(&r, &record), PROT_OK);
	assert_int_equal(record.len, 7);
	assert_int_equal(record.original_len, 7);
	assert_memory_equal(record.packet, golden, 7);
	assert_true(record.time_us > UINT64_C(1700000000000000));
	assert_int_equal(prot_cli_pcap_next(&r, &record), PROT_OK);
	assert_int_equal(record.len, 9);
	assert_memory_equal(record.packet, golden + 7, 9);
	assert_int_equal(prot_cli_pcap_next(&r, &record), PROT_ERR_NOT_FOUND);
	prot_cli_blob_free(&blob);
	unlink(path);
}

static void test_pcap_create__no_directory__null(void **state)
{
	(void)state;
	assert_null(prot_cli_pcap_create("/nonexistent/file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcap_open__golden__one_record),
		cmocka_unit_test(test_pcap__every_short_length__malformed),
		cmocka_unit_test(
			test_pcap_open__big_endian_nanoseconds__same_values),
		cmocka_unit_test(test_pcap_open__other_formats__refused),
		cmocka_unit_test(test_pcap_write__packets__read_back),
		cmocka_unit_test(test_pcap_create__no_directory__null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
