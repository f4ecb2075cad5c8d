/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/posix.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define ALL_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

enum prot_status prot_posix_memory_file(const char *name, int *fd)
{
	*fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return *fd >= 0 ? PROT_OK : PROT_ERR_IO;
}

enum prot_status prot_posix_memory_append(int fd, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno != EINTR) {
			return PROT_ERR_IO;
		}
		if (n > 0) {
			p += n;
			len -= (size_t)n;
		}
	}
	return PROT_OK;
}

enum prot_status prot_posix_memory_seal(int fd)
{
	return fcntl(fd, F_ADD_SEALS, ALL_SEALS) == 0 ? PROT_OK : PROT_ERR_IO;
}

bool prot_posix_memory_is_sealed(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & ALL_SEALS) == ALL_SEALS;
}

enum prot_status prot_posix_memory_read(int fd, void *out, size_t cap,
					size_t *len)
{
	uint8_t *p = out;
	struct stat info;

	*len = 0;
	if (fstat(fd, &info) != 0) {
		return PROT_ERR_IO;
	}
	if (info.st_size < 0 || (uintmax_t)info.st_size > cap) {
		return PROT_ERR_SPACE;
	}
	while (*len < (size_t)info.st_size) {
		ssize_t n = pread(fd, p + *len, (size_t)info.st_size - *len,
				  (off_t)*len);

		if (n == 0 || (n < 0 && errno != EINTR)) {
			return PROT_ERR_IO;
		}
		*len += n > 0 ? (size_t)n : 0;
	}
	return PROT_OK;
}

enum prot_status prot_posix_execute(int fd, char *const argv[])
{
	static char *const no_environment[] = {NULL};

	if (!prot_posix_memory_is_sealed(fd)) {
		return PROT_ERR_STATE;
	}
	fexecve(fd, argv, no_environment);
	return PROT_ERR_IO;
}

enum prot_status prot_posix_inherit(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags < 0 || fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC) != 0) {
		return PROT_ERR_IO;
	}
	return PROT_OK;
}
