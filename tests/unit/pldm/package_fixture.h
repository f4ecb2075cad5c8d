/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PACKAGE_FIXTURE_H
#define PACKAGE_FIXTURE_H

/* Packages in memory: vector files, sources, sinks, and an independent CRC. */
#include "test.h"

#include <prot/pldm/package.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX 20000u

struct file {
	uint8_t bytes[FILE_MAX];
	size_t len;
	/* read number fail_at, counted from 1, returns fail_with; 0: none */
	unsigned fail_at;
	enum prot_status fail_with;
	unsigned reads;
};

static inline enum prot_status file_read(void *ctx, uint64_t offset, void *buf,
					 size_t len)
{
	struct file *f = (struct file *)ctx;

	f->reads++;
	if (f->fail_at != 0 && f->reads == f->fail_at) {
		return f->fail_with;
	}
	assert_true(offset <= f->len && len <= f->len - offset);
	memcpy(buf, f->bytes + offset, len);
	return PROT_OK;
}

static inline enum prot_status file_write(void *ctx, const void *bytes,
					  size_t len)
{
	struct file *f = (struct file *)ctx;

	f->reads++;
	if (f->fail_at != 0 && f->reads == f->fail_at) {
		return f->fail_with;
	}
	assert_true(len <= FILE_MAX - f->len);
	memcpy(f->bytes + f->len, bytes, len);
	f->len += len;
	return PROT_OK;
}

static inline struct prot_pldm_package_source file_source(struct file *f)
{
	struct prot_pldm_package_source s = {file_read, f, f->len};

	return s;
}

static inline void file_load(struct file *f, const char *name)
{
	char path[512];
	FILE *in;

	memset(f, 0, sizeof(*f));
	snprintf(path, sizeof(path), "%s/pldm/%s", VECTORS_DIR, name);
	in = fopen(path, "rb");
	assert_non_null(in);
	f->len = fread(f->bytes, 1, sizeof(f->bytes), in);
	fclose(in);
	assert_true(f->len > 0 && f->len < FILE_MAX);
}

/* Bit by bit, unlike the library's. */
static inline uint32_t plain_crc32(const uint8_t *p, size_t len)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len * 8; i++) {
		uint32_t bit = (crc ^ (uint32_t)p[i / 8] >> (i % 8)) & 1;

		crc = crc >> 1 ^ (bit ? 0xedb88320u : 0);
	}
	return ~crc;
}

static inline void put_le(uint8_t *p, uint32_t v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		p[i] = (uint8_t)(v >> (8 * i));
	}
}

static inline uint16_t header_size(const struct file *f)
{
	return (uint16_t)(f->bytes[17] | f->bytes[18] << 8);
}

/* Make the header checksum of a revision 4 package right again. */
static inline void file_reseal(struct file *f)
{
	size_t end = header_size(f) - 8u;

	put_le(f->bytes + end, plain_crc32(f->bytes, end), 4);
}

/* Replace `cut` header bytes at `at` by n others; the images move along. */
static inline void file_splice(struct file *f, size_t at, size_t cut,
			       const uint8_t *bytes, size_t n)
{
	assert_true(at + cut <= f->len && f->len + n - cut <= FILE_MAX);
	memmove(f->bytes + at + n, f->bytes + at + cut, f->len - at - cut);
	memcpy(f->bytes + at, bytes, n);
	f->len = f->len + n - cut;
	put_le(f->bytes + 17, (uint32_t)(header_size(f) + n - cut), 2);
}

static inline enum prot_status file_open(struct file *f,
					 struct prot_pldm_package *p,
					 struct prot_pldm_package_verdict *v)
{
	struct prot_pldm_package_source s = file_source(f);

	return prot_pldm_package_open(p, &s, v);
}

#endif /* PACKAGE_FIXTURE_H */
