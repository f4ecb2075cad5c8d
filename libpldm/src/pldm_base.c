/* SPDX-License-Identifier: Apache-2.0 */
/* Type 0 of a responder (DSP0240 1.1.0, messaging control and discovery). */
#include "pldm_service.h"

#include <prot/base/crc32.h>
#include <prot/pldm/base.h>
#include <prot/pldm/responder.h>

#define VERSION_SIZE 4u
/* Next handle and flag, before the version data of a part. */
#define PART_HEADER_SIZE 5u

static uint8_t set_tid(void *ctx, struct prot_pldm_request *rq,
		       struct prot_wr *body)
{
	struct prot_pldm_responder *r = (struct prot_pldm_responder *)ctx;
	uint8_t tid;

	(void)body;
	if (prot_pldm_tid_decode(&rq->body, &tid)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	if (tid == PROT_PLDM_TID_UNASSIGNED || tid == PROT_PLDM_TID_RESERVED) {
		return PROT_PLDM_ERROR_INVALID_DATA;
	}
	r->tid = tid;
	return PROT_PLDM_SUCCESS;
}

static uint8_t get_tid(void *ctx, struct prot_pldm_request *rq,
		       struct prot_wr *body)
{
	const struct prot_pldm_responder *r =
		(const struct prot_pldm_responder *)ctx;

	if (!prot_rd_end(&rq->body)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	prot_pldm_tid_encode(body, r->tid);
	return PROT_PLDM_SUCCESS;
}

static uint32_t versions_crc(const struct prot_pldm_type_table *t)
{
	uint32_t crc = 0;

	for (uint8_t i = 0; i < t->version_count; i++) {
		uint8_t bytes[VERSION_SIZE];
		struct prot_wr w = prot_wr_init(bytes, sizeof(bytes));

		prot_wr_le32(&w, t->versions[i]);
		crc = prot_crc32(crc, bytes, sizeof(bytes));
	}
	return crc;
}

/*
 * One part of the versions and their CRC: as many words from the one numbered
 * `first` on as there is room for. Handles are byte offsets, so the responder
 * remembers nothing between parts.
 */
static void versions_encode(struct prot_wr *w,
			    const struct prot_pldm_type_table *t, size_t first)
{
	size_t room = (w->cap - w->len - PART_HEADER_SIZE) / VERSION_SIZE;
	size_t total = t->version_count + 1u;
	size_t end = room < total - first ? first + room : total;
	bool last = end == total;

	prot_wr_le32(w, last ? 0 : (uint32_t)(end * VERSION_SIZE));
	prot_wr_u8(w, prot_pldm_transfer_flag(first == 0, last));
	for (size_t i = first; i < end; i++) {
		prot_wr_le32(w, i < t->version_count ? t->versions[i]
						     : versions_crc(t));
	}
}

static uint8_t get_version(void *ctx, struct prot_pldm_request *rq,
			   struct prot_wr *body)
{
	const struct prot_pldm_responder *r =
		(const struct prot_pldm_responder *)ctx;
	const struct prot_pldm_service *s;
	struct prot_pldm_get_version_req m;
	uint32_t at = 0;

	if (prot_pldm_get_version_req_decode(&rq->body, &m)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	s = prot_pldm_find_service(r, m.type);
	if (!s) {
		return PROT_PLDM_BASE_INVALID_TYPE;
	}
	if (m.transfer.operation > PROT_PLDM_GET_FIRST_PART) {
		return PROT_PLDM_BASE_INVALID_TRANSFER_OPERATION;
	}
	if (m.transfer.operation == PROT_PLDM_GET_NEXT_PART) {
		at = m.transfer.handle;
		if (at == 0 || at % VERSION_SIZE != 0 ||
		    at > s->table->version_count * VERSION_SIZE) {
			return PROT_PLDM_BASE_INVALID_DATA_TRANSFER_HANDLE;
		}
	}
	versions_encode(body, s->table, at / VERSION_SIZE);
	return PROT_PLDM_SUCCESS;
}

static void set_bit(uint8_t *bitmap, uint8_t n)
{
	bitmap[n / 8] = (uint8_t)(bitmap[n / 8] | 1u << n % 8);
}

static uint8_t get_types(void *ctx, struct prot_pldm_request *rq,
			 struct prot_wr *body)
{
	const struct prot_pldm_responder *r =
		(const struct prot_pldm_responder *)ctx;
	uint8_t types[PROT_PLDM_TYPES_SIZE] = {0};

	if (!prot_rd_end(&rq->body)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	for (size_t i = 0; i < r->cfg->service_count; i++) {
		set_bit(types, r->cfg->services[i].table->type);
	}
	prot_pldm_types_encode(body, types);
	return PROT_PLDM_SUCCESS;
}

static bool has_version(const struct prot_pldm_type_table *t, uint32_t version)
{
	for (uint8_t i = 0; i < t->version_count; i++) {
		if (t->versions[i] == version) {
			return true;
		}
	}
	return false;
}

static uint8_t get_commands(void *ctx, struct prot_pldm_request *rq,
			    struct prot_wr *body)
{
	const struct prot_pldm_responder *r =
		(const struct prot_pldm_responder *)ctx;
	uint8_t bitmap[PROT_PLDM_COMMANDS_SIZE] = {0};
	struct prot_pldm_get_commands_req m;
	const struct prot_pldm_service *s;

	if (prot_pldm_get_commands_req_decode(&rq->body, &m)) {
		return PROT_PLDM_ERROR_INVALID_LENGTH;
	}
	s = prot_pldm_find_service(r, m.type);
	if (!s) {
		return PROT_PLDM_BASE_INVALID_TYPE;
	}
	if (!has_version(s->table, m.version)) {
		return PROT_PLDM_BASE_INVALID_VERSION;
	}
	for (uint8_t i = 0; i < s->table->command_count; i++) {
		set_bit(bitmap, s->table->commands[i].code);
	}
	prot_pldm_commands_encode(body, bitmap);
	return PROT_PLDM_SUCCESS;
}

static const struct prot_pldm_command commands[] = {
	{PROT_PLDM_SET_TID, true, set_tid},
	{PROT_PLDM_GET_TID, false, get_tid},
	{PROT_PLDM_GET_PLDM_VERSION, false, get_version},
	{PROT_PLDM_GET_PLDM_TYPES, false, get_types},
	{PROT_PLDM_GET_PLDM_COMMANDS, false, get_commands},
};

static const uint32_t versions[] = {PROT_PLDM_VERSION(1, 1, 0)};

const struct prot_pldm_type_table prot_pldm_base_type = {
	.type = PROT_PLDM_TYPE_BASE,
	.version_count = PROT_ARRAY_SIZE(versions),
	.command_count = PROT_ARRAY_SIZE(commands),
	.versions = versions,
	.commands = commands,
};
