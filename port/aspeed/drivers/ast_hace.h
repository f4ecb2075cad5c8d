/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_HACE_H
#define PROT_AST_HACE_H

/*
 * Hash engine of the HACE: SHA-256, SHA-384 and SHA-512 in accumulate mode.
 * The engine takes whole blocks and keeps the running digest in memory; FIPS
 * 180-4 padding is this driver's part. The running digest lives in the hash
 * state of the caller and is put before the engine for each run, so any number
 * of hashes may be in progress, and '=' forks one.
 *
 * QEMU 7.2: not modelled on ast1030-evb; reads 0, so every run times out.
 */

#include <prot/crypto.h>
#include <prot/port/clock.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AST_HACE_STATUS      0x1Cu
#define AST_HACE_HASH_SRC    0x20u /* data, or the scatter-gather list */
#define AST_HACE_HASH_DST    0x24u /* digest buffer, 8-byte aligned */
#define AST_HACE_HASH_KEY    0x28u /* accumulate mode: the digest buffer */
#define AST_HACE_HASH_LEN    0x2Cu /* bytes of all parts */
#define AST_HACE_HASH_CMD    0x30u /* writing it starts the engine */
#define AST_HACE_STATUS_BUSY (1u << 0)
#define AST_HACE_STATUS_DONE (1u << 9) /* write 1 to clear */

#define AST_HACE_CMD_BIG_ENDIAN (1u << 3)
#define AST_HACE_CMD_ACCUMULATE (1u << 8)
#define AST_HACE_CMD_SG         (1u << 18)
#define AST_HACE_CMD_SHA256     (0x5u << 4)
#define AST_HACE_CMD_SHA512     (0x6u << 4)
#define AST_HACE_CMD_SHA384     (0x6u << 4 | 1u << 10)

#define AST_HACE_SG_LAST (1u << 31) /* in the length of the last entry */

/* Bytes for one run, and how long that may take. */
#define AST_HACE_RUN_MAX      0x10000u
#define AST_HACE_RUN_LIMIT_US 100000u

#define AST_HACE_BOUNCE 512 /* bytes; a multiple of the longest block */

/* What prot_ast_hace hashes; a bit set as in struct prot_crypto_ops. */
#define PROT_AST_HACE_HASHES                                                   \
	(1u << PROT_HASH_SHA256 | 1u << PROT_HASH_SHA384 |                     \
	 1u << PROT_HASH_SHA512)

/*
 * Memory that the engine and the processor share: uncached SRAM, zero at
 * start. Fields are private.
 */
struct prot_ast_hace_memory {
	_Alignas(64) uint8_t digest[PROT_HASH_MAX];
	uint8_t bounce[AST_HACE_BOUNCE];
	struct {
		uint32_t len;
		uint32_t address;
	} sg[2];
	bool ready;
};

/* Const. */
struct prot_ast_hace {
	uint32_t base; /* AST_HACE_BASE */
	const struct prot_clock *clock;
	struct prot_ast_hace_memory *memory;
	/*
	 * The engine fetches data in [direct, direct + direct_size), as
	 * prot_mmio_dma() names it, from where the caller has it: SRAM that
	 * is not cached. Other data is copied first. Size 0: all is.
	 */
	uint32_t direct;
	uint32_t direct_size;
	/*
	 * Drop cached lines of memory that the engine has written. NULL when
	 * `memory` is not cached.
	 */
	void (*invalidate)(const void *at, size_t len);
};

/* Reset the engine and give it its clock. Before any other call, once. */
void prot_ast_hace_init(const struct prot_ast_hace *e);

/*
 * As the ops of the same names in struct prot_crypto_ops. PROT_ERR_ARG: an
 * algorithm outside PROT_AST_HACE_HASHES. PROT_ERR_CRYPTO: no hash is in
 * progress in that state, or the engine did not finish in time; it is then
 * out of service until the next init, because it may still write to `memory`.
 */
PROT_MUST_CHECK
enum prot_status prot_ast_hace_hash_init(const struct prot_ast_hace *e,
					 struct prot_hash_state *h,
					 enum prot_hash_alg alg);
PROT_MUST_CHECK
enum prot_status prot_ast_hace_hash_update(const struct prot_ast_hace *e,
					   struct prot_hash_state *h,
					   const void *data, size_t len);
PROT_MUST_CHECK
enum prot_status prot_ast_hace_hash_final(const struct prot_ast_hace *e,
					  struct prot_hash_state *h,
					  uint8_t *out);

#endif /* PROT_AST_HACE_H */
