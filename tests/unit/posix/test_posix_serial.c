/* SPDX-License-Identifier: Apache-2.0 */
/* Terminals, UNIX sockets, and the link over either. */
#include "test.h"

#include <prot/base/compiler.h>
#include <prot/port/posix_link.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* Far beyond what a busy machine needs. */
#define PATIENCE_MS 30000

static char dir[] = "/tmp/prot-serial-XXXXXX";
static char path[64];

static int make_dir(void **state)
{
	(void)state;
	strcpy(dir + sizeof(dir) - 7, "XXXXXX");
	if (!mkdtemp(dir)) {
		return -1;
	}
	(void)snprintf(path, sizeof(path), "%s/line", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(dir);
}

/* A pseudo-terminal; skips the test where there are none. */
static int open_pty(char *name, size_t cap)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);

	if (fd < 0 || grantpt(fd) != 0 || unlockpt(fd) != 0 ||
	    ptsname_r(fd, name, cap) != 0) {
		skip();
	}
	return fd;
}

static void test_tty_open__terminal__plain_line(void **state)
{
	char name[64];
	int leader = open_pty(name, sizeof(name));
	struct termios t;
	int fd;

	(void)state;
	assert_int_equal(prot_posix_tty_open(name, 115200, &fd), PROT_OK);
	assert_int_equal(tcgetattr(fd, &t), 0);
	assert_int_equal(cfgetospeed(&t), B115200);
	assert_int_equal(cfgetispeed(&t), B115200);
	assert_int_equal(t.c_lflag & (tcflag_t)(ECHO | ICANON | ISIG), 0);
	assert_int_equal(t.c_iflag & (tcflag_t)(IXON | ICRNL | ISTRIP), 0);
	assert_int_equal(t.c_oflag & OPOST, 0);
	assert_int_equal(t.c_cflag & (tcflag_t)(CSIZE | CLOCAL | CREAD),
			 CS8 | CLOCAL | CREAD);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
	close(leader);
}

static void test_tty_open__in_use__busy(void **state)
{
	char name[64];
	int leader = open_pty(name, sizeof(name));
	int first;
	int second;

	(void)state;
	assert_int_equal(prot_posix_tty_open(name, 9600, &first), PROT_OK);
	assert_int_equal(prot_posix_tty_open(name, 9600, &second),
			 PROT_ERR_BUSY);
	assert_int_equal(second, -1);
	close(first);
	assert_int_equal(prot_posix_tty_open(name, 9600, &second), PROT_OK);
	close(second);
	close(leader);
}

static void test_tty_open__not_usable__each_error(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(prot_posix_tty_open(path, 115200, &fd), PROT_ERR_IO);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(fd, -1);
	assert_int_equal(prot_posix_tty_open("/dev/null", 115200, &fd),
			 PROT_ERR_UNSUPPORTED);
	assert_int_equal(fd, -1);
	assert_int_equal(prot_posix_tty_open("/dev/null", 0, &fd),
			 PROT_ERR_ARG);
	assert_int_equal(prot_posix_tty_open("/dev/null", 115201, &fd),
			 PROT_ERR_ARG);
}

static void test_unix_connect__not_there__each_error(void **state)
{
	char longer[200];
	int fd;

	(void)state;
	assert_int_equal(prot_posix_unix_connect(path, &fd), PROT_ERR_IO);
	assert_int_equal(errno, ENOENT);
	memset(longer, 'a', sizeof(longer));
	longer[108] = '\0';
	assert_int_equal(prot_posix_unix_connect(longer, &fd), PROT_ERR_IO);
	assert_int_equal(errno, ENAMETOOLONG);
	assert_int_equal(prot_posix_unix_listen(longer, &fd), PROT_ERR_IO);
	assert_int_equal(errno, ENAMETOOLONG);
	assert_int_equal(fd, -1);
}

static void test_unix_listen__left_behind__replaced(void **state)
{
	int listener;
	int other;

	(void)state;
	assert_int_equal(prot_posix_unix_listen(path, &listener), PROT_OK);
	assert_int_equal(prot_posix_unix_listen(path, &other), PROT_ERR_BUSY);
	assert_int_equal(other, -1);
	close(listener);
	assert_int_equal(prot_posix_unix_connect(path, &other),
			 PROT_ERR_REFUSED);
	assert_int_equal(prot_posix_unix_listen(path, &listener), PROT_OK);
	assert_int_equal(prot_posix_unix_connect(path, &other), PROT_OK);
	close(other);
	close(listener);
}

static void test_unix_listen__a_file__stays(void **state)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0600);
	int listener;
	struct stat s;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(prot_posix_unix_listen(path, &listener),
			 PROT_ERR_BUSY);
	assert_int_equal(stat(path, &s), 0);
	assert_true(S_ISREG(s.st_mode));
}

/* ---- the link ---- */

static const struct prot_mctp_addr nowhere;
static struct prot_posix_link a;
static struct prot_posix_link b;

static void wait_for(int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};

	assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
}

static int make_links(void **state)
{
	int fd[2];

	(void)state;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) != 0) {
		return -1;
	}
	prot_posix_link_init(&a, PROT_POSIX_FRAMING_SERIAL, false);
	prot_posix_link_init(&b, PROT_POSIX_FRAMING_SERIAL, true);
	prot_posix_link_open(&a, fd[0], 8, 9);
	prot_posix_link_open(&b, fd[1], 0, 8);
	return 0;
}

static int close_links(void **state)
{
	(void)state;
	prot_posix_link_close(&a);
	prot_posix_link_close(&b);
	return 0;
}

static enum prot_status tx(struct prot_posix_link *l, const uint8_t *packet,
			   size_t len)
{
	return prot_posix_link_ops.tx(l, &nowhere, packet, len);
}

/* The next packet must be this one. */
static void assert_next(struct prot_posix_link *l, const uint8_t *want,
			size_t want_len)
{
	enum prot_status st;
	uint8_t *packet;
	size_t len;

	while ((st = prot_posix_link_next(l, &packet, &len)) == PROT_PENDING) {
		wait_for(l->stream.fd, POLLIN);
	}
	assert_int_equal(st, PROT_OK);
	assert_int_equal(len, want_len);
	assert_memory_equal(packet, want, len);
}

static const uint8_t request[] = {0x01, 0x09, 0x08, 0xC8, 0x00, 0x80, 0x02};
static const uint8_t response[] = {0x01, 0x08, 0x09, 0xC0, 0x00, 0x00, 0x02};

static void test_link__noise_and_packets__packets_only(void **state)
{
	static const char noise[] = "\x7E\x01\x07noise\x7D\x7E";

	(void)state;
	assert_int_equal(write(a.stream.fd, noise, sizeof(noise)),
			 sizeof(noise));
	assert_int_equal(tx(&a, request, sizeof(request)), PROT_OK);
	assert_next(&b, request, sizeof(request));
	assert_int_equal(tx(&b, response, sizeof(response)), PROT_OK);
	assert_next(&a, response, sizeof(response));
}

static void test_link_tx__length_out_of_range__err_arg(void **state)
{
	uint8_t packet[PROT_MCTP_SERIAL_PACKET_MAX + 1] = {0};

	(void)state;
	assert_int_equal(tx(&a, packet, 4), PROT_ERR_ARG);
	assert_int_equal(tx(&a, packet, sizeof(packet)), PROT_ERR_ARG);
	assert_int_equal(tx(&a, packet, sizeof(packet) - 1), PROT_OK);
	assert_next(&b, packet, sizeof(packet) - 1);
}

/* How many flags stand in front of what comes next on the line. */
static size_t leading_flags(void)
{
	uint8_t bytes[64];
	ssize_t n;
	size_t flags = 0;

	wait_for(b.stream.fd, POLLIN);
	n = read(b.stream.fd, bytes, sizeof(bytes));
	while (flags < (size_t)n && bytes[flags] == PROT_MCTP_SERIAL_FLAG) {
		flags++;
	}
	return flags;
}

static void test_link_tx__unanswered_requests__extra_flag(void **state)
{
	static const size_t want[] = {1, 1, 2, 2};

	(void)state;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(want); i++) {
		assert_int_equal(tx(&a, request, sizeof(request)), PROT_OK);
		assert_int_equal(leading_flags(), want[i]);
		/* No answer is expected to an answer. */
		assert_int_equal(tx(&a, response, sizeof(response)), PROT_OK);
		assert_int_equal(leading_flags(), 1);
	}
	assert_int_equal(tx(&b, response, sizeof(response)), PROT_OK);
	assert_next(&a, response, sizeof(response));
	assert_int_equal(tx(&a, request, sizeof(request)), PROT_OK);
	assert_int_equal(leading_flags(), 1);
}

/* Nobody reads: one frame waits at most, and nothing of it gets lost. */
static void test_link_tx__line_full__busy_until_it_has_room(void **state)
{
	size_t sent = 0;

	(void)state;
	while (tx(&a, response, sizeof(response)) == PROT_OK) {
		sent++;
	}
	assert_int_equal(tx(&a, response, sizeof(response)), PROT_ERR_BUSY);
	assert_true(prot_posix_link_waits(&a));
	assert_true(a.stream.tx_len <=
		    PROT_MCTP_SERIAL_FRAME(sizeof(response)));
	for (size_t i = 0; i < sent; i++) {
		assert_next(&b, response, sizeof(response));
		(void)prot_posix_link_flush(&a);
	}
	assert_false(prot_posix_link_waits(&a));
	assert_int_equal(tx(&a, request, sizeof(request)), PROT_OK);
	assert_next(&b, request, sizeof(request));
}

static void test_link__terminal__packets_pass(void **state)
{
	char name[64];
	int leader = open_pty(name, sizeof(name));
	int fd;

	(void)state;
	assert_int_equal(prot_posix_tty_open(name, 115200, &fd), PROT_OK);
	prot_posix_link_close(&a);
	prot_posix_link_close(&b);
	prot_posix_link_open(&a, fd, 8, 9);
	assert_int_equal(fcntl(leader, F_SETFL, O_NONBLOCK), 0);
	prot_posix_link_open(&b, leader, 0, 8);
	assert_int_equal(tx(&a, request, sizeof(request)), PROT_OK);
	assert_next(&b, request, sizeof(request));
	assert_int_equal(tx(&b, response, sizeof(response)), PROT_OK);
	assert_next(&a, response, sizeof(response));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tty_open__terminal__plain_line),
		cmocka_unit_test(test_tty_open__in_use__busy),
		cmocka_unit_test_setup_teardown(
			test_tty_open__not_usable__each_error, make_dir,
			remove_dir),
		cmocka_unit_test_setup_teardown(
			test_unix_connect__not_there__each_error, make_dir,
			remove_dir),
		cmocka_unit_test_setup_teardown(
			test_unix_listen__left_behind__replaced, make_dir,
			remove_dir),
		cmocka_unit_test_setup_teardown(test_unix_listen__a_file__stays,
						make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(
			test_link__noise_and_packets__packets_only, make_links,
			close_links),
		cmocka_unit_test_setup_teardown(
			test_link_tx__length_out_of_range__err_arg, make_links,
			close_links),
		cmocka_unit_test_setup_teardown(
			test_link_tx__unanswered_requests__extra_flag,
			make_links, close_links),
		cmocka_unit_test_setup_teardown(
			test_link_tx__line_full__busy_until_it_has_room,
			make_links, close_links),
		cmocka_unit_test_setup_teardown(
			test_link__terminal__packets_pass, make_links,
			close_links),
	};

	return cmocka_run_group_tests_name("posix_serial", tests, NULL, NULL);
}
