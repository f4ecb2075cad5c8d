/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Apart from posix_tcp.c so that a statically linked runtime, which inherits
 * its listening sockets, does not take in the resolver.
 */

#include <prot/port/posix.h>

#include "posix_socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

void prot_posix_tcp_no_delay(int fd)
{
	int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

uint16_t prot_posix_tcp_port(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} a = {.v6 = {.sin6_family = AF_UNSPEC}};
	socklen_t len = sizeof(a);

	if (getsockname(fd, &a.any, &len) != 0) {
		return 0;
	}
	return ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port
						 : a.v4.sin_port);
}

enum prot_status prot_posix_tcp_accept(int listener, int *fd)
{
	*fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (*fd >= 0) {
		prot_posix_tcp_no_delay(*fd);
		return PROT_OK;
	}
	/* A peer that gave up before it was accepted is no error either. */
	return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED
		       ? PROT_PENDING
		       : PROT_ERR_IO;
}
