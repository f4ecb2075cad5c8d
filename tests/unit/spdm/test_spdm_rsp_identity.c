/* SPDX-License-Identifier: Apache-2.0 */
/* GET_DIGESTS, GET_CERTIFICATE, CHALLENGE. */

#include "spdm_rsp_fixture.h"

#include "test.h"

#define INVALID     0x01
#define UNSPECIFIED 0x05

static struct fx fx;

static void start(uint8_t version)
{
	fx_config(&fx);
	fx.cfg.version = version;
	fx_start(&fx, false);
	fx_connect(&fx);
}

static void test_digests__two_slots__both_in_order(void **s)
{
	uint8_t chain[1024], digest[2][PROT_HASH_MAX];

	(void)s;
	for (uint8_t version = 0x12; version <= 0x13; version++) {
		start(version);
		SAY(&fx, version, 0x81, 0, 0);
		assert_int_equal(fx.tx_len, 4 + 2 * 48);
		assert_int_equal(fx.tx[0], version);
		/* SupportedSlotMask is of 1.3 */
		assert_int_equal(fx.tx[2], version == 0x13 ? FX_SLOTS : 0);
		assert_int_equal(fx.tx[3], 0x05);
		fx_hash(&fx, chain, fx_chain(&fx, 0, chain), digest[0]);
		fx_hash(&fx, chain, fx_chain(&fx, 2, chain), digest[1]);
		assert_memory_equal(fx.tx + 4, digest[0], 48);
		assert_memory_equal(fx.tx + 52, digest[1], 48);
	}
}

static void test_digests__no_certificates__unspecified(void **s)
{
	(void)s;
	start(0x13);
	fx.device.chain_len[0] = 0;
	fx.device.chain_len[2] = 0;
	SAY(&fx, 0x13, 0x81, 0, 0);
	fx_expect_error(&fx, UNSPECIFIED, 0);
	assert_int_equal(fx.r.counters.last_refusal, PROT_SPDM_REFUSAL_DEVICE);
}

/* Chains whose first certificate is not one. */
static void test_digests__first_certificate_malformed__unspecified(void **s)
{
	static const struct {
		uint8_t head[4];
		size_t len;
	} cases[] = {
		{{0x31, 0x03, 1, 1}, 5},
		{{0x30, 0x80, 0, 0}, 6},
		{{0x30, 0x83, 0, 0}, 100},
		{{0x30, 0x84, 0, 0}, 100},
		{{0x30, 0x82, 0x02, 0x00}, 515},
		{{0x30, 0x81, 0xff, 0}, 257},
		{{0x30, 0x04, 0, 0}, 5},
		{{0x30, 0x01, 0, 0}, 3},
		{{0x30, 0, 0, 0}, 1},
	};

	(void)s;
	for (size_t i = 0; i < PROT_ARRAY_SIZE(cases); i++) {
		start(0x13);
		memcpy(fx.device.chain[0], cases[i].head, 4);
		fx.device.chain_len[0] = cases[i].len;
		SAY(&fx, 0x13, 0x81, 0, 0);
		fx_expect_error(&fx, UNSPECIFIED, 0);
	}
	/* Just long enough is right. */
	start(0x13);
	memcpy(fx.device.chain[0], cases[4].head, 4);
	fx.device.chain_len[0] = 516;
	SAY(&fx, 0x13, 0x81, 0, 0);
	fx_expect(&fx, 0x01);
}

static void test_digests__chain_longer_than_16_bits__unspecified(void **s)
{
	(void)s;
	start(0x13);
	fx.device.chain_len[0] = 0xffff - 4 - 64 + 1;
	SAY(&fx, 0x13, 0x81, 0, 0);
	fx_expect_error(&fx, UNSPECIFIED, 0);
	assert_false(fx.device.overrun);
}

static void test_certificate__every_offset_and_length__that_portion(void **s)
{
	static const uint16_t lengths[] = {0,  1,  3,  4,   5,     51,
					   52, 53, 64, 200, 0xffff};
	uint8_t chain[1024];
	size_t n;

	(void)s;
	start(0x13);
	n = fx_chain(&fx, 0, chain);
	for (size_t at = 0; at < n; at++) {
		for (size_t i = 0; i < PROT_ARRAY_SIZE(lengths); i++) {
			size_t want = lengths[i] < n - at ? lengths[i] : n - at;

			fx_get_certificate(&fx, 0, (uint16_t)at, lengths[i]);
			fx_expect(&fx, 0x02);
			assert_int_equal(fx.tx_len, 8 + want);
			assert_int_equal(fx.tx[2], 0);
			assert_int_equal(fx.tx[3], 0);
			assert_int_equal(fx.tx[4] | fx.tx[5] << 8, want);
			assert_int_equal(fx.tx[6] | fx.tx[7] << 8,
					 n - at - want);
			assert_memory_equal(fx.tx + 8, chain + at, want);
		}
	}
	for (size_t at = n; at < n + 3; at++) {
		fx_get_certificate(&fx, 0, (uint16_t)at, 1);
		fx_expect_error(&fx, INVALID, 0);
	}
	fx_get_certificate(&fx, 0, 0xffff, 0xffff);
	fx_expect_error(&fx, INVALID, 0);
	assert_false(fx.device.overrun);
}

static void test_certificate__every_slot__only_those_with_certificates(void **s)
{
	(void)s;
	start(0x13);
	for (uint8_t slot = 0; slot < 16; slot++) {
		fx_get_certificate(&fx, slot, 0, 0xffff);
		if (slot == 0 || slot == 2) {
			fx_expect(&fx, 0x02);
			assert_int_equal(fx.tx[2], slot);
		} else {
			fx_expect_error(&fx, INVALID, 0);
			assert_int_equal(fx.r.counters.last_refusal,
					 PROT_SPDM_REFUSAL_SLOT);
		}
	}
	/* The upper half of Param1 is reserved. */
	fx_get_certificate(&fx, 0xf2, 0, 0xffff);
	fx_expect(&fx, 0x02);
}

static void test_certificate__slot_size_requested__length_only(void **s)
{
	uint8_t chain[1024];
	size_t n;

	(void)s;
	start(0x13);
	n = fx_chain(&fx, 2, chain);
	SAY(&fx, 0x13, 0x82, 2, 1, 0xff, 0xff, 0xff, 0xff);
	fx_expect(&fx, 0x02);
	assert_int_equal(fx.tx_len, 8);
	assert_int_equal(fx.tx[4] | fx.tx[5] << 8, 0);
	assert_int_equal(fx.tx[6] | fx.tx[7] << 8, n);
	SAY(&fx, 0x13, 0x82, FX_SLOT_EMPTY, 1, 0, 0, 0, 0);
	fx_expect(&fx, 0x02);
	assert_int_equal(fx.tx_len, 8);
	assert_int_equal(fx.tx[6] | fx.tx[7] << 8, 0);
	SAY(&fx, 0x13, 0x82, 1, 1, 0, 0, 0, 0);
	fx_expect_error(&fx, INVALID, 0);
	/* Reserved before 1.3. */
	start(0x12);
	SAY(&fx, 0x12, 0x82, 2, 1, 0, 0, 0xff, 0xff);
	assert_int_equal(fx.tx_len, 8 + n);
}

/* MeasurementSummaryHash from the blocks as the fixture's device has them. */
static void summary_of(bool tcb_only, uint8_t *out)
{
	uint8_t blocks[1024];
	struct prot_wr w = prot_wr_init(blocks, sizeof(blocks));
	static const struct {
		uint8_t index, type;
		uint16_t size;
		uint8_t first;
		bool tcb;
	} m[] = {
		{1, 0x00, 48, 64 + 16, true},
		{2, 0x01, 48, 64 + 32, true},
		{4, 0x87, 8, 128 + 64, false},
		{0xfd, 0x84, 150, (uint8_t)(128 + 0xfd * 16), false},
	};

	for (size_t i = 0; i < PROT_ARRAY_SIZE(m); i++) {
		if (tcb_only && !m[i].tcb) {
			continue;
		}
		prot_wr_u8(&w, m[i].index);
		prot_wr_u8(&w, 1);
		prot_wr_le16(&w, (uint16_t)(m[i].size + 3));
		prot_wr_u8(&w, m[i].type);
		prot_wr_le16(&w, m[i].size);
		for (unsigned b = 0; b < m[i].size; b++) {
			prot_wr_u8(&w, (uint8_t)(m[i].first + b));
		}
	}
	fx_hash(&fx, blocks, w.len, out);
}

static void test_challenge__each_summary_type__hash_of_the_blocks(void **s)
{
	uint8_t chain[1024], digest[PROT_HASH_MAX], summary[PROT_HASH_MAX];

	(void)s;
	for (unsigned type = 0; type < 256; type++) {
		size_t at = 4 + 48 + 32;

		start(0x13);
		fx_challenge(&fx, 0, (uint8_t)type);
		if (type != 0 && type != 1 && type != 0xff) {
			fx_expect_error(&fx, INVALID, 0);
			continue;
		}
		fx_expect(&fx, 0x03);
		assert_int_equal(fx.tx[2], 0);
		assert_int_equal(fx.tx[3], 0x05);
		fx_hash(&fx, chain, fx_chain(&fx, 0, chain), digest);
		assert_memory_equal(fx.tx + 4, digest, 48);
		if (type != 0) {
			summary_of(type == 1, summary);
			assert_memory_equal(fx.tx + at, summary, 48);
			at += 48;
		}
		assert_int_equal(fx.tx[at] | fx.tx[at + 1], 0);
		for (size_t i = 0; i < 8; i++) {
			assert_int_equal(fx.tx[at + 2 + i], 0xc7);
		}
		assert_int_equal(fx.tx_len, at + 2 + 8 + 96);
		fx_keep(&fx);
		fx_expect_signature(&fx, "responder-challenge_auth signing");
	}
}

static void test_challenge__version_1_2__no_context(void **s)
{
	(void)s;
	start(0x12);
	fx_challenge(&fx, 0, 0);
	assert_int_equal(fx.tx_len, 4 + 48 + 32 + 2 + 96);
}

static void test_challenge__twice__another_nonce(void **s)
{
	uint8_t nonce[32];

	(void)s;
	start(0x13);
	fx_challenge(&fx, 0, 0);
	memcpy(nonce, fx.tx + 52, 32);
	fx_challenge(&fx, 0, 0);
	assert_memory_not_equal(fx.tx + 52, nonce, 32);
}

static void test_challenge__every_slot__only_those_with_certificates(void **s)
{
	(void)s;
	start(0x13);
	for (unsigned slot = 0; slot < 256; slot++) {
		fx_challenge(&fx, (uint8_t)slot, 0);
		if (slot == 0 || slot == 2) {
			fx_expect(&fx, 0x03);
			assert_int_equal(fx.tx[2], slot);
		} else {
			fx_expect_error(&fx, INVALID, 0);
			assert_int_equal(fx.r.counters.last_refusal,
					 PROT_SPDM_REFUSAL_SLOT);
		}
	}
}

static void test_challenge__slot_without_key__invalid(void **s)
{
	(void)s;
	start(0x13);
	fx.device.key_status = PROT_ERR_NOT_FOUND;
	fx_challenge(&fx, 0, 0);
	fx_expect_error(&fx, INVALID, 0);
	assert_int_equal(fx.r.state, PROT_SPDM_STATE_NEGOTIATED);
}

static void test_challenge__no_measurement_capability__no_summary(void **s)
{
	(void)s;
	fx_config(&fx);
	fx.cfg.capabilities = PROT_SPDM_CAP_CERT | PROT_SPDM_CAP_CHAL;
	fx_start(&fx, false);
	fx_connect(&fx);
	fx_challenge(&fx, 0, 1);
	fx_expect_error(&fx, INVALID, 0);
	fx_challenge(&fx, 0, 0);
	fx_expect(&fx, 0x03);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digests__two_slots__both_in_order),
		cmocka_unit_test(test_digests__no_certificates__unspecified),
		cmocka_unit_test(
			test_digests__first_certificate_malformed__unspecified),
		cmocka_unit_test(
			test_digests__chain_longer_than_16_bits__unspecified),
		cmocka_unit_test(
			test_certificate__every_offset_and_length__that_portion),
		cmocka_unit_test(
			test_certificate__every_slot__only_those_with_certificates),
		cmocka_unit_test(
			test_certificate__slot_size_requested__length_only),
		cmocka_unit_test(
			test_challenge__each_summary_type__hash_of_the_blocks),
		cmocka_unit_test(test_challenge__version_1_2__no_context),
		cmocka_unit_test(test_challenge__twice__another_nonce),
		cmocka_unit_test(
			test_challenge__every_slot__only_those_with_certificates),
		cmocka_unit_test(test_challenge__slot_without_key__invalid),
		cmocka_unit_test(
			test_challenge__no_measurement_capability__no_summary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
