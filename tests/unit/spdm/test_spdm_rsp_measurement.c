/* SPDX-License-Identifier: Apache-2.0 */
/* GET_MEASUREMENTS. */

#include "spdm_rsp_fixture.h"

#include "test.h"

#define INVALID     0x01
#define UNSPECIFIED 0x05

#define SIGN 1
#define RAW  2
#define NEW  4

static struct fx fx;

static void start(uint8_t version)
{
	fx_config(&fx);
	fx.cfg.version = version;
	fx_start(&fx, false);
	fx_connect(&fx);
}

static size_t record_len(void)
{
	return fx.tx[5] | (size_t)fx.tx[6] << 8 | (size_t)fx.tx[7] << 16;
}

/* One block at tx + at, whose value counts up from `first`. */
static size_t expect_block(size_t at, uint8_t index, uint8_t type, size_t size,
			   uint8_t first)
{
	const uint8_t *p = fx.tx + at;

	assert_int_equal(p[0], index);
	assert_int_equal(p[1], 1);
	assert_int_equal(p[2] | p[3] << 8, size + 3);
	assert_int_equal(p[4], type);
	assert_int_equal(p[5] | p[6] << 8, size);
	for (size_t i = 0; i < size; i++) {
		assert_int_equal(p[7 + i], (uint8_t)(first + i));
	}
	return at + 7 + size;
}

static void test_measurements__count__number_only(void **s)
{
	(void)s;
	for (uint8_t version = 0x12; version <= 0x13; version++) {
		start(version);
		fx_get_measurements(&fx, 0, 0, 0);
		fx_expect(&fx, 0x60);
		assert_int_equal(fx.tx[2], 4);
		assert_int_equal(fx.tx[3], 0);
		assert_int_equal(fx.tx[4], 0);
		assert_int_equal(record_len(), 0);
		assert_int_equal(fx.tx_len,
				 8 + 32 + 2 + (version == 0x13 ? 8 : 0));
		assert_int_equal(fx.device.measured, 0);
	}
}

static void test_measurements__all__record_in_order(void **s)
{
	size_t at = 8;

	(void)s;
	start(0x13);
	fx_get_measurements(&fx, 0, 0xff, 0);
	fx_expect(&fx, 0x60);
	assert_int_equal(fx.tx[2], 0);
	assert_int_equal(fx.tx[4], 4);
	at = expect_block(at, 1, 0x00, 48, 64 + 16);
	at = expect_block(at, 2, 0x01, 48, 64 + 32);
	at = expect_block(at, 4, 0x87, 8, 128 + 64);
	at = expect_block(at, 0xfd, 0x84, 150, (uint8_t)(128 + 0xfd * 16));
	assert_int_equal(record_len(), at - 8);
	assert_int_equal(fx.tx[at + 32] | fx.tx[at + 33], 0);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(fx.tx[at + 34 + i], 0xc7);
	}
	assert_int_equal(fx.tx_len, at + 42);
}

static void test_measurements__raw_requested__raw_where_there_is(void **s)
{
	size_t at = 8;

	(void)s;
	start(0x12);
	fx_get_measurements(&fx, RAW, 0xff, 0);
	fx_expect(&fx, 0x60);
	at = expect_block(at, 1, 0x00, 48, 64 + 16);
	at = expect_block(at, 2, 0x81, 100, 128 + 32);
	at = expect_block(at, 4, 0x87, 8, 128 + 64);
	at = expect_block(at, 0xfd, 0x84, 150, (uint8_t)(128 + 0xfd * 16));
	assert_int_equal(record_len(), at - 8);
}

static void test_measurements__every_index__only_those_that_exist(void **s)
{
	(void)s;
	start(0x13);
	for (unsigned index = 1; index < 0xff; index++) {
		fx_get_measurements(&fx, 0, (uint8_t)index, 0);
		if (index == 1 || index == 2 || index == 4 || index == 0xfd) {
			fx_expect(&fx, 0x60);
			assert_int_equal(fx.tx[4], 1);
			assert_int_equal(fx.tx[8], index);
		} else {
			fx_expect_error(&fx, INVALID, 0);
			assert_int_equal(fx.r.counters.last_refusal,
					 PROT_SPDM_REFUSAL_INDEX);
		}
	}
}

static void test_measurements__signed__slot_and_change_in_param2(void **s)
{
	(void)s;
	for (unsigned change = 0; change < 3; change++) {
		start(0x13);
		fx.device.change = (enum prot_spdm_content_change)change;
		fx_get_measurements(&fx, SIGN, 1, 2);
		fx_expect(&fx, 0x60);
		assert_int_equal(fx.tx[3], change << 4 | 2);
		assert_int_equal(fx.tx_len, 8 + 55 + 32 + 2 + 8 + 96);
		fx_get_measurements(&fx, 0, 1, 0);
		assert_int_equal(fx.tx[3], 0);
	}
}

static void test_measurements__signed_count__signed(void **s)
{
	(void)s;
	start(0x13);
	fx_get_measurements(&fx, SIGN, 0, 0);
	assert_int_equal(fx.tx[2], 4);
	fx_keep(&fx);
	fx_expect_signature(&fx, "responder-measurements signing");
}

static void test_measurements__sign_with_every_slot__only_existing(void **s)
{
	(void)s;
	start(0x13);
	for (unsigned slot = 0; slot < 256; slot++) {
		fx_get_measurements(&fx, SIGN, 1, (uint8_t)slot);
		/* The upper half is reserved. */
		if ((slot & 15) == 0 || (slot & 15) == 2) {
			fx_expect(&fx, 0x60);
		} else {
			fx_expect_error(&fx, INVALID, 0);
		}
	}
}

static void test_measurements__no_signing_capability__invalid(void **s)
{
	(void)s;
	fx_config(&fx);
	fx.cfg.capabilities = PROT_SPDM_CAP_CERT | PROT_SPDM_CAP_CHAL |
			      PROT_SPDM_CAP_MEAS_NO_SIG;
	fx_start(&fx, false);
	fx_connect(&fx);
	fx_get_measurements(&fx, SIGN, 1, 0);
	fx_expect_error(&fx, INVALID, 0);
	assert_int_equal(fx.r.counters.last_refusal,
			 PROT_SPDM_REFUSAL_SIGNATURE);
	fx_get_measurements(&fx, 0, 1, 0);
	fx_expect(&fx, 0x60);
}

static void test_measurements__new_requested__told_to_the_device(void **s)
{
	(void)s;
	start(0x13);
	fx_get_measurements(&fx, 0, 1, 0);
	assert_false(fx.device.pending_update);
	assert_int_equal(fx.device.measured, 1);
	fx_get_measurements(&fx, NEW, 1, 0);
	assert_true(fx.device.pending_update);
	/* Reserved in 1.2. */
	start(0x12);
	fx_get_measurements(&fx, NEW, 1, 0);
	fx_expect(&fx, 0x60);
	assert_false(fx.device.pending_update);
}

static void test_measurements__device_without_measure_op__answered(void **s)
{
	struct prot_spdm_responder_ops ops;

	(void)s;
	fx_config(&fx);
	ops = *fx.cfg.ops;
	ops.measure = NULL;
	fx.cfg.ops = &ops;
	fx_start(&fx, false);
	fx_connect(&fx);
	fx_get_measurements(&fx, SIGN, 0xff, 0);
	fx_expect(&fx, 0x60);
	assert_int_equal(fx.tx[3], 0);
}

static void test_measurements__raw_only__no_digests(void **s)
{
	(void)s;
	fx_config(&fx);
	fx.cfg.measurement_hash = PROT_HASH_NONE;
	fx.cfg.measurements += 1; /* the first is only a digest */
	fx.cfg.measurement_count -= 1;
	fx_start(&fx, false);
	fx_connect(&fx);
	assert_int_equal(fx.r.algorithms.raw_only, true);
	fx_get_measurements(&fx, 0, 2, 0);
	expect_block(8, 2, 0x81, 100, 128 + 32);
}

static void test_measurements__none__empty_record(void **s)
{
	(void)s;
	fx_config(&fx);
	fx.cfg.measurements = NULL;
	fx.cfg.measurement_count = 0;
	fx_start(&fx, false);
	fx_connect(&fx);
	fx_get_measurements(&fx, 0, 0xff, 0);
	fx_expect(&fx, 0x60);
	assert_int_equal(fx.tx[4], 0);
	assert_int_equal(record_len(), 0);
}

static void test_measurements__device_changes_its_mind__unspecified(void **s)
{
	(void)s;
	start(0x13);
	fx.device.raw_growth = 1;
	fx_get_measurements(&fx, 0, 4, 0);
	fx_expect_error(&fx, UNSPECIFIED, 0);
	fx.device.raw_growth = 0;
	fx_get_measurements(&fx, 0, 4, 0);
	fx_expect(&fx, 0x60);
}

static void test_measurements__value_beyond_16_bits__unspecified(void **s)
{
	(void)s;
	start(0x13);
	fx.device.raw_growth = 0xfffd - 8;
	fx.device.sized = 1;
	fx_get_measurements(&fx, 0, 4, 0);
	fx_expect_error(&fx, UNSPECIFIED, 0);
}

static void test_measurements__slot_without_key__invalid(void **s)
{
	(void)s;
	start(0x13);
	fx.device.key_status = PROT_ERR_NOT_FOUND;
	fx_get_measurements(&fx, SIGN, 1, 0);
	fx_expect_error(&fx, INVALID, 0);
	fx_get_measurements(&fx, 0, 1, 0);
	fx_expect(&fx, 0x60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_measurements__count__number_only),
		cmocka_unit_test(test_measurements__all__record_in_order),
		cmocka_unit_test(
			test_measurements__raw_requested__raw_where_there_is),
		cmocka_unit_test(
			test_measurements__every_index__only_those_that_exist),
		cmocka_unit_test(
			test_measurements__signed__slot_and_change_in_param2),
		cmocka_unit_test(test_measurements__signed_count__signed),
		cmocka_unit_test(
			test_measurements__sign_with_every_slot__only_existing),
		cmocka_unit_test(
			test_measurements__no_signing_capability__invalid),
		cmocka_unit_test(
			test_measurements__new_requested__told_to_the_device),
		cmocka_unit_test(
			test_measurements__device_without_measure_op__answered),
		cmocka_unit_test(test_measurements__raw_only__no_digests),
		cmocka_unit_test(test_measurements__none__empty_record),
		cmocka_unit_test(
			test_measurements__device_changes_its_mind__unspecified),
		cmocka_unit_test(
			test_measurements__value_beyond_16_bits__unspecified),
		cmocka_unit_test(test_measurements__slot_without_key__invalid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
