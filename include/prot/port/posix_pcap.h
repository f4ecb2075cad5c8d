/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROT_PORT_POSIX_PCAP_H
#define PROT_PORT_POSIX_PCAP_H

/*
 * Traces of MCTP packets in the classic pcap file format, link type 291
 * (LINKTYPE_MCTP of DMTF's spdm-emu and spdm-dump): one packet per record,
 * MCTP header first.
 */

#include <prot/base/status.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROT_POSIX_PCAP_LINKTYPE 291u
#define PROT_POSIX_PCAP_SNAPLEN  65535u

/*
 * Start a trace, replacing the file. Records are appended: processes that
 * inherit the descriptor may write them in turn. PROT_ERR_IO.
 */
enum prot_status prot_posix_pcap_create(const char *path, int *fd);

/*
 * Append one packet with the time of day, in one write: a program that is
 * killed leaves whole records. PROT_ERR_IO.
 */
enum prot_status prot_posix_pcap_record(int fd, const uint8_t *packet,
					size_t len);

#ifdef __cplusplus
}
#endif
#endif /* PROT_PORT_POSIX_PCAP_H */
