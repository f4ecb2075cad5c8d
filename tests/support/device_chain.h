/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SUPPORT_DEVICE_CHAIN_H
#define TEST_SUPPORT_DEVICE_CHAIN_H

#include <prot/services/cert.h>

/*
 * Plays manufacturer and boot stage: a root key from a fixed seed certifies
 * itself and the IDevID of a device with a fixed UDS (both public test
 * values), then the device completes its chain.
 */
struct device_chain {
	struct prot_dice_seeds seeds;
	struct prot_cert_device device;
	uint8_t ueid[17];
	uint8_t fwid[PROT_DICE_DIGEST_SIZE];
	uint8_t buf[4096];
	struct prot_wr chain;
};

/* Root and IDevID only. */
enum prot_status device_chain_provision(const struct prot_crypto *crypto,
					struct device_chain *d);

/* All four. */
enum prot_status device_chain_make(const struct prot_crypto *crypto,
				   struct device_chain *d);

#endif /* TEST_SUPPORT_DEVICE_CHAIN_H */
