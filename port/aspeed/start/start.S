/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Vectors, the first instructions after reset, and the ways into C. A boot
 * loader and a runtime have this code each; the runtime's vectors stand at the
 * start of its payload.
 */
#include "ast10x0.h"
#include "cortex_m.h"

	.syntax unified
	.thumb

	.section .vectors, "a"
	.align 10
	.global prot_ast_vectors
prot_ast_vectors:
	.word link_stack_top
	.word prot_ast_reset_entry
	.word fault_entry		/* 2: NMI */
	.word fault_entry		/* 3: hard fault */
	.word fault_entry		/* 4: memory management */
	.word fault_entry		/* 5: bus fault */
	.word fault_entry		/* 6: usage fault */
	.rept 8
	.word fault_entry		/* 7 to 14: none of them is used */
	.endr
	.word interrupt_entry		/* 15: SysTick */
	.rept AST_IRQ_COUNT
	.word interrupt_entry
	.endr

	.section .text.prot_ast_reset_entry, "ax"
	.thumb_func
	.type prot_ast_reset_entry, %function
	.global prot_ast_reset_entry
prot_ast_reset_entry:
	.cfi_sections .debug_frame
	.cfi_startproc
	.cfi_undefined lr		/* nobody called: backtraces end here */
	cpsid	i
	ldr	r0, =link_stack_top
	msr	msp, r0
	bl	prot_ast_start
	b	.
	.cfi_endproc

	/* Onto a stack of its own: the one in use may be why we are here. */
	.section .text.fault_entry, "ax"
	.thumb_func
	.type fault_entry, %function
fault_entry:
	cpsid	i
	mrs	r0, msp
	mrs	r1, ipsr
	ldr	r2, =link_fault_stack_top
	msr	msp, r2
	bl	prot_ast_fault
	b	.

	.section .text.interrupt_entry, "ax"
	.thumb_func
	.type interrupt_entry, %function
interrupt_entry:
	mrs	r0, ipsr
	b	prot_ast_interrupt

	/*
	 * void prot_ast_leave(uint32_t vectors): wipe all data of this program,
	 * its stack included, and start another one as the core does at reset.
	 */
	.section .text.prot_ast_leave, "ax"
	.thumb_func
	.type prot_ast_leave, %function
	.global prot_ast_leave
prot_ast_leave:
	cpsid	i
	ldr	r1, =link_stack_bottom
	ldr	r2, =link_bss_end
	movs	r3, #0
1:	cmp	r1, r2
	it	lo
	strlo	r3, [r1], #4
	blo	1b
	ldr	r1, =CM_VTOR
	str	r0, [r1]
	dsb
	isb
	ldr	r1, [r0]
	ldr	r2, [r0, #4]
	msr	msp, r1
	mov	r0, r3
	mov	r1, r3
	mov	r4, r3
	mov	r5, r3
	mov	r6, r3
	mov	r7, r3
	mov	r8, r3
	mov	r9, r3
	mov	r10, r3
	mov	r11, r3
	mov	r12, r3
	bx	r2
