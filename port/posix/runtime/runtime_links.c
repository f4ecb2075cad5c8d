/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime.h"

#include <prot/port/posix_pcap.h>

#include <unistd.h>

/* The EID of whoever sends bare messages, in the headers that they lack. */
#define EMU_PEER_EID 8
/* Packets taken from one link before the others have their turn. */
#define PACKETS_PER_TURN 32
#define LINGER_MS        500

static const struct prot_mctp_addr nowhere;

/* A trace that cannot be written does not stop the device. */
static void trace_packet(void *ctx, const uint8_t *packet, size_t len)
{
	const struct prot_runtime *r = ctx;

	(void)prot_posix_pcap_record(r->options.pcap, packet, len);
}

static uint16_t mtu(const struct prot_runtime *r,
		    enum prot_posix_framing framing)
{
	if (framing == PROT_POSIX_FRAMING_SERIAL) {
		return PROT_POSIX_SERIAL_MTU;
	}
	return framing == PROT_POSIX_FRAMING_EMU ? PROT_DEVICE_MTU_MAX
						 : r->options.mtu;
}

void prot_runtime_links_init(struct prot_runtime *r)
{
	r->link_count = r->options.listener_count * PROT_RUNTIME_LINKS_EACH;
	for (size_t i = 0; i < r->link_count; i++) {
		enum prot_posix_framing framing =
			r->options.listener[i / PROT_RUNTIME_LINKS_EACH]
				.framing;
		prot_posix_link_init(&r->link[i], framing, true);
		if (r->options.pcap >= 0) {
			r->link[i].tap = trace_packet;
			r->link[i].tap_ctx = r;
		}
		r->link_config[i] = (struct prot_mctp_link){
			.ops = &prot_posix_link_ops,
			.ctx = &r->link[i],
			.mtu = mtu(r, framing),
			.binding = framing == PROT_POSIX_FRAMING_SERIAL
					   ? PROT_MCTP_BINDING_SERIAL
					   : PROT_MCTP_BINDING_VENDOR,
		};
	}
}

static void drop(struct prot_runtime *r, size_t i)
{
	prot_posix_link_close(&r->link[i]);
	prot_device_link_reset(&r->device, (uint8_t)i);
}

/* A free link of the listener, else the one that was silent the longest. */
static size_t choose(const struct prot_runtime *r, size_t listener)
{
	size_t first = listener * PROT_RUNTIME_LINKS_EACH;
	size_t best = first;

	for (size_t i = first; i < first + PROT_RUNTIME_LINKS_EACH; i++) {
		if (!prot_posix_link_is_open(&r->link[i])) {
			return i;
		}
		if (r->active_ms[i] < r->active_ms[best]) {
			best = i;
		}
	}
	return best;
}

static void take_connection(struct prot_runtime *r, size_t listener)
{
	size_t i;
	int fd;

	if (prot_posix_tcp_accept(r->options.listener[listener].fd, &fd) !=
	    PROT_OK) {
		return;
	}
	i = choose(r, listener);
	if (prot_posix_link_is_open(&r->link[i])) {
		drop(r, i);
	}
	prot_posix_link_open(&r->link[i], fd, 0, EMU_PEER_EID);
	r->active_ms[i] = prot_posix_now_ms();
}

static void receive(struct prot_runtime *r, size_t i)
{
	enum prot_status st = PROT_OK;
	uint64_t now = prot_posix_now_ms();
	uint8_t *packet;
	size_t len;

	for (int n = 0; n < PACKETS_PER_TURN && st == PROT_OK; n++) {
		st = prot_posix_link_next(&r->link[i], &packet, &len);
		if (st == PROT_OK) {
			(void)prot_device_rx(&r->device, (uint8_t)i, &nowhere,
					     packet, len, now);
			r->active_ms[i] = now;
		}
	}
	if (st != PROT_OK && st != PROT_PENDING) {
		drop(r, i);
	}
}

static void serve(struct prot_runtime *r, size_t i, short events)
{
	if (prot_posix_link_unread(&r->link[i])) {
		events |= POLLIN;
	}
	if ((events & POLLOUT) &&
	    prot_posix_link_flush(&r->link[i]) == PROT_ERR_IO) {
		drop(r, i);
	} else if (events & (POLLIN | POLLHUP | POLLERR)) {
		receive(r, i);
	}
}

static int poll_time(uint64_t until_ms)
{
	uint64_t now = prot_posix_now_ms();
	uint64_t left = until_ms > now ? until_ms - now : 0;

	return left > 1000 ? 1000 : (int)left;
}

void prot_runtime_links_turn(struct prot_runtime *r, uint64_t until_ms)
{
	struct pollfd p[PROT_RUNTIME_LISTENERS + PROT_RUNTIME_LINKS];
	size_t listeners = r->options.listener_count;
	bool unread = false;

	for (size_t i = 0; i < listeners; i++) {
		p[i] = (struct pollfd){r->options.listener[i].fd, POLLIN, 0};
	}
	for (size_t i = 0; i < r->link_count; i++) {
		short out = prot_posix_link_waits(&r->link[i]) ? POLLOUT : 0;

		/* poll() passes over the -1 of a closed link. */
		p[listeners + i] = (struct pollfd){r->link[i].stream.fd,
						   (short)(POLLIN | out), 0};
		unread = unread || prot_posix_link_unread(&r->link[i]);
	}
	if (poll(p, listeners + r->link_count,
		 unread ? 0 : poll_time(until_ms)) < 0) {
		return;
	}
	for (size_t i = 0; i < r->link_count; i++) {
		serve(r, i, p[listeners + i].revents);
	}
	for (size_t i = 0; i < listeners; i++) {
		if (p[i].revents & POLLIN) {
			take_connection(r, i);
		}
	}
}

static void drain(struct prot_posix_link *l, uint64_t deadline)
{
	enum prot_status st = PROT_PENDING;

	while (prot_posix_link_is_open(l) && prot_posix_link_waits(l) &&
	       st == PROT_PENDING && prot_posix_now_ms() < deadline) {
		struct pollfd p = {l->stream.fd, POLLOUT, 0};

		(void)poll(&p, 1, poll_time(deadline));
		st = prot_posix_link_flush(l);
	}
}

void prot_runtime_links_close(struct prot_runtime *r)
{
	uint64_t deadline = prot_posix_now_ms() + LINGER_MS;

	for (size_t i = 0; i < r->link_count; i++) {
		drain(&r->link[i], deadline);
		prot_posix_link_close(&r->link[i]);
	}
	for (size_t i = 0; i < r->options.listener_count; i++) {
		close(r->options.listener[i].fd);
	}
}
