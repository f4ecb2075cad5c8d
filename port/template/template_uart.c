/* SPDX-License-Identifier: Apache-2.0 */
#include "template.h"

/*
 * The first thing to write: with a console every later step says what is
 * wrong. Pins, clock gate, baud rate, 8N1; then `write` for the console; later
 * `read`, for the UART that carries MCTP.
 *
 *  - `write` takes what fits into the FIFO or a ring and returns how much that
 *    was, 0 included. It never waits: prot_firmware_print() does that, and
 *    gives up after PROT_FIRMWARE_CONSOLE_MS without progress.
 *  - `read` hands out what has arrived. Between two looks of the main loop lie
 *    up to one sector erase of a flash that does not pend (hundreds of ms) and
 *    one signature: at 115200 baud that is more than a FIFO holds. Let an
 *    interrupt handler fill a ring of 1 KiB, with one writer and one reader:
 *    indices that only one side writes need no lock on one core.
 *  - An overrun loses bytes, and MCTP drops the packet by its checksum; the
 *    peer repeats. Clear the error flags, or reception stops on some UARTs.
 *  - Before a reset the last characters are still in the FIFO: wait for
 *    "transmitter empty" for at most 20 ms in template_reset.c.
 *
 * Console and MCTP are different UARTs. One that carries both would need
 * framing for the console, too.
 */

static size_t write(void *ctx, const uint8_t *bytes, size_t len)
{
	(void)ctx;
	(void)bytes;
	(void)len;
	return 0;
}

static size_t read(void *ctx, uint8_t *bytes, size_t cap)
{
	(void)ctx;
	(void)bytes;
	(void)cap;
	return 0;
}

static const struct prot_uart_ops uart_ops = {.write = write, .read = read};

/*
 * Two UARTs are told apart by ctx: a struct with the base address. ctx is not
 * const; for an object that is: (void *)(uintptr_t)&object.
 */
const struct prot_uart prot_template_console = {.ops = &uart_ops};
const struct prot_uart prot_template_mctp_uart = {.ops = &uart_ops};

enum prot_status prot_template_uart_start(void)
{
	return PROT_ERR_UNSUPPORTED;
}
