/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/posix.h>

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum prot_status prot_posix_stream_receive(struct prot_posix_stream *s)
{
	ssize_t n;

	if (s->rx_len == s->rx_cap) {
		return PROT_ERR_SPACE;
	}
	n = read(s->fd, s->rx + s->rx_len, s->rx_cap - s->rx_len);
	if (n > 0) {
		s->rx_len += (size_t)n;
		return PROT_OK;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		return PROT_PENDING;
	}
	errno = n == 0 ? 0 : errno;
	return PROT_ERR_IO;
}

void prot_posix_stream_consume(struct prot_posix_stream *s, size_t n)
{
	if (n < s->rx_len) {
		memmove(s->rx, s->rx + n, s->rx_len - n);
	}
	s->rx_len -= n <= s->rx_len ? n : s->rx_len;
}

/* A socket, unless it is a tty: that knows no SIGPIPE. */
static ssize_t transmit(int fd, const uint8_t *bytes, size_t len)
{
	ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

	return n < 0 && errno == ENOTSOCK ? write(fd, bytes, len) : n;
}

enum prot_status prot_posix_stream_flush(struct prot_posix_stream *s)
{
	size_t sent = 0;
	enum prot_status st = PROT_OK;

	while (sent < s->tx_len && st == PROT_OK) {
		ssize_t n = transmit(s->fd, s->tx + sent, s->tx_len - sent);

		if (n > 0) {
			sent += (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			st = PROT_PENDING;
		} else if (n < 0 && errno != EINTR) {
			st = PROT_ERR_IO;
		}
	}
	if (sent > 0 && sent < s->tx_len) {
		memmove(s->tx, s->tx + sent, s->tx_len - sent);
	}
	s->tx_len -= sent;
	return st;
}

struct prot_wr prot_posix_stream_writer(const struct prot_posix_stream *s)
{
	return prot_wr_init(s->tx + s->tx_len, s->tx_cap - s->tx_len);
}

enum prot_status prot_posix_stream_send(struct prot_posix_stream *s,
					const struct prot_wr *w)
{
	enum prot_status st;

	if (s->fd < 0) {
		return PROT_ERR_IO;
	}
	if (!prot_wr_ok(w)) {
		return PROT_ERR_BUSY;
	}
	s->tx_len += w->len;
	st = prot_posix_stream_flush(s);
	return st == PROT_PENDING ? PROT_OK : st;
}

void prot_posix_stream_close(struct prot_posix_stream *s)
{
	if (s->fd >= 0) {
		close(s->fd);
	}
	s->fd = -1;
	s->rx_len = 0;
	s->tx_len = 0;
}
