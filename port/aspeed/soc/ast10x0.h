/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST10X0_H
#define PROT_AST10X0_H

/*
 * AST1030 and AST1060: where the blocks are, and their interrupt numbers. The
 * registers of a block stand in the header of its driver.
 */

/* Memories. */
#define AST_SRAM_BASE        0x00000000u
#define AST_SRAM_SIZE        0x000C0000u
#define AST_SECURE_SRAM_BASE 0x79000000u
#define AST_FMC_WINDOW       0x80000000u
#define AST_SPI1_WINDOW      0x90000000u
#define AST_SPI2_WINDOW      0xB0000000u

/* Blocks. */
#define AST_FMC_BASE       0x7E620000u
#define AST_SPI1_BASE      0x7E630000u
#define AST_SPI2_BASE      0x7E640000u
#define AST_HACE_BASE      0x7E6D0000u
#define AST_SCU_BASE       0x7E6E2000u
#define AST_SBC_BASE       0x7E6F2000u /* OTP, RSA, ECDSA */
#define AST_GPIO_BASE      0x7E780000u
#define AST_TIMER_BASE     0x7E782000u
#define AST_UART1_BASE     0x7E783000u
#define AST_UART5_BASE     0x7E784000u
#define AST_WDT_BASE       0x7E785000u
#define AST_WDT_STRIDE     0x80u
#define AST_LPC_BASE       0x7E789000u
#define AST_UART2_BASE     0x7E78D000u
#define AST_UART3_BASE     0x7E78E000u
#define AST_UART4_BASE     0x7E78F000u
#define AST_SPIM1_BASE     0x7E791000u /* AST1060 only */
#define AST_SPIM_STRIDE    0x1000u
#define AST_I2C_BASE       0x7E7B0000u /* global registers */
#define AST_I2C_BUS_BASE   0x7E7B0080u
#define AST_I2C_BUS_STRIDE 0x80u
#define AST_I2C_POOL_BASE  0x7E7B0C00u
#define AST_I2C_POOL_SIZE  0x20u

/* NVIC numbers. */
#define AST_IRQ_UART5  8
#define AST_IRQ_GPIO   11
#define AST_IRQ_TIMER1 16
#define AST_IRQ_WDT    24
#define AST_IRQ_FMC    39
#define AST_IRQ_UART1  47
#define AST_IRQ_SPI1   65
#define AST_IRQ_SPIM1  87
#define AST_IRQ_I2C0   110
#define AST_IRQ_COUNT  149

#endif /* PROT_AST10X0_H */
