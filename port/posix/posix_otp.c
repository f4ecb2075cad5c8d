/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/posix.h>

#include "posix_file.h"

static bool in_otp(const struct prot_posix_otp *o, uint32_t offset, size_t len)
{
	return offset <= o->size && len <= o->size - offset;
}

static void invert(const struct prot_posix_otp *o, uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bytes[i] ^= o->invert;
	}
}

static enum prot_status read_bits(const struct prot_posix_otp *o,
				  uint32_t offset, uint8_t *buf, size_t len)
{
	enum prot_status st = prot_posix_file_read(o->fd, offset, buf, len);

	invert(o, buf, len);
	return st;
}

static enum prot_status otp_read(void *ctx, uint32_t offset, void *buf,
				 size_t len)
{
	const struct prot_posix_otp *o = ctx;

	return in_otp(o, offset, len) ? read_bits(o, offset, buf, len)
				      : PROT_ERR_ARG;
}

/* Set the bits of at most one block of the range. */
static enum prot_status set_block(const struct prot_posix_otp *o,
				  uint32_t offset, const uint8_t *bits,
				  size_t len)
{
	uint8_t block[64];
	enum prot_status st = read_bits(o, offset, block, len);

	if (st != PROT_OK) {
		return st;
	}
	for (size_t i = 0; i < len; i++) {
		block[i] |= bits[i];
	}
	invert(o, block, len);
	st = prot_posix_file_write(o->fd, offset, block, len);
	return st == PROT_OK ? prot_posix_file_sync(o->fd) : st;
}

static enum prot_status otp_set(void *ctx, uint32_t offset, const void *bits,
				size_t len)
{
	const struct prot_posix_otp *o = ctx;
	const uint8_t *p = bits;
	enum prot_status st = PROT_OK;

	if (!in_otp(o, offset, len)) {
		return PROT_ERR_ARG;
	}
	while (len > 0 && st == PROT_OK) {
		size_t n = len < 64 ? len : 64;

		st = set_block(o, offset, p, n);
		offset += (uint32_t)n;
		p += n;
		len -= n;
	}
	return st;
}

static const struct prot_otp_ops otp_ops = {
	.read = otp_read,
	.set = otp_set,
};

enum prot_status prot_posix_otp_create(const char *path, uint32_t size)
{
	return size == 0 ? PROT_ERR_ARG : prot_posix_file_create(path, size, 0);
}

enum prot_status prot_posix_otp_flash_create(const char *path,
					     uint32_t flash_size)
{
	return flash_size == 0 ? PROT_ERR_ARG
			       : prot_posix_file_create(path, flash_size, 0xFF);
}

static enum prot_status open_file(struct prot_posix_otp *o, const char *path,
				  uint32_t size, uint32_t file_size,
				  struct prot_otp *otp)
{
	o->size = size;
	otp->ops = &otp_ops;
	otp->ctx = o;
	otp->size = size;
	return prot_posix_file_open(path, file_size, &o->fd);
}

enum prot_status prot_posix_otp_open(struct prot_posix_otp *o, const char *path,
				     uint32_t size, struct prot_otp *otp)
{
	o->invert = 0;
	return open_file(o, path, size, size, otp);
}

enum prot_status prot_posix_otp_flash_open(struct prot_posix_otp *o,
					   const char *path, uint32_t size,
					   uint32_t flash_size,
					   struct prot_otp *otp)
{
	o->fd = -1;
	o->invert = 0xFF;
	return size > flash_size ? PROT_ERR_ARG
				 : open_file(o, path, size, flash_size, otp);
}

void prot_posix_otp_close(struct prot_posix_otp *o)
{
	prot_posix_file_close(&o->fd);
}
