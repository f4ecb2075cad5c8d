/* SPDX-License-Identifier: Apache-2.0 */
#include "target.h"

#include "ast10x0.h"
#include "ast_board.h"
#include "ast_gpio.h"
#include "ast_scu.h"

#include <string.h>

static void test_scu__silicon__known_chip(void)
{
	uint32_t id = prot_ast_scu_silicon();

	TARGET_CHECK(id == AST_SILICON_AST1030A1);
	TARGET_CHECK(strcmp(prot_ast_scu_silicon_name(id), "AST1030-A1") == 0);
}

static void test_gpio__driven_pin__reads_its_level(void)
{
	static struct prot_ast_gpio gpio = {AST_GPIO_BASE};
	uint16_t pin = AST_GPIO('A', 3);
	bool level;

	for (int i = 0; i < 4; i++) {
		TARGET_CHECK(prot_ast_gpio_ops.drive(&gpio, pin, i % 2) ==
			     PROT_OK);
		TARGET_CHECK(prot_ast_gpio_ops.get(&gpio, pin, &level) ==
			     PROT_OK);
		TARGET_CHECK(level == (i % 2 != 0));
	}
	TARGET_CHECK(prot_ast_gpio_ops.release(&gpio, pin) == PROT_OK);
}

#define TEST(name) #name, name

const struct target_test target_soc_tests[] = {
	{TEST(test_scu__silicon__known_chip), NULL},
	{TEST(test_gpio__driven_pin__reads_its_level), NULL},
	{NULL, NULL, NULL},
};
