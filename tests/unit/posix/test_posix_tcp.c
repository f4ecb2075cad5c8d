/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/port/posix.h>

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Far beyond what a busy machine needs. */
#define PATIENCE_MS 30000

struct pair {
	int listener;
	struct prot_posix_stream a;
	struct prot_posix_stream b;
	uint8_t buf[4][4096];
};

static void wait_for(int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};

	assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
}

static void stream(struct prot_posix_stream *s, int fd, uint8_t (*buf)[4096])
{
	*s = (struct prot_posix_stream){
		.fd = fd,
		.rx = buf[0],
		.rx_cap = sizeof(buf[0]),
		.tx = buf[1],
		.tx_cap = sizeof(buf[1]),
	};
}

static enum prot_status send_bytes(struct prot_posix_stream *s,
				   const void *bytes, size_t len)
{
	struct prot_wr w = prot_posix_stream_writer(s);

	prot_wr_bytes(&w, bytes, len);
	return prot_posix_stream_send(s, &w);
}

static void connect_pair(struct pair *p)
{
	int fd;

	assert_int_equal(prot_posix_tcp_listen("127.0.0.1", 0, &p->listener),
			 PROT_OK);
	assert_int_equal(prot_posix_tcp_connect(
				 "127.0.0.1", prot_posix_tcp_port(p->listener),
				 PATIENCE_MS, &fd),
			 PROT_OK);
	stream(&p->a, fd, &p->buf[0]);
	wait_for(p->listener, POLLIN);
	assert_int_equal(prot_posix_tcp_accept(p->listener, &fd), PROT_OK);
	stream(&p->b, fd, &p->buf[2]);
}

static void close_pair(struct pair *p)
{
	prot_posix_stream_close(&p->a);
	prot_posix_stream_close(&p->b);
	close(p->listener);
}

static void test_connect__nobody_listens__refused(void **state)
{
	const struct sockaddr_in any_port = {
		.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int owner = socket(AF_INET, SOCK_STREAM, 0);
	int fd;

	(void)state;
	/* Bound, so that no other process listens there in the meantime. */
	assert_int_equal(bind(owner, (const struct sockaddr *)&any_port,
			      sizeof(any_port)),
			 0);
	assert_int_equal(prot_posix_tcp_connect("127.0.0.1",
						prot_posix_tcp_port(owner),
						PATIENCE_MS, &fd),
			 PROT_ERR_REFUSED);
	assert_int_equal(fd, -1);
	close(owner);
}

static void test_connect__unknown_host__not_found(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(
		prot_posix_tcp_connect("256.1.1.1.invalid", 1, 500, &fd),
		PROT_ERR_NOT_FOUND);
}

static void test_listen__port_in_use__busy(void **state)
{
	int first;
	int second;

	(void)state;
	assert_int_equal(prot_posix_tcp_listen("127.0.0.1", 0, &first),
			 PROT_OK);
	assert_int_equal(prot_posix_tcp_listen("127.0.0.1",
					       prot_posix_tcp_port(first),
					       &second),
			 PROT_ERR_BUSY);
	assert_int_equal(second, -1);
	close(first);
}

static void test_accept__nobody_waits__pending(void **state)
{
	int listener;
	int fd;

	(void)state;
	assert_int_equal(prot_posix_tcp_listen("127.0.0.1", 0, &listener),
			 PROT_OK);
	assert_int_equal(prot_posix_tcp_accept(listener, &fd), PROT_PENDING);
	close(listener);
}

static void test_stream__written__received_and_consumed(void **state)
{
	struct pair p;

	(void)state;
	connect_pair(&p);
	assert_int_equal(prot_posix_stream_receive(&p.b), PROT_PENDING);
	assert_int_equal(send_bytes(&p.a, "headbody", 8), PROT_OK);
	wait_for(p.b.fd, POLLIN);
	assert_int_equal(prot_posix_stream_receive(&p.b), PROT_OK);
	assert_int_equal(p.b.rx_len, 8);
	assert_memory_equal(p.b.rx, "headbody", 8);
	prot_posix_stream_consume(&p.b, 3);
	assert_int_equal(p.b.rx_len, 5);
	assert_memory_equal(p.b.rx, "dbody", 5);
	close_pair(&p);
}

static void test_stream_receive__full_buffer__space(void **state)
{
	struct pair p;
	static uint8_t block[4096];

	(void)state;
	connect_pair(&p);
	assert_int_equal(send_bytes(&p.a, block, sizeof(block)), PROT_OK);
	while (p.b.rx_len < sizeof(block)) {
		wait_for(p.b.fd, POLLIN);
		assert_int_equal(prot_posix_stream_receive(&p.b), PROT_OK);
	}
	assert_int_equal(prot_posix_stream_receive(&p.b), PROT_ERR_SPACE);
	close_pair(&p);
}

static void test_stream_send__reader_stalls__busy_and_nothing_lost(void **state)
{
	struct pair p;
	static uint8_t block[1000];
	size_t sent = 0;
	size_t received = 0;

	(void)state;
	connect_pair(&p);
	while (send_bytes(&p.a, block, sizeof(block)) == PROT_OK) {
		sent += sizeof(block);
	}
	assert_true(p.a.tx_len > 0);
	assert_int_equal(prot_posix_stream_flush(&p.a), PROT_PENDING);
	while (received < sent) {
		wait_for(p.b.fd, POLLIN);
		assert_int_equal(prot_posix_stream_receive(&p.b), PROT_OK);
		received += p.b.rx_len;
		prot_posix_stream_consume(&p.b, p.b.rx_len);
		assert_int_not_equal(prot_posix_stream_flush(&p.a),
				     PROT_ERR_IO);
	}
	assert_int_equal(received, sent);
	assert_int_equal(p.a.tx_len, 0);
	close_pair(&p);
}

static void test_stream_receive__peer_closed__io_with_errno_0(void **state)
{
	struct pair p;

	(void)state;
	connect_pair(&p);
	prot_posix_stream_close(&p.a);
	wait_for(p.b.fd, POLLIN);
	errno = 1;
	assert_int_equal(prot_posix_stream_receive(&p.b), PROT_ERR_IO);
	assert_int_equal(errno, 0);
	assert_int_equal(send_bytes(&p.a, "x", 1), PROT_ERR_IO);
	close_pair(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connect__nobody_listens__refused),
		cmocka_unit_test(test_connect__unknown_host__not_found),
		cmocka_unit_test(test_listen__port_in_use__busy),
		cmocka_unit_test(test_accept__nobody_waits__pending),
		cmocka_unit_test(test_stream__written__received_and_consumed),
		cmocka_unit_test(test_stream_receive__full_buffer__space),
		cmocka_unit_test(
			test_stream_send__reader_stalls__busy_and_nothing_lost),
		cmocka_unit_test(
			test_stream_receive__peer_closed__io_with_errno_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
