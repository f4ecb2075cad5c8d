/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <prot/port/smbus_link.h>

#include <string.h>

#define OWN  0x10
#define PEER 0x22

/* A bus that says what it is told to, and keeps what was asked of it. */
static struct bus {
	enum prot_status result;
	unsigned transfers;
	struct prot_i2c_transfer last;
	uint8_t sent[128];

	enum prot_status arrived;
	const uint8_t *bytes;
	size_t len;
	unsigned count; /* of such arrivals that are still to come */
} bus;

static enum prot_status bus_transfer(void *ctx,
				     const struct prot_i2c_transfer *t)
{
	struct bus *b = ctx;

	assert_true(t->tx_len <= sizeof(b->sent));
	b->transfers++;
	b->last = *t;
	memcpy(b->sent, t->tx, t->tx_len);
	return b->result;
}

static enum prot_status bus_receive(void *ctx, const uint8_t **bytes,
				    size_t *len)
{
	struct bus *b = ctx;

	if (b->count == 0) {
		return PROT_PENDING;
	}
	b->count--;
	*bytes = b->bytes;
	*len = b->len;
	return b->arrived;
}

static const struct prot_i2c_controller_ops controller_ops = {bus_transfer};
static const struct prot_i2c_target_ops target_ops = {bus_receive};
static const struct prot_smbus_link_config config = {
	.controller = {&controller_ops, &bus},
	.target = {&target_ops, &bus},
	.address = OWN,
};
static struct prot_smbus_link link;

/* Get Endpoint ID, and the frames that carry it from us and to us. */
static const uint8_t packet[] = {1, 0, 8, 0xC8, 0, 0x80, 2};
static uint8_t out[64];
static size_t out_len;
static uint8_t in[64];
static size_t in_len;

static void frame_of(uint8_t dest, uint8_t source, uint8_t *frame, size_t *len)
{
	struct prot_wr w = prot_wr_init(frame, 64);

	prot_mctp_smbus_encode(&w, dest, source, packet, sizeof(packet));
	assert_true(prot_wr_ok(&w));
	*len = w.len;
}

static int setup(void **state)
{
	(void)state;
	memset(&bus, 0, sizeof(bus));
	frame_of(PEER, OWN, out, &out_len);
	frame_of(OWN, PEER, in, &in_len);
	return prot_smbus_link_init(&link, &config) == PROT_OK ? 0 : 1;
}

static enum prot_status tx(uint8_t to)
{
	const struct prot_mctp_addr addr = prot_mctp_smbus_addr(to);

	return prot_smbus_link_ops.tx(&link, &addr, packet, sizeof(packet));
}

static void arrives(enum prot_status st, const uint8_t *bytes, size_t len,
		    unsigned count)
{
	bus.arrived = st;
	bus.bytes = bytes;
	bus.len = len;
	bus.count = count;
}

static enum prot_status next(void)
{
	struct prot_mctp_addr from = {0};
	uint8_t *p = NULL;
	size_t n = 0;
	enum prot_status st = prot_smbus_link_next(&link, &p, &n, &from);

	if (st == PROT_OK) {
		assert_int_equal(n, sizeof(packet));
		assert_memory_equal(p, packet, n);
		assert_int_equal(from.len, 1);
		assert_int_equal(from.bytes[0], PEER);
	}
	return st;
}

static uint32_t drops(enum prot_mctp_smbus_drop reason)
{
	return prot_mctp_smbus_rx_counters(&link.decoder)->drops[reason];
}

static void test_init__address_no_device_may_have__refused(void **state)
{
	struct prot_smbus_link_config c = config;

	(void)state;
	for (unsigned a = 0; a < 256; a++) {
		c.address = (uint8_t)a;
		assert_int_equal(prot_smbus_link_init(&link, &c),
				 a >= 0x08 && a <= 0x77 ? PROT_OK
							: PROT_ERR_ARG);
	}
}

static void test_flush__nothing_to_send__ready(void **state)
{
	(void)state;
	assert_true(prot_smbus_link_flush(&link, 0));
	assert_int_equal(bus.transfers, 0);
	assert_int_equal(prot_smbus_link_next_tick(&link), UINT64_MAX);
}

static void test_tx__packet__one_block_write(void **state)
{
	(void)state;
	assert_int_equal(tx(PEER), PROT_OK);
	assert_int_equal(bus.transfers, 0); /* flush sends */
	assert_true(prot_smbus_link_next_tick(&link) != UINT64_MAX);
	assert_true(prot_smbus_link_flush(&link, 0));
	assert_int_equal(bus.transfers, 1);
	assert_int_equal(bus.last.address, PEER);
	assert_int_equal(bus.last.rx_len, 0);
	assert_int_equal(bus.last.tx_len, out_len - 1);
	assert_memory_equal(bus.sent, out + 1, out_len - 1);
	assert_int_equal(prot_smbus_link_next_tick(&link), UINT64_MAX);
}

static void test_tx__transfer_pends__busy_and_same_arguments(void **state)
{
	struct prot_i2c_transfer first;

	(void)state;
	bus.result = PROT_PENDING;
	assert_int_equal(tx(PEER), PROT_OK);
	assert_int_equal(tx(PEER), PROT_ERR_BUSY);
	assert_false(prot_smbus_link_flush(&link, 0));
	first = bus.last;
	assert_int_equal(tx(PEER), PROT_ERR_BUSY);
	for (uint64_t now = 1; now < 1000; now++) {
		assert_false(prot_smbus_link_flush(&link, now));
		assert_int_equal(bus.last.address, first.address);
		assert_ptr_equal(bus.last.tx, first.tx);
		assert_int_equal(bus.last.tx_len, first.tx_len);
		assert_memory_equal(bus.sent, out + 1, out_len - 1);
	}
	bus.result = PROT_OK;
	assert_true(prot_smbus_link_flush(&link, 1000));
	assert_int_equal(prot_mctp_smbus_tx_counters(&link.sender)->packets, 1);
	assert_int_equal(tx(PEER), PROT_OK);
}

static void test_tx__arbitration_lost__again_until_sent(void **state)
{
	uint64_t now = 0;

	(void)state;
	bus.result = PROT_ERR_BUSY;
	assert_int_equal(tx(PEER), PROT_OK);
	for (int i = 0; i < 20; i++) {
		assert_false(prot_smbus_link_flush(&link, now));
		now = prot_smbus_link_next_tick(&link);
	}
	assert_int_equal(bus.transfers, 20);
	bus.result = PROT_OK;
	assert_true(prot_smbus_link_flush(&link, now));
}

static void test_tx__bus_never_won__given_up_in_time(void **state)
{
	uint64_t now = 0;

	(void)state;
	bus.result = PROT_ERR_BUSY;
	assert_int_equal(tx(PEER), PROT_OK);
	while (!prot_smbus_link_flush(&link, now)) {
		now++;
		assert_true(now <= PROT_MCTP_SMBUS_DEADLINE_MS);
	}
	assert_int_equal(prot_mctp_smbus_tx_counters(&link.sender)->given_up,
			 1);
}

static void test_tx__never_acknowledged__given_up(void **state)
{
	uint64_t now = 0;

	(void)state;
	bus.result = PROT_ERR_NOT_FOUND;
	assert_int_equal(tx(PEER), PROT_OK);
	while (!prot_smbus_link_flush(&link, now)) {
		now++;
	}
	assert_int_equal(bus.transfers, 1 + PROT_MCTP_SMBUS_NACK_RETRIES);
	assert_int_equal(prot_mctp_smbus_tx_counters(&link.sender)->given_up,
			 1);
	/* Then the next one. */
	bus.result = PROT_OK;
	assert_int_equal(tx(PEER), PROT_OK);
	while (!prot_smbus_link_flush(&link, now)) {
		now++;
	}
	assert_int_equal(prot_mctp_smbus_tx_counters(&link.sender)->packets, 1);
}

static void test_tx__to_oneself_or_no_address__refused(void **state)
{
	const struct prot_mctp_addr none = {0};

	(void)state;
	assert_int_equal(tx(OWN), PROT_ERR_ARG);
	assert_int_equal(tx(0x03), PROT_ERR_ARG);
	assert_int_equal(
		prot_smbus_link_ops.tx(&link, &none, packet, sizeof(packet)),
		PROT_ERR_ARG);
	assert_true(prot_smbus_link_flush(&link, 0));
	assert_int_equal(bus.transfers, 0);
}

static void test_next__frame__packet_and_sender(void **state)
{
	(void)state;
	arrives(PROT_OK, in, in_len, 2);
	assert_int_equal(next(), PROT_OK);
	assert_int_equal(next(), PROT_OK);
	assert_int_equal(next(), PROT_PENDING);
}

static void test_next__each_bit_inverted__dropped_next_one_arrives(void **state)
{
	(void)state;
	for (size_t bit = 0; bit < 8 * in_len; bit++) {
		in[bit / 8] ^= (uint8_t)(1u << bit % 8);
		arrives(PROT_OK, in, in_len, 1);
		assert_int_equal(next(), PROT_PENDING);
		in[bit / 8] ^= (uint8_t)(1u << bit % 8);
		arrives(PROT_OK, in, in_len, 1);
		assert_int_equal(next(), PROT_OK);
	}
	assert_int_equal(prot_mctp_smbus_rx_counters(&link.decoder)->packets,
			 8 * in_len);
}

static void test_next__frame_for_second_address__dropped(void **state)
{
	(void)state;
	frame_of(OWN + 1, PEER, in, &in_len);
	arrives(PROT_OK, in, in_len, 1);
	assert_int_equal(next(), PROT_PENDING);
	assert_int_equal(drops(PROT_MCTP_SMBUS_DROP_DEST), 1);
}

static void test_next__target_lost_one__counted(void **state)
{
	(void)state;
	arrives(PROT_ERR_SPACE, NULL, 0, 3);
	assert_int_equal(next(), PROT_PENDING);
	assert_int_equal(drops(PROT_MCTP_SMBUS_DROP_LOST), 3);
}

static void test_next__endless_noise__returns(void **state)
{
	(void)state;
	arrives(PROT_OK, in, in_len - 1, 1000);
	assert_int_equal(next(), PROT_PENDING);
	assert_true(bus.count > 900);
}

static void test_next__target_fails__status_passed_on(void **state)
{
	(void)state;
	arrives(PROT_ERR_IO, NULL, 0, 1);
	assert_int_equal(next(), PROT_ERR_IO);
	assert_int_equal(next(), PROT_PENDING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, setup)
		T(test_init__address_no_device_may_have__refused),
		T(test_flush__nothing_to_send__ready),
		T(test_tx__packet__one_block_write),
		T(test_tx__transfer_pends__busy_and_same_arguments),
		T(test_tx__arbitration_lost__again_until_sent),
		T(test_tx__bus_never_won__given_up_in_time),
		T(test_tx__never_acknowledged__given_up),
		T(test_tx__to_oneself_or_no_address__refused),
		T(test_next__frame__packet_and_sender),
		T(test_next__each_bit_inverted__dropped_next_one_arrives),
		T(test_next__frame_for_second_address__dropped),
		T(test_next__target_lost_one__counted),
		T(test_next__endless_noise__returns),
		T(test_next__target_fails__status_passed_on),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
