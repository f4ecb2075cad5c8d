/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_POSIX_RUNTIME_H
#define PROT_POSIX_RUNTIME_H

/*
 * The runtime of the POSIX port: a program of its own, which the boot stage
 * executes from a sealed memory file. It inherits the hand-off, the heartbeat
 * pipe and its listening sockets.
 */

#include "variant.h"

#include <prot/port/posix_board.h>
#include <prot/port/posix_link.h>
#include <prot/services/device.h>

#include <poll.h>
#include <signal.h>

#define PROT_RUNTIME_LISTENERS 4
/* Connections at a time per listener. One more evicts the least active. */
#define PROT_RUNTIME_LINKS_EACH 2
#define PROT_RUNTIME_LINKS      (PROT_RUNTIME_LISTENERS * PROT_RUNTIME_LINKS_EACH)

struct prot_runtime_listener {
	int fd;
	enum prot_posix_framing framing;
};

/* From the command line. */
struct prot_runtime_options {
	const char *state;
	struct prot_runtime_listener listener[PROT_RUNTIME_LISTENERS];
	size_t listener_count;
	uint16_t mtu;
	uint32_t confirm_ms;
	uint8_t spdm_version; /* 0x12 or 0x13 */
	int pcap;             /* -1: no trace */
};

struct prot_runtime {
	struct prot_runtime_options options;
	struct prot_device device;
	bool reset;

	struct prot_posix_link link[PROT_RUNTIME_LINKS];
	uint64_t active_ms[PROT_RUNTIME_LINKS];
	struct prot_mctp_link link_config[PROT_RUNTIME_LINKS];
	size_t link_count;
};

/* Describe the links for the device; before prot_device_init(). */
void prot_runtime_links_init(struct prot_runtime *r);

/*
 * Wait until `until_ms`, for the sockets or a signal at most; accept, receive,
 * hand packets to the device, send what waits.
 */
void prot_runtime_links_turn(struct prot_runtime *r, uint64_t until_ms);

/* Let what waits leave, for a short while, and close everything. */
void prot_runtime_links_close(struct prot_runtime *r);

#endif /* PROT_POSIX_RUNTIME_H */
