/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/posix.h>

#include <errno.h>
#include <sys/random.h>
#include <time.h>

uint64_t prot_posix_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

enum prot_status prot_posix_random(void *ctx, void *out, size_t len)
{
	uint8_t *p = out;

	(void)ctx;
	while (len > 0) {
		ssize_t n = getrandom(p, len, 0);

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
