/* SPDX-License-Identifier: Apache-2.0 */
#include "posix_file.h"

#include <prot/port/posix.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static enum prot_status lock(int fd)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		return PROT_OK;
	}
	return errno == EWOULDBLOCK ? PROT_ERR_BUSY : PROT_ERR_IO;
}

static enum prot_status fill(int fd, uint32_t size, uint8_t value)
{
	uint8_t block[65536];
	uint32_t at = 0;

	memset(block, value, sizeof(block));
	while (at < size) {
		uint32_t left = size - at;
		size_t n = left < sizeof(block) ? left : sizeof(block);
		ssize_t put = pwrite(fd, block, n, (off_t)at);

		if (put < 0 && errno != EINTR) {
			return PROT_ERR_IO;
		}
		at += put < 0 ? 0 : (uint32_t)put;
	}
	return fsync(fd) == 0 ? PROT_OK : PROT_ERR_IO;
}

enum prot_status prot_posix_file_create(const char *path, uint32_t size,
					uint8_t value)
{
	char temp[PATH_MAX];
	enum prot_status st;
	int fd;

	if (snprintf(temp, sizeof(temp), "%s.XXXXXX", path) >=
	    (int)sizeof(temp)) {
		errno = ENAMETOOLONG;
		return PROT_ERR_IO;
	}
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		return PROT_ERR_IO;
	}
	st = fill(fd, size, value);
	/* link() and not rename(): an existing device is never replaced. */
	if (st == PROT_OK && link(temp, path) != 0) {
		st = errno == EEXIST ? PROT_ERR_BUSY : PROT_ERR_IO;
	}
	int error = errno;

	close(fd);
	unlink(temp);
	errno = error;
	return st;
}

enum prot_status prot_posix_file_open(const char *path, uint32_t size, int *fd)
{
	enum prot_status st;
	struct stat info;

	*fd = open(path, O_RDWR | O_CLOEXEC);
	if (*fd < 0) {
		return errno == ENOENT ? PROT_ERR_NOT_FOUND : PROT_ERR_IO;
	}
	st = lock(*fd);
	if (st == PROT_OK && fstat(*fd, &info) != 0) {
		st = PROT_ERR_IO;
	} else if (st == PROT_OK &&
		   (!S_ISREG(info.st_mode) || info.st_size != (off_t)size)) {
		st = PROT_ERR_MALFORMED;
	}
	if (st != PROT_OK) {
		prot_posix_file_close(fd);
	}
	return st;
}

void prot_posix_file_close(int *fd)
{
	int error = errno;

	if (*fd >= 0) {
		close(*fd);
	}
	*fd = -1;
	errno = error;
}

enum prot_status prot_posix_file_read(int fd, uint32_t offset, void *buf,
				      size_t len)
{
	uint8_t *p = buf;

	while (len > 0) {
		ssize_t n = pread(fd, p, len, (off_t)offset);

		if (n == 0 || (n < 0 && errno != EINTR)) {
			return PROT_ERR_IO;
		}
		if (n > 0) {
			p += n;
			offset += (uint32_t)n;
			len -= (size_t)n;
		}
	}
	return PROT_OK;
}

enum prot_status prot_posix_file_write(int fd, uint32_t offset, const void *buf,
				       size_t len)
{
	const uint8_t *p = buf;

	while (len > 0) {
		ssize_t n = pwrite(fd, p, len, (off_t)offset);

		if (n < 0 && errno != EINTR) {
			return PROT_ERR_IO;
		}
		if (n > 0) {
			p += n;
			offset += (uint32_t)n;
			len -= (size_t)n;
		}
	}
	return PROT_OK;
}

enum prot_status prot_posix_file_sync(int fd)
{
	return fdatasync(fd) == 0 ? PROT_OK : PROT_ERR_IO;
}

enum prot_status prot_posix_lock_directory(const char *path, int *fd)
{
	enum prot_status st;

	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0) {
		return errno == ENOENT ? PROT_ERR_NOT_FOUND : PROT_ERR_IO;
	}
	st = lock(*fd);
	if (st != PROT_OK) {
		prot_posix_file_close(fd);
	}
	return st;
}
