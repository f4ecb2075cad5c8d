/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "trace.h"

#include <stdlib.h>
#include <string.h>

static struct prot_trace_line describe(const void *bytes, size_t len)
{
	struct prot_trace_line line = {.len = 0};
	/* An exact copy, so that a sanitizer sees every byte too many. */
	uint8_t *copy = malloc(len);

	memcpy(copy, bytes, len);
	prot_trace_message(copy, len, &line);
	free(copy);
	return line;
}

struct example {
	const char *bytes;
	size_t len;
	const char *text;
	bool request;
	bool bad;
};

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct example examples[] = {
	{BYTES("\x00\x80\x02"), "MCTP Get Endpoint ID", true, false},
	{BYTES("\x00\x00\x02\x00\x09\x00\x00"),
	 "MCTP Get Endpoint ID: success, EID is 9", false, false},
	{BYTES("\x00\x81\x01\x00\x09"), "MCTP Set Endpoint ID 9", true, false},
	{BYTES("\x00\x01\x01\x00\x10\x0A\x00"),
	 "MCTP Set Endpoint ID: success, refused, EID is 10", false, true},
	{BYTES("\x00\x02\x05\x00\x02\x01\x05"),
	 "MCTP Get Message Type Support: success, types 1 5", false, false},
	{BYTES("\x00\x82\x04\xFF"), "MCTP Get MCTP Version Support, base", true,
	 false},
	{BYTES("\x00\x00\x33\x05"), "MCTP unknown command: unsupported command",
	 false, true},
	{BYTES("\x05\x10\x84\x00\x00"), "SPDM 1.0 GET_VERSION", true, false},
	{BYTES("\x05\x10\x04\x00\x00\x00\x02\x00\x12\x00\x13"),
	 "SPDM 1.0 VERSION: 1.2 1.3", false, false},
	{BYTES("\x05\x13\x7F\x42\x00"),
	 "SPDM 1.3 ERROR ResponseNotReady (0x42)", false, true},
	{BYTES("\x05\x13\xE0\x01\xFF"), "SPDM 1.3 GET_MEASUREMENTS all, signed",
	 true, false},
	{BYTES("\x05\x13\x82\x00\x00\x00\x02\x00\x04"),
	 "SPDM 1.3 GET_CERTIFICATE slot 0: from 512, 1024 bytes", true, false},
	{BYTES("\x01\x81\x00\x02"), "PLDM GetTID", true, false},
	{BYTES("\x01\x81\x05\x15\x00\x04\x00\x00\x40\x00\x00\x00"),
	 "PLDM RequestFirmwareData from 1024, 64 bytes", true, false},
	{BYTES("\x06\x01\x02"), "SPDM secured message", false, false},
	{BYTES("\x7E\x1A\xB4"), "message of type 0x7e", false, false},
};

static void test_message__each_protocol__described(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(examples); i++) {
		const struct example *e = &examples[i];
		struct prot_trace_line line = describe(e->bytes, e->len);

		assert_string_equal(line.text, e->text);
		assert_int_equal(line.request, e->request);
		assert_int_equal(line.bad, e->bad);
	}
}

static void test_message__every_short_length__survives(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(examples); i++) {
		for (size_t len = 1; len < examples[i].len; len++) {
			struct prot_trace_line line =
				describe(examples[i].bytes, len);

			assert_true(line.len > 0);
		}
	}
}

static void test_message__text_too_long__cut(void **state)
{
	struct prot_trace_line line = {.len = 0};

	(void)state;
	for (int i = 0; i < 100; i++) {
		prot_trace_add(&line, "0123456789");
	}
	assert_int_equal(line.len, sizeof(line.text) - 1);
	assert_int_equal(strlen(line.text), line.len);
}

static const struct prot_trace_partial *
feed(struct prot_trace_assembly *a, const char *hex, const char **problem)
{
	uint8_t bytes[64];
	size_t len = strlen(hex) / 2;

	assert_true(prot_cli_unhex(hex, bytes, len));
	return prot_trace_assemble(a, bytes, len, problem);
}

static void test_assemble__two_interleaved__both_complete(void **state)
{
	struct prot_trace_assembly a = {0};
	const struct prot_trace_partial *m;
	const char *problem;

	(void)state;
	assert_null(feed(&a, "010908880506", &problem));
	assert_null(problem);
	assert_null(feed(&a, "010809800101", &problem));
	assert_null(problem);
	m = feed(&a, "0109085807", &problem);
	assert_non_null(m);
	assert_int_equal(m->len, 3);
	assert_memory_equal(m->bytes, "\x05\x06\x07", 3);
	assert_int_equal(m->packets, 2);
	m = feed(&a, "010809500203", &problem);
	assert_non_null(m);
	assert_memory_equal(m->bytes, "\x01\x01\x02\x03", 4);
	assert_int_equal(prot_trace_assembly_end(&a), 0);
}

static void test_assemble__broken_messages__said_and_dropped(void **state)
{
	static const struct {
		const char *first;
		const char *second;
	} bad[] = {
		{NULL, "0109085807"},               /* never started */
		{"010908880506", "0109087807"},     /* sequence */
		{"010908880506", "0109081807"},     /* middle one shorter */
		{"010908880506", "01090858070809"}, /* last one longer */
		{NULL, "010908C8"},                 /* no body */
		{NULL, "020908C805"},               /* version */
		{NULL, ""},
	};
	const char *problem;

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(bad); i++) {
		struct prot_trace_assembly a = {0};

		if (bad[i].first) {
			assert_null(feed(&a, bad[i].first, &problem));
			assert_null(problem);
		}
		assert_null(feed(&a, bad[i].second, &problem));
		assert_non_null(problem);
		assert_int_equal(prot_trace_assembly_end(&a), 0);
	}
}

static void test_assemble__started_again__new_message_counts(void **state)
{
	struct prot_trace_assembly a = {0};
	const struct prot_trace_partial *m;
	const char *problem;

	(void)state;
	assert_null(feed(&a, "010908880506", &problem));
	m = feed(&a, "010908C80101", &problem);
	assert_non_null(problem);
	assert_non_null(m);
	assert_memory_equal(m->bytes, "\x01\x01", 2);
	assert_null(feed(&a, "010908880506", &problem));
	assert_int_equal(prot_trace_assembly_end(&a), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message__each_protocol__described),
		cmocka_unit_test(test_message__every_short_length__survives),
		cmocka_unit_test(test_message__text_too_long__cut),
		cmocka_unit_test(test_assemble__two_interleaved__both_complete),
		cmocka_unit_test(
			test_assemble__broken_messages__said_and_dropped),
		cmocka_unit_test(
			test_assemble__started_again__new_message_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
