/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OTP_MODEL_H
#define OTP_MODEL_H

/*
 * The OTP memory behind the registers of the secure boot controller: password,
 * commands that take time, mode registers, data words of which the odd ones
 * are all ones when blank, configuration words. A bit can want several long
 * pulses, or never be set. What no driver may do is kept in `violation`.
 */

#include <stdbool.h>
#include <stdint.h>

#define OTP_MODEL_WORDS 2048
#define OTP_MODEL_HARD  8

/* A bit that does not set at its first pulse. */
struct otp_hard_bit {
	uint32_t word;
	uint32_t bit;
	uint32_t soaks; /* long pulses that it takes; UINT32_MAX: never sets */
};

struct otp_model {
	/* knobs */
	uint32_t first; /* data words that may be programmed: first..last */
	uint32_t last;
	struct otp_hard_bit hard[OTP_MODEL_HARD];
	bool stuck;        /* never idle again */
	uint32_t stuck_at; /* the command that never ends, from 1; 0: none */
	uint32_t cut_at; /* the program command at which power goes; 0: none */

	uint32_t data[OTP_MODEL_WORDS];
	uint32_t config[32];

	/* what happened */
	uint32_t commands;
	uint32_t reads;
	uint32_t programs;
	uint32_t soaks; /* those with the long pulse */
	bool off;
	const char *violation; /* the first, or NULL */

	/* private */
	bool open;
	uint64_t busy_until;
	uint32_t latch;
	uint32_t mr, mra, mrb;
};

/* Blank; into mmio_mock. Any data word may be programmed. */
void otp_model_init(struct otp_model *m);

/* After mmio_mock_reset(): the memory stays, all else is as after reset. */
void otp_model_power_on(struct otp_model *m);

/* Whether it is left as every driver must leave it between calls. */
bool otp_model_at_rest(const struct otp_model *m);

#endif /* OTP_MODEL_H */
