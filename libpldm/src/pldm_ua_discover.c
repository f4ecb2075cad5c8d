/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The update agent's discovery: DSP0240 base commands, then who the device is
 * and which components it has (DSP0267 1.3.0, inventory commands).
 */
#include "pldm_ua_internal.h"

#include <prot/base/compiler.h>

static bool bit(const uint8_t *bitmap, uint8_t i)
{
	return (bitmap[i / 8] >> (i % 8) & 1) != 0;
}

enum prot_status prot_pldm_ua_tid(struct prot_pldm_ua *ua, struct prot_rd *r)
{
	uint8_t tid;
	enum prot_status st = prot_pldm_tid_decode(r, &tid);

	if (st == PROT_OK) {
		prot_pldm_ua_go(ua, ua->cfg->tid != 0 && ua->cfg->tid != tid
					    ? PROT_PLDM_UA_SET_TID
					    : PROT_PLDM_UA_GET_TYPES);
	}
	return st;
}

enum prot_status prot_pldm_ua_set_tid_encode(const struct prot_pldm_ua *ua,
					     struct prot_wr *w)
{
	prot_pldm_tid_encode(w, ua->cfg->tid);
	return PROT_OK;
}

enum prot_status prot_pldm_ua_set_tid(struct prot_pldm_ua *ua,
				      struct prot_rd *r)
{
	if (!prot_rd_end(r)) {
		return PROT_ERR_MALFORMED;
	}
	prot_pldm_ua_go(ua, PROT_PLDM_UA_GET_TYPES);
	return PROT_OK;
}

enum prot_status prot_pldm_ua_types(struct prot_pldm_ua *ua, struct prot_rd *r)
{
	uint8_t types[PROT_PLDM_TYPES_SIZE];
	enum prot_status st = prot_pldm_types_decode(r, types);

	if (st != PROT_OK) {
		return st;
	}
	if (!bit(types, PROT_PLDM_TYPE_FWUP)) {
		prot_pldm_ua_fail(ua, PROT_PLDM_UA_FAIL_NO_FIRMWARE_UPDATE, 0);
		return PROT_OK;
	}
	prot_pldm_ua_go(ua, PROT_PLDM_UA_GET_VERSION);
	return PROT_OK;
}

enum prot_status prot_pldm_ua_version_encode(const struct prot_pldm_ua *ua,
					     struct prot_wr *w)
{
	const struct prot_pldm_get_version_req m = {
		.transfer = {.handle = ua->handle,
			     .operation = ua->gathered == 0
						  ? PROT_PLDM_GET_FIRST_PART
						  : PROT_PLDM_GET_NEXT_PART},
		.type = PROT_PLDM_TYPE_FWUP,
	};

	prot_pldm_get_version_req_encode(w, &m);
	return PROT_OK;
}

/* The highest version 1.x of the list; 0 when there is none. */
static uint32_t choose_version(const struct prot_pldm_ua *ua, size_t count)
{
	struct prot_rd r = prot_rd_init(ua->versions, ua->gathered);
	uint32_t best = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t version = prot_rd_le32(&r);

		if (version >> 24 == 0xf1 && version > best) {
			best = version;
		}
	}
	return best;
}

enum prot_status prot_pldm_ua_version(struct prot_pldm_ua *ua,
				      struct prot_rd *r)
{
	struct prot_pldm_transfer_rsp m;
	size_t count;
	enum prot_status st = prot_pldm_transfer_rsp_decode(r, &m);

	if (st != PROT_OK || m.len == 0 ||
	    m.len > sizeof(ua->versions) - ua->gathered ||
	    ((m.flag & PROT_PLDM_START) != 0) != (ua->gathered == 0)) {
		return PROT_ERR_MALFORMED;
	}
	memcpy(ua->versions + ua->gathered, m.data, m.len);
	ua->gathered = (uint16_t)(ua->gathered + m.len);
	ua->handle = m.next_handle;
	if ((m.flag & PROT_PLDM_END) == 0) {
		return PROT_OK;
	}
	if (prot_pldm_versions_check(ua->versions, ua->gathered, &count) !=
	    PROT_OK) {
		return PROT_ERR_MALFORMED;
	}
	ua->version = choose_version(ua, count);
	if (ua->version == 0) {
		prot_pldm_ua_fail(ua, PROT_PLDM_UA_FAIL_NO_VERSION, 0);
	} else {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_GET_COMMANDS);
	}
	return PROT_OK;
}

enum prot_status prot_pldm_ua_commands_encode(const struct prot_pldm_ua *ua,
					      struct prot_wr *w)
{
	const struct prot_pldm_get_commands_req m = {PROT_PLDM_TYPE_FWUP,
						     ua->version};

	prot_pldm_get_commands_req_encode(w, &m);
	return PROT_OK;
}

enum prot_status prot_pldm_ua_commands(struct prot_pldm_ua *ua,
				       struct prot_rd *r)
{
	/* Bits of commands that the FD sends are up to the FD. */
	static const uint8_t mandatory[] = {
		PROT_PLDM_QUERY_DEVICE_IDENTIFIERS,
		PROT_PLDM_GET_FIRMWARE_PARAMETERS,
		PROT_PLDM_REQUEST_UPDATE,
		PROT_PLDM_PASS_COMPONENT_TABLE,
		PROT_PLDM_UPDATE_COMPONENT,
		PROT_PLDM_ACTIVATE_FIRMWARE,
		PROT_PLDM_GET_STATUS,
		PROT_PLDM_CANCEL_UPDATE_COMPONENT,
		PROT_PLDM_CANCEL_UPDATE,
	};
	uint8_t commands[PROT_PLDM_COMMANDS_SIZE];
	enum prot_status st = prot_pldm_commands_decode(r, commands);

	if (st != PROT_OK) {
		return st;
	}
	for (size_t i = 0; i < PROT_ARRAY_SIZE(mandatory); i++) {
		if (!bit(commands, mandatory[i])) {
			prot_pldm_ua_fail(ua, PROT_PLDM_UA_FAIL_NO_COMMAND,
					  mandatory[i]);
			return PROT_OK;
		}
	}
	prot_pldm_ua_go(ua, PROT_PLDM_UA_QUERY_IDENTIFIERS);
	return PROT_OK;
}

/* The first record of the package that is for a device. */
static enum prot_status find_record(struct prot_pldm_ua *ua,
				    const struct prot_rd *descriptors)
{
	const struct prot_pldm_package *p = ua->cfg->package;
	struct prot_pldm_package_record *r = &ua->record;
	bool matches = false;
	enum prot_status st = PROT_OK;

	prot_pldm_package_record_begin(p, PROT_PLDM_PACKAGE_DEVICES, r);
	while (st == PROT_OK && !matches) {
		st = prot_pldm_package_record_next(p, r);
		if (st == PROT_OK) {
			st = prot_pldm_package_record_matches(
				p, r, descriptors->at, descriptors->left,
				&matches);
		}
	}
	return st;
}

enum prot_status prot_pldm_ua_identifiers(struct prot_pldm_ua *ua,
					  struct prot_rd *r)
{
	const struct prot_pldm_package *p = ua->cfg->package;
	struct prot_pldm_query_identifiers_rsp m;
	enum prot_status st = prot_pldm_query_identifiers_rsp_decode(r, &m);

	if (st != PROT_OK) {
		return st;
	}
	st = find_record(ua, &m.descriptors);
	if (st == PROT_ERR_NOT_FOUND && ua->cfg->ignore_match) {
		prot_pldm_package_record_begin(p, PROT_PLDM_PACKAGE_DEVICES,
					       &ua->record);
		st = prot_pldm_package_record_next(p, &ua->record);
	}
	if (st == PROT_OK) {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_GET_PARAMETERS);
	} else {
		prot_pldm_ua_fail(ua,
				  st == PROT_ERR_NOT_FOUND
					  ? PROT_PLDM_UA_FAIL_NO_MATCH
					  : PROT_PLDM_UA_FAIL_PACKAGE,
				  0);
	}
	return PROT_OK;
}

/* Fill in what the device says about a component; false: it has none such. */
static bool fill_component(struct prot_pldm_ua_component *c, struct prot_rd r)
{
	struct prot_pldm_component_entry e;

	while (r.left != 0 &&
	       prot_pldm_component_entry_decode(&r, &e) == PROT_OK) {
		const struct prot_pldm_string *v = &e.active.version;
		size_t n =
			v->len < sizeof(c->active) ? v->len : sizeof(c->active);

		if (e.id.classification != c->image.classification ||
		    e.id.identifier != c->image.identifier) {
			continue;
		}
		c->class_index = e.id.index;
		c->active_type = v->type;
		c->active_len = (uint8_t)n;
		if (n != 0) {
			memcpy(c->active, v->bytes, n);
		}
		return true;
	}
	return false;
}

/* Add a component of the package to the list if it applies to the device. */
static enum prot_pldm_ua_reason
add_component(struct prot_pldm_ua *ua,
	      const struct prot_pldm_package_component *image,
	      const struct prot_rd *entries)
{
	struct prot_pldm_ua_component *c = &ua->cfg->components[ua->count];
	bool applies;

	if (prot_pldm_package_record_applies(ua->cfg->package, &ua->record,
					     image->index,
					     &applies) != PROT_OK) {
		return PROT_PLDM_UA_FAIL_PACKAGE;
	}
	if (!applies) {
		return PROT_PLDM_UA_FAIL_NONE;
	}
	if (ua->count == ua->cfg->component_cap) {
		return PROT_PLDM_UA_FAIL_TOO_MANY;
	}
	memset(c, 0, sizeof(*c));
	c->image = *image;
	if (!fill_component(c, *entries) && !ua->cfg->ignore_match) {
		ua->result.component = image->index;
		return PROT_PLDM_UA_FAIL_UNKNOWN_COMPONENT;
	}
	ua->count++;
	return PROT_PLDM_UA_FAIL_NONE;
}

static enum prot_pldm_ua_reason list_components(struct prot_pldm_ua *ua,
						const struct prot_rd *entries)
{
	const struct prot_pldm_package *p = ua->cfg->package;
	struct prot_pldm_package_component image;
	enum prot_pldm_ua_reason reason = PROT_PLDM_UA_FAIL_NONE;
	enum prot_status st = PROT_OK;

	ua->count = 0;
	prot_pldm_package_component_begin(p, &image);
	while (st == PROT_OK && reason == PROT_PLDM_UA_FAIL_NONE) {
		st = prot_pldm_package_component_next(p, &image);
		if (st == PROT_OK) {
			reason = add_component(ua, &image, entries);
		}
	}
	if (reason == PROT_PLDM_UA_FAIL_NONE && st != PROT_ERR_NOT_FOUND) {
		return PROT_PLDM_UA_FAIL_PACKAGE;
	}
	return reason == PROT_PLDM_UA_FAIL_NONE && ua->count == 0
		       ? PROT_PLDM_UA_FAIL_NO_COMPONENT
		       : reason;
}

enum prot_status prot_pldm_ua_parameters(struct prot_pldm_ua *ua,
					 struct prot_rd *r)
{
	struct prot_pldm_firmware_parameters m;
	enum prot_pldm_ua_reason reason;
	enum prot_status st = prot_pldm_firmware_parameters_decode(r, &m);

	if (st != PROT_OK) {
		return st;
	}
	reason = list_components(ua, &m.components);
	if (reason == PROT_PLDM_UA_FAIL_NONE) {
		prot_pldm_ua_go(ua, PROT_PLDM_UA_REQUEST_UPDATE);
		return PROT_OK;
	}
	/* No list, no component in progress: the failure concerns none. */
	ua->count = 0;
	prot_pldm_ua_fail(ua, reason, 0);
	return PROT_OK;
}
