/* SPDX-License-Identifier: Apache-2.0 */
#include "attest.h"

#include <string.h>

void prot_attest_cert_name(const struct prot_x509 *cert, char *out)
{
	if (cert->subject_cn.len != 0) {
		prot_cli_printable(cert->subject_cn.at, cert->subject_cn.len,
				   out, 128);
	} else {
		snprintf(out, 128, "(no common name)");
	}
}

static void print_protocol(const struct prot_spdm_result *r)
{
	static const char *const asyms[PROT_ASYM_COUNT] = {
		"no signatures", "ECDSA P-256", "ECDSA P-384"};
	const char *hash = prot_attest_hash_name(r->algorithms.base_hash);

	printf("Protocol    SPDM %u.%u, %s, %s\n", r->version >> 4u,
	       r->version & 0xfu, asyms[r->algorithms.base_asym],
	       hash ? hash : "no hash");
}

static void print_peer(const struct prot_attest *a)
{
	const struct prot_cli_peer_info *info =
		prot_cli_peer_info(a->connection);
	char uuid[33];

	printf("Device      %s", a->peer);
	if (info->eid != 0) {
		printf(", EID %u", info->eid);
	}
	if (info->has_uuid) {
		prot_cli_hex(info->uuid, sizeof(info->uuid), uuid);
		printf(", UUID %.8s-%.4s-%.4s-%.4s-%s", uuid, uuid + 8,
		       uuid + 12, uuid + 16, uuid + 20);
	}
	printf("\n");
}

/* The certificates from the root to the leaf. */
static void print_chain(const struct prot_spdm_result *r)
{
	struct prot_rd rd = prot_span_rd(r->certs);
	struct prot_x509 cert;
	struct prot_span der;
	const char *lead = "Chain       ";
	char name[128];

	while (rd.left != 0 && prot_x509_next(&rd, &der) == PROT_OK) {
		if (prot_x509_parse(der, &cert) == PROT_OK) {
			prot_attest_cert_name(&cert, name);
		} else {
			snprintf(name, sizeof(name), "(does not parse)");
		}
		printf("%s%s\n", lead, name);
		lead = "         -> ";
	}
}

static void print_identity(const struct prot_attest *a,
			   const struct prot_spdm_result *r)
{
	const struct prot_x509 *leaf = &r->path.leaf;
	char name[128];
	char serial[64];

	if (a->stage >= PROT_ATTEST_IDENTIFIED) {
		prot_attest_cert_name(leaf, name);
		prot_cli_printable(leaf->subject_serial.at,
				   leaf->subject_serial.len, serial,
				   sizeof(serial));
		printf("Identity    %s, serial number %s\n", name,
		       serial[0] ? serial : "none");
	}
	print_chain(r);
	if (a->stage >= PROT_ATTEST_IDENTIFIED) {
		printf("            slot %u, trusted up to the CA in %s\n",
		       r->slot, a->ca_path);
		printf("Challenge   %s\n",
		       a->challenged
			       ? "answered with a valid signature"
			       : "not offered by the device; its signature "
				 "over the measurements shows that it holds "
				 "the key");
	}
}

static void print_measurements(const struct prot_attest *a)
{
	struct prot_cli_table t = {0};

	prot_cli_table_row(&t, 5, "#", "measurement", "expected", "found",
			   "verdict");
	for (size_t i = 0; i < a->line_count; i++) {
		const struct prot_attest_line *line = &a->lines[i];
		char found[PROT_ATTEST_VALUE_TEXT] = "-";
		char index[8];

		snprintf(index, sizeof(index), "%u", line->index);
		if (line->found) {
			prot_attest_value_text(&line->block, found);
		}
		prot_cli_table_row(&t, 5, index, line->name,
				   line->expected[0] ? line->expected : "-",
				   found, prot_attest_match_text(line->match));
	}
	printf("\nMeasurements, signed over a fresh nonce:\n\n");
	prot_cli_table_print(&t, stdout);
}

void prot_attest_print(const struct prot_attest *a)
{
	const struct prot_spdm_result *r =
		prot_spdm_requester_result(&a->requester);

	print_peer(a);
	if (a->stage >= PROT_ATTEST_CONNECTED) {
		print_protocol(r);
		print_identity(a, r);
	}
	if (a->line_count != 0) {
		print_measurements(a);
	}
	switch (a->outcome) {
	case PROT_ATTEST_TRUSTED:
		printf("\nTRUSTED: every reference value is met.\n");
		break;
	case PROT_ATTEST_NOT_TRUSTED:
		printf("\nNOT TRUSTED: %s.\n", a->reason);
		break;
	case PROT_ATTEST_UNDECIDED:
	default:
		printf("\nUNDECIDED.\n");
		break;
	}
}
