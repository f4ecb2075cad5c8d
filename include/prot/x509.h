/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_X509_H
#define PROT_X509_H

/*
 * X.509 version 3 certificates (RFC 5280) as SPDM uses them (DSP0274 1.3.2,
 * "Certificates and certificate chains"): a parser that yields views into the
 * certificate, and the check of a whole chain. Keys are ECDSA P-256 and
 * P-384, signatures ecdsa-with-SHA256, -SHA384 or -SHA512 (RFC 5758 3.2).
 *
 * Nothing is copied or allocated. All spans of a struct prot_x509 point into
 * the certificate and live as long as it.
 */

#include <prot/base/status.h>
#include <prot/crypto.h>
#include <prot/der.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bits of keyUsage, RFC 5280 4.2.1.3: bit n there is 1 << n here. */
#define PROT_X509_KU_DIGITAL_SIGNATURE (1u << 0)
#define PROT_X509_KU_KEY_CERT_SIGN     (1u << 5)

/* Extended key usages that matter here. */
#define PROT_X509_EKU_SPDM_RESPONDER     (1u << 0) /* DMTF, ...274.3 */
#define PROT_X509_EKU_SPDM_REQUESTER     (1u << 1) /* DMTF, ...274.4 */
#define PROT_X509_EKU_DICE_IDENTITY_INIT (1u << 2) /* TCG, ...4.100.6 */
#define PROT_X509_EKU_DICE_IDENTITY_LOC  (1u << 3)
#define PROT_X509_EKU_DICE_ATTEST_INIT   (1u << 4)
#define PROT_X509_EKU_DICE_ATTEST_LOC    (1u << 5)
#define PROT_X509_EKU_DICE_ECA           (1u << 6) /* ...4.100.12 */
#define PROT_X509_EKU_OTHER              (1u << 7) /* any other purpose */

#define PROT_X509_NO_PATH_LEN UINT32_MAX

struct prot_x509 {
	struct prot_span der;              /* the certificate itself */
	struct prot_span tbs;              /* what the signature covers */
	struct prot_span signature;        /* Ecdsa-Sig-Value, DER */
	enum prot_hash_alg signature_hash; /* PROT_HASH_NONE: not supported */

	uint32_t version;        /* 3 is version 3 */
	struct prot_span serial; /* content of the INTEGER */
	struct prot_span issuer; /* Name, with tag and length */
	struct prot_span subject;
	struct prot_span subject_cn; /* text, no NUL; empty if there is none */
	struct prot_span subject_serial; /* text of serialNumber */

	uint64_t not_before; /* seconds since 1970-01-01 00:00 UTC */
	uint64_t not_after;

	/* alg is PROT_ASYM_NONE for a kind of key that is not supported. */
	struct prot_public_key key;
	struct prot_span spki; /* SubjectPublicKeyInfo, with tag and length */

	bool has_basic_constraints;
	bool ca;
	uint32_t path_len; /* or PROT_X509_NO_PATH_LEN */
	bool has_key_usage;
	uint32_t key_usage; /* PROT_X509_KU_* and the other bits */
	bool has_eku;
	uint32_t eku; /* PROT_X509_EKU_* */

	/* DMTF SPDM extension, ...274.6, lists these OIDs: */
	bool hardware_identity;   /* ...274.2 */
	bool mutable_certificate; /* ...274.5 */

	/* Extension values; empty when absent. */
	struct prot_span subject_key_id;   /* bytes of the identifier */
	struct prot_span authority_key_id; /* bytes of keyIdentifier */
	struct prot_span subject_alt_name; /* GeneralNames, DER */
	struct prot_span tcb_info;         /* TCG DICE 2.23.133.5.4.1, DER */
	struct prot_span multi_tcb_info;   /* ...4.5 */
	struct prot_span ueid;             /* ...4.4 */

	/* OID of a critical extension that is not known here, or empty. */
	struct prot_span unknown_critical;
};

/*
 * Take one certificate apart. `der` must hold exactly one. PROT_ERR_MALFORMED:
 * not DER, a field missing, out of order or contradictory, a known extension
 * twice. What is well-formed but not supported is left to the caller to judge,
 * by the fields above.
 */
PROT_MUST_CHECK
enum prot_status prot_x509_parse(struct prot_span der, struct prot_x509 *cert);

/*
 * Split the next certificate off a concatenation. PROT_ERR_MALFORMED when
 * what is left does not start with a complete SEQUENCE.
 */
PROT_MUST_CHECK
enum prot_status prot_x509_next(struct prot_rd *chain, struct prot_span *der);

/* Certificates in one chain, at most. */
#define PROT_CHAIN_MAX 10

/* What the caller trusts: a root certificate, or the digest of one. */
struct prot_trust_anchor {
	struct prot_span cert; /* DER; empty: use the digest */
	enum prot_hash_alg digest_alg;
	const uint8_t *digest; /* of the DER root certificate, which must then
				* be the first of the chain */
};

enum prot_chain_purpose {
	PROT_CHAIN_SPDM_RESPONDER, /* the leaf authenticates a responder */
	PROT_CHAIN_SPDM_REQUESTER,
	PROT_CHAIN_CA, /* the last certificate is a CA, nothing more asked */
};

/* Borrowed until the check has finished. */
struct prot_chain_query {
	struct prot_span certs; /* DER, concatenated, root (if any) first */
	const struct prot_trust_anchor *anchors;
	size_t anchor_count;
	enum prot_chain_purpose purpose;
	enum prot_asym_alg leaf_alg; /* negotiated; PROT_ASYM_NONE: any */
	/* DSP0274 1.3 asks for basicConstraints in the leaf; 1.2 did not. */
	bool leaf_basic_constraints;
	/* CertModel is AliasCert: the leaf must not claim hardware identity. */
	bool alias_model;
	uint64_t now_s; /* seconds since 1970-01-01 UTC; 0: no clock, validity
			 * periods are not checked */
};

/* Why a chain is refused. Append only. */
#define PROT_CHAIN_REASON_TABLE(X)                                             \
	X(PROT_CHAIN_OK, "trusted")                                            \
	X(PROT_CHAIN_EMPTY, "the chain holds no certificate")                  \
	X(PROT_CHAIN_TOO_LONG, "the chain holds too many certificates")        \
	X(PROT_CHAIN_MALFORMED, "a certificate does not parse")                \
	X(PROT_CHAIN_BAD_ANCHOR, "a trust anchor does not parse")              \
	X(PROT_CHAIN_VERSION, "a certificate is not X.509 version 3")          \
	X(PROT_CHAIN_UNKNOWN_ROOT,                                             \
	  "the chain does not lead to a trusted root")                         \
	X(PROT_CHAIN_ISSUER, "issuer and subject names do not chain")          \
	X(PROT_CHAIN_SIGNATURE_ALG, "signature algorithm not supported")       \
	X(PROT_CHAIN_KEY_ALG, "public key algorithm not supported")            \
	X(PROT_CHAIN_SIGNATURE, "a certificate's signature is wrong")          \
	X(PROT_CHAIN_NOT_YET_VALID, "a certificate is not valid yet")          \
	X(PROT_CHAIN_EXPIRED, "a certificate has expired")                     \
	X(PROT_CHAIN_CRITICAL, "an unknown critical extension")                \
	X(PROT_CHAIN_NOT_CA, "an issuer is not a CA")                          \
	X(PROT_CHAIN_PATH_LEN, "a CA's path length is exceeded")               \
	X(PROT_CHAIN_CERT_SIGN, "a CA may not sign certificates")              \
	X(PROT_CHAIN_LEAF_CA, "the leaf certificate is a CA")                  \
	X(PROT_CHAIN_LEAF_CONSTRAINTS, "the leaf lacks basic constraints")     \
	X(PROT_CHAIN_LEAF_KEY_USAGE, "the leaf may not sign")                  \
	X(PROT_CHAIN_LEAF_EKU, "the leaf is for another purpose")              \
	X(PROT_CHAIN_LEAF_ALG, "the leaf key is not of the negotiated kind")   \
	X(PROT_CHAIN_LEAF_HARDWARE, "an alias leaf claims hardware identity")

enum prot_chain_reason {
#define PROT_CHAIN_REASON_ENUM(name, text) name,
	PROT_CHAIN_REASON_TABLE(PROT_CHAIN_REASON_ENUM)
#undef PROT_CHAIN_REASON_ENUM
};

/*
 * All zero before the first call of a check, and again when a check that
 * pends is given up. A finished check leaves it ready for the next one.
 */
struct prot_chain_result {
	enum prot_chain_reason reason;
	size_t index;  /* the refused certificate, counted from 0; 0 also when
			* the chain as a whole is refused */
	size_t anchor; /* which anchor the chain leads to */
	size_t count;  /* certificates in the chain */

	/* Valid when trusted, and otherwise as far as the check came. */
	struct prot_x509 leaf;

	/* private: how far an interrupted check had come */
	size_t verified;
	size_t tried;
};

/*
 * Is this chain good for that purpose? Checked: signatures from the leaf up
 * to an anchor, names, version, algorithms, validity, basic constraints with
 * path lengths, key usage, unknown critical extensions, and the leaf rules of
 * DSP0274 1.3.2 (digitalSignature; an extended key usage that names only the
 * other SPDM role is refused, none or a foreign one is accepted).
 *
 * The anchor may be the first certificate of the chain or its issuer. An
 * anchor is trusted as it is: its own signature and validity are not checked.
 *
 * PROT_OK: trusted. PROT_ERR_AUTH: refused, `result` says why. PROT_PENDING:
 * the provider is at work; call again with the same arguments. Other errors:
 * no verdict could be reached.
 */
PROT_MUST_CHECK
enum prot_status prot_x509_chain_check(const struct prot_crypto *crypto,
				       const struct prot_chain_query *query,
				       struct prot_chain_result *result);

/* A short English text; never NULL. */
const char *prot_chain_reason_text(enum prot_chain_reason reason);

#ifdef __cplusplus
}
#endif
#endif /* PROT_X509_H */
