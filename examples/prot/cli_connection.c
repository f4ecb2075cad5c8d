/* SPDX-License-Identifier: Apache-2.0 */
#include "cli_connection.h"

#include "cli_pcap.h"

#include <prot/mctp/control.h>
#include <prot/mctp/discover.h>
#include <prot/port/posix_link.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS            2
#define TX_BUFFERS       2
#define PACKETS_PER_TURN 64
#define RETRIES          1 /* of a discovery request */

struct prot_cli_connection {
	struct prot_cli_connection_options options;
	char peer[PROT_CLI_ENDPOINT_TEXT];
	struct prot_cli_peer_info info;
	struct prot_cli_pcap *pcap;
	enum prot_cli_framing framing;
	int link_errno;               /* of a broken connection */
	enum prot_status link_status; /* PROT_OK while it stands */
	bool handled;                 /* a handler ran since the last wait */

	struct prot_posix_link link;
	struct prot_mctp mctp;
	struct prot_mctp_config config;
	struct prot_mctp_link link_config;
	struct prot_mctp_slot slots[SLOTS];
	struct prot_mctp_tx_buffer tx_buffers[TX_BUFFERS];
	struct prot_mctp_discovery discovery;

	struct prot_mctp_request request;
	uint8_t type;
	uint8_t message[PROT_CLI_MESSAGE_MAX];
	uint8_t reply[PROT_CLI_MESSAGE_MAX];
	uint8_t packet[PROT_MCTP_TCP_PACKET_MAX];
	uint8_t slot_bytes[SLOTS][PROT_CLI_MESSAGE_MAX];
	uint8_t tx_bytes[TX_BUFFERS][PROT_CLI_MESSAGE_MAX];
};

static void trace_packet(void *ctx, const uint8_t *packet, size_t len)
{
	prot_cli_pcap_write(ctx, packet, len);
}

static uint16_t mtu(const struct prot_cli_connection *c)
{
	uint16_t asked = c->options.mtu;

	if (c->framing == PROT_CLI_SERIAL) {
		return asked ? asked : PROT_POSIX_SERIAL_MTU;
	}
	return c->framing == PROT_CLI_EMU || asked == 0
		       ? PROT_POSIX_LINK_MTU_MAX
		       : asked;
}

static void configure(struct prot_cli_connection *c)
{
	for (size_t i = 0; i < SLOTS; i++) {
		c->slots[i].buf = c->slot_bytes[i];
		c->slots[i].cap = sizeof(c->slot_bytes[i]);
	}
	for (size_t i = 0; i < TX_BUFFERS; i++) {
		c->tx_buffers[i].buf = c->tx_bytes[i];
		c->tx_buffers[i].cap = sizeof(c->tx_bytes[i]);
	}
	c->link_config = (struct prot_mctp_link){
		.ops = &prot_posix_link_ops,
		.ctx = &c->link,
		.mtu = mtu(c),
		.binding = c->framing == PROT_CLI_SERIAL
				   ? PROT_MCTP_BINDING_SERIAL
				   : PROT_MCTP_BINDING_VENDOR,
	};
	c->config = (struct prot_mctp_config){
		.links = &c->link_config,
		.link_count = 1,
		.handlers = c->options.handlers,
		.handler_count = c->options.handler_count,
		.slots = c->slots,
		.slot_count = SLOTS,
		.slots_per_peer = SLOTS,
		.tx_buffers = c->tx_buffers,
		.tx_buffer_count = TX_BUFFERS,
		.packet = c->packet,
		.packet_cap = sizeof(c->packet),
		.assembly_timeout_ms = PROT_MCTP_ASSEMBLY_TIMEOUT_MS,
		.send_timeout_ms = PROT_MCTP_SEND_TIMEOUT_MS,
		.eid = PROT_CLI_HOST_EID,
	};
}

static void connection_lost(struct prot_cli_connection *c, enum prot_status st,
			    int error)
{
	c->link_status = st;
	c->link_errno = error;
	prot_posix_link_close(&c->link);
	prot_mctp_link_reset(&c->mctp, 0);
}

/*
 * Hand what has arrived to the endpoint; a bounded part of it, so that a peer
 * that never stops sending does not suspend the time limits.
 */
static void receive(struct prot_cli_connection *c)
{
	static const struct prot_mctp_addr nowhere;
	uint32_t before = prot_mctp_counters(&c->mctp)->rx_messages;
	enum prot_status st = PROT_PENDING;
	uint8_t *packet;
	size_t len;

	for (int i = 0; i < PACKETS_PER_TURN; i++) {
		st = prot_posix_link_next(&c->link, &packet, &len);
		if (st != PROT_OK) {
			break;
		}
		(void)prot_mctp_rx(&c->mctp, 0, &nowhere, packet, len,
				   prot_cli_now_ms());
	}
	c->handled = prot_mctp_counters(&c->mctp)->rx_messages != before;
	if (st != PROT_PENDING && st != PROT_OK) {
		connection_lost(c, st, errno);
	}
}

static int poll_time(uint64_t until_ms)
{
	uint64_t now = prot_cli_now_ms();
	uint64_t left = until_ms > now ? until_ms - now : 0;

	return left > 1000 ? 1000 : (int)left;
}

/* One round: send what can be sent, wait for the socket, take what came. */
static enum prot_status turn(struct prot_cli_connection *c, uint64_t until_ms)
{
	struct pollfd p = {.fd = c->link.stream.fd, .events = POLLIN};
	uint64_t next;
	int ready;

	if (prot_cli_interrupted()) {
		return PROT_ERR_CANCELLED;
	}
	if (c->link_status != PROT_OK) {
		return c->link_status;
	}
	if (prot_posix_link_waits(&c->link)) {
		p.events |= POLLOUT;
	}
	next = prot_posix_link_unread(&c->link) ? 0
						: prot_mctp_next_tick(&c->mctp);
	ready = poll(&p, 1, poll_time(next < until_ms ? next : until_ms));
	if (ready > 0 && (p.revents & POLLOUT) &&
	    prot_posix_link_flush(&c->link) == PROT_ERR_IO) {
		connection_lost(c, PROT_ERR_IO, errno);
	} else if (prot_posix_link_unread(&c->link) ||
		   (ready > 0 && (p.revents & (POLLIN | POLLHUP | POLLERR)))) {
		receive(c);
	}
	prot_mctp_tick(&c->mctp, prot_cli_now_ms());
	return PROT_OK;
}

static void report_connect(const struct prot_cli_connection *c,
			   const struct prot_cli_endpoint *endpoint,
			   enum prot_status st)
{
	switch ((int)st) {
	case PROT_ERR_REFUSED:
		prot_cli_error("cannot connect to %s: nobody listens there",
			       c->peer);
		break;
	case PROT_ERR_NOT_FOUND:
		prot_cli_error("cannot connect to %s: unknown host %s", c->peer,
			       endpoint->host);
		break;
	case PROT_ERR_TIMEOUT:
		prot_cli_error("cannot connect to %s: no answer within %u ms",
			       c->peer, c->options.timeout_ms);
		break;
	case PROT_ERR_CANCELLED:
		prot_cli_error("interrupted");
		break;
	case PROT_ERR_BUSY:
		prot_cli_error("cannot connect to %s: another program uses it",
			       c->peer);
		break;
	case PROT_ERR_UNSUPPORTED:
		prot_cli_error("cannot connect to %s: not a terminal device",
			       c->peer);
		break;
	case PROT_ERR_ARG:
		prot_cli_error("cannot connect to %s: it does not do %u baud",
			       c->peer, (unsigned)endpoint->baud);
		break;
	default:
		prot_cli_error("cannot connect to %s: %s", c->peer,
			       strerror(errno));
		break;
	}
}

static enum prot_status open_endpoint(const struct prot_cli_endpoint *e,
				      uint32_t timeout_ms, int *fd)
{
	if (e->framing != PROT_CLI_SERIAL) {
		return prot_posix_tcp_connect(e->host, e->port, timeout_ms, fd);
	}
	return e->baud ? prot_posix_tty_open(e->host, e->baud, fd)
		       : prot_posix_unix_connect(e->host, fd);
}

static bool open_link(struct prot_cli_connection *c,
		      const struct prot_cli_endpoint *endpoint)
{
	static const enum prot_posix_framing framings[] = {
		[PROT_CLI_MCTP] = PROT_POSIX_FRAMING_MCTP,
		[PROT_CLI_EMU] = PROT_POSIX_FRAMING_EMU,
		[PROT_CLI_SERIAL] = PROT_POSIX_FRAMING_SERIAL,
	};
	enum prot_status st;
	int fd;

	if (c->framing == PROT_CLI_SERIAL &&
	    c->options.mtu > PROT_POSIX_SERIAL_MTU_MAX) {
		prot_cli_error("--mtu is at most %d on a serial line",
			       PROT_POSIX_SERIAL_MTU_MAX);
		return false;
	}
	st = open_endpoint(endpoint, c->options.timeout_ms, &fd);
	if (st != PROT_OK) {
		report_connect(c, endpoint, st);
		return false;
	}
	prot_posix_link_init(&c->link, framings[c->framing], false);
	prot_posix_link_open(&c->link, fd, PROT_CLI_HOST_EID, c->info.eid);
	configure(c);
	if (prot_mctp_init(&c->mctp, &c->config) != PROT_OK) {
		prot_cli_error("--mtu must be from 64 to %d",
			       PROT_POSIX_LINK_MTU_MAX);
		return false;
	}
	if (c->pcap) {
		c->link.tap = trace_packet;
		c->link.tap_ctx = c->pcap;
	}
	return true;
}

static void report_discovery(const struct prot_cli_connection *c,
			     enum prot_status st)
{
	if (st == PROT_ERR_REFUSED) {
		prot_cli_error("%s refused MCTP control command 0x%02x "
			       "(completion code 0x%02x)",
			       c->peer, c->discovery.command,
			       c->discovery.completion);
	} else if (st == PROT_ERR_TIMEOUT) {
		prot_cli_error("%s %s MCTP control requests within %u ms",
			       c->peer,
			       c->framing == PROT_CLI_SERIAL
				       ? "does not answer"
				       : "accepts connections but does not "
					 "answer",
			       c->options.timeout_ms);
	} else if (st == PROT_ERR_MALFORMED && c->link_status == PROT_OK) {
		prot_cli_error("%s gives an answer to MCTP control command "
			       "0x%02x that does not parse",
			       c->peer, c->discovery.command);
	} else {
		prot_cli_connection_error(c, st);
	}
}

static void keep_discovered(struct prot_cli_connection *c)
{
	const struct prot_mctp_discovered *found = &c->discovery.found;

	c->info.eid = found->eid;
	c->info.has_uuid = found->has_uuid;
	memcpy(c->info.uuid, found->uuid, sizeof(c->info.uuid));
	c->info.type_count = found->type_count < PROT_CLI_TYPES_MAX
				     ? found->type_count
				     : PROT_CLI_TYPES_MAX;
	memcpy(c->info.types, found->types, c->info.type_count);
}

static bool discover(struct prot_cli_connection *c)
{
	static const struct prot_mctp_addr nowhere;
	/* The time limit holds for a command and its retry together. */
	uint32_t each = c->options.timeout_ms / (RETRIES + 1);
	enum prot_status st = prot_mctp_discovery_init(
		&c->discovery, 0, &nowhere, c->options.eid, each ? each : 1,
		RETRIES);
	enum prot_status link = PROT_OK;

	while (st == PROT_OK || st == PROT_PENDING) {
		st = prot_mctp_discovery_step(&c->discovery, &c->mctp,
					      prot_cli_now_ms());
		if (st != PROT_PENDING) {
			break;
		}
		link = turn(c, UINT64_MAX);
		if (link != PROT_OK) {
			st = link;
			break;
		}
	}
	if (st != PROT_OK) {
		report_discovery(c, c->link_status ? c->link_status : st);
		return false;
	}
	keep_discovered(c);
	return true;
}

static bool establish(struct prot_cli_connection *c)
{
	struct prot_cli_endpoint endpoint;

	if (!prot_cli_endpoint_parse(c->options.connect, &endpoint)) {
		prot_cli_error(
			"'%s' is not a connection: " PROT_CLI_CONNECT_FORMS,
			c->options.connect);
		return false;
	}
	prot_cli_endpoint_text(&endpoint, c->peer);
	c->framing = endpoint.framing;
	if (c->options.pcap) {
		c->pcap = prot_cli_pcap_create(c->options.pcap);
		if (c->pcap == NULL) {
			return false;
		}
	}
	/* What the synthesised headers of the emu framing show. */
	c->info.eid = c->options.eid;
	if (!open_link(c, &endpoint)) {
		return false;
	}
	if (endpoint.framing == PROT_CLI_EMU) {
		return true;
	}
	return discover(c);
}

struct prot_cli_connection *
prot_cli_connect(const struct prot_cli_connection_options *options)
{
	struct prot_cli_connection *c = prot_cli_alloc(sizeof(*c));

	c->options = *options;
	c->link.stream.fd = -1;
	if (c->options.eid == 0) {
		c->options.eid = PROT_CLI_DEVICE_EID;
	}
	if (c->options.timeout_ms == 0) {
		c->options.timeout_ms = PROT_CLI_TIMEOUT_MS;
	}
	prot_cli_catch_signals();
	if (!establish(c)) {
		prot_cli_disconnect(c);
		return NULL;
	}
	return c;
}

void prot_cli_disconnect(struct prot_cli_connection *c)
{
	if (c) {
		prot_posix_link_close(&c->link);
		prot_cli_pcap_close(c->pcap);
		free(c);
	}
}

const struct prot_cli_peer_info *
prot_cli_peer_info(const struct prot_cli_connection *c)
{
	return &c->info;
}

bool prot_cli_is_line(const struct prot_cli_connection *c)
{
	return c->framing == PROT_CLI_SERIAL;
}

/* Whether an answer to Get Endpoint ID comes from a device without our EID. */
static bool has_restarted(const struct prot_cli_connection *c,
			  const uint8_t *answer, size_t len)
{
	struct prot_rd r = prot_rd_init(answer, len);
	struct prot_mctp_get_eid_response m;
	uint8_t completion;

	return prot_mctp_control_response_get(&r, 0, PROT_MCTP_CMD_GET_EID,
					      &completion) == PROT_OK &&
	       completion == PROT_MCTP_CC_SUCCESS &&
	       prot_mctp_get_eid_response_get(&r, &m) == PROT_OK &&
	       m.eid != c->info.eid;
}

enum prot_status prot_cli_check_peer(struct prot_cli_connection *c)
{
	uint8_t message[8];
	uint8_t answer[16];
	struct prot_wr w = prot_wr_init(message, sizeof(message));
	struct prot_mctp_request r = {
		.timeout_ms = PROT_CLI_CHECK_MS,
		.header = message,
		.reply = answer,
		.reply_cap = sizeof(answer),
	};
	enum prot_status st = PROT_OK;

	if (!prot_cli_is_line(c) || c->link_status != PROT_OK) {
		return c->link_status;
	}
	prot_mctp_control_request_put(&w, 0, PROT_MCTP_CMD_GET_EID);
	r.header_len = w.len;
	if (prot_mctp_request_start(&c->mctp, &r, prot_cli_now_ms()) !=
	    PROT_OK) {
		return PROT_OK;
	}
	while (st == PROT_OK && r.status == PROT_PENDING) {
		st = turn(c, UINT64_MAX);
	}
	prot_mctp_request_cancel(&c->mctp, &r);
	if (st == PROT_OK && r.status == PROT_OK &&
	    has_restarted(c, answer, r.reply_len)) {
		connection_lost(c, PROT_ERR_IO, 0);
		st = PROT_ERR_IO;
	}
	return st;
}

enum prot_status prot_cli_request(struct prot_cli_connection *c, uint8_t type,
				  const void *message, size_t len)
{
	struct prot_mctp_request *r = &c->request;

	if (r->status == PROT_PENDING) {
		return PROT_ERR_STATE;
	}
	if (c->link_status != PROT_OK) {
		return c->link_status;
	}
	if (len > sizeof(c->message)) {
		return PROT_ERR_SPACE;
	}
	memmove(c->message, message, len);
	c->type = type;
	memset(r, 0, sizeof(*r));
	r->to.eid = c->info.eid;
	r->timeout_ms = c->options.timeout_ms;
	r->header = &c->type;
	r->header_len = 1;
	r->body = c->message;
	r->body_len = len;
	r->reply = c->reply;
	r->reply_cap = sizeof(c->reply);
	return prot_mctp_request_start(&c->mctp, r, prot_cli_now_ms());
}

void prot_cli_abandon(struct prot_cli_connection *c)
{
	prot_mctp_request_cancel(&c->mctp, &c->request);
}

/* A reply of another message type answers something else. */
static enum prot_status finish(struct prot_cli_connection *c,
			       struct prot_cli_message *reply)
{
	enum prot_status st = c->request.status;

	if (c->link_status != PROT_OK) {
		return c->link_status;
	}
	if (st == PROT_OK && (c->reply[0] & PROT_MCTP_TYPE_MASK) != c->type) {
		st = PROT_ERR_MALFORMED;
	}
	if (st == PROT_OK) {
		reply->bytes = c->reply + 1;
		reply->len = c->request.reply_len - 1;
	}
	return st;
}

enum prot_status prot_cli_wait(struct prot_cli_connection *c, uint64_t until_ms,
			       struct prot_cli_message *reply)
{
	bool waiting = c->request.status == PROT_PENDING;

	reply->bytes = NULL;
	reply->len = 0;
	c->handled = false;
	for (;;) {
		enum prot_status st;

		if (waiting && c->request.status != PROT_PENDING) {
			return finish(c, reply);
		}
		if (c->handled) {
			return PROT_PENDING;
		}
		st = turn(c, until_ms);
		if (st != PROT_OK) {
			prot_mctp_request_cancel(&c->mctp, &c->request);
			return st;
		}
		if (!(waiting && c->request.status != PROT_PENDING) &&
		    prot_cli_now_ms() >= until_ms) {
			return PROT_PENDING;
		}
	}
}

enum prot_status prot_cli_exchange(struct prot_cli_connection *c, uint8_t type,
				   const void *message, size_t len,
				   struct prot_cli_message *reply)
{
	enum prot_status st = prot_cli_request(c, type, message, len);

	if (st != PROT_OK) {
		return st;
	}
	do {
		st = prot_cli_wait(c, UINT64_MAX, reply);
	} while (st == PROT_PENDING);
	return st;
}

void prot_cli_connection_error(const struct prot_cli_connection *c,
			       enum prot_status st)
{
	switch ((int)st) {
	case PROT_ERR_TIMEOUT:
		prot_cli_error("%s did not answer within %u ms", c->peer,
			       c->options.timeout_ms);
		break;
	case PROT_ERR_CANCELLED:
		prot_cli_error("interrupted");
		break;
	case PROT_ERR_IO:
		if (c->link_errno == 0) {
			prot_cli_error("%s closed the connection", c->peer);
		} else {
			prot_cli_error("the connection to %s broke: %s",
				       c->peer, strerror(c->link_errno));
		}
		break;
	case PROT_ERR_MALFORMED:
	case PROT_ERR_UNSUPPORTED:
		prot_cli_error("%s sends something else than expected; is "
			       "that the right port and framing?",
			       c->peer);
		break;
	default:
		prot_cli_error("%s: %s", c->peer, prot_status_text(st));
		break;
	}
}
