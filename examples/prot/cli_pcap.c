/* SPDX-License-Identifier: Apache-2.0 */
#include "cli_pcap.h"

#include <prot/base/cursor.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MAGIC_MICRO   0xA1B2C3D4u
#define MAGIC_NANO    0xA1B23C4Du
#define MAGIC_PCAPNG  0x0A0D0D0Au
#define FILE_HEADER   24
#define RECORD_HEADER 16
/* Link types reach 16 bits; above them stand flags about a frame check. */
#define LINKTYPE_MASK 0xFFFFu

struct prot_cli_pcap {
	int fd;
	char *path;
};

static bool put(struct prot_cli_pcap *pcap, const struct prot_wr *header,
		const uint8_t *packet, size_t len)
{
	uint8_t record[RECORD_HEADER + FILE_HEADER];
	/* One call, so that a record is never split by the end of a program. */
	struct iovec parts[2] = {{record, header->len}, {NULL, len}};
	uint8_t *copy = len ? prot_cli_alloc(len) : NULL;
	bool ok;

	memcpy(record, header->buf, header->len);
	if (copy) {
		memcpy(copy, packet, len);
	}
	parts[1].iov_base = copy;
	ok = writev(pcap->fd, parts, 2) == (ssize_t)(header->len + len);
	free(copy);
	if (!ok) {
		prot_cli_error("cannot write %s: %s; the trace ends here",
			       pcap->path, strerror(errno));
		close(pcap->fd);
		pcap->fd = -1;
	}
	return ok;
}

struct prot_cli_pcap *prot_cli_pcap_create(const char *path)
{
	struct prot_cli_pcap *pcap = prot_cli_alloc(sizeof(*pcap));
	uint8_t header[FILE_HEADER];
	struct prot_wr w = prot_wr_init(header, sizeof(header));

	pcap->path = strdup(path);
	pcap->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (pcap->fd < 0 || pcap->path == NULL) {
		prot_cli_error("cannot write %s: %s", path, strerror(errno));
		prot_cli_pcap_close(pcap);
		return NULL;
	}
	prot_wr_le32(&w, MAGIC_MICRO);
	prot_wr_le16(&w, 2); /* version 2.4 */
	prot_wr_le16(&w, 4);
	prot_wr_le32(&w, 0); /* times are UTC */
	prot_wr_le32(&w, 0);
	prot_wr_le32(&w, PROT_CLI_PCAP_SNAPLEN);
	prot_wr_le32(&w, PROT_CLI_PCAP_LINKTYPE);
	if (!put(pcap, &w, NULL, 0)) {
		prot_cli_pcap_close(pcap);
		return NULL;
	}
	return pcap;
}

void prot_cli_pcap_write(struct prot_cli_pcap *pcap, const uint8_t *packet,
			 size_t len)
{
	uint8_t header[RECORD_HEADER];
	struct prot_wr w = prot_wr_init(header, sizeof(header));
	size_t kept = len < PROT_CLI_PCAP_SNAPLEN ? len : PROT_CLI_PCAP_SNAPLEN;
	struct timespec now;

	if (pcap->fd < 0) {
		return;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	prot_wr_le32(&w, (uint32_t)now.tv_sec);
	prot_wr_le32(&w, (uint32_t)(now.tv_nsec / 1000));
	prot_wr_le32(&w, (uint32_t)kept);
	prot_wr_le32(&w, (uint32_t)len);
	(void)put(pcap, &w, packet, kept);
}

void prot_cli_pcap_close(struct prot_cli_pcap *pcap)
{
	if (pcap == NULL) {
		return;
	}
	if (pcap->fd >= 0) {
		close(pcap->fd);
	}
	free(pcap->path);
	free(pcap);
}

static uint32_t get32(const struct prot_cli_pcap_reader *r, struct prot_rd *rd)
{
	return r->big_endian ? prot_rd_be32(rd) : prot_rd_le32(rd);
}

/* The magic number says which byte order and which resolution follow. */
static enum prot_status read_magic(struct prot_cli_pcap_reader *r,
				   struct prot_rd *rd)
{
	struct prot_rd again = *rd;
	uint32_t little = prot_rd_le32(rd);
	uint32_t big = prot_rd_be32(&again);

	r->big_endian = big == MAGIC_MICRO || big == MAGIC_NANO;
	r->nanoseconds = big == MAGIC_NANO || little == MAGIC_NANO;
	if (little == MAGIC_PCAPNG) {
		return PROT_ERR_UNSUPPORTED;
	}
	return r->big_endian || little == MAGIC_MICRO || little == MAGIC_NANO
		       ? PROT_OK
		       : PROT_ERR_MALFORMED;
}

enum prot_status prot_cli_pcap_open(struct prot_cli_pcap_reader *r,
				    const uint8_t *bytes, size_t len)
{
	struct prot_rd rd = prot_rd_init(bytes, len);
	enum prot_status st;
	uint16_t major;

	memset(r, 0, sizeof(*r));
	st = read_magic(r, &rd);
	if (st != PROT_OK) {
		return st;
	}
	major = r->big_endian ? prot_rd_be16(&rd) : prot_rd_le16(&rd);
	(void)prot_rd_bytes(&rd, 14); /* minor, zone, accuracy, snap length */
	r->linktype = get32(r, &rd) & LINKTYPE_MASK;
	if (!prot_rd_ok(&rd)) {
		return PROT_ERR_MALFORMED;
	}
	r->at = rd.at;
	r->left = rd.left;
	return major == 2 ? PROT_OK : PROT_ERR_UNSUPPORTED;
}

enum prot_status prot_cli_pcap_next(struct prot_cli_pcap_reader *r,
				    struct prot_cli_pcap_record *record)
{
	struct prot_rd rd = prot_rd_init(r->at, r->left);
	uint64_t seconds;
	uint32_t fraction;

	if (r->left == 0) {
		return PROT_ERR_NOT_FOUND;
	}
	seconds = get32(r, &rd);
	fraction = get32(r, &rd);
	record->len = get32(r, &rd);
	record->original_len = get32(r, &rd);
	record->packet = prot_rd_bytes(&rd, record->len);
	record->time_us =
		seconds * 1000000u + fraction / (r->nanoseconds ? 1000 : 1);
	if (!prot_rd_ok(&rd)) {
		return PROT_ERR_MALFORMED;
	}
	r->at = rd.at;
	r->left = rd.left;
	return PROT_OK;
}
