/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_MEASUREMENT_H
#define PROT_SERVICES_MEASUREMENT_H

/*
 * The measurements that the device reports over SPDM, and their values. The
 * tool that writes reference values uses the same functions, on the state that
 * it expects.
 */

#include <prot/base/status.h>
#include <prot/services/handoff.h>
#include <prot/spdm/responder.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Measurement indices (DSP0274 1.3, GET_MEASUREMENTS). */
enum prot_measurement {
	PROT_MEASUREMENT_BOOT_STAGE = 1, /* digest of the boot stage */
	PROT_MEASUREMENT_RUNTIME = 2,    /* payload digest of the image */
	PROT_MEASUREMENT_VERSION = 3,    /* "1.2.3" or "1.2.3.4", raw ASCII */
	PROT_MEASUREMENT_SVN = 4,        /* 8 bytes, raw */
	PROT_MEASUREMENT_CONFIG = 5, /* raw: lifecycle, debug, one byte each */
	PROT_MEASUREMENT_DEVICE_MODE = PROT_SPDM_MEAS_INDEX_DEVICE_MODE,
};

/* All digests are SHA-384. */
#define PROT_MEASUREMENT_HASH PROT_HASH_SHA384
/* Longest value, bytes. */
#define PROT_MEASUREMENT_VALUE_MAX PROT_IMAGE_DIGEST_SIZE

/* Ascending by index; for struct prot_spdm_responder_config. */
extern const struct prot_spdm_measurement prot_measurement_table[];
extern const size_t prot_measurement_count;

/* "boot stage", "runtime firmware", ...; never NULL. */
const char *prot_measurement_name(uint8_t index);

/*
 * Value of one measurement in the state that `h` describes: the digest where
 * the table says so, else the raw bit stream. `out` takes
 * PROT_MEASUREMENT_VALUE_MAX bytes. PROT_ERR_NOT_FOUND: no such index.
 */
PROT_MUST_CHECK
enum prot_status prot_measurement_value(const struct prot_handoff *h,
					uint8_t index, uint8_t *out,
					size_t *len);

/*
 * "1.2.3", or "1.2.3.4" if there is a build number: ASCII without NUL, at most
 * 23 bytes. Returns the length.
 */
size_t prot_measurement_version_text(const struct prot_image_version *version,
				     uint8_t out[PROT_MEASUREMENT_VALUE_MAX]);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_MEASUREMENT_H */
