/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SUPPORT_FLASH_SIM_H
#define TEST_SUPPORT_FLASH_SIM_H

/*
 * A NOR flash and an OTP memory on one power supply, behind the seams of
 * prot/port. Enforces the rules of flash, counts every operation that changes
 * something, and injects one fault at a chosen operation: the power goes
 * before, during or after it, or the device does half of it and reports
 * success. While the power is off every operation fails with PROT_ERR_IO.
 *
 * A copy made with '=' is an independent device in the same state; bind it
 * with flash_sim_bind() before use.
 */

#include <prot/port/flash.h>
#include <prot/port/otp.h>

#include <stdbool.h>
#include <stdint.h>

#define FLASH_SIM_MAX (12 * 1024) /* largest device, bytes */
#define OTP_SIM_SIZE  512

enum sim_fault {
	SIM_CUT_BEFORE,
	/* during a program: bytes done; of an erase: part of the bits */
	SIM_CUT_FIRST_BYTE, /* erase: every byte a random mixture */
	SIM_CUT_HALF,       /* erase: the first half of the sector */
	SIM_CUT_LAST_BYTE,  /* all but the last; erase: the second half */
	/* done, but the bits just changed may read either way from now on */
	SIM_CUT_UNSTABLE,
	/* hardly begun: reads as before, but for one bit of some reads */
	SIM_CUT_WEAK,
	SIM_CUT_AFTER,
	/* no cut: the operation is done in part and reports success */
	SIM_SILENT_HALF,
	/* no cut: the operation is done in part, or wholly, and reports failure
	 */
	SIM_ERROR_HALF,
	SIM_ERROR_DONE,
	SIM_FAULT_COUNT
};

struct flash_sim;

/* Called before each operation that changes something; may be NULL. */
typedef void (*flash_sim_watch)(void *ctx, const struct flash_sim *sim,
				bool erase, uint32_t offset);

struct flash_sim {
	struct prot_flash flash; /* hand these two to the code under test */
	struct prot_otp otp;

	/* knobs */
	uint32_t fault_at; /* operation that the fault hits, from 1; 0: none */
	enum sim_fault fault;
	uint32_t pend;          /* each op pends this often first */
	uint32_t read_error_at; /* the n-th flash read fails; 0: none */
	uint32_t keep_offset;   /* this range must not change */
	uint32_t keep_size;
	flash_sim_watch watch;
	void *watch_ctx;

	/* counters */
	uint32_t ops;   /* programs, erases and OTP writes since power on */
	uint32_t reads; /* of the flash, since power on */
	uint32_t max_erases;
	bool faulted;          /* the fault has happened */
	bool off;              /* the power is gone */
	const char *violation; /* first rule that the code broke, or NULL */

	/* private */
	bool wavers; /* some bit of `unstable` may be set */
	uint64_t random;
	uint32_t pended;
	uint64_t pending_op;
	uint32_t erases[FLASH_SIM_MAX / 128];
	uint8_t data[FLASH_SIM_MAX];
	uint8_t unstable[FLASH_SIM_MAX]; /* bits that read at random */
	uint8_t written[FLASH_SIM_MAX];  /* since the last good erase */
	uint8_t otp_data[OTP_SIM_SIZE];
	uint8_t otp_unstable[OTP_SIM_SIZE];
};

/* Blank flash and OTP, power on. sector_size is at least 128. */
void flash_sim_init(struct flash_sim *s, const struct prot_flash_geometry *g);

/* After a copy: make the seams point to this one. */
void flash_sim_bind(struct flash_sim *s);

/* Power back on, no fault planned, counters of operations at 0. */
void flash_sim_power_on(struct flash_sim *s);

/* Plan a fault, counted from the next power on. */
void flash_sim_plan(struct flash_sim *s, uint32_t at, enum sim_fault fault);

/* Put bytes there as a factory does, without rules or counting. */
void flash_sim_load(struct flash_sim *s, uint32_t offset, const void *data,
		    uint32_t len);

/* Whether the range holds exactly these bytes, all of them stable. */
bool flash_sim_holds(const struct flash_sim *s, uint32_t offset,
		     const void *data, uint32_t len);

#endif /* TEST_SUPPORT_FLASH_SIM_H */
