/* SPDX-License-Identifier: Apache-2.0 */
/* SMBus/I2C binding: DSP0237 1.2.0, one packet on its way to the bus. */
#include <prot/mctp/smbus.h>

enum sender_state {
	SENDER_IDLE,    /* no frame; the bus may still be owed some quiet */
	SENDER_QUEUED,  /* a frame that has not been offered yet */
	SENDER_WAITING, /* between tries, or before the first */
	SENDER_ACTIVE,  /* offered: its result is awaited */
};

enum prot_status
prot_mctp_smbus_sender_init(struct prot_mctp_smbus_sender *s,
			    const struct prot_mctp_smbus_sender_config *config)
{
	if (!config->buf || config->packet_max < PROT_MCTP_SMBUS_PACKET_MIN ||
	    config->packet_max > PROT_MCTP_SMBUS_PACKET_MAX ||
	    !prot_mctp_smbus_address_is_valid(config->address) ||
	    config->deadline_ms == 0) {
		return PROT_ERR_ARG;
	}
	memset(s, 0, sizeof(*s));
	s->config = config;
	s->frame.bytes = config->buf + 1; /* behind the address byte */
	return PROT_OK;
}

enum prot_status prot_mctp_smbus_send(struct prot_mctp_smbus_sender *s,
				      const struct prot_mctp_addr *to,
				      const uint8_t *packet, size_t len)
{
	const struct prot_mctp_smbus_sender_config *c = s->config;
	struct prot_wr w =
		prot_wr_init(c->buf, PROT_MCTP_SMBUS_FRAME(c->packet_max));

	if (s->state != SENDER_IDLE) {
		return PROT_ERR_BUSY;
	}
	if (to->len != 1 || to->bytes[0] == c->address) {
		return PROT_ERR_ARG;
	}
	prot_mctp_smbus_encode(&w, to->bytes[0], c->address, packet, len);
	if (!prot_wr_ok(&w)) {
		return PROT_ERR_ARG;
	}
	s->frame.dest = to->bytes[0];
	s->frame.len = w.len - 1;
	s->nacks_left = c->nack_retries;
	s->state = SENDER_QUEUED;
	return PROT_OK;
}

/* The bus gets its quiet time whatever became of the frame. */
static void finish(struct prot_mctp_smbus_sender *s, uint32_t *counter,
		   uint64_t now_ms)
{
	(*counter)++;
	s->state = SENDER_IDLE;
	s->due_ms = now_ms + s->config->idle_ms;
}

static void try_again(struct prot_mctp_smbus_sender *s, uint16_t wait_ms,
		      uint64_t now_ms)
{
	s->due_ms = now_ms + wait_ms;
	s->state = SENDER_WAITING;
	if (s->due_ms >= s->deadline_ms) {
		finish(s, &s->counters.given_up, now_ms);
	}
}

const struct prot_mctp_smbus_frame *
prot_mctp_smbus_sender_frame(struct prot_mctp_smbus_sender *s, uint64_t now_ms)
{
	if (s->state == SENDER_QUEUED) {
		s->deadline_ms = now_ms + s->config->deadline_ms;
		s->state = SENDER_WAITING;
	}
	if (s->state == SENDER_WAITING && now_ms >= s->due_ms) {
		s->state = SENDER_ACTIVE;
	}
	return s->state == SENDER_ACTIVE ? &s->frame : NULL;
}

static void not_acknowledged(struct prot_mctp_smbus_sender *s, uint64_t now_ms)
{
	s->counters.nacks++;
	if (s->nacks_left == 0) {
		finish(s, &s->counters.given_up, now_ms);
		return;
	}
	s->nacks_left--;
	/* DSP0237, deadlock avoidance: as if the frame had been sent. */
	try_again(s, s->config->idle_ms, now_ms);
}

void prot_mctp_smbus_sender_result(struct prot_mctp_smbus_sender *s,
				   enum prot_status st, uint64_t now_ms)
{
	if (s->state != SENDER_ACTIVE || st == PROT_PENDING) {
		return;
	}
	switch ((int)st) {
	case PROT_OK:
		finish(s, &s->counters.packets, now_ms);
		break;
	case PROT_ERR_BUSY:
		s->counters.arbitration++;
		try_again(s, s->config->arbitration_ms, now_ms);
		break;
	case PROT_ERR_NOT_FOUND:
	case PROT_ERR_TIMEOUT:
		not_acknowledged(s, now_ms);
		break;
	default:
		finish(s, &s->counters.given_up, now_ms);
		break;
	}
}

bool prot_mctp_smbus_sender_is_ready(const struct prot_mctp_smbus_sender *s)
{
	return s->state == SENDER_IDLE;
}

uint64_t
prot_mctp_smbus_sender_next_tick(const struct prot_mctp_smbus_sender *s)
{
	return s->state == SENDER_IDLE ? UINT64_MAX : s->due_ms;
}
