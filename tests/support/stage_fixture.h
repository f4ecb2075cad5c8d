/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SUPPORT_STAGE_FIXTURE_H
#define TEST_SUPPORT_STAGE_FIXTURE_H

/*
 * The device of boot_fixture.h with an identity: UDS and certificates of
 * device_chain.h, image 1 confirmed in bank A, golden image 9.
 */

#include "boot_fixture.h"
#include "device_chain.h"

#include <prot/services/boot_stage.h>

#define SX_IDENTITY_OFFSET 9216
#define SX_IDENTITY_SIZE   2560

struct sx {
	struct fx fx;
	struct device_chain factory;
	struct prot_boot_stage_config cfg;
	struct prot_boot_stage_input in;
	struct prot_boot_stage stage;
};

/* The UDS of device_chain.c, which is in the OTP. */
extern const uint8_t sx_uds[PROT_OTP_UDS_SIZE];

void sx_init(struct sx *s);

/* Bind again after a copy made with '='. */
void sx_bind(struct sx *s);

/* Run the boot stage to its end. */
enum prot_status sx_boot(struct sx *s);

/* The root certificate of the factory. */
struct prot_span sx_root(const struct sx *s);

#endif /* TEST_SUPPORT_STAGE_FIXTURE_H */
