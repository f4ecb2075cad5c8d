/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SMBUS_LINK_H
#define PROT_SMBUS_LINK_H

/*
 * An MCTP link over an I2C bus (DSP0237): the driver between the two sides of
 * a bus and a struct prot_mctp, with the frames and the sender of
 * prot/mctp/smbus.h. Packets leave as controller and arrive as target. Nothing
 * here waits.
 *
 *	prot_smbus_link_init
 *	{ prot_smbus_link_next* | prot_smbus_link_flush }*
 */

#include <prot/mctp/endpoint.h>
#include <prot/mctp/smbus.h>
#include <prot/port/i2c.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_SMBUS_LINK_MTU (PROT_MCTP_SMBUS_PACKET - PROT_MCTP_HEADER_SIZE)

/*
 * What the target's driver must be able to take: the longest frame that a peer
 * may send, which is one of 255 counted bytes, and a byte that tells it from
 * longer ones.
 */
#define PROT_SMBUS_LINK_TARGET_BUFFER 260

/* Const; outlives the link. */
struct prot_smbus_link_config {
	struct prot_i2c_controller controller;
	struct prot_i2c_target target; /* answers to `address` */
	uint8_t address;               /* our own, 7 bits, valid for a device */
};

/*
 * Fields are private but for `sender` and `decoder`, whose counters anybody
 * may read. Not movable: they point into it. Where the controller has a DMA
 * engine, this is memory that it reaches.
 */
struct prot_smbus_link {
	const struct prot_smbus_link_config *config;
	struct prot_mctp_smbus_sender_config sender_config;
	struct prot_mctp_smbus_sender sender;
	struct prot_mctp_smbus_decoder decoder;
	uint8_t packet[PROT_MCTP_SMBUS_PACKET];
	uint8_t frame[PROT_MCTP_SMBUS_FRAME(PROT_MCTP_SMBUS_PACKET)];
};

/*
 * For struct prot_mctp_link, with MTU PROT_SMBUS_LINK_MTU and binding
 * PROT_MCTP_BINDING_SMBUS; ctx: the link. Physical addresses are those of
 * prot_mctp_smbus_addr(). One packet at a time: PROT_ERR_BUSY until it left or
 * was given up.
 */
extern const struct prot_mctp_link_ops prot_smbus_link_ops;

/* PROT_ERR_ARG: `address` is none that a device may have. */
PROT_MUST_CHECK
enum prot_status
prot_smbus_link_init(struct prot_smbus_link *l,
		     const struct prot_smbus_link_config *config);

/*
 * The next packet that arrived and who sent it, for prot_mctp_rx(); borrowed
 * until the next call. PROT_PENDING: nothing more at the moment. Frames that
 * are no packet for us are dropped and counted. Anything else: the target
 * failed.
 */
PROT_MUST_CHECK
enum prot_status prot_smbus_link_next(struct prot_smbus_link *l,
				      uint8_t **packet, size_t *len,
				      struct prot_mctp_addr *from);

/*
 * Send on. True: the link takes another packet, so that prot_mctp_tick() has
 * something to do if packets wait.
 */
bool prot_smbus_link_flush(struct prot_smbus_link *l, uint64_t now_ms);

/*
 * When to call prot_smbus_link_flush() next, ms; UINT64_MAX: not before the
 * endpoint has sent something. While a transfer is under way the interrupt of
 * the bus is the better sign.
 */
uint64_t prot_smbus_link_next_tick(const struct prot_smbus_link *l);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SMBUS_LINK_H */
