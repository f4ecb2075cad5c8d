/* SPDX-License-Identifier: Apache-2.0 */
/* One SMBus, both ways. */
#include <prot/mctp/smbus.h>

int main(void);

struct prot_mctp_smbus_sender context_sender;
struct prot_mctp_smbus_decoder context_decoder;
static uint8_t buf[PROT_MCTP_SMBUS_PACKET];
static uint8_t frame_buf[PROT_MCTP_SMBUS_FRAME(PROT_MCTP_SMBUS_PACKET)];

extern const struct prot_mctp_smbus_sender_config config;

const struct prot_mctp_smbus_sender_config config = {
	.buf = frame_buf,
	.packet_max = PROT_MCTP_SMBUS_PACKET,
	.address = 0x1D,
	.nack_retries = PROT_MCTP_SMBUS_NACK_RETRIES,
	.idle_ms = PROT_MCTP_SMBUS_IDLE_MS,
	.arbitration_ms = PROT_MCTP_SMBUS_ARBITRATION_MS,
	.deadline_ms = PROT_MCTP_SMBUS_DEADLINE_MS,
};

int main(void)
{
	struct prot_mctp_smbus_sender *s = &context_sender;
	const struct prot_mctp_smbus_frame *f;
	struct prot_mctp_addr from;
	uint8_t *packet;
	size_t len;

	if (prot_mctp_smbus_sender_init(s, &config) != PROT_OK) {
		return 1;
	}
	prot_mctp_smbus_decoder_init(&context_decoder, 0x1D, buf, sizeof(buf));
	if (prot_mctp_smbus_decode(&context_decoder, frame_buf,
				   sizeof(frame_buf), &from, &packet,
				   &len) != PROT_OK ||
	    prot_mctp_smbus_send(s, &from, packet, len) != PROT_OK) {
		return 1;
	}
	f = prot_mctp_smbus_sender_frame(s,
					 prot_mctp_smbus_sender_next_tick(s));
	prot_mctp_smbus_sender_result(s, f ? PROT_OK : PROT_ERR_IO, 0);
	return prot_mctp_smbus_sender_is_ready(s) ? 0 : 1;
}
