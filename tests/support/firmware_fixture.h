/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SUPPORT_FIRMWARE_FIXTURE_H
#define TEST_SUPPORT_FIRMWARE_FIXTURE_H

/*
 * The device of stage_fixture.h under the programs of prot/port/firmware.h:
 * console, clock, watchdog and memory of a small board.
 */

#include "stage_fixture.h"

#include <prot/port/firmware.h>

#define FW_LOAD_ADDRESS 0x20000u
#define FW_LOAD_SIZE    256
#define FW_ENTRY        8
#define FW_HANDOFF_SIZE 4096
#define FW_CODE_SIZE    9000
#define FW_TEXT         4096

struct fw {
	struct sx sx;
	struct prot_board board;
	struct prot_firmware_seams seams;
	struct prot_clock clock;
	struct prot_uart console;
	struct prot_watchdog watchdog;

	/* knobs */
	size_t console_takes; /* bytes of a write; 0: it hangs */
	uint64_t tick_us;     /* the clock goes on so much with each look */

	/* what happened */
	uint64_t now_us;
	char text[FW_TEXT];
	size_t text_len;
	unsigned starts, feeds, stops;
	uint32_t armed_ms; /* 0: stopped */

	uint8_t code[FW_CODE_SIZE];
	uint8_t load[FW_LOAD_SIZE];
	uint8_t handoff[FW_HANDOFF_SIZE];
};

/* Image 1 in bank A and golden image 9, to be loaded at FW_LOAD_ADDRESS. */
void fw_init(struct fw *f);

/* Sign an image of that version with that payload size, and install it. */
void fw_install(struct fw *f, enum prot_bank bank, uint16_t major,
		uint32_t payload_size);

/* Damage the payload of a bank. */
void fw_spoil(struct fw *f, enum prot_bank bank);

/* The payload of an image made by fw_install(). */
bool fw_holds_payload(const struct fw *f, uint16_t major,
		      uint32_t payload_size);

bool fw_is_zero(const void *memory, size_t len);

/* Whether the console was written that line, or a line with that part. */
bool fw_said(const struct fw *f, const char *part);

#endif /* TEST_SUPPORT_FIRMWARE_FIXTURE_H */
