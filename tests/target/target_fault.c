/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the MPU forbids: each test faults, and the next start finds the record
 * of it.
 */
#include "target.h"

#include "ast10x0.h"
#include "start.h"

#define CFSR_IACCVIOL   (1u << 0)
#define CFSR_DACCVIOL   (1u << 1)
#define CFSR_MSTKERR    (1u << 4)
#define CFSR_UNDEFINSTR (1u << 16)
#define CFSR_DIVBYZERO  (1u << 25)

/* Any fault is one while interrupts are off, as here. */
#define EXCEPTION_HARD_FAULT 3u

#define RETURN_0 0x47702000u /* movs r0, #0; bx lr */

extern const uint32_t link_code_start[];
extern const uint32_t link_stack_bottom[];
extern const uint32_t link_stack_top[];

static bool fault_of(enum prot_reset_reason reason,
		     const struct prot_ast_fault *f, uint32_t bits)
{
	return reason == PROT_RESET_FAULT && (f->cfsr & bits) == bits;
}

/* An access at that address. */
static bool access_at(enum prot_reset_reason reason,
		      const struct prot_ast_fault *f, uint32_t from,
		      uint32_t to)
{
	return fault_of(reason, f, CFSR_DACCVIOL) && f->mmfar >= from &&
	       f->mmfar < to && f->pc >= target_place.code &&
	       f->pc < target_place.code_end;
}

/* The compiler must not know where it points to. */
static volatile uint32_t *at(uint32_t address)
{
	volatile uintptr_t where = address;

	return (volatile uint32_t *)where;
}

static volatile uint32_t sink;

static void test_mpu__read_null__fault(void)
{
	sink = *at(0);
}

static bool null_faulted(enum prot_reset_reason reason,
			 const struct prot_ast_fault *f)
{
	return access_at(reason, f, 0, 4);
}

static void test_mpu__write_null_plus_offset__fault(void)
{
	*at(0x3FC) = 1;
}

static bool null_offset_faulted(enum prot_reset_reason reason,
				const struct prot_ast_fault *f)
{
	return access_at(reason, f, 0x3FC, 0x400);
}

static void test_mpu__write_code__fault(void)
{
	*at((uint32_t)(uintptr_t)link_code_start) = 0;
}

static bool code_faulted(enum prot_reset_reason reason,
			 const struct prot_ast_fault *f)
{
	uint32_t code = (uint32_t)(uintptr_t)link_code_start;

	return access_at(reason, f, code, code + 4);
}

static uint32_t code_in_data[2] = {RETURN_0, 0};

static void test_mpu__execute_data__fault(void)
{
	int (*call)(void) = (int (*)(void))((uintptr_t)code_in_data | 1u);

	sink = (uint32_t)call();
}

static bool execution_faulted(enum prot_reset_reason reason,
			      const struct prot_ast_fault *f)
{
	return fault_of(reason, f, CFSR_IACCVIOL);
}

static void test_mpu__memory_of_nobody__fault(void)
{
	sink = *at(target_place.data - 4);
}

static bool nobodys_faulted(enum prot_reset_reason reason,
			    const struct prot_ast_fault *f)
{
	return access_at(reason, f, target_place.data - 4, target_place.data);
}

static void test_mpu__execute_foreign_code__fault(void)
{
	volatile uintptr_t where = target_place.foreign_code | 1u;
	void (*call)(void) = (void (*)(void))where;

	call();
}

static void test_mpu__execute_flash_window__fault(void)
{
	volatile uintptr_t where = AST_FMC_WINDOW | 1u;
	void (*call)(void) = (void (*)(void))where;

	call();
}

/* Grows until the stack is used up: `depth` never becomes 0. */
static uint32_t deeper(volatile uint32_t *depth) // NOLINT(misc-no-recursion)
{
	volatile uint32_t frame[64];

	frame[0] = *depth + 1;
	return *depth == 0 ? 0 : deeper(frame) + frame[0];
}

static void test_stack__overflow__fault(void)
{
	volatile uint32_t start = 1;

	sink = deeper(&start);
}

/* In a push, or when the fault itself was stacked. */
static bool stack_faulted(enum prot_reset_reason reason,
			  const struct prot_ast_fault *f)
{
	return reason == PROT_RESET_FAULT &&
	       (f->cfsr & (CFSR_MSTKERR | CFSR_DACCVIOL)) != 0 &&
	       f->sp <= (uint32_t)(uintptr_t)link_stack_bottom + 64;
}

static void test_fault__undefined_instruction__recorded(void)
{
	__asm__ volatile("udf #0");
}

static bool undefined_faulted(enum prot_reset_reason reason,
			      const struct prot_ast_fault *f)
{
	return fault_of(reason, f, CFSR_UNDEFINSTR);
}

static void test_fault__division_by_zero__recorded_with_registers(void)
{
	__asm__ volatile("mov r0, #7\n\tmov r1, #0\n\tldr r2, =0x12345678\n\t"
			 "udiv r3, r0, r1" ::
				 : "r0", "r1", "r2", "r3");
}

static bool division_faulted(enum prot_reset_reason reason,
			     const struct prot_ast_fault *f)
{
	return fault_of(reason, f, CFSR_DIVBYZERO) && f->r0 == 7 &&
	       f->r1 == 0 && f->r2 == 0x12345678 &&
	       f->exception == EXCEPTION_HARD_FAULT &&
	       f->sp > (uint32_t)(uintptr_t)link_stack_bottom &&
	       f->sp < (uint32_t)(uintptr_t)link_stack_top;
}

#define TEST(name) #name, name

const struct target_test target_fault_tests[] = {
	{TEST(test_mpu__read_null__fault), null_faulted},
	{TEST(test_mpu__write_null_plus_offset__fault), null_offset_faulted},
	{TEST(test_mpu__write_code__fault), code_faulted},
	{TEST(test_mpu__execute_data__fault), execution_faulted},
	{TEST(test_mpu__memory_of_nobody__fault), nobodys_faulted},
	{TEST(test_mpu__execute_foreign_code__fault), execution_faulted},
	{TEST(test_mpu__execute_flash_window__fault), execution_faulted},
	{TEST(test_stack__overflow__fault), stack_faulted},
	{TEST(test_fault__undefined_instruction__recorded), undefined_faulted},
	{TEST(test_fault__division_by_zero__recorded_with_registers),
	 division_faulted},
	{NULL, NULL, NULL},
};
