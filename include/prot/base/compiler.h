/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_BASE_COMPILER_H
#define PROT_BASE_COMPILER_H

/* Everything that differs between compilers; nothing else tests for one. */

#if defined(__GNUC__)
#define PROT_MUST_CHECK __attribute__((warn_unused_result))
/* Keeps the compiler from reasoning about memory that p points to. */
#define PROT_MEMORY_BARRIER(p) __asm__ volatile("" : : "r"(p) : "memory")
#else
#define PROT_MUST_CHECK
#define PROT_MEMORY_BARRIER(p) ((void)(p))
#endif

#define PROT_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif /* PROT_BASE_COMPILER_H */
