/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FD_FIXTURE_H
#define FD_FIXTURE_H

/*
 * A firmware device over a storage in memory, behind a responder, and an
 * update agent reduced to "send these bytes". Each test states what differs
 * from an update that succeeds.
 */
#include "test.h"

#include <prot/pldm/base.h>
#include <prot/pldm/fd.h>
#include <prot/pldm/fwup.h>
#include <prot/pldm/responder.h>

#define AGENT     8u /* peers: the agent, and somebody else */
#define STRANGER  9u
#define T1_MS     60000u
#define T2_MS     1000u
#define IMAGE_MAX 1024u
#define DATA_MAX  256u

/* What storage ops do, next: how often to pend first, then what to return. */
struct script {
	unsigned pend;
	enum prot_status status;
	uint8_t result;
};

struct storage {
	struct script begin, component, write, verify, apply, activate, cancel,
		parameters, package_data, restore;
	uint8_t image[IMAGE_MAX];
	uint32_t image_len; /* bytes written, without gaps */
	uint8_t data[DATA_MAX];
	uint32_t data_len;
	uint32_t restored_len;
	uint16_t metadata_len;
	enum prot_status metadata_status;   /* of reading it */
	struct prot_pldm_fd_component last; /* strings not kept */
	bool last_update;
	uint8_t verdict;
	uint32_t options;
	uint16_t methods;
	uint8_t progress;
	uint64_t broken;
	unsigned begins, components, verifies, applies, activations;
	unsigned component_cancels, update_cancels, data_lasts, restore_lasts;
	bool self_contained;
};

struct fx {
	struct storage s;
	struct prot_pldm_fd fd;
	struct prot_pldm_responder responder;
	struct prot_pldm_responder_config responder_cfg;
	struct prot_pldm_service services[2];
	struct prot_pldm_replay replay[2];
	struct prot_pldm_fd_config cfg;
	uint64_t now;
	uint8_t instance; /* of the agent's next request */
	uint8_t tx[64];   /* the FD's last request */
	size_t tx_len;
	uint8_t rsp[512]; /* the FD's last response */
	size_t rsp_len;
};

/* For f->cfg.data of a device with package data and metadata. */
extern const struct prot_pldm_fd_data_ops data_ops;

#define PASS_COMPONENT_BODY_SIZE 15
extern const uint8_t pass_component_body[PASS_COMPONENT_BODY_SIZE];

#define REQUEST_UPDATE_BODY_SIZE 16
extern const uint8_t request_update_body[REQUEST_UPDATE_BODY_SIZE];

void fx_init(struct fx *f);

void fx_with_replay(struct fx *f);

/* The agent's (or stranger's) message goes to the responder. */
uint8_t send_raw(struct fx *f, uint32_t peer, const uint8_t *msg, size_t len);

/* A type 5 request with this body; the completion code comes back. */
uint8_t ask_as(struct fx *f, uint32_t peer, uint8_t command, const void *body,
	       size_t len);

uint8_t ask(struct fx *f, uint8_t command, const void *body, size_t len);

uint8_t ask_empty(struct fx *f, uint8_t command);

struct prot_rd response_body(const struct fx *f);

/* Let time pass; the FD's request, if any, is in f->tx. */
enum prot_status tick(struct fx *f);

void assert_request(const struct fx *f, uint8_t command);

/* Answer the FD's last request; what it sends next is in f->tx. */
enum prot_status reply(struct fx *f, uint8_t cc, const void *body, size_t len);

uint8_t image_byte(uint32_t at);

/* Answer a RequestFirmwareData as a correct agent does. */
enum prot_status reply_data(struct fx *f, uint32_t image_size);

/* An image of `size` bytes, option flags as given. */
size_t update_component_body(uint8_t *body, uint32_t size, uint32_t options);

void to_learn(struct fx *f);

void pass_component(struct fx *f);

void to_ready(struct fx *f);

/* The first RequestFirmwareData has been sent. */
void start_download(struct fx *f, uint32_t size);

void to_download(struct fx *f, uint32_t size);

/* TransferComplete has been sent. */
void finish_download(struct fx *f, uint32_t size);

void to_verify(struct fx *f, uint32_t size);

void to_apply(struct fx *f, uint32_t size);

/* READY XFER with one component applied. */
void to_applied(struct fx *f, uint32_t size);

/* ActivateFirmware was accepted, and its work goes on. */
void to_activate(struct fx *f, uint32_t size);

struct prot_pldm_get_status_rsp get_status(struct fx *f);

#endif /* FD_FIXTURE_H */
