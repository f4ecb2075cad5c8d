/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_CPU_H
#define PROT_AST_CPU_H

/* In the place of port/aspeed/soc/target/cpu.h: see mmio_mock.h. */

#include <stdint.h>

uint32_t prot_cpu_irq_save(void);
void prot_cpu_irq_restore(uint32_t mask);
void prot_cpu_fetch_barrier(void);

#endif /* PROT_AST_CPU_H */
