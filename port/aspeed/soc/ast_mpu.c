/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_mpu.h"

#include "cortex_m.h"
#include "cpu.h"
#include "mmio.h"

#define RASR_ENABLE  (1u << 0)
#define RASR_SIZE(n) ((uint32_t)((n)-1) << 1)
#define RASR_SRD(b)  ((uint32_t)(b) << 8)
#define RASR_B       (1u << 16)
#define RASR_C       (1u << 17)
#define RASR_S       (1u << 18)
#define RASR_AP_RW   (1u << 24) /* privileged only */
#define RASR_AP_RO   (5u << 24)
#define RASR_XN      (1u << 28)

static uint32_t attributes(uint8_t access)
{
	static const uint32_t rasr[] = {
		[PROT_AST_MPU_NONE] = RASR_XN,
		[PROT_AST_MPU_CODE] = RASR_AP_RO | RASR_C,
		[PROT_AST_MPU_DATA] =
			RASR_AP_RW | RASR_C | RASR_B | RASR_S | RASR_XN,
		[PROT_AST_MPU_DEVICE] = RASR_AP_RW | RASR_B | RASR_S | RASR_XN,
	};

	return rasr[access];
}

void prot_ast_mpu_disable(void)
{
	prot_mmio_barrier();
	prot_mmio_write32(CM_MPU_CTRL, 0);
	prot_cpu_fetch_barrier();
}

void prot_ast_mpu_enable(const struct prot_ast_mpu_region *regions,
			 size_t count)
{
	prot_ast_mpu_disable();
	for (uint32_t i = 0; i < CM_MPU_REGIONS; i++) {
		prot_mmio_write32(CM_MPU_RNR, i);
		prot_mmio_write32(CM_MPU_RASR, 0);
		if (i < count) {
			const struct prot_ast_mpu_region *r = &regions[i];

			prot_mmio_write32(CM_MPU_RBAR, r->base);
			prot_mmio_write32(
				CM_MPU_RASR,
				attributes(r->access) | RASR_SRD(r->absent) |
					RASR_SIZE(r->size_log2) | RASR_ENABLE);
		}
	}
	/* No default map for privileged code, and on in fault handlers too. */
	prot_mmio_write32(CM_MPU_CTRL, CM_MPU_CTRL_ENABLE | 1u << 1);
	prot_cpu_fetch_barrier();
}
