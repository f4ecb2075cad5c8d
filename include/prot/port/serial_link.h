/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_SERIAL_LINK_H
#define PROT_SERIAL_LINK_H

/*
 * An MCTP link over a UART: the driver between a struct prot_uart and a struct
 * prot_mctp, with the framing of prot/mctp/serial.h. Nothing here waits.
 *
 *	prot_serial_link_init
 *	{ prot_serial_link_next* | prot_serial_link_flush }*
 */

#include <prot/mctp/endpoint.h>
#include <prot/mctp/serial.h>
#include <prot/port/uart.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_SERIAL_LINK_MTU (PROT_MCTP_SERIAL_PACKET - PROT_MCTP_HEADER_SIZE)

/* Fields are private. Not movable: the decoder points into it. */
struct prot_serial_link {
	const struct prot_uart *uart;
	struct prot_mctp_serial_encoder encoder;
	struct prot_mctp_serial_decoder decoder;
	struct prot_rd unread;
	uint64_t heard_ms;
	size_t tx_len;
	size_t tx_at;
	uint8_t rx[64];
	uint8_t packet[PROT_MCTP_SERIAL_PACKET];
	uint8_t tx[PROT_MCTP_SERIAL_FRAME(PROT_MCTP_SERIAL_PACKET)];
};

/* For struct prot_mctp_link, with MTU PROT_SERIAL_LINK_MTU; ctx: the link. */
extern const struct prot_mctp_link_ops prot_serial_link_ops;

/* `uart` must outlive the link. */
void prot_serial_link_init(struct prot_serial_link *l,
			   const struct prot_uart *uart);

/*
 * The next packet that arrived, for prot_mctp_rx(); borrowed until the next
 * call. PROT_PENDING: nothing more at the moment.
 */
PROT_MUST_CHECK
enum prot_status prot_serial_link_next(struct prot_serial_link *l,
				       uint64_t now_ms, uint8_t **packet,
				       size_t *len);

/*
 * Send on what the UART takes. True: all has been given to the UART, and the
 * link takes another packet.
 */
bool prot_serial_link_flush(struct prot_serial_link *l);

#ifdef __cplusplus
}
#endif
#endif /* PROT_SERIAL_LINK_H */
