/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POSIX_FILE_H
#define POSIX_FILE_H

/* Files that stand for memories: created in one step, opened exclusively. */

#include <prot/base/status.h>

#include <stddef.h>
#include <stdint.h>

/* A file of `size` bytes of `value`, which appears complete or not at all. */
enum prot_status prot_posix_file_create(const char *path, uint32_t size,
					uint8_t value);

/* Statuses of prot_posix_flash_open(). *fd is -1 on failure. */
enum prot_status prot_posix_file_open(const char *path, uint32_t size, int *fd);
void prot_posix_file_close(int *fd);

enum prot_status prot_posix_file_read(int fd, uint32_t offset, void *buf,
				      size_t len);

enum prot_status prot_posix_file_write(int fd, uint32_t offset, const void *buf,
				       size_t len);

/* What was written is on the disk when it returns PROT_OK. */
enum prot_status prot_posix_file_sync(int fd);

#endif /* POSIX_FILE_H */
