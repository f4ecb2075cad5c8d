/* SPDX-License-Identifier: Apache-2.0 */
#include "x509_private.h"

#include <prot/oid.h>

/* AlgorithmIdentifier of a signature; RFC 5758 3.2: without parameters. */
static enum prot_hash_alg signature_hash(struct prot_span alg)
{
	static const struct {
		struct prot_oid oid;
		enum prot_hash_alg hash;
	} known[] = {
		{PROT_OID_ECDSA_SHA256, PROT_HASH_SHA256},
		{PROT_OID_ECDSA_SHA384, PROT_HASH_SHA384},
		{PROT_OID_ECDSA_SHA512, PROT_HASH_SHA512},
	};
	struct prot_rd r = prot_span_rd(alg);
	struct prot_rd seq = prot_der_get(&r, PROT_DER_SEQUENCE);
	struct prot_rd oid = prot_der_get(&seq, PROT_DER_OID);

	for (size_t i = 0; i < PROT_ARRAY_SIZE(known); i++) {
		if (prot_der_oid_equal(&oid, &known[i].oid) &&
		    prot_rd_end(&seq)) {
			return known[i].hash;
		}
	}
	return PROT_HASH_NONE;
}

static enum prot_asym_alg key_alg(struct prot_rd *alg)
{
	static const struct prot_oid ec = PROT_OID_EC_PUBLIC_KEY;
	static const struct prot_oid p256 = PROT_OID_P256;
	static const struct prot_oid p384 = PROT_OID_P384;
	struct prot_rd type = prot_der_get(alg, PROT_DER_OID);
	struct prot_rd curve;

	if (!prot_der_oid_equal(&type, &ec) ||
	    !prot_der_next_is(alg, PROT_DER_OID)) {
		return PROT_ASYM_NONE;
	}
	curve = prot_der_get(alg, PROT_DER_OID);
	if (!prot_rd_end(alg)) {
		return PROT_ASYM_NONE;
	}
	if (prot_der_oid_equal(&curve, &p256)) {
		return PROT_ASYM_ECDSA_P256;
	}
	return prot_der_oid_equal(&curve, &p384) ? PROT_ASYM_ECDSA_P384
						 : PROT_ASYM_NONE;
}

/* RFC 5480 2.2: the key is an uncompressed point, 04 || X || Y. */
static void subject_public_key(struct prot_rd *tbs, struct prot_x509 *cert)
{
	struct prot_rd info, alg, bits;
	enum prot_asym_alg kind;

	cert->spki = prot_der_element(tbs, PROT_DER_SEQUENCE);
	info = prot_span_rd(cert->spki);
	info = prot_der_get(&info, PROT_DER_SEQUENCE);
	alg = prot_der_get(&info, PROT_DER_SEQUENCE);
	kind = key_alg(&alg);
	bits = prot_der_get(&info, PROT_DER_BIT_STRING);
	if (alg.bad || prot_rd_u8(&bits) != 0 || !prot_rd_ok(&bits) ||
	    !prot_rd_end(&info)) {
		tbs->bad = true;
	} else if (kind != PROT_ASYM_NONE && prot_rd_u8(&bits) == 0x04 &&
		   bits.left == prot_public_key_size(kind)) {
		cert->key.alg = kind;
		cert->key.bytes = bits.at;
	}
}

/* AttributeTypeAndValue; of several equal attributes the last one counts. */
static void subject_attribute(struct prot_rd *r, struct prot_x509 *cert)
{
	static const struct prot_oid cn = PROT_OID_COMMON_NAME;
	static const struct prot_oid serial = PROT_OID_SERIAL_NUMBER;
	struct prot_rd oid = prot_der_get(r, PROT_DER_OID);
	uint8_t tag;
	struct prot_rd value = prot_der_any(r, &tag);

	if (!prot_rd_end(r)) {
		r->bad = true;
	} else if (prot_der_oid_equal(&oid, &cn)) {
		cert->subject_cn = prot_der_rest(&value);
	} else if (prot_der_oid_equal(&oid, &serial)) {
		cert->subject_serial = prot_der_rest(&value);
	}
}

/* RDNSequence: SEQUENCE OF SET OF AttributeTypeAndValue */
static void subject_name(struct prot_rd *tbs, struct prot_x509 *cert)
{
	struct prot_rd name, set, attribute;

	cert->subject = prot_der_element(tbs, PROT_DER_SEQUENCE);
	name = prot_span_rd(cert->subject);
	name = prot_der_get(&name, PROT_DER_SEQUENCE);
	while (prot_rd_ok(&name) && name.left != 0) {
		set = prot_der_get(&name, PROT_DER_SET);
		while (prot_rd_ok(&set) && set.left != 0) {
			attribute = prot_der_get(&set, PROT_DER_SEQUENCE);
			subject_attribute(&attribute, cert);
			set.bad = set.bad || attribute.bad;
		}
		name.bad = name.bad || set.bad;
	}
	tbs->bad = tbs->bad || name.bad;
}

static void validity(struct prot_rd *tbs, struct prot_x509 *cert)
{
	struct prot_rd seq = prot_der_get(tbs, PROT_DER_SEQUENCE);

	cert->not_before = prot_x509_time(&seq);
	cert->not_after = prot_x509_time(&seq);
	if (!prot_rd_end(&seq)) {
		tbs->bad = true;
	}
}

/* [0] EXPLICIT INTEGER DEFAULT v1, where v1 is 0 */
static void version(struct prot_rd *tbs, struct prot_x509 *cert)
{
	const uint8_t tag = PROT_DER_CONTEXT_CONSTRUCTED + 0;
	struct prot_rd explicit_tag;
	uint32_t v = 0;

	if (prot_der_next_is(tbs, tag)) {
		explicit_tag = prot_der_get(tbs, tag);
		v = prot_der_uint(&explicit_tag);
		if (!prot_rd_end(&explicit_tag) || v > 2) {
			tbs->bad = true;
		}
	}
	cert->version = v + 1;
}

/* What may follow the public key; unique identifiers are passed over. */
static void optional_tail(struct prot_rd *tbs, struct prot_x509 *cert)
{
	static const uint8_t unique_ids[] = {PROT_DER_CONTEXT + 1,
					     PROT_DER_CONTEXT + 2};
	const uint8_t extensions = PROT_DER_CONTEXT_CONSTRUCTED + 3;
	struct prot_rd explicit_tag, list;

	for (size_t i = 0; i < PROT_ARRAY_SIZE(unique_ids); i++) {
		if (prot_der_next_is(tbs, unique_ids[i])) {
			(void)prot_der_get(tbs, unique_ids[i]);
		}
	}
	if (prot_der_next_is(tbs, extensions)) {
		explicit_tag = prot_der_get(tbs, extensions);
		list = prot_der_get(&explicit_tag, PROT_DER_SEQUENCE);
		prot_x509_extensions(&list, cert);
		if (!prot_rd_end(&list) || !prot_rd_end(&explicit_tag)) {
			tbs->bad = true;
		}
	}
}

/* TBSCertificate, RFC 5280 4.1.2; `alg` is the outer signatureAlgorithm. */
static bool parse_tbs(struct prot_x509 *cert, struct prot_span alg)
{
	struct prot_rd r = prot_span_rd(cert->tbs);
	struct prot_rd tbs = prot_der_get(&r, PROT_DER_SEQUENCE);
	struct prot_rd serial;

	version(&tbs, cert);
	serial = prot_der_get(&tbs, PROT_DER_INTEGER);
	cert->serial = prot_der_rest(&serial);
	if (!prot_span_equal(prot_der_element(&tbs, PROT_DER_SEQUENCE), alg) ||
	    cert->serial.len == 0) {
		return false;
	}
	cert->issuer = prot_der_element(&tbs, PROT_DER_SEQUENCE);
	validity(&tbs, cert);
	subject_name(&tbs, cert);
	subject_public_key(&tbs, cert);
	optional_tail(&tbs, cert);
	return prot_rd_end(&tbs);
}

enum prot_status prot_x509_parse(struct prot_span der, struct prot_x509 *cert)
{
	struct prot_rd r = prot_span_rd(der);
	struct prot_rd seq = prot_der_get(&r, PROT_DER_SEQUENCE);
	struct prot_span alg;
	struct prot_rd bits;

	memset(cert, 0, sizeof(*cert));
	cert->path_len = PROT_X509_NO_PATH_LEN;
	cert->der = der;
	cert->tbs = prot_der_element(&seq, PROT_DER_SEQUENCE);
	alg = prot_der_element(&seq, PROT_DER_SEQUENCE);
	bits = prot_der_get(&seq, PROT_DER_BIT_STRING);
	if (prot_rd_u8(&bits) != 0 || !prot_rd_ok(&bits) ||
	    !prot_rd_end(&seq) || !prot_rd_end(&r)) {
		return PROT_ERR_MALFORMED;
	}
	cert->signature = prot_der_rest(&bits);
	cert->signature_hash = signature_hash(alg);
	return parse_tbs(cert, alg) ? PROT_OK : PROT_ERR_MALFORMED;
}

enum prot_status prot_x509_next(struct prot_rd *chain, struct prot_span *der)
{
	*der = prot_der_element(chain, PROT_DER_SEQUENCE);
	return prot_rd_ok(chain) ? PROT_OK : PROT_ERR_MALFORMED;
}
