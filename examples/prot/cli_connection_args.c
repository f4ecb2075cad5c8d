/* SPDX-License-Identifier: Apache-2.0 */
#include "cli_connection.h"

#include <prot/port/posix_link.h>

enum {
	OPT_CONNECT = 'c',
	OPT_PCAP = 0x100,
	OPT_TIMEOUT,
	OPT_MTU,
	OPT_EID,
};

static const struct argp_option options[] = {
	{"connect", OPT_CONNECT, "PEER", 0,
	 "the device: " PROT_CLI_CONNECT_FORMS
	 " (default mctp:127.0.0.1:2400; 115200 baud)",
	 0},
	{"timeout", OPT_TIMEOUT, "MS", 0,
	 "time limit for the connection and for each answer (default 5000)", 0},
	{"pcap", OPT_PCAP, "FILE", 0,
	 "record every MCTP packet in FILE; see 'prot trace'", 0},
	{"mtu", OPT_MTU, "BYTES", 0,
	 "send packet bodies of at most BYTES (from 64; default: whole "
	 "messages, 64 on a serial line)",
	 0},
	{"eid", OPT_EID, "EID", 0, "endpoint ID to assign (8..254, default 9)",
	 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static unsigned long between(struct argp_state *state, const char *what,
			     const char *text, unsigned long min,
			     unsigned long max)
{
	unsigned long v = prot_cli_number(state, what, text, max);

	if (v < min) {
		argp_error(state, "%s must be at least %lu", what, min);
	}
	return v;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct prot_cli_connection_options *o = state->input;
	struct prot_cli_endpoint endpoint;

	switch (key) {
	case ARGP_KEY_INIT:
		o->connect = "mctp:127.0.0.1:2400";
		o->timeout_ms = PROT_CLI_TIMEOUT_MS;
		return 0;
	case OPT_CONNECT:
		if (!prot_cli_endpoint_parse(arg, &endpoint)) {
			argp_error(state,
				   "--connect wants " PROT_CLI_CONNECT_FORMS
				   ", not '%s'",
				   arg);
		}
		o->connect = arg;
		return 0;
	case OPT_PCAP:
		o->pcap = arg;
		return 0;
	case OPT_TIMEOUT:
		o->timeout_ms =
			(uint32_t)between(state, "--timeout", arg, 1, 3600000);
		return 0;
	case OPT_MTU:
		o->mtu = (uint16_t)between(state, "--mtu", arg, PROT_MCTP_BTU,
					   PROT_POSIX_LINK_MTU_MAX);
		return 0;
	case OPT_EID:
		o->eid = (uint8_t)between(state, "--eid", arg,
					  PROT_MCTP_EID_FIRST,
					  PROT_MCTP_EID_LAST);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp prot_cli_connection_argp = {
	.options = options,
	.parser = parse,
};
