/* SPDX-License-Identifier: Apache-2.0 */
/* Transmit: one queue over all links, packets built as the links take them. */
#include "mctp_internal.h"

void prot_mctp_tx_enqueue(struct prot_mctp *m, struct prot_mctp_tx *tx)
{
	struct prot_mctp_tx **at = &m->tx_queue;

	/* At the end: messages to one link leave in the order they came. */
	while (*at) {
		at = &(*at)->next;
	}
	*at = tx;
	tx->next = NULL;
	tx->at = 0;
	/*
	 * The first sequence number is free to choose. Moving on with each
	 * round of tags, it keeps the rest of a message whose start was lost
	 * from completing what the peer may hold of an earlier one.
	 */
	tx->seq = m->next_tag / MCTP_TAG_COUNT & PROT_MCTP_SEQ_MASK;
	tx->source_eid = m->eid;
	tx->state = MCTP_TX_SENDING;
}

void prot_mctp_tx_dequeue(struct prot_mctp *m, struct prot_mctp_tx *tx)
{
	struct prot_mctp_tx **at = &m->tx_queue;

	while (*at && *at != tx) {
		at = &(*at)->next;
	}
	if (*at) {
		*at = tx->next;
	}
	tx->state = MCTP_TX_IDLE;
}

/* Copy n bytes of the message, from tx->at on, out of its two parts. */
static void copy_body(const struct prot_mctp_tx *tx, uint8_t *dst, size_t n)
{
	size_t at = tx->at;

	if (at < tx->part_len[0]) {
		size_t first = tx->part_len[0] - at;

		first = first < n ? first : n;
		memcpy(dst, tx->part[0] + at, first);
		dst += first;
		at += first;
		n -= first;
	}
	if (n != 0) {
		memcpy(dst, tx->part[1] + (at - tx->part_len[0]), n);
	}
}

/* Send packets until the message is out or the link declines. */
static enum prot_status send_packets(struct prot_mctp *m,
				     struct prot_mctp_tx *tx)
{
	const struct prot_mctp_link *link = &m->config->links[tx->to.link];
	const size_t total = tx->part_len[0] + tx->part_len[1];
	uint8_t *packet = m->config->packet; /* prot_mctp_init(): MTU + 4 */

	packet[0] = PROT_MCTP_HEADER_VERSION;
	packet[1] = tx->to.eid;
	packet[2] = tx->source_eid;
	while (tx->at < total) {
		size_t n = total - tx->at;
		unsigned flags = tx->flags | (unsigned)tx->seq
						     << PROT_MCTP_SEQ_SHIFT;
		enum prot_status st;

		flags |= tx->at == 0 ? PROT_MCTP_SOM : 0;
		if (n > link->mtu) {
			n = link->mtu;
		} else {
			flags |= PROT_MCTP_EOM;
		}
		packet[3] = (uint8_t)flags;
		/*
		 * Built anew after PROT_ERR_BUSY: in between the buffer may
		 * have served a message for another link.
		 */
		copy_body(tx, packet + PROT_MCTP_HEADER_SIZE, n);
		st = link->ops->tx(link->ctx, &tx->to.addr, packet,
				   PROT_MCTP_HEADER_SIZE + n);
		if (st != PROT_OK) {
			return st;
		}
		m->counters.tx_packets++;
		tx->at += n;
		tx->seq = (tx->seq + 1) & PROT_MCTP_SEQ_MASK;
	}
	m->counters.tx_messages++;
	return PROT_OK;
}

/* The message has left the queue: sent, or refused by its link. */
static void tx_done(struct prot_mctp *m, struct prot_mctp_tx *tx,
		    enum prot_status st, uint64_t now_ms)
{
	struct prot_mctp_request *r = tx->request;

	tx->state = MCTP_TX_IDLE;
	if (!r) {
		if (st != PROT_OK) {
			mctp_count(m, PROT_MCTP_DROP_REPLY);
		}
	} else if (st != PROT_OK) {
		prot_mctp_request_finish(m, r, PROT_ERR_IO);
	} else if (r->one_way) {
		prot_mctp_request_finish(m, r, PROT_OK);
	} else {
		/* Time for the reply counts from the last packet. */
		tx->state = MCTP_TX_WAITING;
		tx->deadline_ms = now_ms + r->timeout_ms;
	}
}

void prot_mctp_tx_pump(struct prot_mctp *m, uint64_t now_ms)
{
	struct prot_mctp_tx **at = &m->tx_queue;
	uint32_t busy = 0; /* a bit per link: messages do not overtake */

	while (*at) {
		struct prot_mctp_tx *tx = *at;
		const uint32_t link = UINT32_C(1) << tx->to.link;
		enum prot_status st = PROT_ERR_BUSY;

		if ((busy & link) == 0) {
			st = send_packets(m, tx);
		}
		if (st == PROT_ERR_BUSY) {
			busy |= link;
			at = &tx->next;
			continue;
		}
		*at = tx->next;
		tx_done(m, tx, st, now_ms);
	}
}

void prot_mctp_tx_expire(struct prot_mctp *m, uint64_t now_ms)
{
	struct prot_mctp_tx **at = &m->tx_queue;

	while (*at) {
		struct prot_mctp_tx *tx = *at;

		if (tx->request || tx->deadline_ms > now_ms) {
			at = &tx->next;
			continue;
		}
		*at = tx->next;
		tx_done(m, tx, PROT_ERR_TIMEOUT, now_ms);
	}
}
