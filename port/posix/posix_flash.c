/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/posix.h>

#include "posix_file.h"

#include <string.h>

static bool geometry_valid(const struct prot_flash_geometry *g)
{
	return g->sector_size != 0 && g->page_size != 0 &&
	       g->program_unit != 0 && g->size != 0 &&
	       g->page_size <= PROT_POSIX_FLASH_PAGE_MAX &&
	       g->sector_size <= PROT_POSIX_FLASH_SECTOR_MAX &&
	       g->size % g->sector_size == 0 &&
	       g->sector_size % g->page_size == 0 &&
	       g->page_size % g->program_unit == 0 &&
	       (g->erased == 0xFF || g->erased == 0x00);
}

static bool in_device(const struct prot_posix_flash *f, uint32_t offset,
		      size_t len)
{
	return offset <= f->geometry.size && len <= f->geometry.size - offset;
}

static enum prot_status flash_read(void *ctx, uint32_t offset, void *buf,
				   size_t len)
{
	const struct prot_posix_flash *f = ctx;

	if (!in_device(f, offset, len)) {
		return PROT_ERR_ARG;
	}
	return prot_posix_file_read(f->fd, offset, buf, len);
}

/* Wait until everything that was written is on the disk. */
static enum prot_status settle(struct prot_posix_flash *f)
{
	enum prot_status st =
		f->unsettled ? prot_posix_file_sync(f->fd) : PROT_OK;

	f->unsettled = st != PROT_OK;
	return st;
}

/*
 * Long programs that continue one another, as an image does, go to the disk
 * together: waiting for it once per program would cost an update minutes on a
 * slow disk. Whatever else changes the device waits for them first.
 */
#define BULK_SIZE 512

static bool may_wait(const struct prot_posix_flash *f, uint32_t offset,
		     size_t len)
{
	return f->lazy || (len >= BULK_SIZE && offset == f->program_end);
}

static enum prot_status write_program(struct prot_posix_flash *f,
				      uint32_t offset, const void *buf,
				      size_t len)
{
	bool wait = may_wait(f, offset, len);
	enum prot_status st = wait ? PROT_OK : settle(f);

	if (st == PROT_OK) {
		st = prot_posix_file_write(f->fd, offset, buf, len);
		f->unsettled = true;
	}
	f->program_end = offset + (uint32_t)len;
	return st != PROT_OK || wait ? st : settle(f);
}

static bool program_allowed(const struct prot_posix_flash *f, uint32_t offset,
			    size_t len)
{
	const struct prot_flash_geometry *g = &f->geometry;

	return in_device(f, offset, len) && len != 0 &&
	       offset % g->program_unit == 0 && len % g->program_unit == 0 &&
	       len <= g->page_size - offset % g->page_size;
}

static enum prot_status flash_program(void *ctx, uint32_t offset,
				      const void *buf, size_t len)
{
	struct prot_posix_flash *f = ctx;
	uint8_t page[PROT_POSIX_FLASH_PAGE_MAX];
	const uint8_t *data = buf;
	enum prot_status st;

	if (!program_allowed(f, offset, len)) {
		return PROT_ERR_ARG;
	}
	st = prot_posix_file_read(f->fd, offset, page, len);
	if (st != PROT_OK) {
		return st;
	}
	/* Cells only leave the erased state: AND, or OR on inverted parts. */
	for (size_t i = 0; i < len; i++) {
		page[i] = (uint8_t)(f->geometry.erased == 0xFF
					    ? page[i] & data[i]
					    : page[i] | data[i]);
	}
	return write_program(f, offset, page, len);
}

static enum prot_status flash_erase(void *ctx, uint32_t offset)
{
	struct prot_posix_flash *f = ctx;
	uint8_t sector[PROT_POSIX_FLASH_SECTOR_MAX];
	enum prot_status st;

	if (!in_device(f, offset, f->geometry.sector_size) ||
	    offset % f->geometry.sector_size != 0) {
		return PROT_ERR_ARG;
	}
	st = f->lazy ? PROT_OK : settle(f);
	if (st != PROT_OK) {
		return st;
	}
	memset(sector, f->geometry.erased, f->geometry.sector_size);
	st = prot_posix_file_write(f->fd, offset, sector,
				   f->geometry.sector_size);
	f->unsettled = true;
	return st != PROT_OK || f->lazy ? st : settle(f);
}

static const struct prot_flash_ops flash_ops = {
	.read = flash_read,
	.program = flash_program,
	.erase = flash_erase,
};

enum prot_status
prot_posix_flash_create(const char *path,
			const struct prot_flash_geometry *geometry)
{
	if (!geometry_valid(geometry)) {
		return PROT_ERR_ARG;
	}
	return prot_posix_file_create(path, geometry->size, geometry->erased);
}

enum prot_status
prot_posix_flash_open(struct prot_posix_flash *f, const char *path,
		      const struct prot_flash_geometry *geometry,
		      struct prot_flash *flash)
{
	f->fd = -1;
	f->lazy = false;
	f->unsettled = false;
	f->program_end = UINT32_MAX;
	if (!geometry_valid(geometry)) {
		return PROT_ERR_ARG;
	}
	f->geometry = *geometry;
	flash->ops = &flash_ops;
	flash->ctx = f;
	flash->geometry = *geometry;
	return prot_posix_file_open(path, geometry->size, &f->fd);
}

void prot_posix_flash_set_lazy(struct prot_posix_flash *f)
{
	f->lazy = true;
}

enum prot_status prot_posix_flash_sync(struct prot_posix_flash *f)
{
	f->lazy = false;
	return settle(f);
}

void prot_posix_flash_close(struct prot_posix_flash *f)
{
	if (f->fd >= 0) {
		(void)settle(f);
	}
	prot_posix_file_close(&f->fd);
}
