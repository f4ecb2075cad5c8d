/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UA_FIXTURE_H
#define UA_FIXTURE_H

/*
 * An update agent with a package in memory, and a plain firmware device to
 * talk to: a model that is told where to misbehave. It is written from
 * DSP0267 on its own, and shares only the message codecs with the library.
 */
#include "package_fixture.h"

#include <prot/pldm/ua.h>

#define PEER       9u
#define COMPONENTS 3u
#define TRANSFER   256u
#define TX_CAP     PROT_PLDM_UA_TX_SIZE(TRANSFER)

/* How the device misbehaves; all zero: not at all. */
struct faults {
	uint8_t command; /* of the UA: answered with `cc`, `count` times */
	uint8_t cc;
	unsigned count;
	uint8_t mute; /* command that gets no answer, `mute_count` times */
	unsigned mute_count;
	uint8_t swallow;  /* command carried out; the answer gets lost once */
	uint8_t truncate; /* command whose response loses its last byte */
	uint8_t compat;   /* component code of UpdateComponent, for `on` */
	uint8_t transfer; /* results, for component `on` */
	uint8_t verify;
	uint8_t apply;
	uint16_t on;           /* component, counted from 0 */
	bool never_asks;       /* no RequestFirmwareData */
	bool early_complete;   /* TransferComplete half way */
	bool eager;            /* first data request overtakes the response */
	bool leaves;           /* goes IDLE in DOWNLOAD, and asks no more */
	bool stuck_in_verify;  /* no VerifyComplete */
	bool rereads;          /* asks for the first bytes for ever */
	bool twice;            /* repeats every request once */
	bool activation_fails; /* self-contained activation */
	bool no_status;        /* does not know GetStatus */
};

struct device {
	struct faults faults;
	uint8_t state;
	uint8_t previous;
	uint8_t reason;
	uint16_t component; /* index of the next UpdateComponent */
	uint16_t passed;    /* entries of the component table */
	uint32_t size;
	uint32_t offset;
	uint32_t chunk;
	uint8_t image[COMPONENTS][4096];
	uint32_t options;          /* of the last UpdateComponent */
	uint8_t flags[COMPONENTS]; /* of PassComponentTable */
	/* package data and metadata */
	bool wants_package_data;
	uint16_t package_data_at;
	uint8_t package_data[600];
	uint16_t metadata_len;
	uint16_t metadata_back;
	uint8_t metadata[200];
	/* own request */
	bool outstanding;
	uint8_t request[16];
	size_t request_len;
	uint8_t instance;
	unsigned sent;   /* how often the request went out */
	uint8_t last_cc; /* of the agent's last answer */
	bool activated;
	uint8_t self_contained;
	unsigned updates; /* RequestUpdate accepted */
	unsigned cancels; /* CancelUpdate received */
	unsigned component_cancels;
};

struct bench {
	struct file file;
	struct prot_pldm_package package;
	struct prot_pldm_ua_component components[COMPONENTS];
	uint8_t metadata[200];
	struct prot_pldm_ua_config cfg;
	struct prot_pldm_ua ua;
	struct device device;
	uint64_t now_ms;
	uint64_t limit_ms;
	unsigned messages;
	enum prot_status status;
};

/* What the package of a bench holds. */
struct content {
	uint16_t components;
	uint32_t sizes[COMPONENTS];
	uint32_t flags;   /* DeviceUpdateOptionFlags */
	uint16_t options; /* ComponentOptions of all components */
	uint16_t package_data_len;
	uint16_t identifier; /* of the first component; 0: 1 */
	bool other_device;
};

/* Who the device is. */
extern const struct prot_pldm_descriptor device_descriptors[2];

uint8_t image_byte(uint16_t component, uint32_t offset);
void bench_init(struct bench *b, const struct content *content);

/*
 * Hand a message, or NULL, to the agent. What it says goes to the device, the
 * answer back to the agent, and so on until one of them is silent.
 */
void bench_step(struct bench *b, const uint8_t *rx, size_t rx_len);
/* A request of the device or, when it has none or it is time, a tick. */
void bench_once(struct bench *b);
/* Run until the status is final, or time is over. */
enum prot_status bench_run(struct bench *b);

/* The device: answer a request of the agent. */
size_t device_answer(struct device *d, const uint8_t *rx, size_t len,
		     uint8_t *tx, size_t cap);
/* The device's next own request, or 0. */
size_t device_request(struct device *d, uint8_t *tx, size_t cap);
/* The agent's response to it. */
void device_response(struct device *d, const uint8_t *rx, size_t len);

/* ---- For tests that use one bench ---- */

extern struct bench bench;
extern const struct content one_component;    /* 1000 bytes */
extern const struct content three_components; /* 1000, 31, 512 bytes */

/* What the device of `bench` has got is the image. */
void assert_image(uint16_t component, uint32_t size);
/* The result of the agent of `bench`. */
void assert_result(enum prot_pldm_ua_reason reason, enum prot_pldm_ua_step step,
		   uint8_t code);

#endif /* UA_FIXTURE_H */
