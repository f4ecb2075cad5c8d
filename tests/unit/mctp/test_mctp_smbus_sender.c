/* SPDX-License-Identifier: Apache-2.0 */
/* The SMBus sender: retries, fairness, deadlines, in every state. */
#include "test.h"

#include <prot/mctp/smbus.h>

#define OWN  0x1D
#define PEER 0x10

static const uint8_t packet[] = {0x01, 0x09, 0x08, 0xC8, 0x00, 0x80, 0x02};

static uint8_t frame_buf[PROT_MCTP_SMBUS_FRAME(PROT_MCTP_SMBUS_PACKET)];
static const struct prot_mctp_smbus_sender_config config = {
	.buf = frame_buf,
	.packet_max = PROT_MCTP_SMBUS_PACKET,
	.address = OWN,
	.nack_retries = 2,
	.idle_ms = 2,
	.arbitration_ms = 1,
	.deadline_ms = 100,
};

static struct prot_mctp_smbus_sender s;

static int setup(void **state)
{
	(void)state;
	memset(&s, 0xA5, sizeof(s));
	return prot_mctp_smbus_sender_init(&s, &config) == PROT_OK ? 0 : -1;
}

static enum prot_status send_to(uint8_t address)
{
	const struct prot_mctp_addr to = prot_mctp_smbus_addr(address);

	return prot_mctp_smbus_send(&s, &to, packet, sizeof(packet));
}

/* The frame is due at `now`, and ends like this. */
static void one_try(uint64_t now, enum prot_status st)
{
	const struct prot_mctp_smbus_frame *f =
		prot_mctp_smbus_sender_frame(&s, now);

	assert_non_null(f);
	assert_int_equal(f->dest, PEER);
	prot_mctp_smbus_sender_result(&s, st, now);
}

static void assert_nothing(uint64_t now)
{
	assert_null(prot_mctp_smbus_sender_frame(&s, now));
}

static void test_sender_init__limits__err_arg(void **state)
{
	struct prot_mctp_smbus_sender_config c = config;

	(void)state;
	c.buf = NULL;
	assert_int_equal(prot_mctp_smbus_sender_init(&s, &c), PROT_ERR_ARG);
	c = config;
	c.packet_max = 4;
	assert_int_equal(prot_mctp_smbus_sender_init(&s, &c), PROT_ERR_ARG);
	c.packet_max = 255;
	assert_int_equal(prot_mctp_smbus_sender_init(&s, &c), PROT_ERR_ARG);
	c.packet_max = 254;
	assert_int_equal(prot_mctp_smbus_sender_init(&s, &c), PROT_OK);
	c.address = 0x07;
	assert_int_equal(prot_mctp_smbus_sender_init(&s, &c), PROT_ERR_ARG);
	c = config;
	c.deadline_ms = 0;
	assert_int_equal(prot_mctp_smbus_sender_init(&s, &c), PROT_ERR_ARG);
}

static void test_sender_send__bad_address_or_length__err_arg(void **state)
{
	struct prot_mctp_addr to = prot_mctp_smbus_addr(PEER);
	uint8_t zeros[PROT_MCTP_SMBUS_PACKET + 1] = {0};

	(void)state;
	assert_int_equal(send_to(OWN), PROT_ERR_ARG);
	assert_int_equal(send_to(0x00), PROT_ERR_ARG);
	assert_int_equal(send_to(0x78), PROT_ERR_ARG);
	assert_int_equal(prot_mctp_smbus_send(&s, &to, zeros, 4), PROT_ERR_ARG);
	assert_int_equal(prot_mctp_smbus_send(&s, &to, zeros, sizeof(zeros)),
			 PROT_ERR_ARG);
	to.len = 0;
	assert_int_equal(prot_mctp_smbus_send(&s, &to, packet, 7),
			 PROT_ERR_ARG);
	to.len = 2;
	assert_int_equal(prot_mctp_smbus_send(&s, &to, packet, 7),
			 PROT_ERR_ARG);
	assert_true(prot_mctp_smbus_sender_is_ready(&s));
	assert_nothing(0);
	to.len = 1;
	assert_int_equal(prot_mctp_smbus_send(&s, &to, zeros, 68), PROT_OK);
}

static void test_sender_frame__packet__what_the_decoder_takes(void **state)
{
	const struct prot_mctp_smbus_frame *f;
	struct prot_mctp_smbus_decoder d;
	struct prot_mctp_addr from;
	uint8_t buf[PROT_MCTP_SMBUS_PACKET];
	uint8_t *p;
	size_t len;

	(void)state;
	assert_int_equal(send_to(PEER), PROT_OK);
	f = prot_mctp_smbus_sender_frame(&s, 5);
	assert_non_null(f);
	assert_int_equal(f->dest, PEER);
	prot_mctp_smbus_decoder_init(&d, PEER, buf, sizeof(buf));
	assert_int_equal(prot_mctp_smbus_decode_unaddressed(
				 &d, f->bytes, f->len, &from, &p, &len),
			 PROT_OK);
	assert_int_equal(from.bytes[0], OWN);
	assert_int_equal(len, sizeof(packet));
	assert_memory_equal(p, packet, len);
}

static void test_sender__sent__idle_before_the_next(void **state)
{
	(void)state;
	assert_int_equal(prot_mctp_smbus_sender_next_tick(&s), UINT64_MAX);
	assert_int_equal(send_to(PEER), PROT_OK);
	assert_false(prot_mctp_smbus_sender_is_ready(&s));
	assert_int_equal(send_to(PEER), PROT_ERR_BUSY);
	assert_true(prot_mctp_smbus_sender_next_tick(&s) <= 10);
	one_try(10, PROT_OK);
	assert_true(prot_mctp_smbus_sender_is_ready(&s));
	assert_int_equal(prot_mctp_smbus_sender_next_tick(&s), UINT64_MAX);
	assert_int_equal(send_to(PEER), PROT_OK);
	assert_nothing(10);
	assert_nothing(11);
	assert_int_equal(prot_mctp_smbus_sender_next_tick(&s), 12);
	one_try(12, PROT_OK);
	assert_int_equal(prot_mctp_smbus_tx_counters(&s)->packets, 2);
}

static void test_sender__pending__same_frame_until_the_result(void **state)
{
	const struct prot_mctp_smbus_frame *f;

	(void)state;
	assert_int_equal(send_to(PEER), PROT_OK);
	f = prot_mctp_smbus_sender_frame(&s, 0);
	for (uint64_t now = 0; now < 500; now++) {
		prot_mctp_smbus_sender_result(&s, PROT_PENDING, now);
		assert_ptr_equal(prot_mctp_smbus_sender_frame(&s, now), f);
		assert_int_equal(send_to(PEER), PROT_ERR_BUSY);
	}
	prot_mctp_smbus_sender_result(&s, PROT_OK, 500);
	assert_int_equal(s.counters.packets, 1);
	assert_int_equal(s.counters.given_up, 0);
}

static void test_sender__nack__retries_after_idle_then_gives_up(void **state)
{
	(void)state;
	assert_int_equal(send_to(PEER), PROT_OK);
	one_try(0, PROT_ERR_NOT_FOUND);
	assert_nothing(1);
	assert_int_equal(prot_mctp_smbus_sender_next_tick(&s), 2);
	one_try(2, PROT_ERR_NOT_FOUND);
	one_try(4, PROT_ERR_TIMEOUT);
	assert_true(prot_mctp_smbus_sender_is_ready(&s));
	assert_int_equal(s.counters.nacks, 3);
	assert_int_equal(s.counters.given_up, 1);
	/* The next frame has all its tries again, and waits its turn. */
	assert_int_equal(send_to(PEER), PROT_OK);
	assert_nothing(5);
	one_try(6, PROT_ERR_NOT_FOUND);
	one_try(8, PROT_ERR_NOT_FOUND);
	one_try(10, PROT_OK);
	assert_int_equal(s.counters.packets, 1);
}

static void test_sender__arbitration_lost__tries_until_the_deadline(void **st)
{
	uint64_t now = 1000;

	(void)st;
	assert_int_equal(send_to(PEER), PROT_OK);
	for (; now < 1099; now++) {
		one_try(now, PROT_ERR_BUSY);
		assert_nothing(now);
		assert_false(prot_mctp_smbus_sender_is_ready(&s));
	}
	one_try(now, PROT_ERR_BUSY);
	assert_true(prot_mctp_smbus_sender_is_ready(&s));
	assert_int_equal(s.counters.arbitration, 100);
	assert_int_equal(s.counters.nacks, 0);
	assert_int_equal(s.counters.given_up, 1);
}

static void test_sender__arbitration_lost__costs_no_nack_retry(void **state)
{
	(void)state;
	assert_int_equal(send_to(PEER), PROT_OK);
	for (uint64_t now = 0; now < 10; now++) {
		one_try(now, PROT_ERR_BUSY);
	}
	one_try(10, PROT_ERR_NOT_FOUND);
	one_try(12, PROT_ERR_BUSY);
	one_try(13, PROT_ERR_NOT_FOUND);
	one_try(15, PROT_OK);
	assert_int_equal(s.counters.packets, 1);
}

static void test_sender__deadline__counts_from_the_first_offer(void **state)
{
	(void)state;
	assert_int_equal(send_to(PEER), PROT_OK);
	one_try(5000, PROT_ERR_NOT_FOUND);
	/* Offered late: it is tried, but there is no time for another try. */
	one_try(5100, PROT_ERR_NOT_FOUND);
	assert_true(prot_mctp_smbus_sender_is_ready(&s));
	assert_int_equal(s.counters.given_up, 1);
}

static void test_sender__bus_failed__given_up_at_once(void **state)
{
	static const enum prot_status errors[] = {
		PROT_ERR_IO, PROT_ERR_ARG, PROT_ERR_STATE, PROT_ERR_CANCELLED};
	uint64_t now = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		assert_int_equal(send_to(PEER), PROT_OK);
		one_try(now, errors[i]);
		assert_true(prot_mctp_smbus_sender_is_ready(&s));
		assert_int_equal(s.counters.given_up, i + 1);
		now += config.idle_ms;
	}
}

static void test_sender_result__not_asked_for__ignored(void **state)
{
	(void)state;
	prot_mctp_smbus_sender_result(&s, PROT_OK, 0);
	assert_int_equal(s.counters.packets, 0);
	assert_int_equal(send_to(PEER), PROT_OK);
	prot_mctp_smbus_sender_result(&s, PROT_OK, 0);
	one_try(0, PROT_ERR_NOT_FOUND);
	prot_mctp_smbus_sender_result(&s, PROT_OK, 0);
	assert_int_equal(s.counters.packets, 0);
	assert_false(prot_mctp_smbus_sender_is_ready(&s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_sender_init__limits__err_arg,
				       setup),
		cmocka_unit_test_setup(
			test_sender_send__bad_address_or_length__err_arg,
			setup),
		cmocka_unit_test_setup(
			test_sender_frame__packet__what_the_decoder_takes,
			setup),
		cmocka_unit_test_setup(test_sender__sent__idle_before_the_next,
				       setup),
		cmocka_unit_test_setup(
			test_sender__pending__same_frame_until_the_result,
			setup),
		cmocka_unit_test_setup(
			test_sender__nack__retries_after_idle_then_gives_up,
			setup),
		cmocka_unit_test_setup(
			test_sender__arbitration_lost__tries_until_the_deadline,
			setup),
		cmocka_unit_test_setup(
			test_sender__arbitration_lost__costs_no_nack_retry,
			setup),
		cmocka_unit_test_setup(
			test_sender__deadline__counts_from_the_first_offer,
			setup),
		cmocka_unit_test_setup(
			test_sender__bus_failed__given_up_at_once, setup),
		cmocka_unit_test_setup(
			test_sender_result__not_asked_for__ignored, setup),
	};

	return cmocka_run_group_tests_name("mctp_smbus_sender", tests, NULL,
					   NULL);
}
