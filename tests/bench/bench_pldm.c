/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RequestFirmwareData exchanges between a firmware device and an agent that
 * answers with the codecs: request encoded, decoded and checked, response
 * encoded, matched and handed to a storage that looks at nothing.
 *
 *	bench_pldm SIZE COUNT
 *
 * makes COUNT exchanges of SIZE bytes each and prints the nanoseconds that one
 * took. Instructions per exchange are the difference of two runs with
 * different counts, divided by the difference of the counts.
 */
#define _POSIX_C_SOURCE 200809L

#include <prot/pldm/fd.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define AGENT          8u
#define SIZE_MAX_BYTES 65536u

static enum prot_status parameters(void *ctx, struct prot_wr *body)
{
	(void)ctx;
	(void)body;
	return PROT_ERR_UNSUPPORTED;
}

static enum prot_status begin(void *ctx,
			      const struct prot_pldm_request_update_req *rq)
{
	(void)ctx;
	(void)rq;
	return PROT_OK;
}

static enum prot_status component(void *ctx,
				  const struct prot_pldm_fd_component *c,
				  bool update, struct prot_pldm_fd_verdict *v)
{
	(void)ctx;
	(void)c;
	(void)update;
	(void)v;
	return PROT_OK;
}

static enum prot_status take(void *ctx, uint32_t offset, const uint8_t *data,
			     size_t len, struct prot_pldm_fd_work *work)
{
	uint64_t *received = ctx;

	(void)offset;
	(void)data;
	(void)work;
	*received += len;
	return PROT_OK;
}

static enum prot_status finish(void *ctx, struct prot_pldm_fd_work *work)
{
	(void)ctx;
	(void)work;
	return PROT_OK;
}

static enum prot_status activate(void *ctx, bool self_contained,
				 struct prot_pldm_fd_activation *a)
{
	(void)ctx;
	(void)self_contained;
	(void)a;
	return PROT_OK;
}

static enum prot_status cancel(void *ctx, bool update, uint64_t *broken)
{
	(void)ctx;
	(void)update;
	*broken = 0;
	return PROT_OK;
}

static const struct prot_pldm_fd_ops ops = {
	.parameters = parameters,
	.begin = begin,
	.component = component,
	.write = take,
	.verify = finish,
	.apply = finish,
	.activate = activate,
	.cancel = cancel,
};

static const uint8_t uuid[16];
static const struct prot_pldm_descriptor descriptor = {
	PROT_PLDM_DESCRIPTOR_UUID, sizeof(uuid), uuid};

struct bench {
	struct prot_pldm_fd fd;
	struct prot_pldm_fd_config cfg;
	struct prot_pldm_responder responder;
	struct prot_pldm_responder_config responder_cfg;
	struct prot_pldm_service service;
	uint32_t size;  /* bytes per exchange */
	uint32_t image; /* bytes in all */
	uint64_t received;
	uint8_t request[PROT_PLDM_FD_TX_MIN];
	size_t request_len;
	uint8_t response[PROT_PLDM_RESPONSE_SIZE + SIZE_MAX_BYTES];
};

static void require(bool truth, const char *what)
{
	if (!truth) {
		(void)fprintf(stderr, "%s\n", what);
		exit(1);
	}
}

/* One request of the agent. */
static void ask(struct bench *b, const uint8_t *msg, size_t len)
{
	const struct prot_pldm_message m = {AGENT, msg, len};
	uint8_t tx[64];
	size_t tx_len;

	require(prot_pldm_responder_handle(&b->responder, &m, 0, tx, sizeof(tx),
					   &tx_len) == PROT_OK &&
			tx[3] == PROT_PLDM_SUCCESS,
		"the device refused");
}

static void start(struct bench *b)
{
	const struct prot_pldm_request_update_req update = {
		.max_transfer = b->size,
		.component_count = 1,
		.max_outstanding = 1};
	const struct prot_pldm_pass_component_req pass = {
		.flag = PROT_PLDM_START_AND_END};
	const struct prot_pldm_update_component_req target = {.size = b->image};
	uint8_t msg[64];
	struct prot_wr w = prot_wr_init(msg, sizeof(msg));

	prot_pldm_request_begin(&w, 1, PROT_PLDM_TYPE_FWUP,
				PROT_PLDM_REQUEST_UPDATE);
	prot_pldm_request_update_req_encode(&w, &update);
	ask(b, msg, w.len);
	w = prot_wr_init(msg, sizeof(msg));
	prot_pldm_request_begin(&w, 2, PROT_PLDM_TYPE_FWUP,
				PROT_PLDM_PASS_COMPONENT_TABLE);
	prot_pldm_pass_component_req_encode(&w, &pass);
	ask(b, msg, w.len);
	w = prot_wr_init(msg, sizeof(msg));
	prot_pldm_request_begin(&w, 3, PROT_PLDM_TYPE_FWUP,
				PROT_PLDM_UPDATE_COMPONENT);
	prot_pldm_update_component_req_encode(&w, &target);
	ask(b, msg, w.len);
	require(prot_pldm_fd_step(&b->fd, NULL, 0, b->request,
				  sizeof(b->request),
				  &b->request_len) == PROT_OK,
		"the device did not start");
}

static void setup(struct bench *b)
{
	b->cfg = (struct prot_pldm_fd_config){
		.ops = &ops,
		.ctx = &b->received,
		.descriptors = &descriptor,
		.descriptor_count = 1,
		.max_transfer = b->size,
		.t1_ms = PROT_PLDM_FD_T1_MIN_MS,
		.t2_ms = PROT_PLDM_FD_T2_MIN_MS,
	};
	b->service.table = &prot_pldm_fd_type;
	b->service.ctx = &b->fd;
	b->responder_cfg.services = &b->service;
	b->responder_cfg.service_count = 1;
	require(prot_pldm_fd_init(&b->fd, &b->cfg) == PROT_OK &&
			prot_pldm_responder_init(&b->responder,
						 &b->responder_cfg) == PROT_OK,
		"the size does not suit");
}

/* The agent's half and then the device's. */
static void exchange(struct bench *b)
{
	struct prot_rd r = prot_rd_init(b->request, b->request_len);
	struct prot_wr w = prot_wr_init(b->response, sizeof(b->response));
	struct prot_pldm_message m = {AGENT, b->response, 0};
	struct prot_pldm_request_data_req range;
	struct prot_pldm_header h;

	require(prot_pldm_header_decode(&r, &h) == PROT_OK &&
			h.command == PROT_PLDM_REQUEST_FIRMWARE_DATA &&
			prot_pldm_request_data_req_decode(&r, &range) ==
				PROT_OK &&
			prot_pldm_request_data_check(
				&range, b->image, b->size) == PROT_PLDM_SUCCESS,
		"not the request that was expected");
	prot_pldm_response_begin(&w, &h, PROT_PLDM_SUCCESS);
	(void)prot_wr_claim(&w, range.length);
	m.len = w.len;
	require(prot_pldm_fd_step(&b->fd, &m, 0, b->request, sizeof(b->request),
				  &b->request_len) == PROT_OK,
		"the device did not go on");
}

static double now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
	static struct bench b;
	unsigned long size = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
	unsigned long count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	double began;

	if (size == 0 || size % PROT_PLDM_FWUP_BASELINE_TRANSFER != 0 ||
	    size > SIZE_MAX_BYTES || count == 0 || count > UINT32_MAX / size) {
		(void)fprintf(stderr, "usage: bench_pldm SIZE COUNT\n");
		return 2;
	}
	b.size = (uint32_t)size;
	b.image = (uint32_t)(size * count);
	setup(&b);
	start(&b);
	began = now_ns();
	for (unsigned long i = 0; i < count; i++) {
		exchange(&b);
	}
	printf("%lu exchanges of %lu bytes, %.1f ns each\n", count, size,
	       (now_ns() - began) / (double)count);
	require(b.received == b.image, "bytes were lost");
	return 0;
}
