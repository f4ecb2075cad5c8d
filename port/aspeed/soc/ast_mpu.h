/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_MPU_H
#define PROT_AST_MPU_H

/*
 * The memory protection unit (ARMv7-M, B3.5): a table of regions, and nothing
 * beside them. Whatever no region holds faults: that is the null guard and
 * the guard below each stack.
 *
 * QEMU 7.2: modelled.
 */

#include <stddef.h>
#include <stdint.h>

enum prot_ast_mpu_access {
	PROT_AST_MPU_NONE = 0, /* faults; takes from regions before it */
	PROT_AST_MPU_CODE,     /* read, execute */
	PROT_AST_MPU_DATA,     /* read, write */
	PROT_AST_MPU_DEVICE,   /* registers, DMA and flash windows */
};

struct prot_ast_mpu_region {
	uint32_t base;     /* a multiple of 1 << size_log2 */
	uint8_t size_log2; /* 5 to 32 */
	uint8_t absent;    /* bit i: eighth i does not belong to it; needs
			      size_log2 >= 8 */
	uint8_t access;    /* enum prot_ast_mpu_access */
};

/* At most CM_MPU_REGIONS; a later region wins over an earlier one. */
void prot_ast_mpu_enable(const struct prot_ast_mpu_region *regions,
			 size_t count);
void prot_ast_mpu_disable(void);

#endif /* PROT_AST_MPU_H */
