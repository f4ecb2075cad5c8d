/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_SPDM_RECORDING_H
#define TEST_SPDM_RECORDING_H

/* A recorded SPDM exchange, in the format of tests/vectors/spdm/README.md. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORDING_TYPE_SPDM 5 /* MCTP message type, DSP0239 */

struct recorded_message {
	int mctp_type;
	uint8_t *bytes; /* without the MCTP message type byte */
	size_t len;
};

struct recording {
	char name[64];
	struct recorded_message *messages; /* requests at even indices */
	size_t count;
};

/* False, with a sentence on stderr, if the file is not a recording. */
bool recording_load(struct recording *r, const char *path);

void recording_free(struct recording *r);

/* A whole file; NULL if it cannot be read. The caller frees it. */
uint8_t *read_file(const char *path, size_t *len);

#endif /* TEST_SPDM_RECORDING_H */
