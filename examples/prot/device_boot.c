/* SPDX-License-Identifier: Apache-2.0 */
#include "cli_key.h"
#include "device.h"

#include <prot/base/wipe.h>
#include <prot/port/posix_board.h>
#include <prot/services/boot_stage.h>
#include <prot/services/console.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FD_LISTEN    (PROT_POSIX_FD_HEARTBEAT + 1) /* the first listener */
#define FD_OUTSIDE   64 /* above all descriptors that the runtime gets */
#define INHERITED    (2 + PROT_CLI_LISTENERS + 1) /* descriptors */
#define RUNTIME_ARGS (4 + 2 * PROT_CLI_LISTENERS + 8)

/* Everything that the boot stage holds; wiped before the runtime starts. */
struct boot {
	const struct prot_device_run *run;
	struct prot_posix_board board;
	struct prot_cli_crypto crypto;
	struct prot_boot_stage_config config;
	struct prot_boot_stage stage;
	int payload; /* memory file; -1: none */
	uint8_t handoff[PROT_HANDOFF_SIZE_MAX];
};

/*
 * The payload goes where it will run while it is hashed. One that does not
 * verify is dropped when the next one starts, or never executed.
 */
static enum prot_status load_payload(void *ctx,
				     const struct prot_image_header *h,
				     uint32_t offset, const void *data,
				     size_t len)
{
	struct boot *b = ctx;

	(void)h;
	if (offset == 0) {
		if (b->payload >= 0) {
			close(b->payload);
		}
		if (prot_posix_memory_file("runtime", &b->payload) != PROT_OK) {
			return PROT_ERR_IO;
		}
	}
	return prot_posix_memory_append(b->payload, data, len);
}

/* The boot stage measures itself: the program that this process runs. */
static bool measure_self(struct boot *b, uint8_t digest[PROT_HASH_MAX])
{
	const struct prot_crypto *c = &b->crypto.crypto;
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct prot_hash_state hash;
	enum prot_status st =
		c->ops->hash_init(c->ctx, &hash, PROT_HASH_SHA384);
	uint8_t block[16384];
	ssize_t n = -1;

	while (fd >= 0 && st == PROT_OK &&
	       (n = read(fd, block, sizeof(block))) > 0) {
		st = c->ops->hash_update(c->ctx, &hash, block, (size_t)n);
	}
	if (fd >= 0) {
		close(fd);
	}
	if (n < 0 || st != PROT_OK) {
		prot_cli_error("cannot measure the boot stage");
		return false;
	}
	return c->ops->hash_final(c->ctx, &hash, digest) == PROT_OK;
}

static void print_summary(const struct boot *b)
{
	char line[PROT_CONSOLE_LINE];

	for (unsigned n = 0; n < PROT_BOOT_STAGE_LINES; n++) {
		if (prot_boot_stage_line(&b->stage, n, line) != 0) {
			(void)puts(line);
		}
	}
}

/*
 * A device whose supervisor was killed ends a moment later: give it that
 * moment before calling it another device.
 */
#define LEFTOVER_MS 1000

static enum prot_status open_board(struct boot *b)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	uint64_t until = prot_cli_now_ms() + LEFTOVER_MS;
	enum prot_status st;

	do {
		st = prot_posix_board_open(&b->board, b->run->options->state);
	} while (st == PROT_ERR_BUSY && prot_cli_now_ms() < until &&
		 nanosleep(&pause, NULL) == 0);
	return st;
}

static int open_memories(struct boot *b)
{
	const char *state = b->run->options->state;
	enum prot_status st = open_board(b);

	if (st == PROT_OK) {
		return 0;
	}
	prot_cli_error("cannot use the memories in %s: %s", state,
		       st == PROT_ERR_BUSY ? "another device runs"
		       : st == PROT_ERR_MALFORMED
			       ? "wrong size, or of another board"
		       : st == PROT_ERR_NOT_FOUND ? "not provisioned"
						  : strerror(errno));
	return PROT_POSIX_RUN_CONFIG;
}

static int run_stage(struct boot *b)
{
	const struct prot_image_sink sink = {load_payload, b};
	struct prot_boot_stage_input in = {.reset_reason = b->run->reason};
	uint8_t self[PROT_HASH_MAX];
	enum prot_status st;

	if (!measure_self(b, self)) {
		return PROT_POSIX_RUN_CONFIG;
	}
	memcpy(in.boot_digest, self, sizeof(in.boot_digest));
	b->config = (struct prot_boot_stage_config){
		.boot = prot_posix_board_boot_config(&b->board,
						     &b->crypto.crypto),
		.product = b->board.board->product,
		.vendor = b->board.board->vendor,
		.model = b->board.board->model,
	};
	st = prot_boot_stage_init(&b->stage, &b->config, &in, &sink);
	if (st != PROT_OK) {
		prot_cli_error("cannot start the boot stage: %s",
			       prot_status_text(st));
		return PROT_POSIX_RUN_CONFIG;
	}
	do {
		st = prot_boot_stage_step(&b->stage);
		prot_posix_heartbeat(b->run->heartbeat);
	} while (st == PROT_PENDING);
	print_summary(b);
	return st == PROT_OK ? 0 : PROT_POSIX_RUN_LOCKDOWN;
}

/* Put the hand-off into a sealed memory file. */
static enum prot_status seal_handoff(struct boot *b, int *fd)
{
	size_t len;
	enum prot_status st =
		prot_handoff_encode(prot_boot_stage_handoff(&b->stage),
				    b->handoff, sizeof(b->handoff), &len);

	if (st == PROT_OK) {
		st = prot_posix_memory_file("handoff", fd);
	}
	if (st == PROT_OK) {
		st = prot_posix_memory_append(*fd, b->handoff, len);
	}
	if (st == PROT_OK) {
		st = prot_posix_memory_seal(*fd);
	}
	prot_wipe(b->handoff, sizeof(b->handoff));
	return st;
}

/* dup2() clears close-on-exec: exactly these descriptors are inherited. */
static bool place_descriptors(const struct prot_device_run *run, int handoff)
{
	size_t count = run->options->listen_count;
	int from[INHERITED] = {handoff, run->heartbeat};

	memcpy(from + 2, run->listener, count * sizeof(from[0]));
	if (run->pcap >= 0) {
		from[2 + count++] = run->pcap;
	}
	/* First out of the way of each other, then into place. */
	for (size_t i = 0; i < count + 2; i++) {
		from[i] = fcntl(from[i], F_DUPFD_CLOEXEC, FD_OUTSIDE);
		if (from[i] < 0) {
			return false;
		}
	}
	for (size_t i = 0; i < count + 2; i++) {
		if (dup2(from[i], PROT_POSIX_FD_HANDOFF + (int)i) < 0) {
			return false;
		}
	}
	return true;
}

/* Arguments are writable strings: execve() asks for that. */
static char *copy(const char *text)
{
	char *p = strdup(text);

	if (p == NULL) {
		prot_cli_error("out of memory");
		exit(PROT_POSIX_RUN_CONFIG);
	}
	return p;
}

static void option(char **argv, size_t *n, const char *name, const char *value)
{
	if (value) {
		argv[(*n)++] = copy(name);
		argv[(*n)++] = copy(value);
	}
}

static void make_arguments(const struct prot_device_options *o,
			   char *argv[RUNTIME_ARGS])
{
	static const char *const framings[] = {
		[PROT_CLI_MCTP] = "mctp",
		[PROT_CLI_EMU] = "emu",
		[PROT_CLI_SERIAL] = "serial",
	};
	size_t n = 0;
	char spec[32];

	argv[n++] = copy("prot-runtime");
	option(argv, &n, "--state", o->state);
	for (size_t i = 0; i < o->listen_count; i++) {
		snprintf(spec, sizeof(spec), "%s:%d",
			 framings[o->listen[i].framing], FD_LISTEN + (int)i);
		option(argv, &n, "--listener", spec);
	}
	if (o->pcap) {
		snprintf(spec, sizeof(spec), "%d",
			 FD_LISTEN + (int)o->listen_count);
		option(argv, &n, "--pcap", spec);
	}
	option(argv, &n, "--mtu", o->mtu);
	option(argv, &n, "--confirm-after", o->confirm_ms);
	option(argv, &n, "--spdm-version", o->spdm_version);
	argv[n] = NULL;
}

static void free_arguments(char *argv[RUNTIME_ARGS])
{
	for (size_t i = 0; argv[i]; i++) {
		free(argv[i]);
	}
}

/* Returns only when that fails. */
static enum prot_status become_runtime(struct boot *b, int payload)
{
	char *argv[RUNTIME_ARGS];
	enum prot_status st;

	make_arguments(b->run->options, argv);
	st = prot_posix_execute(payload, argv);
	prot_cli_error("cannot execute the verified payload: %s",
		       st == PROT_ERR_STATE ? prot_status_text(st)
					    : strerror(errno));
	free_arguments(argv);
	return st;
}

static int start_runtime(struct boot *b)
{
	int payload;
	int handoff = -1;
	enum prot_status st = prot_posix_memory_seal(b->payload);

	if (st == PROT_OK) {
		st = seal_handoff(b, &handoff);
	}
	/* Closed before their numbers are given to what is inherited. */
	prot_posix_board_close(&b->board);
	/* The payload's descriptor must not lie where another will go. */
	payload = fcntl(b->payload, F_DUPFD_CLOEXEC, FD_OUTSIDE);
	if (st != PROT_OK || payload < 0 ||
	    !place_descriptors(b->run, handoff)) {
		prot_cli_error("cannot prepare the runtime: %s",
			       strerror(errno));
		return PROT_POSIX_RUN_CONFIG;
	}
	prot_boot_stage_wipe(&b->stage);
	prot_cli_crypto_close(&b->crypto);
	fflush(stdout);
	(void)become_runtime(b, payload);
	return PROT_POSIX_RUN_CONFIG;
}

int prot_device_boot(const struct prot_device_run *run)
{
	struct boot *b = prot_cli_alloc(sizeof(*b));
	int code;

	b->run = run;
	b->payload = -1;
	if (!prot_cli_crypto_open(&b->crypto)) {
		return PROT_POSIX_RUN_CONFIG;
	}
	code = open_memories(b);
	if (code == 0) {
		code = run_stage(b);
	}
	if (code == 0) {
		code = start_runtime(b);
	}
	prot_wipe(b, sizeof(*b));
	free(b);
	return code;
}
