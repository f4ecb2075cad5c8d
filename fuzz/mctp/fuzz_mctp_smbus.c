/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SMBus binding. Byte 0, bits 1:0:
 *	0  a frame from its address byte on; 1  without it. If it decodes, it
 *	   is encoded again and must give the same bytes.
 *	2  as 0, with its PEC made right
 *	3  the sender: a byte of time and a byte of outcome per step
 */
#include <prot/mctp/smbus.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OWN  0x1D
#define PEER 0x10
#define MAX  PROT_MCTP_SMBUS_PACKET_MAX

static void check(bool ok)
{
	if (!ok) {
		abort();
	}
}

static uint8_t buffer[MAX];
static uint8_t copy[PROT_MCTP_SMBUS_FRAME(MAX) + 8];
static uint8_t again[PROT_MCTP_SMBUS_FRAME(MAX)];

static void frame(const uint8_t *bytes, size_t len, bool addressed)
{
	struct prot_mctp_smbus_decoder d;
	struct prot_wr w = prot_wr_init(again, sizeof(again));
	struct prot_mctp_addr from;
	enum prot_status st;
	uint8_t *packet;
	size_t n;

	prot_mctp_smbus_decoder_init(&d, OWN, buffer, sizeof(buffer));
	st = addressed ? prot_mctp_smbus_decode(&d, bytes, len, &from, &packet,
						&n)
		       : prot_mctp_smbus_decode_unaddressed(&d, bytes, len,
							    &from, &packet, &n);
	check(st == PROT_OK || st == PROT_ERR_MALFORMED);
	check(d.counters.packets == (st == PROT_OK));
	if (st != PROT_OK) {
		return;
	}
	prot_mctp_smbus_encode(&w, OWN, from.bytes[0], packet, n);
	check(prot_wr_ok(&w) && from.len == 1);
	check(w.len - (addressed ? 0 : 1) == len);
	check(memcmp(again + (addressed ? 0 : 1), bytes, len) == 0);
}

static void sealed(const uint8_t *bytes, size_t len)
{
	len = len < sizeof(copy) ? len : sizeof(copy);
	memcpy(copy, bytes, len);
	copy[0] = OWN << 1;
	copy[len - 1] = prot_mctp_smbus_pec(0, copy, len - 1);
	frame(copy, len, true);
}

static void sender(const uint8_t *data, size_t size)
{
	static const enum prot_status outcome[] = {
		PROT_OK,          PROT_PENDING, PROT_ERR_BUSY,
		PROT_ERR_TIMEOUT, PROT_ERR_IO,  PROT_ERR_NOT_FOUND,
	};
	const struct prot_mctp_smbus_sender_config config = {
		.buf = copy,
		.packet_max = MAX,
		.address = OWN,
		.nack_retries = PROT_MCTP_SMBUS_NACK_RETRIES,
		.idle_ms = PROT_MCTP_SMBUS_IDLE_MS,
		.arbitration_ms = PROT_MCTP_SMBUS_ARBITRATION_MS,
		.deadline_ms = PROT_MCTP_SMBUS_DEADLINE_MS,
	};
	const struct prot_mctp_addr to = prot_mctp_smbus_addr(PEER);
	const struct prot_mctp_smbus_tx_counters *c;
	struct prot_mctp_smbus_sender s;
	uint64_t now = 0;
	uint32_t taken = 0;

	check(prot_mctp_smbus_sender_init(&s, &config) == PROT_OK);
	c = prot_mctp_smbus_tx_counters(&s);
	for (size_t i = 0; i + 1 < size; i += 2) {
		const struct prot_mctp_smbus_frame *f;
		bool ready = prot_mctp_smbus_sender_is_ready(&s);

		now += data[i];
		check((prot_mctp_smbus_send(&s, &to, buffer, 8) == PROT_OK) ==
		      ready);
		taken += ready;
		f = prot_mctp_smbus_sender_frame(&s, now);
		check(!f || (f->dest == PEER && f->len == 12));
		check(f || prot_mctp_smbus_sender_next_tick(&s) > now);
		prot_mctp_smbus_sender_result(&s, outcome[data[i + 1] % 6],
					      now);
		/* Every frame ends as one of two, or is still there. */
		check(c->packets + c->given_up +
			      !prot_mctp_smbus_sender_is_ready(&s) ==
		      taken);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2) {
		return 0;
	}
	switch (data[0] & 3) {
	case 0:
	case 1:
		frame(data + 1, size - 1, (data[0] & 1) == 0);
		break;
	case 2:
		sealed(data + 1, size - 1);
		break;
	default:
		sender(data + 1, size - 1);
		break;
	}
	return 0;
}
