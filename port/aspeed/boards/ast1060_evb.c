/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AST1060 evaluation board: flash of 1 MiB in the package, OTP in fuses, the
 * chip's noise source, hashes and signature checks on the engines.
 *
 * Has not run on silicon: docs/aspeed.md says which driver ran where.
 */
#include "evb.h"

#include "ast10x0.h"
#include "ast_abr.h"
#include "ast_cache.h"
#include "ast_crypto.h"
#include "ast_otp.h"
#include "ast_pins.h"
#include "ast_rng.h"
#include "ast_scu.h"
#include "sram_map.h"

static struct prot_ast_fmc_state flash_state;
static struct prot_ast_fmc fmc_flash = {
	.clock = &prot_ast_evb_clock,
	.state = &flash_state,
	.geometry = &prot_board_ast1060_evb.flash,
	.base = AST_FMC_BASE,
	.window = AST_FMC_WINDOW,
	.cs = 0,
	.read_ctrl = AST_FMC_READ_3BYTE | AST_FMC_CTRL_HCLK_DIV4,
	.dma_base = SRAM_RUNTIME_DATA,
	.dma_size = AST_SRAM_SIZE - SRAM_RUNTIME_DATA,
	.dma_length_bias = 1,
};
static struct prot_flash flash = {&prot_ast_fmc_ops, &fmc_flash, {0}};

static struct prot_ast_otp_state otp_state;
static struct prot_ast_otp fuses = {
	.clock = &prot_ast_evb_clock,
	.state = &otp_state,
	.forbidden = AST_OTP_FORBIDDEN_USER,
};
static struct prot_otp otp = {&prot_ast_otp_ops, &fuses, 0};

static struct prot_ast_rng rng = {&prot_ast_evb_clock};
static const struct prot_entropy noise = {&prot_ast_rng_ops, &rng};
static struct prot_noise_seed_state seed_state;
static const struct prot_noise_seed seed = {&noise, &seed_state};

/* The engines; wolfCrypt signs, derives keys and does all else. */
static struct prot_ast_hace_memory hace_memory;
static const struct prot_ast_hace hace = {
	.base = AST_HACE_BASE,
	.clock = &prot_ast_evb_clock,
	.memory = &hace_memory,
	.direct = SRAM_RUNTIME_DATA,
	.direct_size = AST_SRAM_SIZE - SRAM_RUNTIME_DATA,
};
static struct prot_ast_sbc_state sbc_state;
static const struct prot_ast_sbc sbc = {
	.base = AST_SBC_BASE,
	.memory = AST_SECURE_SRAM_BASE,
	.clock = &prot_ast_evb_clock,
	.state = &sbc_state,
};
static struct prot_ast_ecdsa_state ecdsa_state;
static const struct prot_ast_ecdsa ecdsa = {&sbc, &ecdsa_state};
static struct prot_ast_crypto_state layer_state;
static struct prot_ast_crypto layer = {
	.hace = &hace,
	.ecdsa = &ecdsa,
	.below = {&prot_wolfcrypt_ops, &prot_ast_board_wolfcrypt},
	.state = &layer_state,
};
static const struct prot_crypto crypto = {&prot_ast_crypto_ops, &layer};

/* Those of UART5 are as after reset. */
static const struct prot_ast_pin pin_functions[] = {
	AST_PINS_UART1,
	AST_PINS_I2C2,
	AST_PINS_SPIM1,
};

/*
 * Whatever the flash of the host holds, it may read and write; but only with
 * the commands that a host needs, and what it tries else is logged. A platform
 * that knows the layout of its flash names the regions here.
 */
#define MONITOR_LOG_WORDS 128u

static struct prot_ast_spim_policy host_policy = {
	.commands = prot_ast_spim_default_commands,
	.elsewhere = PROT_AST_SPIM_READ | PROT_AST_SPIM_WRITE,
};
static struct prot_ast_spim_state monitor_state;
static uint32_t monitor_log[MONITOR_LOG_WORDS];
static const struct prot_ast_spim monitor_units[] = {
	{
		.unit = 1,
		.clock = &prot_ast_evb_clock,
		.policy = &host_policy,
		.state = &monitor_state,
		.log = monitor_log,
		.log_words = MONITOR_LOG_WORDS,
	},
};
static const struct prot_ast_monitors monitors = {
	monitor_units,
	PROT_ARRAY_SIZE(monitor_units),
};

static void pins(void)
{
	prot_ast_evb_early();
	prot_ast_pinctrl_apply(pin_functions, PROT_ARRAY_SIZE(pin_functions));
	/* Code is cached, data and DMA buffers are not. */
	if (prot_ast_cache_enable(0, SRAM_RUNTIME_DATA) != PROT_OK) {
		prot_ast_cache_disable();
	}
	flash.geometry = prot_board_ast1060_evb.flash;
	otp.size = prot_board_ast1060_evb.otp_size;
	fuses.size = otp.size;
	fuses.word = prot_board_ast1060_evb.otp_offset / 4;
	host_policy.command_count = prot_ast_spim_default_command_count;
	prot_ast_rng_start();
}

/* Also stops the alternate boot: a boot loader that came so far works. */
static enum prot_status start(void)
{
	prot_ast_abr_confirm();
	return prot_ast_crypto_init(&layer);
}

static bool reset_reason(enum prot_reset_reason *reason)
{
	struct prot_ast_reset_event event;

	prot_ast_scu_reset_event(&event);
	*reason = PROT_RESET_POWER_ON;
	/* Our own resets, and watchdogs: the mailbox knows which it was. */
	return event.cause == PROT_AST_RESET_POWER_ON ||
	       event.cause == PROT_AST_RESET_EXTERNAL;
}

/* The runtime was written to memory that may stand in the cache. */
static void leave(void)
{
	prot_ast_ecdsa_reset(&ecdsa);
	prot_ast_cache_invalidate_all();
}

const struct prot_ast_board prot_ast_board = {
	.seams =
		{
			.board = &prot_board_ast1060_evb,
			.flash = &flash,
			.otp = &otp,
			.crypto = &crypto,
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
	.leave = leave,
};

const struct prot_ast_board_smbus *const prot_ast_board_smbus =
	&prot_ast_evb_smbus;

const struct prot_ast_hosts *const prot_ast_board_hosts = &prot_ast_evb_hosts;
const struct prot_ast_monitors *const prot_ast_board_monitors = &monitors;
