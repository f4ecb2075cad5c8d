/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PROVISION_H
#define PROT_PROVISION_H

/* The parts of `prot provision`. Each prints why it fails. */

#include "cli_board.h"
#include "cli_key.h"
#include "prot_cli.h"

#include <prot/port/posix_board.h>
#include <prot/services/image.h>
#include <prot/services/otp_layout.h>

/* Names in a state directory, besides those of the board. */
#define PROT_CLI_CA_KEY_FILE "ca-key.pem"
#define PROT_CLI_CA_FILE     "ca.pem"
#define PROT_CLI_INFO_FILE   "device.json"

#define PROT_CLI_UEID_SIZE 17 /* type byte (RAND) and 16 bytes */

struct prot_provision {
	const struct prot_board *board;
	const char *state;
	const char *image;
	const char *golden;
	const char *boot_loader; /* NULL: left erased */
	const char *ca_key;      /* NULL: make a CA in the state directory */
	const char *ca_cert;
	const char *image_key[PROT_OTP_KEY_SLOTS];
	size_t image_key_count;
	uint32_t svn_floor;
	bool has_floor;
	bool force;

	/* while at work */
	const char *directory; /* being filled */
	struct prot_cli_crypto crypto;
	struct prot_posix_board memories;
	uint8_t keys[PROT_OTP_KEY_SLOTS][PROT_KEY_RECORD_SIZE];
	uint8_t uds[PROT_OTP_UDS_SIZE];
	uint8_t ueid[PROT_CLI_UEID_SIZE];
	uint32_t lowest_svn; /* of the images */
};

/*
 * CA key and certificate (made, or loaded), IDevID certificate; the identity
 * region of the flash. Needs p->uds and p->ueid.
 */
bool prot_provision_identity(struct prot_provision *p);

/* Boot loader, image keys, images, journal. */
bool prot_provision_flash(struct prot_provision *p);

/* UDS, key hashes, SVN floor, lifecycle. After the flash. */
bool prot_provision_otp(struct prot_provision *p);

/* Program `len` bytes at `offset` of an erased region. */
bool prot_provision_write(struct prot_provision *p, uint32_t offset,
			  const uint8_t *bytes, size_t len);

#endif /* PROT_PROVISION_H */
