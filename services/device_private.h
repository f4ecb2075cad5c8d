/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEVICE_PRIVATE_H
#define DEVICE_PRIVATE_H

/* What the files of the device composition share. */

#include <prot/services/device.h>

/* Progress of what the running image reports about itself. */
enum {
	PHASE_OPEN_JOURNAL,
	PHASE_SETTLE, /* up, but not for long enough to say so */
	PHASE_BOOT_OK,
	PHASE_TRIAL,   /* up, waiting to be confirmed */
	PHASE_CONFIRM, /* writing the confirmation */
	PHASE_READY,
};

/* Report an event to the port, if it listens. */
void prot_device_event(const struct prot_device *d,
		       enum prot_device_event event, uint32_t a, uint32_t b);

/*
 * A peer as one number: the link on top, below it 24 bits of the CRC-32 of EID
 * and physical address, which tell addresses of up to two bytes apart for sure.
 */
#define PROT_DEVICE_PEER_LINK(link) ((uint32_t)(link) << 24)
#define PROT_DEVICE_PEER_LINK_MASK  0xff000000u
uint32_t prot_device_peer(const struct prot_mctp_peer *peer);

/* SPDM: device_spdm.c. PROT_ERR_CRYPTO when there is no attestation key. */
PROT_MUST_CHECK
enum prot_status prot_device_spdm_init(struct prot_device *d);
void prot_device_spdm_handle(void *ctx, const struct prot_mctp_message *msg,
			     struct prot_mctp_reply *reply);
/* Forget the requesters of a link. */
void prot_device_spdm_link_reset(struct prot_device *d, uint8_t link);
void prot_device_spdm_tick(struct prot_device *d);
uint64_t prot_device_spdm_next_tick(const struct prot_device *d);

/* PLDM: device_pldm.c. */
void prot_device_pldm_link_reset(struct prot_device *d, uint8_t link);
PROT_MUST_CHECK
enum prot_status prot_device_pldm_init(struct prot_device *d);
void prot_device_pldm_handle(void *ctx, const struct prot_mctp_message *msg,
			     struct prot_mctp_reply *reply);
void prot_device_pldm_tick(struct prot_device *d);
uint64_t prot_device_pldm_next_tick(const struct prot_device *d);

/* Journal, health and confirmation: device_report.c. */
PROT_MUST_CHECK
enum prot_status prot_device_report_init(struct prot_device *d);
void prot_device_report_tick(struct prot_device *d);
uint64_t prot_device_report_next_tick(const struct prot_device *d);

#endif /* DEVICE_PRIVATE_H */
