/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_PINS_H
#define PROT_AST_PINS_H

/*
 * Pin functions for the tables of boards. Each name stands for one or more
 * entries of a `struct prot_ast_pin` array.
 *
 * Pin n (AST_GPIO() of ast_gpio.h) has its bit n % 32 in word n / 32 of three
 * rows of registers, one row per function; with none set it is the GPIO. Ports
 * T and U are the exception: they are analog inputs unless a bit says GPIO.
 */

#include "ast_pinctrl.h"

#define AST_PIN_ROW1(group) (0x410u + 4u * (group))
#define AST_PIN_ROW2(group) (0x4B0u + 4u * (group))
#define AST_PIN_ROW3(group) (0x690u + 4u * (group))

#define AST_PINS_GPIO(group, bits)                                             \
	AST_PIN_CLEAR(AST_PIN_ROW1(group), bits),                              \
		AST_PIN_CLEAR(AST_PIN_ROW2(group), bits),                      \
		AST_PIN_CLEAR(AST_PIN_ROW3(group), bits)
#define AST_PINS_FUNCTION1(group, bits) AST_PIN_SET(AST_PIN_ROW1(group), bits)
#define AST_PINS_FUNCTION2(group, bits)                                        \
	AST_PIN_CLEAR(AST_PIN_ROW1(group), bits),                              \
		AST_PIN_SET(AST_PIN_ROW2(group), bits)
#define AST_PINS_FUNCTION3(group, bits)                                        \
	AST_PIN_CLEAR(AST_PIN_ROW1(group), bits),                              \
		AST_PIN_CLEAR(AST_PIN_ROW2(group), bits),                      \
		AST_PIN_SET(AST_PIN_ROW3(group), bits)

/* Debug port of the processor: P1 to P5. */
#define AST_PINS_JTAG AST_PINS_FUNCTION1(3, 0x1Fu << 25)

/* Data out and in. UART5 has pins of its own. */
#define AST_PINS_UART1 AST_PINS_FUNCTION1(2, 3u << 24)
#define AST_PINS_UART2 AST_PINS_FUNCTION1(2, 3u << 26)
#define AST_PINS_UART3 AST_PINS_FUNCTION1(2, 3u << 28)
#define AST_PINS_UART4 AST_PINS_FUNCTION1(2, 3u << 30)

/* Clock and data. Bus n is that of register block n, from 0. */
#define AST_PINS_I2C0  AST_PINS_FUNCTION1(1, 3u << 28)
#define AST_PINS_I2C1  AST_PINS_FUNCTION1(1, 3u << 30)
#define AST_PINS_I2C2  AST_PINS_FUNCTION1(2, 3u << 0)
#define AST_PINS_I2C3  AST_PINS_FUNCTION1(2, 3u << 2)
#define AST_PINS_I2C4  AST_PINS_FUNCTION1(2, 3u << 4)
#define AST_PINS_I2C5  AST_PINS_FUNCTION1(2, 3u << 6)
#define AST_PINS_I2C6  AST_PINS_FUNCTION1(2, 3u << 8)
#define AST_PINS_I2C7  AST_PINS_FUNCTION1(2, 3u << 10)
#define AST_PINS_I2C8  AST_PINS_FUNCTION1(2, 3u << 12)
#define AST_PINS_I2C9  AST_PINS_FUNCTION1(2, 3u << 14)
#define AST_PINS_I2C10 AST_PINS_FUNCTION2(2, 3u << 16)
#define AST_PINS_I2C11 AST_PINS_FUNCTION2(2, 3u << 18)
#define AST_PINS_I2C12 AST_PINS_FUNCTION2(2, 3u << 20)
#define AST_PINS_I2C13 AST_PINS_FUNCTION2(2, 3u << 22)

/*
 * SPI monitors (AST1060): select, clock and four data lines in and out; then
 * the outer multiplexer, the flash reset out and in. SPIM3 also wants its
 * select released by the straps.
 */
#define AST_PINS_SPIM1                                                         \
	AST_PINS_FUNCTION3(0, 0x3FFFu), AST_PINS_FUNCTION3(1, 1u << 24)
#define AST_PINS_SPIM2                                                         \
	AST_PINS_FUNCTION3(0, 0x3FFFu << 14), AST_PINS_FUNCTION3(3, 1u << 9)
#define AST_PINS_SPIM3                                                         \
	AST_PINS_FUNCTION3(0, 0xFu << 28), AST_PINS_FUNCTION3(1, 0x3FFu),      \
		AST_PINS_FUNCTION3(1, 1u << 25)
#define AST_PINS_SPIM4                                                         \
	AST_PINS_FUNCTION3(1, 0x3FFFu << 10), AST_PINS_FUNCTION3(3, 1u << 11)

#endif /* PROT_AST_PINS_H */
