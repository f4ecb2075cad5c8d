/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

/*
 * NOR flash with banks, journal, keys and identity. In this order: read the
 * identification and compare the size; `read`; `erase`; `program`.
 *
 *  - Durable means durable: `program` and `erase` return PROT_OK when the
 *    device says that it has finished (status register, not a delay), and
 *    nothing waits in a cache or a write buffer.
 *  - Programming clears bits, so a byte that is not erased becomes the AND of
 *    both values. The journal relies on it nowhere, but a power cut makes such
 *    bytes. A device that refuses to program a unit twice (ECC) has that unit
 *    as its program_unit, and `erased` is what an erased unit reads as.
 *  - Refuse with PROT_ERR_ARG, and change nothing, when a range leaves the
 *    device, a program crosses a page or is not made of whole units, or an
 *    erase does not start at a sector.
 *  - PROT_PENDING: start the operation, return; the caller comes back with the
 *    same arguments. Remember which operation is under way and what is left.
 *    An erase takes hundreds of ms: pending keeps MCTP alive meanwhile.
 *    Waiting in the op is correct, too, as long as the watchdog allows it.
 *  - Every wait has a limit, three times the worst case of the data sheet:
 *    PROT_ERR_IO then. So has the way back: after a reset in the middle of an
 *    operation the device may still be busy, or in another read mode. Reset it
 *    by its commands at start.
 *  - Addresses above 16 MiB need four-byte commands; the boot ROM may expect
 *    three-byte mode after a reset: prefer commands that carry four bytes.
 *  - Memory-mapped reads go through a cache on some chips: invalidate after
 *    erase and program, or read by command.
 *  - The region of the boot stage is to be write-protected before the runtime
 *    starts (`leave` of template_boot.c), until the next reset.
 *
 * Test: tests/support/flash_sim.c enforces these rules on the host; put the
 * register accesses behind a small header as port/aspeed/soc does, and play
 * the flash device against the driver. On the board: erase, program, read back
 * every page of a scratch sector; then cut the power during each.
 */

static enum prot_status read(void *ctx, uint32_t offset, void *buf, size_t len)
{
	(void)ctx;
	(void)offset;
	(void)buf;
	(void)len;
	return PROT_ERR_IO;
}

static enum prot_status program(void *ctx, uint32_t offset, const void *buf,
				size_t len)
{
	(void)ctx;
	(void)offset;
	(void)buf;
	(void)len;
	return PROT_ERR_IO;
}

static enum prot_status erase(void *ctx, uint32_t offset)
{
	(void)ctx;
	(void)offset;
	return PROT_ERR_IO;
}

static const struct prot_flash_ops flash_ops = {
	.read = read,
	.program = program,
	.erase = erase,
};

/* The geometry is that of template_board.c. */
const struct prot_flash prot_template_flash = {
	.ops = &flash_ops,
	.geometry = {.size = 0x100000,
		     .sector_size = 0x1000,
		     .page_size = 0x100,
		     .program_unit = 1,
		     .erased = 0xFF},
};

enum prot_status prot_template_flash_start(void)
{
	return PROT_ERR_UNSUPPORTED;
}
