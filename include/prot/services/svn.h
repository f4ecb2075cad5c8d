/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_SVN_H
#define PROT_SERVICES_SVN_H

/*
 * The security version floor: an image whose SVN lies below it never runs.
 *
 * The floor stands in OTP as a thermometer, three times over (otp_layout.h).
 * Its value is the number of bits set in the OR of the copies, so that a bit
 * that fails to set in one copy does not lower it. It is monotonic, and
 * durable when an advance returns PROT_OK; an advance that a power cut
 * interrupts has happened in part or not at all, never beyond what was asked,
 * and is completed by asking again.
 */

#include <prot/base/status.h>
#include <prot/port/otp.h>
#include <prot/services/otp_layout.h>

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_SVN_MAX (8 * PROT_OTP_SVN_COPY) /* highest floor, and SVN */

/* One access to the floor, reading or advancing. Fields are private. */
struct prot_svn {
	const struct prot_otp *otp;
	uint32_t target; /* 0 when only reading */
	uint32_t floor;  /* as last read */
	uint32_t firm;   /* bits of it that two copies hold */
	uint32_t bit;    /* being set, in all copies */
	uint8_t phase;
	uint8_t copy;
	uint8_t mask;
	uint8_t bits[PROT_OTP_SVN_SIZE];
};

/* Read the floor: prot_svn_step() until it is not PROT_PENDING. */
void prot_svn_read_init(struct prot_svn *s, const struct prot_otp *otp);

/*
 * Raise the floor to `target`; no effect when it is there already.
 * PROT_ERR_ARG from the step: target is above PROT_SVN_MAX.
 */
void prot_svn_advance_init(struct prot_svn *s, const struct prot_otp *otp,
			   uint32_t target);

/*
 * One OTP operation. PROT_PENDING: call again. PROT_OK: done, the value is
 * prot_svn_floor(). PROT_ERR_IO: the device failed, or a bit that was set
 * does not read back.
 */
PROT_MUST_CHECK
enum prot_status prot_svn_step(struct prot_svn *s);

/* The floor as of the last PROT_OK. */
static inline uint32_t prot_svn_floor(const struct prot_svn *s)
{
	return s->floor;
}

/*
 * True when some of the floor stands in a single copy only, as an advance that
 * a power cut interrupted leaves it; such a bit may read differently next
 * time. Advancing to the same floor completes it.
 */
static inline bool prot_svn_incomplete(const struct prot_svn *s)
{
	return s->firm != s->floor;
}

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_SVN_H */
