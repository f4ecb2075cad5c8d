/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "cmd_image.h"
#include "prot_cli.h"

#include <stdlib.h>
#include <string.h>

static void test_hex__bytes__round_trip(void **state)
{
	static const uint8_t bytes[4] = {0x00, 0x9A, 0xFF, 0x10};
	uint8_t back[4];
	char text[9];

	(void)state;
	prot_cli_hex(bytes, 4, text);
	assert_string_equal(text, "009aff10");
	assert_true(prot_cli_unhex("009AFf10", back, 4));
	assert_memory_equal(bytes, back, 4);
}

static void test_unhex__anything_else__false(void **state)
{
	static const char *const bad[] = {"",          "0",        "009aff1",
					  "009aff101", "009aff1g", "0x9aff10",
					  "009aff1 "};
	uint8_t out[4];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		assert_false(prot_cli_unhex(bad[i], out, 4));
	}
	assert_true(prot_cli_unhex("", out, 0));
}

static void test_printable__control_bytes__question_marks(void **state)
{
	char text[8];

	(void)state;
	prot_cli_printable("a\x1b[2J\xFF", 6, text, sizeof(text));
	assert_string_equal(text, "a?[2J?");
	prot_cli_printable("abcdefghij", 10, text, sizeof(text));
	assert_string_equal(text, "abcdefg");
}

static void test_endpoint_parse__each_form__accepted(void **state)
{
	static const struct {
		const char *text;
		const char *canonical;
	} good[] = {
		{"mctp", "mctp:127.0.0.1:2400"},
		{"emu", "emu:127.0.0.1:2323"},
		{"mctp:", "mctp:127.0.0.1:2400"},
		{"mctp::77", "mctp:127.0.0.1:77"},
		{"mctp:example.org", "mctp:example.org:2400"},
		{"emu:10.0.0.1:65535", "emu:10.0.0.1:65535"},
		{"mctp:[::1]:1", "mctp:[::1]:1"},
		{"mctp:[::1]", "mctp:[::1]:2400"},
		{"mctp:h:0", "mctp:h:0"},
		{"serial:/dev/ttyS0", "serial:/dev/ttyS0,115200"},
		{"serial:/dev/ttyS0,9600", "serial:/dev/ttyS0,9600"},
		{"serial:a,b,4000000", "serial:a,b,4000000"},
		{"serial:unix:/tmp/line,1", "serial:unix:/tmp/line,1"},
		{"serial:unix:a:b", "serial:unix:a:b"},
	};
	struct prot_cli_endpoint e;
	char text[PROT_CLI_ENDPOINT_TEXT];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(good); i++) {
		assert_true(prot_cli_endpoint_parse(good[i].text, &e));
		prot_cli_endpoint_text(&e, text);
		assert_string_equal(text, good[i].canonical);
	}
}

static void test_endpoint_parse__anything_else__false(void **state)
{
	static const char *const bad[] = {
		"",
		"tcp:h:1",
		"mctpx:h:1",
		"mctp:h:65536",
		"mctp:h:-1",
		"mctp:h:",
		"mctp:h:1x",
		"mctp:h:1:2",
		"mctp:[::1",
		"mctp:[::1]x",
		"mctp:h:000001",
		"serial",
		"serial:",
		"serial:,9600",
		"serial:unix:",
		"serial:/dev/a,",
		"serial:/dev/a,0",
		"serial:/dev/a,x",
		"serial:/dev/a,123456789",
		"serially:/dev/a",
	};
	struct prot_cli_endpoint e;
	char long_host[400];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		assert_false(prot_cli_endpoint_parse(bad[i], &e));
	}
	memset(long_host, 'a', sizeof(long_host));
	memcpy(long_host, "mctp:", 5);
	long_host[5 + 256] = '\0';
	assert_false(prot_cli_endpoint_parse(long_host, &e));
	long_host[5 + 255] = '\0';
	assert_true(prot_cli_endpoint_parse(long_host, &e));
	memset(long_host, 'a', sizeof(long_host));
	memcpy(long_host, "serial:", 7);
	long_host[7 + 256] = '\0';
	assert_false(prot_cli_endpoint_parse(long_host, &e));
	long_host[7 + 255] = '\0';
	assert_true(prot_cli_endpoint_parse(long_host, &e));
}

static void test_version_parse__each_form__round_trip(void **state)
{
	static const struct {
		const char *text;
		const char *canonical;
	} good[] = {
		{"1", "1.0.0"},
		{"1.2", "1.2.0"},
		{"1.2.3", "1.2.3"},
		{"65535.0.1.65535", "65535.0.1.65535"},
	};
	static const char *const bad[] = {
		"",      ".",  "1.",   "1..2",   "a",       "1.2.3.4.5",
		"65536", "-1", "1.2a", "100000", "1.2.3.4."};
	struct prot_image_version v;
	char text[PROT_CLI_VERSION_TEXT];

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(good); i++) {
		assert_true(prot_cli_version_parse(good[i].text, &v));
		prot_cli_version_text(&v, text);
		assert_string_equal(text, good[i].canonical);
	}
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		assert_false(prot_cli_version_parse(bad[i], &v));
	}
}

static void test_table__rows__columns_aligned(void **state)
{
	struct prot_cli_table t = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	prot_cli_table_row(&t, 3, "a", "bb", "c");
	prot_cli_table_row(&t, 3, "aaaa", "b", "");
	prot_cli_table_print(&t, out);
	fclose(out);
	assert_string_equal(text, "  a     bb  c\n  aaaa  b   \n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hex__bytes__round_trip),
		cmocka_unit_test(test_unhex__anything_else__false),
		cmocka_unit_test(test_printable__control_bytes__question_marks),
		cmocka_unit_test(test_endpoint_parse__each_form__accepted),
		cmocka_unit_test(test_endpoint_parse__anything_else__false),
		cmocka_unit_test(test_version_parse__each_form__round_trip),
		cmocka_unit_test(test_table__rows__columns_aligned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
