/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CLI_DEVICE_H
#define PROT_CLI_DEVICE_H

/*
 * `prot device`: a supervisor that plays the power supply and the watchdog,
 * and the boot stage. Each reset is a new process, which runs the boot stage
 * and then becomes the runtime that it verified.
 */

#include "prot_cli.h"

#include <prot/services/handoff.h>

#define PROT_CLI_LISTENERS 4

struct prot_device_options {
	const char *state;
	struct prot_cli_endpoint listen[PROT_CLI_LISTENERS];
	size_t listen_count;
	uint32_t watchdog_ms;
	const char *mtu;          /* as typed, for the runtime; NULL: default */
	const char *confirm_ms;   /* likewise */
	const char *spdm_version; /* likewise */
	const char *pcap;         /* NULL: no trace */
};

/* What the supervisor gives to one run. */
struct prot_device_run {
	const struct prot_device_options *options;
	enum prot_reset_reason reason;
	int listener[PROT_CLI_LISTENERS];
	int heartbeat; /* write end */
	int pcap;      /* -1: no trace */
};

/*
 * The boot stage: select, verify and load an image, derive the identity, print
 * a summary, become the runtime. Returns only when that fails: an exit code
 * of enum prot_posix_run_end, the reason has been printed.
 */
int prot_device_boot(const struct prot_device_run *run);

#endif /* PROT_CLI_DEVICE_H */
