/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERVICES_CERT_H
#define PROT_SERVICES_CERT_H

/*
 * X.509 certificates that a Root of Trust and its manufacturer issue:
 *
 *	root    self-signed, the manufacturer's CA
 *	IDevID  the device's identity, issued by the root
 *	LDevID  its identity with the present owner, issued by IDevID
 *	AK      the attestation key, issued by LDevID: the SPDM leaf
 *
 * In the terms of DSP0274 1.3.2 this is an alias certificate chain, of which
 * IDevID is the device certificate CA.
 *
 * Subject names are CN=<common name>, serialNumber=<key identifier in hex>.
 * Serial numbers and key identifiers derive from the public key (RFC 7093,
 * method 3: SHA-384 of the key, its first 20 bytes), so that one key always
 * has one name. Validity is 2018-03-22 23:59:59 to 9999-12-31 23:59:59 (the
 * device has no clock; RFC 5280 4.1.2.5 for the latter).
 *
 * A crypto op that pends is waited for.
 */

#include <prot/base/cursor.h>
#include <prot/base/status.h>
#include <prot/crypto.h>
#include <prot/services/dice.h>
#include <prot/x509.h>

#ifdef __cplusplus
extern "C" {
#endif

enum prot_cert_kind {
	PROT_CERT_ROOT,
	PROT_CERT_IDEVID,
	PROT_CERT_LDEVID,
	PROT_CERT_AK,
	PROT_CERT_KIND_COUNT
};

/* OperationalFlags of DiceTcbInfo: bit n is 1 << n here. */
#define PROT_TCB_NOT_CONFIGURED       (1u << 0)
#define PROT_TCB_NOT_SECURE           (1u << 1)
#define PROT_TCB_RECOVERY             (1u << 2)
#define PROT_TCB_DEBUG                (1u << 3)
#define PROT_TCB_NOT_REPLAY_PROTECTED (1u << 4)

/*
 * DiceTcbInfo (TCG DICE Attestation Architecture 1.1, 6.1.1). Texts are
 * UTF-8; NULL leaves a field out, and so does an empty mask the flags.
 */
struct prot_tcb_info {
	const char *vendor;
	const char *model;
	const char *version;
	uint32_t svn;
	uint32_t layer;
	const uint8_t *fwid;   /* SHA-384 of the firmware, or NULL */
	uint32_t flags;        /* PROT_TCB_* that are so */
	uint32_t flags_mask;   /* PROT_TCB_* that are reported at all */
	struct prot_span type; /* free octets; empty: left out */
	/*
	 * Mark the extension critical: verifiers that do not know it refuse
	 * the certificate, among them OpenSSL and whoever builds on it.
	 */
	bool critical;
};

/* What goes into a certificate. Borrowed for the call. */
struct prot_cert_template {
	enum prot_cert_kind kind;
	const char *common_name;    /* UTF-8, 1 to 64 characters */
	struct prot_public_key key; /* the subject's */
	struct prot_span ueid;      /* type byte and identifier, <= 33 bytes;
				     * empty: no Ueid extension */
	const struct prot_tcb_info *tcb_info; /* or NULL */
};

/* Who signs: the key, and whose it is. */
struct prot_cert_issuer {
	prot_key key;
	const struct prot_x509 *cert; /* NULL: the template itself (a root) */
};

/*
 * Issue one certificate, appended to `out` (which must not be measuring).
 * About 700 bytes with P-384 keys. The signature is ECDSA with the hash as
 * wide as the issuer's key. PROT_ERR_SPACE: it does not fit. `out` is
 * as it was on every error, but for bytes after its end.
 */
PROT_MUST_CHECK
enum prot_status prot_cert_issue(const struct prot_crypto *crypto,
				 const struct prot_cert_template *what,
				 const struct prot_cert_issuer *issuer,
				 struct prot_wr *out);

/* The key identifier of a public key. */
#define PROT_CERT_ID_SIZE 20
PROT_MUST_CHECK
enum prot_status prot_cert_id(const struct prot_crypto *crypto,
			      const struct prot_public_key *key,
			      uint8_t id[PROT_CERT_ID_SIZE]);

/* The DER of DiceTcbInfo alone: the value of the extension. */
void prot_cert_put_tcb_info(struct prot_wr *w,
			    const struct prot_tcb_info *info);

/* One Extension, as it stands in a certificate: TcbInfo, Ueid. */
void prot_cert_put_tcb_info_extension(struct prot_wr *w,
				      const struct prot_tcb_info *info);
void prot_cert_put_ueid_extension(struct prot_wr *w, struct prot_span ueid);

/* What the device certifies about itself at each boot. */
struct prot_cert_device {
	const char *product; /* CN=<product> LDevID, CN=<product> AK */
	struct prot_span ueid;
	struct prot_tcb_info tcb_info; /* of what the AK stands for */
};

/*
 * Complete the device's chain: `chain` holds what the manufacturer issued,
 * root first and IDevID last; LDevID and AK certificates are appended to it.
 * Keys exist inside the provider during the call only (two at a time).
 *
 * PROT_ERR_MALFORMED: `chain` does not parse; PROT_ERR_AUTH: its last
 * certificate is not of this device's IDevID key; PROT_ERR_SPACE. `chain` is
 * as it was on every error, but for bytes after its end.
 */
PROT_MUST_CHECK
enum prot_status prot_cert_complete_chain(const struct prot_crypto *crypto,
					  const struct prot_dice_seeds *seeds,
					  const struct prot_cert_device *device,
					  struct prot_wr *chain);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERVICES_CERT_H */
