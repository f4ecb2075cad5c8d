/* SPDX-License-Identifier: Apache-2.0 */
/* The model of a firmware device, and what it does wrong when told to. */
#include "ua_fixture.h"

static void set_state(struct device *d, uint8_t state)
{
	d->previous = d->state;
	d->state = state;
	d->outstanding = false;
	d->request_len = 0;
}

static void put_parameters(struct prot_wr *w)
{
	static const struct prot_pldm_string versions[COMPONENTS] = {
		PROT_PLDM_ASCII("1.0.0"),
		PROT_PLDM_ASCII("1.0.1 of a rather long version string"),
		PROT_PLDM_ASCII("1.0.2")};
	const struct prot_pldm_firmware_parameters m = {
		.component_count = COMPONENTS,
		.active = PROT_PLDM_ASCII("set 1.0"),
	};

	prot_pldm_firmware_parameters_encode(w, &m);
	for (uint16_t i = 0; i < COMPONENTS; i++) {
		const struct prot_pldm_component_entry e = {
			.id = {PROT_PLDM_CLASS_FIRMWARE, (uint16_t)(i + 1),
			       (uint8_t)(i + 7)},
			.active = {.version = versions[i]},
		};

		prot_pldm_component_entry_encode(w, &e);
	}
}

static uint8_t answer_base(uint8_t command, struct prot_rd *r,
			   struct prot_wr *w)
{
	static const uint8_t types[PROT_PLDM_TYPES_SIZE] = {0x21};
	static const uint8_t versions[12] = {0x00, 0xf0, 0xf1, 0xf1,
					     0x00, 0xf0, 0xf3, 0xf1};
	static const uint8_t commands[PROT_PLDM_COMMANDS_SIZE] = {0x06, 0x00,
								  0x1d, 0x3c};
	struct prot_pldm_transfer_rsp part = {.flag = 5, .len = 12};
	uint8_t blob[12];

	switch (command) {
	case PROT_PLDM_GET_TID:
		prot_wr_u8(w, 0);
		break;
	case PROT_PLDM_SET_TID:
		break;
	case PROT_PLDM_GET_PLDM_TYPES:
		prot_wr_bytes(w, types, sizeof(types));
		break;
	case PROT_PLDM_GET_PLDM_VERSION:
		memcpy(blob, versions, 8);
		put_le(blob + 8, plain_crc32(blob, 8), 4);
		part.data = blob;
		prot_pldm_transfer_rsp_encode(w, &part);
		break;
	case PROT_PLDM_GET_PLDM_COMMANDS:
		assert_int_equal(prot_rd_u8(r), PROT_PLDM_TYPE_FWUP);
		assert_int_equal(prot_rd_le32(r), 0xf1f3f000);
		prot_wr_bytes(w, commands, sizeof(commands));
		break;
	default:
		return PROT_PLDM_ERROR_UNSUPPORTED_PLDM_CMD;
	}
	return PROT_PLDM_SUCCESS;
}

static uint8_t answer_request_update(struct device *d, struct prot_rd *r,
				     struct prot_wr *w)
{
	struct prot_pldm_request_update_req m;
	const struct prot_pldm_request_update_rsp rsp = {
		.metadata_len = d->metadata_len,
		.package_data = d->wants_package_data ? 1 : 0,
	};

	assert_int_equal(prot_pldm_request_update_req_decode(r, &m), PROT_OK);
	assert_int_equal(m.version.len, 7);
	assert_memory_equal(m.version.bytes, "set 2.0", 7);
	if (d->state != PROT_PLDM_FD_IDLE) {
		return PROT_PLDM_FWUP_ALREADY_IN_UPDATE_MODE;
	}
	d->updates++;
	d->chunk = m.max_transfer < d->chunk ? m.max_transfer : d->chunk;
	d->component = 0;
	d->passed = 0;
	set_state(d, PROT_PLDM_FD_LEARN_COMPONENTS);
	prot_pldm_request_update_rsp_encode(w, &rsp);
	return PROT_PLDM_SUCCESS;
}

static uint8_t answer_metadata(struct device *d, struct prot_rd *r,
			       struct prot_wr *w)
{
	struct prot_pldm_transfer_req m;
	struct prot_pldm_transfer_rsp rsp = {0};
	uint8_t data[200];
	uint32_t at;

	assert_int_equal(prot_pldm_transfer_req_decode(r, &m), PROT_OK);
	at = m.operation == PROT_PLDM_GET_FIRST_PART ? 0 : m.handle - 1000;
	for (unsigned i = 0; i < sizeof(data); i++) {
		data[i] = (uint8_t)(i + 5);
	}
	rsp.data = data + at;
	rsp.len = d->metadata_len - at < 64 ? d->metadata_len - at : 64;
	rsp.next_handle = (uint32_t)(1000 + at + rsp.len);
	rsp.flag = (uint8_t)((at == 0 ? 1 : 0) |
			     (at + rsp.len == d->metadata_len ? 4 : 0));
	rsp.flag = rsp.flag == 0 ? PROT_PLDM_MIDDLE : rsp.flag;
	prot_pldm_transfer_rsp_encode(w, &rsp);
	return PROT_PLDM_SUCCESS;
}

static uint8_t answer_pass(struct device *d, struct prot_rd *r,
			   struct prot_wr *w)
{
	struct prot_pldm_pass_component_req m;
	const struct prot_pldm_pass_component_rsp rsp = {0, 0};

	assert_int_equal(prot_pldm_pass_component_req_decode(r, &m), PROT_OK);
	if (d->state != PROT_PLDM_FD_LEARN_COMPONENTS) {
		return PROT_PLDM_FWUP_INVALID_STATE_FOR_COMMAND;
	}
	assert_true(d->passed < COMPONENTS);
	assert_int_equal(m.id.index, m.id.identifier <= COMPONENTS
					     ? m.id.identifier + 6
					     : 0);
	d->flags[d->passed++] = m.flag;
	if ((m.flag & PROT_PLDM_END) != 0) {
		set_state(d, PROT_PLDM_FD_READY_XFER);
	}
	prot_pldm_pass_component_rsp_encode(w, &rsp);
	return PROT_PLDM_SUCCESS;
}

static uint8_t answer_update(struct device *d, struct prot_rd *r,
			     struct prot_wr *w)
{
	struct prot_pldm_update_component_req m;
	struct prot_pldm_update_component_rsp rsp = {0};

	assert_int_equal(prot_pldm_update_component_req_decode(r, &m), PROT_OK);
	if (d->state != PROT_PLDM_FD_READY_XFER) {
		return PROT_PLDM_FWUP_INVALID_STATE_FOR_COMMAND;
	}
	if (d->faults.compat != 0 && d->component == d->faults.on) {
		rsp.response = 1;
		rsp.code = d->faults.compat;
		d->component++;
	} else {
		d->size = m.size;
		d->offset = 0;
		d->options = m.options;
		set_state(d, PROT_PLDM_FD_DOWNLOAD);
	}
	prot_pldm_update_component_rsp_encode(w, &rsp);
	return PROT_PLDM_SUCCESS;
}

static uint8_t answer_activate(struct device *d, struct prot_rd *r,
			       struct prot_wr *w)
{
	if (prot_pldm_activate_req_decode(r, &d->self_contained) != PROT_OK) {
		return PROT_PLDM_ERROR_INVALID_DATA;
	}
	if (d->state == PROT_PLDM_FD_IDLE) {
		return PROT_PLDM_FWUP_NOT_IN_UPDATE_MODE;
	}
	if (d->state != PROT_PLDM_FD_READY_XFER) {
		return PROT_PLDM_FWUP_INVALID_STATE_FOR_COMMAND;
	}
	d->activated = true;
	set_state(d, d->self_contained ? PROT_PLDM_FD_ACTIVATE
				       : PROT_PLDM_FD_IDLE);
	prot_pldm_activate_rsp_encode(w, 3);
	return PROT_PLDM_SUCCESS;
}

static uint8_t answer_status(struct device *d, struct prot_wr *w)
{
	struct prot_pldm_get_status_rsp m = {
		.state = d->state,
		.previous = d->previous,
		.aux = d->state < PROT_PLDM_FD_DOWNLOAD
			       ? PROT_PLDM_FD_AUX_NONE
			       : PROT_PLDM_FD_AUX_IN_PROGRESS,
		.progress = 55,
		.reason = d->reason,
	};

	if (d->faults.no_status) {
		return PROT_PLDM_ERROR_UNSUPPORTED_PLDM_CMD;
	}
	if (d->state == PROT_PLDM_FD_ACTIVATE) {
		m.aux = d->faults.activation_fails ? PROT_PLDM_FD_AUX_FAILED
						   : PROT_PLDM_FD_AUX_SUCCESS;
	}
	prot_pldm_get_status_rsp_encode(w, &m);
	return PROT_PLDM_SUCCESS;
}

static uint8_t answer_cancel(struct device *d, bool update, struct prot_wr *w)
{
	static const struct prot_pldm_cancel_update_rsp broken = {1, 2};
	bool component = d->state >= PROT_PLDM_FD_DOWNLOAD &&
			 d->state <= PROT_PLDM_FD_APPLY;

	if (d->state == PROT_PLDM_FD_IDLE || (!update && !component)) {
		d->cancels += update;
		return PROT_PLDM_FWUP_NOT_IN_UPDATE_MODE;
	}
	if (update) {
		d->cancels++;
		set_state(d, PROT_PLDM_FD_IDLE);
		prot_pldm_cancel_update_rsp_encode(w, &broken);
	} else {
		d->component_cancels++;
		d->component++;
		set_state(d, PROT_PLDM_FD_READY_XFER);
	}
	return PROT_PLDM_SUCCESS;
}

static uint8_t answer_fwup(struct device *d, uint8_t command, struct prot_rd *r,
			   struct prot_wr *w)
{
	switch (command) {
	case PROT_PLDM_QUERY_DEVICE_IDENTIFIERS:
		prot_pldm_query_identifiers_rsp_encode(w, device_descriptors,
						       2);
		return PROT_PLDM_SUCCESS;
	case PROT_PLDM_GET_FIRMWARE_PARAMETERS:
		put_parameters(w);
		return PROT_PLDM_SUCCESS;
	case PROT_PLDM_REQUEST_UPDATE:
		return answer_request_update(d, r, w);
	case PROT_PLDM_GET_DEVICE_META_DATA:
		return answer_metadata(d, r, w);
	case PROT_PLDM_PASS_COMPONENT_TABLE:
		return answer_pass(d, r, w);
	case PROT_PLDM_UPDATE_COMPONENT:
		return answer_update(d, r, w);
	case PROT_PLDM_ACTIVATE_FIRMWARE:
		return answer_activate(d, r, w);
	case PROT_PLDM_GET_STATUS:
		return answer_status(d, w);
	case PROT_PLDM_CANCEL_UPDATE_COMPONENT:
		return answer_cancel(d, false, w);
	case PROT_PLDM_CANCEL_UPDATE:
		return answer_cancel(d, true, w);
	default:
		return PROT_PLDM_ERROR_UNSUPPORTED_PLDM_CMD;
	}
}

/* Type 0 and type 5 number their commands alike; faults mean type 5. */
static bool fault_hits(const struct prot_pldm_header *h, uint8_t command,
		       unsigned *count)
{
	bool base = (command & 0x80) != 0;

	if (command == 0 || (command & 0x7f) != h->command || *count == 0 ||
	    base != (h->type == PROT_PLDM_TYPE_BASE)) {
		return false;
	}
	(*count)--;
	return true;
}

size_t device_answer(struct device *d, const uint8_t *rx, size_t len,
		     uint8_t *tx, size_t cap)
{
	struct prot_rd r = prot_rd_init(rx, len);
	struct prot_wr w = prot_wr_init(tx, cap);
	struct prot_pldm_header h;
	unsigned once = 1;
	uint8_t cc;

	assert_int_equal(prot_pldm_header_decode(&r, &h), PROT_OK);
	if (fault_hits(&h, d->faults.mute, &d->faults.mute_count)) {
		return 0;
	}
	if (fault_hits(&h, d->faults.command, &d->faults.count)) {
		prot_pldm_response_begin(&w, &h, d->faults.cc);
		return w.len;
	}
	prot_pldm_response_begin(&w, &h, PROT_PLDM_SUCCESS);
	cc = h.type == PROT_PLDM_TYPE_BASE ? answer_base(h.command, &r, &w)
					   : answer_fwup(d, h.command, &r, &w);
	assert_true(prot_wr_ok(&w));
	if (cc != PROT_PLDM_SUCCESS) {
		w = prot_wr_init(tx, cap);
		prot_pldm_response_begin(&w, &h, cc);
		return w.len;
	}
	if (fault_hits(&h, d->faults.swallow, &once)) {
		d->faults.swallow = 0;
		return 0;
	}
	once = 1;
	return w.len - (fault_hits(&h, d->faults.truncate, &once) ? 1 : 0);
}

static void begin(struct device *d, struct prot_wr *w, uint8_t command)
{
	d->instance = (uint8_t)((d->instance + 1) % 32);
	prot_pldm_request_begin(w, d->instance, PROT_PLDM_TYPE_FWUP, command);
}

static void request_data(struct device *d, struct prot_wr *w)
{
	uint32_t left = d->size - d->offset;
	uint32_t length = left < d->chunk ? left : d->chunk;
	const struct prot_pldm_request_data_req m = {
		.offset = d->faults.rereads ? 0 : d->offset,
		.length = length < 32 ? 32 : length,
	};

	if (d->faults.never_asks) {
		return;
	}
	if (d->faults.leaves && d->offset != 0) {
		d->reason = PROT_PLDM_FD_REASON_TIMEOUT_DOWNLOAD;
		set_state(d, PROT_PLDM_FD_IDLE);
		return;
	}
	begin(d, w, PROT_PLDM_REQUEST_FIRMWARE_DATA);
	prot_pldm_request_data_req_encode(w, &m);
}

static bool here(const struct device *d)
{
	return d->component == d->faults.on;
}

static void request_in_download(struct device *d, struct prot_wr *w)
{
	bool end = d->offset >= d->size ||
		   (d->faults.early_complete && d->offset >= d->size / 2) ||
		   (d->faults.transfer != 0 && here(d));

	if (end) {
		begin(d, w, PROT_PLDM_TRANSFER_COMPLETE);
		prot_wr_u8(w, here(d) ? d->faults.transfer : 0);
	} else {
		request_data(d, w);
	}
}

static void request_in_apply(struct device *d, struct prot_wr *w)
{
	struct prot_pldm_apply_complete_req m = {here(d) ? d->faults.apply : 0,
						 PROT_PLDM_ACTIVATION_AC_CYCLE};
	const struct prot_pldm_transfer_req back = {d->metadata_back,
						    d->metadata_back == 0};

	if (d->metadata_back < d->metadata_len) {
		begin(d, w, PROT_PLDM_GET_META_DATA);
		prot_pldm_transfer_req_encode(w, &back);
		return;
	}
	begin(d, w, PROT_PLDM_APPLY_COMPLETE);
	prot_pldm_apply_complete_req_encode(w, &m);
}

size_t device_request(struct device *d, uint8_t *tx, size_t cap)
{
	struct prot_wr w = prot_wr_init(d->request, sizeof(d->request));
	const struct prot_pldm_transfer_req part = {d->package_data_at,
						    d->package_data_at == 0};

	if (d->outstanding) {
		return 0;
	}
	if (d->state == PROT_PLDM_FD_LEARN_COMPONENTS &&
	    d->wants_package_data) {
		begin(d, &w, PROT_PLDM_GET_PACKAGE_DATA);
		prot_pldm_transfer_req_encode(&w, &part);
	} else if (d->state == PROT_PLDM_FD_DOWNLOAD) {
		request_in_download(d, &w);
	} else if (d->state == PROT_PLDM_FD_VERIFY &&
		   !d->faults.stuck_in_verify) {
		begin(d, &w, PROT_PLDM_VERIFY_COMPLETE);
		prot_wr_u8(&w, here(d) ? d->faults.verify : 0);
	} else if (d->state == PROT_PLDM_FD_APPLY) {
		request_in_apply(d, &w);
	}
	assert_true(prot_wr_ok(&w) && w.len <= cap);
	memcpy(tx, d->request, w.len);
	d->request_len = w.len;
	d->outstanding = w.len != 0;
	d->sent = 1;
	return w.len;
}

/* Data of a part; moves *at on. */
static void take_part(struct prot_rd *r, uint8_t *to, size_t cap, uint16_t *at,
		      bool *last)
{
	struct prot_pldm_transfer_rsp m;

	assert_int_equal(prot_pldm_transfer_rsp_decode(r, &m), PROT_OK);
	assert_int_equal((m.flag & PROT_PLDM_START) != 0, *at == 0);
	assert_true(m.len <= cap - *at);
	memcpy(to + *at, m.data, m.len);
	*at = (uint16_t)(*at + m.len);
	*last = (m.flag & PROT_PLDM_END) != 0;
	assert_true(*last || m.next_handle == *at);
}

static void take_data(struct device *d, struct prot_rd *r)
{
	uint32_t n = d->size - d->offset;
	uint32_t asked = d->request[7] | (uint32_t)d->request[8] << 8;
	uint8_t *to = d->image[d->component] + d->offset;

	assert_int_equal(r->left, asked);
	n = n < asked ? n : asked;
	assert_true(d->offset + n <= sizeof(d->image[0]));
	prot_rd_copy(r, to, n);
	assert_true(prot_rd_fill(r, 0, asked - n)); /* padding */
	d->offset += d->faults.rereads ? 0 : n;
}

static void complete(struct device *d, uint8_t result, uint8_t state)
{
	if (result != 0) {
		/* Stays until it is cancelled. */
		d->outstanding = true;
		return;
	}
	if (state == PROT_PLDM_FD_READY_XFER) {
		d->component++;
		d->metadata_back = 0;
	}
	set_state(d, state);
}

void device_response(struct device *d, const uint8_t *rx, size_t len)
{
	struct prot_rd mine = prot_rd_init(d->request, d->request_len);
	struct prot_rd r = prot_rd_init(rx, len);
	struct prot_pldm_header h;
	bool last = false;

	if (!d->outstanding || d->request_len == 0) {
		return;
	}
	assert_int_equal(prot_pldm_header_decode(&mine, &h), PROT_OK);
	if (prot_pldm_response_decode(&r, &h, &d->last_cc) != PROT_OK) {
		return;
	}
	d->outstanding = false;
	if (d->last_cc != PROT_PLDM_SUCCESS) {
		return;
	}
	switch (h.command) {
	case PROT_PLDM_GET_PACKAGE_DATA:
		take_part(&r, d->package_data, sizeof(d->package_data),
			  &d->package_data_at, &last);
		d->wants_package_data = !last;
		break;
	case PROT_PLDM_GET_META_DATA:
		take_part(&r, d->metadata, sizeof(d->metadata),
			  &d->metadata_back, &last);
		break;
	case PROT_PLDM_REQUEST_FIRMWARE_DATA:
		take_data(d, &r);
		break;
	case PROT_PLDM_TRANSFER_COMPLETE:
		complete(d, here(d) ? d->faults.transfer : 0,
			 PROT_PLDM_FD_VERIFY);
		break;
	case PROT_PLDM_VERIFY_COMPLETE:
		complete(d, here(d) ? d->faults.verify : 0, PROT_PLDM_FD_APPLY);
		break;
	default:
		complete(d,
			 here(d) && d->faults.apply > 1 ? d->faults.apply : 0,
			 PROT_PLDM_FD_READY_XFER);
		break;
	}
}
