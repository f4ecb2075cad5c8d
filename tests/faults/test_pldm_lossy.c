/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Update agent and firmware device over a link that loses, repeats and delays
 * messages, but keeps their order, as the MCTP transports do: every update ends
 * with the images of the package on the device, each part written once and
 * activation asked for once.
 */
#include "ua_fixture.h"

#include <prot/pldm/fd.h>

#define AGENT       8u
#define LOSS        10u /* percent of messages */
#define REPEAT      10u
#define LATE        20u
#define LATE_MS     900u
#define PEND        15u /* percent of calls of storage ops */
#define FLIGHTS     64u
#define MESSAGE_MAX 320u
#define SEEDS       1000u

struct flight {
	bool to_device;
	bool used;
	unsigned number; /* the order of sending */
	uint64_t at_ms;
	size_t len;
	uint8_t bytes[MESSAGE_MAX];
};

struct world {
	struct bench agent; /* its own device is not used */
	struct prot_pldm_fd fd;
	struct prot_pldm_fd_config fd_cfg;
	struct prot_pldm_responder responder;
	struct prot_pldm_responder_config responder_cfg;
	struct prot_pldm_service services[2];
	struct prot_pldm_replay replay[1];
	struct flight flights[FLIGHTS];
	uint64_t last_ms[2]; /* of each direction: when the latest arrives */
	/* a message that the device's storage is busy with */
	uint8_t held[MESSAGE_MAX];
	size_t held_len;
	unsigned posted;
	uint32_t random;
	uint64_t now_ms;
	/* what the device's storage got */
	uint8_t images[COMPONENTS][4096];
	uint32_t written;
	uint16_t component;
	unsigned begins, applies, activations, cancels;
};

static uint32_t draw(struct world *w)
{
	w->random = w->random * 1664525u + 1013904223u;
	return w->random >> 8;
}

static bool percent(struct world *w, uint32_t n)
{
	return draw(w) % 100 < n;
}

static enum prot_status op_parameters(void *ctx, struct prot_wr *body)
{
	const struct prot_pldm_firmware_parameters p = {.component_count =
								COMPONENTS};

	(void)ctx;
	prot_pldm_firmware_parameters_encode(body, &p);
	for (uint16_t i = 0; i < COMPONENTS; i++) {
		const struct prot_pldm_component_entry e = {
			.id = {PROT_PLDM_CLASS_FIRMWARE, (uint16_t)(i + 1), 0}};

		prot_pldm_component_entry_encode(body, &e);
	}
	return PROT_OK;
}

static enum prot_status op_begin(void *ctx,
				 const struct prot_pldm_request_update_req *rq)
{
	struct world *w = (struct world *)ctx;

	(void)rq;
	if (percent(w, PEND)) {
		return PROT_ERR_BUSY;
	}
	w->begins++;
	return PROT_OK;
}

static enum prot_status op_component(void *ctx,
				     const struct prot_pldm_fd_component *c,
				     bool update,
				     struct prot_pldm_fd_verdict *v)
{
	struct world *w = (struct world *)ctx;

	(void)v;
	if (percent(w, PEND)) {
		return PROT_PENDING;
	}
	if (update) {
		assert_in_range(c->id.identifier, 1, COMPONENTS);
		assert_int_equal(c->id.identifier, w->applies + 1);
		w->component = (uint16_t)(c->id.identifier - 1);
		w->written = 0;
	}
	return PROT_OK;
}

static enum prot_status op_write(void *ctx, uint32_t offset,
				 const uint8_t *data, size_t len,
				 struct prot_pldm_fd_work *work)
{
	struct world *w = (struct world *)ctx;

	(void)work;
	assert_int_equal(offset, w->written);
	if (percent(w, PEND)) {
		return PROT_PENDING;
	}
	assert_true(len <= sizeof(w->images[0]) - offset);
	memcpy(w->images[w->component] + offset, data, len);
	w->written += (uint32_t)len;
	return PROT_OK;
}

static enum prot_status op_verify(void *ctx, struct prot_pldm_fd_work *work)
{
	(void)work;
	return percent((struct world *)ctx, PEND) ? PROT_PENDING : PROT_OK;
}

static enum prot_status op_apply(void *ctx, struct prot_pldm_fd_work *work)
{
	struct world *w = (struct world *)ctx;

	(void)work;
	if (percent(w, PEND)) {
		return PROT_PENDING;
	}
	w->applies++;
	return PROT_OK;
}

static enum prot_status op_activate(void *ctx, bool self_contained,
				    struct prot_pldm_fd_activation *a)
{
	struct world *w = (struct world *)ctx;

	(void)self_contained;
	(void)a;
	w->activations++;
	return PROT_OK;
}

static enum prot_status op_cancel(void *ctx, bool update, uint64_t *broken)
{
	(void)update;
	*broken = 0;
	((struct world *)ctx)->cancels++;
	return PROT_OK;
}

static const struct prot_pldm_fd_ops ops = {
	.parameters = op_parameters,
	.begin = op_begin,
	.component = op_component,
	.write = op_write,
	.verify = op_verify,
	.apply = op_apply,
	.activate = op_activate,
	.cancel = op_cancel,
};

static const uint8_t uuid[16] = {0, 1, 2,  3,  4,  5,  6,  7,
				 8, 9, 10, 11, 12, 13, 14, 15};
static const struct prot_pldm_descriptor descriptors[] = {
	{PROT_PLDM_DESCRIPTOR_UUID, 16, uuid},
	{PROT_PLDM_DESCRIPTOR_IANA, 4, (const uint8_t *)"\x01\x02\x03\x04"},
};

static void world_init(struct world *w, const struct content *content,
		       uint32_t seed)
{
	memset(w, 0, sizeof(*w));
	bench_init(&w->agent, content);
	w->agent.cfg.retries = 10;
	w->agent.cfg.busy_ms = 30000;
	w->random = seed;
	w->fd_cfg = (struct prot_pldm_fd_config){
		.ops = &ops,
		.ctx = w,
		.descriptors = descriptors,
		.descriptor_count = PROT_ARRAY_SIZE(descriptors),
		.max_transfer = TRANSFER,
		.t1_ms = PROT_PLDM_FD_T1_MIN_MS,
		.t2_ms = PROT_PLDM_FD_T2_MIN_MS,
	};
	w->services[0].table = &prot_pldm_base_type;
	w->services[0].ctx = &w->responder;
	w->services[1].table = &prot_pldm_fd_type;
	w->services[1].ctx = &w->fd;
	w->responder_cfg = (struct prot_pldm_responder_config){
		.services = w->services,
		.service_count = PROT_ARRAY_SIZE(w->services),
		.replay = w->replay,
		.replay_count = PROT_ARRAY_SIZE(w->replay),
	};
	assert_int_equal(prot_pldm_fd_init(&w->fd, &w->fd_cfg), PROT_OK);
	assert_int_equal(
		prot_pldm_responder_init(&w->responder, &w->responder_cfg),
		PROT_OK);
}

static void post_once(struct world *w, bool to_device, const uint8_t *msg,
		      size_t len)
{
	for (size_t i = 0; i < FLIGHTS; i++) {
		struct flight *f = &w->flights[i];

		if (f->used) {
			continue;
		}
		assert_true(len <= sizeof(f->bytes));
		f->used = true;
		f->to_device = to_device;
		f->at_ms = w->now_ms + 1 +
			   (percent(w, LATE) ? draw(w) % LATE_MS : 0);
		if (f->at_ms < w->last_ms[to_device]) {
			f->at_ms = w->last_ms[to_device];
		}
		w->last_ms[to_device] = f->at_ms;
		f->number = w->posted++;
		f->len = len;
		memcpy(f->bytes, msg, len);
		return;
	}
	fail_msg("too many messages under way");
}

static void post(struct world *w, bool to_device, const uint8_t *msg,
		 size_t len)
{
	if (len == 0 || percent(w, LOSS)) {
		return;
	}
	post_once(w, to_device, msg, len);
	if (percent(w, REPEAT)) {
		post_once(w, to_device, msg, len);
	}
}

static void step_agent(struct world *w, const uint8_t *msg, size_t len)
{
	const struct prot_pldm_message rx = {PEER, msg, len};
	uint8_t tx[TX_CAP];
	size_t tx_len;

	w->agent.status = prot_pldm_ua_step(&w->agent.ua, msg ? &rx : NULL,
					    w->now_ms, tx, sizeof(tx), &tx_len);
	post(w, true, tx, tx_len);
}

/* A response, or a tick; what pends is held and offered again. */
static void step_device(struct world *w, const uint8_t *msg, size_t len)
{
	const struct prot_pldm_message rx = {AGENT, msg, len};
	uint8_t tx[PROT_PLDM_FD_TX_MIN];
	size_t tx_len;
	enum prot_status st = prot_pldm_fd_step(
		&w->fd, msg ? &rx : NULL, w->now_ms, tx, sizeof(tx), &tx_len);

	if (st == PROT_PENDING && msg) {
		memmove(w->held, msg, len);
		w->held_len = len;
	} else if (msg == w->held) {
		w->held_len = 0;
	}
	post(w, false, tx, tx_len);
}

static void tick_device(struct world *w)
{
	step_device(w, w->held_len ? w->held : NULL, w->held_len);
}

static void device_receives(struct world *w, const uint8_t *msg, size_t len)
{
	const struct prot_pldm_message rx = {AGENT, msg, len};
	uint8_t tx[512];
	size_t tx_len;

	if (!prot_pldm_message_is_request(&rx)) {
		step_device(w, msg, len);
		return;
	}
	assert_int_equal(prot_pldm_responder_handle(&w->responder, &rx,
						    w->now_ms, tx, sizeof(tx),
						    &tx_len),
			 PROT_OK);
	post(w, false, tx, tx_len);
}

static uint64_t next_event(const struct world *w)
{
	uint64_t next = prot_pldm_fd_wake_ms(&w->fd);
	uint64_t agent = prot_pldm_ua_wake_ms(&w->agent.ua);

	next = agent < next ? agent : next;
	for (size_t i = 0; i < FLIGHTS; i++) {
		if (w->flights[i].used && w->flights[i].at_ms < next) {
			next = w->flights[i].at_ms;
		}
	}
	return next;
}

/* The message that arrives next, if it is due. */
static struct flight *arriving(struct world *w)
{
	struct flight *first = NULL;

	for (size_t i = 0; i < FLIGHTS; i++) {
		struct flight *f = &w->flights[i];

		if (f->used && f->at_ms <= w->now_ms &&
		    (!first || f->number < first->number)) {
			first = f;
		}
	}
	return first;
}

static void deliver(struct world *w)
{
	struct flight *f;

	while ((f = arriving(w)) != NULL) {
		const struct flight copy = *f;

		f->used = false;
		if (copy.to_device) {
			device_receives(w, copy.bytes, copy.len);
		} else {
			step_agent(w, copy.bytes, copy.len);
		}
	}
}

static void run(struct world *w)
{
	while (w->agent.status == PROT_PENDING && w->now_ms < 600000) {
		uint64_t next = next_event(w);

		assert_true(next != UINT64_MAX);
		w->now_ms = next > w->now_ms ? next : w->now_ms + 1;
		deliver(w);
		if (prot_pldm_fd_wake_ms(&w->fd) <= w->now_ms) {
			tick_device(w);
		}
		if (prot_pldm_ua_wake_ms(&w->agent.ua) <= w->now_ms) {
			step_agent(w, NULL, 0);
		}
	}
}

static void test_update__lossy_link__every_seed_arrives(void **state)
{
	static const struct content content = {.components = COMPONENTS,
					       .sizes = {1000, 31, 2600}};
	static struct world w;
	uint64_t total_ms = 0;

	(void)state;
	for (uint32_t seed = 0; seed < SEEDS; seed++) {
		world_init(&w, &content, seed);
		run(&w);
		if (w.agent.status != PROT_OK) {
			const struct prot_pldm_ua_result *r =
				prot_pldm_ua_result(&w.agent.ua);

			print_message("seed %u: %s, in %s, code %#x\n",
				      (unsigned)seed,
				      prot_pldm_ua_reason_text(r->reason),
				      prot_pldm_ua_step_text(r->step), r->code);
		}
		assert_int_equal(w.agent.status, PROT_OK);
		for (uint16_t c = 0; c < COMPONENTS; c++) {
			for (uint32_t i = 0; i < content.sizes[c]; i++) {
				assert_int_equal(w.images[c][i],
						 image_byte(c, i));
			}
		}
		assert_int_equal(w.begins, 1);
		assert_int_equal(w.applies, COMPONENTS);
		assert_int_equal(w.activations, 1);
		assert_int_equal(w.cancels, 0);
		assert_int_equal(prot_pldm_fd_state(&w.fd), PROT_PLDM_FD_IDLE);
		total_ms += w.now_ms;
	}
	print_message("%u updates, %u s each on average\n", SEEDS,
		      (unsigned)(total_ms / SEEDS / 1000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_update__lossy_link__every_seed_arrives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
