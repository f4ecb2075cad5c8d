/* SPDX-License-Identifier: Apache-2.0 */
#include "x509_private.h"

#include <prot/oid.h>

/* RFC 5280 4.2.1.9. DER leaves a false cA out; a written one is harmless. */
static bool get_boolean(struct prot_rd *r)
{
	struct prot_rd b = prot_der_get(r, PROT_DER_BOOLEAN);
	uint8_t v = prot_rd_u8(&b);

	if (!prot_rd_end(&b) || (v != 0 && v != 0xff)) {
		r->bad = true;
	}
	return v == 0xff;
}

static void basic_constraints(struct prot_rd *r, struct prot_x509 *cert)
{
	struct prot_rd seq = prot_der_get(r, PROT_DER_SEQUENCE);

	cert->has_basic_constraints = true;
	if (prot_der_next_is(&seq, PROT_DER_BOOLEAN)) {
		cert->ca = get_boolean(&seq);
	}
	if (cert->ca && prot_der_next_is(&seq, PROT_DER_INTEGER)) {
		cert->path_len = prot_der_uint(&seq);
	}
	if (!prot_rd_end(&seq)) {
		r->bad = true;
	}
}

/* RFC 5280 4.2.1.3: bit 0 is the most significant of the first octet. */
static void key_usage(struct prot_rd *r, struct prot_x509 *cert)
{
	struct prot_rd bits = prot_der_get(r, PROT_DER_BIT_STRING);
	uint8_t unused = prot_rd_u8(&bits);
	size_t octets = bits.left;

	if (!prot_rd_ok(&bits) || octets < 1 || octets > 2 || unused > 7) {
		r->bad = true;
		return;
	}
	cert->has_key_usage = true;
	for (size_t i = 0; i < 8 * octets; i++) {
		if (bits.at[i / 8] & 0x80u >> i % 8) {
			cert->key_usage |= 1u << i;
		}
	}
}

/* Key purpose in the order of the PROT_X509_EKU_ bits. */
static const struct prot_oid purposes[] = {
	PROT_OID_SPDM_RESPONDER_AUTH,   PROT_OID_SPDM_REQUESTER_AUTH,
	PROT_OID_DICE_KP_IDENTITY_INIT, PROT_OID_DICE_KP_IDENTITY_LOC,
	PROT_OID_DICE_KP_ATTEST_INIT,   PROT_OID_DICE_KP_ATTEST_LOC,
	PROT_OID_DICE_KP_ECA,
};
_Static_assert(1u << PROT_ARRAY_SIZE(purposes) == PROT_X509_EKU_OTHER,
	       "one bit for each purpose");

static void ext_key_usage(struct prot_rd *r, struct prot_x509 *cert)
{
	struct prot_rd seq = prot_der_get(r, PROT_DER_SEQUENCE);

	cert->has_eku = true;
	do { /* at least one */
		struct prot_rd oid = prot_der_get(&seq, PROT_DER_OID);
		size_t i = 0;

		while (i < PROT_ARRAY_SIZE(purposes) &&
		       !prot_der_oid_equal(&oid, &purposes[i])) {
			i++;
		}
		cert->eku |= 1u << i;
	} while (prot_rd_ok(&seq) && seq.left != 0);
	r->bad = r->bad || seq.bad;
}

static void subject_key_id(struct prot_rd *r, struct prot_x509 *cert)
{
	struct prot_rd id = prot_der_get(r, PROT_DER_OCTET_STRING);

	cert->subject_key_id = prot_der_rest(&id);
}

/* RFC 5280 4.2.1.1; names and serial number of the issuer are not used. */
static void authority_key_id(struct prot_rd *r, struct prot_x509 *cert)
{
	struct prot_rd seq = prot_der_get(r, PROT_DER_SEQUENCE);

	while (prot_rd_ok(&seq) && seq.left != 0) {
		uint8_t tag;
		struct prot_rd value = prot_der_any(&seq, &tag);

		if (tag == PROT_DER_CONTEXT + 0) {
			cert->authority_key_id = prot_der_rest(&value);
		}
	}
	r->bad = r->bad || seq.bad;
}

static void subject_alt_name(struct prot_rd *r, struct prot_x509 *cert)
{
	cert->subject_alt_name = prot_der_element(r, PROT_DER_SEQUENCE);
}

static void tcb_info(struct prot_rd *r, struct prot_x509 *cert)
{
	cert->tcb_info = prot_der_element(r, PROT_DER_SEQUENCE);
}

static void multi_tcb_info(struct prot_rd *r, struct prot_x509 *cert)
{
	cert->multi_tcb_info = prot_der_element(r, PROT_DER_SEQUENCE);
}

static void ueid(struct prot_rd *r, struct prot_x509 *cert)
{
	cert->ueid = prot_der_element(r, PROT_DER_SEQUENCE);
}

/* DSP0274 1.3.2: SEQUENCE OF SEQUENCE { OID, definition OPTIONAL } */
static void spdm_extension(struct prot_rd *r, struct prot_x509 *cert)
{
	static const struct prot_oid hardware = PROT_OID_SPDM_HARDWARE_IDENTITY;
	static const struct prot_oid mutable_cert =
		PROT_OID_SPDM_MUTABLE_CERTIFICATE;
	struct prot_rd list = prot_der_get(r, PROT_DER_SEQUENCE);

	while (prot_rd_ok(&list) && list.left != 0) {
		struct prot_rd entry = prot_der_get(&list, PROT_DER_SEQUENCE);
		struct prot_rd oid = prot_der_get(&entry, PROT_DER_OID);

		cert->hardware_identity |= prot_der_oid_equal(&oid, &hardware);
		cert->mutable_certificate |=
			prot_der_oid_equal(&oid, &mutable_cert);
		list.bad = list.bad || entry.bad;
	}
	r->bad = r->bad || list.bad;
}

static const struct extension {
	struct prot_oid oid;
	void (*take)(struct prot_rd *value, struct prot_x509 *cert);
} extensions[] = {
	{PROT_OID_BASIC_CONSTRAINTS, basic_constraints},
	{PROT_OID_KEY_USAGE, key_usage},
	{PROT_OID_EXT_KEY_USAGE, ext_key_usage},
	{PROT_OID_SUBJECT_KEY_ID, subject_key_id},
	{PROT_OID_AUTHORITY_KEY_ID, authority_key_id},
	{PROT_OID_SUBJECT_ALT_NAME, subject_alt_name},
	{PROT_OID_SPDM_EXTENSION, spdm_extension},
	{PROT_OID_DICE_TCB_INFO, tcb_info},
	{PROT_OID_DICE_MULTI_TCB_INFO, multi_tcb_info},
	{PROT_OID_DICE_UEID, ueid},
};

/*
 * Extensions that restrict nothing a chain check decides, so that they may be
 * critical without being understood: all that TCG DICE and SPDM define, and
 * the inputs that the Open Profile for DICE records.
 */
static bool is_statement(const struct prot_rd *oid)
{
	static const struct prot_oid arcs[] = {PROT_OID_DICE, PROT_OID_SPDM,
					       PROT_OID_OPEN_DICE_INPUT};

	for (size_t i = 0; i < PROT_ARRAY_SIZE(arcs); i++) {
		if (oid->left >= arcs[i].len &&
		    memcmp(oid->at, arcs[i].bytes, arcs[i].len) == 0) {
			return true;
		}
	}
	return false;
}

/* One Extension: OID, critical DEFAULT FALSE, value in an OCTET STRING. */
static void take_extension(struct prot_rd *r, struct prot_x509 *cert,
			   uint32_t *seen)
{
	struct prot_rd oid = prot_der_get(r, PROT_DER_OID);
	bool critical = prot_der_next_is(r, PROT_DER_BOOLEAN) && get_boolean(r);
	struct prot_rd value = prot_der_get(r, PROT_DER_OCTET_STRING);
	size_t i = 0;

	if (!prot_rd_end(r)) {
		r->bad = true;
		return;
	}
	while (i < PROT_ARRAY_SIZE(extensions) &&
	       !prot_der_oid_equal(&oid, &extensions[i].oid)) {
		i++;
	}
	if (i == PROT_ARRAY_SIZE(extensions)) {
		if (critical && !is_statement(&oid)) {
			cert->unknown_critical = prot_der_rest(&oid);
		}
		return;
	}
	extensions[i].take(&value, cert);
	if (!prot_rd_end(&value) || (*seen & 1u << i) != 0) {
		r->bad = true;
	}
	*seen |= 1u << i;
}

void prot_x509_extensions(struct prot_rd *list, struct prot_x509 *cert)
{
	uint32_t seen = 0;

	while (prot_rd_ok(list) && list->left != 0) {
		struct prot_rd ext = prot_der_get(list, PROT_DER_SEQUENCE);

		take_extension(&ext, cert, &seen);
		list->bad = list->bad || ext.bad;
	}
}
