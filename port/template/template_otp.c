/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

/*
 * One-time-programmable memory: UDS, key hashes, SVN floor, lifecycle, laid
 * out as prot/services/otp_layout.h says.
 *
 *  - A bit reads 0 until it is set and 1 for ever after. Fuses that read the
 *    other way round are inverted here.
 *  - `set` gets whole bytes: bits that are 0 are left alone, bits that are
 *    already set may be set again. Read first and program only what is missing,
 *    where programming a fuse twice harms it.
 *  - The SVN floor counts by setting one bit after the other: memory with ECC
 *    over words cannot do that. Give it a place without, or a word per bit.
 *  - PROT_OK from `set` means that the bits were read back. A power cut leaves
 *    any subset of them set; nothing relies on more.
 *  - The UDS is for the boot stage alone: lock it against reading in `leave`
 *    of template_boot.c, until the next reset. Hardware that cannot do that
 *    keeps the UDS where only the boot stage's privilege level reaches.
 *  - Everything that depends on OTP trusts the reads: read twice and compare
 *    where glitches are to be feared.
 *
 * Begin with memory that can be erased: prot_flash_otp of
 * prot/port/flash_otp.h keeps the OTP in a flash of its own, inverted
 * (otp = PROT_BOARD_OTP_FLASH in the board). Fuses come last: each test on them
 * costs a chip.
 */

static enum prot_status read(void *ctx, uint32_t offset, void *buf, size_t len)
{
	(void)ctx;
	(void)offset;
	(void)buf;
	(void)len;
	return PROT_ERR_IO;
}

static enum prot_status set(void *ctx, uint32_t offset, const void *bits,
			    size_t len)
{
	(void)ctx;
	(void)offset;
	(void)bits;
	(void)len;
	return PROT_ERR_IO;
}

static const struct prot_otp_ops otp_ops = {.read = read, .set = set};

/* The size is that of template_board.c. */
const struct prot_otp prot_template_otp = {.ops = &otp_ops, .size = 512};

enum prot_status prot_template_otp_start(void)
{
	return PROT_ERR_UNSUPPORTED;
}
