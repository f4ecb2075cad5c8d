/* SPDX-License-Identifier: Apache-2.0 */
/* A package description as a whole, and its components. */
#include "package_description.h"

#include <prot/base/compiler.h>
#include <prot/port/board.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define IMAGE_MAX (256u << 20) /* bytes of one component */

/* ---- components ---- */

static enum prot_status read_blob(void *ctx, uint64_t offset, void *buf,
				  size_t len)
{
	const struct prot_cli_blob *blob = ctx;

	memcpy(buf, blob->bytes + offset, len);
	return PROT_OK;
}

static bool get_activation(const struct prot_package_build *b,
			   const char *where, const json_t *object,
			   uint16_t *methods)
{
	static const char *const names[] = {"automatic",    "self-contained",
					    "medium-reset", "system-reboot",
					    "dc-cycle",     "ac-cycle"};
	const json_t *list = json_object_get(object, "activation");

	if (list && !json_is_array(list)) {
		return prot_package_complain(b, where,
					     "\"activation\" is not a list");
	}
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_array_get(list, i));
		size_t n = 0;

		while (n < PROT_ARRAY_SIZE(names) &&
		       (!name || strcmp(name, names[n]) != 0)) {
			n++;
		}
		if (n == PROT_ARRAY_SIZE(names)) {
			return prot_package_complain(
				b, where, "unknown activation method \"%s\"",
				name ? name : "");
		}
		*methods |= (uint16_t)(1u << n);
	}
	return true;
}

static bool get_options(const struct prot_package_build *b, const char *where,
			const json_t *object,
			struct prot_pldm_package_new_component *c)
{
	bool force;

	if (!prot_package_flag(b, where, object, "force", &force) ||
	    !prot_package_number(b, where, object, "stamp",
				 PROT_PLDM_STAMP_NONE - 1, &c->stamp)) {
		return false;
	}
	c->options |= force ? PROT_PLDM_PACKAGE_FORCE_UPDATE : 0;
	c->options |= json_object_get(object, "stamp")
			      ? PROT_PLDM_PACKAGE_USE_STAMP
			      : 0;
	return true;
}

static bool get_component(struct prot_package_build *b, const char *where,
			  const json_t *object, size_t i)
{
	static const char *const known[] = {
		"file",  "identifier", "classification", "version", "stamp",
		"force", "activation", "opaque_data",    NULL};
	struct prot_pldm_package_new_component *c = &b->components[i];
	uint32_t identifier = prot_board_posix.component;
	uint32_t classification = PROT_PLDM_CLASS_FIRMWARE;

	c->version = b->d.version;
	if (!prot_package_known_keys(b, where, object, known) ||
	    !prot_package_number(b, where, object, "identifier", 0xffff,
				 &identifier) ||
	    !prot_package_number(b, where, object, "classification", 0xffff,
				 &classification) ||
	    !prot_package_version(b, where, object, "version", &c->version) ||
	    !get_options(b, where, object, c) ||
	    !get_activation(b, where, object, &c->activation) ||
	    !prot_package_data(b, where, object, "opaque_data", &c->opaque,
			       &c->opaque_len) ||
	    !prot_package_read_beside(b, where, object, "file", IMAGE_MAX,
				      &b->images[i])) {
		return false;
	}
	c->identifier = (uint16_t)identifier;
	c->classification = (uint16_t)classification;
	c->image.read = read_blob;
	c->image.ctx = &b->images[i];
	c->image.size = b->images[i].len;
	return true;
}

static bool get_components(struct prot_package_build *b, const json_t *top)
{
	const json_t *list = json_object_get(top, "components");
	size_t count = json_array_size(list);

	if (count == 0 || count > LIST_MAX) {
		return prot_package_complain(b, "components",
					     "not a list of 1 to 255");
	}
	for (size_t i = 0; i < count; i++) {
		char where[32];

		snprintf(where, sizeof(where), "component %zu", i);
		if (!get_component(b, where, json_array_get(list, i), i)) {
			return false;
		}
	}
	b->d.components = b->components;
	b->d.component_count = (uint16_t)count;
	b->d.bitmap_bits = (uint16_t)(8 * prot_package_bitmap_bytes(b));
	return true;
}

/* ---- the whole ---- */

/* From "released", SOURCE_DATE_EPOCH, or the clock; UTC. */
static bool get_released(struct prot_package_build *b, const json_t *top)
{
	const json_t *member = json_object_get(top, "released");
	const char *text = json_string_value(member);
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	time_t now = epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
	const char *end = NULL;
	struct tm tm;
	uint8_t *t = b->d.released;

	memset(&tm, 0, sizeof(tm));
	if (member) {
		end = text ? strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm) : NULL;
		if (!end || *end != '\0') {
			return prot_package_complain(b, "released",
						     "not of the form "
						     "2026-12-31T23:59:59Z");
		}
	} else if (!gmtime_r(&now, &tm)) {
		return prot_package_complain(b, "released",
					     "the clock is out of range");
	}
	t[5] = (uint8_t)tm.tm_sec;
	t[6] = (uint8_t)tm.tm_min;
	t[7] = (uint8_t)tm.tm_hour;
	t[8] = (uint8_t)tm.tm_mday;
	t[9] = (uint8_t)(tm.tm_mon + 1);
	t[10] = (uint8_t)(tm.tm_year + 1900);
	t[11] = (uint8_t)((tm.tm_year + 1900) >> 8);
	return true;
}

bool prot_package_description(struct prot_package_build *b, const json_t *top)
{
	static const char *const known[] = {"version", "released", "devices",
					    "components", NULL};

	if (!prot_package_known_keys(b, "top", top, known) ||
	    !prot_package_version(b, "top", top, "version", &b->d.version)) {
		return false;
	}
	if (b->d.version.len == 0) {
		return prot_package_complain(b, "top",
					     "\"version\" is missing");
	}
	/* Records say which components apply: those come first. */
	return get_released(b, top) && get_components(b, top) &&
	       prot_package_devices(b, top);
}

void prot_package_description_free(struct prot_package_build *b)
{
	for (size_t i = 0; i < PROT_ARRAY_SIZE(b->images); i++) {
		prot_cli_blob_free(&b->images[i]);
	}
	for (size_t i = 0; i < b->data_count; i++) {
		prot_cli_blob_free(&b->data[i]);
	}
	for (size_t i = 0; i < b->kept_count; i++) {
		free(b->kept[i]);
	}
	free(b->dir);
	free(b);
}
