/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An MCTP endpoint on UART1; the program on the host that runs these tests is
 * the bus owner at its other end, with a framing of its own.
 */
#include "target.h"

#include "ast_board.h"

#include <prot/mctp/control.h>
#include <prot/mctp/endpoint.h>
#include <prot/port/serial_link.h>

#include <string.h>

#define LIMIT_MS 10000u
#define ECHO     PROT_MCTP_TYPE_VENDOR_PCI /* sent back as it came */
#define ECHO_MAX 1024

static struct prot_uart uart = {&prot_ast_uart_ops, NULL};
static struct prot_serial_link line;
static struct prot_mctp mctp;
static struct prot_mctp_control control;
static struct prot_mctp_link links[1];
static uint8_t packet[PROT_MCTP_SERIAL_PACKET];
static uint8_t slot_buf[ECHO_MAX], tx_buf[ECHO_MAX];
static struct prot_mctp_slot slots[1] = {{.buf = slot_buf, .cap = ECHO_MAX}};
static struct prot_mctp_tx_buffer tx[1] = {{.buf = tx_buf, .cap = ECHO_MAX}};
static bool done;

static void echo(void *ctx, const struct prot_mctp_message *msg,
		 struct prot_mctp_reply *reply)
{
	(void)ctx;
	memcpy(reply->data, msg->data, msg->len);
	reply->len = msg->len;
	done = msg->len == 5 && memcmp(msg->data + 1, "done", 4) == 0;
}

static const struct prot_mctp_handler handlers[] = {
	{PROT_MCTP_TYPE_CONTROL, prot_mctp_control_handle, &control},
	{ECHO, echo, NULL},
};

static const struct prot_mctp_control_config control_config = {0};

static const struct prot_mctp_config config = {
	.links = links,
	.handlers = handlers,
	.slots = slots,
	.tx_buffers = tx,
	.packet = packet,
	.packet_cap = sizeof(packet),
	.assembly_timeout_ms = PROT_MCTP_ASSEMBLY_TIMEOUT_MS,
	.send_timeout_ms = PROT_MCTP_SEND_TIMEOUT_MS,
	.link_count = 1,
	.handler_count = PROT_ARRAY_SIZE(handlers),
	.slot_count = 1,
	.tx_buffer_count = 1,
	.slots_per_peer = 1,
};

static void turn(uint64_t now_ms)
{
	static const struct prot_mctp_addr nowhere;
	uint8_t *p;
	size_t len;

	while (prot_serial_link_next(&line, now_ms, &p, &len) == PROT_OK) {
		(void)prot_mctp_rx(&mctp, 0, &nowhere, p, len, now_ms);
	}
	if (prot_serial_link_flush(&line)) {
		prot_mctp_tick(&mctp, now_ms);
	}
}

static void start(void)
{
	uart.ctx = (void *)(uintptr_t)prot_ast_board.mctp;
	TARGET_CHECK(prot_ast_uart_init(prot_ast_board.mctp) == PROT_OK);
	prot_serial_link_init(&line, &uart);
	links[0] = (struct prot_mctp_link){
		.ops = &prot_serial_link_ops,
		.ctx = &line,
		.mtu = PROT_SERIAL_LINK_MTU,
		.binding = PROT_MCTP_BINDING_SERIAL,
	};
	prot_mctp_control_init(&control, &control_config, &mctp);
	TARGET_CHECK(prot_mctp_init(&mctp, &config) == PROT_OK);
}

static void test_mctp__bus_owner_on_uart__served_until_done(void)
{
	const struct prot_clock *c = prot_ast_board.seams.clock;
	uint64_t begin = prot_clock_ms(c);

	start();
	target_note("# mctp: ready");
	while (!done) {
		TARGET_CHECK(prot_clock_ms(c) - begin < LIMIT_MS);
		turn(prot_clock_ms(c));
	}
	while (!prot_serial_link_flush(&line)) {
		TARGET_CHECK(prot_clock_ms(c) - begin < LIMIT_MS);
	}
	TARGET_CHECK(prot_mctp_eid(&mctp) == 9);
	TARGET_CHECK(prot_ast_uart_overruns(prot_ast_board.mctp) == 0);
}

#define TEST(name) #name, name

const struct target_test target_mctp_tests[] = {
	{TEST(test_mctp__bus_owner_on_uart__served_until_done), NULL},
	{NULL, NULL, NULL},
};
