/* SPDX-License-Identifier: Apache-2.0 */
/* The devices of a package description: who they are, what applies to them. */
#include "cli_board.h"
#include "cli_package.h"
#include "package_description.h"

#include <string.h>

/* ---- descriptors ---- */

/* Hexadecimal digits, among which '-' and ':' may stand, as in a UUID. */
static bool parse_hex(const char *text, uint8_t *out, size_t cap, size_t *len)
{
	char digits[2 * 512 + 1];
	size_t n = 0;

	for (; *text; text++) {
		if (*text == '-' || *text == ':') {
			continue;
		}
		if (n == sizeof(digits) - 1) {
			return false;
		}
		digits[n++] = *text;
	}
	digits[n] = '\0';
	*len = n / 2;
	return n != 0 && n % 2 == 0 && *len <= cap &&
	       prot_cli_unhex(digits, out, *len);
}

/* The vendor-defined descriptor: a title stands before the data. */
static bool put_title(const struct prot_package_build *b, const char *where,
		      const json_t *object, uint8_t *out, size_t *len)
{
	struct prot_pldm_string title = {0};

	if (!prot_package_version(b, where, object, "title", &title)) {
		return false;
	}
	if (title.len == 0) {
		return prot_package_complain(
			b, where, "a vendor descriptor needs a \"title\"");
	}
	out[0] = title.type;
	out[1] = title.len;
	memcpy(out + 2, title.bytes, title.len);
	*len = 2 + (size_t)title.len;
	return true;
}

static bool get_descriptor_type(const struct prot_package_build *b,
				const char *where, const json_t *object,
				uint16_t *type)
{
	const char *name = json_string_value(json_object_get(object, "type"));
	uint32_t number = 0;

	if (name && prot_cli_descriptor_type(name, type)) {
		return true;
	}
	if (!json_object_get(object, "type")) {
		return prot_package_complain(b, where, "\"type\" is missing");
	}
	if (name && (name[0] < '0' || name[0] > '9')) {
		return prot_package_complain(
			b, where, "unknown descriptor type \"%s\"", name);
	}
	if (!prot_package_number(b, where, object, "type", 0xffff, &number)) {
		return false;
	}
	*type = (uint16_t)number;
	return true;
}

static bool get_descriptor(struct prot_package_build *b, const char *where,
			   const json_t *object, struct prot_pldm_descriptor *d)
{
	static const char *const known[] = {"type", "data", "title", NULL};
	const char *hex = json_string_value(json_object_get(object, "data"));
	uint8_t *bytes = prot_package_keep(b, 2 + 255 + 512);
	size_t title = 0;
	size_t len = 0;

	if (!bytes) {
		return prot_package_complain(b, where, "too many descriptors");
	}
	if (!prot_package_known_keys(b, where, object, known) ||
	    !get_descriptor_type(b, where, object, &d->type)) {
		return false;
	}
	if (d->type == PROT_PLDM_DESCRIPTOR_VENDOR &&
	    !put_title(b, where, object, bytes, &title)) {
		return false;
	}
	if (!hex || !parse_hex(hex, bytes + title, 512, &len)) {
		return prot_package_complain(
			b, where,
			"\"data\" is not a string of hexadecimal "
			"digit pairs");
	}
	d->data = bytes;
	d->len = (uint16_t)(title + len);
	return true;
}

static bool get_descriptors(struct prot_package_build *b, const char *where,
			    const json_t *list,
			    struct prot_pldm_package_new_record *r)
{
	size_t count = json_array_size(list);
	struct prot_pldm_descriptor *all;

	if (count == 0 || count > LIST_MAX) {
		return prot_package_complain(
			b, where, "\"descriptors\" is not a list of 1 to 255");
	}
	all = prot_package_keep(b, count * sizeof(*all));
	if (!all) {
		return prot_package_complain(b, where, "too many descriptors");
	}
	for (size_t i = 0; i < count; i++) {
		char place[80];

		snprintf(place, sizeof(place), "%s descriptor %zu", where, i);
		if (!get_descriptor(b, place, json_array_get(list, i),
				    &all[i])) {
			return false;
		}
	}
	r->descriptors = all;
	r->descriptor_count = (uint8_t)count;
	return true;
}

/* What the runtime of a board of this project answers to update agents. */
static bool board_descriptors(struct prot_package_build *b, const char *where,
			      const struct prot_board *board,
			      struct prot_pldm_package_new_record *r)
{
	struct prot_pldm_descriptor *d = prot_package_keep(b, sizeof(*d));

	if (!d) {
		return prot_package_complain(b, where, "too many descriptors");
	}
	d->type = PROT_PLDM_DESCRIPTOR_UUID;
	d->data = board->uuid;
	d->len = sizeof(board->uuid);
	r->descriptors = d;
	r->descriptor_count = 1;
	return true;
}

/* "board" stands for the descriptors of that board. */
static bool get_board(struct prot_package_build *b, const char *where,
		      const json_t *object,
		      struct prot_pldm_package_new_record *r)
{
	const char *name = json_string_value(json_object_get(object, "board"));
	const struct prot_board *board =
		name ? prot_cli_board_find(name) : NULL;

	if (json_object_get(object, "descriptors")) {
		return prot_package_complain(
			b, where,
			"\"board\" and \"descriptors\" are two ways "
			"to say the same");
	}
	if (!board) {
		return prot_package_complain(b, where, "no such \"board\"");
	}
	return board_descriptors(b, where, board, r);
}

/* ---- records ---- */

/* Which components; absent: all. */
static bool get_applicable(struct prot_package_build *b, const char *where,
			   const json_t *object,
			   struct prot_pldm_package_new_record *r)
{
	const json_t *list = json_object_get(object, "components");
	uint8_t *bits = prot_package_keep(b, prot_package_bitmap_bytes(b) + 1);

	if (!bits || (list && !json_is_array(list))) {
		return prot_package_complain(b, where,
					     "\"components\" is not a list");
	}
	for (size_t i = 0; !list && i < b->d.component_count; i++) {
		bits[i / 8] |= (uint8_t)(1u << (i % 8));
	}
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		json_int_t n = json_integer_value(item);

		if (!json_is_integer(item) || n < 0 ||
		    n >= b->d.component_count) {
			return prot_package_complain(
				b, where,
				"\"components\" names a component "
				"that is not in the list");
		}
		bits[n / 8] |= (uint8_t)(1u << (n % 8));
	}
	r->applicable = bits;
	return true;
}

static bool get_device(struct prot_package_build *b, const char *where,
		       const json_t *object,
		       struct prot_pldm_package_new_record *r)
{
	static const char *const known[] = {"descriptors",
					    "board",
					    "components",
					    "set_version",
					    "package_data",
					    "reference_manifest",
					    "continue_after_failure",
					    NULL};
	bool on;

	r->version = b->d.version;
	if (!prot_package_known_keys(b, where, object, known) ||
	    !prot_package_version(b, where, object, "set_version",
				  &r->version) ||
	    !get_applicable(b, where, object, r) ||
	    !prot_package_flag(b, where, object, "continue_after_failure",
			       &on) ||
	    !prot_package_data(b, where, object, "package_data",
			       &r->package_data, &r->package_data_len) ||
	    !prot_package_data(b, where, object, "reference_manifest",
			       &r->reference_manifest,
			       &r->reference_manifest_len)) {
		return false;
	}
	r->option_flags = on ? PROT_PLDM_PACKAGE_CONTINUE_AFTER_FAILURE : 0;
	if (json_object_get(object, "board")) {
		return get_board(b, where, object, r);
	}
	return get_descriptors(b, where, json_object_get(object, "descriptors"),
			       r);
}

/* Without "devices": the board that the POSIX port plays. */
static bool default_device(struct prot_package_build *b)
{
	struct prot_pldm_package_new_record *r = &b->devices[0];

	r->version = b->d.version;
	b->d.device_count = 1;
	return get_applicable(b, "devices", NULL, r) &&
	       board_descriptors(b, "devices", &prot_board_posix, r);
}

bool prot_package_devices(struct prot_package_build *b, const json_t *top)
{
	const json_t *list = json_object_get(top, "devices");
	size_t count = json_array_size(list);

	b->d.devices = b->devices;
	if (!list) {
		return default_device(b);
	}
	if (count == 0 || count > LIST_MAX) {
		return prot_package_complain(b, "devices",
					     "not a list of 1 to 255");
	}
	for (size_t i = 0; i < count; i++) {
		char where[32];

		snprintf(where, sizeof(where), "device %zu", i);
		if (!get_device(b, where, json_array_get(list, i),
				&b->devices[i])) {
			return false;
		}
	}
	b->d.device_count = (uint8_t)count;
	return true;
}
