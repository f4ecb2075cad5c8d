/* SPDX-License-Identifier: Apache-2.0 */
#include "start.h"

#include "cortex_m.h"
#include "mmio.h"

/* From the linker script. */
extern const uint32_t link_code_start[];
extern const uint32_t link_image_end[];
extern const uint32_t link_data_load[];
extern uint32_t link_data_start[];
extern uint32_t link_data_end[];
extern uint32_t link_bss_start[];
extern uint32_t link_bss_end[];
extern const uint32_t prot_ast_vectors[];

void prot_ast_start(void);

/* Called from prot_ast_reset_entry. Nothing in C works before its loops are
 * done. */
void prot_ast_start(void)
{
	const uint32_t *from = link_data_load;

	for (uint32_t *to = link_data_start; to < link_data_end; to++) {
		*to = *from++;
	}
	for (volatile uint32_t *to = link_bss_start; to < link_bss_end; to++) {
		*to = 0;
	}
	prot_mmio_write32(CM_VTOR, (uint32_t)(uintptr_t)prot_ast_vectors);
	prot_mmio_write32(CM_SHCSR, CM_SHCSR_FAULTS);
	prot_mmio_write32(CM_CCR, prot_mmio_read32(CM_CCR) | CM_CCR_DIV_0_TRP);
	prot_ast_main();
}

void prot_ast_reset(void)
{
	prot_ast_interrupts_off();
	prot_mmio_barrier();
	prot_mmio_write32(CM_AIRCR, CM_AIRCR_SYSRESETREQ);
	prot_mmio_barrier();
	for (;;) {
	}
}

void prot_ast_irq_enable(uint32_t irq)
{
	prot_mmio_write32(CM_NVIC_ISER + irq / 32 * 4, 1u << irq % 32);
}

void prot_ast_irq_disable_all(void)
{
	for (uint32_t i = 0; i < CM_NVIC_WORDS; i++) {
		prot_mmio_write32(CM_NVIC_ICER + i * 4, UINT32_MAX);
		prot_mmio_write32(CM_NVIC_ICPR + i * 4, UINT32_MAX);
	}
	prot_mmio_write32(CM_SYST_CSR, 0);
}

const uint8_t *prot_ast_code(size_t *len)
{
	*len = (size_t)((const uint8_t *)link_image_end -
			(const uint8_t *)link_code_start);
	return (const uint8_t *)link_code_start;
}
