/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices on one I2C bus, each with all layers: endpoint, SMBus link, both
 * sides of the driver, registers. Every device asks every other one, all at
 * the same time; each answers with the inverted bytes of the question.
 */
#include "test.h"

#include "ast10x0.h"
#include "ast_i2c.h"
#include "i2c_model.h"
#include "mmio_mock.h"

#include <prot/port/smbus_link.h>

#include <string.h>

#define NODES_MAX   ((size_t)3)
#define MESSAGE_MAX 300
#define TYPE        PROT_MCTP_TYPE_VENDOR_PCI

struct node {
	struct i2c_model model;
	struct prot_ast_i2c i2c;
	struct prot_ast_i2c_state state;
	uint8_t buffers[2 * PROT_SMBUS_LINK_TARGET_BUFFER];

	struct prot_smbus_link_config link_config;
	struct prot_smbus_link link;

	struct prot_mctp mctp;
	struct prot_mctp_config config;
	struct prot_mctp_link mctp_link;
	struct prot_mctp_handler handler;
	struct prot_mctp_slot slots[2];
	uint8_t slot_memory[2][MESSAGE_MAX];
	struct prot_mctp_tx_buffer tx_buffers[2];
	uint8_t tx_memory[2][MESSAGE_MAX];
	uint8_t packet[PROT_MCTP_SMBUS_PACKET];
	unsigned asked;
	bool asleep; /* does not look at what arrives */
};

struct question {
	struct prot_mctp_request r;
	uint8_t message[MESSAGE_MAX];
	uint8_t reply[MESSAGE_MAX];
};

static struct node nodes[NODES_MAX];
static struct question questions[NODES_MAX][NODES_MAX];
static struct i2c_model *models[NODES_MAX];
static struct i2c_wire wire;
static size_t node_count;
static uint64_t now_ms;

static uint8_t address_of(size_t node)
{
	return (uint8_t)(0x10 + 0x11 * node);
}

static uint8_t eid_of(size_t node)
{
	return (uint8_t)(20 + node);
}

/* ---- Devices ------------------------------------------------------------- */

static void answer(void *ctx, const struct prot_mctp_message *msg,
		   struct prot_mctp_reply *reply)
{
	struct node *n = ctx;

	n->asked++;
	assert_true(msg->len <= reply->cap);
	for (size_t i = 1; i < msg->len; i++) {
		reply->data[i] = (uint8_t)~msg->data[i];
	}
	reply->len = msg->len;
}

static void start_bus(struct node *n, size_t number)
{
	uint32_t base = AST_I2C_BUS_BASE + (uint32_t)number * 0x80;

	i2c_model_init(&n->model, base, AST_I2C_DMA_OFFSET);
	n->i2c = (struct prot_ast_i2c){
		.base = base,
		.dma_offset = AST_I2C_DMA_OFFSET,
		.speed_hz = 100000,
		.clock = &mmio_mock_clock,
		.state = &n->state,
		.address = {address_of(number)},
		.buffers = n->buffers,
		.buffer_size = PROT_SMBUS_LINK_TARGET_BUFFER,
		.buffer_count = 2,
	};
	assert_int_equal(prot_ast_i2c_init(&n->i2c), PROT_OK);
	n->link_config = (struct prot_smbus_link_config){
		.controller = {&prot_ast_i2c_controller_ops, &n->i2c},
		.target = {&prot_ast_i2c_target_ops, &n->i2c},
		.address = address_of(number),
	};
	assert_int_equal(prot_smbus_link_init(&n->link, &n->link_config),
			 PROT_OK);
}

static void start_endpoint(struct node *n, size_t number)
{
	n->mctp_link = (struct prot_mctp_link){
		.ops = &prot_smbus_link_ops,
		.ctx = &n->link,
		.mtu = PROT_SMBUS_LINK_MTU,
		.binding = PROT_MCTP_BINDING_SMBUS,
	};
	n->handler = (struct prot_mctp_handler){TYPE, answer, n};
	for (size_t i = 0; i < 2; i++) {
		n->slots[i].buf = n->slot_memory[i];
		n->slots[i].cap = MESSAGE_MAX;
		n->tx_buffers[i].buf = n->tx_memory[i];
		n->tx_buffers[i].cap = MESSAGE_MAX;
	}
	n->config = (struct prot_mctp_config){
		.links = &n->mctp_link,
		.link_count = 1,
		.handlers = &n->handler,
		.handler_count = 1,
		.slots = n->slots,
		.slot_count = 2,
		.slots_per_peer = 1,
		.tx_buffers = n->tx_buffers,
		.tx_buffer_count = 2,
		.packet = n->packet,
		.packet_cap = sizeof(n->packet),
		.assembly_timeout_ms = 500,
		.send_timeout_ms = 500,
		.eid = eid_of(number),
	};
	assert_int_equal(prot_mctp_init(&n->mctp, &n->config), PROT_OK);
}

static void start(size_t count)
{
	mmio_mock_reset();
	mmio_mock_poke(AST_SCU_BASE + 0x310, 9 << 8); /* PCLK: 50 MHz */
	memset(nodes, 0, sizeof(nodes));
	memset(&wire, 0, sizeof(wire));
	memset(questions, 0, sizeof(questions));
	now_ms = 0;
	node_count = count;
	for (size_t i = 0; i < count; i++) {
		start_bus(&nodes[i], i);
		start_endpoint(&nodes[i], i);
		models[i] = &nodes[i].model;
	}
	wire.models = models;
	wire.count = count;
}

/* What a main loop does. */
static void poll(struct node *n)
{
	struct prot_mctp_addr from;
	uint8_t *packet;
	size_t len;

	prot_ast_i2c_irq(&n->i2c);
	while (!n->asleep && prot_smbus_link_next(&n->link, &packet, &len,
						  &from) == PROT_OK) {
		(void)prot_mctp_rx(&n->mctp, 0, &from, packet, len, now_ms);
	}
	if (prot_smbus_link_flush(&n->link, now_ms) ||
	    now_ms >= prot_mctp_next_tick(&n->mctp)) {
		prot_mctp_tick(&n->mctp, now_ms);
		(void)prot_smbus_link_flush(&n->link, now_ms);
	}
}

static void run_ms(unsigned ms)
{
	for (unsigned i = 0; i < ms; i++) {
		for (size_t k = 0; k < node_count; k++) {
			poll(&nodes[k]);
		}
		(void)i2c_wire_step(&wire);
		mmio_mock_forget_writes();
		mmio_mock_advance(1000);
		now_ms++;
	}
}

/* ---- Questions ----------------------------------------------------------- */

static void ask(size_t from, size_t to, size_t len, uint8_t retries)
{
	struct question *q = &questions[from][to];

	for (size_t i = 0; i < len; i++) {
		q->message[i] = (uint8_t)(i * 13 + from * 5 + to + now_ms);
	}
	q->message[0] = TYPE;
	q->r = (struct prot_mctp_request){
		.to = {.addr = prot_mctp_smbus_addr(address_of(to)),
		       .eid = eid_of(to)},
		.retries = retries,
		.timeout_ms = 2000,
		.header = q->message,
		.header_len = len,
		.reply = q->reply,
		.reply_cap = sizeof(q->reply),
	};
	assert_int_equal(
		prot_mctp_request_start(&nodes[from].mctp, &q->r, now_ms),
		PROT_OK);
}

/* Everything that is under way ends; in at most so much simulated time. */
static void run_until_answered(unsigned limit_ms)
{
	bool pending;

	do {
		run_ms(1);
		pending = false;
		for (size_t i = 0; i < NODES_MAX * NODES_MAX; i++) {
			pending = pending ||
				  questions[i / NODES_MAX][i % NODES_MAX]
						  .r.status == PROT_PENDING;
		}
		assert_true(limit_ms-- > 0);
	} while (pending);
}

/* True for a right answer; else the request must have timed out. */
static bool answered(size_t from, size_t to, size_t len)
{
	const struct question *q = &questions[from][to];

	if (q->r.status != PROT_OK) {
		assert_int_equal(q->r.status, PROT_ERR_TIMEOUT);
		return false;
	}
	assert_int_equal(q->r.reply_len, len);
	for (size_t i = 1; i < len; i++) {
		assert_int_equal(q->reply[i], (uint8_t)~q->message[i]);
	}
	return true;
}

/* Everybody asks everybody. Returns the number of right answers. */
static unsigned round_of(size_t len, uint8_t retries)
{
	unsigned answers = 0;

	for (size_t i = 0; i < node_count * node_count; i++) {
		if (i / node_count != i % node_count) {
			ask(i / node_count, i % node_count, len, retries);
		}
	}
	run_until_answered(60000);
	for (size_t i = 0; i < node_count * node_count; i++) {
		if (i / node_count != i % node_count) {
			answers += answered(i / node_count, i % node_count, len)
					   ? 1
					   : 0;
		}
	}
	return answers;
}

/* ---- Tests --------------------------------------------------------------- */

static void test_bus__quiet__every_length_arrives_at_once(void **state)
{
	(void)state;
	start(2);
	for (size_t len = 1; len <= MESSAGE_MAX; len += 7) {
		assert_int_equal(round_of(len, 0), 2);
	}
	assert_true(wire.collisions > 0);
	for (size_t i = 0; i < 2; i++) {
		const struct prot_mctp_smbus_tx_counters *c =
			prot_mctp_smbus_tx_counters(&nodes[i].link.sender);

		assert_int_equal(c->given_up, 0);
		assert_int_equal(c->nacks, 0);
		assert_int_equal(nodes[i].state.counts.lost, 0);
		assert_int_equal(nodes[i].state.counts.unexpected, 0);
		assert_int_equal(nodes[i].state.counts.timeout, 0);
	}
}

static void test_bus__three_devices__everybody_hears_everybody(void **state)
{
	(void)state;
	start(3);
	for (size_t len = 10; len <= MESSAGE_MAX; len += 58) {
		assert_int_equal(round_of(len, 0), 6);
	}
	assert_true(wire.collisions > 0);
}

/* Losing the bus costs time, never a message. */
static void test_bus__arbitration_often_lost__all_arrives(void **state)
{
	(void)state;
	start(3);
	wire.lose_arbitration = 2;
	assert_int_equal(round_of(200, 0), 6);
	assert_true(nodes[0].state.counts.arbitration > 5);
	assert_int_equal(
		prot_mctp_smbus_tx_counters(&nodes[0].link.sender)->given_up,
		0);
}

static void test_bus__now_and_then_no_acknowledge__sender_repeats(void **state)
{
	(void)state;
	start(3);
	wire.nack = 10;
	wire.seed = 7;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(round_of(200, 3), 6);
	}
	for (size_t i = 0; i < 3; i++) {
		assert_true(nodes[i].state.counts.nak > 0);
	}
}

/* A packet with a wrong PEC is dropped; the request is asked again. */
static void test_bus__noise__no_wrong_byte_gets_through(void **state)
{
	uint32_t dropped = 0;

	(void)state;
	start(3);
	wire.noise = 12;
	wire.seed = 3;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(round_of(150, 9), 6);
	}
	for (size_t i = 0; i < 3; i++) {
		const struct prot_mctp_smbus_rx_counters *c =
			prot_mctp_smbus_rx_counters(&nodes[i].link.decoder);

		for (size_t k = 0; k < PROT_MCTP_SMBUS_DROP_COUNT; k++) {
			dropped += c->drops[k];
		}
	}
	assert_true(dropped > 0);
}

/* All of it at once: an answer is right, or there is a time-out; never both. */
static void test_bus__everything_goes_wrong__right_or_timed_out(void **state)
{
	unsigned answers = 0;

	(void)state;
	for (uint32_t seed = 1; seed <= 12; seed++) {
		start(3);
		wire.lose_arbitration = 3;
		wire.nack = 5;
		wire.noise = 9;
		wire.seed = seed;
		answers += round_of(40 + 17 * seed, 2);
		/* The faults end, and with them the errors. */
		wire.lose_arbitration = 0;
		wire.nack = 0;
		wire.noise = 0;
		run_ms(2000);
		assert_int_equal(round_of(250, 0), 6);
	}
	assert_true(answers > 12);
}

static void test_bus__nobody_at_the_address__timeout(void **state)
{
	(void)state;
	start(1);
	ask(0, 1, 20, 1);
	run_until_answered(10000);
	assert_int_equal(questions[0][1].r.status, PROT_ERR_TIMEOUT);
	assert_int_equal(
		prot_mctp_smbus_tx_counters(&nodes[0].link.sender)->given_up,
		2);
}

/* Its buffers fill up; from then on it does not acknowledge, and loses nothing.
 */
static void test_bus__receiver_does_not_look__refused_then_goes_on(void **state)
{
	(void)state;
	start(2);
	nodes[1].asleep = true;
	ask(0, 1, 250, 2);
	run_ms(1000);
	assert_int_equal(nodes[1].state.counts.received, 2);
	assert_true(nodes[0].state.counts.nak > 0);
	assert_int_equal(nodes[1].state.counts.lost, 0);
	nodes[1].asleep = false;
	run_until_answered(10000);
	assert_true(answered(0, 1, 250));
	assert_int_equal(nodes[1].asked, 1);
}

/* What others do on the bus is no concern of the endpoints. */
static void test_bus__strange_writes__ignored(void **state)
{
	static const uint8_t peek[] = {0x20, 0x00, 0x01};
	static const uint32_t statuses[] = {
		AST_I2C_TARGET_MATCH | AST_I2C_TARGET_RX_DONE |
			AST_I2C_TARGET_WAIT_TX,
		AST_I2C_TARGET_STOP | AST_I2C_TARGET_TX_NAK,
		AST_I2C_TARGET_MATCH | AST_I2C_TARGET_RX_DONE |
			AST_I2C_TARGET_STOP,
		AST_I2C_TARGET_INACTIVE | AST_I2C_TARGET_MATCH,
		AST_I2C_TARGET_ABNORMAL,
	};

	(void)state;
	start(2);
	for (size_t i = 0; i < PROT_ARRAY_SIZE(statuses); i++) {
		i2c_model_target(&nodes[0].model, statuses[i], peek,
				 statuses[i] & AST_I2C_TARGET_RX_DONE
					 ? sizeof(peek)
					 : 0);
		run_ms(5);
		assert_int_equal(round_of(120, 0), 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bus__quiet__every_length_arrives_at_once),
		cmocka_unit_test(
			test_bus__three_devices__everybody_hears_everybody),
		cmocka_unit_test(test_bus__arbitration_often_lost__all_arrives),
		cmocka_unit_test(
			test_bus__now_and_then_no_acknowledge__sender_repeats),
		cmocka_unit_test(test_bus__noise__no_wrong_byte_gets_through),
		cmocka_unit_test(
			test_bus__everything_goes_wrong__right_or_timed_out),
		cmocka_unit_test(test_bus__nobody_at_the_address__timeout),
		cmocka_unit_test(
			test_bus__receiver_does_not_look__refused_then_goes_on),
		cmocka_unit_test(test_bus__strange_writes__ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
