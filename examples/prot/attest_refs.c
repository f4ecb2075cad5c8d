/* SPDX-License-Identifier: Apache-2.0 */
#include "attest.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <prot/services/measurement.h>

#define FORMAT         "prot-reference-values"
#define FORMAT_VERSION 1

static const char *const type_names[] = {
	[PROT_SPDM_MEAS_IMMUTABLE_ROM] = "immutable ROM",
	[PROT_SPDM_MEAS_MUTABLE_FIRMWARE] = "mutable firmware",
	[PROT_SPDM_MEAS_HARDWARE_CONFIG] = "hardware configuration",
	[PROT_SPDM_MEAS_FIRMWARE_CONFIG] = "firmware configuration",
	[PROT_SPDM_MEAS_FREEFORM_MANIFEST] = "freeform manifest",
	[PROT_SPDM_MEAS_DEVICE_MODE] = "device mode",
	[PROT_SPDM_MEAS_FIRMWARE_VERSION] = "firmware version",
	[PROT_SPDM_MEAS_FIRMWARE_SVN] = "security version number",
	[PROT_SPDM_MEAS_HASH_EXTEND] = "hash-extend",
	[PROT_SPDM_MEAS_INFORMATIONAL] = "informational",
	[PROT_SPDM_MEAS_STRUCTURED_MANIFEST] = "structured manifest",
};

static const char *const hash_names[PROT_HASH_COUNT] = {
	[PROT_HASH_SHA256] = "sha256",     [PROT_HASH_SHA384] = "sha384",
	[PROT_HASH_SHA512] = "sha512",     [PROT_HASH_SHA3_256] = "sha3-256",
	[PROT_HASH_SHA3_384] = "sha3-384", [PROT_HASH_SHA3_512] = "sha3-512",
};

const char *prot_attest_type_name(uint8_t type)
{
	return type < PROT_ARRAY_SIZE(type_names) ? type_names[type]
						  : "reserved";
}

const char *prot_attest_hash_name(enum prot_hash_alg alg)
{
	return (unsigned)alg < PROT_HASH_COUNT ? hash_names[alg] : NULL;
}

/* ---- the file ---- */

static bool known_name(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (names[i] && strcmp(names[i], name) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_hex(const char *text)
{
	size_t digits = strspn(text, "0123456789abcdefABCDEF");

	return digits > 0 && digits % 2 == 0 && text[digits] == '\0';
}

/* A list of texts, at least one; hexadecimal if `hex`. */
static bool list_ok(const json_t *list, bool hex)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *text = json_string_value(item);

		if (!text || (hex && !is_hex(text))) {
			return false;
		}
	}
	return json_array_size(list) > 0;
}

static bool complain(const struct prot_attest *a, uint64_t index,
		     const char *what)
{
	prot_cli_error("%s: measurement %" PRIu64 ": %s", a->refs_path, index,
		       what);
	return false;
}

/* Exactly one way to say what is expected. */
static bool expectation_ok(const struct prot_attest *a, const json_t *entry,
			   uint64_t index)
{
	const json_t *digests = json_object_get(entry, "digests");
	const json_t *raw = json_object_get(entry, "raw");
	const json_t *text = json_object_get(entry, "text");
	const json_t *min = json_object_get(entry, "min");
	const char *alg = json_string_value(json_object_get(entry, "alg"));

	if (!!digests + !!raw + !!text + !!min != 1) {
		return complain(a, index,
				"give one of \"digests\", \"raw\", \"text\" "
				"and \"min\"");
	}
	if (digests &&
	    (!alg || !known_name(hash_names, PROT_HASH_COUNT, alg))) {
		return complain(a, index, "\"digests\" needs a known \"alg\"");
	}
	if ((digests && !list_ok(digests, true)) ||
	    (raw && !list_ok(raw, true))) {
		return complain(a, index, "not a list of hexadecimal values");
	}
	if (text && !list_ok(text, false)) {
		return complain(a, index, "\"text\" is not a list of texts");
	}
	if (min && (!json_is_integer(min) || json_integer_value(min) < 0)) {
		return complain(a, index, "\"min\" is not a number");
	}
	return true;
}

static bool entry_ok(const struct prot_attest *a, const json_t *entry,
		     bool seen[0x100])
{
	const json_t *type = json_object_get(entry, "type");
	const json_t *optional = json_object_get(entry, "optional");
	uint64_t index;

	if (!json_is_object(entry)) {
		prot_cli_error("%s: a measurement is not an object",
			       a->refs_path);
		return false;
	}
	if (!prot_cli_json_uint(entry, a->refs_path, "index", 0xfe, &index)) {
		return false;
	}
	if (index == 0 || seen[index]) {
		return complain(a, index, "index is 0 or given twice");
	}
	seen[index] = true;
	if (type && (!json_is_string(type) ||
		     !known_name(type_names, PROT_ARRAY_SIZE(type_names),
				 json_string_value(type)))) {
		return complain(a, index, "unknown \"type\"");
	}
	if (optional && !json_is_boolean(optional)) {
		return complain(a, index, "\"optional\" is not true or false");
	}
	return expectation_ok(a, entry, index);
}

static bool head_ok(const struct prot_attest *a)
{
	const json_t *unlisted = json_object_get(a->refs, "unlisted");
	const char *format;
	uint64_t version;

	if (!prot_cli_json_string(a->refs, a->refs_path, "format", &format) ||
	    !prot_cli_json_uint(a->refs, a->refs_path, "version", 0xffff,
				&version)) {
		return false;
	}
	if (strcmp(format, FORMAT) != 0 || version != FORMAT_VERSION) {
		prot_cli_error("%s: not a \"%s\" file of version %d",
			       a->refs_path, FORMAT, FORMAT_VERSION);
		return false;
	}
	if (unlisted &&
	    (!json_is_string(unlisted) ||
	     (strcmp(json_string_value(unlisted), "accept") != 0 &&
	      strcmp(json_string_value(unlisted), "refuse") != 0))) {
		prot_cli_error("%s: \"unlisted\" is neither \"accept\" nor "
			       "\"refuse\"",
			       a->refs_path);
		return false;
	}
	return true;
}

bool prot_attest_load_refs(struct prot_attest *a)
{
	bool seen[0x100] = {false};
	const json_t *list;
	const json_t *entry;
	size_t i;

	a->refs = prot_cli_json_load(a->refs_path);
	if (!a->refs || !head_ok(a)) {
		return false;
	}
	list = json_object_get(a->refs, "measurements");
	if (json_array_size(list) == 0) {
		prot_cli_error("%s: \"measurements\" is not a list with at "
			       "least one entry",
			       a->refs_path);
		return false;
	}
	json_array_foreach(list, i, entry)
	{
		if (!entry_ok(a, entry, seen)) {
			return false;
		}
	}
	return true;
}

/* ---- comparison ---- */

static bool equals_hex(const struct prot_spdm_measurement_block *m,
		       const char *hex)
{
	uint8_t *value;
	bool same;

	if (strlen(hex) != 2 * m->value_len) {
		return false;
	}
	value = prot_cli_alloc(m->value_len + 1);
	same = prot_cli_unhex(hex, value, m->value_len) &&
	       memcmp(value, m->value, m->value_len) == 0;
	free(value);
	return same;
}

static bool equals_text(const struct prot_spdm_measurement_block *m,
			const char *text)
{
	return m->raw && strlen(text) == m->value_len &&
	       memcmp(text, m->value, m->value_len) == 0;
}

static bool one_of(const struct prot_spdm_measurement_block *m,
		   const json_t *list, bool hex)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *text = json_string_value(item);

		if (hex ? equals_hex(m, text) : equals_text(m, text)) {
			return true;
		}
	}
	return false;
}

/* An unsigned number of up to 8 bytes, little endian, as an SVN is. */
static bool number_of(const struct prot_spdm_measurement_block *m,
		      uint64_t *value)
{
	struct prot_rd rd = prot_rd_init(m->value, m->value_len);

	*value = prot_rd_le(&rd, m->value_len <= 8 ? m->value_len : 0);
	return m->raw && m->value_len >= 1 && m->value_len <= 8;
}

static bool satisfies(const struct prot_attest *a,
		      const struct prot_spdm_measurement_block *m,
		      const json_t *entry)
{
	const char *type = json_string_value(json_object_get(entry, "type"));
	const char *alg = json_string_value(json_object_get(entry, "alg"));
	const char *measured =
		prot_attest_hash_name(prot_spdm_requester_result(&a->requester)
					      ->algorithms.measurement_hash);
	const json_t *min = json_object_get(entry, "min");
	const json_t *raw = json_object_get(entry, "raw");
	const json_t *text = json_object_get(entry, "text");
	uint64_t number;

	if (type && strcmp(type, prot_attest_type_name(m->type)) != 0) {
		return false;
	}
	if (min) {
		return number_of(m, &number) &&
		       number >= (uint64_t)json_integer_value(min);
	}
	if (raw) {
		return m->raw && one_of(m, raw, true);
	}
	if (text) {
		return one_of(m, text, false);
	}
	return !m->raw && measured && strcmp(alg, measured) == 0 &&
	       one_of(m, json_object_get(entry, "digests"), true);
}

static void shorten(const char *hex, char *out, size_t cap)
{
	if (strlen(hex) > 20) {
		snprintf(out, cap, "%.16s...", hex);
	} else {
		snprintf(out, cap, "%s", hex);
	}
}

static void expected_text(const json_t *entry, char out[PROT_ATTEST_VALUE_TEXT])
{
	const char *keys[] = {"digests", "raw", "text"};
	const json_t *min = json_object_get(entry, "min");
	char first[64];

	if (min) {
		snprintf(out, PROT_ATTEST_VALUE_TEXT, "at least %lld",
			 (long long)json_integer_value(min));
		return;
	}
	for (size_t i = 0; i < PROT_ARRAY_SIZE(keys); i++) {
		const json_t *list = json_object_get(entry, keys[i]);
		size_t n = json_array_size(list);

		if (n != 0) {
			shorten(json_string_value(json_array_get(list, 0)),
				first, sizeof(first));
			snprintf(out, PROT_ATTEST_VALUE_TEXT,
				 n > 1 ? "%s or %zu more" : "%s", first, n - 1);
		}
	}
}

void prot_attest_value_text(const struct prot_spdm_measurement_block *m,
			    char out[PROT_ATTEST_VALUE_TEXT])
{
	uint64_t number;
	char hex[2 * 16 + 1];
	size_t n = m->value_len < 16 ? m->value_len : 16;

	if (m->type == PROT_SPDM_MEAS_FIRMWARE_SVN && number_of(m, &number)) {
		snprintf(out, PROT_ATTEST_VALUE_TEXT, "%" PRIu64, number);
	} else if (m->type == PROT_SPDM_MEAS_FIRMWARE_VERSION && m->raw) {
		prot_cli_printable(m->value, m->value_len, out, 40);
	} else {
		prot_cli_hex(m->value, n, hex);
		if (m->value_len > 10) {
			snprintf(out, PROT_ATTEST_VALUE_TEXT, "%.16s...", hex);
		} else {
			snprintf(out, PROT_ATTEST_VALUE_TEXT, "%s", hex);
		}
	}
}

const char *prot_attest_match_text(enum prot_attest_match match)
{
	switch (match) {
	case PROT_ATTEST_MATCH:
		return "match";
	case PROT_ATTEST_MISMATCH:
		return "MISMATCH";
	case PROT_ATTEST_MISSING:
		return "MISSING";
	case PROT_ATTEST_UNLISTED:
		return "not listed";
	case PROT_ATTEST_UNREFERRED:
	default:
		return "not judged";
	}
}

static struct prot_attest_line *add_line(struct prot_attest *a, uint8_t index,
					 const json_t *entry)
{
	struct prot_attest_line *line = &a->lines[a->line_count++];
	const char *name = json_string_value(json_object_get(entry, "name"));

	memset(line, 0, sizeof(*line));
	line->index = index;
	line->reference = entry;
	if (name) {
		prot_cli_printable(name, strlen(name), line->name,
				   sizeof(line->name));
	}
	return line;
}

static const json_t *find_entry(const struct prot_attest *a, uint8_t index)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(a->refs, "measurements"), i, entry)
	{
		if (json_integer_value(json_object_get(entry, "index")) ==
		    index) {
			return entry;
		}
	}
	return NULL;
}

static bool refuses_unlisted(const struct prot_attest *a)
{
	const char *unlisted =
		json_string_value(json_object_get(a->refs, "unlisted"));

	return unlisted && strcmp(unlisted, "refuse") == 0;
}

/*
 * The record has the layout of this project's devices, so their names for the
 * indices apply.
 */
static bool is_own_layout(const struct prot_spdm_result *r)
{
	struct prot_spdm_measurement_block m;

	for (size_t i = 0; i < prot_measurement_count; i++) {
		if (prot_spdm_measurement_find(r->record.at, r->record.len,
					       prot_measurement_table[i].index,
					       &m) != PROT_OK ||
		    m.type != prot_measurement_table[i].type) {
			return false;
		}
	}
	return r->block_count == prot_measurement_count;
}

static void judge_found(struct prot_attest *a,
			const struct prot_spdm_measurement_block *m)
{
	const struct prot_spdm_result *r =
		prot_spdm_requester_result(&a->requester);
	const json_t *entry = find_entry(a, m->index);
	struct prot_attest_line *line = add_line(a, m->index, entry);

	line->found = true;
	line->block = *m;
	if (line->name[0] == '\0') {
		snprintf(line->name, sizeof(line->name), "%s",
			 is_own_layout(r) ? prot_measurement_name(m->index)
					  : prot_attest_type_name(m->type));
	}
	if (!a->refs) {
		line->match = PROT_ATTEST_UNREFERRED;
	} else if (!entry) {
		line->match = PROT_ATTEST_UNLISTED;
		line->fails = refuses_unlisted(a);
	} else {
		expected_text(entry, line->expected);
		line->match = satisfies(a, m, entry) ? PROT_ATTEST_MATCH
						     : PROT_ATTEST_MISMATCH;
		line->fails = line->match == PROT_ATTEST_MISMATCH;
	}
}

static void judge_missing(struct prot_attest *a, const json_t *entry)
{
	uint8_t index =
		(uint8_t)json_integer_value(json_object_get(entry, "index"));
	struct prot_attest_line *line;

	for (size_t i = 0; i < a->line_count; i++) {
		if (a->lines[i].index == index) {
			return;
		}
	}
	line = add_line(a, index, entry);
	line->match = PROT_ATTEST_MISSING;
	line->fails = !json_is_true(json_object_get(entry, "optional"));
	expected_text(entry, line->expected);
}

static void conclude(struct prot_attest *a)
{
	size_t failed = 0;
	const struct prot_attest_line *first = NULL;

	for (size_t i = 0; i < a->line_count; i++) {
		if (a->lines[i].fails) {
			first = first ? first : &a->lines[i];
			failed++;
		}
	}
	if (!a->refs) {
		prot_attest_conclude(a, PROT_ATTEST_UNDECIDED,
				     "the device is genuine, but what it runs "
				     "was not judged: no reference values were "
				     "given (--refs)");
	} else if (failed != 0) {
		prot_attest_conclude(a, PROT_ATTEST_NOT_TRUSTED,
				     "measurement %u (%s) is not as expected%s",
				     first->index, first->name,
				     failed > 1 ? ", and others" : "");
	} else {
		a->outcome = PROT_ATTEST_TRUSTED;
	}
}

void prot_attest_compare(struct prot_attest *a)
{
	const struct prot_spdm_result *r =
		prot_spdm_requester_result(&a->requester);
	struct prot_spdm_measurement_iter it;
	struct prot_spdm_measurement_block m;
	const json_t *entry;
	size_t i;

	prot_spdm_measurement_iter_init(&it, r->record.at, r->record.len);
	while (prot_spdm_measurement_next(&it, &m) == PROT_OK) {
		judge_found(a, &m);
	}
	json_array_foreach(json_object_get(a->refs, "measurements"), i, entry)
	{
		judge_missing(a, entry);
	}
	conclude(a);
}

/* ---- writing ---- */

static void set_hex(json_t *entry, const char *key,
		    const struct prot_spdm_measurement_block *m)
{
	char *hex = prot_cli_alloc(2 * m->value_len + 1);

	prot_cli_hex(m->value, m->value_len, hex);
	json_object_set_new(entry, key, json_pack("[s]", hex));
	free(hex);
}

static json_t *reference_of(const struct prot_attest *a,
			    const struct prot_attest_line *line)
{
	const struct prot_spdm_measurement_block *m = &line->block;
	enum prot_hash_alg alg = prot_spdm_requester_result(&a->requester)
					 ->algorithms.measurement_hash;
	json_t *entry =
		json_pack("{s:i,s:s,s:s}", "index", m->index, "name",
			  line->name, "type", prot_attest_type_name(m->type));
	char text[PROT_ATTEST_VALUE_TEXT];
	uint64_t number;

	prot_attest_value_text(m, text);
	if (!m->raw) {
		json_object_set_new(entry, "alg",
				    json_string(prot_attest_hash_name(alg)));
		set_hex(entry, "digests", m);
	} else if (m->type == PROT_SPDM_MEAS_FIRMWARE_SVN &&
		   number_of(m, &number) && number <= INT64_MAX) {
		json_object_set_new(entry, "min",
				    json_integer((json_int_t)number));
	} else if (m->type == PROT_SPDM_MEAS_FIRMWARE_VERSION &&
		   equals_text(m, text)) {
		json_object_set_new(entry, "text", json_pack("[s]", text));
	} else {
		set_hex(entry, "raw", m);
	}
	return entry;
}

bool prot_attest_save_refs(const struct prot_attest *a)
{
	json_t *list = json_array();
	json_t *top = json_pack("{s:s,s:i,s:o}", "format", FORMAT, "version",
				FORMAT_VERSION, "measurements", list);
	char *text;
	bool ok;

	for (size_t i = 0; i < a->line_count; i++) {
		if (a->lines[i].found) {
			json_array_append_new(list,
					      reference_of(a, &a->lines[i]));
		}
	}
	text = json_dumps(top, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	ok = text && prot_cli_write_file(a->save_path, text, strlen(text),
					 PROT_CLI_REPLACE);
	free(text);
	json_decref(top);
	return ok;
}
