/* SPDX-License-Identifier: Apache-2.0 */
#include "cert_private.h"

#include <prot/oid.h>

/*
 * BIT STRING of named bits, bit 0 first (X.690 11.2.2): trailing zero bits
 * are left out, an empty one is the lone unused-bits octet.
 */
static void put_named_bits(struct prot_wr *w, uint8_t tag, uint32_t bits)
{
	uint8_t octets[5] = {0};
	size_t count = 0;

	for (size_t i = 0; i < 32; i++) {
		if (bits >> i & 1) {
			octets[1 + i / 8] |= (uint8_t)(0x80 >> i % 8);
			count = i + 1;
		}
	}
	octets[0] = (uint8_t)((8 - count % 8) % 8);
	prot_der_put(w, tag, octets, 1 + (count + 7) / 8);
}

/* An element between begin and end of an Extension's value. */
struct extension {
	size_t whole, value;
};

static struct extension
extension_begin(struct prot_wr *w, const struct prot_oid *oid, bool critical)
{
	static const uint8_t yes[1] = {0xff};
	struct extension x;

	x.whole = prot_der_begin(w, PROT_DER_SEQUENCE);
	prot_der_put_oid(w, oid);
	if (critical) {
		prot_der_put(w, PROT_DER_BOOLEAN, yes, 1);
	}
	x.value = prot_der_begin(w, PROT_DER_OCTET_STRING);
	return x;
}

static void extension_end(struct prot_wr *w, struct extension x)
{
	prot_der_end(w, x.value);
	prot_der_end(w, x.whole);
}

/* What sets the kinds of certificate apart (DSP0274 1.3.2, RFC 5280 4.2.1). */
struct profile {
	bool ca;
	bool has_path_len;
	uint8_t path_len;
	uint8_t purpose_count;
	struct prot_oid purpose[2];
	bool has_spdm;
	struct prot_oid spdm; /* listed in the SPDM extension */
};

static const struct profile profiles[PROT_CERT_KIND_COUNT] = {
	[PROT_CERT_ROOT] = {.ca = true},
	[PROT_CERT_IDEVID] = {.ca = true,
			      .has_path_len = true,
			      .path_len = 1,
			      .purpose_count = 2,
			      .purpose = {PROT_OID_DICE_KP_IDENTITY_INIT,
					  PROT_OID_DICE_KP_ECA},
			      .has_spdm = true,
			      .spdm = PROT_OID_SPDM_HARDWARE_IDENTITY},
	[PROT_CERT_LDEVID] = {.ca = true,
			      .has_path_len = true,
			      .path_len = 0,
			      .purpose_count = 2,
			      .purpose = {PROT_OID_DICE_KP_IDENTITY_LOC,
					  PROT_OID_DICE_KP_ECA}},
	[PROT_CERT_AK] = {.purpose_count = 2,
			  .purpose = {PROT_OID_DICE_KP_ATTEST_LOC,
				      PROT_OID_SPDM_RESPONDER_AUTH},
			  .has_spdm = true,
			  .spdm = PROT_OID_SPDM_MUTABLE_CERTIFICATE},
};

static void put_basic_constraints(struct prot_wr *w, const struct profile *p)
{
	static const struct prot_oid oid = PROT_OID_BASIC_CONSTRAINTS;
	static const uint8_t yes[1] = {0xff};
	struct extension x = extension_begin(w, &oid, true);
	size_t seq = prot_der_begin(w, PROT_DER_SEQUENCE);

	if (p->ca) { /* false is the default, which DER leaves out */
		prot_der_put(w, PROT_DER_BOOLEAN, yes, 1);
	}
	if (p->has_path_len) {
		prot_der_put_uint(w, PROT_DER_INTEGER, p->path_len);
	}
	prot_der_end(w, seq);
	extension_end(w, x);
}

static void put_key_usage(struct prot_wr *w, const struct profile *p)
{
	static const struct prot_oid oid = PROT_OID_KEY_USAGE;
	struct extension x = extension_begin(w, &oid, true);

	put_named_bits(w, PROT_DER_BIT_STRING,
		       p->ca ? PROT_X509_KU_KEY_CERT_SIGN
			     : PROT_X509_KU_DIGITAL_SIGNATURE);
	extension_end(w, x);
}

static void put_ext_key_usage(struct prot_wr *w, const struct profile *p)
{
	static const struct prot_oid oid = PROT_OID_EXT_KEY_USAGE;
	struct extension x;
	size_t seq;

	if (p->purpose_count == 0) {
		return;
	}
	x = extension_begin(w, &oid, false);
	seq = prot_der_begin(w, PROT_DER_SEQUENCE);
	for (size_t i = 0; i < p->purpose_count; i++) {
		prot_der_put_oid(w, &p->purpose[i]);
	}
	prot_der_end(w, seq);
	extension_end(w, x);
}

static void put_key_ids(struct prot_wr *w, const uint8_t *subject_id,
			struct prot_span issuer_id)
{
	static const struct prot_oid ski = PROT_OID_SUBJECT_KEY_ID;
	static const struct prot_oid aki = PROT_OID_AUTHORITY_KEY_ID;
	struct extension x = extension_begin(w, &ski, false);
	size_t seq;

	prot_der_put(w, PROT_DER_OCTET_STRING, subject_id, PROT_CERT_ID_SIZE);
	extension_end(w, x);
	if (issuer_id.len == 0) { /* the issuer's certificate states none */
		return;
	}
	x = extension_begin(w, &aki, false);
	seq = prot_der_begin(w, PROT_DER_SEQUENCE);
	prot_der_put(w, PROT_DER_CONTEXT + 0, issuer_id.at, issuer_id.len);
	prot_der_end(w, seq);
	extension_end(w, x);
}

/* DSP0274 1.3.2: a list of OIDs, here one, whose definition is absent. */
static void put_spdm(struct prot_wr *w, const struct profile *p)
{
	static const struct prot_oid oid = PROT_OID_SPDM_EXTENSION;
	struct extension x;
	size_t list, entry;

	if (!p->has_spdm) {
		return;
	}
	x = extension_begin(w, &oid, false);
	list = prot_der_begin(w, PROT_DER_SEQUENCE);
	entry = prot_der_begin(w, PROT_DER_SEQUENCE);
	prot_der_put_oid(w, &p->spdm);
	prot_der_end(w, entry);
	prot_der_end(w, list);
	extension_end(w, x);
}

static void put_text(struct prot_wr *w, uint8_t tag, const char *text)
{
	if (text) {
		prot_der_put(w, tag, text, strlen(text));
	}
}

/* SEQUENCE OF FWID; FWID is a SEQUENCE of the hash algorithm and the digest. */
static void put_fwids(struct prot_wr *w, const uint8_t *fwid)
{
	static const struct prot_oid sha384 = PROT_OID_SHA384;
	size_t list, entry;

	if (!fwid) {
		return;
	}
	list = prot_der_begin(w, PROT_DER_CONTEXT_CONSTRUCTED + 6);
	entry = prot_der_begin(w, PROT_DER_SEQUENCE);
	prot_der_put_oid(w, &sha384);
	prot_der_put(w, PROT_DER_OCTET_STRING, fwid, PROT_DICE_DIGEST_SIZE);
	prot_der_end(w, entry);
	prot_der_end(w, list);
}

void prot_cert_put_tcb_info(struct prot_wr *w, const struct prot_tcb_info *info)
{
	size_t seq = prot_der_begin(w, PROT_DER_SEQUENCE);

	put_text(w, PROT_DER_CONTEXT + 0, info->vendor);
	put_text(w, PROT_DER_CONTEXT + 1, info->model);
	put_text(w, PROT_DER_CONTEXT + 2, info->version);
	prot_der_put_uint(w, PROT_DER_CONTEXT + 3, info->svn);
	prot_der_put_uint(w, PROT_DER_CONTEXT + 4, info->layer);
	put_fwids(w, info->fwid);
	if (info->flags_mask != 0) {
		put_named_bits(w, PROT_DER_CONTEXT + 7, info->flags);
	}
	if (info->type.len != 0) {
		prot_der_put(w, PROT_DER_CONTEXT + 9, info->type.at,
			     info->type.len);
	}
	if (info->flags_mask != 0) {
		put_named_bits(w, PROT_DER_CONTEXT + 10, info->flags_mask);
	}
	prot_der_end(w, seq);
}

void prot_cert_put_tcb_info_extension(struct prot_wr *w,
				      const struct prot_tcb_info *info)
{
	static const struct prot_oid oid = PROT_OID_DICE_TCB_INFO;
	struct extension x = extension_begin(w, &oid, info->critical);

	prot_cert_put_tcb_info(w, info);
	extension_end(w, x);
}

void prot_cert_put_ueid_extension(struct prot_wr *w, struct prot_span ueid)
{
	static const struct prot_oid oid = PROT_OID_DICE_UEID;
	struct extension x = extension_begin(w, &oid, false);
	size_t seq = prot_der_begin(w, PROT_DER_SEQUENCE);

	prot_der_put(w, PROT_DER_OCTET_STRING, ueid.at, ueid.len);
	prot_der_end(w, seq);
	extension_end(w, x);
}

void prot_cert_put_extensions(struct prot_wr *w,
			      const struct prot_cert_template *what,
			      const uint8_t *subject_id,
			      struct prot_span issuer_id)
{
	const struct profile *p = &profiles[what->kind];
	size_t tagged = prot_der_begin(w, PROT_DER_CONTEXT_CONSTRUCTED + 3);
	size_t list = prot_der_begin(w, PROT_DER_SEQUENCE);

	put_basic_constraints(w, p);
	put_key_usage(w, p);
	put_ext_key_usage(w, p);
	put_key_ids(w, subject_id, issuer_id);
	put_spdm(w, p);
	if (what->ueid.len != 0) {
		prot_cert_put_ueid_extension(w, what->ueid);
	}
	if (what->tcb_info) {
		prot_cert_put_tcb_info_extension(w, what->tcb_info);
	}
	prot_der_end(w, list);
	prot_der_end(w, tagged);
}
