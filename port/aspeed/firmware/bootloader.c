/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The boot loader: stands at the start of the SRAM, where the boot ROM puts
 * it, verifies and copies an image, and starts it.
 */
#include "ast_board.h"
#include "ast_mpu.h"
#include "memory_map.h"
#include "mmio.h"
#include "sram_map.h"
#include "start.h"

#include <string.h>

#define WATCHDOG_MS         10000u
#define RUNTIME_WATCHDOG_MS 5000u

/* The vectors, copied before they become the null guard. */
static uint8_t vectors[SRAM_VECTORS_SIZE];
static struct prot_firmware_boot boot;
static struct prot_firmware_boot_config config;

static enum prot_status op_start(void *ctx)
{
	(void)ctx;
	return prot_ast_board_start();
}

static void hold_hosts(void)
{
	if (prot_ast_board_hosts &&
	    prot_ast_hosts_hold(prot_ast_board_hosts) != PROT_OK) {
		prot_firmware_print(&prot_ast_board.seams,
				    "boot: a reset line has no pin");
	}
}

/* Hosts that run are not disturbed by a reset of this chip alone. */
static enum prot_reset_reason op_reset_reason(void *ctx)
{
	enum prot_reset_reason reason = prot_ast_board_reset_reason();

	(void)ctx;
	if (reason == PROT_RESET_POWER_ON) {
		hold_hosts();
	}
	return reason;
}

static void op_leave(void *ctx)
{
	(void)ctx;
	prot_ast_board_stop();
	if (prot_ast_board.leave) {
		prot_ast_board.leave();
	}
}

/* The first two vectors: stack in the runtime's data, code in the image. */
static bool can_start(uint32_t entry)
{
	uint32_t stack = prot_mmio_read32(entry);
	uint32_t reset = prot_mmio_read32(entry + 4);

	return entry % SRAM_VECTORS_SIZE == 0 && stack % 8 == 0 &&
	       stack > SRAM_RUNTIME_DATA &&
	       stack <= SRAM_RUNTIME_DATA + SRAM_RUNTIME_DATA_SIZE &&
	       reset % 2 == 1 && reset - SRAM_LOAD < SRAM_LOAD_SIZE;
}

/* A signed image that nothing can start counts as one that crashed. */
static void op_jump(void *ctx, uint32_t entry)
{
	(void)ctx;
	if (!can_start(entry)) {
		prot_firmware_print(&prot_ast_board.seams,
				    "boot: the image has no usable vectors");
		prot_ast_board_reset(PROT_RESET_FAULT);
	}
	prot_ast_mpu_disable();
	prot_ast_leave(entry);
}

static void op_halt(void *ctx)
{
	(void)ctx;
	hold_hosts();
	prot_ast_board_stop();
	prot_ast_wait_for_interrupt();
}

static const struct prot_firmware_boot_ops ops = {
	.start = op_start,
	.reset_reason = op_reset_reason,
	.leave = op_leave,
	.jump = op_jump,
	.halt = op_halt,
};

static void copy_vectors(void)
{
	for (uint32_t i = 0; i < SRAM_VECTORS_SIZE; i += 4) {
		uint32_t word = prot_mmio_read32(SRAM_BOOT_CODE + i);

		memcpy(vectors + i, &word, sizeof(word));
	}
}

void prot_ast_main(void)
{
	size_t len;
	const uint8_t *code = prot_ast_code(&len);

	copy_vectors();
	prot_ast_protect_boot();
	prot_ast_board_early();
	config = (struct prot_firmware_boot_config){
		.seams = prot_ast_board.seams,
		.ops = &ops,
		.code = {{vectors, sizeof(vectors)}, {code, len}},
		.load = prot_ast_memory(SRAM_LOAD),
		.handoff = prot_ast_memory(SRAM_HANDOFF),
		.handoff_size = SRAM_HANDOFF_SIZE,
		.watchdog_ms = WATCHDOG_MS,
		.runtime_watchdog_ms = RUNTIME_WATCHDOG_MS,
	};
	prot_firmware_boot(&boot, &config);
}

/* None is enabled. */
void prot_ast_interrupt(uint32_t exception)
{
	(void)exception;
}
