/* SPDX-License-Identifier: Apache-2.0 */
/* What boot stage and runtime say, sentence by sentence. */
#include "test.h"

#include "stage_fixture.h"

#include <prot/services/console.h>

#include <stdio.h>
#include <string.h>

static struct sx s;
static char line[PROT_CONSOLE_LINE];

static const char *boot_line(unsigned n)
{
	size_t len = prot_boot_stage_line(&s.stage, n, line);

	assert_int_equal(len, strlen(line));
	return line;
}

static void test_boot_stage_line__normal__says_what_starts(void **state)
{
	(void)state;
	sx_init(&s);
	assert_int_equal(sx_boot(&s), PROT_OK);
	assert_string_equal(boot_line(0), "");
	assert_string_equal(boot_line(1), "");
	assert_string_equal(boot_line(2), "");
	assert_string_equal(boot_line(3),
			    "boot: reset by power on; bank A, version 1.0.0, "
			    "SVN 1 (floor 1), mode normal");
	assert_string_equal(boot_line(4),
			    "boot: boot stage sha384 "
			    "b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0"
			    "b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0");
	assert_int_equal(strlen(boot_line(5)), 21 + 96);
	assert_string_equal(boot_line(6), "");
	assert_string_equal(boot_line(PROT_BOOT_STAGE_LINES), "");
}

static void test_boot_stage_line__trial__counts_the_try(void **state)
{
	struct prot_journal_state j = {.active = PROT_BANK_A};

	(void)state;
	sx_init(&s);
	j.bank[0].state = PROT_BANK_PENDING;
	j.bank[0].max_tries = 3;
	fx_journal(&s.fx, &j);
	s.in.reset_reason = PROT_RESET_REQUESTED;
	assert_int_equal(sx_boot(&s), PROT_OK);
	assert_string_equal(boot_line(3),
			    "boot: reset by requested; bank A, version 1.0.0, "
			    "SVN 1 (floor 1), mode trial, try 1");
}

static void test_boot_stage_line__longest_values__fit(void **state)
{
	struct prot_boot_result *r = &s.stage.boot.result;

	(void)state;
	sx_init(&s);
	assert_int_equal(sx_boot(&s), PROT_OK);
	r->mode = PROT_BOOT_TRIAL;
	r->bank = PROT_BANK_GOLDEN;
	r->boot_count = 255;
	r->svn_floor = UINT32_MAX;
	r->header.svn = UINT32_MAX;
	r->header.version =
		(struct prot_image_version){65535, 65535, 65535, 65535};
	assert_string_equal(boot_line(3),
			    "boot: reset by power on; bank golden, version "
			    "65535.65535.65535.65535, SVN 4294967295 (floor "
			    "4294967295), mode trial, try 255");
}

static void test_boot_stage_line__lockdown__says_why(void **state)
{
	(void)state;
	sx_init(&s);
	s.fx.sim.data[s.fx.layout.bank[0].offset + 300] ^= 1;
	s.fx.sim.data[s.fx.layout.bank[2].offset] ^= 1;
	assert_int_equal(sx_boot(&s), PROT_ERR_STATE);
	assert_string_equal(
		boot_line(0),
		"boot: bank A passed over: signature does not verify");
	assert_string_equal(boot_line(1), "");
	assert_string_equal(
		boot_line(2),
		"boot: bank golden passed over: not a firmware image");
	assert_string_equal(boot_line(3), "boot: lockdown, no image may run");
	for (unsigned n = 4; n < PROT_BOOT_STAGE_LINES; n++) {
		assert_string_equal(boot_line(n), "");
	}
}

static void test_boot_stage_line__no_identity__says_why(void **state)
{
	(void)state;
	sx_init(&s);
	memset(s.fx.sim.otp_data + PROT_OTP_UDS, 0, PROT_OTP_UDS_SIZE);
	assert_int_equal(sx_boot(&s), PROT_OK);
	assert_string_equal(boot_line(6),
			    "boot: no identity: no device secret provisioned");
}

static const struct {
	enum prot_device_event event;
	uint32_t a, b;
	const char *line;
} sentences[] = {
	{PROT_DEVICE_EVENT_STARTED, PROT_BOOT_TRIAL, PROT_BANK_B,
	 "runtime 2.0.0: started in mode trial from bank B"},
	{PROT_DEVICE_EVENT_NO_IDENTITY, 0, 0, "runtime: no identity"},
	{PROT_DEVICE_EVENT_EID, 77, 0, "runtime: endpoint ID assigned: 77"},
	{PROT_DEVICE_EVENT_CONFIRMED, PROT_BANK_B, 4294967295u,
	 "runtime: image confirmed: bank B, SVN floor 4294967295"},
	{PROT_DEVICE_EVENT_FLOOR_KEPT, PROT_BANK_A, 2,
	 "runtime: image confirmed, but the SVN floor cannot be raised: "
	 "bank A, SVN floor 2"},
	{PROT_DEVICE_EVENT_CONFIRM_FAILED, PROT_BANK_A,
	 (uint32_t) - (int)PROT_ERR_IO,
	 "runtime: confirmation failed: bank A, transport or device failed"},
	{PROT_DEVICE_EVENT_UNHEALTHY, PROT_BANK_B, 0,
	 "runtime: trial image is not healthy"},
	{PROT_DEVICE_EVENT_ATTESTED, 8, 0,
	 "runtime: attestation signed for EID 8"},
	{PROT_DEVICE_EVENT_SPDM_REFUSED, 0xE4, 0,
	 "runtime: SPDM request refused: code 0xe4, "},
	{PROT_DEVICE_EVENT_UPDATE_STATE, PROT_PLDM_FD_DOWNLOAD, 1024,
	 "runtime: update state: "},
	{PROT_DEVICE_EVENT_UPDATE_REFUSED, PROT_IMAGE_SVN, 0,
	 "runtime: update refused: security version below the floor"},
	{PROT_DEVICE_EVENT_RESET, 0, 0, "runtime: reset"},
	{PROT_DEVICE_EVENT_COUNT, 0, 0, "runtime: unknown event"},
};

static void test_device_event_line__each_event__says_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		size_t len = prot_device_event_line("2.0.0", sentences[i].event,
						    sentences[i].a,
						    sentences[i].b, line);

		assert_int_equal(len, strlen(line));
		assert_memory_equal(line, sentences[i].line,
				    strlen(sentences[i].line));
	}
}

static void test_device_event_line__texts_of_others__end_it(void **state)
{
	char want[PROT_CONSOLE_LINE];

	(void)state;
	prot_device_event_line("", PROT_DEVICE_EVENT_SPDM_REFUSED, 0xE4, 1,
			       line);
	snprintf(want, sizeof(want),
		 "runtime: SPDM request refused: code 0xe4, %s",
		 prot_spdm_refusal_text((enum prot_spdm_refusal)1));
	assert_string_equal(line, want);
	prot_device_event_line("", PROT_DEVICE_EVENT_UPDATE_STATE,
			       PROT_PLDM_FD_DOWNLOAD, 1024, line);
	snprintf(want, sizeof(want), "runtime: update state: %s, 1024 bytes",
		 prot_pldm_fd_state_text(PROT_PLDM_FD_DOWNLOAD));
	assert_string_equal(line, want);
}

static void test_device_event_line__long_name__is_cut_off(void **state)
{
	char name[2 * PROT_CONSOLE_LINE];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(prot_device_event_line(name, PROT_DEVICE_EVENT_STARTED,
						PROT_BOOT_NORMAL, PROT_BANK_A,
						line),
			 PROT_CONSOLE_LINE - 1);
	assert_int_equal(strlen(line), PROT_CONSOLE_LINE - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_boot_stage_line__normal__says_what_starts),
		cmocka_unit_test(test_boot_stage_line__trial__counts_the_try),
		cmocka_unit_test(test_boot_stage_line__longest_values__fit),
		cmocka_unit_test(test_boot_stage_line__lockdown__says_why),
		cmocka_unit_test(test_boot_stage_line__no_identity__says_why),
		cmocka_unit_test(test_device_event_line__each_event__says_it),
		cmocka_unit_test(
			test_device_event_line__texts_of_others__end_it),
		cmocka_unit_test(test_device_event_line__long_name__is_cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
