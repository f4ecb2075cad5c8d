/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/base/compiler.h>
#include <prot/port/posix.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#define SOCKET_FLAGS (SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC)

static const struct {
	uint32_t baud;
	speed_t speed;
} rates[] = {
	{1200, B1200},       {2400, B2400},       {4800, B4800},
	{9600, B9600},       {19200, B19200},     {38400, B38400},
	{57600, B57600},     {115200, B115200},   {230400, B230400},
	{460800, B460800},   {500000, B500000},   {576000, B576000},
	{921600, B921600},   {1000000, B1000000}, {1152000, B1152000},
	{1500000, B1500000}, {2000000, B2000000}, {2500000, B2500000},
	{3000000, B3000000}, {3500000, B3500000}, {4000000, B4000000},
};

static bool find_speed(uint32_t baud, speed_t *speed)
{
	for (size_t i = 0; i < PROT_ARRAY_SIZE(rates); i++) {
		if (rates[i].baud == baud) {
			*speed = rates[i].speed;
			return true;
		}
	}
	return false;
}

/* Keeps the errno of what went wrong. */
static enum prot_status give_up(int *fd, enum prot_status st)
{
	int error = errno;

	if (*fd >= 0) {
		close(*fd);
	}
	*fd = -1;
	errno = error;
	return st;
}

static enum prot_status make_plain(int fd, speed_t speed)
{
	struct termios t;
	struct termios now;

	if (tcgetattr(fd, &t) != 0) {
		return PROT_ERR_IO;
	}
	cfmakeraw(&t);
	t.c_cflag |= CLOCAL | CREAD;
	t.c_cflag &= ~(tcflag_t)(CRTSCTS | CSTOPB);
	t.c_cc[VMIN] = 1; /* else "nothing there" reads as "closed" */
	t.c_cc[VTIME] = 0;
	if (cfsetispeed(&t, speed) != 0 || cfsetospeed(&t, speed) != 0 ||
	    tcsetattr(fd, TCSANOW, &t) != 0 || tcgetattr(fd, &now) != 0) {
		return PROT_ERR_IO;
	}
	/* It succeeds when it could do any of what was asked. */
	if (cfgetospeed(&now) != speed || cfgetispeed(&now) != speed) {
		return PROT_ERR_ARG;
	}
	(void)tcflush(fd, TCIOFLUSH);
	return PROT_OK;
}

enum prot_status prot_posix_tty_open(const char *path, uint32_t baud, int *fd)
{
	speed_t speed;
	enum prot_status st;

	*fd = -1;
	if (!find_speed(baud, &speed)) {
		return PROT_ERR_ARG;
	}
	*fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0) {
		return errno == EBUSY ? PROT_ERR_BUSY : PROT_ERR_IO;
	}
	if (!isatty(*fd)) {
		return give_up(fd, PROT_ERR_UNSUPPORTED);
	}
	if (flock(*fd, LOCK_EX | LOCK_NB) != 0) {
		return give_up(fd, errno == EWOULDBLOCK ? PROT_ERR_BUSY
							: PROT_ERR_IO);
	}
	st = make_plain(*fd, speed);
	return st == PROT_OK ? PROT_OK : give_up(fd, st);
}

/* A new socket, and the address of `path`. */
static bool prepare(const char *path, struct sockaddr_un *a, int *fd)
{
	size_t len = strlen(path);

	*fd = -1;
	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	if (len >= sizeof(a->sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(a->sun_path, path, len);
	*fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
	return *fd >= 0;
}

enum prot_status prot_posix_unix_connect(const char *path, int *fd)
{
	struct sockaddr_un a;

	if (!prepare(path, &a, fd)) {
		return PROT_ERR_IO;
	}
	if (connect(*fd, (const struct sockaddr *)&a, sizeof(a)) == 0) {
		return PROT_OK;
	}
	return give_up(fd, errno == ECONNREFUSED ? PROT_ERR_REFUSED
			   : errno == EAGAIN     ? PROT_ERR_BUSY
						 : PROT_ERR_IO);
}

/* A socket that nobody listens to any more. */
static bool left_behind(const char *path)
{
	struct stat s;
	int probe;
	enum prot_status st;

	if (lstat(path, &s) != 0 || !S_ISSOCK(s.st_mode)) {
		return false;
	}
	st = prot_posix_unix_connect(path, &probe);
	if (st == PROT_OK) {
		close(probe);
	}
	return st == PROT_ERR_REFUSED;
}

enum prot_status prot_posix_unix_listen(const char *path, int *fd)
{
	struct sockaddr_un a;
	bool bound;

	if (!prepare(path, &a, fd)) {
		return PROT_ERR_IO;
	}
	bound = bind(*fd, (const struct sockaddr *)&a, sizeof(a)) == 0;
	if (!bound && errno == EADDRINUSE && left_behind(path)) {
		(void)unlink(path);
		bound = bind(*fd, (const struct sockaddr *)&a, sizeof(a)) == 0;
	}
	if (!bound || listen(*fd, 8) != 0) {
		return give_up(fd, errno == EADDRINUSE ? PROT_ERR_BUSY
						       : PROT_ERR_IO);
	}
	return PROT_OK;
}
