/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_AST_OTP_H
#define PROT_AST_OTP_H

/*
 * The OTP memory behind the secure boot controller (SBC): 2048 data words, 32
 * configuration words. What is programmed stays so for ever: the driver
 * programs only inside the region of data words that its object names, and
 * never the configuration.
 *
 * Data words at odd addresses are all ones when blank, and programming clears
 * their bits; here they appear inverted, so that every bit reads 0 until it is
 * set. Byte n of the region is bits 8 * (n % 4) and up of its word n / 4.
 *
 * The configuration may set the first data words apart as secure region, which
 * reads unpredictably once it is; a region that meets it is refused.
 *
 * The password stands only within a call: each one ends with the memory in
 * read mode, its registers protected, and no data left in them.
 *
 * QEMU 7.2: not modelled; runs in host tests only.
 */

#include <prot/port/clock.h>
#include <prot/port/otp.h>

#include <stdbool.h>
#include <stdint.h>

/* Registers, from AST_SBC_BASE. */
#define AST_OTP_PROTECT 0x00u
#define AST_OTP_COMMAND 0x04u
#define AST_OTP_TIMING  0x08u
#define AST_OTP_ADDRESS 0x10u
#define AST_OTP_STATUS  0x14u
#define AST_OTP_DATA(n) (0x20u + 4u * (n)) /* of an even word, and the next */

#define AST_OTP_PROTECT_PASSWORD 0x349FE38Au
#define AST_OTP_PROTECT_ON       1u
#define AST_OTP_COMMAND_READ     0x23B1E361u
#define AST_OTP_COMMAND_WRITE    0x23B1E362u /* of a mode register */
#define AST_OTP_COMMAND_PROGRAM  0x23B1E364u
#define AST_OTP_STATUS_IDLE      0x6u /* controller and memory */

/* Mode registers, as addresses of AST_OTP_COMMAND_WRITE. */
#define AST_OTP_MODE_LATCH 0x0000u /* the data of the next program */
#define AST_OTP_MODE_MR    0x1000u
#define AST_OTP_MODE_MRA   0x3000u
#define AST_OTP_MODE_MRB   0x5000u

#define AST_OTP_TIMING_200US 0x04191388u
#define AST_OTP_TIMING_600US 0x04193A98u

/* Data words that hold no ECC of others. */
#define AST_OTP_DATA_WORDS   1792u
#define AST_OTP_CONFIG_WORDS 32u
#define AST_OTP_CONFIG(n)    (0x800u + (n) / 8u * 0x200u + (n) % 8u * 2u)

/* Configuration word 0. */
#define AST_OTP_CONFIG0_USER_ECC (1u << 3)
/* Words of the secure region, which starts at word 0. */
#define AST_OTP_CONFIG0_SECURE_WORDS(c) (((c) >> 16 & 63u) * 32u)
#define AST_OTP_CONFIG0_PROTECT_SECURE  (1u << 22)
#define AST_OTP_CONFIG0_PROTECT_USER    (1u << 23)
#define AST_OTP_CONFIG0_PROTECT_CONFIG  (1u << 24)
#define AST_OTP_CONFIG0_PROTECT_STRAP   (1u << 25)
#define AST_OTP_CONFIG0_LOCK            (1u << 31)

/* Straps: six times two words, each undoing the ones before; then locks. */
#define AST_OTP_CONFIG_STRAP      16u
#define AST_OTP_CONFIG_STRAP_LOCK 30u
#define AST_OTP_STRAP_OPTIONS     6u

/* Longer pulses that a bit gets when the first one did not set it. */
#define AST_OTP_SOAK_LIMIT 20u
/* A command is given this time, then at most so long. */
#define AST_OTP_SETTLE_US        100u
#define AST_OTP_COMMAND_LIMIT_US 20000u
/* Pairs of words that one call reads at most. */
#define AST_OTP_PAIRS 16u

/* Private; zero at start. */
struct prot_ast_otp_state {
	const void *buf; /* of the op under way */
	size_t len;
	size_t at; /* done so far */
	uint32_t offset;
	uint32_t bit; /* being programmed, of the region */
	uint32_t pulses;
	bool active;
	bool set;
	bool read_mode;  /* the mode registers are known to say so */
	uint32_t config; /* word 0, as at the first access */
};

/* Const. The context of prot_ast_otp_ops. */
struct prot_ast_otp {
	const struct prot_clock *clock;
	struct prot_ast_otp_state *state;
	uint32_t word; /* first data word of the region, even */
	uint32_t size; /* bytes, a multiple of 8; within AST_OTP_DATA_WORDS */
	/*
	 * Bits of configuration word 0 that forbid programming the region, or
	 * make it useless; the lock and, as it changes bit by bit, the ECC.
	 */
	uint32_t forbidden;
};

#define AST_OTP_FORBIDDEN_USER                                                 \
	(AST_OTP_CONFIG0_LOCK | AST_OTP_CONFIG0_PROTECT_USER |                 \
	 AST_OTP_CONFIG0_USER_ECC)

/*
 * read: at most AST_OTP_PAIRS per call. set: one pulse on one bit per call,
 * verified by the next; bits that are set already get none. PROT_ERR_STATE:
 * the configuration forbids it; PROT_ERR_IO: a bit does not set in
 * 1 + AST_OTP_SOAK_LIMIT pulses, or a command does not end. PROT_ERR_ARG for
 * every op of an object that is not as described above.
 */
extern const struct prot_otp_ops prot_ast_otp_ops;

/* Configuration word n, as it stands. PROT_ERR_ARG: n is none. */
PROT_MUST_CHECK
enum prot_status prot_ast_otp_config(const struct prot_ast_otp *o, uint32_t n,
				     uint32_t *value);

struct prot_ast_otp_straps {
	uint32_t value[2];  /* 64 straps */
	uint32_t locked[2]; /* those that no longer change */
};

PROT_MUST_CHECK
enum prot_status prot_ast_otp_straps(const struct prot_ast_otp *o,
				     struct prot_ast_otp_straps *straps);

#endif /* PROT_AST_OTP_H */
