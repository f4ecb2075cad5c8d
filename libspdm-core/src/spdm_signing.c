/* SPDX-License-Identifier: Apache-2.0 */
#include "spdm_signing.h"

#include <string.h>

/* The prefix is four of these, then the context, right-aligned. */
#define VERSION_TEXT       "dmtf-spdm-v1.2.*"
#define VERSION_TEXT_SIZE  (sizeof(VERSION_TEXT) - 1)
#define VERSION_TEXT_MAJOR 11
#define VERSION_TEXT_MINOR 13
#define VERSION_TEXT_COUNT 4

#define CONTEXT(text)                                                          \
	{                                                                      \
		text, sizeof(text) - 1                                         \
	}

static const struct {
	const char *text;
	uint8_t len;
} contexts[SPDM_SIGNER_COUNT] = {
	[SPDM_SIGNER_NONE] = CONTEXT(""),
	[SPDM_SIGNER_RSP_CHALLENGE_AUTH] =
		CONTEXT("responder-challenge_auth signing"),
	[SPDM_SIGNER_RSP_MEASUREMENTS] =
		CONTEXT("responder-measurements signing"),
};

static void write_prefix(uint8_t *out, uint8_t version, enum spdm_signer signer)
{
	size_t len = contexts[signer].len;

	memset(out, 0, PROT_SPDM_SIGNING_PREFIX_SIZE);
	for (unsigned i = 0; i < VERSION_TEXT_COUNT; i++) {
		uint8_t *text = out + i * VERSION_TEXT_SIZE;

		memcpy(text, VERSION_TEXT, VERSION_TEXT_SIZE);
		text[VERSION_TEXT_MAJOR] = (uint8_t)('0' + (version >> 4));
		text[VERSION_TEXT_MINOR] = (uint8_t)('0' + (version & 0xf));
	}
	memcpy(out + PROT_SPDM_SIGNING_PREFIX_SIZE - len, contexts[signer].text,
	       len);
}

struct prot_signed_data
prot_spdm_signing_data(struct prot_spdm_signing_input *in, uint8_t version,
		       enum prot_hash_alg hash, enum spdm_signer signer)
{
	struct prot_signed_data data = {
		.hash = hash,
		.prehashed = version < PROT_SPDM_VERSION_12,
		.data = spdm_signing_digest(in),
		.len = prot_hash_size(hash),
	};

	if (!data.prehashed) {
		write_prefix(in->bytes, version, signer);
		data.data = in->bytes;
		data.len += PROT_SPDM_SIGNING_PREFIX_SIZE;
	}
	return data;
}
