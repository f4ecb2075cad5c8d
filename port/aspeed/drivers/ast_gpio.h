/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_GPIO_H
#define PROT_AST_GPIO_H

/*
 * General purpose pins A0 to U7. A pin exists when the part has it; whether it
 * is one at all is the pin control's business (ast_pinctrl.h). Groups T and U
 * are inputs only.
 *
 * QEMU 7.2: modelled; inputs are driven through the machine's properties.
 */

#include <prot/port/gpio.h>

/* Registers of one group of four ports: from its data block ... */
#define AST_GPIO_DATA      0x00u /* levels of the pins */
#define AST_GPIO_DIRECTION 0x04u /* 1: output */
/* ... and from its interrupt block. */
#define AST_GPIO_INT_ENABLE     0x00u
#define AST_GPIO_INT_SENSE(i)   (0x04u + 4u * (i))
#define AST_GPIO_INT_STATUS     0x10u /* ones clear */
#define AST_GPIO_RESET_TOLERANT 0x14u
#define AST_GPIO_LATCH(group)   (0x0C0u + 4u * (group)) /* levels driven */

#define AST_GPIO_GROUPS 6u

/* Pins by the names of the data sheet: AST_GPIO('M', 5). */
#define AST_GPIO(port, bit) ((uint16_t)(((port) - 'A') * 8 + (bit)))

/* As the three sense registers code it, bit by bit. */
enum prot_ast_gpio_sense {
	PROT_AST_GPIO_FALLING = 0,
	PROT_AST_GPIO_RISING = 1,
	PROT_AST_GPIO_LOW = 2,
	PROT_AST_GPIO_HIGH = 3,
	PROT_AST_GPIO_BOTH = 4,
};

/* Const. The context of prot_ast_gpio_ops. */
struct prot_ast_gpio {
	uint32_t base; /* AST_GPIO_BASE */
};

/* drive() of an input-only pin: PROT_ERR_ARG. */
extern const struct prot_gpio_ops prot_ast_gpio_ops;

/* Interrupt when the pin does so; whatever was pending is forgotten. */
PROT_MUST_CHECK enum prot_status
prot_ast_gpio_interrupt(const struct prot_ast_gpio *g, uint16_t pin,
			enum prot_ast_gpio_sense sense);
PROT_MUST_CHECK enum prot_status
prot_ast_gpio_interrupt_off(const struct prot_ast_gpio *g, uint16_t pin);

/* In the handler: whether it was this pin, which is forgotten by asking. */
bool prot_ast_gpio_take(const struct prot_ast_gpio *g, uint16_t pin);

/*
 * Keep direction and level of the pin across a watchdog reset of this chip,
 * e.g. of a line that holds another one in reset.
 */
PROT_MUST_CHECK enum prot_status
prot_ast_gpio_reset_tolerant(const struct prot_ast_gpio *g, uint16_t pin,
			     bool on);

#endif /* PROT_AST_GPIO_H */
