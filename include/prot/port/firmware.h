/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_FIRMWARE_H
#define PROT_PORT_FIRMWARE_H

/*
 * The two programs of a device without an operating system, over the seams:
 * what is left for a port is to bring up its drivers, fill in a constant
 * description and call one function.
 *
 *	boot stage:	drivers, then prot_firmware_boot
 *	runtime:	drivers, then prot_firmware_runtime
 *
 * Both feed the watchdog, write the sentences of services/console.h to the
 * console, and wipe what the next program must not see. One context each, no
 * interrupt handler calls into them, no heap.
 */

#include <prot/crypto.h>
#include <prot/port/board.h>
#include <prot/port/clock.h>
#include <prot/port/flash.h>
#include <prot/port/otp.h>
#include <prot/port/uart.h>
#include <prot/port/watchdog.h>
#include <prot/services/boot_stage.h>
#include <prot/services/device.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- What both programs are given ---------------------------------------- */

/* Const; all of it outlives the program's context. */
struct prot_firmware_seams {
	const struct prot_board *board;
	const struct prot_flash *flash;
	const struct prot_otp *otp;
	const struct prot_crypto *crypto; /* usable once `start` has returned */
	const struct prot_clock *clock;
	const struct prot_watchdog *watchdog;
	const struct prot_uart *console; /* NULL: the program is silent */
};

/* A console that takes nothing for so long loses the rest of the line, ms. */
#define PROT_FIRMWARE_CONSOLE_MS 20u

/*
 * Write a line to the console, line end (CR LF) added. Waits until the driver
 * has taken it. Also for a port's own messages, those of its fault handlers
 * among them.
 */
void prot_firmware_print(const struct prot_firmware_seams *s, const char *line);

/* "what: the status in words", as a line. */
void prot_firmware_print_status(const struct prot_firmware_seams *s,
				const char *what, enum prot_status st);

/* What boot stage, runtime and update are told about this board. */
struct prot_boot_config
prot_firmware_boot_config(const struct prot_firmware_seams *s);

/* ---- Boot stage -----------------------------------------------------------
 */

struct prot_firmware_boot_ops {
	/*
	 * May be NULL. Bring up what may fail: noise source and crypto
	 * provider, flash, OTP; clock and console, unless they run already.
	 * Called after the watchdog's `start`. An error locks the device
	 * down.
	 */
	enum prot_status (*start)(void *ctx);

	/* Why the chip was reset; asked once, after `start`. */
	enum prot_reset_reason (*reset_reason)(void *ctx);

	/*
	 * May be NULL. The last thing before the runtime starts: free the
	 * crypto provider, lock what the runtime must neither read (the UDS)
	 * nor write (the flash of the boot stage), quieten the hardware.
	 */
	void (*leave)(void *ctx);

	/*
	 * Start the runtime. `entry` is the address of the image's entry
	 * point: on a Cortex-M that of its vector table. Does not return.
	 */
	void (*jump)(void *ctx, uint32_t entry);

	/*
	 * The device is locked down: called over and over. May sleep until an
	 * interrupt. The first call may set pins that hold hosts in reset.
	 */
	void (*halt)(void *ctx);
};

/*
 * A piece of code, at any address, and how many there may be: measured in this
 * order, those that are not used have length 0.
 */
#define PROT_FIRMWARE_CODE 2
struct prot_firmware_code {
	const uint8_t *at;
	size_t len; /* bytes */
};

/* Const; outlives the boot stage. */
struct prot_firmware_boot_config {
	struct prot_firmware_seams seams;
	const struct prot_firmware_boot_ops *ops;
	void *ctx; /* passed unchanged to every op */

	/* The code of the boot stage itself, which it measures. */
	struct prot_firmware_code code[PROT_FIRMWARE_CODE];

	/* The memory at board->load_address, board->load_size bytes. */
	uint8_t *load;

	/* Reserved memory that a reset of the runtime's data leaves alone. */
	uint8_t *handoff;
	size_t handoff_size; /* at least PROT_HANDOFF_SIZE_MAX */

	/*
	 * Watchdog times, ms. During the boot stage the longest time between
	 * two feeds is the derivation of three keys with two signatures. The
	 * other one is for the runtime until its first tick.
	 */
	uint32_t watchdog_ms;
	uint32_t runtime_watchdog_ms;
};

/* Fields are private. About 9 KB, all zero when the runtime starts. */
struct prot_firmware_boot {
	const struct prot_firmware_boot_config *cfg;
	struct prot_boot_stage_config config;
	struct prot_boot_stage_input input;
	struct prot_boot_stage stage;
	struct prot_hash_state hash;
	uint8_t chunk[PROT_IMAGE_CHUNK];
};

/*
 * Boot: select and verify an image while it is copied to its load address,
 * derive the identity, write the hand-off, wipe everything else, jump. Load
 * memory that the image does not fill is zero. In lockdown load memory and
 * hand-off are zero, and the watchdog is stopped; one that cannot be stopped
 * is fed.
 *
 * Does not return, unless `jump` and `halt` leave it by other means.
 */
void prot_firmware_boot(struct prot_firmware_boot *b,
			const struct prot_firmware_boot_config *cfg);

/* ---- Runtime ---------------------------------------------------------------
 */

struct prot_firmware_runtime_ops {
	/* May be NULL. As in the boot stage; an error resets the device. */
	enum prot_status (*start)(void *ctx);

	/*
	 * Move packets: hand what the drivers received to prot_device_rx(),
	 * give them the processor. Must not wait.
	 */
	void (*poll)(void *ctx, struct prot_device *device, uint64_t now_ms);

	/*
	 * May be NULL. Sleep until `until_ms` of the clock, or until there is
	 * something to poll. Something that came after the last poll must not
	 * be slept over: look with interrupts masked, then wait for one.
	 */
	void (*idle)(void *ctx, uint64_t until_ms);

	/*
	 * Let the drivers send what they hold, for a short time, keep the
	 * reason where the boot stage finds it, reset the chip. Where it
	 * returns, prot_firmware_runtime() does, too.
	 */
	void (*reset)(void *ctx, enum prot_reset_reason reason);

	/* May be NULL. As in struct prot_device_ops. */
	bool (*healthy)(void *ctx);

	/* May be NULL. For lamps; the console has been written. */
	void (*event)(void *ctx, enum prot_device_event event, uint32_t a,
		      uint32_t b);
};

/* Const; outlives the runtime. */
struct prot_firmware_runtime_config {
	struct prot_firmware_seams seams;
	const struct prot_firmware_runtime_ops *ops;
	void *ctx; /* passed unchanged to every op */

	const char *name; /* of this firmware, for the console: "2.0.0" */

	/* As in struct prot_device_config. */
	const struct prot_mctp_link *links;
	uint8_t link_count;
	uint8_t static_eid;
	uint8_t spdm_version;
	uint32_t confirm_after_ms;
	uint32_t trial_limit_ms;

	/* Where the boot stage wrote the hand-off. */
	uint8_t *handoff;
	size_t handoff_size;

	/*
	 * Watchdog time, ms; the loop ticks four times as often. Between two
	 * ticks lies at most one operation of flash or crypto provider that
	 * does not pend.
	 */
	uint32_t watchdog_ms;
};

/* Fields are private but for `device`, which the port's ops may use. */
struct prot_firmware_runtime {
	struct prot_device device;
	const struct prot_firmware_runtime_config *cfg;
	struct prot_boot_config boot;
	struct prot_device_config config;
	struct prot_pldm_descriptor descriptor;
	struct prot_handoff handoff;
	uint8_t uuid[PROT_DEVICE_UUID_SIZE];
	bool reset;
};

/*
 * Run: take the hand-off over and wipe where it stood, start the device, serve
 * until a reset. A runtime that cannot start says why and resets with
 * PROT_RESET_FAULT, so that the boot stage turns to another image after a few
 * tries. Returns only where the reset op does.
 */
void prot_firmware_runtime(struct prot_firmware_runtime *r,
			   const struct prot_firmware_runtime_config *cfg);

#ifdef __cplusplus
}
#endif
#endif /* PROT_PORT_FIRMWARE_H */
