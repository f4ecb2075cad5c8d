/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/port/smbus_link.h>

/* Frames looked at in one call, so that noise on the bus cannot hold it. */
#define FRAMES_MAX 8

enum prot_status
prot_smbus_link_init(struct prot_smbus_link *l,
		     const struct prot_smbus_link_config *config)
{
	l->config = config;
	l->sender_config = (struct prot_mctp_smbus_sender_config){
		.buf = l->frame,
		.packet_max = PROT_MCTP_SMBUS_PACKET,
		.address = config->address,
		.nack_retries = PROT_MCTP_SMBUS_NACK_RETRIES,
		.idle_ms = PROT_MCTP_SMBUS_IDLE_MS,
		.arbitration_ms = PROT_MCTP_SMBUS_ARBITRATION_MS,
		.deadline_ms = PROT_MCTP_SMBUS_DEADLINE_MS,
	};
	prot_mctp_smbus_decoder_init(&l->decoder, config->address, l->packet,
				     sizeof(l->packet));
	return prot_mctp_smbus_sender_init(&l->sender, &l->sender_config);
}

static enum prot_status send(void *ctx, const struct prot_mctp_addr *to,
			     const uint8_t *packet, size_t len)
{
	struct prot_smbus_link *l = ctx;

	return prot_mctp_smbus_send(&l->sender, to, packet, len);
}

const struct prot_mctp_link_ops prot_smbus_link_ops = {.tx = send};

enum prot_status prot_smbus_link_next(struct prot_smbus_link *l,
				      uint8_t **packet, size_t *len,
				      struct prot_mctp_addr *from)
{
	const struct prot_i2c_target *t = &l->config->target;
	enum prot_status st = PROT_PENDING;

	for (int i = 0; i < FRAMES_MAX; i++) {
		const uint8_t *bytes = NULL;
		size_t n = 0;

		st = t->ops->receive(t->ctx, &bytes, &n);
		if (st == PROT_ERR_SPACE) {
			prot_mctp_smbus_decoder_lost(&l->decoder);
			continue;
		}
		if (st != PROT_OK) {
			return st;
		}
		st = prot_mctp_smbus_decode(&l->decoder, bytes, n, from, packet,
					    len);
		if (st == PROT_OK) {
			return st;
		}
	}
	return PROT_PENDING;
}

bool prot_smbus_link_flush(struct prot_smbus_link *l, uint64_t now_ms)
{
	const struct prot_i2c_controller *c = &l->config->controller;
	const struct prot_mctp_smbus_frame *f =
		prot_mctp_smbus_sender_frame(&l->sender, now_ms);

	if (f) {
		const struct prot_i2c_transfer t = {
			.address = f->dest,
			.tx = f->bytes,
			.tx_len = f->len,
		};

		prot_mctp_smbus_sender_result(
			&l->sender, c->ops->transfer(c->ctx, &t), now_ms);
	}
	return prot_mctp_smbus_sender_is_ready(&l->sender);
}

uint64_t prot_smbus_link_next_tick(const struct prot_smbus_link *l)
{
	return prot_mctp_smbus_sender_next_tick(&l->sender);
}
