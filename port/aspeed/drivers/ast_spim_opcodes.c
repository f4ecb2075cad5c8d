/* SPDX-License-Identifier: Apache-2.0 */
#include "ast_spim.h"

#define G AST_SPIM_GENERIC
#define W AST_SPIM_WRITES
#define R AST_SPIM_READS
#define M AST_SPIM_MEMORY

/* As the vendor's drivers describe them. */
const struct prot_ast_spim_opcode prot_ast_spim_opcodes[] = {
	/* kind, opcode, address: bytes, lanes; data lanes, dummies, kbytes */
	{G | R | M, 0x03, 3, 1, 1, 0, 0},  /* READ */
	{G | R | M, 0x13, 4, 1, 1, 0, 0},  /* READ4B */
	{G | R | M, 0x0B, 3, 1, 1, 8, 0},  /* FAST_READ */
	{G | R | M, 0x0C, 4, 1, 1, 8, 0},  /* FAST_READ4B */
	{G | R | M, 0x3B, 3, 1, 2, 8, 0},  /* DREAD, 1-1-2 */
	{G | R | M, 0x3C, 4, 1, 2, 8, 0},  /* DREAD4B */
	{G | R | M, 0xBB, 3, 2, 2, 4, 0},  /* 2READ, 1-2-2 */
	{G | R | M, 0xBC, 4, 2, 2, 4, 0},  /* 2READ4B */
	{G | R | M, 0x6B, 3, 1, 4, 8, 0},  /* QREAD, 1-1-4 */
	{G | R | M, 0x6C, 4, 1, 4, 8, 0},  /* QREAD4B */
	{G | R | M, 0xEB, 3, 4, 4, 6, 0},  /* 4READ, 1-4-4 */
	{G | R | M, 0xEC, 4, 4, 4, 6, 0},  /* 4READ4B */
	{G | W | M, 0x02, 3, 1, 1, 0, 4},  /* PP */
	{G | W | M, 0x12, 4, 1, 1, 0, 4},  /* PP4B */
	{G | W | M, 0x32, 3, 1, 4, 0, 4},  /* QPP, 1-1-4 */
	{G | W | M, 0x34, 4, 1, 4, 0, 4},  /* QPP4B */
	{G | W | M, 0x20, 3, 1, 0, 0, 4},  /* SE */
	{G | W | M, 0x21, 4, 1, 0, 0, 4},  /* SE4B */
	{G | W | M, 0xD8, 3, 1, 0, 0, 64}, /* BE */
	{G | W | M, 0xDC, 4, 1, 0, 0, 64}, /* BE4B */
	{G, 0x06, 0, 0, 0, 0, 0},          /* WREN */
	{G, 0x04, 0, 0, 0, 0, 0},          /* WRDI */
	{G, 0x50, 0, 0, 0, 0, 0},          /* WREN for volatile status */
	{G | R, 0x05, 0, 0, 1, 0, 0},      /* RDSR */
	{G | R, 0x35, 0, 0, 1, 0, 0},      /* RDSR2 */
	{G | R, 0x15, 0, 0, 1, 0, 0},      /* RDCR */
	{G | R, 0x70, 0, 0, 1, 0, 0},      /* RDFSR */
	{G | R, 0x9F, 0, 0, 1, 0, 0},      /* RDID */
	{G | R, 0x5A, 3, 1, 1, 8, 0},      /* RDSFDP */
	{G | W, 0x01, 0, 0, 1, 0, 0},      /* WRSR */
	{G | W, 0x31, 0, 0, 1, 0, 0},      /* WRSR2 */
	{G | W, 0xC2, 0, 0, 1, 0, 0},      /* die select */
	{W, 0xC5, 0, 0, 1, 0, 0},          /* WREAR */
	{0, 0xB7, 0, 0, 0, 0, 0},          /* EN4B */
	{0, 0xE9, 0, 0, 0, 0, 0},          /* EX4B */
};
const size_t prot_ast_spim_opcode_count =
	PROT_ARRAY_SIZE(prot_ast_spim_opcodes);

const uint8_t prot_ast_spim_default_commands[] = {
	0x03, 0x13, 0x0B, 0x0C, 0x6B, 0x6C, 0x01, 0x05, 0x35,
	0x06, 0x04, 0x20, 0x21, 0x9F, 0x5A, 0xB7, 0xE9, 0x32,
	0x34, 0xD8, 0xDC, 0x02, 0x12, 0x3B, 0x3C, 0x70, 0x50,
};
const size_t prot_ast_spim_default_command_count =
	PROT_ARRAY_SIZE(prot_ast_spim_default_commands);
