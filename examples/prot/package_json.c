/* SPDX-License-Identifier: Apache-2.0 */
/* Members of a package description. */
#include "package_description.h"

#include <prot/base/compiler.h>

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define DATA_MAX 60000u /* bytes of package data, manifest, opaque data */

/* "FILE: where: sentence"; false, for the caller to return. */
bool prot_package_complain(const struct prot_package_build *b,
			   const char *where, const char *format, ...)
{
	char text[200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	prot_cli_error("%s: %s: %s", b->path, where, text);
	return false;
}

void *prot_package_keep(struct prot_package_build *b, size_t size)
{
	void *p = NULL;

	if (b->kept_count < PROT_ARRAY_SIZE(b->kept)) {
		p = prot_cli_alloc(size);
		memset(p, 0, size);
		b->kept[b->kept_count++] = p;
	}
	return p;
}

/* A misspelt key must not pass as a default. */
bool prot_package_known_keys(const struct prot_package_build *b,
			     const char *where, const json_t *object,
			     const char *const *known)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object)) {
		return prot_package_complain(b, where, "not an object");
	}
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		size_t i = 0;

		while (known[i] && strcmp(known[i], key) != 0) {
			i++;
		}
		if (!known[i]) {
			return prot_package_complain(b, where,
						     "unknown key \"%s\"", key);
		}
	}
	return true;
}

/* An integer, or a string like "0x0001"; left alone when absent. */
bool prot_package_number(const struct prot_package_build *b, const char *where,
			 const json_t *object, const char *key, uint32_t max,
			 uint32_t *value)
{
	const json_t *member = json_object_get(object, key);
	const char *text = json_string_value(member);
	unsigned long long n = 0;
	char *end = NULL;
	bool good = json_is_integer(member) && json_integer_value(member) >= 0;

	if (!member) {
		return true;
	}
	if (good) {
		n = (unsigned long long)json_integer_value(member);
	} else if (text && text[0] >= '0' && text[0] <= '9') {
		n = strtoull(text, &end, 0);
		good = *end == '\0';
	}
	if (!good || n > max) {
		return prot_package_complain(b, where,
					     "\"%s\" is not a number in 0..%lu",
					     key, (unsigned long)max);
	}
	*value = (uint32_t)n;
	return true;
}

bool prot_package_flag(const struct prot_package_build *b, const char *where,
		       const json_t *object, const char *key, bool *value)
{
	const json_t *member = json_object_get(object, key);

	*value = json_is_true(member);
	return !member || json_is_boolean(member) ||
	       prot_package_complain(b, where, "\"%s\" is not true or false",
				     key);
}

/* A version string: ASCII, or UTF-8 where it is not; absent: as `base`. */
bool prot_package_version(const struct prot_package_build *b, const char *where,
			  const json_t *object, const char *key,
			  struct prot_pldm_string *s)
{
	const json_t *member = json_object_get(object, key);
	const char *text = json_string_value(member);
	size_t len = json_string_length(member);
	bool ascii = true;

	if (!member) {
		return true;
	}
	if (!text || len == 0 || len > 255) {
		return prot_package_complain(
			b, where, "\"%s\" is not a string of 1 to 255 bytes",
			key);
	}
	for (size_t i = 0; i < len; i++) {
		ascii = ascii && (unsigned char)text[i] < 0x80;
	}
	s->type = ascii ? PROT_PLDM_STRING_ASCII : PROT_PLDM_STRING_UTF8;
	s->len = (uint8_t)len;
	s->bytes = (const uint8_t *)text;
	return true;
}

bool prot_package_read_beside(const struct prot_package_build *b,
			      const char *where, const json_t *object,
			      const char *key, size_t max,
			      struct prot_cli_blob *blob)
{
	const char *name = json_string_value(json_object_get(object, key));
	char *path;
	bool ok;

	if (!name || name[0] == '\0') {
		return prot_package_complain(b, where,
					     "\"%s\" is not a file name", key);
	}
	path = name[0] == '/' ? strdup(name) : prot_cli_path(b->dir, name);
	ok = path && prot_cli_read_file(path, max, blob);
	free(path);
	return ok;
}

/* Optional data in a file of its own. */
bool prot_package_data(struct prot_package_build *b, const char *where,
		       const json_t *object, const char *key,
		       const uint8_t **bytes, uint16_t *len)
{
	struct prot_cli_blob *blob;

	if (!json_object_get(object, key)) {
		return true;
	}
	if (b->data_count == PROT_ARRAY_SIZE(b->data)) {
		return prot_package_complain(b, where, "too many files");
	}
	blob = &b->data[b->data_count];
	if (!prot_package_read_beside(b, where, object, key, DATA_MAX, blob)) {
		return false;
	}
	b->data_count++;
	*bytes = blob->bytes;
	*len = (uint16_t)blob->len;
	return true;
}
