/* SPDX-License-Identifier: Apache-2.0 */
/* One certificate: whatever parses has views that lie within it. */
#include <prot/x509.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct prot_span part, const uint8_t *data, size_t size)
{
	if (part.len != 0 && (part.at < data || part.at > data + size ||
			      part.len > (size_t)(data + size - part.at))) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct prot_span der = {data, size};
	struct prot_x509 c;
	uint8_t sig[PROT_SIGNATURE_MAX];

	if (prot_x509_parse(der, &c) != PROT_OK) {
		return 0;
	}
	const struct prot_span parts[] = {
		c.tbs,
		c.signature,
		c.serial,
		c.issuer,
		c.subject,
		c.subject_cn,
		c.subject_serial,
		c.spki,
		c.subject_key_id,
		c.tcb_info,
		c.authority_key_id,
		c.subject_alt_name,
		c.ueid,
		c.multi_tcb_info,
		c.unknown_critical,
		{c.key.bytes, prot_public_key_size(c.key.alg)},
	};

	for (size_t i = 0; i < PROT_ARRAY_SIZE(parts); i++) {
		check(parts[i], data, size);
	}
	(void)prot_der_ecdsa_signature(c.signature, sig, sizeof(sig) / 2);
	return 0;
}
