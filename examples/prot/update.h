/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_UPDATE_CLI_H
#define PROT_UPDATE_CLI_H

/* What the files of `prot update` share: an update, and how it is shown. */

#include "cli_connection.h"
#include "cli_package.h"

#include <prot/pldm/ua.h>

#define PROT_CLI_UPDATE_COMPONENTS 255u
#define PROT_CLI_UPDATE_METADATA   65535u
#define PROT_CLI_UPDATE_TRANSFER   8192u
/* A lost packet costs all of it; at 9600 baud it takes 1.2 s. */
#define PROT_CLI_UPDATE_TRANSFER_LINE 1024u

/* What is on the screen. */
struct prot_cli_display {
	bool terminal; /* a bar that is drawn over and over */
	bool silent;   /* --json */
	bool bar;      /* the cursor stands behind one */
	enum prot_pldm_ua_step step;
	uint16_t component;
	unsigned tenths;     /* of the image, printed last without a terminal */
	uint64_t drawn_ms;   /* last time that the bar was drawn */
	uint64_t started_ms; /* of the transfer */
};

struct prot_cli_update {
	struct prot_cli_package package;
	struct prot_pldm_ua_config config;
	struct prot_pldm_ua ua;
	struct prot_mctp_handler handler; /* of the device's requests */
	struct prot_pldm_ua_component components[PROT_CLI_UPDATE_COMPONENTS];
	uint8_t metadata[PROT_CLI_UPDATE_METADATA];
	uint8_t tx[PROT_PLDM_UA_TX_SIZE(PROT_CLI_UPDATE_TRANSFER)];
	enum prot_status status;
	bool restarts; /* the device went away to start the new firmware */
	struct prot_cli_display display;
	uint64_t started_ms;
	uint64_t ended_ms;
};

/* Show what has changed since the last call. */
void prot_cli_update_show(struct prot_cli_update *u);
/* Leave the bar, if the cursor stands behind one. */
void prot_cli_update_show_end(struct prot_cli_update *u);

/* Why the update failed, in words; `out` takes 256 bytes. */
#define PROT_CLI_UPDATE_TEXT 256
void prot_cli_update_reason(const struct prot_cli_update *u, char *out);

/* The last line, or the JSON object; returns the exit code. */
enum prot_exit prot_cli_update_report(const struct prot_cli_update *u,
				      bool json);

#endif /* PROT_UPDATE_CLI_H */
