/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_CLI_PCAP_H
#define PROT_CLI_PCAP_H

/*
 * Traces of MCTP packets (prot/port/posix_pcap.h) for the commands. DMTF's
 * spdm-dump does not assemble messages: it can follow a trace whose messages
 * are single packets, which is what a connection without --mtu yields.
 */

#include "prot_cli.h"

#include <prot/port/posix_pcap.h>

/* Opaque. */
struct prot_cli_pcap;

/* Start a trace, replacing the file. NULL: the reason has been printed. */
struct prot_cli_pcap *prot_cli_pcap_create(const char *path);

/*
 * Append one packet with the time of day. Each record is in the file when
 * the call returns. A failure is reported once and ends the trace.
 */
void prot_cli_pcap_write(struct prot_cli_pcap *pcap, const uint8_t *packet,
			 size_t len);

/* NULL is allowed. */
void prot_cli_pcap_close(struct prot_cli_pcap *pcap);

/* ---- reading, from memory ---- */

/* Fields are private but for linktype. */
struct prot_cli_pcap_reader {
	uint32_t linktype;
	const uint8_t *at;
	size_t left;
	bool big_endian;
	bool nanoseconds;
};

struct prot_cli_pcap_record {
	uint64_t time_us;      /* since 1970 */
	const uint8_t *packet; /* borrowed from the file's bytes */
	size_t len;
	size_t original_len; /* on the wire; above len when cut short */
};

/*
 * Read the file header; either byte order, micro- or nanoseconds.
 * PROT_ERR_MALFORMED: not a pcap file. PROT_ERR_UNSUPPORTED: a version other
 * than 2.x, or pcapng. The bytes must outlive the reader.
 */
enum prot_status prot_cli_pcap_open(struct prot_cli_pcap_reader *r,
				    const uint8_t *bytes, size_t len);

/*
 * PROT_OK: the next record. PROT_ERR_NOT_FOUND: the file ends here.
 * PROT_ERR_MALFORMED: it ends within a record, or a record is longer than
 * any can be.
 */
enum prot_status prot_cli_pcap_next(struct prot_cli_pcap_reader *r,
				    struct prot_cli_pcap_record *record);

#endif /* PROT_CLI_PCAP_H */
