/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_FLASH_H
#define PROT_PORT_FLASH_H

/*
 * The NOR flash seam: what boot and update need of a flash device, and what
 * they may rely on. A port fills in the ops; offsets count from the start of
 * the device, in bytes.
 */

#include <prot/base/status.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct prot_flash_geometry {
	uint32_t size;        /* bytes; a multiple of sector_size */
	uint32_t sector_size; /* erase granularity, bytes */
	uint32_t page_size;   /* a program never crosses a multiple of this */
	uint32_t
		program_unit; /* offset and length of a program are multiples */
	uint8_t erased;       /* value of an erased byte: 0xFF or 0x00 */
};

/*
 * Any op may return PROT_PENDING: the operation has started, and the caller
 * calls the same op with the same arguments until it returns something else.
 * Until then outputs are undefined and inputs must stay untouched. An op
 * never calls back. PROT_ERR_IO: the device failed; PROT_ERR_ARG: the range
 * breaks the geometry, nothing was changed.
 */
struct prot_flash_ops {
	enum prot_status (*read)(void *ctx, uint32_t offset, void *buf,
				 size_t len);

	/*
	 * Clears bits only: programming a byte that is not erased yields the
	 * AND of both values (the OR on a device whose erased value is 0x00).
	 * Durable when it returns PROT_OK. A power cut may leave any prefix
	 * of the range programmed, and the last unit torn.
	 */
	enum prot_status (*program)(void *ctx, uint32_t offset, const void *buf,
				    size_t len);

	/* Erase the one sector that starts at offset. */
	enum prot_status (*erase)(void *ctx, uint32_t offset);
};

/* Usually one static const object. What it points to must outlive its users. */
struct prot_flash {
	const struct prot_flash_ops *ops;
	void *ctx; /* passed unchanged to every op */
	struct prot_flash_geometry geometry;
};

#ifdef __cplusplus
}
#endif
#endif /* PROT_PORT_FLASH_H */
