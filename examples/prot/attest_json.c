/* SPDX-License-Identifier: Apache-2.0 */
#include "attest.h"

#include <stdlib.h>
#include <string.h>

static json_t *hex_json(const void *bytes, size_t len)
{
	char *text = prot_cli_alloc(2 * len + 1);
	json_t *value;

	prot_cli_hex(bytes, len, text);
	value = json_string(text);
	free(text);
	return value;
}

static json_t *peer_json(const struct prot_attest *a)
{
	const struct prot_cli_peer_info *info =
		prot_cli_peer_info(a->connection);
	json_t *o = json_pack("{s:s}", "connection", a->peer);

	if (info->eid != 0) {
		json_object_set_new(o, "eid", json_integer(info->eid));
	}
	if (info->has_uuid) {
		json_object_set_new(o, "uuid",
				    hex_json(info->uuid, sizeof(info->uuid)));
	}
	return o;
}

static json_t *protocol_json(const struct prot_spdm_result *r)
{
	static const char *const asyms[PROT_ASYM_COUNT] = {NULL, "ecdsa-p256",
							   "ecdsa-p384"};
	char version[8];

	snprintf(version, sizeof(version), "%u.%u", r->version >> 4u,
		 r->version & 0xfu);
	return json_pack("{s:s,s:I,s:s?,s:s?,s:s?}", "version", version,
			 "capabilities", (json_int_t)r->flags, "signature",
			 asyms[r->algorithms.base_asym], "hash",
			 prot_attest_hash_name(r->algorithms.base_hash),
			 "measurement_hash",
			 prot_attest_hash_name(r->algorithms.measurement_hash));
}

static json_t *chain_json(const struct prot_spdm_result *r)
{
	struct prot_rd rd = prot_span_rd(r->certs);
	json_t *list = json_array();
	struct prot_x509 cert;
	struct prot_span der;
	char name[128];

	while (rd.left != 0 && prot_x509_next(&rd, &der) == PROT_OK) {
		json_t *o = json_object();

		if (prot_x509_parse(der, &cert) == PROT_OK) {
			prot_attest_cert_name(&cert, name);
			json_object_set_new(o, "name", json_string(name));
			json_object_set_new(
				o, "serial_number",
				hex_json(cert.serial.at, cert.serial.len));
		}
		json_object_set_new(o, "der", hex_json(der.at, der.len));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *identity_json(const struct prot_attest *a,
			     const struct prot_spdm_result *r)
{
	bool trusted = a->stage >= PROT_ATTEST_IDENTIFIED;

	return json_pack("{s:i,s:b,s:o,s:b}", "slot", r->slot, "trusted",
			 trusted, "chain", chain_json(r), "challenged",
			 trusted && a->challenged);
}

static json_t *measurement_json(const struct prot_attest *a,
				const struct prot_attest_line *line)
{
	const struct prot_spdm_measurement_block *m = &line->block;
	enum prot_hash_alg alg = prot_spdm_requester_result(&a->requester)
					 ->algorithms.measurement_hash;
	json_t *o = json_pack("{s:i,s:s}", "index", line->index, "name",
			      line->name);
	char text[PROT_ATTEST_VALUE_TEXT];

	if (line->found) {
		json_object_set_new(
			o, "type", json_string(prot_attest_type_name(m->type)));
		if (!m->raw) {
			json_object_set_new(
				o, "alg",
				json_string(prot_attest_hash_name(alg)));
		}
		json_object_set_new(o, m->raw ? "raw" : "digest",
				    hex_json(m->value, m->value_len));
		prot_attest_value_text(m, text);
		json_object_set_new(o, "text", json_string(text));
	}
	if (line->reference) {
		json_object_set_new(o, "reference",
				    json_deep_copy(line->reference));
	}
	json_object_set_new(
		o, "verdict",
		json_string(line->match == PROT_ATTEST_MATCH      ? "match"
			    : line->match == PROT_ATTEST_MISMATCH ? "mismatch"
			    : line->match == PROT_ATTEST_MISSING  ? "missing"
			    : line->match == PROT_ATTEST_UNLISTED
				    ? "not listed"
				    : "not judged"));
	return o;
}

static json_t *measurements_json(const struct prot_attest *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->line_count; i++) {
		json_array_append_new(list, measurement_json(a, &a->lines[i]));
	}
	return list;
}

void prot_attest_print_json(const struct prot_attest *a)
{
	static const char *const results[] = {"trusted", "not trusted",
					      "undecided"};
	const struct prot_spdm_result *r =
		prot_spdm_requester_result(&a->requester);
	json_t *o = json_pack("{s:s,s:s?,s:o}", "result", results[a->outcome],
			      "reason", a->reason[0] ? a->reason : NULL,
			      "device", peer_json(a));

	if (a->stage >= PROT_ATTEST_CONNECTED) {
		json_object_set_new(o, "spdm", protocol_json(r));
		json_object_set_new(o, "identity", identity_json(a, r));
	}
	if (a->stage == PROT_ATTEST_MEASURED) {
		json_object_set_new(o, "nonce",
				    hex_json(r->nonce, sizeof(r->nonce)));
		json_object_set_new(o, "measurements", measurements_json(a));
	}
	prot_cli_json_print(o);
	json_decref(o);
}
