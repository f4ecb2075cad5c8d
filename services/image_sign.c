/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/services/image.h>

static struct prot_signed_data signed_part(const uint8_t *raw)
{
	struct prot_signed_data what = {
		.hash = PROT_HASH_SHA384,
		.data = raw,
		.len = PROT_IMAGE_SIGNED_SIZE,
	};

	return what;
}

enum prot_status prot_image_sign(const struct prot_crypto *crypto, prot_key key,
				 struct prot_image_header *h,
				 const void *payload,
				 uint8_t raw[PROT_IMAGE_HEADER_SIZE])
{
	struct prot_signed_data what = signed_part(raw);
	enum prot_status st;

	h->hash = PROT_IMAGE_HASH_SHA384;
	h->sig = PROT_IMAGE_SIG_ECDSA_P384;
	st = prot_crypto_hash(crypto, PROT_HASH_SHA384, payload,
			      h->payload_size, h->digest);
	if (st != PROT_OK) {
		return st;
	}
	prot_image_header_encode(h, raw);
	st = crypto->ops->sign(crypto->ctx, key, &what, h->signature);
	if (st == PROT_OK) {
		prot_image_header_encode(h, raw);
	}
	return st;
}

enum prot_status
prot_image_signature_verify(const struct prot_crypto *crypto,
			    const uint8_t public_key[PROT_KEY_RECORD_SIZE],
			    const uint8_t raw[PROT_IMAGE_HEADER_SIZE])
{
	struct prot_public_key key = {PROT_ASYM_ECDSA_P384, public_key};
	struct prot_signed_data what = signed_part(raw);

	return crypto->ops->verify(crypto->ctx, &key, &what,
				   raw + PROT_IMAGE_SIGNED_SIZE,
				   PROT_IMAGE_SIGNATURE_SIZE);
}
