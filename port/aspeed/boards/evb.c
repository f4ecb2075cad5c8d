/* SPDX-License-Identifier: Apache-2.0 */
#include "evb.h"

#include "ast10x0.h"
#include "ast_gpio.h"
#include "ast_scu.h"
#include "ast_timer.h"
#include "ast_wdt.h"

#define BAUD         115200u
#define CONSOLE_RING 16u
#define MCTP_RING    1024u /* what arrives during an operation of the flash */

#define SMBUS_BUS     2u
#define SMBUS_ADDRESS 0x10
#define SMBUS_HZ      400000u
#define SMBUS_BUFFERS 4

/* Contexts of ops are not const, what they point to is. */
#define CONTEXT(object) ((void *)(uintptr_t)(object))

static struct prot_ast_timer_clock_state clock_state;
static const struct prot_ast_timer_clock timer1 = {
	{AST_TIMER_BASE, 1},
	&clock_state,
};
const struct prot_clock prot_ast_evb_clock = {
	&prot_ast_timer_clock_ops,
	CONTEXT(&timer1),
};

static const struct prot_ast_wdt wdt1 = {AST_WDT_BASE};
const struct prot_watchdog prot_ast_evb_watchdog = {
	&prot_ast_wdt_ops,
	CONTEXT(&wdt1),
};

static uint8_t console_ring[CONSOLE_RING];
static struct prot_ast_uart_state console_state;
const struct prot_ast_uart prot_ast_evb_console_uart = {
	AST_UART5_BASE, BAUD, console_ring, CONSOLE_RING, &console_state,
};
const struct prot_uart prot_ast_evb_console = {
	&prot_ast_uart_ops,
	CONTEXT(&prot_ast_evb_console_uart),
};

static uint8_t mctp_ring[MCTP_RING];
static struct prot_ast_uart_state mctp_state;
const struct prot_ast_uart prot_ast_evb_mctp_uart = {
	AST_UART1_BASE, BAUD, mctp_ring, MCTP_RING, &mctp_state,
};

/* In .bss: memory that DMA reaches and no cache holds. */
static uint8_t i2c_buffers[SMBUS_BUFFERS * PROT_SMBUS_LINK_TARGET_BUFFER];
static struct prot_ast_i2c_state i2c_state;
static const struct prot_ast_i2c i2c2 = {
	.base = AST_I2C_BUS_BASE + SMBUS_BUS * AST_I2C_BUS_STRIDE,
	.dma_offset = AST_I2C_DMA_OFFSET,
	.speed_hz = SMBUS_HZ,
	.clock = &prot_ast_evb_clock,
	.state = &i2c_state,
	.address = {SMBUS_ADDRESS, 0},
	.buffers = i2c_buffers,
	.buffer_size = PROT_SMBUS_LINK_TARGET_BUFFER,
	.buffer_count = SMBUS_BUFFERS,
};
const struct prot_ast_board_smbus prot_ast_evb_smbus = {
	.bus = &i2c2,
	.irq = AST_IRQ_I2C0 + SMBUS_BUS,
	.link =
		{
			.controller = {&prot_ast_i2c_controller_ops,
				       CONTEXT(&i2c2)},
			.target = {&prot_ast_i2c_target_ops, CONTEXT(&i2c2)},
			.address = SMBUS_ADDRESS,
		},
};

static const struct prot_ast_gpio pins = {AST_GPIO_BASE};
static const uint16_t host_resets[] = {
	AST_GPIO('M', 5),
	AST_GPIO('H', 2),
	AST_GPIO('M', 2),
};
const struct prot_ast_hosts prot_ast_evb_hosts = {
	{&prot_ast_gpio_ops, CONTEXT(&pins)},
	host_resets,
	PROT_ARRAY_SIZE(host_resets),
};

/* A reset of this chip alone leaves the hosts as they are. */
static void keep_host_resets(void)
{
	for (size_t i = 0; i < PROT_ARRAY_SIZE(host_resets); i++) {
		if (prot_ast_gpio_reset_tolerant(&pins, host_resets[i], true) !=
		    PROT_OK) {
			return; /* the table names a pin that is none */
		}
	}
}

void prot_ast_evb_early(void)
{
	prot_ast_timer_clock_start(&timer1);
	prot_ast_scu_unlock();
	prot_ast_scu_uart_routing_reset();
	prot_ast_scu_clock_run(AST_CLOCK_UART1);
	prot_ast_scu_uart_own(1);
	keep_host_resets();
}
