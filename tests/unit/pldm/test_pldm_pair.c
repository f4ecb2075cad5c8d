/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library's update agent and its firmware device against each other, over
 * a link that loses, repeats and delays messages. Everything that happens
 * follows from a seed.
 */
#include "ua_fixture.h"

#include <prot/pldm/fd.h>

#define QUEUE      64
#define RX_CAP     512
#define IMAGE_MAX_ 4096
#define AGENT      8u
#define DEVICE     PEER

struct packet {
	bool used;
	bool to_device;
	uint64_t at_ms;
	uint64_t order; /* among those of the same time */
	size_t len;
	uint8_t bytes[RX_CAP];
};

struct store {
	uint8_t image[COMPONENTS][IMAGE_MAX_];
	uint32_t written[COMPONENTS];
	uint16_t current;
	unsigned pend; /* per cent of the calls that pend */
	bool open;
	bool activated;
	unsigned applied;
	unsigned cancelled;
};

struct pair {
	struct bench bench; /* package, configuration, agent */
	struct store store;
	struct prot_pldm_fd fd;
	struct prot_pldm_fd_config fd_cfg;
	struct prot_pldm_responder responder;
	struct prot_pldm_responder_config responder_cfg;
	struct prot_pldm_service services[2];
	struct prot_pldm_replay replay;
	struct packet queue[QUEUE];
	uint64_t now_ms;
	uint64_t sent;
	uint32_t random;
	unsigned loss; /* per cent, of messages */
	unsigned repeat;
	unsigned delay_ms; /* at most; messages may overtake each other */
	enum prot_status status;
};

static struct pair pair;

static uint32_t roll(struct pair *p, uint32_t below)
{
	p->random = p->random * 1664525u + 1013904223u;
	return below == 0 ? 0 : (p->random >> 8) % below;
}

static bool pends(struct store *s)
{
	return roll(&pair, 100) < s->pend;
}

static enum prot_status parameters(void *ctx, struct prot_wr *w)
{
	const struct prot_pldm_firmware_parameters m = {.component_count =
								COMPONENTS};

	(void)ctx;
	prot_pldm_firmware_parameters_encode(w, &m);
	for (uint16_t i = 0; i < COMPONENTS; i++) {
		const struct prot_pldm_component_entry e = {
			.id = {PROT_PLDM_CLASS_FIRMWARE, (uint16_t)(i + 1), 0},
			.active = {.version = PROT_PLDM_ASCII("1.0.0")},
		};

		prot_pldm_component_entry_encode(w, &e);
	}
	return prot_wr_ok(w) ? PROT_OK : PROT_ERR_SPACE;
}

static enum prot_status begin(void *ctx,
			      const struct prot_pldm_request_update_req *rq)
{
	struct store *s = ctx;

	assert_false(s->open);
	assert_int_equal(rq->component_count, COMPONENTS);
	s->open = true;
	return PROT_OK;
}

static enum prot_status component(void *ctx,
				  const struct prot_pldm_fd_component *c,
				  bool update, struct prot_pldm_fd_verdict *v)
{
	struct store *s = ctx;

	(void)v;
	assert_true(s->open);
	if (update) {
		s->current = (uint16_t)(c->id.identifier - 1);
		assert_true(s->current < COMPONENTS);
		s->written[s->current] = 0;
	}
	return PROT_OK;
}

static enum prot_status store_write(void *ctx, uint32_t offset,
				    const uint8_t *data, size_t len,
				    struct prot_pldm_fd_work *work)
{
	struct store *s = ctx;

	(void)work;
	if (pends(s)) {
		return PROT_PENDING;
	}
	assert_int_equal(offset, s->written[s->current]);
	assert_true(offset + len <= IMAGE_MAX_);
	memcpy(s->image[s->current] + offset, data, len);
	s->written[s->current] += (uint32_t)len;
	return PROT_OK;
}

static enum prot_status verify(void *ctx, struct prot_pldm_fd_work *work)
{
	struct store *s = ctx;

	if (pends(s)) {
		work->progress = 50;
		return PROT_PENDING;
	}
	for (uint32_t i = 0; i < s->written[s->current]; i++) {
		assert_int_equal(s->image[s->current][i],
				 image_byte(s->current, i));
	}
	return PROT_OK;
}

static enum prot_status apply(void *ctx, struct prot_pldm_fd_work *work)
{
	struct store *s = ctx;

	(void)work;
	if (pends(s)) {
		return PROT_PENDING;
	}
	s->applied++;
	return PROT_OK;
}

static enum prot_status activate(void *ctx, bool self_contained,
				 struct prot_pldm_fd_activation *a)
{
	struct store *s = ctx;

	(void)self_contained;
	(void)a;
	assert_false(s->activated);
	assert_int_equal(s->applied, COMPONENTS);
	s->activated = true;
	s->open = false;
	return PROT_OK;
}

static enum prot_status cancel(void *ctx, bool update, uint64_t *broken)
{
	struct store *s = ctx;

	(void)broken;
	s->cancelled++;
	s->open = s->open && !update;
	return PROT_OK;
}

static const struct prot_pldm_fd_ops store_ops = {
	parameters, begin, component, store_write,
	verify,     apply, activate,  cancel,
};

static const uint8_t uuid[16] = {0, 1, 2,  3,  4,  5,  6,  7,
				 8, 9, 10, 11, 12, 13, 14, 15};
static const struct prot_pldm_descriptor own[2] = {
	{PROT_PLDM_DESCRIPTOR_UUID, 16, uuid},
	{PROT_PLDM_DESCRIPTOR_IANA, 4, (const uint8_t *)"\x01\x02\x03\x04"},
};

static void pair_init(struct pair *p, uint32_t seed)
{
	static const struct content content = {.components = COMPONENTS,
					       .sizes = {1000, 33, 2048}};

	memset(p, 0, sizeof(*p));
	bench_init(&p->bench, &content);
	p->bench.cfg.max_transfer = TRANSFER;
	p->random = seed * 2654435761u + 1;
	p->fd_cfg = (struct prot_pldm_fd_config){
		.ops = &store_ops,
		.ctx = &p->store,
		.descriptors = own,
		.descriptor_count = 2,
		.max_transfer = 128,
		.t1_ms = 60000,
		.t2_ms = 1000,
	};
	assert_int_equal(prot_pldm_fd_init(&p->fd, &p->fd_cfg), PROT_OK);
	p->services[0].table = &prot_pldm_base_type;
	p->services[0].ctx = &p->responder;
	p->services[1].table = &prot_pldm_fd_type;
	p->services[1].ctx = &p->fd;
	p->responder_cfg = (struct prot_pldm_responder_config){p->services, 2,
							       &p->replay, 1};
	assert_int_equal(
		prot_pldm_responder_init(&p->responder, &p->responder_cfg),
		PROT_OK);
	p->status = PROT_PENDING;
}

static void put(struct pair *p, bool to_device, uint64_t at_ms,
		const uint8_t *bytes, size_t len)
{
	struct packet *q = p->queue;

	while (q->used) {
		q++;
		assert_true(q < p->queue + QUEUE);
	}
	assert_true(len <= RX_CAP);
	q->used = true;
	q->to_device = to_device;
	q->at_ms = at_ms;
	q->order = p->sent++;
	q->len = len;
	memcpy(q->bytes, bytes, len);
}

static void send(struct pair *p, bool to_device, const uint8_t *bytes,
		 size_t len)
{
	uint64_t at_ms = p->now_ms + roll(p, p->delay_ms + 1);

	if (len == 0 || roll(p, 100) < p->loss) {
		return;
	}
	put(p, to_device, at_ms, bytes, len);
	if (roll(p, 100) < p->repeat) {
		put(p, to_device, at_ms, bytes, len);
	}
}

static void step_agent(struct pair *p, const struct packet *rx)
{
	struct prot_pldm_message m = {DEVICE, rx ? rx->bytes : NULL,
				      rx ? rx->len : 0};
	uint8_t tx[TX_CAP];
	size_t len;

	if (p->status != PROT_PENDING) {
		return;
	}
	p->status = prot_pldm_ua_step(&p->bench.ua, rx ? &m : NULL, p->now_ms,
				      tx, sizeof(tx), &len);
	send(p, true, tx, len);
}

static void step_device(struct pair *p, const struct packet *rx)
{
	struct prot_pldm_message m = {AGENT, rx ? rx->bytes : NULL,
				      rx ? rx->len : 0};
	enum prot_status st = PROT_PENDING;
	uint8_t tx[RX_CAP];
	size_t len = 0;

	if (rx && prot_pldm_message_is_request(&m)) {
		assert_int_equal(prot_pldm_responder_handle(&p->responder, &m,
							    p->now_ms, tx,
							    sizeof(tx), &len),
				 PROT_OK);
		send(p, false, tx, len);
		return;
	}
	for (int i = 0; st == PROT_PENDING && i < 1000; i++) {
		st = prot_pldm_fd_step(&p->fd, rx ? &m : NULL, p->now_ms, tx,
				       sizeof(tx), &len);
	}
	assert_true(st == PROT_OK || st == PROT_ERR_STATE);
	send(p, false, tx, st == PROT_OK ? len : 0);
}

static bool before(const struct packet *a, const struct packet *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

/* The next packet that is due; NULL: none, and *next is when one will be. */
static struct packet *due(struct pair *p, uint64_t *next)
{
	struct packet *best = NULL;

	for (struct packet *q = p->queue; q < p->queue + QUEUE; q++) {
		if (q->used && (!best || before(q, best))) {
			best = q;
		}
	}
	if (best && best->at_ms > p->now_ms) {
		*next = best->at_ms < *next ? best->at_ms : *next;
		return NULL;
	}
	return best;
}

static void turn(struct pair *p)
{
	uint64_t agent = p->status == PROT_PENDING
				 ? prot_pldm_ua_wake_ms(&p->bench.ua)
				 : UINT64_MAX;
	uint64_t device = prot_pldm_fd_wake_ms(&p->fd);
	uint64_t next = agent < device ? agent : device;
	struct packet *packet = due(p, &next);

	if (packet) {
		struct packet copy = *packet;

		packet->used = false;
		if (copy.to_device) {
			step_device(p, &copy);
		} else {
			step_agent(p, &copy);
		}
		return;
	}
	if (next == UINT64_MAX) {
		p->now_ms += 1000; /* both are through */
		return;
	}
	p->now_ms = next > p->now_ms ? next : p->now_ms;
	if (agent <= p->now_ms) {
		step_agent(p, NULL);
	}
	if (device <= p->now_ms) {
		step_device(p, NULL);
	}
}

static void run(struct pair *p, uint64_t limit_ms)
{
	for (unsigned i = 0; p->status == PROT_PENDING && p->now_ms < limit_ms;
	     i++) {
		assert_true(i < 200000);
		turn(p);
	}
}

static void assert_updated(struct pair *p)
{
	static const uint32_t sizes[COMPONENTS] = {1000, 33, 2048};

	assert_true(p->store.activated);
	for (uint16_t c = 0; c < COMPONENTS; c++) {
		assert_int_equal(p->store.written[c], sizes[c]);
		for (uint32_t i = 0; i < sizes[c]; i++) {
			assert_int_equal(p->store.image[c][i],
					 image_byte(c, i));
		}
	}
}

/*
 * The device leaves update mode: with CancelUpdate or, when that got lost or
 * overtook RequestUpdate, at the latest with FD_T1.
 */
static void assert_free(struct pair *p)
{
	for (unsigned i = 0; i < 100000 && p->store.open; i++) {
		turn(p);
	}
	assert_int_equal(prot_pldm_fd_state(&p->fd), PROT_PLDM_FD_IDLE);
	assert_false(p->store.open);
}

static void test_pair__perfect_link__updated(void **state)
{
	(void)state;
	pair_init(&pair, 1);
	run(&pair, 10000);
	assert_int_equal(pair.status, PROT_OK);
	assert_updated(&pair);
	assert_int_equal(prot_pldm_fd_state(&pair.fd), PROT_PLDM_FD_IDLE);
	assert_int_equal(pair.store.cancelled, 0);
}

static void test_pair__slow_storage__updated(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 20; seed++) {
		pair_init(&pair, seed);
		pair.store.pend = 60;
		run(&pair, 100000);
		assert_int_equal(pair.status, PROT_OK);
		assert_updated(&pair);
	}
}

/* With enough tries, whatever the link does, the update ends well. */
static void test_pair__lossy_link_many_tries__always_updated(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 300; seed++) {
		pair_init(&pair, seed);
		pair.bench.cfg.retries = 30;
		pair.bench.cfg.busy_ms = 60000;
		pair.loss = seed % 25;
		pair.repeat = seed % 13 * 3;
		pair.delay_ms = seed % 4 == 0 ? 0 : 60;
		pair.store.pend = seed % 5 * 10;
		run(&pair, 3600000);
		if (pair.status != PROT_OK) {
			const struct prot_pldm_ua_result *r =
				prot_pldm_ua_result(&pair.bench.ua);

			fail_msg("seed %u: %s in %s, code %#x, at %llu ms",
				 seed, prot_pldm_ua_reason_text(r->reason),
				 prot_pldm_ua_step_text(r->step), r->code,
				 (unsigned long long)pair.now_ms);
		}
		assert_updated(&pair);
	}
}

/* With the usual tries it may fail, but it ends, and the device is free. */
static void test_pair__very_lossy_link__ends_and_device_is_free(void **state)
{
	unsigned updated = 0;

	(void)state;
	for (uint32_t seed = 0; seed < 200; seed++) {
		pair_init(&pair, seed);
		pair.loss = 30 + seed % 40;
		pair.repeat = 20;
		pair.delay_ms = 100;
		run(&pair, 3600000);
		assert_int_not_equal(pair.status, PROT_PENDING);
		updated += pair.store.activated;
		assert_free(&pair);
	}
	assert_true(updated < 200);
}

static void test_pair__cancelled_at_random__device_is_free(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 200; seed++) {
		unsigned turns;

		pair_init(&pair, seed);
		pair.bench.cfg.retries = 30;
		pair.bench.cfg.busy_ms = 60000;
		pair.loss = seed % 20;
		pair.delay_ms = 20;
		turns = roll(&pair, 250);
		while (turns-- != 0 && pair.status == PROT_PENDING) {
			turn(&pair);
		}
		prot_pldm_ua_cancel(&pair.bench.ua, PROT_PLDM_UA_UPDATE);
		run(&pair, 3600000);
		if (pair.status == PROT_OK) {
			assert_updated(&pair);
			continue; /* it was through already */
		}
		assert_int_equal(pair.status, PROT_ERR_CANCELLED);
		assert_free(&pair);
	}
}

static void test_pair__second_update_after_the_first__works(void **state)
{
	(void)state;
	pair_init(&pair, 3);
	run(&pair, 10000);
	assert_int_equal(pair.status, PROT_OK);
	memset(&pair.store, 0, sizeof(pair.store));
	pair.status = PROT_PENDING;
	assert_int_equal(prot_pldm_ua_init(&pair.bench.ua, &pair.bench.cfg),
			 PROT_OK);
	pair.now_ms += PROT_PLDM_PT3_MIN_MS + 1000; /* ids are free again */
	run(&pair, pair.now_ms + 10000);
	assert_int_equal(pair.status, PROT_OK);
	assert_updated(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pair__perfect_link__updated),
		cmocka_unit_test(test_pair__slow_storage__updated),
		cmocka_unit_test(
			test_pair__lossy_link_many_tries__always_updated),
		cmocka_unit_test(
			test_pair__very_lossy_link__ends_and_device_is_free),
		cmocka_unit_test(
			test_pair__cancelled_at_random__device_is_free),
		cmocka_unit_test(
			test_pair__second_update_after_the_first__works),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
