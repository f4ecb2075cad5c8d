/* SPDX-License-Identifier: Apache-2.0 */
/* The tests in the boot loader's place, under its memory map: all of them. */
#include "target.h"

#include "memory_map.h"
#include "sram_map.h"

const struct target_place target_place = {
	.protect = prot_ast_protect_boot,
	.code = SRAM_BOOT_CODE + SRAM_VECTORS_SIZE,
	.code_end = SRAM_BOOT_CODE + SRAM_BOOT_CODE_SIZE,
	.data = SRAM_BOOT_DATA,
	.foreign_code = SRAM_BOOT_CODE + SRAM_BOOT_CODE_SIZE,
};

const struct target_test *const target_suites[] = {
	target_clock_tests,  target_soc_tests,
	target_crypto_tests, target_flash_tests,
	target_mctp_tests,   target_i2c_tests,
	target_fault_tests,  NULL,
};
