/* SPDX-License-Identifier: Apache-2.0 */
#include "prot_cli.h"

#include <string.h>

#define JSON_FILE_MAX (1u << 20) /* bytes */

json_t *prot_cli_json_load(const char *path)
{
	struct prot_cli_blob blob;
	json_error_t error;
	json_t *top;

	if (!prot_cli_read_file(path, JSON_FILE_MAX, &blob)) {
		return NULL;
	}
	top = json_loadb((const char *)blob.bytes, blob.len,
			 JSON_REJECT_DUPLICATES, &error);
	prot_cli_blob_free(&blob);
	if (top == NULL) {
		prot_cli_error("%s:%d:%d: %s", path, error.line, error.column,
			       error.text);
		return NULL;
	}
	if (!json_is_object(top)) {
		prot_cli_error("%s: the top of the file is not an object",
			       path);
		json_decref(top);
		return NULL;
	}
	return top;
}

bool prot_cli_json_string(const json_t *object, const char *path,
			  const char *key, const char **value)
{
	const json_t *member = json_object_get(object, key);

	*value = json_string_value(member);
	if (*value == NULL) {
		prot_cli_error("%s: \"%s\" is %s", path, key,
			       member ? "not a string" : "missing");
	}
	return *value != NULL;
}

bool prot_cli_json_uint(const json_t *object, const char *path, const char *key,
			uint64_t max, uint64_t *value)
{
	const json_t *member = json_object_get(object, key);
	json_int_t v = json_integer_value(member);

	*value = 0;
	if (!json_is_integer(member)) {
		prot_cli_error("%s: \"%s\" is %s", path, key,
			       member ? "not an integer" : "missing");
		return false;
	}
	if (v < 0 || (uint64_t)v > max) {
		prot_cli_error("%s: \"%s\" is not in 0..%llu", path, key,
			       (unsigned long long)max);
		return false;
	}
	*value = (uint64_t)v;
	return true;
}

void prot_cli_json_print(const json_t *value)
{
	json_dumpf(value, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	putchar('\n');
}
