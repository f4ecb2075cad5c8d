/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AST1030 evaluation board, as QEMU 7.2 plays it: flash of 32 MiB at the FMC,
 * OTP emulated in the flash at SPI1, noise from the emulator, no engines.
 */
#include "ast_board.h"

#include "ast10x0.h"
#include "ast_rng.h"
#include "ast_timer.h"
#include "ast_wdt.h"
#include "flash_otp.h"
#include "sram_map.h"

#define MCTP_RING    1024u /* bytes that arrive during an operation of flash */
#define CONSOLE_RING 16u

static struct prot_ast_timer_clock_state clock_state;
static struct prot_ast_timer_clock timer_clock = {
	{AST_TIMER_BASE, 1},
	&clock_state,
};
static const struct prot_clock board_clock = {&prot_ast_timer_clock_ops,
					      &timer_clock};

static uint8_t console_ring[CONSOLE_RING];
static struct prot_ast_uart_state console_state;
static struct prot_ast_uart console = {
	AST_UART5_BASE, 115200, console_ring, CONSOLE_RING, &console_state,
};
static const struct prot_uart console_uart = {&prot_ast_uart_ops, &console};

static uint8_t mctp_ring[MCTP_RING];
static struct prot_ast_uart_state mctp_state;
static struct prot_ast_uart mctp = {
	AST_UART1_BASE, 115200, mctp_ring, MCTP_RING, &mctp_state,
};

static struct prot_ast_wdt wdt1 = {AST_WDT_BASE};
static const struct prot_watchdog watchdog = {&prot_ast_wdt_ops, &wdt1};

static struct prot_ast_fmc_state flash_state;
static struct prot_ast_fmc fmc_flash = {
	.clock = &board_clock,
	.state = &flash_state,
	.geometry = &prot_board_ast1030_evb.flash,
	.base = AST_FMC_BASE,
	.window = AST_FMC_WINDOW,
	.cs = 0,
	.read_ctrl = AST_FMC_READ_4BYTE | AST_FMC_CTRL_HCLK_DIV4,
	.dma_base = SRAM_RUNTIME_DATA,
	.dma_size = AST_SRAM_SIZE - SRAM_RUNTIME_DATA,
	.dma_length_bias = 0,
};
static struct prot_flash flash = {&prot_ast_fmc_ops, &fmc_flash, {0}};

/* The emulated OTP: flash of its own at SPI1. */
static const struct prot_flash_geometry otp_geometry = {
	.size = 0x100000,
	.sector_size = 0x1000,
	.page_size = 0x100,
	.program_unit = 1,
	.erased = 0xFF,
};
static struct prot_ast_fmc_state otp_flash_state;
static struct prot_ast_fmc spi1_flash = {
	.clock = &board_clock,
	.state = &otp_flash_state,
	.geometry = &otp_geometry,
	.base = AST_SPI1_BASE,
	.window = AST_SPI1_WINDOW,
	.cs = 0,
	.read_ctrl = AST_FMC_READ_3BYTE | AST_FMC_CTRL_HCLK_DIV4,
};
static struct prot_flash otp_flash = {&prot_ast_fmc_ops, &spi1_flash, {0}};
static struct prot_flash_otp_state flash_otp_state;
static struct prot_flash_otp flash_otp = {
	.flash = &otp_flash,
	.state = &flash_otp_state,
};
static struct prot_otp otp = {&prot_flash_otp_ops, &flash_otp, 0};

static const struct prot_entropy noise = {&prot_ast_rng_emulator_ops, NULL};
static struct prot_ast_seed_state seed_state;
static const struct prot_ast_seed seed = {&noise, &seed_state};

static void pins(void)
{
	prot_ast_timer_clock_start(&timer_clock);
	flash.geometry = prot_board_ast1030_evb.flash;
	otp_flash.geometry = otp_geometry;
	otp.size = prot_board_ast1030_evb.otp_size;
	flash_otp.size = otp.size;
}

static enum prot_status start(void)
{
	struct prot_ast_fmc_part part;
	enum prot_status st;

	do {
		st = prot_ast_fmc_init(&spi1_flash, &part);
	} while (st == PROT_PENDING);
	return st;
}

/* The emulator keeps no reason: what the mailbox says counts. */
static bool reset_reason(enum prot_reset_reason *reason)
{
	(void)reason;
	return false;
}

const struct prot_ast_board prot_ast_board = {
	.seams =
		{
			.board = &prot_board_ast1030_evb,
			.flash = &flash,
			.otp = &otp,
			.crypto = &prot_ast_board_crypto,
			.clock = &board_clock,
			.watchdog = &watchdog,
			.console = &console_uart,
		},
	.console = &console,
	.mctp = &mctp,
	.flash = &fmc_flash,
	.seed = &seed,
	.pins = pins,
	.start = start,
	.reset_reason = reset_reason,
};
