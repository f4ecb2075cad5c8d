/* SPDX-License-Identifier: Apache-2.0 */
#include "fd_fixture.h"

static enum prot_status play(struct script *s)
{
	if (s->pend != 0) {
		s->pend--;
		return PROT_PENDING;
	}
	return s->status;
}

static const struct prot_pldm_component_entry entry = {
	.id = {PROT_PLDM_CLASS_FIRMWARE, 0x0001, 0},
	.active = {1, PROT_PLDM_ASCII("1.0.0"), "20260101"},
	.activation_methods = PROT_PLDM_ACTIVATION_MEDIUM_RESET,
};

static enum prot_status op_parameters(void *ctx, struct prot_wr *body)
{
	struct storage *s = (struct storage *)ctx;
	const struct prot_pldm_firmware_parameters p = {
		.component_count = 1,
		.active = PROT_PLDM_ASCII("set-1"),
	};

	prot_pldm_firmware_parameters_encode(body, &p);
	prot_pldm_component_entry_encode(body, &entry);
	return play(&s->parameters);
}

static enum prot_status op_begin(void *ctx,
				 const struct prot_pldm_request_update_req *rq)
{
	struct storage *s = (struct storage *)ctx;

	assert_true(rq->max_transfer >= PROT_PLDM_FWUP_BASELINE_TRANSFER);
	s->begins++;
	s->image_len = 0;
	return play(&s->begin);
}

static enum prot_status op_component(void *ctx,
				     const struct prot_pldm_fd_component *c,
				     bool update,
				     struct prot_pldm_fd_verdict *v)
{
	struct storage *s = (struct storage *)ctx;

	s->components++;
	s->last = *c;
	s->last_update = update;
	assert_int_equal(v->code, 0);
	v->code = s->verdict;
	v->options = s->options;
	v->delay_s = 3;
	return play(&s->component);
}

static enum prot_status op_write(void *ctx, uint32_t offset,
				 const uint8_t *data, size_t len,
				 struct prot_pldm_fd_work *work)
{
	struct storage *s = (struct storage *)ctx;
	enum prot_status st = play(&s->write);

	assert_int_equal(offset, s->image_len);
	assert_int_equal(offset % PROT_PLDM_FWUP_BASELINE_TRANSFER, 0);
	assert_true(len <= IMAGE_MAX - offset);
	if (st == PROT_OK) {
		memcpy(s->image + offset, data, len);
		s->image_len += (uint32_t)len;
	}
	work->result = s->write.result;
	return st;
}

static enum prot_status op_verify(void *ctx, struct prot_pldm_fd_work *work)
{
	struct storage *s = (struct storage *)ctx;

	s->verifies++;
	assert_int_equal(work->result, 0);
	work->progress = s->progress;
	work->result = s->verify.result;
	return play(&s->verify);
}

static enum prot_status op_apply(void *ctx, struct prot_pldm_fd_work *work)
{
	struct storage *s = (struct storage *)ctx;

	s->applies++;
	work->result = s->apply.result;
	work->activation_methods = s->methods;
	return play(&s->apply);
}

static enum prot_status op_activate(void *ctx, bool self_contained,
				    struct prot_pldm_fd_activation *a)
{
	struct storage *s = (struct storage *)ctx;

	s->activations++;
	s->self_contained = self_contained;
	a->cc = s->activate.result;
	a->seconds = 5;
	return play(&s->activate);
}

static enum prot_status op_cancel(void *ctx, bool update, uint64_t *broken)
{
	struct storage *s = (struct storage *)ctx;

	if (update) {
		s->update_cancels++;
	} else {
		s->component_cancels++;
	}
	s->image_len = 0;
	*broken = s->broken;
	return play(&s->cancel);
}

static enum prot_status op_package_data(void *ctx, uint32_t offset,
					const uint8_t *data, size_t len,
					bool last)
{
	struct storage *s = (struct storage *)ctx;
	enum prot_status st = play(&s->package_data);

	if (st == PROT_OK) {
		assert_int_equal(offset, s->data_len);
		assert_true(len <= DATA_MAX - offset);
		memcpy(s->data + offset, data, len);
		s->data_len += (uint32_t)len;
		s->data_lasts += last;
	}
	return st;
}

static uint16_t op_metadata_size(void *ctx)
{
	return ((struct storage *)ctx)->metadata_len;
}

static enum prot_status op_metadata_read(void *ctx, uint32_t offset,
					 uint8_t *buf, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		buf[i] = (uint8_t)(offset + i);
	}
	return ((struct storage *)ctx)->metadata_status;
}

static enum prot_status op_metadata_restore(void *ctx, uint32_t offset,
					    const uint8_t *data, size_t len,
					    bool last)
{
	struct storage *s = (struct storage *)ctx;
	enum prot_status st = play(&s->restore);

	if (st == PROT_OK) {
		assert_int_equal(offset, s->restored_len);
		for (size_t i = 0; i < len; i++) {
			assert_int_equal(data[i], (uint8_t)(offset + i));
		}
		s->restored_len += (uint32_t)len;
		s->restore_lasts += last;
	}
	return st;
}

static const struct prot_pldm_fd_ops storage_ops = {
	.parameters = op_parameters,
	.begin = op_begin,
	.component = op_component,
	.write = op_write,
	.verify = op_verify,
	.apply = op_apply,
	.activate = op_activate,
	.cancel = op_cancel,
};

const struct prot_pldm_fd_data_ops data_ops = {
	.package_data = op_package_data,
	.metadata_size = op_metadata_size,
	.metadata_read = op_metadata_read,
	.metadata_restore = op_metadata_restore,
};

static const uint8_t iana[4] = {0xD4, 0xC3, 0xB2, 0xA1};
static const struct prot_pldm_descriptor descriptors[] = {
	{PROT_PLDM_DESCRIPTOR_IANA, sizeof(iana), iana},
	{PROT_PLDM_DESCRIPTOR_PCI_DEVICE, 2, iana},
};

void fx_init(struct fx *f)
{
	memset(f, 0, sizeof(*f));
	f->now = 1000;
	f->cfg = (struct prot_pldm_fd_config){
		.ops = &storage_ops,
		.ctx = &f->s,
		.descriptors = descriptors,
		.descriptor_count = PROT_ARRAY_SIZE(descriptors),
		.max_transfer = 256,
		.t1_ms = T1_MS,
		.t2_ms = T2_MS,
	};
	f->services[0].table = &prot_pldm_base_type;
	f->services[0].ctx = &f->responder;
	f->services[1].table = &prot_pldm_fd_type;
	f->services[1].ctx = &f->fd;
	f->responder_cfg.services = f->services;
	f->responder_cfg.service_count = 2;
	f->s.progress = PROT_PLDM_PROGRESS_UNKNOWN;
	assert_int_equal(prot_pldm_fd_init(&f->fd, &f->cfg), PROT_OK);
	assert_int_equal(
		prot_pldm_responder_init(&f->responder, &f->responder_cfg),
		PROT_OK);
}

void fx_with_replay(struct fx *f)
{
	fx_init(f);
	f->responder_cfg.replay = f->replay;
	f->responder_cfg.replay_count = PROT_ARRAY_SIZE(f->replay);
}

uint8_t send_raw(struct fx *f, uint32_t peer, const uint8_t *msg, size_t len)
{
	const struct prot_pldm_message m = {peer, msg, len};

	assert_int_equal(prot_pldm_responder_handle(&f->responder, &m, f->now,
						    f->rsp, sizeof(f->rsp),
						    &f->rsp_len),
			 PROT_OK);
	assert_true(f->rsp_len >= PROT_PLDM_RESPONSE_SIZE);
	assert_int_equal(f->rsp[0], msg[0] & 0x1F);
	assert_int_equal(f->rsp[1], msg[1]);
	assert_int_equal(f->rsp[2], msg[2]);
	if (f->rsp[3] != PROT_PLDM_SUCCESS) {
		assert_int_equal(f->rsp_len, PROT_PLDM_RESPONSE_SIZE);
	}
	return f->rsp[3];
}

uint8_t ask_as(struct fx *f, uint32_t peer, uint8_t command, const void *body,
	       size_t len)
{
	uint8_t msg[300];
	struct prot_wr w = prot_wr_init(msg, sizeof(msg));

	prot_pldm_request_begin(&w, f->instance, PROT_PLDM_TYPE_FWUP, command);
	f->instance = (uint8_t)((f->instance + 1) % PROT_PLDM_INSTANCE_COUNT);
	prot_wr_bytes(&w, body, len);
	assert_true(prot_wr_ok(&w));
	return send_raw(f, peer, msg, w.len);
}

uint8_t ask(struct fx *f, uint8_t command, const void *body, size_t len)
{
	return ask_as(f, AGENT, command, body, len);
}

uint8_t ask_empty(struct fx *f, uint8_t command)
{
	return ask(f, command, NULL, 0);
}

struct prot_rd response_body(const struct fx *f)
{
	return prot_rd_init(f->rsp + PROT_PLDM_RESPONSE_SIZE,
			    f->rsp_len - PROT_PLDM_RESPONSE_SIZE);
}

enum prot_status tick(struct fx *f)
{
	return prot_pldm_fd_step(&f->fd, NULL, f->now, f->tx, sizeof(f->tx),
				 &f->tx_len);
}

void assert_request(const struct fx *f, uint8_t command)
{
	assert_true(f->tx_len >= PROT_PLDM_HEADER_SIZE);
	assert_int_equal(f->tx[0] & 0xE0, 0x80);
	assert_int_equal(f->tx[1], PROT_PLDM_TYPE_FWUP);
	assert_int_equal(f->tx[2], command);
}

enum prot_status reply(struct fx *f, uint8_t cc, const void *body, size_t len)
{
	uint8_t msg[600];
	struct prot_wr w = prot_wr_init(msg, sizeof(msg));
	const struct prot_pldm_header request = {true, false, f->tx[0] & 0x1F,
						 f->tx[1], f->tx[2]};
	struct prot_pldm_message m = {AGENT, msg, 0};
	uint8_t tx[sizeof(f->tx)];
	size_t tx_len;
	enum prot_status st;

	prot_pldm_response_begin(&w, &request, cc);
	prot_wr_bytes(&w, body, len);
	assert_true(prot_wr_ok(&w));
	m.len = w.len;
	st = prot_pldm_fd_step(&f->fd, &m, f->now, tx, sizeof(tx), &tx_len);
	if (st == PROT_OK) {
		memcpy(f->tx, tx, sizeof(tx));
		f->tx_len = tx_len;
	}
	return st;
}

uint8_t image_byte(uint32_t at)
{
	return (uint8_t)(at * 7 + (at >> 8));
}

enum prot_status reply_data(struct fx *f, uint32_t image_size)
{
	struct prot_rd r = prot_rd_init(f->tx + 3, f->tx_len - 3);
	struct prot_pldm_request_data_req m;
	uint8_t data[512];

	assert_request(f, PROT_PLDM_REQUEST_FIRMWARE_DATA);
	assert_int_equal(prot_pldm_request_data_req_decode(&r, &m), PROT_OK);
	assert_int_equal(prot_pldm_request_data_check(&m, image_size, 256),
			 PROT_PLDM_SUCCESS);
	for (uint32_t i = 0; i < m.length; i++) {
		data[i] = m.offset + i < image_size ? image_byte(m.offset + i)
						    : 0;
	}
	return reply(f, PROT_PLDM_SUCCESS, data, m.length);
}

const uint8_t request_update_body[REQUEST_UPDATE_BODY_SIZE] = {
	0x00, 0x01, 0x00, 0x00, /* 256 bytes per transfer */
	0x01, 0x00,             /* components */
	0x01,                   /* outstanding requests */
	0x00, 0x00,             /* package data */
	0x01, 0x05, '2',  '.',  '0', '.', '0'};

const uint8_t pass_component_body[PASS_COMPONENT_BODY_SIZE] = {
	0x05, 0x0A, 0x00, 0x01, 0x00, 0x00, 0x02, 0x00,
	0x00, 0x00, 0x01, 0x03, '2',  '.',  '0'};

size_t update_component_body(uint8_t *body, uint32_t size, uint32_t options)
{
	struct prot_wr w = prot_wr_init(body, 64);
	const struct prot_pldm_update_component_req m = {
		.id = {PROT_PLDM_CLASS_FIRMWARE, 1, 0},
		.stamp = 2,
		.size = size,
		.options = options,
		.version = PROT_PLDM_ASCII("2.0"),
	};

	prot_pldm_update_component_req_encode(&w, &m);
	return w.len;
}

void to_learn(struct fx *f)
{
	assert_int_equal(ask(f, PROT_PLDM_REQUEST_UPDATE, request_update_body,
			     sizeof(request_update_body)),
			 PROT_PLDM_SUCCESS);
	assert_int_equal(prot_pldm_fd_state(&f->fd),
			 PROT_PLDM_FD_LEARN_COMPONENTS);
}

void pass_component(struct fx *f)
{
	assert_int_equal(ask(f, PROT_PLDM_PASS_COMPONENT_TABLE,
			     pass_component_body, sizeof(pass_component_body)),
			 PROT_PLDM_SUCCESS);
	assert_int_equal(prot_pldm_fd_state(&f->fd), PROT_PLDM_FD_READY_XFER);
}

void to_ready(struct fx *f)
{
	to_learn(f);
	pass_component(f);
}

void start_download(struct fx *f, uint32_t size)
{
	uint8_t body[64];
	size_t len = update_component_body(body, size, 0);

	assert_int_equal(ask(f, PROT_PLDM_UPDATE_COMPONENT, body, len),
			 PROT_PLDM_SUCCESS);
	assert_int_equal(prot_pldm_fd_state(&f->fd), PROT_PLDM_FD_DOWNLOAD);
	assert_int_equal(tick(f), PROT_OK);
	assert_request(f, PROT_PLDM_REQUEST_FIRMWARE_DATA);
}

void to_download(struct fx *f, uint32_t size)
{
	to_ready(f);
	start_download(f, size);
}

void finish_download(struct fx *f, uint32_t size)
{
	while (f->tx[2] == PROT_PLDM_REQUEST_FIRMWARE_DATA) {
		assert_int_equal(reply_data(f, size), PROT_OK);
	}
	assert_request(f, PROT_PLDM_TRANSFER_COMPLETE);
}

void to_verify(struct fx *f, uint32_t size)
{
	to_download(f, size);
	finish_download(f, size);
	assert_int_equal(f->tx[3], PROT_PLDM_TRANSFER_SUCCESS);
	assert_int_equal(reply(f, PROT_PLDM_SUCCESS, NULL, 0), PROT_OK);
	assert_int_equal(prot_pldm_fd_state(&f->fd), PROT_PLDM_FD_VERIFY);
}

void to_apply(struct fx *f, uint32_t size)
{
	to_verify(f, size);
	assert_int_equal(tick(f), PROT_OK);
	assert_request(f, PROT_PLDM_VERIFY_COMPLETE);
	assert_int_equal(f->tx[3], PROT_PLDM_VERIFY_SUCCESS);
	assert_int_equal(reply(f, PROT_PLDM_SUCCESS, NULL, 0), PROT_OK);
	assert_int_equal(prot_pldm_fd_state(&f->fd), PROT_PLDM_FD_APPLY);
}

void to_applied(struct fx *f, uint32_t size)
{
	to_apply(f, size);
	assert_int_equal(tick(f), PROT_OK);
	assert_request(f, PROT_PLDM_APPLY_COMPLETE);
	assert_int_equal(reply(f, PROT_PLDM_SUCCESS, NULL, 0), PROT_OK);
	assert_int_equal(prot_pldm_fd_state(&f->fd), PROT_PLDM_FD_READY_XFER);
}

void to_activate(struct fx *f, uint32_t size)
{
	const uint8_t no = 0;

	to_applied(f, size);
	f->s.activate.pend = 3;
	assert_int_equal(ask(f, PROT_PLDM_ACTIVATE_FIRMWARE, &no, 1),
			 PROT_PLDM_SUCCESS);
	assert_int_equal(prot_pldm_fd_state(&f->fd), PROT_PLDM_FD_ACTIVATE);
}

struct prot_pldm_get_status_rsp get_status(struct fx *f)
{
	struct prot_pldm_get_status_rsp m;
	struct prot_rd r;

	assert_int_equal(ask_empty(f, PROT_PLDM_GET_STATUS), PROT_PLDM_SUCCESS);
	r = response_body(f);
	assert_int_equal(prot_pldm_get_status_rsp_decode(&r, &m), PROT_OK);
	return m;
}
