/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_BASE_CRC32_H
#define PROT_BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/*
 * CRC-32 of IEEE 802.3 (reflected, polynomial 0x04C11DB7, initial value and
 * final XOR all ones), as PLDM packages, journal and hand-off use it.
 *
 * Start with crc = 0 and pass the result on to continue over further bytes.
 * "123456789" yields 0xCBF43926. Four bits per step: 64 bytes of table.
 */
static inline uint32_t prot_crc32(uint32_t crc, const void *data, size_t len)
{
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
		0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	const uint8_t *p = (const uint8_t *)data;

	crc = ~crc;
	for (size_t i = 0; i < len; i++) {
		crc ^= p[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

#endif /* PROT_BASE_CRC32_H */
