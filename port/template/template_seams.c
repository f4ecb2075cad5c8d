/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

/* All seams of the board, and their bring-up. Stays as it is. */

const struct prot_firmware_seams prot_template_seams = {
	.board = &prot_board_template,
	.flash = &prot_template_flash,
	.otp = &prot_template_otp,
	.crypto = &prot_template_crypto,
	.clock = &prot_template_clock,
	.watchdog = &prot_template_watchdog,
	.console = &prot_template_console,
};

static const struct {
	const char *what;
	enum prot_status (*start)(void);
} parts[] = {
	{"console", prot_template_uart_start},
	{"clock", prot_template_clock_start},
	{"flash", prot_template_flash_start},
	{"OTP", prot_template_otp_start},
	{"noise source", prot_template_entropy_start},
	{"crypto provider", prot_template_crypto_start},
};

/* Images must be loaded where the linker script says that there is room. */
static bool map_is_right(void)
{
	return (uintptr_t)link_load == prot_board_template.load_address;
}

enum prot_status prot_template_start(void)
{
	enum prot_status result = map_is_right() ? PROT_OK : PROT_ERR_ARG;

	for (size_t i = 0; i < PROT_ARRAY_SIZE(parts); i++) {
		enum prot_status st = parts[i].start();

		if (st != PROT_OK) {
			prot_firmware_print_status(&prot_template_seams,
						   parts[i].what, st);
			result = result == PROT_OK ? st : result;
		}
	}
	return result;
}
