/* SPDX-License-Identifier: Apache-2.0 */
#include "memory_map.h"

#include "ast10x0.h"
#include "ast_mpu.h"
#include "sram_map.h"

#include <prot/base/compiler.h>

/* Peripherals from FMC to I2C, and the windows of all flash controllers. */
#define REGISTERS      0x7E600000u
#define REGISTERS_LOG2 21
#define WINDOWS_LOG2   30
#define SECURE_LOG2    16

/* Bit i set: eighth i of the region is none of it. */
#define EIGHTHS_0_TO_5 0xC0
#define EIGHTHS_2_TO_6 0x83

static const struct prot_ast_mpu_region boot[] = {
	{SRAM_BOOT_CODE, 17, EIGHTHS_0_TO_5, PROT_AST_MPU_CODE},
	{SRAM_BOOT_CODE, 10, 0, PROT_AST_MPU_NONE}, /* null guard */
	{0, 19, EIGHTHS_2_TO_6, PROT_AST_MPU_DATA}, /* load memory */
	{SRAM_BOOT_DATA, 16, 0, PROT_AST_MPU_DATA},
	{SRAM_SHARED, 13, 0, PROT_AST_MPU_DATA},
	{REGISTERS, REGISTERS_LOG2, 0, PROT_AST_MPU_DEVICE},
	{AST_FMC_WINDOW, WINDOWS_LOG2, 0, PROT_AST_MPU_DEVICE},
	{AST_SECURE_SRAM_BASE, SECURE_LOG2, 0, PROT_AST_MPU_DEVICE},
};

static const struct prot_ast_mpu_region runtime[] = {
	{0, 19, EIGHTHS_2_TO_6, PROT_AST_MPU_CODE}, /* load memory */
	{SRAM_RUNTIME_DATA, 17, EIGHTHS_0_TO_5, PROT_AST_MPU_DATA},
	{SRAM_SHARED, 13, 0, PROT_AST_MPU_DATA},
	{REGISTERS, REGISTERS_LOG2, 0, PROT_AST_MPU_DEVICE},
	{AST_FMC_WINDOW, WINDOWS_LOG2, 0, PROT_AST_MPU_DEVICE},
	{AST_SECURE_SRAM_BASE, SECURE_LOG2, 0, PROT_AST_MPU_DEVICE},
};

_Static_assert(SRAM_LOAD == 2 << 16 && SRAM_LOAD_SIZE == 5 << 16,
	       "load memory is eighths 2 to 6 of 512 KiB");
_Static_assert(SRAM_BOOT_CODE_SIZE == 6 << 14 &&
		       SRAM_RUNTIME_DATA_SIZE == 6 << 14,
	       "eighths 0 to 5 of 128 KiB");
_Static_assert(SRAM_VECTORS_SIZE == 1 << 10 && SRAM_BOOT_DATA_SIZE == 1 << 16 &&
		       SRAM_SHARED_SIZE == 1 << 13,
	       "whole regions");

void prot_ast_protect_boot(void)
{
	prot_ast_mpu_enable(boot, PROT_ARRAY_SIZE(boot));
}

void prot_ast_protect_runtime(void)
{
	prot_ast_mpu_enable(runtime, PROT_ARRAY_SIZE(runtime));
}
