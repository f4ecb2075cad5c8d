/* SPDX-License-Identifier: Apache-2.0 */
#include "recording.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int nibble(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static bool from_hex(const char *hex, struct recorded_message *m)
{
	size_t digits = strlen(hex);

	m->bytes = malloc(digits / 2 + 1);
	if (!m->bytes || digits % 2 != 0) {
		return false;
	}
	for (m->len = 0; m->len < digits / 2; m->len++) {
		int hi = nibble(hex[2 * m->len]);
		int lo = nibble(hex[2 * m->len + 1]);

		if (hi < 0 || lo < 0) {
			return false;
		}
		m->bytes[m->len] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

static bool load_messages(struct recording *r, const json_t *list)
{
	const json_t *item;
	size_t i;

	r->messages = calloc(json_array_size(list) + 1, sizeof(*r->messages));
	if (!r->messages) {
		return false;
	}
	json_array_foreach(list, i, item)
	{
		const char *hex =
			json_string_value(json_object_get(item, "hex"));

		r->count = i + 1;
		r->messages[i].mctp_type = (int)json_integer_value(
			json_object_get(item, "mctp_type"));
		if (!hex || !from_hex(hex, &r->messages[i])) {
			return false;
		}
	}
	return r->count != 0 && r->count % 2 == 0;
}

bool recording_load(struct recording *r, const char *path)
{
	json_error_t error;
	json_t *root = json_load_file(path, 0, &error);
	const char *name = json_string_value(json_object_get(root, "name"));
	bool ok;

	memset(r, 0, sizeof(*r));
	snprintf(r->name, sizeof(r->name), "%s", name ? name : path);
	ok = load_messages(r, json_object_get(root, "messages"));
	json_decref(root);
	if (!ok) {
		fprintf(stderr, "%s: not a recorded exchange\n", path);
		recording_free(r);
	}
	return ok;
}

void recording_free(struct recording *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->messages[i].bytes);
	}
	free(r->messages);
	memset(r, 0, sizeof(*r));
}

uint8_t *read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = malloc(65536);

	*len = 0;
	if (f && data) {
		*len = fread(data, 1, 65536, f);
	}
	if (f) {
		fclose(f);
	}
	if (*len == 0) {
		free(data);
		return NULL;
	}
	return data;
}
