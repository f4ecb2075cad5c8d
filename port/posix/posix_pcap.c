/* SPDX-License-Identifier: Apache-2.0 */
#include <prot/base/cursor.h>
#include <prot/port/posix_pcap.h>

#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MAGIC_MICROSECONDS 0xA1B2C3D4u
#define FILE_HEADER        24
#define RECORD_HEADER      16

enum prot_status prot_posix_pcap_create(const char *path, int *fd)
{
	uint8_t header[FILE_HEADER];
	struct prot_wr w = prot_wr_init(header, sizeof(header));

	*fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
		   0644);
	if (*fd < 0) {
		return PROT_ERR_IO;
	}
	prot_wr_le32(&w, MAGIC_MICROSECONDS);
	prot_wr_le16(&w, 2); /* version 2.4 */
	prot_wr_le16(&w, 4);
	prot_wr_le32(&w, 0); /* times are UTC */
	prot_wr_le32(&w, 0);
	prot_wr_le32(&w, PROT_POSIX_PCAP_SNAPLEN);
	prot_wr_le32(&w, PROT_POSIX_PCAP_LINKTYPE);
	if (write(*fd, header, w.len) != (ssize_t)w.len) {
		close(*fd);
		*fd = -1;
		return PROT_ERR_IO;
	}
	return PROT_OK;
}

enum prot_status prot_posix_pcap_record(int fd, const uint8_t *packet,
					size_t len)
{
	uint8_t header[RECORD_HEADER];
	struct prot_wr w = prot_wr_init(header, sizeof(header));
	struct iovec parts[2] = {{header, sizeof(header)}, {NULL, len}};
	struct timespec now;

	if (len > PROT_POSIX_PCAP_SNAPLEN) {
		parts[1].iov_len = PROT_POSIX_PCAP_SNAPLEN;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	prot_wr_le32(&w, (uint32_t)now.tv_sec);
	prot_wr_le32(&w, (uint32_t)(now.tv_nsec / 1000));
	prot_wr_le32(&w, (uint32_t)parts[1].iov_len);
	prot_wr_le32(&w, (uint32_t)len);
	/* struct iovec serves reading too, and has no const. */
	memcpy(&parts[1].iov_base, &packet, sizeof(packet));
	return writev(fd, parts, 2) ==
			       (ssize_t)(sizeof(header) + parts[1].iov_len)
		       ? PROT_OK
		       : PROT_ERR_IO;
}
