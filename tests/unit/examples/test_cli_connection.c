/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "cli_connection.h"

#include <prot/mctp/control.h>
#include <prot/port/posix_link.h>

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * The peer runs in a child process: a device that answers MCTP control, echoes
 * SPDM with every byte inverted, and asks the host over PLDM when told to; or
 * one that misbehaves.
 */

#define MESSAGE_MAX 8192

/* Far beyond what a busy machine needs: only a lost answer takes so long. */
#define PATIENCE_MS 30000
/* For the tests that wait until it has passed. */
#define SHORT_MS 1000

struct device {
	struct prot_posix_link link;
	struct prot_mctp mctp;
	struct prot_mctp_control control;
	struct prot_mctp_request ask;
	bool asking;
	uint8_t asked[3];
	uint8_t answer[64];
	uint8_t slot[MESSAGE_MAX];
	uint8_t tx[2][MESSAGE_MAX];
	uint8_t packet[PROT_MCTP_TCP_PACKET_MAX];
};

static struct device device;

static void echo(void *ctx, const struct prot_mctp_message *msg,
		 struct prot_mctp_reply *reply)
{
	(void)ctx;
	if (msg->len >= 2 && msg->data[1] == 0xEE) {
		return; /* a request that gets no answer */
	}
	if (msg->len >= 2 && msg->data[1] == 0xAA) {
		device.asking = true;
	}
	for (size_t i = 1; i < msg->len && i < reply->cap; i++) {
		reply->data[i] = (uint8_t)~msg->data[i];
	}
	reply->len = msg->len;
}

static void ask_host(uint8_t eid)
{
	memcpy(device.asked, "\x01\x22\x33", 3);
	device.ask = (struct prot_mctp_request){
		.to = {.eid = eid},
		.timeout_ms = PATIENCE_MS,
		.header = device.asked,
		.header_len = 3,
		.reply = device.answer,
		.reply_cap = sizeof(device.answer),
	};
	(void)!prot_mctp_request_start(&device.mctp, &device.ask,
				       prot_posix_now_ms());
	device.asking = false;
}

static void serve(int fd, bool emu, uint16_t mtu)
{
	static const struct prot_mctp_type_support types[] = {
		{.type = PROT_MCTP_TYPE_SPDM}, {.type = PROT_MCTP_TYPE_PLDM}};
	static const struct prot_mctp_control_config control = {
		.types = types, .type_count = 2};
	const struct prot_mctp_handler handlers[] = {
		{PROT_MCTP_TYPE_CONTROL, prot_mctp_control_handle,
		 &device.control},
		{PROT_MCTP_TYPE_SPDM, echo, NULL}};
	const struct prot_mctp_link link = {.ops = &prot_posix_link_ops,
					    .ctx = &device.link,
					    .mtu = mtu,
					    .binding =
						    PROT_MCTP_BINDING_VENDOR};
	struct prot_mctp_slot slot = {.buf = device.slot, .cap = MESSAGE_MAX};
	struct prot_mctp_tx_buffer tx[2] = {
		{.buf = device.tx[0], .cap = MESSAGE_MAX},
		{.buf = device.tx[1], .cap = MESSAGE_MAX}};
	const struct prot_mctp_config config = {
		.links = &link,
		.link_count = 1,
		.handlers = handlers,
		.handler_count = 2,
		.slots = &slot,
		.slot_count = 1,
		.slots_per_peer = 1,
		.tx_buffers = tx,
		.tx_buffer_count = 2,
		.packet = device.packet,
		.packet_cap = sizeof(device.packet),
		.assembly_timeout_ms = PATIENCE_MS,
		.send_timeout_ms = PATIENCE_MS,
	};
	static const struct prot_mctp_addr nowhere;
	enum prot_status st = PROT_OK;
	uint8_t *packet;
	size_t len;

	prot_posix_link_init(
		&device.link,
		emu ? PROT_POSIX_FRAMING_EMU : PROT_POSIX_FRAMING_MCTP, true);
	prot_posix_link_open(&device.link, fd, 0, PROT_CLI_HOST_EID);
	if (prot_mctp_init(&device.mctp, &config) != PROT_OK) {
		_exit(1);
	}
	prot_mctp_control_init(&device.control, &control, &device.mctp);
	while (st == PROT_OK || st == PROT_PENDING) {
		struct pollfd p = {.fd = fd, .events = POLLIN};

		if (prot_posix_link_waits(&device.link)) {
			p.events |= POLLOUT;
		}
		poll(&p, 1, 20);
		(void)prot_posix_link_flush(&device.link);
		st = prot_posix_link_next(&device.link, &packet, &len);
		while (st == PROT_OK) {
			(void)prot_mctp_rx(&device.mctp, 0, &nowhere, packet,
					   len, prot_posix_now_ms());
			st = prot_posix_link_next(&device.link, &packet, &len);
		}
		prot_mctp_tick(&device.mctp, prot_posix_now_ms());
		if (device.asking) {
			ask_host(PROT_CLI_HOST_EID);
		}
	}
	_exit(0);
}

enum behaviour {
	SERVE,
	SERVE_EMU,
	SERVE_SMALL_MTU,
	HANG,
	CLOSE,
	RUBBISH,
	FLOOD,
};

static void misbehave(int fd, enum behaviour how)
{
	static const uint8_t rubbish[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	/* Well-formed packets that answer nothing, for ever. */
	static const uint8_t flood[] = {0, 6, 1, 8, 9, 0xC0, 5, 0};

	if (how == CLOSE) {
		_exit(0);
	}
	if (how == RUBBISH) {
		/* "HT" is a length of 18516, which the rest never fills... */
		for (int i = 0; i < 2000; i++) {
			(void)!write(fd, rubbish, sizeof(rubbish));
		}
	}
	while (how == FLOOD) {
		struct pollfd p = {.fd = fd, .events = POLLOUT};

		poll(&p, 1, 1000);
		if (send(fd, flood, sizeof(flood), MSG_NOSIGNAL) < 0 &&
		    p.revents & (POLLERR | POLLHUP)) {
			_exit(0);
		}
	}
	sleep(3 * PATIENCE_MS / 1000);
	_exit(0);
}

struct fixture {
	pid_t child;
	char connect[32];
	struct prot_cli_connection_options options;
};

static void set_up(struct fixture *fx, enum behaviour how)
{
	int listener;
	int fd;

	memset(fx, 0, sizeof(*fx));
	assert_int_equal(prot_posix_tcp_listen("127.0.0.1", 0, &listener),
			 PROT_OK);
	snprintf(fx->connect, sizeof(fx->connect), "%s:127.0.0.1:%u",
		 how == SERVE_EMU ? "emu" : "mctp",
		 (unsigned)prot_posix_tcp_port(listener));
	fx->options.connect = fx->connect;
	fx->options.timeout_ms = PATIENCE_MS;
	fx->child = fork();
	if (fx->child == 0) {
		struct pollfd p = {.fd = listener, .events = POLLIN};

		poll(&p, 1, PATIENCE_MS);
		if (prot_posix_tcp_accept(listener, &fd) != PROT_OK) {
			_exit(1);
		}
		if (how <= SERVE_SMALL_MTU) {
			serve(fd, how == SERVE_EMU,
			      how == SERVE_SMALL_MTU ? PROT_MCTP_BTU
						     : PROT_POSIX_LINK_MTU_MAX);
		}
		misbehave(fd, how);
	}
	close(listener);
}

static void tear_down(struct fixture *fx)
{
	kill(fx->child, SIGKILL);
	waitpid(fx->child, NULL, 0);
}

static void assert_echo(struct prot_cli_connection *c, size_t len)
{
	static uint8_t message[6000];
	struct prot_cli_message reply;

	for (size_t i = 0; i < len; i++) {
		message[i] = (uint8_t)(i * 7);
	}
	assert_int_equal(
		prot_cli_exchange(c, PROT_MCTP_TYPE_SPDM, message, len, &reply),
		PROT_OK);
	assert_int_equal(reply.len, len);
	for (size_t i = 0; i < len; i++) {
		assert_int_equal(reply.bytes[i], (uint8_t)~message[i]);
	}
}

static void test_connect__device__discovered(void **state)
{
	struct fixture fx;
	struct prot_cli_connection *c;
	const struct prot_cli_peer_info *info;

	(void)state;
	set_up(&fx, SERVE);
	fx.options.eid = 42;
	c = prot_cli_connect(&fx.options);
	assert_non_null(c);
	info = prot_cli_peer_info(c);
	assert_int_equal(info->eid, 42);
	assert_true(info->type_count >= 2);
	assert_non_null(
		memchr(info->types, PROT_MCTP_TYPE_SPDM, info->type_count));
	assert_echo(c, 1);
	assert_echo(c, 6000);
	prot_cli_disconnect(c);
	tear_down(&fx);
}

static void test_exchange__baseline_packets_both_ways__assembled(void **state)
{
	struct fixture fx;
	struct prot_cli_connection *c;

	(void)state;
	set_up(&fx, SERVE_SMALL_MTU);
	fx.options.mtu = PROT_MCTP_BTU;
	c = prot_cli_connect(&fx.options);
	assert_non_null(c);
	assert_echo(c, 63);
	assert_echo(c, 64);
	assert_echo(c, 6000);
	prot_cli_disconnect(c);
	tear_down(&fx);
}

static void test_exchange__emu_framing__messages(void **state)
{
	struct fixture fx;
	struct prot_cli_connection *c;

	(void)state;
	set_up(&fx, SERVE_EMU);
	c = prot_cli_connect(&fx.options);
	assert_non_null(c);
	assert_int_equal(prot_cli_peer_info(c)->type_count, 0);
	assert_echo(c, 1);
	assert_echo(c, 6000);
	prot_cli_disconnect(c);
	tear_down(&fx);
}

struct heard {
	int count;
	uint8_t first[3];
};

static void hear(void *ctx, const struct prot_mctp_message *msg,
		 struct prot_mctp_reply *reply)
{
	struct heard *h = ctx;

	assert_int_equal(msg->len, 3);
	memcpy(h->first, msg->data, 3);
	h->count++;
	reply->data[1] = 0;
	reply->len = 2;
}

static void test_wait__device_asks__handler_runs(void **state)
{
	struct fixture fx;
	struct heard heard = {0};
	const struct prot_mctp_handler handlers[] = {
		{PROT_MCTP_TYPE_PLDM, hear, &heard}};
	struct prot_cli_connection *c;
	struct prot_cli_message reply;
	enum prot_status st = PROT_PENDING;
	uint64_t until;

	(void)state;
	set_up(&fx, SERVE);
	fx.options.handlers = handlers;
	fx.options.handler_count = 1;
	c = prot_cli_connect(&fx.options);
	assert_non_null(c);
	assert_int_equal(
		prot_cli_exchange(c, PROT_MCTP_TYPE_SPDM, "\xAA", 1, &reply),
		PROT_OK);
	until = prot_cli_now_ms() + PATIENCE_MS;
	/* The question may have come together with the answer. */
	while (st == PROT_PENDING && heard.count == 0 &&
	       prot_cli_now_ms() < until) {
		st = prot_cli_wait(c, until, &reply);
	}
	assert_int_equal(st, PROT_PENDING);
	assert_int_equal(heard.count, 1);
	assert_memory_equal(heard.first, "\x01\x22\x33", 3);
	assert_true(prot_cli_now_ms() < until);
	assert_echo(c, 5);
	prot_cli_disconnect(c);
	tear_down(&fx);
}

static void test_wait__nothing_happens__pending_at_its_time(void **state)
{
	struct fixture fx;
	struct prot_cli_connection *c;
	struct prot_cli_message reply;
	uint64_t start;

	(void)state;
	set_up(&fx, SERVE);
	c = prot_cli_connect(&fx.options);
	assert_non_null(c);
	start = prot_cli_now_ms();
	assert_int_equal(prot_cli_wait(c, start + 60, &reply), PROT_PENDING);
	assert_true(prot_cli_now_ms() >= start + 60);
	assert_true(prot_cli_now_ms() < start + PATIENCE_MS);
	prot_cli_disconnect(c);
	tear_down(&fx);
}

static void test_request__second_one__state(void **state)
{
	struct fixture fx;
	struct prot_cli_connection *c;
	struct prot_cli_message reply;
	enum prot_status st;

	(void)state;
	set_up(&fx, SERVE);
	fx.options.timeout_ms = 2 * SHORT_MS;
	c = prot_cli_connect(&fx.options);
	assert_non_null(c);
	assert_int_equal(prot_cli_request(c, PROT_MCTP_TYPE_SPDM, "\xEE", 1),
			 PROT_OK);
	assert_int_equal(prot_cli_request(c, PROT_MCTP_TYPE_SPDM, "\x01", 1),
			 PROT_ERR_STATE);
	do {
		st = prot_cli_wait(c, UINT64_MAX, &reply);
	} while (st == PROT_PENDING);
	assert_int_equal(st, PROT_ERR_TIMEOUT);
	/* A request that was lost does not end the connection. */
	assert_echo(c, 3);
	prot_cli_disconnect(c);
	tear_down(&fx);
}

static void test_connect__peer_misbehaves__null_within_the_limit(void **state)
{
	static const enum behaviour how[] = {HANG, CLOSE, RUBBISH, FLOOD};

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(how); i++) {
		struct fixture fx;
		uint64_t start = prot_cli_now_ms();

		set_up(&fx, how[i]);
		fx.options.timeout_ms = SHORT_MS;
		assert_null(prot_cli_connect(&fx.options));
		assert_true(prot_cli_now_ms() < start + PATIENCE_MS);
		tear_down(&fx);
	}
}

static void test_connect__nobody_there__null(void **state)
{
	struct prot_cli_connection_options options = {
		.connect = "mctp:127.0.0.1:1", .timeout_ms = 500};

	(void)state;
	assert_null(prot_cli_connect(&options));
	options.connect = "nonsense";
	assert_null(prot_cli_connect(&options));
}

static void test_exchange__device_dies__io(void **state)
{
	struct fixture fx;
	struct prot_cli_connection *c;
	struct prot_cli_message reply;

	(void)state;
	set_up(&fx, SERVE);
	c = prot_cli_connect(&fx.options);
	assert_non_null(c);
	tear_down(&fx);
	assert_int_equal(
		prot_cli_exchange(c, PROT_MCTP_TYPE_SPDM, "\x01", 1, &reply),
		PROT_ERR_IO);
	assert_int_equal(prot_cli_request(c, PROT_MCTP_TYPE_SPDM, "\x01", 1),
			 PROT_ERR_IO);
	prot_cli_connection_error(c, PROT_ERR_IO);
	prot_cli_disconnect(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connect__device__discovered),
		cmocka_unit_test(
			test_exchange__baseline_packets_both_ways__assembled),
		cmocka_unit_test(test_exchange__emu_framing__messages),
		cmocka_unit_test(test_wait__device_asks__handler_runs),
		cmocka_unit_test(
			test_wait__nothing_happens__pending_at_its_time),
		cmocka_unit_test(test_request__second_one__state),
		cmocka_unit_test(
			test_connect__peer_misbehaves__null_within_the_limit),
		cmocka_unit_test(test_connect__nobody_there__null),
		cmocka_unit_test(test_exchange__device_dies__io),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
