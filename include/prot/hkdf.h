/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_HKDF_H
#define PROT_HKDF_H

/* HKDF (RFC 5869) over the hmac op of any provider. */

#include <prot/crypto.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_HKDF_INFO_MAX 128 /* bytes of `info` */

/*
 * Extract: key is the salt (an empty one stands for zeros), data the input
 * keying material. `prk` takes prot_hash_size(alg) bytes. Statuses are those
 * of the hmac op, PROT_PENDING among them.
 */
static inline enum prot_status
prot_hkdf_extract(const struct prot_crypto *c, enum prot_hash_alg alg,
		  const struct prot_hmac_input *salt_and_ikm, uint8_t *prk)
{
	return c->ops->hmac(c->ctx, alg, salt_and_ikm, prk);
}

/*
 * Expand: key is the pseudo-random key, data the info, at most
 * PROT_HKDF_INFO_MAX bytes; out_len is at most 255 digests. PROT_PENDING only
 * when out_len fits one digest; for a longer output a pending provider is
 * waited for. `out` is wiped on every error.
 */
PROT_MUST_CHECK
enum prot_status prot_hkdf_expand(const struct prot_crypto *c,
				  enum prot_hash_alg alg,
				  const struct prot_hmac_input *prk_and_info,
				  uint8_t *out, size_t out_len);

#ifdef __cplusplus
}
#endif
#endif /* PROT_HKDF_H */
