/* SPDX-License-Identifier: Apache-2.0 */
/* The tests in the runtime's place, under its memory map: what that forbids. */
#include "target.h"

#include "memory_map.h"
#include "sram_map.h"

/* Where the processor looks after a reset: here nobody else has put it. */
extern uint32_t link_stack_top[];
void prot_ast_reset_entry(void);

/* External, so that the linker can be told to keep it. */
extern const struct target_at_reset {
	void *stack;
	void (*entry)(void);
} target_at_reset;

__attribute__((section(".at_reset")))
const struct target_at_reset target_at_reset = {link_stack_top,
						prot_ast_reset_entry};

const struct target_place target_place = {
	.protect = prot_ast_protect_runtime,
	.code = SRAM_LOAD,
	.code_end = SRAM_LOAD + SRAM_LOAD_SIZE,
	.data = SRAM_RUNTIME_DATA,
	.foreign_code = SRAM_BOOT_CODE + SRAM_VECTORS_SIZE, /* boot loader */
};

const struct target_test *const target_suites[] = {
	target_fault_tests,
	NULL,
};
