/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/posix.h>

#include "posix_socket.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKET_FLAGS (SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC)

static enum prot_status resolve(const char *host, uint16_t port, int flags,
				struct addrinfo **list)
{
	struct addrinfo hints = {
		.ai_flags = flags | AI_NUMERICSERV,
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
	};
	char service[8];

	(void)snprintf(service, sizeof(service), "%u", (unsigned)port);
	return getaddrinfo(host, service, &hints, list) == 0
		       ? PROT_OK
		       : PROT_ERR_NOT_FOUND;
}

static void close_keeping_errno(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
}

static enum prot_status connect_error(int error)
{
	errno = error;
	switch (error) {
	case 0:
		return PROT_OK;
	case ECONNREFUSED:
		return PROT_ERR_REFUSED;
	case ETIMEDOUT:
		return PROT_ERR_TIMEOUT;
	case EINTR:
		return PROT_ERR_CANCELLED;
	default:
		return PROT_ERR_IO;
	}
}

static enum prot_status wait_connected(int fd, uint64_t deadline_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	uint64_t now = prot_posix_now_ms();
	uint64_t left = now < deadline_ms ? deadline_ms - now : 0;
	int ready = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
	int error = 0;
	socklen_t len = sizeof(error);

	if (ready <= 0) {
		return connect_error(ready == 0 ? ETIMEDOUT : errno);
	}
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0) {
		error = errno;
	}
	return connect_error(error);
}

static enum prot_status connect_one(const struct addrinfo *a,
				    uint64_t deadline_ms, int *fd)
{
	int s = socket(a->ai_family, SOCKET_FLAGS, 0);
	enum prot_status st;

	if (s < 0) {
		return PROT_ERR_IO;
	}
	if (connect(s, a->ai_addr, a->ai_addrlen) == 0) {
		st = PROT_OK;
	} else if (errno == EINPROGRESS) {
		st = wait_connected(s, deadline_ms);
	} else {
		st = connect_error(errno);
	}
	if (st != PROT_OK) {
		close_keeping_errno(s);
		return st;
	}
	prot_posix_tcp_no_delay(s);
	*fd = s;
	return PROT_OK;
}

enum prot_status prot_posix_tcp_connect(const char *host, uint16_t port,
					uint32_t timeout_ms, int *fd)
{
	uint64_t deadline = prot_posix_now_ms() + timeout_ms;
	struct addrinfo *list = NULL;
	enum prot_status st = resolve(host, port, 0, &list);
	int error;

	*fd = -1;
	if (st != PROT_OK) {
		return st;
	}
	st = PROT_ERR_IO;
	for (const struct addrinfo *a = list; a && *fd < 0; a = a->ai_next) {
		st = connect_one(a, deadline, fd);
	}
	error = errno;
	freeaddrinfo(list);
	errno = error;
	return st;
}

enum prot_status prot_posix_tcp_listen(const char *host, uint16_t port, int *fd)
{
	struct addrinfo *list = NULL;
	enum prot_status st = resolve(host, port, AI_PASSIVE, &list);
	int on = 1;

	*fd = -1;
	if (st != PROT_OK) {
		return st;
	}
	*fd = socket(list->ai_family, SOCKET_FLAGS, 0);
	if (*fd < 0 ||
	    setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    bind(*fd, list->ai_addr, list->ai_addrlen) != 0 ||
	    listen(*fd, 8) != 0) {
		st = errno == EADDRINUSE ? PROT_ERR_BUSY : PROT_ERR_IO;
	}
	int error = errno;

	freeaddrinfo(list);
	if (st != PROT_OK && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	errno = error;
	return st;
}
