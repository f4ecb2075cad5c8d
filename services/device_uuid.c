/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/device.h>

#include <prot/base/cursor.h>
#include <prot/x509.h>

bool prot_device_uuid(const struct prot_handoff *h,
		      const struct prot_crypto *crypto,
		      uint8_t uuid[PROT_DEVICE_UUID_SIZE])
{
	struct prot_rd chain = prot_rd_init(h->chain, h->chain_len);
	struct prot_span der = {NULL, 0};
	uint8_t digest[PROT_HASH_MAX];

	if (!h->has_identity || prot_x509_next(&chain, &der) != PROT_OK ||
	    prot_x509_next(&chain, &der) != PROT_OK ||
	    prot_crypto_hash(crypto, PROT_HASH_SHA384, der.at, der.len,
			     digest) != PROT_OK) {
		return false;
	}
	memcpy(uuid, digest, PROT_DEVICE_UUID_SIZE);
	uuid[6] = (uint8_t)((uuid[6] & 0x0F) | 0x80);
	uuid[8] = (uint8_t)((uuid[8] & 0x3F) | 0x80);
	return true;
}
