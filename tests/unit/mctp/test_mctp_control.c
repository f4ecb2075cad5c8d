/* SPDX-License-Identifier: Apache-2.0 */
/* Control protocol responder. Bytes as DSP0236 1.3 section 12 lays them out. */
#include "mctp_fixture.h"

#include <prot/mctp/control.h>

static const uint8_t uuid[16] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55,
				 0x46, 0x77, 0x88, 0x99, 0xAA, 0xBB,
				 0xCC, 0xDD, 0xEE, 0xFF};

static const uint32_t spdm_versions[] = {PROT_MCTP_VERSION(1, 0, 0),
					 PROT_MCTP_VERSION(1, 1, 0)};
static const struct prot_mctp_type_support types[] = {
	{0x05, 2, spdm_versions},
	{0x7E, 0, NULL},
};

static const struct prot_mctp_vendor_set vendors[] = {
	{PROT_MCTP_VENDOR_FORMAT_PCI, 0x1AB4, 0x0102},
	{PROT_MCTP_VENDOR_FORMAT_IANA, 0x0000A67F, 0x0304},
};

struct cfx {
	struct prot_mctp_control_config config;
	struct prot_mctp_control control;
	struct prot_mctp mctp;
	uint8_t dest;
	uint8_t reply[64];
	size_t reply_cap;
	size_t reply_len;
};

static void cfx_init(struct cfx *c)
{
	memset(c, 0, sizeof(*c));
	c->config.uuid = uuid;
	c->config.types = types;
	c->config.type_count = 2;
	c->config.vendors = vendors;
	c->config.vendor_count = 2;
	c->config.medium_specific = 0x5A;
	c->reply_cap = sizeof(c->reply);
	c->mctp.eid = OWN_EID;
	prot_mctp_control_init(&c->control, &c->config, &c->mctp);
}

static void ask(struct cfx *c, const uint8_t *request, size_t len)
{
	uint8_t data[64];
	struct prot_mctp_reply reply = {c->reply, c->reply_cap, 0};
	struct prot_mctp_message msg = {
		.data = data, .len = len, .dest_eid = c->dest};

	assert_in_range(len, 0, sizeof(data));
	memcpy(data, request, len);
	prot_mctp_control_handle(&c->control, &msg, &reply);
	c->reply_len = reply.len;
}

#define ASK(c, ...)                                                            \
	ask(c, (const uint8_t[]){__VA_ARGS__},                                 \
	    sizeof((const uint8_t[]){__VA_ARGS__}))

#define EXPECT(c, ...)                                                         \
	do {                                                                   \
		const uint8_t want_[] = {__VA_ARGS__};                         \
		assert_int_equal((c)->reply_len, sizeof(want_));               \
		assert_memory_equal((c)->reply, want_, sizeof(want_));         \
	} while (0)

static void test_set_eid__set_and_force__assigned(void **state)
{
	struct cfx c;

	(void)state;
	cfx_init(&c);
	ASK(&c, 0x00, 0x85, 0x01, 0x00, 0x0C);
	EXPECT(&c, 0x00, 0x05, 0x01, 0x00, 0x00, 0x0C, 0x00);
	assert_int_equal(prot_mctp_eid(&c.mctp), 0x0C);
	ASK(&c, 0x00, 0x9F, 0x01, 0x01, 0xFE);
	EXPECT(&c, 0x00, 0x1F, 0x01, 0x00, 0x00, 0xFE, 0x00);
	assert_int_equal(prot_mctp_eid(&c.mctp), 0xFE);
}

static void test_set_eid__reserved_operation_bits__ignored(void **state)
{
	struct cfx c;

	(void)state;
	cfx_init(&c);
	ASK(&c, 0x00, 0x80, 0x01, 0xFC, 0x0C);
	EXPECT(&c, 0x00, 0x00, 0x01, 0x00, 0x00, 0x0C, 0x00);
}

static void test_set_eid__reserved_eids__invalid_data(void **state)
{
	const uint8_t bad[] = {0, 1, 2, 3, 4, 5, 6, 7, 255};
	struct cfx c;

	(void)state;
	cfx_init(&c);
	for (size_t i = 0; i < sizeof(bad); i++) {
		for (uint8_t op = 0; op < 2; op++) {
			ASK(&c, 0x00, 0x80, 0x01, op, bad[i]);
			EXPECT(&c, 0x00, 0x00, 0x01, 0x02);
			assert_int_equal(prot_mctp_eid(&c.mctp), OWN_EID);
		}
	}
}

static void test_set_eid__reset__back_to_the_static_eid(void **state)
{
	struct cfx c;

	(void)state;
	cfx_init(&c);
	ASK(&c, 0x00, 0x80, 0x01, 0x02, 0x33);
	EXPECT(&c, 0x00, 0x00, 0x01, 0x02);
	assert_int_equal(prot_mctp_eid(&c.mctp), OWN_EID);
	c.config.static_eid = 0x40;
	ASK(&c, 0x00, 0x80, 0x01, 0x02, 0x33);
	EXPECT(&c, 0x00, 0x00, 0x01, 0x00, 0x00, 0x40, 0x00);
	assert_int_equal(prot_mctp_eid(&c.mctp), 0x40);
}

static void test_set_eid__discovered_flag__invalid_data(void **state)
{
	struct cfx c;

	(void)state;
	cfx_init(&c);
	ASK(&c, 0x00, 0x80, 0x01, 0x03, 0x0C);
	EXPECT(&c, 0x00, 0x00, 0x01, 0x02);
	assert_int_equal(prot_mctp_eid(&c.mctp), OWN_EID);
}

static void test_get_eid__each_kind_of_eid__reported(void **state)
{
	struct cfx c;

	(void)state;
	cfx_init(&c);
	ASK(&c, 0x00, 0x81, 0x02);
	EXPECT(&c, 0x00, 0x01, 0x02, 0x00, OWN_EID, 0x00, 0x5A);
	c.config.static_eid = OWN_EID;
	ASK(&c, 0x00, 0x81, 0x02);
	EXPECT(&c, 0x00, 0x01, 0x02, 0x00, OWN_EID, 0x02, 0x5A);
	c.config.static_eid = 0x40;
	ASK(&c, 0x00, 0x81, 0x02);
	EXPECT(&c, 0x00, 0x01, 0x02, 0x00, OWN_EID, 0x03, 0x5A);
	c.mctp.eid = 0;
	ASK(&c, 0x00, 0x81, 0x02);
	EXPECT(&c, 0x00, 0x01, 0x02, 0x00, 0x00, 0x03, 0x5A);
}

static void test_get_uuid__configured__sixteen_bytes(void **state)
{
	struct cfx c;

	(void)state;
	cfx_init(&c);
	ASK(&c, 0x00, 0x80, 0x03);
	assert_int_equal(c.reply_len, 20);
	assert_memory_equal(c.reply, "\x00\x00\x03\x00", 4);
	assert_memory_equal(c.reply + 4, uuid, 16);
}

static void test_get_uuid__none__unsupported_command(void **state)
{
	struct cfx c;

	(void)state;
	cfx_init(&c);
	c.config.uuid = NULL;
	ASK(&c, 0x00, 0x80, 0x03);
	EXPECT(&c, 0x00, 0x00, 0x03, 0x05);
}

static void test_get_version__base_and_control__four_versions(void **state)
{
	const uint8_t asked[] = {0xFF, 0x00};
	struct cfx c;

	(void)state;
	cfx_init(&c);
	for (size_t i = 0; i < 2; i++) {
		ASK(&c, 0x00, 0x80, 0x04, asked[i]);
		EXPECT(&c, 0x00, 0x00, 0x04, 0x00, 4, 0xF1, 0xF0, 0xFF, 0x00,
		       0xF1, 0xF1, 0xFF, 0x00, 0xF1, 0xF2, 0xFF, 0x00, 0xF1,
		       0xF3, 0xF3, 0x00);
	}
}

static void test_get_version__each_type__listed_or_not_supported(void **state)
{
	struct cfx c;

	(void)state;
	cfx_init(&c);
	ASK(&c, 0x00, 0x80, 0x04, 0x05);
	EXPECT(&c, 0x00, 0x00, 0x04, 0x00, 2, 0xF1, 0xF0, 0xF0, 0x00, 0xF1,
	       0xF1, 0xF0, 0x00);
	for (unsigned type = 1; type < 255; type++) {
		if (type != 0x05) {
			ASK(&c, 0x00, 0x80, 0x04, (uint8_t)type);
			EXPECT(&c, 0x00, 0x00, 0x04, 0x80);
		}
	}
}

static void test_get_types__two_types__control_listed_first(void **state)
{
	struct cfx c;

	(void)state;
	cfx_init(&c);
	ASK(&c, 0x00, 0x80, 0x05);
	EXPECT(&c, 0x00, 0x00, 0x05, 0x00, 3, 0x00, 0x05, 0x7E);
}

static void test_get_vendor__each_selector__sets_then_invalid_data(void **state)
{
	struct cfx c;

	(void)state;
	cfx_init(&c);
	ASK(&c, 0x00, 0x80, 0x06, 0x00);
	EXPECT(&c, 0x00, 0x00, 0x06, 0x00, 0x01, 0x00, 0x1A, 0xB4, 0x01, 0x02);
	ASK(&c, 0x00, 0x80, 0x06, 0x01);
	EXPECT(&c, 0x00, 0x00, 0x06, 0x00, 0xFF, 0x01, 0x00, 0x00, 0xA6, 0x7F,
	       0x03, 0x04);
	for (unsigned s = 2; s < 256; s++) {
		ASK(&c, 0x00, 0x80, 0x06, (uint8_t)s);
		EXPECT(&c, 0x00, 0x00, 0x06, 0x02);
	}
	c.config.vendor_count = 0;
	ASK(&c, 0x00, 0x80, 0x06, 0x00);
	EXPECT(&c, 0x00, 0x00, 0x06, 0x02);
}

static void test_control__every_other_command__unsupported(void **state)
{
	struct cfx c;

	(void)state;
	cfx_init(&c);
	for (unsigned code = 0; code < 256; code++) {
		if (code >= 1 && code <= 6) {
			continue;
		}
		ASK(&c, 0x00, 0x83, (uint8_t)code, 0x01, 0x02);
		EXPECT(&c, 0x00, 0x03, (uint8_t)code, 0x05);
	}
}

static void test_control__every_wrong_length__invalid_length(void **state)
{
	const uint8_t lengths[] = {0, 2, 0, 0, 1, 0, 1};
	struct cfx c;

	(void)state;
	cfx_init(&c);
	for (uint8_t code = 1; code <= 6; code++) {
		for (size_t len = 0; len <= 4; len++) {
			const uint8_t rq[7] = {0x00, 0x80, code, 0, 0, 0, 0};

			if (len != lengths[code]) {
				ask(&c, rq, 3 + len);
				EXPECT(&c, 0x00, 0x00, code, 0x03);
			}
		}
	}
	assert_int_equal(prot_mctp_eid(&c.mctp), OWN_EID);
}

static void test_control__not_to_be_answered__silent(void **state)
{
	struct cfx c;

	(void)state;
	cfx_init(&c);
	ASK(&c, 0x00, 0x01, 0x02); /* response */
	assert_int_equal(c.reply_len, 0);
	ASK(&c, 0x00, 0xC0, 0x02); /* datagram */
	assert_int_equal(c.reply_len, 0);
	ASK(&c, 0x00, 0x40, 0x02); /* reserved combination */
	assert_int_equal(c.reply_len, 0);
	ASK(&c, 0x80, 0x80, 0x02); /* IC = 1 */
	assert_int_equal(c.reply_len, 0);
	ASK(&c, 0x00, 0x80); /* no command */
	assert_int_equal(c.reply_len, 0);
	ASK(&c, 0x00);
	assert_int_equal(c.reply_len, 0);
	c.dest = PROT_MCTP_EID_BROADCAST;
	ASK(&c, 0x00, 0x80, 0x01, 0x00, 0x0C);
	assert_int_equal(c.reply_len, 0);
	assert_int_equal(prot_mctp_eid(&c.mctp), OWN_EID);
}

static void test_control__reserved_bit_set__ignored(void **state)
{
	struct cfx c;

	(void)state;
	cfx_init(&c);
	ASK(&c, 0x00, 0xA7, 0x02);
	EXPECT(&c, 0x00, 0x07, 0x02, 0x00, OWN_EID, 0x00, 0x5A);
}

static void test_control__response_larger_than_the_buffer__error(void **state)
{
	struct cfx c;

	(void)state;
	cfx_init(&c);
	for (size_t cap = 4; cap < 20; cap++) {
		c.reply_cap = cap;
		ASK(&c, 0x00, 0x80, 0x03);
		EXPECT(&c, 0x00, 0x00, 0x03, 0x01);
	}
	c.reply_cap = 20;
	ASK(&c, 0x00, 0x80, 0x03);
	assert_int_equal(c.reply_len, 20);
}

/* Echoes the request data; an empty one is refused. */
static uint8_t hook(void *ctx, const struct prot_mctp_message *msg,
		    uint8_t command, struct prot_rd *request,
		    struct prot_wr *response)
{
	const size_t len = request->left;

	assert_int_equal(msg->len, 3 + len);
	*(uint8_t *)ctx = command;
	prot_wr_u8(response, 0xEE);
	prot_wr_bytes(response, prot_rd_bytes(request, len), len);
	return len == 0 ? 0x93 : PROT_MCTP_CC_SUCCESS;
}

static void test_control__transport_command__given_to_the_hook(void **state)
{
	uint8_t seen = 0;
	const struct prot_mctp_transport_hook h = {hook, &seen};
	struct cfx c;

	(void)state;
	cfx_init(&c);
	c.config.transport = &h;
	for (unsigned code = 0xF0; code <= 0xFF; code++) {
		ASK(&c, 0x00, 0x80, (uint8_t)code, 0x12);
		EXPECT(&c, 0x00, 0x00, (uint8_t)code, 0x00, 0xEE, 0x12);
		assert_int_equal(seen, code);
	}
	ASK(&c, 0x00, 0x80, 0xF3);
	EXPECT(&c, 0x00, 0x00, 0xF3, 0x93);
	ASK(&c, 0x00, 0x80, 0xEF, 0x12);
	EXPECT(&c, 0x00, 0x00, 0xEF, 0x05);
}

static void
test_control__set_eid_over_the_endpoint__answer_from_new_eid(void **state)
{
	const uint8_t rq[] = {0x00, 0x80, 0x01, 0x00, 0x55};
	const uint8_t want[] = {0x01, PEER_EID, 0x55, SOM | EOM | 3, 0x00, 0x00,
				0x01, 0x00,     0x00, 0x55,          0x00};
	struct prot_mctp_control_config config = {.types = types};
	struct prot_mctp_control control;
	struct fx fx;

	(void)state;
	fx_defaults(&fx);
	fx.config.eid = 0;
	fx.dest = 0;
	fx.handlers[1].handle = prot_mctp_control_handle;
	fx.handlers[1].ctx = &control;
	assert_int_equal(prot_mctp_init(&fx.m, &fx.config), PROT_OK);
	prot_mctp_control_init(&control, &config, &fx.m);
	fx_rx_bytes(&fx, SOM | EOM | TO | 3, rq, sizeof(rq));
	assert_int_equal(fx.sent_count, 1);
	assert_int_equal(fx.sent[0].len, sizeof(want));
	assert_memory_equal(fx.sent[0].bytes, want, sizeof(want));
	assert_int_equal(prot_mctp_eid(&fx.m), 0x55);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set_eid__set_and_force__assigned),
		cmocka_unit_test(
			test_set_eid__reserved_operation_bits__ignored),
		cmocka_unit_test(test_set_eid__reserved_eids__invalid_data),
		cmocka_unit_test(test_set_eid__reset__back_to_the_static_eid),
		cmocka_unit_test(test_set_eid__discovered_flag__invalid_data),
		cmocka_unit_test(test_get_eid__each_kind_of_eid__reported),
		cmocka_unit_test(test_get_uuid__configured__sixteen_bytes),
		cmocka_unit_test(test_get_uuid__none__unsupported_command),
		cmocka_unit_test(
			test_get_version__base_and_control__four_versions),
		cmocka_unit_test(
			test_get_version__each_type__listed_or_not_supported),
		cmocka_unit_test(
			test_get_types__two_types__control_listed_first),
		cmocka_unit_test(
			test_get_vendor__each_selector__sets_then_invalid_data),
		cmocka_unit_test(
			test_control__every_other_command__unsupported),
		cmocka_unit_test(
			test_control__every_wrong_length__invalid_length),
		cmocka_unit_test(test_control__not_to_be_answered__silent),
		cmocka_unit_test(test_control__reserved_bit_set__ignored),
		cmocka_unit_test(
			test_control__response_larger_than_the_buffer__error),
		cmocka_unit_test(
			test_control__transport_command__given_to_the_hook),
		cmocka_unit_test(
			test_control__set_eid_over_the_endpoint__answer_from_new_eid),
	};

	return cmocka_run_group_tests_name("mctp_control", tests, NULL, NULL);
}
