/* SPDX-License-Identifier: Apache-2.0 */
#include "prot_cli.h"

#include <prot/base/wipe.h>

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void prot_cli_blob_free(struct prot_cli_blob *blob)
{
	if (blob->bytes) {
		prot_wipe(blob->bytes, blob->len);
	}
	free(blob->bytes);
	blob->bytes = NULL;
	blob->len = 0;
}

/* Grow by doubling up to max + 1, so that a file that is too long shows. */
static bool read_all(int fd, size_t max, struct prot_cli_blob *blob)
{
	size_t cap = 4096;

	blob->bytes = prot_cli_alloc(cap);
	blob->len = 0;
	for (;;) {
		ssize_t n = read(fd, blob->bytes + blob->len, cap - blob->len);

		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n <= 0) {
			return n == 0;
		}
		blob->len += (size_t)n;
		if (blob->len > max) {
			errno = EFBIG;
			return false;
		}
		if (blob->len == cap) {
			uint8_t *wider = prot_cli_alloc(2 * cap);

			memcpy(wider, blob->bytes, cap);
			prot_wipe(blob->bytes, cap);
			free(blob->bytes);
			blob->bytes = wider;
			cap *= 2;
		}
	}
}

bool prot_cli_read_file(const char *path, size_t max,
			struct prot_cli_blob *blob)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	bool ok = false;

	blob->bytes = NULL;
	blob->len = 0;
	if (fd >= 0) {
		ok = read_all(fd, max, blob);
	}
	if (!ok) {
		int error = errno;

		prot_cli_error("cannot read %s: %s",
			       standard ? "standard input" : path,
			       strerror(error));
		prot_cli_blob_free(blob);
	}
	if (fd >= 0 && !standard) {
		close(fd);
	}
	return ok;
}

char *prot_cli_path(const char *dir, const char *name)
{
	size_t size = strlen(dir) + strlen(name) + 2;
	char *path = prot_cli_alloc(size);

	snprintf(path, size, "%s/%s", dir, name);
	return path;
}

static bool write_all(int fd, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n < 0) {
			return false;
		}
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

/* The name enters the directory only when the content is on the disk. */
static bool publish(int fd, const char *temp, const char *path, unsigned flags)
{
	mode_t mode = flags & PROT_CLI_SECRET ? 0600 : 0644;

	if (fchmod(fd, mode) != 0 || fsync(fd) != 0) {
		return false;
	}
	if (flags & PROT_CLI_REPLACE) {
		return rename(temp, path) == 0;
	}
	if (link(temp, path) != 0) {
		return false;
	}
	unlink(temp);
	return true;
}

static bool sync_directory(const char *path)
{
	char *copy = strdup(path);
	int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
		      : -1;
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0) {
		close(fd);
	}
	free(copy);
	return ok;
}

bool prot_cli_write_file(const char *path, const void *bytes, size_t len,
			 unsigned flags)
{
	size_t size = strlen(path) + sizeof(".XXXXXX");
	char *temp = prot_cli_alloc(size);
	int fd;
	bool ok;

	snprintf(temp, size, "%s.XXXXXX", path);
	fd = mkostemp(temp, O_CLOEXEC);
	ok = fd >= 0 && write_all(fd, bytes, len) &&
	     publish(fd, temp, path, flags) && sync_directory(path);
	if (!ok) {
		prot_cli_error("cannot write %s: %s", path, strerror(errno));
		if (fd >= 0) {
			unlink(temp);
		}
	}
	if (fd >= 0) {
		close(fd);
	}
	free(temp);
	return ok;
}
