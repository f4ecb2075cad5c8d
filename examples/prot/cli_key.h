/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CLI_KEY_H
#define PROT_CLI_KEY_H

/* Cryptography and key files for the subcommands. Keys are P-384. */

#include "prot_cli.h"

#include <prot/crypto.h>
#include <prot/crypto_wolfcrypt.h>

#define PROT_CLI_PUBLIC_KEY 96 /* X || Y, bytes */

/* Not movable while open. */
struct prot_cli_crypto {
	struct prot_crypto crypto; /* what the libraries are given */
	struct prot_wolfcrypt wolfcrypt;
	struct prot_wolfcrypt_key keys[8];
};

/* False: the reason has been printed. */
bool prot_cli_crypto_open(struct prot_cli_crypto *c);
void prot_cli_crypto_close(struct prot_cli_crypto *c);

/*
 * Load a private P-384 key from an unencrypted PEM or DER file. False: the
 * reason has been printed.
 */
bool prot_cli_key_load(struct prot_cli_crypto *c, const char *path,
		       prot_key *key);

/* Make a key and write it as PEM, mode 0600; `flags` as for write_file. */
bool prot_cli_key_generate(struct prot_cli_crypto *c, const char *path,
			   unsigned flags, prot_key *key);

/* The public half, or the public key of a PEM file of either kind. */
bool prot_cli_key_public(struct prot_cli_crypto *c, prot_key key,
			 uint8_t point[PROT_CLI_PUBLIC_KEY]);
bool prot_cli_public_load(struct prot_cli_crypto *c, const char *path,
			  uint8_t point[PROT_CLI_PUBLIC_KEY]);

/* Write a public key as PEM (SubjectPublicKeyInfo). */
bool prot_cli_public_save(const char *path,
			  const uint8_t point[PROT_CLI_PUBLIC_KEY],
			  unsigned flags);

#endif /* PROT_CLI_KEY_H */
