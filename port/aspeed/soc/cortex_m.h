/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_CORTEX_M_H
#define PROT_AST_CORTEX_M_H

/*
 * Registers of the Cortex-M4 core that the port uses (ARMv7-M Architecture
 * Reference Manual, B3).
 */

#define CM_ICTR 0xE000E004u

#define CM_SYST_CSR 0xE000E010u
#define CM_SYST_RVR 0xE000E014u
#define CM_SYST_CVR 0xE000E018u

#define CM_SYST_CSR_ENABLE    (1u << 0)
#define CM_SYST_CSR_TICKINT   (1u << 1)
#define CM_SYST_CSR_CLKSOURCE (1u << 2)  /* core clock */
#define CM_SYST_CSR_COUNTFLAG (1u << 16) /* wrapped; reading clears it */

#define CM_NVIC_ISER  0xE000E100u /* set enable, 32 interrupts per word */
#define CM_NVIC_ICER  0xE000E180u
#define CM_NVIC_ICPR  0xE000E280u
#define CM_NVIC_WORDS 8u

#define CM_ICSR              0xE000ED04u
#define CM_ICSR_PENDSTSET    (1u << 26)
#define CM_VTOR              0xE000ED08u
#define CM_AIRCR             0xE000ED0Cu
#define CM_AIRCR_SYSRESETREQ 0x05FA0004u /* with its key */
#define CM_SHCSR             0xE000ED24u
#define CM_SHCSR_FAULTS      (7u << 16) /* usage, bus, memory management */
#define CM_CFSR              0xE000ED28u
#define CM_HFSR              0xE000ED2Cu
#define CM_MMFAR             0xE000ED34u
#define CM_BFAR              0xE000ED38u
#define CM_CCR               0xE000ED14u
#define CM_CCR_DIV_0_TRP     (1u << 4)

#define CM_MPU_TYPE        0xE000ED90u
#define CM_MPU_CTRL        0xE000ED94u
#define CM_MPU_RNR         0xE000ED98u
#define CM_MPU_RBAR        0xE000ED9Cu
#define CM_MPU_RASR        0xE000EDA0u
#define CM_MPU_REGIONS     8u
#define CM_MPU_CTRL_ENABLE (1u << 0)

#define CM_SYSTICK    15u /* exception number */
#define CM_EXCEPTIONS 16u /* vectors before the first interrupt's */

#endif /* PROT_AST_CORTEX_M_H */
