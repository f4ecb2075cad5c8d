/* SPDX-License-Identifier: Apache-2.0 */
/* prot update: bring a package to a device. */
#include "update.h"

#include <prot/mctp/control.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUSY_MS 15000 /* patience with "later" */
#define T3_MS   180000
#define POLL_MS 1000

struct options {
	struct prot_cli_connection_options connection;
	const char *package;
	bool no_check;
	bool no_activate;
	bool self_contained;
	bool force;
	bool takeover;
	bool json;
};

enum {
	OPT_NO_CHECK = 0x200,
	OPT_NO_ACTIVATE,
	OPT_SELF_CONTAINED,
	OPT_TAKEOVER,
};

static const struct argp_option options[] = {
	{"package", 'p', "FILE", 0, "firmware update package (required)", 0},
	{"no-check", OPT_NO_CHECK, NULL, 0,
	 "leave it to the device to find out what is wrong with the package: "
	 "no payload checksum, no match of descriptors; zeros follow a file "
	 "that is too short",
	 0},
	{"no-activate", OPT_NO_ACTIVATE, NULL, 0,
	 "transfer and apply, but do not activate", 0},
	{"self-contained", OPT_SELF_CONTAINED, NULL, 0,
	 "ask the device to start the new firmware on its own, at once", 0},
	{"force", 'f', NULL, 0,
	 "ask the device to take the same or an older version", 0},
	{"takeover", OPT_TAKEOVER, NULL, 0,
	 "cancel an update that is still under way", 0},
	{"json", 'j', NULL, 0, "print the outcome as JSON", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->connection;
		return 0;
	case 'p':
		o->package = arg;
		return 0;
	case OPT_NO_CHECK:
		o->no_check = true;
		return 0;
	case OPT_NO_ACTIVATE:
		o->no_activate = true;
		return 0;
	case OPT_SELF_CONTAINED:
		o->self_contained = true;
		return 0;
	case 'f':
		o->force = true;
		return 0;
	case OPT_TAKEOVER:
		o->takeover = true;
		return 0;
	case 'j':
		o->json = true;
		return 0;
	case ARGP_KEY_END:
		if (!o->package) {
			argp_error(state, "--package is missing");
		}
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{&prot_cli_connection_argp, 0, "Connection:", 0},
	{NULL, 0, NULL, 0},
};

static const struct argp update_argp = {
	.options = options,
	.parser = parse,
	.children = children,
	.doc = "Bring a firmware update package to a device (PLDM for firmware "
	       "update, DSP0267). The package is checked first. Exit code 0: "
	       "updated; 1: the package or the device says no; 2: could not "
	       "tell.",
};

/* The device's own requests, which arrive while we wait. */
static void serve(void *ctx, const struct prot_mctp_message *msg,
		  struct prot_mctp_reply *reply)
{
	struct prot_cli_update *u = ctx;
	const struct prot_pldm_message m = {msg->from.eid, msg->data + 1,
					    msg->len - 1};
	size_t len = 0;

	if (u->status != PROT_PENDING || reply->cap == 0 ||
	    !prot_pldm_message_is_request(&m)) {
		return;
	}
	u->status = prot_pldm_ua_step(&u->ua, &m, prot_cli_now_ms(),
				      reply->data + 1, reply->cap - 1, &len);
	reply->len = len != 0 ? 1 + len : 0;
}

/* Step with a response or a tick, and send what comes of it. */
static enum prot_status go_on(struct prot_cli_update *u,
			      struct prot_cli_connection *c,
			      const struct prot_cli_message *reply)
{
	const struct prot_pldm_message m = {prot_cli_peer_info(c)->eid,
					    reply ? reply->bytes : NULL,
					    reply ? reply->len : 0};
	size_t len;

	u->status =
		prot_pldm_ua_step(&u->ua, reply ? &m : NULL, prot_cli_now_ms(),
				  u->tx, sizeof(u->tx), &len);
	if (len == 0) {
		return PROT_OK;
	}
	/* A repetition, or something more urgent than an answer: drop that. */
	prot_cli_abandon(c);
	return prot_cli_request(c, PROT_MCTP_TYPE_PLDM, u->tx, len);
}

/* The device has accepted ActivateFirmware and may go away any time. */
static bool settling(const struct prot_cli_update *u)
{
	struct prot_pldm_ua_progress p;

	prot_pldm_ua_progress(&u->ua, &p);
	return p.step == PROT_PLDM_UA_SETTLE;
}

/* One turn; anything but PROT_OK ends the connection. */
static enum prot_status turn(struct prot_cli_update *u,
			     struct prot_cli_connection *c)
{
	uint64_t wake = prot_pldm_ua_wake_ms(&u->ua);
	struct prot_cli_message reply;
	enum prot_status st;

	if (wake <= prot_cli_now_ms()) {
		/* Over a line its restart shows in nothing else. */
		st = settling(u) ? prot_cli_check_peer(c) : PROT_OK;
		if (st == PROT_OK) {
			st = go_on(u, c, NULL);
		}
		if (st != PROT_OK || u->status != PROT_PENDING) {
			return st;
		}
	}
	st = prot_cli_wait(c, prot_pldm_ua_wake_ms(&u->ua), &reply);
	if (st == PROT_ERR_CANCELLED && prot_cli_interrupt_taken()) {
		/* The device shall not be left in the middle of an update. */
		prot_pldm_ua_cancel(&u->ua, PROT_PLDM_UA_UPDATE);
		return PROT_OK;
	}
	if (st == PROT_OK) {
		return go_on(u, c, &reply);
	}
	return st == PROT_PENDING || st == PROT_ERR_TIMEOUT ? PROT_OK : st;
}

static enum prot_status run_update(struct prot_cli_update *u,
				   struct prot_cli_connection *c)
{
	enum prot_status st = PROT_OK;

	u->started_ms = prot_cli_now_ms();
	while (st == PROT_OK && u->status == PROT_PENDING) {
		st = turn(u, c);
		prot_cli_update_show(u);
	}
	u->ended_ms = prot_cli_now_ms();
	prot_cli_update_show_end(u);
	if (st == PROT_ERR_IO && settling(u)) {
		/* It starts the new firmware on its own: that was asked for. */
		u->status = PROT_OK;
		u->restarts = true;
		return PROT_OK;
	}
	return st;
}

/* Three tries share the time limit of an answer. */
static uint32_t response_ms(uint32_t timeout_ms)
{
	uint32_t each = timeout_ms / (PROT_PLDM_PN1 + 1);

	each = each < PROT_PLDM_PT2_MIN_MS ? PROT_PLDM_PT2_MIN_MS : each;
	return each > PROT_PLDM_PT2_MAX_MS ? PROT_PLDM_PT2_MAX_MS : each;
}

static void configure(struct prot_cli_update *u, const struct options *o,
		      uint8_t eid, bool line)
{
	u->config = (struct prot_pldm_ua_config){
		.package = &u->package.package,
		.peer = eid,
		.components = u->components,
		.component_cap = PROT_CLI_UPDATE_COMPONENTS,
		.metadata = u->metadata,
		.metadata_cap = PROT_CLI_UPDATE_METADATA,
		.max_transfer = line ? PROT_CLI_UPDATE_TRANSFER_LINE
				     : PROT_CLI_UPDATE_TRANSFER,
		.retries = PROT_PLDM_PN1,
		.response_ms = response_ms(o->connection.timeout_ms),
		.busy_ms = BUSY_MS,
		.t2_ms = PROT_PLDM_UA_T2_MS,
		.t3_ms = T3_MS,
		.poll_ms = POLL_MS,
		.force = o->force,
		.takeover = o->takeover,
		.ignore_match = o->no_check,
		.activate = !o->no_activate,
		.self_contained = o->self_contained,
	};
	u->display.silent = o->json;
	u->display.terminal = isatty(STDOUT_FILENO) != 0;
}

static enum prot_exit connect_and_run(struct prot_cli_update *u,
				      struct options *o)
{
	struct prot_cli_connection *c;
	enum prot_status st;
	enum prot_exit code;

	/* Until the agent is ready nobody is served. */
	u->status = PROT_ERR_STATE;
	u->handler.type = PROT_MCTP_TYPE_PLDM;
	u->handler.handle = serve;
	u->handler.ctx = u;
	o->connection.handlers = &u->handler;
	o->connection.handler_count = 1;
	c = prot_cli_connect(&o->connection);
	if (!c) {
		return PROT_EXIT_FAILED;
	}
	configure(u, o, prot_cli_peer_info(c)->eid, prot_cli_is_line(c));
	st = prot_pldm_ua_init(&u->ua, &u->config);
	if (st == PROT_OK) {
		u->status = PROT_PENDING;
		st = run_update(u, c);
	}
	if (st == PROT_OK) {
		code = prot_cli_update_report(u, o->json);
	} else {
		prot_cli_connection_error(c, st);
		code = st == PROT_ERR_CANCELLED ? PROT_EXIT_SIGNAL
						: PROT_EXIT_FAILED;
	}
	prot_cli_disconnect(c);
	return code;
}

static int run(int argc, char **argv)
{
	struct options o = {0};
	struct prot_cli_update *u;
	enum prot_exit code;

	prot_cli_parse(&update_argp, argc, argv, &o);
	u = prot_cli_alloc(sizeof(*u));
	memset(u, 0, sizeof(*u));
	prot_cli_catch_signals();
	code = prot_cli_package_open(&u->package, o.package, o.no_check);
	if (code == PROT_EXIT_YES && !o.no_check) {
		code = prot_cli_package_check_payload(&u->package, o.package);
	}
	if (code == PROT_EXIT_YES) {
		code = connect_and_run(u, &o);
	}
	prot_cli_package_close(&u->package);
	free(u);
	return (int)code;
}

const struct prot_command prot_cmd_update = {
	"update", "bring a firmware update package to a device", run};
