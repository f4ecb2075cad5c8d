/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_POSIX_H
#define PROT_PORT_POSIX_H

/*
 * The POSIX port: the seams of a device (flash, OTP, entropy, clock) over
 * files and system calls, TCP streams and serial lines, and what a supervisor
 * needs to run verified code out of memory. Linux only where memory files are
 * concerned.
 *
 * Functions return a status and leave the reason of PROT_ERR_IO in errno. One
 * object is used by one thread at a time; nothing here blocks except where it
 * says so, file access excepted.
 */

#include <prot/base/cursor.h>
#include <prot/base/status.h>
#include <prot/port/flash.h>
#include <prot/port/otp.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Clock and entropy --------------------------------------------------- */

/* Monotonic, milliseconds since an arbitrary point before the process began. */
uint64_t prot_posix_now_ms(void);

/*
 * Entropy of the kernel, as the `random` op of the crypto seam and the seed
 * of a provider's generator want it. `ctx` is not used. Blocks only until the
 * kernel's pool has been initialised after power-on.
 */
enum prot_status prot_posix_random(void *ctx, void *out, size_t len);

/* ---- Flash ---------------------------------------------------------------
 *
 * A flash device in a file that holds its content byte for byte. The rules of
 * prot/port/flash.h are enforced: a program only changes erased bits, stays
 * within a page, and is aligned to the program unit; an erase takes a sector.
 * Every program and erase is on the disk when it returns, with one exception:
 * programs of 512 bytes and more that continue one another are on the disk
 * before the next other program or erase changes anything. A process that is
 * killed at any moment leaves a state that a power cut could leave as well.
 */

/* Private fields. Must outlive the struct prot_flash made from it. */
struct prot_posix_flash {
	int fd;
	bool lazy;
	bool unsettled;       /* something is not on the disk yet */
	uint32_t program_end; /* of the latest program */
	struct prot_flash_geometry geometry;
};

/* Largest page and sector that the port handles, bytes. */
#define PROT_POSIX_FLASH_PAGE_MAX   4096
#define PROT_POSIX_FLASH_SECTOR_MAX 65536

/*
 * Make an erased device with mode 0600. PROT_ERR_BUSY: the file exists.
 * PROT_ERR_ARG: the geometry is not consistent, see prot/port/flash.h.
 */
enum prot_status
prot_posix_flash_create(const char *path,
			const struct prot_flash_geometry *geometry);

/*
 * Open the device for this process alone and fill in `flash`.
 * PROT_ERR_NOT_FOUND: no such file. PROT_ERR_BUSY: another process has it.
 * PROT_ERR_MALFORMED: the file is not of the size that the geometry states.
 */
enum prot_status
prot_posix_flash_open(struct prot_posix_flash *f, const char *path,
		      const struct prot_flash_geometry *geometry,
		      struct prot_flash *flash);

/*
 * For a device that is still being made: operations are on the disk only
 * after prot_posix_flash_sync(), which also ends this mode.
 */
void prot_posix_flash_set_lazy(struct prot_posix_flash *f);
enum prot_status prot_posix_flash_sync(struct prot_posix_flash *f);

/* Also gives up the lock. Harmless on an object that failed to open. */
void prot_posix_flash_close(struct prot_posix_flash *f);

/* ---- OTP -----------------------------------------------------------------
 *
 * One-time-programmable memory in a file: created all zero; from then on bits
 * are only ever set. Statuses as for flash.
 */

/* Private fields. Must outlive the struct prot_otp made from it. */
struct prot_posix_otp {
	int fd;
	uint32_t size;
	uint8_t invert; /* bits of each byte that stand inverted in the file */
};

enum prot_status prot_posix_otp_create(const char *path, uint32_t size);
enum prot_status prot_posix_otp_open(struct prot_posix_otp *o, const char *path,
				     uint32_t size, struct prot_otp *otp);

/*
 * The same, emulated in a NOR flash (PROT_BOARD_OTP_FLASH of
 * prot/port/board.h): the file holds the content of a flash of `flash_size`
 * bytes, in its first `size` bytes the OTP inverted, the rest erased.
 */
enum prot_status prot_posix_otp_flash_create(const char *path,
					     uint32_t flash_size);
enum prot_status prot_posix_otp_flash_open(struct prot_posix_otp *o,
					   const char *path, uint32_t size,
					   uint32_t flash_size,
					   struct prot_otp *otp);

void prot_posix_otp_close(struct prot_posix_otp *o);

/* ---- One owner for a directory of state files -----------------------------
 */

/*
 * Take the exclusive lock of a directory, kept by the open file *fd and every
 * process that inherits it. PROT_ERR_BUSY: somebody else has it.
 */
enum prot_status prot_posix_lock_directory(const char *path, int *fd);

/* ---- TCP ----------------------------------------------------------------- */

/*
 * Connect; waits at most timeout_ms, name resolution excepted (an address
 * needs none). *fd is non-blocking. PROT_ERR_TIMEOUT; PROT_ERR_NOT_FOUND: the
 * host's name does not resolve; PROT_ERR_REFUSED: nobody listens there;
 * PROT_ERR_CANCELLED: a signal arrived; PROT_ERR_IO.
 */
enum prot_status prot_posix_tcp_connect(const char *host, uint16_t port,
					uint32_t timeout_ms, int *fd);

/*
 * Listen on one address; *fd is non-blocking. Whoever passes an address that
 * is not loopback exposes the device to the network. `port` 0 takes a free
 * one. PROT_ERR_BUSY: the port is in use.
 */
enum prot_status prot_posix_tcp_listen(const char *host, uint16_t port,
				       int *fd);

/* The local port of a socket; 0 when it has none. */
uint16_t prot_posix_tcp_port(int fd);

/* A waiting connection, non-blocking. PROT_PENDING: none waits. Any socket. */
enum prot_status prot_posix_tcp_accept(int listener, int *fd);

/* ---- Serial lines --------------------------------------------------------
 *
 * A terminal device, or the UNIX socket that stands for one: emulators offer
 * their UARTs there.
 */

/*
 * Open a terminal device for this process alone and make it a plain 8-bit
 * line: no echo, no signals, no flow control, modem lines ignored. *fd is
 * non-blocking. PROT_ERR_ARG: the device does not do that rate.
 * PROT_ERR_UNSUPPORTED: not a terminal device. PROT_ERR_BUSY: another process
 * has it. PROT_ERR_IO.
 */
enum prot_status prot_posix_tty_open(const char *path, uint32_t baud, int *fd);

/*
 * Connect to the UNIX stream socket at `path`; *fd is non-blocking.
 * PROT_ERR_REFUSED: nobody listens there. PROT_ERR_BUSY: too many wait there
 * already. PROT_ERR_IO; a path that is too long is one, too.
 */
enum prot_status prot_posix_unix_connect(const char *path, int *fd);

/*
 * Listen at `path`; *fd is non-blocking. A socket that a process left behind
 * is replaced. PROT_ERR_BUSY: somebody listens there, or the path is something
 * else than a socket. Whoever listens unlinks the path in the end.
 */
enum prot_status prot_posix_unix_listen(const char *path, int *fd);

/*
 * A connection with a buffer for each direction. The caller lends the
 * buffers; the fields may be read.
 */
struct prot_posix_stream {
	int fd; /* -1: closed */
	uint8_t *rx;
	size_t rx_cap;
	size_t rx_len; /* received, not yet consumed, from rx[0] */
	uint8_t *tx;
	size_t tx_cap;
	size_t tx_len; /* written, not yet sent, from tx[0] */
};

/*
 * Receive what is there. PROT_OK: rx_len grew. PROT_PENDING: nothing there.
 * PROT_ERR_SPACE: rx is full. PROT_ERR_IO: the connection broke; with errno 0
 * the peer closed it.
 */
enum prot_status prot_posix_stream_receive(struct prot_posix_stream *s);

/* Forget the first n received bytes, n <= rx_len. */
void prot_posix_stream_consume(struct prot_posix_stream *s, size_t n);

/*
 * Where to write what is to be sent: the room behind what still waits. Then
 * prot_posix_stream_send() with that writer.
 */
struct prot_wr prot_posix_stream_writer(const struct prot_posix_stream *s);

/*
 * Send what was written, as far as the socket takes it; the rest waits.
 * PROT_ERR_BUSY: it did not fit into the room, nothing of it is sent.
 */
enum prot_status prot_posix_stream_send(struct prot_posix_stream *s,
					const struct prot_wr *w);

/* Send what waits. PROT_OK: all sent. PROT_PENDING: poll for POLLOUT. */
enum prot_status prot_posix_stream_flush(struct prot_posix_stream *s);

void prot_posix_stream_close(struct prot_posix_stream *s);

/* ---- Programs and secrets in memory files ---------------------------------
 *
 * What was verified is what runs: the program is written to a memory file,
 * sealed so that nobody can change it any more, checked there, and executed
 * from there. The hand-off travels in the same way.
 */

/* An empty memory file, open for writing; close-on-exec. PROT_ERR_IO. */
enum prot_status prot_posix_memory_file(const char *name, int *fd);

/* Append at the file's position. */
enum prot_status prot_posix_memory_append(int fd, const void *bytes,
					  size_t len);

/* No further write, growth or seal is possible on any descriptor of it. */
enum prot_status prot_posix_memory_seal(int fd);
bool prot_posix_memory_is_sealed(int fd);

/*
 * Read up to `cap` bytes of a file from its start, whatever its position is.
 * PROT_ERR_SPACE: it holds more.
 */
enum prot_status prot_posix_memory_read(int fd, void *out, size_t cap,
					size_t *len);

/*
 * Become the program in a sealed memory file: same process, new image. argv
 * ends with NULL. The environment is empty. Returns only on failure.
 * PROT_ERR_STATE: the file is not sealed.
 */
enum prot_status prot_posix_execute(int fd, char *const argv[]);

/* Keep a descriptor open across exec; the default of this port is to close. */
enum prot_status prot_posix_inherit(int fd);

/* ---- A runtime and its supervisor ----------------------------------------
 *
 * The supervisor plays the power supply and the watchdog. A run of the device
 * is one process: the boot stage, which becomes the runtime. It tells the
 * supervisor that it lives by bytes on a pipe, and why it ended by its exit
 * code.
 */

/* Exit codes of a run. Any other, and any signal, is a crash. */
enum prot_posix_run_end {
	PROT_POSIX_RUN_POWER_OFF = 0, /* asked to end by SIGTERM or SIGINT */
	PROT_POSIX_RUN_RESET = 80,    /* wants to be started again */
	PROT_POSIX_RUN_LOCKDOWN = 81, /* no image may run; stays off */
	PROT_POSIX_RUN_CONFIG = 82,   /* cannot start: state or port unusable */
};

/* Descriptors that the runtime inherits. */
#define PROT_POSIX_FD_HANDOFF   3 /* sealed memory file with the hand-off */
#define PROT_POSIX_FD_HEARTBEAT 4 /* pipe to the supervisor, write end */

/* Both ends of a pipe, non-blocking, close-on-exec. */
enum prot_status prot_posix_heartbeat_open(int *read_end, int *write_end);

/* Tell the supervisor that the program lives. Never blocks, never fails. */
void prot_posix_heartbeat(int write_end);

/* True when there was a heartbeat since the last call. */
bool prot_posix_heartbeat_seen(int read_end);

#ifdef __cplusplus
}
#endif
#endif /* PROT_PORT_POSIX_H */
