/* SPDX-License-Identifier: Apache-2.0 */
#include "boot_fixture.h"
#include "test.h"

#include <prot/base/cursor.h>

#include <string.h>

static struct fx f;
static struct fx_image img;
static struct prot_image_verify v;
static struct prot_image_rules rules;

static int set_up(void **state)
{
	(void)state;
	fx_init(&f, &fx_geometry, 3);
	img = fx_sign(&f, fx_header(1, 5));
	rules = (struct prot_image_rules){
		.component = FX_COMPONENT,
		.max_size = 1024,
		.svn_floor = 3,
		.boot_svn = 1,
		.board = FX_BOARD,
	};
	return 0;
}

static enum prot_status finish(void)
{
	enum prot_status st = PROT_PENDING;

	for (uint32_t i = 0; i < FX_STEPS && st == PROT_PENDING; i++) {
		st = prot_image_verify_step(&v);
	}
	return st;
}

/* Verify `img` in bank A. */
static enum prot_status verify(void)
{
	fx_install(&f, PROT_BANK_A, &img);
	prot_image_verify_init(&v, &f.cfg.store, &rules,
			       f.layout.bank[PROT_BANK_A].offset, NULL);
	return finish();
}

static void assert_refused(enum prot_image_reason reason)
{
	assert_int_not_equal(verify(), PROT_OK);
	assert_int_equal(v.reason, reason);
}

/* Sign a header that differs from the good one. */
static void assert_header_refused(struct prot_image_header h,
				  enum prot_image_reason reason)
{
	img = fx_sign(&f, h);
	assert_refused(reason);
}

static void test_header_encode__every_field__golden_bytes(void **state)
{
	static const uint8_t start[] = {
		'P',  'R',  'T',  '1',  1,    0,    0,    2,
		0x04, 0x03, 0x02, 0x01, 0x08, 0x07, 0x06, 0x05, /* size, id */
		0x0C, 0x0B, 0x0A, 0x09, 0x10, 0x0F, 0x0E, 0x0D, /* load */
		0x14, 0x13, 0x12, 0x11,                         /* SVN */
		1,    0,    2,    0,    3,    0,    4,    0,    /* version */
		5,    0,    0,    0,                            /* flags */
		0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, /* boards */
		1,    0,    1,    0,    3,    0,    31,   0,    /* algs, key */
	};
	struct prot_image_header h = {
		.payload_size = 0x01020304,
		.component = 0x05060708,
		.load_address = 0x090A0B0C,
		.entry = 0x0D0E0F10,
		.svn = 0x11121314,
		.svn_floor = 0xA1A2A3A4,
		.version = {1, 2, 3, 4},
		.flags = 5,
		.boards = 0x1122334455667788u,
		.hash = 1,
		.sig = 1,
		.key_index = 3,
		.key_epoch = 31,
		.boot_svn = 0x21222324,
		.policy_version = 0x31323334,
	};
	struct prot_image_header back;
	uint8_t raw[PROT_IMAGE_HEADER_SIZE];

	(void)state;
	memset(h.digest, 0xD1, sizeof(h.digest));
	memset(h.build_id, 'b', sizeof(h.build_id));
	memset(h.signature, 0x51, sizeof(h.signature));
	prot_image_header_encode(&h, raw);
	assert_memory_equal(raw, start, sizeof(start));
	assert_int_equal(raw[56], 0xD1);
	assert_int_equal(raw[103], 0xD1);
	assert_int_equal(raw[104], 0x24);
	assert_int_equal(raw[108], 0x34);
	assert_int_equal(raw[112], 'b');
	assert_int_equal(raw[143], 'b');
	assert_int_equal(raw[144], 0xA4);
	assert_int_equal(raw[148], 0);
	assert_int_equal(raw[256], 0x51);
	assert_int_equal(raw[351], 0x51);
	assert_int_equal(raw[352], 0);
	assert_int_equal(prot_image_header_decode(raw, &back),
			 PROT_IMAGE_ACCEPTED);
	assert_memory_equal(&back, &h, sizeof(h));
}

static void test_header_decode__blank__empty(void **state)
{
	struct prot_image_header h;
	uint8_t raw[PROT_IMAGE_HEADER_SIZE];

	(void)state;
	memset(raw, 0xFF, sizeof(raw));
	assert_int_equal(prot_image_header_decode(raw, &h), PROT_IMAGE_EMPTY);
	memset(raw, 0, sizeof(raw));
	assert_int_equal(prot_image_header_decode(raw, &h), PROT_IMAGE_EMPTY);
	raw[511] = 1;
	assert_int_equal(prot_image_header_decode(raw, &h), PROT_IMAGE_MAGIC);
}

static void test_header_decode__each_reserved_byte__refused(void **state)
{
	struct prot_image_header h;

	(void)state;
	for (size_t i = 148; i < PROT_IMAGE_HEADER_SIZE; i++) {
		if (i == 256) {
			i = 352;
		}
		img.bytes[i] = 0x80;
		assert_int_equal(prot_image_header_decode(img.bytes, &h),
				 PROT_IMAGE_RESERVED);
		assert_int_equal(h.payload_size, 0);
		img.bytes[i] = 0;
	}
}

static void test_header_decode__fixed_fields__refused(void **state)
{
	struct prot_image_header h;

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		img.bytes[i] ^= 0x04;
		assert_int_equal(prot_image_header_decode(img.bytes, &h),
				 i < 4 ? PROT_IMAGE_MAGIC : PROT_IMAGE_VERSION);
		img.bytes[i] ^= 0x04;
	}
}

static void test_verify__good_image__accepted(void **state)
{
	(void)state;
	assert_int_equal(verify(), PROT_OK);
	assert_int_equal(v.reason, PROT_IMAGE_ACCEPTED);
	assert_int_equal(v.header.svn, 5);
	assert_int_equal(prot_image_verify_step(&v), PROT_OK);
}

static void test_verify__every_bit_of_header__refused(void **state)
{
	(void)state;
	for (size_t bit = 0; bit < PROT_IMAGE_HEADER_SIZE * 8u; bit++) {
		img.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_not_equal(verify(), PROT_OK);
		assert_int_not_equal(v.reason, PROT_IMAGE_ACCEPTED);
		img.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void test_verify__every_bit_of_payload__digest(void **state)
{
	(void)state;
	for (size_t bit = 0; bit < FX_PAYLOAD * 8u; bit++) {
		uint8_t *byte = &img.bytes[PROT_IMAGE_HEADER_SIZE + bit / 8];

		*byte ^= (uint8_t)(1u << bit % 8);
		assert_refused(PROT_IMAGE_DIGEST);
		*byte ^= (uint8_t)(1u << bit % 8);
	}
}

static void test_verify__each_rule__its_own_reason(void **state)
{
	const struct prot_image_header good = fx_header(1, 5);
	struct prot_image_header h;

	(void)state;
	h = good;
	h.component++;
	assert_header_refused(h, PROT_IMAGE_COMPONENT);
	h = good;
	h.boards = ~h.boards;
	assert_header_refused(h, PROT_IMAGE_BOARD);
	h = good;
	h.flags = 0x8;
	assert_header_refused(h, PROT_IMAGE_FLAGS);
	h = good;
	h.flags |= PROT_IMAGE_FLAG_DEBUG;
	assert_header_refused(h, PROT_IMAGE_DEBUG);
	h = good;
	h.entry = h.payload_size;
	assert_header_refused(h, PROT_IMAGE_ENTRY);
	h = good;
	h.svn = 2;
	h.svn_floor = 2;
	assert_header_refused(h, PROT_IMAGE_SVN);
	h = good;
	h.svn_floor = h.svn + 1;
	assert_header_refused(h, PROT_IMAGE_SVN_RANGE);
	h = good;
	h.svn = PROT_SVN_MAX + 1;
	assert_header_refused(h, PROT_IMAGE_SVN_RANGE);
	h = good;
	h.boot_svn = 2;
	assert_header_refused(h, PROT_IMAGE_BOOT_SVN);
	h = good;
	h.policy_version = 1;
	assert_header_refused(h, PROT_IMAGE_POLICY);
	h = good;
	h.key_index = PROT_OTP_KEY_SLOTS;
	assert_header_refused(h, PROT_IMAGE_KEY_INDEX);
	h = good;
	h.key_index = 1;
	assert_header_refused(h, PROT_IMAGE_KEY_EMPTY);
	h = good;
	h.key_epoch = PROT_IMAGE_EPOCHS;
	assert_header_refused(h, PROT_IMAGE_KEY_REVOKED);
	h = good;
	h.payload_size = 0;
	assert_header_refused(h, PROT_IMAGE_SIZE);
}

static void test_header_check__size_limits__exact(void **state)
{
	struct prot_image_header h = img.header;

	(void)state;
	rules.max_size = FX_IMAGE;
	assert_int_equal(prot_image_header_check(&h, &rules),
			 PROT_IMAGE_ACCEPTED);
	rules.max_size = FX_IMAGE - 1;
	assert_int_equal(prot_image_header_check(&h, &rules), PROT_IMAGE_SIZE);
	rules.max_size = 100; /* less than a header: no wrap-around */
	assert_int_equal(prot_image_header_check(&h, &rules), PROT_IMAGE_SIZE);
	rules.max_size = UINT32_MAX;
	h.payload_size = UINT32_MAX;
	assert_int_equal(prot_image_header_check(&h, &rules), PROT_IMAGE_SIZE);
}

static void test_header_check__load_address__this_boards_or_any(void **state)
{
	struct prot_image_header h;

	(void)state;
	assert_int_equal(prot_image_header_decode(img.bytes, &h),
			 PROT_IMAGE_ACCEPTED);
	h.load_address = 0x20000;
	assert_int_equal(prot_image_header_check(&h, &rules),
			 PROT_IMAGE_ACCEPTED); /* size 0: any */
	rules.load_address = 0x20000;
	rules.load_size = h.payload_size;
	assert_int_equal(prot_image_header_check(&h, &rules),
			 PROT_IMAGE_ACCEPTED);
	rules.load_size = h.payload_size - 1;
	assert_int_equal(prot_image_header_check(&h, &rules), PROT_IMAGE_LOAD);
	rules.load_size = h.payload_size;
	rules.load_address = 0x20004;
	assert_int_equal(prot_image_header_check(&h, &rules), PROT_IMAGE_LOAD);
}

static void test_header_check__algorithms__refused(void **state)
{
	struct prot_image_header h = img.header;

	(void)state;
	h.hash = 2;
	assert_int_equal(prot_image_header_check(&h, &rules),
			 PROT_IMAGE_ALGORITHM);
	h.hash = PROT_IMAGE_HASH_SHA384;
	h.sig = 0;
	assert_int_equal(prot_image_header_check(&h, &rules),
			 PROT_IMAGE_ALGORITHM);
}

static void test_header_check__golden_rule__needs_flag(void **state)
{
	struct prot_image_header h = img.header;

	(void)state;
	rules.golden = true;
	assert_int_equal(prot_image_header_check(&h, &rules),
			 PROT_IMAGE_ACCEPTED);
	h.flags = 0;
	assert_int_equal(prot_image_header_check(&h, &rules),
			 PROT_IMAGE_NOT_GOLDEN);
}

static void test_verify__debug_image_allowed__accepted(void **state)
{
	struct prot_image_header h = fx_header(1, 5);

	(void)state;
	h.flags |= PROT_IMAGE_FLAG_DEBUG;
	img = fx_sign(&f, h);
	rules.allow_debug = true;
	assert_int_equal(verify(), PROT_OK);
}

static void test_verify__epoch_revoked__refused(void **state)
{
	struct prot_image_header h = fx_header(1, 5);

	(void)state;
	h.key_epoch = 9;
	img = fx_sign(&f, h);
	assert_int_equal(verify(), PROT_OK);
	f.sim.otp_data[PROT_OTP_KEY_REVOKED + 1] = 0x02;
	assert_refused(PROT_IMAGE_KEY_REVOKED);
	img = fx_sign(&f, fx_header(1, 5)); /* epoch 0 is not concerned */
	assert_int_equal(verify(), PROT_OK);
}

static void test_verify__key_differs_from_otp__refused(void **state)
{
	uint8_t byte = (uint8_t)~f.sim.data[f.layout.keys.offset + 7];

	(void)state;
	flash_sim_load(&f.sim, f.layout.keys.offset + 7, &byte, 1);
	assert_refused(PROT_IMAGE_KEY_HASH);
}

/* Signed by a key that is none of ours, otherwise perfect. */
static void test_verify__foreign_key__signature(void **state)
{
	uint8_t seed[PROT_SEED_MAX] = {0xEE};
	prot_key own = f.key;

	(void)state;
	assert_int_equal(f.crypto.ops->key_derive(f.crypto.ctx,
						  PROT_ASYM_ECDSA_P384, seed,
						  sizeof(seed), &f.key),
			 PROT_OK);
	img = fx_sign(&f, fx_header(1, 5));
	f.key = own;
	assert_refused(PROT_IMAGE_SIGNATURE);
}

static void test_verify__each_device_failure__refused(void **state)
{
	(void)state;
	assert_int_equal(verify(), PROT_OK);
	for (uint32_t n = 1; n <= 3; n++) { /* header, key, payload */
		flash_sim_power_on(&f.sim);
		f.sim.read_error_at = n;
		assert_int_equal(verify(), PROT_ERR_IO);
		assert_int_equal(v.reason, PROT_IMAGE_FLASH);
	}
	f.sim.read_error_at = 0;
	for (uint32_t n = 1;; n++) {
		f.fake.calls = 0;
		f.fake.fail_at = n;
		if (verify() == PROT_OK) {
			assert_in_range(n, 6, 10);
			break;
		}
		assert_int_equal(v.reason, PROT_IMAGE_CRYPTO);
	}
}

static void test_verify__ops_pend__accepted(void **state)
{
	(void)state;
	fx_install(&f, PROT_BANK_A, &img);
	f.sim.pend = 2;
	f.fake.pend = 2;
	prot_image_verify_init(&v, &f.cfg.store, &rules,
			       f.layout.bank[PROT_BANK_A].offset, NULL);
	assert_int_equal(finish(), PROT_OK);
	assert_null(f.sim.violation);
	assert_false(f.fake.misused);
}

struct loaded {
	uint8_t bytes[FX_PAYLOAD];
	size_t len;
	unsigned pends, fails;
};

static enum prot_status load(void *ctx, const struct prot_image_header *h,
			     uint32_t offset, const void *data, size_t len)
{
	struct loaded *l = ctx;

	assert_int_equal(h->payload_size, FX_PAYLOAD);
	if (l->fails) {
		return PROT_ERR_SPACE;
	}
	if (l->pends) {
		l->pends--;
		return PROT_PENDING;
	}
	assert_int_equal(offset, l->len);
	assert_in_range(offset + len, 1, FX_PAYLOAD);
	memcpy(l->bytes + offset, data, len);
	l->len += len;
	return PROT_OK;
}

static void test_verify__sink__gets_the_payload_once(void **state)
{
	struct loaded l = {.pends = 2};
	const struct prot_image_sink sink = {load, &l};

	(void)state;
	fx_install(&f, PROT_BANK_A, &img);
	prot_image_verify_init(&v, &f.cfg.store, &rules,
			       f.layout.bank[PROT_BANK_A].offset, &sink);
	assert_int_equal(finish(), PROT_OK);
	assert_int_equal(l.len, FX_PAYLOAD);
	assert_memory_equal(l.bytes, img.bytes + PROT_IMAGE_HEADER_SIZE,
			    FX_PAYLOAD);
}

static void test_verify__sink_fails__load(void **state)
{
	struct loaded l = {.fails = 1};
	const struct prot_image_sink sink = {load, &l};

	(void)state;
	fx_install(&f, PROT_BANK_A, &img);
	prot_image_verify_init(&v, &f.cfg.store, &rules,
			       f.layout.bank[PROT_BANK_A].offset, &sink);
	assert_int_not_equal(finish(), PROT_OK);
	assert_int_equal(v.reason, PROT_IMAGE_LOAD);
}

static void test_verify_header__without_payload__judged_alike(void **state)
{
	(void)state;
	prot_image_verify_header_init(&v, &f.cfg.store, &rules, img.bytes);
	assert_int_equal(finish(), PROT_OK);
	img.bytes[300] ^= 1;
	prot_image_verify_header_init(&v, &f.cfg.store, &rules, img.bytes);
	assert_int_equal(finish(), PROT_ERR_AUTH);
	assert_int_equal(v.reason, PROT_IMAGE_SIGNATURE);
}

static void test_signature_verify__own_key__ok(void **state)
{
	uint8_t key[PROT_KEY_RECORD_SIZE];

	(void)state;
	assert_int_equal(f.crypto.ops->key_public(f.crypto.ctx, f.key, key),
			 PROT_OK);
	assert_int_equal(prot_image_signature_verify(&f.crypto, key, img.bytes),
			 PROT_OK);
	key[0] ^= 1;
	assert_int_equal(prot_image_signature_verify(&f.crypto, key, img.bytes),
			 PROT_ERR_AUTH);
}

static void test_reason_text__every_reason__a_text(void **state)
{
	(void)state;
	for (int r = 0; r <= PROT_IMAGE_UNRECORDED; r++) {
		assert_string_not_equal(
			prot_image_reason_text((enum prot_image_reason)r),
			"unknown reason");
	}
	assert_string_equal(prot_image_reason_text(PROT_IMAGE_ACCEPTED),
			    "accepted");
	assert_string_equal(prot_image_reason_text((enum prot_image_reason)200),
			    "unknown reason");
}

int main(void)
{
#define IMAGE_TEST(t) cmocka_unit_test_setup(t, set_up)
	const struct CMUnitTest tests[] = {
		IMAGE_TEST(test_header_encode__every_field__golden_bytes),
		IMAGE_TEST(test_header_decode__blank__empty),
		IMAGE_TEST(test_header_decode__each_reserved_byte__refused),
		IMAGE_TEST(test_header_decode__fixed_fields__refused),
		IMAGE_TEST(test_verify__good_image__accepted),
		IMAGE_TEST(test_verify__every_bit_of_header__refused),
		IMAGE_TEST(test_verify__every_bit_of_payload__digest),
		IMAGE_TEST(test_verify__each_rule__its_own_reason),
		IMAGE_TEST(test_header_check__size_limits__exact),
		IMAGE_TEST(test_header_check__load_address__this_boards_or_any),
		IMAGE_TEST(test_header_check__algorithms__refused),
		IMAGE_TEST(test_header_check__golden_rule__needs_flag),
		IMAGE_TEST(test_verify__debug_image_allowed__accepted),
		IMAGE_TEST(test_verify__epoch_revoked__refused),
		IMAGE_TEST(test_verify__key_differs_from_otp__refused),
		IMAGE_TEST(test_verify__foreign_key__signature),
		IMAGE_TEST(test_verify__each_device_failure__refused),
		IMAGE_TEST(test_verify__ops_pend__accepted),
		IMAGE_TEST(test_verify__sink__gets_the_payload_once),
		IMAGE_TEST(test_verify__sink_fails__load),
		IMAGE_TEST(test_verify_header__without_payload__judged_alike),
		IMAGE_TEST(test_signature_verify__own_key__ok),
		IMAGE_TEST(test_reason_text__every_reason__a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
