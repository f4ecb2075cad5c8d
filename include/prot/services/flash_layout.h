/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_FLASH_LAYOUT_H
#define PROT_SERVICES_FLASH_LAYOUT_H

/*
 * Where things lie in the device's flash. A port has one const object; boot,
 * update and provisioning read nothing else to find a region.
 */

#include <prot/base/status.h>
#include <prot/port/flash.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The three places an image can stand. Values are stored in the journal. */
enum prot_bank {
	PROT_BANK_A = 0,
	PROT_BANK_B = 1,
	PROT_BANK_GOLDEN = 2, /* recovery image; never written by an update */
	PROT_BANK_COUNT = 3,
	PROT_BANK_NONE = 0xFF,
};

/* "A", "B", "golden" or "none"; never NULL. */
const char *prot_bank_text(enum prot_bank bank);

/* Bytes from the start of the device. */
struct prot_flash_region {
	uint32_t offset;
	uint32_t size;
};

/* One image verification key in the key region: X || Y on P-384. */
#define PROT_KEY_RECORD_SIZE 96

/*
 * Each region starts and ends on a sector boundary and overlaps no other. A
 * region of size 0 is absent; banks A and B, both journal regions and the key
 * region must be present.
 */
struct prot_flash_layout {
	struct prot_flash_region bank[PROT_BANK_COUNT];

	/*
	 * Boot control journal; only the first sector of each is used. The
	 * scan at start reads every slot of 32 bytes, or of a program unit
	 * where that is larger: small sectors open faster.
	 */
	struct prot_flash_region journal[2];

	/*
	 * Public keys that sign images: key i of the OTP key slots as
	 * PROT_KEY_RECORD_SIZE bytes at offset i * PROT_KEY_RECORD_SIZE. They
	 * need no protection here: a key counts only when its SHA-384 hash
	 * stands in OTP.
	 */
	struct prot_flash_region keys;

	/* Certificates that the manufacturer and the owner issued. */
	struct prot_flash_region identity;

	/* Configuration, policy and log, for the storage service. */
	struct prot_flash_region storage[2];
};

/*
 * Whether the layout obeys the rules above on that device: PROT_OK or
 * PROT_ERR_ARG. For start-up code and for tests of a port.
 */
PROT_MUST_CHECK
enum prot_status
prot_flash_layout_check(const struct prot_flash_layout *layout,
			const struct prot_flash_geometry *geometry);

/*
 * 1 MiB in 4 KiB sectors, as inside the AST1060: 96 KiB boot loader at 0 (in
 * no region: nothing here writes it), banks of 320 KiB, 192 KiB golden.
 */
extern const struct prot_flash_layout prot_flash_layout_ast1060;

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_FLASH_LAYOUT_H */
