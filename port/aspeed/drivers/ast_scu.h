/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_SCU_H
#define PROT_AST_SCU_H

/*
 * The system control unit: what chip this is, why it started, which blocks are
 * in reset and which have a clock. Pins: ast_pinctrl.h; cache: ast_cache.h;
 * noise source: ast_rng.h.
 *
 * QEMU 7.2: modelled in part. The chip is an AST1030-A1, straps and reset log
 * read 0, clocks run whatever their gates say.
 */

#include <stdint.h>

/* Registers. */
#define AST_SCU_PROTECT1     0x000u
#define AST_SCU_PROTECT2     0x010u
#define AST_SCU_SILICON1     0x004u
#define AST_SCU_SILICON2     0x014u
#define AST_SCU_RESET(group) (0x040u + 0x10u * (group)) /* ones hold */
#define AST_SCU_RESET_LOG1   0x074u                     /* ones clear */
#define AST_SCU_RESET_LOG2   0x078u
#define AST_SCU_STOP(group)  (0x080u + 0x10u * (group)) /* ones stop */
#define AST_SCU_CLEAR        0x4u /* from RESET or STOP: ones undo it */
#define AST_SCU_SPIM_ROUTE   0x0F0u
#define AST_SCU_CLOCK4       0x310u
#define AST_SCU_CLOCK5       0x314u
#define AST_SCU_STRAP1       0x500u
#define AST_SCU_STRAP2       0x510u

#define AST_SCU_PROTECT_KEY 0x1688A8A8u

#define AST_SCU_CLOCK4_PCLK_SHIFT 8u  /* 4 bits: HPLL / 2 (n + 1) */
#define AST_SCU_CLOCK5_HCLK_SHIFT 28u /* 3 bits: HPLL / (n + 1), or 2 if 0 */

#define AST_SCU_HPLL_HZ 1000000000u

#define AST_SCU_STRAP1_BOOT_COPY  (1u << 3)
#define AST_SCU_STRAP2_ABR        (1u << 11)
#define AST_SCU_STRAP2_ABR_SINGLE (1u << 12) /* one flash, two halves */
#define AST_SCU_STRAP2_BOOT_SPI_SIZE(v)                                        \
	((v) >> 13 & 7u) /* 2^n / 2 MB; 0: ?                                   \
			  */

/* Of the reset log. Four bits per watchdog, the first at bit 16. */
#define AST_SCU_LOG_POWER_ON (1u << 0)
#define AST_SCU_LOG_EXTERNAL (1u << 1)
#define AST_SCU_LOG_ABR      (1u << 2)
#define AST_SCU_LOG_WDT(n)   (16u + 4u * ((n)-1u))
#define AST_SCU_LOG_WDT_SOC  (1u << 0)
#define AST_SCU_LOG_WDT_FULL (1u << 1)
#define AST_SCU_LOG_WDT_ARM  (1u << 2)
#define AST_SCU_LOG_WDT_SOFT (1u << 3)
#define AST_SCU_WATCHDOGS    4u

/* Of the LPC block: where the signals of UART1 to UART4 come from. */
#define AST_LPC_HICR9         0x098u
#define AST_LPC_HICRA         0x09Cu
#define AST_LPC_HICR9_DEFAULT 0x00000A30u
#define AST_LPC_HICRA_DEFAULT 0x00000000u
#define AST_LPC_HICR9_UART(n) (1u << (4u + (n)-1u))

/* Silicon ids. */
#define AST_SILICON_AST1030A0    0x80000000u
#define AST_SILICON_AST1030A1    0x80010000u
#define AST_SILICON_AST1035A1    0x80010100u
#define AST_SILICON_AST1060A1    0xA0010000u
#define AST_SILICON_AST1060A2    0xA0030000u
#define AST_SILICON_AST1060A2ENG 0x80030000u

/* Blocks that can be held in reset: 32 * group + bit. */
enum prot_ast_reset_line {
	AST_RESET_SRAM = 0,
	AST_RESET_USB = 3,
	AST_RESET_HACE = 4,
	AST_RESET_LPC = 32 + 0,
	AST_RESET_I2C = 32 + 2,
	AST_RESET_MII = 32 + 3,
	AST_RESET_PECI = 32 + 4,
	AST_RESET_PWM = 32 + 5,
	AST_RESET_I3C = 32 + 7,
	AST_RESET_I3C0 = 32 + 8, /* to I3C3, one after the other */
	AST_RESET_MAC = 32 + 20,
	AST_RESET_JTAG1 = 32 + 22,
	AST_RESET_ADC = 32 + 23,
	AST_RESET_ESPI = 32 + 25,
	AST_RESET_JTAG0 = 32 + 26,
	AST_RESET_UART1 = 32 + 28, /* to UART4 */
};

/* Clocks that can be stopped: 32 * group + bit. */
enum prot_ast_clock_gate {
	AST_CLOCK_MCLK = 0,
	AST_CLOCK_USB = 7,
	AST_CLOCK_YCLK = 13, /* HACE */
	AST_CLOCK_LCLK = 32 + 0,
	AST_CLOCK_ESPI = 32 + 1,
	AST_CLOCK_REF1 = 32 + 2,
	AST_CLOCK_LHC = 32 + 5,
	AST_CLOCK_RSA = 32 + 6,    /* and ECDSA */
	AST_CLOCK_I3C0 = 32 + 8,   /* to I3C3 */
	AST_CLOCK_UART1 = 32 + 16, /* to UART4 */
	AST_CLOCK_MAC = 32 + 20,
	AST_CLOCK_UART6 = 32 + 22, /* to UART13 */
};

enum prot_ast_reset_cause {
	PROT_AST_RESET_UNKNOWN, /* the log is empty: also under emulators */
	PROT_AST_RESET_POWER_ON,
	PROT_AST_RESET_EXTERNAL, /* the reset pin */
	PROT_AST_RESET_ABR,      /* boot not confirmed: the other flash */
	PROT_AST_RESET_WDT_SOC,
	PROT_AST_RESET_WDT_FULL,
	PROT_AST_RESET_WDT_ARM,
	PROT_AST_RESET_WDT_SOFT, /* asked for at a watchdog */
};

struct prot_ast_reset_event {
	enum prot_ast_reset_cause cause;
	uint8_t watchdog; /* 1 to AST_SCU_WATCHDOGS, or 0 */
	uint32_t log1;    /* both as they were */
	uint32_t log2;
};

/* Before anything else is written to the SCU. */
void prot_ast_scu_unlock(void);

uint32_t prot_ast_scu_silicon(void);
/* "AST1060-A1", ...; "unknown" for an id of no known chip. */
const char *prot_ast_scu_silicon_name(uint32_t id);

/*
 * Why the chip started, which clears the log. Of several causes the most
 * telling: a power-on makes all else void, then watchdogs from the last to
 * the first, then the alternate boot, then the pin.
 */
void prot_ast_scu_reset_event(struct prot_ast_reset_event *event);

void prot_ast_scu_reset_hold(enum prot_ast_reset_line line);
void prot_ast_scu_reset_release(enum prot_ast_reset_line line);

void prot_ast_scu_clock_run(enum prot_ast_clock_gate gate);
void prot_ast_scu_clock_stop(enum prot_ast_clock_gate gate);

/* As the dividers stand. */
uint32_t prot_ast_scu_pclk_hz(void);
uint32_t prot_ast_scu_hclk_hz(void);

/* UART routing as after power-on: a reset by watchdog leaves it. */
void prot_ast_scu_uart_routing_reset(void);
/* UART `n`, 1 to 4, runs by itself from the UART clock. */
void prot_ast_scu_uart_own(uint32_t n);

#endif /* PROT_AST_SCU_H */
