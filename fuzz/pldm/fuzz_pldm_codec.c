/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every decoder of types 0 and 5 over arbitrary bytes; the first byte chooses
 * it. What is accepted is encoded again and must give the same bytes.
 */
#include <prot/pldm/base.h>
#include <prot/pldm/fwup.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef enum prot_status (*turn_fn)(struct prot_rd *r, struct prot_wr *w);

static void require(int truth)
{
	if (!truth) {
		abort();
	}
}

#define TURN_STRUCT(name)                                                      \
	static enum prot_status turn_##name(struct prot_rd *r,                 \
					    struct prot_wr *w)                 \
	{                                                                      \
		struct prot_pldm_##name m;                                     \
		enum prot_status st = prot_pldm_##name##_decode(r, &m);        \
                                                                               \
		if (st == PROT_OK) {                                           \
			prot_pldm_##name##_encode(w, &m);                      \
		}                                                              \
		return st;                                                     \
	}
#define TURN_VALUE(name, type)                                                 \
	static enum prot_status turn_##name(struct prot_rd *r,                 \
					    struct prot_wr *w)                 \
	{                                                                      \
		type v;                                                        \
		enum prot_status st = prot_pldm_##name##_decode(r, &v);        \
                                                                               \
		if (st == PROT_OK) {                                           \
			prot_pldm_##name##_encode(w, v);                       \
		}                                                              \
		return st;                                                     \
	}

TURN_STRUCT(get_version_req)
TURN_STRUCT(get_commands_req)
TURN_STRUCT(transfer_req)
TURN_STRUCT(transfer_rsp)
TURN_STRUCT(request_update_req)
TURN_STRUCT(pass_component_req)
TURN_STRUCT(pass_component_rsp)
TURN_STRUCT(update_component_req)
TURN_STRUCT(update_component_rsp)
TURN_STRUCT(request_data_req)
TURN_VALUE(complete_req, uint8_t)
TURN_STRUCT(apply_complete_req)
TURN_VALUE(activate_req, uint8_t)
TURN_VALUE(activate_rsp, uint16_t)
TURN_STRUCT(get_status_rsp)
TURN_STRUCT(cancel_update_rsp)

/* Two widths are read and one is written: the shape may change. */
static enum prot_status turn_request_update_rsp(struct prot_rd *r,
						struct prot_wr *w)
{
	struct prot_pldm_request_update_rsp m;

	(void)w;
	if (prot_pldm_request_update_rsp_decode(r, &m) == PROT_OK) {
		require(m.package_data == PROT_PLDM_PACKAGE_DATA_LIMITED ||
			m.package_data_max == 0);
	}
	return PROT_ERR_MALFORMED;
}

static enum prot_status turn_header(struct prot_rd *r, struct prot_wr *w)
{
	struct prot_pldm_header h;
	enum prot_status st = prot_pldm_header_decode(r, &h);

	if (st) {
		return st;
	}
	h.instance = h.instance & 0x1F;
	prot_pldm_header_encode(w, &h);
	prot_wr_bytes(w, r->at, r->left);
	/* One reserved bit is not kept. */
	return r->at[-3] & 0x20 ? PROT_ERR_MALFORMED : PROT_OK;
}

static enum prot_status turn_query_identifiers(struct prot_rd *r,
					       struct prot_wr *w)
{
	struct prot_pldm_query_identifiers_rsp m;
	struct prot_pldm_descriptor d[255];
	enum prot_status st = prot_pldm_query_identifiers_rsp_decode(r, &m);

	if (st) {
		return st;
	}
	for (uint8_t i = 0; i < m.count; i++) {
		require(prot_pldm_descriptor_decode(&m.descriptors, &d[i]) ==
			PROT_OK);
		require(prot_pldm_descriptor_equal(&d[i], &d[i]));
	}
	require(prot_rd_end(&m.descriptors));
	prot_pldm_query_identifiers_rsp_encode(w, d, m.count);
	return PROT_OK;
}

static enum prot_status turn_firmware_parameters(struct prot_rd *r,
						 struct prot_wr *w)
{
	struct prot_pldm_firmware_parameters m;
	struct prot_pldm_component_entry e;
	enum prot_status st = prot_pldm_firmware_parameters_decode(r, &m);

	if (st) {
		return st;
	}
	prot_pldm_firmware_parameters_encode(w, &m);
	for (uint16_t i = 0; i < m.component_count; i++) {
		require(prot_pldm_component_entry_decode(&m.components, &e) ==
			PROT_OK);
		prot_pldm_component_entry_encode(w, &e);
	}
	require(prot_rd_end(&m.components));
	return PROT_OK;
}

static enum prot_status turn_versions(struct prot_rd *r, struct prot_wr *w)
{
	size_t count;

	(void)w;
	if (prot_pldm_versions_check(r->at, r->left, &count) == PROT_OK) {
		require(count != 0 && count < r->left / 4);
	}
	return PROT_ERR_MALFORMED;
}

static const turn_fn turns[] = {
	turn_header,
	turn_versions,
	turn_query_identifiers,
	turn_firmware_parameters,
	turn_get_version_req,
	turn_get_commands_req,
	turn_transfer_req,
	turn_transfer_rsp,
	turn_request_update_req,
	turn_request_update_rsp,
	turn_pass_component_req,
	turn_pass_component_rsp,
	turn_update_component_req,
	turn_update_component_rsp,
	turn_request_data_req,
	turn_complete_req,
	turn_apply_complete_req,
	turn_activate_req,
	turn_activate_rsp,
	turn_get_status_rsp,
	turn_cancel_update_rsp,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t out[65536];
	struct prot_wr w = prot_wr_init(out, sizeof(out));
	struct prot_rd r;

	if (size == 0 || size > sizeof(out)) {
		return 0;
	}
	r = prot_rd_init(data + 1, size - 1);
	if (turns[data[0] % PROT_ARRAY_SIZE(turns)](&r, &w) == PROT_OK) {
		require(prot_wr_ok(&w) && w.len == size - 1);
		require(w.len == 0 || memcmp(out, data + 1, w.len) == 0);
	}
	return 0;
}
