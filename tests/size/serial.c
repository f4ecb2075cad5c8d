/* SPDX-License-Identifier: Apache-2.0 */
/* One serial line, both ways. */
#include <prot/mctp/serial.h>

int main(void);

struct prot_mctp_serial_encoder context_encoder;
struct prot_mctp_serial_decoder context_decoder;
static uint8_t buf[PROT_MCTP_SERIAL_PACKET];
static uint8_t line[PROT_MCTP_SERIAL_FRAME(PROT_MCTP_SERIAL_PACKET)];

int main(void)
{
	struct prot_wr w = prot_wr_init(line, sizeof(line));
	struct prot_rd r = prot_rd_init(line, sizeof(line));
	uint8_t *packet;
	size_t len;

	prot_mctp_serial_encoder_init(&context_encoder, sizeof(buf));
	prot_mctp_serial_decoder_init(&context_decoder, buf, sizeof(buf));
	prot_mctp_serial_decoder_timeout(&context_decoder);
	if (prot_mctp_serial_decode(&context_decoder, &r, &packet, &len) !=
	    PROT_OK) {
		return 1;
	}
	prot_mctp_serial_encode(&context_encoder, &w, packet, len);
	return prot_wr_ok(&w) ? 0 : 1;
}
