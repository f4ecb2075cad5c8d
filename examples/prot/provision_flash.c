/* SPDX-License-Identifier: Apache-2.0 */
#include "provision.h"

#include "cmd_image.h"

#include <prot/base/wipe.h>
#include <prot/services/journal.h>

#include <inttypes.h>
#include <string.h>

static enum prot_status program_page(struct prot_flash *flash, uint32_t offset,
				     const uint8_t *bytes, size_t len)
{
	uint8_t page[PROT_POSIX_FLASH_PAGE_MAX];
	uint32_t unit = flash->geometry.program_unit;
	size_t padded = (len + unit - 1) / unit * unit;

	memset(page, flash->geometry.erased, sizeof(page));
	memcpy(page, bytes, len);
	return flash->ops->program(flash->ctx, offset, page, padded);
}

bool prot_provision_write(struct prot_provision *p, uint32_t offset,
			  const uint8_t *bytes, size_t len)
{
	struct prot_flash *flash = &p->memories.flash;
	uint32_t page = flash->geometry.page_size;
	enum prot_status st = PROT_OK;

	while (len > 0 && st == PROT_OK) {
		size_t n = len < page ? len : page;

		st = program_page(flash, offset, bytes, n);
		offset += (uint32_t)n;
		bytes += n;
		len -= n;
	}
	if (st != PROT_OK) {
		prot_cli_error("cannot write the flash: %s",
			       prot_status_text(st));
	}
	return st == PROT_OK;
}

static bool write_boot_loader(struct prot_provision *p)
{
	const struct prot_flash_region *region = &p->board->boot_loader;
	struct prot_cli_blob file;
	bool ok;

	if (p->boot_loader == NULL) {
		return true;
	}
	if (region->size == 0) {
		prot_cli_error("%s has no boot loader in its flash",
			       p->board->name);
		return false;
	}
	if (!prot_cli_read_file(p->boot_loader, PROT_CLI_IMAGE_MAX, &file)) {
		return false;
	}
	ok = file.len > 0 && file.len <= region->size;
	if (!ok) {
		prot_cli_error("%s: %zu bytes, the boot loader of %s has 1 to "
			       "%" PRIu32,
			       p->boot_loader, file.len, p->board->name,
			       region->size);
	} else if (memcmp(file.bytes, "\177ELF", file.len < 4 ? file.len : 4) ==
		   0) {
		prot_cli_error("%s: an ELF file; the flash takes raw bytes "
			       "(objcopy -O binary)",
			       p->boot_loader);
		ok = false;
	}
	ok = ok &&
	     prot_provision_write(p, region->offset, file.bytes, file.len);
	prot_cli_blob_free(&file);
	return ok;
}

static bool write_keys(struct prot_provision *p)
{
	for (size_t i = 0; i < p->image_key_count; i++) {
		if (!prot_cli_public_load(&p->crypto, p->image_key[i],
					  p->keys[i])) {
			return false;
		}
	}
	return prot_provision_write(p, p->board->layout->keys.offset,
				    p->keys[0],
				    p->image_key_count * PROT_KEY_RECORD_SIZE);
}

static bool write_image(struct prot_provision *p, enum prot_bank bank,
			const char *path)
{
	const struct prot_flash_region *region = &p->board->layout->bank[bank];
	struct prot_cli_image image;
	bool ok;

	if (prot_cli_image_load(path, &image) != 0) {
		return false;
	}
	ok = prot_cli_board_check_size(p->board, bank == PROT_BANK_GOLDEN, path,
				       image.file.len) &&
	     prot_provision_write(p, region->offset, image.file.bytes,
				  image.file.len);
	if (image.header.svn < p->lowest_svn) {
		p->lowest_svn = image.header.svn;
	}
	prot_cli_blob_free(&image.file);
	return ok;
}

/* Bank A runs, bank B is empty. */
static bool write_journal(struct prot_provision *p)
{
	struct prot_journal journal;
	struct prot_journal_record first = {
		.type = PROT_JOURNAL_SNAPSHOT,
		.bank = PROT_BANK_A,
	};
	enum prot_status st = prot_journal_init(&journal, &p->memories.flash,
						p->board->layout);

	first.state.active = PROT_BANK_A;
	first.state.bank[PROT_BANK_A].state = PROT_BANK_CONFIRMED;
	first.state.bank[PROT_BANK_B].state = PROT_BANK_EMPTY;
	if (st == PROT_OK) {
		do {
			st = prot_journal_open_step(&journal);
		} while (st == PROT_PENDING);
	}
	if (st == PROT_OK) {
		do {
			st = prot_journal_append_step(&journal, &first);
		} while (st == PROT_PENDING);
	}
	if (st != PROT_OK) {
		prot_cli_error("cannot write the boot journal: %s",
			       prot_status_text(st));
	}
	return st == PROT_OK;
}

bool prot_provision_flash(struct prot_provision *p)
{
	p->lowest_svn = UINT32_MAX;
	return write_boot_loader(p) && write_keys(p) &&
	       write_image(p, PROT_BANK_A, p->image) &&
	       (!p->golden || write_image(p, PROT_BANK_GOLDEN, p->golden)) &&
	       write_journal(p);
}

bool prot_provision_otp(struct prot_provision *p)
{
	uint8_t hash[PROT_OTP_KEY_SLOTS][PROT_HASH_MAX];
	uint8_t entropy[PROT_OTP_FIELD_ENTROPY_SIZE];
	struct prot_otp_provision otp = {
		.uds = p->uds,
		.field_entropy = entropy,
		.svn_floor = p->has_floor ? p->svn_floor : p->lowest_svn,
		.lifecycle = PROT_LIFECYCLE_PRODUCTION,
	};
	enum prot_status st = prot_posix_random(NULL, entropy, sizeof(entropy));

	for (size_t i = 0; i < p->image_key_count && st == PROT_OK; i++) {
		st = prot_crypto_hash(&p->crypto.crypto, PROT_HASH_SHA384,
				      p->keys[i], PROT_KEY_RECORD_SIZE,
				      hash[i]);
		otp.key_hash[i] = hash[i];
	}
	if (st == PROT_OK) {
		do {
			st = prot_otp_provision_step(&otp, &p->memories.otp);
		} while (st == PROT_PENDING);
	}
	prot_wipe(entropy, sizeof(entropy));
	if (st != PROT_OK) {
		prot_cli_error("cannot write the OTP memory: %s",
			       prot_status_text(st));
	}
	return st == PROT_OK;
}
