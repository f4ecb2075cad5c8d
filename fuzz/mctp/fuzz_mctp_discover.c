/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Discovery of a hostile endpoint. The input is a list of responses: a length
 * byte, then bytes that replace the body from the instance ID on as they are,
 * or, for a length with bit 7 set, after the genuine four header bytes.
 */
#include <prot/mctp/discover.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t sent[4 + 64];
static size_t sent_len;

static void check(bool ok)
{
	if (!ok) {
		abort();
	}
}

static enum prot_status take_packet(void *ctx, const struct prot_mctp_addr *to,
				    const uint8_t *packet, size_t len)
{
	(void)ctx;
	(void)to;
	check(len <= sizeof(sent));
	memcpy(sent, packet, len);
	sent_len = len;
	return PROT_OK;
}

/* The next response of the input, to the request that was sent last. */
static void respond(struct prot_mctp *m, struct prot_rd *r, uint64_t now)
{
	static const struct prot_mctp_addr from = {1, {7}};
	uint8_t packet[4 + 4 + 127];
	const uint8_t len = prot_rd_u8(r);
	const size_t keep = (len & 0x80) != 0 ? 8 : 4;
	struct prot_rd body = prot_rd_sub(r, len & 0x7F);
	const size_t total = keep + body.left;

	packet[0] = 0x01;
	packet[1] = 0x08;
	packet[2] = sent[1] != 0 ? sent[1] : 0x33;
	packet[3] = 0xC0 | (sent[3] & 7);
	packet[4] = 0x00;
	packet[5] = sent[5] & 0x1F;
	packet[6] = sent[6];
	packet[7] = 0x00;
	prot_rd_copy(&body, packet + keep, body.left);
	prot_mctp_rx(m, 0, &from, packet, total, now);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct prot_mctp_link_ops ops = {take_packet};
	static const struct prot_mctp_link link = {&ops, NULL, 64, 0};
	static const struct prot_mctp_addr addr = {1, {7}};
	static uint8_t packet[68];
	static const struct prot_mctp_config config = {
		.links = &link,
		.link_count = 1,
		.packet = packet,
		.packet_cap = sizeof(packet),
		.assembly_timeout_ms = 10,
		.send_timeout_ms = 10,
		.eid = 8,
	};
	struct prot_rd r = prot_rd_init(data, size);
	const uint8_t eid = prot_rd_u8(&r);
	struct prot_mctp_discovery d;
	struct prot_mctp m;
	enum prot_status st;
	uint64_t now = 0;

	check(prot_mctp_init(&m, &config) == PROT_OK);
	if (prot_mctp_discovery_init(&d, 0, &addr, eid, 100, 1) != PROT_OK) {
		return 0;
	}
	while ((st = prot_mctp_discovery_step(&d, &m, now)) == PROT_PENDING) {
		if (prot_rd_ok(&r) && r.left != 0) {
			respond(&m, &r, now);
		} else {
			now += 100;
		}
		prot_mctp_tick(&m, now);
	}
	check(st != PROT_OK || eid == 0 || d.found.eid == eid);
	return 0;
}
