/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers of blocks that the emulator lacks. Drivers and the hardware that
 * tests play share their names, so that a wrong number would fit both: here
 * each stands once more, as the sources in docs/aspeed.md have it.
 */
#include "test.h"

#include "ast10x0.h"
#include "ast_abr.h"
#include "ast_ecdsa.h"
#include "ast_fmc.h"
#include "ast_hace.h"
#include "ast_i2c.h"
#include "ast_otp.h"
#include "ast_rsa.h"
#include "ast_sbc.h"
#include "ast_scu.h"
#include "ast_spim.h"
#include "ast_wdt.h"

#include <prot/base/compiler.h>

struct number {
	const char *name;
	uint32_t is, should;
};

#define NUMBER(name, should)                                                   \
	{                                                                      \
#name, name, should                                            \
	}

static void compare(const struct number *n, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (n[i].is != n[i].should) {
			fail_msg("%s is 0x%x, not 0x%x", n[i].name,
				 (unsigned)n[i].is, (unsigned)n[i].should);
		}
	}
}

static void test_registers__secure_boot_controller__as_documented(void **state)
{
	static const struct number numbers[] = {
		NUMBER(AST_SBC_BASE, 0x7E6F2000),
		NUMBER(AST_SECURE_SRAM_BASE, 0x79000000),
		NUMBER(AST_SBC_STATUS, 0x14),
		NUMBER(AST_SBC_STATUS_RSA_DONE, 0x10),
		NUMBER(AST_SBC_STATUS_ECDSA_DONE, 0x100000),
		NUMBER(AST_SBC_STATUS_ECDSA_VALID, 0x200000),
		NUMBER(AST_SBC_ECDSA_ACCESS, 0x7C),
		NUMBER(AST_SBC_RSA_BITS, 0xB0),
		NUMBER(AST_SBC_ECDSA_ENABLE, 0xB4),
		NUMBER(AST_SBC_TRIGGER, 0xBC),
		NUMBER(AST_SBC_TRIGGER_RSA, 1),
		NUMBER(AST_SBC_TRIGGER_ECDSA, 2),
		NUMBER(AST_SBC_ACCESS_CURVE, 0x0100F00B),
		NUMBER(AST_SBC_ACCESS_OPERANDS, 0x0300F00B),
		NUMBER(AST_SBC_P384_GX, 0xA00),
		NUMBER(AST_SBC_P384_GY, 0xA40),
		NUMBER(AST_SBC_P384_P, 0xA80),
		NUMBER(AST_SBC_P384_N, 0xAC0),
	};

	(void)state;
	compare(numbers, PROT_ARRAY_SIZE(numbers));
}

static void
test_registers__operands_of_rsa_and_ecdsa__as_documented(void **state)
{
	static const struct number numbers[] = {
		NUMBER(AST_RSA_EXPONENT, 0),
		NUMBER(AST_RSA_MODULUS, 0x400),
		NUMBER(AST_RSA_DATA, 0x800),
		NUMBER(AST_RSA_RESULT, 0x1400),
		NUMBER(AST_ECDSA_GX, 0x2000),
		NUMBER(AST_ECDSA_GY, 0x2040),
		NUMBER(AST_ECDSA_QX, 0x2080),
		NUMBER(AST_ECDSA_QY, 0x20C0),
		NUMBER(AST_ECDSA_P, 0x2100),
		NUMBER(AST_ECDSA_A, 0x2140),
		NUMBER(AST_ECDSA_N, 0x2180),
		NUMBER(AST_ECDSA_R, 0x21C0),
		NUMBER(AST_ECDSA_S, 0x2200),
		NUMBER(AST_ECDSA_M, 0x2240),
		NUMBER(AST_ECDSA_INSTRUCTION, 0x23C0),
		NUMBER(AST_ECDSA_INSTRUCTION_VERIFY, 1),
	};

	(void)state;
	compare(numbers, PROT_ARRAY_SIZE(numbers));
}

static void test_registers__otp__as_documented(void **state)
{
	static const struct number numbers[] = {
		NUMBER(AST_OTP_PROTECT, 0x00),
		NUMBER(AST_OTP_COMMAND, 0x04),
		NUMBER(AST_OTP_TIMING, 0x08),
		NUMBER(AST_OTP_ADDRESS, 0x10),
		NUMBER(AST_OTP_STATUS, 0x14),
		NUMBER(AST_OTP_DATA(0), 0x20),
		NUMBER(AST_OTP_DATA(1), 0x24),
		NUMBER(AST_OTP_PROTECT_PASSWORD, 0x349FE38A),
		NUMBER(AST_OTP_PROTECT_ON, 1),
		NUMBER(AST_OTP_COMMAND_READ, 0x23B1E361),
		NUMBER(AST_OTP_COMMAND_WRITE, 0x23B1E362),
		NUMBER(AST_OTP_COMMAND_PROGRAM, 0x23B1E364),
		NUMBER(AST_OTP_STATUS_IDLE, 0x6),
		NUMBER(AST_OTP_CONFIG(0), 0x800),
		NUMBER(AST_OTP_CONFIG(16), 0xC00),
		NUMBER(AST_OTP_CONFIG(31), 0xE0E),
	};

	(void)state;
	compare(numbers, PROT_ARRAY_SIZE(numbers));
}

static void test_registers__hash_engine__as_documented(void **state)
{
	static const struct number numbers[] = {
		NUMBER(AST_HACE_BASE, 0x7E6D0000),
		NUMBER(AST_HACE_STATUS, 0x1C),
		NUMBER(AST_HACE_HASH_SRC, 0x20),
		NUMBER(AST_HACE_HASH_DST, 0x24),
		NUMBER(AST_HACE_HASH_KEY, 0x28),
		NUMBER(AST_HACE_HASH_LEN, 0x2C),
		NUMBER(AST_HACE_HASH_CMD, 0x30),
		NUMBER(AST_HACE_STATUS_BUSY, 0x1),
		NUMBER(AST_HACE_STATUS_DONE, 0x200),
		NUMBER(AST_HACE_CMD_BIG_ENDIAN, 0x8),
		NUMBER(AST_HACE_CMD_ACCUMULATE, 0x100),
		NUMBER(AST_HACE_CMD_SG, 0x40000),
		NUMBER(AST_HACE_CMD_SHA256, 0x50),
		NUMBER(AST_HACE_CMD_SHA512, 0x60),
		NUMBER(AST_HACE_CMD_SHA384, 0x460),
		NUMBER(AST_HACE_SG_LAST, 0x80000000),
	};

	(void)state;
	compare(numbers, PROT_ARRAY_SIZE(numbers));
}

static void test_registers__i2c_target__as_documented(void **state)
{
	static const struct number numbers[] = {
		NUMBER(AST_I2C_BUS_BASE + 2 * AST_I2C_BUS_STRIDE, 0x7E7B0180),
		NUMBER(AST_I2C_LINES, 0x08),
		NUMBER(AST_I2C_TARGET_ENABLE, 0x20),
		NUMBER(AST_I2C_TARGET_STATUS, 0x24),
		NUMBER(AST_I2C_TARGET_CMD, 0x28),
		NUMBER(AST_I2C_TARGET_DMA_LEN, 0x2C),
		NUMBER(AST_I2C_TARGET_TX_DMA, 0x38),
		NUMBER(AST_I2C_TARGET_RX_DMA, 0x3C),
		NUMBER(AST_I2C_TARGET_ADDRESS, 0x40),
		NUMBER(AST_I2C_TARGET_DMA_ACTUAL, 0x4C),
		NUMBER(AST_I2C_FUNCTION_TARGET, 0x2),
		NUMBER(AST_I2C_FUNCTION_SAVE_ADDRESS, 0x100000),
		NUMBER(AST_I2C_TARGET_RX_DONE, 0x4),
		NUMBER(AST_I2C_TARGET_RX_NAK, 0x8),
		NUMBER(AST_I2C_TARGET_STOP, 0x10),
		NUMBER(AST_I2C_TARGET_MATCH, 0x80),
		NUMBER(AST_I2C_TARGET_INACTIVE, 0x8000),
		NUMBER(AST_I2C_TARGET_PKT_DONE, 0x10000),
		NUMBER(AST_I2C_TARGET_PKT_ERROR, 0x20000),
		NUMBER(AST_I2C_TARGET_WHICH, 0xC0000),
		NUMBER(AST_I2C_TARGET_ADDRESS_NAK, 0x700000),
		NUMBER(AST_I2C_TARGET_WAIT_RX, 0x1000000),
		NUMBER(AST_I2C_TARGET_WAIT_TX, 0x2000000),
		NUMBER(AST_I2C_TARGET_PENDING, 0xE0000000),
		NUMBER(AST_I2C_TARGET_CMD_RX_DMA, 0x200),
		NUMBER(AST_I2C_TARGET_CMD_PKT, 0x10000),
		NUMBER(AST_I2C_TARGET_CMD_ACTIVE, 0x60000),
		NUMBER(AST_I2C_ADDRESS_ENABLE, 0x80),
	};

	(void)state;
	compare(numbers, PROT_ARRAY_SIZE(numbers));
}

static void test_registers__resets_and_straps__as_documented(void **state)
{
	static const struct number numbers[] = {
		NUMBER(AST_WDT_BASE + AST_WDT_STRIDE, 0x7E785080),
		NUMBER(AST_WDT_STATUS, 0x00),
		NUMBER(AST_WDT_RELOAD, 0x04),
		NUMBER(AST_WDT_RESTART, 0x08),
		NUMBER(AST_WDT_CTRL, 0x0C),
		NUMBER(AST_WDT_TIMEOUT_STATUS, 0x10),
		NUMBER(AST_WDT_RESET_MASK1, 0x1C),
		NUMBER(AST_WDT_RESET_MASK2, 0x20),
		NUMBER(AST_SCU_RESET_LOG1, 0x074),
		NUMBER(AST_SCU_STRAP1_BOOT_COPY, 0x8),
		NUMBER(AST_SCU_STRAP2_ABR, 0x800),
		NUMBER(AST_SCU_STRAP2_ABR_SINGLE, 0x1000),
		NUMBER(AST_ABR_CTRL, 0x64),
		NUMBER(AST_ABR_RELOAD, 0x68),
		NUMBER(AST_ABR_RESTART, 0x6C),
		NUMBER(AST_ABR_CTRL_ENABLE, 0x1),
		NUMBER(AST_ABR_CTRL_ALTERNATE, 0x10),
		NUMBER(AST_FMC_CTRL_HCLK_DIV2, 0x700),
		NUMBER(AST_FMC_CTRL_HCLK_DIV4, 0x600),
		NUMBER(AST_FMC_CTRL_HCLK_DIV5, 0xD00),
		NUMBER(AST_FMC_CTRL_HCLK_DIV8, 0x400),
		NUMBER(AST_FMC_CTRL_HCLK_DIV16, 0),
	};

	(void)state;
	compare(numbers, PROT_ARRAY_SIZE(numbers));
}

static void test_registers__spi_monitor__as_documented(void **state)
{
	static const struct number numbers[] = {
		NUMBER(AST_SPIM1_BASE + 3 * AST_SPIM_STRIDE, 0x7E794000),
		NUMBER(AST_SPIM_CTRL_PASS, 0x3),
		NUMBER(AST_SPIM_CTRL_FILTER, 0x4),
		NUMBER(AST_SPIM_CTRL_EXTRA_CLOCK, 0x80),
		NUMBER(AST_SPIM_CTRL_RESET, 0x8000),
		NUMBER(AST_SPIM_CTRL_LOCK_FIFO, 0x400000),
		NUMBER(AST_SPIM_CTRL_LOCK_RESET, 0x800000),
		NUMBER(AST_SPIM_IRQ_ENABLE, 0x70000),
		NUMBER(AST_SPIM_IRQ_PUSH_PULL, 0x80000000),
		NUMBER(AST_SPIM_LOCK, 0x7C),
		NUMBER(AST_SPIM_LOCK_CTRL, 0x1),
		NUMBER(AST_SPIM_LOCK_IRQ, 0x2),
		NUMBER(AST_SPIM_LOCK_LOG_BASE, 0x10),
		NUMBER(AST_SPIM_LOCK_LOG_SIZE, 0x20),
		NUMBER(AST_SPIM_LOCK_WRITE_TABLE, 0x40000000),
		NUMBER(AST_SPIM_LOCK_READ_TABLE, 0x80000000),
		NUMBER(AST_SPIM_SLOT_VALID_ONCE, 0x80000000),
		NUMBER(AST_SPIM_SLOT_VALID, 0x40000000),
		NUMBER(AST_SPIM_SLOT_LOCK, 0x800000),
		NUMBER(AST_SPIM_BLOCK, 16384),
		NUMBER(AST_SPIM_ROUTE_DETOUR_SPI2, 0x8),
		NUMBER(AST_SPIM_ROUTE_PASS(1), 0x10),
		NUMBER(AST_SPIM_ROUTE_FILTER(1), 0x100),
		NUMBER(AST_SPIM_ROUTE_MUX(1), 0x1000),
		NUMBER(AST_SPIM_ROUTE_RESET(1), 0x10000),
		NUMBER(AST_SPIM_ROUTE_RESET_BY(1), 0x100000),
		NUMBER(AST_SPIM_ROUTE_RESET_OUT(4), 0x8000000),
	};

	(void)state;
	compare(numbers, PROT_ARRAY_SIZE(numbers));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_registers__secure_boot_controller__as_documented),
		cmocka_unit_test(
			test_registers__operands_of_rsa_and_ecdsa__as_documented),
		cmocka_unit_test(test_registers__otp__as_documented),
		cmocka_unit_test(test_registers__hash_engine__as_documented),
		cmocka_unit_test(test_registers__i2c_target__as_documented),
		cmocka_unit_test(
			test_registers__resets_and_straps__as_documented),
		cmocka_unit_test(test_registers__spi_monitor__as_documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
