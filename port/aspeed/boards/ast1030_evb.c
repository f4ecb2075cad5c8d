/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AST1030 evaluation board, as QEMU 7.2 plays it: flash of 32 MiB at the FMC,
 * OTP emulated in the flash at SPI1, noise from the emulator, no engines.
 */
#include "evb.h"

#include "ast10x0.h"
#include "ast_rng.h"
#include "sram_map.h"

#include <prot/port/flash_otp.h>

static struct prot_ast_fmc_state flash_state;
static struct prot_ast_fmc fmc_flash = {
	.clock = &prot_ast_evb_clock,
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

/* The emulated OTP: a flash of its own. */
static struct prot_ast_fmc_state otp_flash_state;
static struct prot_flash otp_flash;
static struct prot_ast_fmc spi1_flash = {
	.clock = &prot_ast_evb_clock,
	.state = &otp_flash_state,
	.geometry = &otp_flash.geometry,
	.base = AST_SPI1_BASE,
	.window = AST_SPI1_WINDOW,
	.cs = 0,
	.read_ctrl = AST_FMC_READ_3BYTE | AST_FMC_CTRL_HCLK_DIV4,
};
static struct prot_flash otp_flash = {
	.ops = &prot_ast_fmc_ops,
	.ctx = &spi1_flash,
	.geometry = {.sector_size = 0x1000,
		     .page_size = 0x100,
		     .program_unit = 1,
		     .erased = 0xFF},
};
static struct prot_flash_otp_state flash_otp_state;
static struct prot_flash_otp flash_otp = {
	.flash = &otp_flash,
	.state = &flash_otp_state,
};
static struct prot_otp otp = {&prot_flash_otp_ops, &flash_otp, 0};

static const struct prot_entropy noise = {&prot_ast_rng_emulator_ops, NULL};
static struct prot_noise_seed_state seed_state;
static const struct prot_noise_seed seed = {&noise, &seed_state};

static void pins(void)
{
	prot_ast_evb_early();
	flash.geometry = prot_board_ast1030_evb.flash;
	otp_flash.geometry.size = prot_board_ast1030_evb.otp_flash_size;
	otp.size = prot_board_ast1030_evb.otp_size;
	flash_otp.size = otp.size;
}

static enum prot_status start(void)
{
	return prot_ast_board_flash_start(&spi1_flash);
}

/* The emulator keeps no reason: what the mailbox says counts. */
static bool reset_reason(enum prot_reset_reason *reason)
{
	*reason = PROT_RESET_POWER_ON;
	return false;
}

const struct prot_ast_board prot_ast_board = {
	.seams =
		{
			.board = &prot_board_ast1030_evb,
			.flash = &flash,
			.otp = &otp,
			.crypto = &prot_ast_board_crypto,
			.clock = &prot_ast_evb_clock,
			.watchdog = &prot_ast_evb_watchdog,
			.console = &prot_ast_evb_console,
		},
	.console = &prot_ast_evb_console_uart,
	.mctp = &prot_ast_evb_mctp_uart,
	.mctp_irq = AST_IRQ_UART1,
	.flash = &fmc_flash,
	.seed = &seed,
	.pins = pins,
	.start = start,
	.reset_reason = reset_reason,
};

const struct prot_ast_board_smbus *const prot_ast_board_smbus =
	&prot_ast_evb_smbus;

const struct prot_ast_hosts *const prot_ast_board_hosts = &prot_ast_evb_hosts;
const struct prot_ast_monitors *const prot_ast_board_monitors = NULL;
