/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_SPIM_H
#define PROT_AST_SPIM_H

/*
 * SPI monitors of the AST1060, units 1 to 4: each stands between a host and
 * its boot flash, lets only listed commands through, and of these only reads
 * and writes of permitted blocks of 16 KiB. What it blocks it logs.
 *
 * A board protects a host flash so, with the host held in reset:
 *
 *     prot_ast_spim_hold(&spim1);           the flash is ours; verify it
 *     prot_ast_spim_detour_begin(...), read the flash through SPI1 or SPI2,
 *     prot_ast_spim_detour_end(...)
 *     prot_ast_spim_protect(&spim1);        the policy is loaded and locked
 *     prot_ast_spim_mux(&spim1, true);      the host has its flash
 *     and releases the host from reset
 *
 * From one context, but for prot_ast_spim_take.
 *
 * QEMU 7.2: not modelled; registers read 0, so hold() ends in PROT_ERR_IO.
 */

#include <prot/base/compiler.h>
#include <prot/base/status.h>
#include <prot/port/clock.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Registers of a unit. */
#define AST_SPIM_CTRL     0x000u
#define AST_SPIM_IRQ      0x004u
#define AST_SPIM_LOG_BASE 0x010u
#define AST_SPIM_LOG_SIZE 0x014u /* words, and AST_SPIM_LOG_ENABLE */
#define AST_SPIM_LOG_NEXT 0x018u /* word that the next entry goes to */
#define AST_SPIM_LOCK     0x07Cu
#define AST_SPIM_SLOT(n)  (0x080u + 4u * (n)) /* allowed commands */
#define AST_SPIM_TABLE(n) (0x100u + 4u * (n)) /* the table selected */

#define AST_SPIM_CTRL_PASS_SINGLE (1u << 0)
#define AST_SPIM_CTRL_PASS_MULTI  (1u << 1)
#define AST_SPIM_CTRL_PASS        (3u << 0)
#define AST_SPIM_CTRL_FILTER      (1u << 2)
#define AST_SPIM_CTRL_EXTRA_CLOCK (1u << 7)
#define AST_SPIM_CTRL_RESET       (1u << 15)
#define AST_SPIM_CTRL_LOCK_FIFO   (1u << 22)
#define AST_SPIM_CTRL_LOCK_RESET  (1u << 23)
#define AST_SPIM_CTRL_TABLE       (0xFFu << 24)
#define AST_SPIM_CTRL_TABLE_READ  (0x52u << 24)
#define AST_SPIM_CTRL_TABLE_WRITE (0x57u << 24)

#define AST_SPIM_IRQ_COMMAND   (1u << 0) /* ones clear */
#define AST_SPIM_IRQ_WRITE     (1u << 1)
#define AST_SPIM_IRQ_READ      (1u << 2)
#define AST_SPIM_IRQ_ALL       (7u << 0)
#define AST_SPIM_IRQ_ENABLE    (7u << 16)
#define AST_SPIM_IRQ_PUSH_PULL (1u << 31)

#define AST_SPIM_LOG_ENABLE (1u << 31)

#define AST_SPIM_LOCK_CTRL        (1u << 0)
#define AST_SPIM_LOCK_IRQ         (1u << 1)
#define AST_SPIM_LOCK_LOG_BASE    (1u << 4)
#define AST_SPIM_LOCK_LOG_SIZE    (1u << 5)
#define AST_SPIM_LOCK_WRITE_TABLE (1u << 30)
#define AST_SPIM_LOCK_READ_TABLE  (1u << 31)

#define AST_SPIM_SLOTS           32u
#define AST_SPIM_SLOT_EN4B       0u /* must stand there, and only these */
#define AST_SPIM_SLOT_EX4B       1u
#define AST_SPIM_SLOT_FIRST      2u /* of all others */
#define AST_SPIM_SLOT_WREAR      31u
#define AST_SPIM_SLOT_VALID_ONCE (1u << 31) /* until it has been used */
#define AST_SPIM_SLOT_VALID      (1u << 30)
#define AST_SPIM_SLOT_LOCK       (1u << 23)
#define AST_SPIM_SLOT_OPCODE     0xFFu

#define AST_SPIM_BLOCK       0x4000u /* bytes that one bit of a table permits */
#define AST_SPIM_TABLE_WORDS 512u
#define AST_SPIM_REACH       0x10000000u /* bytes */

/* SCU0F0, bits of unit n, 1 to 4. */
#define AST_SPIM_ROUTE_DETOUR       0xFu /* unit, and bit 3: SPI2 */
#define AST_SPIM_ROUTE_DETOUR_SPI2  (1u << 3)
#define AST_SPIM_ROUTE_PASS(n)      (1u << (3u + (n))) /* path through unit */
#define AST_SPIM_ROUTE_FILTER(n)    (1u << (7u + (n)))
#define AST_SPIM_ROUTE_MUX(n)       (1u << (11u + (n)))
#define AST_SPIM_ROUTE_RESET(n)     (1u << (15u + (n))) /* 0: in reset */
#define AST_SPIM_ROUTE_RESET_BY(n)  (1u << (19u + (n))) /* that bit decides */
#define AST_SPIM_ROUTE_RESET_OUT(n) (1u << (23u + (n)))

#define AST_SPIM_UNITS 4u

/* What a command does, beyond its opcode: kinds of struct below. */
#define AST_SPIM_GENERIC (1u << 29)
#define AST_SPIM_WRITES  (1u << 28)
#define AST_SPIM_READS   (1u << 27)
#define AST_SPIM_MEMORY  (1u << 26) /* at an address, which the tables rule */

/* A command, as the monitor must know it to follow it on the bus. */
struct prot_ast_spim_opcode {
	uint32_t kind; /* AST_SPIM_GENERIC, ... */
	uint8_t opcode;
	uint8_t address_bytes;
	uint8_t address_lanes; /* 1, 2, 4; 0: no address */
	uint8_t data_lanes;    /* 0: no data */
	uint8_t dummy_clocks;
	uint8_t kbytes; /* that it may change: 4, 8, ... 64; 0: nothing */
};

/* Those that are known: of the flash parts in common use. */
extern const struct prot_ast_spim_opcode prot_ast_spim_opcodes[];
extern const size_t prot_ast_spim_opcode_count;

/* The vendor's choice of opcodes for hosts that write their flash. */
extern const uint8_t prot_ast_spim_default_commands[];
extern const size_t prot_ast_spim_default_command_count;

/* Access that is permitted, bits. */
#define PROT_AST_SPIM_READ  1u
#define PROT_AST_SPIM_WRITE 2u /* program and erase */

struct prot_ast_spim_region {
	uint32_t start; /* bytes; both multiples of AST_SPIM_BLOCK */
	uint32_t len;
	uint8_t allow; /* PROT_AST_SPIM_READ, ... */
};

/* Const. */
struct prot_ast_spim_policy {
	const uint8_t *commands; /* opcodes, each of prot_ast_spim_opcodes */
	size_t command_count;    /* at most 29 that have no slot of their own */
	uint8_t elsewhere;       /* permitted outside of all regions */
	const struct prot_ast_spim_region *regions; /* the last one counts */
	size_t region_count;
};

/* Zero at start. Private. */
struct prot_ast_spim_state {
	uint32_t log_next; /* word of the log that is read next */
};

/* Const. */
struct prot_ast_spim {
	uint32_t unit; /* 1 to AST_SPIM_UNITS */
	const struct prot_clock *clock;
	const struct prot_ast_spim_policy *policy;
	struct prot_ast_spim_state *state;
	/*
	 * Ring that the unit logs to: SRAM that is not cached. Its own
	 * addition to the address is none. log_words 0: no log.
	 */
	uint32_t *log;
	uint32_t log_words;
	/* End a blocked command by a clock more, not by raising CS early. */
	bool extra_clock;
	/*
	 * Interrupt on what is blocked. The interrupt register then stays
	 * unlocked, for prot_ast_spim_take.
	 */
	bool interrupts;
};

/*
 * The unit is reset, the external mux gives the flash to this chip, and of the
 * host nothing gets through: no command is allowed. Also the first call.
 * PROT_ERR_STATE: the unit is locked. PROT_ERR_IO: it does not take what is
 * written.
 */
PROT_MUST_CHECK
enum prot_status prot_ast_spim_hold(const struct prot_ast_spim *s);

/*
 * After hold: load the policy, compare it with what the unit then holds, lock
 * it, let the unit work by it. It stays so until the chip is reset; the
 * external mux is left alone. PROT_ERR_ARG: an opcode is unknown, or a region
 * is not of whole blocks; PROT_ERR_SPACE: too many commands. PROT_ERR_STATE,
 * PROT_ERR_IO as above. After an error the host gets no more through than the
 * policy allows, and nothing where the unit was not locked.
 */
PROT_MUST_CHECK
enum prot_status prot_ast_spim_protect(const struct prot_ast_spim *s);

/*
 * The steps of protect, for boards that change a policy before they lock it.
 * Until prot_ast_spim_lock they may be used at any time after load.
 */
PROT_MUST_CHECK
enum prot_status prot_ast_spim_load(const struct prot_ast_spim *s);
/*
 * Allow one more command, `once` or for good; or none of that opcode.
 * PROT_ERR_STATE: its slot is locked.
 */
PROT_MUST_CHECK
enum prot_status prot_ast_spim_allow(const struct prot_ast_spim *s,
				     uint8_t opcode, bool once);
PROT_MUST_CHECK
enum prot_status prot_ast_spim_forbid(const struct prot_ast_spim *s,
				      uint8_t opcode);
PROT_MUST_CHECK
enum prot_status prot_ast_spim_permit(const struct prot_ast_spim *s,
				      const struct prot_ast_spim_region *r);
PROT_MUST_CHECK
enum prot_status prot_ast_spim_lock(const struct prot_ast_spim *s);

/* What the unit does with the bus of the host. */
enum prot_ast_spim_mode {
	PROT_AST_SPIM_FILTER,      /* as the policy says */
	PROT_AST_SPIM_PASS_SINGLE, /* all, of single-lane hosts */
	PROT_AST_SPIM_PASS_MULTI,  /* all: for platforms without a policy */
};
/* PROT_ERR_STATE: locked. */
PROT_MUST_CHECK
enum prot_status prot_ast_spim_set_mode(const struct prot_ast_spim *s,
					enum prot_ast_spim_mode mode);

/*
 * External mux, where the unit's own output drives it: the flash to the host,
 * or to this chip.
 */
void prot_ast_spim_mux(const struct prot_ast_spim *s, bool host);

/*
 * Reset output to the flash: held or released. A part needs some time after
 * either (its data sheet says), and is in 3-byte addressing then.
 */
void prot_ast_spim_flash_reset(const struct prot_ast_spim *s, bool held);

/* Pins that prot_ast_spim_detour_begin borrowed. Private. */
struct prot_ast_spim_detour {
	uint32_t function[2];
	uint32_t direction[2];
};

/*
 * Connect the controller SPI1 or SPI2 (2: true) of this chip to the flash of
 * this unit, for accesses by ast_fmc, and back. One unit at a time; the clock
 * outputs of the others are inputs meanwhile, so that they see no clock.
 */
void prot_ast_spim_detour_begin(const struct prot_ast_spim *s, bool spi2,
				struct prot_ast_spim_detour *d);
void prot_ast_spim_detour_end(const struct prot_ast_spim_detour *d);

enum prot_ast_spim_event_kind {
	PROT_AST_SPIM_BLOCKED_COMMAND,
	PROT_AST_SPIM_BLOCKED_WRITE,
	PROT_AST_SPIM_BLOCKED_READ,
	PROT_AST_SPIM_UNKNOWN_EVENT,
};

struct prot_ast_spim_event {
	enum prot_ast_spim_event_kind kind;
	uint8_t opcode;   /* of a command */
	uint32_t address; /* of a read or write: of its block */
	uint32_t word;    /* as the unit wrote it */
};

/* Next entry of the log, each once. PROT_ERR_NOT_FOUND: none is left. */
PROT_MUST_CHECK
enum prot_status prot_ast_spim_log_read(const struct prot_ast_spim *s,
					struct prot_ast_spim_event *event);

/* In the interrupt handler: what happened (AST_SPIM_IRQ_...), and forget it. */
uint32_t prot_ast_spim_take(const struct prot_ast_spim *s);

#endif /* PROT_AST_SPIM_H */
